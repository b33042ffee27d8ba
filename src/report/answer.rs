//! The answer in sentences of a fixed template, one claim each, in the order of the funnel.

use super::words::{self, WRONGFUL_STOP};
use super::{Facts, sure};
use crate::experiment::summary::{Comparison, Difference};
use crate::stats::{frequency, frequency_among};
use serde::Serialize;

/// What is spoken of: metric ids, best first, and what is counted.
const SAID: [([&str; 2], &str); 6] = [
    (["people_scanned", "faces_seen"], "People scanned"),
    (["stops_without_arrest", "stops"], "People stopped without arrest"),
    (
        ["wrongful_stops_expected", "wrongful_stops"],
        "People stopped by mistake",
    ),
    (["arrests", "net_arrests"], "People arrested"),
    (
        ["retro_wrongful_arrests", "retro_candidates"],
        "People arrested by mistake through custody images",
    ),
    (
        ["retro_second_kept_expected", "retro_second_kept"],
        "People arrested by mistake through an image kept after an arrest that came to nothing",
    ),
];

/// What one strategy would change: a head, and one claim a sentence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// "B instead of A, in each deployment:".
    pub head: String,
    /// Claims in the order of the funnel, each a sentence; the last has both error rates.
    pub claims: Vec<String>,
}

impl Answer {
    /// All of it in one paragraph.
    pub fn paragraph(&self) -> String {
        format!("{} {}", self.head, self.claims.join(" "))
    }
}

/// One answer for each strategy against the baseline.
pub fn answers(facts: &Facts) -> Vec<Answer> {
    let mut said = Said::default();
    let all = &facts.summary.comparisons;
    all.iter().map(|c| of(facts, c, &mut said)).collect()
}

/// What was said once and need not be said again.
#[derive(Default)]
struct Said {
    wrongful_stop: bool,
    baseline_rates: bool,
}

fn of(facts: &Facts, c: &Comparison, said: &mut Said) -> Answer {
    let (mut claims, mut equal) = (Vec::new(), Vec::new());
    for (ids, what) in SAID {
        let Some((id, d)) = ids.into_iter().find_map(|id| Some((id, c.metrics.get(id)?))) else {
            continue;
        };
        if words::verdict(d) == words::EQUAL {
            // What strategies have nothing to do with needs no word.
            if !id.starts_with("retro_") {
                equal.push(what.to_lowercase());
            }
            continue;
        }
        let mut what = what.to_owned();
        if id.starts_with("wrongful_stops") && !std::mem::replace(&mut said.wrongful_stop, true) {
            what += &format!(" ({WRONGFUL_STOP})");
        }
        claims.push(format!("{what}: {}.", claim(facts, d, id)));
    }
    if !equal.is_empty() {
        claims.push(format!(
            "{}: {}.",
            super::story::capital(words::EQUAL),
            equal.join(", ")
        ));
    }
    claims.extend(errors(facts, c, said));
    if claims.is_empty() {
        claims.push("Nothing to compare.".to_owned());
    }
    Answer {
        head: format!(
            "{} instead of {}, in each {}:",
            c.strategy, c.baseline, facts.summary.per
        ),
        claims,
    }
}

/// What is said of one figure that is not equal: by how much, and how sure that is.
fn claim(facts: &Facts, d: &Difference, id: &str) -> String {
    match d.verdict.as_str() {
        "no difference that matters" => d.verdict.clone(),
        "not settled" => format!("{}; {}", amount(facts, d, id), sure::short(d)),
        "" if !d.distinguishable => words::UNCLEAR.to_owned(),
        _ => amount(facts, d, id),
    }
}

/// "False alerts: about one in 275,000 faces seen and about one in 88 alerts (two-vans: ...).": the same errors over both
/// of their denominators; none without cameras.
fn errors(facts: &Facts, c: &Comparison, said: &mut Said) -> Option<String> {
    let rates = |name: &str| {
        let s = facts.summary.strategies.iter().find(|s| s.name == name)?;
        let of = |id: &str| s.metrics.get(id)?.mean;
        let [face, share] = [of("false_alerts_per_face")?, of("false_share_of_alerts")?];
        Some(if face == 0.0 && share == 0.0 {
            "none in these runs".to_owned()
        } else {
            format!(
                "{} and {}",
                frequency_among(face, "faces seen"),
                frequency_among(share, "alerts")
            )
        })
    };
    let own = rates(&c.strategy)?;
    let against = match rates(&c.baseline) {
        Some(r) if !std::mem::replace(&mut said.baseline_rates, true) => format!(" ({}: {r})", c.baseline),
        _ => String::new(),
    };
    Some(format!("False alerts: {own}{against}."))
}

/// "1,204 more [1,180, 1,230]", or "about one fewer in 23 deployments" where it is rare.
fn amount(facts: &Facts, d: &Difference, id: &str) -> String {
    let Some(x) = d.difference else {
        return words::NONE.to_owned();
    };
    if x == 0.0 {
        return "no difference in these runs".to_owned();
    }
    // "About one in 8 100,000 scans" says nothing to anybody.
    if libm::fabs(x) < 0.5 && !facts.summary.per.ends_with("scans") {
        let words = frequency(x, u64::from(facts.summary.replications), &facts.summary.per);
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
