//! What a study spreads a parameter over: a range, a prior or a list of values.

use super::document::{Entry, Kind, Node, Problems, Table, plain};
use super::plan::Value;
use super::population::required;
use super::prior::Prior;
use super::registry::{self, ParamId, find};
use super::study::Spread;
use super::study_points::{check_key, check_value, written};
use super::values::{read_doubtful, read_word};

const PARAMETER_KEYS: [&str; 11] = [
    "key",
    "low",
    "high",
    "steps",
    "scale",
    "values",
    "prior",
    "beta",
    "normal",
    "lognormal",
    "logit_normal",
];

/// Reads one `[[parameter]]`; in a grid a range is cut into steps.
pub(crate) fn read_spread(node: &Node, grid: bool, problems: &mut Problems) -> Option<(String, Spread)> {
    let table = node.table("parameter", problems)?;
    table.check_keys("parameter", &PARAMETER_KEYS, problems);
    let key_node = required(node, table, "parameter", "key", problems)?;
    let key = key_node.text("parameter.key", problems)?;
    check_key(key, key_node, problems)?;
    if let Some(values) = table.get("values") {
        let list = values.list("parameter.values", 100_000, problems)?;
        if list.is_empty() {
            problems.push(values.problem(format!("`{key}` has no values"), "give at least one"));
            return None;
        }
        list.iter().for_each(|v| check_value(key, v, problems));
        let texts = list.iter().map(written).collect();
        return Some((key.to_owned(), Spread::Values(texts)));
    }
    let id = find(key).filter(|id| {
        matches!(
            id.row().kind,
            registry::Kind::Number { .. } | registry::Kind::Whole { .. }
        )
    });
    let Some(id) = id else {
        let message = format!("`{key}` is not a number, so it has no range");
        problems.push(node.problem(message, "list what it may be: values = [\"...\", \"...\"]"));
        return None;
    };
    let spread = read_range(key, id, node, table, problems)?;
    if !grid {
        if let Some(steps) = table.get("steps") {
            problems.push(steps.problem(
                "`steps` belongs to kind = \"grid\"",
                "other designs choose the values themselves",
            ));
        }
        return Some((key.to_owned(), spread));
    }
    let Some(steps) = table.get("steps") else {
        let help = "add steps = 5, or list them: values = [0.56, 0.60, 0.64]";
        problems.push(node.problem(format!("the grid needs to know which values of `{key}` to try"), help));
        return None;
    };
    let n = steps.whole("parameter.steps", "", (2, 100_000), problems)?;
    let mut texts: Vec<String> = (0..n).map(|i| spread.at(i as f64 / (n - 1) as f64)).collect();
    texts.dedup();
    Some((key.to_owned(), Spread::Values(texts)))
}

fn read_range(key: &str, id: ParamId, node: &Node, table: &Table, problems: &mut Problems) -> Option<Spread> {
    let row = id.row();
    let (bounds, whole) = match row.kind {
        registry::Kind::Whole { min, max, .. } => ((f64::from(min), f64::from(max)), true),
        registry::Kind::Number { min, max, .. } => ((min, max), false),
        _ => return None,
    };
    if let Some(prior) = table.get("prior") {
        read_word("parameter.prior", &["registry"], prior, problems)?;
        let Some(prior) = row.prior else {
            let message = format!("`{key}` has no prior in the registry");
            problems.push(node.problem(message, "give low and high, or a prior such as beta = [a, b]"));
            return None;
        };
        return Some(Spread::Law { prior, bounds });
    }
    let forms = ["low", "high", "beta", "normal", "lognormal", "logit_normal"];
    let own: Vec<Entry> = table
        .0
        .iter()
        .filter(|e| forms.contains(&e.key.as_str()))
        .cloned()
        .collect();
    if own.is_empty() {
        let help = "give low and high, values = [..], beta = [a, b], normal = [mean, sd], lognormal = [median, log_sd], or prior = \"registry\"";
        problems.push(node.problem(format!("the study does not say what `{key}` is spread over"), help));
        return None;
    }
    let spread = Node {
        kind: Kind::Table(Table(own)),
        ..node.clone()
    };
    let Value { prior, .. } = read_doubtful(key, row.unit, bounds, &spread, problems)?;
    let prior = prior?;
    let log = match table.get("scale") {
        Some(n) => read_word("parameter.scale", &["linear", "log"], n, problems)? == 1,
        None => false,
    };
    match prior {
        Prior::Uniform { low, high } if whole && !log => {
            let (low, high) = (libm::ceil(low), libm::floor(high));
            if high < low {
                problems.push(node.problem(format!("there is no whole number in the range of `{key}`"), ""));
                return None;
            }
            Some(Spread::Whole {
                low: low as u64,
                high: high as u64,
            })
        }
        Prior::Uniform { low, high } if log => {
            if low <= 0.0 || whole {
                let message = format!("`{key}` cannot be spread over the logarithm from {}", plain(low));
                problems.push(node.problem(
                    message,
                    "a log scale needs low above 0 and a number that need not be whole",
                ));
                return None;
            }
            Some(Spread::Log { low, high })
        }
        _ if log || whole => {
            let what = if log { "a log scale" } else { "a whole number" };
            problems.push(node.problem(format!("{what} takes low and high, not a prior: `{key}`"), ""));
            None
        }
        prior => Some(Spread::Law { prior, bounds }),
    }
}
