//! The pictures: the funnel, paired differences, who bears it. Each comes with a text alternative and its data as a table.

use super::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, stroke, text_width};
use super::rows::{self, Cell, Row, Sheet};
use super::words::{self, GROUP_RATES};
use super::{Error, Facts, map};
use crate::experiment::summary::{Comparison, Difference, Estimate};
use plotters::style::Color;

/// A picture with everything that must stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// File name under `charts/`.
    pub file: &'static str,
    /// Title.
    pub title: String,
    /// What the picture shows, in a paragraph for those who do not see it.
    pub alternative: String,
    /// The picture, as SVG.
    pub svg: String,
    /// What is drawn, as a table.
    pub data: Sheet,
}

/// Width of every chart, px.
pub const WIDTH: i32 = 900;
const LEFT: i32 = 12;

/// Every chart that these facts allow.
///
/// # Errors
/// When the SVG backend fails, which it does not while it writes to memory.
pub fn charts(facts: &Facts) -> Result<Vec<Chart>, Error> {
    let mut all = vec![funnel(facts)?];
    if !facts.summary.comparisons.is_empty() {
        all.push(differences(facts)?);
    }
    all.extend(groups(facts)?);
    if let Some(m) = &facts.map {
        all.push(map::chart(facts, m)?);
    }
    Ok(all)
}

/// Strategies with their place in the file, which fixes their mark and colour in every picture.
fn strategy_names(facts: &Facts) -> Vec<(usize, &str)> {
    facts
        .summary
        .strategies
        .iter()
        .enumerate()
        .map(|(i, s)| (i, s.name.as_str()))
        .collect()
}

/// Rows of a legend that wraps at the width of a chart.
fn legend_rows(names: &[(usize, &str)]) -> i32 {
    let (mut x, mut rows) = (LEFT, 1);
    for (_, name) in names {
        let wide = 26 + text_width(name, 13);
        if x + wide > WIDTH && x > LEFT {
            (x, rows) = (LEFT, rows + 1);
        }
        x += wide;
    }
    rows
}

/// Title at the top, stamp at the foot.
pub fn frame(canvas: &Canvas<'_>, title: &str, stamp: &str) -> Result<(), Error> {
    canvas.text(
        &fit(title, 17, canvas.width() - 2 * LEFT),
        (LEFT, 20),
        17,
        Anchor::Left,
        INK,
    )?;
    let text = fit(stamp, 11, canvas.width() - 2 * LEFT);
    canvas.text(&text, (LEFT, canvas.height() - 12), 11, Anchor::Left, faint(0.75))
}

