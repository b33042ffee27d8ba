//! Reads the study file of a search: `[optimise]`, its cameras and its parameters.

use super::cameras::read_camera;
use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Entry, Kind, Node, Problems, Table, listed, parse, short, suggestion};
use super::files::open_scenario;
use super::load::load;
use super::optimise::{Asked, Bound, CameraGroup, Decision, Method, Optimisation, Selecting};
use super::place::{MountSite, Place};
use super::plan::{CameraPlan, Plan, TeamPlan};
use super::population::{check_format, required};
use super::registry::find;
use super::study::Spread;
use super::study_file::read_overrides;
use super::study_spread::read_spread;
use super::values::read_word;
use std::path::Path;

/// Keys at the top of the file.
const TOP_KEYS: [&str; 10] = [
    "format",
    "title",
    "question",
    "reading",
    "scenario",
    "seed",
    "replications",
    "uncertainty",
    "set",
    "optimise",
];
/// Keys of `[optimise]`.
const KEYS: [&str; 10] = [
    "objectives",
    "constraints",
    "strategies",
    "budget",
    "search",
    "seed",
    "finalists",
    "select",
    "cameras",
    "parameter",
];
/// Keys of `[[optimise.cameras]]`.
const CAMERA_KEYS: [&str; 9] = [
    "mount",
    "at",
    "at_m",
    "street",
    "least",
    "most",
    "count",
    "heading_deg",
    "team",
];
/// Keys that the police decide, besides those of `[programme]`. What people do, how well a matcher works and how things are
/// counted is not for a search to choose.
pub(crate) const DECIDED: [&str; 22] = [
    "time.open",
    "time.close",
    "matcher.threshold",
    "watchlist.size",
    "watchlist.max_size",
    "watchlist.no_children",
    "watchlist.serious_only",
    "watchlist.min_photo_quality",
    "operator.count",
    "operator.decision",
    "operator.rule",
    "operator.policy",
    "operator.break_every_h",
    "officers.pairs",
    "officers.plain_pairs",
    "officers.staff",
    "officers.dispatch",
    "officers.intercept",
    "officers.pursuit_radius_m",
    "camera.height_van_m",
    "camera.height_lamp_m",
    "policy.signs",
];
/// Most objectives, constraints, groups of mounts, decisions, mounts.
const MOST: (usize, usize, usize, usize, usize) = (4, 20, 20, 20, 2000);
/// Placement rules without cameras.
const WITHOUT_CAMERAS: [&str; 2] = ["no-lfr", "warrant-visits"];

