//! How figures are shown: per deployment, year or scans, and like for like.

use super::Runs;
use super::summary::{Matched, MatchedStrategy};
use crate::measure::{Counter, metric};
use crate::scenario::Plan;
use crate::stats;

/// What counts are per.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// One deployment.
    #[default]
    Deployment,
    /// `measure.deployments_per_year` deployments.
    Year,
    /// 100,000 scans.
    Scans,
}

impl Per {
    /// As `summary.json` says it.
    pub fn word(self) -> &'static str {
        match self {
            Per::Deployment => "deployment",
            Per::Year => "year",
            Per::Scans => "100,000 scans",
        }
    }
    pub(crate) fn unit(self) -> &'static str {
        match self {
            Per::Deployment => "per deployment",
            Per::Year => "per year",
            Per::Scans => "per 100,000 scans",
        }
    }
}

/// What strategies are given the same of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Officer-hours.
    Officers,
    /// Cost.
    Cost,
    /// Scans.
    Scans,
}

/// How figures are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presentation {
    /// What counts are per.
    pub per: Per,
    /// What is made equal.
    pub matched: Option<Match>,
}

impl Match {
    fn word(self) -> &'static str {
        match self {
            Match::Officers => "officers",
            Match::Cost => "cost",
            Match::Scans => "scans",
        }
    }
    fn resource(self) -> &'static str {
        match self {
            Match::Officers => "officer-hours",
            Match::Cost => "pounds",
            Match::Scans => "scans",
        }
    }

    /// Why this cannot be matched before anything is run.
    ///
    /// # Errors
    /// A text for the user, and what to try.
    pub fn possible(self, plan: &Plan) -> Result<(), (String, String)> {
        match self {
            Match::Cost if metric("cost_gbp").is_none() => Err((
                "--match cost: this version has no costs".to_owned(),
                "use --match officers, or --match scans".to_owned(),
            )),
            Match::Scans => match plan.strategies.iter().find(|s| s.is_patrol()) {
                Some(s) => Err((
                    format!("--match scans: \"{}\" scans nobody, however long it lasts", s.name),
                    "leave it out with --strategies, or use --match officers".to_owned(),
                )),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// What the strategy at `place` has of the resource in one deployment, on average.
    fn has(self, runs: &Runs, place: usize) -> f64 {
        let all: Vec<f64> = runs.by_strategy[place]
            .iter()
            .map(|r| match self {
                Match::Officers => r.shift.officer_hours,
                Match::Scans => r.groups[0].get(Counter::Searches) as f64,
                Match::Cost => metric("cost_gbp").map_or(0.0, |m| m.parts(r, 0, crate::measure::Faces::Searches).0),
            })
            .collect();
        stats::mean(&all)
    }

    /// What each strategy's counts are multiplied by so that all have as much of the resource as the baseline.
    pub fn factors(self, plan: &Plan, strategies: &[usize], runs: &Runs, baseline: usize) -> Matched {
        let target = self.has(runs, baseline);
        let name = |place: usize| plan.strategies[strategies[place]].name.clone();
        let one = |place: usize| {
            let has = self.has(runs, place);
            MatchedStrategy {
                strategy: name(place),
                has,
                factor: if has > 0.0 && target > 0.0 { target / has } else { 1.0 },
            }
        };
        let all: Vec<MatchedStrategy> = (0..strategies.len()).map(one).collect();
        let changed: Vec<String> = all
            .iter()
            .filter(|m| (m.factor - 1.0).abs() > 1e-12)
            .map(|m| format!("{} times {:.3}", m.strategy, m.factor))
            .collect();
        let note = if changed.is_empty() {
            format!(
                "Like for like by {}: all strategies have the same {} already, and nothing was changed.",
                self.word(),
                self.resource()
            )
        } else {
            format!(
                "Like for like by {}: every count is multiplied so that the strategy has as many {} as {} ({}), as if it were \
                 deployed for so many more or fewer hours of the same kind. Rates are not changed. The factor is taken as known.",
                self.word(),
                self.resource(),
                name(baseline),
                changed.join("; ")
            )
        };
        Matched {
            by: self.word().to_owned(),
            note,
            strategies: all,
        }
    }
}
