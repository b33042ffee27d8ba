//! Programmes of many deployments: closed forms, relations, what rules may know.

mod helper;

use helper::*;
use lamplight::deployment::Schedule;
use lamplight::measure::Counter as C;
use lamplight::programme::prepare_streets;

#[test]
fn a_year_runs_under_every_placement() {
    let made = Made {
        strategies: vec![
            strategy("rotation", &[]),
            strategy("uniform", &[("programme.placement", "uniform")]),
            strategy("no-lfr", &[("programme.placement", "no-lfr")]),
        ],
        ..Made::default()
    };
    for s in 0..made.strategies.len() {
        let played = play(&made, s);
        let all = &played.summary.groups[0];
        println!(
            "{} {} deployments {} searches {} people {} alerts {} arrests",
            made.strategies[s].name,
            played.rows.len(),
            all.get(C::Searches),
            all.get(C::PeopleScanned),
            played.alerts.len(),
            all.get(C::Arrests)
        );
        assert!(played.rows.len() > 20);
    }
}

#[test]
fn both_schedules_give_the_same_year() {
    let made = Made::default();
    let plan = made.plan();
    let streets = prepare_streets(&plan);
    let lazy = play_with(&plan, &streets, 0, 1, Schedule::Lazy);
    let events = play_with(&plan, &streets, 0, 1, Schedule::Events);
    assert!(lazy.rows == events.rows && lazy.alerts == events.alerts);
    assert_eq!(lazy.summary.hash, events.summary.hash);
    assert_eq!(lazy.summary.year, events.summary.year);
}
