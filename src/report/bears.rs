//! Who bears it, under every idea of whom the matcher confuses, as tables.

use super::Facts;
use super::ledger::{cell, measured, row};
use super::rows::{Cell, Row, Sheet};
use super::words;
use crate::experiment::summary::{Borne, Disparity, GroupRates};

/// One strategy's tables.
#[derive(serde::Serialize)]
pub struct Bears {
    /// Strategy.
    pub strategy: String,
    /// Rates by group, one table for each axis, with the ideas of the matcher side by side.
    pub rates: Vec<Sheet>,
    /// Figures over all groups.
    pub scalars: Vec<Sheet>,
    /// Crossings of two axes.
    pub crossed: Vec<Sheet>,
}

/// Tables for every strategy with disparities.
pub fn sheets(facts: &Facts) -> Vec<Bears> {
    let mut strategies: Vec<&str> = Vec::new();
    for d in &facts.summary.disparities {
        if !strategies.contains(&d.strategy.as_str()) {
            strategies.push(&d.strategy);
        }
    }
    strategies
        .into_iter()
        .map(|strategy| {
            let of: Vec<&Disparity> = facts
                .summary
                .disparities
                .iter()
                .filter(|d| d.strategy == strategy)
                .collect();
            let axes: Vec<&str> = of
                .first()
                .map_or(vec![], |d| d.axes.iter().map(|a| a.by.as_str()).collect());
            let (crossed, plain): (Vec<&str>, Vec<&str>) = axes.into_iter().partition(|a| a.contains(" x "));
            Bears {
                strategy: strategy.to_owned(),
                rates: plain.iter().map(|axis| rates(&of, axis)).collect(),
                scalars: plain
                    .iter()
                    .map(|axis| scalars(&of, axis))
                    .filter(|s| !s.rows.is_empty())
                    .collect(),
                crossed: crossed.iter().map(|axis| rates(&of, axis)).collect(),
            }
        })
        .collect()
}

/// "npl-2023, ratio-shrinks (re-weighted)".
fn heading(d: &Disparity) -> String {
    let mut text = d.matcher.clone();
    if d.hypothesis != d.matcher && !d.hypothesis.is_empty() {
        text += &format!(", {}", d.hypothesis);
    }
    if d.how == "re-weighted" {
        text += " (re-weighted)";
    }
    text
}

fn along<'d>(d: &'d Disparity, axis: &str) -> Option<&'d Borne> {
    d.axes.iter().find(|a| a.by == axis)
}

/// Expected false alerts per 100,000 scans of each group, and how they compare with the reference group.
fn rates(of: &[&Disparity], axis: &str) -> Sheet {
    let first = of.iter().find_map(|d| along(d, axis));
    let reference = first.map_or("", |b| b.reference.as_str());
    let rows = first.into_iter().flat_map(|b| &b.groups).map(|g| {
        let cells = of.iter().map(|d| {
            let found = along(d, axis).and_then(|b| b.groups.iter().find(|x| x.name == g.name));
            found.map_or_else(|| cell(words::NONE, ""), |x| rate(x, reference))
        });
        Row {
            unit: format!("{} of 100 scans", words::number(100.0 * g.share_of_scans, 1)),
            ..row(&*g.name, cells.collect())
        }
    });
    Sheet {
        title: format!(
            "Expected false alerts per 100,000 scans, by {}; compared with {reference}",
            words::spaced(axis).to_lowercase()
        ),
        columns: of.iter().map(|d| heading(d)).collect(),
        rows: rows.collect(),
    }
}

fn rate(g: &GroupRates, reference: &str) -> Cell {
    let compared = if g.name == reference {
        "the group compared with".to_owned()
    } else if g.too_few_events {
        "too few events for a ratio".to_owned()
    } else {
        format!("{} times", measured(&g.fpir_ratio))
    };
    cell(measured(&g.fpir), compared)
}

fn scalars(of: &[&Disparity], axis: &str) -> Sheet {
    let first = of.iter().find_map(|d| along(d, axis));
    let rows = first.into_iter().flat_map(|b| &b.scalars).map(|s| {
        let cells = of.iter().map(|d| {
            let found = along(d, axis).and_then(|b| b.scalars.iter().find(|x| x.id == s.id));
            cell(found.map_or(words::NONE.to_owned(), |x| measured(&x.measured)), "")
        });
        Row {
            definition: s.what.clone(),
            unit: s.what.clone(),
            ..row(words::spaced(&s.id), cells.collect())
        }
    });
    Sheet {
        title: format!("Over all groups, by {}", words::spaced(axis).to_lowercase()),
        columns: of.iter().map(|d| heading(d)).collect(),
        rows: rows.collect(),
    }
}

/// Where differences between groups come from.
pub fn decompositions(facts: &Facts) -> Vec<Sheet> {
    let all = &facts.summary.decompositions;
    let mut sheets: Vec<(String, String, Sheet)> = Vec::new();
    for d in all {
        let place = sheets.iter().position(|(s, by, _)| *s == d.strategy && *by == d.by);
        let at = place.unwrap_or_else(|| {
            let sheet = Sheet {
                title: format!(
                    "{}: where differences by {} come from ({}, compared with {})",
                    d.strategy,
                    words::spaced(&d.by).to_lowercase(),
                    d.what,
                    d.reference
                ),
                columns: Vec::new(),
                rows: Vec::new(),
            };
            sheets.push((d.strategy.clone(), d.by.clone(), sheet));
            sheets.len() - 1
        });
        let sheet = &mut sheets[at].2;
        sheet.columns.push(d.group.clone());
        let mut put = |label: String, c: Cell| match sheet.rows.iter_mut().find(|r| r.label == label) {
            Some(r) => r.cells.push(c),
            None => sheet.rows.push(row(label, vec![c])),
        };
        if d.too_few_events {
            put("all together".into(), cell("too few events", ""));
        } else {
            put("all together".into(), cell(format!("{} times", measured(&d.ratio)), ""));
        }
        for f in &d.factors {
            let times = words::number(f.times, words::decimals(f.times, None).min(3));
            put(
                f.factor.clone(),
                cell(
                    format!("{times} times"),
                    format!("{} % of the whole", words::number(f.percent, 0)),
                ),
            );
        }
    }
    // A group without a factor leaves a gap: every row is as long as the heading.
    for (_, _, sheet) in &mut sheets {
        let wide = sheet.columns.len();
        sheet
            .rows
            .iter_mut()
            .for_each(|r| r.cells.resize(wide, Cell::default()));
    }
    sheets.into_iter().map(|(_, _, s)| s).collect()
}
