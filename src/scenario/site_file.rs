//! A set of sites: where deployments of a programme may be, how many people pass there and who they are.

use super::boroughs::Boroughs;
use super::cameras::{read_camera, read_name};
use super::diagnose::Source;
use super::document::{Kind, Node, Problems, Table, listed, plain, short, suggestion};
use super::files::{BOROUGHS, LARGEST_PLACE, open_beside, sha256};
use super::high_street::{FACES, HighStreet, KEYS, MEDIAN_FACES_PER_HOUR, VAN_BAY, Whose};
use super::place::{MountSite, Place};
use super::place_file;
use super::plan::{CameraPlan, MountKind, Value};
use super::population::{Header, People, open_table, required};
use super::prior::Prior;
use super::values::{certain, read_doubtful};
use std::path::Path;

/// Most sites of a set.
const MOST_SITES: usize = 1000;
/// Most camera mounts of a fixed array.
const MOST_FIXED: usize = 200;
/// Share of passers-by who live in the borough, where a site does not say (assumption).
const RESIDENT_SHARE: f64 = 0.5;
/// The table of residents used when a set names none.
const DEFAULT_BOROUGHS: &str = "london-census-2021";

/// A set of sites and the hashes of the files that it names.
pub(crate) struct SiteSet {
    pub header: Header,
    pub sites: Vec<SiteEntry>,
    /// By name of the file.
    pub hashes: Vec<(String, String)>,
}

/// One site as the file states it.
pub(crate) struct SiteEntry {
    pub name: String,
    pub title: String,
    pub borough: String,
    pub at: [f64; 2],
    pub place: Place,
    /// The van of an ordinary deployment.
    pub van: CameraPlan,
    /// The fixed array; none when empty.
    pub fixed: Vec<CameraPlan>,
    pub resident_share: f64,
    pub residents: f64,
    pub residents_by_cell: Vec<f64>,
    /// Shares of passers-by by axis and level.
    pub shares: Vec<Vec<f64>>,
    /// Footfall relative to what the place is fitted to.
    pub footfall: Value,
    pub presence: Value,
    pub recorded_crime: f64,
}

/// Which sites of a set are wanted; empty means all.
pub(crate) type Only<'a> = &'a [(String, Node)];

/// Reads a set of sites for a scenario in a folder, whose doubtful parameters may be drawn. Without a scenario (a set checked
/// on its own) place files are not opened.
pub(crate) fn read_sites(
    source: &Source,
    scenario: Option<(&Path, bool)>,
    people: &People,
    only: Only,
    problems: &mut Problems,
) -> Option<SiteSet> {
    let (root, header) = open_table(source, &["residents", "site"], problems)?;
    let mut set = SiteSet {
        header,
        sites: Vec::new(),
        hashes: vec![("sites".to_owned(), sha256(&source.text))],
    };
    let folder = scenario.map(|(folder, _)| folder);
    let boroughs = read_boroughs(root.get("residents"), folder, people, &mut set, problems)?;
    let list = match root.get("site") {
        Some(node) => node.list("site", MOST_SITES, problems)?,
        None => &[],
    };
    if list.is_empty() {
        let help = "begin each with [[site]] and give name, title, borough, at and sketch";
        problems.push(super::diagnose::Diagnostic::at(
            source,
            0..0,
            "the set holds no [[site]]",
            help,
        ));
    }
    let mut names: Vec<String> = Vec::new();
    for node in list {
        let name = node.table("site", problems).and_then(|t| {
            let node = required(node, t, "site", "name", problems)?;
            Some((read_name("site.name", node, problems)?, node))
        });
        let Some((name, name_node)) = name else { continue };
        if names.contains(&name) {
            problems.push(name_node.problem(
                format!("there are two sites named \"{name}\""),
                "names of sites are unique",
            ));
        }
        names.push(name.clone());
        if only.is_empty() || only.iter().any(|(wanted, _)| *wanted == name) {
            let mut reader = SiteReader {
                folder,
                uncertain: scenario.is_none_or(|(_, uncertain)| uncertain),
                people,
                boroughs: &boroughs,
                hashes: &mut set.hashes,
            };
            set.sites.extend(reader.read(name, node, problems));
        }
    }
    for (wanted, node) in only.iter().filter(|(wanted, _)| !names.contains(wanted)) {
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        problems.push(no_site(wanted, &all, node));
    }
    Some(set)
}

/// The problem that there is no such site.
pub(crate) fn no_site(name: &str, sites: &[&str], node: &Node) -> super::diagnose::Diagnostic {
    let help = match suggestion(name, sites.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("the sites are {}", listed(sites)),
    };
    node.problem(format!("there is no site \"{}\"", short(name)), help)
}

