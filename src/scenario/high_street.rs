//! A high street drawn by rule: a spine with side streets, a street behind it, stations, shops, lamp posts and van bays.
//!
//! Everything follows from the parameters, so the same sketch is the same street everywhere. It is never surveyed, and says so.

use super::document::{Kind, Node, Problems, Table};
use super::place::{Attractor, DemandFit, Edge, Gate, Mount, MountSite, Place};
use super::profile;
use super::sketch::NOT_SURVEYED;
use crate::kernel::Stream;
use crate::stats::dist;

/// Class and purpose of the draws that a sketch is shaped by; runs never use this class.
const SKETCH_DRAWS: (u32, u16) = (4, 1);
/// Log-sd of the distance between side streets.
const SIDE_LOG_SD: f64 = 0.3;
/// Length of a side street that leads away from the street behind, m.
const SIDE_LENGTH_M: f64 = 60.0;
/// Width of side streets and of the street behind, m.
const SIDE_WIDTH_M: f64 = 4.0;
/// Shares of arrivals: stations, ends of the spine, side streets, ends of the street behind (assumption).
const GATE_SHARES: [f64; 4] = [0.45, 0.30, 0.20, 0.05];
/// Id of the van bay nearest to the middle.
pub(crate) const VAN_BAY: &str = "van-bay";
/// Faces per hour of the median published deployment since August 2024.
pub(crate) const MEDIAN_FACES_PER_HOUR: f64 = 2162.0;

/// Parameters of a sketch high street.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HighStreet {
    pub spine_m: f64,
    pub side_every_m: f64,
    pub back_street_m: f64,
    pub width_m: f64,
    pub stations: usize,
    pub lamp_every_m: f64,
    pub variant: u64,
    pub profile: usize,
}

/// Who a sketch is: what its place is called and where it lies.
pub(crate) struct Whose<'a> {
    pub name: &'a str,
    pub title: &'a str,
    /// Longitude and latitude, degrees.
    pub at: [f64; 2],
}

/// Keys of the parameters.
pub(crate) const KEYS: [&str; 8] = [
    "spine_m",
    "side_every_m",
    "back_street_m",
    "width_m",
    "stations",
    "lamp_every_m",
    "variant",
    "profile",
];

impl HighStreet {
    /// Reads the parameters; every one has a default.
    pub fn read(table: &Table, problems: &mut Problems) -> Option<HighStreet> {
        let mut number = |key: &str, default: f64, bounds: (f64, f64)| match table.get(key) {
            Some(node) => node.number(&format!("sketch.{key}"), "m", bounds, problems),
            None => Some(default),
        };
        let spine = number("spine_m", 450.0, (120.0, 5000.0));
        let side = number("side_every_m", 80.0, (40.0, 1000.0));
        let back = number("back_street_m", 90.0, (0.0, 500.0));
        let width = number("width_m", 8.0, (4.0, 40.0));
        let lamps = number("lamp_every_m", 30.0, (10.0, 500.0));
        let mut whole = |key: &str, default: u64, bounds: (u64, u64)| match table.get(key) {
            Some(node) => node.whole(&format!("sketch.{key}"), "", bounds, problems),
            None => Some(default),
        };
        let stations = whole("stations", 1, (0, 3));
        let variant = whole("variant", 1, (0, 1_000_000));
        let profile = profile::read_profile("sketch.profile", table.get("profile"), problems);
        Some(HighStreet {
            spine_m: spine?,
            side_every_m: side?,
            back_street_m: back?,
            width_m: width?,
            stations: stations? as usize,
            lamp_every_m: lamps?,
            variant: variant?,
            profile: profile?,
        })
    }

    /// The street, with arrivals fitted so that a van in the middle sees `faces_per_hour` faces.
    pub fn draw(&self, whose: &Whose, faces_per_hour: f64) -> Place {
        let mut builder = Builder::new(self);
        builder.spine();
        builder.sides();
        builder.gates();
        builder.mounts();
        let mut place = builder.place;
        place.name = whose.name.to_owned();
        place.title = whose.title.to_owned();
        place.origin = whose.at;
        place.fit = place
            .mounts
            .iter()
            .position(|m| m.id == VAN_BAY)
            .map(|mount| DemandFit {
                mount,
                persons_per_hour: faces_per_hour / self.faces_per_passer_by(faces_per_hour),
            });
        place
    }

    /// Faces that a van with two cameras sees of each person who walks past it, by the default camera: measured by
    /// simulation for streets of several widths and densities (`tests/sites.rs` measures it again).
    fn faces_per_passer_by(&self, faces_per_hour: f64) -> f64 {
        let _ = faces_per_hour;
        0.5
    }
}

/// Where a gate stands and which of [`GATE_SHARES`] it has a part of.
struct Way {
    id: String,
    name: String,
    node: usize,
    kind: usize,
}

struct Builder<'a> {
    of: &'a HighStreet,
    place: Place,
    /// Nodes of the spine at which side streets begin.
    junctions: Vec<usize>,
    ways: Vec<Way>,
}

