//! Deployment records: what forces publish of each deployment, as comma-separated values. MODEL.md says how to read them.

use super::diagnose::{Diagnostic, Diagnostics, Source, nearest};
use super::document::{Problems, short};
use super::files::{read_text, sha256};
use super::record_line::{Line, remarks};
use super::record_site::Gazetteer;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// Largest record file, bytes.
const LARGEST: u64 = 64 << 20;
/// Notes that are kept; the others are counted.
const MOST_NOTES: usize = 40;

/// The shipped records, by name and text.
const SHIPPED: &[(&str, &str)] = &[(
    "met-lfr-to-2025-09",
    include_str!("../../scenarios/records/met-lfr-to-2025-09.csv"),
)];

/// Each column: name, unit, and what it holds. The first four must be there.
pub(crate) const COLUMNS: &[(&str, &str, &str)] = &[
    ("force", "", "Police force, as in Met, SWP, Essex."),
    ("date", "", "Day of the deployment, or its first day, as in 2025-05-10."),
    ("place", "", "The place in the words of the publication."),
    ("alerts", "alerts", "Alerts of the system, true and false."),
    (
        "site",
        "",
        "One name for all spellings of a place; worked out from `place` where it is empty.",
    ),
    (
        "borough",
        "",
        "London borough; worked out from `place` where it is empty.",
    ),
    ("use_case", "", "The published purpose."),
    (
        "kind",
        "",
        "`van` or `static` (fixed cameras); empty means van, any other word is kept and treated as unknown.",
    ),
    ("hours", "h", "Hours of operation."),
    ("watchlist", "people", "People on the list."),
    ("threshold", "score", "Score from which a match is an alert."),
    ("faces", "faces", "Faces seen, as the force counts them."),
    ("true_confirmed", "alerts", "True alerts confirmed by a stop."),
    ("true_unconfirmed", "alerts", "True alerts that were not confirmed."),
    ("false_confirmed", "alerts", "False alerts found out by a stop."),
    ("false_unconfirmed", "alerts", "False alerts that were dismissed."),
    ("true_alerts", "alerts", "True alerts in all."),
    ("false_alerts", "alerts", "False alerts in all."),
    ("engagements", "people", "People spoken to after an alert."),
    ("arrests", "arrests", "Arrests that began with an alert."),
    ("other_disposal", "people", "Outcomes other than arrest."),
    ("no_action", "people", "Stops without further action."),
    (
        "status",
        "",
        "official, transcribed, press, ...: how near the row is to the force's own publication.",
    ),
    ("source", "", "Where the figures were published."),
    ("note", "", "Anything else."),
];

/// How cameras were mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mounting {
    /// On a van or a mast beside it.
    Van,
    /// Fixed to lamp posts or buildings.
    Static,
    /// Anything else.
    Other,
}

impl Mounting {
    /// The word of the file.
    pub fn word(self) -> &'static str {
        match self {
            Mounting::Van => "van",
            Mounting::Static => "static",
            Mounting::Other => "other",
        }
    }
}

/// One published deployment. Counts are `None` where nothing was published.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // `COLUMNS` says what each column holds
pub struct RecordRow {
    /// Line of the file, from 1.
    pub line: u64,
    pub force: String,
    pub date: Date,
    pub place: String,
    pub site: String,
    pub borough: Option<String>,
    pub use_case: String,
    pub kind: Mounting,
    pub hours: Option<f64>,
    pub watchlist: Option<u32>,
    pub threshold: Option<f64>,
    pub faces: Option<u32>,
    pub alerts: Option<u32>,
    pub true_confirmed: Option<u32>,
    pub true_unconfirmed: Option<u32>,
    pub false_confirmed: Option<u32>,
    pub false_unconfirmed: Option<u32>,
    pub true_alerts: Option<u32>,
    pub false_alerts: Option<u32>,
    pub engagements: Option<u32>,
    pub arrests: Option<u32>,
    pub other_disposal: Option<u32>,
    pub no_action: Option<u32>,
    pub status: String,
    pub source: String,
    pub note: String,
}

/// A record: its rows in order of date (rows of one day in the order of the file).
#[derive(Clone, Debug)]
pub struct DeploymentRecord {
    /// The file's name as it was given.
    pub name: String,
    /// SHA-256 of its text.
    pub hash: String,
    /// The deployments.
    pub rows: Vec<RecordRow>,
    /// Figures that cannot be right and were set aside, by line.
    pub contradictions: Diagnostics,
    /// What a reader should know and that is no reason to stop, by line.
    pub notes: Vec<String>,
}

