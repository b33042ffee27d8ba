//! How the threshold changes from published rows: never, up after false alerts, or up and down under pressure for leads.

use super::row::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Bounds of the threshold.
const BOUNDS: (f64, f64) = (0.56, 0.70);

/// The rule and its state.
#[derive(Clone, Debug)]
pub struct Governance {
    /// Threshold of today.
    pub threshold: f64,
    raises: bool,
    lowers: bool,
    days: i32,
    most_false: u64,
    fall: f64,
    step: f64,
    last_change: i32,
}

impl Governance {
    /// The threshold of the strategy, before anything is published.
    pub fn new(numbers: &Numbers, first_day: i32) -> Self {
        let kind = numbers.choice(param::GOVERNANCE);
        Governance {
            threshold: numbers.get(param::THRESHOLD),
            raises: kind > 0,
            lowers: kind == 2,
            days: numbers.get(param::GOVERNANCE_DAYS) as i32,
            most_false: numbers.get(param::GOVERNANCE_FALSE) as u64,
            fall: numbers.get(param::GOVERNANCE_FALL),
            step: numbers.get(param::GOVERNANCE_STEP),
            last_change: first_day,
        }
    }

    /// A new day with what has been published by then.
    pub fn review(&mut self, day: i32, published: &[PublishedRow]) {
        if !self.raises || day - self.last_change < self.days {
            return;
        }
        let period = |from: i32, until: i32| {
            let rows = published.iter().filter(move |r| (from..until).contains(&r.day));
            rows.fold((0, 0, 0.0), |(f, a, h), r| {
                (f + r.false_alerts(), a + r.alerts, h + r.hours)
            })
        };
        let (false_alerts, alerts, hours) = period(day - self.days, day);
        let (_, alerts_before, hours_before) = period(day - 2 * self.days, day - self.days);
        let rate = |alerts: u64, hours: f64| if hours > 0.0 { alerts as f64 / hours } else { 0.0 };
        let before = rate(alerts_before, hours_before);
        let step = if false_alerts > self.most_false {
            self.step
        } else if self.lowers && before > 0.0 && hours > 0.0 && rate(alerts, hours) < (1.0 - self.fall) * before {
            -self.step
        } else {
            return;
        };
        self.threshold = (self.threshold + step).clamp(BOUNDS.0.min(self.threshold), BOUNDS.1.max(self.threshold));
        self.last_change = day;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::testing::numbers;

    fn governance(kind: f64) -> Governance {
        Governance::new(&numbers(&[(param::GOVERNANCE, kind)]), 0)
    }

    fn row(day: i32, alerts: u64, false_alerts: u64) -> PublishedRow {
        PublishedRow {
            day,
            hours: 5.0,
            alerts,
            false_unconfirmed: false_alerts,
            ..PublishedRow::default()
        }
    }

    #[test]
    fn a_ratchet_only_rises_and_pressure_brings_it_down_again() {
        let mut rows: Vec<PublishedRow> = (0..28).map(|d| row(d, 4, u64::from(d % 10 == 0))).collect();
        let (mut fixed, mut ratchet, mut pressure) = (governance(0.0), governance(1.0), governance(2.0));
        let all = |day: i32, rows: &[PublishedRow], g: &mut [&mut Governance]| {
            g.iter_mut().for_each(|g| g.review(day, rows));
        };
        all(28, &rows, &mut [&mut fixed, &mut ratchet, &mut pressure]);
        assert_eq!(
            [fixed.threshold, ratchet.threshold, pressure.threshold].map(|t| (t * 100.0).round()),
            [64.0, 66.0, 66.0]
        );
        // Far fewer alerts per hour afterwards: only pressure gives way, and not before the period is over.
        rows.extend((28..56).map(|d| row(d, 1, 0)));
        all(40, &rows, &mut [&mut fixed, &mut ratchet, &mut pressure]);
        assert!((pressure.threshold - 0.66).abs() < 1e-9);
        all(56, &rows, &mut [&mut fixed, &mut ratchet, &mut pressure]);
        assert_eq!(
            [fixed.threshold, ratchet.threshold, pressure.threshold].map(|t| (t * 100.0).round()),
            [64.0, 66.0, 64.0]
        );
    }
}
