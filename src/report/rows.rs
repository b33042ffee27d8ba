//! The tables that every format shows, laid out once: comparison, differences, groups.

use super::words::{self, FIRST_ROWS, GROUP_ROWS, MAIN_ROWS};
use super::{Facts, MetricDoc};
use crate::experiment::summary::{Difference, Estimate, StrategySummary};
use serde::Serialize;

/// A table: one column for each strategy or comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// What it shows.
    pub title: String,
    /// Heading of the columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row: one metric, or one level of a group axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Heading over this and the following rows, where it changes.
    pub section: Option<String>,
    /// What the row is.
    pub label: String,
    /// Unit, as shown.
    pub unit: String,
    /// Definition of the metric, for those who ask.
    pub definition: String,
    /// One cell for each column.
    pub cells: Vec<Cell>,
}

/// A cell, ready to print.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    /// Figure with its simulation interval.
    pub figure: String,
    /// What one deployment may bring, or empty.
    pub predictive: String,
    /// The figure in natural frequencies, or what the difference amounts to, or empty.
    pub words: String,
}

/// Every strategy side by side, in the order of the funnel.
pub fn comparison(facts: &Facts) -> Sheet {
    let ids: Vec<&str> = MAIN_ROWS.into_iter().filter(|id| has(facts, id)).collect();
    strategies(facts, "Every strategy on the same simulated people", &ids)
}

/// The first table: what happens, to how many, as often as people say it.
pub fn first(facts: &Facts) -> Sheet {
    let ids: Vec<&str> = FIRST_ROWS
        .into_iter()
        .filter_map(|ids| ids.into_iter().find(|id| has(facts, id)))
        .collect();
    let mut sheet = strategies(facts, "What happens, to how many", &ids);
    for (id, row) in ids.iter().zip(&mut sheet.rows) {
        for (s, cell) in facts.summary.strategies.iter().zip(&mut row.cells) {
            // Rare things in natural frequencies, with the figure behind them.
            if let Some(often) = s.metrics.get(*id).and_then(rarely) {
                cell.words = std::mem::replace(&mut cell.figure, often);
            }
        }
    }
    sheet.rows.push(Row {
        section: None,
        label: "Evidence".to_owned(),
        unit: "what the column rests on".to_owned(),
        definition: String::new(),
        cells: facts
            .evidence
            .iter()
            .map(|e| Cell {
                words: e.clone(),
                ..Cell::default()
            })
            .collect(),
    });
    sheet
}

/// What happens less than once in each deployment, as people say it.
fn rarely(e: &Estimate) -> Option<String> {
    let mean = e.mean.filter(|m| *m > 0.0 && *m < 1.0)?;
    let whole = e
        .unit
        .strip_prefix("per ")
        .filter(|w| ["deployment", "programme"].contains(w))?;
    Some(match e.frequency.as_str() {
        "" => crate::stats::frequency(mean, u64::from(e.n), whole),
        said => said.to_owned(),
    })
}

/// The same errors over both of their denominators: one row for each strategy that has any.
pub fn both_rates(facts: &Facts) -> Sheet {
    let ids = ["false_alerts_per_face", "false_share_of_alerts"];
    let seen = |s: &&StrategySummary| !is_patrol(s) && ids.iter().all(|id| s.metrics.contains_key(*id));
    let of = |s: &StrategySummary| Row {
        section: None,
        label: s.name.clone(),
        unit: String::new(),
        definition: String::new(),
        cells: ids.map(|id| cell(facts, id, s.metrics.get(id))).to_vec(),
    };
    let heading = |id: &str| format!("{}, {}", facts.title(id), words::scale(&facts.unit(id)).unit);
    Sheet {
        title: "The same errors over two denominators".to_owned(),
        columns: ids.map(heading).to_vec(),
        rows: facts.summary.strategies.iter().filter(seen).map(of).collect(),
    }
}

