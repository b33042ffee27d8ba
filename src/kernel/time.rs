//! Time as whole microseconds, so that sums do not depend on order.

use std::ops::{Add, AddAssign, Sub};

/// An instant or a span, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub i64);

impl Micros {
    /// The end of time.
    pub const NEVER: Micros = Micros(i64::MAX);

    /// The nearest microsecond, halves away from zero; saturates far outside any simulated day.
    #[inline]
    pub fn from_seconds(seconds: f64) -> Self {
        let x = seconds * 1e6;
        Micros((x + 0.5_f64.copysign(x)) as i64)
    }
    /// In seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 * 1e-6
    }
}

impl Add for Micros {
    type Output = Micros;
    fn add(self, other: Micros) -> Micros {
        Micros(self.0 + other.0)
    }
}

impl Sub for Micros {
    type Output = Micros;
    fn sub(self, other: Micros) -> Micros {
        Micros(self.0 - other.0)
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, other: Micros) {
        self.0 += other.0;
    }
}
