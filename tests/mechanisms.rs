//! The mechanisms of one deployment, each against a closed form or a relation that only holds if it is there.

mod common;

use common::{MANY_ALERTS as MANY, VAN_AND_LAMP, binomial, first, near, plan, street, total, watch, watch_with};
use lamplight::deployment::{Alert, Ending, Schedule};
use lamplight::measure::Counter as C;
use lamplight::people::Demand;
use lamplight::response::Outcome;
use lamplight::scenario::Plan;
use lamplight::scenario::world::Numbers;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use std::collections::BTreeSet;

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

// ---- review

/// Chance that two standard normals with this correlation both exceed `c`, by quadrature over the first.
fn both_exceed(c: f64, correlation: f64) -> f64 {
    let own = (1.0 - correlation * correlation).sqrt();
    let law = Normal::new(0.0, 1.0).unwrap();
    let steps = 4000;
    let h = (9.0 - c) / f64::from(steps);
    (0..steps)
        .map(|i| c + (f64::from(i) + 0.5) * h)
        .map(|x| law.pdf(x) * (1.0 - law.cdf((c - correlation * x) / own)) * h)
        .sum()
}

/// Under the two-person rule both must find an alert credible: fewer pass, with the chance of two correlated judgements.
#[test]
fn two_people_pass_on_what_both_find_credible() {
    let with = |rule: &str, policy: &str, decision: &str| {
        let set = [
            MANY,
            ("operator.rule", rule),
            ("operator.policy", policy),
            ("operator.decision", decision),
            ("operator.count", "50"),
            ("operator.other_group_sensitivity", "0"),
            ("operator.other_group_criterion", "0"),
            ("operator.fatigue_per_h", "0"),
            ("operator.prevalence_shift", "0"),
            ("officers.pairs", "0"),
            ("officers.alert_life_s", "1000"),
            ("sought.prevalence", "0"),
        ];
        let plan = van_and_lamp(&set, 8);
        let days = watch(&plan);
        days.into_iter().flat_map(|d| d.alerts).collect::<Vec<_>>()
    };
    let passed = |alerts: &[Alert]| -> BTreeSet<u64> {
        let on = alerts.iter().filter(|a| a.ending != Ending::Dismissed);
        on.map(|a| a.key).collect()
    };
    for (policy, raise) in [("lenient", 0.0), ("balanced", 1.07), ("strict", 1.57)] {
        let (one, two) = (
            with("one", policy, "signal-detection"),
            with("two", policy, "signal-detection"),
        );
        let (few, many) = (passed(&two), passed(&one));
        assert!(few.is_subset(&many) && few.len() < many.len());
        // A false alert's evidence has mean -d/2, d falling with the quality of the look.
        let limit = |a: &Alert| -1.07 + raise + 0.5 * 1.63 * (0.6 + 0.57 * a.quality);
        for (what, alerts, law) in [
            (
                "one",
                &one,
                &(|c: f64| 1.0 - Normal::new(0.0, 1.0).unwrap().cdf(c)) as &dyn Fn(f64) -> f64,
            ),
            ("two", &two, &|c: f64| both_exceed(c, 0.5)),
        ] {
            let chances: Vec<f64> = alerts.iter().map(|a| law(limit(a))).collect();
            let variance: f64 = chances.iter().map(|p| p * (1.0 - p)).sum();
            let count = passed(alerts).len() as f64;
            near(
                &format!("{what}, {policy}"),
                count,
                chances.iter().sum(),
                variance.sqrt(),
            );
        }
    }
    // With fixed chances: 0.6 each, correlated.
    let alerts = with("two", "lenient", "fixed");
    let z = Normal::new(0.0, 1.0).unwrap().inverse_cdf(0.4);
    binomial(
        "fixed",
        passed(&alerts).len() as u64,
        alerts.len() as u64,
        both_exceed(z, 0.5),
    );
}

// ---- dispatch

