//! Figures of the committed scenarios, simulated as they stand.

use super::super::shapes::BySite;
use super::{Answer, Finding, answer};
use crate::deployment::{Alert, Schedule};
use crate::experiment::{Machine, Ready, Runs, faces};
use crate::measure::metric;
use crate::response::Truth;
use crate::scenario::{Overrides, Plan, load};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Runs of one scenario.
struct Played {
    plan: Plan,
    strategies: Vec<usize>,
    runs: Runs,
}

/// Runs of every scenario that a finding speaks of.
pub(super) struct Scenarios {
    /// The record's deployments of 2025, replayed.
    replay: Played,
    /// Trials of 2018, with the matcher of that time.
    trials: Played,
    /// A deployment of 2024 at thresholds of 0.60 and 0.64, and with faces counted in both ways.
    step: [Played; 2],
    counting: [Played; 2],
    romford: Played,
    /// With the matcher of 2017, and with that of 2025.
    cardiff: Played,
    /// Placed at random, by discoveries, and by discoveries corrected.
    runaway: Played,
    /// Images kept as published, and deleted at once.
    custody: Played,
}

/// Deployments that are taken together where one alone has too few alerts.
const BLOCK: usize = 10;

impl Scenarios {
    /// Simulates every scenario of a folder, each with its own strategies.
    ///
    /// # Errors
    /// A scenario cannot be loaded or run.
    pub fn new(folder: &Path, seed: u64) -> Result<Self, String> {
        let play = |name: &str, set: &[(&str, &str)], strategies: &[&str], n: u32| {
            play(&folder.join(format!("{name}.toml")), set, strategies, n, seed)
        };
        let step = |threshold| {
            let set = [("matcher.threshold", threshold), ("measure.faces_mode", "searches")];
            play("bethnal-green-2024", &set, &["van"], 100)
        };
        let counting = |mode| play("bethnal-green-2024", &[("measure.faces_mode", mode)], &["van"], 100);
        Ok(Scenarios {
            replay: play("met-2025", &[], &["as-published"], 12)?,
            trials: play("soho-2018", &[], &["as-tried"], 40)?,
            step: [step("0.60")?, step("0.64")?],
            counting: [counting("pre-aug-2024")?, counting("searches")?],
            romford: play("romford-2019", &[], &["as-tried"], 200)?,
            cardiff: play("cardiff-final-2017", &[], &["as-tried", "matcher-of-2025"], 12)?,
            runaway: play("runaway", &[], &["uniform", "discovered", "corrected"], 40)?,
            custody: play("custody-image", &[], &["promise-as-published", "automatic"], 40)?,
        })
    }

