//! The roll of sought people of the city: who enters, who is cleared, who is in custody.
//!
//! Who is on the roll on which day does not depend on arrests, so it is the same under every strategy; an arrest only marks
//! an entry as not about. A visit of somebody who is not about does not happen, which thins visits exactly as it should.

use crate::kernel::mix;
use crate::people::{Entry, Subjects};
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// Days of a month.
const MONTH_DAYS: f64 = 365.25 / 12.0;

/// Everybody on the roll, in classes of home and reason.
#[derive(Clone, Debug)]
pub struct Roll {
    /// Entries by class.
    pub classes: Vec<Vec<Entry>>,
    /// Reason of each class.
    pub reasons: Vec<usize>,
    /// Site whose area is the home of each class.
    pub homes: Vec<usize>,
    draws: Draws,
    day: i32,
    first_day: i32,
    size: f64,
    per_month: f64,
    mean_days: f64,
    custody_days: f64,
    custody_log_sd: f64,
    cleared: f64,
    reason_below: Vec<f64>,
    home_below: Vec<f64>,
    /// Presence of each class at each site, per person.
    kernel: Vec<Vec<f64>>,
    /// The same for a roll of the usual size.
    usual: Vec<f64>,
}

impl Roll {
    /// The roll on the day before the first. `homes` are weights of the sites' areas; `distance_km` between sites.
    pub fn new(
        plan: &Plan,
        numbers: &Numbers,
        draws: Draws,
        first_day: i32,
        homes: &[f64],
        distance_km: &[Vec<f64>],
    ) -> Self {
        let list = &plan.watchlist;
        let shares: Vec<f64> = list.reasons.iter().map(|r| r.share).collect();
        let (reason_below, home_below) = (cumulative(&shares), cumulative(homes));
        let classes: Vec<(usize, usize)> = (0..homes.len())
            .flat_map(|h| (0..shares.len()).map(move |r| (h, r)))
            .collect();
        let scale_km = numbers.get(param::SOUGHT_KM);
        let kernel: Vec<Vec<f64>> = distance_km
            .iter()
            .map(|row| {
                let presence = |(h, r): &(usize, usize)| list.reasons[*r].presence * libm::exp(-row[*h] / scale_km);
                classes.iter().map(presence).collect()
            })
            .collect();
        let size = numbers.get(param::LIST_POOL);
        let part = |below: &[f64], i: usize| below[i] - if i == 0 { 0.0 } else { below[i - 1] };
        let usual = kernel
            .iter()
            .map(|row| {
                let expected =
                    |((h, r), k): (&(usize, usize), &f64)| size * part(&home_below, *h) * part(&reason_below, *r) * k;
                classes.iter().zip(row).map(expected).sum()
            })
            .collect();
        let mut roll = Roll {
            classes: vec![Vec::new(); classes.len()],
            reasons: classes.iter().map(|c| c.1).collect(),
            homes: classes.iter().map(|c| c.0).collect(),
            draws,
            day: first_day - 1,
            first_day,
            size,
            per_month: numbers.get(param::LIST_PER_MONTH),
            mean_days: numbers.get(param::SOUGHT_DAYS),
            custody_days: numbers.get(param::CUSTODY_DAYS),
            custody_log_sd: numbers.get(param::CUSTODY_DAYS_LOG_SD),
            cleared: numbers.get(param::CLEARED),
            reason_below,
            home_below,
            kernel,
            usual,
        };
        roll.enter(roll.day, size, u64::MAX);
        roll
    }

    /// The next day: newcomers enter, and those whose time is over leave.
    pub fn next_day(&mut self) {
        self.day += 1;
        let day = self.day;
        self.classes.iter_mut().for_each(|c| c.retain(|e| e.until > day));
        let size = self.size_on(day);
        let newcomers = (size / self.mean_days + self.per_month / MONTH_DAYS).max(0.0);
        self.enter(day, newcomers, u64::from(day as u32));
    }

    /// Usual size of the roll on a day.
    pub fn size_on(&self, day: i32) -> f64 {
        (self.size + self.per_month * f64::from(day - self.first_day) / MONTH_DAYS).max(0.0)
    }

