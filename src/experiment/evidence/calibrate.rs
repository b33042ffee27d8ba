//! A calibration from beginning to end.

use super::closed::{Closed, Fitted, SitePreset, closed, interval};
use super::fit::fit;
use super::matching::{Effort, Matched, Matching, match_history};
use super::preset::{Provenance, all_parameters, presence_factor};
use crate::scenario::Plan;
use crate::scenario::record_file::DeploymentRecord;
use crate::scenario::registry::find;
use jiff::civil::Date;
use serde::Serialize;

/// Draws from each posterior.
const DRAWS: usize = 1000;

/// A parameter before and after.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterSummary {
    /// Dotted key.
    pub key: String,
    /// Registry default.
    pub default: f64,
    /// 5, 50 and 95 % of the registry's prior, if it has one.
    pub prior: Option<[f64; 3]>,
    /// 5, 50 and 95 % of the posterior.
    pub posterior: [f64; 3],
    /// How it was fitted.
    pub how: String,
}

/// `calibration.json`.
#[derive(Clone, Debug, Serialize)]
pub struct CalibrationSummary {
    /// Always `lamplight.calibration/1`.
    pub format: String,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Parameters.
    pub parameters: Vec<ParameterSummary>,
    /// What simulations must bring about, and do.
    pub aims: Vec<Matched>,
    /// Share of the settings tried that is not ruled out.
    pub not_ruled_out: f64,
    /// How many times the closed form's presence of sought people the simulated place needs.
    pub presence_factor: f64,
    /// Simulated deployments.
    pub simulated_deployments: usize,
    /// Sites.
    pub sites: Vec<SitePreset>,
}

/// A finished calibration.
pub struct Calibration {
    /// Closed forms.
    pub closed: Closed,
    /// History matching.
    pub matching: Matching,
    /// The numbers.
    pub summary: CalibrationSummary,
}

impl Calibration {
    /// Fits a record to a day and confirms the fit on a strategy of a plan.
    pub fn new(
        record: &DeploymentRecord,
        until: Date,
        plan: &Plan,
        strategy: usize,
        effort: Effort,
        seed: u64,
        command: &str,
    ) -> Self {
        let fitted = fit(&record.rows, until, seed, DRAWS);
        let closed = closed(&fitted, &record.rows, seed);
        let matching = match_history(plan, strategy, &closed, effort, seed);
        let provenance = Provenance::new(record, until, fitted.rows, seed, &plan.scenario, command);
        let summary = CalibrationSummary {
            format: "lamplight.calibration/1".to_owned(),
            provenance,
            parameters: all_parameters(&closed, &matching)
                .iter()
                .filter_map(summary_of)
                .collect(),
            aims: matching.aims.clone(),
            not_ruled_out: matching.not_ruled_out,
            presence_factor: presence_factor(&closed, &matching),
            simulated_deployments: matching.deployments,
            sites: closed.sites.clone(),
        };
        Calibration {
            closed,
            matching,
            summary,
        }
    }

    /// The calibration as a file that scenarios name.
    pub fn preset(&self) -> String {
        super::preset::preset_text(&self.summary.provenance, &self.closed, &self.matching)
    }

    /// Every draw of every parameter: number of the draw, key, value.
    pub fn draws(&self) -> Vec<(usize, &'static str, f64)> {
        let rows = |p: &Fitted| -> Vec<(usize, &'static str, f64)> {
            p.draws.iter().enumerate().map(|(d, x)| (d, p.key, *x)).collect()
        };
        all_parameters(&self.closed, &self.matching)
            .iter()
            .flat_map(rows)
            .collect()
    }
}

fn summary_of(fitted: &Fitted) -> Option<ParameterSummary> {
    let row = find(fitted.key)?.row();
    Some(ParameterSummary {
        key: fitted.key.to_owned(),
        default: row.kind.default_number(),
        prior: row.prior.map(|p| [0.05, 0.5, 0.95].map(|u| p.quantile(u))),
        posterior: interval(fitted.draws.clone()),
        how: fitted.how.to_owned(),
    })
}
