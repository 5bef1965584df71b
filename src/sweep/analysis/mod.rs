//! What a finished batch says.
//!
//! Plain slices in, plain structs out; nothing here knows the model.
//!
//! * Which inputs matter: [`sobol`] and [`morris`] for designed samples,
//!   [`given_data`] for any sample, [`tornado`] for one-at-a-time runs.
//! * Where the target is met: [`prim`] for boxes of futures,
//!   [`response_map`] for the frontier over two inputs.
//! * What the batch looks like: [`summary`], streaming and mergeable.
//!
//! Two promises hold throughout. The same input gives the same bits, whatever
//! the number of threads: random choices are a function of `(seed, replicate,
//! position)` and sums run in a fixed order. And nothing that is not a finite
//! number comes in or goes out: a NaN in the input is an error that names its
//! row and column, and an index that is not defined is `None`.

pub mod error;
pub mod given_data;
pub mod morris;
pub mod prim;
mod random;
pub mod regression;
pub mod response_map;
pub mod sobol;
pub mod stats;
pub mod summary;
#[cfg(test)]
mod testing;
pub mod tornado;

pub use error::AnalysisError;
use serde::Serialize;

/// An estimate and the half-width of its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate from the whole sample.
    pub value: f64,
    /// Half-width `z · s`, with `s` the standard deviation over bootstrap
    /// replicates and `z` the normal quantile of the confidence level.
    /// `None` if fewer than two replicates were drawn or defined.
    pub half_width: Option<f64>,
}

/// Columns of a table stored row after row.
///
/// # Errors
///
/// The number of values is not a multiple of `width`, or `width` is 0.
pub fn columns_of(rows: &[f64], width: usize) -> Result<Vec<Vec<f64>>, AnalysisError> {
    if width == 0 || !rows.len().is_multiple_of(width) {
        return Err(AnalysisError::Shape {
            table: "rows",
            values: rows.len(),
            multiple: width,
        });
    }
    Ok((0..width)
        .map(|c| rows.iter().skip(c).step_by(width).copied().collect())
        .collect())
}
