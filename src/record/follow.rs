//! Follows one visit of a run, or every sought person's, and keeps what it is told.

use crate::deployment::{
    Alert, Batch, CoverChance, CoverStop, Observer, Pass, Reacted, Shadowed, Shift, SoughtRecord, Told,
};
use crate::response::Patrol;

/// One step of a followed visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub member: u16,
    /// What happened.
    pub told: Told,
}

/// Keeps the steps and alerts of the visits it follows. It counts nothing and changes nothing.
#[derive(Default)]
pub struct Follower {
    visit: Option<u64>,
    /// Steps, in event order.
    pub steps: Vec<Step>,
    /// Alerts of followed visits, in the order in which they ended.
    pub alerts: Vec<Alert>,
}

impl Follower {
    /// Follows one visit.
    pub fn of_visit(visit: u64) -> Self {
        Follower {
            visit: Some(visit),
            ..Follower::default()
        }
    }
    /// Follows everybody who is sought.
    pub fn of_sought() -> Self {
        Follower::default()
    }
}

impl Observer for Follower {
    const FOLLOWS: bool = true;
    fn follows(&self, visit: u64, sought: bool) -> bool {
        self.visit.map_or(sought, |v| v == visit)
    }
    fn told(&mut self, visit: u64, member: u16, told: &Told) {
        self.steps.push(Step {
            visit,
            member,
            told: told.clone(),
        });
    }
    fn pass(&mut self, _: &Pass) {}
    fn batch(&mut self, _: &Batch) {}
    fn reaction(&mut self, _: usize, _: Reacted) {}
    fn visits(&mut self, _: u64, _: u64) {}
    fn sought(&mut self, _: &SoughtRecord) {}
    fn alert(&mut self, alert: &Alert) {
        if self.visit.is_none_or(|v| v == alert.visit) {
            self.alerts.push(alert.clone());
        }
    }
    fn shadow(&mut self, _: &Shadowed) {}
    fn cover_chance(&mut self, _: &CoverChance) {}
    fn cover_stop(&mut self, _: &CoverStop) {}
    fn patrol(&mut self, _: &[Patrol], _: &[u64]) {}
    fn end(&mut self, _: &Shift) {}
}
