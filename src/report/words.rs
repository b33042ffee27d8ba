//! Words and numbers as readers see them: the fixed labels, and how a figure is rounded to what is known of it.

use crate::experiment::summary::{Difference, Estimate};

/// Said wherever wrongful stops first appear.
pub const WRONGFUL_STOP: &str = "a stop after a false alert; not a legal finding";

/// What the simulation interval means.
pub const SIMULATION_INTERVAL: &str =
    "how precisely the model's own answer is known; it shrinks with more runs and says nothing about the world";

/// Labels that every report carries.
pub const REQUIRED: [&str; 4] = [
    "The composition of a watchlist is secret; here it is assumed.",
    "Camera positions are hypothetical.",
    "Crime prevented is not modelled; nor are deterrence, legitimacy, or arrests brought forward.",
    "Both error rates are shown side by side: false alerts per face seen (the police force's rate) and the false share of \
     alerts (the campaigners' rate) are the same errors over different denominators.",
];

/// Rows of the first table, in the order of the funnel; of each, the first that a result has.
pub const FIRST_ROWS: [[&str; 2]; 10] = [
    ["people_scanned", "faces_seen"],
    ["alerts", "alerts"],
    ["stops", "stops"],
    ["stops_without_arrest", "stops_without_arrest"],
    ["wrongful_stops_expected", "wrongful_stops"],
    ["arrests", "arrests"],
    ["net_arrests", "net_arrests"],
    ["not_sought_minutes_lost", "not_sought_minutes_lost"],
    ["retro_wrongful_arrests", "retro_wrongful_arrests"],
    ["retro_second_kept_expected", "retro_second_kept"],
];

/// Rows of the main table, in the order of the funnel. Those a result does not have are left out.
pub const MAIN_ROWS: [&str; 36] = [
    "deployments",
    "passes",
    "faces_seen",
    "people_scanned",
    "share_scanned_once",
    "share_scanned_ten_times",
    "exposure_gini",
    "alerts",
    "true_alerts",
    "false_alerts",
    "false_alerts_expected",
    "stops",
    "stops_without_arrest",
    "wrongful_stops",
    "wrongful_stops_expected",
    "cover_stops",
    "arrests",
    "net_arrests",
    "wrongful_arrests",
    "children_stopped",
    "sought_present",
    "sought_missed",
    "took_another_route",
    "turned_back",
    "covered",
    "not_sought_minutes_lost",
    "officer_utilisation",
    "cost_gbp",
    "false_alerts_per_face",
    "false_share_of_alerts",
    "retro_searches",
    "retro_candidates",
    "retro_wrongful_arrests",
    "retro_second_kept",
    "retro_second_kept_expected",
    "custody_images_no_action",
];

/// Metrics shown by group.
pub const GROUP_ROWS: [&str; 11] = [
    "faces_seen",
    "false_alerts_expected",
    "false_alerts_per_face",
    "wrongful_stops",
    "wrongful_stops_expected",
    "stops_without_arrest",
    "cover_stops",
    "not_sought_minutes_lost",
    "retro_candidates",
    "retro_wrongful_arrests",
    "retro_second_kept_expected",
];

/// Rates of false alerts by group, best known first: the picture uses the first that a result has.
pub const GROUP_RATES: [&str; 5] = [
    "false_alerts_expected_per_face",
    "false_alerts_per_face_expected",
    "fpir_expected",
    "fpir",
    "false_alerts_per_face",
];

/// Stands for a figure that does not exist, such as a rate without a denominator.
pub const NONE: &str = "–";

/// An id with spaces: what a metric is called when nobody described it.
pub fn spaced(id: &str) -> String {
    let mut text = id.replace(['_', '.'], " ");
    if let Some(first) = text.get(..1) {
        let upper = first.to_ascii_uppercase();
        text.replace_range(..1, &upper);
    }
    text
}

/// A title as it stands inside a sentence.
pub fn within_sentence(title: &str) -> String {
    // An interval in brackets follows: no second pair of brackets before it.
    let title = &title.replace(" (expected)", " in expectation");
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        // An abbreviation keeps its capitals.
        (Some(a), Some(b)) if a.is_uppercase() && !b.is_uppercase() => {
            a.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.clone(),
    }
}

/// How a unit is shown: tiny rates per 100,000, shares in per cent.
pub struct Scale {
    /// What a figure is multiplied by.
    pub factor: f64,
    /// What then stands behind it.
    pub unit: String,
}

/// The scale for a unit.
pub fn scale(unit: &str) -> Scale {
    for (singular, plural) in [("face", "faces"), ("search", "searches"), ("pass", "passes")] {
        if unit
            .strip_prefix("per ")
            .is_some_and(|u| u == singular || u == format!("{singular} seen"))
        {
            return Scale {
                factor: 1e5,
                unit: format!("per 100,000 {plural}"),
            };
        }
    }
    if let Some(of) = unit.strip_prefix("share") {
        return Scale {
            factor: 100.0,
            unit: format!("%{of}"),
        };
    }
    if unit.starts_with("of ") {
        return Scale {
            factor: 100.0,
            unit: format!("% {unit}"),
        };
    }
    Scale {
        factor: 1.0,
        unit: unit.to_owned(),
    }
}

/// A number with commas between thousands, a real minus sign, and no needless zeros for zero itself.
pub fn number(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let (whole, rest) = text
        .split_once('.')
        .map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let mut out = String::new();
    if x < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if x != 0.0 {
        out.push_str(&rest);
    }
    out
}

