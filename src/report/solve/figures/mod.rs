//! The charts of a solve: what each measure costs, the fronts, the prices of targets, and
//! how differently plans could look.
//!
//! A cost a tonne is the whole cost of a measure over what it takes away of one pollutant.
//! What it takes away of others is not paid for twice: bars of two pollutants are not to be
//! added, and the charts say so.

mod common;
mod cost_curve;
mod front;
mod prices;
mod ranges;

pub use cost_curve::abatement;
pub use front::trade_off;
pub use prices::prices;
pub use ranges::ranges;

use super::answered::{Answered, Found};
use crate::chart::Chart as _;
use crate::figures::{Figure, both};
use jianpai_solve::curve::{Alone, Curve};
use jianpai_solve::front::{Axis, Front};
use jianpai_solve::nearby::Range;
use jianpai_solve::programme::Wanted;

/// What was asked beside the plan.
#[derive(Clone, Copy, Default)]
pub struct Further<'a> {
    /// How far each level can move.
    pub ranges: &'a [Range],
    /// The fronts.
    pub fronts: &'a [Front],
}

/// The charts of an answer in both languages.
pub fn figures(answered: &Answered<'_>, further: Further<'_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    if let Found::Plan(solution) = answered.found {
        let chart = prices(answered, solution);
        figures.extend(both("prices", |lang| chart.render(lang)));
        if let Some(chart) = ranges(answered, solution, further.ranges) {
            figures.extend(both("ranges", |lang| chart.render(lang)));
        }
    }
    for front in further.fronts {
        let id = |axis: Axis| answered.axis(axis).0;
        let chart = trade_off(answered, front);
        let name = format!("front-{}-{}", id(front.less), id(front.more));
        figures.extend(both(&name, |lang| chart.render(lang)));
    }
    figures
}

/// The curve of a target by measure, in both languages.
pub fn curve_figures(
    answered: &Answered<'_>,
    wanted: &Wanted,
    drawn: (&Curve, &[Alone]),
) -> Vec<Figure> {
    let chart = abatement(answered, wanted, drawn);
    let name = format!("curve-{}", wanted.target.id);
    both(&name, |lang| chart.render(lang)).to_vec()
}
