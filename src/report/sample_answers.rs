//! The same hand-made facts with everything that answers add: verdicts, ledger, disparities, curves, a story.

use super::Facts;
use super::sample::facts;
use crate::experiment::explain::{Elsewhere, LookStory, Rarity, ReviewStory, StopStory, Story, Why};
use crate::experiment::summary::{
    Borne, Decomposition, Disparity, Factor, GroupRates, LedgerRow, Measured, PublishedFigure, Question, Scalar,
    TippingPoint,
};
use crate::experiment::{Curves, GroupCurve};

fn measured(value: f64) -> Measured {
    Measured {
        value: Some(value),
        interval: Some([value * 0.8, value * 1.2]),
        method: "t".into(),
    }
}

/// Facts with answers.
pub fn answered() -> Facts {
    let mut facts = facts();
    facts.summary.worlds.agreement = 0.95;
    for (i, d) in facts
        .summary
        .comparisons
        .iter_mut()
        .flat_map(|c| c.metrics.values_mut())
        .enumerate()
    {
        let more = [0.97, 0.60, 0.50][i % 3];
        d.share_of_plausible_worlds_higher = Some(more);
        d.share_of_plausible_worlds_lower = Some(1.0 - more);
        d.smallest_that_matters = 0.01;
        d.verdict = ["settled", "not settled", "not settled"][i % 3].into();
        d.limited_by = [None, Some("knowledge"), Some("replications")][i % 3].map(str::to_owned);
        d.replications_needed = Some(1200);
    }
    for c in &mut facts.summary.comparisons {
        c.tipping_points = vec![TippingPoint {
            sentence: "flips if patrol makes more than 0.08 arrests an officer-hour".into(),
            ..TippingPoint::default()
        }];
        c.questions = vec![Question {
            metric: "arrests".into(),
            parameter: "sought.share_per_pass".into(),
            question: "How many people on the list walk past in an hour?".into(),
            disagreement: 0.3,
            disagreement_when_known: 0.1,
            settles: 0.2,
        }];
    }
    facts.summary.ledger = ["two-vans", "lamp-posts"].iter().flat_map(|s| ledger(s)).collect();
    facts.summary.disparities = vec![disparity("neutral"), disparity("npl-2023")];
    facts.summary.decompositions = vec![decomposition()];
    facts.curves = Some(curves());
    facts.story = Some(story());
    facts.summary.published = vec![PublishedFigure {
        metric: "arrests".into(),
        title: "Arrests".into(),
        strategy: "two-vans".into(),
        published: 3.0,
        simulated: Some(2.4),
        predictive_interval: Some([0.0, 6.0]),
        within: Some(true),
        role: "independent".into(),
        source: "Record of deployments".into(),
        note: "one day".into(),
    }];
    facts
}

fn ledger(strategy: &str) -> Vec<LedgerRow> {
    let row = |kind: &str, outcome: &str, by: &str, group: &str| LedgerRow {
        strategy: strategy.into(),
        kind: kind.into(),
        outcome: outcome.into(),
        reason: "all".into(),
        by: by.into(),
        group: group.into(),
        counted: 9,
        per_deployment: measured(0.045),
        per_year: 10.0,
        per_100k_scans: Some(0.13),
        frequency: "about one in 23 deployments; about 10 a year".into(),
        minutes: 0.5,
        charged: 0.0,
    };
    vec![
        row("alert", "dismissed", "all", "all"),
        row("stop", "wrongful stop", "all", "all"),
        row("stop", "wrongful stop", "ethnicity", "Black"),
    ]
}

fn disparity(matcher: &str) -> Disparity {
    let group = |name: &str, few: bool| GroupRates {
        name: name.into(),
        share_of_scans: 0.4,
        too_few_events: few,
        fpir: measured(0.34),
        fpir_ratio: measured(2.1),
        ..GroupRates::default()
    };
    Disparity {
        strategy: "two-vans".into(),
        matcher: matcher.into(),
        hypothesis: "ratio-constant".into(),
        how: if matcher == "neutral" { "run" } else { "re-weighted" }.into(),
        axes: vec![Borne {
            by: "ethnicity".into(),
            reference: "White".into(),
            groups: vec![group("White", false), group("Black", false), group("Other", true)],
            scalars: vec![Scalar {
                id: "garbe".into(),
                what: "How unequal the errors are.".into(),
                measured: measured(0.4),
            }],
        }],
    }
}

