//! Published figures beside simulated ones, ready to print.

use super::Facts;
use super::rows::{Cell, Row, Sheet};
use super::words;
use crate::experiment::summary::PublishedFigure;
use serde::Serialize;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedLine {
    /// What was counted, and under which strategy.
    pub label: String,
    /// Published figure.
    pub published: String,
    /// Simulated mean, and what one deployment or programme may bring.
    pub simulated: String,
    /// Whether the published figure lies within it.
    pub verdict: &'static str,
    /// What agreement is worth.
    pub role: &'static str,
    /// Where it was published, and what to know.
    pub source: String,
}

/// Headings of the table.
pub const HEADINGS: [&str; 6] = [
    "",
    "published",
    "simulated",
    "within?",
    "what agreement is worth",
    "source",
];

/// Every published figure of the scenario.
pub fn published(facts: &Facts) -> Vec<PublishedLine> {
    facts.summary.published.iter().map(line).collect()
}

/// The same as a table of the page; who reads it finds the source at the figure.
pub fn sheet(facts: &Facts) -> Sheet {
    let cell = |figure: String, words: String| Cell {
        figure,
        words,
        ..Cell::default()
    };
    let row = |l: PublishedLine| Row {
        section: None,
        unit: String::new(),
        definition: String::new(),
        label: l.label,
        cells: vec![
            cell(l.published, l.source),
            cell(l.simulated, String::new()),
            cell(l.verdict.to_owned(), String::new()),
            cell(l.role.to_owned(), String::new()),
        ],
    };
    Sheet {
        title: "What was published, beside what is simulated".to_owned(),
        columns: HEADINGS[1..5].iter().map(|h| (*h).to_owned()).collect(),
        rows: published(facts).into_iter().map(row).collect(),
    }
}

fn line(figure: &PublishedFigure) -> PublishedLine {
    let simulated = match (figure.simulated, figure.predictive_interval) {
        (Some(mean), Some([low, high])) => format!("{}; may bring {} to {}", plain(mean), plain(low), plain(high)),
        (Some(mean), None) => plain(mean),
        (None, _) => "\u{2013}".to_owned(),
    };
    let mut source = figure.source.clone();
    if !figure.note.is_empty() {
        source = format!("{source} ({})", figure.note);
    }
    PublishedLine {
        label: match figure.strategy.as_str() {
            "" => figure.title.clone(),
            strategy => format!("{}, {strategy}", figure.title),
        },
        published: plain(figure.published),
        simulated,
        verdict: match figure.within {
            Some(true) => "yes",
            Some(false) => "no",
            None => "\u{2013}",
        },
        role: match figure.role.as_str() {
            "fitted" => "none: the model was fitted to it",
            "construction" => "none: it follows from how the model is built",
            "independent" => "some: known, but not used",
            _ => "most: predicted before it was looked at",
        },
        source,
    }
}

/// A figure with as many places as a reader can use.
fn plain(x: f64) -> String {
    let decimals = match x.abs() {
        a if a >= 20.0 || a == a.trunc() => 0,
        a if a >= 1.0 => 1,
        a if a >= 0.1 => 2,
        _ => 3,
    };
    words::number(x, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_figure_outside_is_called_outside() {
        let figure = PublishedFigure {
            metric: "arrests".into(),
            title: "Arrests".into(),
            strategy: "van".into(),
            published: 170.0,
            simulated: Some(120.4),
            predictive_interval: Some([80.0, 160.0]),
            within: Some(false),
            role: "held-out".into(),
            source: "press".into(),
            note: "six months".into(),
        };
        let line = line(&figure);
        assert_eq!(
            (line.label.as_str(), line.published.as_str(), line.verdict),
            ("Arrests, van", "170", "no")
        );
        assert_eq!(line.simulated, "120; may bring 80 to 160");
        assert_eq!(line.role, "most: predicted before it was looked at");
        assert_eq!(line.source, "press (six months)");
        assert_eq!(
            (plain(0.92), plain(3.7), plain(2813667.0)),
            ("0.92".into(), "3.7".into(), "2,813,667".into())
        );
    }
}
