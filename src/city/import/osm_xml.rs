//! Reads `.osm` (OpenStreetMap XML).

use std::borrow::Cow;
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::scenario::diagnose::{Diagnostic, Diagnostics, Source};
use crate::scenario::place_file::{read_text, shortened};

use super::Bbox;
use super::osm::{Element, seven_decimals};

const LARGEST_FILE_BYTES: usize = 1 << 30;
const HINT: &str =
    "Expected OpenStreetMap XML (<osm> with <node> and <way>); a larger area is read faster as .osm.pbf.";

/// Reads the file's text.
pub(super) fn open(path: &Path) -> Result<Source, Diagnostics> {
    read_text(path, "OpenStreetMap XML", LARGEST_FILE_BYTES, HINT)
}

/// The node or way that is being read.
#[derive(Default)]
struct Open {
    way: bool,
    id: i64,
    at: [f64; 2],
    hidden: bool,
    refs: Vec<i64>,
    tags: Vec<(String, String)>,
}

/// Visits every node and way of the file.
pub(super) fn scan(source: &Source, visit: &mut dyn FnMut(Element)) -> Result<(), Diagnostics> {
    let mut reader = Reader::from_str(&source.text);
    let mut open: Option<Open> = None;
    let mut depth = 0usize;
    let mut root_seen = false;
    loop {
        let start = position(reader.buffer_position());
        let fail = |message: String| Err(vec![Diagnostic::at(source, start..start, message, HINT)]);
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(e) => {
                let at = position(reader.error_position()).min(source.text.len());
                let message = format!("the file is not sound XML: {e}");
                return Err(vec![Diagnostic::at(source, at..at, message, HINT)]);
            }
        };
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                if !root_seen && tag.name().as_ref() != "osm" {
                    return fail(format!(
                        "the file is not OpenStreetMap XML: it begins with <{}>",
                        shortened(tag.name().as_ref())
                    ));
                }
                root_seen = true;
                if let Err(message) = start_element(&tag, &mut open, visit) {
                    return fail(message);
                }
                match empty {
                    true => end_element(tag.name().as_ref(), &mut open, visit),
                    false => depth += 1,
                }
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                end_element(tag.name().as_ref(), &mut open, visit);
            }
            Event::Eof if depth > 0 || !root_seen => {
                let end = source.text.trim_end().len();
                return Err(vec![Diagnostic::at(source, end..end, "the file ends too early", HINT)]);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

fn start_element(tag: &BytesStart, open: &mut Option<Open>, visit: &mut dyn FnMut(Element)) -> Result<(), String> {
    match tag.name().as_ref() {
        "bounds" => {
            let degrees = |key| number::<f64>(tag, key).map(seven_decimals);
            let (west, south) = (degrees("minlon")?, degrees("minlat")?);
            visit(Element::Bounds(Bbox {
                west,
                south,
                east: degrees("maxlon")?,
                north: degrees("maxlat")?,
            }));
        }
        name @ ("node" | "way") => {
            let mut element = Open {
                way: name == "way",
                id: number(tag, "id")?,
                ..Open::default()
            };
            element.hidden = attribute(tag, "visible")?.as_deref() == Some("false");
            if !element.way && !element.hidden {
                element.at = [seven_decimals(number(tag, "lon")?), seven_decimals(number(tag, "lat")?)];
                let [lon, lat] = element.at;
                if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
                    return Err(format!(
                        "node {} lies at longitude {lon}, latitude {lat}, which is out of range",
                        element.id
                    ));
                }
            }
            *open = Some(element);
        }
        "nd" => {
            if let Some(element) = open.as_mut().filter(|o| o.way) {
                element.refs.push(number(tag, "ref")?);
            }
        }
        "tag" => {
            if let Some(element) = open {
                let key = attribute(tag, "k")?.ok_or("a <tag> has no `k`")?;
                let value = attribute(tag, "v")?.ok_or("a <tag> has no `v`")?;
                element.tags.push((key.into_owned(), value.into_owned()));
            }
        }
        _ => {}
    }
    Ok(())
}

fn end_element(name: &str, open: &mut Option<Open>, visit: &mut dyn FnMut(Element)) {
    if !matches!(name, "node" | "way") {
        return;
    }
    let Some(element) = open.take().filter(|o| !o.hidden) else {
        return;
    };
    let tags: Vec<(&str, &str)> = element.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    match element.way {
        true => visit(Element::Way {
            refs: &element.refs,
            tags: &tags,
        }),
        false => visit(Element::Node {
            id: element.id,
            at: element.at,
            tags: &tags,
        }),
    }
}

fn attribute<'a>(tag: &'a BytesStart, key: &str) -> Result<Option<Cow<'a, str>>, String> {
    let Some(found) = tag
        .try_get_attribute(key)
        .map_err(|e| format!("<{}>: {e}", tag.name().as_ref()))?
    else {
        return Ok(None);
    };
    found
        .normalized_value(XmlVersion::Implicit1_0)
        .map(Some)
        .map_err(|e| format!("`{key}` of <{}>: {e}", tag.name().as_ref()))
}

fn number<T: std::str::FromStr>(tag: &BytesStart, key: &str) -> Result<T, String> {
    let element = tag.name().as_ref().to_owned();
    let text = attribute(tag, key)?.ok_or_else(|| format!("a <{element}> has no `{key}`"))?;
    text.trim()
        .parse()
        .map_err(|_| format!("`{key}` of a <{element}> is `{}`, not a number", shortened(&text)))
}
