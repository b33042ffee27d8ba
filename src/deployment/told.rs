//! What a follower of one visit is told, step by step: everything that decided a look, a review and a dispatch.
//!
//! Nothing here decides anything, and nothing here runs for an observer that follows nobody.

use super::engine::Engine;
use super::observe::{Observer, Reacted};
use crate::kernel::Micros;
use crate::matcher::{GenuineParts, LookAlike};
use crate::people::SoughtPerson;
use crate::response::{Case, Judgement};
use crate::scenario::world::Purpose;

/// A step of a followed visit.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// It reacted to the operation.
    Reacted(Reacted),
    /// A member came through a camera's view.
    Seen(Sight),
    /// An operator looked at an alert about a member.
    Judged(Judged),
    /// A pair was sent after a member.
    Sent(Sent),
    /// A sought person's visit is over.
    Left(Left),
}

/// A look at a followed person.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// When.
    pub at: Micros,
    /// Index of the camera in the scene.
    pub camera: usize,
    /// Street edge.
    pub edge: usize,
    /// Leg of the visit.
    pub leg: usize,
    /// People in the visit.
    pub party: usize,
    /// Whether the cameras were on.
    pub on: bool,
    /// Whether the person walked inside the view.
    pub in_view: bool,
    /// Whether a usable face was captured and searched.
    pub searched: bool,
    /// Searches of this person in this visit, this one included.
    pub searches: u32,
    /// Whether the face was covered.
    pub covered: bool,
    /// Distance over the ground, m.
    pub range_m: f64,
    /// Angle between the way the person walked and the direction to the camera, degrees.
    pub yaw_deg: f64,
    /// Persons per m² around.
    pub density: f64,
    /// Chance that a usable face was captured.
    pub capture: f64,
    /// Quality of the look, 0 to 1.
    pub quality: f64,
    /// The score that raises an alert.
    pub threshold: f64,
    /// The likeness to somebody else on the list.
    pub look_alike: LookAlike,
    /// The likeness to the person's own photograph, if it is on the list.
    pub genuine: Option<GenuineParts>,
}

/// A review of an alert about a followed person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The alert.
    pub alert: u64,
    /// How the operator judged.
    pub judgement: Judgement,
}

/// A pair sent after a followed person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sent {
    /// The alert.
    pub alert: u64,
    /// Way from the pair's post to the person at that moment, m.
    pub distance_m: f64,
}

/// The end of a sought person's visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Left {
    /// Who.
    pub person: SoughtPerson,
    /// Whether the visit overlapped opening hours.
    pub present: bool,
    /// Whether an alert about the person was raised.
    pub alerted: bool,
}

impl<O: Observer> Engine<'_, O> {
    fn followed(&self, slot: u32) -> bool {
        let walker = self.walkers.get(slot);
        self.observer.follows(walker.visit, walker.sought.is_some())
    }

    pub(super) fn tell_look(&mut self, slot: u32, now: Micros) {
        if !self.followed(slot) {
            return;
        }
        let eyes = self.eyes;
        let gait = self.walkers.gait_mut(slot);
        let (leg, hour) = (usize::from(gait.leg), gait.hour);
        let view = usize::from(self.courses.stop(gait.stop).view);
        let view = &eyes.views.of(gait.path as usize)[view];
        let walker = self.walkers.get(slot);
        let look = eyes.look(&walker.face(), leg, hour, view);
        let on = now >= eyes.open && now < eyes.close;
        let mut sight = eyes.tell(&walker.face(), leg, hour, view, look.as_ref());
        sight.at = now;
        sight.on = on;
        sight.searched &= on;
        sight.searches = walker.searches.count + u32::from(sight.searched);
        sight.party = walker.party_size;
        let (visit, member) = (walker.visit, walker.index);
        self.observer.told(visit, member, &Told::Seen(sight));
    }

    pub(super) fn tell_review(&mut self, number: u32, operator: usize, case: &Case, since: Micros) {
        if !self.followed(self.slots[number as usize]) {
            return;
        }
        let alert = &self.alerts[number as usize];
        let words = self.draws.conduct.block(Purpose::Review as u16, 0, 0, alert.key);
        let told = Told::Judged(Judged {
            alert: alert.key,
            judgement: self.reviews.judgement(words, case, operator, since),
        });
        self.observer.told(alert.visit, alert.member, &told);
    }

    pub(super) fn tell_dispatch(&mut self, number: u32, team: usize, pair: usize, now: Micros) {
        if !self.followed(self.slots[number as usize]) {
            return;
        }
        let distance_m = self.pair_distance_m(number, team, pair, now);
        let alert = &self.alerts[number as usize];
        let told = Told::Sent(Sent {
            alert: alert.key,
            distance_m,
        });
        self.observer.told(alert.visit, alert.member, &told);
    }
}
