//! `verify`: does a result repeat?

use super::Failure;
use super::args::{Look, Verify};
use super::output::{data, say};
use crate::experiment::{Folder, Manifest, verify as repeat};
use crate::scenario::{Overrides, Plan, load};
use std::path::{Path, PathBuf};

/// Repeats a sample of a result's runs.
pub(crate) fn verify(job: &Verify, look: &Look) -> Result<(), Failure> {
    let manifest = Folder::manifest(&job.result)
        .map_err(|e| Failure::input(e, "name the folder that lamplight compare or run has written"))?;
    let plan = plan_of(&manifest, job.scenario.as_deref())?;
    if !look.quiet {
        say(&format!(
            "lamplight: repeating {} of {} runs",
            job.sample.min(manifest.runs.len()),
            manifest.runs.len()
        ));
    }
    if manifest.runs.is_empty() {
        return Err(Failure::Job(
            "the manifest lists no runs, so there is nothing to verify".into(),
        ));
    }
    let verdict = repeat(&plan, &manifest, job.sample, job.schedule.schedule()).map_err(Failure::Job)?;
    if verdict.different.is_empty() {
        return data(&format!(
            "verified: {} runs repeated, all trace hashes agree\n",
            verdict.checked
        ));
    }
    for run in &verdict.different {
        say(&format!(
            "lamplight: strategy {}, replication {}: trace hash differs",
            run.strategy, run.replication
        ));
    }
    Err(Failure::Job(format!(
        "{} of {} runs do not repeat",
        verdict.different.len(),
        verdict.checked
    )))
}

/// The plan that a result was made from; `moved` is its scenario file, if it is no longer where the manifest says.
pub(crate) fn plan_of(manifest: &Manifest, moved: Option<&Path>) -> Result<Plan, Failure> {
    let scenario = moved.map_or_else(|| PathBuf::from(&manifest.scenario_file), Path::to_path_buf);
    Ok(load(&scenario, &overrides(manifest))?)
}

/// What a manifest says was changed about its scenario.
pub(crate) fn overrides(manifest: &Manifest) -> Overrides {
    Overrides {
        set: manifest.set.clone(),
        seed: Some(manifest.seed),
        replications: Some(manifest.replications),
        uncertainty: Some(manifest.uncertainty == "on"),
        strategies: Some(manifest.strategies.clone()),
        baseline: Some(manifest.baseline.clone()),
        level: Some(manifest.level),
    }
}
