//! Runs over a worker pool. A run is a pure function of (plan, strategy, replication); threads only across runs.

use crate::deployment::{Scene, Schedule, run};
use crate::measure::{RunSummary, Tally};
use crate::people::Streets;
use crate::scenario::Plan;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The finished runs: by strategy, then by replication.
#[derive(Clone, Debug)]
pub struct Runs {
    /// Summaries, `[strategy][replication]`; all strategies have the same number of replications.
    pub by_strategy: Vec<Vec<RunSummary>>,
}

impl Runs {
    /// Replications of each strategy.
    pub fn replications(&self) -> usize {
        self.by_strategy.first().map_or(0, Vec::len)
    }
}

/// Told of every finished run, and asked whether to go on.
pub trait Progress: Sync {
    /// A run is finished.
    fn finished(&self);
    /// Whether the user asked to stop.
    fn stopped(&self) -> bool {
        false
    }
}

impl Progress for AtomicBool {
    fn finished(&self) {}
    fn stopped(&self) -> bool {
        self.load(Ordering::Relaxed)
    }
}

/// One run.
pub fn one(scene: &Scene, replication: u32, schedule: Schedule) -> RunSummary {
    let mut tally = Tally::new(&scene.plan.axes, &scene.plan.crowd);
    run(scene, scene.plan.seed, replication, schedule, &mut tally);
    tally.summary()
}

/// Runs every strategy for every replication on `jobs` workers (0: one per core).
///
/// When stopped early, only replications finished under every strategy are kept, from the first on.
///
/// # Errors
/// The worker pool could not be made.
pub fn execute(
    plan: &Plan,
    streets: &Streets,
    strategies: &[usize],
    jobs: usize,
    schedule: Schedule,
    progress: &impl Progress,
) -> Result<Runs, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let scenes: Vec<Scene> = strategies
        .iter()
        .map(|s| Scene::prepare(plan, &plan.strategies[*s], streets))
        .collect();
    let rows: Vec<Option<Vec<RunSummary>>> = pool.install(|| {
        (0..plan.replications)
            .into_par_iter()
            .map(|replication| {
                scenes
                    .iter()
                    .map(|scene| {
                        if progress.stopped() {
                            return None;
                        }
                        let summary = one(scene, replication, schedule);
                        progress.finished();
                        Some(summary)
                    })
                    .collect()
            })
            .collect()
    });
    let mut by_strategy: Vec<Vec<RunSummary>> = strategies.iter().map(|_| Vec::new()).collect();
    for row in rows.into_iter().map_while(|r| r) {
        by_strategy
            .iter_mut()
            .zip(row)
            .for_each(|(list, summary)| list.push(summary));
    }
    Ok(Runs { by_strategy })
}
