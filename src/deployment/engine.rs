//! The run: visits hour by hour, agents for those who matter, events in a total order.

use super::crowd::Crowd;
use super::eyes::{Eyes, Face, Hit, Look};
use super::observe::{Observer, Pass, Reacted, Shift, SoughtRecord};
use super::pursuit::{Pursued, Pursuits};
use super::walker::{PlannedLook, Sought, Walker, Walkers};
use super::{Alert, Ending, Scene};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, Queue, mix};
use crate::people::{Day, HourBlock, Leg, MAX_LEGS, MAX_MEMBERS, Member, Reaction, Reactions, Visit};
use crate::response::{Desk, Outcome, Reviews, Stops, Taken, Teams, patrol, wider_arrests};
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use std::collections::BTreeSet;

/// How passes are evaluated. Both give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// From keyed draws, an agent only for those who matter.
    Lazy,
    /// Everybody is an agent and every node and view an event.
    Events,
}

/// What happens.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// The next ordinary visit of the hour enters (event-by-event schedule).
    Arrive(u32),
    /// An agent reaches the next node of its way (event-by-event schedule).
    Node(u32),
    /// An agent is in the middle of a view.
    Look(u32, u32),
    /// An agent leaves the streets.
    Leave(u32),
    /// A review is over.
    Reviewed(u32, usize),
    /// A pair reaches the person.
    Contact(u32, usize, usize),
    /// A pair has lost the person.
    Lost(u32, usize, usize),
    /// A pair is back at its post.
    Back(usize, usize),
}

/// Phases at equal times: ends before starts.
mod phase {
    pub const BACK: u8 = 0;
    pub const REVIEWED: u8 = 1;
    pub const CONTACT: u8 = 2;
    pub const LEAVE: u8 = 3;
    pub const NODE: u8 = 4;
    pub const ARRIVE: u8 = 5;
    pub const LOOK: u8 = 6;
}

/// Runs one replication of one strategy.
pub fn run<O: Observer>(scene: &Scene, seed: u64, replication: u32, schedule: Schedule, observer: &mut O) {
    let plan = scene.plan;
    let draws = Draws::new(seed, replication);
    let world = plan.uncertainty.then_some(draws.world);
    let numbers = Numbers::draw(&scene.strategy.values, world);
    let day = Day::new(plan, scene.streets, &numbers, draws);
    let open = Micros::from_seconds(plan.close_s - plan.open_s);
    let officer_hours = numbers.get(param::STAFF) * open.seconds() / 3600.0;
    if scene.strategy.is_patrol() {
        observer.patrol(&patrol(plan, &numbers, &draws, officer_hours), &[]);
    } else {
        observer.patrol(&[], &wider_arrests(plan, &numbers, &draws, officer_hours));
    }
    let eyes = Eyes::new(scene, &day, &numbers);
    let mut engine = Engine::new(scene, &eyes, &numbers, draws, observer);
    for block in &day.demand.blocks {
        engine.hour(block, schedule);
        engine.until(block.end);
    }
    engine.until(Micros::NEVER);
    engine.finish(Shift {
        open,
        officer_hours,
        expected_patrol_arrests: numbers.get(param::PATROL_ARRESTS) * officer_hours,
        recorded_false: numbers.get(param::RECORDED_FALSE),
        ..Shift::default()
    });
}

struct Engine<'a, O: Observer> {
    scene: &'a Scene<'a>,
    eyes: &'a Eyes<'a>,
    day: &'a Day<'a>,
    draws: Draws,
    observer: &'a mut O,
    queue: Queue<Event>,
    walkers: Walkers,
    /// Visits of the current hour by time, for the event-by-event schedule: start, gate, number.
    arrivals: Vec<(Micros, u32, u32)>,
    block: Option<HourBlock>,
    everybody: bool,
    reactions: Option<Reactions>,
    reviews: Reviews,
    stops: Stops,
    pursuits: Pursuits,
    desk: Desk,
    teams: Teams,
    pair_count: usize,
    alerts: Vec<Alert>,
    slots: Vec<u32>,
    open_alerts: usize,
    engaged: BTreeSet<u64>,
    alert_life: Micros,
    companion_waits: f64,
    flee: (f64, f64),
    /// Who has been searched, by number in the pool.
    seen: Vec<u64>,
    scratch: Vec<(Pass, Option<u32>)>,
    /// Visits of an hour that the crowd left to the general code.
    left: Vec<u32>,
}

