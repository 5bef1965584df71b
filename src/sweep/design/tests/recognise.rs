//! Designs are told from their points, and shuffled rows put back.

use super::super::recognise::{Flaw, Scheme, check_morris};
use super::super::{Design, Distribution, Points, Rng};
use crate::design::rng::Purpose;

fn columns(design: Design, dims: usize, draws: u64) -> Vec<Vec<f64>> {
    let points = Points::new(design, dims, draws, 5).unwrap();
    let normal = Distribution::Normal { mean: 3.0, sd: 2.0 };
    let uniform = Distribution::Uniform { lo: -1.0, hi: 4.0 };
    (0..dims)
        .map(|d| {
            let mut column = vec![0.0; points.len() as usize];
            points.column(d, 0, &mut column);
            let of = if d == 1 && !points.touches_ends() {
                &normal
            } else {
                &uniform
            };
            of.apply(&mut column).unwrap();
            column
        })
        .collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

/// A permutation by sorting random numbers.
fn shuffle(rows: usize, seed: u64) -> Vec<usize> {
    let mut keys = vec![0.0; rows];
    Rng::of(seed, Purpose::Random, 0).fill(0, &mut keys);
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by(|a, b| keys[*a].total_cmp(&keys[*b]));
    order
}

fn reordered(columns: &[Vec<f64>], order: &[usize]) -> Vec<Vec<f64>> {
    let take = |column: &Vec<f64>| order.iter().map(|row| column[*row]).collect();
    columns.iter().map(take).collect()
}

const SCHEMES: [(Scheme, bool); 2] = [(Scheme::First, false), (Scheme::Second, true)];

#[test]
fn saltelli_samples_are_told_in_any_order() {
    for dims in 1..6 {
        for (scheme, second_order) in SCHEMES {
            let design = Design::Saltelli { second_order };
            let draws = 16 * design.group(dims);
            let whole = columns(design, dims, draws);
            assert_eq!(scheme.check(&slices(&whole)), Ok(()), "{dims} {scheme:?}");
            if dims == 1 {
                continue; // every row is a neighbour of every other
            }
            let mut restored = Vec::new();
            for seed in [1, 2] {
                let mixed = reordered(&whole, &shuffle(draws as usize, seed));
                assert!(scheme.check(&slices(&mixed)).is_err());
                let order = scheme.restore(&slices(&mixed)).unwrap();
                let back = reordered(&mixed, &order);
                assert_eq!(scheme.check(&slices(&back)), Ok(()));
                restored.push(back);
            }
            assert_eq!(restored[0], restored[1], "any shuffle gives one order");
        }
    }
}

#[test]
fn a_first_order_sample_comes_back_as_it_was() {
    let design = Design::Saltelli {
        second_order: false,
    };
    let whole = columns(design, 4, 6 * 8);
    let order = shuffle(48, 3);
    let back = Scheme::First
        .restore(&slices(&reordered(&whole, &order)))
        .unwrap();
    // Every group is a group of before, in its order.
    for group in back.chunks_exact(6) {
        let rows: Vec<usize> = group.iter().map(|row| order[*row]).collect();
        let expected: Vec<usize> = (rows[0]..rows[0] + 6).collect();
        assert_eq!(rows, expected);
        assert_eq!(rows[0] % 6, 0);
    }
}

#[test]
fn other_rows_are_no_saltelli_sample() {
    let random = columns(Design::Random, 3, 40);
    for (scheme, _) in SCHEMES {
        let found = scheme.check(&slices(&random)).unwrap_err();
        assert_eq!((found.row, found.sound), (1, 0));
        assert_eq!(scheme.restore(&slices(&random)), None);
    }
}

#[test]
fn the_row_at_fault_is_named() {
    let design = Design::Saltelli {
        second_order: false,
    };
    let mut whole = columns(design, 3, 5 * 4);
    whole[1][5 + 3] += 1e-9;
    let found = Scheme::First.check(&slices(&whole)).unwrap_err();
    assert_eq!((found.row, found.place, found.sound), (8, 3, 3));
    assert_eq!(found.flaw, Flaw::Differs { input: 1, with: 5 });
    for column in &mut whole {
        column.truncate(18);
    }
    whole[1][8] = whole[1][5];
    let found = Scheme::First.check(&slices(&whole)).unwrap_err();
    assert_eq!((found.row, found.flaw), (15, Flaw::Incomplete { rows: 3 }));
}

#[test]
fn morris_trajectories_are_told() {
    let mut whole = columns(Design::Morris { levels: 4 }, 4, 5 * 6);
    assert_eq!(check_morris(&slices(&whole)), Ok(()));
    for column in &mut whole {
        column.swap(6, 8);
    }
    let found = check_morris(&slices(&whole)).unwrap_err();
    assert_eq!((found.row, found.sound), (6, 5));
    assert!(matches!(found.flaw, Flaw::Changed(2 | 3)), "{found:?}");
    assert!(check_morris(&slices(&columns(Design::Random, 4, 30))).is_err());
}
