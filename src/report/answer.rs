//! The answer in one sentence of a fixed template, in the order of the funnel.

use super::words::{self, WRONGFUL_STOP};
use super::{Facts, sure};
use crate::experiment::summary::{Comparison, Difference};
use crate::stats::frequency;

/// What the sentence speaks of: metric ids, best first, and what is counted.
const SAID: [([&str; 2], &str); 6] = [
    (["people_scanned", "faces_seen"], "people scanned"),
    (["stops_without_arrest", "stops"], "people stopped without arrest"),
    (
        ["wrongful_stops_expected", "wrongful_stops"],
        "people stopped by mistake",
    ),
    (["arrests", "net_arrests"], "people arrested"),
    (
        ["retro_wrongful_arrests", "retro_candidates"],
        "people arrested by mistake through custody images",
    ),
    (
        ["retro_second_kept_expected", "retro_second_kept"],
        "people arrested by mistake through an image kept after an arrest that came to nothing",
    ),
];

/// One sentence for each strategy against the baseline.
pub fn answer(facts: &Facts) -> Vec<String> {
    let mut defined = false;
    let all = &facts.summary.comparisons;
    all.iter().map(|c| sentence(facts, c, &mut defined)).collect()
}

fn sentence(facts: &Facts, c: &Comparison, defined: &mut bool) -> String {
    let (mut differ, mut none, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for (ids, what) in SAID {
        let Some((id, d)) = ids.into_iter().find_map(|id| Some((id, c.metrics.get(id)?))) else {
            continue;
        };
        let mut what = what.to_owned();
        if id.starts_with("wrongful_stops") && !std::mem::replace(defined, true) {
            what += &format!(" ({WRONGFUL_STOP})");
        }
        if words::verdict(d) == words::EQUAL {
            none.push(format!("{what} (exactly equal in every run)"));
            continue;
        }
        match d.verdict.as_str() {
            "not settled" => open.push(match &d.limited_by {
                Some(by) => format!("{what} ({}; limited by {by})", amount(facts, d, id)),
                None => format!("{what} ({})", amount(facts, d, id)),
            }),
            "no difference that matters" => none.push(what),
            "" if !d.distinguishable => open.push(what),
            _ => differ.push(format!("{what}: {}", amount(facts, d, id))),
        }
    }
    let mut parts = Vec::new();
    let mut add = |head: &str, list: Vec<String>| {
        if !list.is_empty() {
            parts.push(format!("{head}{}", list.join(", ")));
        }
    };
    add("", differ);
    add("no difference that matters in ", none);
    let settled = sure::judged(c);
    add(
        if settled {
            "not settled: "
        } else {
            "not distinguishable: "
        },
        open,
    );
    if parts.is_empty() {
        parts.push("nothing to compare".to_owned());
    }
    format!(
        "{} instead of {}, in each {}: {}.",
        c.strategy,
        c.baseline,
        facts.summary.per,
        parts.join("; ")
    )
}

/// "1,204 more [1,180, 1,230]", or "about one fewer in 23 deployments" where it is rare.
fn amount(facts: &Facts, d: &Difference, id: &str) -> String {
    let Some(x) = d.difference else {
        return words::NONE.to_owned();
    };
    if x == 0.0 {
        return "no difference in these runs".to_owned();
    }
    if libm::fabs(x) < 0.5 {
        let words = frequency(x, u64::from(facts.summary.replications));
        // "About one fewer in 23 deployments" says which way; a gain must say so too.
        return if x > 0.0 {
            words.replacen(" in ", " more in ", 1)
        } else {
            words
        };
    }
    let figure = words::difference(d, &facts.unit(id));
    let way = if x > 0.0 { "more" } else { "fewer" };
    let bare = figure.replace(['+', '\u{2212}'], "");
    let crosses = d.simulation_interval.is_some_and(|[a, b]| a < 0.0 && b > 0.0);
    if crosses {
        figure
    } else {
        format!("{} {way}", ordered(&bare))
    }
}

/// Both ends of "3 [5, 1]" in rising order: of fewer, the signs were taken away.
fn ordered(text: &str) -> String {
    let Some((point, rest)) = text.split_once(" [") else {
        return text.to_owned();
    };
    match rest.trim_end_matches(']').split_once(", ") {
        Some((a, b)) if value(a) > value(b) => format!("{point} [{b}, {a}]"),
        _ => text.to_owned(),
    }
}

fn value(text: &str) -> f64 {
    text.replace(',', "").parse().unwrap_or(0.0)
}
