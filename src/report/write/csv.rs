//! A table as CSV: the keys of its columns, then its rows, numbers in the units that
//! machines read, texts in one language, cells harmless to spreadsheets.
//!
//! Excel takes a file for UTF-8 only where a mark stands before it. Files in Chinese have
//! that mark, where they hold more than ASCII; those in English, and what is printed, are
//! for other programs and have none.

use crate::cells::Csv;
use crate::view::{Column, Holds, Table, Value};
use jianpai_core::text::Lang;

/// The bytes of a CSV file.
pub fn csv(table: &Table, lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    writer.row(table.columns.iter().map(|column| column.key.as_ref()));
    for row in &table.rows {
        writer.row(row.cells.iter().enumerate().map(|(c, cell)| {
            let column = &table.columns[c];
            let scale = table.unit(row, c).machine().scale;
            said(column, &cell.value, scale, lang)
        }));
    }
    writer.into_bytes()
}

/// What UTF-8 begins with where Excel is to know it.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The bytes of a table of CSV as a file that a person opens: with a mark for Excel where
/// it is in Chinese.
pub fn csv_file(table: &Table, lang: Lang) -> Vec<u8> {
    marked(csv(table, lang), lang)
}

/// `csv`, which is in a language, as a file: see [`csv_file`].
pub fn marked(csv: Vec<u8>, lang: Lang) -> Vec<u8> {
    if lang == Lang::Zh && !csv.is_ascii() {
        [MARK, &csv].concat()
    } else {
        csv
    }
}

/// A value as the text of a cell.
fn said(column: &Column, value: &Value, scale: f64, lang: Lang) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Number(value) => match column.decimals {
            None => (value / scale).to_string(),
            Some(decimals) => rounded(value / scale, decimals),
        },
        Value::Whole(value) => value.to_string(),
        Value::Id(id) => id.clone(),
        Value::Text(text) => text.get(lang).to_string(),
        Value::Flag(flag) => match column.holds {
            Holds::Flag(words) => words[usize::from(*flag)].to_string(),
            _ => u8::from(*flag).to_string(),
        },
        Value::Unit(unit) => unit.machine().name.get(lang).to_string(),
        Value::Named(unit) => unit.en.clone(),
    }
}

/// So many decimals, and no minus before zero.
fn rounded(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.chars().all(|c| matches!(c, '-' | '0' | '.')) {
        text.trim_start_matches('-').to_string()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{csv, csv_file, marked, rounded};
    use crate::view::{Cell, Column, Table};
    use jianpai_core::text::{Lang, Text};

    #[test]
    fn files_in_chinese_have_a_mark_for_excel() {
        let columns = vec![Column::text("name", "名称", "Name")];
        let mut table = Table::new("t", Text::new("表", "Table"), columns);
        table.row(vec![Cell::from(Text::new("氨氮", "ammonia"))]);
        let file = csv_file(&table, Lang::Zh);
        assert_eq!(file, "\u{feff}name\n氨氮\n".as_bytes());
        assert_eq!(csv(&table, Lang::Zh), "name\n氨氮\n".as_bytes());
        assert_eq!(csv_file(&table, Lang::En), b"name\nammonia\n");
        assert_eq!(marked(b"1,2\n".to_vec(), Lang::Zh), b"1,2\n");
    }

    #[test]
    fn decimals_have_no_minus_before_zero() {
        assert_eq!(rounded(12.345_4, 3), "12.345");
        assert_eq!(rounded(-0.000_1, 3), "0.000");
        assert_eq!(rounded(-2.5, 3), "-2.500");
    }
}
