//! One alert, retold from a repetition of its run.

use super::again::{Again, mount_word};
use super::elsewhere::{Walk, elsewhere};
use super::story::{
    ListStory, LookStory, OfficerStory, Rarity, ReviewStory, SecondStory, SoughtStory, StopStory, Story, Why,
};
use super::{Known, Told};
use crate::deployment::{Alert, Ending, Scene, Sight, Told as Step};
use crate::experiment::summarise::LABEL;
use crate::kernel::Micros;
use crate::people::SoughtPerson;
use crate::record::{Follower, cell_name, truth_word};
use crate::response::Truth;
use crate::scenario::registry::param;
use crate::stats::frequency;

/// Tells the story of an alert.
///
/// # Errors
/// A text for the user: the run no longer gives this alert.
pub fn alert_story(told: &Told, which: &Known) -> Result<Story, String> {
    let gone = || {
        format!(
            "repeating replication {} of {} gives no alert {:016x}: the scenario or the program has changed since",
            which.replication, which.strategy, which.key
        )
    };
    let again = told.again(which).ok_or_else(gone)?;
    let alert = again.run.alerts.iter().find(|a| which.is_of(a)).ok_or_else(gone)?;
    let scene = again.scene;
    let own = steps(&again.run, alert.member);
    let seen = own.iter().find_map(|s| match s {
        Step::Seen(seen) if seen.camera == alert.camera && seen.leg == alert.leg => Some(seen),
        _ => None,
    });
    let sought = again.run.steps.iter().find_map(|s| match &s.told {
        Step::Left(left) => Some(left.person),
        _ => None,
    });
    let walk = Walk {
        strategy: &which.strategy,
        replication: which.replication,
        at: told.site_of(which),
        visit: alert.visit,
        member: alert.member,
        sought: sought.is_some(),
        seen_at: Some(alert.at),
    };
    Ok(Story {
        ending: which_ending(alert),
        truth: truth_word(alert.truth).into(),
        group: cell_name(scene, alert.cell),
        party: seen.map_or(1, |s| s.party),
        sought: sought
            .filter(|_| alert.truth.is_true())
            .map(|p| sought_story(scene, &p)),
        look: seen.map(|s| LookStory {
            score: alert.score,
            ..look_story(scene, s)
        }),
        why: seen.map(|s| why(scene, alert, s)),
        review: Some(review(alert, &own)),
        officers: officers(alert, &own),
        stop: alert.stop.map(|s| StopStory {
            outcome: s.outcome.word().into(),
            minutes: s.scene.seconds() / 60.0,
            custody_h: s.custody.seconds() / 3600.0,
            minutes_lost: (s.scene + s.custody).seconds() / 60.0,
            charged: s.charged,
            handcuffed: s.handcuffed,
        }),
        rarity: Some(rarity(told, which)),
        score_that_decides: Some(alert.score),
        list: seen.map(|s| list(&again, alert, s, sought)),
        elsewhere: elsewhere(told, &walk),
        alert: Some(format!("{:016x}", alert.key)),
        ..blank(told, &which.strategy, &again)
    })
}

/// A story with nothing told yet.
pub(super) fn blank(told: &Told, strategy: &str, again: &Again) -> Story {
    Story {
        format: "lamplight.story/1".into(),
        label: LABEL.into(),
        scenario: told.plan.scenario.clone(),
        strategy: strategy.into(),
        replication: again.replication,
        held: again.held.clone(),
        alert: None,
        ending: String::new(),
        truth: String::new(),
        group: String::new(),
        party: 1,
        sought: None,
        look: None,
        why: None,
        review: None,
        officers: None,
        stop: None,
        rarity: None,
        missed: None,
        score_that_decides: None,
        list: None,
        elsewhere: Vec::new(),
    }
}

/// What was told of one member.
pub(super) fn steps(run: &Follower, member: u16) -> Vec<&Step> {
    let of = run.steps.iter().filter(|s| s.member == member);
    of.map(|s| &s.told).collect()
}

pub(super) fn which_ending(alert: &Alert) -> String {
    alert.stop.map_or(alert.ending.word(), |s| s.outcome.word()).into()
}

pub(super) fn sought_story(scene: &Scene, person: &SoughtPerson) -> SoughtStory {
    SoughtStory {
        reason: scene.plan.watchlist.reasons[person.reason].name.clone(),
        listed: person.listed,
        stale: person.stale,
        photo_age_y: person.photo_age_y,
    }
}

