//! What all replications and strategies of a programme share: streets and cameras of every site, and distances between them.

use crate::deployment::Scene;
use crate::kernel::name_hash;
use crate::people::Streets;
use crate::scenario::Plan;
use crate::scenario::plan::MountKind;
use crate::scenario::programme::{Programme, Site};

/// Prepares the streets of every site, in order; of none for a plan of one day.
pub fn prepare_streets(plan: &Plan) -> Vec<Streets> {
    let sites = plan.programme.iter().flat_map(|p| &p.sites);
    sites.map(|s| Streets::prepare(&s.plan)).collect()
}

/// A programme ready to run.
pub struct Prepared<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its programme.
    pub programme: &'a Programme,
    /// Streets by site.
    pub streets: &'a [Streets],
    /// Distances between sites, km.
    pub distance_km: Vec<Vec<f64>>,
    /// Hash of each site's name: the key of its draws.
    pub keys: Vec<u64>,
    /// Names of boroughs in the order in which sites name them.
    pub boroughs: Vec<&'a str>,
    /// Borough of each site.
    pub borough: Vec<usize>,
    /// `[strategy][site]`: with the van, and with the fixed array if there is one.
    scenes: Vec<Vec<(Scene<'a>, Option<Scene<'a>>)>>,
}

impl<'a> Prepared<'a> {
    /// Prepares all strategies of a plan; none for a plan of one day.
    pub fn new(plan: &'a Plan, streets: &'a [Streets]) -> Option<Self> {
        let programme = plan.programme.as_deref()?;
        let sites = &programme.sites;
        let scene = |strategy: usize, (site, streets): (&'a Site, &'a Streets)| {
            let fixed = site.fixed.get(strategy);
            (
                Scene::prepare(&site.plan, &site.plan.strategies[strategy], streets),
                fixed.map(|s| Scene::prepare(&site.plan, s, streets)),
            )
        };
        let scenes = (0..plan.strategies.len())
            .map(|s| sites.iter().zip(streets).map(|pair| scene(s, pair)).collect())
            .collect();
        let mut boroughs: Vec<&str> = Vec::new();
        let borough = sites
            .iter()
            .map(|s| {
                boroughs.iter().position(|b| *b == s.borough).unwrap_or_else(|| {
                    boroughs.push(&s.borough);
                    boroughs.len() - 1
                })
            })
            .collect();
        Some(Prepared {
            plan,
            programme,
            streets,
            distance_km: sites
                .iter()
                .map(|a| sites.iter().map(|b| distance_km(a.at, b.at)).collect())
                .collect(),
            keys: sites.iter().map(|s| name_hash(&s.name)).collect(),
            boroughs,
            borough,
            scenes,
        })
    }

    /// A strategy at a site: with its fixed array if that is asked for and there is one, else with its van.
    pub fn scene(&self, strategy: usize, site: usize, mount: MountKind) -> &Scene<'a> {
        let (van, fixed) = &self.scenes[strategy][site];
        match (mount, fixed) {
            (MountKind::Lamp, Some(fixed)) => fixed,
            _ => van,
        }
    }

    /// Whether a strategy has any camera.
    pub fn has_cameras(&self, strategy: usize) -> bool {
        self.scenes[strategy]
            .iter()
            .any(|(van, fixed)| !van.strategy.is_patrol() || fixed.as_ref().is_some_and(|f| !f.strategy.is_patrol()))
    }

    /// Whether a site has a fixed array that a strategy could use.
    pub fn has_array(&self, strategy: usize, site: usize) -> bool {
        self.scenes[strategy][site].1.is_some()
    }
}

/// Distance over the ground between two points given as longitude and latitude, km; flat within a city.
fn distance_km(a: [f64; 2], b: [f64; 2]) -> f64 {
    const KM_PER_DEGREE: f64 = 111.195;
    let middle = 0.5 * (a[1] + b[1]) * core::f64::consts::PI / 180.0;
    libm::hypot(
        (a[0] - b[0]) * KM_PER_DEGREE * libm::cos(middle),
        (a[1] - b[1]) * KM_PER_DEGREE,
    )
}
