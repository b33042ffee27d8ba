//! What is counted of a whole programme beside the sums of its deployments.

use super::custody::CustodyYear;
use crate::kernel::Micros;

/// How often the people of a group have been scanned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// People by number of searches, 255 and more together.
    pub people: Vec<u64>,
}

impl Default for Exposure {
    fn default() -> Self {
        Exposure { people: vec![0; 256] }
    }
}

impl Exposure {
    /// Takes in a person searched `n` times.
    #[inline]
    pub fn add(&mut self, n: u8) {
        self.people[usize::from(n)] += 1;
    }
    /// Takes in people by how often each was searched.
    pub fn add_all(&mut self, counts: &[u8]) {
        // Most were never searched: eight of them at a time.
        let (eights, rest) = counts.as_chunks::<8>();
        for eight in eights {
            if *eight == [0; 8] {
                self.people[0] += 8;
            } else {
                eight.iter().for_each(|n| self.add(*n));
            }
        }
        rest.iter().for_each(|n| self.add(*n));
    }
    /// Takes in other people.
    pub fn sum(&mut self, other: &Exposure) {
        self.people.iter_mut().zip(&other.people).for_each(|(a, b)| *a += b);
    }
    /// People.
    pub fn count(&self) -> u64 {
        self.people.iter().sum()
    }
    /// People searched at least `n` times.
    pub fn at_least(&self, n: usize) -> u64 {
        self.people.iter().skip(n).sum()
    }
    /// Searches, all together.
    pub fn searches(&self) -> u64 {
        self.people.iter().zip(0..).map(|(p, n)| p * n).sum()
    }
    /// Gini coefficient of searches over all people, the never searched among them: 0 if all are searched alike, near 1 if
    /// few bear all. None if nobody is searched.
    pub fn gini(&self) -> Option<f64> {
        let (people, searches) = (self.count() as f64, self.searches() as f64);
        if searches <= 0.0 {
            return None;
        }
        // Area under the Lorenz curve by trapezia, from the least searched on.
        let (mut area, mut below) = (0.0, 0.0);
        for (n, p) in self.people.iter().enumerate() {
            let here = (n as u64 * p) as f64;
            area += *p as f64 * (2.0 * below + here);
            below += here;
        }
        Some(1.0 - area / (people * searches))
    }
}

/// Residents of one group in one borough.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Residents {
    /// Residents.
    pub residents: f64,
    /// Of them, expected number scanned at least once.
    pub scanned: f64,
    /// Expected number scanned at least ten times.
    pub scanned_ten: f64,
    /// Expected searches of residents.
    pub searches: f64,
}

/// Exposure of the people who live in a borough, as far as they use the programme's sites.
#[derive(Clone, Debug, PartialEq)]
pub struct BoroughExposure {
    /// Name.
    pub name: String,
    /// "all" first, then every level of every axis.
    pub groups: Vec<Residents>,
}

impl BoroughExposure {
    /// Nobody scanned yet.
    pub fn new(name: &str, groups: usize) -> Self {
        BoroughExposure {
            name: name.into(),
            groups: vec![Residents::default(); groups],
        }
    }
    /// Takes in people of whom a share lives here.
    pub fn add(&mut self, of_cell: &Exposure, share: f64, rows: impl Iterator<Item = usize>) {
        for row in rows {
            let group = &mut self.groups[row];
            group.scanned += share * of_cell.at_least(1) as f64;
            group.scanned_ten += share * of_cell.at_least(10) as f64;
            group.searches += share * of_cell.searches() as f64;
        }
    }
}

/// Counts of a programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Year {
    /// Days.
    pub days: u64,
    /// Deployments held.
    pub deployments: u64,
    /// Of them with fixed arrays.
    pub fixed: u64,
    /// Deployments called off.
    pub called_off: u64,
    /// Of them because of a fault.
    pub faults: u64,
    /// Deployments called off that were made up later.
    pub made_up: u64,
    /// Moves of fixed arrays.
    pub moves: u64,
    /// Time open, together.
    pub open: Micros,
    /// Pairs' time on duty.
    pub duty: Micros,
    /// Cost of those moves, GBP.
    pub moves_gbp: f64,
    /// Boroughs with at least one deployment.
    pub boroughs_visited: u64,
    /// Deployments at each site.
    pub by_site: Vec<u64>,
    /// People on the roll on the first day.
    pub roll_start: u64,
    /// People on the roll and not arrested on the last day.
    pub roll_end: u64,
    /// People who would be on the roll on the last day without any arrest.
    pub roll_end_untouched: u64,
    /// Exposure of the pools' members: "all" first, then every level of every axis.
    pub exposure: Vec<Exposure>,
    /// Exposure by borough.
    pub boroughs: Vec<BoroughExposure>,
    /// The monthly searches of custody images, where any strategy has them.
    pub custody: Option<CustodyYear>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(counts: &[(u8, u64)]) -> Exposure {
        let mut e = Exposure::default();
        for (n, people) in counts {
            e.people[usize::from(*n)] += people;
        }
        e
    }

    #[test]
    fn gini_of_known_distributions() {
        assert_eq!(of(&[(3, 100)]).gini(), Some(0.0));
        assert_eq!(of(&[(0, 99), (5, 1)]).gini(), Some(0.99));
        assert!((of(&[(1, 1), (2, 1), (3, 1)]).gini().unwrap() - 2.0 / 9.0).abs() < 1e-12);
        assert_eq!(of(&[(0, 7)]).gini(), None);
        let mut all = Exposure::default();
        all.add_all(&[&[0; 17][..], &[3, 0, 255], &[0; 9]].concat());
        assert_eq!(all, of(&[(0, 27), (3, 1), (255, 1)]));
        assert_eq!(of(&[(0, 2), (9, 1), (10, 4)]).at_least(10), 4);
    }
}
