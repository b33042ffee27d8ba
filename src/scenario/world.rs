//! One plausible world: every doubtful number drawn once per replication, the same for all strategies.

use super::plan::{Doubtful, Values};
use super::registry::{Kind, PARAMETERS, ParamId};
use crate::kernel::{Stream, mix, name_hash};

/// What a draw is for. The number is part of every draw's identity: never reuse or reorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Purpose {
    /// A registry parameter or a doubtful table entry; entity is the hash of its key.
    Parameter = 1,
    /// The day's footfall and sought presence: words footfall, footfall, sought, sought.
    Day = 2,
    /// Arrivals at a gate in an hour; entity is the gate's hash, index the hour.
    Arrivals = 3,
    /// A visit: words start, group size, number of destinations, sought gate.
    Visit = 4,
    /// A leg of a visit; index is the leg: words destination, alternative, stay, spare.
    Leg = 5,
    /// A member of a visit; sub is the member: words group cell, speed, person of the pool, delay within the group.
    Member = 6,
    /// A reaction to signs; sub is the member: words aware, concerned, reaction, longest detour.
    React = 7,
    /// A person: words look-alike U, look-alike V, ever searched, matched cell.
    Person = 8,
    /// Further bits of a person's look-alike words.
    PersonFine = 9,
    /// A sought person; index 0: reason and cell, on the list, stale, knows; 1: photograph age, photograph quality,
    /// goodness of match, spare; 2: fine bits of the list draw.
    Sought = 10,
    /// A look; sub is member and leg, index the camera: words capture, impostor, lane, shared quality.
    Look = 11,
    /// More of a look: words best-look quality, genuine noise, impostor fine bits, spare.
    LookMore = 12,
    /// A review; entity is the alert: words evidence, time, spare, spare.
    Review = 13,
    /// A pursuit; entity is the alert: words radio, lost, spare, lost at a gateway; index 1: flee, caught.
    Pursuit = 14,
    /// A stop; entity is the alert: words duration, outcome, charge, transport.
    Stop = 15,
    /// A stop after a false alert; entity is the alert: words papers, fingerprint, handcuffs, arrest; index 1: custody.
    Wrongful = 16,
    /// Whether a companion waits; sub is the member, entity the alert.
    Wait = 17,
    /// The patrol comparator and wider arrests; entity is what, index the cell.
    Patrol = 18,
    /// The operator on duty; index is the operator.
    Operator = 19,
}

/// The three classes of draws of one replication; a scenario that changes one leaves the others.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    /// Who walks where and when.
    pub population: Stream,
    /// The plausible world: parameters and the day.
    pub world: Stream,
    /// What cameras, operators and officers do.
    pub conduct: Stream,
}

impl Draws {
    /// The draws of a replication.
    pub fn new(seed: u64, replication: u32) -> Self {
        Draws {
            population: Stream::new(seed, replication, 1),
            world: Stream::new(seed, replication, 2),
            conduct: Stream::new(seed, replication, 3),
        }
    }

    /// The draws of another run of a replication's plausible world: everything that is chance is drawn anew, and parameters
    /// are for the caller to draw from the replication itself. Run 0 is the replication's own.
    pub fn again(seed: u64, replication: u32, run: u32) -> Self {
        match run {
            0 => Self::new(seed, replication),
            _ => Self::new(mix(seed ^ mix(0x6167_6169_6e00_0000 ^ u64::from(run))), replication),
        }
    }
}

/// The numbers of one strategy in one plausible world.
#[derive(Clone, Debug)]
pub struct Numbers {
    numbers: Vec<f64>,
    world: Option<Stream>,
}

impl Numbers {
    /// Draws every doubtful number of `values`; without `world` all stay at their central values.
    pub fn draw(values: &Values, world: Option<Stream>) -> Self {
        let numbers = PARAMETERS
            .iter()
            .enumerate()
            .map(|(i, row)| {
                let id = ParamId(i as u16);
                let x = drawn(values.value(id), world, name_hash(row.key));
                match row.kind {
                    Kind::Number { min, max, .. } => x.clamp(min, max),
                    Kind::Whole { min, max, .. } => libm::round(x).clamp(f64::from(min), f64::from(max)),
                    Kind::Flag { .. } | Kind::Choice { .. } => x,
                }
            })
            .collect();
        Numbers { numbers, world }
    }
    /// The number of a parameter.
    pub fn get(&self, id: ParamId) -> f64 {
        self.numbers[usize::from(id.0)]
    }
    /// Whether a flag is on.
    pub fn flag(&self, id: ParamId) -> bool {
        self.get(id) != 0.0
    }
    /// The index of a choice's word.
    pub fn choice(&self, id: ParamId) -> usize {
        self.get(id) as usize
    }
    /// A doubtful table entry in this world; `key` names the entry.
    pub fn doubtful(&self, value: Doubtful, key: &str) -> f64 {
        drawn(value, self.world, name_hash(key))
    }
    /// A uniform of this world for the entry `key`, or one half when nothing is drawn.
    pub fn uniform(&self, key: &str) -> Option<f64> {
        self.world
            .map(|w| w.block(Purpose::Parameter as u16, 0, 0, name_hash(key)).fine(0))
    }
}

fn drawn(value: Doubtful, world: Option<Stream>, key: u64) -> f64 {
    match (value.prior, world) {
        (Some(prior), Some(world)) => prior.quantile(world.block(Purpose::Parameter as u16, 0, 0, key).fine(0)),
        _ => value.central,
    }
}
