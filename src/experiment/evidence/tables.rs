//! Parquet tables of back-tests and calibrations.

use super::backtest::{Backtest, ScoredRow};
use super::calibrate::Calibration;
use crate::experiment::tables::{Spec, write_rows};
use parquet::errors::ParquetError;
use std::io::Write;

fn number(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

/// The columns of `backtest.parquet`.
pub(crate) fn backtest_columns() -> Vec<Spec<ScoredRow>> {
    vec![
        Spec::whole("line", "line of the record file", |r| r.line as i64),
        Spec::text("date", "day of the deployment", |r| r.date.to_string()),
        Spec::text("force", "police force", |r| r.force.clone()),
        Spec::text("site", "site", |r| r.site.clone()),
        Spec::text("kind", "van, static or other", |r| r.kind.word().into()),
        Spec::text("flag", "what of the row rests on priors alone", |r| r.flag.clone()),
        Spec::text("figure", "alerts, arrests or false_alerts", |r| r.figure.key().into()),
        Spec::text("given", "blind or given_faces", |r| r.given.word().into()),
        Spec::real("observed", "published count", |r| r.observed.map(f64::from)),
        Spec::real("mean", "mean prediction", |r| number(r.mean)),
        Spec::real("q05", "5 % quantile of the prediction", |r| number(r.quantiles[0])),
        Spec::real("q10", "10 % quantile", |r| number(r.quantiles[1])),
        Spec::real("q25", "25 % quantile", |r| number(r.quantiles[2])),
        Spec::real("q50", "median", |r| number(r.quantiles[3])),
        Spec::real("q75", "75 % quantile", |r| number(r.quantiles[4])),
        Spec::real("q90", "90 % quantile", |r| number(r.quantiles[5])),
        Spec::real("q95", "95 % quantile", |r| number(r.quantiles[6])),
        Spec::real("crps", "fair continuous ranked probability score", |r| {
            number(r.crps[0])
        }),
        Spec::real("crps_pooled", "the same of the pooled negative binomial", |r| {
            number(r.crps[1])
        }),
        Spec::real("crps_site_prior", "the same of the site-prior negative binomial", |r| {
            number(r.crps[2])
        }),
        Spec::real("log_score", "negative log of the predicted probability", |r| {
            number(r.log_score)
        }),
        Spec::real("pit", "randomised probability integral transform", |r| number(r.pit)),
    ]
}

/// `backtest.parquet`: one row for each figure of each predicted deployment, blind and given its faces.
///
/// # Errors
/// The file could not be written.
pub fn write_backtest_rows(out: impl Write + Send, done: &Backtest) -> Result<(), ParquetError> {
    let notes = [
        ("record_sha256", done.summary.record_sha256.clone()),
        ("until", done.summary.until.clone()),
    ];
    write_rows(out, &backtest_columns(), &done.rows, &notes)
}

/// A draw of a parameter: number of the draw, key, value.
type DrawRow = (usize, &'static str, f64);

/// The columns of `posterior.parquet`.
pub(crate) fn posterior_columns() -> Vec<Spec<DrawRow>> {
    vec![
        Spec::whole("draw", "number of the draw, from 0", |r| r.0 as i64),
        Spec::text("key", "parameter", |r| r.1.into()),
        Spec::real("value", "its value", |r| number(r.2)),
    ]
}

/// `posterior.parquet`: one row for each draw of each fitted parameter.
///
/// # Errors
/// The file could not be written.
pub fn write_posterior(out: impl Write + Send, done: &Calibration) -> Result<(), ParquetError> {
    let provenance = &done.summary.provenance;
    let notes = [
        ("record_sha256", provenance.record_sha256.clone()),
        ("until", provenance.until.clone()),
    ];
    write_rows(out, &posterior_columns(), &done.draws(), &notes)
}
