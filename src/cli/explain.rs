//! `explain`: the story of one alert, or of one sought person who was missed.

use super::Failure;
use super::args::{Explain, Format, Look};
use super::output::{data, say};
use super::progress::Bar;
use crate::experiment::explain::{
    KINDS, Known, Narrow, Story, Told, Which, alert_story, choose, known, missed, read_known,
};
use crate::experiment::summary::Summary;
use crate::experiment::{Folder, Machine, Manifest, Progress, Ready, Stage, summarise};
use crate::report;
use crate::scenario::{Overrides, Plan, load};
use std::path::Path;

/// Tells a story of a result folder, or of a scenario that is run first.
pub(crate) fn explain(job: &Explain, look: &Look) -> Result<(), Failure> {
    let which = which(job)?;
    let result = if job.result.is_dir() {
        from_result(job)?
    } else {
        from_scenario(job, look)?
    };
    let stage = Stage::new(&result.plan, &result.ready)
        .ok_or_else(|| Failure::Job("the scenario's places could not be prepared".into()))?;
    let told = Told {
        plan: &result.plan,
        stage: &stage,
        summary: &result.summary,
        known: &result.known,
    };
    if let Some(name) = &job.strategy
        && !result.plan.strategies.iter().any(|s| s.name == *name)
    {
        let names: Vec<&str> = result.plan.strategies.iter().map(|s| s.name.as_str()).collect();
        return Err(Failure::input(
            format!("there is no strategy \"{name}\""),
            format!("it has {}", names.join(", ")),
        ));
    }
    let narrow = narrow(job, &result.plan)?;
    let story = story(job, &told, &which, &narrow)?;
    match job.format {
        Format::Json => data(&(serde_json::to_string_pretty(&story).map_err(|e| Failure::Job(e.to_string()))? + "\n")),
        Format::Markdown => data(&report::story_markdown(&story)),
        _ => data(&report::story_terminal(&story, super::compare::table_width())),
    }
}

/// Which alerts the flags leave.
fn narrow(job: &Explain, plan: &Plan) -> Result<Narrow, Failure> {
    let narrow = Narrow {
        strategy: job.strategy.clone(),
        date: job.date,
        site: job.site.clone(),
    };
    let Some(programme) = &plan.programme else {
        return if narrow.date.is_some() || narrow.site.is_some() {
            Err(Failure::input(
                "--date and --site choose among the deployments of a programme; this is one day at one place",
                "leave them out",
            ))
        } else {
            Ok(narrow)
        };
    };
    let names: Vec<&str> = programme.sites.iter().map(|s| s.name.as_str()).collect();
    match &narrow.site {
        Some(site) if !names.contains(&site.as_str()) => Err(Failure::input(
            format!("there is no site \"{site}\""),
            format!("it has {}", names.join(", ")),
        )),
        _ => Ok(narrow),
    }
}

/// What the flags ask for; the worst where they say nothing.
fn which(job: &Explain) -> Result<Which, Failure> {
    if let Some(text) = &job.alert {
        return u64::from_str_radix(text, 16)
            .map(|key| Which::Alert(key, job.replication))
            .map_err(|_| {
                Failure::input(
                    format!("--alert {text} is not the identity of an alert"),
                    "copy the 16 hex digits of the column \"alert\" of alerts.parquet",
                )
            });
    }
    match &job.find {
        Some(kind) if KINDS.iter().any(|(k, _)| k == kind) => Ok(Which::Find(kind.clone())),
        Some(kind) => Err(Failure::input(
            format!("--find {kind}: no alert is called that"),
            format!("say one of {}", KINDS.map(|(k, _)| k).join(", ")),
        )),
        None => Ok(Which::Worst),
    }
}

