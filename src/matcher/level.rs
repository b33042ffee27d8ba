//! Expected false matches of a search against the whole list, by group cell (Λ), and whom they fall on.

use super::fall::{Fall, Shrinking, Tail};
use crate::scenario::Plan;
use crate::scenario::plan::MatcherTable;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Expected false matches of one plausible world.
pub struct FalseMatches {
    /// Λ per probe cell at its threshold.
    pub expected: Vec<f64>,
    /// For each probe cell the weight of each list cell in it.
    pub matched: Vec<Vec<f64>>,
    /// How Λ falls with the score.
    pub fall: Fall,
}

/// Λ per probe cell at `thresholds`, for a list of `list_size` entries with these shares.
pub fn false_match_counts(
    plan: &Plan,
    table: &MatcherTable,
    numbers: &Numbers,
    (list_shares, list_size): (&[f64], f64),
    thresholds: &[f64],
) -> FalseMatches {
    let (own, like) = pair_factors(plan, table, numbers);
    let likeness = |g: usize, list: &[f64]| like[g].iter().zip(list).map(|(f, s)| f * s).sum::<f64>();
    let reference = || (plan.axes.joint(&plan.crowd.shares), list_shares.to_vec());
    let (crowd, list) = table.reference.clone().unwrap_or_else(reference);
    let mut level = numbers.get(param::FALSE_MATCH_LEVEL);
    if numbers.flag(param::KIN) {
        level *= numbers.get(param::KIN_OFFSET);
    }
    if numbers.flag(param::NORMALISE_LEVEL) {
        let part = |(g, share): (usize, &f64)| share * own[g] * likeness(g, &list);
        let mean: f64 = crowd.iter().enumerate().map(part).sum();
        if mean > 0.0 {
            level *= table.reference_mean / mean;
        }
    }
    let tail = Tail::read(numbers);
    let cells = 0..own.len();
    let alike: Vec<f64> = cells
        .clone()
        .map(|g| level * list_size * likeness(g, list_shares))
        .collect();
    let fall = if numbers.choice(param::BIAS_HYPOTHESIS) == 1 {
        let weights: Vec<f64> = cells.clone().map(|g| crowd[g] * likeness(g, &list)).collect();
        Fall::Shrinking(Shrinking::new(tail, &alike, &own, &weights))
    } else {
        Fall::Constant(tail)
    };
    let expected: Vec<f64> = cells
        .clone()
        .map(|g| match &fall {
            Fall::Constant(tail) => own[g] * alike[g] * libm::exp(tail.ln_height(thresholds[g])),
            Fall::Shrinking(curve) => libm::exp(curve.ln_expected(g, thresholds[g])),
        })
        .collect();
    let weight = |g: usize| -> Vec<f64> {
        let whole = likeness(g, list_shares);
        let part = |(f, s): (&f64, &f64)| if whole > 0.0 { expected[g] * f * s / whole } else { 0.0 };
        like[g].iter().zip(list_shares).map(part).collect()
    };
    FalseMatches {
        matched: cells.map(weight).collect(),
        expected,
        fall,
    }
}

/// φ for every pair of a probe cell and a list cell: the probe's own factor, and how alike the two cells are.
fn pair_factors(plan: &Plan, table: &MatcherTable, numbers: &Numbers) -> (Vec<f64>, Vec<Vec<f64>>) {
    let axes = &plan.axes;
    let cells = axes.cells();
    let unlike: Vec<f64> = axes
        .0
        .iter()
        .zip(&table.unlike)
        .map(|(axis, value)| numbers.doubtful(*value, &format!("matcher.unlike.{}", axis.name)))
        .collect();
    let bias = numbers.get(param::BIAS);
    let multiplier: Vec<Vec<f64>> = axes
        .0
        .iter()
        .zip(&table.multiplier)
        .map(|(axis, values)| {
            axis.levels
                .iter()
                .zip(values)
                .map(|(level, v)| numbers.doubtful(*v, &format!("matcher.multiplier.{}.{level}", axis.name)))
                .map(|m| if bias == 1.0 { m } else { libm::pow(m, bias) })
                .collect()
        })
        .collect();
    let own: Vec<f64> = (0..cells)
        .map(|g| {
            table.cell_factor[g]
                * (0..axes.0.len())
                    .map(|a| multiplier[a][axes.level(g, a)])
                    .product::<f64>()
        })
        .collect();
    let alike = |g: usize, h: usize| {
        (0..axes.0.len())
            .filter(|&a| axes.level(g, a) != axes.level(h, a))
            .fold(1.0, |f, a| f / unlike[a])
    };
    let like = (0..cells).map(|g| (0..cells).map(|h| alike(g, h)).collect());
    (own, like.collect())
}
