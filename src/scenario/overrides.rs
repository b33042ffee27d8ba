//! What the command line changes about a scenario.

/// What the command line changes about a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// `--set key=value`, in order: dotted key, and value as TOML or as a bare word.
    pub set: Vec<(String, String)>,
    /// Master seed.
    pub seed: Option<u64>,
    /// Replications per strategy.
    pub replications: Option<u32>,
    /// Whether doubtful parameters are drawn.
    pub uncertainty: Option<bool>,
    /// Only these strategies (in the order of the file).
    pub strategies: Option<Vec<String>>,
    /// The strategy that others are compared with.
    pub baseline: Option<String>,
    /// Confidence level.
    pub level: Option<f64>,
}
