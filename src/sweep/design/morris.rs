//! Morris's trajectories: D+1 points, each differing from the last in one input.
//!
//! Inputs move by Δ = p/(2(p−1)) between q = ⌊p/2⌋ low levels, evenly spaced from 0 to
//! 1 − Δ, and as many high ones. For p even these are the levels 0, 1/(p−1), …, 1; for p
//! odd the grid has a gap in its middle (5 levels: 0, 0.375, 0.625, 1), as in SALib, and
//! 3 levels, which would leave two values only, make no design. For trajectory t, input d
//! has a low level k_d in 0 … q−1, a direction, and the place o_d in a random order:
//!
//! ```text
//! x_d(step) = k_d (1−Δ)/(q−1)          before its move, if it rises
//!           = k_d (1−Δ)/(q−1) + Δ      after it           (the other way if it falls)
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
        let (low, high) = ends(self.levels, level);
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

/// The `low`-th low level of `p` and the level it moves to.
fn ends(p: u32, low: u64) -> (f64, f64) {
    let (top, half) = (f64::from(p - 1), u64::from(p / 2));
    if p.is_multiple_of(2) {
        return (low as f64 / top, (low + half) as f64 / top);
    }
    // k (p−2) / (2 (p−1) (q−1)), and Δ = p (q−1) / (2 (p−1) (q−1)) above it.
    let (below, step) = (low * u64::from(p - 2), u64::from(p) * (half - 1));
    let parts = 2.0 * top * (half - 1) as f64;
    (below as f64 / parts, (below + step) as f64 / parts)
}

/// Every value that an input takes in the unit cube, rising.
pub fn levels(p: u32) -> Vec<f64> {
    let all = (0..u64::from(p / 2)).map(|low| ends(p, low));
    let (low, high): (Vec<f64>, Vec<f64>) = all.unzip();
    [low, high].concat()
}
