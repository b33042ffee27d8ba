//! Images kept after arrests. Only people whose images matter are known one by one: those arrested in the model and those once
//! taken for somebody else. Everybody else in the gallery is two numbers by group.
//!
//! How often a face is taken for others differs between people as look-alike luck does elsewhere: weights are positive stable
//! with exponent α. Picks in proportion to such weights follow a Pitman-Yor urn, exactly and without a list of weights:
//! somebody already picked n times is picked again with a chance in proportion to n − α, and somebody new in proportion to α
//! times the number of people picked so far.

use super::retrospective::{Groups, Retrospective};
use crate::kernel::Block;
use crate::scenario::world::{Draws, Purpose};
use std::collections::BTreeMap;

/// How an image came into the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An arrest that was followed up.
    Arrest,
    /// An arrest of the right person without further action: on an entry out of date, or dropped.
    NoAction,
    /// An arrest of somebody taken for somebody else, without further action.
    Mistake,
}

impl Source {
    /// Whether no further action followed.
    fn is_cleared(self) -> bool {
        self != Source::Arrest
    }
}

/// One image of a known person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Image {
    pub(super) source: Source,
    /// Month in which it is deleted; beyond the horizon of anybody's programme where it is kept.
    until: f64,
}

/// A person known one by one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Person {
    group: usize,
    images: Vec<Image>,
    /// An image from before the person was known.
    earlier: Option<Image>,
    /// How often the person was taken for somebody else.
    picks: u32,
}

impl Person {
    pub(super) fn kept(&self, month: f64) -> impl Iterator<Item = &Image> {
        self.images.iter().chain(&self.earlier).filter(move |i| month < i.until)
    }
    pub(super) fn images(&self, month: f64) -> usize {
        self.kept(month).count()
    }
    /// Whether the person was ever arrested without further action, image kept or not.
    pub(super) fn cleared_before(&self) -> bool {
        self.images.iter().chain(&self.earlier).any(|i| i.source.is_cleared())
    }
    /// Whether nothing but images that led to nothing keeps the person in the gallery.
    pub(super) fn only_cleared(&self, month: f64) -> bool {
        self.images(month) > 0 && self.kept(month).all(|i| i.source.is_cleared())
    }
}

/// All images kept after arrests.
#[derive(Clone, Debug, PartialEq)]
pub struct CustodyImages {
    pub(super) people: BTreeMap<u64, Person>,
    /// By group: people in the gallery who are not known one by one, followed up and not.
    pub(super) others: Vec<[f64; 2]>,
    /// By group: people ever taken for somebody else.
    urns: Vec<u32>,
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
        // Whoever was arrested by mistake has once been taken for somebody else.
        if source == Source::Mistake && known.picks == 0 {
            known.picks = 1;
            self.urns[group] += 1;
        }
    }

    /// Arrests of people of a group whom nothing tells apart from others in the gallery.
    pub fn arrests(&mut self, law: &Retrospective, group: usize, people: f64) {
        let kept = law.kept_of_arrests();
        self.others[group]
            .iter_mut()
            .zip(kept)
            .for_each(|(o, kept)| *o += people * kept);
    }

    /// Images in the gallery in a month: all, and those of arrests without further action.
    pub fn held(&self, month: f64) -> (f64, f64) {
        let cleared = |p: &Person| p.kept(month).filter(|i| i.source.is_cleared()).count() as f64;
        let known: f64 = self.people.values().map(|p| p.images(month) as f64).sum();
        let known_cleared: f64 = self.people.values().map(cleared).sum();
        let others: f64 = self.others.iter().flatten().sum();
        (
            others + known,
            self.others.iter().map(|o| o[1]).sum::<f64>() + known_cleared,
        )
    }

    /// By group: people who have an image in the gallery in a month.
    pub(super) fn people_in(&self, month: f64) -> Vec<f64> {
        let mut people: Vec<f64> = self.others.iter().map(|o| o.iter().sum()).collect();
        for person in self.people.values().filter(|p| p.images(month) > 0) {
            people[person.group] += 1.0;
        }
        people
    }

    /// By group: images of people arrested by mistake, of arrests in the model only, that are kept in a month.
    pub fn of_mistakes(&self, month: f64) -> Vec<u64> {
        let mut groups = vec![0; self.others.len()];
        for person in self.people.values() {
            groups[person.group] += person.kept(month).filter(|i| i.source == Source::Mistake).count() as u64;
        }
        groups
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
    pub(super) fn unknown(&self, group: usize) -> f64 {
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
    pub(super) fn weights(&self, group: usize, alpha: f64, month: f64) -> (Vec<(u64, f64)>, f64) {
        let of_group = self.people.iter().filter(|(_, p)| p.group == group);
        let known = of_group.map(|(key, p)| (*key, self.weight(p, alpha, month)));
        (known.filter(|(_, w)| *w > 0.0).collect(), self.fresh(group, alpha))
    }
}

/// Who in a group is taken for somebody else: somebody known, or somebody new under the key `fresh`.
pub(super) fn candidate(
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

/// The gallery from one month to the next: reviews take images out, arrests bring them in. Number of images deleted.
pub(super) fn turn(state: &mut CustodyImages, law: &Retrospective, now: f64, part: f64) -> f64 {
    let stays = libm::exp(-part / law.review_months());
    let kept = law.kept_of_arrests();
    let mut deleted = 0.0;
    for (others, arrested) in state.others.iter_mut().zip(&law.arrested) {
        let arrested = part * arrested;
        deleted += arrested * (1.0 - kept[0] - kept[1]);
        for (people, kept) in others.iter_mut().zip(kept) {
            deleted += *people * (1.0 - stays);
            *people = *people * stays + arrested * kept;
        }
    }
    let ends = |i: &&Image| now <= i.until && i.until < now + part;
    let of = |p: &Person| p.images.iter().chain(&p.earlier).filter(ends).count() as f64;
    deleted += state.people.values().map(of).sum::<f64>();
    let gone = |p: &Person| p.images(now + part) == 0 && p.picks == 0;
    state.people.retain(|_, p| !gone(p));
    deleted
}
