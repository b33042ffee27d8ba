//! Every strategy minus the baseline.

use super::{Chart, LEFT, WIDTH, frame, legend_rows, place_of};
use crate::experiment::summary::{Comparison, Difference};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, stroke};
use crate::report::rows::{self, Cell, Row, Sheet};
use crate::report::{Error, Facts, words};
use plotters::style::Color;

/// Metrics whose differences are drawn: the funnel, then what it costs those who are not sought.
fn difference_metrics(facts: &Facts) -> Vec<String> {
    let mut ids = facts.funnel.clone();
    for id in [
        "false_alerts_expected",
        "wrongful_stops",
        "stops_without_arrest",
        "sought_missed",
        "took_another_route",
    ] {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids.retain(|id| {
        facts
            .summary
            .comparisons
            .iter()
            .any(|c| c.metrics.get(id).is_some_and(|d| d.difference.is_some()))
    });
    ids
}

/// Small pictures, one for each metric because their scales differ, of every strategy minus the baseline.
pub fn chart(facts: &Facts) -> Result<Chart, Error> {
    let title = format!(
        "Difference to {} per {}, paired run by run",
        facts.summary.baseline, facts.summary.per
    );
    let ids = difference_metrics(facts);
    let comparisons = &facts.summary.comparisons;
    let count = i32::try_from(comparisons.len()).unwrap_or(1);
    let panel = 34 + 34 * count + 34;
    let panels = i32::try_from(ids.len()).unwrap_or(1);
    let names: Vec<(usize, &str)> = comparisons
        .iter()
        .map(|k| (place_of(facts, &k.strategy), k.strategy.as_str()))
        .collect();
    let top = 66 + 20 * legend_rows(&names);
    let height = top + panel * ((panels + 1) / 2) + 28;
    let alternative = differences_alternative(facts, &ids);
    let key =
        "thick: simulation interval (the model's own answer) · thin: what the difference may be in one deployment";
    let drawing = draw((WIDTH, height), "differences", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.text(key, (LEFT, 44), 12, Anchor::Left, faint(0.85));
        c.legend(&names, (LEFT, 66));
        for (i, id) in ids.iter().enumerate() {
            let i = i32::try_from(i).unwrap_or(0);
            let at = (LEFT + (i % 2) * (WIDTH / 2), top + panel * (i / 2));
            difference_panel(c, facts, id, at, panel);
        }
    })?;
    let data = difference_data(facts, &ids, &title);
    Ok(Chart {
        name: "differences",
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    })
}

/// Width of the figures to the left of each difference, px.
const TEXT: i32 = 180;

fn difference_panel(c: &Canvas, facts: &Facts, id: &str, (x0, y0): (i32, i32), panel: i32) {
    let shown = words::scale(&facts.unit(id));
    let of = |k: &Comparison| k.metrics.get(id).cloned();
    let all: Vec<(usize, Option<Difference>)> = facts
        .summary
        .comparisons
        .iter()
        .map(|k| (place_of(facts, &k.strategy), of(k)))
        .collect();
    let (mut low, mut high) = (0.0_f64, 0.0_f64);
    for d in all.iter().filter_map(|(_, d)| d.as_ref()) {
        let ends = d.simulation_interval.into_iter().chain(d.predictive_interval).flatten();
        for v in ends
            .chain(d.difference)
            .map(|v| v * shown.factor)
            .filter(|v| v.is_finite())
        {
            low = low.min(v);
            high = high.max(v);
        }
    }
    if low == high {
        (low, high) = (-1.0, 1.0);
    }
    let margin = 0.04 * (high - low);
    let (left, right) = (x0 + TEXT + 8, x0 + WIDTH / 2 - 36);
    let scale = Scale::new((low - margin, high + margin), (left, right));
    c.text(
        &fit(&facts.title(id), 14, WIDTH / 2 - 40),
        (x0, y0 + 14),
        14,
        Anchor::Left,
        INK,
    );
    let bottom = y0 + panel - 30;
    let (ticks, decimals) = scale.ticks(3);
    for t in ticks {
        let x = scale.at(t);
        c.line(
            &[(x, y0 + 26), (x, bottom)],
            stroke(faint(if t == 0.0 { 0.7 } else { 0.14 }), 1),
        );
        c.text(
            &words::signed(t, decimals),
            (x, bottom + 10),
            11,
            Anchor::Middle,
            faint(0.8),
        );
    }
    for (row, (which, d)) in all.iter().enumerate() {
        let y = y0 + 26 + 34 * i32::try_from(row).unwrap_or(0);
        let Some(d) = d else { continue };
        c.series(*which, |c| difference_row(c, facts, id, *which, d, (x0, y), &scale));
    }
}

