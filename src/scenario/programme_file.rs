//! The section `[programme]`: days, sites and events; what each strategy may use of them; and the plan of every site.

use super::calendar_file::{Known, read_calendar};
use super::document::{Kind, Node, Problems, Table, listed, short};
use super::files::{CALENDARS, SITES, sha256};
use super::heading::{DEFAULT_CLOSE_S, DEFAULT_DATE, DEFAULT_OPEN_S, date_of, day_type};
use super::place::Place;
use super::plan::{CameraPlan, MountKind, Plan, StrategyPlan};
use super::population::{People, required};
use super::programme::{CalendarEvent, Programme, Rule, Site};
use super::reader::Reader;
use super::registry::{find, param};
use super::site_file::{SiteEntry, SiteSet, no_site, read_sites};
use jiff::civil::Date;

/// Most days of a programme.
const MOST_DAYS: i32 = 3660;
/// Most events.
const MOST_EVENTS: usize = 1000;
/// Placements without facial recognition.
const WITHOUT_CAMERAS: [&str; 2] = ["no-lfr", "warrant-visits"];

/// What `[programme]` says, before strategies are known.
pub(crate) struct ProgrammeFile {
    pub from: Date,
    pub until: Date,
    pub set: SiteSet,
    pub events: Vec<CalendarEvent>,
}

impl ProgrammeFile {
    /// Names of the sites.
    pub fn names(&self) -> Vec<&str> {
        self.set.sites.iter().map(|s| s.name.as_str()).collect()
    }
}

