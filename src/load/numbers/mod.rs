//! A large table of plain numbers, such as the inputs and outputs of a model, read
//! as a stream: only the wanted columns are kept, as columns of `f64`.
//!
//! [`crate::table`] keeps every cell with its place and needs the whole text for it;
//! a table of a million rows has gigabytes of them. Here the lines at fault are read
//! a second time, and only then, so that diagnostics show them all the same.

mod condition;
mod excerpt;
mod lines;
mod select;

pub use condition::{Clause, Comparison, Condition};
pub use excerpt::Excerpt;
pub use select::{Asked, Chosen, choose};

use crate::number;
use lines::Lines;
use std::io::{self, Read};

/// Opens the file anew at its beginning.
pub type Open<'a> = &'a dyn Fn() -> io::Result<Box<dyn Read>>;

/// The header and the number of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Names of the columns, without space or quotes around.
    pub names: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

/// A column that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its place in the file, from 0.
    pub column: usize,
    /// Whether `true` and `false` stand for 1 and 0.
    pub words: bool,
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
    /// A quote that is not closed in its line.
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

/// The first line that is not empty; `None` for an empty file.
///
/// # Errors
/// The file cannot be read.
pub fn header(open: Open<'_>) -> io::Result<Option<Header>> {
    let mut lines = Lines::new(open()?)?;
    while let Some((line, bytes)) = lines.next()? {
        let (cells, _) = lines::cells(bytes);
        if cells.iter().any(|cell| !cell.is_empty()) {
            let names = cells.iter().map(|cell| lines::decode(cell)).collect();
            return Ok(Some(Header { names, line }));
        }
    }
    Ok(None)
}

/// The wanted columns of all rows below the header. Rows with a fault are left out
/// of the columns; empty lines, and lines of empty cells, are passed over.
///
/// # Errors
/// The file cannot be read.
pub fn read(open: Open<'_>, header: &Header, wanted: &[Wanted]) -> io::Result<Numbers> {
    let mut slots: Vec<Vec<usize>> = vec![Vec::new(); header.names.len()];
    for (slot, wanted) in wanted.iter().enumerate() {
        slots[wanted.column].push(slot);
    }
    let mut numbers = Numbers {
        columns: vec![Vec::new(); wanted.len()],
        ..Numbers::default()
    };
    let mut row = Row {
        wanted,
        slots: &slots,
        values: vec![0.0; wanted.len()],
        faults: Vec::new(),
    };
    let mut lines = Lines::new(open()?)?;
    while let Some((line, bytes)) = lines.next()? {
        if line <= header.line || row.fill(bytes) {
            continue;
        }
        if row.faults.is_empty() {
            for (column, value) in numbers.columns.iter_mut().zip(&row.values) {
                column.push(*value);
            }
            numbers.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        }
        for fault in row.faults.drain(..) {
            numbers.fault(line, fault);
        }
    }
    Ok(numbers)
}

/// One line on its way to numbers.
struct Row<'a> {
    wanted: &'a [Wanted],
    /// Where the value of each column of the file goes.
    slots: &'a [Vec<usize>],
    values: Vec<f64>,
    faults: Vec<Fault>,
}

impl Row<'_> {
    /// Reads a line; says whether there is nothing in it.
    fn fill(&mut self, line: &[u8]) -> bool {
        self.faults.clear();
        if line.contains(&b'"') {
            let (cells, closed) = lines::cells(line);
            if !closed {
                self.faults.push(Fault::Quote);
                return false;
            }
            let cells: Vec<&[u8]> = cells.iter().map(AsRef::as_ref).collect();
            return self.cells(cells.iter().copied());
        }
        self.cells(line.split(|byte| *byte == b','))
    }

    fn cells<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) -> bool {
        let (mut count, mut empty) = (0, true);
        for cell in cells {
            empty &= cell.trim_ascii().is_empty();
            let slots = self.slots.get(count).map_or(&[][..], Vec::as_slice);
            if let Some(first) = slots.first() {
                match value(cell, self.wanted[*first].words) {
                    Ok(value) => {
                        for slot in slots {
                            self.values[*slot] = value;
                        }
                    }
                    Err(error) => self.faults.push(Fault::Cell {
                        column: count,
                        text: lines::decode(cell).trim().to_string(),
                        error,
                    }),
                }
            }
            count += 1;
        }
        if empty {
            self.faults.clear();
        } else if count != self.slots.len() {
            self.faults.clear();
            self.faults.push(Fault::Width { found: count });
        }
        empty
    }
}

/// The number in a cell.
fn value(cell: &[u8], words: bool) -> Result<f64, number::NumberError> {
    let plain = std::str::from_utf8(cell.trim_ascii()).ok();
    if let Some(value) = plain.and_then(|text| text.parse::<f64>().ok())
        && value.is_finite()
    {
        return Ok(value);
    }
    if words {
        match plain.unwrap_or_default().to_ascii_lowercase().as_str() {
            "true" => return Ok(1.0),
            "false" => return Ok(0.0),
            _ => {}
        }
    }
    number::parse(&lines::decode(cell))
}

#[cfg(test)]
mod tests;
