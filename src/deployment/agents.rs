//! Agents: members of visits that matter, each with its next step on the event list.

use super::Told;
use super::course::Due;
use super::engine::{Encounter, Engine, Event, pass, phase};
use super::observe::{Observer, SoughtRecord};
use super::told::Left;
use super::walker::{Gait, Sought, Walker};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::matcher::Searches;
use crate::people::{Leg, MAX_LEGS, MAX_MEMBERS, Visit};

impl<O: Observer> Engine<'_, O> {
    /// Makes agents of all members of a visit.
    pub(super) fn promote(&mut self, visit: &Visit, met: &Encounter, speed_m_s: f64, sought: Option<Sought>) {
        let mut legs = [Leg::default(); MAX_LEGS];
        let leg_count = self.day.clock(visit, speed_m_s, &mut legs);
        let legs = &legs[..leg_count];
        let Some(last) = legs.last() else { return };
        let mut party = [0; MAX_MEMBERS];
        for (i, slot) in party[..met.count].iter_mut().enumerate() {
            let member = met.members[i];
            let entity = mix(visit.id ^ ((i as u64) << 48));
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
                held_until: Micros(0),
                stands_until: Micros(0),
                searches: Searches::default(),
                alerted: [false; 2],
                passed: false,
                claims: 1,
                party: [0; MAX_MEMBERS],
                party_size: met.count,
            };
            let gait = Gait::new(entity, speed_m_s, member.delay, legs);
            *slot = self.walkers.add(gait, walker, legs);
        }
        for slot in &party[..met.count] {
            let known = &mut self.walkers.get_mut(*slot).party;
            known
                .iter_mut()
                .zip(&party[..met.count])
                .for_each(|(own, slot)| *own = *slot);
            self.expect_covered(*slot);
            self.find_stop(*slot);
            self.next_stop(*slot);
        }
    }

    /// Puts an agent's next stop on the list, and finds when it comes by the one after that: whoever takes the next event
    /// need not wait for a division.
    #[inline(always)]
    fn next_stop(&mut self, slot: u32) {
        let gait = self.walkers.gait_mut(slot);
        gait.pending = gait.stop;
        let (phase, event) = match gait.due {
            Due::Node => (phase::NODE, Event::Node(slot)),
            Due::Look => (phase::LOOK, Event::Look(slot)),
            Due::End => (phase::LEAVE, Event::End(slot)),
        };
        self.queue.push(Order::new(gait.then, phase, gait.entity, 0), event);
        self.find_stop(slot);
    }

    /// Finds when an agent comes by the next stop of its leg; nodes only if everybody is an agent.
    #[inline(always)]
    fn find_stop(&mut self, slot: u32) {
        let day = self.day;
        let gait = self.walkers.gait_mut(slot);
        let course = self.courses.of(self.eyes, gait.path as usize);
        while let Some(stop) = course.get(usize::from(gait.stop) + 1) {
            gait.stop += 1;
            let edge_m = stop.on_edge_m / day.travel.factor(stop.edge as usize, usize::from(gait.hour));
            let effective_m = gait.effective_m + edge_m;
            gait.then = gait.depart + Micros::from_seconds(effective_m / gait.speed_m_s);
            gait.due = stop.due;
            gait.effective_m = [effective_m, gait.effective_m][usize::from(stop.due == Due::Look)];
            if self.everybody || stop.due != Due::Node {
                return;
            }
        }
    }

    /// Whether an agent is where its event says: a stop may have moved it, or taken it away.
    #[inline(always)]
    fn is_there(&mut self, slot: u32, order: Order, event: Event) -> bool {
        let gait = self.walkers.gait_mut(slot);
        if gait.taken {
            self.leave(slot);
            return false;
        }
        if gait.held > Micros(0) {
            let now = order.at() + gait.catch_up();
            self.queue.push(order.moved(now), event);
            return false;
        }
        true
    }

    #[inline(always)]
    pub(super) fn at_node(&mut self, slot: u32, order: Order) {
        if self.is_there(slot, order, Event::Node(slot)) {
            self.next_stop(slot);
        }
    }

    #[inline(always)]
    pub(super) fn at_view(&mut self, slot: u32, order: Order) {
        if self.is_there(slot, order, Event::Look(slot)) {
            self.look(slot, order.at());
            self.next_stop(slot);
        }
    }

    #[inline(always)]
    pub(super) fn at_end(&mut self, slot: u32, order: Order) {
        if self.is_there(slot, order, Event::End(slot)) {
            if self.next_leg(slot) {
                self.next_stop(slot);
            } else {
                self.leave(slot);
            }
        }
    }

    /// Starts the next leg from a destination; false if there is none.
    #[inline]
    fn next_leg(&mut self, slot: u32) -> bool {
        let gait = self.walkers.gait_mut(slot);
        if gait.leg == gait.last_leg {
            return false;
        }
        gait.leg += 1;
        let index = usize::from(gait.leg);
        let walker = self.walkers.get(slot);
        let late = walker.member.delay + walker.delay;
        let leg = self.walkers.legs(slot)[index];
        self.walkers.gait_mut(slot).start(&leg, late);
        self.find_stop(slot);
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
        let (path, pending) = (gait.path as usize, usize::from(gait.pending));
        let view = &eyes.views.of(path)[usize::from(self.courses.of(eyes, path)[pending].view)];
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
