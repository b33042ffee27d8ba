//! From the features of a place file to a place, with every problem on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use crate::scenario::diagnose::{Diagnostic, Diagnostics, Source, nearest};
use crate::scenario::place::{Attractor, Edge, Gate, Mount, MountSite, Place};

use super::envelope::open_collection;
use super::fields::{Feature, called, is_kebab_case};
use super::geometry::{components, distance, line_length, nearest_on_line};
use super::{DAY_TYPES, MOUNT_REACH_M, Projection, shortened, span_in};

const MOST_PROBLEMS: usize = 100;

const NODE_AGREEMENT_M: f64 = 1.0;

/// Reads a place from a file's text.
///
/// # Errors
/// Every problem found, each with its place in the file and a hint.
pub fn read_place(source: &Source) -> Result<Place, Diagnostics> {
    let collection = open_collection(source)?;
    let mut reader = Reader::new(source);
    let header = reader.header(&collection);
    if header.is_none() {
        return Err(reader.problems);
    }
    let features: Vec<Feature> = collection
        .features
        .iter()
        .filter_map(|raw| reader.feature(raw))
        .collect();
    let header = header.unwrap_or_default();
    reader.projection = Projection::new(header.origin);

    let streets = || features.iter().filter(|f| f.kind == "street");
    reader.number_nodes(streets());
    streets().for_each(|street| reader.street(street));
    for feature in &features {
        match feature.kind.as_str() {
            "gate" => reader.gate(feature),
            "attractor" => reader.attractor(feature),
            "lamp" => reader.mount(feature, MountSite::Lamp),
            "van_bay" => reader.mount(feature, MountSite::VanBay),
            "sketch_mount" => reader.mount(feature, MountSite::Sketch),
            _ => {}
        }
    }
    reader.whole(&collection.span);
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    Ok(Place {
        name: header.name,
        title: header.title,
        licence: header.licence,
        attribution: header.attribution,
        notes: header.notes,
        sketch: header.sketch,
        timezone: header.timezone,
        origin: header.origin,
        demand_scale: header.demand_scale,
        fit: None,
        nodes: reader.nodes,
        edges: reader.edges,
        gates: reader.gates,
        attractors: reader.attractors,
        mounts: reader.mounts,
    })
}

pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) projection: Projection,
    pub(super) problems: Diagnostics,
    pub(super) nodes: Vec<[f64; 2]>,
    /// Index of every node number, and the street that placed it first.
    pub(super) node_numbers: BTreeMap<u64, (usize, Option<String>)>,
    pub(super) edge_numbers: BTreeMap<String, usize>,
    pub(super) ids: BTreeSet<(&'static str, String)>,
    pub(super) street_features: usize,
    pub(super) gate_features: usize,
    pub(super) attractor_features: usize,
    pub(super) edges: Vec<Edge>,
    pub(super) gates: Vec<Gate>,
    pub(super) gate_spans: Vec<Range<usize>>,
    pub(super) attractors: Vec<Attractor>,
    pub(super) attractor_spans: Vec<Range<usize>>,
    pub(super) mounts: Vec<Mount>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Source) -> Self {
        Reader {
            source,
            projection: Projection::new([0.0, 0.0]),
            problems: Vec::new(),
            nodes: Vec::new(),
            node_numbers: BTreeMap::new(),
            edge_numbers: BTreeMap::new(),
            ids: BTreeSet::new(),
            street_features: 0,
            gate_features: 0,
            attractor_features: 0,
            edges: Vec::new(),
            gates: Vec::new(),
            gate_spans: Vec::new(),
            attractors: Vec::new(),
            attractor_spans: Vec::new(),
            mounts: Vec::new(),
        }
    }

    pub(super) fn problem(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        match self.problems.len().cmp(&MOST_PROBLEMS) {
            std::cmp::Ordering::Less => self.problems.push(Diagnostic::at(self.source, span, message, help)),
            std::cmp::Ordering::Equal => self.problems.push(Diagnostic::general(
                format!("the place file has more than {MOST_PROBLEMS} problems; the rest are not shown"),
                "Correct these first.",
            )),
            std::cmp::Ordering::Greater => {}
        }
    }

    /// The range of `"key"` inside a part of the file, or the whole part.
    pub(super) fn key_span(&self, raw: &str, key: &str) -> Range<usize> {
        let part = span_in(self.source, raw);
        match raw.find(&format!("\"{key}\"")) {
            Some(at) => part.start + at..part.start + at + key.len() + 2,
            None => part,
        }
    }

    fn street(&mut self, feature: &Feature) {
        let id = self.id(feature, "streets");
        let a = self.node_number(feature, "a");
        let b = self.node_number(feature, "b");
        let kind = self.text(feature, "kind");
        let length = self.number(feature, "length_m", 0.0..100_000.0, " m");
        let width = self.number(feature, "width_m", 0.0..100.0, " m");
        let name = match feature.properties.get("name") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(other) => {
                let message = format!("`name` of a street is {}, not a text", shortened(&other.to_string()));
                self.problem(
                    self.key_span(feature.raw, "name"),
                    message,
                    "Expected a text, which may be empty.",
                );
                String::new()
            }
        };
        let Some(line) = self.project(feature) else { return };
        let drawn = line_length(&line);
        if drawn < 0.01 {
            let help = "Its points are all at the same place: remove it or draw it again.";
            self.problem(
                self.key_span(feature.raw, "coordinates"),
                "a street has zero length",
                help,
            );
            return;
        }
        let (first, last) = (line[0], line[line.len() - 1]);
        if let Some(length_m) = length.filter(|l| *l < 0.9 * distance(first, last) - NODE_AGREEMENT_M) {
            let message = format!(
                "`length_m` {length_m} is shorter than the {:.1} m between the street's ends",
                distance(first, last)
            );
            self.problem(
                self.key_span(feature.raw, "length_m"),
                message,
                "Expected the walked length in metres.",
            );
        }
        let (Some(id), Some(a), Some(b), Some(kind), Some(length_m), Some(width_m)) = (id, a, b, kind, length, width)
        else {
            return;
        };
        let a = self.node(feature, &id, "a", a, first);
        let b = self.node(feature, &id, "b", b, last);
        self.edge_numbers.insert(id.clone(), self.edges.len());
        self.edges.push(Edge {
            id,
            a,
            b,
            name,
            kind,
            length_m,
            width_m,
            line,
        });
    }

    /// Gives the node numbers of all streets their indices, in ascending order.
    fn number_nodes<'f>(&mut self, streets: impl Iterator<Item = &'f Feature<'f>>) {
        let ends = streets.flat_map(|s| ["a", "b"].map(|key| s.properties.get(key).and_then(Value::as_u64)));
        let numbers: BTreeSet<u64> = ends.flatten().collect();
        self.nodes = vec![[0.0; 2]; numbers.len()];
        self.node_numbers = numbers
            .into_iter()
            .enumerate()
            .map(|(index, number)| (number, (index, None)))
            .collect();
    }

    /// The index of a street's end, which places its node or must lie where another street placed it.
    fn node(&mut self, feature: &Feature, street: &str, key: &str, number: u64, at: [f64; 2]) -> usize {
        let (index, first) = self.node_numbers.entry(number).or_insert((0, None));
        let index = *index;
        let Some(first) = first.clone() else {
            self.node_numbers.insert(number, (index, Some(street.to_owned())));
            self.nodes[index] = at;
            return index;
        };
        let away = distance(self.nodes[index], at);
        if away > NODE_AGREEMENT_M {
            let (street, first) = (shortened(street), shortened(&first));
            let message =
                format!("node {number} of street `{street}` lies {away:.1} m from where street `{first}` has it");
            let help = "The first point of a street is its node `a`, the last its node `b`; ends of one node agree within 1 m.";
            self.problem(self.key_span(feature.raw, key), message, help);
        }
        index
    }

    /// The node index that a gate or attractor names.
    fn node_of(&mut self, feature: &Feature) -> Option<usize> {
        let number = self.node_number(feature, "node")?;
        let index = self.node_numbers.get(&number).map(|(index, _)| *index);
        if index.is_none() {
            let message = format!("{} is on node {number}, which no street has", called(&feature.kind));
            self.problem(
                self.key_span(feature.raw, "node"),
                message,
                "Expected the number of a street's `a` or `b`.",
            );
        }
        index
    }

    fn gate(&mut self, feature: &Feature) {
        let id = self.id(feature, "gates");
        let name = self.text(feature, "name");
        let node = self.node_of(feature);
        let kind = self.text(feature, "kind");
        let persons = self.persons(feature);
        self.project(feature);
        if let (Some(id), Some(name), Some(node), Some(kind), Some(persons_per_hour)) = (id, name, node, kind, persons)
        {
            self.gate_spans.push(span_in(self.source, feature.raw));
            self.gates.push(Gate {
                id,
                name,
                node,
                kind,
                persons_per_hour,
            });
        }
    }

    fn persons(&mut self, feature: &Feature) -> Option<[[f64; 24]; 4]> {
        let span = self.key_span(feature.raw, "persons_per_hour");
        let Value::Object(days) = self.property(feature, "persons_per_hour")? else {
            self.problem(
                span,
                "`persons_per_hour` is not an object",
                "Expected `{ \"mon_thu\": [24 numbers], … }`.",
            );
            return None;
        };
        for day in days.keys().filter(|d| !DAY_TYPES.contains(&d.as_str())) {
            let help = nearest(day, DAY_TYPES).map_or(format!("Known: {}.", DAY_TYPES.join(", ")), |d| {
                format!("Did you mean `{d}`?")
            });
            self.problem(
                self.key_span(feature.raw, day),
                format!("`persons_per_hour` has an unknown day `{}`", shortened(day)),
                help,
            );
        }
        if !days.contains_key("mon_thu") {
            self.problem(
                span,
                "`persons_per_hour` has no `mon_thu`",
                "It is needed: days that are left out fall back to it.",
            );
            return None;
        }
        let mut persons = [[0.0; 24]; 4];
        let mut sound = true;
        for (row, day) in DAY_TYPES.into_iter().enumerate() {
            let Some(value) = days.get(day) else {
                persons[row] = persons[0];
                continue;
            };
            let hours: Vec<f64> = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect();
            let given = value.as_array().map_or(0, Vec::len);
            let in_range = hours.iter().all(|h| (0.0..=1e6).contains(h));
            match <[f64; 24]>::try_from(hours) {
                Ok(hours) if in_range && given == 24 => persons[row] = hours,
                _ => {
                    let message = format!("`{day}` of a gate's `persons_per_hour` is not 24 numbers from 0 to 1000000");
                    let help = format!(
                        "Expected persons entering in each clock hour from 00:00 to 23:00; it has {given} values."
                    );
                    self.problem(self.key_span(feature.raw, day), message, help);
                    sound = false;
                }
            }
        }
        sound.then_some(persons)
    }

    fn attractor(&mut self, feature: &Feature) {
        let id = self.id(feature, "attractors");
        let name = self.text(feature, "name");
        let node = self.node_of(feature);
        let weight = self.number(feature, "weight", 0.0..1e9, "");
        self.project(feature);
        if let (Some(id), Some(name), Some(node), Some(weight)) = (id, name, node, weight) {
            self.attractor_spans.push(span_in(self.source, feature.raw));
            self.attractors.push(Attractor { id, name, node, weight });
        }
    }

    fn mount(&mut self, feature: &Feature, kind: MountSite) {
        let id = self.id(feature, "lamps or van bays");
        if let Some(id) = id.as_ref().filter(|id| !is_kebab_case(id)) {
            let help = "Scenarios name it: use small letters a to z, digits and single hyphens, such as `old-compton-street-3`.";
            self.problem(
                self.key_span(feature.raw, "id"),
                format!("`{}` is not a usable id for a mount", shortened(id)),
                help,
            );
        }
        let surveyed = match feature.properties.get("surveyed") {
            Some(Value::Bool(surveyed)) => Some(*surveyed),
            _ => {
                let message = format!("{} does not say whether it was surveyed", called(&feature.kind));
                let help =
                    "Expected `\"surveyed\": true` for a position that was measured, false for one placed by rule.";
                self.problem(self.key_span(feature.raw, "surveyed"), message, help);
                None
            }
        };
        let street = match self.property(feature, "street") {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(_) => Some(String::new()),
            None => None,
        };
        let at = self.project(feature).map(|points| points[0]);
        let (Some(id), Some(surveyed), Some(street), Some(at)) = (id, surveyed, street, at) else {
            return;
        };
        let Some(&edge) = self.edge_numbers.get(&street) else {
            let message = format!(
                "`{}` is on no street: there is no street `{}`",
                shortened(&id),
                shortened(&street)
            );
            self.problem(
                self.key_span(feature.raw, "street"),
                message,
                "Expected the id of a street of this file that is sound itself.",
            );
            return;
        };
        let (away, along) = nearest_on_line(&self.edges[edge].line, at);
        if away > MOUNT_REACH_M {
            let message = format!(
                "`{}` lies {away:.0} m from its street `{}`",
                shortened(&id),
                shortened(&street)
            );
            let help = format!(
                "A mount lies within {MOUNT_REACH_M} m of its street: name the nearest street or correct the position."
            );
            self.problem(self.key_span(feature.raw, "street"), message, help);
            return;
        }
        let edge_length = self.edges[edge].length_m;
        let offset_m = along / line_length(&self.edges[edge].line) * edge_length;
        self.mounts.push(Mount {
            id,
            kind,
            edge,
            offset_m,
            at,
            surveyed,
        });
    }

    /// What can be said only of the file as a whole.
    fn whole(&mut self, span: &Range<usize>) {
        let missing = [
            (
                self.street_features,
                "no streets",
                "Add features with `\"feature\": \"street\"`.",
            ),
            (
                self.gate_features,
                "no gates: nobody could enter",
                "Add a feature with `\"feature\": \"gate\"` where people come from.",
            ),
            (
                self.attractor_features,
                "no attractors: nobody would have anywhere to go",
                "Add features with `\"feature\": \"attractor\"`.",
            ),
        ];
        for (_, what, help) in missing.into_iter().filter(|(count, ..)| *count == 0) {
            self.problem(span.clone(), format!("the place file has {what}"), help);
        }
        if self.gates.len() == self.gate_features
            && !self.gates.is_empty()
            && self
                .gates
                .iter()
                .all(|g| g.persons_per_hour.iter().flatten().all(|&h| h == 0.0))
        {
            let help = "Give at least one gate a number above 0 in `persons_per_hour`.";
            self.problem(span.clone(), "nobody enters at any gate", help);
        }
        self.unreachable();
    }

    /// Gates and attractors that cannot be reached from where most gates are.
    fn unreachable(&mut self) {
        // A street that was refused would cut the graph: speak of reachability only when every street was read.
        if self.edges.len() != self.street_features {
            return;
        }
        let component = components(self.nodes.len(), self.edges.iter().map(|e| (e.a, e.b)));
        let mut gates_in: BTreeMap<usize, usize> = BTreeMap::new();
        for gate in &self.gates {
            *gates_in.entry(component[gate.node]).or_default() += 1;
        }
        let Some((&main, _)) = gates_in
            .iter()
            .max_by_key(|(root, count)| (**count, std::cmp::Reverse(**root)))
        else {
            return;
        };
        let gates = self
            .gates
            .iter()
            .zip(&self.gate_spans)
            .map(|(g, s)| ("gate", &g.id, g.node, s));
        let attractors = self
            .attractors
            .iter()
            .zip(&self.attractor_spans)
            .map(|(a, s)| ("attractor", &a.id, a.node, s));
        let cut_off: Vec<(Range<usize>, String)> = gates
            .chain(attractors)
            .filter(|(_, _, node, _)| component[*node] != main)
            .map(|(what, id, _, span)| {
                (
                    span.clone(),
                    format!(
                        "{what} `{}` cannot be reached from the other gates: the streets are not connected",
                        shortened(id)
                    ),
                )
            })
            .collect();
        for (span, message) in cut_off {
            self.problem(
                span,
                message,
                "Join its streets to the others by a common node, or remove it.",
            );
        }
    }
}
