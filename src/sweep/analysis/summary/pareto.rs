//! Draws that no other draw beats in every objective.
//!
//! Objectives are cut into cells of a fixed width, and of every cell that no
//! other cell dominates one draw is kept (the additive ε-dominance of Laumanns
//! et al., 2002). Which cells remain, and which draw stands for each, depends on
//! the set of draws alone. Every draw is then matched or beaten by a kept one to
//! within a cell's width in every objective, inside the axes' ranges.
//!
//! Size: no more than the product of all but the largest number of cells; with
//! two objectives, the smaller number of cells.

use serde::{Deserialize, Serialize};

use super::{bits, check, key_of};
use crate::analysis::AnalysisError;
use crate::analysis::summary::best::Direction;

/// One objective.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Which values are wanted.
    pub direction: Direction,
    /// Values below are counted to the first cell …
    #[serde(with = "bits")]
    pub low: f64,
    /// … and values above to the last.
    #[serde(with = "bits")]
    pub high: f64,
    /// Number of cells between.
    pub cells: u32,
}

impl Axis {
    /// The cell of a value, 0 being best.
    fn cell(&self, value: f64) -> u32 {
        let last = self.cells - 1;
        let place = (value - self.low) / (self.high - self.low) * f64::from(self.cells);
        let cell = (place.max(0.0) as u32).min(last);
        match self.direction {
            Direction::Least => cell,
            Direction::Greatest => last - cell,
        }
    }

    /// The value in widths of a cell, less being better.
    fn merit(&self, value: f64) -> f64 {
        let place = value / (self.high - self.low) * f64::from(self.cells);
        match self.direction {
            Direction::Least => place,
            Direction::Greatest => -place,
        }
    }
}

/// A kept draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Number of the draw.
    pub draw: u64,
    /// Values of the objectives, in their units.
    #[serde(with = "bits::many")]
    pub values: Vec<f64>,
    cells: Vec<u32>,
}

/// The Pareto set of a stream, in bounded size.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pareto {
    axes: Vec<Axis>,
    /// In no particular order.
    kept: Vec<Candidate>,
}

impl PartialEq for Pareto {
    fn eq(&self, other: &Self) -> bool {
        self.axes == other.axes && self.candidates() == other.candidates()
    }
}

impl Pareto {
    /// Nothing yet.
    ///
    /// # Errors
    ///
    /// There are no axes, or one has no cells or no range.
    pub fn new(axes: Vec<Axis>) -> Result<Self, AnalysisError> {
        let wrong = |setting, value, rule| {
            Err(AnalysisError::Setting {
                setting,
                value,
                rule,
            })
        };
        if axes.is_empty() {
            return wrong("number of objectives", 0.0, "at least 1");
        }
        for axis in &axes {
            if axis.cells == 0 {
                return wrong("cells of an objective", 0.0, "at least 1");
            }
            let range = axis.high - axis.low;
            if !(range.is_finite() && range > 0.0) {
                return wrong("range of an objective", range, "finite and above 0");
            }
        }
        Ok(Self {
            axes,
            kept: Vec::new(),
        })
    }

    /// Takes in a draw with one value per objective.
    ///
    /// # Errors
    ///
    /// A value is not finite or beyond ±1e150, or their number is wrong.
    pub fn push(&mut self, draw: u64, values: &[f64]) -> Result<(), AnalysisError> {
        if values.len() != self.axes.len() {
            let (values, multiple) = (values.len(), self.axes.len());
            return Err(AnalysisError::Shape {
                table: "objectives",
                values,
                multiple,
            });
        }
        for (column, value) in values.iter().enumerate() {
            check(draw, column, *value)?;
        }
        // Most draws are beaten by one that is kept: look before anything is allocated.
        let beaten = self.kept.iter().position(|kept| {
            let mut cells = kept.cells.iter().zip(&self.axes).zip(values);
            cells.all(|((cell, axis), value)| *cell <= axis.cell(*value))
        });
        if let Some(place) = beaten {
            let cells = self.kept[place].cells.iter().zip(&self.axes).zip(values);
            let differs = cells
                .clone()
                .any(|((cell, axis), value)| *cell != axis.cell(*value));
            if differs {
                self.kept.swap(place, place / 2);
                return Ok(());
            }
        }
        let cells = self
            .axes
            .iter()
            .zip(values)
            .map(|(axis, v)| axis.cell(*v))
            .collect();
        self.add(Candidate {
            draw,
            values: values.to_vec(),
            cells,
        });
        Ok(())
    }

    fn add(&mut self, new: Candidate) {
        let covers =
            |a: &Candidate, b: &Candidate| a.cells.iter().zip(&b.cells).all(|(x, y)| x <= y);
        for place in 0..self.kept.len() {
            if covers(&self.kept[place], &new) {
                if self.kept[place].cells == new.cells && self.ahead(&new, &self.kept[place]) {
                    self.kept[place] = new;
                } else {
                    // Found early, found often: the next draw likely falls to it too.
                    self.kept.swap(place, place / 2);
                }
                return;
            }
        }
        self.kept.retain(|old| !covers(&new, old));
        self.kept.push(new);
    }

    /// Whether `a` stands for their common cell before `b`: by the sum of
    /// merits, then by the values, then by the draw.
    fn ahead(&self, a: &Candidate, b: &Candidate) -> bool {
        let merit = |c: &Candidate| -> f64 {
            self.axes
                .iter()
                .zip(&c.values)
                .map(|(axis, v)| axis.merit(*v))
                .sum()
        };
        let keys = |c: &Candidate| c.values.iter().map(|v| key_of(*v)).collect::<Vec<_>>();
        merit(a)
            .total_cmp(&merit(b))
            .then_with(|| keys(a).cmp(&keys(b)))
            .then(a.draw.cmp(&b.draw))
            .is_lt()
    }

    /// Takes in the draws of another.
    ///
    /// # Errors
    ///
    /// The other has other axes.
    pub fn merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        if self.axes != other.axes {
            return Err(AnalysisError::Merge {
                difference: "the axes of the Pareto set",
            });
        }
        for candidate in &other.kept {
            self.add(candidate.clone());
        }
        Ok(())
    }

    /// The kept draws in the order of their cells, the best in the first
    /// objective first.
    pub fn candidates(&self) -> Vec<Candidate> {
        let mut kept = self.kept.clone();
        kept.sort_by(|a, b| a.cells.cmp(&b.cells));
        kept
    }
}