/// From faces seen to arrests, on a scale where each step is ten times the last.
fn funnel(facts: &Facts) -> Result<Chart, Error> {
    let title = "From faces seen to arrests, in each deployment";
    let strategies = &facts.summary.strategies;
    let stages: Vec<&String> = facts
        .funnel
        .iter()
        .filter(|id| strategies.iter().any(|s| s.metrics.contains_key(*id)))
        .collect();
    let means = || {
        stages
            .iter()
            .flat_map(|id| strategies.iter().filter_map(|s| s.metrics.get(*id)?.mean))
            .filter(|m| *m > 0.0)
    };
    let smallest = means().fold(1.0, f64::min);
    let largest = means().fold(10.0, f64::max);
    let (first, last) = (libm::floor(libm::log10(smallest)), libm::ceil(libm::log10(largest)));
    let names = strategy_names(facts);
    let top = 44 + 20 * legend_rows(&names);
    let step = 19;
    let count = i32::try_from(strategies.len()).unwrap_or(1);
    let block = step * count + 16;
    let height = top + block * i32::try_from(stages.len()).unwrap_or(1) + 62;
    let (plot_left, plot_right) = (210, WIDTH - 200);
    let scale = Scale::new((first, last), (plot_left, plot_right));
    let alternative = funnel_alternative(facts, &stages);
    let svg = draw((WIDTH, height), "funnel", title, &alternative, |c| {
        frame(c, title, &facts.stamp())?;
        c.legend(&names, (LEFT, 46))?;
        let bottom = height - 56;
        for power in (first as i32)..=(last as i32) {
            let x = scale.at(f64::from(power));
            c.line(&[(x, top), (x, bottom)], stroke(faint(0.14), 1))?;
            c.text(&power_of_ten(power), (x, bottom + 12), 11, Anchor::Middle, faint(0.8))?;
        }
        let axis = "mean number in each deployment (each step is ten times the last)";
        c.text(
            axis,
            ((plot_left + plot_right) / 2, bottom + 28),
            11,
            Anchor::Middle,
            faint(0.8),
        )?;
        for (i, id) in stages.iter().enumerate() {
            let y0 = top + block * i32::try_from(i).unwrap_or(0);
            c.line(&[(LEFT, y0), (WIDTH - LEFT, y0)], stroke(faint(0.14), 1))?;
            let middle = y0 + block / 2;
            c.text(
                &fit(&facts.title(id), 13, plot_left - 28),
                (LEFT, middle),
                13,
                Anchor::Left,
                INK,
            )?;
            for (j, s) in strategies.iter().enumerate() {
                let y = y0 + 8 + step / 2 + step * i32::try_from(j).unwrap_or(0);
                stage(c, s.metrics.get(*id), j, y, plot_left, &scale)?;
            }
        }
        c.line(&[(LEFT, bottom), (WIDTH - LEFT, bottom)], stroke(faint(0.3), 1))
    })?;
    let rows = stages.iter().map(|id| Row {
        section: None,
        label: facts.title(id),
        unit: words::scale(&facts.unit(id)).unit,
        definition: String::new(),
        cells: strategies.iter().map(|s| figure_cell(s.metrics.get(*id))).collect(),
    });
    let data = Sheet {
        title: title.to_owned(),
        columns: strategies.iter().map(|s| s.name.clone()).collect(),
        rows: rows.collect(),
    };
    Ok(Chart {
        file: "funnel.svg",
        title: title.to_owned(),
        alternative,
        svg,
        data,
    })
}

/// One mark of the funnel with its figure beside it.
fn stage(c: &Canvas<'_>, e: Option<&Estimate>, which: usize, y: i32, left: i32, scale: &Scale) -> Result<(), Error> {
    let Some(mean) = e.and_then(|e| e.mean) else {
        return c.text(words::NONE, (left + 6, y), 12, Anchor::Left, faint(0.8));
    };
    let figure = e.map(words::estimate).unwrap_or_default();
    if mean <= 0.0 {
        c.mark(which, (left - 10, y), 4)?;
        return c.text(&figure, (left + 6, y), 12, Anchor::Left, INK);
    }
    let x = scale.at(libm::log10(mean));
    c.line(&[(left, y), (x, y)], stroke(color(which), 2))?;
    c.mark(which, (x, y), 5)?;
    c.text(&figure, (x + 12, y), 12, Anchor::Left, INK)
}

fn figure_cell(e: Option<&Estimate>) -> Cell {
    Cell {
        figure: e.map_or_else(|| words::NONE.to_owned(), words::estimate),
        ..Cell::default()
    }
}

/// "1,000", "1", "1 in 100".
fn power_of_ten(power: i32) -> String {
    let size = libm::pow(10.0, f64::from(power.abs()));
    if power >= 0 {
        words::number(size, 0)
    } else {
        format!("1 in {}", words::number(size, 0))
    }
}

