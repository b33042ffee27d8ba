//! The CSV files beside the streets: station counts, station positions, lamp posts.

use std::collections::BTreeMap;
use std::path::Path;

use crate::scenario::diagnose::{Diagnostic, Diagnostics, Source};
use crate::scenario::place_file::{DAY_TYPES, read_text, shortened};

const LARGEST_FILE_BYTES: usize = 256 << 20;
const MOST_PROBLEMS: usize = 50;

/// A station with a position: persons leaving it per clock hour, Monday to Thursday, Friday, Saturday, Sunday.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Station {
    pub name: String,
    /// Longitude and latitude, degrees.
    pub at: [f64; 2],
    pub exits_per_hour: [[f64; 24]; 4],
}

/// The stations whose counts and positions are both known, by name, and how many have counts only.
pub(super) struct Stations {
    pub known: Vec<Station>,
    pub without_position: usize,
}

/// Reads station counts and joins them to positions; `None` without a file of counts.
pub(super) fn read_stations(
    counts: Option<&Path>,
    locations: &[impl AsRef<Path>],
) -> Result<Option<Stations>, Diagnostics> {
    let Some(counts) = counts else { return Ok(None) };
    let mut positions: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for path in locations {
        let table = Table::read(path.as_ref(), "a CSV of station positions", &["station", "lon", "lat"])?;
        // A later file adds to an earlier one, and corrects it.
        positions.extend(table.rows(|row| Ok((row.text(0)?.to_owned(), row.position(1)?)))?);
    }
    let hours: Vec<String> = (0..24).map(|h| format!("h{h:02}")).collect();
    let columns: Vec<&str> = ["station", "day", "dir"]
        .into_iter()
        .chain(hours.iter().map(String::as_str))
        .collect();
    let table = Table::read(counts, "a CSV of station counts", &columns)?;
    let mut exits: BTreeMap<String, [[f64; 24]; 4]> = BTreeMap::new();
    let rows = table.rows(|row| {
        let day = DAY_TYPES.iter().position(|d| Some(*d) == row.text(1).ok());
        let day = day.ok_or_else(|| format!("`day` is not one of {}", DAY_TYPES.join(", ")))?;
        let mut persons = [0.0; 24];
        for (hour, slot) in persons.iter_mut().enumerate() {
            *slot = row.number(3 + hour, 0.0, 1e6)?;
        }
        Ok((row.text(0)?.to_owned(), day, row.text(2)? == "exit", persons))
    })?;
    for (station, day, is_exit, persons) in rows {
        let total = exits.entry(station).or_default();
        for (slot, count) in total[day].iter_mut().zip(persons).filter(|_| is_exit) {
            *slot += count;
        }
    }
    let all = exits.len();
    let known: Vec<Station> = exits
        .into_iter()
        .filter_map(|(name, exits_per_hour)| {
            // The counts tell apart the Underground part of a station that other railways share; the positions do not.
            let at = positions
                .get(&name)
                .or_else(|| positions.get(name.strip_suffix(" LU")?))?;
            Some(Station {
                at: *at,
                name: name.strip_suffix(" LU").unwrap_or(&name).to_owned(),
                exits_per_hour,
            })
        })
        .collect();
    Ok(Some(Stations {
        without_position: all - known.len(),
        known,
    }))
}

/// Reads the positions of lamp posts.
pub(super) fn read_lamps(path: &Path) -> Result<Vec<[f64; 2]>, Diagnostics> {
    Table::read(path, "a CSV of lamp posts", &["lon", "lat"])?.rows(|row| row.position(0))
}

/// A CSV file with a header line and known columns.
struct Table {
    source: Source,
    what: &'static str,
    columns: Vec<String>,
    indices: Vec<usize>,
}

impl Table {
    fn read(path: &Path, what: &'static str, columns: &[&str]) -> Result<Table, Diagnostics> {
        let listed = if columns.len() > 6 {
            format!("{}, … {}", columns[..4].join(", "), columns[columns.len() - 1])
        } else {
            columns.join(", ")
        };
        let hint = format!("Expected a header line with the columns {listed}.");
        let source = read_text(path, what, LARGEST_FILE_BYTES, &hint)?;
        let first_line = 0..source.text.find('\n').unwrap_or(source.text.len());
        let headers = csv::Reader::from_reader(source.text.as_bytes())
            .headers()
            .cloned()
            .unwrap_or_default();
        let find = |column: &&str| headers.iter().position(|h| h.trim() == *column);
        let missing: Vec<&str> = columns.iter().copied().filter(|c| find(c).is_none()).collect();
        if !missing.is_empty() {
            let message = format!("{what} lacks the columns {}", missing.join(", "));
            return Err(vec![Diagnostic::at(&source, first_line, message, hint)]);
        }
        Ok(Table {
            indices: columns.iter().filter_map(find).collect(),
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            source,
            what,
        })
    }

    /// All rows, or every row's problem.
    fn rows<T>(&self, read: impl Fn(&Row) -> Result<T, String>) -> Result<Vec<T>, Diagnostics> {
        let mut reader = csv::Reader::from_reader(self.source.text.as_bytes());
        let mut rows = Vec::new();
        let mut problems = Vec::new();
        let mut record = csv::StringRecord::new();
        loop {
            let start = usize::try_from(reader.position().byte())
                .unwrap_or(usize::MAX)
                .min(self.source.text.len());
            let outcome = match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => read(&Row {
                    table: self,
                    record: &record,
                }),
                Err(e) => Err(match e.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!("it has {len} columns instead of {expected_len}")
                    }
                    _ => e.to_string(),
                }),
            };
            let start = record
                .position()
                .map_or(start, |p| usize::try_from(p.byte()).unwrap_or(start));
            match outcome {
                Ok(row) => rows.push(row),
                Err(message) if problems.len() < MOST_PROBLEMS => {
                    let end = self
                        .source
                        .text
                        .get(start..)
                        .and_then(|rest| rest.find('\n'))
                        .map_or(self.source.text.len(), |i| start + i);
                    let message = format!("a row of {} is wrong: {message}", self.what);
                    problems.push(Diagnostic::at(
                        &self.source,
                        start..end.max(start),
                        message,
                        "Correct or remove this row.",
                    ));
                }
                Err(_) => {}
            }
        }
        if problems.is_empty() { Ok(rows) } else { Err(problems) }
    }
}

struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: usize) -> Result<&str, String> {
        let text = self.record.get(self.table.indices[column]).unwrap_or_default().trim();
        if text.is_empty() {
            Err(format!("`{}` is empty", self.table.columns[column]))
        } else {
            Ok(text)
        }
    }

    fn number(&self, column: usize, low: f64, high: f64) -> Result<f64, String> {
        let text = self.text(column)?;
        let number = text.parse().ok().filter(|n| (low..=high).contains(n));
        number.ok_or_else(|| {
            format!(
                "`{}` is `{}`, not a number from {low} to {high}",
                self.table.columns[column],
                shortened(text)
            )
        })
    }

    /// Longitude and latitude from two neighbouring columns.
    fn position(&self, column: usize) -> Result<[f64; 2], String> {
        Ok([
            self.number(column, -180.0, 180.0)?,
            self.number(column + 1, -90.0, 90.0)?,
        ])
    }
}
