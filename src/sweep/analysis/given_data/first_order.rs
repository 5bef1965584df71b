//! First-order indices of many outputs at once, and nothing else.

use rayon::prelude::*;

use super::{centred, classes_for, classes_of, corrected, correlation_ratio};
use crate::analysis::error::{self, AnalysisError, finite};
use crate::analysis::stats;

/// The corrected index ε² of every input (inner) for every output (outer), the same
/// estimate as [`super::analyse`] gives; `None` where the output or the input does not
/// vary. Each input is sorted once for all outputs.
///
/// # Errors
///
/// A value is not finite, columns differ in length, or there are fewer than four rows.
pub fn first_order(
    inputs: &[&[f64]],
    outputs: &[&[f64]],
) -> Result<Vec<Vec<Option<f64>>>, AnalysisError> {
    let rows = inputs.first().map_or(0, |column| column.len());
    error::table("inputs", inputs, rows)?;
    error::table("outputs", outputs, rows)?;
    for output in outputs {
        finite("outputs", 0, output)?;
    }
    if rows < 4 {
        return Err(AnalysisError::TooFew {
            table: "inputs",
            needed: 4,
            found: rows,
        });
    }
    let wanted = classes_for(rows).min(rows / 2).max(1);
    let classes: Vec<Option<(Vec<u32>, usize)>> = inputs
        .par_iter()
        .map(|column| {
            let varies = !stats::constant(column.iter().copied());
            varies.then(|| classes_of(&stats::mid_ranks(column), wanted))
        })
        .collect();
    let each = outputs.par_iter().map(|output| {
        if stats::constant(output.iter().copied()) {
            return vec![None; inputs.len()];
        }
        let weighted: Vec<[f64; 2]> = centred(output).into_iter().map(|y| [1.0, y]).collect();
        let squares = stats::sum(weighted.iter().map(|[_, y]| y * y));
        let index = |class: &Option<(Vec<u32>, usize)>| {
            let (class, count) = class.as_ref()?;
            let ratio = correlation_ratio(class, *count, &weighted, squares)?;
            Some(corrected(ratio, rows, *count))
        };
        classes.iter().map(index).collect()
    });
    Ok(each.collect())
}

#[cfg(test)]
mod tests {
    use super::first_order;
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
        let found = first_order(&[&a, &b, &flat], &[&sum, &flat]).unwrap();
        let options = GivenDataOptions {
            replicates: 0,
            ..GivenDataOptions::default()
        };
        let full = analyse(&[&a, &b, &flat], &sum, &options).unwrap();
        for (one, all) in found[0].iter().zip(&full.inputs) {
            match (one, all.first) {
                (Some(one), Some(all)) => assert!((one - all.value).abs() < 1e-12),
                (one, all) => assert!(one.is_none() && all.is_none()),
            }
        }
        assert_eq!(found[1], vec![None; 3]);
    }
}
