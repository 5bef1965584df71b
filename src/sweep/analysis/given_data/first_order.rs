//! First-order indices from any rows: small classes of neighbours, without bias at small
//! sizes, and an interval in closed form.
//!
//! Rows in the order of input `j` are cut into classes of [`rows_per_class`] neighbours
//! (equal values share a class). With class sizes `n_m`, class means `ȳ_m` and `n` rows,
//!
//! ```text
//! e_i² = (y_i − ȳ_m)² n_m / (n_m − 1)         what x_j leaves unexplained near row i
//! λ    = mean e² / V,   V = Σ (y_i − ȳ)² / (n − 1)
//! S_j  = 1 − λ
//! ```
//!
//! Within a class, `e²` is an unbiased estimate of the conditional variance whatever the
//! size of the class, so classes can be small, and what an output varies *within* a class
//! because of `x_j` itself falls with the square of their width. Classes of a few dozen
//! (as for the correlation ratio, which needs large ones) put 0.80 in place of 0.90 for
//! an output that swings over the range of an input; these are off by less than 0.01 from
//! 250 rows on. Of estimators tried on Ishigami, Sobol G, linear and swinging functions,
//! from 32 to 10,000 rows (these classes; differences of neighbours by rank, Gamboa et
//! al. 2022, and of higher order, Hall, Kay and Titterington 1990), classes of this size
//! had the least error, and rank differences a standard error greater by a fifth.
//!
//! The interval is that of the linear part of `S_j`, with `z` the normal quantile:
//!
//! ```text
//! ψ_i = e_i² − λ (y_i − ȳ)²,     half-width = z · sd(ψ) / (V √n)
//! ```
//!
//! On the functions above it holds the true index in 90–98 % of samples at 95 %. On
//! Latin hypercubes and Sobol points, which err less than random samples, it is on the
//! safe side.
//!
//! **Sobol points** are even in two inputs at once: neighbours along one lie further apart
//! in the others than chance would have it, and what is left unexplained looks larger, in
//! classes of four by up to a third. The inputs themselves tell: another input has nothing
//! to do with this one, so that its own λ along it should be 1. Where it is more on the
//! average over pairs of inputs ([`are_even`]), classes are of up to 32 rows, and λ is
//! divided by ρ, the mean λ of other inputs along this one. (Of twelve equal inputs at 1,000
//! Sobol points the indices then add up to 1.00, and to 0.43 in small classes without ρ.)
//!
//! A full grid is no sample: each value of an input is a class, and `S_j` is the part of
//! the grid's variance that lies between them, `Σ n_m (ȳ_m − ȳ)² / Σ (y_i − ȳ)²`,
//! without an interval.

use rayon::prelude::*;
use serde::Serialize;

use crate::analysis::error::{self, AnalysisError, open_unit};
use crate::analysis::{Estimate, stats};

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Rows {
    /// Draws from the inputs' distributions: indices are estimates with intervals.
    Sample,
    /// Rows chosen by hand: there is nothing that an interval could speak of.
    List,
    /// Every combination of some values: indices are those of the grid, exact.
    Grid,
}

/// Most rows of a class of different values …
const LARGEST: f64 = 20.0;
/// … and of one of even points.
const LARGEST_EVEN: f64 = 32.0;
/// Rows of the classes by which even points are told.
const TOLD_BY: usize = 4;
/// Other inputs that are asked, at most, along each.
const ASKED: usize = 16;
/// Rows below which classes are pairs.
const FEW: usize = 48;

/// Rows of a class: enough of them for a variance, few enough to be alike; about half the
/// cube root of the number of rows.
pub fn rows_per_class(rows: usize) -> usize {
    if rows < FEW {
        return 2;
    }
    (0.5 * libm::cbrt(rows as f64)).round().clamp(3.0, LARGEST) as usize
}

/// The index of every input (inner) for every output (outer), the same estimate as
/// [`super::analyse`] gives; `None` where the output or the input does not vary. Each
/// input is sorted once for all outputs.
///
/// # Errors
///
/// A value is not finite, columns differ in length, there are fewer than four rows, or
/// the confidence is none.
pub fn first_order(
    inputs: &[&[f64]],
    outputs: &[&[f64]],
    of: Rows,
    confidence: f64,
) -> Result<Vec<Vec<Option<Estimate>>>, AnalysisError> {
    let rows = inputs.first().map_or(0, |column| column.len());
    error::table("inputs", inputs, rows)?;
    error::table("outputs", outputs, rows)?;
    open_unit("confidence", confidence)?;
    if rows < 4 {
        return Err(AnalysisError::TooFew {
            table: "inputs",
            needed: 4,
            found: rows,
        });
    }
    let classes = classes(inputs, of);
    let each = outputs.par_iter().map(|output| {
        let Some(output) = stats::normalised(output) else {
            return vec![None; inputs.len()];
        };
        let index = |class: &Option<Classes>| class.as_ref()?.index(&output, confidence);
        classes.iter().map(index).collect()
    });
    Ok(each.collect())
}

