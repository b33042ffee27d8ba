//! Turns street data into a place file: OpenStreetMap (`.osm.pbf`, `.osm`) or a GeoJSON network becomes streets, gates, attractors and mounts.
//!
//! Reading ([`osm_pbf`], [`osm_xml`], [`geojson_network`]) yields links in degrees; [`streets`] cuts them to the box and simplifies them; [`gates`],
//! [`attractors`] and [`mounts`] add what the data knows and, by rules that are noted in the file, what it does not. `docs/import.md` states the rules.
//! Nothing here depends on the order of the input or on a clock: the same files and options give the same bytes.

mod assumptions;
mod attractors;
mod gates;
mod geojson_network;
mod mounts;
mod names;
mod osm;
mod osm_pbf;
mod osm_xml;
mod streets;
mod tables;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::scenario::diagnose::{Diagnostic, Diagnostics, Source};
use crate::scenario::place::Place;
use crate::scenario::place_file::{Projection, read_place, write_place};

use streets::Streets;

/// What to import and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// West, south, east and north edge in degrees; without it, the box in the file's header, or the one that holds the middle 96 % of its nodes each way.
    pub bbox: Option<[f64; 4]>,
    /// Short name of the place; without it, the file's name.
    pub name: Option<String>,
    /// Title for readers; without it, the name.
    pub title: Option<String>,
    /// IANA time zone.
    pub timezone: String,
    /// Licence of the street data; OpenStreetMap is named as its source if it is the ODbL.
    pub licence: String,
    /// Attribution lines of the other inputs (station counts, lamp posts), as their licences ask.
    pub attribution: Vec<String>,
    /// Notes to put before the importer's own.
    pub notes: Vec<String>,
    /// CSV of persons leaving each station by day type and clock hour (`station, day, dir, h00 … h23`).
    pub stations: Option<PathBuf>,
    /// CSV files of station positions (`station, lon, lat`).
    pub station_locations: Vec<PathBuf>,
    /// CSV of lamp posts (`lon, lat`).
    pub lamps: Option<PathBuf>,
    /// Distance between lamp posts where none are known, m.
    pub lamp_spacing_m: f64,
    /// Factor of the persons who walk in over the edge of the box.
    pub boundary_scale: f64,
}

impl Default for ImportOptions {
    fn default() -> Self {
        ImportOptions {
            bbox: None,
            name: None,
            title: None,
            timezone: "Europe/London".into(),
            licence: "ODbL 1.0".into(),
            attribution: Vec::new(),
            notes: Vec::new(),
            stations: None,
            station_locations: Vec::new(),
            lamps: None,
            lamp_spacing_m: 30.0,
            boundary_scale: 1.0,
        }
    }
}

/// A box in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bbox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Bbox {
    fn holds(&self, [lon, lat]: [f64; 2]) -> bool {
        (self.west..=self.east).contains(&lon) && (self.south..=self.north).contains(&lat)
    }
    /// The box with every edge moved outward by `share` of its extent (inward if negative).
    fn widened(&self, share: f64) -> Bbox {
        let (dx, dy) = ((self.east - self.west) * share, (self.north - self.south) * share);
        Bbox {
            west: self.west - dx,
            south: self.south - dy,
            east: self.east + dx,
            north: self.north + dy,
        }
    }
    fn around(points: impl IntoIterator<Item = [f64; 2]>) -> Option<Bbox> {
        points.into_iter().fold(None, |found: Option<Bbox>, [lon, lat]| {
            let b = found.unwrap_or(Bbox {
                west: lon,
                south: lat,
                east: lon,
                north: lat,
            });
            Some(Bbox {
                west: b.west.min(lon),
                south: b.south.min(lat),
                east: b.east.max(lon),
                north: b.north.max(lat),
            })
        })
    }
    /// The box that holds the middle 96 % of the points in each direction: stray ends of long ways lie outside, and streets cross its edge.
    fn middle_of(points: &[[f64; 2]]) -> Option<Bbox> {
        let middle = |axis: usize| {
            let mut values: Vec<f64> = points.iter().map(|p| p[axis]).collect();
            values.sort_by(f64::total_cmp);
            let cut = values.len() / 50;
            Some((*values.get(cut)?, *values.get(values.len() - 1 - cut)?))
        };
        let ((west, east), (south, north)) = (middle(0)?, middle(1)?);
        Some(Bbox {
            west,
            south,
            east,
            north,
        })
    }
    fn centre(&self) -> [f64; 2] {
        [
            six_decimals((self.west + self.east) / 2.0),
            six_decimals((self.south + self.north) / 2.0),
        ]
    }
}

