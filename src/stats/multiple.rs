//! Many comparisons at once: Holm's adjustment, and the chance of a t statistic.

use super::dist::{beta_cdf, normal_cdf};

/// Chance of a mean this far from zero, either way, if it were zero: `mean` over `n` replications with sample variance
/// `variance`. None below two replications.
pub fn t_p_value(mean: f64, variance: f64, n: usize) -> Option<f64> {
    if n < 2 {
        return None;
    }
    if variance <= 0.0 {
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    let t = mean / libm::sqrt(variance / n as f64);
    let df = (n - 1) as f64;
    Some(if df > 1e5 {
        2.0 * normal_cdf(-t.abs())
    } else {
        beta_cdf(df / (df + t * t), 0.5 * df, 0.5)
    })
}

/// Holm's step-down adjustment (1979): the chance of one or more wrong rejections stays below the level whatever the
/// dependence. Adjusted values are in the order of `p`.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut least = 0.0_f64;
    for (rank, i) in order.iter().enumerate() {
        least = least.max((p[*i] * (p.len() - rank) as f64).min(1.0));
        adjusted[*i] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_agrees_with_a_worked_example() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (a, b) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((a - b).abs() < 1e-12, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn the_chance_of_a_t_statistic_agrees_with_tables() {
        // t = 2.776445 with 4 degrees of freedom: 0.05.
        let p = t_p_value(2.776_445_105, 5.0, 5).unwrap();
        assert!((p - 0.05).abs() < 1e-6, "{p}");
        assert_eq!(t_p_value(0.0, 0.0, 5), Some(1.0));
        assert_eq!(t_p_value(1.0, 0.0, 5), Some(0.0));
        assert_eq!(t_p_value(1.0, 1.0, 1), None);
    }
}