impl Reader<'_> {
    /// Reads the days, the sites and the events of a programme.
    pub fn read_programme(&mut self, table: &Table, people: &People, problems: &mut Problems) -> Option<ProgrammeFile> {
        let place = Node {
            source: self.source.clone(),
            span: 0..0,
            kind: Kind::Broken,
        };
        let day = |key: &str, problems: &mut Problems| {
            let node = required(&place, table, "programme", key, problems)?;
            Some((date_of(&format!("programme.{key}"), node, problems)?, node))
        };
        let (from, until) = (day("from", problems), day("until", problems));
        let set = self.read_set(&place, table, people, problems);
        let ((from, _), (until, until_node)) = (from?, until?);
        let days = from.until(until).map_or(i32::MAX, |span| span.get_days());
        if !(0..MOST_DAYS).contains(&days) {
            let message = format!("a programme from {from} until {until} has no days, or more than ten years of them");
            problems.push(until_node.problem(message, "programme.until is the last day, included"));
        }
        let set = set?;
        let mut file = ProgrammeFile {
            from,
            until,
            set,
            events: Vec::new(),
        };
        if let Some(list) = table
            .get("event")
            .and_then(|n| n.list("programme.event", MOST_EVENTS, problems))
        {
            let events: Vec<CalendarEvent> = list.iter().filter_map(|row| read_event(row, &file, problems)).collect();
            file.events = events;
        }
        file.events.sort_by_key(|e| (e.date, e.site));
        Some(file)
    }

    fn read_set(&mut self, place: &Node, table: &Table, people: &People, problems: &mut Problems) -> Option<SiteSet> {
        let node = required(place, table, "programme", "sites", problems)?;
        let (named, only) = match &node.kind {
            Kind::Table(inner) => {
                inner.check_keys("programme.sites", &["set", "only"], problems);
                let only = match inner.get("only") {
                    Some(n) => named_nodes("programme.sites.only", n, problems)?,
                    None => Vec::new(),
                };
                (required(node, inner, "programme.sites", "set", problems)?, only)
            }
            _ => (node, Vec::new()),
        };
        let file = SITES.open("programme.sites", named, self.folder, problems)?;
        let set = read_sites(
            &file.source,
            Some((self.folder, self.uncertain())),
            people,
            &only,
            problems,
        )?;
        self.hashes.sites.clone_from(&set.hashes);
        Some(set)
    }

    /// What a strategy of a programme may use: permitted sites, fixed arrays, its own calendar.
    pub fn read_rule(&mut self, table: &Table, file: &ProgrammeFile, problems: &mut Problems) -> Rule {
        let names = file.names();
        let sites_of = |key: &str, problems: &mut Problems| -> Vec<usize> {
            let nodes = table
                .get(key)
                .and_then(|n| named_nodes(&format!("strategy.{key}"), n, problems));
            let mut found = Vec::new();
            for (name, node) in nodes.unwrap_or_default() {
                match names.iter().position(|n| *n == name) {
                    Some(site) if found.contains(&site) => {
                        problems.push(node.problem(format!("\"{name}\" appears twice in `{key}`"), ""));
                    }
                    Some(site) => found.push(site),
                    None => problems.push(no_site(&name, &names, &node)),
                }
            }
            found.sort_unstable();
            found
        };
        let (sites, fixed) = (sites_of("sites", problems), sites_of("fixed", problems));
        if let Some(node) = table.get("fixed") {
            for &site in fixed.iter().filter(|&&s| file.set.sites[s].fixed.is_empty()) {
                let message = format!("\"{}\" has no fixed array", names[site]);
                problems.push(node.problem(message, "give the site `fixed = 8` (cameras) in its set of sites"));
            }
        }
        let calendar = match table.get("calendar") {
            Some(node) => self.read_calendar(node, file, &sites, &fixed, problems),
            None => Vec::new(),
        };
        Rule { sites, fixed, calendar }
    }

    fn read_calendar(
        &mut self,
        node: &Node,
        file: &ProgrammeFile,
        sites: &[usize],
        fixed: &[usize],
        problems: &mut Problems,
    ) -> Vec<super::programme::CalendarRow> {
        let Some(csv) = CALENDARS.open("strategy.calendar", node, self.folder, problems) else {
            return Vec::new();
        };
        let names = file.names();
        let known = Known {
            sites: &names,
            days: (file.from, file.until),
        };
        let Some(calendar) = read_calendar(&csv.source, &known, problems) else {
            return Vec::new();
        };
        self.hashes.calendars.push((csv.name.clone(), sha256(&csv.source.text)));
        let off = |site: usize| !sites.is_empty() && !sites.contains(&site);
        if let Some(row) = calendar.rows.iter().find(|r| off(r.site)) {
            let message = format!(
                "the calendar uses \"{}\", which `sites` does not permit",
                names[row.site]
            );
            problems.push(node.problem(message, "add it to `sites`, or leave `sites` out"));
        }
        if let Some(row) = calendar
            .rows
            .iter()
            .find(|r| r.mount == MountKind::Lamp && !fixed.contains(&r.site))
        {
            let message = format!(
                "the calendar uses the fixed array of \"{}\", which `fixed` does not name",
                names[row.site]
            );
            problems.push(node.problem(message, "add it to `fixed`"));
        }
        if calendar.outside > 0 {
            self.notes.push(format!(
                "{} rows of the calendar {} lie outside {} to {} and are not used",
                calendar.outside, csv.name, file.from, file.until
            ));
        }
        calendar.rows
    }
}

/// Names in a list, each with its place.
fn named_nodes(key: &str, node: &Node, problems: &mut Problems) -> Option<Vec<(String, Node)>> {
    let list = node.list(key, 1000, problems)?;
    let named = list
        .iter()
        .filter_map(|n| Some((n.text(key, problems)?.to_owned(), n.clone())));
    Some(named.collect())
}

fn read_event(node: &Node, file: &ProgrammeFile, problems: &mut Problems) -> Option<CalendarEvent> {
    let what = "programme.event";
    let table = node.table(what, problems)?;
    table.check_keys(what, &["date", "site", "name", "footfall"], problems);
    let date_node = required(node, table, what, "date", problems)?;
    let date = date_of("programme.event.date", date_node, problems)?;
    if date < file.from || date > file.until {
        let message = format!("the event on {date} lies outside the programme");
        problems.push(date_node.problem(message, format!("it runs from {} until {}", file.from, file.until)));
    }
    let site_node = required(node, table, what, "site", problems)?;
    let name = site_node.text("programme.event.site", problems)?;
    let names = file.names();
    let Some(site) = names.iter().position(|n| *n == name) else {
        problems.push(no_site(name, &names, site_node));
        return None;
    };
    let title = required(node, table, what, "name", problems)?.text("programme.event.name", problems)?;
    let footfall = match table.get("footfall") {
        Some(n) => n.number(
            "programme.event.footfall",
            "times an ordinary day",
            (0.0, 1000.0),
            problems,
        )?,
        None => 1.0,
    };
    Some(CalendarEvent {
        date,
        site,
        name: title.to_owned(),
        footfall,
    })
}

