//! Correlated Latin hypercubes.

use nalgebra::DMatrix;

use super::super::{Correlation, Design, Points, Strata, score_of_rank};
use super::correlation;

/// Rank correlations of dimensions 3, 0 and 2 of four.
const RANKS: [(usize, usize, f64); 3] = [(0, 1, 0.7), (0, 2, -0.5), (1, 2, -0.2)];
const DIMS: [usize; 3] = [3, 0, 2];

fn tied(draws: u64, seed: u64) -> (Points, Strata) {
    let mut matrix = DMatrix::identity(3, 3);
    for (i, j, rank) in RANKS {
        matrix[(i, j)] = score_of_rank(rank);
        matrix[(j, i)] = score_of_rank(rank);
    }
    let correlation = Correlation::new(DIMS.to_vec(), &matrix).unwrap();
    let points = Points::new(Design::LatinHypercube, 4, draws, seed).unwrap();
    let strata = Strata::new(&points, &correlation).unwrap();
    (points, strata)
}

fn block((points, strata): &(Points, Strata), first: u64, rows: usize) -> Vec<f64> {
    let mut block = vec![0.0; 4 * rows];
    points.fill(first, &mut block);
    strata.fill(first, &mut block, rows);
    block
}

/// Every stratum of every dimension, correlated or not, has its one point.
#[test]
fn every_stratum_keeps_its_point() {
    for n in [
        1_u64, 2, 3, 10, 100, 255, 256, 257, 300, 511, 512, 1000, 4097, 20_000,
    ] {
        for seed in [1, 9] {
            let all = block(&tied(n, seed), 0, n as usize);
            for column in all.chunks_exact(n as usize) {
                let mut seen = vec![false; n as usize];
                for u in column {
                    let stratum = (u * n as f64) as usize;
                    assert!(
                        !std::mem::replace(&mut seen[stratum], true),
                        "{n}: {stratum}"
                    );
                }
            }
        }
    }
}

/// Of coordinates, which are even, the linear correlation is that of the ranks.
#[test]
fn ranks_are_correlated_as_asked() {
    for (n, off) in [
        (30_u64, 0.12),
        (100, 0.06),
        (255, 0.03),
        (600, 0.02),
        (10_000, 0.008),
        (50_000, 0.008),
    ] {
        for seed in 0..3 {
            let all = block(&tied(n, seed), 0, n as usize);
            let column = |d: usize| &all[d * n as usize..(d + 1) * n as usize];
            for (i, j, rank) in RANKS {
                let found = correlation(column(DIMS[i]), column(DIMS[j]));
                assert!((found - rank).abs() < off, "{n} {seed}: {found} for {rank}");
            }
            // Nothing is tied to the dimension that is not.
            if n > 1000 {
                for d in DIMS {
                    let found = correlation(column(d), column(1));
                    assert!(found.abs() < 4.0 / (n as f64).sqrt(), "{n} {d}: {found}");
                }
            }
        }
    }
}

#[test]
fn a_draw_does_not_depend_on_its_block() {
    for n in [200_u64, 1000, 5000] {
        let design = tied(n, 4);
        let whole = block(&design, 0, n as usize);
        for (first, rows) in [(0, 1), (17, 3), (100, 100), (n - 7, 7), (n / 2, 60)] {
            let part = block(&design, first, rows);
            for d in 0..4 {
                let expected = &whole[d * n as usize + first as usize..][..rows];
                assert_eq!(&part[d * rows..][..rows], expected, "{n} {first}");
            }
        }
        assert_ne!(block(&tied(n, 5), 0, n as usize), whole);
    }
}

#[test]
fn the_largest_hypercube_is_no_harder() {
    let n = super::super::MOST_DRAWS - 3;
    let design = tied(n, 8);
    for first in [0, n / 3, n - 600] {
        let all = block(&design, first, 600);
        assert!(all.iter().all(|u| (0.0..1.0).contains(u)));
        let found = correlation(&all[3 * 600..], &all[..600]);
        assert!((found - 0.7).abs() < 0.08, "{found}");
    }
    let none = Points::new(Design::Random, 4, 9, 1).unwrap();
    let tie = Correlation::new(vec![0, 1], &DMatrix::identity(2, 2)).unwrap();
    assert!(Strata::new(&none, &tie).is_none());
}
