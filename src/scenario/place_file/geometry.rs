//! The plane of a place: projection, distances, lines and connected parts.

/// A local equirectangular projection: metres east and north of an origin, exact to about 1 part in 10 000 over a few kilometres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    origin: [f64; 2],
    metres_per_degree: [f64; 2],
}

impl Projection {
    /// The projection about `origin` (longitude, latitude in degrees), with the WGS84 radii of curvature at its latitude.
    pub fn new(origin: [f64; 2]) -> Self {
        const EQUATOR_M: f64 = 6_378_137.0;
        const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_316e-3;
        let latitude = origin[1].to_radians();
        let sine = libm::sin(latitude);
        let flattening = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
        let prime_vertical = EQUATOR_M / libm::sqrt(flattening);
        let meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / flattening;
        let degree = 1f64.to_radians();
        Projection {
            origin,
            metres_per_degree: [prime_vertical * libm::cos(latitude) * degree, meridian * degree],
        }
    }
    /// Metres east and north of the origin, of longitude and latitude in degrees.
    pub fn to_metres(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        [
            (lon - self.origin[0]) * self.metres_per_degree[0],
            (lat - self.origin[1]) * self.metres_per_degree[1],
        ]
    }
    /// Longitude and latitude in degrees, of metres east and north of the origin.
    pub fn to_degrees(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.origin[0] + x / self.metres_per_degree[0],
            self.origin[1] + y / self.metres_per_degree[1],
        ]
    }
}

/// Distance between two points in metres.
pub(crate) fn distance(p: [f64; 2], q: [f64; 2]) -> f64 {
    libm::hypot(p[0] - q[0], p[1] - q[1])
}

/// Length of a line in metres.
pub(crate) fn line_length(line: &[[f64; 2]]) -> f64 {
    line.windows(2).map(|w| distance(w[0], w[1])).sum()
}

/// Distance from `p` to the nearest point of a line and the length of the line up to that point, m.
pub(crate) fn nearest_on_line(line: &[[f64; 2]], p: [f64; 2]) -> (f64, f64) {
    let mut best = (f64::INFINITY, 0.0);
    let mut walked = 0.0;
    for w in line.windows(2) {
        let (dx, dy) = (w[1][0] - w[0][0], w[1][1] - w[0][1]);
        let squared = dx * dx + dy * dy;
        let share = if squared > 0.0 {
            (((p[0] - w[0][0]) * dx + (p[1] - w[0][1]) * dy) / squared).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let away = distance(p, [w[0][0] + share * dx, w[0][1] + share * dy]);
        let length = libm::sqrt(squared);
        if away < best.0 {
            best = (away, walked + share * length);
        }
        walked += length;
    }
    best
}

/// For every node, the lowest node of its connected component.
pub(crate) fn components(nodes: usize, ends: impl IntoIterator<Item = (usize, usize)>) -> Vec<usize> {
    fn root(parent: &mut [usize], mut i: usize) -> usize {
        while parent[i] != i {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        i
    }
    let mut parent: Vec<usize> = (0..nodes).collect();
    for (a, b) in ends {
        let (a, b) = (root(&mut parent, a), root(&mut parent, b));
        let (low, high) = (a.min(b), a.max(b));
        parent[high] = low;
    }
    (0..nodes).map(|i| root(&mut parent, i)).collect()
}
