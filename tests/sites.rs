//! Programmes, sets of sites, calendars and sketch high streets: what sound ones become, and how broken ones are answered.

use lamplight::city::Network;
use lamplight::cli::diagnostics;
use lamplight::deployment::{Scene, Schedule};
use lamplight::experiment;
use lamplight::measure::Counter;
use lamplight::people::Streets;
use lamplight::scenario::diagnose::Diagnostics;
use lamplight::scenario::place::MountSite;
use lamplight::scenario::plan::MountKind;
use lamplight::scenario::record_file::open_record;
use lamplight::scenario::{self, Overrides, Plan};
use std::path::Path;

const SOUND: &str = include_str!("scenario/programme.toml");

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenario"))
}

fn load(text: &str) -> Result<Plan, Diagnostics> {
    scenario::load_text("programme.toml", text, folder(), &Overrides::default())
}

fn shown(problems: &Diagnostics) -> String {
    let mut out = Vec::new();
    diagnostics::print(problems, &mut out, false).expect("printing to memory works");
    String::from_utf8(out).expect("reports are text")
}

fn sound() -> Plan {
    load(SOUND).unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

#[test]
fn a_sound_programme_resolves_to_sites_rules_and_events() {
    let plan = sound();
    let programme = plan.programme.as_ref().expect("a programme");
    assert_eq!(
        (programme.from.to_string(), programme.until.to_string()),
        ("2026-01-01".into(), "2026-03-31".into())
    );
    let names: Vec<&str> = programme.sites.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["north", "south"]);
    assert_eq!(programme.events.len(), 1);
    let strategies: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(strategies, ["rotation", "my-calendar", "array", "no-lfr"]);
    assert_eq!(programme.rules[0].sites, [0]);
    assert_eq!(programme.rules[2].fixed, [1]);
    let rows = &programme.rules[1].calendar;
    let days: Vec<String> = rows.iter().map(|r| r.date.to_string()).collect();
    assert_eq!(days, ["2026-01-06", "2026-01-06", "2026-02-03"], "in order of date");
    assert_eq!((rows[0].open_s, rows[0].hours), (Some(41_400.0), Some(5.5)));
    assert_eq!((rows[1].watchlist, rows[1].threshold), (Some(15_000), Some(0.62)));
    assert_eq!((rows[2].open_s, rows[2].hours, rows[2].watchlist), (None, None, None));
    assert!(
        plan.warnings.iter().any(|w| w.contains("1 rows of the calendar")),
        "{:?}",
        plan.warnings
    );
}

#[test]
fn every_site_has_the_programmes_strategies_with_its_own_cameras() {
    let plan = sound();
    let programme = plan.programme.as_ref().expect("a programme");
    for site in &programme.sites {
        assert_eq!(site.plan.strategies.len(), plan.strategies.len());
        for (own, whole) in site.plan.strategies.iter().zip(&plan.strategies) {
            assert_eq!((&own.name, &own.values), (&whole.name, &whole.values));
        }
        assert!(site.plan.strategies[3].is_patrol());
        let van = &site.plan.strategies[0].cameras;
        assert_eq!((van.len(), van[0].mount, van[0].count), (1, MountKind::Van, 2));
        assert!(site.plan.programme.is_none() && site.plan.place.sketch);
        assert!((site.residents_by_cell.iter().sum::<f64>() - site.residents).abs() < 1e-6 * site.residents);
    }
    assert!(programme.sites[0].fixed.is_empty());
    assert_eq!(programme.sites[1].fixed[0].cameras.len(), 4);
    assert!(programme.sites[1].fixed[3].is_patrol());
    assert!(plan.place.sketch && plan.place.attribution == ["sketch, not surveyed"]);
}

// ---- sketch high streets

/// A day on a sketch street with a van in its middle.
fn sketch(parameters: &str, uncertainty: &str) -> Plan {
    let text = format!(
        "format = 1\nuncertainty = \"{uncertainty}\"\n[time]\nopen = 11:30:00\nclose = 17:18:00\n\
         [place]\nsketch = {{ {parameters} }}\n[people]\nday_log_sd = 0\n\
         [[strategy]]\nname = \"van\"\ncameras = [{{ at = \"van-bay\" }}]\n"
    );
    load(&text).unwrap_or_else(|problems| panic!("{}", shown(&problems)))
}

