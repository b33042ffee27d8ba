//! Distribution functions and their inverses, on pinned `libm` so that draws have the same bits on every platform.

/// Standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// Standard normal quantile (Wichura 1988, algorithm AS 241, PPND16): about 16 digits, rational functions only in the bulk.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_6,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_4e3,
        1.373_169_376_550_946_1e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ];
    const B: [f64; 8] = [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854_6e3,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_758_8,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_049e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ];
    fn ratio(top: &[f64; 8], bottom: &[f64; 8], r: f64) -> f64 {
        let sum = |c: &[f64; 8]| c.iter().rev().fold(0.0, |s, x| s * r + x);
        sum(top) / sum(bottom)
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&A, &B, 0.180_625 - q * q);
    }
    let r = libm::sqrt(-if q < 0.0 { libm::log(p) } else { libm::log1p(-p) });
    let x = if r <= 5.0 {
        ratio(&C, &D, r - 1.6)
    } else {
        ratio(&E, &F, r - 5.0)
    };
    if q < 0.0 { -x } else { x }
}

/// A normal kept within bounds, ready for many quantiles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedNormal {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Probabilities below the two bounds.
    below: [f64; 2],
}

impl TruncatedNormal {
    /// A normal with this mean and sd kept within `[low, high]`.
    pub fn new(mean: f64, sd: f64, low: f64, high: f64) -> Self {
        let below = [low, high].map(|x| if sd > 0.0 { normal_cdf((x - mean) / sd) } else { 0.0 });
        TruncatedNormal {
            mean,
            sd,
            low,
            high,
            below,
        }
    }

    /// The value at probability `u` in (0, 1).
    pub fn quantile(&self, u: f64) -> f64 {
        let p = self.below[0] + u * (self.below[1] - self.below[0]);
        let z = if self.sd > 0.0 { normal_quantile(p) } else { 0.0 };
        (self.mean + self.sd * z).clamp(self.low, self.high)
    }
}

/// Logistic function.
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Distribution function of a gamma with shape `shape` and unit scale.
pub fn gamma_cdf(x: f64, shape: f64) -> f64 {
    if x <= 0.0 { 0.0 } else { gamma_tails(x, shape).0 }
}

/// Probabilities below and above `x` of a gamma with unit scale, each accurate in its own small tail.
///
/// Series below the mean, continued fraction above it; very large shapes use Wilson and Hilferty's cube root.
fn gamma_tails(x: f64, shape: f64) -> (f64, f64) {
    if shape > VERY_LARGE_SHAPE {
        let c = 1.0 / (9.0 * shape);
        let z = (libm::cbrt(x / shape) - 1.0 + c) / libm::sqrt(c);
        return (normal_cdf(z), normal_cdf(-z));
    }
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let mut term = 1.0 / shape;
        let mut total = term;
        let mut n = shape;
        while term > total * 1e-17 {
            n += 1.0;
            term *= x / n;
            total += term;
        }
        let below = (front * total).min(1.0);
        return (below, 1.0 - below);
    }
    const TINY: f64 = 1e-300;
    let keep = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / keep(b);
    let mut h = d;
    for i in 1..200_000 {
        let i = f64::from(i);
        let numerator = -i * (i - shape);
        b += 2.0;
        d = 1.0 / keep(numerator * d + b);
        c = keep(b + numerator / c);
        let step = c * d;
        h *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    let above = if front == 0.0 { 0.0 } else { (front * h).min(1.0) };
    (1.0 - above, above)
}

/// Beyond this shape a gamma is handled by its cube root, which is then good to about 1e-9.
const VERY_LARGE_SHAPE: f64 = 1e6;

/// Quantile of a gamma with shape `shape` and unit scale, by Newton steps on the logarithm kept inside a bracket.
pub fn gamma_quantile(p: f64, shape: f64) -> f64 {
    if p <= 0.0 || shape <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let z = normal_quantile(p);
    let c = 1.0 / (9.0 * shape);
    let root = 1.0 - c + z * libm::sqrt(c);
    if shape > VERY_LARGE_SHAPE {
        return shape * root * root * root;
    }
    // Far below the mean the density is a power of x.
    let power = (libm::log(p) + libm::lgamma(shape + 1.0)) / shape;
    if power < -700.0 {
        return libm::exp(power);
    }
    let mut y = if root > 0.3 {
        libm::log(shape) + 3.0 * libm::log(root)
    } else {
        power
    };
    // No probability below one that a float can hold reaches further up than this.
    let (mut low, mut high) = (-740.0, libm::log(shape + 20.0 * libm::sqrt(shape) + 800.0));
    for _ in 0..200 {
        let x = libm::exp(y);
        let (below, above) = gamma_tails(x, shape);
        let over = if p < 0.5 { below - p } else { (1.0 - p) - above };
        if over > 0.0 {
            high = y;
        } else {
            low = y;
        }
        let slope = libm::exp(shape * y - x - libm::lgamma(shape));
        let newton = y - over / slope;
        let next = if newton >= low && newton <= high {
            newton
        } else {
            0.5 * (low + high)
        };
        let moved = (next - y).abs();
        y = next;
        if moved <= 4e-16 * (1.0 + y.abs()) || over == 0.0 {
            break;
        }
    }
    libm::exp(y)
}

