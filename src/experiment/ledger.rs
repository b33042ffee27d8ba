//! The ledger: everyone alerted or stopped, by what became of them, why they were on the list, and group.

use super::Runs;
use super::presentation::Per;
use super::summary::{LedgerRow, Measured};
use crate::deployment::Alert;
use crate::measure::{Counter, RunSummary};
use crate::response::Truth;
use crate::scenario::Plan;
use crate::stats::{self, frequency};
use std::collections::BTreeMap;

/// Counted events below which the exact Poisson interval is used.
const FEW: u64 = 30;
/// Where nothing is told apart.
const ALL: &str = "all";

/// What rows are sorted and told apart by: kind, outcome, reason, axis, level; each with its place in the order of display.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: (u8, &'static str),
    outcome: (u8, &'static str),
    reason: (usize, String),
    group: (usize, String, String),
}

/// What is counted of a row.
#[derive(Clone, Debug, Default)]
struct Count {
    by_run: BTreeMap<usize, u64>,
    minutes: f64,
    charged: u64,
}

/// Rows without crossings of reason and group: what `summary.json` holds.
pub(crate) fn ledger(plan: &Plan, strategies: &[usize], runs: &Runs) -> Vec<LedgerRow> {
    rows(plan, strategies, runs, false)
}

/// All rows, crossings of reason and group included: `ledger.csv`.
pub fn full_ledger(plan: &Plan, strategies: &[usize], runs: &Runs) -> Vec<LedgerRow> {
    rows(plan, strategies, runs, true)
}

fn rows(plan: &Plan, strategies: &[usize], runs: &Runs, crossed: bool) -> Vec<LedgerRow> {
    let one = |(place, s): (usize, &usize)| {
        let mut book = Book {
            plan,
            crossed,
            rows: BTreeMap::new(),
        };
        for (run, summary) in runs.by_strategy[place].iter().enumerate() {
            runs.alerts[place]
                .get(run)
                .into_iter()
                .flatten()
                .for_each(|a| book.alert(run, a));
            book.unalerted(run, summary);
        }
        book.close(&plan.strategies[*s].name, &runs.by_strategy[place])
    };
    strategies.iter().enumerate().flat_map(one).collect()
}

struct Book<'a> {
    plan: &'a Plan,
    crossed: bool,
    rows: BTreeMap<Key, Count>,
}

impl Book<'_> {
    fn alert(&mut self, run: usize, alert: &Alert) {
        let reasons = &self.plan.watchlist.reasons;
        let reason = match alert.truth {
            Truth::True { reason, .. } => (reason + 1, reasons[reason].name.clone()),
            Truth::False => (reasons.len() + 1, "not on the list".to_owned()),
        };
        let (kind, outcome, minutes, charged) = match alert.stop {
            Some(stop) => (
                (2, "stop"),
                (1 + stop.outcome as u8, stop.outcome.word()),
                (stop.scene + stop.custody).seconds() / 60.0,
                u64::from(stop.charged),
            ),
            None => ((1, "alert"), (1 + alert.ending as u8, alert.ending.word()), 0.0, 0),
        };
        let every = [((0, "every alert"), (0, ALL)), (kind, (0, ALL)), (kind, outcome)];
        for (kind, outcome) in every {
            for reason in [(0, ALL.to_owned()), reason.clone()] {
                for group in self.groups(alert.cell) {
                    if !self.crossed && reason.0 > 0 && group.0 > 0 {
                        continue;
                    }
                    let key = Key {
                        kind,
                        outcome,
                        reason: reason.clone(),
                        group,
                    };
                    let row = self.rows.entry(key).or_default();
                    *row.by_run.entry(run).or_default() += 1;
                    row.minutes += minutes;
                    row.charged += charged;
                }
            }
        }
    }

    /// Everybody, and the levels of a cell.
    fn groups(&self, cell: usize) -> Vec<(usize, String, String)> {
        let mut groups = vec![(0, ALL.to_owned(), ALL.to_owned())];
        let mut first = 1;
        for (a, axis) in self.plan.axes.0.iter().enumerate() {
            let level = self.plan.axes.level(cell, a);
            groups.push((first + level, axis.name.clone(), axis.levels[level].clone()));
            first += axis.levels.len();
        }
        groups
    }

    /// Stops without an alert: on patrol, and for a covered face.
    fn unalerted(&mut self, run: usize, summary: &RunSummary) {
        let mut names = vec![(0, ALL.to_owned(), ALL.to_owned())];
        for axis in &self.plan.axes.0 {
            for level in &axis.levels {
                names.push((names.len(), axis.name.clone(), level.clone()));
            }
        }
        for (row, group) in summary.groups.iter().zip(names) {
            let fined = row.get(Counter::Fines);
            let (patrol, covered) = ((3, "patrol"), (4, "covered face"));
            let outcomes = [
                (patrol, (1, "arrest"), row.get(Counter::PatrolArrests)),
                (patrol, (2, "other action"), row.get(Counter::PatrolOther)),
                (patrol, (3, "no action"), row.get(Counter::PatrolNothing)),
                (covered, (1, "fined"), fined),
                (
                    covered,
                    (2, "let go"),
                    row.get(Counter::CoverStops).saturating_sub(fined),
                ),
            ];
            for (kind, own, n) in outcomes {
                for outcome in [(0, ALL), own] {
                    if n > 0 {
                        let key = Key {
                            kind,
                            outcome,
                            reason: (0, ALL.to_owned()),
                            group: group.clone(),
                        };
                        *self.rows.entry(key).or_default().by_run.entry(run).or_default() += n;
                    }
                }
            }
        }
    }

    fn close(self, strategy: &str, runs: &[RunSummary]) -> Vec<LedgerRow> {
        let n = runs.len();
        let scans: u64 = runs.iter().map(|r| r.groups[0].get(Counter::Searches)).sum();
        let (per_year, whole) = (Per::Deployment.a_year(self.plan), Per::Deployment.whole(self.plan));
        let row = |(key, count): (Key, Count)| {
            let by_run: Vec<f64> = (0..n)
                .map(|r| count.by_run.get(&r).copied().unwrap_or(0) as f64)
                .collect();
            let counted: u64 = count.by_run.values().sum();
            let mean = counted as f64 / n.max(1) as f64;
            LedgerRow {
                strategy: strategy.to_owned(),
                kind: key.kind.1.to_owned(),
                outcome: key.outcome.1.to_owned(),
                reason: key.reason.1,
                by: key.group.1,
                group: key.group.2,
                counted,
                per_deployment: per_deployment(self.plan, &by_run, counted),
                per_year: mean * per_year,
                per_100k_scans: (scans > 0).then(|| counted as f64 / scans as f64 * 1e5),
                frequency: words(mean, n, per_year, whole),
                minutes: count.minutes / n.max(1) as f64,
                charged: count.charged as f64 / n.max(1) as f64,
            }
        };
        self.rows.into_iter().map(row).collect()
    }
}

