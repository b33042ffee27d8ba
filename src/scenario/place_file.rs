//! The place file: one GeoJSON FeatureCollection (WGS84) that holds a place's streets, gates, attractors and mounts.
//!
//! The foreign member `lamplight` carries what GeoJSON has no word for: format number, name, licence, attribution, notes, time zone and the origin of
//! the plane. `docs/import.md` describes every field. Reading collects all problems; writing is canonical (six decimals, one feature per line), so that
//! a file changes only where the place does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::diagnose::{Diagnostic, Diagnostics, Source, nearest};
use super::place::{Attractor, Edge, Gate, Mount, MountSite, Place};

/// The format number that this version reads and writes.
pub const FORMAT: u64 = 1;
/// Day types of `persons_per_hour`, in the order of [`Gate::persons_per_hour`].
pub const DAY_TYPES: [&str; 4] = ["mon_thu", "fri", "sat", "sun"];
/// Farthest that a lamp or van bay may lie from its street, m.
pub const MOUNT_REACH_M: f64 = 30.0;

const LARGEST_FILE_BYTES: usize = 64 << 20;
const MOST_FEATURES: usize = 200_000;
const MOST_PROBLEMS: usize = 100;
const LARGEST_RADIUS_M: f64 = 50_000.0;
const NODE_AGREEMENT_M: f64 = 1.0;

/// A local equirectangular projection: metres east and north of an origin, exact to about 1 part in 10 000 over a few kilometres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    origin: [f64; 2],
    metres_per_degree: [f64; 2],
}

impl Projection {
    /// The projection about `origin` (longitude, latitude in degrees), with the WGS84 radii of curvature at its latitude.
    pub fn new(origin: [f64; 2]) -> Self {
        const EQUATOR_M: f64 = 6_378_137.0;
        const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_316e-3;
        let latitude = origin[1].to_radians();
        let sine = libm::sin(latitude);
        let flattening = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
        let prime_vertical = EQUATOR_M / libm::sqrt(flattening);
        let meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / flattening;
        let degree = 1f64.to_radians();
        Projection {
            origin,
            metres_per_degree: [prime_vertical * libm::cos(latitude) * degree, meridian * degree],
        }
    }
    /// Metres east and north of the origin, of longitude and latitude in degrees.
    pub fn to_metres(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        [
            (lon - self.origin[0]) * self.metres_per_degree[0],
            (lat - self.origin[1]) * self.metres_per_degree[1],
        ]
    }
    /// Longitude and latitude in degrees, of metres east and north of the origin.
    pub fn to_degrees(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.origin[0] + x / self.metres_per_degree[0],
            self.origin[1] + y / self.metres_per_degree[1],
        ]
    }
}

/// Distance between two points in metres.
pub(crate) fn distance(p: [f64; 2], q: [f64; 2]) -> f64 {
    libm::hypot(p[0] - q[0], p[1] - q[1])
}

/// Length of a line in metres.
pub(crate) fn line_length(line: &[[f64; 2]]) -> f64 {
    line.windows(2).map(|w| distance(w[0], w[1])).sum()
}