    /// A Poisson number of people enter.
    fn enter(&mut self, day: i32, mean: f64, key: u64) {
        let count = self.draws.world.block(Purpose::Inflow as u16, 0, 0, key).fine(0);
        let count = dist::poisson_quantile(count, mean);
        let reasons = self.reason_below.len();
        for i in 0..count {
            let person = mix(mix(key ^ 0x7275_6e00_0000_0000).wrapping_add(i));
            let words = self.draws.person.block(Purpose::Roll as u16, 0, 0, person);
            let reason = place(&self.reason_below, words.unit(0));
            let home = place(&self.home_below, words.unit(1));
            // Every day each has the same chance to be cleared, so that the mean time is what it should be.
            let days = 1.0 + libm::floor(libm::log1p(-words.unit(3)) / libm::log1p(-1.0 / self.mean_days));
            self.classes[home * reasons + reason].push(Entry {
                key: person,
                rank: words.0[2],
                until: day.saturating_add(days.min(1e9) as i32),
                back: i32::MIN,
            });
        }
    }

    /// Number of reasons.
    pub fn reason_count(&self) -> usize {
        self.reason_below.len()
    }

    /// People on the roll who have not been arrested, and all of them.
    pub fn people(&self) -> (u64, u64) {
        let all = self.classes.iter().map(|c| c.len() as u64).sum();
        let about = self.classes.iter().flatten().filter(|e| e.active(self.day)).count() as u64;
        (about, all)
    }

    /// People living about each site who are on the roll and about.
    pub fn at_home(&self, sites: usize) -> Vec<u32> {
        let mut count = vec![0; sites];
        for (class, home) in self.classes.iter().zip(&self.homes) {
            count[*home] += class.iter().filter(|e| e.active(self.day)).count() as u32;
        }
        count
    }

    /// Presence at a site relative to a roll of its usual size on the first day, arrests left out; and the cumulative shares
    /// of classes in it.
    pub fn presence(&self, site: usize, below: &mut Vec<f64>) -> f64 {
        below.clear();
        let mut sum = 0.0;
        for (class, k) in self.classes.iter().zip(&self.kernel[site]) {
            sum += class.len() as f64 * k;
            below.push(sum);
        }
        if sum > 0.0 {
            below.iter_mut().for_each(|b| *b /= sum);
        }
        if self.usual[site] > 0.0 {
            sum / self.usual[site]
        } else {
            0.0
        }
    }

    /// Who may come to a site today.
    pub fn subjects<'a>(&'a self, below: &'a [f64], list: &'a super::List) -> Subjects<'a> {
        Subjects {
            classes: &self.classes,
            reasons: &self.reasons,
            eligible: &list.eligible,
            below,
            last_rank: list.last_rank,
            day: self.day,
        }
    }

    /// A person has been arrested today: not about for some days, most of them never again.
    pub fn arrest(&mut self, key: u64) {
        let words = self.draws.world.block(Purpose::Release as u16, 0, self.day as u32, key);
        let days = self.custody_days * libm::exp(self.custody_log_sd * dist::normal_quantile(words.unit(0)));
        let back = if words.unit(1) < self.cleared {
            i32::MAX
        } else {
            self.day.saturating_add(1 + days.min(1e9) as i32)
        };
        let mut entries = self.classes.iter_mut().flatten();
        if let Some(entry) = entries.find(|e| e.key == key) {
            entry.back = entry.back.max(back);
        }
    }
}

/// Cumulative shares.
fn cumulative(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    let mut sum = 0.0;
    weights
        .iter()
        .enumerate()
        .map(|(i, w)| {
            sum += if total > 0.0 {
                w / total
            } else {
                1.0 / weights.len() as f64
            };
            if i + 1 == weights.len() { 1.0 } else { sum }
        })
        .collect()
}

fn place(below: &[f64], u: f64) -> usize {
    below
        .iter()
        .position(|b| u < *b)
        .unwrap_or(below.len().saturating_sub(1))
}
