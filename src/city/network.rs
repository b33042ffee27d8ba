//! The street graph and the prepared routes between the points where people enter, leave and go.

use crate::scenario::place::{Edge, Place};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Most alternatives of a pair.
const ALTERNATIVES: usize = 4;
/// Searches made per pair to find them.
const SEARCHES: usize = 8;
/// Factor on the cost of edges that an earlier alternative used.
const PENALTY: f64 = 1.4;
/// An alternative is at most this many times as long as the shortest, plus [`SLACK_M`].
const STRETCH: f64 = 1.4;
/// See [`STRETCH`].
const SLACK_M: f64 = 50.0;
/// Most waypoints.
const WAYPOINTS: usize = 48;

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
struct Tree {
    distance_m: Vec<f64>,
    edge: Vec<u32>,
}

const NO_EDGE: u32 = u32::MAX;

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
    fn tree(&self, sources: &[(usize, f64)]) -> Tree {
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
fn order(x: f64) -> u64 {
    x.to_bits()
}

/// A point between which people walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OdPoint {
    /// Its node in the place.
    pub node: usize,
}

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

/// Working space of the search for alternatives.
struct Search<'a> {
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
    fn new(place: &'a Place, graph: &'a Graph) -> Search<'a> {
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
    fn alternatives(&mut self, from: usize, to: usize, tree: &Tree) -> Vec<Vec<Step>> {
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
    fn describe(&mut self, from: usize, to: usize, alternatives: Vec<Vec<Step>>) -> Vec<Path> {
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
    fn reversed(&self, path: &Path) -> Path {
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

/// A point of a street's centre line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointOnLine {
    /// Position, metres east and north of the origin.
    pub at: [f64; 2],
    /// Unit vector of the line's direction there, from first to last node.
    pub direction: [f64; 2],
}

/// The centre line of an edge, measured in walked metres from its first node.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    points: &'a [[f64; 2]],
    /// Drawn length up to each point, m.
    drawn_m: Vec<f64>,
    length_m: f64,
}

impl<'a> Line<'a> {
    /// Measures the line of `edge`.
    pub fn new(edge: &'a Edge) -> Line<'a> {
        let mut drawn_m = Vec::with_capacity(edge.line.len());
        let mut sum = 0.0;
        for (i, point) in edge.line.iter().enumerate() {
            if i > 0 {
                let before = edge.line[i - 1];
                sum += libm::hypot(point[0] - before[0], point[1] - before[1]);
            }
            drawn_m.push(sum);
        }
        Line {
            points: &edge.line,
            drawn_m,
            length_m: edge.length_m,
        }
    }

    /// The point `along_m` walked metres from the first node, kept within the line. The walked length of an edge may differ
    /// a little from its drawn length; positions are stretched evenly.
    pub fn at(&self, along_m: f64) -> PointOnLine {
        let drawn_total = self.drawn_m.last().copied().unwrap_or(0.0);
        if drawn_total <= 0.0 {
            return PointOnLine {
                at: self.points.first().copied().unwrap_or([0.0, 0.0]),
                direction: [1.0, 0.0],
            };
        }
        let share = if self.length_m > 0.0 {
            (along_m / self.length_m).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let target = share * drawn_total;
        let before = self.drawn_m[1..self.drawn_m.len() - 1].partition_point(|&drawn| drawn < target);
        // Only at the very start can the piece be empty, when the first point is repeated.
        let before = (before..self.points.len() - 1)
            .find(|&i| self.drawn_m[i + 1] > self.drawn_m[i])
            .unwrap_or(before);
        let piece = self.drawn_m[before + 1] - self.drawn_m[before];
        let (from, to) = (self.points[before], self.points[before + 1]);
        let direction = [(to[0] - from[0]) / piece, (to[1] - from[1]) / piece];
        let rest = target - self.drawn_m[before];
        PointOnLine {
            at: [from[0] + rest * direction[0], from[1] + rest * direction[1]],
            direction,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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

    #[test]
    fn a_line_is_measured_in_walked_metres() {
        let mut place = place(&[[0.0, 0.0], [30.0, 40.0]], &[(0, 1)], &[0, 1], &[]);
        place.edges[0].line = vec![[0.0, 0.0], [0.0, 0.0], [30.0, 0.0], [30.0, 0.0], [30.0, 40.0]];
        place.edges[0].length_m = 140.0;
        let line = Line::new(&place.edges[0]);
        assert_eq!(line.at(0.0).at, [0.0, 0.0]);
        assert_eq!(line.at(0.0).direction, [1.0, 0.0]);
        assert_eq!(line.at(30.0).at, [15.0, 0.0]);
        assert_eq!(line.at(100.0).at, [30.0, 20.0]);
        assert_eq!(line.at(100.0).direction, [0.0, 1.0]);
        assert_eq!(line.at(1000.0).at, [30.0, 40.0]);
    }
}
