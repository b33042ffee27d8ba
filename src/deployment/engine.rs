//! The run: visits hour by hour, agents for those who matter, events in a total order.

use super::course::Courses;
use super::crowd::Crowd;
use super::eyes::{Eyes, Face, Look};
use super::followers::Followers;
use super::inflow::Inflow;
use super::observe::{Observer, Pass, Reacted, Shift};
use super::pursuit::Pursuits;
use super::shadow::{Faint, Shadows};
use super::walker::{Sought, Walkers};
use super::{Alert, Ending, Scene, Seen, Told};
use crate::kernel::queue::Order;
use crate::kernel::{Micros, Queue};
use crate::matcher::Searches;
use crate::people::{Conditions, Day, HourBlock, Leg, MAX_LEGS, MAX_MEMBERS, Member, Reaction, Reactions, Visit};
use crate::response::{Covering, Desk, Dispatch, Retention, Reviews, Stops, Teams, patrol, wider_arrests};
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

/// What happens, beside steps of agents and, if everybody is one, entering visits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
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
    /// A plain-clothes pair gives up following: team, pair, its task.
    Turned(u16, u16, u32),
    /// An agent with a covered face enters a view.
    Covered(u32),
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
    pub const COVERED: u8 = 8;
}

/// Passes that are put aside before they are counted.
const MANY_PASSES: usize = 256;

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
    let day = Day::on(plan, scene.streets, &numbers, Conditions::of(plan, draws));
    let people = if day.pool.returns() && !scene.cameras.is_empty() {
        day.pool.people()
    } else {
        0
    };
    run_on(scene, &day, &numbers, &mut Seen::whether(people), schedule, observer);
}

