//! What the scientific tests share: scenarios, runs, an observer that keeps what happens, and critical values.
//!
//! Every test has a fixed seed and a tolerance from the sampling distribution of what it looks at, two-sided at 10^-3.
//! Distributions here come from `statrs`, so that no test judges the crate by the crate's own quantiles.
#![allow(dead_code)] // each test binary uses its own part

use lamplight::deployment::{
    Alert, CoverChance, CoverStop, Observer, Pass, Reacted, Scene, Schedule, Shadowed, Shift, SoughtRecord, run,
};
use lamplight::experiment::{Machine, Ready, Runs, summarise, summary::Summary, write_runs};
use lamplight::measure::{Counter, RunSummary};
use lamplight::people::Streets;
use lamplight::response::Patrol;
use lamplight::scenario::registry::{ParamId, find};
use lamplight::scenario::{Overrides, Plan, load_text};
use statrs::distribution::{Binomial, ChiSquared, ContinuousCDF, DiscreteCDF, Poisson, StudentsT};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Level of every test, two-sided.
pub const ALPHA: f64 = 1e-3;
/// Standard normal quantile of 1 - ALPHA / 2.
pub const Z: f64 = 3.290_526_731_491_931;

// ---- scenarios

/// The shipped scenarios.
pub fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The text of a file under `scenarios/`.
pub fn shipped(name: &str) -> String {
    let path = scenarios().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A plan from a scenario's text, with values set as on the command line.
pub fn plan(text: &str, set: &[(&str, &str)], replications: u32) -> Plan {
    plan_in(&scenarios(), text, set, replications)
}

/// As [`plan`], with the folder that files are looked for in.
pub fn plan_in(folder: &Path, text: &str, set: &[(&str, &str)], replications: u32) -> Plan {
    let overrides = Overrides {
        set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        seed: Some(1),
        ..Overrides::default()
    };
    let mut plan = load_text("scenario.toml", text, folder, &overrides).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(|p| format!("{} [{}]", p.message, p.help)).collect();
        panic!("{}", lines.join("\n"))
    });
    plan.replications = replications;
    plan
}

/// A variant of the reference model, its first strategy alone.
pub fn reference(variant: &str, set: &[(&str, &str)], replications: u32) -> Plan {
    let mut plan = plan(
        &shipped(&format!("reference/high-street-1-{variant}.toml")),
        set,
        replications,
    );
    plan.strategies.truncate(1);
    plan
}

/// A street of 600 m with default people, views, operators and officers; 4 h, 2,000 persons an hour; no uncertainty.
///
/// The cameras and further tables of its one strategy "street" are given as text.
pub fn street(strategies: &str) -> String {
    let arrivals: String = (9..15)
        .map(|hour| format!("[[people.arrivals]]\nhour = {hour}\npersons = 2000\n"))
        .collect();
    format!(
        "format = 1
title = \"A street\"
question = \"Does a relation hold?\"
reading = \"A test.\"
uncertainty = \"off\"
[time]
date = 2026-06-03
open = 11:00:00
close = 15:00:00
[place]
sketch = {{ length_m = 600, nodes_m = [0, 150, 300, 450, 600], width_m = 6 }}
[people]
population = \"london-passers-by\"
{arrivals}
{strategies}"
    )
}

