//! Gates: where people enter and leave. Stations and bus stops inside the box, and the streets that cross its edge.

use crate::scenario::place::Gate;
use crate::scenario::place_file::{Projection, distance};

use super::assumptions::{
    self, BUS_STOP_PERSONS_PER_DAY, ENTRANCE_PERSONS_PER_DAY, HOURS, OUTSIDE_STATION_FADE_M, OUTSIDE_STATION_REACH_M,
    OUTSIDE_STATION_SHARE, STATION_PERSONS_PER_DAY,
};
use super::names::{UniqueIds, corner_name, slug};
use super::streets::Streets;
use super::tables::{Station, Stations};
use super::{Bbox, ImportOptions, NamedPoint, Network};

/// Boundary gates closer together than this are one, m.
const MERGE_M: f64 = 60.0;
const MOST_BOUNDARY_GATES: usize = 18;
const MOST_BUS_GATES: usize = 12;
/// Entrances within this of a station belong to it, m.
const STATION_REACH_M: f64 = 300.0;
const FARTHEST_NODE_M: f64 = 150.0;

type Persons = [[f64; 24]; 4];

/// A gate before it has an id.
struct Entry {
    name: String,
    node: usize,
    kind: &'static str,
    persons: Persons,
}

/// All gates of a place: stations, then bus stops, then the edge of the box.
pub(super) fn gates(
    streets: &Streets,
    network: &Network,
    stations: Option<&Stations>,
    bbox: &Bbox,
    projection: &Projection,
    options: &ImportOptions,
    notes: &mut Vec<String>,
) -> Vec<Gate> {
    let mut entries = match stations {
        Some(stations) => counted_stations(streets, stations, bbox, projection, notes),
        None => mapped_stations(streets, network, bbox, projection, notes),
    };
    entries.extend(bus_stops(streets, network, bbox, projection, notes));
    let outside: Vec<&Station> = stations
        .iter()
        .flat_map(|s| &s.known)
        .filter(|s| !bbox.holds(s.at))
        .collect();
    entries.extend(boundary(
        streets,
        &outside,
        bbox,
        projection,
        options.boundary_scale,
        notes,
    ));

    let mut ids = UniqueIds::default();
    let mut gates: Vec<Gate> = Vec::new();
    for entry in entries {
        gates.push(Gate {
            id: ids.take(&slug(&entry.name)),
            name: entry.name,
            node: entry.node,
            kind: entry.kind.into(),
            persons_per_hour: entry.persons.map(|day| day.map(|h| libm::round(h * 10.0) / 10.0)),
        });
    }
    gates
}

fn by_the_hour(persons_per_day: f64) -> Persons {
    HOURS.map(|day| day.map(|share| persons_per_day * share / 1000.0))
}

fn add(total: &mut Persons, more: &Persons, factor: f64) {
    for (slot, count) in total.iter_mut().flatten().zip(more.iter().flatten()) {
        *slot += factor * count;
    }
}

fn inner_node(streets: &Streets, p: [f64; 2]) -> Option<usize> {
    let (node, away) = streets.nearest_node(p, |n| !streets.nodes[n].border)?;
    (away <= FARTHEST_NODE_M).then_some(node)
}

fn counted_stations(
    streets: &Streets,
    stations: &Stations,
    bbox: &Bbox,
    projection: &Projection,
    notes: &mut Vec<String>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for station in stations.known.iter().filter(|s| bbox.holds(s.at)) {
        match inner_node(streets, projection.to_metres(station.at)) {
            Some(node) => entries.push(Entry {
                name: station.name.clone(),
                node,
                kind: "station",
                persons: station.exits_per_hour,
            }),
            None => notes.push(format!(
                "Station {} is more than {FARTHEST_NODE_M} m from every street and was left out.",
                station.name
            )),
        }
    }
    if !entries.is_empty() {
        let names: Vec<&str> = entries.iter().map(|e| e.name.as_str()).collect();
        notes.push(format!(
            "Station gates carry the counted exits of {} by clock hour, at the node nearest to the station.",
            names.join(", ")
        ));
    }
    if stations.without_position > 0 {
        notes.push(format!(
            "{} stations of the counts have no known position and could not be placed.",
            stations.without_position
        ));
    }
    entries
}

