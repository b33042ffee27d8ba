//! Numbers that may be doubtful, and the values of the registry's parameters.

use super::document::{Entry, Kind, Node, Problems, Table, listed, plain, short, suggestion};
use super::plan::{Value, Values};
use super::prior::Prior;
use super::registry::{self, PARAMETERS, ParamId, Parameter, find};

/// A parameter that a file, a flag or a preset sets, and where.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub id: ParamId,
    pub value: Value,
    pub node: Node,
}

/// The defaults with these settings applied in order.
pub(crate) fn values_of<'a>(settings: impl IntoIterator<Item = &'a Setting>) -> Values {
    let mut values = Values::default();
    for setting in settings {
        values.set(setting.id, setting.value);
    }
    values
}

/// The keys of one section of the registry, without the section's name.
pub(crate) fn section_keys(section: &str) -> Vec<&'static str> {
    PARAMETERS
        .iter()
        .filter_map(|p| p.key.strip_prefix(section)?.strip_prefix('.'))
        .collect()
}

/// Reads the parameters of a section; keys in `other` are left to the caller, unknown ones are reported.
pub(crate) fn read_section(name: &str, table: &Table, other: &[&str], problems: &mut Problems) -> Vec<Setting> {
    let mut settings = Vec::new();
    for entry in table.0.iter().filter(|e| !other.contains(&e.key.as_str())) {
        match find(&format!("{name}.{}", entry.key)) {
            Some(id) => settings.extend(read_parameter(id, &entry.value, problems).map(|value| Setting {
                id,
                value,
                node: entry.value.clone(),
            })),
            None => problems.push(unknown_parameter(name, entry, other)),
        }
    }
    settings
}

fn unknown_parameter(section: &str, entry: &Entry, other: &[&str]) -> super::diagnose::Diagnostic {
    let mut known = section_keys(section);
    known.extend(other);
    let mut problem = entry.unknown(section, &known);
    // The right key in the wrong section is the commonest slip of all.
    let elsewhere = PARAMETERS
        .iter()
        .find(|p| p.key.rsplit_once('.').is_some_and(|(_, last)| last == entry.key));
    if let Some(parameter) = elsewhere {
        problem.help = format!("did you mean `{}`? It belongs to another section", parameter.key);
    }
    problem
}

/// Reads one parameter and checks it against its row of the registry.
pub(crate) fn read_parameter(id: ParamId, node: &Node, problems: &mut Problems) -> Option<Value> {
    let row = id.row();
    let mut found = Problems::default();
    let value = read_kind(row, node, &mut found);
    for mut problem in found.into_list() {
        if problem.help.is_empty() {
            problem.help = format!("{} Default {}.", row.doc, default_text(row));
        }
        problems.push(problem);
    }
    value
}

fn read_kind(row: &Parameter, node: &Node, problems: &mut Problems) -> Option<Value> {
    match row.kind {
        registry::Kind::Number { min, max, .. } => read_doubtful(row.key, row.unit, (min, max), node, problems),
        registry::Kind::Whole { min, max, .. } => {
            if matches!(node.kind, Kind::Table(_)) {
                let message = format!("`{}` is a whole number and cannot be drawn from a prior", row.key);
                problems.push(node.problem(message, ""));
                return None;
            }
            let number = node.whole(row.key, row.unit, (min.into(), max.into()), problems)?;
            Some(certain(number as f64))
        }
        registry::Kind::Flag { .. } => Some(certain(f64::from(u8::from(node.flag(row.key, problems)?)))),
        registry::Kind::Choice { words } => Some(certain(read_word(row.key, words, node, problems)? as f64)),
    }
}

/// The default of a parameter as a user would write it.
pub(crate) fn default_text(row: &Parameter) -> String {
    match row.kind {
        registry::Kind::Number { default, .. } => plain(default),
        registry::Kind::Whole { default, .. } => default.to_string(),
        registry::Kind::Flag { default } => default.to_string(),
        registry::Kind::Choice { words } => format!("\"{}\"", words.first().copied().unwrap_or_default()),
    }
}

