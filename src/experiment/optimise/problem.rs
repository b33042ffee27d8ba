//! A search with its quantities checked: what is a cost, what breaks a constraint, what can be decided.

use super::quantity::{Quantity, Sample};
use super::search::Score;
use super::space::{Candidate, Group, Space};
use super::worth::Worth;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::optimise::{Asked, Optimisation};

/// Why arrests alone are refused.
const REASON: &str = "a search for arrests alone ends at more cameras, a lower threshold and a longer list, because what that costs \
     people who are scanned, stopped or taken for somebody else does not count";

/// A limit on one of the quantities.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Index of the quantity.
    pub quantity: usize,
    /// Most.
    pub at_most: Option<f64>,
    /// Least.
    pub at_least: Option<f64>,
}

impl Limit {
    /// How far a value is beyond the limit, relative to it; 0 where it is met.
    pub fn excess(&self, value: Option<f64>) -> f64 {
        let over = |limit: f64, by: f64| by.max(0.0) / if limit == 0.0 { 1.0 } else { limit.abs() };
        match value {
            Some(v) => self.at_most.map_or(0.0, |m| over(m, v - m)) + self.at_least.map_or(0.0, |l| over(l, l - v)),
            // A rate of nothing is above no limit, and reaches none.
            None => f64::from(u8::from(self.at_least.is_some())),
        }
    }
}

/// A search that can be run.
pub struct Problem {
    /// The study.
    pub study: Optimisation,
    /// Quantities: the objectives, then what further constraints speak of.
    pub quantities: Vec<Quantity>,
    /// Number of objectives.
    pub objectives: usize,
    /// The constraints.
    pub limits: Vec<Limit>,
    /// What can be decided.
    pub space: Space,
}

