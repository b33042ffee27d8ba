//! `backtest`: refit to a day, predict what came after, and say how well it went.

use super::Failure;
use super::args::{Backtest, Look};
use super::output::{data, say, say_notes};
use crate::experiment::Folder;
use crate::experiment::evidence::{self, write_backtest_rows};
use crate::report::evidence as pages;
use crate::scenario::record_file::{DeploymentRecord, open_record};
use std::path::PathBuf;

/// Carries out a back-test.
pub(crate) fn backtest(job: &Backtest, look: &Look) -> Result<(), Failure> {
    let record = open_record(&job.record)?;
    say_doubts(&record, look);
    let from = match job.test_from {
        Some(day) if day <= job.until => {
            return Err(Failure::input(
                format!("--test-from {day} is not after --until {}", job.until),
                "rows that were fitted are no test; name a later day",
            ));
        }
        Some(day) => day,
        None => job.until.tomorrow().unwrap_or(job.until),
    };
    let fitted = record
        .rows
        .iter()
        .filter(|r| r.date <= job.until && r.alerts.is_some())
        .count();
    let tested = record.rows.iter().filter(|r| r.date >= from).count();
    let range = match (record.rows.first(), record.rows.last()) {
        (Some(a), Some(b)) => format!("its rows run from {} to {}", a.date, b.date),
        _ => String::new(),
    };
    if fitted < 2 {
        let message = format!(
            "the record has {fitted} rows with alerts to {}: there is nothing to fit",
            job.until
        );
        return Err(Failure::input(message, range));
    }
    if tested == 0 {
        return Err(Failure::input(
            format!("the record has no row from {from} on: there is nothing to predict"),
            range,
        ));
    }
    let out = job
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("out/backtest-{}", job.until)));
    let identity = format!("backtest {} {} {from} {}", record.hash, job.until, job.seed);
    let folder = Folder::open(&out, &super::evidence::identity(&identity)).map_err(|e| Failure::input(e, ""))?;
    let clock = std::time::Instant::now();
    let done = super::evidence::with_workers(job.jobs, || evidence::backtest(&record, job.until, from, job.seed))?;
    let wall_s = clock.elapsed().as_secs_f64();
    let command = format!(
        "lamplight backtest {} --until {} --test-from {from} --seed {} -o {}",
        job.record.display(),
        job.until,
        job.seed,
        out.display()
    );
    let manifest = super::evidence::manifest(&identity, &job.record, job.seed, &command, wall_s);
    let write = || -> Result<(), String> {
        folder.write_json("backtest.json", &done.summary)?;
        folder.write("backtest.parquet", |out| write_backtest_rows(out, &done))?;
        let page = pages::backtest_page(&done, &command).map_err(|e| format!("cannot write the report: {e}"))?;
        page.write(&folder)?;
        folder.write_json("manifest.json", &manifest)
    };
    write().map_err(Failure::Job)?;
    data(&pages::backtest_text(&done))?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (report.html, backtest.json, backtest.parquet, charts) in {wall_s:.1} s",
            folder.path().display()
        ));
    }
    Ok(())
}

/// Says what is odd about a record.
pub(crate) fn say_doubts(record: &DeploymentRecord, look: &Look) {
    if look.quiet {
        return;
    }
    say_notes(&record.notes);
    let odd: Vec<String> = record
        .contradictions
        .iter()
        .map(|d| format!("{} ({})", d.message, d.help))
        .collect();
    say_notes(&odd);
}
