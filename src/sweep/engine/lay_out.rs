//! Where everything that a sweep reports stands, and what its columns are called.

use super::{Base, Column, Judged, Places, Reached, Sweep, SweepError};
use jianpai_core::batch::{Batch, Output, Place};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::kernel::{self, Draw};
use jianpai_core::outcome;
use jianpai_core::plan::Plan;
use jianpai_core::target::{self, Demand, Target};
use std::collections::HashMap;

/// What the names of columns with the model's error begin with.
const WITH_ERROR: &str = "with-error:";

/// The columns that the kernel writes.
pub(super) struct Layout<'a> {
    batch: &'a Batch,
    /// The inputs: columns before those that the kernel writes.
    inputs: usize,
    /// The number of columns so far, hidden ones included.
    columns: usize,
    outputs: Vec<Output>,
    divisions: Vec<(usize, usize)>,
    cells: HashMap<usize, usize>,
    values: HashMap<(Place, usize), usize>,
}

impl Layout<'_> {
    fn hidden(&mut self) -> usize {
        self.columns += 1;
        self.columns - 1
    }

    /// The hidden column of a row as it is.
    fn cell(&mut self, row: usize) -> usize {
        if let Some(column) = self.cells.get(&row) {
            return *column;
        }
        let column = self.hidden();
        self.outputs.push(Output::plain(row, column - self.inputs));
        self.cells.insert(row, column);
        column
    }

    /// Writes an indicator to `column`.
    fn write(&mut self, place: Place, t: usize, column: usize) {
        let written = self.batch.written(place, t, column - self.inputs);
        self.outputs.push(written.output);
        if let Some(base) = written.over {
            let base = self.cell(base);
            self.divisions.push((column, base));
        }
        self.values.insert((place, t), column);
    }

    /// The column of an indicator, a hidden one where it is not reported.
    fn value(&mut self, place: Place, t: usize) -> usize {
        if let Some(column) = self.values.get(&(place, t)) {
            return *column;
        }
        let column = self.hidden();
        self.write(place, t, column);
        column
    }

    /// What a reduction counts from.
    pub(super) fn base(&mut self, place: Place, t: usize) -> Base {
        let written = self.batch.written(place, t, 0);
        let constant = match (written.output.per, written.over) {
            (None, None) => self.batch.constant(written.output.row),
            // An index is 1 in its base year.
            _ if t == 0 && matches!(place, Place::PerIndex(..)) => return Base::Constant(1.0),
            _ => None,
        };
        match constant {
            Some(value) => Base::Constant(value * written.output.scale),
            None => Base::Column(self.value(place, t)),
        }
    }

    fn reached(&mut self, (demand, place): (Demand, Place), base: usize, end: usize) -> Reached {
        match demand {
            Demand::Cumulative { .. } => {
                Reached::Sum((base..=end).map(|t| self.value(place, t)).collect())
            }
            Demand::Reduction { .. } => {
                Reached::Reduction(self.value(place, end), self.base(place, base))
            }
            _ => Reached::Value(self.value(place, end)),
        }
    }
}

