//! The place file and the importers: what they read, what they refuse and how they say it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lamplight::city::import::{ImportOptions, import};
use lamplight::scenario::diagnose::{Diagnostic, Diagnostics, Source};
use lamplight::scenario::place::{MountSite, Place};
use lamplight::scenario::place_file::{Projection, read_place, read_place_file, write_place};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn fixture(name: &str) -> PathBuf {
    root("tests/fixtures").join(name)
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn corner() -> String {
    text_of(&fixture("corner.geojson"))
}

fn read(text: &str) -> Result<Place, Diagnostics> {
    read_place(&Source::new("corner.geojson", text))
}

fn line_of(problem: &Diagnostic) -> Option<usize> {
    let (source, span) = (problem.source.as_ref()?, problem.span.as_ref()?);
    Some(source.line_column(span.start).0)
}

fn shown(problems: &Diagnostics) -> String {
    let lines = problems
        .iter()
        .map(|p| format!("line {:?}: {} [{}]", line_of(p), p.message, p.help));
    lines.collect::<Vec<_>>().join("\n")
}

fn expect_problem(problems: &Diagnostics, fragment: &str, line: Option<usize>) {
    let found = problems
        .iter()
        .any(|p| p.message.contains(fragment) && line_of(p) == line);
    assert!(
        found,
        "no problem with `{fragment}` on line {line:?} among\n{}",
        shown(problems)
    );
    assert!(
        problems.iter().all(|p| !p.help.is_empty()),
        "a problem has no hint:\n{}",
        shown(problems)
    );
}

#[test]
fn a_hand_written_place_is_read_as_it_is_written() {
    let place = read(&corner()).unwrap_or_else(|p| panic!("{}", shown(&p)));
    assert_eq!((place.nodes.len(), place.edges.len(), place.gates.len()), (4, 3, 2));
    assert_eq!((place.attractors.len(), place.mounts.len()), (1, 2));
    assert_eq!(place.edges[1].name, "Café Row");
    assert_eq!((place.edges[1].a, place.edges[1].b), (1, 2));
    assert_eq!(
        place.gates[0].persons_per_hour[1], place.gates[0].persons_per_hour[0],
        "a missing day falls back to mon_thu"
    );
    assert_eq!(place.gates[1].persons_per_hour[2][10], 2.0);
    // One thousandth of a degree on the WGS84 ellipsoid at 51.5°: 69.45 m of longitude, 111.26 m of latitude.
    let drawn = place.edges[0].line[2][0] - place.edges[0].line[0][0];
    assert!((drawn - 69.45).abs() < 0.05, "{drawn}");
    let drawn = place.edges[1].line[1][1] - place.edges[1].line[0][1];
    assert!((drawn - 111.26).abs() < 0.05, "{drawn}");
    let lamp = &place.mounts[0];
    assert_eq!((lamp.kind, lamp.edge, lamp.surveyed), (MountSite::Lamp, 0, true));
    assert!((lamp.offset_m - 0.2 * 69.4).abs() < 0.1, "{}", lamp.offset_m);
}

#[test]
fn writing_and_reading_again_gives_the_same_place_and_the_same_text() {
    for path in [
        fixture("corner.geojson"),
        root("scenarios/places/west-end.geojson"),
        root("scenarios/places/bethnal-green.geojson"),
    ] {
        let place = read_place_file(&path).unwrap_or_else(|p| panic!("{}", shown(&p)));
        let written = write_place(&place);
        let again = read(&written).unwrap_or_else(|p| panic!("{}", shown(&p)));
        assert_eq!(write_place(&again), written, "{}", path.display());
        assert_eq!(
            (&again.nodes.len(), &again.gates, &again.attractors),
            (&place.nodes.len(), &place.gates, &place.attractors)
        );
        for (x, y) in again.edges.iter().zip(&place.edges) {
            assert_eq!((&x.id, x.a, x.b, x.length_m), (&y.id, y.a, y.b, y.length_m));
        }
    }
}

/// What a broken place file is made from: a text of the fixture, what replaces it, the message expected and its line.
type Broken = (&'static str, &'static str, &'static str, usize);

const S2: &str = "{\"type\":\"Feature\",\"properties\":{\"feature\":\"street\",\"id\":\"s2\",\"a\":2,\"b\":3,\"name\":\"Café Row\",\"kind\":\"residential\",\
    \"length_m\":111.3,\"width_m\":4},\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[-0.099,51.5],[-0.099,51.501]]}},\n";

const BROKEN: [Broken; 45] = [
    ("\"id\":\"s2\",", "\"id\":\"s2\"", "is not JSON (line 7, column 61)", 7),
    (
        "\"type\":\"FeatureCollection\"",
        "\"type\":\"Feature\"",
        "not a FeatureCollection",
        1,
    ),
    ("\"type\":\"FeatureCollection\",", "", "there is no `type`", 1),
    ("\"lamplight\":", "\"lamp\":", "it has no `lamplight` member", 1),
    ("\"format\":1,", "", "has no format number", 2),
    ("\"format\":1,", "\"format\":2,", "place file format 2 is not known", 2),
    ("\"format\":1,", "\"format\":\"one\",", "is not known", 2),
    ("\"licence\":\"CC0-1.0\",", "", "has no `licence`", 2),
    (
        "\"attribution\":[\"Drawn by hand for tests.\"],",
        "",
        "has no attribution",
        2,
    ),
    ("[\"Drawn by hand for tests.\"]", "[]", "has no attribution", 3),
    (
        "[\"Drawn by hand for tests.\"]",
        "\"us\"",
        "`attribution` is not a list",
        3,
    ),
    ("\"notes\":", "\"note\":", "unknown member `note`", 3),
    ("Europe/London", "Europe/Londinium", "unknown time zone", 4),
    (
        "\"origin\":[-0.0995,51.5005]",
        "\"origin\":[51.5005]",
        "no usable `origin`",
        4,
    ),
    (
        "\"demand_scale\":1",
        "\"demand_scale\":-1",
        "`demand_scale` is not a positive number",
        4,
    ),
    (
        "\"features\":[\n",
        "\"features\":7,\"x\":[\n",
        "`features` is not a list",
        5,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5]]",
        "fewer than two points",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[-0.099,51.5]]",
        "zero length",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[-0.099,151.501]]",
        "out of range",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[530000,180000]]",
        "out of range",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[51.501,-0.099]]",
        "more than 50 km from the origin",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[\"NaN\",51.501]]",
        "are not numbers",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[NaN,51.501]]",
        "is not JSON",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5],[1e999,51.501]]",
        "number out of range",
        7,
    ),
    (
        "[[-0.099,51.5],[-0.099,51.501]]",
        "[[-0.099,51.5003],[-0.099,51.501]]",
        "node 2 of street `s2` lies 33.4 m from where street `s1` has it",
        7,
    ),
    ("\"id\":\"s3\"", "\"id\":\"s2\"", "two streets have the id `s2`", 8),
    ("\"width_m\":4", "\"width_m\":-4", "`width_m` of a street is -4", 7),
    ("\"width_m\":4", "\"widht_m\":4", "has no `width_m`", 7),
    ("\"length_m\":111.3", "\"length_m\":20", "shorter than the 111.3 m", 7),
    ("\"kind\":\"residential\",", "", "a street has no `kind`", 7),
    (
        "\"b\":3,\"name\"",
        "\"b\":-3,\"name\"",
        "`b` of a street is -3, not a node number",
        7,
    ),
    (
        "\"type\":\"LineString\",\"coordinates\":[[-0.099,51.5]",
        "\"type\":\"Polygon\",\"coordinates\":[[-0.099,51.5]",
        "needs a LineString",
        7,
    ),
    ("\"node\":1", "\"node\":17", "is on node 17, which no street has", 9),
    ("\"id\":\"path\"", "\"id\":\"west\"", "two gates have the id `west`", 10),
    (
        "\"mon_thu\":[0,0,0,0,0,1,",
        "\"mon_thu\":[0,0,0,0,1,",
        "is not 24 numbers",
        9,
    ),
    (
        "\"mon_thu\":[0,0,0,0,0,1,",
        "\"mon_thu\":[0,0,0,0,0,-1,",
        "is not 24 numbers",
        9,
    ),
    ("\"sat\":", "\"satt\":", "unknown day `satt`", 10),
    ("\"weight\":2", "\"weight\":-2", "`weight` of an attractor is -2", 11),
    (
        "\"feature\":\"attractor\"",
        "\"feature\":\"atractor\"",
        "unknown feature `atractor`",
        11,
    ),
    (
        "\"id\":\"high-street-1\"",
        "\"id\":\"High Street 1\"",
        "is not a usable id",
        12,
    ),
    (
        "\"id\":\"high-street-bay-1\"",
        "\"id\":\"high-street-1\"",
        "have the id `high-street-1`",
        13,
    ),
    (
        "\"street\":\"s1\",\"surveyed\":true",
        "\"street\":\"s9\",\"surveyed\":true",
        "there is no street `s9`",
        12,
    ),
    (
        "[-0.0998,51.50005]",
        "[-0.0998,51.5005]",
        "lies 56 m from its street",
        12,
    ),
    (",\"surveyed\":true", "", "does not say whether it was surveyed", 12),
    (S2, "", "gate `path` cannot be reached from the other gates", 9),
];

