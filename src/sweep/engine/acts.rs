//! Which inputs a column can depend on, from the coefficients themselves.
//!
//! An input acts on a cell if one of its products has a coefficient there, or if it
//! moves a demand ratio that multiplies something there:
//!
//! ```text
//! E[q,t] = c + Σ_j c[j]·s[j] + Σ_g d[g,t]·(c[g] + Σ_j c[g,j]·s[j])
//! ```
//!
//! Where a cell is divided by the one demand ratio that all of it is multiplied by, that
//! ratio cancels and its inputs do not act.

use super::{Column, Judged, Sweep};
use jianpai_core::batch::{Batch, Group, Place};
use jianpai_core::catalogue::{Account, Catalogue};
use jianpai_core::target::Demand;

/// Inputs that act on a cell.
type Acting = Vec<bool>;

impl Sweep {
    /// Whether each input can act on the column at `column`: an indicator, a margin, the
    /// cost. Flags and inputs themselves have none.
    pub fn acting(&self, catalogue: &Catalogue, column: usize) -> Vec<bool> {
        let batch = &self.batch;
        let mut acting = vec![false; self.inputs.len()];
        match &self.columns[column] {
            Column::Indicator(indicator, t) => {
                if let Some(place) = batch.place(catalogue, *indicator) {
                    on_place(batch, place, *t, &mut acting);
                }
            }
            Column::Margin(i) => on_target(batch, &self.judged[*i], &mut acting),
            Column::Cost => {
                if let Some(row) = batch.account(Account::Cost) {
                    on_row(batch, row + batch.span - 1, None, &mut acting);
                }
            }
            // What has the model's error besides is moved by the same inputs, and is not
            // analysed.
            Column::Input(_)
            | Column::Met(_)
            | Column::AllMet
            | Column::WithError(..)
            | Column::MarginWithError(_)
            | Column::MetByModel(_)
            | Column::AllMetByModel
            | Column::Feasible => {}
        }
        acting
    }

    /// The inputs that act on nothing that is reported, and do not make a draw feasible
    /// or not, either: by index.
    pub fn inert(&self, catalogue: &Catalogue) -> Vec<usize> {
        let mut acting = vec![false; self.inputs.len()];
        for column in 0..self.columns.len() {
            for (any, one) in acting.iter_mut().zip(self.acting(catalogue, column)) {
                *any |= one;
            }
        }
        for watched in &self.batch.feasibility {
            for (monomial, _) in &watched.changes {
                on_product(&self.batch, *monomial, &mut acting);
            }
        }
        let idle = acting.iter().enumerate().filter(|(_, acts)| !**acts);
        idle.map(|(i, _)| i).collect()
    }
}

/// The inputs that a target's margin depends on.
fn on_target(batch: &Batch, judged: &Judged, acting: &mut Acting) {
    let (base, end) = (judged.base, judged.end);
    match judged.demand {
        Demand::Cumulative { .. } => {
            (base..=end).for_each(|t| on_place(batch, judged.place, t, acting));
        }
        Demand::Reduction { .. } => {
            for t in [base, end] {
                on_place(batch, judged.place, t, acting);
            }
        }
        _ => on_place(batch, judged.place, end, acting),
    }
    if let Some(input) = judged.input {
        acting[input] = true;
    }
}

/// The inputs that an indicator depends on in the year at `t`.
fn on_place(batch: &Batch, place: Place, t: usize, acting: &mut Acting) {
    match place {
        Place::Plain(first) => on_row(batch, first + t, None, acting),
        Place::PerIndex(first, of) if t > 0 => {
            on_row(batch, first + t, batch.index_group(of), acting);
            on_row(batch, first, None, acting);
        }
        // An index is 1 in its base year.
        Place::PerIndex(..) => {}
        Place::PerAccount(first, energy) => {
            on_row(batch, first + t, None, acting);
            on_row(batch, energy + t, None, acting);
        }
        Place::PerDemand(first, service) => {
            on_row(batch, first + t, batch.service_groups[service], acting);
        }
    }
}

/// The inputs that a row depends on, divided by the demand ratio of the group `per`.
fn on_row(batch: &Batch, row: usize, per: Option<usize>, acting: &mut Acting) {
    let (sheet, t) = (&batch.sheets[row / batch.span], row % batch.span);
    let (ratio, offset) = sheet
        .join
        .as_ref()
        .map_or((1.0, 0.0), |(r, o)| (r[t], o[t]));
    // The demand groups of what is there, none for what follows no demand.
    let mut groups = Vec::new();
    for segment in sheet.segments.iter().filter(|_| ratio != 0.0) {
        let terms = segment.coefficients.rows();
        let mut there = segment.constants[t] != 0.0;
        for (monomial, amounts) in segment.monomials.iter().zip(terms) {
            if amounts[t] != 0.0 {
                there = true;
                on_product(batch, *monomial, acting);
            }
        }
        if there {
            groups.push(segment.group);
        }
    }
    if offset == 0.0 && groups.iter().all(|group| *group == per) {
        return;
    }
    for g in groups.into_iter().chain([per]).flatten() {
        on_ratio(&batch.groups[g], t, acting);
    }
}

/// The inputs in a product, those behind its switches included.
fn on_product(batch: &Batch, monomial: usize, acting: &mut Acting) {
    let inputs = batch.inputs.len();
    for &column in &batch.monomials[monomial] {
        let input = match column.checked_sub(inputs) {
            None => column,
            Some(switch) => batch.switches[switch].input,
        };
        acting[input] = true;
    }
}

/// The inputs that move a demand ratio in the year at `t`.
fn on_ratio(group: &Group, t: usize, acting: &mut Acting) {
    let projected = t >= group.projected_from.max(1);
    let shift = group.growth.filter(|_| projected);
    if let Some(input) = shift
        && (group.elasticity_input.is_some() || group.elasticity != 0.0)
    {
        acting[input] = true;
    }
    let grows = t > 0 && group.path[1..=t].iter().any(|growth| *growth != 0.0);
    if let Some(input) = group.elasticity_input.filter(|_| grows || shift.is_some()) {
        acting[input] = true;
    }
}
