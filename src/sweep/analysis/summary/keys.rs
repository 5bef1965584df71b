//! Which numbers can be summed, and integers in the order of the floats they stand for.

use crate::analysis::error::AnalysisError;

/// Values beyond this are refused, so that squares stay finite.
pub(super) const LARGEST: f64 = 1e150;

/// Refuses what cannot be summed.
pub(super) fn check(draw: u64, column: usize, value: f64) -> Result<(), AnalysisError> {
    if !value.is_finite() {
        let row = usize::try_from(draw).unwrap_or(usize::MAX);
        return Err(AnalysisError::NotFinite {
            table: "draws",
            row,
            column,
            value,
        });
    }
    if value.abs() > LARGEST {
        let (setting, rule) = ("a value", "within ±1e150");
        return Err(AnalysisError::Setting {
            setting,
            value,
            rule,
        });
    }
    Ok(())
}

/// Integers in the order of the floats they stand for; −0 counts as 0.
pub(super) fn key_of(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 {
        bits ^ (1 << 63)
    } else {
        !bits
    }
}

/// The float a key stands for.
pub(super) fn value_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 {
        key ^ (1 << 63)
    } else {
        !key
    })
}
