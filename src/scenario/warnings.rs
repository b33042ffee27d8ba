//! Things a user should know about a plan that are not errors.

use super::document::plain;
use super::plan::{DayType, Plan, Values};
use super::registry::{PARAMETERS, ParamId, param};

/// Scores within which the fall of false matches with the threshold was observed.
const OBSERVED_THRESHOLDS: std::ops::RangeInclusive<f64> = 0.54..=0.70;
/// Watchlists longer than this are beyond anything recorded.
const LONG_LIST: f64 = 50_000.0;
/// Persons in one opening that no single street has seen.
const MANY_PERSONS: f64 = 2_000_000.0;

/// All warnings of a plan, in a fixed order.
pub(crate) fn warnings(plan: &Plan) -> Vec<String> {
    let mut all = Vec::new();
    let defaults = Values::default();
    let of_searches = |i: &ParamId| i.row().key.starts_with("retrospective.");
    let searches: Vec<ParamId> = (0..PARAMETERS.len() as u16).map(ParamId).filter(of_searches).collect();
    for strategy in &plan.strategies {
        let values = &strategy.values;
        let off = !values.flag(param::RETRO_ENABLED);
        if off && searches.iter().any(|id| values.value(*id) != defaults.value(*id)) {
            all.push(format!(
                "strategy {}: retrospective.* is set, but retrospective.enabled is false, so it changes nothing",
                strategy.name
            ));
        }
        let threshold = values.get(param::THRESHOLD);
        let name = &strategy.name;
        if values.word(param::MATCHER_KIND) == "demographic" && !OBSERVED_THRESHOLDS.contains(&threshold) {
            all.push(format!(
                "strategy {name}: matcher.threshold = {} lies outside 0.54 to 0.70, where no false match rate was observed; \
                 its errors are an extrapolation",
                plain(threshold)
            ));
        }
        if !strategy.threshold_by.is_empty() {
            all.push(format!(
                "strategy {name}: matcher.threshold_by gives groups thresholds of their own: a counterfactual audit; legality not \
                 assessed"
            ));
        }
        let (size, pool) = (values.get(param::LIST_SIZE), values.get(param::LIST_POOL));
        if size > LONG_LIST {
            all.push(format!(
                "strategy {name}: watchlist.size = {size} is longer than any list on record (about 16,000)"
            ));
        }
        if size > pool {
            all.push(format!(
                "strategy {name}: watchlist.size = {size} exceeds watchlist.pool = {pool}: the entries beyond the pool raise false \
                 alerts but are never met"
            ));
        }
    }
    if plan.programme.is_some() || plan.place.fit.is_some() {
        return all;
    }
    let persons = persons(plan);
    if persons > MANY_PERSONS {
        all.push(format!(
            "about {persons:.0} persons enter while cameras are open; runs will be slow"
        ));
    }
    if persons == 0.0 {
        all.push("nobody enters while cameras are open: see [[people.arrivals]] or the gates of the place".to_owned());
    }
    all
}

/// Expected persons who enter while cameras are open.
fn persons(plan: &Plan) -> f64 {
    let day = match plan.day_type {
        DayType::MonThu => 0,
        DayType::Friday => 1,
        DayType::Saturday => 2,
        DayType::Sunday => 3,
    };
    let open = |hour: usize| {
        let start = hour as f64 * 3600.0;
        (plan.close_s.min(start + 3600.0) - plan.open_s.max(start)).max(0.0) / 3600.0
    };
    let hours = |profile: &[f64; 24]| profile.iter().enumerate().map(|(h, p)| p * open(h)).sum::<f64>();
    let gates: f64 = plan.place.gates.iter().map(|g| hours(&g.persons_per_hour[day])).sum();
    gates * plan.place.demand_scale * plan.values.get(param::DEMAND_SCALE)
}