#[test]
fn every_broken_place_file_is_refused_with_message_line_and_hint() {
    let sound = corner();
    for (from, to, fragment, line) in BROKEN {
        assert!(sound.contains(from), "the fixture has no `{from}`");
        let problems = read(&sound.replacen(from, to, 1)).expect_err(fragment);
        expect_problem(&problems, fragment, Some(line));
    }
}

#[test]
fn files_that_are_no_place_at_all_are_named_for_what_they_are() {
    let sound = corner();
    let cut = &sound[..sound.len() / 2];
    let huge = format!("{}{}", sound, " ".repeat(65 << 20));
    let many = sound.replacen(
        "\"features\":[\n",
        &format!("\"features\":[\n{}", "0,".repeat(200_001)),
        1,
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let without = |feature: &str| {
        sound
            .lines()
            .filter(|l| !l.contains(&format!("\"feature\":\"{feature}\"")))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let trailing = |text: String| text.replace("}},\n]}", "}}\n]}");
    let no_demand = sound.replace(
        "[0,0,0,0,0,1,5,20,40,40,50,60,70,70,60,60,60,50,40,20,10,5,2,1]",
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]",
    );
    let no_demand = no_demand
        .replace("1,1,1,1,1,1,1,1,1,1", "0,0,0,0,0,0,0,0,0,0")
        .replace("2,2,2,2,2,2,2,2,2,2", "0,0,0,0,0,0,0,0,0,0");
    let cases: [(&str, &str); 13] = [
        ("", "is empty"),
        ("  \n", "is empty"),
        (cut, "ends too early"),
        ("PK\u{3}\u{4}\0\0\0", "is binary"),
        ("<?xml version='1.0'?><osm/>", "is XML"),
        ("[1,2,3]", "not a FeatureCollection"),
        ("\"text\"", "not a FeatureCollection"),
        ("people = 3", "is not JSON (line 1, column 1)"),
        (&huge, "the limit is 64 MiB"),
        (&many, "the limit is 200000"),
        (&deep, "not a FeatureCollection"),
        (&trailing(without("gate")), "has no gates"),
        (&no_demand, "nobody enters at any gate"),
    ];
    for (text, fragment) in cases {
        let problems = read(text).expect_err(fragment);
        let found = problems.iter().any(|p| p.message.contains(fragment));
        assert!(found, "no `{fragment}` among\n{}", shown(&problems));
    }
    let problems = read(&trailing(without("street"))).expect_err("no streets");
    expect_problem(&problems, "has no streets", Some(1));
    let folder = read_place_file(&root("tests")).expect_err("a folder");
    expect_problem(&folder, "it is a folder", None);
    let missing = read_place_file(&root("tests/fixtures/none.geojson")).expect_err("a missing file");
    expect_problem(&missing, "cannot read a place file", None);
}

#[test]
fn all_problems_are_reported_at_once() {
    let text = corner()
        .replace("\"width_m\":4", "\"width_m\":0")
        .replace("\"node\":1", "\"node\":17")
        .replace("\"weight\":2", "\"weight\":\"2\"");
    let problems = read(&text).expect_err("three problems");
    for (fragment, line) in [("`width_m`", 7), ("node 17", 9), ("`weight`", 11)] {
        expect_problem(&problems, fragment, Some(line));
    }
    let streets = corner().replace("\"width_m\":", "\"width\":");
    let many = streets.replacen(
        S2.replace("width_m", "width").as_str(),
        &S2.replace("width_m", "width").repeat(300),
        1,
    );
    let problems = read(&many).expect_err("hundreds of problems");
    assert!(problems.len() <= 101, "{}", problems.len());
}

/// A small generator for test inputs (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn read_anything(text: &str) {
    match read(text) {
        Ok(place) => {
            let written = write_place(&place);
            assert!(
                read(&written).is_ok(),
                "what was read cannot be written and read:\n{text}"
            );
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            for span in problems.iter().filter_map(|p| p.span.clone()) {
                assert!(text.get(span.clone()).is_some(), "span {span:?} does not fit the text");
            }
        }
    }
}

