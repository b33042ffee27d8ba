//! What can be said against a study before it is run.

use crate::measure::metric;
use crate::scenario::diagnose::{Diagnostic, Diagnostics, nearest};
use crate::scenario::registry::find;
use crate::scenario::{Plan, Study};

/// Metrics that the study names and that there are not.
pub(super) fn unknown_metrics(study: &Study) -> Diagnostics {
    let ids = || crate::measure::METRICS.iter().map(|m| m.id);
    let of_rule = study.precision.iter().map(|rule| &rule.metric);
    let unknown = study.metrics.iter().chain(of_rule).filter(|id| metric(id).is_none());
    unknown
        .map(|id| {
            let help = match nearest(id, ids()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "lamplight schema outputs lists all metrics".to_owned(),
            };
            Diagnostic::general(format!("{}: there is no metric \"{id}\"", study.name), help)
        })
        .collect()
}

/// For each key, the strategies that set it themselves, so that the design does not move it there.
pub(super) fn unmoved(study: &Study, ends: &[Plan; 2]) -> Vec<Vec<String>> {
    let [first, last] = ends;
    let stands = |key: &str, s: usize| match find(key) {
        Some(id) => ends.iter().any(|p| p.strategies[s].values.get(id) != p.values.get(id)),
        None => {
            let differs = study.point(0) != study.point(study.len() - 1);
            let (a, b) = (&first.strategies[s], &last.strategies[s]);
            let same = match key {
                "matcher.preset" => a.matcher == b.matcher,
                "retrospective.preset" => a.rates == b.rates && a.rates.is_some(),
                _ => false,
            };
            same && differs
        }
    };
    let names = |key: &String| {
        let of = |s: &usize| stands(key, *s);
        let all = 0..first.strategies.len();
        all.filter(of).map(|s| first.strategies[s].name.clone()).collect()
    };
    study.keys.iter().map(names).collect()
}
