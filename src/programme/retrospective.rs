//! The retrospective channel: images taken at arrests, kept or deleted, and searched month by month for somebody else.
//!
//! Only people whose images matter are known one by one: those arrested in the model and those once taken for somebody else.
//! Everybody else in the gallery is a number by group. How often a face is taken for others differs between people as
//! look-alike luck does elsewhere: weights are positive stable with exponent α. Picks in proportion to such weights follow a
//! Pitman-Yor urn, exactly and without a list of weights: somebody already picked n times is picked again with a chance in
//! proportion to n − α, and somebody new in proportion to α times the number of people picked so far.

use crate::kernel::{Block, mix};
use crate::response::lognormal;
use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;
use std::collections::BTreeMap;

/// How an image came into the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An arrest that was followed up.
    Arrest,
    /// An arrest without further action: wrongful, on an entry out of date, or dropped.
    NoAction,
}

/// One image of a known person.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Image {
    source: Source,
    /// Month in which it is deleted; beyond the horizon of anybody's programme where it is kept.
    until: f64,
}

/// A person known one by one.
#[derive(Clone, Debug, PartialEq)]
struct Person {
    group: usize,
    images: Vec<Image>,
    /// An image from before the person was known.
    earlier: Option<Image>,
    /// How often the person was taken for somebody else.
    picks: u32,
}

impl Person {
    fn kept(&self, month: f64) -> impl Iterator<Item = &Image> {
        self.images.iter().chain(&self.earlier).filter(move |i| month < i.until)
    }
    fn images(&self, month: f64) -> usize {
        self.kept(month).count()
    }
    /// Whether the person was ever arrested without further action, image kept or not.
    fn cleared_before(&self) -> bool {
        self.images
            .iter()
            .chain(&self.earlier)
            .any(|i| i.source == Source::NoAction)
    }
    /// Whether nothing but images that led to nothing keeps the person in the gallery.
    fn only_cleared(&self, month: f64) -> bool {
        self.images(month) > 0 && self.kept(month).all(|i| i.source == Source::NoAction)
    }
}

/// All images kept after arrests.
#[derive(Clone, Debug, PartialEq)]
pub struct CustodyImages {
    people: BTreeMap<u64, Person>,
    /// By group: people in the gallery who are not known one by one, followed up and not.
    others: Vec<[f64; 2]>,
    /// By group: people ever taken for somebody else.
    urns: Vec<u32>,
}

/// The law of the channel in one plausible world.
#[derive(Clone, Debug)]
pub struct Retrospective {
    /// By group: chance that a search of somebody who is not in the gallery brings up a look-alike.
    fpir: Vec<f64>,
    /// By group: share of those searched for.
    searched_for: Vec<f64>,
    /// By group: people arrested in a month beside the model's own arrests.
    arrested: Vec<f64>,
    alpha: f64,
    numbers: Numbers,
}

/// What one month brought, by group of the person whom it befell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthOutcome {
    /// Searches.
    pub searches: u64,
    /// Searches that found the right person.
    pub found: u64,
    /// People taken for somebody else by the search.
    pub candidates: Vec<u64>,
    /// Those whom officers took for the person too.
    pub passed_check: Vec<u64>,
    /// Those arrested.
    pub wrongful_arrests: Vec<u64>,
    /// Those arrested who had been arrested without further action before: second misidentifications.
    pub second: Vec<u64>,
    /// Those of them who would not have been in the gallery without that image: prompt deletion would have prevented it.
    pub second_by_kept_image: Vec<u64>,
    /// Their expectation given the gallery of the month: the same quantity with far less noise.
    pub second_by_kept_image_expected: Vec<f64>,
    /// Hours in custody of those arrested.
    pub custody_h: Vec<f64>,
    /// Images from arrests without further action, at the end of the month.
    pub images_no_action: f64,
    /// All images in the gallery at the end of the month.
    pub images: f64,
}

