//! Many runs: identity fixed before dispatch, a worker pool, summaries and comparisons, the result folder.

mod answers;
mod columns;
mod deployments;
mod docs;
pub mod evidence;
mod folder;
mod programme_summary;
mod published;
mod ready;
mod runs;
pub mod sensitivity;
pub mod store;
mod summarise;
pub mod summary;
mod sweep;
mod tables;
mod verify;

pub use deployments::{write_deployments, write_deployments_csv, write_programme_alerts};
pub use docs::output_docs;
pub use folder::{Folder, Manifest, RunHash};
pub use ready::{Ready, Stage};
pub use runs::{Progress, Runs, execute, execute_programme, one, one_programme};
pub use summarise::{difference_keys, faces, summarise};
pub use sweep::{Pending, Sweep, access};
pub use tables::{write_alerts, write_runs};
pub use verify::{Verdict, verify};
