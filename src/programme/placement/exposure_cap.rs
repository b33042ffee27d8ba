use super::learned::per_hour;
use super::{Placement, Today, best, by_site};
use crate::programme::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// As greedy, but never in a borough whose residents have been scanned too often compared with others: faces per resident
/// at most so many times the mean of boroughs.
pub struct ExposureCap {
    prior: (f64, f64),
    most: f64,
}

impl ExposureCap {
    /// With the numbers of the strategy.
    pub fn new(numbers: &Numbers) -> Self {
        ExposureCap {
            prior: (numbers.get(param::PRIOR_ARRESTS), numbers.get(param::PRIOR_HOURS)),
            most: numbers.get(param::EXPOSURE_CAP),
        }
    }
}

impl Placement for ExposureCap {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let sums = by_site(published, today.sites.len());
        let boroughs = today.sites.iter().map(|s| s.borough + 1).max().unwrap_or(0);
        let mut exposed = vec![0.0; boroughs];
        for (site, sum) in today.sites.iter().zip(&sums) {
            exposed[site.borough] += sum.faces as f64 / site.residents.max(1.0);
        }
        let mean = exposed.iter().sum::<f64>() / boroughs.max(1) as f64;
        // Sites over the cap come last, the least exposed of them first.
        best(today, draw, |s| {
            let here = exposed[today.sites[s].borough];
            if here > self.most * mean {
                -here / mean
            } else {
                per_hour(sums[s].arrests, sums[s].hours, self.prior)
            }
        })
    }
}