/// The classes of every input; `None` if it has one value, or too few rows to tell
/// anything.
pub(super) fn classes(inputs: &[&[f64]], of: Rows) -> Vec<Option<Classes>> {
    let rows = inputs.first().map_or(0, |column| column.len());
    let sorted: Vec<Option<Sorted>> = inputs.par_iter().map(|input| Sorted::of(input)).collect();
    let all = |wanted: usize| -> Vec<Option<Classes>> {
        let cut = |sorted: &Option<Sorted>| sorted.as_ref()?.cut(of, wanted);
        sorted.par_iter().map(cut).collect()
    };
    if of != Rows::Sample {
        return all(rows_per_class(rows));
    }
    let normalised: Vec<Option<Vec<f64>>> = inputs
        .par_iter()
        .map(|input| stats::normalised(input))
        .collect();
    if !are_even(&normalised, &all(TOLD_BY), rows) {
        return all(rows_per_class(rows));
    }
    let wanted = (rows as f64).sqrt().round().clamp(8.0, LARGEST_EVEN) as usize;
    let mut found = all(wanted);
    let apart: Vec<f64> = found
        .par_iter()
        .enumerate()
        .map(|(j, classes)| match classes {
            Some(classes) => average(&asked(&normalised, j, classes)).unwrap_or(1.0),
            None => 1.0,
        })
        .collect();
    for (classes, apart) in found.iter_mut().zip(apart) {
        if let Some(classes) = classes {
            classes.apart = apart.max(1.0);
        }
    }
    found
}

/// Whether neighbours along an input lie further apart in the others than by chance, by
/// five standard errors (0.82 / √rows for a pair of inputs and classes of four).
fn are_even(inputs: &[Option<Vec<f64>>], told_by: &[Option<Classes>], rows: usize) -> bool {
    let pairs: Vec<Vec<f64>> = told_by
        .par_iter()
        .enumerate()
        .filter_map(|(j, classes)| Some(asked(inputs, j, classes.as_ref()?)))
        .collect();
    let pairs = pairs.concat();
    let error = 0.82 / (rows as f64 * pairs.len().max(1) as f64 / 2.0).sqrt();
    average(&pairs).is_some_and(|mean| mean > 1.0 + (5.0 * error).max(0.02))
}

/// λ of the inputs after input `j`, some of them, along it; inputs are normalised.
fn asked(inputs: &[Option<Vec<f64>>], j: usize, classes: &Classes) -> Vec<f64> {
    let others = (1..inputs.len()).map(|l| &inputs[(j + l) % inputs.len()]);
    let left = others.take(ASKED).filter_map(|other| {
        let found = classes.index(other.as_ref()?, 0.5)?;
        Some(1.0 - found.value)
    });
    left.collect()
}

fn average(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| stats::mean(values))
}

/// The rows of a table in classes of neighbours along one input.
pub(super) struct Classes {
    /// Rows in the order of the input.
    rows: Vec<u32>,
    /// Where each class ends among them.
    ends: Vec<usize>,
    of: Rows,
    /// ρ: how much further apart than by chance neighbours lie in other inputs.
    apart: f64,
}

/// The rows of a table in the order of one input.
struct Sorted {
    /// Of equal values, the earlier row first.
    rows: Vec<u32>,
    /// Where each value ends among them; 0 and −0 are one.
    values: Vec<usize>,
}

impl Sorted {
    /// By an input that has more than one value.
    fn of(input: &[f64]) -> Option<Self> {
        if stats::constant(input.iter().copied()) {
            return None;
        }
        let rows: Vec<u32> = (0..u32::try_from(input.len()).ok()?).collect();
        let mut rising: Vec<(f64, u32)> = input.iter().copied().zip(rows).collect();
        rising.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let changes = rising.windows(2).enumerate();
        let mut values: Vec<usize> = changes
            .filter_map(|(i, pair)| (pair[0].0 < pair[1].0).then_some(i + 1))
            .collect();
        values.push(rising.len());
        Some(Self {
            rows: rising.into_iter().map(|(_, row)| row).collect(),
            values,
        })
    }

    /// Cut into classes of so many rows.
    fn cut(&self, of: Rows, wanted: usize) -> Option<Classes> {
        let ends = match of {
            Rows::Grid => self.values.clone(),
            Rows::Sample | Rows::List => cut(&self.values, wanted),
        };
        (ends.len() > 1).then(|| Classes {
            rows: self.rows.clone(),
            ends,
            of,
            apart: 1.0,
        })
    }
}

impl Classes {
    /// Number of classes.
    pub(super) fn count(&self) -> usize {
        self.ends.len()
    }

