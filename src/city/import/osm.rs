//! What is taken from OpenStreetMap, whichever file format it came in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::scenario::diagnose::{Diagnostic, Diagnostics};

use super::assumptions::street_kind;
use super::{Bbox, Link, NamedPoint, Network};

/// An element of an OpenStreetMap file.
pub(super) enum Element<'a> {
    /// The box that the file's header declares.
    Bounds(Bbox),
    Node {
        id: i64,
        at: [f64; 2],
        tags: &'a [(&'a str, &'a str)],
    },
    Way {
        refs: &'a [i64],
        tags: &'a [(&'a str, &'a str)],
    },
}

/// Calls a visitor with each element of a file, in the file's order.
pub(super) type Scan<'a> = dyn Fn(&mut dyn FnMut(Element)) -> Result<(), Diagnostics> + 'a;

/// Amenities that people walk to.
const AMENITIES: [&str; 21] = [
    "bank",
    "bar",
    "cafe",
    "cinema",
    "clinic",
    "college",
    "community_centre",
    "fast_food",
    "food_court",
    "library",
    "marketplace",
    "nightclub",
    "pharmacy",
    "place_of_worship",
    "post_office",
    "pub",
    "restaurant",
    "school",
    "theatre",
    "townhall",
    "university",
];
const TOURISM: [&str; 4] = ["attraction", "gallery", "museum", "theme_park"];
/// Ways with a node this far outside the box, as a share of its extent, may still cross it.
const MARGIN: f64 = 0.25;

/// OpenStreetMap coordinates have seven decimals; rounding makes XML and PBF agree to the last bit.
pub(super) fn seven_decimals(degrees: f64) -> f64 {
    libm::round(degrees * 1e7) / 1e7
}

/// Reads streets, shops, lamp posts, stations and bus stops, in three passes so that memory follows the box and not the file.
pub(super) fn collect(scan: &Scan, path: &Path, wanted: Option<Bbox>) -> Result<(Network, Bbox), Diagnostics> {
    let bbox = match wanted {
        Some(bbox) => bbox,
        None => own_box(scan, path)?,
    };
    let near = bbox.widened(MARGIN);
    let mut network = Network::default();
    let mut nodes_near: BTreeSet<i64> = BTreeSet::new();
    scan(&mut |element| {
        if let Element::Node { id, at, tags } = element
            && near.holds(at)
        {
            nodes_near.insert(id);
            keep_point(&mut network, at, tags);
        }
    })?;

    let mut streets: Vec<(String, String, Vec<i64>)> = Vec::new();
    let mut buildings: Vec<Vec<i64>> = Vec::new();
    scan(&mut |element| {
        if let Element::Way { refs, tags } = element
            && refs.iter().any(|id| nodes_near.contains(id))
        {
            if let Some(kind) = walkable(tags) {
                let name = tag(tags, "name").unwrap_or_default().trim();
                streets.push((name.to_owned(), kind.to_owned(), refs.to_vec()));
            } else if is_visited(tags) {
                buildings.push(refs.to_vec());
            }
        }
    })?;

    let used: BTreeSet<i64> = streets
        .iter()
        .map(|(.., refs)| refs)
        .chain(&buildings)
        .flatten()
        .copied()
        .collect();
    let mut positions: BTreeMap<i64, [f64; 2]> = BTreeMap::new();
    scan(&mut |element| {
        if let Element::Node { id, at, .. } = element
            && used.contains(&id)
        {
            positions.insert(id, at);
        }
    })?;
    network
        .shops
        .extend(buildings.iter().filter_map(|refs| middle(refs, &positions)));
    split(&mut network, &streets, &positions);
    Ok((network, bbox))
}

fn own_box(scan: &Scan, path: &Path) -> Result<Bbox, Diagnostics> {
    let mut declared = None;
    let mut points = Vec::new();
    scan(&mut |element| match element {
        Element::Bounds(bounds) => declared = Some(bounds),
        Element::Node { at, .. } => points.push(at),
        Element::Way { .. } => {}
    })?;
    declared.or_else(|| Bbox::middle_of(&points)).ok_or_else(|| {
        vec![Diagnostic::general(
            format!("`{}` has no nodes", path.display()),
            "Expected an OpenStreetMap extract with nodes and ways.",
        )]
    })
}

