//! One-at-a-time swings: what one input does between its ends, others central.

use serde::Serialize;

use super::error::{AnalysisError, finite};

/// The swing of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Swing {
    /// The input, counted from 0.
    pub input: usize,
    /// Output with the input at its low end.
    pub at_low: f64,
    /// Output with the input at its high end.
    pub at_high: f64,
    /// `|at_high − at_low|`, in the unit of the output.
    pub swing: f64,
    /// Whether the central output lies beyond both ends: the input pushes the
    /// output one way from either side, and the bar understates it.
    pub turns: bool,
}

/// Swings in falling order of size; equal swings in the order of inputs.
///
/// `low[j]` and `high[j]` are the outputs with only input `j` at its low or high
/// end; `central` is the output with none.
///
/// # Errors
///
/// A value is not finite (column 1 is low, 2 high, 3 central), or lengths
/// differ.
pub fn swings(low: &[f64], high: &[f64], central: f64) -> Result<Vec<Swing>, AnalysisError> {
    if low.len() != high.len() {
        let (expected, found) = (low.len(), high.len());
        return Err(AnalysisError::Length {
            table: "outputs",
            column: 1,
            expected,
            found,
        });
    }
    finite("outputs", 0, low)?;
    finite("outputs", 1, high)?;
    finite("outputs", 2, &[central])?;
    let mut swings: Vec<Swing> = low
        .iter()
        .zip(high)
        .enumerate()
        .map(|(input, (low, high))| Swing {
            input,
            at_low: *low,
            at_high: *high,
            swing: (high - low).abs(),
            turns: central > low.max(*high) || central < low.min(*high),
        })
        .collect();
    swings.sort_by(|a, b| b.swing.total_cmp(&a.swing).then(a.input.cmp(&b.input)));
    Ok(swings)
}
