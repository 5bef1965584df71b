//! Standardised and partial coefficients of a linear fit.
//!
//! With `R` the correlation matrix of the inputs and `r` their correlations
//! with the output,
//!
//! ```text
//! β = R⁻¹ r                                   standardised coefficients (SRC)
//! R² = rᵀ β
//! PCC_j = β_j / √(β_j² + (1 − R²) (R⁻¹)_jj)   partial correlation
//! ```
//!
//! On ranks the same are SRRC and PRCC (Iman and Conover, 1979; Saltelli et
//! al., 2008). The form of PCC given here stays exact for an exactly linear
//! output, where the usual inverse of the full matrix does not exist.

use serde::Serialize;
use thiserror::Error;

use super::stats;

/// Below this share of its variance an input is a combination of the others.
const COLLINEAR: f64 = 1e-10;

/// Why there is no fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
pub enum NoFit {
    /// The output has one value.
    #[error("the output does not vary")]
    ConstantOutput,
    /// No input varies.
    #[error("no input varies")]
    ConstantInputs,
    /// There are not more rows than coefficients.
    #[error("{rows} rows do not determine {coefficients} coefficients")]
    TooFewRows {
        /// Rows.
        rows: usize,
        /// Coefficients, the constant included.
        coefficients: usize,
    },
    /// An input is a linear combination of inputs before it.
    #[error("input {} is a linear combination of the inputs before it", .input + 1)]
    Collinear {
        /// The input, counted from 0.
        input: usize,
    },
}

/// A linear fit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Regression {
    /// Share of variance the fit explains. Coefficients mean little when low.
    pub r_squared: f64,
    /// Standardised coefficient per input; `None` for an input that is constant.
    pub standardised: Vec<Option<f64>>,
    /// Partial correlation per input; `None` if constant, or if neither the
    /// input nor anything else is left to explain (0/0).
    pub partial: Vec<Option<f64>>,
}

/// Fits `output` by `inputs` (columns of equal length, finite).
///
/// # Errors
///
/// There is no unique fit; see [`NoFit`].
pub fn fit(inputs: &[&[f64]], output: &[f64]) -> Result<Regression, NoFit> {
    if stats::constant(output.iter().copied()) {
        return Err(NoFit::ConstantOutput);
    }
    let varying: Vec<usize> = (0..inputs.len())
        .filter(|j| !stats::constant(inputs[*j].iter().copied()))
        .collect();
    if varying.is_empty() {
        return Err(NoFit::ConstantInputs);
    }
    let (rows, coefficients) = (output.len(), varying.len() + 1);
    if rows <= coefficients {
        return Err(NoFit::TooFewRows { rows, coefficients });
    }
    let columns: Vec<Vec<f64>> = varying.iter().map(|j| standardise(inputs[*j])).collect();
    let target = standardise(output);
    let k = columns.len();
    let dot = |a: &[f64], b: &[f64]| stats::sum(a.iter().zip(b).map(|(x, y)| x * y));
    let mut matrix = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..=a {
            let value = if a == b {
                1.0
            } else {
                dot(&columns[a], &columns[b])
            };
            matrix[a * k + b] = value;
            matrix[b * k + a] = value;
        }
    }
    let inverse = invert(&matrix, k).map_err(|p| NoFit::Collinear { input: varying[p] })?;
    let with_target: Vec<f64> = columns.iter().map(|c| dot(c, &target)).collect();
    let beta: Vec<f64> = (0..k)
        .map(|a| dot(&inverse[a * k..(a + 1) * k], &with_target))
        .collect();
    let r_squared = dot(&beta, &with_target).clamp(0.0, 1.0);

    let mut standardised = vec![None; inputs.len()];
    let mut partial = vec![None; inputs.len()];
    for (a, j) in varying.iter().enumerate() {
        standardised[*j] = Some(beta[a]);
        let left = (1.0 - r_squared) * inverse[a * k + a];
        let length = (beta[a] * beta[a] + left).sqrt();
        partial[*j] = (length > 0.0).then(|| beta[a] / length);
    }
    Ok(Regression {
        r_squared,
        standardised,
        partial,
    })
}

/// Centred and of length 1, so that products are correlations.
pub(crate) fn standardise(values: &[f64]) -> Vec<f64> {
    let (values, _) = stats::scaled(values);
    let mean = stats::mean(&values);
    let length = stats::sum(values.iter().map(|v| (v - mean) * (v - mean))).sqrt();
    values.iter().map(|v| (v - mean) / length).collect()
}

/// Inverse of a correlation matrix by Cholesky factors; the number of the row
/// that depends on the rows before it if there is none.
fn invert(matrix: &[f64], k: usize) -> Result<Vec<f64>, usize> {
    let mut lower = vec![0.0; k * k];
    for a in 0..k {
        for b in 0..=a {
            let known: f64 = (0..b).map(|c| lower[a * k + c] * lower[b * k + c]).sum();
            let rest = matrix[a * k + b] - known;
            if a == b {
                if rest < COLLINEAR {
                    return Err(a);
                }
                lower[a * k + a] = rest.sqrt();
            } else {
                lower[a * k + b] = rest / lower[b * k + b];
            }
        }
    }
    let mut inverse = vec![0.0; k * k];
    for column in 0..k {
        let mut x = vec![0.0; k];
        for a in 0..k {
            let known: f64 = (0..a).map(|c| lower[a * k + c] * x[c]).sum();
            x[a] = (f64::from(u8::from(a == column)) - known) / lower[a * k + a];
        }
        for a in (0..k).rev() {
            let known: f64 = (a + 1..k).map(|c| lower[c * k + a] * x[c]).sum();
            x[a] = (x[a] - known) / lower[a * k + a];
        }
        for (a, value) in x.into_iter().enumerate() {
            inverse[a * k + column] = value;
        }
    }
    Ok(inverse)
}
