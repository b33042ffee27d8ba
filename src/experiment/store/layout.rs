//! Which runs of a study lie in which shard.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Shards of a study that does not say how many it wants.
const MOST_SHARDS: usize = 512;
/// Runs in a shard, at least, unless the study says how many shards it wants.
const FEWEST_RUNS: usize = 64;

/// Which runs lie in which shard. A task is one replication of one point, under all strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Points.
    pub points: usize,
    /// Replications of each point.
    pub replications: usize,
    /// Strategies.
    pub strategies: usize,
    /// Tasks in a shard.
    pub tasks_per_shard: usize,
    /// Shards.
    pub shards: usize,
}

impl Layout {
    /// Cuts a study into shards: whole points where a shard can hold one.
    pub fn new(points: usize, replications: usize, strategies: usize, wanted: Option<u32>) -> Layout {
        let tasks = points * replications;
        let mut size = match wanted {
            Some(n) => tasks.div_ceil(n as usize),
            None => tasks.div_ceil(MOST_SHARDS).max(FEWEST_RUNS.div_ceil(strategies.max(1))),
        };
        if size > replications {
            size = size.div_ceil(replications) * replications;
        }
        let size = size.clamp(1, tasks.max(1));
        Layout {
            points,
            replications,
            strategies,
            tasks_per_shard: size,
            shards: tasks.div_ceil(size),
        }
    }

    /// The tasks of a shard; task `t` is replication `t % replications` of point `t / replications`.
    pub fn tasks(&self, shard: usize) -> Range<usize> {
        let start = shard * self.tasks_per_shard;
        start..(start + self.tasks_per_shard).min(self.points * self.replications)
    }

    /// All runs.
    pub fn runs(&self) -> usize {
        self.points * self.replications * self.strategies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_lies_in_one_shard_and_a_point_is_not_split_where_it_fits() {
        for (points, replications, strategies, wanted) in [
            (1, 2, 1, None),
            (1000, 20, 3, None),
            (7, 5, 2, Some(3)),
            (1, 100_000, 4, None),
            (3, 7, 1, Some(10_000)),
        ] {
            let layout = Layout::new(points, replications, strategies, wanted);
            let mut next = 0;
            for shard in 0..layout.shards {
                let tasks = layout.tasks(shard);
                assert!(tasks.start == next && !tasks.is_empty(), "{layout:?}");
                next = tasks.end;
                if layout.tasks_per_shard > replications {
                    assert_eq!(tasks.start % replications, 0);
                }
            }
            assert_eq!(next, points * replications);
            assert!(
                layout.shards <= wanted.map_or(MOST_SHARDS, |n| n as usize),
                "{layout:?}"
            );
        }
    }
}
