//! The search: greedy with swaps under several weights, then the neighbours of what is not dominated (Pareto local search,
//! Paquete, Chiarandini and Stützle 2004), in turn with kicks: the best known at other settings, improved there; or candidates at random, as a yardstick; or all, where they are few.

use super::space::{Candidate, Draws, Space};
use crate::scenario::optimise::Method;
use crate::stats::pareto::dominates;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates that are evaluated together; a step may be taken after each such batch.
const BATCH: usize = 16;
/// Weight of the sum beside the largest part of a scalarised cost, so that of equals the one that dominates wins.
const SUM: f64 = 0.05;
/// Restarts without anything new after which everything in reach has been tried.
const TIRED: usize = 200;

/// What is known of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Costs, the lower the better.
    pub costs: Vec<f64>,
    /// How far constraints are broken, 0 if none is; infinite if the candidate is not possible.
    pub violation: f64,
}

/// Who evaluates candidates.
pub trait Oracle {
    /// Scores in the order of the list; none when somebody asked to stop.
    ///
    /// # Errors
    /// A text for the user.
    fn score(&mut self, list: &[Candidate]) -> Result<Option<Vec<Score>>, String>;
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its budget is used up.
    Budget,
    /// There is no candidate left that it has not tried.
    Everything,
    /// Somebody asked.
    Stopped,
}

/// A search under way.
pub struct Search<'a, O: Oracle> {
    space: &'a Space,
    oracle: &'a mut O,
    draws: Draws,
    left: usize,
    /// What has been evaluated.
    pub known: BTreeMap<Candidate, Score>,
    explored: BTreeSet<Candidate>,
}

/// What a step may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moves {
    All,
    Mounts,
}

/// Lowest and highest costs that scalarised costs are measured between.
struct Frame {
    weights: Vec<f64>,
    low: Vec<f64>,
    range: Vec<f64>,
}

type Going = Result<Result<(), Ended>, String>;

/// Passes on an error or an end.
macro_rules! go {
    ($step:expr) => {
        match $step? {
            Ok(()) => {}
            Err(ended) => return Ok(Err(ended)),
        }
    };
}

impl<'a, O: Oracle> Search<'a, O> {
    /// A search with a budget of so many evaluations.
    pub fn new(space: &'a Space, oracle: &'a mut O, seed: u64, budget: usize) -> Self {
        Search {
            space,
            oracle,
            draws: Draws::new(seed),
            left: budget,
            known: BTreeMap::new(),
            explored: BTreeSet::new(),
        }
    }

    /// Searches until the budget is used up, nothing is left, or somebody asks to stop.
    ///
    /// # Errors
    /// A text for the user.
    pub fn run(&mut self, method: Method) -> Result<Ended, String> {
        let ended = if self.space.size() <= self.left as f64 {
            let all = self.space.all();
            match self.evaluate(all)? {
                Err(Ended::Stopped) => Err(Ended::Stopped),
                _ => Err(Ended::Everything),
            }
        } else {
            match method {
                Method::Local => self.local()?,
                Method::Random => self.random()?,
            }
        };
        Ok(ended.err().unwrap_or(Ended::Everything))
    }

    /// Candidates that are possible, meet all constraints, and are not dominated by another; of equals the simplest.
    pub fn front(&self) -> Vec<Candidate> {
        let feasible: Vec<(&Candidate, &Score)> = self.known.iter().filter(|(_, s)| s.violation == 0.0).collect();
        let simpler = |a: &Candidate, b: &Candidate| (a.mounts.len(), a) < (b.mounts.len(), b);
        let stays = |(c, s): &&(&Candidate, &Score)| {
            feasible
                .iter()
                .all(|(o, t)| !dominates(&t.costs, &s.costs) && (t.costs != s.costs || !simpler(o, c)))
        };
        feasible.iter().filter(stays).map(|(c, _)| (*c).clone()).collect()
    }