pub(super) fn look_story(scene: &Scene, seen: &Sight) -> LookStory {
    let camera = &scene.cameras[seen.camera];
    let place = &scene.plan.place;
    LookStory {
        time: clock(seen.at),
        street: place.edges[seen.edge].name.clone(),
        camera: place.mounts[camera.mount_site].id.clone(),
        mount: mount_word(camera.kind).into(),
        range_m: seen.range_m,
        yaw_deg: seen.yaw_deg,
        quality: seen.quality,
        capture: seen.capture,
        covered: seen.covered,
        searches: seen.searches,
        score: best_score(seen),
        threshold: seen.threshold,
    }
}

/// The best score that a search at this look has.
pub(super) fn best_score(seen: &Sight) -> f64 {
    let own = seen.genuine.map_or(f64::NEG_INFINITY, |g| g.score);
    own.max(seen.look_alike.score)
}

/// Local time as hh:mm:ss.
pub(super) fn clock(at: Micros) -> String {
    let s = at.0.div_euclid(1_000_000);
    format!("{:02}:{:02}:{:02}", s.div_euclid(3600) % 24, s / 60 % 60, s % 60)
}

fn why(scene: &Scene, alert: &Alert, seen: &Sight) -> Why {
    match (alert.truth, seen.genuine) {
        (Truth::True { .. }, Some(g)) => {
            let parts = [
                ("what everybody gets", g.base),
                ("quality of the look", g.look),
                ("group", g.group),
                ("age of the list photograph", g.photo_age),
                ("quality of the list photograph", g.photo_quality),
                ("how well this face matches itself", g.person),
                ("chance of the look", g.chance),
            ];
            Why::Genuine {
                parts: parts.map(|(name, x)| (name.to_string(), x)).to_vec(),
            }
        }
        _ => Why::LookAlike {
            matched_group: cell_name(scene, alert.matched_cell),
            relative: alert.kin,
            own_chance: seen.look_alike.own_chance,
            mean_chance: seen.look_alike.mean_chance,
        },
    }
}

fn review(alert: &Alert, own: &[&Step]) -> ReviewStory {
    let judged = own.iter().find_map(|s| match s {
        Step::Judged(j) if j.alert == alert.key => Some(j.judgement),
        _ => None,
    });
    let span = |from: Option<Micros>, to: Option<Micros>| Some((to? - from?).seconds());
    ReviewStory {
        waited_s: span(Some(alert.at), alert.review_start),
        took_s: span(alert.review_start, alert.review_end),
        evidence: judged.and_then(|j| j.evidence),
        second: judged.and_then(|j| j.second).map(|s| SecondStory {
            passes: s.passes,
            evidence: s.evidence,
        }),
        chance: judged.map(|j| j.chance),
        passed_on: alert.review_end.is_some() && alert.ending != Ending::Dismissed,
    }
}

fn officers(alert: &Alert, own: &[&Step]) -> Option<OfficerStory> {
    let sent = alert.dispatched?;
    Some(OfficerStory {
        waited_s: (sent - alert.review_end?).seconds(),
        distance_m: own.iter().find_map(|s| match s {
            Step::Sent(s) if s.alert == alert.key => Some(s.distance_m),
            _ => None,
        }),
        reached_s: alert.contact.map(|c| (c - sent).seconds()),
    })
}

fn rarity(told: &Told, which: &Known) -> Rarity {
    let like_it = told.known.iter().filter(|k| k.like(which)).count() as u64;
    let runs = f64::from(told.summary.replications);
    let of = told.summary.strategies.iter().find(|s| s.name == which.strategy);
    let mean = |id: &str| of.and_then(|s| s.metrics.get(id)?.mean);
    // A programme has many deployments in each replication.
    let deployments = libm::round(runs * mean("deployments").unwrap_or(1.0)) as u64;
    Rarity {
        like_it,
        deployments,
        per_deployment: frequency(like_it as f64 / deployments.max(1) as f64, deployments, "deployment"),
        faces_for_each: mean("faces_seen").map(|f| f * runs / like_it.max(1) as f64),
    }
}

/// The fewest entries with which the alert fires: a look-alike's score falls with the logarithm of the list's length; a
/// person on the list is left off when the list holds fewer than its place.
fn list(again: &Again, alert: &Alert, seen: &Sight, sought: Option<SoughtPerson>) -> ListStory {
    let size = again.numbers.get(param::LIST_SIZE);
    let place = again.places.iter().find(|(person, _)| *person == alert.person);
    let least = match (alert.truth, place, sought.and_then(|p| p.rank)) {
        (Truth::True { .. }, Some((_, place)), _) => *place as f64,
        (Truth::True { .. }, None, Some(rank)) => rank * again.numbers.get(param::LIST_POOL),
        (Truth::True { .. }, None, None) => size,
        _ => size * seen.look_alike.least_list.min(1.0),
    };
    ListStory { size, least }
}
