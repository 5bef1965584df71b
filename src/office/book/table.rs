//! A table of a report as a sheet: headings with units, numbers as people read them.

use crate::look::sheet::{self, Widths, height};
use crate::look::style::{CHANGE, PERCENT, Style, digits};
use jianpai_core::text::{Lang, Text};
use jianpai_report::view::{Column, Form, Holds, Measured, Record, Table, Unit, Value};
use rust_xlsxwriter::{Workbook, XlsxError};

/// Writes a table.
pub(super) fn write(
    book: &mut Workbook,
    (table, note): (&Table, &str),
    style: &Style,
    name: &str,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let columns = columns(table);
    let rows: Vec<&Record> = table.rows.iter().filter(|row| !row.aside).collect();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet::page(sheet, style);
    let mut widths = Widths::default();
    for (place, c) in columns.iter().enumerate() {
        let place = place as u16;
        let column = &table.columns[*c];
        widths.see(place, &heading(column, lang));
        for row in &rows {
            widths.see(place, &said(table, row, *c, lang).1);
        }
    }
    widths.set(sheet)?;
    let title = (table.title.get(lang), note);
    let top = sheet::heading(sheet, style, title, columns.len() as u16)?;
    for (place, c) in columns.iter().enumerate() {
        let text = heading(&table.columns[*c], lang);
        sheet.write_with_format(top, place as u16, text, &style.head)?;
    }
    for (i, row) in rows.iter().enumerate() {
        let at = top + 1 + i as u32;
        let mut lines = 1;
        for (place, c) in columns.iter().enumerate() {
            let place = place as u16;
            let (cell, text) = said(table, row, *c, lang);
            match cell {
                Shown::Number(value, shown) => {
                    sheet.write_with_format(at, place, value, &style.number(shown))?;
                }
                Shown::Text => {
                    lines = lines.max(widths.lines(place, &text));
                    sheet.write_with_format(at, place, text, &style.text)?;
                }
            }
        }
        sheet.set_row_height(at, height(lines))?;
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    sheet.set_repeat_rows(top, top)?;
    if !rows.is_empty() {
        sheet.autofilter(top, 0, top + rows.len() as u32, columns.len() as u16 - 1)?;
    }
    Ok(())
}

/// What a cell is.
enum Shown {
    /// A number in the shown unit, and how it is written.
    Number(f64, &'static str),
    /// A text.
    Text,
}

/// Columns that people want on paper though the terminal has no room for them, by table.
const MORE: [(&str, &[&str]); 3] = [
    (
        "targets",
        &[
            "book",
            "year",
            "required",
            "margin",
            "unit",
            "low90",
            "high90",
            "year_met",
            "quoted_share",
            "source",
        ],
    ),
    ("costs", &["cut_unit", "per_tonne_unit", "price_year"]),
    ("indicators", &["unit"]),
];

/// The columns of a table that people read: those of the terminal, and some more; none that
/// is empty.
fn columns(table: &Table) -> Vec<usize> {
    let used = |c: usize| {
        let mut rows = table.rows.iter().filter(|row| !row.aside);
        rows.any(|row| !is_blank(&row.cells[c].value))
    };
    let more = MORE.iter().find(|(id, _)| *id == table.id);
    let more = more.map_or(&[][..], |(_, keys)| keys);
    let all = table.columns.iter().enumerate();
    let mut kept: Vec<(usize, usize)> = all
        .filter(|(c, _)| used(*c))
        .filter_map(|(c, column)| {
            let place = column.place.map(usize::from);
            let extra = more.iter().position(|key| *key == column.key);
            Some((place.or(extra.map(|at| 1000 + at))?, c))
        })
        .collect();
    kept.sort_unstable();
    kept.into_iter().map(|(_, c)| c).collect()
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Absent => true,
        Value::Id(text) => text.is_empty(),
        Value::Text(text) => text.zh.is_empty() && text.en.is_empty(),
        Value::Unit(unit) => unit.shown().name.en.is_empty(),
        Value::Named(text) => text.en.is_empty() && text.zh.is_empty(),
        _ => false,
    }
}

/// A heading with the unit of its numbers, where all have one.
fn heading(column: &Column, lang: Lang) -> String {
    let own = column.heading.get(lang);
    let Holds::Number(Measured::In(unit), _) = column.holds else {
        return own.to_string();
    };
    let unit = unit.shown().name;
    match (unit.get(lang), lang) {
        ("" | "%", _) => own.to_string(),
        (unit, Lang::Zh) => format!("{own}（{unit}）"),
        (unit, Lang::En) => format!("{own} ({unit})"),
    }
}

/// A cell as a person reads it.
fn said(table: &Table, row: &Record, c: usize, lang: Lang) -> (Shown, String) {
    let cell = &row.cells[c];
    let column = &table.columns[c];
    let text = match &cell.value {
        Value::Absent => String::new(),
        Value::Number(value) => {
            let unit = table.unit(row, c);
            let form = match column.holds {
                Holds::Number(_, form) => cell.form.unwrap_or(form),
                _ => Form::Amount,
            };
            let (value, shown) = number(*value, unit, form);
            // As wide as its digits.
            return (Shown::Number(value, shown), format!("{value:.3}"));
        }
        Value::Whole(value) => {
            return (Shown::Number(*value as f64, "0"), value.to_string());
        }
        Value::Id(id) => word(&column.key, id, lang),
        Value::Text(text) | Value::Named(text) => text.get(lang).to_string(),
        Value::Flag(true) => lang.pick("是", "yes").to_string(),
        Value::Flag(false) => lang.pick("否", "no").to_string(),
        Value::Unit(unit) => unit.shown().name.get(lang).to_string(),
    };
    (Shown::Text, text)
}

/// A number in the unit that people read, and how it is written.
fn number(value: f64, unit: Unit, form: Form) -> (f64, &'static str) {
    match (unit, form) {
        (_, Form::SignedPercent) => (value, CHANGE),
        (Unit::Fraction | Unit::Percent, _)
        | (_, Form::Fall | Form::Percent | Form::WholePercent | Form::Probability) => {
            (value, PERCENT)
        }
        (Unit::Points, _) | (_, Form::Points) => {
            (value / Unit::Points.shown().scale, "+0.00;-0.00;0.00")
        }
        (unit, _) => {
            let shown = value / unit.shown().scale;
            (shown, digits(shown))
        }
    }
}

/// Words of machines as people say them.
fn word(key: &str, id: &str, lang: Lang) -> String {
    let found = match (key, id) {
        ("book", "accounted") => Text::new("核算", "accounted"),
        ("book", "physical") => Text::new("实际排放", "physical"),
        ("kind", "reduction") => Text::new("下降", "reduction"),
        ("kind", "cap") => Text::new("上限", "cap"),
        ("kind", "floor") => Text::new("下限", "floor"),
        ("kind", "cumulative") => Text::new("累计", "cumulative"),
        ("kind", "project") => Text::new("项目减排", "projects"),
        ("grade", "met") => Text::new("达到", "met"),
        ("grade", "met-within-error") => Text::new("达到，误差之内", "met, within error"),
        ("grade", "missed") => Text::new("未达到", "missed"),
        ("class", "total") => Text::new("合计", "total"),
        ("reference", "no_measures") => Text::new("无措施（仅增长）", "growth alone"),
        ("reference", "current_policy") => Text::new("仅现行政策", "current policy alone"),
        ("account", "coal") => Text::new("煤炭", "coal"),
        ("account", "energy") => Text::new("能源", "energy"),
        ("account", "cost") => Text::new("费用", "cost"),
        ("status", word) => {
            let status = jianpai_core::provenance::Status::parse(word);
            status.map_or_else(|| Text::same(word), jianpai_core::provenance::Status::name)
        }
        _ => return id.to_string(),
    };
    found.get(lang).to_string()
}
