//! A measured algorithm brought as a table.

use super::common::{SOBOL, STREET, Scratch};
use lamplight::deployment::{Scene, Schedule};
use lamplight::experiment::one;
use lamplight::measure::Counter;
use lamplight::people::Streets;
use lamplight::scenario::diagnose::Diagnostics;
use lamplight::scenario::{Overrides, Plan, load};

/// A table by sex; ethnicity and age play no part.
const TABLE: &str = "threshold,probe.sex,entry.sex,false_match_rate,true_match_rate
0.5,male,male,2e-6,0.9
0.5,male,female,1e-7,
0.5,female,male,1e-7,
0.5,female,female,4e-6,0.8
0.7,male,male,2e-8,0.5
0.7,male,female,1e-9,
0.7,female,male,1e-9,
0.7,female,female,4e-8,0.4
";

fn street(table: &str, set: &str) -> Result<Plan, Diagnostics> {
    let scratch = Scratch::new(SOBOL);
    scratch.put("rates.csv", table);
    let matcher = format!("[matcher]\nkind = \"table\"\ntable = \"rates.csv\"\n{set}\n");
    scratch.put(
        "street.toml",
        &STREET
            .replace("[matcher]\n", &matcher)
            .replace("false_match_level = 1e-7\n", ""),
    );
    let overrides = Overrides {
        uncertainty: Some(false),
        ..Overrides::default()
    };
    load(&scratch.path("street.toml"), &overrides)
}

fn total(plan: &Plan, runs: u32, schedule: Schedule) -> (Vec<u64>, f64, u64) {
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    let mut counts = vec![0; 4];
    let (mut expected, mut hash) = (0.0, 0);
    for r in 0..runs {
        let run = one(&scene, r, schedule);
        let all = &run.groups[0];
        for (n, c) in counts.iter_mut().zip([
            Counter::FalseAlerts,
            Counter::ListedSearches,
            Counter::TrueAlerts,
            Counter::Searches,
        ]) {
            *n += all.get(c);
        }
        expected += all.expected_false();
        hash = lamplight::kernel::mix(hash ^ run.hash);
    }
    (counts, expected, hash)
}

#[test]
fn measured_rates_are_what_a_street_sees() {
    let plan = street(TABLE, "threshold = 0.6\n[sought]\nprevalence = 0.01").unwrap();
    let runs = 300;
    let (counts, expected, hash) = total(&plan, runs, Schedule::Lazy);
    // Counted false alerts agree with their expectation from the table, which repeats of one person widen.
    let z = (counts[0] as f64 - expected) / (1.5 * expected).sqrt();
    assert!(expected > 100.0 && z.abs() < 4.0, "{counts:?} {expected}");
    // True alerts per search of listed people: halfway in logs between the two thresholds, by sex.
    let share = counts[2] as f64 / counts[1] as f64;
    assert!(counts[1] > 300, "{counts:?}");
    assert!((0.50..0.80).contains(&share), "{share} of {counts:?}");
    assert_eq!(total(&plan, 20, Schedule::Events), total(&plan, 20, Schedule::Lazy));
    assert_ne!(hash, 0);
}

#[test]
fn a_higher_threshold_of_the_table_never_adds_an_alert() {
    let counts: Vec<u64> = ["0.5", "0.55", "0.62", "0.7"]
        .iter()
        .map(|t| {
            let plan = street(
                TABLE,
                &format!("threshold = {t}\n[officers]\npairs = 0\n[policy]\nawareness = \"none\""),
            )
            .unwrap();
            let (counts, ..) = total(&plan, 40, Schedule::Lazy);
            counts[0] + counts[2]
        })
        .collect();
    assert!(
        counts.windows(2).all(|w| w[0] >= w[1]) && counts[0] > 2 * counts[3],
        "{counts:?}"
    );
}

#[test]
fn wrong_tables_are_answered_with_what_and_where() {
    let line = |from: &str, to: &str| TABLE.replacen(from, to, 1);
    let cases = [
        (TABLE.to_owned(), "threshold = 0.75", "from 0.5 to 0.7"),
        (
            line("0.7,male,male,2e-8", "0.7,male,male,3e-6"),
            "threshold = 0.6",
            "the false match rate for probes of",
        ),
        (
            line("4e-8,0.4", "4e-8,0.85"),
            "threshold = 0.6",
            "the true match rate for",
        ),
        (
            line("0.7,female,male,1e-9,\n", ""),
            "threshold = 0.6",
            "there is no false match rate at threshold 0.7",
        ),
        (
            line("2e-8,0.5", "2e-8,"),
            "threshold = 0.6",
            "there is no true match rate at threshold 0.7",
        ),
        (line("2e-8", "0"), "threshold = 0.6", "3 over the number of comparisons"),
        (
            line("0.7,male,male", "0.5,male,male"),
            "threshold = 0.6",
            "was given before",
        ),
        (
            line("probe.sex", "probe.height"),
            "threshold = 0.6",
            "has no axis \"height\"",
        ),
        (
            line("0.5,male,male", "0.5,men,male"),
            "threshold = 0.6",
            "has no level \"men\"",
        ),
        (
            line("true_match_rate", "tmr"),
            "threshold = 0.6",
            "no column true_match_rate",
        ),
        (line("0.9", "0.9,7"), "threshold = 0.6", "cannot be read"),
        (
            "threshold,false_match_rate,true_match_rate\n0.6,1e-6,0.9\n".to_owned(),
            "threshold = 0.6",
            "fewer than two thresholds",
        ),
    ];
    for (table, set, part) in cases {
        let problems = street(&table, set).expect_err(part);
        let text: String = problems
            .iter()
            .map(|p| format!("{} [{}]\n", p.message, p.help))
            .collect();
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let none = Scratch::new(SOBOL);
    none.put(
        "street.toml",
        &STREET.replace("[matcher]\n", "[matcher]\nkind = \"table\"\n"),
    );
    let problems = load(&none.path("street.toml"), &Overrides::default()).unwrap_err();
    assert!(problems[0].message.contains("needs matcher.table"), "{problems:?}");
}
