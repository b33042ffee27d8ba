//! Distribution functions and their inverses, on pinned `libm` so that draws have the same bits on every platform.

/// Standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// Standard normal quantile: a rational approximation with one Halley step, error below 1e-15 relative in the bulk.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    const LOW: f64 = 0.02425;
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let tail = |q: f64| {
        (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5])
            / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    let x = if p < LOW {
        tail(libm::sqrt(-2.0 * libm::log(p)))
    } else if p > 1.0 - LOW {
        -tail(libm::sqrt(-2.0 * libm::log1p(-p)))
    } else {
        let q = p - 0.5;
        let r = q * q;
        (((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
            / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    };
    let error = if x < 0.0 {
        normal_cdf(x) - p
    } else {
        (1.0 - p) - normal_cdf(-x)
    };
    let u = error * libm::sqrt(2.0 * core::f64::consts::PI) * libm::exp(0.5 * x * x);
    x - u / (1.0 + 0.5 * x * u)
}

/// Quantile of a normal kept within `[low, high]`.
pub fn truncated_normal_quantile(u: f64, mean: f64, sd: f64, low: f64, high: f64) -> f64 {
    if sd <= 0.0 {
        return mean.clamp(low, high);
    }
    let (a, b) = (normal_cdf((low - mean) / sd), normal_cdf((high - mean) / sd));
    (mean + sd * normal_quantile(a + u * (b - a))).clamp(low, high)
}

/// Logistic function.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Distribution function of a gamma with shape `shape` and unit scale.
pub fn gamma_cdf(x: f64, shape: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { puruspe::gammp(shape, x) }
}

/// Quantile of a gamma with shape `shape` and unit scale.
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    puruspe::invgammp(p, shape)
}

/// Quantile of a beta distribution.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    puruspe::invbetai(p, a, b)
}

/// Number of events of a Poisson with this mean at probability `u`: the smallest `k` whose distribution function reaches `u`.
///
/// Small means sum the mass upwards; large means start at the normal approximation and walk to the exact answer.
pub fn poisson_quantile(u: f64, mean: f64) -> u64 {
    if mean <= 0.0 {
        return 0;
    }
    if mean < 30.0 {
        let mut mass = libm::exp(-mean);
        let mut below = mass;
        let mut k = 0_u64;
        while below < u && k < 1000 {
            k += 1;
            mass *= mean / k as f64;
            below += mass;
        }
        return k;
    }
    let z = normal_quantile(u);
    let guess = mean + libm::sqrt(mean) * z + (z * z - 1.0) / 6.0;
    let mut k = libm::floor(guess.max(0.0)) as u64;
    let mass = |k: u64| libm::exp(k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0));
    // P(X <= k): sum the mass downwards from k until it no longer counts.
    let mut below = 0.0;
    let mut term = mass(k);
    let mut j = k;
    while term > 1e-18 {
        below += term;
        if j == 0 {
            break;
        }
        term *= j as f64 / mean;
        j -= 1;
    }
    if below >= u {
        while k > 0 {
            let next = below - mass(k);
            if next < u {
                break;
            }
            below = next;
            k -= 1;
        }
    } else {
        while below < u {
            k += 1;
            below += mass(k);
        }
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantile_inverts_the_distribution_function() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
        for i in 1..2000 {
            let x = -8.0 + 0.004 * f64::from(i);
            let p = normal_cdf(x);
            assert!((normal_quantile(p) - x).abs() < 1e-11, "{x}");
        }
    }

    #[test]
    fn poisson_quantile_is_the_smallest_count_that_reaches_u() {
        use statrs::distribution::{DiscreteCDF, Poisson};
        for mean in [0.02, 0.9, 12.0, 29.9, 30.1, 750.0, 25_000.0] {
            let law = Poisson::new(mean).unwrap();
            for i in 1..200 {
                let u = f64::from(i) / 200.0;
                let k = poisson_quantile(u, mean);
                assert!(law.cdf(k) >= u - 1e-8, "{mean} {u} {k}");
                assert!(k == 0 || law.cdf(k - 1) < u + 1e-8, "{mean} {u} {k}");
            }
        }
    }
}
