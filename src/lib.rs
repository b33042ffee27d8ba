//! Lamplight: a discrete-event simulator of city-scale live facial recognition.
//!
//! ARCHITECTURE.md in the repository walks through the rooms; MODEL.md through the science.

#![forbid(unsafe_code)]

pub mod camera;
pub mod city;
pub mod cli;
pub mod experiment;
pub mod report;
pub mod scenario;
pub mod stats;
