//! How alerts scatter within a site and between sites: the same figures of a record and of simulated deployments.

use crate::stats::{mean, variance};
use std::collections::BTreeMap;

/// Alerts and faces of the deployments of each site.
#[derive(Default)]
pub(crate) struct BySite<'a>(BTreeMap<&'a str, Vec<(f64, f64)>>);

/// Variance over mean, and slope of log alerts on log faces, within sites with several deployments.
pub(crate) struct Within {
    pub ratio: f64,
    pub slope: f64,
    /// Degrees of freedom.
    pub free: f64,
    /// Standard error of the slope.
    pub slope_error: f64,
}

/// Slope of log alerts on log faces over sites, and how alerts per face differ between sites, as a log-sd.
pub(crate) struct Between {
    pub slope: f64,
    pub log_sd: f64,
}

/// Fewest deployments of a site that is compared with others.
const FEWEST: usize = 3;

impl<'a> BySite<'a> {
    /// Takes in a deployment; one without a face says nothing.
    pub fn add(&mut self, site: &'a str, alerts: f64, faces: f64) {
        if faces > 0.0 {
            self.0.entry(site).or_default().push((alerts, faces));
        }
    }

    /// Within sites; none of too few deployments.
    pub fn within(&self) -> Option<Within> {
        let (mut ratio, mut free, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for list in self.0.values().filter(|l| l.len() > 1) {
            let column = |f: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> { list.iter().map(f).collect() };
            let alerts = column(&|r| r.0);
            let degrees = list.len() as f64 - 1.0;
            ratio += degrees * variance(&alerts) / mean(&alerts).max(0.5);
            free += degrees;
            let (logs, faces) = (column(&|r| libm::log(r.0 + 0.5)), column(&|r| libm::log(r.1)));
            let (ml, mf) = (mean(&logs), mean(&faces));
            for (l, f) in logs.iter().zip(&faces) {
                xx += (f - mf) * (f - mf);
                xy += (f - mf) * (l - ml);
                yy += (l - ml) * (l - ml);
            }
        }
        if free < 10.0 || xx <= 0.0 {
            return None;
        }
        let slope = xy / xx;
        Some(Within {
            ratio: ratio / free,
            slope,
            free,
            slope_error: libm::sqrt(((yy - slope * xy) / (free - 1.0)).max(0.0) / xx),
        })
    }

    /// Between sites; none of too few sites.
    pub fn between(&self) -> Option<Between> {
        let totals = |list: &Vec<(f64, f64)>| {
            let n = list.len() as f64;
            let sum = |f: fn(&(f64, f64)) -> f64| list.iter().map(f).sum::<f64>();
            (libm::log((sum(|r| r.0) + 0.5) / n), libm::log(sum(|r| r.1) / n))
        };
        let sites: Vec<(f64, f64)> = self.0.values().filter(|l| l.len() >= FEWEST).map(totals).collect();
        if sites.len() < 5 {
            return None;
        }
        let column = |f: fn(&(f64, f64)) -> f64| -> Vec<f64> { sites.iter().map(f).collect() };
        let (alerts, faces) = (column(|s| s.0), column(|s| s.1));
        let (ma, mf) = (mean(&alerts), mean(&faces));
        let products = alerts.iter().zip(&faces).map(|(a, f)| (a - ma) * (f - mf));
        let squares = faces.iter().map(|f| (f - mf) * (f - mf));
        Some(Between {
            slope: products.sum::<f64>() / squares.sum::<f64>().max(1e-12),
            log_sd: libm::sqrt(variance(&column(|s| s.0 - s.1))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_in_proportion_to_faces_have_slope_one_and_no_spread() {
        let names = ["a", "b", "c", "d", "e", "f"];
        let mut sites = BySite::default();
        for (i, site) in names.iter().enumerate() {
            for day in 1..=4 {
                let faces = 1000.0 * (i + 1) as f64 * f64::from(day);
                sites.add(site, faces / 10.0 - 0.5, faces);
            }
        }
        let (within, between) = (sites.within().unwrap(), sites.between().unwrap());
        assert!((within.slope - 1.0).abs() < 1e-9, "{}", within.slope);
        // Half an alert is added to a sum of four here, not to each.
        assert!((between.slope - 1.0).abs() < 0.01, "{}", between.slope);
        assert!(between.log_sd < 0.01);
        assert!(BySite::default().within().is_none() && BySite::default().between().is_none());
    }
}
