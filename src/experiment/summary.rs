//! The shapes of `summary.json`: stable keys that people's scripts rely on (see the interface page of the README).

pub use super::answers::{
    Borne, Decomposition, Differing, Disparity, Factor, GroupRates, LedgerRow, Matched, MatchedStrategy, Measured,
    Question, Scalar, Stopping, TippingPoint, Worlds,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything `summary.json` holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Summary {
    /// Always `lamplight.summary/1`.
    pub format: String,
    /// Scenario name.
    pub scenario: String,
    /// Title.
    pub title: String,
    /// The question asked.
    pub question: String,
    /// The reading one should expect.
    pub reading: String,
    /// Hash of the plan.
    pub plan_hash: String,
    /// Master seed.
    pub seed: u64,
    /// Replications per strategy.
    pub replications: u32,
    /// "on" or "off".
    pub uncertainty: String,
    /// The stamp every figure carries.
    pub label: String,
    /// What a count is per: "deployment", or "programme" for all days of a programme together.
    pub per: String,
    /// Level of every interval.
    pub level: f64,
    /// Name of the strategy that others are compared with.
    pub baseline: String,
    /// One entry per strategy, in file order.
    pub strategies: Vec<StrategySummary>,
    /// One entry per strategy other than the baseline.
    pub comparisons: Vec<Comparison>,
    /// Things to know.
    pub warnings: Vec<String>,
    /// What only a programme has, by strategy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<ProgrammeSummary>,
    /// How many plausible worlds were tried, and how chance was told from not knowing.
    #[serde(default)]
    pub worlds: Worlds,
    /// How the number of replications was found, under `--precision`.
    #[serde(default)]
    pub stopping: Option<Stopping>,
    /// What was made equal, under `--match`.
    #[serde(default)]
    pub matched: Option<Matched>,
    /// Every alert and stop by outcome, reason and group.
    #[serde(default)]
    pub ledger: Vec<LedgerRow>,
    /// Who bears it: one entry per strategy with cameras and idea of whom the matcher confuses.
    #[serde(default)]
    pub disparities: Vec<Disparity>,
    /// Where a difference between groups comes from, by strategy.
    #[serde(default)]
    pub decompositions: Vec<Decomposition>,
}

/// What a programme of many deployments has beside its metrics.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct ProgrammeSummary {
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Days.
    pub days: u64,
    /// Title of the set of sites.
    pub title: String,
    /// Sites, in order.
    pub sites: Vec<SiteSummary>,
    /// Groups that lists by group follow: axis and level, "all" first.
    pub groups: Vec<[String; 2]>,
    /// By strategy, in order.
    pub strategies: Vec<ProgrammeStrategy>,
}

/// A site.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct SiteSummary {
    /// Short name.
    pub name: String,
    /// Name for readers.
    pub title: String,
    /// Borough.
    pub borough: String,
    /// Longitude and latitude, degrees.
    pub at: [f64; 2],
    /// Whether its streets are a sketch.
    pub sketch: bool,
}

/// A programme under one strategy.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct ProgrammeStrategy {
    /// Name.
    pub name: String,
    /// What happened at each site, in the order of sites: means over replications.
    pub sites: Vec<PlaceTotals>,
    /// What happened in each week from the first day on: means over replications.
    pub weeks: Vec<WeekTotals>,
    /// Exposure of the residents of each borough.
    pub boroughs: Vec<BoroughSummary>,
}

/// Mean totals of a site over the programme.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct PlaceTotals {
    /// Deployments.
    pub deployments: f64,
    /// Hours open.
    pub hours: f64,
    /// Faces seen.
    pub faces: f64,
    /// Alerts.
    pub alerts: f64,
    /// False alerts.
    pub false_alerts: f64,
    /// Arrests.
    pub arrests: f64,
}

/// Mean totals of a week.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct WeekTotals {
    /// First day.
    pub from: String,
    /// Totals.
    pub totals: PlaceTotals,
    /// Stops.
    pub stops: f64,
    /// Wrongful stops.
    pub wrongful_stops: f64,
    /// Share of the people who use the sites searched at least once by the end of the week, by group.
    pub scanned_by_then: Vec<f64>,
}

/// Exposure of the residents of a borough: means over replications, by group.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct BoroughSummary {
    /// Name.
    pub name: String,
    /// Residents.
    pub residents: Vec<f64>,
    /// Share scanned at least once.
    pub scanned_once: Vec<f64>,
    /// Simulation interval of that share, everybody together.
    pub scanned_once_interval: Option<[f64; 2]>,
    /// Share scanned ten times or more.
    pub scanned_ten_times: Vec<f64>,
    /// Searches per resident.
    pub searches_per_resident: Vec<f64>,
}

