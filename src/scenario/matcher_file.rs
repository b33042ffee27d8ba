//! Who is confused with whom: a matcher table, by axis, and the settings that come with it.

use super::document::{Node, Problems, short, suggestion};
use super::files::DataFile;
use super::plan::{Axes, MatcherTable, Value};
use super::population::{cells_where, find_axis, find_level, open_table, required};
use super::reference::reference_shares;
use super::values::{Setting, certain, read_doubtful, read_parameter};

/// Mean factor of the false match rate over the reference crowd and list (London passers-by and the assumed list of the
/// force, by ethnicity and sex) under `inferred-2025`, at which the default `matcher.false_match_level` was fitted.
const REFERENCE_MEAN: f64 = 0.490_080_03;

/// Bounds of a factor of the false match rate.
const FACTOR: (f64, f64) = (1e-6, 1e6);

/// A matcher table and the parameters that it sets.
#[derive(Clone)]
pub(crate) struct Matcher {
    pub table: MatcherTable,
    pub set: Vec<Setting>,
    /// Whether the table says anything about an axis of this crowd.
    pub speaks: bool,
}

/// Reads a matcher table for the crowd's axes. What it does not name has factor 1.
pub(crate) fn read_matcher(file: &DataFile, axes: &Axes, problems: &mut Problems) -> Option<Matcher> {
    let (root, header) = open_table(&file.source, &["axis", "cell", "set", "reference_mean"], problems)?;
    let mut matcher = Matcher {
        table: MatcherTable {
            name: file.name.clone(),
            title: header.title,
            sources: header.sources,
            multiplier: axes.0.iter().map(|a| vec![certain(1.0); a.levels.len()]).collect(),
            unlike: vec![certain(1.0); axes.0.len()],
            genuine_shift: axes.0.iter().map(|a| vec![0.0; a.levels.len()]).collect(),
            cell_factor: vec![1.0; axes.cells()],
            reference_mean: REFERENCE_MEAN,
            reference: reference_shares(axes),
            plain_rate: Vec::new(),
        },
        set: Vec::new(),
        speaks: false,
    };
    if let Some(node) = root.get("reference_mean") {
        matcher.table.reference_mean = node.number("reference_mean", "", FACTOR, problems)?;
    }
    if let Some(list) = root.get("axis").and_then(|n| n.list("axis", 64, problems)) {
        for node in list {
            read_axis(node, axes, file.shipped, &mut matcher, problems);
        }
    }
    if let Some(list) = root.get("cell").and_then(|n| n.list("cell", 10_000, problems)) {
        for node in list {
            read_cell(node, axes, &mut matcher.table, problems);
        }
    }
    if let Some(set) = root.get("set").and_then(|n| n.table("set", problems)) {
        for entry in &set.0 {
            matcher.set.extend(read_setting(entry, problems));
        }
    }
    Some(matcher)
}

/// A shipped table for a crowd's axes, with the parameters that it sets. None if there is no such table, or it says nothing
/// about any of the axes.
pub fn shipped_matcher(name: &str, axes: &Axes) -> Option<(MatcherTable, Vec<(super::registry::ParamId, Value)>)> {
    let file = super::files::MATCHERS.preset(name)?;
    let matcher = read_matcher(&file, axes, &mut Problems::default()).filter(|m| m.speaks)?;
    Some((matcher.table, matcher.set.iter().map(|s| (s.id, s.value)).collect()))
}

/// Reads one key of `[set]`: a parameter of the matcher, by its full key.
fn read_setting(entry: &super::document::Entry, problems: &mut Problems) -> Option<Setting> {
    let keys = || {
        let all = super::registry::PARAMETERS.iter().map(|p| p.key);
        all.filter(|k| k.starts_with("matcher."))
    };
    let Some(id) = super::registry::find(&entry.key).filter(|id| id.row().key.starts_with("matcher.")) else {
        let help = match suggestion(&entry.key, keys()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "a matcher file sets keys of the matcher, in quotes, as in \"matcher.score_slope\" = 45".to_owned(),
        };
        let message = format!("unknown key `{}` in [set]", short(&entry.key));
        problems.push(entry.problem(message, help));
        return None;
    };
    let value = read_parameter(id, &entry.value, problems)?;
    Some(Setting {
        id,
        value,
        node: entry.value.clone(),
    })
}