#[test]
fn no_prefix_and_no_mutation_of_a_place_file_panics() {
    let sound = corner();
    for end in (0..sound.len()).filter(|&i| sound.is_char_boundary(i)) {
        read_anything(&sound[..end]);
    }
    let words = [
        "-1",
        "1e308",
        "null",
        "[]",
        "{}",
        "\"\"",
        "18446744073709551616",
        "0",
        ",",
        "]",
        "}",
        "\"",
        "é",
        "true",
        "[[",
        ":",
    ];
    let mut dice = Dice(7);
    for _ in 0..6000 {
        let mut text = sound.clone();
        for _ in 0..=dice.below(3) {
            let (mut from, mut to) = (dice.below(text.len()), dice.below(text.len().min(60)));
            to = (from + to).min(text.len());
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            while !text.is_char_boundary(to) {
                to += 1;
            }
            match dice.below(3) {
                0 => text.replace_range(from..to, ""),
                1 => text.insert_str(from, words[dice.below(words.len())]),
                _ => {
                    // Replace one number or word by another.
                    let tail = text[from..].to_owned();
                    let Some(start) = tail.find([':', ',', '[']) else {
                        continue;
                    };
                    let length = tail[start + 1..].find([',', ']', '}']).unwrap_or(0);
                    text.replace_range(
                        from + start + 1..from + start + 1 + length,
                        words[dice.below(words.len())],
                    );
                }
            }
        }
        read_anything(&text);
    }
}

