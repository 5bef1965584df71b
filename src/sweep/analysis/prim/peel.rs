//! The peeling phase on presorted columns.

use rayon::prelude::*;

use super::limits::{PrimBox, Side};
use super::step::{Candidate, Phase, PrimOptions, PrimStep, Sample, best, step};

/// Columns are compacted when fewer than this share of their entries is left.
const SPARSE: f64 = 0.8;
/// The row is in the box.
const INSIDE: u8 = 1;
/// The row is positive.
const POSITIVE: u8 = 2;

/// Peels until the box would be too small or nothing is gained.
pub(super) fn peel(sample: &Sample, options: &PrimOptions) -> Vec<PrimStep> {
    let mut flags: Vec<u8> = sample
        .positive
        .iter()
        .map(|p| INSIDE | if *p { POSITIVE } else { 0 })
        .collect();
    let mut columns: Vec<Vec<u32>> = sample.inputs.par_iter().map(|c| sorted(c)).collect();
    let mut trajectory = vec![PrimStep {
        phase: Phase::Start,
        moved: None,
        region: PrimBox::free(sample.inputs.len()),
        count: sample.count(sample.rows(), sample.positives),
    }];
    let mut now = trajectory[0].clone();
    loop {
        let rows = now.count.rows;
        if (rows as f64) < SPARSE * columns[0].len() as f64 {
            columns.par_iter_mut().for_each(|column| {
                column.retain(|row| flags[*row as usize] & INSIDE != 0);
            });
        }
        let slices: Vec<[Option<Slice>; 2]> = columns
            .par_iter()
            .zip(sample.inputs)
            .map(|(order, values)| {
                let down = order.iter().rev();
                [slice_above(down, values, &flags, rows, options.peel), {
                    slice_below(order.iter(), values, &flags, rows, options.peel)
                }]
            })
            .collect();
        let candidates = slices
            .iter()
            .enumerate()
            .flat_map(|(input, [above, below])| {
                let candidate = |side, slice: &Option<Slice>| {
                    slice.as_ref().map(|s| Candidate {
                        input,
                        side,
                        limit: s.limit,
                        rows: rows - s.rows,
                        positives: now.count.positives - s.positives,
                    })
                };
                [candidate(Side::Upper, above), candidate(Side::Lower, below)]
                    .into_iter()
                    .flatten()
            });
        let Some(taken) = best(sample, candidates, options.objective, &now) else {
            break;
        };
        if (taken.rows as f64 / sample.rows() as f64) < options.least_mass {
            break;
        }
        let gone = rows - taken.rows;
        let order = &columns[taken.input];
        match taken.side {
            Side::Lower => remove(order.iter(), &mut flags, gone),
            Side::Upper => remove(order.iter().rev(), &mut flags, gone),
        }
        now = step(sample, Phase::Peel, &now, taken);
        trajectory.push(now.clone());
    }
    trajectory
}

/// Rows in rising order of the value, ties in the order of rows.
fn sorted(values: &[f64]) -> Vec<u32> {
    // Integers in the order of the floats they stand for; −0 counts as 0.
    let key = |value: f64| {
        let bits = (value + 0.0).to_bits();
        if bits >> 63 == 0 {
            bits ^ (1 << 63)
        } else {
            !bits
        }
    };
    let mut pairs: Vec<(u64, u32)> = values
        .iter()
        .enumerate()
        .map(|(row, v)| (key(*v), row as u32))
        .collect();
    pairs.par_sort_unstable();
    pairs.into_iter().map(|(_, row)| row).collect()
}

/// A slice at one face: what it holds, and the limit that cuts it off.
struct Slice {
    rows: usize,
    positives: usize,
    limit: f64,
}

/// The slice at the lower face: the rows below the `α` quantile. The quantile
/// lies between ranks `⌊(n − 1) α⌋` and the next rank with another value.
fn slice_below<'a>(
    order: impl Iterator<Item = &'a u32>,
    values: &[f64],
    flags: &[u8],
    rows: usize,
    alpha: f64,
) -> Option<Slice> {
    let rank = ((rows as f64 - 1.0) * alpha).floor() as usize;
    slice(order, values, flags, rank)
}

/// The slice at the upper face, from the top: the rows above the `1 − α`
/// quantile.
fn slice_above<'a>(
    order: impl Iterator<Item = &'a u32>,
    values: &[f64],
    flags: &[u8],
    rows: usize,
    alpha: f64,
) -> Option<Slice> {
    let rank = ((rows as f64 - 1.0) * (1.0 - alpha)).ceil() as usize;
    slice(order, values, flags, rows - 1 - rank)
}

/// The first rows in the box up to and including `rank` (from 0), and all that
/// tie with it. `None` if nothing would be left.
#[allow(clippy::float_cmp)] // a tie is the very same value
fn slice<'a>(
    order: impl Iterator<Item = &'a u32>,
    values: &[f64],
    flags: &[u8],
    rank: usize,
) -> Option<Slice> {
    let (mut rows, mut positives, mut edge) = (0, 0, 0.0);
    for row in order {
        let row = *row as usize;
        if flags[row] & INSIDE == 0 {
            continue;
        }
        if rows == rank {
            edge = values[row];
        } else if rows > rank && values[row] != edge {
            let next = values[row];
            let middle = f64::midpoint(edge, next);
            // Neighbouring floats have no middle: the limit is then the row kept.
            let between = (edge < middle && middle <= next) || (next <= middle && middle < edge);
            return Some(Slice {
                rows,
                positives,
                limit: if between { middle } else { next },
            });
        }
        rows += 1;
        positives += usize::from(flags[row] & POSITIVE != 0);
    }
    None
}

/// Takes the first `gone` rows of the box out of it.
fn remove<'a>(order: impl Iterator<Item = &'a u32>, flags: &mut [u8], gone: usize) {
    let mut left = gone;
    for row in order {
        if left == 0 {
            break;
        }
        let flag = &mut flags[*row as usize];
        if *flag & INSIDE != 0 {
            *flag &= !INSIDE;
            left -= 1;
        }
    }
}
