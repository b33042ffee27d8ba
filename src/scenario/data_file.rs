//! Population, watchlist and matcher files, sets of sites, calendars and tables of residents checked on their own, before any scenario names them.

use super::boroughs::Boroughs;
use super::calendar_file::check_calendar;
use super::calibration_file::read_calibration;
use super::diagnose::Diagnostics;
use super::document::{Kind, Node, Problems, Table, parse};
use super::files::DEFAULT_POPULATION;
use super::files::{DataFile, POPULATIONS, open_scenario};
use super::matcher_file::read_matcher;
use super::plan::{Axes, Axis};
use super::population::{People, of_axes, read_population};
use super::rates_file::read_rates;
use super::regime::read_regime;
use super::site_file::read_sites;
use super::watchlist_file::read_watchlist;
use std::path::Path;

/// What a `.toml` file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A scenario, or nothing that can be told.
    Scenario,
    /// A crowd.
    Population,
    /// The composition of a watchlist.
    Watchlist,
    /// A matcher table.
    Matcher,
    /// A set of sites.
    Sites,
    /// A study of a scenario.
    Study,
    /// A search for placements and settings.
    Optimisation,
    /// Parameters fitted to a record.
    Calibration,
    /// A regime.
    Regime,
    /// Rates of retrospective searches.
    Rates,
}

/// Checks a data file by itself; `Ok(Scenario)`, `Ok(Study)` and `Ok(Optimisation)` mean that it is none and should be loaded as what it is.
///
/// A watchlist and a matcher table speak of the axes of a crowd. Alone, they are read for the axes and levels they name;
/// whether a crowd has those is checked with the scenario that brings the two together.
///
/// # Errors
/// Every problem of the file.
pub fn check_data_file(path: &Path) -> Result<FileKind, Diagnostics> {
    let source = open_scenario(path)?;
    // A file that is not TOML is reported by whoever loads it as a scenario.
    let Some(root) = parse(&source, &mut Problems::default()) else {
        return Ok(FileKind::Scenario);
    };
    let kind = kind_of(&root);
    let mut problems = Problems::default();
    let own = || DataFile {
        name: source.name.to_string(),
        source: source.clone(),
        shipped: false,
    };
    match kind {
        FileKind::Scenario | FileKind::Sites | FileKind::Study | FileKind::Optimisation => {}
        FileKind::Population => {
            read_population(&source, &mut problems);
        }
        FileKind::Watchlist => {
            if let Some(people) = of_axes(axes_named(&root), &mut problems) {
                read_watchlist(&source, None, &people, &mut problems);
            }
        }
        FileKind::Calibration => {
            read_calibration(&source, &mut problems);
        }
        FileKind::Regime => {
            read_regime(&source, &mut problems);
        }
        FileKind::Rates => {
            read_rates(&own(), &mut problems);
        }
        FileKind::Matcher => {
            let file = own();
            if let Some(people) = of_axes(axes_named(&root), &mut problems) {
                read_matcher(&file, &people.axes, &mut problems);
            }
        }
    }
    if let (FileKind::Sites, Some(people)) = (kind, usual_people(&mut problems)) {
        read_sites(&source, None, &people, &[], &mut problems);
    }
    if problems.is_empty() {
        Ok(kind)
    } else {
        Err(problems.sorted(&source))
    }
}

/// A crowd with the axes that the shipped tables speak of.
fn usual_people(problems: &mut Problems) -> Option<People> {
    read_population(&POPULATIONS.preset(DEFAULT_POPULATION)?.source, problems)
}

