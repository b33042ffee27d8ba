//! Sensitivity indices from the outputs of a Saltelli or Morris design, with bootstrap intervals.

use super::{mean, sum_of, variance};
use crate::kernel::Stream;

/// Class of draws that the bootstrap uses.
const CLASS: u32 = 5;
/// Bootstrap samples.
const SAMPLES: u32 = 1000;

/// An index with its percentile bootstrap interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Estimate.
    pub point: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// First and total index of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SobolIndices {
    /// Share of the variance that the parameter explains alone.
    pub first: Index,
    /// Share of the variance that would remain if all others were known.
    pub total: Index,
}

/// Outputs of Saltelli's design, one entry for each base point.
#[derive(Clone, Debug, Default)]
pub struct SaltelliOutputs {
    /// At the first sample.
    pub a: Vec<f64>,
    /// At the second.
    pub b: Vec<f64>,
    /// At the first with one parameter from the second, by parameter.
    pub ab: Vec<Vec<f64>>,
}

impl SaltelliOutputs {
    /// Variance of the output over both samples; divisor n.
    pub fn variance(&self) -> f64 {
        let all: Vec<f64> = self.a.iter().chain(&self.b).copied().collect();
        variance(&all) * (all.len().saturating_sub(1)) as f64 / all.len().max(1) as f64
    }
}

/// Jansen's estimators (Jansen 1999; Saltelli et al. 2010): 1 - mean (B - AB)^2 / 2V and mean (A - AB)^2 / 2V. None where the
/// output does not vary.
pub fn sobol_indices(y: &SaltelliOutputs, level: f64, seed: u64) -> Option<Vec<SobolIndices>> {
    let n = y.a.len();
    let every: Vec<usize> = (0..n).collect();
    let points = jansen(y, &every)?;
    let mut samples = vec![(Vec::new(), Vec::new()); y.ab.len()];
    for sample in 0..SAMPLES {
        // A sample in which nothing varies says nothing.
        for (kept, (first, total)) in samples
            .iter_mut()
            .zip(jansen(y, &resampled(n, seed, sample)).unwrap_or_default())
        {
            kept.0.push(first);
            kept.1.push(total);
        }
    }
    let indices = points
        .iter()
        .zip(samples)
        .map(|((first, total), (firsts, totals))| SobolIndices {
            first: interval(*first, firsts, level),
            total: interval(*total, totals, level),
        });
    Some(indices.collect())
}

fn jansen(y: &SaltelliOutputs, rows: &[usize]) -> Option<Vec<(f64, f64)>> {
    let of = |x: &[f64]| rows.iter().map(|i| x[*i]).collect();
    let chosen = SaltelliOutputs {
        a: of(&y.a),
        b: of(&y.b),
        ab: Vec::new(),
    };
    let v = chosen.variance();
    if rows.is_empty() || v <= 0.0 {
        return None;
    }
    let half_square = |x: &[f64], z: &[f64]| {
        sum_of(rows.iter().map(|i| (x[*i] - z[*i]) * (x[*i] - z[*i]))) / (2.0 * rows.len() as f64 * v)
    };
    Some(
        y.ab.iter()
            .map(|ab| (1.0 - half_square(&y.b, ab), half_square(&y.a, ab)))
            .collect(),
    )
}

/// What Morris' trajectories say of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MorrisIndices {
    /// Mean elementary effect.
    pub mu: f64,
    /// Mean size of an elementary effect.
    pub mu_star: Index,
    /// Sd of elementary effects: interaction and curvature.
    pub sigma: f64,
}

/// Indices from the elementary effects of one parameter, one for each trajectory.
pub fn morris_indices(effects: &[f64], level: f64, seed: u64) -> MorrisIndices {
    let size: Vec<f64> = effects.iter().map(|e| e.abs()).collect();
    MorrisIndices {
        mu: mean(effects),
        mu_star: bootstrap_mean(&size, level, seed),
        sigma: libm::sqrt(variance(effects)),
    }
}

/// Mean with its bootstrap interval.
pub fn bootstrap_mean(values: &[f64], level: f64, seed: u64) -> Index {
    let of = |sample| {
        mean(
            &resampled(values.len(), seed, sample)
                .iter()
                .map(|i| values[*i])
                .collect::<Vec<_>>(),
        )
    };
    interval(mean(values), (0..SAMPLES).map(of).collect(), level)
}

fn resampled(n: usize, seed: u64, sample: u32) -> Vec<usize> {
    let stream = Stream::new(seed, sample, CLASS);
    let at = |i: usize| (stream.block(0, 0, 0, i as u64).fine(0) * n as f64) as usize;
    (0..n).map(|i| at(i).min(n.saturating_sub(1))).collect()
}

