//! From a scenario file to a frozen [`Plan`], with every problem of the file reported at once.

use super::calibration_file::read_named;
use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Problems, Table, parse};
use super::files::open_scenario;
use super::flags;
use super::heading::{day_type, read_heading, read_when, usual_day};
use super::overrides::Overrides;
use super::plan::{Plan, StrategyPlan};
use super::population::check_format;
use super::programme_file;
use super::reader::Reader;
use super::resolve::check_placements;
use super::resolved::{self, Hashes};
use super::sections::{SECTIONS, other_keys, section};
use super::selection::{keep, read_baseline};
use super::strategy::{Ground, Strategy, read_strategies};
use super::values::{Setting, read_section};
use std::path::Path;

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

const TOP_KEYS: [&str; 14] = [
    "format",
    "calibration",
    "title",
    "question",
    "reading",
    "sources",
    "stamp",
    "published",
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
    let subject = Subject::of(&root, problems);
    let when = match subject {
        Subject::Day => read_when(section(&root, "time", &mut Problems::default()), problems),
        Subject::Programme(_) => None,
    };
    let mut settings = Vec::new();
    for name in SECTIONS {
        if let Some(table) = section(&root, name, problems) {
            settings.extend(read_section(name, table, other_keys(name), problems));
        }
    }
    let calibration = root.get("calibration").map(|node| read_named(node, folder, problems));
    let fitted = calibration.iter().flatten().flat_map(|c| c.settings.clone()).collect();
    let mut reader = Reader {
        root: &root,
        fitted,
        source,
        folder,
        hashes: Hashes::default(),
        warnings: Vec::new(),
        notes: Vec::new(),
    };
    let people = reader.read_people(problems);
    let watchlist = people.as_ref().and_then(|p| reader.read_watchlist(p, problems));
    let (mut place, file) = match subject {
        Subject::Day => (reader.read_place(problems), None),
        Subject::Programme(table) => {
            let file = people
                .as_ref()
                .and_then(|people| reader.read_programme(table, people, problems));
            (file.as_ref().map(programme_file::city), file)
        }
    };
    let strategies = match (root.get("strategy"), &subject) {
        (Some(node), Subject::Day) => read_strategies(node, Ground::Streets(place.as_mut()), problems),
        (Some(node), Subject::Programme(_)) => {
            read_strategies(node, Ground::Programme(&mut reader, file.as_ref()), problems)
        }
        (None, _) => {
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
    let (values, plans) = resolved?;
    check_subject(&subject, &settings, &strategies, &plans, problems);
    if !problems.is_empty() {
        return None;
    }
    let (heading, place, people, watchlist) = (heading?, place?, people?, watchlist?);
    let when = match (when, &file) {
        (Some(when), _) => when,
        (None, Some(file)) => usual_day(file.from),
        (None, None) => return None,
    };
    let (kept, baseline) = (kept?, baseline?);
    let (plans, rules) = (
        kept_of(&kept, plans),
        kept_of(&kept, strategies.into_iter().map(|s| s.rule).collect()),
    );
    let mut plan = Plan {
        scenario: stem(source),
        title: heading.title,
        question: heading.question,
        reading: heading.reading,
        sources: heading.sources,
        stamp: heading.stamp,
        published: heading.published,
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
        programme: None,
        strategies: plans,
        baseline,
        warnings: reader
            .warnings
            .into_iter()
            .filter(|(i, _)| kept.contains(i))
            .map(|(_, w)| w)
            .chain(reader.notes)
            .collect(),
        calibration: calibration.flatten().map(|c| c.remembered()),
        resolved: String::new(),
        plan_hash: String::new(),
    };
    if let Some(file) = file {
        plan.programme = Some(Box::new(programme_file::programme(file, &plan, rules)));
    }
    let found = super::warnings::warnings(&plan);
    plan.warnings.extend(found);
    plan.resolved = resolved::text(&plan, &reader.hashes);
    plan.plan_hash = resolved::hash(&plan.resolved);
    Some(plan)
}

/// What a scenario is about.
enum Subject<'a> {
    /// One day at one place.
    Day,
    /// Many deployments over many days.
    Programme(&'a Table),
}

impl<'a> Subject<'a> {
    /// Tells the two apart by `[programme]`, and reports what belongs to the other.
    fn of(root: &'a Table, problems: &mut Problems) -> Self {
        let Some(table) = section(root, "programme", &mut Problems::default()) else {
            return Subject::Day;
        };
        let people = section(root, "people", &mut Problems::default());
        let time = section(root, "time", &mut Problems::default());
        let of = |table: Option<&'a Table>, key: &str| table.and_then(|t| t.0.iter().find(|e| e.key == key));
        let others = [
            (
                of(Some(root), "place"),
                "[place] is for one day; a programme has [programme] sites",
            ),
            (
                of(time, "date"),
                "time.date is for one day; a programme has [programme] from and until",
            ),
            (
                of(time, "open"),
                "time.open is for one day; opening hours of a programme are drawn or come from a calendar",
            ),
            (
                of(time, "close"),
                "time.close is for one day; a programme draws how long deployments last",
            ),
            (
                of(people, "arrivals"),
                "[[people.arrivals]] is for one day; sites say how many people pass",
            ),
        ];
        for (entry, message) in others {
            if let Some(entry) = entry {
                problems.push(entry.problem(
                    message,
                    "a scenario asks about one day at one place, or about a programme: keep one",
                ));
            }
        }
        Subject::Programme(table)
    }
}

/// What only shows when the values of all strategies are known.
fn check_subject(
    subject: &Subject,
    settings: &[Setting],
    strategies: &[Strategy],
    plans: &[StrategyPlan],
    problems: &mut Problems,
) {
    if let Subject::Programme(_) = subject {
        return check_placements(strategies, plans, problems);
    }
    for setting in settings.iter().chain(strategies.iter().flat_map(|s| &s.set)) {
        let key = setting.id.row().key;
        if key.starts_with("programme.") || key.starts_with("retrospective.") {
            let message = format!("`{key}` means nothing in a scenario of one day");
            problems.push(
                setting
                    .node
                    .problem(message, "replace [time] and [place] by [programme]"),
            );
        }
    }
}

/// The strategies that the command line keeps.
fn kept_of<T>(kept: &[usize], all: Vec<T>) -> Vec<T> {
    let numbered = all.into_iter().enumerate();
    numbered.filter(|(i, _)| kept.contains(i)).map(|(_, one)| one).collect()
}

/// Name of the scenario: its file's name without the ending.
fn stem(source: &Source) -> String {
    let path = Path::new(&*source.name);
    let name = path.file_stem().map(|s| s.to_string_lossy().into_owned());
    name.filter(|n| !n.is_empty()).unwrap_or_else(|| "scenario".to_owned())
}
