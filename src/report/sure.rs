//! Verdicts in words: what plausible worlds agree on, and what limits an answer.

use super::{Facts, words};
use crate::experiment::summary::Difference;

/// Metrics with a verdict in the first panel, in the order of the funnel; the expectation stands in for a rare count.
const SHOWN: [[&str; 2]; 6] = [
    ["people_scanned", "faces_seen"],
    ["stops_without_arrest", ""],
    ["wrongful_stops", "wrongful_stops_expected"],
    ["arrests", ""],
    ["net_arrests", ""],
    ["not_sought_minutes_lost", ""],
];

/// Those of them that some comparison has.
pub fn shown(facts: &Facts) -> Vec<String> {
    let has = |id: &str| facts.summary.comparisons.iter().any(|c| c.metrics.contains_key(id));
    let first = |ids: [&str; 2]| ids.into_iter().find(|id| has(id)).map(str::to_owned);
    SHOWN.into_iter().filter_map(first).collect()
}

/// "settled", or "not settled (limited by knowledge)"; without verdicts, what the simulation interval says.
pub fn short(d: &Difference) -> String {
    match (d.verdict.as_str(), &d.limited_by) {
        ("", _) => words::verdict(d).to_owned(),
        (verdict, Some(by)) if verdict == "not settled" => format!("{verdict} (limited by {by})"),
        (verdict, _) => verdict.to_owned(),
    }
}

/// The same with the worlds behind it.
pub fn sentence(d: &Difference) -> String {
    let of_100 = |share: Option<f64>| share.map(|s| words::number(100.0 * s, 0));
    let both = |d: &Difference| Some(d.share_of_plausible_worlds_higher? + d.share_of_plausible_worlds_lower?);
    let neither = both(d).filter(|b| *b < 0.995).map_or(String::new(), |b| {
        format!(
            ", no difference that matters in {}",
            words::number(100.0 * (1.0 - b), 0)
        )
    });
    let worlds = match (
        of_100(d.share_of_plausible_worlds_higher),
        of_100(d.share_of_plausible_worlds_lower),
    ) {
        (Some(more), Some(fewer)) => format!("more in {more} of 100 plausible worlds, fewer in {fewer}{neither}; "),
        _ => String::new(),
    };
    let more = d
        .replications_needed
        .filter(|_| d.limited_by.as_deref() == Some("replications"))
        .map_or(String::new(), |n| {
            format!("; about {} replications would do", words::number(n as f64, 0))
        });
    format!("{worlds}{}{more}", short(d))
}

/// The smallest difference that matters, as shown beside a verdict.
pub fn matters(d: &Difference, unit: &str) -> Option<String> {
    let shown = words::scale(unit);
    let least = d.smallest_that_matters * shown.factor;
    let figure = words::number(least, words::decimals(least, None));
    let bare = match figure.split_once('.') {
        Some(_) => figure.trim_end_matches('0').trim_end_matches('.'),
        None => &figure,
    };
    (least > 0.0).then(|| format!("{bare} {}", shown.unit))
}

/// Whether a comparison carries verdicts at all.
pub fn judged(c: &crate::experiment::summary::Comparison) -> bool {
    c.metrics.values().any(|d| !d.verdict.is_empty())
}
