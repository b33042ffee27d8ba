//! `[optimise]` of a study file as a JSON Schema.

use super::flags::known_keys;
use super::optimise::Method;
use super::optimise_file::DECIDED;
use super::schema::{list, map, object};
use serde_json::{Value, json};

/// The table of a search.
pub(crate) fn optimise() -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let asked = map(json!({
        "metric": { "type": "string", "description": "A metric (lamplight schema outputs lists them)." },
        "ratio": { "type": "string", "description": "An axis of groups: the largest rate of a group over the rate of everybody." },
    }));
    let mut bound = asked.clone();
    for (key, what) in [
        ("at_most", "Most that it may be."),
        ("at_least", "Least that it may be."),
    ] {
        bound.insert(key.to_owned(), json!({ "type": "number", "description": what }));
    }
    let objective = json!({ "anyOf": [{ "type": "string" }, object(asked, &["metric"])] });
    let properties = map(json!({
        "objectives": { "type": "array", "minItems": 1, "maxItems": 4, "items": objective,
            "description": "What is to become more (arrests) or less (harms); whether it is more or less follows from the metric. At least one is a harm." },
        "constraints": list(bound, &["metric"]),
        "strategies": { "type": "array", "items": { "type": "string" }, "minItems": 1,
            "description": "Strategies of the scenario that candidates start from; one, where cameras are chosen." },
        "budget": { "type": "integer", "minimum": 1, "description": "Runs that the search may use." },
        "search": { "enum": Method::WORDS, "default": "local", "description": "local: greedy with swaps; random: the yardstick." },
        "seed": { "type": "integer", "minimum": 0, "default": 1, "description": "Seed of the search's own draws." },
        "finalists": { "type": "integer", "minimum": 1, "maximum": 50, "default": 5, "description": "Most candidates that are run again on fresh replications." },
        "select": object(select(), &["metric", "delta"]),
        "cameras": list(cameras(&texts), &[]),
        "parameter": list(parameter(), &["key"]),
    }));
    object(properties, &["objectives", "strategies", "budget"])
}

fn select() -> serde_json::Map<String, Value> {
    map(json!({
        "metric": { "type": "string", "description": "One of the objectives; a mean, not a rate." },
        "delta": { "type": "number", "exclusiveMinimum": 0, "description": "Smallest difference worth telling apart." },
        "error": { "type": "number", "minimum": 0.001, "maximum": 0.5, "default": 0.05, "description": "Chance of a wrong selection that is accepted." },
        "first": { "type": "integer", "minimum": 5, "maximum": 1000, "default": 20, "description": "Replications from which variances are estimated." },
        "most": { "type": "integer", "minimum": 5, "default": 400, "description": "Most replications of each finalist." },
    }))
}

fn cameras(texts: &Value) -> serde_json::Map<String, Value> {
    map(json!({
        "mount": { "enum": ["van", "lamp"] },
        "at": { "description": "Mounts of the place.", "type": texts["type"], "items": texts["items"] },
        "at_m": { "type": "array", "items": { "type": "number" }, "description": "Positions on a sketch street, m." },
        "street": { "description": "Every mount of this kind along these streets.", "type": texts["type"], "items": texts["items"] },
        "least": { "type": "integer", "minimum": 0, "default": 0, "description": "Fewest that are chosen." },
        "most": { "type": "integer", "minimum": 1, "description": "Most that are chosen." },
        "count": { "type": "integer", "minimum": 1, "maximum": 16, "description": "Cameras on each." },
        "heading_deg": { "type": "number", "minimum": 0, "maximum": 360 },
        "team": { "type": "string" },
    }))
}

fn parameter() -> serde_json::Map<String, Value> {
    let keys: Vec<&str> = known_keys()
        .filter(|k| DECIDED.contains(k) || k.starts_with("programme."))
        .collect();
    map(json!({
        "key": { "enum": keys },
        "values": { "type": "array", "minItems": 1 },
        "low": { "type": "number" },
        "high": { "type": "number" },
        "steps": { "type": "integer", "minimum": 2, "description": "How many values from low to high." },
        "scale": { "enum": ["linear", "log"], "default": "linear" },
    }))
}
