use super::{Placement, Today, best};
use crate::programme::PublishedRow;

/// Where most people pass.
pub struct Footfall;

impl Placement for Footfall {
    fn choose(&mut self, today: &Today, _: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        best(today, draw, |s| today.sites[s].footfall)
    }
}