/// Runs a deployment on a given day; `seen` remembers who has been searched before.
pub fn run_on<O: Observer>(
    scene: &Scene,
    day: &Day,
    numbers: &Numbers,
    seen: &mut Seen,
    schedule: Schedule,
    observer: &mut O,
) {
    let (plan, draws, when) = (scene.plan, day.draws, day.conditions.when);
    let open = Micros::from_seconds(when.close_s - when.open_s);
    let officer_hours = numbers.get(param::STAFF) * open.seconds() / 3600.0;
    if scene.strategy.is_patrol() {
        observer.patrol(&patrol(plan, numbers, &draws, officer_hours), &[]);
    } else {
        observer.patrol(&[], &wider_arrests(plan, numbers, &draws, officer_hours));
    }
    let eyes = Eyes::new(scene, day, numbers);
    let mut engine = Engine::new(scene, &eyes, numbers, seen, schedule, observer);
    for block in &day.demand.blocks {
        engine.hour(block);
        engine.count_all();
        engine.until(block.end);
    }
    engine.until(Micros::NEVER);
    engine.finish(Shift {
        open,
        officer_hours,
        expected_patrol_arrests: numbers.get(param::PATROL_ARRESTS) * officer_hours,
        recorded_false: numbers.get(param::RECORDED_FALSE),
        prices: scene.prices(numbers, open.seconds() / 3600.0, officer_hours),
        retention: Retention::new(numbers),
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
    /// The first of what is pending beside steps of agents, or the end of what is to be handled.
    bound: Order,
    pub(super) walkers: Walkers,
    pub(super) courses: Courses,
    /// Visits of the current hour to come, for the event-by-event schedule.
    pub(super) inflow: Inflow,
    everybody: bool,
    pub(super) reactions: Option<Reactions>,
    pub(super) reviews: Reviews,
    pub(super) stops: Stops,
    pub(super) pursuits: Pursuits,
    pub(super) covering: Option<Covering>,
    pub(super) desk: Desk,
    pub(super) teams: Teams,
    pub(super) pair_count: usize,
    pub(super) followers: Followers,
    pub(super) alerts: Vec<Alert>,
    pub(super) slots: Vec<u32>,
    pub(super) open_alerts: usize,
    pub(super) engaged: BTreeSet<u64>,
    pub(super) alert_life: Micros,
    pub(super) companion_waits: f64,
    pub(super) flee: (f64, f64),
    /// Who has been searched before.
    pub(super) seen: &'a mut Seen,
    /// Words of visits below which they do not take place, by cell of the leader; empty if nobody stays away.
    pub(super) away: Vec<u32>,
    /// The highest of them.
    pub(super) away_most: u32,
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

impl Encounter {
    #[inline(always)]
    fn of(visit: &Visit) -> Self {
        Encounter {
            members: [Member::NOBODY; MAX_MEMBERS],
            count: visit.members,
            aware: false,
            covered: [false; MAX_MEMBERS],
        }
    }
}

impl<'a, O: Observer> Engine<'a, O> {
    fn new(
        scene: &'a Scene<'a>,
        eyes: &'a Eyes<'a>,
        numbers: &Numbers,
        seen: &'a mut Seen,
        schedule: Schedule,
        observer: &'a mut O,
    ) -> Self {
        let (plan, draws) = (scene.plan, eyes.day.draws);
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
        let reactions = Reactions::new(plan, numbers);
        let away: Vec<u32> = match &reactions {
            Some(reactions) if eyes.day.conditions.stays_away != [0.0; 2] => reactions
                .stay_away(numbers, eyes.day.conditions.stays_away)
                .iter()
                .map(|p| (p * 4_294_967_295.0) as u32)
                .collect(),
            _ => Vec::new(),
        };
        Engine {
            scene,
            eyes,
            day: eyes.day,
            draws,
            observer,
            queue: Queue::default(),
            bound: Order::LAST,
            walkers: Walkers::default(),
            courses: Courses::new(eyes.day.streets.network.paths.len(), schedule == Schedule::Events),
            inflow: Inflow::default(),
            everybody: schedule == Schedule::Events,
            reactions,
            reviews: Reviews::new(plan, numbers, &draws, &eyes.day.sought.list_shares, mean_false),
            stops: Stops::new(plan, numbers),
            pursuits: Pursuits::new(numbers),
            covering: Covering::new(numbers),
            desk: Desk::new(
                get(param::OPERATOR_COUNT) as usize,
                Micros::from_seconds(get(param::REVIEW_PATIENCE_S)),
            ),
            pair_count: posts.iter().map(Vec::len).sum(),
            teams: Teams::new(&posts, get(param::PLAIN_PAIRS) as usize, Dispatch::read(numbers)),
            followers: Followers::default(),
            alerts: Vec::new(),
            slots: Vec::new(),
            open_alerts: 0,
            engaged: BTreeSet::new(),
            alert_life: Micros::from_seconds(get(param::ALERT_LIFE_S)),
            companion_waits: get(param::COMPANION_WAITS),
            flee: (get(param::FLEE), get(param::FLEE_CAUGHT)),
            seen,
            away_most: away.iter().copied().max().unwrap_or(0),
            away,
            scratch: Vec::new(),
            left: Vec::new(),
            shadows: Shadows::new(numbers, scene.posts.len()),
            faints: Vec::new(),
        }
    }

    // ---- visits

    fn hour(&mut self, block: &HourBlock) {
        for i in 0..self.day.sought_arrivals(block) {
            self.sought(block, i);
        }
        if self.scene.cameras.is_empty() {
            return;
        }
        if self.everybody {
            self.inflow.fill(self.day, block);
            return;
        }
        for gate in 0..self.day.demand.gate_keys.len() {
            self.sweep_gate(gate, block, self.day.arrivals(gate, block));
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

    /// Settles reactions: the visit's final way, and who covers the face. False if it turns back.
    #[inline]
    fn settle(&mut self, visit: &mut Visit, met: &mut Encounter, knows: bool) -> bool {
        let Some(reactions) = &self.reactions else {
            return true;
        };
        let views = &self.eyes.views;
        let mounts = visit.route().iter().find(|p| views.any(**p as usize)).map_or(0, |p| {
            views
                .of(*p as usize)
                .iter()
                .fold(0, |m, v| m | self.scene.mount_bit(usize::from(v.camera)))
        });
        if mounts == 0 {
            return true;
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
                    return false;
                }
            }
        }
        true
    }

    #[inline]
    fn ordinary(&mut self, gate: usize, block: &HourBlock, i: u32) {
        let mut visit = self.day.visit(gate, block, i);
        if visit.members == 0 {
            return;
        }
        self.observer.visits(1, visit.members as u64);
        if visit.away_word < self.away_most && self.stays_away(&visit) {
            return;
        }
        let views = &self.eyes.views;
        if !visit.route().iter().any(|p| views.any(*p as usize)) {
            return;
        }
        let mut met = Encounter::of(&visit);
        self.day.members(&visit, &mut met.members);
        if !self.settle(&mut visit, &mut met, false) {
            return;
        }
        // Whoever covers the face may be stopped for it, which only events can settle.
        let stopped = self.covering.is_some() && met.covered[..met.count].contains(&true);
        if stopped || self.observer.follows(visit.id, false) || !self.sweep(&visit, &met) {
            let speed_m_s = self.day.speed_m_s(&met.members[..met.count]);
            self.promote(&visit, &met, speed_m_s, None);
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
        // What happens after the last view is of no interest.
        let views = &self.eyes.views;
        let in_view = visit.route().iter().rposition(|p| views.any(*p as usize));
        let watched = in_view.map_or(0, |last| last + 1);
        if !timeless {
            self.day.clock_of(visit, watched, speed_m_s, &mut legs);
        }
        let before = self.scratch.len();
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
            let mut searches = Searches::default();
            for (index, path) in visit.route()[..watched].iter().enumerate() {
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
                        searches.add(self.eyes.weight(&face, index, legs[index].hour, &look));
                        if self.eyes.search(&face, index, legs[index].hour, &look).is_some() {
                            self.scratch.truncate(before);
                            return false;
                        }
                        self.faint(i, index, seen_at, &look, &searches);
                    }
                    self.scratch
                        .push((pass(self.eyes, &face, &look, &searches), member.pool_number));
                }
            }
        }
        if self.scratch.len() >= MANY_PASSES {
            self.count_all();
        }
        if !self.faints.is_empty() {
            self.shadow_visit(visit, met);
        }
        true
    }

    /// Publishes the passes that were put aside. Many at once: what is known of one person is then looked up while the next
    /// is on the way from memory.
    fn count_all(&mut self) {
        for (pass, number) in &mut self.scratch {
            if let (true, Some(number)) = (pass.searched, *number) {
                pass.first = self.seen.is_first(number);
            }
        }
        self.scratch.iter().for_each(|(pass, _)| self.observer.pass(pass));
        self.scratch.clear();
    }

    /// Publishes a pass; a person of the pool is first seen when nobody saw that person before.
    #[inline(always)]
    pub(super) fn count(&mut self, mut pass: Pass, number: Option<u32>) {
        if let (true, Some(number)) = (pass.searched, number) {
            pass.first = self.seen.is_first(number);
        }
        self.observer.pass(&pass);
    }

    /// Whether a visit does not take place because its leader had heard of the deployment.
    fn stays_away(&mut self, visit: &Visit) -> bool {
        let mut members = [Member::default(); MAX_MEMBERS];
        let count = self.day.members(visit, &mut members);
        let away = visit.away_word < self.away[members[0].cell];
        if away {
            if self.observer.follows(visit.id, visit.sought) {
                self.observer.told(visit.id, 0, &Told::Reacted(Reacted::StayedAway));
            }
            let tell = |m: &Member| self.observer.reaction(m.cell, Reacted::StayedAway);
            members[..count].iter().for_each(tell);
        }
        away
    }

    fn sought(&mut self, block: &HourBlock, i: u32) {
        let mut visit = self.day.sought_visit(block, i);
        let Some((key, person)) = self.day.sought_person(&visit) else {
            return;
        };
        let words = self.draws.population.block(Purpose::Member as u16, 0, 0, visit.id);
        let mut met = Encounter::of(&visit);
        met.members[0] = Member {
            person: key,
            ..self.day.member(&visit, 0, person.cell, words)
        };
        let speed_m_s = self.day.speed_m_s(&met.members[..1]);
        self.observer.visits(1, 1);
        // Presence is that of the visit as intended, so that every strategy has the same sought people to find.
        let mut legs = [Leg::default(); MAX_LEGS];
        let count = self.day.clock(&visit, speed_m_s, &mut legs);
        let leaves = legs[..count].last().map_or(visit.start, |l| l.arrive);
        let present = leaves >= self.eyes.open && visit.start < Micros::from_seconds(self.day.conditions.when.close_s);
        let sought = Sought { person, present };
        if self.settle(&mut visit, &mut met, person.knows) {
            self.promote(&visit, &met, speed_m_s, Some(sought));
        } else {
            self.gone(visit.id, &sought, false, false);
        }
    }

    // ---- events

    /// Handles everything before `end`.
    fn until(&mut self, end: Micros) {
        let end = Order::new(end, 0, 0, 0);
        loop {
            let event = self.queue.first_before(end).unwrap_or(end);
            let enters = self.inflow.when().unwrap_or(end);
            self.bound = event.min(enters);
            while let Some((order, slot)) = self.walkers.steps.next_before(self.bound) {
                self.step(slot, order);
            }
            if enters == self.bound && enters != end {
                self.enter(enters.at());
            } else if let Some((order, event)) = self.queue.pop_before(end) {
                self.handle(order, event);
            } else {
                return;
            }
        }
    }

    /// Puts something on the event list.
    pub(super) fn post(&mut self, order: Order, event: Event) {
        self.queue.push(order, event);
        self.bound = self.bound.min(order);
    }

    fn handle(&mut self, order: Order, event: Event) {
        let now = order.at();
        match event {
            Event::Reviewed(alert, operator) => self.reviewed(alert, operator as usize, now),
            Event::Contact(alert, team, pair) => self.contact(alert, team as usize, pair as usize, now),
            Event::Lost(alert, team, pair) => self.lost(alert, team as usize, pair as usize, now),
            Event::Back(team, pair) => {
                self.teams.back(team as usize, pair as usize);
                self.shadows_for_pair(team as usize, now);
                self.send_waiting(team as usize, now);
            }
            Event::Shadow(slot) => self.shadow_step(slot, now),
            Event::Covered(slot) => self.covered(slot, order),
            Event::Turned(team, pair, task) => self.turned(team, pair, task, now),
        }
    }

    /// Event-by-event: the next visit enters and its members become agents.
    fn enter(&mut self, now: Micros) {
        let Some(entrant) = self.inflow.next(self.day) else {
            return;
        };
        if self.day.outside(now) {
            return;
        }
        let mut visit = Visit::new(entrant.id, now);
        self.day.plan(&mut visit, entrant.gate, entrant.words);
        self.observer.visits(1, visit.members as u64);
        if visit.away_word < self.away_most && self.stays_away(&visit) {
            return;
        }
        let mut met = Encounter::of(&visit);
        met.members[0] = entrant.leader;
        self.day.companions(&visit, &mut met.members);
        if self.settle(&mut visit, &mut met, false) {
            let speed_m_s = self.day.party_m_s(entrant.leader_m_s, &met.members[1..met.count]);
            self.promote(&visit, &met, speed_m_s, None);
        }
    }

    fn finish(mut self, shift: Shift) {
        let left: Vec<u32> = self.desk.left().collect();
        left.into_iter()
            .for_each(|a| self.close(a, Ending::Dropped, Micros::NEVER));
        for team in 0..self.teams.teams.len() {
            while let Some(number) = self.teams.left_waiting(team) {
                self.close(number, Ending::TooLate, Micros::NEVER);
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

/// What the observer is told of a look. `searches` are this person's searches, this one included.
#[inline(always)]
pub(super) fn pass(eyes: &Eyes, face: &Face, look: &Look, searches: &Searches) -> Pass {
    Pass {
        hash: look.hash,
        cell: face.cell,
        searched: look.searched,
        first: look.searched & (searches.count == 1),
        expected_false: if look.searched {
            eyes.expected_false(face, searches)
        } else {
            0
        },
        listed: face.sought.is_some_and(|s| s.listed),
    }
}
