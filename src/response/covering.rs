//! Stops of people for nothing but a covered face.

use super::lognormal;
use crate::kernel::Micros;
use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::{Draws, Numbers, Purpose};

/// The law of such stops in one plausible world.
#[derive(Clone, Copy, Debug)]
pub struct Covering {
    noticed: f64,
    stopped: f64,
    minutes: (f64, f64),
    heated: f64,
    fined: f64,
    name_check: f64,
    /// Distance up to which a free pair can notice, m.
    pub notice_m: f64,
}

/// One such stop, decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverPlan {
    /// Time on the scene.
    pub scene: Micros,
    /// Whether the person is fined.
    pub fined: bool,
    /// Whether the person's name is checked.
    pub name_checked: bool,
}

impl Covering {
    /// The law of a strategy; none where nobody is ever stopped for it.
    pub fn new(numbers: &Numbers) -> Option<Self> {
        let get = |id: ParamId| numbers.get(id);
        let stopped = match numbers.choice(param::COVERING) {
            1 => get(param::COVER_STOP_JUDGEMENT),
            2 => get(param::COVER_STOP_ROMFORD),
            _ => get(param::COVER_STOP_LAWFUL),
        };
        (stopped > 0.0).then(|| Covering {
            noticed: get(param::COVER_NOTICED),
            stopped,
            minutes: (get(param::COVER_MIN), get(param::COVER_LOG_SD)),
            heated: get(param::COVER_HEATED),
            fined: get(param::COVER_FINED),
            name_check: get(param::COVER_NAME_CHECK),
            notice_m: get(param::COVER_NOTICE_M),
        })
    }

    /// Chances, with a pair near by, that a person who comes into view with the face covered is stopped, is stopped and fined,
    /// and is stopped and asked for a name: what [`Covering::decide`] draws.
    pub fn chances(&self) -> [f64; 3] {
        let stopped = self.noticed * self.stopped;
        [stopped, stopped * self.heated * self.fined, stopped * self.name_check]
    }

    /// What a pair near by does about a member of a visit who comes into view with the face covered.
    pub fn decide(&self, draws: &Draws, visit: u64, member: u16) -> Option<CoverPlan> {
        let block = |index| draws.conduct.block(Purpose::CoverStop as u16, member, index, visit);
        let (words, more) = (block(0), block(1));
        if words.unit(0) >= self.noticed || words.unit(1) >= self.stopped {
            return None;
        }
        let (median, log_sd) = self.minutes;
        Some(CoverPlan {
            scene: Micros::from_seconds(60.0 * lognormal(median, log_sd, words.unit(2))),
            fined: words.unit(3) < self.heated && more.unit(0) < self.fined,
            name_checked: more.unit(1) < self.name_check,
        })
    }
}
