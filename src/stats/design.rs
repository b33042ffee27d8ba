//! Designs of experiments: which points of the unit cube are tried. Pure functions of the design's seed and a row's number.
//!
//! A row is made on its own, so that a million of them need no memory and any worker may make any of them.

use crate::kernel::Stream;

/// Class of draws that designs use; runs use classes 1 to 3.
const CLASS: u32 = 4;
/// Most points of a scrambled Sobol' sequence: beyond it, the generator repeats.
pub const MOST_SOBOL: usize = 1 << 16;
/// Most dimensions of a scrambled Sobol' sequence.
pub const MOST_SOBOL_DIMENSIONS: usize = 256;

/// A design over `dimensions` parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Design {
    /// Every combination of levels, the last dimension fastest.
    Grid {
        /// Levels of each dimension.
        levels: Vec<usize>,
    },
    /// Latin hypercube: each of `n` strata of each dimension is met once.
    LatinHypercube {
        /// Stratum of each point, by dimension.
        strata: Vec<Vec<u32>>,
        /// Seed.
        seed: u64,
    },
    /// Scrambled Sobol' sequence (Owen scrambling).
    Sobol {
        /// Points.
        n: usize,
        /// Dimensions.
        dimensions: usize,
        /// Seed.
        seed: u64,
    },
    /// Saltelli's design for first and total Sobol' indices: for each base point A, A with one dimension from B in turn, B.
    Saltelli {
        /// Base points.
        n: usize,
        /// Dimensions.
        dimensions: usize,
        /// Seed.
        seed: u64,
    },
    /// Morris' one-at-a-time trajectories on a grid.
    Morris {
        /// Trajectories.
        trajectories: usize,
        /// Dimensions.
        dimensions: usize,
        /// Levels of the grid (even).
        levels: u32,
        /// Seed.
        seed: u64,
    },
}

impl Design {
    /// A Latin hypercube of `n` points.
    pub fn latin_hypercube(n: usize, dimensions: usize, seed: u64) -> Design {
        let strata = (0..dimensions as u64).map(|d| permutation(n, seed, d)).collect();
        Design::LatinHypercube { strata, seed }
    }

    /// Number of points.
    pub fn points(&self) -> usize {
        match self {
            Design::Grid { levels } => levels.iter().product(),
            Design::LatinHypercube { strata, .. } => strata.first().map_or(0, Vec::len),
            Design::Sobol { n, .. } => *n,
            Design::Saltelli { n, dimensions, .. } => n * (dimensions + 2),
            Design::Morris {
                trajectories,
                dimensions,
                ..
            } => trajectories * (dimensions + 1),
        }
    }

    /// Coordinates of point `i`: strictly within (0, 1), but for Morris' grid, which reaches 0 and 1.
    pub fn point(&self, i: usize) -> Vec<f64> {
        match self {
            Design::Grid { levels } => grid(levels, i),
            Design::LatinHypercube { strata, seed } => {
                let place = |(d, strata): (usize, &Vec<u32>)| {
                    let within = Stream::new(*seed, 1, CLASS).block(1, 0, i as u32, d as u64).fine(0);
                    (f64::from(strata[i]) + within) / strata.len() as f64
                };
                strata.iter().enumerate().map(place).collect()
            }
            Design::Sobol { dimensions, seed, .. } => (0..*dimensions).map(|d| sobol(i, d, *seed)).collect(),
            Design::Saltelli {
                dimensions: k, seed, ..
            } => {
                let (base, which) = (i / (k + 2), i % (k + 2));
                // 0: all from A; d: dimension d - 1 from B; k + 1: all from B.
                let from_b = |d: usize| which == k + 1 || which == d + 1;
                (0..*k)
                    .map(|d| sobol(base, d + if from_b(d) { *k } else { 0 }, *seed))
                    .collect()
            }
            Design::Morris {
                dimensions,
                levels,
                seed,
                ..
            } => Trajectory::new(i / (dimensions + 1), *dimensions, *levels, *seed).point(i % (dimensions + 1)),
        }
    }
}

fn grid(levels: &[usize], mut i: usize) -> Vec<f64> {
    let mut point = vec![0.0; levels.len()];
    for (x, n) in point.iter_mut().zip(levels).rev() {
        *x = ((i % n) as f64 + 0.5) / *n as f64;
        i /= n;
    }
    point
}

/// Coordinate `d` of point `i`; the middle of the generator's 24-bit cell, so that it is never 0 nor 1.
fn sobol(i: usize, d: usize, seed: u64) -> f64 {
    let seed = crate::kernel::mix(seed) as u32;
    f64::from(sobol_burley::sample(i as u32, d as u32, seed)) + 0.5 / 16_777_216.0
}

/// The numbers below `n` in an order drawn for (seed, dimension).
fn permutation(n: usize, seed: u64, dimension: u64) -> Vec<u32> {
    let stream = Stream::new(seed, 0, CLASS);
    let mut order: Vec<u32> = (0..n as u32).collect();
    for i in (1..n).rev() {
        let u = stream.block(0, 0, i as u32, dimension).fine(0);
        order.swap(i, (u * (i + 1) as f64) as usize);
    }
    order
}

/// One trajectory of Morris' design: a start, and the order and direction in which dimensions are moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    start: Vec<f64>,
    step: Vec<f64>,
    /// Dimension moved by each step.
    pub order: Vec<usize>,
}

