//! One deployment as a force would publish it, and beside it what only a simulation knows.

use super::watchlist::Audit;
use crate::measure::{Counter as C, Faces, GroupRow, RunSummary};
use crate::scenario::plan::MountKind;
use jiff::civil::Date;

/// What is published of a deployment: all that placement and governance ever see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublishedRow {
    /// Days since 1 January 1970.
    pub day: i32,
    /// Index of the site.
    pub site: usize,
    /// Hours open.
    pub hours: f64,
    /// Size of the watchlist.
    pub watchlist: u64,
    /// Threshold.
    pub threshold: f64,
    /// Faces seen, under the counting of the scenario.
    pub faces: u64,
    /// Alerts.
    pub alerts: u64,
    /// True alerts whose person was stopped.
    pub true_confirmed: u64,
    /// Other true alerts.
    pub true_unconfirmed: u64,
    /// False alerts whose person was stopped.
    pub false_confirmed: u64,
    /// Other false alerts.
    pub false_unconfirmed: u64,
    /// Arrests after an alert, or by patrol where there is no facial recognition.
    pub arrests: u64,
    /// Stops after an alert with another action.
    pub other: u64,
    /// Stops after an alert without any.
    pub no_action: u64,
}

impl PublishedRow {
    /// False alerts.
    pub fn false_alerts(&self) -> u64 {
        self.false_confirmed + self.false_unconfirmed
    }

    /// False alerts per face seen, the rate that forces publish; none without faces.
    pub fn false_alert_rate(&self) -> Option<f64> {
        (self.faces > 0).then(|| self.false_alerts() as f64 / self.faces as f64)
    }
}

/// A deployment that has been held.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentRow {
    /// Date.
    pub date: Date,
    /// Van or lamp posts.
    pub mount: MountKind,
    /// Opening, seconds after midnight.
    pub open_s: f64,
    /// Whether it makes up for one that was called off.
    pub made_up: bool,
    /// What is published.
    pub published: PublishedRow,
    /// The watchlist that was destroyed at its end.
    pub list: Audit,
    /// Everything counted, all groups together.
    pub counts: GroupRow,
    /// People searched who had not been before: all, then every level of every axis.
    pub first_searched: Vec<u32>,
    /// Away from their posts, as a share of the pairs' time.
    pub utilisation: Option<f64>,
    /// Trace hash.
    pub hash: u64,
}

impl DeploymentRow {
    /// The row of a run.
    #[allow(clippy::too_many_arguments)] // one for each thing that is not in the run
    pub fn new(
        date: Date,
        site: usize,
        mount: MountKind,
        hours: super::Hours,
        threshold: f64,
        made_up: bool,
        list: Audit,
        faces: Faces,
        run: &RunSummary,
    ) -> Self {
        let all = &run.groups[0];
        let sum = |list: &[C]| list.iter().map(|c| all.get(*c)).sum::<u64>();
        let (trues, falses) = (all.get(C::TrueAlerts), all.get(C::FalseAlerts));
        let true_stops = sum(&[C::TrueStops, C::StaleStops]);
        let false_stops = all.get(C::WrongfulStops);
        let seen = faces.of(all.get(C::Searches) as f64, all.get(C::Passes) as f64);
        let pair_time = run.shift.open.seconds() * run.shift.pairs as f64;
        DeploymentRow {
            date,
            mount,
            open_s: hours.open_s,
            made_up,
            published: PublishedRow {
                day: super::day_number(date),
                site,
                hours: hours.length_h(),
                watchlist: list.size,
                threshold,
                faces: libm::round(seen) as u64,
                alerts: trues + falses,
                true_confirmed: true_stops,
                true_unconfirmed: trues - true_stops.min(trues),
                false_confirmed: false_stops,
                false_unconfirmed: falses - false_stops.min(falses),
                arrests: sum(&[C::Arrests, C::StaleArrests, C::PatrolArrests]),
                other: sum(&[C::OtherActions, C::PatrolOther]),
                no_action: sum(&[C::NoActions, C::WrongfulLetGo, C::PatrolNothing]),
            },
            list,
            counts: all.clone(),
            first_searched: run.groups.iter().map(|g| g.get(C::PeopleScanned) as u32).collect(),
            utilisation: (pair_time > 0.0).then(|| run.shift.pair_busy.seconds() / pair_time),
            hash: run.hash,
        }
    }
}