/// The mean of a count with its interval: exact where few were counted.
fn per_deployment(plan: &Plan, by_run: &[f64], counted: u64) -> Measured {
    let interval = if counted < FEW {
        let mean = stats::mean(by_run);
        let dispersion = if plan.uncertainty && mean > 0.0 {
            stats::variance(by_run) / mean
        } else {
            1.0
        };
        stats::garwood_overdispersed(counted, by_run.len() as f64, dispersion, plan.level)
    } else {
        stats::t_mean(by_run, plan.level).within(0.0, f64::INFINITY)
    };
    Measured {
        value: Some(interval.point),
        interval: interval.bounds(),
        method: interval.method.to_owned(),
    }
}

/// "about one in 23 deployments; about 9 a year".
fn words(mean: f64, simulated: usize, a_year: f64, whole: &str) -> String {
    let often = frequency(mean, simulated as u64, whole);
    let yearly = mean * a_year;
    if yearly >= 1.0 {
        let rounded = if yearly < 10.0 {
            libm::round(yearly)
        } else {
            two_figures(yearly)
        };
        format!("{often}; about {rounded:.0} a year")
    } else if yearly > 0.0 {
        let years = two_figures(1.0 / yearly);
        format!("{often}; about one in {years:.0} years").replace("one in 1 years", "one a year")
    } else {
        often
    }
}

/// Two significant figures, whole.
fn two_figures(x: f64) -> f64 {
    if x < 100.0 {
        return libm::round(x);
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(x)) - 1.0);
    libm::round(x / unit) * unit
}

/// Columns of `ledger.csv`, with what each means.
pub(crate) const LEDGER_COLUMNS: [(&str, &str); 16] = [
    ("strategy", "name of the placement strategy"),
    (
        "kind",
        "every alert, alert (that led to no stop), stop (after an alert), patrol (a stop on patrol, without an alert), or covered face (a stop for nothing but a covered face)",
    ),
    ("outcome", "what became of it, or all"),
    ("reason", "why the person was on the list, not on the list, or all"),
    ("by", "axis of the group, or all"),
    ("group", "level of the group, or all"),
    ("counted", "people counted in all replications together"),
    (
        "per_deployment",
        "mean per deployment; of a scenario of many days, per programme",
    ),
    ("low", "lower end of its simulation interval"),
    ("high", "upper end"),
    ("method", "how the interval was made"),
    (
        "per_year",
        "mean per measure.deployments_per_year deployments; of a scenario of many days, per year of it",
    ),
    ("per_100k_scans", "mean per 100,000 scans; empty without cameras"),
    (
        "minutes_per_deployment",
        "minutes that these people spent in stops and custody",
    ),
    ("charged_per_deployment", "of them charged or cautioned"),
    ("frequency", "in natural frequencies"),
];

/// `ledger.csv`: every row, one column for each field.
pub fn ledger_csv(rows: &[LedgerRow]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail.
    let _ = writer.write_record(LEDGER_COLUMNS.map(|c| c.0));
    let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    for r in rows {
        let end = |which: usize| number(r.per_deployment.interval.map(|i| i[which]));
        let _ = writer.write_record([
            r.strategy.clone(),
            r.kind.clone(),
            r.outcome.clone(),
            r.reason.clone(),
            r.by.clone(),
            r.group.clone(),
            r.counted.to_string(),
            number(r.per_deployment.value),
            end(0),
            end(1),
            r.per_deployment.method.clone(),
            r.per_year.to_string(),
            number(r.per_100k_scans),
            r.minutes.to_string(),
            r.charged.to_string(),
            r.frequency.clone(),
        ]);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_things_are_said_per_deployment_and_per_year() {
        assert_eq!(
            words(1.0 / 23.0, 200, 230.0, "deployment"),
            "about one in 23 deployments; about 10 a year"
        );
        assert_eq!(
            words(0.001, 200, 100.0, "deployment"),
            "about one in 1,000 deployments; about one in 10 years"
        );
        assert_eq!(
            words(0.0, 200, 100.0, "deployment"),
            "none in the 200 deployments simulated"
        );
        assert_eq!(
            words(12.3, 200, 100.0, "deployment"),
            "about 12 in each deployment; about 1200 a year"
        );
    }
}
