//! The prepared routes between the points where people enter, leave and go.

use super::graph::{Graph, Tree};
use super::paths::{Path, Search};
use crate::scenario::place::{Edge, Place};
use std::ops::Range;

/// Most waypoints.
const WAYPOINTS: usize = 48;
/// A point between which people walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OdPoint {
    /// Its node in the place.
    pub node: usize,
}
/// A place's streets with every route that anyone may walk.
///
/// OD points are the gates (index = gate index), then the attractors, then the waypoints. Routes are prepared between gates,
/// between attractors, and from gates to attractors and waypoints, in both directions.
#[derive(Clone, Debug)]
pub struct Network {
    /// Origins and destinations. A place has fewer than 65,536 of them.
    pub od: Vec<OdPoint>,
    /// Number of gates.
    pub gates: usize,
    /// Number of attractors.
    pub attractors: usize,
    /// Number of waypoints: nodes spread evenly over the street length.
    pub waypoints: usize,
    /// All alternatives, ordered by (from, to), shortest first within a pair.
    pub paths: Vec<Path>,
    /// Adjacency of the streets.
    pub graph: Graph,
    /// First path of each ordered pair, and the number of paths at the end.
    first: Vec<u32>,
    distance_m: Vec<f64>,
}

impl Network {
    /// Prepares a place. The result depends on nothing else.
    pub fn prepare(place: &Place) -> Network {
        let graph = Graph::new(place);
        let mut od: Vec<OdPoint> = place
            .gates
            .iter()
            .map(|gate| gate.node)
            .chain(place.attractors.iter().map(|attractor| attractor.node))
            .map(|node| OdPoint { node })
            .collect();
        let waypoints = waypoints(place, &graph);
        od.extend(waypoints.iter().map(|&node| OdPoint { node }));
        let trees: Vec<Tree> = od.iter().map(|point| graph.tree(&[(point.node, 0.0)])).collect();

        let n = od.len();
        let mut network = Network {
            gates: place.gates.len(),
            attractors: place.attractors.len(),
            waypoints: waypoints.len(),
            paths: Vec::new(),
            first: vec![0],
            distance_m: vec![0.0; n * n],
            od,
            graph,
        };
        for from in 0..n {
            for to in 0..n {
                network.distance_m[from * n + to] = trees[from.max(to)].distance_m[network.od[from.min(to)].node];
            }
        }

        let mut search = Search::new(place, &network.graph);
        let mut found: Vec<Vec<Path>> = vec![Vec::new(); n * n];
        for from in 0..n {
            for to in from + 1..n {
                if network.is_prepared(from, to) {
                    let steps = search.alternatives(network.od[from].node, network.od[to].node, &trees[to]);
                    found[from * n + to] = search.describe(from, to, steps);
                }
            }
        }
        for from in 0..n {
            for to in 0..n {
                if from < to {
                    network.paths.append(&mut found[from * n + to]);
                } else if to < from {
                    let there = network.alternatives(to, from);
                    for path in there {
                        let back = search.reversed(&network.paths[path]);
                        network.paths.push(back);
                    }
                }
                network.first.push(network.paths.len() as u32);
            }
        }
        network
    }

    /// Ids of the alternatives (1 to 4, loop-free, shortest first) of an ordered pair; empty when the pair is not prepared,
    /// when one cannot be reached from the other, or when `from == to`.
    pub fn alternatives(&self, from: usize, to: usize) -> Range<usize> {
        let pair = from * self.od.len() + to;
        self.first[pair] as usize..self.first[pair + 1] as usize
    }

    /// Shortest walking distance between two OD points, m; infinite when there is no way. Known for every pair.
    pub fn distance_m(&self, from: usize, to: usize) -> f64 {
        self.distance_m[from * self.od.len() + to]
    }

    /// OD points that cannot be reached from the first gate; a place should have none.
    pub fn unreachable(&self) -> Vec<usize> {
        (1..self.od.len())
            .filter(|&point| !self.distance_m(0, point).is_finite())
            .collect()
    }

    /// Whether routes are kept for this pair.
    fn is_prepared(&self, from: usize, to: usize) -> bool {
        let (low, high) = (from.min(to), from.max(to));
        low < high && (high < self.gates + self.attractors || low < self.gates)
    }
}

