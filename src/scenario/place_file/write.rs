//! The canonical text of a place file.

use std::fmt::Write as _;

use serde_json::Value;

use crate::scenario::place::{MountSite, Place};

use super::{DAY_TYPES, FORMAT, Projection};

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