/// The west of the fixture's box cuts High Street at 10.000, its east at 10.004, its north the side street at 50.002.
const BOX: [f64; 4] = [10.0, 50.0, 10.004, 50.002];

fn options() -> ImportOptions {
    ImportOptions {
        bbox: Some(BOX),
        timezone: "Europe/Berlin".into(),
        ..ImportOptions::default()
    }
}

fn imported(path: &Path, options: &ImportOptions) -> (Place, Vec<String>) {
    import(path, options).unwrap_or_else(|p| panic!("{}", shown(&p)))
}

fn has_node(place: &Place, lon: f64, lat: f64) -> bool {
    let p = Projection::new(place.origin).to_metres([lon, lat]);
    place
        .nodes
        .iter()
        .any(|n| (n[0] - p[0]).abs() < 0.01 && (n[1] - p[1]).abs() < 0.01)
}

#[test]
fn openstreetmap_xml_becomes_a_place() {
    let (place, notes) = imported(&fixture("ten-streets.osm"), &options());
    let streets: BTreeSet<(&str, &str)> = place.edges.iter().map(|e| (e.name.as_str(), e.kind.as_str())).collect();
    let expected = [("High Street", "primary"), ("Mühl-Gasse", "residential"), ("", "path")];
    assert_eq!(
        streets,
        BTreeSet::from(expected),
        "no motorway, no foot=no, no private way, no stub, nothing unconnected"
    );
    assert_eq!((place.nodes.len(), place.edges.len()), (6, 5));
    for (lon, lat) in [
        (10.0, 50.001),
        (10.004, 50.001),
        (10.002, 50.002),
        (10.001, 50.001),
        (10.002, 50.001),
        (10.001, 50.0005),
    ] {
        assert!(has_node(&place, lon, lat), "no node at {lon}, {lat}");
    }
    let high: f64 = place
        .edges
        .iter()
        .filter(|e| e.name == "High Street")
        .map(|e| e.length_m)
        .sum();
    // 0.004° of longitude at 50.001° on WGS84.
    assert!((high - 286.8).abs() < 0.5, "{high}");
    let note = |part: &str| {
        assert!(
            notes.iter().any(|n| n.contains(part)),
            "no note with `{part}` in {notes:#?}"
        )
    };
    note("1 references of 1 walkable ways go to nodes that are not in the input file");
    note("1 stretches (22 m) that are not connected");
    note("1 unnamed dead ends shorter than 15 m");
    assert_eq!(place.notes, notes);
    assert_eq!(place.attribution[0], "© OpenStreetMap contributors");

    let kinds: Vec<(&str, &str)> = place.gates.iter().map(|g| (g.id.as_str(), g.kind.as_str())).collect();
    assert!(kinds.contains(&("mill-station", "station")), "{kinds:?}");
    assert!(kinds.contains(&("town-hall-bus", "bus")), "{kinds:?}");
    assert!(
        kinds.contains(&("high-street-west", "street")) && kinds.contains(&("high-street-east", "street")),
        "{kinds:?}"
    );
    assert!(kinds.contains(&("muhl-gasse-north", "street")), "{kinds:?}");
    assert_eq!(
        kinds.iter().filter(|k| k.1 == "street").count(),
        4,
        "the path that leaves the data is a gate too: {kinds:?}"
    );

    let lamps: Vec<_> = place.mounts.iter().filter(|m| m.kind == MountSite::Lamp).collect();
    let surveyed: Vec<_> = lamps.iter().filter(|m| m.surveyed).collect();
    assert_eq!(surveyed.len(), 1);
    assert!(surveyed[0].id.starts_with("high-street-"));
    assert!(lamps.iter().any(|m| m.id == "muhl-gasse-1" && !m.surveyed));
    assert!(
        place
            .mounts
            .iter()
            .any(|m| m.id == "high-street-bay-1" && m.kind == MountSite::VanBay)
    );
}

