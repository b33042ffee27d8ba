//! Daylight from the sun's height (the formulas of NOAA's solar calculator, after Meeus, Astronomical Algorithms).

use jiff::civil::Date;
use jiff::tz::TimeZone;

const DEGREE: f64 = core::f64::consts::PI / 180.0;

/// Light in a street, from `night_light` (lit, the sun more than 6° below the horizon) to 1 (sun up), linear between.
///
/// `seconds_after_midnight` is the wall clock of `timezone` (an IANA name) and may run past 86,400 into the next day;
/// `lon_lat` is in degrees.
///
/// # Errors
/// An unknown time zone, or a time that is not finite or outside the calendar.
pub fn light(
    date: Date,
    seconds_after_midnight: f64,
    timezone: &str,
    lon_lat: [f64; 2],
    night_light: f64,
) -> Result<f64, String> {
    let elevation = solar_elevation_deg(date, seconds_after_midnight, timezone, lon_lat)?;
    let dusk = ((elevation + 6.0) / 6.0).clamp(0.0, 1.0);
    Ok(night_light + (1.0 - night_light) * dusk)
}

/// Height of the sun's centre over the horizon, degrees, without refraction. Arguments and errors as for [`light`].
pub fn solar_elevation_deg(
    date: Date,
    seconds_after_midnight: f64,
    timezone: &str,
    lon_lat: [f64; 2],
) -> Result<f64, String> {
    let zone = TimeZone::get(timezone)
        .map_err(|_| format!("time zone \"{timezone}\" is not known; use an IANA name such as \"Europe/London\""))?;
    let outside = || format!("{seconds_after_midnight} s after midnight of {date} is outside the calendar");
    if seconds_after_midnight.is_nan() || seconds_after_midnight.abs() > 1e9 {
        return Err(outside());
    }
    let since_midnight = jiff::SignedDuration::from_millis(libm::round(seconds_after_midnight * 1000.0) as i64);
    let instant = date
        .at(0, 0, 0, 0)
        .checked_add(since_midnight)
        .and_then(|clock| clock.to_zoned(zone))
        .map_err(|_| outside())?
        .timestamp();
    Ok(elevation_deg(instant.as_millisecond() as f64 / 1000.0, lon_lat))
}

/// Elevation at seconds since 1970 UTC.
fn elevation_deg(unix_s: f64, [lon, lat]: [f64; 2]) -> f64 {
    let days = unix_s / 86_400.0;
    // Julian centuries since noon of 1 January 2000.
    let t = (days + 2_440_587.5 - 2_451_545.0) / 36_525.0;
    let mean_longitude = DEGREE * (280.46646 + t * (36_000.769_83 + t * 0.000_303_2));
    let anomaly = DEGREE * (357.52911 + t * (35_999.050_29 - 0.000_153_7 * t));
    let eccentricity = 0.016_708_634 - t * (0.000_042_037 + 0.000_000_126_7 * t);
    let centre = DEGREE
        * (libm::sin(anomaly) * (1.914_602 - t * (0.004_817 + 0.000_014 * t))
            + libm::sin(2.0 * anomaly) * (0.019_993 - 0.000_101 * t)
            + libm::sin(3.0 * anomaly) * 0.000_289);
    let node = DEGREE * (125.04 - 1934.136 * t);
    let longitude = mean_longitude + centre - DEGREE * (0.005_69 + 0.004_78 * libm::sin(node));
    let mean_obliquity = 23.0 + (26.0 + (21.448 - t * (46.815 + t * (0.000_59 - t * 0.001_813))) / 60.0) / 60.0;
    let obliquity = DEGREE * (mean_obliquity + 0.002_56 * libm::cos(node));
    let declination = libm::asin(libm::sin(obliquity) * libm::sin(longitude));
    let y = libm::tan(obliquity / 2.0) * libm::tan(obliquity / 2.0);
    let equation_of_time_min = 4.0 / DEGREE
        * (y * libm::sin(2.0 * mean_longitude) - 2.0 * eccentricity * libm::sin(anomaly)
            + 4.0 * eccentricity * y * libm::sin(anomaly) * libm::cos(2.0 * mean_longitude)
            - 0.5 * y * y * libm::sin(4.0 * mean_longitude)
            - 1.25 * eccentricity * eccentricity * libm::sin(2.0 * anomaly));
    let minutes_utc = (days - libm::floor(days)) * 1440.0;
    let hour_angle = DEGREE * ((minutes_utc + equation_of_time_min + 4.0 * lon) / 4.0 - 180.0);
    let sine = libm::sin(DEGREE * lat) * libm::sin(declination)
        + libm::cos(DEGREE * lat) * libm::cos(declination) * libm::cos(hour_angle);
    libm::asin(sine.clamp(-1.0, 1.0)) / DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONDON: [f64; 2] = [-0.13, 51.51];

    fn elevation(day: Date, hours: f64) -> f64 {
        solar_elevation_deg(day, hours * 3600.0, "Europe/London", LONDON).unwrap()
    }

    /// Wall-clock hour at which the sun's centre passes 0.833° below the horizon in the afternoon (sunset by convention).
    fn sunset_h(day: Date) -> f64 {
        let (mut up, mut down) = (13.0, 23.5);
        for _ in 0..40 {
            let middle = 0.5 * (up + down);
            if elevation(day, middle) > -0.833 {
                up = middle;
            } else {
                down = middle;
            }
        }
        up
    }

    #[test]
    fn london_in_december_and_june() {
        let december = jiff::civil::date(2026, 12, 4);
        assert!(
            (sunset_h(december) - (15.0 + 53.0 / 60.0)).abs() < 2.0 / 60.0,
            "{}",
            sunset_h(december)
        );
        assert!((elevation(december, 12.0) - 16.0).abs() < 1.0);
        // Summer time: the sun is highest near 13:02 by the clock, at 90 - 51.51 + 23.44 degrees; sunset at 21:21.
        let june = jiff::civil::date(2026, 6, 21);
        assert!((elevation(june, 13.0 + 2.0 / 60.0) - 61.93).abs() < 0.05);
        assert!(
            (sunset_h(june) - (21.0 + 21.0 / 60.0)).abs() < 2.0 / 60.0,
            "{}",
            sunset_h(june)
        );
    }

    #[test]
    fn light_falls_from_day_to_night() {
        let day = jiff::civil::date(2026, 12, 4);
        let at = |hours: f64| light(day, hours * 3600.0, "Europe/London", LONDON, 0.6).unwrap();
        assert_eq!(at(12.0), 1.0);
        assert_eq!(at(19.0), 0.6);
        // An hour of the next morning, counted on from today's midnight.
        assert_eq!(at(24.0 + 12.0), 1.0);
        let dusk = at(16.1);
        assert!(0.6 < dusk && dusk < 1.0);
        assert!(at(16.3) < dusk);
    }

    #[test]
    fn bad_zones_and_times_are_errors() {
        let day = jiff::civil::date(2026, 12, 4);
        assert!(
            light(day, 0.0, "Europe/Atlantis", LONDON, 0.8)
                .unwrap_err()
                .contains("Europe/Atlantis")
        );
        assert!(light(day, f64::NAN, "Europe/London", LONDON, 0.8).is_err());
        assert!(light(jiff::civil::date(9999, 12, 31), 9e8, "Europe/London", LONDON, 0.8).is_err());
    }
}
