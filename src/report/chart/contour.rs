//! Areas above a level on a grid, as closed outlines (marching squares).
//!
//! Lorensen and Cline (1987) in the plane: linear along the edges of the grid, a
//! saddle decided by the mean of its corners. The grid is framed with nodes below
//! every level that lie on its rim, so that every outline closes.

use std::collections::BTreeMap;

/// A grid of heights; what is not finite is below every level.
pub(super) struct Field<'a> {
    /// Positions of the columns in px.
    pub x: &'a [f64],
    /// Positions of the rows in px.
    pub y: &'a [f64],
    /// Heights, `heights[row * x.len() + column]`.
    pub heights: &'a [f64],
}

/// An edge of the framed grid: from a node to the right, or upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    row: usize,
    column: usize,
    upwards: bool,
}

impl Field<'_> {
    /// Outlines of the area at or above a level, holes included.
    pub fn above(&self, level: f64) -> Vec<Vec<(f64, f64)>> {
        let mut onward: BTreeMap<Edge, Edge> = BTreeMap::new();
        for row in 0..=self.y.len() {
            for column in 0..=self.x.len() {
                onward.extend(self.segments(column, row, level));
            }
        }
        let mut outlines = Vec::new();
        while let Some((start, mut next)) = onward.pop_first() {
            let mut outline = vec![self.point(start, level)];
            while next != start {
                outline.push(self.point(next, level));
                match onward.remove(&next) {
                    Some(after) => next = after,
                    None => break,
                }
            }
            outlines.push(straightened(&outline));
        }
        outlines.retain(|outline| outline.len() > 2);
        outlines
    }

    /// Height of a node of the framed grid above the level, if it has one.
    fn height(&self, column: usize, row: usize, level: f64) -> Option<f64> {
        let (column, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
        if column >= self.x.len() || row >= self.y.len() {
            return None;
        }
        let value = *self.heights.get(row * self.x.len() + column)?;
        value.is_finite().then_some(value - level)
    }

    /// Place of a node of the framed grid.
    fn node(&self, column: usize, row: usize) -> (f64, f64) {
        let at = |values: &[f64], index: usize| {
            let last = values.len().saturating_sub(1);
            let index = index.saturating_sub(1).min(last);
            values.get(index).copied().unwrap_or(0.0)
        };
        (at(self.x, column), at(self.y, row))
    }

    /// Where an outline crosses an edge.
    fn point(&self, edge: Edge, level: f64) -> (f64, f64) {
        let Edge { row, column, .. } = edge;
        let (column2, row2) = if edge.upwards {
            (column, row + 1)
        } else {
            (column + 1, row)
        };
        let (a, b) = (self.node(column, row), self.node(column2, row2));
        let heights = (
            self.height(column, row, level),
            self.height(column2, row2, level),
        );
        let share = match heights {
            (Some(from), Some(to)) => (from / (from - to)).clamp(0.0, 1.0),
            (None, _) => 1.0,
            (_, None) => 0.0,
        };
        (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
    }

    /// Segments in a cell, each with the higher ground on its left.
    fn segments(&self, column: usize, row: usize, level: f64) -> Vec<(Edge, Edge)> {
        let nodes = [(0, 0), (1, 0), (1, 1), (0, 1)];
        let corners = nodes.map(|(c, r)| self.height(column + c, row + r, level));
        let inside = corners.map(|height| height.is_some_and(|height| height >= 0.0));
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
        let leaves = (0..4).filter(|&k| inside[k] && !inside[(k + 1) % 4]);
        let enters = |k: &usize| !inside[*k] && inside[(k + 1) % 4];
        let high =
            corners.iter().all(Option::is_some) && corners.iter().flatten().sum::<f64>() >= 0.0;
        let turn = if high { 1 } else { 3 };
        leaves
            .filter_map(|leave| {
                let enter = (1..4).map(|k| (leave + k * turn) % 4).find(enters)?;
                Some((edges[leave], edges[enter]))
            })
            .collect()
    }
}

/// A closed outline without its repeated points and without those on a straight way.
fn straightened(outline: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let same = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1) < 0.05;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for &point in outline {
        if !points.last().is_some_and(|&last| same(last, point)) {
            points.push(point);
        }
    }
    while points.len() > 1 && same(points[0], points[points.len() - 1]) {
        points.pop();
    }
    let count = points.len();
    let keeps = |&index: &usize| {
        let (a, b) = (points[(index + count - 1) % count], points[index]);
        let c = points[(index + 1) % count];
        let bend = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0);
        let onward = (b.0 - a.0) * (c.0 - b.0) + (b.1 - a.1) * (c.1 - b.1);
        onward < 0.0 || bend.abs() > 1e-6 * (c.0 - a.0).hypot(c.1 - a.1)
    };
    (0..count)
        .filter(keeps)
        .map(|index| points[index])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area inside outlines; holes run the other way round.
    fn area(outlines: &[Vec<(f64, f64)>]) -> f64 {
        let cross = |outline: &Vec<(f64, f64)>| {
            let count = outline.len();
            let pairs = (0..count).map(|k| (outline[k], outline[(k + 1) % count]));
            pairs.map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>() / 2.0
        };
        outlines.iter().map(cross).sum()
    }

    /// Heights `f(x, y)` on a square grid of whole px.
    fn sampled(size: usize, f: impl Fn(f64, f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let axis: Vec<f64> = (0..size).map(|k| k as f64 * 10.0).collect();
        let heights = axis
            .iter()
            .flat_map(|&y| axis.iter().map(move |&x| (x, y)))
            .map(|(x, y)| f(x, y))
            .collect();
        (axis, heights)
    }

    fn outlines(size: usize, level: f64, f: impl Fn(f64, f64) -> f64) -> Vec<Vec<(f64, f64)>> {
        let (axis, heights) = sampled(size, f);
        let field = Field {
            x: &axis,
            y: &axis,
            heights: &heights,
        };
        field.above(level)
    }

    #[test]
    fn a_plane_is_cut_exactly() {
        let cut = outlines(11, 40.0, |x, _| x);
        assert!((area(&cut) - 60.0 * 100.0).abs() < 1e-9, "{cut:?}");
        assert_eq!(cut.len(), 1);
        assert_eq!(cut[0].len(), 4);
        let slanted = outlines(11, 100.0, |x, y| x + y);
        assert!((area(&slanted) - 5000.0).abs() < 1e-9, "{slanted:?}");
    }

    #[test]
    fn all_none_and_a_hole() {
        assert!((area(&outlines(6, -1.0, |_, _| 0.0)) - 2500.0).abs() < 1e-9);
        assert!(outlines(6, 1.0, |_, _| 0.0).is_empty());
        let ring = outlines(21, 50.0, |x, y| (x - 100.0).hypot(y - 100.0));
        let round = 200.0 * 200.0 - std::f64::consts::PI * 2500.0;
        assert!((area(&ring) / round - 1.0).abs() < 0.01);
        assert_eq!(ring.len(), 2);
    }

    #[test]
    fn a_gap_is_left_out() {
        let gap = outlines(
            5,
            0.0,
            |x, y| if x > 35.0 && y > 35.0 { f64::NAN } else { 1.0 },
        );
        assert!((area(&gap) - 1550.0).abs() < 1e-9, "{gap:?}");
    }

    #[test]
    fn neighbouring_levels_share_no_area() {
        let f = |x: f64, y: f64| (x / 17.0).sin() * (y / 13.0).cos();
        let mut last = f64::INFINITY;
        for step in -10..=10 {
            let now = area(&outlines(31, f64::from(step) / 10.0, f));
            assert!(now <= last + 1e-9);
            last = now;
        }
    }
}