/// Protocol buffer fields, as far as an OpenStreetMap file needs them.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }
    fn signed(self, field: u64, value: i64) -> Self {
        self.number(field, zigzag(value))
    }
    fn bytes(mut self, field: u64, value: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(value.len() as u64);
        self.0.extend(value);
        self
    }
    fn packed(self, field: u64, values: impl IntoIterator<Item = u64>) -> Self {
        let mut inner = Message::default();
        values.into_iter().for_each(|v| inner.varint(v));
        self.bytes(field, &inner.0)
    }
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn attribute<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let start = line.find(&format!(" {key}=\""))? + key.len() + 3;
    line[start..].split('"').next()
}

/// The XML fixture, whose every element stands on its own line, as uncompressed OpenStreetMap PBF.
fn as_pbf(xml: &str) -> Vec<u8> {
    let mut strings: Vec<String> = vec![String::new()];
    let mut intern = |text: &str| -> u64 {
        let text = text.replace("&amp;", "&");
        let known = strings.iter().position(|s| *s == text);
        known.unwrap_or_else(|| {
            strings.push(text);
            strings.len() - 1
        }) as u64
    };
    struct Open {
        fields: Message,
        way: bool,
        tags: Vec<(u64, u64)>,
        refs: Vec<i64>,
    }
    let (mut nodes, mut ways) = (Vec::new(), Vec::new());
    let mut open: Option<Open> = None;
    for line in xml.lines().map(str::trim) {
        let number = |key: &str| {
            attribute(line, key)
                .and_then(|v| v.parse::<i64>().ok())
                .unwrap_or_default()
        };
        let degrees = |key: &str| {
            (attribute(line, key)
                .and_then(|v| v.parse::<f64>().ok())
                .unwrap_or_default()
                * 1e7)
                .round() as i64
        };
        if line.starts_with("<node") {
            let fields = Message::default()
                .signed(1, number("id"))
                .signed(8, degrees("lat"))
                .signed(9, degrees("lon"));
            open = Some(Open {
                fields,
                way: false,
                tags: vec![],
                refs: vec![],
            });
        } else if line.starts_with("<way") {
            open = Some(Open {
                fields: Message::default().number(1, number("id") as u64),
                way: true,
                tags: vec![],
                refs: vec![],
            });
        } else if let Some(element) = &mut open {
            if line.starts_with("<nd") {
                element.refs.push(number("ref"));
            } else if line.starts_with("<tag") {
                let (k, v) = (
                    attribute(line, "k").unwrap_or_default(),
                    attribute(line, "v").unwrap_or_default(),
                );
                element.tags.push((intern(k), intern(v)));
            }
        }
        let ends = line.starts_with("</node")
            || line.starts_with("</way")
            || (line.starts_with("<node") && line.ends_with("/>"));
        if let Some(element) = open.take_if(|_| ends) {
            let tagged = element
                .fields
                .packed(2, element.tags.iter().map(|t| t.0))
                .packed(3, element.tags.iter().map(|t| t.1));
            let steps = element
                .refs
                .iter()
                .scan(0, |last, id| Some(zigzag(id - std::mem::replace(last, *id))));
            match element.way {
                true => ways.push(tagged.packed(8, steps)),
                false => nodes.push(tagged),
            }
        }
    }
    let group = |field: u64, members: &[Message]| {
        members
            .iter()
            .fold(Message::default(), |m, member| m.bytes(field, &member.0))
    };
    let table = strings.iter().fold(Message::default(), |m, s| m.bytes(1, s.as_bytes()));
    let block = Message::default()
        .bytes(1, &table.0)
        .bytes(2, &group(1, &nodes).0)
        .bytes(2, &group(3, &ways).0);
    let header = Message::default().bytes(4, b"OsmSchema-V0.6");
    let mut file = Vec::new();
    for (kind, content) in [("OSMHeader", header), ("OSMData", block)] {
        let blob = Message::default().bytes(1, &content.0);
        let head = Message::default()
            .bytes(1, kind.as_bytes())
            .number(3, blob.0.len() as u64);
        file.extend((head.0.len() as u32).to_be_bytes());
        file.extend(head.0);
        file.extend(blob.0);
    }
    file
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"))
}

fn put(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap_or_else(|e| panic!("{e}"));
    path
}

