//! Test functions whose indices are known.

use std::f64::consts::{PI, TAU};

use super::{close, halton, slices, uniform};
use crate::analysis::given_data::{self, GivenDataOptions, Rows};
use crate::analysis::morris::{self, MorrisOptions};
use crate::analysis::regression::NoFit;
use crate::analysis::sobol::{self, Order, Scaling, SobolIndices, SobolOptions};
use crate::analysis::{AnalysisError, Estimate};
use crate::design::{Design, Points};

const PRIMES: [usize; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/// Outputs in Saltelli order on Halton points in the unit cube.
fn saltelli(
    base: usize,
    d: usize,
    order: Order,
    f: impl Fn(&[f64]) -> f64,
) -> (Vec<f64>, SobolOptions) {
    let mut outputs = Vec::new();
    for i in 0..base {
        let point =
            |from: usize| -> Vec<f64> { (0..d).map(|j| halton(i, PRIMES[from + j])).collect() };
        let (a, b) = (point(0), point(d));
        let mix = |to: &[f64], from: &[f64], j: usize| {
            let mut mixed = to.to_vec();
            mixed[j] = from[j];
            f(&mixed)
        };
        outputs.push(f(&a));
        outputs.extend((0..d).map(|j| mix(&a, &b, j)));
        if order == Order::Second {
            outputs.extend((0..d).map(|j| mix(&b, &a, j)));
        }
        outputs.push(f(&b));
    }
    (
        outputs,
        SobolOptions {
            order,
            ..SobolOptions::new(d)
        },
    )
}

fn values(found: &SobolIndices) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let value = |e: Option<crate::analysis::Estimate>| e.unwrap().value;
    (
        found.inputs.iter().map(|i| value(i.first)).collect(),
        found.inputs.iter().map(|i| value(i.total)).collect(),
        found.pairs.iter().map(|p| value(p.interaction)).collect(),
    )
}

/// Ishigami and Homma (1990) on the unit cube, a = 7, b = 0.1.
fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u.iter().map(|u| TAU * u - PI).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

#[test]
fn ishigami_has_its_analytic_indices() {
    let (a, b) = (7.0_f64, 0.1_f64);
    let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let v2 = a * a / 8.0;
    let v13 = 8.0 * b * b * PI.powi(8) / 225.0;
    let v = v1 + v2 + v13;
    let (outputs, options) = saltelli(8192, 3, Order::Second, ishigami);
    let found = sobol::indices(&outputs, &options).unwrap();
    let (first, total, pairs) = values(&found);
    assert!((found.variance / v - 1.0).abs() < 0.01);
    close(&first, &[v1 / v, v2 / v, 0.0], 0.01);
    close(&total, &[(v1 + v13) / v, v2 / v, v13 / v], 0.01);
    close(&pairs, &[0.0, v13 / v, 0.0], 0.02);
}

#[test]
fn sobol_g_has_its_analytic_indices() {
    let a = [0.0, 1.0, 4.5, 9.0];
    let (outputs, options) = saltelli(8192, 4, Order::First, |u| {
        u.iter()
            .zip(a)
            .map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a))
            .product()
    });
    let parts = a.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let variance = parts.iter().map(|p| 1.0 + p).product::<f64>() - 1.0;
    let found = sobol::indices(&outputs, &options).unwrap();
    let (first, total, _) = values(&found);
    close(&first, &parts.map(|p| p / variance), 0.01);
    close(
        &total,
        &parts.map(|p| p / (1.0 + p) * (variance + 1.0) / variance),
        0.01,
    );
}

/// Of an additive function the total index is the first-order index, and no
/// pair interacts: in the estimators up to sampling error, and exactly so in
/// the elementary effects, which do not vary.
#[test]
fn additive_functions_have_no_interactions() {
    let (outputs, options) = saltelli(4096, 3, Order::Second, |u| {
        3.0 * u[0] + u[1] * u[1] - 2.0 * u[2]
    });
    let (first, total, pairs) = values(&sobol::indices(&outputs, &options).unwrap());
    close(&first, &total, 0.005);
    close(&pairs, &[0.0; 3], 0.01);
    assert!((first.iter().sum::<f64>() - 1.0).abs() < 0.005);

    let mut inputs = Vec::new();
    let mut outputs = Vec::new();
    for t in 0..5 {
        let mut point = [0.25, 0.5, 0.0];
        for step in 0..4 {
            if step > 0 {
                point[(step + t) % 3] += 0.5;
            }
            inputs.extend(point);
            outputs.push(3.0 * point[0] - 2.0 * point[1]);
        }
    }
    let found = morris::effects(&inputs, &outputs, &MorrisOptions::new(3)).unwrap();
    for (effect, slope) in found.inputs.iter().zip([3.0, -2.0, 0.0_f64]) {
        close(
            &[effect.mu, effect.mu_star.value],
            &[slope, slope.abs()],
            1e-15,
        );
        close(&[effect.sigma.unwrap()], &[0.0], 1e-15);
    }
}

