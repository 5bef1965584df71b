//! What the kernel leaves to be done: indices of draws whose base varies, margins and
//! verdicts.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]
// Loops over arrays by index are what the compiler unrolls.
#![allow(clippy::needless_range_loop)]

use super::{Base, Judged, Reached, Rows, Sweep};
use jianpai_core::target;
use pulp::Simd;

/// The margin of a draw that is not feasible.
const NOT_FEASIBLE: f64 = f64::NEG_INFINITY;

/// Fills the columns of a block.
#[inline(always)]
pub(super) fn fill<S: Simd>(simd: S, sweep: &Sweep, rows: &mut Rows) {
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
    sweep.verdicts(simd, table, &rows.feasible, cells, &mut rows.slack);
}

/// Where columns stand.
#[derive(Clone, Copy)]
struct Table<'a> {
    inputs: &'a [f64],
    /// The number of inputs.
    given: usize,
    draws: usize,
    /// From one column of cells to the next; there is room for what is judged at once
    /// behind the last draw.
    stride: usize,
}

/// Vectors that are judged at once.
const V: usize = 4;

impl Table<'_> {
    /// The numbers of a column from draw `start` on.
    #[inline(always)]
    fn load<S: Simd>(self, simd: S, cells: &[f64], column: usize, start: usize) -> [S::f64s; V] {
        let Some(cell) = column.checked_sub(self.given) else {
            let all = &self.inputs[column * self.draws..][..self.draws];
            return std::array::from_fn(|v| {
                let first = (start + v * S::F64_LANES).min(self.draws);
                let last = (first + S::F64_LANES).min(self.draws);
                simd.partial_load_f64s(&all[first..last])
            });
        };
        let here = &cells[cell * self.stride + start..][..V * S::F64_LANES];
        let (vectors, _) = S::as_simd_f64s(here);
        std::array::from_fn(|v| vectors[v])
    }

    #[inline(always)]
    fn store<S: Simd>(self, cells: &mut [f64], column: usize, start: usize, x: [S::f64s; V]) {
        let place = (column - self.given) * self.stride + start;
        let (vectors, _) = S::as_mut_simd_f64s(&mut cells[place..][..V * S::F64_LANES]);
        vectors.copy_from_slice(&x);
    }
}

impl Sweep {
    /// Margins, verdicts and the smallest relative margin of every draw, some vectors
    /// of draws after the other.
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
        let feasibility = all_met + 1 + self.places.count;
        let flags = &mut cells[(feasibility - table.given) * table.stride..];
        for (flag, ok) in flags.iter_mut().zip(feasible) {
            *flag = f64::from(u8::from(*ok));
        }
        let lanes = S::F64_LANES;
        let (one, zero) = (simd.splat_f64s(1.0), simd.splat_f64s(0.0));
        let floor = simd.splat_f64s(-target::SLACK);
        for start in (0..table.draws).step_by(V * lanes) {
            let good = table.load(simd, cells, feasibility, start);
            let (mut all, mut least) = (good, [simd.splat_f64s(f64::INFINITY); V]);
            for (j, judged) in self.judged.iter().enumerate() {
                let (margin, scale) = judged.margin(simd, table, cells, start);
                let mut met = good;
                for v in 0..V {
                    let relative = simd.mul_f64s(margin[v], scale[v]);
                    let ok = simd.greater_than_or_equal_f64s(relative, floor);
                    let ok = simd.select_f64s(ok, one, zero);
                    let smaller = simd.less_than_f64s(relative, least[v]);
                    least[v] = simd.select_f64s(smaller, relative, least[v]);
                    all[v] = simd.mul_f64s(all[v], ok);
                    met[v] = simd.mul_f64s(met[v], ok);
                }
                table.store::<S>(cells, margins + j, start, margin);
                table.store::<S>(cells, mets + j, start, met);
            }
            table.store::<S>(cells, all_met, start, all);
            for v in 0..V {
                let is_good = simd.greater_than_f64s(good[v], zero);
                let least = simd.select_f64s(is_good, least[v], simd.splat_f64s(NOT_FEASIBLE));
                let first = (start + v * lanes).min(table.draws);
                let last = (first + lanes).min(table.draws);
                simd.partial_store_f64s(&mut slack[first..last], least);
            }
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
    ) -> ([S::f64s; V], [S::f64s; V]) {
        let one = simd.splat_f64s(1.0);
        let mut reached = match &self.reached {
            Reached::Value(column) | Reached::Reduction(column, _) => {
                table.load(simd, cells, *column, start)
            }
            Reached::Sum(_) => [simd.splat_f64s(0.0); V],
        };
        match &self.reached {
            Reached::Value(_) => {}
            Reached::Reduction(_, Base::Constant(base)) => {
                let part = simd.splat_f64s(1.0 / base);
                for cell in &mut reached {
                    *cell = simd.sub_f64s(one, simd.mul_f64s(*cell, part));
                }
            }
            Reached::Reduction(_, Base::Column(base)) => {
                let base = table.load(simd, cells, *base, start);
                for v in 0..V {
                    reached[v] = simd.sub_f64s(one, simd.div_f64s(reached[v], base[v]));
                }
            }
            Reached::Sum(columns) => {
                for column in columns {
                    let column = table.load(simd, cells, *column, start);
                    for v in 0..V {
                        reached[v] = simd.add_f64s(reached[v], column[v]);
                    }
                }
            }
        }
        let (wanted, sign) = target::required(self.demand);
        let sign = simd.splat_f64s(sign);
        let Some(input) = self.input else {
            let scale = simd.splat_f64s(target::relative(wanted));
            let wanted = simd.splat_f64s(wanted);
            for cell in &mut reached {
                *cell = simd.mul_f64s(sign, simd.sub_f64s(*cell, wanted));
            }
            return (reached, [scale; V]);
        };
        let mut wanted = table.load(simd, cells, input, start);
        // target::relative, in vectors.
        let floor = simd.splat_f64s(target::FLOOR);
        for v in 0..V {
            let size = simd.abs_f64s(wanted[v]);
            let size = simd.select_f64s(simd.less_than_f64s(size, floor), floor, size);
            let over = simd.sub_f64s(reached[v], wanted[v]);
            reached[v] = simd.mul_f64s(sign, over);
            wanted[v] = simd.div_f64s(one, size);
        }
        (reached, wanted)
    }
}