/// How a visit meets the cameras, once reactions are settled.
struct Encounter {
    members: [Member; MAX_MEMBERS],
    count: usize,
    aware: bool,
    covered: [bool; MAX_MEMBERS],
}

impl<'a, O: Observer> Engine<'a, O> {
    fn new(scene: &'a Scene<'a>, eyes: &'a Eyes<'a>, numbers: &Numbers, draws: Draws, observer: &'a mut O) -> Self {
        let plan = scene.plan;
        let get = |id| numbers.get(id);
        let shares = plan.axes.joint(&plan.crowd.shares);
        let mean_false: f64 = shares
            .iter()
            .zip(&eyes.matcher.expected_matches)
            .map(|(s, l)| s * l)
            .sum();
        let posts: Vec<Vec<usize>> = (0..scene.posts.len())
            .map(|t| {
                let pairs = scene.strategy.teams[t].pairs.unwrap_or(get(param::PAIRS) as u32);
                scene.pair_posts(t, pairs as usize)
            })
            .collect();
        let people = if eyes.day.pool.returns() {
            eyes.day.pool.people()
        } else {
            0
        };
        Engine {
            scene,
            eyes,
            day: eyes.day,
            draws,
            observer,
            queue: Queue::default(),
            walkers: Walkers::default(),
            arrivals: Vec::new(),
            block: None,
            everybody: false,
            reactions: Reactions::new(plan, numbers),
            reviews: Reviews::new(plan, numbers, &draws, &eyes.day.sought.list_shares, mean_false),
            stops: Stops::new(plan, numbers),
            pursuits: Pursuits::new(numbers),
            desk: Desk::new(
                get(param::OPERATOR_COUNT) as usize,
                Micros::from_seconds(get(param::REVIEW_PATIENCE_S)),
            ),
            pair_count: posts.iter().map(Vec::len).sum(),
            teams: Teams::new(&posts),
            alerts: Vec::new(),
            slots: Vec::new(),
            open_alerts: 0,
            engaged: BTreeSet::new(),
            alert_life: Micros::from_seconds(get(param::ALERT_LIFE_S)),
            companion_waits: get(param::COMPANION_WAITS),
            flee: (get(param::FLEE), get(param::FLEE_CAUGHT)),
            seen: if scene.cameras.is_empty() {
                Vec::new()
            } else {
                vec![0; people.div_ceil(64)]
            },
            scratch: Vec::new(),
            left: Vec::new(),
        }
    }

    // ---- visits

    fn hour(&mut self, block: &HourBlock, schedule: Schedule) {
        self.block = Some(*block);
        self.everybody = schedule == Schedule::Events;
        for i in 0..self.day.sought_arrivals(block) {
            self.sought(block, i);
        }
        if self.scene.cameras.is_empty() {
            return;
        }
        for gate in 0..self.day.demand.gate_keys.len() {
            let count = self.day.arrivals(gate, block);
            if self.everybody {
                let start = |i| (self.day.starts_at(gate, block, i), gate as u32, i);
                self.arrivals.extend((0..count).map(start));
            } else {
                self.sweep_gate(gate, block, count);
            }
        }
        if self.everybody {
            // Latest first, so that the next arrival is taken from the end.
            self.arrivals.sort_unstable_by(|a, b| b.cmp(a));
            self.next_arrival();
        }
    }

    /// Evaluates all visits of an hour through a gate.
    fn sweep_gate(&mut self, gate: usize, block: &HourBlock, count: u32) {
        let eyes = self.eyes;
        let crowd = if self.reactions.is_none() { Crowd::new(eyes, gate) } else { None };
        let Some(crowd) = crowd else {
            (0..count).for_each(|i| self.ordinary(gate, block, i));
            return;
        };
        let mut left = std::mem::take(&mut self.left);
        crowd.sweep(block, count, self.observer, |i| left.push(i));
        left.drain(..).for_each(|i| self.ordinary(gate, block, i));
        self.left = left;
    }

