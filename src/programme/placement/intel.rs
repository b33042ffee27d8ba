use super::{Placement, Today, best};
use crate::programme::PublishedRow;

/// For audit only: where most people on the roll live. It uses what a force knows of its own list and nobody else does.
pub struct Intel;

impl Placement for Intel {
    fn choose(&mut self, today: &Today, _: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        best(today, draw, |s| f64::from(today.sites[s].sought_at_home))
    }
}
