//! Ratio of two Poisson rates: the exact answer to "how many times as often".

use super::clopper_pearson;

/// A ratio of rates with its interval; the upper end may be infinite and the point may not exist.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// First rate over second; none when the second saw no event.
    pub point: Option<f64>,
    /// Lower end.
    pub low: f64,
    /// Upper end; infinite when the second saw no event.
    pub high: f64,
}

impl RateRatio {
    /// Both ends, or none when one is infinite.
    pub fn bounds(&self) -> Option<[f64; 2]> {
        (self.low.is_finite() && self.high.is_finite()).then_some([self.low, self.high])
    }
}

/// `k1` events over exposure `e1` against `k2` over `e2`: given their sum, the first is binomial (Przyborowski and Wilenski
/// 1940), so Clopper and Pearson's limits for its share `p` give those of the ratio, `p / (1 - p) · e2 / e1`.
pub fn poisson_ratio(k1: u64, e1: f64, k2: u64, e2: f64, level: f64) -> RateRatio {
    let nothing = RateRatio {
        point: None,
        low: 0.0,
        high: f64::INFINITY,
    };
    if k1 + k2 == 0 || !(e1 > 0.0 && e2 > 0.0) {
        return nothing;
    }
    let share = clopper_pearson(k1, k1 + k2, level);
    let odds = |p: f64| {
        if p >= 1.0 {
            f64::INFINITY
        } else {
            p / (1.0 - p) * e2 / e1
        }
    };
    RateRatio {
        point: (k2 > 0).then(|| k1 as f64 / k2 as f64 * e2 / e1),
        low: odds(share.low),
        high: odds(share.high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_golden_ratio_of_the_record() {
        // Eight of ten false alerts on 14 % of the footfall.
        let r = poisson_ratio(8, 0.14, 2, 0.86, 0.95);
        assert!((r.point.unwrap() - 24.571).abs() < 1e-3, "{r:?}");
        assert!((r.low - 4.90).abs() < 0.005 && (r.high - 237.5).abs() < 0.5, "{r:?}");
    }

    #[test]
    fn no_events_leave_it_open() {
        assert_eq!(poisson_ratio(0, 1.0, 0, 1.0, 0.95).bounds(), None);
        let r = poisson_ratio(3, 1.0, 0, 1.0, 0.95);
        assert!(r.point.is_none() && r.low > 0.0 && r.high == f64::INFINITY);
        let r = poisson_ratio(0, 1.0, 3, 1.0, 0.95);
        assert!(r.point == Some(0.0) && r.low == 0.0 && r.high.is_finite());
        assert_eq!(poisson_ratio(1, 0.0, 1, 1.0, 0.95).bounds(), None);
    }

    #[test]
    fn it_covers_at_least_its_level_by_enumeration() {
        // V24: given the sum, the first count is binomial.
        for n in [3_u32, 12, 40] {
            for step in 1..60 {
                let ratio = libm::exp(0.1 * f64::from(step) - 3.0);
                let p = ratio * 0.3 / (ratio * 0.3 + 0.7);
                let mut mass = libm::pow(1.0 - p, f64::from(n));
                let mut covered = 0.0;
                for k in 0..=n {
                    let r = poisson_ratio(u64::from(k), 0.3, u64::from(n - k), 0.7, 0.95);
                    if r.low <= ratio && ratio <= r.high {
                        covered += mass;
                    }
                    mass *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
                }
                assert!(covered >= 0.95 - 1e-9, "{covered} at {ratio} of {n}");
            }
        }
    }
}
