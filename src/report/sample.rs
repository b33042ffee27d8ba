//! Facts made by hand for the tests of this room: three strategies on the same simulated people.

use super::{Assumption, CameraFacts, Facts, MapFacts, MetricDoc, StreetFacts};
use crate::experiment::summary::{Comparison, Difference, Estimate, GroupSummary, StrategySummary, Summary};
use crate::stats::frequency;
use std::collections::BTreeMap;

const N: u32 = 200;

/// A count per deployment.
fn count(mean: f64, half: f64, low: f64, high: f64) -> Estimate {
    Estimate {
        mean: Some(mean),
        simulation_interval: Some([(mean - half).max(0.0), mean + half]),
        predictive_interval: Some([low, high]),
        level: 0.95,
        method: "t".to_owned(),
        n: N,
        unit: "per deployment".to_owned(),
        frequency: frequency(mean, u64::from(N), "deployment"),
        events: Some((mean * f64::from(N)) as u64),
        ..Default::default()
    }
}

/// A rate.
fn rate(mean: f64, half: f64, unit: &str, words: &str) -> Estimate {
    Estimate {
        mean: Some(mean),
        simulation_interval: Some([(mean - half).max(0.0), mean + half]),
        predictive_interval: None,
        level: 0.95,
        method: "ratio-t".to_owned(),
        n: N,
        unit: unit.to_owned(),
        frequency: words.to_owned(),
        events: None,
        ..Default::default()
    }
}

/// Metrics of a strategy `k` times as busy as two vans; none of the camera's figures without cameras.
fn metrics(k: f64) -> BTreeMap<String, Estimate> {
    let camera = |mean: f64| {
        count(
            mean * k,
            mean * k * 0.04,
            (mean * k * 0.4).floor(),
            (mean * k * 1.9).ceil(),
        )
    };
    let mut m = BTreeMap::new();
    m.insert(
        "passes".to_owned(),
        count(41_230.0 * k, 160.0 * k, 38_100.0 * k, 44_350.0 * k),
    );
    m.insert(
        "faces_seen".to_owned(),
        count(33_998.0 * k, 140.0 * k, 30_911.0 * k, 37_022.0 * k),
    );
    m.insert(
        "people_scanned".to_owned(),
        count(21_540.0 * k, 95.0 * k, 19_800.0 * k, 23_310.0 * k),
    );
    m.insert(
        "searches".to_owned(),
        count(33_998.0 * k, 140.0 * k, 30_911.0 * k, 37_022.0 * k),
    );
    for (id, mean) in [
        ("alerts", 9.9),
        ("true_alerts", 8.2),
        ("false_alerts", 0.11),
        ("false_alerts_expected", 0.113),
    ] {
        m.insert(id.to_owned(), camera(mean));
    }
    for (id, mean) in [
        ("alerts_passed_on", 8.9),
        ("stops_without_arrest", 3.6),
        ("wrongful_stops", 1.0 / 23.0),
    ] {
        m.insert(id.to_owned(), camera(mean));
    }
    m.insert("stops".to_owned(), count(7.7 * k + 0.4, 0.21, 2.0 * k, 14.0 * k + 2.0));
    m.insert(
        "arrests".to_owned(),
        count(4.1 * k + 0.35, 0.17, 1.0 * k, 8.0 * k + 2.0),
    );
    m.insert("net_arrests".to_owned(), count(3.75 * k, 0.19, -1.0, 8.0 * k));
    m.insert("sought_present".to_owned(), count(26.2, 0.4, 15.0, 38.0));
    m.insert("sought_missed".to_owned(), count(26.2 - 8.0 * k, 0.4, 10.0, 38.0));
    m.insert(
        "took_another_route".to_owned(),
        count(212.0 * k, 3.1, 160.0 * k, 270.0 * k),
    );
    if k > 0.0 {
        m.insert(
            "false_alerts_per_face".to_owned(),
            rate(3.33e-6, 1.1e-7, "per face", "about one in 300,000 faces seen"),
        );
        m.insert(
            "false_share_of_alerts".to_owned(),
            rate(0.0111, 0.0006, "share of alerts", "about one in 90 alerts"),
        );
    }
    m
}

