//! The view of a camera as passes of routes: where along a route a walker is seen, for how long, how far away and at what angle.

use super::Camera;
use crate::city::{Field, Line, Network, Path};
use crate::scenario::place::Place;
use crate::scenario::registry::{ParamId, param};

/// Lateral strata of a street's width.
pub const LANES: usize = 8;
/// Length of street between two points at which visibility is tested, m.
const SAMPLE_M: f64 = 0.25;

/// What a camera sees of the street.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewSettings {
    /// Nearest usable distance over the ground, m.
    pub range_min_m: f64,
    /// Farthest usable distance over the ground, m.
    pub range_max_m: f64,
    /// Horizontal field of view, degrees.
    pub hfov_deg: f64,
    /// Pixels across it.
    pub pixels: f64,
}

impl ViewSettings {
    /// Reads the settings from wherever parameters are kept (central values or a draw).
    pub fn read(value: impl Fn(ParamId) -> f64) -> ViewSettings {
        ViewSettings {
            range_min_m: value(param::RANGE_MIN_M),
            range_max_m: value(param::RANGE_MAX_M),
            hfov_deg: value(param::HFOV_DEG),
            pixels: value(param::PIXELS),
        }
    }
}

/// What a walker in one of the [`LANES`] equal strata of the street's width, counted from the walker's left, is seen like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lane {
    /// Length walked in view, m; 0 outside the view.
    pub chord_m: f32,
    /// Mean distance over the ground, m.
    pub range_m: f32,
    /// Mean angle between the walking direction and the direction to the camera, degrees: 0 towards it, 180 away from it.
    pub yaw_deg: f32,
}

/// A path's crossing of one camera's view; a path that leaves a view and comes back crosses it once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassView {
    /// Its number among the views of all paths.
    pub number: u32,
    /// Index of the camera.
    pub camera: u16,
    /// Middle of the view along the path, m: the mean over lanes and length in view.
    pub along_m: f64,
    /// Edge on which that middle lies.
    pub edge: u32,
    /// Whether that edge is walked from its first node to its last.
    pub forward: bool,
    /// The view of each lane; at least one sees something.
    pub lanes: [Lane; LANES],
}

/// The passes of every path of a network under a set of cameras.
#[derive(Clone, Debug)]
pub struct PathViews {
    first: Vec<u32>,
    passes: Vec<PassView>,
}

impl PathViews {
    /// Passes by view geometry: a circular sector from the nearest to the farthest range, cut with the street.
    ///
    /// Buildings are not known. In their place stands a rule on walking distance: a point of a street is in sight only if it
    /// can be reached from the mount within the farthest range plus the width of the mount's street and the mount's distance
    /// from its centre line. So nothing is seen in a parallel street, however near it runs.
    pub fn new(network: &Network, place: &Place, cameras: &[Camera], settings: &ViewSettings) -> PathViews {
        let mut seen: Vec<Vec<EdgeView>> = vec![Vec::new(); place.edges.len()];
        for (index, camera) in cameras.iter().enumerate() {
            let mount = &place.mounts[camera.mount_site];
            let street = &place.edges[mount.edge];
            let foot = Line::new(street).at(mount.offset_m).at;
            let sight = Sight {
                camera,
                field: network.field(place, mount.edge, mount.offset_m),
                farthest_walk_m: settings.range_max_m
                    + street.width_m
                    + libm::hypot(camera.x - foot[0], camera.y - foot[1]),
                settings,
            };
            for (edge, views) in seen.iter_mut().enumerate() {
                if let Some(lanes) = sight.of_edge(place, edge) {
                    views.push(EdgeView {
                        camera: index as u16,
                        lanes,
                    });
                }
            }
        }
        let mut sums: Vec<EdgeView> = Vec::new();
        PathViews::collect(network, |path, passes| {
            sums.clear();
            let mut walked = 0.0;
            for step in &path.steps {
                let length = place.edges[step.edge as usize].length_m;
                for view in &seen[step.edge as usize] {
                    let at = sums
                        .iter()
                        .position(|sum| sum.camera == view.camera)
                        .unwrap_or_else(|| {
                            sums.push(EdgeView {
                                camera: view.camera,
                                lanes: [Seen::default(); LANES],
                            });
                            sums.len() - 1
                        });
                    for (lane, sum) in sums[at].lanes.iter_mut().enumerate() {
                        if step.forward {
                            sum.add_forward(&view.lanes[lane], walked);
                        } else {
                            sum.add_backward(&view.lanes[LANES - 1 - lane], walked + length);
                        }
                    }
                }
                walked += length;
            }
            passes.extend(sums.iter().map(|sum| sum.pass(place, path)));
        })
    }

