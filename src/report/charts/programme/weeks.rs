//! Week by week: stops, arrests, and who was scanned by then.

use super::super::{Chart, LEFT, WIDTH, frame, legend_rows};
use super::{names, percent, picture, sent};
use crate::experiment::summary::{ProgrammeStrategy, ProgrammeSummary, WeekTotals};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, stroke};
use crate::report::ledger::{cell, row};
use crate::report::rows::Sheet;
use crate::report::{Error, Facts, words};

/// Height of a panel, px.
const PANEL: i32 = 210;

/// What is counted of a week.
type Count = fn(&WeekTotals) -> f64;

/// Stops and arrests in each week.
pub(super) fn time(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let all: Vec<(usize, &ProgrammeStrategy)> = programme.strategies.iter().enumerate().collect();
    let title = "Stops and arrests in each week".to_owned();
    let weeks = all.iter().map(|(_, s)| s.weeks.len()).max().unwrap_or(0);
    let alternative =
        format!("Mean numbers of stops and of arrests in each of {weeks} weeks, a line for each strategy.");
    let names = names(&all);
    let top = 56 + 20 * legend_rows(&names);
    let height = top + 2 * (PANEL + 20) + 50;
    let what: [(&str, Count); 2] = [("stops", |w| w.stops), ("arrests", |w| w.totals.arrests)];
    let drawing = draw((WIDTH, height), "time", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.legend(&names, (LEFT, 48));
        for (i, (head, of)) in what.into_iter().enumerate() {
            let y0 = top + i as i32 * (PANEL + 20);
            let lines: Vec<(usize, &str, Vec<f64>)> = (all.iter())
                .map(|(which, s)| (*which, s.name.as_str(), s.weeks.iter().map(of).collect()))
                .collect();
            panel(c, &format!("{head} a week"), &lines, [60, y0, WIDTH - 30, y0 + PANEL]);
        }
    })?;
    let data_rows = (0..weeks).map(|w| {
        let label = all
            .iter()
            .find_map(|(_, s)| Some(s.weeks.get(w)?.from.clone()))
            .unwrap_or_default();
        let figures = all.iter().map(|(_, s)| {
            let week = s.weeks.get(w);
            cell(
                week.map_or(words::NONE.to_owned(), |w| {
                    format!("{} / {}", words::number(w.stops, 1), words::number(w.totals.arrests, 1))
                }),
                "",
            )
        });
        row(label, figures.collect())
    });
    let data = Sheet {
        title: format!("{title} (stops / arrests)"),
        columns: all.iter().map(|(_, s)| s.name.clone()).collect(),
        rows: data_rows.collect(),
    };
    Ok(picture("time", title, alternative, drawing, data))
}

/// Lines over weeks in a rectangle: left, top, right, bottom.
fn panel(c: &Canvas, head: &str, lines: &[(usize, &str, Vec<f64>)], [left, top, right, bottom]: [i32; 4]) {
    c.text(head, (left, top + 6), 13, Anchor::Left, INK);
    let most = lines.iter().flat_map(|(_, _, v)| v).fold(1e-9_f64, |m, v| m.max(*v));
    let weeks = lines.iter().map(|(_, _, v)| v.len()).max().unwrap_or(1);
    let x = Scale::new((1.0, weeks.max(2) as f64), (left, right));
    let y = Scale::new((0.0, most * 1.08), (bottom - 24, top + 20));
    let (ticks, decimals) = y.ticks(4);
    for t in ticks {
        c.line(&[(left, y.at(t)), (right, y.at(t))], stroke(faint(0.14), 1));
        c.text(
            &words::number(t, decimals),
            (left - 6, y.at(t)),
            11,
            Anchor::Right,
            faint(0.8),
        );
    }
    let (ticks, _) = x.ticks(8);
    for t in ticks.into_iter().filter(|t| t.fract() == 0.0) {
        c.text(
            &format!("week {}", words::number(t, 0)),
            (x.at(t), bottom - 10),
            10,
            Anchor::Middle,
            faint(0.8),
        );
    }
    for (which, name, values) in lines {
        let points: Vec<(i32, i32)> = values
            .iter()
            .enumerate()
            .map(|(i, v)| (x.at(i as f64 + 1.0), y.at(*v)))
            .collect();
        c.series(*which, |c| {
            if points.len() > 1 {
                c.line(&points, stroke(color(*which), 2));
            }
            if let (Some(last), Some(value)) = (points.last(), values.last()) {
                c.mark(*which, *last, 4);
                let said = words::number(*value, words::decimals(*value, None).min(3));
                c.tip(*last, 8, &format!("{name}: {said} in the last week shown"));
            }
        });
    }
}

/// The share of each group scanned at least once by the end of each week: a panel for each strategy.
pub(super) fn exposure(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let of = sent(programme);
    let axis = programme
        .groups
        .iter()
        .find(|g| g[0] != "all")
        .map_or("all", |g| g[0].as_str());
    let shown: Vec<usize> = (0..programme.groups.len())
        .filter(|g| programme.groups[*g][0] == axis)
        .collect();
    let levels: Vec<String> = shown.iter().map(|g| programme.groups[*g][1].clone()).collect();
    let title = "Share scanned at least once by the end of each week, by group".to_owned();
    let last = |s: &ProgrammeStrategy, g: usize| {
        s.weeks
            .last()
            .and_then(|w| w.scanned_by_then.get(g).copied())
            .unwrap_or(0.0)
    };
    let said = of.iter().map(|(_, s)| {
        let each: Vec<String> = shown
            .iter()
            .zip(&levels)
            .map(|(g, l)| format!("{l} {} %", percent(last(s, *g))))
            .collect();
        format!("{}: {}", s.name, each.join(", "))
    });
    let alternative = format!(
        "Of 100 people of each group who use the sites, those scanned at least once by the end. {}.",
        said.collect::<Vec<_>>().join(". ")
    );
    let names: Vec<(usize, &str)> = levels.iter().map(String::as_str).enumerate().collect();
    let top = 56 + 20 * legend_rows(&names);
    let height = top + of.len().max(1) as i32 * (PANEL + 20) + 50;
    let drawing = draw((WIDTH, height), "exposure", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.legend(&names, (LEFT, 48));
        for (i, (_, s)) in of.iter().enumerate() {
            let y0 = top + i as i32 * (PANEL + 20);
            let line = |(n, g): (usize, &usize)| {
                let values = s
                    .weeks
                    .iter()
                    .map(|w| 100.0 * w.scanned_by_then.get(*g).copied().unwrap_or(0.0));
                (n, levels[n].as_str(), values.collect())
            };
            let lines: Vec<(usize, &str, Vec<f64>)> = shown.iter().enumerate().map(line).collect();
            panel(
                c,
                &format!("{}: of 100 people", s.name),
                &lines,
                [60, y0, WIDTH - 30, y0 + PANEL],
            );
        }
    })?;
    let data_rows = shown.iter().zip(&levels).map(|(g, level)| {
        row(
            &**level,
            of.iter()
                .map(|(_, s)| cell(format!("{} %", percent(last(s, *g))), ""))
                .collect(),
        )
    });
    let data = Sheet {
        title: format!("{title}: at the end"),
        columns: of.iter().map(|(_, s)| s.name.clone()).collect(),
        rows: data_rows.collect(),
    };
    Ok(Chart {
        series: levels,
        ..picture("exposure", title, alternative, drawing, data)
    })
}
