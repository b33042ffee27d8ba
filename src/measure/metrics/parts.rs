//! How a metric is computed from a run.

use super::rows::{ALERTS, ARRESTS};
use super::{Faces, Metric, MetricKind};
use crate::measure::custody::CustodyYear;
use crate::measure::tally::{Counter, Counter as C, GroupRow, RunSummary};
use crate::response::{Prices, Retention};

impl Metric {
    /// Numerator and, for a rate, denominator in one run for group row `group`.
    pub fn parts(&self, run: &RunSummary, group: usize, faces: Faces) -> (f64, Option<f64>) {
        let row = &run.groups[group];
        let sum = |list: &[Counter]| list.iter().map(|c| row.get(*c)).sum::<u64>() as f64;
        let minutes = |micros: i64| micros as f64 / 60e6;
        match self.kind {
            MetricKind::Count(of) => (sum(of), None),
            MetricKind::Faces => (faces.of(sum(&[C::Searches]), sum(&[C::Passes])), None),
            MetricKind::Expected(what) => (row.expected(what), None),
            MetricKind::RecordedFalse => (sum(&[C::FalseAlerts]) * run.shift.recorded_false, None),
            MetricKind::Rate(of, per) if self.id == "alerts_not_arrested_share" => {
                (sum(of) - sum(&[C::Arrests, C::StaleArrests]), Some(sum(per)))
            }
            MetricKind::Rate(of, per) => (sum(of), Some(sum(per))),
            MetricKind::PerFace(of) => (sum(of), Some(faces.of(sum(&[C::Searches]), sum(&[C::Passes])))),
            MetricKind::MinutesLost => (sum(&[C::LostMicros]) / 60e6, None),
            MetricKind::NetArrests => (
                sum(ARRESTS) + sum(&[C::WiderArrests]) - run.shift.expected_patrol_arrests,
                None,
            ),
            MetricKind::OperatorWait => {
                let unseen = sum(&[C::DroppedTrue, C::DroppedFalse, C::AutoClosed]);
                (run.shift.operator_waited.seconds(), Some(sum(ALERTS) - unseen))
            }
            MetricKind::Utilisation => {
                let of_day = || run.shift.open.seconds() * run.shift.pairs as f64;
                let time = run.year.as_ref().map_or_else(of_day, |y| y.duty.seconds());
                (run.shift.pair_busy.seconds(), Some(time))
            }
            MetricKind::CustodyHours => (sum(&[C::CustodyMicros]) / 3600e6, None),
            MetricKind::ImageDays => (image_days(row, &run.shift.retention), None),
            MetricKind::Fines => (run.shift.prices.fine * sum(&[C::Fines]), None),
            MetricKind::Cost => (cost(row, &run.shift.prices), None),
            MetricKind::CostPerArrest => (
                cost(row, &run.shift.prices),
                Some(sum(ARRESTS) + sum(&[C::WiderArrests])),
            ),
            MetricKind::MinutesPerArrest => (minutes(run.shift.open.0), Some(sum(ARRESTS))),
            MetricKind::Whole(of) => match &run.year {
                Some(year) => of(run, year, group),
                None => (0.0, Some(0.0)),
            },
            MetricKind::Custody(of) => match custody(run) {
                Some(custody) => (of(custody), None),
                None => (0.0, Some(0.0)),
            },
            MetricKind::CustodyGroup(of) => match custody(run).and_then(|c| c.groups.get(group)?.as_ref()) {
                Some(row) => (of(row), None),
                None => (0.0, Some(0.0)),
            },
        }
    }
}

/// The searches of custody images, if the run has any.
fn custody(run: &RunSummary) -> Option<&CustodyYear> {
    run.year.as_ref()?.custody.as_ref()
}

/// Days for which images of people not on the list are kept.
fn image_days(row: &GroupRow, kept: &Retention) -> f64 {
    let of = |c: Counter| row.get(c) as f64;
    let (alerts, cases) = (of(C::FalseAlerts), of(C::WrongfulArrests));
    let templates = (of(C::Searches) - of(C::ListedSearches) - alerts).max(0.0);
    kept.template * templates
        + kept.alert * (alerts - cases)
        + kept.case * cases
        + kept.cctv * (of(C::Passes) - of(C::ListedPasses))
}

/// What everything costs.
fn cost(row: &GroupRow, prices: &Prices) -> f64 {
    let of = |c: Counter| row.get(c) as f64;
    prices.fixed
        + prices.custody_h * of(C::CustodyMicros) / 3600e6
        + prices.custody_per_arrest * (of(C::PatrolArrests) + of(C::WiderArrests))
        + prices.wrongful_stop * of(C::WrongfulStops)
        + prices.wrongful_arrest * of(C::WrongfulArrests)
}
