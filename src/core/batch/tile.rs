//! The innermost loops: rows for a tile of draws, in registers.
//!
//! Every product and sum is one fused multiply-add in the order of the program, whatever
//! the width of vectors: the bits of a draw do not depend on it. A change here is a change
//! of every result; it needs the benchmark `kernel` and the recorded outputs.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]
// Loops over arrays by index are what the compiler unrolls.
#![allow(clippy::needless_range_loop)]

use super::TILE;
use super::program::{Bundle, Bundles, Make, Multiple, Term};
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
    fn row(&mut self, slot: usize) -> &mut [f64] {
        &mut self.out[slot * self.stride + self.start..][..TILE]
    }

    /// `V` vectors of a row.
    #[inline(always)]
    fn piece<S: Simd, const V: usize>(&mut self, slot: u32, piece: usize) -> &mut [S::f64s; V] {
        let (vectors, _) = S::as_mut_simd_f64s(self.row(slot as usize));
        &mut vectors.as_chunks_mut().0[piece]
    }
}

/// Evaluates `bundles` for the tile whose columns are given.
///
/// `V` vectors of draws are in work for each row at a time, twice where part of it is to
/// be multiplied. Of sixteen registers and rows of three, two vectors leave room for
/// what is loaded; with eight lanes there are thirty-two.
#[inline(always)]
pub(super) fn evaluate<S: Simd>(
    simd: S,
    bundles: &Bundles,
    table: &[S::f64s],
    target: &mut Target<'_>,
) {
    for bundle in &bundles.threes {
        if S::F64_LANES > 4 {
            rows::<S, 3, 4>(simd, bundle, table, target);
        } else {
            rows::<S, 3, 2>(simd, bundle, table, target);
        }
    }
    for bundle in &bundles.twos {
        rows::<S, 2, 4>(simd, bundle, table, target);
    }
    for bundle in &bundles.ones {
        rows::<S, 1, 4>(simd, bundle, table, target);
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

/// `R` rows and their multiples, `V` vectors of draws at a time:
/// `sum[r] = c[r] + Σ_p d[r,p]·(c[r,p] + Σ_k c[r,p,k]·φ[k]) + Σ_k c[r,k]·φ[k]`.
#[inline(always)]
fn rows<S: Simd, const R: usize, const V: usize>(
    simd: S,
    bundle: &Bundle<R>,
    table: &[S::f64s],
    target: &mut Target<'_>,
) {
    let columns = table.as_chunks::<V>().0;
    let pieces = pieces::<S, V>();
    for piece in 0..pieces {
        let columns = &columns[piece..];
        let mut sums = start::<S, R, V>(simd, &bundle.constants);
        for part in &bundle.parts {
            let mut inner = start::<S, R, V>(simd, &part.constants);
            add(simd, &part.terms, (columns, pieces), &mut inner);
            for r in 0..R {
                let ratio = &columns[part.ratios[r] as usize * pieces];
                for v in 0..V {
                    sums[r][v] = simd.mul_add_f64s(inner[r][v], ratio[v], sums[r][v]);
                }
            }
        }
        add(simd, &bundle.terms, (columns, pieces), &mut sums);
        // An index known when compiling keeps the sums in registers.
        for r in 0..R {
            *target.piece::<S, V>(bundle.slots[r], piece) = sums[r];
        }
    }
    for wanted in &bundle.multiples {
        multiple(simd, wanted, table, target);
    }
}

/// Sums that hold nothing but their constants.
#[inline(always)]
fn start<S: Simd, const R: usize, const V: usize>(
    simd: S,
    constants: &[f64; R],
) -> [[S::f64s; V]; R] {
    std::array::from_fn(|r| [simd.splat_f64s(constants[r]); V])
}

/// Adds terms to sums; columns are `pieces` apart.
#[inline(always)]
fn add<S: Simd, const R: usize, const V: usize>(
    simd: S,
    terms: &[Term<R>],
    (columns, pieces): (&[[S::f64s; V]], usize),
    sums: &mut [[S::f64s; V]; R],
) {
    for term in terms {
        let column = &columns[term.column as usize * pieces];
        for r in 0..R {
            let coefficient = simd.splat_f64s(term.coefficients[r]);
            for v in 0..V {
                sums[r][v] = simd.mul_add_f64s(coefficient, column[v], sums[r][v]);
            }
        }
    }
}

/// Makes a multiple of a row that is there; it may go where the row is.
#[inline(always)]
fn multiple<S: Simd>(simd: S, multiple: &Multiple, table: &[S::f64s], target: &mut Target<'_>) {
    const V: usize = 4;
    let pieces = pieces::<S, V>();
    let table = table.as_chunks::<V>().0;
    let scale = simd.splat_f64s(multiple.scale);
    for piece in 0..pieces {
        let mut row = *target.piece::<S, V>(multiple.of, piece);
        for cell in &mut row {
            *cell = simd.mul_f64s(*cell, scale);
        }
        if let Some(times) = multiple.times {
            let column = &table[times as usize * pieces + piece];
            for v in 0..V {
                row[v] = simd.mul_f64s(row[v], column[v]);
            }
        }
        *target.piece::<S, V>(multiple.slot, piece) = row;
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
        Make::Inverse(of) => {
            for (out, of) in out.iter_mut().zip(column(of)) {
                *out = simd.div_f64s(one, *of);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::program::Part;
    use pulp::{Scalar, Scalar128b, Scalar256b, Scalar512b};

    /// Columns of the table.
    const COLUMNS: usize = 9;

    /// Numbers without a pattern, a function of `i`.
    fn number(i: usize) -> f64 {
        (i as f64 * 0.734 + 0.1).sin()
    }

    /// `R` numbers from `i` on.
    fn numbers<const R: usize>(i: usize) -> [f64; R] {
        std::array::from_fn(|r| number(i + r))
    }

    /// Terms of `R` rows, one of every column.
    fn terms<const R: usize>(i: usize) -> Vec<Term<R>> {
        let term = |k: usize| Term {
            column: k as u32,
            coefficients: numbers(i + 10 * k),
        };
        (0..COLUMNS).map(term).collect()
    }

    /// A bundle of `R` rows with two parts, and two multiples of the first.
    fn bundle<const R: usize>() -> Bundle<R> {
        let part = |p: usize| Part {
            ratios: std::array::from_fn(|r| (r + p) as u32),
            constants: numbers(1000 * p),
            terms: terms(1000 * p + 100),
        };
        let multiple = |slot: usize, times: Option<u32>| Multiple {
            of: 0,
            scale: 1.7,
            times,
            slot: slot as u32,
        };
        Bundle {
            slots: std::array::from_fn(|r| r as u32),
            constants: numbers(5000),
            parts: vec![part(1), part(2)],
            terms: terms(5100),
            multiples: vec![multiple(R, None), multiple(R + 1, Some(4))],
        }
    }

    /// Bundles of one, two and three rows under one vector width.
    fn all<S: Simd>(simd: S) -> [Vec<f64>; 3] {
        let given: Vec<f64> = (0..COLUMNS * TILE).map(number).collect();
        // Vectors of plain numbers need no more than those do.
        let mut table = vec![simd.splat_f64s(0.0); given.len() / S::F64_LANES];
        for (vector, numbers) in table.iter_mut().zip(given.chunks_exact(S::F64_LANES)) {
            *vector = simd.partial_load_f64s(numbers);
        }
        let ones = Bundles {
            ones: vec![bundle()],
            ..Bundles::default()
        };
        let twos = Bundles {
            twos: vec![bundle()],
            ..Bundles::default()
        };
        let threes = Bundles {
            threes: vec![bundle()],
            ..Bundles::default()
        };
        [(ones, 3), (twos, 4), (threes, 5)].map(|(bundles, rows)| {
            let mut out = vec![f64::NAN; rows * TILE];
            let mut target = Target {
                out: &mut out,
                stride: TILE,
                start: 0,
            };
            evaluate(simd, &bundles, &table, &mut target);
            out
        })
    }

    /// One row of one draw, as the equation says.
    fn plain(r: usize, draw: usize) -> f64 {
        let column = |k: usize| number(k * TILE + draw);
        let sum = |from: f64, i: usize| {
            let amount = |k: usize| number(i + 10 * k + r);
            (0..COLUMNS).fold(from, |sum, k| amount(k).mul_add(column(k), sum))
        };
        let parts = (1..=2).fold(number(5000 + r), |total, p| {
            let part = sum(number(1000 * p + r), 1000 * p + 100);
            part.mul_add(column(r + p), total)
        });
        sum(parts, 5100)
    }

    /// Rows and multiples, likewise.
    fn expected(rows: usize) -> Vec<f64> {
        let draws = 0..TILE;
        let mut all: Vec<f64> = (0..rows)
            .flat_map(|r| draws.clone().map(move |draw| plain(r, draw)))
            .collect();
        let scaled = draws.clone().map(|draw| plain(0, draw) * 1.7);
        all.extend(scaled.clone());
        all.extend(
            scaled
                .zip(draws)
                .map(|(cell, d)| cell * number(4 * TILE + d)),
        );
        all
    }

    #[test]
    fn every_width_gives_what_the_equation_says_to_the_bit() {
        let bits = |rows: &[f64]| -> Vec<u64> { rows.iter().map(|cell| cell.to_bits()).collect() };
        for found in [
            all(Scalar),
            all(Scalar128b),
            all(Scalar256b),
            all(Scalar512b),
        ] {
            for (rows, found) in (1..).zip(&found) {
                assert_eq!(bits(found), bits(&expected(rows)), "{rows} rows");
            }
        }
    }
}