fn groups(k: f64) -> Vec<GroupSummary> {
    let mut all = Vec::new();
    let ethnicity = [
        ("White", 0.52, 0.7),
        ("Asian", 0.21, 1.0),
        ("Black", 0.13, 2.1),
        ("Mixed", 0.06, 1.2),
        ("Other", 0.08, 1.1),
    ];
    let sex = [("Female", 0.51, 1.3), ("Male", 0.49, 0.7)];
    let age = [
        ("Under 18", 0.09, 1.8),
        ("18 to 34", 0.46, 0.9),
        ("35 to 64", 0.37, 0.9),
        ("65 and over", 0.08, 1.3),
    ];
    for (by, levels) in [("ethnicity", &ethnicity[..]), ("sex", &sex[..]), ("age", &age[..])] {
        for (name, share, risk) in levels {
            let mut m = BTreeMap::new();
            let faces = 33_998.0 * k * share;
            m.insert(
                "faces_seen".to_owned(),
                count(faces, 0.005 * faces, (0.9 * faces).floor(), (1.1 * faces).ceil()),
            );
            let expected = faces * 3.33e-6 * risk;
            m.insert(
                "false_alerts_expected".to_owned(),
                count(expected, 0.05 * expected, 0.0, 1.0),
            );
            m.insert("wrongful_stops".to_owned(), count(0.4 * expected, 0.01, 0.0, 1.0));
            m.insert(
                "stops_without_arrest".to_owned(),
                count(3.6 * k * share, 0.1 * share, 0.0, 5.0),
            );
            if k > 0.0 {
                let r = rate(3.33e-6 * risk, 2.4e-7 / share.sqrt(), "per face", "");
                m.insert("false_alerts_expected_per_face".to_owned(), r);
            }
            all.push(GroupSummary {
                by: by.to_owned(),
                name: (*name).to_owned(),
                metrics: m,
            });
        }
    }
    all
}

fn difference(d: f64, half: f64, pred: [f64; 2], base: f64) -> Difference {
    let distinguishable = d.abs() > half;
    Difference {
        difference: Some(d),
        simulation_interval: Some([d - half, d + half]),
        predictive_interval: Some([pred[0].min(pred[1]).min(d - half), pred[0].max(pred[1]).max(d + half)]),
        level: 0.95,
        method: if d == 0.0 && half == 0.0 { "exact-zero" } else { "t" }.to_owned(),
        ratio: (base != 0.0).then_some((base + d) / base),
        distinguishable,
        variance_reduction: (half > 0.0).then_some(6.3),
        ..Default::default()
    }
}

fn comparison(strategy: &str, k: f64) -> Comparison {
    let mut m = BTreeMap::new();
    let mut put = |id: &str, d: Difference| m.insert(id.to_owned(), d);
    put(
        "faces_seen",
        difference(
            33_998.0 * (k - 1.0),
            120.0,
            [33_000.0 * (k - 1.0) - 900.0, 35_000.0 * (k - 1.0) + 900.0],
            33_998.0,
        ),
    );
    put(
        "alerts",
        difference(
            9.9 * (k - 1.0),
            0.22,
            [9.9 * (k - 1.0) - 5.0, 9.9 * (k - 1.0) + 6.0],
            9.9,
        ),
    );
    put(
        "alerts_passed_on",
        difference(
            8.9 * (k - 1.0),
            0.2,
            [8.9 * (k - 1.0) - 5.0, 8.9 * (k - 1.0) + 6.0],
            8.9,
        ),
    );
    put(
        "false_alerts_expected",
        difference(0.113 * (k - 1.0), 0.004, [-0.12, 0.31], 0.113),
    );
    put("stops", difference(7.7 * (k - 1.0), 0.21, [-6.0, 8.0], 7.7));
    put(
        "stops_without_arrest",
        difference(3.6 * (k - 1.0), 0.2, [-4.0, 5.0], 3.6),
    );
    put(
        "wrongful_stops",
        difference(0.012 * (k - 1.0), 0.03, [-1.0, 1.0], 0.043),
    );
    put("arrests", difference(4.1 * (k - 1.0), 0.17, [-5.0, 6.0], 4.4));
    put("sought_present", difference(0.0, 0.0, [0.0, 0.0], 26.2));
    put(
        "sought_missed",
        difference(
            -8.0 * (k - 1.0),
            0.3,
            [-8.0 * (k - 1.0) - 5.0, -8.0 * (k - 1.0) + 5.0],
            18.2,
        ),
    );
    put(
        "took_another_route",
        difference(
            212.0 * (k - 1.0),
            4.0,
            [212.0 * (k - 1.0) - 45.0, 212.0 * (k - 1.0) + 50.0],
            212.0,
        ),
    );
    put(
        "false_alerts_per_face",
        Difference {
            predictive_interval: None,
            ..difference(2.0e-8, 9.0e-8, [0.0, 0.0], 3.3e-6)
        },
    );
    put(
        "false_share_of_alerts",
        Difference {
            predictive_interval: None,
            ..difference(-0.0007, 0.0009, [0.0, 0.0], 0.011)
        },
    );
    Comparison {
        strategy: strategy.to_owned(),
        baseline: "two-vans".to_owned(),
        differs_in: vec!["cameras".to_owned(), "officers.pairs".to_owned()],
        metrics: m,
        ..Default::default()
    }
}