/// One strategy in a panel: its figure, and its interval on the scale.
fn difference_row(c: &Canvas, facts: &Facts, id: &str, which: usize, d: &Difference, at: (i32, i32), scale: &Scale) {
    let (x0, y) = at;
    let unit = facts.unit(id);
    let factor = words::scale(&unit).factor;
    let Some(point) = d.difference else { return };
    let said = words::verdict(d);
    let figure = if said == words::EQUAL {
        "0".to_owned()
    } else {
        words::difference(d, &unit)
    };
    if matches!(said, words::EQUAL | words::UNCLEAR) {
        c.text(&fit(&figure, 12, TEXT), (x0, y + 8), 12, Anchor::Left, INK);
        c.text(said, (x0, y + 23), 11, Anchor::Left, faint(0.8));
    } else {
        c.text(&fit(&figure, 12, TEXT), (x0, y + 16), 12, Anchor::Left, INK);
    }
    let ends = |i: [f64; 2]| i.map(|v| scale.at(v * factor));
    if let Some([a, b]) = d.predictive_interval.map(ends) {
        c.line(&[(a, y + 16), (b, y + 16)], stroke(color(which), 1));
    }
    if let Some([a, b]) = d.simulation_interval.map(ends) {
        c.block([(a.min(b - 2), y + 11), (b.max(a + 2), y + 21)], color(which).mix(0.5));
    }
    let mark = (scale.at(point * factor), y + 16);
    c.mark(which, mark, 4);
    let strategy = facts.summary.strategies.get(which).map_or("", |s| s.name.as_str());
    let may = words::predictive_difference(d, &unit, false).unwrap_or_default();
    let tip = format!(
        "{strategy}: {} {figure}; one {} may bring {may}",
        facts.title(id),
        facts.summary.per
    );
    c.tip(mark, 9, &tip);
}

fn difference_data(facts: &Facts, ids: &[String], title: &str) -> Sheet {
    let rows = ids.iter().map(|id| {
        let unit = facts.unit(id);
        let integer = facts.doc(id).is_some_and(|m| m.integer);
        let cells = facts.summary.comparisons.iter().map(|c| match c.metrics.get(id) {
            None => Cell {
                figure: words::NONE.to_owned(),
                ..Cell::default()
            },
            Some(d) => rows::difference_cell(d, &unit, integer),
        });
        Row {
            section: None,
            label: facts.title(id),
            unit: words::scale(&unit).unit,
            definition: String::new(),
            cells: cells.collect(),
        }
    });
    Sheet {
        title: title.to_owned(),
        columns: facts.summary.comparisons.iter().map(|c| c.strategy.clone()).collect(),
        rows: rows.collect(),
    }
}

fn differences_alternative(facts: &Facts, ids: &[String]) -> String {
    let mut text = format!(
        "Each strategy minus {} on the same simulated people, with the simulation interval and what one deployment may bring.",
        facts.summary.baseline
    );
    for c in &facts.summary.comparisons {
        let each: Vec<String> = ids
            .iter()
            .filter_map(|id| {
                let d = c.metrics.get(id)?;
                let title = words::within_sentence(&facts.title(id));
                Some(match words::verdict(d) {
                    said @ (words::EQUAL | words::UNCLEAR) => format!("{title} {said}"),
                    _ => format!("{title} {}", words::difference(d, &facts.unit(id))),
                })
            })
            .collect();
        text.push_str(&format!(" {}: {}.", c.strategy, each.join(", ")));
    }
    text
}
