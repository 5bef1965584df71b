//! What is refused, and what is not defined.

use super::{slices, uniform};
use crate::analysis::given_data::{self, GivenDataOptions};
use crate::analysis::morris::{self, MorrisOptions};
use crate::analysis::prim::{self, PrimOptions};
use crate::analysis::regression::NoFit;
use crate::analysis::response_map::{Attained, frontier};
use crate::analysis::sobol::{self, Order, SobolOptions};
use crate::analysis::summary::Summary;
use crate::analysis::{AnalysisError, columns_of, tornado};

/// The place an error names, counted from 1.
fn place<T: std::fmt::Debug>(result: Result<T, AnalysisError>) -> String {
    let message = result.unwrap_err().to_string();
    assert!(
        message.ends_with("every value must be a finite number"),
        "{message}"
    );
    message.split(" is ").next().unwrap().to_owned()
}

#[test]
fn numbers_that_are_none_are_refused_by_place() {
    let mut outputs = vec![1.0; 12];
    outputs[6] = f64::NAN;
    let found = sobol::indices(&outputs, &SobolOptions::new(2));
    assert_eq!(place(found), "outputs: row 7, column 1");

    let inputs = [0.0, 0.0, 0.5, 0.0, 0.5, f64::INFINITY];
    let found = morris::effects(&inputs, &[1.0, 2.0, 3.0], &MorrisOptions::new(2));
    assert_eq!(place(found), "inputs: row 3, column 2");

    let column = [1.0, 2.0, 3.0, f64::NAN, 5.0];
    let fine = [1.0, 2.0, 3.0, 4.0, 5.0];
    let found = given_data::analyse(&[&fine, &column], &fine, &GivenDataOptions::default());
    assert_eq!(place(found), "inputs: row 4, column 2");
    let found = prim::find(&[&column], &[true; 5], &PrimOptions::default());
    assert_eq!(place(found), "inputs: row 4, column 1");

    let found = frontier(
        &[0.0, 1.0],
        &[0.0, 1.0],
        &[0.0, 1.0, f64::INFINITY, 3.0],
        1.0,
        Attained::AtMost,
    );
    assert_eq!(place(found), "grid: row 2, column 1");
    let found = tornado::swings(&[1.0], &[f64::NEG_INFINITY], 1.0);
    assert_eq!(place(found), "outputs: row 1, column 2");
    assert_eq!(
        place(Summary::new(4).push(9, f64::NAN)),
        "draws: row 10, column 5"
    );
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let message = |e: AnalysisError| e.to_string();
    let error = sobol::indices(&[1.0; 13], &SobolOptions::new(2)).unwrap_err();
    assert_eq!(
        message(error),
        "outputs: 13 values cannot be divided into rows or groups of 4"
    );
    let error = prim::find(
        &[&[1.0, 2.0], &[1.0]],
        &[true, false],
        &PrimOptions::default(),
    );
    assert_eq!(
        message(error.unwrap_err()),
        "inputs: column 2 has 1 rows where 2 are expected"
    );
    let both = [0.0, 0.0, 0.5, 0.5, 0.5, 1.0];
    let error = morris::effects(&both, &[1.0; 3], &MorrisOptions::new(2)).unwrap_err();
    assert_eq!(error, AnalysisError::Step { row: 1, changed: 2 });
    let twice = [0.0, 0.0, 0.5, 0.0, 1.0, 0.0];
    let error = morris::effects(&twice, &[1.0; 3], &MorrisOptions::new(2)).unwrap_err();
    assert_eq!(error, AnalysisError::Repeated { row: 2, column: 0 });
    let error = frontier(&[0.0, 0.0], &[0.0, 1.0], &[0.0; 4], 0.0, Attained::AtMost);
    assert_eq!(
        message(error.unwrap_err()),
        "x: value 2 is not greater than the one before it"
    );
    assert!(columns_of(&[1.0; 5], 2).is_err());
}

#[test]
fn settings_out_of_range_are_refused() {
    let wrong = SobolOptions {
        confidence: 1.0,
        ..SobolOptions::new(1)
    };
    let error = sobol::indices(&[1.0; 6], &wrong).unwrap_err();
    assert_eq!(
        error.to_string(),
        "confidence is 1; it must be between 0 and 1, both excluded"
    );
    assert!(sobol::indices(&[1.0; 6], &SobolOptions::new(0)).is_err());
    for wrong in [
        PrimOptions {
            peel: 0.5,
            ..PrimOptions::default()
        },
        PrimOptions {
            paste: f64::NAN,
            ..PrimOptions::default()
        },
        PrimOptions {
            least_density: 1.5,
            ..PrimOptions::default()
        },
        PrimOptions {
            least_mass: 0.0,
            ..PrimOptions::default()
        },
    ] {
        assert!(prim::find(&[&[1.0, 2.0]], &[true, false], &wrong).is_err());
    }
}

/// An output that does not vary has no indices, rather than NaN or zero.
#[test]
fn constant_outputs_have_no_indices() {
    // 0.1 is not a binary fraction: its mean may differ from it in the last bit.
    let options = SobolOptions {
        order: Order::Second,
        ..SobolOptions::new(2)
    };
    let found = sobol::indices(&[0.1; 6 * 50], &options).unwrap();
    assert!(
        found
            .inputs
            .iter()
            .all(|i| i.first.is_none() && i.total.is_none())
    );
    assert!(found.pairs.iter().all(|p| p.interaction.is_none()));
    assert!(found.variance <= 0.0);

    let column: Vec<f64> = (0..50).map(|i| uniform(3, i)).collect();
    let flat = vec![0.1; 50];
    let options = GivenDataOptions::default();
    let found = given_data::analyse(&[&column], &flat, &options).unwrap();
    assert!(found.inputs[0].first.is_none() && found.inputs[0].pawn_median.is_none());
    assert_eq!(found.linear, Err(NoFit::ConstantOutput));
    let found = given_data::analyse(&[&flat, &column], &column, &options).unwrap();
    assert!(found.inputs[0].first.is_none() && found.inputs[1].first.is_some());
    let fit = found.linear.unwrap();
    assert!(fit.standardised[0].is_none() && fit.standardised[1].is_some());

    let inputs = [0.0, 0.5, 0.5, 0.0];
    let found = morris::effects(&inputs, &[7.0; 4], &MorrisOptions::new(1)).unwrap();
    assert!(found.inputs[0].mu_star.value <= 0.0 && found.inputs[0].sigma == Some(0.0));
    let one = morris::effects(&inputs[..2], &[7.0, 8.0], &MorrisOptions::new(1)).unwrap();
    assert!(one.inputs[0].sigma.is_none() && one.inputs[0].mu_star.half_width.is_none());
}

/// The same bits on one thread and on several.
#[test]
fn threads_do_not_matter() {
    let columns: Vec<Vec<f64>> = (0..4)
        .map(|j| (0..6000).map(|i| uniform(j, i)).collect())
        .collect();
    let output: Vec<f64> = (0..6000)
        .map(|i| columns[0][i] * columns[1][i] + columns[2][i])
        .collect();
    let positive: Vec<bool> = output.iter().map(|y| *y > 0.9).collect();
    let all = || {
        (
            sobol::indices(&output, &SobolOptions::new(4)).unwrap(),
            given_data::analyse(&slices(&columns), &output, &GivenDataOptions::default()).unwrap(),
            prim::find(&slices(&columns), &positive, &PrimOptions::default()).unwrap(),
        )
    };
    let on = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(all)
    };
    assert_eq!(on(1), on(3));
}
