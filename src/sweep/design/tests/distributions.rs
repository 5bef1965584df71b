//! Distributions by their quantiles.

use super::super::{Design, Distribution, DistributionError, Points};
use super::columns;

fn everything() -> Vec<Distribution> {
    let normal = Distribution::Normal { mean: 3.0, sd: 0.5 };
    vec![
        Distribution::Uniform { lo: -1.0, hi: 4.0 },
        Distribution::Triangular {
            lo: 1.0,
            mode: 1.5,
            hi: 4.0,
        },
        Distribution::Triangular {
            lo: 1.0,
            mode: 1.0,
            hi: 4.0,
        },
        Distribution::Triangular {
            lo: 1.0,
            mode: 4.0,
            hi: 4.0,
        },
        normal.clone(),
        Distribution::LogNormal {
            median: 2.0,
            gsd: 1.7,
        },
        Distribution::SplitLogNormal {
            median: 2.0,
            gsd_below: 1.1,
            gsd_above: 2.0,
        },
        Distribution::SplitLogNormal {
            median: 2.0,
            gsd_below: 1.0,
            gsd_above: 2.0,
        },
        Distribution::Discrete {
            values: vec![1.0, 2.0, 5.0],
            weights: vec![3.0, 0.0, 1.0],
        },
        Distribution::Points {
            values: vec![1.0, 2.0, 5.0],
        },
        Distribution::Fixed { value: 7.0 },
        normal.truncated(2.0, 3.2),
        Distribution::Uniform { lo: 0.0, hi: 2.0 }.truncated(0.5, f64::INFINITY),
        Distribution::Triangular {
            lo: 1.0,
            mode: 1.5,
            hi: 4.0,
        }
        .truncated(1.2, 3.0),
        Distribution::LogNormal {
            median: 2.0,
            gsd: 1.7,
        }
        .truncated(0.0, 3.0),
    ]
}

#[test]
fn quantiles_never_fall_and_stay_finite() {
    for distribution in everything() {
        let prepared = distribution.prepare().unwrap();
        let mut last = f64::NEG_INFINITY;
        for k in 0..=10_000 {
            let x = prepared.quantile(f64::from(k) / 10_000.0);
            assert!(
                x.is_finite() && x >= last,
                "{distribution:?} at {k}: {x} after {last}"
            );
            last = x;
        }
    }
}

#[test]
fn blocks_and_single_values_agree() {
    for distribution in everything() {
        let u: Vec<f64> = (0..=97).map(|k| f64::from(k) / 97.0).collect();
        let mut block = u.clone();
        distribution.apply(&mut block).unwrap();
        for (&u, x) in u.iter().zip(block) {
            assert_eq!(
                x.to_bits(),
                distribution.quantile(u).to_bits(),
                "{distribution:?}"
            );
        }
    }
}