fn read_axis(node: &Node, axes: &Axes, shipped: bool, matcher: &mut Matcher, problems: &mut Problems) -> Option<()> {
    let row = node.table("axis", problems)?;
    row.check_keys("axis", &["name", "unlike", "multiplier", "genuine_shift"], problems);
    let name_node = required(node, row, "axis", "name", problems)?;
    let name = name_node.text("axis.name", problems)?;
    let Some(index) = find_axis(axes, name) else {
        // A shipped table serves crowds that differ on fewer axes; a user's own is expected to fit.
        if !shipped {
            let names: Vec<&str> = axes.0.iter().map(|a| a.name.as_str()).collect();
            let help = match suggestion(name, names.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("its axes are {}", super::document::listed(&names)),
            };
            problems.push(name_node.problem(format!("the crowd has no axis \"{}\"", short(name)), help));
        }
        return None;
    };
    matcher.speaks = true;
    let axis = &axes.0[index];
    let table = &mut matcher.table;
    if let Some(unlike) = row.get("unlike") {
        table.unlike[index] = read_doubtful("axis.unlike", "", FACTOR, unlike, problems)?;
    }
    if let Some(multiplier) = row.get("multiplier").and_then(|n| n.table("axis.multiplier", problems)) {
        for entry in &multiplier.0 {
            let value: Option<Value> = read_doubtful("axis.multiplier", "", FACTOR, &entry.value, problems);
            let level = find_level(axis, &entry.key, &entry.key_node(), problems);
            if let (Some(value), Some(level)) = (value, level) {
                table.multiplier[index][level] = value;
            }
        }
    }
    if let Some(shifts) = row
        .get("genuine_shift")
        .and_then(|n| n.table("axis.genuine_shift", problems))
    {
        for entry in &shifts.0 {
            let shift = entry.value.number("axis.genuine_shift", "score", (-1.0, 1.0), problems);
            let level = find_level(axis, &entry.key, &entry.key_node(), problems);
            if let (Some(shift), Some(level)) = (shift, level) {
                table.genuine_shift[index][level] = shift;
            }
        }
    }
    Some(())
}

fn read_cell(node: &Node, axes: &Axes, table: &mut MatcherTable, problems: &mut Problems) -> Option<()> {
    let row = node.table("cell", problems)?;
    row.check_keys("cell", &["where", "factor"], problems);
    let factor = required(node, row, "cell", "factor", problems)?.number("cell.factor", "", FACTOR, problems)?;
    let place = required(node, row, "cell", "where", problems)?;
    for cell in cells_where(Some(place), axes, problems)? {
        table.cell_factor[cell] *= factor;
    }
    Some(())
}

/// Reads `matcher.plain_rate`: a rate for each level of the first axis, spread over the cells.
pub(crate) fn read_plain_rate(node: &Node, axes: &Axes, problems: &mut Problems) -> Option<Vec<f64>> {
    let key = "matcher.plain_rate";
    let Some(axis) = axes.0.first() else {
        return Some(vec![node.number(key, "per face", (0.0, 1.0), problems)?]);
    };
    let mut rates = vec![None; axis.levels.len()];
    for entry in &node.table(key, problems)?.0 {
        let level = find_level(axis, &entry.key, &entry.key_node(), problems)?;
        rates[level] = Some(entry.value.number(key, "per face", (0.0, 1.0), problems)?);
    }
    if let Some(missing) = rates.iter().position(Option::is_none) {
        let message = format!("`{key}` has no rate for \"{}\"", short(&axis.levels[missing]));
        problems.push(node.problem(message, format!("give one for each level of \"{}\"", short(&axis.name))));
        return None;
    }
    let rates: Vec<f64> = rates.into_iter().flatten().collect();
    Some((0..axes.cells()).map(|c| rates[axes.level(c, 0)]).collect())
}
