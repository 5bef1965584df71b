//! Numbers as people write them: full-width digits are read, thousands
//! separators and Chinese numerals are recognised so that the right form can be
//! offered.

use jianpai_core::text::Text;

/// Why a text is not a number.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberError {
    /// Nothing but space.
    #[error("empty")]
    Empty,
    /// Digits in groups, as in `1,300`.
    #[error("thousands separators")]
    Separators {
        /// The number without them.
        plain: String,
    },
    /// Chinese numerals, as in 八百.
    #[error("Chinese numerals")]
    Chinese {
        /// The number in digits.
        plain: String,
    },
    /// NaN, an infinity, or a number beyond what an `f64` holds.
    #[error("not finite")]
    NotFinite,
    /// A number followed by a unit, as in `25%` or `3万`.
    #[error("a unit after the number")]
    Unit {
        /// The number.
        number: String,
        /// What follows it.
        unit: String,
    },
    /// Anything else.
    #[error("not a number")]
    Malformed,
}

impl NumberError {
    /// What to write instead, if that is plain.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Separators { plain } | Self::Chinese { plain } => Some(plain),
            _ => None,
        }
    }

    /// What is wrong, in a few words.
    pub fn message(&self) -> Text {
        match self {
            Self::Empty => Text::new("空白，应为数", "empty, expected a number"),
            Self::Separators { .. } => {
                Text::new("数中不写千分位", "thousands separators are not allowed")
            }
            Self::Chinese { .. } => Text::new("请用数字", "write it in digits"),
            Self::NotFinite => Text::new("不是有限的数", "not a finite number"),
            Self::Unit { unit, .. } => Text::new(
                format!("数后多了 `{unit}`，单位另写"),
                format!("`{unit}` after the number; the unit goes elsewhere"),
            ),
            Self::Malformed => Text::new("不是数", "not a number"),
        }
    }
}

/// Reads a finite number: `35`, `-0.5`, `1e4`, `３５`. Space around it is ignored.
///
/// # Errors
/// When the text is anything else.
pub fn parse(text: &str) -> Result<f64, NumberError> {
    let text = text.trim();
    if let Some(value) = read(text) {
        return finite(value);
    }
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let folded: String = text.chars().map(fold).collect();
    if let Some(value) = read(&folded) {
        return finite(value);
    }
    Err(reason(&folded))
}

/// The ASCII form of a full-width digit, letter or sign; other characters as they are.
pub(crate) fn fold(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2212}' => '-',
        _ => c,
    }
}

/// `f64::from_str` without the words it knows (`inf`, `NaN`, `infinity`).
fn read(text: &str) -> Option<f64> {
    let plain = |b: u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    if text.bytes().all(plain) {
        text.parse().ok()
    } else {
        None
    }
}

/// The plain number of one with a part, a percentage or a Chinese multiple behind it:
/// `50` and `%` are `0.5`, `1.2` and `万` are `12000`. Nothing for other units.
pub(crate) fn scaled(number: &str, unit: &str) -> Option<String> {
    let places: i32 = match unit {
        "%" | "％" => -2,
        "‰" => -3,
        "万" => 4,
        "亿" => 8,
        _ => return None,
    };
    if !number
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'))
    {
        return None;
    }
    read(number)?;
    let (sign, plain) = match number.strip_prefix('-') {
        Some(plain) => ("-", plain),
        None => ("", number.strip_prefix('+').unwrap_or(number)),
    };
    // The point is moved in the digits: dividing would round.
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits: Vec<u8> = whole.bytes().chain(part.bytes()).collect();
    let count = i32::try_from(digits.len()).ok()?;
    let point = i32::try_from(whole.len()).ok()? + places;
    let digit = |at: i32| {
        usize::try_from(at)
            .ok()
            .and_then(|at| digits.get(at))
            .map_or('0', |d| char::from(*d))
    };
    let before: String = (0.min(point)..point).map(digit).collect();
    let after: String = (point.min(0)..0)
        .map(|_| '0')
        .chain((point.max(0)..count).map(digit))
        .collect();
    let before = before.trim_start_matches('0');
    let after = after.trim_end_matches('0');
    let before = if before.is_empty() { "0" } else { before };
    let point = if after.is_empty() { "" } else { "." };
    Some(format!("{sign}{before}{point}{after}"))
}

fn finite(value: f64) -> Result<f64, NumberError> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(NumberError::NotFinite)
    }
}

fn reason(folded: &str) -> NumberError {
    if let Some(plain) = ungroup(folded) {
        return NumberError::Separators { plain };
    }
    if let Some(plain) = chinese(folded) {
        return NumberError::Chinese { plain };
    }
    let word = folded.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if matches!(word.as_str(), "nan" | "inf" | "infinity" | "∞") {
        return NumberError::NotFinite;
    }
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
    let cut = folded.find(|c| !digits(c)).unwrap_or(folded.len());
    let (number, unit) = folded.split_at(cut);
    let unit = unit.trim();
    let wordy = unit.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '‰'));
    if wordy && read(number).is_some() {
        return NumberError::Unit {
            number: number.to_owned(),
            unit: unit.to_owned(),
        };
    }
    NumberError::Malformed
}

