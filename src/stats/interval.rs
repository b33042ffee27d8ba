//! Intervals for one quantity: means, Poisson rates, proportions, ratios of sums, and order statistics.

use super::dist::{beta_cdf, chi_square_quantile, normal_quantile, student_t_quantile};
use super::{mean, sum, variance};

/// A point with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub point: f64,
    /// Lower end; minus infinity where the data cannot say (one replication has no spread).
    pub low: f64,
    /// Upper end; infinity where the data cannot say.
    pub high: f64,
    /// Confidence level, for example 0.95.
    pub level: f64,
    /// How the interval was made: "t", "garwood", "wilson", "clopper-pearson", "ratio-t" or "exact-zero".
    pub method: &'static str,
    /// Observations behind it: replications for means and ratios, trials for proportions, events for Poisson rates.
    pub n: usize,
}

impl Interval {
    /// Both ends, or none where either is unbounded (fewer than two replications).
    pub fn bounds(&self) -> Option<[f64; 2]> {
        (self.low.is_finite() && self.high.is_finite()).then_some([self.low, self.high])
    }

    /// The same interval kept within what the quantity can be: a count is never below zero, a share never above one.
    pub fn within(self, least: f64, most: f64) -> Interval {
        Interval {
            low: self.low.max(least),
            high: self.high.min(most),
            ..self
        }
    }

    /// Whether zero lies outside the interval.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// `point` with `reach` to either side; an unusable reach is an unbounded interval.
    pub(super) fn around(point: f64, reach: f64, level: f64, method: &'static str, n: usize) -> Interval {
        let reach = if reach.is_nan() { f64::INFINITY } else { reach };
        Interval {
            point,
            low: point - reach,
            high: point + reach,
            level,
            method,
            n,
        }
    }
}

/// Half-width of a t interval for a mean with sample variance `variance` over `n` replications; infinite below two.
pub(super) fn t_reach(variance: f64, n: usize, level: f64) -> f64 {
    if n < 2 {
        return f64::INFINITY;
    }
    if variance == 0.0 {
        return 0.0;
    }
    student_t_quantile(0.5 + 0.5 * level, (n - 1) as f64) * libm::sqrt(variance / n as f64)
}

/// Mean with Student's t interval. Unbounded below two values.
pub fn t_mean(x: &[f64], level: f64) -> Interval {
    Interval::around(mean(x), t_reach(variance(x), x.len(), level), level, "t", x.len())
}

/// Exact interval for a Poisson rate, `total` events over `exposure` (Garwood 1936). At no events the lower end is zero.
///
/// `exposure` is in whatever the rate is per: deployments, faces, hours. Without exposure nothing is known: `[0, inf]`.
pub fn garwood(total: u64, exposure: f64, level: f64) -> Interval {
    let n = usize::try_from(total).unwrap_or(usize::MAX);
    let interval = |point, low, high| Interval {
        point,
        low,
        high,
        level,
        method: "garwood",
        n,
    };
    if exposure.is_nan() || exposure <= 0.0 {
        return interval(0.0, 0.0, f64::INFINITY);
    }
    let tail = 0.5 * (1.0 - level);
    let events = total as f64;
    let low = if total == 0 {
        0.0
    } else {
        0.5 * chi_square_quantile(tail, 2.0 * events)
    };
    let high = 0.5 * chi_square_quantile(1.0 - tail, 2.0 * events + 2.0);
    interval(events / exposure, low / exposure, high / exposure)
}

/// As [`garwood`] where counts vary more than chance does, by a factor `dispersion` of their variance over their mean: so
/// many events tell only as much as `total / dispersion` would.
pub fn garwood_overdispersed(total: u64, exposure: f64, dispersion: f64, level: f64) -> Interval {
    let plain = garwood(total, exposure, level);
    if dispersion.is_nan() || dispersion <= 1.0 || plain.high.is_infinite() {
        return plain;
    }
    let tail = 0.5 * (1.0 - level);
    let events = total as f64 / dispersion;
    let end = |p: f64, events: f64| 0.5 * chi_square_quantile(p, 2.0 * events) * dispersion / exposure;
    Interval {
        low: if total == 0 { 0.0 } else { end(tail, events) },
        high: end(1.0 - tail, events + 1.0),
        method: "garwood-overdispersed",
        ..plain
    }
}

