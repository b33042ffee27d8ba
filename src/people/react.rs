//! Noticing an operation and reacting to it: another route, turning back, covering the face.

use crate::scenario::Plan;
use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// What somebody who noticed does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reaction {
    /// Nothing.
    None,
    /// Takes another route if one is at most this much longer, m.
    Detour(f64),
    /// Leaves.
    TurnBack,
    /// Covers the face.
    Cover,
}

/// The law of reactions in one plausible world.
#[derive(Clone, Debug)]
pub struct Reactions {
    /// Chance to be aware for each set of camera mounts on the way: bit 0 vans, bit 1 lamp posts.
    aware: [f64; 4],
    concerned: Vec<f64>,
    knows: [f64; 3],
    worried: [f64; 3],
    other: [f64; 3],
    detour_m: (f64, f64),
}

impl Reactions {
    /// The reactions of a strategy; `None` when nobody can notice.
    pub fn new(plan: &Plan, numbers: &Numbers) -> Option<Self> {
        if numbers.choice(param::AWARENESS) == 1 {
            return None;
        }
        let get = |id: ParamId| numbers.get(id);
        let base = (1.0 - get(param::AWARE_NOTICE))
            * (1.0 - get(param::AWARE_WORD))
            * (1.0 - get(param::AWARE_LEAFLET))
            * libm::pow(1.0 - get(param::AWARE_SIGN), get(param::SIGNS));
        let (van, lamp) = (1.0 - get(param::AWARE_VAN), 1.0 - get(param::AWARE_LAMP));
        let share = get(param::CONCERNED);
        let of = |ids: [ParamId; 3]| {
            let [a, t, c] = ids.map(get);
            [a, a + t, a + t + c]
        };
        Some(Reactions {
            aware: [0.0, 1.0 - base * van, 1.0 - base * lamp, 1.0 - base * van * lamp],
            concerned: plan
                .crowd
                .concerned_odds
                .iter()
                .map(|odds| odds * share / (1.0 - share + odds * share).max(1e-12))
                .collect(),
            knows: of([param::AVOID_KNOWS, param::TURN_KNOWS, param::COVER_KNOWS]),
            worried: of([param::AVOID_CONCERNED, param::TURN_CONCERNED, param::COVER_CONCERNED]),
            other: of([param::AVOID_OTHER, param::TURN_OTHER, param::COVER_OTHER]),
            detour_m: (get(param::DETOUR_M), get(param::DETOUR_LOG_SD)),
        })
    }

    /// Chance of each cell to stay away from an announced deployment, given the chances to stay away of those who have
    /// heard of it: if concerned, and otherwise.
    pub fn stay_away(&self, numbers: &Numbers, given_heard: [f64; 2]) -> Vec<f64> {
        let heard = 1.0 - (1.0 - numbers.get(param::AWARE_NOTICE)) * (1.0 - numbers.get(param::AWARE_WORD));
        let [worried, other] = given_heard;
        let of = |c: &f64| (heard * (c * worried + (1.0 - c) * other)).clamp(0.0, 1.0);
        self.concerned.iter().map(of).collect()
    }

    /// Chance to be aware on a way with these mounts.
    pub fn awareness(&self, mounts: u8) -> f64 {
        self.aware[usize::from(mounts & 3)]
    }

    /// Whether a member is aware, and what it does. Companions are aware when their leader is.
    pub fn of(&self, draws: &Draws, visit: u64, member: u16, cell: usize, knows: bool, mounts: u8) -> (bool, Reaction) {
        let leader = draws.conduct.block(Purpose::React as u16, 0, 0, visit);
        if leader.unit(0) >= self.awareness(mounts) {
            return (false, Reaction::None);
        }
        let words = if member == 0 {
            leader
        } else {
            draws.conduct.block(Purpose::React as u16, member, 0, visit)
        };
        let below = if knows {
            self.knows
        } else if words.unit(1) < self.concerned[cell] {
            self.worried
        } else {
            self.other
        };
        let u = words.unit(2);
        let reaction = if u < below[0] {
            let twice = if knows { 2.0 } else { 1.0 };
            let (median_m, log_sd) = self.detour_m;
            Reaction::Detour(twice * median_m * libm::exp(log_sd * dist::normal_quantile(words.unit(3))))
        } else if u < below[1] {
            Reaction::TurnBack
        } else if u < below[2] {
            Reaction::Cover
        } else {
            Reaction::None
        };
        (true, reaction)
    }
}
