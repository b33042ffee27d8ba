//! From a scenario file to a frozen [`Plan`], with every problem of the file reported at once.

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Problems, Table, parse};
use super::files::open_scenario;
use super::flags;
use super::heading::{day_type, read_heading, read_when};
use super::plan::Plan;
use super::population::check_format;
use super::reader::Reader;
use super::resolved::{self, Hashes};
use super::selection::{keep, read_baseline};
use super::strategy::read_strategies;
use super::values::read_section;
use std::path::Path;

/// Sections that hold parameters of the registry.
pub(crate) const SECTIONS: [&str; 14] = [
    "time",
    "people",
    "sought",
    "watchlist",
    "camera",
    "matcher",
    "operator",
    "officers",
    "patrol",
    "policy",
    "programme",
    "retrospective",
    "cost",
    "measure",
];

/// Keys of a section that are not parameters of the registry.
pub(crate) fn other_keys(section: &str) -> &'static [&'static str] {
    match section {
        "time" => &["date", "open", "close"],
        "people" => &["population", "axis", "arrivals"],
        "watchlist" => &["composition", "reasons"],
        "matcher" => &["preset", "plain_rate", "threshold_by"],
        "policy" => &["regime"],
        _ => &[],
    }
}

/// What the command line changes about a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// `--set key=value`, in order: dotted key, and value as TOML or as a bare word.
    pub set: Vec<(String, String)>,
    /// Master seed.
    pub seed: Option<u64>,
    /// Replications per strategy.
    pub replications: Option<u32>,
    /// Whether doubtful parameters are drawn.
    pub uncertainty: Option<bool>,
    /// Only these strategies (in the order of the file).
    pub strategies: Option<Vec<String>>,
    /// The strategy that others are compared with.
    pub baseline: Option<String>,
    /// Confidence level.
    pub level: Option<f64>,
}

/// Loads a scenario file. Files it names are looked for in its folder.
///
/// # Errors
/// Every problem of the file, of the flags and of the files it names.
pub fn load(path: &Path, overrides: &Overrides) -> Result<Plan, Diagnostics> {
    let source = open_scenario(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    load_source(&source, folder, overrides)
}

/// Loads a scenario from its text; `name` stands for its path in messages, `folder` is where files it names are.
///
/// # Errors
/// Every problem of the text, of the flags and of the files it names.
pub fn load_text(name: &str, text: &str, folder: &Path, overrides: &Overrides) -> Result<Plan, Diagnostics> {
    load_source(&Source::new(name, text), folder, overrides)
}

fn load_source(source: &Source, folder: &Path, overrides: &Overrides) -> Result<Plan, Diagnostics> {
    let mut problems = Problems::default();
    let plan = read(source, folder, overrides, &mut problems);
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ if problems.is_empty() => Err(vec![Diagnostic::general("the scenario could not be read", "")]),
        _ => Err(problems.sorted(source)),
    }
}

const TOP_KEYS: [&str; 11] = [
    "format",
    "title",
    "question",
    "reading",
    "sources",
    "seed",
    "replications",
    "baseline",
    "uncertainty",
    "level",
    "strategy",
];

fn read(source: &Source, folder: &Path, overrides: &Overrides, problems: &mut Problems) -> Option<Plan> {
    let mut root = parse(source, problems)?;
    check_format(&root, source, problems)?;
    flags::apply(overrides, &mut root, problems);
    let known: Vec<&str> = TOP_KEYS.iter().chain(&SECTIONS).chain(&["place"]).copied().collect();
    root.check_keys("", &known, problems);

    let heading = read_heading(&root, problems);
    let when = read_when(section(&root, "time", &mut Problems::default()), problems);
    let mut settings = Vec::new();
    for name in SECTIONS {
        if let Some(table) = section(&root, name, problems) {
            settings.extend(read_section(name, table, other_keys(name), problems));
        }
    }
    let mut reader = Reader {
        root: &root,
        source,
        folder,
        hashes: Hashes::default(),
        warnings: Vec::new(),
    };
    let mut place = reader.read_place(problems);
    let people = reader.read_people(problems);
    let watchlist = people.as_ref().and_then(|p| reader.read_watchlist(p, problems));
    let strategies = match root.get("strategy") {
        Some(node) => read_strategies(node, place.as_mut(), problems),
        None => {
            let message = "there is no [[strategy]]";
            problems.push(Diagnostic::at(source, 0..0, message, "a scenario needs at least one"));
            Vec::new()
        }
    };
    let axes = people.as_ref().map(|p| &p.axes);
    let set = watchlist.as_ref().map_or(&[][..], |w| &w.set);
    let resolved = axes.and_then(|axes| reader.resolve_strategies(&strategies, &settings, (axes, set), problems));
    let kept = keep(&strategies, overrides, problems);
    let baseline = read_baseline(&root, &strategies, kept.as_deref(), overrides, problems);

    if !problems.is_empty() {
        return None;
    }
    let (values, mut plans) = resolved?;
    let (heading, when, place, people, watchlist) = (heading?, when?, place?, people?, watchlist?);
    let (kept, baseline) = (kept?, baseline?);
    let mut index = 0;
    plans.retain(|_| {
        index += 1;
        kept.contains(&(index - 1))
    });
    let mut plan = Plan {
        scenario: stem(source),
        title: heading.title,
        question: heading.question,
        reading: heading.reading,
        sources: heading.sources,
        seed: heading.seed,
        replications: heading.replications,
        uncertainty: heading.uncertainty,
        level: heading.level,
        day_type: day_type(when.date),
        date: when.date,
        open_s: when.open_s,
        close_s: when.close_s,
        values,
        axes: people.axes,
        crowd: people.crowd,
        watchlist,
        place,
        strategies: plans,
        baseline,
        warnings: reader
            .warnings
            .into_iter()
            .filter(|(i, _)| kept.contains(i))
            .map(|(_, w)| w)
            .collect(),
        resolved: String::new(),
        plan_hash: String::new(),
    };
    let found = super::warnings::warnings(&plan);
    plan.warnings.extend(found);
    plan.resolved = resolved::text(&plan, &reader.hashes);
    plan.plan_hash = resolved::hash(&plan.resolved);
    Some(plan)
}

/// A section of the file, if it is there and a table.
pub(crate) fn section<'a>(root: &'a Table, name: &str, problems: &mut Problems) -> Option<&'a Table> {
    root.get(name)?.table(name, problems)
}

/// Name of the scenario: its file's name without the ending.
fn stem(source: &Source) -> String {
    let path = Path::new(&*source.name);
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned());
    name.filter(|n| !n.is_empty()).unwrap_or_else(|| "scenario".to_owned())
}
