use super::{Placement, Today, best, by_site};
use crate::programme::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;
use crate::stats::dist;

/// As greedy, but by arrests per hour drawn from what is known of them, so that little-known sites are tried.
pub struct Thompson {
    prior: (f64, f64),
}

impl Thompson {
    /// With the prior of the strategy.
    pub fn new(numbers: &Numbers) -> Self {
        Thompson {
            prior: (numbers.get(param::PRIOR_ARRESTS), numbers.get(param::PRIOR_HOURS)),
        }
    }
}

impl Placement for Thompson {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let sums = by_site(published, today.sites.len());
        best(today, draw, |s| {
            let shape = self.prior.0 + sums[s].arrests as f64;
            dist::gamma_quantile(draw(today.sites[s].key), shape) / (self.prior.1 + sums[s].hours)
        })
    }
}