#[test]
fn scaling_changes_the_noise_and_not_the_meaning() {
    let (outputs, options) = saltelli(4096, 3, Order::First, |u| 100.0 + ishigami(u));
    let scaled = sobol::indices(&outputs, &options).unwrap();
    let plain = SobolOptions {
        scaling: Scaling::None,
        ..options
    };
    let plain = sobol::indices(&outputs, &plain).unwrap();
    // Total indices are differences, which scaling leaves alone.
    close(&values(&scaled).1, &values(&plain).1, 1e-9);
    let spread = |i: &SobolIndices| i.inputs[0].first.unwrap().half_width.unwrap();
    assert!(spread(&plain) > 5.0 * spread(&scaled));
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    let truth = 0.8;
    let mut held = 0;
    for trial in 0..100 {
        let mut outputs = Vec::new();
        for i in 0..512 {
            let at = |k: usize| uniform(trial, 4 * i + k);
            let f = |x: f64, y: f64| 2.0 * x + y;
            let (a, b) = ([at(0), at(1)], [at(2), at(3)]);
            outputs.extend([f(a[0], a[1]), f(b[0], a[1]), f(a[0], b[1]), f(b[0], b[1])]);
        }
        let found = sobol::indices(&outputs, &SobolOptions::new(2)).unwrap();
        let first = found.inputs[0].first.unwrap();
        held += usize::from((first.value - truth).abs() <= first.half_width.unwrap());
    }
    assert!((88..=100).contains(&held), "{held}");
}

/// A linear output is fitted exactly, even where the usual partial
/// correlations divide 0 by 0.
#[test]
fn linear_outputs_are_fitted_exactly() {
    let columns: Vec<Vec<f64>> = (0..3)
        .map(|j| (0..400).map(|i| halton(i, PRIMES[j])).collect())
        .collect();
    let output: Vec<f64> = (0..400)
        .map(|i| 4.0 * columns[0][i] - 3.0 * columns[1][i])
        .collect();
    let options = GivenDataOptions::default();
    let found = given_data::analyse(&slices(&columns), &output, &options).unwrap();
    let fit = found.linear.unwrap();
    assert!((fit.r_squared - 1.0).abs() < 1e-12);
    let beta: Vec<f64> = fit.standardised.iter().map(|b| b.unwrap()).collect();
    close(&beta, &[0.8, -0.6, 0.0], 0.01);
    close(
        &[fit.partial[0].unwrap(), fit.partial[1].unwrap()],
        &[1.0, -1.0],
        1e-9,
    );
}

/// Functions with their first-order indices: additive, of one and of several periods,
/// and with interactions.
type Known = (&'static str, usize, fn(&[f64]) -> f64, Vec<f64>);

/// Sobol's G function of four inputs.
fn g(u: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0];
    let factor = |(u, a): (&f64, f64)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a);
    u.iter().zip(a).map(factor).product()
}

fn known() -> Vec<Known> {
    let (v1, v2) = (0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2), 49.0 / 8.0);
    let v = v1 + v2 + 8.0 * 0.01 * PI.powi(8) / 225.0;
    let parts = [0.0, 1.0, 4.5, 9.0].map(|a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let all = parts.iter().map(|p| 1.0 + p).product::<f64>() - 1.0;
    vec![
        ("linear", 2, |u| 3.0 * u[0] + u[1], vec![0.9, 0.1]),
        (
            "three periods",
            2,
            |u| 3.0 * (3.0 * TAU * u[0]).sin() + (TAU * u[1]).sin(),
            vec![0.9, 0.1],
        ),
        ("Ishigami", 3, ishigami, vec![v1 / v, v2 / v, 0.0]),
        ("Sobol G", 4, g, parts.map(|p| p / all).to_vec()),
    ]
}

