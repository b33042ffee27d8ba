//! Studies that repeat each point until it is known precisely enough.

use super::common::{SOBOL, Scratch, contents, done, err, everybody, out, same, study};
use lamplight::stats::t_mean;
use std::collections::BTreeMap;

fn rule(at_most: u32) -> String {
    format!(
        "precision = {{ metric = \"alerts\", half_width = \"25%\", at_least = 20, at_most = {at_most} }}\n{}",
        SOBOL.replace("points = 40", "points = 16")
    )
}

/// Alerts by point and strategy, in the order of replications.
fn alerts(scratch: &Scratch, store: &str) -> BTreeMap<(usize, String), Vec<f64>> {
    let mut found: BTreeMap<(usize, String), Vec<f64>> = BTreeMap::new();
    for row in everybody(&scratch.path(store).join("runs.parquet")) {
        let key = (row["point"].parse().unwrap(), row["strategy"].clone());
        let runs = found.entry(key).or_default();
        assert_eq!(row["replication"], runs.len().to_string());
        runs.push(row["alerts"].parse().unwrap());
    }
    found
}

/// Half-width of the 95 % interval as a share of the mean.
fn share(runs: &[f64]) -> f64 {
    let i = t_mean(runs, 0.95);
    0.5 * (i.high - i.low) / i.point
}

#[test]
fn a_point_is_repeated_until_it_is_known_or_the_cap_is_reached() {
    let scratch = Scratch::new(&rule(80));
    let output = scratch.sweep("store", &[]);
    done(&output);
    let runs = alerts(&scratch, "store");
    let wanted = 0.25 / 1.25;
    let (mut early, mut late) = (0, 0);
    for row in everybody(&scratch.path("store/points.parquet")) {
        let of = &runs[&(row["point"].parse().unwrap(), row["strategy"].clone())];
        assert_eq!(row["runs"], of.len().to_string());
        if row["strategy"] == "no-lfr" {
            // Patrol has no alerts, and is not waited for.
            assert_eq!(
                (row["precision_reached"].as_str(), row["precision_half_width"].as_str()),
                ("none", "")
            );
            continue;
        }
        let reached = share(of) <= wanted;
        assert!((row["precision_half_width"].parse::<f64>().unwrap() - share(of)).abs() < 1e-12);
        assert_eq!(row["precision_reached"], if reached { "yes" } else { "no" }, "{row:?}");
        assert!(
            of.len() == 80 || reached && of.len().is_multiple_of(10),
            "{} replications",
            of.len()
        );
        // It was not known at any look before.
        assert!((20..of.len()).step_by(10).all(|n| share(&of[..n]) > wanted), "{of:?}");
        early += usize::from(of.len() < 80);
        late += usize::from(!reached);
    }
    assert!(
        early > 2 && late > 0,
        "{early} points ended early, {late} were not known at the cap"
    );
    assert!(
        out(&output).contains(&format!("{late} of 16 points are less precise than asked")),
        "{}",
        out(&output)
    );
    // Rows of groups say the same as those of everybody.
    let groups = super::common::rows(&scratch.path("store/points.parquet"));
    let words: std::collections::BTreeSet<_> = groups
        .iter()
        .map(|r| (&r["point"], &r["strategy"], &r["precision_reached"]))
        .collect();
    assert_eq!(words.len(), 32);
}

#[test]
fn workers_parts_and_kills_change_no_byte_of_what_a_rule_of_stopping_gives() {
    let scratch = Scratch::new(&rule(80));
    let expected = scratch.undisturbed();
    done(&scratch.sweep("two", &["--jobs", "2"]));
    same(&expected, &contents(&scratch.path("two")));
    for part in ["3/3", "1/3", "2/3"] {
        let mut child = scratch.start("parts", &["--shard", part]);
        std::thread::sleep(std::time::Duration::from_millis(25));
        child.kill().unwrap();
        child.wait().unwrap();
        done(&scratch.sweep("parts", &["--shard", part]));
    }
    done(&scratch.sweep("parts", &["--collect"]));
    same(&expected, &contents(&scratch.path("parts")));
    // A higher cap goes on where the lower one ended, and only there.
    scratch.put("study.toml", &study(&rule(45)));
    done(&scratch.sweep("grown", &[]));
    let before: usize = alerts(&scratch, "grown").values().map(Vec::len).sum();
    scratch.put("study.toml", &study(&rule(80)));
    let output = scratch.sweep("grown", &[]);
    done(&output);
    assert!(err(&output).contains("up to 45 replications"), "{}", err(&output));
    same(&expected, &contents(&scratch.path("grown")));
    let after: usize = alerts(&scratch, "grown").values().map(Vec::len).sum();
    assert!(before < after && after < 16 * 2 * 80, "{before} {after}");
}

#[test]
fn a_dry_run_says_fewest_and_most() {
    let scratch = Scratch::new(&rule(80));
    let output = scratch.sweep("store", &["--dry-run"]);
    done(&output);
    for part in [
        "16 points x 2 strategies x 20 to 80 replications = 640 to 2560",
        "alerts to within 25 %",
    ] {
        assert!(out(&output).contains(part), "{part} is missing in {}", out(&output));
    }
}

#[test]
fn indices_take_points_of_unequal_length() {
    let scratch = Scratch::new(
        "strategies = [\"van\"]
precision = { metric = \"alerts\", half_width = \"30%\", at_least = 10, at_most = 60 }
metrics = [\"alerts\"]
[design]
kind = \"saltelli\"
base = 16
[[parameter]]
key = \"sought.prevalence\"
low = 0.002
high = 0.02
[[parameter]]
key = \"patrol.arrests_per_officer_h\"
low = 0.01
high = 0.1
",
    );
    let output = scratch
        .command("sensitivity", "store", &["--format", "json"])
        .output()
        .unwrap();
    done(&output);
    let found: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    let of = |i: usize| &found["outputs"][0]["parameters"][i];
    assert!(
        found["replications"][0].as_u64() < found["replications"][1].as_u64(),
        "{}",
        found["replications"]
    );
    assert!(
        of(0)["total"]["estimate"].as_f64().unwrap() > 0.5 && of(0)["distinguishable"] == true,
        "{found}"
    );
    assert!(
        of(1)["total"]["estimate"].as_f64() == Some(0.0) && of(1)["distinguishable"] == false,
        "{found}"
    );
    let table = scratch.command("sensitivity", "store", &[]).output().unwrap();
    assert!(
        out(&table).contains(" to 60 replications at each point"),
        "{}",
        out(&table)
    );
}
