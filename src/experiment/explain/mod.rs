//! The story of one alert, or of one sought person who was missed, by repeating the run it comes from.

mod again;
mod elsewhere;
mod find;
mod missed;
mod retell;
mod story;

pub(super) use again::sought_followed;
pub use find::{At, KINDS, Known, Narrow, Which, choose, known, read_known};
pub use missed::missed;
pub use retell::alert_story;
pub use story::{
    Elsewhere, HeldStory, ListStory, LookStory, Missed, OfficerStory, Rarity, ReviewStory, SecondStory, SoughtStory,
    StopStory, Story, Why,
};

use super::summary::Summary;
use super::{Runs, Stage};
use crate::scenario::Plan;

/// A result, for telling stories of it.
pub struct Told<'a> {
    /// The plan it was made from.
    pub plan: &'a Plan,
    /// Its strategies on prepared streets.
    pub stage: &'a Stage<'a>,
    /// Its figures, for how rare something is.
    pub summary: &'a Summary,
    /// Its alerts.
    pub known: &'a [Known],
}

/// The story that a report tells: the stop that cost a person not sought the most time, else any false alert, else any
/// alert; none where there was none.
pub fn telling(plan: &Plan, stage: &Stage, summary: &Summary, strategies: &[usize], runs: &Runs) -> Option<Story> {
    let list = known(plan, strategies, runs);
    let told = Told {
        plan,
        stage,
        summary,
        known: &list,
    };
    let kinds = [
        Which::Worst,
        Which::Find("false_alert".into()),
        Which::Find("true_alert".into()),
    ];
    let found = kinds
        .iter()
        .find_map(|which| choose(&list, which, &Narrow::default()))?;
    alert_story(&told, found).ok()
}