/// The gallery and the flows of the groups between which errors are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// Chance that a search of somebody not in the gallery brings up a look-alike (such as those of a matcher table for a gallery of that size).
    pub fpir: Vec<f64>,
    /// Share of those searched for; sums to 1.
    pub searched_for: Vec<f64>,
    /// People in the gallery at the start.
    pub gallery: Vec<f64>,
    /// People arrested in a month beside the model's own arrests.
    pub arrested: Vec<f64>,
}

impl Retrospective {
    /// The law for these groups. All lists have one entry a group.
    pub fn new(numbers: &Numbers, groups: &Groups) -> Self {
        Retrospective {
            fpir: groups.fpir.clone(),
            searched_for: groups.searched_for.clone(),
            arrested: groups.arrested.clone(),
            alpha: numbers.get(param::PERSON_EFFECT),
            numbers: numbers.clone(),
        }
    }

    fn get(&self, id: ParamId) -> f64 {
        self.numbers.get(id)
    }

    /// Mean months until the review of a kept image.
    fn review_months(&self) -> f64 {
        12.0 * self.get(param::RETRO_REVIEW_Y)
    }

    /// Share of images deleted at once after no further action.
    fn deleted_at_once(&self) -> f64 {
        let promised = self.get(param::RETRO_PROMISED);
        promised * self.get(param::RETRO_PROMISE_KEPT) + (1.0 - promised) * self.get(param::RETRO_DELETED_UNASKED)
    }

    /// Share of a new or old gallery that stems from arrests without further action.
    fn no_action_share(&self) -> f64 {
        let share = self.get(param::RETRO_NO_ACTION);
        let kept = share * (1.0 - self.deleted_at_once());
        if kept > 0.0 { kept / (kept + 1.0 - share) } else { 0.0 }
    }

    /// Until which month an image taken in `month` is kept.
    fn kept_until(&self, source: Source, month: f64, words: Block) -> f64 {
        let gone = source == Source::NoAction && words.unit(0) < self.deleted_at_once();
        if gone {
            return month;
        }
        month - self.review_months() * libm::log1p(-words.unit(1))
    }
}

impl CustodyImages {
    /// A gallery in which nobody is known one by one yet.
    pub fn new(law: &Retrospective, groups: &Groups) -> Self {
        let cleared = law.no_action_share();
        let split = |people: &f64| [people * (1.0 - cleared), people * cleared];
        CustodyImages {
            people: BTreeMap::new(),
            others: groups.gallery.iter().map(split).collect(),
            urns: vec![0; groups.gallery.len()],
        }
    }

    /// An arrest elsewhere in the model, in this month: an image of a person (a key that stays the same for the same person).
    pub fn arrest(
        &mut self,
        law: &Retrospective,
        draws: &Draws,
        person: u64,
        group: usize,
        source: Source,
        month: u32,
    ) {
        let known = self.people.entry(person).or_insert(Person {
            group,
            images: Vec::new(),
            earlier: None,
            picks: 0,
        });
        let index = known.images.len() as u32;
        let words = draws.conduct.block(Purpose::CustodyImage as u16, 0, index, person);
        known.images.push(Image {
            source,
            until: law.kept_until(source, f64::from(month), words),
        });
        // Somebody arrested for nothing has once been taken for somebody else.
        if source == Source::NoAction && known.picks == 0 {
            known.picks = 1;
            self.urns[group] += 1;
        }
    }

    /// Number of images of a person in a month.
    pub fn images_of(&self, person: u64, month: u32) -> usize {
        self.people.get(&person).map_or(0, |p| p.images(f64::from(month)))
    }

    /// Weight of somebody known in the urn of the group; those never picked weigh as much as anybody else in the gallery.
    fn weight(&self, person: &Person, alpha: f64, month: f64) -> f64 {
        let images = person.images(month) as f64;
        if person.picks > 0 {
            images * (f64::from(person.picks) - alpha)
        } else {
            images * self.fresh(person.group, alpha) / self.unknown(person.group).max(1.0)
        }
    }

    /// People of a group in the gallery who are not known one by one.
    fn unknown(&self, group: usize) -> f64 {
        self.others[group].iter().sum()
    }

