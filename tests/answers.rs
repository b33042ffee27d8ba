//! Answers: verdicts, tipping points, ledger, disparities, and where they come from.

mod common;

use common::*;
use lamplight::deployment::Schedule;
use lamplight::experiment::summary::Summary;
use lamplight::experiment::{
    Machine, Match, Per, Precision, Presentation, Ready, execute_until, full_ledger, ledger_csv, summarise,
    summarise_as, tipping_point,
};
use lamplight::measure::{Counter as C, Expected as E, RunSummary};
use lamplight::scenario::Plan;
use lamplight::stats;
use std::sync::atomic::AtomicBool;

const EQUAL: &str = "shares = [0.2, 0.2, 0.2, 0.2, 0.2]";
const PATROL: &str = "[[strategy]]\nname = \"no-lfr\"\n";

/// A plan, its streets, and somebody who never stops it.
fn with_machine<T>(plan: &Plan, work: impl FnOnce(&Machine<AtomicBool>) -> T) -> T {
    let ready = Ready::prepare(plan);
    let progress = AtomicBool::new(false);
    work(&Machine {
        plan,
        ready: &ready,
        jobs: 0,
        schedule: Schedule::Lazy,
        progress: &progress,
    })
}

/// Van and lamp post against patrol.
fn van_and_patrol(set: &[(&str, &str)], replications: u32) -> Plan {
    plan(&street(&format!("{VAN_AND_LAMP}{PATROL}")), set, replications)
}

/// With the same people, list, matcher, operator and officers for every group, intervals of ratios of rates cover 1 in as
/// many of 200 seeds as 95 % may miss; expected and counted.
#[test]
fn with_everything_equal_intervals_of_disparity_cover_one() {
    let set = [
        ("matcher.kind", "demographic"),
        ("matcher.preset", "flat"),
        ("matcher.false_match_level", "1e-6"),
        ("matcher.person_effect", "0.7"),
        ("people.demand_scale", "0.12"),
        ("time.run_on", "false"),
        ("sought.prevalence", "0"),
    ];
    let text = shipped("reference/high-street-1-base.toml").replace("shares = [0.50, 0.20, 0.15, 0.10, 0.05]", EQUAL);
    let mut plan = plan(&text, &set, 30);
    plan.strategies.truncate(1);
    let (mut expected, mut counted, mut wrongful, mut of) = ([0; 2], [0; 2], 0, 0);
    for seed in 0..200 {
        plan.seed = seed;
        let s = summary(&plan);
        let borne = &s.disparities[0].axes[0];
        let others: Vec<_> = borne.groups.iter().filter(|g| g.name != borne.reference).collect();
        let covers = |i: Option<[f64; 2]>| i.is_some_and(|[low, high]| low <= 1.0 && 1.0 <= high);
        of += 1;
        for i in 0..2 {
            assert!(!others[i].too_few_events && others[i].false_alerts_counted >= 5);
            expected[i] += u32::from(covers(others[i].fpir_ratio.interval));
            counted[i] += u32::from(covers(others[i].fpir_ratio_counted.interval));
        }
        wrongful += u32::from(covers(others[0].wrongful_stops_ratio.interval));
    }
    assert_eq!(of, 200);
    // Exact intervals may cover more than their level; none may cover less than 93 %. The others are bootstraps, which 200
    // seeds show to keep 95 % unless they cover fewer than 179 or more than 198 times (two-sided 10^-3).
    for covered in counted {
        assert!(covered >= 186, "counted: {covered} of 200");
    }
    for covered in expected.into_iter().chain([wrongful]) {
        assert!(
            (179..=198).contains(&covered),
            "expected {expected:?}, wrongful {wrongful}"
        );
    }
}

