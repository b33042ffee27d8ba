//! What a search found, ready to be told.

use super::evaluate::System;
use super::problem::{Limit, Problem, describe};
use super::quantity::{Figure, Sample};
use super::search::Score;
use super::select::Selected;
use crate::stats::pareto::dominates;
use serde::Serialize;

/// What a point of the search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Ordinary patrol by the same officers.
    NoLfr,
    /// A strategy as the scenario has it.
    AsGiven,
    /// A candidate.
    Candidate,
}

/// How a point stands to the constraints and the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Meets all constraints, and no candidate is better in one objective without being worse in another.
    Front,
    /// Meets all constraints, but another is at least as good in all objectives.
    Dominated,
    /// Breaks a constraint.
    Infeasible,
    /// Cannot be run.
    Impossible,
}

impl Status {
    /// The word shown to a reader.
    pub fn word(self) -> &'static str {
        match self {
            Status::Front => "not dominated",
            Status::Dominated => "dominated",
            Status::Infeasible => "breaks a constraint",
            Status::Impossible => "cannot be run",
        }
    }
}

/// An estimate of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Value; none for a rate of nothing.
    pub value: Option<f64>,
    /// Simulation interval.
    pub interval: Option<[f64; 2]>,
}

impl From<Figure> for Estimate {
    fn from(f: Figure) -> Self {
        Estimate {
            value: f.value,
            interval: f.interval,
        }
    }
}

/// A constraint at a point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// Value and interval of what is limited.
    pub estimate: Estimate,
    /// Whether the estimate keeps to the limit.
    pub met: bool,
    /// Whether the whole interval does.
    pub surely: bool,
}

/// Figures over some replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Replications.
    pub replications: usize,
    /// In the order of the objectives.
    pub objectives: Vec<Estimate>,
    /// In the order of the constraints.
    pub constraints: Vec<Checked>,
}

/// A point of the search.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Short name: a number on the front, "no-lfr", the name of a strategy; the evaluation's number elsewhere.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// How it stands.
    pub status: Status,
    /// Strategy that it starts from.
    pub strategy: String,
    /// Chosen mounts.
    pub mounts: Vec<String>,
    /// Decided values.
    pub settings: Vec<(String, String)>,
    /// Figures of the search, on which it was chosen: what is on the front looks a little better than it is.
    pub search: Option<Figures>,
    /// Figures over fresh replications, of finalists.
    pub fresh: Option<Figures>,
    /// Why it cannot be run.
    pub impossible: Option<String>,
}

/// An objective.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Unit.
    pub unit: String,
    /// "more" or "less".
    pub wanted: &'static str,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Always `lamplight.optimise/1`.
    pub format: &'static str,
    /// Version of Lamplight.
    pub version: &'static str,
    /// Study.
    pub study: String,
    /// Title.
    pub title: String,
    /// Question.
    pub question: String,
    /// What a reader should take from it and what not.
    pub reading: String,
    /// Said of every figure.
    pub label: &'static str,
    /// The scenario's own warning.
    pub stamp: String,
    /// Plan of the scenario as it stands.
    pub plan_hash: String,
    /// Hash of the search.
    pub hash: String,
    /// Master seed of the runs.
    pub seed: u64,
    /// Seed of the search.
    pub search_seed: u64,
    /// Way of searching.
    pub search: &'static str,
    /// Replications of each evaluation, the same plausible worlds and people for all.
    pub replications: u32,
    /// "on" or "off".
    pub uncertainty: &'static str,
    /// Level of intervals.
    pub level: f64,
    /// Runs allowed to the search.
    pub budget: u64,
    /// Runs made, those of finalists included.
    pub runs: u64,
    /// Candidates that there are.
    pub candidates: f64,
    /// Candidates that were tried.
    pub evaluated: usize,
    /// Of them, those that meet all constraints.
    pub feasible: usize,
    /// Of them, for each constraint, those that meet it.
    pub kept: Vec<usize>,
    /// "budget", "everything", or "interrupted".
    pub ended: &'static str,
    /// Objectives.
    pub objectives: Vec<Objective>,
    /// Constraints in words.
    pub constraints: Vec<String>,
    /// What is decided, in words.
    pub decides: Vec<String>,
    /// The front, ordinary patrol, the strategies as given, and where nothing is feasible the nearest.
    pub points: Vec<Point>,
    /// What was selected.
    pub selection: Option<Selected>,
    /// Every other candidate that was tried.
    #[serde(skip)]
    pub others: Vec<Point>,
}

