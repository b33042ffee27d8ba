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

/// The same where faces are taken for those of close relatives, whom reviewers tell apart less well, and where plain-clothes
/// pairs keep people in sight until a slow uniformed pair is there.
#[test]
fn t20_holds_with_relatives_and_plain_clothes() {
    let many = ("matcher.false_match_level", "1e-6");
    let once = ("people.visits_per_year", "0");
    let text = street(VAN_AND_LAMP);
    let kin = [
        ("matcher.false_match_level", "3e-7"),
        once,
        ("matcher.kin", "true"),
        ("matcher.kin_share", "0.005"),
        ("matcher.kin_level", "0.5"),
        ("operator.kin_sensitivity", "0"),
        ("operator.criterion", "0.5"),
    ];
    let runs = first(&plan(&text, &kin, 60));
    let (of_kin, all) = (total(&runs, &[C::KinAlerts]), total(&runs, &[C::FalseAlerts]));
    assert!(10 * of_kin > 2 * all && 10 * of_kin < 8 * all, "{of_kin} of {all}");
    agree("kin", &runs, 3);
    // Whoever is not followed is soon lost.
    let slow = [
        many,
        once,
        ("officers.pairs", "12"),
        ("officers.radio_s", "25"),
        ("officers.lost_hazard", "0.03"),
    ];
    let stops = |plain: &str| {
        let set: Vec<(&str, &str)> = slow.iter().copied().chain([("officers.plain_pairs", plain)]).collect();
        let runs = first(&plan(&text, &set, 60));
        agree(&format!("{plain} pairs in plain clothes"), &runs, 3);
        runs.iter()
            .map(|r| r.groups[0].expected(Expected::WrongfulStops))
            .sum::<f64>()
    };
    let (with, without) = (stops("6"), stops("0"));
    assert!(with > 1.1 * without, "{with} and {without}");
    // Few pairs: an alert grows old unless somebody is after its person.
    let busy = [
        MANY_ALERTS,
        once,
        ("officers.pairs", "3"),
        ("officers.plain_pairs", "2"),
        ("officers.alert_life_s", "40"),
        ("officers.lost_hazard", "0.01"),
    ];
    agree("busy, in plain clothes", &first(&plan(&text, &busy, 60)), 3);
}

/// Stops for covered faces, their fines and name checks: counted and expected, with free pairs and with one that is busy.
#[test]
fn stops_for_covered_faces_agree_counted_and_expected() {
    let chain = [
        (Expected::CoverStops, C::CoverStops),
        (Expected::CoverFines, C::Fines),
        (Expected::CoverNameChecks, C::CoverNameChecks),
    ];
    let run = |pairs: &str| {
        let set = [
            MANY_ALERTS,
            ("officers.pairs", pairs),
            ("policy.aware_sign", "0.5"),
            ("policy.cover_other", "0.3"),
            ("policy.covering", "romford-2019"),
            ("officers.cover_heated", "0.7"),
            ("officers.cover_fined", "0.7"),
            ("officers.cover_name_check", "0.5"),
        ];
        first(&plan(&street(VAN_AND_LAMP), &set, 40))
    };
    let mut expected = Vec::new();
    for pairs in ["20", "1"] {
        let runs = run(pairs);
        for (what, counter) in chain {
            for group in 0..3 {
                let rows = runs.iter().map(|r| &r.groups[group]);
                let differences: Vec<f64> = rows.map(|r| r.get(counter) as f64 - r.expected(what)).collect();
                let counted = of_group(&runs, group, &[counter]);
                assert!(counted >= 10, "{what:?} with {pairs}: {counted}");
                near_mean(&format!("{what:?} of group {group}, {pairs} pairs"), &differences, 0.0);
            }
        }
        expected.push(
            runs.iter()
                .map(|r| r.groups[0].expected(Expected::CoverStops))
                .sum::<f64>(),
        );
    }
    assert!(
        expected[0] > 1.5 * expected[1],
        "who is busy stops nobody: {expected:?}"
    );
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
