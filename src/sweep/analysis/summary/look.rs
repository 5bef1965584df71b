//! One look at a block of values: extremes and sums, on the widest vectors that the
//! machine has. Every lane adds in the order of the values: the bits are those of any
//! width.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::moments::{LANES, Sums};
use pulp::{Arch, Simd, WithSimd};

/// What a block of values shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// The least value.
    pub(super) least: f64,
    /// The greatest value.
    pub(super) greatest: f64,
    /// Their sums about the first.
    pub(super) sums: Sums,
}

impl Look {
    /// At a block, whose first value is given. Values that are not finite show in the sums.
    #[inline]
    pub(super) fn at(values: &[f64], first: f64) -> Self {
        Arch::new().dispatch(Looking { values, first })
    }
}

struct Looking<'a> {
    values: &'a [f64],
    first: f64,
}

impl WithSimd for Looking<'_> {
    type Output = Look;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Look {
        let Self { values, first } = self;
        let (start, zero) = (simd.splat_f64s(first), simd.splat_f64s(0.0));
        let (mut least, mut greatest) = ([start; LANES], [start; LANES]);
        let (mut sums, mut squares) = ([zero; LANES], [zero; LANES]);
        let (lanes, rest) = values.as_chunks::<LANES>();
        for lane in lanes {
            let (vectors, _) = S::as_simd_f64s(lane);
            for v in 0..LANES / S::F64_LANES {
                let value = vectors[v];
                // Which of 0 and −0 it is does not matter: both count as 0.
                least[v] = simd.min_f64s(value, least[v]);
                greatest[v] = simd.max_f64s(value, greatest[v]);
                let off = simd.sub_f64s(value, start);
                sums[v] = simd.add_f64s(sums[v], off);
                squares[v] = simd.add_f64s(squares[v], simd.mul_f64s(off, off));
            }
        }
        let ends = |lanes: &[S::f64s; LANES], ahead: fn(f64, f64) -> bool| {
            let lanes = numbers::<S>(lanes);
            let all = rest.iter().chain(&lanes).copied();
            all.fold(
                first,
                |end, value| if ahead(end, value) { end } else { value },
            )
        };
        Look {
            least: ends(&least, |a, b| a < b),
            greatest: ends(&greatest, |a, b| a > b),
            sums: Sums::of(first, (numbers::<S>(&sums), numbers::<S>(&squares)), rest),
        }
    }
}

/// The numbers of vectors, of which the first hold as many as there are lanes.
#[inline(always)]
fn numbers<S: Simd>(vectors: &[S::f64s; LANES]) -> [f64; LANES] {
    let mut numbers = [0.0; LANES];
    let (own, _) = S::as_mut_simd_f64s(&mut numbers);
    for (own, vector) in own.iter_mut().zip(vectors) {
        *own = *vector;
    }
    numbers
}
