//! Runs as columns of numbers: every metric of one strategy, for everybody and by group, ready for estimators.

use super::presentation::{Per, Presentation};
use super::{Runs, faces};
use crate::measure::{Counter, Metric, RunSummary, metrics_of};
use crate::scenario::Plan;
use crate::stats;
use std::ops::Range;

/// One metric over replications and over the further runs of their worlds.
pub(crate) struct Column {
    pub metric: &'static Metric,
    /// Numerators by replication.
    pub num: Vec<f64>,
    /// Denominators, for a rate.
    pub den: Option<Vec<f64>>,
    /// The same of the further runs, all in one list; `again_of` says which belong to which world.
    pub again: (Vec<f64>, Option<Vec<f64>>),
    pub again_of: Vec<Range<usize>>,
    /// Counts are shown times this: deployments a year, or what matching makes of them.
    pub scale: f64,
    /// Unit as shown.
    pub unit: String,
}

impl Column {
    /// Values by world, runs of each together, whose mean is the figure: counts as they are, rates linearised.
    pub fn worlds(&self) -> Option<Vec<Vec<f64>>> {
        let own = self.num.len();
        let all = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().chain(b).copied().collect() };
        let num = all(&self.num, &self.again.0);
        let values = match (&self.den, &self.again.1) {
            (Some(den), Some(again)) => stats::linearised(&num, &all(den, again))?,
            _ => num,
        };
        let world = |w: usize| {
            let mut runs = vec![values[w] * self.scale];
            if let Some(range) = self.again_of.get(w) {
                runs.extend(
                    values[own + range.start..own + range.end]
                        .iter()
                        .map(|v| v * self.scale),
                );
            }
            runs
        };
        Some((0..own).map(world).collect())
    }
}

/// All metrics of one strategy.
pub(crate) struct Series {
    pub all: Vec<Column>,
    /// Axis, level and columns.
    pub groups: Vec<(String, String, Vec<Column>)>,
}

impl Series {
    /// The columns of the strategy at `place` among those that were run; `factor` is what matching makes of its counts.
    pub fn new(plan: &Plan, strategy: usize, place: usize, runs: &Runs, factor: f64, show: &Presentation) -> Self {
        let own = &runs.by_strategy[place];
        let again: &[Vec<RunSummary>] = runs.again.get(place).map_or(&[], Vec::as_slice);
        let reader = Reader {
            plan,
            strategy,
            own,
            again,
            factor,
            per: show.per,
        };
        let names = plan
            .axes
            .0
            .iter()
            .flat_map(|axis| axis.levels.iter().map(|level| (axis.name.clone(), level.clone())));
        Series {
            all: reader.columns(0),
            groups: names
                .enumerate()
                .map(|(i, (by, name))| (by, name, reader.columns(i + 1)))
                .collect(),
        }
    }

    /// The column of a metric for everybody.
    pub fn of(&self, id: &str) -> Option<&Column> {
        self.all.iter().find(|c| c.metric.id == id)
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    strategy: usize,
    own: &'a [RunSummary],
    again: &'a [Vec<RunSummary>],
    factor: f64,
    per: Per,
}

impl Reader<'_> {
    fn columns(&self, group: usize) -> Vec<Column> {
        metrics_of(self.plan)
            .filter(|m| group == 0 || m.by_group)
            .map(|m| self.column(m, group))
            .collect()
    }

    fn column(&self, metric: &'static Metric, group: usize) -> Column {
        let faces = faces(&self.plan.strategies[self.strategy].values);
        let counted = metric.unit.ends_with("per deployment");
        let read = |runs: &mut dyn Iterator<Item = &RunSummary>| {
            let parts: Vec<(f64, Option<f64>)> = runs
                .map(|r| {
                    let (num, den) = metric.parts(r, group, faces);
                    let scans = r.groups[0].get(Counter::Searches) as f64 * 1e-5;
                    let per_scan = counted && self.per == Per::Scans;
                    (num, if per_scan { Some(scans) } else { den })
                })
                .collect();
            let den: Option<Vec<f64>> = parts.iter().map(|p| p.1).collect();
            (
                parts.iter().map(|p| p.0).collect::<Vec<f64>>(),
                den.filter(|d| !d.is_empty()),
            )
        };
        let (num, den) = read(&mut self.own.iter());
        let again = read(&mut self.again.iter().flatten());
        let mut from = 0;
        let again_of = self
            .again
            .iter()
            .map(|world| {
                from += world.len();
                from - world.len()..from
            })
            .collect();
        let unit = metric.unit_of(self.plan.programme.is_some());
        let whole = format!("per {}", self.per.whole(self.plan));
        let scale = match self.per {
            Per::Deployment if counted => self.factor,
            Per::Year if counted => self.factor * self.per.a_year(self.plan),
            _ => 1.0,
        };
        Column {
            metric,
            num,
            den,
            again,
            again_of,
            scale,
            unit: if counted {
                metric.unit.replace("per deployment", &whole)
            } else {
                unit
            },
        }
    }
}
