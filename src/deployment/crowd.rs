//! Many visits side by side, where nothing is asked of a visit but which faces are captured: one way from each gate, no
//! reactions, cameras that never close, and errors that do not belong to the person. The draws are those of the general
//! code; only the order of the work differs. A visit with a capture that might fire, or is shadowed, is left to the general code.

use super::eyes::{Eyes, in_sample, look_hash};
use super::observe::{Batch, Observer};
use crate::kernel::draw::LANES;
use crate::people::HourBlock;
use crate::scenario::world::Purpose;

/// Most views of one way.
const MOST_VIEWS: usize = 7;
/// Numbers of searches counted apart: none to all of them.
const COUNTS: usize = MOST_VIEWS + 1;

/// The way of every visit through one gate, if there is only one.
pub struct Crowd<'a> {
    eyes: &'a Eyes<'a>,
    gate: usize,
    /// Camera id of each view on the way.
    cameras: Vec<u32>,
    /// A capture word up to this is a capture.
    capture_to: u32,
    /// A captured face's impostor word below this might fire, by cell.
    might_fire_below: Vec<u32>,
    /// Expected false alerts of the n-th search, by cell.
    expected: Vec<[u64; MOST_VIEWS]>,
}

impl<'a> Crowd<'a> {
    /// The crowd of a gate, where the short way applies.
    pub fn new(eyes: &'a Eyes<'a>, gate: usize) -> Option<Self> {
        let path = eyes.day.only_way(gate)?;
        let views = eyes.views.of(path);
        let capture = eyes.fixed_capture()?;
        let plain = eyes.timeless() && eyes.day.everybody_new_and_alone() && !eyes.matcher.has_person_effect();
        if !plain || views.len() > MOST_VIEWS || eyes.anyone_unsearched() {
            return None;
        }
        let cells = eyes.matcher.expected_matches.len();
        Some(Crowd {
            eyes,
            gate,
            cameras: views
                .iter()
                .map(|v| eyes.scene.cameras[usize::from(v.camera)].id)
                .collect(),
            capture_to: u32::try_from(capture_words(capture).checked_sub(1)?).ok()?,
            might_fire_below: (0..cells).map(|c| eyes.matcher.word_limit(c)).collect(),
            expected: (0..cells)
                .map(|c| std::array::from_fn(|n| eyes.matcher.expected_increment(c, n as u32 + 1)))
                .collect(),
        })
    }

    /// Counts `count` visits; those that might fire go to `leave`.
    pub fn sweep<O: Observer>(&self, block: &HourBlock, count: u32, observer: &mut O, mut leave: impl FnMut(u32)) {
        let draws = &self.eyes.day.draws;
        let mut people = vec![[0_u64; COUNTS]; self.expected.len()];
        let mut hash = 0_u64;
        let mut left = 0;
        for first in (0..count).step_by(LANES) {
            let mut ids = [0; LANES];
            ids.iter_mut()
                .zip(first..)
                .for_each(|(id, i)| *id = self.eyes.day.visit_id(self.gate, block, i));
            let members = draws.population.blocks(Purpose::Member as u16, 0, 0, &ids);
            let cells = members[0].map(|word| self.eyes.day.leader_cell(word));
            let limits = cells.map(|c| self.might_fire_below[c]);
            let (mut searches, mut fires) = ([0_u32; LANES], [0_u32; LANES]);
            let mut hashes = [0_u64; LANES];
            for camera in &self.cameras {
                let words = draws.conduct.blocks(Purpose::Look as u16, 0, *camera, &ids);
                for i in 0..LANES {
                    let captured = u32::from(words[0][i] <= self.capture_to);
                    searches[i] += captured;
                    let matters = u32::from(words[1][i] < limits[i]) | u32::from(in_sample(words[3][i], true));
                    fires[i] |= captured & matters;
                }
                for i in 0..LANES {
                    hashes[i] =
                        hashes[i].wrapping_add(look_hash(words[2][i], words[3][i], words[0][i] <= self.capture_to));
                }
            }
            let here = LANES.min((count - first) as usize);
            if here == LANES && fires.iter().all(|f| *f == 0) {
                for i in 0..LANES {
                    people[cells[i]][searches[i] as usize % COUNTS] += 1;
                }
                hash = hashes.iter().fold(hash, |h, x| h.wrapping_add(*x));
                continue;
            }
            for i in 0..here {
                if fires[i] != 0 {
                    left += 1;
                    leave(first + i as u32);
                } else {
                    people[cells[i]][searches[i] as usize % COUNTS] += 1;
                    hash = hash.wrapping_add(hashes[i]);
                }
            }
        }
        observer.visits(u64::from(count - left), u64::from(count - left));
        for (cell, people) in people.iter().enumerate() {
            let passes_each = self.cameras.len() as u64;
            let batch = Batch {
                cell,
                people,
                passes_each,
                expected_false: &self.expected[cell],
                hash: std::mem::take(&mut hash),
            };
            observer.batch(&batch);
        }
    }
}

/// The number of 32-bit words `w` with `(w + 0.5) / 2^32 < p`.
fn capture_words(p: f64) -> u64 {
    let mut words = (p * 4_294_967_296.0) as u64;
    while words > 0 && unit(words - 1) >= p {
        words -= 1;
    }
    while words < 1 << 32 && unit(words) < p {
        words += 1;
    }
    words
}

fn unit(word: u64) -> f64 {
    crate::kernel::draw::unit(word as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capture_words_agree_with_the_comparison_of_numbers() {
        for p in [0.0, 1e-9, 0.1, 0.5, 0.85, 0.999_999_999, 1.0] {
            let words = capture_words(p);
            assert!(words == 0 || unit(words - 1) < p);
            assert!(words == 1 << 32 || unit(words) >= p);
        }
    }
}
