//! The study file as a JSON Schema.

use super::flags::known_keys;
use super::registry::{Kind, PARAMETERS};
use super::schema::{list, map, object, parameter, prior};
use super::study_file::KINDS;
use super::study_stopping::{AT_LEAST, MOST_REPLICATIONS};
use serde_json::{Map, Value, json};

/// JSON Schema (2020-12) of the study file, for editors that complete and check TOML.
pub fn study_schema() -> Value {
    let mut fixed = Map::new();
    for row in PARAMETERS {
        fixed.insert(row.key.to_owned(), parameter(row));
    }
    for key in known_keys().filter(|k| PARAMETERS.iter().all(|p| p.key != *k)) {
        fixed.insert(key.to_owned(), json!({}));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lamplight study",
        "description": "One scenario tried at many points of its parameters.",
        "type": "object",
        "properties": {
            "format": { "const": 1, "description": "Version of this format." },
            "title": { "type": "string" },
            "question": { "type": "string", "description": "The question the study asks." },
            "reading": { "type": "string", "description": "What a reader should take from it and what not." },
            "scenario": { "type": "string", "description": "Path of the base scenario, from the study's folder." },
            "seed": { "type": "integer", "minimum": 0, "description": "Master seed of the runs, instead of the scenario's." },
            "replications": { "type": "integer", "minimum": 2, "maximum": 1_000_000, "description": "Replications at each point. Raising it later adds runs to a store that is there already." },
            "precision": precision(),
            "uncertainty": { "enum": ["on", "off"], "description": "Whether doubtful parameters that the design does not set are drawn." },
            "strategies": { "type": "array", "items": { "type": "string" }, "description": "Only these strategies of the scenario." },
            "metrics": { "type": "array", "items": { "type": "string" }, "description": "Metrics that tables and pictures show; the store always holds all." },
            "shards": { "type": "integer", "minimum": 1, "maximum": 10_000, "description": "Number of files that every 32 replications are stored in; a file holds at most 128 points." },
            "set": object(fixed, &[]),
            "design": design(),
            "parameter": parameters(),
            "optimise": super::optimise_schema::optimise(),
        },
        "required": ["format", "scenario"],
        "oneOf": [{ "required": ["design"] }, { "required": ["optimise"] }],
        "additionalProperties": false,
        "$defs": { "prior": prior() },
    })
}

fn precision() -> Value {
    json!({
        "type": "object",
        "description": "Instead of `replications`: each point is repeated until a metric is known so precisely, or at_most times.",
        "properties": {
            "metric": { "type": "string" },
            "half_width": { "anyOf": [{ "type": "string", "pattern": "%$" }, { "type": "number", "exclusiveMinimum": 0 }],
                "description": "Half-width of the metric's interval: \"5%\" of its mean, or a number in its own unit." },
            "at_least": { "type": "integer", "minimum": 2, "default": AT_LEAST, "description": "Replications before which nothing is judged." },
            "at_most": { "type": "integer", "minimum": 2, "maximum": MOST_REPLICATIONS, "description": "Replications after which a point ends, precise or not." },
        },
        "required": ["metric", "half_width", "at_most"],
        "additionalProperties": false,
    })
}

fn design() -> Value {
    json!({
        "type": "object",
        "properties": {
            "kind": { "enum": KINDS },
            "points": { "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "array", "items": { "type": "object" } }],
                "description": "latin-hypercube and sobol: how many; list: the points, each a table of key and value." },
            "file": { "type": "string", "description": "csv: a table beside the study whose first line names keys." },
            "base": { "type": "integer", "minimum": 4, "maximum": 65_536, "description": "saltelli: base points N; N (k + 2) points are run." },
            "trajectories": { "type": "integer", "minimum": 2, "maximum": 100_000, "description": "morris: r; r (k + 1) points are run." },
            "levels": { "type": "integer", "minimum": 2, "maximum": 100, "multipleOf": 2, "default": 4, "description": "morris: levels of the grid." },
            "seed": { "type": "integer", "minimum": 0, "default": 1, "description": "Seed of the design." },
        },
        "required": ["kind"],
        "additionalProperties": false,
    })
}

fn parameters() -> Value {
    let number = json!({ "type": "number" });
    let pair = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let numbers = PARAMETERS
        .iter()
        .filter(|p| !matches!(p.kind, Kind::Flag { .. } | Kind::Choice { .. }));
    let keys: Vec<&str> = known_keys().collect();
    let with_range: Vec<&str> = numbers.map(|p| p.key).collect();
    let properties = map(json!({
        "key": { "enum": keys, "description": format!("Key of the scenario; {} of them are numbers and may have a range.", with_range.len()) },
        "low": number,
        "high": number,
        "steps": { "type": "integer", "minimum": 2, "description": "grid: how many values from low to high." },
        "scale": { "enum": ["linear", "log"], "default": "linear" },
        "values": { "type": "array", "minItems": 1, "description": "What it may be; in a grid all of them, elsewhere equally likely." },
        "prior": { "enum": ["registry"], "description": "Spread over the registry's prior." },
        "beta": pair, "normal": pair, "lognormal": pair, "logit_normal": pair,
    }));
    list(properties, &["key"])
}
