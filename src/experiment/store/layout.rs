//! Which runs of a study lie in which shard.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Shards of a study that does not say how many it wants, for every block of replications.
const USUAL_SHARDS: usize = 512;
/// Replications in a shard.
const BLOCK: usize = 32;
/// Most points in a shard, so that what is known of its points fits into little memory.
const MOST_POINTS: usize = 128;

/// Which runs lie in which shard: some points and a block of their replications, under all strategies. Neither depends on how
/// many replications there are, so that more of them add shards and lengthen those of the last block, and move no run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Points.
    pub points: usize,
    /// Replications of each point, at most.
    pub replications: usize,
    /// Strategies.
    pub strategies: usize,
    /// Points in a shard.
    pub points_per_shard: usize,
    /// Replications of a point in a shard; none: all of them.
    pub replications_per_shard: Option<usize>,
    /// Shards.
    pub shards: usize,
}

impl Layout {
    /// Cuts a study into shards, `wanted` of them for every block of replications. `whole`: a point is never cut, because what
    /// a replication shows decides whether another follows.
    pub fn new(points: usize, replications: usize, strategies: usize, whole: bool, wanted: Option<u32>) -> Layout {
        let tasks = points * BLOCK;
        let size = match wanted {
            Some(n) => tasks.div_ceil((n as usize).max(1)),
            None => tasks.div_ceil(USUAL_SHARDS).max(BLOCK),
        };
        let mut layout = Layout {
            points,
            replications,
            strategies,
            points_per_shard: size.div_ceil(BLOCK).clamp(1, MOST_POINTS),
            replications_per_shard: (!whole).then(|| size.clamp(1, BLOCK)),
            shards: 0,
        };
        layout.shards = layout.groups() * layout.blocks();
        layout
    }

    /// Groups of points that share shards.
    pub fn groups(&self) -> usize {
        self.points.div_ceil(self.points_per_shard)
    }

    /// Blocks of replications.
    pub fn blocks(&self) -> usize {
        self.replications_per_shard.map_or(1, |n| self.replications.div_ceil(n))
    }

    /// The shards of a group of points, by block.
    pub fn shards_of(&self, group: usize) -> impl Iterator<Item = usize> + use<> {
        let groups = self.groups();
        (0..self.blocks()).map(move |block| block * groups + group)
    }

    /// The points of a shard.
    pub fn points_of(&self, shard: usize) -> Range<usize> {
        let start = shard % self.groups() * self.points_per_shard;
        start..(start + self.points_per_shard).min(self.points)
    }

    /// The replications of a shard.
    pub fn replications_of(&self, shard: usize) -> Range<usize> {
        let Some(n) = self.replications_per_shard else {
            return 0..self.replications;
        };
        let start = shard / self.groups() * n;
        start..(start + n).min(self.replications)
    }

    /// Runs of a shard, at most, if each of its points has `known` of the shard's replications already.
    pub fn runs_of(&self, shard: usize, known: usize) -> usize {
        let replications = self.replications_of(shard).len().saturating_sub(known);
        self.points_of(shard).len() * replications * self.strategies
    }

    /// All runs, at most.
    pub fn runs(&self) -> usize {
        self.points * self.replications * self.strategies
    }

    /// Whether `more` is the same study with as many replications or more.
    pub fn grows_into(&self, more: &Layout) -> bool {
        let with = Layout {
            replications: more.replications,
            shards: more.shards,
            ..*self
        };
        with == *more && self.replications <= more.replications
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_run_lies_in_one_shard() {
        for (points, replications, whole, wanted) in [
            (1, 2, false, None),
            (1000, 20, false, None),
            (7, 5, false, Some(3)),
            (1, 1000, false, None),
            (3, 70, false, Some(10_000)),
            (130, 100, false, Some(1)),
            (130, 100, true, Some(7)),
        ] {
            let layout = Layout::new(points, replications, 2, whole, wanted);
            let mut met = BTreeSet::new();
            let mut runs = 0;
            for shard in (0..layout.groups()).flat_map(|g| layout.shards_of(g)) {
                let all = layout
                    .points_of(shard)
                    .flat_map(|p| layout.replications_of(shard).map(move |r| (p, r)));
                all.for_each(|task| assert!(met.insert(task), "{layout:?} has {task:?} twice"));
                runs += layout.runs_of(shard, 0);
            }
            assert_eq!((met.len(), runs), (points * replications, layout.runs()), "{layout:?}");
            assert!(!whole || layout.blocks() == 1);
        }
    }

    #[test]
    fn more_replications_move_no_run() {
        for wanted in [None, Some(3), Some(400)] {
            let few = Layout::new(40, 50, 2, false, wanted);
            let many = Layout::new(40, 170, 2, false, wanted);
            assert!(few.grows_into(&many) && !many.grows_into(&few));
            for shard in 0..few.shards {
                assert_eq!(few.points_of(shard), many.points_of(shard));
                assert_eq!(few.replications_of(shard).start, many.replications_of(shard).start);
                assert!(few.replications_of(shard).end <= many.replications_of(shard).end);
            }
        }
        assert!(!Layout::new(40, 50, 2, false, None).grows_into(&Layout::new(41, 50, 2, false, None)));
    }
}
