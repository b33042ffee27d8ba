//! What happens after an alert: review, dispatch, stop, outcome. Sees of the matcher only what an operator sees.

mod covering;
mod desk;
mod patrol;
mod price;
mod review;
mod stop;
mod teams;

pub use covering::{CoverPlan, Covering};
pub use desk::{Desk, Taken};
pub use patrol::{Patrol, patrol, wider_arrests};
pub use price::{Prices, Retention};
pub use review::{Case, Judgement, Reviews, SecondJudgement};
pub use stop::{Outcome, StopPlan, Stops};
pub use teams::{Dispatch, Pair, Team, Teams};

/// Whether an alert is about the person it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// The person is on the list.
    True {
        /// Index of the reason.
        reason: usize,
        /// Whether the entry is out of date.
        stale: bool,
    },
    /// The person is taken for somebody else.
    False,
}

impl Truth {
    /// Whether it is a true alert.
    pub fn is_true(self) -> bool {
        matches!(self, Truth::True { .. })
    }
}

/// A log-normal variate by median and log-sd, in the median's unit.
pub(crate) fn lognormal(median: f64, log_sd: f64, u: f64) -> f64 {
    if log_sd <= 0.0 {
        median
    } else {
        median * libm::exp(log_sd * crate::stats::dist::normal_quantile(u))
    }
}
