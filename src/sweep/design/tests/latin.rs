//! Latin hypercubes.

use super::super::{Design, Points};
use super::{columns, correlation, discrepancy};

fn latin(dims: usize, draws: u64, seed: u64) -> Vec<Vec<f64>> {
    columns(&Points::new(Design::LatinHypercube, dims, draws, seed).unwrap())
}

#[test]
fn every_stratum_holds_one_point() {
    for n in [1_u64, 2, 3, 7, 10, 100, 1000, 4096, 12_345] {
        for column in latin(4, n, 8) {
            let mut seen = vec![false; n as usize];
            for u in column {
                let stratum = (u * n as f64) as usize;
                assert!(
                    !std::mem::replace(&mut seen[stratum], true),
                    "{n}: {stratum} twice"
                );
            }
        }
    }
}

#[test]
fn strata_hold_at_the_largest_size() {
    let n = super::super::MOST_DRAWS;
    let points = Points::new(Design::LatinHypercube, 2, n, 8).unwrap();
    let mut block = vec![0.0; 2 * 4096];
    points.fill(n - 4096, &mut block);
    assert!(block.iter().all(|u| (0.0..1.0).contains(u)));
    let strata: std::collections::BTreeSet<u64> = block[..4096]
        .iter()
        .map(|u| (u * n as f64) as u64)
        .collect();
    assert_eq!(strata.len(), 4096);
}

#[test]
fn places_within_strata_are_even() {
    let column = &latin(1, 50_000, 3)[0];
    let inside: Vec<f64> = column.iter().map(|u| (u * 50_000.0).fract()).collect();
    let mean = inside.iter().sum::<f64>() / 50_000.0;
    assert!((mean - 0.5).abs() < 0.006, "{mean}");
    assert!(correlation(column, &inside).abs() < 0.02);
}

#[test]
fn dimensions_are_uncorrelated() {
    let all = latin(12, 10_000, 5);
    for (i, a) in all.iter().enumerate() {
        for (j, b) in all[..i].iter().enumerate() {
            assert!(
                correlation(a, b).abs() < 0.045,
                "{i} {j}: {}",
                correlation(a, b)
            );
        }
    }
}

#[test]
fn margins_make_means_of_sums_exact() {
    // The mean of Σ u_d over strata errs by the jitter alone: O(n^−1.5).
    let all = latin(5, 1000, 1);
    let mean: f64 = all.concat().iter().sum::<f64>() / 1000.0;
    assert!((mean - 2.5).abs() < 1e-4, "{mean}");
    let random = columns(&Points::new(Design::Random, 2, 256, 1).unwrap());
    assert!(discrepancy(&latin(2, 256, 1)) < discrepancy(&random));
}
