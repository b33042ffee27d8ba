//! False alerts that did not happen, followed to where they would have led.
//!
//! False alerts are so rare that counting what becomes of them says little. But every search has a known chance of one, and
//! what review and pursuit would have made of it can be asked of any search. A keyed sample of all searches, one in
//! [`Shadows::every`], is led through desk, teams and streets as they are at that moment, without touching them; the chance
//! of its false alert, times the sample's weight, times the chances on the way, adds up to an unbiased expectation
//! (Rao–Blackwell and Horvitz–Thompson). A face may be taken for a relative's, which reviewers find harder to tell: both cases
//! are weighed. Whether a plain-clothes pair reaches the person is drawn, as for an alert. Nobody else notices a shadow, and
//! no hash does.

use super::Scene;
use super::engine::{Encounter, Engine, Event, phase};
use super::eyes::Look;
use super::observe::{Observer, Shadowed};
use super::pursuit::{Followed, LONGEST, Pursued};
use super::walker::Walker;
use crate::kernel::queue::Order;
use crate::kernel::{Micros, mix};
use crate::matcher::{FIXED_POINT, Searches};
use crate::people::{Leg, MAX_LEGS, MAX_MEMBERS, Visit};
use crate::response::{Case, Dispatch, Truth};
use crate::scenario::registry::param;
use crate::scenario::world::{Numbers, Purpose};

/// A search with the false alert it might have raised.
pub struct Shadow {
    key: u64,
    at: Micros,
    camera: usize,
    quality: f64,
    /// Expected false alerts it stands for, in units of 2^-64.
    weight: f64,
    /// The share of it that would be a match with a close relative.
    kin: f64,
    walker: Walker,
    legs: Vec<Leg>,
    operator: usize,
    reviewed: bool,
    /// When it came to wait for a pair.
    waits_since: Micros,
    /// Until when a plain-clothes pair is after the person, and whether it reaches them: then they cannot be lost until then.
    plain: Option<(Micros, bool)>,
}

impl Shadow {
    /// Whether a plain-clothes pair is still after the person.
    fn is_followed(&self, now: Micros) -> bool {
        self.plain.is_some_and(|(until, _)| now < until)
    }

    /// Until when the person cannot be lost.
    fn kept_until(&self) -> Option<Micros> {
        self.plain.filter(|(_, reached)| *reached).map(|(until, _)| until)
    }
}

/// The shadows in hand.
#[derive(Default)]
pub struct Shadows {
    slots: Vec<Option<Shadow>>,
    free: Vec<u32>,
    at_desk: Vec<u32>,
    for_pair: Vec<Vec<u32>>,
    wrongful_arrest: f64,
    flight: f64,
}

/// A search of an ordinary visit that is to be shadowed once the visit is known to raise no alert.
#[derive(Clone, Copy)]
pub struct Faint {
    member: usize,
    leg: usize,
    at: Micros,
    look: Look,
    searches: Searches,
}

impl Shadows {
    /// Shadows of a run with this many teams.
    pub fn new(numbers: &Numbers, teams: usize) -> Self {
        Shadows {
            for_pair: vec![Vec::new(); teams],
            wrongful_arrest: numbers.get(param::WRONGFUL_ARREST),
            flight: numbers.get(param::FLEE) * (1.0 - numbers.get(param::FLEE_CAUGHT)),
            ..Shadows::default()
        }
    }

    fn add(&mut self, shadow: Shadow) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.slots[slot as usize] = Some(shadow);
                slot
            }
            None => {
                self.slots.push(Some(shadow));
                self.slots.len() as u32 - 1
            }
        }
    }

    fn end(&mut self, slot: u32) {
        self.slots[slot as usize] = None;
        self.free.push(slot);
    }
}

