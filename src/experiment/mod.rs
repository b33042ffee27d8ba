//! Many runs: identity fixed before dispatch, a worker pool, summaries and comparisons, the result folder.

mod answers;
mod curves;
mod docs;
pub mod explain;
mod folder;
mod runs;
mod summarise;
pub mod summary;
mod tables;
mod verify;

pub use curves::{Curves, GroupCurve, KNOWN_THRESHOLDS, curves};
pub use docs::output_docs;
pub use folder::{Folder, Manifest, RunHash};
pub use runs::{Progress, Runs, execute, one};
pub use summarise::{difference_keys, faces, summarise};
pub use tables::{write_alerts, write_runs};
pub use verify::{Verdict, verify};
