//! Two scenarios side by side: which inputs differ, which outputs move, and which
//! difference explains how much. For the terminal, as tables and for machines.

mod comparison;
mod tables;
mod text;

pub use comparison::{Comparison, Input, Said};
pub use tables::{explanation, inputs, json, outputs, tables, verdicts};
pub use text::text;
