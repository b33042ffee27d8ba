//! Stories of alerts of programmes: the deployment is repeated with what led up to it, and other strategies are asked what
//! they did on that day at that place.

mod common;
#[path = "programme/helper.rs"]
mod helper;

use helper::{FOUR, Made, strategy};
use jiff::civil::date;
use lamplight::deployment::Schedule;
use lamplight::experiment::explain::{
    Known, Narrow, Story, Told, Which, alert_story, choose, known, missed, read_known,
};
use lamplight::experiment::summary::Summary;
use lamplight::experiment::{Machine, Ready, Runs, Stage, curves, faces, summarise, write_programme_alerts};
use lamplight::measure::Counter as C;
use lamplight::programme::{Opening, replay};
use lamplight::record::Follower;
use lamplight::scenario::Plan;
use std::sync::atomic::AtomicBool;

/// Five weeks of four streets in which much happens, under strategies that go to the same places, to others, and nowhere.
fn made() -> Made {
    Made {
        from: date(2025, 1, 6),
        until: date(2025, 1, 31),
        places: FOUR.to_vec(),
        strategies: vec![
            strategy("rotation", &[]),
            strategy("copy", &[]),
            strategy("strict", &[("matcher.threshold", "0.72")]),
            strategy("crowds", &[("programme.placement", "footfall")]),
            strategy("no-lfr", &[("programme.placement", "no-lfr")]),
            strategy("visits", &[("programme.placement", "warrant-visits")]),
        ],
        common: vec![
            ("matcher.threshold", "0.60"),
            ("matcher.false_match_level", "1e-6"),
            ("sought.prevalence", "0.02"),
            ("watchlist.size", "10000"),
        ],
        ..Made::default()
    }
}

struct Result {
    plan: Plan,
    ready: Ready,
    runs: Runs,
    summary: Summary,
    known: Vec<Known>,
}

fn result(made: &Made, replications: u32) -> Result {
    let mut plan = made.plan();
    plan.replications = replications;
    let ready = Ready::prepare(&plan);
    let strategies: Vec<usize> = (0..plan.strategies.len()).collect();
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs: 2,
        schedule: Schedule::Lazy,
        progress: &AtomicBool::new(false),
    };
    let runs = machine.execute(&strategies, 0..replications).unwrap();
    Result {
        summary: summarise(&plan, &strategies, &runs),
        known: known(&plan, &strategies, &runs),
        ready,
        runs,
        plan,
    }
}

impl Result {
    fn stage(&self) -> Stage<'_> {
        Stage::new(&self.plan, &self.ready).unwrap()
    }
    fn told<'a>(&'a self, stage: &'a Stage<'a>) -> Told<'a> {
        Told {
            plan: &self.plan,
            stage,
            summary: &self.summary,
            known: &self.known,
        }
    }
    fn tell(&self, which: &Known) -> Story {
        alert_story(&self.told(&self.stage()), which).unwrap()
    }
}

fn of(strategy: &str) -> Narrow {
    Narrow {
        strategy: Some(strategy.into()),
        ..Narrow::default()
    }
}

