//! Parameters of the simulator that follow from a fit in closed form, site presets, and what simulations must bring about.

use super::cases::{Features, REFERENCE_HOURS, REFERENCE_LIST, REFERENCE_THRESHOLD};
use super::draws::Target as Ask;
use super::draws::{Place, Purpose, stream, uniform};
use super::fit::{ARRESTS, FACES, Fit, TRUE_ALERTS, covariates, offset};
use super::shapes::BySite;
use crate::scenario::record_file::RecordRow;
use crate::stats::dist::{beta_quantile, logistic};
use crate::stats::mean;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A parameter with draws from its posterior.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// Dotted key of the registry.
    pub key: &'static str,
    /// Draws.
    pub draws: Vec<f64>,
    /// How it was fitted, in a sentence.
    pub how: &'static str,
}

/// What the record says of one site, with 90 % intervals: low, median, high.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SitePreset {
    /// Force and site.
    pub name: String,
    /// Fitted deployments.
    pub deployments: usize,
    /// Faces an hour, in the counting used since August 2024.
    pub faces_per_hour: [f64; 3],
    /// True alerts in 5.5 hours at a threshold of 0.64 with 15,500 people on the list.
    pub alerts: [f64; 3],
    /// True alerts per 1000 faces.
    pub alerts_per_1000: [f64; 3],
    /// Arrests per alert.
    pub arrests_per_alert: [f64; 3],
}

/// A published figure that simulations must bring about.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Aim {
    /// Its name.
    pub name: &'static str,
    /// Its value in the record.
    pub observed: f64,
    /// Its standard error.
    pub error: f64,
}

/// Everything that follows without a simulation.
#[derive(Clone, Debug)]
pub struct Closed {
    /// Parameters.
    pub parameters: Vec<Fitted>,
    /// Sites.
    pub sites: Vec<SitePreset>,
    /// What simulations must bring about.
    pub aims: Vec<Aim>,
    /// Mean faces an hour in the year before the cut.
    pub faces_per_hour: f64,
}

/// Chance that a search of a listed person alerts at 0.64 (NPL 2023 and the score model; MODEL.md).
pub(crate) const TPIR: f64 = 0.82;
/// False matches per search that the default level brings about at 0.64 with 16,000 people on the list (MODEL.md, golden table).
const DEFAULT_FALSE: f64 = 3.0581e-6;
const DEFAULT_LEVEL: f64 = 3.9e-10;
const DEFAULT_LIST: f64 = 16_000.0;

/// Of ten false alerts of the annual report of 2025, six led to a stop.
const FALSE_PASSED: (f64, f64) = (6.0, 10.0);

/// Closed forms of a fit.
pub fn closed(fit: &Fit, rows: &[RecordRow], seed: u64) -> Closed {
    let recent = recent(rows, fit.frame.until);
    let hours: f64 = recent.iter().map(|r| r.hours.unwrap_or(usual_hours(fit))).sum();
    let faces: f64 = recent.iter().filter_map(|r| r.faces).map(f64::from).sum();
    let alerts: f64 = recent.iter().filter_map(|r| r.alerts).map(f64::from).sum();
    let faces_per_hour = faces / hours.max(1e-9);
    Closed {
        parameters: parameters(fit, faces_per_hour, alerts / faces.max(1.0), seed),
        sites: sites(fit, rows),
        aims: aims(rows, &recent, fit, alerts / faces.max(1.0)),
        faces_per_hour,
    }
}

fn usual_hours(fit: &Fit) -> f64 {
    REFERENCE_HOURS * libm::exp(fit.frame.durations.0)
}

/// Rows of the year before the cut whose faces were counted as they are now.
fn recent(rows: &[RecordRow], until: Date) -> Vec<&RecordRow> {
    let from = until.checked_sub(jiff::Span::new().days(365)).unwrap_or(until);
    let counted = |r: &&RecordRow| r.date > from.max(jiff::civil::date(2024, 9, 10)) && r.date <= until;
    let whole = |r: &&RecordRow| r.force == "Met" && r.faces.is_some() && r.alerts.is_some();
    let list: Vec<&RecordRow> = rows.iter().filter(counted).filter(whole).collect();
    if list.len() >= 20 {
        return list;
    }
    rows.iter()
        .filter(|r| r.date <= until && r.faces.is_some() && r.alerts.is_some())
        .collect()
}

