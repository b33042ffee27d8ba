//! How like somebody else on the list a face looked, whether or not that raised an alert: for telling, not for deciding.

use super::{LEVEL_QUALITY, Matcher, ln_positive_stable, pick};
use crate::kernel::Stream;
use crate::kernel::draw::unit53;
use crate::scenario::world::Purpose;

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
        let block = population.block(Purpose::Person as u16, 0, 0, person);
        let fine = population.block(Purpose::PersonFine as u16, 0, 0, person);
        let ln_luck = ln_positive_stable(self.alpha, unit53(block.0[0], fine.0[0]), unit53(block.0[1], fine.0[1]));
        let noise = -libm::log1p(-unit53(look[0], look[1]));
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
            cell: pick(&self.matched[cell], unit53(block.0[3], fine.0[3])),
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
