//! The units of what a sweep draws and reports.

use super::Spread;
use crate::view::Unit;
use jianpai_core::batch::Input;
use jianpai_core::target::Demand;
use jianpai_sweep::engine::Column;

/// The unit of an input.
pub(super) fn of_input(spread: &Spread<'_>, input: usize) -> Unit {
    match spread.sweep.inputs[input].input {
        Input::Level(_) | Input::Mix(_) | Input::Growth(_) => Unit::Fraction,
        Input::Start(_) | Input::End(_) => Unit::Year,
        Input::Elasticity(_) | Input::Factor(_) => Unit::None,
        Input::Outside => {
            let mut judged = spread.sweep.judged.iter();
            let target = judged.position(|judged| judged.input == Some(input));
            target.map_or(Unit::None, |target| of_margin(spread, target))
        }
    }
}

/// The unit of a target's margin: that of what it asks.
fn of_margin(spread: &Spread<'_>, target: usize) -> Unit {
    let target = &spread.sweep.reported.targets[target];
    match target.demand {
        Demand::Reduction { .. } => Unit::Fraction,
        _ => Unit::of_indicator(&spread.catalogue.indicators[target.indicator.at()]).base(),
    }
}

/// The unit of a column of rows.
pub(super) fn of_column(spread: &Spread<'_>, column: &Column) -> Unit {
    match column {
        Column::Input(i) => of_input(spread, *i),
        Column::Indicator(id, _) => {
            Unit::of_indicator(&spread.catalogue.indicators[id.at()]).base()
        }
        Column::Margin(i) => of_margin(spread, *i),
        Column::Met(_) | Column::AllMet | Column::Feasible => Unit::None,
        Column::Cost => Unit::YuanPerYear,
    }
}