/// Arrests of patrol grow with its rate: the answer flips where its expected arrests equal those after alerts, and the runs
/// on both sides say so.
#[test]
fn a_tipping_point_found_by_search_is_confirmed_on_both_sides() {
    let set = [
        ("sought.prevalence", "0.004"),
        ("matcher.false_match_level", "1e-9"),
        ("officers.wider_arrests_per_officer_h", "0"),
    ];
    let mut plan = van_and_patrol(&set, 60);
    plan.uncertainty = true;
    let found = with_machine(&plan, |m| {
        tipping_point(m, [0, 1], "arrests", "patrol.arrests_per_officer_h")
    });
    let point = found.unwrap().expect("a flip");
    assert!(point.confirmed, "{point:?}");
    let ((below, left), (above, right)) = (point.below.unwrap(), point.above.unwrap());
    assert!(below < point.value && point.value < above);
    assert!(left.interval.unwrap()[0] > 0.0 && right.interval.unwrap()[1] < 0.0);
    // Independent of the search: arrests after alerts over officer-hours.
    let runs = runs(&plan);
    let arrests = total(&runs.by_strategy[0], &[C::Arrests, C::StaleArrests]) as f64;
    let hours: f64 = runs.by_strategy[0].iter().map(|r| r.shift.officer_hours).sum();
    let rate = arrests / hours;
    assert!((point.value / rate - 1.0).abs() < 0.25, "{} and {rate}", point.value);
    assert!(
        point.sentence.contains("patrol.arrests_per_officer_h"),
        "{}",
        point.sentence
    );
    // A parameter that decides nothing flips nothing.
    let none = with_machine(&plan, |m| tipping_point(m, [0, 1], "arrests", "officers.charged"));
    assert_eq!(none.unwrap(), None);
}

/// What decides arrests of patrol is what the force would be asked, and the verdict is limited by knowledge.
#[test]
fn the_parameter_that_decides_is_the_question_to_ask() {
    let set = [("sought.prevalence", "0.0004"), ("matcher.false_match_level", "1e-9")];
    let mut plan = van_and_patrol(&set, 120);
    plan.uncertainty = true;
    plan.baseline = 0;
    let s = with_again(&plan, 60, 2);
    let c = &s.comparisons[0];
    let arrests = &c.metrics["arrests"];
    assert_eq!(
        (arrests.verdict.as_str(), arrests.limited_by.as_deref()),
        ("not settled", Some("knowledge"))
    );
    let asked = c.questions.iter().find(|q| q.metric == "arrests").expect("a question");
    assert_eq!(asked.parameter, "patrol.arrests_per_officer_h");
    assert!(asked.settles > 0.03, "{asked:?}");
}

fn with_again(plan: &Plan, worlds: u32, inner: u32) -> Summary {
    with_machine(plan, |m| {
        let mut runs = m.execute(&all(plan), 0..plan.replications).unwrap();
        runs.again = m.repeat(&all(plan), worlds, inner).unwrap();
        summarise(plan, &all(plan), &runs)
    })
}

/// Running worlds again tells chance from not knowing and changes no estimate; without uncertainty nothing is not known.
#[test]
fn further_runs_of_worlds_change_no_estimate() {
    let mut plan = van_and_patrol(&[], 40);
    plan.uncertainty = true;
    let (before, after) = (summary(&plan), with_again(&plan, 40, 2));
    assert_eq!((after.worlds.repeated, after.worlds.inner), (40, 2));
    for (a, b) in before.strategies.iter().zip(&after.strategies) {
        for (id, e) in &a.metrics {
            let f = &b.metrics[id];
            assert!(
                (e.mean, e.simulation_interval, e.predictive_interval)
                    == (f.mean, f.simulation_interval, f.predictive_interval),
                "{id}"
            );
        }
    }
    let share = |id: &str| after.strategies[0].metrics[id].share_from_not_knowing.unwrap();
    // Footfall doubts are small beside those of how often the matcher errs.
    assert!(
        share("false_alerts_expected") > 0.8 && share("sought_missed") < 0.9,
        "{}",
        share("false_alerts_expected")
    );
    assert!(
        before.comparisons[0].metrics["arrests"]
            .share_of_plausible_worlds_lower
            .is_none()
    );
    assert!(
        after.comparisons[0].metrics["arrests"]
            .share_of_plausible_worlds_lower
            .is_some()
    );
    plan.uncertainty = false;
    let known = summary(&plan);
    assert!(known.strategies[0].metrics["arrests"].share_from_not_knowing.is_none());
    assert_ne!(known.comparisons[0].metrics["faces_seen"].verdict, "not settled");
}

