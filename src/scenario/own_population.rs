//! A population file for one's own street: the shipped crowd with the mix of a borough.

use super::boroughs::Boroughs;
use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::Problems;
use super::files::{BOROUGHS, POPULATIONS};
use super::plan::{Axes, Axis};

/// Share of passers-by who live in the borough; the others are like its region (assumption).
const RESIDENT_SHARE: f64 = 0.5;
/// The crowd whose speeds, ages and traits are kept.
const CROWD: &str = "london-passers-by";
/// The table of residents.
const TABLE: &str = "london-census-2021";

fn shipped(list: &'static [(&'static str, &'static str)], name: &str) -> &'static str {
    list.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| text)
}

/// The axes that the table of residents has, as its heading names them: "axis: level".
fn axes_of(table: &str) -> Axes {
    let mut axes: Vec<Axis> = Vec::new();
    for column in table.lines().next().unwrap_or("").split(',') {
        let Some((axis, level)) = column.split_once(": ") else {
            continue;
        };
        match axes.iter_mut().find(|a| a.name == axis) {
            Some(known) => known.levels.push(level.to_owned()),
            None => axes.push(Axis {
                name: axis.to_owned(),
                levels: vec![level.to_owned()],
            }),
        }
    }
    Axes(axes)
}

/// Names of the boroughs of the shipped table, without the regions.
pub fn boroughs() -> Vec<String> {
    let rows = shipped(BOROUGHS.shipped, TABLE).lines().skip(1);
    let of = rows.filter_map(|row| {
        let mut cells = row.split(',');
        let (name, region) = (cells.next()?, cells.next()?);
        (name != region && !name.is_empty()).then(|| name.to_owned())
    });
    of.collect()
}

/// A population file for streets of a borough, every share with its source.
///
/// # Errors
/// There is no such borough; the nearest name is told.
pub fn population_of(borough: &str) -> Result<String, Diagnostics> {
    let table = shipped(BOROUGHS.shipped, TABLE);
    let axes = axes_of(table);
    let mut problems = Problems::default();
    let source = Source::new(TABLE, table);
    let unreadable = || vec![Diagnostic::general("the table of residents cannot be read", "")];
    let all = Boroughs::read(&source, &axes, &mut problems).ok_or_else(unreadable)?;
    let Some(own) = all.find(borough) else {
        let help = match all.near(borough) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("one of {}", boroughs().join(", ")),
        };
        return Err(vec![Diagnostic::general(
            format!("there is no borough \"{borough}\""),
            help,
        )]);
    };
    let usual: Vec<Vec<f64>> = axes.0.iter().map(|a| vec![0.0; a.levels.len()]).collect();
    let mixed = all.passers_by(own, RESIDENT_SHARE, &usual);
    let title = format!("Passers-by of a street in {borough}");
    let mut text = String::new();
    for line in shipped(POPULATIONS.shipped, CROWD).lines() {
        let own = match line.split_once('=').map(|(key, _)| key.trim()) {
            _ if line.starts_with("# Derived") => Some(format!(
                "# Derived: half residents of {borough}, half the mix of {}, as the Census counted them.",
                own.region
            )),
            Some("title") => Some(format!("title = \"{title}\"")),
            Some("note") => {
                Some("note = \"Half borough residents, half the mix of the region; half is an assumption.\"".into())
            }
            _ if line.contains("derived from borough tables") => Some(format!(
                "  \"Shares of {borough}: derived from the Census table of residents that is shipped with Lamplight.\","
            )),
            _ => share_line(line, &axes, &mixed),
        };
        text += &own.unwrap_or_else(|| line.to_owned());
        text.push('\n');
    }
    Ok(text)
}

/// A line that gives the share of a level of the table, with the share of the mix.
fn share_line(line: &str, axes: &Axes, mixed: &[Vec<f64>]) -> Option<String> {
    let (before, _) = line.split_once("share = ")?;
    let name = before.split('"').nth(1)?;
    let of = axes.0.iter().zip(mixed).find_map(|(axis, shares)| {
        let place = axis.levels.iter().position(|l| l == name)?;
        let total: f64 = shares.iter().sum();
        // Ten-thousandths, the last level taking what rounding leaves.
        let rounded: Vec<f64> = shares.iter().map(|s| libm::round(1e4 * s / total)).collect();
        let rest = 1e4 - rounded.iter().sum::<f64>();
        Some(rounded[place] + if place + 1 == rounded.len() { rest } else { 0.0 })
    })?;
    Some(format!("{before}share = {:.4} }},", of / 1e4))
}
