//! The one table of metrics: what `summary.json`, `runs.parquet`, the docs and the report are made from.

mod burdens;
mod custody;
mod funnel;
mod parts;
mod programmes;
mod rates;
mod rows;

use super::custody::{CustodyRow, CustodyYear};
use super::tally::{Counter, Counter as C, Expected, RunSummary};
use super::year::Year;
use crate::scenario::Plan;
use rows::{PER, PROGRAMME};

/// How a metric is computed from a run's counts.
#[derive(Clone, Copy, Debug)]
pub enum MetricKind {
    /// A sum of counters.
    Count(&'static [Counter]),
    /// Faces seen, under the scenario's counting.
    Faces,
    /// An expectation.
    Expected(Expected),
    /// False alerts times the share that the force records.
    RecordedFalse,
    /// A sum of counters over another, a rate.
    Rate(&'static [Counter], &'static [Counter]),
    /// A sum of counters over faces seen.
    PerFace(&'static [Counter]),
    /// Minutes that people not sought lost.
    MinutesLost,
    /// All arrests less those that the same officers would be expected to make on patrol. Not by group.
    NetArrests,
    /// Mean wait of an alert before its review, s. Not by group.
    OperatorWait,
    /// Share of the pairs' time away from their posts. Not by group.
    Utilisation,
    /// Minutes open per arrest. Not by group.
    MinutesPerArrest,
    /// Something of a programme as a whole: numerator and, for a rate, denominator. Only programmes have it.
    Whole(fn(&RunSummary, &Year, usize) -> (f64, Option<f64>)),
    /// Something of the monthly searches of custody images. Only programmes in which a strategy has them have it.
    Custody(fn(&CustodyYear) -> f64),
    /// The same for everybody or a level of the axis that searches tell apart; others have no figure.
    CustodyGroup(fn(&CustodyRow) -> f64),
    /// Hours in custody after an alert.
    CustodyHours,
    /// Days for which images of people not on the list are kept, summed over images.
    ImageDays,
    /// Fines, GBP.
    Fines,
    /// What everything costs, GBP. Not by group.
    Cost,
    /// That over arrests. Not by group.
    CostPerArrest,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Stable id.
    pub id: &'static str,
    /// Title for readers.
    pub title: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What is divided by what.
    pub kind: MetricKind,
    /// Definition in a sentence.
    pub definition: &'static str,
    /// Whether it exists for groups.
    pub by_group: bool,
}
/// The rows by topic; their order is the order of the table.
const TOPICS: [&[Metric]; 5] = [
    funnel::METRICS,
    rates::METRICS,
    burdens::METRICS,
    programmes::METRICS,
    custody::METRICS,
];

const COUNT: usize = TOPICS[0].len() + TOPICS[1].len() + TOPICS[2].len() + TOPICS[3].len() + TOPICS[4].len();

/// All topics one after the other.
const fn joined() -> [Metric; COUNT] {
    let mut all = [TOPICS[0][0]; COUNT];
    let (mut n, mut topic) = (0, 0);
    while topic < TOPICS.len() {
        let mut row = 0;
        while row < TOPICS[topic].len() {
            all[n] = TOPICS[topic][row];
            n += 1;
            row += 1;
        }
        topic += 1;
    }
    all
}

/// All metrics, in the order of the funnel.
pub static METRICS: &[Metric] = &joined();

/// The metrics that a plan has: some only programmes have, some only those that search custody images.
pub fn metrics_of(plan: &Plan) -> impl Iterator<Item = &'static Metric> {
    let programme = plan.programme.is_some();
    let custody = programme && plan.strategies.iter().any(|s| s.rates.is_some());
    METRICS
        .iter()
        .filter(move |m| (programme || !m.only_of_programmes()) && (custody || !m.only_of_custody()))
}

/// The metric with this id.
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id)
}

impl Metric {
    /// Whether only programmes have it.
    pub fn only_of_programmes(&self) -> bool {
        self.only_of_custody()
            || matches!(self.kind, MetricKind::Whole(_))
            || matches!(self.kind, MetricKind::Count(&[C::StayedAway]))
    }

    /// Whether only programmes with searches of custody images have it.
    pub fn only_of_custody(&self) -> bool {
        matches!(self.kind, MetricKind::Custody(_) | MetricKind::CustodyGroup(_))
    }

    /// Its unit in the figures of a plan: a count of a programme is per programme.
    pub fn unit_of(&self, programme: bool) -> String {
        match self.unit.strip_suffix(PER) {
            Some(of) if programme => format!("{of}{PROGRAMME}"),
            _ => self.unit.to_string(),
        }
    }

    /// Whether it has a denominator.
    pub fn is_rate(&self) -> bool {
        matches!(
            self.kind,
            MetricKind::Rate(..)
                | MetricKind::PerFace(_)
                | MetricKind::OperatorWait
                | MetricKind::Utilisation
                | MetricKind::MinutesPerArrest
        )
    }

    /// Whether it is a sum of whole events.
    pub fn is_count(&self) -> bool {
        matches!(self.kind, MetricKind::Count(_))
    }
}

/// What counts as a face seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Faces {
    /// Searches.
    Searches,
    /// Searches over this factor: the counting before August 2024.
    Divided(f64),
    /// Passes.
    Passes,
}

impl Faces {
    /// Faces seen.
    pub fn of(self, searches: f64, passes: f64) -> f64 {
        match self {
            Faces::Searches => searches,
            Faces::Divided(by) => searches / by,
            Faces::Passes => passes,
        }
    }
}
