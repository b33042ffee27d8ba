//! A measured algorithm: error rates by threshold instead of a model of scores.
//!
//! Between two thresholds of the table the logarithm of a rate is a straight line. A look alerts if and only if its score is
//! at or above the threshold, so a score is the threshold at which the look's chance would just be met: the inverse of the
//! same lines. Beyond the last threshold of the table nothing was measured, and a score stays there.

use super::GenuineParts;
use crate::people::SoughtPerson;
use crate::scenario::plan::MeasuredRates;
use crate::stats::dist;

/// Halvings of an interval between two thresholds: enough for the last bit of a score.
const HALVINGS: u32 = 60;
/// Below every threshold.
const NO_SCORE: f64 = f64::NEG_INFINITY;

/// Rates of one strategy's matcher, for a list of known composition.
#[derive(Clone, Debug)]
pub struct Measured {
    thresholds: Vec<f64>,
    /// Log of the expected false matches of a search, by probe cell and threshold: list size and shares are in it.
    ln_expected: Vec<Vec<f64>>,
    /// Log of the false match rate by probe cell, entry cell and threshold, and entries in each cell.
    ln_false: Vec<Vec<Vec<f64>>>,
    entries: Vec<f64>,
    ln_true: Vec<Vec<f64>>,
    /// Share of a genuine score's luck that belongs to the person.
    person_share: f64,
}

impl Measured {
    /// Rates for a list of `size` entries with these shares; `person_sd` and `look_sd` say how far genuine luck is the person's.
    pub fn new(rates: &MeasuredRates, list_shares: &[f64], size: f64, person_sd: f64, look_sd: f64) -> Measured {
        let ln = |list: &[f64]| list.iter().map(|x| libm::log(*x)).collect::<Vec<f64>>();
        let ln_false: Vec<Vec<Vec<f64>>> = rates
            .false_match
            .iter()
            .map(|row| row.iter().map(|l| ln(l)).collect())
            .collect();
        let entries: Vec<f64> = list_shares.iter().map(|s| s * size).collect();
        let variance = person_sd * person_sd + look_sd * look_sd;
        let mut measured = Measured {
            thresholds: rates.thresholds.clone(),
            ln_expected: Vec::new(),
            ln_false,
            entries,
            ln_true: rates.true_match.iter().map(|l| ln(l)).collect(),
            person_share: if variance > 0.0 {
                person_sd * person_sd / variance
            } else {
                0.0
            },
        };
        let at = |g: usize, t: f64| libm::log(measured.weights(g, t).iter().sum::<f64>());
        measured.ln_expected = (0..measured.ln_false.len())
            .map(|g| rates.thresholds.iter().map(|t| at(g, *t)).collect())
            .collect();
        measured
    }

    /// Expected false matches of a search of cell `g` at a threshold, by entry cell.
    pub fn weights(&self, g: usize, threshold: f64) -> Vec<f64> {
        let rate = |line: &Vec<f64>| libm::exp(interpolated(&self.thresholds, line, threshold));
        self.ln_false[g]
            .iter()
            .zip(&self.entries)
            .map(|(line, n)| n * rate(line))
            .collect()
    }

