//! Runs candidates: the same plausible worlds and people for all of them.

use super::journal::{Evaluated, Journal};
use super::quantity::{Quantity, Sample};
use super::space::Candidate;
use crate::deployment::{Scene, Schedule};
use crate::experiment::runs::{one, one_programme};
use crate::experiment::sweep::{caught, places_key};
use crate::experiment::{Progress, Ready, faces};
use crate::programme::Prepared;
use crate::scenario::optimise::Optimisation;
use crate::scenario::{Plan, plan::StrategyPlan};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Prepared settings that are kept at a time, besides those in use.
const KEPT: usize = 48;

/// Something that can be run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// Ordinary patrol by the same officers.
    NoLfr,
    /// A strategy of the scenario as it stands there, by its index among those to start from.
    AsGiven(usize),
    /// What the search decides.
    Chosen(Candidate),
}

/// A plan at some values of the decisions, with its place prepared.
struct Setup {
    plan: Plan,
    ready: Arc<Ready>,
}

/// Runs systems on a worker pool.
pub struct Evaluator<'a, P: Progress> {
    study: &'a Optimisation,
    quantities: Vec<Quantity>,
    pool: rayon::ThreadPool,
    progress: &'a P,
    journal: Journal,
    base: Arc<Setup>,
    setups: BTreeMap<Vec<usize>, Result<Arc<Setup>, String>>,
    no_lfr: StrategyPlan,
    /// Runs made or remembered.
    pub runs: u64,
}

