//! A copy of a workbook with what is wrong coloured, and said in notes.

use super::flaw::{Flaw, Place, called, text_at};
use crate::look::sheet::Widths;
use crate::look::style::Style;
use crate::xlsx::{Shown, Value, Workbook};
use jianpai_core::text::Lang;
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Note, Url, XlsxError};
use std::collections::BTreeMap;

/// The copy: every sheet with its cells where they were, values in place of formulas, and a
/// sheet in front that lists what is wrong.
///
/// # Errors
/// What the writer of workbooks refuses.
pub fn marked(
    (book, workbook): (&str, &Workbook),
    flaws: &[Flaw],
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let style = Style::of(lang);
    let mut out = rust_xlsxwriter::Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    out.set_properties(&DocProperties::new().set_creation_datetime(&made));
    out.set_default_format(&style.plain, 20, 72)?;
    let mut notes: BTreeMap<Place, (bool, String)> = BTreeMap::new();
    for flaw in flaws {
        for point in &flaw.points {
            let (grave, text) = notes.entry(point.place).or_default();
            *grave |= flaw.is_error();
            if !text.is_empty() {
                text.push('\n');
            }
            *text += flaw.said.message.get(lang);
            if let Some(help) = &flaw.said.help {
                *text += &format!("\n→ {}", help.get(lang));
            }
        }
    }
    list(&mut out, (book, workbook), flaws, &style)?;
    for (number, sheet) in workbook.sheets.iter().enumerate() {
        let copy = out.add_worksheet();
        copy.set_name(&sheet.name)?.set_hidden(sheet.hidden);
        let mut widths = Widths::default();
        let own = |at| notes.get(&Place::cell(number, at));
        let colour = |grave: bool| Color::RGB(if grave { 0x00f4_b6b6 } else { 0x00fd_eeca });
        for row in &sheet.rows {
            for (column, cell) in &row.cells {
                let at = (row.at, *column);
                let Ok(c) = u16::try_from(*column) else {
                    continue;
                };
                let format = match (&cell.value, cell.shown) {
                    (Value::Number(_), Shown::Percent) => style.number("0.##%"),
                    (Value::Number(_), Shown::Date) => style.number("yyyy-mm-dd"),
                    (Value::Number(_), Shown::Plain) => style.number("General"),
                    _ => style.text.clone(),
                };
                let format = match own(at) {
                    Some((grave, _)) => format.set_background_color(colour(*grave)),
                    None => format,
                };
                widths.see(c, &text_at(workbook, Place::cell(number, at)));
                match &cell.value {
                    Value::Number(value) => copy.write_with_format(row.at, c, *value, &format)?,
                    Value::Bool(value) => copy.write_with_format(row.at, c, *value, &format)?,
                    Value::Text(text) | Value::Error(text) => {
                        copy.write_with_format(row.at, c, text, &format)?
                    }
                    Value::Uncomputed => copy.write_blank(row.at, c, &format)?,
                };
            }
            if row.hidden {
                copy.set_row_hidden(row.at)?;
            }
        }
        widths.set(copy)?;
        for (place, (grave, text)) in &notes {
            let Some((row, column)) = place.at.filter(|_| place.sheet == number) else {
                continue;
            };
            let Ok(column) = u16::try_from(column) else {
                continue;
            };
            if sheet.cell((row, u32::from(column))).is_none() {
                let format = style.text.clone().set_background_color(colour(*grave));
                copy.write_blank(row, column, &format)?;
            }
            // A note holds so much.
            let text: String = text.chars().take(2_000).collect();
            let lines = text
                .lines()
                .map(|line| 1 + line.chars().count() / 20)
                .sum::<usize>();
            let note = Note::new(text).add_author_prefix(false).set_width(280);
            copy.insert_note(
                row,
                column,
                &note.set_height(30 + 18 * lines.min(20) as u32),
            )?;
        }
    }
    out.save_to_buffer()
}

/// The sheet in front.
fn list(
    out: &mut rust_xlsxwriter::Workbook,
    (book, workbook): (&str, &Workbook),
    flaws: &[Flaw],
    style: &Style,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let taken: Vec<String> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.name.to_lowercase())
        .collect();
    let mut name = lang.pick("问题", "Problems").to_string();
    while taken.contains(&name.to_lowercase()) {
        name.push('_');
    }
    let sheet = out.add_worksheet();
    sheet.set_name(&name)?;
    for (c, width) in [24.0, 10.0, 60.0, 60.0].into_iter().enumerate() {
        sheet.set_column_width(c as u16, width)?;
    }
    let heads = lang.pick(
        ["位置", "轻重", "问题", "怎么改"],
        ["Where", "How bad", "What", "What to do"],
    );
    for (c, head) in heads.into_iter().enumerate() {
        sheet.write_with_format(0, c as u16, head, &style.head)?;
    }
    for (i, flaw) in flaws.iter().enumerate() {
        let row = 1 + i as u32;
        if let Some(point) = flaw.points.first() {
            let place = called("", workbook, point.place).trim().to_string();
            let at = point
                .place
                .at
                .map_or("A1".to_string(), crate::xlsx::address);
            let own = workbook
                .sheets
                .get(point.place.sheet)
                .map_or("", |sheet| sheet.name.as_str());
            let url = Url::new(format!("internal:{}!{at}", crate::look::names::quoted(own)))
                .set_text(place);
            sheet.write_url_with_format(row, 0, url, &style.link)?;
        } else {
            sheet.write_with_format(row, 0, book, &style.text)?;
        }
        let word = if flaw.is_error() {
            lang.pick("错误", "error")
        } else {
            lang.pick("注意", "note")
        };
        sheet.write_with_format(row, 1, word, &style.text)?;
        sheet.write_with_format(row, 2, flaw.said.message.get(lang), &style.text)?;
        let help = flaw.said.help.as_ref().map_or("", |help| help.get(lang));
        sheet.write_with_format(row, 3, help, &style.text)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}
