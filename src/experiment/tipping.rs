//! Where an answer flips: a doubtful parameter is held at values until the difference is zero, and runs on both sides of it
//! confirm that the sign changes. Everything else stays as doubtful as it was, on the same simulated people.

use super::columns::Series;
use super::doubt::{Doubt, Doubts, sentence};
use super::presentation::Presentation;
use super::summary::{Measured, TippingPoint};
use super::verdicts::{verdict_from, world_differences};
use super::{Machine, Progress, Runs};
use crate::scenario::plan::Value;
use crate::scenario::registry::ParamId;
use crate::stats;

/// Replications of each value tried while searching.
const SEARCH: u32 = 40;
/// Parameters tried for each comparison.
const PARAMETERS_TRIED: usize = 3;
/// The search ends when it knows the place in the prior to within this.
const NEAR_ENOUGH: f64 = 0.01;
/// Steps from the tipping point to either side, in the prior, until the runs are clear.
const ASIDE: [f64; 5] = [0.03, 0.06, 0.12, 0.25, 0.45];
/// Where the search begins and ends.
const ENDS: [f64; 2] = [0.01, 0.99];

/// A search for one comparison.
struct Search<'a, P: Progress> {
    machine: &'a Machine<'a, P>,
    /// Strategy and baseline.
    pair: [usize; 2],
    metric: &'a str,
    doubt: &'a Doubt,
    id: ParamId,
}

/// Tipping points of a metric for every strategy against the baseline, by place among `strategies`.
///
/// # Errors
/// The worker pool could not be made.
pub fn tipping_points<P: Progress>(
    machine: &Machine<P>,
    strategies: &[usize],
    runs: &Runs,
    metric: &str,
) -> Result<Vec<(usize, Vec<TippingPoint>)>, rayon::ThreadPoolBuildError> {
    let plan = machine.plan;
    let baseline = strategies.iter().position(|s| *s == plan.baseline).unwrap_or(0);
    let show = Presentation::default();
    let series: Vec<Series> = strategies
        .iter()
        .enumerate()
        .map(|(place, s)| Series::new(plan, *s, place, runs, 1.0, &show))
        .collect();
    let mut all = Vec::new();
    for (place, strategy) in strategies.iter().enumerate().filter(|(p, _)| *p != baseline) {
        let doubts = Doubts::of(plan, *strategy, strategies[baseline], runs.replications());
        let mut found = Vec::new();
        for doubt in doubts
            .by_weight(&series[place], &series[baseline], metric)
            .into_iter()
            .take(PARAMETERS_TRIED)
        {
            let Some(id) = doubt.id else { continue };
            let search = Search {
                machine,
                pair: [*strategy, strategies[baseline]],
                metric,
                doubt,
                id,
            };
            found.extend(search.run()?);
        }
        all.push((place, found));
    }
    Ok(all)
}

/// The search for one parameter that a caller names, for tests and for those who know what they look for.
///
/// # Errors
/// The worker pool could not be made.
pub fn tipping_point<P: Progress>(
    machine: &Machine<P>,
    pair: [usize; 2],
    metric: &str,
    key: &str,
) -> Result<Option<TippingPoint>, rayon::ThreadPoolBuildError> {
    let doubts = Doubts::of(machine.plan, pair[0], pair[1], SEARCH as usize);
    let Some((doubt, id)) = doubts.all.iter().find(|d| d.key == key).and_then(|d| Some((d, d.id?))) else {
        return Ok(None);
    };
    let search = Search {
        machine,
        pair,
        metric,
        doubt,
        id,
    };
    search.run()
}

