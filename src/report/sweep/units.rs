//! The units of what a sweep draws and reports.

use crate::view::Unit;
use jianpai_core::batch::Input;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::target::Demand;
use jianpai_sweep::engine::{Column, Sweep};

/// The unit of an input.
pub fn of_input(catalogue: &Catalogue, sweep: &Sweep, input: usize) -> Unit {
    match sweep.inputs[input].input {
        Input::Level(_) | Input::Mix(_) | Input::Growth(_) => Unit::Fraction,
        Input::Start(_) | Input::End(_) => Unit::Year,
        Input::Elasticity(_) | Input::Factor(_) => Unit::None,
        Input::Outside => {
            let mut judged = sweep.judged.iter();
            let target = judged.position(|judged| judged.input == Some(input));
            target.map_or(Unit::None, |target| of_margin(catalogue, sweep, target))
        }
    }
}

/// The unit of a target's margin: that of what it asks.
fn of_margin(catalogue: &Catalogue, sweep: &Sweep, target: usize) -> Unit {
    let target = &sweep.reported.targets[target];
    match target.demand {
        Demand::Reduction { .. } => Unit::Fraction,
        _ => Unit::of_indicator(&catalogue.indicators[target.indicator.at()]).base(),
    }
}

/// The unit of a column of rows.
pub fn of_column(catalogue: &Catalogue, sweep: &Sweep, column: &Column) -> Unit {
    match column {
        Column::Input(i) => of_input(catalogue, sweep, *i),
        Column::Indicator(id, _) | Column::WithError(id, _) => {
            Unit::of_indicator(&catalogue.indicators[id.at()]).base()
        }
        Column::Margin(i) | Column::MarginWithError(i) => of_margin(catalogue, sweep, *i),
        Column::Met(_)
        | Column::AllMet
        | Column::MetByModel(_)
        | Column::AllMetByModel
        | Column::Feasible => Unit::None,
        Column::Cost => Unit::YuanPerYear,
    }
}
