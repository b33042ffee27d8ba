//! What `backtest`, `calibrate` and `validate` share: identity, workers, manifest.

use super::Failure;
use crate::experiment::Manifest;
use std::path::Path;

/// A hash that tells one job's result from another's.
pub(crate) fn identity(text: &str) -> String {
    format!(
        "{:016x}{:016x}",
        crate::kernel::name_hash(text),
        crate::kernel::name_hash(&format!("{text}."))
    )
}

/// Runs a job on this many workers (0: one per core).
pub(crate) fn with_workers<T: Send>(jobs: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
    let pool = pool.map_err(|e| Failure::Job(format!("cannot start workers: {e}")))?;
    Ok(pool.install(work))
}

/// Where a result comes from and how to make it again.
pub(crate) fn manifest(job: &str, record: &Path, seed: u64, command: &str, wall_s: f64) -> Manifest {
    Manifest {
        format: "lamplight.manifest/1".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        command: command.into(),
        scenario_file: record.display().to_string(),
        set: Vec::new(),
        plan_hash: identity(job),
        resolved: job.into(),
        seed,
        replications: 0,
        uncertainty: "on".into(),
        schedule: "lazy".into(),
        strategies: Vec::new(),
        baseline: String::new(),
        level: 0.9,
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        written: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        wall_s,
        runs: Vec::new(),
    }
}
