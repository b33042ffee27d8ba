//! Many runs: identity fixed before dispatch, a worker pool, summaries and comparisons, the result folder.

mod answers;
mod burden;
mod columns;

mod decompose;
mod deployments;
mod differing;
mod docs;
mod doubt;
pub mod evidence;
mod folder;
mod group_rates;
mod ledger;
pub mod pack;
mod precision;
mod presentation;
mod programme_summary;
mod published;
mod ready;
mod reweigh;
mod runs;
pub mod sensitivity;
mod series;
pub mod store;
mod summarise;
pub mod summary;
mod sweep;
mod tables;
mod tipping;
mod verdicts;
mod verify;

pub use deployments::{write_deployments, write_deployments_csv, write_programme_alerts};
pub use docs::output_docs;
pub use folder::{Folder, Manifest, RunHash};
pub use ledger::{full_ledger, ledger_csv};
pub use precision::{CAP, Precision, execute_until};
pub use presentation::{Match, Per, Presentation};
pub use ready::{Ready, Stage};
pub use runs::{Machine, Progress, Runs, one, one_programme};
pub use summarise::{difference_keys, faces, summarise, summarise_as};
pub use sweep::{Pending, Sweep, access};
pub use tables::{write_alerts, write_runs};
pub use tipping::{tipping_point, tipping_points};
pub use verify::{Verdict, verify};
