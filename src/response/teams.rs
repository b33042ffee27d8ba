//! Officer pairs: who is free, who waits for a pair, and for how long.

use crate::kernel::Micros;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;
use std::collections::VecDeque;

/// Whom officers go after first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dispatch {
    /// In order of arrival.
    NearestFree,
    /// By the priority of the reason, then in order of arrival.
    ByReason,
    /// In order of arrival; one pair of two or more is kept for reasons of priority 1.
    ReserveOne,
    /// In order of arrival, leaving out reasons that only call for a check.
    IgnoreManaged,
}

impl Dispatch {
    /// The policy of a strategy.
    pub fn read(numbers: &Numbers) -> Self {
        match numbers.choice(param::DISPATCH) {
            1 => Dispatch::ByReason,
            2 => Dispatch::ReserveOne,
            3 => Dispatch::IgnoreManaged,
            _ => Dispatch::NearestFree,
        }
    }
}

/// A pair of officers.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Where it stands: index of a post's distance field.
    pub post: usize,
    /// Whether it is free at its post.
    pub free: bool,
    /// Whether it wears plain clothes: it follows people and stops nobody.
    pub plain: bool,
}

/// The officers who answer some cameras.
#[derive(Clone, Debug)]
pub struct Team {
    /// Pairs.
    pub pairs: Vec<Pair>,
    /// Alerts that wait for a pair, with the priority of their reason.
    waiting: VecDeque<(u32, u8)>,
}

impl Team {
    /// The pair nearest by `distance` of its post among free ones of a kind (ties: the first).
    fn nearest(&self, plain: bool, distance: impl Fn(usize) -> f64) -> Option<usize> {
        self.pairs
            .iter()
            .enumerate()
            .filter(|(_, p)| p.free && p.plain == plain)
            .min_by(|(_, a), (_, b)| distance(a.post).total_cmp(&distance(b.post)))
            .map(|(i, _)| i)
    }

    /// Whether only urgent alerts may be answered now, one pair being kept back.
    fn holds_back(&self, dispatch: Dispatch) -> bool {
        let uniformed = || self.pairs.iter().filter(|p| !p.plain);
        dispatch == Dispatch::ReserveOne && uniformed().count() > 1 && uniformed().filter(|p| p.free).count() <= 1
    }
}

/// All teams of a deployment.
#[derive(Clone, Debug)]
pub struct Teams {
    /// Teams.
    pub teams: Vec<Team>,
    /// Whom they go after first.
    pub dispatch: Dispatch,
    /// Sum of the time pairs were away from their posts.
    pub busy: Micros,
}

impl Teams {
    /// Teams given by the posts of their pairs, the last `plain` of each in plain clothes.
    pub fn new(posts: &[Vec<usize>], plain: usize, dispatch: Dispatch) -> Self {
        let team = |posts: &Vec<usize>| Team {
            pairs: posts
                .iter()
                .enumerate()
                .map(|(i, p)| Pair {
                    post: *p,
                    free: true,
                    plain: i + plain >= posts.len(),
                })
                .collect(),
            waiting: VecDeque::new(),
        };
        Teams {
            teams: posts.iter().map(team).collect(),
            dispatch,
            busy: Micros(0),
        }
    }

    /// Takes the free uniformed pair of a team with the least `distance` from its post, or queues the alert, whose reason has
    /// this priority.
    pub fn send(&mut self, team: usize, alert: u32, priority: u8, distance: impl Fn(usize) -> f64) -> Option<usize> {
        let dispatch = self.dispatch;
        let team = &mut self.teams[team];
        let nearest = if priority > 1 && team.holds_back(dispatch) {
            None
        } else {
            team.nearest(false, distance)
        };
        match nearest {
            Some(pair) => team.pairs[pair].free = false,
            None => team.waiting.push_back((alert, priority)),
        }
        nearest
    }

    /// Takes the nearest free plain-clothes pair of a team.
    pub fn send_plain(&mut self, team: usize, distance: impl Fn(usize) -> f64) -> Option<usize> {
        let pair = self.teams[team].nearest(true, distance)?;
        self.teams[team].pairs[pair].free = false;
        Some(pair)
    }

    /// The free uniformed pair of any team that is nearest within `within` of its post (ties: the first).
    pub fn nearest_of_all(&self, within: f64, distance: impl Fn(usize) -> f64) -> Option<(usize, usize)> {
        let of_team = |(t, team): (usize, &Team)| {
            let pair = team.nearest(false, &distance)?;
            Some((t, pair, distance(team.pairs[pair].post)))
        };
        let found = self.teams.iter().enumerate().filter_map(of_team);
        let (team, pair, _) = found
            .filter(|(_, _, d)| *d <= within)
            .min_by(|a, b| a.2.total_cmp(&b.2))?;
        Some((team, pair))
    }

