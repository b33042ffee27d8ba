//! `runs.parquet` and `alerts.parquet`: one small column writer over the parquet crate, without arrow.

use super::Runs;
use super::columns::{Column, Data, write_columns};
use crate::deployment::{Alert, Scene};
use crate::kernel::Micros;
use crate::measure::{RunSummary, metrics_of};
use crate::record::{cell_name, truth_word};
use crate::scenario::Plan;
use parquet::errors::ParquetError;
use std::io::Write;

/// A column of a table of `R`s: its name, what it means, and how it is read off a row.
pub(crate) struct Spec<R> {
    pub name: &'static str,
    pub doc: &'static str,
    read: Read<R>,
}

/// How a value is read, by type.
enum Read<R> {
    Whole(fn(&R) -> i64),
    Real(fn(&R) -> Option<f64>),
    Text(fn(&R) -> String),
}

impl<R> Spec<R> {
    pub(crate) const fn whole(name: &'static str, doc: &'static str, read: fn(&R) -> i64) -> Self {
        let read = Read::Whole(read);
        Spec { name, doc, read }
    }
    pub(crate) const fn real(name: &'static str, doc: &'static str, read: fn(&R) -> Option<f64>) -> Self {
        let read = Read::Real(read);
        Spec { name, doc, read }
    }
    pub(crate) const fn text(name: &'static str, doc: &'static str, read: fn(&R) -> String) -> Self {
        let read = Read::Text(read);
        Spec { name, doc, read }
    }
    /// The type in the file.
    pub fn type_word(&self) -> &'static str {
        match self.read {
            Read::Whole(_) => "whole",
            Read::Real(_) => "number or none",
            Read::Text(_) => "text",
        }
    }
    /// Its value in a row as text; empty if there is none.
    pub(super) fn cell(&self, row: &R) -> String {
        match self.read {
            Read::Whole(f) => f(row).to_string(),
            Read::Real(f) => f(row).map_or_else(String::new, |x| x.to_string()),
            Read::Text(f) => f(row),
        }
    }
    pub(super) fn column(&self, rows: &[R]) -> Column {
        Column {
            name: self.name.into(),
            doc: self.doc.into(),
            data: match self.read {
                Read::Whole(f) => Data::Whole(rows.iter().map(f).collect()),
                Read::Real(f) => Data::Real(rows.iter().map(f).collect()),
                Read::Text(f) => Data::Text(rows.iter().map(f).collect()),
            },
        }
    }
}

/// Writes rows as one Parquet file with these columns.
pub(crate) fn write_rows<R>(
    out: impl Write + Send,
    specs: &[Spec<R>],
    rows: &[R],
    notes: &[(&str, String)],
) -> Result<(), ParquetError> {
    let columns: Vec<Column> = specs.iter().map(|c| c.column(rows)).collect();
    write_columns(out, &columns, notes)
}

/// A row of `runs.parquet`.
pub(crate) struct RunRow<'a> {
    strategy: &'a str,
    replication: usize,
    group: (&'a str, &'a str),
    seed: u64,
    run: &'a RunSummary,
}

/// The first columns of `runs.parquet`; one for each metric follows.
pub(crate) fn run_columns<'a>() -> Vec<Spec<RunRow<'a>>> {
    vec![
        Spec::text("strategy", "name of the placement strategy", |r| r.strategy.into()),
        Spec::whole("replication", "number of the replication, from 0", |r| {
            r.replication as i64
        }),
        Spec::text("group_by", "axis of the group, or all", |r| r.group.0.into()),
        Spec::text("group", "level of the group, or all", |r| r.group.1.into()),
        Spec::whole("seed", "master seed", |r| r.seed as i64),
        Spec::text("trace_hash", "hash of everything observed in the run", |r| {
            format!("{:016x}", r.run.hash)
        }),
    ]
}

/// `runs.parquet`: one row per (strategy, replication, group), group "all" first.
///
/// # Errors
/// The file could not be written.
pub fn write_runs(out: impl Write + Send, plan: &Plan, strategies: &[usize], runs: &Runs) -> Result<(), ParquetError> {
    let levels = plan
        .axes
        .0
        .iter()
        .flat_map(|a| a.levels.iter().map(|l| (a.name.as_str(), l.as_str())));
    let groups: Vec<(&str, &str)> = std::iter::once(("all", "all")).chain(levels).collect();
    let mut rows = Vec::new();
    // Strategy and group by index, for the metrics.
    let mut places = Vec::new();
    for (s, index) in strategies.iter().enumerate() {
        for (replication, run) in runs.by_strategy[s].iter().enumerate() {
            for (g, group) in groups.iter().enumerate() {
                rows.push(RunRow {
                    strategy: &plan.strategies[*index].name,
                    replication,
                    group: *group,
                    seed: plan.seed,
                    run,
                });
                places.push((*index, g));
            }
        }
    }
    let mut columns: Vec<Column> = run_columns().iter().map(|c| c.column(&rows)).collect();
    let programme = plan.programme.is_some();
    for metric in metrics_of(plan) {
        let value = |(row, (strategy, group)): (&RunRow, &(usize, usize))| {
            if *group > 0 && !metric.by_group {
                return None;
            }
            let faces = super::faces(&plan.strategies[*strategy].values);
            match metric.parts(row.run, *group, faces) {
                (n, None) => Some(n),
                (n, Some(d)) => (d > 0.0).then(|| n / d),
            }
        };
        columns.push(Column {
            name: metric.id.into(),
            doc: format!("{} [{}]", metric.definition, metric.unit_of(programme)),
            data: Data::Real(rows.iter().zip(&places).map(value).collect()),
        });
    }
    write_columns(out, &columns, &notes(plan))
}

