//! Selection of the largest mean with a stated probability of being right (Kim and Nelson 2001), fit for common random
//! numbers: differences are compared, and their variances estimated, run by run.

use super::variance;

/// What the procedure needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kn {
    /// Smallest difference worth telling apart, in the unit of the figures.
    pub indifference: f64,
    /// Chance of a wrong selection that is accepted, when the best is better by `indifference` or more.
    pub error: f64,
    /// Replications of the first stage, from which variances are estimated.
    pub first_stage: usize,
}

/// Where a selection stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Systems still in contention, in order.
    pub kept: Vec<usize>,
    /// Replications used when the last one was dropped, or all given.
    pub replications: usize,
    /// Whether one system is left.
    pub decided: bool,
}

impl Kn {
    /// The procedure's constants for `systems`: η and h².
    pub fn constants(&self, systems: usize) -> (f64, f64) {
        let n0 = self.first_stage as f64;
        let eta = 0.5 * (libm::pow(2.0 * self.error / (systems as f64 - 1.0), -2.0 / (n0 - 1.0)) - 1.0);
        (eta, 2.0 * eta * (n0 - 1.0))
    }

    /// Drops systems whose mean falls short; `y[system][replication]`, the larger the better, the same random numbers in
    /// each replication. Replications are used in order, and no more of them than are needed to leave one system.
    ///
    /// None when there are fewer replications than the first stage has, or fewer than two systems.
    pub fn select(&self, y: &[Vec<f64>]) -> Option<Selection> {
        let total = y.iter().map(Vec::len).min()?;
        if y.len() < 2 || self.first_stage < 2 || total < self.first_stage {
            return None;
        }
        let (_, h2) = self.constants(y.len());
        let spread = |i: usize, l: usize| {
            let d: Vec<f64> = (0..self.first_stage).map(|r| y[i][r] - y[l][r]).collect();
            variance(&d)
        };
        let spreads: Vec<Vec<f64>> = (0..y.len())
            .map(|i| (0..y.len()).map(|l| spread(i, l)).collect())
            .collect();
        let mut kept: Vec<usize> = (0..y.len()).collect();
        let mut sums: Vec<f64> = y.iter().map(|s| super::sum(&s[..self.first_stage])).collect();
        let delta = self.indifference;
        for r in self.first_stage..=total {
            if r > self.first_stage {
                sums.iter_mut().zip(y).for_each(|(sum, s)| *sum += s[r - 1]);
            }
            let n = r as f64;
            let slack = |i: usize, l: usize| (0.5 * delta / n * (h2 * spreads[i][l] / (delta * delta) - n)).max(0.0);
            let stays = |i: &usize| {
                kept.iter()
                    .all(|l| *l == *i || sums[*i] / n >= sums[*l] / n - slack(*i, *l))
            };
            let mut next: Vec<usize> = kept.iter().copied().filter(|i| stays(i)).collect();
            if next.is_empty() {
                // Equal to the last bit, all of them: the first serves as well as any.
                next.push(kept[0]);
            }
            kept = next;
            if kept.len() == 1 {
                return Some(Selection {
                    kept,
                    replications: r,
                    decided: true,
                });
            }
        }
        Some(Selection {
            kept,
            replications: total,
            decided: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Stream;
    use super::*;

    #[test]
    fn constants_are_the_published_ones() {
        let kn = Kn {
            indifference: 1.0,
            error: 0.05,
            first_stage: 20,
        };
        let (eta, h2) = kn.constants(5);
        assert!((eta - 0.2372).abs() < 5e-5 && (h2 - 9.015).abs() < 5e-4, "{eta} {h2}");
    }

    #[test]
    fn the_right_system_is_selected_as_often_as_promised() {
        // Five systems, one better by exactly the indifference zone (the least favourable case), common random numbers.
        let kn = Kn {
            indifference: 1.0,
            error: 0.05,
            first_stage: 20,
        };
        let (mut right, mut used) = (0, 0);
        for seed in 1..=400_u64 {
            let mut s = Stream::new(seed);
            let mut y = vec![Vec::new(); 5];
            for _ in 0..400 {
                let common = 4.0 * s.normal();
                for (i, system) in y.iter_mut().enumerate() {
                    system.push(common + 2.0 * s.normal() + if i == 3 { 1.0 } else { 0.0 });
                }
            }
            let found = kn.select(&y).unwrap();
            assert!(found.decided);
            used += found.replications;
            right += u32::from(found.kept == [3]);
        }
        // 95 % of 400 less three standard errors.
        assert!(right >= 367, "{right} of 400");
        // The common part costs nothing: without it, 20 of variance would need many more.
        assert!(used / 400 < 120, "{}", used / 400);
    }

    #[test]
    fn too_few_runs_select_nothing_and_equal_systems_do_not_break_it() {
        let kn = Kn {
            indifference: 1.0,
            error: 0.05,
            first_stage: 10,
        };
        assert_eq!(kn.select(&[vec![1.0; 9], vec![2.0; 9]]), None);
        assert_eq!(kn.select(&[vec![1.0; 20]]), None);
        assert_eq!(kn.select(&[]), None);
        let equal = kn.select(&[vec![1.0; 20], vec![1.0; 20]]).unwrap();
        assert_eq!((equal.kept, equal.decided), (vec![0, 1], false));
    }
}