    /// Evaluates what is not known yet, as far as the budget goes.
    fn evaluate(&mut self, list: Vec<Candidate>) -> Going {
        let mut fresh: Vec<Candidate> = Vec::new();
        let mut seen = BTreeSet::new();
        for c in list {
            if !self.known.contains_key(&c) && seen.insert(c.clone()) {
                fresh.push(c);
            }
        }
        let enough = fresh.len() <= self.left;
        fresh.truncate(self.left);
        for batch in fresh.chunks(BATCH) {
            let Some(scores) = self.oracle.score(batch)? else {
                return Ok(Err(Ended::Stopped));
            };
            self.left -= batch.len();
            self.known.extend(batch.iter().cloned().zip(scores));
        }
        Ok(if enough && self.left > 0 {
            Ok(())
        } else {
            Err(Ended::Budget)
        })
    }

    fn random(&mut self) -> Going {
        let mut tries = 0;
        while tries < TIRED * BATCH {
            let mut batch: BTreeSet<Candidate> = BTreeSet::new();
            while batch.len() < BATCH && tries < TIRED * BATCH {
                let c = self.space.random(&mut self.draws);
                tries += 1;
                if !self.known.contains_key(&c) && batch.insert(c) {
                    tries = 0;
                }
            }
            go!(self.evaluate(batch.into_iter().collect()));
        }
        Ok(Ok(()))
    }

    fn local(&mut self) -> Going {
        let mut first: Vec<Candidate> = (0..BATCH).map(|_| self.space.random(&mut self.draws)).collect();
        if self.space.mounts() * 4 <= self.left {
            first.extend(self.singles());
        }
        go!(self.evaluate(first));
        let costs = self.known.values().map(|s| s.costs.len()).max().unwrap_or(1);
        for weights in fixed_weights(costs) {
            go!(self.descend(weights, None, Moves::All));
        }
        let (mut tired, mut turn) = (0, 0);
        while tired < TIRED {
            let before = self.known.len();
            // A weight in its turn, or one at random: the ends of the front matter as much as its middle.
            let fixed = fixed_weights(costs);
            let weights = match turn % (fixed.len() + 1) {
                i if i < fixed.len() => fixed[i].clone(),
                _ => self.random_weights(costs),
            };
            go!(self.kick(weights));
            let unexplored: Vec<Candidate> = self
                .front()
                .into_iter()
                .filter(|c| !self.explored.contains(c))
                .collect();
            if unexplored.is_empty() {
                let weights = self.random_weights(costs);
                let start = self.space.random(&mut self.draws);
                go!(self.evaluate(vec![start.clone()]));
                go!(self.descend(weights, Some(start), Moves::All));
            } else {
                let next = unexplored[self.draws.below(unexplored.len())].clone();
                go!(self.evaluate(self.space.neighbours(&next)));
                self.explored.insert(next);
            }
            turn += 1;
            tired = if self.known.len() > before { 0 } else { tired + 1 };
        }
        Ok(Ok(()))
    }

    /// Takes the best known to other settings, and improves its mounts there before anything else may change. A better
    /// setting often wants other mounts, so that neither change alone is an improvement.
    fn kick(&mut self, weights: Vec<f64>) -> Going {
        let frame = self.frame(weights.clone());
        let Some((_, best)) = best_of(&frame, &self.known, &mut self.known.keys()) else {
            return Ok(Ok(()));
        };
        let Some(start) = self.space.elsewhere(&best, &mut self.draws) else {
            return Ok(Ok(()));
        };
        go!(self.evaluate(vec![start.clone()]));
        go!(self.descend(weights.clone(), Some(start), Moves::Mounts));
        self.descend(weights, None, Moves::All)
    }

    /// One mount each, at values drawn once.
    fn singles(&mut self) -> Vec<Candidate> {
        let base = self.space.random(&mut self.draws);
        let single = |m: usize| Candidate {
            mounts: vec![m],
            ..base.clone()
        };
        (0..self.space.mounts())
            .map(single)
            .filter(|c| self.space.sound(c))
            .collect()
    }

