//! Expected false matches of a search against the whole list, by group cell (Λ), and whom they fall on.

use super::LEVEL_SCORE;
use crate::scenario::Plan;
use crate::scenario::plan::MatcherTable;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Λ per probe cell at `threshold`, and for each probe cell the weight of each list cell in it.
pub fn false_match_counts(
    plan: &Plan,
    table: &MatcherTable,
    numbers: &Numbers,
    list_shares: &[f64],
    threshold: f64,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let factors = pair_factors(plan, table, numbers);
    let mut level =
        numbers.get(param::FALSE_MATCH_LEVEL) * libm::exp(-numbers.get(param::SCORE_SLOPE) * (threshold - LEVEL_SCORE));
    if numbers.flag(param::NORMALISE_LEVEL) {
        let own = || (plan.axes.joint(&plan.crowd.shares), list_shares.to_vec());
        let (crowd, list) = table.reference.clone().unwrap_or_else(own);
        let row = |g: usize| factors[g].iter().zip(&list).map(|(f, s)| f * s).sum::<f64>();
        let mean: f64 = crowd.iter().enumerate().map(|(g, share)| share * row(g)).sum();
        if mean > 0.0 {
            level *= table.reference_mean / mean;
        }
    }
    let size = numbers.get(param::LIST_SIZE);
    let weights: Vec<Vec<f64>> = factors
        .iter()
        .map(|row| row.iter().zip(list_shares).map(|(f, s)| level * f * s * size).collect())
        .collect();
    (weights.iter().map(|row| row.iter().sum()).collect(), weights)
}

/// φ for every pair of a probe cell and a list cell.
fn pair_factors(plan: &Plan, table: &MatcherTable, numbers: &Numbers) -> Vec<Vec<f64>> {
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
    (0..cells)
        .map(|g| {
            (0..cells)
                .map(|h| {
                    (0..axes.0.len())
                        .filter(|&a| axes.level(g, a) != axes.level(h, a))
                        .fold(own[g], |f, a| f / unlike[a])
                })
                .collect()
        })
        .collect()
}