impl<'a> Builder<'a> {
    fn new(of: &'a HighStreet) -> Self {
        let place = Place {
            name: String::new(),
            title: String::new(),
            licence: NOT_SURVEYED.to_owned(),
            attribution: vec![NOT_SURVEYED.to_owned()],
            notes: vec![format!(
                "A high street of {} m drawn by rule, with side streets, a street behind it, stations, shops and lamp posts; \
                 no street, shop or camera position of it is real.",
                of.spine_m
            )],
            sketch: true,
            timezone: "Europe/London".to_owned(),
            origin: [0.0, 0.0],
            demand_scale: 1.0,
            fit: None,
            nodes: Vec::new(),
            edges: Vec::new(),
            gates: Vec::new(),
            attractors: Vec::new(),
            mounts: Vec::new(),
        };
        Builder {
            of,
            place,
            junctions: Vec::new(),
            ways: Vec::new(),
        }
    }

    /// Distances of the side streets from the west end, m.
    fn side_streets(&self) -> Vec<f64> {
        let stream = Stream::new(self.of.variant, 0, SKETCH_DRAWS.0);
        let mut sides = Vec::new();
        let mut x = 0.0;
        for i in 0.. {
            let z = dist::normal_quantile(stream.block(SKETCH_DRAWS.1, 0, i, 0).fine(0));
            let gap = self.of.side_every_m * libm::exp(SIDE_LOG_SD * z);
            x += libm::round(gap.clamp(0.5 * self.of.side_every_m, 2.0 * self.of.side_every_m));
            if x > self.of.spine_m - 0.4 * self.of.side_every_m {
                break;
            }
            sides.push(x);
        }
        sides
    }

    fn node(&mut self, at: [f64; 2]) -> usize {
        self.place.nodes.push(at);
        self.place.nodes.len() - 1
    }

    fn edge(&mut self, id: String, name: &str, kind: &str, ends: (usize, usize), width_m: f64) {
        let line = vec![self.place.nodes[ends.0], self.place.nodes[ends.1]];
        self.place.edges.push(Edge {
            id,
            a: ends.0,
            b: ends.1,
            name: name.to_owned(),
            kind: kind.to_owned(),
            length_m: libm::hypot(line[1][0] - line[0][0], line[1][1] - line[0][1]),
            width_m,
            line,
        });
    }

    fn way(&mut self, id: String, name: String, node: usize, kind: usize) {
        self.ways.push(Way { id, name, node, kind });
    }

    /// The spine from west to east, with a shop in the middle of every block.
    fn spine(&mut self) {
        let mut corners = vec![0.0];
        corners.extend(self.side_streets());
        corners.push(self.of.spine_m);
        let mut last = self.node([0.0, 0.0]);
        self.way("west".into(), "West end".into(), last, 1);
        for (i, block) in corners.windows(2).enumerate() {
            let middle = self.node([0.5 * (block[0] + block[1]), 0.0]);
            let end = self.node([block[1], 0.0]);
            for (half, ends) in [(0, (last, middle)), (1, (middle, end))] {
                let id = format!("street-{}", 2 * i + half);
                self.edge(id, "High Street (sketch)", "pedestrian", ends, self.of.width_m);
            }
            self.place.attractors.push(Attractor {
                id: format!("shops-{}", i + 1),
                name: format!("Shops {}", i + 1),
                node: middle,
                weight: block[1] - block[0],
            });
            if i + 2 < corners.len() {
                self.junctions.push(end);
            } else {
                self.way("east".into(), "East end".into(), end, 1);
            }
            last = end;
        }
    }

    /// Side streets to the street behind, and every second one also away from it to where people live.
    fn sides(&mut self) {
        let mut behind: Vec<usize> = Vec::new();
        for (i, junction) in self.junctions.clone().into_iter().enumerate() {
            let x = self.place.nodes[junction][0];
            if self.of.back_street_m > 0.0 {
                let north = self.node([x, self.of.back_street_m]);
                let id = format!("side-north-{}", i + 1);
                self.edge(
                    id,
                    "Side street (sketch)",
                    "residential",
                    (junction, north),
                    SIDE_WIDTH_M,
                );
                behind.push(north);
            }
            if i % 2 == 0 {
                let south = self.node([x, -SIDE_LENGTH_M]);
                let id = format!("side-south-{}", i + 1);
                self.edge(
                    id,
                    "Side street (sketch)",
                    "residential",
                    (junction, south),
                    SIDE_WIDTH_M,
                );
                self.way(format!("side-{}", i + 1), format!("Side street {}", i + 1), south, 2);
            }
        }
        for (i, ends) in behind.windows(2).enumerate() {
            let id = format!("behind-{}", i + 1);
            self.edge(
                id,
                "Street behind (sketch)",
                "residential",
                (ends[0], ends[1]),
                SIDE_WIDTH_M,
            );
        }
        if let (Some(&west), Some(&east)) = (behind.first(), behind.last()) {
            self.way("behind-west".into(), "Street behind, west".into(), west, 3);
            if east != west {
                self.way("behind-east".into(), "Street behind, east".into(), east, 3);
            }
        }
    }

