//! What a day brings to a place: date and clock, and in a programme what the days before it have left behind.

use super::{Homes, Subjects};
use crate::scenario::Plan;
use crate::scenario::plan::DayType;
use crate::scenario::world::Draws;
use jiff::civil::Date;

/// Date and clock of a deployment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct When {
    /// Date.
    pub date: Date,
    /// Its day type.
    pub day_type: DayType,
    /// Opening, seconds after local midnight.
    pub open_s: f64,
    /// Closing, seconds after local midnight.
    pub close_s: f64,
    /// Whether people come hour by whole hour, whatever the opening: then two deployments at the same place on the same day
    /// meet the same people in the hours that they share.
    pub whole_hours: bool,
}

impl When {
    /// Date and clock of a plan of one day.
    pub fn of(plan: &Plan) -> Self {
        When {
            date: plan.date,
            day_type: plan.day_type,
            open_s: plan.open_s,
            close_s: plan.close_s,
            whole_hours: false,
        }
    }
}

/// What a day brings.
#[derive(Clone, Copy, Debug)]
pub struct Conditions<'a> {
    /// Draws of the day.
    pub draws: Draws,
    /// Date and clock.
    pub when: When,
    /// Footfall relative to an ordinary day, beside the day's own chance.
    pub footfall: f64,
    /// Presence of sought people relative to the plan's, beside the day's own chance.
    pub presence: f64,
    /// Turns of the watchlist since the first day, in units of 2^-32: whom a person is taken for changes with every turn.
    pub turns: u64,
    /// Part of the keys of those who come once only, so that they are others on every day and at every place.
    pub strangers: u64,
    /// Whose members come here; none: those of the place's own pool.
    pub homes: Option<Homes<'a>>,
    /// The sought people of the city; none: everyone who comes is new.
    pub subjects: Option<Subjects<'a>>,
    /// Chance that somebody who has heard of the deployment stays away: if concerned, and otherwise.
    pub stays_away: [f64; 2],
}

impl Conditions<'_> {
    /// The only day of a plan of one day.
    pub fn of(plan: &Plan, draws: Draws) -> Self {
        Conditions {
            draws,
            when: When::of(plan),
            footfall: 1.0,
            presence: 1.0,
            turns: 0,
            strangers: 0,
            homes: None,
            subjects: None,
            stays_away: [0.0; 2],
        }
    }

    /// Key of a person's luck with the matcher: the person's own until the list has turned over. Everybody's turn comes at
    /// another time, which the upper half of the key says.
    #[inline]
    pub fn luck(&self, person: u64) -> u64 {
        let turn = (self.turns + (person >> 32)) >> 32;
        person ^ turn.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}
