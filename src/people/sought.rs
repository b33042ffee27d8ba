//! People on the list, or who could be: their group, reason, photograph, and whether they know.

use super::{Alias, Subject};
use crate::kernel::Stream;
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
    /// Place among all who could be on the list, 0 to 1: the list holds those below its share of them. None of people of the
    /// city's roll, whose list has an order of its own.
    pub rank: Option<f64>,
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
    /// Share of today's list in each group cell.
    pub list_shares: Vec<f64>,
    /// Number of people on today's list, after all filters.
    pub list_size: f64,
    cells: Alias,
    reasons: Alias,
    stale: Vec<f64>,
    listed: f64,
    knows: f64,
    photo_age_y: f64,
    photo_quality: (f64, f64),
    /// Reasons of the list's entries, whoever is about.
    entries: Alias,
    filter: Filter,
}

/// What keeps a sought person off the list.
#[derive(Clone, Debug)]
struct Filter {
    /// By reason: whether it is kept, and the share about serious crime.
    reasons: Vec<(bool, f64)>,
    serious_only: bool,
    /// By cell: whether people of it are left off.
    left_off: Vec<bool>,
    min_photo_quality: f64,
}

impl Filter {
    fn new(plan: &Plan, numbers: &Numbers) -> Self {
        let no_children = numbers.flag(param::NO_CHILDREN);
        Filter {
            reasons: plan.watchlist.reasons.iter().map(|r| (r.kept, r.serious)).collect(),
            serious_only: numbers.flag(param::SERIOUS_ONLY),
            left_off: plan.crowd.child.iter().map(|c| *c && no_children).collect(),
            min_photo_quality: numbers.get(param::MIN_PHOTO_QUALITY),
        }
    }
    /// Share of a reason's entries that stay.
    fn keeps_of(&self, reason: usize) -> f64 {
        match self.reasons[reason] {
            (false, _) => 0.0,
            (true, serious) if self.serious_only => serious,
            _ => 1.0,
        }
    }
    /// Whether an entry stays; `serious` is its uniform.
    fn keeps(&self, cell: usize, reason: usize, serious: f64, photo_quality: f64) -> bool {
        !self.left_off[cell] && serious < self.keeps_of(reason) && photo_quality >= self.min_photo_quality
    }
}

impl SoughtPeople {
    /// Sought people of a plan.
    pub fn new(plan: &Plan, numbers: &Numbers) -> Self {
        let list = &plan.watchlist;
        let pool_shares = plan.axes.joint(&list_axis_shares(plan, numbers));
        let photo_quality = (numbers.get(param::PHOTO_QUALITY_A), numbers.get(param::PHOTO_QUALITY_B));
        let filter = Filter::new(plan, numbers);
        let entries: Vec<f64> = (0..list.reasons.len())
            .map(|r| list.reasons[r].share * filter.keeps_of(r))
            .collect();
        let cells = pool_shares.iter().zip(&filter.left_off);
        let list_shares: Vec<f64> = cells.map(|(s, off)| if *off { 0.0 } else { *s }).collect();
        // What is left out is summed, so that a list without filters is the whole of itself to the last bit.
        let reason = |(r, x): (usize, &crate::scenario::plan::Reason)| x.share * (1.0 - filter.keeps_of(r));
        let of_reasons = (1.0 - list.reasons.iter().enumerate().map(reason).sum::<f64>()).max(0.0);
        let of_cells = (1.0 - pool_shares.iter().zip(&list_shares).map(|(p, l)| p - l).sum::<f64>()).max(0.0);
        let of_photos = 1.0 - dist::beta_cdf(filter.min_photo_quality, photo_quality.0, photo_quality.1);
        let filtered = numbers.get(param::LIST_SIZE) * of_reasons * of_cells * of_photos;
        let list_size = filtered.min(numbers.get(param::LIST_MAX));
        let cut = if filtered > 0.0 { list_size / filtered } else { 0.0 };
        let presence: Vec<f64> = list.reasons.iter().map(|r| r.share * r.presence).collect();
        let factor = numbers.get(param::STALE_FACTOR);
        let stale = list
            .reasons
            .iter()
            .map(|r| (factor * numbers.doubtful(r.stale, &format!("watchlist.stale.{}", r.name))).clamp(0.0, 1.0))
            .collect();
        SoughtPeople {
            cells: Alias::new(&pool_shares),
            list_shares: if of_cells > 0.0 {
                list_shares.iter().map(|s| s / of_cells).collect()
            } else {
                pool_shares
            },
            list_size,
            reasons: Alias::new(&presence),
            stale,
            listed: cut * (numbers.get(param::LIST_SIZE) / numbers.get(param::LIST_POOL)).min(1.0),
            entries: Alias::new(&entries),
            filter,
            knows: numbers.get(param::KNOWS),
            photo_age_y: numbers.get(param::PHOTO_AGE_Y),
            photo_quality,
        }
    }

    /// Index of the reason of a list entry that somebody else is taken for.
    pub fn entry_reason(&self, draws: &Draws, entry: u64) -> usize {
        let words = draws.person.block(Purpose::Entry as u16, 0, 0, entry);
        self.entries.pick(words.0[0])
    }

    /// The sought person with this key, who is known by one visit only.
    pub fn person(&self, draws: &Draws, key: u64) -> SoughtPerson {
        let stream = draws.population;
        let reason = self.reasons.pick(stream.block(Purpose::Sought as u16, 0, 0, key).0[0]);
        let rank = stream.block(Purpose::Sought as u16, 0, 2, key).fine(0);
        SoughtPerson {
            rank: Some(rank),
            ..self.attributes(stream, key, reason, rank < self.listed)
        }
    }

    /// A sought person of the city's roll, the same at every visit.
    pub fn subject(&self, draws: &Draws, subject: &Subject) -> SoughtPerson {
        self.attributes(draws.person, subject.key, subject.reason, subject.listed)
    }

    fn attributes(&self, stream: Stream, key: u64, reason: usize, listed: bool) -> SoughtPerson {
        let block = |index| stream.block(Purpose::Sought as u16, 0, index, key);
        let (first, second) = (block(0), block(1));
        let cell = self.cells.pick(first.0[1]);
        let photo_quality = dist::beta_quantile(second.unit(1), self.photo_quality.0, self.photo_quality.1);
        let kept = self.filter.keeps(cell, reason, second.unit(3), photo_quality);
        SoughtPerson {
            cell,
            reason,
            listed: kept && listed,
            rank: None,
            stale: first.unit(2) < self.stale[reason],
            knows: first.unit(3) < self.knows,
            photo_age_y: -self.photo_age_y * libm::log1p(-second.unit(0)),
            photo_quality,
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
