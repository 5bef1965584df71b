//! What the kernel leaves to be done: indices of draws whose base varies, margins and
//! verdicts.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

use super::{Base, Judged, Reached, Rows, Sweep};
use jianpai_core::target;
use pulp::{Simd, WithSimd};

/// What is told of draws that are not feasible.
const NOT_FEASIBLE: f64 = -1e9;

/// The columns of a block to be filled, under whichever instruction set the machine has.
pub(super) struct Filling<'a> {
    pub sweep: &'a Sweep,
    pub feasible: &'a [bool],
    pub rows: &'a mut Rows,
}

impl WithSimd for Filling<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self {
            sweep,
            feasible,
            rows,
        } = self;
        let table = Table {
            inputs: &rows.inputs,
            given: sweep.inputs.len(),
            draws: rows.draws,
            stride: rows.stride,
        };
        let cells = &mut rows.cells[rows.skip..];
        for (column, base) in &sweep.divisions {
            let (before, after) = cells.split_at_mut((base - table.given) * table.stride);
            let column = &mut before[(column - table.given) * table.stride..][..table.draws];
            for (cell, base) in column.iter_mut().zip(&*after) {
                *cell /= base;
            }
        }
        sweep.verdicts(simd, table, feasible, cells, &mut rows.slack);
    }
}

/// Where columns stand.
#[derive(Clone, Copy)]
struct Table<'a> {
    inputs: &'a [f64],
    /// The number of inputs.
    given: usize,
    draws: usize,
    /// From one column of cells to the next; there is room for a vector behind the
    /// last draw.
    stride: usize,
}

impl Table<'_> {
    /// The numbers of a column from draw `start` on.
    #[inline(always)]
    fn load<S: Simd>(self, simd: S, cells: &[f64], column: usize, start: usize) -> S::f64s {
        match column.checked_sub(self.given) {
            None => {
                let all = &self.inputs[column * self.draws..][..self.draws];
                let here = &all[start..(start + S::F64_LANES).min(self.draws)];
                match S::as_simd_f64s(here).0 {
                    [full, ..] => *full,
                    [] => simd.partial_load_f64s(here),
                }
            }
            Some(cell) => {
                let here = &cells[cell * self.stride + start..][..S::F64_LANES];
                S::as_simd_f64s(here).0[0]
            }
        }
    }

    #[inline(always)]
    fn store<S: Simd>(self, cells: &mut [f64], column: usize, start: usize, x: S::f64s) {
        let place = (column - self.given) * self.stride + start;
        S::as_mut_simd_f64s(&mut cells[place..][..S::F64_LANES]).0[0] = x;
    }
}

impl Sweep {
    /// Margins, verdicts and the smallest relative margin of every draw, one vector of
    /// draws after the other.
    #[inline(always)]
    fn verdicts<S: Simd>(
        &self,
        simd: S,
        table: Table<'_>,
        feasible: &[bool],
        cells: &mut [f64],
        slack: &mut [f64],
    ) {
        let count = self.judged.len();
        let margins = self.inputs.len() + self.reported.cells.len();
        let (mets, all_met) = (margins + count, margins + 2 * count);
        let lanes = S::F64_LANES;
        let (one, zero) = (simd.splat_f64s(1.0), simd.splat_f64s(0.0));
        let floor = simd.splat_f64s(-target::SLACK);
        for start in (0..table.draws).step_by(lanes) {
            let here = (table.draws - start).min(lanes);
            let mut flags = [0.0; 16];
            for (flag, ok) in flags.iter_mut().zip(&feasible[start..start + here]) {
                *flag = f64::from(u8::from(*ok));
            }
            let good = S::as_simd_f64s(&flags).0[0];
            let (mut all, mut least) = (good, simd.splat_f64s(f64::INFINITY));
            for (j, judged) in self.judged.iter().enumerate() {
                let (margin, scale) = judged.margin(simd, table, cells, start);
                let relative = simd.mul_f64s(margin, scale);
                let ok = simd.greater_than_or_equal_f64s(relative, floor);
                let ok = simd.select_f64s(ok, one, zero);
                let smaller = simd.less_than_f64s(relative, least);
                least = simd.select_f64s(smaller, relative, least);
                all = simd.mul_f64s(all, ok);
                table.store::<S>(cells, margins + j, start, margin);
                let met = simd.mul_f64s(good, ok);
                table.store::<S>(cells, mets + j, start, met);
            }
            let is_good = simd.greater_than_f64s(good, zero);
            let least = simd.select_f64s(is_good, least, simd.splat_f64s(NOT_FEASIBLE));
            simd.partial_store_f64s(&mut slack[start..start + here], least);
            table.store::<S>(cells, all_met, start, all);
            table.store::<S>(cells, all_met + 1, start, good);
        }
    }
}

impl Judged {
    /// Margins (reached less required, ≥ 0 is met), and what makes them relative.
    #[inline(always)]
    fn margin<S: Simd>(
        &self,
        simd: S,
        table: Table<'_>,
        cells: &[f64],
        start: usize,
    ) -> (S::f64s, S::f64s) {
        let one = simd.splat_f64s(1.0);
        let reached = match &self.reached {
            Reached::Value(column) => table.load(simd, cells, *column, start),
            Reached::Reduction(column, base) => {
                let left = match base {
                    Base::Constant(base) => simd.mul_f64s(
                        table.load(simd, cells, *column, start),
                        simd.splat_f64s(1.0 / base),
                    ),
                    Base::Column(base) => simd.div_f64s(
                        table.load(simd, cells, *column, start),
                        table.load(simd, cells, *base, start),
                    ),
                };
                simd.sub_f64s(one, left)
            }
            Reached::Sum(columns) => {
                let mut sum = simd.splat_f64s(0.0);
                for column in columns {
                    sum = simd.add_f64s(sum, table.load(simd, cells, *column, start));
                }
                sum
            }
        };
        let (wanted, sign) = target::required(self.demand);
        let sign = simd.splat_f64s(sign);
        match self.input {
            None => {
                let margin = simd.mul_f64s(sign, simd.sub_f64s(reached, simd.splat_f64s(wanted)));
                let scale = 1.0 / wanted.abs().max(target::FLOOR);
                (margin, simd.splat_f64s(scale))
            }
            Some(input) => {
                let wanted = table.load(simd, cells, input, start);
                let size = simd.abs_f64s(wanted);
                let floor = simd.splat_f64s(target::FLOOR);
                let size = simd.select_f64s(simd.less_than_f64s(size, floor), floor, size);
                let margin = simd.mul_f64s(sign, simd.sub_f64s(reached, wanted));
                (margin, simd.div_f64s(one, size))
            }
        }
    }
}