/// Distance from `p` to the nearest point of a line and the length of the line up to that point, m.
pub(crate) fn nearest_on_line(line: &[[f64; 2]], p: [f64; 2]) -> (f64, f64) {
    let mut best = (f64::INFINITY, 0.0);
    let mut walked = 0.0;
    for w in line.windows(2) {
        let (dx, dy) = (w[1][0] - w[0][0], w[1][1] - w[0][1]);
        let squared = dx * dx + dy * dy;
        let share = if squared > 0.0 {
            (((p[0] - w[0][0]) * dx + (p[1] - w[0][1]) * dy) / squared).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let away = distance(p, [w[0][0] + share * dx, w[0][1] + share * dy]);
        let length = libm::sqrt(squared);
        if away < best.0 {
            best = (away, walked + share * length);
        }
        walked += length;
    }
    best
}

/// For every node, the lowest node of its connected component.
pub(crate) fn components(nodes: usize, ends: impl IntoIterator<Item = (usize, usize)>) -> Vec<usize> {
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let mut parent: Vec<usize> = (0..nodes).collect();
    for (a, b) in ends {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        let (low, high) = (a.min(b), a.max(b));
        parent[high] = low;
    }
    (0..nodes).map(|i| root(&mut parent, i)).collect()
}

/// Reads a place file from disk.
///
/// # Errors
/// Every problem found, each with its place in the file and a hint.
pub fn read_place_file(path: &Path) -> Result<Place, Diagnostics> {
    let hint = "Place files end in .geojson; scenarios/places has two to start from.";
    read_place(&read_text(path, "a place file", LARGEST_FILE_BYTES, hint)?)
}

/// Reads a text file whole, with the checks that come before its format's own.
pub(crate) fn read_text(path: &Path, what: &str, largest_bytes: usize, hint: &str) -> Result<Source, Diagnostics> {
    let shown = path.display();
    let bytes = std::fs::metadata(path)
        .and_then(|about| {
            if about.is_dir() {
                return Err(std::io::Error::other("it is a folder"));
            }
            if about.len() > largest_bytes as u64 {
                let limit = largest_bytes >> 20;
                return Err(std::io::Error::other(format!(
                    "it has {} MiB; the limit is {limit} MiB",
                    about.len() >> 20
                )));
            }
            std::fs::read(path)
        })
        .map_err(|e| vec![Diagnostic::general(format!("cannot read {what} `{shown}`: {e}"), hint)])?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(&shown.to_string(), text.trim_start_matches('\u{feff}'))),
        Err(e) => Err(vec![Diagnostic::general(
            format!(
                "`{shown}` is not text: byte {} is not UTF-8",
                e.utf8_error().valid_up_to()
            ),
            format!("Expected {what}. {hint}"),
        )]),
    }
}

/// Reads a place from a file's text.
///
/// # Errors
/// Every problem found, each with its place in the file and a hint.
pub fn read_place(source: &Source) -> Result<Place, Diagnostics> {
    let collection = open_collection(source)?;
    let mut reader = Reader::new(source);
    let header = reader.header(&collection);
    if header.is_none() {
        return Err(reader.problems);
    }
    let features: Vec<Feature> = collection
        .features
        .iter()
        .filter_map(|raw| reader.feature(raw))
        .collect();
    let header = header.unwrap_or_default();
    reader.projection = Projection::new(header.origin);

    let streets = || features.iter().filter(|f| f.kind == "street");
    reader.number_nodes(streets());
    streets().for_each(|street| reader.street(street));
    for feature in &features {
        match feature.kind.as_str() {
            "gate" => reader.gate(feature),
            "attractor" => reader.attractor(feature),
            "lamp" => reader.mount(feature, MountSite::Lamp),
            "van_bay" => reader.mount(feature, MountSite::VanBay),
            "sketch_mount" => reader.mount(feature, MountSite::Sketch),
            _ => {}
        }
    }
    reader.whole(&collection.span);
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    Ok(Place {
        name: header.name,
        title: header.title,
        licence: header.licence,
        attribution: header.attribution,
        notes: header.notes,
        sketch: header.sketch,
        timezone: header.timezone,
        origin: header.origin,
        demand_scale: header.demand_scale,
        nodes: reader.nodes,
        edges: reader.edges,
        gates: reader.gates,
        attractors: reader.attractors,
        mounts: reader.mounts,
    })
}

