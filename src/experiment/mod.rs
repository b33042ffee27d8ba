//! Many runs: identity fixed before dispatch, a worker pool, summaries and comparisons, the result folder.

mod columns;
mod docs;
mod folder;
pub mod pack;
mod runs;
pub mod sensitivity;
pub mod store;
mod summarise;
pub mod summary;
mod sweep;
mod tables;
mod verify;

pub use docs::output_docs;
pub use folder::{Folder, Manifest, RunHash};
pub use runs::{Progress, Runs, execute, one};
pub use summarise::{difference_keys, faces, summarise};
pub use sweep::{Pending, Sweep, access};
pub use tables::{write_alerts, write_runs};
pub use verify::{Verdict, verify};
