//! Levels of Morris designs, from their values.

use super::super::levels::Levels;
use super::super::recognise::{check_morris, without_repeats};
use super::super::{Design, Distribution, Points, morris_levels};

/// The columns of a design, every input over its own range.
fn design(levels: u32, dims: usize, trajectories: u64) -> Vec<Vec<f64>> {
    let draws = trajectories * (dims as u64 + 1);
    let points = Points::new(Design::Morris { levels }, dims, draws, 3).unwrap();
    (0..dims)
        .map(|d| {
            let mut column = vec![0.0; draws as usize];
            points.column(d, 0, &mut column);
            let (lo, width) = (-7.0 + d as f64, 0.3 + 11.0 * d as f64);
            column.iter().map(|u| lo + u * width).collect()
        })
        .collect()
}

fn levels(columns: &[Vec<f64>]) -> Levels {
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    assert_eq!(check_morris(&slices), Ok(()));
    Levels::of(&slices)
}

#[test]
fn own_designs_fit_their_levels_and_no_fewer() {
    for p in [2, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 31, 50] {
        let found = levels(&design(p, 3, 400));
        let step = f64::from(p) / (2.0 * f64::from(p - 1));
        let fit = found.fit(p).unwrap();
        assert!(
            (fit.step - step).abs() < 1e-15 && !(fit.quantiles && p <= 20),
            "{p}"
        );
        for other in [2, 4, 6, 8, 10, 12, 20].into_iter().filter(|q| *q < p) {
            assert!(found.fit(other).is_err(), "{p} levels taken for {other}");
        }
        if p % 2 == 0 {
            assert_eq!(found.fewest(), Some(p));
        }
    }
}

/// A few trajectories show a part of the range; the step tells it all the same.
#[test]
fn two_trajectories_suffice() {
    let a = [0.2, 0.2, 0.8, 0.8, 0.6, 0.0, 0.0, 0.0];
    let b = [10.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 8.0];
    let c = [5.0, 5.0, 5.0, 7.4, 5.0, 5.0, 7.4, 7.4];
    let found = levels(&[a.to_vec(), b.to_vec(), c.to_vec()]);
    assert_eq!(found.fit(4), Err(0));
    assert_eq!(found.fewest(), Some(6));
    assert!((found.fit(6).unwrap().step - 0.6).abs() < 1e-15);
    // Rounded to three digits as well.
    let round = |x: &f64| (x * 1000.0).round() / 1000.0;
    let thirds = design(4, 2, 30);
    let thirds: Vec<Vec<f64>> = thirds
        .iter()
        .map(|c| c.iter().map(round).collect())
        .collect();
    assert_eq!(levels(&thirds).fewest(), Some(4));
}

/// Odd numbers of levels: with SALib's gap in the middle, and as an even grid.
#[test]
fn odd_levels_are_grids_too() {
    assert_eq!(morris_levels(5), [0.0, 0.375, 0.625, 1.0]);
    assert_eq!(morris_levels(4), [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
    // Levels 0, ¼ … 1 with steps of a half.
    let a = [
        0.0, 0.5, 0.5, 0.75, 0.25, 0.25, 0.5, 1.0, 1.0, 0.25, 0.75, 0.75,
    ];
    let b = [
        1.0, 1.0, 0.5, 0.75, 0.75, 0.25, 0.5, 0.5, 0.0, 0.0, 0.0, 0.5,
    ];
    let found = levels(&[a.to_vec(), b.to_vec()]);
    assert!((found.fit(5).unwrap().step - 0.5).abs() < 1e-15);
    assert!(found.fit(4).is_err() && found.fit(6).is_err());
}

/// Quantiles of levels stand on no even spacing: they are taken by their ranks, unless
/// there are too many.
#[test]
fn quantiles_of_levels_are_taken_by_rank() {
    let of = |p: u32| {
        let mut columns = design(p, 2, 60);
        let triangular = Distribution::Triangular {
            lo: 1.0,
            mode: 2.0,
            hi: 9.0,
        };
        let range = |c: &[f64]| {
            c.iter()
                .fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)))
        };
        let (lo, hi) = range(&columns[1]);
        for x in &mut columns[1] {
            *x = (*x - lo) / (hi - lo);
        }
        triangular.apply(&mut columns[1]).unwrap();
        levels(&columns)
    };
    assert!(of(4).fit(4).unwrap().quantiles);
    assert!(of(6).fit(6).unwrap().quantiles);
    assert!(of(6).fit(4).is_err());
    assert_eq!(of(6).fewest(), Some(6));
}

#[test]
fn moves_of_inputs_of_one_value_are_left_out() {
    let columns = design(4, 2, 3);
    // Trajectories of four rows: the second row of each repeats the first.
    let rows = [0, 0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8];
    let take = |c: &Vec<f64>| rows.iter().map(|r| c[*r]).collect::<Vec<f64>>();
    let repeated: Vec<Vec<f64>> = columns.iter().map(take).collect();
    let slices: Vec<&[f64]> = repeated.iter().map(Vec::as_slice).collect();
    let kept = without_repeats(&slices, 1).unwrap();
    assert_eq!(kept, [0, 2, 3, 4, 6, 7, 8, 10, 11]);
    assert_eq!(without_repeats(&slices, 2), None);
    assert_eq!(without_repeats(&slices, 0), None);
}
