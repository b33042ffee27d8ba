//! What can be decided: candidates, their neighbours, all of them, one at random.

use crate::kernel::Stream;
use std::collections::BTreeSet;

/// Class of the search's own draws: none that a run uses.
const CLASS: u32 = 0x6f70_7469;

/// One way to decide everything, as indices into the lists of a study.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Index among the strategies to start from.
    pub strategy: usize,
    /// Chosen mounts, rising, counted through all groups.
    pub mounts: Vec<usize>,
    /// Index of the value of each decision.
    pub levels: Vec<usize>,
}

/// Mounts `first..first + count`, of which `least` to `most` are chosen.
#[derive(Clone, Debug)]
pub struct Group {
    /// Number of the first mount.
    pub first: usize,
    /// Mounts.
    pub count: usize,
    /// Fewest chosen.
    pub least: usize,
    /// Most chosen.
    pub most: usize,
}

/// Everything that can be decided.
#[derive(Clone, Debug)]
pub struct Space {
    /// Strategies to start from.
    pub strategies: usize,
    /// Groups of mounts.
    pub groups: Vec<Group>,
    /// For each decision: how many values, and whether neighbours in its list are near.
    pub decisions: Vec<(usize, bool)>,
}

impl Space {
    /// Number of mounts.
    pub fn mounts(&self) -> usize {
        self.groups.iter().map(|g| g.count).sum()
    }

    fn chosen(&self, c: &Candidate, g: &Group) -> usize {
        c.mounts
            .iter()
            .filter(|m| (g.first..g.first + g.count).contains(m))
            .count()
    }

    /// Whether a candidate keeps to the numbers of mounts; one without any is ordinary patrol, and no candidate.
    pub fn sound(&self, c: &Candidate) -> bool {
        let within = |g: &Group| (g.least..=g.most).contains(&self.chosen(c, g));
        self.groups.iter().all(within) && (self.groups.is_empty() || !c.mounts.is_empty())
    }

    /// Number of candidates.
    pub fn size(&self) -> f64 {
        let sets = |g: &Group| {
            (g.least..=g.most.min(g.count))
                .map(|k| binomial(g.count, k))
                .sum::<f64>()
        };
        let mounts: f64 = self.groups.iter().map(sets).product();
        let empty = f64::from(u8::from(
            !self.groups.is_empty() && self.groups.iter().all(|g| g.least == 0),
        ));
        let levels: f64 = self.decisions.iter().map(|d| d.0 as f64).product();
        self.strategies as f64 * (mounts - empty) * levels
    }

    /// Every candidate, in order; call it only where they are few.
    pub fn all(&self) -> Vec<Candidate> {
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for g in &self.groups {
            let own = subsets(g);
            let join = |a: &Vec<usize>| -> Vec<Vec<usize>> {
                own.iter().map(|b| a.iter().chain(b).copied().collect()).collect()
            };
            sets = sets.iter().flat_map(join).collect();
        }
        let mut levels: Vec<Vec<usize>> = vec![Vec::new()];
        for (count, _) in &self.decisions {
            let longer = |a: &Vec<usize>| -> Vec<Vec<usize>> {
                (0..*count).map(|l| a.iter().copied().chain([l]).collect()).collect()
            };
            levels = levels.iter().flat_map(longer).collect();
        }
        let mut all = Vec::new();
        for strategy in 0..self.strategies {
            for mounts in &sets {
                for levels in &levels {
                    all.push(Candidate {
                        strategy,
                        mounts: mounts.clone(),
                        levels: levels.clone(),
                    });
                }
            }
        }
        all.retain(|c| self.sound(c));
        all
    }

    /// A candidate at random: so many mounts of each group as any number allowed, equally likely.
    pub fn random(&self, draws: &mut Draws) -> Candidate {
        loop {
            let mut mounts = Vec::new();
            for g in &self.groups {
                let k = g.least + draws.below(g.most.min(g.count) + 1 - g.least);
                let mut own: Vec<usize> = (g.first..g.first + g.count).collect();
                draws.shuffle(&mut own);
                mounts.extend(own.into_iter().take(k));
            }
            mounts.sort_unstable();
            let c = Candidate {
                strategy: draws.below(self.strategies),
                mounts,
                levels: self.decisions.iter().map(|d| draws.below(d.0)).collect(),
            };
            if self.sound(&c) {
                return c;
            }
        }
    }

