//! Blocks of draws through a compiled batch.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::tile;
use super::{Batch, TILE};
use crate::plan::OVER_CLAIM_SLACK;
use pulp::{Arch, Simd, WithSimd};

/// Memory that evaluation reuses from block to block; once it has grown, nothing is
/// allocated inside.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// Columns and products of a tile, [`TILE`] numbers each.
    pub(super) terms: Vec<f64>,
    /// Demand ratios of a tile: groups × years × [`TILE`].
    tile_ratios: Vec<f64>,
    /// Demand ratios of the block: groups × years × draws.
    ratios: Vec<f64>,
    /// Rows of a tile that is not full.
    tail: Vec<f64>,
    /// Shares of a tile.
    shares: Vec<f64>,
}

impl Scratch {
    /// The demand ratio of `group` in the year at `t`, one number a draw, of the
    /// block evaluated last.
    pub fn ratio(&self, batch: &Batch, group: usize, t: usize, draws: usize) -> &[f64] {
        &self.ratios[(group * batch.span + t) * draws..][..draws]
    }
}

/// A block of draws: what goes in and what comes out.
pub struct Block<'a> {
    /// One column an input, `draws` numbers each.
    pub inputs: &'a [f64],
    /// The number of draws.
    pub draws: usize,
    /// One row a cell (sheets × years), `draws` numbers each, in t, tce, yuan or units
    /// of activity.
    pub cells: &'a mut [f64],
    /// Whether each draw keeps every share at or above zero.
    pub feasible: &'a mut [bool],
}

impl Batch {
    /// Evaluates a block.
    ///
    /// # Panics
    /// If the slices of `block` are shorter than it says.
    pub fn evaluate(&self, block: &mut Block<'_>, scratch: &mut Scratch) {
        let batch = self;
        Arch::new().dispatch(Evaluation {
            batch,
            block,
            scratch,
        });
    }

    /// The cells of one draw, and whether it is feasible.
    pub fn one(&self, inputs: &[f64]) -> (Vec<f64>, bool) {
        let mut cells = vec![0.0; self.rows()];
        let mut feasible = [true];
        let mut block = Block {
            inputs,
            draws: 1,
            cells: &mut cells,
            feasible: &mut feasible,
        };
        self.evaluate(&mut block, &mut Scratch::default());
        (cells, feasible[0])
    }

    /// The demand ratios of one draw: groups × years.
    pub fn ratios_of(&self, inputs: &[f64]) -> Vec<f64> {
        let mut terms = vec![0.0; inputs.len() * TILE];
        for (column, value) in terms.chunks_exact_mut(TILE).zip(inputs) {
            column.fill(*value);
        }
        let mut ratios = vec![1.0; self.groups.len() * self.span * TILE];
        self.ratios(&terms, &mut ratios);
        ratios.chunks_exact(TILE).map(|row| row[0]).collect()
    }

