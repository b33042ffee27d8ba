use super::learned::per_hour;
use super::{Placement, Today, best, by_site};
use crate::programme::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Where the published arrests per hour promise most.
pub struct GreedyArrest {
    prior: (f64, f64),
}

impl GreedyArrest {
    /// With the prior of the strategy.
    pub fn new(numbers: &Numbers) -> Self {
        GreedyArrest {
            prior: (numbers.get(param::PRIOR_ARRESTS), numbers.get(param::PRIOR_HOURS)),
        }
    }
}

impl Placement for GreedyArrest {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let sums = by_site(published, today.sites.len());
        best(today, draw, |s| per_hour(sums[s].arrests, sums[s].hours, self.prior))
    }
}
