//! The positive stable law of look-alike luck (Kanter 1975; Chambers, Mallows and Stuck 1976).

use std::f64::consts::PI;

/// Log of a positive stable variate with exponent `alpha` (Laplace transform exp(-s^α)), from two uniforms.
/// In logs, because its tail is heavy. `alpha` 1 is the constant 1.
pub fn ln_positive_stable(alpha: f64, u: f64, v: f64) -> f64 {
    if alpha >= 1.0 {
        return 0.0;
    }
    let angle = PI * u;
    let exponential = -libm::log1p(-v);
    let first = libm::log(libm::sin(alpha * angle)) - libm::log(libm::sin(angle)) / alpha;
    let second = libm::log(libm::sin((1.0 - alpha) * angle)) - libm::log(exponential);
    first + (1.0 - alpha) / alpha * second
}

/// A box of the two words within which luck is bounded: outside it (about 2 in 1000) the exact value is computed.
#[derive(Clone, Copy, Debug)]
pub struct StableBounds {
    u_below: u32,
    v_above: u32,
    /// Largest luck inside the box.
    pub largest: f64,
}

impl StableBounds {
    /// Bounds for an exponent.
    pub fn new(alpha: f64) -> Self {
        if alpha >= 1.0 {
            return StableBounds {
                u_below: u32::MAX,
                v_above: 0,
                largest: 1.0,
            };
        }
        // The exact value uses 27 bits of the word and further fine bits: 33 words of margin cover the difference.
        // Luck grows with the first uniform and falls with the second.
        let (u, v) = (0.999, 0.001);
        let word = |x: f64| (x * 4_294_967_296.0) as u32;
        StableBounds {
            u_below: word(u) - 33,
            v_above: word(v) + 33,
            largest: libm::exp(ln_positive_stable(alpha, u, v)) * (1.0 + 1e-9),
        }
    }

    /// Whether these words lie inside the box.
    #[inline]
    pub fn hold(&self, words: [u32; 2]) -> bool {
        words[0] <= self.u_below && words[1] >= self.v_above
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_is_monotone_in_both_words() {
        for alpha in [0.4, 0.7, 0.9] {
            for i in 1..99 {
                let (x, y) = (f64::from(i) / 100.0, f64::from(i + 1) / 100.0);
                assert!(ln_positive_stable(alpha, x, 0.3) <= ln_positive_stable(alpha, y, 0.3));
                assert!(ln_positive_stable(alpha, 0.3, x) >= ln_positive_stable(alpha, 0.3, y));
            }
        }
    }

    #[test]
    fn laplace_transform_is_that_of_the_positive_stable_law() {
        // V19, by a midpoint rule over the two uniforms.
        let n = 2000;
        for alpha in [0.3, 0.5, 0.7, 0.8] {
            for s in [0.1, 0.5, 1.0, 3.0] {
                let mut sum = 0.0;
                for i in 0..n {
                    for j in 0..n / 4 {
                        let (u, v) = (
                            (f64::from(i) + 0.5) / f64::from(n),
                            (f64::from(j) + 0.5) / f64::from(n / 4),
                        );
                        sum += libm::exp(-s * libm::exp(ln_positive_stable(alpha, u, v)));
                    }
                }
                let mean = sum / f64::from(n) / f64::from(n / 4);
                assert!(
                    (mean - libm::exp(-libm::pow(s, alpha))).abs() < 1e-3,
                    "{alpha} {s} {mean}"
                );
            }
        }
    }
}
