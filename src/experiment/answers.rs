//! The shapes of the answers in `summary.json`: worlds, verdicts, ledger, disparity and where it comes from.

use serde::{Deserialize, Serialize};

/// A figure with its simulation interval.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Measured {
    /// The figure; none where it does not exist or there are too few events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Simulation interval; none where it does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// How the interval was made; empty if there is no figure.
    pub method: String,
}

impl Measured {
    /// Whether there is nothing to say: neither a figure nor why there is none.
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.interval.is_none() && self.method.is_empty()
    }
}

/// How many plausible worlds were tried, and how chance was told from not knowing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Worlds {
    /// Plausible worlds: draws of the doubtful parameters.
    pub worlds: u32,
    /// Runs of the worlds that were run more than once, the first included.
    pub inner: u32,
    /// Worlds that were run more than once.
    pub repeated: u32,
    /// Share of worlds that must agree before an answer is called settled.
    pub agreement: f64,
}

/// How sequential stopping went.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Stopping {
    /// Metric.
    pub metric: String,
    /// Relative half-width asked for.
    pub asked: f64,
    /// Relative half-width reached by the least precise strategy that has any of it; none when no strategy has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<f64>,
    /// Whether every strategy reached what was asked.
    pub converged: bool,
    /// Most replications allowed.
    pub cap: u32,
    /// What a reader should know, in a sentence.
    pub note: String,
}

/// What was made equal between strategies.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Matched {
    /// "officers", "cost" or "scans".
    pub by: String,
    /// What was done, in a sentence.
    pub note: String,
    /// One entry per strategy.
    pub strategies: Vec<MatchedStrategy>,
}

/// What was made of one strategy.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct MatchedStrategy {
    /// Strategy.
    pub strategy: String,
    /// What it has of the resource in one deployment, before matching.
    pub has: f64,
    /// Its counts were multiplied by this.
    pub factor: f64,
}

/// One thing in which a strategy differs from the baseline.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Differing {
    /// Key, or "cameras", "teams", "matcher.preset".
    pub key: String,
    /// What it is.
    pub what: String,
    /// Value under the strategy.
    pub strategy: String,
    /// Value under the baseline.
    pub baseline: String,
    /// Where the values come from: "assumption", "published", "setting", ...
    pub label: String,
    /// Source.
    pub source: String,
    /// Whether this difference rests on an assumption alone.
    pub by_assumption_alone: bool,
}

/// The value of a doubtful parameter at which an answer flips.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct TippingPoint {
    /// Metric whose difference changes its sign.
    pub metric: String,
    /// Parameter.
    pub parameter: String,
    /// What the parameter is.
    pub what: String,
    /// Its unit.
    pub unit: String,
    /// Value at which the difference is zero.
    pub value: f64,
    /// Interval of that value; none where the search gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
    /// Share of plausible values of the parameter that lie above it.
    pub plausible_above: f64,
    /// Difference, strategy minus baseline, at a value below: the value tried, and the difference with its interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<(f64, Measured)>,
    /// The same above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<(f64, Measured)>,
    /// Whether runs on both sides confirmed that the sign changes.
    pub confirmed: bool,
    /// "fitted to the runs at hand" or "found by search, confirmed by runs on both sides".
    pub how: String,
    /// The finding in a sentence.
    pub sentence: String,
}

/// A question to the force whose answer would settle something.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Question {
    /// Metric whose difference is not settled.
    pub metric: String,
    /// Parameter to know.
    pub parameter: String,
    /// The question in words.
    pub question: String,
    /// Chance that two plausible worlds disagree on the sign now.
    pub disagreement: f64,
    /// The same once the parameter is known, on average over what it may be.
    pub disagreement_when_known: f64,
    /// By how much knowing reduces it, less what luck alone would show.
    pub settles: f64,
}

/// One row of the ledger: people alerted or stopped, by what became of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct LedgerRow {
    /// Strategy.
    pub strategy: String,
    /// "alert" (did not lead to a stop), "stop" (after an alert), "patrol" (a stop on patrol, without an alert),
    /// "covered face" (a stop for nothing but a covered face, in no figure of stops), "every alert" (sums).
    pub kind: String,
    /// What became of it: "dismissed", "lost in the crowd", "arrest", "wrongful stop", ...
    pub outcome: String,
    /// Why the person was on the list; "not on the list" for people taken for somebody else; "none" for patrol; "all" where
    /// reasons are added up.
    pub reason: String,
    /// Group axis, or "all".
    pub by: String,
    /// Level, or "all".
    pub group: String,
    /// People counted in all replications together.
    pub counted: u64,
    /// Mean per deployment with its simulation interval.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub per_deployment: Measured,
    /// Mean per year of `measure.deployments_per_year` deployments.
    pub per_year: f64,
    /// Per 100,000 scans; none without cameras.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_100k_scans: Option<f64>,
    /// In natural frequencies: "about one in 23 deployments; about 10 a year".
    pub frequency: String,
    /// Minutes that these people spent in stops and custody, per deployment.
    pub minutes: f64,
    /// Of them charged or cautioned, per deployment.
    pub charged: f64,
}

