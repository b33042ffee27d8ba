//! `sensitivity`: what a study's outputs depend on.

use super::Failure;
use super::args::{Format, Look, Sensitivity as Job};
use super::output::{data, say};
use super::sweep::{default_folder, run};
use crate::experiment::sensitivity::{analysable, sensitivity as analyse};
use crate::experiment::{Folder, Sweep};
use crate::report;
use crate::scenario::load_study;
use std::io::Write;

/// Runs what the study's store lacks, and analyses it.
pub(crate) fn sensitivity(job: &Job, look: &Look) -> Result<(), Failure> {
    let mut study = load_study(&job.study)?;
    // The command's metrics are checked as the study's own.
    if let Some(metrics) = &job.metrics {
        study.metrics.clone_from(metrics);
    }
    let sweep = Sweep::new(study)?;
    let help = "use [design] kind = \"saltelli\" (Sobol' indices) or kind = \"morris\" (screening), or analyse its points.parquet with other tools";
    analysable(&sweep).map_err(|e| Failure::input(e, help))?;
    let out = job.out.clone().unwrap_or_else(|| default_folder(&sweep));
    let mut store = sweep.store(&out).map_err(|e| Failure::input(e, ""))?;
    let pending = sweep.pending(&store, None).map_err(Failure::Job)?;
    if !pending.shards.is_empty() || !out.join("points.parquet").exists() {
        run(&sweep, &mut store, None, job.jobs, look)?;
        // Failed runs are told of, and what is left is analysed.
        if let Err(Failure::Job(text)) = collect_quietly(&sweep, &store) {
            say(&format!("lamplight: {text}"));
        }
    }
    let found = analyse(&sweep, &store, &[], job.level.unwrap_or(sweep.base.level)).map_err(Failure::Job)?;
    let write = |name: &str, text: &str| Folder::at(&out).write(name, |file| file.write_all(text.as_bytes()));
    let json = serde_json::to_string_pretty(&found).map_err(|e| Failure::Job(e.to_string()))? + "\n";
    let csv = report::sensitivity_csv(&found);
    write("sensitivity.json", &json).map_err(Failure::Job)?;
    write("sensitivity.csv", &csv).map_err(Failure::Job)?;
    let charts = report::sensitivity_charts(&found).map_err(|e| Failure::Job(e.to_string()))?;
    for (name, svg) in &charts {
        write(&format!("charts/{name}"), svg).map_err(Failure::Job)?;
    }
    data(&match job.format {
        Format::Table => report::sensitivity_table(&found),
        Format::Json => json,
        Format::Csv => csv,
        Format::Markdown => report::sensitivity_markdown(&found),
        Format::Latex => report::sensitivity_latex(&found),
    })?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (sensitivity.json, sensitivity.csv, {} charts)",
            out.display(),
            charts.len()
        ));
    }
    Ok(())
}

fn collect_quietly(sweep: &Sweep, store: &crate::experiment::store::Store) -> Result<(), Failure> {
    let done = sweep.collect(store).map_err(Failure::Job)?;
    match done.failed {
        0 => Ok(()),
        n => Err(Failure::Job(format!(
            "{n} runs failed; the column `error` of runs.parquet says why"
        ))),
    }
}
