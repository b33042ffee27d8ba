//! The pictures: the funnel, paired differences, who bears it. Each comes with a text alternative and its data as a table.

mod curves;
mod differences;
mod funnel;
mod groups;
mod map;
mod pareto;
mod programme;
mod verdicts;

use super::canvas::{Anchor, Canvas, Drawing, INK, faint, fit, text_width};
use super::rows::{Cell, Sheet};
use super::{Error, Facts, words};
use crate::experiment::summary::Estimate;

/// A picture with everything that must stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// Name of its files under `charts/`, without an ending.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// What the picture shows, in a paragraph for those who do not see it.
    pub alternative: String,
    /// The picture.
    pub drawing: Drawing,
    /// What is drawn, as a table.
    pub data: Sheet,
    /// Names of what can be hidden, where it is not the strategies.
    pub series: Vec<String>,
}

impl Chart {
    /// What a series is called: a strategy, but in pictures by group the group.
    pub fn series_name(&self, facts: &Facts, which: usize) -> String {
        if let Some(named) = self.series.get(which) {
            return named.clone();
        }
        let strategy = facts.summary.strategies.get(which);
        strategy.map_or_else(|| "ordinary patrol".to_owned(), |s| s.name.clone())
    }
}

/// Width of every chart, px.
pub const WIDTH: i32 = 900;
const LEFT: i32 = 12;

/// Every chart that these facts allow.
///
/// # Errors
/// When the SVG backend fails, which it does not while it writes to memory.
pub fn charts(facts: &Facts) -> Result<Vec<Chart>, Error> {
    let mut all: Vec<Chart> = Vec::new();
    all.extend(pareto::chart(facts)?);
    all.extend(verdicts::chart(facts)?);
    all.push(funnel::chart(facts)?);
    if !facts.summary.comparisons.is_empty() {
        all.push(differences::chart(facts)?);
    }
    all.extend(groups::chart(facts)?);
    if let Some(p) = &facts.summary.programme {
        all.extend(programme::charts(facts, p)?);
    }
    if let Some(c) = &facts.curves {
        all.push(curves::scores(facts, c)?);
        all.push(curves::errors(facts, c)?);
    }
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
pub fn frame(canvas: &Canvas, title: &str, stamp: &str) {
    canvas.text(
        &fit(title, 17, canvas.width() - 2 * LEFT),
        (LEFT, 20),
        17,
        Anchor::Left,
        INK,
    );
    let text = fit(stamp, 11, canvas.width() - 2 * LEFT);
    canvas.text(&text, (LEFT, canvas.height() - 12), 11, Anchor::Left, faint(0.75))
}

/// Whether two rectangles (left, top, right, bottom) share a point.
fn overlap(a: [i32; 4], b: [i32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn figure_cell(e: Option<&Estimate>) -> Cell {
    Cell {
        figure: e.map_or_else(|| words::NONE.to_owned(), words::estimate),
        ..Cell::default()
    }
}

fn place_of(facts: &Facts, strategy: &str) -> usize {
    facts
        .summary
        .strategies
        .iter()
        .position(|s| s.name == strategy)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample_answers::answered as facts;

    #[test]
    fn every_chart_has_words_a_table_and_the_stamp() {
        let facts = facts();
        let all = charts(&facts).unwrap();
        assert_eq!(
            all.iter().map(|c| c.name).collect::<Vec<_>>(),
            [
                "pareto",
                "verdicts",
                "funnel",
                "differences",
                "groups",
                "scores",
                "errors",
                "map"
            ]
        );
        for c in &all {
            assert!(
                c.drawing.svg.contains("<title")
                    && c.drawing.svg.contains("<desc")
                    && c.drawing.svg.contains("role=\"img\""),
                "{}",
                c.name
            );
            assert!(
                c.drawing
                    .svg
                    .contains("simulated projection, not evidence of actual performance"),
                "{}",
                c.name
            );
            assert!(c.alternative.len() > 80 && !c.data.rows.is_empty(), "{}", c.name);
            assert!(c.drawing.svg.starts_with("<svg ") && c.drawing.svg.trim_end().ends_with("</svg>"));
            assert!(!c.drawing.svg.contains("NaN"));
        }
    }

    #[test]
    fn charts_read_as_xml() {
        for c in charts(&facts()).unwrap() {
            let mut reader = quick_xml::Reader::from_str(&c.drawing.svg);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(e) => panic!("{}: {e}", c.name),
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
        nothing.curves = None;
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
            assert!(!c.drawing.svg.contains("NaN"), "{}", c.name);
        }
    }
}
