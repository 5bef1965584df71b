//! Blocks of draws through a compiled batch.

// The vector width is chosen at run time; what runs under it has to be inlined there.
#![allow(clippy::inline_always)]

use super::{Batch, Row};
use crate::plan::OVER_CLAIM_SLACK;
use pulp::{Arch, Simd, WithSimd};

/// Draws of one register tile: eight AVX-512 or sixteen AVX2 registers.
const WIDE: usize = 64;
/// The tile where registers are fewer.
const NARROW: usize = 32;

/// Memory that evaluation reuses from block to block; nothing is allocated inside.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    monomials: Vec<f64>,
    ratios: Vec<f64>,
}

impl Scratch {
    /// The demand ratio of `group` in the year at `t`, one number a draw, of the
    /// block evaluated last.
    pub fn ratio(&self, batch: &Batch, group: usize, t: usize, draws: usize) -> &[f64] {
        &self.ratios[(group * batch.span + t) * draws..][..draws]
    }
}

impl Batch {
    /// Evaluates a block.
    ///
    /// `inputs` holds one column an input, `draws` numbers each; `out` receives one
    /// row a cell (accounts × years), `draws` numbers each, in t, tce, yuan or
    /// units of activity.
    ///
    /// # Panics
    /// If the slices are shorter than that.
    pub fn evaluate(&self, inputs: &[f64], draws: usize, scratch: &mut Scratch, out: &mut [f64]) {
        Arch::new().dispatch(Block {
            batch: self,
            inputs,
            draws,
            scratch,
            out,
        });
    }

    /// The block under one instruction set.
    #[inline(always)]
    fn whole<const L: usize>(
        &self,
        inputs: &[f64],
        draws: usize,
        scratch: &mut Scratch,
        out: &mut [f64],
    ) {
        self.monomials(inputs, draws, &mut scratch.monomials);
        self.ratios(inputs, draws, &mut scratch.ratios);
        let rows = self.rows.iter().zip(out.chunks_exact_mut(draws));
        for (i, (row, out)) in rows.enumerate().filter(|(i, _)| self.wanted[*i]) {
            self.row::<L>(row, i % self.span, draws, scratch, out);
        }
    }

    /// s[j] of every draw.
    #[inline(always)]
    fn monomials(&self, inputs: &[f64], draws: usize, out: &mut Vec<f64>) {
        out.resize(self.monomials.len() * draws, 0.0);
        for (monomial, out) in self.monomials.iter().zip(out.chunks_exact_mut(draws)) {
            let column = |input: usize| &inputs[input * draws..][..draws];
            match (monomial.level, monomial.factor) {
                (Some(a), Some(b)) => {
                    for ((cell, a), b) in out.iter_mut().zip(column(a)).zip(column(b)) {
                        *cell = a * b;
                    }
                }
                (Some(a), None) | (None, Some(a)) => out.copy_from_slice(column(a)),
                (None, None) => out.fill(1.0),
            }
        }
    }

    /// d[g,t] of every draw.
    #[inline(always)]
    fn ratios(&self, inputs: &[f64], draws: usize, out: &mut Vec<f64>) {
        out.resize(self.groups.len() * self.span * draws, 1.0);
        for (g, group) in self.groups.iter().enumerate() {
            let rows = &mut out[g * self.span * draws..][..self.span * draws];
            rows[..draws].fill(1.0);
            for t in 1..self.span {
                let (before, here) = rows[(t - 1) * draws..][..2 * draws].split_at_mut(draws);
                let g0 = group.path[t];
                let denominator = 1.0 / group.elasticity.mul_add(g0, 1.0);
                let shifted = group.growth.filter(|_| t >= group.projected_from);
                let shift = shifted.map(|input| &inputs[input * draws..][..draws]);
                let own = group
                    .elasticity_input
                    .map(|input| &inputs[input * draws..][..draws]);
                match (shift, own) {
                    (None, None) => here.copy_from_slice(before),
                    (Some(shift), None) => {
                        for ((cell, last), delta) in here.iter_mut().zip(before).zip(shift) {
                            let step = group.elasticity.mul_add(g0 + delta, 1.0);
                            *cell = *last * (step * denominator);
                        }
                    }
                    (None, Some(own)) => {
                        for ((cell, last), elasticity) in here.iter_mut().zip(before).zip(own) {
                            *cell = *last * (elasticity.mul_add(g0, 1.0) * denominator);
                        }
                    }
                    (Some(shift), Some(own)) => {
                        let pairs = shift.iter().zip(own);
                        for ((cell, last), (delta, elasticity)) in
                            here.iter_mut().zip(before).zip(pairs)
                        {
                            *cell = *last * (elasticity.mul_add(g0 + delta, 1.0) * denominator);
                        }
                    }
                }
            }
        }
    }

