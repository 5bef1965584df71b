//! Correlated inputs.

use nalgebra::{Cholesky, DMatrix};

use super::super::normal;
use super::super::{Correlation, CorrelationError, Design, Points, score_of_rank};
use super::{columns, correlation};

fn matrix(n: usize, entries: &[(usize, usize, f64)]) -> DMatrix<f64> {
    let mut matrix = DMatrix::identity(n, n);
    for &(i, j, r) in entries {
        matrix[(i, j)] = r;
        matrix[(j, i)] = r;
    }
    matrix
}

fn scores(column: &[f64]) -> Vec<f64> {
    column.iter().map(|&u| normal::quantile(u)).collect()
}

#[test]
fn correlations_come_back() {
    let wanted = matrix(3, &[(0, 1, 0.8), (0, 2, -0.5), (1, 2, -0.2)]);
    // Out of order and with columns between that stay as they are.
    let dims = vec![4, 0, 2];
    let tie = Correlation::new(dims.clone(), &wanted).unwrap();
    let rows = 200_000;
    for design in [Design::Random, Design::LatinHypercube, Design::Sobol] {
        let points = Points::new(design, 5, rows as u64, 3).unwrap();
        let mut block = vec![0.0; 5 * rows];
        points.fill(0, &mut block);
        let before = block.clone();
        tie.apply(&mut block, rows);
        let column = |d: usize| &block[d * rows..(d + 1) * rows];
        for untouched in [1, 3] {
            assert_eq!(
                column(untouched),
                &before[untouched * rows..(untouched + 1) * rows]
            );
        }
        for (i, &a) in dims.iter().enumerate() {
            for (j, &b) in dims.iter().enumerate() {
                let (x, y) = (column(a), column(b));
                let found = correlation(&scores(x), &scores(y));
                assert!((found - wanted[(i, j)]).abs() < 0.01, "{i} {j}: {found}");
                // Of uniform coordinates the linear correlation is the rank correlation.
                let rank = score_of_rank(correlation(x, y));
                assert!((rank - wanted[(i, j)]).abs() < 0.01, "{i} {j}: {rank}");
            }
            let mean = column(a).iter().sum::<f64>() / rows as f64;
            assert!((mean - 0.5).abs() < 0.003, "uniform margins: {mean}");
        }
    }
}

#[test]
fn a_draw_does_not_depend_on_its_block() {
    let n = 6;
    let r = DMatrix::from_fn(n, n, |i, j| 1.0 / (1.0 + i.abs_diff(j) as f64));
    let tie = Correlation::new((0..n).collect(), &r).unwrap();
    let points = Points::new(Design::Sobol, n, 1000, 3).unwrap();
    let mut whole = vec![0.0; n * 1000];
    points.fill(0, &mut whole);
    tie.apply(&mut whole, 1000);
    for (first, rows) in [(0, 1), (17, 3), (500, 333), (999, 1)] {
        let mut part = vec![0.0; n * rows];
        points.fill(first as u64, &mut part);
        tie.apply(&mut part, rows);
        for d in 0..n {
            let expected = &whole[d * 1000 + first..][..rows];
            assert_eq!(&part[d * rows..][..rows], expected);
        }
    }
}

#[test]
fn no_correlation_changes_nothing() {
    let tie = Correlation::new(vec![0, 1], &DMatrix::identity(2, 2)).unwrap();
    let points = Points::new(Design::Random, 2, 1000, 3).unwrap();
    let before = columns(&points).concat();
    let mut after = before.clone();
    tie.apply(&mut after, 1000);
    for (a, b) in before.iter().zip(after) {
        assert!((a - b).abs() < 1e-15, "{a} {b}");
    }
}

#[test]
fn ends_of_the_cube_stay_inside() {
    let tie = Correlation::new(vec![0, 1], &matrix(2, &[(0, 1, 0.9)])).unwrap();
    let mut block = [0.0, 1.0, 0.5, 0.0, 1.0, 1.0];
    tie.apply(&mut block, 3);
    assert!(block.iter().all(|u| *u > 0.0 && *u < 1.0), "{block:?}");
}

#[test]
fn impossible_correlations_are_named_and_mended() {
    // 0 goes with 1 and with 2, which oppose each other; 3 has no part in it.
    let wrong = matrix(4, &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, -0.9), (0, 3, 0.1)]);
    let error = Correlation::new((0..4).collect(), &wrong).unwrap_err();
    let message = error.to_string();
    let CorrelationError::NotPositive {
        smallest,
        pair,
        nearest,
        ..
    } = error
    else {
        panic!("{message}")
    };
    assert!((-0.9..-0.7).contains(&smallest), "{smallest}");
    assert!(pair.1 < 3, "{pair:?}");
    assert!(message.contains("cannot hold together"), "{message}");
    for i in 0..4 {
        assert!((nearest[(i, i)] - 1.0).abs() < 1e-15);
    }
    assert!((&*nearest - nearest.transpose()).amax() < 1e-15);
    assert!(Cholesky::new((*nearest).clone()).is_some());
    assert!(Correlation::new((0..4).collect(), &nearest).is_ok());
    // A pair at odds with an otherwise sound matrix is the one that is named.
    let mut odd = DMatrix::from_fn(6, 6, |i, j| if i == j { 1.0 } else { 0.8 });
    odd[(2, 4)] = -0.8;
    odd[(4, 2)] = -0.8;
    let named = Correlation::new((0..6).collect(), &odd).unwrap_err();
    assert!(
        matches!(named, CorrelationError::NotPositive { pair: (2, 4), .. }),
        "{named}"
    );
}

#[test]
fn wrong_matrices_are_refused() {
    let error = |dims: Vec<usize>, m: &DMatrix<f64>| Correlation::new(dims, m).unwrap_err();
    let sound = DMatrix::identity(2, 2);
    assert_eq!(error(vec![1, 1], &sound), CorrelationError::Twice(1));
    assert!(matches!(
        error(vec![0], &sound),
        CorrelationError::Size { dims: 1, .. }
    ));
    let range = error(vec![0, 1], &matrix(2, &[(0, 1, 1.2)]));
    assert_eq!(
        range.to_string(),
        "the correlation of inputs 0 and 1 is 1.2; it lies in -1 to 1"
    );
    let mut asymmetric = matrix(2, &[(0, 1, 0.2)]);
    asymmetric[(1, 0)] = 0.3;
    assert_eq!(
        error(vec![0, 1], &asymmetric),
        CorrelationError::Asymmetric {
            pair: (0, 1),
            values: (0.2, 0.3)
        }
    );
    let diagonal = matrix(2, &[(0, 0, 0.5)]);
    assert_eq!(
        error(vec![0, 1], &diagonal),
        CorrelationError::Diagonal { row: 0, value: 0.5 }
    );
    let nan = matrix(2, &[(0, 1, f64::NAN)]);
    assert!(matches!(
        error(vec![0, 1], &nan),
        CorrelationError::Range { .. }
    ));
    let rigid = error(vec![0, 1], &matrix(2, &[(0, 1, 1.0)]));
    assert!(
        matches!(rigid, CorrelationError::NotPositive { pair: (0, 1), .. }),
        "{rigid}"
    );
}
