//! Whom the algorithm confuses with whom: (person, quality, watchlist, draws) to alert or none. Pure, no allocation per search.
//!
//! Impostor scores have exponential (or Pareto) tails per pair of group cells, so the chance that the best of a list reaches a
//! score is 1 - exp(-Λ); look-alike luck belongs to the person (a positive stable effect A) and fresh noise to the look (an
//! exponential E): a false alert fires when E < A Λ^(1/α). Marginally that is exactly 1 - exp(-Λ) for every α. The score
//! of an alert is where Λ has fallen to (E / A)^α.

mod fall;
mod genuine;
mod kin;
mod level;
mod like;
mod measured;
mod stable;

pub use fall::{Fall, Shrinking, Tail};
pub use genuine::{Genuine, GenuineParts};
pub use kin::Kin;
pub use level::{FalseMatches, false_match_counts};
pub use like::LookAlike;
pub use measured::Measured;
pub use stable::{StableBounds, ln_positive_stable};

use crate::kernel::Stream;
use crate::kernel::draw::unit53;
use crate::people::SoughtPerson;
use crate::scenario::Plan;
use crate::scenario::plan::{MeasuredRates, StrategyPlan};
use crate::scenario::registry::param;
use crate::scenario::world::{Numbers, Purpose};

/// Score at which the false match level is stated.
pub const LEVEL_SCORE: f64 = 0.64;
/// Expected values are summed as integers in units of 2^-64, so that no sum depends on order.
pub const FIXED_POINT: f64 = 18_446_744_073_709_551_616.0;
/// Searches of one person in one visit whose expectations are kept in a table.
const TABLED_SEARCHES: usize = 16;

/// Quality of a look at which false matches are stated.
const LEVEL_QUALITY: f64 = 0.70;

/// The matcher of one strategy in one plausible world.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// By cell: a score at or above it raises an alert.
    pub thresholds: Vec<f64>,
    /// Genuine scores.
    pub genuine: Genuine,
    /// Expected number of list entries that a search of each cell matches by mistake, at its threshold and the mean quality.
    pub expected_matches: Vec<f64>,
    fall: Fall,
    alpha: f64,
    quality_weight: f64,
    kin: Option<Kin>,
    /// Chance by cell to be taken for a relative.
    kin_chance: Vec<f64>,
    /// Λ^(1/α) per cell.
    scaled: Vec<f64>,
    /// Largest impostor word that can fire when person luck is within bounds, per cell.
    word_limit: Vec<u64>,
    bounds: StableBounds,
    /// Expected false alerts added by the n-th search of one person, per cell, in fixed point.
    increments: Vec<[u64; TABLED_SEARCHES]>,
    /// Relative chance of the matched entry's cell, per probe cell.
    matched: Vec<Vec<f64>>,
    /// Measured error rates, under `matcher.kind = "table"`.
    measured: Option<Measured>,
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
    /// Whether the entry is of a close relative.
    pub kin: bool,
}

/// The searches of one person in one visit so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Searches {
    /// How many.
    pub count: u32,
    /// Sum of their weights Λ_k^(1/α), relative to a search at mean quality; and before the last one.
    weight: f64,
    before: f64,
}

impl Searches {
    /// Adds a search of this weight ([`Matcher::weight`]).
    #[inline]
    pub fn add(&mut self, weight: f64) {
        self.count += 1;
        self.before = self.weight;
        self.weight += weight;
    }
}

impl Matcher {
    /// The matcher of a strategy, for a list of `list_size` entries with `list_shares` in each cell in this world.
    pub fn new(plan: &Plan, strategy: &StrategyPlan, numbers: &Numbers, list_shares: &[f64], list_size: f64) -> Self {
        let alpha = numbers.get(param::PERSON_EFFECT);
        if let Some(rates) = &strategy.matcher.measured {
            let genuine = Genuine::new(plan, strategy, numbers);
            return Self::from_rates(rates, list_shares, list_size, numbers, genuine);
        }
        let plain = numbers.choice(param::MATCHER_KIND) == 1;
        let common = numbers.get(param::THRESHOLD);
        let own = |cell: usize| strategy.threshold_by.get(cell).copied().flatten();
        let thresholds: Vec<f64> = (0..list_shares.len()).map(|c| own(c).unwrap_or(common)).collect();
        let genuine = Genuine::new(plan, strategy, numbers);
        let matches = expectation(plan, strategy, numbers, (list_shares, list_size), &thresholds);
        let quality_weight = if plain { 0.0 } else { numbers.get(param::QUALITY_WEIGHT) };
        let mut matcher = Self::assemble(thresholds, alpha, quality_weight, matches, genuine);
        if !plain && let Some(kin) = Kin::new(plan, numbers, list_shares, list_size) {
            matcher.set_kin(kin);
        }
        matcher
    }

