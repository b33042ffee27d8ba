//! Published findings against what the model says, each with its role. Only independent and held-out rows are evidence.
//!
//! Findings are data (`scenarios/records/published-findings.csv`); here stands how each figure is computed.

mod answers;
mod closed;
mod record;
mod scenarios;
mod street;

use super::closed::interval;
use crate::scenario::record_file::DeploymentRecord;
use answers::Evidence;
use scenarios::Scenarios;
use serde::{Deserialize, Serialize};
use std::path::Path;

const FINDINGS: &str = include_str!("../../../../scenarios/records/published-findings.csv");

/// A finding as it was published.
#[derive(Clone, Debug, Deserialize)]
struct Finding {
    id: String,
    finding: String,
    role: String,
    observed: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    level: String,
    source: String,
    /// Why the model misses it, where that is known.
    reason: String,
}

/// A finding beside what the model says.
#[derive(Clone, Debug, Serialize)]
pub struct Validated {
    /// Number of the finding.
    pub id: String,
    /// What was found.
    pub finding: String,
    /// fitted, construction, independent or held out.
    pub role: String,
    /// Whether the row is evidence: independent or held out.
    pub evidence: bool,
    /// Unit of the figures.
    pub unit: String,
    /// What was published.
    pub observed: f64,
    /// What the model says: 5, 50 and 95 %.
    pub simulated: [f64; 3],
    /// "inside its interval", or the range within which the model's median must lie.
    pub test: String,
    /// Whether the test is passed.
    pub pass: bool,
    /// How the figure was computed.
    pub how: String,
    /// Why it is not, where that is known.
    pub reason: String,
    /// Source of the published figure.
    pub source: String,
}

/// `validation.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// Always `lamplight.validation/1`.
    pub format: String,
    /// Version of Lamplight.
    pub version: String,
    /// SHA-256 of the record.
    pub record_sha256: String,
    /// Seed.
    pub seed: u64,
    /// Whether the committed scenarios were at hand; rows that rest on them are missing otherwise.
    pub scenarios: bool,
    /// Rows in the order of the findings.
    pub rows: Vec<Validated>,
}

/// A figure of the model: what was published where the record says it, draws, and how they were made.
struct Answer {
    observed: Option<f64>,
    draws: Vec<f64>,
    how: &'static str,
}

fn answer(draws: Vec<f64>, how: &'static str) -> Answer {
    Answer {
        observed: None,
        draws,
        how,
    }
}

/// Compares every published finding with the model; what rests on committed scenarios only where their folder is given.
///
/// # Errors
/// A text: a scenario of the folder cannot be loaded or run, or the embedded street cannot, which is a fault of this program.
pub fn validate(record: &DeploymentRecord, scenarios: Option<&Path>, seed: u64) -> Result<Validation, String> {
    let model = Evidence::new(record, seed)?;
    let played = scenarios.map(|folder| Scenarios::new(folder, seed)).transpose()?;
    let mut rows = Vec::new();
    for finding in csv::Reader::from_reader(FINDINGS.as_bytes()).deserialize::<Finding>() {
        let finding = finding.map_err(|e| e.to_string())?;
        let shown = || played.as_ref()?.answer(&finding);
        if let Some(answer) = model.answer(&finding).or_else(shown) {
            rows.extend(judge(finding, answer));
        }
    }
    Ok(Validation {
        format: "lamplight.validation/1".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        record_sha256: record.hash.clone(),
        seed,
        scenarios: played.is_some(),
        rows,
    })
}

fn judge(finding: Finding, answer: Answer) -> Option<Validated> {
    let observed = finding.observed.or(answer.observed)?;
    if answer.draws.is_empty() {
        return None;
    }
    let simulated = interval(answer.draws);
    let (test, pass) = match (finding.low, finding.high) {
        (Some(low), Some(high)) => (
            format!("median from {low} to {high}"),
            low <= simulated[1] && simulated[1] <= high,
        ),
        (Some(low), None) => (format!("median at least {low}"), low <= simulated[1]),
        _ => (
            "published figure inside the model's 90 % interval".to_owned(),
            simulated[0] <= observed && observed <= simulated[2],
        ),
    };
    Some(Validated {
        evidence: ["independent", "held out"].contains(&finding.role.as_str()),
        id: finding.id,
        finding: finding.finding,
        role: finding.role,
        unit: finding.unit,
        observed,
        simulated,
        test,
        pass,
        reason: if pass { String::new() } else { finding.reason },
        how: answer.how.to_owned(),
        source: finding.source,
    })
}
