//! Reads a study file: the base scenario, what is varied over which range, the design, and what is shown.

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Entry, Kind, Node, Problems, Table, parse, parse_value, plain, short, suggestion};
use super::files::{LARGEST_PLACE, open_beside, open_scenario};
use super::flags::known_keys;
use super::load::Overrides;
use super::plan::Value;
use super::population::{check_format, required};
use super::registry::{self, ParamId, find};
use super::study::{Points, Spread, Study};
use super::values::{read_doubtful, read_parameter, read_word};
use crate::stats::design::{Design, MOST_SOBOL, MOST_SOBOL_DIMENSIONS};
use std::path::Path;

/// Most points of a study.
const MOST_POINTS: u64 = 10_000_000;
/// Most parameters of a study.
const MOST_PARAMETERS: usize = 256;
/// Kinds of designs, in the order of the documentation.
pub(crate) const KINDS: [&str; 7] = ["grid", "list", "csv", "latin-hypercube", "sobol", "saltelli", "morris"];
/// Keys at the top of a study file.
pub(crate) const TOP_KEYS: [&str; 14] = [
    "format",
    "title",
    "question",
    "reading",
    "scenario",
    "seed",
    "replications",
    "uncertainty",
    "strategies",
    "metrics",
    "shards",
    "set",
    "design",
    "parameter",
];
const PARAMETER_KEYS: [&str; 11] = [
    "key",
    "low",
    "high",
    "steps",
    "scale",
    "values",
    "prior",
    "beta",
    "normal",
    "lognormal",
    "logit_normal",
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
fn read_overrides(root: &Table, problems: &mut Problems) -> Option<Overrides> {
    let mut overrides = Overrides::default();
    if let Some(n) = root.get("seed") {
        overrides.seed = Some(n.whole("seed", "", (0, u64::MAX), problems)?);
    }
    if let Some(n) = root.get("replications") {
        overrides.replications = Some(n.whole("replications", "", (2, 1_000_000), problems)? as u32);
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

/// Reads one `[[parameter]]`; in a grid a range is cut into steps.
fn read_spread(node: &Node, grid: bool, problems: &mut Problems) -> Option<(String, Spread)> {
    let table = node.table("parameter", problems)?;
    table.check_keys("parameter", &PARAMETER_KEYS, problems);
    let key_node = required(node, table, "parameter", "key", problems)?;
    let key = key_node.text("parameter.key", problems)?;
    check_key(key, key_node, problems)?;
    if let Some(values) = table.get("values") {
        let list = values.list("parameter.values", 100_000, problems)?;
        if list.is_empty() {
            problems.push(values.problem(format!("`{key}` has no values"), "give at least one"));
            return None;
        }
        list.iter().for_each(|v| check_value(key, v, problems));
        let texts = list.iter().map(written).collect();
        return Some((key.to_owned(), Spread::Values(texts)));
    }
    let id = find(key).filter(|id| {
        matches!(
            id.row().kind,
            registry::Kind::Number { .. } | registry::Kind::Whole { .. }
        )
    });
    let Some(id) = id else {
        let message = format!("`{key}` is not a number, so it has no range");
        problems.push(node.problem(message, "list what it may be: values = [\"...\", \"...\"]"));
        return None;
    };
    let spread = read_range(key, id, node, table, problems)?;
    if !grid {
        if let Some(steps) = table.get("steps") {
            problems.push(steps.problem(
                "`steps` belongs to kind = \"grid\"",
                "other designs choose the values themselves",
            ));
        }
        return Some((key.to_owned(), spread));
    }
    let Some(steps) = table.get("steps") else {
        let help = "add steps = 5, or list them: values = [0.56, 0.60, 0.64]";
        problems.push(node.problem(format!("the grid needs to know which values of `{key}` to try"), help));
        return None;
    };
    let n = steps.whole("parameter.steps", "", (2, 100_000), problems)?;
    let mut texts: Vec<String> = (0..n).map(|i| spread.at(i as f64 / (n - 1) as f64)).collect();
    texts.dedup();
    Some((key.to_owned(), Spread::Values(texts)))
}

fn read_range(key: &str, id: ParamId, node: &Node, table: &Table, problems: &mut Problems) -> Option<Spread> {
    let row = id.row();
    let (bounds, whole) = match row.kind {
        registry::Kind::Whole { min, max, .. } => ((f64::from(min), f64::from(max)), true),
        registry::Kind::Number { min, max, .. } => ((min, max), false),
        _ => return None,
    };
    if let Some(prior) = table.get("prior") {
        read_word("parameter.prior", &["registry"], prior, problems)?;
        let Some(prior) = row.prior else {
            let message = format!("`{key}` has no prior in the registry");
            problems.push(node.problem(message, "give low and high, or a prior such as beta = [a, b]"));
            return None;
        };
        return Some(Spread::Law { prior, bounds });
    }
    let forms = ["low", "high", "beta", "normal", "lognormal", "logit_normal"];
    let own: Vec<Entry> = table
        .0
        .iter()
        .filter(|e| forms.contains(&e.key.as_str()))
        .cloned()
        .collect();
    if own.is_empty() {
        let help = "give low and high, values = [..], beta = [a, b], normal = [mean, sd], lognormal = [median, log_sd], or prior = \"registry\"";
        problems.push(node.problem(format!("the study does not say what `{key}` is spread over"), help));
        return None;
    }
    let spread = Node {
        kind: Kind::Table(Table(own)),
        ..node.clone()
    };
    let Value { prior, .. } = read_doubtful(key, row.unit, bounds, &spread, problems)?;
    let prior = prior?;
    let log = match table.get("scale") {
        Some(n) => read_word("parameter.scale", &["linear", "log"], n, problems)? == 1,
        None => false,
    };
    match prior {
        super::prior::Prior::Uniform { low, high } if whole && !log => {
            let (low, high) = (libm::ceil(low), libm::floor(high));
            if high < low {
                problems.push(node.problem(format!("there is no whole number in the range of `{key}`"), ""));
                return None;
            }
            Some(Spread::Whole {
                low: low as u64,
                high: high as u64,
            })
        }
        super::prior::Prior::Uniform { low, high } if log => {
            if low <= 0.0 || whole {
                let message = format!("`{key}` cannot be spread over the logarithm from {}", plain(low));
                problems.push(node.problem(
                    message,
                    "a log scale needs low above 0 and a number that need not be whole",
                ));
                return None;
            }
            Some(Spread::Log { low, high })
        }
        _ if log || whole => {
            let what = if log { "a log scale" } else { "a whole number" };
            problems.push(node.problem(format!("{what} takes low and high, not a prior: `{key}`"), ""));
            None
        }
        prior => Some(Spread::Law { prior, bounds }),
    }
}

/// `points = [{ "matcher.threshold" = 0.6, .. }, ..]`: every point sets the same keys.
fn read_list(node: &Node, problems: &mut Problems) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let list = node.list("design.points", 100_000, problems)?;
    let mut keys: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (i, point) in list.iter().enumerate() {
        let table = point.table("design.points", problems)?;
        if i == 0 {
            keys = table.0.iter().map(|e| e.key.clone()).collect();
            for entry in &table.0 {
                check_key(&entry.key, &entry.key_node(), problems);
            }
        }
        let known: Vec<&str> = keys.iter().map(String::as_str).collect();
        table.check_keys("design.points", &known, problems);
        let mut row = Vec::new();
        for key in &keys {
            let Some(value) = table.get(key) else {
                problems.push(point.problem(
                    format!("this point does not set `{key}`"),
                    "every point sets the same keys",
                ));
                continue;
            };
            check_value(key, value, problems);
            row.push(written(value));
        }
        rows.push(row);
    }
    Some((keys, rows))
}

/// A CSV file whose header names keys and whose rows are points.
fn read_csv(node: &Node, folder: &Path, problems: &mut Problems) -> Option<(Vec<String>, Vec<Vec<String>>)> {
    let source = open_beside("design.file", node, folder, LARGEST_PLACE, problems)?;
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let broken = |e: csv::Error, problems: &mut Problems| {
        let at = e.position().map_or(0, |p| p.byte() as usize).min(source.text.len());
        let help = "the first line names keys of the scenario, every further line has one value for each";
        problems.push(Diagnostic::at(
            &source,
            at..at,
            format!("the table of points cannot be read: {e}"),
            help,
        ));
    };
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(e) => {
            broken(e, problems);
            return None;
        }
    };
    let end = source.text.find('\n').unwrap_or(source.text.len());
    let place = |span: std::ops::Range<usize>| Node {
        source: source.clone(),
        span,
        kind: Kind::Broken,
    };
    let keys: Vec<String> = header.iter().map(str::to_owned).collect();
    for key in &keys {
        check_key(key, &place(0..end), problems);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                broken(e, problems);
                return None;
            }
        };
        let start = record
            .position()
            .map_or(0, |p| p.byte() as usize)
            .min(source.text.len());
        let end = source.text[start..].find('\n').map_or(source.text.len(), |i| start + i);
        for (key, value) in keys.iter().zip(&record) {
            check_text(key, value, &place(start..end), problems);
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Some((keys, rows))
}

/// Reports a key that no scenario has.
fn check_key(key: &str, node: &Node, problems: &mut Problems) -> Option<()> {
    if known_keys().any(|k| k == key) && !matches!(key, "seed" | "replications" | "baseline" | "uncertainty" | "level")
    {
        return Some(());
    }
    let help = match suggestion(key, known_keys()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "give a full key of the scenario file, as in matcher.threshold".to_owned(),
    };
    problems.push(node.problem(format!("a study cannot set `{}`", short(key)), help));
    None
}

/// Checks a value of a registered parameter; other keys are checked with the scenario.
fn check_value(key: &str, node: &Node, problems: &mut Problems) {
    if let Some(id) = find(key) {
        read_parameter(id, node, problems);
    }
}

/// As [`check_value`], for a value that stands in a line of a table.
fn check_text(key: &str, text: &str, line: &Node, problems: &mut Problems) {
    let source = Source::new("value", text);
    let bare = || Node {
        source: source.clone(),
        span: 0..text.len(),
        kind: Kind::Text(text.to_owned()),
    };
    let node = parse_value(&source, 0, &mut Problems::default()).unwrap_or_else(bare);
    let mut found = Problems::default();
    check_value(key, &node, &mut found);
    for problem in found.into_list() {
        problems.push(line.problem(problem.message, problem.help));
    }
}

/// A value as it is written in the file.
fn written(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) if is_bare(text) => text.clone(),
        _ => node
            .source
            .text
            .get(node.span.clone())
            .unwrap_or_default()
            .trim()
            .to_owned(),
    }
}

/// Whether a text can stand for itself, because it is no other value of TOML.
fn is_bare(text: &str) -> bool {
    let plain = !text.is_empty() && !text.starts_with(['"', '\'', '[', '{']);
    plain && parse_value(&Source::new("value", text), 0, &mut Problems::default()).is_none()
}
