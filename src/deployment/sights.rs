//! What a look at a view depends on beside the person: kept once computed, because thousands of people share it.

use crate::camera::LANES;
use std::cell::Cell;

const HOURS: usize = 24;

/// Tables by view and hour. They hold what the formulas give, to the last bit; nothing is rounded or interpolated.
pub(super) struct Sights {
    /// Effective metres to the middle of a view.
    effective_m: Vec<Cell<f64>>,
    /// For each lane: chance that one look gives an uncovered face, and the logarithm of its complement.
    one_look: Vec<Cell<[f64; 2]>>,
}

/// Not computed yet: a value that no formula gives.
const EMPTY: f64 = 0.0;

impl Sights {
    /// Empty tables for so many views.
    pub fn new(views: usize) -> Self {
        Sights {
            effective_m: vec![Cell::new(EMPTY); views * HOURS],
            one_look: vec![Cell::new([EMPTY; 2]); views * HOURS * LANES],
        }
    }

    /// Effective metres to a view.
    #[inline]
    pub fn effective_m(&self, view: u32, hour: u8, compute: impl FnOnce() -> f64) -> f64 {
        let cell = &self.effective_m[view as usize * HOURS + usize::from(hour)];
        if cell.get() == EMPTY {
            cell.set(compute());
        }
        cell.get()
    }

    /// Chance of one look at an uncovered face, and the logarithm of its complement.
    #[inline]
    pub fn one_look(&self, view: u32, hour: usize, lane: usize, compute: impl FnOnce() -> f64) -> [f64; 2] {
        let cell = &self.one_look[(view as usize * HOURS + hour) * LANES + lane];
        let kept = cell.get();
        if kept[0] != EMPTY {
            return kept;
        }
        let one = compute();
        let pair = [one, libm::log1p(-one)];
        cell.set(pair);
        pair
    }
}
