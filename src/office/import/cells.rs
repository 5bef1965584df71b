//! Cells as texts: numbers without the rounding of a spreadsheet, percent as it is shown,
//! dates as dates.

use crate::xlsx::{Cell, Shown, Value, date};

/// The text of a cell.
pub(super) fn text(cell: &Cell) -> String {
    match &cell.value {
        // Rows of a text are one line in a file.
        Value::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Number(number) => match cell.shown {
            Shown::Percent => format!("{} %", digits(number * 100.0)),
            Shown::Date => match date(*number) {
                Some((year, month, day)) => format!("{year}-{month:02}-{day:02}"),
                None => digits(*number),
            },
            Shown::Plain => digits(*number),
        },
        Value::Bool(true) => "true".to_string(),
        Value::Bool(false) => "false".to_string(),
        Value::Error(error) => error.clone(),
        Value::Uncomputed => String::new(),
    }
}

/// A number with the fifteen digits that a spreadsheet shows: 0.1 + 0.2 is 0.3.
pub(super) fn digits(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

/// Full-width letters, digits and signs as half-width ones.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// A year: a number, a date, a serial number of a date, or a text such as `２０２５年`. What
/// says more (`2025年底`) is a text as it stands.
pub(super) fn year(cell: &Cell) -> Result<i64, String> {
    if let Value::Number(number) = cell.value {
        let serial = cell.shown == Shown::Date || (20_000.0..80_000.0).contains(&number);
        if let (true, Some((year, ..))) = (serial, date(number)) {
            return Ok(i64::from(year));
        }
        if number.fract() == 0.0 && number.abs() < 1e9 {
            return Ok(number as i64);
        }
    }
    let own = text(cell);
    let bare = narrow(&own);
    let bare = bare.trim().trim_end_matches('年').trim();
    bare.parse().map_err(|_| own)
}

/// A month as `2021-06`: a date, a serial number of one, or a text as it stands.
pub(super) fn month(cell: &Cell) -> String {
    if let Value::Number(number) = cell.value {
        let serial = cell.shown == Shown::Date || (20_000.0..80_000.0).contains(&number);
        if let (true, Some((year, month, _))) = (serial, date(number)) {
            return format!("{year}-{month:02}");
        }
    }
    narrow(&text(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(value: Value, shown: Shown) -> Cell {
        Cell {
            value,
            shown,
            formula: false,
        }
    }

    #[test]
    fn numbers_are_what_is_seen() {
        let number = |value, shown| text(&cell(Value::Number(value), shown));
        assert_eq!(number(0.95, Shown::Percent), "95 %");
        assert_eq!(number(0.07, Shown::Percent), "7 %");
        assert_eq!(number(0.1 + 0.2, Shown::Plain), "0.3");
        assert_eq!(number(3000.0, Shown::Plain), "3000");
        assert_eq!(number(44_348.0, Shown::Date), "2021-06-01");
        let own = Value::Text(" 一行\n两行 ".into());
        assert_eq!(text(&cell(own, Shown::Plain)), "一行 两行");
    }

    #[test]
    fn years_and_months() {
        let text = |own: &str| cell(Value::Text(own.into()), Shown::Plain);
        let number = |own: f64| cell(Value::Number(own), Shown::Plain);
        assert_eq!(year(&text("２０２５年")), Ok(2025));
        assert_eq!(year(&number(2025.0)), Ok(2025));
        assert_eq!(year(&number(44_348.0)), Ok(2021));
        assert_eq!(year(&text("2025年底")), Err("2025年底".into()));
        assert_eq!(month(&number(44_348.0)), "2021-06");
        assert_eq!(month(&text("2021年6月")), "2021年6月");
        assert_eq!(month(&text("２０２１－０６")), "2021-06");
    }
}
