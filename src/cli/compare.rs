//! `compare`, the main job, and `run`, the same for one strategy.

use super::Failure;
use super::args::{Format, Job, Look, OnOff, Run};
use super::output::{data, say};
use super::progress::Bar;
use crate::deployment::Scene;
use crate::experiment::summary::Summary;
use crate::experiment::{
    Folder, Manifest, Progress, RunHash, Runs, curves, execute, explain, summarise, write_alerts, write_runs,
};
use crate::people::Streets;
use crate::report;
use crate::scenario::{Overrides, Plan, load};
use std::io::IsTerminal;
use std::path::PathBuf;

/// Runs every strategy and prints the comparison.
pub(crate) fn compare(job: &Job, look: &Look) -> Result<(), Failure> {
    let plan = load(&job.scenario, &overrides(job)?)?;
    if plan.strategies.len() < 2 {
        return Err(if job.strategies.is_some() {
            Failure::input(
                "--strategies leaves one strategy, and a comparison needs two",
                "name two or more, as in --strategies a,b, or use lamplight run SCENARIO --strategy NAME",
            )
        } else {
            Failure::input(
                format!(
                    "{} has one strategy, and a comparison needs two",
                    job.scenario.display()
                ),
                "add a [[strategy]] (ordinary patrol is one without cameras), or use lamplight run",
            )
        });
    }
    carry_out(&plan, job, look, "compare", "")
}

/// Runs one strategy.
pub(crate) fn run(run: &Run, look: &Look) -> Result<(), Failure> {
    let mut overrides = overrides(&run.job)?;
    overrides.strategies = Some(vec![run.strategy.clone()]);
    let plan = load(&run.job.scenario, &overrides)?;
    carry_out(&plan, &run.job, look, "run", &format!(" --strategy {}", run.strategy))
}

/// What the flags change about the scenario.
pub(crate) fn overrides(job: &Job) -> Result<Overrides, Failure> {
    Ok(Overrides {
        set: split_sets(&job.set)?,
        seed: job.seed,
        replications: job.replications,
        uncertainty: job.uncertainty.map(|u| u == OnOff::On),
        strategies: job.strategies.clone(),
        baseline: job.baseline.clone(),
        level: job.level,
    })
}

/// Splits `key=value` flags.
pub(crate) fn split_sets(sets: &[String]) -> Result<Vec<(String, String)>, Failure> {
    sets.iter()
        .map(|s| match s.split_once('=') {
            Some((key, value)) => Ok((key.trim().to_string(), value.trim().to_string())),
            None => Err(Failure::input(
                format!("--set {s}: there is no = in it"),
                "write --set key=value, as in --set matcher.threshold=0.6",
            )),
        })
        .collect()
}

fn carry_out(plan: &Plan, job: &Job, look: &Look, word: &str, extra: &str) -> Result<(), Failure> {
    let out = job
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("out").join(&plan.scenario));
    let folder = Folder::open(&out, &plan.plan_hash).map_err(|e| Failure::input(e, ""))?;
    if !look.quiet {
        plan.warnings.iter().for_each(|w| say(&format!("lamplight: note: {w}")));
    }
    let strategies: Vec<usize> = (0..plan.strategies.len()).collect();
    let bar = Bar::new(u64::from(plan.replications) * strategies.len() as u64, look.quiet);
    let streets = Streets::prepare(plan);
    let schedule = job.schedule.schedule();
    let runs = execute(plan, &streets, &strategies, job.jobs, schedule, &bar)
        .map_err(|e| Failure::Job(format!("cannot start workers: {e}")))?;
    let wall_s = bar.seconds();
    bar.clear();
    let stopped = bar.stopped();
    if stopped {
        let done = runs.replications();
        say(&format!(
            "lamplight: interrupted after {done} of {} replications",
            plan.replications
        ));
        let earlier = Folder::manifest(folder.path()).map_or(0, |m| m.replications as usize);
        if done < 2 || done < earlier {
            say("lamplight: nothing was written");
            return Err(Failure::Interrupted);
        }
    }
    let summary = summarise(plan, &strategies, &runs);
    let manifest = manifest(plan, job, &runs, wall_s, &command(plan, job, word, extra, &out));
    let mut facts = report::facts(plan, &streets, &summary, &manifest);
    if plan.programme.is_none() {
        facts.curves = curves(plan, &streets);
        facts.story = explain::telling(plan, &streets, &summary, &strategies, &runs);
    }
    let done = Done {
        plan,
        streets: &streets,
        strategies: &strategies,
        runs: &runs,
        summary: &summary,
        manifest: &manifest,
        facts: &facts,
    };
    done.write(&folder).map_err(Failure::Job)?;
    let text = match job.format {
        Format::Table => report::table(&facts, table_width(), look.color_on_stdout()),
        Format::Json => serde_json::to_string_pretty(&summary).map_err(|e| Failure::Job(e.to_string()))? + "\n",
        Format::Csv => report::csv(&facts),
        Format::Markdown => report::markdown(&facts),
    };
    data(&text)?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (report.html, summary.json, runs.parquet, alerts.parquet, manifest.json, charts)",
            folder.path().display()
        ));
    }
    if stopped { Err(Failure::Interrupted) } else { Ok(()) }
}