fn story(job: &Explain, told: &Told, which: &Which, narrow: &Narrow) -> Result<Story, Failure> {
    if *which == Which::Find("missed".into()) {
        if narrow.date.is_some() || narrow.site.is_some() {
            return Err(Failure::input(
                "--find missed looks at the first deployments of each replication, whatever their day and place",
                "leave out --date and --site",
            ));
        }
        let strategies = told.plan.strategies.iter().enumerate();
        let mut with_cameras = strategies.filter(|(s, _)| match told.stage {
            Stage::Day(scenes, _) => !scenes[*s].cameras.is_empty(),
            Stage::Programme(prepared) => prepared.has_cameras(*s),
        });
        let first = with_cameras.next();
        let name = job.strategy.clone().or_else(|| first.map(|(_, s)| s.name.clone()));
        let name =
            name.ok_or_else(|| Failure::Job("no strategy has cameras, so nobody can be missed by them".into()))?;
        return missed(told, &name).map_err(Failure::Job);
    }
    let found = choose(told.known, which, narrow).ok_or_else(|| {
        let what = match which {
            Which::Alert(key, _) => format!("alert {key:016x}"),
            Which::Find(kind) => KINDS
                .iter()
                .find(|(k, _)| k == kind)
                .map_or("", |(_, what)| what)
                .into(),
            Which::Worst => "a stop after a false alert".into(),
        };
        Failure::Job(format!(
            "none of the {} alerts of {} replications is {what}; try more replications or another --find",
            told.known.len(),
            told.summary.replications
        ))
    })?;
    alert_story(told, found).map_err(Failure::Job)
}

/// What a story is told of.
struct Source {
    plan: Plan,
    ready: Ready,
    summary: Summary,
    known: Vec<Known>,
}

fn from_result(job: &Explain) -> Result<Source, Failure> {
    let manifest = Folder::manifest(&job.result).map_err(|e| {
        Failure::input(
            e,
            "name the folder that lamplight compare or run has written, or a scenario",
        )
    })?;
    let plan = super::verify::plan_of(&manifest, job.scenario.as_deref())?;
    same_plan(&plan, &manifest)?;
    let summary = read_summary(&job.result)?;
    let known = read_known(&plan, &job.result).map_err(|e| Failure::input(e, ""))?;
    Ok(Source {
        ready: Ready::prepare(&plan),
        plan,
        summary,
        known,
    })
}

fn same_plan(plan: &Plan, manifest: &Manifest) -> Result<(), Failure> {
    if plan.plan_hash == manifest.plan_hash {
        return Ok(());
    }
    Err(Failure::Job(
        "the scenario or the program has changed since this result was made; make it again with the command in its manifest.json"
            .into(),
    ))
}

fn read_summary(folder: &Path) -> Result<Summary, Failure> {
    let path = folder.join("summary.json");
    let text = std::fs::read_to_string(&path)
        .map_err(|e| Failure::input(format!("cannot read {}: {e}", path.display()), ""))?;
    serde_json::from_str(&text)
        .map_err(|e| Failure::input(format!("{} is not a Lamplight summary: {e}", path.display()), ""))
}

fn from_scenario(job: &Explain, look: &Look) -> Result<Source, Failure> {
    let overrides = Overrides {
        set: super::compare::split_sets(&job.set)?,
        seed: job.seed,
        replications: job.replications,
        ..Overrides::default()
    };
    let plan = load(&job.result, &overrides)?;
    let ready = Ready::prepare(&plan);
    let strategies: Vec<usize> = (0..plan.strategies.len()).collect();
    let bar = Bar::new(u64::from(plan.replications) * strategies.len() as u64, look.quiet);
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs: job.jobs,
        schedule: crate::deployment::Schedule::Lazy,
        progress: &bar,
    };
    let runs = machine
        .execute(&strategies, 0..plan.replications)
        .map_err(|e| Failure::Job(format!("cannot start workers: {e}")))?;
    bar.clear();
    if bar.stopped() {
        say("lamplight: interrupted; nothing is told");
        return Err(Failure::Interrupted);
    }
    Ok(Source {
        summary: summarise(&plan, &strategies, &runs),
        known: known(&plan, &strategies, &runs),
        ready,
        plan,
    })
}
