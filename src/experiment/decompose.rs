//! Where a difference between groups comes from: siting, footfall mix, list composition, matcher, operator, officers.
//!
//! A group's rate of wrongful stops is a product along the chain, cell by cell: people there × searches of each × chance of a
//! false alert × chance to pass review × chance to be stopped. Switching a factor off puts in its place what is the same for
//! every group; the matcher's part is that it errs more often with some groups, the list's that a face is taken for one of
//! its own group and the list holds more of some groups. All 64 combinations are evaluated on the same runs (expectations, common random numbers), and each factor's
//! part of the log of the ratio is its average effect over all orders of switching (Shapley). The parts add up, but for what
//! re-weighting by Λ leaves out, which is of the order of Λ.

use super::burden::{Borneby, FEW, FEW_FOLLOWED};
use super::reweigh::Idea;
use super::summary::{Decomposition, Factor, Measured};
use crate::stats::{self, Resamples};

/// The factors, in the order of the chain.
const FACTORS: [&str; 6] = [
    "siting",
    "footfall mix",
    "list composition",
    "matcher",
    "operator",
    "officers",
];
const SITING: usize = 1;
const MIX: usize = 1 << 1;
const LIST: usize = 1 << 2;
const MATCHER: usize = 1 << 3;
const OPERATOR: usize = 1 << 4;
const OFFICERS: usize = 1 << 5;
const COALITIONS: usize = 1 << FACTORS.len();
/// Resamples of the bootstrap.
const RESAMPLES: usize = 500;

/// Sums over replications, by cell.
struct Sums {
    scans: Vec<f64>,
    /// Expected false alerts.
    matches: Vec<f64>,
    /// The same with a matcher that errs alike for every group: what the list alone makes of it.
    flat: Vec<f64>,
    /// Expected false alerts of the followed sample, of them passed on, of them stopped.
    sampled: Vec<f64>,
    passed: Vec<f64>,
    stopped: Vec<f64>,
}

/// The crowd and the population that rates are per head of.
struct People {
    crowd: Vec<f64>,
    reference: Vec<f64>,
}

/// Decomposes every level of every axis against the level with most scans.
pub(crate) fn decompose(of: &Borneby) -> Vec<Decomposition> {
    let plan = of.plan;
    let strategy = &plan.strategies[of.strategy];
    let crowd = plan.axes.joint(&plan.crowd.shares);
    let people = People {
        reference: strategy
            .matcher
            .reference
            .as_ref()
            .map_or_else(|| crowd.clone(), |r| r.0.clone()),
        crowd,
    };
    let columns = Columns::new(of);
    let all = columns.sums(&|column| stats::sum(column));
    let followed: Vec<f64> = of.cells.followed.iter().map(|c| stats::sum(c)).collect();
    let resamples = Resamples::new(of.replications(), RESAMPLES);
    let again = columns.resampled(&resamples);
    let mut found = Vec::new();
    for (a, axis) in plan.axes.0.iter().enumerate() {
        let level_of: Vec<usize> = (0..plan.axes.cells()).map(|c| plan.axes.level(c, a)).collect();
        let per_level = |values: &[f64], level: usize| -> f64 {
            values
                .iter()
                .zip(&level_of)
                .filter(|(_, l)| **l == level)
                .map(|(v, _)| v)
                .sum()
        };
        let levels = axis.levels.len();
        let reference = (0..levels)
            .max_by(|x, y| {
                per_level(&all.scans, *x)
                    .total_cmp(&per_level(&all.scans, *y))
                    .then(y.cmp(x))
            })
            .unwrap_or(0);
        let rates = coalitions(&all, &people, &level_of, levels);
        let others: Vec<Vec<Vec<f64>>> = again
            .iter()
            .map(|s| coalitions(s, &people, &level_of, levels))
            .collect();
        for level in (0..levels).filter(|l| *l != reference) {
            let few = [level, reference]
                .iter()
                .any(|l| per_level(&all.matches, *l) < FEW || per_level(&followed, *l) < FEW_FOLLOWED);
            let mut one = Decomposition {
                strategy: of.name().to_owned(),
                by: axis.name.clone(),
                group: axis.levels[level].clone(),
                reference: axis.levels[reference].clone(),
                what: "Expected wrongful stops per head of the reference population, over the reference group's."
                    .to_owned(),
                too_few_events: few,
                ..Decomposition::default()
            };
            if !few {
                parts(&mut one, &rates, &others, [level, reference], plan.level);
            }
            found.push(one);
        }
    }
    found
}

