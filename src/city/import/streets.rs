//! From links in degrees to the street graph of a place: cut to the box, connected, simplified, in metres and in a stable order.

use std::collections::BTreeMap;

use crate::scenario::place::Edge;
use crate::scenario::place_file::{Projection, components, distance, line_length};

use super::assumptions;
use super::names::{rank_along, runs_east};
use super::{Bbox, Link, Network, six_decimals};

/// Dead ends shorter than this, of a kind without a name of its own, are left out, m.
const SHORTEST_STUB_M: f64 = 15.0;
const STUB_KINDS: [&str; 6] = ["service", "footway", "path", "steps", "cycleway", "track"];
const THROUGH_KINDS: [&str; 4] = ["trunk", "primary", "secondary", "tertiary"];

/// A node of the street graph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// Metres east and north of the origin.
    pub at: [f64; 2],
    /// Whether a street goes on from here beyond the box or the data.
    pub border: bool,
}

/// The street graph of a place.
pub(super) struct Streets {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// Edges at each node.
    pub at_node: Vec<Vec<usize>>,
}

/// What makes two ends the same node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Data(i64),
    /// On the edge of the box, by longitude and latitude in millionths of a degree.
    Border(i64, i64),
}

/// A link whose ends are node indices and whose points are metres.
#[derive(Clone, Debug)]
struct Stretch {
    ends: [usize; 2],
    name: String,
    kind: String,
    line: Vec<[f64; 2]>,
}

impl Streets {
    /// Cuts, connects and simplifies the links; adds to `notes` what was left out.
    pub(super) fn build(network: &Network, bbox: &Bbox, projection: &Projection, notes: &mut Vec<String>) -> Streets {
        let (nodes, stretches) = cut(network, bbox, projection);
        let stretches = largest_component(nodes.len(), stretches, notes);
        let stretches = simplify(&nodes, stretches, notes);
        number(&nodes, stretches)
    }

    /// The edges that meet at a node.
    pub(super) fn edges_at(&self, node: usize) -> impl Iterator<Item = &Edge> {
        self.at_node[node].iter().map(|&e| &self.edges[e])
    }

    /// The nearest node to a point among those that `suit`, and its distance in metres.
    pub(super) fn nearest_node(&self, p: [f64; 2], suits: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        let suitable = (0..self.nodes.len()).filter(|&n| suits(n));
        suitable
            .map(|n| (n, distance(self.nodes[n].at, p)))
            .min_by(|x, y| x.1.total_cmp(&y.1))
    }
}

/// The parts of the links inside the box. A street that crosses its edge ends there, at a border node.
fn cut(network: &Network, bbox: &Bbox, projection: &Projection) -> (Vec<Node>, Vec<Stretch>) {
    let pieces: Vec<(&Link, Piece)> = network
        .links
        .iter()
        .flat_map(|link| inside(link, bbox).into_iter().map(move |p| (link, p)))
        .collect();
    let mut places: BTreeMap<Key, [f64; 2]> = BTreeMap::new();
    for (_, piece) in &pieces {
        for (key, at) in piece.ends.iter().zip([piece.line[0], piece.line[piece.line.len() - 1]]) {
            places.entry(*key).or_insert_with(|| projection.to_metres(at));
        }
    }
    let beyond = |key: &Key| match key {
        Key::Data(id) => network.gap_ends.contains(id),
        Key::Border(..) => true,
    };
    let index: BTreeMap<Key, usize> = places.keys().enumerate().map(|(i, key)| (*key, i)).collect();
    let nodes: Vec<Node> = places
        .iter()
        .map(|(key, &at)| Node {
            at,
            border: beyond(key),
        })
        .collect();
    let mut stretches: Vec<Stretch> = Vec::new();
    for (link, piece) in pieces {
        let ends = piece.ends.map(|key| index[&key]);
        let mut line: Vec<[f64; 2]> = piece.line.iter().map(|&p| projection.to_metres(p)).collect();
        // One node has one position, whatever the last decimals of the streets that meet there say.
        let last = line.len() - 1;
        (line[0], line[last]) = (nodes[ends[0]].at, nodes[ends[1]].at);
        line.dedup();
        if ends[0] != ends[1] && line.len() > 1 {
            stretches.push(Stretch {
                ends,
                name: link.name.clone(),
                kind: link.kind.clone(),
                line,
            });
        }
    }
    (nodes, stretches)
}

struct Piece {
    ends: [Key; 2],
    line: Vec<[f64; 2]>,
}