fn decomposition() -> Decomposition {
    let factor = |name: &str, times: f64| Factor {
        factor: name.into(),
        log_part: measured(0.3),
        times,
        percent: 50.0,
    };
    Decomposition {
        strategy: "two-vans".into(),
        by: "ethnicity".into(),
        group: "Black".into(),
        reference: "White".into(),
        what: "expected wrongful stops per resident".into(),
        ratio: measured(2.0),
        log_ratio: measured(0.7),
        factors: vec![factor("matcher", 1.6), factor("siting", 1.25)],
        too_few_events: false,
    }
}

fn curves() -> Curves {
    let scores: Vec<f64> = (0..=50).map(|i| 0.40 + 0.01 * f64::from(i)).collect();
    let group = |name: &str, level: f64| GroupCurve {
        by: "ethnicity".into(),
        name: name.into(),
        false_match: scores
            .iter()
            .map(|s| (level * libm::exp(-40.0 * (s - 0.64))).min(1.0))
            .collect(),
        searches: 120,
        genuine: scores
            .iter()
            .map(|s| [1.2 - s, 1.1 - s, 1.3 - s].map(|v| v.clamp(0.0, 1.0)))
            .collect(),
    };
    Curves {
        strategy: "two-vans".into(),
        threshold: 0.64,
        thresholds: [0.64; 2],
        list_size: 16_000.0,
        list_sizes: [16_000.0; 2],
        groups: vec![group("White", 3e-6), group("Black", 9e-6)],
        scores,
        deployments: 20,
    }
}

fn story() -> Story {
    Story {
        format: "lamplight.story/1".into(),
        label: "simulated projection, not evidence of actual performance".into(),
        scenario: "market-town-2026".into(),
        strategy: "two-vans".into(),
        replication: 3,
        held: None,
        alert: Some("00000000000000ff".into()),
        ending: "wrongful stop".into(),
        truth: "false".into(),
        group: "Black, female, 18 to 29".into(),
        party: 2,
        sought: None,
        look: Some(LookStory {
            time: "14:02:41".into(),
            street: "Market Street".into(),
            camera: "market-place-n".into(),
            mount: "van".into(),
            range_m: 9.0,
            yaw_deg: 20.0,
            quality: 0.6,
            capture: 0.9,
            covered: false,
            searches: 1,
            score: 0.652,
            threshold: 0.64,
        }),
        why: Some(Why::LookAlike {
            relative: false,
            matched_group: "Black, female, 30 to 49".into(),
            own_chance: 0.9,
            mean_chance: 1e-5,
        }),
        review: Some(ReviewStory {
            second: None,
            waited_s: Some(0.0),
            took_s: Some(9.0),
            evidence: Some([0.2, -0.5]),
            chance: Some(0.6),
            passed_on: true,
        }),
        officers: None,
        stop: Some(StopStory {
            outcome: "wrongful stop".into(),
            minutes: 12.0,
            custody_h: 0.0,
            minutes_lost: 12.0,
            charged: false,
            handcuffed: false,
        }),
        rarity: Some(Rarity {
            like_it: 9,
            deployments: 200,
            per_deployment: "about one in 22 deployments".into(),
            faces_for_each: Some(750_000.0),
        }),
        missed: None,
        score_that_decides: Some(0.652),
        list: None,
        elsewhere: vec![Elsewhere {
            strategy: "no-lfr".into(),
            compared: true,
            searches: 0,
            score: None,
            threshold: None,
            what: "no cameras; not scanned".into(),
            minutes_lost: 0.0,
        }],
    }
}
