//! `calibrate`: fit a record, confirm the fit by simulation, write what scenarios can name.

use super::Failure;
use super::args::{Calibrate, Look};
use super::output::{data, say};
use crate::experiment::Folder;
use crate::experiment::evidence::{Calibration, Effort, write_posterior};
use crate::report::evidence as pages;
use crate::scenario::record_file::open_record;
use crate::scenario::{Overrides, Plan, load, load_text};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The street that is simulated unless a scenario is named.
const STREET: &str = include_str!("../../scenarios/reference/calibration-street.toml");

/// Carries out a calibration.
pub(crate) fn calibrate(job: &Calibrate, look: &Look) -> Result<(), Failure> {
    let record = open_record(&job.record)?;
    super::backtest::say_doubts(&record, look);
    let last = record.rows.last().map(|r| r.date).unwrap_or_default();
    let until = job.until.unwrap_or(last);
    let usable = record
        .rows
        .iter()
        .filter(|r| r.date <= until && r.alerts.is_some())
        .count();
    if usable < 2 {
        let message = format!("the record has {usable} rows with alerts to {until}: there is nothing to fit");
        return Err(Failure::input(message, format!("its last row is of {last}")));
    }
    let (plan, strategy) = plan(job)?;
    let out = job
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("out/calibration-{until}")));
    let effort = Effort {
        settings: job.settings.clamp(40, 10_000),
        replications: job.replications.clamp(4, 10_000),
    };
    let identity = format!(
        "calibrate {} {until} {} {} {} {strategy} {}",
        record.hash, job.seed, effort.settings, effort.replications, plan.plan_hash
    );
    let folder = Folder::open(&out, &super::evidence::identity(&identity)).map_err(|e| Failure::input(e, ""))?;
    let mut command = format!(
        "lamplight calibrate {} --until {until} --seed {}",
        job.record.display(),
        job.seed
    );
    if let Some(scenario) = &job.scenario {
        command += &format!(" --scenario {}", scenario.display());
    }
    let clock = std::time::Instant::now();
    let done = super::evidence::with_workers(job.jobs, || {
        Calibration::new(&record, until, &plan, strategy, effort, job.seed, &command)
    })?;
    let wall_s = clock.elapsed().as_secs_f64();
    let manifest = super::evidence::manifest(&identity, &job.record, job.seed, &command, wall_s);
    let write = || -> Result<(), String> {
        folder.write("calibration.toml", |out| out.write_all(done.preset().as_bytes()))?;
        folder.write_json("calibration.json", &done.summary)?;
        folder.write("posterior.parquet", |out| write_posterior(out, &done))?;
        let page = pages::calibration_page(&done.summary).map_err(|e| format!("cannot write the report: {e}"))?;
        page.write(&folder)?;
        folder.write_json("manifest.json", &manifest)
    };
    write().map_err(Failure::Job)?;
    data(&pages::calibration_text(&done.summary))?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (calibration.toml for scenarios, report.html, calibration.json, posterior.parquet) in {wall_s:.0} s",
            folder.path().display()
        ));
    }
    Ok(())
}

/// The scenario to simulate and the number of its strategy.
fn plan(job: &Calibrate) -> Result<(Plan, usize), Failure> {
    let plan = match &job.scenario {
        Some(path) => load(path, &Overrides::default())?,
        None => load_text("calibration-street.toml", STREET, Path::new(""), &Overrides::default())?,
    };
    let strategy = match &job.strategy {
        None => Some(0),
        Some(name) => plan.strategies.iter().position(|s| s.name == *name),
    };
    match strategy.filter(|s| !plan.strategies[*s].cameras.is_empty()) {
        Some(strategy) => Ok((plan, strategy)),
        None => {
            let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
            let help = format!(
                "its strategies are {}; choose one with cameras by --strategy",
                names.join(", ")
            );
            Err(Failure::input("the scenario has no such strategy with cameras", help))
        }
    }
}