#[test]
fn pbf_and_xml_of_the_same_data_give_the_same_place() {
    let folder = scratch();
    let path = put(
        &folder,
        "ten-streets.osm.pbf",
        &as_pbf(&text_of(&fixture("ten-streets.osm"))),
    );
    for bbox in [Some(BOX), None] {
        let options = ImportOptions { bbox, ..options() };
        let (from_xml, _) = imported(&fixture("ten-streets.osm"), &options);
        let (from_pbf, _) = imported(&path, &options);
        assert_eq!(write_place(&from_pbf), write_place(&from_xml));
    }
}

#[test]
fn an_imported_place_is_what_its_file_says() {
    let (place, _) = imported(&fixture("ten-streets.osm"), &options());
    assert_eq!(
        read(&write_place(&place)).unwrap_or_else(|p| panic!("{}", shown(&p))),
        place
    );
}

#[test]
fn damaged_pbf_is_refused_without_panic() {
    let folder = scratch();
    let sound = as_pbf(&text_of(&fixture("ten-streets.osm")));
    for end in (0..sound.len()).step_by(7) {
        let path = put(&folder, "cut.osm.pbf", &sound[..end]);
        assert!(
            import(&path, &options()).is_err(),
            "a file cut at byte {end} was accepted"
        );
    }
    let mut dice = Dice(11);
    for _ in 0..1500 {
        let mut bytes = sound.clone();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            bytes[at] = dice.below(256) as u8;
        }
        // The outcome may be a place, if only a name was changed; it may not be a panic.
        let _ = import(&put(&folder, "mutated.osm.pbf", &bytes), &options());
    }
}

#[test]
fn damaged_xml_is_refused_without_panic_and_with_its_line() {
    let folder = scratch();
    let sound = text_of(&fixture("ten-streets.osm"));
    let cases = [
        ("<nd ref=\"2\"/>", "<nd ref=\"two\"/>", "not a number", Some(30)),
        ("lat=\"50.0015\"", "lat=\"95\"", "out of range", Some(7)),
        (
            "<tag k=\"shop\" v=\"bakery\"/>",
            "<tag k=\"shop\"/>",
            "a <tag> has no `v`",
            Some(14),
        ),
        ("</way>", "</wau>", "not sound XML", Some(35)),
        ("</osm>", "", "ends too early", Some(79)),
        ("<osm version=\"0.6\">", "<gpx>", "not OpenStreetMap XML", Some(2)),
    ];
    for (from, to, fragment, line) in cases {
        let path = put(&folder, "broken.osm", sound.replacen(from, to, 1).as_bytes());
        let problems = import(&path, &options()).expect_err(fragment);
        expect_problem(&problems, fragment, line);
    }
    for end in (0..sound.len()).filter(|&i| sound.is_char_boundary(i)).step_by(5) {
        let path = put(&folder, "cut.osm", &sound.as_bytes()[..end]);
        let complete = sound[..end].trim_end().ends_with("</osm>");
        assert_eq!(import(&path, &options()).is_ok(), complete, "cut at byte {end}");
    }
}

fn network_options() -> ImportOptions {
    ImportOptions {
        lamps: Some(fixture("small-lamps.csv")),
        stations: Some(fixture("small-station-counts.csv")),
        station_locations: vec![fixture("small-station-locations.csv")],
        attribution: vec!["Counts made up for tests.".into()],
        ..options()
    }
}

