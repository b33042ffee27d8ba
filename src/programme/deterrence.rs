//! Sought people keep away from where facial recognition has been, and some of them go elsewhere.

use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// Hours deployed that are remembered at each site.
#[derive(Clone, Debug)]
pub struct Deterrence {
    /// Remembered hours by site (X).
    pub stock_h: Vec<f64>,
    decay: f64,
    effect: f64,
    scale_h: f64,
    displaced: f64,
    /// Share of the displaced of each site that go to each other one.
    towards: Vec<Vec<f64>>,
    /// Sought visits of each site relative to one another, without deterrence.
    usual: Vec<f64>,
}

impl Deterrence {
    /// Nothing remembered yet. `usual` are sought visits by site; `distance_km` between sites.
    pub fn new(numbers: &Numbers, usual: Vec<f64>, distance_km: &[Vec<f64>]) -> Self {
        let scale_km = numbers.get(param::SOUGHT_KM);
        let towards = distance_km
            .iter()
            .enumerate()
            .map(|(j, row)| {
                let pull = |l: usize| {
                    if l == j || usual[l] <= 0.0 {
                        0.0
                    } else {
                        libm::exp(-row[l] / scale_km)
                    }
                };
                let weights: Vec<f64> = (0..row.len()).map(pull).collect();
                let total: f64 = weights.iter().sum();
                let share = |w: &f64| if total > 0.0 { w / total } else { 0.0 };
                weights.iter().map(share).collect()
            })
            .collect();
        Deterrence {
            stock_h: vec![0.0; usual.len()],
            decay: libm::exp2(-1.0 / numbers.get(param::DETERRENCE_DAYS)),
            effect: numbers.get(param::DETERRENCE),
            scale_h: numbers.get(param::DETERRENCE_H),
            displaced: numbers.get(param::DISPLACED),
            towards,
            usual,
        }
    }

    /// A day has passed on which each site saw so many hours.
    pub fn pass(&mut self, hours: &[f64]) {
        for (stock, hours) in self.stock_h.iter_mut().zip(hours) {
            *stock = *stock * self.decay + hours;
        }
    }

    /// Share of sought people who still come to a site.
    fn stays(&self, site: usize) -> f64 {
        libm::exp(self.effect * libm::expm1(-self.stock_h[site] / self.scale_h))
    }

    /// Presence of sought people at a site relative to a world without deployments: exactly 1 when nobody is deterred.
    pub fn presence(&self, site: usize) -> f64 {
        if self.usual[site] <= 0.0 {
            return self.stays(site);
        }
        let gained: f64 = (0..self.usual.len())
            .map(|j| self.displaced * (1.0 - self.stays(j)) * self.towards[j][site] * self.usual[j])
            .sum();
        self.stays(site) + gained / self.usual[site]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::testing::numbers;

    fn three(numbers: &Numbers) -> Deterrence {
        let distance = [vec![0.0, 1.0, 5.0], vec![1.0, 0.0, 4.0], vec![5.0, 4.0, 0.0]];
        Deterrence::new(numbers, vec![3.0, 1.0, 2.0], &distance)
    }

    #[test]
    fn v18_the_stock_settles_at_hours_over_what_is_forgotten() {
        let half_life = 14.0;
        let mut deterrence = three(&numbers(&[(param::DETERRENCE_DAYS, half_life)]));
        (0..2000).for_each(|_| deterrence.pass(&[5.8, 0.0, 1.0]));
        let factor = 1.0 / (1.0 - 0.5_f64.powf(1.0 / half_life));
        assert!((deterrence.stock_h[0] - 5.8 * factor).abs() < 1e-9);
        assert_eq!(deterrence.stock_h[1], 0.0);
        assert!((deterrence.stock_h[2] - factor).abs() < 1e-9);
    }

    #[test]
    fn t17_without_deterrence_presence_is_what_it_was() {
        for displaced in [0.0, 0.5, 1.0] {
            let mut deterrence = three(&numbers(&[(param::DETERRENCE, 0.0), (param::DISPLACED, displaced)]));
            deterrence.pass(&[9.0, 0.0, 3.0]);
            assert_eq!([0, 1, 2].map(|s| deterrence.presence(s)), [1.0; 3]);
        }
    }

    #[test]
    fn the_displaced_are_not_lost_and_the_absent_are() {
        let total = |displaced: f64| {
            let mut deterrence = three(&numbers(&[(param::DETERRENCE, 0.4), (param::DISPLACED, displaced)]));
            deterrence.pass(&[9.0, 0.0, 3.0]);
            (0..3)
                .map(|s| deterrence.presence(s) * deterrence.usual[s])
                .sum::<f64>()
        };
        assert!((total(1.0) - 6.0).abs() < 1e-12);
        assert!(total(0.0) < 5.5 && total(0.5) > total(0.0));
    }
}
