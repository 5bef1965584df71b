//! What a solve says: the plan found and its prices, or why there is none.

mod answered;
mod curve;
mod figures;
mod front;
mod json;
mod names;
mod safe;
mod tables;
mod text;
mod why;

pub use answered::{Answered, Found};
pub use curve::{alone, curve, interaction};
pub use figures::{
    Further, abatement, curve_figures, figures, prices as price_bars, ranges as level_ranges,
    trade_off,
};
pub use front::{apart, fronts};
pub use json::{FORMAT, export};
pub use safe::{Safe, margin};
pub use tables::{ranges, tables};
pub use text::text;
