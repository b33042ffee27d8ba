use super::{Placement, Today, drawn};
use crate::programme::PublishedRow;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// By chance in proportion to incidents: reported ones, and those that deployments themselves discover. With discovery the
/// choices follow a Pólya urn and run away; weighing each discovery by one less its site's share of deployments cures it
/// (Ensign et al. 2018).
pub struct Hotspot {
    reported: f64,
    discovered: f64,
    corrected: bool,
    exponent: f64,
}

impl Hotspot {
    /// With the numbers of the strategy.
    pub fn new(numbers: &Numbers) -> Self {
        Hotspot {
            reported: numbers.get(param::HOTSPOT_REPORTED),
            discovered: numbers.get(param::HOTSPOT_DISCOVERED),
            corrected: numbers.flag(param::HOTSPOT_CORRECTED),
            exponent: numbers.get(param::HOTSPOT_EXPONENT),
        }
    }

    /// Incidents by site.
    fn incidents(&self, today: &Today, published: &[PublishedRow]) -> Vec<f64> {
        let mut incidents: Vec<f64> = today.sites.iter().map(|s| self.reported * s.recorded_crime).collect();
        let mut chance = self.chances(today, &incidents);
        for row in published {
            let kept = if self.corrected { 1.0 - chance[row.site] } else { 1.0 };
            incidents[row.site] += self.discovered * kept * row.arrests as f64;
            if self.corrected {
                chance = self.chances(today, &incidents);
            }
        }
        incidents
    }

    /// Chance of each site to be chosen first, if all are candidates.
    fn chances(&self, today: &Today, incidents: &[f64]) -> Vec<f64> {
        let weights: Vec<f64> = incidents.iter().map(|i| libm::pow(*i, self.exponent)).collect();
        let total: f64 = weights.iter().sum();
        let even = 1.0 / today.sites.len().max(1) as f64;
        weights
            .iter()
            .map(|w| if total > 0.0 { w / total } else { even })
            .collect()
    }
}

impl Placement for Hotspot {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let incidents = self.incidents(today, published);
        drawn(today, draw, |s| libm::pow(incidents[s], self.exponent))
    }
}
