//! What a programme has beside its metrics: sites, weeks, boroughs.

use super::Runs;
use super::summary::{
    BoroughSummary, PlaceTotals, ProgrammeStrategy, ProgrammeSummary, ResidentSummary, SiteSummary, WeekTotals,
};
use crate::measure::{Counter as C, Exposure, Residents, RunSummary};
use crate::programme::{DeploymentRow, day_number};
use crate::scenario::Plan;
use crate::scenario::programme::Programme;
use crate::stats;

/// Stops of a deployment.
const STOPS: [C; 6] = [
    C::TrueStops,
    C::StaleStops,
    C::WrongfulStops,
    C::PatrolArrests,
    C::PatrolOther,
    C::PatrolNothing,
];

/// Summarises the runs of a programme; none for a plan of one day.
pub fn programme_summary(plan: &Plan, strategies: &[usize], runs: &Runs) -> Option<ProgrammeSummary> {
    let programme = plan.programme.as_deref()?;
    let site = |s: &crate::scenario::programme::Site| SiteSummary {
        name: s.name.clone(),
        title: s.title.clone(),
        borough: s.borough.clone(),
        at: s.at,
        sketch: s.plan.place.sketch,
    };
    let days = day_number(programme.until) - day_number(programme.from) + 1;
    Some(ProgrammeSummary {
        from: programme.from.to_string(),
        until: programme.until.to_string(),
        days: u64::try_from(days).unwrap_or(0),
        title: programme.title.clone(),
        sites: programme.sites.iter().map(site).collect(),
        strategies: strategies
            .iter()
            .enumerate()
            .map(|(s, index)| ProgrammeStrategy {
                name: plan.strategies[*index].name.clone(),
                sites: sites(programme, &runs.deployments[s]),
                weeks: weeks(programme, &runs.deployments[s], &runs.by_strategy[s]),
                boroughs: boroughs(plan, &runs.by_strategy[s]),
            })
            .collect(),
    })
}

/// Adds a deployment's share of a mean over `n` replications.
fn add(totals: &mut PlaceTotals, row: &DeploymentRow, n: f64) {
    let p = &row.published;
    totals.deployments += 1.0 / n;
    totals.hours += p.hours / n;
    totals.faces += p.faces as f64 / n;
    totals.alerts += p.alerts as f64 / n;
    totals.false_alerts += p.false_alerts() as f64 / n;
    totals.arrests += p.arrests as f64 / n;
}

fn sites(programme: &Programme, runs: &[Vec<DeploymentRow>]) -> Vec<PlaceTotals> {
    let mut totals = vec![PlaceTotals::default(); programme.sites.len()];
    let n = runs.len() as f64;
    runs.iter()
        .flatten()
        .for_each(|row| add(&mut totals[row.published.site], row, n));
    totals
}

fn weeks(programme: &Programme, runs: &[Vec<DeploymentRow>], summaries: &[RunSummary]) -> Vec<WeekTotals> {
    let first = day_number(programme.from);
    let count = ((day_number(programme.until) - first) / 7 + 1).max(0) as usize;
    let groups = summaries.first().map_or(1, |s| s.groups.len());
    let n = runs.len() as f64;
    let mut weeks: Vec<WeekTotals> = Vec::with_capacity(count);
    let mut from = programme.from;
    for _ in 0..count {
        weeks.push(WeekTotals {
            from: from.to_string(),
            scanned_by_then: vec![0.0; groups],
            ..WeekTotals::default()
        });
        from = from.saturating_add(jiff::Span::new().days(7));
    }
    for (run, summary) in runs.iter().zip(summaries) {
        let people: Vec<f64> = match &summary.year {
            Some(year) => year.exposure.iter().map(|e| Exposure::count(e) as f64).collect(),
            None => Vec::new(),
        };
        for row in run {
            let week = ((row.published.day - first) / 7).clamp(0, count as i32 - 1) as usize;
            add(&mut weeks[week].totals, row, n);
            weeks[week].stops += STOPS.iter().map(|c| row.counts.get(*c)).sum::<u64>() as f64 / n;
            weeks[week].wrongful_stops += row.counts.get(C::WrongfulStops) as f64 / n;
            for (g, first) in row.first_searched.iter().enumerate() {
                if people.get(g).is_some_and(|p| *p > 0.0) {
                    weeks[week].scanned_by_then[g] += f64::from(*first) / people[g] / n;
                }
            }
        }
    }
    for w in 1..weeks.len() {
        for g in 0..groups {
            weeks[w].scanned_by_then[g] += weeks[w - 1].scanned_by_then[g];
        }
    }
    weeks
}

fn boroughs(plan: &Plan, runs: &[RunSummary]) -> Vec<BoroughSummary> {
    let years: Vec<_> = runs.iter().filter_map(|r| r.year.as_deref()).collect();
    let Some(first) = years.first() else {
        return Vec::new();
    };
    let levels = plan
        .axes
        .0
        .iter()
        .flat_map(|a| a.levels.iter().map(|l| (a.name.as_str(), l.as_str())));
    let names: Vec<(&str, &str)> = std::iter::once(("all", "all")).chain(levels).collect();
    let borough = |b: usize| BoroughSummary {
        name: first.boroughs[b].name.clone(),
        groups: names
            .iter()
            .enumerate()
            .map(|(g, (by, name))| {
                let of = |read: fn(&Residents) -> f64| -> Vec<f64> {
                    let share = |r: &Residents| {
                        if r.residents > 0.0 { read(r) / r.residents } else { 0.0 }
                    };
                    years.iter().map(|y| share(&y.boroughs[b].groups[g])).collect()
                };
                let once = stats::t_mean(&of(|r| r.scanned), plan.level);
                ResidentSummary {
                    by: (*by).into(),
                    name: (*name).into(),
                    residents: first.boroughs[b].groups[g].residents,
                    scanned_once: once.point,
                    scanned_once_interval: once.bounds().map(|i| i.map(|x| x.max(0.0))),
                    scanned_ten_times: stats::mean(&of(|r| r.scanned_ten)),
                    searches_per_resident: stats::mean(&of(|r| r.searches)),
                }
            })
            .collect(),
    };
    (0..first.boroughs.len()).map(borough).collect()
}
