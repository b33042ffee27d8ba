//! Figures in natural frequencies: "about one in 23 deployments" instead of 0.0435.

/// How often something happens, from its mean number in each `whole` ("deployment", "programme") over `simulated` of them.
///
/// A negative mean, as of a difference, is "fewer".
pub fn frequency(mean: f64, simulated: u64, whole: &str) -> String {
    let size = mean.abs();
    if !size.is_finite() {
        return "not known".to_owned();
    }
    if size == 0.0 {
        return match simulated {
            0 => "none simulated".to_owned(),
            1 => format!("none in the one {whole} simulated"),
            n => format!("none in the {} {whole}s simulated", integer(n as f64)),
        };
    }
    let fewer = if mean < 0.0 { " fewer" } else { "" };
    if size >= 1.75 {
        return format!("about {}{fewer} in each {whole}", two_or_more(size));
    }
    let (count, every) = if size < 0.9 {
        one_in(size)
    } else if size < 1.15 {
        return format!("about one{fewer} in each {whole}");
    } else if size < 1.4 {
        (5, "4".to_owned())
    } else {
        (3, "2".to_owned())
    };
    match (count, fewer) {
        (1, _) => format!("about one{fewer} in {every} {whole}s"),
        _ => format!("about {count}{fewer} in every {every} {whole}s"),
    }
}

/// How many of something, from a share: "about one in 25,000 faces seen", "about 7 in 10 alerts".
pub fn frequency_among(share: f64, what: &str) -> String {
    if !share.is_finite() || share < 0.0 {
        return "not known".to_owned();
    }
    if share == 0.0 {
        return format!("none of the {what}");
    }
    if share >= 0.995 {
        return format!("nearly all {what}");
    }
    let (count, of) = if share >= 0.9 {
        (libm::round(share * 100.0) as u64, "100".to_owned())
    } else {
        one_in(share)
    };
    if count == 1 {
        format!("about one in {of} {what}")
    } else {
        format!("about {count} in {of} {what}")
    }
}

/// A share below 0.9 as a small count out of a round number.
fn one_in(share: f64) -> (u64, String) {
    let every = 1.0 / share;
    if every >= 3.5 {
        return (1, integer(significant(every)));
    }
    // Between the halves and the thirds: the nearest small fraction reads better than "one in 1.7".
    let candidates = [(1, 3), (2, 5), (1, 2), (3, 5), (2, 3), (7, 10), (3, 4), (4, 5), (9, 10)];
    let mut nearest = candidates[0];
    for c in candidates {
        let gap = |(k, n): (u64, u64)| (share - k as f64 / n as f64).abs();
        if gap(c) < gap(nearest) {
            nearest = c;
        }
    }
    (nearest.0, nearest.1.to_string())
}

/// Rounded as a person would say it: whole below 100, then two significant figures.
fn significant(x: f64) -> f64 {
    if x < 100.0 {
        return libm::round(x);
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(x)) - 1.0);
    libm::round(x / unit) * unit
}

/// A mean of about two or more: whole below 100, then two significant figures, or three from a thousand.
fn two_or_more(x: f64) -> String {
    if x < 1000.0 {
        return integer(significant(x));
    }
    let unit = libm::pow(10.0, libm::floor(libm::log10(x)) - 2.0);
    integer(libm::round(x / unit) * unit)
}

/// A whole number with commas between thousands.
fn integer(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_a_person_would_say_them() {
        for (mean, words) in [
            (4.1, "about 4 in each deployment"),
            (12_345.0, "about 12,300 in each deployment"),
            (1.0, "about one in each deployment"),
            (1.25, "about 5 in every 4 deployments"),
            (1.5, "about 3 in every 2 deployments"),
            (0.6, "about 3 in every 5 deployments"),
            (0.5, "about one in 2 deployments"),
            (1.0 / 23.0, "about one in 23 deployments"),
            (1.0 / 2341.0, "about one in 2,300 deployments"),
            (-0.25, "about one fewer in 4 deployments"),
            (-3.0, "about 3 fewer in each deployment"),
            (0.0, "none in the 200 deployments simulated"),
            (f64::NAN, "not known"),
        ] {
            assert_eq!(frequency(mean, 200, "deployment"), words);
        }
        assert_eq!(frequency(0.0, 1, "programme"), "none in the one programme simulated");
        assert_eq!(frequency(0.0, 0, "deployment"), "none simulated");
    }

    #[test]
    fn shares_name_what_they_are_shares_of() {
        assert_eq!(frequency_among(0.00004, "faces seen"), "about one in 25,000 faces seen");
        assert_eq!(frequency_among(0.7, "alerts"), "about 7 in 10 alerts");
        assert_eq!(frequency_among(0.95, "alerts"), "about 95 in 100 alerts");
        assert_eq!(frequency_among(0.0, "alerts"), "none of the alerts");
        assert_eq!(frequency_among(1.0, "alerts"), "nearly all alerts");
    }

    #[test]
    fn the_words_are_never_far_from_the_number() {
        for i in 1..4000 {
            let mean = 0.001 * f64::from(i);
            let words = frequency(mean, 1, "deployment");
            let numbers: Vec<f64> = words
                .replace("one", "1")
                .replace("each", "1")
                .split(' ')
                .filter_map(|w| w.replace(',', "").parse().ok())
                .collect();
            let said = numbers[0] / numbers[1];
            assert!((said / mean - 1.0).abs() < 0.21, "{mean}: {words}");
        }
    }
}
