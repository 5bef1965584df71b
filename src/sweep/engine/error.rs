//! The model's error in a sweep: drawn beside the inputs, added to what is reported.
//!
//! # Where it enters
//! ```text
//! z[i]        = 2·u(seed, i, draw) − 1                 one an indicator and draw
//! e[i,t]      = sign(z)·size[i,t](|z|)                 jianpai_core::discrepancy
//! with error  x[i,t]  → max(0, x[i,t] + e[i,t]·x[i,b])       b: the year that tables count from
//! reduction   margin  → min(1 − wanted, margin − e)          counted from the target's own year
//! cap         margin  → min(limit, margin − e·x[i,first])
//! met         feasible, and the margin with error ≥ 0
//! ```
//!
//! It belongs to what is said of the truth: verdicts, how often targets are met, the
//! quantiles and fans of indicators. It does not belong to what is said of the model:
//!
//! - indicators and margins themselves, so that they can be compared with other tools;
//! - indices of inputs (Sobol, Morris, first-order), tornadoes and maps: they tell which
//!   input moves the model, and an error that no input moves would only dilute them;
//! - lists of best draws and the Pareto set: they choose inputs, not luck;
//! - the box of conditions, which is sought where the model meets the targets. How often
//!   they are met within it is said with the error.
//!
//! Sums, floors, shares and projects, and indicators without published progress, have no
//! error on record: their verdicts are the model's.
//!
//! A draw's error is a function of the seed, the draw's index and the indicator's name,
//! and one `z` serves all years, targets and books of an indicator. Draws that are chosen
//! by hand ([`Sweep::at`]) have none.

// Inlined where the vector width has been chosen.
#![allow(clippy::inline_always)]

use super::lay_out::Layout;
use super::{Base, ErredLevel, ErredMargin, Moved, Room, Rows, Stream, Sweep};
use crate::design::Rng;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::dims::IndicatorId;
use jianpai_core::discrepancy::Discrepancy;
use jianpai_core::target::{self, Demand};

impl Sweep {
    /// Where the errors enter: streams of draws, and the columns they move.
    pub(super) fn streams(&self, catalogue: &Catalogue, layout: &mut Layout<'_>) -> Vec<Stream> {
        let Some(errors) = &self.reported.errors else {
            return Vec::new();
        };
        let name = |id: IndicatorId| catalogue.indicators[id.at()].base.as_str();
        let mut found: Vec<(&str, Vec<Moved>)> = Vec::new();
        let mut moved = |id: IndicatorId, sizes: &Discrepancy, level, margin| {
            let name = name(id);
            let at = found.iter().position(|(known, _)| *known == name);
            let at = at.unwrap_or_else(|| {
                found.push((name, Vec::new()));
                found.len() - 1
            });
            let own = &mut found[at].1;
            let same = own.iter().position(|moved| moved.sizes == *sizes);
            let same = same.unwrap_or_else(|| {
                own.push(Moved {
                    sizes: sizes.clone(),
                    levels: Vec::new(),
                    margins: Vec::new(),
                });
                own.len() - 1
            });
            own[same].levels.extend(level);
            own[same].margins.extend(margin);
        };
        let (inputs, first) = (self.inputs.len(), self.places.first);
        for (n, i) in errors.of_cells().enumerate() {
            let (id, _) = self.reported.cells[i];
            let place = self.batch.place(catalogue, id);
            if let (Some(place), Some(sizes)) = (place, &errors.cells[i]) {
                let level = ErredLevel {
                    own: inputs + i,
                    with: first + n,
                    base: layout.base(place, errors.origin),
                };
                moved(id, sizes, Some(level), None);
            }
        }
        let (cells, targets) = (errors.of_cells().count(), self.reported.targets.len());
        let count = errors.of_targets().count();
        let margins = inputs + self.reported.cells.len();
        for (n, i) in errors.of_targets().enumerate() {
            let target = &self.reported.targets[i];
            let place = self.batch.place(catalogue, target.indicator);
            if let (Some(place), Some(sizes)) = (place, &errors.targets[i]) {
                let amount = !matches!(target.demand, Demand::Reduction { .. });
                let margin = ErredMargin {
                    target: i,
                    own: margins + i,
                    with: first + cells + n,
                    met: (margins + targets + i, first + cells + count + n),
                    unit: amount.then(|| layout.base(place, 0)),
                };
                moved(target.indicator, sizes, None, Some(margin));
            }
        }
        let stream = |(name, moved): (&str, Vec<Moved>)| Stream {
            rng: Rng::named(self.points.seed(), name),
            moved,
        };
        found.into_iter().map(stream).collect()
    }

    /// The errors of the targets in draws from `first` on, as verdicts have them: one list
    /// a target, none where there is no error on record.
    pub fn errors_of_targets(&self, first: u64, draws: usize) -> Vec<Option<Vec<f64>>> {
        let mut all = vec![None; self.reported.targets.len()];
        let mut signed = vec![0.0; draws];
        for stream in &self.streams {
            stream.rng.fill(first, &mut signed);
            for moved in &stream.moved {
                let error = |z: &f64| moved.sizes.at(2.0 * z - 1.0);
                for margin in &moved.margins {
                    all[margin.target] = Some(signed.iter().map(error).collect());
                }
            }
        }
        all
    }

