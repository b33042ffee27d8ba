//! Streets prepared for walking: routes between gates and attractors, crowding, sun light, distances for pursuit.
//!
//! [`Network`] is built once per place; [`RouteChoice`], [`Gravity`] and [`Travel`] are small tables rebuilt when a parameter
//! or the day changes. Nothing here knows people or cameras. Distances are metres walked, hours are local clock hours.

mod crowding;
mod distance;
mod graph;
mod light;
mod line;
mod network;
mod paths;
mod routes;

pub use crowding::{CAPACITY_DENSITY, Crowding, Travel, weidmann_factor};
pub use distance::Field;
pub use graph::{Graph, Link};
pub use light::{light, solar_elevation_deg};
pub use line::{Line, PointOnLine};
pub use network::{Network, OdPoint};
pub use paths::{Path, Step};
pub use routes::{Gravity, RouteChoice};

#[cfg(test)]
pub(crate) mod testing {
    //! Small places made by hand.

    use crate::scenario::place::{Attractor, Edge, Gate, Mount, MountSite, Place};

    /// A place of straight streets 6 m wide; gates admit 100 persons in every hour, attractors pull alike.
    pub(crate) fn place(nodes: &[[f64; 2]], edges: &[(usize, usize)], gates: &[usize], attractors: &[usize]) -> Place {
        Place {
            name: "test".into(),
            title: "Test".into(),
            licence: String::new(),
            attribution: Vec::new(),
            notes: Vec::new(),
            sketch: true,
            timezone: "Europe/London".into(),
            origin: [-0.13, 51.51],
            demand_scale: 1.0,
            fit: None,
            nodes: nodes.to_vec(),
            edges: edges
                .iter()
                .enumerate()
                .map(|(i, &(a, b))| Edge {
                    id: format!("e{i}"),
                    a,
                    b,
                    name: String::new(),
                    kind: "pedestrian".into(),
                    length_m: libm::hypot(nodes[b][0] - nodes[a][0], nodes[b][1] - nodes[a][1]),
                    width_m: 6.0,
                    line: vec![nodes[a], nodes[b]],
                })
                .collect(),
            gates: gates
                .iter()
                .enumerate()
                .map(|(i, &node)| Gate {
                    id: format!("g{i}"),
                    name: format!("Gate {i}"),
                    node,
                    kind: "street".into(),
                    persons_per_hour: [[100.0; 24]; 4],
                })
                .collect(),
            attractors: attractors
                .iter()
                .enumerate()
                .map(|(i, &node)| Attractor {
                    id: format!("a{i}"),
                    name: format!("Shop {i}"),
                    node,
                    weight: 1.0,
                })
                .collect(),
            mounts: Vec::new(),
        }
    }

    /// Adds a mount standing `aside_m` to the right of the centre line of `edge` (seen from its first node).
    pub(crate) fn mount(place: &mut Place, edge: usize, offset_m: f64, aside_m: f64) -> usize {
        let point = super::Line::new(&place.edges[edge]).at(offset_m);
        place.mounts.push(Mount {
            id: format!("m{}", place.mounts.len()),
            kind: MountSite::Sketch,
            edge,
            offset_m,
            at: [
                point.at[0] + aside_m * point.direction[1],
                point.at[1] - aside_m * point.direction[0],
            ],
            surveyed: false,
        });
        place.mounts.len() - 1
    }

    /// The reference street: 600 m eastward, nodes every 150 m, a gate at each end.
    pub(crate) fn sketch() -> Place {
        let nodes: Vec<[f64; 2]> = (0..5).map(|i| [150.0 * f64::from(i), 0.0]).collect();
        place(&nodes, &[(0, 1), (1, 2), (2, 3), (3, 4)], &[0, 4], &[])
    }

    /// A square grid of `n` by `n` nodes, 100 m apart.
    pub(crate) fn grid(n: usize, gates: &[usize], attractors: &[usize]) -> Place {
        let nodes: Vec<[f64; 2]> = (0..n * n)
            .map(|i| [100.0 * (i % n) as f64, 100.0 * (i / n) as f64])
            .collect();
        let mut edges = Vec::new();
        for i in 0..n * n {
            if i % n + 1 < n {
                edges.push((i, i + 1));
            }
            if i + n < n * n {
                edges.push((i, i + n));
            }
        }
        place(&nodes, &edges, gates, attractors)
    }
}

pub mod import;
