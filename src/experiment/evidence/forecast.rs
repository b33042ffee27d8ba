//! What a fit predicts for one deployment: an ensemble of faces, alerts, false alerts and arrests.

use super::cases::Features;
use super::draws::{Purpose, normal, stream, uniform};
use super::fit::{ARRESTS, FACES, FALSE_ALERTS, Fit, TRUE_ALERTS, expected_log_faces, target};
use crate::scenario::record_file::RecordRow;
use crate::stats::counts::{
    binomial_log_mass, binomial_quantile, negative_binomial_log_mass, negative_binomial_quantile,
};
use crate::stats::dist::logistic;

/// What is known of a deployment beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Given {
    /// Site, date, and duration, list size and threshold where published.
    Blind,
    /// Also the faces that were seen.
    Faces,
}

impl Given {
    /// The word of `backtest.json`.
    pub fn word(self) -> &'static str {
        match self {
            Given::Blind => "blind",
            Given::Faces => "given_faces",
        }
    }
}

/// An ensemble of one deployment, draw by draw.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Faces seen.
    pub faces: Vec<f64>,
    /// Alerts, true and false.
    pub alerts: Vec<f64>,
    /// Recorded false alerts.
    pub false_alerts: Vec<f64>,
    /// Arrests.
    pub arrests: Vec<f64>,
    /// Mean and size of true alerts, mean and size of false alerts, chance of arrest.
    laws: Vec<[f64; 5]>,
}

/// Stream of forecasts' own draws.
const FORECASTS: u32 = 10;
/// Log of the largest mean that a forecast may have.
const LARGEST: f64 = 14.0;

impl Forecast {
    /// Predicts a row. Only what `given` allows is read from it: never its alerts, false alerts or arrests.
    pub fn new(fit: &Fit, row: &RecordRow, given: Given, seed: u64) -> Self {
        let known = fit.frame.features(&withheld(row, given));
        let entity = row.line;
        let expected = expected_log_faces(&fit.faces, &fit.frame, row, &known);
        let seen = match given {
            Given::Faces => row.faces.filter(|f| *f > 0).map(|f| libm::log(f64::from(f)) - expected),
            Given::Blind => None,
        };
        let count = fit.true_alerts.len();
        let mut forecast = Forecast {
            faces: Vec::with_capacity(count),
            alerts: Vec::with_capacity(count),
            false_alerts: Vec::with_capacity(count),
            arrests: Vec::with_capacity(count),
            laws: Vec::with_capacity(count),
        };
        let draws = stream(seed, FORECASTS);
        for d in 0..count {
            let mut features: Features = known.clone();
            let z = |index| normal(draws, Purpose::Extra, d, index, entity);
            if features.hours.is_none() {
                features.hours = Some(fit.frame.durations.0 + fit.frame.durations.1 * z(0));
            }
            let u = |index| uniform(draws, Purpose::Count, d, index, entity);
            let log_faces =
                fit.faces.predictor(d, &target(&FACES, &fit.frame, row, &features)) + fit.faces.dispersion(d) * z(1);
            features.faces = seen.unwrap_or(log_faces - expected);
            let mean = |log: f64| libm::exp(log.min(LARGEST));
            let true_mean = mean(
                fit.true_alerts
                    .predictor(d, &target(&TRUE_ALERTS, &fit.frame, row, &features)),
            );
            let false_mean = mean(
                fit.false_alerts
                    .predictor(d, &target(&FALSE_ALERTS, &fit.frame, row, &features)),
            );
            let arrest = logistic(fit.arrests.predictor(d, &target(&ARRESTS, &fit.frame, row, &features)));
            let (size, false_size) = (fit.true_alerts.dispersion(d), fit.false_alerts.dispersion(d));
            let wrong = negative_binomial_quantile(u(1), false_mean, false_size);
            let alerts = negative_binomial_quantile(u(0), true_mean, size).saturating_add(wrong);
            forecast.faces.push(libm::round(mean(log_faces.min(20.0))));
            forecast.alerts.push(f64::from(alerts));
            forecast.false_alerts.push(f64::from(wrong));
            forecast
                .arrests
                .push(f64::from(binomial_quantile(u(2), alerts, arrest)));
            forecast.laws.push([true_mean, size, false_mean, false_size, arrest]);
        }
        forecast
    }

    /// Log of the predicted probability of `y` alerts.
    pub fn log_alerts(&self, y: u32) -> f64 {
        self.log_mean(|d, law| match y.checked_sub(self.false_alerts[d] as u32) {
            Some(rest) => negative_binomial_log_mass(rest, law[0], law[1]),
            None => f64::NEG_INFINITY,
        })
    }
    /// Log of the predicted probability of `y` false alerts.
    pub fn log_false_alerts(&self, y: u32) -> f64 {
        self.log_mean(|_, law| negative_binomial_log_mass(y, law[2], law[3]))
    }
    /// Log of the predicted probability of `y` arrests.
    pub fn log_arrests(&self, y: u32) -> f64 {
        self.log_mean(|d, law| binomial_log_mass(y, self.alerts[d] as u32, law[4]))
    }

    /// Log of the mean over draws; a probability too small for the draws to show counts as a tenth of one draw.
    fn log_mean(&self, log: impl Fn(usize, &[f64; 5]) -> f64) -> f64 {
        let masses = self.laws.iter().enumerate().map(|(d, law)| libm::exp(log(d, law)));
        let n = self.laws.len() as f64;
        libm::log((crate::stats::sum_of(masses) / n).max(1e-3 / n))
    }
}

/// The row without what the forecast must not see.
fn withheld(row: &RecordRow, given: Given) -> RecordRow {
    RecordRow {
        faces: row.faces.filter(|_| given == Given::Faces),
        alerts: None,
        false_alerts: None,
        true_alerts: None,
        arrests: None,
        ..row.clone()
    }
}
