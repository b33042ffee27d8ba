//! The mechanisms of one deployment, each against a closed form or a relation that only holds if it is there.

mod common;

use common::{
    MANY_ALERTS as MANY, VAN_AND_LAMP, Watch, binomial, expected_false, first, near, of_group, plan, street, total,
    watch, watch_with,
};
use lamplight::deployment::{Alert, Ending, Schedule};
use lamplight::kernel::Stream;
use lamplight::matcher::{Genuine, Matcher};
use lamplight::measure::{Counter as C, METRICS, RunSummary};
use lamplight::people::{Demand, SoughtPeople};
use lamplight::programme::retrospective::{CustodyImages, Groups, MonthOutcome, Retrospective, Source, month};
use lamplight::response::Outcome;
use lamplight::scenario::world::{Draws, Numbers, Purpose};
use lamplight::scenario::{CandidateRates, Overrides, Plan, load_text};
use statrs::distribution::{Beta, Continuous, ContinuousCDF, Normal};
use std::collections::{BTreeMap, BTreeSet};

/// A plan of the street with a van and a lamp post.
fn van_and_lamp(set: &[(&str, &str)], replications: u32) -> Plan {
    plan(&street(VAN_AND_LAMP), set, replications)
}

/// Weekends have groups of their own, and groups walk at their own pace.
#[test]
fn weekend_groups_follow_their_keys() {
    let mean = |set: &[(&str, &str)]| {
        let plan = van_and_lamp(set, 1);
        Demand::new(&plan, &Numbers::draw(&plan.values, None), 1.0).mean_size
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

// ---- matcher

/// Nobody notices, nobody is sent, everybody is new.
const QUIET: [(&str, &str); 4] = [
    ("policy.awareness", "none"),
    ("officers.pairs", "0"),
    ("people.visits_per_year", "0"),
    ("sought.prevalence", "0"),
];

/// Options of the matcher, each with what else it needs to show.
const OPTIONS: [&[(&str, &str)]; 6] = [
    &[("matcher.tail", "pareto"), ("matcher.threshold", "0.60")],
    &[
        ("matcher.bias_hypothesis", "ratio-shrinks"),
        ("matcher.threshold", "0.60"),
    ],
    &[("matcher.quality_weight", "3")],
    &[("matcher.quality_weight", "-3"), ("matcher.person_effect", "1")],
    &[
        ("matcher.kin", "true"),
        ("matcher.kin_share", "0.1"),
        ("matcher.kin_level", "0.3"),
    ],
    &[
        ("matcher.kin", "true"),
        ("matcher.kin_share", "0.05"),
        ("matcher.kin_level", "0.3"),
        ("matcher.person_effect", "1"),
        ("matcher.quality_weight", "1.5"),
        ("matcher.bias_hypothesis", "ratio-shrinks"),
        ("matcher.tail", "pareto"),
        ("matcher.tail_shape", "-0.4"),
        ("matcher.threshold", "0.62"),
    ],
];

fn with_option(option: &[(&str, &str)], more: &[(&str, &str)], replications: u32) -> Plan {
    let set: Vec<_> = [MANY].iter().chain(&QUIET).chain(option).chain(more).copied().collect();
    van_and_lamp(&set, replications)
}

/// T20 under every option: counted false alerts agree with their expectation given who was searched, in every group.
#[test]
fn t20_expectations_are_exact_under_every_option_of_the_matcher() {
    for option in OPTIONS {
        let runs = first(&with_option(option, &[], 30));
        for group in 0..runs[0].groups.len() {
            let expected = expected_false(&runs, group);
            let counted = of_group(&runs, group, &[C::FalseAlerts]) as f64;
            near(
                &format!("{option:?}, group row {group}"),
                counted,
                expected,
                expected.max(1.0).sqrt(),
            );
        }
        assert!(
            expected_false(&runs, 0) > 500.0,
            "{option:?} {}",
            expected_false(&runs, 0)
        );
    }
}

/// T1 under every option: a higher threshold leaves a subset, every alert that scores above it is among them, and at the same
/// score: an alert fires exactly if its score reaches the threshold.
#[test]
fn t1_an_alert_fires_exactly_if_its_score_reaches_the_threshold() {
    for option in OPTIONS {
        let at = |threshold: &str| {
            let days = watch(&with_option(option, &[("matcher.threshold", threshold)], 3));
            let of = |(r, day): (usize, Watch)| {
                let all = day.alerts.into_iter();
                all.map(move |a| ((r, a.visit, a.member, a.camera, a.leg), a.score))
                    .collect::<Vec<_>>()
            };
            days.into_iter().enumerate().flat_map(of).collect::<BTreeMap<_, _>>()
        };
        let mut lower = at("0.58");
        for threshold in [0.61, 0.64, 0.66] {
            let higher = at(&threshold.to_string());
            let person = |k: &(usize, u64, u16, usize, usize)| (k.0, k.1, k.2);
            let people = |of: &BTreeMap<_, f64>| of.keys().map(person).collect::<BTreeSet<_>>();
            assert!(
                people(&higher).is_subset(&people(&lower)) && higher.len() < lower.len(),
                "{option:?}"
            );
            for (key, score) in &lower {
                assert_eq!(
                    *score >= threshold,
                    higher.contains_key(key),
                    "{option:?} {threshold} {score}"
                );
            }
            for (key, score) in &higher {
                assert!(*score >= threshold);
                assert!(lower.get(key).is_none_or(|s| (s - score).abs() < 1e-9), "{option:?}");
            }
            lower = higher;
        }
    }
}

/// The fast exclusion never rules out a search that fires, at any quality.
#[test]
fn exclusion_is_valid_at_every_quality() {
    for (weight, alpha) in [("3", "0.7"), ("-3", "0.7"), ("3", "1"), ("-3", "0.4")] {
        let set = [
            ("matcher.quality_weight", weight),
            ("matcher.person_effect", alpha),
            ("matcher.false_match_level", "4e-10"),
        ];
        let plan = van_and_lamp(&set, 1);
        let strategy = &plan.strategies[0];
        let numbers = Numbers::draw(&strategy.values, None);
        let list = plan.axes.joint(&plan.watchlist.shares);
        let matcher = Matcher::new(&plan, strategy, &numbers, &list, 16000.0);
        let (people, looks) = (Stream::new(3, 1, 0), Stream::new(3, 1, 1));
        let (mut fired, mut excluded) = (0, 0);
        for person in 0..400_000_u64 {
            let look = looks.block(1, 0, 0, person).0;
            let luck = people.block(Purpose::Person as u16, 0, 0, person).0;
            // Most words are raised to where it is decided.
            let word = look[0] >> (person % 30);
            let quality = f64::from(look[2] % 1001) / 1000.0;
            let found = matcher.false_match_at(people, 0, person, [word, look[1]], quality);
            let ruled_out = matcher.excluded(0, word, [luck[0], luck[1]]);
            assert!(!(ruled_out && found.is_some()), "weight {weight}, alpha {alpha}");
            fired += u32::from(found.is_some());
            excluded += u32::from(ruled_out);
        }
        assert!(
            fired > 5 && excluded > 10_000,
            "weight {weight}, alpha {alpha}: {fired} {excluded}"
        );
    }
}

/// Mean chance of a false match over the crowd, and that of each level of the first axis.
fn rates(set: &[(&str, &str)]) -> (f64, Vec<f64>) {
    let plan = van_and_lamp(set, 1);
    let strategy = &plan.strategies[0];
    let numbers = Numbers::draw(&strategy.values, None);
    let list = plan.axes.joint(&plan.watchlist.shares);
    let matcher = Matcher::new(&plan, strategy, &numbers, &list, 16000.0);
    let crowd = plan.axes.joint(&plan.crowd.shares);
    let mut by_level = vec![(0.0, 0.0); plan.axes.0[0].levels.len()];
    for (cell, share) in crowd.iter().enumerate() {
        let level = &mut by_level[plan.axes.level(cell, 0)];
        *level = (level.0 + share * matcher.expected_matches[cell], level.1 + share);
    }
    let mean = by_level.iter().map(|l| l.0).sum();
    (mean, by_level.iter().map(|l| l.0 / l.1).collect())
}

/// The second hypothesis: full differences at 0.56, those of the list alone from 0.64 on, the same overall level throughout.
#[test]
fn differences_shrink_with_the_threshold_under_the_second_hypothesis() {
    let shrinks = ("matcher.bias_hypothesis", "ratio-shrinks");
    for threshold in ["0.56", "0.60", "0.64", "0.67"] {
        let at = ("matcher.threshold", threshold);
        let ((constant, _), (same, _)) = (rates(&[at]), rates(&[at, shrinks]));
        assert!((same / constant - 1.0).abs() < 1e-3, "{threshold}: {same} {constant}");
    }
    let ratio = |set: &[(&str, &str)]| {
        let (_, by_level) = rates(set);
        by_level[2] / by_level[0]
    };
    let low = ("matcher.threshold", "0.56");
    assert!((ratio(&[low, shrinks]) / ratio(&[low]) - 1.0).abs() < 1e-9);
    assert!((ratio(&[shrinks]) / ratio(&[("matcher.preset", "neutral")]) - 1.0).abs() < 1e-9);
    assert!(ratio(&[]) > 5.0 && ratio(&[shrinks]) < 1.0);
}

/// The tail: level and slope at 0.64 do not depend on its shape, and a tail that ends gives fewer false matches at both sides.
#[test]
fn a_pareto_tail_has_the_level_of_the_exponential_at_the_level_score() {
    let pareto = ("matcher.tail", "pareto");
    let near = |x: f64, y: f64| assert!((x / y - 1.0).abs() < 1e-9, "{x} {y}");
    near(rates(&[pareto]).0, rates(&[]).0);
    for (threshold, s) in [("0.60", -0.04), ("0.66", 0.02_f64)] {
        let at = ("matcher.threshold", threshold);
        let closed = (1.0 - 0.2 * 52.0 * s).powf(5.0) / (-52.0 * s).exp();
        near(rates(&[pareto, at]).0 / rates(&[at]).0, closed);
        assert!(closed < 1.0);
    }
    assert_eq!(rates(&[pareto, ("matcher.threshold", "0.75")]).0, 0.0);
}

/// Relatives: no alerts about them unless asked for; then always the same people, by the share of the list in their group,
/// harder to tell apart, and on top of a level of chance likeness that is lowered.
#[test]
fn relatives_are_taken_for_people_on_the_list_when_asked_for() {
    let kin = [
        ("matcher.kin", "true"),
        ("matcher.kin_share", "0.1"),
        ("matcher.kin_level", "0.5"),
        ("matcher.false_match_level", "0"),
        ("operator.other_group_sensitivity", "0"),
        ("operator.other_group_criterion", "0"),
        ("operator.fatigue_per_h", "0"),
        ("operator.prevalence_shift", "0"),
        ("operator.count", "50"),
    ];
    assert_eq!(total(&first(&van_and_lamp(&[MANY], 3)), &[C::KinAlerts]), 0);
    let plan = with_option(&kin, &[], 10);
    let runs = first(&plan);
    let all = total(&runs, &[C::FalseAlerts]);
    assert!(all > 500 && all == total(&runs, &[C::KinAlerts]));
    let days = watch(&plan);
    let alerts: Vec<&Alert> = days.iter().flat_map(|d| &d.alerts).collect();
    assert!(alerts.iter().all(|a| a.kin && a.matched_cell == a.cell));
    let law = Normal::new(0.0, 1.0).unwrap();
    let chance = |a: &&Alert| 1.0 - law.cdf(-1.07 + 0.5 * 0.5 * 1.63 * (0.6 + 0.57 * a.quality));
    let chances: Vec<f64> = alerts.iter().map(chance).collect();
    let passed = alerts.iter().filter(|a| a.ending != Ending::Dismissed).count();
    let variance: f64 = chances.iter().map(|p| p * (1.0 - p)).sum();
    near("passed on", passed as f64, chances.iter().sum(), variance.sqrt());
    // Of somebody who walks past again, the same is said again.
    let again = with_option(
        &kin,
        &[("people.visits_per_year", "365"), ("people.visit_shape", "0.1")],
        3,
    );
    let mut repeats = 0;
    for day in &watch(&again) {
        let mut scores: BTreeMap<u64, f64> = BTreeMap::new();
        for alert in &day.alerts {
            repeats += u32::from(scores.contains_key(&alert.entry));
            assert_eq!(*scores.entry(alert.entry).or_insert(alert.score), alert.score);
        }
    }
    assert!(repeats > 20, "{repeats}");
    let (with, without) = (rates(&[("matcher.kin", "true")]), rates(&[]));
    assert!((with.0 / without.0 - 0.77).abs() < 1e-9);
}

/// A threshold of its own for one group: its alerts are those of a run at that threshold, everybody else's stay, and every
/// result says what it is.
#[test]
fn thresholds_by_group_act_on_that_group_and_are_labelled() {
    let by = ("matcher.threshold_by", "{ sex = { male = 0.66 } }");
    let alerts = |plan: &Plan, men: bool| -> Vec<(u64, u64)> {
        let male = |a: &&Alert| (plan.axes.level(a.cell, 1) == 0) == men;
        let days = watch(plan);
        let all = days.iter().flat_map(|d| &d.alerts).filter(male);
        all.map(|a| (a.key, a.score.to_bits())).collect()
    };
    let more = [("sought.prevalence", "0.01")];
    let (usual, audit) = (with_option(&[], &more, 3), with_option(&[by], &more, 3));
    let strict = with_option(&[("matcher.threshold", "0.66")], &more, 3);
    assert_eq!(plan_levels(&usual, 1), ["male", "female"]);
    assert!(alerts(&audit, true).len() > 100 && alerts(&audit, false).len() > 20);
    let keys = |plan: &Plan| alerts(plan, true).into_iter().map(|a| a.0).collect::<BTreeSet<_>>();
    assert_eq!(keys(&audit), keys(&strict));
    assert_eq!(alerts(&audit, false), alerts(&usual, false));
    assert!(alerts(&audit, true).len() < alerts(&usual, true).len());
    let said = |plan: &Plan| {
        plan.warnings
            .iter()
            .any(|w| w.contains("counterfactual audit; legality not assessed"))
    };
    assert!(said(&audit) && !said(&usual));
    assert_ne!(audit.plan_hash, usual.plan_hash);
    let agree = watch_with(&audit, Schedule::Lazy)[0].alerts == watch_with(&audit, Schedule::Events)[0].alerts;
    assert!(agree);
}

fn plan_levels(plan: &Plan, axis: usize) -> Vec<&str> {
    plan.axes.0[axis].levels.iter().map(String::as_str).collect()
}

/// Both schedules give the same runs under every option.
#[test]
fn both_schedules_agree_under_every_option_of_the_matcher() {
    for option in OPTIONS {
        let plan = with_option(option, &[("sought.prevalence", "0.01"), ("officers.pairs", "4")], 2);
        let run = |schedule| common::runs_with(&plan, 1, schedule).by_strategy;
        assert!(run(Schedule::Lazy) == run(Schedule::Events), "{option:?}");
    }
}

// ---- who is on the list

/// Filters make the list shorter, change its make-up and who of the sought people about is on it, and leave everything else:
/// the true alerts that remain are those of people who stay on the list.
#[test]
fn filters_of_the_list_act_on_size_make_up_and_presence_alike() {
    let base = [
        ("policy.awareness", "none"),
        ("officers.pairs", "0"),
        ("sought.prevalence", "0.02"),
        MANY,
    ];
    let with = |filter: &[(&str, &str)]| {
        let set: Vec<_> = base.iter().chain(filter).copied().collect();
        van_and_lamp(&set, 8)
    };
    let list = |plan: &Plan| SoughtPeople::new(plan, &Numbers::draw(&plan.strategies[0].values, None));
    let found = |plan: &Plan, stays: &dyn Fn(&Alert) -> bool| -> BTreeSet<(usize, u64)> {
        let days = watch(plan);
        let all = days
            .iter()
            .enumerate()
            .flat_map(|(r, d)| d.alerts.iter().map(move |a| (r, a)));
        all.filter(|(_, a)| a.truth.is_true() && stays(a))
            .map(|(r, a)| (r, a.key))
            .collect()
    };
    // At the usual level, where expectations are linear in the list.
    let expected = |filter: &[(&str, &str)]| {
        let level = [("matcher.false_match_level", "3.9e-10")];
        let set: Vec<_> = base.iter().chain(filter).chain(&level).copied().collect();
        expected_false(&first(&van_and_lamp(&set, 2)), 0)
    };
    let all_expected = expected(&[]);
    let usual = with(&[]);
    let everybody = found(&usual, &|_| true);
    let size = list(&usual).list_size;
    assert_eq!(size, 16000.0);
    // Reasons.
    let court = ("watchlist.reasons", "[\"court\"]");
    let courts = with(&[court]);
    assert!((list(&courts).list_size / size - 0.45).abs() < 1e-12);
    assert_eq!(
        found(&courts, &|_| true),
        found(&usual, &|a| usual.watchlist.reasons[a.reason].name == "court")
    );
    assert!((expected(&[court]) / all_expected - 0.45).abs() < 1e-3);
    // Children: none of them is found, and they are mistaken for others less often than before.
    let adults = with(&[("watchlist.no_children", "true")]);
    let child = |a: &Alert| usual.crowd.child[a.cell];
    assert!((list(&adults).list_size / size - (1.0 - 0.0066)).abs() < 1e-12);
    let children = list(&adults)
        .list_shares
        .iter()
        .zip(&usual.crowd.child)
        .filter(|(_, c)| **c)
        .map(|(s, _)| s)
        .sum::<f64>();
    assert_eq!(children, 0.0);
    assert_eq!(found(&adults, &|_| true), found(&usual, &|a| !child(a)));
    assert!(found(&usual, &child).len() > 2);
    let young = |plan: &Plan| expected_false(&first(plan), 8);
    assert!(young(&adults) < young(&usual));
    // Serious crime, photographs and length: a part of the same alerts, and of the expected false ones.
    let law = Beta::new(8.0, 2.0).unwrap();
    let reasons = &usual.watchlist.reasons;
    let serious: f64 = reasons.iter().map(|r| r.share * r.serious).sum();
    assert!((serious - 0.25).abs() < 0.01);
    for (filter, share) in [
        (("watchlist.serious_only", "true"), serious),
        (("watchlist.min_photo_quality", "0.8"), 1.0 - law.cdf(0.8)),
        (("watchlist.max_size", "100"), 100.0 / 16000.0),
    ] {
        let plan = with(&[filter]);
        let some = found(&plan, &|_| true);
        assert!(some.is_subset(&everybody) && some.len() < everybody.len(), "{filter:?}");
        assert!((list(&plan).list_size / size / share - 1.0).abs() < 1e-6, "{filter:?}");
        assert!(
            (expected(&[filter]) / all_expected / share - 1.0).abs() < 1e-3,
            "{filter:?}"
        );
    }
    let short = found(&with(&[("watchlist.max_size", "4000")]), &|_| true);
    binomial(
        "a list cut to a quarter",
        short.len() as u64,
        everybody.len() as u64,
        0.25,
    );
    // A strategy may set them, and everybody walks as before.
    let strategies = format!(
        "{VAN_AND_LAMP}{}",
        VAN_AND_LAMP.replace("\"street\"", "\"adults\"\nset = { \"watchlist.no_children\" = true }")
    );
    let both = plan(&street(&strategies), &base, 3);
    let runs = common::runs(&both).by_strategy;
    assert_eq!(total(&runs[0], &[C::Searches]), total(&runs[1], &[C::Searches]));
    assert!(total(&runs[0], &[C::ListedSearches]) > total(&runs[1], &[C::ListedSearches]));
}

/// Children are counted among those scanned, alerted to, stopped and arrested; who is arrested waits for an adult.
#[test]
fn children_are_counted_and_wait_for_an_appropriate_adult() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let list = common::shipped("watchlists/met-assumed.toml").replace(
        "shares = { \"under 18\" = 0.0066, \"18 to 29\" = 0.33, \"30 to 49\" = 0.50, \"50 to 64\" = 0.14, \"65 and over\" = 0.0234 }",
        "shares = { \"under 18\" = 0.5, \"18 to 29\" = 0.5, \"30 to 49\" = 0, \"50 to 64\" = 0, \"65 and over\" = 0 }",
    );
    std::fs::write(folder.path().join("young.toml"), list).expect("a file is written");
    let text = street(VAN_AND_LAMP) + "[watchlist]\ncomposition = \"young.toml\"\n";
    let set = [
        ("sought.prevalence", "0.03"),
        ("officers.pairs", "200"),
        ("operator.count", "20"),
    ];
    let wait = |minutes: &str| {
        let set: Vec<_> = set
            .iter()
            .chain(&[("officers.adult_wait_min", minutes)])
            .copied()
            .collect();
        common::plan_in(folder.path(), &text, &set, 8)
    };
    let plan = wait("300");
    let runs = first(&plan);
    let days = watch(&plan);
    let of_child = |a: &&Alert| plan.crowd.child[a.cell];
    let (mut alerts, mut stops, mut arrests, mut long) = (0, 0, 0, 0);
    for alert in days.iter().flat_map(|d| &d.alerts).filter(of_child) {
        alerts += 1;
        stops += u64::from(alert.stop.is_some());
        let Some(stop) = alert.stop.filter(|s| s.outcome.is_arrest()) else {
            continue;
        };
        arrests += 1;
        long += u64::from(stop.custody.seconds() > 300.0 * 60.0);
    }
    assert_eq!(total(&runs, &[C::ChildrenAlerted]), alerts);
    assert_eq!(total(&runs, &[C::ChildrenStopped]), stops);
    assert_eq!(total(&runs, &[C::ChildrenArrested]), arrests);
    assert!(arrests > 100 && long > arrests / 2);
    // Those under 10 are never searched.
    let scanned = total(&runs, &[C::ChildrenScanned]);
    assert_eq!(scanned, of_group(&runs, 8, &[C::PeopleScanned]));
    let custody = |plan: &Plan| total(&first(plan), &[C::CustodyMicros]);
    let extra = (custody(&plan) - custody(&wait("0"))) as f64 / arrests as f64 / 60e6;
    assert!((extra / (300.0 * (0.18_f64).exp()) - 1.0).abs() < 0.25, "{extra} min");
    assert!(
        wait("0").strategies[0].values.get(common::key("officers.custody_h")) == 11.5
            && custody(&wait("0")) as f64 / 3.6e9 / (total(&runs, &[C::Arrests]) as f64) > 8.0
    );
}

// ---- covered faces

/// Whoever covers the face is stopped for it by a free pair that notices, as often as policy and keys say; both schedules agree.
#[test]
fn people_who_cover_their_faces_are_stopped_as_the_policy_says() {
    let base = [
        ("policy.cover_other", "0.2"),
        ("policy.cover_concerned", "0.2"),
        ("policy.avoid_other", "0"),
        ("policy.avoid_concerned", "0"),
        ("policy.turn_other", "0"),
        ("policy.turn_concerned", "0"),
        ("policy.aware_sign", "0.3"),
        ("sought.prevalence", "0"),
        ("officers.pairs", "200"),
        ("officers.cover_heated", "0.5"),
        ("policy.cover_notice_m", "60"),
    ];
    let with = |more: &[(&str, &str)]| {
        let set: Vec<_> = base.iter().chain(more).copied().collect();
        van_and_lamp(&set, 4)
    };
    let runs = |more: &[(&str, &str)]| first(&with(more));
    let counts = [C::CoverStops, C::Fines, C::CoverNameChecks];
    for (policy, chance) in [
        ("avoidance-is-lawful", 0.02),
        ("judgement", 0.15),
        ("romford-2019", 0.5),
    ] {
        let runs = runs(&[("policy.covering", policy)]);
        let [stops, fines, checks] = counts.map(|c| total(&runs, &[c]));
        // Nearly everybody who covers walks past a pair: the two posts are at the cameras.
        let covered = total(&runs, &[C::Covered]);
        assert!(covered > 2000, "{covered}");
        let passing = covered as f64 * 0.3 * chance;
        assert!(
            stops as f64 > 0.6 * passing && (stops as f64) < passing + 4.0 * passing.sqrt(),
            "{policy}: {stops} of {passing}"
        );
        if stops > 100 {
            binomial("fines", fines, stops, 0.25);
            binomial("name checks", checks, stops, 0.3);
        }
        assert!(total(&runs, &[C::LostMicros]) > 0);
    }
    let romford = ("policy.covering", "romford-2019");
    for none in [
        ("officers.pairs", "0"),
        ("policy.cover_noticed", "0"),
        ("policy.cover_stop_romford", "0"),
        ("policy.awareness", "none"),
    ] {
        assert_eq!(total(&runs(&[romford, none]), &counts), 0, "{none:?}");
    }
    // Plain clothes stop nobody.
    assert_eq!(total(&runs(&[romford, ("officers.plain_pairs", "200")]), &counts), 0);
    // Few pairs are busy with the people they stop; whom they stop comes later to the next camera.
    let few = [romford, ("officers.pairs", "2"), ("officers.cover_min", "10"), MANY];
    assert!(total(&runs(&few), &[C::CoverStops]) < total(&runs(&[romford, MANY]), &[C::CoverStops]) / 2);
    let plan = with(&few);
    let agree = |schedule| common::runs_with(&plan, 1, schedule).by_strategy;
    assert!(agree(Schedule::Lazy) == agree(Schedule::Events));
}

// ---- what is kept and what it costs

/// Value of a metric for everybody, summed over runs.
fn value(plan: &Plan, runs: &[RunSummary], id: &str) -> (f64, Option<f64>) {
    let metric = lamplight::measure::metric(id).expect("a metric");
    let faces = lamplight::experiment::faces(&plan.strategies[0].values);
    let parts: Vec<_> = runs.iter().map(|r| metric.parts(r, 0, faces)).collect();
    let den: Option<Vec<f64>> = parts.iter().map(|p| p.1).collect();
    (parts.iter().map(|p| p.0).sum(), den.map(|d| d.iter().sum()))
}

/// T15: a longer clock means more image-days of people not sought, by its closed form, and changes nothing else.
#[test]
fn t15_longer_clocks_change_image_days_and_nothing_else() {
    let with = |clock: &[(&str, &str)]| {
        let set: Vec<_> = [MANY, ("officers.wrongful_arrest", "0.3")]
            .iter()
            .chain(clock)
            .copied()
            .collect();
        let plan = van_and_lamp(&set, 4);
        let runs = first(&plan);
        let days = value(&plan, &runs, "image_days_not_sought").0;
        (plan, runs, days)
    };
    let (plan, runs, usual) = with(&[]);
    let of = |c: C| total(&runs, &[c]) as f64;
    let (false_alerts, cases) = (of(C::FalseAlerts), of(C::WrongfulArrests));
    assert!(cases > 10.0);
    let strangers = of(C::Passes) - of(C::ListedPasses);
    let searched = of(C::Searches) - of(C::ListedSearches) - false_alerts;
    let case = 180.0 * (0.32_f64).exp();
    let close = |x: f64, y: f64| assert!((x / y - 1.0).abs() < 1e-9, "{x} {y}");
    close(usual, 31.0 * (strangers + false_alerts - cases) + case * cases);
    for (key, days, of) in [
        ("policy.retention_cctv_d", "62", 31.0 * strangers),
        ("policy.retention_alert_d", "62", 31.0 * (false_alerts - cases)),
        ("policy.retention_template_h", "24", searched),
        ("policy.retention_case_d", "360", case * cases),
    ] {
        let (other, more, longer) = with(&[(key, days)]);
        close(longer - usual, of);
        for (a, b) in runs.iter().zip(&more) {
            assert!(a.groups == b.groups && a.hash == b.hash, "{key}");
        }
        for metric in METRICS.iter().filter(|m| m.id != "image_days_not_sought") {
            assert_eq!(
                value(&plan, &runs, metric.id),
                value(&other, &more, metric.id),
                "{key} {}",
                metric.id
            );
        }
    }
}

/// T27: without facial recognition, and under a moratorium, there is no biometric item and nobody is kept on an image.
#[test]
fn t27_without_facial_recognition_nothing_biometric_exists() {
    let none = plan(&street("[[strategy]]\nname = \"no-lfr\"\n"), &[], 4);
    let halted = van_and_lamp(&[("policy.moratorium", "true")], 4);
    let (none_runs, halted_runs) = (first(&none), first(&halted));
    assert!(none_runs == halted_runs, "a moratorium is ordinary patrol");
    for id in [
        "image_days_not_sought",
        "searches",
        "people_scanned",
        "alerts",
        "cover_stops",
        "passes",
    ] {
        assert_eq!(value(&none, &none_runs, id).0, 0.0, "{id}");
    }
    assert!(value(&none, &none_runs, "arrests").0 > 0.0);
}

/// Costs add up: staff, vans, fixed cameras by the hour, notice, custody, compensation; and nobody divides by nothing.
#[test]
fn costs_add_up_from_what_happened() {
    let set = [MANY, ("officers.wrongful_arrest", "0.3"), ("sought.prevalence", "0.02")];
    let plan_of = |more: &[(&str, &str)]| {
        let set: Vec<_> = set.iter().chain(more).copied().collect();
        van_and_lamp(&set, 3)
    };
    let plan = plan_of(&[]);
    let runs = first(&plan);
    let of = |c: C| total(&runs, &[c]) as f64;
    let fixed = 12.0 * 4.0 * 60.0 + 600.0 + 4.0 * (800_000.0 / 15.0) / (5.0 * 280.0) + 200.0;
    let mean_custody = 11.5 * (0.5 * 0.55 * 0.55_f64).exp();
    let expected = 3.0 * fixed
        + 45.0 * of(C::CustodyMicros) / 3600e6
        + 45.0 * mean_custody * of(C::WiderArrests)
        + 250.0 * of(C::WrongfulStops)
        + 12_500.0 * of(C::WrongfulArrests);
    let (cost, _) = value(&plan, &runs, "cost_gbp");
    assert!((cost / expected - 1.0).abs() < 1e-9, "{cost} {expected}");
    let arrests = of(C::Arrests) + of(C::StaleArrests) + of(C::WiderArrests);
    assert_eq!(value(&plan, &runs, "cost_per_arrest_gbp"), (cost, Some(arrests)));
    let hours = value(&plan, &runs, "custody_hours").0;
    assert!((hours - of(C::CustodyMicros) / 3600e6).abs() < 1e-9 && hours > 100.0);
    // Prices change money and nothing else.
    let dear = plan_of(&[("cost.staff_gbp_h", "90")]);
    assert!((value(&dear, &first(&dear), "cost_gbp").0 - cost - 3.0 * 48.0 * 30.0).abs() < 1e-6);
    assert!(first(&dear).iter().zip(&runs).all(|(a, b)| a.groups == b.groups));
    // Nobody is arrested: the cost stands, and there is no cost per arrest.
    let nobody = plan_of(&[
        ("sought.prevalence", "0"),
        ("officers.wider_arrests_per_officer_h", "0"),
    ]);
    let estimates = common::summary(&nobody).strategies.swap_remove(0).metrics;
    assert!(estimates["cost_gbp"].mean.is_some_and(|m| m > 3000.0));
    assert!(estimates["cost_per_arrest_gbp"].mean.is_none());
    assert!(estimates["cost_per_arrest_gbp"].simulation_interval.is_none());
}

// ---- regimes

/// The problems of a street with these lines in `[policy]` and in its strategy.
fn problems(policy: &str, strategy: &str) -> Vec<String> {
    let text = street(&VAN_AND_LAMP.replace("name = \"street\"", &format!("name = \"street\"\n{strategy}")));
    let text = format!("{text}\n[policy]\n{policy}\n");
    match load_text("s.toml", &text, &common::scenarios(), &Overrides::default()) {
        Ok(_) => Vec::new(),
        Err(list) => list.iter().map(|p| format!("{} [{}]", p.message, p.help)).collect(),
    }
}

/// Regimes come after the defaults and before the scenario's own keys; a strategy's own come after those and before its `set`.
#[test]
fn regimes_are_layers_of_settings_that_explicit_keys_win_over() {
    let two = format!(
        "{VAN_AND_LAMP}{}",
        VAN_AND_LAMP.replace(
            "\"street\"",
            "\"other\"\nregime = [\"narrow-list-100\", \"no-children-on-list\"]\nset = { \"watchlist.max_size\" = 50 }"
        )
    );
    let with = |set: &[(&str, &str)]| plan(&street(&two), set, 2);
    let get = |plan: &Plan, s: usize, name: &str| plan.strategies[s].values.get(common::key(name));
    let regime = ("policy.regime", "[\"retention-zero\", \"serious-crime-only\"]");
    let both = with(&[regime]);
    assert_eq!(both.strategies[0].regimes, ["retention-zero", "serious-crime-only"]);
    assert_eq!(get(&both, 0, "policy.retention_cctv_d"), 0.0);
    assert_eq!(get(&both, 0, "watchlist.serious_only"), 1.0);
    // The other strategy is under its own instead.
    assert_eq!(both.strategies[1].regimes, ["narrow-list-100", "no-children-on-list"]);
    assert_eq!(get(&both, 1, "policy.retention_cctv_d"), 31.0);
    assert_eq!(
        (
            get(&both, 1, "watchlist.max_size"),
            get(&both, 1, "watchlist.no_children")
        ),
        (50.0, 1.0)
    );
    // Explicit keys of the scenario win over its regimes, and a strategy's regimes over them.
    let own = with(&[
        regime,
        ("policy.retention_cctv_d", "7"),
        ("watchlist.no_children", "false"),
    ]);
    assert_eq!(
        (
            get(&own, 0, "policy.retention_cctv_d"),
            get(&own, 1, "watchlist.no_children")
        ),
        (7.0, 1.0)
    );
    assert_ne!(with(&[]).plan_hash, both.plan_hash);
    // Every shipped regime loads, alone and with the others that do not contradict it.
    let all = [
        "met-2025-settings",
        "serious-crime-only",
        "judge-authorised",
        "moratorium",
        "narrow-list-100",
        "no-children-on-list",
        "retention-zero",
        "mandatory-publication",
    ];
    for name in all {
        assert!(problems(&format!("regime = [\"{name}\"]"), "").is_empty(), "{name}");
    }
}

#[test]
fn wrong_regimes_are_answered_with_what_and_how() {
    for (policy, strategy, expected) in [
        ("regime = [\"moratorum\"]", "", "did you mean \"moratorium\"?"),
        ("regime = \"moratorium\"", "", "must be a list"),
        ("regime = [\"moratorium\", \"moratorium\"]", "", "named twice"),
        (
            "regime = [\"met-2025-settings\", \"retention-zero\"]",
            "",
            "`policy.retention_alert_d` is 31 in one and 0 in the other",
        ),
        (
            "",
            "regime = [\"judge-authorised\", \"mandatory-publication\"]",
            "`programme.lead_days` is 14 in one and 1",
        ),
        ("", "regime = [3]", "must be text"),
    ] {
        let found = problems(policy, strategy);
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "{policy} {strategy}: {found:?}"
        );
    }
    // A file beside the scenario may be a regime; what a strategy may not set, no regime may.
    let folder = tempfile::tempdir().expect("a scratch folder");
    let write = |text: &str| std::fs::write(folder.path().join("mine.toml"), text).expect("a file is written");
    let text = street(VAN_AND_LAMP) + "[policy]\nregime = [\"mine.toml\"]\n";
    let read = || load_text("s.toml", &text, folder.path(), &Overrides::default());
    write("format = 1\ntitle = \"Mine\"\n[regime]\n\"matcher.threshold\" = 0.66\n");
    assert_eq!(
        read().expect("sound").strategies[0]
            .values
            .get(common::key("matcher.threshold")),
        0.66
    );
    for (line, expected) in [
        (
            "\"people.demand_scale\" = 2",
            "a regime cannot set `people.demand_scale`",
        ),
        ("\"matcher.treshold\" = 0.66", "cannot set `matcher.treshold`"),
        ("\"matcher.threshold\" = 66", "must lie between 0 and 1"),
    ] {
        write(&format!("format = 1\ntitle = \"Mine\"\n[regime]\n{line}\n"));
        let found = read().expect_err(line);
        assert!(found[0].message.contains(expected), "{line}: {found:?}");
    }
    write("format = 1\ntitle = \"Mine\"\n");
    assert!(
        read()
            .expect_err("nothing")
            .iter()
            .any(|p| p.message.contains("needs [regime]"))
    );
}

