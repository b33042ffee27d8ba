//! A runnable scenario of one's own street: crowd of the borough, arrivals, two vans, lamp posts, and comparators without cameras.

use crate::people::Streets;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::place::MountSite;
use crate::scenario::{Overrides, Plan, load_text, population_of};
use std::path::Path;

/// What somebody asks about.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    /// Name of the scenario: its file name without ending.
    pub name: &'a str,
    /// Borough of the table of residents.
    pub borough: &'a str,
    /// People who walk past the busiest place of a van in an hour.
    pub people_per_hour: f64,
    /// A place file, if the streets are known.
    pub streets: Option<&'a Path>,
}

/// Faces that a van's two cameras see of each person who walks past it (measured by simulation of the sketch).
const FACES_PER_PASSER_BY: f64 = 0.5;
/// Least distance between two vans, and between two lamp posts with cameras, m.
const APART_M: (f64, f64) = (150.0, 50.0);
/// Lamp posts with cameras.
const LAMPS: usize = 6;
/// Bounds of people per hour.
const PEOPLE: (f64, f64) = (10.0, 50_000.0);

/// The files of the scenario, as name and text: scenario, population, and the streets where they are given.
///
/// # Errors
/// Everything wrong with the wish: the borough, the number, the streets.
pub fn own_street(wish: &Wish) -> Result<Vec<(String, String)>, Diagnostics> {
    let population = population_of(wish.borough)?;
    if !(PEOPLE.0..=PEOPLE.1).contains(&wish.people_per_hour) {
        let help = format!("people who walk past in an hour: {} to {}", PEOPLE.0, PEOPLE.1);
        let message = format!("--people-per-hour {} is out of range", wish.people_per_hour);
        return Err(vec![Diagnostic::general(message, help)]);
    }
    let mut files = Vec::new();
    let (place, folder) = match wish.streets {
        None => {
            let faces = libm::round(FACES_PER_PASSER_BY * wish.people_per_hour);
            (
                format!("sketch = {{ spine_m = 450, faces_per_hour = {faces} }}"),
                Path::new(".").to_path_buf(),
            )
        }
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| {
                let message = format!("cannot read {}: {e}", path.display());
                vec![Diagnostic::general(
                    message,
                    "name a place file made by lamplight import",
                )]
            })?;
            files.push((format!("{}-streets.geojson", wish.name), text));
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let folder = path
                .parent()
                .filter(|p| !p.as_os_str().is_empty())
                .unwrap_or(Path::new("."));
            (format!("file = \"{file}\""), folder.to_path_buf())
        }
    };
    let plan = load_text(wish.name, &bare(&place), &folder, &Overrides::default())?;
    let streets = Streets::prepare(&plan);
    let sites = Sites::choose(&plan, &streets).map_err(|message| {
        vec![Diagnostic::general(
            message,
            "give streets with van bays or lamp posts, as lamplight import makes them",
        )]
    })?;
    let place = if wish.streets.is_some() {
        format!("file = \"{}-streets.geojson\"", wish.name)
    } else {
        place
    };
    // The streets' own arrivals, brought to what was asked for at the busiest place.
    let scale = wish.streets.map(|_| wish.people_per_hour / sites.flow.max(1e-9));
    files.insert(
        0,
        (format!("{}.toml", wish.name), scenario(wish, &place, scale, &sites)),
    );
    files.insert(1, (format!("{}-passers-by.toml", wish.name), population));
    Ok(files)
}

/// A scenario without cameras, to learn how people walk.
fn bare(place: &str) -> String {
    format!(
        "format = 1\ntitle = \"-\"\nquestion = \"-\"\n[time]\ndate = 2026-06-05\nopen = 11:00:00\nclose = 17:00:00\n[place]\n{place}\n\
         [people]\npopulation = \"london-passers-by\"\n[[strategy]]\nname = \"no-lfr\"\n"
    )
}

/// Where cameras would be: the busiest places that are far enough from one another.
struct Sites {
    vans: Vec<String>,
    lamps: Vec<String>,
    /// Persons an hour at the busiest of them.
    flow: f64,
}

