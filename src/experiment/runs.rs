//! Runs over a worker pool. A run is a pure function of (plan, strategy, replication); threads only across runs.

use crate::deployment::{Alert, Batch, Observer, Pass, Reacted, Scene, Schedule, Shadowed, Shift, SoughtRecord, run};
use crate::measure::{RunSummary, Tally};
use crate::people::Streets;
use crate::record::AlertLog;
use crate::response::Patrol;
use crate::scenario::Plan;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The finished runs: by strategy, then by replication.
#[derive(Clone, Debug)]
pub struct Runs {
    /// Summaries, `[strategy][replication]`; all strategies have the same number of replications.
    pub by_strategy: Vec<Vec<RunSummary>>,
    /// Every alert, `[strategy][replication]`, in the order in which they ended.
    pub alerts: Vec<Vec<Vec<Alert>>>,
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

/// Counts a run and keeps its alerts.
struct Watch<'a> {
    tally: Tally<'a>,
    log: AlertLog,
}

impl Observer for Watch<'_> {
    #[inline]
    fn pass(&mut self, pass: &Pass) {
        self.tally.pass(pass);
    }
    fn batch(&mut self, batch: &Batch) {
        self.tally.batch(batch);
    }
    fn reaction(&mut self, cell: usize, reacted: Reacted) {
        self.tally.reaction(cell, reacted);
    }
    #[inline]
    fn visits(&mut self, visits: u64, persons: u64) {
        self.tally.visits(visits, persons);
    }
    fn sought(&mut self, record: &SoughtRecord) {
        self.tally.sought(record);
    }
    fn alert(&mut self, alert: &Alert) {
        self.tally.alert(alert);
        self.log.alert(alert);
    }
    fn shadow(&mut self, shadow: &Shadowed) {
        self.tally.shadow(shadow);
    }
    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]) {
        self.tally.patrol(patrol, wider);
    }
    fn end(&mut self, shift: &Shift) {
        self.tally.end(shift);
    }
}

/// A run and its alerts.
type Watched = (RunSummary, Vec<Alert>);

/// One run with its alerts.
fn watched(scene: &Scene, replication: u32, schedule: Schedule) -> Watched {
    let mut watch = Watch {
        tally: Tally::new(&scene.plan.axes, &scene.plan.crowd),
        log: AlertLog::default(),
    };
    run(scene, scene.plan.seed, replication, schedule, &mut watch);
    (watch.tally.summary(), watch.log.alerts)
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
    // Replications are handed out in order, so that what is finished when the user stops is the first of them.
    let mut rows: Vec<(u32, Vec<Watched>)> = pool.install(|| {
        (0..plan.replications)
            .par_bridge()
            .filter_map(|replication| {
                let of_one = |scene: &Scene| {
                    if progress.stopped() {
                        return None;
                    }
                    let finished = watched(scene, replication, schedule);
                    progress.finished();
                    Some(finished)
                };
                let row: Option<Vec<_>> = scenes.iter().map(of_one).collect();
                Some((replication, row?))
            })
            .collect()
    });
    rows.sort_unstable_by_key(|(replication, _)| *replication);
    let mut finished = Runs {
        by_strategy: strategies.iter().map(|_| Vec::new()).collect(),
        alerts: strategies.iter().map(|_| Vec::new()).collect(),
    };
    let whole = rows
        .iter()
        .zip(0..)
        .take_while(|((r, _), expected)| r == expected)
        .count();
    for (_, row) in rows.into_iter().take(whole) {
        for (s, (summary, alerts)) in row.into_iter().enumerate() {
            finished.by_strategy[s].push(summary);
            finished.alerts[s].push(alerts);
        }
    }
    Ok(finished)
}
