//! The scenario file as a JSON Schema and as a table for readers, both from the registry.

use super::files::{Library, MATCHERS, POPULATIONS, REGIMES, WATCHLISTS};
use super::load::{SECTIONS, other_keys};
use super::prior::Prior;
use super::reader::{DEFAULT_POPULATION, DEFAULT_WATCHLIST};
use super::registry::{Kind, PARAMETERS, Parameter};
use super::resolve::DEFAULT_MATCHER;
use super::values::default_text;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// JSON Schema (2020-12) of the scenario file, for editors that complete and check TOML.
pub fn schema() -> Value {
    let mut properties = top();
    for name in SECTIONS {
        properties.insert(name.to_owned(), section(name));
    }
    properties.insert("place".to_owned(), place());
    properties.insert("strategy".to_owned(), strategy());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lamplight scenario",
        "description": "One file asks one question of several placement strategies.",
        "type": "object",
        "properties": properties,
        "required": ["format", "place", "strategy"],
        "additionalProperties": false,
        "$defs": { "prior": prior() },
    })
}

/// A Markdown table of all parameters.
pub fn parameter_docs() -> String {
    let mut out = String::from(
        "| key | default | unit | range | prior | label | what it is | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in PARAMETERS {
        let cells = [
            format!("`{}`", row.key),
            default_text(row),
            row.unit.to_owned(),
            range_text(row),
            row.prior.map_or_else(String::new, prior_text),
            row.label.word().to_owned(),
            row.doc.to_owned(),
            row.source.to_owned(),
        ];
        let cells: Vec<String> = cells.iter().map(|c| c.replace('|', "\\|")).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

fn range_text(row: &Parameter) -> String {
    use super::document::plain;
    match row.kind {
        Kind::Number { min, max, .. } => format!("{} to {}", plain(min), plain(max)),
        Kind::Whole { min, max, .. } => format!("{min} to {max}, whole"),
        Kind::Flag { .. } => "true, false".to_owned(),
        Kind::Choice { words } => words.join(", "),
    }
}

/// A prior in the form that a scenario file takes, where it takes it.
fn prior_text(prior: Prior) -> String {
    match prior {
        Prior::Uniform { low, high } => format!("{low} to {high}"),
        Prior::Normal { mean, sd } => format!("normal [{mean}, {sd}]"),
        Prior::TruncatedNormal { mean, sd, low, high } => format!("normal [{mean}, {sd}] within {low} to {high}"),
        Prior::LogNormal { median, log_sd } => format!("lognormal [{median}, {log_sd}]"),
        Prior::LogitNormal { mean, sd } => format!("logit_normal [{mean}, {sd}]"),
        Prior::Beta { a, b } => format!("beta [{a}, {b}]"),
        Prior::ScaledBeta { a, b, low, high } => format!("beta [{a}, {b}] on {low} to {high}"),
    }
}

fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn top() -> Map<String, Value> {
    map(json!({
        "format": { "const": 1, "description": "Version of this format." },
        "title": { "type": "string" },
        "question": { "type": "string", "description": "The question the scenario asks." },
        "reading": { "type": "string", "description": "What a reader should take from it and what not." },
        "sources": { "type": "array", "items": { "type": "string" } },
        "seed": { "type": "integer", "minimum": 0, "default": 1, "description": "Master seed." },
        "replications": { "type": "integer", "minimum": 2, "maximum": 1_000_000, "default": 100 },
        "baseline": { "type": "string", "description": "The strategy that others are compared with; \"no-lfr\" if there is one, else the first." },
        "uncertainty": { "enum": ["on", "off"], "default": "on", "description": "Whether doubtful parameters are drawn from their priors." },
        "level": { "type": "number", "minimum": 0.5, "maximum": 0.999, "default": 0.95, "description": "Level of every interval." },
    }))
}

fn section(name: &str) -> Value {
    let mut properties = Map::new();
    for row in PARAMETERS {
        if let Some((_, key)) = row.key.split_once('.').filter(|(prefix, _)| *prefix == name) {
            properties.insert(key.to_owned(), parameter(row));
        }
    }
    for key in other_keys(name) {
        properties.insert((*key).to_owned(), other(name, key));
    }
    object(properties, &[])
}

fn parameter(row: &Parameter) -> Value {
    let mut description = row.doc.to_owned();
    for (word, text) in [("Unit", row.unit), ("Source", row.source)] {
        if !text.is_empty() {
            let _ = write!(description, " {word}: {text}.");
        }
    }
    let _ = write!(description, " ({})", row.label.word());
    let mut schema = match row.kind {
        Kind::Number { default, min, max } => json!({
            "anyOf": [{ "type": "number", "minimum": min, "maximum": max }, { "$ref": "#/$defs/prior" }], "default": default,
        }),
        Kind::Whole { default, min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max, "default": default })
        }
        Kind::Flag { default } => json!({ "type": "boolean", "default": default }),
        Kind::Choice { words } => json!({ "enum": words, "default": words.first() }),
    };
    schema["description"] = description.into();
    schema
}

