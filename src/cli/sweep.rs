//! `sweep`: a study into its store, here or as a part of a larger machine.

use super::Failure;
use super::args::{Engine, Look, Sweep as Job};
use super::engines;
use super::estimate::dry_run;
use super::output::{data, say};
use super::progress::Bar;
use crate::experiment::store::{Access, Store};
use crate::experiment::{Progress, Sweep, access};
use crate::scenario::load_study;
use std::path::{Path, PathBuf};

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
    let mut store = sweep.store(&out).map_err(|e| Failure::input(e, ""))?;
    if job.collect {
        return collect(&sweep, &store, look);
    }
    run(&sweep, &mut store, part, job.jobs, look)?;
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
    store: &mut Store,
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
    if let Some(before) = store.before().filter(|_| !look.quiet) {
        say(&format!(
            "lamplight: the store has up to {before} replications of each point; those that are missing to {} are added",
            sweep.contents.layout.replications
        ));
    }
    store.begin(&guard).map_err(Failure::Job)?;
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
    for path in &pending.superseded {
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
        .map(|s| layout.runs_of(s.shard, s.known.as_ref().map_or(0, |k| k.1)))
        .sum();
    if pending.shards.is_empty() {
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
    let precise = sweep.study.precision.as_ref().map(|rule| match done.imprecise {
        0 => format!("every point is as precise as asked ({})\n", rule.words()),
        n => format!(
            "{n} of {} points are less precise than asked after {} replications ({}); raise at_most for more\n",
            layout.points,
            rule.at_most,
            rule.words()
        ),
    });
    data(&format!(
        "{} points x {} strategies x {}{} replications: {} runs, {} failed\n{}",
        layout.points,
        layout.strategies,
        if precise.is_some() { "up to " } else { "" },
        layout.replications,
        done.runs + done.failed,
        done.failed,
        precise.unwrap_or_default()
    ))?;
    if done.failed > 0 {
        return Err(Failure::Job(format!(
            "{} runs failed; the column `error` of runs.parquet says why",
            done.failed
        )));
    }
    Ok(())
}

/// Says how far a store is.
fn status(sweep: &Sweep, out: &Path) -> Result<(), Failure> {
    if !out.join("study.json").exists() {
        let text = format!("{} holds no store yet: nothing has been run\n", out.display());
        return data(&text);
    }
    let store = sweep.store(out).map_err(|e| Failure::input(e, ""))?;
    let pending = sweep.pending(&store, None).map_err(Failure::Job)?;
    let shorter = pending.shards.iter().filter(|s| s.known.is_some()).count();
    let missing = pending.shards.len() - pending.damaged.len().min(pending.shards.len() - shorter) - shorter;
    let mut text = format!(
        "{}: {} of {} shards finished, {missing} missing, {} damaged\n",
        out.display(),
        pending.whole,
        sweep.contents.layout.shards,
        pending.damaged.len()
    );
    if shorter > 0 {
        text += &format!(
            "{shorter} shards have fewer than the {} replications that the study asks for\n",
            sweep.contents.layout.replications
        );
    }
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
    let shards: Vec<usize> = if out.join("study.json").exists() {
        let store = sweep.store(out).map_err(|e| Failure::input(e, ""))?;
        let pending = sweep.pending(&store, None).map_err(Failure::Job)?;
        pending.shards.iter().map(|todo| todo.shard).collect()
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