    fn next_arrival(&mut self) {
        if let Some((at, gate, i)) = self.arrivals.last() {
            let entity = (u64::from(*gate) << 32) | u64::from(*i);
            self.queue.push(
                Order {
                    at: *at,
                    phase: phase::ARRIVE,
                    entity,
                    serial: 0,
                },
                Event::Arrive(*gate),
            );
        }
    }

    /// Settles reactions: the visit's final way, and who covers the face. None if it turns back.
    #[inline]
    fn settle(&mut self, visit: &mut Visit, members: [Member; MAX_MEMBERS], knows: bool) -> Option<Encounter> {
        let mut met = Encounter {
            members,
            count: visit.members,
            aware: false,
            covered: [false; MAX_MEMBERS],
        };
        let Some(reactions) = &self.reactions else {
            return Some(met);
        };
        let views = &self.eyes.views;
        let mounts = visit.route().iter().find(|p| views.any(**p as usize)).map_or(0, |p| {
            views
                .of(*p as usize)
                .iter()
                .fold(0, |m, v| m | self.scene.mount_bit(usize::from(v.camera)))
        });
        if mounts == 0 {
            return Some(met);
        }
        for i in 0..met.count {
            let cell = met.members[i].cell;
            let (aware, reaction) = reactions.of(&self.draws, visit.id, i as u16, cell, knows, mounts);
            if !aware {
                break;
            }
            met.aware = true;
            let leads = i == 0;
            let reacted = match reaction {
                Reaction::Detour(limit_m) if leads => self
                    .day
                    .detour(visit, limit_m, |p| views.any(p))
                    .then_some(Reacted::Detour),
                Reaction::TurnBack if leads => Some(Reacted::TurnedBack),
                Reaction::Cover => {
                    met.covered[i] = true;
                    Some(Reacted::Covered)
                }
                _ => None,
            };
            if let Some(reacted) = reacted {
                let party = if reacted == Reacted::Covered {
                    i..i + 1
                } else {
                    0..met.count
                };
                party.for_each(|m| self.observer.reaction(met.members[m].cell, reacted));
                if reacted == Reacted::TurnedBack {
                    return None;
                }
            }
        }
        Some(met)
    }

    #[inline]
    fn ordinary(&mut self, gate: usize, block: &HourBlock, i: u32) {
        let mut visit = self.day.visit(gate, block, i);
        self.observer.visits(1, visit.members as u64);
        let views = &self.eyes.views;
        if !visit.route().iter().any(|p| views.any(*p as usize)) {
            return;
        }
        let mut members = [Member::default(); MAX_MEMBERS];
        self.day.members(&visit, &mut members);
        let Some(met) = self.settle(&mut visit, members, false) else {
            return;
        };
        if !self.sweep(&visit, &met) {
            self.promote(&visit, &met, None);
        }
    }

    /// Evaluates every look of a visit from its draws. False if one of them fires: then nothing has been counted.
    #[inline]
    fn sweep(&mut self, visit: &Visit, met: &Encounter) -> bool {
        let timeless = self.eyes.timeless();
        let mut legs = [Leg::default(); MAX_LEGS];
        let speed_m_s = if timeless {
            1.0
        } else {
            self.day.speed_m_s(&met.members[..met.count])
        };
        if !timeless {
            self.day.clock(visit, speed_m_s, &mut legs);
        }
        self.scratch.clear();
        for (i, member) in met.members[..met.count].iter().enumerate() {
            let face = Face {
                visit: visit.id,
                member: i as u16,
                cell: member.cell,
                person: member.person,
                sought: None,
                covered: met.covered[i],
                speed_m_s,
            };
            let mut searches = 0;
            for (index, path) in visit.route().iter().enumerate() {
                for view in self.eyes.views.of(*path as usize) {
                    if !timeless {
                        let at = self.eyes.look_at(&legs[index], view, speed_m_s) + member.delay;
                        if at < self.eyes.open || at >= self.eyes.close {
                            continue;
                        }
                    }
                    let Some(look) = self.eyes.look(&face, index, legs[index].hour, view) else {
                        continue;
                    };
                    if look.searched {
                        searches += 1;
                        if self.eyes.search(&face, index, legs[index].hour, &look).is_some() {
                            return false;
                        }
                    }
                    self.scratch
                        .push((pass(self.eyes, &face, &look, searches), member.pool_number));
                }
            }
        }
        for i in 0..self.scratch.len() {
            let (pass, number) = self.scratch[i];
            self.count(pass, number);
        }
        true
    }

