//! Reads a study file: the base scenario, what is varied over which range, the design, and what is shown.

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Kind, Node, Problems, Table, parse};
use super::files::open_scenario;
use super::overrides::Overrides;
use super::population::{check_format, required};
use super::study::{Points, Spread, Study};
use super::study_points::{check_key, check_value, read_csv, read_list, written};
use super::study_spread::read_spread;
use super::study_stopping::{MOST_REPLICATIONS, read_stopping};
use super::values::read_word;
use crate::stats::design::{Design, MOST_SOBOL, MOST_SOBOL_DIMENSIONS};
use std::path::Path;

/// Most points of a study.
const MOST_POINTS: u64 = 10_000_000;
/// Most parameters of a study.
const MOST_PARAMETERS: usize = 256;
/// Kinds of designs, in the order of the documentation.
pub(crate) const KINDS: [&str; 7] = ["grid", "list", "csv", "latin-hypercube", "sobol", "saltelli", "morris"];
/// Keys at the top of a study file.
pub(crate) const TOP_KEYS: [&str; 15] = [
    "format",
    "title",
    "question",
    "reading",
    "scenario",
    "seed",
    "replications",
    "precision",
    "uncertainty",
    "strategies",
    "metrics",
    "shards",
    "set",
    "design",
    "parameter",
];

