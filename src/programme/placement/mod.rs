//! How a strategy chooses the sites of a day. A rule sees the calendar, what is generally known of sites, and the rows that
//! have been published by then. It sees nothing else: the types leave it no way to.

mod error_cap;
mod exposure_cap;
mod footfall;
mod greedy;
mod hotspot;
mod intel;
mod learned;
mod rotation;
mod thompson;
mod uniform;

pub use error_cap::ErrorCap;
pub use exposure_cap::ExposureCap;
pub use footfall::Footfall;
pub use greedy::GreedyArrest;
pub use hotspot::Hotspot;
pub use intel::Intel;
pub use learned::{BySite, by_site};
pub use rotation::Rotation;
pub use thompson::Thompson;
pub use uniform::Uniform;

use super::PublishedRow;
use crate::scenario::registry::{Kind, param};
use crate::scenario::world::Numbers;
use jiff::civil::Date;

/// What is generally known of a site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteFacts {
    /// Key of its draws; says nothing else.
    pub key: u32,
    /// Borough, as a number.
    pub borough: usize,
    /// Residents of the borough.
    pub residents: f64,
    /// Passers-by on an ordinary day.
    pub footfall: f64,
    /// Recorded crime relative to the mean site.
    pub recorded_crime: f64,
    /// People on the roll who live about it: what a force knows of its own list.
    pub sought_at_home: u32,
}

/// A day on which sites are to be chosen.
#[derive(Clone, Copy, Debug)]
pub struct Today<'a> {
    /// Date.
    pub date: Date,
    /// Days since 1 January 1970.
    pub day: i32,
    /// Every site.
    pub sites: &'a [SiteFacts],
    /// Sites that may be chosen.
    pub candidates: &'a [usize],
    /// How many are wanted.
    pub wanted: usize,
}

/// A placement rule.
pub trait Placement {
    /// Sites in order of preference, best first. Only candidates count, and no more than are wanted; fewer leave vans idle.
    /// `draw` gives this day's uniform for a key: the same key the same number, under every strategy.
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize>;
}

/// The word of the rule of a strategy. Under a moratorium its officers are on patrol.
pub fn kind(numbers: &Numbers) -> &'static str {
    if numbers.flag(param::MORATORIUM) {
        return "no-lfr";
    }
    match param::PLACEMENT.row().kind {
        Kind::Choice { words } => words.get(numbers.choice(param::PLACEMENT)).copied().unwrap_or_default(),
        _ => "",
    }
}

/// The rule of a strategy; none where vans go nowhere of their own choice.
pub fn placement(numbers: &Numbers) -> Option<Box<dyn Placement>> {
    Some(match kind(numbers) {
        "uniform" => Box::new(Uniform),
        "footfall" => Box::new(Footfall),
        "hotspot" => Box::new(Hotspot::new(numbers)),
        "greedy-arrest" => Box::new(GreedyArrest::new(numbers)),
        "thompson" => Box::new(Thompson::new(numbers)),
        "exposure-cap" => Box::new(ExposureCap::new(numbers)),
        "error-cap" => Box::new(ErrorCap::new(numbers)),
        "intel" => Box::new(Intel),
        "static-pilot" | "replay" => return None,
        // Patrol and visits to addresses serve the city in turn, as rotation does.
        _ => Box::new(Rotation),
    })
}

/// Candidates by falling score; ties in an order drawn for the day.
pub(crate) fn best(today: &Today, draw: &dyn Fn(u32) -> f64, score: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut scored: Vec<(f64, f64, usize)> = today
        .candidates
        .iter()
        .map(|s| (score(*s), draw(today.sites[*s].key), *s))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1)));
    scored.into_iter().map(|(_, _, site)| site).collect()
}

/// Candidates in an order drawn with chances in proportion to weights; those without weight last.
pub(crate) fn drawn(today: &Today, draw: &dyn Fn(u32) -> f64, weight: impl Fn(usize) -> f64) -> Vec<usize> {
    best(today, draw, |s| {
        let w = weight(s);
        if w > 0.0 {
            // The first of exponential clocks with these rates to ring.
            libm::log(draw(today.sites[s].key)) / w
        } else {
            f64::NEG_INFINITY
        }
    })
}

#[cfg(test)]
mod tests;
