//! Scenario files: what sound ones resolve to, and how broken ones are answered.

use lamplight::cli::diagnostics;
use lamplight::scenario::diagnose::{Diagnostic, Diagnostics};
use lamplight::scenario::place::MountSite;
use lamplight::scenario::plan::MountKind;
use lamplight::scenario::prior::Prior;
use lamplight::scenario::registry::{self, PARAMETERS, param};
use lamplight::scenario::{self, Overrides, Plan};
use std::path::Path;

const SOUND: &str = include_str!("scenario/sound.toml");

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenario"))
}

fn load(text: &str) -> Result<Plan, Diagnostics> {
    scenario::load_text("sound.toml", text, folder(), &Overrides::default())
}

fn load_set(text: &str, key: &str, value: &str) -> Result<Plan, Diagnostics> {
    let set = vec![(key.to_owned(), value.to_owned())];
    let overrides = Overrides {
        set,
        ..Overrides::default()
    };
    scenario::load_text("sound.toml", text, folder(), &overrides)
}

/// Prints problems as a user would see them; must never fail.
fn shown(problems: &Diagnostics) -> String {
    let mut out = Vec::new();
    diagnostics::print(problems, &mut out, false).expect("printing to memory works");
    String::from_utf8(out).expect("reports are text")
}

fn sound() -> Plan {
    load(SOUND).unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

fn swap(old: &str, new: &str) -> String {
    assert!(SOUND.contains(old), "the sound file does not contain {old}");
    SOUND.replacen(old, new, 1)
}

// ---- sound files

#[test]
fn a_sound_file_resolves_to_every_field_of_the_plan() {
    let plan = sound();
    assert_eq!(
        (plan.scenario.as_str(), plan.seed, plan.replications),
        ("sound", 7, 100)
    );
    assert!(plan.uncertainty && plan.level == 0.95 && plan.warnings.is_empty());
    assert_eq!((plan.open_s, plan.close_s), (39_600.0, 61_200.0));
    assert_eq!(plan.day_type, lamplight::scenario::plan::DayType::Friday);
    assert_eq!(plan.axes.cells(), 50);
    assert_eq!(plan.values.get(param::LIST_SIZE), 12_000.0);
    assert_eq!(
        plan.values.value(param::DAY_LOG_SD).prior,
        Some(Prior::Uniform { low: 0.2, high: 0.4 })
    );
    assert!(
        (plan.values.get(param::DAY_LOG_SD) - 0.3).abs() < 1e-12,
        "the central value is the median"
    );
    assert_eq!(plan.values.get(param::SCORE_SLOPE), 48.0);
    let untouched = plan.values.value(param::PREVALENCE);
    assert_eq!(
        untouched.prior,
        param::PREVALENCE.row().prior,
        "a default keeps its prior"
    );
    assert_eq!(plan.values.value(param::THRESHOLD).prior, None);
    let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["no-lfr", "one-van", "two-posts"]);
    assert_eq!(plan.baseline, 0);
    assert!(plan.strategies[0].is_patrol() && plan.strategies[0].teams.len() == 1);
}

#[test]
fn cameras_stand_on_the_right_street_and_belong_to_their_teams() {
    let plan = sound();
    let van = &plan.strategies[1].cameras[0];
    assert_eq!(
        (van.mount, van.count, van.heading_deg, van.at.as_str()),
        (MountKind::Van, 2, Some(90.0), "at-225m")
    );
    let posts = &plan.strategies[2];
    assert_eq!(posts.cameras[0].site, van.site, "one position is one mount");
    assert_eq!(
        (posts.cameras[0].mount, posts.cameras[0].count, posts.cameras[0].team),
        (MountKind::Lamp, 1, 0)
    );
    assert_eq!((posts.cameras[1].count, posts.cameras[1].team), (2, 1));
    assert_eq!((posts.teams[0].pairs, posts.teams[1].pairs), (Some(2), None));
    assert_eq!(posts.teams[0].posts, [van.site]);
    let mount = &plan.place.mounts[van.site];
    assert_eq!(
        (mount.kind, mount.edge, mount.offset_m, mount.at),
        (MountSite::Sketch, 1, 75.0, [225.0, 0.0])
    );
}

#[test]
fn a_strategy_sets_its_own_values_and_matcher() {
    let plan = sound();
    let (one, two) = (&plan.strategies[1], &plan.strategies[2]);
    assert_eq!(
        (one.values.get(param::THRESHOLD), two.values.get(param::THRESHOLD)),
        (0.62, 0.64)
    );
    assert_eq!(two.overrides, [param::THRESHOLD]);
    assert_eq!(
        (one.matcher.name.as_str(), two.matcher.name.as_str()),
        ("inferred-2025", "neutral")
    );
    assert!(one.overrides.is_empty());
}

#[test]
fn an_explicit_value_wins_over_the_preset_and_a_strategy_leaves_the_preset_of_the_scenario_behind() {
    let npl = swap("preset = \"inferred-2025\"", "preset = \"npl-2023\"");
    let plan = load(&npl).unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert_eq!(plan.values.get(param::FALSE_MATCH_LEVEL), 2.28e-9);
    assert!(!plan.values.flag(param::NORMALISE_LEVEL));
    assert_eq!(plan.values.get(param::SCORE_SLOPE), 48.0, "the scenario's own value");
    let neutral = &plan.strategies[2];
    assert_eq!(neutral.values.get(param::FALSE_MATCH_LEVEL), 3.9e-10);
    assert!(
        neutral.overrides.contains(&param::FALSE_MATCH_LEVEL),
        "what differs is listed"
    );
}

#[test]
fn people_of_the_shipped_files_have_their_traits() {
    let plan = sound();
    let cell = |e: usize, s: usize, a: usize| e * 10 + s * 5 + a;
    assert_eq!(plan.crowd.speed_m_s[cell(0, 0, 4)], 1.21);
    assert_eq!(plan.crowd.speed_m_s[cell(2, 1, 2)], 1.36);
    assert_eq!(
        (plan.crowd.searched[cell(3, 1, 0)], plan.crowd.child[cell(3, 1, 0)]),
        (0.5, true)
    );
    assert_eq!(
        (plan.crowd.searched[cell(3, 1, 1)], plan.crowd.child[cell(3, 1, 1)]),
        (1.0, false)
    );
    assert_eq!(
        (
            plan.crowd.concerned_odds[cell(0, 0, 1)],
            plan.crowd.concerned_odds[cell(4, 0, 1)]
        ),
        (1.0, 1.5)
    );
    assert_eq!(plan.crowd.patrol_odds[cell(2, 0, 1)].central, 2.5);
    assert_eq!(plan.crowd.companions_same, [Some(0.8), None, None]);
    assert_eq!(plan.watchlist.concentration[0], Some(40.0));
    let arrests: Vec<f64> = plan.watchlist.reasons.iter().map(|r| r.arrest).collect();
    assert_eq!(arrests, [0.87, 0.82, 0.10, 0.0]);
}