/// A place as the text of a place file: six decimals, one feature per line, streets, gates, attractors and mounts in the place's order.
pub fn write_place(place: &Place) -> String {
    let projection = Projection::new(place.origin);
    let mut out = String::from("{\"type\":\"FeatureCollection\",\n\"lamplight\":{\n");
    let mut member = |key: &str, value: String| {
        let _ = writeln!(out, "\"{key}\":{value},");
    };
    member("format", FORMAT.to_string());
    member("name", quoted(&place.name));
    member("title", quoted(&place.title));
    member("licence", quoted(&place.licence));
    member("attribution", quoted_list(&place.attribution));
    member("notes", quoted_list(&place.notes));
    if place.sketch {
        member("sketch", "true".into());
    }
    member("timezone", quoted(&place.timezone));
    member("origin", format!("[{},{}]", place.origin[0], place.origin[1]));
    let _ = write!(out, "\"demand_scale\":{}}},\n\"features\":[\n", place.demand_scale);

    let point = |p: [f64; 2]| {
        let [lon, lat] = projection.to_degrees(p);
        format!("[{},{}]", six_decimals(lon), six_decimals(lat))
    };
    let node = |index: usize| point(place.nodes.get(index).copied().unwrap_or_default());
    let mut lines = Vec::new();
    for edge in &place.edges {
        let line: Vec<String> = edge.line.iter().map(|&p| point(p)).collect();
        lines.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"feature\":\"street\",\"id\":{},\"a\":{},\"b\":{},\"name\":{},\"kind\":{},\"length_m\":{},\"width_m\":{}}},\
             \"geometry\":{{\"type\":\"LineString\",\"coordinates\":[{}]}}}}",
            quoted(&edge.id), edge.a, edge.b, quoted(&edge.name), quoted(&edge.kind), edge.length_m, edge.width_m, line.join(",")
        ));
    }
    let mut point_feature = |properties: String, at: String| {
        lines.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":{at}}}}}"
        ));
    };
    for gate in &place.gates {
        let days: Vec<String> = DAY_TYPES
            .iter()
            .zip(&gate.persons_per_hour)
            .map(|(day, hours)| format!("\"{day}\":[{}]", hours.map(|h| h.to_string()).join(",")))
            .collect();
        point_feature(
            format!(
                "\"feature\":\"gate\",\"id\":{},\"name\":{},\"node\":{},\"kind\":{},\"persons_per_hour\":{{{}}}",
                quoted(&gate.id),
                quoted(&gate.name),
                gate.node,
                quoted(&gate.kind),
                days.join(",")
            ),
            node(gate.node),
        );
    }
    for attractor in &place.attractors {
        point_feature(
            format!(
                "\"feature\":\"attractor\",\"id\":{},\"name\":{},\"node\":{},\"weight\":{}",
                quoted(&attractor.id),
                quoted(&attractor.name),
                attractor.node,
                attractor.weight
            ),
            node(attractor.node),
        );
    }
    for mount in &place.mounts {
        let feature = match mount.kind {
            MountSite::Lamp => "lamp",
            MountSite::VanBay => "van_bay",
            MountSite::Sketch => "sketch_mount",
        };
        let street = place.edges.get(mount.edge).map_or("", |e| e.id.as_str());
        point_feature(
            format!(
                "\"feature\":\"{feature}\",\"id\":{},\"street\":{},\"surveyed\":{}",
                quoted(&mount.id),
                quoted(street),
                mount.surveyed
            ),
            point(mount.at),
        );
    }
    out.push_str(&lines.join(",\n"));
    out.push_str("\n]}\n");
    out
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

fn quoted_list(lines: &[String]) -> String {
    match lines {
        [] => "[]".into(),
        _ => format!(
            "[\n{}]",
            lines.iter().map(|l| quoted(l)).collect::<Vec<_>>().join(",\n")
        ),
    }
}

fn six_decimals(degrees: f64) -> String {
    let text = format!("{degrees:.6}");
    if text == "-0.000000" { "0.000000".into() } else { text }
}

/// The outermost object of the file, its parts not yet looked into.
struct Collection<'a> {
    span: Range<usize>,
    lamplight: Option<&'a RawValue>,
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawCollection<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    lamplight: Option<&'a RawValue>,
    #[serde(borrow, default)]
    crs: Option<&'a RawValue>,
    #[serde(borrow, default)]
    features: Option<&'a RawValue>,
}

const NEEDS_COLLECTION: &str =
    "Expected a GeoJSON object with `\"type\": \"FeatureCollection\"`, a `lamplight` member and `features`.";