    /// A matcher from measured error rates.
    fn from_rates(
        rates: &MeasuredRates,
        list_shares: &[f64],
        list_size: f64,
        numbers: &Numbers,
        genuine: Genuine,
    ) -> Self {
        let get = |id| numbers.get(id);
        let sds = (get(param::GENUINE_PERSON_SD), get(param::GENUINE_LOOK_SD));
        let measured = Measured::new(rates, list_shares, list_size, sds.0, sds.1);
        let threshold = get(param::THRESHOLD);
        let weights: Vec<Vec<f64>> = (0..list_shares.len()).map(|g| measured.weights(g, threshold)).collect();
        let expected = weights.iter().map(|row| row.iter().sum()).collect();
        let alpha = get(param::PERSON_EFFECT);
        // The slope belongs to the model of scores and has no part in measured ones.
        let matcher = Self::from_counts(threshold, get(param::SCORE_SLOPE), alpha, expected, weights, genuine);
        Matcher {
            measured: Some(measured),
            ..matcher
        }
    }

    /// The score of a listed person's search at `quality` with standard normal `noise`.
    pub fn genuine_score(&self, person: &SoughtPerson, quality: f64, noise: f64) -> f64 {
        match &self.measured {
            Some(measured) => measured.genuine_score(person, noise),
            None => self.genuine.score(person, quality, noise),
        }
    }

    /// Chance that a search of each cell, of somebody not on the list, gives a false alert if `score` is the threshold of all.
    pub fn chances_at(
        plan: &Plan,
        strategy: &StrategyPlan,
        numbers: &Numbers,
        (list_shares, list_size): (&[f64], f64),
        score: f64,
    ) -> Vec<f64> {
        let by_chance = |expected: &f64| -libm::expm1(-expected);
        if let Some(rates) = &strategy.matcher.measured {
            let measured = Measured::new(rates, list_shares, list_size, 0.0, 0.0);
            let sum = |g| measured.weights(g, score).iter().sum::<f64>();
            return (0..list_shares.len()).map(|g| by_chance(&sum(g))).collect();
        }
        let thresholds = vec![score; list_shares.len()];
        let matches = expectation(plan, strategy, numbers, (list_shares, list_size), &thresholds);
        let plain = numbers.choice(param::MATCHER_KIND) == 1;
        let kin = Kin::new(plan, numbers, list_shares, list_size).filter(|_| !plain);
        let with_kin = |(cell, chance): (usize, f64)| {
            let relative = kin.as_ref().map_or(0.0, |k| k.chance(cell, score));
            relative + (1.0 - relative) * chance
        };
        let chances = matches.expected.iter().map(by_chance).enumerate();
        chances.map(with_kin).collect()
    }

    /// The same score, part by part.
    pub fn genuine_parts(&self, person: &SoughtPerson, quality: f64, noise: f64) -> GenuineParts {
        match &self.measured {
            Some(measured) => measured.genuine_parts(person, noise),
            None => self.genuine.parts(person, quality, noise),
        }
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
        let matches = FalseMatches {
            fall: Fall::Constant(Tail::exponential(slope)),
            matched,
            expected: expected_matches,
        };
        Self::assemble(vec![threshold; matches.expected.len()], alpha, 0.0, matches, genuine)
    }