/// The figures of one strategy.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct StrategySummary {
    /// Name.
    pub name: String,
    /// What it is, in a sentence.
    pub note: String,
    /// Metric id to estimate.
    pub metrics: BTreeMap<String, Estimate>,
    /// Metrics by group, one entry per level of each axis.
    pub groups: Vec<GroupSummary>,
}

/// The figures of one group under one strategy.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct GroupSummary {
    /// Axis name.
    pub by: String,
    /// Level name.
    pub name: String,
    /// Metric id to estimate.
    pub metrics: BTreeMap<String, Estimate>,
}

/// One estimate with both of its intervals.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Estimate {
    /// Mean over replications, or the ratio of sums for a rate; none when its denominator is zero.
    pub mean: Option<f64>,
    /// How precisely the model's own answer is known; shrinks with replications. Says nothing about the world.
    pub simulation_interval: Option<[f64; 2]>,
    /// What one deployment may bring: chance, and not knowing when uncertainty is on.
    pub predictive_interval: Option<[f64; 2]>,
    /// Level of both intervals.
    pub level: f64,
    /// How the simulation interval was made: "t", "garwood", "ratio-t", "exact-zero".
    pub method: String,
    /// Replications.
    pub n: u32,
    /// Unit, for example "per deployment".
    pub unit: String,
    /// The figure in natural frequencies, for example "about one in 23 deployments".
    pub frequency: String,
    /// Total counted events behind the figure over all replications, where it is a count or a rate of counts.
    pub events: Option<u64>,
    /// Share of the variance between deployments that comes from not knowing the parameters (the rest is chance); none
    /// when uncertainty is off or nothing varies.
    #[serde(default)]
    pub share_from_not_knowing: Option<f64>,
}

/// A strategy against the baseline, on the same simulated people.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Comparison {
    /// Strategy.
    pub strategy: String,
    /// Baseline.
    pub baseline: String,
    /// Keys in which the two differ.
    pub differs_in: Vec<String>,
    /// Metric id to difference.
    pub metrics: BTreeMap<String, Difference>,
    /// What differs, with values, label and source of each difference.
    #[serde(default)]
    pub differs: Vec<Differing>,
    /// Values of doubtful parameters at which an answer flips.
    #[serde(default)]
    pub tipping_points: Vec<TippingPoint>,
    /// What to ask the force, by how much knowing it would settle.
    #[serde(default)]
    pub questions: Vec<Question>,
}

/// A paired difference, strategy minus baseline.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Difference {
    /// Mean of the paired differences (difference of rates for a rate).
    pub difference: Option<f64>,
    /// How precisely the model's own difference is known.
    pub simulation_interval: Option<[f64; 2]>,
    /// What the difference may be in one deployment.
    pub predictive_interval: Option<[f64; 2]>,
    /// Level of both.
    pub level: f64,
    /// How the simulation interval was made.
    pub method: String,
    /// Strategy over baseline, where the baseline is not zero.
    pub ratio: Option<f64>,
    /// Whether the simulation interval excludes zero.
    pub distinguishable: bool,
    /// Variance of the difference of independent runs over that of the paired ones.
    pub variance_reduction: Option<f64>,
    /// Share of plausible worlds in which the strategy has less of it than the baseline; none when uncertainty is off.
    #[serde(default)]
    pub share_of_plausible_worlds_lower: Option<f64>,
    /// Share of plausible worlds in which it has more.
    #[serde(default)]
    pub share_of_plausible_worlds_higher: Option<f64>,
    /// The smallest difference that matters (`measure.matters_*`).
    #[serde(default)]
    pub smallest_that_matters: f64,
    /// "settled", "no difference that matters", or "not settled".
    #[serde(default)]
    pub verdict: String,
    /// What limits an answer that is not settled: "knowledge", "chance" or "replications".
    #[serde(default)]
    pub limited_by: Option<String>,
    /// About how many replications would do, where those are what is missing.
    #[serde(default)]
    pub replications_needed: Option<u64>,
    /// Id of the metric that the verdict is read from: the expectation estimator where there is one.
    #[serde(default)]
    pub verdict_from: String,
    /// Share of the variance of the difference that comes from not knowing the parameters.
    #[serde(default)]
    pub share_from_not_knowing: Option<f64>,
    /// Chance of a difference this far from zero if there were none, adjusted for the number of figures compared (Holm).
    #[serde(default)]
    pub p_holm: Option<f64>,
}
