//! An operator's decision: signal detection with a criterion, worse with other groups' faces, with fatigue and poor images.

use super::{Truth, lognormal};
use crate::kernel::{Block, Micros};
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// Share of false alerts at which the criterion is stated.
const REFERENCE_FALSE_SHARE: f64 = 0.015;
/// Detection rate used for the expected share of false alerts (a centring constant, not an outcome).
const EXPECTED_TPIR: f64 = 0.82;

/// What an alert looks like to whoever reviews it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Whether it is about the person it names.
    pub truth: Truth,
    /// The person's level on the axis where other groups matter.
    pub level: usize,
    /// Quality of the look, 0 to 1.
    pub quality: f64,
    /// Whether the face is that of a close relative of the person on the list.
    pub kin: bool,
}

/// The second person of the two-person rule.
#[derive(Clone, Debug)]
struct Second {
    correlation: f64,
    /// Level on the axis where other groups matter, by operator beside whom they look.
    level: Vec<usize>,
}

impl Second {
    /// The second person's luck, given the first's, both in standard deviations.
    fn luck(&self, first: f64, words: Block) -> f64 {
        let shared = self.correlation;
        let own = libm::sqrt(1.0 - shared * shared);
        shared * first + own * dist::normal_quantile(words.unit(2))
    }
}

/// How far the criterion of a credible match is raised under each word of `operator.policy`.
const POLICY_RAISES: [f64; 3] = [0.0, 1.07, 1.57];

/// The law of reviews in one plausible world.
#[derive(Clone, Debug)]
pub struct Reviews {
    fixed: Option<(f64, f64)>,
    sensitivity: f64,
    criterion: f64,
    other_sensitivity: f64,
    other_criterion: f64,
    other_share: f64,
    kin_sensitivity: f64,
    /// The level of each operator on the axis where other groups matter.
    operator_level: Vec<usize>,
    second: Option<Second>,
    axis: Option<usize>,
    fatigue_per_h: f64,
    fatigue_max: f64,
    mean_fatigue: f64,
    quality_floor: f64,
    quality_gain: f64,
    break_every: Micros,
    time: (f64, f64, f64),
}

/// What an operator made of an alert.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Chance that this operator passes on an alert like this one, whatever a second person says.
    pub chance: f64,
    /// Evidence that it is the same person, and the criterion it must exceed, in standard deviations of the operator's
    /// judgement; none where operators decide by fixed chances.
    pub evidence: Option<[f64; 2]>,
    /// What the second person made of it, under the two-person rule.
    pub second: Option<SecondJudgement>,
}

/// What the second person of the two-person rule made of an alert, or would have made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SecondJudgement {
    /// Whether that person finds it credible.
    pub passes: bool,
    /// Evidence and criterion, as of the first.
    pub evidence: Option<[f64; 2]>,
}

