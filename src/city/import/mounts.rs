//! Mounts: lamp posts, surveyed or placed by rule, and bays where a van can stand.

use std::collections::BTreeMap;

use crate::scenario::place::{Edge, Mount, MountSite};
use crate::scenario::place_file::{Projection, distance, line_length, nearest_on_line};

use super::names::{UniqueIds, rank_along, runs_east, slug};
use super::streets::Streets;
use super::{Bbox, assumptions, six_decimals};

/// A surveyed lamp post farther than this from every street is not used, m.
const SURVEYED_REACH_M: f64 = 20.0;
/// A van stands this far from the corner, m.
const FROM_CORNER_M: f64 = 10.0;
/// Shorter edges hold no lamp post placed by rule, m.
const SHORTEST_LAMP_EDGE_M: f64 = 15.0;

/// A mount before it has an id.
#[derive(Clone, Copy)]
struct Site {
    edge: usize,
    at: [f64; 2],
    surveyed: bool,
}

/// The mounts of a place, street by street, lamp posts before van bays.
pub(super) fn mounts(
    streets: &Streets,
    known_lamps: &[[f64; 2]],
    bbox: &Bbox,
    projection: &Projection,
    spacing_m: f64,
    notes: &mut Vec<String>,
) -> Vec<Mount> {
    // Positions as the file will have them.
    let settle = |p: [f64; 2]| projection.to_metres(projection.to_degrees(p).map(six_decimals));
    let mut by_street: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, edge) in streets.edges.iter().enumerate() {
        if !edge.name.is_empty() || edge.kind == "pedestrian" {
            by_street.entry(street_slug(edge)).or_default().push(i);
        }
    }
    let mut surveyed: BTreeMap<String, Vec<Site>> = BTreeMap::new();
    let mut unused = 0;
    for &lamp in known_lamps.iter().filter(|p| bbox.holds(**p)) {
        let at = settle(projection.to_metres(lamp));
        let candidates = by_street
            .values()
            .flatten()
            .map(|&i| (i, nearest_on_line(&streets.edges[i].line, at).0));
        match candidates.min_by(|x, y| x.1.total_cmp(&y.1).then(x.0.cmp(&y.0))) {
            Some((edge, away)) if away <= SURVEYED_REACH_M => {
                surveyed
                    .entry(street_slug(&streets.edges[edge]))
                    .or_default()
                    .push(Site {
                        edge,
                        at,
                        surveyed: true,
                    });
            }
            _ => unused += 1,
        }
    }

    let (mut posts, mut bays) = (Vec::new(), Vec::new());
    for (name, edges) in &by_street {
        let street: Vec<&Edge> = edges.iter().map(|&i| &streets.edges[i]).collect();
        let east = runs_east(street.iter().copied());
        let mut lamps = surveyed.remove(name).unwrap_or_default();
        lamps.sort_by(|x, y| x.at[0].total_cmp(&y.at[0]).then(x.at[1].total_cmp(&y.at[1])));
        lamps.dedup_by(|x, y| x.at == y.at);
        let placed = placed_lamps(streets, edges, &lamps, spacing_m);
        lamps.extend(placed.into_iter().map(|s| Site { at: settle(s.at), ..s }));
        let van_sites: Vec<Site> = van_bays(streets, edges, east)
            .into_iter()
            .map(|s| Site { at: settle(s.at), ..s })
            .collect();
        let along = |x: &Site, y: &Site| {
            let first = rank_along(x.at, east).total_cmp(&rank_along(y.at, east));
            first
                .then(rank_along(x.at, !east).total_cmp(&rank_along(y.at, !east)))
                .then(x.edge.cmp(&y.edge))
        };
        lamps.sort_by(along);
        posts.push((name, lamps));
        bays.push((name, van_sites));
    }

    let placed = posts
        .iter()
        .flat_map(|(_, lamps)| lamps)
        .filter(|s| !s.surveyed)
        .count();
    let measured: usize = posts.iter().map(|(_, lamps)| lamps.len()).sum::<usize>() - placed;
    notes.push(format!(
        "Lamp posts: {measured} surveyed ones within {SURVEYED_REACH_M} m of a named or pedestrian street ({unused} others left out). Assumption: where a \
         named street has none, {placed} lamp posts every {spacing_m} m on alternating sides (`surveyed`: false)."
    ));
    let standing: usize = bays.iter().map(|(_, sites)| sites.len()).sum();
    notes.push(format!(
        "Assumption: {standing} van bays at the corners of named streets, at least 80 m apart along each pedestrian or main street and 150 m along each \
         residential or unclassified one. Whether a van may stand there was not surveyed."
    ));

    let mut ids = UniqueIds::default();
    let mut mounts = Vec::new();
    for (kind, suffix, families) in [(MountSite::Lamp, "", posts), (MountSite::VanBay, "-bay", bays)] {
        for (street, sites) in families {
            for (i, site) in sites.into_iter().enumerate() {
                let edge = &streets.edges[site.edge];
                let offset_m = nearest_on_line(&edge.line, site.at).1 / line_length(&edge.line) * edge.length_m;
                let id = ids.take(&format!("{street}{suffix}-{}", i + 1));
                mounts.push(Mount {
                    id,
                    kind,
                    edge: site.edge,
                    offset_m,
                    at: site.at,
                    surveyed: site.surveyed,
                });
            }
        }
    }
    mounts
}