/// The metrics that the main table leaves out.
pub fn others(facts: &Facts) -> Sheet {
    let mut ids: Vec<&str> = Vec::new();
    for s in &facts.summary.strategies {
        for id in s.metrics.keys() {
            if !MAIN_ROWS.contains(&id.as_str()) && !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
    }
    ids.sort_by_key(|id| {
        facts
            .metric_rows
            .iter()
            .position(|m| m.id == **id)
            .unwrap_or(usize::MAX)
    });
    strategies(facts, "Every other figure", &ids)
}

fn has(facts: &Facts, id: &str) -> bool {
    facts.summary.strategies.iter().any(|s| s.metrics.contains_key(id))
}

fn strategies(facts: &Facts, title: &str, ids: &[&str]) -> Sheet {
    let all = &facts.summary.strategies;
    let row = |id: &&str| {
        let cells = all
            .iter()
            .map(|s| match s.metrics.get(*id) {
                // Without cameras nothing that begins with a camera can happen: that is known and needs no interval.
                Some(e) if e.events == Some(0) && e.mean == Some(0.0) && is_patrol(s) => Cell {
                    figure: "0".to_owned(),
                    ..Cell::default()
                },
                e => cell(facts, id, e),
            })
            .collect();
        metric_row(facts, id, cells)
    };
    Sheet {
        title: title.to_owned(),
        columns: all.iter().map(|s| s.name.clone()).collect(),
        rows: ids.iter().map(row).collect(),
    }
}

/// Whether nobody passes a camera under this strategy.
pub fn is_patrol(s: &StrategySummary) -> bool {
    s.metrics.get("passes").is_some_and(|e| e.mean == Some(0.0))
}

fn metric_row(facts: &Facts, id: &str, cells: Vec<Cell>) -> Row {
    Row {
        section: None,
        label: facts.title(id),
        unit: words::scale(&facts.unit(id)).unit,
        definition: facts.doc(id).map_or_else(String::new, definition),
        cells,
    }
}

/// A definition with its numerator and denominator.
fn definition(m: &MetricDoc) -> String {
    if m.denominator.is_empty() {
        m.definition.clone()
    } else {
        format!("{} ({} over {})", m.definition, m.numerator, m.denominator)
    }
}

fn cell(facts: &Facts, id: &str, e: Option<&Estimate>) -> Cell {
    let Some(e) = e else {
        return Cell {
            figure: words::NONE.to_owned(),
            ..Cell::default()
        };
    };
    let integer = facts.doc(id).is_some_and(|m| m.integer);
    if e.mean == Some(0.0) && e.simulation_interval == Some([0.0, 0.0]) && e.predictive_interval == Some([0.0, 0.0]) {
        // What cannot happen under this strategy needs no more words.
        return Cell {
            figure: "0".to_owned(),
            ..Cell::default()
        };
    }
    Cell {
        figure: words::estimate(e),
        predictive: words::predictive(e, integer).unwrap_or_default(),
        // "About 34,000 in each deployment" says again what the figure says: words are for what happens rarely.
        words: if e.mean.is_some_and(|m| m.abs() < 1.0) {
            e.frequency.clone()
        } else {
            String::new()
        },
    }
}

/// Each strategy minus the baseline.
pub fn differences(facts: &Facts) -> Sheet {
    let all = &facts.summary.comparisons;
    let ids = MAIN_ROWS
        .into_iter()
        .filter(|id| all.iter().any(|c| c.metrics.contains_key(*id)));
    let rows = ids.map(|id| {
        let unit = facts.unit(id);
        let integer = facts.doc(id).is_some_and(|m| m.integer);
        let cells = all.iter().map(|c| match c.metrics.get(id) {
            None => Cell {
                figure: words::NONE.to_owned(),
                ..Cell::default()
            },
            Some(d) => difference_cell(d, &unit, integer),
        });
        metric_row(facts, id, cells.collect())
    });
    Sheet {
        title: format!("Differences to {}, paired run by run", facts.summary.baseline),
        columns: all.iter().map(|c| c.strategy.clone()).collect(),
        rows: rows.collect(),
    }
}

/// One paired difference; in words only where its sign does not say it all.
pub fn difference_cell(d: &Difference, unit: &str, integer: bool) -> Cell {
    let verdict = words::verdict(d);
    if verdict == words::EQUAL {
        return Cell {
            figure: "0".to_owned(),
            words: verdict.to_owned(),
            ..Cell::default()
        };
    }
    Cell {
        figure: words::difference(d, unit),
        predictive: words::predictive_difference(d, unit, integer).unwrap_or_default(),
        words: if verdict == words::UNCLEAR {
            verdict.to_owned()
        } else {
            String::new()
        },
    }
}

/// Who bears it: a sheet for each axis, its levels under each metric.
pub fn groups(facts: &Facts) -> Vec<Sheet> {
    axes(facts).iter().map(|axis| group_sheet(facts, axis)).collect()
}

/// Names of the group axes, in the order met.
pub fn axes(facts: &Facts) -> Vec<String> {
    let mut axes: Vec<String> = Vec::new();
    for g in facts.summary.strategies.iter().flat_map(|s| &s.groups) {
        if !axes.contains(&g.by) {
            axes.push(g.by.clone());
        }
    }
    axes
}

/// Names of the levels of an axis, in the order met.
pub fn levels(facts: &Facts, axis: &str) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for g in facts
        .summary
        .strategies
        .iter()
        .flat_map(|s| &s.groups)
        .filter(|g| g.by == axis)
    {
        if !levels.contains(&g.name) {
            levels.push(g.name.clone());
        }
    }
    levels
}

/// A metric of one level of an axis under one strategy.
pub fn group_estimate<'f>(
    facts: &'f Facts,
    strategy: usize,
    axis: &str,
    level: &str,
    id: &str,
) -> Option<&'f Estimate> {
    let groups = &facts.summary.strategies.get(strategy)?.groups;
    groups.iter().find(|g| g.by == axis && g.name == level)?.metrics.get(id)
}

fn group_sheet(facts: &Facts, axis: &str) -> Sheet {
    let strategies = &facts.summary.strategies;
    let mut rows = Vec::new();
    let levels = levels(facts, axis);
    for id in GROUP_ROWS {
        let mut section = Some(facts.title(id));
        for level in &levels {
            let found: Vec<Option<&Estimate>> = (0..strategies.len())
                .map(|s| group_estimate(facts, s, axis, level, id))
                .collect();
            let Some(unit) = found.iter().flatten().map(|e| words::scale(&e.unit).unit).next() else {
                continue;
            };
            rows.push(Row {
                section: section.take().map(|title| format!("{title}, {unit}")),
                label: level.clone(),
                unit,
                definition: String::new(),
                cells: found.into_iter().map(|e| cell(facts, id, e)).collect(),
            });
        }
    }
    Sheet {
        title: format!("Who bears it, by {}", words::spaced(axis).to_lowercase()),
        columns: strategies.iter().map(|s| s.name.clone()).collect(),
        rows,
    }
}
