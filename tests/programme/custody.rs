//! Searches of custody images beside a programme: off means off, the law of deletion, and who comes into the gallery.

use crate::helper::*;
use jiff::civil::date;
use lamplight::deployment::Schedule;
use lamplight::experiment::{Machine, Ready, summarise};
use lamplight::measure::{Counter as C, CustodyRow, CustodyYear, metric, metrics_of};
use lamplight::people::Streets;
use lamplight::programme::prepare_streets;
use lamplight::scenario::plan::{Plan, Value};
use lamplight::scenario::{Overrides, load, load_text};
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn custody(played: &Played) -> &CustodyYear {
    let year = played.summary.year.as_ref().expect("a programme");
    year.custody.as_ref().expect("somebody searches")
}

fn all(played: &Played) -> CustodyRow {
    custody(played).groups[0].expect("everybody is counted")
}

const ON: (&str, &str) = ("retrospective.enabled", "true");

/// Off, nothing is counted and no other key of the section reaches anything, hash included.
#[test]
fn off_means_off() {
    let made = |set: &[(&'static str, &'static str)]| Made {
        until: date(2025, 1, 31),
        common: set.to_vec(),
        uncertainty: true,
        ..Made::default()
    };
    let set = [
        ("retrospective.searches_per_month", "50000"),
        ("retrospective.gallery", "10"),
        ("retrospective.promise_kept", "1"),
    ];
    let (usual, off) = (play(&made(&[]), 0), play(&made(&set), 0));
    assert!(usual.summary == off.summary && usual.rows == off.rows && usual.alerts == off.alerts);
    assert!(off.summary.year.as_ref().unwrap().custody.is_none());
    let ids = |plan: &Plan| metrics_of(plan).map(|m| m.id).collect::<Vec<_>>();
    let without = ids(&made(&set).plan());
    assert!(without.contains(&"deployments") && !without.iter().any(|id| id.starts_with("retro_")));
    let on = made(&[ON]);
    assert!(ids(&on.plan()).contains(&"retro_second_kept_expected"));
    // Searches change nothing about deployments, and the trace knows of them.
    let on = play(&on, 0);
    assert!(on.rows == usual.rows && on.alerts == usual.alerts && on.summary.groups == usual.summary.groups);
    assert_ne!(on.summary.hash, usual.summary.hash);
    assert!(custody(&on).searches > 1500);
}

/// The shipped scenario with hardly a deployment, over a year.
fn scenario() -> (Plan, Vec<Streets>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/custody-image.toml");
    let mut plan = load(&path, &Overrides::default()).unwrap_or_else(|e| panic!("{e:#?}"));
    let (id, central) = value("programme.per_year", "4");
    plan.set_everywhere(id, Value { central, prior: None });
    let streets = prepare_streets(&plan);
    (plan, streets)
}

/// VT18: in paired years, the fewer images are kept, the fewer people are arrested through one, down to none at all.
#[test]
fn vt18_prompt_deletion_prevents_the_second_arrest() {
    let (plan, streets) = scenario();
    let named = |name: &str| plan.strategies.iter().position(|s| s.name == name).unwrap();
    let names = [
        "never-deleted",
        "promise-as-published",
        "prompt-on-request",
        "automatic",
    ];
    let mut expected = [0.0; 4];
    let (mut counted, mut wrongful) = ([0; 4], [0; 4]);
    for replication in 0..12 {
        let years = names.map(|name| play_with(&plan, &streets, named(name), replication, Schedule::Lazy));
        for (i, year) in years.iter().enumerate() {
            let row = all(year);
            expected[i] += row.second_by_kept_expected;
            counted[i] += row.second_by_kept;
            wrongful[i] += row.wrongful_arrests;
            assert_eq!(custody(year).searches, custody(&years[0]).searches);
            assert!(year.rows == years[0].rows, "deployments are the same");
        }
        let images = years.each_ref().map(|y| custody(y).images_no_action);
        assert!(images.is_sorted_by(|a, b| a > b) && images[3] == 0.0, "{images:?}");
    }
    assert!(expected.is_sorted_by(|a, b| a > b), "{expected:?}");
    assert!(counted[1] > 10 && counted[3] == 0 && expected[3] == 0.0, "{counted:?}");
    assert!(wrongful.is_sorted_by(|a, b| a >= b) && wrongful[3] > 0, "{wrongful:?}");
    // No searches, no candidates; a strategy without them has zeros, not gaps.
    let none = play_with(&plan, &streets, named("no-searches"), 0, Schedule::Lazy);
    assert_eq!((custody(&none).searches, all(&none)), (0, CustodyRow::default()));
    // Searches of a year come at their rate, and so do look-alikes.
    let year = play_with(&plan, &streets, named("promise-as-published"), 0, Schedule::Lazy);
    let mean = 2056.0 * 365.0 / 30.4375;
    assert!((custody(&year).searches as f64 - mean).abs() < 5.0 * f64::sqrt(mean));
}

