//! What every page must hold, and must not.

use super::*;

/// Every picture of a full report, in the order of names.
const CHARTS: [&str; 8] = [
    "differences",
    "errors",
    "funnel",
    "groups",
    "map",
    "pareto",
    "scores",
    "verdicts",
];
use crate::report::sample_answers::answered as facts;

/// The words of the page as a reader sees them, without its tags and style.
fn readable(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        let close = if rest[open..].starts_with("<style") {
            "</style>"
        } else {
            ">"
        };
        let end = rest[open..].find(close).map_or(rest.len(), |e| open + e + close.len());
        rest = &rest[end..];
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_asks_nothing_of_any_network() {
    let page = html(&facts()).unwrap();
    let without_names = page.replace("http://www.w3.org/2000/svg", "");
    for forbidden in [
        "http:", "https:", "src=", "url(", "@import", "<iframe", "//www", "fetch(", "XMLHttp",
    ] {
        assert!(!without_names.contains(forbidden), "{forbidden}");
    }
    assert!(
        !without_names
            .replace("href=\"#", "")
            .replace("href=\"data:,", "")
            .contains("href=")
    );
    assert!(page.contains("default-src 'none'"));
    assert_eq!(page.matches("<script>").count(), 1);
}

#[test]
fn the_page_says_what_a_reader_must_be_told() {
    let text = readable(&html(&facts()).unwrap());
    for phrase in [
        "simulated projection, not evidence of actual performance",
        "lamp-posts instead of two-vans, in each deployment:",
        "People stopped by mistake (a stop after a false alert; not a legal finding)",
        "limited by knowledge",
        "of 100 plausible worlds",
        "flips if patrol makes more than 0.08 arrests an officer-hour",
        "How many people on the list walk past in an hour?",
        "everybody alerted or stopped",
        "too few events for a ratio",
        "One alert's story",
        "A simulated person",
        "What was published, beside what is simulated",
        "per 100,000 faces",
        "% of alerts",
        "about one in 23 deployments",
        "shrinks with more runs and says nothing about the world",
        "what one deployment may bring",
        "Who bears it, by ethnicity",
        "Who bears it, by age",
        "The composition of a watchlist is secret; here it is assumed.",
        "Camera positions are hypothetical.",
        "Crime prevented is not modelled",
        "Emotional harm",
        "matcher.threshold",
        "lamplight compare scenarios",
        "OpenStreetMap contributors",
        "sketch, not surveyed",
        "Few wrongful stops: 9 in 200 deployments.",
    ] {
        assert!(text.contains(phrase), "{phrase}");
    }
}

#[test]
fn no_page_picks_a_winner_or_names_a_person_guilty() {
    let facts = facts();
    let texts = [
        html(&facts).unwrap(),
        crate::report::table(&facts, 100, false),
        crate::report::markdown(&facts),
    ];
    for text in texts.iter().map(|t| readable(t).to_lowercase()) {
        for word in [
            "winner", "best ", "suspect", "criminal", "innocent", "wanted", "offender",
        ] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

#[test]
fn every_picture_has_a_name_an_alternative_and_a_table() {
    let page = html(&facts()).unwrap();
    let pictures = page.matches("<svg").count();
    assert_eq!(pictures, 8);
    assert_eq!(page.matches("aria-labelledby=\"").count(), pictures);
    assert_eq!(page.matches("<figcaption").count(), pictures);
    assert_eq!(page.matches("The figures of this picture").count(), pictures);
}

#[test]
fn a_users_text_stays_text() {
    let mut facts = facts();
    let bad = "<script>alert(1)</script> \" ' &";
    facts.summary.title = bad.to_owned();
    facts.summary.question = bad.to_owned();
    facts.summary.strategies[1].name = bad.to_owned();
    facts.summary.comparisons[0].strategy = bad.to_owned();
    facts.place_title = bad.to_owned();
    facts.attribution = vec![bad.to_owned()];
    facts.provenance.push((bad.to_owned(), bad.to_owned()));
    facts.assumptions[0].source = bad.to_owned();
    for s in &mut facts.summary.strategies {
        s.groups[0].name = bad.to_owned();
    }
    let page = html(&facts).unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<script>alert"));
}

#[test]
fn files_are_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    crate::report::write(&facts(), folder.path()).unwrap();
    let names = |p: &std::path::Path| {
        let mut all: Vec<String> = std::fs::read_dir(p)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        all.sort();
        all
    };
    assert_eq!(names(folder.path()), ["charts", "report.html"]);
    assert_eq!(
        names(&folder.path().join("charts")),
        CHARTS
            .into_iter()
            .flat_map(|c| [format!("{c}.png"), format!("{c}.svg")])
            .collect::<Vec<_>>()
    );
    let file = folder.path().join("not-a-folder");
    std::fs::write(&file, "x").unwrap();
    let error = crate::report::write(&facts(), &file).unwrap_err();
    assert!(error.to_string().contains("not-a-folder"), "{error}");
}
