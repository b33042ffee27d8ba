//! `sweep`: a study into its store, here or as a part of a larger machine.

use super::Failure;
use super::args::{Engine, Look, Sweep as Job};
use super::engines;
use super::output::{data, say};
use super::progress::Bar;
use crate::experiment::store::{Access, Store};
use crate::experiment::{Progress, Sweep, access};
use crate::scenario::load_study;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Wall time that an estimate may take, s.
const SAMPLE_S: f64 = 3.0;
/// Bytes that a run's rows take in a shard, for each group; measured on the shipped studies.
const BYTES_PER_ROW: f64 = 60.0;
/// Array tasks that a script submits unless told otherwise: half of what schedulers allow by default.
const MOST_PARTS: usize = 500;

/// Carries out a study, or says how it would be.
pub(crate) fn sweep(job: &Job, look: &Look) -> Result<(), Failure> {
    let sweep = Sweep::new(load_study(&job.study)?)?;
    let out = job.out.clone().unwrap_or_else(|| default_folder(&sweep));
    let part = match &job.shard {
        Some(text) => Some(part(text)?),
        None => None,
    };
    if !look.quiet {
        sweep.notes().iter().for_each(|n| say(&format!("lamplight: note: {n}")));
    }
    if job.dry_run {
        return dry_run(&sweep, &out, job);
    }
    if job.status {
        return status(&sweep, &out);
    }
    if job.on != Engine::Local {
        return on_engine(&sweep, &out, job);
    }
    let store = sweep.store(&out).map_err(|e| Failure::input(e, ""))?;
    if job.collect {
        return collect(&sweep, &store, look);
    }
    run(&sweep, &store, part, job.jobs, look)?;
    if part.is_none() {
        collect(&sweep, &store, look)
    } else {
        Ok(())
    }
}

/// Where a study goes unless told otherwise.
pub(crate) fn default_folder(sweep: &Sweep) -> PathBuf {
    PathBuf::from("out").join(&sweep.study.name)
}

/// Runs what is missing, of everything or of a part.
pub(crate) fn run(
    sweep: &Sweep,
    store: &Store,
    part: Option<(usize, usize)>,
    jobs: usize,
    look: &Look,
) -> Result<(), Failure> {
    let guard = store.guard(access(part)).map_err(Failure::Job)?;
    if guard.unlocked && !look.quiet {
        say(
            "lamplight: note: this file system has no locks; results stay right, but start no second process on the same part",
        );
    }
    if part.is_none() {
        store.sweep_up(&guard).map_err(Failure::Job)?;
    }
    let pending = sweep.pending(store, part).map_err(Failure::Job)?;
    for (shard, path) in &pending.damaged {
        say(&format!(
            "lamplight: shard {shard} is damaged (its checksum does not fit), so it is run again: {}",
            path.display()
        ));
        store.discard(path).map_err(Failure::Job)?;
    }
    if pending.whole > 0 && !look.quiet {
        let all = pending.whole + pending.shards.len();
        say(&format!(
            "lamplight: {} of {all} shards are finished already",
            pending.whole
        ));
    }
    let layout = sweep.contents.layout;
    let runs: usize = pending
        .shards
        .iter()
        .map(|s| layout.tasks(*s).len() * layout.strategies)
        .sum();
    if runs == 0 {
        return Ok(());
    }
    let bar = Bar::new(runs as u64, look.quiet);
    let result = sweep.run(store, &pending.shards, jobs, &bar);
    bar.clear();
    result.map_err(Failure::Job)?;
    if bar.stopped() {
        say("lamplight: interrupted; finished shards are kept, and the same command goes on from there");
        return Err(Failure::Interrupted);
    }
    Ok(())
}

/// Puts a finished store together and says what it holds.
pub(crate) fn collect(sweep: &Sweep, store: &Store, look: &Look) -> Result<(), Failure> {
    // What killed parts have left can go, if nobody is at work.
    if let Ok(alone) = store.guard(Access::Alone) {
        store.sweep_up(&alone).map_err(Failure::Job)?;
    }
    let done = sweep.collect(store).map_err(Failure::Job)?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (runs.parquet, points.parquet, study.json, shards)",
            store.path().display()
        ));
    }
    let layout = sweep.contents.layout;
    data(&format!(
        "{} points x {} strategies x {} replications: {} runs, {} failed\n",
        layout.points,
        layout.strategies,
        layout.replications,
        done.runs + done.failed,
        done.failed
    ))?;
    if done.failed > 0 {
        return Err(Failure::Job(format!(
            "{} runs failed; the column `error` of runs.parquet says why",
            done.failed
        )));
    }
    Ok(())
}

