//! Who is on the watchlist: a watchlist file, or a list composed as the crowd is.

use super::diagnose::Source;
use super::document::{Node, Problems, Table, listed, short, suggestion};
use super::plan::{Reason, Watchlist};
use super::population::{People, check_shares, find_level, open_table, required};
use super::values::{certain, read_doubtful};

/// A list whose entries differ as the crowd does, all sought for one reason that always leads to arrest.
pub(crate) fn as_crowd(people: &People) -> Watchlist {
    Watchlist {
        title: "composed as the crowd".to_owned(),
        sources: Vec::new(),
        shares: people.crowd.shares.clone(),
        concentration: vec![None; people.axes.0.len()],
        reasons: vec![Reason {
            name: "sought".to_owned(),
            share: 1.0,
            presence: 1.0,
            arrest: 1.0,
            other: 0.0,
            stale: certain(0.0),
            priority: 1,
            check_only: false,
            serious: 1.0,
            kept: true,
        }],
    }
}

/// Reads a watchlist file. `place` is where the scenario names it, for problems that are not the file's own fault.
pub(crate) fn read_watchlist(
    source: &Source,
    place: Option<&Node>,
    people: &People,
    problems: &mut Problems,
) -> Option<Watchlist> {
    let (table, header) = open_table(source, &["axis", "reason"], problems)?;
    let axes = &people.axes.0;
    let mut shares = vec![None; axes.len()];
    let mut concentration = vec![None; axes.len()];
    let mut sound = true;
    if let Some(list) = table.get("axis").and_then(|n| n.list("axis", 64, problems)) {
        for node in list {
            match read_axis(node, people, problems) {
                Some(Some((axis, levels, doubt))) => {
                    shares[axis] = Some(levels);
                    concentration[axis] = doubt;
                }
                // An axis that this crowd does not differ on says nothing here.
                Some(None) => {}
                None => sound = false,
            }
        }
    }
    for (axis, _) in axes.iter().zip(&shares).filter(|(_, s)| s.is_none()) {
        if sound {
            let message = format!(
                "the watchlist does not say how its entries divide over axis \"{}\"",
                short(&axis.name)
            );
            let help = format!(
                "add [[axis]] name = \"{}\" to it, or set watchlist.composition = \"as-crowd\"",
                short(&axis.name)
            );
            problems.push(match place {
                Some(node) => node.problem(message, help),
                None => super::diagnose::Diagnostic::at(source, 0..0, message, help),
            });
        }
    }
    let reasons = read_reasons(source, &table, problems)?;
    Some(Watchlist {
        title: header.title,
        sources: header.sources,
        shares: shares.into_iter().collect::<Option<_>>()?,
        concentration,
        reasons,
    })
}

type AxisShares = (usize, Vec<f64>, Option<f64>);

fn read_axis(node: &Node, people: &People, problems: &mut Problems) -> Option<Option<AxisShares>> {
    let table = node.table("axis", problems)?;
    table.check_keys("axis", &["name", "shares", "concentration"], problems);
    let name = required(node, table, "axis", "name", problems)?.text("axis.name", problems)?;
    let Some(index) = super::population::find_axis(&people.axes, name) else {
        return Some(None);
    };
    let axis = &people.axes.0[index];
    let shares_node = required(node, table, "axis", "shares", problems)?;
    let mut shares = vec![None; axis.levels.len()];
    for entry in &shares_node.table("axis.shares", problems)?.0 {
        let level = find_level(axis, &entry.key, &entry.key_node(), problems)?;
        shares[level] = Some(entry.value.number("axis.shares", "", (0.0, 1.0), problems)?);
    }
    if shares.iter().any(Option::is_none) {
        let names: Vec<&str> = axis.levels.iter().map(String::as_str).collect();
        let message = format!(
            "axis \"{}\" of the watchlist must give a share for each level",
            short(name)
        );
        problems.push(shares_node.problem(message, format!("its levels are {}", listed(&names))));
        return None;
    }
    let shares: Vec<f64> = shares.into_iter().flatten().collect();
    if !check_shares(shares_node, &format!("axis \"{}\"", short(name)), &shares, problems) {
        return None;
    }
    let concentration = match table.get("concentration") {
        Some(node) => Some(node.number("axis.concentration", "", (0.1, 1e6), problems)?),
        None => None,
    };
    Some(Some((index, shares, concentration)))
}