    fn assemble(
        thresholds: Vec<f64>,
        alpha: f64,
        quality_weight: f64,
        matches: FalseMatches,
        genuine: Genuine,
    ) -> Self {
        let expected_matches = matches.expected;
        let scaled: Vec<f64> = expected_matches.iter().map(|l| libm::pow(*l, 1.0 / alpha)).collect();
        let bounds = StableBounds::new(alpha);
        // Quality lies between 0 and 1: the worst or the best of looks, whichever is matched most.
        let most = (quality_weight * LEVEL_QUALITY).max(quality_weight * (LEVEL_QUALITY - 1.0));
        let largest = bounds.largest * libm::exp(most / alpha);
        let word_limit = scaled
            .iter()
            .map(|s| (-libm::expm1(-s * largest) * 4_294_967_296.0 + 33.0).min(4_294_967_296.0) as u64)
            .collect();
        let increments = expected_matches.iter().map(|l| increments(*l, alpha)).collect();
        Matcher {
            thresholds,
            genuine,
            fall: matches.fall,
            alpha,
            quality_weight,
            kin: None,
            kin_chance: vec![0.0; expected_matches.len()],
            expected_matches,
            scaled,
            word_limit,
            bounds,
            increments,
            matched: matches.matched,
            measured: None,
        }
    }

    /// Adds relatives: a person is taken for one on every search or on none, whatever else happens.
    fn set_kin(&mut self, kin: Kin) {
        for (cell, table) in self.increments.iter_mut().enumerate() {
            let chance = kin.chance(cell, self.thresholds[cell]);
            self.kin_chance[cell] = chance;
            for (i, added) in table.iter_mut().enumerate() {
                *added = with_kin(chance, i == 0, *added);
            }
        }
        self.kin = Some(kin);
    }

    /// Whether false matches depend on the quality of the look.
    #[inline]
    pub fn uses_quality(&self) -> bool {
        self.quality_weight != 0.0
    }

    /// Weight of a search at this quality among the searches of one person: Λ^(1/α) relative to that at mean quality.
    pub fn weight(&self, quality: f64) -> f64 {
        libm::exp(self.quality_weight * (LEVEL_QUALITY - quality) / self.alpha)
    }

    /// Expected false alerts, in fixed point, that the `n`-th search (from 1) of one person in one visit adds:
    /// exp(-(n-1)^α Λ) - exp(-n^α Λ), so that they sum to the exact expectation of one alert per visit and entry.
    #[inline]
    pub fn expected_increment(&self, cell: usize, n: u32) -> u64 {
        let known = self.increments[cell].get(n as usize - 1).copied();
        known.unwrap_or_else(|| {
            let chance = increment(self.expected_matches[cell], self.alpha, (n - 1).into(), n.into());
            with_kin(self.kin_chance[cell], n == 1, chance)
        })
    }

    /// The same for the last of these searches, whatever their qualities.
    #[inline]
    pub fn expected_of_last(&self, cell: usize, searches: &Searches) -> u64 {
        if !self.uses_quality() {
            return self.expected_increment(cell, searches.count);
        }
        let chance = increment(
            self.expected_matches[cell],
            self.alpha,
            searches.before,
            searches.weight,
        );
        with_kin(self.kin_chance[cell], searches.count == 1, chance)
    }

    /// Whether look-alike luck belongs to the person at all.
    #[inline]
    pub fn has_person_effect(&self) -> bool {
        self.alpha < 1.0 || self.kin.is_some()
    }

    /// Without a person effect: a look's impostor word at or above this cannot fire.
    pub fn word_limit(&self, cell: usize) -> u32 {
        self.word_limit[cell].min(u64::from(u32::MAX)) as u32
    }

    /// Whether a search cannot fire by chance likeness, from 32-bit words alone. Most searches end here.
    #[inline]
    pub fn excluded(&self, cell: usize, look_word: u32, person: [u32; 2]) -> bool {
        u64::from(look_word) >= self.word_limit[cell] && self.bounds.hold(person)
    }