/// Wilson's score interval for `k` successes in `n` trials: for display, where near-nominal coverage on average is enough.
pub fn wilson(k: u64, n: u64, level: f64) -> Interval {
    let method = "wilson";
    if n == 0 {
        return Interval {
            point: 0.0,
            low: 0.0,
            high: 1.0,
            level,
            method,
            n: 0,
        };
    }
    let (k, trials) = (k.min(n) as f64, n as f64);
    let share = k / trials;
    let z = normal_quantile(0.5 + 0.5 * level);
    let z2 = z * z;
    let scale = 1.0 + z2 / trials;
    let centre = (share + 0.5 * z2 / trials) / scale;
    let reach = z * libm::sqrt(share * (1.0 - share) / trials + 0.25 * z2 / (trials * trials)) / scale;
    Interval {
        point: share,
        low: if k == 0.0 { 0.0 } else { (centre - reach).max(0.0) },
        high: if k == trials { 1.0 } else { (centre + reach).min(1.0) },
        level,
        method,
        n: usize::try_from(n).unwrap_or(usize::MAX),
    }
}

/// Exact interval for `k` successes in `n` trials (Clopper & Pearson 1934): covers at least `level` for every share.
pub fn clopper_pearson(k: u64, n: u64, level: f64) -> Interval {
    let method = "clopper-pearson";
    if n == 0 {
        return Interval {
            point: 0.0,
            low: 0.0,
            high: 1.0,
            level,
            method,
            n: 0,
        };
    }
    let k = k.min(n);
    let tail = 0.5 * (1.0 - level);
    let (successes, failures) = (k as f64, (n - k) as f64);
    let low = if k == 0 {
        0.0
    } else {
        beta_solve(tail, successes, failures + 1.0)
    };
    let high = if k == n {
        1.0
    } else {
        beta_solve(1.0 - tail, successes + 1.0, failures)
    };
    let count = usize::try_from(n).unwrap_or(usize::MAX);
    Interval {
        point: successes / n as f64,
        low,
        high,
        level,
        method,
        n: count,
    }
}

