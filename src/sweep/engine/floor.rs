//! Rows that the inputs could push below zero, which nothing emitted can be.
//!
//! A bound from below of every cell, term by term over the ranges of the inputs, tells
//! which rows are to be looked at:
//!
//! ```text
//! E ≥ Σ_g min over d[g,t] of d[g,t]·( c[g] + Σ_j min(c[g,j]·s[j]) )
//! ```
//!
//! As a rule there is none: measures take no more than there is, and factors are not
//! negative. What is left are joins to observed values by differences, and levels so
//! high that they are not feasible.

use super::Sweep;
use jianpai_core::batch::{Batch, Group, Sheet};
use jianpai_core::catalogue::Account;

/// What a row may lack of zero, of its size: rounding.
const ROUNDING: f64 = 1e-12;

/// The least and greatest value of something.
type Range = (f64, f64);

impl Sweep {
    /// Rows that could fall below zero within `ranges`, and what each may lack.
    pub(super) fn floors(batch: &Batch, ranges: &[Range]) -> Vec<(usize, f64)> {
        let mut found = Vec::new();
        for (q, sheet) in batch.sheets.iter().enumerate() {
            let account = batch.accounts[sheet.account];
            if matches!(account, Account::Cost | Account::Outside(_)) {
                continue;
            }
            for t in 0..batch.span {
                let row = q * batch.span + t;
                let (least, most) = range_of(batch, sheet, t, ranges);
                if least < 0.0 && batch.constant(row).is_none() {
                    found.push((row, -ROUNDING * least.abs().max(most.abs())));
                }
            }
        }
        found
    }
}

/// The range of a cell.
fn range_of(batch: &Batch, sheet: &Sheet, t: usize, ranges: &[Range]) -> Range {
    let mut sum = (0.0, 0.0);
    for segment in &sheet.segments {
        let mut part = (segment.constants[t], segment.constants[t]);
        let terms = segment.coefficients.rows();
        for (monomial, amounts) in segment.monomials.iter().zip(terms) {
            part = plus(
                part,
                times((amounts[t], amounts[t]), product(batch, *monomial, ranges)),
            );
        }
        let ratio = segment
            .group
            .map_or((1.0, 1.0), |g| ratio(&batch.groups[g], t, ranges));
        sum = plus(sum, times(part, ratio));
    }
    match &sheet.join {
        None => sum,
        Some((by, and)) => plus(times(sum, (by[t], by[t])), (and[t], and[t])),
    }
}

/// The range of a product of columns; a switch is 0 or 1.
fn product(batch: &Batch, monomial: usize, ranges: &[Range]) -> Range {
    let columns = batch.monomials[monomial].iter();
    let range = |column: &usize| ranges.get(*column).copied().unwrap_or((0.0, 1.0));
    columns.fold((1.0, 1.0), |all, column| times(all, range(column)))
}

/// The range of a demand ratio, `Π (1 + ε·(g + δ)) / (1 + ε₀·g)`; a draw in which a year
/// leaves less than nothing is not feasible.
fn ratio(group: &Group, t: usize, ranges: &[Range]) -> Range {
    let mut all = (1.0, 1.0);
    for tau in group.moves_from()..=t {
        let growth = group.path[tau];
        let shift = group.growth.filter(|_| tau >= group.projected_from);
        let shift = shift.map_or((0.0, 0.0), |input| ranges[input]);
        let own = (group.elasticity, group.elasticity);
        let elasticity = group.elasticity_input.map_or(own, |input| ranges[input]);
        let left = plus((1.0, 1.0), times(elasticity, plus((growth, growth), shift)));
        let scale = 1.0 / group.elasticity.mul_add(growth, 1.0);
        all = times(
            all,
            times((left.0.max(0.0), left.1.max(0.0)), (scale, scale)),
        );
    }
    all
}

fn plus(a: Range, b: Range) -> Range {
    (a.0 + b.0, a.1 + b.1)
}

fn times(a: Range, b: Range) -> Range {
    let ends = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
    let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
    (
        least,
        ends.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    )
}
