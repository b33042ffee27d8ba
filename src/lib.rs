//! Lamplight: a discrete-event simulator of city-scale live facial recognition.
//!
//! ARCHITECTURE.md in the repository walks through the rooms; MODEL.md through the science.

// What no input may reach, and what no result may depend on (the list with reasons: clippy.toml).
#![cfg_attr(
    not(test),
    deny(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

pub mod camera;
pub mod city;
pub mod cli;
pub mod deployment;
pub mod experiment;
pub mod kernel;
pub mod matcher;
pub mod measure;
pub mod people;
pub mod programme;
pub mod record;
pub mod report;
pub mod response;
pub mod scenario;
pub mod stats;
