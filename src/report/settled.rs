//! What is settled and what is not, in words.

use super::Facts;
use super::words::{number, within_sentence};
use crate::experiment::summary::{Comparison, Difference};

/// Metrics that verdicts are shown for, in the order of the funnel.
const SHOWN: [&str; 12] = [
    "faces_seen",
    "alerts",
    "false_alerts",
    "stops",
    "stops_without_arrest",
    "wrongful_stops",
    "wrongful_arrests",
    "arrests",
    "net_arrests",
    "sought_missed",
    "retro_wrongful_arrests",
    "retro_second_kept",
];
/// Questions and tipping points shown for each comparison.
const MOST: usize = 4;

/// A heading and what is said under it.
pub struct Panel {
    /// Heading.
    pub title: String,
    /// One item a line.
    pub items: Vec<String>,
}

/// What is settled of each comparison, where it flips, and what to ask.
pub fn panels(facts: &Facts) -> Vec<Panel> {
    facts.summary.comparisons.iter().map(|c| panel(facts, c)).collect()
}

/// How worlds were counted, for the reader.
pub fn reading(facts: &Facts) -> String {
    let w = &facts.summary.worlds;
    if facts.summary.uncertainty != "on" {
        return "Uncertainty is off: one world, taken as known. \"Settled\" says only that the difference is larger than the \
                smallest that matters under these very assumptions."
            .to_owned();
    }
    format!(
        "\"Settled\" means that at least {} % of plausible worlds agree and that the difference is larger than the smallest that \
         matters (measure.matters_*). {} worlds were tried; {} of them were run {} times to tell chance from not knowing. More \
         replications can settle what is limited by replications, never what is limited by knowledge.",
        number(100.0 * w.agreement, 0),
        w.worlds,
        w.repeated,
        w.inner,
    )
}

fn panel(facts: &Facts, c: &Comparison) -> Panel {
    let of = |verdict: &str, limit: Option<&str>| -> Vec<String> {
        let fits = |d: &&Difference| d.verdict == verdict && d.limited_by.as_deref() == limit;
        SHOWN
            .iter()
            .filter_map(|id| Some((*id, c.metrics.get(*id).filter(fits)?)))
            .map(|(id, d)| say(facts, id, d))
            .collect()
    };
    let mut items: Vec<String> = [
        ("Settled", of("settled", None)),
        ("No difference that matters", of("no difference that matters", None)),
        (
            "Not settled, for want of knowledge",
            of("not settled", Some("knowledge")),
        ),
        (
            "Not settled, for want of replications",
            of("not settled", Some("replications")),
        ),
        ("Not settled, lost in chance", of("not settled", Some("chance"))),
    ]
    .into_iter()
    .filter(|(_, what)| !what.is_empty())
    .map(|(verdict, what)| format!("{verdict}: {}.", what.join("; ")))
    .collect();
    let mut points: Vec<_> = c.tipping_points.iter().collect();
    points.sort_by_key(|t| !t.confirmed);
    items.extend(
        points
            .iter()
            .take(MOST)
            .map(|t| format!("Flips ({}): {}", t.how, t.sentence)),
    );
    items.extend(c.questions.iter().take(MOST).map(|q| {
        format!(
            "Ask: {} (for {}: the chance that two plausible worlds disagree would fall from {} to {} %)",
            q.question,
            within_sentence(&facts.title(&q.metric)),
            number(100.0 * q.disagreement, 0),
            number(100.0 * q.disagreement_when_known, 0),
        )
    }));
    items.extend(pairing(facts, c));
    let assumed: Vec<&str> = c
        .differs
        .iter()
        .filter(|d| d.by_assumption_alone)
        .map(|d| d.key.as_str())
        .collect();
    if !assumed.is_empty() {
        items.push(format!("Differs by assumption alone in: {}.", assumed.join(", ")));
    }
    Panel {
        title: format!("What is settled: {} instead of {}", c.strategy, c.baseline),
        items,
    }
}

