//! Officers who visit the addresses of people on the roll instead of standing in the street: the comparator `warrant-visits`.

use super::roll::Roll;
use crate::kernel::mix;
use crate::people::{Entry, SoughtPeople, Subject};
use crate::response::Patrol;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};

/// What a day of visits brings: counts by cell, and the keys of those arrested.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visits {
    /// Outcomes by cell.
    pub by_cell: Vec<Patrol>,
    /// Keys of people arrested.
    pub arrested: Vec<u64>,
}

/// Officers on their way to addresses.
pub struct Officers<'a> {
    /// Plan of the site they set out from.
    pub plan: &'a Plan,
    /// Numbers of the day.
    pub numbers: &'a Numbers,
    /// Draws of the day.
    pub draws: Draws,
    /// Who sought people are.
    pub sought: &'a SoughtPeople,
}

impl Officers<'_> {
    /// Visits of `officer_hours` to people who live about a site, each chosen evenly among those on the roll there.
    pub fn visit(&self, roll: &Roll, site: usize, day: i32, officer_hours: f64) -> Visits {
        let cells = self.plan.axes.cells();
        let mut found = Visits {
            by_cell: vec![Patrol::default(); cells],
            arrested: Vec::new(),
        };
        let homes: Vec<usize> = (0..roll.classes.len()).filter(|c| roll.homes[*c] == site).collect();
        let people: usize = homes.iter().map(|c| roll.classes[*c].len()).sum();
        let count = (officer_hours / self.numbers.get(param::VISIT_OFFICER_H)) as u64;
        for i in 0..count.min(people as u64) {
            let words = self.draws.conduct.block(Purpose::Address as u16, 0, 0, i);
            let number = ((words.fine(1) * people as f64) as usize).min(people - 1);
            let Some((class, entry)) = nth(roll, &homes, number) else {
                continue;
            };
            let there = words.unit(0) < self.numbers.get(param::VISIT_FOUND);
            if there && entry.active(day) && !found.arrested.contains(&entry.key) {
                self.meet(entry.key, roll.reasons[class], i, &mut found);
            }
        }
        found
    }

    fn meet(&self, key: u64, reason: usize, visit: u64, found: &mut Visits) {
        let subject = Subject {
            key,
            reason,
            listed: true,
        };
        let row = &mut found.by_cell[self.sought.subject(&self.draws, &subject).cell];
        let words = self
            .draws
            .conduct
            .block(Purpose::Address as u16, 1, 0, mix(key ^ visit));
        let law = &self.plan.watchlist.reasons[reason];
        if words.unit(0) < law.arrest {
            row.arrests += 1;
            found.arrested.push(key);
        } else if words.unit(0) < law.arrest + law.other {
            row.other += 1;
        } else {
            row.nothing += 1;
        }
    }
}

/// The n-th person of some classes, with the class.
fn nth<'a>(roll: &'a Roll, classes: &[usize], mut n: usize) -> Option<(usize, &'a Entry)> {
    for class in classes {
        match roll.classes[*class].get(n) {
            Some(entry) => return Some((*class, entry)),
            None => n -= roll.classes[*class].len(),
        }
    }
    None
}
