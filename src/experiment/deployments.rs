//! `deployments.parquet` and `deployments.csv`: every deployment as a force would publish it, beside the hidden truth.

use super::Runs;
use super::columns::{Column, write_columns};
use super::tables::{AlertRow, Spec, alert_columns, notes};
use crate::deployment::{Alert, Scene};
use crate::measure::Counter as C;
use crate::programme::{DeploymentRow, Prepared};
use crate::scenario::Plan;
use crate::scenario::plan::MountKind;
use crate::scenario::programme::Site;
use parquet::errors::ParquetError;
use std::io::Write;

/// A row of `deployments.parquet`.
pub(crate) struct Held<'a> {
    plan: &'a Plan,
    site: &'a Site,
    strategy: usize,
    replication: usize,
    row: &'a DeploymentRow,
}

/// Hours and minutes after midnight.
fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0) as u32;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn counted(row: &Held, counters: &[C]) -> i64 {
    counters.iter().map(|c| row.row.counts.get(*c)).sum::<u64>() as i64
}

/// The columns: which run, what forces publish, what only a simulation knows.
pub(crate) fn deployment_columns<'a>() -> Vec<Spec<Held<'a>>> {
    let mut columns = published_columns();
    columns.extend(hidden_columns());
    columns
}

fn published_columns<'a>() -> Vec<Spec<Held<'a>>> {
    vec![
        Spec::text("strategy", "name of the strategy", |r| {
            r.plan.strategies[r.strategy].name.clone()
        }),
        Spec::whole("replication", "number of the replication, from 0", |r| {
            r.replication as i64
        }),
        Spec::text("location", "published: where", |r| r.site.title.clone()),
        Spec::text("date", "published: date", |r| r.row.date.to_string()),
        Spec::real("duration_h", "published: hours open", |r| Some(r.row.published.hours)),
        Spec::text(
            "use_case",
            "published: why there; the placement of the strategy stands for it",
            |r| {
                let id = crate::scenario::registry::param::PLACEMENT;
                r.plan.strategies[r.strategy].values.word(id).into()
            },
        ),
        Spec::whole("watchlist_size", "published: people on the list", |r| {
            r.row.published.watchlist as i64
        }),
        Spec::real("threshold", "published: threshold", |r| Some(r.row.published.threshold)),
        Spec::whole(
            "faces_seen",
            "published: faces seen, under the scenario's counting",
            |r| r.row.published.faces as i64,
        ),
        Spec::whole("total_alerts", "published: alerts", |r| r.row.published.alerts as i64),
        Spec::whole(
            "true_confirmed",
            "published: true alerts whose person was stopped",
            |r| r.row.published.true_confirmed as i64,
        ),
        Spec::whole("true_unconfirmed", "published: other true alerts", |r| {
            r.row.published.true_unconfirmed as i64
        }),
        Spec::whole(
            "false_confirmed",
            "published: false alerts whose person was stopped",
            |r| r.row.published.false_confirmed as i64,
        ),
        Spec::whole("false_unconfirmed", "published: other false alerts", |r| {
            r.row.published.false_unconfirmed as i64
        }),
        Spec::real("false_alert_rate", "published: false alerts over faces seen", |r| {
            r.row.published.false_alert_rate()
        }),
        Spec::whole(
            "arrests",
            "published: arrests after an alert, or by patrol without facial recognition",
            |r| r.row.published.arrests as i64,
        ),
        Spec::whole("other_action", "published: stops with another action", |r| {
            r.row.published.other as i64
        }),
        Spec::whole("no_action", "published: stops without any action", |r| {
            r.row.published.no_action as i64
        }),
    ]
}