/// What it gained that both met the same people: how many times fewer replications a difference needs.
fn pairing(facts: &Facts, c: &Comparison) -> Option<String> {
    let gains: Vec<String> = ["faces_seen", "alerts", "stops", "arrests", "sought_missed"]
        .iter()
        .filter_map(|id| {
            let gain = c.metrics.get(*id)?.variance_reduction?;
            // Strategies that see the very same faces gain without bound: that needs no number.
            let said = number(gain, usize::from(gain < 10.0));
            (gain < 1e4).then(|| format!("{said} for {}", within_sentence(&facts.title(id))))
        })
        .collect();
    let said =
        "On the same simulated people, a difference needs fewer replications than with independent runs by a factor of";
    (!gains.is_empty()).then(|| format!("{said} {}.", gains.join(", ")))
}

/// "fewer wrongful stops (in 71 % of plausible worlds; about 400 replications would do)".
fn say(facts: &Facts, id: &str, d: &Difference) -> String {
    let title = within_sentence(&facts.title(id)).replace(" (counted)", "");
    let (low, high) = (d.share_of_plausible_worlds_lower, d.share_of_plausible_worlds_higher);
    let share = |x: f64| number(100.0 * x, 0);
    let mut notes: Vec<String> = Vec::new();
    let word = match (d.verdict.as_str(), low, high) {
        ("no difference that matters", ..) => "",
        (_, Some(low), Some(high)) if 1.0 - low - high > low.max(high) => {
            notes.push(format!(
                "no difference that matters in {} % of plausible worlds",
                share(1.0 - low - high)
            ));
            ""
        }
        (_, Some(low), Some(high)) if low > high => {
            notes.push(format!("in {} % of plausible worlds", share(low)));
            "fewer "
        }
        (_, Some(_), Some(high)) => {
            notes.push(format!("in {} % of plausible worlds", share(high)));
            "more "
        }
        _ => match d.difference {
            Some(x) if x < 0.0 => "fewer ",
            Some(x) if x > 0.0 => "more ",
            _ => "",
        },
    };
    if let Some(needed) = d.replications_needed {
        notes.push(format!(
            "about {} replications would tell",
            number(rounded_up(needed), 0)
        ));
    }
    if notes.is_empty() {
        format!("{word}{title}")
    } else {
        format!("{word}{title} ({})", notes.join("; "))
    }
}

/// Up to two significant figures.
fn rounded_up(n: u64) -> f64 {
    let mut unit = 1;
    while n / unit >= 100 {
        unit *= 10;
    }
    (n.div_ceil(unit) * unit) as f64
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;

    #[test]
    fn every_verdict_is_said_with_what_limits_it() {
        let mut facts = facts();
        facts.summary.worlds.worlds = 100;
        let c = &mut facts.summary.comparisons[0];
        for (id, verdict, limit, shares) in [
            ("faces_seen", "settled", None, [0.0, 1.0]),
            ("stops", "not settled", Some("knowledge"), [0.7, 0.3]),
            ("arrests", "not settled", Some("replications"), [0.4, 0.6]),
        ] {
            let d = c.metrics.get_mut(id).unwrap();
            d.verdict = verdict.to_owned();
            d.limited_by = limit.map(str::to_owned);
            d.share_of_plausible_worlds_lower = Some(shares[0]);
            d.share_of_plausible_worlds_higher = Some(shares[1]);
            d.replications_needed = (limit == Some("replications")).then_some(431);
        }
        let said = panels(&facts)[0].items.join("\n");
        for part in [
            "Settled: more faces seen (in 100 % of plausible worlds).",
            "for want of knowledge: fewer stops (in 70 % of plausible worlds).",
            "for want of replications: more arrests (in 60 % of plausible worlds; about 440 replications would tell).",
        ] {
            assert!(said.contains(part), "{part}\n{said}");
        }
        assert!(reading(&facts).contains("never what is limited by knowledge"));
    }
}
