//! A feature of a place file, taken apart: its kind, its geometry and its properties, each checked on its own.

use std::ops::Range;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::scenario::diagnose::nearest;

use super::envelope::not_json;
use super::read::Reader;
use super::{shortened, span_in};

const LARGEST_RADIUS_M: f64 = 50_000.0;

const FEATURE_KINDS: [&str; 6] = ["street", "gate", "attractor", "lamp", "van_bay", "sketch_mount"];

/// A feature whose outer form is right.
pub(super) struct Feature<'a> {
    pub(super) raw: &'a str,
    pub(super) kind: String,
    pub(super) properties: Map<String, Value>,
    pub(super) points: Vec<[f64; 2]>,
}

impl<'a> Reader<'a> {
    pub(super) fn feature(&mut self, value: &'a RawValue) -> Option<Feature<'a>> {
        let raw = value.get();
        let span = span_in(self.source, raw);
        let object: Map<String, Value> = match serde_json::from_str(raw) {
            Ok(object) => object,
            Err(e) if e.is_data() => {
                self.problem(
                    span,
                    "a feature is not an object",
                    "Expected `{ \"type\": \"Feature\", \"properties\": …, \"geometry\": … }`.",
                );
                return None;
            }
            Err(e) => {
                let found = not_json(self.source, span.start, raw, &e);
                self.problem(found.span.unwrap_or(span), found.message, found.help);
                return None;
            }
        };
        let Some(Value::Object(properties)) = object.get("properties") else {
            let help = "Expected `\"properties\": { \"feature\": \"street\", … }`.";
            self.problem(span, "a feature has no `properties`", help);
            return None;
        };
        let kinds = FEATURE_KINDS.join(", ");
        let Some(kind) = properties.get("feature").and_then(Value::as_str) else {
            self.problem(
                span,
                "a feature does not say what it is",
                format!("Set `properties.feature` to one of: {kinds}."),
            );
            return None;
        };
        if !FEATURE_KINDS.contains(&kind) {
            let help = nearest(kind, FEATURE_KINDS)
                .map_or(format!("Known: {kinds}."), |known| format!("Did you mean `{known}`?"));
            self.problem(
                self.key_span(raw, "feature"),
                format!("unknown feature `{}`", shortened(kind)),
                help,
            );
            return None;
        }
        match kind {
            "street" => self.street_features += 1,
            "gate" => self.gate_features += 1,
            "attractor" => self.attractor_features += 1,
            _ => {}
        }
        let points = self.geometry(raw, kind, object.get("geometry"))?;
        Some(Feature {
            raw,
            kind: kind.to_owned(),
            properties: properties.clone(),
            points,
        })
    }

    fn geometry(&mut self, raw: &str, kind: &str, geometry: Option<&Value>) -> Option<Vec<[f64; 2]>> {
        let wanted = if kind == "street" { "LineString" } else { "Point" };
        let span = self.key_span(raw, "geometry");
        let found = geometry
            .and_then(|g| g.get("type"))
            .and_then(Value::as_str)
            .unwrap_or("none");
        if found != wanted {
            let message = format!("{} needs a {wanted}, not `{}`", called(kind), shortened(found));
            self.problem(
                span,
                message,
                format!("Expected `\"geometry\": {{ \"type\": \"{wanted}\", \"coordinates\": … }}`."),
            );
            return None;
        }
        let span = self.key_span(raw, "coordinates");
        let coordinates = geometry.and_then(|g| g.get("coordinates")).unwrap_or(&Value::Null);
        let points: Option<Vec<[f64; 2]>> = match (kind, coordinates) {
            ("street", Value::Array(list)) => list.iter().map(position).collect(),
            ("street", _) => None,
            (_, value) => position(value).map(|p| vec![p]),
        };
        let Some(points) = points else {
            let message = format!("the coordinates of {} are not numbers", called(kind));
            self.problem(span, message, "Expected `[longitude, latitude]` in degrees.");
            return None;
        };
        if let Some([x, y]) = points
            .iter()
            .find(|[lon, lat]| !(lon.abs() <= 180.0 && lat.abs() <= 90.0))
        {
            let help = if x.abs() > 1000.0 || y.abs() > 1000.0 {
                "These look like metres: export the file as longitude and latitude (WGS84, EPSG:4326)."
            } else {
                "Longitude comes first and lies within ±180, then latitude within ±90."
            };
            self.problem(span, format!("coordinates [{x}, {y}] are out of range"), help);
            return None;
        }
        if kind == "street" && points.len() < 2 {
            self.problem(
                span,
                "a street has fewer than two points",
                "A street's LineString goes from its node `a` to its node `b`.",
            );
            return None;
        }
        Some(points)
    }

    /// The points of a feature in metres, or a problem if any lies far from the origin.
    pub(super) fn project(&mut self, feature: &Feature) -> Option<Vec<[f64; 2]>> {
        let points: Vec<[f64; 2]> = feature.points.iter().map(|&p| self.projection.to_metres(p)).collect();
        if points.iter().all(|p| libm::hypot(p[0], p[1]) <= LARGEST_RADIUS_M) {
            return Some(points);
        }
        let message = format!(
            "{} lies more than {} km from the origin",
            called(&feature.kind),
            LARGEST_RADIUS_M / 1000.0
        );
        let help = "Check that longitude comes first, and that `lamplight.origin` is near the middle of the place.";
        self.problem(self.key_span(feature.raw, "coordinates"), message, help);
        None
    }

    /// A required property, or a problem that names the most similar key that is there.
    pub(super) fn property<'f>(&mut self, feature: &'f Feature, key: &str) -> Option<&'f Value> {
        if let Some(value) = feature.properties.get(key).filter(|v| !v.is_null()) {
            return Some(value);
        }
        let similar = nearest(key, feature.properties.keys().map(String::as_str)).filter(|k| *k != key);
        let help = match similar {
            Some(similar) => format!("It has `{similar}`; did you mean `{key}`?"),
            None => format!("Add `\"{key}\"` to its properties."),
        };
        self.problem(
            span_in(self.source, feature.raw),
            format!("{} has no `{key}`", called(&feature.kind)),
            help,
        );
        None
    }

    pub(super) fn number(&mut self, feature: &Feature, key: &str, range: Range<f64>, unit: &str) -> Option<f64> {
        let value = self.property(feature, key)?;
        if let Some(number) = value.as_f64().filter(|n| *n > range.start && *n <= range.end) {
            return Some(number);
        }
        let message = format!(
            "`{key}` of {} is {}",
            called(&feature.kind),
            shortened(&value.to_string())
        );
        let help = format!(
            "Expected a number above {} and at most {}{unit}.",
            range.start, range.end
        );
        self.problem(self.key_span(feature.raw, key), message, help);
        None
    }

    pub(super) fn node_number(&mut self, feature: &Feature, key: &str) -> Option<u64> {
        let value = self.property(feature, key)?;
        if value.as_u64().is_none() {
            let message = format!(
                "`{key}` of {} is {}, not a node number",
                called(&feature.kind),
                shortened(&value.to_string())
            );
            self.problem(
                self.key_span(feature.raw, key),
                message,
                "Expected a whole number from 0.",
            );
        }
        value.as_u64()
    }

    pub(super) fn text(&mut self, feature: &Feature, key: &str) -> Option<String> {
        let value = self.property(feature, key)?;
        match value {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                let message = format!(
                    "`{key}` of {} is {}, not a text",
                    called(&feature.kind),
                    shortened(&value.to_string())
                );
                self.problem(
                    self.key_span(feature.raw, key),
                    message,
                    "Expected a text that is not empty.",
                );
                None
            }
        }
    }

    /// An id, unique among the features of its family.
    pub(super) fn id(&mut self, feature: &Feature, family: &'static str) -> Option<String> {
        let value = self.property(feature, "id")?;
        let id = match value {
            Value::String(text) if !text.trim().is_empty() => text.clone(),
            Value::Number(number) if number.is_u64() => number.to_string(),
            _ => {
                let message = format!(
                    "the id of {} is {}",
                    called(&feature.kind),
                    shortened(&value.to_string())
                );
                self.problem(
                    self.key_span(feature.raw, "id"),
                    message,
                    "Expected a text such as `old-compton-street-3`.",
                );
                return None;
            }
        };
        if !self.ids.insert((family, id.clone())) {
            let message = format!("two {family} have the id `{}`", shortened(&id));
            self.problem(self.key_span(feature.raw, "id"), message, "Give each its own id.");
            return None;
        }
        Some(id)
    }
}

/// A feature's kind with its article, for messages.
pub(super) fn called(kind: &str) -> String {
    let article = if kind.starts_with('a') { "an" } else { "a" };
    format!("{article} {}", kind.replace('_', " "))
}

pub(super) fn position(value: &Value) -> Option<[f64; 2]> {
    match value.as_array()?.as_slice() {
        [lon, lat] | [lon, lat, _] => Some([lon.as_f64()?, lat.as_f64()?]),
        _ => None,
    }
}

pub(super) fn is_kebab_case(id: &str) -> bool {
    id.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}