/// Who bears it under one strategy and one idea of whom the matcher confuses.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Disparity {
    /// Strategy.
    pub strategy: String,
    /// "as run", or a matcher table: "neutral", "inferred-2025", "npl-2023".
    pub matcher: String,
    /// "ratio-constant", "ratio-shrinks", or "as run".
    pub hypothesis: String,
    /// "run" or "re-weighted": expected false alerts of the same searches under the other table.
    pub how: String,
    /// One entry per axis, then per pair of axes ("ethnicity x sex").
    pub axes: Vec<Borne>,
}

/// Who bears it along one axis.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Borne {
    /// Axis, or a crossing of two: "ethnicity x sex".
    pub by: String,
    /// The group that others are compared with: the one with most scans.
    pub reference: String,
    /// One entry per group, in the order of the axis.
    pub groups: Vec<GroupRates>,
    /// Figures over all groups: `fpir_max_min`, `fpir_max_geomean`, `garbe`, `adverse_ratio`, `equal_opportunity_gap`,
    /// `predictive_parity_gap`, `excess_burden`, `exposure_gini`.
    pub scalars: Vec<Scalar>,
}

/// The rates of one group.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct GroupRates {
    /// Group.
    pub name: String,
    /// Share of everybody scanned.
    pub share_of_scans: f64,
    /// Share of the expected wrongful stops.
    pub share_of_wrongful_stops: f64,
    /// False alerts counted in all replications.
    pub false_alerts_counted: u64,
    /// Wrongful stops counted in all replications.
    pub wrongful_stops_counted: u64,
    /// Expected false alerts in all replications together.
    pub false_alerts_expected: f64,
    /// Whether there are too few events (fewer than five expected, all replications together) for a ratio to be shown.
    pub too_few_events: bool,
    /// Expected false alerts per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub fpir: Measured,
    /// Over the reference group's.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub fpir_ratio: Measured,
    /// Less the reference group's, per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub fpir_difference: Measured,
    /// Ratio of the counted false alerts per scan to the reference group's, exact (conditional Clopper-Pearson).
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub fpir_ratio_counted: Measured,
    /// Expected wrongful stops per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub wrongful_stops: Measured,
    /// Over the reference group's.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub wrongful_stops_ratio: Measured,
    /// Listed people alerted, of those who pass a camera.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub tpir_zone: Measured,
    /// True alerts over all alerts.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub precision: Measured,
    /// Stops after an alert per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub stops: Measured,
    /// Arrests after an alert per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub arrests: Measured,
    /// Minutes lost by people not sought per 100,000 scans.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub minutes_lost: Measured,
}

/// One figure over all groups.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Scalar {
    /// Stable id.
    pub id: String,
    /// What it is, in a sentence.
    pub what: String,
    /// The figure.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub measured: Measured,
}

/// Where the difference between a group and the reference group comes from.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Decomposition {
    /// Strategy.
    pub strategy: String,
    /// Axis.
    pub by: String,
    /// Group.
    pub group: String,
    /// Reference group.
    pub reference: String,
    /// What is compared.
    pub what: String,
    /// Ratio of the two groups' rates.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub ratio: Measured,
    /// Log of that ratio, which the factors add up to.
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub log_ratio: Measured,
    /// Siting, footfall mix, list composition, matcher, operator, officers.
    pub factors: Vec<Factor>,
    /// Fewer than five false alerts expected of either group, all replications together, or fewer than fifty of its searches
    /// followed: too few events to say.
    pub too_few_events: bool,
}

/// What one factor contributes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Factor {
    /// "siting", "footfall mix", "list composition", "matcher", "operator" or "officers".
    pub factor: String,
    /// Its part of the log of the ratio (Shapley value).
    #[serde(default, skip_serializing_if = "Measured::is_empty")]
    pub log_part: Measured,
    /// The ratio that this factor alone would make: exp of its part.
    pub times: f64,
    /// Its part in per cent of the sum of the sizes of all parts.
    pub percent: f64,
}