fn tag<'a>(tags: &[(&'a str, &'a str)], key: &str) -> Option<&'a str> {
    tags.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
}

/// The street kind of a way that people may walk on.
fn walkable(tags: &[(&str, &str)]) -> Option<&'static str> {
    let kind = street_kind(tag(tags, "highway")?)?;
    let foot = tag(tags, "foot");
    let allowed = matches!(foot, Some("yes" | "designated" | "permissive" | "destination"));
    let forbidden = matches!(foot, Some("no" | "private"));
    let closed = matches!(tag(tags, "access"), Some("no" | "private"));
    (!forbidden && (allowed || !closed)).then_some(kind.kind)
}

fn is_visited(tags: &[(&str, &str)]) -> bool {
    tag(tags, "shop").is_some_and(|shop| !matches!(shop, "no" | "vacant"))
        || tag(tags, "amenity").is_some_and(|amenity| AMENITIES.contains(&amenity))
        || tag(tags, "tourism").is_some_and(|tourism| TOURISM.contains(&tourism))
}

fn keep_point(network: &mut Network, at: [f64; 2], tags: &[(&str, &str)]) {
    if tags.is_empty() {
        return;
    }
    let named = || NamedPoint {
        name: tag(tags, "name").unwrap_or_default().trim().to_owned(),
        at,
    };
    if is_visited(tags) {
        network.shops.push(at);
    }
    match tag(tags, "highway") {
        Some("street_lamp") => network.lamps.push(at),
        Some("bus_stop") => network.bus_stops.push(named()),
        _ => {}
    }
    match tag(tags, "railway") {
        Some("station" | "halt") => network.stations.push(named()),
        Some("subway_entrance" | "train_station_entrance") => network.station_entrances.push(named()),
        _ => {}
    }
}

fn middle(refs: &[i64], positions: &BTreeMap<i64, [f64; 2]>) -> Option<[f64; 2]> {
    let extent = Bbox::around(refs.iter().filter_map(|id| positions.get(id).copied()))?;
    Some([
        seven_decimals((extent.west + extent.east) / 2.0),
        seven_decimals((extent.south + extent.north) / 2.0),
    ])
}

/// Splits ways at the nodes they share, and where a node is not in the file.
fn split(network: &mut Network, streets: &[(String, String, Vec<i64>)], positions: &BTreeMap<i64, [f64; 2]>) {
    let mut uses: BTreeMap<i64, usize> = BTreeMap::new();
    for (.., refs) in streets {
        for (i, id) in refs.iter().enumerate() {
            *uses.entry(*id).or_default() += if i == 0 || i + 1 == refs.len() { 2 } else { 1 };
        }
    }
    let mut missing = 0;
    let mut beside_gap = Vec::new();
    let mut cut_ways = 0;
    for (name, kind, refs) in streets {
        let before = missing;
        let mut stretch: Vec<(i64, [f64; 2])> = Vec::new();
        let mut after_gap = false;
        let mut finish = |stretch: &mut Vec<(i64, [f64; 2])>| {
            if let [(a, _), .., (b, _)] = stretch[..] {
                let line = stretch.iter().map(|(_, at)| *at).collect();
                network.links.push(Link {
                    a,
                    b,
                    name: name.clone(),
                    kind: kind.clone(),
                    line,
                });
            }
            stretch.clear();
        };
        for id in refs {
            let Some(&at) = positions.get(id) else {
                missing += 1;
                beside_gap.extend(stretch.last().map(|(id, _)| *id));
                after_gap = true;
                finish(&mut stretch);
                continue;
            };
            if after_gap {
                beside_gap.push(*id);
                after_gap = false;
            }
            stretch.push((*id, at));
            if uses.get(id).is_some_and(|&n| n > 1) {
                finish(&mut stretch);
                stretch.push((*id, at));
            }
        }
        finish(&mut stretch);
        cut_ways += usize::from(missing > before);
    }
    network.gap_ends.extend(beside_gap);
    if missing > 0 {
        network.notes.push(format!(
            "{missing} references of {cut_ways} walkable ways go to nodes that are not in the input file: those ways end at the gap."
        ));
    }
}
