//! A calibration as a file that scenarios name.

use super::closed::{Closed, Fitted};
use super::matching::Matching;
use crate::scenario::record_file::DeploymentRecord;
use crate::stats::{mean, variance};
use jiff::civil::Date;
use std::fmt::Write;

/// Where a calibration comes from.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Provenance {
    /// Record as it was named.
    pub record: String,
    /// SHA-256 of its text.
    pub record_sha256: String,
    /// Last day that was fitted.
    pub until: String,
    /// Rows that were fitted.
    pub rows: usize,
    /// Seed.
    pub seed: u64,
    /// Version of Lamplight.
    pub version: String,
    /// Scenario that was simulated.
    pub simulated: String,
    /// Command that makes it again.
    pub command: String,
}

impl Provenance {
    /// The provenance of a fit.
    pub fn new(record: &DeploymentRecord, until: Date, rows: usize, seed: u64, simulated: &str, command: &str) -> Self {
        Provenance {
            record: record.name.clone(),
            record_sha256: record.hash.clone(),
            until: until.to_string(),
            rows,
            seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            simulated: simulated.to_owned(),
            command: command.to_owned(),
        }
    }
}

/// The fitted parameters: those of the closed forms, with prevalence as it was simulated, and those of the simulation.
pub fn all_parameters(closed: &Closed, matching: &Matching) -> Vec<Fitted> {
    let simulated = |key: &str| matching.parameters.iter().any(|p| p.key == key);
    let kept = closed.parameters.iter().filter(|p| !simulated(p.key));
    kept.chain(&matching.parameters).cloned().collect()
}

/// How many times the closed form's presence of sought people the simulated place needs.
pub fn presence_factor(closed: &Closed, matching: &Matching) -> f64 {
    let find = |list: &[Fitted]| {
        let found = list
            .iter()
            .find(|p| p.key == "sought.prevalence" && !p.draws.is_empty());
        found.map(|p| mean(&p.draws.iter().map(|x| libm::log(*x)).collect::<Vec<_>>()))
    };
    match (find(&matching.parameters), find(&closed.parameters)) {
        (Some(a), Some(b)) => libm::exp(a - b),
        _ => 1.0,
    }
}

/// The file.
pub fn preset_text(provenance: &Provenance, closed: &Closed, matching: &Matching) -> String {
    let mut out = String::from(
        "# Written by `lamplight calibrate`; name it in a scenario with: calibration = \"...\"\nformat = 1\n",
    );
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "title = {:?}",
        format!("Fitted to {} to {}", provenance.record, provenance.until)
    );
    let note = "Each value stands in for the registry's default; medians, and priors fitted to the posterior's draws. What the record \
                cannot tell apart is listed in MODEL.md.";
    let _ = writeln!(out, "note = {note:?}\n\n[fitted]");
    let _ = writeln!(out, "record = {:?}", provenance.record);
    let _ = writeln!(out, "record_sha256 = {:?}", provenance.record_sha256);
    let _ = writeln!(out, "until = {:?}\nrows = {}", provenance.until, provenance.rows);
    let _ = writeln!(out, "seed = {}\nversion = {:?}", provenance.seed, provenance.version);
    let _ = writeln!(
        out,
        "simulated = {:?}\ncommand = {:?}",
        provenance.simulated, provenance.command
    );
    let parameters = all_parameters(closed, matching);
    let mut sections: Vec<&str> = parameters
        .iter()
        .filter_map(|p| p.key.split_once('.'))
        .map(|k| k.0)
        .collect();
    sections.sort_unstable();
    sections.dedup();
    for section in sections {
        let _ = writeln!(out, "\n[{section}]");
        for parameter in &parameters {
            if let Some((_, key)) = parameter.key.split_once('.').filter(|(s, _)| *s == section) {
                let _ = writeln!(out, "# {}\n{key} = {}", parameter.how, prior(parameter));
            }
        }
    }
    let factor = presence_factor(closed, matching);
    for site in &closed.sites {
        let rate = site.alerts_per_1000.map(|r| r / 1000.0 / super::closed::TPIR * factor);
        let spread = libm::log(rate[2] / rate[0]) / (2.0 * 1.645);
        let _ = writeln!(
            out,
            "\n[[site]]\nname = {:?}\ndeployments = {}",
            site.name, site.deployments
        );
        let _ = writeln!(
            out,
            "prevalence = {{ lognormal = [{}, {}] }}",
            short(rate[1]),
            short(spread.max(0.01))
        );
        for (key, values) in [
            ("faces_per_hour", site.faces_per_hour),
            ("alerts", site.alerts),
            ("alerts_per_1000", site.alerts_per_1000),
            ("arrests_per_alert", site.arrests_per_alert),
        ] {
            let _ = writeln!(out, "{key} = [{}]", values.map(short).join(", "));
        }
    }
    out
}

/// Four digits that count.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return "0.0".to_owned();
    }
    let digits = (3.0 - libm::floor(libm::log10(x.abs()))).clamp(0.0, 16.0) as usize;
    let text = format!("{x:.digits$}");
    if text.contains('.') { text } else { text + ".0" }
}

/// A prior in the form of a scenario file, by the draws' first two moments on the parameter's own scale.
fn prior(parameter: &Fitted) -> String {
    let moments = |f: &dyn Fn(f64) -> f64| {
        let values: Vec<f64> = parameter.draws.iter().map(|x| f(*x)).collect();
        (mean(&values), libm::sqrt(variance(&values)))
    };
    match parameter.key {
        "sought.coupling" => {
            let (m, s) = moments(&|x| {
                let x = x.clamp(1e-3, 1.0 - 1e-3);
                libm::log(x / (1.0 - x))
            });
            format!("{{ logit_normal = [{}, {}] }}", short(m), short(s))
        }
        "operator.sensitivity" | "operator.criterion" => {
            let (m, s) = moments(&|x| x);
            format!("{{ normal = [{}, {}] }}", short(m), short(s))
        }
        _ => {
            let (m, s) = moments(&|x| libm::log(x.max(1e-30)));
            let median = libm::exp(m);
            let median = if median < 1e-6 {
                format!("{median:.3e}")
            } else {
                short(median)
            };
            format!("{{ lognormal = [{median}, {}] }}", short(s))
        }
    }
}
