//! What all runs of one strategy share.

use crate::camera::{Camera, cameras};
use crate::city::Field;
use crate::people::Streets;
use crate::response::Prices;
use crate::scenario::Plan;
use crate::scenario::plan::{MountKind, StrategyPlan};
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// A strategy on its prepared streets.
pub struct Scene<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The strategy.
    pub strategy: &'a StrategyPlan,
    /// Prepared streets.
    pub streets: &'a Streets,
    /// Cameras.
    pub cameras: Vec<Camera>,
    /// Walking distances from every mount that carries a camera or is a post.
    pub fields: Vec<Field>,
    /// Field of each camera's mount.
    pub camera_field: Vec<usize>,
    /// Fields of the posts of each team.
    pub posts: Vec<Vec<usize>>,
}

impl<'a> Scene<'a> {
    /// Prepares a strategy.
    pub fn prepare(plan: &'a Plan, strategy: &'a StrategyPlan, streets: &'a Streets) -> Self {
        let place = &plan.place;
        let values = &strategy.values;
        let cameras = cameras(
            place,
            &strategy.cameras,
            values.get(param::HEIGHT_VAN_M),
            values.get(param::HEIGHT_LAMP_M),
        );
        let mut sites: Vec<usize> = Vec::new();
        let mut field_of = |site: usize| match sites.iter().position(|s| *s == site) {
            Some(i) => i,
            None => {
                sites.push(site);
                sites.len() - 1
            }
        };
        let camera_field: Vec<usize> = cameras.iter().map(|c| field_of(c.mount_site)).collect();
        let posts = strategy
            .teams
            .iter()
            .enumerate()
            .map(|(t, team)| {
                let mut mounts: Vec<usize> = if team.posts.is_empty() {
                    cameras.iter().filter(|c| c.team == t).map(|c| c.mount_site).collect()
                } else {
                    team.posts.clone()
                };
                mounts.dedup();
                mounts.into_iter().map(&mut field_of).collect()
            })
            .collect();
        let fields = sites
            .iter()
            .map(|s| {
                streets
                    .network
                    .field(place, place.mounts[*s].edge, place.mounts[*s].offset_m)
            })
            .collect();
        Scene {
            plan,
            strategy,
            streets,
            cameras,
            fields,
            camera_field,
            posts,
        }
    }

    /// The field where each pair of a team stands, for a number of pairs: spread evenly over the team's posts.
    pub fn pair_posts(&self, team: usize, pairs: usize) -> Vec<usize> {
        let posts = &self.posts[team];
        match posts.len() {
            0 => Vec::new(),
            n => (0..pairs)
                .map(|j| if pairs >= n { posts[j % n] } else { posts[j * n / pairs] })
                .collect(),
        }
    }

    /// What the deployment costs, whatever happens and by event.
    pub fn prices(&self, numbers: &Numbers, open_h: f64, officer_h: f64) -> Prices {
        let of = |kind| self.cameras.iter().filter(move |c| c.kind == kind);
        let mut vans: Vec<usize> = of(MountKind::Van).map(|c| c.mount_site).collect();
        vans.sort_unstable();
        vans.dedup();
        Prices::new(numbers, open_h, officer_h, vans.len(), of(MountKind::Lamp).count())
    }

    /// Bit of a camera's mount kind, for awareness.
    pub fn mount_bit(&self, camera: usize) -> u8 {
        match self.cameras[camera].kind {
            MountKind::Van => 1,
            MountKind::Lamp => 2,
        }
    }
}
