//! Facts to terminal, SVG and HTML. Nothing here computes: every figure arrives ready, and is only rounded and laid out.

mod answer;
mod bears;
mod burdens;
mod canvas;
mod charts;
mod csv_table;
pub mod evidence;
mod folded;
mod gather;
mod grid;
mod latex;
mod ledger;
mod lines;
mod markdown;
pub mod odd;
pub mod optimise;
mod page;
mod png;
mod published;
mod rows;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_answers;
mod sensitivity;
mod settled;
mod story;
mod sure;
mod terminal;
mod words;

use crate::experiment::Curves;
use crate::experiment::explain::Story;
use crate::experiment::summary::Summary;
use std::io::Write as _;
use std::path::Path;

pub use burdens::burdens;
pub use charts::{Chart, charts};
pub use csv_table::csv;
pub use folded::table;
pub use gather::facts;
pub use latex::latex;
pub use markdown::markdown;
pub use page::html;
pub use sensitivity::{
    sensitivity_charts, sensitivity_csv, sensitivity_latex, sensitivity_markdown, sensitivity_table,
};
pub use settled::{Panel, panels};
pub use story::{markdown as story_markdown, terminal as story_terminal};
pub use terminal::{full, ledger};

/// Everything a reader may be told about a comparison, already computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The figures.
    pub summary: Summary,
    /// Every parameter, with what it was and where it comes from.
    pub assumptions: Vec<Assumption>,
    /// Sources of the scenario, its people and its place.
    pub sources: Vec<String>,
    /// Attribution that data licences ask to be shown.
    pub attribution: Vec<String>,
    /// Title of the place.
    pub place_title: String,
    /// Things to know about the place.
    pub place_notes: Vec<String>,
    /// Whether the streets are a sketch and not surveyed.
    pub sketch: bool,
    /// What made the result, as name and value; the entry named `command` reproduces it.
    pub provenance: Vec<(String, String)>,
    /// What each metric is.
    pub metric_rows: Vec<MetricDoc>,
    /// Metric ids from the widest part of the funnel to the narrowest.
    pub funnel: Vec<String>,
    /// What the model leaves out.
    pub not_modelled: Vec<String>,
    /// Streets, gates and cameras to draw.
    pub map: Option<MapFacts>,
    /// Scores and errors by group.
    pub curves: Option<Curves>,
    /// The story of one alert.
    pub story: Option<Story>,
    /// What each strategy's figures rest on, in the order of the strategies.
    pub evidence: Vec<String>,
}

/// One parameter as a reader sees it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Assumption {
    /// Dotted key.
    pub key: String,
    /// Value used (the central value where it is drawn).
    pub value: String,
    /// Unit, or empty.
    pub unit: String,
    /// Allowed range, or the prior it is drawn from.
    pub range_or_prior: String,
    /// Where the value comes from: "record", "published", "assumption", ...
    pub label: String,
    /// What the parameter does.
    pub doc: String,
    /// Citation or derivation.
    pub source: String,
    /// Whether it was drawn anew for each plausible world.
    pub drawn: bool,
    /// Strategies that set it differently, with their value.
    pub differs: Vec<(String, String)>,
}

/// What a metric is.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct MetricDoc {
    /// Id, as in `summary.json`.
    pub id: String,
    /// Title for readers.
    pub title: String,
    /// Unit, for example "per deployment", "per face" or "share of alerts".
    pub unit: String,
    /// Definition.
    pub definition: String,
    /// What is counted.
    pub numerator: String,
    /// What it is divided by.
    pub denominator: String,
    /// Whether it is a whole number in one deployment.
    pub integer: bool,
}

/// What the map shows. Positions are metres east and north of any common origin.
#[derive(Clone, Debug, PartialEq)]
pub struct MapFacts {
    /// Streets.
    pub streets: Vec<StreetFacts>,
    /// Gates by name.
    pub gates: Vec<(String, [f64; 2])>,
    /// Cameras of each strategy.
    pub cameras: Vec<(String, Vec<CameraFacts>)>,
}

