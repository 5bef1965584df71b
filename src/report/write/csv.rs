//! A table as CSV: the keys of its columns, then its rows, numbers in the units that
//! machines read, texts in one language, cells harmless to spreadsheets.

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
    use super::rounded;

    #[test]
    fn decimals_have_no_minus_before_zero() {
        assert_eq!(rounded(12.345_4, 3), "12.345");
        assert_eq!(rounded(-0.000_1, 3), "0.000");
        assert_eq!(rounded(-2.5, 3), "-2.500");
    }
}
