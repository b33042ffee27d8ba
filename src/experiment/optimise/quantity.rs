//! Quantities that a search looks at, read from runs and estimated.

use super::worth::Worth;
use crate::measure::{Counter, Faces, Metric, RunSummary, metric};
use crate::scenario::Plan;
use crate::scenario::diagnose::{Diagnostic, nearest};
use crate::scenario::optimise::{Asked, Optimisation};
use crate::stats::{self, Resamples};

/// Counted events below which the exact Poisson interval is used.
const FEW: f64 = 30.0;
/// Resamples behind the interval of a ratio between groups.
const RESAMPLES: usize = 400;

/// Figures of one candidate, `[column][replication]`.
pub type Sample = Vec<Vec<f64>>;

/// A metric, or the largest rate of a group over that of everybody.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// The metric.
    pub metric: &'static Metric,
    /// Axis, its name, and its levels' rows in a run, where it is a ratio between groups.
    axis: Option<(String, std::ops::Range<usize>)>,
    programme: bool,
}

/// An estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The value; none for a rate without a denominator.
    pub value: Option<f64>,
    /// Simulation interval.
    pub interval: Option<[f64; 2]>,
}

impl Quantity {
    /// The quantity that a study asks for.
    ///
    /// # Errors
    /// What is wrong with it, at its place.
    pub fn new(study: &Optimisation, asked: &Asked) -> Result<Quantity, Box<Diagnostic>> {
        let programme = study.base.programme.is_some();
        let ids = || crate::measure::metrics_of(&study.base).map(|m| m.id);
        let Some(metric) = metric(&asked.metric).filter(|m| ids().any(|id| id == m.id)) else {
            let help = match nearest(&asked.metric, ids()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "lamplight schema outputs lists all metrics".to_owned(),
            };
            return Err(Box::new(study.problem(
                asked,
                format!("there is no metric \"{}\"", asked.metric),
                help,
            )));
        };
        let axis = match &asked.ratio {
            None => None,
            Some(name) => Some((name.clone(), levels(study, asked, metric, name)?)),
        };
        Ok(Quantity {
            metric,
            axis,
            programme,
        })
    }

    /// Short name, for files.
    pub fn id(&self) -> String {
        match &self.axis {
            None => self.metric.id.to_owned(),
            Some((axis, _)) => format!("{}/{axis}", self.metric.id),
        }
    }

    /// Title for readers.
    pub fn title(&self) -> String {
        match &self.axis {
            None => self.metric.title.to_owned(),
            Some((axis, _)) => format!(
                "{}: largest ratio of a group to everybody, by {axis}",
                self.metric.title
            ),
        }
    }

    /// Unit.
    pub fn unit(&self) -> String {
        match &self.axis {
            None => self.metric.unit_of(self.programme),
            Some(_) => "1 means alike".to_owned(),
        }
    }

    /// What more of it means.
    pub fn worth(&self) -> Worth {
        Worth::of(self.metric.id)
    }

    /// Whether it is a mean over replications, and not a rate.
    pub fn is_mean(&self) -> bool {
        self.axis.is_none()
            && self
                .metric
                .parts(&RunSummary::nothing(1), 0, Faces::Searches)
                .1
                .is_none()
    }

    /// Figures of one run, one for each column.
    pub fn read(&self, run: &RunSummary, faces: Faces) -> Vec<f64> {
        match &self.axis {
            None => {
                let (num, den) = self.metric.parts(run, 0, faces);
                std::iter::once(num).chain(den).collect()
            }
            Some((_, rows)) => {
                let part = |g: usize| {
                    let (num, den) = self.metric.parts(run, g, faces);
                    (
                        num,
                        den.unwrap_or_else(|| run.groups[g].get(Counter::PeopleScanned) as f64),
                    )
                };
                let parts: Vec<(f64, f64)> = rows.clone().map(part).collect();
                parts.iter().map(|p| p.0).chain(parts.iter().map(|p| p.1)).collect()
            }
        }
    }

