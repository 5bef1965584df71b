//! Tables on the terminal: a line below the header, columns aligned with Chinese.

use comfy_table::{Cell, CellAlignment, LineStyle, Table, TableStyle};
use std::fmt::{Display, Formatter};

/// A table being filled.
#[derive(Debug)]
pub struct Grid(Table);

impl Grid {
    /// An empty table with these headers.
    pub fn new<'h>(header: impl IntoIterator<Item = &'h str>) -> Self {
        let mut table = Table::new();
        let line = LineStyle::none().fill('─').junction('─');
        table.load_style(TableStyle::new().header_separator(line));
        table.set_header(header.into_iter().map(Cell::new));
        Self(table)
    }

    /// Adds a row of cells.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.0.add_row(cells);
    }

    /// Adds a row of plain text.
    pub fn texts<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        self.0.add_row(cells.into_iter().map(Cell::new));
    }
}

impl Display for Grid {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        for line in self.0.to_string().lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A cell of text.
pub fn left(text: impl Display) -> Cell {
    Cell::new(text)
}

/// A cell of a number.
pub fn right(text: impl Display) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Sets a block of text two columns in.
pub fn indent(text: &str) -> String {
    text.lines()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}
