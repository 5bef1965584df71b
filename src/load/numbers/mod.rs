//! A large table of plain numbers, such as the inputs and outputs of a model, read
//! as a stream: only the wanted columns are kept, as columns of `f64`.
//!
//! [`crate::table`] keeps every cell with its place and needs the whole text for it;
//! a table of a million rows has gigabytes of them. Here the lines at fault are read
//! a second time, and only then, so that diagnostics show them all the same.

mod condition;
mod excerpt;
mod records;
mod select;

pub use condition::{Clause, Comparison, Condition};
pub use excerpt::Excerpt;
pub use records::{Open, Source};
pub use select::{Asked, Chosen, choose};

use crate::cut;
use crate::encoding::Coded;
use crate::number::{self, NumberError};
use jianpai_core::plain;
use records::Record;
use std::io;

/// The header and the number of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Names of the columns, without space or quotes around.
    pub names: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A cell is no finite number.
    Cell {
        /// Place of the column in the file.
        column: usize,
        /// What stands there.
        text: String,
        /// Why it is none.
        error: number::NumberError,
    },
    /// More or fewer cells than the header has.
    Width {
        /// Cells found.
        found: usize,
    },
    /// A quote that is never closed.
    Quote,
}

/// A [`Fault`] and its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// The wanted columns.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// One column for each one wanted, in that order.
    pub columns: Vec<Vec<f64>>,
    /// The line of every row, from 1.
    pub lines: Vec<u32>,
    /// The first faults, at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// Faults beyond those.
    pub more: usize,
    /// Rows left out because they have no results, and say so.
    pub without: usize,
}

/// Rows that have no results, as those of draws that are not feasible.
#[derive(Clone, Copy, Debug)]
pub struct Without<'a> {
    /// The column that is 0 in such a row; one of those wanted.
    pub flag: usize,
    /// The columns that may be empty there.
    pub results: &'a [usize],
}

/// How many faults are kept.
pub const MOST_PROBLEMS: usize = 20;

impl Numbers {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    fn fault(&mut self, line: usize, fault: Fault) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { line, fault });
        } else {
            self.more += 1;
        }
    }
}

/// The first line that is not empty; `None` for an empty file. Empty names behind the
/// last are those of a spreadsheet's empty columns, and none.
///
/// # Errors
/// The file cannot be read.
pub fn header(source: &Source<'_>) -> io::Result<Option<Header>> {
    let mut records = source.records(Some(&[]))?;
    while let Some(record) = records.next()? {
        let mut names: Vec<String> = record.texts().iter().map(|text| name(text)).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        if !names.is_empty() {
            let line = record.line;
            return Ok(Some(Header { names, line }));
        }
    }
    Ok(None)
}

/// A name of a column as it is asked for: on one line, without what was put before it
/// for spreadsheets.
pub fn name(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    plain::uncelled(&lines.collect::<Vec<_>>().join(" ")).to_string()
}

/// The wanted columns of all rows below the header, by their places in the file. `true`
/// and `false` are 1 and 0. Rows with a fault are left out of the columns; empty lines,
/// and lines of empty cells, are passed over; so are rows `without` results.
///
/// # Errors
/// The file cannot be read.
pub fn read(
    source: &Source<'_>,
    header: &Header,
    wanted: &[usize],
    without: Option<Without<'_>>,
) -> io::Result<Numbers> {
    let mut slots: Vec<Vec<usize>> = vec![Vec::new(); header.names.len()];
    for (slot, column) in wanted.iter().enumerate() {
        slots[*column].push(slot);
    }
    let mut numbers = Numbers {
        columns: vec![Vec::new(); wanted.len()],
        ..Numbers::default()
    };
    let mut row = NumberLine {
        slots: &slots,
        values: vec![0.0; wanted.len()],
        faults: Vec::new(),
    };
    let mut records = source.records(Some(wanted))?;
    while let Some(record) = records.next()? {
        let line = record.line;
        if line <= header.line || row.fill(&record) {
            continue;
        }
        if row.faults.is_empty() {
            for (column, value) in numbers.columns.iter_mut().zip(&row.values) {
                column.push(*value);
            }
            numbers.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
        if !row.faults.is_empty() && without.is_some_and(|without| row.lacks_results(without)) {
            numbers.without += 1;
            continue;
        }
        for fault in row.faults.drain(..) {
            numbers.fault(line, fault);
        }
    }
    Ok(numbers)
}

/// One line on its way to numbers.
struct NumberLine<'a> {
    /// Where the value of each column of the file goes.
    slots: &'a [Vec<usize>],
    values: Vec<f64>,
    faults: Vec<Fault>,
}

impl NumberLine<'_> {
    /// Whether nothing but results is missing, and the row says that it has none.
    #[allow(clippy::float_cmp)] // 0 is written and read as it is
    fn lacks_results(&self, without: Without<'_>) -> bool {
        let flag = self.slots[without.flag].first();
        let is_without = flag.is_some_and(|slot| self.values[*slot] == 0.0);
        is_without
            && self.faults.iter().all(|fault| match fault {
                Fault::Cell { column, error, .. } => {
                    *error == NumberError::Empty && without.results.contains(column)
                }
                Fault::Width { .. } | Fault::Quote => false,
            })
    }

    /// Reads a line; says whether there is nothing in it.
    fn fill(&mut self, record: &Record<'_>) -> bool {
        self.faults.clear();
        if record.is_open {
            self.faults.push(Fault::Quote);
            return false;
        }
        let row = record.row;
        if row.contains(&b'"') {
            let cells = cut::pieces(row).map(|piece| piece.bytes(row));
            return self.cells(cells, record.coded);
        }
        self.cells(row.split(|byte| *byte == b','), record.coded)
    }

    fn cells<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>, coded: Coded) -> bool {
        let (mut count, mut filled) = (0, 0);
        for cell in cells {
            if !cell.trim_ascii().is_empty() {
                filled = count + 1;
            }
            let slots = self.slots.get(count).map_or(&[][..], Vec::as_slice);
            if !slots.is_empty() {
                match value(cell, coded) {
                    Ok(value) => {
                        for slot in slots {
                            self.values[*slot] = value;
                        }
                    }
                    Err(error) => self.faults.push(Fault::Cell {
                        column: count,
                        text: coded.piece(cell).trim().to_string(),
                        error,
                    }),
                }
            }
            count += 1;
        }
        // Empty cells behind the last column are those of a spreadsheet.
        let count = count.min(filled.max(self.slots.len()));
        if filled == 0 {
            self.faults.clear();
        } else if count != self.slots.len() {
            self.faults.clear();
            self.faults.push(Fault::Width { found: count });
        }
        filled == 0
    }
}

/// The number in a cell.
fn value(cell: &[u8], coded: Coded) -> Result<f64, NumberError> {
    let plain = std::str::from_utf8(cell.trim_ascii()).ok();
    if let Some(value) = plain.and_then(|text| text.parse::<f64>().ok())
        && value.is_finite()
    {
        return Ok(value);
    }
    number_in(&coded.piece(cell))
}

/// The number that a text is; `true` and `false` are 1 and 0.
pub(crate) fn number_in(text: &str) -> Result<f64, NumberError> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Ok(1.0),
        text if text.eq_ignore_ascii_case("false") => Ok(0.0),
        // What data frames write for no value.
        "NA" | "N/A" | "<NA>" | "None" | "null" | "NULL" => Err(NumberError::Empty),
        text => number::parse(text),
    }
}

#[cfg(test)]
mod tests;