fn open_collection(source: &Source) -> Result<Collection<'_>, Diagnostics> {
    let text: &str = &source.text;
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len();
    let first_line = start..text[start..].find('\n').map_or(text.len(), |i| start + i);
    let refuse = |message: &str, help: &str| Err(vec![Diagnostic::at(source, first_line.clone(), message, help)]);
    if trimmed.is_empty() {
        return refuse("the place file is empty", "Make one with `lamplight import`.");
    }
    if text.len() > LARGEST_FILE_BYTES {
        return refuse(
            &format!(
                "the place file has {} MiB; the limit is {} MiB",
                text.len() >> 20,
                LARGEST_FILE_BYTES >> 20
            ),
            "A place is a district of a few square kilometres: cut it with `lamplight import --bbox`.",
        );
    }
    if text.contains('\0') {
        let at = text.find('\0').unwrap_or(0);
        return Err(vec![Diagnostic::at(
            source,
            at..at,
            "the place file is binary, not text",
            "OpenStreetMap data in .osm.pbf is read by `lamplight import`, which writes a place file.",
        )]);
    }
    if trimmed.starts_with('<') {
        return refuse(
            "the place file is XML, not GeoJSON",
            "OpenStreetMap data in .osm is read by `lamplight import`, which writes a place file.",
        );
    }
    let whole: &RawValue = serde_json::from_str(text).map_err(|e| vec![not_json(source, 0, text, &e)])?;
    if !whole.get().starts_with('{') {
        return refuse("the place file is not a FeatureCollection", NEEDS_COLLECTION);
    }
    let raw: RawCollection = serde_json::from_str(text).map_err(|e| vec![not_json(source, 0, text, &e)])?;
    let kind = raw.kind.map_or("", RawValue::get);
    if kind != "\"FeatureCollection\"" {
        let found = if kind.is_empty() {
            "there is no `type`".into()
        } else {
            format!("`type` is {}", shortened(kind))
        };
        return refuse(
            &format!("the place file is not a FeatureCollection: {found}"),
            NEEDS_COLLECTION,
        );
    }
    if let Some(crs) = raw
        .crs
        .filter(|c| !c.get().contains("CRS84") && !c.get().contains("4326"))
    {
        return Err(vec![Diagnostic::at(
            source,
            span_in(source, crs.get()),
            "the place file is not in WGS84",
            "Export it as longitude and latitude (EPSG:4326) and remove the `crs` member.",
        )]);
    }
    let Some(list) = raw.features else {
        return refuse("the place file has no `features`", NEEDS_COLLECTION);
    };
    let features: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(|_| {
        vec![Diagnostic::at(
            source,
            span_in(source, list.get()),
            "`features` is not a list",
            "Expected `\"features\": [ ... ]`.",
        )]
    })?;
    if features.len() > MOST_FEATURES {
        return refuse(
            &format!(
                "the place file has {} features; the limit is {MOST_FEATURES}",
                features.len()
            ),
            "A place is a district of a few square kilometres: cut it with `lamplight import --bbox`.",
        );
    }
    Ok(Collection {
        span: first_line,
        lamplight: raw.lamplight,
        features,
    })
}

fn not_json(source: &Source, base: usize, text: &str, error: &serde_json::Error) -> Diagnostic {
    let offset = (base + json_error_offset(text, error)).min(source.text.len());
    let (line, column) = source.line_column(offset);
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        let help =
            "It was cut short while it was copied or written: copy it again or make it again with `lamplight import`.";
        return Diagnostic::at(
            source,
            offset..offset,
            format!("the place file ends too early: {reason}"),
            help,
        );
    }
    Diagnostic::at(
        source,
        offset..offset,
        format!("the place file is not JSON (line {line}, column {column}): {reason}"),
        "Correct the text at this place; a comma, quote or bracket is the usual cause.",
    )
}

/// Byte offset of a JSON error in the text that was parsed, at the start of a character.
pub(crate) fn json_error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text
            .match_indices('\n')
            .nth(line - 2)
            .map_or(text.len(), |(i, _)| i + 1),
    };
    let mut offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

pub(crate) fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.into()
    } else {
        text.chars().take(40).chain("…".chars()).collect()
    }
}

/// Byte range of a part of the source's text; `part` must be a slice of it.
pub(crate) fn span_in(source: &Source, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(source.text.as_ptr() as usize);
    start.min(source.text.len())..(start + part.len()).min(source.text.len())
}

#[derive(Default)]
struct Header {
    name: String,
    title: String,
    licence: String,
    attribution: Vec<String>,
    notes: Vec<String>,
    sketch: bool,
    timezone: String,
    origin: [f64; 2],
    demand_scale: f64,
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
const FEATURE_KINDS: [&str; 6] = ["street", "gate", "attractor", "lamp", "van_bay", "sketch_mount"];

/// A feature whose outer form is right.
struct Feature<'a> {
    raw: &'a str,
    kind: String,
    properties: Map<String, Value>,
    points: Vec<[f64; 2]>,
}