#[test]
fn every_shipped_data_file_loads() {
    for population in ["london-passers-by", "west-end-passers-by", "bethnal-green-passers-by"] {
        for matcher in [
            "inferred-2025",
            "neutral",
            "flat",
            "npl-2023",
            "nist-like",
            "white-high",
        ] {
            let text = swap("london-passers-by", population).replace("inferred-2025", matcher);
            let plan = load(&text).unwrap_or_else(|p| panic!("{population} {matcher}\n{}", shown(&p)));
            assert_eq!(plan.strategies[1].matcher.name, matcher);
            assert_eq!(plan.strategies[1].matcher.reference_mean, 0.49008003);
            assert!(!plan.crowd.title.is_empty() && !plan.crowd.sources.is_empty());
        }
    }
}

/// V25 of the model page: false positives per million searches, by ethnicity (rows of the crowd) and sex.
#[test]
fn the_golden_table_follows_from_the_shipped_files() {
    let axes = r#"
axis = [
  { name = "ethnicity", levels = ["White", "Asian", "Black", "Mixed", "Other"], shares = [0.52, 0.21, 0.14, 0.06, 0.07] },
  { name = "sex", levels = ["male", "female"], shares = [0.5, 0.5] },
]"#;
    let plan = load(&swap("population = \"london-passers-by\"", axes)).unwrap_or_else(|p| panic!("{}", shown(&p)));
    let table = &plan.strategies[1].matcher;
    let (crowd, list) = (
        plan.axes.joint(&plan.crowd.shares),
        plan.axes.joint(&plan.watchlist.shares),
    );
    let factor = |probe: usize, entry: usize| -> f64 {
        let axis = |a: usize| {
            let (p, e) = (plan.axes.level(probe, a), plan.axes.level(entry, a));
            let unlike = if p == e { 1.0 } else { table.unlike[a].central };
            table.multiplier[a][p].central / unlike
        };
        axis(0) * axis(1) * table.cell_factor[probe]
    };
    let mean = |probe: usize| (0..10).map(|entry| list[entry] * factor(probe, entry)).sum::<f64>();
    let golden = [
        [2.7654, 1.1548],
        [2.2660, 0.9462],
        [16.0802, 6.7149],
        [1.5215, 0.6354],
        [0.8305, 0.3468],
    ];
    let level = 16_000.0 * param::FALSE_MATCH_LEVEL.row().kind.default_number();
    for (ethnicity, row) in golden.iter().enumerate() {
        for (sex, expected) in row.iter().enumerate() {
            let pm = -libm::expm1(-level * mean(ethnicity * 2 + sex)) * 1e6;
            assert!(
                (pm / expected - 1.0).abs() < 1e-4,
                "{ethnicity} {sex}: {pm} is not {expected}"
            );
        }
    }
    let reference: f64 = (0..10).map(|probe| crowd[probe] * mean(probe)).sum();
    assert!((reference / table.reference_mean - 1.0).abs() < 1e-9, "{reference}");
    assert!((level * reference * 1e6 - 3.0581).abs() < 5e-5);
}

#[test]
fn the_reference_model_is_stated_exactly() {
    for (name, w, first_rate) in [("base", 0.0002, 1e-4), ("busy", 0.002, 5e-4)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/reference/high-street-1-{name}.toml"));
        let plan = scenario::load(&path, &Overrides::default()).unwrap_or_else(|p| panic!("{}", shown(&p)));
        assert_eq!(plan.scenario, format!("high-street-1-{name}"));
        assert!(!plan.uncertainty && plan.warnings.is_empty(), "{:?}", plan.warnings);
        assert_eq!(plan.values.get(param::PREVALENCE), w);
        assert_eq!(plan.strategies[0].matcher.plain_rate[0], first_rate);
        assert_eq!(plan.strategies[0].matcher.plain_rate[2], 4.0 * first_rate);
        let both: f64 = plan
            .place
            .gates
            .iter()
            .map(|g| g.persons_per_hour[0].iter().sum::<f64>())
            .sum();
        assert_eq!(both, 20_000.0);
        let offsets: Vec<_> = plan.place.mounts.iter().map(|m| (m.edge, m.offset_m)).collect();
        assert_eq!(offsets, [(1, 75.0), (3, 75.0)]);
        assert_eq!((plan.strategies.len(), plan.baseline), (2, 0));
        assert_eq!(plan.strategies[1].overrides, [param::THRESHOLD]);
        let mean = |median: f64, log_sd: f64| median * libm::exp(log_sd * log_sd / 2.0);
        let v = |id| plan.values.get(id);
        assert!((mean(v(param::REVIEW_S), v(param::REVIEW_LOG_SD)) - 8.0).abs() < 1e-12);
        assert!((60.0 * mean(v(param::ARREST_MIN), v(param::ARREST_LOG_SD)) - 1200.0).abs() < 1e-9);
        assert!((60.0 * mean(v(param::WRONGFUL_MIN), v(param::WRONGFUL_LOG_SD)) - 300.0).abs() < 1e-9);
    }
}

#[test]
fn the_hash_follows_what_a_result_depends_on_and_nothing_else() {
    let hash = |text: &str, overrides: &Overrides| {
        let elsewhere = Path::new("/somewhere/else");
        let plan = scenario::load_text("other/name.toml", text, elsewhere, overrides);
        plan.unwrap_or_else(|p| panic!("{}", shown(&p))).plan_hash
    };
    let base = sound().plan_hash;
    assert_eq!(base.len(), 64);
    let same = [
        SOUND.to_owned(),
        swap("seed = 7", "seed = 7 # lucky\nreplications = 900\nlevel = 0.9"),
        swap("A sketch street", "Another title"),
        swap("size = 12000", "size = 1.2e4"),
        SOUND.replace('\n', "\r\n"),
    ];
    for text in same {
        assert_eq!(hash(&text, &Overrides::default()), base);
    }
    let different = [
        swap("seed = 7", "seed = 8"),
        swap("seed = 7", "uncertainty = \"off\""),
        swap("threshold = 0.62", "threshold = 0.621"),
        swap("[50, 5]", "[50, 6]"),
        swap("open = 11:00:00", "open = 11:00:01"),
        swap("persons = 1500", "persons = 1501"),
        swap("at_m = 225, heading_deg", "at_m = 226, heading_deg"),
        swap("inferred-2025", "flat"),
        swap("london-passers-by", "west-end-passers-by"),
        swap("width_m = 6", "width_m = 7"),
        swap("pairs = 2", "pairs = 3"),
        swap("baseline = \"no-lfr\"", "baseline = \"one-van\""),
    ];
    for text in different {
        assert_ne!(hash(&text, &Overrides::default()), base, "{text}");
    }
    let only = |names: &[&str]| Overrides {
        strategies: Some(names.iter().map(|n| (*n).to_owned()).collect()),
        replications: Some(5),
        ..Overrides::default()
    };
    assert_eq!(
        hash(SOUND, &only(&["one-van", "no-lfr"])),
        hash(SOUND, &only(&["no-lfr", "one-van"]))
    );
    assert_eq!(hash(SOUND, &only(&["two-posts", "one-van", "no-lfr"])), base);
}