// ---- presets

/// The old algorithms and the field test give the rates that their files state.
#[test]
fn matcher_presets_reproduce_what_they_were_fitted_to() {
    let fpir = |preset: &str, size: f64| {
        let plan = van_and_lamp(&[("matcher.preset", preset)], 1);
        let strategy = &plan.strategies[0];
        let numbers = Numbers::draw(&strategy.values, None);
        let list = plan.axes.joint(&plan.watchlist.shares);
        let matcher = Matcher::new(&plan, strategy, &numbers, &list, size);
        let crowd = plan.axes.joint(&plan.crowd.shares);
        let of = |(s, l): (&f64, &f64)| -s * (-l).exp_m1();
        crowd.iter().zip(&matcher.expected_matches).map(of).sum::<f64>()
    };
    assert!(
        (fpir("romford-2019", 2400.0) * 1000.0 - 1.0).abs() < 0.1,
        "{}",
        fpir("romford-2019", 2400.0)
    );
    assert!(
        (fpir("ucl-2017", 1200.0) / 0.0135 - 1.0).abs() < 0.1,
        "{}",
        fpir("ucl-2017", 1200.0)
    );
    assert!(
        (fpir("essex-2026", 18000.0) * 5700.0 - 1.0).abs() < 0.1,
        "{}",
        fpir("essex-2026", 18000.0)
    );
    // TPIR of searches at the design point of the default view.
    let plan = van_and_lamp(&[("matcher.preset", "essex-2026")], 1);
    let numbers = Numbers::draw(&plan.strategies[0].values, None);
    let genuine = Genuine::new(&plan, &plan.strategies[0], &numbers);
    let law = Normal::new(0.0, 1.0).unwrap();
    let stream = Stream::new(5, 0, 0);
    let people = SoughtPeople::new(&plan, &numbers);
    let view = lamplight::camera::LookSettings::read(|id| numbers.get(id)).quality;
    let tpir = |ethnicity: usize, sex: usize| {
        let cell = (0..plan.axes.cells())
            .find(|c| (plan.axes.level(*c, 0), plan.axes.level(*c, 1), plan.axes.level(*c, 2)) == (ethnicity, sex, 1))
            .expect("a cell");
        let n = 20_000_u64;
        let found = (0..n).filter(|key| {
            let words = stream.block(1, 0, 0, *key);
            let best = law.inverse_cdf(words.unit(1).powf(1.0 / 2.7));
            let base = view.base(54.6, 0.0, 0.0, 1.0, 0.0);
            let quality = view.quality(base, law.inverse_cdf(words.unit(0)), best);
            let mut person = people.person(&Draws::new(9, 0), *key);
            person.cell = cell;
            genuine.score(&person, quality, law.inverse_cdf(words.unit(2))) >= 0.64
        });
        found.count() as f64 / n as f64
    };
    let rates = [[tpir(0, 0), tpir(0, 1)], [tpir(2, 0), tpir(2, 1)]];
    let (white, black) = (rates[0][0] + rates[0][1], rates[1][0] + rates[1][1]);
    assert!((black / white - 1.31).abs() < 0.04, "{}", black / white);
    let mixed = |sex: usize| 0.76 * rates[0][sex] + 0.24 * rates[1][sex];
    assert!((mixed(0) / mixed(1) - 1.14).abs() < 0.03, "{}", mixed(0) / mixed(1));
    assert!((0.5 * (mixed(0) + mixed(1)) - 0.505).abs() < 0.015);
}

