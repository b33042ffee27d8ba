//! Who walks the streets: a population file, or axes written into the scenario.

use super::diagnose::Source;
use super::document::{Kind, Node, Problems, Table, listed, parse, plain, short, suggestion};
use super::plan::{Axes, Axis, Crowd, Value};
use super::values::{certain, read_doubtful};

/// Most axes, most levels of one, and most cells of all.
const MOST: (usize, usize, usize) = (8, 64, 4096);
/// How far shares may miss 1 by rounding.
pub(crate) const SHARES_TOLERANCE: f64 = 1e-6;

/// The crowd and the axes along which it differs.
pub(crate) struct People {
    pub axes: Axes,
    pub crowd: Crowd,
}

/// Title and sources of a data file.
pub(crate) struct Header {
    pub title: String,
    pub sources: Vec<String>,
}

/// Parses a data file and reads what all of them have: format, title, sources and note.
pub(crate) fn open_table(source: &Source, known: &[&str], problems: &mut Problems) -> Option<(Table, Header)> {
    let table = parse(source, problems)?;
    check_format(&table, source, problems)?;
    let keys: Vec<&str> = ["format", "title", "sources", "note"]
        .iter()
        .chain(known)
        .copied()
        .collect();
    table.check_keys("", &keys, problems);
    let title = table
        .get("title")
        .and_then(|n| n.text("title", problems))
        .unwrap_or_default()
        .to_owned();
    let sources = table
        .get("sources")
        .and_then(|n| n.texts("sources", problems))
        .unwrap_or_default();
    if let Some(note) = table.get("note") {
        note.text("note", problems);
    }
    Some((table, Header { title, sources }))
}

/// Checks `format = 1`. With another format nothing else of the file can be trusted, so reading stops there.
pub(crate) fn check_format(table: &Table, source: &Source, problems: &mut Problems) -> Option<()> {
    match table.get("format") {
        Some(Node {
            kind: Kind::Whole(1), ..
        }) => Some(()),
        Some(node) => {
            let help = "this version of the program reads format = 1";
            problems.push(node.problem("this format is not known", help));
            None
        }
        None => {
            let message = "the file does not say its format";
            let help = "begin the file with: format = 1";
            problems.push(super::diagnose::Diagnostic::at(source, 0..0, message, help));
            Some(())
        }
    }
}

/// Reads a population file.
pub(crate) fn read_population(source: &Source, problems: &mut Problems) -> Option<People> {
    let (table, header) = open_table(source, &["axis", "trait"], problems)?;
    let mut builder = AxesBuilder::default();
    if let Some(list) = table.get("axis").and_then(|n| n.list("axis", MOST.0, problems)) {
        for node in list {
            read_axis(node, &mut builder, problems);
        }
    }
    let mut people = builder.finish(header, problems)?;
    if let Some(rows) = table.get("trait").and_then(|n| n.list("trait", 10_000, problems)) {
        for row in rows {
            read_trait(row, &mut people, problems);
        }
    }
    Some(people)
}

/// Reads `[[people.axis]]`: names, levels and shares; all other traits have their defaults.
pub(crate) fn inline_axes(node: &Node, problems: &mut Problems) -> Option<People> {
    let mut builder = AxesBuilder::default();
    for axis in node.list("people.axis", MOST.0, problems)? {
        read_inline_axis(axis, &mut builder, problems);
    }
    let header = Header {
        title: "axes of the scenario".to_owned(),
        sources: Vec::new(),
    };
    builder.finish(header, problems)
}

/// People of whom only the axes are known, every level alike; for checking a file that speaks of axes before there is a crowd.
pub(crate) fn of_axes(axes: Axes, problems: &mut Problems) -> Option<People> {
    let builder = AxesBuilder {
        shares: axes
            .0
            .iter()
            .map(|a| vec![1.0 / a.levels.len() as f64; a.levels.len()])
            .collect(),
        companions_same: vec![None; axes.0.len()],
        axes: axes.0,
        ..AxesBuilder::default()
    };
    let header = Header {
        title: String::new(),
        sources: Vec::new(),
    };
    builder.finish(header, problems)
}

#[derive(Default)]
struct AxesBuilder {
    axes: Vec<Axis>,
    shares: Vec<Vec<f64>>,
    companions_same: Vec<Option<f64>>,
    other_group_axis: Option<usize>,
    broken: bool,
}

impl AxesBuilder {
    /// Adds an axis after checking that names are unique and shares sum to 1.
    fn add(&mut self, node: &Node, name: &str, levels: Vec<(String, f64)>, same: Option<f64>, problems: &mut Problems) {
        if let Some((axis, shares)) = self.check(node, name, levels, problems) {
            self.axes.push(axis);
            self.shares.push(shares);
            self.companions_same.push(same);
        } else {
            self.broken = true;
        }
    }