    /// Weight of all of them together.
    fn fresh(&self, group: usize, alpha: f64) -> f64 {
        if self.unknown(group) < 1.0 {
            return 0.0;
        }
        // The first pick is always of somebody new.
        alpha * f64::from(self.urns[group].max(1))
    }

    /// Weight of a group's known people, in the order of their keys, and of all the others.
    fn weights(&self, group: usize, alpha: f64, month: f64) -> (Vec<(u64, f64)>, f64) {
        let of_group = self.people.iter().filter(|(_, p)| p.group == group);
        let known = of_group.map(|(key, p)| (*key, self.weight(p, alpha, month)));
        (known.filter(|(_, w)| *w > 0.0).collect(), self.fresh(group, alpha))
    }
}

/// One month of searches. The same draws give the same month.
pub fn month(state: &mut CustodyImages, law: &Retrospective, draws: &Draws, month: u32) -> MonthOutcome {
    let groups = law.fpir.len();
    let now = f64::from(month);
    let mut outcome = MonthOutcome {
        candidates: vec![0; groups],
        passed_check: vec![0; groups],
        wrongful_arrests: vec![0; groups],
        second: vec![0; groups],
        second_by_kept_image: vec![0; groups],
        second_by_kept_image_expected: vec![0.0; groups],
        custody_h: vec![0.0; groups],
        ..MonthOutcome::default()
    };
    let block = |index: u32, entity: u64| {
        draws
            .conduct
            .block(Purpose::Retrospective as u16, month as u16, index, entity)
    };
    outcome.searches = dist::poisson_quantile(block(0, u64::MAX).fine(0), law.get(param::RETRO_SEARCHES));
    expect_seconds(state, law, now, &mut outcome);
    for search in 0..outcome.searches {
        let (words, more) = (block(0, search), block(1, search));
        if words.unit(0) < law.get(param::RETRO_IN_GALLERY) {
            outcome.found += 1;
            continue;
        }
        let sought = pick(&law.searched_for, words.unit(1));
        if words.unit(2) >= law.fpir[sought] {
            continue;
        }
        let group = if words.unit(3) < law.get(param::RETRO_SAME_GROUP) {
            sought
        } else {
            let people: Vec<f64> = (0..groups).map(|g| state.unknown(g)).collect();
            pick(&people, more.unit(0))
        };
        let fresh = mix(u64::from(month) << 32 ^ search ^ 0x7265_7472_6f00_0000);
        let last = block(2, search);
        let Some(person) = candidate(state, law, group, now, more.unit(1), (fresh, last)) else {
            continue;
        };
        outcome.candidates[group] += 1;
        if more.unit(2) >= law.get(param::RETRO_CHECK_PASSES) {
            continue;
        }
        outcome.passed_check[group] += 1;
        if more.unit(3) >= law.get(param::RETRO_ARREST) {
            continue;
        }
        outcome.wrongful_arrests[group] += 1;
        outcome.custody_h[group] += lognormal(
            law.get(param::RETRO_CUSTODY_H),
            law.get(param::RETRO_CUSTODY_LOG_SD),
            last.unit(0),
        );
        if let Some(known) = state.people.get(&person) {
            outcome.second[group] += u64::from(known.cleared_before());
            outcome.second_by_kept_image[group] += u64::from(known.only_cleared(now));
        }
        state.arrest(law, draws, person, group, Source::NoAction, month);
    }
    turn(state, law, now);
    let cleared = |p: &Person| p.kept(now + 1.0).filter(|i| i.source == Source::NoAction).count();
    outcome.images_no_action =
        state.others.iter().map(|o| o[1]).sum::<f64>() + state.people.values().map(|p| cleared(p) as f64).sum::<f64>();
    outcome.images = state.others.iter().flatten().sum::<f64>()
        + state.people.values().map(|p| p.images(now + 1.0) as f64).sum::<f64>();
    outcome
}

