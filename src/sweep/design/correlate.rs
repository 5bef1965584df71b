//! Correlated inputs by a Gaussian copula.
//!
//! # Equations
//! ```text
//! z_i = Φ⁻¹(u_i)          normal scores of independent coordinates
//! w   = L z               L Lᵀ = R, the correlation matrix (Cholesky)
//! v_i = Φ(w_i)            uniform again, correlated
//! ```
//!
//! In a Latin hypercube the coordinates are put in another order instead, so that each
//! stratum keeps its point (module `strata`).
//!
//! R is the correlation of the normal scores. The rank correlation ρ_s that comes
//! of it is smaller, r = 2 sin(π ρ_s/6) ([`score_of_rank`]); the values' own linear
//! correlation depends on their distributions.
//!
//! A matrix that is no correlation matrix is refused, with the pair that contributes
//! most to the fault: for the smallest eigenvalue λ < 0 with eigenvector e,
//! λ = Σ e_i² + 2 Σ_{i<j} e_i e_j r_ij, and the pair is the one with the smallest
//! e_i e_j r_ij. The matrix offered instead has the eigenvalues below 10⁻⁶ raised to
//! that, and is rescaled to ones on the diagonal (Rebonato and Jäckel's spectral
//! method: near, not the nearest).
//!
//! Sources: R. L. Iman, W. J. Conover, Commun. Stat. B11 (1982) 311; R. Rebonato,
//! P. Jäckel, "The most general methodology to create a valid correlation matrix …",
//! J. Risk 2 (2000) 17; W. H. Kruskal, JASA 53 (1958) 814 (rank correlation).

use nalgebra::{Cholesky, DMatrix, SymmetricEigen};
use thiserror::Error;

use super::normal;

/// Least eigenvalue of the matrix that is offered.
const FLOOR: f64 = 1e-6;

/// Tolerance on symmetry and on the ones of the diagonal.
const SLACK: f64 = 1e-9;

/// A group of dimensions that are correlated with each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Correlation {
    dims: Vec<usize>,
    /// Rows of L, the i-th of i + 1 numbers, one after another.
    lower: Vec<f64>,
}

/// Why a matrix is no correlation matrix. Rows and columns count from 0 and are
/// those of the matrix.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CorrelationError {
    /// Not one row and column per dimension.
    #[error("{dims} correlated inputs need a square matrix of that size, not {rows} x {columns}")]
    Size {
        /// Correlated dimensions.
        dims: usize,
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A dimension named twice.
    #[error("dimension {0} appears twice among the correlated inputs")]
    Twice(usize),
    /// A diagonal other than 1.
    #[error("the correlation of input {row} with itself is {value}, not 1")]
    Diagonal {
        /// Row.
        row: usize,
        /// What stands there.
        value: f64,
    },
    /// Outside −1 to 1, or not a number.
    #[error("the correlation of inputs {} and {} is {value}; it lies in -1 to 1", .pair.0, .pair.1)]
    Range {
        /// Row and column.
        pair: (usize, usize),
        /// What stands there.
        value: f64,
    },
    /// Two different numbers for one pair.
    #[error("the correlation of inputs {} and {} is given as {} and {}",
            .pair.0, .pair.1, .values.0, .values.1)]
    Asymmetric {
        /// Row and column.
        pair: (usize, usize),
        /// Above and below the diagonal.
        values: (f64, f64),
    },
    /// Correlations that cannot hold together.
    #[error("the correlations cannot hold together (smallest eigenvalue {smallest:.3e}): \
             most at odds with the rest is {value} between inputs {} and {}; \
             a matrix near it that can has {:.4} there",
            .pair.0, .pair.1, .nearest[*.pair])]
    NotPositive {
        /// Smallest eigenvalue.
        smallest: f64,
        /// The pair that contributes most to it.
        pair: (usize, usize),
        /// That pair's correlation.
        value: f64,
        /// A positive definite matrix near the given one.
        nearest: Box<DMatrix<f64>>,
    },
}

