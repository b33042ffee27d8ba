//! Differences between two strategies that were run on the same simulated people.

use super::interval::{Interval, Linearised, t_reach};
use super::{mean, variance};

/// A paired difference and what pairing gained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// First minus second. Method "t", "ratio-t", or "exact-zero" when every pair is equal to the last bit.
    pub difference: Interval,
    /// Variance of the difference of independent runs over that of the paired ones; none when the latter is zero.
    pub variance_reduction: Option<f64>,
}

/// Mean of `a - b` over replications with the t interval of the differences.
pub fn paired(a: &[f64], b: &[f64], level: f64) -> Paired {
    assert_eq!(
        a.len(),
        b.len(),
        "paired differences need the same replications on both sides"
    );
    let differences: Vec<f64> = a.iter().zip(b).map(|(x, y)| x - y).collect();
    let point = mean(&differences);
    finish(point, &differences, variance(a) + variance(b), "t", level)
}

/// Difference of two ratios of sums, `num_a / den_a - num_b / den_b`, paired by replication and linearised.
///
/// None when either denominator sums to zero.
pub fn paired_ratio(num_a: &[f64], den_a: &[f64], num_b: &[f64], den_b: &[f64], level: f64) -> Option<Paired> {
    assert_eq!(
        num_a.len(),
        num_b.len(),
        "paired differences need the same replications on both sides"
    );
    let (a, b) = (Linearised::new(num_a, den_a)?, Linearised::new(num_b, den_b)?);
    let differences: Vec<f64> = a.influence.iter().zip(&b.influence).map(|(x, y)| x - y).collect();
    let apart = variance(&a.influence) + variance(&b.influence);
    Some(finish(a.ratio - b.ratio, &differences, apart, "ratio-t", level))
}

/// The interval around `point` from the spread of `differences`; `apart` is their variance had the runs been independent.
fn finish(point: f64, differences: &[f64], apart: f64, method: &'static str, level: f64) -> Paired {
    let n = differences.len();
    if n > 0 && point == 0.0 && differences.iter().all(|d| *d == 0.0) {
        let difference = Interval {
            point: 0.0,
            low: 0.0,
            high: 0.0,
            level,
            method: "exact-zero",
            n,
        };
        return Paired {
            difference,
            variance_reduction: None,
        };
    }
    let together = variance(differences);
    Paired {
        difference: Interval::around(point, t_reach(together, n, level), level, method, n),
        variance_reduction: (together > 0.0).then(|| apart / together),
    }
}

#[cfg(test)]
mod tests {
    use super::super::dist::poisson_quantile;
    use super::super::tests::Stream;
    use super::*;

    #[test]
    fn equal_runs_differ_by_exactly_zero() {
        let x = [0.1, 0.2, 0.7];
        let d = paired(&x, &x, 0.95);
        assert_eq!(
            (d.difference.low, d.difference.high, d.difference.method),
            (0.0, 0.0, "exact-zero")
        );
        assert_eq!(d.variance_reduction, None);
        let r = paired_ratio(&x, &[1.0, 3.0, 7.0], &x, &[1.0, 3.0, 7.0], 0.95).unwrap();
        assert_eq!(
            (r.difference.low, r.difference.high, r.difference.method),
            (0.0, 0.0, "exact-zero")
        );
    }

    #[test]
    fn pairing_gains_what_the_two_have_in_common() {
        let mut s = Stream::new(5);
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for _ in 0..4000 {
            let common = 3.0 * s.normal();
            a.push(common + s.normal() + 0.5);
            b.push(common + s.normal());
        }
        let d = paired(&a, &b, 0.95);
        assert!(d.difference.excludes_zero() && (d.difference.point - 0.5).abs() < 0.1);
        // (10 + 10) over 2.
        assert!(d.variance_reduction.is_some_and(|v| (v - 10.0).abs() < 1.0), "{d:?}");
    }

    #[test]
    fn one_pair_says_nothing_about_the_spread() {
        let d = paired(&[3.0], &[1.0], 0.95);
        assert_eq!(
            (d.difference.point, d.difference.bounds(), d.variance_reduction),
            (2.0, None, None)
        );
        let none = paired(&[], &[], 0.95);
        assert_eq!((none.difference.point, none.difference.bounds()), (0.0, None));
        assert_eq!(paired_ratio(&[1.0], &[0.0], &[1.0], &[2.0], 0.95), None);
    }

    #[test]
    fn a_constant_difference_is_known_exactly_and_is_not_zero() {
        let d = paired(&[3.0, 4.0], &[1.0, 2.0], 0.95);
        assert_eq!(
            (d.difference.low, d.difference.high, d.difference.method),
            (2.0, 2.0, "t")
        );
        assert_eq!(d.variance_reduction, None);
    }

    #[test]
    fn paired_intervals_cover_their_level() {
        let hits =
            |covers: &dyn Fn(&mut Stream) -> bool| (1..=200_u64).filter(|seed| covers(&mut Stream::new(*seed))).count();
        let differences = hits(&|s| {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for _ in 0..40 {
                let common = poisson_quantile(s.uniform(), 5.0) as f64;
                a.push(common + poisson_quantile(s.uniform(), 2.0) as f64);
                b.push(common);
            }
            let d = paired(&a, &b, 0.95).difference;
            d.low <= 2.0 && 2.0 <= d.high
        });
        assert!((179..=198).contains(&differences), "{differences}");
        let ratios = hits(&|s| {
            let (mut num_a, mut num_b, mut den) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..100 {
                let faces = poisson_quantile(s.uniform(), 50.0) as f64;
                let common = poisson_quantile(s.uniform(), 0.1 * faces) as f64;
                num_a.push(common + poisson_quantile(s.uniform(), 0.05 * faces) as f64);
                num_b.push(common);
                den.push(faces);
            }
            let Some(d) = paired_ratio(&num_a, &den, &num_b, &den, 0.95) else {
                return false;
            };
            d.difference.low <= 0.05 && 0.05 <= d.difference.high
        });
        assert!((179..=198).contains(&ratios), "{ratios}");
    }
}
