//! Events to counts by group, and counts to metrics.

mod custody;
mod metrics;
mod tally;
mod year;

pub use custody::{CustodyRow, CustodyYear};
pub use metrics::{Faces, METRICS, Metric, MetricKind, metric, metrics_of};
pub use tally::{Counter, Expected, GroupRow, RunSummary, Tally};
pub use year::{BoroughExposure, Exposure, Residents, Year};
