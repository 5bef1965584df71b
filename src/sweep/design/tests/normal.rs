//! The normal distribution against 40-digit arithmetic (mpmath).

// Reference values stand as they were printed.
#![allow(clippy::excessive_precision, clippy::unreadable_literal)]

use super::super::normal::{LEAST, MOST, cdf, quantile};

const CDF: [(f64, f64); 16] = [
    (-37.0, 5.7255712225245768227e-300),
    (-20.0, 2.7536241186062336951e-89),
    (-8.5, 9.4795348222033183542e-18),
    (-5.7, 5.9903714010635281878e-9),
    (-5.0, 2.8665157187919391167e-7),
    (-3.0, 0.0013498980316300945267),
    (-1.5, 0.066807201268858066004),
    (-0.7, 0.24196365222307302862),
    (-0.6, 0.27425311775007358769),
    (-0.1, 0.46017216272297101633),
    (0.3, 0.61791142218895263307),
    (0.68, 0.75174776954642948657),
    (1.0, 0.84134474606854294859),
    (2.0, 0.9772498680518207928),
    (4.0, 0.99996832875816688008),
    (6.0, 0.99999999901341235496),
];

const QUANTILE: [(f64, f64); 16] = [
    (1e-300, -37.047096299361199237),
    (1e-100, -21.273453560965324294),
    (1e-20, -9.2623400897984075796),
    (1.3e-11, -6.6676114565107408347),
    (1e-6, -4.7534243088228989573),
    (0.001, -3.0902323061678135354),
    (0.025, -1.9599639845400542118),
    (0.074, -1.4466320671589785099),
    (0.076, -1.4325027208258116188),
    (0.2, -0.84162123357291416552),
    (0.4999, -0.00025066283008800749239),
    (0.6, 0.25334710313579974132),
    (0.9, 1.2815515655446005935),
    (0.95, 1.6448536269514722843),
    (0.975, 1.9599639845400538556),
    (0.999999, 4.7534243088170877657),
];

#[test]
fn reference_values() {
    for (z, p) in CDF {
        assert!(
            (cdf(z) / p - 1.0).abs() < 1e-15,
            "Φ({z}) = {:e}, not {p:e}",
            cdf(z)
        );
    }
    for (p, z) in QUANTILE {
        assert!(
            (quantile(p) / z - 1.0).abs() < 1e-15,
            "Φ⁻¹({p}) = {}, not {z}",
            quantile(p)
        );
    }
}

#[test]
fn ends() {
    assert_eq!(quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(quantile(1.0), f64::INFINITY);
    assert!(quantile(-0.1).is_nan() && quantile(1.1).is_nan() && quantile(f64::NAN).is_nan());
    assert_eq!((cdf(f64::NEG_INFINITY), cdf(f64::INFINITY)), (0.0, 1.0));
    assert!(cdf(f64::NAN).is_nan());
    assert_eq!((quantile(0.5), cdf(0.0)), (0.0, 0.5));
    assert!(quantile(LEAST) < -8.2 && quantile(MOST) > 8.1);
}

#[test]
fn each_undoes_the_other_and_rises() {
    let mut last = f64::NEG_INFINITY;
    for k in 1..100_000 {
        let p = f64::from(k) / 100_000.0;
        let z = quantile(p);
        assert!(z > last, "{p}");
        assert!((cdf(z) / p - 1.0).abs() < 1e-14, "{p}: {}", cdf(z));
        last = z;
    }
    for k in -37 * 16..=5 * 16 {
        let z = f64::from(k) / 16.0;
        assert!((quantile(cdf(z)) - z).abs() < 1e-9, "{z}");
    }
}
