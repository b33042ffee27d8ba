//! Every number of the model lives here once: default, unit, range, prior, label and source.
//!
//! The schema, the docs, the assumptions panel and the checks of a scenario file are all generated from [`PARAMETERS`].

use super::prior::Prior;

/// Where a default comes from (MODEL.md explains how to read each).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Computed from the published deployment record.
    Record,
    /// Stated on a public page or in a press report.
    Published,
    /// Published literature.
    Literature,
    /// From memory of the literature; not re-checked.
    Memory,
    /// Derived by arithmetic from the three above; the source says how.
    Derived,
    /// An assumption with no usable evidence; wide prior.
    Assumption,
    /// A setting that a user chooses; not a claim about the world.
    Setting,
}

impl Label {
    /// The word shown to a reader.
    pub fn word(self) -> &'static str {
        match self {
            Label::Record => "record",
            Label::Published => "published",
            Label::Literature => "literature",
            Label::Memory => "memory, unverified",
            Label::Derived => "derived",
            Label::Assumption => "assumption",
            Label::Setting => "setting",
        }
    }
}

/// One row of the registry: a number or a choice with everything a reader may ask about it.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Dotted key in the scenario file.
    pub key: &'static str,
    /// Default and allowed values.
    pub kind: Kind,
    /// Unit, or an empty text for a pure number.
    pub unit: &'static str,
    /// What plausible worlds draw it from when uncertainty is on.
    pub prior: Option<Prior>,
    /// Where the default comes from.
    pub label: Label,
    /// Source of the default and what the parameter does, in a sentence.
    pub doc: &'static str,
    /// Citation or derivation.
    pub source: &'static str,
}

/// What a parameter may be.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // default and bounds say themselves what they are
pub enum Kind {
    /// A real number in `[min, max]`.
    Number { default: f64, min: f64, max: f64 },
    /// A whole number in `[min, max]`.
    Whole { default: u32, min: u32, max: u32 },
    /// Yes or no.
    Flag { default: bool },
    /// One of several words; the default is the first.
    Choice { words: &'static [&'static str] },
}

impl Kind {
    /// The default as the number the engine reads (a flag is 0 or 1, a choice its index).
    pub fn default_number(self) -> f64 {
        match self {
            Kind::Number { default, .. } => default,
            Kind::Whole { default, .. } => f64::from(default),
            Kind::Flag { default } => f64::from(u8::from(default)),
            Kind::Choice { .. } => 0.0,
        }
    }
}

/// Index of a parameter in [`PARAMETERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamId(pub u16);

impl ParamId {
    /// The registry row.
    pub fn row(self) -> &'static Parameter {
        &PARAMETERS[usize::from(self.0)]
    }
}

/// Finds a parameter by its dotted key.
pub fn find(key: &str) -> Option<ParamId> {
    PARAMETERS
        .iter()
        .position(|p| p.key == key)
        .and_then(|i| u16::try_from(i).ok())
        .map(ParamId)
}

/// Declares the rows and, for each, a constant id of the same name in [`param`].
macro_rules! parameters {
    ($($name:ident $key:literal $kind:expr, $unit:literal, $prior:expr, $label:ident, $doc:literal, $source:literal;)*) => {
        /// All parameters, in the order of the documentation.
        pub static PARAMETERS: &[Parameter] = &[
            $(Parameter { key: $key, kind: $kind, unit: $unit, prior: $prior, label: Label::$label, doc: $doc, source: $source },)*
        ];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Row { $($name,)* }
        /// Ids of the rows, one constant each.
        pub mod param {
            use super::{ParamId, Row};
            $(#[doc = $doc] pub const $name: ParamId = ParamId(Row::$name as u16);)*
        }
    };
}

const fn number(default: f64, min: f64, max: f64) -> Kind {
    Kind::Number { default, min, max }
}
const fn whole(default: u32, min: u32, max: u32) -> Kind {
    Kind::Whole { default, min, max }
}
const fn flag(default: bool) -> Kind {
    Kind::Flag { default }
}
const fn choice(words: &'static [&'static str]) -> Kind {
    Kind::Choice { words }
}
const fn lognormal(median: f64, log_sd: f64) -> Option<Prior> {
    Some(Prior::LogNormal { median, log_sd })
}
const fn normal(mean: f64, sd: f64) -> Option<Prior> {
    Some(Prior::Normal { mean, sd })
}
const fn beta(a: f64, b: f64) -> Option<Prior> {
    Some(Prior::Beta { a, b })
}
const fn uniform(low: f64, high: f64) -> Option<Prior> {
    Some(Prior::Uniform { low, high })
}