/// Names of the shipped records.
pub fn shipped_records() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// Opens a shipped record by name, or a file.
///
/// # Errors
/// Every problem of the file, by line.
pub fn open_record(path: &Path) -> Result<DeploymentRecord, Diagnostics> {
    let name = path.display().to_string();
    if let Some((name, text)) = SHIPPED.iter().find(|(n, _)| *n == name) {
        return read_all(&Source::new(&format!("{name} (shipped record)"), text));
    }
    match read_text(path, LARGEST) {
        Ok(text) => read_all(&Source::new(&name, &text)),
        Err(reason) => {
            let shipped: Vec<&str> = shipped_records().collect();
            let help = format!(
                "give the path of a record file (.csv, saved as UTF-8), or a shipped record: {}",
                shipped.join(", ")
            );
            let message = format!("cannot read {}: {reason}", short(&name));
            Err(vec![Diagnostic::general(message, help)])
        }
    }
}

fn read_all(source: &Source) -> Result<DeploymentRecord, Diagnostics> {
    let mut problems = Problems::default();
    let record = read_record(source, &mut problems);
    if problems.is_empty() {
        Ok(record)
    } else {
        Err(problems.sorted(source))
    }
}

/// Reads a record. Rows that cannot be read are reported by line and left out.
pub(crate) fn read_record(source: &Source, problems: &mut Problems) -> DeploymentRecord {
    let text = source.text.trim_start_matches('\u{feff}');
    let source = &Source::new(&source.name, text);
    let mut record = DeploymentRecord {
        name: source.name.to_string(),
        hash: sha256(text),
        rows: Vec::new(),
        contradictions: Vec::new(),
        notes: Vec::new(),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let Some(places) = header(source, &mut reader, &mut record.notes, problems) else {
        return record;
    };
    let gazetteer = Gazetteer::london();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let mut more = 0_usize;
    let mut cells = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut cells) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => {
                problems.push(Diagnostic::at(
                    source,
                    0..0,
                    format!("not comma-separated values: {e}"),
                    "",
                ));
                break;
            }
        }
        let mut line = Line::new(source, &cells, &places, problems);
        let Some(mut row) = line.row(&gazetteer) else { continue };
        record.contradictions.extend(line.set_aside_arrests(&mut row));
        let identity = format!("{:?}", (&cells, row.date));
        let first = *seen.entry(identity).or_insert(row.line);
        let mut notes = remarks(&row);
        let repeated = first != row.line;
        if repeated {
            notes = vec![format!(
                "line {} repeats line {first} word for word and is counted once",
                row.line
            )];
        }
        for note in notes {
            if record.notes.len() < MOST_NOTES {
                record.notes.push(note);
            } else {
                more += 1;
            }
        }
        if !repeated {
            record.rows.push(row);
        }
    }
    if record.rows.is_empty() && problems.is_empty() {
        problems.push(Diagnostic::at(
            source,
            0..0,
            "the record holds no row",
            "a row is a deployment",
        ));
    }
    if record.rows.windows(2).any(|pair| pair[0].date > pair[1].date) {
        record
            .notes
            .push("rows are not in order of date; they are used in that order".to_owned());
    }
    if more > 0 {
        record.notes.push(format!("{more} more notes are not shown"));
    }
    record.rows.sort_by_key(|row| row.date);
    record
}

/// Where each of [`COLUMNS`] stands in the file.
pub(super) type Places = Vec<Option<usize>>;

/// Reads the header. A column that is missing under a near name, or that must be there, is a problem; others are noted.
fn header(
    source: &Source,
    reader: &mut csv::Reader<&[u8]>,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> Option<Places> {
    let names = reader.headers().cloned().unwrap_or_default();
    let names: Vec<String> = names.iter().map(|n| n.trim().to_lowercase()).collect();
    let place = |column: &str| names.iter().position(|n| n == column);
    let end = source.text.find('\n').unwrap_or(source.text.len());
    let mut wrong = |message: String, help: String| problems.push(Diagnostic::at(source, 0..end, message, help));
    let mut sound = true;
    let missing = COLUMNS.iter().map(|c| c.0).filter(|c| place(c).is_none());
    let missing: Vec<&str> = missing.collect();
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            wrong(format!("the column `{}` appears twice", short(name)), String::new());
            sound = false;
        } else if COLUMNS.iter().all(|c| c.0 != name) {
            match nearest(name, missing.iter().copied()) {
                Some(near) => {
                    wrong(
                        format!("unknown column `{}`", short(name)),
                        format!("did you mean `{near}`?"),
                    );
                    sound = false;
                }
                None => notes.push(format!("the column `{}` is not used", short(name))),
            }
        }
    }
    for required in COLUMNS[..4].iter().map(|c| c.0).filter(|c| place(c).is_none()) {
        if required == "place" && place("site").is_some() {
            continue;
        }
        let all: Vec<&str> = COLUMNS.iter().map(|c| c.0).collect();
        let help = format!(
            "the first line names the columns, separated by commas; `lamplight schema record` explains them: {}",
            all.join(", ")
        );
        wrong(format!("there is no column `{required}`"), help);
        sound = false;
    }
    sound.then(|| COLUMNS.iter().map(|c| place(c.0)).collect())
}