/// Mean and standard deviation of a distribution drawn with Sobol points.
fn moments(distribution: &Distribution) -> (f64, f64) {
    let points = Points::new(Design::Sobol, 1, 1 << 16, 5).unwrap();
    let mut x = columns(&points).swap_remove(0);
    distribution.apply(&mut x).unwrap();
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    (
        mean,
        (x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt(),
    )
}

#[test]
fn moments_are_those_of_the_books() {
    let near = |distribution: Distribution, mean: f64, sd: f64| {
        let found = moments(&distribution);
        assert!(
            (found.0 - mean).abs() < 2e-4 * mean.abs().max(1.0),
            "{distribution:?}: {found:?}"
        );
        assert!(
            (found.1 - sd).abs() < 2e-3 * sd.max(1.0),
            "{distribution:?}: {found:?}"
        );
    };
    near(
        Distribution::Uniform { lo: -1.0, hi: 5.0 },
        2.0,
        3.0_f64.sqrt(),
    );
    let (a, c, b) = (1.0_f64, 1.5_f64, 4.0_f64);
    let variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
    near(
        Distribution::Triangular {
            lo: a,
            mode: c,
            hi: b,
        },
        (a + b + c) / 3.0,
        variance.sqrt(),
    );
    near(
        Distribution::Normal {
            mean: -2.0,
            sd: 3.0,
        },
        -2.0,
        3.0,
    );
    let s2 = 1.5_f64.ln().powi(2);
    let mean = 2.0 * (s2 / 2.0).exp();
    near(
        Distribution::LogNormal {
            median: 2.0,
            gsd: 1.5,
        },
        mean,
        mean * s2.exp_m1().sqrt(),
    );
    // A normal cut at ±1: variance 1 − 2φ(1)/(2Φ(1) − 1) = 0.29112509…
    let cut = Distribution::Normal { mean: 0.0, sd: 1.0 }.truncated(-1.0, 1.0);
    near(cut, 0.0, 0.291_125_095_f64.sqrt());
    let weights = vec![1.0, 1.0, 2.0];
    near(
        Distribution::Discrete {
            values: vec![0.0, 2.0, 5.0],
            weights,
        },
        3.0,
        2.121_320_3,
    );
    near(
        Distribution::Points {
            values: vec![1.0, 2.0, 6.0],
        },
        3.0,
        (14.0_f64 / 3.0).sqrt(),
    );
    near(Distribution::Fixed { value: 4.0 }, 4.0, 0.0);
}

#[test]
fn a_range_becomes_its_quantiles() {
    for (low, central, high) in [
        (1.0, 2.0, 4.0),
        (1.2, 2.0, 9.0),
        (0.5, 2.0, 2.1),
        (1e-9, 1.0, 3e7),
    ] {
        let distribution = Distribution::from_range(low, central, high).unwrap();
        for (u, expected) in [(0.025, low), (0.5, central), (0.975, high)] {
            let x = distribution.quantile(u);
            assert!(
                (x / expected - 1.0).abs() < 1e-13,
                "{distribution:?}: {x}, not {expected}"
            );
        }
    }
    assert!(matches!(
        Distribution::from_range(1.0, 2.0, 4.0).unwrap(),
        Distribution::LogNormal { .. }
    ));
    assert_eq!(
        Distribution::from_range(2.0, 2.0, 2.0),
        Ok(Distribution::Fixed { value: 2.0 })
    );
    // A range that ends at its centre: half the probability stands there.
    let one_sided = Distribution::from_range(2.0, 2.0, 3.0).unwrap();
    assert_eq!(
        (one_sided.quantile(0.3), one_sided.quantile(0.5)),
        (2.0, 2.0)
    );
    assert!(one_sided.quantile(0.6) > 2.0);
}

#[test]
fn lists_take_their_weights() {
    let discrete = Distribution::Discrete {
        values: vec![1.0, 9.0, 2.0],
        weights: vec![3.0, 0.0, 1.0],
    };
    let at = [0.0, 0.74, 0.76, 1.0].map(|u| discrete.quantile(u));
    assert_eq!(at, [1.0, 1.0, 2.0, 2.0]);
    let points = Distribution::Points {
        values: vec![1.0, 3.0],
    };
    assert_eq!(
        [0.0, 0.49, 0.5, 1.0].map(|u| points.quantile(u)),
        [1.0, 1.0, 3.0, 3.0]
    );
}

#[test]
fn cuts_hold_and_nest() {
    let normal = Distribution::Normal { mean: 0.0, sd: 1.0 };
    let cut = normal.clone().truncated(-1.0, 2.0);
    assert_eq!((cut.quantile(0.0), cut.quantile(1.0)), (-1.0, 2.0));
    let twice = cut.truncated(-5.0, 0.5);
    assert!((twice.quantile(0.0) + 1.0).abs() + (twice.quantile(1.0) - 0.5).abs() < 1e-12);
    assert!(!twice.is_unbounded() && normal.is_unbounded());
    let within = Distribution::from_range(1.0, 2.0, 5.0)
        .unwrap()
        .within(0.025, 0.975)
        .unwrap();
    assert!((within.quantile(0.0) - 1.0).abs() < 1e-12);
    assert!((within.quantile(1.0) - 5.0).abs() < 1e-12);
    assert!((within.quantile(0.5) - 2.0).abs() < 1e-12);
    let half = Distribution::LogNormal {
        median: 2.0,
        gsd: 1.5,
    }
    .truncated(0.0, 2.0);
    assert!((half.quantile(1.0) - 2.0).abs() < 1e-12);
}

#[test]
fn wrong_numbers_are_named() {
    let error = |distribution: Distribution| distribution.prepare().unwrap_err().to_string();
    assert_eq!(
        error(Distribution::Uniform { lo: 2.0, hi: 1.0 }),
        "hi = 1 lies below lo = 2"
    );
    assert_eq!(
        error(Distribution::Normal {
            mean: f64::NAN,
            sd: 1.0
        }),
        "mean is NaN; a distribution needs finite numbers"
    );
    assert!(error(Distribution::Normal { mean: 0.0, sd: 0.0 }).contains("sd = 0"));
    assert!(
        error(Distribution::LogNormal {
            median: 1.0,
            gsd: 0.9
        })
        .contains("gsd = 0.9")
    );
    assert!(
        error(Distribution::Triangular {
            lo: 0.0,
            mode: 3.0,
            hi: 2.0
        })
        .contains("below mode")
    );
    assert_eq!(
        error(Distribution::Discrete {
            values: vec![1.0],
            weights: vec![]
        }),
        "1 values have 0 weights"
    );
    let none = Distribution::Discrete {
        values: vec![1.0],
        weights: vec![0.0],
    };
    assert_eq!(none.prepare(), Err(DistributionError::NoValues));
    assert_eq!(
        Distribution::Points { values: vec![] }.prepare(),
        Err(DistributionError::NoValues)
    );
    let fixed = Distribution::Fixed { value: 1.0 }.truncated(0.0, 2.0);
    assert_eq!(fixed.prepare(), Err(DistributionError::NotContinuous));
    let far = Distribution::Normal { mean: 0.0, sd: 1.0 }.truncated(9.0, 10.0);
    assert!(error(far).contains("probability"));
    let range = Distribution::from_range(0.0, 1.0, 2.0).unwrap_err();
    assert!(range.to_string().contains("use a triangle"), "{range}");
    assert!(Distribution::from_range(1.0, 3.0, 2.0).is_err());
    assert!(
        Distribution::Uniform { lo: 1.0, hi: 0.0 }
            .quantile(0.5)
            .is_nan()
    );
}
