//! A programme: many deployments over many days at many sites, instead of one deployment on one day.
//!
//! Numbers and choices of a programme (fleet, rules, cancellation, clocks) are rows of the registry under `programme.*`, so
//! that a strategy may set them and a reader sees what differs. Here is what is not a number: days, sites, calendars.

use super::plan::{Doubtful, MountKind, Plan, StrategyPlan};
use jiff::civil::Date;

/// The days, the sites and what each strategy may use of them.
#[derive(Clone, Debug)]
pub struct Programme {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub until: Date,
    /// Title of the set of sites, for readers.
    pub title: String,
    /// Where sites, their sizes and their presence of sought people come from.
    pub sources: Vec<String>,
    /// Sites; a site's index is its identity within a run, the hash of its name the key of its draws.
    pub sites: Vec<Site>,
    /// Events that change what a day is like.
    pub events: Vec<CalendarEvent>,
    /// What each strategy may use, in the order of [`Plan::strategies`].
    pub rules: Vec<Rule>,
}

/// Somewhere a van or a fixed array can stand.
#[derive(Clone, Debug)]
pub struct Site {
    /// Short name that calendars and strategies use.
    pub name: String,
    /// Name for readers.
    pub title: String,
    /// Borough.
    pub borough: String,
    /// Residents of the borough.
    pub residents: f64,
    /// Residents of the borough in each group cell (sums to `residents`).
    pub residents_by_cell: Vec<f64>,
    /// Share of the site's passers-by who live in its borough.
    pub resident_share: f64,
    /// Longitude and latitude, degrees.
    pub at: [f64; 2],
    /// A one-day plan on the streets of this site. Its strategies are the programme's, in order, each with its van here (no
    /// camera under a strategy without facial recognition); date and clock are those of an ordinary day.
    pub plan: Plan,
    /// The same strategies with the site's fixed array instead of a van; empty when it has no array.
    pub fixed: Vec<StrategyPlan>,
    /// Footfall relative to the plan's demand: how doubtful the site's passers-by are (central value 1).
    pub footfall: Doubtful,
    /// Presence of sought people among passers-by, relative to the plan's `sought.prevalence`.
    pub presence: Doubtful,
    /// Recorded crime relative to the mean site: what `hotspot` sees.
    pub recorded_crime: f64,
}

/// A day with something on at a site.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarEvent {
    /// Day.
    pub date: Date,
    /// Index of the site.
    pub site: usize,
    /// Name for readers.
    pub name: String,
    /// Footfall relative to an ordinary day.
    pub footfall: f64,
}

/// What a strategy may use.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rule {
    /// Sites it may choose from; empty means all.
    pub sites: Vec<usize>,
    /// Sites with a fixed array in use, each active on days when a team is there.
    pub fixed: Vec<usize>,
    /// Rows of its own calendar (`placement = "replay"`), in order of date.
    pub calendar: Vec<CalendarRow>,
}

/// One deployment of a given calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct CalendarRow {
    /// Day.
    pub date: Date,
    /// Index of the site.
    pub site: usize,
    /// Van or lamp posts.
    pub mount: MountKind,
    /// Opening, seconds after midnight; drawn when not given.
    pub open_s: Option<f64>,
    /// Hours; drawn when not given.
    pub hours: Option<f64>,
    /// Size of the watchlist; the strategy's when not given.
    pub watchlist: Option<u32>,
    /// Threshold; the strategy's when not given.
    pub threshold: Option<f64>,
}
