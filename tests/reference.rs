//! The reference model high-street-1 against its closed forms and against the long-run means of other engines.
//!
//! 2,000 replications of each variant; 20,000, and a printed table, when `LAMPLIGHT_FULL=1` is set:
//! `LAMPLIGHT_FULL=1 cargo test --release --test reference -- --nocapture`.

mod common;

use common::{dispersion, near, of_group, poisson, reference, total, watch};
use lamplight::deployment::Ending;
use lamplight::measure::{Counter as C, RunSummary};
use lamplight::response::Truth;

/// Largest |z| of a total against a long-run mean. There are about fifty such comparisons and their references are shared,
/// so the bound is wider than that of a single test.
const LIMIT: f64 = 4.0;

const SHARES: [f64; 5] = [0.50, 0.20, 0.15, 0.10, 0.05];
const RATES: [f64; 5] = [1.0e-4, 2.0e-4, 4.0e-4, 1.5e-4, 2.5e-4];
const CAPTURE: f64 = 0.85;
const PEOPLE: f64 = 20_000.0;
/// P(genuine score >= threshold): the standard normal distribution at 2.
const RECOGNISED: f64 = 0.977_249_868_051_820_8;

struct Variant {
    name: &'static str,
    listed: f64,
    factor: f64,
    /// Long-run means and their standard errors, in the order of [`totals`].
    long_run: [(f64, f64); 10],
}

const BASE: Variant = Variant {
    name: "base",
    listed: 1.0 / 5000.0,
    factor: 1.0,
    long_run: [
        (33_998.16, 0.86),
        (3.8843, 0.0068),
        (6.0258, 0.0085),
        (0.0482, 0.0008),
        (0.0320, 0.0006),
        (3.6443, 0.0064),
        (2.3802, 0.0053),
        (79.28, 0.10),
        (0.1673, 0.0047),
        (5083.8, 8.9),
    ],
};

const BUSY: Variant = Variant {
    name: "busy",
    listed: 1.0 / 500.0,
    factor: 5.0,
    long_run: [
        (33_982.17, 0.86),
        (38.860, 0.022),
        (30.082, 0.019),
        (12.250, 0.015),
        (3.995, 0.007),
        (24.669, 0.011),
        (8.033, 0.010),
        (551.4, 0.3),
        (8.02, 0.03),
        (32_015.0, 13.0),
    ],
};

const TOTALS: [&str; 10] = [
    "faces",
    "true alerts",
    "false alerts",
    "lost true",
    "lost false",
    "arrests",
    "wrongful stops",
    "operator busy, s",
    "operator wait, s",
    "team busy, s",
];

/// The figures of one run, in the order of [`TOTALS`].
fn totals(run: &RunSummary) -> [f64; 10] {
    let all = &run.groups[0];
    let count = |c: C| all.get(c) as f64;
    [
        count(C::Searches),
        count(C::TrueAlerts),
        count(C::FalseAlerts),
        count(C::TooLateTrue),
        count(C::TooLateFalse),
        count(C::Arrests),
        count(C::WrongfulStops),
        run.shift.operator_busy.seconds(),
        run.shift.operator_waited.seconds(),
        run.shift.pair_busy.seconds(),
    ]
}

impl Variant {
    /// Chance that a listed person who walks the street raises a true alert.
    fn found(&self) -> f64 {
        1.0 - (1.0 - CAPTURE * RECOGNISED).powi(2)
    }
    /// Expected true alerts of a group per day.
    fn true_alerts(&self, group: usize) -> f64 {
        PEOPLE * SHARES[group] * self.listed * self.found()
    }
    /// Expected false alerts of a group per day.
    fn false_alerts(&self, group: usize) -> f64 {
        let once = CAPTURE * RATES[group] * self.factor;
        PEOPLE * SHARES[group] * (1.0 - self.listed) * (1.0 - (1.0 - once).powi(2))
    }
    fn runs(&self) -> Vec<RunSummary> {
        let full = std::env::var("LAMPLIGHT_FULL").is_ok_and(|v| v == "1");
        common::first(&reference(self.name, &[], if full { 20_000 } else { 2000 }))
    }
}