/// The same with a plus sign in front of a gain.
pub fn signed(x: f64, decimals: usize) -> String {
    let text = number(x, decimals);
    if x > 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        format!("+{text}")
    } else {
        text
    }
}

/// Decimals that show two steps or more within half an interval's width.
pub fn decimals(point: f64, interval: Option<[f64; 2]>) -> usize {
    let half = interval.map_or(0.0, |[low, high]| 0.5 * (high - low));
    let step = if half > 0.0 && half.is_finite() {
        0.5 * half
    } else {
        point.abs() * 0.01
    };
    if step <= 0.0 || (half == 0.0 && point.fract() == 0.0) {
        return 0;
    }
    (-libm::log10(step)).ceil().clamp(0.0, 6.0) as usize
}

/// An interval in shown units; none where an end is unbounded.
fn scaled(interval: Option<[f64; 2]>, factor: f64) -> Option<[f64; 2]> {
    interval
        .map(|i| i.map(|v| v * factor))
        .filter(|i| i.iter().all(|v| v.is_finite()))
}

/// "4.1 [3.9, 4.3]": the mean with its simulation interval.
pub fn estimate(e: &Estimate) -> String {
    estimate_in(e, 1.0)
}

/// The same in other units: multiplied by `times`.
pub fn estimate_in(e: &Estimate, times: f64) -> String {
    let factor = times * scale(&e.unit).factor;
    let Some(mean) = e.mean else { return NONE.to_owned() };
    let interval = scaled(e.simulation_interval, factor);
    let mean = mean * factor;
    let d = decimals(mean, interval);
    match interval {
        Some([low, high]) => format!("{} [{}, {}]", number(mean, d), number(low, d), number(high, d)),
        None => format!("{} [one run, no interval]", number(mean, d)),
    }
}

/// "1 to 8": what one deployment may bring.
pub fn predictive(e: &Estimate, integer: bool) -> Option<String> {
    let factor = scale(&e.unit).factor;
    e.predictive_interval
        .map(|i| range(i.map(|v| v * factor), integer, number))
}

/// Two ends in words.
fn range([low, high]: [f64; 2], integer: bool, show: impl Fn(f64, usize) -> String) -> String {
    let d = if integer { 0 } else { decimals(low, Some([low, high])) };
    let (low, high) = (show(low, d), show(high, d));
    if low == high { low } else { format!("{low} to {high}") }
}

/// "+3.2 [+2.9, +3.5]": a paired difference with its simulation interval.
pub fn difference(d: &Difference, unit: &str) -> String {
    difference_in(d, unit, 1.0)
}

/// The same in other units: multiplied by `times`.
pub fn difference_in(d: &Difference, unit: &str, times: f64) -> String {
    let factor = times * scale(unit).factor;
    let Some(point) = d.difference else {
        return NONE.to_owned();
    };
    let interval = scaled(d.simulation_interval, factor);
    let point = point * factor;
    let places = decimals(point, interval);
    match interval {
        Some([low, high]) => {
            format!(
                "{} [{}, {}]",
                signed(point, places),
                signed(low, places),
                signed(high, places)
            )
        }
        None => format!("{} [one run, no interval]", signed(point, places)),
    }
}

/// "−1 to +3": what the difference may be in one deployment.
pub fn predictive_difference(d: &Difference, unit: &str, integer: bool) -> Option<String> {
    let factor = scale(unit).factor;
    d.predictive_interval
        .map(|i| range(i.map(|v| v * factor), integer, signed))
}

/// Verdict on a difference that is zero to the last bit in every run.
pub const EQUAL: &str = "exactly equal in every run";
/// Verdict on a difference whose interval covers zero.
pub const UNCLEAR: &str = "not distinguishable";

/// What a difference amounts to, in words.
pub fn verdict(d: &Difference) -> &'static str {
    match d.difference {
        None => "",
        Some(_) if d.method == "exact-zero" => EQUAL,
        Some(_) if !d.distinguishable => UNCLEAR,
        Some(x) if x > 0.0 => "more",
        Some(_) => "fewer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_what_is_known() {
        assert_eq!(number(1_234_567.4, 0), "1,234,567");
        assert_eq!(number(-0.012, 3), "\u{2212}0.012");
        assert_eq!(number(-0.001, 1), "0.0");
        assert_eq!(number(0.0, 3), "0");
        assert_eq!(signed(0.3, 1), "+0.3");
        assert_eq!(decimals(4.1, Some([3.9, 4.3])), 1);
        assert_eq!(decimals(33_998.2, Some([33_990.0, 34_006.0])), 0);
        assert_eq!(decimals(0.0, Some([0.0, 0.018])), 3);
        assert_eq!(decimals(7.0, Some([7.0, 7.0])), 0);
        assert_eq!(decimals(0.0, None), 0);
    }

    #[test]
    fn small_rates_are_shown_per_hundred_thousand_and_shares_in_per_cent() {
        assert_eq!(scale("per face").unit, "per 100,000 faces");
        assert_eq!(scale("share of alerts").unit, "% of alerts");
        assert_eq!(scale("share").unit, "%");
        assert_eq!(scale("of alerts").unit, "% of alerts");
        assert_eq!(scale("per deployment").factor, 1.0);
    }

    #[test]
    fn ids_without_a_title_become_words() {
        assert_eq!(spaced("faces_seen"), "Faces seen");
        assert_eq!(spaced(""), "");
        assert_eq!(within_sentence("Faces seen"), "faces seen");
        assert_eq!(within_sentence("FPIR"), "FPIR");
        assert_eq!(
            within_sentence("False alerts (expected)"),
            "false alerts in expectation"
        );
    }
}
