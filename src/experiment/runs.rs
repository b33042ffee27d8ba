//! Runs over a worker pool. A run is a pure function of (plan, strategy, replication); threads only across runs.

use crate::deployment::{
    Alert, Batch, Observer, Pass, Reacted, Scene, Schedule, Shadowed, Shift, SoughtRecord, run, run_again,
};
use crate::measure::{RunSummary, Tally};
use crate::people::Streets;
use crate::record::AlertLog;
use crate::response::Patrol;
use crate::scenario::Plan;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The finished runs: by strategy, then by replication.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// Summaries, `[strategy][replication]`; all strategies have the same number of replications.
    pub by_strategy: Vec<Vec<RunSummary>>,
    /// Every alert, `[strategy][replication]`, in the order in which they ended.
    pub alerts: Vec<Vec<Vec<Alert>>>,
    /// Further runs of the first replications' plausible worlds, `[strategy][replication][run]`: what tells chance from not
    /// knowing. Empty if nobody asked.
    pub again: Vec<Vec<Vec<RunSummary>>>,
}

impl Runs {
    /// Replications of each strategy.
    pub fn replications(&self) -> usize {
        self.by_strategy.first().map_or(0, Vec::len)
    }

    /// Takes in replications that follow on these.
    pub fn extend(&mut self, more: Runs) {
        self.by_strategy.resize_with(more.by_strategy.len(), Vec::new);
        self.alerts.resize_with(more.alerts.len(), Vec::new);
        self.by_strategy
            .iter_mut()
            .zip(more.by_strategy)
            .for_each(|(a, b)| a.extend(b));
        self.alerts.iter_mut().zip(more.alerts).for_each(|(a, b)| a.extend(b));
    }
}

/// What runs are made with.
pub struct Machine<'a, P: Progress> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its streets.
    pub streets: &'a Streets,
    /// Workers; 0: one per core.
    pub jobs: usize,
    /// How passes are evaluated.
    pub schedule: Schedule,
    /// Who is told, and may stop it.
    pub progress: &'a P,
}

impl<P: Progress> Machine<'_, P> {
    fn pool(&self) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
        rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build()
    }

    fn scenes(&self, strategies: &[usize]) -> Vec<Scene<'_>> {
        strategies
            .iter()
            .map(|s| Scene::prepare(self.plan, &self.plan.strategies[*s], self.streets))
            .collect()
    }

    /// Runs every strategy for some replications. When stopped early, only replications finished under every strategy are
    /// kept, from the first on.
    ///
    /// # Errors
    /// The worker pool could not be made.
    pub fn execute(
        &self,
        strategies: &[usize],
        replications: std::ops::Range<u32>,
    ) -> Result<Runs, rayon::ThreadPoolBuildError> {
        let pool = self.pool()?;
        let scenes = self.scenes(strategies);
        let from = replications.start;
        // Replications are handed out in order, so that what is finished when the user stops is the first of them.
        let mut rows: Vec<(u32, Vec<Watched>)> = pool.install(|| {
            replications
                .par_bridge()
                .filter_map(|replication| {
                    let of_one = |scene: &Scene| {
                        if self.progress.stopped() {
                            return None;
                        }
                        let finished = watched(scene, replication, self.schedule);
                        self.progress.finished();
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
            again: Vec::new(),
        };
        let whole = rows
            .iter()
            .zip(from..)
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

    /// Runs the plausible worlds of the first `worlds` replications again, so that each has `inner` runs with its own.
    /// Stopped early, it keeps none: a part of them would favour what runs fast.
    ///
    /// # Errors
    /// The worker pool could not be made.
    pub fn repeat(
        &self,
        strategies: &[usize],
        worlds: u32,
        inner: u32,
    ) -> Result<Vec<Vec<Vec<RunSummary>>>, rayon::ThreadPoolBuildError> {
        let pool = self.pool()?;
        let scenes = self.scenes(strategies);
        let again = |scene: &Scene, replication: u32, run: u32| {
            if self.progress.stopped() {
                return None;
            }
            let mut tally = Tally::new(&self.plan.axes, &self.plan.crowd);
            run_again(scene, self.plan.seed, replication, run, self.schedule, &mut tally);
            self.progress.finished();
            Some(tally.summary())
        };
        let rows: Option<Vec<Vec<Vec<RunSummary>>>> = pool.install(|| {
            (0..worlds)
                .into_par_iter()
                .map(|r| {
                    let of_one = |scene: &Scene| (1..inner).map(|i| again(scene, r, i)).collect();
                    scenes.iter().map(of_one).collect()
                })
                .collect()
        });
        let mut by_strategy: Vec<Vec<Vec<RunSummary>>> = strategies.iter().map(|_| Vec::new()).collect();
        for world in rows.unwrap_or_default() {
            by_strategy.iter_mut().zip(world).for_each(|(s, w)| s.push(w));
        }
        Ok(by_strategy)
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
    let machine = Machine {
        plan,
        streets,
        jobs,
        schedule,
        progress,
    };
    machine.execute(strategies, 0..plan.replications)
}
