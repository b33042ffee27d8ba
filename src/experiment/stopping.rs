//! When a point of a study is known precisely enough. What decides is the point's own runs, in their order, and nothing else: so
//! every machine decides alike.

use crate::measure::{Metric, metric};
use crate::scenario::{HalfWidth, StoppingRule};
use crate::stats::{ratio_of_sums, t_mean};

/// Replications between two looks.
const STEP: usize = 10;

/// A study's rule of stopping, ready to judge.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    rule: &'a StoppingRule,
    metric: &'static Metric,
    level: f64,
}

/// A run's part in a metric: numerator and denominator (1 for a mean).
pub(crate) type Part = (f64, f64);

/// How far a strategy is from the precision that was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reach {
    /// Its runs have none of the metric.
    Nothing,
    /// The half-width of the interval, as it was asked for: a share of the mean, or in the metric's unit.
    HalfWidth {
        /// Half-width; infinite if there is no interval yet.
        width: f64,
        /// Whether it is as small as asked.
        reached: bool,
    },
}

impl<'a> Judge<'a> {
    /// The rule at this level; none if there is no such metric.
    pub fn new(rule: &'a StoppingRule, level: f64) -> Option<Judge<'a>> {
        let metric = metric(&rule.metric)?;
        Some(Judge { rule, metric, level })
    }

    /// The metric.
    pub fn metric(&self) -> &'static Metric {
        self.metric
    }

    /// A stored value and weight as part of the metric; none where the run says nothing of it.
    pub fn part(&self, value: Option<f64>, weight: Option<f64>) -> Option<Part> {
        match (self.metric.is_rate(), value, weight) {
            (false, Some(x), _) => Some((x, 1.0)),
            (true, value, Some(w)) => Some((value.unwrap_or(0.0) * w, w)),
            _ => None,
        }
    }

    /// Whether a point with so many replications goes on. `runs`: the parts of each strategy so far; a point with a run that
    /// failed does not go on for the sake of precision.
    pub fn goes_on(&self, replications: usize, runs: &[Vec<Part>]) -> bool {
        let (least, most) = (self.rule.at_least as usize, self.rule.at_most as usize);
        if replications < least || replications >= most {
            return replications < most;
        }
        let looked_at = (replications - least).is_multiple_of(STEP);
        let failed = runs.iter().any(|r| r.len() < replications);
        if !looked_at || failed {
            return !failed;
        }
        !self.reached(runs)
    }

    /// Whether every strategy that has any of the metric is known precisely enough, and one has any.
    pub fn reached(&self, runs: &[Vec<Part>]) -> bool {
        let all: Vec<Reach> = runs.iter().map(|r| self.reach(r)).collect();
        all.iter().any(|r| *r != Reach::Nothing)
            && all
                .iter()
                .all(|r| !matches!(r, Reach::HalfWidth { reached: false, .. }))
    }

    /// How precisely a strategy is known.
    pub fn reach(&self, runs: &[Part]) -> Reach {
        if runs.iter().all(|(x, _)| *x == 0.0) {
            return Reach::Nothing;
        }
        let (x, w): (Vec<f64>, Vec<f64>) = runs.iter().copied().unzip();
        let interval = match self.metric.is_rate() {
            true => ratio_of_sums(&x, &w, self.level),
            false => Some(t_mean(&x, self.level)),
        };
        let half = interval.map_or(f64::INFINITY, |i| 0.5 * (i.high - i.low));
        let mean = interval.map_or(0.0, |i| i.point.abs());
        let (width, most) = match self.rule.half_width {
            HalfWidth::Absolute(most) => (half, most),
            // The half-width of what was seen that keeps that of the truth below the share (Law and Kelton).
            HalfWidth::Relative(share) => (half / mean, share / (1.0 + share)),
        };
        Reach::HalfWidth {
            width,
            reached: width <= most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(half_width: HalfWidth) -> StoppingRule {
        StoppingRule {
            metric: "alerts".into(),
            half_width,
            at_least: 30,
            at_most: 95,
        }
    }

    /// Counts of mean 10 and sd 2 (but for the last one).
    fn counts(n: usize) -> Vec<Part> {
        (0..n).map(|i| (if i % 2 == 0 { 8.0 } else { 12.0 }, 1.0)).collect()
    }

    #[test]
    fn the_half_width_is_that_of_the_textbook() {
        let rule = rule(HalfWidth::Relative(0.1));
        let judge = Judge::new(&rule, 0.95).unwrap();
        let Reach::HalfWidth { width, reached } = judge.reach(&counts(30)) else {
            panic!("no interval")
        };
        // t with 29 degrees of freedom is 2.04523; sd 2 sqrt(30 / 29).
        let expected = 2.045_229_642_132_703 * 2.0 * (30.0_f64 / 29.0).sqrt() / 30.0_f64.sqrt() / 10.0;
        assert!((width - expected).abs() < 1e-9, "{width} {expected}");
        assert!(reached && width < 0.1 / 1.1);
    }

    #[test]
    fn a_point_goes_on_until_all_that_has_the_metric_is_known() {
        let asked = rule(HalfWidth::Absolute(0.5));
        let judge = Judge::new(&asked, 0.95).unwrap();
        let with = |n: usize| judge.goes_on(n, &[counts(n), vec![(0.0, 1.0); n]]);
        // The half-width falls below 0.5 between 60 and 70 replications; nothing is judged before 30 nor between looks.
        let stops: Vec<usize> = (0..=95).filter(|n| !with(*n)).collect();
        assert_eq!(stops.first(), Some(&70), "{stops:?}");
        // What has none of the metric at all is not known: it goes to the cap.
        let none = |n: usize| judge.goes_on(n, &[vec![(0.0, 1.0); n]]);
        assert_eq!((0..=95).find(|n| !none(*n)), Some(95));
        // A point with a failed run stops at the first look.
        let failed = |n: usize| judge.goes_on(n, &[vec![(1.0, 1.0); n.saturating_sub(1)]]);
        assert_eq!((0..=95).find(|n| !failed(*n)), Some(30));
    }
}