    /// Takes a pair.
    pub fn take(&mut self, team: usize, pair: usize) {
        self.teams[team].pairs[pair].free = false;
    }

    /// The post of the plain-clothes pair that would follow somebody.
    pub fn nearest_plain(&self, team: usize, distance: impl Fn(usize) -> f64) -> Option<usize> {
        let team = &self.teams[team];
        team.nearest(true, distance).map(|pair| team.pairs[pair].post)
    }

    /// The post of the pair that would be sent to an alert whose reason has this priority.
    pub fn nearest(&self, team: usize, priority: u8, distance: impl Fn(usize) -> f64) -> Option<usize> {
        let team = &self.teams[team];
        if priority > 1 && team.holds_back(self.dispatch) {
            return None;
        }
        team.nearest(false, distance).map(|pair| team.pairs[pair].post)
    }

    /// Alerts that wait for a pair of a team, in order.
    pub fn waiting(&self, team: usize) -> impl Iterator<Item = u32> + '_ {
        self.teams[team].waiting.iter().map(|w| w.0)
    }

    /// A pair is back at its post.
    pub fn back(&mut self, team: usize, pair: usize) {
        self.teams[team].pairs[pair].free = true;
    }

    /// The next alert that waits for a pair of a team and may be answered now.
    pub fn next_waiting(&mut self, team: usize) -> Option<u32> {
        let dispatch = self.dispatch;
        let team = &mut self.teams[team];
        if !team.pairs.iter().any(|p| p.free && !p.plain) {
            return None;
        }
        let urgent = team.holds_back(dispatch);
        let allowed = team.waiting.iter().enumerate().filter(|(_, w)| !urgent || w.1 == 1);
        let next = match dispatch {
            Dispatch::ByReason => allowed.min_by_key(|(i, w)| (w.1, *i)),
            _ => allowed.min_by_key(|(i, _)| *i),
        };
        let place = next.map(|(i, _)| i)?;
        team.waiting.remove(place).map(|w| w.0)
    }

    /// The next alert that still waits when everything is over.
    pub fn left_waiting(&mut self, team: usize) -> Option<u32> {
        self.teams[team].waiting.pop_front().map(|w| w.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teams(pairs: usize, plain: usize, dispatch: Dispatch) -> Teams {
        Teams::new(&[(0..pairs).collect()], plain, dispatch)
    }

    #[test]
    fn urgent_alerts_go_first_where_reasons_count() {
        for (dispatch, order) in [(Dispatch::NearestFree, [1, 2, 3]), (Dispatch::ByReason, [3, 2, 1])] {
            let mut teams = teams(1, 0, dispatch);
            assert_eq!(teams.send(0, 0, 1, |_| 0.0), Some(0));
            for (alert, priority) in [(1, 3), (2, 2), (3, 1)] {
                assert_eq!(teams.send(0, alert, priority, |_| 0.0), None);
            }
            teams.back(0, 0);
            assert_eq!([1; 3].map(|_| teams.next_waiting(0).unwrap()), order);
        }
    }

    #[test]
    fn one_pair_is_kept_for_urgent_alerts() {
        let mut teams = teams(2, 0, Dispatch::ReserveOne);
        assert_eq!(teams.send(0, 1, 2, |post| post as f64), Some(0));
        assert_eq!(teams.send(0, 2, 2, |_| 0.0), None);
        assert_eq!(teams.next_waiting(0), None);
        assert_eq!(teams.send(0, 3, 1, |_| 0.0), Some(1));
        teams.back(0, 1);
        assert_eq!(teams.next_waiting(0), None);
        teams.back(0, 0);
        assert_eq!(teams.next_waiting(0), Some(2));
    }

    #[test]
    fn plain_clothes_pairs_stop_nobody() {
        let mut teams = teams(3, 2, Dispatch::NearestFree);
        assert_eq!(teams.send(0, 1, 1, |post| -(post as f64)), Some(0));
        assert_eq!(teams.send(0, 2, 1, |_| 0.0), None);
        assert_eq!(teams.send_plain(0, |post| -(post as f64)), Some(2));
        assert_eq!(teams.send_plain(0, |_| 0.0), Some(1));
        assert_eq!(teams.send_plain(0, |_| 0.0), None);
        teams.back(0, 1);
        assert_eq!(teams.next_waiting(0), None);
        teams.back(0, 0);
        assert_eq!(teams.next_waiting(0), Some(2));
    }
}
