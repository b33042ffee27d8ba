//! From rows of a record to what the regressions read: features of a deployment, and its month, group and site.

use super::draws::Place;
use crate::scenario::record_file::{Mounting, RecordRow};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Months before the cut whose rows are fitted. Older rows stem from other engines, lists and ways of counting; a window of 18
/// to 24 months predicted best when the record before May 2025 was cut at five dates (MODEL.md).
pub const WINDOW_MONTHS: i32 = 24;
/// With fewer rows than this in the window, all rows are fitted.
const FEWEST_ROWS: usize = 20;
/// Hours at which the level of a model is stated.
pub const REFERENCE_HOURS: f64 = 5.5;
/// List size at which the level of a model is stated.
pub const REFERENCE_LIST: f64 = 15_500.0;
/// Threshold at which the level of a model is stated.
pub const REFERENCE_THRESHOLD: f64 = 0.64;
/// Days before the cut whose durations stand for those to come.
const RECENT_DAYS: i32 = 180;

/// What the regressions know of a deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Features {
    /// Log of hours over the reference, where published.
    pub hours: Option<f64>,
    /// Log of the list size over the reference.
    pub list: f64,
    /// Threshold.
    pub threshold: f64,
    /// Fixed cameras.
    pub fixed: bool,
    /// Neither van nor fixed cameras.
    pub unusual: bool,
    /// A public event.
    pub event: bool,
    /// Not the force that most rows are of.
    pub other_force: bool,
    /// Counted as faces were from December 2023 to July 2024.
    pub older_count: bool,
    /// Log of the number of days.
    pub days: f64,
    /// Log of faces less its expectation; zero until faces have been fitted.
    pub faces: f64,
}

/// What a coefficient multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Term {
    Level,
    Hours,
    ListSize,
    Fixed,
    Unusual,
    Event,
    OtherForce,
    /// Threshold above 0.64.
    Threshold,
    /// Threshold below 0.64.
    Leniency,
    OlderCount,
    Faces,
}

impl Term {
    /// Its value for a deployment.
    pub fn of(self, f: &Features, typical_hours: f64) -> f64 {
        let flag = |on: bool| f64::from(u8::from(on));
        match self {
            Term::Level => 1.0,
            Term::Hours => f.hours.unwrap_or(typical_hours),
            Term::ListSize => f.list,
            Term::Fixed => flag(f.fixed),
            Term::Unusual => flag(f.unusual),
            Term::Event => flag(f.event),
            Term::OtherForce => flag(f.other_force),
            Term::Threshold => f.threshold - REFERENCE_THRESHOLD,
            Term::Leniency => REFERENCE_THRESHOLD - f.threshold,
            Term::OlderCount => flag(f.older_count),
            Term::Faces => f.faces,
        }
    }
}

/// What the fitted rows say about how to read a row: sites, groups, months, durations, last list size and threshold by force.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The cut: rows to this day are fitted.
    pub until: Date,
    first_month: i32,
    /// Months from the first fitted row to the cut.
    pub periods: usize,
    sites: BTreeMap<String, u32>,
    groups: BTreeMap<String, u32>,
    main_force: String,
    last: BTreeMap<String, (Option<u32>, Option<f64>)>,
    /// Mean and sd of the log of hours over the reference, of recent rows.
    pub durations: (f64, f64),
    /// Faces per hour that divide the two ways of counting in the weeks in which both were used.
    divide: f64,
}

/// Months since year 0.
fn month(date: Date) -> i32 {
    i32::from(date.year()) * 12 + i32::from(date.month()) - 1
}

/// The days on which faces were counted in the older way, and the weeks after in which both ways occur (facts of the record: the
/// same sites show six times more faces an hour afterwards, with the same alerts).
const OLDER_FROM: Date = jiff::civil::date(2023, 12, 1);
const OLDER_TO: Date = jiff::civil::date(2024, 7, 24);
const BOTH_TO: Date = jiff::civil::date(2024, 9, 10);

impl Frame {
    /// The frame of the rows to `until`, and those of them that are fitted.
    pub fn new(rows: &[RecordRow], until: Date) -> (Self, Vec<&RecordRow>) {
        let before: Vec<&RecordRow> = rows.iter().filter(|r| r.date <= until && days(r) == 1.0).collect();
        let window = month(until) - WINDOW_MONTHS;
        let recent = |r: &&&RecordRow| month(r.date) >= window;
        let figures = |r: &RecordRow| r.alerts.is_some();
        let enough = before.iter().filter(recent).filter(|r| figures(r)).count() >= FEWEST_ROWS;
        let fitted: Vec<&RecordRow> = before.iter().filter(|r| !enough || recent(r)).copied().collect();
        let index = |names: Vec<String>| {
            let mut map = BTreeMap::new();
            for name in names {
                let next = map.len() as u32;
                map.entry(name).or_insert(next);
            }
            map
        };
        let mut forces: BTreeMap<&str, usize> = BTreeMap::new();
        fitted.iter().for_each(|r| *forces.entry(&r.force).or_insert(0) += 1);
        let main_force = forces.iter().max_by_key(|(_, n)| **n).map_or("", |(f, _)| f).to_owned();
        let first_month = fitted.first().map_or(month(until), |r| month(r.date));
        let mut last: BTreeMap<String, (Option<u32>, Option<f64>)> = BTreeMap::new();
        for row in &before {
            let entry = last.entry(row.force.clone()).or_default();
            entry.0 = row.watchlist.or(entry.0);
            entry.1 = row.threshold.or(entry.1);
        }
        let frame = Frame {
            until,
            first_month,
            periods: (month(until) - first_month + 1).max(1) as usize,
            sites: index(fitted.iter().map(|r| site_name(r)).collect()),
            groups: index(fitted.iter().map(|r| group_name(r)).collect()),
            main_force,
            last,
            durations: durations(&fitted, until),
            divide: divide(&fitted),
        };
        (frame, fitted)
    }

