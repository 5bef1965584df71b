//! Tests of the designs, by property and against published programs.

// Bits are what is compared: equal floats are meant to be equal.
#![allow(clippy::float_cmp)]

mod correlate;
mod distributions;
mod gridded;
mod latin;
mod levels;
mod normal;
mod random;
mod recognise;
mod sensitivity;
mod sobol;
mod strata;

use super::{Design, DesignError, Points};

/// All draws of a design, one column per dimension.
fn columns(points: &Points) -> Vec<Vec<f64>> {
    (0..points.dims())
        .map(|d| {
            let mut column = vec![0.0; points.len() as usize];
            points.column(d, 0, &mut column);
            column
        })
        .collect()
}

/// Chi-squared of counts that should be equal, as a standard score.
fn chi_score(counts: &[u32]) -> f64 {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    let chi: f64 = counts
        .iter()
        .map(|&n| (f64::from(n) - expected).powi(2) / expected)
        .sum();
    let freedom = counts.len() as f64 - 1.0;
    (chi - freedom) / (2.0 * freedom).sqrt()
}

/// Linear correlation.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sum = |f: fn(f64, f64) -> f64| -> f64 {
        x.iter()
            .zip(y)
            .map(|(a, b)| f(a - mean_x, b - mean_y))
            .sum()
    };
    sum(|a, b| a * b) / (sum(|a, _| a * a) * sum(|_, b| b * b)).sqrt()
}

/// Centred L2 discrepancy, squared (Hickernell 1998).
fn discrepancy(columns: &[Vec<f64>]) -> f64 {
    let (n, dims) = (columns[0].len(), columns.len());
    let centred: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| column.iter().map(|u| u - 0.5).collect())
        .collect();
    let single: f64 = (0..n)
        .map(|i| {
            let factor = |c: &Vec<f64>| 1.0 + 0.5 * c[i].abs() - 0.5 * c[i] * c[i];
            centred.iter().map(factor).product::<f64>()
        })
        .sum();
    let double: f64 = (0..n)
        .flat_map(|i| (0..n).map(move |k| (i, k)))
        .map(|(i, k)| {
            let factor = |c: &Vec<f64>| {
                1.0 + 0.5 * c[i].abs() + 0.5 * c[k].abs() - 0.5 * (c[i] - c[k]).abs()
            };
            centred.iter().map(factor).product::<f64>()
        })
        .sum();
    let n = n as f64;
    (13.0_f64 / 12.0).powf(dims as f64) - 2.0 / n * single + double / (n * n)
}

/// One of each design, of about `draws` draws.
fn every_design(dims: usize, draws: u64) -> Vec<Points> {
    let list: Vec<Vec<f64>> = (0..draws)
        .map(|i| {
            (0..dims)
                .map(|d| ((i + d as u64) % 11) as f64 / 10.0)
                .collect()
        })
        .collect();
    [
        Design::Random,
        Design::LatinHypercube,
        Design::Sobol,
        Design::PlainSobol,
        Design::Saltelli {
            second_order: false,
        },
        Design::Saltelli { second_order: true },
        Design::Morris { levels: 4 },
        Design::Grid {
            sizes: (0..dims as u64).map(|d| 1 + (d + 2) % 4).collect(),
        },
        Design::List { rows: list.into() },
    ]
    .into_iter()
    .map(|design| Points::new(design, dims, draws, 42).unwrap())
    .collect()
}

#[test]
fn any_slice_has_the_bits_of_the_whole() {
    for points in every_design(5, 777) {
        let whole = columns(&points);
        for (first, block) in [(0, 1), (1, 1), (3, 64), (128, 128), (500, 277), (700, 13)] {
            if first + block > points.len() {
                continue;
            }
            let mut out = vec![f64::NAN; 5 * block as usize];
            points.fill(first, &mut out);
            for (d, column) in out.chunks(block as usize).enumerate() {
                let part = &whole[d][first as usize..(first + block) as usize];
                assert_eq!(column, part, "{} from {first}", points.design().id());
            }
        }
        // One by one and backwards.
        for index in (0..points.len()).rev() {
            let mut row = [0.0; 5];
            points.fill(index, &mut row);
            let expected: Vec<f64> = whole.iter().map(|column| column[index as usize]).collect();
            assert_eq!(&row[..], &expected, "{} at {index}", points.design().id());
        }
    }
}

#[test]
fn coordinates_stay_in_the_unit_cube() {
    for points in every_design(6, 999) {
        let all: Vec<f64> = columns(&points).concat();
        assert!(
            all.iter().all(|u| (0.0..=1.0).contains(u)),
            "{}",
            points.design().id()
        );
        let ends = all.iter().any(|&u| u <= 0.0 || u >= 1.0);
        assert_eq!(ends, points.touches_ends(), "{}", points.design().id());
    }
}