/// Lists of the past set their own keys, over which the scenario's win.
#[test]
fn watchlist_files_set_their_own_keys() {
    let get = |set: &[(&str, &str)], key: &str| van_and_lamp(set, 1).strategies[0].values.get(common::key(key));
    let old = ("watchlist.composition", "list-2019");
    assert_eq!(get(&[old], "watchlist.stale_factor"), 4.0);
    assert_eq!(
        get(&[old, ("watchlist.stale_factor", "2")], "watchlist.stale_factor"),
        2.0
    );
    let poor = [("watchlist.composition", "poor-photos"), ("sought.prevalence", "0.02")];
    assert_eq!(
        (
            get(&poor, "watchlist.photo_quality_a"),
            get(&poor, "watchlist.photo_quality_b")
        ),
        (3.0, 4.0)
    );
    let found = |set: &[(&str, &str)]| total(&first(&van_and_lamp(set, 5)), &[C::TrueAlerts]);
    assert!(found(&poor) < found(&poor[1..]));
    let stale = |set: &[(&str, &str)]| {
        let set: Vec<_> = set
            .iter()
            .chain(&[("sought.prevalence", "0.02"), ("officers.pairs", "50")])
            .copied()
            .collect();
        total(&first(&van_and_lamp(&set, 10)), &[C::StaleStops])
    };
    assert!(stale(&[old]) > 2 * stale(&[]));
}

