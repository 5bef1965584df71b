//! Sobol points, plain and scrambled.

use std::collections::BTreeSet;

use super::super::{Design, MOST_SOBOL_DIMS, Points};
use super::{chi_score, columns, correlation, discrepancy};

fn points(design: Design, dims: usize, draws: u64, seed: u64) -> Vec<Vec<f64>> {
    columns(&Points::new(design, dims, draws, seed).unwrap())
}

/// From `scipy.stats.qmc.Sobol(d=2048, scramble=False).random(1024)` (SciPy 1.17):
/// dimension; checksum over the 1,024 numerators (denominator 1024); the numerators
/// of points 1, 2, 3, 500, 777, 1023.
const SCIPY: [(usize, u64, [u64; 6]); 11] = [
    (1, 0x7552_d7d5_dfd3_b100, [512, 768, 256, 450, 709, 1]),
    (2, 0x40b4_0f7a_8302_4b00, [512, 256, 768, 66, 959, 771]),
    (3, 0xb924_2643_fae6_7d00, [512, 256, 768, 354, 167, 627]),
    (4, 0x8d52_09ef_d95b_7900, [512, 256, 768, 418, 281, 149]),
    (10, 0x4717_f762_1326_1f00, [512, 768, 256, 142, 331, 871]),
    (100, 0xab6c_9437_e46b_5d00, [512, 768, 256, 882, 523, 543]),
    (500, 0x5389_09cc_4cb0_8200, [512, 256, 768, 694, 329, 485]),
    (1111, 0xf233_eb27_2b5c_9b00, [512, 768, 256, 378, 599, 603]),
    (1112, 0xdf98_033d_7832_b100, [512, 256, 768, 102, 295, 723]),
    (2047, 0x877d_263a_d32f_6100, [512, 256, 768, 218, 151, 443]),
    (2048, 0x0b9d_0e1d_c168_7d00, [512, 768, 256, 394, 211, 247]),
];

#[test]
fn plain_points_are_those_of_scipy() {
    let sobol = Points::new(Design::PlainSobol, MOST_SOBOL_DIMS, 1024, 0).unwrap();
    for (dimension, checksum, samples) in SCIPY {
        let mut column = [0.0; 1024];
        sobol.column(dimension - 1, 0, &mut column);
        let numerators: Vec<u64> = column.iter().map(|u| (u * 1024.0) as u64).collect();
        for (u, &k) in column.iter().zip(&numerators) {
            assert!(
                u.to_bits() == (k as f64 / 1024.0).to_bits(),
                "{u} is no multiple of 1/1024"
            );
        }
        let picked = [1, 2, 3, 500, 777, 1023].map(|i| numerators[i]);
        assert_eq!(picked, samples, "dimension {dimension}");
        let found = numerators.iter().fold(0_u64, |sum, &k| {
            (sum ^ k)
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407)
        });
        assert_eq!(found, checksum, "dimension {dimension}");
    }
}

#[test]
fn the_table_is_whole() {
    let text = include_str!("../joe_kuo.txt");
    let rows: Vec<Vec<u64>> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            line.split(' ')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect();
    assert_eq!(rows.len(), MOST_SOBOL_DIMS - 1);
    let mut polynomials = BTreeSet::new();
    for (d, row) in (2..).zip(&rows) {
        let s = row[1] as usize;
        assert_eq!((row[0], row.len()), (d, 3 + s));
        assert!(
            row[2] < 1 << (s - 1) && polynomials.insert((s, row[2])),
            "polynomial of {d}"
        );
        for (k, m) in (1..).zip(&row[3..]) {
            assert!(m % 2 == 1 && *m < 1 << k, "m_{k} of {d}");
        }
    }
}

#[test]
fn every_dimension_is_balanced() {
    // Any 2^m points from a multiple of 2^m on: one in each of 2^m intervals.
    for design in [Design::PlainSobol, Design::Sobol] {
        let sobol = Points::new(design, MOST_SOBOL_DIMS, 4096, 17).unwrap();
        for d in (0..MOST_SOBOL_DIMS)
            .step_by(41)
            .chain([1, 2, 3, MOST_SOBOL_DIMS - 1])
        {
            for (first, m) in [(0, 12), (1024, 10), (3 * 256, 8), (4096 - 16, 4)] {
                let mut column = vec![0.0; 1 << m];
                sobol.column(d, first, &mut column);
                let cells: BTreeSet<u64> = column
                    .iter()
                    .map(|u| (u * f64::from(1 << m)) as u64)
                    .collect();
                assert_eq!(
                    cells.len(),
                    1 << m,
                    "dimension {d}, {} points from {first}",
                    1 << m
                );
            }
        }
    }
}

/// Whether 2^m points are a (t, m, 2)-net: 2^t points in every box of volume 2^(t−m).
fn is_net(x: &[f64], y: &[f64], t: u32) -> bool {
    let m = x.len().ilog2();
    (0..=m - t).all(|i| {
        let j = m - t - i;
        let mut counts = vec![0_u32; 1 << (m - t)];
        for (u, v) in x.iter().zip(y) {
            let (a, b) = (u * f64::from(1 << i), v * f64::from(1 << j));
            counts[((a as usize) << j) + b as usize] += 1;
        }
        counts.iter().all(|&n| n == 1 << t)
    })
}

