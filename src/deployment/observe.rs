//! What can be seen of a run. Mechanics publish, consumers count.

use super::{Alert, Told};
use crate::kernel::Micros;
use crate::response::{CoverPlan, Patrol, Prices, Retention};

/// One person through one camera's view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Hash of who, where and what was seen; sums to the trace hash in any order.
    pub hash: u64,
    /// Group cell.
    pub cell: usize,
    /// Whether a usable face was captured and searched.
    pub searched: bool,
    /// Whether this is the first search of this person in the run.
    pub first: bool,
    /// Expected false alerts it adds, in units of 2^-64.
    pub expected_false: u64,
    /// Whether the person is on today's list.
    pub listed: bool,
}

/// Many people of one cell through the same number of views, of whom nothing else is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Batch<'a> {
    /// Group cell.
    pub cell: usize,
    /// People by number of searches.
    pub people: &'a [u64],
    /// Views that each of them crossed.
    pub passes_each: u64,
    /// Expected false alerts that a person's n-th search adds, in units of 2^-64.
    pub expected_false: &'a [u64],
    /// Sum of the hashes of all their passes.
    pub hash: u64,
}

/// A sought person's whole visit, at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoughtRecord {
    /// Group cell.
    pub cell: usize,
    /// Whether the person is on today's list.
    pub listed: bool,
    /// Whether the visit overlapped opening hours.
    pub present: bool,
    /// Whether any camera's view was crossed.
    pub passed: bool,
    /// Whether any true alert was raised.
    pub alerted: bool,
}

/// What a false alert that did not happen would have led to, in expectation and in units of 2^-64. Parts of one are told
/// apart: what passed review first, what was stopped later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shadowed {
    /// Group cell.
    pub cell: usize,
    /// Expected false alerts that the sample stands for.
    pub raised: u128,
    /// Of them, passed on by the operator.
    pub passed: u128,
    /// Expected wrongful stops.
    pub stopped: u128,
    /// Expected wrongful arrests.
    pub arrested: u128,
}

/// Totals of the people on duty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shift {
    /// Reviews, together.
    pub operator_busy: Micros,
    /// Waits before review, together.
    pub operator_waited: Micros,
    /// Pairs away from their posts, together.
    pub pair_busy: Micros,
    /// Pairs.
    pub pairs: usize,
    /// Time open.
    pub open: Micros,
    /// Officer-hours.
    pub officer_hours: f64,
    /// Arrests that the same officers would be expected to make on patrol.
    pub expected_patrol_arrests: f64,
    /// Share of false alerts that the force records as false.
    pub recorded_false: f64,
    /// What things cost.
    pub prices: Prices,
    /// How long images are kept.
    pub retention: Retention,
}

/// How a person reacted to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reacted {
    /// Took another route.
    Detour,
    /// Turned back.
    TurnedBack,
    /// Covered the face.
    Covered,
    /// Had heard of it and did not come.
    StayedAway,
}

/// A stop for a covered face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverStop {
    /// Identity.
    pub key: u64,
    /// When it began.
    pub at: Micros,
    /// Group cell of the person.
    pub cell: usize,
    /// Whether the person is on today's list; nobody knows it then.
    pub listed: bool,
    /// How long it takes and what it leads to.
    pub plan: CoverPlan,
}

/// The chances that somebody who came into view with the face covered is stopped for it, given that a pair is free and near;
/// in units of 2^-64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverChance {
    /// Group cell of the person.
    pub cell: usize,
    /// Of a stop.
    pub stopped: u128,
    /// Of a stop and a fine.
    pub fined: u128,
    /// Of a stop and a name check.
    pub name_checked: u128,
}

