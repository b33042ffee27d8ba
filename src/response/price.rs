//! What an operation costs and what it keeps, stated once per run so that the measures need nothing but counts.

use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::Numbers;

/// Prices of one strategy in one plausible world, GBP.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prices {
    /// What the deployment costs whatever happens: staff, vans, its share of fixed cameras, notice.
    pub fixed: f64,
    /// An hour in custody.
    pub custody_h: f64,
    /// Custody after an arrest by patrol or the wider operation, on average.
    pub custody_per_arrest: f64,
    /// A wrongful stop.
    pub wrongful_stop: f64,
    /// A wrongful arrest.
    pub wrongful_arrest: f64,
    /// A fine.
    pub fine: f64,
}

impl Prices {
    /// Prices of a deployment of `open_h` hours with `officer_h` officer-hours, this many vans and this many cameras on posts.
    pub fn new(numbers: &Numbers, open_h: f64, officer_h: f64, vans: usize, fixed_cameras: usize) -> Self {
        let get = |id: ParamId| numbers.get(id);
        let lifetime_h = get(param::COST_ARRAY_YEARS) * get(param::COST_ARRAY_HOURS);
        let camera_h = get(param::COST_ARRAY) / get(param::COST_ARRAY_CAMERAS) / lifetime_h;
        let notice = if vans + fixed_cameras > 0 {
            get(param::COST_NOTICE)
        } else {
            0.0
        };
        let mean_h = mean(get(param::CUSTODY_H), get(param::CUSTODY_LOG_SD));
        Prices {
            fixed: officer_h * get(param::COST_STAFF)
                + vans as f64 * get(param::COST_VAN)
                + fixed_cameras as f64 * camera_h * open_h
                + notice,
            custody_h: get(param::COST_CUSTODY),
            custody_per_arrest: get(param::COST_CUSTODY) * mean_h,
            wrongful_stop: get(param::COST_WRONGFUL_STOP),
            wrongful_arrest: get(param::COST_WRONGFUL_ARREST),
            fine: get(param::COST_FINE),
        }
    }
}

/// How long images are kept, days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Retention {
    /// The template of a face that raised no alert.
    pub template: f64,
    /// The images of an alert.
    pub alert: f64,
    /// The images of an alert that led to a wrongful arrest, on average.
    pub case: f64,
    /// Footage of one pass.
    pub cctv: f64,
}

impl Retention {
    /// The clocks of a strategy.
    pub fn new(numbers: &Numbers) -> Self {
        let alert = numbers.get(param::RETENTION_ALERT_D);
        let case = mean(
            numbers.get(param::RETENTION_CASE_D),
            numbers.get(param::RETENTION_CASE_LOG_SD),
        );
        Retention {
            template: numbers.get(param::RETENTION_TEMPLATE_H) / 24.0,
            alert,
            case: case.max(alert),
            cctv: numbers.get(param::RETENTION_CCTV_D),
        }
    }
}

/// Mean of a log-normal by median and log-sd.
fn mean(median: f64, log_sd: f64) -> f64 {
    median * libm::exp(0.5 * log_sd * log_sd)
}
