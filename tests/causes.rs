//! Where a difference between groups comes from: scenarios with one known cause each.

mod common;

use common::*;
use lamplight::experiment::summary::Decomposition;
use lamplight::scenario::Plan;
use lamplight::scenario::plan::Value;

const FACTORS: [&str; 6] = [
    "siting",
    "footfall mix",
    "list composition",
    "matcher",
    "operator",
    "officers",
];

/// Two groups, A and B, alike in everything: half of the crowd and of the list each, a matcher that errs alike but confuses
/// like with like, reviewers who do not mind groups, and more officers than are ever needed. One camera in the middle.
fn alike(set: &[(&str, &str)]) -> Plan {
    let text = shipped("reference/high-street-1-base.toml")
        .replace(
            "levels = [\"G1\", \"G2\", \"G3\", \"G4\", \"G5\"]",
            "levels = [\"A\", \"B\"]",
        )
        .replace("shares = [0.50, 0.20, 0.15, 0.10, 0.05]", "shares = [0.5, 0.5]")
        .replace(
            "cameras = [{ at_m = 225 }, { at_m = 525 }]",
            "cameras = [{ at_m = 300 }]",
        )
        .lines()
        .filter(|l| !l.starts_with("plain_rate"))
        .collect::<Vec<_>>()
        .join("\n");
    let all: Vec<(&str, &str)> = [
        ("matcher.kind", "demographic"),
        ("matcher.preset", "flat"),
        ("matcher.normalise_level", "false"),
        ("matcher.false_match_level", "1e-8"),
        ("people.demand_scale", "0.5"),
        ("officers.pairs", "100"),
        ("operator.count", "20"),
    ]
    .iter()
    .chain(set)
    .copied()
    .collect();
    let mut plan = plan(&text, &all, 40);
    plan.strategies.truncate(1);
    plan.strategies[0].matcher.unlike[0] = certain(4.0);
    // Rates are per head of a population of which half are in each group.
    plan.strategies[0].matcher.reference = Some((vec![0.5, 0.5], vec![0.5, 0.5]));
    plan
}

fn certain(central: f64) -> Value {
    Value { central, prior: None }
}

fn decomposed(plan: &Plan) -> Decomposition {
    summary(plan).decompositions.swap_remove(0)
}

/// At least 95 % of the decomposition is given to the cause, the parts add up, and the whole is a real difference.
fn caused_by(cause: &str, plan: &Plan) {
    let one = decomposed(plan);
    assert!(!one.too_few_events, "{cause}: too few events");
    let log = one.log_ratio.value.unwrap();
    assert!(log.abs() > 0.4, "{cause} makes no difference: {log}");
    let [low, high] = one.log_ratio.interval.unwrap();
    assert!(low > 0.0 || high < 0.0, "{cause}: {low} to {high}");
    let percent = |name: &str| one.factors.iter().find(|f| f.factor == name).unwrap().percent;
    println!(
        "{cause}: ratio {:.3}; {:?}",
        log.exp(),
        FACTORS.map(|f| (f, (100.0 * percent(f)).round() / 100.0))
    );
    assert!(
        percent(cause).abs() >= 95.0,
        "{cause}: {:?}",
        FACTORS.map(|f| (f, percent(f)))
    );
    let sum: f64 = one.factors.iter().map(|f| f.log_part.value.unwrap()).sum();
    assert!((sum - log).abs() < 0.01, "{cause}: parts {sum} of {log}");
}

#[test]
fn each_known_cause_gets_the_decomposition() {
    // People of one group are concerned, notice the camera and turn back.
    let mut siting = alike(&[
        ("policy.awareness", "signs"),
        ("policy.aware_sign", "1"),
        ("policy.turn_concerned", "0.5"),
        ("policy.avoid_concerned", "0"),
        ("policy.cover_concerned", "0"),
    ]);
    siting.crowd.concerned_odds = vec![0.0, 1000.0];
    caused_by("siting", &siting);

    // One group comes three times as often as it lives in the population that rates are per head of.
    let mut mix = alike(&[]);
    mix.crowd.shares[0] = vec![0.25, 0.75];
    caused_by("footfall mix", &mix);

    // The list holds nine of one group for each of the other.
    let mut list = alike(&[]);
    list.watchlist.shares[0] = vec![0.1, 0.9];
    caused_by("list composition", &list);

    // The matcher errs eight times as often with one group.
    let mut matcher = alike(&[]);
    matcher.strategies[0].matcher.multiplier[0][1] = certain(8.0);
    caused_by("matcher", &matcher);

    // Most reviewers are of one group, and pass on nearly everything about the other.
    let mut operator = alike(&[
        ("operator.decision", "signal-detection"),
        ("operator.criterion", "1"),
        ("operator.other_group_criterion", "-1"),
        ("operator.other_group_sensitivity", "0"),
        ("operator.fatigue_per_h", "0"),
        ("operator.prevalence_shift", "0"),
    ]);
    operator.crowd.other_group_axis = Some(0);
    operator.crowd.shares[0] = vec![0.8, 0.2];
    operator.strategies[0].matcher.reference = Some((vec![0.8, 0.2], vec![0.5, 0.5]));
    caused_by("operator", &operator);

    // One group walks too fast for officers, who are slow to start.
    let mut officers = alike(&[
        ("people.speed_model", "by-cell"),
        ("officers.intercept", "pursuit"),
        ("officers.radio_s", "50"),
        ("officers.speed", "5"),
        ("officers.pursuit_radius_m", "150"),
    ]);
    officers.crowd.speed_m_s = vec![0.9, 1.6];
    caused_by("officers", &officers);
}

/// With everything equal nothing is found: the interval of the difference covers none.
#[test]
fn without_a_cause_there_is_nothing_to_decompose() {
    let one = decomposed(&alike(&[]));
    let [low, high] = one.log_ratio.interval.unwrap();
    assert!(low <= 0.0 && 0.0 <= high && high - low < 0.1, "{one:?}");
}
