//! How rows of the table are written down, and the lists of counters that several rows share.

use super::{Metric, MetricKind};
use crate::measure::tally::{Counter, Counter as C, Expected, RunSummary};
use crate::measure::year::Year;

/// A figure of a whole programme.
pub(super) const fn whole(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    by_group: bool,
    of: fn(&RunSummary, &Year, usize) -> (f64, Option<f64>),
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::Whole(of),
        definition,
        by_group,
    }
}

pub(super) const PROGRAMME: &str = "per programme";

pub(super) const PER: &str = "per deployment";

pub(super) const fn count(
    id: &'static str,
    title: &'static str,
    of: &'static [Counter],
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit: PER,
        kind: MetricKind::Count(of),
        definition,
        by_group: true,
    }
}
pub(super) const fn rate(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    of: &'static [Counter],
    per: &'static [Counter],
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::Rate(of, per),
        definition,
        by_group: true,
    }
}

pub(super) const fn expected(
    id: &'static str,
    title: &'static str,
    what: Expected,
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit: PER,
        kind: MetricKind::Expected(what),
        definition,
        by_group: true,
    }
}

pub(super) const ALERTS: &[Counter] = &[C::TrueAlerts, C::FalseAlerts];
pub(super) const STOPS: &[Counter] = &[
    C::TrueStops,
    C::StaleStops,
    C::WrongfulStops,
    C::PatrolArrests,
    C::PatrolOther,
    C::PatrolNothing,
];
pub(super) const NOT_ARRESTED: &[Counter] = &[
    C::OtherActions,
    C::NoActions,
    C::WrongfulLetGo,
    C::PatrolOther,
    C::PatrolNothing,
];
pub(super) const ARRESTS: &[Counter] = &[C::Arrests, C::StaleArrests, C::PatrolArrests];
