//! What a reader of a search is told.

use super::*;
use crate::experiment::optimise::{Checked, Selected};

fn estimate(x: f64) -> Estimate {
    Estimate {
        value: Some(x),
        interval: Some([x - 0.1, x + 0.1]),
    }
}

fn point(name: &str, kind: Kind, status: Status, values: [f64; 2]) -> Point {
    let figures = Figures {
        replications: 20,
        objectives: values.map(estimate).to_vec(),
        constraints: vec![Checked {
            estimate: estimate(values[1]),
            met: status != Status::Infeasible,
            surely: false,
        }],
    };
    Point {
        name: name.into(),
        kind,
        status,
        strategy: "lamps".into(),
        mounts: vec!["a-street-1".into()],
        settings: vec![("matcher.threshold".into(), "0.6".into())],
        search: Some(figures.clone()),
        fresh: (kind == Kind::Candidate).then_some(figures),
        impossible: None,
    }
}

fn outcome() -> Outcome {
    let objective = |id: &str, better| Objective {
        id: id.into(),
        title: id.into(),
        unit: "per deployment".into(),
        better,
    };
    Outcome {
        format: "lamplight.optimise/1",
        version: "0",
        study: "study".into(),
        title: "Where <to>".into(),
        question: "?".into(),
        reading: String::new(),
        label: "simulated projection, not evidence of actual performance",
        stamp: String::new(),
        plan_hash: String::new(),
        hash: String::new(),
        seed: 1,
        search_seed: 1,
        search: "local",
        replications: 20,
        uncertainty: "on",
        level: 0.95,
        budget: 1000,
        runs: 900,
        candidates: 1e20,
        evaluated: 40,
        feasible: 30,
        kept: vec![30],
        ended: "budget",
        objectives: vec![objective("net_arrests", "more"), objective("people_scanned", "less")],
        constraints: vec!["People scanned: at most 5 (per deployment)".into()],
        decides: Vec::new(),
        points: vec![
            point("1", Kind::Candidate, Status::Front, [2.0, 4.0]),
            point("no-lfr", Kind::NoLfr, Status::Front, [0.0, 0.0]),
            point("lamps as given", Kind::AsGiven, Status::Infeasible, [1.0, 9.0]),
        ],
        selection: Some(Selected {
            objective: "net_arrests".into(),
            indifference: 0.2,
            probability: 0.95,
            replications: 40,
            finalists: vec!["1".into(), "no-lfr".into()],
            broke: Vec::new(),
            selected: Some("1".into()),
            left: vec!["1".into()],
            under: vec!["People scanned: at most 5".into()],
            sentence: "Selected, under these constraints: People scanned: at most 5.".into(),
        }),
        others: vec![point("c9", Kind::Candidate, Status::Dominated, [1.0, 4.5])],
    }
}

#[test]
fn constraints_patrol_and_labels_are_always_told() {
    let outcome = outcome();
    let page = page(&outcome, "lamplight optimise x").unwrap().html().unwrap();
    for part in [
        "at most 5",
        "no-lfr",
        outcome.label,
        REQUIRED[0],
        REQUIRED[2],
        "Where &lt;to&gt;",
        "under these constraints",
        "fresh",
    ] {
        assert!(page.contains(part), "{part}");
    }
    for word in ["best", "optimal"] {
        let told = page
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|w| w.eq_ignore_ascii_case(word));
        assert!(!told, "\"{word}\" is told without saying for whom");
    }
    let text = text(&outcome);
    assert!(
        text.contains("at most 5") && text.contains("no-lfr") && text.contains(outcome.label),
        "{text}"
    );
}

#[test]
fn the_picture_shows_patrol_and_says_everything_in_words() {
    let outcome = outcome();
    let charts = chart::charts(&outcome, &stamp(&outcome)).unwrap();
    assert_eq!(charts.len(), 1);
    assert!(charts[0].drawing.svg.contains("no-lfr"));
    assert!(
        charts[0].alternative.contains("no-lfr (not dominated): 0 ["),
        "{}",
        charts[0].alternative
    );
    assert!(charts[0].drawing.svg.contains(outcome.label));
}

#[test]
fn where_nothing_keeps_to_the_constraints_that_is_the_answer() {
    let mut outcome = outcome();
    outcome.feasible = 0;
    outcome.selection = None;
    let said = answer(&outcome).join(" ");
    assert!(
        said.starts_with("None of the 40 candidates") && said.contains("30 keep to \"People"),
        "{said}"
    );
    outcome.ended = "interrupted";
    assert!(answer(&outcome).join(" ").contains("PARTIAL"));
}
