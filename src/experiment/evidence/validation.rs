//! Published findings against what the model says, each with its role. Only independent and held-out rows are evidence.
//!
//! Findings are data (`scenarios/records/published-findings.csv`); here stands how each figure is computed.

use super::Term;
use super::backtest::{BacktestSummary, backtest};
use super::calibrate::Calibration;
use super::closed::{SLOPE, VARIANCE_RATIO, interval};
use super::draws::{Purpose, stream, uniform};
use super::fit::{FACES, Fit, fit};
use super::forecast::{Forecast, Given};
use super::matching::Effort;
use crate::deployment::{Scene, Schedule};
use crate::experiment::one;
use crate::measure::{Faces, METRICS, RunSummary};
use crate::people::Streets;
use crate::scenario::record_file::{DeploymentRecord, Mounting, RecordRow};
use crate::scenario::registry::{ParamId, param};
use crate::scenario::{Overrides, Plan, load_text};
use crate::stats::counts::binomial_quantile;
use crate::stats::dist::{normal_cdf, poisson_quantile};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::path::Path;

const FINDINGS: &str = include_str!("../../../scenarios/records/published-findings.csv");
const STREET: &str = include_str!("../../../scenarios/reference/calibration-street.toml");

/// A finding as it was published.
#[derive(Clone, Debug, Deserialize)]
struct Finding {
    id: String,
    finding: String,
    role: String,
    observed: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    unit: String,
    level: String,
    source: String,
}

/// A finding beside what the model says.
#[derive(Clone, Debug, Serialize)]
pub struct Validated {
    /// Number of the finding.
    pub id: String,
    /// What was found.
    pub finding: String,
    /// fitted, construction, independent or held out.
    pub role: String,
    /// Whether the row is evidence: independent or held out.
    pub evidence: bool,
    /// Unit of the figures.
    pub unit: String,
    /// What was published.
    pub observed: f64,
    /// What the model says: 5, 50 and 95 %.
    pub simulated: [f64; 3],
    /// "inside its interval", or the range within which the model's median must lie.
    pub test: String,
    /// Whether the test is passed.
    pub pass: bool,
    /// How the figure was computed.
    pub how: String,
    /// Source of the published figure.
    pub source: String,
}

/// `validation.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Validation {
    /// Always `lamplight.validation/1`.
    pub format: String,
    /// Version of Lamplight.
    pub version: String,
    /// SHA-256 of the record.
    pub record_sha256: String,
    /// Seed.
    pub seed: u64,
    /// Rows in the order of the findings.
    pub rows: Vec<Validated>,
}

/// A figure of the model: what was published where the record says it, draws, and how they were made.
struct Answer {
    observed: Option<f64>,
    draws: Vec<f64>,
    how: &'static str,
}

fn answer(draws: Vec<f64>, how: &'static str) -> Answer {
    Answer {
        observed: None,
        draws,
        how,
    }
}

const HELD_OUT_CUT: Date = date(2025, 5, 10);
const LAST_DAY: Date = date(2025, 9, 30);

/// Compares every published finding with the model.
///
/// # Errors
/// A text, if the embedded street cannot be loaded, which is a fault of this program.
pub fn validate(record: &DeploymentRecord, seed: u64) -> Result<Validation, String> {
    let model = Evidence::new(record, seed)?;
    let mut rows = Vec::new();
    for finding in csv::Reader::from_reader(FINDINGS.as_bytes()).deserialize::<Finding>() {
        let finding = finding.map_err(|e| e.to_string())?;
        if let Some(answer) = model.answer(&finding) {
            rows.extend(judge(finding, answer));
        }
    }
    Ok(Validation {
        format: "lamplight.validation/1".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        record_sha256: record.hash.clone(),
        seed,
        rows,
    })
}

