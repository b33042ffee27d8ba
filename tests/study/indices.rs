//! `lamplight sensitivity` from the command line, on effects that are known beforehand.

use super::common::{Scratch, contents, done, fails, out};

const PARAMETERS: &str = "
[[parameter]]
key = \"people.demand_scale\"
low = 0.5
high = 2
[[parameter]]
key = \"patrol.arrests_per_officer_h\"
low = 0.01
high = 0.1
";

#[test]
fn an_output_depends_on_what_it_must_and_on_nothing_else() {
    let design = format!(
        "strategies = [\"van\"]\nmetrics = [\"passes\", \"alerts\"]\n[design]\nkind = \"saltelli\"\nbase = 32\n{PARAMETERS}"
    );
    let scratch = Scratch::new(&design);
    let output = scratch
        .command("sensitivity", "store", &["--format", "json"])
        .output()
        .unwrap();
    done(&output);
    let found: serde_json::Value = serde_json::from_str(&out(&output)).unwrap();
    let passes = &found["outputs"][0];
    assert_eq!(
        (passes["metric"].as_str(), passes["strategy"].as_str()),
        (Some("passes"), Some("van"))
    );
    let [demand, patrol] = passes["parameters"].as_array().unwrap().as_slice() else {
        panic!("{passes}")
    };
    // Passes are demand's doing alone; what patrol would have done is not even looked at.
    assert!(demand["total"]["estimate"].as_f64().unwrap() > 0.9, "{demand}");
    assert_eq!(demand["distinguishable"], true);
    assert_eq!(
        (
            patrol["total"]["estimate"].as_f64(),
            patrol["distinguishable"].as_bool()
        ),
        (Some(0.0), Some(false))
    );
    assert!(passes["noise_share"].as_f64().unwrap() < 0.2, "{passes}");
    let files = contents(&scratch.path("store"));
    for name in [
        "sensitivity.json",
        "sensitivity.csv",
        "charts/sensitivity-van-passes.svg",
    ] {
        assert!(files.contains_key(std::path::Path::new(name)), "{name}");
    }
    let svg = String::from_utf8_lossy(&files[std::path::Path::new("charts/sensitivity-van-passes.svg")]).into_owned();
    for part in [
        "people.demand_scale",
        "simulated projection",
        "<desc",
        "not told from zero",
    ] {
        assert!(svg.contains(part), "{part} is missing");
    }
}

#[test]
fn screening_finds_the_same() {
    let design = format!(
        "strategies = [\"van\"]\nmetrics = [\"passes\"]\n[design]\nkind = \"morris\"\ntrajectories = 8\n{PARAMETERS}"
    );
    let scratch = Scratch::new(&design);
    let output = scratch
        .command("sensitivity", "store", &["--format", "csv"])
        .output()
        .unwrap();
    done(&output);
    let text = out(&output);
    let row = |key: &str| {
        let line = text.lines().find(|l| l.contains(key)).unwrap();
        line.split(',').map(str::to_owned).collect::<Vec<_>>()
    };
    let head = row("mu_star");
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let (demand, patrol) = (row("people.demand_scale"), row("patrol.arrests_per_officer_h"));
    assert_eq!(
        (
            demand[column("distinguishable")].as_str(),
            patrol[column("distinguishable")].as_str()
        ),
        ("true", "false")
    );
    let effect: f64 = demand[column("mu_star")].parse().unwrap();
    // From half to twice the demand: passes rise by one and a half times what they are at the scenario's own.
    assert!((500.0..5000.0).contains(&effect), "{effect}");
    assert_eq!(patrol[column("mu_star")], "0");
}

#[test]
fn other_designs_have_no_indices_and_say_so() {
    let scratch = Scratch::new(super::common::SOBOL);
    let output = scratch.command("sensitivity", "store", &[]).output().unwrap();
    fails(
        &output,
        2,
        &[
            "a study of kind \"sobol\" has no sensitivity indices",
            "saltelli",
            "morris",
        ],
    );
    assert!(!scratch.path("store").exists());
    let wrong = scratch
        .command("sensitivity", "store", &["--metrics", "alrts"])
        .output()
        .unwrap();
    fails(&wrong, 2, &["there is no metric \"alrts\"", "did you mean \"alerts\"?"]);
}
