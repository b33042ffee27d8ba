//! Fitting of a regression: Laplace's method for the effects, a weighted set of points for the scales.

use super::regression::{Family, Model, Observation, Point, Posterior, Scales, SiteEffect};
use crate::stats::linear::Cholesky;
use std::collections::BTreeMap;

/// Points of the scales' posterior that are tried.
const POINTS: usize = 256;
/// Observations beyond which the scales are known well enough to be taken at their mode.
const MANY: usize = 5000;

impl Model {
    /// Fits the model.
    pub fn fit(self, observations: &[Observation]) -> Posterior {
        let data = Design::new(&self, observations);
        let search = Search::new(&self, &data);
        let points = search.points();
        Posterior {
            observations: observations.len(),
            points,
            model: self,
        }
    }
}

/// Observations with their columns, prepared once.
struct Design<'a> {
    observations: &'a [Observation],
    /// Non-zero columns of each observation, with the place of each in its site's list.
    columns: Vec<Vec<(u32, f64, u32)>>,
    /// Columns that each site's observations touch.
    touched: Vec<Vec<u32>>,
}

impl<'a> Design<'a> {
    fn new(model: &Model, observations: &'a [Observation]) -> Self {
        let mut columns: Vec<Vec<(u32, f64, u32)>> = Vec::with_capacity(observations.len());
        let mut touched: Vec<BTreeMap<u32, u32>> = vec![BTreeMap::new(); model.sites];
        for o in observations {
            let mut row: Vec<(u32, f64, u32)> = Vec::new();
            row.extend(
                o.x.iter()
                    .enumerate()
                    .filter(|(_, x)| **x != 0.0)
                    .map(|(i, x)| (i as u32, *x, 0)),
            );
            row.extend(model.period_column(o.period).map(|c| (c as u32, 1.0, 0)));
            row.extend(o.group.map(|g| (model.group_column(g) as u32, 1.0, 0)));
            if let Some(site) = o.site {
                touched[site as usize].extend(row.iter().map(|c| (c.0, 0)));
            }
            columns.push(row);
        }
        for list in &mut touched {
            list.values_mut().enumerate().for_each(|(i, place)| *place = i as u32);
        }
        for (o, row) in observations.iter().zip(&mut columns) {
            if let Some(site) = o.site {
                row.iter_mut().for_each(|c| c.2 = touched[site as usize][&c.0]);
            }
        }
        Design {
            observations,
            columns,
            touched: touched.iter().map(|t| t.keys().copied().collect()).collect(),
        }
    }
}

/// Log density, its slope and its curvature (negated) in the linear predictor.
fn density(family: Family, o: &Observation, eta: f64, dispersion: f64) -> (f64, f64, f64) {
    match family {
        Family::NegativeBinomial => {
            let k = dispersion;
            let mean = libm::exp(eta.clamp(-30.0, 30.0));
            let p = mean / (mean + k);
            let log = libm::lgamma(o.y + k) - libm::lgamma(k) - libm::lgamma(o.y + 1.0) - k * libm::log1p(mean / k)
                + if o.y > 0.0 { o.y * libm::log(p) } else { 0.0 };
            (log, o.y - (o.y + k) * p, (o.y + k) * p * (1.0 - p))
        }
        Family::Binomial => {
            let p = crate::stats::dist::logistic(eta);
            let log_odds = o.y * eta - o.trials * (eta.max(0.0) + libm::log1p(libm::exp(-eta.abs())));
            (log_odds, o.y - o.trials * p, o.trials * p * (1.0 - p))
        }
        Family::Normal => {
            let dispersion = dispersion * o.trials;
            let z = (o.y - eta) / dispersion;
            (
                -0.5 * z * z - libm::log(dispersion),
                z / dispersion,
                1.0 / (dispersion * dispersion),
            )
        }
    }
}

/// The effects at which the posterior is expanded.
#[derive(Clone)]
struct Effects {
    common: Vec<f64>,
    sites: Vec<f64>,
}

