//! `compare`, the main job, and `run`, the same for one strategy.

use super::Failure;
use super::args::{Format, Job, Look, OnOff, PerWord, Run};
use super::output::{data, say};
use super::progress::Bar;
use crate::experiment::summary::{Summary, TippingPoint};
use crate::experiment::{
    CAP, Folder, Machine, Manifest, Presentation, Progress, Ready, RunHash, Runs, Stage, curves, execute_until,
    explain, full_ledger, json_text, ledger_csv, summarise_as, tipping_points, write_alerts, write_deployments,
    write_deployments_csv, write_programme_alerts, write_runs,
};
use crate::measure::metric;
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
        // Under --precision the number of replications is a cap.
        replications: job.replications.or(job.precision.as_ref().map(|_| CAP)),
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
    if let Some(matched) = job.matched {
        matched
            .what()
            .possible(plan)
            .map_err(|(what, help)| Failure::input(what, help))?;
    }
    if let Some(id) = &job.tipping {
        checked_metric(id)?;
    }
    let folder = Folder::open(&out, &plan.plan_hash).map_err(|e| Failure::input(e, ""))?;
    if !look.quiet {
        plan.warnings.iter().for_each(|w| say(&format!("lamplight: note: {w}")));
    }
    let strategies: Vec<usize> = (0..plan.strategies.len()).collect();
    let (worlds, inner) = repeats(plan, job);
    let again = u64::from(worlds) * u64::from(inner - 1);
    let bar = Bar::new(
        (u64::from(plan.replications) + again) * strategies.len() as u64,
        look.quiet,
    );
    let ready = Ready::prepare(plan);
    let stage = Stage::new(plan, &ready).ok_or_else(|| Failure::Job("the scenario has no place".into()))?;
    let machine = Machine {
        plan,
        ready: &ready,
        jobs: job.jobs,
        schedule: job.schedule.schedule(),
        progress: &bar,
    };
    let no_workers = |e: rayon::ThreadPoolBuildError| Failure::Job(format!("cannot start workers: {e}"));
    let (mut runs, stopping) = match &job.precision {
        None => (
            machine.execute(&strategies, 0..plan.replications).map_err(no_workers)?,
            None,
        ),
        Some(precision) => {
            let (runs, stopping) =
                execute_until(&machine, &strategies, precision, plan.replications).map_err(no_workers)?;
            (runs, Some(stopping))
        }
    };
    if !bar.stopped() {
        let worlds = worlds.min(runs.replications() as u32);
        runs.again = machine.repeat(&strategies, worlds, inner).map_err(no_workers)?;
    }
    let mut summary = summarise_as(plan, &strategies, &runs, &presentation(job));
    if let Some(metric) = job.tipping.as_ref().filter(|_| !bar.stopped()) {
        let found = tipping_points(&machine, &strategies, &runs, metric).map_err(no_workers)?;
        add_tipping_points(&mut summary, plan, found);
    }
    summary
        .warnings
        .extend(stopping.as_ref().filter(|s| !s.converged).map(|s| s.note.clone()));
    summary.stopping = stopping;
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
    let manifest = manifest(plan, job, &runs, wall_s, &command(plan, job, word, extra, &out));
    let mut facts = report::facts(plan, ready.streets(), &summary, &manifest);
    facts.curves = curves(plan, &stage, &strategies, &runs);
    facts.story = explain::telling(plan, &stage, &summary, &strategies, &runs);
    let done = Done {
        plan,
        stage: &stage,
        strategies: &strategies,
        runs: &runs,
        summary: &summary,
        manifest: &manifest,
        facts: &facts,
    };
    done.write(&folder).map_err(Failure::Job)?;
    let text = match job.format {
        Format::Table => {
            let print = if job.full { report::full } else { report::table };
            let table = print(&facts, table_width(), look.color_on_stdout());
            let ledger = if job.ledger {
                report::ledger(&facts, table_width(), look.color_on_stdout())
            } else {
                String::new()
            };
            table + &ledger
        }
        Format::Json => json_text(&summary).map_err(|e| Failure::Job(e.to_string()))?,
        Format::Csv => report::csv(&facts),
        Format::Markdown => report::markdown(&facts),
        Format::Latex => report::latex(&facts),
    };
    data(&text)?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (report.html, summary.json, runs.parquet, alerts.parquet, ledger.csv, manifest.json, charts)",
            folder.path().display()
        ));
    }
    if stopped { Err(Failure::Interrupted) } else { Ok(()) }
}

/// How many worlds are run how often.
fn repeats(plan: &Plan, job: &Job) -> (u32, u32) {
    match job.inner {
        _ if !plan.uncertainty || plan.programme.is_some() => (0, 1),
        Some(inner) => (plan.replications, inner),
        None => (plan.replications.min(REPEATED), 2),
    }
}

/// How figures are to be shown.
fn presentation(job: &Job) -> Presentation {
    Presentation {
        per: job.per.per(),
        matched: job.matched.map(super::args::MatchWord::what),
    }
}

/// A metric that exists.
fn checked_metric(id: &str) -> Result<(), Failure> {
    match metric(id) {
        Some(_) => Ok(()),
        None => Err(Failure::input(
            format!("--tipping {id}: there is no such metric"),
            "try arrests, net_arrests, wrongful_stops or stops_without_arrest; lamplight schema outputs lists all",
        )),
    }
}

/// Puts what a search found before what was fitted to the same.
fn add_tipping_points(summary: &mut Summary, plan: &Plan, found: Vec<(usize, Vec<TippingPoint>)>) {
    for (place, mut points) in found {
        let name = &plan.strategies[place].name;
        let Some(c) = summary.comparisons.iter_mut().find(|c| c.strategy == *name) else {
            continue;
        };
        let searched = |t: &TippingPoint| {
            points
                .iter()
                .any(|p| p.metric == t.metric && p.parameter == t.parameter)
        };
        c.tipping_points.retain(|t| !searched(t));
        points.append(&mut c.tipping_points);
        c.tipping_points = points;
    }
}

/// Worlds that are run twice unless somebody asks otherwise.
const REPEATED: u32 = 25;

/// A finished job.
struct Done<'a> {
    plan: &'a Plan,
    stage: &'a Stage<'a>,
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
        folder.write("runs.parquet", |out| write_runs(out, plan, strategies, runs))?;
        match self.stage {
            Stage::Day(scenes, _) => {
                folder.write("alerts.parquet", |out| write_alerts(out, plan, scenes, runs))?;
            }
            Stage::Programme(prepared) => {
                folder.write("alerts.parquet", |out| {
                    write_programme_alerts(out, prepared, strategies, runs)
                })?;
                folder.write("deployments.parquet", |out| {
                    write_deployments(out, prepared, strategies, runs)
                })?;
                folder.write("deployments.csv", |out| {
                    write_deployments_csv(out, prepared, strategies, runs)
                })?;
            }
        }
        folder.write_json("summary.json", self.summary)?;
        let ledger = ledger_csv(&full_ledger(plan, strategies, runs));
        folder.write("ledger.csv", |out| std::io::Write::write_all(out, ledger.as_bytes()))?;
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
    if let Some(inner) = job.inner {
        line += &format!(" --inner {inner}");
    }
    if let Some(p) = &job.precision {
        line += &format!(" --precision {}={}", p.metric, p.relative);
    }
    if job.per != PerWord::Deployment {
        line += &format!(" --per {}", job.per.word());
    }
    if let Some(m) = job.matched {
        line += &format!(" --match {}", m.word());
    }
    if let Some(m) = &job.tipping {
        line += &format!(" --tipping {}", quote(m));
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
