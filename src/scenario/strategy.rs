//! Placement strategies: what each sets, where its cameras are and who answers them.

use super::cameras::{read_camera, read_name, read_team};
use super::document::{Entry, Kind, Node, Problems, Table, short, suggestion};
use super::place::Place;
use super::plan::{CameraPlan, TeamPlan};
use super::population::required;
use super::programme::Rule;
use super::programme_file::ProgrammeFile;
use super::reader::Reader;
use super::registry::{PARAMETERS, find};
use super::values::{Setting, read_parameter};

const MOST_STRATEGIES: usize = 64;
const MOST_CAMERAS: usize = 1000;
const MOST_TEAMS: usize = 100;

/// Sections whose parameters a strategy may set: what the police decide, never who walks by.
const SETTABLE: [&str; 10] = [
    "matcher",
    "operator",
    "officers",
    "patrol",
    "policy",
    "programme",
    "retrospective",
    "cost",
    "camera",
    "measure",
];

/// Keys of the list that a strategy may set: who is put on it, never who is about.
const SETTABLE_OF_LIST: [&str; 5] = [
    "watchlist.size",
    "watchlist.max_size",
    "watchlist.no_children",
    "watchlist.serious_only",
    "watchlist.min_photo_quality",
];

/// A strategy as the file states it.
pub(crate) struct Strategy {
    pub name: String,
    /// Where its name stands.
    pub place: Node,
    pub note: String,
    pub set: Vec<Setting>,
    /// The matcher that it names, if it names one.
    pub preset: Option<Node>,
    /// The rates of retrospective searches that it names, if it names them.
    pub rates: Option<Node>,
    /// Regimes it names, in place of the scenario's.
    pub regime: Option<Node>,
    /// Thresholds by group, if it sets them.
    pub threshold_by: Option<Node>,
    pub cameras: Vec<CameraPlan>,
    pub teams: Vec<TeamPlan>,
    /// What it may use of a programme.
    pub rule: Rule,
}

