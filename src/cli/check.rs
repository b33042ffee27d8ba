//! `check` and `schema`.

use super::Failure;
use super::args::SchemaKind;
use super::output::{data, say_notes};
use crate::experiment::optimise::Problem;
use crate::experiment::{self, Sweep};
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::place_file::read_place_file;
use crate::scenario::record_file::open_record;
use crate::scenario::record_text::record_docs;
use crate::scenario::{
    self, FileKind, Overrides, check_csv_file, check_data_file, load, load_optimisation, load_study,
};
use std::path::{Path, PathBuf};

/// Checks files and reports every problem of all of them.
pub(crate) fn check(files: &[PathBuf]) -> Result<(), Failure> {
    let mut problems = Vec::new();
    let mut good = String::new();
    for file in files {
        match one(file) {
            Ok(what) => good += &format!("{}: good ({what})\n", file.display()),
            Err(list) => problems.extend(list),
        }
    }
    data(&good)?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Failure::Input(problems))
    }
}

/// Checks one file, and says what it holds.
fn one(file: &Path) -> Result<String, Diagnostics> {
    match file.extension().and_then(|e| e.to_str()) {
        Some("geojson") => {
            read_place_file(file).map(|p| format!("place, {} streets, {} gates", p.edges.len(), p.gates.len()))
        }
        Some("toml") => match check_data_file(file)? {
            FileKind::Population => Ok("population".into()),
            FileKind::Watchlist => Ok("watchlist".into()),
            FileKind::Matcher => Ok("matcher table".into()),
            FileKind::Sites => Ok("set of sites".into()),
            FileKind::Study => study(file),
            FileKind::Optimisation => optimisation(file),
            FileKind::Calibration => Ok("calibration".into()),
            FileKind::Regime => Ok("regime".into()),
            FileKind::Rates => Ok("rates of retrospective searches".into()),
            FileKind::Scenario => {
                load(file, &Overrides::default()).map(|p| format!("scenario, {} strategies", p.strategies.len()))
            }
        },
        Some("csv") => {
            if let Some(checked) = check_csv_file(file) {
                return checked.map(|(what, rows)| format!("{what}, {rows} rows"));
            }
            let record = open_record(file)?;
            say_notes(&record.notes);
            match record.contradictions {
                list if list.is_empty() => Ok(format!("deployment record, {} deployments", record.rows.len())),
                list => Err(list),
            }
        }
        _ => Err(vec![Diagnostic::general(
            format!("cannot tell what {} is from its ending", file.display()),
            "check reads .toml (scenarios, studies, populations, watchlists, matcher tables, regimes, sets of sites), .geojson (places) and .csv (deployment records, calendars, tables of residents)",
        )]),
    }
}

/// Checks a study, its scenario, and the scenario at its first point.
fn study(file: &Path) -> Result<String, Diagnostics> {
    let study = load_study(file)?;
    let job = Sweep::new(study)?;
    let (points, strategies) = (job.study.len(), job.base.strategies.len());
    Ok(format!(
        "study, {points} points, {strategies} strategies, {}{} replications",
        if job.study.precision.is_some() { "up to " } else { "" },
        job.contents.layout.replications
    ))
}

/// Checks a search, its scenario, and what it asks for.
fn optimisation(file: &Path) -> Result<String, Diagnostics> {
    let problem = Problem::new(load_optimisation(file)?)?;
    Ok(format!(
        "search, {} candidates, {} objectives, {} constraints",
        problem.space.size(),
        problem.objectives,
        problem.limits.len()
    ))
}

/// Prints a schema or the parameter table.
pub(crate) fn schema(kind: SchemaKind) -> Result<(), Failure> {
    match kind {
        SchemaKind::Scenario => {
            let text = serde_json::to_string_pretty(&scenario::schema()).map_err(|e| Failure::Job(e.to_string()))?;
            data(&(text + "\n"))
        }
        SchemaKind::Sites => {
            let text =
                serde_json::to_string_pretty(&scenario::sites_schema()).map_err(|e| Failure::Job(e.to_string()))?;
            data(&(text + "\n"))
        }
        SchemaKind::Study => {
            let text =
                serde_json::to_string_pretty(&scenario::study_schema()).map_err(|e| Failure::Job(e.to_string()))?;
            data(&(text + "\n"))
        }
        SchemaKind::Parameters => data(&scenario::parameter_docs()),
        SchemaKind::Record => data(&record_docs()),
        SchemaKind::Outputs => data(&experiment::output_docs()),
    }
}
