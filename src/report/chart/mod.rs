//! Charts for a briefing, as SVG in Chinese or English.
//!
//! A chart is plain data: fill in the struct, call [`Chart::render`], or [`Chart::draw`]
//! for a slide, a column of a report or a dark screen. Text stays text (with a stack of
//! Chinese fonts), widths are measured with a table, labels are placed so that none covers
//! another, and the same data give the same bytes.

mod abatement;
mod areas;
mod attainment;
mod backend;
mod cascade;
mod cascades;
mod comparison;
mod contour;
mod coverage;
mod dark;
mod dots;
mod facets;
mod gutter;
mod hatch;
mod heat;
#[cfg(test)]
mod layout_tests;
mod levels;
mod lines;
mod look;
mod marks;
mod multiples;
mod notes;
mod number;
mod options;
mod page;
mod pairs;
mod place;
mod prices;
mod quadrants;
#[cfg(test)]
mod samples;
mod scale;
mod scenarios;
#[cfg(test)]
mod several;
mod sheet;
mod slope;
mod stack;
mod steps;
mod strip;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod tiles;
mod tornado;
mod tradeoff;
mod variance;
mod waterfall;

pub use abatement::{Abatement, AbatementBar};
pub use attainment::{Attainment, AttainmentRow};
pub use cascades::{CascadePanel, CascadeStep, Cascades};
pub use comparison::{Comparison, ComparisonRow, Mark};
pub use coverage::{Coverage, CoveragePanel, CoverageSeries, FEW as FEW_CASES};
pub use dots::{TargetDots, TargetRow};
pub use facets::{RegionPanel, RegionPanels};
pub use heat::{MapAxis, MapFrontier, MapPoint, MapTicks, ResponseMap};
pub use levels::{LevelRanges, LevelRow};
pub use lines::{Band, Cap, LineChart, Series, Splice};
pub use look::{Chart, Format, Look, Theme};
pub use multiples::{IndexPanel, IndexPanels, PanelTarget};
pub use notes::TargetMark;
pub use options::{OptionCard, OptionCell, OptionRow};
pub use pairs::{PairPanel, PairedBars};
pub use prices::{PriceBars, PriceGroup, PriceRow};
pub use quadrants::{QuadrantPoint, Quadrants};
pub use scenarios::{CardCell, CardRow, CardTarget, ScenarioCard};
pub use slope::{SlopeChart, SlopeLine};
pub use stack::{Area, AreaChart, AreaKind, Edge, Paint, Raised};
pub use steps::{LevelTarget, Step, StepKind, Waterfall};
pub use strip::{Strip, StripRow};
pub use tiles::{Tile, TileMap};
pub use tornado::{Side, Tornado, TornadoBar, TornadoTarget};
pub use tradeoff::{TradeOff, TradePlan, TradePoint};
pub use variance::{VarianceRow, VarianceShare, VarianceShares};
