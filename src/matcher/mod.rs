//! Whom the algorithm confuses with whom: (person, quality, watchlist, draws) to alert or none. Pure, no allocation per search.
//!
//! Impostor scores have exponential tails per pair of group cells, so the maximum over a list is Gumbel; look-alike luck
//! belongs to the person (a positive stable effect A) and fresh noise to the look (an exponential E):
//! a false alert fires when E < A Λ^(1/α). Marginally that is exactly 1 - exp(-Λ) for every α.

mod genuine;
mod level;
mod stable;

pub use genuine::{Genuine, GenuineParts};
pub use level::false_match_counts;
pub use stable::{StableBounds, ln_positive_stable};

use crate::kernel::Stream;
use crate::kernel::draw::unit53;
use crate::scenario::Plan;
use crate::scenario::plan::StrategyPlan;
use crate::scenario::registry::param;
use crate::scenario::world::{Numbers, Purpose};

/// Score at which the false match level is stated.
pub const LEVEL_SCORE: f64 = 0.64;
/// Expected values are summed as integers in units of 2^-64, so that no sum depends on order.
pub const FIXED_POINT: f64 = 18_446_744_073_709_551_616.0;
/// Searches of one person in one visit whose expectations are kept in a table.
const TABLED_SEARCHES: usize = 16;

/// The matcher of one strategy in one plausible world.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// A score at or above it raises an alert.
    pub threshold: f64,
    /// Genuine scores.
    pub genuine: Genuine,
    /// Expected number of list entries that a search of each cell matches by mistake, at the threshold.
    pub expected_matches: Vec<f64>,
    slope: f64,
    alpha: f64,
    /// Λ^(1/α) per cell.
    scaled: Vec<f64>,
    /// Largest impostor word that can fire when person luck is within bounds, per cell.
    word_limit: Vec<u64>,
    bounds: StableBounds,
    /// Expected false alerts added by the n-th search of one person, per cell, in fixed point.
    increments: Vec<[u64; TABLED_SEARCHES]>,
    /// Relative chance of the matched entry's cell, per probe cell.
    matched: Vec<Vec<f64>>,
}

/// A false match that fires.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FalseMatch {
    /// Score, at or above the threshold.
    pub score: f64,
    /// Cell of the list entry that the person is taken for.
    pub cell: usize,
    /// The entry: the same person is always taken for the same one.
    pub entry: u64,
}

impl Matcher {
    /// The matcher of a strategy; `list_shares` is the list's share in each cell in this world.
    pub fn new(plan: &Plan, strategy: &StrategyPlan, numbers: &Numbers, list_shares: &[f64]) -> Self {
        let threshold = numbers.get(param::THRESHOLD);
        let slope = numbers.get(param::SCORE_SLOPE);
        let alpha = numbers.get(param::PERSON_EFFECT);
        let (expected_matches, matched) = expectation(plan, strategy, numbers, list_shares, threshold);
        Self::from_counts(
            threshold,
            slope,
            alpha,
            expected_matches,
            matched,
            Genuine::new(plan, strategy, numbers),
        )
    }

    /// Expected number of list entries that a search of each cell matches by mistake at a score.
    pub fn expected_at(
        plan: &Plan,
        strategy: &StrategyPlan,
        numbers: &Numbers,
        list_shares: &[f64],
        score: f64,
    ) -> Vec<f64> {
        expectation(plan, strategy, numbers, list_shares, score).0
    }

    /// A matcher from its expected false matches per search and cell (also for tests of closed forms).
    pub fn from_counts(
        threshold: f64,
        slope: f64,
        alpha: f64,
        expected_matches: Vec<f64>,
        matched: Vec<Vec<f64>>,
        genuine: Genuine,
    ) -> Self {
        let scaled: Vec<f64> = expected_matches.iter().map(|l| libm::pow(*l, 1.0 / alpha)).collect();
        let bounds = StableBounds::new(alpha);
        let word_limit = scaled
            .iter()
            .map(|s| (-libm::expm1(-s * bounds.largest) * 4_294_967_296.0 + 33.0).min(4_294_967_296.0) as u64)
            .collect();
        let increments = expected_matches.iter().map(|l| increments(*l, alpha)).collect();
        Matcher {
            threshold,
            genuine,
            expected_matches,
            slope,
            alpha,
            scaled,
            word_limit,
            bounds,
            increments,
            matched,
        }
    }

    /// Expected false alerts, in fixed point, that the `n`-th search (from 1) of one person in one visit adds:
    /// exp(-(n-1)^α Λ) - exp(-n^α Λ), so that they sum to the exact expectation of one alert per visit and entry.
    #[inline]
    pub fn expected_increment(&self, cell: usize, n: u32) -> u64 {
        let known = self.increments[cell].get(n as usize - 1).copied();
        known.unwrap_or_else(|| increment(self.expected_matches[cell], self.alpha, n as usize))
    }

    /// Whether look-alike luck belongs to the person at all.
    #[inline]
    pub fn has_person_effect(&self) -> bool {
        self.alpha < 1.0
    }