/// Quantile of a beta with whole shapes of any size, by halving.
///
/// [`super::dist::beta_quantile`] serves the small shapes of priors only.
fn beta_solve(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high || high - low <= 1e-14 * high {
            break;
        }
        if beta_cdf(middle, a, b) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Ratio of two sums over replications, with the t interval of its linearisation (delta method).
///
/// None when the denominators sum to zero: there is no rate to speak of. Where no numerator event was seen the spread is
/// zero and so is the interval: use [`garwood`] for rates of rare events.
pub fn ratio_of_sums(num: &[f64], den: &[f64], level: f64) -> Option<Interval> {
    let linear = Linearised::new(num, den)?;
    let reach = t_reach(variance(&linear.influence), num.len(), level);
    Some(Interval::around(linear.ratio, reach, level, "ratio-t", num.len()))
}

/// Values by replication whose mean is the ratio of the sums and whose spread is that of its error (linearisation): lets a
/// ratio be treated like a mean. None when the denominators sum to zero.
pub fn linearised(num: &[f64], den: &[f64]) -> Option<Vec<f64>> {
    let linear = Linearised::new(num, den)?;
    Some(linear.influence.iter().map(|i| linear.ratio + i).collect())
}

/// A ratio of sums with what each replication contributes to its error.
pub(super) struct Linearised {
    pub ratio: f64,
    pub influence: Vec<f64>,
}

impl Linearised {
    pub fn new(num: &[f64], den: &[f64]) -> Option<Linearised> {
        assert_eq!(num.len(), den.len(), "a ratio needs one denominator for each numerator");
        let below = sum(den);
        if below == 0.0 || !below.is_finite() {
            return None;
        }
        let ratio = sum(num) / below;
        let average = below / den.len() as f64;
        let influence = num.iter().zip(den).map(|(y, x)| (y - ratio * x) / average).collect();
        Some(Linearised { ratio, influence })
    }
}

/// The middle `level` of the values, by order statistics (type 1 quantiles): both ends are values that occurred.
///
/// For predictive intervals: what one deployment may bring. Of no values it is `[0, 0]`.
pub fn empirical_interval(x: &[f64], level: f64) -> [f64; 2] {
    let mut sorted = x.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    [order_statistic(&sorted, tail), order_statistic(&sorted, 1.0 - tail)]
}

/// The smallest value at which the empirical distribution function reaches `p`.
fn order_statistic(sorted: &[f64], p: f64) -> f64 {
    let n = sorted.len();
    // 200 x 0.025 is a little over 5 in binary: forgive rounding before taking the ceiling.
    let rank = libm::ceil(n as f64 * p - 1e-9).max(1.0) as usize;
    sorted.get(rank.min(n).saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::dist::poisson_quantile;
    use super::super::tests::Stream;
    use super::*;

    #[test]
    fn a_t_interval_agrees_with_a_worked_example() {
        let x = [4.0, 7.0, 5.0, 6.0, 8.0];
        let i = t_mean(&x, 0.95);
        // Mean 6, sample variance 2.5, t with 4 degrees of freedom 2.776445.
        assert_eq!((i.point, i.n, i.method, i.level), (6.0, 5, "t", 0.95));
        assert!((i.high - (6.0 + 2.776_445_105_197_793 * (0.5_f64).sqrt())).abs() < 1e-12);
        assert!((i.low + i.high - 12.0).abs() < 1e-12);
    }

    #[test]
    fn garwood_agrees_with_published_limits() {
        let none = garwood(0, 1.0, 0.95);
        assert_eq!((none.point, none.low), (0.0, 0.0));
        assert!((none.high - 3.688_879_454).abs() < 1e-7);
        // Twelve false alerts in 3.535 million faces: 3.4 per million, 1.8 to 5.9.
        let record = garwood(12, 3.535, 0.95);
        assert!(
            (record.point - 3.39).abs() < 0.01
                && (record.low - 1.754).abs() < 0.001
                && (record.high - 5.93).abs() < 0.01
        );
    }

    #[test]
    fn clopper_pearson_agrees_with_published_limits() {
        let i = clopper_pearson(8, 10, 0.95);
        assert!((i.low - 0.443_904_5).abs() < 1e-6 && (i.high - 0.974_789_3).abs() < 1e-6);
        let none = clopper_pearson(0, 20, 0.95);
        assert_eq!(none.low, 0.0);
        assert!((none.high - (1.0 - 0.025_f64.powf(0.05))).abs() < 1e-10);
        let all = clopper_pearson(20, 20, 0.95);
        assert_eq!(all.high, 1.0);
        // Shapes beyond 3,000, where the Poisson and normal approximations pin the answer.
        let many = clopper_pearson(500_000, 1_000_000, 0.95);
        assert!((many.high - 0.5 - 1.959_964 * 0.0005).abs() < 2e-6, "{many:?}");
    }

    #[test]
    fn exact_intervals_cover_at_least_their_level() {
        for step in 1..400 {
            let mean = 0.1 * f64::from(step) + 0.003;
            let mut mass = libm::exp(-mean);
            let mut covered = 0.0;
            for k in 0_u32..200 {
                let i = garwood(u64::from(k), 1.0, 0.95);
                if i.low <= mean && mean <= i.high {
                    covered += mass;
                }
                mass *= mean / f64::from(k + 1);
            }
            assert!(covered >= 0.95 - 1e-9, "Garwood covers {covered} at {mean}");
        }
        for n in [5_u32, 20, 47] {
            let intervals: Vec<Interval> = (0..=n)
                .map(|k| clopper_pearson(u64::from(k), u64::from(n), 0.95))
                .collect();
            for step in 1..200 {
                let p = 0.005 * f64::from(step) - 0.0017;
                let mut mass = libm::pow(1.0 - p, f64::from(n));
                let mut covered = 0.0;
                for (k, i) in (0..=n).zip(&intervals) {
                    if i.low <= p && p <= i.high {
                        covered += mass;
                    }
                    mass *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
                }
                assert!(covered >= 0.95 - 1e-9, "Clopper-Pearson covers {covered} at {p} of {n}");
            }
        }
    }

    #[test]
    fn wilson_covers_about_its_level_on_average_and_stays_a_share() {
        let n = 40_u32;
        let mut average = 0.0;
        for step in 1..100 {
            let p = 0.01 * f64::from(step) - 0.0021;
            let mut mass = libm::pow(1.0 - p, f64::from(n));
            for k in 0..=n {
                let i = wilson(u64::from(k), u64::from(n), 0.95);
                assert!(0.0 <= i.low && i.low <= i.point && i.point <= i.high && i.high <= 1.0);
                average += if i.low <= p && p <= i.high { mass / 99.0 } else { 0.0 };
                mass *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
            }
        }
        assert!((0.945..0.965).contains(&average), "{average}");
    }

    /// The score interval is not exact: near the points where one more count enters, it is known to cover a little less than
    /// its level (Brown, Cai and DasGupta 2001). With five or more expected on both sides, never less than 92.5 %.
    #[test]
    fn wilson_covers_nearly_its_level_wherever_counts_are_five_or_more() {
        for n in [20_u32, 40, 100] {
            let intervals: Vec<Interval> = (0..=n).map(|k| wilson(u64::from(k), u64::from(n), 0.95)).collect();
            for step in 1..400 {
                let p = 0.0025 * f64::from(step);
                if f64::from(n) * p.min(1.0 - p) < 5.0 {
                    continue;
                }
                let mut mass = libm::pow(1.0 - p, f64::from(n));
                let mut covered = 0.0;
                for (k, i) in (0..=n).zip(&intervals) {
                    if i.low <= p && p <= i.high {
                        covered += mass;
                    }
                    mass *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
                }
                assert!(
                    (0.925..=0.99).contains(&covered),
                    "Wilson covers {covered} at {p} of {n}"
                );
            }
        }
    }

    /// A predictive interval of one deployment is made of deployments that were run: the next one lies in it as often as its
    /// level says, counts a little more often, for they are whole. 2,000 seeds: 1,867 to 1,929, two-sided 10^-3.
    #[test]
    fn the_next_deployment_lies_in_the_predictive_interval() {
        let hits = |next: &dyn Fn(&mut Stream) -> f64| {
            let covered = |seed: &u64| {
                let mut s = Stream::new(*seed);
                let x: Vec<f64> = (0..399).map(|_| next(&mut s)).collect();
                let [low, high] = empirical_interval(&x, 0.95);
                let y = next(&mut s);
                low <= y && y <= high
            };
            (1..=2000_u64).filter(covered).count()
        };
        let normal = hits(&|s| 10.0 + 3.0 * s.normal());
        assert!((1867..=1929).contains(&normal), "{normal}");
        let counts = hits(&|s| poisson_quantile(s.uniform(), 0.5 * libm::exp(0.5 * s.normal())) as f64);
        assert!(counts >= 1867, "{counts}");
    }

    /// With 200 seeds a 95 % interval covers 179 to 198 times, but for one chance in a thousand.
    fn assert_covers(name: &str, covers: impl Fn(&mut Stream) -> bool) {
        let hits = (1..=200_u64).filter(|seed| covers(&mut Stream::new(*seed))).count();
        assert!((179..=198).contains(&hits), "{name} covered {hits} of 200");
    }

    #[test]
    fn intervals_from_simulated_replications_cover_their_level() {
        assert_covers("t", |s| {
            let x: Vec<f64> = (0..20).map(|_| 3.0 + 2.0 * s.normal()).collect();
            let i = t_mean(&x, 0.95);
            i.low <= 3.0 && 3.0 <= i.high
        });
        assert_covers("t of counts", |s| {
            let x: Vec<f64> = (0..200).map(|_| poisson_quantile(s.uniform(), 6.0) as f64).collect();
            let i = t_mean(&x, 0.95);
            i.low <= 6.0 && 6.0 <= i.high
        });
        assert_covers("ratio-t", |s| {
            let den: Vec<f64> = (0..100).map(|_| poisson_quantile(s.uniform(), 40.0) as f64).collect();
            let num: Vec<f64> = den
                .iter()
                .map(|d| poisson_quantile(s.uniform(), 0.3 * d) as f64)
                .collect();
            ratio_of_sums(&num, &den, 0.95).is_some_and(|i| i.low <= 0.3 && 0.3 <= i.high)
        });
    }

    #[test]
    fn the_overdispersed_interval_covers_counts_whose_rates_differ_between_worlds() {
        assert_covers("garwood-overdispersed", |s| {
            // Rates of log-sd 0.8 around a mean of 0.25: the spread of rates is known, as from expectations.
            let rates: Vec<f64> = (0..100).map(|_| 0.25 * libm::exp(0.8 * s.normal() - 0.32)).collect();
            let total: u64 = rates.iter().map(|r| poisson_quantile(s.uniform(), *r)).sum();
            let dispersion = 1.0 + variance(&rates) / mean(&rates);
            let i = garwood_overdispersed(total, 100.0, dispersion, 0.95);
            i.low <= 0.25 && 0.25 <= i.high
        });
        assert_eq!(garwood_overdispersed(3, 10.0, 1.0, 0.95), garwood(3, 10.0, 0.95));
        assert!(garwood_overdispersed(0, 10.0, 2.0, 0.95).high > garwood(0, 10.0, 0.95).high);
    }

    #[test]
    fn an_empirical_interval_is_made_of_values_that_occurred() {
        let x: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(empirical_interval(&x, 0.95), [5.0, 195.0]);
        assert_eq!(empirical_interval(&x, 0.9), [10.0, 190.0]);
        assert_eq!(empirical_interval(&[7.0], 0.95), [7.0, 7.0]);
        assert_eq!(empirical_interval(&[], 0.95), [0.0, 0.0]);
        assert_eq!(empirical_interval(&[0.0, 0.0, 3.0], 0.95), [0.0, 3.0]);
    }

    #[test]
    fn too_little_data_gives_an_unbounded_interval_and_never_nan() {
        for x in [&[][..], &[2.5][..]] {
            let i = t_mean(x, 0.95);
            assert!(!i.point.is_nan() && i.low == f64::NEG_INFINITY && i.high == f64::INFINITY);
            assert_eq!(i.bounds(), None);
            assert!(!i.excludes_zero());
        }
        assert_eq!(ratio_of_sums(&[], &[], 0.95), None);
        assert_eq!(ratio_of_sums(&[1.0, 2.0], &[0.0, 0.0], 0.95), None);
        assert_eq!(
            ratio_of_sums(&[1.0], &[4.0], 0.95).map(|i| (i.point, i.bounds())),
            Some((0.25, None))
        );
        let none = garwood(3, 0.0, 0.95);
        assert!(none.point == 0.0 && none.high == f64::INFINITY);
        assert_eq!(wilson(0, 0, 0.95).bounds(), Some([0.0, 1.0]));
        assert_eq!(clopper_pearson(0, 0, 0.95).bounds(), Some([0.0, 1.0]));
        assert_eq!(clopper_pearson(9, 3, 0.95).point, 1.0);
    }

    #[test]
    fn a_count_can_be_kept_from_going_below_zero() {
        let i = t_mean(&[0.0, 0.0, 0.0, 1.0], 0.95);
        assert!(i.low < 0.0);
        assert_eq!(i.within(0.0, f64::INFINITY).low, 0.0);
    }
}
