//! Charts for a briefing, as SVG in Chinese or English.
//!
//! A chart is plain data: fill in the struct, call `render`. Text stays text (with a
//! stack of Chinese fonts), widths are measured with a table, labels are placed so
//! that none covers another, and the same data give the same bytes.

mod backend;
mod cascade;
mod comparison;
mod gutter;
mod lines;
mod multiples;
mod number;
mod place;
mod scale;
mod sheet;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod waterfall;

pub use comparison::{Comparison, ComparisonRow};
pub use lines::{Band, Cap, LineChart, Series, TargetMark};
pub use multiples::{IndexPanel, IndexPanels, PanelTarget};
pub use waterfall::{LevelTarget, Step, StepKind, Waterfall};
