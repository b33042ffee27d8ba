//! Twins: runs that must agree to the last byte.

mod common;

use common::{
    MANY_ALERTS, VAN_AND_LAMP, Watch, all, bytes, plan, plan_in, reference, runs, scenarios, street, summary,
    watch_with,
};
use lamplight::deployment::{Ending, Reacted, Schedule};
use lamplight::experiment::summarise;
use lamplight::measure::metrics_of;
use lamplight::scenario::{Overrides, Plan, load};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A strategy and its copy under another name differ by exactly nothing, in every metric, whether worlds are drawn or not.
#[test]
fn a_strategy_and_its_copy_differ_by_exactly_nothing() {
    let copy = VAN_AND_LAMP.replace("\"street\"", "\"copy\"");
    for uncertain in [false, true] {
        let mut plan = plan(&street(&format!("{VAN_AND_LAMP}{copy}")), &[MANY_ALERTS], 10);
        plan.uncertainty = uncertain;
        let runs = runs(&plan);
        assert!(runs.by_strategy[0] == runs.by_strategy[1]);
        let summary = summarise(&plan, &all(&plan), &runs);
        assert!(summary.comparisons[0].differs_in.is_empty());
        assert_eq!(summary.comparisons[0].metrics.len(), metrics_of(&plan).count());
        for (id, difference) in &summary.comparisons[0].metrics {
            assert_eq!(difference.difference.unwrap_or(0.0), 0.0, "{id}");
            assert!(!difference.distinguishable, "{id}");
            assert!(difference.simulation_interval.is_none_or(|i| i == [0.0, 0.0]), "{id}");
            assert!(difference.predictive_interval.is_none_or(|i| i == [0.0, 0.0]), "{id}");
        }
        assert!(summary.strategies[0].metrics == summary.strategies[1].metrics);
        assert!(summary.strategies[0].metrics["alerts"].mean.unwrap() > 100.0);
    }
}

