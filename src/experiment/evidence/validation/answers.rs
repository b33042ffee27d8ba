//! Which figure answers which finding.

use super::super::backtest::{BacktestSummary, backtest};
use super::super::calibrate::Calibration;
use super::super::closed::{SLOPE, VARIANCE_RATIO};
use super::super::fit::{Fit, fit};
use super::super::matching::Effort;
use super::street::{simulate, street};
use super::{Answer, Finding, answer};
use crate::measure::RunSummary;
use crate::scenario::Plan;
use crate::scenario::record_file::DeploymentRecord;
use crate::scenario::registry::param;
use crate::stats::dist::normal_cdf;
use jiff::civil::{Date, date};

pub(super) const HELD_OUT_CUT: Date = date(2025, 5, 10);
const LAST_DAY: Date = date(2025, 9, 30);

/// Fits and simulations that several findings share.
pub(super) struct Evidence<'a> {
    pub record: &'a DeploymentRecord,
    pub seed: u64,
    /// Fitted to the cut of the back-test, to the eve of the annual report's year, and to the eve of the threshold's rise.
    pub tests: [BacktestSummary; 3],
    /// Fitted to the cut, and to all rows.
    pub fits: [Fit; 2],
    pub calibration: Calibration,
    /// The street under defaults, in plausible worlds.
    pub street: Vec<RunSummary>,
    pub plan: Plan,
}

/// Draws and simulated deployments of each figure.
pub(super) const DRAWS: usize = 1000;

impl<'a> Evidence<'a> {
    pub fn new(record: &'a DeploymentRecord, seed: u64) -> Result<Self, String> {
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

    pub fn answer(&self, finding: &Finding) -> Option<Answer> {
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
            "VT21a" => answer(self.carnival(|f| &f.alerts), "rows of 24 and 25 Aug 2025, blind"),
            "VT21b" => answer(self.carnival(|f| &f.arrests), "rows of 24 and 25 Aug 2025, blind"),
            _ => return None,
        })
    }
}