// ---- retrospective searches

/// Numbers of a plan with these keys, and one or two groups with a gallery.
fn channel(set: &[(&str, &str)], groups: &Groups) -> (Retrospective, CustodyImages) {
    let plan = van_and_lamp(&[], 1);
    let mut numbers = Numbers::draw(&plan.values, None);
    for (key, value) in set {
        numbers.set(common::key(key), value.parse().expect("a number"));
    }
    let law = Retrospective::new(&numbers, groups);
    let state = CustodyImages::new(&law, groups);
    (law, state)
}

fn groups(fpir: f64, people: f64) -> Groups {
    Groups {
        fpir: vec![fpir, 0.1 * fpir],
        tested: vec![people, people],
        searched_for: vec![0.5, 0.5],
        gallery: vec![people, people],
        arrested: vec![0.002 * people, 0.002 * people],
    }
}

/// Two years of searches in `replications` cities, with an arrest for nothing every month besides.
fn years(set: &[(&str, &str)], groups: &Groups, replications: u32) -> Vec<MonthOutcome> {
    let (law, state) = channel(set, groups);
    let mut all = Vec::new();
    for replication in 0..replications {
        let draws = Draws::new(11, replication);
        let mut state = state.clone();
        for m in 0..24 {
            state.arrest(&law, &draws, 1_000 + u64::from(m), 0, Source::Mistake, m);
            all.push(month(&mut state, &law, &draws, m, 1.0));
        }
    }
    all
}

