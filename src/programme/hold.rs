//! One deployment of a programme: its list, its numbers, what the day brings, and what it leaves behind.

use super::calendar::{Hours, day_number};
use super::fleet::Sent;
use super::row::DeploymentRow;
use super::run::{Finished, State};
use super::visits::Officers;
use super::watchlist::List;
use crate::deployment::{Alert, Observer, Seen, Shift, run_on};
use crate::kernel::{Micros, mix};
use crate::measure::{RunSummary, Tally};
use crate::people::{Conditions, Day, SoughtPeople, When};
use crate::record::{AlertLog, Follower};
use crate::response::{Outcome, Truth};
use crate::scenario::day_type;
use crate::scenario::plan::MountKind;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers};
use jiff::civil::Date;

/// Days of a month.
const MONTH_DAYS: f64 = 365.25 / 12.0;

impl State<'_> {
    /// Holds a deployment and takes in what it leaves behind.
    #[allow(clippy::too_many_arguments)] // what a calendar may say of it, one by one
    pub(super) fn hold(
        &mut self,
        sent: &Sent,
        date: Date,
        open: Hours,
        most: Option<usize>,
        threshold: Option<f64>,
        hours: &mut [f64],
        sink: &mut dyn FnMut(Finished),
    ) {
        let (day, site) = (day_number(date), sent.site);
        let follower = self.follower(date, site, sent.mount);
        let mut numbers = self.numbers_of(day, threshold);
        let list = self.draw_up(site, date, open, &numbers, most);
        numbers.set(param::LIST_SIZE, list.size() as f64);
        let presence = self.roll.presence(site, &mut self.below);
        // All that a deployment changes while it lasts.
        let mut seen = std::mem::take(&mut self.seen);
        let conditions = self.conditions(site, date, open, presence, &list);
        let held = if self.visits_addresses {
            self.visit_addresses(site, day, open, &numbers)
        } else {
            self.deploy(sent, &numbers, conditions, &mut seen, follower)
        };
        self.seen = seen;
        let Held {
            summary,
            alerts,
            arrested,
            follower,
        } = held;
        let followed = follower.map(|run| Box::new(self.followed(run, numbers.clone())));
        let row = DeploymentRow::new(
            date,
            site,
            sent.mount,
            open,
            numbers.get(param::THRESHOLD),
            sent.made_up,
            list.destroy(),
            self.faces,
            &summary,
        );
        self.count(sent, &row, &summary);
        if let Some(custody) = &mut self.custody {
            custody.arrests(&alerts, &summary);
        }
        self.fleet.held(self.prepared, sent, date, day);
        self.first_held.get_or_insert(day);
        hours[site] += if self.prepared.has_cameras(self.strategy) {
            open.length_h()
        } else {
            0.0
        };
        self.arrested.extend(arrested);
        self.published.push(row.published.clone());
        sink(Finished { row, alerts, followed });
    }

    /// The numbers of a day: threshold by governance or calendar, and what sought people have learned since the first
    /// deployment.
    fn numbers_of(&self, day: i32, threshold: Option<f64>) -> Numbers {
        let mut numbers = self.numbers.clone();
        numbers.set(param::THRESHOLD, threshold.unwrap_or(self.governance.threshold));
        let months = f64::from(day - self.first_held.unwrap_or(day)) / MONTH_DAYS;
        let learned = months * self.numbers.get(param::ADAPT_PER_MONTH);
        if learned > 0.0 {
            for id in [param::AVOID_KNOWS, param::COVER_KNOWS] {
                numbers.set(id, raised(self.numbers.get(id), learned));
            }
        }
        numbers
    }

    /// The list of a deployment, drawn up at most a day before it opens.
    fn draw_up(&mut self, site: usize, date: Date, open: Hours, numbers: &Numbers, most: Option<usize>) -> List {
        let day = day_number(date);
        let name = &self.prepared.programme.sites[site].name;
        // Who was still about when the list was drawn up: yesterday, if that is when it was.
        let drawn_on = if open.open_s < self.calendar.list_before_s(name, date) {
            day - 1
        } else {
            day
        };
        let radius = numbers.get(param::LIST_RADIUS_KM);
        let near = |home: &usize| radius <= 0.0 || self.prepared.distance_km[site][*home] <= radius;
        let eligible = self.roll.homes.iter().map(near).collect();
        let grown = numbers.get(param::LIST_PER_MONTH) * f64::from(day - self.first_day) / MONTH_DAYS;
        let usual = if self.prepared.has_cameras(self.strategy) {
            libm::round((numbers.get(param::LIST_SIZE) + grown).max(0.0)) as usize
        } else {
            0
        };
        List::draw_up(&self.roll, drawn_on, most.unwrap_or(usual), eligible, &mut self.ranks)
    }

    fn conditions<'b>(&'b self, site: usize, date: Date, open: Hours, presence: f64, list: &'b List) -> Conditions<'b> {
        let (prepared, day) = (self.prepared, day_number(date));
        let key = prepared.keys[site];
        let mut events = prepared.programme.events.iter();
        let event = events.find(|e| e.date == date && e.site == site);
        let away = event.map_or(1.0, |_| self.numbers.get(param::AWAY_EVENT));
        let since = f64::from(day - self.first_day);
        let turns = since / self.numbers.get(param::TURNOVER_DAYS) * 4_294_967_296.0;
        Conditions {
            draws: Draws::of_day(self.seed, self.replication, key, day),
            when: When {
                date,
                day_type: day_type(date),
                open_s: open.open_s,
                close_s: open.close_s,
                whole_hours: true,
            },
            footfall: self.footfall[site] * event.map_or(1.0, |e| e.footfall),
            presence: self.presence[site] * presence * self.deterrence.presence(site),
            turns: turns as u64,
            strangers: mix(key ^ u64::from(day as u32)),
            homes: Some(self.pools.homes(site)),
            subjects: Some(self.roll.subjects(&self.below, list)),
            stays_away: [param::AWAY_CONCERNED, param::AWAY_OTHER].map(|id| (away * self.numbers.get(id)).min(1.0)),
        }
    }

    fn deploy(
        &self,
        sent: &Sent,
        numbers: &Numbers,
        conditions: Conditions,
        seen: &mut Seen,
        follower: Option<Follower>,
    ) -> Held {
        let scene = self.prepared.scene(self.strategy, sent.site, sent.mount);
        let day = Day::on(scene.plan, scene.streets, numbers, conditions);
        let tally = Tally::new(&scene.plan.axes, &scene.plan.crowd);
        let mut watch = (tally, AlertLog::default());
        let follower = match follower {
            // Nobody who is not asked to pays for following.
            None => {
                run_on(scene, &day, numbers, seen, self.schedule, &mut watch);
                None
            }
            Some(follower) => {
                let mut both = (watch, follower);
                run_on(scene, &day, numbers, seen, self.schedule, &mut both);
                watch = both.0;
                Some(both.1)
            }
        };
        let (tally, AlertLog { alerts }) = watch;
        let sought_arrested = |a: &&Alert| {
            let arrest = a.stop.is_some_and(|s| s.outcome == Outcome::Arrest);
            arrest && matches!(a.truth, Truth::True { .. })
        };
        let arrested = alerts.iter().filter(sought_arrested).map(|a| a.person).collect();
        Held {
            summary: tally.summary(),
            alerts,
            arrested,
            follower,
        }
    }

    /// A day of visits to the addresses of people who live about a site.
    fn visit_addresses(&self, site: usize, day: i32, open: Hours, numbers: &Numbers) -> Held {
        let plan = &self.prepared.programme.sites[site].plan;
        let officer_hours = numbers.get(param::STAFF) * open.length_h();
        let draws = Draws::of_day(self.seed, self.replication, self.prepared.keys[site], day);
        let officers = Officers {
            plan,
            numbers,
            draws,
            sought: &SoughtPeople::new(plan, numbers),
        };
        let found = officers.visit(&self.roll, site, day, officer_hours);
        let mut tally = Tally::new(&plan.axes, &plan.crowd);
        tally.patrol(&found.by_cell, &[]);
        tally.end(&Shift {
            open: Micros::from_seconds(open.close_s - open.open_s),
            officer_hours,
            expected_patrol_arrests: numbers.get(param::PATROL_ARRESTS) * officer_hours,
            recorded_false: numbers.get(param::RECORDED_FALSE),
            ..Shift::default()
        });
        Held {
            summary: tally.summary(),
            alerts: Vec::new(),
            arrested: found.arrested,
            follower: None,
        }
    }

    fn count(&mut self, sent: &Sent, row: &DeploymentRow, summary: &RunSummary) {
        self.sum.add(summary);
        self.sum.hash = mix(self.sum.hash ^ mix(row.list.hash ^ row.published.site as u64));
        let year = &mut self.year;
        year.deployments += 1;
        year.fixed += u64::from(sent.mount == MountKind::Lamp);
        year.by_site[sent.site] += 1;
        year.open += summary.shift.open;
        year.duty += Micros(summary.shift.open.0 * summary.shift.pairs as i64);
    }
}

/// What a deployment leaves.
struct Held {
    summary: RunSummary,
    alerts: Vec<Alert>,
    arrested: Vec<u64>,
    follower: Option<Follower>,
}

/// A chance raised by so much on the logit.
fn raised(p: f64, logit: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 {
        return p;
    }
    let odds = p / (1.0 - p) * libm::exp(logit);
    odds / (1.0 + odds)
}
