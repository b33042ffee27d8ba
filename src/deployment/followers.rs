//! Plain-clothes pairs: they reach a person and keep them in sight until a uniformed pair is there, or until they give up.

use super::engine::{Engine, Event, phase};
use super::incidents::followed;
use super::observe::Observer;
use super::pursuit::{LONGEST, Pursued};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::scenario::world::Purpose;

/// A plain-clothes pair under way.
#[derive(Clone, Copy, Debug)]
struct Follower {
    alert: u32,
    team: u16,
    pair: u16,
    task: u32,
    sent: Micros,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Followers {
    under_way: Vec<Follower>,
    tasks: u32,
}

impl Followers {
    /// Whether somebody is after the person of an alert in plain clothes.
    pub fn have(&self, alert: u32) -> bool {
        self.under_way.iter().any(|f| f.alert == alert)
    }

    fn take(&mut self, which: impl Fn(&Follower) -> bool) -> Option<Follower> {
        let at = self.under_way.iter().position(which)?;
        Some(self.under_way.remove(at))
    }
}

impl<O: Observer> Engine<'_, O> {
    /// Sends the nearest free plain-clothes pair of a team after the person of an alert.
    pub(super) fn follow(&mut self, number: u32, team: usize, now: Micros) {
        let person = followed(self.scene, self.day, &self.walkers, self.slots[number as usize]);
        let pursuits = &self.pursuits;
        let Some(pair) = self
            .teams
            .send_plain(team, |post| pursuits.distance_m(&person, post, now))
        else {
            return;
        };
        let alert = &mut self.alerts[number as usize];
        let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 2, alert.key);
        let post = self.teams.teams[team].pairs[pair].post;
        let camera = self.scene.camera_field[alert.camera];
        let until = match pursuits.follow(&person, post, camera, now, words, None) {
            Pursued::Contact(at) => {
                alert.followed = Some(at);
                at + LONGEST
            }
            Pursued::Lost(at) => at,
        };
        self.followers.tasks += 1;
        let (team, pair, task) = (team as u16, pair as u16, self.followers.tasks);
        self.followers.under_way.push(Follower {
            alert: number,
            team,
            pair,
            task,
            sent: now,
        });
        let order = Order::new(until, phase::CONTACT, mix(alert.key), 0);
        self.post(order, Event::Turned(team, pair, task));
    }

    /// A plain-clothes pair gives up, if it is still at that task.
    pub(super) fn turned(&mut self, team: u16, pair: u16, task: u32, now: Micros) {
        let this = |f: &Follower| (f.team, f.pair, f.task) == (team, pair, task);
        if let Some(follower) = self.followers.take(this) {
            self.walk_back(follower, now);
        }
    }

    /// An alert is closing: whoever follows its person walks back.
    pub(super) fn unfollow(&mut self, number: u32, now: Micros) {
        if let Some(follower) = self.followers.take(|f| f.alert == number) {
            // Somebody whom the pair would have reached later was never followed.
            let alert = &mut self.alerts[number as usize];
            alert.followed = alert.followed.filter(|at| *at <= now);
            self.walk_back(follower, now);
        }
    }

    fn walk_back(&mut self, follower: Follower, now: Micros) {
        let (team, pair) = (usize::from(follower.team), usize::from(follower.pair));
        let back = self.way_back(follower.alert, team, pair, now);
        self.away(team, pair, follower.sent, now + back);
    }
}
