//! The place file: one GeoJSON FeatureCollection (WGS84) that holds a place's streets, gates, attractors and mounts.
//!
//! The foreign member `lamplight` carries what GeoJSON has no word for: format number, name, licence, attribution, notes, time zone and the origin of
//! the plane. `docs/import.md` describes every field. Reading collects all problems; writing is canonical (six decimals, one feature per line), so that
//! a file changes only where the place does.

mod envelope;
mod fields;
mod geometry;
mod header;
mod read;
mod write;

use std::ops::Range;
use std::path::Path;

use super::diagnose::{Diagnostic, Diagnostics, Source};
use super::place::Place;

pub use geometry::Projection;
pub(crate) use geometry::{components, distance, line_length, nearest_on_line};
pub use read::read_place;
pub use write::write_place;

/// The format number that this version reads and writes.
pub const FORMAT: u64 = 1;
/// Day types of `persons_per_hour`, in the order of [`Gate::persons_per_hour`].
pub const DAY_TYPES: [&str; 4] = ["mon_thu", "fri", "sat", "sun"];
/// Farthest that a lamp or van bay may lie from its street, m.
pub const MOUNT_REACH_M: f64 = 30.0;

const LARGEST_FILE_BYTES: usize = 64 << 20;

/// Reads a place file from disk.
///
/// # Errors
/// Every problem found, each with its place in the file and a hint.
pub fn read_place_file(path: &Path) -> Result<Place, Diagnostics> {
    let hint = "Place files end in .geojson; scenarios/places has two to start from.";
    read_place(&read_text(path, "a place file", LARGEST_FILE_BYTES, hint)?)
}

/// Reads a text file whole, with the checks that come before its format's own.
pub(crate) fn read_text(path: &Path, what: &str, largest_bytes: usize, hint: &str) -> Result<Source, Diagnostics> {
    let shown = path.display();
    let bytes = std::fs::metadata(path)
        .and_then(|about| {
            if about.is_dir() {
                return Err(std::io::Error::other("it is a folder"));
            }
            if about.len() > largest_bytes as u64 {
                let limit = largest_bytes >> 20;
                return Err(std::io::Error::other(format!(
                    "it has {} MiB; the limit is {limit} MiB",
                    about.len() >> 20
                )));
            }
            std::fs::read(path)
        })
        .map_err(|e| vec![Diagnostic::general(format!("cannot read {what} `{shown}`: {e}"), hint)])?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(&shown.to_string(), text.trim_start_matches('\u{feff}'))),
        Err(e) => Err(vec![Diagnostic::general(
            format!(
                "`{shown}` is not text: byte {} is not UTF-8",
                e.utf8_error().valid_up_to()
            ),
            format!("Expected {what}. {hint}"),
        )]),
    }
}

/// Byte offset of a JSON error in the text that was parsed, at the start of a character.
pub(crate) fn json_error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text
            .match_indices('\n')
            .nth(line - 2)
            .map_or(text.len(), |(i, _)| i + 1),
    };
    let mut offset = (line_start + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

pub(crate) fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.into()
    } else {
        text.chars().take(40).chain("…".chars()).collect()
    }
}

/// Byte range of a part of the source's text; `part` must be a slice of it.
pub(crate) fn span_in(source: &Source, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(source.text.as_ptr() as usize);
    start.min(source.text.len())..(start + part.len()).min(source.text.len())
}