/// The index of one of several words.
pub(crate) fn read_word(key: &str, words: &[&str], node: &Node, problems: &mut Problems) -> Option<usize> {
    let word = node.text(key, problems)?;
    let index = words.iter().position(|w| *w == word);
    if index.is_none() {
        let help = match suggestion(word, words.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"? Allowed: {}", listed(words)),
            None => format!("allowed: {}", listed(words)),
        };
        problems.push(node.problem(format!("`{key}` cannot be \"{}\"", short(word)), help));
    }
    index
}

/// A value that is not in doubt.
pub(crate) fn certain(central: f64) -> Value {
    Value { central, prior: None }
}

const FORMS: &str = "write a number, or { low = .., high = .. }, { beta = [a, b] }, { normal = [mean, sd] }, \
                     { lognormal = [median, log_sd] } or { logit_normal = [mean, sd] }, each with an optional value = ..";

/// Reads a number, or a prior with its central value.
pub(crate) fn read_doubtful(
    key: &str,
    unit: &str,
    bounds: (f64, f64),
    node: &Node,
    problems: &mut Problems,
) -> Option<Value> {
    let Kind::Table(table) = &node.kind else {
        return node.number(key, unit, bounds, problems).map(certain);
    };
    let forms = ["low", "beta", "normal", "lognormal", "logit_normal"];
    let given: Vec<&str> = forms.into_iter().filter(|f| table.get(f).is_some()).collect();
    let known = ["value", "low", "high", "beta", "normal", "lognormal", "logit_normal"];
    if let Some(entry) = table.0.iter().find(|e| !known.contains(&e.key.as_str())) {
        let mut problem = entry.unknown(key, &known);
        problem.help = format!("{}; {FORMS}", problem.help);
        problems.push(problem);
        return None;
    }
    let (&[form], true) = (&given[..], table.get("high").is_some() == given.contains(&"low")) else {
        problems.push(node.problem(format!("the prior of `{key}` is malformed"), FORMS));
        return None;
    };
    let prior = match form {
        "low" => {
            let low = table
                .get("low")?
                .number(&format!("{key}.low"), unit, bounds, problems)?;
            let high_node = table.get("high")?;
            let high = high_node.number(&format!("{key}.high"), unit, bounds, problems)?;
            if low > high {
                let message = format!("`{key}`: low {} is above high {}", plain(low), plain(high));
                problems.push(node.problem(message, "swap the two"));
                return None;
            }
            Prior::Uniform { low, high }
        }
        _ => read_pair(key, form, table.get(form)?, problems)?,
    };
    let central = match table.get("value") {
        Some(value) => value.number(&format!("{key}.value"), unit, bounds, problems)?,
        None => prior.quantile(0.5),
    };
    if !(bounds.0..=bounds.1).contains(&central) {
        let message = format!(
            "the central value of `{key}` must lie between {} and {} {unit}, not {}",
            plain(bounds.0),
            plain(bounds.1),
            plain(central)
        );
        problems.push(node.problem(message, "give a prior whose median is allowed, or a value of its own"));
        return None;
    }
    Some(Value {
        central,
        prior: Some(prior),
    })
}

/// Reads `[a, b]` of a prior. The bounds are those within which quantiles are computed reliably.
fn read_pair(key: &str, form: &str, node: &Node, problems: &mut Problems) -> Option<Prior> {
    let name = format!("{key}.{form}");
    let (first, second, meaning) = match form {
        "beta" => ((0.3, 1e6), (0.3, 1e6), "[a, b]"),
        "normal" => ((-1e9, 1e9), (0.0, 1e9), "[mean, sd]"),
        "lognormal" => ((1e-30, 1e12), (0.0, 5.0), "[median, log_sd]"),
        _ => ((-50.0, 50.0), (0.0, 20.0), "[mean, sd]"),
    };
    let [a, b] = node.list(&name, 1000, problems)? else {
        problems.push(node.problem(format!("`{name}` must be two numbers, {meaning}"), FORMS));
        return None;
    };
    let (a, b) = (
        a.number(&name, "", first, problems),
        b.number(&name, "", second, problems),
    );
    let (a, b) = (a?, b?);
    Some(match form {
        "beta" => Prior::Beta { a, b },
        "normal" => Prior::Normal { mean: a, sd: b },
        "lognormal" => Prior::LogNormal { median: a, log_sd: b },
        _ => Prior::LogitNormal { mean: a, sd: b },
    })
}
