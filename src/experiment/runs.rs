//! Runs over a worker pool. A run is a pure function of (plan, strategy, replication); threads only across runs.

use super::faces;
use crate::deployment::{
    Alert, Batch, CoverStop, Observer, Pass, Reacted, Scene, Schedule, Shadowed, Shift, SoughtRecord, run,
};
use crate::measure::{RunSummary, Tally};
use crate::people::Streets;
use crate::programme::{self, DeploymentRow, Finished, Prepared};
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
    /// Every alert, `[strategy][replication]`, in the order in which they ended; deployment by deployment in a programme.
    pub alerts: Vec<Vec<Vec<Alert>>>,
    /// Every deployment of a programme, `[strategy][replication]`; none in runs of one day.
    pub deployments: Vec<Vec<Vec<DeploymentRow>>>,
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
    fn cover_stop(&mut self, stop: &CoverStop) {
        self.tally.cover_stop(stop);
    }
    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]) {
        self.tally.patrol(patrol, wider);
    }
    fn end(&mut self, shift: &Shift) {
        self.tally.end(shift);
    }
}

/// A run with its alerts and, of a programme, its deployments.
struct Watched {
    summary: RunSummary,
    alerts: Vec<Alert>,
    deployments: Vec<DeploymentRow>,
}

/// One run of one day with its alerts.
fn watched(scene: &Scene, replication: u32, schedule: Schedule) -> Watched {
    let mut watch = Watch {
        tally: Tally::new(&scene.plan.axes, &scene.plan.crowd),
        log: AlertLog::default(),
    };
    run(scene, scene.plan.seed, replication, schedule, &mut watch);
    Watched {
        summary: watch.tally.summary(),
        alerts: watch.log.alerts,
        deployments: Vec::new(),
    }
}

/// One run of a programme with its alerts and deployments.
fn watched_programme(prepared: &Prepared, strategy: usize, replication: u32, schedule: Schedule) -> Watched {
    let (mut alerts, mut deployments) = (Vec::new(), Vec::new());
    let summary = programme(prepared, strategy, replication, schedule, &mut |held| {
        alerts.extend(held.alerts);
        deployments.push(held.row);
    });
    Watched {
        summary,
        alerts,
        deployments,
    }
}

fn programme(
    prepared: &Prepared,
    strategy: usize,
    replication: u32,
    schedule: Schedule,
    sink: &mut dyn FnMut(Finished),
) -> RunSummary {
    let plan = prepared.plan;
    let counting = faces(&plan.strategies[strategy].values);
    programme::run(prepared, plan.seed, replication, strategy, schedule, counting, sink)
}

/// One run of a programme.
pub fn one_programme(prepared: &Prepared, strategy: usize, replication: u32, schedule: Schedule) -> RunSummary {
    programme(prepared, strategy, replication, schedule, &mut |_| {})
}

/// One run.
pub fn one(scene: &Scene, replication: u32, schedule: Schedule) -> RunSummary {
    let mut tally = Tally::new(&scene.plan.axes, &scene.plan.crowd);
    run(scene, scene.plan.seed, replication, schedule, &mut tally);
    tally.summary()
}

/// Runs every strategy of a plan of one day for every replication on `jobs` workers (0: one per core).
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
    let scenes: Vec<Scene> = strategies
        .iter()
        .map(|s| Scene::prepare(plan, &plan.strategies[*s], streets))
        .collect();
    hand_out(plan, strategies.len(), jobs, progress, |s, replication| {
        watched(&scenes[s], replication, schedule)
    })
}

/// The same for a programme.
///
/// # Errors
/// The worker pool could not be made.
pub fn execute_programme(
    prepared: &Prepared,
    strategies: &[usize],
    jobs: usize,
    schedule: Schedule,
    progress: &impl Progress,
) -> Result<Runs, rayon::ThreadPoolBuildError> {
    hand_out(prepared.plan, strategies.len(), jobs, progress, |s, replication| {
        watched_programme(prepared, strategies[s], replication, schedule)
    })
}

fn hand_out(
    plan: &Plan,
    strategies: usize,
    jobs: usize,
    progress: &impl Progress,
    run: impl Fn(usize, u32) -> Watched + Sync,
) -> Result<Runs, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build()?;
    // Replications are handed out in order, so that what is finished when the user stops is the first of them.
    let mut rows: Vec<(u32, Vec<Watched>)> = pool.install(|| {
        (0..plan.replications)
            .par_bridge()
            .filter_map(|replication| {
                let of_one = |strategy: usize| {
                    if progress.stopped() {
                        return None;
                    }
                    let finished = run(strategy, replication);
                    progress.finished();
                    Some(finished)
                };
                let row: Option<Vec<_>> = (0..strategies).map(of_one).collect();
                Some((replication, row?))
            })
            .collect()
    });
    rows.sort_unstable_by_key(|(replication, _)| *replication);
    let mut finished = Runs {
        by_strategy: (0..strategies).map(|_| Vec::new()).collect(),
        alerts: (0..strategies).map(|_| Vec::new()).collect(),
        deployments: (0..strategies).map(|_| Vec::new()).collect(),
    };
    let whole = rows
        .iter()
        .zip(0..)
        .take_while(|((r, _), expected)| r == expected)
        .count();
    for (_, row) in rows.into_iter().take(whole) {
        for (s, watched) in row.into_iter().enumerate() {
            finished.by_strategy[s].push(watched.summary);
            finished.alerts[s].push(watched.alerts);
            finished.deployments[s].push(watched.deployments);
        }
    }
    Ok(finished)
}
