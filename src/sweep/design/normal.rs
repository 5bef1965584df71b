//! The standard normal distribution: Φ and its inverse, to the last digits.
//!
//! # Equations
//! ```text
//! Φ(z)   = ∫_{−∞}^z exp(−t²/2)/√(2π) dt
//! Φ⁻¹(p) = q·R₁(0.180625 − q²)          |q| ≤ 0.425,  q = p − 1/2
//!        = ± R₂(r − 1.6)  or  ± R₃(r − 5)             r = √(−ln min(p, 1−p))
//! ```
//! with rational functions R. The middle 85 % of Φ⁻¹ uses + − × ÷ only; the tails
//! use `ln` and `sqrt`, Φ uses `exp`.
//!
//! Sources: M. J. Wichura, "Algorithm AS 241: the percentage points of the normal
//! distribution", Applied Statistics 37 (1988) 477 (PPND16, about 1 part in 10¹⁶);
//! W. J. Cody, "Rational Chebyshev approximations for the error function", Math.
//! Comp. 23 (1969) 631, in the form of Algorithm 715, ACM TOMS 19 (1993) 22.

// Coefficients stand as they were printed.
#![allow(clippy::excessive_precision, clippy::unreadable_literal)]

use super::each::each;

/// The smallest probability a distribution is asked for, 2⁻⁵⁴.
pub const LEAST: f64 = f64::EPSILON / 4.0;
/// The largest, 1 − 2⁻⁵³.
pub const MOST: f64 = 1.0 - f64::EPSILON / 2.0;

/// Half the part of the distribution that is its middle.
const MIDDLE_PART: f64 = 0.425;

/// Polynomial by Horner's rule, highest power first.
#[inline]
pub(crate) fn polynomial<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// AS 241, |p − 1/2| ≤ 0.425: numerator, denominator.
const CENTRE: [[f64; 8]; 2] = [
    [
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080,
    ],
    [
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ],
];

/// AS 241, r ≤ 5.
const TAIL: [[f64; 8]; 2] = [
    [
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258,
        3.64784832476320460504,
        5.76949722146069140550,
        4.63033784615654529590,
        1.42343711074968357734,
    ],
    [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940,
        2.05319162663775882187,
        1.0,
    ],
];

/// AS 241, r > 5.
const FAR: [[f64; 8]; 2] = [
    [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580,
        5.46378491116411436990,
        6.65790464350110377720,
    ],
    [
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ],
];

/// Φ⁻¹(p): −∞ at 0, +∞ at 1, not a number outside.
#[inline]
pub fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= MIDDLE_PART {
        return middle_quantile(q);
    }
    tail_quantile(p, q)
}

/// Φ⁻¹ of every number of a list, in its place: those in the middle side by side.
pub(super) fn quantiles(list: &mut [f64]) {
    const LANES: usize = 64;
    let mut middle = [0.0; LANES];
    for lanes in list.chunks_mut(LANES) {
        let middle = &mut middle[..lanes.len()];
        middle.copy_from_slice(lanes);
        each(middle, |p| middle_quantile(p - 0.5));
        for (p, z) in lanes.iter_mut().zip(middle) {
            let q = *p - 0.5;
            *p = if q.abs() <= MIDDLE_PART {
                *z
            } else {
                tail_quantile(*p, q)
            };
        }
    }
}

/// Φ⁻¹ in the middle 85 %.
#[inline(always)]
#[allow(clippy::inline_always)]
fn middle_quantile(q: f64) -> f64 {
    let r = 0.180625 - q * q;
    q * polynomial(&CENTRE[0], r) / polynomial(&CENTRE[1], r)
}

/// Φ⁻¹ outside the middle 85 %.
fn tail_quantile(p: f64, q: f64) -> f64 {
    let least = if q < 0.0 { p } else { 1.0 - p };
    if least == 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-libm::log(least)).sqrt();
    let ([numerator, denominator], x) = if r <= 5.0 {
        (&TAIL, r - 1.6)
    } else {
        (&FAR, r - 5.0)
    };
    (polynomial(numerator, x) / polynomial(denominator, x)).copysign(q)
}

/// Cody, |z| ≤ 0.67448975: Φ(z) = 1/2 + z·N/D in z².
const MIDDLE: [[f64; 5]; 2] = [
    [
        0.065682337918207449113,
        2.2352520354606839287,
        161.02823106855587881,
        1067.6894854603709582,
        18154.981253343561249,
    ],
    [
        1.0,
        47.20258190468824187,
        976.09855173777669322,
        10260.932208618978205,
        45507.789335026729956,
    ],
];

/// Cody, |z| ≤ √32: Φ(−z) = exp(−z²/2)·N/D in z.
const OUTER: [[f64; 9]; 2] = [
    [
        1.0765576773720192317e-8,
        0.39894151208813466764,
        8.8831497943883759412,
        93.506656132177855979,
        597.27027639480026226,
        2494.5375852903726711,
        6848.1904505362823326,
        11602.651437647350124,
        9842.7148383839780218,
    ],
    [
        1.0,
        22.266688044328115691,
        235.38790178262499861,
        1519.377599407554805,
        6485.558298266760755,
        18615.571640885098091,
        34900.952721145977266,
        38912.003286093271411,
        19685.429676859990727,
    ],
];

/// Cody, beyond: Φ(−z) = exp(−z²/2)/z · (1/√(2π) − N/(z²·D)) in z⁻².
const FARTHEST: [[f64; 6]; 2] = [
    [
        0.02307344176494017303,
        0.21589853405795699,
        0.1274011611602473639,
        0.022235277870649807,
        0.001421619193227893466,
        2.9112874951168792e-5,
    ],
    [
        1.0,
        1.28426009614491121,
        0.468238212480865118,
        0.0659881378689285515,
        0.00378239633202758244,
        7.29751555083966205e-5,
    ],
];

/// 1/√(2π).
const DENSITY: f64 = 0.39894228040143267794;

/// Φ(z), also far in the lower tail without loss of digits.
#[inline]
pub fn cdf(z: f64) -> f64 {
    let y = z.abs();
    if y <= 0.67448975 {
        let x = z * z;
        return 0.5 + z * polynomial(&MIDDLE[0], x) / polynomial(&MIDDLE[1], x);
    }
    let ratio = if y <= 5.656854249492380195 {
        polynomial(&OUTER[0], y) / polynomial(&OUTER[1], y)
    } else if y < 38.6 {
        let x = 1.0 / (y * y);
        (DENSITY - x * polynomial(&FARTHEST[0], x) / polynomial(&FARTHEST[1], x)) / y
    } else if y.is_nan() {
        return f64::NAN;
    } else {
        0.0
    };
    // exp(−y²/2) in two factors: y² rounded would cost digits in the tail.
    let near = (y * 16.0).trunc() / 16.0;
    let rest = (y - near) * (y + near);
    let tail = if ratio > 0.0 {
        libm::exp(-near * near / 2.0) * libm::exp(-rest / 2.0) * ratio
    } else {
        0.0
    };
    if z < 0.0 { tail } else { 1.0 - tail }
}