// ---- flags

#[test]
fn flags_change_the_scenario_and_strategies_still_win() {
    let plan = load_set(SOUND, "matcher.threshold", "0.6").expect("sound");
    assert_eq!(
        (
            plan.values.get(param::THRESHOLD),
            plan.strategies[2].values.get(param::THRESHOLD)
        ),
        (0.6, 0.64)
    );
    let plan = load_set(SOUND, "matcher.threshold", "{ low = 0.5, high = 0.7 }").expect("sound");
    assert!(plan.values.value(param::THRESHOLD).prior.is_some());
    let plan = load_set(SOUND, "matcher.preset", "flat").expect("a bare word is text");
    assert_eq!(plan.strategies[1].matcher.name, "flat");
    let plan = load_set(SOUND, "time.open", "12:30").expect("a time of day");
    assert_eq!(plan.open_s, 45_000.0);
    let plan = load_set(SOUND, "officers.pairs", "6").expect("a section that the file lacks");
    assert_eq!(plan.values.get(param::PAIRS), 6.0);
    let plan = load_set(SOUND, "title", "A title of several words").expect("bare words");
    assert_eq!(plan.title, "A title of several words");
    let overrides = Overrides {
        seed: Some(u64::MAX),
        replications: Some(2),
        uncertainty: Some(false),
        strategies: Some(vec!["two-posts".into(), "one-van".into()]),
        baseline: Some("two-posts".into()),
        level: Some(0.9),
        ..Overrides::default()
    };
    let plan = scenario::load_text("a.toml", SOUND, folder(), &overrides).unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert_eq!(
        (plan.seed, plan.replications, plan.uncertainty, plan.level),
        (u64::MAX, 2, false, 0.9)
    );
    let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
    assert_eq!((names.as_slice(), plan.baseline), (&["one-van", "two-posts"][..], 1));
}

#[test]
fn a_baseline_that_strategies_leave_out_gives_way() {
    let overrides = Overrides {
        strategies: Some(vec!["two-posts".into()]),
        ..Overrides::default()
    };
    let plan = scenario::load_text("a.toml", SOUND, folder(), &overrides).expect("sound");
    assert_eq!((plan.strategies.len(), plan.baseline), (1, 0));
}

#[test]
fn broken_flags_are_named_with_what_was_typed() {
    let cases = [
        (
            "matcher.treshold",
            "0.6",
            "unknown key `matcher.treshold`",
            "matcher.threshold",
        ),
        ("threshold", "0.6", "unknown key `threshold`", "full key"),
        ("strategy", "x", "unknown key `strategy`", ""),
        ("matcher.threshold", "6", "must lie between 0 and 1", "Default"),
        ("matcher.threshold", "high", "must be a number, not text", ""),
        (
            "matcher.threshold",
            "",
            "the value of `matcher.threshold` is not valid",
            "",
        ),
        ("matcher.threshold", "{ low = ", "is not valid", ""),
        ("matcher.threshold", "nan", "finite", ""),
        ("people.crowding", "on", "cannot be \"on\"", "mean-field"),
        ("seed", "-1", "`seed` must lie between", ""),
        ("", "", "unknown key", ""),
        ("a\u{1b}[31mb.\u{e9}", "\0", "unknown key", ""),
    ];
    for (key, value, message, help) in cases {
        let problems = load_set(SOUND, key, value).expect_err(key);
        assert_eq!(problems.len(), 1, "{key}={value}: {problems:?}");
        assert!(
            problems[0].message.contains(message),
            "{key}={value}: {}",
            problems[0].message
        );
        assert!(problems[0].help.contains(help), "{key}={value}: {}", problems[0].help);
        let source = problems[0].source.as_ref().expect("the flag is the source");
        assert_eq!(
            (&*source.name, &*source.text),
            ("--set", format!("{key}={value}").as_str())
        );
        shown(&problems);
    }
    let typed = |o: Overrides| {
        let problems = scenario::load_text("a.toml", SOUND, folder(), &o).expect_err("broken");
        assert_eq!(problems.len(), 1, "{problems:?}");
        (problems[0].message.clone(), problems[0].help.clone())
    };
    let none = Overrides::default;
    let (message, help) = typed(Overrides {
        strategies: Some(vec!["two-post".into()]),
        ..none()
    });
    assert!(message.contains("no strategy \"two-post\"") && help.contains("two-posts"));
    let (message, _) = typed(Overrides {
        strategies: Some(vec![]),
        ..none()
    });
    assert!(message.contains("names no strategy"));
    let (message, _) = typed(Overrides {
        baseline: Some("x".into()),
        ..none()
    });
    assert!(message.contains("no strategy \"x\""));
    let (message, _) = typed(Overrides {
        level: Some(f64::NAN),
        ..none()
    });
    assert!(message.contains("`level` must be a finite number"));
    let (message, _) = typed(Overrides {
        replications: Some(1),
        ..none()
    });
    assert!(message.contains("`replications` must lie between 2 and 1000000"));
}

// ---- warnings

#[test]
fn extrapolations_are_warned_of() {
    let warned = |text: &str, part: &str| {
        let plan = load(text).unwrap_or_else(|p| panic!("{}", shown(&p)));
        assert!(
            plan.warnings.iter().any(|w| w.contains(part)),
            "{part}: {:?}",
            plan.warnings
        );
    };
    warned(&swap("threshold = 0.62", "threshold = 0.8"), "extrapolation");
    warned(
        &swap("size = 12000", "size = 60000\npool = 70000"),
        "longer than any list",
    );
    warned(&swap("size = 12000", "size = 20000"), "exceeds watchlist.pool");
    warned(&swap("persons = 1500", "persons = 9000000"), "runs will be slow");
    warned(&swap("open = 11:00:00", "open = 14:00:00"), "nobody enters");
    let axes = "axis = [{ name = \"group\", levels = [\"a\", \"b\"], shares = [0.5, 0.5] }]";
    let text = swap("population = \"london-passers-by\"", axes).replace("\"met-assumed\"", "\"as-crowd\"");
    warned(&text, "says nothing about how this crowd differs");
}

