//! Student's t in finite sums, for bands that rest on few cases.

/// Steps of a bisection over a right angle: its last bits.
const STEPS: usize = 52;

/// The `t` with `P(|T| ≤ t) = p` for `n` degrees of freedom, 0 ≤ p < 1.
///
/// Bisection over the angle `θ = atan(t/√n)`, in which the probability rises.
pub fn two_sided(p: f64, n: usize) -> f64 {
    let (mut low, mut high) = (0.0, std::f64::consts::FRAC_PI_2);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if within(middle, n) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (n as f64).sqrt() * libm::tan(f64::midpoint(low, high))
}

/// `P(|T| ≤ √n·tan θ)` for `n` degrees of freedom, in finite sums (Abramowitz and Stegun
/// 1964, 26.7.3 and 26.7.4):
///
/// ```text
/// n odd    2/π · (θ + sin θ · (cos θ + 2/3 cos³θ + … + 2·4…(n−3)/(3·5…(n−2)) cosⁿ⁻²θ))
/// n even   sin θ · (1 + 1/2 cos²θ + … + 1·3…(n−3)/(2·4…(n−2)) cosⁿ⁻²θ)
/// ```
fn within(theta: f64, n: usize) -> f64 {
    let (sin, cos) = libm::sincos(theta);
    let odd = n % 2 == 1;
    let (mut term, mut sum) = if odd { (cos, 0.0) } else { (1.0, 0.0) };
    let mut k = usize::from(odd);
    while k + 2 <= n {
        sum += term;
        k += 2;
        term *= cos * cos * (k - 1) as f64 / k as f64;
    }
    if odd {
        std::f64::consts::FRAC_2_PI * (theta + sin * sum)
    } else {
        sin * sum
    }
}

#[cfg(test)]
mod tests {
    use super::two_sided;

    /// Tables of the distribution, two-sided 90 and 99 %.
    #[test]
    fn student_is_that_of_the_tables() {
        for (n, ninety, most) in [
            (1, 6.3138, 63.657),
            (2, 2.9200, 9.9248),
            (3, 2.3534, 5.8409),
            (4, 2.1318, 4.6041),
            (5, 2.0150, 4.0321),
            (6, 1.9432, 3.7074),
            (9, 1.8331, 3.2498),
            (19, 1.7291, 2.8609),
        ] {
            // The tables have four decimals.
            assert!((two_sided(0.9, n) - ninety).abs() < 6e-5, "{n}");
            assert!((two_sided(0.99, n) / most - 1.0).abs() < 3e-5, "{n}");
            assert!(two_sided(0.0, n).abs() < 1e-12);
        }
    }
}
