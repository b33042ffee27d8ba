//! Dominance between points of several costs, and the volume that a set of points dominates.

/// Whether `a` is at least as low as `b` in every cost and lower in one.
pub fn dominates(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(x, y)| x <= y) && a.iter().zip(b).any(|(x, y)| x < y)
}

/// Volume between a reference point and the points that are lower than it in every cost (the hypervolume indicator).
pub fn hypervolume(points: &[Vec<f64>], reference: &[f64]) -> f64 {
    let Some((last, rest)) = reference.split_last() else {
        return 1.0;
    };
    let mut below: Vec<&Vec<f64>> = points
        .iter()
        .filter(|p| p.len() == reference.len() && p.iter().zip(reference).all(|(x, r)| x < r))
        .collect();
    below.sort_by(|a, b| a[rest.len()].total_cmp(&b[rest.len()]));
    // Slices along the last cost: from each point to the next, what those so far dominate in the others.
    let slice = |i: usize| {
        let from = below[i][rest.len()];
        let until = below.get(i + 1).map_or(*last, |p| p[rest.len()]);
        let others: Vec<Vec<f64>> = below[..=i].iter().map(|p| p[..rest.len()].to_vec()).collect();
        (until - from) * hypervolume(&others, rest)
    };
    (0..below.len()).map(slice).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dominance_needs_no_worse_and_once_better() {
        assert!(dominates(&[1.0, 2.0], &[1.0, 3.0]));
        assert!(!dominates(&[1.0, 2.0], &[1.0, 2.0]));
        assert!(!dominates(&[0.0, 3.0], &[1.0, 2.0]));
    }

    #[test]
    fn volumes_are_those_of_boxes() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(hypervolume(&[vec![1.0, 1.0]], &[3.0, 2.0]), 2.0);
        // Two boxes of 2 x 1 and 1 x 2 that share 1 x 1.
        close(hypervolume(&[vec![1.0, 2.0], vec![2.0, 1.0]], &[3.0, 3.0]), 3.0);
        // A dominated point and one beyond the reference add nothing.
        let more = [vec![1.0, 2.0], vec![2.0, 1.0], vec![2.5, 2.5], vec![0.0, 3.5]];
        close(hypervolume(&more, &[3.0, 3.0]), 3.0);
        close(hypervolume(&[vec![0.0; 3], vec![0.5; 3]], &[1.0; 3]), 1.0);
        close(
            hypervolume(&[vec![0.0, 0.5, 0.5], vec![0.5, 0.0, 0.0]], &[1.0; 3]),
            0.625,
        );
        close(hypervolume(&[], &[1.0]), 0.0);
    }
}
