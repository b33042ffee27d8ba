//! Scores by group with the threshold line, and what every threshold would do.

use super::{Chart, LEFT, WIDTH, frame, legend_rows};
use crate::experiment::{Curves, GroupCurve, KNOWN_THRESHOLDS};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, stroke};
use crate::report::rows::{Cell, Row, Sheet};
use crate::report::{Error, Facts, words};
use plotters::style::Color;

/// Where pictures of scores begin and end, px.
const FIELD: (i32, i32) = (110, WIDTH - 40);
const PANEL: i32 = 190;

/// The axis that is drawn: the first, with everybody where there is none.
fn drawn(curves: &Curves) -> Vec<&GroupCurve> {
    let first = curves.groups.iter().find(|g| g.by != "all").map(|g| g.by.as_str());
    let of = |g: &&GroupCurve| g.by == first.unwrap_or("all");
    curves.groups.iter().filter(of).collect()
}

fn names<'c>(groups: &[&'c GroupCurve]) -> Vec<(usize, &'c str)> {
    groups.iter().enumerate().map(|(i, g)| (i, g.name.as_str())).collect()
}

/// Score distributions by group with the threshold line.
pub fn scores(facts: &Facts, curves: &Curves) -> Result<Chart, Error> {
    let groups = drawn(curves);
    let axis = words::spaced(groups.first().map_or("", |g| g.by.as_str())).to_lowercase();
    let title = format!("Similarity scores by {axis}, and the threshold ({})", curves.strategy);
    let alternative = scores_alternative(curves, &groups);
    let names = names(&groups);
    let top = 66 + 20 * legend_rows(&names);
    let height = top + 2 * PANEL + 100;
    let drawing = draw((WIDTH, height), "scores", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.text(
            "how many of 100 searches have a score in each step of 0.01, at the central values of the parameters",
            (LEFT, 44),
            12,
            Anchor::Left,
            faint(0.85),
        );
        c.legend(&names, (LEFT, 66));
        let x = Scale::new((curves.scores[0], *curves.scores.last().unwrap_or(&1.0)), FIELD);
        let steps = |g: &GroupCurve, own: bool| -> Vec<f64> {
            let reach = |i: usize| {
                if own {
                    g.genuine.get(i).map_or(0.0, |v| v[0])
                } else {
                    g.false_match[i]
                }
            };
            (1..curves.scores.len())
                .map(|i| 100.0 * (reach(i - 1) - reach(i)))
                .collect()
        };
        for (row, (own, head)) in [
            (false, "people not on the list: highest score against any entry"),
            (true, "people on the list: score against their own photograph"),
        ]
        .into_iter()
        .enumerate()
        {
            let y0 = top + 26 + row as i32 * (PANEL + 30);
            c.text(head, (LEFT, y0 - 12), 13, Anchor::Left, INK);
            let all: Vec<Vec<f64>> = groups.iter().map(|g| steps(g, own)).collect();
            let most = all.iter().flatten().fold(1e-9_f64, |m, v| m.max(*v));
            let y = Scale::new((0.0, most * 1.05), (y0 + PANEL - 20, y0));
            let (ticks, decimals) = y.ticks(3);
            for t in ticks {
                c.line(&[(FIELD.0, y.at(t)), (FIELD.1, y.at(t))], stroke(faint(0.14), 1));
                c.text(
                    &words::number(t, decimals),
                    (FIELD.0 - 8, y.at(t)),
                    11,
                    Anchor::Right,
                    faint(0.8),
                );
            }
            score_axis(c, &x, y0 + PANEL - 20);
            for (which, (g, heights)) in groups.iter().zip(&all).enumerate() {
                c.series(which, |c| {
                    let line: Vec<(i32, i32)> = heights
                        .iter()
                        .zip(&curves.scores)
                        .map(|(h, s)| (x.at(s + 0.005), y.at(*h)))
                        .collect();
                    c.line(&line, stroke(color(which), 2));
                    if let Some(peak) = (0..heights.len()).max_by(|a, b| heights[*a].total_cmp(&heights[*b])) {
                        c.mark(which, line[peak], 4);
                        c.tip(
                            line[peak],
                            9,
                            &format!("{}: most often near {:.2}", g.name, curves.scores[peak]),
                        );
                    }
                });
            }
            threshold_line(c, curves, &x, (y0, y0 + PANEL - 20));
        }
    })?;
    Ok(Chart {
        name: "scores",
        data: reach_sheet(curves, &groups, &title),
        title,
        alternative,
        drawing,
        series: groups.iter().map(|g| g.name.clone()).collect(),
    })
}

fn score_axis(c: &Canvas, x: &Scale, bottom: i32) {
    let (ticks, decimals) = x.ticks(6);
    for t in ticks {
        c.text(
            &words::number(t, decimals.max(1)),
            (x.at(t), bottom + 12),
            11,
            Anchor::Middle,
            faint(0.8),
        );
    }
}

