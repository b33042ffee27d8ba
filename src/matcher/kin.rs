//! Close relatives of people on the list, who look like them on every pass.

use super::LEVEL_SCORE;
use crate::kernel::Stream;
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::{Numbers, Purpose};

/// List size at which the share of people with a relative on it is stated.
const REFERENCE_LIST: f64 = 16_000.0;

/// The law of look-alike relatives in one plausible world.
#[derive(Clone, Debug)]
pub struct Kin {
    /// Chance by cell that a person has a close relative on the list.
    share: Vec<f64>,
    level: f64,
    slope: f64,
}

impl Kin {
    /// The law, if relatives are looked at. A person's relatives are of the person's own cell.
    pub fn new(plan: &Plan, numbers: &Numbers, list_shares: &[f64], list_size: f64) -> Option<Self> {
        if !numbers.flag(param::KIN) {
            return None;
        }
        let crowd = plan.axes.joint(&plan.crowd.shares);
        let mean = numbers.get(param::KIN_SHARE) * list_size / REFERENCE_LIST;
        Some(Kin {
            share: crowd
                .iter()
                .zip(list_shares)
                .map(|(c, l)| if *c > 0.0 { (mean * l / c).min(1.0) } else { 0.0 })
                .collect(),
            level: numbers.get(param::KIN_LEVEL),
            slope: numbers.get(param::KIN_SLOPE),
        })
    }

    /// Expected matches, at a threshold, of somebody with a relative on the list.
    fn expected(&self, threshold: f64) -> f64 {
        self.level * libm::exp(-self.slope * (threshold - LEVEL_SCORE))
    }

    /// Chance that a person of a cell is taken for a relative, on every search or on none.
    pub fn chance(&self, cell: usize, threshold: f64) -> f64 {
        -self.share[cell] * libm::expm1(-self.expected(threshold))
    }

    /// The score at which a person is always taken for a relative, if it reaches the threshold.
    pub fn score(&self, population: Stream, cell: usize, person: u64, threshold: f64) -> Option<f64> {
        let words = population.block(Purpose::Kin as u16, 0, 0, person);
        if words.fine(0) >= self.share[cell] {
            return None;
        }
        let luck = -libm::log1p(-words.fine(1));
        (luck < self.expected(threshold))
            .then(|| (LEVEL_SCORE + libm::log(self.level / luck) / self.slope).max(threshold))
    }
}
