//! How false matches fall with the score: the tail of impostor scores, and whether the differences between groups fall too.
//!
//! Everything is kept as the logarithm of Λ, the expected number of false matches of one search, so that the score of an
//! alert is where that curve reaches a given height: an alert fires exactly if its score reaches the threshold.

use super::LEVEL_SCORE;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Scores between which differences between groups shrink from full to none under the second hypothesis.
const FULL_BIAS: f64 = 0.56;
/// Steps of the curve between those scores.
const STEPS: usize = 80;
/// Height of a heavy tail where it would grow beyond all bounds.
const HIGHEST: f64 = 60.0;

/// The upper tail of impostor scores, relative to its height at the level score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// Rate of the fall at the level score, per score.
    slope: f64,
    /// Shape of the generalised Pareto law; 0 is exponential, below 0 the tail ends.
    shape: f64,
}

impl Tail {
    /// An exponential tail.
    pub fn exponential(slope: f64) -> Self {
        Tail { slope, shape: 0.0 }
    }
    /// The tail of one plausible world.
    pub fn read(numbers: &Numbers) -> Self {
        let pareto = numbers.choice(param::TAIL) == 1;
        Tail {
            slope: numbers.get(param::SCORE_SLOPE),
            shape: if pareto { numbers.get(param::TAIL_SHAPE) } else { 0.0 },
        }
    }
    /// Log of the height at a score.
    pub fn ln_height(&self, score: f64) -> f64 {
        let x = self.slope * (score - LEVEL_SCORE);
        if self.shape == 0.0 {
            return -x;
        }
        let stretched = self.shape * x;
        if stretched > -1.0 {
            (-libm::log1p(stretched) / self.shape).min(HIGHEST)
        } else if self.shape < 0.0 {
            f64::NEG_INFINITY
        } else {
            HIGHEST
        }
    }
    /// The score at which the log of the height is `ln_height`.
    pub fn score(&self, ln_height: f64) -> f64 {
        let x = if self.shape == 0.0 {
            -ln_height
        } else {
            libm::expm1(-self.shape * ln_height) / self.shape
        };
        LEVEL_SCORE + x / self.slope
    }
}

/// Expected false matches by probe cell and score.
#[derive(Clone, Debug)]
pub enum Fall {
    /// Ratios between groups are the same at every score.
    Constant(Tail),
    /// Ratios between groups shrink as the score rises.
    Shrinking(Shrinking),
}

impl Fall {
    /// The score, at or above `threshold`, at which ln Λ of a cell lies `ln_ratio` (not positive) from that at the threshold.
    pub fn score(&self, cell: usize, threshold: f64, ln_ratio: f64) -> f64 {
        self.score_anywhere(cell, threshold, ln_ratio).max(threshold)
    }

    /// The same for any `ln_ratio`: a positive one gives a score below the threshold.
    pub fn score_anywhere(&self, cell: usize, threshold: f64, ln_ratio: f64) -> f64 {
        match self {
            Fall::Constant(tail) => tail.score(tail.ln_height(threshold) + ln_ratio),
            Fall::Shrinking(curve) => curve.score(cell, curve.ln_expected(cell, threshold) + ln_ratio),
        }
    }
}

/// Curves of ln Λ that close on one another between [`FULL_BIAS`] and the level score, where all groups' own factors are 1.
#[derive(Clone, Debug)]
pub struct Shrinking {
    tail: Tail,
    /// By cell: ln Λ at the level score with its own factor, and without.
    with: Vec<f64>,
    without: Vec<f64>,
    /// By cell: ln Λ at equal steps of the score; never rising, and straight between them.
    between: Vec<[f64; STEPS + 1]>,
}

impl Shrinking {
    /// `like` are Λ at the level score with all own factors 1, `own` those factors, and `weights` the part of each cell in the
    /// mean that is kept: crowd share times likeness to the list.
    pub fn new(tail: Tail, like: &[f64], own: &[f64], weights: &[f64]) -> Self {
        let ln_own: Vec<f64> = own.iter().map(|f| libm::log(*f)).collect();
        let mean = |share: f64| -> f64 {
            let of = |(w, l): (&f64, &f64)| w * libm::exp(share * l);
            weights.iter().zip(&ln_own).map(of).sum()
        };
        let full = mean(1.0);
        let kept = |share: f64| if full > 0.0 { libm::log(full / mean(share)) } else { 0.0 };
        let ln_like: Vec<f64> = like.iter().map(|l| libm::log(*l)).collect();
        let mut between: Vec<[f64; STEPS + 1]> = vec![[0.0; STEPS + 1]; own.len()];
        for i in 0..=STEPS {
            let share = 1.0 - i as f64 / STEPS as f64;
            let same = kept(share) + tail.ln_height(score_at(i));
            for (cell, curve) in between.iter_mut().enumerate() {
                curve[i] = ln_like[cell] + share * ln_own[cell] + same;
            }
        }
        for curve in &mut between {
            // A chance to exceed a score never grows with the score, whatever the hypothesis says of the ratios.
            (0..STEPS).rev().for_each(|i| curve[i] = curve[i].max(curve[i + 1]));
        }
        Shrinking {
            tail,
            with: ln_like.iter().zip(&ln_own).map(|(l, o)| l + o).collect(),
            without: ln_like.iter().map(|l| l + kept(0.0)).collect(),
            between,
        }
    }