/// A camera that nobody passes changes no figure and no hash.
#[test]
fn a_camera_that_nobody_passes_changes_nothing() {
    let text = |more: &str| {
        format!(
            "[[strategy]]
name = \"street\"
team = [{{ name = \"team\", posts = [\"at-225m\", \"at-525m\"] }}]
cameras = [{{ mount = \"van\", at_m = 225 }}, {{ mount = \"lamp\", at_m = 525, heading_deg = 270 }}{more}]
"
        )
    };
    // It stands at the street's end and looks away from it.
    let more = text(", { mount = \"lamp\", at_m = 600, heading_deg = 90 }");
    let (one, other) = (
        plan(&street(&text("")), &[MANY_ALERTS], 8),
        plan(&street(&more), &[MANY_ALERTS], 8),
    );
    assert_eq!(other.strategies[0].cameras.len(), one.strategies[0].cameras.len() + 1);
    let (one, mut other) = (common::first(&one), common::first(&other));
    // But it costs money.
    for (one, other) in one.iter().zip(&mut other) {
        assert!(other.shift.prices.fixed > one.shift.prices.fixed);
        other.shift.prices = one.shift.prices;
    }
    assert!(one == other);
    assert!(common::total(&one, &[lamplight::measure::Counter::WrongfulStops]) > 0);
}

/// The order in which a strategy lists its cameras changes no figure and no hash.
#[test]
fn the_order_of_cameras_does_not_matter() {
    let cameras = [
        "{ mount = \"van\", at_m = 225, heading_deg = 80 }",
        "{ mount = \"lamp\", at_m = 525, heading_deg = 270 }",
        "{ mount = \"lamp\", at_m = 100, heading_deg = 90 }",
    ];
    let with = |order: [usize; 3]| {
        let text = format!(
            "[[strategy]]
name = \"street\"
team = [{{ name = \"team\", posts = [\"at-225m\", \"at-525m\"] }}]
cameras = [{}, {}, {}]
",
            cameras[order[0]], cameras[order[1]], cameras[order[2]]
        );
        common::first(&plan(&street(&text), &[MANY_ALERTS], 5))
    };
    let straight = with([0, 1, 2]);
    assert!(straight == with([2, 1, 0]));
    assert!(straight == with([1, 2, 0]));
}

/// The same seed gives the same bytes twice, and on one or two cores; another seed gives others.
#[test]
fn a_seed_is_a_run() {
    let copy = VAN_AND_LAMP.replace("\"street\"", "\"narrow\"");
    let set = "set = { \"watchlist.size\" = 4000 }\n";
    let mut plan = plan(&street(&format!("{VAN_AND_LAMP}{copy}{set}")), &[MANY_ALERTS], 9);
    plan.uncertainty = true;
    let first = bytes(&plan, 1, Schedule::Lazy);
    assert!(first == bytes(&plan, 1, Schedule::Lazy));
    assert!(first == bytes(&plan, 2, Schedule::Lazy));
    assert!(first == bytes(&plan, 2, Schedule::Events));
    plan.seed += 1;
    let other = bytes(&plan, 2, Schedule::Lazy);
    assert!(first.0 != other.0 && first.1 != other.1);
    let hashes = |plan: &Plan| runs(plan).by_strategy[0].iter().map(|r| r.hash).collect::<Vec<_>>();
    let mut seen = hashes(&plan);
    plan.seed += 1;
    seen.extend(hashes(&plan));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 18, "every replication of every seed is another day");
}

/// More replications leave the first ones as they are.
#[test]
fn further_replications_leave_the_first_as_they_are() {
    let few = common::first(&reference("busy", &[], 3));
    let more = common::first(&reference("busy", &[], 7));
    assert!(few == more[..3]);
}

/// Every scenario that ships.
fn shipped_scenarios() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [scenarios(), scenarios().join("reference")] {
        let entries = std::fs::read_dir(&folder).expect("the folder of scenarios");
        let files = entries.filter_map(|e| Some(e.ok()?.path()));
        found.extend(files.filter(|p| p.extension().is_some_and(|e| e == "toml")));
    }
    found.sort();
    found
}

/// The two schedules give the same bytes for every scenario that ships, without exception.
#[test]
fn both_schedules_agree_on_every_shipped_scenario() {
    let found = shipped_scenarios();
    assert!(found.len() >= 2);
    for path in found {
        let mut plan = load(&path, &Overrides::default()).unwrap_or_else(|_| panic!("{} loads", path.display()));
        plan.replications = 2;
        if let Some(programme) = plan.programme.as_mut() {
            // Three weeks of it: a year under every strategy, event by event, takes too long for a test.
            programme.until = programme.until.min(programme.from + jiff::Span::new().days(20));
        }
        let lazy = bytes(&plan, 2, Schedule::Lazy);
        let events = bytes(&plan, 2, Schedule::Events);
        assert!(lazy.0 == events.0, "{}: summary.json differs", path.display());
        assert!(lazy.1 == events.1, "{}: runs.parquet differs", path.display());
    }
}

/// The West End with everything that can go wrong: hundreds of false alerts, one slow operator, one pair, people in groups
/// who wait for one another, people who notice, walk round, turn back, cover their faces and run.
fn hostile(set: &[(&str, &str)], replications: u32) -> Plan {
    let text = "format = 1
title = \"Hostile mixture\"
question = \"Do both schedules agree when everything happens?\"
reading = \"A test.\"
uncertainty = \"off\"
[time]
date = 2026-12-04
open = 14:00:00
close = 17:00:00
[place]
file = \"places/west-end.geojson\"
[people]
population = \"west-end-passers-by\"
demand_scale = 0.1
visits_per_year = 365
visit_shape = 0.1
extra_stops = 1.5
companion_waits = 0.7
[sought]
prevalence = 0.2
spread = 0
[matcher]
false_match_level = 5e-5
genuine_base = 0.25
genuine_look_sd = 0.2
person_effect = 0.5
[operator]
patience_s = 20
review_s = 12
criterion = -2
[officers]
pairs = 1
arrest_min = 2
transport_min = 1
check_min = 1
wrongful_min = 1
alert_life_s = 120
speed = 4
radio_s = 1
pursuit_radius_m = 400
lost_hazard = 0.001
wrongful_arrest = 0.1
flee = 1
[policy]
aware_sign = 0.5
avoid_other = 0.1
turn_other = 0.05
avoid_knows = 0.1
cover_other = 0.1
[[strategy]]
name = \"vans\"
team = [{ name = \"a\", pairs = 1 }, { name = \"b\", pairs = 1 }, { name = \"c\", pairs = 1 }]
cameras = [
  { at = \"oxford-street-bay-3\", team = \"a\" }, { at = \"wardour-street-bay-3\", team = \"a\" },
  { at = \"oxford-street-10\", count = 2, team = \"b\" }, { at = \"oxford-street-11\", count = 2, team = \"c\" },
  { at = \"oxford-street-12\", count = 2, team = \"c\" }
]
[[strategy]]
name = \"lamps\"
set = { \"officers.pairs\" = 12, \"operator.count\" = 3 }
cameras = [
  { at = \"oxford-street-10\", count = 2 }, { at = \"oxford-street-11\", count = 2 }, { at = \"oxford-street-12\", count = 2 },
  { at = \"oxford-street-13\", count = 2 }, { at = \"leicester-square-3\" }, { at = \"leicester-square-8\" }
]
";
    plan_in(&scenarios(), text, set, replications)
}

#[test]
fn both_schedules_agree_on_a_hostile_mixture_in_the_west_end() {
    let mut plan = hostile(&[], 3);
    for uncertain in [false, true] {
        plan.uncertainty = uncertain;
        let lazy = bytes(&plan, 1, Schedule::Lazy);
        let events = bytes(&plan, 2, Schedule::Events);
        assert!(lazy.0 == events.0, "summary.json differs");
        assert!(lazy.1 == events.1, "runs.parquet differs");
    }
}

/// The same alert by alert; and that everything the mixture is for does happen in it.
#[test]
fn the_hostile_mixture_is_hostile_and_agrees_alert_by_alert() {
    let mut endings: BTreeMap<&str, u32> = BTreeMap::new();
    for strategy in 0..2 {
        let mut plan = hostile(&[], 3);
        plan.strategies.swap(0, strategy);
        let lazy = watch_with(&plan, Schedule::Lazy);
        let events = watch_with(&plan, Schedule::Events);
        for (a, b) in lazy.iter().zip(&events) {
            assert!(a.alerts == b.alerts);
            assert!(a.shift == b.shift);
            assert!(pass_hashes(a) == pass_hashes(b));
            assert!(a.sought.len() == b.sought.len() && a.reactions.len() == b.reactions.len());
        }
        for alert in lazy.iter().flat_map(|d| &d.alerts) {
            *endings.entry(alert.ending.word()).or_default() += 1;
        }
        for reacted in [Reacted::Detour, Reacted::TurnedBack, Reacted::Covered] {
            assert!(
                lazy.iter().flat_map(|d| &d.reactions).any(|r| r.1 == reacted),
                "nobody {reacted:?}"
            );
        }
        // Stops change later passes: some are missing that occur without officers, and no others appear.
        plan.strategies[0].teams.iter_mut().for_each(|t| t.pairs = Some(0));
        let mut cancelled = 0;
        for (with, without) in lazy.iter().zip(&watch_with(&plan, Schedule::Lazy)) {
            let (with, without) = (pass_hashes(with), pass_hashes(without));
            assert!(with.iter().all(|h| without.contains(h)));
            cancelled += without.len() - with.len();
        }
        assert!(cancelled > 0, "stops cancel no pass");
    }
    for ending in [
        Ending::AlreadyEngaged,
        Ending::Dropped,
        Ending::Dismissed,
        Ending::TooLate,
        Ending::Lost,
        Ending::Busy,
        Ending::Fled,
        Ending::Stopped,
    ] {
        assert!(
            endings.contains_key(ending.word()),
            "no alert ended {ending:?}: {endings:?}"
        );
    }
    println!("{endings:?}");
    // Companions wait: it shows in the trace, for their later passes and alerts move.
    let waiting = |share: &str| {
        let plan = hostile(&[("people.companion_waits", share)], 3);
        runs(&plan).by_strategy[0].iter().map(|r| r.hash).collect::<Vec<_>>()
    };
    assert_ne!(waiting("0"), waiting("1"));
}

fn pass_hashes(watch: &Watch) -> BTreeSet<u64> {
    watch.passes.iter().map(|p| p.hash).collect()
}

/// Neither schedule may depend on how a summary is made: the figures of `summary` are those of `bytes`.
#[test]
fn summaries_are_made_from_runs_alone() {
    let plan = reference("busy", &[], 5);
    let text = serde_json::to_vec_pretty(&summary(&plan)).expect("JSON");
    assert!(text == bytes(&plan, 1, Schedule::Events).0);
}