/// Everybody arrested by mistake after an alert comes into the gallery, and goes at once where deletion is prompt.
#[test]
fn people_arrested_by_mistake_come_into_the_gallery() {
    let made = |kept: &'static str| Made {
        until: date(2025, 2, 28),
        common: vec![
            ON,
            ("matcher.threshold", "0.54"),
            ("watchlist.size", "40000"),
            ("officers.wrongful_arrest", "1"),
            ("retrospective.check_passes", "0"),
            ("retrospective.review_y", "100"),
            ("retrospective.deleted_unasked", kept),
            ("retrospective.promised", "0"),
        ],
        ..Made::default()
    };
    let (kept, gone) = (play(&made("0"), 0), play(&made("1"), 0));
    let arrested = kept.summary.groups[0].get(C::WrongfulArrests);
    assert!(arrested > 3, "{arrested}");
    // Of images kept for a hundred years on average, hardly one is reviewed within two months.
    assert_eq!(all(&kept).mistaken_images, arrested);
    assert_eq!(all(&gone).mistaken_images, 0);
    // By the axis that searches tell apart, sums are right; by others nothing is known.
    let plan = made("0").plan();
    let first = plan.axes.0[0].levels.len();
    let groups = &custody(&kept).groups;
    let levels = &groups[1..=first];
    let images: u64 = levels
        .iter()
        .map(|g| g.expect("a level of the axis").mistaken_images)
        .sum();
    let candidates: u64 = levels.iter().map(|g| g.expect("a level of the axis").candidates).sum();
    assert_eq!((images, candidates), (arrested, all(&kept).candidates));
    assert!(candidates > 0 && groups[first + 1..].iter().all(Option::is_none));
    let of = |group: usize| {
        metric("retro_candidates")
            .unwrap()
            .parts(&kept.summary, group, lamplight::measure::Faces::Searches)
    };
    assert_eq!(of(0), (candidates as f64, None));
    assert_eq!(of(first + 1), (0.0, Some(0.0)));
    // Both schedules and any length: a programme of a month and a bit has as many searches as days.
    let short = Made {
        until: date(2025, 2, 5),
        ..made("0")
    };
    let plan = short.plan();
    let streets = prepare_streets(&plan);
    let [lazy, events] = [Schedule::Lazy, Schedule::Events].map(|s| play_with(&plan, &streets, 0, 0, s));
    assert_eq!(lazy.summary, events.summary);
    let mean = 2056.0 * 36.0 / 30.4375;
    assert!((custody(&lazy).searches as f64 - mean).abs() < 5.0 * f64::sqrt(mean));
}

/// The figures reach the summary, group by group.
#[test]
fn figures_of_searches_stand_in_the_summary() {
    let mut plan = Made {
        until: date(2025, 1, 20),
        strategies: vec![strategy("searches", &[ON]), strategy("none", &[])],
        ..Made::default()
    }
    .plan();
    plan.replications = 3;
    let ready = Ready::prepare(&plan);
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs: 1,
        schedule: Schedule::Lazy,
        progress: &AtomicBool::new(false),
    };
    let runs = machine.execute(&[0, 1], 0..3).unwrap();
    let summary = serde_json::to_value(summarise(&plan, &[0, 1], &runs)).unwrap();
    let mean = |s: usize, id: &str| summary["strategies"][s]["metrics"][id]["mean"].as_f64();
    assert!(mean(0, "retro_searches").unwrap() > 1000.0);
    assert_eq!(
        (mean(1, "retro_searches"), mean(1, "custody_images")),
        (Some(0.0), Some(0.0))
    );
    let groups = summary["strategies"][0]["groups"].as_array().unwrap();
    let known: Vec<&str> = groups
        .iter()
        .filter(|g| g["metrics"]["retro_candidates"]["mean"].is_number())
        .filter_map(|g| g["by"].as_str())
        .collect();
    assert!(
        !known.is_empty() && known.iter().all(|by| *by == plan.axes.0[0].name),
        "{known:?}"
    );
}

/// What a user gets wrong is said with a place and a way out.
#[test]
fn keys_of_searches_are_checked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenario");
    let text = std::fs::read_to_string(folder.join("programme.toml")).unwrap();
    let load = |more: &str| {
        load_text(
            "programme.toml",
            &format!("{text}\n{more}\n"),
            &folder,
            &Overrides::default(),
        )
    };
    let said = |more: &str| {
        let list = load(more).expect_err(more);
        format!("{} {}", list[0].message, list[0].help)
    };
    let plan = load("[retrospective]\nenabled = true").unwrap_or_else(|e| panic!("{e:#?}"));
    assert_eq!(plan.strategies[0].rates.as_ref().unwrap().name, "pnd-2025");
    let plan = load("[retrospective]\nenabled = true\npreset = \"idemia\"").unwrap();
    assert!(plan.resolved.contains("candidates.") && plan.warnings.iter().all(|w| !w.contains("retrospective")));
    let off = load("[retrospective]\npromise_kept = 1").unwrap();
    assert!(
        off.strategies[0].rates.is_none()
            && off
                .warnings
                .iter()
                .any(|w| w.contains("retrospective.enabled is false"))
    );
    assert!(said("[retrospective]\nenabled = true\npreset = \"pnd-2024\"").contains("did you mean \"pnd-2025\""));
    assert!(said("[retrospective]\npreset = 7").contains("retrospective.preset"));
    let day = street(900.0, "population = \"london-passers-by\"");
    let day = load_text(
        "day.toml",
        &format!("{day}\n[retrospective]\nenabled = true\n"),
        &folder,
        &Overrides::default(),
    );
    assert!(
        day.expect_err("one day")[0]
            .message
            .contains("means nothing in a scenario of one day")
    );
}
