//! The outermost object of a place file, and what is told of files that are no place files at all.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::scenario::diagnose::{Diagnostic, Diagnostics, Source};

use super::{LARGEST_FILE_BYTES, json_error_offset, shortened, span_in};

const MOST_FEATURES: usize = 200_000;

const NEEDS_COLLECTION: &str =
    "Expected a GeoJSON object with `\"type\": \"FeatureCollection\"`, a `lamplight` member and `features`.";

/// The outermost object of the file, its parts not yet looked into.
pub(super) struct Collection<'a> {
    pub(super) span: Range<usize>,
    pub(super) lamplight: Option<&'a RawValue>,
    pub(super) features: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct RawCollection<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    lamplight: Option<&'a RawValue>,
    #[serde(borrow, default)]
    crs: Option<&'a RawValue>,
    #[serde(borrow, default)]
    features: Option<&'a RawValue>,
}

pub(super) fn open_collection(source: &Source) -> Result<Collection<'_>, Diagnostics> {
    let text: &str = &source.text;
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len();
    let first_line = start..text[start..].find('\n').map_or(text.len(), |i| start + i);
    let refuse = |message: &str, help: &str| Err(vec![Diagnostic::at(source, first_line.clone(), message, help)]);
    if trimmed.is_empty() {
        return refuse("the place file is empty", "Make one with `lamplight import`.");
    }
    if text.len() > LARGEST_FILE_BYTES {
        return refuse(
            &format!(
                "the place file has {} MiB; the limit is {} MiB",
                text.len() >> 20,
                LARGEST_FILE_BYTES >> 20
            ),
            "A place is a district of a few square kilometres: cut it with `lamplight import --bbox`.",
        );
    }
    if text.contains('\0') {
        let at = text.find('\0').unwrap_or(0);
        return Err(vec![Diagnostic::at(
            source,
            at..at,
            "the place file is binary, not text",
            "OpenStreetMap data in .osm.pbf is read by `lamplight import`, which writes a place file.",
        )]);
    }
    if trimmed.starts_with('<') {
        return refuse(
            "the place file is XML, not GeoJSON",
            "OpenStreetMap data in .osm is read by `lamplight import`, which writes a place file.",
        );
    }
    let whole: &RawValue = serde_json::from_str(text).map_err(|e| vec![not_json(source, 0, text, &e)])?;
    if !whole.get().starts_with('{') {
        return refuse("the place file is not a FeatureCollection", NEEDS_COLLECTION);
    }
    let raw: RawCollection = serde_json::from_str(text).map_err(|e| vec![not_json(source, 0, text, &e)])?;
    let kind = raw.kind.map_or("", RawValue::get);
    if kind != "\"FeatureCollection\"" {
        let found = if kind.is_empty() {
            "there is no `type`".into()
        } else {
            format!("`type` is {}", shortened(kind))
        };
        return refuse(
            &format!("the place file is not a FeatureCollection: {found}"),
            NEEDS_COLLECTION,
        );
    }
    if let Some(crs) = raw
        .crs
        .filter(|c| !c.get().contains("CRS84") && !c.get().contains("4326"))
    {
        return Err(vec![Diagnostic::at(
            source,
            span_in(source, crs.get()),
            "the place file is not in WGS84",
            "Export it as longitude and latitude (EPSG:4326) and remove the `crs` member.",
        )]);
    }
    let Some(list) = raw.features else {
        return refuse("the place file has no `features`", NEEDS_COLLECTION);
    };
    let features: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(|_| {
        vec![Diagnostic::at(
            source,
            span_in(source, list.get()),
            "`features` is not a list",
            "Expected `\"features\": [ ... ]`.",
        )]
    })?;
    if features.len() > MOST_FEATURES {
        return refuse(
            &format!(
                "the place file has {} features; the limit is {MOST_FEATURES}",
                features.len()
            ),
            "A place is a district of a few square kilometres: cut it with `lamplight import --bbox`.",
        );
    }
    Ok(Collection {
        span: first_line,
        lamplight: raw.lamplight,
        features,
    })
}

pub(super) fn not_json(source: &Source, base: usize, text: &str, error: &serde_json::Error) -> Diagnostic {
    let offset = (base + json_error_offset(text, error)).min(source.text.len());
    let (line, column) = source.line_column(offset);
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or_default();
    if error.is_eof() {
        let help =
            "It was cut short while it was copied or written: copy it again or make it again with `lamplight import`.";
        return Diagnostic::at(
            source,
            offset..offset,
            format!("the place file ends too early: {reason}"),
            help,
        );
    }
    Diagnostic::at(
        source,
        offset..offset,
        format!("the place file is not JSON (line {line}, column {column}): {reason}"),
        "Correct the text at this place; a comma, quote or bracket is the usual cause.",
    )
}