fn mapped_stations(
    streets: &Streets,
    network: &Network,
    bbox: &Bbox,
    projection: &Projection,
    notes: &mut Vec<String>,
) -> Vec<Entry> {
    let metres = |p: &NamedPoint| projection.to_metres(p.at);
    let nearest_station = |p: [f64; 2]| {
        let near = network
            .stations
            .iter()
            .map(|s| (distance(metres(s), p), s))
            .filter(|(away, _)| *away <= STATION_REACH_M);
        near.min_by(|x, y| x.0.total_cmp(&y.0)).map(|(_, s)| s)
    };
    let mut points = Vec::new();
    for entrance in network.station_entrances.iter().filter(|e| bbox.holds(e.at)) {
        let at = metres(entrance);
        let station = nearest_station(at).map_or("", |s| s.name.as_str());
        let name = [station, &entrance.name]
            .into_iter()
            .find(|n| !n.is_empty())
            .unwrap_or("Station entrance");
        points.push((at, name.to_owned(), ENTRANCE_PERSONS_PER_DAY));
    }
    for station in network.stations.iter().filter(|s| bbox.holds(s.at)) {
        let at = metres(station);
        if network
            .station_entrances
            .iter()
            .all(|e| distance(metres(e), at) > STATION_REACH_M)
        {
            let name = if station.name.is_empty() {
                "Station"
            } else {
                &station.name
            };
            points.push((at, name.to_owned(), STATION_PERSONS_PER_DAY));
        }
    }
    let entries = clustered(streets, points, "station", usize::MAX);
    if !entries.is_empty() {
        notes.push(format!(
            "Assumption: no station counts were given; {} station gates carry {ENTRANCE_PERSONS_PER_DAY} persons a day per mapped entrance \
             ({STATION_PERSONS_PER_DAY} for a station without one), by the hours of high-street counters.",
            entries.len()
        ));
    }
    entries
}

fn bus_stops(
    streets: &Streets,
    network: &Network,
    bbox: &Bbox,
    projection: &Projection,
    notes: &mut Vec<String>,
) -> Vec<Entry> {
    let inside = network.bus_stops.iter().filter(|s| bbox.holds(s.at));
    let points = inside
        .map(|stop| {
            let name = if stop.name.is_empty() {
                "Bus stop".to_owned()
            } else {
                format!("{} (bus)", stop.name)
            };
            (projection.to_metres(stop.at), name, BUS_STOP_PERSONS_PER_DAY)
        })
        .collect();
    let entries = clustered(streets, points, "bus", MOST_BUS_GATES);
    if !entries.is_empty() {
        notes.push(format!(
            "Assumption: {} bus gates carry {BUS_STOP_PERSONS_PER_DAY} persons a day per mapped stop.",
            entries.len()
        ));
    }
    entries
}

/// Gates from points with a daily number each, those within [`MERGE_M`] merged, the largest kept.
fn clustered(streets: &Streets, points: Vec<([f64; 2], String, f64)>, kind: &'static str, most: usize) -> Vec<Entry> {
    let mut points: Vec<(usize, String, f64)> = points
        .into_iter()
        .filter_map(|(at, name, n)| Some((inner_node(streets, at)?, name, n)))
        .collect();
    points.sort_by(|x, y| x.1.cmp(&y.1).then(x.0.cmp(&y.0)));
    let mut found: Vec<(usize, String, f64)> = Vec::new();
    for (node, name, persons) in points {
        let near =
            |other: &&mut (usize, String, f64)| distance(streets.nodes[other.0].at, streets.nodes[node].at) <= MERGE_M;
        match found.iter_mut().find(near) {
            Some(cluster) => cluster.2 += persons,
            None => found.push((node, name, persons)),
        }
    }
    found.sort_by(|x, y| y.2.total_cmp(&x.2).then_with(|| x.1.cmp(&y.1)));
    found.truncate(most);
    found
        .into_iter()
        .map(|(node, name, persons)| Entry {
            name,
            node,
            kind,
            persons: by_the_hour(persons),
        })
        .collect()
}