/// How a strategy chooses where to go.
pub(super) fn placement(strategy: &StrategyPlan) -> &'static str {
    find("programme.placement").map_or("", |id| strategy.values.word(id))
}

/// Whether a strategy has no cameras: its placement says so.
pub(super) fn without_cameras(strategy: &StrategyPlan) -> bool {
    strategy.values.flag(param::MORATORIUM) || WITHOUT_CAMERAS.contains(&placement(strategy))
}

/// A programme-wide plan's place: no streets, but the title and the attribution lines of every site.
pub(crate) fn city(file: &ProgrammeFile) -> Place {
    let mut city = Place {
        name: "city".to_owned(),
        title: file.set.header.title.clone(),
        licence: String::new(),
        attribution: Vec::new(),
        notes: vec![format!("{} sites: {}", file.set.sites.len(), listed(&file.names()))],
        sketch: file.set.sites.iter().any(|s| s.place.sketch),
        timezone: "Europe/London".to_owned(),
        origin: [-0.1276, 51.5072],
        demand_scale: 1.0,
        fit: None,
        nodes: Vec::new(),
        edges: Vec::new(),
        gates: Vec::new(),
        attractors: Vec::new(),
        mounts: Vec::new(),
    };
    for line in file.set.sites.iter().flat_map(|s| &s.place.attribution) {
        if !city.attribution.contains(line) {
            city.attribution.push(line.clone());
        }
    }
    city
}

/// The strategies of a programme with cameras at one site: its van, or its fixed array.
fn at_site(strategies: &[StrategyPlan], cameras: &[CameraPlan]) -> Vec<StrategyPlan> {
    let with = |strategy: &StrategyPlan| StrategyPlan {
        cameras: if without_cameras(strategy) {
            Vec::new()
        } else {
            cameras.to_vec()
        },
        ..strategy.clone()
    };
    strategies.iter().map(with).collect()
}

/// The programme of a plan that is complete but for it: `plan` has the strategies that are kept, `rules` one for each.
pub(crate) fn programme(file: ProgrammeFile, plan: &Plan, rules: Vec<Rule>) -> Programme {
    Programme {
        from: file.from,
        until: file.until,
        title: file.set.header.title,
        sources: file.set.header.sources,
        events: file.events,
        sites: file.set.sites.into_iter().map(|entry| site(entry, plan)).collect(),
        rules,
    }
}

fn site(entry: SiteEntry, plan: &Plan) -> Site {
    let mut crowd = plan.crowd.clone();
    crowd.shares = entry.shares;
    let fixed = match entry.fixed.is_empty() {
        true => Vec::new(),
        false => at_site(&plan.strategies, &entry.fixed),
    };
    Site {
        plan: Plan {
            scenario: short(&entry.name),
            title: entry.title.clone(),
            date: DEFAULT_DATE,
            day_type: day_type(DEFAULT_DATE),
            open_s: DEFAULT_OPEN_S,
            close_s: DEFAULT_CLOSE_S,
            crowd,
            place: entry.place,
            programme: None,
            strategies: at_site(&plan.strategies, std::slice::from_ref(&entry.van)),
            warnings: Vec::new(),
            ..plan.clone()
        },
        name: entry.name,
        title: entry.title,
        borough: entry.borough,
        residents: entry.residents,
        residents_by_cell: entry.residents_by_cell,
        resident_share: entry.resident_share,
        at: entry.at,
        fixed,
        footfall: entry.footfall,
        presence: entry.presence,
        recorded_crime: entry.recorded_crime,
    }
}
