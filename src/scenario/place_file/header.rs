//! The `lamplight` member of a place file.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::scenario::diagnose::nearest;

use super::envelope::Collection;
use super::fields::position;
use super::read::Reader;
use super::{FORMAT, shortened, span_in};

#[derive(Default)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) licence: String,
    pub(super) attribution: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) sketch: bool,
    pub(super) timezone: String,
    pub(super) origin: [f64; 2],
    pub(super) demand_scale: f64,
}

const HEADER_KEYS: [&str; 10] = [
    "format",
    "name",
    "title",
    "licence",
    "attribution",
    "notes",
    "sketch",
    "timezone",
    "origin",
    "demand_scale",
];

impl Reader<'_> {
    pub(super) fn header(&mut self, collection: &Collection) -> Option<Header> {
        let Some(raw) = collection.lamplight.map(RawValue::get) else {
            self.problem(
                collection.span.clone(),
                "the file is GeoJSON but not a place file: it has no `lamplight` member",
                "A street network is turned into a place file by `lamplight import`.",
            );
            return None;
        };
        let object: Map<String, Value> = match serde_json::from_str(raw) {
            Ok(object) => object,
            Err(_) => {
                let help = "Expected `\"lamplight\": { \"format\": 1, \"name\": …, … }`.";
                self.problem(span_in(self.source, raw), "`lamplight` is not an object", help);
                return None;
            }
        };
        match object.get("format") {
            Some(format) if format.as_u64() == Some(FORMAT) => {}
            Some(format) => {
                let message = format!("place file format {} is not known", shortened(&format.to_string()));
                let help =
                    format!("This version reads format {FORMAT}. A newer file needs a newer version of the program.");
                self.problem(self.key_span(raw, "format"), message, help);
                return None;
            }
            None => {
                let help = format!("Add `\"format\": {FORMAT}` to the `lamplight` member.");
                self.problem(span_in(self.source, raw), "the place file has no format number", help);
                return None;
            }
        }
        for key in object.keys().filter(|k| !HEADER_KEYS.contains(&k.as_str())) {
            let help = nearest(key, HEADER_KEYS).map_or_else(
                || format!("Known: {}.", HEADER_KEYS.join(", ")),
                |known| format!("Did you mean `{known}`?"),
            );
            self.problem(
                self.key_span(raw, key),
                format!("`lamplight` has an unknown member `{}`", shortened(key)),
                help,
            );
        }
        let before = self.problems.len();
        let name = self.header_text(raw, &object, "name", true);
        let title = self.header_text(raw, &object, "title", false);
        let licence = self.header_text(raw, &object, "licence", true);
        let timezone = self.header_text(raw, &object, "timezone", true);
        if !timezone.is_empty() && jiff::tz::TimeZone::get(&timezone).is_err() {
            let help = "Expected a name of the IANA time zone database, such as `Europe/London`.";
            self.problem(
                self.key_span(raw, "timezone"),
                format!("unknown time zone `{}`", shortened(&timezone)),
                help,
            );
        }
        let attribution = self.header_lines(raw, &object, "attribution");
        if attribution.iter().all(|line| line.trim().is_empty())
            && self.problems.iter().all(|p| !p.message.contains("`attribution`"))
        {
            let help = "Name the data's owners as their licence asks, for example `\"attribution\": [\"© OpenStreetMap contributors\"]`.";
            self.problem(
                self.key_span(raw, "attribution"),
                "the place file has no attribution",
                help,
            );
        }
        let notes = self.header_lines(raw, &object, "notes");
        let sketch = match object.get("sketch") {
            None => false,
            Some(Value::Bool(sketch)) => *sketch,
            Some(_) => {
                self.problem(
                    self.key_span(raw, "sketch"),
                    "`sketch` is not true or false",
                    "Expected true or false.",
                );
                false
            }
        };
        let demand_scale = match object.get("demand_scale") {
            None => 1.0,
            Some(value) => match value.as_f64().filter(|v| *v > 0.0 && *v <= 1000.0) {
                Some(scale) => scale,
                None => {
                    let help = "Expected a number above 0 and at most 1000; 1 leaves the gates' numbers as they are.";
                    self.problem(
                        self.key_span(raw, "demand_scale"),
                        "`demand_scale` is not a positive number",
                        help,
                    );
                    1.0
                }
            },
        };
        let origin = object
            .get("origin")
            .and_then(position)
            .filter(|[lon, lat]| lon.abs() <= 180.0 && lat.abs() <= 85.0);
        if origin.is_none() {
            let help = "Expected `\"origin\": [longitude, latitude]` in degrees, near the middle of the place, within 85° of the equator.";
            self.problem(
                self.key_span(raw, "origin"),
                "the place file has no usable `origin`",
                help,
            );
        }
        let unusable_origin = origin.is_none() && self.problems.len() > before;
        (!unusable_origin).then(|| Header {
            title: if title.is_empty() { name.clone() } else { title },
            name,
            licence,
            attribution,
            notes,
            sketch,
            timezone,
            origin: origin.unwrap_or_default(),
            demand_scale,
        })
    }

    fn header_text(&mut self, raw: &str, object: &Map<String, Value>, key: &str, required: bool) -> String {
        match object.get(key) {
            Some(Value::String(text)) if !text.trim().is_empty() || !required => text.clone(),
            None if !required => String::new(),
            None => {
                let help = format!("Add `\"{key}\": \"…\"` to the `lamplight` member.");
                self.problem(
                    span_in(self.source, raw),
                    format!("the place file has no `{key}`"),
                    help,
                );
                String::new()
            }
            Some(_) => {
                self.problem(
                    self.key_span(raw, key),
                    format!("`{key}` is not a text"),
                    "Expected a text that is not empty.",
                );
                String::new()
            }
        }
    }

    fn header_lines(&mut self, raw: &str, object: &Map<String, Value>, key: &str) -> Vec<String> {
        match object.get(key) {
            None => Vec::new(),
            Some(Value::Array(lines)) if lines.iter().all(Value::is_string) => {
                lines.iter().filter_map(|l| l.as_str().map(str::to_owned)).collect()
            }
            Some(_) => {
                let help = format!("Expected `\"{key}\": [\"…\", \"…\"]`.");
                self.problem(self.key_span(raw, key), format!("`{key}` is not a list of texts"), help);
                Vec::new()
            }
        }
    }
}