    /// Publishes a pass; a person of the pool is first seen when nobody saw that person before.
    #[inline]
    fn count(&mut self, mut pass: Pass, number: Option<u32>) {
        if let (true, Some(number)) = (pass.searched, number) {
            let (word, bit) = (number as usize / 64, 1_u64 << (number % 64));
            pass.first = self.seen[word] & bit == 0;
            self.seen[word] |= bit;
        }
        self.observer.pass(&pass);
    }

    fn sought(&mut self, block: &HourBlock, i: u32) {
        let mut visit = self.day.sought_visit(block, i);
        let person = self.day.sought.person(&self.draws, visit.id);
        let words = self.draws.population.block(Purpose::Member as u16, 0, 0, visit.id);
        let mut members = [Member::default(); MAX_MEMBERS];
        members[0] = self.day.member(&visit, 0, person.cell, words);
        self.observer.visits(1, 1);
        // Presence is that of the visit as intended, so that every strategy has the same sought people to find.
        let mut legs = [Leg::default(); MAX_LEGS];
        let count = self.day.clock(&visit, self.day.speed_m_s(&members[..1]), &mut legs);
        let leaves = legs[..count].last().map_or(visit.start, |l| l.arrive);
        let present = leaves >= self.eyes.open && visit.start < Micros::from_seconds(self.scene.plan.close_s);
        let sought = Sought { person, present };
        match self.settle(&mut visit, members, person.knows) {
            Some(met) => self.promote(&visit, &met, Some(sought)),
            None => self.gone(&sought, false, false),
        }
    }

    // ---- agents

    /// Makes agents of all members of a visit.
    fn promote(&mut self, visit: &Visit, met: &Encounter, sought: Option<Sought>) {
        let mut legs = [Leg::default(); MAX_LEGS];
        let speed_m_s = self.day.speed_m_s(&met.members[..met.count]);
        let leg_count = self.day.clock(visit, speed_m_s, &mut legs);
        if leg_count == 0 {
            return;
        }
        let mut party = [0; MAX_MEMBERS];
        for (i, slot) in party.iter_mut().enumerate().take(met.count) {
            let member = met.members[i];
            let mut looks = self.walkers.spare_looks();
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
            let walker = Walker {
                visit: visit.id,
                index: i as u16,
                member,
                sought,
                aware: met.aware,
                covered: met.covered[i],
                speed_m_s,
                legs,
                leg_count,
                looks,
                delay: Micros(0),
                held_until: Micros(0),
                taken: false,
                searches: 0,
                alerted: [false; 2],
                passed: false,
                claims: 0,
                party: [0; MAX_MEMBERS],
                party_size: met.count,
                cursor: (0, 0, 0.0),
            };
            *slot = self.walkers.add(walker);
        }
        for slot in &party[..met.count] {
            self.walkers.get_mut(*slot).party = party;
            let leaves = self.walkers.get(*slot).leaves();
            self.plan(*slot, leaves, phase::LEAVE, 0, Event::Leave(*slot));
            for look in 0..self.walkers.get(*slot).looks.len() {
                let at = self.walkers.get(*slot).looks[look].at;
                self.plan(*slot, at, phase::LOOK, look as u32, Event::Look(*slot, look as u32));
            }
            if self.everybody {
                self.next_node(*slot);
            }
        }
    }

    /// Puts an agent's event on the list.
    fn plan(&mut self, slot: u32, at: Micros, phase: u8, serial: u32, event: Event) {
        let walker = self.walkers.get_mut(slot);
        walker.claims += 1;
        let entity = mix(walker.visit ^ (u64::from(walker.index) << 48));
        self.queue.push(
            Order {
                at,
                phase,
                entity,
                serial,
            },
            event,
        );
    }

    /// An agent whose stop moved this event puts it back on the list; true if it did.
    fn postponed(&mut self, slot: u32, order: Order, planned: Micros, event: Event) -> bool {
        let walker = self.walkers.get(slot);
        let due = planned + walker.delay;
        let late = !walker.taken && due > order.at;
        if late {
            self.queue.push(Order { at: due, ..order }, event);
        }
        late
    }

