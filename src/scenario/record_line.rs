//! One line of a deployment record on its way to a row.

use super::diagnose::{Diagnostic, Source};
use super::document::{Problems, short};
use super::record_file::{COLUMNS, Mounting, Places, RecordRow};
use super::record_site::Gazetteer;
use jiff::civil::Date;

/// A line on its way to a row.
pub(super) struct Line<'a> {
    source: &'a Source,
    cells: &'a csv::StringRecord,
    places: &'a Places,
    problems: &'a mut Problems,
    sound: bool,
}

impl<'a> Line<'a> {
    pub fn new(
        source: &'a Source,
        cells: &'a csv::StringRecord,
        places: &'a Places,
        problems: &'a mut Problems,
    ) -> Self {
        Line {
            source,
            cells,
            places,
            problems,
            sound: true,
        }
    }

    /// Reports that the line cannot be read.
    fn wrong(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.sound = false;
        let problem = self.problem(message, help);
        self.problems.push(problem);
    }

    /// A problem at this line.
    fn problem(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        let start = self
            .cells
            .position()
            .map_or(0, |p| p.byte() as usize)
            .min(self.source.text.len());
        let rest = &self.source.text[start..];
        let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let length = rest[skipped..].find(['\r', '\n']).unwrap_or(rest.len() - skipped);
        let span = start + skipped..start + skipped + length;
        Diagnostic::at(self.source, span, message, help)
    }

    /// Takes out arrests that cannot be: each begins with an alert.
    pub fn set_aside_arrests(&self, row: &mut RecordRow) -> Option<Diagnostic> {
        let (arrests, alerts) = (row.arrests?, row.alerts?);
        if arrests <= alerts {
            return None;
        }
        row.arrests = None;
        let message = format!("line {}: {arrests} arrests are more than {alerts} alerts", row.line);
        let help = "an arrest begins with an alert; the row's arrests are not used until one of the figures is mended";
        Some(self.problem(message, help))
    }

    fn text(&self, column: &str) -> &'a str {
        let index = COLUMNS.iter().position(|c| c.0 == column);
        let place = index.and_then(|i| self.places[i]);
        place.and_then(|p| self.cells.get(p)).unwrap_or_default().trim()
    }

    pub fn row(&mut self, gazetteer: &Gazetteer) -> Option<RecordRow> {
        let expected = self.places.iter().flatten().max().map_or(0, |last| last + 1);
        if self.cells.len() < expected {
            let message = format!("the line has {} cells, the header {expected}", self.cells.len());
            self.wrong(message, "is a comma or a closing quotation mark missing?");
            return None;
        }
        let force = self.text("force");
        if force.is_empty() {
            self.wrong("`force` is empty", "name the police force, as in Met");
        }
        let date = self.date();
        let mut place = self.text("place");
        if place.is_empty() {
            place = self.text("site");
        }
        if place.is_empty() {
            self.wrong("`place` is empty", "name the place");
        }
        let found = gazetteer.site(force, place);
        let or_found = |given: &str, found: Option<String>| match given {
            "" => found,
            _ => Some(given.to_owned()),
        };
        let row = RecordRow {
            line: self.cells.position().map_or(0, csv::Position::line),
            force: force.to_owned(),
            date: date.unwrap_or_default(),
            place: place.to_owned(),
            site: or_found(self.text("site"), Some(found.site)).unwrap_or_default(),
            borough: or_found(self.text("borough"), found.borough),
            use_case: self.text("use_case").to_owned(),
            kind: mounting(self.text("kind")),
            hours: self.number("hours", 0.01, 1000.0),
            watchlist: self.count("watchlist", 100_000_000),
            threshold: self.number("threshold", 0.0, 1.0),
            faces: self.count("faces", 1_000_000_000),
            alerts: self.count("alerts", 1_000_000),
            true_confirmed: self.count("true_confirmed", 1_000_000),
            true_unconfirmed: self.count("true_unconfirmed", 1_000_000),
            false_confirmed: self.count("false_confirmed", 1_000_000),
            false_unconfirmed: self.count("false_unconfirmed", 1_000_000),
            true_alerts: self.count("true_alerts", 1_000_000),
            false_alerts: self.count("false_alerts", 1_000_000),
            engagements: self.count("engagements", 1_000_000),
            arrests: self.count("arrests", 1_000_000),
            other_disposal: self.count("other_disposal", 1_000_000),
            no_action: self.count("no_action", 1_000_000),
            status: self.text("status").to_owned(),
            source: self.text("source").to_owned(),
            note: self.text("note").to_owned(),
        };
        self.sound.then_some(row)
    }

    fn date(&mut self) -> Option<Date> {
        let text = self.text("date");
        let exact = text.len() == 10 && text.as_bytes()[4] == b'-';
        let date = text
            .parse::<Date>()
            .ok()
            .filter(|d| exact && (1990..=2200).contains(&d.year()));
        if date.is_none() {
            self.wrong(
                format!("`date` is not a day: \"{}\"", short(text)),
                "write year, month and day, as in 2025-05-10",
            );
        }
        date
    }

    fn number(&mut self, column: &str, least: f64, most: f64) -> Option<f64> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let value = text.parse::<f64>().ok().filter(|v| (least..=most).contains(v));
        if value.is_none() {
            self.wrong(
                format!("`{column}` is \"{}\"", short(text)),
                format!("a number from {least} to {most}, or empty if nothing was published"),
            );
        }
        value
    }

    /// A whole number; spreadsheets may have made 12 into 12.0.
    fn count(&mut self, column: &str, most: u32) -> Option<u32> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let whole = text.split_once('.').map_or(
            text,
            |(whole, rest)| {
                if rest.bytes().all(|b| b == b'0') { whole } else { text }
            },
        );
        let value = whole.parse::<u32>().ok().filter(|v| *v <= most);
        if value.is_none() {
            self.wrong(
                format!("`{column}` is \"{}\"", short(text)),
                format!("a whole number from 0 to {most} without separators, or empty if nothing was published"),
            );
        }
        value
    }
}

fn mounting(word: &str) -> Mounting {
    let word = word.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| word.contains(w));
    if says(&["static", "fixed", "lamp"]) {
        Mounting::Static
    } else if word.is_empty() || says(&["van", "mobile"]) {
        Mounting::Van
    } else {
        Mounting::Other
    }
}

/// What is odd about a row but no reason to leave it out.
pub(super) fn remarks(row: &RecordRow) -> Vec<String> {
    let mut notes = Vec::new();
    if row.kind == Mounting::Other {
        notes.push(format!(
            "line {}: an unknown kind of mounting; its row is predicted from priors",
            row.line
        ));
    }
    if let (Some(alerts), Some(t), Some(f)) = (row.alerts, row.true_alerts, row.false_alerts)
        && t + f != alerts
    {
        notes.push(format!(
            "line {}: {t} true and {f} false alerts are not {alerts} alerts",
            row.line
        ));
    }
    notes
}
