//! Deployment records: what forces publish of each deployment, as comma-separated values. MODEL.md says how to read them.

use super::diagnose::{Diagnostic, Diagnostics, Source, nearest};
use super::document::{Problems, short};
use super::files::{read_text, sha256};
use super::record_site::Gazetteer;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;
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
type Places = Vec<Option<usize>>;

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

/// A line on its way to a row.
struct Line<'a> {
    source: &'a Source,
    cells: &'a csv::StringRecord,
    places: &'a Places,
    problems: &'a mut Problems,
    sound: bool,
}

impl<'a> Line<'a> {
    fn new(source: &'a Source, cells: &'a csv::StringRecord, places: &'a Places, problems: &'a mut Problems) -> Self {
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
    fn set_aside_arrests(&self, row: &mut RecordRow) -> Option<Diagnostic> {
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

    fn row(&mut self, gazetteer: &Gazetteer) -> Option<RecordRow> {
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
fn remarks(row: &RecordRow) -> Vec<String> {
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

/// A record in the project's own format.
pub fn write_record(record: &DeploymentRecord) -> String {
    let order = [
        "force",
        "date",
        "site",
        "borough",
        "place",
        "use_case",
        "kind",
        "hours",
        "watchlist",
        "threshold",
        "faces",
        "alerts",
        "true_confirmed",
        "true_unconfirmed",
        "false_confirmed",
        "false_unconfirmed",
        "true_alerts",
        "false_alerts",
        "engagements",
        "arrests",
        "other_disposal",
        "no_action",
        "status",
        "source",
        "note",
    ];
    let mut text = order.join(",") + "\n";
    for row in &record.rows {
        let cells = order.map(|column| quoted(&cell(row, column)));
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn cell(row: &RecordRow, column: &str) -> String {
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let count = |v: Option<u32>| v.map(|v| v.to_string()).unwrap_or_default();
    match column {
        "force" => row.force.clone(),
        "date" => row.date.to_string(),
        "site" => row.site.clone(),
        "borough" => row.borough.clone().unwrap_or_default(),
        "place" => row.place.clone(),
        "use_case" => row.use_case.clone(),
        "kind" => row.kind.word().to_owned(),
        "hours" => number(row.hours),
        "watchlist" => count(row.watchlist),
        "threshold" => number(row.threshold),
        "faces" => count(row.faces),
        "alerts" => count(row.alerts),
        "true_confirmed" => count(row.true_confirmed),
        "true_unconfirmed" => count(row.true_unconfirmed),
        "false_confirmed" => count(row.false_confirmed),
        "false_unconfirmed" => count(row.false_unconfirmed),
        "true_alerts" => count(row.true_alerts),
        "false_alerts" => count(row.false_alerts),
        "engagements" => count(row.engagements),
        "arrests" => count(row.arrests),
        "other_disposal" => count(row.other_disposal),
        "no_action" => count(row.no_action),
        "status" => row.status.clone(),
        "source" => row.source.clone(),
        _ => row.note.clone(),
    }
}

/// The columns of a record file as a Markdown page.
pub fn record_docs() -> String {
    let mut text = "| column | unit | meaning |\n|---|---|---|\n".to_owned();
    for (name, unit, meaning) in COLUMNS {
        let _ = writeln!(text, "| `{name}` | {unit} | {meaning} |");
    }
    text + "\nThe first four columns must be there (`site` may stand in for `place`); others may be missing or empty. Columns may come in any order.\n"
}