#[test]
fn pairs_of_dimensions_are_nets_and_stay_nets_when_scrambled() {
    let quality = |all: &[Vec<f64>], i: usize, j: usize| {
        (0..10).find(|&t| is_net(&all[i], &all[j], t)).unwrap_or(10)
    };
    let plain = points(Design::PlainSobol, 12, 1024, 0);
    assert!(
        is_net(&plain[0], &plain[1], 0),
        "the first two dimensions are a (0, m, 2)-net"
    );
    for seed in 0..4 {
        let scrambled = points(Design::Sobol, 12, 1024, seed);
        for (i, j) in [(0, 1), (1, 2), (0, 5), (3, 7), (9, 11), (10, 11)] {
            assert_eq!(
                quality(&scrambled, i, j),
                quality(&plain, i, j),
                "dimensions {i}, {j}"
            );
        }
    }
}

#[test]
fn digits_of_a_scrambled_point_are_uniform_over_seeds() {
    // Every point, the corner among them, is uniform over scrambles.
    for index in [0, 1, 500] {
        let mut counts = vec![0; 64];
        let mut fine = vec![0; 64];
        for seed in 0..20_000 {
            let sobol = Points::new(Design::Sobol, 1, 512, seed).unwrap();
            let mut u = [0.0];
            sobol.column(0, index, &mut u);
            counts[(u[0] * 64.0) as usize] += 1;
            fine[((u[0] * 1_048_576.0).fract() * 64.0) as usize] += 1;
        }
        assert!(
            chi_score(&counts).abs() < 4.0,
            "{index}: {}",
            chi_score(&counts)
        );
        assert!(
            chi_score(&fine).abs() < 4.0,
            "{index}: {}",
            chi_score(&fine)
        );
    }
}

#[test]
fn a_scramble_is_nested_and_its_flips_are_independent() {
    // Points that share k digits share k scrambled digits; digit k+1 differs; the
    // digits behind are those of independent numbers.
    let seeds = 3000_u64;
    let mut behind = [[0_i32; 15]; 8];
    for seed in 0..seeds {
        let plain = points(Design::PlainSobol, 1, 256, 0).swap_remove(0);
        let mixed = points(Design::Sobol, 1, 256, seed).swap_remove(0);
        let digits = |u: f64| (u * f64::from(1 << 24)) as u32;
        let pairs = [
            (0, 1),
            (2, 3),
            (17, 90),
            (200, 31),
            (128, 129),
            (77, 76),
            (5, 250),
        ];
        for &(a, b) in &pairs {
            let shared = (digits(plain[a]) ^ digits(plain[b])).leading_zeros() - 8;
            let difference = digits(mixed[a]) ^ digits(mixed[b]);
            assert_eq!(difference.leading_zeros() - 8, shared);
            for (k, count) in behind[shared as usize].iter_mut().enumerate() {
                let bit = 22 - shared - k as u32;
                *count += if (difference >> bit) & 1 == 1 { 1 } else { -1 };
            }
        }
    }
    for (shared, counts) in behind
        .iter()
        .enumerate()
        .filter(|(_, counts)| counts[0] != 0)
    {
        // Several pairs may share as many digits: at most 3 per seed.
        for (k, count) in counts.iter().enumerate() {
            let score = f64::from(*count) / (3.0 * seeds as f64).sqrt();
            assert!(
                score.abs() < 4.5,
                "{shared} digits shared, digit +{}: {score}",
                k + 2
            );
        }
    }
}

#[test]
fn correlations_between_dimensions_are_those_of_an_exact_scramble() {
    // Standard deviation over scrambles of the correlation of two dimensions, 4096
    // points, from an Owen scramble with a stored flip per node of the tree. Some pairs
    // of high dimensions are poor nets, and the scramble cannot mend that.
    for (i, j, expected) in [(152, 130, 0.0349), (5, 9, 0.000_56), (0, 1, 0.000_031)] {
        let squares: f64 = (0..300)
            .map(|seed| {
                let sobol = Points::new(Design::Sobol, 153, 4096, seed).unwrap();
                let mut x = vec![vec![0.0; 4096]; 2];
                sobol.column(i, 0, &mut x[0]);
                sobol.column(j, 0, &mut x[1]);
                correlation(&x[0], &x[1]).powi(2)
            })
            .sum();
        let found = (squares / 300.0).sqrt();
        assert!((found / expected - 1.0).abs() < 0.2, "{i} {j}: {found}");
    }
}

#[test]
fn discrepancy_falls_and_beats_random() {
    let of = |design, n| discrepancy(&points(design, 4, n, 1));
    let (small, large) = (of(Design::Sobol, 64), of(Design::Sobol, 1024));
    assert!(large < small / 30.0, "{small} {large}");
    assert!(large < of(Design::Random, 1024) / 10.0);
    assert!(large < 2.0 * of(Design::PlainSobol, 1024));
}

#[test]
fn means_converge_faster_than_those_of_random_numbers() {
    // Π (1 + (u_d − ½)/2) has mean 1.
    let error = |design: Design, n: u64| {
        let squares: f64 = (0..20)
            .map(|seed| {
                let all = points(design.clone(), 6, n, seed);
                let mean = (0..n as usize)
                    .map(|i| {
                        all.iter()
                            .map(|c| 1.0 + (c[i] - 0.5) / 2.0)
                            .product::<f64>()
                    })
                    .sum::<f64>()
                    / n as f64;
                (mean - 1.0).powi(2)
            })
            .sum();
        (squares / 20.0).sqrt()
    };
    assert!(error(Design::Sobol, 4096) < error(Design::Random, 4096) / 50.0);
    // O(n^−1.5): 64 times the points, a 512th of the error; a quarter of that will do.
    assert!(error(Design::Sobol, 4096) < error(Design::Sobol, 64) / 128.0);
}