#[test]
fn the_alert_of_a_programme_is_told_with_its_deployment_and_under_every_strategy() {
    let result = result(&made(), 2);
    let kinds = ["wrongful_stop", "true_alert", "arrest", "dismissed"].map(|k| Which::Find(k.into()));
    for which in kinds.iter().chain([&Which::Worst]) {
        let found = choose(&result.known, which, &of("rotation")).unwrap_or_else(|| panic!("{which:?} did not occur"));
        let story = result.tell(found);
        let (held, at) = (story.held.as_ref().unwrap(), found.at.as_ref().unwrap());
        assert_eq!(
            (held.date.as_str(), held.site.as_str()),
            (at.date.to_string().as_str(), at.site.as_str())
        );
        let rows = &result.runs.deployments[0][found.replication as usize];
        let row = &rows[held.number as usize - 1];
        assert_eq!(
            (row.date, row.published.threshold),
            (at.date, held.threshold),
            "{which:?}"
        );
        assert_eq!(row.published.watchlist, held.list_size);
        let look = story.look.as_ref().unwrap();
        assert!(
            look.score >= look.threshold && look.threshold == held.threshold,
            "{which:?}"
        );
        assert!(held.open <= look.time && look.time < held.close, "{which:?}");
        let deployments = result.runs.deployments[0].iter().map(|r| r.len() as u64).sum::<u64>();
        assert_eq!(story.rarity.as_ref().unwrap().deployments, deployments);
        assert_eq!(result.tell(found), story, "told again, it is the same story");

        let under = |name: &str| story.elsewhere.iter().find(|e| e.strategy == name).unwrap();
        assert_eq!(story.elsewhere.len(), 5);
        // The copy did the same on every day before it, so the same happened to the same person.
        let (copy, end) = (
            under("copy"),
            if found.is_false() {
                "false alert; "
            } else {
                "true alert; "
            },
        );
        assert!(
            copy.compared && copy.what == format!("{end}{}", story.ending),
            "{which:?}: {copy:?}"
        );
        assert_eq!(copy.minutes_lost, story.stop.as_ref().map_or(0.0, |s| s.minutes_lost));
        // A stricter threshold at the same place on the same day: the same look has the same score.
        let strict = under("strict");
        if strict.compared && strict.searches == look.searches {
            assert!(
                (strict.score.unwrap() - look.score).abs() < 0.2 && strict.threshold == Some(0.72),
                "{strict:?}"
            );
        }
        let crowds = under("crowds");
        let there = result.runs.deployments[3][found.replication as usize].iter().any(|r| {
            r.date == at.date && result.plan.programme.as_ref().unwrap().sites[r.published.site].name == at.site
        });
        if !there {
            assert!(
                !crowds.compared && crowds.searches == 0 && crowds.minutes_lost == 0.0,
                "{crowds:?}"
            );
            assert!(
                crowds.what.starts_with("not at") || crowds.what.starts_with("no deployment"),
                "{crowds:?}"
            );
        }
        assert!(under("no-lfr").what.contains("not scanned") || !under("no-lfr").compared);
        let text = lamplight::report::story_terminal(&story, 100);
        assert!(
            text.contains(&held.date) && text.contains(&held.site) && text.contains("hypothetical"),
            "{text}"
        );
        for word in ["suspect", "criminal", "innocent", "wanted", "offender"] {
            assert!(!text.to_lowercase().contains(word), "{word}");
        }
    }
    // Somewhere a strategy was at the place of the story, and somewhere it was not.
    let whats: Vec<String> = result
        .known
        .iter()
        .filter(|k| k.strategy == "rotation" && k.replication == 0)
        .step_by(61)
        .flat_map(|k| result.tell(k).elsewhere)
        .filter(|e| e.strategy == "crowds")
        .map(|e| e.what)
        .collect();
    assert!(whats.iter().any(|w| w.starts_with("not at")), "{whats:?}");
    assert!(whats.iter().any(|w| w.contains("alert")), "{whats:?}");
}

/// Following somebody repeats the deployments of the run byte by byte, up to the day asked for.
#[test]
fn following_somebody_in_a_programme_changes_nothing() {
    let result = result(&made(), 1);
    let stage = result.stage();
    let Stage::Programme(prepared) = &stage else {
        panic!("a programme")
    };
    for strategy in [0, 3] {
        let rows = &result.runs.deployments[strategy][0];
        let until = rows[rows.len() / 2].date;
        let mut again = Vec::new();
        replay(
            prepared,
            strategy,
            0,
            faces(&result.plan.strategies[strategy].values),
            until,
            &mut |o: &Opening| o.number.is_multiple_of(2).then(Follower::of_sought),
            &mut |held| {
                assert_eq!(held.followed.is_some(), again.len() % 2 == 0);
                again.push(held.row);
                true
            },
        );
        let before = rows.iter().filter(|r| r.date <= until).count();
        assert!(before > 5 && again == rows[..before]);
    }
}

#[test]
fn a_result_folder_knows_the_same_alerts_as_its_runs() {
    let result = result(&made(), 2);
    let stage = result.stage();
    let Stage::Programme(prepared) = &stage else {
        panic!("a programme")
    };
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join("alerts.parquet")).unwrap();
    let strategies: Vec<usize> = (0..result.plan.strategies.len()).collect();
    write_programme_alerts(file, prepared, &strategies, &result.runs).unwrap();
    let read = read_known(&result.plan, folder.path()).unwrap();
    assert!(read.len() > 100 && read == result.known);
}

