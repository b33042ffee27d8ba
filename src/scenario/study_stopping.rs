//! When a study has repeated a point often enough.

use super::document::{Kind, Node, Problems};
use super::population::required;

/// Replications before which nothing is judged, unless the study says otherwise.
pub const AT_LEAST: u32 = 30;
/// Most replications of a point.
pub(crate) const MOST_REPLICATIONS: u64 = 1_000_000;

/// A rule of stopping: a point is repeated until a metric is known so precisely, or `at_most` times.
#[derive(Clone, Debug, PartialEq)]
pub struct StoppingRule {
    /// Metric.
    pub metric: String,
    /// Half-width asked of its interval over the point's replications.
    pub half_width: HalfWidth,
    /// Replications before which nothing is judged.
    pub at_least: u32,
    /// Replications after which a point ends, precise or not.
    pub at_most: u32,
}

/// A half-width of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfWidth {
    /// As a share of the mean, for example 0.05.
    Relative(f64),
    /// In the unit of the metric.
    Absolute(f64),
}

impl StoppingRule {
    /// What decides how a point goes on, as canonical text; how far it may go at most is not part of it.
    pub fn canonical(&self) -> String {
        format!("{} {:?} from {}", self.metric, self.half_width, self.at_least)
    }

    /// The half-width in a few words.
    pub fn words(&self) -> String {
        match self.half_width {
            HalfWidth::Relative(share) => format!("{} to within {} %", self.metric, (1e4 * share).round() / 1e2),
            HalfWidth::Absolute(width) => format!("{} to within {width}", self.metric),
        }
    }
}

/// Reads `precision = { metric = "alerts", half_width = "5%", at_most = 200 }`.
pub(crate) fn read_stopping(node: &Node, problems: &mut Problems) -> Option<StoppingRule> {
    let table = node.table("precision", problems)?;
    table.check_keys("precision", &["metric", "half_width", "at_least", "at_most"], problems);
    let metric = required(node, table, "precision", "metric", problems);
    let width = required(node, table, "precision", "half_width", problems);
    let most = required(node, table, "precision", "at_most", problems);
    let metric = metric.and_then(|n| n.text("precision.metric", problems));
    let half_width = width.and_then(|n| read_half_width(n, problems));
    let mut whole = |key: &str, n: &Node| n.whole(key, "", (2, MOST_REPLICATIONS), problems);
    let at_most = most.and_then(|n| whole("precision.at_most", n))? as u32;
    let at_least = match table.get("at_least") {
        Some(n) => whole("precision.at_least", n)? as u32,
        None => AT_LEAST,
    };
    if at_most < at_least {
        let message = format!("`precision.at_most` is {at_most}, but nothing is judged before {at_least} replications");
        let help = "raise at_most, or say at_least = 10; intervals from few replications are often too narrow";
        problems.push(most.unwrap_or(node).problem(message, help));
    }
    Some(StoppingRule {
        metric: metric?.to_owned(),
        half_width: half_width?,
        at_least,
        at_most,
    })
}

/// A share of the mean as text ("5%"), or a number in the unit of the metric.
fn read_half_width(node: &Node, problems: &mut Problems) -> Option<HalfWidth> {
    let help = "write half_width = \"5%\" for a share of the mean, half_width = 0.5 for the metric's own unit";
    let Kind::Text(text) = &node.kind else {
        let width = node.number("precision.half_width", "", (0.0, f64::MAX), problems)?;
        if width <= 0.0 {
            problems.push(node.problem("`precision.half_width` must be above 0", help));
            return None;
        }
        return Some(HalfWidth::Absolute(width));
    };
    let share = text.trim().strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok());
    match share.map(|percent| percent / 100.0) {
        Some(share) if share > 0.0 && share < 1.0 => Some(HalfWidth::Relative(share)),
        _ => {
            let message = format!(
                "`precision.half_width` is no share between 0 % and 100 %: \"{}\"",
                super::document::short(text)
            );
            problems.push(node.problem(message, help));
            None
        }
    }
}
