//! What can be sent where: teams and vans of a day, fixed arrays that wait for a team, gaps and caps, deployments to be made up.

use super::prepare::Prepared;
use crate::scenario::plan::MountKind;
use crate::scenario::programme::Rule;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;
use jiff::civil::Date;

/// Where a team goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Site.
    pub site: usize,
    /// With a van, or to a fixed array.
    pub mount: MountKind,
    /// Whether this makes up for a deployment called off.
    pub made_up: bool,
}

/// A deployment called off that may be made up until a day.
#[derive(Clone, Copy, Debug)]
struct Owed {
    site: usize,
    mount: MountKind,
    until: i32,
}

/// The fleet of one strategy and what it has done so far.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Sites with a fixed array in use.
    pub arrays: Vec<usize>,
    /// Sites that vans may go to.
    permitted: Vec<usize>,
    teams: usize,
    vans: usize,
    gap_days: i32,
    borough_monthly: u32,
    fixed_every: i32,
    moved_every: i32,
    made_up_days: i32,
    most_a_year: Option<u64>,
    /// Held in the calendar year of the last one.
    held: (i16, u64),
    last_van: Vec<i32>,
    last_fixed: Vec<i32>,
    last_move: i32,
    month: (i16, i8),
    in_month: Vec<u32>,
    owed: Vec<Owed>,
}

impl Fleet {
    /// The fleet of a strategy before the first day.
    pub fn new(prepared: &Prepared, rule: &Rule, numbers: &Numbers, first_day: i32) -> Self {
        let sites = prepared.programme.sites.len();
        let whole = |id| numbers.get(id) as i32;
        let permitted = if rule.sites.is_empty() {
            (0..sites).collect()
        } else {
            rule.sites.clone()
        };
        Fleet {
            arrays: rule.fixed.clone(),
            permitted,
            teams: whole(param::TEAMS) as usize,
            vans: whole(param::VANS) as usize,
            gap_days: whole(param::GAP_DAYS),
            borough_monthly: whole(param::BOROUGH_MONTHLY) as u32,
            fixed_every: whole(param::FIXED_EVERY_DAYS),
            moved_every: whole(param::MOVED_EVERY_DAYS),
            made_up_days: whole(param::MADE_UP_DAYS),
            most_a_year: match whole(param::MOST_DEPLOYMENTS) {
                0 => None,
                most => Some(most as u64),
            },
            held: (0, 0),
            last_van: vec![i32::MIN / 2; sites],
            last_fixed: vec![i32::MIN / 2; sites],
            last_move: first_day,
            month: (0, 0),
            in_month: vec![0; prepared.boroughs.len()],
            owed: Vec::new(),
        }
    }

    /// How many more deployments are allowed in the year of a date.
    pub fn left(&self, date: Date) -> usize {
        let held = if self.held.0 == date.year() { self.held.1 } else { 0 };
        let left = self.most_a_year.map(|most| most.saturating_sub(held));
        left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX))
    }

    /// Teams that may go out on a day.
    pub fn teams(&self, date: Date) -> usize {
        self.teams.min(self.left(date))
    }

    /// Vans for a day once `busy` teams are taken.
    pub fn vans(&self, date: Date, busy: usize) -> usize {
        self.vans.min(self.teams(date).saturating_sub(busy))
    }

    /// Fixed arrays that are due, longest idle first, at most one for each team.
    pub fn arrays_due(&self, date: Date, day: i32) -> Vec<usize> {
        let mut due: Vec<usize> = self.arrays.clone();
        due.retain(|s| day - self.last_fixed[*s] >= self.fixed_every);
        due.sort_by_key(|s| (self.last_fixed[*s], *s));
        due.truncate(self.teams(date));
        due
    }

    /// Sites that a van may go to today, beside those taken.
    pub fn candidates(&self, prepared: &Prepared, date: Date, day: i32, taken: &[Sent]) -> Vec<usize> {
        let month = (date.year(), date.month());
        let capped = |site: usize| {
            self.borough_monthly > 0
                && self.month == month
                && self.in_month[prepared.borough[site]] >= self.borough_monthly
        };
        let free = |site: &usize| {
            day - self.last_van[*site] >= self.gap_days
                && !self.arrays.contains(site)
                && !capped(*site)
                && taken.iter().all(|t| t.site != *site)
        };
        self.permitted.iter().copied().filter(free).collect()
    }

    /// Sites where an array may be moved to, where it is time to move them.
    pub fn moves_to(&self, prepared: &Prepared, strategy: usize, day: i32) -> Vec<usize> {
        if self.moved_every == 0 || self.arrays.is_empty() || day - self.last_move < self.moved_every {
            return Vec::new();
        }
        let sites = self.permitted.iter().copied();
        sites.filter(|s| prepared.has_array(strategy, *s)).collect()
    }

    /// Moves the arrays; how many change their place.
    pub fn move_arrays(&mut self, to: Vec<usize>, day: i32) -> u64 {
        self.last_move = day;
        let moved = to.iter().filter(|s| !self.arrays.contains(s)).count();
        if !to.is_empty() {
            self.arrays = to;
        }
        moved as u64
    }

    /// Deployments to be made up on a day on which `busy` sites are already taken.
    pub fn make_up(&mut self, date: Date, day: i32, busy: &[Sent]) -> Vec<Sent> {
        self.owed.retain(|o| o.until >= day);
        let mut free = self.teams(date).saturating_sub(busy.len());
        let mut vans = self
            .vans
            .saturating_sub(busy.iter().filter(|b| b.mount == MountKind::Van).count());
        let mut sent: Vec<Sent> = Vec::new();
        self.owed.retain(|owed| {
            let taken = busy.iter().chain(&sent).any(|b| b.site == owed.site);
            let van = owed.mount == MountKind::Van;
            if free == 0 || taken || (van && vans == 0) {
                return true;
            }
            free -= 1;
            vans -= usize::from(van);
            sent.push(Sent {
                site: owed.site,
                mount: owed.mount,
                made_up: true,
            });
            false
        });
        sent
    }

    /// A deployment has been called off.
    pub fn called_off(&mut self, sent: &Sent, day: i32) {
        if self.made_up_days > 0 && !sent.made_up {
            self.owed.push(Owed {
                site: sent.site,
                mount: sent.mount,
                until: day + self.made_up_days,
            });
        }
    }

    /// A deployment has been held.
    pub fn held(&mut self, prepared: &Prepared, sent: &Sent, date: Date, day: i32) {
        let so_far = if self.held.0 == date.year() { self.held.1 } else { 0 };
        self.held = (date.year(), so_far + 1);
        if sent.mount == MountKind::Lamp {
            self.last_fixed[sent.site] = day;
            return;
        }
        self.last_van[sent.site] = day;
        let month = (date.year(), date.month());
        if self.month != month {
            self.month = month;
            self.in_month.fill(0);
        }
        self.in_month[prepared.borough[sent.site]] += 1;
    }
}
