//! The frozen plan: everything a run depends on, resolved, checked, and hashed. The engine reads nothing else.

use super::place::Place;
use super::prior::Prior;
use super::programme::Programme;
use super::rates_file::CandidateRates;
use super::registry::{PARAMETERS, ParamId};

/// A value of a parameter and, where it is doubtful, what it is drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Central value (a flag is 0 or 1, a choice the index of its word).
    pub central: f64,
    /// Drawn from this when uncertainty is on.
    pub prior: Option<Prior>,
}

/// One value for every row of the registry.
#[derive(Clone, Debug, PartialEq)]
pub struct Values(Vec<Value>);

impl Default for Values {
    fn default() -> Self {
        Values(
            PARAMETERS
                .iter()
                .map(|p| Value {
                    central: p.kind.default_number(),
                    prior: p.prior,
                })
                .collect(),
        )
    }
}

impl Values {
    /// Central value of a parameter.
    pub fn get(&self, id: ParamId) -> f64 {
        self.0[usize::from(id.0)].central
    }
    /// Value and prior of a parameter.
    pub fn value(&self, id: ParamId) -> Value {
        self.0[usize::from(id.0)]
    }
    /// Sets a parameter. A value given without a prior is certain: the registry's prior no longer applies.
    pub fn set(&mut self, id: ParamId, value: Value) {
        self.0[usize::from(id.0)] = value;
    }
    /// Whether a flag is on.
    pub fn flag(&self, id: ParamId) -> bool {
        self.get(id) != 0.0
    }
    /// The chosen word of a choice.
    pub fn word(&self, id: ParamId) -> &'static str {
        match id.row().kind {
            super::registry::Kind::Choice { words } => words[self.get(id) as usize],
            _ => "",
        }
    }
}

/// A number of a data file that may be doubtful.
pub type Doubtful = Value;

/// One axis along which people differ; names and levels are data, never code.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Name, for example "ethnicity".
    pub name: String,
    /// Names of the levels, in display order.
    pub levels: Vec<String>,
}

/// The axes of a plan. A group cell is one level of each; its index runs fastest over the last axis.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Axes(pub Vec<Axis>);

impl Axes {
    /// Number of cells (1 when there is no axis).
    pub fn cells(&self) -> usize {
        self.0.iter().map(|a| a.levels.len()).product()
    }
    /// The level of `cell` on axis `axis`.
    pub fn level(&self, cell: usize, axis: usize) -> usize {
        let inner: usize = self.0[axis + 1..].iter().map(|a| a.levels.len()).product();
        cell / inner % self.0[axis].levels.len()
    }
    /// Joint shares of cells from independent shares per axis.
    pub fn joint(&self, shares: &[Vec<f64>]) -> Vec<f64> {
        (0..self.cells())
            .map(|c| shares.iter().enumerate().map(|(a, s)| s[self.level(c, a)]).product())
            .collect()
    }
}

/// The people who walk the streets.
#[derive(Clone, Debug, PartialEq)]
pub struct Crowd {
    /// Title of the population file.
    pub title: String,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// Shares by axis and level (each axis sums to 1); axes are independent.
    pub shares: Vec<Vec<f64>>,
    /// For each axis, the chance that a companion has the leader's level, if it is more than chance.
    pub companions_same: Vec<Option<f64>>,
    /// Mean free walking speed of each cell, m/s.
    pub speed_m_s: Vec<f64>,
    /// Share of each cell that is ever searched (children under the force's minimum age are not).
    pub searched: Vec<f64>,
    /// Whether the cell is of children.
    pub child: Vec<bool>,
    /// Odds ratio of being concerned about facial recognition.
    pub concerned_odds: Vec<f64>,
    /// Disproportionality of patrol stops.
    pub patrol_odds: Vec<Doubtful>,
    /// Axis on which operators are worse with faces of another level than their own.
    pub other_group_axis: Option<usize>,
}