impl<P: Progress> Search<'_, P> {
    /// The difference with the parameter held at a place of its prior.
    fn at(&self, place: f64, replications: u32) -> Result<Measured, rayon::ThreadPoolBuildError> {
        let mut plan = self.machine.plan.clone();
        let value = Value {
            central: self.doubt.value(place),
            prior: None,
        };
        plan.values.set(self.id, value);
        plan.strategies.iter_mut().for_each(|s| s.values.set(self.id, value));
        let machine = Machine {
            plan: &plan,
            ..*self.machine
        };
        let runs = machine.execute(&self.pair, 0..replications)?;
        let show = Presentation::default();
        let series = [0, 1].map(|i| Series::new(&plan, self.pair[i], i, &runs, 1.0, &show));
        let from = verdict_from(self.metric);
        let worlds = series[0]
            .of(from)
            .zip(series[1].of(from))
            .and_then(|(x, y)| world_differences(x, y));
        let Some(worlds) = worlds else {
            return Ok(Measured::default());
        };
        let differences: Vec<f64> = worlds.iter().map(|w| stats::mean(w)).collect();
        let interval = stats::t_mean(&differences, plan.level);
        Ok(Measured {
            value: Some(interval.point),
            interval: interval.bounds(),
            method: interval.method.to_owned(),
        })
    }

    fn run(&self) -> Result<Option<TippingPoint>, rayon::ThreadPoolBuildError> {
        let few = SEARCH.min(self.machine.plan.replications);
        let many = self.machine.plan.replications;
        let value_at = |place: f64| self.at(place, few).map(|m| m.value.unwrap_or(0.0));
        let [mut low, mut high] = ENDS;
        let (mut at_low, mut at_high) = (value_at(low)?, value_at(high)?);
        if at_low * at_high >= 0.0 || self.machine.progress.stopped() {
            return Ok(None);
        }
        let rises = at_high > at_low;
        // Regula falsi with the Illinois rule: the end that stays is weighed half.
        let mut stayed = 0;
        let mut root = 0.5 * (low + high);
        for _ in 0..12 {
            let next = (low * at_high - high * at_low) / (at_high - at_low);
            let moved = (next - root).abs();
            root = next.clamp(low, high);
            let here = value_at(root)?;
            if here == 0.0 || high - low < NEAR_ENOUGH || moved < 0.2 * NEAR_ENOUGH || self.machine.progress.stopped() {
                break;
            }
            if here * at_low > 0.0 {
                (low, at_low) = (root, here);
                if stayed == 1 {
                    at_high *= 0.5;
                }
                stayed = 1;
            } else {
                (high, at_high) = (root, here);
                if stayed == 2 {
                    at_low *= 0.5;
                }
                stayed = 2;
            }
        }
        let (below, above) = (self.clear(root, -1.0, many)?, self.clear(root, 1.0, many)?);
        let sign = |m: &Option<(f64, Measured)>| {
            let interval = m.as_ref().and_then(|(_, d)| d.interval)?;
            (interval[0] > 0.0)
                .then_some(true)
                .or((interval[1] < 0.0).then_some(false))
        };
        let confirmed = sign(&below) == Some(!rises) && sign(&above) == Some(rises);
        let row = self.id.row();
        let mut point = TippingPoint {
            metric: self.metric.to_owned(),
            parameter: row.key.to_owned(),
            what: row.doc.to_owned(),
            unit: row.unit.to_owned(),
            value: self.doubt.value(root),
            interval: below
                .as_ref()
                .zip(above.as_ref())
                .filter(|_| confirmed)
                .map(|(b, a)| [b.0, a.0]),
            plausible_above: 1.0 - root,
            below,
            above,
            confirmed,
            how: if confirmed {
                "found by search, confirmed by runs on both sides"
            } else {
                "found by search, not confirmed: the runs on its sides are not clear"
            }
            .to_owned(),
            sentence: String::new(),
        };
        let names = self.pair.map(|s| self.machine.plan.strategies[s].name.as_str());
        point.sentence = sentence(&point, names, rises);
        Ok(Some(point))
    }

    /// The nearest value to one side at which the difference is clear of zero; the farthest tried where none is.
    fn clear(
        &self,
        root: f64,
        side: f64,
        replications: u32,
    ) -> Result<Option<(f64, Measured)>, rayon::ThreadPoolBuildError> {
        let mut last = None;
        for step in ASIDE {
            let place = (root + side * step).clamp(ENDS[0], ENDS[1]);
            let found = self.at(place, replications)?;
            let clear = found.interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0);
            last = Some((self.doubt.value(place), found));
            if clear || place == ENDS[0] || place == ENDS[1] || self.machine.progress.stopped() {
                break;
            }
        }
        Ok(last)
    }
}
