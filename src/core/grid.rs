//! Tables of numbers with a shape, so that nobody computes where a cell stands.
//!
//! Both kinds hold their cells in one piece, the last index running fastest, and can be
//! read as that one slice where the shape does not matter (a sum over all cells, a
//! comparison cell by cell).

use std::ops::{Deref, DerefMut};

/// Rows of equal length: accounts × years, services × accounts, technologies × accounts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    width: usize,
    cells: Vec<f64>,
}

impl Grid {
    /// `rows` rows of `width` cells, each of them `value`.
    pub fn filled(rows: usize, width: usize, value: f64) -> Self {
        Self::of(width, vec![value; rows * width])
    }

    /// `cells` as rows of `width`; there must be a whole number of rows.
    pub fn of(width: usize, cells: Vec<f64>) -> Self {
        debug_assert_eq!(cells.len() % width.max(1), 0, "whole rows");
        Self { width, cells }
    }

    /// The cells of row `row`.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.width..][..self.width]
    }

    /// The cells of row `row`, to be written.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.width..][..self.width]
    }

    /// All rows in order; none where rows have no cells.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.width.max(1))
    }

    /// The cell at `column` of row `row`.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.row(row)[column]
    }

    /// Writes the cell at `column` of row `row`.
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        self.row_mut(row)[column] = value;
    }

    /// A grid of the same shape, made of each cell's position in the whole and its value.
    #[must_use]
    pub fn map(&self, cell: impl Fn(usize, f64) -> f64) -> Self {
        let cells = self.cells.iter().enumerate();
        Self::of(
            self.width,
            cells.map(|(i, value)| cell(i, *value)).collect(),
        )
    }

    /// Adds a row below the others; it must be as long as they are.
    pub fn push(&mut self, row: &[f64]) {
        debug_assert_eq!(row.len(), self.width, "rows are of equal length");
        self.cells.extend_from_slice(row);
    }
}

impl Deref for Grid {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.cells
    }
}

impl DerefMut for Grid {
    fn deref_mut(&mut self) -> &mut [f64] {
        &mut self.cells
    }
}

impl<'a> IntoIterator for &'a Grid {
    type Item = &'a f64;
    type IntoIter = std::slice::Iter<'a, f64>;

    fn into_iter(self) -> Self::IntoIter {
        self.cells.iter()
    }
}

/// Grids of one shape on top of each other: measures × accounts × years.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cube {
    height: usize,
    grid: Grid,
}

impl Cube {
    /// `layers` layers of `height` rows of `width` cells, all of them 0.
    pub fn zeros(layers: usize, height: usize, width: usize) -> Self {
        let grid = Grid::filled(layers * height, width, 0.0);
        Self { height, grid }
    }

    /// The cells of row `row` in layer `layer`.
    pub fn row(&self, layer: usize, row: usize) -> &[f64] {
        self.grid.row(layer * self.height + row)
    }

    /// The cells of row `row` in layer `layer`, to be written.
    pub fn row_mut(&mut self, layer: usize, row: usize) -> &mut [f64] {
        self.grid.row_mut(layer * self.height + row)
    }

    /// The cell at `column` of row `row` in layer `layer`.
    pub fn at(&self, layer: usize, row: usize, column: usize) -> f64 {
        self.row(layer, row)[column]
    }
}

impl Deref for Cube {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        &self.grid
    }
}

#[cfg(test)]
mod tests {
    use super::{Cube, Grid};

    #[test]
    fn cells_stand_where_their_shape_says() {
        let mut grid = Grid::of(3, vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
        grid.push(&[20.0, 21.0, 22.0]);
        grid.set(2, 1, 99.0);
        assert_eq!(grid.row(1), [10.0, 11.0, 12.0]);
        assert_eq!(
            grid.rows().map(|row| row[1]).collect::<Vec<_>>(),
            [1.0, 11.0, 99.0]
        );
        let corners = [grid.at(0, 2), grid.at(2, 0)];
        assert_eq!(corners.map(f64::to_bits), [2.0, 20.0].map(f64::to_bits));

        let mut cube = Cube::zeros(2, 2, 3);
        cube.row_mut(1, 0)[2] = 5.0;
        assert_eq!(cube.row(1, 0), [0.0, 0.0, 5.0]);
        let cells = [cube.at(1, 0, 2), cube.at(0, 1, 2)];
        assert_eq!(cells.map(f64::to_bits), [5.0, 0.0].map(f64::to_bits));
        assert_eq!(cube.iter().position(|cell| *cell != 0.0), Some(8));
    }
}