impl Sweep {
    /// Finds where everything reported stands, and has the kernel write it there.
    pub(super) fn lay_out(
        &mut self,
        catalogue: &Catalogue,
        plan: &Plan,
    ) -> Result<(), Vec<SweepError>> {
        let mut errors = Vec::new();
        let mut spans = Vec::new();
        let run = kernel::run(plan, &Draw::stated(plan));
        let stated = outcome::indicators(catalogue, plan, &run);
        let baseless = |target: &Target, base: usize| {
            let value = stated[target.indicator.at()][base];
            matches!(target.demand, Demand::Reduction { .. }) && !target::counts(value)
        };
        for target in &self.reported.targets {
            if matches!(target.demand, Demand::Project { .. }) {
                errors.push(SweepError::Project(target.id.clone()));
                continue;
            }
            let span = target::span_of(target, &plan.years);
            let place = self.batch.place(catalogue, target.indicator);
            match span.zip(place) {
                Some(((base, _), _)) if baseless(target, base) => {
                    errors.push(SweepError::Baseless(target.id.clone()));
                }
                Some(found) => spans.push((target.demand, found)),
                None => errors.push(SweepError::Years(target.id.clone())),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let cost = self.batch.account(Account::Cost);
        let cost = cost.filter(|_| plan.measures.iter().all(|measure| measure.cost_known));
        self.columns = self.column_list(cost.is_some());
        self.places = self.places();
        let inputs = self.inputs.len();
        let mut layout = Layout {
            batch: &self.batch,
            inputs,
            columns: self.columns.len(),
            outputs: Vec::new(),
            divisions: Vec::new(),
            cells: HashMap::new(),
            values: HashMap::new(),
        };
        for (i, (indicator, t)) in self.reported.cells.iter().enumerate() {
            if let Some(place) = self.batch.place(catalogue, *indicator) {
                layout.write(place, *t, inputs + i);
            }
        }
        if let Some(row) = cost {
            let last = layout.columns - 1;
            let output = Output::plain(row + plan.span() - 1, last - inputs);
            layout.outputs.push(output);
        }
        let mut judged = Vec::new();
        for (i, (demand, ((base, end), place))) in spans.into_iter().enumerate() {
            let mut own = self.inputs.iter();
            judged.push(Judged {
                demand,
                base,
                end,
                place,
                input: own.position(|sampled| sampled.target == Some(i)),
                reached: layout.reached((demand, place), base, end),
            });
        }
        let streams = self.streams(catalogue, &mut layout);
        let floors = self.floors.iter();
        let watched = floors
            .map(|(row, least)| (layout.cell(*row), *least))
            .collect();
        let Layout {
            columns,
            outputs,
            divisions,
            ..
        } = layout;
        self.streams = streams;
        self.watched = watched;
        self.width = columns;
        self.divisions = divisions;
        self.judged = judged;
        self.batch.write(&outputs);
        let alike = (0..self.columns.len()).map(|column| {
            let divided = self.divisions.iter().any(|(of, _)| *of == column);
            let slot = column.checked_sub(inputs).filter(|_| !divided);
            self.batch.same_in_all(slot?)
        });
        self.alike = alike.collect();
        Ok(())
    }

    /// The columns that are there for the model's error.
    fn columns_with_error(&self) -> Vec<Column> {
        let Some(errors) = &self.reported.errors else {
            return Vec::new();
        };
        let cells = errors.of_cells().map(|i| self.reported.cells[i]);
        let mut columns: Vec<Column> = cells.map(|(id, t)| Column::WithError(id, t)).collect();
        columns.extend(errors.of_targets().map(Column::MarginWithError));
        columns.extend(errors.of_targets().map(Column::MetByModel));
        let any = errors.of_targets().next();
        columns.extend(any.map(|_| Column::AllMetByModel));
        columns
    }

    /// Where they stand among all columns.
    fn places(&self) -> Places {
        let at = |wanted: &Column| self.columns.iter().position(|column| column == wanted);
        let (first, count) = (at(&Column::AllMet), self.columns_with_error().len());
        let own = at(&Column::AllMetByModel);
        Places {
            first: first.map_or(0, |all| all + 1),
            count,
            all: (first.unwrap_or(0), own.unwrap_or(0)),
        }
    }

    fn column_list(&self, cost: bool) -> Vec<Column> {
        let mut columns: Vec<Column> = (0..self.inputs.len()).map(Column::Input).collect();
        let cells = self.reported.cells.iter();
        columns.extend(cells.map(|(indicator, t)| Column::Indicator(*indicator, *t)));
        columns.extend((0..self.reported.targets.len()).map(Column::Margin));
        columns.extend((0..self.reported.targets.len()).map(Column::Met));
        columns.push(Column::AllMet);
        columns.extend(self.columns_with_error());
        columns.push(Column::Feasible);
        columns.extend(cost.then_some(Column::Cost));
        columns
    }

    /// The name of a column in files.
    pub fn name(&self, catalogue: &Catalogue, column: &Column) -> String {
        match column {
            Column::Input(i) => self.inputs[*i].name.clone(),
            Column::Indicator(indicator, t) => {
                format!(
                    "{}@{}",
                    catalogue.indicators[indicator.at()].named.id,
                    self.years[*t]
                )
            }
            Column::Margin(i) => format!("margin:{}", self.reported.targets[*i].id),
            Column::Met(i) => format!("met:{}", self.reported.targets[*i].id),
            Column::AllMet => "all_met".to_string(),
            Column::WithError(indicator, t) => {
                let own = self.name(catalogue, &Column::Indicator(*indicator, *t));
                format!("{WITH_ERROR}{own}")
            }
            Column::MarginWithError(i) => {
                let own = self.name(catalogue, &Column::Margin(*i));
                format!("{WITH_ERROR}{own}")
            }
            Column::MetByModel(i) => format!("met_by_model:{}", self.reported.targets[*i].id),
            Column::AllMetByModel => "all_met_by_model".to_string(),
            Column::Feasible => "feasible".to_string(),
            Column::Cost => "cost_cny".to_string(),
        }
    }
}