/// A finished job.
struct Done<'a> {
    plan: &'a Plan,
    streets: &'a Streets,
    strategies: &'a [usize],
    runs: &'a Runs,
    summary: &'a Summary,
    manifest: &'a Manifest,
    facts: &'a report::Facts,
}

impl Done<'_> {
    /// Writes the result folder; the manifest last, so that a folder with a manifest is whole.
    fn write(&self, folder: &Folder) -> Result<(), String> {
        let Done {
            plan, strategies, runs, ..
        } = *self;
        let scenes: Vec<Scene> = strategies
            .iter()
            .map(|s| Scene::prepare(plan, &plan.strategies[*s], self.streets))
            .collect();
        folder.write("runs.parquet", |out| write_runs(out, plan, strategies, runs))?;
        folder.write("alerts.parquet", |out| write_alerts(out, plan, &scenes, runs))?;
        folder.write_json("summary.json", self.summary)?;
        report::write(self.facts, folder.path()).map_err(|e| format!("cannot write the report: {e}"))?;
        folder.write_json("manifest.json", self.manifest)
    }
}

fn manifest(plan: &Plan, job: &Job, runs: &Runs, wall_s: f64, command: &str) -> Manifest {
    let hashes = plan.strategies.iter().zip(&runs.by_strategy).flat_map(|(s, list)| {
        list.iter().enumerate().map(|(r, run)| RunHash {
            strategy: s.name.clone(),
            replication: r as u32,
            hash: format!("{:016x}", run.hash),
        })
    });
    Manifest {
        format: "lamplight.manifest/1".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        command: command.into(),
        scenario_file: job.scenario.display().to_string(),
        set: split_sets(&job.set).unwrap_or_default(),
        plan_hash: plan.plan_hash.clone(),
        resolved: plan.resolved.clone(),
        seed: plan.seed,
        replications: runs.replications() as u32,
        uncertainty: if plan.uncertainty { "on" } else { "off" }.into(),
        schedule: job.schedule.word().into(),
        strategies: plan.strategies.iter().map(|s| s.name.clone()).collect(),
        baseline: plan.strategies[plan.baseline].name.clone(),
        level: plan.level,
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        written: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        wall_s,
        runs: hashes.collect(),
    }
}

/// The command that reproduces the result, every default that matters written in.
fn command(plan: &Plan, job: &Job, word: &str, extra: &str, out: &std::path::Path) -> String {
    let quote = |s: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:".contains(c);
        if s.chars().all(plain) {
            s.to_string()
        } else {
            format!("'{}'", s.replace('\'', "'\\''"))
        }
    };
    let mut line = format!("lamplight {word} {}{extra}", quote(&job.scenario.display().to_string()));
    line += &format!(" -n {} --seed {}", plan.replications, plan.seed);
    line += &format!(
        " --uncertainty {} --level {}",
        if plan.uncertainty { "on" } else { "off" },
        plan.level
    );
    job.set.iter().for_each(|s| line += &format!(" --set {}", quote(s)));
    if let Some(list) = &job.strategies {
        line += &format!(" --strategies {}", quote(&list.join(",")));
    }
    if let Some(name) = &job.baseline {
        line += &format!(" --baseline {}", quote(name));
    }
    line + &format!(" -o {}", quote(&out.display().to_string()))
}

/// Columns for the table: what the environment says, else the terminal's own width, and more where nothing is a terminal.
pub(crate) fn table_width() -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok()) {
        return columns;
    }
    let usual = if std::io::stdout().is_terminal() { 100 } else { 120 };
    terminal_size::terminal_size_of(std::io::stdout()).map_or(usual, |(w, _)| usize::from(w.0))
}