/// Per year and per 100,000 scans are the same figures in other units; matching scales counts and leaves rates.
#[test]
fn figures_can_be_shown_per_year_per_scans_and_like_for_like() {
    let two = format!(
        "{VAN_AND_LAMP}[[strategy]]\nname = \"one\"\ncameras = [{{ mount = \"van\", at_m = 225 }}]\nset = {{ \"officers.staff\" = 6 }}\n"
    );
    let plan = plan(
        &street(&two),
        &[MANY_ALERTS, ("measure.deployments_per_year", "50")],
        30,
    );
    let runs = runs(&plan);
    let show = |per, matched| summarise_as(&plan, &all(&plan), &runs, &Presentation { per, matched });
    let mean = |s: &Summary, i: usize, id: &str| s.strategies[i].metrics[id].mean.unwrap();
    let (day, year, scans) = (
        show(Per::Deployment, None),
        show(Per::Year, None),
        show(Per::Scans, None),
    );
    for id in [
        "alerts",
        "wrongful_stops",
        "false_alerts_expected",
        "not_sought_minutes_lost",
    ] {
        assert!((mean(&year, 0, id) / mean(&day, 0, id) - 50.0).abs() < 1e-9, "{id}");
        let per_scan = mean(&day, 0, id) / mean(&day, 0, "searches") * 1e5;
        assert!((mean(&scans, 0, id) / per_scan - 1.0).abs() < 1e-9, "{id}");
    }
    assert_eq!(mean(&year, 0, "precision"), mean(&day, 0, "precision"));
    assert_eq!(
        (year.per.as_str(), year.strategies[0].metrics["alerts"].unit.as_str()),
        ("year", "per year")
    );
    // Chance evens out over a year: relative to the mean, the predictive interval is narrower.
    let relative = |s: &Summary| {
        let e = &s.strategies[0].metrics["arrests"];
        let [low, high] = e.predictive_interval.unwrap();
        (high - low) / e.mean.unwrap()
    };
    assert!(
        relative(&year) < 0.4 * relative(&day),
        "{} {}",
        relative(&year),
        relative(&day)
    );

    let like = show(Per::Deployment, Some(Match::Scans));
    assert!((mean(&like, 1, "searches") / mean(&like, 0, "searches") - 1.0).abs() < 1e-9);
    assert_eq!(mean(&like, 1, "precision"), mean(&day, 1, "precision"));
    let officers = show(Per::Deployment, Some(Match::Officers)).matched.unwrap();
    assert!(
        (officers.strategies[1].factor - 2.0).abs() < 1e-9 && officers.note.contains("times 2"),
        "{officers:?}"
    );
    let patrol = van_and_patrol(&[], 2);
    assert!(Match::Scans.possible(&patrol).is_err() && Match::Officers.possible(&patrol).is_ok());
}

/// The ledger holds every alert and stop once, whichever way it is added up.
#[test]
fn the_ledger_adds_up() {
    let plan = van_and_patrol(&[MANY_ALERTS], 12);
    let runs = runs(&plan);
    let rows = full_ledger(&plan, &all(&plan), &runs);
    let count = |strategy: &str, kind: &str, by: &str, outcome: bool, reason: bool| -> u64 {
        rows.iter()
            .filter(|r| r.strategy == strategy && r.kind == kind && r.by == by)
            .filter(|r| (r.outcome != "all") == outcome && (r.reason != "all") == reason)
            .map(|r| r.counted)
            .sum()
    };
    let alerts = total(&runs.by_strategy[0], &[C::TrueAlerts, C::FalseAlerts]);
    let stops = total(&runs.by_strategy[0], &[C::TrueStops, C::StaleStops, C::WrongfulStops]);
    assert!(alerts > 500 && stops > 100);
    for by in ["all", "ethnicity", "age"] {
        for reason in [false, true] {
            assert_eq!(count("street", "every alert", by, false, reason), alerts);
            for outcome in [false, true] {
                assert_eq!(count("street", "stop", by, outcome, reason), stops);
                assert_eq!(count("street", "alert", by, outcome, reason), alerts - stops);
            }
        }
        let patrol = total(
            &runs.by_strategy[1],
            &[C::PatrolArrests, C::PatrolOther, C::PatrolNothing],
        );
        assert_eq!(count("no-lfr", "patrol", by, true, false), patrol);
    }
    let minutes: f64 = rows
        .iter()
        .filter(|r| r.kind == "stop" && r.by == "all" && r.outcome == "all" && r.reason == "not on the list")
        .map(|r| r.minutes)
        .sum();
    assert!(minutes > 0.0);
    let csv = ledger_csv(&rows);
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(csv.starts_with("strategy,kind,outcome,reason,by,group,counted,"));
}