fn threshold_line(c: &Canvas, curves: &Curves, x: &Scale, (top, bottom): (i32, i32)) {
    let at = x.at(curves.threshold);
    let [low, high] = curves.thresholds;
    if low < high {
        c.block([(x.at(low), top), (x.at(high), bottom)], faint(0.12));
    }
    c.line(&[(at, top), (at, bottom)], stroke(INK, 2));
    let label = operating_words(curves);
    c.text(&label, (at + 6, top + 6), 12, Anchor::Left, INK);
    c.tip((at, (top + bottom) / 2), 8, &label);
}

/// Where the threshold stands, in words.
fn operating_words(curves: &Curves) -> String {
    let [low, high] = curves.thresholds;
    let at = words::number(curves.threshold, 2);
    if low < high {
        let [low, high] = [low, high].map(|t| words::number(t, 2));
        format!("threshold {at} at first; {low} to {high} over the programme")
    } else {
        format!("threshold {at}")
    }
}

/// How many entries the list has, in words.
fn list_words(curves: &Curves) -> String {
    let [low, high] = curves.list_sizes;
    let at = words::number(curves.list_size, 0);
    if low < high {
        let [low, high] = [low, high].map(|n| words::number(n, 0));
        format!("{at} entries ({low} to {high} over the programme)")
    } else {
        format!("{at} entries")
    }
}

/// What every threshold would do: false alerts of people not on the list, and listed people recognised.
pub fn errors(facts: &Facts, curves: &Curves) -> Result<Chart, Error> {
    let groups = drawn(curves);
    let title = format!("What another threshold would do ({})", curves.strategy);
    let alternative = errors_alternative(curves, &groups);
    let names = names(&groups);
    let top = 66 + 20 * legend_rows(&names);
    let height = top + 2 * PANEL + 100;
    let drawing = draw((WIDTH, height), "errors", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        let key = format!(
            "outside {} to {} the rates of false alerts are extrapolated (shaded); bands: simulation intervals",
            KNOWN_THRESHOLDS[0], KNOWN_THRESHOLDS[1]
        );
        c.text(&key, (LEFT, 44), 12, Anchor::Left, faint(0.85));
        c.legend(&names, (LEFT, 66));
        let x = Scale::new((0.5, 0.8), FIELD);
        false_panel(c, curves, &groups, &x, top + 26);
        true_panel(c, curves, &groups, &x, top + 26 + PANEL + 30);
    })?;
    Ok(Chart {
        name: "errors",
        data: reach_sheet(curves, &groups, &title),
        title,
        alternative,
        drawing,
        series: groups.iter().map(|g| g.name.clone()).collect(),
    })
}

/// Indices of the scores between the ends of an axis.
fn within(curves: &Curves) -> Vec<usize> {
    let inside = |i: &usize| (0.4999..=0.8001).contains(&curves.scores[*i]);
    (0..curves.scores.len()).filter(inside).collect()
}

fn shade(c: &Canvas, x: &Scale, (top, bottom): (i32, i32)) {
    c.block([(FIELD.0, top), (x.at(KNOWN_THRESHOLDS[0]), bottom)], faint(0.07));
    c.block([(x.at(KNOWN_THRESHOLDS[1]), top), (FIELD.1, bottom)], faint(0.07));
}

/// False alerts per 100,000 searches, each step ten times the last.
fn false_panel(c: &Canvas, curves: &Curves, groups: &[&GroupCurve], x: &Scale, y0: i32) {
    c.text(
        "false alerts per 100,000 searches (each step is ten times the last)",
        (LEFT, y0 - 12),
        13,
        Anchor::Left,
        INK,
    );
    let bottom = y0 + PANEL - 20;
    let y = Scale::new((-3.0, 3.5), (bottom, y0));
    shade(c, x, (y0, bottom));
    for power in -3..=3 {
        let at = y.at(f64::from(power));
        c.line(&[(FIELD.0, at), (FIELD.1, at)], stroke(faint(0.14), 1));
        let label = words::number(libm::pow(10.0, f64::from(power)), (-power).max(0) as usize);
        c.text(&label, (FIELD.0 - 8, at), 11, Anchor::Right, faint(0.8));
    }
    score_axis(c, x, bottom);
    for (which, g) in groups.iter().enumerate() {
        let at = |i: usize| {
            let rate = (1e5 * g.false_match[i]).clamp(1e-3, 3000.0);
            (x.at(curves.scores[i]), y.at(libm::log10(rate)))
        };
        let line: Vec<(i32, i32)> = within(curves).into_iter().map(at).collect();
        c.series(which, |c| {
            c.line(&line, stroke(color(which), 2));
            operating(c, curves, which, |i| {
                let rate = words::number(1e5 * g.false_match[i], 3);
                (
                    at(i),
                    format!("{}: {rate} false alerts per 100,000 searches at the threshold", g.name),
                )
            });
        });
    }
    threshold_line(c, curves, x, (y0, bottom));
}

/// The mark at the threshold.
fn operating(c: &Canvas, curves: &Curves, which: usize, at: impl Fn(usize) -> ((i32, i32), String)) {
    let gap = |i: &usize| libm::fabs(curves.scores[*i] - curves.threshold);
    let near = (0..curves.scores.len()).min_by(|a, b| gap(a).total_cmp(&gap(b)));
    if let Some(i) = near {
        let (spot, tip) = at(i);
        c.mark(which, spot, 5);
        c.tip(spot, 9, &tip);
    }
}

