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
    GROUP_2 "people.group_2" number(0.27, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by two people (weekends: 0.35).", "no published figure for these streets";
    GROUP_3 "people.group_3" number(0.08, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by three people (weekends: 0.13).", "no published figure for these streets";
    GROUP_4 "people.group_4" number(0.03, 0.0, 1.0), "", None, Assumption, "Share of weekday visits by four people (weekends: 0.07).", "no published figure for these streets";
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
    NIGHT_LIGHT "camera.night_light" number(0.8, 0.0, 1.0), "", uniform(0.6, 1.0), Assumption, "Light of a lit street at night (day is 1).", "no published figure";

    // ---- matcher
    MATCHER_KIND "matcher.kind" choice(&["demographic", "plain"]), "", None, Setting, "Score model: demographic tables, or plain score distributions (the reference model).", "";
    THRESHOLD "matcher.threshold" number(0.64, 0.0, 1.0), "score", None, Record, "A score at or above it raises an alert.", "0.64 since 25 Jul 2024, deployment record";
    FALSE_MATCH_LEVEL "matcher.false_match_level" number(3.9e-10, 0.0, 1.0), "per comparison", lognormal(3.9e-10, 0.8), Derived, "False match rate per comparison at score 0.64 for a pair of the reference cell (F0).", "12 false alerts in 3.53 million faces at 0.64; interpolates to the NPL 2023 level";
    SCORE_SLOPE "matcher.score_slope" number(52.0, 5.0, 300.0), "per score", Some(Prior::TruncatedNormal { mean: 55.0, sd: 12.0, low: 25.0, high: 100.0 }), Derived, "Rate at which false matches fall with the score (beta).", "NPL 2023 counts by threshold and the per-hour ratio from 0.60 to 0.64";
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
    FATIGUE_PER_H "operator.fatigue_per_h" number(0.08, 0.0, 1.0), "d' per h", uniform(0.0, 0.15), Assumption, "Loss of sensitivity per hour since the last break (at most 0.4).", "no published figure for this task";
    BREAK_EVERY_H "operator.break_every_h" number(2.0, 0.25, 24.0), "h", None, Assumption, "Time between breaks of an operator.", "no published figure";
    PREVALENCE_SHIFT "operator.prevalence_shift" number(0.1, 0.0, 1.0), "", None, Literature, "Weight of the effect of rare mismatches on the criterion.", "evidence conflicts: Papesh and Goldinger 2014; Bindemann et al. 2010";
    REVIEW_S "operator.review_s" number(12.0, 0.1, 600.0), "s", lognormal(12.0, 0.4), Assumption, "Median review time.", "no published figure";
    REVIEW_LOG_SD "operator.review_log_sd" number(0.6, 0.0, 2.0), "", None, Assumption, "Log-sd of review time.", "no published figure";
    REVIEW_MAX_S "operator.review_max_s" number(60.0, 1.0, 100000.0), "s", None, Assumption, "Longest review.", "no published figure";
    REVIEW_PATIENCE_S "operator.patience_s" number(90.0, 1.0, 1e9), "s", None, Assumption, "An alert not started within this time is dropped.", "no published figure";

    // ---- officers
    PAIRS "officers.pairs" whole(4, 0, 200), "pairs", None, Assumption, "Officer pairs who can stop somebody.", "team sizes are not published; 2 to 8 pairs";
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
    WRONGFUL_MIN "officers.wrongful_min" number(4.0, 0.0, 600.0), "min", lognormal(4.0, 0.3), Published, "Median time of a stop after a false alert.", "six of 2025 under 5 minutes, one of 2024 about 30";
    WRONGFUL_LOG_SD "officers.wrongful_log_sd" number(0.8, 0.0, 2.0), "", None, Derived, "Log-sd of that time.", "mean 5.5 min, one in 170 over 30 min";
    DOCUMENT_ACCEPTED "officers.document_accepted" number(0.75, 0.0, 1.0), "", beta(7.5, 2.5), Assumption, "Chance that papers settle a stop after a false alert.", "no published figure";
    FINGERPRINT_MIN "officers.fingerprint_min" number(5.0, 0.0, 120.0), "min", None, Assumption, "Median time of a fingerprint check when papers do not settle it.", "no published figure";
    HANDCUFF "officers.handcuff" number(0.05, 0.0, 1.0), "", uniform(0.0, 0.2), Assumption, "Chance of handcuffs in a stop after a false alert.", "observers report more; single source";
    WRONGFUL_ARREST "officers.wrongful_arrest" number(0.01, 0.0, 1.0), "", beta(0.5, 49.5), Assumption, "Chance that a stop after a false alert becomes an arrest.", "0 of 6 observed: 95 % upper bound 0.39";
    WRONGFUL_CUSTODY_H "officers.wrongful_custody_h" number(11.5, 0.1, 96.0), "h", None, Published, "Median time in custody after a wrongful arrest (log-sd 0.55).", "Met mean custody time 14 h 39 min in 2016; cases of 10 to 24 h";
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
    DETOUR_M "policy.detour_m" number(120.0, 0.0, 5000.0), "m", uniform(60.0, 250.0), Assumption, "Median longest detour accepted (log-sd 0.7; twice for sought people).", "no published figure";

    // ---- programme
    PLACEMENT "programme.placement" choice(&["rotation", "uniform", "footfall", "hotspot", "greedy-arrest", "thompson", "exposure-cap", "error-cap", "static-pilot", "intel", "replay", "no-lfr", "warrant-visits"]), "", None, Setting, "How the sites of a day are chosen.", "";

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
