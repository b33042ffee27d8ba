//! Which alert to tell of: by identity, by what came of it, or the one that cost a person not sought the most time.

use crate::deployment::{Alert, Ending};
use crate::experiment::Runs;
use crate::programme::DeploymentRow;
use crate::record::truth_word;
use crate::scenario::Plan;
use jiff::civil::Date;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::fs::File;
use std::path::Path;

/// An alert of a result, as `alerts.parquet` knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Strategy.
    pub strategy: String,
    /// Replication.
    pub replication: u32,
    /// Which deployment of a programme raised it; none of a plan of one day.
    pub at: Option<At>,
    /// Identity.
    pub key: u64,
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub member: u16,
    /// Whether it is about the person it names, in words.
    pub truth: String,
    /// How it ended, in words.
    pub ending: String,
    /// Outcome of the stop, or empty.
    pub outcome: String,
    /// Minutes of the stop and of custody.
    pub minutes_lost: Option<f64>,
}

/// Day and place of a deployment of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// Date.
    pub date: Date,
    /// Short name of the site.
    pub site: String,
}

/// Which alerts to look among; nothing said, all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Of this strategy.
    pub strategy: Option<String>,
    /// Of this day of a programme.
    pub date: Option<Date>,
    /// Of this site of a programme.
    pub site: Option<String>,
}

impl Narrow {
    fn holds(&self, k: &Known) -> bool {
        let (date, site) = k.at.as_ref().map_or((None, None), |at| (Some(at.date), Some(&at.site)));
        self.strategy.as_ref().is_none_or(|s| *s == k.strategy)
            && self.date.is_none_or(|d| date == Some(d))
            && self.site.as_ref().is_none_or(|s| site == Some(s))
    }
}

/// What to look for.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// The alert with this identity, in this replication: the same visitor may raise it in several.
    Alert(u64, Option<u32>),
    /// The first that came to this, by the words of [`KINDS`].
    Find(String),
    /// The one that cost a person not sought the most time.
    Worst,
}

/// What `--find` understands, with what each means. `missed` is not an alert: see [`super::missed`].
pub const KINDS: [(&str, &str); 16] = [
    ("false_alert", "an alert about somebody else than it names"),
    ("true_alert", "an alert about the person it names"),
    ("stop", "an alert that led to a stop"),
    ("wrongful_stop", "a stop after a false alert; not a legal finding"),
    ("wrongful_arrest", "an arrest after a false alert"),
    ("stale_stop", "a stop on an entry that was out of date"),
    ("arrest", "an arrest of the right person"),
    ("no_action", "a stop of the right person without action"),
    ("dismissed", "an alert that the operator judged wrong"),
    ("dropped", "an alert that no operator started in time"),
    ("no_pair", "an alert for which no pair was free in time"),
    ("lost", "a person who was lost in the crowd"),
    ("busy", "a person who was already being stopped"),
    ("fled", "a person who ran and got away"),
    ("already_engaged", "an alert on an entry already stopped that day"),
    ("missed", "a sought person who was present and raised no alert"),
];

impl Known {
    fn of(strategy: &str, replication: usize, at: Option<At>, alert: &Alert) -> Self {
        Known {
            strategy: strategy.into(),
            replication: replication as u32,
            at,
            key: alert.key,
            visit: alert.visit,
            member: alert.member,
            truth: truth_word(alert.truth).into(),
            ending: alert.ending.word().into(),
            outcome: alert.stop.map_or(String::new(), |s| s.outcome.word().into()),
            minutes_lost: alert.stop.map(|s| (s.scene + s.custody).seconds() / 60.0),
        }
    }

    /// Whether it is about somebody else than it names.
    pub fn is_false(&self) -> bool {
        self.truth == "false"
    }

    /// Whether it is of a kind of [`KINDS`].
    pub fn is(&self, kind: &str) -> bool {
        let ended = |e: Ending| self.ending == e.word();
        match kind {
            "false_alert" => self.is_false(),
            "true_alert" => !self.is_false(),
            "stop" => ended(Ending::Stopped),
            "wrongful_stop" => self.is_false() && ended(Ending::Stopped),
            "wrongful_arrest" => self.outcome == "wrongful arrest",
            "stale_stop" => self.truth == "true, entry out of date" && ended(Ending::Stopped),
            "arrest" => self.outcome == "arrest",
            "no_action" => self.outcome == "no action",
            "dismissed" => ended(Ending::Dismissed),
            "dropped" => ended(Ending::Dropped),
            "no_pair" => ended(Ending::TooLate),
            "lost" => ended(Ending::Lost),
            "busy" => ended(Ending::Busy),
            "fled" => ended(Ending::Fled),
            "already_engaged" => ended(Ending::AlreadyEngaged),
            _ => false,
        }
    }