impl Reviews {
    /// Reviews of a strategy. Centring uses plan expectations: `mean_false` false alerts per search, never running shares.
    pub fn new(plan: &Plan, numbers: &Numbers, draws: &Draws, list_shares: &[f64], mean_false: f64) -> Self {
        let get = |id| numbers.get(id);
        let fixed = (numbers.choice(param::OPERATOR_DECISION) == 1)
            .then(|| (get(param::CONFIRM_TRUE), get(param::CONFIRM_FALSE)));
        let true_rate = get(param::PREVALENCE) * EXPECTED_TPIR;
        let false_share = if mean_false > 0.0 {
            mean_false / (mean_false + true_rate)
        } else {
            0.0
        };
        let prevalence = 0.3 * get(param::PREVALENCE_SHIFT) * libm::log((false_share + 0.01) / REFERENCE_FALSE_SHARE);
        let axis = plan.crowd.other_group_axis;
        let operators = get(param::OPERATOR_COUNT) as usize;
        let (operator_level, second_level, other_share) = match axis {
            None => (vec![0; operators], vec![0; operators], 0.0),
            Some(a) => {
                let crowd = &plan.crowd.shares[a];
                let level = |sub: u16, i: usize| {
                    let mut rest = draws.world.block(Purpose::Operator as u16, sub, i as u32, 0).unit(0);
                    crowd
                        .iter()
                        .position(|s| {
                            rest -= s;
                            rest < 0.0
                        })
                        .unwrap_or(crowd.len() - 1)
                };
                let mut of_list = vec![0.0; crowd.len()];
                for (cell, share) in list_shares.iter().enumerate() {
                    of_list[plan.axes.level(cell, a)] += share;
                }
                let same: f64 = crowd.iter().zip(&of_list).map(|(c, l)| c * l).sum();
                let levels = |sub| (0..operators).map(|i| level(sub, i)).collect();
                (levels(0), levels(1), 1.0 - same)
            }
        };
        let break_every = get(param::BREAK_EVERY_H);
        let (fatigue_per_h, fatigue_max) = (get(param::FATIGUE_PER_H), get(param::FATIGUE_MAX));
        Reviews {
            fixed,
            sensitivity: get(param::SENSITIVITY),
            criterion: get(param::CRITERION) + prevalence + POLICY_RAISES[numbers.choice(param::OPERATOR_POLICY)],
            other_sensitivity: get(param::OTHER_GROUP_SENSITIVITY),
            other_criterion: get(param::OTHER_GROUP_CRITERION),
            other_share,
            kin_sensitivity: get(param::KIN_SENSITIVITY),
            operator_level,
            second: (numbers.choice(param::OPERATOR_RULE) == 1).then(|| Second {
                correlation: get(param::RULE_CORRELATION),
                level: second_level,
            }),
            axis,
            fatigue_per_h,
            fatigue_max,
            mean_fatigue: mean_fatigue(fatigue_per_h, fatigue_max, break_every),
            quality_floor: get(param::QUALITY_FLOOR),
            quality_gain: get(param::QUALITY_GAIN),
            break_every: Micros::from_seconds(3600.0 * break_every),
            time: (
                get(param::REVIEW_S),
                get(param::REVIEW_LOG_SD),
                get(param::REVIEW_MAX_S),
            ),
        }
    }

    /// How long a review takes.
    pub fn time(&self, words: Block) -> Micros {
        let (median, log_sd, longest) = self.time;
        Micros::from_seconds(lognormal(median, log_sd, words.unit(1)).min(longest))
    }

    /// Whether the alert is passed on: by the operator, and under the two-person rule by a second person too. `since_open` is
    /// the time since the operator's first shift began.
    pub fn credible(&self, words: Block, case: &Case, operator: usize, since_open: Micros) -> bool {
        let first = words.unit(0);
        let Some(second) = &self.second else {
            return self.passes(first, case, self.operator_level[operator], since_open);
        };
        let evidence = second.luck(dist::normal_quantile(first), words);
        self.passes(first, case, self.operator_level[operator], since_open)
            && self.passes(dist::normal_cdf(evidence), case, second.level[operator], since_open)
    }

    /// How an operator judges an alert, told in full: the same decision as [`Reviews::credible`].
    pub fn judgement(&self, words: Block, case: &Case, operator: usize, since_open: Micros) -> Judgement {
        let level = self.operator_level[operator];
        let told = |own_level: usize, luck: f64| {
            let (sensitivity, criterion) = self.point(own_level, case, since_open);
            let centre = if case.truth.is_true() { 0.5 } else { -0.5 } * sensitivity;
            [centre + luck, criterion]
        };
        let first = dist::normal_quantile(words.unit(0));
        let scored = self.fixed.is_none();
        Judgement {
            chance: self.passing(case, level, since_open).0,
            evidence: scored.then(|| told(level, first)),
            second: self.second.as_ref().map(|second| {
                let luck = second.luck(first, words);
                let own_level = second.level[operator];
                SecondJudgement {
                    passes: self.passes(dist::normal_cdf(luck), case, own_level, since_open),
                    evidence: scored.then(|| told(own_level, luck)),
                }
            }),
        }
    }

