//! The back-test: refit to a day, predict every later row, and score the predictions beside two benchmarks.

use super::benchmark::Benchmarks;
use super::cases::site_name;
use super::draws::{Place, Purpose, stream, uniform};
use super::fit::{Fit, fit};
use super::forecast::{Forecast, Given};
use crate::scenario::record_file::{DeploymentRecord, Mounting, RecordRow};
use crate::stats::score::{central_interval, fair_crps, randomised_pit, ten_bins, uniformity_p};
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A figure that is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Scored {
    Alerts,
    Arrests,
    FalseAlerts,
}

impl Scored {
    /// All of them.
    pub const ALL: [Scored; 3] = [Scored::Alerts, Scored::Arrests, Scored::FalseAlerts];

    /// The key of `backtest.json`.
    pub fn key(self) -> &'static str {
        match self {
            Scored::Alerts => "alerts",
            Scored::Arrests => "arrests",
            Scored::FalseAlerts => "false_alerts",
        }
    }
    fn observed(self, row: &RecordRow) -> Option<u32> {
        match self {
            Scored::Alerts => row.alerts,
            Scored::Arrests => row.arrests,
            Scored::FalseAlerts => row.false_alerts,
        }
    }
    fn ensemble(self, forecast: &Forecast) -> &[f64] {
        match self {
            Scored::Alerts => &forecast.alerts,
            Scored::Arrests => &forecast.arrests,
            Scored::FalseAlerts => &forecast.false_alerts,
        }
    }
    fn log(self, forecast: &Forecast, y: u32) -> f64 {
        match self {
            Scored::Alerts => forecast.log_alerts(y),
            Scored::Arrests => forecast.log_arrests(y),
            Scored::FalseAlerts => forecast.log_false_alerts(y),
        }
    }
}

/// One figure of one row under one kind of knowledge.
#[derive(Clone, Debug)]
pub struct ScoredRow {
    /// Line of the record file.
    pub line: u64,
    /// Day.
    pub date: Date,
    /// Force.
    pub force: String,
    /// Site.
    pub site: String,
    /// How cameras were mounted.
    pub kind: Mounting,
    /// What rests on priors alone: empty, or words such as "new site; fixed cameras".
    pub flag: String,
    /// Which figure.
    pub figure: Scored,
    /// What was known.
    pub given: Given,
    /// The published count, if there is one.
    pub observed: Option<u32>,
    /// Mean of the ensemble.
    pub mean: f64,
    /// Quantiles of the ensemble: 5, 10, 25, 50, 75, 90, 95 %.
    pub quantiles: [f64; 7],
    /// Fair continuous ranked probability score of the model, the pooled and the site-prior benchmark.
    pub crps: [f64; 3],
    /// Negative log of the predicted probability of what was observed.
    pub log_score: f64,
    /// Randomised probability integral transform.
    pub pit: f64,
}

/// Scores of one figure under one kind of knowledge.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Scores {
    /// Rows with a published figure.
    pub rows: usize,
    /// Share of rows within the central 50, 80 and 90 % intervals.
    pub coverage: BTreeMap<String, f64>,
    /// Mean fair CRPS (smaller is better).
    pub crps: f64,
    /// The same of the pooled negative binomial.
    pub crps_pooled: f64,
    /// The same of the site-prior negative binomial.
    pub crps_site_prior: f64,
    /// Mean negative log of the predicted probability (smaller is better).
    pub log_score: f64,
    /// Mean of predicted less observed.
    pub bias: f64,
    /// Chi-square probability of the ten bins of the randomised PIT.
    pub pit_p: f64,
    /// Those ten bins.
    pub pit: [u32; 10],
}

/// A total over the predicted rows.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Total {
    /// Sum of what was published.
    pub observed: u64,
    /// Mean prediction for the same rows.
    pub predicted: f64,
    /// 90 % predictive interval.
    pub predictive: [f64; 2],
    /// Rows with a published figure.
    pub rows: usize,
}

/// `backtest.json`.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct BacktestSummary {
    /// Always `lamplight.backtest/1`.
    pub format: String,
    /// Record file as it was named.
    pub record: String,
    /// SHA-256 of its text.
    pub record_sha256: String,
    /// Last day that was fitted.
    pub until: String,
    /// First day that was predicted.
    pub test_from: String,
    /// Seed.
    pub seed: u64,
    /// Version of Lamplight.
    pub version: String,
    /// Rows that were fitted.
    pub rows_fitted: usize,
    /// Rows that were predicted.
    pub rows_predicted: usize,
    /// Predicted rows that rest on priors in some respect, by why.
    pub flagged: BTreeMap<String, usize>,
    /// Scores by figure and by what was known.
    pub scores: BTreeMap<String, BTreeMap<String, Scores>>,
    /// Totals over the predicted rows, predicted blind.
    pub totals: BTreeMap<String, Total>,
}

