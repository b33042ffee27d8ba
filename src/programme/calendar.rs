//! Which days have deployments, when they open and for how long, and which are called off.

use crate::kernel::{mix, name_hash};
use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;
use jiff::civil::Date;

const WEEKDAYS: [ParamId; 7] = [
    param::WEIGHT_MON,
    param::WEIGHT_TUE,
    param::WEIGHT_WED,
    param::WEIGHT_THU,
    param::WEIGHT_FRI,
    param::WEIGHT_SAT,
    param::WEIGHT_SUN,
];
/// Shortest and longest deployment, s.
const LENGTH_S: (f64, f64) = (3600.0, 9.0 * 3600.0);
const DAY_S: f64 = 86_400.0;

/// Days since 1 January 1970.
pub fn day_number(date: Date) -> i32 {
    (date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24) as i32
}

/// Opening and closing, seconds after local midnight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hours {
    /// Opening.
    pub open_s: f64,
    /// Closing.
    pub close_s: f64,
}

impl Hours {
    /// How long it is open, h.
    pub fn length_h(self) -> f64 {
        (self.close_s - self.open_s) / 3600.0
    }
}

/// Why a deployment does not take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalledOff {
    /// A fault of the equipment.
    Fault,
    /// Severe weather.
    Weather,
    /// Anything else.
    Other,
}

/// The city's calendar in one plausible world, the same under every strategy with the same numbers.
#[derive(Clone, Debug)]
pub struct Calendar {
    draws: Draws,
    /// Chance that a day of the week has deployments, from Monday on.
    pub operating: [f64; 7],
    open_h: (f64, f64),
    length_s: (f64, f64),
    fault: f64,
    cancelled: f64,
    severe: f64,
    weather: f64,
}

impl Calendar {
    /// The calendar of a replication.
    pub fn new(numbers: &Numbers, draws: Draws) -> Self {
        let get = |id| numbers.get(id);
        let days = get(param::PER_YEAR) / get(param::TEAMS).max(1.0) * 7.0 / 365.25;
        Calendar {
            draws,
            operating: chances(WEEKDAYS.map(get), days),
            open_h: (
                get(param::OPEN_FROM_H),
                get(param::OPEN_UNTIL_H).max(get(param::OPEN_FROM_H)),
            ),
            length_s: (60.0 * get(param::LENGTH_MIN), get(param::LENGTH_LOG_SD)),
            fault: get(param::FAULT),
            cancelled: get(param::CANCELLED),
            severe: get(param::SEVERE_WEATHER),
            weather: get(param::CANCELLED_WEATHER),
        }
    }

    /// Whether deployments are planned on a day.
    pub fn operates(&self, date: Date) -> bool {
        let chance = self.operating[date.weekday().to_monday_zero_offset() as usize];
        self.city_day(date).unit(0) < chance
    }

    /// When a deployment at a site opens and closes on a day.
    pub fn hours(&self, site: &str, date: Date) -> Hours {
        let words = self.site_day(site, date, 0);
        let (from, until) = self.open_h;
        let open_s = 3600.0 * (from + words.unit(0) * (until - from));
        let length = self.length_s.0 * libm::exp(self.length_s.1 * dist::normal_quantile(words.unit(1)));
        let close_s = (open_s + length.clamp(LENGTH_S.0, LENGTH_S.1)).min(DAY_S);
        // Whole minutes: that is how hours are published.
        let minute = |s: f64| 60.0 * libm::round(s / 60.0);
        Hours {
            open_s: minute(open_s).min(DAY_S - 60.0),
            close_s: minute(close_s),
        }
    }

    /// Whether and why a deployment planned at a site on a day is called off.
    pub fn called_off(&self, site: &str, date: Date) -> Option<CalledOff> {
        let words = self.site_day(site, date, 0);
        let severe = self.is_winter(date) && self.city_day(date).unit(1) < self.severe;
        if words.unit(2) < self.fault {
            Some(CalledOff::Fault)
        } else if severe && self.site_day(site, date, 1).unit(0) < self.weather {
            Some(CalledOff::Weather)
        } else {
            (words.unit(3) < self.cancelled).then_some(CalledOff::Other)
        }
    }

    /// How long before opening the list is drawn up, s: at most a day.
    pub fn list_before_s(&self, site: &str, date: Date) -> f64 {
        DAY_S * self.site_day(site, date, 1).unit(1)
    }

    fn is_winter(&self, date: Date) -> bool {
        matches!(date.month(), 11 | 12 | 1 | 2 | 3)
    }

    fn city_day(&self, date: Date) -> crate::kernel::Block {
        let day = day_number(date) as u32;
        self.draws.world.block(Purpose::CityDay as u16, 0, day, 0)
    }

    fn site_day(&self, site: &str, date: Date, index: u32) -> crate::kernel::Block {
        let entity = mix(name_hash(site) ^ u64::from(day_number(date) as u32));
        self.draws.world.block(Purpose::SiteDay as u16, 0, index, entity)
    }
}

/// Chances of the days of a week in proportion to their weights, none above 1, that sum to `days`.
fn chances(weights: [f64; 7], days: f64) -> [f64; 7] {
    let mut chances = [0.0; 7];
    let mut certain = [false; 7];
    // What the certain days cannot take is spread over the others; at most one day becomes certain for good in each round.
    for _ in 0..7 {
        let open = |i: usize| !certain[i] && weights[i] > 0.0;
        let total: f64 = (0..7).filter(|i| open(*i)).map(|i| weights[i]).sum();
        let left = days - certain.iter().filter(|c| **c).count() as f64;
        if total <= 0.0 || left <= 0.0 {
            break;
        }
        for i in (0..7).filter(|i| open(*i)).collect::<Vec<_>>() {
            chances[i] = (left * weights[i] / total).min(1.0);
        }
        let before = certain;
        (0..7).for_each(|i| certain[i] = chances[i] >= 1.0);
        if before == certain {
            break;
        }
    }
    chances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_as_many_days_as_it_should() {
        let weights = [0.03, 0.28, 0.18, 0.27, 0.19, 0.03, 0.02];
        for days in [0.5, 2.2, 4.98, 6.5, 7.0] {
            let p = chances(weights, days);
            assert!((p.iter().sum::<f64>() - days).abs() < 1e-9, "{days}: {p:?}");
            assert!(p.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        assert_eq!(chances([0.0; 7], 3.0), [0.0; 7]);
        // Weekdays without weight never operate, however many are asked for.
        assert_eq!(chances([0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 3.0)[0], 0.0);
    }
}