/// Quantile of a beta distribution.
///
/// Small shapes (those of priors) go to a library; beyond [`SMALL_SHAPES`], where that library drifts, the distribution function
/// is inverted by Newton steps on the log-odds, kept inside a bracket.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 || a.max(b) <= SMALL_SHAPES {
        return puruspe::invbetai(p, a, b);
    }
    let mean = a / (a + b);
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    // On the log-odds scale the law is nearly normal with this spread.
    let spread = libm::sqrt(1.0 / a + 1.0 / b);
    let mut y = libm::log(mean / (1.0 - mean)) + spread * normal_quantile(p);
    let (mut low, mut high) = (y - 60.0 * spread, y + 60.0 * spread);
    for _ in 0..200 {
        let x = logistic(y);
        let over = beta_cdf(x, a, b) - p;
        if over > 0.0 {
            high = y;
        } else {
            low = y;
        }
        let slope = libm::exp(a * libm::log(x) + b * libm::log(logistic(-y)) - log_beta);
        let newton = y - over / slope;
        let next = if newton >= low && newton <= high {
            newton
        } else {
            0.5 * (low + high)
        };
        let moved = (next - y).abs();
        y = next;
        if moved <= 1e-15 * (1.0 + y.abs()) || over == 0.0 {
            break;
        }
    }
    logistic(y)
}

/// Largest shape of a beta whose quantiles come from the library.
const SMALL_SHAPES: f64 = 100.0;

