//! The best draws by one quantity.

use serde::{Deserialize, Serialize};

use super::{bits, check};
use crate::analysis::AnalysisError;

/// Which values are best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The least.
    Least,
    /// The greatest.
    Greatest,
}

/// A draw and its value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    /// Number of the draw.
    pub draw: u64,
    /// Value of the quantity. Written by serde as its bits, so that a saved
    /// summary is read back exactly.
    #[serde(with = "bits")]
    pub value: f64,
}

/// The `keep` best draws; of equal values the earlier draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

    pub(super) fn add(&mut self, draw: u64, value: f64) {
        let new = Draw {
            draw,
            value: value + 0.0,
        };
        let direction = self.direction;
        let ahead = |old: &Draw| {
            let order = match direction {
                Direction::Least => old.value.total_cmp(&new.value),
                Direction::Greatest => new.value.total_cmp(&old.value),
            };
            order.then(old.draw.cmp(&new.draw)).is_lt()
        };
        if self.draws.len() < self.keep || self.draws.last().is_some_and(|worst| !ahead(worst)) {
            let place = self.draws.partition_point(ahead);
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