/// Alerts about people under orders only are left alone where the policy says so, and about nobody else.
#[test]
fn checks_are_not_pursued_where_the_policy_says_so() {
    let set = [
        MANY,
        ("sought.prevalence", "0.02"),
        ("officers.dispatch", "ignore-managed"),
    ];
    let plan = van_and_lamp(&set, 4);
    let check = |a: &Alert| plan.watchlist.reasons[a.reason].check_only;
    let (mut left, mut sent) = (0, 0);
    for alert in watch(&plan).iter().flat_map(|d| &d.alerts) {
        if alert.ending == Ending::NotPursued {
            assert!(check(alert));
            left += 1;
        } else if alert.dispatched.is_some() {
            assert!(!check(alert));
            sent += 1;
        }
    }
    assert!(left > 50 && sent > 50, "{left} {sent}");
    let runs = first(&plan);
    assert_eq!(total(&runs, &[C::NotPursued]), left);
    let plain = van_and_lamp(&set[..2], 4);
    assert_eq!(total(&first(&plain), &[C::NotPursued]), 0);
}

/// With one pair and many alerts, whom it reaches follows the priority of the reasons where the policy says so.
#[test]
fn officers_go_by_reason_where_the_policy_says_so() {
    let urgent_share = |dispatch: &str, pairs: &str| {
        let set = [
            ("sought.prevalence", "0.02"),
            ("matcher.false_match_level", "0"),
            ("officers.dispatch", dispatch),
            ("officers.pairs", pairs),
            ("officers.alert_life_s", "3600"),
            ("officers.pursuit_radius_m", "5000"),
            ("officers.lost_hazard", "0"),
            ("operator.count", "20"),
        ];
        let plan = van_and_lamp(&set, 6);
        let urgent = |a: &&Alert| plan.watchlist.reasons[a.reason].priority == 1;
        let days = watch(&plan);
        let sent: Vec<&Alert> = days
            .iter()
            .flat_map(|d| &d.alerts)
            .filter(|a| a.dispatched.is_some())
            .collect();
        assert!(sent.len() > 40, "{}", sent.len());
        sent.iter().filter(|a| urgent(a)).count() as f64 / sent.len() as f64
    };
    let usual = urgent_share("nearest-free", "2");
    assert!(urgent_share("by-reason", "2") > usual + 0.2);
    assert!(urgent_share("reserve-one", "2") > usual + 0.1);
}

// ---- plain clothes

/// A plain-clothes pair keeps people from being lost, and stops nobody: without a uniformed pair there are no stops.
#[test]
fn plain_clothes_pairs_find_and_uniformed_pairs_stop() {
    let with = |pairs: &str, plain: &str| {
        let set = [
            ("sought.prevalence", "0.003"),
            ("matcher.false_match_level", "0"),
            ("officers.pairs", pairs),
            ("officers.plain_pairs", plain),
            ("officers.lost_hazard", "0.003"),
            ("officers.radio_s", "3"),
            ("operator.count", "20"),
        ];
        van_and_lamp(&set, 60)
    };
    let stops = [C::TrueStops, C::StaleStops];
    let lost = [C::LostTrue];
    let (few, helped) = (first(&with("30", "0")), first(&with("60", "30")));
    assert!(total(&few, &[C::Followed]) == 0 && total(&helped, &[C::Followed]) > 50);
    assert!(3 * total(&helped, &lost) < 2 * total(&few, &lost));
    assert!(total(&helped, &stops) > total(&few, &stops));
    let unable = with("4", "4");
    let runs = first(&unable);
    assert_eq!(total(&runs, &stops), 0);
    assert!(total(&runs, &[C::Followed]) > 50 && total(&runs, &[C::TooLateTrue]) > 50);
    // Followed people are in nobody else's hands: pairs come back, and are sent again.
    let followed: u64 = total(&runs, &[C::Followed]);
    assert!(followed > 4 * 10, "{followed}");
    let agree = |plan: &Plan| {
        let (a, b) = (watch_with(plan, Schedule::Lazy), watch_with(plan, Schedule::Events));
        a.iter()
            .zip(&b)
            .all(|(a, b)| a.alerts == b.alerts && a.shift == b.shift)
    };
    assert!(agree(&unable) && agree(&with("5", "2")));
}
