//! The repository agrees with itself: rooms depend one way, generated pages are up to date, every parameter is read, shipped
//! files are sound, and texts keep to the words that were agreed.

use lamplight::scenario::registry::PARAMETERS;
use lamplight::scenario::{
    FileKind, Overrides, check_data_file, load, load_optimisation, load_study, parameter_docs, place_file, schema,
    study_schema,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Files below a folder of the repository whose names end so, sorted, by their paths from the root.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The source of the library without its tests.
fn sources() -> BTreeMap<String, String> {
    let of = |path: String| {
        let text = read(&path);
        let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
        (path, text[..end].to_owned())
    };
    files("src", ".rs")
        .into_iter()
        .filter(|p| {
            ![
                "src/report/sample.rs",
                "src/report/sample_answers.rs",
                "src/report/page/tests.rs",
            ]
            .contains(&p.as_str())
        })
        .map(of)
        .collect()
}

fn room(path: &str) -> &str {
    path.trim_start_matches("src/")
        .split(['/', '.'])
        .next()
        .unwrap_or_default()
}

/// Rooms from the front door inwards: each may use itself and those after it.
const ROOMS: [&str; 15] = [
    "cli",
    "report",
    "experiment",
    "programme",
    "measure",
    "record",
    "deployment",
    "response",
    "matcher",
    "camera",
    "people",
    "city",
    "scenario",
    "stats",
    "kernel",
];

#[test]
fn dependencies_point_inwards() {
    let place = |room: &str| ROOMS.iter().position(|r| *r == room);
    let mut wrong = Vec::new();
    let mut arrows = BTreeSet::new();
    for (path, text) in sources() {
        let Some(from) = place(room(&path)) else {
            assert!(["lib", "main"].contains(&room(&path)), "{path} is in no room");
            continue;
        };
        for (n, line) in text.lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                // `use crate::{a, b}` names several rooms.
                let names = match part.strip_prefix('{') {
                    Some(list) => list.split('}').next().unwrap_or_default().split(',').collect(),
                    None => vec![part],
                };
                for name in names {
                    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                    let name = name.trim().split(word).next().unwrap_or_default();
                    match place(name) {
                        Some(to) if to >= from => drop(arrows.insert((ROOMS[from], ROOMS[to]))),
                        Some(_) => wrong.push(format!("{path}:{}: {} uses {name}", n + 1, ROOMS[from])),
                        None => wrong.push(format!("{path}:{}: {name} is no room", n + 1)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that point outwards:\n{}", wrong.join("\n"));
    // The test would also pass if it read nothing.
    for arrow in [("deployment", "matcher"), ("matcher", "people"), ("cli", "experiment")] {
        assert!(arrows.contains(&arrow), "{arrow:?} was not found");
    }
}

/// Compares a generated page with what is committed; with LAMPLIGHT_REFRESH=1 writes it.
fn up_to_date(path: &str, text: &str) {
    if std::env::var_os("LAMPLIGHT_REFRESH").is_some_and(|v| v == "1") {
        std::fs::write(root().join(path), text).unwrap();
    }
    let committed = read(path).replace("\r\n", "\n");
    assert!(
        committed == text,
        "{path} is not up to date: run LAMPLIGHT_REFRESH=1 cargo test --release --test repo"
    );
}

#[test]
fn generated_pages_are_up_to_date() {
    let schema = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    up_to_date("docs/scenario.schema.json", &schema);
    let head = "# Parameters\n\nMade by `lamplight schema parameters` from `src/scenario/registry.rs`; do not edit. MODEL.md says what each \
                does in the model and how to read the labels.\n\n";
    up_to_date("docs/parameters.md", &(head.to_owned() + &parameter_docs()));
    let study = serde_json::to_string_pretty(&study_schema()).unwrap() + "\n";
    up_to_date("docs/study.schema.json", &study);
    up_to_date("docs/outputs.md", &lamplight::experiment::output_docs());
}

#[test]
fn every_parameter_is_read_by_the_model() {
    let registry = read("src/scenario/registry.rs");
    let name_of = |key: &str| {
        let line = registry
            .lines()
            .find(|l| l.contains(&format!(" \"{key}\" ")))
            .unwrap_or_else(|| panic!("{key}"));
        line.split_whitespace().next().unwrap().to_owned()
    };
    let outside = ["src/scenario/", "src/report/"];
    let model: String = sources()
        .into_iter()
        .filter(|(path, _)| !outside.iter().any(|o| path.starts_with(o)))
        .map(|(_, text)| text)
        .collect();
    let words: BTreeSet<&str> = model
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .collect();
    let unread: Vec<&str> = PARAMETERS
        .iter()
        .map(|p| p.key)
        .filter(|key| !words.contains(format!("param::{}", name_of(key)).as_str()))
        .collect();
    assert!(unread.is_empty(), "parameters that nothing reads: {unread:?}");
}

#[test]
fn every_parameter_says_where_it_comes_from() {
    use lamplight::scenario::registry::Label;
    for p in PARAMETERS {
        assert!(p.doc.ends_with('.'), "{}: a doc is a sentence", p.key);
        assert!(
            !p.source.is_empty() || p.label == Label::Setting,
            "{} has no source",
            p.key
        );
    }
}

#[test]
fn every_shipped_file_passes_check() {
    let mut kinds = BTreeMap::new();
    for path in files("scenarios", ".toml") {
        let full = root().join(&path);
        let kind = check_data_file(&full).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
        if kind == FileKind::Scenario {
            let plan = load(&full, &Overrides::default()).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
            assert!(
                !plan.title.is_empty() && !plan.question.is_empty(),
                "{path} asks no question"
            );
            assert!(!plan.reading.is_empty(), "{path} does not say how to read it");
        }
        if kind == FileKind::Study {
            let study = load_study(&full).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
            let sweep = lamplight::experiment::Sweep::new(study).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
            let study = &sweep.study;
            assert!(
                !study.title.is_empty() && !study.question.is_empty() && !study.reading.is_empty(),
                "{path}"
            );
        }
        if kind == FileKind::Optimisation {
            let study = load_optimisation(&full).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
            assert!(
                !study.title.is_empty() && !study.question.is_empty() && !study.reading.is_empty(),
                "{path}"
            );
            if let Err(e) = lamplight::experiment::optimise::Problem::new(study) {
                panic!("{path}: {e:#?}");
            }
        }
        let folder = path.split('/').nth(1).unwrap();
        let expected = match folder {
            "populations" => FileKind::Population,
            "watchlists" => FileKind::Watchlist,
            "matchers" => FileKind::Matcher,
            "calibrations" => FileKind::Calibration,
            "studies" if path.ends_with("-optimise.toml") => FileKind::Optimisation,
            "studies" => FileKind::Study,
            "regimes" => FileKind::Regime,
            "retrospective" => FileKind::Rates,
            "sites" => FileKind::Sites,
            _ => FileKind::Scenario,
        };
        assert_eq!(kind, expected, "{path}");
        *kinds.entry(folder.to_owned()).or_insert(0) += 1;
    }
    for path in files("scenarios", ".geojson") {
        let place = place_file::read_place_file(&root().join(&path)).unwrap_or_else(|e| panic!("{path}: {e:#?}"));
        assert!(
            !place.attribution.is_empty() && !place.licence.is_empty(),
            "{path} names no source"
        );
        *kinds.entry("places".to_owned()).or_insert(0) += 1;
    }
    for folder in [
        "populations",
        "watchlists",
        "matchers",
        "sites",
        "places",
        "reference",
        "regimes",
        "studies",
    ] {
        assert!(kinds.contains_key(folder), "nothing was found in scenarios/{folder}");
    }
}

/// Lines of commands in a page's fenced blocks (not of blocks marked as text or TOML), line continuations joined.
fn code_lines(page: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut inside, mut commands) = (false, false);
    let mut open = false;
    for line in page.lines() {
        if let Some(mark) = line.trim_start().strip_prefix("```") {
            inside = !inside;
            commands = inside && ["", "sh"].contains(&mark);
            continue;
        }
        if commands {
            let text = line.trim_end_matches('\\').trim();
            match lines.last_mut() {
                Some(last) if open => *last = format!("{last} {text}"),
                _ => lines.push(text.to_owned()),
            }
            open = line.ends_with('\\');
        }
    }
    lines
}

/// Words of a command line; a comment ends it.
fn words(line: &str) -> Vec<String> {
    line.split(" #")
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|w| w.trim_matches('"').to_owned())
        .collect()
}

#[test]
fn commands_in_the_pages_exist() {
    let help = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_lamplight"))
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let mut seen = BTreeSet::new();
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "MODEL.md",
        "docs/import.md",
        "docs/cluster.md",
        "docs/python.md",
        "docs/scenarios.md",
    ] {
        for line in code_lines(&read(page)) {
            let line = line.replace("cargo run --release -- ", "lamplight ");
            let words = words(&line);
            if words.first().is_none_or(|w| w != "lamplight") || words.len() < 2 {
                continue;
            }
            let command = words[1].as_str();
            let known = help(&[command, "--help"]);
            for flag in words.iter().filter(|w| w.starts_with('-') && w.len() > 1) {
                let flag = flag.split('=').next().unwrap_or_default();
                let listed = known.split([' ', ',', '\n']).any(|w| w == flag);
                assert!(listed, "{page}: lamplight {command} has no {flag}");
            }
            for path in words
                .iter()
                .filter(|w| w.starts_with("scenarios/") || w.starts_with("tests/"))
            {
                assert!(root().join(path).exists(), "{page} names {path}, which does not exist");
            }
            seen.insert(command.to_owned());
        }
    }
    for command in [
        "compare",
        "run",
        "check",
        "import",
        "verify",
        "schema",
        "sweep",
        "sensitivity",
    ] {
        assert!(seen.contains(command), "no page shows lamplight {command}");
    }
}

#[test]
fn pages_name_only_files_and_tests_that_exist() {
    let tests: String = files("tests", ".rs").iter().map(|p| read(p)).collect::<String>()
        + &files("src", ".rs").iter().map(|p| read(p)).collect::<String>();
    let mut checked = 0;
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "MODEL.md",
        "CONTRIBUTING.md",
        "docs/import.md",
        "docs/cluster.md",
        "docs/python.md",
        "docs/scenarios.md",
    ] {
        for name in read(page).split('`').skip(1).step_by(2) {
            let is_path = ["src/", "tests/", "docs/", "benches/", "scenarios/", ".ci/"]
                .iter()
                .any(|p| name.starts_with(p));
            if is_path && !name.contains(['*', ' ', '<', '{', '\n']) {
                assert!(
                    root().join(name).exists(),
                    "{page} names `{name}`, which does not exist"
                );
                checked += 1;
            }
            // A test is named by its function in snake case with at least three words.
            let is_test = page == "ARCHITECTURE.md"
                && name.matches('_').count() >= 2
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            if is_test {
                assert!(
                    tests.contains(&format!("fn {name}(")),
                    "{page} names the test `{name}`, which does not exist"
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 40, "only {checked} names were found");
}

#[test]
fn nothing_names_a_path_of_somebodys_machine() {
    let mut texts: Vec<String> = ["src", "tests", "docs", "scenarios", "benches", ".ci"]
        .iter()
        .flat_map(|folder| files(folder, ""))
        .filter(|p| p != "tests/repo.rs")
        .collect();
    texts.extend(
        [
            "README.md",
            "ARCHITECTURE.md",
            "MODEL.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "CITATION.cff",
            "Cargo.toml",
        ]
        .map(String::from),
    );
    if root().join("results").is_dir() {
        texts.extend(files("results", ".json"));
        texts.extend(files("results", ".md"));
    }
    for path in texts {
        let text = String::from_utf8_lossy(&std::fs::read(root().join(&path)).unwrap()).into_owned();
        for start in ["/home/", "/Users/", "/root/", "/work/", "/mnt/", "C:\\Users"] {
            assert!(!text.contains(start), "{path} names a path below {start}");
        }
    }
}

/// Words of a text, in small letters.
fn small_words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn readers_are_never_told_of_suspects() {
    // Simulated people are "sought" or "not sought"; "wanted" may be said of anything but a person, so it is looked for in the
    // texts that speak of people only.
    let banned = ["suspect", "suspects", "criminal", "criminals", "innocent", "wanted"];
    let mut pages: Vec<(String, String)> = sources()
        .into_iter()
        .filter(|(p, _)| p.starts_with("src/report/") || p.starts_with("src/measure/") || p.starts_with("src/record/"))
        .collect();
    for page in [
        "src/report/page/first.html",
        "src/report/page/people.html",
        "src/report/page/ground.html",
        "docs/parameters.md",
        "docs/outputs.md",
        "docs/model-card.md",
    ] {
        pages.push((page.to_owned(), read(page)));
    }
    for path in files("scenarios", ".toml") {
        pages.push((path.clone(), read(&path)));
    }
    for (path, text) in pages {
        let words = small_words(&text);
        for word in banned {
            assert!(!words.contains(word), "{path} says \"{word}\"");
        }
    }
}

#[test]
fn groups_are_data_and_never_code() {
    let groups = [
        "Black",
        "Asian",
        "White",
        "Mixed",
        "female",
        "male",
        "Bangladeshi",
        "African",
        "Caribbean",
    ];
    for (path, text) in sources() {
        // An author of a cited paper has the name of a colour.
        let text = text.replace("White et al.", "");
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        for group in groups {
            assert!(!words.contains(group), "{path} names the group \"{group}\"");
        }
    }
}

#[test]
fn the_changelog_and_the_citation_know_the_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(read("CHANGELOG.md").contains(&format!("## {version}")));
    assert!(read("CITATION.cff").contains(&format!("version: {version}")));
    assert!(read("README.md").contains("MIT OR Apache-2.0"));
    assert!(read("LICENSE-MIT").contains("Permission is hereby granted"));
    assert!(read("LICENSE-APACHE").contains("Version 2.0, January 2004"));
}

#[test]
fn the_pages_keep_no_list_of_things_to_do() {
    let texts = sources().into_iter().chain(
        [
            "README.md",
            "ARCHITECTURE.md",
            "MODEL.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
        ]
        .map(|p| (p.to_owned(), read(p))),
    );
    for (path, text) in texts {
        for mark in ["TODO", "FIXME", "XXX", "lorem ipsum"] {
            assert!(!text.contains(mark), "{path} holds {mark}");
        }
    }
}

#[test]
fn the_model_page_follows_odd_and_stress_and_names_only_parameters_that_exist() {
    let page = std::fs::read_to_string(root().join("MODEL.md")).unwrap();
    let headings: Vec<&str> = page.lines().filter(|l| l.starts_with("## ")).collect();
    for (i, name) in [
        "Purpose and patterns",
        "Entities, state variables, scales",
        "Process overview and scheduling",
        "Design concepts",
        "Initialisation",
        "Input data",
        "Submodels",
    ]
    .iter()
    .enumerate()
    {
        let wanted = format!("## {} {name}", i + 1);
        assert!(headings.contains(&wanted.as_str()), "{wanted}");
    }
    assert!(headings.iter().any(|h| h.contains("STRESS-DES")));
    let sections: Vec<&str> = PARAMETERS.iter().filter_map(|p| p.key.split('.').next()).collect();
    // Keys that hold no number, such as lists of reasons, are in the schema alone.
    let schema = std::fs::read_to_string(root().join("docs/scenario.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let in_schema = |section: &str, key: &str| !schema["properties"][section]["properties"][key].is_null();
    for word in page.split('`').skip(1).step_by(2) {
        let Some((section, rest)) = word.split_once('.') else {
            continue;
        };
        let key = rest
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let file = ["rs", "md", "toml", "json", "csv", "parquet", "html", "svg", "geojson"].contains(&rest);
        if key && !file && sections.contains(&section) {
            assert!(
                PARAMETERS.iter().any(|p| p.key == word) || in_schema(section, rest),
                "MODEL.md names `{word}`, which is no parameter"
            );
        }
    }
}
