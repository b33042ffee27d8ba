//! The alternatives that people choose from between two points.

use super::graph::{Graph, NO_EDGE, Tree, order};
use crate::scenario::place::Place;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Most alternatives of a pair.
pub(super) const ALTERNATIVES: usize = 4;
/// Searches made per pair to find them.
const SEARCHES: usize = 8;
/// Factor on the cost of edges that an earlier alternative used.
const PENALTY: f64 = 1.4;
/// An alternative is at most this many times as long as the shortest, plus [`SLACK_M`].
pub(super) const STRETCH: f64 = 1.4;
/// See [`STRETCH`].
pub(super) const SLACK_M: f64 = 50.0;
/// One edge of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Edge index in the place.
    pub edge: u32,
    /// Whether it is walked from its first node to its last.
    pub forward: bool,
}

/// One alternative between two OD points; it visits no node twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// OD index of the start.
    pub from: u16,
    /// OD index of the end.
    pub to: u16,
    /// Edges in walking order; none when both points share a node.
    pub steps: Vec<Step>,
    /// Walked length, m.
    pub length_m: f64,
    /// Logarithm of the path size (Ben-Akiva and Bierlaire 1999): 0 when no edge is shared with another alternative.
    pub ln_path_size: f64,
}
/// Working space of the search for alternatives.
pub(super) struct Search<'a> {
    place: &'a Place,
    graph: &'a Graph,
    penalty: Vec<f64>,
    cost: Vec<f64>,
    via: Vec<u32>,
    touched: Vec<u32>,
    users: Vec<u32>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
}

impl<'a> Search<'a> {
    pub fn new(place: &'a Place, graph: &'a Graph) -> Search<'a> {
        Search {
            place,
            graph,
            penalty: vec![1.0; place.edges.len()],
            cost: vec![f64::INFINITY; graph.nodes()],
            via: vec![NO_EDGE; graph.nodes()],
            touched: Vec::new(),
            users: vec![0; place.edges.len()],
            heap: BinaryHeap::new(),
        }
    }

    /// Alternatives by link penalty: search again with the edges of every way found so far made dearer, and keep what is new
    /// and not too long. `tree` holds the shortest ways to `to`, whose distances also guide the search.
    pub fn alternatives(&mut self, from: usize, to: usize, tree: &Tree) -> Vec<Vec<Step>> {
        if from == to {
            return vec![Vec::new()];
        }
        let shortest_m = tree.distance_m[from];
        if !shortest_m.is_finite() {
            return Vec::new();
        }
        let longest_m = STRETCH * shortest_m + SLACK_M;
        let mut kept = vec![self.descend(from, to, tree)];
        let mut penalised: Vec<u32> = Vec::new();
        let mut last = kept[0].clone();
        for _ in 0..SEARCHES {
            for step in &last {
                self.penalty[step.edge as usize] *= PENALTY;
                penalised.push(step.edge);
            }
            last = self.search(from, to, tree);
            if !kept.contains(&last) && self.length_m(&last) <= longest_m {
                kept.push(last.clone());
                if kept.len() == ALTERNATIVES {
                    break;
                }
            }
        }
        for edge in penalised {
            self.penalty[edge as usize] = 1.0;
        }
        kept.sort_by(|a, b| self.length_m(a).total_cmp(&self.length_m(b)));
        kept
    }

    /// The shortest way, read off the tree of the destination.
    fn descend(&self, from: usize, to: usize, tree: &Tree) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut node = from;
        while node != to {
            let (step, next) = self.leave(node, tree.edge[node]);
            steps.push(step);
            node = next;
        }
        steps
    }

    /// A* under the penalised costs; the true distance left never exceeds the penalised cost left.
    fn search(&mut self, from: usize, to: usize, tree: &Tree) -> Vec<Step> {
        for node in self.touched.drain(..) {
            self.cost[node as usize] = f64::INFINITY;
            self.via[node as usize] = NO_EDGE;
        }
        self.heap.clear();
        self.cost[from] = 0.0;
        self.touched.push(from as u32);
        self.heap.push(Reverse((order(tree.distance_m[from]), from as u32)));
        while let Some(Reverse((key, node))) = self.heap.pop() {
            let node = node as usize;
            if node == to {
                break;
            }
            let cost = self.cost[node];
            if key > order(cost + tree.distance_m[node]) {
                continue;
            }
            for link in self.graph.links(node) {
                let next = link.node as usize;
                let there = cost + link.length_m * self.penalty[link.edge as usize];
                if there < self.cost[next] {
                    if self.cost[next] == f64::INFINITY {
                        self.touched.push(link.node);
                    }
                    self.cost[next] = there;
                    self.via[next] = link.edge;
                    self.heap
                        .push(Reverse((order(there + tree.distance_m[next]), link.node)));
                }
            }
        }
        let mut steps = Vec::new();
        let mut node = to;
        while node != from {
            let (step, previous) = self.leave(node, self.via[node]);
            steps.push(Step {
                forward: !step.forward,
                ..step
            });
            node = previous;
        }
        steps.reverse();
        steps
    }

    /// The step out of `node` along `edge`, and where it leads.
    fn leave(&self, node: usize, edge: u32) -> (Step, usize) {
        let street = &self.place.edges[edge as usize];
        let forward = street.a == node;
        (Step { edge, forward }, if forward { street.b } else { street.a })
    }

    fn length_m(&self, steps: &[Step]) -> f64 {
        steps
            .iter()
            .map(|step| self.place.edges[step.edge as usize].length_m)
            .sum()
    }

    /// Adds length and path size, PS = sum over edges of (edge length / path length) / (alternatives that use the edge).
    pub fn describe(&mut self, from: usize, to: usize, alternatives: Vec<Vec<Step>>) -> Vec<Path> {
        for step in alternatives.iter().flatten() {
            self.users[step.edge as usize] += 1;
        }
        let size = |steps: &[Step], length_m: f64| -> f64 {
            let shared =
                |step: &Step| self.place.edges[step.edge as usize].length_m / f64::from(self.users[step.edge as usize]);
            steps.iter().map(shared).sum::<f64>() / length_m
        };
        let paths: Vec<Path> = alternatives
            .into_iter()
            .map(|steps| {
                let length_m = self.length_m(&steps);
                Path {
                    from: from as u16,
                    to: to as u16,
                    length_m,
                    ln_path_size: if length_m > 0.0 {
                        libm::log(size(&steps, length_m))
                    } else {
                        0.0
                    },
                    steps,
                }
            })
            .collect();
        for step in paths.iter().flat_map(|path| &path.steps) {
            self.users[step.edge as usize] = 0;
        }
        paths
    }

    /// The same way walked back.
    pub fn reversed(&self, path: &Path) -> Path {
        let steps: Vec<Step> = path
            .steps
            .iter()
            .rev()
            .map(|step| Step {
                edge: step.edge,
                forward: !step.forward,
            })
            .collect();
        Path {
            from: path.to,
            to: path.from,
            length_m: self.length_m(&steps),
            ln_path_size: path.ln_path_size,
            steps,
        }
    }
}
