//! Where a camera looks, which passes of which route cross its view, and how well a face is seen there.
//!
//! Nothing here knows who walks or what a match is: a pass is geometry ([`PathViews`]), a look is a probability and a
//! quality ([`detection`], [`quality`]).

mod quality;
mod view;

pub use quality::{
    HEAD_HEIGHT_M, LookSettings, QualityLaw, YAW_LOST_DEG, detection, effective_looks, iod_px, look_probability,
    pitch_deg,
};
pub use view::{LANES, Lane, PassView, PathViews, ViewSettings};

use crate::city::Line;
use crate::scenario::place::Place;
use crate::scenario::plan::{CameraPlan, MountKind};

/// One camera.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// Hash of its mount's id and its heading: the same camera has the same id, and so the same draws, in every strategy.
    pub id: u32,
    /// Index of its mount in [`Place::mounts`].
    pub mount_site: usize,
    /// What carries it.
    pub kind: MountKind,
    /// Where it looks, degrees clockwise from north, in [0, 360).
    pub heading_deg: f64,
    /// Metres east of the place's origin.
    pub x: f64,
    /// Metres north of the place's origin.
    pub y: f64,
    /// Height over the street, m.
    pub height_m: f64,
    /// Index of the team that answers its alerts.
    pub team: usize,
}

/// How far along the street a camera without a planned heading is aimed, m: the middle of the default view.
const AIM_M: f64 = 10.0;

/// The cameras of a strategy, in plan order. With a planned heading the `count` cameras of a mount are spread evenly around
/// it from there; without one they are aimed at the middle of the street, in turn up and down it.
pub fn cameras(place: &Place, plan: &[CameraPlan], height_van_m: f64, height_lamp_m: f64) -> Vec<Camera> {
    let mut cameras: Vec<Camera> = Vec::new();
    for planned in plan {
        let mount = &place.mounts[planned.site];
        let street = Line::new(&place.edges[mount.edge]).at(mount.offset_m);
        for i in 0..planned.count {
            let turned = match planned.heading_deg {
                Some(first) => first + f64::from(i) * 360.0 / f64::from(planned.count),
                None => {
                    let way = if i % 2 == 0 { 1.0 } else { -1.0 };
                    // A second pair on one mount looks half as far again.
                    let ahead = way * AIM_M * (1.0 + 0.5 * f64::from(i / 2));
                    let east = street.at[0] + ahead * street.direction[0] - mount.at[0];
                    let north = street.at[1] + ahead * street.direction[1] - mount.at[1];
                    libm::atan2(east, north).to_degrees()
                }
            };
            // Whole thousandths of a degree, so that rounding in the last bit cannot give the same camera another id.
            let thousandths = (libm::round(turned * 1000.0) as i64).rem_euclid(360_000);
            let mut id = stable_id(&mount.id, thousandths);
            while cameras.iter().any(|camera| camera.id == id) {
                id = id.wrapping_add(1);
            }
            cameras.push(Camera {
                id,
                mount_site: planned.site,
                kind: planned.mount,
                heading_deg: thousandths as f64 / 1000.0,
                x: mount.at[0],
                y: mount.at[1],
                height_m: match planned.mount {
                    MountKind::Van => height_van_m,
                    MountKind::Lamp => height_lamp_m,
                },
                team: planned.team,
            });
        }
    }
    cameras
}

/// FNV-1a over the mount's id and the heading, folded to 32 bits.
fn stable_id(mount: &str, heading_thousandths: i64) -> u32 {
    let heading = heading_thousandths.to_le_bytes();
    // No text contains the byte 0xFF, so the id cannot run into the heading.
    let bytes = mount.bytes().chain([0xFF]).chain(heading);
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::testing::{mount, sketch};

    fn plan(site: usize, heading_deg: Option<f64>, count: u32) -> CameraPlan {
        CameraPlan {
            at: "m".into(),
            mount: MountKind::Van,
            site,
            heading_deg,
            count,
            team: 0,
        }
    }

    #[test]
    fn cameras_of_a_mount_are_spread_around_the_street_direction() {
        let mut place = sketch();
        let site = mount(&mut place, 1, 75.0, 0.0);
        let two = cameras(&place, &[plan(site, None, 2)], 3.0, 4.5);
        assert_eq!(two.len(), 2);
        assert_eq!((two[0].heading_deg, two[1].heading_deg), (90.0, 270.0));
        assert_eq!((two[0].x, two[0].y, two[0].height_m), (225.0, 0.0, 3.0));
        let lamp = CameraPlan {
            mount: MountKind::Lamp,
            ..plan(site, Some(350.0), 3)
        };
        let three = cameras(&place, &[lamp], 3.0, 4.5);
        let headings: Vec<f64> = three.iter().map(|camera| camera.heading_deg).collect();
        assert_eq!(headings, [350.0, 110.0, 230.0]);
        assert_eq!(three[0].height_m, 4.5);
        assert!(cameras(&place, &[plan(site, None, 0)], 3.0, 4.5).is_empty());
    }

    #[test]
    fn an_id_belongs_to_mount_and_heading_and_is_never_shared() {
        let mut place = sketch();
        let here = mount(&mut place, 1, 75.0, 0.0);
        let there = mount(&mut place, 3, 75.0, 0.0);
        let one = cameras(&place, &[plan(here, Some(90.0), 1)], 3.0, 4.5);
        let both = cameras(
            &place,
            &[plan(there, Some(90.0), 1), plan(here, Some(-270.0), 1)],
            3.0,
            4.5,
        );
        assert_eq!(one[0].id, both[1].id);
        assert_ne!(both[0].id, both[1].id);
        let twice = cameras(
            &place,
            &[plan(here, Some(90.0), 1), plan(here, Some(90.0), 1)],
            3.0,
            4.5,
        );
        assert_eq!(twice[0].id, one[0].id);
        assert_ne!(twice[0].id, twice[1].id);
    }
}