fn parameters(fit: &Fit, faces_per_hour: f64, alerts_per_face: f64, seed: u64) -> Vec<Fitted> {
    let n = fit.true_alerts.len();
    let all = |f: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..n).map(f).collect() };
    let faces_term = TRUE_ALERTS.coefficients.len() - 1;
    let level = all(&|d| fit.true_alerts.coefficient(d, 0));
    let centre = mean(&level);
    let day = all(&|d| fit.faces.dispersion(d));
    let coupling = all(&|d| fit.true_alerts.coefficient(d, faces_term).clamp(0.0, 1.0));
    let shape = |d: usize| {
        let left = 1.0 / fit.true_alerts.dispersion(d) - (coupling[d] * day[d]) * (coupling[d] * day[d]);
        1.0 / left.max(1.0 / 1000.0)
    };
    let searches = faces_per_hour * REFERENCE_HOURS;
    let recorded = stream(seed, 13);
    let false_level = |d: usize| {
        let share = beta_quantile(uniform(recorded, Purpose::Extra, d, 9, 0), 8.0, 2.0);
        let per_search = libm::exp(fit.false_alerts.coefficient(d, 0)) / searches / share;
        DEFAULT_LEVEL * per_search / (DEFAULT_FALSE * REFERENCE_LIST / DEFAULT_LIST)
    };
    let parameter = |key, draws, how| Fitted { key, draws, how };
    vec![
        parameter(
            "sought.prevalence",
            all(&|d| alerts_per_face / TPIR * libm::exp(level[d] - centre)),
            "alerts per face of the year before the cut over the chance that a search of a listed person alerts (0.82)",
        ),
        parameter(
            "sought.coupling",
            coupling.clone(),
            "slope of log alerts on log faces within a site",
        ),
        parameter(
            "sought.day_shape",
            all(&shape),
            "scatter of alerts within a site beyond Poisson and beyond that of faces",
        ),
        parameter("people.day_log_sd", day, "scatter of log faces within a site"),
        parameter(
            "matcher.false_match_level",
            all(&false_level),
            "recorded false alerts per search at 0.64, over the share that is recorded as false (beta(8, 2), assumed)",
        ),
        parameter(
            "matcher.score_slope",
            all(&|d| fit.false_alerts.coefficient(d, 1).clamp(5.0, 300.0)),
            "fall of false alerts per hour from 0.60 to 0.64, list size allowed for",
        ),
    ]
}

/// Low, median and high of draws (90 %).
pub(crate) fn interval(mut draws: Vec<f64>) -> [f64; 3] {
    draws.sort_by(f64::total_cmp);
    let at = |p: f64| draws.get(((p * draws.len() as f64) as usize).min(draws.len().saturating_sub(1)));
    [0.05, 0.5, 0.95].map(|p| at(p).copied().unwrap_or(f64::NAN))
}

fn sites(fit: &Fit, rows: &[RecordRow]) -> Vec<SitePreset> {
    let mut groups: BTreeMap<String, (Place, usize)> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.date <= fit.frame.until && r.alerts.is_some()) {
        let (_, group) = fit.frame.place(row);
        let entry = groups.entry(super::cases::site_name(row)).or_insert((group, 0));
        entry.1 += 1;
    }
    let usual = Features {
        hours: Some(0.0),
        list: 0.0,
        threshold: REFERENCE_THRESHOLD,
        fixed: false,
        unusual: false,
        event: false,
        other_force: false,
        older_count: false,
        days: 0.0,
        faces: 0.0,
    };
    let last = (fit.frame.periods - 1) as u32;
    let preset = |(name, index): (&str, u32)| {
        let (group, deployments) = *groups.get(name)?;
        let ask = |figure| Ask {
            offset: offset(figure, &fit.frame, &usual),
            site: Place::Known(index),
            group,
            period: last,
            x: covariates(figure, &fit.frame, &usual),
        };
        let (faces, alerts, arrests) = (ask(&FACES), ask(&TRUE_ALERTS), ask(&ARRESTS));
        let n = fit.true_alerts.len();
        let per = |f: &dyn Fn(usize) -> f64| interval((0..n).map(f).collect());
        let seen = |d: usize| {
            let spread = fit.faces.dispersion(d);
            libm::exp(fit.faces.predictor(d, &faces) + 0.5 * spread * spread)
        };
        let alerted = |d: usize| libm::exp(fit.true_alerts.predictor(d, &alerts));
        Some(SitePreset {
            name: name.to_owned(),
            deployments,
            faces_per_hour: per(&|d| seen(d) / REFERENCE_HOURS),
            alerts: per(&alerted),
            alerts_per_1000: per(&|d| 1000.0 * alerted(d) / seen(d)),
            arrests_per_alert: per(&|d| logistic(fit.arrests.predictor(d, &arrests))),
        })
    };
    fit.frame.site_names().filter_map(preset).collect()
}

