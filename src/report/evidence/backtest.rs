//! A back-test as a page and as text.

use super::plots::{Predicted, histograms, intervals};
use super::{LABEL, Page, Section, plain_table, sheet};
use crate::experiment::evidence::{Backtest, Given, Scored, ScoredRow, Scores};
use crate::report::Error;
use crate::report::rows::Sheet;

/// What a figure is called.
fn title_of(key: &str) -> &str {
    match key {
        "false_alerts" => "false alerts",
        other => other,
    }
}

/// The scores, one row for each figure and kind of knowledge.
fn score_sheet(done: &Backtest) -> Sheet {
    let columns = [
        "rows",
        "in 50 %",
        "in 80 %",
        "in 90 %",
        "CRPS",
        "pooled",
        "site prior",
        "log score",
        "bias",
        "PIT p",
    ];
    let row = |s: &Scores| {
        let share = |level: &str| format!("{:.2}", s.coverage.get(level).copied().unwrap_or(0.0));
        let mut cells = vec![s.rows.to_string(), share("50"), share("80"), share("90")];
        cells.extend([s.crps, s.crps_pooled, s.crps_site_prior, s.log_score].map(|x| format!("{x:.3}")));
        cells.extend([format!("{:+.2}", s.bias), format!("{:.3}", s.pit_p)]);
        cells
    };
    let mut rows = Vec::new();
    for figure in Scored::ALL {
        for given in [Given::Blind, Given::Faces] {
            let scores = done.summary.scores.get(figure.key()).and_then(|s| s.get(given.word()));
            if let Some(scores) = scores.filter(|s| s.rows > 0) {
                let word = if given == Given::Blind { "blind" } else { "given faces" };
                rows.push((format!("{}, {word}", title_of(figure.key())), row(scores)));
            }
        }
    }
    sheet(
        "Scores of each deployment (CRPS and log score: smaller is better)",
        &columns,
        rows,
    )
}

fn total_sheet(done: &Backtest) -> Sheet {
    let rows = done.summary.totals.iter().map(|(key, t)| {
        let cells = vec![
            t.rows.to_string(),
            t.observed.to_string(),
            format!("{:.0}", t.predicted),
            format!("{:.0} to {:.0}", t.predictive[0], t.predictive[1]),
        ];
        (title_of(key).to_owned(), cells)
    });
    sheet(
        "Totals, predicted blind",
        &["rows", "published", "predicted", "90 % interval"],
        rows.collect(),
    )
}

/// The back-test for a terminal.
pub fn backtest_text(done: &Backtest) -> String {
    let s = &done.summary;
    let mut text = format!(
        "Back-test of {}: fitted to {} ({} rows), {} later rows predicted from {}\n\n",
        s.record, s.until, s.rows_fitted, s.rows_predicted, s.test_from
    );
    text += &plain_table(&score_sheet(done));
    text.push('\n');
    text += &plain_table(&total_sheet(done));
    if !s.flagged.is_empty() {
        let parts: Vec<String> = s.flagged.iter().map(|(why, n)| format!("{why} {n}")).collect();
        text += &format!("\nRows that rest on priors in some respect: {}\n", parts.join(", "));
    }
    text +=
        "\nThis checks totals at sites. It says nothing of differences between strategies or of gaps between groups.\n";
    text
}

fn predicted(done: &Backtest, figure: Scored) -> Vec<Predicted> {
    let of_figure = |r: &&ScoredRow| r.figure == figure && r.given == Given::Blind;
    done.rows
        .iter()
        .filter(of_figure)
        .map(|r| Predicted {
            label: format!("{} {}", r.date, r.site),
            quantiles: [0, 2, 3, 4, 6].map(|i| r.quantiles[i]),
            observed: r.observed.map(f64::from),
            flagged: !r.flag.is_empty(),
        })
        .collect()
}

/// Most deployments that a picture shows; of longer records the first are drawn.
const MOST_DRAWN: usize = 400;

