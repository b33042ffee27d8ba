//! How scores are distributed by group, and what every threshold would do: for pictures, at the central values of the parameters.

use super::explain::sought_followed;
use super::{Runs, Stage};
use crate::deployment::{Scene, Told};
use crate::matcher::Matcher;
use crate::measure::Counter;
use crate::people::SoughtPeople;
use crate::record::Follower;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;
use crate::stats;
use serde::Serialize;

/// First and last score shown.
const SCORES: (f64, f64) = (0.40, 0.90);
/// Step between scores.
const STEP: f64 = 0.01;
/// Thresholds for which rates of false matches are more than extrapolation.
pub const KNOWN_THRESHOLDS: [f64; 2] = [0.54, 0.70];

/// Scores and errors of one strategy by group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curves {
    /// Strategy.
    pub strategy: String,
    /// Its threshold; in a programme, that of the first deployment.
    pub threshold: f64,
    /// Lowest and highest threshold of a programme's deployments: governance may move it.
    pub thresholds: [f64; 2],
    /// Entries of its list; in a programme, of the first deployment's.
    pub list_size: f64,
    /// Fewest and most entries of a programme's lists.
    pub list_sizes: [f64; 2],
    /// Scores at which the shares are given.
    pub scores: Vec<f64>,
    /// Deployments whose searches of listed people were looked at.
    pub deployments: u32,
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

/// A strategy where scores are looked at: its cameras, its people, and where its threshold and list stand.
struct Matched<'a> {
    scene: &'a Scene<'a>,
    /// Central values, with threshold and list of the first deployment.
    numbers: Numbers,
    /// Weight of each cell among people searched.
    shares: Vec<f64>,
    thresholds: [f64; 2],
    list_sizes: [f64; 2],
}

/// Scores and errors of the first strategy with cameras; none where no strategy has any, or no deployment was held. In a
/// programme the matcher is that of the first deployment, and groups weigh as they were searched.
pub fn curves(plan: &Plan, stage: &Stage, strategies: &[usize], runs: &Runs) -> Option<Curves> {
    let has_cameras = |s: &usize| match stage {
        Stage::Day(scenes, _) => !scenes[*s].cameras.is_empty(),
        Stage::Programme(prepared) => prepared.has_cameras(*s),
    };
    let place = strategies.iter().position(has_cameras)?;
    let strategy = strategies[place];
    let of = matched(plan, stage, strategy, runs, place)?;
    let steps = libm::round((SCORES.1 - SCORES.0) / STEP) as usize;
    let scores: Vec<f64> = (0..=steps).map(|i| SCORES.0 + STEP * i as f64).collect();
    let chances = chances(&of, &scores);
    let (deployments, genuine) = genuine(stage, strategy, plan.replications);
    let group = |by: &str, name: &str, is: &dyn Fn(usize) -> bool| {
        let weight: f64 = of
            .shares
            .iter()
            .enumerate()
            .filter(|(c, _)| is(*c))
            .map(|(_, s)| s)
            .sum();
        let mean = |chances: &Vec<f64>| {
            let sum: f64 = (of.shares.iter().zip(chances).enumerate())
                .filter(|(c, _)| is(*c))
                .map(|(_, (s, p))| s * p)
                .sum();
            if weight > 0.0 { sum / weight } else { 0.0 }
        };
        let own: Vec<f64> = genuine.iter().filter(|(c, _)| is(*c)).map(|(_, s)| *s).collect();
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
        strategy: plan.strategies[strategy].name.clone(),
        threshold: of.numbers.get(param::THRESHOLD),
        thresholds: of.thresholds,
        list_size: of.numbers.get(param::LIST_SIZE),
        list_sizes: of.list_sizes,
        scores,
        deployments,
        groups,
    })
}

fn matched<'a>(plan: &Plan, stage: &'a Stage, strategy: usize, runs: &Runs, place: usize) -> Option<Matched<'a>> {
    let mut numbers = Numbers::draw(&plan.strategies[strategy].values, None);
    let prepared = match stage {
        Stage::Day(scenes, _) => {
            let (threshold, list) = (numbers.get(param::THRESHOLD), numbers.get(param::LIST_SIZE));
            return Some(Matched {
                scene: &scenes[strategy],
                numbers,
                shares: plan.axes.joint(&plan.crowd.shares),
                thresholds: [threshold; 2],
                list_sizes: [list; 2],
            });
        }
        Stage::Programme(prepared) => prepared,
    };
    let rows = || runs.deployments[place].iter().flatten();
    let first = rows().next()?;
    numbers.set(param::THRESHOLD, first.published.threshold);
    numbers.set(param::LIST_SIZE, first.published.watchlist as f64);
    let range = |figures: &mut dyn Iterator<Item = f64>| {
        figures.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
            [x.min(low), x.max(high)]
        })
    };
    let searched = |c: usize| -> f64 {
        let runs = runs.by_strategy[place].iter();
        runs.filter_map(|r| Some(r.cells.get(c)?.get(Counter::Searches) as f64))
            .sum()
    };
    Some(Matched {
        scene: prepared.scene(strategy, first.published.site, first.mount),
        numbers,
        shares: (0..plan.axes.cells()).map(searched).collect(),
        thresholds: range(&mut rows().map(|r| r.published.threshold)),
        list_sizes: range(&mut rows().map(|r| r.published.watchlist as f64)),
    })
}

/// For each score, each cell's chance that a search of a person not on the list reaches it.
fn chances(of: &Matched, scores: &[f64]) -> Vec<Vec<f64>> {
    let sought = SoughtPeople::new(of.scene.plan, &of.numbers);
    let at = |score: &f64| {
        let list = (&*sought.list_shares, sought.list_size);
        Matcher::chances_at(of.scene.plan, of.scene.strategy, &of.numbers, list, *score)
    };
    scores.iter().map(at).collect()
}

/// Deployments looked at, and group cell and score of every search of a listed person in them.
fn genuine(stage: &Stage, strategy: usize, replications: u32) -> (u32, Vec<(usize, f64)>) {
    let followed = sought_followed(stage, strategy, replications);
    let scores = followed.iter().flat_map(|again| of_run(&again.run)).collect();
    (followed.len() as u32, scores)
}

fn of_run(run: &Follower) -> Vec<(usize, f64)> {
    let cell = |visit: u64| {
        run.steps.iter().find_map(|s| match &s.told {
            Told::Left(left) if s.visit == visit => Some(left.person.cell),
            _ => None,
        })
    };
    let searched = run.steps.iter().filter_map(|s| match &s.told {
        Told::Seen(seen) if seen.searched => Some((s.visit, seen.genuine?.score)),
        _ => None,
    });
    searched
        .filter_map(|(visit, score)| Some((cell(visit)?, score)))
        .collect()
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