/// In the first deployment nothing else depends on threshold and list.
#[test]
fn what_a_story_of_a_programme_says_would_have_changed_it_does() {
    let with = |set: Option<(&'static str, String)>| {
        let mut made = made();
        made.strategies.truncate(1);
        made.until = date(2025, 1, 10);
        if let Some((key, value)) = set {
            made.common.retain(|(k, _)| *k != key);
            made.common.push((key, Box::leak(value.into_boxed_str())));
        }
        result(&made, 6)
    };
    let before = with(None);
    let there = |set: (&'static str, String), of: &Known| {
        let after = with(Some(set));
        after
            .known
            .iter()
            .any(|k| (k.key, k.replication, &k.at) == (of.key, of.replication, &of.at))
    };
    for kind in ["false_alert", "true_alert"] {
        let first = |r: u32| before.runs.deployments[0][r as usize].first().map(|d| d.date);
        let of_first = |k: &&Known| k.is(kind) && k.at.as_ref().map(|at| at.date) == first(k.replication);
        let mut told = before.known.iter().filter(of_first).map(|k| (k, before.tell(k)));
        let (found, story) = told.find(|(_, s)| s.held.as_ref().unwrap().number == 1).unwrap();
        let score = story.score_that_decides.unwrap();
        let at = |t: f64| ("matcher.threshold", format!("{t:.9}"));
        assert!(
            there(at(score - 1e-6), found) && !there(at(score + 1e-6), found),
            "{kind}: its score decides"
        );
        let least = story.list.unwrap().least;
        let of = |n: f64| ("watchlist.size", format!("{n:.0}"));
        assert!(
            there(of(least.ceil() + 1.0), found),
            "{kind}: there with {least} entries"
        );
        assert!(
            !there(of(least.ceil() - 1.0), found),
            "{kind}: gone with fewer than {least}"
        );
    }
}

#[test]
fn people_missed_by_a_programme_are_counted_over_its_first_deployments() {
    let result = result(&made(), 2);
    let story = missed(&result.told(&result.stage()), "rotation").unwrap();
    let why = story.missed.as_ref().unwrap();
    assert_eq!(why.deployments, 20);
    let rows = || result.runs.deployments[0].iter().flat_map(|r| r.iter().take(10));
    let counted = |c: C| rows().map(|r| r.counts.get(c)).sum::<u64>();
    assert_eq!(why.present, counted(C::SoughtPresent));
    assert_eq!(
        why.reasons.iter().map(|(_, n)| n).sum::<u64>(),
        counted(C::SoughtMissed)
    );
    assert!(story.held.is_some() && story.elsewhere.len() == 5);
    let avoided = ["took another route", "turned back"].contains(&why.reason.as_str());
    assert!(
        !(avoided && story.look.is_some()),
        "nobody is shown a way around cameras"
    );
}

/// Curves of a programme: the operating point is the first deployment's, governance makes it a range, and the shares of
/// searches that reach the threshold are those of the runs.
#[test]
fn a_programme_has_curves_with_the_range_of_its_thresholds() {
    let mut made = made();
    made.strategies.truncate(1);
    made.common.push(("matcher.person_effect", "1"));
    let result = result(&made, 2);
    let of = |r: &Result| curves(&r.plan, &r.stage(), &[0], &r.runs).unwrap();
    let found = of(&result);
    assert_eq!((found.threshold, found.thresholds), (0.60, [0.60, 0.60]));
    let lists = result.runs.deployments[0]
        .iter()
        .flatten()
        .map(|r| r.published.watchlist as f64);
    assert_eq!(found.list_sizes[0], lists.clone().fold(f64::INFINITY, f64::min));
    assert_eq!(found.list_sizes[1], lists.fold(0.0, f64::max));
    assert_eq!(found.deployments, 20);
    assert!(found.groups[0].searches > 50 && found.groups.len() > 3);
    let at = found.scores.iter().position(|s| (s - 0.60).abs() < 1e-9).unwrap();
    let (searches, expected) = result.runs.by_strategy[0].iter().fold((0.0, 0.0), |(s, e), run| {
        let all = &run.groups[0];
        (s + all.get(C::Searches) as f64, e + all.expected_false())
    });
    let ratio = expected / (searches * found.groups[0].false_match[at]);
    assert!((ratio - 1.0).abs() < 0.05 + common::Z / expected.sqrt(), "{ratio}");

    made.common.push(("programme.governance", "ratchet-up"));
    made.common.push(("programme.governance_days", "7"));
    let moved = of(&self::result(&made, 2));
    let [low, high] = moved.thresholds;
    assert!(low < high && moved.threshold == 0.60, "{:?}", moved.thresholds);
}
