//! Which strategies the command keeps, and which one the others are compared with.

use super::diagnose::{Diagnostic, Source};
use super::document::{Problems, Table, listed, short, suggestion};
use super::overrides::Overrides;
use super::strategy::Strategy;

/// Indices of the strategies that the command line keeps.
pub(crate) fn keep(strategies: &[Strategy], overrides: &Overrides, problems: &mut Problems) -> Option<Vec<usize>> {
    let Some(wanted) = &overrides.strategies else {
        return Some((0..strategies.len()).collect());
    };
    let names: Vec<&str> = strategies.iter().map(|s| s.name.as_str()).collect();
    for name in wanted.iter().filter(|w| !names.contains(&w.as_str())) {
        let source = Source::new("--strategies", name);
        problems.push(no_strategy(name, &names, &source, 0..name.len()));
    }
    let kept: Vec<usize> = (0..names.len())
        .filter(|&i| wanted.iter().any(|w| w == names[i]))
        .collect();
    if wanted.is_empty() {
        let help = format!("the scenario has {}", listed(&names));
        problems.push(Diagnostic::general("--strategies names no strategy", help));
    }
    (!kept.is_empty()).then_some(kept)
}

fn no_strategy(name: &str, names: &[&str], source: &Source, span: std::ops::Range<usize>) -> Diagnostic {
    let help = match suggestion(name, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("the scenario has {}", listed(names)),
    };
    Diagnostic::at(source, span, format!("there is no strategy \"{}\"", short(name)), help)
}

/// Index of the baseline among the kept strategies.
pub(crate) fn read_baseline(
    root: &Table,
    strategies: &[Strategy],
    kept: Option<&[usize]>,
    overrides: &Overrides,
    problems: &mut Problems,
) -> Option<usize> {
    let kept_names: Vec<&str> = kept?.iter().map(|&i| strategies[i].name.as_str()).collect();
    let Some(node) = root.get("baseline") else {
        return Some(kept_names.iter().position(|n| *n == "no-lfr").unwrap_or(0));
    };
    let name = node.text("baseline", problems)?;
    if let Some(index) = kept_names.iter().position(|n| *n == name) {
        return Some(index);
    }
    let all: Vec<&str> = strategies.iter().map(|s| s.name.as_str()).collect();
    // A baseline that the file names may be left out by --strategies; one that the command names may not.
    if all.contains(&name) && overrides.baseline.is_none() {
        return Some(kept_names.iter().position(|n| *n == "no-lfr").unwrap_or(0));
    }
    problems.push(no_strategy(name, &kept_names, &node.source, node.span.clone()));
    None
}
