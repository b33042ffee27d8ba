//! The files that a scenario is made of, for whoever wants to keep or send them.

use super::diagnose::Diagnostics;
use super::document::{Kind, Node, Problems, Table, parse};
use super::files::{DEFAULT_POPULATION, DEFAULT_WATCHLIST};
use super::files::{Library, MATCHERS, POPULATIONS, RETROSPECTIVE, WATCHLISTS, open_scenario};
use super::rates_file::DEFAULT_RATES;
use super::resolve::DEFAULT_MATCHER;
use std::path::Path;

/// A file that a scenario is made of: its path from the scenario's folder (shipped files lie in `shipped/`), and its text.
pub type Part = (String, String);

/// Every file that a sound scenario is made of, itself first; with what `set` names instead of the file.
///
/// # Errors
/// The scenario cannot be read.
pub fn parts(scenario: &Path, set: &[(String, String)]) -> Result<Vec<Part>, Diagnostics> {
    let source = open_scenario(scenario)?;
    let folder = scenario.parent().unwrap_or(Path::new(""));
    let name = scenario
        .file_name()
        .map_or("scenario.toml".into(), |n| n.to_string_lossy().into_owned());
    let mut found = vec![(name, source.text.to_string())];
    let mut problems = Problems::default();
    let root = parse(&source, &mut problems).unwrap_or_default();
    let value = |section: &str, key: &str| {
        let full = format!("{section}.{key}");
        let of_flag = set
            .iter()
            .rfind(|(k, _)| *k == full)
            .map(|(_, v)| v.trim_matches(['"', '\'']).to_owned());
        of_flag.or_else(|| text(table(root.get(section))?.get(key)?))
    };
    let mut add = |library: Option<(&Library, &str)>, name: Option<String>| {
        let name = match (name, library) {
            (Some(name), _) => name,
            (None, Some((_, default))) => default.to_owned(),
            (None, None) => return,
        };
        let part = match library.and_then(|(library, _)| library.preset(&name).map(|p| (library.kind, p))) {
            Some((kind, preset)) => Some((format!("shipped/{kind}-{name}.toml"), preset.source.text.to_string())),
            None => std::fs::read_to_string(folder.join(&name))
                .ok()
                .map(|text| (name, text)),
        };
        found.extend(part.filter(|p| !found.iter().any(|f| f.0 == p.0)));
    };
    add(None, value("place", "file"));
    if table(root.get("people")).is_none_or(|t| t.get("axis").is_none()) {
        add(Some((&POPULATIONS, DEFAULT_POPULATION)), value("people", "population"));
    }
    add(
        Some((&WATCHLISTS, DEFAULT_WATCHLIST)),
        value("watchlist", "composition").filter(|w| w != "as-crowd"),
    );
    add(Some((&MATCHERS, DEFAULT_MATCHER)), value("matcher", "preset"));
    add(None, value("matcher", "table"));
    if let Some(name) = value("retrospective", "preset") {
        add(Some((&RETROSPECTIVE, DEFAULT_RATES)), Some(name));
    }
    let strategies = match root.get("strategy").map(|n| &n.kind) {
        Some(Kind::List(list)) => list.as_slice(),
        _ => &[],
    };
    for strategy in strategies {
        let set = table(Some(strategy)).and_then(|t| table(t.get("set")));
        for (section, library, default) in [
            ("matcher", &MATCHERS, DEFAULT_MATCHER),
            ("retrospective", &RETROSPECTIVE, DEFAULT_RATES),
        ] {
            let dotted = set.and_then(|t| table(t.get(section))).and_then(|t| t.get("preset"));
            let quoted = set.and_then(|t| t.get(&format!("{section}.preset")));
            if let Some(name) = quoted.or(dotted).and_then(text) {
                add(Some((library, default)), Some(name));
            }
        }
    }
    Ok(found)
}

fn table(node: Option<&Node>) -> Option<&Table> {
    match node.map(|n| &n.kind) {
        Some(Kind::Table(table)) => Some(table),
        _ => None,
    }
}

fn text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    }
}
