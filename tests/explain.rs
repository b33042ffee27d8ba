//! Stories of alerts: every ending can be told, and what a story says would have changed it does.

mod common;

use common::{Z, plan};
use lamplight::deployment::Schedule;
use lamplight::experiment::explain::{KINDS, Known, Narrow, Story, Told, Which, alert_story, choose, known, missed};
use lamplight::experiment::summary::Summary;
use lamplight::experiment::{Machine, Ready, Runs, Stage, summarise};
use lamplight::scenario::Plan;
use std::sync::atomic::AtomicBool;

/// A street in which too much happens for one operator and two pairs: every ending occurs.
const BUSY: &str = r#"
format = 1
title = "A street where everything happens"
question = "Is every ending told?"
uncertainty = "off"
[time]
date = 2026-06-05
open = 11:00:00
close = 15:00:00
[place]
sketch = { spine_m = 450, faces_per_hour = 1500 }
[people]
population = "london-passers-by"
[sought]
prevalence = 0.03
knows = 0.5
[watchlist]
size = 12000
stale_factor = 2.0
[matcher]
threshold = 0.60
false_match_level = 1e-6
[operator]
patience_s = 15
review_s = 14
[officers]
pairs = 2
flee = 0.8
flee_caught = 0.1
wrongful_arrest = 0.3
alert_life_s = 60
arrest_min = 4
transport_min = 2
check_min = 3
wrongful_min = 3
[policy]
aware_van = 0.5
[[strategy]]
name = "van"
cameras = [{ mount = "van", at = "van-bay" }, { mount = "van", at = "van-bay-east" }]
[[strategy]]
name = "lamps"
cameras = [{ mount = "lamp", at = "lamp-8" }, { mount = "lamp", at = "lamp-3" }]
[[strategy]]
name = "no-lfr"
"#;

struct Result {
    plan: Plan,
    ready: Ready,
    runs: Runs,
    summary: Summary,
    known: Vec<Known>,
}

fn result(set: &[(&str, &str)], replications: u32) -> Result {
    let plan = plan(BUSY, set, replications);
    let ready = Ready::prepare(&plan);
    let strategies: Vec<usize> = (0..plan.strategies.len()).collect();
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs: 2,
        schedule: Schedule::Lazy,
        progress: &AtomicBool::new(false),
    };
    let runs: Runs = machine.execute(&strategies, 0..plan.replications).unwrap();
    let summary = summarise(&plan, &strategies, &runs);
    let known = known(&plan, &strategies, &runs);
    Result {
        plan,
        ready,
        runs,
        summary,
        known,
    }
}

impl Result {
    fn told<'a>(&'a self, stage: &'a Stage<'a>) -> Told<'a> {
        Told {
            plan: &self.plan,
            stage,
            summary: &self.summary,
            known: &self.known,
        }
    }
    fn stage(&self) -> Stage<'_> {
        Stage::new(&self.plan, &self.ready).unwrap()
    }
    fn story(&self, which: &Which) -> Option<Story> {
        let stage = self.stage();
        Some(alert_story(&self.told(&stage), choose(&self.known, which, &Narrow::default())?).unwrap())
    }
}

fn words(story: &Story) -> String {
    lamplight::report::story_terminal(story, 100)
}

#[test]
fn every_ending_has_a_story_and_every_story_holds_together() {
    let usual = result(&[], 12);
    // Two alerts about one person, both followed up at once, need many hands and many false matches.
    let hands = [
        ("matcher.false_match_level", "3e-5"),
        ("operator.count", "20"),
        ("officers.pairs", "40"),
        ("sought.prevalence", "0.1"),
    ];
    let crowded = result(&hands, 12);
    for (kind, _) in KINDS.iter().filter(|(k, _)| *k != "missed") {
        let result = if *kind == "busy" { &crowded } else { &usual };
        let story = result
            .story(&Which::Find((*kind).into()))
            .unwrap_or_else(|| panic!("no {kind} occurred"));
        let look = story.look.as_ref().unwrap_or_else(|| panic!("{kind}: no look"));
        assert!(look.score >= look.threshold, "{kind}: an alert reaches its threshold");
        assert!((0.0..=1.0).contains(&look.quality) && look.searches >= 1, "{kind}");
        if let Some(lamplight::experiment::explain::Why::Genuine { parts }) = &story.why {
            let sum: f64 = parts.iter().map(|(_, x)| x).sum();
            assert!((sum - look.score).abs() < 1e-9, "{kind}: parts {sum} of {}", look.score);
        }
        let review = story.review.as_ref().unwrap();
        if let Some([evidence, criterion]) = review.evidence {
            assert_eq!(evidence > criterion, review.passed_on, "{kind}: evidence decides");
        }
        assert_eq!(
            story.stop.is_some(),
            story.officers.as_ref().is_some_and(|o| o.reached_s.is_some())
                && story.ending != "fled"
                && story.ending != "already stopped",
            "{kind}"
        );
        let names: Vec<&str> = story.elsewhere.iter().map(|e| e.strategy.as_str()).collect();
        assert_eq!(names.len(), 2, "{kind}: {names:?}");
        let rarity = story.rarity.as_ref().unwrap();
        assert!(rarity.like_it >= 1 && rarity.deployments == 12, "{kind}");
        let text = words(&story);
        assert!(
            text.contains("A simulated person") && text.contains("hypothetical"),
            "{kind}\n{text}"
        );
        let lower = text.to_lowercase();
        for word in ["suspect", "criminal", "innocent", "wanted", "offender"] {
            assert!(!lower.contains(word), "{kind}: {word}");
        }
        // Told again, it is the same story.
        let key = u64::from_str_radix(story.alert.as_ref().unwrap(), 16).unwrap();
        let narrow = Narrow {
            strategy: Some(story.strategy.clone()),
            ..Narrow::default()
        };
        let again = choose(&result.known, &Which::Alert(key, Some(story.replication)), &narrow).unwrap();
        assert_eq!(alert_story(&result.told(&result.stage()), again).unwrap(), story);
    }
}

