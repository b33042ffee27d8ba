//! What expectations and pairing save: the figures of results/estimators.md, as rows of its two tables.
//!
//! `cargo bench --bench estimators` prints them for the two scenarios published there; it takes minutes.

use lamplight::deployment::Schedule;
use lamplight::experiment::{Machine, Ready, Runs, summarise};
use lamplight::measure::{Counter as C, Expected as E, RunSummary};
use lamplight::scenario::{Overrides, Plan, load};
use lamplight::stats;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What is counted, and its expectation.
const PAIRS: [(&str, C, E); 4] = [
    ("false alerts", C::FalseAlerts, E::FalseAlerts),
    ("false alerts passed on", C::FalsePassed, E::FalsePassed),
    ("wrongful stops", C::WrongfulStops, E::WrongfulStops),
    ("wrongful arrests", C::WrongfulArrests, E::WrongfulArrests),
];

fn main() {
    for name in ["bethnal-green-2024", "west-end-2026"] {
        let one_world = plan(name, 200, false);
        let runs = runs(&one_world);
        let with_cameras = one_world.strategies.iter().zip(&runs.by_strategy);
        for (s, of) in with_cameras.filter(|(s, _)| !s.is_patrol()) {
            for (what, counted, expected) in PAIRS {
                let (count, mean, fewer) = times_fewer(of, counted, expected);
                println!("| {name} | {} | {what} | {count:.4} | {mean:.4} | {fewer:.0} |", s.name);
            }
        }
        let worlds = plan(name, 100, true);
        for c in summarise(&worlds, &all(&worlds), &self::runs(&worlds)).comparisons {
            let gain = |id: &str| {
                c.metrics[id]
                    .variance_reduction
                    .map_or(String::new(), |v| format!("{v:.1}"))
            };
            let gains = ["faces_seen", "alerts", "arrests", "sought_missed"].map(gain);
            println!(
                "| {name} | {} instead of {} | on | {} |",
                c.strategy,
                c.baseline,
                gains.join(" | ")
            );
        }
    }
}

/// Means counted and expected, and how many times as many replications counting needs for the same half-width.
fn times_fewer(runs: &[RunSummary], counted: C, expected: E) -> (f64, f64, f64) {
    let count: Vec<f64> = runs.iter().map(|r| r.groups[0].get(counted) as f64).collect();
    let mean: Vec<f64> = runs.iter().map(|r| r.groups[0].expected(expected)).collect();
    (
        stats::mean(&count),
        stats::mean(&mean),
        stats::variance(&count) / stats::variance(&mean),
    )
}

fn plan(name: &str, replications: u32, uncertainty: bool) -> Plan {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
    let overrides = Overrides {
        replications: Some(replications),
        uncertainty: Some(uncertainty),
        ..Overrides::default()
    };
    load(&file, &overrides).unwrap_or_else(|_| panic!("{name} is a sound scenario"))
}

fn all(plan: &Plan) -> Vec<usize> {
    (0..plan.strategies.len()).collect()
}

fn runs(plan: &Plan) -> Runs {
    let ready = Ready::prepare(plan);
    let progress = AtomicBool::new(false);
    let machine = Machine {
        plan,
        ready: &ready,
        jobs: 0,
        schedule: Schedule::Lazy,
        progress: &progress,
    };
    let runs = machine.execute(&all(plan), 0..plan.replications);
    runs.unwrap_or_else(|e| panic!("workers: {e}"))
}
