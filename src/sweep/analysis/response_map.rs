//! The frontier of attainment over two inputs.
//!
//! From outputs on a grid the lines along which the output equals a threshold
//! are drawn by marching squares (Lorensen and Cline, 1987, in the plane):
//! linear along the grid's edges, and a saddle is decided by the mean of its
//! four corners. A node that equals the threshold counts as attained.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::error::{AnalysisError, finite};

/// Which side of the threshold is attainment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Attained {
    /// At or above it, as for a reduction.
    AtLeast,
    /// At or below it, as for an emission.
    AtMost,
}

/// A line of the frontier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Points `[x, y]` in the units of the axes; attainment lies to the left of
    /// the way from each to the next (x to the right, y up).
    pub points: Vec<[f64; 2]>,
    /// Whether the last point joins the first again. Otherwise the line ends at
    /// the edges of the grid.
    pub closed: bool,
}

/// The frontier and how much lies within.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frontier {
    /// Nodes that attain the threshold.
    pub attained: usize,
    /// All nodes with a value. If all or none attain it, there are no lines.
    pub nodes: usize,
    /// Lines that end at the edges first, then closed ones.
    pub lines: Vec<Line>,
}

/// An edge of the grid: from node (column, row) to the right, or upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    row: usize,
    column: usize,
    upwards: bool,
}

/// The frontier of `values[row * x.len() + column]` at `(x[column], y[row])`. Where a
/// value is not a number there is nothing: no line passes beside such a node, and it is
/// not counted.
///
/// # Errors
///
/// A value is infinite, an axis does not rise strictly or has fewer than two
/// values, or the number of values does not fit.
pub fn frontier(
    x: &[f64],
    y: &[f64],
    values: &[f64],
    threshold: f64,
    attained: Attained,
) -> Result<Frontier, AnalysisError> {
    axis("x", x)?;
    axis("y", y)?;
    if values.len() != x.len() * y.len() {
        let (table, values) = ("grid", values.len());
        return Err(AnalysisError::Shape {
            table,
            values,
            multiple: x.len() * y.len(),
        });
    }
    for (row, line) in values.chunks_exact(x.len()).enumerate() {
        if let Some(column) = line.iter().position(|v| v.is_infinite()) {
            let value = line[column];
            return Err(AnalysisError::NotFinite {
                table: "grid",
                row,
                column,
                value,
            });
        }
    }
    finite("threshold", 0, &[threshold])?;
    let sign = if attained == Attained::AtLeast {
        1.0
    } else {
        -1.0
    };
    let heights: Vec<f64> = values.iter().map(|v| sign * (v - threshold)).collect();
    let grid = Grid {
        x,
        y,
        heights: &heights,
    };
    Ok(Frontier {
        attained: heights.iter().filter(|h| **h >= 0.0).count(),
        nodes: heights.iter().filter(|h| !h.is_nan()).count(),
        lines: join(&grid),
    })
}

/// An axis has two values or more and rises.
fn axis(name: &'static str, values: &[f64]) -> Result<(), AnalysisError> {
    finite(name, 0, values)?;
    if values.len() < 2 {
        return Err(AnalysisError::TooFew {
            table: name,
            needed: 2,
            found: values.len(),
        });
    }
    match values.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(before) => Err(AnalysisError::Axis {
            axis: name,
            position: before + 1,
        }),
        None => Ok(()),
    }
}

/// Heights above the threshold on the grid.
struct Grid<'a> {
    x: &'a [f64],
    y: &'a [f64],
    heights: &'a [f64],
}

impl Grid<'_> {
    fn height(&self, column: usize, row: usize) -> f64 {
        self.heights[row * self.x.len() + column]
    }

    /// Where the frontier crosses an edge.
    fn point(&self, edge: Edge) -> [f64; 2] {
        let (c, r) = (edge.column, edge.row);
        let from = self.height(c, r);
        let cut = |to: f64, a: f64, b: f64| (a + from / (from - to) * (b - a)).clamp(a, b);
        if edge.upwards {
            [
                self.x[c],
                cut(self.height(c, r + 1), self.y[r], self.y[r + 1]),
            ]
        } else {
            [
                cut(self.height(c + 1, r), self.x[c], self.x[c + 1]),
                self.y[r],
            ]
        }
    }

    /// Segments in a cell, from edge to edge with attainment on the left.
    fn segments(&self, column: usize, row: usize) -> Vec<(Edge, Edge)> {
        let corners = [
            self.height(column, row),
            self.height(column + 1, row),
            self.height(column + 1, row + 1),
            self.height(column, row + 1),
        ];
        if corners.iter().any(|h| h.is_nan()) {
            return Vec::new();
        }
        let edge = |row, column, upwards| Edge {
            row,
            column,
            upwards,
        };
        // Edge k leads from corner k to corner k + 1, anticlockwise.
        let edges = [
            edge(row, column, false),
            edge(row, column + 1, true),
            edge(row + 1, column, false),
            edge(row, column, true),
        ];
        let inside = corners.map(|h| h >= 0.0);
        // Along the rim anticlockwise the inside of the cell lies to the left; a
        // segment starts where the rim leaves attainment and ends where it is
        // entered, so that attained corners are on its left.
        let leaves: Vec<usize> = (0..4)
            .filter(|k| inside[*k] && !inside[(k + 1) % 4])
            .collect();
        let enters = |k: &usize| !inside[*k] && inside[(k + 1) % 4];
        // At a saddle with an attained centre a segment cuts off the corner that
        // is not attained, otherwise the one that is.
        let turn = if corners.iter().sum::<f64>() >= 0.0 {
            1
        } else {
            3
        };
        leaves
            .iter()
            .filter_map(|leave| {
                let enter = (1..4).map(|k| (leave + k * turn) % 4).find(enters)?;
                Some((edges[*leave], edges[enter]))
            })
            .collect()
    }
}

/// Joins segments into lines.
fn join(grid: &Grid) -> Vec<Line> {
    let mut onward: BTreeMap<Edge, Edge> = BTreeMap::new();
    let mut entered: BTreeSet<Edge> = BTreeSet::new();
    for row in 0..grid.y.len() - 1 {
        for column in 0..grid.x.len() - 1 {
            for (from, to) in grid.segments(column, row) {
                onward.insert(from, to);
                entered.insert(to);
            }
        }
    }
    let open: Vec<Edge> = onward
        .keys()
        .copied()
        .filter(|e| !entered.contains(e))
        .collect();
    let mut lines: Vec<Line> = open
        .into_iter()
        .map(|start| follow(grid, &mut onward, start))
        .collect();
    while let Some(start) = onward.keys().next().copied() {
        lines.push(follow(grid, &mut onward, start));
    }
    lines
}

/// Follows segments from an edge and uses them up. Points that coincide, as
/// where the frontier passes through a node, are given once.
fn follow(grid: &Grid, onward: &mut BTreeMap<Edge, Edge>, start: Edge) -> Line {
    let mut points = vec![grid.point(start)];
    let mut at = start;
    let mut closed = false;
    while let Some(next) = onward.remove(&at) {
        closed = next == start;
        if closed {
            break;
        }
        points.push(grid.point(next));
        at = next;
    }
    points.dedup_by(|a, b| a.map(f64::to_bits) == b.map(f64::to_bits));
    Line { points, closed }
}
