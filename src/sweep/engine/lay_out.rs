//! Where everything that a sweep reports stands, and what its columns are called.

use super::{Column, Judged, Sweep, SweepError};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::plan::Plan;
use jianpai_core::target::{self, Demand};

impl Sweep {
    /// Finds where everything reported stands, and keeps only the rows it needs.
    pub(super) fn lay_out(
        &mut self,
        catalogue: &Catalogue,
        plan: &Plan,
    ) -> Result<(), Vec<SweepError>> {
        let mut errors = Vec::new();
        let mut wanted = vec![false; self.batch.rows()];
        for (indicator, t) in &self.reported.cells {
            if let Some(place) = self.batch.place(catalogue, *indicator) {
                self.batch
                    .rows_of(place, *t)
                    .into_iter()
                    .for_each(|row| wanted[row] = true);
                self.places.push(place);
            }
        }
        for (i, target) in self.reported.targets.iter().enumerate() {
            if matches!(target.demand, Demand::Project { .. }) {
                errors.push(SweepError::Project(target.id.clone()));
                continue;
            }
            let span = target::span_of(target, &plan.years);
            let (Some((base, end)), Some(place)) =
                (span, self.batch.place(catalogue, target.indicator))
            else {
                errors.push(SweepError::Years(target.id.clone()));
                continue;
            };
            for t in base..=end {
                let cumulative = matches!(target.demand, Demand::Cumulative { .. });
                if cumulative || t == base || t == end {
                    self.batch
                        .rows_of(place, t)
                        .into_iter()
                        .for_each(|row| wanted[row] = true);
                }
            }
            let input = self
                .inputs
                .iter()
                .position(|sampled| sampled.target == Some(i));
            self.judged.push(Judged {
                demand: target.demand,
                base,
                end,
                place,
                input,
            });
        }
        if plan.measures.iter().all(|measure| measure.cost_known) {
            self.cost = self
                .batch
                .account(Account::Cost)
                .map(|row| row + plan.span() - 1);
        }
        if let Some(row) = self.cost {
            wanted[row] = true;
        }
        self.batch.keep(|row| wanted[row]);
        self.columns = self.column_list();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn column_list(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = (0..self.inputs.len()).map(Column::Input).collect();
        let cells = self.reported.cells.iter();
        columns.extend(cells.map(|(indicator, t)| Column::Indicator(*indicator, *t)));
        columns.extend((0..self.judged.len()).map(Column::Margin));
        columns.extend((0..self.judged.len()).map(Column::Met));
        columns.push(Column::AllMet);
        columns.push(Column::Feasible);
        columns.extend(self.cost.map(|_| Column::Cost));
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
            Column::Feasible => "feasible".to_string(),
            Column::Cost => "cost_cny".to_string(),
        }
    }
}