/// Why somebody is on the list and what a stop leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Name, for example "court".
    pub name: String,
    /// Share of the list.
    pub share: f64,
    /// Presence in the streets relative to the other reasons.
    pub presence: f64,
    /// Chance of arrest after a stop of the right person whose entry is up to date.
    pub arrest: f64,
    /// Chance of another action.
    pub other: f64,
    /// Chance that the entry is out of date.
    pub stale: Doubtful,
    /// Rank among the reasons when officers choose; 1 comes first.
    pub priority: u8,
    /// Whether a stop only checks that orders are kept.
    pub check_only: bool,
    /// Share of its entries that are about serious crime.
    pub serious: f64,
    /// Whether the scenario keeps it on the list.
    pub kept: bool,
}

/// Who is on the watchlist.
#[derive(Clone, Debug, PartialEq)]
pub struct Watchlist {
    /// Title of the watchlist file.
    pub title: String,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// Shares by axis and level.
    pub shares: Vec<Vec<f64>>,
    /// Concentration of the Dirichlet that each axis' shares are drawn from (none: certain).
    pub concentration: Vec<Option<f64>>,
    /// Reasons; shares sum to 1.
    pub reasons: Vec<Reason>,
    /// Parameters of the list that the file sets; the scenario's own keys win.
    pub set: Vec<(ParamId, Value)>,
}

/// Who is confused with whom, by axis.
#[derive(Clone, Debug, PartialEq)]
pub struct MatcherTable {
    /// Preset or file name.
    pub name: String,
    /// Title for readers.
    pub title: String,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// For each axis and level: factor of the false match rate.
    pub multiplier: Vec<Vec<Doubtful>>,
    /// For each axis: false match rate is divided by this when probe and entry differ on it.
    pub unlike: Vec<Doubtful>,
    /// For each axis and level: shift of the genuine score.
    pub genuine_shift: Vec<Vec<f64>>,
    /// For each cell: factor on top of the axes' multipliers (full crossings).
    pub cell_factor: Vec<f64>,
    /// Mean factor over the reference crowd and list at which `matcher.false_match_level` was fitted.
    pub reference_mean: f64,
    /// Shares of the reference crowd and of the reference list in each cell; none where the scenario's axes differ from
    /// theirs, and the scenario's own crowd and list serve instead.
    pub reference: Option<(Vec<f64>, Vec<f64>)>,
    /// Under `matcher.kind = "plain"`: chance that a person not sought scores at or above `plain_tail_at`, per cell.
    pub plain_rate: Vec<f64>,
    /// Under `matcher.kind = "table"`: measured error rates.
    pub measured: Option<MeasuredRates>,
}

/// Error rates of an algorithm as they were measured, by threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasuredRates {
    /// Thresholds, rising.
    pub thresholds: Vec<f64>,
    /// False match rate per comparison, by cell of the probe, cell of the entry, and threshold.
    pub false_match: Vec<Vec<Vec<f64>>>,
    /// True match rate per search of a listed person, by cell and threshold.
    pub true_match: Vec<Vec<f64>>,
}

/// One camera mount with its cameras.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraPlan {
    /// Name of the mount in the place ("van bay", lamp post) or of the sketch position.
    pub at: String,
    /// Van or lamp post.
    pub mount: MountKind,
    /// Index of the mount in [`Place::mounts`].
    pub site: usize,
    /// Bearing of the first camera, degrees clockwise from north; along the street when not given.
    pub heading_deg: Option<f64>,
    /// Cameras on the mount, spread evenly around.
    pub count: u32,
    /// Index of the team that answers its alerts.
    pub team: usize,
}

/// What carries a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountKind {
    /// A van in a bay.
    Van,
    /// A lamp post.
    Lamp,
}

/// Officers who answer the alerts of some cameras.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamPlan {
    /// Name.
    pub name: String,
    /// Pairs; `None` is `officers.pairs`.
    pub pairs: Option<u32>,
    /// Indices of the mounts where pairs stand; empty: at the team's cameras.
    pub posts: Vec<usize>,
}

/// One placement strategy.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyPlan {
    /// Name.
    pub name: String,
    /// What a reader should know of it, in a sentence.
    pub note: String,
    /// The scenario's values with this strategy's `set` applied.
    pub values: Values,
    /// Regimes it is under: its own, or else the scenario's.
    pub regimes: Vec<String>,
    /// Parameters that this strategy sets itself.
    pub overrides: Vec<ParamId>,
    /// Crossing of matcher tables under this strategy's preset.
    pub matcher: MatcherTable,
    /// Rates of its retrospective searches, if it has any or names them; whether it searches is a setting.
    pub rates: Option<CandidateRates>,
    /// Thresholds by cell that replace `matcher.threshold`: a counterfactual audit; empty otherwise.
    pub threshold_by: Vec<Option<f64>>,
    /// Cameras; none means ordinary patrol.
    pub cameras: Vec<CameraPlan>,
    /// Teams; at least one.
    pub teams: Vec<TeamPlan>,
}