/// The mean error over samples is small beside the spread of one, at sizes at which wide
/// classes were far too low; and the intervals hold the truth as often as they say.
#[test]
fn first_order_indices_are_unbiased_and_their_intervals_hold() {
    for (rows, samples, most) in [(128, 200, 0.04), (1000, 100, 0.006), (4000, 40, 0.004)] {
        for (name, d, f, truth) in known() {
            let (mut error, mut held, mut widths) = (vec![0.0; d], vec![0; d], vec![0.0; d]);
            for sample in 0..samples {
                let columns: Vec<Vec<f64>> = (0..d)
                    .map(|j| {
                        let stream = (rows * samples + sample * 8 + j) as u64;
                        (0..rows).map(|i| uniform(stream, i)).collect()
                    })
                    .collect();
                let point = |i: usize| columns.iter().map(|c| c[i]).collect::<Vec<f64>>();
                let output: Vec<f64> = (0..rows).map(|i| f(&point(i))).collect();
                let found =
                    given_data::first_order(&slices(&columns), &[&output], Rows::Sample, 0.95);
                for (j, index) in found.unwrap()[0].iter().enumerate() {
                    let index = index.unwrap();
                    let (off, half) = (index.value - truth[j], index.half_width.unwrap());
                    error[j] += off / samples as f64;
                    widths[j] += half / samples as f64;
                    held[j] += usize::from(off.abs() <= half);
                }
            }
            for j in 0..d {
                // The mean of so many samples errs by a part of what one does.
                let chance = 1.5 * widths[j] / (samples as f64).sqrt();
                assert!(
                    error[j].abs() < most + chance,
                    "{name} {rows} {j}: {error:?}"
                );
                let least = if rows < 200 { 0.5 } else { 0.86 };
                assert!(
                    held[j] as f64 >= least * samples as f64,
                    "{name} {rows} {j}: {held:?}"
                );
            }
        }
    }
}

/// 0.90 was 0.80 at a thousand rows.
#[test]
fn an_output_that_swings_keeps_its_index_at_a_thousand_rows() {
    let rows = 1000;
    let columns: Vec<Vec<f64>> = (0..2)
        .map(|j| (0..rows).map(|i| uniform(j, i)).collect())
        .collect();
    let output: Vec<f64> = (0..rows)
        .map(|i| 3.0 * (3.0 * TAU * columns[0][i]).sin() + (TAU * columns[1][i]).sin())
        .collect();
    let options = GivenDataOptions::default();
    let found = given_data::analyse(&slices(&columns), &output, &options).unwrap();
    let wide = found.inputs[0].correlation_ratio.unwrap();
    let first = found.inputs[0].first.unwrap();
    assert!(wide < 0.8, "{wide}");
    assert!((first.value - 0.9).abs() < 0.012, "{first:?}");
    assert!(
        (0.002..0.02).contains(&first.half_width.unwrap()),
        "{first:?}"
    );
}

/// Neighbours among Sobol points lie apart in the other inputs: nothing is lost by it.
#[test]
fn sobol_points_lose_nothing() {
    for (rows, off) in [(256, 0.1), (1000, 0.04), (4096, 0.01)] {
        let points = Points::new(Design::Sobol, 12, rows, 5).unwrap();
        let mut block = vec![0.0; 12 * rows as usize];
        points.fill(0, &mut block);
        let columns: Vec<&[f64]> = block.chunks_exact(rows as usize).collect();
        let output: Vec<f64> = (0..rows as usize)
            .map(|i| columns.iter().map(|c| c[i]).sum())
            .collect();
        let found = given_data::first_order(&columns, &[&output], Rows::Sample, 0.95).unwrap();
        let values: Vec<f64> = found[0].iter().map(|e| e.unwrap().value).collect();
        assert!(
            (values.iter().sum::<f64>() - 1.0).abs() < off,
            "{rows}: {values:?}"
        );
        close(&values, &[1.0 / 12.0; 12], off);
    }
}

