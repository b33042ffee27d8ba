//! A point of a study made ready to run: its plan, and streets that it shares with other points where nothing of them differs.

use super::Sweep;
use crate::experiment::Ready;
use crate::scenario::Plan;
use crate::scenario::registry::PARAMETERS;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

/// Prepared places that are kept at a time; points that differ in nothing but cameras and matching share one.
const PLACES_KEPT: usize = 4;
/// Keys whose value names a file, so that a point may read other files than the base scenario.
const FILE_KEYS: [&str; 5] = [
    "place.file",
    "people.population",
    "watchlist.composition",
    "matcher.preset",
    "retrospective.preset",
];

/// A point with its places prepared.
pub(super) struct Point {
    pub plan: Plan,
    pub ready: Arc<Ready>,
    /// Axis and level of every group of its runs, "all" first.
    pub groups: Arc<Vec<(String, String)>>,
}

impl Sweep {
    /// Loads and prepares a point; the text says why it cannot be run.
    pub(super) fn prepare(&self, point: usize) -> Result<Point, String> {
        let plan = self.study.plan(point).map_err(|problems| {
            let lines: Vec<String> = problems.into_iter().map(|p| p.message).collect();
            lines.join("; ")
        })?;
        let files = |plan: &Plan| -> Vec<String> {
            let hashes = plan.resolved.lines().filter(|l| l.starts_with("sha256"));
            hashes.map(str::to_owned).collect()
        };
        let same_files = !self.study.keys.iter().any(|k| FILE_KEYS.contains(&k.as_str()));
        if same_files && files(&plan) != files(&self.base) {
            return Err("a file of the scenario changed while the study was running".into());
        }
        let levels = plan
            .axes
            .0
            .iter()
            .flat_map(|a| a.levels.iter().map(|l| (a.name.clone(), l.clone())));
        let groups = std::iter::once(("all".to_owned(), "all".to_owned()))
            .chain(levels)
            .collect();
        Ok(Point {
            ready: self.ready(&plan),
            groups: Arc::new(groups),
            plan,
        })
    }

    /// The prepared places of a plan, shared with other points on the same streets.
    fn ready(&self, plan: &Plan) -> Arc<Ready> {
        let key = places_key(plan);
        let kept = || self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ready)) = kept().iter().find(|(k, _)| *k == key) {
            return ready.clone();
        }
        let ready = Arc::new(Ready::prepare(plan));
        let mut kept = kept();
        if kept.len() >= PLACES_KEPT {
            kept.remove(0);
        }
        kept.push((key, ready.clone()));
        ready
    }
}

/// What the preparation of streets depends on: the plan's people, times, place and crowd.
pub(in crate::experiment) fn places_key(plan: &Plan) -> String {
    let until = plan.resolved.find("\n[watchlist]").unwrap_or(plan.resolved.len());
    let before = plan.resolved[..until].lines();
    let other = |l: &str| {
        PARAMETERS
            .iter()
            .any(|p| l.split(" = ").next() == Some(p.key) && !is_of_streets(p.key))
    };
    let kept = before.filter(|l| !l.starts_with("seed = ") && !l.starts_with("baseline = ") && !other(l));
    kept.collect::<Vec<_>>().join("\n")
}

fn is_of_streets(key: &str) -> bool {
    key.starts_with("people.") || key.starts_with("time.")
}

/// The value of `f`, or the text of its panic.
pub(in crate::experiment) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        format!(
            "the run broke off: {}",
            text.unwrap_or_else(|| "no reason given".into())
        )
    })
}
