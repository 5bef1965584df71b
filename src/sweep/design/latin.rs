//! Latin hypercube: every dimension's n strata hold exactly one of the n points.
//!
//! ```text
//! x_d(i) = ( π_d(i) + u_d(i) ) / n        i = 0 … n−1
//! ```
//!
//! π_d is a keyed permutation of 0..n (module `permute`), u_d a number inside the
//! stratum. u_d has only as many bits as leave π + u exact in 53, and is never 0,
//! so rounding cannot carry a point over its stratum's border.
//!
//! Source: M. D. McKay, R. J. Beckman, W. J. Conover, "A comparison of three
//! methods for selecting values of input variables …", Technometrics 21 (1979).

use super::permute::{LANES, Shape};
use super::rng::{Purpose, Rng};

/// A Latin hypercube of n points.
#[derive(Debug, Clone)]
pub(super) struct Latin {
    seed: u64,
    draws: u64,
    shape: Shape,
    /// Bits of the place inside a stratum.
    bits: u32,
}

impl Latin {
    /// `draws` between 1 and 2⁴⁰.
    pub(super) fn new(draws: u64, seed: u64) -> Self {
        let length = u64::BITS - draws.leading_zeros();
        Self { seed, draws, shape: Shape::new(draws), bits: (50 - length).min(32) }
    }

    /// Coordinates `d` of the draws from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        let order = self.shape.keyed(Rng::of(self.seed, Purpose::LatinOrder, d).u64(0));
        let jitter = Rng::of(self.seed, Purpose::LatinJitter, d);
        let scale = 1.0 / (1_u64 << self.bits) as f64;
        let drop = u64::BITS - self.bits;
        let n = self.draws as f64;
        let mut strata = [0; LANES];
        for (first, block) in (first..).step_by(LANES).zip(out.chunks_mut(LANES)) {
            let strata = &mut strata[..block.len()];
            order.images(first, strata);
            for ((i, slot), &stratum) in (first..).zip(block).zip(&*strata) {
                let inside = (jitter.u64(i) >> drop) as f64 + 0.5;
                *slot = (stratum as f64 + inside * scale) / n;
            }
        }
    }
}
