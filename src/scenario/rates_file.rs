//! How often a retrospective search brings up a look-alike, by group: a small data file.

use super::diagnose::{Diagnostic, Diagnostics};
use super::document::{Node, Problems};
use super::files::{DataFile, RETROSPECTIVE};
use super::plan::Axis;
use super::population::{open_table, required};

/// The rates used when the scenario names none.
pub(crate) const DEFAULT_RATES: &str = "pnd-2025";

/// Rates by the levels of one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateRates {
    /// Name of the file.
    pub name: String,
    /// Title of the file.
    pub title: String,
    /// Where its figures come from.
    pub sources: Vec<String>,
    /// The axis that it speaks of.
    pub axis: String,
    /// By level: chance that a search of somebody who is not in the gallery brings up a look-alike.
    pub rates: Vec<(String, f64)>,
}

impl CandidateRates {
    /// A shipped file: "pnd-2025" or "idemia".
    ///
    /// # Errors
    /// No file of this name is shipped.
    pub fn preset(name: &str) -> Result<Self, Diagnostics> {
        let names = || RETROSPECTIVE.names().collect::<Vec<_>>().join(", ");
        let Some(file) = RETROSPECTIVE.preset(name) else {
            let message = format!("there are no rates named \"{}\"", super::document::short(name));
            return Err(vec![Diagnostic::general(message, format!("shipped: {}", names()))]);
        };
        let mut problems = Problems::default();
        match read_rates(&file, &mut problems) {
            Some(rates) if problems.is_empty() => Ok(rates),
            _ => Err(problems.sorted(&file.source)),
        }
    }

    /// The rates in the order of an axis' levels, if the file knows them all.
    pub fn on(&self, axis: &Axis) -> Option<Vec<f64>> {
        let rate = |level: &String| self.rates.iter().find(|(l, _)| l == level).map(|(_, r)| *r);
        (axis.name == self.axis).then(|| axis.levels.iter().map(rate).collect::<Option<_>>())?
    }
}

/// Reads a file of rates.
pub(crate) fn read_rates(file: &DataFile, problems: &mut Problems) -> Option<CandidateRates> {
    let source = &file.source;
    let (root, header) = open_table(source, &["axis", "candidates"], problems)?;
    let place = Node {
        source: source.clone(),
        span: 0..0,
        kind: super::document::Kind::Broken,
    };
    let axis = required(&place, &root, "rates", "axis", problems)?.text("axis", problems)?;
    let table = required(&place, &root, "rates", "candidates", problems)?.table("candidates", problems)?;
    let mut rates = Vec::new();
    for entry in &table.0 {
        rates.push((
            entry.key.clone(),
            entry.value.number("candidates", "", (0.0, 1.0), problems)?,
        ));
    }
    Some(CandidateRates {
        name: file.name.clone(),
        title: header.title,
        sources: header.sources,
        axis: axis.to_owned(),
        rates,
    })
}
