//! Figures that follow from parameters in closed form.

use super::super::draws::{Purpose, stream, uniform};
use super::answers::{DRAWS, Evidence};
use super::{Answer, answer};
use crate::scenario::registry::{ParamId, param};
use crate::stats::counts::binomial_quantile;
use crate::stats::dist::{normal_cdf, poisson_quantile};

impl Evidence<'_> {
    pub(super) fn uniforms(&self, index: u32) -> impl Iterator<Item = f64> {
        let draws = stream(self.seed, 15);
        (0..DRAWS).map(move |d| uniform(draws, Purpose::Extra, d, index, 11))
    }

    /// Values of a parameter in plausible worlds.
    pub(super) fn worlds(&self, id: ParamId) -> Vec<f64> {
        let values = &self.plan.values;
        let world = |r: u32| {
            let draws = crate::scenario::world::Draws::new(self.seed, r);
            crate::scenario::world::Numbers::draw(values, Some(draws.world)).get(id)
        };
        (0..DRAWS as u32).map(world).collect()
    }

    /// People with at least one false match: 400 volunteers, 10 passes each, a gallery of 178,000; 1 in 6,000 for 10,000 at 0.60.
    pub(super) fn falsely_matched(&self, threshold: f64) -> Answer {
        let alpha = self.worlds(param::PERSON_EFFECT);
        let draws = (0..DRAWS).zip(self.uniforms(5)).map(|(d, u)| {
            // The test's own slope, by the counts of people at each threshold: 45, give or take 9.
            let slope =
                45.0 + 9.0 * crate::stats::dist::normal_quantile(crate::kernel::draw::unit(d as u32 * 4_294_967));
            let matches = 17.8 / 6000.0 * libm::exp(-slope * (threshold - 0.60));
            let share = -libm::expm1(-libm::pow(10.0, alpha[d % alpha.len()]) * matches);
            f64::from(binomial_quantile(u, 400, share))
        });
        answer(
            draws.collect(),
            "closed form of the matcher's extremes; level and slope were chosen to fit this test",
        )
    }

    pub(super) fn passed_on(&self) -> Vec<f64> {
        let (sensitivity, criterion) = (self.worlds(param::SENSITIVITY), self.worlds(param::CRITERION));
        let draws = (0..DRAWS).zip(self.uniforms(6)).zip(self.uniforms(7));
        draws
            .map(|((d, u), v)| {
                let right = 8 + (v * 5.0) as u32;
                let pass = |shift: f64| normal_cdf(shift - criterion[d]);
                let of_right = binomial_quantile(u, right, pass(0.5 * sensitivity[d]));
                let of_wrong = binomial_quantile(1.0 - u, 42 - right, pass(-0.5 * sensitivity[d]));
                f64::from(of_right + of_wrong)
            })
            .collect()
    }

    pub(super) fn right_matches(&self) -> Vec<f64> {
        let presence = self.worlds(param::PREVALENCE);
        let draws = (0..DRAWS).zip(self.uniforms(9)).zip(self.uniforms(10));
        draws
            .map(|((d, u), v)| {
                let right = presence[d] * 2400.0 / 16_000.0 * (0.5 + 0.4 * v);
                f64::from(binomial_quantile(u, 42, right / (right + 1e-3)))
            })
            .collect()
    }

    pub(super) fn wider(&self) -> Vec<f64> {
        let rates = self.worlds(param::WIDER_PER_OFFICER_H);
        let draws = rates.iter().zip(self.uniforms(14));
        draws
            .map(|(rate, u)| poisson_quantile(u, rate * 12.0 * 8.0) as f64)
            .collect()
    }
}