/// Mean faces per hour over some replications.
fn faces_per_hour(plan: &Plan, replications: u32) -> f64 {
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    let faces = |r: u32| experiment::one(&scene, r, Schedule::Lazy).groups[0].get(Counter::Searches) as f64;
    (0..replications).map(faces).sum::<f64>() / f64::from(replications) / 5.8
}

#[test]
fn a_van_in_the_middle_sees_the_faces_that_were_asked_for() {
    let cases = [
        ("spine_m = 450, faces_per_hour = 2200", 2200.0),
        (
            "spine_m = 900, stations = 2, faces_per_hour = 5000, variant = 4",
            5000.0,
        ),
        ("back_street_m = 0, faces_per_hour = 800, variant = 9", 800.0),
        ("width_m = 12, faces_per_hour = 3000", 3000.0),
        ("width_m = 5, stations = 0, faces_per_hour = 1500", 1500.0),
        ("side_every_m = 60, faces_per_hour = 2200, variant = 6", 2200.0),
        ("profile = \"west-end\", faces_per_hour = 4000", 4000.0),
    ];
    for (parameters, asked) in cases {
        let seen = faces_per_hour(&sketch(parameters, "off"), 4);
        assert!(
            (seen / asked - 1.0).abs() < 0.05,
            "{parameters}: {seen:.0} instead of {asked}"
        );
    }
}

#[test]
fn on_average_over_plausible_worlds_it_sees_them_too() {
    // The sd over worlds is about a third of the mean, so that 150 of them tell 5 % from 0 at about two standard errors.
    let seen = faces_per_hour(&sketch("faces_per_hour = 600, variant = 2", "on"), 150);
    assert!((seen / 600.0 - 1.0).abs() < 0.10, "{seen:.0} instead of 600");
}

#[test]
fn a_sketch_follows_from_its_parameters_and_says_what_it_is() {
    let one = sketch("spine_m = 450, variant = 3", "off");
    let same = sketch("spine_m = 450, variant = 3", "off");
    let other = sketch("spine_m = 450, variant = 4", "off");
    assert_eq!(one.place, same.place);
    assert_eq!(one.plan_hash, same.plan_hash);
    assert_ne!(one.place.nodes, other.place.nodes);
    assert_ne!(one.plan_hash, other.plan_hash);
    let place = &one.place;
    assert!(place.sketch && place.licence == "sketch, not surveyed" && place.attribution == ["sketch, not surveyed"]);
    assert!(place.mounts.iter().all(|m| !m.surveyed));
    assert_eq!(
        place.mounts.iter().filter(|m| m.kind == MountSite::Lamp).count(),
        15,
        "one every 30 m"
    );
    let shares: f64 = place.gates.iter().map(|g| g.persons_per_hour[0][12]).sum();
    let station = place.gates.iter().find(|g| g.kind == "station").expect("a station");
    assert!((station.persons_per_hour[0][12] / shares - 0.45).abs() < 1e-9);
    // Every camera can be walked round.
    let network = Network::prepare(place);
    let edge = place.mounts.iter().find(|m| m.id == "van-bay").expect("a bay").edge as u32;
    let (west, east) = (0, 1);
    let avoids = |path: &lamplight::city::Path| path.steps.iter().all(|s| s.edge != edge);
    assert!(network.alternatives(west, east).any(|id| avoids(&network.paths[id])));
    assert!(network.unreachable().is_empty());
}

// ---- mixes of boroughs

#[test]
fn passers_by_are_residents_and_the_region_in_the_stated_shares() {
    let plan = sound();
    let sites = &plan.programme.as_ref().expect("a programme").sites;
    let white = |site: usize| sites[site].plan.crowd.shares[0][0];
    // Census 2021: Newham .30752, Croydon .48368, London .53765 White.
    assert!(
        (white(0) - 0.5 * (0.30752 + 0.53765)).abs() < 2e-5,
        "half residents: {}",
        white(0)
    );
    assert!((white(1) - 0.48368).abs() < 2e-5, "all residents: {}", white(1));
    assert_eq!(
        sites[0].plan.crowd.shares[1], plan.crowd.shares[1],
        "sex as in the population file"
    );
    assert_eq!(sites[0].residents, 351_030.0);
    for shares in &sites[0].plan.crowd.shares {
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    }
}

