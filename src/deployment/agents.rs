//! Agents: members of visits that matter, each with its next step on the event list.

use super::Told;
use super::engine::{Encounter, Engine, Event, pass, phase};
use super::observe::{Observer, SoughtRecord};
use super::told::Left;
use super::walker::{Due, Gait, PlannedLook, Sought, Walker};
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
            let gait = Gait {
                entity: mix(visit.id ^ ((i as u64) << 48)),
                look_at: looks.first().map_or(Micros::NEVER, |l| l.at),
                node_at: Micros::NEVER,
                leaves: arrives + member.delay,
                delay: Micros(0),
                leg_from: legs[0].depart + member.delay,
                effective_m: 0.0,
                pace_s_per_m: 1.0 / speed_m_s,
                path: legs[0].path,
                leg: 0,
                step: 0,
                hour: legs[0].hour,
                due: Due::Leave,
                planned: Micros(0),
                taken: false,
            };
            let walker = Walker {
                visit: visit.id,
                index: i as u16,
                member,
                sought,
                aware: met.aware,
                covered: met.covered[i],
                speed_m_s,
                legs: own_legs,
                looks,
                next_look: 0,
                held_until: Micros(0),
                stands_until: Micros(0),
                searches: 0,
                alerted: [false; 2],
                passed: false,
                claims: 1,
                party: [0; MAX_MEMBERS],
                party_size: met.count,
            };
            *slot = self.walkers.add(gait, walker);
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
    #[inline]
    fn next_step(&mut self, slot: u32) {
        let gait = self.walkers.gait_mut(slot);
        // The earliest of the three, looks before nodes before leaving at the same instant; without branches, for no
        // predictor could guess it.
        let candidate = |at: Micros, kind: u128| (u128::from(at.0 as u64) << 2) | kind;
        let first = candidate(gait.look_at, 0)
            .min(candidate(gait.node_at, 1))
            .min(candidate(gait.leaves, 2));
        const DUE: [(Due, u8); 4] = [
            (Due::Look, phase::LOOK),
            (Due::Node, phase::NODE),
            (Due::Leave, phase::LEAVE),
            (Due::Leave, phase::LEAVE),
        ];
        let (due, phase) = DUE[(first & 3) as usize];
        gait.due = due;
        gait.planned = Micros((first >> 2) as u64 as i64);
        let order = Order::new(gait.planned + gait.delay, phase, gait.entity, 0);
        self.queue.push(order, Event::Walk(slot));
    }

    /// An agent's step is due.
    #[inline]
    pub(super) fn walk(&mut self, slot: u32, order: Order) {
        let gait = self.walkers.gait_mut(slot);
        if gait.taken {
            self.leave(slot);
            return;
        }
        let now = gait.planned + gait.delay;
        if now > order.at() {
            // A stop has moved it.
            self.queue.push(order.moved(now), Event::Walk(slot));
            return;
        }
        match gait.due {
            Due::Look => self.next_look(slot, now),
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
            let (visit, passed, alerted) = (walker.visit, walker.passed, walker.alerted[0]);
            self.gone(visit, &sought, passed, alerted);
        }
        self.walkers.release(slot);
    }

    /// Finds when an agent reaches the next inner node of its way; the last node is where it leaves.
    #[inline]
    fn next_node(&mut self, slot: u32) {
        let gait = self.walkers.gait_mut(slot);
        let steps = &self.day.streets.network.paths[gait.path as usize].steps;
        let step = usize::from(gait.step);
        if step + 1 < steps.len() {
            gait.step += 1;
            gait.effective_m += self
                .day
                .travel
                .edge_effective_m(steps[step].edge as usize, usize::from(gait.hour));
            gait.node_at = gait.leg_from + Micros::from_seconds(gait.effective_m * gait.pace_s_per_m);
        } else {
            self.next_leg(slot);
        }
    }

    /// The last node of a leg: the end of the whole way, or a destination.
    fn next_leg(&mut self, slot: u32) {
        let walker = self.walkers.get(slot);
        let leg = usize::from(self.walkers.gait(slot).leg);
        let arrives = walker.legs[leg].arrive + walker.member.delay;
        let next = walker.legs.get(leg + 1).copied();
        let from = next.map_or(Micros::NEVER, |n| n.depart + walker.member.delay);
        let gait = self.walkers.gait_mut(slot);
        gait.node_at = Micros::NEVER;
        if let Some(next) = next {
            gait.node_at = arrives;
            (gait.leg, gait.step, gait.effective_m) = (leg as u16 + 1, 0, 0.0);
            (gait.path, gait.hour, gait.leg_from) = (next.path, next.hour, from);
        }
    }

    fn next_look(&mut self, slot: u32, now: Micros) {
        let walker = self.walkers.get_mut(slot);
        let planned = walker.looks[walker.next_look];
        walker.next_look += 1;
        let then = walker.looks.get(walker.next_look).map_or(Micros::NEVER, |l| l.at);
        self.walkers.gait_mut(slot).look_at = then;
        self.look(slot, planned, now);
    }

    fn look(&mut self, slot: u32, planned: PlannedLook, now: Micros) {
        if O::FOLLOWS {
            self.tell_look(slot, planned, now);
        }
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
        if look.searched {
            self.shadow_agent(slot, index, &look, now);
        }
        if let Some(hit) = hit {
            self.alert(slot, index, camera, &hit, now);
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
