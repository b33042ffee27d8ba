//! Ratio of two means with Fieller's interval, which knows when the denominator may be zero.

use super::dist::student_t_quantile;
use super::{mean, variance};

/// What can be said of a ratio of means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// The ratio lies between these.
    Between(f64, f64),
    /// The denominator cannot be told from zero: the ratio may be anything, or anything outside a gap.
    Unbounded,
}

/// A ratio of means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanRatio {
    /// Mean of the numerators over mean of the denominators; none when the latter is zero.
    pub point: Option<f64>,
    /// Its interval.
    pub bounds: Bounds,
}

impl MeanRatio {
    /// Both ends, or none when unbounded.
    pub fn between(&self) -> Option<[f64; 2]> {
        match self.bounds {
            Bounds::Between(low, high) => Some([low, high]),
            Bounds::Unbounded => None,
        }
    }
    /// The ends as a reader is told them.
    pub fn word(&self) -> &'static str {
        match self.bounds {
            Bounds::Between(..) => "fieller",
            Bounds::Unbounded => "unbounded",
        }
    }
}

/// Mean of `num` over mean of `den`, paired by replication (Fieller 1954): the roots in θ of
/// `(x̄² - t² s_xx / n) θ² - 2 (x̄ȳ - t² s_xy / n) θ + ȳ² - t² s_yy / n = 0`, where x is the denominator.
///
/// Unbounded when the denominator's mean is not significantly different from zero, or below two replications.
pub fn fieller(num: &[f64], den: &[f64], level: f64) -> MeanRatio {
    assert_eq!(num.len(), den.len(), "a ratio needs one denominator for each numerator");
    let n = num.len() as f64;
    let (y, x) = (mean(num), mean(den));
    let point = (x != 0.0).then(|| y / x);
    let unbounded = MeanRatio {
        point,
        bounds: Bounds::Unbounded,
    };
    if num.len() < 2 {
        return unbounded;
    }
    let t = student_t_quantile(0.5 + 0.5 * level, n - 1.0);
    let scale = t * t / n;
    let a = x * x - scale * variance(den);
    let b = x * y - scale * covariance(num, den);
    let c = y * y - scale * variance(num);
    if a.is_nan() || a <= 0.0 {
        return unbounded;
    }
    let root = libm::sqrt((b * b - a * c).max(0.0));
    MeanRatio {
        point,
        bounds: Bounds::Between((b - root) / a, (b + root) / a),
    }
}

/// Sample covariance with divisor `n - 1`, or zero below two pairs.
pub fn covariance(a: &[f64], b: &[f64]) -> f64 {
    if a.len() < 2 {
        return 0.0;
    }
    let (p, q) = (mean(a), mean(b));
    super::sum_of(a.iter().zip(b).map(|(x, y)| (x - p) * (y - q))) / (a.len() - 1) as f64
}

#[cfg(test)]
mod tests {
    use super::super::dist::poisson_quantile;
    use super::super::tests::Stream;
    use super::*;

    #[test]
    fn a_denominator_that_may_be_zero_leaves_the_ratio_unbounded() {
        let r = fieller(&[3.0, 4.0, 5.0], &[1.0, -1.0, 0.5], 0.95);
        assert_eq!(
            (r.bounds, r.word(), r.between()),
            (Bounds::Unbounded, "unbounded", None)
        );
        assert_eq!(fieller(&[3.0, 4.0], &[0.0, 0.0], 0.95).point, None);
        assert_eq!(fieller(&[3.0], &[2.0], 0.95).bounds, Bounds::Unbounded);
    }

    #[test]
    fn without_noise_in_the_denominator_it_is_the_t_interval() {
        let y = [4.0, 7.0, 5.0, 6.0, 8.0];
        let r = fieller(&y, &[2.0; 5], 0.95);
        let t = super::super::t_mean(&y, 0.95);
        let [low, high] = r.between().unwrap();
        assert!((low - t.low / 2.0).abs() < 1e-12 && (high - t.high / 2.0).abs() < 1e-12);
    }

    #[test]
    fn it_covers_a_cost_per_arrest_at_its_level() {
        // V24: cost 100 + 20 per arrest with noise, arrests Poisson(2): true ratio 70.
        let hits = (1..=200_u64)
            .filter(|seed| {
                let mut s = Stream::new(*seed);
                let (mut cost, mut arrests) = (Vec::new(), Vec::new());
                for _ in 0..25 {
                    let a = poisson_quantile(s.uniform(), 2.0) as f64;
                    arrests.push(a);
                    cost.push(100.0 + 20.0 * a + 10.0 * s.normal());
                }
                fieller(&cost, &arrests, 0.95)
                    .between()
                    .is_none_or(|[low, high]| low <= 70.0 && 70.0 <= high)
            })
            .count();
        assert!((179..=198).contains(&hits), "{hits}");
    }
}
