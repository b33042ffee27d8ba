use super::{Placement, Today, best, by_site};
use crate::programme::PublishedRow;

/// Equal time for every borough: the least used first, and in it the site that has waited longest.
pub struct Rotation;

impl Placement for Rotation {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], draw: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let sums = by_site(published, today.sites.len());
        let boroughs = today.sites.iter().map(|s| s.borough + 1).max().unwrap_or(0);
        let mut used = vec![0_u64; boroughs];
        for (site, sum) in today.sites.iter().zip(&sums) {
            used[site.borough] += sum.deployments;
        }
        let waited = |s: usize| sums[s].last_day.map_or(f64::INFINITY, |d| f64::from(today.day - d));
        let mut rest = best(today, draw, waited);
        let mut chosen = Vec::new();
        // One after another, because the first choice uses its borough.
        while chosen.len() < today.wanted {
            let Some(least) = rest.iter().map(|s| used[today.sites[*s].borough]).min() else {
                break;
            };
            let Some(at) = rest.iter().position(|s| used[today.sites[*s].borough] == least) else {
                break;
            };
            let site = rest.remove(at);
            used[today.sites[site].borough] += 1;
            chosen.push(site);
        }
        chosen
    }
}
