//! The ledger of everybody alerted or stopped, as tables.

use super::Facts;
use super::rows::{Cell, Row, Sheet};
use super::words;
use crate::experiment::summary::{LedgerRow, Measured};

/// "3.2 [2.9, 3.5]": a figure with its simulation interval.
pub fn measured(m: &Measured) -> String {
    let Some(value) = m.value else {
        return words::NONE.to_owned();
    };
    let ends = m.interval.filter(|i| i.iter().all(|v| v.is_finite()));
    let d = words::decimals(value, ends);
    match ends {
        Some([low, high]) => format!(
            "{} [{}, {}]",
            words::number(value, d),
            words::number(low, d),
            words::number(high, d)
        ),
        None => words::number(value, d),
    }
}

/// A cell with a figure and, under it, words.
pub fn cell(figure: impl Into<String>, words: impl Into<String>) -> Cell {
    Cell {
        figure: figure.into(),
        words: words.into(),
        ..Cell::default()
    }
}

/// A row without a section.
pub fn row(label: impl Into<String>, cells: Vec<Cell>) -> Row {
    Row {
        section: None,
        label: label.into(),
        unit: String::new(),
        definition: String::new(),
        cells,
    }
}

/// Everybody alerted or stopped: one table for each strategy.
pub fn sheets(facts: &Facts) -> Vec<Sheet> {
    // Rows are of whole runs, whatever else is asked for.
    let whole = match facts.summary.programme {
        Some(_) => "in each programme",
        None => "in each deployment",
    };
    let columns = [
        whole,
        "how often",
        "per 100,000 scans",
        "minutes of theirs",
        "charged or cautioned",
    ];
    of_strategies(facts, |name| {
        let of: Vec<&LedgerRow> = rows_of(facts, name)
            .filter(|r| r.by == "all" && r.reason == "all")
            .collect();
        let rows = sectioned(&of, |r| {
            vec![
                cell(
                    measured(&r.per_deployment),
                    format!("{} in all", words::number(r.counted as f64, 0)),
                ),
                cell(&*r.frequency, ""),
                cell(r.per_100k_scans.map_or(words::NONE.to_owned(), plain), ""),
                cell(plain(r.minutes), ""),
                cell(plain(r.charged), ""),
            ]
        });
        Sheet {
            title: format!("{name}: everybody alerted or stopped{}", two_persons(facts, name)),
            columns: columns.map(str::to_owned).to_vec(),
            rows,
        }
    })
}

/// Said of a strategy in which two people must find an alert credible.
pub fn two_persons(facts: &Facts, strategy: &str) -> &'static str {
    let rule = facts.assumptions.iter().find(|a| a.key == "operator.rule");
    let own = rule.and_then(|r| r.differs.iter().find(|(s, _)| s == strategy));
    match own.map(|(_, v)| v).or(rule.map(|r| &r.value)) {
        Some(v) if v.trim_matches('"') == "two" => " (two people review each alert; either may dismiss it)",
        _ => "",
    }
}

/// The same by the reason for being on the list.
pub fn by_reason(facts: &Facts) -> Vec<Sheet> {
    of_strategies(facts, |name| {
        let of: Vec<&LedgerRow> = rows_of(facts, name)
            .filter(|r| r.by == "all" && r.reason != "all")
            .collect();
        crossed(format!("{name}: by reason"), &of, |r| &r.reason)
    })
}

/// The same by group: one table for each strategy and axis.
pub fn by_group(facts: &Facts) -> Vec<Sheet> {
    let mut all = Vec::new();
    for axis in super::rows::axes(facts) {
        all.extend(of_strategies(facts, |name| {
            let of: Vec<&LedgerRow> = rows_of(facts, name)
                .filter(|r| r.by == axis && r.reason == "all")
                .collect();
            let axis = words::spaced(&axis).to_lowercase();
            crossed(format!("{name}: by {axis}"), &of, |r| &r.group)
        }));
    }
    all
}

fn of_strategies(facts: &Facts, sheet: impl Fn(&str) -> Sheet) -> Vec<Sheet> {
    let names = facts.summary.strategies.iter().map(|s| s.name.as_str());
    names.map(sheet).filter(|s| !s.rows.is_empty()).collect()
}

fn rows_of<'f>(facts: &'f Facts, strategy: &str) -> impl Iterator<Item = &'f LedgerRow> {
    facts.summary.ledger.iter().filter(move |r| r.strategy == strategy)
}

fn plain(x: f64) -> String {
    words::number(x, words::decimals(x, None).min(3))
}

/// What a kind of row is called.
fn kind(word: &str) -> &str {
    match word {
        "alert" => "Alerts that led to no stop",
        "stop" => "Stops after an alert",
        "patrol" => "Stops on patrol, without an alert",
        "covered face" => "Stops for a covered face, without an alert; in no other figure of stops",
        "every alert" => "Every alert",
        _ => "Others",
    }
}

/// One row for each outcome, under a heading for each kind.
fn sectioned(of: &[&LedgerRow], cells: impl Fn(&LedgerRow) -> Vec<Cell>) -> Vec<Row> {
    let mut last = "";
    of.iter()
        .map(|r| {
            let section = (r.kind != last).then(|| kind(&r.kind).to_owned());
            last = &r.kind;
            Row {
                section,
                ..row(super::story::capital(&r.outcome), cells(r))
            }
        })
        .collect()
}

/// Outcomes as rows, and whatever `column` tells as columns.
fn crossed(title: String, of: &[&LedgerRow], column: impl Fn(&LedgerRow) -> &str) -> Sheet {
    let mut columns: Vec<String> = Vec::new();
    let mut outcomes: Vec<&LedgerRow> = Vec::new();
    for r in of {
        if !columns.iter().any(|c| c == column(r)) {
            columns.push(column(r).to_owned());
        }
        if !outcomes.iter().any(|o| (&o.kind, &o.outcome) == (&r.kind, &r.outcome)) {
            outcomes.push(r);
        }
    }
    let rows = sectioned(&outcomes, |o| {
        let find = |c: &String| {
            let same = |r: &&&LedgerRow| (&r.kind, &r.outcome) == (&o.kind, &o.outcome) && column(r) == c;
            of.iter().find(same).map_or_else(
                || cell(words::NONE, ""),
                |r| cell(measured(&r.per_deployment), &*r.frequency),
            )
        };
        columns.iter().map(find).collect()
    });
    Sheet { title, columns, rows }
}