fn sum(months: &[MonthOutcome], of: impl Fn(&MonthOutcome) -> &Vec<u64>) -> u64 {
    months.iter().flat_map(of).sum()
}

/// VT18 and T23: a kept image leads to second misidentifications, as many as expected; prompt deletion prevents every one.
#[test]
fn t23_prompt_deletion_prevents_second_misidentifications_by_kept_images() {
    let groups = groups(0.02, 50_000.0);
    let usual = years(&[], &groups, 20);
    let expected: f64 = usual.iter().flat_map(|m| &m.second_by_kept_image_expected).sum();
    let counted = sum(&usual, |m| &m.second_by_kept_image);
    assert!(expected > 50.0, "{expected}");
    near("second misidentifications", counted as f64, expected, expected.sqrt());
    assert!(sum(&usual, |m| &m.second) >= counted);
    // Fewer than all searches bring up a look-alike, fewer of those pass, fewer are arrested, at their rates.
    let searches: u64 = usual.iter().map(|m| m.searches).sum();
    common::poisson("searches", searches, 480.0 * 2056.0);
    binomial("in the gallery", usual.iter().map(|m| m.found).sum(), searches, 0.4);
    let candidates = sum(&usual, |m| &m.candidates);
    // The chance of a look-alike falls and rises with the gallery; images are little more than people.
    let chance: f64 = usual
        .chunks(24)
        .map(|city| {
            let before = std::iter::once(100_000.0).chain(city.iter().map(|m| m.images));
            let months = before.zip(city);
            months
                .map(|(people, m)| m.searches as f64 * people / 100_000.0)
                .sum::<f64>()
        })
        .sum::<f64>()
        / searches as f64;
    assert!(chance < 0.95, "the gallery shrinks: {chance}");
    binomial("look-alikes", candidates, searches, 0.6 * 0.5 * (0.02 + 0.002) * chance);
    let passed = sum(&usual, |m| &m.passed_check);
    binomial("passed on", passed, candidates, 0.15);
    binomial("arrested", sum(&usual, |m| &m.wrongful_arrests), passed, 0.3);
    assert!(usual.iter().all(|m| m.custody_h.iter().sum::<f64>() < 1000.0));
    // A promise always made and always kept.
    let prompt = years(
        &[("retrospective.promised", "1"), ("retrospective.promise_kept", "1")],
        &groups,
        20,
    );
    assert_eq!(sum(&prompt, |m| &m.second_by_kept_image), 0);
    assert_eq!(
        prompt
            .iter()
            .flat_map(|m| &m.second_by_kept_image_expected)
            .sum::<f64>(),
        0.0
    );
    assert!(prompt.iter().all(|m| m.images_no_action == 0.0));
    assert!(
        sum(&prompt, |m| &m.wrongful_arrests) > 100,
        "the searches themselves go on"
    );
    // Reviews take images out and arrests bring them in: of these a part is deleted at once.
    let deleted = 0.3 * 0.6 + 0.7 * 0.05;
    let stays = (-1.0_f64 / 96.0).exp();
    let gallery = (0..24).fold(100_000.0, |all, _| all * stays + 200.0 * (1.0 - 0.3 * deleted));
    let last = usual[23].images;
    assert!((last / gallery - 1.0).abs() < 0.01, "{last} {gallery}");
}

