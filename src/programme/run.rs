//! The loop over days: who goes where, what is called off, the deployments, and what they leave behind.

use super::calendar::{Calendar, CalledOff, Hours, day_number};
use super::custody::Custody;
use super::deterrence::Deterrence;
use super::exposure::{Pools, exposure, footfall};
use super::fleet::{Fleet, Sent};
use super::follow::{Ask, Followed};
use super::governance::Governance;
use super::placement::{Placement, SiteFacts, Today, kind, placement};
use super::prepare::Prepared;
use super::roll::Roll;
use super::row::{DeploymentRow, PublishedRow};
use crate::deployment::{Alert, Schedule, Seen};
use crate::kernel::mix;
use crate::measure::{Faces, GroupRow, RunSummary, Year};
use crate::scenario::plan::MountKind;
use crate::scenario::programme::CalendarRow;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use jiff::civil::Date;

/// A deployment that has been held, for whoever keeps it.
pub struct Finished {
    /// Its row.
    pub row: DeploymentRow,
    /// Its alerts, in the order in which they ended.
    pub alerts: Vec<Alert>,
    /// What was told, if somebody followed.
    pub followed: Option<Box<Followed>>,
}

/// Runs one replication of one strategy over all days. `sink` is told of every deployment in order.
pub fn run(
    prepared: &Prepared,
    seed: u64,
    replication: u32,
    strategy: usize,
    schedule: Schedule,
    faces: Faces,
    sink: &mut dyn FnMut(Finished),
) -> RunSummary {
    let mut state = State::new(prepared, seed, replication, strategy, schedule, faces);
    days(&mut state, prepared.programme.until, &mut |held| {
        sink(held);
        true
    });
    state.finish()
}

/// Lets day after day pass until a date, or until the end of a day on which `sink` has said no.
pub(super) fn days(state: &mut State, until: Date, sink: &mut dyn FnMut(Finished) -> bool) {
    let mut date = state.prepared.programme.from;
    let mut on = true;
    while on && date <= until {
        state.day(date, &mut |held| on &= sink(held));
        match date.tomorrow() {
            Ok(next) => date = next,
            Err(_) => break,
        }
    }
}

/// Everything that lasts from day to day.
pub(super) struct State<'a> {
    pub(super) prepared: &'a Prepared<'a>,
    pub(super) seed: u64,
    pub(super) replication: u32,
    pub(super) strategy: usize,
    pub(super) schedule: Schedule,
    pub(super) faces: Faces,
    pub(super) numbers: Numbers,
    pub(super) draws: Draws,
    pub(super) first_day: i32,
    pub(super) calendar: Calendar,
    pub(super) fleet: Fleet,
    pub(super) rule: Option<Box<dyn Placement>>,
    pub(super) replays: bool,
    pub(super) visits_addresses: bool,
    pub(super) governance: Governance,
    pub(super) pools: Pools,
    pub(super) roll: Roll,
    pub(super) deterrence: Deterrence,
    pub(super) sites: Vec<SiteFacts>,
    pub(super) seen: Seen,
    pub(super) published: Vec<PublishedRow>,
    pub(super) first_held: Option<i32>,
    /// Presence of sought people and footfall of each site in this world.
    pub(super) presence: Vec<f64>,
    pub(super) footfall: Vec<f64>,
    pub(super) custody: Option<Custody>,
    pub(super) year: Year,
    pub(super) sum: RunSummary,
    pub(super) arrested: Vec<u64>,
    pub(super) below: Vec<f64>,
    pub(super) ranks: Vec<u32>,
    /// Who follows, if anybody does.
    pub(super) ask: Option<Ask<'a>>,
}

