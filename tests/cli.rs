//! The commands as a user meets them: words, files, exit codes, and where each kind of text goes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A scenario that runs in a tenth of a second.
const BUSY: &str = "scenarios/reference/high-street-1-busy.toml";
/// What a finished job leaves in its folder.
const FILES: [&str; 5] = [
    "report.html",
    "summary.json",
    "runs.parquet",
    "alerts.parquet",
    "manifest.json",
];

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lamplight"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

fn lamplight(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn code(output: &Output, expected: i32) {
    assert_eq!(output.status.code(), Some(expected), "{}{}", out(output), err(output));
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    // Reports are wrapped to a width: phrases are looked for with single spaces.
    let flat = text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(flat.contains(part), "\"{part}\" is missing in:\n{text}");
    }
}

/// A folder that is gone when the test is over, and paths in it as text.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Scratch(tempfile::tempdir().unwrap())
    }
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.text(name)
    }
}

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.clone(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

// ---- words

#[test]
fn help_says_what_each_command_does_and_what_its_flags_default_to() {
    let top = lamplight(&["--help"]);
    code(&top, 0);
    assert_eq!(err(&top), "");
    has(
        &out(&top),
        &[
            "simulated projection, not evidence of actual performance",
            "No real faces, watchlists or people",
            "compare",
            "verify",
            "Exit codes: 0 done; 1 the job failed or did not verify; 2 wrong input, nothing written; 130 interrupted",
        ],
    );
    let phrases: [(&str, &[&str]); 6] = [
        (
            "compare",
            &[
                "every strategy of a scenario on the same simulated people",
                "--set <KEY=VALUE>",
                "[default: out/SCENARIO]",
                "[default: the scenario's, or 100]",
                "both give the same bytes",
            ],
        ),
        ("run", &["one strategy", "--strategy <NAME>"]),
        ("check", &["report every problem", "matcher tables", ".geojson"]),
        ("schema", &["JSON Schema", "parameters", "outputs"]),
        ("import", &["OpenStreetMap", "--bbox <W,S,E,N>", "--attribution"]),
        ("verify", &["compare their trace hashes", "--sample <N>"]),
    ];
    for (name, parts) in phrases {
        let help = lamplight(&[name, "--help"]);
        code(&help, 0);
        has(&out(&help), parts);
    }
}

#[test]
fn a_wrong_command_line_is_answered_with_usage_and_exit_code_2() {
    for (args, parts) in [
        (&[][..], &["Usage:", "compare"][..]),
        (&["comapre", BUSY], &["'compare'"]),
        (&["compare"], &["<SCENARIO>"]),
        (&["compare", BUSY, "--formt", "json"], &["--format"]),
        (&["compare", BUSY, "--seed", "-1"], &["'-1'", "--seed"]),
        (&["compare", BUSY, "-n", "many"], &["many", "--replications"]),
        (&["run", BUSY], &["--strategy <NAME>"]),
    ] {
        let output = lamplight(args);
        code(&output, 2);
        assert_eq!(out(&output), "");
        has(&err(&output), parts);
    }
    let version = lamplight(&["--version"]);
    code(&version, 0);
    assert_eq!(out(&version), format!("lamplight {}\n", env!("CARGO_PKG_VERSION")));
}

// ---- compare and run

#[test]
fn compare_prints_a_table_and_writes_the_promised_files() {
    let scratch = Scratch::new();
    let output = lamplight(&["compare", BUSY, "-n", "20", "-o", &scratch.text("result")]);
    code(&output, 0);
    has(
        &out(&output),
        &[
            "simulated projection, not evidence of actual performance",
            "two-cameras",
            "threshold-0.64",
            "Faces seen",
            "False alerts per 100,000",
            "False alerts, % of alerts",
            "not a legal finding",
            "Differences to two-cameras",
            "--full",
        ],
    );
    assert!(!out(&output).contains('\u{1b}') && !out(&output).contains("lamplight:"));
    // Everything beside the data is said on stderr, and says who speaks.
    assert!(
        err(&output).lines().all(|l| l.starts_with("lamplight: ")),
        "{}",
        err(&output)
    );
    has(&err(&output), &["0 of 40 runs", "40 of 40 runs", "wrote"]);
    for file in FILES {
        assert!(
            scratch.path("result").join(file).metadata().unwrap().len() > 0,
            "{file}"
        );
    }
    assert!(std::fs::read_dir(scratch.path("result/charts")).unwrap().count() > 0);
    let left_over = |p: &PathBuf| {
        p.extension()
            .is_some_and(|e| e == "part" || e.to_string_lossy().starts_with("tmp"))
    };
    let strange: Vec<_> = contents(&scratch.path("result"))
        .into_keys()
        .filter(left_over)
        .collect();
    assert!(strange.is_empty(), "{strange:?}");
    let summary = json(&scratch.path("result/summary.json"));
    assert_eq!(summary["format"], "lamplight.summary/1");
    assert_eq!(summary["replications"], 20);
    let manifest = json(&scratch.path("result/manifest.json"));
    assert_eq!(manifest["runs"].as_array().unwrap().len(), 40);
    assert_eq!(manifest["scenario_file"], BUSY);
    has(
        manifest["command"].as_str().unwrap(),
        &["lamplight compare", BUSY, "-n 20 --seed 1"],
    );
}

#[test]
fn every_format_goes_to_stdout_whole_and_quiet_says_nothing_else() {
    let scratch = Scratch::new();
    let format = |name: &str| {
        let folder = scratch.text("result");
        let output = lamplight(&["compare", BUSY, "-n", "10", "-q", "-o", &folder, "--format", name]);
        code(&output, 0);
        assert_eq!(err(&output), "");
        out(&output)
    };
    let printed: serde_json::Value = serde_json::from_str(&format("json")).unwrap();
    assert_eq!(printed, json(&scratch.path("result/summary.json")));
    let csv = format("csv");
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("strategy,group_by,group,metric,mean,sim_low,sim_high,pred_low,pred_high,unit,method,n")
    );
    assert!(lines.all(|l| l.starts_with("two-cameras,") || l.starts_with("threshold-0.64,")));
    let markdown = format("markdown");
    assert!(markdown.starts_with("# Reference model") && markdown.contains("|---|"));
    assert!(format("table").contains("Every strategy on the same simulated people"));
}

