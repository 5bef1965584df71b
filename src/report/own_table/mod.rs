//! A table of a user's own: which of its inputs matter for its outputs, and under which
//! conditions an outcome comes about.
//!
//! ```text
//! design::tell(asked, inputs)  → Known      which design the rows follow
//! Sample { inputs, outputs, design, … }     the rows in the order of that design
//! analyse(sample, settings)    → Analysis   indices of each output, boxes of the condition
//! text(analysis, lang), tables(analysis), json(analysis)
//! ```
//!
//! Who reads the file says what is wrong with it; nothing here knows files.

mod analyse;
pub mod design;
mod json;
mod long;
mod sample;
mod steps;
mod sums;
mod tables;
mod text;
mod words;

pub use analyse::{Analysis, Boxed, Discovery, Found, analyse};
pub use design::is_constant;
pub use long::indices;
pub use sample::{Met, Named, Sample, Settings};
pub use steps::steps;
pub use text::text;

use crate::view::Table;
use design::Shape;
use serde_json::Value;

/// Every table of an analysis but [`steps`], whose rows are many: `outputs`, `main`, those
/// of its design (`sobol` and `pairs`, `morris`, or `first-order`), of its condition
/// (`conditions`, `limits`), and `indices`.
pub fn tables(of: &Analysis<'_>) -> Vec<Table> {
    let mut all = vec![tables::outputs(of), tables::main(of)];
    all.extend(match of.sample.design.shape {
        Shape::Saltelli(_) => vec![tables::sobol(of), tables::pairs(of)],
        Shape::Morris(_) => vec![tables::morris(of)],
        Shape::Grid | Shape::Any => vec![tables::first_order(of)],
    });
    if let Some(found) = &of.discovery {
        all.extend([tables::conditions(found), tables::limits(of, found)]);
    }
    all.push(indices(of));
    all
}

/// The whole analysis as one document: what was analysed, every estimate with all that is
/// known of it, and [`tables`].
pub fn json(of: &Analysis<'_>) -> Value {
    json::json(of, &tables(of))
}