fn funnel_alternative(facts: &Facts, stages: &[&String]) -> String {
    let mut text =
        String::from("For each strategy, the mean number at each step of a deployment, on a logarithmic scale.");
    for s in &facts.summary.strategies {
        let steps: Vec<String> = stages
            .iter()
            .filter_map(|id| {
                Some(format!(
                    "{} {}",
                    words::within_sentence(&facts.title(id)),
                    words::estimate(s.metrics.get(*id)?)
                ))
            })
            .collect();
        text.push_str(&format!(" {}: {}.", s.name, steps.join(", ")));
    }
    text
}

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
fn differences(facts: &Facts) -> Result<Chart, Error> {
    let title = format!(
        "Difference to {} in each deployment, paired run by run",
        facts.summary.baseline
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
    let svg = draw((WIDTH, height), "differences", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp())?;
        c.text(key, (LEFT, 44), 12, Anchor::Left, faint(0.85))?;
        c.legend(&names, (LEFT, 66))?;
        for (i, id) in ids.iter().enumerate() {
            let i = i32::try_from(i).unwrap_or(0);
            let at = (LEFT + (i % 2) * (WIDTH / 2), top + panel * (i / 2));
            difference_panel(c, facts, id, at, panel)?;
        }
        Ok(())
    })?;
    let data = difference_data(facts, &ids, &title);
    Ok(Chart {
        file: "differences.svg",
        title,
        alternative,
        svg,
        data,
    })
}

fn place_of(facts: &Facts, strategy: &str) -> usize {
    facts
        .summary
        .strategies
        .iter()
        .position(|s| s.name == strategy)
        .unwrap_or(0)
}

/// Width of the figures to the left of each difference, px.
const TEXT: i32 = 180;

fn difference_panel(c: &Canvas<'_>, facts: &Facts, id: &str, (x0, y0): (i32, i32), panel: i32) -> Result<(), Error> {
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
    )?;
    let bottom = y0 + panel - 30;
    let (ticks, decimals) = scale.ticks(3);
    for t in ticks {
        let x = scale.at(t);
        c.line(
            &[(x, y0 + 26), (x, bottom)],
            stroke(faint(if t == 0.0 { 0.7 } else { 0.14 }), 1),
        )?;
        c.text(
            &words::signed(t, decimals),
            (x, bottom + 10),
            11,
            Anchor::Middle,
            faint(0.8),
        )?;
    }
    for (row, (which, d)) in all.iter().enumerate() {
        let y = y0 + 26 + 34 * i32::try_from(row).unwrap_or(0);
        let Some(d) = d else { continue };
        let Some(point) = d.difference else { continue };
        let said = words::verdict(d);
        let figure = if said == words::EQUAL {
            "0".to_owned()
        } else {
            words::difference(d, &facts.unit(id))
        };
        if matches!(said, words::EQUAL | words::UNCLEAR) {
            c.text(&fit(&figure, 12, TEXT), (x0, y + 8), 12, Anchor::Left, INK)?;
            c.text(said, (x0, y + 23), 11, Anchor::Left, faint(0.8))?;
        } else {
            c.text(&fit(&figure, 12, TEXT), (x0, y + 16), 12, Anchor::Left, INK)?;
        }
        let beyond = d
            .predictive_interval
            .map(|[low, high]| [low * shown.factor, high * shown.factor]);
        if let Some([a, b]) = beyond {
            c.line(
                &[(scale.at(a), y + 16), (scale.at(b), y + 16)],
                stroke(color(*which), 1),
            )?;
        }
        if let Some([a, b]) = d.simulation_interval {
            let (a, b) = (scale.at(a * shown.factor), scale.at(b * shown.factor));
            c.block([(a.min(b - 2), y + 11), (b.max(a + 2), y + 21)], color(*which).mix(0.5))?;
        }
        c.mark(*which, (scale.at(point * shown.factor), y + 16), 4)?;
    }
    Ok(())
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

