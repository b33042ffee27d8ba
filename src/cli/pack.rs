//! `pack`: a result as one archive for others.

use super::Failure;
use super::args::{Look, Pack as Job};
use super::output::{data, say};
use super::verify::overrides;
use crate::experiment::pack::Crate;
use crate::experiment::{Folder, Sweep};
use crate::scenario::{load, load_study, parts};
use std::path::{Path, PathBuf};

/// Packs a comparison or a study.
pub(crate) fn pack(job: &Job, look: &Look) -> Result<(), Failure> {
    let name = std::path::absolute(&job.result)
        .ok()
        .and_then(|p| p.file_name().map(|n| n.to_string_lossy().into_owned()));
    let target = job
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}.zip", name.unwrap_or_else(|| "result".into()))));
    if target.exists() {
        return Err(Failure::input(
            format!("{} is there already", target.display()),
            "name another archive with -o, or remove it",
        ));
    }
    let files = match job.result.join("study.json").exists() {
        true => study(job, &target)?,
        false => comparison(job, &target)?,
    };
    if !look.quiet {
        say("lamplight: the archive holds the scenario and its data; check that you may pass them on");
    }
    data(&format!("{}: {files} files\n", target.display()))
}

fn comparison(job: &Job, target: &Path) -> Result<usize, Failure> {
    let help = "name the folder that lamplight compare, run or sweep has written";
    let manifest = Folder::manifest(&job.result).map_err(|e| Failure::input(e, help))?;
    let scenario = job
        .source
        .clone()
        .unwrap_or_else(|| PathBuf::from(&manifest.scenario_file));
    let plan = load(&scenario, &overrides(&manifest))?;
    if plan.plan_hash != manifest.plan_hash {
        return Err(changed("scenario"));
    }
    let file = scenario
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    // The archive has its own folders: the command is told from there.
    let command = manifest
        .command
        .replace(&manifest.scenario_file, &format!("inputs/{file}"));
    let archive = Crate {
        result: &job.result,
        plan: &plan,
        what: "comparison".into(),
        replications: manifest.replications,
        design: String::new(),
        command,
        date: manifest.written.get(..10).unwrap_or_default().to_owned(),
        inputs: parts(&scenario, &manifest.set)?,
    };
    archive.write(target).map_err(Failure::Job)
}

fn study(job: &Job, target: &Path) -> Result<usize, Failure> {
    let Some(file) = &job.source else {
        return Err(Failure::input(
            "a study's store does not say where its study file is",
            "add --source STUDY.toml",
        ));
    };
    let sweep = Sweep::new(load_study(file)?)?;
    let store = sweep.store(&job.result).map_err(|_| changed("study"))?;
    let pending = sweep.pending(&store, None).map_err(Failure::Job)?;
    if !pending.shards.is_empty() || !store.path().join("points.parquet").exists() {
        return Err(Failure::Job(format!(
            "{} is not complete: run lamplight sweep with the same study first",
            job.result.display()
        )));
    }
    let layout = sweep.contents.layout;
    let scenario = &sweep.study.scenario;
    let name = |p: &Path| {
        p.file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let mut inputs = parts(scenario, &sweep.study.overrides.set)?;
    // Beside its scenario the study finds it by its name alone.
    let old = sweep
        .contents
        .study
        .lines()
        .find(|l| l.trim_start().starts_with("scenario"))
        .unwrap_or_default();
    let text = sweep
        .contents
        .study
        .replacen(old, &format!("scenario = \"{}\"", name(scenario)), 1);
    inputs.push((name(file), text));
    let archive = Crate {
        result: store.path(),
        plan: &sweep.base,
        what: format!("study {}", sweep.study.name),
        replications: layout.replications as u32,
        design: format!(
            " {} points of {} ({}) were tried, the parameters not varied being drawn alike at every point.{}",
            layout.points,
            sweep.study.keys.join(", "),
            sweep.study.kind,
            stopping(&sweep)
        ),
        command: format!("lamplight sweep inputs/{} -o again", name(file)),
        date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
        inputs,
    };
    archive.write(target).map_err(Failure::Job)
}

/// A sentence about a study's rule of stopping.
fn stopping(sweep: &Sweep) -> String {
    let Some(rule) = &sweep.study.precision else {
        return String::new();
    };
    format!(
        " Each point was repeated until it was known precisely enough ({}, {} % intervals; {} to {} replications).",
        rule.words(),
        100.0 * sweep.base.level,
        rule.at_least,
        rule.at_most
    )
}

fn changed(what: &str) -> Failure {
    Failure::input(
        format!("the {what} or the program has changed since the result was made"),
        "pack with the files and the version that made it, or make the result again",
    )
}