fn judge(finding: Finding, answer: Answer) -> Option<Validated> {
    let observed = finding.observed.or(answer.observed)?;
    let simulated = interval(answer.draws);
    let (test, pass) = match (finding.low, finding.high) {
        (Some(low), Some(high)) => (
            format!("median from {low} to {high}"),
            low <= simulated[1] && simulated[1] <= high,
        ),
        _ => (
            "published figure inside the model's 90 % interval".to_owned(),
            simulated[0] <= observed && observed <= simulated[2],
        ),
    };
    Some(Validated {
        evidence: ["independent", "held out"].contains(&finding.role.as_str()),
        id: finding.id,
        finding: finding.finding,
        role: finding.role,
        unit: finding.unit,
        observed,
        simulated,
        test,
        pass,
        how: answer.how.to_owned(),
        source: finding.source,
    })
}

/// Fits and simulations that several findings share.
struct Evidence<'a> {
    record: &'a DeploymentRecord,
    seed: u64,
    /// Fitted to the cut of the back-test, to the eve of the annual report's year, and to the eve of the threshold's rise.
    tests: [BacktestSummary; 3],
    /// Fitted to the cut, and to all rows.
    fits: [Fit; 2],
    calibration: Calibration,
    /// The street under defaults, in plausible worlds.
    street: Vec<RunSummary>,
    plan: Plan,
}

/// Draws and simulated deployments of each figure.
const DRAWS: usize = 1000;
const DEPLOYMENTS: u32 = 300;

impl<'a> Evidence<'a> {
    fn new(record: &'a DeploymentRecord, seed: u64) -> Result<Self, String> {
        let test = |until: Date, last: Date| {
            let mut cut = record.clone();
            cut.rows.retain(|r| r.date <= last && r.force == "Met");
            backtest(&cut, until, until.tomorrow().unwrap_or(until), seed).summary
        };
        let plan = street(&[])?;
        let effort = Effort {
            settings: 48,
            replications: 16,
        };
        Ok(Evidence {
            tests: [
                test(HELD_OUT_CUT, LAST_DAY),
                test(date(2024, 9, 10), date(2025, 9, 10)),
                test(date(2024, 7, 10), HELD_OUT_CUT),
            ],
            fits: [HELD_OUT_CUT, LAST_DAY].map(|until| fit(&record.rows, until, seed, DRAWS)),
            calibration: Calibration::new(record, HELD_OUT_CUT, &plan, 0, effort, seed, "lamplight validate"),
            street: simulate(&plan),
            plan,
            record,
            seed,
        })
    }