/// Something that watches a run.
pub trait Observer {
    /// Whether it ever follows anybody: nobody else pays for it.
    const FOLLOWS: bool = false;
    /// Whether it wants to be told of this visit step by step. Following somebody changes nothing of a run.
    fn follows(&self, _visit: u64, _sought: bool) -> bool {
        false
    }
    /// A step of a followed visit, in event order.
    fn told(&mut self, _visit: u64, _member: u16, _step: &Told) {}
    /// A person through a view. Called in any order; may be called millions of times.
    fn pass(&mut self, pass: &Pass);
    /// Many people at once. The same as telling of their passes one by one.
    fn batch(&mut self, batch: &Batch) {
        let mut hash = batch.hash;
        for (searches, people) in batch.people.iter().enumerate() {
            for _ in 0..*people {
                for view in 0..batch.passes_each {
                    let searched = view < searches as u64;
                    let pass = Pass {
                        hash: std::mem::take(&mut hash),
                        cell: batch.cell,
                        searched,
                        first: searched && view == 0,
                        expected_false: if searched {
                            batch.expected_false[view as usize]
                        } else {
                            0
                        },
                        listed: false,
                    };
                    self.pass(&pass);
                }
            }
        }
    }
    /// A person reacted. Called in any order.
    fn reaction(&mut self, cell: usize, reacted: Reacted);
    /// A visit touched no camera, or is over; counted for speed only.
    fn visits(&mut self, visits: u64, persons: u64);
    /// A sought person's visit is over. Called in any order.
    fn sought(&mut self, record: &SoughtRecord);
    /// An alert has ended. Called in event order.
    fn alert(&mut self, alert: &Alert);
    /// A false alert that did not happen, followed. Called in any order.
    fn shadow(&mut self, shadow: &Shadowed);
    /// Somebody with a covered face may be stopped for it. Called in any order.
    fn cover_chance(&mut self, chance: &CoverChance);
    /// Somebody was stopped for a covered face. Called in event order.
    fn cover_stop(&mut self, stop: &CoverStop);
    /// Patrol's counts by cell, and arrests of the wider operation by cell.
    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]);
    /// The deployment is over.
    fn end(&mut self, shift: &Shift);
}

/// Two that watch the same run. Both are told the steps of a visit that either follows.
impl<A: Observer, B: Observer> Observer for (A, B) {
    const FOLLOWS: bool = A::FOLLOWS || B::FOLLOWS;
    fn follows(&self, visit: u64, sought: bool) -> bool {
        self.0.follows(visit, sought) || self.1.follows(visit, sought)
    }
    fn told(&mut self, visit: u64, member: u16, step: &Told) {
        self.0.told(visit, member, step);
        self.1.told(visit, member, step);
    }
    #[inline]
    fn pass(&mut self, pass: &Pass) {
        self.0.pass(pass);
        self.1.pass(pass);
    }
    fn batch(&mut self, batch: &Batch) {
        self.0.batch(batch);
        self.1.batch(batch);
    }
    fn reaction(&mut self, cell: usize, reacted: Reacted) {
        self.0.reaction(cell, reacted);
        self.1.reaction(cell, reacted);
    }
    #[inline]
    fn visits(&mut self, visits: u64, persons: u64) {
        self.0.visits(visits, persons);
        self.1.visits(visits, persons);
    }
    fn sought(&mut self, record: &SoughtRecord) {
        self.0.sought(record);
        self.1.sought(record);
    }
    fn alert(&mut self, alert: &Alert) {
        self.0.alert(alert);
        self.1.alert(alert);
    }
    fn shadow(&mut self, shadow: &Shadowed) {
        self.0.shadow(shadow);
        self.1.shadow(shadow);
    }
    fn cover_chance(&mut self, chance: &CoverChance) {
        self.0.cover_chance(chance);
        self.1.cover_chance(chance);
    }
    fn cover_stop(&mut self, stop: &CoverStop) {
        self.0.cover_stop(stop);
        self.1.cover_stop(stop);
    }
    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]) {
        self.0.patrol(patrol, wider);
        self.1.patrol(patrol, wider);
    }
    fn end(&mut self, shift: &Shift) {
        self.0.end(shift);
        self.1.end(shift);
    }
}
