//! Scores of probabilistic forecasts of counts (Gneiting and Raftery 2007; Czado, Gneiting and Held 2009).

use super::dist::gamma_cdf;

/// Fair continuous ranked probability score of an ensemble: its expectation does not depend on the ensemble's size
/// (Ferro 2014). Sorts the ensemble.
pub fn fair_crps(ensemble: &mut [f64], observed: f64) -> f64 {
    let n = ensemble.len();
    if n < 2 {
        return f64::NAN;
    }
    ensemble.sort_by(f64::total_cmp);
    let m = n as f64;
    let distance = super::sum_of(ensemble.iter().map(|x| (x - observed).abs())) / m;
    let weighted = ensemble.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - m) * x);
    distance - super::sum_of(weighted) / (m * (m - 1.0))
}

/// Central interval of a sorted ensemble: counts from the lower to the upper quantile, both included.
pub fn central_interval(sorted: &[f64], level: f64) -> (f64, f64) {
    let n = sorted.len();
    if n == 0 {
        return (f64::NAN, f64::NAN);
    }
    let at = |p: f64| sorted[((p * n as f64).ceil() as usize).clamp(1, n) - 1];
    (at(0.5 * (1.0 - level)), at(0.5 * (1.0 + level)))
}

/// Randomised probability integral transform of a count: uniform if the forecast is right. `v` is uniform in (0, 1).
pub fn randomised_pit(ensemble: &[f64], observed: f64, v: f64) -> f64 {
    let below = ensemble.iter().filter(|x| **x < observed).count() as f64;
    let equal = ensemble.iter().filter(|x| **x == observed).count() as f64;
    (below + v * (equal + 1.0)) / (ensemble.len() as f64 + 1.0)
}

/// Counts of values in ten equal bins of the unit interval.
pub fn ten_bins(values: &[f64]) -> [u32; 10] {
    let mut bins = [0; 10];
    for v in values {
        bins[((v * 10.0) as usize).min(9)] += 1;
    }
    bins
}

/// Chi-square probability that counts as uneven as these come from equally likely bins; 1 when there is nothing to test.
pub fn uniformity_p(bins: &[u32]) -> f64 {
    let total: u32 = bins.iter().sum();
    if total == 0 || bins.len() < 2 {
        return 1.0;
    }
    let expected = f64::from(total) / bins.len() as f64;
    let chi_square = super::sum_of(
        bins.iter()
            .map(|b| (f64::from(*b) - expected) * (f64::from(*b) - expected) / expected),
    );
    1.0 - gamma_cdf(0.5 * chi_square, 0.5 * (bins.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fair_crps_is_the_double_sum() {
        let mut ensemble = vec![3.0, 0.0, 7.0, 7.0, 2.0];
        let y = 4.0;
        let m = ensemble.len() as f64;
        let direct = ensemble.iter().map(|x: &f64| (x - y).abs()).sum::<f64>() / m
            - ensemble
                .iter()
                .flat_map(|a| ensemble.iter().map(move |b| (a - b).abs()))
                .sum::<f64>()
                / (2.0 * m * (m - 1.0));
        assert!((fair_crps(&mut ensemble, y) - direct).abs() < 1e-12);
    }

    #[test]
    fn intervals_and_transforms_follow_the_ensemble() {
        let sorted: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(central_interval(&sorted, 0.9), (5.0, 95.0));
        assert_eq!(ten_bins(&[0.0, 0.05, 0.95, 1.0]), [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
        let pit = randomised_pit(&sorted, 50.0, 0.5);
        assert!((pit - (49.0 + 1.0) / 101.0).abs() < 1e-12);
        assert!((uniformity_p(&[10; 10]) - 1.0).abs() < 1e-12);
        assert!(uniformity_p(&[40, 1, 1, 1, 1, 1, 1, 1, 1, 52]) < 1e-9);
    }
}