/// Reads a study file. Paths in it are relative to its folder.
///
/// # Errors
/// Every problem of the file.
pub fn load_study(path: &Path) -> Result<Study, Diagnostics> {
    let source = open_scenario(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut problems = Problems::default();
    let study = read(&source, folder, &mut problems);
    match study {
        Some(study) if problems.is_empty() => Ok(study),
        _ if problems.is_empty() => Err(vec![Diagnostic::general("the study could not be read", "")]),
        _ => Err(problems.sorted(&source)),
    }
}

fn read(source: &Source, folder: &Path, problems: &mut Problems) -> Option<Study> {
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
    let (title, question, reading) = (
        text("title", problems),
        text("question", problems),
        text("reading", problems),
    );
    let metrics = root
        .get("metrics")
        .map_or(Some(Vec::new()), |n| n.texts("metrics", problems));
    let shards = match root.get("shards") {
        Some(n) => Some(n.whole("shards", "", (1, 10_000), problems)? as u32),
        None => None,
    };
    let precision = match root.get("precision") {
        Some(n) => Some(read_stopping(n, problems)?),
        None => None,
    };
    if let (Some(n), Some(_)) = (root.get("replications"), &precision) {
        let help = "keep one of the two; a rule of stopping has its own cap, at_most";
        problems.push(n.problem(
            "`replications` and `precision` both say how often a point is repeated",
            help,
        ));
    }
    let design = required(&top, &root, "study", "design", problems)?;
    let (kind, keys, spreads, points) = read_design(design, &root, folder, problems)?;
    let path = Path::new(&*source.name);
    let name = path
        .file_stem()
        .map_or("study".to_owned(), |s| s.to_string_lossy().into_owned());
    let study = Study {
        name,
        title: title?,
        question: question?,
        reading: reading?,
        scenario: folder.join(scenario?),
        overrides: overrides?,
        keys,
        spreads,
        kind,
        points,
        precision,
        metrics: metrics?,
        shards,
        text: source.text.to_string(),
    };
    for key in study
        .keys
        .iter()
        .filter(|k| study.overrides.set.iter().any(|(set, _)| set == *k))
    {
        problems.push(design.problem(
            format!("`{key}` is both varied and fixed by [set]"),
            "keep one of the two",
        ));
    }
    if study.len() as u64 > MOST_POINTS || study.is_empty() {
        let message = format!("the design has {} points; 1 to {MOST_POINTS} are possible", study.len());
        problems.push(design.problem(message, ""));
    }
    Some(study)
}

/// What the study fixes about the base scenario.
pub(crate) fn read_overrides(root: &Table, problems: &mut Problems) -> Option<Overrides> {
    let mut overrides = Overrides::default();
    if let Some(n) = root.get("seed") {
        overrides.seed = Some(n.whole("seed", "", (0, u64::MAX), problems)?);
    }
    if let Some(n) = root.get("replications") {
        overrides.replications = Some(n.whole("replications", "", (2, MOST_REPLICATIONS), problems)? as u32);
    }
    if let Some(n) = root.get("uncertainty") {
        overrides.uncertainty = Some(read_word("uncertainty", &["off", "on"], n, problems)? == 1);
    }
    if let Some(n) = root.get("strategies") {
        overrides.strategies = Some(n.texts("strategies", problems)?);
    }
    if let Some(set) = root.get("set").and_then(|n| n.table("set", problems)) {
        for entry in &set.0 {
            check_key(&entry.key, &entry.key_node(), problems);
            check_value(&entry.key, &entry.value, problems);
            overrides.set.push((entry.key.clone(), written(&entry.value)));
        }
    }
    Some(overrides)
}

type Read = (String, Vec<String>, Vec<Spread>, Points);

fn read_design(node: &Node, root: &Table, folder: &Path, problems: &mut Problems) -> Option<Read> {
    let table = node.table("design", problems)?;
    let kind_node = required(node, table, "design", "kind", problems)?;
    let kind = KINDS[read_word("design.kind", &KINDS, kind_node, problems)?];
    let known: &[&str] = match kind {
        "grid" => &["kind"],
        "list" => &["kind", "points"],
        "csv" => &["kind", "file"],
        "saltelli" => &["kind", "base", "seed"],
        "morris" => &["kind", "trajectories", "levels", "seed"],
        _ => &["kind", "points", "seed"],
    };
    table.check_keys("design", known, problems);
    if matches!(kind, "list" | "csv") {
        if let Some(extra) = root.get("parameter") {
            let help = "with kind = \"list\" and \"csv\" the points say themselves which keys they set";
            problems.push(extra.problem(format!("[[parameter]] has no meaning with kind = \"{kind}\""), help));
        }
        let (keys, rows) = match kind {
            "list" => read_list(required(node, table, "design", "points", problems)?, problems)?,
            _ => read_csv(required(node, table, "design", "file", problems)?, folder, problems)?,
        };
        return Some((kind.to_owned(), keys, Vec::new(), Points::Listed(rows)));
    }
    let Some(parameters) = root.get("parameter") else {
        let help = "add [[parameter]] key = \"matcher.threshold\", low = 0.56, high = 0.70";
        problems.push(node.problem("the study varies nothing", help));
        return None;
    };
    let (mut keys, mut spreads): (Vec<String>, Vec<Spread>) = (Vec::new(), Vec::new());
    for row in parameters.list("parameter", MOST_PARAMETERS, problems)? {
        let Some((key, spread)) = read_spread(row, kind == "grid", problems) else {
            continue;
        };
        if keys.contains(&key) {
            problems.push(row.problem(format!("`{key}` is varied twice"), "name each key once"));
        }
        keys.push(key);
        spreads.push(spread);
    }
    let design = build(kind, node, table, &spreads, problems)?;
    Some((kind.to_owned(), keys, spreads, Points::Designed(design)))
}

/// Makes the design over the parameters' spreads.
fn build(kind: &str, node: &Node, table: &Table, spreads: &[Spread], problems: &mut Problems) -> Option<Design> {
    let k = spreads.len();
    let whole = |key: &str, default: Option<u64>, range: (u64, u64), problems: &mut Problems| match table.get(key) {
        Some(n) => n.whole(&format!("design.{key}"), "", range, problems),
        None if default.is_some() => default,
        None => {
            problems.push(node.problem(
                format!("a {kind} design needs `{key}`"),
                format!("add {key} = 64 to [design]"),
            ));
            None
        }
    };
    let seed = whole("seed", Some(1), (0, u64::MAX), problems)?;
    let most = (MOST_SOBOL as u64, MOST_SOBOL_DIMENSIONS);
    let narrow = |dimensions: usize, problems: &mut Problems| {
        if dimensions > most.1 {
            let message = format!("a {kind} design has at most {} dimensions, not {dimensions}", most.1);
            problems.push(node.problem(message, "vary fewer parameters, or use kind = \"latin-hypercube\""));
        }
    };
    Some(match kind {
        "grid" => Design::Grid {
            levels: spreads
                .iter()
                .map(|s| if let Spread::Values(v) = s { v.len() } else { 1 })
                .collect(),
        },
        "latin-hypercube" => {
            Design::latin_hypercube(whole("points", None, (1, MOST_POINTS), problems)? as usize, k, seed)
        }
        "sobol" => {
            narrow(k, problems);
            Design::Sobol {
                n: whole("points", None, (1, most.0), problems)? as usize,
                dimensions: k,
                seed,
            }
        }
        "saltelli" => {
            narrow(2 * k, problems);
            Design::Saltelli {
                n: whole("base", None, (4, most.0), problems)? as usize,
                dimensions: k,
                seed,
            }
        }
        _ => {
            let levels = whole("levels", Some(4), (2, 100), problems)? as u32;
            if levels % 2 == 1 {
                let help = "an even number lets the step of levels / (2 (levels - 1)) meet every level equally often";
                problems.push(
                    table
                        .get("levels")
                        .unwrap_or(node)
                        .problem("`design.levels` must be even", help),
                );
                return None;
            }
            let trajectories = whole("trajectories", None, (2, 100_000), problems)? as usize;
            Design::Morris {
                trajectories,
                dimensions: k,
                levels,
                seed,
            }
        }
    })
}