    /// Number of sites with fitted rows.
    pub fn sites(&self) -> usize {
        self.sites.len()
    }
    /// Names of the sites with fitted rows, with their index.
    pub fn site_names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.sites.iter().map(|(n, i)| (n.as_str(), *i))
    }
    /// Number of groups with fitted rows.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Month of a row, from the first of the models.
    pub fn period(&self, row: &RecordRow) -> u32 {
        (month(row.date) - self.first_month).max(0) as u32
    }

    /// Site and group of a row.
    pub fn place(&self, row: &RecordRow) -> (Place, Place) {
        let find = |map: &BTreeMap<String, u32>, name: String| match map.get(&name) {
            Some(index) => Place::Known(*index),
            None => Place::new(&name),
        };
        (find(&self.sites, site_name(row)), find(&self.groups, group_name(row)))
    }

    /// Features of a row; what the row does not say is taken from the force's last fitted row.
    pub fn features(&self, row: &RecordRow) -> Features {
        let force = self.last.get(&row.force).or_else(|| self.last.get(&self.main_force));
        let (list, threshold) = force.copied().unwrap_or_default();
        let list = row
            .watchlist
            .filter(|n| *n > 0)
            .or(list)
            .map_or(REFERENCE_LIST, f64::from);
        Features {
            hours: row.hours.map(|h| libm::log(h / REFERENCE_HOURS)),
            list: libm::log(list.max(1.0) / REFERENCE_LIST),
            threshold: row.threshold.or(threshold).unwrap_or(REFERENCE_THRESHOLD),
            fixed: row.kind == Mounting::Static,
            unusual: row.kind == Mounting::Other,
            event: is_event(row),
            other_force: row.force != self.main_force,
            older_count: self.older_count(row),
            days: libm::log(days(row)),
            faces: 0.0,
        }
    }

    fn older_count(&self, row: &RecordRow) -> bool {
        if row.force != "Met" || row.date < OLDER_FROM || row.date > BOTH_TO {
            return false;
        }
        let hourly = row.faces.map(|f| f64::from(f) / row.hours.unwrap_or(REFERENCE_HOURS));
        row.date <= OLDER_TO || hourly.is_some_and(|f| f < self.divide)
    }
}

/// The name under which a row's site is fitted.
pub fn site_name(row: &RecordRow) -> String {
    format!("{}: {}", row.force, row.site)
}

fn group_name(row: &RecordRow) -> String {
    format!("{}: {}", row.force, row.borough.as_deref().unwrap_or("-"))
}

fn is_event(row: &RecordRow) -> bool {
    let text = format!("{} {}", row.use_case, row.place).to_lowercase();
    let words = [
        "event", "pso", "carnival", "football", "concert", "festival", "airshow", " final",
    ];
    words.iter().any(|w| text.contains(w))
}

/// Days that a row sums over: "(2 days)", "(25-26 Aug)", "week".
fn days(row: &RecordRow) -> f64 {
    let place = row.place.to_lowercase();
    if place.contains("week") && row.hours.is_none() {
        return 5.0;
    }
    let Some(inside) = place
        .split_once('(')
        .map(|(_, rest)| rest.split(')').next().unwrap_or_default())
    else {
        return 1.0;
    };
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if let Some(count) = inside.strip_suffix(" days").and_then(number) {
        return count.clamp(1.0, 31.0);
    }
    let range = inside.split(' ').next().and_then(|w| w.split_once('-'));
    match range.and_then(|(a, b)| Some((number(a)?, number(b)?))) {
        Some((a, b)) if b > a && b <= 31.0 => b - a + 1.0,
        _ => 1.0,
    }
}

fn durations(fitted: &[&RecordRow], until: Date) -> (f64, f64) {
    let logs = |rows: Vec<&&RecordRow>| -> Vec<f64> {
        let hours = rows.iter().filter_map(|r| r.hours);
        hours.map(|h| libm::log(h / REFERENCE_HOURS)).collect()
    };
    let oldest = until.checked_sub(jiff::Span::new().days(RECENT_DAYS)).unwrap_or(until);
    let mut recent = logs(fitted.iter().filter(|r| r.date >= oldest).collect());
    if recent.len() < FEWEST_ROWS {
        recent = logs(fitted.iter().collect());
    }
    if recent.len() < 3 {
        return (0.0, 0.3);
    }
    (
        crate::stats::mean(&recent),
        libm::sqrt(crate::stats::variance(&recent)).max(0.1),
    )
}

/// Geometric mean of the typical faces per hour before and after the change of counting.
fn divide(fitted: &[&RecordRow]) -> f64 {
    let typical = |from: Date, to: Date| {
        let rows = fitted.iter().filter(|r| r.date >= from && r.date <= to);
        let mut hourly: Vec<f64> = rows.filter_map(|r| Some(f64::from(r.faces?) / r.hours?)).collect();
        hourly.sort_by(f64::total_cmp);
        hourly.get(hourly.len() / 2).copied()
    };
    let older = typical(OLDER_FROM, OLDER_TO).unwrap_or(310.0);
    let newer = typical(BOTH_TO, Date::MAX).unwrap_or(2000.0);
    libm::sqrt(older * newer)
}