/// The parts of one link inside the box, with points of six decimals.
fn inside(link: &Link, bbox: &Bbox) -> Vec<Piece> {
    let border = |p: [f64; 2]| Key::Border(libm::round(p[0] * 1e6) as i64, libm::round(p[1] * 1e6) as i64);
    let mut pieces = Vec::new();
    let mut open: Option<(Key, Vec<[f64; 2]>)> = None;
    let mut close = |open: &mut Option<(Key, Vec<[f64; 2]>)>, end: Option<Key>| {
        if let Some((start, mut line)) = open.take() {
            line.dedup();
            if line.len() > 1 {
                let end = end.unwrap_or_else(|| border(line[line.len() - 1]));
                pieces.push(Piece {
                    ends: [start, end],
                    line,
                });
            }
        }
    };
    for (i, w) in link.line.windows(2).enumerate() {
        let Some((from, to)) = clip(w[0], w[1], bbox) else {
            close(&mut open, None);
            continue;
        };
        let point = |share: f64| [0, 1].map(|axis| six_decimals(w[0][axis] + share * (w[1][axis] - w[0][axis])));
        if from > 0.0 {
            close(&mut open, None);
        }
        let line = &mut open
            .get_or_insert_with(|| {
                let start = if i == 0 && from == 0.0 {
                    Key::Data(link.a)
                } else {
                    border(point(from))
                };
                (start, vec![point(from)])
            })
            .1;
        line.push(point(to));
        if to < 1.0 {
            close(&mut open, None);
        }
    }
    close(&mut open, Some(Key::Data(link.b)));
    pieces
}

/// The part of the segment from `p` to `q` inside the box, as shares of its length (Liang and Barsky 1984).
fn clip(p: [f64; 2], q: [f64; 2], bbox: &Bbox) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0f64, 1.0f64);
    let low = [bbox.west, bbox.south];
    let high = [bbox.east, bbox.north];
    for axis in 0..2 {
        let step = q[axis] - p[axis];
        if step == 0.0 {
            if p[axis] < low[axis] || p[axis] > high[axis] {
                return None;
            }
            continue;
        }
        let (t1, t2) = ((low[axis] - p[axis]) / step, (high[axis] - p[axis]) / step);
        from = from.max(t1.min(t2));
        to = to.min(t1.max(t2));
    }
    (from < to).then_some((from, to))
}

fn largest_component(nodes: usize, stretches: Vec<Stretch>, notes: &mut Vec<String>) -> Vec<Stretch> {
    let component = components(nodes, stretches.iter().map(|s| (s.ends[0], s.ends[1])));
    let mut lengths: BTreeMap<usize, f64> = BTreeMap::new();
    for s in &stretches {
        *lengths.entry(component[s.ends[0]]).or_default() += line_length(&s.line);
    }
    let main = lengths
        .iter()
        .max_by(|x, y| x.1.total_cmp(y.1).then(y.0.cmp(x.0)))
        .map(|(&root, _)| root);
    let (kept, dropped): (Vec<Stretch>, Vec<Stretch>) =
        stretches.into_iter().partition(|s| Some(component[s.ends[0]]) == main);
    if !dropped.is_empty() {
        let metres: f64 = dropped.iter().map(|s| line_length(&s.line)).sum();
        notes.push(format!(
            "{} stretches ({metres:.0} m) that are not connected to the other streets inside the box were left out.",
            dropped.len()
        ));
    }
    kept
}

/// Leaves out short dead ends and joins stretches that meet at a plain bend, until nothing changes.
fn simplify(nodes: &[Node], mut stretches: Vec<Stretch>, notes: &mut Vec<String>) -> Vec<Stretch> {
    let mut stubs = 0;
    loop {
        let mut degree = vec![0usize; nodes.len()];
        for end in stretches.iter().flat_map(|s| s.ends) {
            degree[end] += 1;
        }
        let is_stub = |s: &Stretch| {
            s.name.is_empty()
                && STUB_KINDS.contains(&s.kind.as_str())
                && s.ends.iter().any(|&n| degree[n] == 1 && !nodes[n].border)
                && line_length(&s.line) < SHORTEST_STUB_M
        };
        let before = stretches.len();
        if before > 1 {
            stretches.retain(|s| !is_stub(s));
        }
        stubs += before - stretches.len();
        let joined = join(nodes, stretches);
        let unchanged = joined.len() == before;
        stretches = joined;
        if unchanged {
            break;
        }
    }
    if stubs > 0 {
        notes.push(format!(
            "{stubs} unnamed dead ends shorter than {SHORTEST_STUB_M} m were left out."
        ));
    }
    stretches
}

