//! Cameras of a strategy, where they are mounted, and the teams that answer them.

use super::document::{Node, Problems, Table, listed, plain, short, suggestion};
use super::place::{MountSite, Place};
use super::plan::{CameraPlan, MountKind, TeamPlan};
use super::population::required;
use super::sketch;
use super::values::read_word;

const MOST_POSTS: usize = 1000;

/// Reads a name that will stand in tables, file names and flags.
pub(crate) fn read_name(key: &str, node: &Node, problems: &mut Problems) -> Option<String> {
    let name = node.text(key, problems)?;
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let sound = name.len() <= 64
        && name.split(['-', '.']).all(|part| !part.is_empty())
        && name.chars().all(|c| letter(c) || matches!(c, '-' | '.'));
    if !sound {
        let message = format!("`{key}` cannot be \"{}\"", short(name));
        problems.push(node.problem(
            message,
            "use small letters, digits and single hyphens, as in two-vans; at most 64",
        ));
        return None;
    }
    Some(name.to_owned())
}

/// A team of officers, with where it stands.
pub(super) fn read_team(
    node: &Node,
    place: &mut Place,
    teams: &mut Vec<TeamPlan>,
    problems: &mut Problems,
) -> Option<()> {
    let what = "strategy.team";
    let table = node.table(what, problems)?;
    table.check_keys(what, &["name", "pairs", "posts"], problems);
    let name_node = required(node, table, what, "name", problems)?;
    let name = read_name("strategy.team.name", name_node, problems)?;
    if teams.iter().any(|t| t.name == name) {
        problems.push(name_node.problem(format!("there are two teams named \"{name}\""), ""));
    }
    let pairs = table
        .get("pairs")
        .and_then(|n| n.whole("strategy.team.pairs", "pairs", (0, 200), problems));
    let mut posts = Vec::new();
    if let Some(list) = table
        .get("posts")
        .and_then(|n| n.list("strategy.team.posts", MOST_POSTS, problems))
    {
        for post in list {
            if let Some(id) = post.text("strategy.team.posts", problems) {
                posts.extend(find_mount(id, post, None, place, problems));
            }
        }
    }
    teams.push(TeamPlan {
        name,
        pairs: pairs.map(|n| n as u32),
        posts,
    });
    Some(())
}

/// A camera, with its mount and its team.
pub(super) fn read_camera(
    node: &Node,
    place: &mut Place,
    teams: &[TeamPlan],
    cameras: &mut Vec<CameraPlan>,
    problems: &mut Problems,
) -> Option<()> {
    let what = "strategy.cameras";
    let table = node.table(what, problems)?;
    table.check_keys(what, &["mount", "at", "at_m", "heading_deg", "count", "team"], problems);
    let wanted = match table.get("mount") {
        Some(n) => Some([MountKind::Van, MountKind::Lamp][read_word("mount", &["van", "lamp"], n, problems)?]),
        None => None,
    };
    let (site, place_node) = read_site(node, table, wanted, place, problems)?;
    let mount_site = place.mounts[site].kind;
    let mount = match (wanted, mount_site) {
        (Some(wanted), _) => wanted,
        (None, MountSite::VanBay) => MountKind::Van,
        (None, MountSite::Lamp | MountSite::Sketch) => MountKind::Lamp,
    };
    let at = place.mounts[site].id.clone();
    if cameras.iter().any(|c| c.site == site) {
        let message = format!("this strategy already has a camera mount at \"{}\"", short(&at));
        problems.push(place_node.problem(message, "write one entry with count = 2 for two cameras on one mount"));
    }
    let heading_deg = match table.get("heading_deg") {
        Some(n) => Some(n.number("heading_deg", "deg", (0.0, 360.0), problems)?),
        None => None,
    };
    let count = match (table.get("count"), mount) {
        (Some(n), _) => n.whole("count", "cameras", (1, 16), problems)? as u32,
        (None, MountKind::Van) => 2,
        (None, MountKind::Lamp) => 1,
    };
    let team = read_camera_team(node, table, teams, problems)?;
    cameras.push(CameraPlan {
        at,
        mount,
        site,
        heading_deg,
        count,
        team,
    });
    Some(())
}