/// T24: somebody without an image is never taken for anybody; somebody with the only one always is.
#[test]
fn t24_without_an_image_nobody_is_taken_for_anybody() {
    let nobody = Groups {
        fpir: vec![1.0],
        tested: vec![1.0],
        searched_for: vec![1.0],
        gallery: vec![0.0],
        arrested: vec![0.0],
    };
    let set = [
        ("retrospective.in_gallery", "0"),
        ("retrospective.searches_per_month", "50"),
        ("retrospective.check_passes", "0"),
    ];
    let candidates = |set: &[(&str, &str)], source: Option<Source>| {
        let (law, mut state) = channel(set, &nobody);
        let draws = Draws::new(3, 0);
        if let Some(source) = source {
            state.arrest(&law, &draws, 7, 0, source, 0);
        }
        let outcome = month(&mut state, &law, &draws, 0, 1.0);
        (outcome.candidates[0], outcome.searches, state.of_mistakes(1.0)[0])
    };
    assert_eq!(candidates(&set, None).0, 0);
    let prompt: Vec<_> = set
        .iter()
        .chain(&[("retrospective.promised", "1"), ("retrospective.promise_kept", "1")])
        .copied()
        .collect();
    assert_eq!(
        candidates(&prompt, Some(Source::Mistake)),
        (0, candidates(&prompt, None).1, 0)
    );
    let kept: Vec<_> = set
        .iter()
        .chain(&[("retrospective.promised", "0"), ("retrospective.deleted_unasked", "0")])
        .copied()
        .collect();
    let (found, searches, images) = candidates(&kept, Some(Source::Mistake));
    assert!(found == searches && searches > 20 && images == 1);
}

