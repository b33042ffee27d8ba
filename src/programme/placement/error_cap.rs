use super::learned::per_hour;
use super::{Placement, Today, best, by_site};
use crate::programme::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// As greedy, but not where the published false alerts per hour stand out: at most so many times the mean of sites.
pub struct ErrorCap {
    prior: (f64, f64),
    most: f64,
}

/// Hours at the mean rate that every site is credited with, so that one false alert is not yet a pattern.
const FALSE_PRIOR_H: f64 = 50.0;

impl ErrorCap {
    /// With the numbers of the strategy.
    pub fn new(numbers: &Numbers) -> Self {
        ErrorCap {
            prior: (numbers.get(param::PRIOR_ARRESTS), numbers.get(param::PRIOR_HOURS)),
            most: numbers.get(param::ERROR_CAP),
        }
    }
}

impl Placement for ErrorCap {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let sums = by_site(published, today.sites.len());
        let (errors, hours) = sums
            .iter()
            .fold((0, 0.0), |(e, h), s| (e + s.false_alerts, h + s.hours));
        let mean = if hours > 0.0 { errors as f64 / hours } else { 0.0 };
        // Sites over the cap come last, those with the fewest errors first.
        best(today, draw, |s| {
            let rate = per_hour(
                sums[s].false_alerts,
                sums[s].hours,
                (FALSE_PRIOR_H * mean, FALSE_PRIOR_H),
            );
            if rate > self.most * mean {
                -rate
            } else {
                per_hour(sums[s].arrests, sums[s].hours, self.prior)
            }
        })
    }
}
