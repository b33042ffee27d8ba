//! Officer pairs: who is free, who waits for a pair, and for how long.

use crate::kernel::Micros;
use std::collections::VecDeque;

/// A pair of officers.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Where it stands: index of a post's distance field.
    pub post: usize,
    /// Whether it is free at its post.
    pub free: bool,
}

/// The officers who answer some cameras.
#[derive(Clone, Debug)]
pub struct Team {
    /// Pairs.
    pub pairs: Vec<Pair>,
    waiting: VecDeque<u32>,
}

/// All teams of a deployment.
#[derive(Clone, Debug)]
pub struct Teams {
    /// Teams.
    pub teams: Vec<Team>,
    /// Sum of the time pairs were away from their posts.
    pub busy: Micros,
}

impl Teams {
    /// Teams given by the posts of their pairs.
    pub fn new(posts: &[Vec<usize>]) -> Self {
        let team = |posts: &Vec<usize>| Team {
            pairs: posts.iter().map(|p| Pair { post: *p, free: true }).collect(),
            waiting: VecDeque::new(),
        };
        Teams {
            teams: posts.iter().map(team).collect(),
            busy: Micros(0),
        }
    }

    /// Takes the free pair of a team with the least `distance` from its post (ties: the first), or queues the alert.
    pub fn send(&mut self, team: usize, alert: u32, distance: impl Fn(usize) -> f64) -> Option<usize> {
        match self.nearest_pair(team, distance) {
            Some(pair) => {
                self.teams[team].pairs[pair].free = false;
                Some(pair)
            }
            None => {
                self.teams[team].waiting.push_back(alert);
                None
            }
        }
    }

    /// The free pair of a team with the least distance from its post; ties: the first.
    fn nearest_pair(&self, team: usize, distance: impl Fn(usize) -> f64) -> Option<usize> {
        self.teams[team]
            .pairs
            .iter()
            .enumerate()
            .filter(|(_, p)| p.free)
            .min_by(|(_, a), (_, b)| distance(a.post).total_cmp(&distance(b.post)))
            .map(|(i, _)| i)
    }

    /// The post of the pair that would be sent.
    pub fn nearest(&self, team: usize, distance: impl Fn(usize) -> f64) -> Option<usize> {
        let pair = self.nearest_pair(team, distance)?;
        Some(self.teams[team].pairs[pair].post)
    }

    /// Alerts that wait for a pair of a team, in order.
    pub fn waiting(&self, team: usize) -> impl Iterator<Item = u32> + '_ {
        self.teams[team].waiting.iter().copied()
    }

    /// A pair is back at its post.
    pub fn back(&mut self, team: usize, pair: usize) {
        self.teams[team].pairs[pair].free = true;
    }

    /// The next alert that waits for a pair of a team.
    pub fn next_waiting(&mut self, team: usize) -> Option<u32> {
        self.teams[team].waiting.pop_front()
    }
}