impl Problem {
    /// Checks what the study asks for.
    ///
    /// # Errors
    /// Every problem, at its place in the study.
    pub fn new(study: Optimisation) -> Result<Problem, Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut quantities = Vec::new();
        for asked in &study.objectives {
            match Quantity::new(&study, asked) {
                Ok(q) => {
                    problems.extend(aimless(&study, asked, &q));
                    quantities.push(q);
                }
                Err(problem) => problems.push(*problem),
            }
        }
        if problems.is_empty() {
            problems.extend(harmless(&study, &quantities));
            problems.extend(no_mean(&study, &quantities));
        }
        let objectives = quantities.len();
        let mut limits = Vec::new();
        for bound in &study.constraints {
            match Quantity::new(&study, &bound.of) {
                Ok(q) => {
                    let known = quantities.iter().position(|k| k.id() == q.id());
                    let quantity = known.unwrap_or(quantities.len());
                    if known.is_none() {
                        quantities.push(q);
                    }
                    limits.push(Limit {
                        quantity,
                        at_most: bound.at_most,
                        at_least: bound.at_least,
                    });
                }
                Err(problem) => problems.push(*problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Problem {
            space: space(&study),
            study,
            quantities,
            objectives,
            limits,
        })
    }

    /// Whether more of an objective is better.
    pub fn wants_more(&self, objective: usize) -> bool {
        self.quantities[objective].worth() == Worth::Gain
    }

    /// Evaluations that the search's budget allows, after ordinary patrol and the strategies as given.
    pub fn evaluations(&self) -> usize {
        let references = 1 + self.study.strategies.len() as u64;
        let all = self.study.budget / u64::from(self.study.base.replications.max(1));
        usize::try_from(all.saturating_sub(references)).unwrap_or(usize::MAX)
    }

    /// Costs and violation from figures, or of what cannot be run.
    pub fn score(&self, samples: &Result<Vec<Sample>, String>) -> Score {
        let Ok(samples) = samples else {
            return Score {
                costs: vec![f64::INFINITY; self.objectives],
                violation: f64::INFINITY,
            };
        };
        let points: Vec<Option<f64>> = self.quantities.iter().zip(samples).map(|(q, s)| q.point(s)).collect();
        let cost = |i: usize| {
            let sign = if self.wants_more(i) { -1.0 } else { 1.0 };
            points[i].map_or(f64::INFINITY, |v| sign * v)
        };
        Score {
            costs: (0..self.objectives).map(cost).collect(),
            violation: self.limits.iter().map(|l| l.excess(points[l.quantity])).sum(),
        }
    }

    /// A constraint in words.
    pub fn limit_text(&self, limit: &Limit) -> String {
        let q = &self.quantities[limit.quantity];
        let side = |word: &str, x: Option<f64>| x.map(|x| format!("{word} {x}"));
        let both: Vec<String> = [side("at most", limit.at_most), side("at least", limit.at_least)]
            .into_iter()
            .flatten()
            .collect();
        format!("{}: {} ({})", q.title(), both.join(" and "), q.unit())
    }

    /// What is decided, in words.
    pub fn space_text(&self) -> Vec<String> {
        let study = &self.study;
        let mut lines = Vec::new();
        for g in &study.cameras {
            let kind = match g.mounts.first().map(|m| m.mount) {
                Some(crate::scenario::plan::MountKind::Van) => "vans",
                _ => "lamp posts",
            };
            lines.push(format!(
                "{} to {} of {} places for {kind}",
                g.least,
                g.most,
                g.mounts.len()
            ));
        }
        lines.extend(
            study
                .decisions
                .iter()
                .map(|d| format!("{}: {}", d.key, d.values.join(", "))),
        );
        let names: Vec<&str> = study
            .strategies
            .iter()
            .map(|s| study.base.strategies[*s].name.as_str())
            .collect();
        lines.push(format!("starting from {}", names.join(", ")));
        lines
    }
}

fn space(study: &Optimisation) -> Space {
    let mut first = 0;
    let groups = study.cameras.iter().map(|g| {
        first += g.mounts.len();
        Group {
            first: first - g.mounts.len(),
            count: g.mounts.len(),
            least: g.least,
            most: g.most.min(g.mounts.len()),
        }
    });
    Space {
        strategies: study.strategies.len(),
        groups: groups.collect(),
        decisions: study.decisions.iter().map(|d| (d.values.len(), d.ordered())).collect(),
    }
}

/// Reports an objective that is neither good nor bad.
fn aimless(study: &Optimisation, asked: &Asked, q: &Quantity) -> Option<Diagnostic> {
    (q.worth() == Worth::Neither).then(|| {
        let message = format!(
            "\"{}\" is no objective: more of it is neither better nor worse",
            asked.metric
        );
        study.problem(
            asked,
            message,
            "limit it by a constraint, or choose a metric that is a gain, a harm or a cost",
        )
    })
}

/// Reports objectives among which no harm is.
fn harmless(study: &Optimisation, quantities: &[Quantity]) -> Option<Diagnostic> {
    let first = study.objectives.first()?;
    quantities.iter().all(|q| q.worth() != Worth::Harm).then(|| {
        let names: Vec<&str> = study.objectives.iter().map(|o| o.metric.as_str()).collect();
        let message = format!("no harm is among the objectives ({}): {REASON}", names.join(", "));
        let help = "add one of wrongful_stops_expected, stops_without_arrest, people_scanned, not_sought_minutes_lost, or \
                    { metric = \"wrongful_stops_expected\", ratio = \"ethnicity\" }; a constraint alone would hide everything below its limit";
        study.problem(first, message, help)
    })
}

/// Reports a selection by a rate: the procedure compares means over replications.
fn no_mean(study: &Optimisation, quantities: &[Quantity]) -> Option<Diagnostic> {
    let select = study.selecting?;
    let asked = study.objectives.get(select.objective)?;
    let q = quantities.get(select.objective)?;
    (!q.is_mean()).then(|| {
        let message = format!(
            "\"{}\" is a rate; a selection compares means over replications",
            asked.metric
        );
        study.problem(
            asked,
            message,
            "select by a count, as in select = { metric = \"net_arrests\", delta = 0.2 }",
        )
    })
}

/// A candidate in words.
pub fn describe(study: &Optimisation, c: &Candidate) -> (Vec<String>, Vec<(String, String)>) {
    let mounts = study.mounts().enumerate().filter(|(i, _)| c.mounts.contains(i));
    let settings = study
        .decisions
        .iter()
        .zip(&c.levels)
        .map(|(d, l)| (d.key.clone(), d.values[*l].clone()));
    (mounts.map(|(_, m)| m.at.clone()).collect(), settings.collect())
}
