//! Expected false matches of the same searches under other ideas of whom the matcher confuses.
//!
//! Where a search has a small chance Λ of a false match, expected false alerts are in proportion to Λ (1 - exp(-n^α Λ) is
//! n^α Λ to within a part in 1/Λ, and Λ is of the order of 10^-6). So what was summed over the searches of a cell under one
//! table becomes what it is under another by the ratio of the two Λ: no new runs, and no noise of their own.

use crate::matcher::false_match_counts;
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
    /// What is left at a threshold of the log of a group's factor.
    fn left(self, threshold: f64) -> f64 {
        match self {
            Hypothesis::Constant => 1.0,
            Hypothesis::Shrinks => ((0.64 - threshold) / 0.08).clamp(0.0, 1.0),
        }
    }
}

/// An idea of whom the matcher confuses.
pub(crate) struct Idea {
    table: MatcherTable,
    values: Values,
    hypothesis: Hypothesis,
    /// Whether the list mirrors the crowd.
    mirrored: bool,
}

impl Idea {
    /// What the strategy was run with.
    pub fn as_run(strategy: &StrategyPlan) -> Self {
        Idea {
            table: strategy.matcher.clone(),
            values: strategy.values.clone(),
            hypothesis: Hypothesis::Constant,
            mirrored: false,
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
        Some(Idea {
            table,
            values,
            hypothesis,
            mirrored: false,
        })
    }

    /// The same with a matcher that treats everybody alike.
    pub fn flat(mut self) -> Self {
        let one = |v: &mut Value| {
            *v = Value {
                central: 1.0,
                prior: None,
            }
        };
        self.table.multiplier.iter_mut().flatten().for_each(one);
        self.table.unlike.iter_mut().for_each(one);
        self.table.cell_factor.fill(1.0);
        let rates = &mut self.table.plain_rate;
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        rates.fill(mean);
        self
    }

    /// The same with a list whose groups are those of the crowd.
    pub fn mirrored(mut self) -> Self {
        self.mirrored = true;
        self
    }

    /// Λ by cell in the plausible world of a replication.
    pub fn expected_matches(&self, plan: &Plan, replication: u32) -> Vec<f64> {
        let world = plan.uncertainty.then(|| Draws::new(plan.seed, replication).world);
        let numbers = Numbers::draw(&self.values, world);
        let list = if self.mirrored {
            plan.axes.joint(&plan.crowd.shares)
        } else {
            SoughtPeople::new(plan, &numbers).list_shares
        };
        let threshold = numbers.get(param::THRESHOLD);
        if numbers.choice(param::MATCHER_KIND) == 1 {
            let fall = libm::exp(-numbers.get(param::SCORE_SLOPE) * (threshold - numbers.get(param::PLAIN_TAIL_AT)));
            let rate = |f: &f64| -libm::log1p(-(f * fall).min(0.999_999));
            return self.table.plain_rate.iter().map(rate).collect();
        }
        let left = self.hypothesis.left(threshold);
        if left == 1.0 {
            return false_match_counts(plan, &self.table, &numbers, &list, threshold).0;
        }
        let mut table = self.table.clone();
        for (axis, row) in plan.axes.0.iter().zip(&mut table.multiplier) {
            for (level, value) in axis.levels.iter().zip(row) {
                let drawn = numbers.doubtful(*value, &format!("matcher.multiplier.{}.{level}", axis.name));
                *value = Value {
                    central: libm::pow(drawn, left),
                    prior: None,
                };
            }
        }
        table.cell_factor.iter_mut().for_each(|f| *f = libm::pow(*f, left));
        false_match_counts(plan, &table, &numbers, &list, threshold).0
    }
}
