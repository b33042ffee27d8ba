//! Watches a deployment: counts it, keeps its alerts, and notes who was arrested.

use crate::deployment::{Alert, Batch, CoverStop, Observer, Pass, Reacted, Shadowed, Shift, SoughtRecord};
use crate::measure::Tally;
use crate::response::{Outcome, Patrol, Truth};

/// The observer of a deployment of a programme.
pub(super) struct Watch<'a> {
    pub tally: Tally<'a>,
    pub alerts: Vec<Alert>,
    /// Keys of sought people arrested.
    pub arrested: Vec<u64>,
}

impl<'a> Watch<'a> {
    pub fn new(tally: Tally<'a>) -> Self {
        Watch {
            tally,
            alerts: Vec::new(),
            arrested: Vec::new(),
        }
    }
}

impl Observer for Watch<'_> {
    #[inline]
    fn pass(&mut self, pass: &Pass) {
        self.tally.pass(pass);
    }
    fn batch(&mut self, batch: &Batch) {
        self.tally.batch(batch);
    }
    fn reaction(&mut self, cell: usize, reacted: Reacted) {
        self.tally.reaction(cell, reacted);
    }
    #[inline]
    fn visits(&mut self, visits: u64, persons: u64) {
        self.tally.visits(visits, persons);
    }
    fn sought(&mut self, record: &SoughtRecord) {
        self.tally.sought(record);
    }
    fn alert(&mut self, alert: &Alert) {
        let arrest = alert.stop.is_some_and(|s| s.outcome == Outcome::Arrest);
        if arrest && matches!(alert.truth, Truth::True { .. }) {
            self.arrested.push(alert.person);
        }
        self.tally.alert(alert);
        self.alerts.push(alert.clone());
    }
    fn shadow(&mut self, shadow: &Shadowed) {
        self.tally.shadow(shadow);
    }
    fn cover_stop(&mut self, stop: &CoverStop) {
        self.tally.cover_stop(stop);
    }
    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]) {
        self.tally.patrol(patrol, wider);
    }
    fn end(&mut self, shift: &Shift) {
        self.tally.end(shift);
    }
}
