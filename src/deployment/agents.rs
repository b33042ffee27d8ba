//! Agents: members of visits that matter, each with its next step on the event list.

use super::Told;
use super::course::Due;
use super::engine::{Encounter, Engine, pass, phase};
use super::observe::{Observer, SoughtRecord};
use super::told::Left;
use super::walker::{Gait, Going, Sought, Walker};
use crate::kernel::Micros;
use crate::kernel::queue::Order;
use crate::matcher::Searches;
use crate::people::{Leg, MAX_LEGS, MAX_MEMBERS, Visit};

impl<O: Observer> Engine<'_, O> {
    /// Makes agents of all members of a visit.
    pub(super) fn promote(&mut self, visit: &Visit, met: &Encounter, speed_m_s: f64, sought: Option<Sought>) {
        let mut legs = [Leg::default(); MAX_LEGS];
        let leg_count = self.day.clock(visit, speed_m_s, &mut legs);
        let legs = &legs[..leg_count];
        let Some(last) = legs.last() else { return };
        let stop = self.courses.start(self.eyes, legs[0].path);
        let mut party = [0; MAX_MEMBERS];
        for (i, slot) in party[..met.count].iter_mut().enumerate() {
            let member = met.members[i];
            let walker = Walker {
                visit: visit.id,
                index: i as u16,
                member,
                sought: sought.map(Box::new),
                aware: met.aware,
                covered: met.covered[i],
                covered_at: Micros(0),
                speed_m_s,
                leaves: last.arrive + member.delay,
                delay: Micros(0),
                held: Micros(0),
                held_until: Micros(0),
                stands_until: Micros(0),
                searches: Searches::default(),
                alerted: [false; 2],
                passed: false,
                claims: 1,
                party: [0; MAX_MEMBERS],
                party_size: met.count,
            };
            let gait = Gait::new(speed_m_s, member.delay, legs, stop);
            *slot = self.walkers.add(gait, walker, legs);
        }
        for slot in &party[..met.count] {
            let known = &mut self.walkers.get_mut(*slot).party;
            known
                .iter_mut()
                .zip(&party[..met.count])
                .for_each(|(own, slot)| *own = *slot);
            self.expect_covered(*slot);
            let order = Order::new(Micros(0), phase::NODE, self.walkers.get(*slot).entity(), 0);
            self.next_stop(*slot, order);
        }
    }

    /// Puts an agent's next stop on the list; `order` is that of any of its stops.
    #[inline(always)]
    fn next_stop(&mut self, slot: u32, order: Order) {
        let gait = self.walkers.gait_mut(slot);
        loop {
            gait.stop += 1;
            let stop = self.courses.stop(gait.stop);
            let factor = self.day.travel.factors(stop.edge as usize)[usize::from(gait.hour)];
            let effective_m = gait.effective_m + stop.on_edge_m / factor;
            if stop.due != Due::Look {
                gait.effective_m = effective_m;
            }
            if self.courses.counts(stop) {
                let at = gait.depart + Micros::from_seconds(effective_m / gait.speed_m_s);
                self.walkers.steps.list(slot, order.moved(at).in_phase(stop.due as u8));
                return;
            }
        }
    }

    /// An agent comes by its pending stop, unless officers have held it up or taken it away.
    #[inline(always)]
    pub(super) fn step(&mut self, slot: u32, order: Order) {
        let gait = self.walkers.gait_mut(slot);
        if gait.going != Going::On {
            self.is_held(slot, order);
            return;
        }
        match self.courses.stop(gait.stop).due {
            Due::Node => {}
            Due::Look => self.look(slot, order.at()),
            Due::End => {
                if !self.next_leg(slot) {
                    self.leave(slot);
                    return;
                }
            }
        }
        self.next_stop(slot, order);
    }

    /// The event of an agent that is not there.
    #[cold]
    fn is_held(&mut self, slot: u32, order: Order) {
        if self.walkers.is_taken(slot) {
            self.leave(slot);
            return;
        }
        let now = order.at() + self.walkers.catch_up(slot);
        self.walkers.steps.list(slot, order.moved(now));
    }

    /// Starts the next leg from a destination; false if there is none.
    #[inline]
    fn next_leg(&mut self, slot: u32) -> bool {
        let gait = self.walkers.gait_mut(slot);
        if gait.leg == gait.last_leg {
            return false;
        }
        let index = usize::from(gait.leg) + 1;
        let walker = self.walkers.get(slot);
        let late = walker.member.delay + walker.delay;
        let leg = self.walkers.legs(slot)[index];
        let stop = self.courses.start(self.eyes, leg.path);
        self.walkers.gait_mut(slot).start(&leg, late, stop);
        true
    }

    /// An agent has left the streets, by itself or with officers.
    fn leave(&mut self, slot: u32) {
        let walker = self.walkers.get(slot);
        if let Some(sought) = walker.sought.as_deref().copied() {
            let (visit, passed, alerted) = (walker.visit, walker.passed, walker.alerted[0]);
            self.gone(visit, &sought, passed, alerted);
        }
        self.walkers.release(slot);
    }

    fn look(&mut self, slot: u32, now: Micros) {
        if O::FOLLOWS {
            self.tell_look(slot, now);
        }
        if now < self.eyes.open || now >= self.eyes.close {
            return;
        }
        let eyes = self.eyes;
        let gait = self.walkers.gait_mut(slot);
        let (leg, hour) = (usize::from(gait.leg), gait.hour);
        let view = usize::from(self.courses.stop(gait.stop).view);
        let view = &eyes.views.of(gait.path as usize)[view];
        let walker = self.walkers.get_mut(slot);
        let Some(look) = eyes.look(&walker.face(), leg, hour, view) else {
            return;
        };
        walker.passed = true;
        if look.searched {
            let weight = eyes.weight(&walker.face(), leg, hour, &look);
            walker.searches.add(weight);
        }
        let pass = pass(eyes, &walker.face(), &look, &walker.searches);
        let number = walker.member.pool_number;
        let hit = if look.searched {
            eyes.search(&walker.face(), leg, hour, &look)
        } else {
            None
        };
        let camera = usize::from(view.camera);
        self.count(pass, number);
        if look.searched {
            self.shadow_agent(slot, leg, &look, now);
        }
        if let Some(hit) = hit {
            self.alert(slot, leg, camera, &hit, now);
        }
    }

    /// A sought person's visit is over.
    pub(super) fn gone(&mut self, visit: u64, sought: &Sought, passed: bool, alerted: bool) {
        let Sought { person, present } = *sought;
        if self.observer.follows(visit, true) {
            let left = Left {
                person,
                present,
                alerted,
            };
            self.observer.told(visit, 0, &Told::Left(left));
        }
        self.observer.sought(&SoughtRecord {
            cell: person.cell,
            listed: person.listed,
            present,
            passed,
            alerted,
        });
    }
}
