//! Sought people who were present and raised no alert, and why.

use super::Told;
use super::again::{Again, sought_followed};
use super::elsewhere::{Walk, elsewhere};
use super::retell::{best_score, blank, look_story, sought_story};
use super::story::{Missed, Story};
use crate::deployment::{Left, Reacted, Sight, Told as Step};
use crate::record::{Follower, cell_name};

/// Why a person raised no alert, from the widest part of the funnel to the narrowest.
const REASONS: [&str; 7] = [
    "passed no camera",
    "took another route",
    "turned back",
    "passed only while the cameras were off",
    "walked outside the views",
    "no usable face was captured",
    "every score stayed under the threshold",
];

/// One sought person of a run with what was told.
struct Visit {
    visit: u64,
    left: Left,
    reason: usize,
    /// The look that came closest to an alert.
    closest: Option<Sight>,
}

/// The first sought person on the list who was present and raised no alert under a strategy, and why others were missed.
///
/// # Errors
/// A text for the user: there is no such strategy, or nobody was missed.
pub fn missed(told: &Told, strategy: &str) -> Result<Story, String> {
    let index = told
        .strategy(strategy)
        .ok_or_else(|| format!("the scenario has no strategy \"{strategy}\""))?;
    let runs = sought_followed(told.stage, index, told.summary.replications);
    let mut counts = [0_u64; REASONS.len()];
    let mut present = 0;
    let mut first: Option<(&Again, Visit)> = None;
    for again in &runs {
        for visit in visits(&again.run) {
            if !(visit.left.present && visit.left.person.listed) {
                continue;
            }
            present += 1;
            if visit.left.alerted {
                continue;
            }
            counts[visit.reason] += 1;
            // Prefer somebody who met a camera: there is more to tell.
            let richer = first
                .as_ref()
                .is_none_or(|(_, v)| v.closest.is_none() && visit.closest.is_some());
            if richer {
                first = Some((again, visit));
            }
        }
    }
    let (again, visit) =
        first.ok_or_else(|| format!("nobody was missed under {strategy} in {} deployments", runs.len()))?;
    let reasons = REASONS.iter().zip(counts).filter(|(_, n)| *n > 0);
    let missed = Missed {
        reason: REASONS[visit.reason].into(),
        reasons: reasons.map(|(r, n)| (r.to_string(), n)).collect(),
        deployments: runs.len() as u64,
        present,
    };
    Ok(tell(told, strategy, again, &visit, missed))
}

fn tell(told: &Told, strategy: &str, again: &Again, visit: &Visit, missed: Missed) -> Story {
    let (scene, person) = (again.scene, &visit.left.person);
    let walk = Walk {
        strategy,
        replication: again.replication,
        at: again.at,
        visit: visit.visit,
        member: 0,
        sought: true,
        seen_at: visit.closest.as_ref().map(|s| s.at),
    };
    Story {
        ending: "missed".into(),
        truth: "no alert".into(),
        group: cell_name(scene, person.cell),
        sought: Some(sought_story(scene, person)),
        look: visit.closest.as_ref().map(|s| look_story(scene, s)),
        score_that_decides: visit.closest.as_ref().filter(|s| s.searched).map(best_score),
        missed: Some(missed),
        elsewhere: elsewhere(told, &walk),
        ..blank(told, strategy, again)
    }
}

/// Sought people's visits in the order in which they ended.
fn visits(run: &Follower) -> Vec<Visit> {
    let mut done = Vec::new();
    for step in &run.steps {
        let Step::Left(left) = &step.told else { continue };
        let own: Vec<&Step> = run
            .steps
            .iter()
            .filter(|s| s.visit == step.visit)
            .map(|s| &s.told)
            .collect();
        let seen = |test: &dyn Fn(&Sight) -> bool| {
            let mut of: Vec<&Sight> = Vec::new();
            for s in &own {
                if let Step::Seen(s) = s
                    && test(s)
                {
                    of.push(s);
                }
            }
            of
        };
        let (all, on) = (seen(&|_| true), seen(&|s| s.on));
        let (viewed, searched) = (seen(&|s| s.on && s.in_view), seen(&|s| s.searched));
        let reacted = own.iter().find_map(|s| match s {
            Step::Reacted(r) => Some(*r),
            _ => None,
        });
        let reason = match reacted {
            Some(Reacted::TurnedBack) => 2,
            Some(Reacted::Detour) if searched.is_empty() => 1,
            _ if all.is_empty() => 0,
            _ if on.is_empty() => 3,
            _ if viewed.is_empty() => 4,
            _ if searched.is_empty() => 5,
            _ => 6,
        };
        // No look is told of somebody who avoided the cameras.
        let closest = if matches!(reason, 1 | 2) {
            None
        } else {
            let better = |a: &'_ &Sight, b: &'_ &Sight| best_score(a).total_cmp(&best_score(b));
            searched.iter().copied().max_by(better).or(viewed.first().copied())
        };
        done.push(Visit {
            visit: step.visit,
            left: *left,
            reason,
            closest: closest.cloned(),
        });
    }
    done
}
