//! The innermost loops: rows for a tile of draws, in registers.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]
// Loops over arrays by subscript are what the compiler unrolls.
#![allow(clippy::needless_range_loop)]

use super::TILE;
use super::program::{Bundle, Make, Multiple};
use pulp::Simd;

/// Where the rows of a tile go: row r to `out[r · stride + start ..]`.
pub(super) struct Target<'a> {
    pub out: &'a mut [f64],
    pub stride: usize,
    pub start: usize,
}

impl Target<'_> {
    /// A row of the tile.
    #[inline(always)]
    pub fn row(&mut self, slot: usize) -> &mut [f64] {
        &mut self.out[slot * self.stride + self.start..][..TILE]
    }
}

/// Evaluates `bundle` for the tile whose columns are given.
///
/// Of sixteen registers, eight to twelve hold sums and the others what is loaded. With
/// eight lanes there are thirty-two: eight vectors of a tile are in work at once, or four.
#[inline(always)]
pub(super) fn evaluate<S: Simd>(
    simd: S,
    bundle: &Bundle,
    table: &[S::f64s],
    target: &mut Target<'_>,
) {
    let wide = S::F64_LANES > 4;
    match bundle.slots.len() {
        1 => rows::<S, 1, 8>(simd, bundle, table, target),
        2 if wide => rows::<S, 2, 8>(simd, bundle, table, target),
        2 => rows::<S, 2, 4>(simd, bundle, table, target),
        4 if wide => rows::<S, 4, 4>(simd, bundle, table, target),
        4 => rows::<S, 4, 2>(simd, bundle, table, target),
        5 if wide => rows::<S, 5, 4>(simd, bundle, table, target),
        5 => rows::<S, 5, 2>(simd, bundle, table, target),
        6 if wide => rows::<S, 6, 4>(simd, bundle, table, target),
        6 => rows::<S, 6, 2>(simd, bundle, table, target),
        other => debug_assert_eq!(other, 0, "no loop for so many rows"),
    }
}

/// Pieces of `V` vectors in a tile.
#[inline(always)]
fn pieces<S: Simd, const V: usize>() -> usize {
    // Known when compiling: nothing is left of it where it holds.
    assert!(
        TILE.is_multiple_of(S::F64_LANES * V),
        "a tile is not whole pieces: draws would be left out"
    );
    TILE / (S::F64_LANES * V)
}

/// `R` rows, `V` vectors of draws at a time: `sum[r] = c[r] + Σ_k c[r,k]·φ[k]`.
#[inline(always)]
fn rows<S: Simd, const R: usize, const V: usize>(
    simd: S,
    bundle: &Bundle,
    table: &[S::f64s],
    target: &mut Target<'_>,
) {
    let (Some(constants), Some(slots)) = (
        bundle.constants.first_chunk::<R>(),
        bundle.slots.first_chunk::<R>(),
    ) else {
        return;
    };
    let table = table.as_chunks::<V>().0;
    let pieces = pieces::<S, V>();
    let coefficients = bundle.coefficients.as_chunks::<R>().0;
    for piece in 0..pieces {
        let mut sums: [[S::f64s; V]; R] =
            std::array::from_fn(|r| [simd.splat_f64s(constants[r]); V]);
        for (coefficients, term) in coefficients.iter().zip(&bundle.terms) {
            let column = &table[*term as usize * pieces + piece];
            for r in 0..R {
                let coefficient = simd.splat_f64s(coefficients[r]);
                for v in 0..V {
                    sums[r][v] = simd.mul_add_f64s(coefficient, column[v], sums[r][v]);
                }
            }
        }
        // A subscript known when compiling keeps the sums in registers.
        for r in 0..R {
            let (out, _) = S::as_mut_simd_f64s(target.row(slots[r] as usize));
            if let Some(out) = out.as_chunks_mut::<V>().0.get_mut(piece) {
                *out = sums[r];
            }
        }
    }
}

/// Makes a multiple of a row that is there; it may go where the row is.
#[inline(always)]
pub(super) fn multiple<S: Simd>(
    simd: S,
    multiple: &Multiple,
    table: &[S::f64s],
    target: &mut Target<'_>,
) {
    const V: usize = 4;
    let pieces = pieces::<S, V>();
    let table = table.as_chunks::<V>().0;
    let scale = simd.splat_f64s(multiple.scale);
    for piece in 0..pieces {
        let (of, _) = S::as_simd_f64s(&*target.row(multiple.of as usize));
        let mut row = of.as_chunks::<V>().0[piece];
        for cell in &mut row {
            *cell = simd.mul_f64s(*cell, scale);
        }
        if let Some(times) = multiple.times {
            let column = &table[times as usize * pieces + piece];
            for v in 0..V {
                row[v] = simd.mul_f64s(row[v], column[v]);
            }
        }
        let (out, _) = S::as_mut_simd_f64s(target.row(multiple.slot as usize));
        out.as_chunks_mut::<V>().0[piece] = row;
    }
}