impl Sites {
    fn choose(plan: &Plan, streets: &Streets) -> Result<Sites, String> {
        let hours = (plan.open_s / 3600.0) as usize..(plan.close_s / 3600.0) as usize;
        let count = hours.len().max(1) as f64;
        let flow = |edge: usize| hours.clone().map(|h| streets.crowding.flow(edge, h)).sum::<f64>() / count;
        let busiest = |kind: MountSite, most: usize, apart_m: f64| {
            let mut all: Vec<usize> = (0..plan.place.mounts.len())
                .filter(|m| plan.place.mounts[*m].kind == kind)
                .collect();
            let of = |m: &usize| flow(plan.place.mounts[*m].edge);
            all.sort_by(|a, b| of(b).total_cmp(&of(a)));
            let mut chosen: Vec<usize> = Vec::new();
            for m in all {
                let at = plan.place.mounts[m].at;
                let far = |c: &usize| {
                    let other = plan.place.mounts[*c].at;
                    libm::hypot(at[0] - other[0], at[1] - other[1]) >= apart_m
                };
                if chosen.len() < most && chosen.iter().all(far) {
                    chosen.push(m);
                }
            }
            chosen
        };
        let vans = busiest(MountSite::VanBay, 2, APART_M.0);
        let lamps = busiest(MountSite::Lamp, LAMPS, APART_M.1);
        let Some(first) = vans.first().or(lamps.first()) else {
            return Err("these streets have neither van bays nor lamp posts".into());
        };
        let name = |m: &usize| plan.place.mounts[*m].id.clone();
        Ok(Sites {
            flow: flow(plan.place.mounts[*first].edge),
            vans: vans.iter().map(name).collect(),
            lamps: lamps.iter().map(name).collect(),
        })
    }
}

fn scenario(wish: &Wish, place: &str, scale: Option<f64>, sites: &Sites) -> String {
    let Wish { name, borough, .. } = wish;
    let people = wish.people_per_hour;
    let drawn = match scale {
        None => "a street drawn by rule, not surveyed; about half of those who walk past a van's two cameras are seen",
        Some(_) => "arrivals are scaled so that this many people walk past the busiest place of a van in an hour",
    };
    let demand = scale.map_or(String::new(), |s| format!("\ndemand_scale = {s:.4}"));
    let mut text = format!(
        "# A street in {borough} with {people} people an hour. Everything here may be changed; `lamplight check` says what is wrong.\n\
         format = 1\n\
         title = \"A street in {borough}: vans, lamp posts, or neither?\"\n\
         question = \"What would two vans, or cameras on lamp posts, change in a street of {borough} where {people} people walk past in an hour?\"\n\
         reading = \"A first look at a street that nobody has counted: who walks there follows the Census, where they walk is {how}. It tells sizes, not figures for a real street.\"\n\
         sources = [\n  \"Mix of residents: Office for National Statistics, Census 2021, licensed under the Open Government Licence v3.0.\",\n  \"People an hour: given by whoever made this file.\",\n]\n\
         baseline = \"no-lfr\"\n\
         replications = 100\n\n\
         [time]\ndate = 2026-06-05\nopen = 11:00:00\nclose = 17:00:00\n\n\
         [place] # {drawn}\n{place}\n\n\
         [people]\npopulation = \"{name}-passers-by.toml\"{demand}\n\n",
        how = if scale.is_some() {
            "a model of routes"
        } else {
            "drawn by rule"
        },
    );
    for (strategy, note, mount, at) in [
        (
            "two-vans",
            "Vans at the busiest bays, two cameras each.",
            "van",
            &sites.vans,
        ),
        (
            "lamp-posts",
            "Cameras on lamp posts at the busiest places.",
            "lamp",
            &sites.lamps,
        ),
    ] {
        if at.is_empty() {
            continue;
        }
        let cameras: Vec<String> = at
            .iter()
            .map(|id| format!("  {{ mount = \"{mount}\", at = \"{id}\" }},\n"))
            .collect();
        text += &format!(
            "[[strategy]]\nname = \"{strategy}\"\nnote = \"{note}\"\ncameras = [\n{}]\n\n",
            cameras.concat()
        );
    }
    text + "[[strategy]]\nname = \"no-lfr\"\nnote = \"The same officers for the same hours on ordinary patrol.\"\n\n\
            [[strategy]]\nname = \"warrant-visits\"\n\
            note = \"The same officers for the same hours at the addresses of people sought by the courts. Their arrests per officer-hour are an assumption.\"\n\
            set = { \"patrol.arrests_per_officer_h\" = { lognormal = [0.06, 0.8] }, \"patrol.stops_per_officer_h\" = 0 }\n"
}