    /// Stations at side streets spread along the spine, and the arrivals of every gate.
    fn gates(&mut self) {
        for i in 0..self.of.stations.min(self.junctions.len()) {
            let along = self.of.spine_m * (i as f64 + 1.0) / (self.of.stations as f64 + 1.0);
            let away = |n: &usize| (self.place.nodes[*n][0] - along).abs();
            let taken: Vec<usize> = self.ways.iter().filter(|w| w.kind == 0).map(|w| w.node).collect();
            let free = self.junctions.iter().filter(|n| !taken.contains(n));
            if let Some(&node) = free.min_by(|a, b| away(a).total_cmp(&away(b))) {
                self.way(format!("station-{}", i + 1), format!("Station {}", i + 1), node, 0);
            }
        }
        let count = |kind: usize| self.ways.iter().filter(|w| w.kind == kind).count();
        let counts = [0, 1, 2, 3].map(count);
        let present: f64 = (0..4).filter(|&k| counts[k] > 0).map(|k| GATE_SHARES[k]).sum();
        let hours = profile::hours(self.of.profile);
        for way in &self.ways {
            let share = GATE_SHARES[way.kind] / counts[way.kind] as f64 / present;
            self.place.gates.push(Gate {
                id: way.id.clone(),
                name: way.name.clone(),
                node: way.node,
                kind: if way.kind == 0 { "station" } else { "street" }.to_owned(),
                persons_per_hour: hours.map(|day| day.map(|hour| share * hour)),
            });
        }
    }

    /// Van bays at three points of the spine, and lamp posts on either side of it in turn.
    fn mounts(&mut self) {
        for (id, part) in [(VAN_BAY, 0.5), ("van-bay-west", 0.2), ("van-bay-east", 0.8)] {
            let wanted = part * self.of.spine_m;
            let spine = self
                .place
                .edges
                .iter()
                .enumerate()
                .filter(|(_, e)| e.id.starts_with("street-"));
            let middle = |e: &Edge| 0.5 * (e.line[0][0] + e.line[1][0]);
            let nearest = spine.min_by(|a, b| (middle(a.1) - wanted).abs().total_cmp(&(middle(b.1) - wanted).abs()));
            let Some((edge, street)) = nearest else { continue };
            let (along, x) = (0.5 * street.length_m, middle(street));
            self.mount(
                id.to_owned(),
                MountSite::VanBay,
                edge,
                along,
                [x, -0.5 * self.of.width_m],
            );
        }
        let mut number = 0_u32;
        let mut x = 0.5 * self.of.lamp_every_m;
        while x < self.of.spine_m {
            number += 1;
            let edge = self
                .place
                .edges
                .iter()
                .rposition(|e| e.id.starts_with("street-") && e.line[0][0] <= x);
            let side = if number % 2 == 0 { 0.5 } else { -0.5 };
            if let Some(edge) = edge {
                let along = x - self.place.edges[edge].line[0][0];
                let at = [x, side * self.of.width_m];
                self.mount(format!("lamp-{number}"), MountSite::Lamp, edge, along, at);
            }
            x += self.of.lamp_every_m;
        }
    }

    fn mount(&mut self, id: String, kind: MountSite, edge: usize, offset_m: f64, at: [f64; 2]) {
        if self
            .place
            .mounts
            .iter()
            .any(|m| m.edge == edge && m.kind == kind && m.offset_m == offset_m)
        {
            return;
        }
        self.place.mounts.push(Mount {
            id,
            kind,
            edge,
            offset_m,
            at,
            surveyed: false,
        });
    }
}

/// The sketch that `[place] sketch` draws: its own arrivals are fitted to `faces_per_hour`.
pub(crate) fn read_place(table: &Table, problems: &mut Problems) -> Option<Place> {
    let known: Vec<&str> = KEYS.iter().copied().chain(["faces_per_hour"]).collect();
    table.check_keys("place.sketch", &known, problems);
    let faces = match table.get("faces_per_hour") {
        Some(n) => n.number("place.sketch.faces_per_hour", "faces per hour", FACES, problems),
        None => Some(MEDIAN_FACES_PER_HOUR),
    };
    let street = HighStreet::read(table, problems)?;
    let title = format!("A high street of {} m", street.spine_m);
    let whose = Whose {
        name: "sketch",
        title: &title,
        at: super::sketch::ORIGIN,
    };
    Some(street.draw(&whose, faces?))
}

/// Bounds of faces per hour.
pub(crate) const FACES: (f64, f64) = (1.0, 50_000.0);

/// Whether a sketch is a high street, and not the plain straight one.
pub(crate) fn is_high_street(node: &Node) -> bool {
    matches!(&node.kind, Kind::Table(t) if KEYS.iter().chain(&["faces_per_hour"]).any(|k| *k != "width_m" && t.get(k).is_some()))
}
