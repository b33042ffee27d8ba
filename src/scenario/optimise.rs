//! A search for placements and settings: what may be decided, what for, and under which constraints.

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::files::sha256;
use super::load::load;
use super::overrides::Overrides;
use super::plan::{CameraPlan, Plan};
use std::ops::Range;
use std::path::PathBuf;

/// A quantity that a study asks for: a metric, or how unequally it falls on the groups of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Metric.
    pub metric: String,
    /// Axis, where the quantity is the largest rate of a group over the rate of everybody.
    pub ratio: Option<String>,
    /// Where the study asks for it.
    pub at: Range<usize>,
}

/// A limit on a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The quantity.
    pub of: Asked,
    /// Most that it may be.
    pub at_most: Option<f64>,
    /// Least that it may be.
    pub at_least: Option<f64>,
}

/// Mounts of which some are chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraGroup {
    /// What may be chosen.
    pub mounts: Vec<CameraPlan>,
    /// Fewest that are chosen.
    pub least: usize,
    /// Most that are chosen.
    pub most: usize,
}

/// A key and the values that it may take.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Dotted key.
    pub key: String,
    /// Values, as they would be typed after `--set key=`.
    pub values: Vec<String>,
}

impl Decision {
    /// Whether the values are numbers, so that neighbours in the list are near.
    pub fn ordered(&self) -> bool {
        self.values.iter().all(|v| v.parse::<f64>().is_ok())
    }
}

/// How candidates are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Greedy with swaps under several weights, then the neighbours of what is not dominated.
    Local,
    /// Candidates at random: the yardstick.
    Random,
}

impl Method {
    /// Words of a study file.
    pub const WORDS: [&'static str; 2] = ["local", "random"];
}

/// How one of the finalists is selected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selecting {
    /// Index of the objective.
    pub objective: usize,
    /// Smallest difference worth telling apart, in the objective's unit.
    pub delta: f64,
    /// Chance of a wrong selection that is accepted.
    pub error: f64,
    /// Replications from which variances are estimated.
    pub first: usize,
    /// Most replications of each finalist.
    pub most: usize,
}

/// A search as its file states it, on its scenario.
#[derive(Clone, Debug)]
pub struct Optimisation {
    /// Name of the file without its ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// What a reader should take from it and what not.
    pub reading: String,
    /// Path of the scenario.
    pub scenario: PathBuf,
    /// What the study changes about the scenario for every candidate.
    pub overrides: Overrides,
    /// The scenario's plan; its place holds every mount that may be chosen.
    pub base: Plan,
    /// Indices of the strategies that candidates may start from.
    pub strategies: Vec<usize>,
    /// What is to become more or less.
    pub objectives: Vec<Asked>,
    /// Limits.
    pub constraints: Vec<Bound>,
    /// Mounts to choose from; none: strategies keep their own cameras.
    pub cameras: Vec<CameraGroup>,
    /// Keys to choose values of.
    pub decisions: Vec<Decision>,
    /// Runs that the search may use.
    pub budget: u64,
    /// How it looks.
    pub method: Method,
    /// Seed of the search's own draws.
    pub seed: u64,
    /// Most candidates that are run again on fresh replications.
    pub finalists: usize,
    /// How one of them is selected; none: none is.
    pub selecting: Option<Selecting>,
    /// The file.
    pub source: Source,
}

impl Optimisation {
    /// The plan at these values of the decisions, checked like the file.
    ///
    /// # Errors
    /// Every problem of the scenario at these values.
    pub fn plan_at(&self, levels: &[usize]) -> Result<Plan, Diagnostics> {
        let mut overrides = self.overrides.clone();
        let chosen = self.decisions.iter().zip(levels);
        overrides
            .set
            .extend(chosen.filter_map(|(d, l)| Some((d.key.clone(), d.values.get(*l)?.clone()))));
        let mut plan = load(&self.scenario, &overrides)?;
        plan.place.clone_from(&self.base.place);
        Ok(plan)
    }

    /// Every mount that may be chosen, group by group.
    pub fn mounts(&self) -> impl Iterator<Item = &CameraPlan> {
        self.cameras.iter().flat_map(|g| &g.mounts)
    }

    /// A problem at something that the study asks for.
    pub fn problem(&self, asked: &Asked, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.source, asked.at.clone(), message, help)
    }

    /// What an evaluation depends on, as canonical text: plan, replications, quantities, what may be decided.
    pub fn space_text(&self) -> String {
        let asked = |a: &Asked| format!("{} {:?}", a.metric, a.ratio);
        let mut out = format!(
            "plan {}\nreplications {}\n",
            self.base.plan_hash, self.base.replications
        );
        self.objectives
            .iter()
            .for_each(|o| out += &format!("objective {}\n", asked(o)));
        for c in &self.constraints {
            out += &format!("constraint {} {:?} {:?}\n", asked(&c.of), c.at_most, c.at_least);
        }
        let names = self.strategies.iter().map(|s| &self.base.strategies[*s].name);
        out += &format!("strategies {:?}\n", names.collect::<Vec<_>>());
        self.cameras.iter().for_each(|g| out += &format!("{g:?}\n"));
        self.decisions.iter().for_each(|d| out += &format!("{d:?}\n"));
        out
    }

    /// Everything that the result depends on, as canonical text.
    pub fn canonical(&self) -> String {
        format!(
            "lamplight optimise 1\n{}budget {} {:?} seed {} finalists {} {:?}\n",
            self.space_text(),
            self.budget,
            self.method,
            self.seed,
            self.finalists,
            self.selecting
        )
    }
}

/// Hash of a canonical text.
pub fn hash(text: &str) -> String {
    sha256(text)
}
