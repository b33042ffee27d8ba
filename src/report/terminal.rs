//! The answer on a terminal: readable at 80 columns, without colour, by somebody with no statistics.

use super::Facts;
use super::lines::{Page, wrap, wrap_indented};
use super::rows;
use super::words::{self, REQUIRED, WRONGFUL_STOP};

/// Title, question, answer and every table, at most `width` columns wide; `color` only adds bold and faint.
pub fn full(facts: &Facts, width: usize, color: bool) -> String {
    let s = &facts.summary;
    let mut out = Page::new(width, color);
    opening(&mut out, facts);
    out.paragraph(&format!(
        "Figures are means over {} simulated {}s; in [brackets] the {} % simulation interval: {}.",
        s.replications,
        s.per,
        words::number(s.level * 100.0, 0),
        words::SIMULATION_INTERVAL,
    ));
    let drawn = if s.uncertainty == "on" {
        "chance, and not knowing the parameters"
    } else {
        "chance alone (uncertainty off)"
    };
    out.paragraph(&format!(
        "\"One may bring\" is the predictive interval, what one {} may bring: {drawn}.",
        s.per
    ));
    out.paragraph(&format!("A wrongful stop is {WRONGFUL_STOP}."));

    out.sheet(&rows::comparison(facts), true);
    if !s.comparisons.is_empty() {
        out.sheet(&rows::differences(facts), true);
        verdicts(&mut out, facts);
    }
    for sheet in rows::groups(facts) {
        out.sheet(&sheet, false);
    }
    for panel in super::burdens::burdens(facts) {
        out.blank();
        out.strong(&panel.title);
        panel.items.iter().for_each(|item| out.item(item));
    }
    out.blank();
    for note in REQUIRED {
        out.item(note);
    }
    if facts.sketch {
        out.item("The streets are a sketch, not surveyed.");
    }
    for warning in &s.warnings {
        out.item(warning);
    }
    for note in &facts.attribution {
        out.item(note);
    }
    out.text
}

/// The ledger: everyone alerted or stopped, by what became of them and why they were on the list.
pub fn ledger(facts: &Facts, width: usize, color: bool) -> String {
    let mut out = Page::new(width, color);
    let mut strategy = "";
    for row in facts.summary.ledger.iter().filter(|r| r.by == "all") {
        if row.strategy != strategy {
            strategy = &row.strategy;
            out.blank();
            out.strong(&format!(
                "The ledger: {strategy}{}",
                super::ledger::two_persons(facts, strategy)
            ));
        }
        let depth = usize::from(row.outcome != "all") + usize::from(row.reason != "all");
        let what = match (row.outcome.as_str(), row.reason.as_str()) {
            ("all", "all") => row.kind.clone(),
            (outcome, "all") => outcome.to_owned(),
            (_, reason) => reason.to_owned(),
        };
        let label = format!("{}{what}", "  ".repeat(depth));
        let minutes = if row.minutes > 0.0 {
            format!("; {} min", words::number(row.minutes, usize::from(row.minutes < 10.0)))
        } else {
            String::new()
        };
        let mean = row.per_deployment.value.unwrap_or(0.0);
        let figure = words::number(mean, words::decimals(mean, row.per_deployment.interval));
        let columns = [
            wrap_indented(&label, LEDGER_LABEL),
            vec![figure],
            wrap(&format!("{}{minutes}", row.frequency), out.width - LEDGER_LABEL - 14),
        ];
        out.columns(&columns, &[LEDGER_LABEL, 10]);
    }
    out.text
}

/// Width of the labels of the ledger.
const LEDGER_LABEL: usize = 34;

/// Title, question, stamp and answers.
pub(super) fn opening(out: &mut Page, facts: &Facts) {
    out.strong(&facts.summary.title);
    out.paragraph(&facts.summary.question);
    out.faint(&facts.stamp());
    out.blank();
    for answer in super::answer::answers(facts) {
        out.paragraph(&answer.head);
        out.indented(&answer.claims.join(" "));
    }
    out.blank();
}

/// What is settled, comparison by comparison.
fn verdicts(out: &mut Page, facts: &Facts) {
    for panel in super::settled::panels(facts) {
        out.blank();
        out.strong(&panel.title);
        panel.items.iter().for_each(|item| out.item(item));
    }
    out.blank();
    out.paragraph(&super::settled::reading(facts));
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [60, 80, 100, 120] {
            for line in full(&facts(), width, false).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_the_look() {
        let plain = full(&facts(), 100, false);
        let mut colourful = full(&facts(), 100, true);
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[4m"] {
            colourful = colourful.replace(code, "");
        }
        assert_eq!(plain, colourful);
        assert!(!plain.contains('\u{1b}'));
    }

    #[test]
    fn the_answer_names_both_denominators_and_tells_the_intervals_apart() {
        let text = full(&facts(), 120, false);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for phrase in [
            "simulated projection, not evidence of actual performance",
            "a stop after a false alert; not a legal finding",
            "simulation interval: how precisely the model's own answer is known",
            "what one deployment may bring: chance, and not knowing the parameters",
            "one may bring",
            "not distinguishable",
            "per 100,000 faces",
            "% of alerts",
            "Who bears it, by ethnicity",
            "about one in 23",
        ] {
            assert!(flat.contains(phrase), "{phrase}\n{text}");
        }
    }

    #[test]
    fn one_run_without_intervals_says_so() {
        let mut facts = facts();
        facts.summary.comparisons.clear();
        facts.summary.strategies.truncate(1);
        for e in facts.summary.strategies[0].metrics.values_mut() {
            (e.simulation_interval, e.predictive_interval) = (None, None);
        }
        let text = full(&facts, 80, false);
        assert!(
            text.contains("[one run, no interval]") && !text.contains("Differences"),
            "{text}"
        );
        assert!(
            super::super::html(&facts)
                .unwrap()
                .contains("there is nothing to compare it with")
        );
    }
}