/// A van with two cameras and a lamp post with one.
pub const VAN_AND_LAMP: &str = "[[strategy]]
name = \"street\"
cameras = [{ mount = \"van\", at_m = 225 }, { mount = \"lamp\", at_m = 525, heading_deg = 270 }]
";

/// False matches raised so that a street of a few thousand people has hundreds of false alerts.
pub const MANY_ALERTS: (&str, &str) = ("matcher.false_match_level", "4e-6");

/// The parameter of a key.
pub fn key(name: &str) -> ParamId {
    find(name).unwrap_or_else(|| panic!("no parameter {name}"))
}

// ---- runs

/// Runs all strategies of a plan on both cores.
pub fn runs(plan: &Plan) -> Runs {
    runs_with(plan, 0, Schedule::Lazy)
}

/// Runs all strategies of a plan.
pub fn runs_with(plan: &Plan, jobs: usize, schedule: Schedule) -> Runs {
    let machine = Machine {
        plan,
        ready: &Ready::prepare(plan),
        jobs,
        schedule,
        progress: &AtomicBool::new(false),
    };
    machine
        .execute(&all(plan), 0..plan.replications)
        .expect("a pool of workers")
}

/// Runs of the first strategy.
pub fn first(plan: &Plan) -> Vec<RunSummary> {
    runs(plan).by_strategy.swap_remove(0)
}

/// Indices of all strategies.
pub fn all(plan: &Plan) -> Vec<usize> {
    (0..plan.strategies.len()).collect()
}

/// Summary of all strategies.
pub fn summary(plan: &Plan) -> Summary {
    summarise(plan, &all(plan), &runs(plan))
}

/// The bytes of `summary.json` and of `runs.parquet`.
pub fn bytes(plan: &Plan, jobs: usize, schedule: Schedule) -> (Vec<u8>, Vec<u8>) {
    let runs = runs_with(plan, jobs, schedule);
    let summary = serde_json::to_vec_pretty(&summarise(plan, &all(plan), &runs)).expect("a summary is JSON");
    let mut rows = Vec::new();
    write_runs(&mut rows, plan, &all(plan), &runs).expect("rows are written to memory");
    (summary, rows)
}

/// A count of everybody, summed over runs.
pub fn total(runs: &[RunSummary], counters: &[Counter]) -> u64 {
    of_group(runs, 0, counters)
}

/// A count of one group row, summed over runs.
pub fn of_group(runs: &[RunSummary], group: usize, counters: &[Counter]) -> u64 {
    runs.iter()
        .map(|r| counters.iter().map(|c| r.groups[group].get(*c)).sum::<u64>())
        .sum()
}

/// Expected false alerts of one group row, summed over runs.
pub fn expected_false(runs: &[RunSummary], group: usize) -> f64 {
    runs.iter().map(|r| r.groups[group].expected_false()).sum()
}

// ---- events

/// Keeps everything that an observer is told.
#[derive(Default)]
pub struct Watch {
    /// Every pass.
    pub passes: Vec<Pass>,
    /// Every alert, in the order in which they ended.
    pub alerts: Vec<Alert>,
    /// Every sought person's visit.
    pub sought: Vec<SoughtRecord>,
    /// Every reaction.
    pub reactions: Vec<(usize, Reacted)>,
    /// People on duty.
    pub shift: Shift,
}

impl Observer for Watch {
    fn pass(&mut self, pass: &Pass) {
        self.passes.push(*pass);
    }
    fn reaction(&mut self, cell: usize, reacted: Reacted) {
        self.reactions.push((cell, reacted));
    }
    fn visits(&mut self, _: u64, _: u64) {}
    fn sought(&mut self, record: &SoughtRecord) {
        self.sought.push(*record);
    }
    fn alert(&mut self, alert: &Alert) {
        self.alerts.push(alert.clone());
    }
    fn shadow(&mut self, _: &Shadowed) {}
    fn cover_chance(&mut self, _: &CoverChance) {}
    fn cover_stop(&mut self, _: &CoverStop) {}
    fn patrol(&mut self, _: &[Patrol], _: &[u64]) {}
    fn end(&mut self, shift: &Shift) {
        self.shift = *shift;
    }
}

/// Everything that happens in every replication of the plan's first strategy.
pub fn watch(plan: &Plan) -> Vec<Watch> {
    watch_with(plan, Schedule::Lazy)
}

/// As [`watch`], under a schedule.
pub fn watch_with(plan: &Plan, schedule: Schedule) -> Vec<Watch> {
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    (0..plan.replications)
        .map(|replication| {
            let mut watch = Watch::default();
            run(&scene, plan.seed, replication, schedule, &mut watch);
            watch
        })
        .collect()
}

// ---- critical values

/// Fails unless `x` lies within `Z` standard errors of `mean`.
#[track_caller]
pub fn near(what: &str, x: f64, mean: f64, standard_error: f64) {
    let z = (x - mean) / standard_error;
    assert!(
        z.abs() <= Z,
        "{what}: {x}, expected {mean} with standard error {standard_error}: z = {z}"
    );
}

/// Fails unless the mean of independent values is `expected`, by Student's t.
#[track_caller]
pub fn near_mean(what: &str, x: &[f64], expected: f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    let t = StudentsT::new(0.0, 1.0, n - 1.0)
        .unwrap()
        .inverse_cdf(1.0 - ALPHA / 2.0);
    let error = (variance / n).sqrt();
    assert!(
        (mean - expected).abs() <= t * error,
        "{what}: mean {mean} with standard error {error}, expected {expected}: t = {}",
        (mean - expected) / error
    );
}

/// Fails unless a count may come from a Poisson distribution with this mean.
#[track_caller]
pub fn poisson(what: &str, count: u64, mean: f64) {
    let law = Poisson::new(mean).unwrap();
    let (below, above) = (law.cdf(count), 1.0 - if count > 0 { law.cdf(count - 1) } else { 0.0 });
    assert!(
        below > ALPHA / 2.0 && above > ALPHA / 2.0,
        "{what}: {count} events, expected {mean}: P(at most) = {below}, P(at least) = {above}"
    );
}

/// Fails unless `count` of `n` may come from a binomial distribution.
#[track_caller]
pub fn binomial(what: &str, count: u64, n: u64, p: f64) {
    let law = Binomial::new(p, n).unwrap();
    let (below, above) = (law.cdf(count), 1.0 - if count > 0 { law.cdf(count - 1) } else { 0.0 });
    assert!(
        below > ALPHA / 2.0 && above > ALPHA / 2.0,
        "{what}: {count} of {n}, expected share {p}, seen {}: P(at most) = {below}, P(at least) = {above}",
        count as f64 / n as f64
    );
}

/// Fails unless `x` may come from a chi-square distribution: neither too far nor too near.
#[track_caller]
pub fn chi_square(what: &str, x: f64, df: f64) {
    let law = ChiSquared::new(df).unwrap();
    let (low, high) = (law.inverse_cdf(ALPHA / 2.0), law.inverse_cdf(1.0 - ALPHA / 2.0));
    assert!(
        (low..=high).contains(&x),
        "{what}: chi-square {x} with {df} degrees of freedom, allowed {low} to {high}"
    );
}

/// Pearson's chi-square of counts against shares; cells that expect fewer than 5 are pooled.
#[track_caller]
pub fn shares(what: &str, counts: &[u64], shares: &[f64]) {
    let n = counts.iter().sum::<u64>() as f64;
    let whole: f64 = shares.iter().sum();
    let (mut statistic, mut cells) = (0.0, 0);
    let mut pooled = (0.0, 0.0);
    for (count, share) in counts.iter().zip(shares) {
        let expected = n * share / whole;
        if expected < 5.0 {
            pooled = (pooled.0 + *count as f64, pooled.1 + expected);
        } else {
            statistic += (*count as f64 - expected) * (*count as f64 - expected) / expected;
            cells += 1;
        }
    }
    if pooled.1 >= 5.0 {
        statistic += (pooled.0 - pooled.1) * (pooled.0 - pooled.1) / pooled.1;
        cells += 1;
    } else {
        assert!(
            pooled.0 <= pooled.1 + 12.0,
            "{what}: {} events where {} are expected",
            pooled.0,
            pooled.1
        );
    }
    chi_square(what, statistic, f64::from(cells - 1));
}

/// Fails unless counts may all come from one Poisson distribution: the index of dispersion is chi-square.
#[track_caller]
pub fn dispersion(what: &str, counts: &[f64]) {
    let mean = counts.iter().sum::<f64>() / counts.len() as f64;
    let squares: f64 = counts.iter().map(|c| (c - mean) * (c - mean)).sum();
    chi_square(what, squares / mean, counts.len() as f64 - 1.0);
}

/// Fails unless two columns may be independent: chi-square of their table by thirds.
#[track_caller]
pub fn independent(what: &str, a: &[f64], b: &[f64]) {
    let thirds = |x: &[f64]| {
        let mut sorted = x.to_vec();
        sorted.sort_by(f64::total_cmp);
        let cut = [sorted[x.len() / 3], sorted[2 * x.len() / 3]];
        x.iter()
            .map(|v| cut.iter().filter(|c| v >= c).count())
            .collect::<Vec<_>>()
    };
    let (a, b) = (thirds(a), thirds(b));
    let mut table = [[0.0_f64; 3]; 3];
    a.iter().zip(&b).for_each(|(i, j)| table[*i][*j] += 1.0);
    let n = a.len() as f64;
    let mut statistic = 0.0;
    for i in 0..3 {
        for j in 0..3 {
            let row: f64 = table[i].iter().sum();
            let column: f64 = table.iter().map(|r| r[j]).sum();
            let expected = row * column / n;
            statistic += (table[i][j] - expected) * (table[i][j] - expected) / expected;
        }
    }
    chi_square(what, statistic, 4.0);
}

/// The asymptotic critical value of the Kolmogorov-Smirnov distance times the root of the sample size.
fn kolmogorov() -> f64 {
    (-(ALPHA / 2.0).ln() / 2.0).sqrt()
}

/// Fails unless values may come from a continuous distribution.
#[track_caller]
pub fn kolmogorov_smirnov(what: &str, values: &[f64], cdf: impl Fn(f64) -> f64) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let distance = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let p = cdf(*x);
            (p - i as f64 / n).max((i + 1) as f64 / n - p)
        })
        .fold(0.0, f64::max);
    let root = n.sqrt();
    // Stephens' correction for finite samples.
    let scaled = distance * (root + 0.12 + 0.11 / root);
    assert!(
        scaled <= kolmogorov(),
        "{what}: distance {distance} over {n} values, scaled {scaled} > {}",
        kolmogorov()
    );
}

/// Fails unless two samples may come from one continuous distribution.
#[track_caller]
pub fn kolmogorov_smirnov_two(what: &str, a: &[f64], b: &[f64]) {
    let sort = |x: &[f64]| {
        let mut x = x.to_vec();
        x.sort_by(f64::total_cmp);
        x
    };
    let (a, b) = (sort(a), sort(b));
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        distance = distance.max((i as f64 / n - j as f64 / m).abs());
    }
    let scaled = distance * (n * m / (n + m)).sqrt();
    assert!(
        scaled <= kolmogorov(),
        "{what}: distance {distance}, scaled {scaled} > {}",
        kolmogorov()
    );
}
