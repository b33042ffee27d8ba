//! An agent on the event list: one member of a visit that matters.

use super::Face;
use crate::kernel::Micros;
use crate::matcher::Searches;
use crate::people::{Leg, MAX_MEMBERS, Member, SoughtPerson};

/// A look still to come.
#[derive(Clone, Copy, Debug)]
pub struct PlannedLook {
    /// When, before any delay.
    pub at: Micros,
    /// Leg.
    pub leg: u8,
    /// Index among the views of the leg's path.
    pub view: u16,
}

/// A sought person on a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sought {
    /// Who.
    pub person: SoughtPerson,
    /// Whether the visit, as intended, overlaps opening hours.
    pub present: bool,
}

/// What an agent's pending event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// In the middle of a view.
    Look,
    /// At a node of its way (event-by-event schedule only).
    Node,
    /// Out of the streets.
    Leave,
}

/// What moves an agent from step to step, kept apart and small: with thousands in the streets it is what the caches must hold.
#[derive(Clone, Copy, Debug)]
pub struct Gait {
    /// Hash of the member, for the order of events.
    pub entity: u64,
    /// When its next look is, before any delay.
    pub look_at: Micros,
    /// When it reaches the next node, before any delay (event-by-event schedule only).
    pub node_at: Micros,
    /// When it leaves the streets, before any delay.
    pub leaves: Micros,
    /// Time lost in stops so far.
    pub delay: Micros,
    /// Start of the current leg with the member's own delay.
    pub leg_from: Micros,
    /// Effective metres of the current leg up to the next node.
    pub effective_m: f64,
    /// One over the speed, for node times.
    pub pace_s_per_m: f64,
    /// Path of the current leg.
    pub path: u32,
    /// Current leg.
    pub leg: u16,
    /// Step of its path after the next node.
    pub step: u16,
    /// Density bin of the current leg.
    pub hour: u8,
    /// Its pending event.
    pub due: Due,
    /// When that is, before any delay.
    pub planned: Micros,
    /// Whether the person has been taken away.
    pub taken: bool,
}

impl Gait {
    /// Whether the person is still in the streets.
    pub fn in_streets(&self, now: Micros) -> bool {
        now < self.leaves + self.delay
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
    pub sought: Option<Sought>,
    /// Whether the person is aware of the operation.
    pub aware: bool,
    /// Whether the face is covered.
    pub covered: bool,
    /// When, before any delay, it comes into view with the face covered.
    pub covered_at: Micros,
    /// Free speed, m/s.
    pub speed_m_s: f64,
    /// Legs with their clock; never empty.
    pub legs: Vec<Leg>,
    /// Looks, in time order.
    pub looks: Vec<PlannedLook>,
    /// The next of them.
    pub next_look: usize,
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
}

/// Agents in reusable slots: memory grows with people who matter now, not with people simulated.
#[derive(Default)]
pub struct Walkers {
    gaits: Vec<Gait>,
    slots: Vec<Walker>,
    free: Vec<u32>,
}

impl Walkers {
    /// Puts a walker into a slot.
    pub fn add(&mut self, gait: Gait, walker: Walker) -> u32 {
        match self.free.pop() {
            Some(slot) => {
                self.gaits[slot as usize] = gait;
                self.slots[slot as usize] = walker;
                slot
            }
            None => {
                self.gaits.push(gait);
                self.slots.push(walker);
                self.slots.len() as u32 - 1
            }
        }
    }
    /// Spare lists of legs and looks, to be filled for a new walker.
    pub fn spare_lists(&mut self) -> (Vec<Leg>, Vec<PlannedLook>) {
        let Some(slot) = self.free.last() else {
            return Default::default();
        };
        let old = &mut self.slots[*slot as usize];
        let (mut legs, mut looks) = (std::mem::take(&mut old.legs), std::mem::take(&mut old.looks));
        legs.clear();
        looks.clear();
        (legs, looks)
    }
    /// The walker in a slot.
    pub fn get(&self, slot: u32) -> &Walker {
        &self.slots[slot as usize]
    }
    /// The walker in a slot.
    pub fn get_mut(&mut self, slot: u32) -> &mut Walker {
        &mut self.slots[slot as usize]
    }
    /// The gait of the walker in a slot.
    #[inline]
    pub fn gait(&self, slot: u32) -> &Gait {
        &self.gaits[slot as usize]
    }
    /// The gait of the walker in a slot.
    #[inline]
    pub fn gait_mut(&mut self, slot: u32) -> &mut Gait {
        &mut self.gaits[slot as usize]
    }
    /// Gives back one claim; with the last one the slot is free.
    pub fn release(&mut self, slot: u32) {
        let walker = self.get_mut(slot);
        walker.claims -= 1;
        if walker.claims == 0 {
            self.free.push(slot);
        }
    }
}