fn read_boroughs(
    node: Option<&Node>,
    folder: Option<&Path>,
    people: &People,
    set: &mut SiteSet,
    problems: &mut Problems,
) -> Option<Boroughs> {
    let file = match (node, folder) {
        (Some(node), folder) => BOROUGHS.open("residents", node, folder.unwrap_or(Path::new("")), problems),
        (None, _) => BOROUGHS.preset(DEFAULT_BOROUGHS),
    }?;
    set.hashes.push((file.name.clone(), sha256(&file.source.text)));
    Boroughs::read(&file.source, &people.axes, problems)
}

struct SiteReader<'a> {
    folder: Option<&'a Path>,
    uncertain: bool,
    people: &'a People,
    boroughs: &'a Boroughs,
    hashes: &'a mut Vec<(String, String)>,
}

const SITE_KEYS: [&str; 14] = [
    "name",
    "title",
    "borough",
    "at",
    "sketch",
    "file",
    "van",
    "fixed",
    "resident_share",
    "faces_per_hour",
    "presence",
    "recorded_crime",
    "note",
    "sources",
];

impl SiteReader<'_> {
    fn read(&mut self, name: String, node: &Node, problems: &mut Problems) -> Option<SiteEntry> {
        let table = node.table("site", problems)?;
        table.check_keys("site", &SITE_KEYS, problems);
        let text = |key: &str, problems: &mut Problems| table.get(key).map_or(Some(""), |n| n.text(key, problems));
        text("note", problems);
        if let Some(sources) = table.get("sources") {
            sources.texts("site.sources", problems);
        }
        let title = match table.get("title") {
            Some(n) => n.text("site.title", problems)?.to_owned(),
            None => name.clone(),
        };
        let borough_node = required(node, table, "site", "borough", problems)?;
        let borough_name = borough_node.text("site.borough", problems)?;
        let Some(borough) = self.boroughs.find(borough_name) else {
            let message = format!("the table of residents has no borough \"{}\"", short(borough_name));
            let help = match self.boroughs.near(borough_name) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "name a row of the table that `residents` names".to_owned(),
            };
            problems.push(borough_node.problem(message, help));
            return None;
        };
        let at = read_at(node, table, problems);
        let mut number = |key: &str, default: f64, bounds: (f64, f64)| match table.get(key) {
            Some(n) => n.number(&format!("site.{key}"), "", bounds, problems),
            None => Some(default),
        };
        let resident_share = number("resident_share", RESIDENT_SHARE, (0.0, 1.0))?;
        let recorded_crime = number("recorded_crime", 1.0, (0.0, 1000.0))?;
        let presence = match table.get("presence") {
            Some(n) => read_doubtful("site.presence", "", (0.0, 1000.0), n, problems)?,
            None => certain(1.0),
        };
        let (faces, footfall) = read_faces(table, problems)?;
        let mut place = self.place(&name, &title, at?, node, table, faces, problems)?;
        let van = read_van(node, table, &mut place, problems)?;
        let fixed = read_fixed(table, &mut place, problems)?;
        let shares = &self.people.crowd.shares;
        Some(SiteEntry {
            residents: borough.residents,
            residents_by_cell: self.boroughs.residents_by_cell(borough, &self.people.axes, shares),
            shares: self.boroughs.passers_by(borough, resident_share, shares),
            name,
            title,
            borough: borough_name.to_owned(),
            at: at?,
            place,
            van,
            fixed,
            resident_share,
            footfall,
            presence,
            recorded_crime,
        })
    }

    /// The streets of a site: a sketch, or a place file.
    #[allow(clippy::too_many_arguments)]
    fn place(
        &mut self,
        name: &str,
        title: &str,
        at: [f64; 2],
        node: &Node,
        table: &Table,
        faces: Option<f64>,
        problems: &mut Problems,
    ) -> Option<Place> {
        match (table.get("sketch"), table.get("file")) {
            (Some(drawn), None) => {
                let parameters = drawn.table("site.sketch", problems)?;
                parameters.check_keys("site.sketch", &KEYS, problems);
                let street = HighStreet::read(parameters, problems)?;
                let faces = faces.unwrap_or(MEDIAN_FACES_PER_HOUR);
                Some(street.draw(&Whose { name, title, at }, faces, self.uncertain))
            }
            (None, Some(file)) => {
                if let (Some(_), Some(node)) = (faces, table.get("faces_per_hour")) {
                    let help = "a place file says itself how many people enter; its demand_scale fits them to a record";
                    problems.push(node.problem("`faces_per_hour` is for sketches", help));
                }
                let folder = self.folder?;
                let source = open_beside("site.file", file, folder, LARGEST_PLACE, problems)?;
                self.hashes.push((name.to_owned(), sha256(&source.text)));
                place_file::read_place(&source)
                    .map_err(|found| problems.extend(found))
                    .ok()
            }
            (Some(_), Some(file)) => {
                problems.push(file.problem("the site has both a sketch and a file", "keep one of the two"));
                None
            }
            (None, None) => {
                let help = "give sketch = { spine_m = 450 } or file = \"places/my-street.geojson\"";
                problems.push(node.problem("the site has no streets", help));
                None
            }
        }
    }
}

