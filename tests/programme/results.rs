//! Programmes through the experiment room.

use crate::helper::*;
use lamplight::deployment::Schedule;
use lamplight::experiment::{
    Machine, Progress, Ready, Runs, Stage, summarise, write_deployments, write_deployments_csv, write_programme_alerts,
    write_runs,
};
use lamplight::measure::metrics_of;
use std::sync::atomic::AtomicBool;

fn made() -> Made {
    Made {
        until: jiff::civil::date(2025, 2, 10),
        strategies: vec![
            strategy("rotation", &[]),
            strategy("rotation-again", &[]),
            strategy("no-lfr", &[("programme.placement", "no-lfr")]),
        ],
        uncertainty: true,
        ..Made::default()
    }
}

fn tables(jobs: usize) -> (String, Vec<u8>, Vec<u8>, Vec<u8>, String) {
    let mut plan = made().plan();
    plan.replications = 4;
    let ready = Ready::prepare(&plan);
    let stage = Stage::new(&plan, &ready).unwrap();
    let stop = AtomicBool::new(false);
    assert!(!stop.stopped());
    let all = [0, 1, 2];
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs,
        schedule: Schedule::Lazy,
        progress: &stop,
    };
    let runs: Runs = machine.execute(&all, 0..plan.replications).unwrap();
    let summary = serde_json::to_string(&summarise(&plan, &all, &runs)).unwrap();
    let Stage::Programme(prepared) = &stage else {
        panic!("a programme")
    };
    let (mut rows, mut alerts, mut deployments, mut text) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    write_runs(&mut rows, &plan, &all, &runs).unwrap();
    write_programme_alerts(&mut alerts, prepared, &all, &runs).unwrap();
    write_deployments(&mut deployments, prepared, &all, &runs).unwrap();
    write_deployments_csv(&mut text, prepared, &all, &runs).unwrap();
    assert_eq!(stage.hash(1, 2, Schedule::Events), runs.by_strategy[1][2].hash);
    (summary, rows, alerts, deployments, String::from_utf8(text).unwrap())
}

#[test]
fn one_worker_and_two_write_the_same_bytes() {
    let (one, two) = (tables(1), tables(2));
    assert!(one == two);
}

#[test]
fn a_summary_of_a_programme_has_its_own_figures() {
    let (text, _, _, _, csv) = tables(2);
    let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(summary["per"], "programme");
    let metrics = |s: usize| &summary["strategies"][s]["metrics"];
    assert_eq!(
        metrics(0).as_object().unwrap().len(),
        metrics_of(&made().plan()).count()
    );
    assert_eq!(metrics(0)["searches"]["unit"], "per programme");
    assert_eq!(metrics(0)["arrests_per_deployment"]["unit"], "per deployment held");
    let number = |s: usize, id: &str| metrics(s)[id]["mean"].as_f64();
    assert!(number(0, "deployments").unwrap() > 15.0);
    assert!((0.0..0.5).contains(&number(0, "share_scanned_once").unwrap()));
    assert!((0.5..1.0).contains(&number(0, "exposure_gini").unwrap()));
    assert_eq!(number(2, "exposure_gini"), None);
    assert_eq!(number(2, "people_scanned"), Some(0.0));
    assert!(number(0, "wrongful_stops_expected").unwrap() > 0.0);
    // A strategy and its copy differ by exactly nothing.
    for (id, d) in summary["comparisons"][0]["metrics"].as_object().unwrap() {
        assert!(d["difference"].is_null() || d["difference"] == 0.0, "{id}: {d}");
    }
    // What the ledger counts is of whole programmes of 41 days, and of a year of such.
    for row in summary["ledger"].as_array().unwrap() {
        let mean = row["per_deployment"]["value"].as_f64().unwrap();
        let yearly = row["per_year"].as_f64().unwrap();
        assert!((yearly - mean * 365.25 / 41.0).abs() < 1e-9 * (1.0 + yearly), "{row}");
        assert!(!row["frequency"].as_str().unwrap().contains("deployment"), "{row}");
    }
    let programme = &summary["programme"];
    assert_eq!(
        (programme["days"].as_u64(), programme["sites"].as_array().unwrap().len()),
        (Some(41), 4)
    );
    let rotation = &programme["strategies"][0];
    let total = |list: &serde_json::Value, inside: &str| -> f64 {
        let rows = list.as_array().unwrap().iter();
        let of = |r: &serde_json::Value| {
            if inside.is_empty() {
                r["arrests"].as_f64()
            } else {
                r[inside]["arrests"].as_f64()
            }
        };
        rows.map(|r| of(r).unwrap()).sum()
    };
    let arrests = number(0, "arrests").unwrap();
    assert!((total(&rotation["sites"], "") - arrests).abs() < 1e-9);
    assert!((total(&rotation["weeks"], "totals") - arrests).abs() < 1e-9);
    // Mean of shares by week against the ratio of sums: close, as pools differ by replication.
    let weeks = rotation["weeks"].as_array().unwrap();
    let by_then = |w: usize| weeks[w]["scanned_by_then"][0].as_f64().unwrap();
    assert!(by_then(0) < by_then(3) && by_then(3) <= by_then(weeks.len() - 1));
    for borough in rotation["boroughs"].as_array().unwrap() {
        assert_eq!(borough["residents"][0], 200_000.0);
        let scanned = borough["scanned_once"].as_array().unwrap();
        assert_eq!(scanned.len(), programme["groups"].as_array().unwrap().len());
        let scanned = scanned[0].as_f64().unwrap();
        assert!(scanned > 0.0 && scanned < 0.5);
    }
    let mut lines = csv.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("strategy,replication,location,date,duration_h,use_case,watchlist_size,threshold,faces_seen")
    );
    assert!(lines.clone().count() > 30 && lines.all(|l| l.split(',').nth(1) == Some("0")));
}