/// One street of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct StreetFacts {
    /// Points along it, m.
    pub points: Vec<[f64; 2]>,
    /// Expected persons an hour, both directions.
    pub flow_persons_per_hour: f64,
    /// Footway width, m.
    pub width_m: f64,
}

/// One camera of the map.
#[derive(Clone, Debug, PartialEq)]
pub struct CameraFacts {
    /// Name of the mount.
    pub name: String,
    /// Metres east.
    pub x: f64,
    /// Metres north.
    pub y: f64,
    /// Direction of view, degrees clockwise from north.
    pub heading_deg: f64,
    /// How far it sees, m.
    pub range_m: f64,
    /// Horizontal field of view, degrees.
    pub hfov_deg: f64,
    /// "van", "lamp", ...
    pub kind: String,
}

/// Why a report could not be made. Neither happens for facts made from a plan: both are faults of this room.
#[derive(Debug)]
pub enum Error {
    /// A chart could not be drawn.
    Chart(String),
    /// The page could not be filled in.
    Page(minijinja::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Chart(why) => write!(f, "a chart could not be drawn: {why}"),
            Error::Page(why) => write!(f, "the report page could not be filled in: {why}"),
        }
    }
}

impl std::error::Error for Error {}

impl Facts {
    /// What a metric is, if it was described.
    fn doc(&self, id: &str) -> Option<&MetricDoc> {
        self.metric_rows.iter().find(|m| m.id == id)
    }

    /// Title of a metric; its id with spaces where it was not described.
    fn title(&self, id: &str) -> String {
        self.doc(id).map_or_else(|| words::spaced(id), |m| m.title.clone())
    }

    /// Unit of a metric: what its estimates say, else its description.
    fn unit(&self, id: &str) -> String {
        let told = self
            .summary
            .strategies
            .iter()
            .find_map(|s| s.metrics.get(id))
            .map(|e| e.unit.clone());
        told.or_else(|| self.doc(id).map(|m| m.unit.clone()))
            .unwrap_or_default()
    }

    /// Names of the group axes, in the order met.
    fn axes(&self) -> Vec<String> {
        rows::axes(self)
    }

    /// A named line of the provenance.
    fn provenance_of(&self, name: &str) -> Option<&str> {
        self.provenance.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The words under every picture.
    fn stamp(&self) -> String {
        let s = &self.summary;
        let own = match s.stamp.as_str() {
            "" => String::new(),
            text => format!("{text} · "),
        };
        let mut stamp = format!(
            "{own}{} · {} · {} replications · seed {} · uncertainty {}",
            s.label, s.scenario, s.replications, s.seed, s.uncertainty
        );
        if let Some(version) = self.provenance_of("version") {
            stamp.push_str(" · ");
            stamp.push_str(version);
        }
        stamp
    }
}

/// Writes `charts/*.svg`, `charts/*.png` and `report.html` into `folder`, each under a temporary name first, so that none is ever half written.
///
/// # Errors
/// When a file cannot be written; the message names the file.
pub fn write(facts: &Facts, folder: &Path) -> std::io::Result<()> {
    let drawn = charts(facts).map_err(std::io::Error::other)?;
    let page = page::page(facts, &drawn).map_err(std::io::Error::other)?;
    let pictures = folder.join("charts");
    std::fs::create_dir_all(&pictures).map_err(|e| named(&pictures, &e))?;
    for chart in &drawn {
        let png = chart.drawing.png().map_err(std::io::Error::other)?;
        replace(
            &pictures.join(format!("{}.svg", chart.name)),
            chart.drawing.svg.as_bytes(),
        )?;
        replace(&pictures.join(format!("{}.png", chart.name)), &png)?;
    }
    replace(&folder.join("report.html"), page.as_bytes())
}

/// Writes a file under a temporary name and renames it into place.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)
    };
    write().map_err(|e| {
        let _ = std::fs::remove_file(&part);
        named(path, &e)
    })
}

/// The same error with the file it is about.
fn named(path: &Path, e: &std::io::Error) -> std::io::Error {
    std::io::Error::new(e.kind(), format!("{}: {e}", path.display()))
}
