//! The table of published findings, as Markdown.

use crate::experiment::evidence::{Validated, Validation};
use std::fmt::Write;

fn short(x: f64) -> String {
    if x.abs() >= 1000.0 {
        return format!("{x:.0}");
    }
    if x == libm::round(x) {
        return format!("{x:.0}");
    }
    let digits = (2.0 - libm::floor(libm::log10(x.abs().max(1e-9)))).clamp(0.0, 5.0) as usize;
    format!("{x:.digits$}")
}

/// The table, evidence first, with what it amounts to.
pub fn validation_markdown(done: &Validation) -> String {
    let counted = |evidence: bool| {
        let rows: Vec<&Validated> = done.rows.iter().filter(|r| r.evidence == evidence).collect();
        (rows.iter().filter(|r| r.pass).count(), rows.len())
    };
    let ((passed, evidence), (other_passed, other)) = (counted(true), counted(false));
    let mut out = format!(
        "# Published findings and what the model says\n\nMade by `lamplight validate`; do not edit. {passed} of {evidence} rows that are \
         evidence (held out or independent) are met, and {other_passed} of {other} that the model was fitted or built to meet, which \
         shows consistency and is no evidence. Fails are kept.\n"
    );
    for (title, evidence) in [
        ("Evidence: held out or independent", true),
        ("No evidence: fitted or built in", false),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "\n## {title}\n\n| id | finding | role | published | model, 5 to 95 % | met | how |\n|---|---|---|---|---|---|---|"
        );
        for r in done.rows.iter().filter(|r| r.evidence == evidence) {
            let [low, middle, high] = r.simulated.map(short);
            let met = match (r.pass, r.reason.as_str()) {
                (true, _) => "yes".to_owned(),
                (false, "") => "**no**".to_owned(),
                (false, why) => format!("**no**: {why}"),
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} {} | {middle} ({low} to {high}) | {met} | {}; {} |",
                r.id,
                r.finding,
                r.role,
                short(r.observed),
                r.unit,
                r.how,
                r.test
            );
        }
    }
    if !done.scenarios {
        out += "\nThe committed scenarios were not at hand (`--scenarios DIR`): rows that rest on them are missing.\n";
    }
    out += "\nNot computed here: Essex Police's 2026 test (VT14: a preset is made from it), siting by ward (VT17: no wards are shipped), \
            faster location by fixed cameras (VT19: an option, equal by default), and the day that was called off for the weather (VT9: \
            a scenario of one day is held). Sources of every figure are in `validation.json`.\n";
    out
}
