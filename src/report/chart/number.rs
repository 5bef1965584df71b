//! Numbers as a briefing prints them: thousands separators, U+2212, few digits.

/// The minus sign.
const MINUS: char = '\u{2212}';

/// `value` with `decimals` decimals, thousands separators and a true minus sign.
/// Amounts beyond 10^12 are written with an exponent; what is not finite is a dash.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    if size >= 1e12 {
        return format!("{value:.2e}").replace('-', "\u{2212}");
    }
    let plain = format!("{size:.decimals$}");
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut out = String::new();
    if value < 0.0 && plain.chars().any(|c| c.is_ascii_digit() && c != '0') {
        out.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(rest);
    out
}

/// [`fixed`] with a plus sign in front of what is above zero.
pub(super) fn signed(value: f64, decimals: usize) -> String {
    let text = fixed(value, decimals);
    let positive = value > 0.0 && text.chars().any(|c| ('1'..='9').contains(&c));
    if positive { format!("+{text}") } else { text }
}

/// A signed change in percent, as in `−12.3%`.
pub(super) fn percent(value: f64, decimals: usize) -> String {
    let text = signed(value, decimals);
    if value.is_finite() { text + "%" } else { text }
}

/// A percentage that was set rather than computed: no decimals unless it has some.
pub(super) fn round_percent(value: f64) -> String {
    let decimals = (0..2)
        .find(|&d| {
            let scale = 10_f64.powi(d);
            ((value * scale).round() - value * scale).abs() < 1e-6 * scale
        })
        .unwrap_or(2);
    percent(value, usize::try_from(decimals).unwrap_or(0))
}

/// Decimals that leave an amount about three significant digits: 1,859, 62.7, 5.56.
pub(super) fn amount_decimals(value: f64) -> usize {
    let size = value.abs();
    if !size.is_finite() || size == 0.0 || size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else {
        let lead = size.log10().floor();
        ((2.0 - lead).max(2.0) as usize).min(9)
    }
}

/// An amount with about three significant digits.
pub(super) fn amount(value: f64) -> String {
    fixed(value, amount_decimals(value))
}

/// Decimals that tell every tick from the next.
pub(super) fn tick_decimals(step: f64) -> usize {
    (0..10)
        .find(|&d| {
            let scaled = step * 10_f64.powi(d);
            scaled >= 0.999 && (scaled.round() - scaled).abs() < 1e-6 * scaled
        })
        .map_or(9, |d| usize::try_from(d).unwrap_or(0))
}

/// The reached and the set percentage, with as many decimals as it takes to
/// tell them apart (at most three): a miss by a hair must not read as a hit.
pub(super) fn reached_percent(reached: f64, target: Option<f64>) -> String {
    let set = target.filter(|t| t.is_finite() && (t - reached).abs() > 1e-9);
    let decimals = (1..3)
        .find(|&d| set.is_none_or(|t| signed(t, d) != signed(reached, d)))
        .unwrap_or(3);
    percent(reached, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_carry_three_digits() {
        let text = [1859.4, 62.66, 5.561, 0.05561, 0.0, -1234.5].map(amount);
        assert_eq!(text, ["1,859", "62.7", "5.56", "0.0556", "0", "−1,234"]);
        assert_eq!(amount(99.97), "100");
        assert_eq!(amount(1_234_567.0), "1,234,567");
    }

    #[test]
    fn percentages_have_a_true_minus_and_no_negative_zero() {
        assert_eq!(percent(-12.34, 1), "−12.3%");
        assert_eq!(percent(4.0, 1), "+4.0%");
        assert_eq!(percent(-0.001, 1), "0.0%");
        assert_eq!(round_percent(-10.0), "−10%");
        assert_eq!(round_percent(-12.5), "−12.5%");
    }

    #[test]
    fn near_misses_are_told_from_hits() {
        assert_eq!(reached_percent(-9.96, Some(-10.0)), "−9.96%");
        assert_eq!(reached_percent(-12.34, Some(-10.0)), "−12.3%");
        assert_eq!(reached_percent(-12.34, None), "−12.3%");
    }

    #[test]
    fn what_is_not_finite_is_a_dash() {
        assert_eq!(amount(f64::NAN), "–");
        assert_eq!(percent(f64::INFINITY, 1), "–");
        assert!(!fixed(1e300, 2).contains("000000"));
    }

    #[test]
    fn tick_decimals_follow_the_step() {
        assert_eq!(tick_decimals(2000.0), 0);
        assert_eq!(tick_decimals(2.5), 1);
        assert_eq!(tick_decimals(0.05), 2);
    }
}