/// Distribution function of a beta: the regularised incomplete beta function `I_x(a, b)`, by its continued fraction.
///
/// Good to about 1e-12 for shapes up to a few thousand, and to about 1e-8 for shapes of a million.
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x);
    let front = libm::exp(log_front);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by the modified Lentz method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let keep = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / keep(1.0 - (a + b) * x / (a + 1.0));
    let mut h = d;
    for m in 1..200_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / keep(1.0 + even * d);
        c = keep(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / keep(1.0 + odd * d);
        c = keep(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

/// Quantile of Student's t with `df` degrees of freedom, by Newton steps on its distribution function.
pub fn student_t_quantile(p: f64, df: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p == 0.5 {
        return 0.0;
    }
    if p < 0.5 {
        return -student_t_quantile(1.0 - p, df);
    }
    let tail = 1.0 - p;
    if df == 1.0 {
        return 1.0 / libm::tan(core::f64::consts::PI * tail);
    }
    if df == 2.0 {
        return (1.0 - 2.0 * tail) * libm::sqrt(2.0 / (4.0 * tail * (1.0 - tail)));
    }
    let z = normal_quantile(p);
    let z2 = z * z;
    // Cornish-Fisher expansion: exact enough by itself for very many degrees of freedom.
    let mut t = z
        + z * (z2 + 1.0) / (4.0 * df)
        + z * (5.0 * z2 * z2 + 16.0 * z2 + 3.0) / (96.0 * df * df)
        + z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / (384.0 * df * df * df);
    if df > 1e6 {
        return t;
    }
    let log_scale =
        libm::lgamma(0.5 * (df + 1.0)) - libm::lgamma(0.5 * df) - 0.5 * libm::log(df * core::f64::consts::PI);
    for _ in 0..60 {
        let over = 0.5 * beta_cdf(df / (df + t * t), 0.5 * df, 0.5);
        let density = libm::exp(log_scale - 0.5 * (df + 1.0) * libm::log1p(t * t / df));
        let step = (over - tail) / density;
        // The density falls steeply in the far tail: never move by more than the value itself.
        t += step.clamp(-0.5 * t, t);
        if step.abs() <= 1e-13 * t {
            break;
        }
    }
    t
}

/// Quantile of a chi-square with `df` degrees of freedom.
pub fn chi_square_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, 0.5 * df)
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

    #[test]
    fn student_t_quantile_agrees_with_an_independent_library() {
        use statrs::distribution::{ContinuousCDF, StudentsT};
        assert!((student_t_quantile(0.975, 19.0) - 2.093_024_054_408_263).abs() < 1e-12);
        assert!((student_t_quantile(0.975, 1.0) - 12.706_204_736_432_1).abs() < 1e-9);
        assert!((student_t_quantile(0.995, 2.0) - 9.924_843_200_918_3).abs() < 1e-9);
        for df in [1.0, 2.0, 3.0, 5.0, 9.0, 49.0, 199.0, 4999.0] {
            let law = StudentsT::new(0.0, 1.0, df).unwrap();
            for p in [0.6, 0.75, 0.9, 0.95, 0.975, 0.995, 0.9995] {
                let t = student_t_quantile(p, df);
                assert!((law.cdf(t) - p).abs() < 1e-9, "{p} {df} {t}");
                assert_eq!(
                    student_t_quantile(1.0 - p, df),
                    -student_t_quantile(1.0 - (1.0 - p), df)
                );
            }
        }
        assert!((student_t_quantile(0.975, 1e7) - normal_quantile(0.975)).abs() < 1e-6);
    }

    #[test]
    fn beta_cdf_agrees_with_an_independent_library() {
        use statrs::function::beta::beta_reg;
        for (a, b) in [
            (1.0, 1.0),
            (0.5, 9.5),
            (3.0, 40.0),
            (120.0, 80.0),
            (4000.0, 5000.0),
            (12.0, 3e6),
        ] {
            for i in 1..60 {
                let x = (a / (a + b) * 0.04 * f64::from(i)).min(0.999);
                assert!((beta_cdf(x, a, b) - beta_reg(a, b, x)).abs() < 1e-8, "{a} {b} {x}");
            }
        }
    }

    #[test]
    fn beta_quantile_inverts_the_distribution_function_for_any_shapes() {
        use statrs::function::beta::beta_reg;
        let shapes = [
            (2.0, 3.0),
            (120.0, 80.0),
            (796.0, 15.0),
            (0.5, 2000.0),
            (4000.0, 5000.0),
            (2e4, 3e5),
            (5e5, 20.0),
        ];
        for (a, b) in shapes {
            for p in [1e-4, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999] {
                let x = beta_quantile(p, a, b);
                assert!((beta_reg(a, b, x) - p).abs() < 2e-7, "{a} {b} {p}: {x}");
            }
        }
    }

    #[test]
    fn chi_square_quantile_inverts_the_distribution_function_for_any_count() {
        use statrs::distribution::{ChiSquared, ContinuousCDF};
        for df in [2.0, 4.0, 20.0, 198.0, 202.0, 2000.0, 60_000.0] {
            let law = ChiSquared::new(df).unwrap();
            for p in [0.0005, 0.025, 0.5, 0.975, 0.9995] {
                assert!((law.cdf(chi_square_quantile(p, df)) - p).abs() < 1e-7, "{p} {df}");
            }
        }
        // Wilson and Hilferty's cube root is as good as exact for very large counts.
        for df in [1e6_f64, 1e8, 1e10] {
            let z = normal_quantile(0.975);
            let c = 2.0 / (9.0 * df);
            let approximate = df * libm::pow(1.0 - c + z * libm::sqrt(c), 3.0);
            assert!(
                (chi_square_quantile(0.975, df) / approximate - 1.0).abs() < 1e-6,
                "{df}"
            );
        }
    }

    #[test]
    fn gamma_quantile_inverts_the_distribution_function_of_any_shape() {
        for shape in [0.05, 0.3, 0.5, 1.0, 1.7, 8.0, 99.0, 100.0, 101.0, 5000.0, 400_000.0] {
            for p in [1e-9, 1e-4, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999, 1.0 - 1e-9] {
                let x = gamma_quantile(p, shape);
                if x > 1e-300 {
                    let (below, above) = gamma_tails(x, shape);
                    let error = if p < 0.5 {
                        below / p - 1.0
                    } else {
                        above / (1.0 - p) - 1.0
                    };
                    assert!(error.abs() < 1e-8, "{p} {shape} {x} {error}");
                }
            }
        }
        assert!((gamma_quantile(0.3, 1.0) + libm::log1p(-0.3)).abs() < 1e-15);
        assert_eq!(gamma_quantile(0.0, 2.0), 0.0);
    }
}
