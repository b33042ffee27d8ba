//! Who bears it: rates by group.

use super::{Chart, LEFT, WIDTH, figure_cell, frame, legend_rows};
use crate::experiment::summary::Estimate;
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, stroke};
use crate::report::rows::{self, Row, Sheet};
use crate::report::words::{self, GROUP_RATES};
use crate::report::{Error, Facts};

/// Who bears it: the rate of false alerts of each group. None where the result has no groups or no such rate.
pub fn chart(facts: &Facts) -> Result<Option<Chart>, Error> {
    let axes = rows::axes(facts);
    let strategies = &facts.summary.strategies;
    let has = |id: &&str| {
        strategies
            .iter()
            .flat_map(|s| &s.groups)
            .any(|g| g.metrics.get(*id).is_some_and(|e| e.mean.is_some()))
    };
    let Some(id) = GROUP_RATES.into_iter().find(has) else {
        return Ok(None);
    };
    let unit = (strategies.iter().flat_map(|s| &s.groups))
        .find_map(|g| g.metrics.get(id))
        .map(|e| e.unit.clone());
    let shown = words::scale(&unit.unwrap_or_default());
    // A strategy without cameras has no rate: it gets no rows.
    let drawn: Vec<usize> = (0..strategies.len())
        .filter(|s| {
            strategies[*s]
                .groups
                .iter()
                .any(|g| g.metrics.get(id).is_some_and(|e| e.mean.is_some()))
        })
        .collect();
    let title = format!(
        "Who bears it: {}, {}",
        words::within_sentence(&facts.title(id)),
        shown.unit
    );
    let step = 17;
    let block = step * i32::try_from(drawn.len()).unwrap_or(1) + 10;
    let names: Vec<(usize, &str)> = drawn.iter().map(|s| (*s, strategies[*s].name.as_str())).collect();
    let top = 62 + 20 * legend_rows(&names);
    let total: usize = axes.iter().map(|a| rows::levels(facts, a).len()).sum();
    let sizes = (
        i32::try_from(total).unwrap_or(1),
        i32::try_from(axes.len()).unwrap_or(1),
    );
    let height = top + block * sizes.0 + 30 * sizes.1 + 58;
    let mut most = 0.0_f64;
    for g in strategies.iter().flat_map(|s| &s.groups) {
        let Some(e) = g.metrics.get(id) else { continue };
        for v in e
            .simulation_interval
            .into_iter()
            .flatten()
            .chain(e.mean)
            .filter(|v| v.is_finite())
        {
            most = most.max(v * shown.factor);
        }
    }
    let (plot_left, plot_right) = (150, WIDTH - 170);
    let scale = Scale::new(
        (0.0, if most > 0.0 { most * 1.04 } else { 1.0 }),
        (plot_left, plot_right),
    );
    let alternative = groups_alternative(facts, id, &drawn, &axes, &shown.unit);
    let drawing = draw((WIDTH, height), "groups", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.text(
            "mark: estimate · line: simulation interval",
            (LEFT, 42),
            12,
            Anchor::Left,
            faint(0.85),
        );
        c.legend(&names, (LEFT, 64));
        let bottom = height - 52;
        let (ticks, decimals) = scale.ticks(6);
        for t in ticks {
            let x = scale.at(t);
            c.line(&[(x, top), (x, bottom)], stroke(faint(0.14), 1));
            c.text(
                &words::number(t, decimals),
                (x, bottom + 11),
                11,
                Anchor::Middle,
                faint(0.8),
            );
        }
        c.text(
            &shown.unit,
            ((plot_left + plot_right) / 2, bottom + 26),
            11,
            Anchor::Middle,
            faint(0.8),
        );
        let mut y = top;
        for axis in &axes {
            c.text(&words::spaced(axis), (LEFT, y + 16), 14, Anchor::Left, INK);
            y += 30;
            for level in rows::levels(facts, axis) {
                c.text(
                    &fit(&level, 13, plot_left - 34),
                    (LEFT + 10, y + (block - 10) / 2),
                    13,
                    Anchor::Left,
                    INK,
                );
                for (i, s) in drawn.iter().enumerate() {
                    let at = y + step / 2 + step * i32::try_from(i).unwrap_or(0);
                    if let Some(e) = rows::group_estimate(facts, *s, axis, &level, id) {
                        c.series(*s, |c| {
                            group_mark(c, e, *s, at, &scale, shown.factor, plot_right + 12);
                            let x = scale.at(e.mean.unwrap_or(0.0) * shown.factor);
                            let figure = words::estimate(e);
                            let tip = format!("{}, {level}: {figure} {}", strategies[*s].name, shown.unit);
                            c.tip((x, at), 8, &tip);
                        });
                    }
                }
                y += block;
            }
        }
    })?;
    let mut data_rows = Vec::new();
    for axis in &axes {
        for level in rows::levels(facts, axis) {
            let cells = drawn
                .iter()
                .map(|s| figure_cell(rows::group_estimate(facts, *s, axis, &level, id)));
            data_rows.push(Row {
                section: None,
                label: format!("{}: {level}", words::spaced(axis)),
                unit: shown.unit.clone(),
                definition: String::new(),
                cells: cells.collect(),
            });
        }
    }
    let columns = names.iter().map(|(_, n)| (*n).to_owned()).collect();
    let data = Sheet {
        title: title.clone(),
        columns,
        rows: data_rows,
    };
    Ok(Some(Chart {
        name: "groups",
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    }))
}

fn group_mark(c: &Canvas, e: &Estimate, which: usize, y: i32, scale: &Scale, factor: f64, right: i32) {
    let Some(mean) = e.mean else {
        return c.text(words::NONE, (right, y), 12, Anchor::Left, faint(0.8));
    };
    if let Some([low, high]) = e.simulation_interval {
        c.line(
            &[(scale.at(low * factor), y), (scale.at(high * factor), y)],
            stroke(color(which), 3),
        );
    }
    c.mark(which, (scale.at(mean * factor), y), 5);
    c.text(&words::estimate(e), (right, y), 12, Anchor::Left, INK)
}

fn groups_alternative(facts: &Facts, id: &str, drawn: &[usize], axes: &[String], unit: &str) -> String {
    let mut text = format!("{} by group, {unit}, with simulation intervals.", facts.title(id));
    for s in drawn {
        for axis in axes {
            let each: Vec<String> = rows::levels(facts, axis)
                .iter()
                .filter_map(|level| {
                    Some(format!(
                        "{level} {}",
                        words::estimate(rows::group_estimate(facts, *s, axis, level, id)?)
                    ))
                })
                .collect();
            text.push_str(&format!(
                " {}, by {}: {}.",
                facts.summary.strategies[*s].name,
                words::spaced(axis).to_lowercase(),
                each.join(", ")
            ));
        }
    }
    text
}