fn read_site<'a>(
    node: &Node,
    table: &'a Table,
    wanted: Option<MountKind>,
    place: &mut Place,
    problems: &mut Problems,
) -> Option<(usize, &'a Node)> {
    match (table.get("at"), table.get("at_m")) {
        (Some(at), None) => {
            let id = at.text("at", problems)?;
            Some((find_mount(id, at, wanted, place, problems)?, at))
        }
        (None, Some(at_m)) if place.sketch => {
            let length = sketch::length_m(place);
            let metres = at_m.any_number("at_m", problems)?;
            let site = sketch::mount_at(place, metres).filter(|_| metres >= 0.0);
            if site.is_none() {
                let message = format!("the camera at {} m stands on no street", plain(metres));
                problems.push(at_m.problem(message, format!("the sketch street goes from 0 to {} m", plain(length))));
            }
            Some((site?, at_m))
        }
        (None, Some(at_m)) => {
            let help = "name a mount of the place instead: at = \"mount-id\"";
            problems.push(at_m.problem("`at_m` is for sketch streets only", help));
            None
        }
        (Some(_), Some(at_m)) => {
            problems.push(at_m.problem("give either `at` or `at_m`, not both", ""));
            None
        }
        (None, None) => {
            let key = if place.sketch {
                "at_m = 225"
            } else {
                "at = \"mount-id\""
            };
            problems.push(node.problem("the camera does not say where it is", format!("give {key}")));
            None
        }
    }
}

/// The mount of this name, of the wanted kind where one is wanted.
fn find_mount(
    id: &str,
    node: &Node,
    wanted: Option<MountKind>,
    place: &mut Place,
    problems: &mut Problems,
) -> Option<usize> {
    if place.sketch {
        let metres = id
            .strip_prefix("at-")
            .and_then(|rest| rest.strip_suffix('m'))
            .and_then(|m| m.parse().ok());
        if let Some(site) = metres
            .filter(|m: &f64| m.is_finite())
            .and_then(|m| sketch::mount_at(place, m))
        {
            return Some(site);
        }
    }
    let fits = |kind: MountSite| match wanted {
        Some(MountKind::Van) => kind != MountSite::Lamp,
        Some(MountKind::Lamp) => kind != MountSite::VanBay,
        None => true,
    };
    let near = |place: &Place| {
        let fitting = place.mounts.iter().filter(|m| fits(m.kind)).map(|m| m.id.as_str());
        match suggestion(id, fitting) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => match (
                place.sketch,
                place.mounts.iter().filter(|m| fits(m.kind)).take(6).collect::<Vec<_>>(),
            ) {
                (true, some) if some.is_empty() => {
                    "on a sketch street give the distance from its west end: at_m = 225".to_owned()
                }
                (_, some) if some.is_empty() => "the place has no such mounts".to_owned(),
                (_, some) => {
                    let ids: Vec<&str> = some.iter().map(|m| m.id.as_str()).collect();
                    format!("for example {}", listed(&ids))
                }
            },
        }
    };
    let Some(site) = place.mounts.iter().position(|m| m.id == id) else {
        problems.push(node.problem(format!("the place has no mount \"{}\"", short(id)), near(place)));
        return None;
    };
    if !fits(place.mounts[site].kind) {
        let (is, not) = match wanted {
            Some(MountKind::Van) => ("a lamp post", "van"),
            _ => ("a van bay", "lamp"),
        };
        let message = format!("mount \"{}\" is {is}, not a place for mount = \"{not}\"", short(id));
        problems.push(node.problem(message, near(place)));
        return None;
    }
    Some(site)
}

fn read_camera_team(node: &Node, table: &Table, teams: &[TeamPlan], problems: &mut Problems) -> Option<usize> {
    let names: Vec<&str> = teams.iter().map(|t| t.name.as_str()).collect();
    let Some(team) = table.get("team") else {
        if teams.len() > 1 {
            let message = "the camera does not say which team answers it";
            problems.push(node.problem(message, format!("give team = one of {}", listed(&names))));
            return None;
        }
        return Some(0);
    };
    let name = team.text("team", problems)?;
    let found = names.iter().position(|n| *n == name);
    if found.is_none() {
        let help = match (suggestion(name, names.iter().copied()), names.is_empty()) {
            (Some(near), _) => format!("did you mean \"{near}\"?"),
            (None, true) => format!("add [[strategy.team]] name = \"{}\"", short(name)),
            (None, false) => format!("its teams are {}", listed(&names)),
        };
        problems.push(team.problem(format!("this strategy has no team \"{}\"", short(name)), help));
    }
    found
}
