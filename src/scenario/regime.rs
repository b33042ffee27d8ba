//! Regimes: named settings that a law or a force's policy would impose, applied together.

use super::document::{Node, Problems, plain, short, suggestion};
use super::files::{REGIMES, sha256};
use super::population::open_table;
use super::reader::Reader;
use super::registry::{Kind, PARAMETERS, ParamId, find};
use super::strategy::is_settable;
use super::values::{Setting, read_parameter};

/// Most regimes at once.
const MOST_REGIMES: usize = 32;

/// Reads a regime file: title, note, sources, and `[regime]` with the keys it sets.
pub(crate) fn read_regime(source: &super::diagnose::Source, problems: &mut Problems) -> Option<Vec<Setting>> {
    let (root, _) = open_table(source, &["regime"], problems)?;
    let Some(node) = root.get("regime") else {
        let help = "as in [regime] \"watchlist.no_children\" = true";
        problems.push(super::diagnose::Diagnostic::at(
            source,
            0..0,
            "a regime needs [regime]",
            help,
        ));
        return None;
    };
    let mut settings = Vec::new();
    for entry in &node.table("regime", problems)?.0 {
        let keys = || PARAMETERS.iter().map(|p| p.key).filter(|k| is_settable(k));
        let Some(id) = find(&entry.key).filter(|id| is_settable(id.row().key)) else {
            let help = match suggestion(&entry.key, keys()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "a regime sets what a strategy may set, by full keys in quotes".to_owned(),
            };
            let message = format!("a regime cannot set `{}`", short(&entry.key));
            problems.push(entry.problem(message, help));
            continue;
        };
        settings.extend(read_parameter(id, &entry.value, problems).map(|value| Setting {
            id,
            value,
            node: entry.value.clone(),
        }));
    }
    Some(settings)
}

/// Regimes in force together.
#[derive(Clone, Default)]
pub(crate) struct Regimes {
    /// Their names, in order.
    pub names: Vec<String>,
    /// What they set.
    pub set: Vec<Setting>,
}

impl Reader<'_> {
    /// The regimes that a list names: shipped ones, or files beside the scenario. Two that set one key differently contradict
    /// each other.
    pub fn read_regimes(&mut self, key: &str, node: Option<&Node>, problems: &mut Problems) -> Option<Regimes> {
        let mut regimes = Regimes::default();
        // For each key that is set: which regime set it.
        let mut by: Vec<(ParamId, String)> = Vec::new();
        let Some(node) = node else { return Some(regimes) };
        for name in node.list(key, MOST_REGIMES, problems)? {
            let file = REGIMES.open(key, name, self.folder, problems)?;
            if regimes.names.contains(&file.name) {
                problems.push(name.problem(format!("the regime \"{}\" is named twice", short(&file.name)), ""));
                return None;
            }
            if !self.hashes.regimes.iter().any(|(n, _)| *n == file.name) {
                let hash = sha256(&file.source.text);
                self.hashes.regimes.push((file.name.clone(), hash));
            }
            for setting in read_regime(&file.source, problems)? {
                let known = regimes.set.iter().zip(&by).find(|(s, _)| s.id == setting.id);
                match known {
                    Some((other, (_, regime))) if other.value != setting.value => {
                        let message = format!(
                            "the regimes \"{regime}\" and \"{}\" contradict each other: `{}` is {} in one and {} in the other",
                            file.name,
                            setting.id.row().key,
                            shown(other),
                            shown(&setting)
                        );
                        problems.push(name.problem(
                            message,
                            "name one of the two; what the scenario or a strategy sets itself wins over either",
                        ));
                        return None;
                    }
                    Some(_) => {}
                    None => {
                        by.push((setting.id, file.name.clone()));
                        regimes.set.push(setting);
                    }
                }
            }
            regimes.names.push(file.name);
        }
        Some(regimes)
    }
}

fn shown(setting: &Setting) -> String {
    match setting.id.row().kind {
        Kind::Choice { words } => words[setting.value.central as usize].to_owned(),
        Kind::Flag { .. } => (setting.value.central != 0.0).to_string(),
        _ => plain(setting.value.central),
    }
}
