//! Sensitivity from any sample: a user's own table of inputs and an output.
//!
//! The first-order index of every input, with an interval, comes from small classes of
//! neighbours along it ([`first_order`]). The inputs need not be independent for it to be
//! what it says, but then indices overlap. Beside it stands the correlation ratio of `M`
//! classes of equal frequency (Plischke, Borgonovo and Smith, 2013), as other programs
//! give it:
//!
//! ```text
//! η² = Σ_m n_m (ȳ_m − ȳ)² / Σ_i (y_i − ȳ)²
//! ```
//!
//! which is too high by about `(M − 1) / n`, and too low by what the output varies within
//! so wide a class.
//!
//! The PAWN index (Pianosi and Wagener, 2018) compares whole distributions: the
//! Kolmogorov-Smirnov distance between the output in a class and all outputs.
//!
//! Rows are first put in an order of their own, and equal input values share a
//! class, so that the order of rows in the table has no influence on any bit.

mod first_order;

pub use first_order::{Rows, first_order, rows_per_class};

use rayon::prelude::*;
use serde::Serialize;

use super::error::{self, AnalysisError, finite, open_unit};
use super::regression::{self, NoFit, Regression};
use super::{Estimate, stats};
use first_order::{Classes, classes};

/// Settings of [`analyse`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GivenDataOptions {
    /// What the rows are.
    pub rows: Rows,
    /// Classes of equal frequency for the correlation ratio; `None` for
    /// [`classes_for`] the number of rows.
    pub classes: Option<usize>,
    /// Classes for the PAWN index.
    pub pawn_classes: usize,
    /// Whether intervals are wanted.
    pub intervals: bool,
    /// Confidence level of the intervals.
    pub confidence: f64,
}

impl Default for GivenDataOptions {
    fn default() -> Self {
        Self {
            rows: Rows::Sample,
            classes: None,
            pawn_classes: 10,
            intervals: true,
            confidence: 0.95,
        }
    }
}

/// What the sample says of one input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GivenDataIndex {
    /// First-order index, with an interval if the rows are a sample.
    /// `None` if the output or the input does not vary.
    pub first: Option<Estimate>,
    /// Classes of neighbours that it comes from; 0 if there is none.
    pub neighbours: usize,
    /// Correlation ratio η².
    pub correlation_ratio: Option<f64>,
    /// Classes of η²: fewer than asked for if the input has few values.
    pub classes: usize,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
    /// PAWN index: median over classes of the distance.
    pub pawn_median: Option<f64>,
    /// Largest distance over classes.
    pub pawn_max: Option<f64>,
}

/// What the sample says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GivenData {
    /// Rows in the sample.
    pub rows: usize,
    /// One entry per input.
    pub inputs: Vec<GivenDataIndex>,
    /// Linear fit of the values: SRC and PCC.
    pub linear: Result<Regression, NoFit>,
    /// Linear fit of the ranks: SRRC and PRCC.
    pub ranks: Result<Regression, NoFit>,
}

/// Number of classes by the rule of Plischke, Borgonovo and Smith (2013), as in
/// SALib: `min(⌈n^(2 / (7 + tanh((1500 − n) / 500)))⌉, 48)`.
pub fn classes_for(rows: usize) -> usize {
    let n = rows as f64;
    let exponent = 2.0 / (7.0 + libm::tanh((1500.0 - n) / 500.0));
    (libm::pow(n, exponent).ceil() as usize).clamp(1, 48)
}

/// All measures from columns of inputs and one output.
///
/// # Errors
///
/// A value is not finite, columns differ in length, there are fewer than four
/// rows, or a setting is out of range.
pub fn analyse(
    inputs: &[&[f64]],
    output: &[f64],
    options: &GivenDataOptions,
) -> Result<GivenData, AnalysisError> {
    check(inputs, output, options)?;
    let order = canonical(inputs, output);
    let take = |column: &[f64]| order.iter().map(|row| column[*row]).collect::<Vec<f64>>();
    let sorted_output = take(output);
    let sorted_inputs: Vec<Vec<f64>> = inputs.par_iter().map(|c| take(c)).collect();
    let ranks: Vec<Vec<f64>> = sorted_inputs
        .par_iter()
        .map(|c| stats::mid_ranks(c))
        .collect();
    let output_ranks = stats::mid_ranks(&sorted_output);

    let slices: Vec<&[f64]> = ranks.iter().map(Vec::as_slice).collect();
    let classes = classes(&slices, options.rows);
    let described: Vec<GivenDataIndex> = ranks
        .par_iter()
        .zip(&classes)
        .map(|(ranks, classes)| {
            let input = (ranks.as_slice(), classes.as_ref());
            describe(input, &sorted_output, &output_ranks, options)
        })
        .collect();
    let values: Vec<&[f64]> = sorted_inputs.iter().map(Vec::as_slice).collect();
    let rank_slices: Vec<&[f64]> = ranks.iter().map(Vec::as_slice).collect();
    Ok(GivenData {
        rows: output.len(),
        inputs: described,
        linear: regression::fit(&values, &sorted_output),
        ranks: regression::fit(&rank_slices, &output_ranks),
    })
}

/// Checks table and settings.
fn check(
    inputs: &[&[f64]],
    output: &[f64],
    options: &GivenDataOptions,
) -> Result<(), AnalysisError> {
    finite("outputs", 0, output)?;
    error::table("inputs", inputs, output.len())?;
    open_unit("confidence", options.confidence)?;
    for (setting, classes) in [
        ("classes", options.classes.unwrap_or(2)),
        ("PAWN classes", options.pawn_classes),
    ] {
        if classes < 2 {
            let rule = "at least 2";
            return Err(AnalysisError::Setting {
                setting,
                value: classes as f64,
                rule,
            });
        }
    }
    if output.len() < 4 {
        return Err(AnalysisError::TooFew {
            table: "outputs",
            needed: 4,
            found: output.len(),
        });
    }
    Ok(())
}

