//! Programmes made by hand from sketches; the benchmark of programmes uses them too.
#![allow(dead_code)] // each user needs a part of it

use jiff::civil::{Date, date};
use lamplight::deployment::{Alert, Schedule};
use lamplight::experiment::faces;
use lamplight::measure::RunSummary;
use lamplight::people::Streets;
use lamplight::programme::{DeploymentRow, Prepared, prepare_streets, run};
use lamplight::scenario::plan::{Plan, Value, Values};
use lamplight::scenario::programme::{Programme, Rule, Site};
use lamplight::scenario::registry::{Kind, ParamId, find};
use lamplight::scenario::{CandidateRates, Overrides, load_text};
use std::path::Path;

/// A street of 600 m with a van in the middle and `persons` people an hour.
pub fn street(persons: f64, population: &str) -> String {
    format!(
        r#"
format = 1
title = "A street"
question = "What happens here?"
seed = 7
replications = 4
baseline = "a"
uncertainty = "off"
[time]
date = 2025-06-03
open = 11:00:00
close = 17:00:00
lead_min = 30
[place.sketch]
length_m = 600
nodes_m = [0, 150, 300, 450, 600]
width_m = 6
[people]
{population}
{}
[[strategy]]
name = "a"
cameras = [{{ mount = "van", at_m = 300 }}]
"#,
        (0..24)
            .map(|h| format!("[[people.arrivals]]\nhour = {h}\npersons = {persons}\n"))
            .collect::<String>()
    )
}

pub fn load_street(text: &str) -> Plan {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    load_text("street.toml", text, &folder, &Overrides::default()).unwrap_or_else(|e| panic!("{e:#?}"))
}

/// A value by key and word or number.
pub fn value(key: &str, word: &str) -> (ParamId, f64) {
    let id = find(key).unwrap_or_else(|| panic!("{key}"));
    let number = match id.row().kind {
        Kind::Choice { words } => words
            .iter()
            .position(|w| *w == word)
            .unwrap_or_else(|| panic!("{word}")) as f64,
        Kind::Flag { .. } => f64::from(u8::from(word == "true")),
        _ => word.parse().unwrap(),
    };
    (id, number)
}

fn set(values: &mut Values, pairs: &[(&str, &str)]) {
    for (key, word) in pairs {
        let (id, central) = value(key, word);
        values.set(id, Value { central, prior: None });
    }
}

/// A strategy: name, and what it sets. Without a camera if its placement says so.
#[derive(Clone)]
pub struct Strategy {
    pub name: &'static str,
    pub set: Vec<(&'static str, &'static str)>,
    pub rule: Rule,
}

pub fn strategy(name: &'static str, set: &[(&'static str, &'static str)]) -> Strategy {
    Strategy {
        name,
        set: set.to_vec(),
        rule: Rule::default(),
    }
}

/// A site: name, borough, place on the map, people an hour.
pub type Place = (&'static str, &'static str, [f64; 2], f64);

pub const FOUR: [Place; 4] = [
    ("north", "upper", [-0.10, 51.56], 900.0),
    ("south", "lower", [-0.10, 51.47], 600.0),
    ("east", "lower", [-0.03, 51.50], 700.0),
    ("west", "upper", [-0.20, 51.51], 1200.0),
];

pub struct Made {
    pub from: Date,
    pub until: Date,
    pub places: Vec<Place>,
    pub strategies: Vec<Strategy>,
    /// Set under every strategy.
    pub common: Vec<(&'static str, &'static str)>,
    pub population: &'static str,
    pub uncertainty: bool,
    pub arrays: bool,
}

impl Default for Made {
    fn default() -> Self {
        Made {
            from: date(2025, 1, 1),
            until: date(2025, 3, 31),
            places: FOUR.to_vec(),
            strategies: vec![strategy("rotation", &[])],
            common: Vec::new(),
            population: "population = \"london-passers-by\"",
            uncertainty: false,
            arrays: false,
        }
    }
}

impl Made {
    pub fn plan(&self) -> Plan {
        let sites: Vec<Site> = self.places.iter().map(|p| self.site(p)).collect();
        let mut plan = sites[0].plan.clone();
        plan.place.gates.clear();
        plan.programme = Some(Box::new(Programme {
            from: self.from,
            until: self.until,
            title: "Made by hand".into(),
            sources: Vec::new(),
            sites,
            events: Vec::new(),
            rules: self.strategies.iter().map(|s| s.rule.clone()).collect(),
        }));
        plan
    }

    fn site(&self, (name, borough, at, persons): &Place) -> Site {
        let mut plan = load_street(&street(*persons, self.population));
        plan.uncertainty = self.uncertainty;
        let base = plan.strategies[0].clone();
        plan.strategies = self
            .strategies
            .iter()
            .map(|s| {
                let mut strategy = base.clone();
                strategy.name = s.name.into();
                set(&mut strategy.values, &self.common);
                set(&mut strategy.values, &s.set);
                let blind = ["no-lfr", "warrant-visits"].map(|w| value("programme.placement", w).1);
                if strategy.values.flag(value("retrospective.enabled", "true").0) {
                    strategy.rates = CandidateRates::preset("pnd-2025").ok();
                }
                if blind.contains(&strategy.values.get(value("programme.placement", "no-lfr").0)) {
                    strategy.cameras.clear();
                }
                strategy
            })
            .collect();
        set(&mut plan.values, &self.common);
        let certain = Value {
            central: 1.0,
            prior: None,
        };
        let shares = plan.axes.joint(&plan.crowd.shares);
        Site {
            name: (*name).into(),
            title: (*name).into(),
            borough: (*borough).into(),
            residents: 200_000.0,
            residents_by_cell: shares.iter().map(|s| 200_000.0 * s).collect(),
            resident_share: 0.5,
            at: *at,
            fixed: if self.arrays {
                plan.strategies.clone()
            } else {
                Vec::new()
            },
            plan,
            footfall: certain,
            presence: certain,
            recorded_crime: 1.0,
        }
    }
}

/// One strategy's finished replication.
pub struct Played {
    pub summary: RunSummary,
    pub rows: Vec<DeploymentRow>,
    pub alerts: Vec<Alert>,
}

pub fn play_with(plan: &Plan, streets: &[Streets], strategy: usize, replication: u32, schedule: Schedule) -> Played {
    let prepared = Prepared::new(plan, streets).unwrap();
    let (mut rows, mut alerts) = (Vec::new(), Vec::new());
    let counting = faces(&plan.strategies[strategy].values);
    let summary = run(
        &prepared,
        plan.seed,
        replication,
        strategy,
        schedule,
        counting,
        &mut |f| {
            rows.push(f.row);
            alerts.extend(f.alerts);
        },
    );
    Played { summary, rows, alerts }
}

pub fn play(made: &Made, strategy: usize) -> Played {
    let plan = made.plan();
    play_with(&plan, &prepare_streets(&plan), strategy, 0, Schedule::Lazy)
}
