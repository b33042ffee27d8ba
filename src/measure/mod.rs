//! Events to counts by group, and counts to metrics.

mod metrics;
mod tally;

pub use metrics::{Faces, METRICS, Metric, MetricKind, metric};
pub use tally::{Counter, Expected, GroupRow, RunSummary, Tally};
