//! One draw of a compiled plan: its trajectory with the part of every measure.
//!
//! A run is a sweep of one: the plan is compiled as a [`Batch`] whose inputs are the
//! levels of all measures (and shifts of growth), and the parts of the measures are
//! its coefficients times their levels.

use crate::batch::{self, Batch, Input, Sampling, Split};
use crate::dims::DriverId;
use crate::grid::{Cube, Grid};
use crate::indicator::Per;
use crate::plan::{Plan, demand};

/// One point of a design: the levels of the measures and what growth is added.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Level x of each measure.
    pub levels: Vec<f64>,
    /// Added to the yearly growth of each driver after its last recorded year (fraction).
    pub growth_shift: Vec<f64>,
}

impl Draw {
    /// The scenario as stated.
    pub fn stated(plan: &Plan) -> Self {
        Self {
            levels: plan.stated_levels(),
            growth_shift: vec![0.0; plan.growth.len()],
        }
    }
}

/// What a run gives, by account and year.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Demand by service and year.
    pub demand: Vec<Vec<f64>>,
    /// GDP index, base year = 1.
    pub gdp: Vec<f64>,
    /// Index of secondary value added, base year = 1.
    pub value_added: Vec<f64>,
    /// Σ_v D[v,t] · base[v,q]: what growth alone gives; accounts × years.
    pub frozen: Grid,
    /// Change by measure: measures × accounts × years (negative where it reduces).
    pub change: Cube,
    /// Added by the join to observed values; accounts × years.
    pub join: Grid,
    /// The result; accounts × years.
    pub total: Grid,
}

impl Trajectory {
    /// The index that an indicator is divided by, beside its own base year.
    pub fn index_of(&self, per: Per) -> Option<&[f64]> {
        match per {
            Per::Gdp => Some(&self.gdp),
            Per::ValueAdded => Some(&self.value_added),
            _ => None,
        }
    }

    /// The run as modelled, not joined to observed values.
    #[must_use]
    pub fn unjoined(mut self) -> Self {
        for (total, join) in self.total.iter_mut().zip(self.join.iter_mut()) {
            *total -= *join;
            *join = 0.0;
        }
        self
    }
}

/// The growth paths of a draw.
pub fn growth(plan: &Plan, draw: &Draw) -> Vec<Vec<f64>> {
    let shifted = plan.growth.iter().enumerate().map(|(d, path)| {
        let step = |(t, g): (usize, &f64)| {
            let projected = plan.years[t] > plan.recorded_until[d];
            g + if projected { draw.growth_shift[d] } else { 0.0 }
        };
        path.iter().enumerate().map(step).collect()
    });
    shifted.collect()
}

/// The batch of a draw, and the draw as its inputs.
fn batch_of(plan: &Plan, draw: &Draw, split: Split) -> (Batch, Vec<f64>) {
    let mut inputs: Vec<Input> = (0..plan.measures.len()).map(Input::Level).collect();
    let mut values = draw.levels.clone();
    for (d, shift) in draw.growth_shift.iter().enumerate() {
        if *shift != 0.0 {
            inputs.push(Input::Growth(DriverId::from_usize(d)));
            values.push(*shift);
        }
    }
    let sampling = Sampling {
        inputs: &inputs,
        ..Sampling::default()
    };
    (batch::compile(plan, sampling, split), values)
}

/// One account by year, before the join to observed values.
pub fn account(plan: &Plan, levels: &[f64], q: usize) -> Vec<f64> {
    let mut draw = Draw::stated(plan);
    draw.levels = levels.to_vec();
    let (mut batch, inputs) = batch_of(plan, &draw, Split::Account(q));
    batch.unjoin();
    batch.one(&inputs).0
}

/// Runs one draw.
pub fn run(plan: &Plan, draw: &Draw) -> Trajectory {
    let growth = growth(plan, draw);
    let (batch, inputs) = batch_of(plan, draw, Split::Whole);
    let (width, span) = (plan.accounts.len(), plan.span());
    let mut result = Trajectory {
        gdp: demand::index(&growth[plan.gdp.at()]),
        value_added: demand::index(&growth[plan.value_added.at()]),
        demand: demand::demand(plan, &growth),
        frozen: Grid::filled(width, span, 0.0),
        change: Cube::zeros(plan.measures.len(), width, span),
        join: Grid::filled(width, span, 0.0),
        total: Grid::of(span, batch.one(&inputs).0),
    };
    let ratios = batch.ratios_of(&inputs);
    for (q, sheet) in batch.sheets.iter().enumerate() {
        for segment in &sheet.segments {
            let ratio = |t: usize| segment.group.map_or(1.0, |g| ratios.at(g, t));
            for (t, cell) in result.frozen.row_mut(q).iter_mut().enumerate() {
                *cell += ratio(t) * segment.constants[t];
            }
            let terms = segment.coefficients.rows();
            for (monomial, coefficients) in segment.monomials.iter().zip(terms) {
                // The only products of this batch are single levels.
                let [m] = batch.monomials[*monomial][..] else {
                    continue;
                };
                let change = result.change.row_mut(m, q);
                for (t, (cell, coefficient)) in change.iter_mut().zip(coefficients).enumerate() {
                    *cell += ratio(t) * coefficient * inputs[m];
                }
            }
        }
        if sheet.join.is_some() {
            for t in 0..span {
                let changes = (0..plan.measures.len()).map(|m| result.change.at(m, q, t));
                let modelled = result.frozen.at(q, t) + changes.sum::<f64>();
                result.join.set(q, t, result.total.at(q, t) - modelled);
            }
        }
    }
    result
}

/// Whether a run is joined to observed values.
///
/// The scenario itself is; what would have been without its measures is not, so
/// that base + growth increment stays the run of growth alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// It is.
    Observed,
    /// It stands as modelled.
    Modelled,
}

/// One account by service and year, at the plan's own growth. What an offset adds
/// belongs to no service and stands in the last row of a joined run.
pub fn by_service(plan: &Plan, levels: &[f64], q: usize, join: Join) -> Vec<Vec<f64>> {
    let mut draw = Draw::stated(plan);
    draw.levels = levels.to_vec();
    let (mut batch, inputs) = batch_of(plan, &draw, Split::Services(q));
    if join == Join::Modelled {
        batch.unjoin();
    }
    let span = plan.span();
    let cells = batch.one(&inputs).0;
    let mut rows: Vec<Vec<f64>> = cells.chunks_exact(span).map(<[f64]>::to_vec).collect();
    if join == Join::Observed {
        rows.push(plan.offset.row(q).to_vec());
    }
    rows
}
