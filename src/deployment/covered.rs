//! People who come into view with the face covered, and officers near by who may stop them for it.

use super::engine::{Engine, Event, phase};
use super::incidents::followed;
use super::observe::{CoverChance, CoverStop, Observer};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::matcher::FIXED_POINT;

impl<O: Observer> Engine<'_, O> {
    /// Notes when a promoted member with a covered face first enters a view while cameras are open.
    pub(super) fn expect_covered(&mut self, slot: u32) {
        if self.covering.is_none() || !self.walkers.get(slot).covered {
            return;
        }
        let walker = self.walkers.get(slot);
        let (eyes, day) = (self.eyes, self.day);
        let enters = self.walkers.legs(slot).iter().flat_map(|leg| {
            let views = eyes.views.of(leg.path as usize).iter();
            views.map(move |view| {
                let widest = view.lanes.iter().map(|l| f64::from(l.chord_m)).fold(0.0, f64::max);
                let along_m = (view.along_m - 0.5 * widest).max(0.0);
                day.passes_at(leg, along_m, walker.speed_m_s) + walker.member.delay
            })
        });
        let first = enters.filter(|at| eyes.open <= *at && *at < eyes.close).min();
        if let Some(at) = first {
            let walker = self.walkers.get_mut(slot);
            walker.claims += 1;
            walker.covered_at = at;
            let order = Order::new(at, phase::COVERED, walker.entity(), 0);
            self.post(order, Event::Covered(slot));
        }
    }

    /// A member with a covered face enters a view.
    pub(super) fn covered(&mut self, slot: u32, order: Order) {
        let walker = self.walkers.get(slot);
        let now = walker.covered_at + walker.delay;
        if now > order.at() {
            // A stop has moved it.
            self.post(order.moved(now), Event::Covered(slot));
            return;
        }
        if !self.walkers.is_taken(slot) && walker.in_streets(now) && now < self.eyes.close {
            self.stop_covered(slot, now);
        }
        self.walkers.release(slot);
    }

    fn stop_covered(&mut self, slot: u32, now: Micros) {
        let Some(law) = self.covering else { return };
        let walker = self.walkers.get(slot);
        if walker.held_until > now {
            return;
        }
        let (visit, member, cell) = (walker.visit, walker.index, walker.member.cell);
        let listed = walker.sought.as_ref().is_some_and(|s| s.person.listed);
        let person = followed(self.scene, self.day, &self.walkers, slot);
        let pursuits = &self.pursuits;
        let distance = |post: usize| pursuits.distance_m(&person, post, now);
        let Some((team, pair)) = self.teams.nearest_of_all(law.notice_m, distance) else {
            return;
        };
        // Given who is free and near, the stop hangs on draws that nothing else has: its chance is an exact expectation.
        let [stopped, fined, name_checked] = law.chances().map(|p| (p * FIXED_POINT) as u128);
        self.observer.cover_chance(&CoverChance {
            cell,
            stopped,
            fined,
            name_checked,
        });
        let Some(plan) = law.decide(&self.draws, visit, member) else {
            return;
        };
        self.teams.take(team, pair);
        let back = pursuits.way_back(&person, self.teams.teams[team].pairs[pair].post, now);
        let key = mix(visit ^ mix(u64::from(member) | 0x636f_7665_7200_0000));
        self.hold(slot, key, plan.scene, false, now);
        self.away(team, pair, now, now + plan.scene + back);
        self.observer.cover_stop(&CoverStop {
            key,
            at: now,
            cell,
            listed,
            plan,
        });
    }
}