    /// Passes of the reference model: the instant at which a walker is level with the mount. Every lane is alike, with a
    /// nominal metre of view at no distance; only the place along the path carries information.
    pub fn level_with(network: &Network, place: &Place, cameras: &[Camera]) -> PathViews {
        PathViews::collect(network, |path, passes| {
            let mut walked = 0.0;
            for step in &path.steps {
                let length = place.edges[step.edge as usize].length_m;
                for (index, camera) in cameras.iter().enumerate() {
                    let mount = &place.mounts[camera.mount_site];
                    if mount.edge == step.edge as usize {
                        let on_edge = if step.forward {
                            mount.offset_m
                        } else {
                            length - mount.offset_m
                        };
                        passes.push(PassView {
                            number: 0,
                            camera: index as u16,
                            along_m: walked + on_edge,
                            edge: step.edge,
                            forward: step.forward,
                            lanes: [Lane {
                                chord_m: 1.0,
                                range_m: 0.0,
                                yaw_deg: 0.0,
                            }; LANES],
                        });
                    }
                }
                walked += length;
            }
        })
    }

    /// Cameras that a path passes, in walking order (by the middle of the view; ties in camera order).
    #[inline]
    pub fn of(&self, path: usize) -> &[PassView] {
        &self.passes[self.first[path] as usize..self.first[path + 1] as usize]
    }

    /// Whether a path passes any camera.
    #[inline]
    pub fn any(&self, path: usize) -> bool {
        self.first[path] < self.first[path + 1]
    }

    /// Number of views of all paths.
    pub fn count(&self) -> usize {
        self.passes.len()
    }

    /// Gathers the passes that `find` appends for each path, and puts them in walking order.
    fn collect(network: &Network, mut find: impl FnMut(&Path, &mut Vec<PassView>)) -> PathViews {
        let mut views = PathViews {
            first: vec![0],
            passes: Vec::new(),
        };
        for path in &network.paths {
            let start = views.passes.len();
            find(path, &mut views.passes);
            views.passes[start..].sort_by(|a, b| a.along_m.total_cmp(&b.along_m).then(a.camera.cmp(&b.camera)));
            views.first.push(views.passes.len() as u32);
        }
        views.passes.iter_mut().zip(0..).for_each(|(pass, n)| pass.number = n);
        views
    }
}

/// Sums over the part of a lane that is in view; on an edge, lanes count from the left of a walker from its first node.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Length, m.
    chord: f64,
    /// Length times distance to the camera.
    range: f64,
    /// Length times angle to the camera.
    yaw: f64,
    /// Length times position along the edge or path.
    along: f64,
}

impl Seen {
    /// Adds the view of an edge walked from its first node, which lies `start_m` along the path.
    fn add_forward(&mut self, edge: &Seen, start_m: f64) {
        self.chord += edge.chord;
        self.range += edge.range;
        self.yaw += edge.yaw;
        self.along += edge.chord * start_m + edge.along;
    }

    /// Adds the view of an edge walked from its last node; its first node lies `end_m` along the path.
    fn add_backward(&mut self, edge: &Seen, end_m: f64) {
        self.chord += edge.chord;
        self.range += edge.range;
        self.yaw += 180.0 * edge.chord - edge.yaw;
        self.along += edge.chord * end_m - edge.along;
    }
}

/// What one camera sees of an edge or of a path.
#[derive(Clone, Debug)]
struct EdgeView {
    camera: u16,
    lanes: [Seen; LANES],
}