/// The slope and curvature at given effects.
struct Expansion {
    log: f64,
    slope: Vec<f64>,
    curvature: Vec<f64>,
    sites: Vec<(f64, f64, Vec<f64>)>,
}

struct Search<'a> {
    model: &'a Model,
    data: &'a Design<'a>,
    /// Scales that are not fixed.
    free: Vec<usize>,
    start: Effects,
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, data: &'a Design<'a>) -> Self {
        let absent = [
            model.periods < 2,
            model.sites == 0,
            model.groups == 0,
            model.family == Family::Binomial,
        ];
        let priors = model.scales.array();
        let mut start = Effects {
            common: vec![0.0; model.columns()],
            sites: vec![0.0; model.sites],
        };
        for (c, prior) in start.common.iter_mut().zip(&model.coefficients) {
            *c = prior.mean;
        }
        let mut search = Search {
            model,
            data,
            free: (0..4).filter(|i| priors[*i].log_sd > 0.0 && !absent[*i]).collect(),
            start,
        };
        if let Some(point) = search.point(&vec![0.0; search.free.len()]) {
            search.start = Effects {
                common: point.common,
                sites: point.sites.iter().map(|s| s.centre).collect(),
            };
        }
        search
    }

    /// Scales at standard scores of their priors.
    fn scales(&self, z: &[f64]) -> Scales<f64> {
        let mut scales = self.model.scales.array().map(|p| p.median);
        for (i, z) in self.free.iter().zip(z) {
            let prior = self.model.scales.array()[*i];
            scales[*i] = prior.median * libm::exp(prior.log_sd * z.clamp(-6.0, 6.0));
        }
        Scales::of(scales)
    }

    /// Precision of the common effects a priori, lower triangle, and its log determinant (free parts).
    fn prior(&self, scales: &Scales<f64>) -> (Vec<f64>, f64) {
        let (model, n) = (self.model, self.model.columns());
        let mut q = vec![0.0; n * n];
        let first = model.coefficients.len();
        for (i, prior) in model.coefficients.iter().enumerate() {
            q[i * n + i] = 1.0 / (prior.sd * prior.sd);
        }
        let months = model.periods.saturating_sub(1);
        let step = 1.0 / (scales.step * scales.step);
        for month in 0..months {
            // The step from this month to the next, which for the last of these is the level itself (zero here).
            let at = first + month;
            q[at * n + at] += step;
            if month + 1 < months {
                q[(at + 1) * n + at + 1] += step;
                q[(at + 1) * n + at] -= step;
            }
        }
        let group = 1.0 / (scales.group * scales.group);
        for g in 0..model.groups {
            let at = first + months + g;
            q[at * n + at] = group;
        }
        let log_determinant = months as f64 * libm::log(step) + model.groups as f64 * libm::log(group);
        (q, log_determinant)
    }

    fn expand(&self, scales: &Scales<f64>, q: &[f64], at: &Effects) -> Expansion {
        let n = self.model.columns();
        let site_precision = 1.0 / (scales.site * scales.site);
        let mut e = Expansion {
            log: 0.0,
            slope: vec![0.0; n],
            curvature: q.to_vec(),
            sites: Vec::with_capacity(at.sites.len()),
        };
        let from_mean = |i: usize| at.common[i] - self.model.coefficients.get(i).map_or(0.0, |p| p.mean);
        for i in 0..n {
            for j in 0..=i {
                let value = q[i * n + j];
                if value != 0.0 {
                    let (a, b) = (from_mean(i), from_mean(j));
                    e.slope[i] -= value * b;
                    if i != j {
                        e.slope[j] -= value * a;
                    }
                    e.log -= if i == j { 0.5 } else { 1.0 } * value * a * b;
                }
            }
        }
        for (u, touched) in at.sites.iter().zip(&self.data.touched) {
            e.log -= 0.5 * site_precision * u * u;
            e.sites
                .push((-site_precision * u, site_precision, vec![0.0; touched.len()]));
        }
        for (o, columns) in self.data.observations.iter().zip(&self.data.columns) {
            let eta = o.offset
                + columns.iter().map(|(c, x, _)| x * at.common[*c as usize]).sum::<f64>()
                + o.site.map_or(0.0, |s| at.sites[s as usize]);
            let (log, slope, weight) = density(self.model.family, o, eta, scales.dispersion);
            e.log += log;
            for (i, (c, x, _)) in columns.iter().enumerate() {
                e.slope[*c as usize] += x * slope;
                for (d, y, _) in &columns[..=i] {
                    let (row, column) = (c.max(d), c.min(d));
                    e.curvature[*row as usize * n + *column as usize] += weight * x * y;
                }
            }
            if let Some(site) = o.site {
                let site = &mut e.sites[site as usize];
                site.0 += slope;
                site.1 += weight;
                columns
                    .iter()
                    .for_each(|(_, x, place)| site.2[*place as usize] += weight * x);
            }
        }
        e
    }

    /// Sites are eliminated from the curvature; what is left is factored.
    fn reduce(&self, e: &Expansion) -> Option<(Cholesky, Vec<f64>)> {
        let n = self.model.columns();
        let mut left = e.curvature.clone();
        let mut right = e.slope.clone();
        for (site, touched) in e.sites.iter().zip(&self.data.touched) {
            for (i, c) in touched.iter().enumerate() {
                right[*c as usize] -= site.2[i] * site.0 / site.1;
                for (j, d) in touched[..=i].iter().enumerate() {
                    left[*c as usize * n + *d as usize] -= site.2[i] * site.2[j] / site.1;
                }
            }
        }
        Cholesky::new(left, n).map(|factor| (factor, right))
    }

    /// The normal approximation at standard scores of the scales; Newton's method with halved steps.
    fn point(&self, z: &[f64]) -> Option<Point> {
        let scales = self.scales(z);
        let (q, log_determinant) = self.prior(&scales);
        let mut at = self.start.clone();
        let mut e = self.expand(&scales, &q, &at);
        for _ in 0..100 {
            let (factor, mut step) = self.reduce(&e)?;
            factor.solve(&mut step);
            let site_steps: Vec<f64> = e
                .sites
                .iter()
                .zip(&self.data.touched)
                .map(|(s, touched)| {
                    let drawn: f64 = touched.iter().zip(&s.2).map(|(c, b)| b * step[*c as usize]).sum();
                    (s.0 - drawn) / s.1
                })
                .collect();
            let largest = step.iter().chain(&site_steps).fold(0.0_f64, |m, s| m.max(s.abs()));
            let mut share = (5.0 / largest).min(1.0);
            let next = loop {
                let moved = Effects {
                    common: at.common.iter().zip(&step).map(|(x, s)| x + share * s).collect(),
                    sites: at.sites.iter().zip(&site_steps).map(|(x, s)| x + share * s).collect(),
                };
                let expansion = self.expand(&scales, &q, &moved);
                if expansion.log >= e.log - 1e-9 * e.log.abs() || share < 1e-6 {
                    break (moved, expansion);
                }
                share *= 0.5;
            };
            (at, e) = next;
            if largest < 1e-6 {
                break;
            }
        }
        let (factor, _) = self.reduce(&e)?;
        let sites: Vec<SiteEffect> = e
            .sites
            .iter()
            .zip(&self.data.touched)
            .zip(&at.sites)
            .map(|((s, touched), u)| SiteEffect {
                centre: *u,
                precision: s.1,
                coupling: touched.iter().copied().zip(s.2.iter().copied()).collect(),
            })
            .collect();
        let own: f64 = sites
            .iter()
            .map(|s| libm::log(s.precision * scales.site * scales.site))
            .sum();
        let log_density = e.log + 0.5 * log_determinant
            - 0.5 * (factor.log_determinant() + own)
            - 0.5 * z.iter().map(|z| z * z).sum::<f64>();
        log_density.is_finite().then_some(Point {
            scales,
            common: at.common,
            factor,
            sites,
            log_density,
        })
    }

    /// Points that stand for the posterior of the scales, with their weights.
    fn points(&self) -> Vec<(Point, f64)> {
        let d = self.free.len();
        let log = |z: &[f64]| self.point(z).map_or(f64::NEG_INFINITY, |p| p.log_density);
        let many = self.data.observations.len() > MANY;
        let most = if many { 10 } else { 40 } * (d + 1);
        let (mode, _) = crate::stats::minimise::nelder_mead(&vec![0.0; d], &vec![0.6; d], 0.02, most, |z| -log(z));
        if d == 0 || many {
            return self.point(&mode).map(|p| (p, 1.0)).into_iter().collect();
        }
        let proposal = curvature(&mode, &log);
        let count = POINTS;
        let mut points: Vec<(Point, f64)> = Vec::with_capacity(count);
        for i in 0..count {
            let normal: Vec<f64> = (0..d)
                .map(|j| crate::stats::dist::normal_quantile(lattice(i, j, d)))
                .collect();
            let mut z = normal.clone();
            proposal.backward(&mut z);
            let z: Vec<f64> = z.iter().zip(&mode).map(|(z, m)| m + WIDER * z).collect();
            if let Some(point) = self.point(&z) {
                let log_weight = point.log_density + 0.5 * normal.iter().map(|z| z * z).sum::<f64>();
                points.push((point, log_weight));
            }
        }
        if points.is_empty() {
            points.extend(self.point(&vec![0.0; d]).map(|p| (p, 0.0)));
        }
        let most = points.iter().fold(f64::NEG_INFINITY, |m, p| m.max(p.1));
        points.iter_mut().for_each(|p| p.1 = libm::exp(p.1 - most));
        let total: f64 = points.iter().map(|p| p.1).sum();
        points.iter_mut().for_each(|p| p.1 /= total);
        points.retain(|p| p.1 > 1e-6);
        points
    }
}

