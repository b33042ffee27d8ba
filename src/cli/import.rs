//! `import`: a place file from OpenStreetMap or a street network, or a deployment record in the project's own format.

use super::Failure;
use super::args::Import;
use super::output::{data, say, say_notes};
use crate::city::import::{ImportOptions, import as read};
use crate::scenario::place_file::write_place;
use crate::scenario::record_file::open_record;
use crate::scenario::record_text::write_record;
use std::collections::BTreeSet;

/// Makes a place file, or a record with sites and boroughs.
pub(crate) fn import(job: &Import) -> Result<(), Failure> {
    if job.file.extension().is_some_and(|e| e == "csv") {
        return import_record(job);
    }
    let bbox = match job.bbox.as_slice() {
        [] => None,
        [w, s, e, n] => Some([*w, *s, *e, *n]),
        other => {
            return Err(Failure::input(
                format!("--bbox has {} numbers", other.len()),
                "write --bbox west,south,east,north in degrees, as in --bbox -0.1475,51.5075,-0.1255,51.5185",
            ));
        }
    };
    let defaults = ImportOptions::default();
    let options = ImportOptions {
        bbox,
        name: job.name.clone(),
        title: job.title.clone(),
        timezone: job.timezone.clone(),
        licence: job.licence.clone().unwrap_or(defaults.licence),
        attribution: job.attribution.clone(),
        notes: job.note.clone(),
        stations: job.stations.clone(),
        station_locations: job.station_locations.clone(),
        lamps: job.lamps.clone(),
        lamp_spacing_m: job.lamp_spacing,
        boundary_scale: job.boundary_scale,
    };
    let (place, notes) = read(&job.file, &options)?;
    notes.iter().for_each(|n| say(&format!("lamplight: {n}")));
    write(job, &write_place(&place))?;
    data(&format!(
        "{}: {} streets, {} gates, {} destinations, {} mounts\n",
        job.out.display(),
        place.edges.len(),
        place.gates.len(),
        place.attractors.len(),
        place.mounts.len()
    ))
}

fn import_record(job: &Import) -> Result<(), Failure> {
    let record = open_record(&job.file)?;
    say_notes(&record.notes);
    write(job, &write_record(&record))?;
    let sites: BTreeSet<(&str, &str)> = record
        .rows
        .iter()
        .map(|r| (r.force.as_str(), r.site.as_str()))
        .collect();
    data(&format!(
        "{}: {} deployments at {} sites\n",
        job.out.display(),
        record.rows.len(),
        sites.len()
    ))
}

/// Writes the file under a temporary name and renames it.
fn write(job: &Import, text: &str) -> Result<(), Failure> {
    let failed = |e: std::io::Error| Failure::Job(format!("cannot write {}: {e}", job.out.display()));
    if let Some(folder) = job.out.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let temporary = job.out.with_extension("tmp");
    std::fs::write(&temporary, text).map_err(failed)?;
    std::fs::rename(&temporary, &job.out).map_err(failed)
}
