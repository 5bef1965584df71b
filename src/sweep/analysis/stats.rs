//! The few distributions and ranks the analyses share.

/// Mean by blocks of 256 in order: accurate, and always the same bits.
pub(crate) fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

/// Sum by blocks of 256 in order.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut block, mut filled) = (0.0, 0.0, 0_u32);
    for value in values {
        block += value;
        filled += 1;
        if filled == 256 {
            total += block;
            (block, filled) = (0.0, 0);
        }
    }
    total + block
}

/// Whether the values differ by no more than rounding: the range is within
/// four units in the last place of the largest magnitude.
pub(crate) fn constant(values: impl IntoIterator<Item = f64>) -> bool {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    let scale = low.abs().max(high.abs());
    high - low <= 4.0 * f64::EPSILON * scale
}

/// The values divided by a power of two that makes the largest of them about 1, which
/// changes no digit, and less their mean; `None` if they do not vary. Sums and squares
/// of what comes out stay finite whatever the values were.
pub(crate) fn normalised(values: &[f64]) -> Option<Vec<f64>> {
    if constant(values.iter().copied()) {
        return None;
    }
    let (scaled, _) = scaled(values);
    let mean = mean(&scaled);
    Some(scaled.iter().map(|v| v - mean).collect())
}

/// The values divided by the power of two that brings the largest magnitude to between
/// one half and one, and that power's exponent: no digit changes, and differences and
/// squares stay finite.
pub(crate) fn scaled(values: &[f64]) -> (Vec<f64>, i32) {
    let largest = values.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
    let (_, exponent) = libm::frexp(largest);
    let scaled = if (-1023..=1022).contains(&exponent) {
        // A power of two that is a number, and not too small to be a whole one.
        let factor = libm::ldexp(1.0, -exponent);
        values.iter().map(|v| v * factor).collect()
    } else {
        let scale = |v: &f64| libm::ldexp(*v, -exponent);
        values.iter().map(scale).collect()
    };
    (scaled, exponent)
}

/// `z · s` over replicates, `s` with divisor `n − 1`; `None` below two values.
pub(crate) fn half_width(replicates: &[f64], confidence: f64) -> Option<f64> {
    if replicates.len() < 2 {
        return None;
    }
    let centre = mean(replicates);
    let squares = sum(replicates.iter().map(|v| (v - centre) * (v - centre)));
    let deviation = (squares / (replicates.len() as f64 - 1.0)).sqrt();
    Some(normal_quantile(0.5 + confidence / 2.0) * deviation)
}

/// Ranks from 1, ties sharing the mean of their ranks.
pub fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let mut end = start + 1;
        while end < order.len() && values[order[end]] <= values[order[start]] {
            end += 1;
        }
        let rank = (start + end + 1) as f64 / 2.0;
        for row in &order[start..end] {
            ranks[*row] = rank;
        }
        start = end;
    }
    ranks
}

/// Quantile of the standard normal distribution, see [`crate::design::normal`].
pub fn normal_quantile(p: f64) -> f64 {
    crate::design::normal::quantile(p)
}

/// `ln Γ(x)` for `x > 0`: Stirling's series after shifting to `x ≥ 10`.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut shift) = (x, 1.0);
    while x < 10.0 {
        shift *= x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = crate::design::normal::polynomial(
        &[
            -3617.0 / 122_400.0,
            1.0 / 156.0,
            -691.0 / 360_360.0,
            1.0 / 1188.0,
            -1.0 / 1680.0,
            1.0 / 1260.0,
            -1.0 / 360.0,
            1.0 / 12.0,
        ],
        y,
    ) / x;
    (x - 0.5) * libm::log(x) - x + 0.5 * libm::log(std::f64::consts::TAU) + series
        - libm::log(shift)
}

/// The regularised incomplete beta function `I_x(a, b)` by its continued
/// fraction (Lentz, 1976).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front =
        ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * libm::log(x) + b * libm::log(1.0 - x);
    let guard = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..100_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / guard(1.0 + term * d);
            c = guard(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    (libm::exp(front) * fraction / a).clamp(0.0, 1.0)
}

/// `P(X ≥ successes)` for `X` binomial with `trials` and probability `p`:
/// `I_p(k, n − k + 1)`.
pub fn binomial_upper_tail(successes: u64, trials: u64, p: f64) -> f64 {
    if successes == 0 {
        return 1.0;
    }
    if successes > trials {
        return 0.0;
    }
    incomplete_beta(successes as f64, (trials - successes) as f64 + 1.0, p)
}

/// Wilson's interval for a proportion `p` of so many trials (Wilson, 1927), in [0, 1]; the
/// whole of [0, 1] if there were no trials.
pub fn wilson(p: f64, trials: f64, confidence: f64) -> (f64, f64) {
    if trials <= 0.0 {
        return (0.0, 1.0);
    }
    let z = normal_quantile(0.5 + confidence / 2.0);
    let n = trials;
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    let low = if p <= 0.0 {
        0.0
    } else {
        (centre - half).max(0.0)
    };
    let high = if p >= 1.0 {
        1.0
    } else {
        (centre + half).min(1.0)
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_share_ties() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    /// Reference values of `scipy.stats.norm.ppf` (SciPy 1.17).
    #[test]
    fn normal_quantiles_agree_with_scipy() {
        for (p, z) in [
            (0.975, 1.959_963_984_540_054),
            (0.95, 1.644_853_626_951_472_2),
            (0.5, 0.0),
            (1e-3, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_409),
        ] {
            assert!(
                (normal_quantile(p) - z).abs() <= 1e-14 * z.abs().max(1.0),
                "{p}"
            );
        }
    }

    /// Small tails by adding up the probabilities themselves.
    #[test]
    fn binomial_tails_agree_with_sums() {
        for (n, p) in [(10_u64, 0.3_f64), (40, 0.9), (25, 0.02)] {
            let mut term = (1.0 - p).powi(n as i32);
            let mut below = 0.0;
            for k in 0..=n {
                let tail = binomial_upper_tail(k, n, p);
                assert!((tail - (1.0 - below)).abs() < 1e-12, "{k} of {n} at {p}");
                below += term;
                term *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            }
        }
        assert_eq!(binomial_upper_tail(3, 3, 1.0).to_bits(), 1.0_f64.to_bits());
        assert!(binomial_upper_tail(3, 3, 0.0) <= 0.0);
    }

    #[test]
    fn wilson_holds_the_proportion() {
        let (low, high) = wilson(0.94, 100.0, 0.95);
        assert!(
            (low - 0.875_1).abs() < 1e-3 && (high - 0.972_2).abs() < 1e-3,
            "{low} {high}"
        );
        assert_eq!(wilson(0.0, 0.0, 0.95), (0.0, 1.0));
        assert_eq!(wilson(0.0, 50.0, 0.95).0.to_bits(), 0.0_f64.to_bits());
        assert_eq!(wilson(1.0, 50.0, 0.95).1.to_bits(), 1.0_f64.to_bits());
    }
}
