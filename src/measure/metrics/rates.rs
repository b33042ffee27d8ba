//! Shares and rates of those counts.

use super::rows::{ALERTS, ARRESTS, rate};
use super::{Metric, MetricKind};
use crate::measure::tally::Counter as C;

/// The rows, in the order of the table.
pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "false_alerts_per_face",
        title: "False alerts per face seen (the Met's rate)",
        unit: "per face",
        kind: MetricKind::PerFace(&[C::FalseAlerts]),
        by_group: true,
        definition: "False alerts over faces seen.",
    },
    rate(
        "false_share_of_alerts",
        "False share of alerts (Big Brother Watch's rate)",
        "of alerts",
        &[C::FalseAlerts],
        ALERTS,
        "False alerts over all alerts.",
    ),
    rate(
        "precision",
        "Precision",
        "of alerts",
        &[C::TrueAlerts],
        ALERTS,
        "True alerts over all alerts.",
    ),
    rate(
        "tpir",
        "TPIR per search",
        "of searches of listed people",
        &[C::SoughtAlerted],
        &[C::ListedSearches],
        "Listed people alerted over searches of listed people.",
    ),
    rate(
        "tpir_zone",
        "Listed people alerted, of those who pass",
        "of listed people who pass a camera",
        &[C::SoughtAlerted],
        &[C::SoughtPassed],
        "Listed people who raised a true alert over those who crossed a view.",
    ),
    rate(
        "hit_yield",
        "Listed people stopped, of those present",
        "of listed people present",
        &[C::TrueStops, C::StaleStops],
        &[C::SoughtPresent],
        "Stops of listed people over listed people in the place that day.",
    ),
    rate(
        "alerts_not_arrested_share",
        "Alerts that lead to no arrest",
        "of alerts",
        &[C::TrueAlerts, C::FalseAlerts],
        ALERTS,
        "Alerts less arrests after an alert, over alerts.",
    ),
    rate(
        "searches_per_arrest",
        "Searches per arrest",
        "searches",
        &[C::Searches],
        &[C::Arrests, C::StaleArrests],
        "Searches over arrests after an alert.",
    ),
    rate(
        "wrongful_stops_per_arrest",
        "Wrongful stops per arrest",
        "stops",
        &[C::WrongfulStops],
        ARRESTS,
        "Wrongful stops over arrests.",
    ),
    Metric {
        id: "minutes_per_arrest",
        title: "Minutes per arrest",
        unit: "min",
        kind: MetricKind::MinutesPerArrest,
        by_group: false,
        definition: "Minutes open over arrests.",
    },
];