    /// Whether this is what is known of an alert.
    pub(super) fn is_of(&self, alert: &Alert) -> bool {
        let outcome = alert.stop.map_or("", |s| s.outcome.word());
        alert.key == self.key && alert.ending.word() == self.ending && outcome == self.outcome
    }

    /// Whether it came to the same end, with the same truth, as another.
    pub fn like(&self, other: &Known) -> bool {
        (&self.strategy, &self.truth, &self.ending, &self.outcome)
            == (&other.strategy, &other.truth, &other.ending, &other.outcome)
    }
}

/// Every alert of finished runs; `strategies` are the plan's indices of the runs.
pub fn known(plan: &Plan, strategies: &[usize], runs: &Runs) -> Vec<Known> {
    let mut list = Vec::new();
    for (place, strategy) in strategies.iter().enumerate() {
        let name = &plan.strategies[*strategy].name;
        for (replication, alerts) in runs.alerts[place].iter().enumerate() {
            let held = runs.deployments[place].get(replication);
            let mut places = places(plan, held.map_or(&[], Vec::as_slice));
            let one = |alert| Known::of(name, replication, places.next(), alert);
            list.extend(alerts.iter().map(one));
        }
    }
    order(plan, &mut list);
    list
}

/// Where each alert of a replication was raised, in their order: alerts are kept deployment by deployment.
fn places<'r>(plan: &'r Plan, held: &'r [DeploymentRow]) -> impl Iterator<Item = At> + 'r {
    let sites = plan.programme.as_ref().map_or(&[][..], |p| &p.sites);
    held.iter().flat_map(move |row| {
        let site = sites.get(row.published.site).map_or(String::new(), |s| s.name.clone());
        let at = At { date: row.date, site };
        std::iter::repeat_n(at, row.published.alerts as usize)
    })
}

/// One order wherever a list of alerts comes from: strategy, replication, day, place, identity.
fn order(plan: &Plan, list: &mut [Known]) {
    let place = |k: &Known| plan.strategies.iter().position(|s| s.name == k.strategy);
    let day = |k: &Known| k.at.as_ref().map(|at| (at.date, at.site.clone()));
    list.sort_by_cached_key(|k| (place(k), k.replication, day(k), k.key));
}

/// Every alert of a result folder.
///
/// # Errors
/// A text for the user: the file is missing or is not a table of alerts.
pub fn read_known(plan: &Plan, folder: &Path) -> Result<Vec<Known>, String> {
    let path = folder.join("alerts.parquet");
    let fault = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
    let file = File::open(&path).map_err(|e| fault(&e))?;
    let reader = SerializedFileReader::new(file).map_err(|e| fault(&e))?;
    let mut list = Vec::new();
    for row in reader.get_row_iter(None).map_err(|e| fault(&e))? {
        let row = row.map_err(|e| fault(&e))?;
        let field = |name: &str| row.get_column_iter().find(|(n, _)| *n == name).map(|(_, f)| f.clone());
        let text = |name: &str| match field(name) {
            Some(Field::Str(s)) => Ok(s),
            Some(Field::Bytes(b)) => Ok(String::from_utf8_lossy(b.data()).into_owned()),
            _ => Err(fault(&format!("it has no column \"{name}\" of text"))),
        };
        let whole = |name: &str| match field(name) {
            Some(Field::Long(r)) => Ok(r),
            _ => Err(fault(&format!("it has no column \"{name}\" of whole numbers"))),
        };
        let hex = |name: &str| u64::from_str_radix(&text(name)?, 16).map_err(|e| fault(&e));
        let at = match field("date") {
            Some(_) => Some(At {
                date: text("date")?.parse().map_err(|e| fault(&e))?,
                site: text("site")?,
            }),
            None => None,
        };
        list.push(Known {
            strategy: text("strategy")?,
            replication: whole("replication")? as u32,
            at,
            key: hex("alert")?,
            visit: hex("visit")?,
            member: whole("member")? as u16,
            truth: text("truth")?,
            ending: text("ending")?,
            outcome: text("outcome")?,
            minutes_lost: match field("minutes_lost") {
                Some(Field::Double(m)) => Some(m),
                _ => None,
            },
        });
    }
    order(plan, &mut list);
    Ok(list)
}

/// The alert asked for, among those that `narrow` leaves.
pub fn choose<'k>(list: &'k [Known], which: &Which, narrow: &Narrow) -> Option<&'k Known> {
    let mut of = list.iter().filter(|k| narrow.holds(k));
    match which {
        Which::Alert(key, run) => of.find(|k| k.key == *key && run.is_none_or(|r| k.replication == r)),
        Which::Find(kind) => of.find(|k| k.is(kind)),
        Which::Worst => {
            let lost = |k: &&Known| k.minutes_lost.filter(|_| k.is_false()).unwrap_or(-1.0);
            // The first of equals.
            of.filter(|k| lost(k) >= 0.0)
                .reduce(|a, b| if lost(&b) > lost(&a) { b } else { a })
        }
    }
}
