//! Estimators and distributions: pure functions on numbers and slices; nothing here knows the simulator.
//!
//! Every estimator returns its point, interval, level, method and number of observations. Sums are compensated and
//! taken in the order of the slice, so that the same data give the same bytes on every run and platform.

pub mod bootstrap;
pub mod counts;
pub mod design;
pub mod dist;
pub mod fieller;
pub mod frequency;
pub mod inequality;
pub mod interval;
pub mod linear;
pub mod minimise;
pub mod multiple;
pub mod paired;
pub mod pareto;
pub mod rates;
pub mod score;
pub mod selection;
pub mod sensitivity;
pub mod split;
pub mod verdict;

pub use bootstrap::{RESAMPLES, Resamples, percentiles};
pub use fieller::{MeanRatio, fieller};
pub use frequency::{frequency, frequency_among};
pub use interval::{
    Interval, clopper_pearson, empirical_interval, garwood, garwood_overdispersed, linearised, ratio_of_sums, t_mean,
    wilson,
};
pub use multiple::{holm, t_p_value};
pub use paired::{Paired, paired, paired_ratio};
pub use rates::{RateRatio, poisson_ratio};
pub use selection::{Kn, Selection};
pub use split::{Split, plausible_means, split};
pub use verdict::{Judgement, Limit, judge};

/// Sum of a slice in its own order, with the lost low-order bits carried along (Neumaier 1974).
pub fn sum(x: &[f64]) -> f64 {
    sum_of(x.iter().copied())
}

/// Mean, or zero of an empty slice.
pub fn mean(x: &[f64]) -> f64 {
    if x.is_empty() { 0.0 } else { sum(x) / x.len() as f64 }
}

/// Sample variance with divisor `n - 1`, or zero when there are fewer than two values.
pub fn variance(x: &[f64]) -> f64 {
    if x.len() < 2 {
        return 0.0;
    }
    // Equal values have no variance at all, whatever the rounding of their mean.
    if x.iter().all(|v| *v == x[0]) {
        return 0.0;
    }
    let centre = mean(x);
    sum_of(x.iter().map(|v| (v - centre) * (v - centre))) / (x.len() - 1) as f64
}

/// Compensated sum of an iterator.
pub(crate) fn sum_of(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for v in values {
        let next = total + v;
        lost += if total.abs() >= v.abs() {
            (total - next) + v
        } else {
            (v - next) + total
        };
        total = next;
    }
    total + lost
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small repeatable stream of uniforms (SplitMix64) for tests of coverage.
    pub(crate) struct Stream(u64);

    impl Stream {
        pub(crate) fn new(seed: u64) -> Stream {
            // Hashed, because successive multiples of the step would be one stream read from different places.
            Stream((seed ^ (seed << 32)).wrapping_mul(0xD134_2543_DE82_EF95))
        }
        pub(crate) fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 + 1.0 / (1_u64 << 54) as f64
        }
        pub(crate) fn normal(&mut self) -> f64 {
            dist::normal_quantile(self.uniform())
        }
    }

    #[test]
    fn a_sum_keeps_what_plain_addition_loses() {
        assert_eq!(sum(&[1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum(&[0.1; 10]), 1.0);
    }

    #[test]
    fn equal_values_have_no_variance() {
        assert_eq!(variance(&[0.1; 7]), 0.0);
        assert_eq!(variance(&[]), 0.0);
        assert_eq!(variance(&[3.0]), 0.0);
        assert!((variance(&[1.0, 2.0, 3.0, 4.0]) - 5.0 / 3.0).abs() < 1e-15);
    }
}
