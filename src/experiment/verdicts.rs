//! What may be said of each difference, and what is not settled.

use super::presentation::Per;
use super::series::{Column, Series};
use super::summary::Difference;
use crate::scenario::Plan;
use crate::scenario::registry::{ParamId, param};
use crate::stats::{self, judge};
use std::collections::BTreeMap;

/// Metrics with a smallest difference of their own.
const MATTERS: [(&str, ParamId); 18] = [
    ("faces_seen", param::MATTERS_FACES_SEEN),
    ("searches", param::MATTERS_FACES_SEEN),
    ("people_scanned", param::MATTERS_FACES_SEEN),
    ("alerts", param::MATTERS_ALERTS),
    ("true_alerts", param::MATTERS_ALERTS),
    ("false_alerts", param::MATTERS_FALSE_ALERTS),
    ("false_alerts_expected", param::MATTERS_FALSE_ALERTS),
    ("false_alerts_recorded", param::MATTERS_FALSE_ALERTS),
    ("stops", param::MATTERS_STOPS),
    ("stops_without_arrest", param::MATTERS_STOPS_WITHOUT_ARREST),
    ("wrongful_stops", param::MATTERS_WRONGFUL_STOPS),
    ("wrongful_stops_expected", param::MATTERS_WRONGFUL_STOPS),
    ("wrongful_arrests", param::MATTERS_WRONGFUL_ARRESTS),
    ("wrongful_arrests_expected", param::MATTERS_WRONGFUL_ARRESTS),
    ("arrests", param::MATTERS_ARRESTS),
    ("net_arrests", param::MATTERS_ARRESTS),
    ("sought_missed", param::MATTERS_SOUGHT_MISSED),
    ("not_sought_minutes_lost", param::MATTERS_MINUTES_LOST),
];

/// The metric that a verdict is read from: where there is an expectation of a rare count, that.
pub(crate) fn verdict_from(id: &str) -> &str {
    match id {
        "false_alerts" => "false_alerts_expected",
        "false_alerts_passed" => "false_alerts_passed_expected",
        "wrongful_stops" => "wrongful_stops_expected",
        "wrongful_arrests" => "wrongful_arrests_expected",
        "cover_stops" => "cover_stops_expected",
        "fines" => "fines_expected",
        "cover_name_checks" => "cover_name_checks_expected",
        "retro_second_kept" => "retro_second_kept_expected",
        other => other,
    }
}

/// The smallest difference of a metric that matters, as it is shown.
pub(crate) fn smallest_that_matters(plan: &Plan, a: &Series, b: &Series, id: &str, per: Per) -> f64 {
    let (Some(x), Some(y)) = (a.of(id), b.of(id)) else {
        return 0.0;
    };
    let own = MATTERS
        .iter()
        .find(|(m, _)| *m == id)
        .map(|(_, key)| plan.values.get(*key));
    let Some(matters) = own else {
        let larger = figure(x).unwrap_or(0.0).abs().max(figure(y).unwrap_or(0.0).abs());
        return plan.values.get(param::MATTERS_SHARE) * larger;
    };
    match per {
        Per::Deployment => matters,
        Per::Year => matters * plan.values.get(param::DEPLOYMENTS_PER_YEAR),
        Per::Scans => {
            // What matters in a deployment, at as many scans as the busier of the two has.
            let scans = [x, y].map(|c| c.den.as_deref().map_or(0.0, stats::mean));
            matters / scans[0].max(scans[1]).max(1e-9)
        }
    }
}

/// A figure as it is shown.
pub(crate) fn figure(c: &Column) -> Option<f64> {
    let total = stats::sum(&c.num);
    match &c.den {
        None => Some(c.scale * total / c.num.len().max(1) as f64),
        Some(den) => (stats::sum(den) > 0.0).then(|| c.scale * total / stats::sum(den)),
    }
}

/// Differences of the two strategies by world.
pub(crate) fn world_differences(a: &Column, b: &Column) -> Option<Vec<Vec<f64>>> {
    let (x, y) = (a.worlds()?, b.worlds()?);
    let one = |(p, q): (&Vec<f64>, &Vec<f64>)| p.iter().zip(q).map(|(v, w)| v - w).collect();
    Some(x.iter().zip(&y).map(one).collect())
}

/// Gives every difference its verdict, and chances adjusted for their number.
pub(crate) fn give(plan: &Plan, a: &Series, b: &Series, per: Per, differences: &mut BTreeMap<String, Difference>) {
    let mut chances: Vec<(String, f64)> = Vec::new();
    for (id, d) in differences.iter_mut() {
        let from = verdict_from(id);
        d.verdict_from = from.to_owned();
        d.smallest_that_matters = smallest_that_matters(plan, a, b, id, per);
        let worlds = a.of(from).zip(b.of(from)).and_then(|(x, y)| world_differences(x, y));
        let Some(worlds) = worlds else {
            d.verdict = NOT_SETTLED.to_owned();
            continue;
        };
        let judgement = judge(&worlds, plan.uncertainty, d.smallest_that_matters);
        d.share_of_plausible_worlds_lower = judgement.shares.map(|s| s[0]);
        d.share_of_plausible_worlds_higher = judgement.shares.map(|s| s[1]);
        d.share_from_not_knowing = judgement.from_not_knowing;
        d.limited_by = judgement.limit.map(|l| l.word().to_owned());
        d.replications_needed = judgement.needed;
        d.verdict = if judgement.settled {
            SETTLED
        } else if judgement.immaterial {
            NO_DIFFERENCE
        } else {
            NOT_SETTLED
        }
        .to_owned();
        let first: Vec<f64> = worlds.iter().filter_map(|w| w.first().copied()).collect();
        if let Some(p) = stats::t_p_value(stats::mean(&first), stats::variance(&first), first.len()) {
            chances.push((id.clone(), p));
        }
    }
    let adjusted = stats::holm(&chances.iter().map(|c| c.1).collect::<Vec<_>>());
    for ((id, _), p) in chances.iter().zip(adjusted) {
        if let Some(d) = differences.get_mut(id) {
            d.p_holm = Some(p);
        }
    }
}

/// Worlds agree and the difference is larger than the smallest that matters.
pub(crate) const SETTLED: &str = "settled";
/// Worlds agree that it is smaller.
pub(crate) const NO_DIFFERENCE: &str = "no difference that matters";
/// Neither.
pub(crate) const NOT_SETTLED: &str = "not settled";