    /// The index of an output that is centred and of moderate size.
    pub(super) fn index(&self, output: &[f64], confidence: f64) -> Option<Estimate> {
        let n = output.len() as f64;
        let (mut within, mut squares) = (0.0, 0.0);
        // Σ e⁴, Σ e² y², Σ y⁴.
        let mut fourth = [0.0; 3];
        let mut class = Vec::new();
        let mut start = 0;
        for end in &self.ends {
            class.clear();
            class.extend(
                self.rows[start..*end]
                    .iter()
                    .map(|row| output[*row as usize]),
            );
            start = *end;
            let mean = stats::mean(&class);
            let factor = match (self.of, class.len()) {
                (Rows::Grid, _) | (_, 1) => 1.0,
                (_, size) => size as f64 / (size as f64 - 1.0),
            };
            let mut sums = [0.0; 5];
            for y in &class {
                let (left, square) = ((y - mean) * (y - mean) * factor, y * y);
                let terms = [left, square, left * left, left * square, square * square];
                for (sum, term) in sums.iter_mut().zip(terms) {
                    *sum += term;
                }
            }
            within += sums[0];
            squares += sums[1];
            for (sum, term) in fourth.iter_mut().zip(&sums[2..]) {
                *sum += term;
            }
        }
        if squares <= 0.0 {
            return None;
        }
        if self.of == Rows::Grid {
            let value = 1.0 - within / squares;
            return Some(Estimate {
                value,
                half_width: None,
            });
        }
        let variance = squares / (n - 1.0);
        let left = within / n / variance / self.apart;
        let within = within / self.apart;
        fourth[0] /= self.apart * self.apart;
        fourth[1] /= self.apart;
        let mean = within / n - left * squares / n;
        let spread = (fourth[0] - 2.0 * left * fourth[1] + left * left * fourth[2]) / n;
        let deviation = (spread - mean * mean).max(0.0).sqrt();
        let z = stats::normal_quantile(0.5 + confidence / 2.0);
        let half = z * deviation / (variance * n.sqrt());
        Some(Estimate {
            value: 1.0 - left,
            half_width: (self.of == Rows::Sample).then_some(half),
        })
    }
}

/// Joins groups of equal values, given by their ends, to classes of `wanted` rows or more
/// and never of one: a class with a single row has no variance.
fn cut(values: &[usize], wanted: usize) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::with_capacity(values.last().map_or(0, |n| n / wanted));
    let (mut start, mut before) = (0, 0);
    for end in values {
        let (open, group) = (before - start, end - before);
        // What stands before many rows of one value is a class of its own.
        if open > 1 && group >= wanted {
            ends.push(before);
            start = before;
        } else if open == 1 && group >= wanted && !ends.is_empty() {
            ends.pop();
            ends.push(before);
            start = before;
        }
        if end - start >= wanted {
            ends.push(*end);
            start = *end;
        }
        before = *end;
    }
    match before - start {
        0 => {}
        1 if !ends.is_empty() => {
            ends.pop();
            ends.push(before);
        }
        _ => ends.push(before),
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::given_data::{GivenDataOptions, analyse};
    use crate::design::Rng;

    #[test]
    fn it_is_what_the_full_analysis_finds() {
        let column = |d| {
            (0..2000)
                .map(|i| Rng::new(5, d).u01(i))
                .collect::<Vec<f64>>()
        };
        let (a, b) = (column(0), column(1));
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 3.0 * a + b * b).collect();
        let flat = vec![1.0; 2000];
        let inputs = [&a[..], &b, &flat];
        let found = first_order(&inputs, &[&sum, &flat], Rows::Sample, 0.95).unwrap();
        let full = analyse(&inputs, &sum, &GivenDataOptions::default()).unwrap();
        for (one, all) in found[0].iter().zip(&full.inputs) {
            match (one, all.first) {
                (Some(one), Some(all)) => {
                    assert!((one.value - all.value).abs() < 1e-12);
                    let half = |e: Estimate| e.half_width.unwrap();
                    assert!((half(*one) - half(all)).abs() < 1e-12);
                }
                (one, all) => assert!(one.is_none() && all.is_none()),
            }
        }
        assert_eq!(found[1], vec![None; 3]);
    }

    #[test]
    fn classes_hold_whole_values_and_never_one_row() {
        // Ends of the groups of equal values, rows wanted, ends of classes.
        let cases: [(&[usize], usize, &[usize]); 7] = [
            (&[1, 2, 3, 4, 5, 6, 7], 3, &[3, 7]),
            (&[1, 2, 3, 4, 5, 6, 7, 8], 3, &[3, 6, 8]),
            (&[1, 2, 12, 13, 14, 15], 3, &[2, 12, 15]),
            // A single row joins its neighbours.
            (&[1, 11, 12, 22, 23], 3, &[12, 23]),
            (&[50, 100], 5, &[50, 100]),
            (&[1, 100], 5, &[100]),
            (&[1, 2, 3, 4, 5], 2, &[2, 5]),
        ];
        for (values, wanted, expected) in cases {
            assert_eq!(cut(values, wanted), expected, "{values:?} by {wanted}");
        }
    }
}
