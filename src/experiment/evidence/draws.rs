//! Draws from a fitted regression, and what it predicts for a deployment.

use super::regression::{Point, Posterior};
use crate::kernel::{Stream, name_hash};
use crate::stats::dist::normal_quantile;

/// Class of the streams of fits and forecasts; 1 to 3 are those of simulated replications.
const CLASS: u32 = 9;

/// What a draw is for.
#[derive(Clone, Copy)]
#[repr(u16)]
pub(crate) enum Purpose {
    /// Common effects; index is the column.
    Common = 1,
    /// A site's effect; entity is its index, or the hash of its name.
    Site = 2,
    /// The effect of a group without observations; entity is the hash of its name.
    Group = 3,
    /// The level's step into a month after the last; index is the month.
    Step = 4,
    /// A forecast; entity is the row: words the count, the count.
    Count = 5,
    /// A forecast's duration and residual of faces; entity is the row.
    Extra = 6,
    /// The randomised part of a probability integral transform; entity is the row.
    Transform = 7,
    /// A forecast of a benchmark; entity is the row.
    Benchmark = 8,
}

/// The stream of a model's draws.
pub(crate) fn stream(seed: u64, model: u32) -> Stream {
    Stream::new(seed, model, CLASS)
}

/// A standard normal.
pub(crate) fn normal(stream: Stream, purpose: Purpose, draw: usize, index: u32, entity: u64) -> f64 {
    // Sub is too narrow for a draw's number, so it joins the entity.
    normal_quantile(uniform(stream, purpose, draw, index, entity))
}

/// A uniform in (0, 1).
pub(crate) fn uniform(stream: Stream, purpose: Purpose, draw: usize, index: u32, entity: u64) -> f64 {
    let keyed = entity ^ (draw as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    stream.block(purpose as u16, 0, index, keyed).fine(0)
}

/// A site or a group, as a forecast sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It has observations.
    Known(u32),
    /// It has none; the hash of its name.
    New(u64),
}

impl Place {
    /// A place without observations.
    pub fn new(name: &str) -> Self {
        Place::New(name_hash(name))
    }
}

/// What a forecast is asked for.
#[derive(Clone, Debug)]
pub struct Target {
    /// Known part of the linear predictor.
    pub offset: f64,
    /// The site.
    pub site: Place,
    /// The group.
    pub group: Place,
    /// Month, counted from the first of the model; may lie after the last.
    pub period: u32,
    /// Covariates.
    pub x: Vec<f64>,
}

/// Draws from a posterior.
#[derive(Clone, Debug)]
pub struct Draws {
    posterior: Posterior,
    stream: Stream,
    list: Vec<Draw>,
}

#[derive(Clone, Debug)]
struct Draw {
    point: usize,
    common: Vec<f64>,
}

/// Months after the last beyond which the level's further drift is not followed.
const FARTHEST: u32 = 60;

impl Draws {
    /// Makes `count` draws. `model` numbers the streams of several models of one fit.
    pub fn new(posterior: Posterior, seed: u64, model: u32, count: usize) -> Self {
        let stream = stream(seed, model);
        let order = stride(count, model);
        let mut list = vec![None; count];
        let (mut point, mut below) = (0, posterior.points.first().map_or(1.0, |p| p.1));
        for i in 0..count {
            while (i as f64 + 0.5) / count as f64 > below && point + 1 < posterior.points.len() {
                point += 1;
                below += posterior.points[point].1;
            }
            let draw = (i * order) % count;
            let mut common: Vec<f64> = (0..posterior.points[point].0.common.len())
                .map(|c| normal(stream, Purpose::Common, draw, c as u32, 0))
                .collect();
            posterior.points[point].0.factor.backward(&mut common);
            common
                .iter_mut()
                .zip(&posterior.points[point].0.common)
                .for_each(|(x, m)| *x += m);
            list[draw] = Some(Draw { point, common });
        }
        Draws {
            posterior,
            stream,
            list: list.into_iter().flatten().collect(),
        }
    }

    /// Number of draws.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn point(&self, draw: usize) -> &Point {
        &self.posterior.points[self.list[draw].point].0
    }

    /// A coefficient.
    pub fn coefficient(&self, draw: usize, index: usize) -> f64 {
        self.list[draw].common[index]
    }

    /// The scales: step, site, group, dispersion.
    pub fn scales(&self, draw: usize) -> [f64; 4] {
        let s = self.point(draw).scales;
        [s.step, s.site, s.group, s.dispersion]
    }

    /// The dispersion of the family.
    pub fn dispersion(&self, draw: usize) -> f64 {
        self.point(draw).scales.dispersion
    }

    /// A site's effect.
    pub fn site(&self, draw: usize, site: Place) -> f64 {
        let point = self.point(draw);
        match site {
            Place::New(hash) => point.scales.site * normal(self.stream, Purpose::Site, draw, 1, hash),
            Place::Known(index) => {
                let effect = &point.sites[index as usize];
                let common = &self.list[draw].common;
                let pull: f64 = effect
                    .coupling
                    .iter()
                    .map(|(c, b)| b * (common[*c as usize] - point.common[*c as usize]))
                    .sum();
                let z = normal(self.stream, Purpose::Site, draw, 0, u64::from(index));
                effect.centre - pull / effect.precision + z / libm::sqrt(effect.precision)
            }
        }
    }

    /// A group's effect.
    pub fn group(&self, draw: usize, group: Place) -> f64 {
        match group {
            Place::Known(index) => self.list[draw].common[self.posterior.model.group_column(index)],
            Place::New(hash) => self.point(draw).scales.group * normal(self.stream, Purpose::Group, draw, 0, hash),
        }
    }

    /// The level of a month against that of the last month of the model.
    pub fn level(&self, draw: usize, period: u32) -> f64 {
        let model = &self.posterior.model;
        if let Some(column) = model.period_column(period) {
            return self.list[draw].common[column];
        }
        let last = (model.periods as u32).saturating_sub(1);
        let step = self.point(draw).scales.step;
        (last + 1..=period.min(last + FARTHEST))
            .map(|month| step * normal(self.stream, Purpose::Step, draw, month, 0))
            .sum()
    }

    /// The linear predictor of a target.
    pub fn predictor(&self, draw: usize, target: &Target) -> f64 {
        let common = &self.list[draw].common;
        target.offset
            + target.x.iter().zip(common).map(|(x, c)| x * c).sum::<f64>()
            + self.level(draw, target.period)
            + self.group(draw, target.group)
            + self.site(draw, target.site)
    }
}

/// A stride that visits every draw once and differs from model to model, so that draws of different models are not in step.
fn stride(count: usize, model: u32) -> usize {
    let shares_a_factor = |a: usize, b: usize| {
        let (mut a, mut b) = (a, b);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        a > 1
    };
    let mut candidate = count / 3 + 2 + 7 * model as usize;
    while count > 1 && shares_a_factor(candidate, count) {
        candidate += 1;
    }
    candidate
}
