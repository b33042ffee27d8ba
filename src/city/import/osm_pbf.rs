//! Reads `.osm.pbf`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use osmpbf::{BlobDecode, BlobReader};

use crate::scenario::diagnose::{Diagnostic, Diagnostics};

use super::Bbox;
use super::osm::{Element, seven_decimals};

/// Header features that this reader understands; a file that requires another cannot be read rightly.
const UNDERSTOOD: [&str; 4] = [
    "OsmSchema-V0.6",
    "DenseNodes",
    "HistoricalInformation",
    "LocationsOnWays",
];

/// Visits every node and way of the file.
pub(super) fn scan(path: &Path, visit: &mut dyn FnMut(Element)) -> Result<(), Diagnostics> {
    // The decoder adds numbers of the file without a check: a damaged file can overflow them, which a build with checks answers by a panic.
    catch_unwind(AssertUnwindSafe(|| scan_blobs(path, visit)))
        .unwrap_or_else(|_| Err("its numbers are out of range".into()))
        .map_err(|reason| {
            vec![Diagnostic::general(
                format!("cannot read `{}` as OpenStreetMap PBF: {reason}", path.display()),
                "Expected an .osm.pbf extract: download it again, or convert it with `osmium cat in -o out.osm.pbf`.",
            )]
        })
}

fn scan_blobs(path: &Path, visit: &mut dyn FnMut(Element)) -> Result<(), String> {
    let reader = BlobReader::from_path(path).map_err(|e| e.to_string())?;
    let mut header_seen = false;
    for blob in reader {
        match blob.and_then(|blob| blob.decode().map(|decoded| visit_blob(decoded, visit))) {
            Ok(Blob::Header(unknown)) => {
                header_seen = true;
                if let Some(unknown) = unknown {
                    return Err(format!(
                        "it needs the feature `{unknown}`, which this version does not read"
                    ));
                }
            }
            Ok(Blob::Data) if !header_seen => return Err("it has no header".into()),
            Ok(_) => {}
            Err(e) => return Err(format!("it is damaged, cut short or packed in an unknown way ({e})")),
        }
    }
    if header_seen {
        Ok(())
    } else {
        Err("it is empty or cut short".into())
    }
}

enum Blob {
    /// A header, with the first feature that it requires and this reader does not understand.
    Header(Option<String>),
    Data,
    Other,
}

fn visit_blob(decoded: BlobDecode, visit: &mut dyn FnMut(Element)) -> Blob {
    match decoded {
        BlobDecode::OsmHeader(header) => {
            if let Some(b) = header.bbox() {
                let [west, south, east, north] = [b.left, b.bottom, b.right, b.top].map(seven_decimals);
                visit(Element::Bounds(Bbox {
                    west,
                    south,
                    east,
                    north,
                }));
            }
            Blob::Header(
                header
                    .required_features()
                    .iter()
                    .find(|f| !UNDERSTOOD.contains(&f.as_str()))
                    .cloned(),
            )
        }
        BlobDecode::OsmData(block) => {
            for element in block.elements() {
                visit_element(element, visit);
            }
            Blob::Data
        }
        BlobDecode::Unknown(_) => Blob::Other,
    }
}

fn visit_element(element: osmpbf::Element, visit: &mut dyn FnMut(Element)) {
    let at = |lon: f64, lat: f64| [seven_decimals(lon), seven_decimals(lat)];
    match element {
        osmpbf::Element::Node(node) => {
            let tags: Vec<_> = node.tags().collect();
            visit(Element::Node {
                id: node.id(),
                at: at(node.lon(), node.lat()),
                tags: &tags,
            });
        }
        osmpbf::Element::DenseNode(node) => {
            let tags: Vec<_> = node.tags().collect();
            visit(Element::Node {
                id: node.id(),
                at: at(node.lon(), node.lat()),
                tags: &tags,
            });
        }
        osmpbf::Element::Way(way) => {
            let (refs, tags): (Vec<_>, Vec<_>) = (way.refs().collect(), way.tags().collect());
            visit(Element::Way {
                refs: &refs,
                tags: &tags,
            });
        }
        osmpbf::Element::Relation(_) => {}
    }
}