/// Length of a step of Morris' design: levels / (2 (levels - 1)), so that every level is met equally often.
pub fn morris_step(levels: u32) -> f64 {
    f64::from(levels) / (2.0 * f64::from(levels - 1))
}

impl Trajectory {
    /// Trajectory number `t`.
    pub fn new(t: usize, dimensions: usize, levels: u32, seed: u64) -> Trajectory {
        let stream = Stream::new(seed, 2, CLASS);
        let (mut start, mut step) = (Vec::new(), Vec::new());
        for d in 0..dimensions as u64 {
            let block = stream.block(2, 0, t as u32, d);
            // Half of the levels can be left upwards, the other half downwards.
            let level = (block.unit(0) * f64::from(levels / 2)) as u32;
            let up = block.unit(1) < 0.5;
            let low = f64::from(level) / f64::from(levels - 1);
            start.push(if up { low } else { low + morris_step(levels) });
            step.push(if up { morris_step(levels) } else { -morris_step(levels) });
        }
        let mut order: Vec<usize> = (0..dimensions).collect();
        for i in (1..dimensions).rev() {
            let u = stream.block(3, 0, t as u32, i as u64).fine(0);
            order.swap(i, (u * (i + 1) as f64) as usize);
        }
        Trajectory { start, step, order }
    }

    /// The point after `steps` steps.
    pub fn point(&self, steps: usize) -> Vec<f64> {
        let mut point = self.start.clone();
        for d in &self.order[..steps] {
            point[*d] = (point[*d] + self.step[*d]).clamp(0.0, 1.0);
        }
        point
    }

    /// The signed step of a dimension.
    pub fn step(&self, dimension: usize) -> f64 {
        self.step[dimension]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(design: &Design) -> Vec<Vec<f64>> {
        (0..design.points()).map(|i| design.point(i)).collect()
    }

    #[test]
    fn a_grid_meets_every_combination_once() {
        let rows = all(&Design::Grid { levels: vec![2, 3] });
        assert_eq!(rows.len(), 6);
        assert_eq!(rows[0], [0.25, 0.5 / 3.0]);
        assert_eq!(rows[5], [0.75, 2.5 / 3.0]);
        let mut cells: Vec<_> = rows
            .iter()
            .map(|r| ((r[0] * 2.0) as u32, (r[1] * 3.0) as u32))
            .collect();
        cells.dedup();
        assert_eq!(cells, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
    }

    #[test]
    fn a_latin_hypercube_meets_every_stratum_of_every_dimension_once() {
        let design = Design::latin_hypercube(37, 5, 9);
        let rows = all(&design);
        for d in 0..5 {
            let mut strata: Vec<u32> = rows.iter().map(|r| (r[d] * 37.0) as u32).collect();
            strata.sort_unstable();
            assert_eq!(strata, (0..37).collect::<Vec<_>>());
        }
        assert_ne!(rows, all(&Design::latin_hypercube(37, 5, 10)), "the seed does nothing");
    }

    #[test]
    fn a_scrambled_sobol_sequence_fills_dyadic_boxes_evenly() {
        let design = Design::Sobol {
            n: 256,
            dimensions: 4,
            seed: 3,
        };
        let rows = all(&design);
        // Any 2^k first points have the same number in each of 2^k equal slices of every dimension.
        for d in 0..4 {
            let mut slices: Vec<u32> = rows.iter().map(|r| (r[d] * 256.0) as u32).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..256).collect::<Vec<_>>(), "dimension {d}");
        }
        assert!(rows.iter().flatten().all(|x| 0.0 < *x && *x < 1.0));
        let longer = Design::Sobol {
            n: 512,
            dimensions: 4,
            seed: 3,
        };
        assert_eq!(all(&longer)[..256], rows[..], "more points leave the first as they are");
    }

    #[test]
    fn saltelli_takes_one_dimension_from_the_second_sample_at_a_time() {
        let rows = all(&Design::Saltelli {
            n: 8,
            dimensions: 3,
            seed: 1,
        });
        for block in rows.chunks(5) {
            let (a, b) = (&block[0], &block[4]);
            for d in 0..3 {
                for e in 0..3 {
                    assert_eq!(block[d + 1][e], if d == e { b[e] } else { a[e] });
                }
                assert_ne!(a[d], b[d]);
            }
        }
    }

    #[test]
    fn a_trajectory_moves_each_dimension_once_by_the_step_and_stays_on_the_grid() {
        let (k, levels) = (6, 4);
        for t in 0..50 {
            let path = Trajectory::new(t, k, levels, 5);
            let points: Vec<_> = (0..=k).map(|s| path.point(s)).collect();
            let mut moved = Vec::new();
            for (s, pair) in points.windows(2).enumerate() {
                let changed: Vec<usize> = (0..k).filter(|&d| pair[0][d] != pair[1][d]).collect();
                assert_eq!(changed, [path.order[s]]);
                let d = changed[0];
                assert!((pair[1][d] - pair[0][d] - path.step(d)).abs() < 1e-12);
                moved.push(d);
            }
            moved.sort_unstable();
            assert_eq!(moved, (0..k).collect::<Vec<_>>());
            for x in points.iter().flatten() {
                let level = x * f64::from(levels - 1);
                assert!((level - level.round()).abs() < 1e-9 && (0.0..=1.0).contains(x), "{x}");
            }
        }
    }
}