#[test]
fn the_worst_cost_a_person_not_sought_the_most_time() {
    let result = result(&[], 6);
    let worst = result.story(&Which::Worst).unwrap();
    let lost = worst.stop.as_ref().unwrap().minutes_lost;
    assert_eq!(worst.truth, "false");
    let most = result
        .known
        .iter()
        .filter(|k| k.is_false())
        .filter_map(|k| k.minutes_lost)
        .fold(0.0, f64::max);
    assert!((lost - most).abs() < 1e-9, "{lost} of {most}");
}

#[test]
fn what_a_story_says_would_have_changed_it_does() {
    let before = result(&[], 4);
    let there = |set: &[(&str, String)], key: &str| {
        let set: Vec<(&str, &str)> = set.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let after = result(&set, 4);
        after.known.iter().any(|k| format!("{:016x}", k.key) == key)
    };
    for kind in ["false_alert", "true_alert"] {
        let story = before.story(&Which::Find(kind.into())).unwrap();
        let key = story.alert.unwrap();
        let score = story.score_that_decides.unwrap();
        let at = |t: f64| vec![("matcher.threshold", format!("{t:.9}"))];
        assert!(
            there(&at(score - 1e-6), &key),
            "{kind}: still there just below its score"
        );
        assert!(!there(&at(score + 1e-6), &key), "{kind}: gone just above it");
        let list = story.list.unwrap();
        let of = |n: f64| vec![("watchlist.size", format!("{n:.0}"))];
        assert!(
            there(&of(list.least.ceil() + 1.0), &key),
            "{kind}: there with {} entries",
            list.least + 1.0
        );
        assert!(
            !there(&of(list.least.floor() - 1.0), &key),
            "{kind}: gone with {}",
            list.least - 1.0
        );
    }
}

#[test]
fn a_missed_person_is_told_of_without_a_way_around_cameras() {
    let result = result(&[], 8);
    let story = missed(&result.told(&result.stage()), "van").unwrap();
    let why = story.missed.as_ref().unwrap();
    let all: u64 = why.reasons.iter().map(|(_, n)| n).sum();
    let of = &result.summary.strategies[0].metrics;
    let counted = of["sought_missed"].mean.unwrap() * 8.0;
    assert!(
        (all as f64 - counted).abs() < 1e-6,
        "{all} reasons for {counted} missed"
    );
    assert!((why.present as f64 - of["sought_present"].mean.unwrap() * 8.0).abs() < 1e-6);
    for reason in [
        "passed no camera",
        "took another route",
        "no usable face was captured",
        "every score stayed under the threshold",
    ] {
        assert!(
            why.reasons.iter().any(|(r, n)| r == reason && *n > 0),
            "{reason}: {:?}",
            why.reasons
        );
    }
    let avoided = ["took another route", "turned back"].contains(&why.reason.as_str());
    assert!(!(avoided && story.look.is_some()));
    assert_eq!(missed(&result.told(&result.stage()), "van").unwrap(), story);
}

#[test]
fn following_somebody_changes_nothing_and_scores_agree_with_alerts() {
    // Of people on nobody's list, the share of searches that reach the threshold is what the curves say.
    let result = result(&[("sought.prevalence", "0"), ("matcher.person_effect", "1")], 6);
    let curves = lamplight::experiment::curves(&result.plan, &result.stage(), &[0, 1, 2], &result.runs).unwrap();
    let at = curves
        .scores
        .iter()
        .position(|s| (s - curves.threshold).abs() < 1e-9)
        .unwrap();
    let of = &result.summary.strategies[0].metrics;
    let (searches, expected) = (
        of["searches"].mean.unwrap() * 6.0,
        of["false_alerts_expected"].mean.unwrap() * 6.0,
    );
    let rate = curves.groups[0].false_match[at];
    // Without luck that belongs to the person, searches of one visit add up; the group mix is random.
    let ratio = expected / (searches * rate);
    assert!((ratio - 1.0).abs() < 0.05 + Z / expected.sqrt(), "{ratio}");
}