    fn next_node(&mut self, slot: u32) {
        let walker = self.walkers.get_mut(slot);
        let (mut leg, mut step, mut effective) = walker.cursor;
        loop {
            if leg == walker.leg_count || walker.taken {
                return;
            }
            let steps = &self.day.streets.network.paths[walker.legs[leg].path as usize].steps;
            if step < steps.len() {
                break;
            }
            (leg, step, effective) = (leg + 1, 0, 0.0);
        }
        let at = walker.legs[leg];
        let edge = self.day.streets.network.paths[at.path as usize].steps[step].edge as usize;
        effective += self.day.place.edges[edge].length_m / self.day.travel.factor(edge, usize::from(at.hour));
        walker.cursor = (leg, step + 1, effective);
        let due = at.depart + Micros::from_seconds(effective / walker.speed_m_s) + walker.member.delay + walker.delay;
        let serial = ((leg as u32) << 16) | step as u32;
        self.plan(slot, due, phase::NODE, serial, Event::Node(slot));
    }

    fn gone(&mut self, sought: &Sought, passed: bool, alerted: bool) {
        let Sought { person, present } = *sought;
        self.observer.sought(&SoughtRecord {
            cell: person.cell,
            listed: person.listed,
            present,
            passed,
            alerted,
        });
    }

    // ---- events

    fn until(&mut self, end: Micros) {
        while self.queue.next_at().is_some_and(|at| at < end) {
            let Some((order, event)) = self.queue.pop() else { break };
            self.handle(order, event);
        }
    }

    fn handle(&mut self, order: Order, event: Event) {
        let now = order.at;
        match event {
            Event::Arrive(gate) => {
                if let (Some((_, _, i)), Some(block)) = (self.arrivals.pop(), self.block) {
                    self.enter(gate as usize, &block, i);
                }
                self.next_arrival();
            }
            Event::Node(slot) => {
                if !self.walkers.get(slot).taken {
                    self.next_node(slot);
                }
                self.walkers.release(slot);
            }
            Event::Look(slot, index) => {
                let planned = self.walkers.get(slot).looks[index as usize];
                if !self.postponed(slot, order, planned.at, event) {
                    if !self.walkers.get(slot).taken {
                        self.look(slot, planned, now);
                    }
                    self.walkers.release(slot);
                }
            }
            Event::Leave(slot) => {
                let walker = self.walkers.get(slot);
                let planned = walker.leaves() - walker.delay;
                if !self.postponed(slot, order, planned, event) {
                    let walker = self.walkers.get(slot);
                    if let Some(sought) = walker.sought {
                        let (passed, alerted) = (walker.passed, walker.alerted[0]);
                        self.gone(&sought, passed, alerted);
                    }
                    self.walkers.release(slot);
                }
            }
            Event::Reviewed(alert, operator) => self.reviewed(alert, operator, now),
            Event::Contact(alert, team, pair) => self.contact(alert, team, pair, now),
            Event::Lost(alert, team, pair) => {
                let back = self.way_back(alert, team, pair, now);
                self.away(
                    team,
                    pair,
                    self.alerts[alert as usize].dispatched.unwrap_or(now),
                    now + back,
                );
                self.close(alert, Ending::Lost);
            }
            Event::Back(team, pair) => {
                self.teams.back(team, pair);
                self.send_waiting(team, now);
            }
        }
    }