impl std::fmt::Display for Bbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [w, s, e, n] = [self.west, self.south, self.east, self.north].map(six_decimals);
        write!(f, "{w},{s},{e},{n}")
    }
}

/// Widest box that is taken for a place, degrees.
const WIDEST_DEG: f64 = 0.2;

fn six_decimals(degrees: f64) -> f64 {
    libm::round(degrees * 1e6) / 1e6
}

/// A stretch of street between two nodes of the data, in degrees.
#[derive(Clone, Debug, PartialEq)]
struct Link {
    a: i64,
    b: i64,
    name: String,
    kind: String,
    line: Vec<[f64; 2]>,
}

/// A named point of the data, in degrees.
#[derive(Clone, Debug, PartialEq)]
struct NamedPoint {
    name: String,
    at: [f64; 2],
}

/// What an input file knows.
#[derive(Clone, Debug, Default)]
struct Network {
    links: Vec<Link>,
    /// Nodes at which a way goes on beyond the data.
    gap_ends: BTreeSet<i64>,
    /// Shops, restaurants and other places that people visit.
    shops: Vec<[f64; 2]>,
    lamps: Vec<[f64; 2]>,
    stations: Vec<NamedPoint>,
    station_entrances: Vec<NamedPoint>,
    bus_stops: Vec<NamedPoint>,
    notes: Vec<String>,
}

/// Imports a place from `path`. Returns it with the notes that are also in its file.
///
/// # Errors
/// Every problem found in the inputs, each with its place in the file, if it has one, and a hint.
pub fn import(path: &Path, options: &ImportOptions) -> Result<(Place, Vec<String>), Diagnostics> {
    let wanted = check(options)?;
    let (network, bbox) = read_network(path, wanted)?;
    if bbox.east - bbox.west > WIDEST_DEG || bbox.north - bbox.south > WIDEST_DEG {
        let help = "A place is a district of a few square kilometres: give a smaller --bbox west,south,east,north.";
        return Err(vec![Diagnostic::general(
            format!("the box {bbox} is wider than {WIDEST_DEG} degrees"),
            help,
        )]);
    }
    let projection = Projection::new(bbox.centre());
    let lamp_table = options.lamps.as_deref().map(tables::read_lamps).transpose()?;
    let stations = tables::read_stations(options.stations.as_deref(), &options.station_locations)?;

    let mut notes = options.notes.clone();
    notes.push(format!("Streets cut to the box {bbox} (west, south, east, north)."));
    if wanted.is_none() {
        notes.push("No box was asked for: the box is the input's own.".into());
    }
    notes.extend(network.notes.iter().cloned());
    let streets = Streets::build(&network, &bbox, &projection, &mut notes);
    if streets.edges.is_empty() {
        let extent = Bbox::around(network.links.iter().flat_map(|l| l.line.iter().copied()));
        let help = match extent {
            Some(extent) => format!(
                "The walkable streets of the file lie in {extent} (west,south,east,north): give a --bbox inside it."
            ),
            None => "The file has no walkable street (highway = footway, pedestrian, residential and the like).".into(),
        };
        return Err(vec![Diagnostic::general(
            format!("no walkable street of `{}` lies in the box {bbox}", path.display()),
            help,
        )]);
    }
    notes.push(assumptions::WIDTH_NOTE.into());

    let gates = gates::gates(
        &streets,
        &network,
        stations.as_ref(),
        &bbox,
        &projection,
        options,
        &mut notes,
    );
    if gates.is_empty() {
        let help = "Gates are streets that cross the box's edge, and stations inside it. Give a --bbox a little smaller than the data, or --stations.";
        return Err(vec![Diagnostic::general(
            "the place would have no gates: nobody could enter",
            help,
        )]);
    }
    let counted = stations.as_ref().map_or(&[][..], |s| &s.known);
    let attractors = attractors::attractors(&streets, &network.shops, counted, &bbox, &projection, &mut notes);
    let known_lamps: Vec<[f64; 2]> = network
        .lamps
        .iter()
        .chain(lamp_table.iter().flatten())
        .copied()
        .collect();
    let mounts = mounts::mounts(
        &streets,
        &known_lamps,
        &bbox,
        &projection,
        options.lamp_spacing_m,
        &mut notes,
    );

    let name = options.name.clone().unwrap_or_else(|| stem(path));
    let mut attribution = options.attribution.clone();
    if options.licence.starts_with("ODbL") {
        attribution.insert(0, assumptions::OSM_ATTRIBUTION.into());
    }
    if options.attribution.is_empty() && (options.stations.is_some() || options.lamps.is_some()) {
        notes.push(
            "No attribution was given for the station counts or lamp posts: their licence may ask for one.".into(),
        );
    }
    attribution.push(assumptions::HOURS_ATTRIBUTION.into());
    let place = Place {
        title: options.title.clone().unwrap_or_else(|| name.clone()),
        name,
        licence: options.licence.clone(),
        attribution,
        notes: notes.clone(),
        sketch: false,
        timezone: options.timezone.clone(),
        origin: bbox.centre(),
        demand_scale: 1.0,
        fit: None,
        nodes: streets.nodes.iter().map(|n| n.at).collect(),
        edges: streets.edges,
        gates,
        attractors,
        mounts,
    };
    // What is handed on is exactly what the written file says, and has passed the same checks.
    let text = write_place(&place);
    read_place(&Source::new(&format!("{} (as imported)", path.display()), &text)).map(|place| (place, notes))
}

