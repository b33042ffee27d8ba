//! The sections of a scenario file.

use super::document::{Problems, Table};

/// Sections that hold parameters of the registry.
pub(crate) const SECTIONS: [&str; 14] = [
    "time",
    "people",
    "sought",
    "watchlist",
    "camera",
    "matcher",
    "operator",
    "officers",
    "patrol",
    "policy",
    "programme",
    "retrospective",
    "cost",
    "measure",
];

/// Keys of a section that are not parameters of the registry.
pub(crate) fn other_keys(section: &str) -> &'static [&'static str] {
    match section {
        "time" => &["date", "open", "close"],
        "people" => &["population", "axis", "arrivals"],
        "watchlist" => &["composition", "reasons"],
        "matcher" => &["preset", "plain_rate", "table", "threshold_by"],
        "policy" => &["regime"],
        "retrospective" => &["preset"],
        "programme" => &["from", "until", "sites", "event"],
        _ => &[],
    }
}

/// A section of the file, if it is there and a table.
pub(crate) fn section<'a>(root: &'a Table, name: &str, problems: &mut Problems) -> Option<&'a Table> {
    root.get(name)?.table(name, problems)
}