/// Mean and its standard error.
fn mean_and_error(x: &[f64]) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn check(variant: &Variant) {
    let runs = variant.runs();
    let n = runs.len() as f64;
    println!("{}, {n} replications", variant.name);
    let rows: Vec<[f64; 10]> = runs.iter().map(totals).collect();
    let mut worst: f64 = 0.0;
    let mut line = |what: &str, mean: f64, reference: f64, error: f64| {
        let z = (mean - reference) / error;
        println!("  {what:<22} {mean:>12.4}  reference {reference:>12.4}  z {z:>6.2}");
        assert!(z.abs() <= LIMIT, "{what}: {mean}, reference {reference}, z = {z}");
        worst = worst.max(z.abs());
    };
    for (i, what) in TOTALS.iter().enumerate() {
        let (mean, error) = mean_and_error(&rows.iter().map(|r| r[i]).collect::<Vec<_>>());
        let (reference, reference_error) = variant.long_run[i];
        line(what, mean, reference, error.hypot(reference_error));
    }
    // Closed forms. Alerts are exactly Poisson, whatever the queues do.
    let sums = |f: &dyn Fn(usize) -> f64| (0..5).map(f).sum::<f64>();
    let (truth, falsehood) = (sums(&|g| variant.true_alerts(g)), sums(&|g| variant.false_alerts(g)));
    let mean = |counters: &[C]| total(&runs, counters) as f64 / n;
    let passes_unarrested = 2.0 * PEOPLE;
    for (what, count, expected) in [
        ("true alerts, exact", mean(&[C::TrueAlerts]), truth),
        ("false alerts, exact", mean(&[C::FalseAlerts]), falsehood),
        ("dismissed true", mean(&[C::DismissedTrue]), 0.05 * truth),
        ("dismissed false", mean(&[C::DismissedFalse]), 0.60 * falsehood),
        ("confirmed true", mean(&[C::TooLateTrue, C::Arrests]), 0.95 * truth),
        (
            "confirmed false",
            mean(&[C::TooLateFalse, C::WrongfulStops]),
            0.40 * falsehood,
        ),
    ] {
        line(what, count, expected, (expected / n).sqrt());
    }
    for g in 0..5 {
        let (t, f) = (variant.true_alerts(g), variant.false_alerts(g));
        let seen = |c| of_group(&runs, 1 + g, &[c]) as f64 / n;
        line(
            &format!("true alerts, G{}", g + 1),
            seen(C::TrueAlerts),
            t,
            (t / n).sqrt(),
        );
        line(
            &format!("false alerts, G{}", g + 1),
            seen(C::FalseAlerts),
            f,
            (f / n).sqrt(),
        );
        // Expected given who was searched: the same mean, from the searches of people not sought alone.
        let expected: Vec<f64> = runs.iter().map(|r| r.groups[1 + g].expected_false()).collect();
        let (expected, error) = mean_and_error(&expected);
        line(&format!("expected false, G{}", g + 1), expected, f, error);
    }
    println!("  largest |z| {worst:.2}");
    // The operator's load is 8 s an alert, log-normal with log-sd 0.6; passes are two a person, less those of arrested people.
    let busy: Vec<f64> = runs.iter().map(|r| r.shift.operator_busy.seconds()).collect();
    let per_alert = 8.0 * (truth + falsehood);
    near(
        "operator busy",
        busy.iter().sum::<f64>() / n,
        per_alert,
        mean_and_error(&busy).1,
    );
    let (passes, error) = mean_and_error(
        &runs
            .iter()
            .map(|r| r.groups[0].get(C::Passes) as f64)
            .collect::<Vec<_>>(),
    );
    let arrests = mean(&[C::Arrests]);
    assert!(passes < passes_unarrested + common::Z * error && passes > passes_unarrested - arrests - common::Z * error);
    poisson("true alerts", total(&runs, &[C::TrueAlerts]), truth * n);
    poisson("false alerts", total(&runs, &[C::FalseAlerts]), falsehood * n);
    for counters in [C::TrueAlerts, C::FalseAlerts] {
        dispersion(
            "alerts a day",
            &runs
                .iter()
                .map(|r| r.groups[0].get(counters) as f64)
                .collect::<Vec<_>>(),
        );
    }
    // Precision, a ratio of two independent Poisson counts, by its binomial conditional on their sum.
    let all = total(&runs, &[C::TrueAlerts, C::FalseAlerts]) as f64;
    let share = truth / (truth + falsehood);
    let precision = total(&runs, &[C::TrueAlerts]) as f64 / all;
    near("precision", precision, share, (share * (1.0 - share) / all).sqrt());
    // Erlang B ignores patience: the share lost does not lie above it.
    let lost = total(&runs, &[C::TooLateTrue, C::TooLateFalse]) as f64;
    let confirmed = lost + total(&runs, &[C::Arrests, C::WrongfulStops]) as f64;
    let bound = if variant.factor > 1.0 { 0.35195 } else { 0.01497 };
    let error = (bound * (1.0 - bound) / confirmed).sqrt();
    assert!(
        lost / confirmed < bound + common::Z * error,
        "lost {} of confirmed",
        lost / confirmed
    );
    identities(&runs);
}

