//! What a programme has beside its metrics: sites, weeks, boroughs.

use super::Runs;
use super::summary::{BoroughSummary, PlaceTotals, ProgrammeStrategy, ProgrammeSummary, SiteSummary, WeekTotals};
use crate::measure::{Counter as C, Exposure, Residents, RunSummary};
use crate::programme::{DeploymentRow, day_number};
use crate::scenario::Plan;
use crate::scenario::plan::Axis;
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
        groups: groups(plan),
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

/// Axis and level of every group row, "all" first.
fn groups(plan: &Plan) -> Vec<[String; 2]> {
    let of_axis = |a: &Axis| -> Vec<[String; 2]> { a.levels.iter().map(|l| [a.name.clone(), l.clone()]).collect() };
    let levels = plan.axes.0.iter().flat_map(of_axis);
    std::iter::once(["all".into(), "all".into()]).chain(levels).collect()
}

fn boroughs(plan: &Plan, runs: &[RunSummary]) -> Vec<BoroughSummary> {
    let years: Vec<_> = runs.iter().filter_map(|r| r.year.as_deref()).collect();
    let Some(first) = years.first() else {
        return Vec::new();
    };
    // Per resident, by replication.
    let of = |b: usize, g: usize, read: fn(&Residents) -> f64| -> Vec<f64> {
        let share = |r: &Residents| {
            if r.residents > 0.0 { read(r) / r.residents } else { 0.0 }
        };
        years.iter().map(|y| share(&y.boroughs[b].groups[g])).collect()
    };
    let borough = |b: usize| {
        let groups = &first.boroughs[b].groups;
        let means = |read| (0..groups.len()).map(|g| stats::mean(&of(b, g, read))).collect();
        let interval = stats::t_mean(&of(b, 0, |r| r.scanned), plan.level).bounds();
        BoroughSummary {
            name: first.boroughs[b].name.clone(),
            residents: groups.iter().map(|g| g.residents).collect(),
            scanned_once: means(|r| r.scanned),
            scanned_once_interval: interval.map(|i| i.map(|x| x.max(0.0))),
            scanned_ten_times: means(|r| r.scanned_ten),
            searches_per_resident: means(|r| r.searches),
        }
    };
    (0..first.boroughs.len()).map(borough).collect()
}