// ---- what the hash follows

#[test]
fn the_hash_of_a_programme_follows_sites_calendars_and_events() {
    let base = sound().plan_hash;
    for (old, new) in [
        ("footfall = 2", "footfall = 3"),
        ("until = 2026-03-31", "until = 2026-03-30"),
        ("sites = [\"north\"]", "sites = [\"south\"]"),
        ("fixed = [\"south\"]", ""),
        ("calendar = \"calendar.csv\"", "calendar = \"calendar-2.csv\""),
        ("sites = \"sites.toml\"", "sites = \"sites-2.toml\""),
    ] {
        assert!(SOUND.contains(old), "{old}");
        let plan = load(&SOUND.replacen(old, new, 1)).unwrap_or_else(|p| panic!("{}", shown(&p)));
        assert_ne!(plan.plan_hash, base, "{old} -> {new}");
    }
    let renamed = load(&SOUND.replace("Two streets", "Some streets")).unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert_eq!(renamed.plan_hash, base, "titles are for readers");
}

// ---- hostile input

/// The only problem of a text: message, line, help.
fn problem(text: &str) -> (String, usize, String) {
    let problems = load(text).expect_err(text);
    assert_eq!(problems.len(), 1, "{}", shown(&problems));
    let found = &problems[0];
    let line = match (&found.source, &found.span) {
        (Some(source), Some(span)) => source.line_column(span.start).0,
        _ => 0,
    };
    (found.message.clone(), line, found.help.clone())
}

#[test]
fn broken_programmes_are_answered_with_what_and_where() {
    let cases: [(&str, &str, &str, usize, &str); 21] = [
        (
            "from = 2026-01-01",
            "from = 2026-01-32",
            "not valid TOML",
            6,
            "must be TOML",
        ),
        (
            "from = 2026-01-01",
            "from = \"January\"",
            "`programme.from` is not a date",
            6,
            "2026-06-03",
        ),
        ("from = 2026-01-01\n", "", "`programme` needs `from`", 1, ""),
        (
            "until = 2026-03-31",
            "until = 2036-03-31",
            "has no days",
            7,
            "the last day, included",
        ),
        (
            "sites = \"sites.toml\"",
            "sites = \"londn-2025\"",
            "there is no set of sites named",
            8,
            "did you mean \"london-2025\"?",
        ),
        (
            "sites = \"sites.toml\"",
            "sites = \"../sites.toml\"",
            "leaves the scenario's folder",
            8,
            "without ..",
        ),
        (
            "sites = \"sites.toml\"",
            "sites = { set = \"sites.toml\", only = [\"nord\", \"north\", \"south\"] }",
            "there is no site \"nord\"",
            8,
            "did you mean \"north\"?",
        ),
        (
            "site = \"south\"\nname",
            "site = \"suth\"\nname",
            "there is no site \"suth\"",
            12,
            "did you mean \"south\"?",
        ),
        (
            "date = 2026-02-14",
            "date = 2026-04-14",
            "lies outside the programme",
            11,
            "from 2026-01-01 until 2026-03-31",
        ),
        ("footfall = 2", "footfall = -1", "between 0 and 1000", 14, ""),
        (
            "placement = \"rotation\"",
            "placement = \"rotatoin\"",
            "cannot be \"rotatoin\"",
            18,
            "did you mean \"rotation\"?",
        ),
        (
            "sites = [\"north\"]",
            "sites = [\"norh\"]",
            "there is no site \"norh\"",
            19,
            "did you mean \"north\"?",
        ),
        (
            "calendar = \"calendar.csv\"",
            "calendar = \"none.csv\"",
            "no such file",
            24,
            "relative to the scenario",
        ),
        (
            "calendar = \"calendar.csv\"\n",
            "",
            "replays no calendar",
            22,
            "add calendar =",
        ),
        (
            "placement = \"replay\"",
            "placement = \"uniform\"",
            "its placement does not use",
            22,
            "placement = \"replay\"",
        ),
        (
            "fixed = [\"south\"]",
            "fixed = [\"north\"]",
            "\"north\" has no fixed array",
            29,
            "fixed = 8",
        ),
        (
            "placement = \"no-lfr\"",
            "placement = \"no-lfr\"\nfixed = [\"south\"]",
            "cannot use fixed arrays",
            32,
            "leave `fixed` out",
        ),
        (
            "placement = \"no-lfr\"",
            "placement = \"no-lfr\"\ncameras = []",
            "is for one day at one place",
            34,
            "where its sites say",
        ),
        (
            "[programme]",
            "[time]\ndate = 2026-01-01\n[programme]",
            "time.date is for one day",
            6,
            "keep one",
        ),
        (
            "[programme]",
            "[place]\nsketch = { spine_m = 400 }\n[programme]",
            "[place] is for one day",
            5,
            "keep one",
        ),
        (
            "[programme]",
            "[programme]\nvan = 3",
            "unknown key `programme.van`",
            6,
            "did you mean `vans`?",
        ),
    ];
    for (old, new, message, line, help) in cases {
        assert!(SOUND.contains(old), "{old}");
        let found = problem(&SOUND.replacen(old, new, 1));
        assert!(found.0.contains(message), "{new}: {}", found.0);
        assert_eq!(found.1, line, "{new}: {}", found.0);
        assert!(found.2.contains(help), "{new}: {}", found.2);
    }
}

