//! Runs over a worker pool. A run is a pure function of (plan, strategy, replication); threads only across runs.

use super::{Ready, Stage, faces};
use crate::deployment::{Alert, Scene, Schedule, run, run_again};
use crate::measure::{RunSummary, Tally};
use crate::programme::{self, DeploymentRow, Finished, Prepared};
use crate::record::AlertLog;
use crate::scenario::Plan;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// The finished runs: by strategy, then by replication.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    /// Summaries, `[strategy][replication]`; all strategies have the same number of replications.
    pub by_strategy: Vec<Vec<RunSummary>>,
    /// Every alert, `[strategy][replication]`, in the order in which they ended; deployment by deployment in a programme.
    pub alerts: Vec<Vec<Vec<Alert>>>,
    /// Every deployment of a programme, `[strategy][replication]`; none in runs of one day.
    pub deployments: Vec<Vec<Vec<DeploymentRow>>>,
    /// Further runs of the first replications' plausible worlds, `[strategy][replication][run]`: what tells chance from not
    /// knowing. Empty if nobody asked.
    pub again: Vec<Vec<Vec<RunSummary>>>,
}

impl Runs {
    /// No run yet of so many strategies.
    fn none(strategies: usize) -> Self {
        Runs {
            by_strategy: vec![Vec::new(); strategies],
            alerts: vec![Vec::new(); strategies],
            deployments: vec![Vec::new(); strategies],
            again: Vec::new(),
        }
    }

    /// Replications of each strategy.
    pub fn replications(&self) -> usize {
        self.by_strategy.first().map_or(0, Vec::len)
    }

    /// Takes in replications of the same strategies that follow on these.
    pub fn extend(&mut self, more: Runs) {
        fn append<T>(own: &mut [Vec<T>], more: Vec<Vec<T>>) {
            own.iter_mut().zip(more).for_each(|(a, b)| a.extend(b));
        }
        append(&mut self.by_strategy, more.by_strategy);
        append(&mut self.alerts, more.alerts);
        append(&mut self.deployments, more.deployments);
    }
}

/// What runs are made with.
pub struct Machine<'a, P: Progress> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its places.
    pub ready: &'a Ready,
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
        let mut finished = Runs::none(strategies.len());
        let Some(stage) = Stage::new(self.plan, self.ready) else {
            return Ok(finished);
        };
        let from = replications.start;
        // Replications are handed out in order, so that what is finished when the user stops is the first of them.
        let mut rows: Vec<(u32, Vec<Watched>)> = pool.install(|| {
            replications
                .par_bridge()
                .filter_map(|replication| {
                    let of_one = |strategy: &usize| {
                        if self.progress.stopped() {
                            return None;
                        }
                        let finished = watched(&stage, *strategy, replication, self.schedule);
                        self.progress.finished();
                        Some(finished)
                    };
                    let row: Option<Vec<_>> = strategies.iter().map(of_one).collect();
                    Some((replication, row?))
                })
                .collect()
        });
        rows.sort_unstable_by_key(|(replication, _)| *replication);
        let whole = rows
            .iter()
            .zip(from..)
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

    /// Runs the plausible worlds of the first `worlds` replications of one day again, so that each has `inner` runs with its
    /// own. Stopped early, it keeps none: a part of them would favour what runs fast. Programmes are not run again: chance
    /// evens out over their deployments.
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
        let Some(Stage::Day(scenes, _)) = Stage::new(self.plan, self.ready) else {
            return Ok(Vec::new());
        };
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
                    let of_one = |s: &usize| (1..inner).map(|i| again(&scenes[*s], r, i)).collect();
                    strategies.iter().map(of_one).collect()
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
    /// Runs that had been counted on need not be made.
    fn spared(&self, _runs: u64) {}
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

/// A run with its alerts and, of a programme, its deployments.
struct Watched {
    summary: RunSummary,
    alerts: Vec<Alert>,
    deployments: Vec<DeploymentRow>,
}

/// One run with all that is kept of it.
fn watched(stage: &Stage, strategy: usize, replication: u32, schedule: Schedule) -> Watched {
    match stage {
        Stage::Day(scenes, _) => watched_day(&scenes[strategy], replication, schedule),
        Stage::Programme(prepared) => watched_programme(prepared, strategy, replication, schedule),
    }
}

/// One run of one day with its alerts.
fn watched_day(scene: &Scene, replication: u32, schedule: Schedule) -> Watched {
    let tally = Tally::new(&scene.plan.axes, &scene.plan.crowd);
    let mut watch = (tally, AlertLog::default());
    run(scene, scene.plan.seed, replication, schedule, &mut watch);
    let (tally, log) = watch;
    Watched {
        summary: tally.summary(),
        alerts: log.alerts,
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