    /// The exact decision on a search that was not excluded, at mean quality.
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
        self.false_match_at(population, cell, person, [look_word, look_fine], LEVEL_QUALITY)
    }

    /// A person's lasting likeness to the list, as a logarithm; the chance part of one look, an exponential variate; and where
    /// among the entries the most alike stands, in [0, 1).
    fn luck(&self, population: Stream, person: u64, look: [u32; 2]) -> [f64; 3] {
        let block = population.block(Purpose::Person as u16, 0, 0, person);
        let fine = population.block(Purpose::PersonFine as u16, 0, 0, person);
        let ln_luck = ln_positive_stable(self.alpha, unit53(block.0[0], fine.0[0]), unit53(block.0[1], fine.0[1]));
        let noise = -libm::log1p(-unit53(look[0], look[1]));
        [ln_luck, noise, unit53(block.0[3], fine.0[3])]
    }

    /// The same at a quality of the look.
    pub fn false_match_at(
        &self,
        population: Stream,
        cell: usize,
        person: u64,
        look: [u32; 2],
        quality: f64,
    ) -> Option<FalseMatch> {
        let [ln_luck, noise, pick_at] = self.luck(population, person, look);
        let scaled = self.scaled[cell] * self.weight(quality);
        if noise >= libm::exp(ln_luck) * scaled {
            return None;
        }
        let score = match &self.measured {
            Some(measured) => measured.false_score(cell, self.alpha * (libm::log(noise) - ln_luck)),
            None => {
                let by_quality = self.quality_weight * (LEVEL_QUALITY - quality);
                let ln_expected = libm::log(self.expected_matches[cell]) + by_quality;
                let ln_ratio = self.alpha * (libm::log(noise) - ln_luck) - ln_expected;
                self.fall.score(cell, self.thresholds[cell], ln_ratio.min(0.0))
            }
        };
        let matched = pick(&self.matched[cell], pick_at);
        Some(FalseMatch {
            score: score.max(self.thresholds[cell]),
            cell: matched,
            entry: crate::kernel::mix(person ^ 0x656e_7472_7900_0000 ^ matched as u64),
            kin: false,
        })
    }

    /// Whether relatives are looked at.
    #[inline]
    pub fn has_kin(&self) -> bool {
        self.kin.is_some()
    }

    /// Chance that a person of a cell is taken for a relative: part of what the first search of a visit is expected to raise.
    pub fn kin_chance(&self, cell: usize) -> f64 {
        self.kin_chance[cell]
    }

    /// The relative for whom a person is taken, on every search or on none.
    pub fn kin_match(&self, population: Stream, cell: usize, person: u64) -> Option<FalseMatch> {
        let score = self
            .kin
            .as_ref()?
            .score(population, cell, person, self.thresholds[cell])?;
        Some(FalseMatch {
            score,
            cell,
            entry: crate::kernel::mix(person ^ 0x6b69_6e00_0000_0000),
            kin: true,
        })
    }
}

/// Expected false matches of searches at these thresholds by cell, except under measured rates.
fn expectation(
    plan: &Plan,
    strategy: &StrategyPlan,
    numbers: &Numbers,
    list: (&[f64], f64),
    thresholds: &[f64],
) -> FalseMatches {
    if numbers.choice(param::MATCHER_KIND) != 1 {
        return false_match_counts(plan, &strategy.matcher, numbers, list, thresholds);
    }
    let slope = numbers.get(param::SCORE_SLOPE);
    let rate = |(f, threshold): (&f64, &f64)| {
        let fall = libm::exp(-slope * (threshold - numbers.get(param::PLAIN_TAIL_AT)));
        -libm::log1p(-(f * fall).min(0.999_999))
    };
    FalseMatches {
        expected: strategy.matcher.plain_rate.iter().zip(thresholds).map(rate).collect(),
        matched: vec![list.0.to_vec(); list.0.len()],
        fall: Fall::Constant(Tail::exponential(slope)),
    }
}

fn increments(expected: f64, alpha: f64) -> [u64; TABLED_SEARCHES] {
    std::array::from_fn(|i| increment(expected, alpha, i as f64, (i + 1) as f64))
}

/// What searches add to the expectation of one alert when their weights grow in sum from `before` to `until`, in fixed point.
fn increment(expected: f64, alpha: f64, before: f64, until: f64) -> u64 {
    let by = |weight: f64| -libm::expm1(-libm::pow(weight, alpha) * expected);
    ((by(until) - by(before)).max(0.0) * FIXED_POINT) as u64
}

/// The same where the person may be taken for a relative instead: then the first search has already alerted.
fn with_kin(chance: f64, first: bool, added: u64) -> u64 {
    if chance == 0.0 {
        return added;
    }
    let kin = if first { chance * FIXED_POINT } else { 0.0 };
    (kin + (1.0 - chance) * added as f64) as u64
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
