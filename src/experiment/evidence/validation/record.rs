//! Figures of fits to the record.

use super::super::Term;
use super::super::cases::{REFERENCE_HOURS, REFERENCE_LIST};
use super::super::fit::{FACES, Fit};
use super::super::forecast::{Forecast, Given};
use super::answers::{DRAWS, Evidence, HELD_OUT_CUT};
use super::{Answer, answer};
use crate::scenario::record_file::{Mounting, RecordRow};
use crate::stats::counts::binomial_quantile;
use crate::stats::dist::poisson_quantile;
use jiff::civil::date;

impl Evidence<'_> {
    pub(super) fn total(&self, test: usize, key: &str, how: &'static str) -> Answer {
        let Some(total) = self.tests[test].totals.get(key) else {
            return answer(Vec::new(), how);
        };
        Answer {
            observed: Some(total.observed as f64),
            // The summary holds the interval; its three figures stand for the draws.
            draws: vec![total.predictive[0], total.predicted, total.predictive[1]],
            how,
        }
    }

    pub(super) fn arrests_per_alert(&self) -> Option<Answer> {
        let totals = &self.tests[0].totals;
        let (arrests, alerts) = (totals.get("arrests")?, totals.get("alerts")?);
        let month = self.fits[0].frame.periods as u32 + 2;
        let fitted = &self.fits[0].arrests;
        let shares = (0..DRAWS).zip(self.uniforms(3)).map(|(d, u)| {
            let p = crate::stats::dist::logistic(fitted.coefficient(d, 0) + fitted.level(d, month));
            let n = u32::try_from(alerts.observed).unwrap_or(u32::MAX);
            f64::from(binomial_quantile(u, n, p)) / f64::from(n.max(1))
        });
        Some(Answer {
            observed: Some(arrests.observed as f64 / alerts.observed as f64),
            draws: shares.collect(),
            how: "fitted share of arrests, drifting to July 2025",
        })
    }

    pub(super) fn not_arrested(&self) -> Vec<f64> {
        let fitted = &self.fits[1].arrests;
        (0..DRAWS)
            .map(|d| 1.0 - crate::stats::dist::logistic(fitted.coefficient(d, 0)))
            .collect()
    }

    /// Sums over deployments of fixed cameras at a known street.
    pub(super) fn pilot(&self, figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
        let Some(model) = self.record.rows.iter().rfind(|r| r.site == "North End Croydon") else {
            return Vec::new();
        };
        let rows: Vec<RecordRow> = (0..24)
            .map(|week| RecordRow {
                line: 1_000_000 + week,
                date: date(2025, 10, 1).saturating_add(jiff::Span::new().days(7 * week as i64)),
                kind: Mounting::Static,
                hours: Some(4.0),
                ..model.clone()
            })
            .collect();
        self.sums(&self.fits[1], &rows, figure)
    }

    pub(super) fn carnival(&self, figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
        let days = date(2025, 8, 24)..=date(2025, 8, 25);
        let rows: Vec<RecordRow> = self
            .record
            .rows
            .iter()
            .filter(|r| days.contains(&r.date))
            .cloned()
            .collect();
        self.sums(&self.fits[0], &rows, figure)
    }

    pub(super) fn sums(&self, fit: &Fit, rows: &[RecordRow], figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
        let mut sums = vec![0.0; DRAWS];
        for row in rows {
            let forecast = Forecast::new(fit, row, Given::Blind, self.seed);
            sums.iter_mut().zip(figure(&forecast)).for_each(|(s, x)| *s += x);
        }
        sums
    }

    pub(super) fn counting(&self) -> Vec<f64> {
        let index = FACES
            .coefficients
            .iter()
            .position(|c| c.0 == Term::OlderCount)
            .unwrap_or(0);
        (0..DRAWS)
            .map(|d| libm::exp(-self.fits[0].faces.coefficient(d, index)))
            .collect()
    }

    pub(super) fn romford(&self) -> Vec<f64> {
        let Some(model) = self
            .record
            .rows
            .iter()
            .rfind(|r| r.site == "Romford" && r.date <= HELD_OUT_CUT)
        else {
            return Vec::new();
        };
        let row = RecordRow {
            line: 2_000_000,
            hours: Some(8.0),
            watchlist: Some(2400),
            date: HELD_OUT_CUT,
            ..model.clone()
        };
        let arrests = Forecast::new(&self.fits[0], &row, Given::Blind, self.seed).arrests;
        let draws = arrests.iter().zip(self.uniforms(12)).zip(self.uniforms(13));
        draws
            .map(|((a, u), v)| f64::from(binomial_quantile(u, *a as u32, 0.7 + 0.3 * v)))
            .collect()
    }

    pub(super) fn south_wales(&self) -> Vec<f64> {
        let fitted = &self.fits[0].false_alerts;
        let searches = self.calibration.closed.faces_per_hour * REFERENCE_HOURS;
        let draws = (0..DRAWS).zip(self.uniforms(15)).zip(self.uniforms(16));
        draws
            .map(|((d, u), v)| {
                let list = 500.0 * libm::pow(10.0, v) / REFERENCE_LIST;
                let mean = libm::exp(fitted.coefficient(d, 0)) / searches * list * 2.5e6;
                poisson_quantile(u, mean) as f64
            })
            .collect()
    }

    pub(super) fn aim(&self, name: &str) -> Option<Answer> {
        let matched = self.calibration.matching.aims.iter().find(|m| m.aim.name == name)?;
        let spread = matched.aim.error;
        Some(Answer {
            observed: Some(matched.aim.observed),
            draws: vec![matched.after[0] - spread, matched.after[1], matched.after[2] + spread],
            how: "calibration street under fitted settings, widened by the record's own standard error",
        })
    }
}