fn read_reasons(source: &Source, table: &Table, problems: &mut Problems) -> Option<Vec<Reason>> {
    let Some(node) = table.get("reason") else {
        let message = "a watchlist needs at least one [[reason]]";
        problems.push(super::diagnose::Diagnostic::at(source, 0..0, message, ""));
        return None;
    };
    let mut reasons: Vec<Reason> = Vec::new();
    for row in node.list("reason", 64, problems)? {
        let reason = read_reason(row, problems)?;
        if reasons.iter().any(|r| r.name == reason.name) {
            problems.push(row.problem(format!("the reason \"{}\" appears twice", short(&reason.name)), ""));
            return None;
        }
        reasons.push(reason);
    }
    let shares: Vec<f64> = reasons.iter().map(|r| r.share).collect();
    check_shares(node, "the reasons", &shares, problems).then_some(reasons)
}

fn read_reason(node: &Node, problems: &mut Problems) -> Option<Reason> {
    let table = node.table("reason", problems)?;
    table.check_keys(
        "reason",
        &[
            "name",
            "share",
            "presence",
            "arrest",
            "other",
            "stale",
            "priority",
            "check_only",
            "serious",
        ],
        problems,
    );
    let name = required(node, table, "reason", "name", problems)?.text("reason.name", problems)?;
    let share = required(node, table, "reason", "share", problems)?.number("reason.share", "", (0.0, 1.0), problems);
    let mut number = |key: &str, default: f64, most: f64| match table.get(key) {
        Some(n) => n.number(&format!("reason.{key}"), "", (0.0, most), problems),
        None => Some(default),
    };
    let (presence, arrest, other, serious) = (
        number("presence", 1.0, 1000.0),
        number("arrest", 0.0, 1.0),
        number("other", 0.0, 1.0),
        number("serious", 1.0, 1.0),
    );
    let priority = match table.get("priority") {
        Some(n) => n.whole("reason.priority", "", (1, 9), problems).map(|p| p as u8),
        None => Some(1),
    };
    let check_only = match table.get("check_only") {
        Some(n) => n.flag("reason.check_only", problems),
        None => Some(false),
    };
    let stale = match table.get("stale") {
        Some(n) => read_doubtful("reason.stale", "", (0.0, 1.0), n, problems),
        None => Some(certain(0.0)),
    };
    let reason = Reason {
        name: name.to_owned(),
        share: share?,
        presence: presence?,
        arrest: arrest?,
        other: other?,
        stale: stale?,
        priority: priority?,
        check_only: check_only?,
        serious: serious?,
        kept: true,
    };
    if reason.arrest + reason.other > 1.0 + 1e-9 {
        let message = format!("reason \"{}\": arrest and other sum to more than 1", short(name));
        problems.push(node.problem(message, "what is left of 1 is a stop without further action"));
        return None;
    }
    Some(reason)
}

/// Reads `watchlist.reasons`: the reasons that stay on the list.
pub(crate) fn read_kept(node: &Node, list: &mut Watchlist, problems: &mut Problems) -> Option<()> {
    let key = "watchlist.reasons";
    list.reasons.iter_mut().for_each(|r| r.kept = false);
    for name in node.list(key, 64, problems)? {
        let word = name.text(key, problems)?;
        let Some(reason) = list.reasons.iter_mut().find(|r| r.name == word) else {
            let names: Vec<&str> = list.reasons.iter().map(|r| r.name.as_str()).collect();
            let help = match suggestion(word, names.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("its reasons are {}", listed(&names)),
            };
            problems.push(name.problem(format!("the watchlist has no reason \"{}\"", short(word)), help));
            return None;
        };
        reason.kept = true;
    }
    Some(())
}
