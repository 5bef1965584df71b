//! The innermost loops: a bundle of rows for a tile of draws, in registers.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]
// Loops over arrays by subscript are what the compiler unrolls.
#![allow(clippy::needless_range_loop)]

use super::TILE;
use super::bundle::Bundle;

/// Evaluates `bundle` for the tile whose terms and demand ratios are given; row r of
/// the bundle goes to `out[(row + r) · stride + start ..]`.
///
/// About ten registers of accumulators are held at once, and room is left for the
/// terms: sixteen registers of four numbers, or (`WIDE`) thirty-two of eight.
#[inline(always)]
pub(super) fn evaluate<const WIDE: bool>(
    bundle: &Bundle,
    span: usize,
    tables: (&[f64], &[f64]),
    out: &mut [f64],
    place: (usize, usize),
) {
    match (bundle.years(), WIDE) {
        (1, false) => rows::<1, 32>(bundle, span, tables, out, place),
        (2, false) => rows::<2, 16>(bundle, span, tables, out, place),
        (3, false) => rows::<3, 8>(bundle, span, tables, out, place),
        (4, false) => rows::<4, 8>(bundle, span, tables, out, place),
        (5, false) => rows::<5, 8>(bundle, span, tables, out, place),
        (_, false) => rows::<6, 8>(bundle, span, tables, out, place),
        (1, true) => rows::<1, 64>(bundle, span, tables, out, place),
        (2, true) => rows::<2, 64>(bundle, span, tables, out, place),
        (3, true) => rows::<3, 32>(bundle, span, tables, out, place),
        (4, true) => rows::<4, 32>(bundle, span, tables, out, place),
        (5, true) => rows::<5, 16>(bundle, span, tables, out, place),
        (_, true) => rows::<6, 16>(bundle, span, tables, out, place),
    }
}

/// `Y` years for the tile, `L` draws at a time.
#[inline(always)]
fn rows<const Y: usize, const L: usize>(
    bundle: &Bundle,
    span: usize,
    (terms, ratios): (&[f64], &[f64]),
    out: &mut [f64],
    (stride, start): (usize, usize),
) {
    for first in (0..TILE).step_by(L) {
        let mut total = [[0.0; L]; Y];
        for (row, constant) in total.iter_mut().zip(&bundle.constants) {
            row.fill(*constant);
        }
        for part in &bundle.segments {
            let Some(group) = part.group else {
                sum(&part.coefficients, &part.terms, terms, first, &mut total);
                continue;
            };
            let mut own = [[0.0; L]; Y];
            for (row, constant) in own.iter_mut().zip(&part.constants) {
                row.fill(*constant);
            }
            sum(&part.coefficients, &part.terms, terms, first, &mut own);
            for (y, (total, own)) in total.iter_mut().zip(&own).enumerate() {
                let ratio = &ratios[(group * span + bundle.year + y) * TILE + first..][..L];
                for ((total, own), ratio) in total.iter_mut().zip(own).zip(ratio) {
                    *total = own.mul_add(*ratio, *total);
                }
            }
        }
        if let Some((ratio, offset)) = &bundle.join {
            for (row, (ratio, offset)) in total.iter_mut().zip(ratio.iter().zip(offset)) {
                for cell in row {
                    *cell = cell.mul_add(*ratio, *offset);
                }
            }
        }
        for (y, row) in total.iter().enumerate() {
            out[(bundle.row + y) * stride + start + first..][..L].copy_from_slice(row);
        }
    }
}

/// `rows += Σ_j coefficient[j]·s[j]`.
///
/// Lengths are those of arrays, so that the rows stay in registers.
#[inline(always)]
fn sum<const Y: usize, const L: usize>(
    coefficients: &[f64],
    wanted: &[u32],
    terms: &[f64],
    first: usize,
    rows: &mut [[f64; L]; Y],
) {
    let mut own = *rows;
    for (coefficients, term) in coefficients.as_chunks::<Y>().0.iter().zip(wanted) {
        let Some(column) = terms[*term as usize * TILE + first..].first_chunk::<L>() else {
            continue;
        };
        for y in 0..Y {
            for l in 0..L {
                own[y][l] = coefficients[y].mul_add(column[l], own[y][l]);
            }
        }
    }
    *rows = own;
}
