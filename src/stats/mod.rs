//! Estimators and distributions: pure functions on numbers and slices; nothing here knows the simulator.

pub mod dist;
