//! Laws of counts: negative binomial and binomial, their masses and quantiles.

use super::dist::{gamma_quantile, normal_quantile, poisson_quantile};

/// Log of the mass at `y` of a negative binomial with this mean and size (variance = mean + mean² / size).
pub fn negative_binomial_log_mass(y: u32, mean: f64, size: f64) -> f64 {
    if mean <= 0.0 {
        return if y == 0 { 0.0 } else { f64::NEG_INFINITY };
    }
    let y = f64::from(y);
    libm::lgamma(y + size)
        - libm::lgamma(size)
        - libm::lgamma(y + 1.0)
        - size * libm::log1p(mean / size)
        - y * libm::log1p(size / mean)
}

/// The smallest count whose distribution function reaches `u`, for a negative binomial with this mean and size.
pub fn negative_binomial_quantile(u: f64, mean: f64, size: f64) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    let first = libm::exp(-size * libm::log1p(mean / size));
    if mean > 2000.0 || first < 1e-290 {
        // Far from zero the law is a Poisson about its gamma: one uniform is stretched over both.
        let spread = libm::sqrt(1.0 / mean + 1.0 / size);
        let gamma = gamma_quantile(u, 1.0 / (spread * spread));
        return (mean * gamma * spread * spread).clamp(0.0, 4e9) as u32;
    }
    let share = mean / (mean + size);
    let (mut mass, mut below, mut k) = (first, first, 0_u32);
    while below < u && k < 1_000_000 {
        mass *= share * (f64::from(k) + size) / f64::from(k + 1);
        below += mass;
        k += 1;
        if mass < 1e-18 && f64::from(k) > mean {
            break;
        }
    }
    k
}

/// Log of the mass at `y` of a binomial.
pub fn binomial_log_mass(y: u32, trials: u32, p: f64) -> f64 {
    if y > trials {
        return f64::NEG_INFINITY;
    }
    let part = |count: u32, p: f64| {
        if count == 0 {
            0.0
        } else {
            f64::from(count) * libm::log(p)
        }
    };
    let choose = |n: u32| libm::lgamma(f64::from(n) + 1.0);
    choose(trials) - choose(y) - choose(trials - y) + part(y, p) + part(trials - y, 1.0 - p)
}

/// The smallest count whose distribution function reaches `u`, for a binomial.
pub fn binomial_quantile(u: f64, trials: u32, p: f64) -> u32 {
    if trials == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return trials;
    }
    if p > 0.5 {
        return trials - binomial_quantile(1.0 - u, trials, 1.0 - p);
    }
    let n = f64::from(trials);
    let first = libm::exp(n * libm::log1p(-p));
    if first < 1e-250 {
        if n * p * p < 0.01 {
            return poisson_quantile(u, n * p).min(u64::from(trials)) as u32;
        }
        let centre = n * p + libm::sqrt(n * p * (1.0 - p)) * normal_quantile(u);
        return libm::round(centre).clamp(0.0, n) as u32;
    }
    let odds = p / (1.0 - p);
    let (mut mass, mut below, mut k) = (first, first, 0_u32);
    while below < u && k < trials {
        mass *= odds * f64::from(trials - k) / f64::from(k + 1);
        below += mass;
        k += 1;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_sum_to_one_and_quantiles_invert_them() {
        for (mean, size) in [(0.05, 0.8), (3.0, 12.0), (11.0, 20.0), (160.0, 6.0)] {
            let mut below = 0.0;
            for y in 0..4000_u32 {
                let mass = negative_binomial_log_mass(y, mean, size).exp();
                if mass > 1e-9 {
                    assert_eq!(
                        negative_binomial_quantile(below + 0.5 * mass, mean, size),
                        y,
                        "{mean} {size}"
                    );
                }
                below += mass;
            }
            assert!((below - 1.0).abs() < 1e-9, "{mean} {size} {below}");
        }
        for (trials, p) in [(1, 0.3), (14, 0.46), (40, 0.9), (0, 0.5)] {
            let mut below = 0.0;
            for y in 0..=trials {
                let mass = binomial_log_mass(y, trials, p).exp();
                if mass > 1e-9 {
                    assert_eq!(binomial_quantile(below + 0.5 * mass, trials, p), y, "{trials} {p}");
                }
                below += mass;
            }
            assert!((below - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn far_counts_keep_mean_and_spread() {
        let (mean, size) = (50_000.0, 30.0);
        let draws: Vec<f64> = (0..2000)
            .map(|i| f64::from(negative_binomial_quantile((f64::from(i) + 0.5) / 2000.0, mean, size)))
            .collect();
        let sd = super::super::variance(&draws).sqrt();
        assert!((super::super::mean(&draws) / mean - 1.0).abs() < 0.01);
        assert!((sd / (mean + mean * mean / size).sqrt() - 1.0).abs() < 0.02);
    }
}
