//! Re-runs a sample of a result from its manifest and compares trace hashes.

use super::{Manifest, Ready, RunHash, Stage};
use crate::deployment::Schedule;
use crate::scenario::Plan;

/// What a verification found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Runs repeated.
    pub checked: usize,
    /// Runs whose hash differs.
    pub different: Vec<RunHash>,
}

/// Repeats up to `sample` runs of a result, spread evenly over its list.
///
/// # Errors
/// A text for the user: the plan is not the one the result was made from.
pub fn verify(plan: &Plan, manifest: &Manifest, sample: usize, schedule: Schedule) -> Result<Verdict, String> {
    if plan.plan_hash != manifest.plan_hash {
        return Err(format!(
            "the scenario or the program has changed since: plan {} now, {} then",
            &plan.plan_hash[..12.min(plan.plan_hash.len())],
            &manifest.plan_hash[..12.min(manifest.plan_hash.len())]
        ));
    }
    let ready = Ready::prepare(plan);
    let stage = Stage::new(plan, &ready).ok_or("the scenario is neither of one day nor a programme")?;
    let total = manifest.runs.len();
    let step = total.div_ceil(sample.max(1)).max(1);
    let chosen: Vec<&RunHash> = manifest.runs.iter().step_by(step).collect();
    let mut different = Vec::new();
    for run in &chosen {
        let strategy = plan
            .strategies
            .iter()
            .position(|s| s.name == run.strategy)
            .ok_or_else(|| {
                format!(
                    "the manifest names a strategy \"{}\" that the scenario does not have",
                    run.strategy
                )
            })?;
        if format!("{:016x}", stage.hash(strategy, run.replication, schedule)) != run.hash {
            different.push((*run).clone());
        }
    }
    Ok(Verdict {
        checked: chosen.len(),
        different,
    })
}