    /// One cell of every draw, in tiles of `L` draws.
    #[inline(always)]
    fn row<const L: usize>(
        &self,
        row: &Row,
        t: usize,
        draws: usize,
        scratch: &Scratch,
        out: &mut [f64],
    ) {
        let mut start = 0;
        while start + L <= draws {
            let mut tile = [row.constant; L];
            self.tile(row, t, (draws, start), scratch, &mut tile);
            out[start..start + L].copy_from_slice(&tile);
            start += L;
        }
        while start < draws {
            let mut tile = [row.constant; 1];
            self.tile(row, t, (draws, start), scratch, &mut tile);
            out[start] = tile[0];
            start += 1;
        }
    }

    /// `constant + Σ segments`, for `L` draws at once.
    #[inline(always)]
    fn tile<const L: usize>(
        &self,
        row: &Row,
        t: usize,
        (draws, start): (usize, usize),
        scratch: &Scratch,
        total: &mut [f64; L],
    ) {
        for s in row.segments.0..row.segments.1 {
            let segment = self.segments[s];
            let coefficients = &self.coefficients[segment.start..segment.end];
            let terms = &self.terms[segment.start..segment.end];
            match segment.group {
                None => {
                    sum(coefficients, terms, (draws, start), scratch, total);
                }
                Some(group) => {
                    let mut part = [self.group_constants[s]; L];
                    sum(coefficients, terms, (draws, start), scratch, &mut part);
                    let ratios = &scratch.ratios[(group * self.span + t) * draws + start..][..L];
                    for ((total, part), ratio) in total.iter_mut().zip(&part).zip(ratios) {
                        *total = part.mul_add(*ratio, *total);
                    }
                }
            }
        }
    }

    /// Whether each draw of a block keeps every share at or above zero.
    pub fn feasible(&self, inputs: &[f64], draws: usize, out: &mut [bool]) {
        out.fill(true);
        for cell in &self.feasibility {
            for (d, ok) in out.iter_mut().enumerate() {
                let change = cell.changes.iter().fold(cell.constant, |sum, (i, c)| {
                    c.mul_add(inputs[i * draws + d], sum)
                });
                *ok &= change >= -OVER_CLAIM_SLACK;
            }
        }
    }
}

/// `part += Σ_j coefficient[j]·s[j]`, for `L` draws at once.
#[inline(always)]
fn sum<const L: usize>(
    coefficients: &[f64],
    terms: &[u32],
    (draws, start): (usize, usize),
    scratch: &Scratch,
    part: &mut [f64; L],
) {
    for (coefficient, term) in coefficients.iter().zip(terms) {
        let column = &scratch.monomials[*term as usize * draws + start..][..L];
        for (cell, s) in part.iter_mut().zip(column) {
            *cell = coefficient.mul_add(*s, *cell);
        }
    }
}

/// A block to be evaluated under whichever instruction set the machine has.
struct Block<'a> {
    batch: &'a Batch,
    inputs: &'a [f64],
    draws: usize,
    scratch: &'a mut Scratch,
    out: &'a mut [f64],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Block {
            batch,
            inputs,
            draws,
            scratch,
            out,
        } = self;
        if S::F64_LANES >= 8 {
            batch.whole::<WIDE>(inputs, draws, scratch, out);
        } else {
            batch.whole::<NARROW>(inputs, draws, scratch, out);
        }
    }
}