/// A system with its figures.
pub struct Tried {
    /// What it is.
    pub system: System,
    /// Figures, or why there are none.
    pub samples: Result<Vec<Sample>, String>,
    /// Costs and violation.
    pub score: Score,
}

impl Problem {
    /// Estimates from samples.
    pub fn figures(&self, samples: &[Sample]) -> Figures {
        let level = self.study.base.level;
        let of = |q: usize| Estimate::from(self.quantities[q].figure(&samples[q], level));
        let check = |l: &Limit| {
            let estimate = of(l.quantity);
            let ends = estimate.interval.map(|i| i.map(Some));
            Checked {
                estimate,
                met: l.excess(estimate.value) == 0.0,
                surely: ends.is_some_and(|e| e.into_iter().all(|x| l.excess(x) == 0.0)),
            }
        };
        Figures {
            replications: samples.first().and_then(|s| s.first()).map_or(0, Vec::len),
            objectives: (0..self.objectives).map(of).collect(),
            constraints: self.limits.iter().map(check).collect(),
        }
    }

    /// Whether a system meets a constraint.
    pub fn meets(&self, tried: &Tried, limit: &Limit) -> bool {
        let value = |samples: &Vec<Sample>| self.quantities[limit.quantity].point(&samples[limit.quantity]);
        tried.samples.as_ref().is_ok_and(|s| limit.excess(value(s)) == 0.0)
    }

    /// How a point stands to the others.
    pub fn status(&self, own: &Score, pool: &[&Score]) -> Status {
        if own.violation.is_infinite() {
            Status::Impossible
        } else if own.violation > 0.0 {
            Status::Infeasible
        } else if pool
            .iter()
            .any(|o| o.violation == 0.0 && dominates(&o.costs, &own.costs))
        {
            Status::Dominated
        } else {
            Status::Front
        }
    }

    /// A point without its place among the others.
    pub fn point(&self, tried: &Tried, name: String, status: Status) -> Point {
        let strategy = |i: usize| self.study.base.strategies[self.study.strategies[i]].name.clone();
        let (kind, strategy, (mounts, settings)) = match &tried.system {
            System::NoLfr => (Kind::NoLfr, "no-lfr".to_owned(), Default::default()),
            System::AsGiven(s) => (Kind::AsGiven, strategy(*s), Default::default()),
            System::Chosen(c) => (Kind::Candidate, strategy(c.strategy), describe(&self.study, c)),
        };
        Point {
            name,
            kind,
            status,
            strategy,
            mounts,
            settings,
            search: tried.samples.as_ref().ok().map(|s| self.figures(s)),
            fresh: None,
            impossible: tried.samples.as_ref().err().cloned(),
        }
    }
}

impl Point {
    /// What it is, in words.
    pub fn words(&self) -> String {
        match self.kind {
            Kind::NoLfr => "ordinary patrol by the same officers".to_owned(),
            Kind::AsGiven => format!("{} as in the scenario", self.strategy),
            Kind::Candidate => {
                let mut parts = Vec::new();
                if self.mounts.is_empty() {
                    parts.push(self.strategy.clone());
                } else {
                    parts.push(self.mounts.join(", "));
                }
                parts.extend(self.settings.iter().map(|(k, v)| format!("{k} = {v}")));
                parts.join("; ")
            }
        }
    }
}
