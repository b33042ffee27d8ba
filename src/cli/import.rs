//! `import`: a place file from OpenStreetMap or a street network.

use super::Failure;
use super::args::Import;
use super::output::{data, say};
use crate::city::import::{ImportOptions, import as read};
use crate::scenario::place_file::write_place;

/// Makes a place file.
pub(crate) fn import(job: &Import) -> Result<(), Failure> {
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
    let write = |e: std::io::Error| Failure::Job(format!("cannot write {}: {e}", job.out.display()));
    if let Some(folder) = job.out.parent() {
        std::fs::create_dir_all(folder).map_err(write)?;
    }
    let temporary = job.out.with_extension("tmp");
    std::fs::write(&temporary, write_place(&place)).map_err(write)?;
    std::fs::rename(&temporary, &job.out).map_err(write)?;
    data(&format!(
        "{}: {} streets, {} gates, {} destinations, {} mounts\n",
        job.out.display(),
        place.edges.len(),
        place.gates.len(),
        place.attractors.len(),
        place.mounts.len()
    ))
}
