//! Morris's trajectories: D+1 points, each differing from the last in one input.
//!
//! Inputs take the levels 0, 1/(p−1), …, 1 (p even) and move by Δ = p/(2(p−1)).
//! For trajectory t, input d has a start level k_d in 0 … p/2−1, a direction, and
//! the place o_d in a random order:
//!
//! ```text
//! x_d(step) = k_d/(p−1)              before its move, if it rises
//!           = (k_d + p/2)/(p−1)      after it           (the other way if it falls)
//! its move leads to step o_d + 1
//! ```
//!
//! which is B* = (J x* + Δ/2·((2B − J) D* + J)) P* of Morris, row by row. Level, sign
//! and order are functions of (seed, t, d). Levels are quotients of whole numbers, so
//! equal levels are equal bits.
//!
//! Sources: M. D. Morris, "Factorial sampling plans for preliminary computational
//! experiments", Technometrics 33 (1991) 161; order of rows as SALib `sample.morris`.

use super::Role;
use super::permute::{Permutation, Shape};
use super::rng::{Purpose, Rng};

/// Trajectories over p levels.
#[derive(Debug, Clone)]
pub(super) struct Morris {
    seed: u64,
    dims: usize,
    levels: u32,
    shape: Shape,
}

/// One input's part in one trajectory.
struct Part {
    /// Index of the step its move leads to.
    step: u64,
    before: f64,
    after: f64,
}

impl Morris {
    pub(super) fn new(dims: usize, levels: u32, seed: u64) -> Self {
        Self {
            seed,
            dims,
            levels,
            shape: Shape::new(dims as u64),
        }
    }

    /// Rows per trajectory.
    pub(super) const fn rows(dims: usize) -> u64 {
        dims as u64 + 1
    }

    /// Coordinates `d` of the rows from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        let rows = Self::rows(self.dims);
        let (mut trajectory, mut step) = (first / rows, first % rows);
        let mut rest = out;
        while !rest.is_empty() {
            let part = self.part(d, trajectory);
            let count = ((rows - step) as usize).min(rest.len());
            let (block, after) = rest.split_at_mut(count);
            for (s, slot) in (step..).zip(block) {
                *slot = if s < part.step {
                    part.before
                } else {
                    part.after
                };
            }
            (rest, trajectory, step) = (after, trajectory + 1, 0);
        }
    }

    /// What a row is.
    pub(super) fn role(&self, index: u64) -> Role {
        let rows = Self::rows(self.dims);
        let (trajectory, step) = (index / rows, index % rows);
        let order = self.order(trajectory);
        let moved = (step > 0)
            .then(|| (0..self.dims).find(|&d| order.apply(d as u64) + 1 == step))
            .flatten();
        let rises = moved.is_some_and(|d| {
            let part = self.part(d, trajectory);
            part.after > part.before
        });
        Role::Step {
            trajectory,
            step: step as usize,
            moved,
            rises,
        }
    }

    fn order(&self, trajectory: u64) -> Permutation {
        self.shape
            .keyed(Rng::of(self.seed, Purpose::MorrisOrder, 0).u64(trajectory))
    }

    fn part(&self, d: usize, trajectory: u64) -> Part {
        let bits = Rng::of(self.seed, Purpose::MorrisStart, d).u64(trajectory);
        let half = u64::from(self.levels / 2);
        let level = ((bits >> 32) * half) >> 32;
        let top = f64::from(self.levels - 1);
        let (low, high) = (level as f64 / top, (level + half) as f64 / top);
        let (before, after) = if bits & 1 == 0 {
            (low, high)
        } else {
            (high, low)
        };
        Part {
            step: self.order(trajectory).apply(d as u64) + 1,
            before,
            after,
        }
    }
}