#[test]
fn longer_samples_continue_shorter_ones() {
    for design in [
        Design::Random,
        Design::Sobol,
        Design::Saltelli {
            second_order: false,
        },
    ] {
        let short = columns(&Points::new(design.clone(), 4, 60, 9).unwrap());
        let long = columns(&Points::new(design, 4, 60_000, 9).unwrap());
        for (a, b) in short.iter().zip(&long) {
            assert_eq!(a[..], b[..a.len()]);
        }
    }
}

#[test]
fn the_seed_matters_where_something_is_random() {
    for points in every_design(3, 50) {
        let other = Points::new(points.design().clone(), 3, 50, 43).unwrap();
        let same = columns(&points) == columns(&other);
        let fixed = matches!(
            points.design(),
            Design::PlainSobol | Design::Grid { .. } | Design::List { .. }
        );
        assert_eq!(same, fixed, "{}", points.design().id());
    }
}

#[test]
fn draws_are_rounded_to_whole_groups() {
    let len = |design, draws| Points::new(design, 10, draws, 0).unwrap().len();
    assert_eq!(len(Design::Sobol, 1000), 1000);
    assert_eq!(
        len(
            Design::Saltelli {
                second_order: false
            },
            12
        ),
        12
    );
    assert_eq!(
        len(
            Design::Saltelli {
                second_order: false
            },
            13
        ),
        24
    );
    assert_eq!(len(Design::Saltelli { second_order: true }, 1), 22);
    assert_eq!(len(Design::Morris { levels: 4 }, 1), 11);
    let saltelli = Points::new(Design::Saltelli { second_order: true }, 10, 100, 0).unwrap();
    assert_eq!((saltelli.len(), saltelli.groups()), (110, 5));
}

#[test]
fn what_cannot_be_laid_out_is_said() {
    let error = |design, dims, draws| Points::new(design, dims, draws, 0).unwrap_err();
    assert_eq!(error(Design::Random, 0, 5), DesignError::NoDims);
    assert_eq!(error(Design::Random, 5, 0), DesignError::NoDraws);
    assert_eq!(
        error(Design::Morris { levels: 3 }, 2, 9),
        DesignError::Levels(3)
    );
    assert_eq!(
        error(Design::Morris { levels: 0 }, 2, 9),
        DesignError::Levels(0)
    );
    let many = error(Design::Sobol, 2049, 5);
    assert_eq!(
        many.to_string(),
        "sobol takes at most 2048 dimensions, not 2049; use latin-hypercube or random"
    );
    assert!(matches!(
        error(
            Design::Saltelli {
                second_order: false
            },
            1025,
            5
        ),
        DesignError::TooManyDims { most: 1024, .. }
    ));
    assert!(matches!(
        error(Design::Random, 1, u64::MAX),
        DesignError::TooManyDraws { .. }
    ));
    let saltelli = error(
        Design::Saltelli {
            second_order: false,
        },
        4,
        u64::MAX,
    );
    assert_eq!(saltelli, DesignError::TooManyDraws { draws: None });
    let huge = error(
        Design::Grid {
            sizes: vec![1 << 40; 3],
        },
        3,
        1,
    );
    assert!(huge.to_string().contains("more than 2^64"), "{huge}");
    let grid = error(Design::Grid { sizes: vec![2, 3] }, 3, 1);
    assert_eq!(
        grid.to_string(),
        "grid describes 2 dimensions; the sweep has 3"
    );
    let empty = error(Design::Grid { sizes: vec![2, 0] }, 2, 1);
    assert_eq!(empty, DesignError::NoLevels { dim: 1 });
    let rows = |rows: Vec<Vec<f64>>| Design::List { rows: rows.into() };
    assert_eq!(error(rows(vec![]), 2, 1), DesignError::NoDraws);
    assert!(matches!(
        error(rows(vec![vec![0.5]]), 2, 1),
        DesignError::Dims { found: 1, .. }
    ));
    let outside = error(rows(vec![vec![0.5, 0.5], vec![0.1, 1.5]]), 2, 1);
    assert_eq!(
        outside,
        DesignError::Coordinate {
            row: 1,
            column: 1,
            value: 1.5
        }
    );
}

#[test]
fn bits_are_the_same_everywhere() {
    // FNV-1a over the bits of 777 draws in 5 dimensions, seed 42: a change here makes
    // earlier runs unrepeatable.
    let pinned = [
        0xcb2e_8720_da57_9de9_u64,
        0x1650_2822_3b7f_9dee,
        0xf55e_d0a7_d5b9_3fa5,
        0x8d37_8da3_74e6_7529,
        0xc655_2f94_2358_9ae3,
        0x27d2_8082_eb9b_98dd,
        0x01b6_deff_31ae_8345,
        0x59ac_0dcd_9443_ba85,
        0xd916_2fe7_6c1b_9fb0,
    ];
    let found = every_design(5, 777).into_iter().map(|points| {
        columns(&points)
            .concat()
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, u| {
                u.to_bits().to_le_bytes().iter().fold(sum, |sum, &byte| {
                    (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
                })
            })
    });
    let found: Vec<u64> = found.collect();
    assert_eq!(found, pinned, "{found:#x?}");
}
