//! The simulator against the published record: fits, forecasts of later deployments, and how well they went.

mod backtest;
mod benchmark;
mod calibrate;
mod cases;
mod closed;
mod draws;
mod fit;
mod forecast;
mod laplace;
mod matching;
mod preset;
mod regression;
mod shapes;
pub(crate) mod tables;
mod validation;

pub use backtest::{Backtest, BacktestSummary, Scored, ScoredRow, Scores, Total, backtest};
pub use calibrate::{Calibration, CalibrationSummary, ParameterSummary};
pub use cases::{Features, Frame, Term};
pub use closed::{Aim, Closed, Fitted, SitePreset, closed};
pub use draws::{Draws, Place, Target};
pub use fit::{ARRESTS, FACES, FALSE_ALERTS, Fit, TRUE_ALERTS, fit};
pub use forecast::{Forecast, Given};
pub use matching::{Effort, Matched, Matching, match_history};
pub use preset::{Provenance, all_parameters, presence_factor, preset_text};
pub use regression::{Family, Model, NormalPrior, Observation, Posterior, ScalePrior, Scales};
pub use tables::{write_backtest_rows, write_posterior};
pub use validation::{Validated, Validation, validate};