// ---- broken files

/// Name, text, part of a message, line of the problem.
type Broken = (&'static str, String, &'static str, usize);

fn line_of(text: &str, part: &str) -> usize {
    let at = text.find(part).unwrap_or_else(|| panic!("no {part}"));
    text[..at].matches('\n').count() + 1
}

/// The sound file with one change; the problem is expected on the line that now holds `new`, or the part of it after `@`.
fn edit(name: &'static str, old: &str, new: &str, message: &'static str) -> Broken {
    let (before, after) = new.split_once('@').unwrap_or(("", new));
    let text = swap(old, &format!("{before}{after}"));
    let line = line_of(&text, after);
    (name, text, message, line)
}

fn broken() -> Vec<Broken> {
    let deep = format!("format = 1\nx = {}{}\n", "[".repeat(500), "]".repeat(500));
    let long = "é".repeat(100_000);
    let mut all: Vec<Broken> = vec![
        ("empty", String::new(), "does not say its format", 1),
        ("blank", "\n\n# nothing\n".into(), "there is no [[strategy]]", 1),
        ("no place", "format = 1\n".into(), "no [place]", 1),
        ("truncated", SOUND[..SOUND.len() / 2].into(), "not valid TOML", 26),
        ("not TOML", "<html>\n".into(), "not valid TOML", 1),
        ("NUL bytes", "format = 1\n\0\0\0\n".into(), "not valid TOML", 2),
        ("deep nesting", deep, "not valid TOML", 2),
        (
            "deep keys",
            format!("format = 1\n{}x = 1\n", "a.".repeat(500)),
            "not valid TOML",
            1,
        ),
        ("long line", format!("format = 1\n{long}\n"), "not valid TOML", 2),
        ("long key", format!("format = 1\n\"{long}\" = 1\n"), "unknown key", 2),
    ];
    let value = |name, new, message| edit(name, "threshold = 0.62", new, message);
    all.extend([
        edit("no format", "format = 1\n", "title2 = 1\n", "does not say its format"),
        edit("wrong format", "format = 1", "format = 2", "this format is not known"),
        edit(
            "format as text",
            "format = 1",
            "format = \"1\"",
            "this format is not known",
        ),
        edit("unknown section", "[watchlist]", "[watchlst]", "unknown key `watchlst`"),
        edit("unknown top key", "seed = 7", "sed = 7", "unknown key `sed`"),
        value("unknown key", "frobnicate = 0.62", "unknown key `matcher.frobnicate`"),
        value("mistyped key", "treshold = 0.62", "unknown key `matcher.treshold`"),
        value(
            "key of another section",
            "hfov_deg = 30",
            "unknown key `matcher.hfov_deg`",
        ),
        value(
            "text for a number",
            "threshold = \"0.62\"",
            "must be a number, not text",
        ),
        value(
            "list for a number",
            "threshold = [0.62]",
            "must be a number, not a list",
        ),
        value(
            "above the range",
            "threshold = 62",
            "must lie between 0 and 1 score, not 62",
        ),
        value("negative", "threshold = -0.1", "must lie between 0 and 1"),
        value("nan", "threshold = nan", "must be a finite number"),
        value("infinity", "threshold = -inf", "must be a finite number"),
        value("huge number", "threshold = 1e999", "too large"),
        value("whole number overflow", "threshold = 99999999999999999999", "too large"),
        value("hexadecimal overflow", "threshold = 0xffffffffffffffffff", "too large"),
        edit(
            "duplicate key",
            "seed = 7\n",
            "title = \"again\"\n",
            "not valid TOML: duplicate key",
        ),
        value(
            "date for a number",
            "threshold = 2026-01-01",
            "must be a number, not a date",
        ),
        value("empty prior", "threshold = {}", "malformed"),
        value("prior without high", "threshold = { low = 0.5 }", "malformed"),
        value(
            "prior with two forms",
            "threshold = { beta = [1, 2], normal = [0, 1] }",
            "malformed",
        ),
        value(
            "prior with a stranger",
            "threshold = { betta = [1, 2] }",
            "unknown key `matcher.threshold.betta`",
        ),
        value(
            "prior of one number",
            "threshold = { beta = [1] }",
            "must be two numbers, [a, b]",
        ),
        value(
            "prior of texts",
            "threshold = { beta = [\"a\", 1] }",
            "must be a number, not text",
        ),
        value(
            "prior below its range",
            "threshold = { beta = [0, 1] }",
            "must lie between 0.3 and 1000000",
        ),
        value(
            "low above high",
            "threshold = { low = 0.7, high = 0.5 }",
            "low 0.7 is above high 0.5",
        ),
        value(
            "high out of range",
            "threshold = { low = 0.5, high = 1.5 }",
            "`matcher.threshold.high` must lie",
        ),
        value(
            "median out of range",
            "threshold = { lognormal = [7, 0.1] }",
            "the central value",
        ),
        value(
            "value out of range",
            "threshold = { low = 0.5, high = 0.6, value = 9 }",
            "`matcher.threshold.value`",
        ),
        value(
            "flag as text",
            "normalise_level = \"yes\"",
            "must be true or false, not text",
        ),
        value(
            "flag as number",
            "normalise_level = 1",
            "must be true or false, not a whole number",
        ),
        value("unknown choice", "kind = \"plane\"", "cannot be \"plane\""),
        value("plain without rates", "kind = \"plain\"", "needs matcher.plain_rate"),
        value(
            "plain rate of a stranger",
            "plain_rate = { Wite = 1e-4 }\nkind = \"plain\"",
            "no level \"Wite\"",
        ),
        value(
            "plain rate missing",
            "plain_rate = { White = 1e-4 }\nkind = \"plain\"",
            "has no rate for \"Asian\"",
        ),
        edit(
            "whole number with a fraction",
            "size = 12000",
            "size = 12000.5",
            "must be a whole number",
        ),
        edit(
            "whole number below zero",
            "size = 12000",
            "size = -1",
            "must lie between 0 and 1000000 people",
        ),
        edit(
            "whole number with a prior",
            "size = 12000",
            "size = { low = 1, high = 2 }",
            "cannot be drawn",
        ),
        edit(
            "section as a number",
            "[watchlist]\ncomposition = \"met-assumed\"\nsize = 12000",
            "[x]",
            "unknown key `x`",
        ),
        edit(
            "sketch as text",
            "sketch = { length_m = 600, nodes_m = [0, 150, 600], width_m = 6 }",
            "sketch = \"x\"",
            "must be a table",
        ),
        edit(
            "title as number",
            "title = \"A sketch street\"",
            "title = 3",
            "`title` must be text",
        ),
        edit(
            "sources as text",
            "seed = 7",
            "sources = \"x\"",
            "`sources` must be a list",
        ),
        edit("negative seed", "seed = 7", "seed = -7", "`seed` must lie"),
        edit(
            "one replication",
            "seed = 7",
            "replications = 1",
            "`replications` must lie between 2 and",
        ),
        edit(
            "level of a hundred",
            "seed = 7",
            "level = 95",
            "`level` must lie between 0.5 and 0.999",
        ),
        edit(
            "uncertainty as flag",
            "seed = 7",
            "uncertainty = true",
            "`uncertainty` must be text",
        ),
        edit(
            "unknown uncertainty",
            "seed = 7",
            "uncertainty = \"maybe\"",
            "cannot be \"maybe\"",
        ),
        edit(
            "baseline unknown",
            "baseline = \"no-lfr\"",
            "baseline = \"no-lfrr\"",
            "no strategy \"no-lfrr\"",
        ),
        edit(
            "date that is none",
            "date = 2026-12-04",
            "date = \"2026-02-30\"",
            "`time.date` is not a date",
        ),
        edit(
            "date out of the calendar",
            "date = 2026-12-04",
            "date = 2026-13-04",
            "not valid TOML",
        ),
        edit(
            "date as time",
            "date = 2026-12-04",
            "date = 12:00:00",
            "`time.date` is not a date",
        ),
        edit(
            "date long ago",
            "date = 2026-12-04",
            "date = 0001-01-01",
            "`time.date` is not a date",
        ),
        edit(
            "open as number",
            "open = 11:00:00",
            "open = 11",
            "`time.open` is not a time of day",
        ),
        edit(
            "open as nonsense",
            "open = 11:00:00",
            "open = \"25:99\"",
            "`time.open` is not a time of day",
        ),
        edit(
            "close before open",
            "close = 17:00:00",
            "close = 09:00:00",
            "closes before it opens",
        ),
        edit(
            "close at open",
            "close = 17:00:00",
            "close = 11:00:00",
            "closes before it opens",
        ),
        edit(
            "two places",
            "[place]\nsketch = {",
            "[place]\nfile = \"x.geojson\"\n@sketch = {",
            "both a file and a sketch",
        ),
        edit(
            "unknown key of the place",
            "[place]\n",
            "[place]\n@length = 3\n",
            "unknown key `place.length`",
        ),
        edit(
            "street of no length",
            "length_m = 600",
            "length_m = 0",
            "`place.sketch.length_m` must lie",
        ),
        edit(
            "nodes that fall",
            "nodes_m = [0, 150, 600]",
            "nodes_m = [0, 450, 150, 600]",
            "must rise from 0",
        ),
        edit(
            "nodes that stop short",
            "nodes_m = [0, 150, 600]",
            "nodes_m = [0, 150]",
            "must rise from 0",
        ),
        edit(
            "arrivals at hour 24",
            "hour = 12",
            "hour = 24",
            "`people.arrivals.hour` must lie between 0 and 23",
        ),
        edit(
            "arrivals twice",
            "hour = 12, persons = 2000",
            "hour = 11, persons = 2000",
            "hour 11 appears twice",
        ),
        edit(
            "negative arrivals",
            "persons = 2000",
            "persons = -2000",
            "`people.arrivals.persons` must lie",
        ),
        edit(
            "arrivals without an hour",
            "hour = 11, persons = 1500",
            "persons = 1500",
            "needs `hour`",
        ),
        edit(
            "population unknown",
            "\"london-passers-by\"",
            "\"london-passer-by\"",
            "no population named",
        ),
        edit(
            "population missing",
            "\"london-passers-by\"",
            "\"mine.toml\"",
            "no such file",
        ),
        edit(
            "population a folder",
            "\"london-passers-by\"",
            "\"places.toml\"",
            "it is a folder",
        ),
        edit(
            "population not text",
            "\"london-passers-by\"",
            "\"binary.toml\"",
            "not text in UTF-8",
        ),
        edit(
            "population above",
            "\"london-passers-by\"",
            "\"../sound.toml\"",
            "leaves the scenario's folder",
        ),
        edit(
            "population from the root",
            "\"london-passers-by\"",
            "\"/etc/passwd.toml\"",
            "leaves the scenario's folder",
        ),
        edit(
            "population twice",
            "population =",
            "axis = [{ name = \"g\", levels = [\"a\"], shares = [1] }]\n@population =",
            "given twice",
        ),
        edit("watchlist unknown", "\"met-assumed\"", "\"met\"", "no watchlist named"),
        edit(
            "matcher unknown",
            "\"inferred-2025\"",
            "\"infered-2025\"",
            "no matcher named",
        ),
        edit(
            "matcher in a strategy unknown",
            "\"neutral\"",
            "\"neutrel\"",
            "no matcher named",
        ),
        edit(
            "groups beyond one",
            "day_log_sd =",
            "group_2 = 0.9\nday_log_sd =",
            "sum to 1.01, more than 1",
        ),
        edit(
            "speeds the wrong way",
            "day_log_sd =",
            "speed_max = 1.0\n@speed_min = 1.2\nday_log_sd =",
            "must lie below",
        ),
        edit(
            "strategy twice",
            "name = \"one-van\"",
            "name = \"no-lfr\"\nnote = \"again\"",
            "two strategies named \"no-lfr\"",
        ),
        edit(
            "strategy without a name",
            "[[strategy]]\nname = \"one-van\"\n",
            "[[strategy]]\nnote = \"nameless\"\n",
            "`strategy` needs `name`",
        ),
        edit(
            "strategy with a bad name",
            "name = \"one-van\"",
            "name = \"One van\"",
            "cannot be \"One van\"",
        ),
        edit(
            "strategy with a path for a name",
            "name = \"one-van\"",
            "name = \"../x\"",
            "cannot be \"../x\"",
        ),
        edit(
            "strategy with an unknown key",
            "note = \"The same",
            "notes = \"The same",
            "unknown key `strategy.notes`",
        ),
        edit(
            "set on people",
            "\"matcher.threshold\" = 0.64",
            "\"people.day_log_sd\" = 0.1",
            "cannot set `people.day_log_sd`",
        ),
        edit(
            "set on sought",
            "\"matcher.threshold\" = 0.64",
            "sought.prevalence = 0.1",
            "cannot set `sought.prevalence`",
        ),
        edit(
            "set on time",
            "\"matcher.threshold\" = 0.64",
            "\"time.open\" = 0.1",
            "cannot set `time.open`",
        ),
        edit(
            "set on the list",
            "\"matcher.threshold\" = 0.64",
            "\"watchlist.pool\" = 5",
            "cannot set `watchlist.pool`",
        ),
        edit(
            "set unknown",
            "\"matcher.threshold\" = 0.64",
            "\"matcher.treshold\" = 0.64",
            "unknown key `matcher.treshold`",
        ),
        edit(
            "set out of range",
            "\"matcher.threshold\" = 0.64",
            "\"matcher.threshold\" = 64",
            "must lie between 0 and 1",
        ),
        edit(
            "camera off the street",
            "at_m = 225, heading_deg",
            "at_m = 650, heading_deg",
            "stands on no street",
        ),
        edit(
            "camera before the street",
            "at_m = 225, heading_deg",
            "at_m = -5, heading_deg",
            "stands on no street",
        ),
        edit(
            "camera at an unknown mount",
            "at_m = 225, heading_deg",
            "at = \"soho\", heading_deg",
            "no mount \"soho\"",
        ),
        edit(
            "camera twice over",
            "at_m = 225, heading_deg",
            "at = \"at-225m\", at_m = 225, heading_deg",
            "either `at` or `at_m`",
        ),
        edit(
            "camera nowhere",
            "at_m = 225, heading_deg",
            "heading_deg",
            "does not say where it is",
        ),
        edit(
            "camera on a tram",
            "mount = \"van\"",
            "mount = \"tram\"",
            "`mount` cannot be \"tram\"",
        ),
        edit(
            "camera facing nowhere",
            "heading_deg = 90",
            "heading_deg = 400",
            "`heading_deg` must lie",
        ),
        edit(
            "no cameras on a mount",
            "count = 2",
            "count = 0",
            "`count` must lie between 1 and 16",
        ),
        edit(
            "two mounts at one place",
            "at_m = 525",
            "at_m = 225.0",
            "already has a camera mount",
        ),
        edit(
            "team unknown",
            "team = \"west\" }",
            "team = \"wets\" }",
            "no team \"wets\"",
        ),
        edit(
            "team not named",
            "at_m = 225, team = \"west\" }",
            "at_m = 225 }",
            "which team answers it",
        ),
        edit(
            "team twice",
            "name = \"east\"",
            "name = \"west\"\npairs = 1",
            "two teams named \"west\"",
        ),
        edit(
            "post off the street",
            "[\"at-225m\"]",
            "[\"at-999m\"]",
            "no mount \"at-999m\"",
        ),
        edit(
            "pairs beyond reason",
            "pairs = 2",
            "pairs = 2000",
            "`strategy.team.pairs` must lie",
        ),
    ]);
    let axis = |name, levels: &str, message| {
        let new = format!("axis = [{levels}]");
        let text = swap("population = \"london-passers-by\"", &new).replace("\"met-assumed\"", "\"as-crowd\"");
        let line = line_of(&text, &new);
        (name, text, message, line)
    };
    all.extend([
        axis(
            "shares beyond one",
            "{ name = \"g\", levels = [\"a\", \"b\"], shares = [0.5, 0.6] }",
            "sum to 1.1, not to 1",
        ),
        axis(
            "shares too few",
            "{ name = \"g\", levels = [\"a\", \"b\"], shares = [1] }",
            "2 levels but 1 shares",
        ),
        axis(
            "levels alike",
            "{ name = \"g\", levels = [\"a\", \"a\"], shares = [0.5, 0.5] }",
            "appears twice",
        ),
        axis(
            "axis of nothing",
            "{ name = \"g\", levels = [], shares = [] }",
            "between 1 and 64 levels",
        ),
        axis(
            "axes alike",
            "{ name = \"g\", levels = [\"a\"], shares = [1] }, { name = \"g\", levels = [\"a\"], shares = [1] }",
            "appears twice",
        ),
        axis(
            "levels unknown to the matcher",
            "{ name = \"sex\", levels = [\"man\"], shares = [1] }",
            "",
        ),
    ]);
    let place = |name, file: &str, message| {
        let text = swap(
            "sketch = { length_m = 600, nodes_m = [0, 150, 600], width_m = 6 }",
            &format!("file = \"{file}\""),
        );
        let text = text.replace("arrivals =", "#");
        let line = line_of(&text, "file =");
        (name, text, message, line)
    };
    all.extend([
        place("place missing", "places/nowhere.geojson", "no such file"),
        place("place above", "places/../../x.geojson", "leaves the scenario's folder"),
        place("place from the root", "/tmp/x.geojson", "leaves the scenario's folder"),
        place("place on a drive", "C:\\\\x.geojson", "leaves the scenario's folder"),
        place("place a folder", "places", "it is a folder"),
        place("place without a name", "", "leaves the scenario's folder"),
    ]);
    let arrivals = swap(
        "arrivals = [{ hour = 11, persons = 1500 }, { hour = 12, persons = 2000 }]\n",
        "",
    );
    all.push(("nobody walks", arrivals, "nobody walks", 13));
    all
}