    /// Event-by-event: an ordinary visit enters and its members become agents.
    fn enter(&mut self, gate: usize, block: &HourBlock, i: u32) {
        let mut visit = self.day.visit(gate, block, i);
        self.observer.visits(1, visit.members as u64);
        let mut members = [Member::default(); MAX_MEMBERS];
        self.day.members(&visit, &mut members);
        if let Some(met) = self.settle(&mut visit, members, false) {
            self.promote(&visit, &met, None);
        }
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

    // ---- response

    fn alert(&mut self, slot: u32, leg: usize, camera: usize, hit: &Hit, now: Micros) {
        let kind = usize::from(!hit.truth.is_true());
        let walker = self.walkers.get_mut(slot);
        if std::mem::replace(&mut walker.alerted[kind], true) {
            return;
        }
        walker.claims += 1;
        let id = (u64::from(self.scene.cameras[camera].id) << 8) | (leg as u64) << 4 | kind as u64;
        let alert = Alert {
            key: mix(walker.visit ^ mix(id ^ (u64::from(walker.index) << 56))),
            at: now,
            visit: walker.visit,
            member: walker.index,
            cell: walker.member.cell,
            camera,
            leg,
            score: hit.score,
            threshold: self.eyes.matcher.threshold,
            quality: hit.quality,
            truth: hit.truth,
            matched_cell: hit.matched_cell,
            entry: hit.entry,
            review_start: None,
            review_end: None,
            dispatched: None,
            contact: None,
            ending: Ending::Open,
            stop: None,
        };
        let number = self.alerts.len() as u32;
        self.alerts.push(alert);
        self.slots.push(slot);
        self.open_alerts += 1;
        if self.engaged.contains(&hit.entry) {
            self.close(number, Ending::AlreadyEngaged);
        } else if let Some(taken) = self.desk.arrive(number, now) {
            self.review(taken, now);
        }
    }

    fn review(&mut self, taken: Taken, now: Micros) {
        let alert = &mut self.alerts[taken.alert as usize];
        let time = self
            .reviews
            .time(self.draws.conduct.block(Purpose::Review as u16, 0, 0, alert.key));
        alert.review_start = Some(now);
        self.desk.busy += time;
        let order = Order {
            at: now + time,
            phase: phase::REVIEWED,
            entity: alert.key,
            serial: 0,
        };
        self.queue.push(order, Event::Reviewed(taken.alert, taken.operator));
    }

    fn reviewed(&mut self, number: u32, operator: usize, now: Micros) {
        let alert = &mut self.alerts[number as usize];
        alert.review_end = Some(now);
        let words = self.draws.conduct.block(Purpose::Review as u16, 0, 0, alert.key);
        let level = self
            .reviews
            .axis()
            .map_or(0, |a| self.scene.plan.axes.level(alert.cell, a));
        let since = now - self.eyes.open;
        if !self
            .reviews
            .credible(words, alert.truth, operator, level, alert.quality, since)
        {
            self.close(number, Ending::Dismissed);
        } else {
            self.dispatch(number, now);
        }
        let mut dropped = Vec::new();
        let next = self.desk.done(operator, now, |a| dropped.push(a));
        dropped.into_iter().for_each(|a| self.close(a, Ending::Dropped));
        if let Some(taken) = next {
            self.review(taken, now);
        }
    }

    fn dispatch(&mut self, number: u32, now: Micros) {
        let alert = &self.alerts[number as usize];
        if now - alert.at > self.alert_life {
            self.close(number, Ending::TooLate);
            return;
        }
        let team = self.scene.cameras[alert.camera].team;
        let walker = self.walkers.get(self.slots[number as usize]);
        let (scene, day, pursuits) = (self.scene, self.day, &self.pursuits);
        if let Some(pair) = self
            .teams
            .send(team, number, |post| pursuits.distance_m(scene, day, walker, post, now))
        {
            self.pursue(number, team, pair, now);
        }
    }

    fn pursue(&mut self, number: u32, team: usize, pair: usize, now: Micros) {
        let alert = &mut self.alerts[number as usize];
        alert.dispatched = Some(now);
        let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 0, alert.key);
        let walker = self.walkers.get(self.slots[number as usize]);
        let post = self.teams.teams[team].pairs[pair].post;
        let camera = self.scene.camera_field[alert.camera];
        let order = |at| Order {
            at,
            phase: phase::CONTACT,
            entity: alert.key,
            serial: 0,
        };
        match self
            .pursuits
            .follow(self.scene, self.day, walker, post, camera, now, words)
        {
            Pursued::Contact(at) => self.queue.push(order(at), Event::Contact(number, team, pair)),
            Pursued::Lost(at) => self.queue.push(order(at), Event::Lost(number, team, pair)),
        }
    }