    /// The same mounts under another strategy or at another value of one decision, whichever is drawn; none where neither can
    /// be changed.
    pub fn elsewhere(&self, c: &Candidate, draws: &mut Draws) -> Option<Candidate> {
        let of_decisions = self.decisions.iter().enumerate();
        let mut all: Vec<Candidate> = of_decisions
            .flat_map(|(d, (count, _))| (0..*count).filter(move |l| *l != c.levels[d]).map(move |l| (d, l)))
            .map(|(d, l)| {
                let mut next = c.clone();
                next.levels[d] = l;
                next
            })
            .collect();
        let others = (0..self.strategies).filter(|s| *s != c.strategy);
        all.extend(others.map(|strategy| Candidate { strategy, ..c.clone() }));
        let drawn = draws.below(all.len());
        (!all.is_empty()).then(|| all.swap_remove(drawn))
    }

    /// Candidates one step away: a mount more, less or elsewhere, a decision one value on (any other value where the list has
    /// no order), another strategy.
    pub fn neighbours(&self, c: &Candidate) -> Vec<Candidate> {
        let with = |mounts: BTreeSet<usize>| Candidate {
            mounts: mounts.into_iter().collect(),
            ..c.clone()
        };
        let inside: BTreeSet<usize> = c.mounts.iter().copied().collect();
        let outside: Vec<usize> = (0..self.mounts()).filter(|m| !inside.contains(m)).collect();
        let without = |m: usize| {
            let mut set = inside.clone();
            set.remove(&m);
            set
        };
        let add = |mut set: BTreeSet<usize>, m: usize| {
            set.insert(m);
            set
        };
        let mut all: Vec<Candidate> = outside.iter().map(|m| with(add(inside.clone(), *m))).collect();
        for m in &c.mounts {
            all.push(with(without(*m)));
            all.extend(outside.iter().map(|o| with(add(without(*m), *o))));
        }
        for (d, (count, ordered)) in self.decisions.iter().enumerate() {
            let near = |l: &usize| *l != c.levels[d] && (!ordered || l.abs_diff(c.levels[d]) == 1);
            all.extend((0..*count).filter(near).map(|l| {
                let mut next = c.clone();
                next.levels[d] = l;
                next
            }));
        }
        let others = (0..self.strategies).filter(|s| *s != c.strategy);
        all.extend(others.map(|strategy| Candidate { strategy, ..c.clone() }));
        all.retain(|n| self.sound(n));
        all
    }
}

/// Every choice from a group.
fn subsets(g: &Group) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for m in g.first..g.first + g.count {
        let longer: Vec<Vec<usize>> = all
            .iter()
            .filter(|s| s.len() < g.most)
            .map(|s| s.iter().copied().chain([m]).collect())
            .collect();
        all.extend(longer);
    }
    all.retain(|s| s.len() >= g.least);
    all
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k.min(n - k)).fold(1.0, |b, i| b * (n - i) as f64 / (i + 1) as f64)
}

/// The search's own draws, one after another.
pub struct Draws {
    stream: Stream,
    next: u64,
}

impl Draws {
    /// The draws of a seed.
    pub fn new(seed: u64) -> Draws {
        Draws {
            stream: Stream::new(seed, 0, CLASS),
            next: 0,
        }
    }

    /// Uniform in (0, 1).
    pub fn unit(&mut self) -> f64 {
        self.next += 1;
        self.stream.block(1, 0, 0, self.next).unit(0)
    }

    /// A whole number below `n` (0 for none).
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }

    /// Puts a list into a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.below(i + 1);
            list.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Space {
        Space {
            strategies: 2,
            groups: vec![
                Group {
                    first: 0,
                    count: 4,
                    least: 0,
                    most: 2,
                },
                Group {
                    first: 4,
                    count: 2,
                    least: 0,
                    most: 1,
                },
            ],
            decisions: vec![(3, true), (3, false)],
        }
    }

    #[test]
    fn all_candidates_are_counted_and_reached() {
        let space = space();
        let all = space.all();
        // (1 + 4 + 6) (1 + 2) - 1 sets, 9 levels, 2 strategies.
        assert_eq!(all.len(), 32 * 9 * 2);
        assert_eq!(space.size(), all.len() as f64);
        let set: BTreeSet<&Candidate> = all.iter().collect();
        assert_eq!(set.len(), all.len());
        // Neighbours are sound, different, and lead everywhere.
        let mut reached = BTreeSet::from([all[0].clone()]);
        let mut todo = vec![all[0].clone()];
        while let Some(c) = todo.pop() {
            for n in space.neighbours(&c) {
                assert!(n != c && set.contains(&n), "{n:?}");
                if reached.insert(n.clone()) {
                    todo.push(n);
                }
            }
        }
        assert_eq!(reached.len(), all.len());
        let mut draws = Draws::new(7);
        assert!((0..500).all(|_| set.contains(&space.random(&mut draws))));
    }
}
