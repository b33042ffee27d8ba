//! From an alert to its end: review, dispatch, pursuit, stop.

use super::engine::{Engine, Event, phase};
use super::eyes::Hit;
use super::observe::Observer;
use super::pursuit::{Followed, LONGEST, Pursued};
use super::walker::{Walker, Walkers};
use super::{Alert, Ending, Scene};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::people::Day;
use crate::response::{Case, Dispatch, Taken};
use crate::scenario::world::Purpose;

impl<O: Observer> Engine<'_, O> {
    pub(super) fn alert(&mut self, slot: u32, leg: usize, camera: usize, hit: &Hit, now: Micros) {
        let kind = usize::from(!hit.truth.is_true());
        let walker = self.walkers.get_mut(slot);
        if std::mem::replace(&mut walker.alerted[kind], true) {
            return;
        }
        walker.claims += 1;
        let walker = self.walkers.get(slot);
        let alert = Alert {
            key: self.alert_key(walker, camera, leg, hit.truth.is_true()),
            at: now,
            visit: walker.visit,
            member: walker.index,
            person: walker.member.person,
            cell: walker.member.cell,
            camera,
            leg,
            score: hit.score,
            threshold: self.eyes.matcher.thresholds[walker.member.cell],
            quality: hit.quality,
            truth: hit.truth,
            matched_cell: hit.matched_cell,
            entry: hit.entry,
            reason: hit.reason,
            kin: hit.kin,
            review_start: None,
            review_end: None,
            dispatched: None,
            followed: None,
            contact: None,
            ending: Ending::Open,
            stop: None,
        };
        let number = self.alerts.len() as u32;
        self.alerts.push(alert);
        self.slots.push(slot);
        self.open_alerts += 1;
        if self.engaged.contains(&hit.entry) {
            self.close(number, Ending::AlreadyEngaged, now);
        } else if let Some(taken) = self.desk.arrive(number, now) {
            self.review(taken, now);
        }
    }

    /// The identity of an alert that a look would raise.
    pub(super) fn alert_key(&self, walker: &Walker, camera: usize, leg: usize, is_true: bool) -> u64 {
        let id = (u64::from(self.scene.cameras[camera].id) << 8) | (leg as u64) << 4 | u64::from(!is_true);
        mix(walker.visit ^ mix(id ^ (u64::from(walker.index) << 56)))
    }

    fn review(&mut self, taken: Taken, now: Micros) {
        let alert = &mut self.alerts[taken.alert as usize];
        let time = self
            .reviews
            .time(self.draws.conduct.block(Purpose::Review as u16, 0, 0, alert.key));
        alert.review_start = Some(now);
        self.desk.busy += time;
        let order = Order::new(now + time, phase::REVIEWED, alert.key, 0);
        self.post(order, Event::Reviewed(taken.alert, taken.operator as u16));
    }

    pub(super) fn reviewed(&mut self, number: u32, operator: usize, now: Micros) {
        let alert = &mut self.alerts[number as usize];
        alert.review_end = Some(now);
        let words = self.draws.conduct.block(Purpose::Review as u16, 0, 0, alert.key);
        let level = self
            .reviews
            .axis()
            .map_or(0, |a| self.scene.plan.axes.level(alert.cell, a));
        let since = now - self.eyes.open;
        let case = Case {
            truth: alert.truth,
            level,
            quality: alert.quality,
            kin: alert.kin,
        };
        if O::FOLLOWS {
            self.tell_review(number, operator, &case, since);
        }
        if !self.reviews.credible(words, &case, operator, since) {
            self.close(number, Ending::Dismissed, now);
        } else {
            self.dispatch(number, now);
        }
        self.shadows_at_desk(operator, now);
        let mut dropped = Vec::new();
        let next = self.desk.done(operator, now, |a| dropped.push(a));
        dropped.into_iter().for_each(|a| self.close(a, Ending::Dropped, now));
        if let Some(taken) = next {
            self.review(taken, now);
        }
    }

    fn dispatch(&mut self, number: u32, now: Micros) {
        let alert = &self.alerts[number as usize];
        let reason = &self.scene.plan.watchlist.reasons[alert.reason];
        if reason.check_only && self.teams.dispatch == Dispatch::IgnoreManaged {
            self.close(number, Ending::NotPursued, now);
            return;
        }
        if now - alert.at > self.alert_life {
            self.close(number, Ending::TooLate, now);
            return;
        }
        let team = self.scene.cameras[alert.camera].team;
        self.follow(number, team, now);
        self.send(number, team, now);
    }

    /// Sends the nearest free pair of a team, or lets the alert wait for one.
    fn send(&mut self, number: u32, team: usize, now: Micros) {
        let person = followed(self.scene, self.day, &self.walkers, self.slots[number as usize]);
        let pursuits = &self.pursuits;
        let reason = self.alerts[number as usize].reason;
        let priority = self.scene.plan.watchlist.reasons[reason].priority;
        let Some(pair) = self
            .teams
            .send(team, number, priority, |post| pursuits.distance_m(&person, post, now))
        else {
            return;
        };
        let alert = &mut self.alerts[number as usize];
        alert.dispatched = Some(now);
        let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 0, alert.key);
        let post = self.teams.teams[team].pairs[pair].post;
        let camera = self.scene.camera_field[alert.camera];
        let (team, unit) = (team as u16, pair as u16);
        // A plain-clothes pair that will reach the person does not lose sight of them on its way either.
        let kept = alert.followed.map(|reached| reached + LONGEST);
        let (at, event) = match pursuits.follow(&person, post, camera, now, words, kept) {
            Pursued::Contact(at) => (at, Event::Contact(number, team, unit)),
            Pursued::Lost(at) => (at, Event::Lost(number, team, unit)),
        };
        let order = Order::new(at, phase::CONTACT, alert.key, 0);
        self.post(order, event);
        if O::FOLLOWS {
            self.tell_dispatch(number, usize::from(team), usize::from(unit), now);
        }
    }

    pub(super) fn contact(&mut self, number: u32, team: usize, pair: usize, now: Micros) {
        let slot = self.slots[number as usize];
        let alert = &mut self.alerts[number as usize];
        alert.contact = Some(now);
        let (key, truth, entry) = (alert.key, alert.truth, alert.entry);
        let sent = alert.dispatched.unwrap_or(now);
        let walker = self.walkers.get(slot);
        let busy = self.walkers.is_taken(slot) || walker.held_until > now;
        let runs = walker.aware && walker.sought.as_ref().is_some_and(|s| s.person.knows) && {
            let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 1, key);
            words.unit(0) < self.flee.0 && words.unit(1) >= self.flee.1
        };
        let back = self.way_back(number, team, pair, now);
        if busy || runs {
            self.away(team, pair, sent, now + back);
            self.close(number, if busy { Ending::Busy } else { Ending::Fled }, now);
            return;
        }
        let child = self.scene.plan.crowd.child[walker.member.cell];
        let stop = self.stops.decide(&self.draws, key, truth, child);
        self.engaged.insert(entry);
        self.alerts[number as usize].stop = Some(stop);
        self.hold(slot, key, stop.scene, stop.outcome.is_arrest(), now);
        self.away(team, pair, sent, now + stop.scene + stop.away + back);
        self.close(number, Ending::Stopped, now);
    }

    /// A person still in the streets stands still for a stop, or leaves with the officers; companions may wait.
    pub(super) fn hold(&mut self, slot: u32, key: u64, scene: Micros, arrested: bool, now: Micros) {
        let walker = self.walkers.get_mut(slot);
        let (party, size, visit) = (walker.party, walker.party_size, walker.visit);
        walker.held_until = now + scene;
        walker.stands_until = now + scene;
        if arrested {
            self.walkers.take(slot);
        }
        self.walkers.delay(slot, scene, now);
        for other in party[..size].iter().filter(|s| **s != slot) {
            let companion = self.walkers.get(*other);
            let index = companion.index;
            let here = companion.visit == visit && companion.claims > 0 && companion.in_streets(now);
            if !here || self.walkers.is_taken(*other) {
                continue;
            }
            let word = self.draws.conduct.block(Purpose::Wait as u16, index, 0, key);
            if word.unit(0) < self.companion_waits {
                self.walkers.delay(*other, scene, now);
                let companion = self.walkers.get_mut(*other);
                companion.stands_until = companion.stands_until.max(now + scene);
            }
        }
    }

    /// Way from a pair's post to the person of an alert, m.
    pub(super) fn pair_distance_m(&self, number: u32, team: usize, pair: usize, now: Micros) -> f64 {
        let person = followed(self.scene, self.day, &self.walkers, self.slots[number as usize]);
        self.pursuits
            .distance_m(&person, self.teams.teams[team].pairs[pair].post, now)
    }

    pub(super) fn way_back(&self, number: u32, team: usize, pair: usize, now: Micros) -> Micros {
        let person = followed(self.scene, self.day, &self.walkers, self.slots[number as usize]);
        self.pursuits
            .way_back(&person, self.teams.teams[team].pairs[pair].post, now)
    }

    /// The pair has lost the person and walks back.
    pub(super) fn lost(&mut self, number: u32, team: usize, pair: usize, now: Micros) {
        let back = self.way_back(number, team, pair, now);
        let sent = self.alerts[number as usize].dispatched.unwrap_or(now);
        self.away(team, pair, sent, now + back);
        self.close(number, Ending::Lost, now);
    }

    pub(super) fn away(&mut self, team: usize, pair: usize, from: Micros, until: Micros) {
        self.teams.busy += until - from;
        let entity = ((team as u64) << 32) | pair as u64;
        self.post(
            Order::new(until, phase::BACK, mix(entity), 0),
            Event::Back(team as u16, pair as u16),
        );
    }

    /// A pair is free: it goes to the first alert of its team that is still young enough.
    pub(super) fn send_waiting(&mut self, team: usize, now: Micros) {
        while let Some(number) = self.teams.next_waiting(team) {
            if now - self.alerts[number as usize].at > self.alert_life && !self.followers.have(number) {
                self.close(number, Ending::TooLate, now);
                continue;
            }
            self.send(number, team, now);
            return;
        }
    }

    /// An alert has ended.
    pub(super) fn close(&mut self, number: u32, ending: Ending, now: Micros) {
        self.unfollow(number, now);
        let alert = &mut self.alerts[number as usize];
        alert.ending = ending;
        self.observer.alert(alert);
        self.walkers.release(self.slots[number as usize]);
        self.open_alerts -= 1;
        if self.open_alerts == 0 {
            self.alerts.clear();
            self.slots.clear();
        }
    }
}

/// The person in a slot, as officers follow it.
pub(super) fn followed<'a>(scene: &'a Scene<'a>, day: &'a Day<'a>, walkers: &'a Walkers, slot: u32) -> Followed<'a> {
    Followed {
        scene,
        day,
        walker: walkers.get(slot),
        legs: walkers.legs(slot),
    }
}