    fn contact(&mut self, number: u32, team: usize, pair: usize, now: Micros) {
        let slot = self.slots[number as usize];
        let alert = &mut self.alerts[number as usize];
        alert.contact = Some(now);
        let (key, truth, entry) = (alert.key, alert.truth, alert.entry);
        let sent = alert.dispatched.unwrap_or(now);
        let walker = self.walkers.get(slot);
        let busy = walker.taken || walker.held_until > now;
        let runs = walker.aware && walker.sought.is_some_and(|s| s.person.knows) && {
            let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 0, key);
            words.unit(2) < self.flee.0 && words.unit(3) >= self.flee.1
        };
        let back = self.way_back(number, team, pair, now);
        if busy || runs {
            self.away(team, pair, sent, now + back);
            self.close(number, if busy { Ending::Busy } else { Ending::Fled });
            return;
        }
        let stop = self.stops.decide(&self.draws, key, truth);
        self.engaged.insert(entry);
        self.alerts[number as usize].stop = Some(stop);
        self.hold(slot, key, stop.scene, stop.outcome, now);
        self.away(team, pair, sent, now + stop.scene + stop.away + back);
        self.close(number, Ending::Stopped);
    }

    /// A person still in the streets stands still for a stop, or leaves with the officers; companions may wait.
    fn hold(&mut self, slot: u32, key: u64, scene: Micros, outcome: Outcome, now: Micros) {
        let walker = self.walkers.get_mut(slot);
        let party = walker.party;
        let size = walker.party_size;
        walker.taken = outcome.is_arrest();
        walker.held_until = now + scene;
        if now < walker.leaves() {
            walker.delay += scene;
        }
        let visit = walker.visit;
        for other in party[..size].iter().filter(|s| **s != slot) {
            let companion = self.walkers.get_mut(*other);
            if companion.visit != visit || companion.claims == 0 || companion.taken || companion.leaves() <= now {
                continue;
            }
            let word = self.draws.conduct.block(Purpose::Wait as u16, companion.index, 0, key);
            if word.unit(0) < self.companion_waits {
                companion.delay += scene;
            }
        }
    }

    fn way_back(&self, number: u32, team: usize, pair: usize, now: Micros) -> Micros {
        let walker = self.walkers.get(self.slots[number as usize]);
        self.pursuits.way_back(
            self.scene,
            self.day,
            walker,
            self.teams.teams[team].pairs[pair].post,
            now,
        )
    }

    fn away(&mut self, team: usize, pair: usize, from: Micros, until: Micros) {
        self.teams.busy += until - from;
        let entity = ((team as u64) << 32) | pair as u64;
        self.queue.push(
            Order {
                at: until,
                phase: phase::BACK,
                entity,
                serial: 0,
            },
            Event::Back(team, pair),
        );
    }

    /// A pair is free: it goes to the first alert of its team that is still young enough.
    fn send_waiting(&mut self, team: usize, now: Micros) {
        while let Some(number) = self.teams.next_waiting(team) {
            if now - self.alerts[number as usize].at > self.alert_life {
                self.close(number, Ending::TooLate);
                continue;
            }
            let walker = self.walkers.get(self.slots[number as usize]);
            let (scene, day, pursuits) = (self.scene, self.day, &self.pursuits);
            if let Some(pair) = self
                .teams
                .send(team, number, |post| pursuits.distance_m(scene, day, walker, post, now))
            {
                self.pursue(number, team, pair, now);
            }
            return;
        }
    }

    /// An alert has ended.
    fn close(&mut self, number: u32, ending: Ending) {
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

    fn finish(mut self, shift: Shift) {
        let left: Vec<u32> = self.desk.left().collect();
        left.into_iter().for_each(|a| self.close(a, Ending::Dropped));
        for team in 0..self.teams.teams.len() {
            while let Some(number) = self.teams.next_waiting(team) {
                self.close(number, Ending::TooLate);
            }
        }
        self.observer.end(&Shift {
            operator_busy: self.desk.busy,
            operator_waited: self.desk.waited,
            pair_busy: self.teams.busy,
            pairs: self.pair_count,
            ..shift
        });
    }
}

/// What the observer is told of a look. `searches` counts this person's searches, this one included.
#[inline]
fn pass(eyes: &Eyes, face: &Face, look: &Look, searches: u32) -> Pass {
    Pass {
        hash: look.hash,
        cell: face.cell,
        searched: look.searched,
        first: look.searched && searches == 1,
        expected_false: if look.searched {
            eyes.expected_false(face, searches)
        } else {
            0
        },
        listed: face.sought.is_some_and(|s| s.listed),
    }
}