#[test]
fn run_does_one_strategy_and_compare_needs_two() {
    let scratch = Scratch::new();
    let output = lamplight(&[
        "run",
        BUSY,
        "--strategy",
        "two-cameras",
        "-n",
        "5",
        "-o",
        &scratch.text("one"),
    ]);
    code(&output, 0);
    let summary = json(&scratch.path("one/summary.json"));
    assert_eq!(summary["strategies"].as_array().unwrap().len(), 1);
    has(
        json(&scratch.path("one/manifest.json"))["command"].as_str().unwrap(),
        &["lamplight run", "--strategy two-cameras"],
    );
    code(&lamplight(&["verify", &scratch.text("one"), "-q"]), 0);
    let output = lamplight(&[
        "compare",
        BUSY,
        "--strategies",
        "two-cameras",
        "-o",
        &scratch.text("no"),
    ]);
    code(&output, 2);
    has(&err(&output), &["a comparison needs two", "lamplight run"]);
    let output = lamplight(&["run", BUSY, "--strategy", "two-camera", "-o", &scratch.text("no")]);
    code(&output, 2);
    has(&err(&output), &["did you mean \"two-cameras\"?"]);
    assert!(!scratch.path("no").exists());
}

#[test]
fn workers_and_schedules_change_no_byte_of_a_result() {
    let scratch = Scratch::new();
    let result = |name: &str, flags: &[&str]| {
        let folder = scratch.text(name);
        let mut args = vec!["compare", BUSY, "-n", "12", "-q", "-o", &folder];
        args.extend(flags);
        code(&lamplight(&args), 0);
        ["summary.json", "runs.parquet", "alerts.parquet"].map(|f| std::fs::read(scratch.path(name).join(f)).unwrap())
    };
    let first = result("a", &["--jobs", "1"]);
    for (name, flags) in [
        ("b", ["--jobs", "2"]),
        ("c", ["--jobs", "5"]),
        ("d", ["--schedule", "events"]),
    ] {
        assert!(result(name, &flags) == first, "{flags:?} changed the result");
    }
}