/// The back-test as a page.
///
/// # Errors
/// When a chart cannot be drawn, which is a fault of this room.
pub fn backtest_page(done: &Backtest, command: &str) -> Result<Page, Error> {
    let s = &done.summary;
    let stamp = format!(
        "{LABEL} · fitted to {} · seed {} · lamplight {}",
        s.until, s.seed, s.version
    );
    let mut pictures = Vec::new();
    for (figure, file, title) in [
        (Scored::Alerts, "alerts", "Alerts of each deployment, predicted blind"),
        (
            Scored::Arrests,
            "arrests",
            "Arrests of each deployment, predicted blind",
        ),
    ] {
        let mut rows = predicted(done, figure);
        rows.truncate(MOST_DRAWN);
        pictures.push(intervals(
            file,
            title,
            "in each deployment, in order of date",
            &rows,
            &stamp,
        )?);
    }
    let mut panels = Vec::new();
    for (figure, given, name) in [
        (Scored::Alerts, Given::Blind, "alerts, blind"),
        (Scored::Alerts, Given::Faces, "alerts, given faces"),
        (Scored::Arrests, Given::Blind, "arrests, blind"),
        (Scored::FalseAlerts, Given::Blind, "false alerts, blind"),
    ] {
        if let Some(scores) = s.scores.get(figure.key()).and_then(|x| x.get(given.word())) {
            panels.push((format!("{name} (p {:.2})", scores.pit_p), scores.pit));
        }
    }
    let transforms = histograms(
        "transforms",
        "Where published figures fell within their predictions",
        &panels,
        &stamp,
    )?;
    Ok(Page {
        title: format!("Back-test: what came after {}", s.until),
        question: format!(
            "Fitted to {} deployments to {}, how well does the model predict the {} that came later?",
            s.rows_fitted, s.until, s.rows_predicted
        ),
        stamp,
        answer: answer(done),
        sections: vec![
            Section {
                id: "scores",
                title: "Scores",
                text: vec![
                    "Blind: from site and date, and from duration, list size and threshold where they were published. Given faces: also \
                     from the number of faces seen. The pooled benchmark is one negative binomial for all deployments; the site-prior \
                     benchmark updates a gamma prior of site means by each site's own deployments. Both were fitted to the same rows."
                        .to_owned(),
                ],
                tables: vec![score_sheet(done), total_sheet(done)],
                charts: Vec::new(),
            },
            Section {
                id: "deployments",
                title: "Deployments",
                text: Vec::new(),
                tables: Vec::new(),
                charts: pictures,
            },
            Section {
                id: "calibration",
                title: "Are the intervals honest?",
                text: vec![
                    "If predictions are right, published figures fall evenly over them: each bar is then near the line. A hump says \
                     that intervals are too wide, a bowl that they are too narrow, a slope that they are too high or too low."
                        .to_owned(),
                ],
                tables: Vec::new(),
                charts: vec![transforms],
            },
            Section {
                id: "limits",
                title: "What this does not show",
                text: vec![
                    "Back-tests check totals at sites. They say nothing of differences between placement strategies, nor of gaps \
                     between groups, because no force publishes either."
                        .to_owned(),
                ],
                tables: Vec::new(),
                charts: Vec::new(),
            },
        ],
        command: command.to_owned(),
    })
}

/// The answer in sentences of a fixed form.
fn answer(done: &Backtest) -> Vec<String> {
    let mut sentences = Vec::new();
    for key in ["alerts", "arrests"] {
        let Some(scores) = done
            .summary
            .scores
            .get(key)
            .and_then(|s| s.get("blind"))
            .filter(|s| s.rows > 0)
        else {
            continue;
        };
        let against = |other: f64| 100.0 * (scores.crps / other - 1.0);
        sentences.push(format!(
            "{}: {:.0} % of {} deployments fell within their 90 % interval. The mean error score was {:+.0} % against the pooled \
             and {:+.0} % against the site-prior benchmark (less is better).",
            capital(key),
            100.0 * scores.coverage.get("90").copied().unwrap_or(0.0),
            scores.rows,
            against(scores.crps_pooled),
            against(scores.crps_site_prior),
        ));
    }
    for (key, t) in &done.summary.totals {
        let inside = t.predictive[0] <= t.observed as f64 && t.observed as f64 <= t.predictive[1];
        sentences.push(format!(
            "{} in all: {} published, {:.0} predicted (90 % interval {:.0} to {:.0}: {}).",
            capital(title_of(key)),
            t.observed,
            t.predicted,
            t.predictive[0],
            t.predictive[1],
            if inside { "inside" } else { "outside" }
        ));
    }
    sentences
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|c| c.to_uppercase().collect::<String>())
        .unwrap_or_default()
        + letters.as_str()
}
