//! Reads a street network in GeoJSON: LineStrings in WGS84 with `u`, `v` (node numbers), `highway` and `name`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::place_file::{json_error_offset, read_text, shortened, span_in};

use super::assumptions::street_kind;
use super::{Bbox, Link, Network, six_decimals};

const LARGEST_FILE_BYTES: usize = 1 << 30;
const MOST_PROBLEMS: usize = 50;
const HINT: &str =
    "Expected a FeatureCollection of LineStrings in longitude and latitude with the properties u, v, highway and name.";

#[derive(Deserialize)]
struct Collection<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    u: Option<i64>,
    v: Option<i64>,
    highway: Option<String>,
    name: Option<String>,
    feature: Option<String>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    coordinates: Vec<Vec<f64>>,
}

/// Reads the network, and the box to cut it to: the one asked for, or the one that holds the middle 96 % of its points each way.
pub(super) fn read(path: &Path, wanted: Option<Bbox>) -> Result<(Network, Bbox), Diagnostics> {
    let source = read_text(path, "a GeoJSON street network", LARGEST_FILE_BYTES, HINT)?;
    let collection: Collection = serde_json::from_str(&source.text).map_err(|e| {
        let at = json_error_offset(&source.text, &e);
        vec![Diagnostic::at(
            &source,
            at..at,
            format!("the street network cannot be read: {e}"),
            HINT,
        )]
    })?;
    let mut problems = Vec::new();
    let mut network = Network::default();
    let mut left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut without_kind = 0;
    for raw in &collection.features {
        match read_link(raw.get()) {
            Ok(Street::Link(link)) => network.links.push(link),
            Ok(Street::WithoutKind(link)) => {
                without_kind += 1;
                network.links.push(link);
            }
            Ok(Street::NotWalkable(kind)) => *left_out.entry(kind).or_default() += 1,
            Err(message) if problems.len() < MOST_PROBLEMS => {
                problems.push(Diagnostic::at(&source, span_in(&source, raw.get()), message, HINT));
            }
            Err(_) => {}
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    if without_kind > 0 {
        network.notes.push(format!(
            "Assumption: {without_kind} streets of the input have no highway kind and are taken as unclassified."
        ));
    }
    for (kind, count) in left_out {
        network.notes.push(format!(
            "{count} streets of kind `{kind}` of the input are not walked on and were left out."
        ));
    }
    let points: Vec<[f64; 2]> = network.links.iter().flat_map(|l| l.line.iter().copied()).collect();
    match wanted.or_else(|| Bbox::middle_of(&points)) {
        Some(bbox) => Ok((network, bbox)),
        None => Err(vec![Diagnostic::general(
            format!("`{}` has no walkable street", path.display()),
            HINT,
        )]),
    }
}

enum Street {
    Link(Link),
    WithoutKind(Link),
    NotWalkable(String),
}

fn read_link(raw: &str) -> Result<Street, String> {
    let feature: Feature = serde_json::from_str(raw).map_err(|e| {
        let words = e.to_string();
        format!(
            "a street of the network cannot be read: {}",
            words.split(" at line ").next().unwrap_or_default()
        )
    })?;
    if feature.properties.feature.is_some() {
        return Err("this is a place file already, not a street network".into());
    }
    if feature.geometry.kind != "LineString" {
        return Err(format!(
            "a street of the network is a {}, not a LineString",
            shortened(&feature.geometry.kind)
        ));
    }
    let line = points(&feature.geometry.coordinates)?;
    let [first, .., last] = line[..] else {
        return Err("a street of the network has fewer than two points".into());
    };
    let highway = feature.properties.highway.as_deref().unwrap_or_default();
    let known = match highway {
        "" => Some("unclassified"),
        "permissive" => Some("footway"),
        kind => street_kind(kind).map(|k| k.kind),
    };
    let Some(kind) = known else {
        return Ok(Street::NotWalkable(shortened(highway)));
    };
    let link = Link {
        a: feature.properties.u.unwrap_or_else(|| node_at(first)),
        b: feature.properties.v.unwrap_or_else(|| node_at(last)),
        name: feature.properties.name.unwrap_or_default().trim().to_owned(),
        kind: kind.to_owned(),
        line,
    };
    Ok(if highway.is_empty() {
        Street::WithoutKind(link)
    } else {
        Street::Link(link)
    })
}

fn points(coordinates: &[Vec<f64>]) -> Result<Vec<[f64; 2]>, String> {
    let point = |p: &Vec<f64>| match p[..] {
        [lon, lat, ..] if lon.abs() <= 180.0 && lat.abs() <= 90.0 => Ok([lon, lat]),
        _ => Err(format!("{p:?} is not longitude and latitude in degrees")),
    };
    coordinates.iter().map(point).collect()
}

/// A node number for a street end without one: negative, and the same for the same six decimals.
fn node_at(at: [f64; 2]) -> i64 {
    let [lon, lat] = at.map(|degrees| (six_decimals(degrees) * 1e6) as i64);
    -1 - ((lon + 180_000_000) * 1_000_000_000 + (lat + 90_000_000))
}