impl<'a, P: Progress> Evaluator<'a, P> {
    /// Prepares the scenario as it stands.
    ///
    /// # Errors
    /// A text for the user: no workers, or a programme without ordinary patrol to compare with.
    pub fn new(
        study: &'a Optimisation,
        quantities: Vec<Quantity>,
        jobs: usize,
        progress: &'a P,
        journal: Journal,
    ) -> Result<Self, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let base = Setup {
            plan: study.base.clone(),
            ready: Arc::new(Ready::prepare(&study.base)),
        };
        Ok(Evaluator {
            study,
            quantities,
            pool: pool.map_err(|e| format!("cannot start workers: {e}"))?,
            progress,
            journal,
            base: Arc::new(base),
            setups: BTreeMap::new(),
            no_lfr: no_lfr(study)?,
            runs: 0,
        })
    }

    /// What a system is called, the same in every process.
    pub fn name(&self, system: &System) -> String {
        match system {
            System::NoLfr => "no-lfr".to_owned(),
            System::AsGiven(s) => format!("as-given:{}", self.strategy(*s).name),
            System::Chosen(c) => {
                let mounts: Vec<&str> = self.chosen(c).map(|m| m.at.as_str()).collect();
                let mut parts = vec![self.strategy(c.strategy).name.clone()];
                parts.extend((!mounts.is_empty()).then(|| mounts.join("+")));
                let decisions = self.study.decisions.iter().zip(&c.levels);
                parts.extend(decisions.map(|(d, l)| format!("{}={}", d.key, d.values[*l])));
                parts.join("|")
            }
        }
    }

    fn strategy(&self, i: usize) -> &StrategyPlan {
        &self.study.base.strategies[self.study.strategies[i]]
    }

    fn chosen<'s>(&'s self, c: &'s Candidate) -> impl Iterator<Item = &'s crate::scenario::plan::CameraPlan> {
        let all = self.study.mounts().enumerate();
        all.filter(|(i, _)| c.mounts.contains(i)).map(|(_, m)| m)
    }

    /// Figures of every system over some replications, `[system][quantity]`; none when somebody asked to stop.
    ///
    /// # Errors
    /// A text for the user: the journal cannot be written.
    #[allow(clippy::type_complexity)]
    pub fn evaluate(
        &mut self,
        systems: &[System],
        replications: Range<u32>,
    ) -> Result<Option<Vec<Result<Vec<Sample>, String>>>, String> {
        let (from, until) = (replications.start, replications.end);
        let names: Vec<String> = systems.iter().map(|s| self.name(s)).collect();
        let known: Vec<Option<Evaluated>> = names
            .iter()
            .map(|n| self.journal.find(n, from, until).cloned())
            .collect();
        let missing: Vec<usize> = (0..systems.len()).filter(|i| known[*i].is_none()).collect();
        self.prepare(missing.iter().map(|i| &systems[*i]));
        let this = &*self;
        let run = |i: &usize| this.run(&systems[*i], replications.clone());
        let made: Option<Vec<Evaluated>> = self.pool.install(|| missing.par_iter().map(run).collect());
        let Some(made) = made else {
            return Ok(None);
        };
        let fresh: Vec<(String, Evaluated)> = missing.iter().map(|i| names[*i].clone()).zip(made).collect();
        self.journal.add(from, until, &fresh)?;
        self.runs += systems.len() as u64 * u64::from(until - from);
        for _ in 0..(systems.len() - missing.len()) * replications.len() {
            self.progress.finished();
        }
        let mut fresh = fresh.into_iter().map(|(_, v)| v);
        let all = known.into_iter().filter_map(|k| k.or_else(|| fresh.next()));
        Ok(Some(all.map(|e| e.map(|columns| self.by_quantity(columns))).collect()))
    }

    /// Columns of all quantities, cut into those of each.
    fn by_quantity(&self, columns: Sample) -> Vec<Sample> {
        let mut columns = columns.into_iter();
        let nothing = crate::measure::RunSummary::nothing(self.groups());
        let width = |q: &Quantity| q.read(&nothing, crate::measure::Faces::Searches).len();
        self.quantities
            .iter()
            .map(|q| columns.by_ref().take(width(q)).collect())
            .collect()
    }

    fn groups(&self) -> usize {
        1 + self.study.base.axes.0.iter().map(|a| a.levels.len()).sum::<usize>()
    }

    /// Prepares the settings of these systems, one after another.
    fn prepare<'s>(&mut self, systems: impl Iterator<Item = &'s System>) {
        let wanted: std::collections::BTreeSet<&Vec<usize>> = systems
            .filter_map(|s| match s {
                System::Chosen(c) => Some(&c.levels),
                _ => None,
            })
            .collect();
        if self.setups.len() > KEPT {
            self.setups.retain(|levels, _| wanted.contains(levels));
        }
        for levels in wanted {
            if !self.setups.contains_key(levels) {
                let setup = caught(|| self.setup(levels)).and_then(|s| s);
                self.setups.insert(levels.clone(), setup.map(Arc::new));
            }
        }
    }

    fn setup(&self, levels: &[usize]) -> Result<Setup, String> {
        let plan = self.study.plan_at(levels).map_err(|problems| {
            let lines: Vec<String> = problems.into_iter().map(|p| p.message).collect();
            lines.join("; ")
        })?;
        let places = places_key(&plan);
        let alike = |s: &&Arc<Setup>| places == places_key(&s.plan);
        let known = std::iter::once(&self.base).chain(self.setups.values().filter_map(|s| s.as_ref().ok()));
        let ready = known.clone().find(alike).map(|s| s.ready.clone());
        Ok(Setup {
            ready: ready.unwrap_or_else(|| Arc::new(Ready::prepare(&plan))),
            plan,
        })
    }

    /// Runs one system; none when somebody asked to stop.
    fn run(&self, system: &System, replications: Range<u32>) -> Option<Evaluated> {
        let (setup, index) = match system {
            System::Chosen(c) => match self.setups.get(&c.levels)? {
                Ok(setup) => (setup, self.study.strategies[c.strategy]),
                Err(why) => return Some(Err(why.clone())),
            },
            System::AsGiven(s) => (&self.base, self.study.strategies[*s]),
            System::NoLfr => (&self.base, usize::MAX),
        };
        let mut strategy = setup.plan.strategies.get(index).unwrap_or(&self.no_lfr).clone();
        if let System::Chosen(c) = system
            && !self.study.cameras.is_empty()
        {
            strategy.cameras = self.chosen(c).cloned().collect();
        }
        let made = caught(|| match &*setup.ready {
            Ready::Day(streets) => {
                let scene = Scene::prepare(&setup.plan, &strategy, streets);
                self.replicate(replications, &strategy, |r| one(&scene, r, Schedule::Lazy))
            }
            Ready::Programme(streets) => {
                let own = |s: &StrategyPlan| s.name == strategy.name;
                let index = setup.plan.strategies.iter().position(own)?;
                let prepared = Prepared::new(&setup.plan, streets)?;
                self.replicate(replications, &strategy, |r| {
                    one_programme(&prepared, index, r, Schedule::Lazy)
                })
            }
        });
        match made {
            Ok(sample) => sample.map(Ok),
            Err(why) => Some(Err(why)),
        }
    }

    fn replicate(
        &self,
        replications: Range<u32>,
        strategy: &StrategyPlan,
        run: impl Fn(u32) -> crate::measure::RunSummary + Sync,
    ) -> Option<Sample> {
        let counting = faces(&strategy.values);
        let one = |r: u32| {
            if self.progress.stopped() {
                return None;
            }
            let summary = run(r);
            self.progress.finished();
            Some(
                self.quantities
                    .iter()
                    .flat_map(|q| q.read(&summary, counting))
                    .collect(),
            )
        };
        let rows: Option<Vec<Vec<f64>>> = replications.into_par_iter().map(one).collect();
        let rows = rows?;
        let columns = rows.first().map_or(0, Vec::len);
        Some((0..columns).map(|c| rows.iter().map(|r| r[c]).collect()).collect())
    }
}

/// Ordinary patrol: the scenario's own, or the first strategy without its cameras.
fn no_lfr(study: &Optimisation) -> Result<StrategyPlan, String> {
    let all = &study.base.strategies;
    let placement = |s: &StrategyPlan| s.values.word(crate::scenario::registry::param::PLACEMENT);
    let own = |s: &&StrategyPlan| match &study.base.programme {
        Some(_) => placement(s) == "no-lfr",
        None => s.is_patrol() && s.overrides.is_empty(),
    };
    if let Some(s) = all.iter().find(own) {
        return Ok(s.clone());
    }
    if study.base.programme.is_some() {
        return Err(
            "the programme has no strategy with placement = \"no-lfr\": candidates are always shown beside ordinary patrol".into(),
        );
    }
    let mut strategy = all[study.strategies[0]].clone();
    strategy.name = "no-lfr".into();
    strategy.cameras.clear();
    Ok(strategy)
}
