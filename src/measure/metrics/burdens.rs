//! Time, images, money, and how busy people are.

use super::{Metric, MetricKind};

/// The rows, in the order of the table.
pub(super) const METRICS: &[Metric] = &[
    Metric {
        id: "not_sought_minutes_lost",
        title: "Minutes lost by people not sought",
        unit: "min per deployment",
        kind: MetricKind::MinutesLost,
        by_group: true,
        definition: "Time that people stopped by mistake, on an entry out of date, or for a covered face, spent in stops and custody.",
    },
    Metric {
        id: "custody_hours",
        title: "Hours in custody",
        unit: "h per deployment",
        kind: MetricKind::CustodyHours,
        by_group: true,
        definition: "Time in custody of everybody arrested after an alert, rightly or wrongly.",
    },
    Metric {
        id: "image_days_not_sought",
        title: "Image-days of people not sought",
        unit: "image-days per deployment",
        kind: MetricKind::ImageDays,
        by_group: true,
        definition: "Days for which images of people not on the list are kept, summed over images: templates, images of false alerts, footage of each pass.",
    },
    Metric {
        id: "fines_gbp",
        title: "Fines paid",
        unit: "GBP per deployment",
        kind: MetricKind::Fines,
        by_group: true,
        definition: "Fines after a stop for a covered face, in money; not counted against the cost.",
    },
    Metric {
        id: "cost_gbp",
        title: "Cost",
        unit: "GBP per deployment",
        kind: MetricKind::Cost,
        by_group: false,
        definition: "Staff, vans, the share of fixed cameras in use, notice, custody, and compensation; software and back office left out.",
    },
    Metric {
        id: "cost_per_arrest_gbp",
        title: "Cost per arrest",
        unit: "GBP per arrest",
        kind: MetricKind::CostPerArrest,
        by_group: false,
        definition: "Cost over arrests of the right person, those of the wider operation or of patrol included.",
    },
    Metric {
        id: "operator_wait_s",
        title: "Wait for review",
        unit: "s per alert reviewed",
        kind: MetricKind::OperatorWait,
        by_group: false,
        definition: "Mean wait before its review of an alert that was reviewed.",
    },
    Metric {
        id: "officer_utilisation",
        title: "Officer utilisation",
        unit: "of pair time",
        kind: MetricKind::Utilisation,
        by_group: false,
        definition: "Share of the pairs' opening time spent away from their posts.",
    },
];
