//! Blocks of draws through a compiled batch: tiles of [`TILE`] draws one after the other,
//! on the widest vectors that the machine has.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::tile::{self, Target};
use super::{Batch, TILE};
use crate::grid::Grid;
use crate::measure::OVER_CLAIM_SLACK;
use pulp::{Arch, Simd, WithSimd};

/// Memory that evaluation reuses from block to block; once it has grown, nothing is
/// allocated inside.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Columns of a tile, [`TILE`] numbers each.
    table: Vec<f64>,
    /// Rows of a tile that is not full.
    tail: Vec<f64>,
    /// Shares of a tile.
    shares: Vec<f64>,
}

/// A block of draws: what goes in and what comes out.
pub struct Block<'a> {
    /// One column an input, `draws` numbers each.
    pub inputs: &'a [f64],
    /// The number of draws.
    pub draws: usize,
    /// Rows, as [`Batch::write`] says: cells in t, tce, yuan or units of activity.
    pub cells: &'a mut [f64],
    /// From the start of one row to that of the next, at least `draws`. Powers of two
    /// are slow: such rows share few lines of the cache.
    pub stride: usize,
    /// Whether each draw keeps every share at or above zero.
    pub feasible: &'a mut [bool],
}

/// Numbers in a line of the cache.
const LINE: usize = 8;

/// How many numbers to skip so that the rest starts on a line of the cache: vectors
/// then never lie across two.
pub fn aligned(numbers: &[f64]) -> usize {
    let skip = numbers.as_ptr().align_offset(LINE * size_of::<f64>());
    skip.min(LINE).min(numbers.len())
}

impl Batch {
    /// Evaluates a block.
    ///
    /// # Panics
    /// If the slices of `block` are shorter than it says.
    pub fn evaluate(&self, block: &mut Block<'_>, scratch: &mut Scratch) {
        for (slot, value) in &self.program.constants {
            block.cells[slot * block.stride..][..block.draws].fill(*value);
        }
        self.refresh(block, scratch);
    }

    /// Evaluates the rows that vary from draw to draw, where the others are there from
    /// a block before.
    ///
    /// # Panics
    /// If the slices of `block` are shorter than it says.
    pub fn refresh(&self, block: &mut Block<'_>, scratch: &mut Scratch) {
        let batch = self;
        Arch::new().dispatch(Evaluation {
            batch,
            block,
            scratch,
        });
    }

    /// The cells of one draw, and whether it is feasible.
    pub fn one(&self, inputs: &[f64]) -> (Vec<f64>, bool) {
        let mut cells = vec![0.0; self.slots()];
        let mut feasible = [true];
        let mut block = Block {
            inputs,
            draws: 1,
            cells: &mut cells,
            stride: 1,
            feasible: &mut feasible,
        };
        self.evaluate(&mut block, &mut Scratch::default());
        (cells, feasible[0])
    }

    /// The demand ratios d[g,t] of one draw: groups × years.
    pub fn ratios_of(&self, inputs: &[f64]) -> Grid {
        let mut ratios = Grid::filled(self.groups.len(), self.span, 1.0);
        for (g, group) in self.groups.iter().enumerate() {
            let ratios = ratios.row_mut(g);
            for t in group.moves_from()..self.span {
                let step = group.step(t, None).one(inputs);
                ratios[t] = ratios[t - 1] * step;
            }
        }
        ratios
    }

    /// The block under one instruction set.
    #[inline(always)]
    fn whole<S: Simd>(&self, simd: S, block: &mut Block<'_>, scratch: &mut Scratch) {
        let (program, draws, stride) = (&self.program, block.draws, block.stride);
        let length = program.columns() * TILE;
        scratch.table.resize(length + LINE, 0.0);
        let skip = aligned(&scratch.table);
        let given = &mut scratch.table[skip..][..length];
        scratch.shares.resize(self.feasibility.len() * TILE, 0.0);
        for start in (0..draws).step_by(TILE) {
            let count = (draws - start).min(TILE);
            self.columns(block.inputs, draws, (start, count), given);
            let (table, _) = S::as_mut_simd_f64s(given);
            let full = count == TILE;
            let mut target = if full {
                Target {
                    out: &mut *block.cells,
                    stride,
                    start,
                }
            } else {
                scratch.tail.resize(program.slots * TILE, 0.0);
                Target {
                    out: &mut scratch.tail,
                    stride: TILE,
                    start: 0,
                }
            };
            self.sums(simd, table, &mut target);
            if !full {
                for slot in program.rows.targets() {
                    block.cells[slot * stride + start..][..count]
                        .copy_from_slice(&scratch.tail[slot * TILE..][..count]);
                }
            }
            let mut shares = Target {
                out: &mut scratch.shares,
                stride: TILE,
                start: 0,
            };
            let feasible = &mut block.feasible[start..start + count];
            self.feasible(simd, table, &mut shares, feasible);
        }
    }

    /// The rows of a tile.
    #[inline(always)]
    fn sums<S: Simd>(&self, simd: S, table: &mut [S::f64s], target: &mut Target<'_>) {
        let (program, width) = (&self.program, TILE / S::F64_LANES);
        for (make, column) in program.makes.iter().zip(program.given..) {
            let (before, out) = table.split_at_mut(column * width);
            tile::make(simd, make, before, &mut out[..width]);
        }
        tile::evaluate(simd, &program.rows, table, target);
    }

    /// Whether the draws of a tile keep every watched share at or above zero.
    #[inline(always)]
    fn feasible<S: Simd>(
        &self,
        simd: S,
        table: &[S::f64s],
        shares: &mut Target<'_>,
        feasible: &mut [bool],
    ) {
        if self.feasibility.is_empty() {
            feasible.fill(true);
            return;
        }
        tile::evaluate(simd, &self.program.shares, table, shares);
        let mut least = [0.0_f64; TILE];
        for share in shares.out.chunks_exact(TILE) {
            for (least, share) in least.iter_mut().zip(share) {
                *least = if *share < *least { *share } else { *least };
            }
        }
        for (ok, least) in feasible.iter_mut().zip(&least) {
            *ok = *least >= -OVER_CLAIM_SLACK;
        }
    }

    /// Inputs and switches of a tile; a tile that is not full repeats its last draw.
    #[inline(always)]
    fn columns(
        &self,
        inputs: &[f64],
        draws: usize,
        (start, count): (usize, usize),
        table: &mut [f64],
    ) {
        let (given, rest) = table.split_at_mut(self.inputs.len() * TILE);
        let (given, _) = given.as_chunks_mut::<TILE>();
        for (i, column) in given.iter_mut().enumerate() {
            let source = &inputs[i * draws + start..][..count];
            if let Some(source) = source.first_chunk::<TILE>() {
                *column = *source;
            } else {
                column[..count].copy_from_slice(source);
                column[count..].fill(source[count - 1]);
            }
        }
        for (switch, column) in self.switches.iter().zip(rest.chunks_exact_mut(TILE)) {
            let input = &given[switch.input];
            for (cell, value) in column.iter_mut().zip(input) {
                *cell = f64::from(u8::from(value.to_bits() == switch.equals.to_bits()));
            }
        }
    }
}

/// A block to be evaluated under whichever instruction set the machine has.
struct Evaluation<'a, 'b> {
    batch: &'a Batch,
    block: &'a mut Block<'b>,
    scratch: &'a mut Scratch,
}

impl WithSimd for Evaluation<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.batch.whole(simd, self.block, self.scratch);
    }
}
