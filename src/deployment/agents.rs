//! Agents: members of visits that matter, each with its next step on the event list.

use super::engine::{Encounter, Engine, Event, pass, phase};
use super::observe::{Observer, SoughtRecord};
use super::walker::{Due, PlannedLook, Sought, Walker};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::people::{Leg, MAX_LEGS, MAX_MEMBERS, Visit};

impl<O: Observer> Engine<'_, O> {
    /// Makes agents of all members of a visit.
    pub(super) fn promote(&mut self, visit: &Visit, met: &Encounter, sought: Option<Sought>) {
        let mut legs = [Leg::default(); MAX_LEGS];
        let speed_m_s = self.day.speed_m_s(&met.members[..met.count]);
        let leg_count = self.day.clock(visit, speed_m_s, &mut legs);
        let Some(last) = legs[..leg_count].last() else { return };
        let arrives = last.arrive;
        let mut party = [0; MAX_MEMBERS];
        for (i, slot) in party[..met.count].iter_mut().enumerate() {
            let member = met.members[i];
            let (mut own_legs, mut looks) = self.walkers.spare_lists();
            own_legs.extend_from_slice(&legs[..leg_count]);
            for (l, leg) in legs[..leg_count].iter().enumerate() {
                for (v, view) in self.eyes.views.of(leg.path as usize).iter().enumerate() {
                    let at = self.eyes.look_at(leg, view, speed_m_s) + member.delay;
                    looks.push(PlannedLook {
                        at,
                        leg: l as u8,
                        view: v as u16,
                    });
                }
            }
            *slot = self.walkers.add(Walker {
                visit: visit.id,
                entity: mix(visit.id ^ ((i as u64) << 48)),
                index: i as u16,
                member,
                sought,
                aware: met.aware,
                covered: met.covered[i],
                speed_m_s,
                legs: own_legs,
                looks,
                next_look: 0,
                leaves: arrives + member.delay,
                due: Due::Leave,
                planned: Micros(0),
                delay: Micros(0),
                held_until: Micros(0),
                taken: false,
                searches: 0,
                alerted: [false; 2],
                passed: false,
                claims: 1,
                party: [0; MAX_MEMBERS],
                party_size: met.count,
                cursor: (0, 0, 0.0),
                node_at: Micros::NEVER,
            });
        }
        for slot in &party[..met.count] {
            self.walkers.get_mut(*slot).party = party;
            if self.everybody {
                self.next_node(*slot);
            }
            self.next_step(*slot);
        }
    }

    /// Puts an agent's next step on the list: a look, a node (event-by-event only) or its leaving.
    fn next_step(&mut self, slot: u32) {
        let walker = self.walkers.get_mut(slot);
        let look_at = walker.looks.get(walker.next_look).map_or(Micros::NEVER, |l| l.at);
        let (due, planned, phase, serial) = if look_at <= walker.node_at && look_at <= walker.leaves {
            (Due::Look, look_at, phase::LOOK, walker.next_look as u16)
        } else if walker.node_at <= walker.leaves {
            (Due::Node, walker.node_at, phase::NODE, 0)
        } else {
            (Due::Leave, walker.leaves, phase::LEAVE, 0)
        };
        (walker.due, walker.planned) = (due, planned);
        let order = Order::new(planned + walker.delay, phase, walker.entity, serial);
        self.queue.push(order, Event::Walk(slot));
    }

    /// An agent's step is due.
    pub(super) fn walk(&mut self, slot: u32, order: Order) {
        let walker = self.walkers.get_mut(slot);
        if walker.taken {
            self.leave(slot);
            return;
        }
        let now = walker.planned + walker.delay;
        if now > order.at() {
            // A stop has moved it.
            self.queue.push(order.moved(now), Event::Walk(slot));
            return;
        }
        match walker.due {
            Due::Look => {
                let planned = walker.looks[walker.next_look];
                walker.next_look += 1;
                self.look(slot, planned, now);
            }
            Due::Node => self.next_node(slot),
            Due::Leave => {
                self.leave(slot);
                return;
            }
        }
        self.next_step(slot);
    }

    /// An agent has left the streets, by itself or with officers.
    fn leave(&mut self, slot: u32) {
        let walker = self.walkers.get(slot);
        if let Some(sought) = walker.sought {
            let (passed, alerted) = (walker.passed, walker.alerted[0]);
            self.gone(&sought, passed, alerted);
        }
        self.walkers.release(slot);
    }

    /// Finds when an agent reaches the next node of its way.
    fn next_node(&mut self, slot: u32) {
        let walker = self.walkers.get_mut(slot);
        let (mut leg, mut step, mut effective) = walker.cursor;
        let network = &self.day.streets.network;
        walker.node_at = loop {
            let Some(at) = walker.legs.get(leg) else {
                break Micros::NEVER;
            };
            if let Some(next) = network.paths[at.path as usize].steps.get(step) {
                let edge = next.edge as usize;
                effective += self.day.place.edges[edge].length_m / self.day.travel.factor(edge, usize::from(at.hour));
                walker.cursor = (leg, step + 1, effective);
                break at.depart + Micros::from_seconds(effective / walker.speed_m_s) + walker.member.delay;
            }
            (leg, step, effective) = (leg + 1, 0, 0.0);
        };
    }

    fn look(&mut self, slot: u32, planned: PlannedLook, now: Micros) {
        if now < self.eyes.open || now >= self.eyes.close {
            return;
        }
        let eyes = self.eyes;
        let walker = self.walkers.get_mut(slot);
        let leg = walker.legs[usize::from(planned.leg)];
        let view = &eyes.views.of(leg.path as usize)[usize::from(planned.view)];
        let index = usize::from(planned.leg);
        let Some(look) = eyes.look(&walker.face(), index, leg.hour, view) else {
            return;
        };
        walker.passed = true;
        walker.searches += u32::from(look.searched);
        let pass = pass(eyes, &walker.face(), &look, walker.searches);
        let number = walker.member.pool_number;
        let hit = if look.searched {
            eyes.search(&walker.face(), index, leg.hour, &look)
        } else {
            None
        };
        let camera = usize::from(view.camera);
        self.count(pass, number);
        if let Some(hit) = hit {
            self.alert(slot, index, camera, &hit, now);
        }
    }

    /// A sought person's visit is over.
    pub(super) fn gone(&mut self, sought: &Sought, passed: bool, alerted: bool) {
        let Sought { person, present } = *sought;
        self.observer.sought(&SoughtRecord {
            cell: person.cell,
            listed: person.listed,
            present,
            passed,
            alerted,
        });
    }
}