/// Checks a calendar or a table of residents by itself, and says how many rows it has; `None` means that the file is neither.
///
/// A calendar alone is read for the sites that it names; whether a programme has them is checked with the scenario.
///
/// # Errors
/// Every problem of the file.
pub fn check_csv_file(path: &Path) -> Option<Result<(&'static str, usize), Diagnostics>> {
    let source = open_scenario(path).ok()?;
    let header = source
        .text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap_or_default();
    let columns: Vec<&str> = header.split(',').map(|c| c.trim().trim_matches('"')).collect();
    let has = |column: &str| columns.contains(&column);
    let mut problems = Problems::default();
    let found = if has("borough") && has("residents") {
        let people = usual_people(&mut problems)?;
        let boroughs = Boroughs::read(&source, &people.axes, &mut problems);
        ("table of residents", boroughs.map_or(0, |b| b.len()))
    } else if has("date") && has("site") && !has("force") {
        ("calendar", check_calendar(&source, &mut problems))
    } else {
        return None;
    };
    Some(match problems.is_empty() {
        true => Ok(found),
        false => Err(problems.sorted(&source)),
    })
}

/// Tells a file by the keys that only one kind has.
fn kind_of(root: &Table) -> FileKind {
    let has = |keys: &[&str]| keys.iter().any(|k| root.get(k).is_some());
    let axis_has = |keys: &[&str]| axes(root).any(|axis| keys.iter().any(|k| axis.get(k).is_some()));
    if has(&["place", "strategy", "programme"]) {
        FileKind::Scenario
    } else if has(&["fitted"]) {
        FileKind::Calibration
    } else if has(&["site"]) {
        FileKind::Sites
    } else if has(&["optimise"]) {
        FileKind::Optimisation
    } else if has(&["design", "parameter"]) {
        FileKind::Study
    } else if has(&["candidates"]) {
        FileKind::Rates
    } else if has(&["regime"]) {
        FileKind::Regime
    } else if has(&["reason"]) {
        FileKind::Watchlist
    } else if has(&["trait"]) || axis_has(&["level"]) {
        FileKind::Population
    } else if has(&["cell", "set", "reference_mean"]) || axis_has(&["multiplier", "unlike", "genuine_shift"]) {
        FileKind::Matcher
    } else {
        FileKind::Scenario
    }
}

fn axes(root: &Table) -> impl Iterator<Item = &Table> {
    tables(root.get("axis"))
}

/// The tables of a list.
fn tables(node: Option<&Node>) -> impl Iterator<Item = &Table> {
    let list = match node.map(|n| &n.kind) {
        Some(Kind::List(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|n| match &n.kind {
        Kind::Table(table) => Some(table),
        _ => None,
    })
}

/// The axes and levels that a watchlist or a matcher table names.
fn axes_named(root: &Table) -> Axes {
    let mut named: Vec<Axis> = Vec::new();
    let mut note = |name: &str, level: Option<&str>| {
        let at = named.iter().position(|a| a.name == name).unwrap_or_else(|| {
            named.push(Axis {
                name: name.to_owned(),
                levels: Vec::new(),
            });
            named.len() - 1
        });
        if let Some(level) = level.filter(|l| !named[at].levels.iter().any(|known| known == l)) {
            named[at].levels.push(level.to_owned());
        }
    };
    for axis in axes(root) {
        let Some(Kind::Text(name)) = axis.get("name").map(|n| &n.kind) else {
            continue;
        };
        note(name, None);
        for key in ["shares", "multiplier", "genuine_shift"] {
            if let Some(Kind::Table(levels)) = axis.get(key).map(|n| &n.kind) {
                levels.0.iter().for_each(|entry| note(name, Some(&entry.key)));
            }
        }
    }
    for cell in tables(root.get("cell")) {
        if let Some(Kind::Table(place)) = cell.get("where").map(|n| &n.kind) {
            for entry in &place.0 {
                match &entry.value.kind {
                    Kind::Text(level) => note(&entry.key, Some(level)),
                    Kind::List(list) => list.iter().for_each(|n| {
                        if let Kind::Text(level) = &n.kind {
                            note(&entry.key, Some(level));
                        }
                    }),
                    _ => {}
                }
            }
        }
    }
    // An axis of which only likeness is told still has people on it.
    for axis in named.iter_mut().filter(|a| a.levels.is_empty()) {
        axis.levels.push("any".to_owned());
    }
    Axes(named)
}
