//! Chance and not knowing, told apart: a one-way random-effects analysis of variance over plausible worlds.

use super::{mean, sum_of};

/// Variance between runs, by where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Grand mean over worlds, each weighing the same.
    pub mean: f64,
    /// Variance of what chance alone makes within one world.
    pub chance: f64,
    /// Variance of the worlds' own means: what comes from not knowing the parameters.
    pub knowledge: f64,
    /// Mean square between worlds.
    pub between: f64,
    /// Runs per world, effectively.
    pub effective: f64,
    /// Degrees of freedom of `chance`.
    pub freedom: usize,
}

impl Split {
    /// The same data under another idea of how large chance is.
    pub fn given(&self, chance: f64) -> Split {
        Split {
            chance,
            knowledge: ((self.between - chance) / self.effective).max(0.0),
            ..*self
        }
    }

    /// The least and the most that chance may be, one-sided at 95 % each.
    pub fn chance_between(&self) -> [f64; 2] {
        let freedom = self.freedom as f64;
        [0.95, 0.05].map(|p| self.chance * freedom / super::dist::chi_square_quantile(p, freedom))
    }

    /// Share of the variance of one run that comes from not knowing; none when nothing varies.
    pub fn share_from_not_knowing(&self) -> Option<f64> {
        let total = self.chance + self.knowledge;
        (total > 0.0).then(|| self.knowledge / total)
    }
}

/// Splits the variance of `worlds[world][run]` (unbalanced; Searle, Casella and McCulloch 1992): chance is the mean square
/// within worlds, knowledge the excess of that between them, never below zero.
///
/// None unless some world was run more than once and there are two worlds or more.
pub fn split(worlds: &[Vec<f64>]) -> Option<Split> {
    let worlds: Vec<&Vec<f64>> = worlds.iter().filter(|w| !w.is_empty()).collect();
    let (k, n) = (worlds.len(), worlds.iter().map(|w| w.len()).sum::<usize>());
    if k < 2 || n <= k {
        return None;
    }
    let means: Vec<f64> = worlds.iter().map(|w| mean(w)).collect();
    let within = sum_of(
        worlds
            .iter()
            .zip(&means)
            .flat_map(|(w, m)| w.iter().map(move |x| (x - m) * (x - m))),
    );
    let grand = sum_of(worlds.iter().flat_map(|w| w.iter().copied())) / n as f64;
    let between = sum_of(
        worlds
            .iter()
            .zip(&means)
            .map(|(w, m)| w.len() as f64 * (m - grand) * (m - grand)),
    );
    let squares: f64 = worlds.iter().map(|w| (w.len() * w.len()) as f64).sum();
    let effective = (n as f64 - squares / n as f64) / (k - 1) as f64;
    let split = Split {
        mean: mean(&means),
        chance: 0.0,
        knowledge: 0.0,
        between: between / (k - 1) as f64,
        effective,
        freedom: n - k,
    };
    Some(split.given(within / (n - k) as f64))
}

/// The worlds' means with the spread that the worlds themselves have: means of few runs are spread by chance as well, and
/// counting how many lie above zero would call that disagreement. Each is drawn in so that, together, they have the
/// estimated mean and variance (constrained empirical Bayes: Louis 1984, Ghosh 1992).
pub fn plausible_means(worlds: &[Vec<f64>], split: &Split) -> Vec<f64> {
    worlds
        .iter()
        .filter(|w| !w.is_empty())
        .map(|w| {
            let spread = split.knowledge + split.chance / w.len() as f64;
            let draw_in = if spread > 0.0 {
                libm::sqrt(split.knowledge / spread)
            } else {
                1.0
            };
            split.mean + draw_in * (mean(w) - split.mean)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::Stream;
    use super::super::variance;
    use super::*;

    fn worlds(seed: u64, k: usize, runs: impl Fn(usize) -> usize, knowledge: f64, chance: f64) -> Vec<Vec<f64>> {
        let mut s = Stream::new(seed);
        (0..k)
            .map(|w| {
                let own = 5.0 + libm::sqrt(knowledge) * s.normal();
                (0..runs(w)).map(|_| own + libm::sqrt(chance) * s.normal()).collect()
            })
            .collect()
    }

    #[test]
    fn a_balanced_table_agrees_with_the_textbook() {
        // MS between 18, MS within 1, two runs a world: knowledge (18 - 1) / 2.
        let s = split(&[vec![1.0, 2.0 + 0.414_213_562_373_095], vec![7.0, 8.414_213_562_373_095]]).unwrap();
        assert!(
            (s.chance - 1.0).abs() < 1e-12 && (s.knowledge - 17.5).abs() < 1e-9,
            "{s:?}"
        );
        assert_eq!(split(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(split(&[vec![1.0, 2.0]]), None);
    }

    #[test]
    fn parts_are_unbiased_whether_or_not_every_world_is_run_twice() {
        for runs in [|_: usize| 2, |w: usize| if w < 20 { 2 } else { 1 }] {
            let found: Vec<Split> = (1..=300)
                .filter_map(|seed| split(&worlds(seed, 60, runs, 4.0, 9.0)))
                .collect();
            let chance = mean(&found.iter().map(|s| s.chance).collect::<Vec<_>>());
            let knowledge = mean(&found.iter().map(|s| s.knowledge).collect::<Vec<_>>());
            assert!(
                (chance - 9.0).abs() < 0.6 && (knowledge - 4.0).abs() < 0.7,
                "{chance} {knowledge}"
            );
        }
    }

    #[test]
    fn drawn_in_means_have_the_spread_of_the_worlds() {
        let w = worlds(3, 400, |i| if i < 100 { 3 } else { 1 }, 4.0, 9.0);
        let s = split(&w).unwrap();
        let spread = variance(&plausible_means(&w, &s));
        assert!((spread / s.knowledge - 1.0).abs() < 0.15, "{spread} {s:?}");
        // Without any knowledge to lack, all worlds agree.
        let same = worlds(4, 40, |_| 2, 0.0, 1.0);
        let none = Split {
            knowledge: 0.0,
            ..split(&same).unwrap()
        };
        assert!(plausible_means(&same, &none).iter().all(|m| *m == none.mean));
    }
}
