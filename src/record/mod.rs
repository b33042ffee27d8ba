//! What is kept of a run beyond its counts: the trace hash, and one row per alert.

mod follow;

pub use follow::{Follower, Step};

use crate::deployment::{
    Alert, Batch, CoverChance, CoverStop, Observer, Pass, Reacted, Scene, Shadowed, Shift, SoughtRecord,
};
use crate::kernel::mix;
use crate::response::{Patrol, Truth};

/// A hash of everything that can be observed: passes in any order, alerts in event order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceHash {
    passes: u64,
    alerts: u64,
}

impl TraceHash {
    /// The hash as one number.
    pub fn value(self) -> u64 {
        mix(self.passes ^ mix(self.alerts))
    }
    /// Takes in a pass.
    #[inline]
    pub fn pass(&mut self, pass: &Pass) {
        self.passes = self.passes.wrapping_add(pass.hash);
    }
    /// Takes in many passes.
    pub fn batch(&mut self, batch: &Batch) {
        self.passes = self.passes.wrapping_add(batch.hash);
    }
    /// Takes in a stop for a covered face.
    pub fn cover_stop(&mut self, stop: &CoverStop) {
        self.alerts = mix(self.alerts ^ stop.key ^ mix(stop.at.0 as u64 ^ mix(stop.plan.scene.0 as u64)));
    }
    /// Takes in an alert that has ended.
    pub fn alert(&mut self, alert: &Alert) {
        self.alerts = mix(self.alerts ^ alert.hash());
    }
}

/// Keeps every alert.
#[derive(Default)]
pub struct AlertLog {
    /// Alerts in the order in which they ended.
    pub alerts: Vec<Alert>,
}

impl Observer for AlertLog {
    fn pass(&mut self, _: &Pass) {}
    fn batch(&mut self, _: &Batch) {}
    fn reaction(&mut self, _: usize, _: Reacted) {}
    fn visits(&mut self, _: u64, _: u64) {}
    fn sought(&mut self, _: &SoughtRecord) {}
    fn alert(&mut self, alert: &Alert) {
        self.alerts.push(alert.clone());
    }
    fn shadow(&mut self, _: &Shadowed) {}
    fn cover_chance(&mut self, _: &CoverChance) {}
    fn cover_stop(&mut self, _: &CoverStop) {}
    fn patrol(&mut self, _: &[Patrol], _: &[u64]) {}
    fn end(&mut self, _: &Shift) {}
}

/// The name of a cell: the levels of all axes, joined.
pub fn cell_name(scene: &Scene, cell: usize) -> String {
    let axes = &scene.plan.axes;
    let levels: Vec<&str> = axes
        .0
        .iter()
        .enumerate()
        .map(|(a, axis)| axis.levels[axes.level(cell, a)].as_str())
        .collect();
    levels.join(", ")
}

/// Words for whether an alert is true.
pub fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::True { stale: false, .. } => "true",
        Truth::True { stale: true, .. } => "true, entry out of date",
        Truth::False => "false",
    }
}
