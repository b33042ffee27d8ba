//! How unequal rates are between groups: the scalars of the biometrics standards, and those of exposure.

use super::sum;

/// Gini index of a few groups' rates with the small-sample factor n / (n - 1) (Howard et al. 2022): 0 when all are equal, 1
/// when one has all. None below two groups or when all are zero.
pub fn gini_star(rates: &[f64]) -> Option<f64> {
    let n = rates.len() as f64;
    let total = sum(rates);
    if rates.len() < 2 || total.is_nan() || total <= 0.0 {
        return None;
    }
    let apart: f64 = rates
        .iter()
        .map(|x| rates.iter().map(|y| (x - y).abs()).sum::<f64>())
        .sum();
    Some(n / (n - 1.0) * apart / (2.0 * n * total))
}

/// GARBE, the Gini aggregation rate for biometric equitability: the mean of the indices of false positives and of false
/// negatives, weighing the former by `weight`.
pub fn garbe(false_positive: &[f64], false_negative: &[f64], weight: f64) -> Option<f64> {
    Some(weight * gini_star(false_positive)? + (1.0 - weight) * gini_star(false_negative)?)
}

/// Largest over smallest. None when a rate is zero or there are fewer than two.
pub fn max_over_min(rates: &[f64]) -> Option<f64> {
    let (least, most) = ends(rates)?;
    (least > 0.0).then(|| most / least)
}

/// Largest over the geometric mean (NISTIR 8429). None when a rate is zero or there are fewer than two.
pub fn max_over_geomean(rates: &[f64]) -> Option<f64> {
    let (least, most) = ends(rates)?;
    if least <= 0.0 {
        return None;
    }
    let logs: Vec<f64> = rates.iter().map(|r| libm::log(*r)).collect();
    Some(most / libm::exp(sum(&logs) / rates.len() as f64))
}

/// Largest less smallest. None below two.
pub fn widest_gap(rates: &[f64]) -> Option<f64> {
    ends(rates).map(|(least, most)| most - least)
}

/// Events that groups bear beyond their share of the exposure, together.
pub fn excess_burden(events: &[f64], exposure: &[f64]) -> Option<f64> {
    let (all, of) = (sum(events), sum(exposure));
    (of > 0.0).then(|| {
        events
            .iter()
            .zip(exposure)
            .map(|(e, x)| (e - all * x / of).max(0.0))
            .sum()
    })
}

/// Gini index of exposure over people, when each group's people share its exposure evenly: `exposure` by group, `people` by
/// group. 0 when everybody has the same.
pub fn exposure_gini(exposure: &[f64], people: &[f64]) -> Option<f64> {
    let (all, of) = (sum(exposure), sum(people));
    if !(all > 0.0 && of > 0.0) {
        return None;
    }
    let rate = |i: usize| if people[i] > 0.0 { exposure[i] / people[i] } else { 0.0 };
    let apart: f64 = (0..people.len())
        .map(|i| {
            (0..people.len())
                .map(|j| people[i] * people[j] * (rate(i) - rate(j)).abs())
                .sum::<f64>()
        })
        .sum();
    Some(apart / (2.0 * of * all))
}

fn ends(rates: &[f64]) -> Option<(f64, f64)> {
    if rates.len() < 2 || rates.iter().any(|r| r.is_nan()) {
        return None;
    }
    let least = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let most = rates.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_groups_show_no_inequality() {
        assert_eq!(gini_star(&[2.0; 5]), Some(0.0));
        assert_eq!(max_over_min(&[2.0; 5]), Some(1.0));
        assert!((max_over_geomean(&[2.0; 5]).unwrap() - 1.0).abs() < 1e-15);
        assert_eq!(excess_burden(&[3.0, 6.0], &[100.0, 200.0]), Some(0.0));
        assert_eq!(exposure_gini(&[10.0, 30.0], &[1.0, 3.0]), Some(0.0));
    }

    #[test]
    fn one_group_that_has_all_has_all() {
        assert_eq!(gini_star(&[1.0, 0.0, 0.0]), Some(1.0));
        assert_eq!(max_over_min(&[1.0, 0.0]), None);
        assert_eq!(excess_burden(&[6.0, 0.0], &[1.0, 2.0]), Some(4.0));
        assert_eq!(exposure_gini(&[1.0, 0.0], &[1.0, 1.0]), Some(0.5));
    }

    #[test]
    fn the_golden_vector_gives_the_golden_scalars() {
        // Mean false positive rates by ethnic group under inferred-2025, per million (MODEL.md).
        let fpir = [1.9601, 1.6061, 11.3976, 1.0784, 0.5886];
        assert!((gini_star(&fpir).unwrap() - 0.6764).abs() < 5e-5);
        assert!((max_over_min(&fpir).unwrap() - 19.36).abs() < 0.005);
        assert!((max_over_geomean(&fpir).unwrap() - 6.10).abs() < 0.005);
        assert_eq!(widest_gap(&[0.2, 0.9]), Some(0.7));
    }

    #[test]
    fn what_cannot_be_said_is_not_said() {
        assert_eq!(
            (gini_star(&[1.0]), gini_star(&[0.0, 0.0]), max_over_min(&[])),
            (None, None, None)
        );
        assert_eq!(garbe(&[1.0, 2.0], &[0.0, 0.0], 0.5), None);
        assert_eq!(excess_burden(&[1.0], &[0.0]), None);
        assert!((garbe(&[1.0, 3.0], &[1.0, 1.0], 0.5).unwrap() - 0.25).abs() < 1e-15);
    }
}
