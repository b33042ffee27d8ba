//! The run: visits hour by hour, agents for those who matter, events in a total order.

use super::crowd::Crowd;
use super::eyes::{Eyes, Face, Look};
use super::observe::{Observer, Pass, Reacted, Shift};
use super::pursuit::Pursuits;
use super::shadow::{Faint, Shadows};
use super::walker::{Sought, Walkers};
use super::{Alert, Ending, Scene, Told};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, Queue, mix};
use crate::people::{Day, HourBlock, Leg, MAX_LEGS, MAX_MEMBERS, Member, Reaction, Reactions, Visit};
use crate::response::{Desk, Reviews, Stops, Teams, patrol, wider_arrests};
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
pub(super) enum Event {
    /// An agent's next step is due.
    Walk(u32),
    /// A review is over: alert, operator.
    Reviewed(u32, u16),
    /// A pair reaches the person: alert, team, pair.
    Contact(u32, u16, u16),
    /// A pair has lost the person: alert, team, pair.
    Lost(u32, u16, u16),
    /// A pair is back at its post: team, pair.
    Back(u16, u16),
    /// A shadow's next step.
    Shadow(u32),
}

/// Phases at equal times: ends before starts.
pub(super) mod phase {
    pub const BACK: u8 = 0;
    pub const REVIEWED: u8 = 1;
    pub const CONTACT: u8 = 2;
    pub const LEAVE: u8 = 3;
    pub const NODE: u8 = 4;
    pub const ARRIVE: u8 = 5;
    pub const LOOK: u8 = 6;
    pub const SHADOW: u8 = 7;
}

/// Runs one replication of one strategy.
pub fn run<O: Observer>(scene: &Scene, seed: u64, replication: u32, schedule: Schedule, observer: &mut O) {
    run_again(scene, seed, replication, 0, schedule, observer);
}

/// Another run of a replication's plausible world: the same parameters, and chance drawn anew. Run 0 is the replication.
pub fn run_again<O: Observer>(
    scene: &Scene,
    seed: u64,
    replication: u32,
    again: u32,
    schedule: Schedule,
    observer: &mut O,
) {
    let plan = scene.plan;
    let draws = Draws::again(seed, replication, again);
    let world = plan.uncertainty.then_some(Draws::new(seed, replication).world);
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

pub(super) struct Engine<'a, O: Observer> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) eyes: &'a Eyes<'a>,
    pub(super) day: &'a Day<'a>,
    pub(super) draws: Draws,
    pub(super) observer: &'a mut O,
    pub(super) queue: Queue<Event>,
    pub(super) walkers: Walkers,
    /// Visits of the current hour by time, for the event-by-event schedule: start, gate, number.
    pub(super) arrivals: Vec<(Order, u32, u32)>,
    pub(super) block: Option<HourBlock>,
    pub(super) everybody: bool,
    pub(super) reactions: Option<Reactions>,
    pub(super) reviews: Reviews,
    pub(super) stops: Stops,
    pub(super) pursuits: Pursuits,
    pub(super) desk: Desk,
    pub(super) teams: Teams,
    pub(super) pair_count: usize,
    pub(super) alerts: Vec<Alert>,
    pub(super) slots: Vec<u32>,
    pub(super) open_alerts: usize,
    pub(super) engaged: BTreeSet<u64>,
    pub(super) alert_life: Micros,
    pub(super) companion_waits: f64,
    pub(super) flee: (f64, f64),
    /// Who has been searched, by number in the pool.
    pub(super) seen: Vec<u64>,
    pub(super) scratch: Vec<(Pass, Option<u32>)>,
    /// Visits of an hour that the crowd left to the general code.
    pub(super) left: Vec<u32>,
    pub(super) shadows: Shadows,
    /// Searches of the visit in hand that will be shadowed.
    pub(super) faints: Vec<Faint>,
}

