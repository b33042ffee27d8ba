//! Many runs: identity fixed before dispatch, a worker pool, summaries and comparisons, the result folder.

mod answers;
mod burden;
mod columns;
mod curves;
mod decompose;
mod differing;
mod docs;
mod doubt;
pub mod explain;
mod folder;
mod group_rates;
mod ledger;
mod own_street;
mod precision;
mod presentation;
mod reweigh;
mod runs;
mod summarise;
pub mod summary;
mod tables;
mod tipping;
mod verdicts;
mod verify;

pub use curves::{Curves, GroupCurve, KNOWN_THRESHOLDS, curves};
pub use docs::output_docs;
pub use folder::{Folder, Manifest, RunHash};
pub use ledger::{full_ledger, ledger_csv};
pub use own_street::{Wish, own_street};
pub use precision::{CAP, Precision, execute_until};
pub use presentation::{Match, Per, Presentation};
pub use runs::{Machine, Progress, Runs, execute, one};
pub use summarise::{difference_keys, faces, summarise, summarise_as};
pub use tables::{write_alerts, write_runs};
pub use tipping::{tipping_point, tipping_points};
pub use verify::{Verdict, verify};