impl Correlation {
    /// Ties `dims` together by the matrix of their normal scores' correlations.
    ///
    /// # Errors
    /// If the matrix is not of the dimensions' size, symmetric, with a diagonal of
    /// ones, or not positive definite; in the last case with a matrix that is.
    pub fn new(dims: Vec<usize>, matrix: &DMatrix<f64>) -> Result<Self, CorrelationError> {
        let n = dims.len();
        if matrix.shape() != (n, n) {
            let (rows, columns) = matrix.shape();
            return Err(CorrelationError::Size {
                dims: n,
                rows,
                columns,
            });
        }
        let mut sorted = dims.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(CorrelationError::Twice(twice[0]));
        }
        check_entries(matrix)?;
        let Some(cholesky) = Cholesky::new(matrix.clone()) else {
            return Err(diagnose(matrix));
        };
        let l = cholesky.l();
        let lower = (0..n)
            .flat_map(|i| (0..=i).map(move |j| (i, j)))
            .map(|at| l[at])
            .collect();
        Ok(Self { dims, lower })
    }

    /// A row of L, i + 1 numbers.
    pub(super) fn lower(&self, i: usize) -> &[f64] {
        &self.lower[i * (i + 1) / 2..][..=i]
    }

    /// The correlated dimensions.
    pub fn dims(&self) -> &[usize] {
        &self.dims
    }

    /// Ties the dimensions of a block together, in place; the block is laid out as by
    /// [`super::Points::fill`], with `rows` draws per column. A draw's values do not
    /// depend on the block it is in.
    ///
    /// # Panics
    /// If the block lacks one of the dimensions.
    pub fn apply(&self, block: &mut [f64], rows: usize) {
        for &d in &self.dims {
            for u in &mut block[d * rows..(d + 1) * rows] {
                *u = normal::quantile(u.clamp(normal::LEAST, normal::MOST));
            }
        }
        // From the last row of L upwards: row i needs z_0 … z_i only.
        for (i, &to) in self.dims.iter().enumerate().rev() {
            let row = self.lower(i);
            for z in &mut block[to * rows..(to + 1) * rows] {
                *z *= row[i];
            }
            for (&from, &l) in self.dims[..i].iter().zip(row) {
                if l != 0.0 {
                    let (target, source) = two_columns(block, to, from, rows);
                    for (z, s) in target.iter_mut().zip(source) {
                        *z += l * s;
                    }
                }
            }
        }
        for &d in &self.dims {
            for z in &mut block[d * rows..(d + 1) * rows] {
                *z = normal::cdf(*z).clamp(normal::LEAST, normal::MOST);
            }
        }
    }
}

/// The normal scores' correlation that gives the rank correlation `rho` (Spearman).
pub fn score_of_rank(rho: f64) -> f64 {
    2.0 * libm::sin(std::f64::consts::PI * rho / 6.0)
}

/// Column `to` to write and column `from` to read.
fn two_columns(block: &mut [f64], to: usize, from: usize, rows: usize) -> (&mut [f64], &[f64]) {
    if to < from {
        let (head, tail) = block.split_at_mut(from * rows);
        (&mut head[to * rows..(to + 1) * rows], &tail[..rows])
    } else {
        let (head, tail) = block.split_at_mut(to * rows);
        (&mut tail[..rows], &head[from * rows..(from + 1) * rows])
    }
}

/// Ones on the diagonal, −1 to 1 off it, symmetric.
fn check_entries(matrix: &DMatrix<f64>) -> Result<(), CorrelationError> {
    for i in 0..matrix.nrows() {
        let value = matrix[(i, i)];
        if (value - 1.0).abs() > SLACK || value.is_nan() {
            return Err(CorrelationError::Diagonal { row: i, value });
        }
        for j in 0..i {
            let values = (matrix[(j, i)], matrix[(i, j)]);
            for value in [values.0, values.1] {
                if !(-1.0..=1.0).contains(&value) {
                    return Err(CorrelationError::Range {
                        pair: (j, i),
                        value,
                    });
                }
            }
            if (values.0 - values.1).abs() > SLACK {
                return Err(CorrelationError::Asymmetric {
                    pair: (j, i),
                    values,
                });
            }
        }
    }
    Ok(())
}

/// Finds the pair most at fault, and a matrix that would do.
fn diagnose(matrix: &DMatrix<f64>) -> CorrelationError {
    let n = matrix.nrows();
    let eigen = SymmetricEigen::new(matrix.clone());
    let worst = eigen.eigenvalues.imin();
    let e = eigen.eigenvectors.column(worst);
    let share = |&(i, j): &(usize, usize)| e[i] * e[j] * matrix[(i, j)];
    let pair = (0..n)
        .flat_map(|j| (0..j).map(move |i| (i, j)))
        .min_by(|a, b| share(a).total_cmp(&share(b)))
        .unwrap_or((0, 0));
    let raised = DMatrix::from_fn(n, n, |i, j| {
        (0..n)
            .map(|k| {
                let vectors = eigen.eigenvectors[(i, k)] * eigen.eigenvectors[(j, k)];
                vectors * eigen.eigenvalues[k].max(FLOOR)
            })
            .sum::<f64>()
    });
    let nearest = DMatrix::from_fn(n, n, |i, j| {
        if i == j {
            1.0
        } else {
            raised[(i, j)] / (raised[(i, i)] * raised[(j, j)]).sqrt()
        }
    });
    CorrelationError::NotPositive {
        smallest: eigen.eigenvalues[worst],
        pair,
        value: matrix[pair],
        nearest: Box::new(nearest),
    }
}
