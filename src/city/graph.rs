//! The street graph and shortest ways in it.

use crate::scenario::place::Place;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One way out of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Node at the other end.
    pub node: u32,
    /// Edge that leads there.
    pub edge: u32,
    /// Its length, m.
    pub length_m: f64,
}

/// Adjacency of a place's undirected streets. Loops (an edge from a node to itself) lead nowhere and are left out.
#[derive(Clone, Debug)]
pub struct Graph {
    first: Vec<usize>,
    links: Vec<Link>,
}

/// Shortest distances from a source, and for each node the link's edge that leads one step nearer to it.
pub(super) struct Tree {
    pub distance_m: Vec<f64>,
    pub edge: Vec<u32>,
}

pub(super) const NO_EDGE: u32 = u32::MAX;

impl Graph {
    /// Adjacency of the streets of `place`, links of a node in edge order.
    pub fn new(place: &Place) -> Graph {
        let ends = || {
            place
                .edges
                .iter()
                .enumerate()
                .filter(|(_, edge)| edge.a != edge.b)
                .flat_map(|(i, edge)| [(i, edge, edge.a, edge.b), (i, edge, edge.b, edge.a)])
        };
        let mut first = vec![0; place.nodes.len() + 1];
        for (_, _, from, _) in ends() {
            first[from + 1] += 1;
        }
        for node in 0..place.nodes.len() {
            first[node + 1] += first[node];
        }
        let blank = Link {
            node: 0,
            edge: 0,
            length_m: 0.0,
        };
        let mut links = vec![blank; first[place.nodes.len()]];
        let mut next = first.clone();
        for (edge_index, edge, from, to) in ends() {
            links[next[from]] = Link {
                node: to as u32,
                edge: edge_index as u32,
                length_m: edge.length_m,
            };
            next[from] += 1;
        }
        Graph { first, links }
    }

    /// Links out of a node.
    pub fn links(&self, node: usize) -> &[Link] {
        &self.links[self.first[node]..self.first[node + 1]]
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.first.len() - 1
    }

    /// Shortest walking distance of every node from the nearest of `sources` (node, metres already walked); infinite
    /// when it cannot be reached.
    pub fn distances_m(&self, sources: &[(usize, f64)]) -> Vec<f64> {
        self.tree(sources).distance_m
    }

    /// Dijkstra's algorithm; of equally long ways the one found first stays, and the heap breaks ties by node.
    pub(super) fn tree(&self, sources: &[(usize, f64)]) -> Tree {
        let mut tree = Tree {
            distance_m: vec![f64::INFINITY; self.nodes()],
            edge: vec![NO_EDGE; self.nodes()],
        };
        let mut heap = BinaryHeap::new();
        for &(node, distance) in sources {
            if distance < tree.distance_m[node] {
                tree.distance_m[node] = distance;
                heap.push(Reverse((order(distance), node as u32)));
            }
        }
        while let Some(Reverse((key, node))) = heap.pop() {
            let distance = tree.distance_m[node as usize];
            if key > order(distance) {
                continue;
            }
            for link in self.links(node as usize) {
                let there = distance + link.length_m;
                let best = &mut tree.distance_m[link.node as usize];
                if there < *best {
                    *best = there;
                    tree.edge[link.node as usize] = link.edge;
                    heap.push(Reverse((order(there), link.node)));
                }
            }
        }
        tree
    }
}

/// Bits of a non-negative number order as the number does.
pub(super) fn order(x: f64) -> u64 {
    x.to_bits()
}