/// Sequential stopping stops when it may, goes on when it must, and says so when the cap comes first.
#[test]
fn precision_is_reached_or_said_to_be_missed() {
    let plan = van_and_patrol(&[MANY_ALERTS], 400);
    let until = |text: &str, cap| {
        let precision: Precision = text.parse().unwrap();
        with_machine(&plan, |m| execute_until(m, &all(&plan), &precision, cap)).unwrap()
    };
    let (runs, stopping) = until("alerts=10%", 400);
    assert!(
        stopping.converged && stopping.reached.unwrap() <= 0.1 / 1.1,
        "{stopping:?}"
    );
    assert!((30..400).contains(&runs.replications()), "{}", runs.replications());
    let (runs, stopping) = until("stops=1%", 50);
    assert!(!stopping.converged && stopping.note.starts_with("NOT CONVERGED") && runs.replications() == 50);
    // What is run in steps is what is run at once.
    let again = with_machine(&plan, |m| m.execute(&all(&plan), 0..50)).unwrap();
    assert!(again.by_strategy == runs.by_strategy);
}

/// Means counted and expected, and how many times as many replications counting needs for the half-width that the
/// expectation has: the ratio of their variances.
fn times_fewer(runs: &[RunSummary], counted: C, expected: E) -> (f64, f64, f64) {
    let count: Vec<f64> = runs.iter().map(|r| r.groups[0].get(counted) as f64).collect();
    let mean: Vec<f64> = runs.iter().map(|r| r.groups[0].expected(expected)).collect();
    (
        stats::mean(&count),
        stats::mean(&mean),
        stats::variance(&count) / stats::variance(&mean),
    )
}

/// The expectation of false alerts needs at least 50 times fewer replications than counting them, in one world.
#[test]
fn expectations_need_far_fewer_replications_than_counting() {
    let plan = plan(&street(VAN_AND_LAMP), &[("people.day_log_sd", "0.15")], 150);
    let (_, mean, fewer) = times_fewer(&first(&plan), C::FalseAlerts, E::FalseAlerts);
    assert!(mean > 0.01 && fewer >= 50.0, "{mean} {fewer}");
}

/// Stops for a covered face are a kind of their own in the ledger, group by group, and in no other figure of stops.
#[test]
fn the_ledger_names_stops_for_a_covered_face() {
    let often = [
        ("policy.covering", "romford-2019"),
        ("policy.cover_other", "0.5"),
        ("policy.cover_stop_romford", "1"),
        ("policy.cover_noticed", "1"),
    ];
    let plan = van_and_patrol(&often, 6);
    let runs = runs(&plan);
    let rows = full_ledger(&plan, &all(&plan), &runs);
    let covered = total(&runs.by_strategy[0], &[C::CoverStops]);
    let fined = total(&runs.by_strategy[0], &[C::Fines]);
    assert!(covered > 20 && fined > 0 && fined < covered, "{covered} {fined}");
    for by in ["all", "ethnicity", "age"] {
        let count = |outcome: &str| -> u64 {
            let own = rows.iter().filter(|r| r.kind == "covered face" && r.by == by);
            own.filter(|r| r.outcome == outcome).map(|r| r.counted).sum()
        };
        assert_eq!((count("all"), count("fined")), (covered, fined), "{by}");
    }
    let stops = total(&runs.by_strategy[0], &[C::TrueStops, C::StaleStops, C::WrongfulStops]);
    let s = summarise(&plan, &all(&plan), &runs);
    let mean = s.strategies[0].metrics["stops"].mean.unwrap();
    assert!((mean * 6.0 - stops as f64).abs() < 1e-6);
}