/// What the strategies of a scenario stand on. Where it could not be read, what depends on it is not looked at.
pub(crate) enum Ground<'a, 'r> {
    /// One day on the streets of one place.
    Streets(Option<&'a mut Place>),
    /// The sites of a programme.
    Programme(&'a mut Reader<'r>, Option<&'a ProgrammeFile>),
}

/// Reads every `[[strategy]]`.
pub(crate) fn read_strategies(node: &Node, mut ground: Ground, problems: &mut Problems) -> Vec<Strategy> {
    let mut strategies: Vec<Strategy> = Vec::new();
    let Some(list) = node.list("strategy", MOST_STRATEGIES, problems) else {
        return strategies;
    };
    if list.is_empty() {
        problems.push(node.problem("there is no [[strategy]]", "a scenario needs at least one"));
    }
    for row in list {
        let Some(strategy) = read_strategy(row, &mut ground, problems) else {
            continue;
        };
        if strategies.iter().any(|s| s.name == strategy.name) {
            let message = format!("there are two strategies named \"{}\"", strategy.name);
            problems.push(strategy.place.problem(message, "names of strategies are unique"));
        }
        strategies.push(strategy);
    }
    strategies
}

fn read_strategy(node: &Node, ground: &mut Ground, problems: &mut Problems) -> Option<Strategy> {
    let table = node.table("strategy", problems)?;
    check_strategy_keys(table, matches!(ground, Ground::Programme(..)), problems);
    let note = table
        .get("note")
        .and_then(|n| n.text("strategy.note", problems))
        .unwrap_or_default()
        .to_owned();
    let mut own = Own::default();
    if let Some(entries) = table.get("set").and_then(|n| n.table("strategy.set", problems)) {
        read_set("", entries, &mut own, problems);
    }
    if let (Some(node), Some(id)) = (table.get("placement"), find("programme.placement")) {
        own.set.extend(read_parameter(id, node, problems).map(|value| Setting {
            id,
            value,
            node: node.clone(),
        }));
    }
    let rule = match ground {
        Ground::Programme(reader, Some(file)) => reader.read_rule(table, file, problems),
        _ => Rule::default(),
    };
    let (mut cameras, mut teams) = (Vec::new(), Vec::new());
    if let Ground::Streets(Some(place)) = ground {
        if let Some(list) = table
            .get("team")
            .and_then(|n| n.list("strategy.team", MOST_TEAMS, problems))
        {
            for row in list {
                read_team(row, place, &mut teams, problems);
            }
        }
        if let Some(list) = table
            .get("cameras")
            .and_then(|n| n.list("strategy.cameras", MOST_CAMERAS, problems))
        {
            for row in list {
                read_camera(row, place, &teams, &mut cameras, problems);
            }
        }
    }
    if teams.is_empty() {
        teams.push(TeamPlan {
            name: "team".to_owned(),
            pairs: None,
            posts: Vec::new(),
        });
    }
    let name_node = required(node, table, "strategy", "name", problems)?;
    let name = read_name("strategy.name", name_node, problems)?;
    Some(Strategy {
        name,
        place: name_node.clone(),
        note,
        set: own.set,
        preset: own.preset,
        rates: own.rates,
        regime: table.get("regime").cloned(),
        threshold_by: own.threshold_by,
        cameras,
        teams,
        rule,
    })
}

/// Keys of strategies of one day only, and of those of a programme only.
const OF_A_DAY: [&str; 2] = ["cameras", "team"];
const OF_A_PROGRAMME: [&str; 4] = ["placement", "calendar", "sites", "fixed"];

fn check_strategy_keys(table: &Table, programme: bool, problems: &mut Problems) {
    let (own, others): (&[&str], &[&str]) = match programme {
        true => (&OF_A_PROGRAMME, &OF_A_DAY),
        false => (&OF_A_DAY, &OF_A_PROGRAMME),
    };
    let known: Vec<&str> = ["name", "note", "regime", "set"].iter().chain(own).copied().collect();
    for entry in table.0.iter().filter(|e| !known.contains(&e.key.as_str())) {
        if !others.contains(&entry.key.as_str()) {
            problems.push(entry.unknown("strategy", &known));
            continue;
        }
        let key = &entry.key;
        problems.push(match programme {
            true => entry.problem(
                format!("`strategy.{key}` is for one day at one place; this scenario is a programme"),
                "in a programme, cameras stand where its sites say; choose sites by `placement`, `sites` and `fixed`",
            ),
            false => entry.problem(
                format!("`strategy.{key}` is for programmes; this scenario is of one day"),
                "replace [time] and [place] by [programme] with from, until and sites",
            ),
        });
    }
}

/// What a strategy sets itself.
#[derive(Default)]
struct Own {
    set: Vec<Setting>,
    preset: Option<Node>,
    rates: Option<Node>,
    threshold_by: Option<Node>,
}

/// Reads `set`, whose keys are quoted (`"matcher.threshold"`) or dotted (`matcher.threshold`).
fn read_set(prefix: &str, table: &Table, own: &mut Own, problems: &mut Problems) {
    for entry in &table.0 {
        let key = format!("{prefix}{}", entry.key);
        if key == "matcher.preset" {
            own.preset = Some(entry.value.clone());
        } else if key == "retrospective.preset" {
            own.rates = Some(entry.value.clone());
        } else if key == "matcher.threshold_by" {
            own.threshold_by = Some(entry.value.clone());
        } else if let Some(id) = find(&key) {
            if may_set(&key, entry, problems) {
                own.set
                    .extend(read_parameter(id, &entry.value, problems).map(|value| Setting {
                        id,
                        value,
                        node: entry.value.clone(),
                    }));
            }
        } else if let (Kind::Table(inner), "") = (&entry.value.kind, prefix) {
            read_set(&format!("{key}."), inner, own, problems);
        } else if may_set(&key, entry, problems) {
            let known = PARAMETERS.iter().map(|p| p.key).chain([
                "matcher.preset",
                "matcher.threshold_by",
                "retrospective.preset",
            ]);
            let help = match suggestion(&key, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "give a full key, as in \"matcher.threshold\" = 0.64".to_owned(),
            };
            let message = format!("unknown key `{}` in `set`", short(&key));
            problems.push(entry.problem(message, help));
        }
    }
}

/// Whether strategies may differ in a parameter.
pub(crate) fn is_settable(key: &str) -> bool {
    let section = key.split('.').next().unwrap_or_default();
    SETTABLE.contains(&section) || SETTABLE_OF_LIST.contains(&key)
}

/// Reports a key of the shared world, which no strategy may change.
fn may_set(key: &str, entry: &Entry, problems: &mut Problems) -> bool {
    let section = key.split('.').next().unwrap_or_default();
    let shared = ["time", "place", "people", "sought", "watchlist"].contains(&section) && !is_settable(key);
    if shared {
        let message = format!("a strategy cannot set `{}`", short(key));
        let help = format!(
            "strategies are compared on the same people on the same day; of the watchlist only its size and filters may differ \
             (watchlist.size, max_size, no_children, serious_only, min_photo_quality). Sections a strategy may set: {}",
            SETTABLE.join(", ")
        );
        problems.push(entry.problem(message, help));
    }
    !shared
}

#[cfg(test)]
mod tests {
    use super::super::diagnose::{Diagnostics, Source};
    use super::super::document::parse;
    use super::super::place::{Edge, Mount, MountSite};
    use super::super::plan::MountKind;
    use super::*;

    /// A surveyed street with two van bays and two lamp posts.
    fn surveyed() -> Place {
        let mount = |id: &str, kind| Mount {
            id: id.to_owned(),
            kind,
            edge: 0,
            offset_m: 10.0,
            at: [10.0, 0.0],
            surveyed: true,
        };
        Place {
            name: "street".to_owned(),
            title: String::new(),
            licence: String::new(),
            attribution: Vec::new(),
            notes: Vec::new(),
            sketch: false,
            timezone: "Europe/London".to_owned(),
            origin: [0.0, 51.5],
            demand_scale: 1.0,
            fit: None,
            nodes: vec![[0.0, 0.0], [100.0, 0.0]],
            edges: vec![Edge {
                id: "e".to_owned(),
                a: 0,
                b: 1,
                name: String::new(),
                kind: "footway".to_owned(),
                length_m: 100.0,
                width_m: 4.0,
                line: vec![[0.0, 0.0], [100.0, 0.0]],
            }],
            gates: Vec::new(),
            attractors: Vec::new(),
            mounts: vec![
                mount("square-bay", MountSite::VanBay),
                mount("market-bay", MountSite::VanBay),
                mount("square-lamp", MountSite::Lamp),
                mount("market-lamp", MountSite::Lamp),
            ],
        }
    }

    fn read(cameras: &str) -> (Vec<Strategy>, Diagnostics) {
        let source = Source::new(
            "s.toml",
            &format!("[[strategy]]\nname = \"one\"\ncameras = [{cameras}]\n"),
        );
        let mut problems = Problems::default();
        let root = parse(&source, &mut problems).unwrap();
        let mut place = surveyed();
        let strategies = read_strategies(
            root.get("strategy").unwrap(),
            Ground::Streets(Some(&mut place)),
            &mut problems,
        );
        (strategies, problems.sorted(&source))
    }

    #[test]
    fn mounts_of_a_surveyed_place_are_found_by_name_and_kind() {
        let (strategies, problems) = read("{ at = \"market-bay\" }, { mount = \"lamp\", at = \"square-lamp\" }");
        assert!(problems.is_empty(), "{problems:?}");
        let cameras = &strategies[0].cameras;
        assert_eq!(
            (cameras[0].site, cameras[0].mount, cameras[0].count),
            (1, MountKind::Van, 2)
        );
        assert_eq!(
            (cameras[1].site, cameras[1].mount, cameras[1].count),
            (2, MountKind::Lamp, 1)
        );
    }

    #[test]
    fn a_wrong_mount_is_answered_with_the_nearest_of_the_right_kind() {
        let cases = [
            (
                "{ mount = \"van\", at = \"market-lamp\" }",
                "is a lamp post, not a place for mount = \"van\"",
                "\"market-bay\"",
            ),
            (
                "{ mount = \"lamp\", at = \"square-bay\" }",
                "is a van bay, not a place for mount = \"lamp\"",
                "\"square-lamp\"",
            ),
            ("{ at = \"markt-bay\" }", "no mount \"markt-bay\"", "\"market-bay\""),
            (
                "{ mount = \"van\", at = \"nowhere-at-all\" }",
                "no mount",
                "`square-bay`, `market-bay`",
            ),
            ("{ at_m = 5 }", "for sketch streets only", "at = \"mount-id\""),
            (
                "{ at = \"square-bay\" }, { at = \"square-bay\" }",
                "already has a camera mount",
                "count = 2",
            ),
        ];
        for (cameras, message, help) in cases {
            let (_, problems) = read(cameras);
            assert_eq!(problems.len(), 1, "{cameras}: {problems:?}");
            assert!(
                problems[0].message.contains(message),
                "{cameras}: {}",
                problems[0].message
            );
            assert!(problems[0].help.contains(help), "{cameras}: {}", problems[0].help);
        }
    }
}