/// How a visit meets the cameras, once reactions are settled.
pub(super) struct Encounter {
    pub(super) members: [Member; MAX_MEMBERS],
    pub(super) count: usize,
    pub(super) aware: bool,
    pub(super) covered: [bool; MAX_MEMBERS],
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
            shadows: Shadows::new(numbers, scene.posts.len()),
            faints: Vec::new(),
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
                let arrivals = &mut self.arrivals;
                self.day.starts(gate, block, count, |i, at| {
                    let entity = mix((gate as u64) << 32 | u64::from(i));
                    arrivals.push((Order::new(at, phase::ARRIVE, entity, 0), gate as u32, i));
                });
            } else {
                self.sweep_gate(gate, block, count);
            }
        }
        if self.everybody {
            // Latest first, so that the next arrival is taken from the end.
            self.arrivals.sort_unstable_by_key(|a| std::cmp::Reverse(a.0));
        }
    }

    /// Evaluates all visits of an hour through a gate.
    fn sweep_gate(&mut self, gate: usize, block: &HourBlock, count: u32) {
        let eyes = self.eyes;
        let crowd = if self.reactions.is_none() && !O::FOLLOWS {
            Crowd::new(eyes, gate)
        } else {
            None
        };
        let Some(crowd) = crowd else {
            (0..count).for_each(|i| self.ordinary(gate, block, i));
            return;
        };
        let mut left = std::mem::take(&mut self.left);
        crowd.sweep(block, count, self.observer, |i| left.push(i));
        left.drain(..).for_each(|i| self.ordinary(gate, block, i));
        self.left = left;
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
                if self.observer.follows(visit.id, visit.sought) {
                    self.observer.told(visit.id, i as u16, &Told::Reacted(reacted));
                }
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
        if self.observer.follows(visit.id, false) || !self.sweep(&visit, &met) {
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
        self.faints.clear();
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
                    let mut seen_at = None;
                    if !timeless {
                        let at = self.eyes.look_at(&legs[index], view, speed_m_s) + member.delay;
                        if at < self.eyes.open || at >= self.eyes.close {
                            continue;
                        }
                        seen_at = Some(at);
                    }
                    let Some(look) = self.eyes.look(&face, index, legs[index].hour, view) else {
                        continue;
                    };
                    if look.searched {
                        searches += 1;
                        if self.eyes.search(&face, index, legs[index].hour, &look).is_some() {
                            return false;
                        }
                        self.faint(i, index, seen_at, &look, searches);
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
        if !self.faints.is_empty() {
            self.shadow_visit(visit, met);
        }
        true
    }

    /// Publishes a pass; a person of the pool is first seen when nobody saw that person before.
    #[inline]
    pub(super) fn count(&mut self, mut pass: Pass, number: Option<u32>) {
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
            None => self.gone(visit.id, &sought, false, false),
        }
    }

    // ---- events

    /// Handles everything before `end`, arrivals of the event-by-event schedule among the rest.
    fn until(&mut self, end: Micros) {
        loop {
            let next = self.queue.next();
            if let Some((arrives, gate, i)) = self.arrivals.last().copied()
                && next.is_none_or(|n| arrives < n)
            {
                self.arrivals.pop();
                if let Some(block) = self.block {
                    self.enter(gate as usize, &block, i);
                }
                continue;
            }
            if next.is_none_or(|n| n.at() >= end) {
                return;
            }
            if let Some((order, event)) = self.queue.pop() {
                self.handle(order, event);
            }
        }
    }

    #[inline]
    fn handle(&mut self, order: Order, event: Event) {
        let now = order.at();
        match event {
            Event::Walk(slot) => self.walk(slot, order),
            Event::Reviewed(alert, operator) => self.reviewed(alert, operator as usize, now),
            Event::Contact(alert, team, pair) => self.contact(alert, team as usize, pair as usize, now),
            Event::Lost(alert, team, pair) => self.lost(alert, team as usize, pair as usize, now),
            Event::Back(team, pair) => {
                self.teams.back(team as usize, pair as usize);
                self.shadows_for_pair(team as usize, now);
                self.send_waiting(team as usize, now);
            }
            Event::Shadow(slot) => self.shadow_step(slot, now),
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
pub(super) fn pass(eyes: &Eyes, face: &Face, look: &Look, searches: u32) -> Pass {
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
