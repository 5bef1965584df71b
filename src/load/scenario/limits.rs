//! What a quantity may be: one place for the scenario's own reader and for sweeps.
//!
//! | quantity | from | to |
//! |---|---|---|
//! | level of a measure | 0 | 10 |
//! | share, part of a mix | 0 | 1 |
//! | reduction | −10 | 1 |
//! | growth over several years | −1 | 10 |
//! | rate of discount | 0 | 0.5 |
//! | growth a year | −0.999 | 0.999 |
//! | elasticity | −1 | 5 |
//! | multiplier of emission factors | 0 | 100 |

use jianpai_core::text::Text;

/// Numbers past a bound by no more than this are rounding.
const SLACK: f64 = 1e-12;

/// How a quantity is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As a percentage: `"80 %"`.
    Percent,
    /// As a bare number: `0.9`.
    Number,
    /// As a year: `2020`.
    Year,
}

/// The bounds of a quantity, in base units, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
    /// How it is written.
    pub written: Written,
    /// What it is.
    pub what: Text,
    /// An example of how it is written.
    pub example: &'static str,
}

impl Limits {
    fn percent(low: f64, high: f64, what: Text, example: &'static str) -> Self {
        Self {
            low,
            high,
            written: Written::Percent,
            what,
            example,
        }
    }

    fn number(low: f64, high: f64, what: Text, example: &'static str) -> Self {
        let written = Written::Number;
        Self {
            written,
            ..Self::percent(low, high, what, example)
        }
    }

    /// A share of a whole.
    pub fn share() -> Self {
        Self::percent(0.0, 1.0, Text::new("占比", "a share"), "25 %")
    }

    /// A reduction; one below zero is an increase.
    pub fn reduction() -> Self {
        Self::percent(-10.0, 1.0, Text::new("降幅", "a reduction"), "10 %")
    }

    /// Growth over several years, or a reduction as seen from the other side.
    pub fn change() -> Self {
        Self::percent(-1.0, 10.0, Text::new("增幅", "a growth"), "25 %")
    }

    /// The level of a measure; above 100 % means more than planned.
    pub fn level() -> Self {
        Self::percent(0.0, 10.0, Text::new("执行程度", "a level"), "80 %")
    }

    /// A rate at which money is discounted.
    pub fn discount() -> Self {
        Self::percent(0.0, 0.5, Text::new("折现率", "a rate of discount"), "5 %")
    }

    /// Growth a year: more than −100 %, less than +100 %.
    pub fn rate() -> Self {
        let what = Text::new("年增长率", "a yearly growth");
        Self::percent(-0.999, 0.999, what, "6 %")
    }

    /// What may be added to yearly growth of `least` to `most`, so that the sum stays
    /// within [`Limits::rate`].
    pub fn departure((least, most): (f64, f64)) -> Self {
        let Self { low, high, .. } = Self::rate();
        let what = Text::new("年增长率偏离", "a departure of yearly growth");
        // A tenth of a point inwards, where the bounds have many digits.
        let (low, high) = (low - least, high - most);
        let low = (low * 1e3 - 1e-9).ceil() / 1e3;
        let high = (high * 1e3 + 1e-9).floor() / 1e3;
        Self::percent(low, high, what, "1 %")
    }

    /// How a service follows its driver. Beyond these bounds it is a slip of the pen.
    pub fn elasticity() -> Self {
        Self::number(-1.0, 5.0, Text::new("弹性", "an elasticity"), "0.9")
    }

    /// A multiplier of emission factors: they cannot be negative.
    pub fn multiplier() -> Self {
        let what = Text::new("排放因子的倍数", "a multiplier of emission factors");
        Self::number(0.0, 100.0, what, "1.2")
    }

    /// A year after `base`, up to `last`.
    pub fn year(base: i32, last: i32) -> Self {
        let (low, high) = (f64::from(base + 1), f64::from(last));
        Self {
            written: Written::Year,
            ..Self::percent(low, high, Text::new("年份", "a year"), "2020")
        }
    }

    /// Whether `value` lies within, but for rounding.
    pub fn hold(&self, value: f64) -> bool {
        (self.low - SLACK..=self.high + SLACK).contains(&value)
    }

    /// A value as people write it: `80 %`, `0.9`, `2020`.
    pub fn say(&self, value: f64) -> String {
        if value.abs() > 1e9 {
            return format!("{value:e}");
        }
        let rounded = |value: f64| (value * 1e6).round() / 1e6;
        match self.written {
            Written::Percent => format!("{} %", rounded(value * 100.0)),
            Written::Number | Written::Year => rounded(value).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn a_departure_keeps_growth_within_its_bounds() {
        for path in [(0.0, 0.0), (0.041, 0.063), (-0.2, 0.5), (0.05, 0.05)] {
            let (rate, departure) = (Limits::rate(), Limits::departure(path));
            for growth in [path.0, path.1] {
                assert!(rate.hold(growth + departure.low), "{path:?}");
                assert!(rate.hold(growth + departure.high), "{path:?}");
            }
            // No more than a tenth of a point is given away.
            assert!(!rate.hold(path.0 + departure.low - 0.0011), "{path:?}");
            assert!(!rate.hold(path.1 + departure.high + 0.0011), "{path:?}");
        }
        assert_eq!(Limits::departure((0.0, 0.0)).say(0.999), "99.9 %");
    }

    #[test]
    fn rounding_is_no_offence() {
        assert!(Limits::share().hold(0.1 + 0.2 + 0.7));
        assert!(!Limits::share().hold(1.000_001));
        assert!(!Limits::level().hold(f64::NAN) && !Limits::level().hold(1e308));
    }
}