parameters! {
    // ---- time
    LEAD_MIN "time.lead_min" number(120.0, 0.0, 720.0), "min", None, Setting, "Visits start this long before opening, so that the streets are full when cameras open.", "the walk and the dwell of nearly every visit fit in two hours";
    RUN_ON "time.run_on" flag(false), "", None, Setting, "Cameras go on after closing until everyone who entered has left (the reference model).", "off: cameras stop at closing time";

    // ---- people
    DEMAND_SCALE "people.demand_scale" number(1.0, 0.0001, 10000.0), "", None, Setting, "Multiplies the arrivals of every gate, on top of the place's own scale.", "a place's own scale is fitted so that the published placement gives the record's faces";
    DAY_LOG_SD "people.day_log_sd" number(0.30, 0.0, 1.0), "", uniform(0.15, 0.5), Record, "Day-to-day log-sd of footfall at a place.", "within-site log-sd of faces per hour, deployment record to 30 Sep 2025";
    EXTRA_STOPS "people.extra_stops" number(0.35, 0.0, 1.5), "per visit", uniform(0.0, 1.0), Assumption, "Mean number of destinations beyond the first.", "no published figure";
    GRAVITY_M "people.gravity_m" number(350.0, 50.0, 5000.0), "m", uniform(150.0, 800.0), Assumption, "Distance over which the pull of a destination falls by e.", "no published figure";
    GROUP_SIZE "people.group_size" choice(&["observed", "alone"]), "", None, Literature, "Whether people walk in groups (sizes by day type) or all alone.", "up to 70 % of people walk in groups: Moussaid et al. 2010, PLoS ONE";
    GROUP_2 "people.group_2" number(0.27, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by two people.", "no published figure for these streets";
    GROUP_3 "people.group_3" number(0.08, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by three people.", "no published figure for these streets";
    GROUP_4 "people.group_4" number(0.03, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by four people.", "no published figure for these streets";
    WEEKEND_GROUP_2 "people.weekend_group_2" number(0.35, 0.0, 1.0), "", None, Assumption, "Share of weekend visits by two people.", "no published figure for these streets";
    WEEKEND_GROUP_3 "people.weekend_group_3" number(0.13, 0.0, 1.0), "", None, Assumption, "Share of weekend visits by three people.", "no published figure for these streets";
    WEEKEND_GROUP_4 "people.weekend_group_4" number(0.07, 0.0, 1.0), "", None, Assumption, "Share of weekend visits by four people.", "no published figure for these streets";
    GROUP_PACE_2 "people.group_pace_2" number(0.92, 0.1, 1.0), "", None, Memory, "Speed of two people together, relative to the slower of them.", "pedestrian group surveys";
    GROUP_PACE_3 "people.group_pace_3" number(0.86, 0.1, 1.0), "", None, Memory, "Speed of three people together, relative to the slowest of them.", "pedestrian group surveys";
    GROUP_PACE_4 "people.group_pace_4" number(0.82, 0.1, 1.0), "", None, Memory, "Speed of four people together, relative to the slowest of them.", "pedestrian group surveys";
    GROUP_SPREAD_S "people.group_spread_s" number(1.5, 0.0, 10.0), "s", None, Assumption, "Members of a group enter a view within this time of one another.", "no published figure";
    COMPANION_WAITS "people.companion_waits" number(0.7, 0.0, 1.0), "", uniform(0.4, 0.95), Assumption, "Chance that a companion waits for a member who is stopped.", "no published figure";
    SPEED_MODEL "people.speed_model" choice(&["by-cell", "truncated-normal"]), "", None, Setting, "Walking speed by age and sex of the population file, or one truncated normal.", "by-cell: Bohannon and Andrews 2011, Physiotherapy";
    SPEED_MEAN "people.speed_mean" number(1.34, 0.5, 2.5), "m/s", None, Literature, "Mean of the truncated normal speed.", "Weidmann 1993";
    SPEED_SD "people.speed_sd" number(0.26, 0.0, 1.0), "m/s", None, Literature, "Sd of the truncated normal speed.", "Weidmann 1993";
    SPEED_MIN "people.speed_min" number(0.5, 0.1, 1.5), "m/s", None, Assumption, "Lower bound of walking speed.", "keeps a draw from standing still";
    SPEED_MAX "people.speed_max" number(2.2, 1.0, 4.0), "m/s", None, Assumption, "Upper bound of walking speed.", "a brisk walk";
    SPEED_LOG_SD "people.speed_log_sd" number(0.15, 0.0, 0.5), "", None, Memory, "Log-sd of speed within an age and sex.", "pedestrian speed surveys";
    SPEED_PURPOSE "people.speed_purpose" number(0.95, 0.5, 1.3), "", uniform(0.85, 1.05), Assumption, "Factor of speed by purpose (commuting 1.05, shopping 0.90).", "no published figure";
    CROWDING "people.crowding" choice(&["mean-field", "off"]), "", None, Setting, "Whether density slows walkers and hides faces.", "Weidmann 1993 fundamental diagram";
    DWELL_MIN "people.dwell_min" number(11.0, 0.0, 240.0), "min", uniform(6.0, 20.0), Assumption, "Median stay at a destination.", "no published figure";
    DWELL_LOG_SD "people.dwell_log_sd" number(0.8, 0.0, 2.0), "", None, Assumption, "Log-sd of the stay.", "no published figure";
    ROUTE_TIME "people.route_time_per_min" number(0.9, 0.1, 3.0), "per min", uniform(0.4, 1.5), Assumption, "Dislike of a minute's longer route (logit).", "no published figure";
    ROUTE_SIZE "people.route_path_size" number(1.0, 0.0, 2.0), "", uniform(0.5, 1.5), Memory, "Weight of the path-size correction.", "Ben-Akiva and Bierlaire 1999";
    VISITS_PER_YEAR "people.visits_per_year" number(12.0, 0.0, 365.0), "per person", uniform(4.0, 50.0), Assumption, "Mean visits of a person of the place's pool; 0 means that nobody comes twice.", "no published figure";
    VISIT_SHAPE "people.visit_shape" number(0.5, 0.1, 10.0), "", None, Assumption, "Gamma shape of how unequal visit rates are.", "no published figure";

    // ---- sought people
    PREVALENCE "sought.prevalence" number(0.00076, 0.0, 1.0), "per visit", lognormal(0.00076, 0.35), Derived, "Share of person-visits that are by people on the list (at the reference list size).", "alerts per 1000 faces of 2025 / (TPIR 0.82): 0.625e-3 / 0.82";
    COUPLING "sought.coupling" number(0.33, 0.0, 1.0), "", uniform(0.1, 0.6), Record, "How far the presence of sought people follows footfall (0: constant over the day, 1: in proportion).", "log-log slope of alerts on faces within a site, deployment record";
    SPREAD "sought.spread" number(0.5, 0.0, 1.0), "", uniform(0.0, 1.0), Assumption, "How sought people spread over the streets: 0 in proportion to footfall, 1 evenly over street length.", "unknown; decides what coverage buys";
    DAY_SHAPE "sought.day_shape" number(140.0, 0.0, 100000.0), "", None, Derived, "Gamma shape of the day's multiplier of sought presence; 0 turns it off.", "within-site variance/mean of alerts 1.18, deployment record";
    KNOWS "sought.knows" number(0.7, 0.0, 1.0), "", uniform(0.4, 0.95), Assumption, "Share of sought people who know that they are sought.", "no published figure";

    // ---- watchlist
    LIST_SIZE "watchlist.size" whole(16000, 0, 1000000), "people", None, Record, "Number of people on the list.", "deployment record 2025: 15,000 to 16,300";
    LIST_POOL "watchlist.pool" whole(16000, 1, 1000000), "people", None, Derived, "Number of people who could be on the list; a sought person is on it with probability size / pool.", "the list size at which sought.prevalence was fitted";
    LIST_MAX "watchlist.max_size" whole(1000000, 0, 1000000), "people", None, Setting, "Most people on the list after all filters; it is cut at random.", "";
    NO_CHILDREN "watchlist.no_children" flag(false), "", None, Setting, "Whether people under 18 are left off the list.", "about 105 on each list of 2025 (press)";
    SERIOUS_ONLY "watchlist.serious_only" flag(false), "", None, Setting, "Whether only entries about serious crime stay on the list (the share of each reason stands in the watchlist file).", "";
    MIN_PHOTO_QUALITY "watchlist.min_photo_quality" number(0.0, 0.0, 1.0), "", None, Setting, "Entries with a photograph below this quality are left off the list.", "";
    PHOTO_AGE_Y "watchlist.photo_age_y" number(2.5, 0.0, 20.0), "years", uniform(1.0, 6.0), Assumption, "Mean age of a list photograph (exponential).", "no published figure";
    PHOTO_QUALITY_A "watchlist.photo_quality_a" number(8.0, 0.1, 100.0), "", None, Assumption, "First shape of the beta of list photograph quality.", "mean 0.8";
    PHOTO_QUALITY_B "watchlist.photo_quality_b" number(2.0, 0.1, 100.0), "", None, Assumption, "Second shape of the beta of list photograph quality.", "mean 0.8";
    STALE_FACTOR "watchlist.stale_factor" number(1.0, 0.0, 20.0), "", lognormal(1.0, 0.4), Assumption, "Multiplies the chance, by reason, that an entry is out of date.", "2019 reports of out-of-date lists; no rate published";

    // ---- camera
    CAPTURE_MODEL "camera.capture_model" choice(&["view", "fixed"]), "", None, Setting, "Capture from view geometry, or with one fixed probability when level with the camera.", "fixed: the reference model";
    CAPTURE_PROBABILITY "camera.capture_probability" number(0.85, 0.0, 1.0), "", None, Setting, "Chance of capture per pass under capture_model = \"fixed\".", "the reference model";
    RANGE_MIN_M "camera.range_min_m" number(6.0, 0.0, 50.0), "m", None, Assumption, "Nearest distance at which a face is usable.", "recognition distance is withheld by the force";
    RANGE_MAX_M "camera.range_max_m" number(14.0, 1.0, 60.0), "m", uniform(10.0, 20.0), Assumption, "Farthest distance at which a face is usable.", "recognition distance is withheld by the force";
    HFOV_DEG "camera.hfov_deg" number(25.0, 5.0, 120.0), "deg", None, Assumption, "Horizontal field of view.", "field of view is withheld by the force";
    PIXELS "camera.pixels" number(3840.0, 640.0, 16000.0), "px", None, Assumption, "Horizontal pixels.", "4K camera; EN 62676-4 tiers for comparison";
    HEIGHT_VAN_M "camera.height_van_m" number(3.0, 1.8, 10.0), "m", None, Assumption, "Height of a van's camera.", "van roof";
    HEIGHT_LAMP_M "camera.height_lamp_m" number(4.5, 1.8, 12.0), "m", None, Assumption, "Height of a lamp-post camera.", "lamp columns carry equipment at 4 to 6 m";
    LOOK_DECORRELATION_S "camera.look_decorrelation_s" number(3.5, 0.5, 20.0), "s", uniform(1.0, 8.0), Assumption, "Time after which a look at a face counts as a new one.", "chosen with look_probability so that detection is about 0.8";
    LOOK_PROBABILITY "camera.look_probability" number(0.50, 0.0, 1.0), "", uniform(0.4, 0.6), Assumption, "Chance that one look gives a usable face, unobstructed and frontal.", "targets detection of about 0.8";
    MAX_LOOKS "camera.max_looks" number(6.0, 1.0, 50.0), "looks", None, Assumption, "Most independent looks of one pass.", "no published figure";
    SHADOW_WIDTH_M "camera.shadow_width_m" number(0.45, 0.1, 1.0), "m", None, Memory, "Width of a person who hides another.", "shoulder width";
    DARK_LOSS "camera.dark_loss" number(0.8, 0.0, 3.0), "logit", uniform(0.3, 1.3), Assumption, "Loss of quality in full darkness.", "no published figure";
    QUALITY_LEVEL "camera.quality_level" number(0.30, -5.0, 5.0), "logit", None, Assumption, "Quality of a frontal face with 55 px between the pupils by day, before chance.", "no published figure relates views to field scores";
    QUALITY_RESOLUTION "camera.quality_resolution" number(0.8, 0.0, 5.0), "logit", None, Assumption, "Gain of quality when the pixels between the pupils grow e-fold.", "no published figure";
    QUALITY_PITCH "camera.quality_pitch" number(0.02, 0.0, 1.0), "logit per deg", None, Assumption, "Loss of quality per degree by which a camera looks down, beyond 10.", "no published figure";
    QUALITY_YAW "camera.quality_yaw" number(0.03, 0.0, 1.0), "logit per deg", None, Assumption, "Loss of quality per degree by which a face is turned, beyond 15.", "no published figure";
    QUALITY_COVER "camera.quality_cover" number(1.2, 0.0, 10.0), "logit", None, Assumption, "Loss of quality of a face hidden wholly; a covering that hides a part loses that part of it.", "no published figure";
    QUALITY_PASS_SD "camera.quality_pass_sd" number(0.6, 0.0, 5.0), "logit", None, Assumption, "Standard deviation of quality that the looks of a pass share.", "no published figure";
    QUALITY_LOOK_SD "camera.quality_look_sd" number(0.8, 0.0, 5.0), "logit", None, Assumption, "Standard deviation of quality between the looks of a pass; the best is searched.", "no published figure";
    NIGHT_LIGHT "camera.night_light" number(0.8, 0.0, 1.0), "", uniform(0.6, 1.0), Assumption, "Light of a lit street at night (day is 1).", "no published figure";

    // ---- matcher
    MATCHER_KIND "matcher.kind" choice(&["demographic", "plain", "table"]), "", None, Setting, "Score model: demographic tables, plain score distributions (the reference model), or error rates measured by threshold (matcher.table).", "";
    THRESHOLD "matcher.threshold" number(0.64, 0.0, 1.0), "score", None, Record, "A score at or above it raises an alert.", "0.64 since 25 Jul 2024, deployment record";
    FALSE_MATCH_LEVEL "matcher.false_match_level" number(3.9e-10, 0.0, 1.0), "per comparison", lognormal(3.9e-10, 0.8), Derived, "False match rate per comparison at score 0.64 for a pair of the reference cell (F0).", "12 false alerts in 3.53 million faces at 0.64; interpolates to the NPL 2023 level";
    SCORE_SLOPE "matcher.score_slope" number(52.0, 5.0, 300.0), "per score", Some(Prior::TruncatedNormal { mean: 55.0, sd: 12.0, low: 25.0, high: 100.0 }), Derived, "Rate at which false matches fall with the score (beta).", "NPL 2023 counts by threshold and the per-hour ratio from 0.60 to 0.64";
    BIAS "matcher.bias" number(1.0, 0.0, 3.0), "", None, Setting, "How far groups differ in false matches: the power that every group's multiplier is raised to. 0 makes groups equal, 1 is the table.", "";
    TAIL "matcher.tail" choice(&["exponential", "pareto"]), "", None, Setting, "Upper tail of impostor scores; both have the same level and slope at 0.64.", "pareto is for sensitivity: NPL 2023 counts by threshold fit a tail that ends borderline better";
    TAIL_SHAPE "matcher.tail_shape" number(-0.2, -0.5, 0.1), "", uniform(-0.5, 0.1), Derived, "Shape of the generalised Pareto tail; 0 is exponential, below 0 the tail ends at a highest score.", "NPL 2023: about -0.5 if 33 people were matched above 0.56";
    BIAS_HYPOTHESIS "matcher.bias_hypothesis" choice(&["ratio-constant", "ratio-shrinks"]), "", None, Setting, "Whether differences between groups are the same at every threshold, or shrink to none from 0.56 to 0.64 at the same overall level.", "8 of 10 false alerts at 0.64 speak for the first; the test of 2023 was too small to tell";
    QUALITY_WEIGHT "matcher.quality_weight" number(0.0, -3.0, 3.0), "", None, Assumption, "How false matches depend on the quality of the look: their expected number is multiplied by exp(weight x (0.70 - quality)).", "no published figure";
    KIN "matcher.kin" flag(false), "", None, Setting, "Whether close relatives of people on the list are taken for them.", "one field case on record, a brother";
    KIN_SHARE "matcher.kin_share" number(0.0014, 0.0, 0.1), "", uniform(0.0, 0.0028), Derived, "Share of people with a look-alike relative on a list of 16,000; in proportion to the list's size and to each group's share of it.", "16,000 x 0.75 siblings of the same sex / 8.8 million people";
    KIN_LEVEL "matcher.kin_level" number(0.0005, 0.0, 1.0), "", None, Assumption, "Chance that such a person scores 0.64 or more against the relative's photograph.", "about a quarter of recorded false alerts; a single case is known";
    KIN_SLOPE "matcher.kin_slope" number(15.0, 1.0, 300.0), "per score", None, Assumption, "Rate at which that chance falls with the score.", "no published figure";
    KIN_OFFSET "matcher.kin_offset" number(0.77, 0.0, 1.0), "", None, Derived, "Multiplies the level of chance look-alikes when relatives are on, so that the total stays.", "relatives are about 23 % of false alerts at the defaults";
    NORMALISE_LEVEL "matcher.normalise_level" flag(true), "", None, Setting, "Rescale the level so that a change of demographic table moves who bears errors and not how many there are.", "";
    PERSON_EFFECT "matcher.person_effect" number(0.7, 0.2, 1.0), "", Some(Prior::ScaledBeta { a: 4.0, b: 4.0, low: 0.4, high: 1.0 }), Derived, "How far look-alike luck belongs to the person (alpha): 1 is none, smaller is more.", "NPL 2023: about 12 events but 6 to 7 people";
    GENUINE_BASE "matcher.genuine_base" number(0.395, 0.0, 1.0), "score", Some(Prior::Normal { mean: 0.395, sd: 0.02 }), Derived, "Genuine score at zero quality (s0).", "NPL 2023: TPIR 0.89 at 0.60";
    GENUINE_QUALITY "matcher.genuine_quality" number(0.55, 0.0, 2.0), "score", None, Assumption, "Gain of genuine score from quality 0 to 1 (s1).", "no published figure";
    GENUINE_PERSON_SD "matcher.genuine_person_sd" number(0.05, 0.0, 0.5), "score", None, Assumption, "Sd of genuine score between people.", "no published figure";
    GENUINE_LOOK_SD "matcher.genuine_look_sd" number(0.03, 0.0, 0.5), "score", None, Assumption, "Sd of genuine score between searches of one person.", "no published figure";
    GENUINE_PHOTO_AGE "matcher.genuine_photo_age" number(0.012, 0.0, 0.1), "score per year", None, Memory, "Loss of genuine score per year of photograph age.", "ageing studies";
    GENUINE_PHOTO_QUALITY "matcher.genuine_photo_quality" number(0.10, 0.0, 1.0), "score", None, Assumption, "Gain of genuine score with list photograph quality.", "no published figure";
    PLAIN_GENUINE_MEAN "matcher.plain_genuine_mean" number(0.72, 0.0, 1.0), "score", None, Setting, "Mean genuine score under kind = \"plain\".", "the reference model";
    PLAIN_GENUINE_SD "matcher.plain_genuine_sd" number(0.06, 0.001, 1.0), "score", None, Setting, "Sd of genuine score under kind = \"plain\".", "the reference model";
    PLAIN_TAIL_AT "matcher.plain_tail_at" number(0.60, 0.0, 1.0), "score", None, Setting, "Score at which the rates of matcher.plain_rate hold.", "the reference model";

    // ---- operator
    OPERATOR_COUNT "operator.count" whole(1, 0, 100), "operators", None, Assumption, "Operators who review alerts.", "team sizes are not published";
    OPERATOR_DECISION "operator.decision" choice(&["signal-detection", "fixed"]), "", None, Setting, "How a review is decided.", "fixed: the reference model";
    CONFIRM_TRUE "operator.confirm_true" number(0.97, 0.0, 1.0), "", None, Record, "Chance that a true alert is passed on under decision = \"fixed\".", "1.3 to 1.7 % of true alerts unconfirmed";
    CONFIRM_FALSE "operator.confirm_false" number(0.60, 0.0, 1.0), "", None, Published, "Chance that a false alert is passed on under decision = \"fixed\".", "6 of 10 false alerts of the 2025 annual report led to a stop";
    SENSITIVITY "operator.sensitivity" number(1.63, 0.0, 5.0), "d'", normal(1.63, 0.3), Literature, "How well operators tell matches from non-matches.", "Glasgow Face Matching Test; White et al. 2014, PLoS ONE";
    CRITERION "operator.criterion" number(-1.07, -20.0, 20.0), "d'", normal(-1.07, 0.35), Derived, "Evidence above which an alert is passed on; low is lenient.", "Essex 2019 (26 of 42 passed on) and the 2025 annual report (6 of 10)";
    OTHER_GROUP_SENSITIVITY "operator.other_group_sensitivity" number(-0.35, -2.0, 0.0), "d'", normal(-0.35, 0.1), Literature, "Change of sensitivity for a face of another group than the operator's.", "meta-analyses of the other-race effect";
    OTHER_GROUP_CRITERION "operator.other_group_criterion" number(-0.10, -1.0, 1.0), "d'", normal(-0.10, 0.05), Literature, "Change of criterion for a face of another group than the operator's.", "meta-analyses of the other-race effect";
    KIN_SENSITIVITY "operator.kin_sensitivity" number(0.5, 0.0, 1.0), "", uniform(0.2, 0.8), Assumption, "Multiplies sensitivity when the face is that of a close relative.", "no published figure";
    OPERATOR_POLICY "operator.policy" choice(&["lenient", "balanced", "strict"]), "", None, Setting, "What counts as a credible match: operator.criterion as it is, or raised by 1.07 (no leaning either way) or 1.57.", "lenient is what the record shows; the other two are what a force could order";
    OPERATOR_RULE "operator.rule" choice(&["one", "two"]), "", None, Setting, "How many people must find an alert credible; the second looks at the same time as the first.", "";
    RULE_CORRELATION "operator.rule_correlation" number(0.5, 0.0, 1.0), "", uniform(0.2, 0.8), Assumption, "Correlation of the evidence of two people who look at the same pair of images.", "no published figure for this task";
    FATIGUE_PER_H "operator.fatigue_per_h" number(0.08, 0.0, 1.0), "d' per h", uniform(0.0, 0.15), Assumption, "Loss of sensitivity per hour since the last break (at most operator.fatigue_max).", "no published figure for this task";
    FATIGUE_MAX "operator.fatigue_max" number(0.4, 0.0, 3.0), "d'", None, Assumption, "Largest loss of sensitivity from time on task.", "no published figure for this task";
    QUALITY_FLOOR "operator.quality_floor" number(0.6, 0.0, 2.0), "", None, Assumption, "Factor of sensitivity for an image of no quality at all.", "with quality_gain: 1 at a quality of 0.70, the mean of searched faces";
    QUALITY_GAIN "operator.quality_gain" number(0.57, 0.0, 2.0), "", None, Assumption, "How much that factor gains up to an image of full quality.", "with quality_floor: 1 at a quality of 0.70, the mean of searched faces";
    BREAK_EVERY_H "operator.break_every_h" number(2.0, 0.25, 24.0), "h", None, Assumption, "Time between breaks of an operator.", "no published figure";
    PREVALENCE_SHIFT "operator.prevalence_shift" number(0.1, 0.0, 1.0), "", None, Literature, "Weight of the effect of rare mismatches on the criterion.", "evidence conflicts: Papesh and Goldinger 2014; Bindemann et al. 2010";
    REVIEW_S "operator.review_s" number(12.0, 0.1, 600.0), "s", lognormal(12.0, 0.4), Assumption, "Median review time.", "no published figure";
    REVIEW_LOG_SD "operator.review_log_sd" number(0.6, 0.0, 2.0), "", None, Assumption, "Log-sd of review time.", "no published figure";
    REVIEW_MAX_S "operator.review_max_s" number(60.0, 1.0, 100000.0), "s", None, Assumption, "Longest review.", "no published figure";
    REVIEW_PATIENCE_S "operator.patience_s" number(90.0, 1.0, 1e9), "s", None, Assumption, "An alert not started within this time is dropped.", "no published figure";

    // ---- officers
    PAIRS "officers.pairs" whole(4, 0, 200), "pairs", None, Assumption, "Officer pairs who can stop somebody.", "team sizes are not published; 2 to 8 pairs";
    PLAIN_PAIRS "officers.plain_pairs" whole(0, 0, 200), "pairs", None, Assumption, "How many of a team's pairs wear plain clothes: they find and follow a person, and a uniformed pair makes the stop.", "press reports of uniformed and plain-clothes officers; numbers are not published";
    DISPATCH "officers.dispatch" choice(&["nearest-free", "by-reason", "reserve-one", "ignore-managed"]), "", None, Setting, "Whom officers go after: in order of arrival, by the priority of the reason, with one pair kept for reasons of priority 1, or leaving out reasons that only call for a check.", "";
    STAFF "officers.staff" number(12.0, 0.0, 500.0), "people", uniform(8.0, 20.0), Assumption, "Officers and operators on the deployment, for officer-hours.", "team sizes are not published";
    INTERCEPT "officers.intercept" choice(&["pursuit", "instant"]), "", None, Setting, "How a pair reaches a person: along the streets, or at once (the reference model).", "";
    ALERT_LIFE_S "officers.alert_life_s" number(120.0, 1.0, 1e9), "s", uniform(60.0, 240.0), Assumption, "Age of an alert after which no pair is sent.", "no published figure";
    OFFICER_SPEED "officers.speed" number(1.9, 0.5, 5.0), "m/s", None, Assumption, "Speed of a pair on its way to a person (times 0.84 in a dense crowd).", "a fast walk";
    CONTACT_M "officers.contact_m" number(3.0, 0.1, 20.0), "m", None, Assumption, "Distance at which a pair has reached a person.", "speaking distance";
    RADIO_S "officers.radio_s" number(6.0, 0.0, 120.0), "s", lognormal(6.0, 0.4), Assumption, "Median delay from the decision to a pair's first step.", "no published figure";
    RADIO_LOG_SD "officers.radio_log_sd" number(0.4, 0.0, 2.0), "", None, Assumption, "Log-sd of that delay.", "no published figure";
    PURSUIT_RADIUS_M "officers.pursuit_radius_m" number(150.0, 10.0, 5000.0), "m", uniform(80.0, 250.0), Assumption, "A person farther than this from the camera is given up.", "no published figure";
    LOST_HAZARD "officers.lost_hazard" number(0.00044, 0.0, 1.0), "per s", lognormal(0.00044, 0.5), Derived, "Hazard of losing sight of a person in an empty street.", "Essex 2019: 4 of 26 lost; 1.3 % of true alerts of 2024-25 unconfirmed";
    LOST_CROWD "officers.lost_crowd" number(1.8, 0.0, 10.0), "m2", None, Derived, "Growth of that hazard with density (exponent per person per square metre).", "Essex 2019: 4 of 26 lost";
    LOST_GATEWAY "officers.lost_gateway" number(0.02, 0.0, 1.0), "", uniform(0.0, 0.1), Assumption, "Chance to lose a person who leaves the streets by a station or over their edge.", "no published figure";
    FLEE "officers.flee" number(0.05, 0.0, 1.0), "", uniform(0.01, 0.15), Assumption, "Chance that an aware sought person runs when approached.", "no published figure";
    FLEE_CAUGHT "officers.flee_caught" number(0.6, 0.0, 1.0), "", None, Assumption, "Chance that a person who runs is stopped.", "no published figure";
    ARREST_MIN "officers.arrest_min" number(22.0, 0.0, 600.0), "min", lognormal(22.0, 0.3), Assumption, "Median time of an arrest on the scene.", "no published figure";
    ARREST_LOG_SD "officers.arrest_log_sd" number(0.5, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    TRANSPORT_MIN "officers.transport_min" number(30.0, 0.0, 600.0), "min", lognormal(30.0, 0.3), Assumption, "Median time to take an arrested person to custody, for which the pair is away.", "no published figure";
    TRANSPORT_LOG_SD "officers.transport_log_sd" number(0.5, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    CHECK_MIN "officers.check_min" number(8.0, 0.0, 600.0), "min", lognormal(8.0, 0.3), Assumption, "Median time of a stop of a sought person without arrest.", "no published figure";
    CHECK_LOG_SD "officers.check_log_sd" number(0.6, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    COVER_MIN "officers.cover_min" number(6.0, 0.0, 120.0), "min", lognormal(6.0, 0.3), Assumption, "Median time of a stop for a covered face.", "no published figure";
    COVER_LOG_SD "officers.cover_log_sd" number(0.7, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    COVER_HEATED "officers.cover_heated" number(0.15, 0.0, 1.0), "", uniform(0.05, 0.4), Assumption, "Chance that such a stop becomes heated.", "a press report of one case";
    COVER_FINED "officers.cover_fined" number(0.5, 0.0, 1.0), "", uniform(0.2, 0.8), Assumption, "Chance that a heated one ends in a fine.", "a press report of one case";
    COVER_NAME_CHECK "officers.cover_name_check" number(0.3, 0.0, 1.0), "", uniform(0.1, 0.6), Assumption, "Chance that the person's name is checked.", "no published figure";
    WRONGFUL_MIN "officers.wrongful_min" number(4.0, 0.0, 600.0), "min", lognormal(4.0, 0.3), Published, "Median time of a stop after a false alert.", "six of 2025 under 5 minutes, one of 2024 about 30";
    WRONGFUL_LOG_SD "officers.wrongful_log_sd" number(0.8, 0.0, 2.0), "", None, Derived, "Log-sd of that time.", "mean 5.5 min, one in 170 over 30 min";
    DOCUMENT_ACCEPTED "officers.document_accepted" number(0.75, 0.0, 1.0), "", beta(7.5, 2.5), Assumption, "Chance that papers settle a stop after a false alert.", "no published figure";
    FINGERPRINT_MIN "officers.fingerprint_min" number(5.0, 0.0, 120.0), "min", None, Assumption, "Median time of a fingerprint check when papers do not settle it.", "no published figure";
    FINGERPRINT_LOG_SD "officers.fingerprint_log_sd" number(0.4, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    HANDCUFF "officers.handcuff" number(0.05, 0.0, 1.0), "", uniform(0.0, 0.2), Assumption, "Chance of handcuffs in a stop after a false alert.", "observers report more; single source";
    WRONGFUL_ARREST "officers.wrongful_arrest" number(0.01, 0.0, 1.0), "", beta(0.5, 49.5), Assumption, "Chance that a stop after a false alert becomes an arrest.", "0 of 6 observed: 95 % upper bound 0.39";
    WRONGFUL_CUSTODY_H "officers.wrongful_custody_h" number(11.5, 0.1, 96.0), "h", None, Published, "Median time in custody after a wrongful arrest.", "Met mean custody time 14 h 39 min in 2016; cases of 10 to 24 h";
    CUSTODY_LOG_SD "officers.custody_log_sd" number(0.55, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "mean 13.4 h; cases of 10 to 24 h";
    CUSTODY_H "officers.custody_h" number(11.5, 0.1, 96.0), "h", None, Published, "Median time in custody after the arrest of the right person (log-sd custody_log_sd).", "Met mean custody time 14 h 39 min in 2016";
    ADULT_WAIT_MIN "officers.adult_wait_min" number(120.0, 0.0, 1440.0), "min", lognormal(120.0, 0.3), Assumption, "Median further time in custody of somebody under 18, until an appropriate adult is there.", "no published figure";
    ADULT_WAIT_LOG_SD "officers.adult_wait_log_sd" number(0.6, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    STALE_ARREST "officers.stale_arrest" number(0.3, 0.0, 1.0), "", beta(3.0, 7.0), Assumption, "Chance that the stop of a person whose entry is out of date becomes an arrest; the person is later released without further action.", "a press report of 2019: one of three people arrested after an alert was no longer sought";
    STALE_CUSTODY_H "officers.stale_custody_h" number(3.0, 0.0, 96.0), "h", None, Assumption, "Median time until such a person is released.", "no published figure";
    STALE_CUSTODY_LOG_SD "officers.stale_custody_log_sd" number(0.6, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    CHARGED "officers.charged" number(0.77, 0.0, 1.0), "", beta(77.0, 23.0), Published, "Share of arrests charged or cautioned.", "773 of about 1,000 arrests to July 2025";
    WIDER_PER_OFFICER_H "officers.wider_arrests_per_officer_h" number(0.008, 0.0, 1.0), "per officer-hour", uniform(0.001, 0.03), Assumption, "Arrests beside LFR in an LFR operation.", "a 2019 deployment with five such arrests";

    // ---- patrol, the comparator
    PATROL_ARRESTS "patrol.arrests_per_officer_h" number(0.03, 0.0, 1.0), "per officer-hour", lognormal(0.03, 0.9), Assumption, "Arrests of the same officers on ordinary patrol.", "the force's own claim of three times more, read as arrests; 0.003 to 0.15";
    PATROL_STOPS "patrol.stops_per_officer_h" number(0.25, 0.0, 10.0), "per officer-hour", lognormal(0.25, 0.7), Assumption, "Stops of the same officers on ordinary patrol.", "stop-and-search statistics, from memory";
    PATROL_OUTCOME "patrol.outcome_share" number(0.27, 0.0, 1.0), "", beta(27.0, 73.0), Memory, "Share of patrol stops that end in any outcome.", "stop-and-search statistics";

    // ---- policy and awareness
    AWARENESS "policy.awareness" choice(&["signs", "none"]), "", None, Setting, "Whether people can notice an operation and react.", "";
    SIGNS "policy.signs" number(3.0, 0.0, 6.0), "signs", None, Assumption, "Legible signs on the way before the last possible detour.", "a press report of signs on lamp posts";
    AWARE_SIGN "policy.aware_sign" number(0.05, 0.0, 1.0), "per sign", lognormal(0.05, 0.7), Assumption, "Chance to take in one sign.", "nobody asked after passing a zone had seen the material (press)";
    AWARE_LEAFLET "policy.aware_leaflet" number(0.02, 0.0, 1.0), "", uniform(0.0, 0.1), Assumption, "Chance to learn of it from a leaflet or an officer.", "no published figure";
    AWARE_VAN "policy.aware_van" number(0.06, 0.0, 1.0), "", uniform(0.0, 0.2), Assumption, "Chance to recognise a van for what it is.", "no published figure";
    AWARE_LAMP "policy.aware_lamp" number(0.01, 0.0, 1.0), "", uniform(0.0, 0.05), Assumption, "Chance to notice a lamp-post camera for what it is.", "no published figure";
    AWARE_NOTICE "policy.aware_notice" number(0.002, 0.0, 1.0), "", lognormal(0.002, 1.0), Assumption, "Chance to have read the notice online.", "notice of 3 to 24 hours";
    AWARE_WORD "policy.aware_word" number(0.01, 0.0, 1.0), "", uniform(0.0, 0.05), Assumption, "Chance to be told by somebody.", "a press report of one case";
    CONCERNED "policy.concerned" number(0.29, 0.0, 1.0), "", beta(29.0, 71.0), Published, "Share of people uncomfortable with police use.", "Ada Lovelace Institute survey 2019";
    AVOID_KNOWS "policy.avoid_knows" number(0.35, 0.0, 1.0), "", uniform(0.05, 0.8), Assumption, "Chance that an aware person who knows to be sought takes another route.", "no published figure";
    AVOID_CONCERNED "policy.avoid_concerned" number(0.06, 0.0, 1.0), "", uniform(0.01, 0.25), Assumption, "Chance that an aware concerned person takes another route.", "no published figure";
    AVOID_OTHER "policy.avoid_other" number(0.003, 0.0, 1.0), "", None, Assumption, "Chance that any other aware person takes another route.", "no published figure";
    TURN_KNOWS "policy.turn_knows" number(0.05, 0.0, 1.0), "", None, Assumption, "Chance that an aware person who knows to be sought turns back.", "no published figure";
    TURN_CONCERNED "policy.turn_concerned" number(0.01, 0.0, 1.0), "", None, Assumption, "Chance that an aware concerned person turns back.", "no published figure";
    TURN_OTHER "policy.turn_other" number(0.0005, 0.0, 1.0), "", None, Assumption, "Chance that any other aware person turns back.", "no published figure";
    COVER_KNOWS "policy.cover_knows" number(0.10, 0.0, 1.0), "", None, Assumption, "Chance that an aware person who knows to be sought covers the face.", "no published figure";
    COVER_CONCERNED "policy.cover_concerned" number(0.01, 0.0, 1.0), "", None, Assumption, "Chance that an aware concerned person covers the face.", "no published figure";
    COVER_OTHER "policy.cover_other" number(0.001, 0.0, 1.0), "", None, Assumption, "Chance that any other aware person covers the face.", "no published figure";
    COVER_FACTOR "policy.cover_factor" number(0.7, 0.0, 1.0), "", None, Assumption, "How far a covered face is hidden.", "a mask 0.7, a scarf or hood 0.9";
    COVERING "policy.covering" choice(&["avoidance-is-lawful", "judgement", "romford-2019"]), "", None, Setting, "What officers do about a covered face: they respect it, use their judgement, or act as in Romford in 2019.", "statements of the force of 2018 and 2020, of 2019, and a press report of 2019";
    COVER_STOP_LAWFUL "policy.cover_stop_lawful" number(0.02, 0.0, 1.0), "", uniform(0.0, 0.05), Assumption, "Chance that officers who noticed a covered face stop the person under avoidance-is-lawful.", "stated policy; lapses assumed rare";
    COVER_STOP_JUDGEMENT "policy.cover_stop_judgement" number(0.15, 0.0, 1.0), "", uniform(0.05, 0.4), Assumption, "The same under judgement.", "no published figure";
    COVER_STOP_ROMFORD "policy.cover_stop_romford" number(0.5, 0.0, 1.0), "", uniform(0.2, 0.9), Assumption, "The same under romford-2019.", "a press report of two such stops in one deployment";
    COVER_NOTICED "policy.cover_noticed" number(0.3, 0.0, 1.0), "", uniform(0.1, 0.6), Assumption, "Chance that a free uniformed pair within policy.cover_notice_m notices a covered face.", "no published figure";
    COVER_NOTICE_M "policy.cover_notice_m" number(30.0, 0.0, 500.0), "m", None, Assumption, "Distance up to which a pair notices a covered face.", "no published figure";
    DETOUR_M "policy.detour_m" number(120.0, 0.0, 5000.0), "m", uniform(60.0, 250.0), Assumption, "Median longest detour accepted (twice that by people who know that they are sought).", "no published figure";
    DETOUR_LOG_SD "policy.detour_log_sd" number(0.7, 0.0, 2.0), "", None, Assumption, "Log-sd of the longest detour accepted.", "no published figure";

    // ---- programme: many deployments over many days
    PLACEMENT "programme.placement" choice(&["rotation", "uniform", "footfall", "hotspot", "greedy-arrest", "thompson", "exposure-cap", "error-cap", "static-pilot", "intel", "replay", "no-lfr", "warrant-visits"]), "", None, Setting, "How the sites of a day are chosen.", "";
    PER_YEAR "programme.per_year" number(231.0, 0.0, 20000.0), "deployments per year", None, Record, "Deployments that are planned in a year, unless a calendar says which.", "deployment record, the twelve months to 30 Sep 2025";
    TEAMS "programme.teams" whole(2, 0, 50), "teams", None, Record, "Teams on duty on a day with deployments: the most deployments of a day.", "deployment record 2025: two on most days";
    VANS "programme.vans" whole(2, 0, 50), "vans", None, Record, "Vans of the fleet.", "deployment record 2025: two on most days";
    WEIGHT_MON "programme.weight_monday" number(0.03, 0.0, 1.0), "", None, Record, "Share of deployments on Mondays (shares are scaled to sum to 1).", "deployment record to 30 Sep 2025";
    WEIGHT_TUE "programme.weight_tuesday" number(0.28, 0.0, 1.0), "", None, Record, "Share of deployments on Tuesdays.", "deployment record to 30 Sep 2025";
    WEIGHT_WED "programme.weight_wednesday" number(0.18, 0.0, 1.0), "", None, Record, "Share of deployments on Wednesdays.", "deployment record to 30 Sep 2025";
    WEIGHT_THU "programme.weight_thursday" number(0.27, 0.0, 1.0), "", None, Record, "Share of deployments on Thursdays.", "deployment record to 30 Sep 2025";
    WEIGHT_FRI "programme.weight_friday" number(0.19, 0.0, 1.0), "", None, Record, "Share of deployments on Fridays.", "deployment record to 30 Sep 2025";
    WEIGHT_SAT "programme.weight_saturday" number(0.03, 0.0, 1.0), "", None, Record, "Share of deployments on Saturdays.", "deployment record to 30 Sep 2025";
    WEIGHT_SUN "programme.weight_sunday" number(0.02, 0.0, 1.0), "", None, Record, "Share of deployments on Sundays.", "deployment record to 30 Sep 2025";
    OPEN_FROM_H "programme.open_from_h" number(11.0, 0.0, 24.0), "h", None, Assumption, "Earliest opening, hours after midnight, where no calendar says it.", "hours of day are not published";
    OPEN_UNTIL_H "programme.open_until_h" number(13.0, 0.0, 24.0), "h", None, Assumption, "Latest opening, hours after midnight.", "hours of day are not published";
    LENGTH_MIN "programme.length_min" number(348.0, 30.0, 900.0), "min", None, Record, "Median length of a deployment (kept within 60 to 540 min and before midnight).", "deployment record 2025";
    LENGTH_LOG_SD "programme.length_log_sd" number(0.15, 0.0, 1.0), "", None, Record, "Log-sd of that length.", "deployment record 2025";
    CANCELLED "programme.cancelled" number(0.01, 0.0, 1.0), "", None, Assumption, "Chance that a planned deployment is called off for other reasons than weather or faults.", "no published figure";
    SEVERE_WEATHER "programme.severe_weather" number(0.02, 0.0, 1.0), "per day", None, Memory, "Chance of severe weather on a day from November to March.", "a deployment of February 2019 was called off for snow";
    CANCELLED_WEATHER "programme.cancelled_weather" number(0.25, 0.0, 1.0), "", None, Assumption, "Chance that severe weather calls a deployment off.", "no published figure";
    FAULT "programme.fault" number(0.00185, 0.0, 1.0), "", None, Record, "Chance that a fault of the equipment calls a deployment off.", "one of 540 recorded deployments";
    MADE_UP_DAYS "programme.made_up_days" whole(14, 0, 365), "days", None, Assumption, "A deployment called off is made up within this time, on a day with a free team.", "no published figure";
    GAP_DAYS "programme.gap_days" whole(2, 0, 365), "days", None, Assumption, "Least time between two deployments of a van at one site.", "no published rule";
    BOROUGH_MONTHLY "programme.borough_monthly" whole(0, 0, 1000), "deployments", None, Setting, "Most deployments of vans in one borough in a calendar month; 0 is no limit.", "";
    PUBLICATION_DAYS "programme.publication_days" whole(0, 0, 365), "days", None, Setting, "Time until a deployment's row is published; placement and governance see nothing else. 0: the next day.", "forces publish within days to months";
    FIXED_EVERY_DAYS "programme.fixed_every_days" whole(7, 1, 365), "days", None, Published, "A fixed array is switched on this often, whenever a team is there.", "press reports of the static pilot in Croydon: about weekly";
    MOVED_EVERY_DAYS "programme.moved_every_days" whole(0, 0, 3650), "days", None, Setting, "Fixed arrays are moved to the sites that the placement prefers this often; 0 is never.", "";
    HOTSPOT_REPORTED "programme.hotspot_reported" number(50.0, 0.0, 1e6), "incidents", None, Assumption, "Reported incidents at a site of average recorded crime, to which discovered ones are added.", "no published figure";
    HOTSPOT_DISCOVERED "programme.hotspot_discovered" number(1.0, 0.0, 100.0), "", None, Setting, "Weight of arrests made at a site in its count of incidents; 0 leaves discovery out.", "Lum and Isaac 2016; Ensign et al. 2018";
    HOTSPOT_CORRECTED "programme.hotspot_corrected" flag(false), "", None, Setting, "Weigh each discovered incident by one less its site's share of deployments, which undoes the feedback.", "Ensign et al. 2018";
    HOTSPOT_EXPONENT "programme.hotspot_exponent" number(1.0, 0.0, 10.0), "", None, Setting, "Exponent of incidents in the chance to be chosen.", "";
    PRIOR_ARRESTS "programme.prior_arrests" number(2.0, 0.01, 1000.0), "arrests", None, Derived, "Arrests that learning placements credit every site with before any are seen (alpha0).", "deployment record 2025: 0.83 arrests per hour";
    PRIOR_HOURS "programme.prior_hours" number(2.4, 0.01, 10000.0), "h", None, Derived, "Hours that learning placements credit every site with (beta0).", "deployment record 2025: 0.83 arrests per hour";
    EXPOSURE_CAP "programme.exposure_cap" number(1.5, 0.0, 100.0), "", None, Setting, "Under exposure-cap: most faces per resident of a borough, relative to the mean of boroughs.", "";
    ERROR_CAP "programme.error_cap" number(1.5, 0.0, 100.0), "", None, Setting, "Under error-cap: most false alerts per hour at a site, relative to the mean of sites.", "";
    VISIT_OFFICER_H "programme.visit_officer_h" number(2.0, 0.1, 100.0), "officer-hours", lognormal(2.0, 0.5), Assumption, "Under warrant-visits: officer-hours for one visit to a sought person's address.", "no published figure";
    VISIT_FOUND "programme.visit_found" number(0.15, 0.0, 1.0), "", beta(3.0, 17.0), Assumption, "Under warrant-visits: chance that the person is there.", "no published figure";
    LIST_PER_MONTH "programme.list_per_month" number(0.0, -10000.0, 10000.0), "people per month", None, Record, "Growth of the watchlist, and of the roll of sought people, over the programme.", "deployment record 2025: about 200 a month";
    LIST_RADIUS_KM "programme.list_radius_km" number(0.0, 0.0, 1000.0), "km", None, Setting, "Only people who live within this distance of the site are put on its list; 0 is everybody.", "";
    SOUGHT_DAYS "programme.sought_days" number(180.0, 1.0, 10000.0), "days", uniform(60.0, 720.0), Assumption, "Mean time for which a person is sought.", "no published figure";
    SOUGHT_KM "programme.sought_km" number(4.0, 0.1, 1000.0), "km", uniform(1.5, 15.0), Assumption, "Distance from home over which the presence of a sought person falls by e.", "no published figure";
    CUSTODY_DAYS "programme.custody_days" number(2.0, 0.0, 1000.0), "days", None, Assumption, "Median time in custody after an arrest (log-sd custody_log_sd).", "no published figure";
    CUSTODY_DAYS_LOG_SD "programme.custody_log_sd" number(1.5, 0.0, 4.0), "", None, Assumption, "Log-sd of that time: most are released within days, a few are held for months.", "no published figure";
    CLEARED "programme.cleared" number(0.9, 0.0, 1.0), "", None, Assumption, "Share of arrested people who are no longer sought afterwards.", "no published figure";
    ELSEWHERE "programme.elsewhere" number(0.15, 0.0, 1.0), "", uniform(0.0, 0.4), Assumption, "Share of a person's visits that are to other sites of the programme.", "no published figure";
    ELSEWHERE_KM "programme.elsewhere_km" number(6.0, 0.1, 1000.0), "km", uniform(2.0, 15.0), Assumption, "Distance over which visits to other sites fall by e.", "no published figure";
    TURNOVER_DAYS "programme.turnover_days" number(180.0, 1.0, 10000.0), "days", uniform(60.0, 720.0), Assumption, "Time after which a person is taken for another entry, because the list has turned over.", "no published figure";
    DETERRENCE "programme.deterrence" number(0.10, 0.0, 2.0), "", normal(0.10, 0.10), Assumption, "How far sought people keep away from a site where facial recognition has been (eta); 0 is not at all.", "no usable evidence; the prior includes none";
    DETERRENCE_H "programme.deterrence_h" number(20.0, 0.1, 1000.0), "h", None, Assumption, "Hours remembered at which most of that effect is reached.", "no published figure";
    DETERRENCE_DAYS "programme.deterrence_days" number(14.0, 0.1, 1000.0), "days", uniform(3.0, 60.0), Assumption, "Half-life of the memory of hours deployed.", "no published figure";
    DISPLACED "programme.displaced" number(0.5, 0.0, 1.0), "", uniform(0.0, 1.0), Assumption, "Share of sought people kept away who go to other sites instead.", "reviews of displacement disagree";
    ADAPT_PER_MONTH "programme.adapt_per_month" number(0.1, 0.0, 2.0), "logit per month", uniform(0.0, 0.2), Assumption, "Rise of sought people's avoiding and covering for every month since the first deployment.", "no published figure";
    AWAY_CONCERNED "programme.stay_away_concerned" number(0.10, 0.0, 1.0), "", uniform(0.0, 0.3), Assumption, "Chance that a concerned person who has heard of a deployment does not come.", "survey answers about monitored events, London Policing Ethics Panel 2019";
    AWAY_OTHER "programme.stay_away_other" number(0.01, 0.0, 1.0), "", uniform(0.0, 0.03), Assumption, "Chance that anybody else who has heard of a deployment does not come.", "no published figure";
    AWAY_EVENT "programme.stay_away_event" number(3.0, 0.0, 100.0), "", None, Assumption, "Factor of both on days with an event.", "survey answers about monitored events, London Policing Ethics Panel 2019";
    GOVERNANCE "programme.governance" choice(&["fixed", "ratchet-up", "lead-pressure"]), "", None, Setting, "How the threshold changes: never; up after false alerts; up after false alerts and down again when alerts fall off.", "";
    GOVERNANCE_DAYS "programme.governance_days" whole(28, 1, 365), "days", None, Assumption, "Period that governance looks back over, and least time between changes.", "four weeks";
    GOVERNANCE_FALSE "programme.governance_false" whole(1, 0, 10000), "false alerts", None, Assumption, "The threshold is raised when more published false alerts than this fall into the period.", "no published rule";
    GOVERNANCE_FALL "programme.governance_fall" number(0.5, 0.0, 1.0), "", None, Assumption, "Under lead-pressure: the threshold is lowered when alerts per hour fall by more than this from one period to the next.", "a police order on retrospective search was withdrawn after leads fell from 56 % to 14 %";
    GOVERNANCE_STEP "programme.governance_step" number(0.02, 0.0, 0.2), "score", None, Assumption, "Step of the threshold (kept within 0.56 to 0.70).", "steps of the record: 0.60 to 0.64";
    RETENTION_TEMPLATE_H "policy.retention_template_h" number(0.0, 0.0, 8760.0), "h", None, Published, "How long the template of a face that raised no alert is kept.", "deleted at once, says the force";
    RETENTION_ALERT_D "policy.retention_alert_d" number(31.0, 0.0, 3650.0), "days", None, Published, "How long the images of an alert are kept.", "up to 31 days; 24 hours in later policies of other forces";
    RETENTION_CASE_D "policy.retention_case_d" number(180.0, 0.0, 3650.0), "days", lognormal(180.0, 0.3), Assumption, "Median time until the case after a wrongful arrest ends, for which the images of its alert are kept if that is longer.", "kept until any investigation or judicial process is concluded; no published duration";
    RETENTION_CASE_LOG_SD "policy.retention_case_log_sd" number(0.8, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    RETENTION_CCTV_D "policy.retention_cctv_d" number(31.0, 0.0, 3650.0), "days", None, Published, "How long footage of the zone is kept.", "up to 31 days";
    MORATORIUM "policy.moratorium" flag(false), "", None, Setting, "No deployments: the same officers are on ordinary patrol.", "";

    // ---- programme
    MOST_DEPLOYMENTS "programme.max_deployments_per_year" whole(0, 0, 100000), "deployments", None, Setting, "Most deployments in a year; 0 is no limit. Read over a year of deployments.", "";
    LEAD_DAYS "programme.lead_days" number(0.5, 0.0, 365.0), "days", None, Published, "How long before a deployment it is announced. From a day on notice is read 2.5 times as often as policy.aware_notice, below 3 hours a quarter as often.", "a press report: announced at 4 pm the day before";

    // ---- retrospective searches of custody images
    RETRO_ENABLED "retrospective.enabled" flag(false), "", None, Setting, "Whether a programme runs the monthly searches of kept custody images beside its deployments.", "";
    RETRO_SEARCHES "retrospective.searches_per_month" number(2056.0, 0.0, 1000000.0), "searches", None, Published, "Searches of custody images in a month by the city's force.", "24,677 in 2024 by the Metropolitan Police";
    RETRO_IN_GALLERY "retrospective.in_gallery" number(0.4, 0.0, 1.0), "", uniform(0.2, 0.6), Assumption, "Share of searches for somebody who is in the gallery, and found.", "no published figure";
    RETRO_SAME_GROUP "retrospective.same_group" number(0.95, 0.0, 1.0), "", None, Assumption, "Chance that a look-alike is of the same group as the person searched for.", "broad homogeneity: Howard et al. 2019";
    RETRO_CHECK_PASSES "retrospective.check_passes" number(0.15, 0.0, 1.0), "", uniform(0.05, 0.4), Assumption, "Chance that officers take a look-alike for the person too.", "no published figure";
    RETRO_ARREST "retrospective.arrest" number(0.3, 0.0, 1.0), "", uniform(0.1, 0.6), Assumption, "Chance that such a person is arrested.", "no published figure";
    RETRO_CUSTODY_H "retrospective.custody_h" number(11.0, 0.1, 96.0), "h", None, Published, "Median time in custody of such a person.", "a press report of ten hours";
    RETRO_CUSTODY_LOG_SD "retrospective.custody_log_sd" number(0.4, 0.0, 2.0), "", None, Assumption, "Log-sd of that time.", "no published figure";
    RETRO_NO_ACTION "retrospective.no_action_share" number(0.3, 0.0, 1.0), "", uniform(0.1, 0.6), Assumption, "Share of all arrests without further action.", "no figure for these searches";
    RETRO_PROMISED "retrospective.promised" number(0.3, 0.0, 1.0), "", uniform(0.1, 0.6), Assumption, "Chance that deletion of the image is promised after no further action.", "a press report of one case";
    RETRO_PROMISE_KEPT "retrospective.promise_kept" number(0.6, 0.0, 1.0), "", uniform(0.2, 0.95), Assumption, "Chance that such a promise is kept, at once.", "a press report of one promise not kept";
    RETRO_DELETED_UNASKED "retrospective.deleted_unasked" number(0.05, 0.0, 1.0), "", uniform(0.0, 0.2), Assumption, "Chance that the image is deleted at once without a promise.", "no published figure";
    RETRO_REVIEW_Y "retrospective.review_y" number(8.0, 0.01, 100.0), "years", uniform(4.0, 12.0), Assumption, "Mean time until an image that is kept is reviewed and deleted (exponential).", "reviews after 6 to 10 years, from memory";

    RETRO_GALLERY "retrospective.gallery" number(1.85e6, 0.0, 1e8), "people", uniform(0.8e6, 2.8e6), Derived, "People in the gallery at the start, composed like the watchlist.", "19 million images nationally times the force's 24,677 of 252,798 searches in 2024 (press)";
    RETRO_ARRESTS "retrospective.arrests_per_month" number(9000.0, 0.0, 1e6), "people per month", uniform(7000.0, 13000.0), Memory, "People arrested in a month beside the programme's own arrests, composed like the watchlist.", "order of the force's arrests in a year, not re-checked";

    // ---- cost
    COST_STAFF "cost.staff_gbp_h" number(60.0, 0.0, 1000.0), "GBP per h", uniform(40.0, 90.0), Assumption, "Full cost of an officer or operator.", "no published figure for these teams";
    COST_VAN "cost.van_day_gbp" number(600.0, 0.0, 100000.0), "GBP", uniform(300.0, 2000.0), Assumption, "Cost of a van and its equipment for one deployment.", "no published figure";
    COST_ARRAY "cost.array_gbp" number(800000.0, 0.0, 1e9), "GBP", uniform(300000.0, 1500000.0), Published, "Price of a fixed array of cost.array_cameras cameras.", "press figure for the Croydon scheme";
    COST_ARRAY_CAMERAS "cost.array_cameras" number(15.0, 1.0, 1000.0), "cameras", None, Published, "Cameras of a fixed array at that price.", "fifteen in Croydon (press)";
    COST_ARRAY_YEARS "cost.array_years" number(5.0, 0.1, 50.0), "years", None, Assumption, "Life of a fixed array.", "no published figure";
    COST_ARRAY_HOURS "cost.array_hours_per_year" number(280.0, 1.0, 8784.0), "h", uniform(150.0, 1500.0), Derived, "Hours a year over which a fixed array is in use: its price is spread over them.", "24 activations of about 5.8 h in six months in Croydon";
    COST_NOTICE "cost.notice_gbp" number(200.0, 0.0, 100000.0), "GBP", uniform(50.0, 500.0), Assumption, "Signs and notice of one deployment.", "no published figure";
    COST_CUSTODY "cost.custody_gbp_h" number(45.0, 0.0, 10000.0), "GBP per h", uniform(25.0, 90.0), Assumption, "Cost of an hour in custody.", "no published figure";
    COST_WRONGFUL_STOP "cost.wrongful_stop_gbp" number(250.0, 0.0, 100000.0), "GBP", uniform(0.0, 500.0), Assumption, "Complaint and compensation after a wrongful stop, on average.", "no published figure; 0 to 500";
    COST_WRONGFUL_ARREST "cost.wrongful_arrest_gbp" number(12500.0, 0.0, 1e7), "GBP", uniform(5000.0, 20000.0), Assumption, "Complaint and compensation after a wrongful arrest, on average.", "no published figure; 5,000 to 20,000";
    COST_FINE "cost.fine_gbp" number(90.0, 0.0, 10000.0), "GBP", None, Published, "A fine after a stop for a covered face; paid to the state and not counted against the cost.", "a press report of 2019";
    COST_MOVE "programme.move_gbp" number(20000.0, 0.0, 1e7), "GBP", uniform(5000.0, 60000.0), Assumption, "Cost of moving a fixed array.", "no published figure";

    // ---- measuring
    FACES_MODE "measure.faces_mode" choice(&["searches", "pre-aug-2024", "footfall"]), "", None, Record, "What is counted as a face seen.", "faces per hour rose 6.4 times at the same sites in August 2024 with the same alerts";
    FACES_FACTOR "measure.pre_aug_2024_factor" number(6.4, 1.0, 20.0), "", None, Record, "Searches per face under the older counting.", "eight sites either side of August 2024: 2.7 to 10.8";
    RECORDED_FALSE "measure.recorded_false" number(0.8, 0.0, 1.0), "", beta(8.0, 2.0), Assumption, "Share of false alerts that the force records as false.", "recorded false alerts are a lower bound";
    DEPLOYMENTS_PER_YEAR "measure.deployments_per_year" number(207.0, 0.01, 100000.0), "per year", None, Published, "Deployments that figures per year are for.", "annual report of the force to September 2025: 203 in crime hotspots and 4 at events";
    MATTERS_SHARE "measure.matters_share" number(0.05, 0.0, 10.0), "", None, Setting, "Smallest difference that matters, as a share of the larger of the two figures, for metrics without a key of their own.", "one in twenty";
    MATTERS_FACES_SEEN "measure.matters_faces_seen" number(1000.0, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in faces seen that matters.", "a value judgement";
    MATTERS_ALERTS "measure.matters_alerts" number(1.0, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in alerts that matters.", "a value judgement";
    MATTERS_FALSE_ALERTS "measure.matters_false_alerts" number(0.05, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in false alerts that matters.", "a value judgement: one in twenty deployments";
    MATTERS_STOPS "measure.matters_stops" number(0.5, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in stops that matters.", "a value judgement: one in two deployments";
    MATTERS_STOPS_WITHOUT_ARREST "measure.matters_stops_without_arrest" number(0.5, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in stops without arrest that matters.", "a value judgement: one in two deployments";
    MATTERS_WRONGFUL_STOPS "measure.matters_wrongful_stops" number(0.02, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in wrongful stops that matters.", "a value judgement: one in fifty deployments";
    MATTERS_WRONGFUL_ARRESTS "measure.matters_wrongful_arrests" number(0.001, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in wrongful arrests that matters.", "a value judgement: one in a thousand deployments";
    MATTERS_ARRESTS "measure.matters_arrests" number(0.5, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in arrests, and in arrests net of patrol, that matters.", "a value judgement: one in two deployments";
    MATTERS_SOUGHT_MISSED "measure.matters_sought_missed" number(1.0, 0.0, 1e9), "per deployment", None, Setting, "Smallest difference in sought people missed that matters.", "a value judgement";
    MATTERS_MINUTES_LOST "measure.matters_minutes_lost" number(1.0, 0.0, 1e9), "min per deployment", None, Setting, "Smallest difference in minutes lost by people not sought that matters.", "a value judgement";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_defaults_lie_in_range() {
        for (i, p) in PARAMETERS.iter().enumerate() {
            assert_eq!(find(p.key), Some(ParamId(i as u16)), "{} appears twice", p.key);
            assert!(!p.doc.is_empty(), "{} has no doc", p.key);
            match p.kind {
                Kind::Number { default, min, max } => assert!(min <= default && default <= max, "{}", p.key),
                Kind::Whole { default, min, max } => assert!(min <= default && default <= max, "{}", p.key),
                Kind::Flag { .. } => {}
                Kind::Choice { words } => assert!(words.len() > 1, "{}", p.key),
            }
        }
        assert_eq!(param::THRESHOLD.row().key, "matcher.threshold");
    }
}