/// A row of `alerts.parquet`.
pub(crate) struct AlertRow<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) strategy: usize,
    pub(super) replication: usize,
    pub(super) alert: &'a Alert,
}

fn seconds(t: Option<Micros>) -> Option<f64> {
    t.map(Micros::seconds)
}

/// The columns of `alerts.parquet`.
pub(crate) fn alert_columns<'a>() -> Vec<Spec<AlertRow<'a>>> {
    vec![
        Spec::text("strategy", "name of the placement strategy", |r| {
            r.scene.strategy.name.clone()
        }),
        Spec::whole("replication", "number of the replication, from 0", |r| {
            r.replication as i64
        }),
        Spec::text("alert", "identity of the alert", |r| format!("{:016x}", r.alert.key)),
        Spec::real("time_s", "time of the look, s after local midnight", |r| {
            Some(r.alert.at.seconds())
        }),
        Spec::text("visit", "identity of the simulated visit", |r| {
            format!("{:016x}", r.alert.visit)
        }),
        Spec::whole("member", "member of the visit, from 0", |r| i64::from(r.alert.member)),
        Spec::text("group", "group of the simulated person", |r| {
            cell_name(r.scene, r.alert.cell)
        }),
        Spec::text("camera", "mount of the camera", |r| {
            let site = r.scene.cameras[r.alert.camera].mount_site;
            r.scene.plan.place.mounts[site].id.clone()
        }),
        Spec::whole("leg", "leg of the visit, from 0", |r| r.alert.leg as i64),
        Spec::real("score", "similarity score", |r| Some(r.alert.score)),
        Spec::real("threshold", "threshold it reached", |r| Some(r.alert.threshold)),
        Spec::real("quality", "quality of the look, 0 to 1", |r| Some(r.alert.quality)),
        Spec::text("truth", "whether the alert is about the person it names", |r| {
            truth_word(r.alert.truth).into()
        }),
        Spec::whole("kin", "1 if the matched entry is of a close relative", |r| {
            i64::from(r.alert.kin)
        }),
        Spec::text("matched_group", "group of the list entry", |r| {
            cell_name(r.scene, r.alert.matched_cell)
        }),
        Spec::text("reason", "why the matched entry is on the list", |r| {
            r.scene.plan.watchlist.reasons[r.alert.reason].name.clone()
        }),
        Spec::real("review_start_s", "start of the review, s after local midnight", |r| {
            seconds(r.alert.review_start)
        }),
        Spec::real("review_end_s", "end of the review, s after local midnight", |r| {
            seconds(r.alert.review_end)
        }),
        Spec::real("dispatch_s", "when a pair was sent, s after local midnight", |r| {
            seconds(r.alert.dispatched)
        }),
        Spec::real(
            "followed_s",
            "when a plain-clothes pair reached the person, s after local midnight",
            |r| seconds(r.alert.followed),
        ),
        Spec::real(
            "contact_s",
            "when a pair reached the person, s after local midnight",
            |r| seconds(r.alert.contact),
        ),
        Spec::text("ending", "how the alert ended", |r| r.alert.ending.word().into()),
        Spec::text("outcome", "outcome of the stop, empty if there was none", |r| {
            r.alert.stop.map_or(String::new(), |s| s.outcome.word().into())
        }),
        Spec::real("minutes_lost", "minutes of the stop and of custody", |r| {
            r.alert.stop.map(|s| (s.scene + s.custody).seconds() / 60.0)
        }),
    ]
}

/// `alerts.parquet`: one row per alert, by strategy, replication and time.
///
/// # Errors
/// The file could not be written.
pub fn write_alerts(out: impl Write + Send, plan: &Plan, scenes: &[Scene], runs: &Runs) -> Result<(), ParquetError> {
    let mut rows: Vec<AlertRow> = Vec::new();
    for (strategy, (scene, replications)) in scenes.iter().zip(&runs.alerts).enumerate() {
        for (replication, alerts) in replications.iter().enumerate() {
            rows.extend(alerts.iter().map(|alert| AlertRow {
                scene,
                strategy,
                replication,
                alert,
            }));
        }
    }
    rows.sort_by_key(|r| (r.strategy, r.replication, r.alert.at, r.alert.key));
    let columns: Vec<Column> = alert_columns().iter().map(|c| c.column(&rows)).collect();
    write_columns(out, &columns, &notes(plan))
}

/// What both files say of themselves.
pub(super) fn notes(plan: &Plan) -> [(&'static str, String); 2] {
    [
        ("plan_hash", plan.plan_hash.clone()),
        ("label", super::summarise::LABEL.into()),
    ]
}
