//! Regression of figures of a deployment on normal effects: covariates, a level that drifts from month to month, groups of sites
//! and sites. Effects are integrated by Laplace's method; scales by a weighted set of points (Rue, Martino and Chopin 2009).

use crate::stats::linear::Cholesky;

/// How a figure scatters about its expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Counts, log link; the dispersion is the size (variance = mean + mean² / size).
    NegativeBinomial,
    /// Successes among trials, logit link; no dispersion.
    Binomial,
    /// A real number, identity link; the dispersion is the sd.
    Normal,
}

/// A normal prior of a covariate's coefficient.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct NormalPrior {
    pub mean: f64,
    pub sd: f64,
}

/// A log-normal prior of a scale; with `log_sd` zero the scale is fixed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct ScalePrior {
    pub median: f64,
    pub log_sd: f64,
}

/// The scales of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scales<T> {
    /// Sd of the level's step from one month to the next.
    pub step: T,
    /// Sd between sites of a group.
    pub site: T,
    /// Sd between groups.
    pub group: T,
    /// Dispersion of the family.
    pub dispersion: T,
}

impl<T: Copy> Scales<T> {
    pub(super) fn array(&self) -> [T; 4] {
        [self.step, self.site, self.group, self.dispersion]
    }
    pub(super) fn of([step, site, group, dispersion]: [T; 4]) -> Self {
        Scales {
            step,
            site,
            group,
            dispersion,
        }
    }
}

/// One observed figure.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The figure.
    pub y: f64,
    /// Trials (binomial), or what multiplies the dispersion (normal); not used for counts.
    pub trials: f64,
    /// Known part of the linear predictor.
    pub offset: f64,
    /// Index of its site.
    pub site: Option<u32>,
    /// Index of its group.
    pub group: Option<u32>,
    /// Month, counted from the first of the model.
    pub period: u32,
    /// Covariates, one for each prior of the model; the first is 1.
    pub x: Vec<f64>,
}

/// What is fitted.
#[derive(Clone, Debug)]
pub struct Model {
    /// Family of the figure.
    pub family: Family,
    /// Priors of the coefficients. The first is the level in the last month.
    pub coefficients: Vec<NormalPrior>,
    /// Priors of the scales.
    pub scales: Scales<ScalePrior>,
    /// Number of sites.
    pub sites: usize,
    /// Number of groups.
    pub groups: usize,
    /// Number of months; the last is the one in which the record is cut.
    pub periods: usize,
}

/// The normal approximation at one set of scales.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub scales: Scales<f64>,
    /// Centre of coefficients, months before the last, and groups.
    pub common: Vec<f64>,
    /// Factor of their precision.
    pub factor: Cholesky,
    /// Centre, own precision and coupling to the common effects of each site.
    pub sites: Vec<SiteEffect>,
    /// Log of the posterior density of the scales, up to a constant.
    pub(super) log_density: f64,
}

/// A site's effect given the common ones: normal about `centre - coupling · (common - their centre) / precision`.
#[derive(Clone, Debug)]
pub(crate) struct SiteEffect {
    pub centre: f64,
    pub precision: f64,
    pub coupling: Vec<(u32, f64)>,
}

/// A fitted model: normal approximations at several sets of scales, with weights that sum to one.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// The model.
    pub model: Model,
    /// Number of observations.
    pub observations: usize,
    pub(crate) points: Vec<(Point, f64)>,
}

impl Model {
    pub(super) fn columns(&self) -> usize {
        self.coefficients.len() + self.periods.saturating_sub(1) + self.groups
    }
    /// Column of a month; the last has none, since the first coefficient is its level.
    pub(crate) fn period_column(&self, period: u32) -> Option<usize> {
        ((period as usize) + 1 < self.periods).then_some(self.coefficients.len() + period as usize)
    }
    pub(crate) fn group_column(&self, group: u32) -> usize {
        self.coefficients.len() + self.periods.saturating_sub(1) + group as usize
    }
}
