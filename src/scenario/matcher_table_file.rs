//! Measured error rates of an algorithm, from a CSV file: false and true match rate by threshold and group pair.

use super::diagnose::{Diagnostic, Source};
use super::document::{Kind, Node, Problems, listed, plain, short};
use super::files::{LARGEST_PLACE, open_beside};
use super::plan::{Axes, MeasuredRates};
use super::population::{find_axis, find_level};
use std::ops::Range;
use std::path::Path;

/// Name of measured rates among the hashes of a plan.
pub(crate) const MEASURED: &str = "matcher.table";

const HELP: &str = "the columns are threshold, false_match_rate, true_match_rate, and probe.AXIS and entry.AXIS for the axes that matter";
/// Group pairs times thresholds that are kept.
const MOST_RATES: usize = 5_000_000;

/// Reads `matcher.table`: the rates, and the text they were read from.
pub(crate) fn read_matcher_table(
    node: &Node,
    folder: &Path,
    axes: &Axes,
    problems: &mut Problems,
) -> Option<(MeasuredRates, String)> {
    let source = open_beside("matcher.table", node, folder, LARGEST_PLACE, problems)?;
    let mut table = Reader::new(&source, axes, problems)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    for record in reader.records() {
        match record {
            Ok(record) => table.row(&record, problems)?,
            Err(e) => {
                let at = e.position().map_or(0, |p| p.byte() as usize).min(source.text.len());
                problems.push(Diagnostic::at(
                    &source,
                    at..at,
                    format!("this line cannot be read: {e}"),
                    HELP,
                ));
                return None;
            }
        }
    }
    let rates = table.finish(problems)?;
    Some((rates, source.text.to_string()))
}

/// Which column holds what.
struct Columns {
    threshold: usize,
    false_match: usize,
    true_match: usize,
    /// Column, axis, and whether it speaks of the entry (else of the probe).
    groups: Vec<(usize, usize, bool)>,
}

/// One row as it was read.
struct Row {
    threshold: f64,
    probes: Vec<usize>,
    entries: Vec<usize>,
    false_match: f64,
    true_match: Option<f64>,
    span: Range<usize>,
}

