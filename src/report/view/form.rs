//! How people read a number: digits, sign, percent.

use crate::case::{count, number, percent, probability, signed_percent};
use jianpai_core::text::Lang;

/// How a number is written on the terminal. What is written is the value in base units
/// over the base units in one shown unit; forms of percent take the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Three significant digits or so: 1,859, 62.74, 0.0372.
    Amount,
    /// The same with its sign: +62.7, −3.4; a change too small to show is 0.
    Signed,
    /// The same, a change too small to show as ≈0.
    Change,
    /// A number known to be nothing but rounding.
    Nothing,
    /// A number that is not shown.
    Blank,
    /// A count with a comma between thousands.
    Count,
    /// A number as it is: a year, an index.
    Plain,
    /// A fraction as 12.3%.
    Percent,
    /// A fraction as +12.3%.
    SignedPercent,
    /// A reduction as the change that it is: −12.3%.
    Fall,
    /// A fraction in whole percent.
    WholePercent,
    /// A probability in percent, never rounded to certain or impossible.
    Probability,
    /// A difference of fractions in points with the word: +1.2 points.
    Points,
    /// A factor: ×1.2345.
    Times,
    /// So many decimals.
    Fixed(usize),
    /// So many decimals with a sign.
    FixedSigned(usize),
    /// Half an interval as an amount: ±0.0372.
    PlusMinus,
    /// Half an interval with so many decimals.
    PlusMinusFixed(usize),
    /// So many of the last of so many decimals, whatever the value is: the lines of a
    /// balance that are rounded together, so that they add up as they are printed.
    Rounded {
        /// Units of the last decimal.
        units: i64,
        /// Decimals.
        decimals: u8,
        /// Whether a plus stands before an increase; then a change too small to show is ≈0.
        signed: bool,
    },
}

impl Form {
    /// `value` in base units, of which `scale` are one shown unit.
    pub fn show(self, value: f64, scale: f64, lang: Lang) -> String {
        let shown = value / scale;
        match self {
            Form::Amount => number(shown),
            Form::Signed | Form::Change => {
                let text = number(shown);
                match (text.as_str(), self) {
                    ("0", Form::Change) => "≈0".to_string(),
                    ("0", _) => text,
                    _ if shown > 0.0 => format!("+{text}"),
                    _ => text,
                }
            }
            Form::Nothing => "·".to_string(),
            Form::Blank => String::new(),
            Form::Count => count(value as u64),
            Form::Plain => value.to_string(),
            Form::Percent => percent(value),
            Form::SignedPercent => signed_percent(value),
            Form::Fall => signed_percent(-value),
            Form::WholePercent => format!("{:.0}%", value * 100.0),
            Form::Probability => probability(value),
            Form::Points => {
                let points = (value * 1e6).round() / 1e4;
                let sign = if points > 0.0 { "+" } else { "" };
                format!(
                    "{sign}{}{}",
                    number(points),
                    lang.pick("个百分点", " points")
                )
            }
            Form::Times => format!("×{value:.4}"),
            Form::Fixed(decimals) => fixed(shown, decimals),
            Form::PlusMinus => format!("±{}", number(shown)),
            Form::Rounded {
                units,
                decimals,
                signed,
            } => rounded(units, usize::from(decimals), signed),
            Form::PlusMinusFixed(decimals) => format!("±{}", fixed(shown, decimals)),
            Form::FixedSigned(decimals) => {
                let text = fixed(shown, decimals);
                let some = text.chars().any(|c| c.is_ascii_digit() && c != '0');
                if shown > 0.0 && some {
                    format!("+{text}")
                } else {
                    text
                }
            }
        }
    }
}

/// Units of the last decimal as a number, thousands with commas.
fn rounded(units: i64, decimals: usize, signed: bool) -> String {
    let sign = match units {
        0 if signed => return "≈0".to_string(),
        ..0 => "−",
        0 => "",
        _ if signed => "+",
        _ => "",
    };
    let digits = format!("{:0>1$}", units.unsigned_abs(), decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    let whole = count(whole.parse().unwrap_or_default());
    let point = if decimals > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{rest}")
}

/// So many decimals, and no minus before zero.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.chars().all(|c| matches!(c, '-' | '0' | '.')) {
        text.trim_start_matches('-').to_string()
    } else {
        text.replace('-', "−")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_says_its_number() {
        let said = |form: Form, value: f64| form.show(value, 1e4, Lang::En);
        assert_eq!(said(Form::Amount, 627_366.0), "62.74");
        assert_eq!(said(Form::Signed, -34_000.0), "−3.40");
        assert_eq!(said(Form::Signed, 0.001), "0");
        assert_eq!(said(Form::Change, 0.001), "≈0");
        assert_eq!(said(Form::Change, 34_000.0), "+3.40");
        assert_eq!(said(Form::Fall, 0.1234), "−12.3%");
        assert_eq!(said(Form::WholePercent, 0.917), "92%");
        assert_eq!(said(Form::Points, 0.0123), "+1.23 points");
        let points = |form: Form, value: f64| form.show(value, 0.01, Lang::En);
        assert_eq!(points(Form::Fixed(1), -0.02), "−2.0");
        assert_eq!(points(Form::Fixed(1), -0.0001), "0.0");
        assert_eq!(points(Form::FixedSigned(1), -0.045), "−4.5");
        assert_eq!(points(Form::FixedSigned(1), 0.000_01), "0.0");
        assert_eq!(points(Form::FixedSigned(1), -0.000_01), "0.0");
        assert_eq!(Form::FixedSigned(1).show(0.0234, 0.01, Lang::En), "+2.3");
        assert_eq!(Form::FixedSigned(1).show(-0.0234, 0.01, Lang::En), "−2.3");
        let rounded = |units: i64, decimals: u8, signed: bool| {
            let form = Form::Rounded {
                units,
                decimals,
                signed,
            };
            form.show(f64::NAN, 1.0, Lang::Zh)
        };
        assert_eq!(rounded(4127, 2, false), "41.27");
        assert_eq!(rounded(-5, 2, true), "−0.05");
        assert_eq!(rounded(270, 2, true), "+2.70");
        assert_eq!(rounded(30_655, 0, false), "30,655");
        assert_eq!(rounded(0, 2, true), "≈0");
        assert_eq!(rounded(0, 2, false), "0.00");
    }
}
