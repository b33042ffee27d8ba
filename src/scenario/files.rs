//! The files a scenario names: shipped presets inside the program, and files beside the scenario.

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::document::{Node, Problems, short, suggestion};
use std::io::Read;
use std::path::{Component, Path};

/// Largest scenario or data file, bytes.
const LARGEST_TOML: u64 = 4 << 20;
/// Largest place file, bytes.
pub(crate) const LARGEST_PLACE: u64 = 64 << 20;

/// A kind of data file: what it is called and which ones are shipped, by name and text.
pub(crate) struct Library {
    pub kind: &'static str,
    pub shipped: &'static [(&'static str, &'static str)],
}

macro_rules! shipped {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $folder, "/", $name, ".toml"))),)*]
    };
    (csv $folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $folder, "/", $name, ".csv"))),)*]
    };
}

/// Names used when the scenario names none.
pub(crate) const DEFAULT_POPULATION: &str = "london-passers-by";
pub(crate) const DEFAULT_WATCHLIST: &str = "met-assumed";

/// The crowds.
pub(crate) static POPULATIONS: Library = Library {
    kind: "population",
    shipped: shipped!("populations": "london-passers-by" "west-end-passers-by" "bethnal-green-passers-by" "cardiff-passers-by"),
};
/// The watchlists.
pub(crate) static WATCHLISTS: Library = Library {
    kind: "watchlist",
    shipped: shipped!("watchlists": "met-assumed" "list-2019" "poor-photos"),
};
/// The matcher tables.
pub(crate) static MATCHERS: Library = Library {
    kind: "matcher",
    shipped: shipped!("matchers": "inferred-2025" "neutral" "flat" "npl-2023" "nist-like" "white-high" "essex-2026"
        "romford-2019" "ucl-2017"),
};

/// The regimes.
pub(crate) static REGIMES: Library = Library {
    kind: "regime",
    shipped: shipped!("regimes": "met-2025-settings" "serious-crime-only" "judge-authorised" "moratorium" "narrow-list-100"
        "no-children-on-list" "retention-zero" "mandatory-publication"),
};

/// The rates of retrospective searches.
pub(crate) static RETROSPECTIVE: Library = Library {
    kind: "table of rates",
    shipped: shipped!("retrospective": "pnd-2025" "idemia"),
};

/// The sets of sites.
pub(crate) static SITES: Library = Library {
    kind: "set of sites",
    shipped: shipped!("sites": "london-2025"),
};
/// The tables of residents.
pub(crate) static BOROUGHS: Library = Library {
    kind: "table of residents",
    shipped: shipped!(csv "boroughs": "london-census-2021"),
};
/// The calendars.
pub(crate) static CALENDARS: Library = Library {
    kind: "calendar",
    shipped: shipped!(csv "calendars": "met-2025"),
};

/// The calibrations.
pub(crate) static CALIBRATIONS: Library = Library {
    kind: "calibration",
    shipped: shipped!("calibrations": "met-2025-05"),
};

/// A data file and whether it is shipped.
pub(crate) struct DataFile {
    pub name: String,
    pub source: Source,
    pub shipped: bool,
}

impl Library {
    /// Names of the shipped files.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.shipped.iter().map(|(name, _)| *name)
    }
    /// How the names of files of this kind end.
    pub fn ending(&self) -> &'static str {
        match self.kind {
            "table of residents" | "calendar" => ".csv",
            _ => ".toml",
        }
    }
    /// A shipped file.
    pub fn preset(&self, name: &str) -> Option<DataFile> {
        let (name, text) = self.shipped.iter().find(|(n, _)| *n == name)?;
        Some(DataFile {
            name: (*name).to_owned(),
            source: Source::new(&format!("{name} (shipped {})", self.kind), text),
            shipped: true,
        })
    }
    /// The file that `node` names: a preset, or a path with this kind's ending beside the scenario.
    pub fn open(&self, key: &str, node: &Node, folder: &Path, problems: &mut Problems) -> Option<DataFile> {
        let name = node.text(key, problems)?;
        let ending = self.ending();
        if name.ends_with(ending) {
            return Some(DataFile {
                name: name.to_owned(),
                source: open_beside(key, node, folder, LARGEST_TOML, problems)?,
                shipped: false,
            });
        }
        let preset = self.preset(name);
        if preset.is_none() {
            let message = format!("there is no {} named \"{}\"", self.kind, short(name));
            let names: Vec<&str> = self.names().collect();
            let mut help = format!("shipped: {}; a name ending in {ending} is a file", names.join(", "));
            if let Some(near) = suggestion(name, names) {
                help = format!("did you mean \"{near}\"? {help}");
            }
            problems.push(node.problem(message, help));
        }
        preset
    }
}

/// Opens a file by its path from the scenario's folder; a path that could leave the folder is a problem.
pub(crate) fn open_beside(
    key: &str,
    node: &Node,
    folder: &Path,
    largest: u64,
    problems: &mut Problems,
) -> Option<Source> {
    let name = node.text(key, problems)?;
    let path = Path::new(name);
    let stays = |c: Component| matches!(c, Component::Normal(_) | Component::CurDir);
    if name.is_empty() || name.contains(['\0', '\\']) || !path.components().all(stays) {
        let message = format!("`{key}` leaves the scenario's folder: \"{}\"", short(name));
        let help = "copy the file beside the scenario and name it by its path from there, with / and without ..";
        problems.push(node.problem(message, help));
        return None;
    }
    let full = folder.join(path);
    match read_text(&full, largest) {
        Ok(text) => Some(Source::new(&full.display().to_string(), &text)),
        Err(reason) => {
            let message = format!("`{key}`: cannot read \"{}\": {reason}", short(name));
            let help = "paths are relative to the scenario file's folder";
            problems.push(node.problem(message, help));
            None
        }
    }
}

/// Reads a scenario file.
pub(crate) fn open_scenario(path: &Path) -> Result<Source, Diagnostics> {
    let name = path.display().to_string();
    match read_text(path, LARGEST_TOML) {
        Ok(text) => Ok(Source::new(&name, &text)),
        Err(reason) => Err(vec![Diagnostic::general(
            format!("cannot read {}: {reason}", short(&name)),
            "give the path of a scenario file (.toml)",
        )]),
    }
}

/// Reads a text file of at most `largest` bytes; says in plain words why it cannot.
pub(crate) fn read_text(path: &Path, largest: u64) -> Result<String, String> {
    if path.is_dir() {
        return Err("it is a folder".to_owned());
    }
    let plain = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => e.to_string(),
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(plain)?;
    file.take(largest + 1).read_to_end(&mut bytes).map_err(plain)?;
    if bytes.len() as u64 > largest {
        return Err(format!("it is larger than {} MiB", largest >> 20));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = e.utf8_error().valid_up_to();
        let line = e.as_bytes()[..good].iter().filter(|&&b| b == b'\n').count() + 1;
        format!("it is not text in UTF-8 (line {line}, byte {good})")
    })
}

/// SHA-256 of a text in hex; line endings do not count, so that a checkout on any system has the same hash.
pub(crate) fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
    digest.iter().map(|b| format!("{b:02x}")).collect()
}
