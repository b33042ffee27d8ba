//! Searches: the constructed placement whose answer is known, what is refused, and what survives.

use super::common::{Scratch, contents, done, err, fails, out, same};
use lamplight::experiment::Folder;
use lamplight::experiment::optimise::{Kind, Outcome, Point, Problem, Status, optimise};
use lamplight::scenario::load_optimisation;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Persons an hour at the ends of four arms of a star: people walk from arm to arm through its middle.
const ARMS: [(&str, f64, [f64; 2]); 4] = [
    ("busy", 500.0, [1.0, 0.0]),
    ("middling", 300.0, [0.0, 1.0]),
    ("quiet", 100.0, [-1.0, 0.0]),
    ("empty", 100.0, [0.0, -1.0]),
];

/// Degrees of longitude and latitude of 139 m there.
const REACH: [f64; 2] = [0.002, 0.00125];

/// A star of four streets, each with three lamp posts that all see the same people.
fn star() -> String {
    let at = |to: [f64; 2], share: f64| {
        format!(
            "[{:.6},{:.6}]",
            -0.1 + share * REACH[0] * to[0],
            51.5 + share * REACH[1] * to[1]
        )
    };
    let mut features = vec![format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"feature\":\"attractor\",\"id\":\"market\",\"name\":\"Market\",\"node\":1,\"weight\":1}},\
         \"geometry\":{{\"type\":\"Point\",\"coordinates\":{}}}}}",
        at([0.0, 0.0], 0.0)
    )];
    for (i, (name, persons, to)) in ARMS.iter().enumerate() {
        let node = i + 2;
        features.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"feature\":\"street\",\"id\":\"{name}\",\"a\":1,\"b\":{node},\"name\":\"{name} street\",\
             \"kind\":\"residential\",\"length_m\":139,\"width_m\":5}},\"geometry\":{{\"type\":\"LineString\",\"coordinates\":[{},{}]}}}}",
            at(*to, 0.0),
            at(*to, 1.0)
        ));
        let hours = vec![persons.to_string(); 24].join(",");
        features.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"feature\":\"gate\",\"id\":\"{name}-end\",\"name\":\"{name}\",\"node\":{node},\"kind\":\"street\",\
             \"persons_per_hour\":{{\"mon_thu\":[{hours}]}}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":{}}}}}",
            at(*to, 1.0)
        ));
        for (n, share) in [0.6, 0.65, 0.7].iter().enumerate() {
            features.push(format!(
                "{{\"type\":\"Feature\",\"properties\":{{\"feature\":\"lamp\",\"id\":\"{name}-{}\",\"street\":\"{name}\",\"surveyed\":false}},\
                 \"geometry\":{{\"type\":\"Point\",\"coordinates\":{}}}}}",
                n + 1,
                at(*to, *share)
            ));
        }
    }
    format!(
        "{{\"type\":\"FeatureCollection\",\n\"lamplight\":{{\"format\":1,\"name\":\"star\",\"title\":\"A star\",\"licence\":\"CC0-1.0\",\
         \"attribution\":[\"Drawn for tests.\"],\"notes\":[\"Not a real place.\"],\"timezone\":\"Europe/London\",\"origin\":[-0.1,51.5],\
         \"demand_scale\":1}},\n\"features\":[\n{}\n]}}\n",
        features.join(",\n")
    )
}

