//! `bench-reference`: CPU time of runs, measured inside the process around them.

use super::Failure;
use super::args::Bench;
use super::output::data;
use crate::deployment::Scene;
use crate::experiment::one;
use crate::measure::Counter;
use crate::people::Streets;
use crate::scenario::{Overrides, load};

/// Times the first strategy of a scenario on one thread.
pub(crate) fn bench(job: &Bench) -> Result<(), Failure> {
    let mut plan = load(
        &job.scenario,
        &Overrides {
            replications: Some(job.replications.max(2)),
            ..Overrides::default()
        },
    )?;
    // The reference model's scale: arrivals times k, everything rare divided by k.
    for gate in &mut plan.place.gates {
        gate.persons_per_hour.iter_mut().flatten().for_each(|p| *p *= job.scale);
    }
    let scale = |values: &mut crate::scenario::plan::Values| {
        let id = crate::scenario::registry::param::PREVALENCE;
        let mut value = values.value(id);
        value.central /= job.scale;
        values.set(id, value);
    };
    scale(&mut plan.values);
    for strategy in &mut plan.strategies {
        scale(&mut strategy.values);
        strategy.matcher.plain_rate.iter_mut().for_each(|r| *r /= job.scale);
    }
    let streets = Streets::prepare(&plan);
    let scene = Scene::prepare(&plan, &plan.strategies[0], &streets);
    let start = cpu_seconds();
    let mut totals = [0_u64; 6];
    let mut visits = 0;
    for replication in 0..job.replications {
        let run = one(&scene, replication, job.schedule.schedule());
        visits += run.visits;
        let counters = [
            Counter::Searches,
            Counter::TrueAlerts,
            Counter::FalseAlerts,
            Counter::Arrests,
            Counter::WrongfulStops,
            Counter::DismissedFalse,
        ];
        totals
            .iter_mut()
            .zip(counters)
            .for_each(|(t, c)| *t += run.groups[0].get(c));
    }
    let cpu_s = cpu_seconds() - start;
    let [
        faces,
        true_alerts,
        false_alerts,
        arrests,
        wrongful_stops,
        dismissed_false,
    ] = totals;
    let result = serde_json::json!({
        "engine": "lamplight", "schedule": job.schedule.word(), "scale": job.scale, "replications": job.replications,
        "cpu_s": cpu_s, "pedestrians": visits, "us_per_pedestrian": 1e6 * cpu_s / visits.max(1) as f64,
        "peak_rss_kib": peak_rss_kib(),
        "faces": faces, "true_alerts": true_alerts, "false_alerts": false_alerts, "arrests": arrests,
        "wrongful_stops": wrongful_stops, "dismissed_false": dismissed_false,
    });
    data(&format!("{result}\n"))
}

/// CPU time of this process, s; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/schedstat") else {
        return 0.0;
    };
    stat.split_whitespace()
        .next()
        .and_then(|ns| ns.parse::<f64>().ok())
        .map_or(0.0, |ns| ns * 1e-9)
}

/// Largest resident memory so far, KiB; 0 where the system does not say.
fn peak_rss_kib() -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return 0;
    };
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next())
        .and_then(|k| k.parse().ok())
        .unwrap_or(0)
}