/// What the ids of a street's mounts begin with. Names that differ only in spelling share it.
fn street_slug(edge: &Edge) -> String {
    match slug(&edge.name) {
        empty if empty.is_empty() => {
            if edge.name.is_empty() {
                edge.kind.clone()
            } else {
                "street".into()
            }
        }
        slug => slug,
    }
}

/// Lamp posts at even distances on alternating sides, where no surveyed one of this street is near.
fn placed_lamps(streets: &Streets, edges: &[usize], surveyed: &[Site], spacing_m: f64) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    let mut side = 1.0;
    for &edge in edges {
        let length = line_length(&streets.edges[edge].line);
        if streets.edges[edge].name.is_empty() || length < SHORTEST_LAMP_EDGE_M {
            continue;
        }
        let count = libm::round(length / spacing_m).max(1.0);
        let kerb = assumptions::of(&streets.edges[edge].kind).kerb_m;
        for i in 0..count as usize {
            let at = beside(
                &streets.edges[edge].line,
                (i as f64 + 0.5) * length / count,
                side * kerb,
            );
            side = -side;
            // Carriageways of one street often run side by side: one row of lamp posts is enough.
            let crowded = |s: &Site| distance(s.at, at) < if s.surveyed { 1.5 * spacing_m } else { 0.5 * spacing_m };
            if !surveyed.iter().chain(&sites).any(crowded) {
                sites.push(Site {
                    edge,
                    at,
                    surveyed: false,
                });
            }
        }
    }
    sites
}

/// Places near the corners of a street where a van may stand, in order along it.
fn van_bays(streets: &Streets, edges: &[usize], east: bool) -> Vec<Site> {
    let mut corners: Vec<Site> = Vec::new();
    for &edge in edges {
        let e = &streets.edges[edge];
        let kind = assumptions::of(&e.kind);
        if kind.bay_spacing_m == 0.0 || e.name.is_empty() {
            continue;
        }
        let length = line_length(&e.line);
        for from_start in [
            FROM_CORNER_M.min(length / 2.0),
            (length - FROM_CORNER_M).max(length / 2.0),
        ] {
            corners.push(Site {
                edge,
                at: beside(&e.line, from_start, kind.kerb_m),
                surveyed: false,
            });
        }
    }
    corners.sort_by(|x, y| {
        rank_along(x.at, east)
            .total_cmp(&rank_along(y.at, east))
            .then(x.edge.cmp(&y.edge))
    });
    let spacing = |site: &Site| assumptions::of(&streets.edges[site.edge].kind).bay_spacing_m;
    let mut bays: Vec<Site> = Vec::new();
    for corner in corners {
        if bays.iter().all(|bay| distance(bay.at, corner.at) >= spacing(&corner)) {
            bays.push(corner);
        }
    }
    bays
}

/// The point `along` a line, moved to its left by `left` metres.
fn beside(line: &[[f64; 2]], along: f64, left: f64) -> [f64; 2] {
    let mut rest = along;
    for (i, w) in line.windows(2).enumerate() {
        let length = distance(w[0], w[1]);
        if (rest <= length || i + 2 == line.len()) && length > 0.0 {
            let (dx, dy) = ((w[1][0] - w[0][0]) / length, (w[1][1] - w[0][1]) / length);
            let rest = rest.min(length);
            return [w[0][0] + rest * dx - left * dy, w[0][1] + rest * dy + left * dx];
        }
        rest -= length;
    }
    line[0]
}
