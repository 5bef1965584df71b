//! What a comparison of target options says: tables, text, chart.

mod compared;
mod figure;
mod tables;
mod text;

pub use compared::{Compared, Draws, Judged, Judgement, Robust, Set, asked_in_short};
pub use figure::figures;
pub use tables::tables;
pub use text::text;
