//! The verdict panel, what differs, and what the answer depends on most.

use crate::experiment::summary::{Comparison, Question};
use crate::report::ledger::{cell, row};
use crate::report::rows::{Row, Sheet};
use crate::report::{Facts, sure, words};
use serde::Serialize;

/// Tipping points, questions and dependencies shown.
const MOST: usize = 5;

/// How sure one comparison is.
#[derive(Serialize)]
pub struct Panel {
    strategy: String,
    baseline: String,
    claims: Vec<String>,
    tipping: Vec<String>,
    questions: Vec<String>,
}

/// One panel for each comparison.
pub fn panel(facts: &Facts) -> Vec<Panel> {
    let ids = sure::shown(facts);
    let claim = |c: &Comparison, id: &String| {
        let d = c.metrics.get(id)?;
        let matters = sure::matters(d, &facts.unit(id))
            .map_or(String::new(), |m| format!(" (smallest difference that matters: {m})"));
        Some(format!("{}: {}{matters}", facts.title(id), sure::sentence(d)))
    };
    let of = |c: &Comparison| Panel {
        strategy: c.strategy.clone(),
        baseline: c.baseline.clone(),
        claims: ids.iter().filter_map(|id| claim(c, id)).collect(),
        tipping: c.tipping_points.iter().take(MOST).map(|t| t.sentence.clone()).collect(),
        questions: c.questions.iter().take(MOST).map(question).collect(),
    };
    let judged = facts.summary.comparisons.iter().filter(|c| sure::judged(c));
    judged.map(of).collect()
}

fn question(q: &Question) -> String {
    let of_100 = |x: f64| words::number(100.0 * x, 0);
    format!(
        "{} (worlds on the smaller side: {} of 100 now, about {} once it is known)",
        q.question,
        of_100(q.disagreement),
        of_100(q.disagreement_when_known)
    )
}

/// What differs between each strategy and the baseline, with label and source of each difference.
pub fn differing(facts: &Facts) -> Vec<Sheet> {
    facts.summary.comparisons.iter().map(|c| of_pair(facts, c)).collect()
}

fn of_pair(facts: &Facts, c: &Comparison) -> Sheet {
    let told = c.differs.iter().map(|d| {
        let alone = if d.by_assumption_alone {
            "by assumption alone"
        } else {
            ""
        };
        Row {
            unit: d.what.clone(),
            ..row(
                &*d.key,
                vec![
                    cell(&*d.strategy, ""),
                    cell(&*d.baseline, ""),
                    cell(&*d.label, alone),
                    cell(&*d.source, ""),
                ],
            )
        }
    });
    let known = |key: &String| !c.differs.iter().any(|d| d.key == *key);
    let bare = c.differs_in.iter().filter(|k| known(k)).map(|key| {
        let Some(a) = facts.assumptions.iter().find(|a| a.key == *key) else {
            return row(
                &**key,
                vec![cell("see above", ""), cell("", ""), cell("", ""), cell("", "")],
            );
        };
        let value = |name: &str| {
            let own = a.differs.iter().find(|(s, _)| s == name);
            cell(own.map_or(a.value.as_str(), |(_, v)| v.as_str()), "")
        };
        Row {
            unit: a.doc.clone(),
            ..row(
                &**key,
                vec![
                    value(&c.strategy),
                    value(&c.baseline),
                    cell(&*a.label, ""),
                    cell(&*a.source, ""),
                ],
            )
        }
    });
    Sheet {
        title: format!("{} and {} differ in", c.strategy, c.baseline),
        columns: [&*c.strategy, &*c.baseline, "kind", "source"]
            .map(str::to_owned)
            .to_vec(),
        rows: told.chain(bare).collect(),
    }
}

/// Parameters that move the answer most, with label and source: those whose knowing would settle most.
pub fn depends(facts: &Facts) -> Sheet {
    let mut list: Vec<&Question> = Vec::new();
    let mut all: Vec<&Question> = facts.summary.comparisons.iter().flat_map(|c| &c.questions).collect();
    all.sort_by(|a, b| b.settles.total_cmp(&a.settles));
    for q in all {
        if !list.iter().any(|l| l.parameter == q.parameter) {
            list.push(q);
        }
    }
    let rows = list.into_iter().take(MOST).map(|q| {
        let a = facts.assumptions.iter().find(|a| a.key == q.parameter);
        let told = |of: &dyn Fn(&crate::report::Assumption) -> String| cell(a.map_or(String::new(), of), "");
        Row {
            unit: a.map_or(String::new(), |a| a.doc.clone()),
            ..row(
                &*q.parameter,
                vec![
                    cell(facts.title(&q.metric), ""),
                    told(&|a| format!("{} {}", a.value, a.unit)),
                    told(&|a| a.range_or_prior.clone()),
                    told(&|a| a.label.clone()),
                    told(&|a| a.source.clone()),
                ],
            )
        }
    });
    Sheet {
        title: "What the answer depends on most".to_owned(),
        columns: ["moves most", "value", "range or prior", "kind", "source"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    }
}
