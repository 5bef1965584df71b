//! A sheet as it is printed, and columns as wide as what is in them.

use crate::look::style::Style;
use rust_xlsxwriter::{Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

/// The widest column, in digits.
pub(crate) const WIDEST: usize = 46;
/// The narrowest.
const NARROWEST: usize = 8;

/// A landscape page as wide as the sheet, with the number of the page below.
pub(crate) fn page(sheet: &mut Worksheet, style: &Style) {
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer(
            style
                .lang
                .pick("&L&A&R第 &P 页，共 &N 页", "&L&A&RPage &P of &N"),
        )
        .set_print_center_horizontally(true)
        .set_screen_gridlines(false);
}

/// The widths of columns, as their cells ask for.
#[derive(Debug, Default)]
pub(crate) struct Widths(Vec<usize>);

impl Widths {
    /// A text in a column.
    pub(crate) fn see(&mut self, column: u16, text: &str) {
        let at = usize::from(column);
        if self.0.len() <= at {
            self.0.resize(at + 1, NARROWEST);
        }
        // Ambiguous characters are wide in Chinese fonts.
        let width = text
            .lines()
            .map(UnicodeWidthStr::width_cjk)
            .max()
            .unwrap_or(0);
        self.0[at] = self.0[at].max(width + 2).min(WIDEST);
    }

    /// Sets them.
    pub(crate) fn set(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (column, width) in self.0.iter().enumerate() {
            sheet.set_column_width(column as u16, *width as f64)?;
        }
        Ok(())
    }

    /// Lines that a text takes in a column.
    pub(crate) fn lines(&self, column: u16, text: &str) -> usize {
        let width = self
            .0
            .get(usize::from(column))
            .copied()
            .unwrap_or(NARROWEST);
        let room = width.saturating_sub(1).max(1);
        let lines = text
            .lines()
            .map(|line| line.width_cjk().div_ceil(room).max(1));
        lines.sum::<usize>().max(1)
    }
}

/// The height of so many lines of text.
pub(crate) fn height(lines: usize) -> f64 {
    15.0 * lines.clamp(1, 26) as f64 + 3.0
}

/// A title over a sheet and a remark below it; the next row that is free.
pub(crate) fn heading(
    sheet: &mut Worksheet,
    style: &Style,
    (title, note): (&str, &str),
    columns: u16,
) -> Result<u32, XlsxError> {
    sheet.write_with_format(0, 0, title, &style.title)?;
    sheet.set_row_height(0, 26)?;
    if note.is_empty() {
        return Ok(2);
    }
    remark(sheet, style, 1, (note, columns))?;
    Ok(3)
}

/// A remark over so many columns.
pub(crate) fn remark(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    (note, columns): (&str, u16),
) -> Result<(), XlsxError> {
    if columns > 1 {
        sheet.merge_range(row, 0, row, columns - 1, note, &style.note)?;
    } else {
        sheet.write_with_format(row, 0, note, &style.note)?;
    }
    let room = usize::from(columns.max(6)) * 12;
    let lines = note
        .lines()
        .map(|line| line.width_cjk().div_ceil(room).max(1));
    sheet.set_row_height(row, height(lines.sum::<usize>().max(1)))?;
    Ok(())
}
