//! Runs to `summary.json`: estimates with both intervals, paired differences.

use super::Runs;
use super::burden::Burden;
use super::differing::differing;
use super::doubt::Doubts;
use super::ledger::ledger;
use super::presentation::{Per, Presentation};
use super::programme_summary::programme_summary;
use super::published::published;
use super::series::{Column, Series};
use super::summary::{Comparison, Difference, Estimate, GroupSummary, StrategySummary, Summary, Worlds};
use super::verdicts;
use crate::measure::{Faces, metrics_of};
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
    summarise_as(plan, strategies, runs, &Presentation::default())
}

/// As [`summarise`], shown otherwise.
pub fn summarise_as(plan: &Plan, strategies: &[usize], runs: &Runs, show: &Presentation) -> Summary {
    let baseline = strategies.iter().position(|s| *s == plan.baseline).unwrap_or(0);
    let name = |place: usize| plan.strategies[strategies[place]].name.clone();
    let matched = show.matched.map(|m| m.factors(plan, strategies, runs, baseline));
    let factor = |place: usize| matched.as_ref().map_or(1.0, |m| m.strategies[place].factor);
    let table: Vec<Series> = strategies
        .iter()
        .enumerate()
        .map(|(place, s)| Series::new(plan, *s, place, runs, factor(place), show))
        .collect();
    let compared = |i: usize| {
        let mut metrics: BTreeMap<String, Difference> = metrics_of(plan)
            .enumerate()
            .filter_map(|(m, metric)| {
                let d = difference(&table[i].all[m], &table[baseline].all[m], plan)?;
                Some((metric.id.to_string(), d))
            })
            .collect();
        verdicts::give(plan, &table[i], &table[baseline], show.per, &mut metrics);
        let differs = differing(plan, strategies[i], strategies[baseline]);
        let doubts = Doubts::of(plan, strategies[i], strategies[baseline], runs.replications());
        Comparison {
            strategy: name(i),
            baseline: name(baseline),
            differs_in: difference_keys(plan, strategies[i], strategies[baseline]),
            questions: doubts.questions(&table[i], &table[baseline], &metrics),
            tipping_points: doubts.fitted(&table[i], &table[baseline], plan.level),
            metrics,
            differs,
        }
    };
    let borne = Burden::new(plan, strategies, runs);
    let shown: Vec<StrategySummary> = strategies
        .iter()
        .zip(&table)
        .map(|(s, series)| StrategySummary {
            name: plan.strategies[*s].name.clone(),
            note: plan.strategies[*s].note.clone(),
            metrics: estimates(&series.all, plan),
            groups: series
                .groups
                .iter()
                .map(|(by, name, metrics)| GroupSummary {
                    by: by.clone(),
                    name: name.clone(),
                    metrics: estimates(metrics, plan),
                })
                .collect(),
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
        per: show.per.whole(plan).into(),
        level: plan.level,
        baseline: name(baseline),
        stamp: plan.stamp.clone(),
        // Published counts are of whole deployments and programmes as they were, not of years or of matched strategies.
        published: if *show == Presentation::default() {
            published(plan, &shown)
        } else {
            Vec::new()
        },
        strategies: shown,
        comparisons: (0..strategies.len()).filter(|i| *i != baseline).map(compared).collect(),
        warnings: plan.warnings.clone(),
        worlds: worlds(plan, runs),
        stopping: None,
        matched: matched.clone(),
        ledger: ledger(plan, strategies, runs),
        disparities: borne.disparities(),
        decompositions: borne.decompositions(),
        programme: programme_summary(plan, strategies, runs),
    }
}

/// How many worlds were tried.
fn worlds(plan: &Plan, runs: &Runs) -> Worlds {
    let again = runs.again.first().map_or(&[][..], Vec::as_slice);
    Worlds {
        worlds: if plan.uncertainty {
            runs.replications() as u32
        } else {
            1
        },
        inner: 1 + again.first().map_or(0, Vec::len) as u32,
        repeated: again.len() as u32,
        agreement: stats::verdict::AGREEMENT,
    }
}

fn estimates(series: &[Column], plan: &Plan) -> BTreeMap<String, Estimate> {
    series
        .iter()
        .map(|v| {
            let twin = verdicts::verdict_from(v.metric.id);
            let twin = series.iter().find(|c| c.metric.id == twin && twin != v.metric.id);
            (v.metric.id.to_string(), estimate(v, twin, plan))
        })
        .collect()
}

/// The estimate of one metric; `twin` is its expectation, if it has one.
fn estimate(v: &Column, twin: Option<&Column>, plan: &Plan) -> Estimate {
    let level = plan.level;
    let n = v.num.len();
    let total = stats::sum(&v.num);
    let counted = v.metric.is_count() || v.den.is_some() && v.num.iter().all(|x| libm::trunc(*x) == *x);
    let events = counted.then_some(total.max(0.0) as u64);
    let rare = events.filter(|e| *e < FEW);
    // Worlds differ in how often it happens: then so many events tell less than as many of one world would.
    let dispersion = if plan.uncertainty {
        dispersion(&v.num).max(twin.map_or(1.0, |t| 1.0 + dispersion(&t.num)))
    } else {
        1.0
    };
    let interval: Option<Interval> = match (&v.den, rare) {
        (None, Some(events)) if v.metric.is_count() => {
            Some(stats::garwood_overdispersed(events, n as f64, dispersion, level))
        }
        (None, _) => Some(stats::t_mean(&v.num, level)),
        (Some(den), Some(events)) if stats::sum(den) > 0.0 => {
            Some(stats::garwood_overdispersed(events, stats::sum(den), dispersion, level))
        }
        (Some(den), _) => stats::ratio_of_sums(&v.num, den, level),
    };
    let split = v.worlds().filter(|_| plan.uncertainty).and_then(|w| stats::split(&w));
    let yearly = v.unit.ends_with("per year") && v.den.is_none();
    let signed = matches!(v.metric.kind, crate::measure::MetricKind::NetArrests);
    let predictive = match &v.den {
        None if yearly => v.worlds().map(|w| year(&w, plan, signed, v.metric.is_count())),
        None => (n > 0).then(|| stats::empirical_interval(&v.num, level).map(|x| x * v.scale)),
        Some(den) => {
            let rates: Vec<f64> = v
                .num
                .iter()
                .zip(den)
                .filter(|(_, d)| **d > 0.0)
                .map(|(n, d)| v.scale * n / d)
                .collect();
            (!rates.is_empty()).then(|| stats::empirical_interval(&rates, level))
        }
    };
    // A count has no lower bound below zero, a share of something no upper bound above one.
    let most = if v.metric.unit.starts_with("of ") {
        1.0
    } else {
        f64::INFINITY
    };
    let bounded = |x: [f64; 2]| if signed { x } else { x.map(|end| end.clamp(0.0, most)) };
    let own = v.den.is_none() && v.metric.is_count();
    Estimate {
        mean: interval.map(|i| i.point * v.scale),
        simulation_interval: interval
            .and_then(|i| i.bounds())
            .map(|b| b.map(|x| x * v.scale))
            .map(bounded),
        predictive_interval: predictive,
        level,
        method: interval.map_or("none", |i| i.method).into(),
        n: n as u32,
        unit: v.unit.clone(),
        frequency: if own {
            let each = if yearly { 1.0 } else { v.scale };
            let whole = Per::Deployment.whole(plan);
            frequency(each * total / n.max(1) as f64, n as u64, whole)
        } else {
            String::new()
        },
        events,
        share_from_not_knowing: split.and_then(|s| s.share_from_not_knowing()),
    }
}

/// Variance over mean of a count; 1 where it is not known.
fn dispersion(x: &[f64]) -> f64 {
    let mean = stats::mean(x);
    if mean > 0.0 { stats::variance(x) / mean } else { 0.0 }
}

/// What one year may bring: the world stays the same all year, and chance evens out over its deployments. Chance of a year
/// is taken as normal (Poisson for counts so few that it is not), in ten equal parts for each world.
fn year(worlds: &[Vec<f64>], plan: &Plan, signed: bool, count: bool) -> [f64; 2] {
    let deployments = plan.values.get(param::DEPLOYMENTS_PER_YEAR);
    let means: Vec<f64> = worlds.iter().map(|w| stats::mean(w)).collect();
    let found = stats::split(worlds).filter(|_| plan.uncertainty);
    let (plausible, chance) = match found {
        Some(split) => (stats::plausible_means(worlds, &split), split.chance),
        // One world, or nothing that tells chance from not knowing: then all of it may be not knowing.
        None if plan.uncertainty => (means, 0.0),
        None => (vec![stats::mean(&means)], stats::variance(&means)),
    };
    // Values are yearly sums of equal deployments: chance of a sum of different ones is smaller by their number.
    let chance = libm::sqrt(chance / deployments);
    let one = |mean: f64, u: f64| {
        if count && mean < 30.0 {
            stats::dist::poisson_quantile(u, mean.max(0.0)) as f64
        } else {
            mean + chance * stats::dist::normal_quantile(u)
        }
    };
    let parts = if plausible.len() > 1 { 10 } else { 1000 };
    let all: Vec<f64> = plausible
        .iter()
        .flat_map(|mean| (0..parts).map(move |i| one(*mean, (f64::from(i) + 0.5) / f64::from(parts))))
        .map(|x| if signed { x } else { x.max(0.0) })
        .collect();
    stats::empirical_interval(&all, plan.level)
}

fn difference(a: &Column, b: &Column, plan: &Plan) -> Option<Difference> {
    let level = plan.level;
    let scaled = |v: &Column| -> Vec<f64> { v.num.iter().map(|x| x * v.scale).collect() };
    let (x, y) = (scaled(a), scaled(b));
    let paired = match (&a.den, &b.den) {
        (Some(da), Some(db)) => stats::paired_ratio(&x, da, &y, db, level),
        _ => Some(stats::paired(&x, &y, level)),
    };
    let per_run = |v: &Column, i: usize| match &v.den {
        None => Some(v.scale * v.num[i]),
        Some(d) => (d[i] > 0.0).then(|| v.scale * v.num[i] / d[i]),
    };
    let differences: Vec<f64> = (0..a.num.len().min(b.num.len()))
        .filter_map(|i| Some(per_run(a, i)? - per_run(b, i)?))
        .collect();
    let ratio = match (verdicts::figure(a), verdicts::figure(b)) {
        (Some(x), Some(y)) if y > 0.0 => Some(x / y),
        _ => None,
    };
    let interval = paired.as_ref().map(|p| p.difference);
    Some(Difference {
        difference: interval.map(|i| i.point),
        simulation_interval: interval.and_then(|i| i.bounds()),
        predictive_interval: if a.unit.ends_with("per year") && a.den.is_none() {
            verdicts::world_differences(a, b).map(|w| year(&w, plan, true, false))
        } else {
            (!differences.is_empty()).then(|| stats::empirical_interval(&differences, level))
        },
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
    if a.rates != b.rates {
        keys.push("retrospective.preset".into());
    }
    if a.threshold_by != b.threshold_by {
        keys.push("matcher.threshold_by".into());
    }
    keys
}