impl StrategyPlan {
    /// Whether this is the comparator without facial recognition.
    pub fn is_patrol(&self) -> bool {
        self.cameras.is_empty()
    }
}

/// Day types that demand is given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayType {
    /// Monday to Thursday.
    MonThu,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// What a published figure is worth as evidence about the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The model was fitted to it: agreement says nothing.
    Fitted,
    /// Agreement follows from how the model is built.
    Construction,
    /// Not used for any value of the model, but known when it was made.
    Independent,
    /// Not looked at before the model predicted it.
    HeldOut,
}

impl Role {
    /// Words of a scenario file, in the order of the variants.
    pub const WORDS: [&'static str; 4] = ["fitted", "construction", "independent", "held-out"];
    /// The word shown to a reader.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// A published figure that stands beside a simulated one.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Id of the metric, as in `summary.json`.
    pub metric: String,
    /// The strategy whose figure it is compared with; the first with cameras when empty.
    pub strategy: String,
    /// What was published, in the unit of the metric: one deployment, or the whole programme.
    pub value: f64,
    /// Where.
    pub source: String,
    /// What agreement would be worth.
    pub role: Role,
    /// Anything a reader must know to compare the two.
    pub note: String,
}

impl Plan {
    /// Sets a parameter under every strategy, at every site.
    pub fn set_everywhere(&mut self, id: ParamId, value: Value) {
        self.values.set(id, value);
        self.strategies.iter_mut().for_each(|s| s.values.set(id, value));
        for site in self.programme.iter_mut().flat_map(|p| &mut p.sites) {
            site.plan.set_everywhere(id, value);
            site.fixed.iter_mut().for_each(|s| s.values.set(id, value));
        }
    }
}

/// The frozen plan of a scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the scenario file without its ending.
    pub scenario: String,
    /// Title.
    pub title: String,
    /// The question it asks.
    pub question: String,
    /// What a reader should take from it and what not.
    pub reading: String,
    /// Sources of the scenario.
    pub sources: Vec<String>,
    /// A warning that stands on every page and picture of its results, or an empty text.
    pub stamp: String,
    /// What was published about the real thing, to stand beside what is simulated.
    pub published: Vec<Published>,
    /// Master seed.
    pub seed: u64,
    /// Replications unless the command says otherwise.
    pub replications: u32,
    /// Whether doubtful parameters are drawn from their priors.
    pub uncertainty: bool,
    /// Confidence level of intervals.
    pub level: f64,
    /// Date of the deployment.
    pub date: jiff::civil::Date,
    /// Day type of that date.
    pub day_type: DayType,
    /// Opening, seconds after local midnight.
    pub open_s: f64,
    /// Closing, seconds after local midnight.
    pub close_s: f64,
    /// Values of the scenario before any strategy's `set`.
    pub values: Values,
    /// Group axes.
    pub axes: Axes,
    /// Passers-by.
    pub crowd: Crowd,
    /// Watchlist.
    pub watchlist: Watchlist,
    /// Streets; those of no site in particular when the plan is a programme.
    pub place: Place,
    /// Days and sites, when the scenario asks about a programme instead of one day.
    pub programme: Option<Box<Programme>>,
    /// Strategies in file order; names are unique.
    pub strategies: Vec<StrategyPlan>,
    /// Index of the strategy that others are compared with.
    pub baseline: usize,
    /// The calibration whose parameters stand in for the registry's defaults, if one is named.
    pub calibration: Option<super::Calibrated>,
    /// Things a user should know that are not errors.
    pub warnings: Vec<String>,
    /// The resolved scenario as canonical text, defaults written in; its SHA-256 is the plan hash.
    pub resolved: String,
    /// SHA-256 of `resolved`, of every file it names and of the crate's version, in hex.
    pub plan_hash: String,
}