#[test]
fn a_geojson_network_with_stations_and_lamps_becomes_a_place() {
    let (place, notes) = imported(&fixture("small-network.geojson"), &network_options());
    // Node 2 is a plain bend of one street: it is joined. The repeated point of edge 1 is gone.
    assert_eq!((place.nodes.len(), place.edges.len()), (4, 3), "{:#?}", place.edges);
    assert!(place.edges.iter().all(|e| e.line.windows(2).all(|w| w[0] != w[1])));
    assert!(
        notes.iter().any(|n| n.contains("1 streets of kind `motorway`")),
        "{notes:#?}"
    );
    assert!(
        notes
            .iter()
            .any(|n| n.contains("1 stations of the counts have no known position")),
        "{notes:#?}"
    );

    let gate = |id: &str| {
        place
            .gates
            .iter()
            .find(|g| g.id == id)
            .unwrap_or_else(|| panic!("no gate {id} among {:?}", place.gates))
    };
    let station = gate("mill-station");
    assert_eq!(station.kind, "station");
    assert_eq!(station.persons_per_hour[0][8], 100.0, "exits, not entries");
    assert_eq!(station.persons_per_hour[2][8], 200.0);
    // 3000 persons a day in the pattern of the high-street counters, and the share of the station outside: its gate is 0.0015° of longitude away.
    let away = 0.0015 * 71_695.8;
    let share = 0.5 * (-away / 300.0f64).exp();
    let east = gate("high-street-east");
    let alone = 3000.0 * 0.1335;
    let added = east.persons_per_hour[0][12] - alone;
    let west = gate("high-street-west").persons_per_hour[0][12] - alone;
    let north = gate("market-square-north").persons_per_hour[0][12] - alone;
    assert!(
        (added + west + north - 200.0 * share).abs() < 0.3,
        "{added} {west} {north} {share}"
    );
    assert!(added > north && north > west, "the nearer gate takes more");

    let lamps: Vec<_> = place
        .mounts
        .iter()
        .filter(|m| m.kind == MountSite::Lamp && m.surveyed)
        .collect();
    assert_eq!(lamps.len(), 2, "the third lamp post is far from every street");
    let order: Vec<&str> = place
        .mounts
        .iter()
        .filter(|m| m.id.starts_with("high-street-") && m.kind == MountSite::Lamp)
        .map(|m| m.id.as_str())
        .collect();
    let offsets: Vec<f64> = place
        .mounts
        .iter()
        .filter(|m| order.contains(&m.id.as_str()))
        .map(|m| m.at[0])
        .collect();
    assert!(
        offsets.windows(2).all(|w| w[0] <= w[1]),
        "lamp posts are numbered along the street: {order:?} {offsets:?}"
    );
    assert!(place.attribution.contains(&"Counts made up for tests.".to_string()));
    assert!(place.attractors.iter().all(|a| a.weight > 0.0) && !place.attractors.is_empty());
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let text = text_of(&fixture("small-network.geojson"));
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|l| l.starts_with("{\"type\":\"Feature\","))
        .map(|l| l.trim_end_matches(','))
        .collect();
    lines.reverse();
    let folder = scratch();
    let reversed = format!(
        "{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n",
        lines.join(",\n")
    );
    let path = put(&folder, "small-network.geojson", reversed.as_bytes());
    let (first, _) = imported(&fixture("small-network.geojson"), &network_options());
    let (second, _) = imported(&path, &network_options());
    let places = |place: &Place| -> Vec<(String, String, String)> {
        let mounts = place.mounts.iter().map(|m| {
            (
                m.id.clone(),
                format!("{:?}", m.at),
                format!("{:.3}", place.edges[m.edge].length_m),
            )
        });
        let gates = place.gates.iter().map(|g| {
            (
                g.id.clone(),
                format!("{:?}", place.nodes[g.node]),
                format!("{:?}", g.persons_per_hour),
            )
        });
        mounts.chain(gates).collect()
    };
    assert_eq!(places(&first), places(&second));
}

#[test]
fn wrong_inputs_of_import_are_refused_with_a_hint() {
    let folder = scratch();
    let network = fixture("small-network.geojson");
    let problem = |path: &Path, options: &ImportOptions, fragment: &str, line: Option<usize>| {
        expect_problem(&import(path, options).expect_err(fragment), fragment, line);
    };
    problem(&fixture("none.osm"), &options(), "cannot read OpenStreetMap XML", None);
    problem(&fixture("none.osm.pbf"), &options(), "cannot read", None);
    problem(&fixture("small-lamps.csv"), &options(), "cannot tell what", None);
    problem(
        &network,
        &ImportOptions {
            bbox: Some([10.004, 50.0, 10.0, 50.002]),
            ..options()
        },
        "is not west,south,east,north",
        None,
    );
    problem(
        &network,
        &ImportOptions {
            bbox: Some([9.0, 49.0, 11.0, 51.0]),
            ..options()
        },
        "is wider than",
        None,
    );
    problem(
        &network,
        &ImportOptions {
            bbox: Some([20.0, 50.0, 20.01, 50.01]),
            ..options()
        },
        "no walkable street",
        None,
    );
    problem(
        &network,
        &ImportOptions {
            lamp_spacing_m: f64::NAN,
            ..options()
        },
        "lamp spacing",
        None,
    );
    problem(
        &network,
        &ImportOptions {
            boundary_scale: -1.0,
            ..options()
        },
        "boundary scale",
        None,
    );
    problem(
        &network,
        &ImportOptions {
            timezone: "Mars/Olympus".into(),
            ..options()
        },
        "unknown time zone",
        Some(19),
    );
    problem(
        &network,
        &ImportOptions {
            station_locations: vec![],
            ..network_options()
        },
        "has counts but no positions",
        None,
    );
    problem(
        &fixture("corner.geojson"),
        &options(),
        "this is a place file already",
        Some(6),
    );

    let counts = put(
        &folder,
        "counts.csv",
        text_of(&fixture("small-station-counts.csv"))
            .replacen(",100,", ",many,", 1)
            .as_bytes(),
    );
    problem(
        &network,
        &ImportOptions {
            stations: Some(counts),
            ..network_options()
        },
        "not a number from 0",
        Some(3),
    );
    let lamps = put(&folder, "lamps.csv", b"lamp_id,lon,lat\n1,10.001,50.001\n2,10.001\n");
    problem(
        &network,
        &ImportOptions {
            lamps: Some(lamps),
            ..network_options()
        },
        "columns instead of",
        Some(3),
    );
    let lamps = put(&folder, "lamps.csv", b"lamp,x,y\n1,2,3\n");
    problem(
        &network,
        &ImportOptions {
            lamps: Some(lamps),
            ..network_options()
        },
        "lacks the columns lon, lat",
        Some(1),
    );

    let text = text_of(&network);
    let broken = put(
        &folder,
        "broken.geojson",
        text.replacen("[10.001,50.001]]", "[10.001]]", 1).as_bytes(),
    );
    problem(&broken, &options(), "is not longitude and latitude", Some(2));
    let broken = put(
        &folder,
        "broken.geojson",
        text.replacen("\"u\":2", "\"u\":\"two\"", 1).as_bytes(),
    );
    problem(&broken, &options(), "cannot be read", Some(3));
    let broken = put(&folder, "broken.geojson", &text.as_bytes()[..text.len() / 2]);
    assert!(import(&broken, &options()).is_err());
}

