//! What the same officers do without facial recognition, and what they do beside it. Counts only; they occupy no pair.

use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// Patrol's counts for one group cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patrol {
    /// Arrests.
    pub arrests: u64,
    /// Stops that end in another outcome.
    pub other: u64,
    /// Stops without any outcome.
    pub nothing: u64,
}

/// Patrol in place of facial recognition, by cell, for `officer_hours`.
pub fn patrol(plan: &Plan, numbers: &Numbers, draws: &Draws, officer_hours: f64) -> Vec<Patrol> {
    let shares = plan.axes.joint(&plan.crowd.shares);
    let weights: Vec<f64> = shares
        .iter()
        .enumerate()
        .map(|(c, s)| s * numbers.doubtful(plan.crowd.patrol_odds[c], &odds_key(plan, c)))
        .collect();
    let total: f64 = weights.iter().sum();
    let arrests = numbers.get(param::PATROL_ARRESTS) * officer_hours;
    let stops = numbers.get(param::PATROL_STOPS) * officer_hours;
    let outcome = numbers.get(param::PATROL_OUTCOME);
    weights
        .iter()
        .enumerate()
        .map(|(c, w)| {
            let part = w / total;
            let draw = |what: u64, mean: f64| {
                let u = draws.conduct.block(Purpose::Patrol as u16, 0, c as u32, what).fine(0);
                dist::poisson_quantile(u, mean * part)
            };
            Patrol {
                arrests: draw(1, arrests),
                // Half of the outcomes are arrests, and those are counted by their own rate.
                other: draw(2, 0.5 * outcome * stops),
                nothing: draw(3, (1.0 - outcome) * stops),
            }
        })
        .collect()
}

/// Cells that share a doubtful factor share its draw: the key is the factor's own prior.
fn odds_key(plan: &Plan, cell: usize) -> String {
    format!("people.patrol_odds.{:?}", plan.crowd.patrol_odds[cell])
}

/// Arrests of a facial recognition operation that no alert led to, by cell.
pub fn wider_arrests(plan: &Plan, numbers: &Numbers, draws: &Draws, officer_hours: f64) -> Vec<u64> {
    let mean = numbers.get(param::WIDER_PER_OFFICER_H) * officer_hours;
    plan.axes
        .joint(&plan.crowd.shares)
        .iter()
        .enumerate()
        .map(|(c, s)| {
            let u = draws.conduct.block(Purpose::Patrol as u16, 0, c as u32, 4).fine(0);
            dist::poisson_quantile(u, mean * s)
        })
        .collect()
}