impl<O: Observer> Engine<'_, O> {
    /// Remembers a search of an ordinary visit, if it is one of the sample.
    #[inline]
    pub(super) fn faint(&mut self, member: usize, leg: usize, at: Option<Micros>, look: &Look, searches: &Searches) {
        if look.in_sample(self.eyes.timeless()) {
            self.faints.push(Faint {
                member,
                leg,
                at: at.unwrap_or(Micros::NEVER),
                look: *look,
                searches: *searches,
            });
        }
    }

    /// Makes shadows of what was remembered of a visit.
    pub(super) fn shadow_visit(&mut self, visit: &Visit, met: &Encounter) {
        let faints = std::mem::take(&mut self.faints);
        let mut legs = [Leg::default(); MAX_LEGS];
        let speed_m_s = self.day.speed_m_s(&met.members[..met.count]);
        let count = self.day.clock(visit, speed_m_s, &mut legs);
        for faint in &faints {
            let member = met.members[faint.member];
            let leg = &legs[faint.leg];
            let mut at = faint.at;
            if at == Micros::NEVER {
                let views = self.eyes.views.of(leg.path as usize);
                let view = views.iter().find(|v| usize::from(v.camera) == faint.look.camera());
                let Some(view) = view else { continue };
                at = self.eyes.look_at(leg, view, speed_m_s) + member.delay;
            }
            let walker = Walker {
                visit: visit.id,
                index: faint.member as u16,
                member,
                sought: None,
                aware: met.aware,
                covered: met.covered[faint.member],
                covered_at: Micros(0),
                speed_m_s,
                leaves: legs[count - 1].arrive + member.delay,
                delay: Micros(0),
                held: Micros(0),
                held_until: Micros(0),
                stands_until: Micros(0),
                searches: faint.searches,
                alerted: [false; 2],
                passed: true,
                claims: 0,
                party: [0; MAX_MEMBERS],
                party_size: 0,
            };
            self.shadow(walker, legs[..count].to_vec(), faint.leg, &faint.look, at);
        }
        self.faints = faints;
        self.faints.clear();
    }

    /// Makes a shadow of an agent's search, if it is one of the sample.
    #[inline]
    pub(super) fn shadow_agent(&mut self, slot: u32, leg: usize, look: &Look, now: Micros) {
        if look.in_sample(self.eyes.timeless()) {
            let legs = self.walkers.legs(slot).to_vec();
            self.shadow(self.walkers.get(slot).clone(), legs, leg, look, now);
        }
    }

    fn shadow(&mut self, walker: Walker, legs: Vec<Leg>, leg: usize, look: &Look, at: Micros) {
        let face = walker.face();
        let expected = self.eyes.expected_false(&face, &walker.searches) as f64;
        let weight = expected * f64::from(look.every(self.eyes.timeless()));
        if weight <= 0.0 {
            return;
        }
        // Whoever is taken for a relative is so at the first search.
        let kin = if walker.searches.count == 1 {
            (self.eyes.matcher.kin_chance(face.cell) * FIXED_POINT / expected).min(1.0)
        } else {
            0.0
        };
        self.observer.shadow(&Shadowed {
            cell: face.cell,
            raised: weight as u128,
            ..Shadowed::default()
        });
        let camera = look.camera();
        let quality = self.eyes.quality(&face, leg, legs[leg].hour, look);
        let key = self.alert_key(&walker, camera, leg, false);
        let slot = self.shadows.add(Shadow {
            key,
            at,
            camera,
            quality,
            weight,
            kin,
            walker,
            legs,
            operator: 0,
            reviewed: false,
            waits_since: at,
            plain: None,
        });
        self.post(Order::new(at, phase::SHADOW, mix(key), 0), Event::Shadow(slot));
    }

    /// A shadow's next step is due: it arrives at the desk, or its review is over.
    pub(super) fn shadow_step(&mut self, slot: u32, now: Micros) {
        let Some(shadow) = &self.shadows.slots[slot as usize] else {
            return;
        };
        if shadow.reviewed {
            self.shadow_reviewed(slot, now);
        } else if let Some(operator) = self.desk.first_free() {
            self.shadow_review(slot, operator, now);
        } else {
            self.shadows.at_desk.push(slot);
        }
    }

    fn shadow_review(&mut self, slot: u32, operator: usize, now: Micros) {
        let Some(shadow) = &mut self.shadows.slots[slot as usize] else {
            return;
        };
        let words = self.draws.conduct.block(Purpose::Review as u16, 0, 0, shadow.key);
        (shadow.operator, shadow.reviewed) = (operator, true);
        let order = Order::new(now + self.reviews.time(words), phase::SHADOW, mix(shadow.key), 1);
        self.post(order, Event::Shadow(slot));
    }

    /// An operator is done: shadows that came before the first alert still waiting are reviewed now.
    pub(super) fn shadows_at_desk(&mut self, operator: usize, now: Micros) {
        if self.shadows.at_desk.is_empty() {
            return;
        }
        let first = self.desk.first_waiting_since(now);
        for slot in std::mem::take(&mut self.shadows.at_desk) {
            match self.shadows.slots[slot as usize].as_ref().map(|s| s.at) {
                Some(at) if self.desk.gave_up(at, now) => self.shadows.end(slot),
                Some(at) if first.is_some_and(|f| f <= at) => self.shadows.at_desk.push(slot),
                Some(_) => self.shadow_review(slot, operator, now),
                None => {}
            }
        }
    }

    fn shadow_reviewed(&mut self, slot: u32, now: Micros) {
        let Some(shadow) = &mut self.shadows.slots[slot as usize] else {
            return;
        };
        let cell = shadow.walker.member.cell;
        let level = self.reviews.axis().map_or(0, |a| self.scene.plan.axes.level(cell, a));
        let since = now - self.eyes.open;
        let words = self.draws.conduct.block(Purpose::Review as u16, 0, 0, shadow.key);
        let chance = |kin: bool| {
            let case = Case {
                truth: Truth::False,
                level,
                quality: shadow.quality,
                kin,
            };
            self.reviews.chance(words, &case, shadow.operator, since)
        };
        let of_kin = if shadow.kin > 0.0 {
            shadow.kin * chance(true)
        } else {
            0.0
        };
        let passes = of_kin + (1.0 - shadow.kin) * chance(false);
        shadow.weight *= passes;
        shadow.waits_since = now;
        let (team, passed) = (self.scene.cameras[shadow.camera].team, shadow.weight as u128);
        self.observer.shadow(&Shadowed {
            cell,
            passed,
            ..Shadowed::default()
        });
        self.shadow_followed(slot, team, now);
        if !self.shadow_sent(slot, team, now) {
            self.shadows.for_pair[team].push(slot);
        }
    }

    /// Sends the nearest free plain-clothes pair after a shadow, if there is one and the alert would be young enough. The
    /// pair stays free.
    fn shadow_followed(&mut self, slot: u32, team: usize, now: Micros) {
        let Some(shadow) = &self.shadows.slots[slot as usize] else {
            return;
        };
        let person = followed(self.scene, self.day, shadow);
        let distance = |post| self.pursuits.distance_m(&person, post, now);
        let Some(post) = self.teams.nearest_plain(team, distance) else {
            return;
        };
        if now - shadow.at > self.alert_life {
            return;
        }
        let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 2, shadow.key);
        let camera = self.scene.camera_field[shadow.camera];
        let plain = match self.pursuits.follow(&person, post, camera, now, words, None) {
            Pursued::Contact(at) => (at + LONGEST, true),
            Pursued::Lost(at) => (at, false),
        };
        if let Some(shadow) = &mut self.shadows.slots[slot as usize] {
            shadow.plain = Some(plain);
        }
    }

    /// A pair is free: shadows that came before the first alert still worth a pair are followed now.
    pub(super) fn shadows_for_pair(&mut self, team: usize, now: Micros) {
        if self.shadows.for_pair[team].is_empty() {
            return;
        }
        let young = |a: &u32| now - self.alerts[*a as usize].at <= self.alert_life || self.followers.have(*a);
        let first = self.teams.waiting(team).find(young);
        let first = first.and_then(|a| self.alerts[a as usize].review_end);
        for slot in std::mem::take(&mut self.shadows.for_pair[team]) {
            let since = self.shadows.slots[slot as usize].as_ref().map(|s| s.waits_since);
            let behind = since.is_some_and(|s| first.is_some_and(|f| f <= s));
            if behind || !self.shadow_sent(slot, team, now) {
                self.shadows.for_pair[team].push(slot);
            }
        }
    }

    /// Follows a shadow with the nearest free pair, or gives it up when it is too old. False if no pair is free.
    fn shadow_sent(&mut self, slot: u32, team: usize, now: Micros) -> bool {
        let Some(shadow) = &self.shadows.slots[slot as usize] else {
            return true;
        };
        if now - shadow.at > self.alert_life && !shadow.is_followed(now) {
            self.shadows.end(slot);
            return true;
        }
        let reason = self.day.sought.entry_reason(&self.draws, shadow.key);
        let reason = &self.scene.plan.watchlist.reasons[reason];
        if reason.check_only && self.teams.dispatch == Dispatch::IgnoreManaged {
            self.shadows.end(slot);
            return true;
        }
        let person = followed(self.scene, self.day, shadow);
        let Some(post) = self.teams.nearest(team, reason.priority, |post| {
            self.pursuits.distance_m(&person, post, now)
        }) else {
            return false;
        };
        let words = self.draws.conduct.block(Purpose::Pursuit as u16, 0, 0, shadow.key);
        let camera = self.scene.camera_field[shadow.camera];
        let mut chance = self
            .pursuits
            .chance(&person, post, camera, now, words, shadow.kept_until());
        if shadow.walker.aware && shadow.walker.sought.as_ref().is_some_and(|s| s.person.knows) {
            chance *= 1.0 - self.shadows.flight;
        }
        let stopped = shadow.weight * chance;
        self.observer.shadow(&Shadowed {
            cell: shadow.walker.member.cell,
            stopped: stopped as u128,
            arrested: (stopped * self.shadows.wrongful_arrest) as u128,
            ..Shadowed::default()
        });
        self.shadows.end(slot);
        true
    }
}

fn followed<'a>(scene: &'a Scene<'a>, day: &'a crate::people::Day<'a>, shadow: &'a Shadow) -> Followed<'a> {
    Followed {
        scene,
        day,
        walker: &shadow.walker,
        legs: &shadow.legs,
    }
}
