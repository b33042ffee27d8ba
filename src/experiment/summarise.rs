//! Runs to `summary.json`: estimates with both intervals, paired differences.

use super::Runs;
use super::summary::{Comparison, Difference, Estimate, GroupSummary, StrategySummary, Summary};
use crate::measure::{Faces, METRICS, Metric};
use crate::scenario::Plan;
use crate::scenario::plan::Values;
use crate::scenario::registry::{PARAMETERS, ParamId, param};
use crate::stats::{self, Interval, frequency};
use std::collections::BTreeMap;

/// The stamp every figure carries.
pub const LABEL: &str = "simulated projection, not evidence of actual performance";
/// Counted events below which the exact Poisson interval is used for a mean count.
const FEW: u64 = 30;

/// The counting of faces under these values.
pub fn faces(values: &Values) -> Faces {
    match values.word(param::FACES_MODE) {
        "pre-aug-2024" => Faces::Divided(values.get(param::FACES_FACTOR)),
        "footfall" => Faces::Passes,
        _ => Faces::Searches,
    }
}

/// Summarises finished runs; `strategies` are the plan's indices of `runs.by_strategy`.
pub fn summarise(plan: &Plan, strategies: &[usize], runs: &Runs) -> Summary {
    let baseline = strategies.iter().position(|s| *s == plan.baseline).unwrap_or(0);
    let table: Vec<Series> = strategies
        .iter()
        .zip(&runs.by_strategy)
        .map(|(s, r)| Series::new(plan, *s, r))
        .collect();
    let comparisons = strategies
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != baseline)
        .map(|(i, s)| Comparison {
            strategy: plan.strategies[*s].name.clone(),
            baseline: plan.strategies[strategies[baseline]].name.clone(),
            differs_in: difference_keys(plan, *s, strategies[baseline]),
            metrics: METRICS
                .iter()
                .enumerate()
                .filter_map(|(m, metric)| {
                    let d = difference(&table[i].all[m], &table[baseline].all[m], plan.level)?;
                    Some((metric.id.to_string(), d))
                })
                .collect(),
            ..Comparison::default()
        })
        .collect();
    Summary {
        format: "lamplight.summary/1".into(),
        scenario: plan.scenario.clone(),
        title: plan.title.clone(),
        question: plan.question.clone(),
        reading: plan.reading.clone(),
        plan_hash: plan.plan_hash.clone(),
        seed: plan.seed,
        replications: runs.replications() as u32,
        uncertainty: if plan.uncertainty { "on" } else { "off" }.into(),
        label: LABEL.into(),
        per: "deployment".into(),
        level: plan.level,
        baseline: plan.strategies[strategies[baseline]].name.clone(),
        strategies: strategies
            .iter()
            .zip(&table)
            .map(|(s, series)| StrategySummary {
                name: plan.strategies[*s].name.clone(),
                note: plan.strategies[*s].note.clone(),
                metrics: estimates(&series.all, plan.level),
                groups: series
                    .groups
                    .iter()
                    .map(|(by, name, metrics)| GroupSummary {
                        by: by.clone(),
                        name: name.clone(),
                        metrics: estimates(metrics, plan.level),
                    })
                    .collect(),
            })
            .collect(),
        comparisons,
        warnings: plan.warnings.clone(),
        ..Summary::default()
    }
}

/// Numerators and denominators of one metric over replications.
struct Column {
    metric: &'static Metric,
    num: Vec<f64>,
    den: Option<Vec<f64>>,
}

/// All metrics of one strategy, for everybody and by group.
struct Series {
    all: Vec<Column>,
    groups: Vec<(String, String, Vec<Column>)>,
}

impl Series {
    fn new(plan: &Plan, strategy: usize, runs: &[crate::measure::RunSummary]) -> Self {
        let faces = faces(&plan.strategies[strategy].values);
        let read = |group: usize| {
            METRICS
                .iter()
                .filter(|m| group == 0 || m.by_group)
                .map(|metric| {
                    let parts: Vec<_> = runs.iter().map(|r| metric.parts(r, group, faces)).collect();
                    let den: Option<Vec<f64>> = parts.iter().map(|p| p.1).collect();
                    Column {
                        metric,
                        num: parts.iter().map(|p| p.0).collect(),
                        den,
                    }
                })
                .collect::<Vec<_>>()
        };
        let names = plan
            .axes
            .0
            .iter()
            .flat_map(|axis| axis.levels.iter().map(|level| (axis.name.clone(), level.clone())));
        Series {
            all: read(0),
            groups: names
                .enumerate()
                .map(|(i, (by, name))| (by, name, read(i + 1)))
                .collect(),
        }
    }
}