    /// Whether one person finds the alert credible, given the probability up to which the evidence reaches.
    fn passes(&self, evidence: f64, case: &Case, own_level: usize, since_open: Micros) -> bool {
        if let Some((of_true, of_false)) = self.fixed {
            return evidence < if case.truth.is_true() { of_true } else { of_false };
        }
        let (sensitivity, criterion) = self.point(own_level, case, since_open);
        let centre = if case.truth.is_true() { 0.5 } else { -0.5 } * sensitivity;
        centre + dist::normal_quantile(evidence) > criterion
    }

    /// The chance that the alert is passed on: the same decision with the evidence left open. Under the two-person rule the
    /// first person's evidence is drawn among what passes, and only the second's left open.
    pub fn chance(&self, words: Block, case: &Case, operator: usize, since_open: Micros) -> f64 {
        let (chance, above) = self.passing(case, self.operator_level[operator], since_open);
        let Some(second) = &self.second else {
            return chance;
        };
        let first = chance * words.unit(0) + if above { 1.0 - chance } else { 0.0 };
        let shared = second.correlation * dist::normal_quantile(first);
        let own = libm::sqrt(1.0 - second.correlation * second.correlation);
        let (other, above) = self.passing(case, second.level[operator], since_open);
        let edge = dist::normal_quantile(other);
        let agrees = if above { edge + shared } else { edge - shared };
        chance * dist::normal_cdf(agrees / own)
    }

    /// The chance that one person passes the alert on, and whether that is on the evidence above a point or below one.
    fn passing(&self, case: &Case, own_level: usize, since_open: Micros) -> (f64, bool) {
        if let Some((of_true, of_false)) = self.fixed {
            return (if case.truth.is_true() { of_true } else { of_false }, false);
        }
        let (sensitivity, criterion) = self.point(own_level, case, since_open);
        let centre = if case.truth.is_true() { 0.5 } else { -0.5 } * sensitivity;
        (dist::normal_cdf(centre - criterion), true)
    }

    /// Sensitivity and criterion of one review.
    fn point(&self, own_level: usize, case: &Case, since_open: Micros) -> (f64, f64) {
        let other = match self.axis {
            Some(_) => f64::from(u8::from(own_level != case.level)) - self.other_share,
            None => 0.0,
        };
        let hours = Micros(since_open.0.max(0) % self.break_every.0.max(1)).seconds() / 3600.0;
        let fatigue = (self.fatigue_per_h * hours).min(self.fatigue_max) - self.mean_fatigue;
        let sensitivity = (self.sensitivity + self.other_sensitivity * other - fatigue)
            * (self.quality_floor + self.quality_gain * case.quality);
        let sensitivity = if case.kin {
            self.kin_sensitivity * sensitivity
        } else {
            sensitivity
        };
        (sensitivity.max(0.0), self.criterion + self.other_criterion * other)
    }

    /// The axis where other groups matter.
    pub fn axis(&self) -> Option<usize> {
        self.axis
    }
}

/// Mean over a shift of min(rate x hours, most).
fn mean_fatigue(rate: f64, most: f64, shift_h: f64) -> f64 {
    if rate <= 0.0 {
        return 0.0;
    }
    let full = (most / rate).min(shift_h);
    (0.5 * rate * full * full + most * (shift_h - full)) / shift_h
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signal_detection_passes_on_the_stated_shares() {
        // V14: d' = 1.63, c = -1.07 pass on 97.0 % of true and 60.1 % of false alerts.
        let (d, c) = (1.63, -1.07);
        assert!((dist::normal_cdf(d / 2.0 - c) - 0.9703).abs() < 5e-5);
        assert!((dist::normal_cdf(-d / 2.0 - c) - 0.6006).abs() < 5e-5);
    }

    #[test]
    fn fatigue_is_centred() {
        for (rate, most, shift) in [(0.08, 0.4, 2.0), (0.08, 0.4, 8.0), (1.0, 0.4, 3.0), (1.0, 0.0, 3.0)] {
            let n = 100_000;
            let sum: f64 = (0..n)
                .map(|i| (rate * shift * (f64::from(i) + 0.5) / f64::from(n)).min(most))
                .sum();
            assert!((sum / f64::from(n) - mean_fatigue(rate, most, shift)).abs() < 1e-6);
        }
    }
}
