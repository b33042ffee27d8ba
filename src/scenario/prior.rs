//! What a doubtful number is drawn from: one uniform in, one value out, so that strategies share a plausible world.

use crate::stats::dist;

/// A distribution of a parameter over plausible worlds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // the names of the fields are those of the distributions
pub enum Prior {
    /// Flat between two values.
    Uniform { low: f64, high: f64 },
    /// Normal.
    Normal { mean: f64, sd: f64 },
    /// Normal kept within bounds.
    TruncatedNormal { mean: f64, sd: f64, low: f64, high: f64 },
    /// Log-normal by median and log-sd.
    LogNormal { median: f64, log_sd: f64 },
    /// Normal on the logit.
    LogitNormal { mean: f64, sd: f64 },
    /// Beta.
    Beta { a: f64, b: f64 },
    /// Beta stretched to `[low, high]`.
    ScaledBeta { a: f64, b: f64, low: f64, high: f64 },
}

impl Prior {
    /// The value at probability `u` in (0, 1).
    pub fn quantile(self, u: f64) -> f64 {
        match self {
            Prior::Uniform { low, high } => low + u * (high - low),
            Prior::Normal { mean, sd } => mean + sd * dist::normal_quantile(u),
            Prior::TruncatedNormal { mean, sd, low, high } => {
                dist::TruncatedNormal::new(mean, sd, low, high).quantile(u)
            }
            Prior::LogNormal { median, log_sd } => median * libm::exp(log_sd * dist::normal_quantile(u)),
            Prior::LogitNormal { mean, sd } => dist::logistic(mean + sd * dist::normal_quantile(u)),
            Prior::Beta { a, b } => dist::beta_quantile(u, a, b),
            Prior::ScaledBeta { a, b, low, high } => low + (high - low) * dist::beta_quantile(u, a, b),
        }
    }
}
