//! Calibrations: parameters fitted to a record, written by `lamplight calibrate` and named by scenarios.
//!
//! Values of a calibration stand between the registry's defaults and everything else: a matcher preset, the scenario and its
//! strategies may all set the same parameter anew.

use super::diagnose::Source;
use super::document::{Kind, Node, Problems, Table, listed, short, suggestion};
use super::files::{CALIBRATIONS, sha256};
use super::plan::Value;
use super::population::{open_table, required};
use super::registry::param;
use super::sections::{SECTIONS, section};
use super::values::{Setting, read_doubtful, read_section};
use std::path::Path;

/// A calibration as a scenario uses it.
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    pub name: String,
    pub title: String,
    pub hash: String,
    pub settings: Vec<Setting>,
}

/// What a plan remembers of its calibration.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrated {
    /// Name of the preset or file, and of the site if one was named.
    pub name: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of its text.
    pub hash: String,
    /// The fitted parameters with their values.
    pub values: Vec<(super::registry::ParamId, Value)>,
}

impl Calibration {
    pub fn remembered(&self) -> Calibrated {
        Calibrated {
            name: self.name.clone(),
            title: self.title.clone(),
            hash: self.hash.clone(),
            values: self.settings.iter().map(|s| (s.id, s.value)).collect(),
        }
    }
}

/// Reads `calibration = "name"` or `calibration = { preset = "name", site = "Woolwich" }`.
pub(crate) fn read_named(node: &Node, folder: &Path, problems: &mut Problems) -> Option<Calibration> {
    let (preset, site) = match &node.kind {
        Kind::Table(table) => {
            table.check_keys("calibration", &["preset", "site"], problems);
            (
                required(node, table, "calibration", "preset", problems)?,
                table.get("site"),
            )
        }
        _ => (node, None),
    };
    let file = CALIBRATIONS.open("calibration", preset, folder, problems)?;
    let (title, mut settings, sites) = read_calibration(&file.source, problems)?;
    let mut name = file.name;
    if let Some(site) = site {
        let wanted = site.text("calibration.site", problems)?;
        let matches = |full: &str| full == wanted || full.split_once(": ").is_some_and(|(_, short)| short == wanted);
        let Some((_, value, place)) = sites.into_iter().find(|(full, _, _)| matches(full)) else {
            problems.push(unknown_site(site, wanted, &file.source));
            return None;
        };
        name += &format!(", site {wanted}");
        settings.retain(|s| s.id != param::PREVALENCE);
        settings.push(Setting {
            id: param::PREVALENCE,
            value,
            node: place,
        });
    }
    Some(Calibration {
        name,
        title,
        hash: sha256(&file.source.text),
        settings,
    })
}

fn unknown_site(node: &Node, wanted: &str, source: &Source) -> super::diagnose::Diagnostic {
    let mut quiet = Problems::default();
    let names: Vec<String> = match read_calibration(source, &mut quiet) {
        Some((_, _, sites)) => sites.into_iter().map(|(full, _, _)| full).collect(),
        None => Vec::new(),
    };
    let short_names = names.iter().map(|n| n.split_once(": ").map_or(n.as_str(), |(_, s)| s));
    let help = match suggestion(wanted, short_names.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("sites: {}", listed(&short_names.take(12).collect::<Vec<_>>())),
    };
    node.problem(format!("the calibration knows no site \"{}\"", short(wanted)), help)
}

/// A site's name and the presence of sought people fitted to it.
type SiteValue = (String, Value, Node);

/// Reads a calibration: its title, its parameters, its sites.
pub(crate) fn read_calibration(
    source: &Source,
    problems: &mut Problems,
) -> Option<(String, Vec<Setting>, Vec<SiteValue>)> {
    let known: Vec<&str> = SECTIONS.iter().copied().chain(["fitted", "site"]).collect();
    let (table, header) = open_table(source, &known, problems)?;
    match table.get("fitted") {
        Some(node) => {
            let keys = [
                "record",
                "record_sha256",
                "until",
                "rows",
                "seed",
                "version",
                "simulated",
                "command",
            ];
            node.table("fitted", problems)?.check_keys("fitted", &keys, problems);
        }
        None => {
            let message = "a calibration must say in [fitted] what it was fitted to";
            let help = "lamplight calibrate writes such files";
            problems.push(super::diagnose::Diagnostic::at(source, 0..0, message, help));
        }
    }
    let mut settings = Vec::new();
    for name in SECTIONS {
        if let Some(section) = section(&table, name, problems) {
            settings.extend(read_section(name, section, &[], problems));
        }
    }
    let sites = match table.get("site") {
        Some(node) => read_sites(node, problems)?,
        None => Vec::new(),
    };
    Some((header.title, settings, sites))
}

fn read_sites(node: &Node, problems: &mut Problems) -> Option<Vec<SiteValue>> {
    let keys = [
        "name",
        "deployments",
        "prevalence",
        "faces_per_hour",
        "alerts",
        "alerts_per_1000",
        "arrests_per_alert",
    ];
    let mut sites = Vec::new();
    for site in node.list("site", 100_000, problems)? {
        let table: &Table = site.table("site", problems)?;
        table.check_keys("site", &keys, problems);
        let name = required(site, table, "site", "name", problems)?.text("site.name", problems)?;
        let value = required(site, table, "site", "prevalence", problems)?;
        let prevalence = read_doubtful("site.prevalence", "per visit", (0.0, 1.0), value, problems)?;
        sites.push((name.to_owned(), prevalence, value.clone()));
    }
    Some(sites)
}