    fn check(
        &self,
        node: &Node,
        name: &str,
        levels: Vec<(String, f64)>,
        problems: &mut Problems,
    ) -> Option<(Axis, Vec<f64>)> {
        let shown = short(name);
        let twice = |message: String| Some(node.problem(message, "names are unique and not empty"));
        let mut problem = None;
        if name.is_empty() || self.axes.iter().any(|a| a.name == name) {
            problem = twice(format!("the axis \"{shown}\" is nameless or appears twice"));
        } else if levels.is_empty() || levels.len() > MOST.1 {
            let message = format!("axis \"{shown}\" must have between 1 and {} levels", MOST.1);
            problem = Some(node.problem(message, ""));
        }
        for (i, (level, _)) in levels.iter().enumerate().take(MOST.1) {
            if level.is_empty() || levels[..i].iter().any(|(other, _)| other == level) {
                let level = short(level);
                problem = twice(format!(
                    "level \"{level}\" of axis \"{shown}\" is nameless or appears twice"
                ));
            }
        }
        if let Some(problem) = problem {
            problems.push(problem);
            return None;
        }
        let (levels, shares): (Vec<String>, Vec<f64>) = levels.into_iter().unzip();
        let name = name.to_owned();
        check_shares(node, &format!("axis \"{shown}\""), &shares, problems).then_some((Axis { name, levels }, shares))
    }

    fn finish(self, header: Header, problems: &mut Problems) -> Option<People> {
        if self.broken {
            return None;
        }
        let axes = Axes(self.axes);
        let cells = axes
            .0
            .iter()
            .map(|a| a.levels.len())
            .try_fold(1_usize, usize::checked_mul);
        let Some(cells) = cells.filter(|&c| c <= MOST.2) else {
            let message = format!("the axes cross to more than {} groups", MOST.2);
            problems.push(super::diagnose::Diagnostic::general(
                message,
                "use fewer axes or levels",
            ));
            return None;
        };
        let crowd = Crowd {
            title: header.title,
            sources: header.sources,
            shares: self.shares,
            companions_same: self.companions_same,
            speed_m_s: vec![1.34; cells],
            searched: vec![1.0; cells],
            child: vec![false; cells],
            concerned_odds: vec![1.0; cells],
            patrol_odds: vec![certain(1.0); cells],
            other_group_axis: self.other_group_axis,
        };
        Some(People { axes, crowd })
    }
}

/// Reports shares that do not sum to 1.
pub(crate) fn check_shares(node: &Node, what: &str, shares: &[f64], problems: &mut Problems) -> bool {
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() <= SHARES_TOLERANCE {
        return true;
    }
    let rounded = (sum * 1e6).round() / 1e6;
    let message = format!("the shares of {what} sum to {}, not to 1", plain(rounded));
    problems.push(node.problem(message, "every person is in exactly one level"));
    false
}

fn read_axis(node: &Node, builder: &mut AxesBuilder, problems: &mut Problems) {
    let mut read = || {
        let table = node.table("axis", problems)?;
        table.check_keys("axis", &["name", "companions_same", "other_group", "level"], problems);
        let name = required(node, table, "axis", "name", problems)?
            .text("axis.name", problems)?
            .to_owned();
        let same = read_same(table, problems);
        if table
            .get("other_group")
            .and_then(|n| n.flag("axis.other_group", problems))
            == Some(true)
        {
            builder.other_group_axis = Some(builder.axes.len());
        }
        let mut levels = Vec::new();
        for level in required(node, table, "axis", "level", problems)?.list("axis.level", 1000, problems)? {
            let row = level.table("axis.level", problems)?;
            row.check_keys("axis.level", &["name", "share"], problems);
            let name = required(level, row, "axis.level", "name", problems)?.text("axis.level.name", problems)?;
            let share = required(level, row, "axis.level", "share", problems)?;
            levels.push((
                name.to_owned(),
                share.number("axis.level.share", "", (0.0, 1.0), problems)?,
            ));
        }
        Some((name, levels, same))
    };
    match read() {
        Some((name, levels, same)) => builder.add(node, &name, levels, same, problems),
        None => builder.broken = true,
    }
}

fn read_same(table: &Table, problems: &mut Problems) -> Option<f64> {
    let node = table.get("companions_same")?;
    node.number("axis.companions_same", "", (0.0, 1.0), problems)
}

