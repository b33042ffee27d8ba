//! What false alerts lead to, counted and in expectation (T20 along the chain).

mod common;

use common::*;
use lamplight::deployment::Schedule;
use lamplight::measure::{Counter as C, Expected, RunSummary};

const CHAIN: [(Expected, &[C]); 2] = [
    (Expected::FalsePassed, &[C::FalsePassed]),
    (Expected::WrongfulStops, &[C::WrongfulStops]),
];

fn agree(name: &str, runs: &[RunSummary], groups: usize) {
    for (what, counters) in CHAIN {
        for group in 0..groups {
            let differences: Vec<f64> = runs
                .iter()
                .map(|r| {
                    let row = &r.groups[group];
                    counters.iter().map(|c| row.get(*c)).sum::<u64>() as f64 - row.expected(what)
                })
                .collect();
            let counted: f64 = of_group(runs, group, counters) as f64;
            assert!(counted > 20.0, "{name}: {what:?} of group {group}: {counted}");
            near_mean(&format!("{name}: {what:?} of group {group}"), &differences, 0.0);
        }
    }
}

/// T20 along the chain: review, dispatch and pursuit; with free officers, with officers and operators who are busy, and in
/// the reference model, where the crowd is swept by another piece of code.
#[test]
fn t20_what_false_alerts_lead_to_agrees_counted_and_expected() {
    let many = ("matcher.false_match_level", "1e-6");
    let once = ("people.visits_per_year", "0");
    let text = street(VAN_AND_LAMP);
    agree("free", &first(&plan(&text, &[many, once], 60)), 6);
    let busy = [
        MANY_ALERTS,
        once,
        ("officers.pairs", "1"),
        ("operator.count", "1"),
        ("operator.review_s", "60"),
        ("operator.patience_s", "90"),
    ];
    agree("busy", &first(&plan(&text, &busy, 60)), 3);
    agree("reference", &first(&reference("busy", &[], 60)), 6);
}

/// Shadows are the same whichever way passes are evaluated.
#[test]
fn shadows_are_the_same_under_both_schedules() {
    let mut plan = plan(&street(VAN_AND_LAMP), &[MANY_ALERTS, ("officers.pairs", "2")], 4);
    plan.uncertainty = true;
    let of = |schedule| runs_with(&plan, 1, schedule).by_strategy.swap_remove(0);
    let (lazy, events) = (of(Schedule::Lazy), of(Schedule::Events));
    for (a, b) in lazy.iter().zip(&events) {
        assert_eq!(a.cells, b.cells);
        assert!(a.groups[0].expected(Expected::WrongfulStops) > 1.0);
    }
}
