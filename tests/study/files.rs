//! Study files: what is right, and what is said of what is wrong.

use super::common::{SOBOL, Scratch, study};
use lamplight::scenario::{load_study, study_schema};

/// The first problem of a study with this design, as message and help.
fn problem(design: &str) -> String {
    let scratch = Scratch::new(design);
    let problems = load_study(&scratch.path("study.toml")).expect_err(design);
    problems
        .iter()
        .map(|p| format!("{} [{}]", p.message, p.help))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_kind_of_design_gives_its_points() {
    let range = "[[parameter]]\nkey = \"matcher.threshold\"\nlow = 0.56\nhigh = 0.64\n";
    let words = "[[parameter]]\nkey = \"matcher.preset\"\nvalues = [\"neutral\", \"flat\"]\n";
    let cases = [
        (format!("[design]\nkind = \"grid\"\n{range}steps = 5\n{words}"), 10),
        (
            format!("[design]\nkind = \"latin-hypercube\"\npoints = 30\n{range}{words}"),
            30,
        ),
        (format!("[design]\nkind = \"sobol\"\npoints = 32\n{range}{words}"), 32),
        (format!("[design]\nkind = \"saltelli\"\nbase = 8\n{range}{words}"), 32),
        (
            format!("[design]\nkind = \"morris\"\ntrajectories = 5\n{range}{words}"),
            15,
        ),
        (
            "[design]\nkind = \"list\"\npoints = [{ \"matcher.threshold\" = 0.6 }, { \"matcher.threshold\" = 0.62 }]\n"
                .to_owned(),
            2,
        ),
    ];
    for (design, points) in cases {
        let scratch = Scratch::new(&design);
        let found = load_study(&scratch.path("study.toml")).unwrap_or_else(|e| panic!("{design}: {e:?}"));
        assert_eq!(found.len(), points, "{design}");
        for i in 0..points {
            found.plan(i).unwrap_or_else(|e| panic!("{design}: point {i}: {e:?}"));
        }
    }
}

#[test]
fn a_grid_reaches_both_ends_of_a_range() {
    let scratch = Scratch::new(
        "[design]\nkind = \"grid\"\n[[parameter]]\nkey = \"matcher.threshold\"\nlow = 0.56\nhigh = 0.64\nsteps = 3\n",
    );
    let found = load_study(&scratch.path("study.toml")).unwrap();
    let values: Vec<String> = (0..3).map(|i| found.point(i)[0].clone()).collect();
    assert_eq!(values, ["0.56", "0.6000000000000001", "0.64"]);
}

#[test]
fn points_come_from_a_table() {
    let scratch = Scratch::new("[design]\nkind = \"csv\"\nfile = \"points.csv\"\n");
    scratch.put(
        "points.csv",
        "matcher.threshold, matcher.preset, watchlist.size\n0.6,neutral,8000\n0.62,flat,9000\n",
    );
    let found = load_study(&scratch.path("study.toml")).unwrap();
    assert_eq!(found.keys, ["matcher.threshold", "matcher.preset", "watchlist.size"]);
    assert_eq!(found.point(1), ["0.62", "flat", "9000"]);
    assert_eq!(
        found
            .plan(1)
            .unwrap()
            .values
            .get(lamplight::scenario::registry::param::LIST_SIZE),
        9000.0
    );
    for (table, parts) in [
        (
            "matcher.treshold\n0.6\n",
            &[
                "a study cannot set `matcher.treshold`",
                "did you mean `matcher.threshold`?",
            ][..],
        ),
        ("matcher.threshold\n6\n", &["must lie between 0 and 1"]),
        (
            "matcher.threshold,watchlist.size\n0.6\n",
            &["the table of points cannot be read"],
        ),
        ("matcher.threshold\n", &["0 points"]),
    ] {
        scratch.put("points.csv", table);
        let problems = load_study(&scratch.path("study.toml")).expect_err(table);
        let text: String = problems
            .iter()
            .map(|p| format!("{} [{}]\n", p.message, p.help))
            .collect();
        parts
            .iter()
            .for_each(|part| assert!(text.contains(part), "{part} is missing in {text}"));
    }
}

#[test]
fn wrong_studies_are_answered_with_what_and_what_to_try() {
    let range = "key = \"matcher.threshold\"\nlow = 0.56\nhigh = 0.64\n";
    let sobol = "[design]\nkind = \"sobol\"\npoints = 8\n";
    let cases = [
        ("".to_owned(), "`study` needs `design`"),
        ("[design]\nkind = \"sobl\"\n".to_owned(), "did you mean \"sobol\"?"),
        (
            "[design]\nkind = \"sobol\"\npoints = 8\n".to_owned(),
            "the study varies nothing",
        ),
        (
            format!("[design]\nkind = \"sobol\"\n[[parameter]]\n{range}"),
            "a sobol design needs `points`",
        ),
        (
            format!("[design]\nkind = \"sobol\"\npoints = 100000\n[[parameter]]\n{range}"),
            "must lie between 1 and 65536",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.treshold\"\nlow = 0.5\nhigh = 0.6\n"),
            "did you mean `matcher.threshold`?",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"seed\"\nvalues = [1, 2]\n"),
            "a study cannot set `seed`",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.threshold\"\nlow = 0.5\nhigh = 1.6\n"),
            "must lie between 0 and 1",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.threshold\"\nlow = 0.6\nhigh = 0.5\n"),
            "swap the two",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.threshold\"\n"),
            "does not say what `matcher.threshold` is spread over",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.threshold\"\nprior = \"registry\"\n"),
            "has no prior in the registry",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"matcher.preset\"\nlow = 1\nhigh = 2\n"),
            "is not a number",
        ),
        (
            format!("{sobol}[[parameter]]\nkey = \"watchlist.size\"\nbeta = [2, 3]\n"),
            "takes low and high",
        ),
        (
            format!("{sobol}[[parameter]]\n{range}scale = \"log\"\nsteps = 3\n"),
            "`steps` belongs to kind = \"grid\"",
        ),
        (
            format!("{sobol}[[parameter]]\n{range}[[parameter]]\n{range}"),
            "is varied twice",
        ),
        (
            format!("[set]\n\"matcher.threshold\" = 0.6\n{sobol}[[parameter]]\n{range}"),
            "both varied and fixed",
        ),
        (
            format!("[design]\nkind = \"grid\"\n[[parameter]]\n{range}"),
            "which values of `matcher.threshold` to try",
        ),
        (
            format!("[design]\nkind = \"morris\"\ntrajectories = 4\nlevels = 5\n[[parameter]]\n{range}"),
            "must be even",
        ),
        (
            format!("[design]\nkind = \"list\"\npoints = []\n[[parameter]]\n{range}"),
            "[[parameter]] has no meaning",
        ),
        (
            "[design]\nkind = \"list\"\npoints = [{ \"matcher.threshold\" = 0.6 }, { \"watchlist.size\" = 9 }]\n"
                .to_owned(),
            "does not set `matcher.threshold`",
        ),
        (
            format!(
                "precision = {{ metric = \"alerts\", half_width = \"5\", at_most = 90 }}\n{sobol}[[parameter]]\n{range}"
            ),
            "no share between 0 % and 100 %: \"5\" [write half_width = \"5%\"",
        ),
        (
            format!(
                "precision = {{ metric = \"alerts\", half_width = 0, at_most = 90 }}\n{sobol}[[parameter]]\n{range}"
            ),
            "must be above 0",
        ),
        (
            format!("precision = {{ metric = \"alerts\", half_width = \"5%\" }}\n{sobol}[[parameter]]\n{range}"),
            "needs `at_most`",
        ),
        (
            format!(
                "precision = {{ metric = \"alerts\", half_width = 2, at_most = 20 }}\n{sobol}[[parameter]]\n{range}"
            ),
            "nothing is judged before 30 replications",
        ),
        (
            format!(
                "replications = 9\nprecision = {{ metric = \"alerts\", half_width = 2, at_most = 90 }}\n{sobol}[[parameter]]\n{range}"
            ),
            "both say how often",
        ),
        (
            "[design]\nkind = \"csv\"\nfile = \"../points.csv\"\n".to_owned(),
            "leaves the scenario's folder",
        ),
    ];
    for (design, part) in cases {
        let text = problem(&design);
        assert!(text.contains(part), "{design}\n{part} is missing in:\n{text}");
    }
}

#[test]
fn no_single_byte_mutation_of_a_study_panics() {
    let text = study(SOBOL);
    let scratch = Scratch::new(SOBOL);
    for i in 0..text.len() {
        for byte in [b'"', b'\n', b'9', b'-', 0xff] {
            let mut bytes = text.clone().into_bytes();
            bytes[i] = byte;
            std::fs::write(scratch.path("study.toml"), bytes).unwrap();
            if let Ok(study) = load_study(&scratch.path("study.toml")) {
                assert!(study.is_empty() || study.point(0).len() == study.keys.len());
            }
        }
    }
}

#[test]
fn the_schema_knows_the_keys_of_a_study() {
    let schema = study_schema();
    for key in [
        "scenario",
        "design",
        "parameter",
        "set",
        "shards",
        "precision",
        "optimise",
    ] {
        assert!(schema["properties"].get(key).is_some(), "{key}");
    }
    assert_eq!(
        schema["properties"]["design"]["properties"]["kind"]["enum"]
            .as_array()
            .unwrap()
            .len(),
        7
    );
}