/// A finished back-test.
#[derive(Clone, Debug)]
pub struct Backtest {
    /// The numbers.
    pub summary: BacktestSummary,
    /// Every scored figure of every row.
    pub rows: Vec<ScoredRow>,
}

/// Draws with few rows; many rows get fewer, so that any file is answered in good time.
const DRAWS: usize = 1000;

/// Draws for a file that asks for this many predictions.
fn draws_for(rows: usize) -> usize {
    match rows {
        0..=3000 => DRAWS,
        3001..=20_000 => 400,
        _ => 150,
    }
}

/// Refits to `until`, predicts every row from `from` on.
pub fn backtest(record: &DeploymentRecord, until: Date, from: Date, seed: u64) -> Backtest {
    let tested: Vec<&RecordRow> = record
        .rows
        .iter()
        .filter(|r| r.date > until && r.date >= from)
        .collect();
    let draws = draws_for(tested.len());
    let fitted = fit(&record.rows, until, seed, draws);
    let (_, same_rows) = super::cases::Frame::new(&record.rows, until);
    let benchmarks: Vec<Benchmarks> = Scored::ALL
        .iter()
        .map(|figure| {
            let counts = same_rows
                .iter()
                .filter_map(|r| Some((site_name(r), figure.observed(r)?)));
            Benchmarks::fit(&counts.collect::<Vec<_>>())
        })
        .collect();
    let answers: Vec<(Vec<ScoredRow>, Vec<Option<Vec<f64>>>)> = tested
        .par_iter()
        .map(|row| predict(&fitted, &benchmarks, row, seed, draws))
        .collect();
    let totals = totals(&tested, &answers);
    let rows: Vec<ScoredRow> = answers.into_iter().flat_map(|a| a.0).collect();
    let mut scores: BTreeMap<String, BTreeMap<String, Scores>> = BTreeMap::new();
    for figure in Scored::ALL {
        for given in [Given::Blind, Given::Faces] {
            let of = |r: &&ScoredRow| r.figure == figure && r.given == given && r.observed.is_some();
            let list: Vec<&ScoredRow> = rows.iter().filter(of).collect();
            let entry = scores.entry(figure.key().to_owned()).or_default();
            entry.insert(given.word().to_owned(), scores_of(&list));
        }
    }
    let mut flagged = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|r| r.figure == Scored::Alerts && r.given == Given::Blind)
    {
        for word in row.flag.split("; ").filter(|w| !w.is_empty()) {
            *flagged.entry(word.to_owned()).or_insert(0) += 1;
        }
    }
    let summary = BacktestSummary {
        format: "lamplight.backtest/1".to_owned(),
        record: record.name.clone(),
        record_sha256: record.hash.clone(),
        until: until.to_string(),
        test_from: from.to_string(),
        seed,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rows_fitted: fitted.rows,
        rows_predicted: tested.len(),
        flagged,
        scores,
        totals,
    };
    Backtest { summary, rows }
}

/// Predicts a row under both kinds of knowledge; also returns the blind ensembles of what was published, for the totals.
fn predict(
    fitted: &Fit,
    benchmarks: &[Benchmarks],
    row: &RecordRow,
    seed: u64,
    draws: usize,
) -> (Vec<ScoredRow>, Vec<Option<Vec<f64>>>) {
    let mut scored = Vec::new();
    let mut published = Vec::new();
    let flag = flag(fitted, row);
    for given in [Given::Blind, Given::Faces] {
        if given == Given::Faces && row.faces.is_none() {
            continue;
        }
        let forecast = Forecast::new(fitted, row, given, seed);
        for (figure, benchmark) in Scored::ALL.iter().zip(benchmarks) {
            scored.push(score(*figure, given, row, &flag, &forecast, benchmark, seed, draws));
        }
        if given == Given::Blind {
            for figure in Scored::ALL {
                published.push(figure.observed(row).map(|_| figure.ensemble(&forecast).to_vec()));
            }
            published.push(row.faces.map(|_| forecast.faces.clone()));
        }
    }
    (scored, published)
}

