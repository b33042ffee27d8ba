//! The people who use a place, without a list of them: visit rates are gamma-distributed, so a visit is by a person
//! drawn in proportion to the rate, and that draw is the inverse of the gamma's Lorenz curve.

use crate::kernel::mix;
use crate::stats::dist;

const CELLS: usize = 2048;

/// Rank (0 to 1) of the person who makes a visit, at equal steps of the visit's uniform: the inverse Lorenz curve of a gamma.
#[derive(Clone, Debug)]
pub struct Lorenz(Vec<f64>);

impl Lorenz {
    /// The curve of visit rates with this gamma shape.
    pub fn new(shape: f64) -> Self {
        let rank = |i: usize| {
            let u = (i as f64 / CELLS as f64).clamp(1e-9, 1.0 - 1e-9);
            dist::gamma_cdf(dist::gamma_quantile(u, shape + 1.0), shape)
        };
        Lorenz((0..=CELLS).map(rank).collect())
    }

    #[inline]
    fn rank(&self, u: f64) -> f64 {
        let x = u * CELLS as f64;
        let i = (x as usize).min(CELLS - 1);
        self.0[i] + (self.0[i + 1] - self.0[i]) * (x - i as f64)
    }
}

/// The pool of people of a place.
#[derive(Clone, Debug)]
pub struct Pool {
    /// People of each group cell; 0 means that nobody comes twice.
    sizes: Vec<u32>,
    /// First person of each cell in one numbering of the whole pool.
    first: Vec<u32>,
    /// Part of the keys of its members.
    salt: u64,
}

/// Part of the keys of the members of a place's only pool.
const ONLY_POOL: u64 = 0x706f_6f6c_0000_0000;

/// The pools whose members come to a place, in a programme of several places.
#[derive(Clone, Copy, Debug)]
pub struct Homes<'a> {
    /// Every pool of the programme.
    pub pools: &'a [Pool],
    /// Words below which a visitor belongs to a pool or to one before it.
    pub below: &'a [u64],
    /// Which pool each of them stands for.
    pub which: &'a [usize],
}

impl Homes<'_> {
    /// The pool that a visit's people belong to, by a word of its leader.
    #[inline]
    pub fn of(&self, word: u32) -> usize {
        let word = u64::from(word);
        let place = self.below.iter().position(|b| word < *b).unwrap_or(0);
        self.which[place]
    }
}

impl Pool {
    /// A pool whose members make `visits_per_year` visits on average, given the place's person-visits per day and the
    /// shares of group cells. `visits_per_year` 0: everybody is new.
    pub fn new(person_visits_per_day: f64, shares: &[f64], visits_per_year: f64) -> Self {
        let people = if visits_per_year > 0.0 {
            person_visits_per_day * 365.0 / visits_per_year
        } else {
            0.0
        };
        let sizes = shares.iter().map(|s| people * s);
        Self::of_sizes(sizes, 0, ONLY_POOL)
    }

    /// A pool with so many people in each cell, whose numbers begin at `from` and whose members' keys contain `salt`.
    pub fn of_sizes(people: impl Iterator<Item = f64>, from: u32, salt: u64) -> Self {
        let people: Vec<f64> = people.collect();
        let any = people.iter().any(|p| *p > 0.0);
        let size = |p: &f64| {
            if any { libm::ceil(*p).clamp(1.0, 4e8) as u32 } else { 0 }
        };
        let sizes: Vec<u32> = people.iter().map(size).collect();
        let mut first = Vec::with_capacity(sizes.len());
        let mut sum = from;
        for s in &sizes {
            first.push(sum);
            sum = sum.saturating_add(*s);
        }
        Pool { sizes, first, salt }
    }

    /// Whether people come back.
    pub fn returns(&self) -> bool {
        self.sizes.first().is_some_and(|s| *s > 0)
    }

    /// Numbers of the members of a cell.
    pub fn numbers(&self, cell: usize) -> std::ops::Range<usize> {
        let first = self.first[cell] as usize;
        first..first + self.sizes[cell] as usize
    }

    /// Key of the member with this number: the same person wherever and whenever.
    #[inline]
    pub fn key(&self, number: u32) -> u64 {
        mix(u64::from(number - self.first[0]) ^ self.salt)
    }

    /// Number of people.
    pub fn people(&self) -> usize {
        self.sizes.iter().map(|s| *s as usize).sum()
    }

    /// The person of a visit: its number in the pool, from the visit's uniform.
    #[inline]
    pub fn person(&self, lorenz: &Lorenz, cell: usize, u: f64) -> u32 {
        self.first[cell] + ((lorenz.rank(u) * f64::from(self.sizes[cell])) as u32).min(self.sizes[cell] - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expected_share_scanned_follows_the_gamma_poisson_formula() {
        // V8: with mean exposure m per head the share seen at least once is 1 - (1 + m/k)^-k.
        let (k, m, people) = (0.5, 0.4796, 200_000.0);
        let pool = Pool::new(people * 12.0 / 365.0, &[1.0], 12.0);
        let lorenz = Lorenz::new(k);
        let visits = (m * people) as u32;
        let mut seen = vec![false; pool.people()];
        for i in 0..visits {
            let u = crate::kernel::Stream::new(7, 0, 0).block(1, 0, i, 0).unit(0);
            seen[pool.person(&lorenz, 0, u) as usize] = true;
        }
        let share = seen.iter().filter(|s| **s).count() as f64 / people;
        assert!((share - 0.2856).abs() < 0.004, "{share}");
    }
}
