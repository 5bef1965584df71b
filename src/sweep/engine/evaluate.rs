//! A block of draws: sampled, evaluated by the kernel, held against its bounds, judged.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

use super::{ROUNDING, Rows, Sweep, Workspace, judge};
use crate::design::Design;
use jianpai_core::batch;
use pulp::{Arch, Simd, WithSimd};

impl Sweep {
    /// The inputs of `draws` draws from `first` on: one column an input.
    ///
    /// The numbers of a draw depend on the design, its seed and its index alone.
    pub fn sample(&self, first: u64, draws: usize, work: &mut Workspace) {
        work.rows.resize(self, draws);
        work.rows.first = Some(first);
        let inputs = work.rows.inputs.as_mut_slice();
        match &self.strata {
            // What is correlated has strata of its own.
            Some(strata) => {
                for (d, column) in inputs.chunks_exact_mut(draws).enumerate() {
                    if !self.correlated().contains(&d) {
                        self.points.column(d, first, column);
                    }
                }
                strata.fill(first, inputs, draws);
            }
            None => self.points.fill(first, inputs),
        }
        if matches!(self.points.design(), Design::Values { .. }) {
            return;
        }
        if let (None, Some(correlation)) = (&self.strata, &self.correlation) {
            correlation.apply(inputs, draws);
        }
        for (quantile, column) in self.quantiles.iter().zip(inputs.chunks_exact_mut(draws)) {
            quantile.apply(column);
        }
    }

    /// Takes the inputs of `draws` draws as given: one column an input.
    ///
    /// # Panics
    /// If there is not one number for each input and draw.
    pub fn take(&self, inputs: &[f64], draws: usize, work: &mut Workspace) {
        assert_eq!(inputs.len(), self.inputs.len() * draws);
        work.rows.resize(self, draws);
        work.rows.first = None;
        work.rows.inputs.copy_from_slice(inputs);
    }

    /// Evaluates the draws sampled or taken last.
    pub fn evaluate<'w>(&self, draws: usize, work: &'w mut Workspace) -> &'w Rows {
        let rows = &mut work.rows;
        let mut block = batch::Block {
            inputs: &rows.inputs,
            draws,
            cells: &mut rows.cells[rows.skip..],
            stride: rows.stride,
            feasible: &mut rows.feasible,
        };
        if rows.filled == (self.id, draws) {
            self.batch.refresh(&mut block, &mut work.scratch);
        } else {
            self.batch.evaluate(&mut block, &mut work.scratch);
            rows.filled = (self.id, draws);
        }
        Arch::new().dispatch(Finishing { sweep: self, rows });
        &work.rows
    }

    /// Draws beyond the bounds of an input, or with a row below zero, have no results.
    #[inline(always)]
    fn bound(&self, rows: &mut Rows) {
        let given = self.inputs.len();
        let Rows {
            inputs,
            cells,
            draws,
            feasible,
            sound,
            ..
        } = rows;
        let mut hold = |values: &[f64], low: f64, high: f64| {
            let flags = feasible.iter_mut().zip(sound.iter_mut());
            for (value, (feasible, sound)) in values.iter().zip(flags) {
                let within = (low..=high).contains(value);
                *feasible &= within;
                *sound &= within;
            }
        };
        for (input, (low, high)) in &self.bounded {
            let values = &inputs[input * *draws..][..*draws];
            hold(values, low - ROUNDING, high + ROUNDING);
        }
        for (column, least) in &self.watched {
            let first = rows.skip + (column - given) * rows.stride;
            hold(&cells[first..][..*draws], *least, f64::MAX);
        }
    }

    /// Samples and evaluates a block of draws.
    pub fn block<'w>(&self, first: u64, draws: usize, work: &'w mut Workspace) -> &'w Rows {
        self.sample(first, draws, work);
        self.evaluate(draws, work)
    }
}

/// What is done with a block after the kernel, under whichever instruction set the machine
/// has.
struct Finishing<'a> {
    sweep: &'a Sweep,
    rows: &'a mut Rows,
}

impl WithSimd for Finishing<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { sweep, rows } = self;
        sweep.bound(rows);
        judge::fill(simd, sweep, rows);
        sweep.err(rows);
    }
}