fn read_at(node: &Node, table: &Table, problems: &mut Problems) -> Option<[f64; 2]> {
    let at = required(node, table, "site", "at", problems)?;
    let [lon, lat] = at.list("site.at", 1000, problems)? else {
        problems.push(at.problem(
            "`site.at` must be two numbers",
            "write at = [longitude, latitude], as in [-0.14, 51.51]",
        ));
        return None;
    };
    let lon = lon.number("site.at (longitude)", "deg", (-180.0, 180.0), problems);
    let lat = lat.number("site.at (latitude)", "deg", (-66.0, 66.0), problems);
    Some([lon?, lat?])
}

/// Faces per hour, and the footfall relative to them that plausible worlds draw.
fn read_faces(table: &Table, problems: &mut Problems) -> Option<(Option<f64>, Value)> {
    let Some(node) = table.get("faces_per_hour") else {
        return Some((None, certain(1.0)));
    };
    let faces = read_doubtful("site.faces_per_hour", "faces per hour", FACES, node, problems)?;
    let by = 1.0 / faces.central;
    let prior = match faces.prior {
        None => None,
        Some(Prior::Uniform { low, high }) => Some(Prior::Uniform {
            low: low * by,
            high: high * by,
        }),
        Some(Prior::LogNormal { median, log_sd }) => Some(Prior::LogNormal {
            median: median * by,
            log_sd,
        }),
        Some(_) => {
            let help = "give a number, { low = .., high = .. } or { lognormal = [median, log_sd] }";
            problems.push(node.problem("the prior of `site.faces_per_hour` cannot be of this kind", help));
            return None;
        }
    };
    Some((Some(faces.central), Value { central: 1.0, prior }))
}

fn read_van(node: &Node, table: &Table, place: &mut Place, problems: &mut Problems) -> Option<CameraPlan> {
    if let Some(van) = table.get("van") {
        let mut cameras = Vec::new();
        read_camera(van, place, &[], &mut cameras, problems)?;
        let camera = cameras.pop()?;
        if camera.mount == MountKind::Lamp {
            problems.push(van.problem("the van of a site stands in a van bay", "add mount = \"van\""));
            return None;
        }
        return Some(camera);
    }
    let Some(site) = place.mounts.iter().position(|m| m.id == VAN_BAY) else {
        let bays: Vec<&str> = place
            .mounts
            .iter()
            .filter(|m| m.kind == MountSite::VanBay)
            .map(|m| m.id.as_str())
            .collect();
        let help = format!("give van = {{ at = \"..\" }}; its van bays are {}", listed(&bays));
        problems.push(node.problem("the site does not say where its van stands", help));
        return None;
    };
    Some(CameraPlan {
        at: VAN_BAY.to_owned(),
        mount: MountKind::Van,
        site,
        heading_deg: None,
        count: 2,
        team: 0,
    })
}

/// A fixed array: a list of mounts, or on a sketch a number of lamp posts spread evenly along the spine.
fn read_fixed(table: &Table, place: &mut Place, problems: &mut Problems) -> Option<Vec<CameraPlan>> {
    let Some(node) = table.get("fixed") else {
        return Some(Vec::new());
    };
    let mut cameras = Vec::new();
    if let (Kind::List(list), _) = (&node.kind, place.sketch) {
        for camera in list.iter().take(MOST_FIXED) {
            read_camera(camera, place, &[], &mut cameras, problems)?;
        }
        return Some(cameras);
    }
    let lamps: Vec<usize> = (0..place.mounts.len())
        .filter(|&i| place.mounts[i].kind == MountSite::Lamp)
        .collect();
    let wanted = node.whole("site.fixed", "cameras", (1, MOST_FIXED as u64), problems)? as usize;
    if wanted > lamps.len() {
        let message = format!(
            "{wanted} cameras are more than the {} lamp posts of the street",
            lamps.len()
        );
        problems.push(node.problem(
            message,
            format!("lamp posts stand every sketch.lamp_every_m = {} m", plain(30.0)),
        ));
        return None;
    }
    for i in 0..wanted {
        let site = lamps[(2 * i + 1) * lamps.len() / (2 * wanted)];
        cameras.push(CameraPlan {
            at: place.mounts[site].id.clone(),
            mount: MountKind::Lamp,
            site,
            heading_deg: None,
            count: 1,
            team: 0,
        });
    }
    Some(cameras)
}
