//! How scores are distributed by group, and what every threshold would do: for pictures, at the central values of the parameters.

use crate::deployment::{Scene, Told};
use crate::matcher::Matcher;
use crate::people::{Day, Streets};
use crate::record::Follower;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers};
use crate::stats;
use serde::Serialize;

/// First and last score shown.
const SCORES: (f64, f64) = (0.40, 0.90);
/// Step between scores.
const STEP: f64 = 0.01;
/// Replications whose searches of listed people are looked at.
const LOOKED_AT: u32 = 20;
/// Thresholds for which rates of false matches are more than extrapolation.
pub const KNOWN_THRESHOLDS: [f64; 2] = [0.54, 0.70];

/// Scores and errors of one strategy by group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curves {
    /// Strategy.
    pub strategy: String,
    /// Its threshold.
    pub threshold: f64,
    /// Entries of its list.
    pub list_size: f64,
    /// Scores at which the shares are given.
    pub scores: Vec<f64>,
    /// Replications whose searches of listed people were looked at.
    pub replications: u32,
    /// Everybody first, then each level of each axis.
    pub groups: Vec<GroupCurve>,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GroupCurve {
    /// Axis, or "all".
    pub by: String,
    /// Level, or "all".
    pub name: String,
    /// Chance that a search of a person not on the list reaches each score (FPIR at that threshold).
    pub false_match: Vec<f64>,
    /// Searches of listed people looked at.
    pub searches: u64,
    /// Share of them whose score against their own photograph reaches each score, with its Wilson interval; empty where
    /// there were none.
    pub genuine: Vec<[f64; 3]>,
}

/// Scores and errors of the first strategy with cameras; none where no strategy has any.
pub fn curves(plan: &Plan, streets: &Streets) -> Option<Curves> {
    let strategy = plan.strategies.iter().find(|s| !s.cameras.is_empty())?;
    let scene = Scene::prepare(plan, strategy, streets);
    let replications = plan.replications.min(LOOKED_AT);
    let steps = libm::round((SCORES.1 - SCORES.0) / STEP) as usize;
    let scores: Vec<f64> = (0..=steps).map(|i| SCORES.0 + STEP * i as f64).collect();
    let numbers = Numbers::draw(&strategy.values, None);
    let threshold = numbers.get(param::THRESHOLD);
    let chances = chances(&scene, &numbers, &scores);
    let genuine = genuine(&scene, replications);
    let shares = plan.axes.joint(&plan.crowd.shares);
    let group = |by: &str, name: &str, of: &dyn Fn(usize) -> bool| {
        let weight: f64 = shares.iter().enumerate().filter(|(c, _)| of(*c)).map(|(_, s)| s).sum();
        let mean = |chances: &Vec<f64>| {
            let sum: f64 = (shares.iter().zip(chances).enumerate())
                .filter(|(c, _)| of(*c))
                .map(|(_, (s, p))| s * p)
                .sum();
            if weight > 0.0 { sum / weight } else { 0.0 }
        };
        let own: Vec<f64> = genuine.iter().filter(|(c, _)| of(*c)).map(|(_, s)| *s).collect();
        GroupCurve {
            by: by.into(),
            name: name.into(),
            false_match: chances.iter().map(mean).collect(),
            searches: own.len() as u64,
            genuine: reaching(&own, &scores, plan.level),
        }
    };
    let mut groups = vec![group("all", "all", &|_| true)];
    for (a, axis) in plan.axes.0.iter().enumerate() {
        for (l, level) in axis.levels.iter().enumerate() {
            groups.push(group(&axis.name, level, &|cell| plan.axes.level(cell, a) == l));
        }
    }
    Some(Curves {
        strategy: strategy.name.clone(),
        threshold,
        list_size: numbers.get(param::LIST_SIZE),
        scores,
        replications,
        groups,
    })
}

/// For each score, each cell's chance that a search of a person not on the list reaches it.
fn chances(scene: &Scene, numbers: &Numbers, scores: &[f64]) -> Vec<Vec<f64>> {
    let day = Day::new(scene.plan, scene.streets, numbers, Draws::new(scene.plan.seed, 0));
    let at = |score: &f64| {
        let list = (&*day.sought.list_shares, day.sought.list_size);
        Matcher::chances_at(scene.plan, scene.strategy, numbers, list, *score)
    };
    scores.iter().map(at).collect()
}

/// Group cell and score of every search of a listed person.
fn genuine(scene: &Scene, replications: u32) -> Vec<(usize, f64)> {
    let mut all = Vec::new();
    for replication in 0..replications {
        let run = super::explain::follow(scene, replication, Follower::of_sought());
        let searched = run.steps.iter().filter_map(|s| match &s.told {
            Told::Seen(seen) if seen.searched => Some((s.visit, seen.genuine?.score)),
            _ => None,
        });
        let cell = |visit: u64| {
            run.steps.iter().find_map(|s| match &s.told {
                Told::Left(left) if s.visit == visit => Some(left.person.cell),
                _ => None,
            })
        };
        all.extend(searched.filter_map(|(visit, score)| Some((cell(visit)?, score))));
    }
    all
}

/// Share of values that reach each score, with its interval.
fn reaching(values: &[f64], scores: &[f64], level: f64) -> Vec<[f64; 3]> {
    if values.is_empty() {
        return Vec::new();
    }
    let share = |score: &f64| {
        let reached = values.iter().filter(|v| *v >= score).count() as u64;
        let i = stats::wilson(reached, values.len() as u64, level);
        let [low, high] = i.bounds().unwrap_or([i.point; 2]);
        [i.point, low, high]
    };
    scores.iter().map(share).collect()
}