fn hidden_columns<'a>() -> Vec<Spec<Held<'a>>> {
    vec![
        Spec::text("site", "short name of the site", |r| r.site.name.clone()),
        Spec::text("borough", "borough", |r| r.site.borough.clone()),
        Spec::text("sketch", "yes where the site's streets are a sketch", |r| {
            if r.site.plan.place.sketch { "yes" } else { "no" }.into()
        }),
        Spec::text("mount", "van or lamp", |r| {
            match r.row.mount {
                MountKind::Van => "van",
                MountKind::Lamp => "lamp",
            }
            .into()
        }),
        Spec::text("open", "opening", |r| clock(r.row.open_s)),
        Spec::text("made_up", "yes if it makes up for one called off", |r| {
            if r.row.made_up { "yes" } else { "no" }.into()
        }),
        Spec::whole("passes", "passes through a view", |r| counted(r, &[C::Passes])),
        Spec::whole("searches", "captured faces compared with the list", |r| {
            counted(r, &[C::Searches])
        }),
        Spec::whole("people_first_scanned", "people searched who had not been before", |r| {
            counted(r, &[C::PeopleScanned])
        }),
        Spec::whole("sought_present", "people on the list who were there", |r| {
            counted(r, &[C::SoughtPresent])
        }),
        Spec::whole("sought_missed", "of them without an alert about themselves", |r| {
            counted(r, &[C::SoughtMissed])
        }),
        Spec::whole("stale_stops", "stops on an entry out of date", |r| {
            counted(r, &[C::StaleStops])
        }),
        Spec::whole("wrongful_stops", "stops after a false alert", |r| {
            counted(r, &[C::WrongfulStops])
        }),
        Spec::real(
            "false_alerts_expected",
            "false alerts expected given who was searched",
            |r| Some(r.row.counts.expected_false()),
        ),
        Spec::whole("stayed_away", "people who had heard of it and did not come", |r| {
            counted(r, &[C::StayedAway])
        }),
        Spec::real(
            "officer_utilisation",
            "share of the pairs' time away from their posts",
            |r| r.row.utilisation,
        ),
        Spec::text("list_by_reason", "people on the list by reason", |r| {
            let reasons = &r.plan.watchlist.reasons;
            let parts = reasons.iter().zip(&r.row.list.by_reason);
            parts
                .map(|(x, n)| format!("{}={n}", x.name))
                .collect::<Vec<_>>()
                .join(" ")
        }),
        Spec::text("list_hash", "hash of who was on the list, which was destroyed", |r| {
            format!("{:016x}", r.row.list.hash)
        }),
        Spec::text("trace_hash", "hash of everything observed in the deployment", |r| {
            format!("{:016x}", r.row.hash)
        }),
    ]
}

fn rows<'a>(prepared: &'a Prepared, strategies: &[usize], runs: &'a Runs) -> Vec<Held<'a>> {
    let mut rows = Vec::new();
    for (strategy, replications) in strategies.iter().zip(&runs.deployments) {
        for (replication, deployments) in replications.iter().enumerate() {
            rows.extend(deployments.iter().map(|row| Held {
                plan: prepared.plan,
                site: &prepared.programme.sites[row.published.site],
                strategy: *strategy,
                replication,
                row,
            }));
        }
    }
    rows
}

/// `deployments.parquet`: every deployment of every run, in order.
///
/// # Errors
/// The file could not be written.
pub fn write_deployments(
    out: impl Write + Send,
    prepared: &Prepared,
    strategies: &[usize],
    runs: &Runs,
) -> Result<(), ParquetError> {
    let rows = rows(prepared, strategies, runs);
    let columns: Vec<Column> = deployment_columns().iter().map(|c| c.column(&rows)).collect();
    write_columns(out, &columns, &notes(prepared.plan))
}

/// `deployments.csv`: the deployments of the first replication under every strategy.
///
/// # Errors
/// The file could not be written.
pub fn write_deployments_csv(
    out: impl Write,
    prepared: &Prepared,
    strategies: &[usize],
    runs: &Runs,
) -> Result<(), csv::Error> {
    let columns = deployment_columns();
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns.iter().map(|c| c.name))?;
    for row in rows(prepared, strategies, runs).iter().filter(|r| r.replication == 0) {
        writer.write_record(columns.iter().map(|c| c.cell(row)))?;
    }
    writer.flush().map_err(csv::Error::from)
}

/// A row of a programme's `alerts.parquet`.
pub(crate) struct PlacedAlert<'a> {
    site: &'a Site,
    row: &'a DeploymentRow,
}

/// Columns that the alerts of a programme begin with.
pub(crate) fn place_columns<'a>() -> Vec<Spec<PlacedAlert<'a>>> {
    vec![
        Spec::text("date", "date of the deployment", |r| r.row.date.to_string()),
        Spec::text("site", "short name of the site", |r| r.site.name.clone()),
    ]
}

/// A programme's `alerts.parquet`: one row per alert, deployment by deployment.
///
/// # Errors
/// The file could not be written.
pub fn write_programme_alerts(
    out: impl Write + Send,
    prepared: &Prepared,
    strategies: &[usize],
    runs: &Runs,
) -> Result<(), ParquetError> {
    let (mut places, mut rows) = (Vec::new(), Vec::new());
    for (s, strategy) in strategies.iter().enumerate() {
        for (replication, deployments) in runs.deployments[s].iter().enumerate() {
            let mut alerts = runs.alerts[s][replication].iter();
            for row in deployments {
                let scene: &Scene = prepared.scene(*strategy, row.published.site, row.mount);
                let mut of_row: Vec<&Alert> = alerts.by_ref().take(row.published.alerts as usize).collect();
                of_row.sort_by_key(|a| (a.at, a.key));
                for alert in of_row {
                    places.push(PlacedAlert {
                        site: &prepared.programme.sites[row.published.site],
                        row,
                    });
                    rows.push(AlertRow {
                        scene,
                        strategy: s,
                        replication,
                        alert,
                    });
                }
            }
        }
    }
    let mut columns: Vec<Column> = place_columns().iter().map(|c| c.column(&places)).collect();
    columns.extend(alert_columns().iter().map(|c| c.column(&rows)));
    write_columns(out, &columns, &notes(prepared.plan))
}
