//! One replication of a year of deployments, as many and as large as the Met's: CPU time and memory.
//!
//! `cargo bench --bench programme -- [days] [persons per hour at a gate]` prints one line of JSON. Sites are sketches with the
//! general path of the model: groups, crowding, reactions, views, people who come back.

#[path = "../tests/programme/helper.rs"]
mod helper;

use helper::{Made, Place, strategy};
use lamplight::deployment::Schedule;
use lamplight::experiment::faces;
use lamplight::measure::Counter;
use lamplight::programme::{Prepared, prepare_streets, run};

/// Boroughs and places on a grid of about 3 km.
const NAMES: [&str; 24] = [
    "a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2", "f1", "f2", "g1", "g2", "h1", "h2", "i1", "i2", "j1",
    "j2", "k1", "k2", "l1", "l2",
];

fn main() {
    let numbers: Vec<f64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let days = numbers.first().copied().unwrap_or(365.0) as i64;
    let persons = numbers.get(1).copied().unwrap_or(1900.0);
    let places: Vec<Place> = NAMES
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let at = [-0.25 + 0.04 * (i % 6) as f64, 51.45 + 0.03 * (i / 6) as f64];
            (*name, &NAMES[i][..1], at, persons * (0.6 + 0.8 * (i % 5) as f64 / 4.0))
        })
        .collect();
    let made = Made {
        until: jiff::civil::date(2025, 1, 1) + jiff::Span::new().days(days - 1),
        places,
        strategies: vec![strategy("rotation", &[])],
        uncertainty: true,
        ..Made::default()
    };
    let plan = made.plan();
    let before = cpu_seconds();
    let streets = prepare_streets(&plan);
    let prepared = Prepared::new(&plan, &streets).expect("a programme");
    let ready = cpu_seconds();
    let mut deployments = 0;
    let counting = faces(&plan.strategies[0].values);
    let summary = run(&prepared, plan.seed, 0, 0, Schedule::Lazy, counting, &mut |_| {
        deployments += 1
    });
    let done = cpu_seconds();
    let all = &summary.groups[0];
    println!(
        "{{\"days\": {days}, \"deployments\": {deployments}, \"faces\": {}, \"visits\": {}, \"people_scanned\": {}, \"alerts\": {}, \
         \"prepare_cpu_s\": {:.3}, \"cpu_s\": {:.3}, \"peak_rss_kib\": {}, \"hash\": \"{:016x}\"}}",
        all.get(Counter::Searches),
        summary.visits,
        all.get(Counter::PeopleScanned),
        all.get(Counter::TrueAlerts) + all.get(Counter::FalseAlerts),
        ready - before,
        done - ready,
        peak_rss_kib(),
        summary.hash,
    );
}

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let ns = stat.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
    ns.map_or(0.0, |ns| ns * 1e-9)
}

fn peak_rss_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next())
        .and_then(|k| k.parse().ok())
        .unwrap_or(0)
}