fn shipped(name: &str) -> Place {
    let path = root("scenarios/places").join(name);
    let size = std::fs::metadata(&path).map(|m| m.len()).unwrap_or_default();
    assert!(size > 0 && size < 1_500_000, "{name} has {size} bytes");
    read_place_file(&path).unwrap_or_else(|p| panic!("{}", shown(&p)))
}

fn mounts_on(place: &Place, kind: MountSite, street: &str) -> usize {
    place
        .mounts
        .iter()
        .filter(|m| m.kind == kind && place.edges[m.edge].name == street)
        .count()
}

#[test]
fn the_west_end_has_its_stations_streets_and_mounts() {
    let place = shipped("west-end.geojson");
    assert!((400..=800).contains(&place.nodes.len()), "{} nodes", place.nodes.len());
    let exits = |id: &str| {
        place
            .gates
            .iter()
            .find(|g| g.id == id)
            .map_or(0.0, |g| g.persons_per_hour[0].iter().sum())
    };
    // Exits on a typical Monday to Thursday in autumn 2019, as published by Transport for London.
    assert_eq!(exits("oxford-circus"), 130_177.0);
    assert_eq!(exits("tottenham-court-road"), 65_219.0);
    assert_eq!(exits("piccadilly-circus"), 54_966.0);
    assert_eq!(exits("leicester-square"), 45_077.0);
    for street in [
        "Oxford Street",
        "Regent Street",
        "Old Compton Street",
        "Wardour Street",
        "Leicester Square",
        "Coventry Street",
        "Charing Cross Road",
        "Argyll Street",
    ] {
        assert!(
            mounts_on(&place, MountSite::Lamp, street) >= 3,
            "lamp posts on {street}"
        );
        assert!(
            mounts_on(&place, MountSite::VanBay, street) >= 1,
            "van bays on {street}"
        );
    }
    assert!(
        place.mounts.iter().filter(|m| m.surveyed).count() > 300,
        "Camden's lamp posts"
    );
    assert!(
        place
            .attribution
            .iter()
            .any(|a| a.contains("© OpenStreetMap contributors"))
    );
    assert!(place.attribution.iter().any(|a| a.contains("Powered by TfL Open Data")));
    assert!(place.attribution.iter().any(|a| a.contains("London Borough of Camden")));
}

#[test]
fn bethnal_green_has_its_road_and_the_station_beyond_its_edge() {
    let place = shipped("bethnal-green.geojson");
    let road: f64 = place
        .edges
        .iter()
        .filter(|e| e.name == "Bethnal Green Road")
        .map(|e| e.length_m)
        .sum();
    assert!(road > 1000.0, "{road} m of Bethnal Green Road");
    assert!(mounts_on(&place, MountSite::Lamp, "Bethnal Green Road") >= 20);
    assert!(mounts_on(&place, MountSite::VanBay, "Bethnal Green Road") >= 6);
    let gate = place
        .gates
        .iter()
        .find(|g| g.id == "bethnal-green-road-east")
        .unwrap_or_else(|| panic!("{:?}", place.gates));
    // More than the 3000 persons of a primary road's boundary gate: the Underground station's share is in it.
    assert!(gate.persons_per_hour[0].iter().sum::<f64>() > 4000.0);
    assert!(
        place
            .gates
            .iter()
            .any(|g| g.id == "shoreditch-high-street" && g.kind == "station")
    );
}