    /// The score of a false match of cell `g` whose chance is just met where `ln_expected` false matches are expected.
    pub fn false_score(&self, g: usize, ln_expected: f64) -> f64 {
        let line = &self.ln_expected[g];
        let Some(k) = (0..line.len()).rfind(|k| line[*k] >= ln_expected) else {
            return NO_SCORE;
        };
        if k + 1 == line.len() {
            return self.thresholds[k];
        }
        let (mut low, mut high) = (self.thresholds[k], self.thresholds[k + 1]);
        // The sum over entries of straight lines in logs is no straight line, but it falls.
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if libm::log(self.weights(g, middle).iter().sum::<f64>()) >= ln_expected {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The score of a listed person's search, from a standard normal of the look.
    pub fn genuine_score(&self, person: &SoughtPerson, noise: f64) -> f64 {
        let (own, fresh) = (libm::sqrt(self.person_share), libm::sqrt(1.0 - self.person_share));
        self.genuine_score_at(person.cell, own * person.goodness + fresh * noise)
    }

    /// The same score, part by part: what the group's average face would get, what the person's own luck adds, and the look's.
    pub fn genuine_parts(&self, person: &SoughtPerson, noise: f64) -> GenuineParts {
        let own = libm::sqrt(self.person_share) * person.goodness;
        let at = |z: f64| self.genuine_score_at(person.cell, z).max(self.thresholds[0]);
        let score = self.genuine_score(person, noise);
        let (base, with_own) = (at(0.0), at(own));
        GenuineParts {
            score,
            base,
            person: with_own - base,
            chance: score.max(self.thresholds[0]) - with_own,
            ..GenuineParts::default()
        }
    }

    /// The score at standard normal luck `z`: the highest threshold at which a share of at least `1 - Φ(z)` is recognised.
    pub fn genuine_score_at(&self, cell: usize, z: f64) -> f64 {
        let ln_chance = libm::log(dist::normal_cdf(-z));
        let line = &self.ln_true[cell];
        let Some(k) = (0..line.len()).rfind(|k| line[*k] >= ln_chance) else {
            return NO_SCORE;
        };
        if k + 1 == line.len() || line[k + 1] >= line[k] {
            return self.thresholds[k];
        }
        let share = (line[k] - ln_chance) / (line[k] - line[k + 1]);
        self.thresholds[k] + share * (self.thresholds[k + 1] - self.thresholds[k])
    }
}

/// A value of the straight lines through (x, y); `at` lies within the first and last x.
fn interpolated(x: &[f64], y: &[f64], at: f64) -> f64 {
    let k = x[1..x.len() - 1].iter().filter(|t| **t <= at).count();
    let share = ((at - x[k]) / (x[k + 1] - x[k])).clamp(0.0, 1.0);
    y[k] + share * (y[k + 1] - y[k])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> MeasuredRates {
        MeasuredRates {
            thresholds: vec![0.5, 0.6, 0.7],
            false_match: vec![
                vec![vec![1e-3, 1e-5, 1e-6], vec![1e-4, 1e-5, 1e-5]],
                vec![vec![1e-4; 3], vec![1e-3, 1e-4, 1e-7]],
            ],
            true_match: vec![vec![0.99, 0.9, 0.5], vec![0.95, 0.9, 0.9]],
        }
    }

    fn measured() -> Measured {
        Measured::new(&rates(), &[0.25, 0.75], 1000.0, 0.05, 0.03)
    }

    #[test]
    fn rates_of_the_table_are_met_exactly_and_lines_are_straight_in_logs() {
        let m = measured();
        assert!((m.weights(0, 0.5)[0] - 250.0 * 1e-3).abs() < 1e-12);
        assert!((m.weights(0, 0.7)[1] - 750.0 * 1e-5).abs() < 1e-12);
        assert!(
            (m.weights(0, 0.55)[0] - 250.0 * 1e-4).abs() < 1e-12,
            "{:?}",
            m.weights(0, 0.55)
        );
    }

    #[test]
    fn a_look_alerts_if_and_only_if_its_score_reaches_the_threshold() {
        let m = measured();
        for g in 0..2 {
            for t in [0.5, 0.52, 0.6, 0.633, 0.699] {
                let ln_at = libm::log(m.weights(g, t).iter().sum::<f64>());
                for nudge in [-0.3, -1e-3, -1e-9, 1e-9, 1e-3, 0.3] {
                    // More false matches expected than the threshold leaves: the look's chance is met below it.
                    let fires = nudge < 0.0;
                    assert_eq!(m.false_score(g, ln_at + nudge) >= t, fires, "{g} {t} {nudge}");
                }
            }
        }
    }

    #[test]
    fn genuine_scores_have_the_measured_true_match_rate() {
        let m = measured();
        for (cell, t, expected) in [
            (0, 0.5, 0.99),
            (0, 0.6, 0.9),
            (0, 0.7, 0.5),
            (1, 0.6, 0.9),
            (0, 0.65, libm::sqrt(0.45)),
        ] {
            let n = 200_000;
            let z = |i: i32| dist::normal_quantile((f64::from(i) + 0.5) / f64::from(n));
            let hits = (0..n).filter(|i| m.genuine_score_at(cell, z(*i)) >= t).count();
            assert!(
                (hits as f64 / f64::from(n) - expected).abs() < 1e-4,
                "{cell} {t}: {hits}"
            );
        }
    }
}