    /// The value from sums of columns over `n` replications.
    fn value(&self, sums: &[f64], n: f64) -> Option<f64> {
        match (&self.axis, sums) {
            (Some(_), _) => {
                let (num, per) = sums.split_at(sums.len() / 2);
                Some(largest_ratio(num, per))
            }
            (None, [num, den]) => (*den > 0.0).then(|| num / den),
            (None, [num, ..]) => Some(num / n),
            (None, []) => None,
        }
    }

    /// The estimate without its interval.
    pub fn point(&self, columns: &[Vec<f64>]) -> Option<f64> {
        let n = columns.first().map_or(0, Vec::len);
        let sums: Vec<f64> = columns.iter().map(|c| stats::sum(c)).collect();
        self.value(&sums, n as f64).filter(|v| n > 0 && v.is_finite())
    }

    /// The estimate with its simulation interval.
    pub fn figure(&self, columns: &[Vec<f64>], level: f64) -> Figure {
        let value = self.point(columns);
        let n = columns.first().map_or(0, Vec::len);
        let interval = match (&self.axis, columns) {
            _ if n < 2 || value.is_none() => None,
            (Some(_), _) => {
                let statistic = |sums: &[f64]| self.value(sums, n as f64);
                Resamples::new(n, RESAMPLES).percentile(columns, level, statistic)
            }
            (None, [num, den]) => stats::ratio_of_sums(num, den, level).and_then(|i| i.bounds()),
            (None, [num, ..]) => {
                let total = stats::sum(num);
                if self.metric.is_count() && total < FEW {
                    stats::garwood(total.max(0.0) as u64, n as f64, level).bounds()
                } else {
                    stats::t_mean(num, level).bounds()
                }
            }
            (None, []) => None,
        };
        Figure { value, interval }
    }
}

/// The largest rate of a group over that of everybody; 1 where nobody is affected.
fn largest_ratio(num: &[f64], per: &[f64]) -> f64 {
    let (all, over) = (stats::sum(num), stats::sum(per));
    if all <= 0.0 || over <= 0.0 {
        return 1.0;
    }
    let rates = num.iter().zip(per).filter(|(_, p)| **p > 0.0);
    rates.map(|(x, p)| x / p / (all / over)).fold(1.0, f64::max)
}

/// Rows of the levels of an axis in a run's groups.
fn levels(
    study: &Optimisation,
    asked: &Asked,
    metric: &Metric,
    name: &str,
) -> Result<std::ops::Range<usize>, Box<Diagnostic>> {
    let plan: &Plan = &study.base;
    let axes = &plan.axes.0;
    let names: Vec<&str> = axes.iter().map(|a| a.name.as_str()).collect();
    if !metric.by_group || Worth::of(metric.id) != Worth::Harm {
        let message = format!("\"{}\" is no harm that is counted by group", metric.id);
        let help = "ratios are of harms: false_alerts_expected, wrongful_stops_expected, stops_without_arrest, not_sought_minutes_lost";
        return Err(Box::new(study.problem(asked, message, help)));
    }
    let Some(axis) = names.iter().position(|n| *n == name) else {
        let message = format!("the scenario's people have no axis \"{name}\"");
        let help = format!("their axes are {}", names.join(", "));
        return Err(Box::new(study.problem(asked, message, help)));
    };
    let before: usize = axes[..axis].iter().map(|a| a.levels.len()).sum();
    Ok(1 + before..1 + before + axes[axis].levels.len())
}

#[cfg(test)]
mod tests {
    use super::largest_ratio;

    #[test]
    fn ratios_are_of_the_group_that_bears_most() {
        // Rates 1, 2 and 4 per 100; everybody 7 in 300.
        let ratio = largest_ratio(&[1.0, 2.0, 4.0], &[100.0; 3]);
        assert!((ratio - 4.0 / (7.0 / 3.0)).abs() < 1e-12);
        assert_eq!(largest_ratio(&[0.0, 0.0], &[5.0, 5.0]), 1.0);
        assert_eq!(largest_ratio(&[1.0, 0.0], &[10.0, 0.0]), 1.0);
    }
}