/// Up to 48 nodes spread evenly over the street length: the end nearest to each of the equal marks along all edges in order.
fn waypoints(place: &Place, graph: &Graph) -> Vec<usize> {
    let Some(gate) = place.gates.first() else {
        return Vec::new();
    };
    let reached = graph.distances_m(&[(gate.node, 0.0)]);
    let on_streets = |edge: &&Edge| reached[edge.a].is_finite();
    let total: f64 = place.edges.iter().filter(on_streets).map(|edge| edge.length_m).sum();
    let mark_m = |mark: usize| (mark as f64 + 0.5) / WAYPOINTS as f64 * total;
    let mut chosen = Vec::new();
    let mut taken = vec![false; place.nodes.len()];
    let mut walked = 0.0;
    let mut mark = 0;
    for edge in place.edges.iter().filter(on_streets) {
        while mark < WAYPOINTS && mark_m(mark) <= walked + edge.length_m {
            let node = if mark_m(mark) - walked <= 0.5 * edge.length_m {
                edge.a
            } else {
                edge.b
            };
            if !taken[node] {
                taken[node] = true;
                chosen.push(node);
            }
            mark += 1;
        }
        walked += edge.length_m;
    }
    chosen
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::paths::{ALTERNATIVES, SLACK_M, STRETCH};
    use crate::city::testing::{grid, place, sketch};

    fn nodes_of(place: &Place, network: &Network, path: &Path) -> Vec<usize> {
        let mut node = network.od[usize::from(path.from)].node;
        let mut nodes = vec![node];
        for step in &path.steps {
            let edge = &place.edges[step.edge as usize];
            let (start, end) = if step.forward {
                (edge.a, edge.b)
            } else {
                (edge.b, edge.a)
            };
            assert_eq!(start, node, "a step starts where the last one ended");
            node = end;
            nodes.push(node);
        }
        nodes
    }

    #[test]
    fn a_sketch_street_has_one_way_each_way() {
        let place = sketch();
        let network = Network::prepare(&place);
        for (from, to) in [(0, 1), (1, 0)] {
            let ways = network.alternatives(from, to);
            assert_eq!(ways.len(), 1);
            let path = &network.paths[ways.start];
            assert_eq!(path.length_m, 600.0);
            assert_eq!(path.ln_path_size, 0.0);
        }
        assert!(network.alternatives(0, 0).is_empty());
        assert_eq!(network.distance_m(0, 1), 600.0);
        assert!(network.unreachable().is_empty());
        assert!(network.waypoints > 0);
    }

    #[test]
    fn routes_are_contiguous_loop_free_short_enough_and_mirrored() {
        let place = grid(7, &[0, 6, 42, 48, 24], &[8, 10, 25, 33]);
        let network = Network::prepare(&place);
        for from in 0..network.od.len() {
            for to in 0..network.od.len() {
                let ways = network.alternatives(from, to);
                let both_waypoints = from.max(to) >= 9 && from.min(to) >= 5;
                assert_eq!(ways.is_empty(), from == to || both_waypoints, "{from} {to}");
                assert!(ways.len() <= ALTERNATIVES);
                let back: Vec<usize> = network.alternatives(to, from).collect();
                assert_eq!(back.len(), ways.len());
                for (k, id) in ways.clone().enumerate() {
                    let path = &network.paths[id];
                    let nodes = nodes_of(&place, &network, path);
                    assert_eq!(*nodes.last().unwrap(), network.od[to].node);
                    let mut once = nodes.clone();
                    once.sort_unstable();
                    once.dedup();
                    assert_eq!(once.len(), nodes.len(), "no node twice");
                    assert!(path.length_m <= STRETCH * network.distance_m(from, to) + SLACK_M + 1e-9);
                    assert!(path.ln_path_size <= 1e-12);
                    let mut mirrored = network.paths[back[k]].steps.clone();
                    mirrored.reverse();
                    for step in &mut mirrored {
                        step.forward = !step.forward;
                    }
                    assert_eq!(mirrored, path.steps);
                    if k == 0 {
                        assert!((path.length_m - network.distance_m(from, to)).abs() < 1e-9);
                    } else {
                        assert!(path.length_m >= network.paths[id - 1].length_m);
                        assert!(
                            ways.clone()
                                .take(k)
                                .all(|other| network.paths[other].steps != path.steps)
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn path_size_counts_shared_length() {
        // A stem of 100 m, then two ways round a rhombus of 2 x 125 m each: half of neither is shared but the stem is.
        let nodes = [[0.0, 0.0], [100.0, 0.0], [200.0, 75.0], [200.0, -75.0], [300.0, 0.0]];
        let place = place(&nodes, &[(0, 1), (1, 2), (2, 4), (1, 3), (3, 4)], &[0, 4], &[]);
        let network = Network::prepare(&place);
        let ways = network.alternatives(0, 1);
        assert_eq!(ways.len(), 2);
        for id in ways {
            let size = (100.0 / 350.0) / 2.0 + 250.0 / 350.0;
            assert!((network.paths[id].ln_path_size - libm::log(size)).abs() < 1e-12);
        }
    }

    #[test]
    fn points_that_share_a_node_are_joined_by_a_path_without_steps() {
        let place = grid(3, &[0, 8], &[8]);
        let network = Network::prepare(&place);
        let ways = network.alternatives(1, 2);
        assert_eq!(ways.len(), 1);
        assert!(network.paths[ways.start].steps.is_empty());
        assert_eq!(network.paths[ways.start].length_m, 0.0);
        assert_eq!(network.distance_m(1, 2), 0.0);
    }

    #[test]
    fn an_island_is_reported_and_has_no_routes() {
        let nodes = [[0.0, 0.0], [100.0, 0.0], [500.0, 0.0], [600.0, 0.0]];
        let place = place(&nodes, &[(0, 1), (2, 3), (1, 1)], &[0, 1], &[3]);
        let network = Network::prepare(&place);
        assert_eq!(network.unreachable(), [2]);
        assert!(network.alternatives(0, 2).is_empty());
        assert_eq!(network.alternatives(0, 1).len(), 1);
    }

    #[test]
    fn waypoints_follow_street_length() {
        // One long street carries nine tenths of the length and so of the waypoints.
        let nodes: Vec<[f64; 2]> = (0..101).map(|i| [10.0 * f64::from(i), 0.0]).collect();
        let edges: Vec<(usize, usize)> = (0..100).map(|i| (i, i + 1)).collect();
        let place = place(&nodes, &edges, &[0, 100], &[]);
        let network = Network::prepare(&place);
        assert_eq!(network.waypoints, WAYPOINTS);
        let right = network.od[2..].iter().filter(|point| point.node > 50).count();
        assert_eq!(right, WAYPOINTS / 2);
    }
}
