//! The scenario file as a JSON Schema and as a table for readers, both from the registry.

use super::files::{CALENDARS, Library, MATCHERS, POPULATIONS, REGIMES, RETROSPECTIVE, SITES, WATCHLISTS};
use super::files::{DEFAULT_POPULATION, DEFAULT_WATCHLIST};
use super::prior::Prior;
use super::rates_file::DEFAULT_RATES;
use super::registry::{Kind, PARAMETERS, Parameter};
use super::resolve::DEFAULT_MATCHER;
use super::sections::{SECTIONS, other_keys};
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
        "required": ["format", "strategy"],
        "oneOf": [{ "required": ["place"] }, { "required": ["programme"] }],
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
pub(crate) fn prior_text(prior: Prior) -> String {
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

pub(crate) fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

pub(crate) fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn top() -> Map<String, Value> {
    let published = map(json!({
        "metric": { "type": "string", "description": "Id of the metric, as in summary.json." },
        "strategy": { "type": "string", "description": "Whose simulated figure stands beside it; the first with cameras when left out." },
        "value": { "type": "number", "description": "What was published, for one deployment or the whole programme." },
        "source": { "type": "string" },
        "role": { "enum": super::plan::Role::WORDS, "description": "What agreement would be worth as evidence." },
        "note": { "type": "string" },
    }));
    map(json!({
        "format": { "const": 1, "description": "Version of this format." },
        "title": { "type": "string" },
        "calibration": {
            "description": "Parameters fitted to a record, in place of defaults: a shipped calibration, or a file of `lamplight calibrate`; with a site, also how many sought people were met there.",
            "oneOf": [
                { "type": "string" },
                { "type": "object", "properties": { "preset": { "type": "string" }, "site": { "type": "string" } }, "required": ["preset"], "additionalProperties": false },
            ],
        },
        "question": { "type": "string", "description": "The question the scenario asks." },
        "reading": { "type": "string", "description": "What a reader should take from it and what not." },
        "sources": { "type": "array", "items": { "type": "string" } },
        "stamp": { "type": "string", "description": "A warning that stands on every page and picture of the results." },
        "published": list(published, &["metric", "value", "source", "role"]),
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

pub(crate) fn parameter(row: &Parameter) -> Value {
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

pub(crate) fn prior() -> Value {
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
    let ending = library.ending();
    let mut schema = json!({
        "anyOf": [{ "enum": words }, { "type": "string", "pattern": format!("\\{ending}$") }],
        "description": format!("A shipped {}, or the path of a {ending} file beside the scenario.", library.kind),
    });
    if !default.is_empty() {
        schema["default"] = default.into();
    }
    schema
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
        ("programme", "sites") => sites(),
        ("programme", "event") => list(
            map(json!({
                "date": { "type": "string", "format": "date" },
                "site": { "type": "string" },
                "name": { "type": "string" },
                "footfall": { "type": "number", "minimum": 0, "default": 1, "description": "Times an ordinary day." },
            })),
            &["date", "site", "name"],
        ),
        ("programme", _) => json!({ "type": "string", "format": "date" }),
        ("watchlist", "reasons") => json!({
            "type": "array",
            "items": { "type": "string" },
            "description": "The reasons that stay on the list, by their names in the watchlist file; all of them by default.",
        }),
        ("watchlist", _) => named(&WATCHLISTS, DEFAULT_WATCHLIST, &["as-crowd"]),
        ("matcher", "table") => json!({
            "type": "string",
            "pattern": "\\.csv$",
            "description": "Under kind = \"table\": CSV beside the scenario with threshold, false_match_rate, true_match_rate, probe.AXIS and entry.AXIS.",
        }),
        ("matcher", "preset") => named(&MATCHERS, DEFAULT_MATCHER, &[]),
        ("matcher", "threshold_by") => threshold_by(),
        ("policy", "regime") => regimes(),
        ("retrospective", "preset") => named(&RETROSPECTIVE, DEFAULT_RATES, &[]),
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

pub(crate) fn list(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({ "type": "array", "items": object(properties, required) })
}

fn place() -> Value {
    let metres = json!({ "type": "number", "exclusiveMinimum": 0 });
    let mut high_street = high_street();
    high_street.insert("faces_per_hour".to_owned(), faces_per_hour());
    let sketch = map(json!({
        "length_m": metres,
        "nodes_m": { "type": "array", "items": { "type": "number", "minimum": 0 } },
        "width_m": { "type": "number", "exclusiveMinimum": 0, "default": 6 },
    }));
    json!({ "oneOf": [
        object(map(json!({ "file": { "type": "string", "description": "Path of a place file beside the scenario." } })), &["file"]),
        object(map(json!({ "sketch": object(sketch, &["length_m"]) })), &["sketch"]),
        object(map(json!({ "sketch": object(high_street, &[]) })), &["sketch"]),
    ] })
}

/// Parameters of a sketch high street.
fn high_street() -> Map<String, Value> {
    let metres = |default: f64, min: f64, max: f64, text: &str| json!({ "type": "number", "minimum": min, "maximum": max, "default": default, "description": text });
    map(json!({
        "spine_m": metres(450.0, 120.0, 5000.0, "Length of the high street, m."),
        "side_every_m": metres(80.0, 60.0, 1000.0, "Median distance between side streets, m."),
        "back_street_m": metres(90.0, 0.0, 500.0, "Distance of the street behind, by which people can walk round a camera, m; 0: none."),
        "width_m": metres(8.0, 4.0, 16.0, "Width for walkers, m."),
        "lamp_every_m": metres(30.0, 10.0, 500.0, "Distance between lamp posts, m."),
        "stations": { "type": "integer", "minimum": 0, "maximum": 3, "default": 1 },
        "variant": { "type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 1, "description": "Which of the streets that the rule can draw." },
        "profile": { "enum": super::profile::NAMES, "description": "How the day's people spread over its hours." },
    }))
}

fn faces_per_hour() -> Value {
    json!({
        "anyOf": [{ "type": "number", "minimum": 1, "maximum": 50_000 }, { "$ref": "#/$defs/prior" }],
        "default": super::high_street::MEDIAN_FACES_PER_HOUR,
        "description": "Faces that a van in the middle sees in a usual hour, in the counting since August 2024.",
    })
}

fn sites() -> Value {
    let set = named(&SITES, "", &[]);
    let names = json!({ "type": "array", "items": { "type": "string" } });
    json!({ "anyOf": [set, object(map(json!({ "set": set, "only": names })), &["set"])] })
}

/// JSON Schema (2020-12) of a set of sites.
pub fn sites_schema() -> Value {
    let site = map(json!({
        "name": { "type": "string", "description": "Short name that calendars and strategies use." },
        "title": { "type": "string" },
        "borough": { "type": "string", "description": "A row of the table of residents." },
        "at": { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2, "description": "Longitude and latitude, degrees." },
        "sketch": object(high_street(), &[]),
        "file": { "type": "string", "description": "Path of a place file, from the scenario's folder." },
        "van": { "type": "object", "description": "Where the van stands, as in [[strategy]] cameras; a sketch has a bay in its middle." },
        "fixed": { "description": "A fixed array: camera mounts, or on a sketch the number of lamp posts." },
        "resident_share": { "type": "number", "minimum": 0, "maximum": 1, "default": 0.5, "description": "Share of passers-by who live in the borough." },
        "faces_per_hour": faces_per_hour(),
        "presence": { "anyOf": [{ "type": "number" }, { "$ref": "#/$defs/prior" }], "default": 1, "description": "Presence of sought people, relative to sought.prevalence." },
        "recorded_crime": { "type": "number", "minimum": 0, "default": 1, "description": "Recorded crime relative to the mean site." },
        "note": { "type": "string" },
        "sources": { "type": "array", "items": { "type": "string" } },
    }));
    let properties = map(json!({
        "format": { "const": 1 },
        "title": { "type": "string" },
        "note": { "type": "string" },
        "sources": { "type": "array", "items": { "type": "string" } },
        "residents": { "type": "string", "description": "A shipped table of residents, or the path of a .csv file." },
        "site": list(site, &["name", "borough", "at"]),
    }));
    let mut schema = object(properties, &["format", "site"]);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = "Lamplight set of sites".into();
    schema["$defs"] = json!({ "prior": prior() });
    schema
}

fn strategy() -> Value {
    let id = json!({ "type": "string", "pattern": "^[a-z0-9]+([-.][a-z0-9]+)*$" });
    let mut settable = Map::new();
    for row in PARAMETERS.iter().filter(|p| super::strategy::is_settable(p.key)) {
        settable.insert(row.key.to_owned(), parameter(row));
    }
    settable.insert("matcher.preset".to_owned(), named(&MATCHERS, DEFAULT_MATCHER, &[]));
    settable.insert(
        "retrospective.preset".to_owned(),
        named(&RETROSPECTIVE, DEFAULT_RATES, &[]),
    );
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
        "placement": { "type": "string", "description": "In a programme: short for set \"programme.placement\"." },
        "calendar": named(&CALENDARS, "", &[]),
        "sites": { "type": "array", "items": { "type": "string" }, "description": "In a programme: sites it may choose; all when left out." },
        "fixed": { "type": "array", "items": { "type": "string" }, "description": "In a programme: sites whose fixed array it uses." },
        "cameras": list(camera, &[]),
        "team": list(team, &["name"]),
    }));
    json!({ "type": "array", "minItems": 1, "maxItems": 64, "items": object(properties, &["name"]) })
}
