//! The bootstrap over replications: how sure one can be of figures that have no formula.
//!
//! What is drawn again, with replacement, is whole replications, never the people in them. The draws are keyed, so that the
//! same data give the same interval, and different figures of the same runs are drawn together.

use crate::kernel::Stream;

/// Resamples unless somebody asks for another number.
pub const RESAMPLES: usize = 2000;
/// Seed, replication and class of the bootstrap's own draws: apart from every run's.
const KEY: (u64, u32, u32) = (0x626f_6f74, 0, 64);

/// Which replications each resample is made of: how often each occurs, `[resample][replication]`.
#[derive(Clone, Debug)]
pub struct Resamples {
    weights: Vec<Vec<u16>>,
}

impl Resamples {
    /// `count` resamples of `n` replications.
    pub fn new(n: usize, count: usize) -> Self {
        let stream = Stream::new(KEY.0, KEY.1, KEY.2);
        let weights = (0..count as u64)
            .map(|b| {
                let mut weights = vec![0_u16; n];
                for chunk in 0..n.div_ceil(4) {
                    let block = stream.block(1, 0, chunk as u32, b);
                    for i in 0..4.min(n - 4 * chunk) {
                        // Multiply and shift: uniform to one part in 2^32 / n.
                        let pick = (u64::from(block.0[i]) * n as u64) >> 32;
                        weights[pick as usize] = weights[pick as usize].saturating_add(1);
                    }
                }
                weights
            })
            .collect();
        Resamples { weights }
    }

    /// Number of resamples.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The sum of a column of figures over each resample.
    pub fn sums(&self, column: &[f64]) -> Vec<f64> {
        self.weights
            .iter()
            .map(|w| w.iter().zip(column).map(|(w, x)| f64::from(*w) * x).sum())
            .collect()
    }

    /// The percentile interval of a statistic of sums: `statistic` sees, for each column, its sum over a resample.
    ///
    /// None when the statistic does not exist in more than one resample in a hundred: then the data do not bear it.
    pub fn percentile(
        &self,
        columns: &[Vec<f64>],
        level: f64,
        statistic: impl Fn(&[f64]) -> Option<f64>,
    ) -> Option<[f64; 2]> {
        let sums: Vec<Vec<f64>> = columns.iter().map(|c| self.sums(c)).collect();
        let mut row = vec![0.0; columns.len()];
        let mut found: Vec<f64> = Vec::with_capacity(self.len());
        for b in 0..self.len() {
            row.iter_mut().zip(&sums).for_each(|(r, s)| *r = s[b]);
            found.extend(statistic(&row).filter(|x| !x.is_nan()));
        }
        percentiles(found, self.len(), level)
    }
}

/// The middle `level` of values of which `of` were asked for; none when more than one in a hundred is missing.
pub fn percentiles(found: Vec<f64>, of: usize, level: f64) -> Option<[f64; 2]> {
    if found.len() < 2 || (of - found.len()) * 100 > of {
        return None;
    }
    let ends = super::empirical_interval(&found, level);
    ends.iter().all(|e| e.is_finite()).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::super::tests::Stream as Uniforms;
    use super::super::{dist::poisson_quantile, mean};
    use super::*;

    #[test]
    fn a_resample_has_as_many_replications_as_the_data_and_is_always_the_same() {
        let (a, b) = (Resamples::new(37, 50), Resamples::new(37, 50));
        assert_eq!(a.weights, b.weights);
        assert!(
            a.weights
                .iter()
                .all(|w| w.iter().map(|x| usize::from(*x)).sum::<usize>() == 37)
        );
        assert_ne!(a.weights[0], a.weights[1]);
        // Every replication is drawn about as often as any other.
        let many = Resamples::new(10, 4000);
        for r in 0..10 {
            let drawn: u32 = many.weights.iter().map(|w| u32::from(w[r])).sum();
            assert!(drawn.abs_diff(4000) < 250, "{drawn}");
        }
    }

    #[test]
    fn it_covers_a_ratio_of_sums_at_about_its_level() {
        let hits = (1..=200_u64)
            .filter(|seed| {
                let mut s = Uniforms::new(*seed);
                let den: Vec<f64> = (0..60).map(|_| poisson_quantile(s.uniform(), 40.0) as f64).collect();
                let num: Vec<f64> = den
                    .iter()
                    .map(|d| poisson_quantile(s.uniform(), 0.3 * d) as f64)
                    .collect();
                let i = Resamples::new(60, 500).percentile(&[num, den], 0.95, |s| Some(s[0] / s[1]));
                i.is_some_and(|[low, high]| low <= 0.3 && 0.3 <= high)
            })
            .count();
        assert!((179..=198).contains(&hits), "{hits}");
    }

    #[test]
    fn it_says_nothing_where_the_statistic_does_not_exist() {
        let r = Resamples::new(5, 200);
        assert_eq!(r.percentile(&[vec![1.0; 5]], 0.95, |_| None), None);
        let i = r.percentile(&[vec![2.0; 5]], 0.95, |s| Some(s[0] / 5.0));
        assert_eq!(i, Some([2.0, 2.0]));
        assert_eq!(mean(&[]), 0.0);
    }
}