/// Who bears it: the rate of false alerts of each group. None where the result has no groups or no such rate.
fn groups(facts: &Facts) -> Result<Option<Chart>, Error> {
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
    let svg = draw((WIDTH, height), "groups", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp())?;
        c.text(
            "mark: estimate · line: simulation interval",
            (LEFT, 42),
            12,
            Anchor::Left,
            faint(0.85),
        )?;
        c.legend(&names, (LEFT, 64))?;
        let bottom = height - 52;
        let (ticks, decimals) = scale.ticks(6);
        for t in ticks {
            let x = scale.at(t);
            c.line(&[(x, top), (x, bottom)], stroke(faint(0.14), 1))?;
            c.text(
                &words::number(t, decimals),
                (x, bottom + 11),
                11,
                Anchor::Middle,
                faint(0.8),
            )?;
        }
        c.text(
            &shown.unit,
            ((plot_left + plot_right) / 2, bottom + 26),
            11,
            Anchor::Middle,
            faint(0.8),
        )?;
        let mut y = top;
        for axis in &axes {
            c.text(&words::spaced(axis), (LEFT, y + 16), 14, Anchor::Left, INK)?;
            y += 30;
            for level in rows::levels(facts, axis) {
                c.text(
                    &fit(&level, 13, plot_left - 34),
                    (LEFT + 10, y + (block - 10) / 2),
                    13,
                    Anchor::Left,
                    INK,
                )?;
                for (i, s) in drawn.iter().enumerate() {
                    let at = y + step / 2 + step * i32::try_from(i).unwrap_or(0);
                    if let Some(e) = rows::group_estimate(facts, *s, axis, &level, id) {
                        group_mark(c, e, *s, at, &scale, shown.factor, plot_right + 12)?;
                    }
                }
                y += block;
            }
        }
        Ok(())
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
        file: "groups.svg",
        title,
        alternative,
        svg,
        data,
    }))
}

fn group_mark(
    c: &Canvas<'_>,
    e: &Estimate,
    which: usize,
    y: i32,
    scale: &Scale,
    factor: f64,
    right: i32,
) -> Result<(), Error> {
    let Some(mean) = e.mean else {
        return c.text(words::NONE, (right, y), 12, Anchor::Left, faint(0.8));
    };
    if let Some([low, high]) = e.simulation_interval {
        c.line(
            &[(scale.at(low * factor), y), (scale.at(high * factor), y)],
            stroke(color(which), 3),
        )?;
    }
    c.mark(which, (scale.at(mean * factor), y), 5)?;
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

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;

    #[test]
    fn every_chart_has_words_a_table_and_the_stamp() {
        let facts = facts();
        let all = charts(&facts).unwrap();
        assert_eq!(
            all.iter().map(|c| c.file).collect::<Vec<_>>(),
            ["funnel.svg", "differences.svg", "groups.svg", "map.svg"]
        );
        for c in &all {
            assert!(
                c.svg.contains("<title") && c.svg.contains("<desc") && c.svg.contains("role=\"img\""),
                "{}",
                c.file
            );
            assert!(
                c.svg
                    .contains("simulated projection, not evidence of actual performance"),
                "{}",
                c.file
            );
            assert!(c.alternative.len() > 80 && !c.data.rows.is_empty(), "{}", c.file);
            assert!(c.svg.starts_with("<svg ") && c.svg.trim_end().ends_with("</svg>"));
            assert!(!c.svg.contains("NaN"));
        }
    }

    #[test]
    fn charts_read_as_xml() {
        for c in charts(&facts()).unwrap() {
            let mut reader = quick_xml::Reader::from_str(&c.svg);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(e) => panic!("{}: {e}", c.file),
                }
            }
        }
    }

    #[test]
    fn empty_results_and_strange_numbers_draw_without_fault() {
        let mut nothing = facts();
        nothing.summary.strategies.clear();
        nothing.summary.comparisons.clear();
        nothing.map = None;
        assert_eq!(charts(&nothing).unwrap().len(), 1);

        let mut strange = facts();
        for s in &mut strange.summary.strategies {
            for (i, e) in s.metrics.values_mut().enumerate() {
                e.mean = [None, Some(0.0), Some(-3.0), Some(1e12)][i % 4];
                e.simulation_interval = [None, Some([0.0, 0.0]), Some([-1e9, 1e9])][i % 3];
            }
        }
        for c in &mut strange.summary.comparisons {
            for d in c.metrics.values_mut() {
                d.difference = None;
            }
        }
        for c in charts(&strange).unwrap() {
            assert!(!c.svg.contains("NaN"), "{}", c.file);
        }
    }

    #[test]
    fn the_axis_of_the_funnel_speaks_in_frequencies() {
        assert_eq!(power_of_ten(3), "1,000");
        assert_eq!(power_of_ten(0), "1");
        assert_eq!(power_of_ten(-2), "1 in 100");
    }
}