#[test]
fn another_plan_never_overwrites_a_result_and_the_same_plan_may() {
    let scratch = Scratch::new();
    let folder = scratch.text("result");
    code(&lamplight(&["compare", BUSY, "-n", "4", "-q", "-o", &folder]), 0);
    let before = contents(&scratch.path("result"));
    for flags in [
        &["--seed", "2"][..],
        &["--set", "matcher.threshold=0.61"],
        &["--uncertainty", "on"],
        &[
            "--strategies",
            "threshold-0.64,two-cameras",
            "--baseline",
            "threshold-0.64",
        ],
    ] {
        let mut args = vec!["compare", BUSY, "-n", "4", "-o", &folder];
        args.extend(flags);
        let output = lamplight(&args);
        code(&output, 2);
        assert_eq!(out(&output), "");
        has(&err(&output), &["holds the result of another plan", "-o"]);
        assert!(
            contents(&scratch.path("result")) == before,
            "{flags:?} changed the folder"
        );
    }
    code(&lamplight(&["compare", BUSY, "-n", "6", "-q", "-o", &folder]), 0);
    assert_eq!(json(&scratch.path("result/manifest.json"))["replications"], 6);
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_any_work() {
    let scratch = Scratch::new();
    let file = scratch.write("file", "mine");
    for folder in [file.clone(), format!("{file}/below")] {
        let output = lamplight(&["compare", BUSY, "-n", "100000", "-o", &folder]);
        code(&output, 2);
        has(&err(&output), &["-o"]);
        assert!(!err(&output).contains("runs"), "work had begun: {}", err(&output));
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
    let broken = scratch.path("broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("manifest.json"), "{}").unwrap();
    let output = lamplight(&["compare", BUSY, "-n", "4", "-o", &scratch.text("broken")]);
    code(&output, 2);
    has(&err(&output), &["is not a Lamplight manifest"]);
    let foreign = scratch.path("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("thesis.txt"), "mine").unwrap();
    let output = lamplight(&["compare", BUSY, "-n", "4", "-o", &scratch.text("foreign")]);
    code(&output, 2);
    has(&err(&output), &["holds files that are no result", "-o"]);
    assert_eq!(std::fs::read_dir(&foreign).unwrap().count(), 1);
}

#[test]
fn answers_can_be_asked_for_and_wrong_questions_are_refused() {
    let scratch = Scratch::new();
    let folder = scratch.text("result");
    let asked = [
        "--per",
        "year",
        "--match",
        "officers",
        "--ledger",
        "--precision",
        "alerts=20%",
    ];
    let output = lamplight(&[&["compare", BUSY, "-n", "60", "-q", "-o", &folder][..], &asked[..]].concat());
    code(&output, 0);
    has(&out(&output), &["Settled:", "The ledger", "in each year"]);
    assert!(scratch.path("result/ledger.csv").exists());
    for (flags, said) in [
        (["--precision", "alerts"], "METRIC=5%"),
        (["--precision", "nonsense=5%"], "there is no metric"),
        (["--tipping", "nonsense"], "there is no such metric"),
        (["--inner", "0"], "--inner"),
    ] {
        let other = scratch.text("other");
        let output = lamplight(&[&["compare", BUSY, "-n", "4", "-q", "-o", &other][..], &flags[..]].concat());
        code(&output, 2);
        has(&err(&output), &[said]);
        assert!(!scratch.path("other").exists());
    }
}

// ---- wrong input

#[test]
fn a_wrong_scenario_or_flag_says_what_where_and_what_to_try() {
    let scratch = Scratch::new();
    let nowhere = scratch.text("nowhere");
    let missing = scratch.text("missing.toml");
    for (args, parts) in [
        (&[missing.as_str()][..], &["missing.toml", "no such file"][..]),
        (&["scenarios"], &["it is a folder"]),
        (
            &[BUSY, "--set", "matcher.treshold=0.6"],
            &[
                "unknown key `matcher.treshold`",
                "did you mean `--set matcher.threshold=0.6`?",
            ],
        ),
        (
            &[BUSY, "--set", "matcher.threshold=6"],
            &["must lie between 0 and 1", "--set:1:19"],
        ),
        (&[BUSY, "--set", "matcher.threshold"], &["there is no = in it"]),
        (&[BUSY, "--baseline", "nobody"], &["there is no strategy \"nobody\""]),
        (&[BUSY, "-n", "1"], &["`replications` must lie between 2"]),
        (&[BUSY, "--level", "2"], &["`level` must lie between 0.5"]),
    ] {
        let mut all = vec!["compare"];
        all.extend(args);
        all.extend(["-o", &nowhere]);
        let output = lamplight(&all);
        code(&output, 2);
        assert_eq!(out(&output), "");
        has(&err(&output), parts);
        assert!(!scratch.path("nowhere").exists(), "{args:?} wrote something");
    }
}

#[test]
fn check_reports_the_problems_of_all_files_together() {
    let scratch = Scratch::new();
    let first = scratch.write(
        "first.toml",
        "format = 1\n[place]\nsketch = { length_m = 600 }\n[people]\ngroup_siz = 1\n[matcher]\nthreshold = 64\n[[strategy]]\nname = \"a\"\n",
    );
    let second = scratch.write("list.toml", "format = 1\n[[reason]]\nname = \"court\"\nshare = 0.5\n");
    let table = scratch.write(
        "table.toml",
        "format = 1\n[[axis]]\nname = \"sex\"\nunlike = -1\nmultiplyer = { female = 2 }\n",
    );
    let place = scratch.write("place.geojson", "{}");
    let note = scratch.write("note.txt", "");
    let output = lamplight(&["check", &first, BUSY, &second, &table, &place, &note]);
    code(&output, 2);
    assert_eq!(out(&output), format!("{BUSY}: good (scenario, 2 strategies)\n"));
    has(
        &err(&output),
        &[
            "first.toml:5:1",
            "did you mean `group_size`?",
            "first.toml:7:13",
            "sum to 0.5, not to 1",
            "did you mean `multiplier`?",
            "place.geojson",
            "cannot tell what",
        ],
    );
    let good = lamplight(&[
        "check",
        BUSY,
        "scenarios/matchers/neutral.toml",
        "scenarios/watchlists/met-assumed.toml",
    ]);
    code(&good, 0);
    assert_eq!(err(&good), "");
    has(&out(&good), &["(matcher table)", "(watchlist)"]);
}

#[test]
fn a_matcher_table_of_absurd_size_is_refused() {
    let scratch = Scratch::new();
    let mut text = "format = 1\nreference_mean = 1\n".to_owned();
    for axis in 0..60 {
        text += &format!("[[axis]]\nname = \"a{axis}\"\nmultiplier = {{ x = 1, y = 1, z = 1 }}\n");
    }
    let output = lamplight(&["check", &scratch.write("huge.toml", &text)]);
    code(&output, 2);
    has(&err(&output), &["groups", "fewer axes"]);
}

// ---- colour, pipes, interruption

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let escape = |flags: &[&str], no_color: bool| {
        let mut args = vec!["check", "missing.toml"];
        args.extend(flags);
        let mut command = command(&args);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().unwrap();
        code(&output, 2);
        err(&output).contains('\u{1b}')
    };
    assert!(!escape(&[], false));
    assert!(!escape(&[], true));
    assert!(!escape(&["--color", "never"], false));
    assert!(escape(&["--color", "always"], false));
    // What is asked for on the command line stands above the environment.
    assert!(escape(&["--color", "always"], true));
}

#[test]
fn a_reader_who_goes_away_early_is_no_error() {
    let scratch = Scratch::new();
    for args in [
        &["compare", BUSY, "-n", "4", "-q", "-o", &scratch.text("result")][..],
        &["schema", "parameters"],
        &["schema", "scenario"],
        &["--help"],
    ] {
        let mut child = command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        code(&output, 0);
        assert_eq!(err(&output), "");
    }
    assert!(scratch.path("result/manifest.json").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_job_keeps_what_is_finished() {
    use std::io::{BufRead, BufReader};
    let scratch = Scratch::new();
    let folder = scratch.text("result");
    let mut child = command(&["compare", BUSY, "-n", "1000000", "-o", &folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("0 of 2000000 runs"), "{first}");
    std::thread::sleep(std::time::Duration::from_secs(1));
    let stopped = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(stopped.success());
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    let output = child.wait_with_output().unwrap();
    code(&output, 130);
    assert!(said.iter().any(|l| l.contains("interrupted after")), "{said:?}");
    let manifest = json(&scratch.path("result/manifest.json"));
    let kept = manifest["replications"].as_u64().unwrap();
    assert!(kept >= 2 && manifest["runs"].as_array().unwrap().len() as u64 == 2 * kept);
    assert_eq!(json(&scratch.path("result/summary.json"))["replications"], kept);
    code(&lamplight(&["verify", &folder, "--sample", "5", "-q"]), 0);
}

// ---- verify

#[test]
fn verify_repeats_a_result_and_notices_what_does_not_repeat() {
    let scratch = Scratch::new();
    let folder = scratch.text("result");
    code(
        &lamplight(&[
            "compare",
            BUSY,
            "-n",
            "8",
            "-q",
            "-o",
            &folder,
            "--set",
            "matcher.threshold=0.61",
        ]),
        0,
    );
    let output = lamplight(&["verify", &folder]);
    code(&output, 0);
    assert_eq!(out(&output), "verified: 16 runs repeated, all trace hashes agree\n");
    code(&lamplight(&["verify", &folder, "--schedule", "events", "-q"]), 0);

    let path = scratch.path("result/manifest.json");
    let mut manifest = json(&path);
    let sound = manifest.clone();
    manifest["runs"][5]["hash"] = "0123456789abcdef".into();
    std::fs::write(&path, manifest.to_string()).unwrap();
    let output = lamplight(&["verify", &folder]);
    code(&output, 1);
    assert_eq!(out(&output), "");
    has(
        &err(&output),
        &["strategy two-cameras, replication 5", "1 of 16 runs do not repeat"],
    );

    let mut manifest = sound.clone();
    manifest["set"][0][1] = "0.62".into();
    std::fs::write(&path, manifest.to_string()).unwrap();
    let output = lamplight(&["verify", &folder]);
    code(&output, 1);
    has(&err(&output), &["the scenario or the program has changed"]);

    let mut manifest = sound;
    manifest["scenario_file"] = "moved.toml".into();
    std::fs::write(&path, manifest.to_string()).unwrap();
    code(&lamplight(&["verify", &folder]), 2);
    code(&lamplight(&["verify", &folder, "--scenario", BUSY, "-q"]), 0);

    let output = lamplight(&["verify", "scenarios"]);
    code(&output, 2);
    has(&err(&output), &["holds no result"]);
}

// ---- import and schema

#[test]
fn import_makes_a_place_that_passes_check_and_a_scenario_can_use() {
    let scratch = Scratch::new();
    let import = |name: &str| {
        let output = lamplight(&["import", "tests/fixtures/ten-streets.osm", "-o", &scratch.text(name)]);
        code(&output, 0);
        has(&out(&output), &["streets", "gates", "mounts"]);
        has(&err(&output), &["Assumption:"]);
        std::fs::read(scratch.path(name)).unwrap()
    };
    assert!(import("a.geojson") == import("b.geojson"), "an import does not repeat");
    code(&lamplight(&["check", &scratch.text("a.geojson")]), 0);
    let text = String::from_utf8(std::fs::read(scratch.path("a.geojson")).unwrap()).unwrap();
    has(&text, &["© OpenStreetMap contributors", "ODbL"]);
    let place: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = place["features"].as_array().unwrap();
    let lamp = features.iter().find(|f| f["properties"]["feature"] == "lamp").unwrap();
    let lamp = lamp["properties"]["id"].as_str().unwrap();
    let scenario = scratch.write(
        "own-street.toml",
        &format!(
            "format = 1\n[place]\nfile = \"a.geojson\"\n[[strategy]]\nname = \"lamp\"\ncameras = [{{ at = \"{lamp}\" }}]\n\
             [[strategy]]\nname = \"no-lfr\"\n"
        ),
    );
    let output = lamplight(&["compare", &scenario, "-n", "4", "-o", &scratch.text("result")]);
    code(&output, 0);
    has(&out(&output), &["no-lfr", "© OpenStreetMap contributors"]);

    for (args, part) in [
        (
            &["tests/fixtures/ten-streets.osm", "--bbox", "1,2,3"][..],
            "--bbox has 3 numbers",
        ),
        (&["missing.osm"], "missing.osm"),
        (&["Cargo.toml"], "from its ending"),
        (
            &["tests/fixtures/ten-streets.osm", "--timezone", "Europe/Londn"],
            "Europe/Londn",
        ),
    ] {
        let nowhere = scratch.text("nowhere.geojson");
        let mut all = vec!["import"];
        all.extend(args);
        all.extend(["-o", &nowhere]);
        let output = lamplight(&all);
        code(&output, 2);
        has(&err(&output), &[part]);
        assert!(!scratch.path("nowhere.geojson").exists());
    }
}

#[test]
fn the_street_of_the_readme_works_as_it_stands() {
    let scratch = Scratch::new();
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let start = readme.find("```toml\n").unwrap() + 8;
    let text = &readme[start..start + readme[start..].find("```").unwrap()];
    let place = scratch.text("my-street.geojson");
    let import = [
        "import",
        "tests/fixtures/ten-streets.osm",
        "--name",
        "my-street",
        "-o",
        &place,
    ];
    code(&lamplight(&import), 0);
    code(&lamplight(&["check", &scratch.write("my-street.toml", text)]), 0);
}

#[test]
fn schemas_are_data() {
    let schema = lamplight(&["schema", "scenario"]);
    code(&schema, 0);
    let schema: serde_json::Value = serde_json::from_slice(&schema.stdout).unwrap();
    assert_eq!(schema["title"], "Lamplight scenario");
    has(
        &out(&lamplight(&["schema", "parameters"])),
        &["| key | default |", "`matcher.threshold`"],
    );
    has(
        &out(&lamplight(&["schema", "outputs"])),
        &["`false_alerts_per_face`", "`review_start_s`"],
    );
}