    /// Draws the errors of a block and adds them: columns with the error, verdicts.
    #[inline(always)]
    pub(super) fn err(&self, rows: &mut Rows) {
        if self.places.count == 0 {
            return;
        }
        let mut room = std::mem::take(&mut rows.room);
        let Room {
            signed,
            error,
            base,
            wanted,
        } = &mut room;
        signed.resize(rows.draws, 0.0);
        error.resize(rows.draws, 0.0);
        for stream in &self.streams {
            if let Some(first) = rows.first {
                stream.rng.fill(first, signed);
                for z in signed.iter_mut() {
                    *z = 2.0 * *z - 1.0;
                }
            }
            for moved in &stream.moved {
                if rows.first.is_some() {
                    let drawn = error.iter_mut().zip(signed.iter());
                    drawn.for_each(|(error, z)| *error = moved.sizes.at(*z));
                } else {
                    error.fill(0.0);
                }
                for level in &moved.levels {
                    rows.shift(level, error, base);
                }
                for margin in &moved.margins {
                    self.judge_again(rows, margin, error, (base, wanted));
                }
            }
        }
        rows.room = room;
        self.all_again(rows);
    }

    /// The margin of a target with its error, and the verdict.
    #[inline(always)]
    fn judge_again(
        &self,
        rows: &mut Rows,
        margin: &ErredMargin,
        error: &[f64],
        (unit, wanted): (&mut Vec<f64>, &mut Vec<f64>),
    ) {
        let judged = &self.judged[margin.target];
        let (required, sign) = target::required(judged.demand);
        rows.load(margin.unit.unwrap_or(Base::Constant(1.0)), unit);
        let asked = judged.input.map_or(Base::Constant(required), Base::Column);
        rows.load(asked, wanted);
        // The best that can be reached: nothing is emitted.
        let best = if margin.unit.is_none() { 1.0 } else { 0.0 };
        let (with, own) = rows.pair(margin.with, margin.own);
        let each = with.iter_mut().zip(own).zip(error);
        for (((with, own), error), (unit, wanted)) in each.zip(unit.iter().zip(&*wanted)) {
            *with = (own - error * unit).min(sign * (best - wanted));
        }
        let (own, met) = rows.pair(margin.met.1, margin.met.0);
        own.copy_from_slice(met);
        let (with, met) = (rows.place(margin.with), rows.place(margin.met.0));
        for (d, wanted) in wanted.iter().enumerate() {
            let ok = rows.feasible[d] && target::is_met(rows.cells[with + d], *wanted);
            rows.cells[met + d] = f64::from(u8::from(ok));
        }
    }

    /// Whether all targets are met, anew.
    #[inline(always)]
    fn all_again(&self, rows: &mut Rows) {
        let (all, own) = self.places.all;
        if own == 0 {
            return;
        }
        let (kept, met) = rows.pair(own, all);
        kept.copy_from_slice(met);
        let first = self.inputs.len() + self.reported.cells.len() + self.judged.len();
        let all = rows.place(all);
        for d in 0..rows.draws {
            rows.cells[all + d] = f64::from(u8::from(rows.feasible[d]));
        }
        for met in first..first + self.judged.len() {
            let met = rows.place(met);
            let (before, after) = rows.cells.split_at_mut(all);
            let mets = &before[met..][..rows.draws];
            let alls = after.iter_mut().zip(mets);
            alls.for_each(|(all, met)| *all *= met);
        }
    }
}

impl Rows {
    /// Where a column behind the inputs begins.
    #[inline(always)]
    fn place(&self, column: usize) -> usize {
        self.skip + (column - self.given()) * self.stride
    }

    /// A column to be written, and one before it.
    #[inline(always)]
    fn pair(&mut self, later: usize, earlier: usize) -> (&mut [f64], &[f64]) {
        let (later, earlier) = (self.place(later), self.place(earlier));
        let (before, after) = self.cells.split_at_mut(later);
        (&mut after[..self.draws], &before[earlier..][..self.draws])
    }

    /// One number a draw: the same, or a column.
    #[inline(always)]
    fn load(&self, from: Base, into: &mut Vec<f64>) {
        into.clear();
        match from {
            Base::Constant(value) => into.resize(self.draws, value),
            Base::Column(column) => into.extend_from_slice(self.column(column)),
        }
    }

    /// Adds the error to an indicator.
    #[inline(always)]
    fn shift(&mut self, level: &ErredLevel, error: &[f64], base: &mut Vec<f64>) {
        self.load(level.base, base);
        let (with, own) = self.pair(level.with, level.own);
        let each = with.iter_mut().zip(own);
        for ((with, own), (error, base)) in each.zip(error.iter().zip(&*base)) {
            *with = (own + error * base).max(0.0);
        }
    }
}