fn read_inline_axis(node: &Node, builder: &mut AxesBuilder, problems: &mut Problems) {
    let mut place = node.clone();
    let mut read = || {
        let what = "people.axis";
        let table = node.table(what, problems)?;
        table.check_keys(what, &["name", "levels", "shares", "companions_same"], problems);
        let name = required(node, table, what, "name", problems)?
            .text("people.axis.name", problems)?
            .to_owned();
        let levels = required(node, table, what, "levels", problems)?.texts("people.axis.levels", problems)?;
        let shares_node = required(node, table, what, "shares", problems)?;
        place = shares_node.clone();
        let mut shares = Vec::new();
        for share in shares_node.list("people.axis.shares", 1000, problems)? {
            shares.push(share.number("people.axis.shares", "", (0.0, 1.0), problems)?);
        }
        if shares.len() != levels.len() {
            let message = format!(
                "axis \"{}\" has {} levels but {} shares",
                short(&name),
                levels.len(),
                shares.len()
            );
            problems.push(shares_node.problem(message, "give one share for each level, in the same order"));
            return None;
        }
        let same = read_same(table, problems);
        Some((name, levels.into_iter().zip(shares).collect(), same))
    };
    match read() {
        Some((name, levels, same)) => builder.add(&place, &name, levels, same, problems),
        None => builder.broken = true,
    }
}

/// A key that must be there.
pub(crate) fn required<'a>(
    node: &Node,
    table: &'a Table,
    what: &str,
    key: &str,
    problems: &mut Problems,
) -> Option<&'a Node> {
    let found = table.get(key);
    if found.is_none() {
        problems.push(node.problem(format!("`{what}` needs `{key}`"), ""));
    }
    found
}

/// The index of an axis by name.
pub(crate) fn find_axis(axes: &Axes, name: &str) -> Option<usize> {
    axes.0.iter().position(|a| a.name == name)
}

/// The index of a level, or the problem that the crowd has no such level.
pub(crate) fn find_level(axis: &Axis, level: &str, place: &Node, problems: &mut Problems) -> Option<usize> {
    let found = axis.levels.iter().position(|l| l == level);
    if found.is_none() {
        let names: Vec<&str> = axis.levels.iter().map(String::as_str).collect();
        let message = format!(
            "axis \"{}\" of the crowd has no level \"{}\"",
            short(&axis.name),
            short(level)
        );
        let help = match suggestion(level, names.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("its levels are {}", listed(&names)),
        };
        problems.push(place.problem(message, help));
    }
    found
}

/// The cells that `where = { axis = "level" }` selects (a list of levels selects each of them).
pub(crate) fn cells_where(node: Option<&Node>, axes: &Axes, problems: &mut Problems) -> Option<Vec<usize>> {
    let mut cells: Vec<usize> = (0..axes.cells()).collect();
    let Some(node) = node else {
        return Some(cells);
    };
    for entry in &node.table("where", problems)?.0 {
        let Some(axis) = find_axis(axes, &entry.key) else {
            let names: Vec<&str> = axes.0.iter().map(|a| a.name.as_str()).collect();
            let message = format!("the crowd has no axis \"{}\"", short(&entry.key));
            problems.push(entry.problem(message, format!("its axes are {}", listed(&names))));
            return None;
        };
        let named = match &entry.value.kind {
            Kind::List(_) => entry.value.texts("where", problems)?,
            _ => vec![entry.value.text("where", problems)?.to_owned()],
        };
        let mut levels = Vec::new();
        for name in named {
            levels.push(find_level(&axes.0[axis], &name, &entry.value, problems)?);
        }
        cells.retain(|&c| levels.contains(&axes.level(c, axis)));
    }
    Some(cells)
}

fn read_trait(node: &Node, people: &mut People, problems: &mut Problems) {
    let keys = [
        "where",
        "speed_m_s",
        "searched",
        "child",
        "concerned_odds",
        "patrol_odds",
    ];
    let Some(table) = node.table("trait", problems) else {
        return;
    };
    table.check_keys("trait", &keys, problems);
    let Some(cells) = cells_where(table.get("where"), &people.axes, problems) else {
        return;
    };
    let mut number =
        |key: &str, unit: &str, bounds| table.get(key)?.number(&format!("trait.{key}"), unit, bounds, problems);
    let speed = number("speed_m_s", "m/s", (0.1, 4.0));
    let searched = number("searched", "", (0.0, 1.0));
    let concerned = number("concerned_odds", "", (0.0, 1000.0));
    let child = table.get("child").and_then(|n| n.flag("trait.child", problems));
    let patrol: Option<Value> = table
        .get("patrol_odds")
        .and_then(|n| read_doubtful("trait.patrol_odds", "", (0.0, 1000.0), n, problems));
    let crowd = &mut people.crowd;
    for cell in cells {
        replace(&mut crowd.speed_m_s, cell, speed);
        replace(&mut crowd.searched, cell, searched);
        replace(&mut crowd.concerned_odds, cell, concerned);
        replace(&mut crowd.child, cell, child);
        replace(&mut crowd.patrol_odds, cell, patrol);
    }
}

fn replace<T: Copy>(all: &mut [T], cell: usize, new: Option<T>) {
    if let Some(new) = new {
        all[cell] = new;
    }
}
