//! Sobol' indices of first, total and second order from a Saltelli design.
//!
//! For base sample `i` of `N` the outputs come in the order of SALib's sampler:
//! `A, AB_1 … AB_D, [BA_1 … BA_D,] B`, where `AB_j` is `A` with input `j` taken
//! from `B`. With `V` the variance of all values of `A` and `B`:
//!
//! ```text
//! S_j  = mean(B · (AB_j − A)) / V              Saltelli et al. (2010)
//! ST_j = mean((A − AB_j)²) / (2 V)             Jansen (1999)
//! S_jk = mean(BA_j · AB_k − A · B) / V − S_j − S_k        Saltelli (2002)
//! ```
//!
//! With [`Scaling::AllOutputs`] every output is first reduced by the mean and
//! divided by the standard deviation of all outputs; the estimates are then
//! those of SALib to rounding (Iwanaga, Usher and Herman, 2022; tested with 1.6).
//! Intervals resample base samples, as SALib's do; on quasi-random designs, whose
//! error is smaller than that of random ones, they are on the safe side.

use rayon::prelude::*;
use serde::Serialize;

use super::error::{AnalysisError, finite, open_unit};
use super::random::Resample;
use super::{Estimate, stats};

/// Rows per partial sum.
const BLOCK: usize = 256;

/// Which indices are wanted; the design must have been made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// First and total order: `D + 2` outputs per base sample.
    First,
    /// Second order as well: `2 D + 2` outputs per base sample.
    Second,
}

/// What is done to the outputs before the estimators see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// `(y − mean) / standard deviation` over all outputs, as SALib does. The
    /// first-order estimator is much less noisy on centred outputs.
    AllOutputs,
    /// Nothing.
    None,
}

/// Settings of [`indices`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SobolOptions {
    /// Number of inputs `D`.
    pub inputs: usize,
    /// Which indices are wanted.
    pub order: Order,
    /// What is done to the outputs first.
    pub scaling: Scaling,
    /// Bootstrap replicates; 0 for none.
    pub replicates: usize,
    /// Confidence level of the intervals.
    pub confidence: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl SobolOptions {
    /// First and total order, scaled, 100 replicates, 95 %, seed 0.
    pub fn new(inputs: usize) -> Self {
        Self {
            inputs,
            order: Order::First,
            scaling: Scaling::AllOutputs,
            replicates: 100,
            confidence: 0.95,
            seed: 0,
        }
    }

    /// Outputs per base sample.
    pub fn rows_per_base(&self) -> usize {
        match self.order {
            Order::First => self.inputs + 2,
            Order::Second => 2 * self.inputs + 2,
        }
    }
}

/// The indices of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SobolIndex {
    /// Share of variance due to this input alone. `None` if the output does
    /// not vary. May be slightly negative by sampling error.
    pub first: Option<Estimate>,
    /// Share of variance due to this input and all its interactions.
    pub total: Option<Estimate>,
}

/// The interaction of two inputs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SobolPair {
    /// Lower input, counted from 0.
    pub first_input: usize,
    /// Higher input, counted from 0.
    pub second_input: usize,
    /// Share of variance due to the interaction of the two.
    pub interaction: Option<Estimate>,
}

/// The indices of one output.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SobolIndices {
    /// Base samples `N`.
    pub base_samples: usize,
    /// Mean of the values of `A` and `B`, in the unit of the output.
    pub mean: f64,
    /// Variance of the values of `A` and `B` (divisor `2 N`).
    pub variance: f64,
    /// One entry per input.
    pub inputs: Vec<SobolIndex>,
    /// Pairs in the order (0,1), (0,2), …, (1,2), …; empty for [`Order::First`].
    pub pairs: Vec<SobolPair>,
}

