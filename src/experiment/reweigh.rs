//! Expected false matches of the same searches under other ideas of whom the matcher confuses.
//!
//! Where a search has a small chance Λ of a false match, expected false alerts are in proportion to Λ (1 - exp(-n^α Λ) is
//! n^α Λ to within a part in 1/Λ, and Λ is of the order of 10^-6). So what was summed over the searches of a cell under one
//! table becomes what it is under another by the ratio of the two Λ: no new runs, and no noise of their own.

use crate::matcher::{Measured, false_match_counts};
use crate::people::SoughtPeople;
use crate::scenario::Plan;
use crate::scenario::plan::{MatcherTable, StrategyPlan, Value, Values};
use crate::scenario::registry::{ParamId, param};
use crate::scenario::shipped_matcher;
use crate::scenario::world::{Draws, Numbers};

/// Tables that are always shown beside one another.
pub(crate) const PRESETS: [&str; 3] = ["neutral", "inferred-2025", "npl-2023"];

/// Whether differences between groups are the same at every threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hypothesis {
    /// They are.
    Constant,
    /// They shrink from 0.56 and are gone at 0.64.
    Shrinks,
}

impl Hypothesis {
    /// As `summary.json` says it.
    pub fn word(self) -> &'static str {
        match self {
            Hypothesis::Constant => "ratio-constant",
            Hypothesis::Shrinks => "ratio-shrinks",
        }
    }
}

/// An idea of whom the matcher confuses.
pub(crate) struct Idea {
    table: MatcherTable,
    values: Values,
}

impl Idea {
    /// What the strategy was run with.
    pub fn as_run(strategy: &StrategyPlan) -> Self {
        Idea {
            table: strategy.matcher.clone(),
            values: strategy.values.clone(),
        }
    }

    /// A shipped table in place of the strategy's, with the settings that come with it. None if it says nothing about the
    /// axes of this crowd.
    pub fn shipped(plan: &Plan, strategy: &StrategyPlan, name: &str, hypothesis: Hypothesis) -> Option<Self> {
        let (table, settings) = shipped_matcher(name, &plan.axes)?;
        let mut values = strategy.values.clone();
        settings
            .iter()
            .for_each(|(id, value): &(ParamId, Value)| values.set(*id, *value));
        let certain = |central| Value { central, prior: None };
        values.set(param::BIAS_HYPOTHESIS, certain(f64::from(hypothesis as u8)));
        if values.word(param::MATCHER_KIND) == "table" {
            values.set(param::MATCHER_KIND, certain(0.0));
        }
        Some(Idea { table, values })
    }

    /// The same with a matcher that errs alike for every group of faces. That it confuses like with like stays: then whom it
    /// errs about is the list's doing.
    pub fn flat(mut self) -> Self {
        let one = |v: &mut Value| {
            *v = Value {
                central: 1.0,
                prior: None,
            }
        };
        self.table.multiplier.iter_mut().flatten().for_each(one);
        self.table.cell_factor.fill(1.0);
        let rates = &mut self.table.plain_rate;
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        rates.fill(mean);
        if let Some(rates) = &mut self.table.measured {
            even(&mut rates.false_match);
        }
        self
    }

    /// Λ by cell in the plausible world of a replication.
    pub fn expected_matches(&self, plan: &Plan, replication: u32) -> Vec<f64> {
        let world = plan.uncertainty.then(|| Draws::new(plan.seed, replication).world);
        let numbers = Numbers::draw(&self.values, world);
        let people = SoughtPeople::new(plan, &numbers);
        let list = people.list_shares;
        let thresholds = vec![numbers.get(param::THRESHOLD); list.len()];
        match self.values.word(param::MATCHER_KIND) {
            "plain" => {
                let beyond = thresholds[0] - numbers.get(param::PLAIN_TAIL_AT);
                let fall = libm::exp(-numbers.get(param::SCORE_SLOPE) * beyond);
                let rate = |f: &f64| -libm::log1p(-(f * fall).min(0.999_999));
                self.table.plain_rate.iter().map(rate).collect()
            }
            "table" => self.table.measured.as_ref().map_or(Vec::new(), |rates| {
                let measured = Measured::new(rates, &list, people.list_size, 1.0, 1.0);
                let at = |g: usize| measured.weights(g, thresholds[g]).iter().sum();
                (0..list.len()).map(at).collect()
            }),
            _ => false_match_counts(plan, &self.table, &numbers, (&list, people.list_size), &thresholds).expected,
        }
    }
}

/// Makes measured rates, by cell of the probe, cell of the entry and threshold, the same on average over entries for every
/// cell of the probe.
fn even(rates: &mut [Vec<Vec<f64>>]) {
    let thresholds = rates.first().and_then(|r| r.first()).map_or(0, Vec::len);
    for t in 0..thresholds {
        let mean = |row: &[Vec<f64>]| row.iter().map(|line| line[t]).sum::<f64>() / row.len().max(1) as f64;
        let all = rates.iter().map(|row| mean(row)).sum::<f64>() / rates.len().max(1) as f64;
        for row in rates.iter_mut() {
            let own = mean(row);
            let factor = if own > 0.0 { all / own } else { 1.0 };
            row.iter_mut().for_each(|line| line[t] *= factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evened_rates_keep_whom_a_face_is_taken_for() {
        let mut rates = vec![vec![vec![8.0], vec![2.0]], vec![vec![1.0], vec![4.0]]];
        even(&mut rates);
        let means: Vec<f64> = rates.iter().map(|r| (r[0][0] + r[1][0]) / 2.0).collect();
        assert!(
            (means[0] - 3.75).abs() < 1e-12 && (means[1] - 3.75).abs() < 1e-12,
            "{rates:?}"
        );
        assert!((rates[0][0][0] / rates[0][1][0] - 4.0).abs() < 1e-12);
        assert!((rates[1][1][0] / rates[1][0][0] - 4.0).abs() < 1e-12);
    }
}
