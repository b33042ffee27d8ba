//! The simulator against the published record: fits, forecasts of later deployments, and how well they went.

mod backtest;
mod benchmark;
mod cases;
mod draws;
mod fit;
mod forecast;
mod regression;
mod tables;

pub use backtest::{Backtest, BacktestSummary, Scored, ScoredRow, Scores, Total, backtest};
pub use cases::{Features, Frame, Term};
pub use draws::{Draws, Place, Target};
pub use fit::{ARRESTS, FACES, FALSE_ALERTS, Fit, TRUE_ALERTS, fit};
pub use forecast::{Forecast, Given};
pub use regression::{Family, Model, NormalPrior, Observation, Posterior, ScalePrior, Scales};
pub use tables::write_backtest_rows;
