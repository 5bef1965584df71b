//! Latin hypercube: every dimension's n strata hold exactly one of the n points.
//!
//! ```text
//! x_d(i) = ( π_d(i) + u_d(i) ) / n        i = 0 … n−1
//! ```
//!
//! π_d is a keyed permutation of 0..n (module `permute`), u_d a number inside the
//! stratum: a hash of the stratum's number, as an odd multiple of 2^−(b+1), with b such
//! that π + u is exact and further from the border than all rounding, the reader's
//! multiplication by n included, can carry it.
//!
//! Source: M. D. McKay, R. J. Beckman, W. J. Conover, "A comparison of three
//! methods for selecting values of input variables …", Technometrics 21 (1979).

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use pulp::{Arch, Simd, WithSimd};

use super::permute::{LANES, Permutation, Shape};
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
        Self {
            seed,
            draws,
            shape: Shape::new(draws),
            bits: (49 - length).min(32),
        }
    }

    /// What places inside the strata of dimension `d` are hashed with.
    pub(super) fn key(&self, d: usize) -> u32 {
        Rng::of(self.seed, Purpose::Latin, d).u64(1) as u32
    }

    /// A coordinate of a point in this stratum of the dimension of `key`.
    pub(super) fn place(&self, key: u32, stratum: u64) -> f64 {
        let drop = u32::BITS - self.bits;
        let step = (stratum << self.bits) | u64::from(inside(stratum, key) >> drop);
        (2 * step + 1).cast_signed() as f64 * self.half_step()
    }

    /// Half the distance between places inside a stratum.
    fn half_step(&self) -> f64 {
        1.0 / (self.draws as f64 * (2_u64 << self.bits) as f64)
    }

    /// Coordinates `d` of the draws from `first` on.
    pub(super) fn column(&self, d: usize, first: u64, out: &mut [f64]) {
        let rng = Rng::of(self.seed, Purpose::Latin, d);
        let order = self.shape.keyed(rng.u64(0));
        let key = self.key(d);
        let drop = u32::BITS - self.bits;
        let half_step = self.half_step();
        let block = Block {
            order,
            key,
            drop,
            bits: self.bits,
            half_step,
            first,
            out,
        };
        Arch::new().dispatch(block);
    }
}

/// A column to fill. Whole numbers and single roundings: the bits are those of any
/// processor.
struct Block<'a> {
    order: Permutation,
    key: u32,
    drop: u32,
    bits: u32,
    half_step: f64,
    first: u64,
    out: &'a mut [f64],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self {
            order,
            key,
            drop,
            bits,
            half_step,
            first,
            out,
        } = self;
        let mut strata = [0; LANES];
        for (first, block) in (first..).step_by(LANES).zip(out.chunks_mut(LANES)) {
            let strata = &mut strata[..block.len()];
            order.images(first, strata);
            for (slot, &stratum) in block.iter_mut().zip(&*strata) {
                let step = (stratum << bits) | u64::from(inside(stratum, key) >> drop);
                *slot = (2 * step + 1).cast_signed() as f64 * half_step;
            }
        }
    }
}

/// The 32 bits of a stratum's place (Wellons's `lowbias32`).
#[inline(always)]
const fn inside(stratum: u64, key: u32) -> u32 {
    let h = (stratum as u32) ^ ((stratum >> 32) as u32).wrapping_mul(0x9e37_79b1);
    let h = h.wrapping_add(key);
    let h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    let h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}
