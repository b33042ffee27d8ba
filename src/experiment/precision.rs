//! Sequential stopping: as many replications as a metric's relative half-width asks for, up to a cap, and said if it is not
//! reached. It is about how precisely the model's own answer is known, and says nothing about the world.

use super::columns::Series;
use super::presentation::Presentation;
use super::summary::Stopping;
use super::verdicts::verdict_from;
use super::{Machine, Progress, Runs};
use crate::measure::metric;
use crate::scenario::Plan;
use crate::stats;

/// Replications before which nothing is judged.
const FIRST: u32 = 30;
/// Cap unless somebody asks for another.
pub const CAP: u32 = 2000;

/// A metric and the relative half-width that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Metric.
    pub metric: String,
    /// Relative half-width, for example 0.05.
    pub relative: f64,
}

impl std::str::FromStr for Precision {
    type Err = String;

    /// Reads "arrests=5%" or "arrests=0.05".
    fn from_str(text: &str) -> Result<Self, String> {
        let form = "write --precision METRIC=5%, as in --precision arrests=5%";
        let (id, value) = text
            .split_once('=')
            .ok_or_else(|| format!("there is no = in it; {form}"))?;
        let (number, scale) = match value.trim().strip_suffix('%') {
            Some(percent) => (percent, 0.01),
            None => (value.trim(), 1.0),
        };
        let relative = number
            .trim()
            .parse::<f64>()
            .map_err(|_| format!("\"{value}\" is no number; {form}"))?
            * scale;
        if !(relative > 0.0 && relative < 1.0) {
            return Err(format!("the half-width must lie between 0 % and 100 %; {form}"));
        }
        let id = id.trim();
        if metric(id).is_none() {
            return Err(format!(
                "there is no metric \"{id}\"; lamplight schema outputs lists them"
            ));
        }
        Ok(Precision {
            metric: id.to_owned(),
            relative,
        })
    }
}

/// Runs until every strategy that has any of the metric knows it as precisely as asked, or `cap` is reached.
///
/// # Errors
/// The worker pool could not be made.
pub fn execute_until<P: Progress>(
    machine: &Machine<P>,
    strategies: &[usize],
    precision: &Precision,
    cap: u32,
) -> Result<(Runs, Stopping), rayon::ThreadPoolBuildError> {
    let mut runs = machine.execute(strategies, 0..FIRST.min(cap))?;
    loop {
        let done = runs.replications() as u32;
        let state = stopping(machine.plan, strategies, &runs, precision, cap);
        if state.converged || done >= cap || done < 2 || machine.progress.stopped() {
            return Ok((runs, state));
        }
        let missing = state.reached.map_or(2.0, |r| r / target(precision.relative));
        let next = libm::ceil(f64::from(done) * (missing * missing).clamp(1.25, 4.0)).min(f64::from(cap)) as u32;
        runs.extend(machine.execute(strategies, done..next.max(done + 1))?);
    }
}

/// The half-width of what was seen that keeps that of the truth below `relative` (Law and Kelton).
fn target(relative: f64) -> f64 {
    relative / (1.0 + relative)
}

/// Where sequential stopping stands.
fn stopping(plan: &Plan, strategies: &[usize], runs: &Runs, precision: &Precision, cap: u32) -> Stopping {
    let show = Presentation::default();
    let from = verdict_from(&precision.metric);
    let widths = strategies.iter().enumerate().filter_map(|(place, s)| {
        let series = Series::new(plan, *s, place, runs, 1.0, &show);
        let column = series.of(from)?;
        let interval = match &column.den {
            None => Some(stats::t_mean(&column.num, plan.level)),
            Some(den) => stats::ratio_of_sums(&column.num, den, plan.level),
        }?;
        (interval.point != 0.0).then(|| 0.5 * (interval.high - interval.low) / interval.point.abs())
    });
    let reached = widths.fold(None, |most: Option<f64>, w| Some(most.map_or(w, |m| m.max(w))));
    let done = runs.replications() as u32;
    let converged = done >= FIRST && reached.is_none_or(|r| r <= target(precision.relative));
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    let note = match reached {
        None => format!(
            "No strategy has any {}: there is nothing to be precise about.",
            precision.metric
        ),
        Some(r) if converged => format!(
            "{}: half-width {} or less of the mean after {done} replications, as asked ({}). This is about the model's own \
             answer, not the world.",
            precision.metric,
            percent(r),
            percent(precision.relative)
        ),
        Some(r) => format!(
            "NOT CONVERGED: {} is known to within {} of the mean only, after {done} of at most {cap} replications; asked were \
             {}. Ask for more with -n.",
            precision.metric,
            percent(r),
            percent(precision.relative)
        ),
    };
    Stopping {
        metric: precision.metric.clone(),
        asked: precision.relative,
        reached,
        converged,
        cap,
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_or_refused_with_a_hint() {
        let read = |t: &str| t.parse::<Precision>();
        assert_eq!(read("arrests=5%").unwrap().relative, 0.05);
        assert_eq!(read(" alerts = 0.1 ").unwrap().metric, "alerts");
        for wrong in [
            "arrests",
            "arrests=x",
            "arrests=0",
            "arrests=100%",
            "arrests=-1",
            "nonsense=5%",
            "",
            "=",
            "arrests=NaN%",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
