//! Single draws chosen by hand: swings of one input, maps of two.

use super::{Column, Sweep, Workspace, extremes};
use crate::design::Design;

impl Sweep {
    /// Values of an input at probability `u`.
    pub fn value_at(&self, input: usize, u: f64) -> f64 {
        self.quantiles[input].quantile(u)
    }

    /// The least and greatest value of each input that the design can draw, within its bounds:
    /// inside them whatever could become of a draw is watched.
    pub fn drawn(&self) -> Vec<(f64, f64)> {
        let ends = self.inputs.iter().enumerate().map(|(i, sampled)| {
            let (least, most) = match self.points.design() {
                Design::Values { columns } => extremes(&columns[i]),
                _ => (self.value_at(i, 0.0), self.value_at(i, 1.0)),
            };
            let (low, high) = sampled.limits;
            (least.clamp(low, high), most.clamp(low, high))
        });
        ends.collect()
    }

    /// Every input at its median.
    pub fn central(&self) -> Vec<f64> {
        (0..self.inputs.len())
            .map(|i| self.value_at(i, 0.5))
            .collect()
    }

    /// The columns of draws with these inputs (one `Vec` a draw): one `Vec` a column.
    /// Draws that are not feasible have [`NO_RESULT`](super::NO_RESULT).
    pub fn at(&self, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let draws = points.len();
        let inputs: Vec<f64> = (0..self.inputs.len())
            .flat_map(|i| points.iter().map(move |point| point[i]))
            .collect();
        let mut work = Workspace::default();
        self.take(&inputs, draws, &mut work);
        let rows = self.evaluate(draws, &mut work);
        let columns = self.columns.iter().enumerate();
        let column = |(i, column)| {
            let mut values = Vec::with_capacity(draws);
            rows.append_feasible(i, column, &mut values);
            values
        };
        columns.map(column).collect()
    }

    /// The column that says whether the model alone meets every target.
    pub fn met_by_model(&self) -> Option<usize> {
        let own = self.column(&Column::AllMetByModel);
        own.or_else(|| self.column(&Column::AllMet))
    }

    /// The index of a column.
    pub fn column(&self, wanted: &Column) -> Option<usize> {
        self.columns.iter().position(|column| column == wanted)
    }
}

impl Workspace {
    /// The inputs sampled or taken last: one column an input.
    pub fn inputs(&self) -> &[f64] {
        &self.rows.inputs
    }
}
