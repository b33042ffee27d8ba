//! `sweep --dry-run`: what a study would be, and about what it would cost.

use super::Failure;
use super::args::Sweep as Job;
use super::output::data;
use crate::experiment::Sweep;
use std::path::Path;
use std::time::Instant;

/// Wall time that an estimate may take, s.
const SAMPLE_S: f64 = 3.0;
/// Bytes that a run's rows take in a shard, for each group; measured on the shipped studies.
const BYTES_PER_ROW: f64 = 60.0;

/// Says what a sweep would do.
pub(super) fn dry_run(sweep: &Sweep, out: &Path, job: &Job) -> Result<(), Failure> {
    let layout = sweep.contents.layout;
    let start = Instant::now();
    // The first replication prepares the place; those that follow show what a run costs.
    sweep.sample(1).map_err(Failure::Job)?;
    let prepared_s = start.elapsed().as_secs_f64();
    let (mut replications, mut runs, start) = (1, 0, Instant::now());
    while start.elapsed().as_secs_f64() < SAMPLE_S / 3.0 && replications <= 1024 {
        runs += sweep.sample(replications).map_err(Failure::Job)?;
        replications *= 2;
    }
    let each_s = start.elapsed().as_secs_f64() / runs.max(1) as f64;
    let workers = match job.jobs {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    let runs = layout.runs() as f64;
    // With a rule of stopping, how many there will be is known when they have been made.
    let fewest = sweep.study.precision.as_ref().map(|rule| {
        let points = (layout.points * layout.strategies) as f64;
        points * f64::from(rule.at_least.min(rule.at_most))
    });
    let total_s = each_s * runs / workers as f64;
    let groups: usize = 1 + sweep.base.axes.0.iter().map(|a| a.levels.len()).sum::<usize>();
    let bytes = BYTES_PER_ROW * runs * groups as f64;
    // "4 min", or "1 min to 4 min".
    let span = |most: f64, show: fn(f64) -> String| match fewest {
        Some(fewest) if fewest < runs => format!("{} to {}", show(most * fewest / runs), show(most)),
        _ => show(most),
    };
    let mut text = format!(
        "study       {} ({})\nscenario    {}\ndesign      {}, {} points\n",
        sweep.study.name,
        job.study.display(),
        sweep.study.scenario.display(),
        sweep.study.kind,
        layout.points
    );
    for (i, key) in sweep.study.keys.iter().enumerate() {
        let spread = sweep.study.spreads.get(i).map_or("as listed".to_owned(), |s| s.words());
        text += &format!("  {key}: {spread}\n");
    }
    text += &format!(
        "runs        {} points x {} strategies x {} replications = {}\n{}shards      {} of up to {} runs\ntime        about {} on {workers} \
         workers ({:.2} ms a run; the first point took {:.2} s to prepare)\ndisk        about {}, twice while runs.parquet is written\nfolder      {}\n",
        layout.points,
        layout.strategies,
        match &sweep.study.precision {
            Some(rule) => format!("{} to {}", rule.at_least, rule.at_most),
            None => layout.replications.to_string(),
        },
        span(runs, |n| format!("{n}")),
        sweep
            .study
            .precision
            .as_ref()
            .map_or(String::new(), |rule| format!("until       {}\n", rule.words())),
        layout.shards,
        layout.runs_of(0, 0),
        span(total_s, duration),
        each_s * 1e3,
        prepared_s,
        span(bytes, size),
        out.display()
    );
    data(&text)
}

pub(super) fn duration(s: f64) -> String {
    match s {
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1e6 => format!("{:.0} kB", b / 1e3),
        b if b < 1e9 => format!("{:.0} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}
