//! Attractors: where people go. From the data's shops where they are mapped, else from street kind and name.

use crate::scenario::place::{Attractor, Edge};
use crate::scenario::place_file::{Projection, distance};

use super::Bbox;
use super::assumptions;
use super::names::{UniqueIds, corner_name, slug};
use super::streets::Streets;
use super::tables::Station;

const MOST_ATTRACTORS: usize = 40;
/// Attractors keep this distance, and take in the weight of nodes within it, m.
const MERGE_M: f64 = 80.0;
/// Shops farther than this from every node are not counted, m.
const FARTHEST_NODE_M: f64 = 80.0;
/// With fewer mapped shops than this, the data is taken not to map shops.
const FEWEST_SHOPS: usize = 10;
/// A shop for every so many metres of main road, where shops are not mapped.
const METRES_PER_SHOP: f64 = 10.0;
/// Exits a day that double the shops at a station's door, and the distance over which that fades to 1/e, m.
const STATION_EXITS_PER_DOUBLING: f64 = 50_000.0;
const STATION_FADE_M: f64 = 300.0;
const SHOPPING_NAMES: [&str; 9] = [
    "street", "road", "square", "circus", "market", "arcade", "broadway", "parade", "piazza",
];

/// The attractors of a place, heaviest first.
pub(super) fn attractors(
    streets: &Streets,
    shops: &[[f64; 2]],
    stations: &[Station],
    bbox: &Bbox,
    projection: &Projection,
    notes: &mut Vec<String>,
) -> Vec<Attractor> {
    let inside: Vec<[f64; 2]> = shops
        .iter()
        .filter(|p| bbox.holds(**p))
        .map(|&p| projection.to_metres(p))
        .collect();
    let weights = if inside.len() >= FEWEST_SHOPS {
        notes.push(format!(
            "Attractors: {} mapped shops, restaurants and public places, each counted at its nearest node.",
            inside.len()
        ));
        shops_at_nodes(streets, &inside)
    } else {
        notes.push(format!(
            "Assumption: shops are not mapped in the input; attractors follow street kind and name (one shop per {METRES_PER_SHOP} m of a named primary \
             road, 1.5 times that on pedestrian streets, 0.8 on secondary, 0.6 on tertiary and trunk, 0.4 on unclassified, 0.2 on residential streets; \
             half for names that do not end in Street, Road, Square and the like; none on unnamed ones), times 1 + exits / {STATION_EXITS_PER_DOUBLING} x \
             exp(-distance / {STATION_FADE_M} m) summed over the counted stations."
        ));
        shops_by_kind(streets, &station_pulls(stations, projection))
    };
    let picked = spread(streets, &weights);
    let total: f64 = weights.iter().sum();
    let carried: f64 = picked.iter().map(|(_, weight)| weight).sum();
    notes.push(format!(
        "{} attractors at least {MERGE_M} m apart carry {:.0} % of that weight.",
        picked.len(),
        if total > 0.0 { 100.0 * carried / total } else { 0.0 }
    ));
    let mut ids = UniqueIds::default();
    picked
        .into_iter()
        .map(|(node, weight)| {
            let name = corner_name(streets.edges_at(node));
            let name = if name.is_empty() {
                format!("Corner {node}")
            } else {
                name
            };
            Attractor {
                id: ids.take(&slug(&name)),
                name,
                node,
                weight: (libm::round(weight * 10.0) / 10.0).max(0.1),
            }
        })
        .collect()
}

fn shops_at_nodes(streets: &Streets, shops: &[[f64; 2]]) -> Vec<f64> {
    let mut weights = vec![0.0; streets.nodes.len()];
    for &shop in shops {
        if let Some((node, away)) = streets.nearest_node(shop, |n| !streets.nodes[n].border)
            && away <= FARTHEST_NODE_M
        {
            weights[node] += 1.0;
        }
    }
    weights
}

/// Positions of the counted stations in metres, with their exits on a Monday-to-Thursday day in doublings.
fn station_pulls(stations: &[Station], projection: &Projection) -> Vec<([f64; 2], f64)> {
    let exits = |s: &Station| s.exits_per_hour[0].iter().sum::<f64>();
    stations
        .iter()
        .map(|s| (projection.to_metres(s.at), exits(s) / STATION_EXITS_PER_DOUBLING))
        .collect()
}

fn shops_by_kind(streets: &Streets, pulls: &[([f64; 2], f64)]) -> Vec<f64> {
    let mut weights = vec![0.0; streets.nodes.len()];
    for edge in &streets.edges {
        let inner: Vec<usize> = [edge.a, edge.b]
            .into_iter()
            .filter(|&n| !streets.nodes[n].border)
            .collect();
        for &node in &inner {
            weights[node] += shops_on(edge) / inner.len() as f64;
        }
    }
    for (weight, node) in weights.iter_mut().zip(&streets.nodes) {
        let pull = |(at, exits): &([f64; 2], f64)| exits * libm::exp(-distance(*at, node.at) / STATION_FADE_M);
        *weight *= 1.0 + pulls.iter().map(pull).sum::<f64>();
    }
    weights
}

fn shops_on(edge: &Edge) -> f64 {
    let last_word = edge
        .name
        .to_lowercase()
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let by_name = match last_word.as_str() {
        "" => 0.0,
        word if SHOPPING_NAMES.contains(&word) => 1.0,
        _ => 0.5,
    };
    by_name * assumptions::of(&edge.kind).shop_weight * edge.length_m / METRES_PER_SHOP
}

/// The heaviest nodes that keep their distance, each with the weight of the nodes around it.
fn spread(streets: &Streets, weights: &[f64]) -> Vec<(usize, f64)> {
    let mut order: Vec<usize> = (0..weights.len()).filter(|&n| weights[n] > 0.0).collect();
    order.sort_by(|&x, &y| weights[y].total_cmp(&weights[x]).then(x.cmp(&y)));
    let away = |x: usize, y: usize| distance(streets.nodes[x].at, streets.nodes[y].at);
    let mut picked: Vec<(usize, f64)> = Vec::new();
    for &node in &order {
        if picked.iter().all(|(other, _)| away(*other, node) >= MERGE_M) {
            picked.push((node, 0.0));
        }
    }
    for &node in &order {
        let nearest = picked
            .iter_mut()
            .min_by(|x, y| away(x.0, node).total_cmp(&away(y.0, node)));
        if let Some(nearest) = nearest {
            nearest.1 += weights[node];
        }
    }
    picked.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    picked.truncate(MOST_ATTRACTORS);
    picked
}