#[allow(clippy::too_many_arguments)] // one call, and a struct would only repeat these names
fn score(
    figure: Scored,
    given: Given,
    row: &RecordRow,
    flag: &str,
    forecast: &Forecast,
    benchmark: &Benchmarks,
    seed: u64,
    draws: usize,
) -> ScoredRow {
    let mut ensemble = figure.ensemble(forecast).to_vec();
    ensemble.sort_by(f64::total_cmp);
    let quantile = |p: f64| ensemble[((p * ensemble.len() as f64).ceil() as usize).clamp(1, ensemble.len()) - 1];
    let quantiles = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95].map(quantile);
    let observed = figure.observed(row);
    let mean = crate::stats::mean(&ensemble);
    let (mut crps, mut log_score, mut pit) = ([f64::NAN; 3], f64::NAN, f64::NAN);
    if let Some(y) = observed {
        let v = uniform(
            stream(seed, 12),
            Purpose::Transform,
            figure as usize,
            given as u32,
            row.line,
        );
        pit = randomised_pit(&ensemble, f64::from(y), v);
        log_score = -figure.log(forecast, y);
        let mut pooled = benchmark.pooled(row.line, seed, draws);
        let mut site_prior = benchmark.site_prior(&site_name(row), row.line, seed, draws);
        crps = [&mut ensemble, &mut pooled, &mut site_prior].map(|e| fair_crps(e, f64::from(y)));
    }
    ScoredRow {
        line: row.line,
        date: row.date,
        force: row.force.clone(),
        site: row.site.clone(),
        kind: row.kind,
        flag: flag.to_owned(),
        figure,
        given,
        observed,
        mean,
        quantiles,
        crps,
        log_score,
        pit,
    }
}

/// What of a row rests on priors alone.
fn flag(fitted: &Fit, row: &RecordRow) -> String {
    let features = fitted.frame.features(row);
    let (site, group) = fitted.frame.place(row);
    let known = |p: Place| matches!(p, Place::Known(_));
    let mut words = Vec::new();
    if !known(site) {
        words.push(if known(group) { "new site" } else { "new site and area" });
    }
    if features.fixed {
        words.push("fixed cameras");
    }
    if features.unusual {
        words.push("unknown mounting");
    }
    if features.other_force {
        words.push("another force");
    }
    if features.event {
        words.push("event");
    }
    words.join("; ")
}

fn scores_of(rows: &[&ScoredRow]) -> Scores {
    let n = rows.len();
    let mean = |f: &dyn Fn(&ScoredRow) -> f64| {
        if n == 0 {
            return 0.0;
        }
        crate::stats::sum_of(rows.iter().map(|r| f(r))) / n as f64
    };
    let observed = |r: &ScoredRow| f64::from(r.observed.unwrap_or(0));
    let within = |low: usize, high: usize| {
        mean(&|r| {
            let y = observed(r);
            f64::from(u8::from(r.quantiles[low] <= y && y <= r.quantiles[high]))
        })
    };
    let transforms: Vec<f64> = rows.iter().map(|r| r.pit).collect();
    let pit = ten_bins(&transforms);
    Scores {
        rows: n,
        coverage: [("50", within(2, 4)), ("80", within(1, 5)), ("90", within(0, 6))]
            .map(|(k, v)| (k.to_owned(), v))
            .into(),
        crps: mean(&|r| r.crps[0]),
        crps_pooled: mean(&|r| r.crps[1]),
        crps_site_prior: mean(&|r| r.crps[2]),
        log_score: mean(&|r| r.log_score),
        bias: mean(&|r| r.mean - observed(r)),
        pit_p: uniformity_p(&pit),
        pit,
    }
}

type Answer = (Vec<ScoredRow>, Vec<Option<Vec<f64>>>);

/// Totals of what was published, against the sums of the same rows draw by draw.
fn totals(rows: &[&RecordRow], answers: &[Answer]) -> BTreeMap<String, Total> {
    let mut totals = BTreeMap::new();
    for (i, key) in ["alerts", "arrests", "false_alerts", "faces"].iter().enumerate() {
        let published: Vec<&Vec<f64>> = answers.iter().filter_map(|a| a.1[i].as_ref()).collect();
        let observed = rows.iter().filter_map(|r| match i {
            3 => r.faces,
            _ => Scored::ALL[i].observed(r),
        });
        let draws = published.first().map_or(0, |e| e.len());
        let mut sums: Vec<f64> = (0..draws).map(|d| published.iter().map(|e| e[d]).sum()).collect();
        sums.sort_by(f64::total_cmp);
        let (low, high) = central_interval(&sums, 0.9);
        if draws > 0 {
            let total = Total {
                observed: observed.map(u64::from).sum(),
                predicted: crate::stats::mean(&sums),
                predictive: [low, high],
                rows: published.len(),
            };
            totals.insert((*key).to_owned(), total);
        }
    }
    totals
}