impl<'a> State<'a> {
    pub(super) fn new(
        prepared: &'a Prepared<'a>,
        seed: u64,
        replication: u32,
        strategy: usize,
        schedule: Schedule,
        faces: Faces,
    ) -> Self {
        let (plan, programme) = (prepared.plan, prepared.programme);
        let draws = Draws::new(seed, replication);
        let world = plan.uncertainty.then_some(draws.world);
        let numbers = Numbers::draw(&plan.strategies[strategy].values, world);
        let pools = Pools::new(prepared, &numbers);
        let first_day = day_number(programme.from);
        let presence: Vec<f64> = programme
            .sites
            .iter()
            .map(|s| {
                numbers
                    .doubtful(s.presence, &format!("programme.presence.{}", s.name))
                    .max(0.0)
            })
            .collect();
        let usual = presence.iter().zip(&pools.visits_per_day).map(|(p, v)| p * v).collect();
        let in_borough = |b: usize| prepared.borough.iter().filter(|x| **x == b).count() as f64;
        let homes: Vec<f64> = programme
            .sites
            .iter()
            .zip(&prepared.borough)
            .map(|(s, b)| s.residents / in_borough(*b))
            .collect();
        let roll = Roll::new(plan, &numbers, draws, first_day, &homes, &prepared.distance_km);
        let sites = programme
            .sites
            .iter()
            .enumerate()
            .map(|(i, s)| SiteFacts {
                key: (prepared.keys[i] >> 32) as u32,
                borough: prepared.borough[i],
                residents: s.residents,
                footfall: pools.visits_per_day[i],
                recorded_crime: s.recorded_crime,
                sought_at_home: 0,
            })
            .collect();
        let rule = programme.rules.get(strategy).cloned().unwrap_or_default();
        let levels: usize = plan.axes.0.iter().map(|a| a.levels.len()).sum();
        let scans = prepared.has_cameras(strategy);
        State {
            prepared,
            seed,
            replication,
            strategy,
            schedule,
            faces,
            calendar: Calendar::new(&numbers, draws),
            fleet: Fleet::new(prepared, &rule, &numbers, first_day),
            rule: placement(&numbers),
            custody: Custody::new(plan, strategy, &numbers, draws),
            replays: kind(&numbers) == "replay",
            visits_addresses: kind(&numbers) == "warrant-visits",
            governance: Governance::new(&numbers, first_day),
            deterrence: Deterrence::new(&numbers, usual, &prepared.distance_km),
            sites,
            seen: Seen::how_often(if scans { pools.people() } else { 0 }),
            published: Vec::new(),
            first_held: None,
            footfall: programme.sites.iter().map(|s| footfall(&numbers, s)).collect(),
            presence,
            year: Year {
                by_site: vec![0; programme.sites.len()],
                ..Year::default()
            },
            // A replication without any deployment has counted nothing of everybody.
            sum: RunSummary {
                cells: vec![GroupRow::default(); plan.axes.cells()],
                ..RunSummary::nothing(1 + levels)
            },
            arrested: Vec::new(),
            below: Vec::new(),
            ranks: Vec::new(),
            ask: None,
            first_day,
            pools,
            roll,
            numbers,
            draws,
        }
    }

    fn day(&mut self, date: Date, sink: &mut dyn FnMut(Finished)) {
        let day = day_number(date);
        self.roll.next_day();
        if self.year.days == 0 {
            self.year.roll_start = self.roll.people().0;
        }
        self.year.days += 1;
        let lag = self.numbers.get(param::PUBLICATION_DAYS) as i32;
        let known = self.published.partition_point(|r| r.day + lag < day);
        let mut hours = vec![0.0; self.sites.len()];
        if self.replays {
            self.governance.review(day, &self.published[..known]);
            self.replay(date, &mut hours, sink);
        } else {
            self.planned(date, known, &mut hours, sink);
        }
        self.deterrence.pass(&hours);
        for key in std::mem::take(&mut self.arrested) {
            self.roll.arrest(key);
        }
        let last = date == self.prepared.programme.until;
        if let Some(searches) = self.custody.as_mut().and_then(|c| c.day(last)) {
            self.sum.hash = mix(self.sum.hash ^ searches);
        }
    }

    /// The deployments of a given calendar, as they were held.
    fn replay(&mut self, date: Date, hours: &mut [f64], sink: &mut dyn FnMut(Finished)) {
        let calendar = self.prepared.programme.rules.get(self.strategy);
        let rows: &[CalendarRow] = calendar.map_or(&[], |r| &r.calendar);
        for row in rows.iter().filter(|r| r.date == date) {
            if self.fleet.left(date) == 0 {
                return;
            }
            let name = &self.prepared.programme.sites[row.site].name;
            let drawn = self.calendar.hours(name, date);
            let open_s = row.open_s.unwrap_or(drawn.open_s);
            let close_s = open_s + 3600.0 * row.hours.unwrap_or(drawn.length_h());
            let open = Hours {
                open_s,
                close_s: close_s.min(86_400.0),
            };
            let sent = Sent {
                site: row.site,
                mount: row.mount,
                made_up: false,
            };
            let (most, threshold) = (row.watchlist.map(|n| n as usize), row.threshold);
            self.hold(&sent, date, open, most, threshold, hours, sink);
        }
    }

