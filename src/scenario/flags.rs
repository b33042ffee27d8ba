//! What the command line changes: flags become nodes of the scenario's tree, so that they are checked like the file.

use super::diagnose::{Diagnostic, Source};
use super::document::{Entry, Kind, Node, Problems, Table, parse_value, short, suggestion};
use super::overrides::Overrides;
use super::registry::PARAMETERS;

/// Keys besides the registry's that `--set` may change.
const OTHER_KEYS: [&str; 21] = [
    "title",
    "question",
    "reading",
    "seed",
    "replications",
    "baseline",
    "uncertainty",
    "level",
    "time.date",
    "time.open",
    "time.close",
    "place.file",
    "people.population",
    "watchlist.composition",
    "watchlist.reasons",
    "matcher.preset",
    "matcher.plain_rate",
    "matcher.threshold_by",
    "matcher.table",
    "policy.regime",
    "retrospective.preset",
];

/// Every key that `--set` may change.
pub(crate) fn known_keys() -> impl Iterator<Item = &'static str> {
    OTHER_KEYS.into_iter().chain(PARAMETERS.iter().map(|p| p.key))
}

/// Applies every flag to the tree of the file.
pub(crate) fn apply(overrides: &Overrides, root: &mut Table, problems: &mut Problems) {
    for (key, value) in &overrides.set {
        set(key, value, root, problems);
    }
    let mut put = |key: &str, text: String, kind: Kind| {
        let source = Source::new(&format!("--{key}"), &text);
        let span = 0..source.text.len();
        put_at(root, key, Node { source, span, kind }, 0..0);
    };
    if let Some(seed) = overrides.seed {
        put("seed", seed.to_string(), Kind::Whole(seed.into()));
    }
    if let Some(n) = overrides.replications {
        put("replications", n.to_string(), Kind::Whole(n.into()));
    }
    if let Some(on) = overrides.uncertainty {
        let word = if on { "on" } else { "off" };
        put("uncertainty", word.to_owned(), Kind::Text(word.to_owned()));
    }
    if let Some(name) = &overrides.baseline {
        put("baseline", name.clone(), Kind::Text(name.clone()));
    }
    if let Some(level) = overrides.level {
        put("level", level.to_string(), Kind::Real(level));
    }
}

/// `--set key=value`: the value is TOML, or a bare word that stands for itself.
fn set(key: &str, value: &str, root: &mut Table, problems: &mut Problems) {
    let source = Source::new("--set", &format!("{key}={value}"));
    let key_span = 0..key.len();
    let value_span = key.len() + 1..source.text.len();
    let known = known_keys;
    if !known().any(|k| k == key) {
        let help = match suggestion(key, known()) {
            Some(near) => format!("did you mean `--set {near}={}`?", short(value)),
            None => "give a full key of the scenario file, as in --set matcher.threshold=0.6".to_owned(),
        };
        let message = format!("--set: unknown key `{}`", short(key));
        problems.push(Diagnostic::at(&source, key_span, message, help));
        return;
    }
    let node = match parse_value(&source, key.len() + 1, problems) {
        Some(node) => node,
        None if value.is_empty() || value.starts_with(['"', '\'', '[', '{']) => {
            let message = format!("--set: the value of `{key}` is not valid");
            let help = "write --set key=value with a number, a word, or a quoted TOML value such as '{ low = 0.5, high = 0.7 }'";
            problems.push(Diagnostic::at(&source, value_span, message, help));
            return;
        }
        None => Node {
            source: source.clone(),
            span: value_span,
            kind: Kind::Text(value.to_owned()),
        },
    };
    put_at(root, key, node, key_span);
}

fn put_at(root: &mut Table, key: &str, value: Node, span: std::ops::Range<usize>) {
    let Some((section, last)) = key.split_once('.') else {
        let key = key.to_owned();
        root.put(Entry { key, span, value });
        return;
    };
    if root.get(section).is_none() {
        let empty = Node {
            source: value.source.clone(),
            span: span.clone(),
            kind: Kind::Table(Table::default()),
        };
        root.put(Entry {
            key: section.to_owned(),
            span: span.clone(),
            value: empty,
        });
    }
    let node = root.0.iter_mut().find(|e| e.key == section).map(|e| &mut e.value.kind);
    // Where the section is not a table, its reader says so.
    if let Some(Kind::Table(table)) = node {
        let key = last.to_owned();
        table.put(Entry { key, span, value });
    }
}
