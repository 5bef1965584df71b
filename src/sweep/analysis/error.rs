//! What can be wrong with the numbers handed to an analysis.

use thiserror::Error;

/// Why an analysis could not be made. Rows and columns are stored counted from
/// 0 and shown counted from 1, without any header line.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum AnalysisError {
    /// A value is NaN or infinite.
    #[error(
        "{table}: row {}, column {} is {value}; every value must be a finite number",
        .row + 1, .column + 1
    )]
    NotFinite {
        /// Which table: `inputs`, `outputs`, `draws`, …
        table: &'static str,
        /// Row, counted from 0.
        row: usize,
        /// Column, counted from 0.
        column: usize,
        /// The value found.
        value: f64,
    },
    /// A column is longer or shorter than the table it belongs to.
    #[error("{table}: column {} has {found} rows where {expected} are expected", .column + 1)]
    Length {
        /// Which table.
        table: &'static str,
        /// Column, counted from 0.
        column: usize,
        /// Rows it should have.
        expected: usize,
        /// Rows it has.
        found: usize,
    },
    /// The number of values does not fit the design.
    #[error("{table}: {values} values cannot be divided into rows or groups of {multiple}")]
    Shape {
        /// Which table.
        table: &'static str,
        /// Values found.
        values: usize,
        /// What their number must be a multiple of.
        multiple: usize,
    },
    /// Too few rows for any statement.
    #[error("{table}: {found} rows, at least {needed} are needed")]
    TooFew {
        /// Which table.
        table: &'static str,
        /// Rows needed.
        needed: usize,
        /// Rows found.
        found: usize,
    },
    /// Differences or squares of the values pass the largest number there is.
    #[error("{table}: the values are so large that their differences or squares are no numbers")]
    TooLarge {
        /// Which table.
        table: &'static str,
    },
    /// A setting is outside its range.
    #[error("{setting} is {value}; it must be {rule}")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// Value given.
        value: f64,
        /// What is allowed.
        rule: &'static str,
    },
    /// A Morris trajectory changes no input, or several, in one step.
    #[error("trajectories: row {} differs from the row before in {changed} inputs, not in one", .row + 1)]
    Step {
        /// Row, counted from 0.
        row: usize,
        /// How many inputs changed.
        changed: usize,
    },
    /// A Morris trajectory changes the same input twice.
    #[error("trajectories: row {} changes input {} a second time in its trajectory", .row + 1, .column + 1)]
    Repeated {
        /// Row, counted from 0.
        row: usize,
        /// Input, counted from 0.
        column: usize,
    },
    /// An axis does not rise strictly.
    #[error("{axis}: value {} is not greater than the one before it", .position + 1)]
    Axis {
        /// Which axis.
        axis: &'static str,
        /// Position, counted from 0.
        position: usize,
    },
    /// Two summaries that do not describe the same thing.
    #[error("summaries of different kinds cannot be merged: {difference}")]
    Merge {
        /// What differs.
        difference: &'static str,
    },
}

/// Every value of one column is finite.
pub(crate) fn finite(
    table: &'static str,
    column: usize,
    values: &[f64],
) -> Result<(), AnalysisError> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(row) => Err(AnalysisError::NotFinite {
            table,
            row,
            column,
            value: values[row],
        }),
    }
}

/// Every column is finite and has `rows` rows.
pub(crate) fn table(
    name: &'static str,
    columns: &[&[f64]],
    rows: usize,
) -> Result<(), AnalysisError> {
    if columns.is_empty() {
        return Err(AnalysisError::Setting {
            setting: "number of inputs",
            value: 0.0,
            rule: "at least 1",
        });
    }
    for (column, values) in columns.iter().enumerate() {
        if values.len() != rows {
            return Err(AnalysisError::Length {
                table: name,
                column,
                expected: rows,
                found: values.len(),
            });
        }
        finite(name, column, values)?;
    }
    Ok(())
}

/// The value lies strictly between 0 and 1.
pub(crate) fn open_unit(setting: &'static str, value: f64) -> Result<(), AnalysisError> {
    if value > 0.0 && value < 1.0 {
        Ok(())
    } else {
        Err(AnalysisError::Setting {
            setting,
            value,
            rule: "between 0 and 1, both excluded",
        })
    }
}
