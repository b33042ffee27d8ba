//! A straight street from west to east, drawn by a scenario instead of surveyed.

use super::document::{Node, Problems, Table, plain};
use super::high_street;
use super::place::{Edge, Gate, Mount, MountSite, Place};
use super::population::required;

/// Longest sketch street, m.
const LONGEST_M: f64 = 100_000.0;
/// What the sketch says of itself wherever it is shown.
pub(crate) const NOT_SURVEYED: &str = "sketch, not surveyed";
/// Longitude and latitude of a sketch: central London, for the hours of daylight.
pub(crate) const ORIGIN: [f64; 2] = [-0.1276, 51.5072];

/// Reads `sketch = { length_m, nodes_m, width_m }`, or a high street by `sketch = { spine_m, .. }`.
pub(crate) fn read_sketch(node: &Node, problems: &mut Problems) -> Option<Place> {
    let table = node.table("place.sketch", problems)?;
    if high_street::is_high_street(node) {
        return high_street::read_place(table, problems);
    }
    table.check_keys("place.sketch", &["length_m", "nodes_m", "width_m"], problems);
    let length_node = required(node, table, "place.sketch", "length_m", problems)?;
    let length = length_node.number("place.sketch.length_m", "m", (1.0, LONGEST_M), problems);
    let width = match table.get("width_m") {
        Some(n) => n.number("place.sketch.width_m", "m", (0.5, 200.0), problems),
        None => Some(6.0),
    };
    let (length, width) = (length?, width?);
    Some(street(&read_nodes(table, length, problems)?, width))
}

fn read_nodes(table: &Table, length: f64, problems: &mut Problems) -> Option<Vec<f64>> {
    let key = "place.sketch.nodes_m";
    let Some(node) = table.get("nodes_m") else {
        return Some(vec![0.0, length]);
    };
    let mut nodes = Vec::new();
    for n in node.list(key, 10_000, problems)? {
        nodes.push(n.number(key, "m", (0.0, LONGEST_M), problems)?);
    }
    let sound = nodes.first() == Some(&0.0) && nodes.last() == Some(&length) && nodes.windows(2).all(|w| w[0] < w[1]);
    if !sound {
        let message = format!("`{key}` must rise from 0 to length_m = {}", plain(length));
        problems.push(node.problem(message, "for example nodes_m = [0, 150, 300] with length_m = 300"));
        return None;
    }
    Some(nodes)
}

fn street(nodes: &[f64], width_m: f64) -> Place {
    let edges = nodes.windows(2).enumerate().map(|(i, ends)| Edge {
        id: format!("street-{i}"),
        a: i,
        b: i + 1,
        name: "Sketch Street".to_owned(),
        kind: "pedestrian".to_owned(),
        length_m: ends[1] - ends[0],
        width_m,
        line: vec![[ends[0], 0.0], [ends[1], 0.0]],
    });
    let gate = |id: &str, name: &str, node: usize| Gate {
        id: id.to_owned(),
        name: name.to_owned(),
        node,
        kind: "street".to_owned(),
        persons_per_hour: [[0.0; 24]; 4],
    };
    Place {
        name: "sketch".to_owned(),
        title: format!("A straight street of {} m", plain(nodes[nodes.len() - 1])),
        licence: NOT_SURVEYED.to_owned(),
        attribution: vec![NOT_SURVEYED.to_owned()],
        notes: vec!["A straight street drawn by the scenario; nobody goes anywhere but through.".to_owned()],
        sketch: true,
        timezone: "Europe/London".to_owned(),
        origin: ORIGIN,
        demand_scale: 1.0,
        fit: None,
        nodes: nodes.iter().map(|&x| [x, 0.0]).collect(),
        edges: edges.collect(),
        gates: vec![gate("west", "West end", 0), gate("east", "East end", nodes.len() - 1)],
        attractors: Vec::new(),
        mounts: Vec::new(),
    }
}

/// Reads `[[people.arrivals]]`: persons in each clock hour, divided over the gates by their shares (equally where they have
/// none). What the street's arrivals were fitted to no longer applies.
pub(crate) fn read_arrivals(node: &Node, place: &mut Place, problems: &mut Problems) -> Option<()> {
    let what = "people.arrivals";
    let mut seen = [false; 24];
    let shares = gate_shares(place);
    place.fit = None;
    for gate in &mut place.gates {
        gate.persons_per_hour = [[0.0; 24]; 4];
    }
    for row in node.list(what, 1000, problems)? {
        let Some(table) = row.table(what, problems) else {
            continue;
        };
        table.check_keys(what, &["hour", "persons"], problems);
        let hour = required(row, table, what, "hour", problems)
            .and_then(|n| Some((n, n.whole("people.arrivals.hour", "", (0, 23), problems)?)));
        let persons = required(row, table, what, "persons", problems)
            .and_then(|n| n.number("people.arrivals.persons", "per hour", (0.0, 1e7), problems));
        let (Some((place_of_hour, hour)), Some(persons)) = (hour, persons) else {
            continue;
        };
        let hour = hour as usize;
        if seen[hour] {
            let message = format!("hour {hour} appears twice in [[{what}]]");
            problems.push(place_of_hour.problem(message, "give each clock hour once"));
        }
        seen[hour] = true;
        for (gate, share) in place.gates.iter_mut().zip(&shares) {
            for day in &mut gate.persons_per_hour {
                day[hour] = persons * share;
            }
        }
    }
    Some(())
}

/// Each gate's share of a day's arrivals.
fn gate_shares(place: &Place) -> Vec<f64> {
    let of = |gate: &Gate| gate.persons_per_hour[0].iter().sum::<f64>();
    let total: f64 = place.gates.iter().map(of).sum();
    let equal = 1.0 / place.gates.len().max(1) as f64;
    let share = |gate: &Gate| if total > 0.0 { of(gate) / total } else { equal };
    place.gates.iter().map(share).collect()
}

/// The street along which positions in metres are counted.
fn is_spine(edge: &Edge) -> bool {
    edge.id.starts_with("street-")
}

/// Length of a sketch street, m.
pub(crate) fn length_m(place: &Place) -> f64 {
    place.edges.iter().filter(|e| is_spine(e)).map(|e| e.length_m).sum()
}

/// The index of the mount at a distance from the west end, made on its first use; `None` when it is off the street.
pub(crate) fn mount_at(place: &mut Place, at_m: f64) -> Option<usize> {
    let id = format!("at-{at_m}m");
    if let Some(index) = place.mounts.iter().position(|m| m.id == id) {
        return Some(index);
    }
    let starts = |e: &Edge| place.nodes[e.a][0];
    let edge = place.edges.iter().rposition(|e| is_spine(e) && starts(e) <= at_m)?;
    let offset_m = at_m - starts(&place.edges[edge]);
    if offset_m > place.edges[edge].length_m {
        return None;
    }
    place.mounts.push(Mount {
        id,
        kind: MountSite::Sketch,
        edge,
        offset_m,
        at: [at_m, 0.0],
        surveyed: false,
    });
    Some(place.mounts.len() - 1)
}
