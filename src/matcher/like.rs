//! How like somebody else on the list a face looked, whether or not that raised an alert: for telling, not for deciding.

use super::{LEVEL_QUALITY, Matcher, pick};
use crate::kernel::Stream;

/// How like somebody else on the list a face looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LookAlike {
    /// Best score against entries that are not the person; below every score where the algorithm was measured at higher
    /// thresholds only.
    pub score: f64,
    /// Group cell of that entry.
    pub cell: usize,
    /// Whether that entry is of a close relative.
    pub kin: bool,
    /// Chance that a search of this face at this quality raises a false alert, its look-alike luck included.
    pub own_chance: f64,
    /// The same chance for the average face of the group.
    pub mean_chance: f64,
    /// Shortest list, as a multiple of this one and chosen the same way, on which this search fires; 1 for a relative, whose
    /// entry alone decides.
    pub least_list: f64,
}

impl Matcher {
    /// The best likeness to another entry. Draws as in [`Matcher::false_match_at`] and [`Matcher::kin_match`].
    pub(crate) fn look_alike(
        &self,
        population: Stream,
        cell: usize,
        person: u64,
        look: [u32; 2],
        quality: f64,
    ) -> LookAlike {
        let [ln_luck, noise, pick_at] = self.luck(population, person, look);
        let by_quality = self.quality_weight * (LEVEL_QUALITY - quality);
        let ln_reached = self.alpha * (libm::log(noise) - ln_luck);
        let ln_ratio = ln_reached - libm::log(self.expected_matches[cell]) - by_quality;
        let kin = self.kin_match(population, cell, person);
        let relative = self.kin_chance[cell];
        let mean = -libm::expm1(-self.expected_matches[cell] * libm::exp(by_quality));
        let chance = LookAlike {
            score: match &self.measured {
                Some(measured) => measured.false_score(cell, ln_reached),
                None => self.fall.score_anywhere(cell, self.thresholds[cell], ln_ratio),
            },
            cell: pick(&self.matched[cell], pick_at),
            kin: false,
            own_chance: if kin.is_some() {
                1.0
            } else {
                -libm::expm1(-libm::exp(ln_luck) * self.scaled[cell] * self.weight(quality))
            },
            mean_chance: relative + (1.0 - relative) * mean,
            least_list: libm::exp(ln_ratio),
        };
        match kin {
            Some(kin) if kin.score > chance.score => LookAlike {
                score: kin.score,
                cell: kin.cell,
                kin: true,
                least_list: 1.0,
                ..chance
            },
            _ => chance,
        }
    }
}