/// Reads the study file of a search and its scenario. Paths are relative to its folder.
///
/// # Errors
/// Every problem of the file and, if the file itself is sound so far, of the scenario.
pub fn load_optimisation(path: &Path) -> Result<Optimisation, Diagnostics> {
    let source = open_scenario(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut problems = Problems::default();
    let read = read(&source, folder, &mut problems);
    match read {
        Some(study) if problems.is_empty() => Ok(study),
        _ if problems.is_empty() => Err(vec![Diagnostic::general("the study could not be read", "")]),
        _ => Err(problems.sorted(&source)),
    }
}

fn read(source: &Source, folder: &Path, problems: &mut Problems) -> Option<Optimisation> {
    let root = parse(source, problems)?;
    check_format(&root, source, problems)?;
    root.check_keys("", &TOP_KEYS, problems);
    let top = Node {
        source: source.clone(),
        span: 0..0,
        kind: Kind::Broken,
    };
    let scenario = required(&top, &root, "study", "scenario", problems).and_then(|n| n.text("scenario", problems));
    let overrides = read_overrides(&root, problems);
    let text = |key: &str, problems: &mut Problems| {
        root.get(key)
            .map_or(Some(""), |n| n.text(key, problems))
            .map(str::to_owned)
    };
    let texts = ["title", "question", "reading"].map(|key| text(key, problems));
    let node = required(&top, &root, "study", "optimise", problems)?;
    let table = node.table("optimise", problems)?;
    table.check_keys("optimise", &KEYS, problems);
    let objectives = read_objectives(node, table, problems);
    let constraints = read_constraints(table, problems);
    let decisions = read_decisions(table, problems);
    let numbers = read_numbers(node, table, objectives.as_deref(), problems);
    let (scenario, overrides) = (folder.join(scenario?), overrides?);
    let mut base = match load(&scenario, &overrides) {
        Ok(base) => base,
        Err(found) => {
            problems.extend(found);
            return None;
        }
    };
    let strategies = read_strategies(node, table, &base, problems);
    let cameras = match &strategies {
        Some(strategies) => read_cameras(table, strategies, &mut base, problems),
        None => None,
    };
    let (strategies, cameras, decisions) = (strategies?, cameras?, decisions?);
    check_decided(node, table, &base, &strategies, &cameras, &decisions, problems);
    for d in decisions
        .iter()
        .filter(|d| overrides.set.iter().any(|(k, _)| *k == d.key))
    {
        let message = format!("`{}` is both decided and fixed by [set]", d.key);
        problems.push(node.problem(message, "keep one of the two"));
    }
    let (budget, method, seed, finalists, selecting) = numbers?;
    let [title, question, reading] = texts;
    let name = Path::new(&*source.name)
        .file_stem()
        .map_or("study".to_owned(), |s| s.to_string_lossy().into_owned());
    Some(Optimisation {
        name,
        title: title?,
        question: question?,
        reading: reading?,
        scenario,
        overrides,
        base,
        strategies,
        objectives: objectives?,
        constraints: constraints?,
        cameras,
        decisions,
        budget,
        method,
        seed,
        finalists,
        selecting,
        source: source.clone(),
    })
}

/// A metric by its name, or `{ metric = "..", ratio = "axis" }` with further keys.
fn read_asked(what: &str, node: &Node, more: &[&str], problems: &mut Problems) -> Option<Asked> {
    if let (Kind::Text(metric), []) = (&node.kind, more) {
        return Some(Asked {
            metric: metric.clone(),
            ratio: None,
            at: node.span.clone(),
        });
    }
    let table = node.table(what, problems)?;
    let known: Vec<&str> = ["metric", "ratio"].iter().chain(more).copied().collect();
    table.check_keys(what, &known, problems);
    let place = required(node, table, what, "metric", problems)?;
    let metric = place.text(&format!("{what}.metric"), problems)?.to_owned();
    let ratio = match table.get("ratio") {
        Some(n) => Some(n.text(&format!("{what}.ratio"), problems)?.to_owned()),
        None => None,
    };
    Some(Asked {
        metric,
        ratio,
        at: place.span.clone(),
    })
}

fn read_objectives(node: &Node, table: &Table, problems: &mut Problems) -> Option<Vec<Asked>> {
    let Some(list) = table.get("objectives") else {
        let help = "add objectives = [\"net_arrests\", \"wrongful_stops_expected\"]";
        problems.push(node.problem("the study does not say what is to become more or less", help));
        return None;
    };
    let rows = list.list("optimise.objectives", MOST.0, problems)?;
    if rows.is_empty() {
        problems.push(list.problem("there is no objective", "name one to four metrics"));
        return None;
    }
    let mut all: Vec<Asked> = Vec::new();
    for row in rows {
        let asked = read_asked("optimise.objectives", row, &[], problems)?;
        if all
            .iter()
            .any(|a| (&a.metric, &a.ratio) == (&asked.metric, &asked.ratio))
        {
            problems.push(row.problem(format!("`{}` is named twice", short(&asked.metric)), "name it once"));
        }
        all.push(asked);
    }
    Some(all)
}

fn read_constraints(table: &Table, problems: &mut Problems) -> Option<Vec<Bound>> {
    let what = "optimise.constraints";
    let Some(list) = table.get("constraints") else {
        return Some(Vec::new());
    };
    let mut all = Vec::new();
    for row in list.list(what, MOST.1, problems)? {
        let of = read_asked(what, row, &["at_most", "at_least"], problems)?;
        let own = row.table(what, problems)?;
        let mut limit = |key: &str| match own.get(key) {
            Some(n) => n.any_number(&format!("{what}.{key}"), problems).map(Some),
            None => Some(None),
        };
        let (at_most, at_least) = (limit("at_most")?, limit("at_least")?);
        match (at_most, at_least) {
            (None, None) => problems.push(row.problem(
                "the constraint has no limit",
                "add at_most = 5 or at_least = 1, in the metric's unit per deployment",
            )),
            (Some(most), Some(least)) if least > most => {
                problems.push(row.problem("no value can meet this constraint", "at_least is above at_most"));
            }
            _ => {}
        }
        all.push(Bound { of, at_most, at_least });
    }
    Some(all)
}

fn read_decisions(table: &Table, problems: &mut Problems) -> Option<Vec<Decision>> {
    let Some(list) = table.get("parameter") else {
        return Some(Vec::new());
    };
    let mut all: Vec<Decision> = Vec::new();
    for row in list.list("optimise.parameter", MOST.3, problems)? {
        let Some((key, Spread::Values(values))) = read_spread(row, true, problems) else {
            continue;
        };
        if !DECIDED.contains(&key.as_str()) && !key.starts_with("programme.") {
            let help = format!("what may be decided: {}, and keys of [programme]", listed(&DECIDED));
            let message = format!("`{key}` is not for a search to choose: nobody who places cameras decides it");
            problems.push(row.problem(message, help));
        }
        if all.iter().any(|d| d.key == key) {
            problems.push(row.problem(format!("`{key}` is decided twice"), "name each key once"));
        }
        all.push(Decision { key, values });
    }
    Some(all)
}

type Numbers = (u64, Method, u64, usize, Option<Selecting>);

fn read_numbers(node: &Node, table: &Table, objectives: Option<&[Asked]>, problems: &mut Problems) -> Option<Numbers> {
    let mut whole = |key: &str, default: u64, range: (u64, u64)| match table.get(key) {
        Some(n) => n.whole(&format!("optimise.{key}"), "", range, problems),
        None => Some(default),
    };
    let seed = whole("seed", 1, (0, u64::MAX));
    let finalists = whole("finalists", 5, (1, 50));
    let budget = match table.get("budget") {
        Some(n) => n.whole("optimise.budget", "runs", (1, 1_000_000_000), problems),
        None => {
            let help = "add budget = 4000, the number of runs that the search may use";
            problems.push(node.problem("the study does not say how many runs the search may use", help));
            None
        }
    };
    let method = match table.get("search") {
        Some(n) => [Method::Local, Method::Random][read_word("optimise.search", &Method::WORDS, n, problems)?],
        None => Method::Local,
    };
    let selecting = match table.get("select") {
        Some(n) => Some(read_select(n, objectives?, problems)?),
        None => None,
    };
    Some((budget?, method, seed?, finalists? as usize, selecting))
}

fn read_select(node: &Node, objectives: &[Asked], problems: &mut Problems) -> Option<Selecting> {
    let what = "optimise.select";
    let table = node.table(what, problems)?;
    table.check_keys(what, &["metric", "delta", "error", "first", "most"], problems);
    let place = required(node, table, what, "metric", problems)?;
    let metric = place.text("optimise.select.metric", problems)?;
    let objective = objectives.iter().position(|o| o.metric == metric && o.ratio.is_none());
    if objective.is_none() {
        let names: Vec<&str> = objectives
            .iter()
            .filter(|o| o.ratio.is_none())
            .map(|o| o.metric.as_str())
            .collect();
        let message = format!("`{}` is not one of the objectives", short(metric));
        problems.push(place.problem(message, format!("choose one of {}", listed(&names))));
    }
    let Some(delta) = table.get("delta") else {
        let help = "add delta = 0.2, the smallest difference worth telling apart, in the metric's unit";
        problems.push(node.problem("the selection does not say which difference matters", help));
        return None;
    };
    let delta = delta.number("optimise.select.delta", "", (1e-9, 1e12), problems);
    let error = match table.get("error") {
        Some(n) => n.number("optimise.select.error", "", (0.001, 0.5), problems),
        None => Some(0.05),
    };
    let mut whole = |key: &str, default: u64, range: (u64, u64)| match table.get(key) {
        Some(n) => n.whole(&format!("optimise.select.{key}"), "replications", range, problems),
        None => Some(default),
    };
    let (first, most) = (whole("first", 20, (5, 1000)), whole("most", 400, (5, 1_000_000)));
    let (first, most) = (first? as usize, most? as usize);
    if most < first {
        problems.push(node.problem(
            "`most` is below `first`",
            "`first` replications are run in any case, and no more than `most`",
        ));
    }
    Some(Selecting {
        objective: objective?,
        delta: delta?,
        error: error?,
        first,
        most,
    })
}

/// Whether a strategy has no cameras whatever is decided.
fn without_cameras(base: &Plan, strategy: usize) -> bool {
    let s = &base.strategies[strategy];
    match &base.programme {
        Some(_) => WITHOUT_CAMERAS.contains(&s.values.word(super::registry::param::PLACEMENT)),
        None => s.is_patrol(),
    }
}

fn read_strategies(node: &Node, table: &Table, base: &Plan, problems: &mut Problems) -> Option<Vec<usize>> {
    let chooses = table.get("cameras").is_some();
    let names: Vec<&str> = base.strategies.iter().map(|s| s.name.as_str()).collect();
    let Some(list) = table.get("strategies") else {
        let message = "the study does not say which strategies of the scenario candidates start from";
        problems.push(node.problem(
            message,
            format!("add strategies = [\"..\"] with some of {}", listed(&names)),
        ));
        return None;
    };
    let mut chosen: Vec<usize> = Vec::new();
    for name_node in list.list("optimise.strategies", 64, problems)? {
        let name = name_node.text("optimise.strategies", problems)?;
        let Some(s) = names.iter().position(|n| *n == name) else {
            let help = match suggestion(name, names.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("its strategies are {}", listed(&names)),
            };
            problems.push(name_node.problem(format!("the scenario has no strategy \"{}\"", short(name)), help));
            continue;
        };
        if chosen.contains(&s) {
            problems.push(name_node.problem(format!("\"{name}\" is named twice"), "name it once"));
        }
        if !chooses && without_cameras(base, s) {
            let help = "ordinary patrol is among the points in any case; name strategies with cameras";
            problems.push(name_node.problem(format!("\"{name}\" has no cameras"), help));
        }
        chosen.push(s);
    }
    if chosen.is_empty() || chooses && chosen.len() > 1 {
        let message = if chosen.is_empty() {
            "there is no strategy to start from"
        } else {
            "with [[optimise.cameras]] candidates start from one strategy"
        };
        let help =
            "its settings, teams and officers serve every candidate; its cameras are replaced by those that are chosen";
        problems.push(list.problem(message, help));
        return None;
    }
    Some(chosen)
}

fn read_cameras(
    table: &Table,
    strategies: &[usize],
    base: &mut Plan,
    problems: &mut Problems,
) -> Option<Vec<CameraGroup>> {
    let Some(node) = table.get("cameras") else {
        return Some(Vec::new());
    };
    if base.programme.is_some() {
        let help =
            "in a programme cameras stand where its sites say; choose among `strategies` and keys of [programme]";
        problems.push(node.problem(
            "the scenario is a programme: its cameras cannot be chosen one by one",
            help,
        ));
        return None;
    }
    let teams = base.strategies[*strategies.first()?].teams.clone();
    let mut groups = Vec::new();
    let mut mounts: Vec<CameraPlan> = Vec::new();
    for row in node.list("optimise.cameras", MOST.2, problems)? {
        groups.extend(read_group(row, &teams, &mut base.place, &mut mounts, problems));
    }
    if mounts.len() > MOST.4 {
        let message = format!("{} mounts may be chosen; at most {} are possible", mounts.len(), MOST.4);
        problems.push(node.problem(message, "name fewer streets"));
    }
    Some(groups)
}

/// Reads one `[[optimise.cameras]]`; `taken` holds the mounts of all groups.
fn read_group(
    row: &Node,
    teams: &[TeamPlan],
    place: &mut Place,
    taken: &mut Vec<CameraPlan>,
    problems: &mut Problems,
) -> Option<CameraGroup> {
    let what = "optimise.cameras";
    let table = row.table(what, problems)?;
    table.check_keys(what, &CAMERA_KEYS, problems);
    let (key, items) = read_items(row, table, place, problems)?;
    let first = taken.len();
    for item in &items {
        let shared = ["mount", "count", "heading_deg", "team"];
        let mut own: Vec<Entry> = table
            .0
            .iter()
            .filter(|e| shared.contains(&e.key.as_str()))
            .cloned()
            .collect();
        own.push(Entry {
            key: key.to_owned(),
            span: item.span.clone(),
            value: item.clone(),
        });
        let camera = Node {
            kind: Kind::Table(Table(own)),
            ..item.clone()
        };
        read_camera(&camera, place, teams, taken, problems);
    }
    let mounts = taken[first..].to_vec();
    let mut whole = |key: &str, default: u64| match table.get(key) {
        Some(n) => n.whole(
            &format!("{what}.{key}"),
            "mounts",
            (0, items.len().max(1) as u64),
            problems,
        ),
        None => Some(default),
    };
    let (least, most) = (whole("least", 0)?, whole("most", items.len() as u64)?);
    if least > most || most == 0 {
        problems.push(row.problem(
            "nothing can be chosen from these mounts",
            "`most` is at least 1, and not below `least`",
        ));
        return None;
    }
    Some(CameraGroup {
        mounts,
        least: least as usize,
        most: most as usize,
    })
}

/// The mounts of a group one by one, and the key that names each.
fn read_items(row: &Node, table: &Table, place: &Place, problems: &mut Problems) -> Option<(&'static str, Vec<Node>)> {
    let what = "optimise.cameras";
    let given: Vec<&'static str> = ["at", "at_m", "street"]
        .into_iter()
        .filter(|k| table.get(k).is_some())
        .collect();
    let &[key] = given.as_slice() else {
        let help = "give at = [\"mount-id\", ..], street = [\"Street Name\", ..], or on a sketch at_m = [100, 200]";
        problems.push(row.problem("give one of `at`, `at_m` and `street`", help));
        return None;
    };
    let list = table.get(key)?;
    let items = list.list(&format!("{what}.{key}"), MOST.4, problems)?;
    let found = match key {
        "street" => mounts_along(row, table, items, place, problems)?,
        _ => items.to_vec(),
    };
    if found.is_empty() {
        problems.push(list.problem("there is no mount to choose", "name at least one"));
        return None;
    }
    Some((if key == "at_m" { "at_m" } else { "at" }, found))
}

/// Every mount of the wanted kind along streets of these names.
fn mounts_along(
    row: &Node,
    table: &Table,
    names: &[Node],
    place: &Place,
    problems: &mut Problems,
) -> Option<Vec<Node>> {
    let kind = required(row, table, "optimise.cameras", "mount", problems)?;
    let wanted =
        [MountSite::VanBay, MountSite::Lamp][read_word("optimise.cameras.mount", &["van", "lamp"], kind, problems)?];
    let mut all = Vec::new();
    for node in names {
        let name = node.text("optimise.cameras.street", problems)?;
        let known = || place.edges.iter().map(|e| e.name.as_str()).filter(|n| !n.is_empty());
        let along = place
            .mounts
            .iter()
            .filter(|m| m.kind == wanted && place.edges[m.edge].name == name);
        let before = all.len();
        all.extend(along.map(|m| Node {
            kind: Kind::Text(m.id.clone()),
            ..node.clone()
        }));
        if all.len() == before {
            let help = match suggestion(name, known()) {
                Some(near) if near != name => format!("did you mean \"{near}\"?"),
                _ => "name a street of the place that has such mounts, or mounts by `at`".to_owned(),
            };
            problems.push(node.problem(format!("no such mount stands along \"{}\"", short(name)), help));
        }
    }
    Some(all)
}

/// Reports a study that decides nothing, and keys that a strategy sets itself, where a decision would not reach it.
fn check_decided(
    node: &Node,
    table: &Table,
    base: &Plan,
    strategies: &[usize],
    cameras: &[CameraGroup],
    decisions: &[Decision],
    problems: &mut Problems,
) {
    if cameras.is_empty() && decisions.is_empty() && strategies.len() < 2 {
        let help = "add [[optimise.cameras]], [[optimise.parameter]], or several strategies";
        problems.push(node.problem("the study leaves nothing to decide", help));
    }
    let rows = match table.get("parameter").map(|n| &n.kind) {
        Some(Kind::List(rows)) => rows.as_slice(),
        _ => &[],
    };
    for (decision, row) in decisions.iter().zip(rows) {
        let Some(id) = find(&decision.key) else { continue };
        for s in strategies.iter().map(|s| &base.strategies[*s]) {
            if s.overrides.contains(&id) {
                let message = format!(
                    "strategy {} sets `{}` itself, so that no decision reaches it",
                    s.name, decision.key
                );
                problems.push(row.problem(message, "start from another strategy, or remove the key from its `set`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::flags::known_keys;
    use super::*;

    #[test]
    fn what_may_be_decided_are_keys_that_can_be_set() {
        for key in DECIDED {
            assert!(known_keys().any(|k| k == key), "{key}");
        }
    }
}