/// Says what a sweep would do.
fn dry_run(sweep: &Sweep, out: &Path, job: &Job) -> Result<(), Failure> {
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
    let total_s = each_s * layout.runs() as f64;
    let groups: usize = 1 + sweep.base.axes.0.iter().map(|a| a.levels.len()).sum::<usize>();
    let bytes = BYTES_PER_ROW * (layout.runs() * groups) as f64;
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
        "runs        {} points x {} strategies x {} replications = {}\nshards      {} of up to {} runs\ntime        about {} on {workers} \
         workers ({:.2} ms a run; the first point took {:.2} s to prepare)\ndisk        about {}, twice while runs.parquet is written\nfolder      {}\n",
        layout.points,
        layout.strategies,
        layout.replications,
        layout.runs(),
        layout.shards,
        layout.tasks_per_shard * layout.strategies,
        duration(total_s / workers as f64),
        each_s * 1e3,
        prepared_s,
        size(bytes),
        out.display()
    );
    data(&text)
}

/// Says how far a store is.
fn status(sweep: &Sweep, out: &Path) -> Result<(), Failure> {
    if !out.join("study.json").exists() {
        let text = format!("{} holds no store yet: nothing has been run\n", out.display());
        return data(&text);
    }
    let store = sweep.store(out).map_err(|e| Failure::input(e, ""))?;
    let pending = sweep.pending(&store, None).map_err(Failure::Job)?;
    let missing = pending.shards.len() - pending.damaged.len();
    let mut text = format!(
        "{}: {} of {} shards finished, {missing} missing, {} damaged\n",
        out.display(),
        pending.whole,
        sweep.contents.layout.shards,
        pending.damaged.len()
    );
    for (shard, path) in &pending.damaged {
        text += &format!("damaged: shard {shard}, {}\n", path.display());
    }
    text += match (pending.shards.is_empty(), out.join("points.parquet").exists()) {
        (true, true) => "complete and collected\n",
        (true, false) => "complete; collect it with --collect\n",
        _ => "the same command without --status makes up for what is missing\n",
    };
    data(&text)
}

/// Prints, or runs, the script that does the study on an engine.
fn on_engine(sweep: &Sweep, out: &Path, job: &Job) -> Result<(), Failure> {
    let layout = sweep.contents.layout;
    // To print a script is not to begin the work.
    let shards = if out.join("study.json").exists() {
        let store = sweep.store(out).map_err(|e| Failure::input(e, ""))?;
        sweep.pending(&store, None).map_err(Failure::Job)?.shards
    } else {
        (0..layout.shards).collect()
    };
    let parts = job.parts.unwrap_or(MOST_PARTS).clamp(1, layout.shards);
    let mut missing: Vec<usize> = shards.iter().map(|s| s % parts + 1).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return data(&format!("{} is complete; collect it with --collect\n", out.display()));
    }
    let script = engines::script(&engines::Order {
        job,
        name: &sweep.study.name,
        out,
        parts,
        missing: &missing,
    })?;
    if job.submit {
        engines::submit(&script, job.on)
    } else {
        data(&script)
    }
}

/// Reads `k/n`, or `auto/n` with the number from the environment of the engine. Parts count from 1; the result from 0.
fn part(text: &str) -> Result<(usize, usize), Failure> {
    let wrong = || {
        Failure::input(
            format!("--shard {text}: not a part"),
            "write --shard 3/8 for the third of eight parts, or --shard auto/8 where an engine numbers its tasks",
        )
    };
    let (k, n) = text.split_once('/').ok_or_else(wrong)?;
    let n: usize = n
        .parse()
        .ok()
        .filter(|n| (1..=1_000_000).contains(n))
        .ok_or_else(wrong)?;
    let k = match k {
        "auto" => engines::task_number(|name| std::env::var(name).ok())?,
        k => k.parse().map_err(|_| wrong())?,
    };
    if !(1..=n).contains(&k) {
        return Err(Failure::input(
            format!("--shard: there is no part {k} of {n}"),
            "parts count from 1; give the engine's array the numbers 1 to n",
        ));
    }
    Ok((k - 1, n))
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