    fn answer(&self, finding: &Finding) -> Option<Answer> {
        Some(match finding.id.as_str() {
            "VT1a" => answer(self.not_arrested(), "arrest share of the last month fitted"),
            "VT1b" => answer(
                self.uniforms(1)
                    .map(|u| 1e-3 / (1e-3 + 0.02e-3 * (0.6 + 0.3 * u)))
                    .collect(),
                "one false match in 1000 searches, 0.02 sought people per 1000 passes, recognised in 60 to 90 %",
            ),
            "VT2a" => self.total(0, "alerts", "back-test"),
            "VT2b" => self.total(0, "arrests", "back-test"),
            "VT2c" => self.total(0, "faces", "back-test"),
            "VT2d" => self.total(0, "false_alerts", "back-test"),
            "VT2e" => self.arrests_per_alert()?,
            "VT3a" => self.total(1, "alerts", "back-test cut at 10 Sep 2024"),
            "VT3b" => self.total(1, "arrests", "back-test cut at 10 Sep 2024"),
            "VT3c" => self.total(1, "faces", "back-test cut at 10 Sep 2024"),
            "VT3d" => self.total(1, "false_alerts", "back-test cut at 10 Sep 2024"),
            "VT3e" => self.among_ten(&finding.level, "inferred-2025")?,
            "VT3f" => self.among_ten(&finding.level, "neutral")?,
            "VT3g" => self.among_ten(&finding.level, "npl-2023")?,
            "VT4a" => answer(
                self.pilot(|f| &f.arrests),
                "fitted to rows to 30 Sep 2025, none of fixed cameras; prior only",
            ),
            "VT4b" => answer(
                self.pilot(|f| &f.false_alerts),
                "fitted to rows to 30 Sep 2025, none of fixed cameras; prior only",
            ),
            "VT5a" => self.falsely_matched(0.56),
            "VT5b" => self.falsely_matched(0.60),
            "VT5c" => self.falsely_matched(0.62),
            "VT5d" => self.falsely_matched(0.64),
            "VT5e" => answer(self.recognised()?, "calibration street at 0.60, sketch camera"),
            "VT6a" => answer(
                (0..DRAWS)
                    .map(|d| libm::exp(0.04 * self.fits[0].false_alerts.coefficient(d, 1)))
                    .collect(),
                "fitted slope of false alerts on the threshold",
            ),
            "VT6b" => self.total(
                2,
                "false_alerts",
                "back-test cut at 10 July 2024: the slope is a prior from the NPL test",
            ),
            "VT7" => answer(self.counting(), "fitted effect of the older count of faces"),
            "VT8a" => answer(self.passed_on(), "operator's prior, 8 to 12 right matches among 42"),
            "VT8b" => answer(self.lost(), "share lost on the calibration street under defaults"),
            "VT8c" => answer(
                self.right_matches(),
                "prior presence, a list of 2,400, one false match in 1000 searches",
            ),
            "VT9a" => answer(
                self.romford(),
                "site and list size from rows to 10 May 2025; recognition 0.7 to 1 of today's",
            ),
            "VT9b" => answer(self.wider(), "prior of wider arrests, 12 officers for eight hours"),
            "VT10a" => answer(
                self.uniforms(2)
                    .map(|u| 0.0135 / (0.0135 + 1.2e-3 * (0.6 + 0.5 * u)))
                    .collect(),
                "one false match in 74 faces, 1.2 sought people per 1000",
            ),
            "VT10b" => answer(
                self.south_wales(),
                "fitted false alerts per face, lists of 500 to 5,000 (size not published)",
            ),
            "VT11a" => self.aim(VARIANCE_RATIO)?,
            "VT11b" => self.aim(SLOPE)?,
            "VT12a" => answer(self.shares(&["arrests"]), "calibration street, defaults"),
            "VT12b" => answer(self.shares(&["stops_other_action"]), "calibration street, defaults"),
            "VT12c" => answer(self.shares(&["stops_no_action"]), "calibration street, defaults"),
            "VT12d" => answer(
                self.shares(&["alerts_dismissed", "alerts_dropped", "lost_in_crowd"]),
                "calibration street, defaults",
            ),
            "VT13" => answer(
                self.worlds(param::SENSITIVITY)
                    .iter()
                    .map(|d| 1.0 - normal_cdf(0.5 * d))
                    .collect(),
                "half the operator's sensitivity, unbiased",
            ),
            "VT18a" => answer(self.carnival(|f| &f.alerts), "rows of 24 and 25 Aug 2025, blind"),
            "VT18b" => answer(self.carnival(|f| &f.arrests), "rows of 24 and 25 Aug 2025, blind"),
            _ => return None,
        })
    }

    fn uniforms(&self, index: u32) -> impl Iterator<Item = f64> {
        let draws = stream(self.seed, 15);
        (0..DRAWS).map(move |d| uniform(draws, Purpose::Extra, d, index, 11))
    }

