//! The file a user writes: parse, diagnose, resolve into a frozen [`Plan`]; and the registry of parameters.

mod data_file;
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
mod rates_file;
mod reader;
mod reference;
mod regime;
pub mod registry;
mod resolve;
mod resolved;
mod schema;
mod selection;
mod sketch;
mod strategy;
mod values;
mod warnings;
mod watchlist_file;
pub mod world;

pub use data_file::{FileKind, check_data_file};
pub use load::{Overrides, load, load_text};
pub use plan::Plan;
pub use rates_file::CandidateRates;
pub use schema::{parameter_docs, schema};