/// On a full grid the indices of additive functions add up to 1, exactly, and nothing is
/// said of an interval; rows chosen by hand have none either.
#[test]
fn grids_are_exact_and_lists_have_no_interval() {
    let cells: Vec<[f64; 3]> = (0..60)
        .map(|i| [i / 20, i / 4 % 5, i % 4].map(f64::from))
        .collect();
    let columns: Vec<Vec<f64>> = (0..3)
        .map(|d| cells.iter().map(|c| c[d]).collect())
        .collect();
    let output: Vec<f64> = cells
        .iter()
        .map(|c| c[0] * c[0] + 3.0 * c[1] - c[2])
        .collect();
    let of = |rows| given_data::first_order(&slices(&columns), &[&output], rows, 0.95).unwrap();
    let grid: Vec<Estimate> = of(Rows::Grid)[0].iter().map(|e| e.unwrap()).collect();
    let sum: f64 = grid.iter().map(|e| e.value).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    // Variances of 0, 1, 4; of 3 · (0 … 4); of 0 … 3.
    let parts = [26.0 / 9.0, 18.0, 1.25];
    let all: f64 = parts.iter().sum();
    close(
        &grid.iter().map(|e| e.value).collect::<Vec<_>>(),
        &parts.map(|p| p / all),
        1e-12,
    );
    for rows in [Rows::Grid, Rows::List] {
        assert!(of(rows)[0].iter().all(|e| e.unwrap().half_width.is_none()));
    }
    assert!(
        of(Rows::Sample)[0]
            .iter()
            .all(|e| e.unwrap().half_width.is_some())
    );
}

/// Values near the largest number there is are as good as any.
#[test]
fn size_does_not_matter() {
    let rows = 400;
    let columns: Vec<Vec<f64>> = (0..2)
        .map(|j| (0..rows).map(|i| halton(i, PRIMES[j]) - 0.5).collect())
        .collect();
    let output: Vec<f64> = (0..rows)
        .map(|i| columns[0][i] + 0.3 * columns[1][i])
        .collect();
    let times = |values: &[f64], by: f64| values.iter().map(|v| v * by).collect::<Vec<f64>>();
    let options = GivenDataOptions::default();
    let plain = given_data::analyse(&slices(&columns), &output, &options).unwrap();
    for exponent in [-1000, 1023] {
        let by = 2.0_f64.powi(exponent);
        let large = [times(&columns[0], by), columns[1].clone()];
        let found = given_data::analyse(&slices(&large), &times(&output, by), &options).unwrap();
        assert_eq!(found, plain, "{exponent}");
    }
    let (outputs, options) = saltelli(64, 3, Order::First, ishigami);
    let found = sobol::indices(&times(&outputs, 2.0_f64.powi(500)), &options).unwrap();
    assert_eq!(
        found.inputs,
        sobol::indices(&outputs, &options).unwrap().inputs
    );
    let error = sobol::indices(&times(&outputs, 2.0_f64.powi(1000)), &options).unwrap_err();
    assert_eq!(error, AnalysisError::TooLarge { table: "outputs" });
    let inputs = [0.0, 0.0, 0.5, 0.0, 0.5, 0.5];
    let effects = |y: [f64; 3]| morris::effects(&inputs, &y, &MorrisOptions::new(2));
    let error = effects([-1.7e308, 1.7e308, 0.0]).unwrap_err();
    assert_eq!(error, AnalysisError::TooLarge { table: "outputs" });
    let mu = effects([-1e307, 1e307, 0.0]).unwrap().inputs[0].mu;
    assert!((mu / 4e307 - 1.0).abs() < 1e-15);
}

/// The order of rows changes no bit, also where values tie.
#[test]
fn the_order_of_rows_does_not_matter() {
    let n = 500;
    let columns: Vec<Vec<f64>> = vec![
        (0..n).map(|i| uniform(1, i)).collect(),
        (0..n).map(|i| (uniform(2, i) * 4.0).floor()).collect(),
    ];
    let output: Vec<f64> = (0..n)
        .map(|i| (columns[0][i] * 7.0).floor() + columns[1][i].sin())
        .collect();
    let turn = |c: &Vec<f64>| (0..n).map(|i| c[(i * 237 + 11) % n]).collect::<Vec<_>>();
    let turned: Vec<Vec<f64>> = columns.iter().map(turn).collect();
    let options = GivenDataOptions::default();
    let one = given_data::analyse(&slices(&columns), &output, &options).unwrap();
    let other = given_data::analyse(&slices(&turned), &turn(&output), &options).unwrap();
    assert_eq!(one, other);
    assert_eq!(one.inputs[1].classes, 4, "one class for each of few values");
}

#[test]
fn collinear_inputs_are_named() {
    let x: Vec<f64> = (0..50).map(|i| uniform(1, i)).collect();
    let y: Vec<f64> = (0..50).map(|i| uniform(2, i)).collect();
    let sum: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x - 2.0 * y).collect();
    let found = given_data::analyse(&[&x, &y, &sum], &x, &GivenDataOptions::default()).unwrap();
    assert_eq!(found.linear, Err(NoFit::Collinear { input: 2 }));
    assert!(found.ranks.is_ok());
}