    /// Without a person effect: a look's impostor word at or above this cannot fire.
    pub fn word_limit(&self, cell: usize) -> u32 {
        self.word_limit[cell].min(u64::from(u32::MAX)) as u32
    }

    /// Whether a search cannot fire, from 32-bit words alone. Most searches end here.
    #[inline]
    pub fn excluded(&self, cell: usize, look_word: u32, person: [u32; 2]) -> bool {
        u64::from(look_word) >= self.word_limit[cell] && self.bounds.hold(person)
    }

    /// The exact decision on a search that was not excluded.
    ///
    /// `look_word` and `look_fine` are the impostor words of the look; `person` the person's key.
    pub fn false_match(
        &self,
        population: Stream,
        cell: usize,
        person: u64,
        look_word: u32,
        look_fine: u32,
    ) -> Option<FalseMatch> {
        let block = population.block(Purpose::Person as u16, 0, 0, person);
        let fine = population.block(Purpose::PersonFine as u16, 0, 0, person);
        let ln_luck = ln_positive_stable(self.alpha, unit53(block.0[0], fine.0[0]), unit53(block.0[1], fine.0[1]));
        let noise = -libm::log1p(-unit53(look_word, look_fine));
        if noise >= libm::exp(ln_luck) * self.scaled[cell] {
            return None;
        }
        let mode = self.threshold + libm::log(self.expected_matches[cell]) / self.slope;
        let score = mode + self.alpha / self.slope * (ln_luck - libm::log(noise));
        let matched = pick(&self.matched[cell], unit53(block.0[3], fine.0[3]));
        Some(FalseMatch {
            score: score.max(self.threshold),
            cell: matched,
            entry: crate::kernel::mix(person ^ 0x656e_7472_7900_0000 ^ matched as u64),
        })
    }
}

/// Expected false matches per search and cell at a score, and the relative chance of each matched cell.
fn expectation(
    plan: &Plan,
    strategy: &StrategyPlan,
    numbers: &Numbers,
    list_shares: &[f64],
    score: f64,
) -> (Vec<f64>, Vec<Vec<f64>>) {
    if numbers.choice(param::MATCHER_KIND) != 1 {
        return false_match_counts(plan, &strategy.matcher, numbers, list_shares, score);
    }
    let fall = libm::exp(-numbers.get(param::SCORE_SLOPE) * (score - numbers.get(param::PLAIN_TAIL_AT)));
    let rates = strategy
        .matcher
        .plain_rate
        .iter()
        .map(|f| -libm::log1p(-(f * fall).min(0.999_999)));
    (rates.collect(), vec![list_shares.to_vec(); list_shares.len()])
}

/// How like somebody else on the list a face looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LookAlike {
    /// Best score against entries that are not the person.
    pub score: f64,
    /// Group cell of that entry.
    pub cell: usize,
    /// Chance that a search of this face raises a false alert, its look-alike luck included.
    pub own_chance: f64,
    /// The same chance for the average face of the group.
    pub mean_chance: f64,
    /// Change of the score when the list becomes e times as long.
    pub per_log_size: f64,
}

impl Matcher {
    /// The best likeness to another entry, whether or not it reaches the threshold. Draws as in [`Matcher::false_match`].
    pub fn look_alike(
        &self,
        population: Stream,
        cell: usize,
        person: u64,
        look_word: u32,
        look_fine: u32,
    ) -> LookAlike {
        let block = population.block(Purpose::Person as u16, 0, 0, person);
        let fine = population.block(Purpose::PersonFine as u16, 0, 0, person);
        let ln_luck = ln_positive_stable(self.alpha, unit53(block.0[0], fine.0[0]), unit53(block.0[1], fine.0[1]));
        let noise = -libm::log1p(-unit53(look_word, look_fine));
        let expected = self.expected_matches[cell];
        let mode = self.threshold + libm::log(expected) / self.slope;
        LookAlike {
            score: mode + self.alpha / self.slope * (ln_luck - libm::log(noise)),
            cell: pick(&self.matched[cell], unit53(block.0[3], fine.0[3])),
            own_chance: -libm::expm1(-libm::exp(ln_luck) * self.scaled[cell]),
            mean_chance: -libm::expm1(-expected),
            per_log_size: 1.0 / self.slope,
        }
    }
}

fn increments(expected: f64, alpha: f64) -> [u64; TABLED_SEARCHES] {
    std::array::from_fn(|i| increment(expected, alpha, i + 1))
}

/// What the `n`-th search adds to the expectation of one alert, in fixed point.
fn increment(expected: f64, alpha: f64, n: usize) -> u64 {
    let until = |n: usize| -libm::expm1(-libm::pow(n as f64, alpha) * expected);
    ((until(n) - until(n - 1)).max(0.0) * FIXED_POINT) as u64
}

fn pick(weights: &[f64], u: f64) -> usize {
    let mut rest = u * weights.iter().sum::<f64>();
    for (i, w) in weights.iter().enumerate() {
        rest -= w;
        if rest < 0.0 {
            return i;
        }
    }
    weights.len().saturating_sub(1)
}