    /// ln Λ of a cell at a score.
    pub fn ln_expected(&self, cell: usize, score: f64) -> f64 {
        let curve = &self.between[cell];
        if self.with[cell] == f64::NEG_INFINITY {
            return f64::NEG_INFINITY;
        }
        let x = (score - FULL_BIAS) / (LEVEL_SCORE - FULL_BIAS) * STEPS as f64;
        if x <= 0.0 {
            (self.with[cell] + self.tail.ln_height(score)).max(curve[0])
        } else if x >= STEPS as f64 {
            self.without[cell] + self.tail.ln_height(score)
        } else {
            let i = x as usize;
            curve[i] + (curve[i + 1] - curve[i]) * (x - i as f64)
        }
    }

    /// The score at which ln Λ of a cell has this value.
    fn score(&self, cell: usize, ln_expected: f64) -> f64 {
        let curve = &self.between[cell];
        if ln_expected <= curve[STEPS] {
            return self.tail.score(ln_expected - self.without[cell]).max(LEVEL_SCORE);
        }
        if ln_expected >= curve[0] {
            return self.tail.score(ln_expected - self.with[cell]).min(FULL_BIAS);
        }
        let i = curve.partition_point(|y| *y > ln_expected).clamp(1, STEPS) - 1;
        let part = (curve[i] - ln_expected) / (curve[i] - curve[i + 1]);
        score_at(i) + part * (score_at(i + 1) - score_at(i))
    }
}

fn score_at(step: usize) -> f64 {
    FULL_BIAS + (LEVEL_SCORE - FULL_BIAS) * step as f64 / STEPS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_and_its_inverse_agree_and_its_limit_is_exponential() {
        for shape in [-0.5, -0.2, 0.0, 0.05, 0.1] {
            let tail = Tail { slope: 52.0, shape };
            assert!(tail.ln_height(LEVEL_SCORE).abs() < 1e-15);
            for score in [0.56, 0.60, 0.64, 0.66, 0.675] {
                let height = tail.ln_height(score);
                assert!((tail.score(height) - score).abs() < 1e-12, "{shape} {score}");
                assert!(height >= tail.ln_height(score + 1e-3));
            }
            // The slope at the level score is that of the exponential tail, whatever the shape.
            let fall = (tail.ln_height(LEVEL_SCORE - 1e-6) - tail.ln_height(LEVEL_SCORE + 1e-6)) / 2e-6;
            assert!((fall - 52.0).abs() < 1e-4, "{shape} {fall}");
        }
        let (almost, limit) = (
            Tail {
                slope: 52.0,
                shape: 1e-9,
            },
            Tail::exponential(52.0),
        );
        assert!((almost.ln_height(0.56) - limit.ln_height(0.56)).abs() < 1e-6);
        let ends = Tail {
            slope: 52.0,
            shape: -0.5,
        };
        assert_eq!(ends.ln_height(0.68), f64::NEG_INFINITY);
    }

    #[test]
    fn shrinking_curves_meet_keep_the_mean_and_can_be_inverted() {
        let (like, own, crowd) = ([1e-6, 3e-6, 2e-6], [1.0, 9.0, 0.4], [0.6, 0.3, 0.1]);
        let weights: Vec<f64> = like.iter().zip(&crowd).map(|(l, c)| l * c).collect();
        let tail = Tail::exponential(52.0);
        let curve = Shrinking::new(tail, &like, &own, &weights);
        for score in [0.54, 0.56, 0.585, 0.60, 0.6333, 0.64, 0.67] {
            let expected = |c: usize| libm::exp(curve.ln_expected(c, score));
            let mean: f64 = (0..3).map(|c| crowd[c] * expected(c)).sum();
            let constant: f64 =
                (0..3).map(|c| crowd[c] * like[c] * own[c]).sum::<f64>() * libm::exp(tail.ln_height(score));
            assert!((mean / constant - 1.0).abs() < 1e-3, "{score}: {mean} {constant}");
            for cell in 0..3 {
                let found = curve.score(cell, curve.ln_expected(cell, score));
                assert!((found - score).abs() < 1e-9, "{cell} {score} {found}");
            }
            let ratio = expected(1) / expected(0) / 3.0;
            let share = ((0.64 - score) / 0.08_f64).clamp(0.0, 1.0);
            assert!((ratio / 9.0_f64.powf(share) - 1.0).abs() < 1e-9, "{score}: {ratio}");
        }
    }

    #[test]
    fn no_hypothesis_makes_a_chance_grow_with_the_score() {
        let (like, own) = ([1e-6, 1e-6], [1.0, 137.0]);
        let curve = Shrinking::new(Tail::exponential(25.0), &like, &own, &[0.5e-6, 0.5e-6]);
        for cell in 0..2 {
            let mut last = f64::INFINITY;
            for i in 0..400 {
                let now = curve.ln_expected(cell, 0.5 + 0.0005 * f64::from(i));
                assert!(now <= last + 1e-12, "{cell} {i}");
                last = now;
            }
        }
    }
}
