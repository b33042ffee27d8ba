//! The same person on the same walk under every other strategy.

use super::Told;
use super::again::{Again, of_day, that_day};
use super::retell::{best_score, clock, steps, which_ending};
use super::story::Elsewhere;
use crate::deployment::{Alert, Reacted, Sight, Told as Step};
use crate::experiment::Stage;
use crate::kernel::Micros;
use crate::programme::Prepared;
use crate::record::Follower;
use jiff::civil::Date;

/// A walk that was told of.
pub(super) struct Walk<'a> {
    /// Strategy under which it was.
    pub strategy: &'a str,
    /// Replication.
    pub replication: u32,
    /// Date and site in a programme.
    pub at: Option<(Date, usize)>,
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub member: u16,
    /// Whether a sought person's.
    pub sought: bool,
    /// When the person was seen.
    pub seen_at: Option<Micros>,
}

/// What happened under every other strategy. Draws belong to the place and the day, so the same people come to a place on a
/// day whatever the strategy; in a programme a strategy may have been elsewhere, and a sought person arrested before.
pub(super) fn elsewhere(told: &Told, walk: &Walk) -> Vec<Elsewhere> {
    let names = told.summary.strategies.iter().map(|s| s.name.as_str());
    let one = |name: &str| {
        let strategy = told.strategy(name)?;
        Some(match told.stage {
            Stage::Day(scenes, _) => {
                let again = of_day(scenes.get(strategy)?, walk.replication, Follower::of_visit(walk.visit));
                under(name, &again, walk)
            }
            Stage::Programme(prepared) => that_place(prepared, name, strategy, walk)?,
        })
    };
    names.filter(|n| *n != walk.strategy).filter_map(one).collect()
}

/// The same day and place under another strategy of a programme.
fn that_place(prepared: &Prepared, name: &str, strategy: usize, walk: &Walk) -> Option<Elsewhere> {
    let (date, site) = walk.at?;
    let day = that_day(prepared, strategy, walk.replication, (date, site), walk.visit);
    let held = day.there.iter().map(|again| under(name, again, walk));
    // What cost the person most, where a strategy was there twice.
    let found = held.reduce(|a, b| {
        if (b.compared, b.minutes_lost, b.searches) > (a.compared, a.minutes_lost, a.searches) {
            b
        } else {
            a
        }
    });
    let nothing = |what: String| Elsewhere {
        strategy: name.into(),
        compared: false,
        searches: 0,
        score: None,
        threshold: None,
        what,
        minutes_lost: 0.0,
    };
    let title = &prepared.programme.sites[site].title;
    Some(match found {
        Some(found) => found,
        None if day.addresses => nothing("officers visited addresses there that day; nobody was scanned".into()),
        None if day.sites.is_empty() => nothing("no deployment anywhere that day; this walk was not scanned".into()),
        None => nothing(format!(
            "not at {title} that day but at {}; this walk was not scanned, and who was scanned there instead cannot be set \
             beside it",
            day.sites.join(" and ")
        )),
    })
}

/// What happened to the person in another strategy's deployment at the same place and time.
fn under(name: &str, again: &Again, walk: &Walk) -> Elsewhere {
    let (scene, run) = (again.scene, &again.run);
    let own = steps(run, walk.member);
    let seen: Vec<&Sight> = own
        .iter()
        .filter_map(|s| match s {
            Step::Seen(seen) => Some(seen),
            _ => None,
        })
        .collect();
    let searched: Vec<&Sight> = seen.iter().filter(|s| s.searched).copied().collect();
    let score = searched.iter().map(|s| best_score(s)).reduce(f64::max);
    // What cost the person most, where there are several.
    let alert = run
        .alerts
        .iter()
        .filter(|a| a.member == walk.member)
        .reduce(|a, b| if lost(b) > lost(a) { b } else { a });
    let reacted = run.steps.iter().find_map(|s| match s.told {
        Step::Reacted(r) if r != Reacted::Covered => Some(r),
        _ => None,
    });
    let apart = apart(again, walk);
    let what = match (alert, reacted) {
        (Some(a), _) => format!(
            "{} alert; {}",
            if a.truth.is_true() { "true" } else { "false" },
            which_ending(a)
        ),
        _ if apart.is_some() => apart.clone().unwrap_or_default(),
        (None, Some(Reacted::Detour)) if searched.is_empty() => "took another route".into(),
        (None, Some(Reacted::StayedAway)) => "had heard of it and stayed away".into(),
        (None, Some(_)) if searched.is_empty() => "turned back".into(),
        _ if scene.cameras.is_empty() => "no cameras; not scanned".into(),
        _ if seen.is_empty() => "passed no camera".into(),
        _ if seen.iter().all(|s| !s.on) => "passed while the cameras were off".into(),
        _ if searched.is_empty() => "passed a camera; no usable face was captured".into(),
        _ => "searched; no alert".into(),
    };
    Elsewhere {
        strategy: name.into(),
        compared: alert.is_some() || apart.is_none(),
        searches: searched.len() as u32,
        score: alert.map(|a| a.score).or(score),
        threshold: searched.first().map(|s| s.threshold),
        what,
        minutes_lost: alert.map_or(0.0, |a| lost(a) / 60.0),
    }
}

/// Why a walk did not take place in another strategy's deployment of a programme, if it did not.
fn apart(again: &Again, walk: &Walk) -> Option<String> {
    let held = again.held.as_ref()?;
    if !again.run.steps.is_empty() {
        return None;
    }
    let outside = |at: Micros| {
        let at = clock(at);
        at < held.open || at >= held.close
    };
    if walk.seen_at.is_some_and(outside) {
        Some(format!(
            "there that day, but open from {} to {}; this walk was at another time",
            &held.open[..5],
            &held.close[..5]
        ))
    } else if walk.sought {
        Some(
            "there that day, but this person did not come: arrested before, or kept away by earlier deployments, under this \
             strategy"
                .into(),
        )
    } else {
        None
    }
}

fn lost(alert: &Alert) -> f64 {
    alert.stop.map_or(0.0, |s| (s.scene + s.custody).seconds())
}
