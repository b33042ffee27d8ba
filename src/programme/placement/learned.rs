//! What published rows teach of each site.

use crate::programme::PublishedRow;

/// Sums of a site's published rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BySite {
    /// Deployments.
    pub deployments: u64,
    /// Hours.
    pub hours: f64,
    /// Faces seen.
    pub faces: u64,
    /// Arrests.
    pub arrests: u64,
    /// False alerts.
    pub false_alerts: u64,
    /// Day of the last deployment.
    pub last_day: Option<i32>,
}

/// Published rows summed by site.
pub fn by_site(published: &[PublishedRow], sites: usize) -> Vec<BySite> {
    let mut sums = vec![BySite::default(); sites];
    for row in published {
        let site = &mut sums[row.site];
        site.deployments += 1;
        site.hours += row.hours;
        site.faces += row.faces;
        site.arrests += row.arrests;
        site.false_alerts += row.false_alerts();
        site.last_day = site.last_day.max(Some(row.day));
    }
    sums
}

/// Posterior mean of a rate per hour with a gamma prior.
pub fn per_hour(events: u64, hours: f64, prior: (f64, f64)) -> f64 {
    (prior.0 + events as f64) / (prior.1 + hours)
}