fn check(options: &ImportOptions) -> Result<Option<Bbox>, Diagnostics> {
    let mut problems = Vec::new();
    if let Some([west, south, east, north]) = options.bbox {
        let finite = [west, south, east, north].iter().all(|v| v.is_finite());
        if !finite || west >= east || south >= north || west < -180.0 || east > 180.0 || south < -85.0 || north > 85.0 {
            problems.push(Diagnostic::general(
                format!("the box {west},{south},{east},{north} is not west,south,east,north in degrees"),
                "For example --bbox -0.1475,51.5075,-0.1255,51.5185",
            ));
        }
    }
    if !(5.0..=1000.0).contains(&options.lamp_spacing_m) {
        problems.push(Diagnostic::general(
            format!("a lamp spacing of {} m is out of range", options.lamp_spacing_m),
            "Expected 5 to 1000 m.",
        ));
    }
    if !(0.0..=1000.0).contains(&options.boundary_scale) {
        problems.push(Diagnostic::general(
            format!("a boundary scale of {} is out of range", options.boundary_scale),
            "Expected 0 to 1000.",
        ));
    }
    if options.stations.is_some() && options.station_locations.is_empty() {
        problems.push(Diagnostic::general(
            "--stations has counts but no positions",
            "Give the stations' positions with --station-locations FILE.csv (columns station, lon, lat).",
        ));
    }
    match problems.is_empty() {
        true => Ok(options.bbox.map(|[west, south, east, north]| Bbox {
            west,
            south,
            east,
            north,
        })),
        false => Err(problems),
    }
}

fn read_network(path: &Path, bbox: Option<Bbox>) -> Result<(Network, Bbox), Diagnostics> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    if name.ends_with(".pbf") {
        osm::collect(&|visit| osm_pbf::scan(path, visit), path, bbox)
    } else if name.ends_with(".osm") || name.ends_with(".xml") {
        let source = osm_xml::open(path)?;
        osm::collect(&|visit| osm_xml::scan(&source, visit), path, bbox)
    } else if name.ends_with(".geojson") || name.ends_with(".json") {
        geojson_network::read(path, bbox)
    } else {
        Err(vec![Diagnostic::general(
            format!("cannot tell what `{}` is from its ending", path.display()),
            "Expected .osm.pbf, .osm, .xml (OpenStreetMap) or .geojson (a street network). Unpack .gz and .bz2 first.",
        )])
    }
}

/// The file's name without its endings, as a place's name.
fn stem(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let slug = names::slug(name.split('.').next().unwrap_or_default());
    if slug.is_empty() { "place".into() } else { slug }
}