    /// The place of a monomial in the term table of a tile: a column where it is one,
    /// else a product behind the columns.
    pub(super) fn term(&self, monomial: usize) -> u32 {
        let columns = self.inputs.len() + self.switches.len();
        let place = match self.monomials[monomial].as_slice() {
            [column] => *column,
            _ => {
                let before = self.monomials[..monomial].iter();
                columns + before.filter(|m| m.len() != 1).count()
            }
        };
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// The block under one instruction set.
    #[inline(always)]
    pub(super) fn whole<const WIDE: bool>(&self, block: &mut Block<'_>, scratch: &mut Scratch) {
        let draws = block.draws;
        let products = self.monomials.iter().filter(|m| m.len() != 1).count();
        let columns = self.inputs.len() + self.switches.len();
        scratch.terms.resize((columns + products) * TILE, 0.0);
        scratch
            .tile_ratios
            .resize(self.groups.len() * self.span * TILE, 1.0);
        scratch
            .ratios
            .resize(self.groups.len() * self.span * draws, 1.0);
        scratch.shares.resize(self.feasibility.len() * TILE, 0.0);
        let mut start = 0;
        while start < draws {
            let count = (draws - start).min(TILE);
            self.columns(block.inputs, draws, (start, count), &mut scratch.terms);
            self.products(&mut scratch.terms);
            self.ratios(&scratch.terms, &mut scratch.tile_ratios);
            let rows = self.groups.len() * self.span;
            for row in 0..rows {
                scratch.ratios[row * draws + start..][..count]
                    .copy_from_slice(&scratch.tile_ratios[row * TILE..][..count]);
            }
            let tables = (scratch.terms.as_slice(), scratch.tile_ratios.as_slice());
            let full = count == TILE;
            if !full {
                scratch.tail.resize(self.rows() * TILE, 0.0);
            }
            // One loop over rows and shares: the code inside is long.
            let rows = self.bundles.iter().map(|bundle| (bundle, false));
            let shares = self.share_bundles.iter().map(|bundle| (bundle, true));
            for (bundle, is_share) in rows.chain(shares) {
                let (out, place): (&mut [f64], _) = match (is_share, full) {
                    (true, _) => (&mut scratch.shares, (TILE, 0)),
                    (false, true) => (&mut *block.cells, (draws, start)),
                    (false, false) => (&mut scratch.tail, (TILE, 0)),
                };
                tile::evaluate::<WIDE>(bundle, self.span, tables, out, place);
            }
            for bundle in self.bundles.iter().filter(|_| !full) {
                for row in bundle.row..bundle.row + bundle.years() {
                    block.cells[row * draws + start..][..count]
                        .copy_from_slice(&scratch.tail[row * TILE..][..count]);
                }
            }
            let mut least = [0.0_f64; TILE];
            for share in scratch.shares.chunks_exact(TILE) {
                for (least, share) in least.iter_mut().zip(share) {
                    *least = if *share < *least { *share } else { *least };
                }
            }
            for (ok, least) in block.feasible[start..start + count].iter_mut().zip(&least) {
                *ok = *least >= -OVER_CLAIM_SLACK;
            }
            start += count;
        }
    }

    /// Inputs and switches of a tile; a tile that is not full repeats its last draw.
    #[inline(always)]
    fn columns(
        &self,
        inputs: &[f64],
        draws: usize,
        (start, count): (usize, usize),
        terms: &mut [f64],
    ) {
        for (i, column) in terms
            .chunks_exact_mut(TILE)
            .take(self.inputs.len())
            .enumerate()
        {
            let given = &inputs[i * draws + start..][..count];
            column[..count].copy_from_slice(given);
            column[count..].fill(given[count - 1]);
        }
        let (given, rest) = terms.split_at_mut(self.inputs.len() * TILE);
        for (switch, column) in self.switches.iter().zip(rest.chunks_exact_mut(TILE)) {
            let input = &given[switch.input * TILE..][..TILE];
            for (cell, value) in column.iter_mut().zip(input) {
                *cell = f64::from(u8::from(value.to_bits() == switch.equals.to_bits()));
            }
        }
    }

    /// Products of columns.
    #[inline(always)]
    fn products(&self, terms: &mut [f64]) {
        let columns = (self.inputs.len() + self.switches.len()) * TILE;
        let (columns, products) = terms.split_at_mut(columns);
        let wanted = self.monomials.iter().filter(|m| m.len() != 1);
        for (monomial, product) in wanted.zip(products.chunks_exact_mut(TILE)) {
            product.fill(1.0);
            for column in monomial {
                let column = &columns[column * TILE..][..TILE];
                for (cell, value) in product.iter_mut().zip(column) {
                    *cell *= value;
                }
            }
        }
    }

    /// d[g,t] of a tile.
    #[inline(always)]
    fn ratios(&self, terms: &[f64], out: &mut [f64]) {
        for (g, group) in self.groups.iter().enumerate() {
            let rows = &mut out[g * self.span * TILE..][..self.span * TILE];
            let from = group.moves_from().min(self.span);
            rows[..from * TILE].fill(1.0);
            for t in from..self.span {
                let (before, here) = rows[(t - 1) * TILE..][..2 * TILE].split_at_mut(TILE);
                let g0 = group.path[t];
                let denominator = 1.0 / group.elasticity.mul_add(g0, 1.0);
                let shifted = group.growth.filter(|_| t >= group.projected_from);
                let column = |input: usize| &terms[input * TILE..][..TILE];
                let mut shift = [0.0; TILE];
                if let Some(input) = shifted {
                    shift.copy_from_slice(column(input));
                }
                let mut own = [group.elasticity; TILE];
                if let Some(input) = group.elasticity_input {
                    own.copy_from_slice(column(input));
                }
                let steps = shift.iter().zip(&own);
                for ((cell, last), (delta, elasticity)) in here.iter_mut().zip(before).zip(steps) {
                    *cell = *last * (elasticity.mul_add(g0 + delta, 1.0) * denominator);
                }
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
    fn with_simd<S: Simd>(self, _: S) {
        if S::F64_LANES >= 8 {
            self.batch.whole::<true>(self.block, self.scratch);
        } else {
            self.batch.whole::<false>(self.block, self.scratch);
        }
    }
}
