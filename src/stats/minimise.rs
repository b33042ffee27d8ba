//! Minimising a function of a few numbers without its slopes.

/// Nelder and Mead's simplex search (1965) from `start` with first steps `steps`; stops when the values at the corners differ
/// by less than `tolerance`, or after `most` evaluations. Returns the best point and its value.
pub fn nelder_mead(
    start: &[f64],
    steps: &[f64],
    tolerance: f64,
    most: usize,
    mut f: impl FnMut(&[f64]) -> f64,
) -> (Vec<f64>, f64) {
    let n = start.len();
    let mut corners = vec![(start.to_vec(), f(start))];
    for i in 0..n {
        let mut x = start.to_vec();
        x[i] += steps[i];
        let value = f(&x);
        corners.push((x, value));
    }
    let mut evaluations = n + 1;
    while evaluations < most && n > 0 {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        if (corners[n].1 - corners[0].1).abs() < tolerance {
            break;
        }
        let centre: Vec<f64> = (0..n)
            .map(|i| corners[..n].iter().map(|c| c.0[i]).sum::<f64>() / n as f64)
            .collect();
        let along =
            |t: f64, worst: &[f64]| -> Vec<f64> { centre.iter().zip(worst).map(|(c, w)| c + t * (w - c)).collect() };
        let worst = corners[n].clone();
        let mut attempt = |t: f64| {
            let x = along(t, &worst.0);
            let value = f(&x);
            evaluations += 1;
            (x, value)
        };
        let reflected = attempt(-1.0);
        if reflected.1 < corners[0].1 {
            let further = attempt(-2.0);
            corners[n] = if further.1 < reflected.1 { further } else { reflected };
            continue;
        }
        if reflected.1 < corners[n - 1].1 {
            corners[n] = reflected;
            continue;
        }
        let nearer = attempt(if reflected.1 < worst.1 { -0.5 } else { 0.5 });
        if nearer.1 < worst.1.min(reflected.1) {
            corners[n] = nearer;
            continue;
        }
        let best = corners[0].0.clone();
        for corner in &mut corners[1..] {
            corner.0 = corner.0.iter().zip(&best).map(|(x, b)| 0.5 * (x + b)).collect();
            corner.1 = f(&corner.0);
            evaluations += 1;
        }
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bent_valley() {
        let f = |x: &[f64]| (1.0 - x[0]).powi(2) + 20.0 * (x[1] - x[0] * x[0]).powi(2);
        let (x, value) = nelder_mead(&[-1.0, 1.5], &[0.5, 0.5], 1e-14, 2000, f);
        assert!(
            value < 1e-9 && (x[0] - 1.0).abs() < 1e-3 && (x[1] - 1.0).abs() < 1e-3,
            "{x:?} {value}"
        );
    }
}
