//! Figures that only programmes have.

use super::Metric;
use super::rows::{ARRESTS, PROGRAMME, count, whole};
use crate::measure::tally::Counter as C;
use crate::measure::tally::RunSummary;
use crate::measure::year::{Exposure, Year};

/// The exposure of a group.
fn exposed(year: &Year, group: usize, of: fn(&Exposure) -> u64) -> (f64, Option<f64>) {
    match year.exposure.get(group) {
        Some(e) => (of(e) as f64, Some(e.count() as f64)),
        None => (0.0, Some(0.0)),
    }
}

fn arrests(run: &RunSummary) -> f64 {
    ARRESTS.iter().map(|c| run.groups[0].get(*c)).sum::<u64>() as f64
}

/// The rows, in the order of the table.
pub(super) const METRICS: &[Metric] = &[
    whole(
        "deployments",
        "Deployments",
        PROGRAMME,
        false,
        |_, y, _| (y.deployments as f64, None),
        "Deployments held.",
    ),
    whole(
        "deployments_fixed",
        "Deployments with fixed cameras",
        PROGRAMME,
        false,
        |_, y, _| (y.fixed as f64, None),
        "Deployments held with a fixed array.",
    ),
    whole(
        "deployments_called_off",
        "Deployments called off",
        PROGRAMME,
        false,
        |_, y, _| (y.called_off as f64, None),
        "Deployments planned and called off: weather, faults, other reasons.",
    ),
    whole(
        "deployments_faults",
        "Deployments called off by a fault",
        PROGRAMME,
        false,
        |_, y, _| (y.faults as f64, None),
        "Deployments called off because the equipment failed.",
    ),
    whole(
        "deployments_made_up",
        "Deployments made up",
        PROGRAMME,
        false,
        |_, y, _| (y.made_up as f64, None),
        "Deployments called off and held later.",
    ),
    whole(
        "hours_open",
        "Hours open",
        "h per programme",
        false,
        |_, y, _| (y.open.seconds() / 3600.0, None),
        "Time open, all deployments together.",
    ),
    whole(
        "boroughs_visited",
        "Boroughs with a deployment",
        PROGRAMME,
        false,
        |_, y, _| (y.boroughs_visited as f64, None),
        "Boroughs in which at least one deployment was held.",
    ),
    whole(
        "arrests_per_deployment",
        "Arrests per deployment",
        "per deployment held",
        false,
        |r, y, _| (arrests(r), Some(y.deployments as f64)),
        "Arrests over deployments held.",
    ),
    whole(
        "share_scanned_once",
        "People scanned at least once",
        "of people who use the sites",
        true,
        |_, y, g| exposed(y, g, |e| e.at_least(1)),
        "Members of the sites' pools searched at least once over members of the pools.",
    ),
    whole(
        "share_scanned_ten_times",
        "People scanned ten times or more",
        "of people who use the sites",
        true,
        |_, y, g| exposed(y, g, |e| e.at_least(10)),
        "Members of the sites' pools searched ten times or more over members of the pools.",
    ),
    whole(
        "searches_per_person",
        "Searches per person",
        "per person who uses the sites",
        true,
        |_, y, g| exposed(y, g, Exposure::searches),
        "Searches of members of the sites' pools over members of the pools.",
    ),
    whole(
        "exposure_gini",
        "Concentration of searches (Gini)",
        "0 alike, 1 on few",
        true,
        |_, y, g| match y.exposure.get(g).and_then(Exposure::gini) {
            Some(gini) => (gini, Some(1.0)),
            None => (0.0, Some(0.0)),
        },
        "Gini coefficient of searches over the members of the pools, those never searched among them.",
    ),
    count(
        "stayed_away",
        "Stayed away",
        &[C::StayedAway],
        "People who had heard of a deployment and did not come.",
    ),
    whole(
        "sought_on_roll",
        "Sought people at the end",
        PROGRAMME,
        false,
        |_, y, _| (y.roll_end as f64, None),
        "People on the roll on the last day who have not been arrested.",
    ),
    whole(
        "roll_depleted",
        "Sought people removed by arrests",
        "of the roll on the last day",
        false,
        |_, y, _| {
            let untouched = y.roll_end_untouched as f64;
            (untouched - y.roll_end as f64, Some(untouched))
        },
        "People who would still be on the roll on the last day without arrests, over all who would be.",
    ),
    whole(
        "arrays_moved",
        "Fixed arrays moved",
        PROGRAMME,
        false,
        |_, y, _| (y.moves as f64, None),
        "Moves of fixed arrays to another site.",
    ),
    whole(
        "arrays_moved_gbp",
        "Cost of moving fixed arrays",
        "GBP per programme",
        false,
        |_, y, _| (y.moves_gbp, None),
        "Moves of fixed arrays at their price.",
    ),
];
