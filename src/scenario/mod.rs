//! The file a user writes: parse, diagnose, resolve into a frozen [`Plan`]; and the registry of parameters.

pub mod diagnose;
mod document;
mod files;
mod flags;
mod heading;
pub mod load;
mod matcher_file;
pub mod place;
pub mod place_file;
pub mod plan;
mod population;
pub mod prior;
mod reader;
mod reference;
pub mod registry;
mod schema;
pub mod world;
mod resolve;
mod resolved;
mod selection;
mod sketch;
mod strategy;
mod values;
mod warnings;
mod watchlist_file;

pub use load::{Overrides, load, load_text};
pub use schema::{parameter_docs, schema};
pub use plan::Plan;
