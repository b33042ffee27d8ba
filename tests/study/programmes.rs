//! Studies of programmes of many deployments.

use super::common::{Scratch, done, everybody};
use lamplight::deployment::Schedule;
use lamplight::experiment::{Ready, Stage};
use lamplight::scenario::registry::{Kind, PARAMETERS};
use lamplight::scenario::{Overrides, load, load_study};
use std::path::{Path, PathBuf};

fn teaching() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/teaching-two-streets.toml")
}

#[test]
fn a_programme_is_swept_as_it_is_run() {
    let scratch = Scratch::new("");
    let text = format!(
        "format = 1\nscenario = {:?}\nreplications = 2\nstrategies = [\"second-street\", \"no-lfr\"]\n[design]\nkind = \"list\"\npoints = [{{ \
         \"matcher.threshold\" = 0.6 }}, {{ \"matcher.threshold\" = 0.66 }}]\n",
        teaching()
    );
    scratch.put("study.toml", &text);
    done(&scratch.sweep("store", &[]));
    let study = load_study(&scratch.path("study.toml")).unwrap();
    let found = everybody(&scratch.path("store/runs.parquet"));
    assert_eq!(found.len(), 8);
    for point in 0..2 {
        let plan = study.plan(point).unwrap();
        let ready = Ready::prepare(&plan);
        let stage = Stage::new(&plan, &ready).unwrap();
        for row in found.iter().filter(|r| r["point"] == point.to_string()) {
            let strategy = plan.strategies.iter().position(|s| s.name == row["strategy"]).unwrap();
            let run = stage.summary(strategy, row["replication"].parse().unwrap(), Schedule::Lazy);
            assert_eq!(row["trace_hash"], format!("{:016x}", run.hash));
        }
    }
    let alerts = |point: &str| -> f64 {
        let of = found
            .iter()
            .filter(|r| r["point"] == point && r["strategy"] == "second-street");
        of.map(|r| r["alerts"].parse::<f64>().unwrap()).sum()
    };
    assert!(
        alerts("0") > alerts("1") && alerts("1") > 0.0,
        "{} {}",
        alerts("0"),
        alerts("1")
    );
    assert!(found[0].contains_key("deployments"), "{:?}", found[0].keys());
}

/// Points share the prepared streets of all sites unless a key of people or time differs; no other key may then matter to them.
#[test]
fn streets_of_sites_depend_on_people_and_time_alone() {
    let with = |set: Vec<(String, String)>| {
        let overrides = Overrides {
            set,
            ..Overrides::default()
        };
        let plan = load(&teaching(), &overrides).ok()?;
        let Ready::Programme(sites) = Ready::prepare(&plan) else {
            return None;
        };
        let text = |s: &lamplight::people::Streets| format!("{:?} {:?} {}", s.crowding, s.lorenz, s.demand_scale);
        Some(sites.iter().map(text).collect::<Vec<_>>())
    };
    let expected = with(Vec::new()).unwrap();
    let (mut moved, mut tried) = (0, 0);
    for row in PARAMETERS {
        let Kind::Number { min, max, .. } = row.kind else {
            continue;
        };
        let (low, high) = (min.max(-1e3), max.min(1e3));
        for share in [0.25, 0.75] {
            let value = low + share * (high - low);
            let Some(found) = with(vec![(row.key.to_owned(), value.to_string())]) else {
                continue;
            };
            tried += 1;
            if row.key.starts_with("people.") || row.key.starts_with("time.") {
                moved += usize::from(found != expected);
            } else {
                assert!(
                    found == expected,
                    "{} changes the streets of sites, which points would share wrongly",
                    row.key
                );
            }
        }
    }
    assert!(moved > 2 && tried > 200, "{moved} of {tried}");
}