/// Fills in the parts of one group.
fn parts(one: &mut Decomposition, rates: &[Vec<f64>], others: &[Vec<Vec<f64>>], groups: [usize; 2], level: f64) {
    let Some(own) = shapley(rates, groups) else {
        one.too_few_events = true;
        return;
    };
    let spread: Vec<[f64; 7]> = others.iter().filter_map(|r| shapley(r, groups)).collect();
    let measured = |i: usize, back: &dyn Fn(f64) -> f64| Measured {
        value: Some(back(own[i])),
        interval: stats::percentiles(spread.iter().map(|s| s[i]).collect(), others.len(), level).map(|b| b.map(back)),
        method: "bootstrap".to_owned(),
    };
    one.log_ratio = measured(6, &|x| x);
    one.ratio = measured(6, &libm::exp);
    let sizes: f64 = own[..6].iter().map(|p| p.abs()).sum();
    one.factors = FACTORS
        .iter()
        .enumerate()
        .map(|(i, name)| Factor {
            factor: (*name).to_owned(),
            log_part: measured(i, &|x| x),
            times: libm::exp(own[i]),
            percent: if sizes > 0.0 { 100.0 * own[i] / sizes } else { 0.0 },
        })
        .collect();
}

/// The six parts of the log of the ratio of two groups' rates, and that log. None where a rate is zero.
fn shapley(rates: &[Vec<f64>], [group, reference]: [usize; 2]) -> Option<[f64; 7]> {
    let logs: Vec<f64> = rates.iter().map(|r| libm::log(r[group] / r[reference])).collect();
    if logs.iter().any(|l| !l.is_finite()) {
        return None;
    }
    let factorial = |n: u32| (1..=n).product::<u32>() as f64;
    let mut parts = [0.0; 7];
    for (i, part) in parts.iter_mut().enumerate().take(6) {
        for without in (0..COALITIONS).filter(|m| m & (1 << i) == 0) {
            let size = without.count_ones();
            let weight = factorial(size) * factorial(5 - size) / factorial(6);
            *part += weight * (logs[without | (1 << i)] - logs[without]);
        }
    }
    // With everything off all groups are alike, but for the mean over the cells of a group.
    parts[6] = logs[COALITIONS - 1];
    Some(parts)
}

/// The rate of every level with each combination of factors on.
fn coalitions(sums: &Sums, people: &People, level_of: &[usize], levels: usize) -> Vec<Vec<f64>> {
    (0..COALITIONS)
        .map(|on| {
            let mut rates = vec![0.0; levels];
            let mut heads = vec![0.0; levels];
            let chain = Chain::new(sums, people, on);
            for (c, level) in level_of.iter().enumerate() {
                rates[*level] += chain.stops(c);
                heads[*level] += people.reference[c];
            }
            rates.iter().zip(&heads).map(|(r, h)| r / h).collect()
        })
        .collect()
}

/// The chain with some factors on.
struct Chain<'a> {
    sums: &'a Sums,
    people: &'a People,
    on: usize,
    /// What everybody has where a factor is off: searches of each, chance of review, of a stop; false alerts per search
    /// under a matcher and a list that are alike for all.
    same: [f64; 4],
}

impl<'a> Chain<'a> {
    fn new(sums: &'a Sums, people: &'a People, on: usize) -> Self {
        let sum = |x: &[f64]| x.iter().sum::<f64>();
        Chain {
            sums,
            people,
            on,
            same: [
                over(sum(&sums.scans), sum(&people.crowd)),
                over(sum(&sums.passed), sum(&sums.sampled)),
                over(sum(&sums.stopped), sum(&sums.passed)),
                over(sum(&sums.flat), sum(&sums.scans)),
            ],
        }
    }

    /// Expected false alerts of a search of a cell.
    fn matched(&self, c: usize) -> f64 {
        let by_list = over(self.sums.flat[c], self.sums.scans[c]);
        let by_matcher = over(self.sums.matches[c], self.sums.flat[c]);
        match (self.on & LIST != 0, self.on & MATCHER != 0) {
            (true, true) => over(self.sums.matches[c], self.sums.scans[c]),
            (true, false) => by_list,
            (false, true) => self.same[3] * by_matcher,
            (false, false) => self.same[3],
        }
    }

    /// Expected wrongful stops of a cell.
    fn stops(&self, c: usize) -> f64 {
        let is = |factor: usize| self.on & factor != 0;
        let heads = if is(MIX) {
            self.people.crowd[c]
        } else {
            self.people.reference[c]
        };
        let own = |num: f64, den: f64, same: f64| if den > 0.0 { num / den } else { same };
        let searches = if is(SITING) {
            own(self.sums.scans[c], self.people.crowd[c], 0.0)
        } else {
            self.same[0]
        };
        let matched = self.matched(c);
        let passes = if is(OPERATOR) {
            own(self.sums.passed[c], self.sums.sampled[c], self.same[1])
        } else {
            self.same[1]
        };
        let stopped = if is(OFFICERS) {
            own(self.sums.stopped[c], self.sums.passed[c], self.same[2])
        } else {
            self.same[2]
        };
        heads * searches * matched * passes * stopped
    }
}

fn over(num: f64, den: f64) -> f64 {
    if den > 0.0 { num / den } else { 0.0 }
}

/// The same by replication, before summing: `[what][cell]`.
struct Columns([Vec<Vec<f64>>; 6]);

