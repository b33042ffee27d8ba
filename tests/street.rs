//! `new`: a scenario of one's own street is sound and runs, for every borough.

mod common;

use lamplight::deployment::Schedule;
use lamplight::experiment::{Wish, own_street, summarise};
use lamplight::people::Streets;
use lamplight::scenario::{Overrides, boroughs, load};
use std::path::Path;

fn write(wish: &Wish, folder: &Path) -> std::path::PathBuf {
    let files = own_street(wish).unwrap_or_else(|e| panic!("{}: {}", wish.borough, e[0].message));
    for (name, text) in &files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder.join(&files[0].0)
}

#[test]
fn a_street_of_every_borough_passes_check_and_runs() {
    let all: Vec<String> = boroughs();
    assert!(all.len() >= 33, "{all:?}");
    let mut mixes = std::collections::BTreeSet::new();
    for borough in &all {
        let folder = tempfile::tempdir().unwrap();
        let wish = Wish {
            name: "street",
            borough,
            people_per_hour: 600.0,
            streets: None,
        };
        let file = write(&wish, folder.path());
        let overrides = Overrides {
            replications: Some(2),
            ..Overrides::default()
        };
        let plan = load(&file, &overrides).unwrap_or_else(|e| panic!("{borough}: {}", e[0].message));
        let names: Vec<&str> = plan.strategies.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["two-vans", "lamp-posts", "no-lfr", "warrant-visits"]);
        let shares = &plan.crowd.shares[0];
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        mixes.insert(format!("{shares:?}"));
        let runs = common::runs_with(&plan, 1, Schedule::Lazy);
        let summary = summarise(&plan, &[0, 1, 2, 3], &runs);
        let faces = |s: usize| summary.strategies[s].metrics["faces_seen"].mean.unwrap();
        assert!(faces(0) > 100.0 && faces(1) > 100.0 && faces(2) == 0.0, "{borough}");
    }
    assert_eq!(mixes.len(), all.len(), "every borough has its own mix");
}

#[test]
fn as_many_people_walk_past_as_were_asked_for() {
    let streets = common::scenarios().join("places/bethnal-green.geojson");
    for known in [None, Some(streets.as_path())] {
        let folder = tempfile::tempdir().unwrap();
        let wish = Wish {
            name: "street",
            borough: "Tower Hamlets",
            people_per_hour: 1000.0,
            streets: known,
        };
        let plan = load(&write(&wish, folder.path()), &Overrides::default()).unwrap();
        let streets = Streets::prepare(&plan);
        let van = plan.strategies[0].cameras[0].site;
        let edge = plan.place.mounts[van].edge;
        let hours = 11..17;
        let flow = hours.clone().map(|h| streets.crowding.flow(edge, h)).sum::<f64>() / hours.len() as f64;
        let scale = plan
            .values
            .get(lamplight::scenario::registry::find("people.demand_scale").unwrap());
        assert!((flow - 1000.0).abs() < 250.0, "{flow} at scale {scale}");
    }
}

#[test]
fn a_wrong_wish_is_answered_with_what_would_be_right() {
    let wish = |borough, people_per_hour| Wish {
        name: "street",
        borough,
        people_per_hour,
        streets: None,
    };
    let no = own_street(&wish("Hackny", 600.0)).unwrap_err();
    assert!(no[0].help.contains("Hackney"), "{:?}", no[0]);
    for people in [0.0, -5.0, f64::NAN, f64::INFINITY, 1e9] {
        assert!(own_street(&wish("Hackney", people)).is_err(), "{people}");
    }
}
