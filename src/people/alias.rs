//! Sampling from a discrete distribution with one 32-bit word (Walker's alias method).

/// An alias table.
#[derive(Clone, Debug)]
pub struct Alias {
    columns: Vec<(u32, u16)>,
}

impl Alias {
    /// A table for these weights (at least one positive); indices must fit in 16 bits.
    pub fn new(weights: &[f64]) -> Self {
        let n = weights.len();
        let total: f64 = weights.iter().sum();
        let mut scaled: Vec<f64> = weights
            .iter()
            .map(|w| if total > 0.0 { w / total * n as f64 } else { 1.0 })
            .collect();
        let mut columns: Vec<(u32, u16)> = (0..n).map(|i| (u32::MAX, i as u16)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| scaled[i] < 1.0);
        while let (Some(&s), Some(&l)) = (small.last(), large.last()) {
            small.pop();
            columns[s] = ((scaled[s] * 4_294_967_296.0) as u32, l as u16);
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        Alias { columns }
    }

    /// The index for a random word.
    #[inline]
    pub fn pick(&self, word: u32) -> usize {
        let wide = u64::from(word) * self.columns.len() as u64;
        let column = (wide >> 32) as usize;
        let (keep, other) = self.columns[column];
        if wide as u32 <= keep {
            column
        } else {
            usize::from(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_follow_the_weights() {
        let weights = [0.5, 0.2, 0.15, 0.1, 0.05];
        let table = Alias::new(&weights);
        let mut seen = [0_u32; 5];
        let n = 1_000_000_u32;
        for i in 0..n {
            seen[table.pick((u64::from(i) * 4_294_967_296 / u64::from(n)) as u32)] += 1;
        }
        for (s, w) in seen.iter().zip(weights) {
            assert!((f64::from(*s) / f64::from(n) - w).abs() < 1e-5);
        }
        assert_eq!(Alias::new(&[1.0]).pick(u32::MAX), 0);
    }
}
