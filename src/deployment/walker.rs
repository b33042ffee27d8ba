//! An agent on the event list: one member of a visit that matters.

use super::Face;
use crate::kernel::{Micros, Queue, mix};
use crate::matcher::Searches;
use crate::people::{Leg, MAX_LEGS, MAX_MEMBERS, Member, SoughtPerson};

/// A sought person on a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sought {
    /// Who.
    pub person: SoughtPerson,
    /// Whether the visit, as intended, overlaps opening hours.
    pub present: bool,
}

/// What moves an agent from stop to stop, kept on the event list itself: with its place there it fills one line of the cache.
#[derive(Clone, Copy, Debug)]
pub struct Gait {
    /// Start of the current leg, with the member's own delay and the time lost in stops.
    pub depart: Micros,
    /// Effective metres of the current leg up to the last node.
    pub effective_m: f64,
    /// Free speed, m/s.
    pub speed_m_s: f64,
    /// Path of the current leg.
    pub path: u32,
    /// The pending stop of its course.
    pub stop: u32,
    /// Current leg.
    pub leg: u8,
    /// The last leg.
    pub last_leg: u8,
    /// Density bin of the current leg.
    pub hour: u8,
    /// Whether it walks on.
    pub going: Going,
}

/// Whether an agent walks on at its pending stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Going {
    /// It does.
    On,
    /// It comes later: time was lost in stops that the pending event does not know of.
    Later,
    /// It has been taken away.
    Taken,
}

impl Gait {
    /// The gait of a member at the start of the first of its legs, which begins at this stop.
    #[inline]
    pub fn new(speed_m_s: f64, late: Micros, legs: &[Leg], stop: u32) -> Self {
        Gait {
            depart: legs[0].depart + late,
            effective_m: 0.0,
            speed_m_s,
            path: legs[0].path,
            stop,
            leg: 0,
            last_leg: (legs.len() - 1) as u8,
            hour: legs[0].hour,
            going: Going::On,
        }
    }

    /// Starts the next leg, so much later than its clock says.
    #[inline]
    pub fn start(&mut self, leg: &Leg, late: Micros, stop: u32) {
        self.leg += 1;
        (self.depart, self.effective_m) = (leg.depart + late, 0.0);
        (self.path, self.stop, self.hour) = (leg.path, stop, leg.hour);
    }
}

/// A member of a promoted visit.
#[derive(Clone, Debug)]
pub struct Walker {
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub index: u16,
    /// The member.
    pub member: Member,
    /// The sought person, if it is one.
    pub sought: Option<Box<Sought>>,
    /// Whether the person is aware of the operation.
    pub aware: bool,
    /// Whether the face is covered.
    pub covered: bool,
    /// When, before any delay, it comes into view with the face covered.
    pub covered_at: Micros,
    /// Free speed, m/s.
    pub speed_m_s: f64,
    /// When it leaves the streets, before any delay by stops.
    pub leaves: Micros,
    /// Time lost in stops so far.
    pub delay: Micros,
    /// Time lost in stops that its pending event does not know of.
    pub held: Micros,
    /// Until when the person is held in a stop.
    pub held_until: Micros,
    /// Until when the person stands still, stopped or waiting for a companion.
    pub stands_until: Micros,
    /// Searches so far.
    pub searches: Searches,
    /// Whether a true, and a false, alert was raised in this visit.
    pub alerted: [bool; 2],
    /// Whether any view was crossed.
    pub passed: bool,
    /// Its pending event, and alerts in hand that name it: the slot is free at 0.
    pub claims: u32,
    /// Slots of all members of the visit.
    pub party: [u32; MAX_MEMBERS],
    /// Number of members.
    pub party_size: usize,
}

impl Walker {
    /// Hash of the member, for the order of events.
    #[inline]
    pub fn entity(&self) -> u64 {
        mix(self.visit ^ (u64::from(self.index) << 48))
    }

    /// The face it shows.
    #[inline]
    pub fn face(&self) -> Face<'_> {
        Face {
            visit: self.visit,
            member: self.index,
            cell: self.member.cell,
            person: self.member.person,
            sought: self.sought.as_ref().map(|s| &s.person),
            covered: self.covered,
            speed_m_s: self.speed_m_s,
        }
    }

    /// Whether the person is still in the streets.
    pub fn in_streets(&self, now: Micros) -> bool {
        now < self.leaves + self.delay
    }
}

/// Agents in reusable slots: memory grows with people who matter now, not with people simulated.
#[derive(Default)]
pub struct Walkers {
    /// Their next steps; an agent's slot is the number of its entry.
    pub steps: Queue<Gait>,
    slots: Vec<Walker>,
    legs: Vec<[Leg; MAX_LEGS]>,
}

impl Walkers {
    /// Puts a walker with its legs (never none) into a slot.
    #[inline(always)]
    pub fn add(&mut self, gait: Gait, walker: Walker, legs: &[Leg]) -> u32 {
        let slot = self.steps.keep(gait);
        let i = slot as usize;
        if i == self.slots.len() {
            self.slots.push(walker);
            self.legs.push([Leg::default(); MAX_LEGS]);
        } else {
            self.slots[i] = walker;
        }
        self.legs[i].iter_mut().zip(legs).for_each(|(own, leg)| *own = *leg);
        slot
    }
    /// The walker in a slot.
    #[inline]
    pub fn get(&self, slot: u32) -> &Walker {
        &self.slots[slot as usize]
    }
    /// The walker in a slot.
    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> &mut Walker {
        &mut self.slots[slot as usize]
    }
    /// The legs of the walker in a slot, with their clock.
    #[inline]
    pub fn legs(&self, slot: u32) -> &[Leg] {
        &self.legs[slot as usize][..=usize::from(self.steps.get(slot).last_leg)]
    }
    /// The gait of the walker in a slot.
    #[inline]
    pub fn gait_mut(&mut self, slot: u32) -> &mut Gait {
        self.steps.get_mut(slot)
    }
    /// Whether the person in a slot has been taken away.
    pub fn is_taken(&self, slot: u32) -> bool {
        self.steps.get(slot).going == Going::Taken
    }
    /// Takes the person in a slot away.
    pub fn take(&mut self, slot: u32) {
        self.gait_mut(slot).going = Going::Taken;
    }
    /// Lets an agent's walk know of the time that was lost in stops; returns it.
    pub fn catch_up(&mut self, slot: u32) -> Micros {
        let held = std::mem::take(&mut self.get_mut(slot).held);
        let gait = self.gait_mut(slot);
        gait.going = Going::On;
        gait.depart += held;
        held
    }
    /// Adds a stop's time to all that is to come, if the person is still in the streets.
    pub fn delay(&mut self, slot: u32, time: Micros, now: Micros) {
        let walker = self.get_mut(slot);
        if walker.in_streets(now) {
            walker.delay += time;
            walker.held += time;
            let gait = self.gait_mut(slot);
            if gait.going == Going::On {
                gait.going = Going::Later;
            }
        }
    }
    /// Gives back one claim; with the last one the slot is free.
    #[inline]
    pub fn release(&mut self, slot: u32) {
        let walker = self.get_mut(slot);
        walker.claims -= 1;
        if walker.claims == 0 {
            self.steps.free(slot);
        }
    }
}
