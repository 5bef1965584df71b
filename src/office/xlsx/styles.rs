//! What the formats of cells say of the numbers in them: percent, or a date.

use super::xml::{Piece, attribute, pieces};
use std::collections::HashMap;

/// What a number is shown as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    #[default]
    Plain,
    /// Times 100, with a percent sign.
    Percent,
    /// As a date: days since 30 December 1899.
    Date,
}

/// What each format of cells shows numbers as, by its index.
pub(super) fn read(text: &str) -> Vec<Shown> {
    let mut own: HashMap<u32, Shown> = HashMap::new();
    let mut all = Vec::new();
    let mut inside = false;
    for piece in pieces(text) {
        match piece {
            Piece::Open {
                name: "numFmt",
                attributes,
                ..
            } => {
                let id = attribute(attributes, "numFmtId").and_then(|id| id.parse().ok());
                let code = attribute(attributes, "formatCode");
                if let (Some(id), Some(code)) = (id, code) {
                    own.insert(id, of_code(&code));
                }
            }
            Piece::Open {
                name: "cellXfs", ..
            } => inside = true,
            Piece::Close("cellXfs") => inside = false,
            Piece::Open {
                name: "xf",
                attributes,
                ..
            } if inside => {
                let id = attribute(attributes, "numFmtId").and_then(|id| id.parse().ok());
                let id: u32 = id.unwrap_or(0);
                all.push(own.get(&id).copied().unwrap_or_else(|| of_id(id)));
            }
            _ => {}
        }
    }
    all
}

/// The formats that every spreadsheet has.
fn of_id(id: u32) -> Shown {
    match id {
        9 | 10 => Shown::Percent,
        14..=17 | 22 | 27..=36 | 50..=58 => Shown::Date,
        _ => Shown::Plain,
    }
}

/// A format as it is written, such as `0.0%` or `yyyy"年"m"月"`.
fn of_code(code: &str) -> Shown {
    // What is quoted, in brackets or behind a backslash is shown as it stands.
    let (mut bare, mut quoted, mut bracket, mut escaped) = (String::new(), false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => bracket = true,
            ']' if bracket => bracket = false,
            c if !quoted && !bracket => bare.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    if bare.contains('%') {
        Shown::Percent
    } else if bare.contains('y') || bare.contains('d') {
        Shown::Date
    } else {
        Shown::Plain
    }
}

/// Year, month and day of a date, as days since 30 December 1899.
pub fn date(days: f64) -> Option<(i32, u32, u32)> {
    if !(1.0..=2_958_465.0).contains(&days) {
        return None;
    }
    // Days since 1 March of the year 0, by the calendar of 400 years.
    let z = days.floor() as i64 + 693_899;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    Some((
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    ))
}

#[cfg(test)]
mod tests {
    use super::{Shown, date, of_code, read};

    #[test]
    fn formats_say_what_a_number_is() {
        for (code, shown) in [
            ("0.0%", Shown::Percent),
            ("yyyy\"年\"m\"月\"", Shown::Date),
            ("[$-804]yyyy/mm;@", Shown::Date),
            ("0.0\"%d\"", Shown::Plain),
            ("#,##0", Shown::Plain),
            ("[Red]0.00", Shown::Plain),
        ] {
            assert_eq!(of_code(code), shown, "{code}");
        }
        let text = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0%\"/></numFmts>\
            <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
            <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
        assert_eq!(read(text), [Shown::Plain, Shown::Percent, Shown::Date]);
    }

    #[test]
    fn dates_are_days() {
        assert_eq!(date(44_348.0), Some((2021, 6, 1)));
        assert_eq!(date(45_351.9), Some((2024, 2, 29)));
        assert_eq!(date(36_526.0), Some((2000, 1, 1)));
        assert_eq!(date(0.5), None);
    }
}
