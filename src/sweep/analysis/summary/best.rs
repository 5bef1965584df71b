//! The best draws by one quantity.

use super::keys::check;
use crate::analysis::AnalysisError;

/// Which values are best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

/// A draw and its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// Number of the draw.
    pub draw: u64,
    /// Value of the quantity.
    pub value: f64,
}

/// The `keep` best draws; of equal values the earlier draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    keep: usize,
    direction: Direction,
    draws: Vec<Draw>,
}

impl Best {
    /// Nothing yet.
    pub fn new(keep: usize, direction: Direction) -> Self {
        Self {
            keep,
            direction,
            draws: Vec::new(),
        }
    }

    /// How many are kept, and which.
    pub(super) fn kind(&self) -> (usize, Direction) {
        (self.keep, self.direction)
    }

    /// Takes in a draw.
    ///
    /// # Errors
    ///
    /// The value is not finite, or beyond ±1e150.
    pub fn push(&mut self, draw: u64, value: f64) -> Result<(), AnalysisError> {
        check(draw, 0, value)?;
        self.add(draw, value);
        Ok(())
    }

    /// Whether a draw is better than another.
    fn ahead(&self, one: &Draw, other: &Draw) -> bool {
        let order = match self.direction {
            Direction::Least => one.value.total_cmp(&other.value),
            Direction::Greatest => other.value.total_cmp(&one.value),
        };
        order.then(one.draw.cmp(&other.draw)).is_lt()
    }

    /// Whether a draw would be among the best.
    pub(super) fn takes(&self, draw: u64, value: f64) -> bool {
        let value = value + 0.0;
        let new = Draw { draw, value };
        let worst = self.draws.last();
        self.draws.len() < self.keep || worst.is_some_and(|worst| !self.ahead(worst, &new))
    }

    pub(super) fn add(&mut self, draw: u64, value: f64) {
        if self.takes(draw, value) {
            let value = value + 0.0;
            let new = Draw { draw, value };
            let place = self.draws.partition_point(|old| self.ahead(old, &new));
            self.draws.insert(place, new);
            self.draws.truncate(self.keep);
        }
    }

    /// Takes in the draws of another.
    ///
    /// # Errors
    ///
    /// The other keeps another number, or looks the other way.
    pub fn merge(&mut self, other: &Self) -> Result<(), AnalysisError> {
        if self.keep != other.keep || self.direction != other.direction {
            return Err(AnalysisError::Merge {
                difference: "number or direction of best draws",
            });
        }
        for draw in &other.draws {
            self.add(draw.draw, draw.value);
        }
        Ok(())
    }

    /// The best draws, the best first.
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }
}