/// Sobol' indices from outputs in Saltelli order.
///
/// # Errors
///
/// An output is not finite (the row is its place in `outputs`), their number
/// does not fit the design, their variance is no number, or a setting is out of range.
pub fn indices(outputs: &[f64], options: &SobolOptions) -> Result<SobolIndices, AnalysisError> {
    let width = options.rows_per_base();
    if options.inputs == 0 {
        let setting = "number of inputs";
        return Err(AnalysisError::Setting {
            setting,
            value: 0.0,
            rule: "at least 1",
        });
    }
    open_unit("confidence", options.confidence)?;
    if outputs.is_empty() || !outputs.len().is_multiple_of(width) {
        let (table, values) = ("outputs", outputs.len());
        return Err(AnalysisError::Shape {
            table,
            values,
            multiple: width,
        });
    }
    finite("outputs", 0, outputs)?;

    let base_samples = outputs.len() / width;
    let (outputs, exponent) = stats::scaled(outputs);
    let ends: Vec<f64> = outputs
        .chunks_exact(width)
        .flat_map(|r| [r[0], r[width - 1]])
        .collect();
    let mean = stats::mean(&ends);
    let flat = stats::constant(ends.iter().copied());
    let variance = if flat {
        0.0
    } else {
        stats::sum(ends.iter().map(|y| (y - mean) * (y - mean))) / ends.len() as f64
    };
    let estimates = if flat {
        None
    } else {
        Some(estimate(&outputs, options))
    };
    let mean = libm::ldexp(mean, exponent);
    let variance = libm::ldexp(variance, 2 * exponent);
    if !variance.is_finite() {
        return Err(AnalysisError::TooLarge { table: "outputs" });
    }
    Ok(report(
        base_samples,
        (mean, variance),
        estimates.as_deref(),
        options,
    ))
}

/// Estimates in the order first, total, pairs.
fn estimate(outputs: &[f64], options: &SobolOptions) -> Vec<Option<Estimate>> {
    let width = options.rows_per_base();
    let scaled = scale(outputs, options.scaling);
    let base_samples = scaled.len() / width;
    let ends = scaled
        .chunks_exact(width)
        .flat_map(|r| [r[0], r[width - 1]]);
    let centre = stats::sum(ends) / (2 * base_samples) as f64;
    let layout = Layout {
        inputs: options.inputs,
        order: options.order,
        centre,
    };

    let point = layout.sums(&scaled, None).indices(&layout);
    let replicates: Vec<Option<Vec<f64>>> = (0..options.replicates as u64)
        .into_par_iter()
        .map_init(Vec::new, |counts, replicate| {
            Resample::new(options.seed, replicate).counts(base_samples, counts);
            layout.sums(&scaled, Some(counts)).indices(&layout)
        })
        .collect();
    let defined: Vec<&Vec<f64>> = replicates.iter().flatten().collect();
    let Some(point) = point else {
        return vec![None; layout.indices()];
    };
    let one = |(place, value): (usize, &f64)| {
        let spread: Vec<f64> = defined.iter().map(|r| r[place]).collect();
        let half_width = stats::half_width(&spread, options.confidence);
        Some(Estimate {
            value: *value,
            half_width,
        })
    };
    point.iter().enumerate().map(one).collect()
}

/// The outputs as the estimators want them.
fn scale(outputs: &[f64], scaling: Scaling) -> Vec<f64> {
    if scaling == Scaling::None {
        return outputs.to_vec();
    }
    let mean = stats::mean(outputs);
    let squares = stats::sum(outputs.iter().map(|y| (y - mean) * (y - mean)));
    let deviation = (squares / outputs.len() as f64).sqrt();
    outputs.iter().map(|y| (y - mean) / deviation).collect()
}

/// Where things stand in a base sample's outputs.
struct Layout {
    inputs: usize,
    order: Order,
    /// Subtracted before squaring for the variance, against cancellation.
    centre: f64,
}

/// Weighted sums over base samples: first, total and pair terms.
struct Sums {
    weight: f64,
    values: f64,
    squares: f64,
    terms: Vec<f64>,
}

impl Layout {
    /// Number of indices.
    fn indices(&self) -> usize {
        let pairs = self.inputs * (self.inputs - 1) / 2;
        2 * self.inputs
            + if self.order == Order::Second {
                pairs
            } else {
                0
            }
    }

    /// Outputs per base sample.
    fn width(&self) -> usize {
        self.inputs
            + 2
            + if self.order == Order::Second {
                self.inputs
            } else {
                0
            }
    }

