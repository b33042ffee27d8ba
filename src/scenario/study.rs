//! A study: one scenario tried at many points of its parameters.

use super::diagnose::Diagnostics;
use super::document::plain;
use super::files::sha256;
use super::load::load;
use super::overrides::Overrides;
use super::plan::Plan;
use super::prior::Prior;
use super::study_stopping::StoppingRule;
use crate::stats::design::Design;
use std::path::PathBuf;

/// Probabilities that a prior without ends is read at where a design reaches 0 and 1 (Morris' grid does).
const FARTHEST: [f64; 2] = [0.005, 0.995];

/// What a parameter of a study is spread over.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// A distribution, kept within the parameter's range.
    Law {
        /// The distribution.
        prior: Prior,
        /// Allowed range of the parameter.
        bounds: (f64, f64),
    },
    /// Flat on the logarithm between two values.
    Log {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Every whole number between two, equally likely.
    Whole {
        /// Lowest value.
        low: u64,
        /// Highest value.
        high: u64,
    },
    /// Several values, equally likely, each as it would be typed after `--set key=`.
    Values(Vec<String>),
}

impl Spread {
    /// The value at coordinate `u` in [0, 1], as it would be typed after `--set key=`.
    pub fn at(&self, u: f64) -> String {
        match self {
            Spread::Law { prior, bounds } => {
                let u = match prior {
                    Prior::Uniform { .. } => u,
                    _ => u.clamp(FARTHEST[0], FARTHEST[1]),
                };
                plain(prior.quantile(u).clamp(bounds.0, bounds.1))
            }
            Spread::Log { low, high } => {
                let x = libm::exp(libm::log(*low) + u * (libm::log(*high) - libm::log(*low)));
                plain(x.clamp(*low, *high))
            }
            Spread::Whole { low, high } => {
                let steps = (u * (high - low + 1) as f64) as u64;
                (low + steps).min(*high).to_string()
            }
            Spread::Values(list) => {
                let i = (u * list.len() as f64) as usize;
                list.get(i.min(list.len().saturating_sub(1)))
                    .cloned()
                    .unwrap_or_default()
            }
        }
    }

    /// Whether the values are numbers.
    pub fn is_number(&self) -> bool {
        match self {
            Spread::Values(list) => list.iter().all(|v| v.parse::<f64>().is_ok()),
            _ => true,
        }
    }

    /// The spread in a few words.
    pub fn words(&self) -> String {
        match self {
            Spread::Law {
                prior: Prior::Uniform { low, high },
                ..
            } => format!("{} to {}", plain(*low), plain(*high)),
            Spread::Law { prior, .. } => super::schema::prior_text(*prior),
            Spread::Log { low, high } => format!("{} to {} (log)", plain(*low), plain(*high)),
            Spread::Whole { low, high } => format!("{low} to {high}, whole"),
            Spread::Values(list) => list.join(", "),
        }
    }
}

/// Which points a study tries.
#[derive(Clone, Debug, PartialEq)]
pub enum Points {
    /// Coordinates of a design, turned into values by each parameter's spread.
    Designed(Design),
    /// Points given one by one: the value of every parameter.
    Listed(Vec<Vec<String>>),
}

/// A study as its file states it.
#[derive(Clone, Debug)]
pub struct Study {
    /// Name of the file without its ending.
    pub name: String,
    /// Title.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// What a reader should take from it and what not.
    pub reading: String,
    /// Path of the base scenario.
    pub scenario: PathBuf,
    /// What the study changes about the base scenario at every point.
    pub overrides: Overrides,
    /// Keys of the parameters that the design sets.
    pub keys: Vec<String>,
    /// What each is spread over (empty for listed points).
    pub spreads: Vec<Spread>,
    /// Word for the kind of design.
    pub kind: String,
    /// The points.
    pub points: Points,
    /// When a point has been repeated often enough; none: after as many replications as the base scenario has.
    pub precision: Option<StoppingRule>,
    /// Metrics that tables and pictures show; empty: a default choice.
    pub metrics: Vec<String>,
    /// Number of files that every 32 replications are stored in, if the file says.
    pub shards: Option<u32>,
    /// Text of the file.
    pub text: String,
}

impl Study {
    /// Number of points.
    pub fn len(&self) -> usize {
        match &self.points {
            Points::Designed(design) => design.points(),
            Points::Listed(rows) => rows.len(),
        }
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of point `i`, one for each key, as they would be typed after `--set key=`.
    pub fn point(&self, i: usize) -> Vec<String> {
        match &self.points {
            Points::Designed(design) => design
                .point(i)
                .iter()
                .zip(&self.spreads)
                .map(|(u, s)| s.at(*u))
                .collect(),
            Points::Listed(rows) => rows[i].clone(),
        }
    }

    /// Whether all values of a parameter are numbers.
    pub fn is_number(&self, parameter: usize) -> bool {
        match &self.points {
            Points::Designed(_) => self.spreads[parameter].is_number(),
            Points::Listed(rows) => rows.iter().all(|r| r[parameter].parse::<f64>().is_ok()),
        }
    }

    /// The plan of the base scenario, with what the study changes at every point.
    ///
    /// # Errors
    /// Every problem of the scenario.
    pub fn base(&self) -> Result<Plan, Diagnostics> {
        load(&self.scenario, &self.overrides)
    }

    /// The plan at point `i`: the base scenario with the point's values set, each certain, checked like the file.
    ///
    /// # Errors
    /// Every problem of the scenario at this point.
    pub fn plan(&self, i: usize) -> Result<Plan, Diagnostics> {
        self.plan_at(&self.point(i))
    }

    /// The plan at these values.
    ///
    /// # Errors
    /// As [`Study::plan`].
    pub fn plan_at(&self, values: &[String]) -> Result<Plan, Diagnostics> {
        let mut overrides = self.overrides.clone();
        overrides
            .set
            .extend(self.keys.iter().cloned().zip(values.iter().cloned()));
        load(&self.scenario, &overrides)
    }

    /// Everything that the runs of the study depend on besides the base plan, as canonical text.
    pub fn canonical(&self) -> String {
        let mut out = format!("design = {:?}\n", self.kind);
        match &self.points {
            Points::Designed(design) => out += &format!("{}\n", design_text(design)),
            Points::Listed(rows) => rows.iter().for_each(|r| out += &format!("point = {r:?}\n")),
        }
        for (i, key) in self.keys.iter().enumerate() {
            out += &format!("{key} = {:?}\n", self.spreads.get(i));
        }
        out
    }

    /// Most replications of a point.
    pub fn replications(&self, base: &Plan) -> u32 {
        self.precision.as_ref().map_or(base.replications, |rule| rule.at_most)
    }

    /// Hash of what the runs of this study are: base plan, points and rule of stopping. How many replications there are at
    /// most is not part of it: more of them leave the first as they are.
    pub fn hash(&self, base: &Plan) -> String {
        let rule = self.precision.as_ref().map_or(String::new(), |rule| {
            format!("precision {} at level {}\n", rule.canonical(), base.level)
        });
        sha256(&format!(
            "lamplight study 1\nplan {}\n{rule}{}",
            base.plan_hash,
            self.canonical()
        ))
    }
}

/// A design without the tables that follow from its seed.
fn design_text(design: &Design) -> String {
    match design {
        Design::LatinHypercube { strata, seed } => {
            format!(
                "latin-hypercube n = {} seed = {seed}",
                strata.first().map_or(0, Vec::len)
            )
        }
        other => format!("{other:?}"),
    }
}