fn true_panel(c: &Canvas, curves: &Curves, groups: &[&GroupCurve], x: &Scale, y0: i32) {
    c.text(
        "searches of listed people that reach the threshold, of 100",
        (LEFT, y0 - 12),
        13,
        Anchor::Left,
        INK,
    );
    let bottom = y0 + PANEL - 20;
    let y = Scale::new((0.0, 100.0), (bottom, y0));
    for t in [0.0, 25.0, 50.0, 75.0, 100.0] {
        c.line(&[(FIELD.0, y.at(t)), (FIELD.1, y.at(t))], stroke(faint(0.14), 1));
        c.text(
            &words::number(t, 0),
            (FIELD.0 - 8, y.at(t)),
            11,
            Anchor::Right,
            faint(0.8),
        );
    }
    score_axis(c, x, bottom);
    for (which, g) in groups.iter().enumerate().filter(|(_, g)| !g.genuine.is_empty()) {
        let spot = |i: usize, part: usize| (x.at(curves.scores[i]), y.at(100.0 * g.genuine[i][part]));
        let range = within(curves);
        c.series(which, |c| {
            let mut band: Vec<(i32, i32)> = range.iter().map(|i| spot(*i, 1)).collect();
            band.extend(range.iter().rev().map(|i| spot(*i, 2)));
            c.area(&band, color(which).mix(0.12));
            let line: Vec<(i32, i32)> = range.iter().map(|i| spot(*i, 0)).collect();
            c.line(&line, stroke(color(which), 2));
            operating(c, curves, which, |i| {
                let share = words::number(100.0 * g.genuine[i][0], 0);
                (spot(i, 0), format!("{}: {share} of 100 at the threshold", g.name))
            });
        });
    }
    threshold_line(c, curves, x, (y0, bottom));
}

/// Rates at a few thresholds, as a table.
fn reach_sheet(curves: &Curves, groups: &[&GroupCurve], title: &str) -> Sheet {
    let shown = [0.56, 0.58, 0.60, 0.62, 0.64, 0.66, 0.68];
    let index = |t: f64| curves.scores.iter().position(|s| libm::fabs(s - t) < 1e-6);
    let rows = groups.iter().flat_map(|g| {
        let cells = |of: &dyn Fn(usize) -> String| -> Vec<Cell> {
            let figure = |t: f64| index(t).map_or(words::NONE.to_owned(), of);
            shown
                .iter()
                .map(|t| Cell {
                    figure: figure(*t),
                    ..Cell::default()
                })
                .collect()
        };
        let row = |label: String, unit: &str, cells: Vec<Cell>| Row {
            section: None,
            label,
            unit: unit.to_owned(),
            definition: String::new(),
            cells,
        };
        let wrong = cells(&|i| words::number(1e5 * g.false_match[i], 2));
        let right = cells(&|i| {
            g.genuine
                .get(i)
                .map_or(words::NONE.to_owned(), |v| words::number(100.0 * v[0], 0))
        });
        [
            row(format!("{}: false alerts per 100,000 searches", g.name), "", wrong),
            row(format!("{}: of 100 searches of listed people", g.name), "", right),
        ]
    });
    Sheet {
        title: title.to_owned(),
        columns: shown.iter().map(|t| format!("threshold {t:.2}")).collect(),
        rows: rows.collect(),
    }
}

fn scores_alternative(curves: &Curves, groups: &[&GroupCurve]) -> String {
    let names: Vec<&str> = groups.iter().map(|g| g.name.as_str()).collect();
    format!(
        "Two pictures of similarity scores for {}: highest scores of people not on a list of {}, and scores of {} searches of listed people against their own photographs in {} simulated deployments. The picture shows the {}.",
        names.join(", "),
        list_words(curves),
        words::number(groups.iter().map(|g| g.searches).sum::<u64>() as f64, 0),
        curves.deployments,
        operating_words(curves)
    )
}

fn errors_alternative(curves: &Curves, groups: &[&GroupCurve]) -> String {
    let gap = |i: &usize| libm::fabs(curves.scores[*i] - curves.threshold);
    let near = (0..curves.scores.len())
        .min_by(|a, b| gap(a).total_cmp(&gap(b)))
        .unwrap_or(0);
    let each: Vec<String> = groups
        .iter()
        .map(|g| {
            let found = g
                .genuine
                .get(near)
                .map_or(words::NONE.to_owned(), |v| words::number(100.0 * v[0], 0));
            let wrong = words::number(1e5 * g.false_match[near], 2);
            format!(
                "{}: {wrong} false alerts per 100,000 searches, {found} of 100 listed people's searches reach it",
                g.name
            )
        })
        .collect();
    format!(
        "How false alerts fall and listed people are missed as the threshold rises. At {}: {}.",
        words::number(curves.threshold, 2),
        each.join("; ")
    )
}
