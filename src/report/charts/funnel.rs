//! From faces seen to arrests.

use super::{Chart, LEFT, WIDTH, figure_cell, frame, legend_rows, strategy_names};
use crate::experiment::summary::Estimate;
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, stroke};
use crate::report::rows::{Row, Sheet};
use crate::report::{Error, Facts, words};

/// From faces seen to arrests, on a scale where each step is ten times the last.
pub fn chart(facts: &Facts) -> Result<Chart, Error> {
    let title = &format!("From faces seen to arrests, per {}", facts.summary.per);
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
    let drawing = draw((WIDTH, height), "funnel", title, &alternative, |c| {
        frame(c, title, &facts.stamp());
        c.legend(&names, (LEFT, 46));
        let bottom = height - 56;
        for power in (first as i32)..=(last as i32) {
            let x = scale.at(f64::from(power));
            c.line(&[(x, top), (x, bottom)], stroke(faint(0.14), 1));
            c.text(&power_of_ten(power), (x, bottom + 12), 11, Anchor::Middle, faint(0.8));
        }
        let axis = &format!(
            "mean number per {} (each step is ten times the last)",
            facts.summary.per
        );
        c.text(
            axis,
            ((plot_left + plot_right) / 2, bottom + 28),
            11,
            Anchor::Middle,
            faint(0.8),
        );
        for (i, id) in stages.iter().enumerate() {
            let y0 = top + block * i32::try_from(i).unwrap_or(0);
            c.line(&[(LEFT, y0), (WIDTH - LEFT, y0)], stroke(faint(0.14), 1));
            let middle = y0 + block / 2;
            c.text(
                &fit(&facts.title(id), 13, plot_left - 28),
                (LEFT, middle),
                13,
                Anchor::Left,
                INK,
            );
            for (j, s) in strategies.iter().enumerate() {
                let y = y0 + 8 + step / 2 + step * i32::try_from(j).unwrap_or(0);
                c.series(j, |c| {
                    let e = s.metrics.get(*id);
                    let x = stage(c, e, j, y, plot_left, &scale);
                    let figure = e.map(words::estimate).unwrap_or_default();
                    let words = e.map_or("", |e| e.frequency.as_str());
                    c.tip((x, y), 9, &format!("{}: {} {figure} {words}", s.name, facts.title(id)));
                });
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
        name: "funnel",
        title: title.to_owned(),
        alternative,
        drawing,
        data,
        series: Vec::new(),
    })
}

/// One mark of the funnel with its figure beside it; returns where the mark is.
fn stage(c: &Canvas, e: Option<&Estimate>, which: usize, y: i32, left: i32, scale: &Scale) -> i32 {
    let Some(mean) = e.and_then(|e| e.mean) else {
        c.text(words::NONE, (left + 6, y), 12, Anchor::Left, faint(0.8));
        return left;
    };
    let figure = e.map(words::estimate).unwrap_or_default();
    if mean <= 0.0 {
        c.mark(which, (left - 10, y), 4);
        c.text(&figure, (left + 6, y), 12, Anchor::Left, INK);
        return left - 10;
    }
    let x = scale.at(libm::log10(mean));
    c.line(&[(left, y), (x, y)], stroke(color(which), 2));
    c.mark(which, (x, y), 5);
    c.text(&figure, (x + 12, y), 12, Anchor::Left, INK);
    x
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_of_the_funnel_speaks_in_frequencies() {
        assert_eq!(power_of_ten(3), "1,000");
        assert_eq!(power_of_ten(0), "1");
        assert_eq!(power_of_ten(-2), "1 in 100");
    }
}