    /// The deployments that calendar, fleet and rule plan for a day.
    fn planned(&mut self, date: Date, known: usize, hours: &mut [f64], sink: &mut dyn FnMut(Finished)) {
        let day = day_number(date);
        self.governance.review(day, &self.published[..known]);
        let mut sent = Vec::new();
        if self.calendar.operates(date) {
            sent = self.choose(date, known);
        }
        sent.extend(self.fleet.make_up(date, day, &sent));
        for one in sent {
            let name = &self.prepared.programme.sites[one.site].name;
            match self.calendar.called_off(name, date) {
                Some(why) => {
                    self.year.called_off += 1;
                    self.year.faults += u64::from(why == CalledOff::Fault);
                    self.fleet.called_off(&one, day);
                }
                None => {
                    let open = self.calendar.hours(name, date);
                    self.year.made_up += u64::from(one.made_up);
                    self.hold(&one, date, open, None, None, hours, sink);
                }
            }
        }
    }

    /// Where teams go today: to fixed arrays that are due, and with vans to where the rule says.
    fn choose(&mut self, date: Date, known: usize) -> Vec<Sent> {
        let day = day_number(date);
        self.move_arrays(date, known);
        let mut sent: Vec<Sent> = self
            .fleet
            .arrays_due(date, day)
            .into_iter()
            .map(|site| Sent {
                site,
                mount: MountKind::Lamp,
                made_up: false,
            })
            .collect();
        let wanted = self.fleet.vans(date, sent.len());
        let candidates = self.fleet.candidates(self.prepared, date, day, &sent);
        let chosen = self.ask(date, known, &candidates, wanted);
        sent.extend(chosen.into_iter().map(|site| Sent {
            site,
            mount: MountKind::Van,
            made_up: false,
        }));
        sent
    }

    fn move_arrays(&mut self, date: Date, known: usize) {
        let day = day_number(date);
        let candidates = self.fleet.moves_to(self.prepared, self.strategy, day);
        if !candidates.is_empty() {
            let to = self.ask(date, known, &candidates, self.fleet.arrays.len());
            self.year.moves += self.fleet.move_arrays(to, day);
        }
    }

    /// Asks the rule; what is no candidate, said twice or too much is left out.
    fn ask(&mut self, date: Date, known: usize, candidates: &[usize], wanted: usize) -> Vec<usize> {
        let day = day_number(date);
        let Some(rule) = &mut self.rule else {
            return Vec::new();
        };
        if wanted == 0 || candidates.is_empty() {
            return Vec::new();
        }
        for (site, people) in self.sites.iter_mut().zip(self.roll.at_home(self.prepared.keys.len())) {
            site.sought_at_home = people;
        }
        let world = self.draws.world;
        let draw = |key: u32| {
            world
                .block(Purpose::Placement as u16, 0, key, day as u32 as u64)
                .fine(0)
        };
        let today = Today {
            date,
            day,
            sites: &self.sites,
            candidates,
            wanted,
        };
        let mut chosen: Vec<usize> = Vec::new();
        for site in rule.choose(&today, &self.published[..known], &draw) {
            if chosen.len() < wanted && candidates.contains(&site) && !chosen.contains(&site) {
                chosen.push(site);
            }
        }
        chosen
    }

    fn finish(mut self) -> RunSummary {
        let year = &mut self.year;
        year.moves_gbp = self.numbers.get(param::COST_MOVE) * year.moves as f64;
        (year.roll_end, year.roll_end_untouched) = self.roll.people();
        let visited = |b: usize| (0..year.by_site.len()).any(|s| self.prepared.borough[s] == b && year.by_site[s] > 0);
        year.boroughs_visited = (0..self.prepared.boroughs.len()).filter(|b| visited(*b)).count() as u64;
        (year.exposure, year.boroughs) = exposure(self.prepared, &self.pools, &self.seen);
        year.custody = self.custody.map(Custody::finish);
        self.sum.year = Some(Box::new(self.year));
        self.sum
    }
}
