//! Saltelli's scheme for Sobol indices: two independent matrices and their mixtures.
//!
//! Base sample j takes a row of A and a row of B from one Sobol point of 2D
//! dimensions (A the first D coordinates, B the last). The rows of one base sample
//! are, in this order (as SALib's `sample.sobol`, with the last D only for second
//! order):
//!
//! ```text
//! A,  AB_1 … AB_D,  [ BA_1 … BA_D ],  B
//! ```
//!
//! AB_i is A with coordinate i from B; BA_i is B with coordinate i from A. Hence
//! n·(D+2) rows, or n·(2D+2). The points are Owen-scrambled, so none is degenerate
//! and SALib's `skip_values` has no counterpart. n a power of two keeps the balance.
//!
//! Sources: A. Saltelli et al., "Variance based sensitivity analysis of model
//! output", Comput. Phys. Commun. 181 (2010) 259; A. Saltelli, "Making best use of
//! model evaluations …", Comput. Phys. Commun. 145 (2002) 280.

use super::Role;
use super::sobol::Sobol;

/// Saltelli's rows over a Sobol sequence of twice the dimension.
#[derive(Debug, Clone)]
pub(super) struct Saltelli {
    dims: usize,
    second_order: bool,
    points: Sobol,
}

impl Saltelli {
    /// Rows per base sample.
    pub(super) const fn rows(dims: usize, second_order: bool) -> u64 {
        if second_order {
            2 * dims as u64 + 2
        } else {
            dims as u64 + 2
        }
    }

    /// `scramble` is the seed of the scramble, none for plain Sobol points.
    pub(super) fn new(dims: usize, bases: u64, second_order: bool, scramble: Option<u64>) -> Self {
        Self {
            dims,
            second_order,
            points: Sobol::new(2 * dims, bases, scramble),
        }
    }

    /// Coordinates `d` of the rows from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        let rows = Self::rows(self.dims, self.second_order);
        let (mut base, mut row) = (first / rows, first % rows);
        let mut rest = out;
        while !rest.is_empty() {
            let a = self.points.coordinate(d, base);
            let b = self.points.coordinate(self.dims + d, base);
            let count = ((rows - row) as usize).min(rest.len());
            let (block, after) = rest.split_at_mut(count);
            for (r, slot) in (row..).zip(block) {
                let from_b = match self.role_of(base, r) {
                    Role::Ab { input, .. } => input == d,
                    Role::Ba { input, .. } => input != d,
                    Role::B { .. } => true,
                    _ => false,
                };
                *slot = if from_b { b } else { a };
            }
            (rest, base, row) = (after, base + 1, 0);
        }
    }

    /// What a row is.
    pub(super) const fn role(&self, index: u64) -> Role {
        let rows = Self::rows(self.dims, self.second_order);
        self.role_of(index / rows, index % rows)
    }

    /// What row `r` of base sample `base` is.
    #[inline]
    const fn role_of(&self, base: u64, r: u64) -> Role {
        let dims = self.dims as u64;
        if r == 0 {
            Role::A { base }
        } else if r <= dims {
            Role::Ab {
                base,
                input: (r - 1) as usize,
            }
        } else if self.second_order && r <= 2 * dims {
            Role::Ba {
                base,
                input: (r - 1 - dims) as usize,
            }
        } else {
            Role::B { base }
        }
    }
}
