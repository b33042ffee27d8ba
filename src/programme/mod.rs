//! What goes on between deployments: limits over a year, and images kept after arrests and the searches of them.

mod gallery;
mod limits;
pub mod retrospective;

pub use limits::Limits;
