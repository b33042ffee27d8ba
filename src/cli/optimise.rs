//! `optimise`: placements and settings for several objectives under constraints.

use super::Failure;
use super::args::{Look, Optimise as Job, PointFormat};
use super::estimate::duration;
use super::output::{data, say};
use super::progress::Bar;
use crate::experiment::optimise::{Outcome, Problem, Table, most_runs, optimise as search, points_csv, sample};
use crate::experiment::{Folder, Manifest};
use crate::report::optimise as pages;
use crate::scenario::load_optimisation;
use crate::scenario::optimise::hash;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Candidates that an estimate of time rests on.
const SAMPLED: usize = 3;

/// Carries out a search, or says how it would be.
pub(crate) fn optimise(job: &Job, look: &Look) -> Result<(), Failure> {
    let problem = Problem::new(load_optimisation(&job.study)?)?;
    let study = &problem.study;
    let out = job
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("out").join(&study.name));
    if problem.evaluations() == 0 {
        let (budget, each) = (study.budget, study.base.replications);
        let message = format!(
            "{budget} runs are too few for one candidate beside the points it is compared with ({each} runs each)"
        );
        return Err(Failure::input(message, "raise optimise.budget, or lower replications"));
    }
    if job.dry_run {
        return dry_run(&problem, &out, job);
    }
    let folder = Folder::open(&out, &hash(&study.canonical())).map_err(|e| Failure::input(e, ""))?;
    if !look.quiet {
        study
            .base
            .warnings
            .iter()
            .for_each(|w| say(&format!("lamplight: note: {w}")));
    }
    let bar = Bar::new(most_runs(&problem), look.quiet);
    let outcome = search(&problem, &folder, job.jobs, &bar);
    let wall_s = bar.seconds();
    bar.clear();
    let Some(outcome) = outcome.map_err(Failure::Job)? else {
        say("lamplight: interrupted before anything could be compared; the same command goes on from there");
        return Err(Failure::Interrupted);
    };
    let manifest = manifest(&problem, &outcome, job, &out, wall_s);
    write(&folder, &outcome, &manifest).map_err(Failure::Job)?;
    data(&match job.format {
        PointFormat::Table => pages::text(&outcome),
        PointFormat::Json => serde_json::to_string_pretty(&outcome).map_err(|e| Failure::Job(e.to_string()))? + "\n",
        PointFormat::Csv => points_csv(&outcome, Table::Front),
    })?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (report.html, optimise.json, front.csv, points.csv, charts, manifest.json)",
            out.display()
        ));
    }
    if outcome.ended == "interrupted" {
        say("lamplight: interrupted; what was finished is kept, and the same command goes on from there");
        return Err(Failure::Interrupted);
    }
    Ok(())
}

/// Writes the result folder; the manifest last, so that a folder with a manifest is whole.
fn write(folder: &Folder, outcome: &Outcome, manifest: &Manifest) -> Result<(), String> {
    folder.write_json("optimise.json", outcome)?;
    for (name, table) in [("front.csv", Table::Front), ("points.csv", Table::All)] {
        let text = points_csv(outcome, table);
        folder.write(name, |out| out.write_all(text.as_bytes()))?;
    }
    let page = pages::page(outcome, &manifest.command).map_err(|e| format!("cannot write the report: {e}"))?;
    page.write(folder)?;
    folder.write_json("manifest.json", manifest)
}

fn manifest(problem: &Problem, outcome: &Outcome, job: &Job, out: &Path, wall_s: f64) -> Manifest {
    let base = &problem.study.base;
    Manifest {
        format: "lamplight.manifest/1".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        command: format!("lamplight optimise {} -o {}", job.study.display(), out.display()),
        scenario_file: job.study.display().to_string(),
        set: Vec::new(),
        plan_hash: outcome.hash.clone(),
        resolved: problem.study.canonical() + &base.resolved,
        seed: base.seed,
        replications: base.replications,
        uncertainty: outcome.uncertainty.into(),
        schedule: "lazy".into(),
        strategies: problem
            .study
            .strategies
            .iter()
            .map(|s| base.strategies[*s].name.clone())
            .collect(),
        baseline: "no-lfr".into(),
        level: base.level,
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        written: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        wall_s,
        runs: Vec::new(),
    }
}

/// Says what a search would do.
fn dry_run(problem: &Problem, out: &Path, job: &Job) -> Result<(), Failure> {
    let study = &problem.study;
    let start = Instant::now();
    let quiet = std::sync::atomic::AtomicBool::new(false);
    let runs = sample(problem, SAMPLED, job.jobs, &quiet).map_err(Failure::Job)?;
    let each_s = start.elapsed().as_secs_f64() / runs.max(1) as f64;
    let evaluations = (problem.evaluations() as f64).min(problem.space.size());
    let wanted = |i: usize| if problem.wants_more(i) { "more" } else { "less" };
    let mut text = format!(
        "study       {} ({})\nscenario    {}\n",
        study.name,
        job.study.display(),
        study.scenario.display()
    );
    for i in 0..problem.objectives {
        text += &format!("objective   {} of {}\n", wanted(i), problem.quantities[i].title());
    }
    for limit in &problem.limits {
        text += &format!("constraint  {}\n", problem.limit_text(limit));
    }
    for line in problem.space_text() {
        text += &format!("decides     {line}\n");
    }
    let all = if evaluations == problem.space.size() {
        ", all of them"
    } else {
        ""
    };
    text += &format!(
        "candidates  {}\nevaluations {evaluations}{all}, of {} replications each\nruns        {} at most, with those of finalists\n\
         time        at most about {} ({:.1} ms a run with these workers)\nfolder      {}\n",
        problem.space.size(),
        study.base.replications,
        most_runs(problem),
        duration(each_s * most_runs(problem) as f64),
        each_s * 1e3,
        out.display()
    );
    data(&text)
}
