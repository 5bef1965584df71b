//! Charts for a briefing, as SVG in Chinese or English.
//!
//! A chart is plain data: fill in the struct, call [`Chart::render`], or [`Chart::draw`]
//! for a slide, a column of a report or a dark screen. Text stays text (with a stack of
//! Chinese fonts), widths are measured with a table, labels are placed so that none covers
//! another, and the same data give the same bytes.

mod attainment;
mod backend;
mod cascade;
mod cascades;
mod comparison;
mod contour;
mod dark;
mod gutter;
mod hatch;
mod heat;
mod lines;
mod look;
mod marks;
mod multiples;
mod number;
mod options;
mod page;
mod place;
#[cfg(test)]
mod samples;
mod scale;
mod sheet;
mod steps;
mod strip;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod tornado;
mod waterfall;

pub use attainment::{Attainment, AttainmentRow};
pub use cascades::{CascadePanel, CascadeStep, Cascades};
pub use comparison::{Comparison, ComparisonRow, Mark};
pub use heat::{MapAxis, MapFrontier, MapPoint, MapTicks, ResponseMap};
pub use lines::{Band, Cap, LineChart, Series, Splice, TargetMark};
pub use look::{Chart, Format, Look, Theme};
pub use multiples::{IndexPanel, IndexPanels, PanelTarget};
pub use options::{OptionCard, OptionCell, OptionRow};
pub use steps::{LevelTarget, Step, StepKind, Waterfall};
pub use strip::{Strip, StripRow};
pub use tornado::{Side, Tornado, TornadoBar, TornadoTarget};