/// Rows by output, then by inputs: the same for any order in the table.
fn canonical(inputs: &[&[f64]], output: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..output.len()).collect();
    order.par_sort_by(|a, b| {
        let by_inputs = || {
            inputs
                .iter()
                .map(|c| c[*a].total_cmp(&c[*b]))
                .find(|o| o.is_ne())
        };
        output[*a]
            .total_cmp(&output[*b])
            .then_with(|| by_inputs().unwrap_or(a.cmp(b)))
    });
    order
}

/// The class of every row, from ranks with ties shared: rank `r` of `n` falls
/// in class `⌈r M / n⌉`, and an input with at most `M` values has a class for
/// each. Also the number of classes that are not empty.
fn classes_of(ranks: &[f64], wanted: usize) -> (Vec<u32>, usize) {
    let n = ranks.len();
    let mut distinct = ranks.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    let group = |rank: f64| -> usize {
        if distinct.len() <= wanted {
            distinct.partition_point(|d| *d < rank)
        } else {
            // Twice the rank is a whole number.
            ((2.0 * rank) as usize * wanted).div_ceil(2 * n) - 1
        }
    };
    let raw: Vec<usize> = ranks.iter().map(|r| group(*r)).collect();
    let mut number = vec![u32::MAX; wanted];
    for class in &raw {
        number[*class] = 0;
    }
    let mut used = 0;
    for slot in number.iter_mut().filter(|s| **s == 0) {
        *slot = used;
        used += 1;
    }
    (
        raw.into_iter().map(|class| number[class]).collect(),
        used as usize,
    )
}

/// All measures of one input. Rows are in rising order of the output.
fn describe(
    (ranks, neighbours): (&[f64], Option<&Classes>),
    output: &[f64],
    output_ranks: &[f64],
    options: &GivenDataOptions,
) -> GivenDataIndex {
    let wanted = options.classes.unwrap_or_else(|| classes_for(output.len()));
    let (class, classes) = classes_of(ranks, wanted.min(output.len() / 2).max(1));
    let mut index = GivenDataIndex {
        first: None,
        neighbours: 0,
        correlation_ratio: None,
        classes,
        spearman: None,
        pawn_median: None,
        pawn_max: None,
    };
    let Some(centred) = stats::normalised(output) else {
        return index;
    };
    if stats::constant(ranks.iter().copied()) {
        return index;
    }
    index.correlation_ratio = correlation_ratio(&class, classes, &centred);
    if let Some(neighbours) = neighbours {
        index.neighbours = neighbours.count();
        index.first = neighbours.index(&centred, options.confidence);
        if let Some(first) = index.first.as_mut().filter(|_| !options.intervals) {
            first.half_width = None;
        }
    }
    let (x, y) = (
        regression::standardise(ranks),
        regression::standardise(output_ranks),
    );
    let spearman = stats::sum(x.iter().zip(&y).map(|(a, b)| a * b));
    index.spearman = Some(spearman.clamp(-1.0, 1.0));
    let (median, largest) = pawn(ranks, output_ranks, options.pawn_classes);
    (index.pawn_median, index.pawn_max) = (Some(median), Some(largest));
    index
}

/// η² of a centred output; `None` if it does not vary.
fn correlation_ratio(class: &[u32], classes: usize, output: &[f64]) -> Option<f64> {
    let mut sums = vec![[0.0; 2]; classes];
    for (class, y) in class.iter().zip(output) {
        let sum = &mut sums[*class as usize];
        sum[0] += 1.0;
        sum[1] += y;
    }
    let n = output.len() as f64;
    let mean = sums.iter().map(|s| s[1]).sum::<f64>() / n;
    let squares = stats::sum(output.iter().map(|y| y * y));
    let total = squares - n * mean * mean;
    let between: f64 = sums
        .iter()
        .filter(|s| s[0] > 0.0)
        .map(|s| s[0] * (s[1] / s[0] - mean) * (s[1] / s[0] - mean))
        .sum();
    (total > 8.0 * f64::EPSILON * squares).then(|| between / total)
}

/// Median and largest Kolmogorov-Smirnov distance over classes. Rows are in
/// rising order of the output, `output_ranks` shared by ties.
#[allow(clippy::float_cmp)] // ties have the very same rank
fn pawn(ranks: &[f64], output_ranks: &[f64], wanted: usize) -> (f64, f64) {
    let (class, classes) = classes_of(ranks, wanted.min(ranks.len() / 2).max(1));
    let n = ranks.len();
    let mut sizes = vec![0.0; classes];
    for c in &class {
        sizes[*c as usize] += 1.0;
    }
    let (mut seen, mut distance) = (vec![0.0; classes], vec![0.0_f64; classes]);
    let mut start = 0;
    while start < n {
        let mut end = start + 1;
        while end < n && output_ranks[end] == output_ranks[start] {
            end += 1;
        }
        let below = start as f64 / n as f64;
        for c in class[start..end].iter().map(|c| *c as usize) {
            distance[c] = distance[c].max((seen[c] / sizes[c] - below).abs());
        }
        for c in &class[start..end] {
            seen[*c as usize] += 1.0;
        }
        let upto = end as f64 / n as f64;
        for c in class[start..end].iter().map(|c| *c as usize) {
            distance[c] = distance[c].max((seen[c] / sizes[c] - upto).abs());
        }
        start = end;
    }
    distance.sort_unstable_by(f64::total_cmp);
    let middle = f64::midpoint(distance[(classes - 1) / 2], distance[classes / 2]);
    (middle, distance[classes - 1])
}
