//! What was published about the real thing, beside what was simulated.

use super::summary::{PublishedFigure, StrategySummary};
use crate::measure::METRICS;
use crate::scenario::Plan;
use crate::scenario::plan::Published;

/// The published figures of a plan beside those of the strategies that were run.
pub(super) fn published(plan: &Plan, strategies: &[StrategySummary]) -> Vec<PublishedFigure> {
    let one = |row: &Published| {
        let wanted = |s: &&StrategySummary| match row.strategy.as_str() {
            "" => plan
                .strategies
                .iter()
                .any(|p| p.name == s.name && has_cameras(plan, &p.name)),
            name => s.name == name,
        };
        let strategy = strategies.iter().find(wanted);
        let estimate = strategy.and_then(|s| s.metrics.get(&row.metric));
        let predictive = estimate.and_then(|e| e.predictive_interval);
        PublishedFigure {
            metric: row.metric.clone(),
            title: METRICS
                .iter()
                .find(|m| m.id == row.metric)
                .map_or_else(|| row.metric.clone(), |m| m.title.to_owned()),
            strategy: strategy.map(|s| s.name.clone()).unwrap_or_default(),
            published: row.value,
            simulated: estimate.and_then(|e| e.mean),
            predictive_interval: predictive,
            within: predictive.map(|[low, high]| (low..=high).contains(&row.value)),
            role: row.role.word().to_owned(),
            source: row.source.clone(),
            note: row.note.clone(),
        }
    };
    plan.published.iter().map(one).collect()
}

/// Whether a strategy looks for anybody, at its place or at any site of its programme.
fn has_cameras(plan: &Plan, name: &str) -> bool {
    let index = plan.strategies.iter().position(|s| s.name == name);
    let at_sites = |i: usize| {
        let sites = plan.programme.iter().flat_map(|p| &p.sites);
        sites.flat_map(|s| s.plan.strategies.get(i)).any(|s| !s.is_patrol())
    };
    index.is_some_and(|i| !plan.strategies[i].is_patrol() || at_sites(i))
}
