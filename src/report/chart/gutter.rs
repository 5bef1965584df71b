//! Labels in a column beside a plot, each level with what it names, kept apart.

use super::place::{fits, spread};
use super::sheet::{HPos, Pen, Point, Sheet, Type, VPos};
use super::text;
use super::theme::AXIS;

/// A label of one or more lines that belongs to a point.
#[derive(Clone, Debug)]
pub(super) struct EndLabel {
    /// The point in px.
    pub at: Point,
    /// Lines with their type.
    pub lines: Vec<(String, Type)>,
}

impl EndLabel {
    /// Height in px.
    fn height(&self) -> f64 {
        self.lines.iter().map(|(_, kind)| kind.pitch()).sum()
    }

    /// The label in smaller type if it is wider than `room`, cut where that would be too
    /// small to read.
    pub fn narrowed(mut self, room: f64) -> Self {
        for (line, kind) in &mut self.lines {
            *kind = kind.narrowed(line, room);
            if kind.width(line) > room {
                *line = text::fit(line, kind.size, kind.bold, room);
            }
        }
        self
    }

    /// Width in px.
    fn width(&self) -> f64 {
        self.lines
            .iter()
            .map(|(line, kind)| kind.width(line))
            .fold(0.0, f64::max)
    }
}

/// Gap between labels.
const GAP: f64 = 2.0;

/// Width of a column of labels.
pub(super) fn width(labels: &[EndLabel]) -> f64 {
    labels.iter().map(EndLabel::width).fold(0.0, f64::max)
}

/// Whether the labels fit below each other.
pub(super) fn fit_in(labels: &[EndLabel], room: f64) -> bool {
    let heights: Vec<f64> = labels.iter().map(EndLabel::height).collect();
    fits(&heights, GAP, room)
}

/// Draws the labels from `x` on, between `lo` and `hi`, with a leader where a label
/// had to move. Labels beyond what the column holds are left out.
pub(super) fn draw(sheet: &Sheet, labels: &[EndLabel], x: f64, (lo, hi): (f64, f64)) {
    let mut labels: Vec<&EndLabel> = labels.iter().collect();
    let heights = |labels: &[&EndLabel]| labels.iter().map(|l| l.height()).collect::<Vec<_>>();
    while labels.len() > 1 && !fits(&heights(&labels), GAP, hi - lo) {
        labels.pop();
    }
    let wanted: Vec<f64> = labels.iter().map(|label| label.at.1).collect();
    let centres = spread(&wanted, &heights(&labels), GAP, lo, hi);
    for (label, centre) in labels.iter().zip(centres) {
        let (from, y) = label.at;
        if (centre - y).abs() > 3.5 || x - from > 40.0 {
            let pen = Pen::solid(AXIS, 1.0);
            sheet.path(
                &[(from + 6.0, y), (x - 9.0, centre), (x - 4.0, centre)],
                pen,
            );
        }
        let mut top = centre - label.height() / 2.0;
        for (line, kind) in &label.lines {
            sheet.text(
                (x, top + kind.pitch() / 2.0),
                HPos::Left,
                VPos::Center,
                line,
                *kind,
            );
            top += kind.pitch();
        }
    }
}
