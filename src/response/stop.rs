//! What a stop leads to and how long it takes.

use super::{Truth, lognormal};
use crate::kernel::Micros;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};

/// How a stop ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The right person, arrested.
    Arrest,
    /// The right person, another action.
    OtherAction,
    /// The right person, no action.
    NoAction,
    /// The entry was out of date; arrested and released.
    StaleArrest,
    /// The entry was out of date; no action.
    StaleNoAction,
    /// The wrong person, let go.
    Wrongful,
    /// The wrong person, arrested.
    WrongfulArrest,
}

impl Outcome {
    /// The word in `alerts.parquet` and in stories.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Arrest => "arrest",
            Outcome::OtherAction => "other action",
            Outcome::NoAction => "no action",
            Outcome::StaleArrest => "arrest, entry out of date",
            Outcome::StaleNoAction => "no action, entry out of date",
            Outcome::Wrongful => "wrongful stop",
            Outcome::WrongfulArrest => "wrongful arrest",
        }
    }
    /// Whether the person is taken away.
    pub fn is_arrest(self) -> bool {
        matches!(self, Outcome::Arrest | Outcome::StaleArrest | Outcome::WrongfulArrest)
    }
}

/// One stop, decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StopPlan {
    /// How it ends.
    pub outcome: Outcome,
    /// Time on the scene.
    pub scene: Micros,
    /// Time the pair is away afterwards.
    pub away: Micros,
    /// Further time in custody of a person who is arrested.
    pub custody: Micros,
    /// Whether an arrest leads to a charge or caution.
    pub charged: bool,
    /// Whether a person stopped after a false alert is handcuffed.
    pub handcuffed: bool,
}

/// The law of stops in one plausible world.
#[derive(Clone, Debug)]
pub struct Stops {
    /// For each reason: arrest, then arrest or other action.
    below: Vec<(f64, f64)>,
    numbers: Numbers,
}

impl Stops {
    /// Stops of a strategy.
    pub fn new(plan: &Plan, numbers: &Numbers) -> Self {
        let below = plan
            .watchlist
            .reasons
            .iter()
            .map(|r| (r.arrest, r.arrest + r.other))
            .collect();
        Stops {
            below,
            numbers: numbers.clone(),
        }
    }

    /// Decides the stop that an alert leads to. Children who are arrested wait in custody for an appropriate adult.
    pub fn decide(&self, draws: &Draws, alert: u64, truth: Truth, child: bool) -> StopPlan {
        let mut stop = self.adult(draws, alert, truth);
        if child && stop.outcome.is_arrest() {
            let words = draws.conduct.block(Purpose::Custody as u16, 0, 0, alert);
            let get = |id| self.numbers.get(id);
            let minutes = lognormal(get(param::ADULT_WAIT_MIN), get(param::ADULT_WAIT_LOG_SD), words.unit(1));
            stop.custody += Micros::from_seconds(60.0 * minutes);
        }
        stop
    }

    /// The stop of an adult.
    fn adult(&self, draws: &Draws, alert: u64, truth: Truth) -> StopPlan {
        let words = draws.conduct.block(Purpose::Stop as u16, 0, 0, alert);
        let get = |id| self.numbers.get(id);
        let minutes = |median, log_sd, u| Micros::from_seconds(60.0 * lognormal(median, log_sd, u));
        let hours = |median, log_sd, u| Micros::from_seconds(3600.0 * lognormal(median, log_sd, u));
        let arrest = minutes(get(param::ARREST_MIN), get(param::ARREST_LOG_SD), words.unit(0));
        let check = minutes(get(param::CHECK_MIN), get(param::CHECK_LOG_SD), words.unit(0));
        let transport = minutes(get(param::TRANSPORT_MIN), get(param::TRANSPORT_LOG_SD), words.unit(3));
        let none = Micros(0);
        let plan = |outcome: Outcome, scene, custody| StopPlan {
            outcome,
            scene,
            away: if outcome.is_arrest() { transport } else { none },
            custody,
            charged: outcome == Outcome::Arrest && words.unit(2) < get(param::CHARGED),
            handcuffed: false,
        };
        match truth {
            Truth::True { stale: true, .. } if words.unit(1) < get(param::STALE_ARREST) => plan(
                Outcome::StaleArrest,
                arrest,
                hours(
                    get(param::STALE_CUSTODY_H),
                    get(param::STALE_CUSTODY_LOG_SD),
                    words.unit(2),
                ),
            ),
            Truth::True { stale: true, .. } => plan(Outcome::StaleNoAction, check, none),
            Truth::True { reason, .. } => {
                let (arrests, acts) = self.below[reason];
                if words.unit(1) < arrests {
                    let u = draws.conduct.block(Purpose::Custody as u16, 0, 0, alert).unit(0);
                    let custody = hours(get(param::CUSTODY_H), get(param::CUSTODY_LOG_SD), u);
                    plan(Outcome::Arrest, arrest, custody)
                } else if words.unit(1) < acts {
                    plan(Outcome::OtherAction, check, none)
                } else {
                    plan(Outcome::NoAction, check, none)
                }
            }
            Truth::False => {
                let more = draws.conduct.block(Purpose::Wrongful as u16, 0, 0, alert);
                let mut scene = minutes(get(param::WRONGFUL_MIN), get(param::WRONGFUL_LOG_SD), words.unit(0));
                if more.unit(0) >= get(param::DOCUMENT_ACCEPTED) {
                    scene += minutes(
                        get(param::FINGERPRINT_MIN),
                        get(param::FINGERPRINT_LOG_SD),
                        more.unit(1),
                    );
                }
                let handcuffed = more.unit(2) < get(param::HANDCUFF);
                let (outcome, custody) = if more.unit(3) < get(param::WRONGFUL_ARREST) {
                    let u = draws.conduct.block(Purpose::Wrongful as u16, 0, 1, alert).unit(0);
                    (
                        Outcome::WrongfulArrest,
                        hours(get(param::WRONGFUL_CUSTODY_H), get(param::CUSTODY_LOG_SD), u),
                    )
                } else {
                    (Outcome::Wrongful, none)
                };
                StopPlan {
                    handcuffed,
                    ..plan(outcome, scene, custody)
                }
            }
        }
    }
}