#[test]
fn what_belongs_to_programmes_is_refused_in_a_scenario_of_one_day() {
    let day = "format = 1\n[place]\nsketch = { spine_m = 400 }\n[[strategy]]\nname = \"a\"\n";
    let found = problem(&format!("{day}placement = \"rotation\"\n"));
    assert!(
        found.0.contains("`strategy.placement` is for programmes") && found.1 == 6,
        "{found:?}"
    );
    let found = problem(&format!("{day}set = {{ \"programme.vans\" = 3 }}\n"));
    assert!(
        found.0.contains("means nothing in a scenario of one day") && found.1 == 6,
        "{found:?}"
    );
    let twice = day.replace("spine_m = 400", "faces_per_hour = 400") + "[[people.arrivals]]\nhour = 1\npersons = 3\n";
    assert!(problem(&twice).0.contains("is given twice"));
    let wide = day.replace("spine_m = 400", "spine_m = 400, width_m = 50");
    assert!(problem(&wide).0.contains("must lie between 4 and 16"));
}

/// The lines and messages of every problem of a calendar.
fn calendar_problems(rows: &str) -> Vec<(usize, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    write("sites.toml", include_str!("scenario/sites.toml"));
    write("calendar.csv", rows);
    match scenario::load_text("programme.toml", SOUND, folder.path(), &Overrides::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .into_iter()
            .map(|p| {
                let at = p.source.as_ref().zip(p.span.as_ref());
                (
                    at.map_or(0, |(source, span)| source.line_column(span.start).0),
                    p.message,
                )
            })
            .collect(),
    }
}

