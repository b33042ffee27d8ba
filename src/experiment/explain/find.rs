//! Which alert to tell of: by identity, by what came of it, or the one that cost a person not sought the most time.

use crate::deployment::{Alert, Ending};
use crate::experiment::Runs;
use crate::record::truth_word;
use crate::scenario::Plan;
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
    /// Identity.
    pub key: u64,
    /// Whether it is about the person it names, in words.
    pub truth: String,
    /// How it ended, in words.
    pub ending: String,
    /// Outcome of the stop, or empty.
    pub outcome: String,
    /// Minutes of the stop and of custody.
    pub minutes_lost: Option<f64>,
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
    fn of(strategy: &str, replication: usize, alert: &Alert) -> Self {
        Known {
            strategy: strategy.into(),
            replication: replication as u32,
            key: alert.key,
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

    /// Whether it came to the same end, with the same truth, as another.
    pub fn like(&self, other: &Known) -> bool {
        (&self.strategy, &self.truth, &self.ending, &self.outcome)
            == (&other.strategy, &other.truth, &other.ending, &other.outcome)
    }
}

/// Every alert of finished runs; `strategies` are the plan's indices of the runs.
pub fn known(plan: &Plan, strategies: &[usize], runs: &Runs) -> Vec<Known> {
    let of_strategy = |(s, of): (&usize, &Vec<Vec<Alert>>)| {
        let name = &plan.strategies[*s].name;
        let all = of.iter().enumerate();
        all.flat_map(|(r, alerts)| alerts.iter().map(move |a| (r, a)))
            .map(|(r, a)| Known::of(name, r, a))
            .collect::<Vec<_>>()
    };
    let mut list: Vec<Known> = strategies.iter().zip(&runs.alerts).flat_map(of_strategy).collect();
    order(plan, &mut list);
    list
}

/// One order wherever a list of alerts comes from: strategy, replication, identity.
fn order(plan: &Plan, list: &mut [Known]) {
    let place = |k: &Known| plan.strategies.iter().position(|s| s.name == k.strategy);
    list.sort_by_key(|k| (place(k), k.replication, k.key));
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
        let replication = match field("replication") {
            Some(Field::Long(r)) => r as u32,
            _ => return Err(fault(&"it has no column \"replication\"")),
        };
        list.push(Known {
            strategy: text("strategy")?,
            replication,
            key: u64::from_str_radix(&text("alert")?, 16).map_err(|e| fault(&e))?,
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

/// The alert asked for, under `strategy` if one is named.
pub fn choose<'k>(list: &'k [Known], which: &Which, strategy: Option<&str>) -> Option<&'k Known> {
    let mut of = list.iter().filter(|k| strategy.is_none_or(|s| k.strategy == s));
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