/// Joins the two stretches at every node that only they meet at, if they are of one name and kind.
fn join(nodes: &[Node], stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (i, s) in stretches.iter().enumerate() {
        for end in s.ends {
            at[end].push(i);
        }
    }
    let mut slots: Vec<Option<Stretch>> = stretches.into_iter().map(Some).collect();
    for node in 0..nodes.len() {
        let [first, second] = at[node][..] else { continue };
        let (Some(x), Some(y)) = (&slots[first], &slots[second]) else {
            continue;
        };
        let far = |s: &Stretch| if s.ends[0] == node { s.ends[1] } else { s.ends[0] };
        let (start, end) = (far(x), far(y));
        if first == second || nodes[node].border || start == end || x.name != y.name || x.kind != y.kind {
            continue;
        }
        let towards = |s: &Stretch, last: bool| -> Vec<[f64; 2]> {
            let mut line = s.line.clone();
            if (s.ends[1] == node) != last {
                line.reverse();
            }
            line
        };
        let mut line = towards(x, true);
        line.extend(towards(y, false).into_iter().skip(1));
        let joined = Stretch {
            ends: [start, end],
            name: x.name.clone(),
            kind: x.kind.clone(),
            line,
        };
        slots[first] = Some(joined);
        slots[second] = None;
        for edge in &mut at[end] {
            if *edge == second {
                *edge = first;
            }
        }
        at[node].clear();
    }
    slots.into_iter().flatten().collect()
}

/// The stretch turned so that it begins at its western end, however the input drew it.
fn facing_east(mut stretch: Stretch) -> Stretch {
    let (first, last) = (stretch.line[0], stretch.line[stretch.line.len() - 1]);
    if first[0].total_cmp(&last[0]).then(first[1].total_cmp(&last[1])).is_gt() {
        stretch.line.reverse();
        stretch.ends.reverse();
    }
    stretch
}

/// Numbers nodes and edges: streets by name and then along their way, unnamed ones last.
fn number(nodes: &[Node], stretches: Vec<Stretch>) -> Streets {
    let mut old_to_new: BTreeMap<usize, usize> = stretches.iter().flat_map(|s| s.ends).map(|n| (n, 0)).collect();
    for (new, slot) in old_to_new.values_mut().enumerate() {
        *slot = new;
    }
    let mut edges: Vec<Edge> = stretches
        .into_iter()
        .map(facing_east)
        .map(|s| Edge {
            id: String::new(),
            a: old_to_new[&s.ends[0]],
            b: old_to_new[&s.ends[1]],
            width_m: assumptions::of(&s.kind).width_m,
            // Whole decimetres, but never nothing: the file says no more.
            length_m: (libm::round(line_length(&s.line) * 10.0) / 10.0).max(0.1),
            name: s.name,
            kind: s.kind,
            line: s.line,
        })
        .collect();

    let mut by_name: BTreeMap<String, Vec<Edge>> = BTreeMap::new();
    for edge in edges.drain(..) {
        by_name.entry(edge.name.clone()).or_default().push(edge);
    }
    let unnamed = by_name.remove("");
    for mut street in by_name.into_values().chain(unnamed) {
        let east = runs_east(&street);
        let middle = |e: &Edge| [0, 1].map(|axis| (e.line[0][axis] + e.line[e.line.len() - 1][axis]) / 2.0);
        street.sort_by(|x, y| {
            let (p, q) = (middle(x), middle(y));
            let along = rank_along(p, east).total_cmp(&rank_along(q, east));
            along
                .then(rank_along(p, !east).total_cmp(&rank_along(q, !east)))
                .then((x.a, x.b).cmp(&(y.a, y.b)))
                .then(x.length_m.total_cmp(&y.length_m))
        });
        edges.append(&mut street);
    }
    let mut at_node = vec![Vec::new(); old_to_new.len()];
    for (i, edge) in edges.iter_mut().enumerate() {
        edge.id = format!("s{}", i + 1);
        at_node[edge.a].push(i);
        at_node[edge.b].push(i);
    }
    let mut nodes: Vec<Node> = old_to_new.keys().map(|&old| nodes[old]).collect();
    for (node, ends) in nodes.iter_mut().zip(&at_node) {
        // Main roads do not end in nothing: where one does, the data ends.
        node.border |= matches!(ends[..], [only] if THROUGH_KINDS.contains(&edges[only].kind.as_str()) && !edges[only].name.is_empty());
    }
    Streets { nodes, edges, at_node }
}
