//! Figures of the calibration street.

use super::answers::Evidence;
use super::{Answer, answer};
use crate::deployment::{Scene, Schedule};
use crate::experiment::one;
use crate::measure::{Faces, METRICS, RunSummary};
use crate::people::Streets;
use crate::scenario::{Overrides, Plan, load_text};
use crate::stats::counts::binomial_quantile;
use std::path::Path;

const STREET: &str = include_str!("../../../../scenarios/reference/calibration-street.toml");
/// Simulated deployments.
const DEPLOYMENTS: u32 = 300;

impl Evidence<'_> {
    /// Of ten false alerts, how many fall on a group.
    pub(super) fn among_ten(&self, level: &str, preset: &str) -> Option<Answer> {
        let (axis, level) = level.split_once('=')?;
        let plan = street(&[("matcher.preset", preset)]).ok()?;
        let mut row = 1;
        for a in &plan.axes.0 {
            match a.levels.iter().position(|l| a.name == axis && l == level) {
                Some(found) => {
                    row += found;
                    break;
                }
                None => row += a.levels.len(),
            }
        }
        let runs = simulate(&plan);
        let expected = METRICS.iter().find(|m| m.id == "false_alerts_expected")?;
        let share = |run: &RunSummary| {
            let part = |group| expected.parts(run, group, Faces::Searches).0;
            part(row) / part(0).max(1e-300)
        };
        let draws = runs
            .iter()
            .zip(self.uniforms(4))
            .map(|(run, u)| f64::from(binomial_quantile(u, 10, share(run).clamp(0.0, 1.0))));
        Some(answer(
            draws.collect(),
            "expected false alerts by group on the calibration street, in plausible worlds",
        ))
    }

    pub(super) fn recognised(&self) -> Option<Vec<f64>> {
        let plan = street(&[("matcher.threshold", "0.60")]).ok()?;
        let metric = METRICS.iter().find(|m| m.id == "tpir")?;
        let runs = simulate(&plan);
        // One deployment has few searches of listed people: blocks of twenty.
        let blocks = runs.chunks(20).map(|block| {
            let parts = block.iter().map(|r| metric.parts(r, 0, Faces::Searches));
            let (n, d) = parts.fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1.unwrap_or(0.0)));
            n / d.max(1.0)
        });
        Some(blocks.collect())
    }

    pub(super) fn lost(&self) -> Vec<f64> {
        let shares = self.shares(&["lost_in_crowd"]);
        let n = shares.len().max(1);
        self.uniforms(8)
            .enumerate()
            .map(|(d, u)| f64::from(binomial_quantile(u, 26, shares[d % n])))
            .collect()
    }

    /// Shares of alerts that end in these ways, in blocks of twenty deployments.
    pub(super) fn shares(&self, ids: &[&str]) -> Vec<f64> {
        let sum = |block: &[RunSummary], id: &str| -> f64 {
            let metric = METRICS.iter().find(|m| m.id == id);
            block
                .iter()
                .map(|r| metric.map_or(0.0, |m| m.parts(r, 0, Faces::Searches).0))
                .sum()
        };
        let blocks = self.street.chunks(20);
        blocks
            .map(|b| ids.iter().map(|id| sum(b, id)).sum::<f64>() / sum(b, "alerts").max(1.0))
            .collect()
    }
}

/// The calibration street with some keys set.
pub(super) fn street(set: &[(&str, &str)]) -> Result<Plan, String> {
    let overrides = Overrides {
        set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..Overrides::default()
    };
    load_text("calibration-street.toml", STREET, Path::new(""), &overrides)
        .map_err(|list| list.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))
}

/// Deployments of a plan's first strategy, one plausible world each.
pub(super) fn simulate(plan: &Plan) -> Vec<RunSummary> {
    use rayon::prelude::*;
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    (0..DEPLOYMENTS)
        .into_par_iter()
        .map(|r| one(&scene, r, Schedule::Lazy))
        .collect()
}
