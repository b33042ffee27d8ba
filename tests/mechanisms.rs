//! The mechanisms of one deployment, each against a closed form or a relation that only holds if it is there.

mod common;

use common::{MANY_ALERTS as MANY, VAN_AND_LAMP, binomial, first, plan, street, total, watch};
use lamplight::measure::Counter as C;
use lamplight::people::Demand;
use lamplight::response::Outcome;
use lamplight::scenario::Plan;
use lamplight::scenario::world::Numbers;

/// A plan of the street with a van and a lamp post.
fn van_and_lamp(set: &[(&str, &str)], replications: u32) -> Plan {
    plan(&street(VAN_AND_LAMP), set, replications)
}

/// Weekends have groups of their own, and groups walk at their own pace.
#[test]
fn weekend_groups_follow_their_keys() {
    let mean = |set: &[(&str, &str)]| {
        let plan = van_and_lamp(set, 1);
        Demand::new(&plan, &Numbers::draw(&plan.values, None)).mean_size
    };
    let saturday = ("time.date", "2026-06-06");
    let near = |x: f64, y: f64| assert!((x - y).abs() < 1e-12, "{x} {y}");
    near(mean(&[]), 0.62 + 0.54 + 0.24 + 0.12);
    near(mean(&[saturday]), 0.45 + 0.70 + 0.39 + 0.28);
    near(mean(&[saturday, ("people.weekend_group_4", "0")]), 0.52 + 0.70 + 0.39);
    near(mean(&[("people.weekend_group_4", "0")]), mean(&[]));
}

/// An entry out of date: arrest with the chance of its key, custody with its median, and never a charge.
#[test]
fn arrests_on_entries_out_of_date_follow_their_keys() {
    let set = [
        ("sought.prevalence", "0.05"),
        ("watchlist.stale_factor", "20"),
        ("officers.pairs", "200"),
        ("operator.count", "20"),
        ("officers.stale_arrest", "0.4"),
        ("officers.stale_custody_h", "5"),
        ("matcher.false_match_level", "0"),
    ];
    let plan = van_and_lamp(&set, 12);
    let (mut stops, mut arrests, mut long) = (0, 0, 0);
    for stop in watch(&plan).iter().flat_map(|d| &d.alerts).filter_map(|a| a.stop) {
        match stop.outcome {
            Outcome::StaleArrest => {
                assert!(!stop.charged);
                arrests += 1;
                long += u64::from(stop.custody.seconds() > 5.0 * 3600.0);
            }
            Outcome::StaleNoAction => {}
            _ => continue,
        }
        stops += 1;
    }
    assert!(stops > 300, "{stops}");
    binomial("arrests on entries out of date", arrests, stops, 0.4);
    binomial("longer in custody than the median", long, arrests, 0.5);
    let value = |id: &str| {
        let runs = first(&plan);
        let metric = lamplight::measure::metric(id).expect("a metric");
        let faces = lamplight::experiment::faces(&plan.strategies[0].values);
        runs.iter().map(|r| metric.parts(r, 0, faces).0).sum::<f64>()
    };
    assert_eq!(value("stale_arrests"), arrests as f64);
    assert_eq!(
        total(
            &first(&van_and_lamp(&[MANY, ("officers.stale_arrest", "0")], 2)),
            &[C::StaleArrests]
        ),
        0
    );
}
