//! Points of a study that are given one by one, and values as they would be typed after `--set key=`.

use super::diagnose::{Diagnostic, Source};
use super::document::{Kind, Node, Problems, parse_value, short, suggestion};
use super::files::{LARGEST_PLACE, open_beside};
use super::flags::known_keys;
use super::registry::find;
use super::values::read_parameter;
use std::path::Path;

/// Keys, and for each point their values.
pub(crate) type Listed = (Vec<String>, Vec<Vec<String>>);

/// `points = [{ "matcher.threshold" = 0.6, .. }, ..]`: every point sets the same keys.
pub(crate) fn read_list(node: &Node, problems: &mut Problems) -> Option<Listed> {
    let list = node.list("design.points", 100_000, problems)?;
    let mut keys: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (i, point) in list.iter().enumerate() {
        let table = point.table("design.points", problems)?;
        if i == 0 {
            keys = table.0.iter().map(|e| e.key.clone()).collect();
            for entry in &table.0 {
                check_key(&entry.key, &entry.key_node(), problems);
            }
        }
        let known: Vec<&str> = keys.iter().map(String::as_str).collect();
        table.check_keys("design.points", &known, problems);
        let mut row = Vec::new();
        for key in &keys {
            let Some(value) = table.get(key) else {
                problems.push(point.problem(
                    format!("this point does not set `{key}`"),
                    "every point sets the same keys",
                ));
                continue;
            };
            check_value(key, value, problems);
            row.push(written(value));
        }
        rows.push(row);
    }
    Some((keys, rows))
}

/// A CSV file whose header names keys and whose rows are points.
pub(crate) fn read_csv(node: &Node, folder: &Path, problems: &mut Problems) -> Option<Listed> {
    let source = open_beside("design.file", node, folder, LARGEST_PLACE, problems)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let broken = |e: csv::Error, problems: &mut Problems| {
        let at = e.position().map_or(0, |p| p.byte() as usize).min(source.text.len());
        let help = "the first line names keys of the scenario, every further line has one value for each";
        problems.push(Diagnostic::at(
            &source,
            at..at,
            format!("the table of points cannot be read: {e}"),
            help,
        ));
    };
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(e) => {
            broken(e, problems);
            return None;
        }
    };
    let end = source.text.find('\n').unwrap_or(source.text.len());
    let place = |span: std::ops::Range<usize>| Node {
        source: source.clone(),
        span,
        kind: Kind::Broken,
    };
    let keys: Vec<String> = header.iter().map(str::to_owned).collect();
    for key in &keys {
        check_key(key, &place(0..end), problems);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                broken(e, problems);
                return None;
            }
        };
        let start = record
            .position()
            .map_or(0, |p| p.byte() as usize)
            .min(source.text.len());
        let end = source.text[start..].find('\n').map_or(source.text.len(), |i| start + i);
        for (key, value) in keys.iter().zip(&record) {
            check_text(key, value, &place(start..end), problems);
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Some((keys, rows))
}

/// Reports a key that no scenario has.
pub(crate) fn check_key(key: &str, node: &Node, problems: &mut Problems) -> Option<()> {
    if known_keys().any(|k| k == key) && !matches!(key, "seed" | "replications" | "baseline" | "uncertainty" | "level")
    {
        return Some(());
    }
    let help = match suggestion(key, known_keys()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give a full key of the scenario file, as in matcher.threshold".to_owned(),
    };
    problems.push(node.problem(format!("a study cannot set `{}`", short(key)), help));
    None
}

/// Checks a value of a registered parameter; other keys are checked with the scenario.
pub(crate) fn check_value(key: &str, node: &Node, problems: &mut Problems) {
    if let Some(id) = find(key) {
        read_parameter(id, node, problems);
    }
}

/// As [`check_value`], for a value that stands in a line of a table.
fn check_text(key: &str, text: &str, line: &Node, problems: &mut Problems) {
    let source = Source::new("value", text);
    let bare = || Node {
        source: source.clone(),
        span: 0..text.len(),
        kind: Kind::Text(text.to_owned()),
    };
    let node = parse_value(&source, 0, &mut Problems::default()).unwrap_or_else(bare);
    let mut found = Problems::default();
    check_value(key, &node, &mut found);
    for problem in found.into_list() {
        problems.push(line.problem(problem.message, problem.help));
    }
}

/// A value as it is written in the file.
pub(crate) fn written(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) if is_bare(text) => text.clone(),
        _ => node
            .source
            .text
            .get(node.span.clone())
            .unwrap_or_default()
            .trim()
            .to_owned(),
    }
}

/// Whether a text can stand for itself, because it is no other value of TOML.
fn is_bare(text: &str) -> bool {
    let plain = !text.is_empty() && !text.starts_with(['"', '\'', '[', '{']);
    plain && parse_value(&Source::new("value", text), 0, &mut Problems::default()).is_none()
}