impl EdgeView {
    fn pass(&self, place: &Place, path: &Path) -> PassView {
        let chord: f64 = self.lanes.iter().map(|lane| lane.chord).sum();
        let along_m = self.lanes.iter().map(|lane| lane.along).sum::<f64>() / chord;
        let mut walked = 0.0;
        let middle = path.steps.iter().find(|step| {
            walked += place.edges[step.edge as usize].length_m;
            along_m < walked
        });
        let step = middle.or(path.steps.last());
        PassView {
            number: 0,
            camera: self.camera,
            along_m,
            edge: step.map_or(0, |step| step.edge),
            forward: step.is_none_or(|step| step.forward),
            lanes: self.lanes.map(|lane| {
                if lane.chord > 0.0 {
                    Lane {
                        chord_m: lane.chord as f32,
                        range_m: (lane.range / lane.chord) as f32,
                        yaw_deg: (lane.yaw / lane.chord) as f32,
                    }
                } else {
                    Lane::default()
                }
            }),
        }
    }
}

/// One camera with what limits its sight.
struct Sight<'a> {
    camera: &'a Camera,
    field: Field,
    farthest_walk_m: f64,
    settings: &'a ViewSettings,
}

impl Sight<'_> {
    /// Samples every lane of an edge; `None` when nothing of it is in view.
    fn of_edge(&self, place: &Place, edge: usize) -> Option<[Seen; LANES]> {
        let street = &place.edges[edge];
        let nearest = self.field.to_node(street.a).min(self.field.to_node(street.b));
        let own = edge == place.mounts[self.camera.mount_site].edge;
        if !own && nearest > self.farthest_walk_m {
            return None;
        }
        let line = Line::new(street);
        let heading = self.camera.heading_deg.to_radians();
        let (east, north) = (libm::sin(heading), libm::cos(heading));
        let cos_half = libm::cos(self.settings.hfov_deg.to_radians() / 2.0);
        let samples = libm::ceil(street.length_m / SAMPLE_M).max(1.0) as usize;
        let piece = street.length_m / samples as f64;
        let mut lanes = [Seen::default(); LANES];
        for i in 0..samples {
            let along = (i as f64 + 0.5) * piece;
            if self.field.to(place, edge, along) > self.farthest_walk_m {
                continue;
            }
            let centre = line.at(along);
            let [ahead_east, ahead_north] = centre.direction;
            for (lane, seen) in lanes.iter_mut().enumerate() {
                let right = ((lane as f64 + 0.5) / LANES as f64 - 0.5) * street.width_m;
                let dx = centre.at[0] + right * ahead_north - self.camera.x;
                let dy = centre.at[1] - right * ahead_east - self.camera.y;
                let range = libm::sqrt(dx * dx + dy * dy);
                let in_range = self.settings.range_min_m <= range && range <= self.settings.range_max_m;
                if !in_range || dx * east + dy * north < range * cos_half {
                    continue;
                }
                let towards = if range > 0.0 {
                    -(dx * ahead_east + dy * ahead_north) / range
                } else {
                    1.0
                };
                seen.chord += piece;
                seen.range += piece * range;
                seen.yaw += piece * libm::acos(towards.clamp(-1.0, 1.0)).to_degrees();
                seen.along += piece * along;
            }
        }
        lanes.iter().any(|lane| lane.chord > 0.0).then_some(lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{LookSettings, cameras, detection, effective_looks, look_probability};
    use crate::city::testing::{mount, place, sketch};
    use crate::scenario::plan::{CameraPlan, MountKind, Values};

    fn settings() -> ViewSettings {
        let values = Values::default();
        ViewSettings::read(|id| values.get(id))
    }

    fn van(place: &Place, site: usize, heading_deg: Option<f64>, count: u32) -> Vec<Camera> {
        let plan = CameraPlan {
            at: "van".into(),
            mount: MountKind::Van,
            site,
            heading_deg,
            count,
            team: 0,
        };
        cameras(place, &[plan], 3.0, 4.5)
    }

    /// Length of the lateral line at `aside` within the sector of the default view, camera on the centre line.
    fn chord_by_hand(aside: f64) -> f64 {
        let slope = libm::tan(12.5_f64.to_radians());
        let near = libm::sqrt((6.0_f64 * 6.0 - aside * aside).max(0.0)).max(aside.abs() / slope);
        let far = libm::sqrt(14.0_f64 * 14.0 - aside * aside);
        (far - near).max(0.0)
    }

    #[test]
    fn a_view_along_a_street_matches_the_sector_by_hand() {
        let mut place = sketch();
        let site = mount(&mut place, 1, 75.0, 0.0);
        let network = Network::prepare(&place);
        // Looking west: walkers eastward come towards it.
        let west = van(&place, site, Some(270.0), 1);
        let views = PathViews::new(&network, &place, &west, &settings());
        let (east_path, west_path) = (network.alternatives(0, 1).start, network.alternatives(1, 0).start);
        let towards = views.of(east_path)[0];
        let away = views.of(west_path)[0];
        for lane in 0..LANES {
            let aside = ((lane as f64 + 0.5) / 8.0 - 0.5) * 6.0;
            let chord = chord_by_hand(aside);
            assert!(
                (f64::from(towards.lanes[lane].chord_m) - chord).abs() <= 2.0 * SAMPLE_M,
                "{lane}"
            );
            assert!((f64::from(away.lanes[lane].chord_m) - chord).abs() <= 2.0 * SAMPLE_M);
            // Between the edges of the sector, and 12.5 degrees at most off the line to the camera.
            assert!((6.0..=14.0).contains(&towards.lanes[lane].range_m));
            assert!(towards.lanes[lane].yaw_deg <= 12.5);
            assert!((towards.lanes[lane].yaw_deg + away.lanes[LANES - 1 - lane].yaw_deg - 180.0).abs() < 1e-3);
        }
        // The middle lanes are seen from 211 to 219 m.
        assert!((towards.along_m - 215.0).abs() < 2.0, "{}", towards.along_m);
        assert!((towards.along_m + away.along_m - 600.0).abs() < 1e-9);
        assert_eq!((towards.edge, towards.forward, away.forward), (1, true, false));
    }

    #[test]
    fn yaw_and_range_at_a_right_angle_match_by_hand() {
        // A camera 10 m north of the street on a side street looks south across it.
        let nodes = [[0.0, 0.0], [100.0, 0.0], [200.0, 0.0], [100.0, 50.0]];
        let mut place = place(&nodes, &[(0, 1), (1, 2), (1, 3)], &[0, 2], &[]);
        let site = mount(&mut place, 2, 10.0, 0.0);
        let network = Network::prepare(&place);
        let south = van(&place, site, Some(180.0), 1);
        let views = PathViews::new(&network, &place, &south, &settings());
        let pass = views.of(network.alternatives(0, 1).start)[0];
        // Eastward, the walker's left is north: lane 0 is 2.625 m north of the centre line.
        let tan = libm::tan(12.5_f64.to_radians());
        for (lane, from_camera) in [(0, 7.375), (3, 9.625), (7, 12.625)] {
            let seen = pass.lanes[lane];
            assert!(
                (f64::from(seen.chord_m) - 2.0 * tan * from_camera).abs() <= 2.0 * SAMPLE_M,
                "{lane}"
            );
            assert!((f64::from(seen.yaw_deg) - 90.0).abs() < 0.5);
            assert!((f64::from(seen.range_m) / from_camera - 1.0).abs() < 0.02);
        }
        assert!((pass.along_m - 100.0).abs() < 0.1);
    }

    #[test]
    fn a_view_over_a_node_is_one_pass() {
        // From 158 m the view westward covers 144 to 152 m: both sides of the node at 150 m.
        let mut place = sketch();
        let site = mount(&mut place, 1, 8.0, 0.0);
        let network = Network::prepare(&place);
        let west = van(&place, site, Some(270.0), 1);
        let views = PathViews::new(&network, &place, &west, &settings());
        let passes = views.of(network.alternatives(0, 1).start);
        assert_eq!(passes.len(), 1);
        assert!(
            (passes[0].lanes[3].chord_m - 8.0).abs() <= 0.5,
            "{:?}",
            passes[0].lanes[3]
        );
        assert_eq!(passes[0].edge, 0);
    }

    #[test]
    fn two_cameras_of_a_van_are_passed_in_walking_order() {
        let mut place = sketch();
        let site = mount(&mut place, 1, 75.0, 0.0);
        let network = Network::prepare(&place);
        let both = van(&place, site, None, 2);
        let views = PathViews::new(&network, &place, &both, &settings());
        let order = |from, to| -> Vec<u16> {
            let passes = views.of(network.alternatives(from, to).start);
            passes.iter().map(|pass| pass.camera).collect()
        };
        // Camera 0 looks east, camera 1 west: a walker eastward meets the view to the west first.
        assert_eq!(order(0, 1), [1, 0]);
        assert_eq!(order(1, 0), [0, 1]);
        assert!(views.any(network.alternatives(0, 1).start));
    }

    #[test]
    fn a_camera_sees_nothing_in_a_parallel_street() {
        // Two streets 10 m apart, joined only at their ends; the camera looks across from one to the other.
        let nodes = [[0.0, 0.0], [200.0, 0.0], [0.0, 10.0], [200.0, 10.0]];
        let mut place = place(&nodes, &[(0, 1), (2, 3), (0, 2), (1, 3)], &[0, 1, 2, 3], &[]);
        let site = mount(&mut place, 0, 100.0, 0.0);
        let network = Network::prepare(&place);
        let views = PathViews::new(&network, &place, &van(&place, site, Some(0.0), 1), &settings());
        assert!((0..network.paths.len()).all(|path| !views.any(path)));
        // At the joint the street behind it is in sight.
        let mut place = place.clone();
        let site = mount(&mut place, 0, 1.0, 0.0);
        let views = PathViews::new(&network, &place, &van(&place, site, Some(0.0), 1), &settings());
        assert!(views.any(network.alternatives(2, 3).start));
    }

    #[test]
    fn level_with_a_mount_is_exact() {
        let mut place = sketch();
        let site = mount(&mut place, 1, 75.0, 0.0);
        let network = Network::prepare(&place);
        let views = PathViews::level_with(&network, &place, &van(&place, site, None, 1));
        let along = |from, to| views.of(network.alternatives(from, to).start)[0].along_m;
        assert_eq!(along(0, 1), 225.0);
        assert_eq!(along(1, 0), 375.0);
        assert!((0..network.paths.len()).all(|path| views.of(path).len() <= 1));
    }

    /// Mean looks and detection over the lanes of walkers who come towards a default van on a 6 m street, and the share of
    /// lanes in view.
    fn towards_default_van(aside_m: f64) -> (f64, f64, f64) {
        let values = Values::default();
        let look = LookSettings::read(|id| values.get(id));
        let mut place = sketch();
        let site = mount(&mut place, 1, 75.0, aside_m);
        let network = Network::prepare(&place);
        let views = PathViews::new(&network, &place, &van(&place, site, Some(270.0), 1), &settings());
        let pass = views.of(network.alternatives(0, 1).start)[0];
        let (mut looks, mut detected, mut lanes) = (0.0, 0.0, 0.0);
        for lane in pass.lanes.iter().filter(|lane| lane.chord_m > 0.0) {
            let (range, yaw) = (f64::from(lane.range_m), f64::from(lane.yaw_deg));
            let k = effective_looks(f64::from(lane.chord_m), 1.34, look.look_decorrelation_s, look.max_looks);
            looks += k;
            detected += detection(look_probability(&look, 0.0, range, 3.0, yaw, 0.0), k);
            lanes += 1.0;
        }
        (looks / lanes, detected / lanes, lanes / LANES as f64)
    }

    #[test]
    fn the_default_van_detects_about_four_in_five_of_the_faces_that_come_towards_it() {
        let by_hand = |lane: usize| 1.0 + chord_by_hand(((lane as f64 + 0.5) / 8.0 - 0.5) * 6.0) / 1.34 / 3.5;
        let mean_looks = (0..LANES).map(by_hand).sum::<f64>() / LANES as f64;
        let (looks, detected, in_view) = towards_default_van(0.0);
        assert!((looks - mean_looks).abs() < 0.5 * SAMPLE_M, "{looks} {mean_looks}");
        assert!((0.75..0.85).contains(&detected), "{detected}");
        assert_eq!(in_view, 1.0);
        // From a bay 2 m off the centre line, looking along the street, the far side of the street is missed.
        let (_, detected, in_view) = towards_default_van(2.0);
        assert!((0.75..0.85).contains(&detected), "{detected}");
        assert_eq!(in_view, 5.0 / 8.0);
    }
}