/// Many sought people, so that few runs show who passes where.
const SCENARIO: &str = "format = 1
title = \"A star\"
question = \"Where do most of those who are sought pass?\"
[time]
date = 2026-06-03
open = 11:00:00
close = 12:30:00
[place]
file = \"star.geojson\"
[people]
population = \"london-passers-by\"
[camera]
capture_model = \"fixed\"
capture_probability = 1
[sought]
prevalence = 0.05
[[strategy]]
name = \"lamps\"
cameras = [{ mount = \"lamp\", at = \"empty-1\" }]
[[strategy]]
name = \"no-lfr\"
";

const CAMERAS: &str = "[[optimise.cameras]]
mount = \"lamp\"
street = [\"busy street\", \"middling street\", \"quiet street\", \"empty street\"]
most = 2
[[optimise.parameter]]
key = \"matcher.threshold\"
values = [0.54, 0.60, 0.66]
";

/// A study of the star with these keys of `[optimise]`.
fn study(keys: &str) -> String {
    format!(
        "format = 1\nscenario = \"star.toml\"\nreplications = 6\nuncertainty = \"off\"\n[optimise]\nstrategies = [\"lamps\"]\n{keys}\n{CAMERAS}"
    )
}

const OBJECTIVES: &str = "objectives = [\"true_alerts\", \"people_scanned\"]";

fn scratch(keys: &str) -> Scratch {
    let scratch = Scratch::new("");
    scratch.put("star.geojson", &star());
    scratch.put("star.toml", SCENARIO);
    scratch.put("study.toml", &study(keys));
    scratch
}

fn run(keys: &str) -> Outcome {
    let scratch = scratch(keys);
    let problem = Problem::new(load_optimisation(&scratch.path("study.toml")).unwrap()).unwrap();
    let folder = scratch.path("out");
    std::fs::create_dir(&folder).unwrap();
    optimise(&problem, &Folder::at(&folder), 2, &AtomicBool::new(false))
        .unwrap()
        .unwrap()
}

fn first(point: &Point) -> f64 {
    point.search.as_ref().unwrap().objectives[0].value.unwrap()
}

/// Streets of a point's lamp posts, sorted.
fn streets(point: &Point) -> Vec<String> {
    let street = |m: &String| m.split('-').next().unwrap_or_default().to_owned();
    let mut all: Vec<String> = point.mounts.iter().map(street).collect();
    all.sort();
    all
}

fn command(scratch: &Scratch, folder: &str, more: &[&str]) -> Command {
    let mut command = scratch.command("optimise", folder, more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn search(scratch: &Scratch, folder: &str, more: &[&str]) -> Output {
    command(scratch, folder, more).output().unwrap()
}

/// Files of a result but the manifest, which says when and where it was made.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = contents(folder);
    all.remove(Path::new("manifest.json"));
    all
}

#[test]
fn the_known_optimum_of_a_constructed_placement_is_found() {
    // The three lamp posts of the busiest street see the most people one by one, but the same people: the most sought people
    // are met by one there and one in the next busiest, at the lowest threshold. 78 sets x 3 thresholds; 81 are tried.
    let outcome = run(&format!("{OBJECTIVES}\nbudget = 500"));
    assert!(
        outcome.candidates == 234.0 && outcome.evaluated == 81,
        "{}",
        outcome.evaluated
    );
    let top = &outcome.points[0];
    assert_eq!(streets(top), ["busy", "middling"], "{}", top.words());
    assert_eq!(top.settings, [("matcher.threshold".to_owned(), "0.54".to_owned())]);
    // Trying everything gives the optimum where so few may be scanned that the busiest street is out.
    let all = run(&format!("{OBJECTIVES}\nbudget = 5000"));
    assert!(all.ended == "everything" && all.evaluated == 234);
    let people = |p: &Point| p.search.as_ref().unwrap().objectives[1].value.unwrap();
    let tried = || {
        all.points
            .iter()
            .chain(&all.others)
            .filter(|p| p.kind == Kind::Candidate)
    };
    let least = |street: &str| {
        tried()
            .filter(|p| streets(p).iter().any(|s| s == street))
            .map(people)
            .fold(f64::MAX, f64::min)
    };
    assert!(least("middling") < least("busy"));
    let limit = (0.5 * (least("middling") + least("busy"))).floor();
    let optimum = tried().filter(|p| people(p) <= limit).map(first).fold(0.0, f64::max);
    let limited = run(&format!(
        "{OBJECTIVES}\nbudget = 700\nconstraints = [{{ metric = \"people_scanned\", at_most = {limit} }}]"
    ));
    let top = &limited.points[0];
    assert!(top.status == Status::Front && people(top) <= limit && !streets(top).contains(&"busy".to_owned()));
    assert!(
        first(top) <= optimum && first(top) > 0.98 * optimum,
        "{} of {optimum}",
        first(top)
    );
}

#[test]
fn it_beats_random_search_at_equal_budget() {
    // A third of the candidates is tried: enough for random search to cover the front, not to find its end. Larger spaces are
    // tried beside the search itself.
    let best = |keys: &str| {
        run(keys)
            .points
            .iter()
            .filter(|p| p.status == Status::Front)
            .map(first)
            .fold(0.0, f64::max)
    };
    let (mut local, mut random) = (0.0, 0.0);
    for seed in 1..=5 {
        let keys = format!("{OBJECTIVES}\nbudget = 420\nseed = {seed}");
        local += best(&keys);
        random += best(&format!("{keys}\nsearch = \"random\""));
    }
    assert!(local > random, "{local} and {random}");
}

#[test]
fn finalists_are_run_afresh_and_one_is_selected_under_the_constraints() {
    let outcome = run(&format!(
        "{OBJECTIVES}\nbudget = 600\nfinalists = 3\nconstraints = [{{ metric = \"people_scanned\", at_most = 700 }}]\n\
         select = {{ metric = \"true_alerts\", delta = 1.0, most = 60 }}"
    ));
    let selection = outcome.selection.as_ref().unwrap();
    assert!(
        selection.finalists.len() == 4 && selection.finalists.contains(&"no-lfr".to_owned()),
        "{selection:?}"
    );
    assert!(selection.sentence.contains("at most 700"), "{}", selection.sentence);
    if let Some(name) = &selection.selected {
        assert!(selection.sentence.contains("at least 95 %"), "{}", selection.sentence);
        let point = outcome.points.iter().find(|p| p.name == *name).unwrap();
        let fresh = point.fresh.as_ref().unwrap();
        assert!(fresh.constraints[0].met && fresh.replications == selection.replications);
        // The figures are of other replications than those of the search.
        assert_ne!(fresh.objectives, point.search.as_ref().unwrap().objectives);
    } else {
        assert!(
            selection.sentence.contains("Not distinguishable") && selection.left.len() > 1,
            "{selection:?}"
        );
    }
    // Ordinary patrol keeps to every constraint here and has no alerts: it is not what is selected.
    assert_ne!(selection.selected.as_deref(), Some("no-lfr"));
}

#[test]
fn a_search_whose_constraints_nothing_meets_says_so_and_shows_patrol() {
    let scratch = scratch(&format!(
        "{OBJECTIVES}\nbudget = 200\nconstraints = [{{ metric = \"true_alerts\", at_least = 1e6 }}]\nselect = {{ metric = \"true_alerts\", delta = 1 }}"
    ));
    let output = search(&scratch, "result", &["-q"]);
    done(&output);
    let flat = out(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("keeps to all constraints: 0 keep to \"True alerts: at least 1000000"),
        "{flat}"
    );
    assert!(flat.contains("nothing is selected"), "{flat}");
    for name in ["front.csv", "points.csv", "report.html"] {
        let text = std::fs::read_to_string(scratch.path("result").join(name)).unwrap();
        assert!(text.contains("no-lfr"), "{name}");
    }
}

#[test]
fn arrests_alone_are_refused_with_the_reason() {
    for objectives in ["[\"net_arrests\"]", "[\"arrests\", \"true_alerts\", \"cost_gbp\"]"] {
        let scratch = scratch(&format!("objectives = {objectives}\nbudget = 500"));
        let output = search(&scratch, "result", &[]);
        let parts = [
            "no harm is among the objectives",
            "ends at more cameras",
            "wrongful_stops_expected",
            "study.toml:7",
        ];
        fails(&output, 2, &parts);
        assert!(!scratch.path("result").exists());
    }
}

#[test]
fn wrong_studies_are_answered_with_what_and_what_to_try() {
    let sound = format!("{OBJECTIVES}\nbudget = 500");
    let cases: [(&str, &str, &[&str]); 19] = [
        ("", "", &["what is to become more or less", "objectives = ["]),
        (
            "[\"true_alerts\", ",
            "[\"true_alert\", ",
            &["no metric \"true_alert\"", "did you mean \"true_alerts\"?"],
        ),
        (
            "[\"true_alerts\", ",
            "[\"alerts\", ",
            &["neither better nor worse", "constraint"],
        ),
        (
            "budget = 500",
            "",
            &["how many runs the search may use", "budget = 4000"],
        ),
        ("budget = 500", "budget = 0", &["`optimise.budget` must lie between 1"]),
        ("budget = 500", "budget = 10", &["too few", "raise optimise.budget"]),
        (
            "budget = 500",
            "budget = 500\nserch = 1",
            &["unknown key `optimise.serch`", "did you mean `search`?"],
        ),
        (
            "budget = 500",
            "budget = 500\nconstraints = [{ metric = \"stops\" }]",
            &["no limit", "at_most = 5"],
        ),
        (
            "budget = 500",
            "budget = 500\nconstraints = [{ metric = \"stops\", at_most = 1, at_least = 2 }]",
            &["no value can meet"],
        ),
        (
            "budget = 500",
            "budget = 500\nconstraints = [{ metric = \"wrongful_stops_expected\", ratio = \"ethnicty\", at_most = 1 }]",
            &["no axis \"ethnicty\"", "ethnicity"],
        ),
        (
            "budget = 500",
            "budget = 500\nconstraints = [{ metric = \"arrests\", ratio = \"ethnicity\", at_most = 1 }]",
            &["no harm that is counted by group"],
        ),
        (
            "budget = 500",
            "budget = 500\nselect = { metric = \"stops\", delta = 1 }",
            &["not one of the objectives"],
        ),
        (
            "budget = 500",
            "budget = 500\nselect = { metric = \"true_alerts\" }",
            &["which difference matters", "delta ="],
        ),
        (
            "\"people_scanned\"]\nbudget = 500",
            "\"false_share_of_alerts\"]\nbudget = 500\nselect = { metric = \"false_share_of_alerts\", delta = 1 }",
            &["is a rate", "means over replications"],
        ),
        (
            "[\"lamps\"]",
            "[\"lamp\"]",
            &["no strategy \"lamp\"", "did you mean \"lamps\"?"],
        ),
        (
            "[\"lamps\"]",
            "[\"lamps\", \"no-lfr\"]",
            &["candidates start from one strategy"],
        ),
        (
            "\"busy street\"",
            "\"bussy street\"",
            &["no such mount stands along", "did you mean \"busy street\"?"],
        ),
        (
            "matcher.threshold\"\nvalues = [0.54, 0.60, 0.66]",
            "sought.prevalence\"\nvalues = [0.1]",
            &["not for a search to choose"],
        ),
        ("most = 2", "most = 2\nleast = 3", &["nothing can be chosen"]),
    ];
    for (from, to, parts) in cases {
        let scratch = scratch(&sound);
        let text = if from.is_empty() {
            study("budget = 500")
        } else {
            study(&sound).replace(from, to)
        };
        assert_ne!(text, study(&sound));
        scratch.put("study.toml", &text);
        let output = search(&scratch, "result", &[]);
        fails(&output, 2, parts);
        assert!(!scratch.path("result").exists(), "{to}");
    }
}

#[test]
fn no_single_byte_mutation_of_a_search_panics() {
    let scratch = scratch(&format!(
        "{OBJECTIVES}\nbudget = 500\nselect = {{ metric = \"true_alerts\", delta = 1 }}"
    ));
    let text = std::fs::read(scratch.path("study.toml")).unwrap();
    for i in 0..text.len() {
        for byte in [b'"', b'9'] {
            let mut bytes = text.clone();
            bytes[i] = byte;
            std::fs::write(scratch.path("study.toml"), bytes).unwrap();
            let _ =
                load_optimisation(&scratch.path("study.toml")).map(|study| Problem::new(study).map(|p| p.space.size()));
        }
    }
}

#[test]
fn workers_change_no_byte_and_a_dry_run_writes_nothing() {
    let scratch = scratch(&format!(
        "{OBJECTIVES}\nbudget = 400\nfinalists = 2\nselect = {{ metric = \"true_alerts\", delta = 2, most = 40 }}"
    ));
    let dry = search(&scratch, "none", &["--dry-run"]);
    done(&dry);
    for part in [
        "candidates  234",
        "evaluations 64, of 6 replications",
        "more of True alerts",
        "less of People scanned",
    ] {
        assert!(out(&dry).contains(part), "{part}\n{}", out(&dry));
    }
    assert!(!scratch.path("none").exists());
    let one = search(&scratch, "one", &["--jobs", "1", "--format", "json"]);
    let two = search(&scratch, "two", &["--jobs", "2", "--format", "json"]);
    done(&one);
    done(&two);
    assert_eq!(one.stdout, two.stdout);
    let (mut a, mut b) = (files(&scratch.path("one")), files(&scratch.path("two")));
    // The page says the command, and the command the folder.
    for set in [&mut a, &mut b] {
        set.remove(Path::new("report.html"));
    }
    same(&a, &b);
    let csv = String::from_utf8(a[Path::new("front.csv")].clone()).unwrap();
    assert!(csv.lines().any(|l| l.starts_with("no-lfr,no-lfr,")), "{csv}");
    // Another search never overwrites it.
    scratch.put("study.toml", &study(&format!("{OBJECTIVES}\nbudget = 300")));
    fails(&search(&scratch, "one", &[]), 2, &["another plan"]);
}

#[test]
fn a_killed_search_goes_on_where_it_was() {
    let scratch = scratch(&format!(
        "{OBJECTIVES}\nbudget = 1200\nfinalists = 2\nselect = {{ metric = \"true_alerts\", delta = 2, most = 60 }}"
    ));
    done(&search(&scratch, "result", &["-q"]));
    let expected = files(&scratch.path("result"));
    std::fs::remove_dir_all(scratch.path("result")).unwrap();
    let journal = scratch.path("result/evaluations.tsv");
    let lines = || std::fs::read_to_string(&journal).map_or(0, |t| t.lines().count());
    let mut last = 0;
    for _ in 0..4 {
        let mut child = command(&scratch, "result", &["-q"]).spawn().unwrap();
        for _ in 0..2000 {
            if lines() > last + 20 || child.try_wait().unwrap().is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(3));
        }
        // On Unix this is SIGKILL.
        let _ = child.kill();
        child.wait().unwrap();
        assert!(lines() >= last, "what was finished is lost");
        last = lines();
    }
    assert!(last > 40, "{last}");
    done(&search(&scratch, "result", &["-q"]));
    same(&expected, &files(&scratch.path("result")));
}

#[cfg(unix)]
#[test]
fn an_interrupted_search_keeps_what_is_finished_and_says_so() {
    let scratch = scratch(&format!("{OBJECTIVES}\nbudget = 400000"));
    let text = std::fs::read_to_string(scratch.path("study.toml")).unwrap();
    scratch.put(
        "study.toml",
        &text
            .replace("replications = 6", "replications = 60")
            .replace("most = 2", "most = 6"),
    );
    let child = command(&scratch, "result", &[]).spawn().unwrap();
    let journal = scratch.path("result/evaluations.tsv");
    for _ in 0..6000 {
        if std::fs::read_to_string(&journal).is_ok_and(|t| t.lines().count() > 20) {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let stopped = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(stopped.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", err(&output));
    assert!(
        err(&output).contains("the same command goes on from there"),
        "{}",
        err(&output)
    );
    assert!(out(&output).contains("PARTIAL"), "{}", out(&output));
    let json = std::fs::read_to_string(scratch.path("result/optimise.json")).unwrap();
    assert!(json.contains("\"ended\": \"interrupted\"") && scratch.path("result/manifest.json").exists());
}

#[test]
fn strategies_and_settings_of_a_programme_are_searched_too() {
    let scratch = Scratch::new("");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/teaching-two-streets.toml");
    scratch.put(
        "study.toml",
        &format!(
            "format = 1\nscenario = {:?}\nreplications = 2\n[optimise]\nstrategies = [\"first-street\", \"second-street\"]\n\
             objectives = [\"arrests\", \"false_alerts_expected\", {{ metric = \"false_alerts_expected\", ratio = \"ethnicity\" }}]\n\
             budget = 40\n[[optimise.parameter]]\nkey = \"programme.per_year\"\nvalues = [50, 150]\n",
            scenario.display().to_string()
        ),
    );
    let problem = Problem::new(load_optimisation(&scratch.path("study.toml")).unwrap()).unwrap();
    let folder = scratch.path("out");
    std::fs::create_dir(&folder).unwrap();
    let outcome = optimise(&problem, &Folder::at(&folder), 2, &AtomicBool::new(false))
        .unwrap()
        .unwrap();
    assert_eq!((outcome.evaluated, outcome.ended), (4, "everything"));
    assert!(outcome.points.iter().any(|p| p.kind == Kind::NoLfr));
    let scored = outcome
        .points
        .iter()
        .chain(&outcome.others)
        .filter(|p| p.kind == Kind::Candidate);
    let by_setting: BTreeMap<(String, String), f64> = scored
        .map(|p| ((p.strategy.clone(), p.settings[0].1.clone()), first(p)))
        .collect();
    for strategy in ["first-street", "second-street"] {
        let of = |n: &str| by_setting[&(strategy.to_owned(), n.to_owned())];
        assert!(of("150") > of("50"), "{by_setting:?}");
    }
    // Cameras of a programme are not chosen one by one.
    let text = std::fs::read_to_string(scratch.path("study.toml")).unwrap();
    let text = text.replace("\"first-street\", ", "") + "[[optimise.cameras]]\nmount = \"lamp\"\nat = [\"x\"]\n";
    scratch.put("study.toml", &text);
    let problems = load_optimisation(&scratch.path("study.toml")).unwrap_err();
    assert!(problems[0].message.contains("is a programme"), "{problems:?}");
}