#[test]
fn broken_files_are_answered_with_what_and_where() {
    let all = broken();
    assert!(all.len() >= 100, "{}", all.len());
    let mut wrong = Vec::new();
    for (name, text, message, line) in &all {
        let problems = match load(text) {
            Err(problems) => problems,
            Ok(_) => panic!("{name}: was accepted"),
        };
        let at = |d: &Diagnostic| match (&d.source, &d.span) {
            (Some(source), Some(span)) if &*source.name == "sound.toml" => source.line_column(span.start).0,
            _ => 0,
        };
        let report = shown(&problems);
        if !message.is_empty() {
            let found = problems.iter().any(|d| d.message.contains(message) && at(d) == *line);
            if !found {
                wrong.push(format!("{name}: expected \"{message}\" on line {line}, got\n{report}"));
            }
        }
        for problem in &problems {
            assert!(
                !problem.message.is_empty() && problem.message.len() < 400,
                "{name}: {}",
                problem.message
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_slip_is_one_problem() {
    for (name, text, ..) in broken() {
        let several = ["empty", "blank", "no place", "no format", "long key", "team twice"];
        let problems = load(&text).expect_err(name);
        assert!(
            problems.len() == 1 || several.contains(&name),
            "{name}: {}",
            shown(&problems)
        );
    }
}

#[test]
fn mistyped_words_are_answered_with_the_nearest() {
    let nearest = [
        (swap("threshold = 0.62", "treshold = 0.62"), "`threshold`"),
        (swap("threshold = 0.62", "hfov_deg = 30"), "`camera.hfov_deg`"),
        (swap("[watchlist]", "[watchlst]"), "`watchlist`"),
        (
            swap("\"london-passers-by\"", "\"london-passer-by\""),
            "\"london-passers-by\"",
        ),
        (swap("\"inferred-2025\"", "\"infered-2025\""), "\"inferred-2025\""),
        (swap("team = \"west\" }", "team = \"wets\" }"), "\"west\""),
        (swap("baseline = \"no-lfr\"", "baseline = \"no-lfrr\""), "\"no-lfr\""),
        (swap("at_m = 225, heading_deg", "at_m = 650, heading_deg"), "0 to 600 m"),
        (
            swap("\"london-passers-by\"", "\"../x.toml\""),
            "copy the file beside the scenario",
        ),
    ];
    for (text, part) in nearest {
        let problems = load(&text).expect_err(part);
        assert!(problems[0].help.contains(part), "{part}: {}", problems[0].help);
    }
}

#[test]
fn all_problems_of_a_file_are_reported_at_once_in_the_order_of_its_lines() {
    let text = swap("threshold = 0.62", "treshold = 0.62")
        .replace("seed = 7", "seed = -7")
        .replace("close = 17:00:00", "close = 09:00:00")
        .replace("size = 12000", "size = \"many\"")
        .replace("at_m = 225, heading_deg", "at_m = 999, heading_deg");
    let problems = load(&text).expect_err("five slips");
    let lines: Vec<usize> = problems
        .iter()
        .map(|d| {
            d.source
                .as_ref()
                .expect("a file")
                .line_column(d.span.clone().expect("a place").start)
                .0
        })
        .collect();
    assert_eq!(lines, [5, 10, 22, 26, 35], "{}", shown(&problems));
}

#[test]
fn a_flood_of_problems_is_cut() {
    let mut text = SOUND.to_owned();
    text.insert_str(0, &(0..5000).map(|i| format!("k{i} = 1\n")).collect::<String>());
    let problems = load(&text).expect_err("5000 slips");
    assert_eq!(problems.len(), 101);
    assert!(problems[100].message.contains("4900 more"));
}

#[test]
fn files_that_cannot_be_read_are_problems() {
    for (path, message) in [
        ("nowhere.toml", "no such file"),
        ("places.toml", "it is a folder"),
        ("binary.toml", "not text in UTF-8"),
        ("", "cannot read"),
    ] {
        let problems = scenario::load(&folder().join(path), &Overrides::default()).expect_err(path);
        assert!(problems[0].message.contains(message), "{path}: {}", problems[0].message);
        shown(&problems);
    }
    let large = tempfile::NamedTempFile::new().expect("a scratch file");
    large.as_file().set_len(5 << 20).expect("five mebibytes");
    let problems = scenario::load(large.path(), &Overrides::default()).expect_err("too large");
    assert!(problems[0].message.contains("larger than 4 MiB"));
}

// ---- data files beside the scenario

/// Loads the sound scenario with a data file of one's own beside it.
fn load_with(old: &str, file: &str) -> Result<Plan, Diagnostics> {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    std::fs::write(scratch.path().join("own.toml"), file).expect("a scratch file");
    scenario::load_text(
        "sound.toml",
        &swap(old, "\"own.toml\""),
        scratch.path(),
        &Overrides::default(),
    )
}

#[test]
fn broken_data_files_are_answered_in_their_own_lines() {
    let read = |kind: &str, name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{kind}/{name}.toml"));
        std::fs::read_to_string(path).expect("a shipped file")
    };
    let population = read("populations", "london-passers-by");
    let watchlist = read("watchlists", "met-assumed");
    let matcher = read("matchers", "inferred-2025");
    let cases = [
        (
            "\"london-passers-by\"",
            &population,
            "format = 1",
            "format = 3",
            "this format is not known",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "share = 0.52",
            "share = 0.62",
            "sum to 1.1, not to 1",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "share = 0.52",
            "shares = 0.52",
            "unknown key `axis.level.shares`",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "speed_m_s = 1.21",
            "speed_m_s = 12.1",
            "`trait.speed_m_s` must lie",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "\"Black\", \"Mixed\"",
            "\"Blakc\", \"Mixed\"",
            "no level \"Blakc\"",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "{ ethnicity = \"Black\" }",
            "{ etnicity = \"Black\" }",
            "no axis \"etnicity\"",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "[2.5, 0.4]",
            "[2.5]",
            "must be two numbers",
        ),
        (
            "\"london-passers-by\"",
            &population,
            "title =",
            "titel =",
            "unknown key `titel`",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "White = 0.46",
            "Wite = 0.46",
            "no level \"Wite\"",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "White = 0.46, ",
            "",
            "a share for each level",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "male = 0.90",
            "male = 0.80",
            "sum to 0.9, not to 1",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "share = 0.45",
            "share = 0.46",
            "the shares of the reasons sum to 1.01",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "arrest = 0.87",
            "arrest = 0.97",
            "sum to more than 1",
        ),
        (
            "\"met-assumed\"",
            &watchlist,
            "name = \"police\"",
            "name = \"court\"",
            "appears twice",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "Black =",
            "Balck =",
            "no level \"Balck\"",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "name = \"ethnicity\"",
            "name = \"etnicity\"",
            "no axis \"etnicity\"",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "unlike = 2",
            "unlike = 0",
            "`axis.unlike` must lie",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "\n[[axis]]",
            "\n[set]\n\"matcher.slope\" = 1\n[[axis]]",
            "unknown key `matcher.slope`",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "\n[[axis]]",
            "\n[[cell]]\nwhere = { sex = \"x\" }\nfactor = 2\n[[axis]]",
            "no level \"x\"",
        ),
        (
            "\"inferred-2025\"",
            &matcher,
            "reference_mean",
            "reference_maen",
            "unknown key `reference_maen`",
        ),
    ];
    for (key, file, old, new, message) in cases {
        assert!(file.contains(old), "{old}");
        let problems = load_with(key, &file.replacen(old, new, 1)).expect_err(new);
        let first = &problems[0];
        assert!(problems.len() <= 2, "{new}: {}", shown(&problems));
        assert!(first.message.contains(message), "{new}: {}", first.message);
        let name = &first.source.as_ref().expect("a file").name;
        assert!(name.ends_with("own.toml"), "{new}: {name}");
    }
    for (key, file) in [
        ("\"london-passers-by\"", &population),
        ("\"met-assumed\"", &watchlist),
        ("\"inferred-2025\"", &matcher),
    ] {
        let plan = load_with(key, file).unwrap_or_else(|p| panic!("{}", shown(&p)));
        assert_ne!(plan.plan_hash, "");
        assert!(load_with(key, "").is_err());
    }
    let crossed = format!("{matcher}\n[[cell]]\nwhere = {{ ethnicity = \"Black\", sex = \"female\" }}\nfactor = 3\n");
    let plan = load_with("\"inferred-2025\"", &crossed).unwrap_or_else(|p| panic!("{}", shown(&p)));
    let factors = &plan.strategies[1].matcher.cell_factor;
    assert_eq!((factors[25], factors[20], factors[15]), (3.0, 1.0, 1.0));
}

#[test]
fn a_list_that_is_silent_about_an_axis_is_a_problem_of_the_scenario() {
    let axes = "axis = [{ name = \"group\", levels = [\"a\", \"b\"], shares = [0.5, 0.5] }]";
    let problems = load(&swap("population = \"london-passers-by\"", axes)).expect_err("no shares for group");
    assert_eq!(problems.len(), 1, "{}", shown(&problems));
    assert!(problems[0].message.contains("divide over axis \"group\"") && problems[0].help.contains("as-crowd"));
    assert_eq!(&*problems[0].source.as_ref().expect("a file").name, "sound.toml");
}

// ---- place files

/// A scenario on the shipped West End, with one strategy of these cameras.
fn west_end(more: &str, cameras: &str) -> Result<Plan, Diagnostics> {
    let text = format!(
        "format = 1\n{more}[place]\nfile = \"places/west-end.geojson\"\n[[strategy]]\nname = \"one\"\ncameras = [{cameras}]\n"
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    scenario::load_text("west.toml", &text, &folder, &Overrides::default())
}

#[test]
fn a_surveyed_place_gives_its_mounts_and_its_demand() {
    let plan = west_end("", "").unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert!(!plan.place.sketch && plan.warnings.is_empty(), "{:?}", plan.warnings);
    let first = |kind| {
        &plan
            .place
            .mounts
            .iter()
            .find(|m| m.kind == kind)
            .expect("a mount of each kind")
            .id
    };
    let (bay, lamp) = (first(MountSite::VanBay), first(MountSite::Lamp));
    let both = west_end(
        "",
        &format!("{{ at = \"{bay}\" }}, {{ at = \"{lamp}\", heading_deg = 10 }}"),
    );
    let both = both.unwrap_or_else(|p| panic!("{}", shown(&p)));
    let mounts: Vec<MountKind> = both.strategies[0].cameras.iter().map(|c| c.mount).collect();
    assert_eq!(mounts, [MountKind::Van, MountKind::Lamp]);
    let (_, last) = lamp.split_at(1);
    for (more, cameras, message) in [
        ("", format!("{{ mount = \"van\", at = \"{lamp}\" }}"), "is a lamp post"),
        ("", format!("{{ mount = \"lamp\", at = \"{bay}\" }}"), "is a van bay"),
        ("", format!("{{ at = \"{last}\" }}"), "no mount"),
        ("", "{ at_m = 5 }".to_owned(), "sketch streets only"),
        (
            "people.arrivals = [{ hour = 11, persons = 3 }]\n",
            String::new(),
            "is for sketch streets",
        ),
    ] {
        let problems = west_end(more, &cameras).expect_err(message);
        assert_eq!(problems.len(), 1, "{}", shown(&problems));
        assert!(problems[0].message.contains(message), "{}", problems[0].message);
    }
}

#[test]
fn a_broken_place_file_is_answered_in_its_own_lines() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/places/west-end.geojson");
    let whole = std::fs::read_to_string(path).expect("the shipped place");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let text = "format = 1\nplace.file = \"p.geojson\"\n[[strategy]]\nname = \"one\"\n";
    for cut in [0, 1, whole.len() / 3, whole.len() / 2, whole.len() - 3] {
        let end = (0..=cut).rev().find(|&i| whole.is_char_boundary(i)).unwrap_or(0);
        std::fs::write(scratch.path().join("p.geojson"), &whole[..end]).expect("a scratch file");
        let problems = scenario::load_text("s.toml", text, scratch.path(), &Overrides::default()).expect_err("cut");
        let named = |d: &Diagnostic| d.source.as_ref().is_some_and(|s| s.name.ends_with("p.geojson"));
        assert!(problems.iter().all(named), "{}", shown(&problems));
    }
}

// ---- nothing panics

#[test]
fn no_prefix_of_a_file_panics() {
    for end in (0..SOUND.len()).step_by(7) {
        if let Err(problems) = load(&SOUND[..end]) {
            shown(&problems);
        }
    }
}

#[test]
fn no_single_byte_mutation_panics() {
    let mut state = 1_u64;
    let mut next = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..500 {
        let mut bytes = SOUND.as_bytes().to_vec();
        let at = next(bytes.len());
        bytes[at] = next(256) as u8;
        if let Err(problems) = load(&String::from_utf8_lossy(&bytes)) {
            shown(&problems);
        }
    }
}

#[test]
fn every_prior_that_is_accepted_can_be_drawn_from() {
    let (shapes, locations, spreads) = (
        [0.3, 0.5, 1.0, 7.0, 50.0, 200.0],
        [-50.0, -1.0, 0.0, 50.0],
        [0.0, 1.0, 20.0],
    );
    let mut priors = Vec::new();
    for a in shapes {
        priors.extend(shapes.map(|b| Prior::Beta { a, b }));
        priors.extend([0.0, 0.5, 5.0].map(|log_sd| Prior::LogNormal { median: a, log_sd }));
    }
    for mean in locations {
        priors.extend(spreads.map(|sd| Prior::LogitNormal { mean, sd }));
        priors.extend(spreads.map(|sd| Prior::Normal { mean, sd }));
    }
    priors.extend(PARAMETERS.iter().filter_map(|p| p.prior));
    for prior in priors {
        let mut last = f64::NEG_INFINITY;
        for u in [1e-4, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.9999] {
            let x = prior.quantile(u);
            assert!(x.is_finite(), "{prior:?} at {u}: {x}");
            assert!(
                x >= last - 1e-6 * x.abs().max(1e-6),
                "{prior:?} at {u}: {x} after {last}"
            );
            last = x;
        }
    }
}

// ---- schema and docs

#[test]
fn the_schema_and_the_docs_name_every_parameter() {
    let schema = scenario::schema();
    let docs = scenario::parameter_docs();
    for row in PARAMETERS {
        let (section, key) = row.key.split_once('.').expect("dotted");
        let entry = &schema["properties"][section]["properties"][key];
        assert!(
            entry["description"].as_str().is_some_and(|d| d.starts_with(row.doc)),
            "{}",
            row.key
        );
        assert!(!entry["default"].is_null(), "{}", row.key);
        assert!(docs.contains(&format!("| `{}` |", row.key)));
        if let registry::Kind::Choice { words } = row.kind {
            assert_eq!(entry["enum"].as_array().map(Vec::len), Some(words.len()));
        }
    }
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(docs.lines().count(), PARAMETERS.len() + 2);
    let columns = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(docs.lines().all(|l| columns(l) == 9));
    let settable = &schema["properties"]["strategy"]["items"]["properties"]["set"]["properties"];
    assert!(settable["matcher.threshold"].is_object() && settable["people.day_log_sd"].is_null());
}
