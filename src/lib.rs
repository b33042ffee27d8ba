//! Lamplight: a discrete-event simulator of city-scale live facial recognition.
//!
//! ARCHITECTURE.md in the repository walks through the rooms; MODEL.md through the science.

#![deny(unsafe_code)]

pub mod camera;
pub mod city;
pub mod cli;
pub mod deployment;
pub mod experiment;
pub mod kernel;
pub mod matcher;
pub mod measure;
pub mod people;
pub mod record;
pub mod report;
pub mod response;
pub mod scenario;
pub mod stats;