#[test]
fn every_bad_row_of_a_calendar_is_reported_with_its_line() {
    let found = calendar_problems(
        "date,site,mount,open,hours,watchlist,threshold\n\
         2026-01-32,north,van,,,,\n\
         2026-01-06,nort,van,,,,\n\
         2026-01-06,north,lorry,,,,\n\
         2026-01-06,north,,25:00,,,\n\
         2026-01-06,north,,,99,,\n\
         2026-01-06,north,,,,12.5,\n\
         2026-01-06,north,,,,,1.5\n\
         2026-01-06,north,,22:00,5,,\n\
         2026-01-07,north,,,,,\n\
         2026-01-07,north,van,,,,\n\
         2026-01-08,north\n",
    );
    let expected = [
        (2, "is not a date"),
        (3, "there is no site \"nort\""),
        (4, "`mount` cannot be \"lorry\""),
        (5, "is not a time of day"),
        (6, "`hours` cannot be \"99\""),
        (7, "`watchlist` is not a whole number"),
        (8, "`threshold` cannot be \"1.5\""),
        (9, "past midnight"),
        (11, "two such deployments"),
        (12, "has 2 cells, the header 7"),
    ];
    for (line, message) in expected {
        assert!(
            found.iter().any(|(l, m)| *l == line && m.contains(message)),
            "{line} {message}: {found:?}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

#[test]
fn calendars_of_other_shapes_are_read_or_answered() {
    assert!(
        calendar_problems("\u{feff}site,date\r\nnorth,2026-01-06\r\n").is_empty(),
        "as a spreadsheet saves it"
    );
    let unknown = calendar_problems("date,site,thresold\n2026-01-06,north,0.6\n");
    assert!(
        unknown[0].0 == 1 && unknown[0].1.contains("unknown column `thresold`"),
        "{unknown:?}"
    );
    assert!(calendar_problems("site\nnorth\n")[0].1.contains("no column `date`"));
    assert!(
        calendar_problems("date,site\n2027-01-06,north\n")[0]
            .1
            .contains("no row within the days")
    );
    assert!(
        calendar_problems("date,site,mount\n2026-01-06,south,fixed\n")[0]
            .1
            .contains("which `fixed` does not name")
    );
    assert!(!calendar_problems("").is_empty());
    assert!(!calendar_problems("date,site\n\"2026-01-06,north\n").is_empty());
}

#[test]
fn no_prefix_of_a_programme_or_a_calendar_panics() {
    for end in (0..SOUND.len()).filter(|e| SOUND.is_char_boundary(*e)) {
        let _ = load(&SOUND[..end]);
    }
    let calendar = include_str!("scenario/calendar.csv");
    for end in (0..calendar.len()).step_by(7) {
        calendar_problems(&calendar[..end]);
    }
}

// ---- what is shipped

#[test]
fn every_row_of_the_shipped_calendar_is_a_published_deployment() {
    let record = open_record(Path::new("met-lfr-to-2025-09")).expect("the shipped record");
    let rows: Vec<String> = record
        .rows
        .iter()
        .filter(|r| r.force == "Met" && r.date.year() == 2025)
        .map(|r| format!("{} {:?} {:?} {:?}", r.date, r.hours, r.watchlist, r.threshold))
        .collect();
    let plan =
        scenario::load(&shipped("met-2025.toml"), &Overrides::default()).unwrap_or_else(|p| panic!("{}", shown(&p)));
    let mut replayed: Vec<String> = plan.programme.expect("a programme").rules[0]
        .calendar
        .iter()
        .map(|r| format!("{} {:?} {:?} {:?}", r.date, r.hours, r.watchlist, r.threshold))
        .collect();
    let mut published = rows;
    published.sort();
    replayed.sort();
    assert_eq!(replayed.len(), 163);
    assert_eq!(replayed, published);
}

fn shipped(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

#[test]
fn every_shipped_scenario_has_its_comparators_its_sources_and_its_published_figures_named() {
    let ids: Vec<&str> = lamplight::measure::METRICS.iter().map(|m| m.id).collect();
    let folder = shipped("");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("scenarios") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        let plan = scenario::load(&path, &Overrides::default()).unwrap_or_else(|p| panic!("{}", shown(&p)));
        seen += 1;
        let name = &plan.scenario;
        for comparator in ["no-lfr", "warrant-visits"] {
            let strategy = plan.strategies.iter().find(|s| s.name == comparator);
            assert!(strategy.is_some_and(|s| s.is_patrol()), "{name} lacks {comparator}");
        }
        assert!(
            !plan.sources.is_empty() && !plan.reading.is_empty() && !plan.question.is_empty(),
            "{name}"
        );
        assert!(plan.strategies.iter().all(|s| !s.note.is_empty()), "{name}");
        for published in &plan.published {
            assert!(
                ids.contains(&published.metric.as_str()) || published.metric == "deployments",
                "{name}: {}",
                published.metric
            );
            assert!(!published.source.is_empty(), "{name}");
        }
    }
    assert!(seen >= 14, "{seen} scenarios");
}

#[test]
fn the_files_of_the_documentation_work_together() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenarios.md")).expect("the page");
    let block = |language: &str, nth: usize| {
        let start = format!("```{language}\n");
        let text = page.split(start.as_str()).nth(nth + 1).expect("a block");
        text.split("```").next().unwrap_or_default().to_owned()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
    let site = block("toml", 1);
    let (head, market) = site.split_once("[[site]]").expect("a site");
    let other = market.replace("market-place", "station-road");
    write("our-sites.toml", &format!("{head}[[site]]{market}[[site]]{other}"));
    write("our-rule.csv", &block("csv", 0));
    let text = block("toml", 0);
    let loaded = scenario::load_text("ours.toml", &text, folder.path(), &Overrides::default());
    let plan = loaded.unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert_eq!(plan.programme.expect("a programme").rules[1].calendar.len(), 3);
}