fn boundary(
    streets: &Streets,
    outside: &[&Station],
    bbox: &Bbox,
    projection: &Projection,
    scale: f64,
    notes: &mut Vec<String>,
) -> Vec<Entry> {
    let persons_at = |node: usize| {
        streets
            .edges_at(node)
            .map(|e| assumptions::of(&e.kind).persons_per_day)
            .fold(0.0, f64::max)
    };
    let mut crossings: Vec<(usize, f64)> = (0..streets.nodes.len())
        .filter(|&n| streets.nodes[n].border)
        .map(|n| (n, persons_at(n)))
        .collect();
    let count = crossings.len();
    crossings.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let mut kept: Vec<(usize, f64)> = Vec::new();
    for (node, persons) in crossings {
        match kept
            .iter_mut()
            .find(|(other, _)| distance(streets.nodes[*other].at, streets.nodes[node].at) <= MERGE_M)
        {
            Some(gate) => gate.1 += persons,
            None => kept.push((node, persons)),
        }
    }
    kept.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let lesser = kept.split_off(kept.len().min(MOST_BOUNDARY_GATES));
    for (node, persons) in lesser {
        let away = |gate: &(usize, f64)| distance(streets.nodes[gate.0].at, streets.nodes[node].at);
        if let Some(nearest) = kept.iter_mut().min_by(|x, y| away(x).total_cmp(&away(y))) {
            nearest.1 += persons;
        }
    }
    if kept.is_empty() {
        return Vec::new();
    }
    notes.push(format!(
        "Assumption: {} boundary gates stand for {count} streets that go on beyond the box or the data (those within {MERGE_M} m are one gate; the \
         persons of the lesser ones are added to the nearest gate that is kept). Persons walking in per Monday-to-Thursday day by street kind (pedestrian and primary 3000, secondary and trunk 2400, \
         tertiary 1500, unclassified and living street 800, residential 600, footway 300, service 150), times {scale}, by the hours of eight Leeds \
         high-street counters.",
        kept.len()
    ));
    let mut entries: Vec<Entry> = kept
        .iter()
        .map(|&(node, persons)| Entry {
            name: format!(
                "{} ({})",
                street_name(streets, node),
                side(streets.nodes[node].at, bbox, projection)
            ),
            node,
            kind: "street",
            persons: by_the_hour(persons * scale),
        })
        .collect();
    let shares: Vec<String> = outside
        .iter()
        .filter_map(|station| share_outside_station(streets, station, &kept, &mut entries, projection))
        .collect();
    if !shares.is_empty() {
        notes.push(format!(
            "Assumption: of the exits of stations just outside the box, these shares enter at the boundary gates within {OUTSIDE_STATION_REACH_M} m: {} \
             ({:.0} % at the edge, falling to 1/e over {OUTSIDE_STATION_FADE_M} m from the nearest gate).",
            shares.join(", "),
            100.0 * OUTSIDE_STATION_SHARE
        ));
    }
    entries.sort_by(|x, y| x.name.cmp(&y.name).then(x.node.cmp(&y.node)));
    entries
}

/// Spreads a share of the exits of a station just outside the box over the boundary gates near it; says what share.
fn share_outside_station(
    streets: &Streets,
    station: &Station,
    kept: &[(usize, f64)],
    entries: &mut [Entry],
    projection: &Projection,
) -> Option<String> {
    let at = projection.to_metres(station.at);
    let near: Vec<(usize, f64, f64)> = kept
        .iter()
        .enumerate()
        .map(|(i, &(node, persons))| (i, persons, distance(streets.nodes[node].at, at)))
        .filter(|(.., away)| *away <= OUTSIDE_STATION_REACH_M)
        .collect();
    let nearest = near.iter().map(|(.., away)| *away).min_by(f64::total_cmp)?;
    let fade = |away: f64| libm::exp(-away / OUTSIDE_STATION_FADE_M);
    let share = OUTSIDE_STATION_SHARE * fade(nearest);
    let weights: f64 = near.iter().map(|(_, persons, away)| persons * fade(*away)).sum();
    if weights <= 0.0 {
        return None;
    }
    for &(i, persons, away) in &near {
        add(
            &mut entries[i].persons,
            &station.exits_per_hour,
            share * persons * fade(away) / weights,
        );
    }
    Some(format!("{} {:.0} % ({nearest:.0} m away)", station.name, 100.0 * share))
}

fn street_name(streets: &Streets, node: usize) -> String {
    let name = corner_name(streets.edges_at(node));
    if !name.is_empty() {
        return name;
    }
    // The first named street that a walker meets from here.
    let beyond = streets
        .edges_at(node)
        .flat_map(|e| [e.a, e.b])
        .map(|n| corner_name(streets.edges_at(n)))
        .find(|n| !n.is_empty());
    beyond.map_or("Path".into(), |name| {
        format!("Path to {}", name.split(" / ").next().unwrap_or_default())
    })
}

/// Which edge of the box a point is nearest to.
fn side(p: [f64; 2], bbox: &Bbox, projection: &Projection) -> &'static str {
    let [west, south] = projection.to_metres([bbox.west, bbox.south]);
    let [east, north] = projection.to_metres([bbox.east, bbox.north]);
    let sides = [
        ("west", p[0] - west),
        ("east", east - p[0]),
        ("south", p[1] - south),
        ("north", north - p[1]),
    ];
    sides
        .into_iter()
        .min_by(|x, y| x.1.total_cmp(&y.1))
        .map_or("edge", |(name, _)| name)
}