/// Expected second misidentifications by kept images, given the gallery as it stands.
fn expect_seconds(state: &CustodyImages, law: &Retrospective, now: f64, outcome: &mut MonthOutcome) {
    let everybody: f64 = state.others.iter().flatten().sum();
    let same = law.get(param::RETRO_SAME_GROUP);
    let wrong = law.get(param::RETRO_SEARCHES) * (1.0 - law.get(param::RETRO_IN_GALLERY));
    let to_arrest = law.get(param::RETRO_CHECK_PASSES) * law.get(param::RETRO_ARREST);
    let falsely: Vec<f64> = law
        .searched_for
        .iter()
        .zip(&law.fpir)
        .map(|(s, f)| wrong * s * f)
        .collect();
    let all: f64 = falsely.iter().sum();
    for group in 0..falsely.len() {
        let share = if everybody > 0.0 {
            state.unknown(group) / everybody
        } else {
            0.0
        };
        let candidates = same * falsely[group] + (1.0 - same) * share * all;
        let (known, fresh) = state.weights(group, law.alpha, now);
        let total = fresh + known.iter().map(|(_, w)| w).sum::<f64>();
        let cleared = if fresh > 0.0 {
            fresh * state.others[group][1] / state.unknown(group)
        } else {
            0.0
        };
        let kept: f64 = known
            .iter()
            .filter(|(key, _)| state.people.get(key).is_some_and(|p| p.only_cleared(now)))
            .map(|(_, w)| w)
            .sum::<f64>()
            + cleared;
        if total > 0.0 {
            outcome.second_by_kept_image_expected[group] = candidates * to_arrest * kept / total;
        }
    }
}

/// Who in a group is taken for somebody else: somebody known, or somebody new under the key `fresh`.
fn candidate(
    state: &mut CustodyImages,
    law: &Retrospective,
    group: usize,
    now: f64,
    u: f64,
    (fresh, words): (u64, Block),
) -> Option<u64> {
    let (known, new) = state.weights(group, law.alpha, now);
    let mut rest = u * (new + known.iter().map(|(_, w)| w).sum::<f64>());
    for (key, weight) in known {
        rest -= weight;
        if rest < 0.0 {
            let person = state.people.get_mut(&key)?;
            state.urns[group] += u32::from(person.picks == 0);
            person.picks += 1;
            return Some(key);
        }
    }
    if new <= 0.0 {
        return None;
    }
    // Somebody of the gallery, with an image from before; how long it is kept does not depend on how long it has been.
    let (kind, source) = if words.unit(2) * state.unknown(group) < state.others[group][1] {
        (1, Source::NoAction)
    } else {
        (0, Source::Arrest)
    };
    state.others[group][kind] = (state.others[group][kind] - 1.0).max(0.0);
    state.urns[group] += 1;
    let until = now - law.review_months() * libm::log1p(-words.unit(1));
    let person = Person {
        group,
        images: Vec::new(),
        earlier: Some(Image { source, until }),
        picks: 1,
    };
    state.people.insert(fresh, person);
    Some(fresh)
}

/// The gallery of those not known one by one, from one month to the next: reviews take images out, arrests bring them in.
fn turn(state: &mut CustodyImages, law: &Retrospective, now: f64) {
    let stays = libm::exp(-1.0 / law.review_months());
    let share = law.get(param::RETRO_NO_ACTION);
    let kept = [1.0 - share, share * (1.0 - law.deleted_at_once())];
    for (others, arrested) in state.others.iter_mut().zip(&law.arrested) {
        for (people, kept) in others.iter_mut().zip(kept) {
            *people = *people * stays + arrested * kept;
        }
    }
    let gone = |p: &Person| p.images(now + 1.0) == 0 && p.picks == 0;
    state.people.retain(|_, p| !gone(p));
}

fn pick(weights: &[f64], u: f64) -> usize {
    let mut rest = u * weights.iter().sum::<f64>();
    let found = weights.iter().position(|w| {
        rest -= w;
        rest < 0.0
    });
    found.unwrap_or(weights.len().saturating_sub(1))
}
