//! Symmetric positive definite systems, by Cholesky's factor.

/// The lower factor `L` of a symmetric positive definite matrix `A = L Lᵀ`.
#[derive(Clone, Debug)]
pub struct Cholesky {
    n: usize,
    /// Rows of the lower triangle, dense.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors the `n` by `n` matrix whose rows are in `a` (only the lower triangle is read); `None` if it is not positive definite.
    pub fn new(mut a: Vec<f64>, n: usize) -> Option<Self> {
        for j in 0..n {
            for i in j..n {
                let (row_i, row_j) = (i * n, j * n);
                let mut s = a[row_i + j];
                for k in 0..j {
                    s -= a[row_i + k] * a[row_j + k];
                }
                if i == j {
                    if s.is_nan() || s <= 0.0 {
                        return None;
                    }
                    a[row_i + j] = libm::sqrt(s);
                } else {
                    a[row_i + j] = s / a[row_j + j];
                }
            }
        }
        Some(Cholesky { n, lower: a })
    }

    /// Solves `L x = b` in place.
    pub fn forward(&self, b: &mut [f64]) {
        for i in 0..self.n {
            let row = &self.lower[i * self.n..i * self.n + i];
            let s = row.iter().zip(&*b).fold(b[i], |s, (l, x)| s - l * x);
            b[i] = s / self.lower[i * self.n + i];
        }
    }

    /// Solves `Lᵀ x = b` in place. Of independent standard normals it makes normals with covariance `A⁻¹`.
    pub fn backward(&self, b: &mut [f64]) {
        for i in (0..self.n).rev() {
            b[i] /= self.lower[i * self.n + i];
            let x = b[i];
            for k in 0..i {
                b[k] -= self.lower[i * self.n + k] * x;
            }
        }
    }

    /// Solves `A x = b` in place.
    pub fn solve(&self, b: &mut [f64]) {
        self.forward(b);
        self.backward(b);
    }

    /// Log of the determinant of `A`.
    pub fn log_determinant(&self) -> f64 {
        2.0 * (0..self.n).map(|i| libm::log(self.lower[i * self.n + i])).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_it_factored() {
        let a = vec![4.0, 1.0, 0.5, 1.0, 3.0, 0.2, 0.5, 0.2, 2.0];
        let factor = Cholesky::new(a.clone(), 3).unwrap();
        let mut x = vec![1.0, -2.0, 0.5];
        factor.solve(&mut x);
        for (i, b) in [1.0, -2.0, 0.5].iter().enumerate() {
            let product: f64 = (0..3).map(|k| a[i * 3 + k] * x[k]).sum();
            assert!((product - b).abs() < 1e-12);
        }
        let determinant: f64 = 4.0 * (6.0 - 0.04) - 1.0 * (2.0 - 0.1) + 0.5 * (0.2 - 1.5);
        assert!((factor.log_determinant() - determinant.ln()).abs() < 1e-12);
        assert!(Cholesky::new(vec![1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