    /// The figure that a finding asks for, if it asks for one of these.
    pub fn answer(&self, finding: &Finding) -> Option<Answer> {
        let met = "met-2025, as-published";
        Some(match finding.id.as_str() {
            "VT1c" => answer(self.replay.scaled("false_alerts_per_face", 1e6), met),
            "VT1d" => answer(self.replay.each(0, "precision"), met),
            "VT1e" => answer(self.replay.each(0, "alerts_not_arrested_share"), met),
            "VT1f" => answer(
                self.trials.blocks("false_share_of_alerts"),
                "soho-2018, as-tried, tens of deployments",
            ),
            "VT6c" => answer(
                self.ratios(&self.step, "false_alerts_expected"),
                "bethnal-green-2024, van at 0.60 and at 0.64, the same people",
            ),
            "VT6d" => answer(
                self.ratios(&self.step, "alerts"),
                "bethnal-green-2024, van at 0.60 and at 0.64, the same people",
            ),
            "VT7b" => answer(
                self.ratios(&self.counting, "false_alerts_per_face"),
                "bethnal-green-2024, van, both ways of counting, the same people",
            ),
            "VT7c" => answer(
                self.ratios(&self.counting, "false_share_of_alerts"),
                "bethnal-green-2024, van, both ways of counting, the same people",
            ),
            "VT9c" => answer(self.romford.each(0, "arrests"), "romford-2019, as-tried"),
            "VT9d" => answer(self.romford.each(0, "wider_arrests"), "romford-2019, as-tried"),
            "VT9e" => answer(self.romford.each(0, "cover_stops"), "romford-2019, as-tried"),
            "VT10c" => answer(
                self.cardiff.each(0, "false_share_of_alerts"),
                "cardiff-final-2017, as-tried",
            ),
            "VT10d" => answer(
                self.cardiff.strategies_apart("false_alerts_expected"),
                "cardiff-final-2017, as-tried over matcher-of-2025",
            ),
            "VT11c" => answer(self.shapes(|s| Some(s.within()?.ratio)), met),
            "VT11d" => answer(self.shapes(|s| Some(s.within()?.slope)), met),
            "VT11e" => answer(self.shapes(|s| Some(s.between()?.slope)), met),
            "VT11f" => answer(self.shapes(|s| Some(s.between()?.log_sd)), met),
            "VT15" => answer(self.alike(&finding.level)?, "cardiff-final-2017, as-tried"),
            "VT16a" => answer(self.spread(1), "runaway, discovered over uniform, tens of years"),
            "VT16b" => answer(self.spread(2), "runaway, corrected over uniform, tens of years"),
            "VT18a" => answer(
                self.custody.each(0, "retro_second_kept"),
                "custody-image, promise-as-published, a year",
            ),
            "VT18b" => answer(
                self.custody.each(1, "retro_second_kept"),
                "custody-image, automatic, a year",
            ),
            "VT20" => answer(self.avoiding(), "bethnal-green-2024, van, tens of deployments"),
            _ => return None,
        })
    }

    /// A metric of the first run of a pair over the second, block by block.
    fn ratios(&self, pair: &[Played; 2], id: &str) -> Vec<f64> {
        let [a, b] = pair.each_ref().map(|p| p.blocks(id));
        a.iter()
            .zip(&b)
            .filter(|(_, b)| **b > 0.0)
            .map(|(a, b)| a / b)
            .collect()
    }

    /// A figure of the shapes of the replayed deployments, one a replication.
    fn shapes(&self, of: fn(&BySite) -> Option<f64>) -> Vec<f64> {
        let sites = self.replay.plan.programme.as_ref().map_or(&[][..], |p| &p.sites);
        let figure = |rows: &Vec<_>| {
            let mut all = BySite::default();
            for row in rows {
                let row: &crate::programme::DeploymentRow = row;
                let site = sites.get(row.published.site)?;
                all.add(&site.name, row.published.alerts as f64, row.published.faces as f64);
            }
            of(&all)
        };
        self.replay.runs.deployments[0].iter().filter_map(figure).collect()
    }

    /// Share of false alerts whose matched entry is of the same level of every axis named.
    fn alike(&self, axes: &str) -> Option<Vec<f64>> {
        let all = &self.cardiff.plan.axes;
        let named: Option<Vec<usize>> = axes
            .split(' ')
            .map(|name| all.0.iter().position(|a| a.name == name))
            .collect();
        let named = named?;
        let same = |a: &&Alert| {
            named
                .iter()
                .all(|axis| all.level(a.cell, *axis) == all.level(a.matched_cell, *axis))
        };
        let share = |alerts: &Vec<Alert>| {
            let wrong: Vec<&Alert> = alerts.iter().filter(|a| a.truth == Truth::False).collect();
            wrong.iter().copied().filter(same).count() as f64 / wrong.len().max(1) as f64
        };
        Some(self.cardiff.runs.alerts[0].iter().map(share).collect())
    }