fn doc(id: &str, title: &str, unit: &str, definition: &str, fraction: [&str; 2], integer: bool) -> MetricDoc {
    MetricDoc {
        id: id.to_owned(),
        title: title.to_owned(),
        unit: unit.to_owned(),
        definition: definition.to_owned(),
        numerator: fraction[0].to_owned(),
        denominator: fraction[1].to_owned(),
        integer,
    }
}

fn metric_rows() -> Vec<MetricDoc> {
    let whole = |id: &str, title: &str, what: &str| doc(id, title, "per deployment", what, ["", ""], true);
    vec![
        whole("passes", "Passes", "People walking through a camera's view."),
        whole("faces_seen", "Faces seen", "Faces captured well enough to be searched."),
        whole(
            "people_scanned",
            "People scanned",
            "Different people whose face was searched at least once.",
        ),
        whole("alerts", "Alerts", "Searches that scored at or above the threshold."),
        whole("true_alerts", "True alerts", "Alerts on the person the entry is of."),
        whole("false_alerts", "False alerts (counted)", "Alerts on somebody else."),
        doc(
            "false_alerts_expected",
            "False alerts (expected)",
            "per deployment",
            "Their expectation given who walked past.",
            ["", ""],
            false,
        ),
        whole("alerts_passed_on", "Alerts passed on", "Alerts an operator confirmed."),
        whole("stops", "Stops", "People stopped."),
        whole(
            "stops_without_arrest",
            "Stops without arrest",
            "People stopped and let go.",
        ),
        whole(
            "wrongful_stops",
            "Wrongful stops",
            "A stop after a false alert; not a legal finding.",
        ),
        whole("arrests", "Arrests", "People arrested after an alert or by the patrol."),
        whole(
            "net_arrests",
            "Net arrests",
            "Arrests less what a patrol without cameras would have made.",
        ),
        whole(
            "sought_present",
            "Sought people present",
            "Sought people who walked the streets in these hours.",
        ),
        whole(
            "sought_missed",
            "Missed sought people",
            "Sought people present and not stopped.",
        ),
        whole(
            "took_another_route",
            "Took another route",
            "People who avoided a camera they knew of.",
        ),
        doc(
            "false_alerts_per_face",
            "False alerts per face (the police force's rate)",
            "per face",
            "How often a face seen leads to a false alert.",
            ["false alerts", "faces seen"],
            false,
        ),
        doc(
            "false_share_of_alerts",
            "False share of alerts (the campaigners' rate)",
            "share of alerts",
            "How often an alert is false.",
            ["false alerts", "alerts"],
            false,
        ),
        doc(
            "false_alerts_expected_per_face",
            "Expected false alerts per face",
            "per face",
            "Expected false alerts over faces seen.",
            ["expected false alerts", "faces seen"],
            false,
        ),
    ]
}

fn map() -> MapFacts {
    let mut streets = Vec::new();
    for i in 0..9 {
        let at = 90.0 * f64::from(i);
        let main = i == 4;
        streets.push(StreetFacts {
            points: vec![[at, 0.0], [at + 14.0, 260.0], [at, 620.0]],
            flow_persons_per_hour: if main { 3200.0 } else { 150.0 + 60.0 * f64::from(i) },
            width_m: 4.0,
        });
        streets.push(StreetFacts {
            points: vec![
                [0.0, 78.0 * f64::from(i)],
                [400.0, 78.0 * f64::from(i) + 20.0],
                [760.0, 70.0 * f64::from(i)],
            ],
            flow_persons_per_hour: if main { 2400.0 } else { 200.0 },
            width_m: 3.0,
        });
    }
    let camera = |name: &str, x: f64, y: f64, heading_deg: f64, kind: &str| CameraFacts {
        name: name.to_owned(),
        x,
        y,
        heading_deg,
        range_m: 25.0,
        hfov_deg: 40.0,
        kind: kind.to_owned(),
    };
    MapFacts {
        streets,
        gates: vec![
            ("Market Station".to_owned(), [360.0, 0.0]),
            ("North end".to_owned(), [360.0, 620.0]),
        ],
        cameras: vec![
            (
                "two-vans".to_owned(),
                vec![
                    camera("market-place-n", 372.0, 240.0, 180.0, "van"),
                    camera("market-place-s", 372.0, 205.0, 0.0, "van"),
                ],
            ),
            (
                "lamp-posts".to_owned(),
                vec![
                    camera("mill-street-3", 372.0, 250.0, 270.0, "lamp"),
                    camera("mill-street-9", 190.0, 320.0, 90.0, "lamp"),
                    camera("corn-row-2", 540.0, 330.0, 200.0, "lamp"),
                ],
            ),
            ("no-lfr".to_owned(), vec![]),
        ],
    }
}

