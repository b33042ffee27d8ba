//! The parts of a scenario that may lie in files of their own: place, crowd and watchlist.

use super::diagnose::Diagnostic;
use super::document::{Kind, Node, Problems, Table};
use super::files::{
    DEFAULT_POPULATION, DEFAULT_WATCHLIST, LARGEST_PLACE, POPULATIONS, WATCHLISTS, open_beside, sha256,
};
use super::place::Place;
use super::plan::Watchlist;
use super::population::{People, inline_axes, read_population};
use super::resolved::Hashes;
use super::sections::section;
use super::values::Setting;
use super::watchlist_file::{as_crowd, read_kept, read_watchlist};
use super::{diagnose::Source, high_street, place_file, sketch};
use std::path::Path;

/// Reads what lies in other files, and remembers their hashes.
pub(crate) struct Reader<'a> {
    pub root: &'a Table,
    pub source: &'a Source,
    pub folder: &'a Path,
    pub hashes: Hashes,
    /// Parameters that the scenario's calibration sets.
    pub fitted: Vec<Setting>,
    /// By index of the strategy.
    pub warnings: Vec<(usize, String)>,
    /// Things to know that belong to no strategy.
    pub notes: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn section(&self, name: &str) -> Option<&'a Table> {
        section(self.root, name, &mut Problems::default())
    }

    /// Whether doubtful parameters will be drawn.
    pub fn uncertain(&self) -> bool {
        !matches!(self.root.get("uncertainty").map(|n| &n.kind), Some(Kind::Text(t)) if t == "off")
    }

    pub fn read_place(&mut self, problems: &mut Problems) -> Option<Place> {
        let Some(node) = self.root.get("place") else {
            let help = "add [place] with file = \"places/my-street.geojson\" or sketch = { length_m = 600 }";
            problems.push(Diagnostic::at(self.source, 0..0, "the scenario has no [place]", help));
            return None;
        };
        let table = node.table("place", problems)?;
        table.check_keys("place", &["file", "sketch"], problems);
        let arrivals = self.section("people").and_then(|t| t.get("arrivals"));
        match (table.get("file"), table.get("sketch")) {
            (Some(file), None) => {
                if let Some(node) = arrivals {
                    let message =
                        "[[people.arrivals]] is for sketch streets; this place says itself how many people enter";
                    problems.push(node.problem(
                        message,
                        "remove it, and use people.demand_scale for more or fewer people",
                    ));
                }
                let source = open_beside("place.file", file, self.folder, LARGEST_PLACE, problems)?;
                self.hashes.place = Some(sha256(&source.text));
                match place_file::read_place(&source) {
                    Ok(place) => Some(place),
                    Err(found) => {
                        problems.extend(found);
                        None
                    }
                }
            }
            (None, Some(drawn)) => {
                let mut place = sketch::read_sketch(drawn, self.uncertain(), problems);
                match (arrivals, &mut place) {
                    (Some(node), Some(place)) => {
                        if let Some(faces) = drawn.table("place.sketch", problems)?.get("faces_per_hour") {
                            let message =
                                "how many people come is given twice, by faces_per_hour and by [[people.arrivals]]";
                            problems.push(faces.problem(message, "keep one of the two"));
                        }
                        sketch::read_arrivals(node, place, problems);
                    }
                    (None, place)
                        if !high_street::is_high_street(drawn) && place.as_ref().is_none_or(|p| p.fit.is_none()) =>
                    {
                        let help = "add [[people.arrivals]] hour = 11 persons = 1500, one for each clock hour";
                        problems.push(drawn.problem("nobody walks on this sketch street", help));
                    }
                    _ => {}
                }
                place
            }
            (Some(_), Some(drawn)) => {
                problems.push(drawn.problem("[place] has both a file and a sketch", "keep one of the two"));
                None
            }
            (None, None) => {
                let help = "give file = \"places/my-street.geojson\" or sketch = { length_m = 600 }";
                problems.push(node.problem("[place] names no place", help));
                None
            }
        }
    }

    pub fn read_people(&mut self, problems: &mut Problems) -> Option<People> {
        let table = self.section("people");
        let (named, axes) = (
            table.and_then(|t| t.get("population")),
            table.and_then(|t| t.get("axis")),
        );
        match (named, axes) {
            (Some(node), Some(_)) => {
                let message = "the crowd is given twice, by people.population and by [[people.axis]]";
                problems.push(node.problem(message, "keep one of the two"));
                None
            }
            (None, Some(node)) => inline_axes(node, problems),
            (named, None) => {
                let file = match named {
                    Some(node) => POPULATIONS.open("people.population", node, self.folder, problems),
                    None => POPULATIONS.preset(DEFAULT_POPULATION),
                }?;
                self.hashes.population = Some(sha256(&file.source.text));
                read_population(&file.source, problems)
            }
        }
    }

    pub fn read_watchlist(&mut self, people: &People, problems: &mut Problems) -> Option<Watchlist> {
        let table = self.section("watchlist");
        let mut list = self.read_composition(table.and_then(|t| t.get("composition")), people, problems)?;
        if let Some(node) = table.and_then(|t| t.get("reasons")) {
            read_kept(node, &mut list, problems)?;
        }
        Some(list)
    }

    fn read_composition(&mut self, node: Option<&Node>, people: &People, problems: &mut Problems) -> Option<Watchlist> {
        let file = match node {
            Some(Node {
                kind: Kind::Text(t), ..
            }) if t == "as-crowd" => return Some(as_crowd(people)),
            Some(node) => WATCHLISTS.open("watchlist.composition", node, self.folder, problems),
            None => WATCHLISTS.preset(DEFAULT_WATCHLIST),
        }?;
        self.hashes.watchlist = Some(sha256(&file.source.text));
        read_watchlist(&file.source, node, people, problems)
    }
}