/// Errors fall on the same people again as the law of look-alike luck says: n errors fall on Γ(n + α) / (Γ(1 + α) Γ(n)) people.
#[test]
fn repeated_errors_fall_on_as_many_people_as_the_law_says() {
    let one = Groups {
        fpir: vec![1.0],
        tested: vec![1e9],
        searched_for: vec![1.0],
        gallery: vec![1e9],
        arrested: vec![0.0],
    };
    let set = [
        ("matcher.person_effect", "0.7"),
        ("retrospective.in_gallery", "0"),
        ("retrospective.searches_per_month", "12"),
        ("retrospective.check_passes", "1"),
        ("retrospective.arrest", "1"),
        ("retrospective.no_action_share", "0"),
        ("retrospective.promised", "1"),
        ("retrospective.promise_kept", "1"),
        ("retrospective.review_y", "100"),
    ];
    let (law, state) = channel(&set, &one);
    let excess: Vec<f64> = (0..4000)
        .map(|replication| {
            let outcome = month(&mut state.clone(), &law, &Draws::new(2, replication), 0, 1.0);
            let n = outcome.searches as f64;
            assert_eq!(outcome.candidates[0], outcome.searches);
            let people = if n > 0.0 {
                (libm::lgamma(n + 0.7) - libm::lgamma(1.7) - libm::lgamma(n)).exp()
            } else {
                0.0
            };
            outcome.second[0] as f64 - (n - people)
        })
        .collect();
    common::near_mean("people taken for somebody else again", &excess, 0.0);
    // The same draws give the same month, and another month is another one.
    let twice = |m: u32| month(&mut state.clone(), &law, &Draws::new(2, 1), m, 1.0);
    assert!(twice(3) == twice(3) && (0..20).any(|m| twice(m).searches != twice(m + 1).searches));
}

/// The shipped rates are those that were published, on the axis of the shipped crowds.
#[test]
fn rates_of_retrospective_searches_are_data() {
    let plan = van_and_lamp(&[], 1);
    let on = |name: &str| CandidateRates::preset(name).expect("shipped").on(&plan.axes.0[0]);
    assert_eq!(on("pnd-2025"), Some(vec![0.0004, 0.040, 0.055, 0.024, 0.016]));
    assert!(on("idemia").expect("the axis is known").iter().all(|r| *r <= 0.001));
    assert_eq!(
        CandidateRates::preset("idemia").expect("shipped").on(&plan.axes.0[1]),
        None
    );
    assert!(
        CandidateRates::preset("pnd").expect_err("not shipped")[0]
            .help
            .contains("pnd-2025")
    );
}