/// Points are spread this much wider than the curvature at the mode says.
const WIDER: f64 = 1.2;

/// Factor of the curvature of `-log` at its lowest point, from second differences; at least half that of the prior.
fn curvature(mode: &[f64], log: &impl Fn(&[f64]) -> f64) -> Cholesky {
    const H: f64 = 0.35;
    let d = mode.len();
    let value = |steps: &[(usize, f64)]| {
        let mut z = mode.to_vec();
        steps.iter().for_each(|(i, s)| z[*i] += s * H);
        -log(&z)
    };
    let centre = value(&[]);
    let mut a = vec![0.0; d * d];
    for i in 0..d {
        let second = (value(&[(i, 1.0)]) - 2.0 * centre + value(&[(i, -1.0)])) / (H * H);
        a[i * d + i] = if second.is_finite() { second.max(0.5) } else { 1.0 };
        for j in 0..i {
            let mixed = value(&[(i, 1.0), (j, 1.0)]) - value(&[(i, 1.0), (j, -1.0)]) - value(&[(i, -1.0), (j, 1.0)])
                + value(&[(i, -1.0), (j, -1.0)]);
            let mixed = mixed / (4.0 * H * H);
            a[i * d + j] = if mixed.is_finite() { mixed } else { 0.0 };
        }
    }
    loop {
        if let Some(factor) = Cholesky::new(a.clone(), d) {
            return factor;
        }
        for i in 0..d {
            for j in 0..i {
                a[i * d + j] *= 0.5;
            }
            a[i * d + i] = if a[i * d + i].is_finite() {
                a[i * d + i] + 0.5
            } else {
                1.0
            };
        }
    }
}

/// Coordinate `j` of `d` of point `i` of an evenly spread sequence in the unit cube (additive recurrence).
fn lattice(i: usize, j: usize, d: usize) -> f64 {
    // The root of x^(d+1) = x + 1 generalises the golden ratio.
    let root = (0..60).fold(1.5_f64, |x, _| libm::pow(1.0 + x, 1.0 / (d as f64 + 1.0)));
    let x = 0.5 + (i as f64 + 1.0) * libm::pow(root, -(j as f64 + 1.0));
    (x - libm::floor(x)).clamp(1e-6, 1.0 - 1e-6)
}