/// `1,300.5` without its separators: groups of three digits only.
pub(crate) fn ungroup(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or_default();
    let rest = &unsigned[whole.len()..];
    let mut groups = whole.split([',', '，', ' ', '_', '\'']);
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    if !digits(first) || !(1..=3).contains(&first.len()) || rest.contains(',') {
        return None;
    }
    let mut count = 0;
    for group in groups {
        if group.len() != 3 || !digits(group) {
            return None;
        }
        count += 1;
    }
    let plain = text.replace([',', '，', ' ', '_', '\''], "");
    (count > 0 && read(&plain).is_some()).then_some(plain)
}

/// Chinese numerals, such as 八百, 一千二百万 or 三十五; whole numbers below 10^16.
pub(crate) fn chinese(text: &str) -> Option<String> {
    let mut total: u64 = 0; // 亿 and above
    let mut section: u64 = 0; // below the latest 万 or 亿
    let mut digit: Option<u64> = None;
    if text.chars().count() > 30 {
        return None;
    }
    for c in text.chars() {
        if let Some(value) = "零一二三四五六七八九".chars().position(|d| d == c) {
            if digit.is_some_and(|d| d != 0) {
                return None;
            }
            digit = Some(value as u64);
            continue;
        }
        let unit = match c {
            '两' => {
                digit = Some(2);
                continue;
            }
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => return None,
        };
        if unit < 10_000 {
            section += digit.take().unwrap_or(1).checked_mul(unit)?;
        } else {
            section += digit.take().unwrap_or(0);
            let whole = if unit == 10_000 {
                section
            } else {
                total + section
            };
            let scaled = whole.checked_mul(unit)?;
            total = if unit == 10_000 {
                total.checked_add(scaled)?
            } else {
                scaled
            };
            section = 0;
        }
    }
    if text.is_empty() {
        return None;
    }
    Some((total + section + digit.unwrap_or(0)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(text: &str) -> Option<String> {
        parse(text).unwrap_err().suggestion().map(str::to_owned)
    }

    #[test]
    fn reads_plain_and_full_width_numbers() {
        for (text, value) in [
            ("35", 35.0),
            (" -0.5 ", -0.5),
            ("1e4", 1e4),
            ("+3.", 3.0),
            (".5", 0.5),
            ("３５．５", 35.5),
            ("－２", -2.0),
            ("−2", -2.0),
            ("\u{3000}7\u{3000}", 7.0),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn offers_the_plain_form() {
        assert_eq!(suggested("1,300").as_deref(), Some("1300"));
        assert_eq!(suggested("-1，234，567.5").as_deref(), Some("-1234567.5"));
        assert_eq!(suggested("八百").as_deref(), Some("800"));
        assert_eq!(suggested("一千二百万").as_deref(), Some("12000000"));
        assert_eq!(suggested("三十五").as_deref(), Some("35"));
        assert_eq!(suggested("十").as_deref(), Some("10"));
        assert_eq!(suggested("一亿二千万零五").as_deref(), Some("120000005"));
        assert_eq!(suggested("1,30"), None);
        assert_eq!(suggested("12..5"), None);
    }

    #[test]
    fn refuses_what_is_not_finite() {
        for text in ["NaN", "inf", "-Infinity", "1e999"] {
            assert_eq!(parse(text), Err(NumberError::NotFinite), "{text}");
        }
    }

    #[test]
    fn parts_and_multiples_are_written_out() {
        for (number, unit, plain) in [
            ("50", "%", "0.5"),
            ("12.3", "%", "0.123"),
            ("-7", "%", "-0.07"),
            ("0.5", "%", "0.005"),
            ("100", "%", "1"),
            ("1250", "%", "12.5"),
            (".5", "%", "0.005"),
            ("25", "‰", "0.025"),
            ("3", "万", "30000"),
            ("1.2", "万", "12000"),
            ("0.00012", "万", "1.2"),
            ("2.5", "亿", "250000000"),
            ("0", "%", "0"),
        ] {
            assert_eq!(
                scaled(number, unit).as_deref(),
                Some(plain),
                "{number}{unit}"
            );
            assert!(parse(plain).is_ok());
        }
        assert_eq!(scaled("3", "t"), None);
        assert_eq!(scaled("3e", "%"), None);
    }

    #[test]
    fn tells_a_unit_from_nonsense() {
        let unit = |n: &str, u: &str| {
            Err(NumberError::Unit {
                number: n.into(),
                unit: u.into(),
            })
        };
        assert_eq!(parse("25%"), unit("25", "%"));
        assert_eq!(parse("3.5 万t"), unit("3.5", "万t"));
        for text in ["12..5", "abc", "--", "1-2", "e", "."] {
            assert_eq!(parse(text), Err(NumberError::Malformed), "{text}");
        }
        assert_eq!(parse("  "), Err(NumberError::Empty));
    }
}
