//! What a finished sweep says: tables, texts and charts.

mod best;
mod drawn;
pub mod figures;
mod findings;
mod moves;
pub mod names;
mod regions;
mod sensitivity;
mod spread;
mod tables;
mod text;
pub mod units;
pub mod variance;

pub use regions::{ByRegion, by_region};
pub use spread::Spread;
pub use tables::tables;
pub use text::text;

use crate::write;
use jianpai_core::text::Lang;
use serde_json::{Value, json};

/// The tables of one sweep; a slice has the first three.
pub const TABLES: [&str; 5] = ["summary", "attainment", "best", "sensitivity", "conditions"];
/// The tables of several.
pub const TABLES_OF_MANY: [&str; 1] = ["attainment-by-region"];

/// Every table as a file of CSV, with its name.
pub fn files(spread: &Spread<'_>, lang: Lang) -> Vec<(String, Vec<u8>)> {
    let tables = tables(spread).into_iter();
    tables
        .map(|table| (format!("{}.csv", table.id), write::csv_file(&table, lang)))
        .collect()
}

/// The sweep for machines: what was drawn, and every table.
pub fn json(spread: &Spread<'_>) -> Value {
    let points = &spread.sweep.points;
    let mut value = write::document(&tables(spread));
    value["scenario"] = json!(spread.scenario.id);
    value["region"] = json!(spread.catalogue.regions[spread.plan.region.at()].named.id);
    value["design"] = json!(points.design().id());
    value["seed"] = json!(points.seed());
    value["draws"] = json!(spread.totals.draws);
    value["infeasible"] = json!(spread.infeasible());
    let said = moves::moves(spread);
    if spread.has_error() {
        value["model_error"] = json!(said.map(|said| json!({ "zh": said.zh, "en": said.en })));
    }
    let said = findings::conditions_of(spread);
    value["conditions"] = json!(said.map(|said| json!({ "zh": said.zh, "en": said.en })));
    value
}
