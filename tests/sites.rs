//! Programmes, sets of sites, calendars and sketch high streets: what sound ones become, and how broken ones are answered.

use lamplight::cli::diagnostics;
use lamplight::scenario::diagnose::Diagnostics;
use lamplight::scenario::plan::MountKind;
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