/// Makes one column, of the `width` vectors of a tile, from those before it.
#[inline(always)]
pub(super) fn make<S: Simd>(simd: S, make: &Make, before: &[S::f64s], out: &mut [S::f64s]) {
    let width = TILE / S::F64_LANES;
    let column = |i: u32| &before[i as usize * width..][..width];
    let one = simd.splat_f64s(1.0);
    match *make {
        Make::Product(a, b) => {
            for ((out, a), b) in out.iter_mut().zip(column(a)).zip(column(b)) {
                *out = simd.mul_f64s(*a, *b);
            }
        }
        Make::Shift {
            before,
            input,
            slope,
        } => {
            let (slope, input) = (simd.splat_f64s(slope), column(input));
            let Some(before) = before else {
                for (out, shift) in out.iter_mut().zip(input) {
                    *out = simd.mul_add_f64s(slope, *shift, one);
                }
                return;
            };
            for ((out, shift), before) in out.iter_mut().zip(input).zip(column(before)) {
                *out = simd.mul_f64s(simd.mul_add_f64s(slope, *shift, one), *before);
            }
        }
        Make::Elastic {
            before,
            elasticity,
            shift,
            growth,
            scale,
        } => {
            let (growth, scale) = (simd.splat_f64s(growth), simd.splat_f64s(scale));
            for (v, (out, elasticity)) in out.iter_mut().zip(column(elasticity)).enumerate() {
                let growth = shift.map_or(growth, |s| simd.add_f64s(growth, column(s)[v]));
                let grown = simd.mul_add_f64s(*elasticity, growth, one);
                let last = before.map_or(one, |b| column(b)[v]);
                *out = simd.mul_f64s(simd.mul_f64s(grown, scale), last);
            }
        }
    }
}

/// Products of columns, side by side.
#[inline(always)]
pub(super) fn products<S: Simd>(
    simd: S,
    wanted: &[(u32, u32)],
    before: &[S::f64s],
    out: &mut [S::f64s],
) {
    let width = TILE / S::F64_LANES;
    for ((a, b), out) in wanted.iter().zip(out.chunks_exact_mut(width)) {
        let a = &before[*a as usize * width..][..width];
        let b = &before[*b as usize * width..][..width];
        for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
            *out = simd.mul_f64s(*a, *b);
        }
    }
}

/// One over columns, side by side.
#[inline(always)]
pub(super) fn inverses<S: Simd>(simd: S, wanted: &[u32], before: &[S::f64s], out: &mut [S::f64s]) {
    let width = TILE / S::F64_LANES;
    let one = simd.splat_f64s(1.0);
    for (of, out) in wanted.iter().zip(out.chunks_exact_mut(width)) {
        let of = &before[*of as usize * width..][..width];
        for (out, of) in out.iter_mut().zip(of) {
            *out = simd.div_f64s(one, *of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::program::MOST_ROWS;
    use pulp::{Scalar, Scalar128b, Scalar256b, Scalar512b};

    /// Columns of the table.
    const COLUMNS: usize = 9;

    /// Numbers without a pattern, a function of `i`.
    fn number(i: usize) -> f64 {
        (i as f64 * 0.734 + 0.1).sin()
    }

    /// Rows of a tile, as `work` leaves them.
    fn rows_of<S: Simd>(
        simd: S,
        rows: usize,
        work: impl Fn(S, &[S::f64s], &mut Target<'_>),
    ) -> Vec<u64> {
        let given: Vec<f64> = (0..COLUMNS * TILE).map(number).collect();
        // Vectors of plain numbers need no more than those do.
        let mut table = vec![simd.splat_f64s(0.0); given.len() / S::F64_LANES];
        for (vector, numbers) in table.iter_mut().zip(given.chunks_exact(S::F64_LANES)) {
            *vector = simd.partial_load_f64s(numbers);
        }
        let mut out = vec![f64::NAN; rows * TILE];
        let mut target = Target {
            out: &mut out,
            stride: TILE,
            start: 0,
        };
        work(simd, &table, &mut target);
        out.iter().map(|value| value.to_bits()).collect()
    }

    /// A bundle of `rows` rows with all columns as terms.
    fn bundle(rows: usize) -> Bundle {
        Bundle {
            slots: (0..rows as u32).collect(),
            constants: (0..rows).map(|r| number(1000 + r)).collect(),
            terms: (0..COLUMNS as u32).collect(),
            coefficients: (0..rows * COLUMNS).map(|i| number(2000 + i)).collect(),
        }
    }

    /// Bundles and multiples under one vector width.
    fn all<S: Simd>(simd: S) -> Vec<Vec<u64>> {
        let sizes = (1..=MOST_ROWS).filter(|rows| *rows != 3);
        sizes
            .map(|rows| {
                let times = [None, Some(4)];
                rows_of(simd, rows + 2, |simd, table, target| {
                    evaluate(simd, &bundle(rows), table, target);
                    for (slot, times) in (rows as u32..).zip(times) {
                        let of = Multiple {
                            of: 0,
                            scale: 1.7,
                            times,
                            slot,
                        };
                        multiple(simd, &of, table, target);
                    }
                })
            })
            .collect()
    }

    #[test]
    fn every_width_gives_the_same_bits() {
        let plain = all(Scalar);
        assert_eq!(plain, all(Scalar128b));
        assert_eq!(plain, all(Scalar256b));
        assert_eq!(plain, all(Scalar512b));
    }

    #[test]
    fn a_row_is_its_constant_and_the_sum_of_its_terms() {
        let sum = |draw: usize| {
            let terms = 0..COLUMNS;
            terms.fold(number(1000), |sum, k| {
                number(2000 + k).mul_add(number(k * TILE + draw), sum)
            })
        };
        let expected: Vec<u64> = (0..TILE).map(|draw| sum(draw).to_bits()).collect();
        for rows in [&all(Scalar)[0], &all(Scalar512b)[0]] {
            assert_eq!(rows[..TILE], expected);
        }
    }
}