struct Reader<'a> {
    source: &'a Source,
    projection: Projection,
    problems: Diagnostics,
    nodes: Vec<[f64; 2]>,
    /// Index of every node number, and the street that placed it first.
    node_numbers: BTreeMap<u64, (usize, Option<String>)>,
    edge_numbers: BTreeMap<String, usize>,
    ids: BTreeSet<(&'static str, String)>,
    street_features: usize,
    gate_features: usize,
    attractor_features: usize,
    edges: Vec<Edge>,
    gates: Vec<Gate>,
    gate_spans: Vec<Range<usize>>,
    attractors: Vec<Attractor>,
    attractor_spans: Vec<Range<usize>>,
    mounts: Vec<Mount>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source) -> Self {
        Reader {
            source,
            projection: Projection::new([0.0, 0.0]),
            problems: Vec::new(),
            nodes: Vec::new(),
            node_numbers: BTreeMap::new(),
            edge_numbers: BTreeMap::new(),
            ids: BTreeSet::new(),
            street_features: 0,
            gate_features: 0,
            attractor_features: 0,
            edges: Vec::new(),
            gates: Vec::new(),
            gate_spans: Vec::new(),
            attractors: Vec::new(),
            attractor_spans: Vec::new(),
            mounts: Vec::new(),
        }
    }

    fn problem(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        match self.problems.len().cmp(&MOST_PROBLEMS) {
            std::cmp::Ordering::Less => self.problems.push(Diagnostic::at(self.source, span, message, help)),
            std::cmp::Ordering::Equal => self.problems.push(Diagnostic::general(
                format!("the place file has more than {MOST_PROBLEMS} problems; the rest are not shown"),
                "Correct these first.",
            )),
            std::cmp::Ordering::Greater => {}
        }
    }

    /// The range of `"key"` inside a part of the file, or the whole part.
    fn key_span(&self, raw: &str, key: &str) -> Range<usize> {
        let part = span_in(self.source, raw);
        match raw.find(&format!("\"{key}\"")) {
            Some(at) => part.start + at..part.start + at + key.len() + 2,
            None => part,
        }
    }

    fn header(&mut self, collection: &Collection) -> Option<Header> {
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

    fn feature(&mut self, value: &'a RawValue) -> Option<Feature<'a>> {
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
            let message = format!("a {kind} needs a {wanted}, not `{}`", shortened(found));
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
            let message = format!("the coordinates of a {kind} are not numbers");
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
    fn project(&mut self, feature: &Feature) -> Option<Vec<[f64; 2]>> {
        let points: Vec<[f64; 2]> = feature.points.iter().map(|&p| self.projection.to_metres(p)).collect();
        if points.iter().all(|p| libm::hypot(p[0], p[1]) <= LARGEST_RADIUS_M) {
            return Some(points);
        }
        let message = format!(
            "a {} lies more than {} km from the origin",
            feature.kind,
            LARGEST_RADIUS_M / 1000.0
        );
        let help = "Check that longitude comes first, and that `lamplight.origin` is near the middle of the place.";
        self.problem(self.key_span(feature.raw, "coordinates"), message, help);
        None
    }

    /// A required property, or a problem that names the most similar key that is there.
    fn property<'f>(&mut self, feature: &'f Feature, key: &str) -> Option<&'f Value> {
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
            format!("a {} has no `{key}`", feature.kind),
            help,
        );
        None
    }

    fn number(&mut self, feature: &Feature, key: &str, range: Range<f64>, unit: &str) -> Option<f64> {
        let value = self.property(feature, key)?;
        if let Some(number) = value.as_f64().filter(|n| *n > range.start && *n <= range.end) {
            return Some(number);
        }
        let message = format!("`{key}` of a {} is {}", feature.kind, shortened(&value.to_string()));
        let help = format!(
            "Expected a number above {} and at most {}{unit}.",
            range.start, range.end
        );
        self.problem(self.key_span(feature.raw, key), message, help);
        None
    }

    fn node_number(&mut self, feature: &Feature, key: &str) -> Option<u64> {
        let value = self.property(feature, key)?;
        if value.as_u64().is_none() {
            let message = format!(
                "`{key}` of a {} is {}, not a node number",
                feature.kind,
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

    fn text(&mut self, feature: &Feature, key: &str) -> Option<String> {
        let value = self.property(feature, key)?;
        match value {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                let message = format!(
                    "`{key}` of a {} is {}, not a text",
                    feature.kind,
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
    fn id(&mut self, feature: &Feature, family: &'static str) -> Option<String> {
        let value = self.property(feature, "id")?;
        let id = match value {
            Value::String(text) if !text.trim().is_empty() => text.clone(),
            Value::Number(number) if number.is_u64() => number.to_string(),
            _ => {
                let message = format!("the id of a {} is {}", feature.kind, shortened(&value.to_string()));
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

    fn street(&mut self, feature: &Feature) {
        let id = self.id(feature, "streets");
        let a = self.node_number(feature, "a");
        let b = self.node_number(feature, "b");
        let kind = self.text(feature, "kind");
        let length = self.number(feature, "length_m", 0.0..100_000.0, " m");
        let width = self.number(feature, "width_m", 0.0..100.0, " m");
        let name = match feature.properties.get("name") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(other) => {
                let message = format!("`name` of a street is {}, not a text", shortened(&other.to_string()));
                self.problem(
                    self.key_span(feature.raw, "name"),
                    message,
                    "Expected a text, which may be empty.",
                );
                String::new()
            }
        };
        let Some(line) = self.project(feature) else { return };
        let drawn = line_length(&line);
        if drawn < 0.01 {
            let help = "Its points are all at the same place: remove it or draw it again.";
            self.problem(
                self.key_span(feature.raw, "coordinates"),
                "a street has zero length",
                help,
            );
            return;
        }
        let (first, last) = (line[0], line[line.len() - 1]);
        if let Some(length_m) = length.filter(|l| *l < 0.9 * distance(first, last) - NODE_AGREEMENT_M) {
            let message = format!(
                "`length_m` {length_m} is shorter than the {:.1} m between the street's ends",
                distance(first, last)
            );
            self.problem(
                self.key_span(feature.raw, "length_m"),
                message,
                "Expected the walked length in metres.",
            );
        }
        let (Some(id), Some(a), Some(b), Some(kind), Some(length_m), Some(width_m)) = (id, a, b, kind, length, width)
        else {
            return;
        };
        let a = self.node(feature, &id, "a", a, first);
        let b = self.node(feature, &id, "b", b, last);
        self.edge_numbers.insert(id.clone(), self.edges.len());
        self.edges.push(Edge {
            id,
            a,
            b,
            name,
            kind,
            length_m,
            width_m,
            line,
        });
    }

    /// Gives the node numbers of all streets their indices, in ascending order.
    fn number_nodes<'f>(&mut self, streets: impl Iterator<Item = &'f Feature<'f>>) {
        let ends = streets.flat_map(|s| ["a", "b"].map(|key| s.properties.get(key).and_then(Value::as_u64)));
        let numbers: BTreeSet<u64> = ends.flatten().collect();
        self.nodes = vec![[0.0; 2]; numbers.len()];
        self.node_numbers = numbers
            .into_iter()
            .enumerate()
            .map(|(index, number)| (number, (index, None)))
            .collect();
    }

    /// The index of a street's end, which places its node or must lie where another street placed it.
    fn node(&mut self, feature: &Feature, street: &str, key: &str, number: u64, at: [f64; 2]) -> usize {
        let (index, first) = self.node_numbers.entry(number).or_insert((0, None));
        let index = *index;
        let Some(first) = first.clone() else {
            self.node_numbers.insert(number, (index, Some(street.to_owned())));
            self.nodes[index] = at;
            return index;
        };
        let away = distance(self.nodes[index], at);
        if away > NODE_AGREEMENT_M {
            let (street, first) = (shortened(street), shortened(&first));
            let message =
                format!("node {number} of street `{street}` lies {away:.1} m from where street `{first}` has it");
            let help = "The first point of a street is its node `a`, the last its node `b`; ends of one node agree within 1 m.";
            self.problem(self.key_span(feature.raw, key), message, help);
        }
        index
    }

    /// The node index that a gate or attractor names.
    fn node_of(&mut self, feature: &Feature) -> Option<usize> {
        let number = self.node_number(feature, "node")?;
        let index = self.node_numbers.get(&number).map(|(index, _)| *index);
        if index.is_none() {
            let message = format!("a {} is on node {number}, which no street has", feature.kind);
            self.problem(
                self.key_span(feature.raw, "node"),
                message,
                "Expected the number of a street's `a` or `b`.",
            );
        }
        index
    }

    fn gate(&mut self, feature: &Feature) {
        let id = self.id(feature, "gates");
        let name = self.text(feature, "name");
        let node = self.node_of(feature);
        let kind = self.text(feature, "kind");
        let persons = self.persons(feature);
        self.project(feature);
        if let (Some(id), Some(name), Some(node), Some(kind), Some(persons_per_hour)) = (id, name, node, kind, persons)
        {
            self.gate_spans.push(span_in(self.source, feature.raw));
            self.gates.push(Gate {
                id,
                name,
                node,
                kind,
                persons_per_hour,
            });
        }
    }

    fn persons(&mut self, feature: &Feature) -> Option<[[f64; 24]; 4]> {
        let span = self.key_span(feature.raw, "persons_per_hour");
        let Value::Object(days) = self.property(feature, "persons_per_hour")? else {
            self.problem(
                span,
                "`persons_per_hour` is not an object",
                "Expected `{ \"mon_thu\": [24 numbers], … }`.",
            );
            return None;
        };
        for day in days.keys().filter(|d| !DAY_TYPES.contains(&d.as_str())) {
            let help = nearest(day, DAY_TYPES).map_or(format!("Known: {}.", DAY_TYPES.join(", ")), |d| {
                format!("Did you mean `{d}`?")
            });
            self.problem(
                self.key_span(feature.raw, day),
                format!("`persons_per_hour` has an unknown day `{}`", shortened(day)),
                help,
            );
        }
        if !days.contains_key("mon_thu") {
            self.problem(
                span,
                "`persons_per_hour` has no `mon_thu`",
                "It is needed: days that are left out fall back to it.",
            );
            return None;
        }
        let mut persons = [[0.0; 24]; 4];
        let mut sound = true;
        for (row, day) in DAY_TYPES.into_iter().enumerate() {
            let Some(value) = days.get(day) else {
                persons[row] = persons[0];
                continue;
            };
            let hours: Vec<f64> = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect();
            let given = value.as_array().map_or(0, Vec::len);
            let in_range = hours.iter().all(|h| (0.0..=1e6).contains(h));
            match <[f64; 24]>::try_from(hours) {
                Ok(hours) if in_range && given == 24 => persons[row] = hours,
                _ => {
                    let message = format!("`{day}` of a gate's `persons_per_hour` is not 24 numbers from 0 to 1000000");
                    let help = format!(
                        "Expected persons entering in each clock hour from 00:00 to 23:00; it has {given} values."
                    );
                    self.problem(self.key_span(feature.raw, day), message, help);
                    sound = false;
                }
            }
        }
        sound.then_some(persons)
    }

    fn attractor(&mut self, feature: &Feature) {
        let id = self.id(feature, "attractors");
        let name = self.text(feature, "name");
        let node = self.node_of(feature);
        let weight = self.number(feature, "weight", 0.0..1e9, "");
        self.project(feature);
        if let (Some(id), Some(name), Some(node), Some(weight)) = (id, name, node, weight) {
            self.attractor_spans.push(span_in(self.source, feature.raw));
            self.attractors.push(Attractor { id, name, node, weight });
        }
    }

    fn mount(&mut self, feature: &Feature, kind: MountSite) {
        let id = self.id(feature, "lamps or van bays");
        if let Some(id) = id.as_ref().filter(|id| !is_kebab_case(id)) {
            let help = "Scenarios name it: use small letters a to z, digits and single hyphens, such as `old-compton-street-3`.";
            self.problem(
                self.key_span(feature.raw, "id"),
                format!("`{}` is not a usable id for a mount", shortened(id)),
                help,
            );
        }
        let surveyed = match feature.properties.get("surveyed") {
            Some(Value::Bool(surveyed)) => Some(*surveyed),
            _ => {
                let message = format!("a {} does not say whether it was surveyed", feature.kind);
                let help =
                    "Expected `\"surveyed\": true` for a position that was measured, false for one placed by rule.";
                self.problem(self.key_span(feature.raw, "surveyed"), message, help);
                None
            }
        };
        let street = match self.property(feature, "street") {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => Some(String::new()),
            None => None,
        };
        let at = self.project(feature).map(|points| points[0]);
        let (Some(id), Some(surveyed), Some(street), Some(at)) = (id, surveyed, street, at) else {
            return;
        };
        let Some(&edge) = self.edge_numbers.get(&street) else {
            let message = format!(
                "`{}` is on no street: there is no street `{}`",
                shortened(&id),
                shortened(&street)
            );
            self.problem(
                self.key_span(feature.raw, "street"),
                message,
                "Expected the id of a street of this file that is sound itself.",
            );
            return;
        };
        let (away, along) = nearest_on_line(&self.edges[edge].line, at);
        if away > MOUNT_REACH_M {
            let message = format!(
                "`{}` lies {away:.0} m from its street `{}`",
                shortened(&id),
                shortened(&street)
            );
            let help = format!(
                "A mount lies within {MOUNT_REACH_M} m of its street: name the nearest street or correct the position."
            );
            self.problem(self.key_span(feature.raw, "street"), message, help);
            return;
        }
        let edge_length = self.edges[edge].length_m;
        let offset_m = along / line_length(&self.edges[edge].line) * edge_length;
        self.mounts.push(Mount {
            id,
            kind,
            edge,
            offset_m,
            at,
            surveyed,
        });
    }

    /// What can be said only of the file as a whole.
    fn whole(&mut self, span: &Range<usize>) {
        let missing = [
            (
                self.street_features,
                "no streets",
                "Add features with `\"feature\": \"street\"`.",
            ),
            (
                self.gate_features,
                "no gates: nobody could enter",
                "Add a feature with `\"feature\": \"gate\"` where people come from.",
            ),
            (
                self.attractor_features,
                "no attractors: nobody would have anywhere to go",
                "Add features with `\"feature\": \"attractor\"`.",
            ),
        ];
        for (_, what, help) in missing.into_iter().filter(|(count, ..)| *count == 0) {
            self.problem(span.clone(), format!("the place file has {what}"), help);
        }
        if self.gates.len() == self.gate_features
            && !self.gates.is_empty()
            && self
                .gates
                .iter()
                .all(|g| g.persons_per_hour.iter().flatten().all(|&h| h == 0.0))
        {
            let help = "Give at least one gate a number above 0 in `persons_per_hour`.";
            self.problem(span.clone(), "nobody enters at any gate", help);
        }
        self.unreachable();
    }

    /// Gates and attractors that cannot be reached from where most gates are.
    fn unreachable(&mut self) {
        // A street that was refused would cut the graph: speak of reachability only when every street was read.
        if self.edges.len() != self.street_features {
            return;
        }
        let component = components(self.nodes.len(), self.edges.iter().map(|e| (e.a, e.b)));
        let mut gates_in: BTreeMap<usize, usize> = BTreeMap::new();
        for gate in &self.gates {
            *gates_in.entry(component[gate.node]).or_default() += 1;
        }
        let Some((&main, _)) = gates_in
            .iter()
            .max_by_key(|(root, count)| (**count, std::cmp::Reverse(**root)))
        else {
            return;
        };
        let gates = self
            .gates
            .iter()
            .zip(&self.gate_spans)
            .map(|(g, s)| ("gate", &g.id, g.node, s));
        let attractors = self
            .attractors
            .iter()
            .zip(&self.attractor_spans)
            .map(|(a, s)| ("attractor", &a.id, a.node, s));
        let cut_off: Vec<(Range<usize>, String)> = gates
            .chain(attractors)
            .filter(|(_, _, node, _)| component[*node] != main)
            .map(|(what, id, _, span)| {
                (
                    span.clone(),
                    format!(
                        "{what} `{}` cannot be reached from the other gates: the streets are not connected",
                        shortened(id)
                    ),
                )
            })
            .collect();
        for (span, message) in cut_off {
            self.problem(
                span,
                message,
                "Join its streets to the others by a common node, or remove it.",
            );
        }
    }
}

fn position(value: &Value) -> Option<[f64; 2]> {
    match value.as_array()?.as_slice() {
        [lon, lat] | [lon, lat, _] => Some([lon.as_f64()?, lat.as_f64()?]),
        _ => None,
    }
}

fn is_kebab_case(id: &str) -> bool {
    id.split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}
