//! The report page: one file that holds everything and asks nothing of any network.

mod panel;

use super::answer::answers;
use super::charts::{Chart, charts};
use super::rows::{self, Sheet};
use super::words::{self, REQUIRED, WRONGFUL_STOP};
use super::{Error, Facts, bears, ledger, published, story};
use minijinja::{Environment, context};
use serde::Serialize;

/// The parts of the page; their names end in .html, which turns on escaping of every value.
const PARTS: [(&str, &str); 5] = [
    ("page.html", include_str!("page.html")),
    ("macros.html", include_str!("macros.html")),
    ("first.html", include_str!("first.html")),
    ("people.html", include_str!("people.html")),
    ("ground.html", include_str!("ground.html")),
];
pub(super) const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

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
    for (name, text) in PARTS {
        environment.add_template(name, text).map_err(Error::Page)?;
    }
    let template = environment.get_template("page.html").map_err(Error::Page)?;
    template
        .render(context! { ..first(facts, charts), ..people(facts), ..ground(facts) })
        .map_err(Error::Page)
}

/// What the first screen and every part needs.
fn first(facts: &Facts, charts: &[Chart]) -> minijinja::Value {
    let s = &facts.summary;
    context! {
        style => STYLE,
        script => SCRIPT,
        title => s.title,
        question => s.question,
        warning => s.stamp,
        label => s.label,
        stamp => facts.stamp(),
        per => s.per,
        level => words::number(s.level * 100.0, 0),
        replications => words::number(f64::from(s.replications), 0),
        uncertain => s.uncertainty == "on",
        baseline => s.baseline,
        answers => answers(facts),
        may => "one may bring",
        wrongful_stop => WRONGFUL_STOP,
        simulation_interval => words::SIMULATION_INTERVAL,
        required => REQUIRED,
        first => rows::first(facts),
        rates => rows::both_rates(facts),
        panel => panel::panel(facts),
        agreement => words::number(100.0 * s.worlds.agreement, 0),
        sections => sections(facts),
        charts => charts.iter().map(|c| Picture::of(facts, c)).collect::<Vec<_>>(),
        warnings => s.warnings,
        command => facts.provenance_of("command"),
        attribution => facts.attribution,
    }
}

/// Ledger, groups, scores, a story.
fn people(facts: &Facts) -> minijinja::Value {
    context! {
        ledger => ledger::sheets(facts),
        ledger_by_reason => ledger::by_reason(facts),
        ledger_by_group => ledger::by_group(facts),
        groups => rows::groups(facts),
        bears => bears::sheets(facts),
        decompositions => bears::decompositions(facts),
        has_scores => facts.curves.is_some(),
        story => facts.story.as_ref().map(story::text),
    }
}

/// Place, strategies, differences, assumptions, limits, provenance.
fn ground(facts: &Facts) -> minijinja::Value {
    let s = &facts.summary;
    let strategies = s.strategies.iter().zip(&facts.evidence);
    context! {
        reading => s.reading,
        comparison => rows::comparison(facts),
        others => rows::others(facts),
        programme => s.programme.as_ref().map(|p| {
            let days = words::number(p.days as f64, 0);
            format!("{} days from {} to {}, {} sites ({}).", days, p.from, p.until, p.sites.len(), p.title)
        }),
        differences => rows::differences(facts),
        published => published::sheet(facts),
        strategies => strategies.map(|(x, e)| (&x.name, &x.note, e)).collect::<Vec<_>>(),
        differing => panel::differing(facts),
        depends => panel::depends(facts),
        assumptions => facts.assumptions,
        sources => facts.sources,
        place => facts.place_title,
        has_place => has_place(facts),
        place_notes => facts.place_notes,
        sketch => facts.sketch,
        not_modelled => facts.not_modelled,
        provenance => facts.provenance.iter().filter(|(n, _)| n != "command").collect::<Vec<_>>(),
        metrics => facts.metric_rows,
    }
}

/// Anchors and names of the sections that this report has.
fn sections(facts: &Facts) -> Vec<(&'static str, &'static str)> {
    let s = &facts.summary;
    [
        ("comparison", "Comparison", true),
        ("verdicts", "How sure", !panel::panel(facts).is_empty()),
        ("ledger", "Ledger", !ledger::sheets(facts).is_empty()),
        ("groups", "Who bears it", true),
        ("scores", "Scores", facts.curves.is_some()),
        ("story", "One story", facts.story.is_some()),
        ("programme", "Programme", s.programme.is_some()),
        (
            "map",
            if facts.map.is_some() { "Map" } else { "Place" },
            has_place(facts),
        ),
        ("published", "Published", !published::sheet(facts).rows.is_empty()),
        ("strategies", "Strategies", true),
        ("depends", "Depends on", !panel::depends(facts).rows.is_empty()),
        ("differences", "Differences", true),
        ("assumptions", "Assumptions", true),
        ("limits", "Not modelled", true),
        ("provenance", "Provenance", true),
    ]
    .into_iter()
    .filter(|(_, _, there)| *there)
    .map(|(id, name, _)| (id, name))
    .collect()
}

/// Whether anything is told of a place: a programme has its sites instead.
fn has_place(facts: &Facts) -> bool {
    facts.map.is_some() || facts.sketch || !facts.place_notes.is_empty()
}

/// A chart as the page needs it.
#[derive(Serialize)]
pub(super) struct Picture<'c> {
    name: &'c str,
    title: &'c str,
    alternative: &'c str,
    svg: String,
    /// Series that a reader can hide, with their names.
    series: Vec<(usize, String)>,
    data: &'c Sheet,
}

impl<'c> Picture<'c> {
    /// A chart of which nothing can be hidden.
    pub(super) fn plain(chart: &'c Chart) -> Picture<'c> {
        Picture {
            name: chart.name,
            title: &chart.title,
            alternative: &chart.alternative,
            svg: themed(&chart.drawing.svg),
            series: Vec::new(),
            data: &chart.data,
        }
    }

    fn of(facts: &Facts, chart: &'c Chart) -> Picture<'c> {
        let named = |which| (which, chart.series_name(facts, which));
        Picture {
            series: chart.drawing.series().into_iter().map(named).collect(),
            ..Picture::plain(chart)
        }
    }
}

/// The picture in the page's own colours: its ink becomes the text colour, its paper the background.
fn themed(svg: &str) -> String {
    svg.replace("\"#010101\"", "\"currentColor\"")
        .replace("\"#FEFEFE\"", "\"var(--paper)\"")
}

#[cfg(test)]
mod tests;