fn estimates(series: &[Column], level: f64) -> BTreeMap<String, Estimate> {
    series
        .iter()
        .map(|v| (v.metric.id.to_string(), estimate(v, level)))
        .collect()
}

fn estimate(v: &Column, level: f64) -> Estimate {
    let n = v.num.len();
    let total = stats::sum(&v.num);
    let counted = v.metric.is_count() || v.den.is_some() && v.num.iter().all(|x| libm::trunc(*x) == *x);
    let events = counted.then_some(total.max(0.0) as u64);
    let rare = events.is_some_and(|e| e < FEW);
    let interval: Option<Interval> = match &v.den {
        None if v.metric.is_count() && rare => Some(stats::garwood(total as u64, n as f64, level)),
        None => Some(stats::t_mean(&v.num, level)),
        Some(den) if counted && rare && stats::sum(den) > 0.0 => {
            Some(stats::garwood(total.max(0.0) as u64, stats::sum(den), level))
        }
        Some(den) => stats::ratio_of_sums(&v.num, den, level),
    };
    let predictive = match &v.den {
        None => (n > 0).then(|| stats::empirical_interval(&v.num, level)),
        Some(den) => {
            let rates: Vec<f64> = v
                .num
                .iter()
                .zip(den)
                .filter(|(_, d)| **d > 0.0)
                .map(|(n, d)| n / d)
                .collect();
            (!rates.is_empty()).then(|| stats::empirical_interval(&rates, level))
        }
    };
    let signed = matches!(v.metric.kind, crate::measure::MetricKind::NetArrests);
    // A count has no lower bound below zero, a share of something no upper bound above one.
    let most = if v.metric.unit.starts_with("of ") {
        1.0
    } else {
        f64::INFINITY
    };
    let bounded = |x: [f64; 2]| if signed { x } else { x.map(|end| end.clamp(0.0, most)) };
    Estimate {
        mean: interval.map(|i| i.point),
        simulation_interval: interval.and_then(|i| i.bounds()).map(bounded),
        predictive_interval: predictive,
        level,
        method: interval.map_or("none", |i| i.method).into(),
        n: n as u32,
        unit: v.metric.unit.into(),
        frequency: if v.metric.is_count() {
            frequency(total / n.max(1) as f64, n as u64)
        } else {
            String::new()
        },
        events,
        share_from_not_knowing: None,
    }
}

fn difference(a: &Column, b: &Column, level: f64) -> Option<Difference> {
    let paired = match (&a.den, &b.den) {
        (Some(da), Some(db)) => stats::paired_ratio(&a.num, da, &b.num, db, level),
        _ => Some(stats::paired(&a.num, &b.num, level)),
    };
    let per_run = |v: &Column, i: usize| match &v.den {
        None => Some(v.num[i]),
        Some(d) => (d[i] > 0.0).then(|| v.num[i] / d[i]),
    };
    let differences: Vec<f64> = (0..a.num.len().min(b.num.len()))
        .filter_map(|i| Some(per_run(a, i)? - per_run(b, i)?))
        .collect();
    let whole = |v: &Column| {
        let n = stats::sum(&v.num);
        match &v.den {
            None => Some(n),
            Some(d) => (stats::sum(d) > 0.0).then(|| n / stats::sum(d)),
        }
    };
    let ratio = match (whole(a), whole(b)) {
        (Some(x), Some(y)) if y > 0.0 => Some(x / y),
        _ => None,
    };
    let interval = paired.as_ref().map(|p| p.difference);
    Some(Difference {
        difference: interval.map(|i| i.point),
        simulation_interval: interval.and_then(|i| i.bounds()),
        predictive_interval: (!differences.is_empty()).then(|| stats::empirical_interval(&differences, level)),
        level,
        method: interval.map_or("none", |i| i.method).into(),
        ratio,
        distinguishable: interval.is_some_and(|i| i.excludes_zero()),
        variance_reduction: paired.and_then(|p| p.variance_reduction),
        ..Difference::default()
    })
}

/// Keys in which two strategies differ.
pub fn difference_keys(plan: &Plan, a: usize, b: usize) -> Vec<String> {
    let (a, b) = (&plan.strategies[a], &plan.strategies[b]);
    let mut keys: Vec<String> = PARAMETERS
        .iter()
        .enumerate()
        .filter(|(i, _)| a.values.value(ParamId(*i as u16)) != b.values.value(ParamId(*i as u16)))
        .map(|(_, p)| p.key.to_string())
        .collect();
    if a.cameras != b.cameras {
        keys.push("cameras".into());
    }
    if a.teams != b.teams {
        keys.push("teams".into());
    }
    if a.matcher != b.matcher {
        keys.push("matcher.preset".into());
    }
    keys
}
