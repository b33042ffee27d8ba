//! A pair on its way to a person who walks on.

use super::Scene;
use super::walker::Walker;
use crate::kernel::{Block, Micros};
use crate::people::{Day, Leg};
use crate::response::lognormal;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// How a pursuit ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pursued {
    /// The pair reaches the person.
    Contact(Micros),
    /// The person is lost; the pair turns back then.
    Lost(Micros),
}

/// Longest pursuit: beyond it the person is given up.
pub(super) const LONGEST: Micros = Micros(600_000_000);
/// Step of the pursuit.
const STEP: Micros = Micros(1_000_000);
/// Speed factor in a dense crowd, and the density at which it sets in.
const DENSE: (f64, f64) = (0.84, 1.0);

/// The law of pursuits in one plausible world.
#[derive(Clone, Debug)]
pub struct Pursuits {
    instant: bool,
    speed: f64,
    contact_m: f64,
    radio: (f64, f64),
    radius_m: f64,
    hazard: f64,
    crowd: f64,
    gateway: f64,
}

impl Pursuits {
    /// Pursuits of a strategy.
    pub fn new(numbers: &Numbers) -> Self {
        let get = |id| numbers.get(id);
        Pursuits {
            instant: numbers.choice(param::INTERCEPT) == 1,
            speed: get(param::OFFICER_SPEED),
            contact_m: get(param::CONTACT_M),
            radio: (get(param::RADIO_S), get(param::RADIO_LOG_SD)),
            radius_m: get(param::PURSUIT_RADIUS_M),
            hazard: get(param::LOST_HAZARD),
            crowd: get(param::LOST_CROWD),
            gateway: get(param::LOST_GATEWAY),
        }
    }

    /// A pair at the post of `field` is sent at `now` after a person seen at the camera of `camera_field`. While others keep
    /// the person in sight (`kept_until`) the person cannot be lost.
    pub fn follow(
        &self,
        person: &Followed,
        field: usize,
        camera_field: usize,
        now: Micros,
        words: Block,
        kept_until: Option<Micros>,
    ) -> Pursued {
        let patience = -libm::log1p(-words.unit(1));
        let gone = words.unit(3) < self.gateway;
        self.chase(person, field, camera_field, now, words, kept_until, |beyond, hazard| {
            beyond && gone || hazard > patience
        })
    }

    /// The chance that the pair reaches the person: the same pursuit with everything about losing sight left open.
    pub fn chance(
        &self,
        person: &Followed,
        field: usize,
        camera_field: usize,
        now: Micros,
        words: Block,
        kept_until: Option<Micros>,
    ) -> f64 {
        let mut kept = 1.0;
        let end = self.chase(person, field, camera_field, now, words, kept_until, |beyond, hazard| {
            kept = libm::exp(-hazard) * if beyond { 1.0 - self.gateway } else { 1.0 };
            false
        });
        match end {
            Pursued::Contact(_) => kept,
            Pursued::Lost(_) => 0.0,
        }
    }

    /// Follows until contact, or until the person is out of reach or `lost`, which is told each second whether the person
    /// has left the streets and the hazard of being lost so far; neither counts while others keep the person in sight.
    #[allow(clippy::too_many_arguments)] // who, from where, when, and how it may end
    fn chase(
        &self,
        person: &Followed,
        field: usize,
        camera_field: usize,
        now: Micros,
        words: Block,
        kept_until: Option<Micros>,
        mut lost: impl FnMut(bool, f64) -> bool,
    ) -> Pursued {
        if self.instant {
            return Pursued::Contact(now);
        }
        let start = now + Micros::from_seconds(lognormal(self.radio.0, self.radio.1, words.unit(0)));
        let mut hazard = 0.0;
        let mut reach_m = self.contact_m;
        let mut at = now;
        while at < now + LONGEST {
            let spot = person.whereabouts(at);
            let in_sight = kept_until.is_some_and(|until| at < until);
            let beyond = spot.beyond_m > 0.0;
            if !in_sight && lost(beyond, hazard) {
                return Pursued::Lost(at);
            }
            if !in_sight && person.metres_from(camera_field, &spot) > self.radius_m {
                return Pursued::Lost(at);
            }
            if at >= start && person.metres_from(field, &spot) <= reach_m {
                return Pursued::Contact(at);
            }
            let density = person.day.travel.density(spot.edge, spot.hour);
            if !in_sight {
                hazard += self.hazard * libm::exp(self.crowd * density);
            }
            if lost(beyond && !in_sight, hazard) {
                return Pursued::Lost(at);
            }
            at += STEP;
            if at > start {
                let dense = if density > DENSE.1 { DENSE.0 } else { 1.0 };
                reach_m += self.speed * dense * (at - start).0.min(STEP.0) as f64 * 1e-6;
            }
        }
        Pursued::Lost(at)
    }