fn aims(rows: &[RecordRow], recent: &[&RecordRow], fit: &Fit, alerts_per_face: f64) -> Vec<Aim> {
    let total = |f: fn(&RecordRow) -> Option<u32>| -> f64 { recent.iter().filter_map(|r| f(r)).map(f64::from).sum() };
    let alerts = total(|r| r.alerts).max(1.0);
    let share = |name, part: f64, whole: f64| {
        let p = (part + 0.5) / (whole + 1.0);
        Aim {
            name,
            observed: p,
            error: libm::sqrt(p * (1.0 - p) / whole.max(1.0)),
        }
    };
    let split: Vec<&&RecordRow> = recent
        .iter()
        .filter(|r| r.true_unconfirmed.is_some() && r.true_confirmed.is_some())
        .collect();
    let unconfirmed: f64 = split.iter().filter_map(|r| r.true_unconfirmed).map(f64::from).sum();
    let with_split: f64 = split.iter().filter_map(|r| r.alerts).map(f64::from).sum();
    let mut aims = vec![
        Aim {
            name: ALERTS_PER_1000,
            observed: 1000.0 * alerts_per_face,
            error: 1000.0 * alerts_per_face * libm::sqrt(1.5 / alerts),
        },
        share(ARRESTS_PER_ALERT, total(|r| r.arrests), alerts),
        loosened(share(UNCONFIRMED, unconfirmed, with_split.max(1.0))),
        share(FALSE_PASSED_ON, FALSE_PASSED.0, FALSE_PASSED.1),
    ];
    aims.extend(within_sites(recent));
    for (name, threshold) in FALSE_PER_HOUR {
        let same =
            |r: &&RecordRow| r.date <= fit.frame.until && r.threshold == Some(threshold) && r.false_alerts.is_some();
        // Before December 2023 deployments stood on other streets, with another count of faces and hardly an alert.
        let comparable = |r: &&RecordRow| r.date >= jiff::civil::date(2023, 12, 1) && r.force == "Met";
        let list: Vec<&RecordRow> = rows.iter().filter(same).filter(comparable).collect();
        let hours: f64 = list.iter().map(|r| r.hours.unwrap_or(usual_hours(fit))).sum();
        let count: f64 = list.iter().filter_map(|r| r.false_alerts).map(f64::from).sum();
        if hours > 20.0 {
            let rate = (count + 0.5) / hours;
            // Counts scatter about 1.3 times as much as Poisson.
            let error = libm::sqrt(1.3 * (count + 0.5)) / hours;
            aims.push(Aim {
                name,
                observed: rate,
                error,
            });
        }
    }
    aims
}

/// A person who walks off may be counted as unconfirmed or as a stop without action, so the published share is good to a half.
fn loosened(aim: Aim) -> Aim {
    Aim {
        error: libm::sqrt(aim.error * aim.error + 0.25 * aim.observed * aim.observed),
        ..aim
    }
}

pub(crate) const ALERTS_PER_1000: &str = "alerts per 1000 faces";
pub(crate) const ARRESTS_PER_ALERT: &str = "arrests per alert";
pub(crate) const UNCONFIRMED: &str = "unconfirmed share of alerts";
pub(crate) const FALSE_PASSED_ON: &str = "false alerts passed on by operators";
pub(crate) const VARIANCE_RATIO: &str = "variance over mean of alerts within a site";
pub(crate) const SLOPE: &str = "slope of log alerts on log faces within a site";
pub(crate) const FALSE_PER_HOUR: [(&str, f64); 3] = [
    ("recorded false alerts per hour at 0.60", 0.60),
    ("recorded false alerts per hour at 0.62", 0.62),
    ("recorded false alerts per hour at 0.64", 0.64),
];

/// Variance over mean, and slope on faces, within sites with several deployments.
fn within_sites(recent: &[&RecordRow]) -> Vec<Aim> {
    let mut sites = BySite::default();
    for row in recent {
        if let (Some(alerts), Some(faces)) = (row.alerts, row.faces) {
            sites.add(&row.site, f64::from(alerts), f64::from(faces));
        }
    }
    let Some(within) = sites.within() else {
        return Vec::new();
    };
    vec![
        Aim {
            name: VARIANCE_RATIO,
            observed: within.ratio,
            error: within.ratio * libm::sqrt(2.0 / within.free),
        },
        Aim {
            name: SLOPE,
            observed: within.slope,
            error: within.slope_error,
        },
    ]
}
