//! A place: streets, gates, attractors and mounts, in metres around its origin. Read from the project's own GeoJSON.

/// Kind of street, for its default width and for what may stand on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Stable id within the place.
    pub id: String,
    /// Index of the first node.
    pub a: usize,
    /// Index of the last node.
    pub b: usize,
    /// Street name, or an empty text.
    pub name: String,
    /// OpenStreetMap highway value.
    pub kind: String,
    /// Walked length, m.
    pub length_m: f64,
    /// Effective width for walkers, m.
    pub width_m: f64,
    /// Points from `a` to `b`, metres east and north of the origin.
    pub line: Vec<[f64; 2]>,
}

/// Where people enter and leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// Stable id; draws are keyed by its hash.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Node index.
    pub node: usize,
    /// "station", "street" and the like.
    pub kind: String,
    /// Persons entering per clock hour: Monday to Thursday, Friday, Saturday, Sunday.
    pub persons_per_hour: [[f64; 24]; 4],
}

/// Where people go.
#[derive(Clone, Debug, PartialEq)]
pub struct Attractor {
    /// Stable id.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Node index.
    pub node: usize,
    /// Pull, in any unit.
    pub weight: f64,
}

/// What a mount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MountSite {
    /// A lamp post.
    Lamp,
    /// Where a van can stand.
    VanBay,
    /// A position on a sketch street.
    Sketch,
}

/// Where a camera can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Mount {
    /// Stable id that scenarios name.
    pub id: String,
    /// What it is.
    pub kind: MountSite,
    /// Index of its edge.
    pub edge: usize,
    /// Distance along that edge from its first node, m.
    pub offset_m: f64,
    /// Position, metres east and north of the origin.
    pub at: [f64; 2],
    /// Whether its position was surveyed, or placed by rule.
    pub surveyed: bool,
}

/// What demand is fitted to when the streets are prepared: how many people walk past a mount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DemandFit {
    /// Index of the mount.
    pub mount: usize,
    /// Persons per hour, both ways together, who walk past it in the usual hours of an ordinary day.
    pub persons_per_hour: f64,
}

/// An immutable place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Short name.
    pub name: String,
    /// Title for readers.
    pub title: String,
    /// Licence of the data.
    pub licence: String,
    /// Attribution lines that must be shown wherever it is drawn.
    pub attribution: Vec<String>,
    /// How it was made and what was assumed.
    pub notes: Vec<String>,
    /// Whether it is a sketch and not surveyed.
    pub sketch: bool,
    /// IANA time zone.
    pub timezone: String,
    /// Longitude and latitude of the origin, degrees.
    pub origin: [f64; 2],
    /// Factor of every gate's arrivals, fitted so that a published placement gives the published faces.
    pub demand_scale: f64,
    /// What the arrivals of a sketch are fitted to, on top of that factor; their shares by gate and hour stay.
    pub fit: Option<DemandFit>,
    /// Nodes, metres east and north of the origin.
    pub nodes: Vec<[f64; 2]>,
    /// Street edges.
    pub edges: Vec<Edge>,
    /// Gates.
    pub gates: Vec<Gate>,
    /// Attractors.
    pub attractors: Vec<Attractor>,
    /// Mounts.
    pub mounts: Vec<Mount>,
}