    /// How long a pair takes to walk back to its post.
    pub fn way_back(&self, person: &Followed, field: usize, at: Micros) -> Micros {
        Micros::from_seconds(self.distance_m(person, field, at) / self.speed)
    }

    /// Distance from a post to a person, m.
    pub fn distance_m(&self, person: &Followed, field: usize, at: Micros) -> f64 {
        if self.instant {
            return 0.0;
        }
        person.metres_from(field, &person.whereabouts(at))
    }
}

/// A person whom officers are sent after.
pub struct Followed<'a> {
    /// The strategy.
    pub scene: &'a Scene<'a>,
    /// The day.
    pub day: &'a Day<'a>,
    /// The person.
    pub walker: &'a Walker,
    /// The person's legs.
    pub legs: &'a [Leg],
}

/// A point of the streets at a density bin, or beyond the gate at it.
struct Spot {
    edge: usize,
    /// Metres from the edge's first node.
    offset_m: f64,
    hour: usize,
    /// Metres walked on after leaving the streets there.
    beyond_m: f64,
}

impl Followed<'_> {
    /// Where the person is. Who has left the streets walks on at the same pace, out of their gate.
    fn whereabouts(&self, at: Micros) -> Spot {
        // The delay of a stop is booked at its start: until its end the person is where it will walk on from.
        let own = at.max(self.walker.stands_until) - self.walker.delay - self.walker.member.delay;
        let legs = self.legs;
        let index = legs.iter().rposition(|l| l.depart <= own).unwrap_or(0);
        let leg = &legs[index];
        let (path, hour) = (leg.path as usize, usize::from(leg.hour));
        let travel = &self.day.travel;
        let walked = (own - leg.depart).seconds().max(0.0) * self.walker.speed_m_s;
        let whole = travel.effective_m(path, hour);
        let (edge, offset_m) = travel.locate(&self.day.streets.network, self.day.place, path, hour, walked.min(whole));
        let beyond_m = if index + 1 == legs.len() {
            (walked - whole).max(0.0)
        } else {
            0.0
        };
        Spot {
            edge,
            offset_m,
            hour,
            beyond_m,
        }
    }

    fn metres_from(&self, field: usize, spot: &Spot) -> f64 {
        self.scene.fields[field].to(self.day.place, spot.edge, spot.offset_m) + spot.beyond_m
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{MAX_LEGS, MAX_MEMBERS, Member, Streets};
    use crate::scenario::world::Draws;
    use crate::scenario::{Overrides, load_text};
    use std::path::Path;

    #[test]
    fn a_person_who_is_stopped_stands_still_and_walks_on_from_there() {
        let text = "format = 1\ntitle = \"t\"\nquestion = \"q\"\nreading = \"r\"\n\
                    [time]\ndate = 2026-06-03\nopen = 09:00:00\nclose = 12:00:00\n\
                    [place]\nsketch = { length_m = 600 }\n[people]\ncrowding = \"off\"\n\
                    [[people.arrivals]]\nhour = 9\npersons = 100\n[[strategy]]\nname = \"s\"\ncameras = [{ at_m = 300 }]\n";
        let plan = load_text("t.toml", text, Path::new(""), &Overrides::default()).expect("the scenario is sound");
        let streets = Streets::prepare(&plan);
        let numbers = Numbers::draw(&plan.values, None);
        let day = Day::new(&plan, &streets, &numbers, Draws::new(1, 0));
        let visit = day.visit(0, &day.demand.blocks[2], 0);
        let mut legs = [Leg::default(); MAX_LEGS];
        let leg_count = day.clock(&visit, 1.0, &mut legs);
        let scene = Scene::prepare(&plan, &plan.strategies[0], &streets);
        let walker = |stands_until, delay| Walker {
            visit: visit.id,
            index: 0,
            member: Member::default(),
            sought: None,
            aware: false,
            covered: false,
            covered_at: Micros(0),
            speed_m_s: 1.0,
            leaves: legs[leg_count - 1].arrive,
            delay: Micros::from_seconds(delay),
            held: Micros(0),
            held_until: Micros(0),
            stands_until,
            searches: Default::default(),
            alerted: [false; 2],
            passed: false,
            claims: 1,
            party: [0; MAX_MEMBERS],
            party_size: 1,
        };
        let after = |s: f64| legs[0].depart + Micros::from_seconds(s);
        let at = |walker: &Walker, s: f64| {
            let person = Followed {
                scene: &scene,
                day: &day,
                walker,
                legs: &legs[..leg_count],
            };
            person.whereabouts(after(s)).offset_m
        };
        let free = walker(Micros(0), 0.0);
        let (before, stopped) = (at(&free, 100.0), at(&free, 200.0));
        assert_ne!(before, stopped);
        let held = walker(after(260.0), 60.0);
        assert_eq!(at(&held, 200.0), stopped);
        assert_eq!(at(&held, 259.0), stopped);
        assert_eq!(at(&held, 300.0), at(&free, 240.0));
    }
}
