//! How a day's passers-by spread over its hours, for streets that nobody has counted.

use super::document::{Node, Problems};
use super::heading::{DEFAULT_CLOSE_S, DEFAULT_OPEN_S};
use super::values::read_word;

/// Share of a day in each clock hour; Monday to Friday, Saturday, Sunday.
type Week = [[f64; 24]; 3];

/// Names of the profiles, the default first.
pub(crate) const NAMES: [&str; 3] = ["high-street", "west-end", "event"];

/// A high street by day (assumption; the shape of UK high-street counters).
const HIGH_STREET: Week = [
    from_six([
        0.010, 0.025, 0.045, 0.050, 0.058, 0.070, 0.088, 0.092, 0.086, 0.082, 0.084, 0.086, 0.078, 0.056, 0.038, 0.026,
        0.016, 0.010,
    ]),
    from_six([
        0.006, 0.014, 0.028, 0.048, 0.068, 0.086, 0.100, 0.106, 0.106, 0.100, 0.092, 0.076, 0.058, 0.040, 0.028, 0.020,
        0.014, 0.010,
    ]),
    from_six([
        0.004, 0.010, 0.018, 0.032, 0.064, 0.098, 0.116, 0.122, 0.118, 0.106, 0.088, 0.066, 0.050, 0.038, 0.028, 0.020,
        0.013, 0.009,
    ]),
];

/// Exits of Oxford Circus, Tottenham Court Road, Leicester Square and Piccadilly Circus, Monday to Thursday.
const WEST_END_WEEKDAY: [f64; 18] = [
    0.020, 0.053, 0.125, 0.143, 0.073, 0.063, 0.064, 0.059, 0.052, 0.050, 0.055, 0.073, 0.085, 0.042, 0.018, 0.011,
    0.008, 0.006,
];
/// The same on a Saturday.
const WEST_END_SATURDAY: [f64; 18] = [
    0.008, 0.015, 0.019, 0.039, 0.058, 0.080, 0.096, 0.099, 0.090, 0.084, 0.079, 0.081, 0.081, 0.066, 0.043, 0.027,
    0.020, 0.015,
];
/// The same on a Sunday.
const WEST_END_SUNDAY: [f64; 18] = [
    0.006, 0.013, 0.019, 0.041, 0.069, 0.106, 0.119, 0.118, 0.108, 0.093, 0.081, 0.072, 0.061, 0.040, 0.024, 0.015,
    0.009, 0.006,
];
/// The West End by the people who come out of its four stations (typical day of autumn 2019; Powered by TfL Open Data).
const WEST_END: Week = [
    from_six(WEST_END_WEEKDAY),
    from_six(WEST_END_SATURDAY),
    from_six(WEST_END_SUNDAY),
];

/// An event that fills the streets from late morning to night (assumption).
const EVENT: [f64; 18] = [
    0.005, 0.005, 0.010, 0.015, 0.030, 0.050, 0.070, 0.085, 0.095, 0.100, 0.105, 0.105, 0.100, 0.085, 0.065, 0.040,
    0.025, 0.010,
];

const fn from_six(hours: [f64; 18]) -> [f64; 24] {
    let mut day = [0.0; 24];
    let mut i = 0;
    while i < 18 {
        day[6 + i] = hours[i];
        i += 1;
    }
    day
}

/// Reads the name of a profile.
pub(crate) fn read_profile(key: &str, node: Option<&Node>, problems: &mut Problems) -> Option<usize> {
    node.map_or(Some(0), |n| read_word(key, &NAMES, n, problems))
}

/// The profile by day type (Monday to Thursday, Friday, Saturday, Sunday), each scaled so that its mean in the usual hours is 1.
pub(crate) fn hours(profile: usize) -> [[f64; 24]; 4] {
    let week = match profile {
        1 => WEST_END,
        2 => [from_six(EVENT); 3],
        _ => HIGH_STREET,
    };
    [0, 0, 1, 2].map(|day| {
        let mean = usual_mean(|hour| week[day][hour]);
        week[day].map(|share| share / mean)
    })
}

/// Mean over the usual hours of a deployment (11:30 to 17:18, the median start and length on record) of something that has a
/// value in each clock hour.
pub fn usual_mean(of_hour: impl Fn(usize) -> f64) -> f64 {
    let open = |hour: usize| {
        let start = hour as f64 * 3600.0;
        (DEFAULT_CLOSE_S.min(start + 3600.0) - DEFAULT_OPEN_S.max(start)).max(0.0)
    };
    let hours = (0..24).filter(|&hour| open(hour) > 0.0);
    hours.map(|hour| of_hour(hour) * open(hour)).sum::<f64>() / (DEFAULT_CLOSE_S - DEFAULT_OPEN_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_a_whole_day_and_has_mean_one_in_the_usual_hours() {
        for week in [HIGH_STREET, WEST_END, [from_six(EVENT); 3]] {
            for day in week {
                assert!((day.iter().sum::<f64>() - 1.0).abs() < 2e-3, "{day:?}");
            }
        }
        for profile in 0..NAMES.len() {
            for day in hours(profile) {
                assert!((usual_mean(|hour| day[hour]) - 1.0).abs() < 1e-12);
            }
        }
        // 30 minutes of hour 11 and 18 of hour 17 among 348.
        let eleven = usual_mean(|hour| f64::from(u8::from(hour == 11)));
        assert!((eleven - 30.0 / 348.0).abs() < 1e-12);
    }
}