    fn total(&self, test: usize, key: &str, how: &'static str) -> Answer {
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

    fn arrests_per_alert(&self) -> Option<Answer> {
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

    fn not_arrested(&self) -> Vec<f64> {
        let fitted = &self.fits[1].arrests;
        (0..DRAWS)
            .map(|d| 1.0 - crate::stats::dist::logistic(fitted.coefficient(d, 0)))
            .collect()
    }

    /// Of ten false alerts, how many fall on a group.
    fn among_ten(&self, level: &str, preset: &str) -> Option<Answer> {
        let (axis, level) = level.split_once('=')?;
        let plan = street(&[("matcher.preset", preset)]).ok()?;
        let mut row = 1;
        for a in &plan.axes.0 {
            match a.levels.iter().position(|l| a.name == axis && l == level) {
                Some(found) => {
                    row += found;
                    break;
                }
                None => row += a.levels.len(),
            }
        }
        let runs = simulate(&plan);
        let expected = METRICS.iter().find(|m| m.id == "false_alerts_expected")?;
        let share = |run: &RunSummary| {
            let part = |group| expected.parts(run, group, Faces::Searches).0;
            part(row) / part(0).max(1e-300)
        };
        let draws = runs
            .iter()
            .zip(self.uniforms(4))
            .map(|(run, u)| f64::from(binomial_quantile(u, 10, share(run).clamp(0.0, 1.0))));
        Some(answer(
            draws.collect(),
            "expected false alerts by group on the calibration street, in plausible worlds",
        ))
    }

    /// Sums over deployments of fixed cameras at a known street.
    fn pilot(&self, figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
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

    fn carnival(&self, figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
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

    fn sums(&self, fit: &Fit, rows: &[RecordRow], figure: fn(&Forecast) -> &Vec<f64>) -> Vec<f64> {
        let mut sums = vec![0.0; DRAWS];
        for row in rows {
            let forecast = Forecast::new(fit, row, Given::Blind, self.seed);
            sums.iter_mut().zip(figure(&forecast)).for_each(|(s, x)| *s += x);
        }
        sums
    }

    /// People with at least one false match: 400 volunteers, 10 passes each, a gallery of 178,000; 1 in 6,000 for 10,000 at 0.60.
    fn falsely_matched(&self, threshold: f64) -> Answer {
        let alpha = self.worlds(param::PERSON_EFFECT);
        let draws = (0..DRAWS).zip(self.uniforms(5)).map(|(d, u)| {
            // The test's own slope, by the counts of people at each threshold: 45, give or take 9.
            let slope =
                45.0 + 9.0 * crate::stats::dist::normal_quantile(crate::kernel::draw::unit(d as u32 * 4_294_967));
            let matches = 17.8 / 6000.0 * libm::exp(-slope * (threshold - 0.60));
            let share = -libm::expm1(-libm::pow(10.0, alpha[d % alpha.len()]) * matches);
            f64::from(binomial_quantile(u, 400, share))
        });
        answer(
            draws.collect(),
            "closed form of the matcher's extremes; level and slope were chosen to fit this test",
        )
    }

    /// Values of a parameter in plausible worlds.
    fn worlds(&self, id: ParamId) -> Vec<f64> {
        let values = &self.plan.values;
        let world = |r: u32| {
            let draws = crate::scenario::world::Draws::new(self.seed, r);
            crate::scenario::world::Numbers::draw(values, Some(draws.world)).get(id)
        };
        (0..DRAWS as u32).map(world).collect()
    }

    fn recognised(&self) -> Option<Vec<f64>> {
        let plan = street(&[("matcher.threshold", "0.60")]).ok()?;
        let metric = METRICS.iter().find(|m| m.id == "tpir")?;
        let runs = simulate(&plan);
        // One deployment has few searches of listed people: blocks of twenty.
        let blocks = runs.chunks(20).map(|block| {
            let parts = block.iter().map(|r| metric.parts(r, 0, Faces::Searches));
            let (n, d) = parts.fold((0.0, 0.0), |s, p| (s.0 + p.0, s.1 + p.1.unwrap_or(0.0)));
            n / d.max(1.0)
        });
        Some(blocks.collect())
    }

    fn counting(&self) -> Vec<f64> {
        let index = FACES
            .coefficients
            .iter()
            .position(|c| c.0 == Term::OlderCount)
            .unwrap_or(0);
        (0..DRAWS)
            .map(|d| libm::exp(-self.fits[0].faces.coefficient(d, index)))
            .collect()
    }

    fn passed_on(&self) -> Vec<f64> {
        let (sensitivity, criterion) = (self.worlds(param::SENSITIVITY), self.worlds(param::CRITERION));
        let draws = (0..DRAWS).zip(self.uniforms(6)).zip(self.uniforms(7));
        draws
            .map(|((d, u), v)| {
                let right = 8 + (v * 5.0) as u32;
                let pass = |shift: f64| normal_cdf(shift - criterion[d]);
                let of_right = binomial_quantile(u, right, pass(0.5 * sensitivity[d]));
                let of_wrong = binomial_quantile(1.0 - u, 42 - right, pass(-0.5 * sensitivity[d]));
                f64::from(of_right + of_wrong)
            })
            .collect()
    }

    fn lost(&self) -> Vec<f64> {
        let shares = self.shares(&["lost_in_crowd"]);
        let n = shares.len().max(1);
        self.uniforms(8)
            .enumerate()
            .map(|(d, u)| f64::from(binomial_quantile(u, 26, shares[d % n])))
            .collect()
    }

    fn right_matches(&self) -> Vec<f64> {
        let presence = self.worlds(param::PREVALENCE);
        let draws = (0..DRAWS).zip(self.uniforms(9)).zip(self.uniforms(10));
        draws
            .map(|((d, u), v)| {
                let right = presence[d] * 2400.0 / 16_000.0 * (0.5 + 0.4 * v);
                f64::from(binomial_quantile(u, 42, right / (right + 1e-3)))
            })
            .collect()
    }

    fn romford(&self) -> Vec<f64> {
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

    fn wider(&self) -> Vec<f64> {
        let rates = self.worlds(param::WIDER_PER_OFFICER_H);
        let draws = rates.iter().zip(self.uniforms(14));
        draws
            .map(|(rate, u)| poisson_quantile(u, rate * 12.0 * 8.0) as f64)
            .collect()
    }

    fn south_wales(&self) -> Vec<f64> {
        let fitted = &self.fits[0].false_alerts;
        let searches = self.calibration.closed.faces_per_hour * super::cases::REFERENCE_HOURS;
        let draws = (0..DRAWS).zip(self.uniforms(15)).zip(self.uniforms(16));
        draws
            .map(|((d, u), v)| {
                let list = 500.0 * libm::pow(10.0, v) / super::cases::REFERENCE_LIST;
                let mean = libm::exp(fitted.coefficient(d, 0)) / searches * list * 2.5e6;
                poisson_quantile(u, mean) as f64
            })
            .collect()
    }

    fn aim(&self, name: &str) -> Option<Answer> {
        let matched = self.calibration.matching.aims.iter().find(|m| m.aim.name == name)?;
        let spread = matched.aim.error;
        Some(Answer {
            observed: Some(matched.aim.observed),
            draws: vec![matched.after[0] - spread, matched.after[1], matched.after[2] + spread],
            how: "calibration street under fitted settings, widened by the record's own standard error",
        })
    }

    /// Shares of alerts that end in these ways, in blocks of twenty deployments.
    fn shares(&self, ids: &[&str]) -> Vec<f64> {
        let sum = |block: &[RunSummary], id: &str| -> f64 {
            let metric = METRICS.iter().find(|m| m.id == id);
            block
                .iter()
                .map(|r| metric.map_or(0.0, |m| m.parts(r, 0, Faces::Searches).0))
                .sum()
        };
        let blocks = self.street.chunks(20);
        blocks
            .map(|b| ids.iter().map(|id| sum(b, id)).sum::<f64>() / sum(b, "alerts").max(1.0))
            .collect()
    }
}

/// The calibration street with some keys set.
fn street(set: &[(&str, &str)]) -> Result<Plan, String> {
    let overrides = Overrides {
        set: set.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..Overrides::default()
    };
    load_text("calibration-street.toml", STREET, Path::new(""), &overrides)
        .map_err(|list| list.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; "))
}

/// Deployments of a plan's first strategy, one plausible world each.
fn simulate(plan: &Plan) -> Vec<RunSummary> {
    use rayon::prelude::*;
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    (0..DEPLOYMENTS)
        .into_par_iter()
        .map(|r| one(&scene, r, Schedule::Lazy))
        .collect()
}
