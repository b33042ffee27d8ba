//! One alert, retold from a repetition of its run, and the same person under every other strategy.

use super::story::{
    Elsewhere, ListStory, LookStory, OfficerStory, Rarity, ReviewStory, SecondStory, SoughtStory, StopStory, Story, Why,
};
use super::{Known, Told, follow};
use crate::deployment::{Alert, Ending, Reacted, Scene, Sight, Told as Step};
use crate::experiment::summarise::LABEL;
use crate::kernel::Micros;
use crate::people::SoughtPerson;
use crate::record::{Follower, cell_name, truth_word};
use crate::response::Truth;
use crate::scenario::plan::MountKind;
use crate::scenario::registry::param;
use crate::scenario::world::{Draws, Numbers};
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
    let scene = told.scene(&which.strategy).ok_or_else(gone)?;
    // Once to learn whose alert it is, once more to follow that visit.
    let alert = find(&scene, which.replication, which.key).ok_or_else(gone)?;
    let run = follow(&scene, which.replication, Follower::of_visit(alert.visit));
    let own = steps(&run, alert.member);
    let seen = own.iter().find_map(|s| match s {
        Step::Seen(seen) if seen.camera == alert.camera && seen.leg == alert.leg => Some(seen),
        _ => None,
    });
    let sought = run.steps.iter().find_map(|s| match &s.told {
        Step::Left(left) => Some(left.person),
        _ => None,
    });
    let numbers = numbers(&scene, which.replication);
    Ok(Story {
        ending: which_ending(&alert),
        truth: truth_word(alert.truth).into(),
        group: cell_name(&scene, alert.cell),
        party: seen.map_or(1, |s| s.party),
        sought: sought
            .filter(|_| alert.truth.is_true())
            .map(|p| sought_story(&scene, &p)),
        look: seen.map(|s| LookStory {
            score: alert.score,
            ..look_story(&scene, s)
        }),
        why: seen.map(|s| why(&scene, &alert, s)),
        review: Some(review(&alert, &own)),
        officers: officers(&alert, &own),
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
        list: seen.map(|s| list(&alert, s, sought, &numbers)),
        elsewhere: elsewhere(told, &which.strategy, which.replication, alert.visit, alert.member),
        alert: Some(format!("{:016x}", alert.key)),
        ..blank(told, &which.strategy, which.replication)
    })
}

/// A story with nothing told yet.
pub(super) fn blank(told: &Told, strategy: &str, replication: u32) -> Story {
    Story {
        format: "lamplight.story/1".into(),
        label: LABEL.into(),
        scenario: told.plan.scenario.clone(),
        strategy: strategy.into(),
        replication,
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

/// The values of this replication's plausible world.
pub(super) fn numbers(scene: &Scene, replication: u32) -> Numbers {
    let draws = Draws::new(scene.plan.seed, replication);
    Numbers::draw(&scene.strategy.values, scene.plan.uncertainty.then_some(draws.world))
}

/// The alert of this identity in a repetition of the run.
fn find(scene: &Scene, replication: u32, key: u64) -> Option<Alert> {
    let mut log = crate::record::AlertLog::default();
    let schedule = crate::deployment::Schedule::Lazy;
    crate::deployment::run(scene, scene.plan.seed, replication, schedule, &mut log);
    log.alerts.into_iter().find(|a| a.key == key)
}

/// What was told of one member.
pub(super) fn steps(run: &Follower, member: u16) -> Vec<&Step> {
    let of = run.steps.iter().filter(|s| s.member == member);
    of.map(|s| &s.told).collect()
}

fn which_ending(alert: &Alert) -> String {
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
        mount: match camera.kind {
            MountKind::Van => "van",
            MountKind::Lamp => "lamp post",
        }
        .into(),
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
fn clock(at: Micros) -> String {
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
    let deployments = u64::from(told.summary.replications);
    let of = told.summary.strategies.iter().find(|s| s.name == which.strategy);
    let faces = of.and_then(|s| s.metrics.get("faces_seen")?.mean);
    let each = deployments as f64 / like_it.max(1) as f64;
    Rarity {
        like_it,
        deployments,
        per_deployment: frequency(like_it as f64 / deployments.max(1) as f64, deployments),
        faces_for_each: faces.map(|f| f * each),
    }
}

/// The fewest entries with which the alert fires: a look-alike's score falls with the logarithm of the list's length; a
/// person on the list is left off when the list holds fewer than its place.
fn list(alert: &Alert, seen: &Sight, sought: Option<SoughtPerson>, numbers: &Numbers) -> ListStory {
    let size = numbers.get(param::LIST_SIZE);
    let least = match (alert.truth, sought) {
        (Truth::True { .. }, Some(person)) => person.rank.map_or(size, |r| r * numbers.get(param::LIST_POOL)),
        _ => size * seen.look_alike.least_list.min(1.0),
    };
    ListStory { size, least }
}

/// The same person on the same walk under every other strategy.
pub(super) fn elsewhere(told: &Told, strategy: &str, replication: u32, visit: u64, member: u16) -> Vec<Elsewhere> {
    let names = told.summary.strategies.iter().map(|s| s.name.as_str());
    names
        .filter(|n| *n != strategy)
        .filter_map(|name| {
            let scene = told.scene(name)?;
            let run = follow(&scene, replication, Follower::of_visit(visit));
            Some(under(name, &scene, &run, member))
        })
        .collect()
}

fn under(name: &str, scene: &Scene, run: &Follower, member: u16) -> Elsewhere {
    let own = steps(run, member);
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
        .filter(|a| a.member == member)
        .reduce(|a, b| if lost(b) > lost(a) { b } else { a });
    let reacted = run.steps.iter().find_map(|s| match s.told {
        Step::Reacted(r) if r != Reacted::Covered => Some(r),
        _ => None,
    });
    let what = match (alert, reacted) {
        (Some(a), _) => format!(
            "{} alert; {}",
            if a.truth.is_true() { "true" } else { "false" },
            which_ending(a)
        ),
        (None, Some(Reacted::Detour)) if searched.is_empty() => "took another route".into(),
        (None, Some(_)) if searched.is_empty() => "turned back".into(),
        _ if scene.cameras.is_empty() => "no cameras; not scanned".into(),
        _ if seen.is_empty() => "passed no camera".into(),
        _ if seen.iter().all(|s| !s.on) => "passed while the cameras were off".into(),
        _ if searched.is_empty() => "passed a camera; no usable face was captured".into(),
        _ => "searched; no alert".into(),
    };
    Elsewhere {
        strategy: name.into(),
        searches: searched.len() as u32,
        score: alert.map(|a| a.score).or(score),
        threshold: searched.first().map(|s| s.threshold),
        what,
        minutes_lost: alert.map_or(0.0, |a| lost(a) / 60.0),
    }
}

fn lost(alert: &Alert) -> f64 {
    alert.stop.map_or(0.0, |s| (s.scene + s.custody).seconds())
}