/// What must hold in every replication and every group.
fn identities(runs: &[RunSummary]) {
    for run in runs {
        for row in &run.groups {
            let get = |c| row.get(c);
            assert_eq!(
                get(C::TrueAlerts),
                get(C::DismissedTrue) + get(C::TooLateTrue) + get(C::Arrests)
            );
            assert_eq!(
                get(C::FalseAlerts),
                get(C::DismissedFalse) + get(C::TooLateFalse) + get(C::WrongfulStops)
            );
            assert_eq!(get(C::TrueStops), get(C::Arrests));
            assert!(get(C::Searches) <= get(C::Passes));
            assert!(get(C::ListedSearches) <= get(C::ListedPasses));
            assert!(get(C::PeopleScanned) <= get(C::Searches) && get(C::Searches) <= 2 * get(C::PeopleScanned));
            assert_eq!(get(C::SoughtPresent), get(C::SoughtAlerted) + get(C::SoughtMissed));
            assert_eq!(get(C::SoughtAlerted), get(C::TrueAlerts));
            let never = [
                C::DroppedTrue,
                C::DroppedFalse,
                C::AutoClosed,
                C::LostTrue,
                C::LostFalse,
                C::BusyOrFled,
                C::StaleStops,
                C::StaleArrests,
                C::WrongfulArrests,
                C::Detours,
                C::TurnedBack,
                C::Covered,
                C::WiderArrests,
                C::PatrolArrests,
            ];
            assert!(never.iter().all(|c| get(*c) == 0));
        }
        let of_groups = |c| run.groups[1..].iter().map(|g| g.get(c)).sum::<u64>();
        for c in [C::Passes, C::Searches, C::TrueAlerts, C::FalseAlerts, C::Arrests] {
            assert_eq!(run.groups[0].get(c), of_groups(c));
        }
        // At most two passages, and two faces, of each visit.
        assert!(run.groups[0].get(C::Passes) <= 2 * run.visits);
    }
}

#[test]
fn base_agrees_with_closed_forms_and_other_engines() {
    check(&BASE);
}

#[test]
fn busy_agrees_with_closed_forms_and_other_engines() {
    check(&BUSY);
}

/// A hundredth of the list's share in ten times the crowd gives the same alerts: scale k changes only the crowd.
#[test]
fn the_scale_of_the_crowd_leaves_alerts_as_they_are() {
    let rates: Vec<String> = RATES
        .iter()
        .enumerate()
        .map(|(g, f)| format!("G{} = {:e}", g + 1, 5.0 * f / 10.0))
        .collect();
    let set = [
        ("people.demand_scale", "10".to_owned()),
        ("sought.prevalence", "0.0002".to_owned()),
        ("matcher.plain_rate", format!("{{ {} }}", rates.join(", "))),
    ];
    let set: Vec<(&str, &str)> = set.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let runs = common::first(&reference("busy", &set, 200));
    let truth: f64 = (0..5).map(|g| BUSY.true_alerts(g)).sum();
    let falsehood: f64 = (0..5)
        .map(|g| {
            let once = CAPTURE * RATES[g] * 0.5;
            10.0 * PEOPLE * SHARES[g] * (1.0 - 0.0002) * (1.0 - (1.0 - once).powi(2))
        })
        .sum();
    poisson("true alerts", total(&runs, &[C::TrueAlerts]), 200.0 * truth);
    poisson("false alerts", total(&runs, &[C::FalseAlerts]), 200.0 * falsehood);
    poisson("visits", runs.iter().map(|r| r.visits).sum(), 200.0 * 10.0 * PEOPLE);
    identities(&runs);
}

/// Section 1.3 of the model, alert by alert: nobody is stopped after 60 s, waits end when they may, scores reach thresholds.
#[test]
fn every_alert_of_the_reference_model_keeps_its_rules() {
    let mut seen = 0;
    for day in watch(&reference("busy", &[], 100)) {
        for alert in &day.alerts {
            seen += 1;
            assert!(alert.score >= alert.threshold && alert.threshold == 0.60);
            let (start, end) = (alert.review_start.unwrap(), alert.review_end.unwrap());
            assert!(alert.at <= start && start < end);
            match alert.ending {
                Ending::Dismissed => assert!(alert.dispatched.is_none()),
                Ending::TooLate => assert!(alert.stop.is_none()),
                Ending::Stopped => {
                    let contact = alert.contact.unwrap();
                    assert_eq!(alert.dispatched, Some(contact));
                    assert!((contact - alert.at).seconds() <= 60.0);
                    let stop = alert.stop.unwrap();
                    assert_eq!(stop.outcome.is_arrest(), matches!(alert.truth, Truth::True { .. }));
                    assert_eq!((stop.away.0, stop.custody.0 > 0), (0, stop.outcome.is_arrest()));
                }
                other => panic!("an alert ended {other:?}"),
            }
        }
    }
    assert!(seen > 6000);
}

/// An arrested person makes no later passage, and a person stopped by mistake makes all of them: on the same draws, passages
/// without officers exceed those with officers, by at most one for each arrest.
#[test]
fn arrests_cancel_later_passages_and_other_stops_do_not() {
    let passes = |pairs: &str, prevalence: &str| {
        let set = [("officers.pairs", pairs), ("sought.prevalence", prevalence)];
        let runs = common::first(&reference("busy", &set, 50));
        let of = |r: &RunSummary| (r.groups[0].get(C::Passes), r.groups[0].get(C::Arrests));
        runs.iter().map(of).collect::<Vec<_>>()
    };
    let mut cancelled = 0;
    for ((with, arrests), (without, _)) in passes("2", "0.002").iter().zip(passes("0", "0.002")) {
        assert!(*with <= without && without - with <= *arrests);
        cancelled += without - with;
    }
    assert!(cancelled > 100, "{cancelled} passages cancelled");
    assert_eq!(passes("2", "0"), passes("0", "0"));
}