struct Reader<'a> {
    source: &'a Source,
    axes: &'a Axes,
    columns: Columns,
    rows: Vec<Row>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source, axes: &'a Axes, problems: &mut Problems) -> Option<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(source.text.as_bytes());
        let header = reader.headers().cloned().unwrap_or_default();
        let line = Node {
            source: source.clone(),
            span: 0..source.text.find('\n').unwrap_or(source.text.len()),
            kind: Kind::Broken,
        };
        let find = |name: &str, problems: &mut Problems| {
            let at = header.iter().position(|h| h == name);
            if at.is_none() {
                problems.push(line.problem(format!("the table has no column {name}"), HELP));
            }
            at
        };
        let (threshold, false_match, true_match) = (
            find("threshold", problems),
            find("false_match_rate", problems),
            find("true_match_rate", problems),
        );
        let mut groups = Vec::new();
        for (i, name) in header.iter().enumerate() {
            let (side, axis) = match name.split_once('.') {
                Some((side @ ("probe" | "entry"), axis)) => (side, axis),
                _ if ["threshold", "false_match_rate", "true_match_rate", "source", "note"].contains(&name) => continue,
                _ => {
                    problems.push(line.problem(
                        format!("the table has a column \"{}\" that means nothing", short(name)),
                        HELP,
                    ));
                    continue;
                }
            };
            match find_axis(axes, axis) {
                Some(a) => groups.push((i, a, side == "entry")),
                None => {
                    let names: Vec<&str> = axes.0.iter().map(|a| a.name.as_str()).collect();
                    let help = format!("its axes are {}", listed(&names));
                    problems.push(line.problem(format!("the crowd has no axis \"{}\"", short(axis)), help));
                }
            }
        }
        Some(Reader {
            source,
            axes,
            columns: Columns {
                threshold: threshold?,
                false_match: false_match?,
                true_match: true_match?,
                groups,
            },
            rows: Vec::new(),
        })
    }

    /// Reads one line; an empty group cell speaks of every level.
    fn row(&mut self, record: &csv::StringRecord, problems: &mut Problems) -> Option<()> {
        let start = record
            .position()
            .map_or(0, |p| p.byte() as usize)
            .min(self.source.text.len());
        let end = self.source.text[start..]
            .find('\n')
            .map_or(self.source.text.len(), |i| start + i);
        let place = Node {
            source: self.source.clone(),
            span: start..end,
            kind: Kind::Broken,
        };
        let number = |column: usize, name: &str, range: (f64, f64), problems: &mut Problems| {
            let text = record.get(column).unwrap_or_default();
            let x = text.parse::<f64>().ok().filter(|x| (range.0..=range.1).contains(x));
            if x.is_none() {
                let message = format!(
                    "{name} must be a number from {} to {}, not \"{}\"",
                    plain(range.0),
                    plain(range.1),
                    short(text)
                );
                let help =
                    "where no match was seen, give an upper bound such as 3 over the number of comparisons, not 0";
                problems.push(place.problem(message, help));
            }
            x
        };
        let threshold = number(self.columns.threshold, "threshold", (-1e6, 1e6), problems);
        let false_match = number(self.columns.false_match, "false_match_rate", (1e-15, 1.0), problems);
        let true_match = match record.get(self.columns.true_match).unwrap_or_default() {
            "" => Some(None),
            _ => number(self.columns.true_match, "true_match_rate", (1e-9, 1.0), problems).map(Some),
        };
        let mut cells = [
            (0..self.axes.cells()).collect::<Vec<_>>(),
            (0..self.axes.cells()).collect(),
        ];
        for (column, axis, entry) in &self.columns.groups {
            let name = record.get(*column).unwrap_or_default();
            if !name.is_empty() {
                let level = find_level(&self.axes.0[*axis], name, &place, problems)?;
                cells[usize::from(*entry)].retain(|c| self.axes.level(*c, *axis) == level);
            }
        }
        let [probes, entries] = cells;
        self.rows.push(Row {
            threshold: threshold?,
            probes,
            entries,
            false_match: false_match?,
            true_match: true_match?,
            span: start..end,
        });
        Some(())
    }

    /// Every group pair must have every threshold once, and rates must not rise with the threshold.
    fn finish(self, problems: &mut Problems) -> Option<MeasuredRates> {
        let mut thresholds: Vec<f64> = self.rows.iter().map(|r| r.threshold).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let (cells, n) = (self.axes.cells(), thresholds.len());
        let all = Diagnostic::at(self.source, 0..0, "", HELP);
        let say = |message: String, help: &str| Diagnostic {
            message,
            help: help.to_owned(),
            ..all.clone()
        };
        if n < 2 {
            problems.push(say(
                "the table has fewer than two thresholds".into(),
                "rates are interpolated between thresholds",
            ));
            return None;
        }
        if cells * cells * n > MOST_RATES {
            let message = format!("{cells} groups and {n} thresholds make more rates than can be kept");
            problems.push(say(message, "use fewer thresholds or axes"));
            return None;
        }
        let mut false_match = vec![vec![vec![None; n]; cells]; cells];
        let mut true_match = vec![vec![None; n]; cells];
        for row in &self.rows {
            let at = |message: &str, help: &str| Diagnostic::at(self.source, row.span.clone(), message, help);
            let Some(k) = thresholds.iter().position(|t| *t == row.threshold) else {
                continue;
            };
            let twice = "this threshold and pair of groups was given before";
            for &g in &row.probes {
                for &h in &row.entries {
                    if false_match[g][h][k].replace(row.false_match).is_some() {
                        problems.push(at(twice, "every pair has one row for each threshold"));
                        return None;
                    }
                }
                if let (Some(rate), true) = (row.true_match, row.entries.contains(&g)) {
                    true_match[g][k] = Some(rate);
                }
            }
        }
        let name = |c: usize| {
            let level = |(a, axis): (usize, &super::plan::Axis)| axis.levels[self.axes.level(c, a)].clone();
            let levels: Vec<String> = self.axes.0.iter().enumerate().map(level).collect();
            if levels.is_empty() {
                "everybody".to_owned()
            } else {
                levels.join(", ")
            }
        };
        let whole = |rates: Vec<Option<f64>>, what: &str, of: &dyn Fn() -> String, problems: &mut Problems| {
            let found: Option<Vec<f64>> = rates.iter().copied().collect();
            let Some(found) = found else {
                let k = rates.iter().position(Option::is_none).unwrap_or(0);
                let message = format!("there is no {what} at threshold {} for {}", plain(thresholds[k]), of());
                problems.push(say(
                    message,
                    "every pair of groups has one row for each threshold; an empty cell speaks of every level",
                ));
                return None;
            };
            if let Some(k) = found.windows(2).position(|pair| pair[1] > pair[0]) {
                let message = format!(
                    "the {what} for {} rises from threshold {} to {}",
                    of(),
                    plain(thresholds[k]),
                    plain(thresholds[k + 1])
                );
                problems.push(say(
                    message,
                    "a higher threshold cannot let more through: smooth the measured rates",
                ));
                return None;
            }
            Some(found)
        };
        let mut rates = MeasuredRates {
            thresholds: thresholds.clone(),
            false_match: Vec::new(),
            true_match: Vec::new(),
        };
        for (g, row) in false_match.into_iter().enumerate() {
            let mut of_probe = Vec::new();
            for (h, list) in row.into_iter().enumerate() {
                let of = || format!("probes of ({}) and entries of ({})", name(g), name(h));
                of_probe.push(whole(list, "false match rate", &of, problems)?);
            }
            rates.false_match.push(of_probe);
        }
        for (g, list) in true_match.into_iter().enumerate() {
            rates
                .true_match
                .push(whole(list, "true match rate", &|| name(g), problems)?);
        }
        Some(rates)
    }
}