fn prior() -> Value {
    let pair = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let form = |key: &str, value: &Value| {
        let properties = map(json!({ "value": { "type": "number" }, key: value }));
        object(properties, &[key])
    };
    let number = json!({ "type": "number" });
    json!({
        "description": "A doubtful number: a central value and what plausible worlds draw it from.",
        "oneOf": [
            object(map(json!({ "value": number, "low": number, "high": number })), &["low", "high"]),
            form("beta", &pair), form("normal", &pair), form("lognormal", &pair), form("logit_normal", &pair),
        ],
    })
}

fn named(library: &Library, default: &str, more: &[&'static str]) -> Value {
    let words: Vec<&str> = library.names().chain(more.iter().copied()).collect();
    json!({
        "anyOf": [{ "enum": words }, { "type": "string", "pattern": "\\.toml$" }],
        "default": default,
        "description": format!("A shipped {}, or the path of a .toml file beside the scenario.", library.kind),
    })
}

fn other(section: &str, key: &str) -> Value {
    let time = "[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?";
    match (section, key) {
        ("time", "date") => {
            json!({ "type": "string", "format": "date", "default": super::heading::DEFAULT_DATE.to_string() })
        }
        ("time", "open") => json!({ "type": "string", "pattern": time, "default": "11:30" }),
        ("time", _) => json!({ "type": "string", "pattern": time, "default": "17:18" }),
        ("people", "population") => named(&POPULATIONS, DEFAULT_POPULATION, &[]),
        ("people", "axis") => list(
            map(json!({
                "name": { "type": "string" },
                "levels": { "type": "array", "items": { "type": "string" } },
                "shares": { "type": "array", "items": share() },
                "companions_same": share(),
            })),
            &["name", "levels", "shares"],
        ),
        ("people", _) => list(
            map(json!({
                "hour": { "type": "integer", "minimum": 0, "maximum": 23 },
                "persons": { "type": "number", "minimum": 0 },
            })),
            &["hour", "persons"],
        ),
        ("watchlist", "reasons") => json!({
            "type": "array",
            "items": { "type": "string" },
            "description": "The reasons that stay on the list, by their names in the watchlist file; all of them by default.",
        }),
        ("watchlist", _) => named(&WATCHLISTS, DEFAULT_WATCHLIST, &["as-crowd"]),
        ("matcher", "preset") => named(&MATCHERS, DEFAULT_MATCHER, &[]),
        ("matcher", "threshold_by") => threshold_by(),
        ("policy", "regime") => regimes(),
        _ => json!({
            "type": "object",
            "additionalProperties": share(),
            "description": "Under kind = \"plain\": chance that a face not sought scores at or above plain_tail_at, for each level of the first axis.",
        }),
    }
}

fn regimes() -> Value {
    json!({
        "type": "array",
        "items": named(&REGIMES, "met-2025-settings", &[]),
        "description": "Regimes in force together; keys of the scenario and of strategies win over them.",
    })
}

fn threshold_by() -> Value {
    json!({
        "type": "object",
        "maxProperties": 1,
        "additionalProperties": { "type": "object", "additionalProperties": share() },
        "description": "Counterfactual audit: a threshold for each level of one axis, in place of matcher.threshold.",
    })
}

fn share() -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": 1 })
}

fn list(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({ "type": "array", "items": object(properties, required) })
}

fn place() -> Value {
    let metres = json!({ "type": "number", "exclusiveMinimum": 0 });
    let sketch = map(json!({
        "length_m": metres,
        "nodes_m": { "type": "array", "items": { "type": "number", "minimum": 0 } },
        "width_m": { "type": "number", "exclusiveMinimum": 0, "default": 6 },
    }));
    json!({ "oneOf": [
        object(map(json!({ "file": { "type": "string", "description": "Path of a place file beside the scenario." } })), &["file"]),
        object(map(json!({ "sketch": object(sketch, &["length_m"]) })), &["sketch"]),
    ] })
}

fn strategy() -> Value {
    let id = json!({ "type": "string", "pattern": "^[a-z0-9]+([-.][a-z0-9]+)*$" });
    let mut settable = Map::new();
    for row in PARAMETERS.iter().filter(|p| super::strategy::is_settable(p.key)) {
        settable.insert(row.key.to_owned(), parameter(row));
    }
    settable.insert("matcher.preset".to_owned(), named(&MATCHERS, DEFAULT_MATCHER, &[]));
    settable.insert("matcher.threshold_by".to_owned(), threshold_by());
    let camera = map(json!({
        "mount": { "enum": ["van", "lamp"] },
        "at": { "type": "string", "description": "Mount of the place." },
        "at_m": { "type": "number", "minimum": 0, "description": "On a sketch street: metres from its west end." },
        "heading_deg": { "type": "number", "minimum": 0, "maximum": 360 },
        "count": { "type": "integer", "minimum": 1, "maximum": 16 },
        "team": id,
    }));
    let team = map(json!({
        "name": id,
        "pairs": { "type": "integer", "minimum": 0, "maximum": 200 },
        "posts": { "type": "array", "items": { "type": "string" } },
    }));
    let properties = map(json!({
        "name": id,
        "note": { "type": "string" },
        "regime": regimes(),
        "set": { "type": "object", "properties": settable },
        "cameras": list(camera, &[]),
        "team": list(team, &["name"]),
    }));
    json!({ "type": "array", "minItems": 1, "maxItems": 64, "items": object(properties, &["name"]) })
}