    /// Sums over all base samples, in blocks and in order.
    fn sums(&self, scaled: &[f64], counts: Option<&Vec<u32>>) -> Sums {
        let empty = || Sums {
            weight: 0.0,
            values: 0.0,
            squares: 0.0,
            terms: vec![0.0; self.indices()],
        };
        let (mut total, mut block) = (empty(), empty());
        for (number, rows) in scaled.chunks(BLOCK * self.width()).enumerate() {
            for (place, row) in rows.chunks_exact(self.width()).enumerate() {
                let weight = counts.map_or(1, |c| c[number * BLOCK + place]);
                if weight > 0 {
                    self.add(&mut block, row, f64::from(weight));
                }
            }
            total.take(&mut block);
        }
        total
    }

    /// Adds one base sample.
    fn add(&self, sums: &mut Sums, row: &[f64], weight: f64) {
        let d = self.inputs;
        let (a, b) = (row[0], row[row.len() - 1]);
        let (from_centre, to_centre) = (a - self.centre, b - self.centre);
        sums.weight += weight;
        sums.values += weight * (from_centre + to_centre);
        sums.squares += weight * (from_centre * from_centre + to_centre * to_centre);
        let crossed = &row[1..=d];
        let (first, rest) = sums.terms.split_at_mut(d);
        let (total, pairs) = rest.split_at_mut(d);
        for ((first, total), ab) in first.iter_mut().zip(total).zip(crossed) {
            *first += weight * (b * (ab - a));
            *total += weight * ((a - ab) * (a - ab));
        }
        if self.order == Order::Second {
            let mut rest = pairs;
            for (j, ba) in row[d + 1..=2 * d].iter().enumerate() {
                let (here, later) = rest.split_at_mut(d - 1 - j);
                for (pair, ab) in here.iter_mut().zip(&crossed[j + 1..]) {
                    *pair += weight * (ba * ab - a * b);
                }
                rest = later;
            }
        }
    }
}

impl Sums {
    /// Adds a block and empties it.
    fn take(&mut self, block: &mut Self) {
        self.weight += std::mem::take(&mut block.weight);
        self.values += std::mem::take(&mut block.values);
        self.squares += std::mem::take(&mut block.squares);
        for (to, from) in self.terms.iter_mut().zip(&mut block.terms) {
            *to += std::mem::take(from);
        }
    }

    /// The indices, or `None` if `A` and `B` do not vary.
    fn indices(mut self, layout: &Layout) -> Option<Vec<f64>> {
        let d = layout.inputs;
        let shift = self.values / (2.0 * self.weight);
        let square = self.squares / (2.0 * self.weight);
        let variance = square - shift * shift;
        if variance <= 8.0 * f64::EPSILON * square {
            return None;
        }
        for (place, term) in self.terms.iter_mut().enumerate() {
            let half = if (d..2 * d).contains(&place) {
                0.5
            } else {
                1.0
            };
            *term = half * (*term / self.weight) / variance;
        }
        let mut place = 2 * d;
        if layout.order == Order::Second {
            for j in 0..d {
                for k in j + 1..d {
                    self.terms[place] -= self.terms[j] + self.terms[k];
                    place += 1;
                }
            }
        }
        Some(self.terms)
    }
}

/// Sorts the estimates into a result.
fn report(
    base_samples: usize,
    (mean, variance): (f64, f64),
    estimates: Option<&[Option<Estimate>]>,
    options: &SobolOptions,
) -> SobolIndices {
    let d = options.inputs;
    let at = |place: usize| estimates.and_then(|e| e[place]);
    let inputs = (0..d)
        .map(|j| SobolIndex {
            first: at(j),
            total: at(d + j),
        })
        .collect();
    let pairs = if options.order == Order::Second {
        (0..d)
            .flat_map(|j| (j + 1..d).map(move |k| (j, k)))
            .enumerate()
            .map(|(place, (first_input, second_input))| SobolPair {
                first_input,
                second_input,
                interaction: at(2 * d + place),
            })
            .collect()
    } else {
        Vec::new()
    };
    SobolIndices {
        base_samples,
        mean,
        variance,
        inputs,
        pairs,
    }
}