    /// How far a street's share of deployments strays from a half, over what chance alone does.
    fn spread(&self, strategy: usize) -> Vec<f64> {
        let strays = |s: usize| -> Vec<f64> {
            let stray = |run: &crate::measure::RunSummary| {
                let sites = run.year.as_ref().map_or(&[][..], |y| &y.by_site);
                let all: u64 = sites.iter().sum();
                sites.first().map_or(0.0, |one| *one as f64 / all.max(1) as f64 - 0.5)
            };
            let runs: Vec<f64> = self.runaway.runs.by_strategy[s].iter().map(stray).collect();
            let size = |block: &[f64]| libm::sqrt(block.iter().map(|x| x * x).sum::<f64>() / block.len() as f64);
            runs.chunks_exact(BLOCK).map(size).collect()
        };
        let usual = strays(0);
        let chance = usual.iter().sum::<f64>() / usual.len().max(1) as f64;
        strays(strategy).iter().map(|x| x / chance.max(1e-9)).collect()
    }

    /// People who took another route, turned back or covered the face, over all who came.
    fn avoiding(&self) -> Vec<f64> {
        let here = &self.step[1];
        let [detours, back, covered, people] =
            ["took_another_route", "turned_back", "covered", "people_scanned"].map(|id| here.blocks(id));
        (0..people.len())
            .map(|i| {
                let avoided = detours[i] + back[i] + covered[i];
                avoided / (people[i] + avoided).max(1.0)
            })
            .collect()
    }
}

impl Played {
    /// Numerators and denominators of a metric, one a replication.
    fn parts(&self, strategy: usize, id: &str) -> Vec<(f64, Option<f64>)> {
        let counting = faces(&self.plan.strategies[self.strategies[strategy]].values);
        let runs = self.runs.by_strategy[strategy].iter();
        metric(id).map_or_else(Vec::new, |m| runs.map(|r| m.parts(r, 0, counting)).collect())
    }

    /// A metric of every replication that has it.
    fn each(&self, strategy: usize, id: &str) -> Vec<f64> {
        let value = |(n, d): (f64, Option<f64>)| match d {
            Some(d) => (d > 0.0).then(|| n / d),
            None => Some(n),
        };
        self.parts(strategy, id).into_iter().filter_map(value).collect()
    }

    fn scaled(&self, id: &str, by: f64) -> Vec<f64> {
        self.each(0, id).iter().map(|x| by * x).collect()
    }

    /// A metric of blocks of replications.
    fn blocks(&self, id: &str) -> Vec<f64> {
        let pooled = |block: &[(f64, Option<f64>)]| {
            let n: f64 = block.iter().map(|p| p.0).sum();
            let d: f64 = block.iter().map(|p| p.1.unwrap_or(1.0)).sum();
            if d > 0.0 { n / d } else { 0.0 }
        };
        self.parts(0, id).chunks_exact(BLOCK).map(pooled).collect()
    }

    /// A metric under the first strategy over the same under the second, replication by replication.
    fn strategies_apart(&self, id: &str) -> Vec<f64> {
        let (a, b) = (self.each(0, id), self.each(1, id));
        a.iter().zip(&b).map(|(a, b)| a / b.max(1e-12)).collect()
    }
}

/// Runs some strategies of a scenario.
fn play(path: &Path, set: &[(&str, &str)], strategies: &[&str], n: u32, seed: u64) -> Result<Played, String> {
    let overrides = Overrides {
        set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        seed: Some(seed),
        ..Overrides::default()
    };
    let say = |what: String| format!("{}: {what}", path.display());
    let plan = load(path, &overrides)
        .map_err(|list| say(list.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; ")))?;
    let place = |name: &&str| plan.strategies.iter().position(|s| s.name == **name);
    let strategies: Option<Vec<usize>> = strategies.iter().map(place).collect();
    let strategies = strategies.ok_or_else(|| say("a strategy that the table speaks of is gone".to_owned()))?;
    let ready = Ready::prepare(&plan);
    let machine = Machine {
        plan: &plan,
        ready: &ready,
        jobs: rayon::current_num_threads(),
        schedule: Schedule::Lazy,
        progress: &AtomicBool::new(false),
    };
    let runs = machine.execute(&strategies, 0..n).map_err(|e| say(e.to_string()))?;
    Ok(Played { plan, strategies, runs })
}
