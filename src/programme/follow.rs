//! Repeats a programme up to a day, with somebody who follows a visit in deployments of choice. What came before the day is
//! repeated too, for it decided who is sought, where vans go and at what threshold.

use super::prepare::Prepared;
use super::run::{Finished, State, days};
use crate::deployment::Schedule;
use crate::measure::Faces;
use crate::record::Follower;
use crate::response::Truth;
use crate::scenario::plan::MountKind;
use crate::scenario::world::Numbers;
use jiff::civil::Date;

/// A deployment about to be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Deployments of this replication held before it.
    pub number: u64,
    /// Date.
    pub date: Date,
    /// Index of the site.
    pub site: usize,
    /// Van or lamp posts.
    pub mount: MountKind,
}

/// What was told of a followed deployment.
pub struct Followed {
    /// Steps and alerts of the followed visits.
    pub run: Follower,
    /// The numbers of that day: threshold and size of the list among them.
    pub numbers: Numbers,
    /// For each true alert, the person's key and place on the list: shorter lists do not hold the person.
    pub places: Vec<(u64, u64)>,
}

/// Says who follows in a deployment, if anybody does.
pub(super) type Ask<'a> = Box<dyn FnMut(&Opening) -> Option<Follower> + 'a>;

/// Repeats a replication of a strategy until the end of a day, or of the first day on which `sink` has had enough (it then
/// says false). `ask` says who follows in each deployment; following changes nothing.
pub fn replay<'a>(
    prepared: &'a Prepared<'a>,
    strategy: usize,
    replication: u32,
    faces: Faces,
    until: Date,
    ask: &'a mut dyn FnMut(&Opening) -> Option<Follower>,
    sink: &mut dyn FnMut(Finished) -> bool,
) {
    let seed = prepared.plan.seed;
    let mut state = State::new(prepared, seed, replication, strategy, Schedule::Lazy, faces);
    state.ask = Some(Box::new(ask));
    days(&mut state, until, sink);
}

impl State<'_> {
    /// Who follows in the next deployment.
    pub(super) fn follower(&mut self, date: Date, site: usize, mount: MountKind) -> Option<Follower> {
        let opening = Opening {
            number: self.year.deployments,
            date,
            site,
            mount,
        };
        self.ask.as_mut()?(&opening)
    }

    /// What a follower was told, with the places on the list just drawn up.
    pub(super) fn followed(&self, run: Follower, numbers: Numbers) -> Followed {
        let place = |key: u64| {
            let entry = self.roll.classes.iter().flatten().find(|e| e.key == key)?;
            Some((key, self.ranks.iter().filter(|r| **r <= entry.rank).count() as u64))
        };
        let of_sought = run.alerts.iter().filter(|a| matches!(a.truth, Truth::True { .. }));
        Followed {
            places: of_sought.filter_map(|a| place(a.person)).collect(),
            numbers,
            run,
        }
    }
}
