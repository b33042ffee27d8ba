//! The two benchmarks of the back-test, refitted on the same rows: one negative binomial for all deployments, and a gamma prior
//! of site means that each site's own deployments update.

use super::draws::{Purpose, stream, uniform};
use crate::stats::counts::{negative_binomial_log_mass, negative_binomial_quantile};
use crate::stats::minimise::nelder_mead;
use std::collections::BTreeMap;

/// Stream of benchmarks' draws.
const BENCHMARKS: u32 = 11;

/// Both benchmarks for one figure.
#[derive(Clone, Debug)]
pub struct Benchmarks {
    pooled: (f64, f64),
    /// Shape and rate of the prior of site means.
    prior: (f64, f64),
    /// Sum and number of deployments by site.
    sites: BTreeMap<String, (f64, f64)>,
}

impl Benchmarks {
    /// Fits both to counts by site, by maximum likelihood.
    pub fn fit(counts: &[(String, u32)]) -> Self {
        let mut sites: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for (site, count) in counts {
            let entry = sites.entry(site.clone()).or_default();
            entry.0 += f64::from(*count);
            entry.1 += 1.0;
        }
        let n = counts.len().max(1) as f64;
        let mean = (counts.iter().map(|c| f64::from(c.1)).sum::<f64>() / n).max(0.5 / n);
        // The likelihood of equal counts does not depend on where they occur.
        let mut tally: BTreeMap<u32, f64> = BTreeMap::new();
        counts.iter().for_each(|c| *tally.entry(c.1).or_default() += 1.0);
        let pooled = search(mean, |mean, size| {
            tally
                .iter()
                .map(|(y, times)| times * negative_binomial_log_mass(*y, mean, size))
                .sum()
        });
        let prior = search(mean, |mean, shape| {
            let rate = shape / mean;
            let log = |(sum, n): &(f64, f64)| {
                libm::lgamma(shape + sum) - libm::lgamma(shape) + shape * libm::log(rate)
                    - (shape + sum) * libm::log(rate + n)
            };
            sites.values().map(log).sum()
        });
        Benchmarks {
            pooled,
            prior: (prior.1, prior.1 / prior.0),
            sites,
        }
    }

    /// An ensemble of the pooled negative binomial.
    pub fn pooled(&self, row: u64, seed: u64, count: usize) -> Vec<f64> {
        ensemble(self.pooled.0, self.pooled.1, row, seed, count, 0)
    }

    /// An ensemble of the negative binomial that the site's own deployments leave.
    pub fn site_prior(&self, site: &str, row: u64, seed: u64, count: usize) -> Vec<f64> {
        let (sum, n) = self.sites.get(site).copied().unwrap_or_default();
        let (shape, rate) = (self.prior.0 + sum, self.prior.1 + n);
        ensemble(shape / rate, shape, row, seed, count, 1)
    }
}

/// Mean and size of the greatest likelihood.
fn search(mean: f64, log: impl Fn(f64, f64) -> f64) -> (f64, f64) {
    let value = |x: &[f64]| -log(libm::exp(x[0].clamp(-20.0, 14.0)), libm::exp(x[1].clamp(-6.0, 9.0)));
    let (best, _) = nelder_mead(&[libm::log(mean), 1.0], &[0.4, 0.8], 1e-9, 400, value);
    (
        libm::exp(best[0].clamp(-20.0, 14.0)),
        libm::exp(best[1].clamp(-6.0, 9.0)),
    )
}

fn ensemble(mean: f64, size: f64, row: u64, seed: u64, count: usize, which: u32) -> Vec<f64> {
    let stream = stream(seed, BENCHMARKS);
    let draw = |d| uniform(stream, Purpose::Benchmark, d, which, row);
    (0..count)
        .map(|d| f64::from(negative_binomial_quantile(draw(d), mean, size)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_with_many_rows_is_believed_and_a_new_one_is_like_the_others() {
        let mut counts = Vec::new();
        for (i, mean) in [4_u32, 12, 20, 6, 15].iter().enumerate() {
            counts.extend((0..40).map(|k| (format!("s{i}"), mean + (k % 5) - 2)));
        }
        let fitted = Benchmarks::fit(&counts);
        let mean = |v: Vec<f64>| crate::stats::mean(&v);
        assert!((mean(fitted.site_prior("s2", 1, 1, 2000)) - 20.0).abs() < 1.0);
        assert!((mean(fitted.site_prior("elsewhere", 1, 1, 2000)) - 11.4).abs() < 1.5);
        assert!((mean(fitted.pooled(1, 1, 2000)) - 11.4).abs() < 1.0);
        assert!((mean(Benchmarks::fit(&[]).pooled(1, 1, 50))).is_finite());
    }
}