/// A realistic result.
pub fn facts() -> Facts {
    let strategy = |name: &str, note: &str, k: f64| StrategySummary {
        name: name.to_owned(),
        note: note.to_owned(),
        metrics: metrics(k),
        groups: groups(k),
    };
    let label = "simulated projection, not evidence of actual performance".to_owned();
    let assumption = |key: &str, value: &str, unit: &str, label: &str, drawn: bool| Assumption {
        key: key.to_owned(),
        value: value.to_owned(),
        unit: unit.to_owned(),
        range_or_prior: if drawn { "beta(13, 7)" } else { "0.5 to 0.8" }.to_owned(),
        label: label.to_owned(),
        doc: "What this parameter does, in a sentence.".to_owned(),
        source: "Record of deployments to 30 September 2025 <as published> & checked".to_owned(),
        drawn,
        differs: if key == "matcher.threshold" {
            vec![("lamp-posts".to_owned(), "0.60".to_owned())]
        } else {
            vec![]
        },
    };
    Facts {
        summary: Summary {
            format: "lamplight.summary/1".to_owned(),
            scenario: "market-town-2026".to_owned(),
            title: "Market Street: lamp posts or vans?".to_owned(),
            question: "What would fixed cameras in Market Street change, against two vans, for the same six hours?"
                .to_owned(),
            reading: "More faces, more stops; whether more arrests is a matter of who walks there.".to_owned(),
            plan_hash: "9f2c4e".to_owned(),
            seed: 1,
            replications: N,
            uncertainty: "on".to_owned(),
            label,
            per: "deployment".to_owned(),
            level: 0.95,
            baseline: "two-vans".to_owned(),
            strategies: vec![
                strategy("two-vans", "Two vans in Market Place, six officer pairs.", 1.0),
                strategy("lamp-posts", "Three cameras on lamp posts, six officer pairs.", 1.3),
                strategy("no-lfr", "The same officers on patrol only.", 0.0),
            ],
            comparisons: vec![comparison("lamp-posts", 1.3), comparison("no-lfr", 0.0)],
            programme: None,
            warnings: vec![
                "Few wrongful stops: 9 in 200 deployments. Ask for more replications to compare them.".to_owned(),
            ],
            ..Default::default()
        },
        assumptions: vec![
            assumption("matcher.threshold", "0.64", "", "published", false),
            assumption("operator.confirm_true", "0.95", "", "assumption", true),
            assumption("officers.pairs", "6", "", "setting", false),
            assumption("sought.share_per_pass", "0.00076", "", "record", true),
        ],
        sources: vec!["Office for National Statistics, Census 2021".to_owned()],
        attribution: vec!["© OpenStreetMap contributors (Open Database Licence)".to_owned()],
        place_title: "Market Street".to_owned(),
        place_notes: vec!["Footway widths come from a table by street kind.".to_owned()],
        sketch: true,
        provenance: vec![
            ("version".to_owned(), "lamplight 0.1.0".to_owned()),
            ("plan".to_owned(), "9f2c4e".to_owned()),
            (
                "command".to_owned(),
                "lamplight compare scenarios/market-town-2026.toml -n 200 --seed 1".to_owned(),
            ),
        ],
        metric_rows: metric_rows(),
        funnel: [
            "faces_seen",
            "alerts",
            "alerts_passed_on",
            "stops",
            "stops_without_arrest",
            "wrongful_stops",
            "arrests",
        ]
        .map(str::to_owned)
        .to_vec(),
        not_modelled: [
            "Protest policing",
            "Covert use",
            "Private systems",
            "Emotional harm",
            "Whether any of it is lawful",
        ]
        .map(str::to_owned)
        .to_vec(),
        map: Some(map()),
        curves: None,
        story: None,
        evidence: vec!["assumed".to_owned(); 3],
    }
}
