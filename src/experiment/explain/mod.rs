//! The story of one alert, or of one sought person who was missed, by repeating the run it comes from.

mod find;
mod missed;
mod retell;
mod story;

pub use find::{KINDS, Known, Which, choose, known, read_known};
pub use missed::missed;
pub use retell::alert_story;
pub use story::{
    Elsewhere, ListStory, LookStory, Missed, OfficerStory, Rarity, ReviewStory, SecondStory, SoughtStory, StopStory,
    Story, Why,
};

use super::Runs;
use super::summary::Summary;
use crate::deployment::{Scene, Schedule, run};
use crate::people::Streets;
use crate::record::Follower;
use crate::scenario::Plan;

/// A result, for telling stories of it.
pub struct Told<'a> {
    /// The plan it was made from.
    pub plan: &'a Plan,
    /// Its prepared streets.
    pub streets: &'a Streets,
    /// Its figures, for how rare something is.
    pub summary: &'a Summary,
    /// Its alerts.
    pub known: &'a [Known],
}

impl Told<'_> {
    /// The strategy of this name.
    fn scene(&self, strategy: &str) -> Option<Scene<'_>> {
        let plan = self.plan.strategies.iter().find(|s| s.name == strategy)?;
        Some(Scene::prepare(self.plan, plan, self.streets))
    }
}

/// The story that a report tells: the stop that cost a person not sought the most time, else any false alert, else any
/// alert; none where there was none.
pub fn telling(plan: &Plan, streets: &Streets, summary: &Summary, strategies: &[usize], runs: &Runs) -> Option<Story> {
    let list = known(plan, strategies, runs);
    let told = Told {
        plan,
        streets,
        summary,
        known: &list,
    };
    let kinds = [
        Which::Worst,
        Which::Find("false_alert".into()),
        Which::Find("true_alert".into()),
    ];
    let found = kinds.iter().find_map(|which| choose(&list, which, None))?;
    alert_story(&told, found).ok()
}

/// Repeats a run with somebody who follows.
pub(super) fn follow(scene: &Scene, replication: u32, mut follower: Follower) -> Follower {
    run(scene, scene.plan.seed, replication, Schedule::Lazy, &mut follower);
    follower
}
