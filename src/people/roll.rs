//! The sought people of a city by class: where they live and why they are sought. A visit of a sought person picks one.

use crate::kernel::Block;

/// A sought person on the city's roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Key of the person.
    pub key: u64,
    /// Rank word: a list takes the lowest.
    pub rank: u32,
    /// Day on which the entry is cleared, whatever happens.
    pub until: i32,
    /// Day on which the person is about again after an arrest; never if it is the last of all days.
    pub back: i32,
}

impl Entry {
    /// Whether the person is about on a day.
    pub fn active(&self, day: i32) -> bool {
        self.back <= day
    }
}

/// Who may come to a place on a day.
#[derive(Clone, Copy, Debug)]
pub struct Subjects<'a> {
    /// Everybody on the roll, by class, arrested or not.
    pub classes: &'a [Vec<Entry>],
    /// Reason of each class.
    pub reasons: &'a [usize],
    /// Whether a class may be on the list of this place.
    pub eligible: &'a [bool],
    /// Share of the place's sought visits that are by this class or one before it.
    pub below: &'a [f64],
    /// Highest rank on the list.
    pub last_rank: Option<u32>,
    /// Today.
    pub day: i32,
}

/// The sought person of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Key of the person.
    pub key: u64,
    /// Index of the reason.
    pub reason: usize,
    /// Whether today's list has the person.
    pub listed: bool,
}

impl Subjects<'_> {
    /// Whose visit it is, from the visit's words. None if that person has been arrested: then there is no visit. Under every
    /// strategy the same person is picked, so that strategies differ by arrests alone.
    pub fn pick(&self, words: Block) -> Option<Subject> {
        let u = words.fine(0);
        let class = self.below.iter().position(|b| u < *b)?;
        let members = &self.classes[class];
        let index = (words.fine(1) * members.len() as f64) as usize;
        let entry = members.get(index)?;
        entry.active(self.day).then(|| Subject {
            key: entry.key,
            reason: self.reasons[class],
            listed: self.eligible[class] && self.last_rank.is_some_and(|last| entry.rank <= last),
        })
    }
}
