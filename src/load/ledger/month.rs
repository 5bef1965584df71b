//! Months as people and spreadsheets write them.

use crate::diag::{Diagnostic, Diagnostics};
use crate::table::Cell;
use jianpai_core::text::Text;

/// Year and month (1–12).
pub(super) fn read(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<(i32, u32)> {
    let text = cell.text_required(diags)?;
    let parts = parts(text);
    let found = match parts.as_slice() {
        [year, month] | [year, month, _] => Some((*year, *month)),
        // 202106
        [one] if (190_001..=220_012).contains(one) => Some((one / 100, one % 100)),
        _ => None,
    };
    match found {
        Some((year, month)) if (1990..=2100).contains(&year) && (1..=12).contains(&month) => {
            Some((year, u32::try_from(month).ok()?))
        }
        Some((year, month)) if (1990..=2100).contains(&year) => {
            let message = Text::new(
                format!("没有 {month} 月：`{text}`"),
                format!("there is no month {month}: `{text}`"),
            );
            push(cell, diags, "month", message, None);
            None
        }
        _ => {
            let serial = parts.first().filter(|_| parts.len() == 1).copied();
            let serial = serial.filter(|days| (20_000..80_000).contains(days));
            if let Some((year, month)) = serial.map(of_serial) {
                let message = Text::new(
                    format!("`{text}` 是 Excel 的日期序号（{year}年{month}月），不是年月"),
                    format!("`{text}` is a date serial of Excel ({year}-{month:02}), not a month"),
                );
                push(cell, diags, "date-serial", message, Some((year, month)));
            } else {
                let message = Text::new(
                    format!("`{text}` 不是年月"),
                    format!("`{text}` is not a year and month"),
                );
                push(cell, diags, "month", message, None);
            }
            None
        }
    }
}

fn push(
    cell: &Cell<'_>,
    diags: &mut Diagnostics,
    code: &'static str,
    message: Text,
    better: Option<(i32, i32)>,
) {
    let label = Text::new("应为年月", "expected a year and month");
    let diagnostic = Diagnostic::error(code, message).label(cell.span, label);
    diags.push(match better {
        Some((year, month)) => diagnostic
            .suggest(cell.span, format!("{year}-{month:02}"))
            .help(Text::new(
                "先把该列的格式改为“文本”或“yyyy-mm”，再另存为 CSV",
                "format the column as text or yyyy-mm before saving it as CSV",
            )),
        None => diagnostic.help(Text::new(
            "写法如 2021-06 或 2021年6月",
            "write it like 2021-06",
        )),
    });
}

/// The numbers of `2021-06`, `2021/6`, `2021.06`, `2021年6月`, `2021-06-01`.
fn parts(text: &str) -> Vec<i32> {
    let marks = ['-', '/', '.', '年', '月', '日', ' ', '－', '／'];
    let parts = text.split(marks).map(str::trim).filter(|p| !p.is_empty());
    let numbers: Option<Vec<i32>> = parts.map(|part| part.parse().ok()).collect();
    numbers.unwrap_or_default()
}

/// Year and month of a date serial: days since 30 December 1899.
fn of_serial(days: i32) -> (i32, i32) {
    // Days since 1 March of the year 0, by the calendar of 400 years.
    let z = days + 693_899;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    (year + era * 400 + i32::from(month <= 2), month)
}

#[cfg(test)]
mod tests {
    use super::{of_serial, parts};

    #[test]
    fn months_as_they_are_written() {
        for text in ["2021-06", "2021/6", "2021.06", "2021年6月", "2021年06月"] {
            assert_eq!(parts(text), [2021, 6], "{text}");
        }
        assert_eq!(parts("2021-06-01"), [2021, 6, 1]);
        assert_eq!(parts("Jun-21"), [] as [i32; 0]);
    }

    /// 44348 is 1 June 2021, 36526 is 1 January 2000, 45351 is 29 February 2024.
    #[test]
    fn serials_of_a_spreadsheet() {
        assert_eq!(of_serial(44_348), (2021, 6));
        assert_eq!(of_serial(44_347), (2021, 5));
        assert_eq!(of_serial(36_526), (2000, 1));
        assert_eq!(of_serial(36_525), (1999, 12));
        assert_eq!(of_serial(45_351), (2024, 2));
        assert_eq!(of_serial(45_352), (2024, 3));
    }
}
