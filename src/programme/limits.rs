//! What a regime allows of a year of deployments.

use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Limits and duties over a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Most deployments in a year; none is no limit. A moratorium is a limit of 0.
    pub most_per_year: Option<u32>,
    /// How long ahead a deployment is announced, days.
    pub lead_days: f64,
    /// Whether results must be published by group.
    pub published_by_group: bool,
}

impl Limits {
    /// The limits of a strategy.
    pub fn read(numbers: &Numbers) -> Self {
        let cap = numbers.get(param::MOST_DEPLOYMENTS) as u32;
        Limits {
            most_per_year: match (numbers.flag(param::MORATORIUM), cap) {
                (true, _) => Some(0),
                (false, 0) => None,
                (false, cap) => Some(cap),
            },
            lead_days: numbers.get(param::LEAD_DAYS),
            published_by_group: numbers.choice(param::PUBLISH) == 1,
        }
    }

    /// Whether one more is allowed after `so_far` deployments of the year.
    pub fn allows(&self, so_far: u32) -> bool {
        self.most_per_year.is_none_or(|most| so_far < most)
    }
}
