//! Tables of comma-separated values whose every row remembers where it stands.

use super::diagnose::{Diagnostic, Source};
use super::document::{Problems, listed, short, suggestion};

/// Most rows of a table.
const MOST_ROWS: usize = 100_000;

/// A table: column names in small letters, and rows.
pub(crate) struct CsvTable {
    pub columns: Vec<String>,
    pub rows: Vec<CsvRow>,
}

/// One row.
pub(crate) struct CsvRow {
    source: Source,
    span: std::ops::Range<usize>,
    cells: Vec<String>,
}

impl CsvRow {
    /// The cell of a column by its place, without spaces around it; empty when the row is short.
    pub fn at(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |c| c.trim())
    }
    /// A problem at this row.
    pub fn problem(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.source, self.span.clone(), message, help)
    }
}

impl CsvTable {
    /// Reads a table. Columns of `required` must be there; any other must be in `known`, or be accepted by `free`.
    pub fn read(
        source: &Source,
        required: &[&str],
        known: &[&str],
        free: impl Fn(&str) -> bool,
        problems: &mut Problems,
    ) -> Option<CsvTable> {
        let text = source.text.trim_start_matches('\u{feff}');
        let source = &Source::new(&source.name, text);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let names = reader.headers().cloned().unwrap_or_default();
        let columns: Vec<String> = names.iter().map(|n| n.trim().to_owned()).collect();
        let end = text.find(['\r', '\n']).unwrap_or(text.len());
        let mut sound = true;
        let mut wrong = |message: String, help: String| {
            problems.push(Diagnostic::at(source, 0..end, message, help));
            sound = false;
        };
        for name in required.iter().filter(|r| !columns.iter().any(|c| c == *r)) {
            wrong(
                format!("there is no column `{name}`"),
                format!("the first line names the columns: {}", listed(known)),
            );
        }
        for (i, name) in columns.iter().enumerate() {
            if columns[..i].contains(name) {
                wrong(format!("the column `{}` appears twice", short(name)), String::new());
            } else if !known.contains(&name.as_str()) && !free(name) {
                let help = match suggestion(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("columns are {}", listed(known)),
                };
                wrong(format!("unknown column `{}`", short(name)), help);
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(cells) if rows.len() < MOST_ROWS => rows.push(row(source, &cells)),
                Ok(_) => {
                    let message = format!("the table has more than {MOST_ROWS} rows");
                    problems.push(Diagnostic::at(source, 0..end, message, ""));
                    return None;
                }
                Err(e) => {
                    let message = format!("not comma-separated values: {e}");
                    problems.push(Diagnostic::at(source, 0..end, message, ""));
                    return None;
                }
            }
        }
        for row in rows.iter().filter(|r| r.cells.len() != columns.len()) {
            let message = format!("the line has {} cells, the header {}", row.cells.len(), columns.len());
            problems.push(row.problem(message, "is a comma or a closing quotation mark missing?"));
        }
        sound.then_some(CsvTable { columns, rows })
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }
}

fn row(source: &Source, cells: &csv::StringRecord) -> CsvRow {
    let start = cells.position().map_or(0, |p| p.byte() as usize).min(source.text.len());
    let rest = source.text.get(start..).unwrap_or_default();
    let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let length = rest[skipped..].find(['\r', '\n']).unwrap_or(rest.len() - skipped);
    CsvRow {
        source: source.clone(),
        span: start + skipped..start + skipped + length,
        cells: cells.iter().map(str::to_owned).collect(),
    }
}
