//! What differs between two strategies, with where each difference comes from: like for like, or not.

use super::summary::Differing;
use crate::scenario::Plan;
use crate::scenario::plan::{MountKind, StrategyPlan};
use crate::scenario::registry::{Kind, Label, PARAMETERS, ParamId, param};

/// Everything in which `a` differs from `b`: parameters, cameras, teams, matcher; and what the model assumes of the one kind
/// of mount and not of the other.
pub(crate) fn differing(plan: &Plan, a: usize, b: usize) -> Vec<Differing> {
    let (a, b) = (&plan.strategies[a], &plan.strategies[b]);
    let mut all = vec![cameras(a, b), patrol(a, b), matcher(a, b), rates(a, b)];
    all.extend(mounts(a, b));
    all.push(teams(a, b));
    let differs = |id: &ParamId| a.values.value(*id) != b.values.value(*id);
    let ids = (0..PARAMETERS.len()).map(|i| ParamId(i as u16)).filter(differs);
    all.extend(ids.map(|id| Some(parameter(id, &show(id, a.values.get(id)), &show(id, b.values.get(id))))));
    all.into_iter().flatten().collect()
}

/// A value as a user would write it.
fn show(id: ParamId, x: f64) -> String {
    match id.row().kind {
        Kind::Choice { words } => words.get(x as usize).map_or(String::new(), |w| (*w).to_owned()),
        Kind::Flag { .. } => (x != 0.0).to_string(),
        _ => {
            let unit = id.row().unit;
            if unit.is_empty() {
                format!("{x}")
            } else {
                format!("{x} {unit}")
            }
        }
    }
}

fn parameter(id: ParamId, strategy: &str, baseline: &str) -> Differing {
    let row = id.row();
    Differing {
        key: row.key.to_owned(),
        what: row.doc.to_owned(),
        strategy: strategy.to_owned(),
        baseline: baseline.to_owned(),
        label: row.label.word().to_owned(),
        source: row.source.to_owned(),
        by_assumption_alone: row.label == Label::Assumption,
    }
}

/// What is set by the scenario itself.
fn setting(key: &str, what: &str, strategy: String, baseline: String) -> Option<Differing> {
    (strategy != baseline).then(|| Differing {
        key: key.to_owned(),
        what: what.to_owned(),
        strategy,
        baseline,
        label: Label::Setting.word().to_owned(),
        source: "set by the scenario; positions are hypothetical".to_owned(),
        by_assumption_alone: false,
    })
}

fn cameras(a: &StrategyPlan, b: &StrategyPlan) -> Option<Differing> {
    let say = |s: &StrategyPlan| {
        let of = |kind| s.cameras.iter().filter(move |c| c.mount == kind);
        let part = |kind, word: &str| {
            let mounts = of(kind).count();
            let cameras: u32 = of(kind).map(|c| c.count).sum();
            (mounts > 0).then(|| format!("{cameras} cameras on {mounts} {word}"))
        };
        let parts: Vec<String> = [part(MountKind::Van, "vans"), part(MountKind::Lamp, "lamp posts")]
            .into_iter()
            .flatten()
            .collect();
        if parts.is_empty() {
            "none".to_owned()
        } else {
            parts.join(", ")
        }
    };
    let what = "Cameras and where they stand.";
    match setting("cameras", what, say(a), say(b)) {
        None if a.cameras != b.cameras => Some(Differing {
            key: "cameras".to_owned(),
            what: what.to_owned(),
            strategy: format!("{}, elsewhere", say(a)),
            baseline: say(b),
            label: Label::Setting.word().to_owned(),
            source: "set by the scenario; positions are hypothetical".to_owned(),
            by_assumption_alone: false,
        }),
        found => found,
    }
}

/// One looks for people with cameras and the other does not: its stops come from rates of patrol.
fn patrol(a: &StrategyPlan, b: &StrategyPlan) -> Option<Differing> {
    if a.is_patrol() == b.is_patrol() {
        return None;
    }
    let say = |s: &StrategyPlan| {
        if s.is_patrol() {
            show(param::PATROL_ARRESTS, s.values.get(param::PATROL_ARRESTS))
        } else {
            "people stopped after alerts".to_owned()
        }
    };
    Some(parameter(param::PATROL_ARRESTS, &say(a), &say(b)))
}

/// What the model assumes of vans and of lamp posts, where one strategy has only the one kind.
fn mounts(a: &StrategyPlan, b: &StrategyPlan) -> Vec<Option<Differing>> {
    let only = |s: &StrategyPlan, kind| !s.cameras.is_empty() && s.cameras.iter().all(|c| c.mount == kind);
    let pairs = [
        (param::AWARE_VAN, param::AWARE_LAMP),
        (param::HEIGHT_VAN_M, param::HEIGHT_LAMP_M),
    ];
    let one = |(van, lamp): (ParamId, ParamId)| {
        let of = |s: &StrategyPlan| {
            if only(s, MountKind::Van) {
                Some(van)
            } else if only(s, MountKind::Lamp) {
                Some(lamp)
            } else {
                None
            }
        };
        let (x, y) = (of(a)?, of(b)?);
        let (p, q) = (a.values.get(x), b.values.get(y));
        (x != y && p != q).then(|| parameter(x, &show(x, p), &show(y, q)))
    };
    pairs.into_iter().map(one).collect()
}

fn teams(a: &StrategyPlan, b: &StrategyPlan) -> Option<Differing> {
    let say = |s: &StrategyPlan| {
        let usual = s.values.get(param::PAIRS);
        let pairs: f64 = s.teams.iter().map(|t| t.pairs.map_or(usual, f64::from)).sum();
        format!("{pairs} pairs in {} teams", s.teams.len())
    };
    // Patrol's officers are the same people walking about.
    if a.is_patrol() || b.is_patrol() {
        return None;
    }
    setting("teams", "Pairs of officers who answer alerts.", say(a), say(b))
}

fn rates(a: &StrategyPlan, b: &StrategyPlan) -> Option<Differing> {
    let (a, b) = (a.rates.as_ref()?, b.rates.as_ref()?);
    let differing = setting(
        "retrospective.preset",
        "Table of how often retrospective searches bring up somebody else.",
        a.name.clone(),
        b.name.clone(),
    )?;
    Some(Differing {
        source: a.sources.join(" "),
        ..differing
    })
}

fn matcher(a: &StrategyPlan, b: &StrategyPlan) -> Option<Differing> {
    if a.matcher == b.matcher || a.is_patrol() || b.is_patrol() {
        return None;
    }
    let differing = setting(
        "matcher.preset",
        "Table of who is confused with whom.",
        a.matcher.name.clone(),
        b.matcher.name.clone(),
    )?;
    Some(Differing {
        source: a.matcher.sources.join(" "),
        ..differing
    })
}
