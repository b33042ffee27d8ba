//! An agent on the event list: one member of a visit that matters.

use super::Face;
use super::course::Due;
use crate::kernel::Micros;
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

/// What moves an agent from stop to stop, kept apart: one line of the cache for each of the thousands in the streets.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Gait {
    /// Hash of the member, for the order of events.
    pub entity: u64,
    /// Start of the current leg, with the member's own delay and the time lost in stops.
    pub depart: Micros,
    /// Time lost in stops that its pending event does not know of.
    pub held: Micros,
    /// Effective metres of the current leg up to the last node.
    pub effective_m: f64,
    /// Free speed, m/s.
    pub speed_m_s: f64,
    /// When it comes by the stop after the pending one.
    pub then: Micros,
    /// Path of the current leg.
    pub path: u32,
    /// The stop of its course after the pending one.
    pub stop: u16,
    /// The pending stop.
    pub pending: u16,
    /// Current leg.
    pub leg: u8,
    /// The last leg.
    pub last_leg: u8,
    /// Density bin of the current leg.
    pub hour: u8,
    /// What the stop after the pending one is.
    pub due: Due,
    /// Whether the person has been taken away.
    pub taken: bool,
}

impl Gait {
    /// The gait of a member at the start of the first of its legs.
    #[inline]
    pub fn new(entity: u64, speed_m_s: f64, late: Micros, legs: &[Leg]) -> Self {
        let mut gait = Gait {
            entity,
            depart: late,
            held: Micros(0),
            effective_m: 0.0,
            speed_m_s,
            then: Micros(0),
            path: 0,
            stop: 0,
            pending: 0,
            leg: 0,
            last_leg: (legs.len() - 1) as u8,
            hour: 0,
            due: Due::Node,
            taken: false,
        };
        gait.start(&legs[0], late);
        gait
    }

    /// Starts a leg, so much later than its clock says.
    #[inline]
    pub fn start(&mut self, leg: &Leg, late: Micros) {
        (self.depart, self.effective_m) = (leg.depart + late, 0.0);
        (self.path, self.stop, self.hour) = (leg.path, 0, leg.hour);
    }

    /// Books the time lost in stops; returns it.
    #[inline]
    pub fn catch_up(&mut self) -> Micros {
        let held = std::mem::take(&mut self.held);
        self.depart += held;
        self.then += held;
        held
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
    gaits: Vec<Gait>,
    slots: Vec<Walker>,
    legs: Vec<[Leg; MAX_LEGS]>,
    free: Vec<u32>,
}

impl Walkers {
    /// Puts a walker with its legs (never none) into a slot.
    #[inline(always)]
    pub fn add(&mut self, gait: Gait, walker: Walker, legs: &[Leg]) -> u32 {
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        let i = slot as usize;
        if i == self.slots.len() {
            self.gaits.push(gait);
            self.slots.push(walker);
            self.legs.push([Leg::default(); MAX_LEGS]);
        } else {
            self.gaits[i] = gait;
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
        &self.legs[slot as usize][..=usize::from(self.gaits[slot as usize].last_leg)]
    }
    /// The gait of the walker in a slot.
    #[inline]
    pub fn gait_mut(&mut self, slot: u32) -> &mut Gait {
        &mut self.gaits[slot as usize]
    }
    /// Whether the person in a slot has been taken away.
    pub fn is_taken(&self, slot: u32) -> bool {
        self.gaits[slot as usize].taken
    }
    /// Adds a stop's time to all that is to come, if the person is still in the streets.
    pub fn delay(&mut self, slot: u32, time: Micros, now: Micros) {
        let walker = self.get_mut(slot);
        if walker.in_streets(now) {
            walker.delay += time;
            self.gait_mut(slot).held += time;
        }
    }
    /// Gives back one claim; with the last one the slot is free.
    #[inline]
    pub fn release(&mut self, slot: u32) {
        let walker = self.get_mut(slot);
        walker.claims -= 1;
        if walker.claims == 0 {
            self.free.push(slot);
        }
    }
}
