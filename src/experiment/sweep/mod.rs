//! A sweep: every point of a study, every strategy, every replication, into a store.

mod point;
mod shard;
mod trial;

pub(in crate::experiment) use point::{caught, places_key};

use super::Ready;
use super::stopping::Judge;
use super::store::{Access, Collected, Contents, Layout, State, Store};
use super::summarise::LABEL;
use crate::measure::{METRICS, metrics_of};
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::{Plan, Study};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use trial::{unknown_metrics, unmoved};

/// A study that is ready to run.
pub struct Sweep {
    /// The study.
    pub study: Study,
    /// The plan of its base scenario.
    pub base: Plan,
    /// What its store holds.
    pub contents: Contents,
    /// Whether the values of each key are numbers.
    pub numeric: Vec<bool>,
    unmoved: Vec<Vec<String>>,
    places: Mutex<Vec<(String, Arc<Ready>)>>,
}

impl Sweep {
    /// Loads the base scenario, and the scenario at the study's first point as a trial.
    ///
    /// # Errors
    /// Every problem of the study and the scenario.
    pub fn new(study: Study) -> Result<Sweep, Diagnostics> {
        let mut problems = unknown_metrics(&study);
        let base = match study.base() {
            Ok(base) => base,
            Err(found) => {
                problems.extend(found);
                return Err(problems);
            }
        };
        let ends = [0, study.len() - 1].map(|i| study.plan(i));
        // A point may fail and be a row that says so; if the first does, the study itself is wrong.
        let ends = match ends {
            [Err(found), _] => {
                problems.extend(found);
                return Err(problems);
            }
            [Ok(first), last] => [first.clone(), last.unwrap_or(first)],
        };
        let unmoved = unmoved(&study, &ends);
        for (key, names) in study.keys.iter().zip(&unmoved) {
            if names.len() == base.strategies.len() {
                let message = format!(
                    "{}: every strategy sets {key} itself, so that the study would not vary it",
                    study.name
                );
                let help = "choose strategies with `strategies = [..]`, or remove the key from their `set`";
                problems.push(Diagnostic::general(message, help));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let layout = Layout::new(
            study.len(),
            study.replications(&base) as usize,
            base.strategies.len(),
            study.precision.is_some(),
            study.shards,
        );
        let contents = Contents {
            format: "lamplight.study/1".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            name: study.name.clone(),
            title: study.title.clone(),
            label: LABEL.into(),
            study_hash: study.hash(&base),
            plan_hash: base.plan_hash.clone(),
            resolved: base.resolved.clone(),
            study: study.text.clone(),
            design: study.kind.clone(),
            keys: study.keys.clone(),
            strategies: base.strategies.iter().map(|s| s.name.clone()).collect(),
            seed: base.seed,
            metrics: ids(ends.iter().chain([&base])),
            precision: study.precision.as_ref().map_or(String::new(), |rule| rule.words()),
            layout,
        };
        Ok(Sweep {
            numeric: (0..study.keys.len()).map(|i| study.is_number(i)).collect(),
            study,
            base,
            contents,
            unmoved,
            places: Mutex::default(),
        })
    }

    /// Strategies that set a key themselves which the design varies: the design does not move it there.
    pub fn notes(&self) -> Vec<String> {
        let named = self
            .study
            .keys
            .iter()
            .zip(&self.unmoved)
            .filter(|(_, names)| !names.is_empty());
        let text = |(key, names): (&String, &Vec<String>)| {
            format!(
                "strategy {} sets {key} itself: the design does not move it there",
                names.join(", ")
            )
        };
        named.map(text).collect()
    }

    /// Opens the study's store.
    ///
    /// # Errors
    /// A text for the user.
    pub fn store(&self, path: &Path) -> Result<Store, String> {
        Store::open(path, self.contents.clone())
    }

    /// Collects the store.
    ///
    /// # Errors
    /// A text for the user.
    pub fn collect(&self, store: &Store) -> Result<Collected, String> {
        store.collect(&self.numeric, self.judge().as_ref())
    }

    /// The study's rule of stopping.
    fn judge(&self) -> Option<Judge<'_>> {
        Judge::new(self.study.precision.as_ref()?, self.base.level)
    }

    /// What part `part` of `parts` lacks (all of it, with `None`), and which files are damaged or needless.
    ///
    /// # Errors
    /// A text for the user.
    pub fn pending(&self, store: &Store, part: Option<(usize, usize)>) -> Result<Pending, String> {
        let mine = |shard: usize| part.is_none_or(|(k, n)| shard % n == k);
        let survey = store.survey(mine)?;
        let mut pending = Pending {
            damaged: survey.damaged,
            superseded: survey.superseded,
            ..Pending::default()
        };
        for (shard, state) in survey.states.into_iter().enumerate().filter(|(s, _)| mine(*s)) {
            let known = match state {
                State::Whole(_) => {
                    pending.whole += 1;
                    continue;
                }
                State::Missing => None,
                State::Shorter(path, replications) => Some((path, replications)),
            };
            pending.shards.push(Todo { shard, known });
        }
        Ok(pending)
    }
}

/// A shard to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Todo {
    /// Its number.
    pub shard: usize,
    /// File with the first replications of it, and how many these are at most.
    pub known: Option<(PathBuf, usize)>,
}

/// What is left to do.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// Shards to run.
    pub shards: Vec<Todo>,
    /// Finished shards.
    pub whole: usize,
    /// Files whose checksum does not fit, with the number of their shard.
    pub damaged: Vec<(usize, PathBuf)>,
    /// Files that longer ones have made needless.
    pub superseded: Vec<PathBuf>,
}

/// Which access a part needs.
pub fn access(part: Option<(usize, usize)>) -> Access {
    if part.is_some() { Access::Part } else { Access::Alone }
}

/// The metrics that any of these plans has, in their usual order.
fn ids<'p>(plans: impl Iterator<Item = &'p Plan>) -> Vec<String> {
    let had: BTreeSet<&str> = plans.flat_map(metrics_of).map(|m| m.id).collect();
    let all = METRICS.iter().filter(|m| had.contains(m.id));
    all.map(|m| m.id.to_owned()).collect()
}