impl Columns {
    fn new(of: &Borneby) -> Self {
        let strategy = &of.plan.strategies[of.strategy];
        let ratios = of.ratios(&Idea::as_run(strategy).flat());
        let cell = |(e, w): (&Vec<f64>, &Vec<f64>)| e.iter().zip(w).map(|(e, w)| e * w).collect();
        Columns([
            of.cells.scans.clone(),
            of.cells.expected[0].clone(),
            of.cells.expected[0].iter().zip(&ratios).map(cell).collect(),
            of.cells.expected[1].clone(),
            of.cells.expected[2].clone(),
            of.cells.expected[3].clone(),
        ])
    }

    fn sums(&self, sum: &dyn Fn(&[f64]) -> f64) -> Sums {
        let [scans, matches, flat, sampled, passed, stopped] =
            [0, 1, 2, 3, 4, 5].map(|i: usize| self.0[i].iter().map(|c| sum(c)).collect::<Vec<f64>>());
        Sums {
            scans,
            matches,
            flat,
            sampled,
            passed,
            stopped,
        }
    }

    fn resampled(&self, resamples: &Resamples) -> Vec<Sums> {
        let sums: Vec<Vec<Vec<f64>>> = self
            .0
            .iter()
            .map(|cells| cells.iter().map(|c| resamples.sums(c)).collect())
            .collect();
        let at = |i: usize, b: usize| -> Vec<f64> { sums[i].iter().map(|c| c[b]).collect() };
        (0..resamples.len())
            .map(|b| Sums {
                scans: at(0, b),
                matches: at(1, b),
                flat: at(2, b),
                sampled: at(3, b),
                passed: at(4, b),
                stopped: at(5, b),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(cells: usize) -> (Sums, People) {
        let even = vec![1.0 / cells as f64; cells];
        let sums = Sums {
            scans: vec![1000.0; cells],
            matches: vec![10.0; cells],
            flat: vec![10.0; cells],
            sampled: vec![10.0; cells],
            passed: vec![6.0; cells],
            stopped: vec![5.0; cells],
        };
        (
            sums,
            People {
                crowd: even.clone(),
                reference: even,
            },
        )
    }

    fn percents(sums: &Sums, people: &People) -> [f64; 6] {
        let level_of: Vec<usize> = (0..people.crowd.len()).collect();
        let rates = coalitions(sums, people, &level_of, level_of.len());
        let own = shapley(&rates, [1, 0]).unwrap();
        let sizes: f64 = own[..6].iter().map(|p| p.abs()).sum();
        assert!((own[..6].iter().sum::<f64>() - own[6]).abs() < 1e-12);
        std::array::from_fn(|i| 100.0 * own[i] / sizes.max(1e-300))
    }

    #[test]
    fn one_cause_gets_all_of_it() {
        let scale = |x: &mut Vec<f64>| x[1] *= 3.0;
        let (mut sums, people) = alike(3);
        sums.scans[1] *= 3.0;
        scale(&mut sums.matches);
        scale(&mut sums.flat);
        scale(&mut sums.sampled);
        scale(&mut sums.passed);
        scale(&mut sums.stopped);
        assert!(percents(&sums, &people)[0] > 99.9, "siting");
        let (mut sums, people) = alike(3);
        scale(&mut sums.stopped);
        assert!(percents(&sums, &people)[5] > 99.9, "officers");
        let (mut sums, people) = alike(3);
        scale(&mut sums.passed);
        scale(&mut sums.stopped);
        assert!(percents(&sums, &people)[4] > 99.9, "operator");
        // The matcher alone: with it off, whatever the list, all are alike.
        let (mut sums, people) = alike(3);
        scale(&mut sums.matches);
        scale(&mut sums.sampled);
        scale(&mut sums.passed);
        scale(&mut sums.stopped);
        assert!(percents(&sums, &people)[3] > 99.9, "matcher");
        // The list, through a matcher that confuses like with like and is otherwise alike for all.
        let (mut sums, people) = alike(3);
        scale(&mut sums.matches);
        scale(&mut sums.flat);
        scale(&mut sums.sampled);
        scale(&mut sums.passed);
        scale(&mut sums.stopped);
        assert!(percents(&sums, &people)[2] > 99.9, "list composition");
        // Twice as many of the group come as live in the reference population.
        let (mut sums, mut people) = alike(2);
        people.crowd = vec![1.0 / 3.0, 2.0 / 3.0];
        sums.scans[1] *= 2.0;
        (sums.matches[1], sums.flat[1]) = (20.0, 20.0);
        (sums.sampled[1], sums.passed[1], sums.stopped[1]) = (20.0, 12.0, 10.0);
        assert!(percents(&sums, &people)[1] > 99.9, "footfall mix");
    }

    #[test]
    fn a_rate_of_zero_has_no_log() {
        let (mut sums, people) = alike(2);
        sums.stopped[1] = 0.0;
        let rates = coalitions(&sums, &people, &[0, 1], 2);
        assert_eq!(shapley(&rates, [1, 0]), None);
    }
}
