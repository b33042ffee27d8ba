//! Who lives in each borough: a table of residents with shares of the levels of one or more axes, and the mix of passers-by
//! that follows from it.

use super::csv_table::CsvTable;
use super::diagnose::{Diagnostic, Source};
use super::document::{Problems, short, suggestion};
use super::plan::Axes;

/// How far shares may miss 1, because the published ones are rounded.
const TOLERANCE: f64 = 2e-3;

/// Residents of boroughs and of the regions around them.
pub(crate) struct Boroughs {
    rows: Vec<Borough>,
}

/// One borough, or a region (a row that is its own region).
pub(crate) struct Borough {
    pub name: String,
    pub region: String,
    pub residents: f64,
    /// For each axis of the crowd: shares of its levels, where the table has them.
    pub shares: Vec<Option<Vec<f64>>>,
}

impl Boroughs {
    /// Reads a table with the columns `borough`, `region`, `residents` and one for each level, named "axis: level".
    pub fn read(source: &Source, axes: &Axes, problems: &mut Problems) -> Option<Boroughs> {
        let known = ["borough", "region", "residents", "source"];
        let table = CsvTable::read(source, &known[..3], &known, |name| name.contains(": "), problems)?;
        let mut places: Vec<Vec<Option<usize>>> = Vec::new();
        for axis in &axes.0 {
            let of_level = |level: &String| table.column(&format!("{}: {level}", axis.name));
            let found: Vec<Option<usize>> = axis.levels.iter().map(of_level).collect();
            if found.iter().any(Option::is_some) && found.iter().any(Option::is_none) {
                let message = format!("the table lacks levels of axis \"{}\"", short(&axis.name));
                let wanted: Vec<String> = axis.levels.iter().map(|l| format!("{}: {l}", axis.name)).collect();
                let help = format!("give a column for each: {}", wanted.join(", "));
                problems.push(Diagnostic::at(source, 0..0, message, help));
                return None;
            }
            places.push(found);
        }
        let [name, region, residents] = [0, 1, 2].map(|i| table.column(known[i]));
        let (name, region, residents) = (name?, region?, residents?);
        let mut rows: Vec<Borough> = Vec::new();
        let mut lines = Vec::new();
        for row in &table.rows {
            let number = |column: usize| {
                row.at(column)
                    .parse::<f64>()
                    .ok()
                    .filter(|n| n.is_finite() && *n >= 0.0)
            };
            let Some(people) = number(residents).filter(|n| *n >= 1.0) else {
                problems.push(row.problem("`residents` is not a number of people", "at least 1"));
                continue;
            };
            let mut shares = Vec::new();
            for (axis, columns) in axes.0.iter().zip(&places) {
                let columns: Option<Vec<usize>> = columns.iter().copied().collect();
                let given: Option<Vec<f64>> = columns.and_then(|c| c.into_iter().map(number).collect());
                let sum: f64 = given.iter().flatten().sum();
                if given.is_some() && (sum - 1.0).abs() > TOLERANCE {
                    let message = format!("the shares of axis \"{}\" sum to {sum:.4}, not to 1", short(&axis.name));
                    problems.push(row.problem(message, "every resident is in exactly one level"));
                }
                shares.push(given.map(|g| g.iter().map(|s| s / sum).collect()));
            }
            if rows.iter().any(|r| r.name == row.at(name)) {
                let message = format!("\"{}\" appears twice", short(row.at(name)));
                problems.push(row.problem(message, "give each borough once"));
            }
            lines.push(row);
            rows.push(Borough {
                name: row.at(name).to_owned(),
                region: row.at(region).to_owned(),
                residents: people,
                shares,
            });
        }
        for (row, borough) in lines.into_iter().zip(&rows) {
            if !rows.iter().any(|r| r.name == borough.region) {
                let message = format!("the region \"{}\" has no row of its own", short(&borough.region));
                problems.push(row.problem(message, "add a row whose borough is that region"));
            }
        }
        Some(Boroughs { rows })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A borough by name.
    pub fn find(&self, name: &str) -> Option<&Borough> {
        self.rows.iter().find(|r| r.name == name)
    }

    /// The name nearest to a mistyped one.
    pub fn near(&self, name: &str) -> Option<&str> {
        suggestion(name, self.rows.iter().map(|r| r.name.as_str()))
    }

    /// Shares of passers-by of whom `resident_share` live in the borough and the others are like its region; an axis that the
    /// table does not have keeps the shares of `crowd`.
    pub fn passers_by(&self, borough: &Borough, resident_share: f64, crowd: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let region = self.find(&borough.region);
        let mix = |axis: usize, usual: &Vec<f64>| {
            let around = region.and_then(|r| r.shares[axis].as_ref());
            match (&borough.shares[axis], around) {
                (Some(own), Some(around)) => own
                    .iter()
                    .zip(around)
                    .map(|(own, around)| resident_share * own + (1.0 - resident_share) * around)
                    .collect(),
                _ => usual.clone(),
            }
        };
        crowd.iter().enumerate().map(|(axis, usual)| mix(axis, usual)).collect()
    }

    /// Residents of a borough in each group cell; axes that the table does not have are taken from `crowd`.
    pub fn residents_by_cell(&self, borough: &Borough, axes: &Axes, crowd: &[Vec<f64>]) -> Vec<f64> {
        let shares: Vec<Vec<f64>> = (borough.shares.iter().zip(crowd))
            .map(|(own, usual)| own.clone().unwrap_or_else(|| usual.clone()))
            .collect();
        let joint = axes.joint(&shares);
        joint.iter().map(|share| share * borough.residents).collect()
    }
}