    /// From a candidate (the best known, if none is given) to better neighbours until none is better.
    fn descend(&mut self, weights: Vec<f64>, start: Option<Candidate>, moves: Moves) -> Going {
        let frame = self.frame(weights);
        let found = match start {
            Some(c) => best_of(&frame, &self.known, &mut [c].iter()),
            None => best_of(&frame, &self.known, &mut self.known.keys()),
        };
        let Some(mut at) = found else {
            return Ok(Ok(()));
        };
        'step: loop {
            let mut around = self.space.neighbours(&at.1);
            let same = |c: &Candidate| c.levels == at.1.levels && c.strategy == at.1.strategy;
            around.retain(|c| moves == Moves::All || same(c));
            self.draws.shuffle(&mut around);
            // What is known costs nothing, and comes first.
            let (known, new): (Vec<_>, Vec<_>) = around.into_iter().partition(|c| self.known.contains_key(c));
            let batches = std::iter::once(known.as_slice()).chain(new.chunks(BATCH));
            for batch in batches {
                let going = self.evaluate(batch.to_vec())?;
                let better = best_of(&frame, &self.known, &mut batch.iter()).filter(|(r, _)| *r < at.0);
                if let Err(ended) = going {
                    return Ok(Err(ended));
                }
                if let Some(better) = better {
                    at = better;
                    continue 'step;
                }
            }
            return Ok(Ok(()));
        }
    }

    /// Measures costs between the lowest and highest of what is feasible and not dominated (of everything, if nothing is).
    fn frame(&self, weights: Vec<f64>) -> Frame {
        let front = self.front();
        let scores: Vec<&Score> = if front.len() > 1 {
            front.iter().filter_map(|c| self.known.get(c)).collect()
        } else {
            self.known.values().collect()
        };
        let (mut low, mut high) = (
            vec![f64::INFINITY; weights.len()],
            vec![f64::NEG_INFINITY; weights.len()],
        );
        for score in scores {
            for (i, x) in score.costs.iter().enumerate().filter(|(_, x)| x.is_finite()) {
                low[i] = low[i].min(*x);
                high[i] = high[i].max(*x);
            }
        }
        let range = low.iter().zip(&high).map(|(l, h)| if h > l { h - l } else { 1.0 });
        Frame {
            range: range.collect(),
            low: low.iter().map(|l| if l.is_finite() { *l } else { 0.0 }).collect(),
            weights,
        }
    }

    /// Weights uniform on the simplex.
    fn random_weights(&mut self, n: usize) -> Vec<f64> {
        let parts: Vec<f64> = (0..n).map(|_| -libm::log(self.draws.unit())).collect();
        let sum: f64 = parts.iter().sum();
        parts.iter().map(|p| p / sum).collect()
    }
}

impl Frame {
    /// Violation first, then the weighted costs (augmented Chebyshev).
    fn rate(&self, s: &Score) -> (f64, f64) {
        let part = |i: usize| self.weights[i] * (s.costs[i] - self.low[i]) / self.range[i];
        let parts: Vec<f64> = (0..s.costs.len().min(self.weights.len())).map(part).collect();
        let largest = parts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (s.violation, largest + SUM * parts.iter().sum::<f64>())
    }
}

/// The best rated of what is known; of equals the first.
fn best_of(
    frame: &Frame,
    known: &BTreeMap<Candidate, Score>,
    among: &mut dyn Iterator<Item = &Candidate>,
) -> Option<((f64, f64), Candidate)> {
    let rated = among.filter_map(|c| Some((frame.rate(known.get(c)?), c)));
    rated
        .min_by(|(a, c), (b, d)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(c.cmp(d)))
        .map(|(r, c)| (r, c.clone()))
}

/// Each cost almost alone, then all alike.
fn fixed_weights(n: usize) -> Vec<Vec<f64>> {
    if n == 1 {
        return vec![vec![1.0]];
    }
    let alone = |i: usize| {
        let rest = 0.01 / (n - 1) as f64;
        (0..n).map(|j| if i == j { 0.99 } else { rest }).collect()
    };
    let mut all: Vec<Vec<f64>> = (0..n).map(alone).collect();
    all.push(vec![1.0 / n as f64; n]);
    all
}

#[cfg(test)]
mod tests;
