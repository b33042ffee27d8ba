//! The file a user writes: parse, diagnose, resolve into a frozen [`Plan`]; and the registry of parameters.

pub mod diagnose;
pub mod place;
pub mod place_file;
pub mod plan;
pub mod prior;
pub mod registry;

pub use plan::Plan;
