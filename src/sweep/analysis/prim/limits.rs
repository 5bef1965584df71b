//! A box and what is in it.

use serde::Serialize;

use crate::analysis::error::{self, AnalysisError};

/// A face of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Side {
    /// The lower limit.
    Lower,
    /// The upper limit.
    Upper,
}

/// The limits of one input, both included; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Limit {
    /// The input is at least this.
    pub lower: Option<f64>,
    /// The input is at most this.
    pub upper: Option<f64>,
}

impl Limit {
    /// Whether a value is within.
    pub fn contains(&self, value: f64) -> bool {
        self.lower.is_none_or(|l| value >= l) && self.upper.is_none_or(|u| value <= u)
    }

    /// Whether there is a limit at all.
    pub fn is_free(&self) -> bool {
        self.lower.is_none() && self.upper.is_none()
    }
}

/// A box: one [`Limit`] per input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PrimBox {
    /// Limits in the order of the inputs, in their units.
    pub limits: Vec<Limit>,
}

/// What a box holds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BoxCount {
    /// Rows in the box.
    pub rows: usize,
    /// Positive rows in the box.
    pub positives: usize,
    /// Positive rows in the box per positive row; 0 if there is none.
    pub coverage: f64,
    /// Positive rows per row in the box: "met in 94 % of futures if …"; 0 for
    /// an empty box.
    pub density: f64,
    /// Rows in the box per row.
    pub mass: f64,
}

impl BoxCount {
    pub(super) fn new(
        rows: usize,
        positives: usize,
        all_rows: usize,
        all_positives: usize,
    ) -> Self {
        let share = |part: usize, whole: usize| {
            if whole == 0 {
                0.0
            } else {
                part as f64 / whole as f64
            }
        };
        Self {
            rows,
            positives,
            coverage: share(positives, all_positives),
            density: share(positives, rows),
            mass: share(rows, all_rows),
        }
    }
}

impl PrimBox {
    /// The box without limits.
    pub fn free(inputs: usize) -> Self {
        Self {
            limits: vec![Limit::default(); inputs],
        }
    }

    /// Whether a point (one value per input) is in the box.
    pub fn contains(&self, point: &[f64]) -> bool {
        self.limits
            .iter()
            .zip(point)
            .all(|(limit, value)| limit.contains(*value))
    }

    /// The inputs with a limit, in order.
    pub fn restricted(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.limits.len()).filter(|j| !self.limits[*j].is_free())
    }

    /// What the box holds of a sample, such as one it was not found on.
    ///
    /// # Errors
    ///
    /// A value is not finite, or columns differ in number or length.
    pub fn evaluate(
        &self,
        inputs: &[&[f64]],
        positive: &[bool],
    ) -> Result<BoxCount, AnalysisError> {
        if inputs.len() != self.limits.len() {
            let (values, multiple) = (inputs.len(), self.limits.len());
            return Err(AnalysisError::Shape {
                table: "columns of inputs",
                values,
                multiple,
            });
        }
        error::table("inputs", inputs, positive.len())?;
        let (mut rows, mut positives) = (0, 0);
        for (row, positive) in positive.iter().enumerate() {
            if self
                .limits
                .iter()
                .zip(inputs)
                .all(|(limit, column)| limit.contains(column[row]))
            {
                rows += 1;
                positives += usize::from(*positive);
            }
        }
        let all = positive.iter().filter(|p| **p).count();
        Ok(BoxCount::new(rows, positives, positive.len(), all))
    }

    pub(super) fn get(&self, input: usize, side: Side) -> Option<f64> {
        match side {
            Side::Lower => self.limits[input].lower,
            Side::Upper => self.limits[input].upper,
        }
    }

    pub(super) fn set(&mut self, input: usize, side: Side, limit: f64) {
        match side {
            Side::Lower => self.limits[input].lower = Some(limit),
            Side::Upper => self.limits[input].upper = Some(limit),
        }
    }

    pub(super) fn release(&mut self, input: usize, side: Side) {
        match side {
            Side::Lower => self.limits[input].lower = None,
            Side::Upper => self.limits[input].upper = None,
        }
    }
}

/// One face of the chosen box.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bound {
    /// The limit, included, in the unit of the input.
    pub value: f64,
    /// Quasi-p-value (Bryant and Lempert, 2010): the probability of as many
    /// positive rows among the rows of the box, `P(X ≥ k)` for `X` binomial with
    /// the density of the box without this face. "Quasi", for the face was
    /// chosen on the same rows.
    pub quasi_p: f64,
}

/// One restricted input of the chosen box.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Restriction {
    /// The input, counted from 0.
    pub input: usize,
    /// Lower limit.
    pub lower: Option<Bound>,
    /// Upper limit.
    pub upper: Option<Bound>,
    /// What the box would hold with this input free.
    pub without: BoxCount,
}
