//! The report page: one file that holds everything and asks nothing of any network.

use super::charts::{Chart, charts};
use super::rows::{self, Sheet};
use super::words::{self, REQUIRED, WRONGFUL_STOP};
use super::{Error, Facts};
use minijinja::{Environment, context};
use serde::Serialize;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// The whole report as one self-contained page.
///
/// # Errors
/// When a chart or the page template fails, which is a fault of this room and not of the facts.
pub fn html(facts: &Facts) -> Result<String, Error> {
    page(facts, &charts(facts)?)
}

/// The page around charts that are already drawn.
pub(super) fn page(facts: &Facts, charts: &[Chart]) -> Result<String, Error> {
    let mut environment = Environment::new();
    // The name ends in .html, which turns on escaping of every value.
    environment.add_template("page.html", PAGE).map_err(Error::Page)?;
    let template = environment.get_template("page.html").map_err(Error::Page)?;
    let s = &facts.summary;
    template
        .render(context! {
            style => STYLE,
            title => s.title,
            question => s.question,
            reading => s.reading,
            label => s.label,
            stamp => facts.stamp(),
            per => s.per,
            level => words::number(s.level * 100.0, 0),
            replications => words::number(f64::from(s.replications), 0),
            uncertain => s.uncertainty == "on",
            baseline => s.baseline,
            answer => words::answer(facts),
            wrongful_stop => WRONGFUL_STOP,
            simulation_interval => words::SIMULATION_INTERVAL,
            required => REQUIRED,
            comparison => rows::comparison(facts),
            both_rates => both_rates(facts),
            others => rows::others(facts),
            differences => rows::differences(facts),
            groups => rows::groups(facts),
            charts => charts.iter().map(Picture::of).collect::<Vec<_>>(),
            strategies => s.strategies.iter().map(|x| (&x.name, &x.note)).collect::<Vec<_>>(),
            differing => differing(facts),
            assumptions => facts.assumptions,
            sources => facts.sources,
            attribution => facts.attribution,
            place => facts.place_title,
            place_notes => facts.place_notes,
            sketch => facts.sketch,
            warnings => s.warnings,
            not_modelled => facts.not_modelled,
            provenance => facts.provenance.iter().filter(|(n, _)| n != "command").collect::<Vec<_>>(),
            command => facts.provenance_of("command"),
            metrics => facts.metric_rows,
        })
        .map_err(Error::Page)
}

/// Whether the main table ends with false alerts over both of their denominators.
fn both_rates(facts: &Facts) -> bool {
    let has = |id: &str| facts.summary.strategies.iter().any(|s| s.metrics.contains_key(id));
    has("false_alerts_per_face") && has("false_share_of_alerts")
}

/// A chart as the page needs it.
#[derive(Serialize)]
struct Picture<'c> {
    name: &'c str,
    title: &'c str,
    alternative: &'c str,
    svg: String,
    data: &'c Sheet,
}

impl<'c> Picture<'c> {
    fn of(chart: &'c Chart) -> Picture<'c> {
        Picture {
            name: chart.name,
            title: &chart.title,
            alternative: &chart.alternative,
            svg: themed(&chart.drawing.svg),
            data: &chart.data,
        }
    }
}

/// The picture in the page's own colours: its ink becomes the text colour, its paper the background.
fn themed(svg: &str) -> String {
    svg.replace("\"#010101\"", "\"currentColor\"")
        .replace("\"#FEFEFE\"", "\"var(--paper)\"")
}

/// One row for each strategy that differs from the baseline: in what.
fn differing(facts: &Facts) -> Vec<(String, Vec<String>)> {
    facts
        .summary
        .comparisons
        .iter()
        .map(|c| {
            let keys = c.differs_in.iter().map(|key| {
                let Some(a) = facts.assumptions.iter().find(|a| a.key == *key) else {
                    return key.clone();
                };
                let value_of = |name: &str| {
                    a.differs
                        .iter()
                        .find(|(s, _)| s == name)
                        .map_or(a.value.as_str(), |(_, v)| v.as_str())
                };
                format!(
                    "{key}: {} instead of {} ({})",
                    value_of(&c.strategy),
                    value_of(&c.baseline),
                    a.label
                )
            });
            (c.strategy.clone(), keys.collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;

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
            "http:", "https:", "src=", "url(", "@import", "<link", "<script", "<iframe", "//www",
        ] {
            assert!(!without_names.contains(forbidden), "{forbidden}");
        }
        assert!(!without_names.replace("href=\"#", "").contains("href="));
    }

    #[test]
    fn the_page_says_what_a_reader_must_be_told() {
        let text = readable(&html(&facts()).unwrap());
        for phrase in [
            "simulated projection, not evidence of actual performance",
            "lamp-posts instead of two-vans, in each deployment:",
            "not distinguishable: wrongful stops (a stop after a false alert; not a legal finding)",
            "exactly equal in every run",
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
            super::super::table(&facts, 100, false),
            super::super::markdown(&facts),
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
        assert_eq!(pictures, 4);
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
        assert!(!page.contains("<script"));
    }

    #[test]
    fn files_are_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        super::super::write(&facts(), folder.path()).unwrap();
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
            [
                "differences.png",
                "differences.svg",
                "funnel.png",
                "funnel.svg",
                "groups.png",
                "groups.svg",
                "map.png",
                "map.svg"
            ]
        );
        let file = folder.path().join("not-a-folder");
        std::fs::write(&file, "x").unwrap();
        let error = super::super::write(&facts(), &file).unwrap_err();
        assert!(error.to_string().contains("not-a-folder"), "{error}");
    }
}
