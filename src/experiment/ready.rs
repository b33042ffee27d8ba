//! A plan's places prepared once, for a day or for a programme, and its strategies on them.

use super::runs::{one, one_programme};
use crate::deployment::{Scene, Schedule};
use crate::measure::RunSummary;
use crate::people::Streets;
use crate::programme::{Prepared, prepare_streets};
use crate::scenario::Plan;

/// Prepared places.
pub enum Ready {
    /// Of a plan of one day.
    Day(Box<Streets>),
    /// Of every site of a programme.
    Programme(Vec<Streets>),
}

impl Ready {
    /// Prepares the places of a plan.
    pub fn prepare(plan: &Plan) -> Self {
        if plan.programme.is_some() {
            Ready::Programme(prepare_streets(plan))
        } else {
            Ready::Day(Box::new(Streets::prepare(plan)))
        }
    }

    /// The streets of a plan of one day.
    pub fn streets(&self) -> Option<&Streets> {
        match self {
            Ready::Day(streets) => Some(streets),
            Ready::Programme(_) => None,
        }
    }
}

/// Strategies on prepared places.
pub enum Stage<'a> {
    /// Of a plan of one day, by strategy.
    Day(Vec<Scene<'a>>, &'a Streets),
    /// Of a programme.
    Programme(Prepared<'a>),
}

impl<'a> Stage<'a> {
    /// All strategies of a plan.
    pub fn new(plan: &'a Plan, ready: &'a Ready) -> Option<Self> {
        Some(match ready {
            Ready::Programme(streets) => Stage::Programme(Prepared::new(plan, streets)?),
            Ready::Day(streets) => {
                let scene = |s| Scene::prepare(plan, s, streets);
                Stage::Day(plan.strategies.iter().map(scene).collect(), streets)
            }
        })
    }

    /// One run.
    pub fn summary(&self, strategy: usize, replication: u32, schedule: Schedule) -> RunSummary {
        match self {
            Stage::Day(scenes, _) => one(&scenes[strategy], replication, schedule),
            Stage::Programme(prepared) => one_programme(prepared, strategy, replication, schedule),
        }
    }

    /// The trace hash of one run.
    pub fn hash(&self, strategy: usize, replication: u32, schedule: Schedule) -> u64 {
        self.summary(strategy, replication, schedule).hash
    }
}