fn interval(point: f64, mut samples: Vec<f64>, level: f64) -> Index {
    samples.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let i = libm::round(p * samples.len().saturating_sub(1) as f64) as usize;
        samples.get(i).copied().unwrap_or(point)
    };
    Index {
        point,
        low: at((1.0 - level) / 2.0),
        high: at((1.0 + level) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::super::design::{Design, Trajectory, morris_step};
    use super::*;
    use std::f64::consts::PI;

    /// Outputs of a function on Saltelli's design.
    pub(crate) fn outputs(f: impl Fn(&[f64]) -> f64, n: usize, k: usize, seed: u64) -> SaltelliOutputs {
        let design = Design::Saltelli { n, dimensions: k, seed };
        let at = |j: usize, which: usize| f(&design.point(j * (k + 2) + which));
        SaltelliOutputs {
            a: (0..n).map(|j| at(j, 0)).collect(),
            b: (0..n).map(|j| at(j, k + 1)).collect(),
            ab: (1..=k).map(|d| (0..n).map(|j| at(j, d)).collect()).collect(),
        }
    }

    /// Ishigami and Homma 1990, with a = 7 and b = 0.1.
    fn ishigami(u: &[f64]) -> f64 {
        let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        let s = libm::sin(x[1]);
        libm::sin(x[0]) * (1.0 + 0.1 * x[2] * x[2] * x[2] * x[2]) + 7.0 * s * s
    }

    const G: [f64; 6] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0];

    /// Sobol's g-function.
    fn g_function(u: &[f64]) -> f64 {
        u.iter()
            .zip(G)
            .map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a))
            .product()
    }

    #[test]
    fn ishigami_lies_within_the_intervals() {
        let first = [0.3139, 0.4424, 0.0];
        let total = [0.5576, 0.4424, 0.2437];
        for seed in [1, 2, 3] {
            let found = sobol_indices(&outputs(ishigami, 1024, 3, seed), 0.99, 1).unwrap();
            for i in 0..3 {
                let (f, t) = (found[i].first, found[i].total);
                assert!(f.low <= first[i] && first[i] <= f.high, "seed {seed} first {i}: {f:?}");
                assert!(t.low <= total[i] && total[i] <= t.high, "seed {seed} total {i}: {t:?}");
                assert!(f.high - f.low < 0.25 && t.high - t.low < 0.25, "{f:?} {t:?}");
            }
        }
    }

    #[test]
    fn the_g_function_lies_within_the_intervals() {
        let v: Vec<f64> = G.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
        let all: f64 = v.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
        let found = sobol_indices(&outputs(g_function, 2048, 6, 4), 0.99, 1).unwrap();
        for i in 0..6 {
            let first = v[i] / all;
            let others: f64 = v
                .iter()
                .enumerate()
                .filter(|(j, _)| *j != i)
                .map(|(_, v)| 1.0 + v)
                .product();
            let total = v[i] * others / all;
            let (f, t) = (found[i].first, found[i].total);
            assert!(f.low <= first && first <= f.high, "first {i}: {first} {f:?}");
            assert!(t.low <= total && total <= t.high, "total {i}: {total} {t:?}");
        }
    }

    #[test]
    fn an_output_that_does_not_vary_has_no_indices() {
        assert_eq!(sobol_indices(&outputs(|_| 3.0, 64, 2, 1), 0.95, 1), None);
    }

    #[test]
    fn a_parameter_without_effect_has_total_index_zero() {
        let found = sobol_indices(&outputs(|u| u[0], 256, 2, 1), 0.95, 1).unwrap();
        assert_eq!(
            found[1].total,
            Index {
                point: 0.0,
                low: 0.0,
                high: 0.0
            }
        );
        assert!((found[0].first.point - 1.0).abs() < 1e-12, "{:?}", found[0]);
    }

    #[test]
    fn morris_gives_the_slopes_of_a_plane_and_sees_what_is_curved() {
        let (r, k, levels) = (40, 3, 4);
        let f = |u: &[f64]| 2.0 * u[0] - 5.0 * u[1] + 4.0 * u[0] * u[2];
        let mut effects = vec![Vec::new(); k];
        for t in 0..r {
            let path = Trajectory::new(t, k, levels, 3);
            for (s, d) in path.order.iter().enumerate() {
                effects[*d].push((f(&path.point(s + 1)) - f(&path.point(s))) / path.step(*d));
            }
        }
        assert!((morris_step(levels) - 2.0 / 3.0).abs() < 1e-15);
        let of: Vec<MorrisIndices> = effects.iter().map(|e| morris_indices(e, 0.95, 1)).collect();
        assert!((of[1].mu + 5.0).abs() < 1e-9 && (of[1].mu_star.point - 5.0).abs() < 1e-9 && of[1].sigma < 1e-9);
        assert!(of[0].sigma > 0.5 && of[2].sigma > 0.5, "{of:?}");
        assert!(of[2].mu_star.low <= 2.0 && 2.0 <= of[2].mu_star.high, "{:?}", of[2]);
    }

    /// The generator of benches/peers/salib_reference.py.
    fn uniforms(n: usize, mut seed: u64) -> Vec<f64> {
        let mut next = || {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..n).map(|_| next()).collect()
    }

    /// SALib 1.6.0 on the same samples: equal total indices (both are Jansen's), and first indices, for which SALib uses
    /// another estimator, within its 95 % interval.
    #[test]
    fn salib_agrees_on_the_same_samples() {
        type Case = (fn(&[f64]) -> f64, &'static [f64], &'static [f64], &'static [f64]);
        let cases: [Case; 2] = [
            (
                ishigami,
                &[0.5278681380688772, 0.41083793382386524, 0.2061790207410344],
                &[0.39237492864804563, 0.42015170196882545, -0.003720747130117157],
                &[0.12251949824796801, 0.11142552783687272, 0.11760044996317555],
            ),
            (
                g_function,
                &[
                    0.8211319243693422,
                    0.2521014229469166,
                    0.039059712196808954,
                    0.01086877144799582,
                    7.853681190932754e-05,
                    0.00011416452274394011,
                ],
                &[
                    0.7192414783751558,
                    0.21917447012980526,
                    0.028017565142869953,
                    -0.0029566941072092907,
                    -0.0006786211809931516,
                    0.0004184977478387319,
                ],
                &[
                    0.13536381546349469,
                    0.09458312738384785,
                    0.03609738683015189,
                    0.01721356337520875,
                    0.001473479348942679,
                    0.0021097087915455787,
                ],
            ),
        ];
        for (f, totals, firsts, reach) in cases {
            let (n, k) = (256, totals.len());
            let u = uniforms(n * 2 * k, 7);
            let row = |j: usize, from_b: &dyn Fn(usize) -> bool| {
                let x: Vec<f64> = (0..k)
                    .map(|d| u[j * 2 * k + d + if from_b(d) { k } else { 0 }])
                    .collect();
                f(&x)
            };
            let y = SaltelliOutputs {
                a: (0..n).map(|j| row(j, &|_| false)).collect(),
                b: (0..n).map(|j| row(j, &|_| true)).collect(),
                ab: (0..k).map(|i| (0..n).map(|j| row(j, &|d| d == i)).collect()).collect(),
            };
            for (i, found) in sobol_indices(&y, 0.95, 1).unwrap().iter().enumerate() {
                assert!((found.total.point - totals[i]).abs() < 1e-9, "total {i}: {found:?}");
                let shared = reach[i] + (found.first.high - found.first.low) / 2.0;
                assert!((found.first.point - firsts[i]).abs() < shared, "first {i}: {found:?}");
            }
        }
    }

    #[test]
    fn salib_agrees_on_the_same_trajectories() {
        let (k, r, step) = (3, 30, 2.0 / 3.0);
        let u = uniforms(r * k * 3, 9);
        let mut effects = vec![Vec::new(); k];
        for draws in u.chunks(3 * k) {
            let up: Vec<bool> = (0..k).map(|d| draws[k + d] < 0.5).collect();
            let start = |d: usize| f64::from((draws[d] * 2.0) as u32) / 3.0 + if up[d] { 0.0 } else { step };
            let mut x: Vec<f64> = (0..k).map(start).collect();
            let mut order: Vec<usize> = (0..k).collect();
            order.sort_by(|a, b| draws[2 * k + a].total_cmp(&draws[2 * k + b]));
            for d in order {
                let (before, change) = (ishigami(&x), if up[d] { step } else { -step });
                x[d] += change;
                effects[d].push((ishigami(&x) - before) / change);
            }
        }
        let mu = [7.7040541115931065, 1.0499999999999985, 1.2497592206666233];
        let mu_star = [7.7040541115931065, 7.874999999999999, 4.58245047577762];
        let sigma = [6.355620868857181, 7.93810919465126, 7.591353923392816];
        for d in 0..k {
            let found = morris_indices(&effects[d], 0.95, 1);
            for (a, b) in [
                (found.mu, mu[d]),
                (found.mu_star.point, mu_star[d]),
                (found.sigma, sigma[d]),
            ] {
                assert!((a - b).abs() < 1e-9, "{d}: {a} {b}");
            }
        }
    }
}
