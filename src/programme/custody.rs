//! Searches of custody images beside the deployments of a programme, month by month. Everybody arrested in the programme
//! comes into the gallery; what searches bring about does not reach the deployments.

use super::retrospective::{CustodyImages, Groups, MonthOutcome, Retrospective, Source, month};
use crate::deployment::Alert;
use crate::kernel::mix;
use crate::measure::{Counter, CustodyRow, CustodyYear, RunSummary};
use crate::response::Outcome;
use crate::scenario::plan::{Axes, Plan, StrategyPlan};
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers};

/// Days of a month.
const MONTH_DAYS: f64 = 365.25 / 12.0;
/// Keeps the keys of people met by deployments apart from those of people whom searches bring up.
const MET: u64 = 0x6d65_7400_0000_0000;

/// The searches of a strategy, and what they have come to.
pub(super) struct Custody {
    axes: Axes,
    channel: Option<Channel>,
    counts: CustodyYear,
}

/// The gallery and its searches.
struct Channel {
    /// The axis whose levels searches tell apart.
    axis: usize,
    law: Retrospective,
    images: CustodyImages,
    draws: Draws,
    /// Months that are over.
    months: u32,
    days: u32,
    /// By level.
    rows: Vec<CustodyRow>,
}

impl Channel {
    /// The searches of the next month, if it is over, or of what the programme has of it.
    fn next(&mut self, last: bool) -> Option<MonthOutcome> {
        let gone = f64::from(self.days) / MONTH_DAYS - f64::from(self.months);
        if gone < 1.0 && !(last && gone > 0.0) {
            return None;
        }
        let outcome = month(&mut self.images, &self.law, &self.draws, self.months, gone.min(1.0));
        self.months += 1;
        Some(outcome)
    }
}

impl Custody {
    /// The gallery before the first day; nothing if no strategy of the plan searches. A strategy that does not search has
    /// zeros where the others have figures.
    pub fn new<'a>(plan: &'a Plan, strategy: usize, numbers: &Numbers, draws: Draws) -> Option<Self> {
        let rates_of = |s: &'a StrategyPlan| s.rates.as_ref().filter(|_| s.values.flag(param::RETRO_ENABLED));
        let known = plan.strategies.iter().find_map(rates_of)?;
        let rates = rates_of(&plan.strategies[strategy]);
        let of = |(_, axis): &(usize, &_)| rates.unwrap_or(known).on(axis).is_some();
        let (axis, levels) = plan.axes.0.iter().enumerate().find(of)?;
        let channel = rates.and_then(|r| r.on(levels)).map(|fpir| {
            let shares = &plan.watchlist.shares[axis];
            let spread = |people: f64| -> Vec<f64> { shares.iter().map(|s| people * s).collect() };
            let people = numbers.get(param::RETRO_GALLERY);
            let mut groups = Groups {
                fpir,
                tested: spread(people),
                searched_for: shares.clone(),
                gallery: spread(people),
                arrested: spread(numbers.get(param::RETRO_ARRESTS)),
            };
            // The gallery that was tested is kept under the rule of the scenario. Under the strategy's own rule, in force as
            // long, as many people in it were followed up, and more or fewer were not.
            let world = plan.uncertainty.then_some(draws.world);
            let usual = Retrospective::new(&Numbers::draw(&plan.values, world), &groups);
            let law = Retrospective::new(numbers, &groups);
            let followed_up = 1.0 - usual.no_action_share();
            groups.gallery = spread(people * followed_up / (1.0 - law.no_action_share()).max(1e-9));
            Channel {
                images: CustodyImages::new(&law, &groups),
                rows: vec![CustodyRow::default(); shares.len()],
                axis,
                law,
                draws,
                months: 0,
                days: 0,
            }
        });
        let mut custody = Custody {
            counts: CustodyYear::default(),
            axes: plan.axes.clone(),
            channel,
        };
        custody.counts.groups = custody.groups(axis);
        Some(custody)
    }

    /// Takes in who was arrested at a deployment.
    pub fn arrests(&mut self, alerts: &[Alert], summary: &RunSummary) {
        let Some(channel) = &mut self.channel else { return };
        for alert in alerts {
            let Some(stop) = alert.stop.filter(|s| s.outcome.is_arrest()) else {
                continue;
            };
            let source = match stop.outcome {
                Outcome::WrongfulArrest => Source::Mistake,
                Outcome::Arrest if stop.charged => Source::Arrest,
                _ => Source::NoAction,
            };
            let group = self.axes.level(alert.cell, channel.axis);
            let (law, key) = (&channel.law, mix(alert.person ^ MET));
            channel
                .images
                .arrest(law, &channel.draws, key, group, source, channel.months);
        }
        for (cell, row) in summary.cells.iter().enumerate() {
            let people = row.get(Counter::PatrolArrests) + row.get(Counter::WiderArrests);
            if people > 0 {
                let group = self.axes.level(cell, channel.axis);
                channel.images.arrests(&channel.law, group, people as f64);
            }
        }
    }

    /// A day is over, and with it perhaps a month. A number that stands for what searches brought, if there were any.
    pub fn day(&mut self, last: bool) -> Option<u64> {
        let channel = self.channel.as_mut()?;
        channel.days += 1;
        let mut hash = None;
        while let Some(outcome) = self.channel.as_mut().and_then(|c| c.next(last)) {
            hash = Some(mix(hash.unwrap_or(0) ^ outcome.hash()));
            self.take_in(&outcome);
        }
        hash
    }

    fn take_in(&mut self, outcome: &MonthOutcome) {
        let Some(channel) = &mut self.channel else { return };
        for (level, row) in channel.rows.iter_mut().enumerate() {
            row.sum(&CustodyRow {
                candidates: outcome.candidates[level],
                passed: outcome.passed_check[level],
                wrongful_arrests: outcome.wrongful_arrests[level],
                second: outcome.second[level],
                second_by_kept: outcome.second_by_kept_image[level],
                second_by_kept_expected: outcome.second_by_kept_image_expected[level],
                custody_h: outcome.custody_h[level],
                mistaken_images: 0,
            });
        }
        let counts = &mut self.counts;
        counts.searches += outcome.searches;
        counts.found += outcome.found;
        counts.deleted += outcome.deleted;
        counts.image_days_no_action += outcome.part * MONTH_DAYS * outcome.images_no_action;
        (counts.images, counts.images_no_action) = (outcome.images, outcome.images_no_action);
    }

    /// What the programme's searches came to.
    pub fn finish(mut self) -> CustodyYear {
        if let Some(channel) = &mut self.channel {
            let kept = channel.images.of_mistakes(f64::from(channel.days) / MONTH_DAYS);
            for (row, kept) in channel.rows.iter_mut().zip(kept) {
                row.mistaken_images = kept;
            }
            let axis = channel.axis;
            self.counts.groups = self.groups(axis);
        }
        self.counts
    }

    /// Rows of everybody, and of every level of every axis.
    fn groups(&self, axis: usize) -> Vec<Option<CustodyRow>> {
        let none = vec![CustodyRow::default(); self.axes.0[axis].levels.len()];
        let rows = self.channel.as_ref().map_or(&none, |c| &c.rows);
        let mut all = CustodyRow::default();
        rows.iter().for_each(|r| all.sum(r));
        let mut groups = vec![Some(all)];
        for (a, one) in self.axes.0.iter().enumerate() {
            match a == axis {
                true => groups.extend(rows.iter().copied().map(Some)),
                false => groups.extend(one.levels.iter().map(|_| None)),
            }
        }
        groups
    }
}
