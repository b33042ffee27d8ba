//! People on the list, or who could be: their group, reason, photograph, and whether they know.

use super::Alias;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// One sought person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoughtPerson {
    /// Group cell.
    pub cell: usize,
    /// Index of the reason.
    pub reason: usize,
    /// Whether this person is on today's list.
    pub listed: bool,
    /// Place among all who could be on the list, 0 to 1: the list holds those below its share of them.
    pub rank: f64,
    /// Whether the entry is out of date.
    pub stale: bool,
    /// Whether the person knows to be sought.
    pub knows: bool,
    /// Age of the list photograph, years.
    pub photo_age_y: f64,
    /// Quality of the list photograph, 0 to 1.
    pub photo_quality: f64,
    /// How well this person's face matches itself, standard normal.
    pub goodness: f64,
}

/// The law of sought people in one plausible world.
#[derive(Clone, Debug)]
pub struct SoughtPeople {
    /// Share of the list in each group cell.
    pub list_shares: Vec<f64>,
    cells: Alias,
    reasons: Alias,
    stale: Vec<f64>,
    listed: f64,
    knows: f64,
    photo_age_y: f64,
    photo_quality: (f64, f64),
}

impl SoughtPeople {
    /// Sought people of a plan.
    pub fn new(plan: &Plan, numbers: &Numbers) -> Self {
        let list = &plan.watchlist;
        let list_shares = plan.axes.joint(&list_axis_shares(plan, numbers));
        let presence: Vec<f64> = list.reasons.iter().map(|r| r.share * r.presence).collect();
        let factor = numbers.get(param::STALE_FACTOR);
        let stale = list
            .reasons
            .iter()
            .map(|r| (factor * numbers.doubtful(r.stale, &format!("watchlist.stale.{}", r.name))).clamp(0.0, 1.0))
            .collect();
        SoughtPeople {
            cells: Alias::new(&list_shares),
            list_shares,
            reasons: Alias::new(&presence),
            stale,
            listed: (numbers.get(param::LIST_SIZE) / numbers.get(param::LIST_POOL)).min(1.0),
            knows: numbers.get(param::KNOWS),
            photo_age_y: numbers.get(param::PHOTO_AGE_Y),
            photo_quality: (numbers.get(param::PHOTO_QUALITY_A), numbers.get(param::PHOTO_QUALITY_B)),
        }
    }

    /// The sought person with this key.
    pub fn person(&self, draws: &Draws, key: u64) -> SoughtPerson {
        let block = |index| draws.population.block(Purpose::Sought as u16, 0, index, key);
        let (first, second, fine) = (block(0), block(1), block(2));
        let reason = self.reasons.pick(first.0[0]);
        SoughtPerson {
            cell: self.cells.pick(first.0[1]),
            reason,
            listed: fine.fine(0) < self.listed,
            rank: fine.fine(0),
            stale: first.unit(2) < self.stale[reason],
            knows: first.unit(3) < self.knows,
            photo_age_y: -self.photo_age_y * libm::log1p(-second.unit(0)),
            photo_quality: dist::beta_quantile(second.unit(1), self.photo_quality.0, self.photo_quality.1),
            goodness: dist::normal_quantile(second.unit(2)),
        }
    }
}

/// Shares of the list by axis and level: drawn from a Dirichlet where the file says how doubtful they are.
fn list_axis_shares(plan: &Plan, numbers: &Numbers) -> Vec<Vec<f64>> {
    let list = &plan.watchlist;
    plan.axes
        .0
        .iter()
        .enumerate()
        .map(|(a, axis)| {
            let shares = &list.shares[a];
            let Some(concentration) = list.concentration[a] else {
                return shares.clone();
            };
            let gammas: Option<Vec<f64>> = axis
                .levels
                .iter()
                .zip(shares)
                .map(|(level, share)| {
                    let u = numbers.uniform(&format!("watchlist.share.{}.{level}", axis.name))?;
                    Some(if *share > 0.0 {
                        dist::gamma_quantile(u, concentration * share)
                    } else {
                        0.0
                    })
                })
                .collect();
            match gammas {
                Some(g) if g.iter().sum::<f64>() > 0.0 => {
                    let total: f64 = g.iter().sum();
                    g.iter().map(|x| x / total).collect()
                }
                _ => shares.clone(),
            }
        })
        .collect()
}
