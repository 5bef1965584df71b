//! What a finished sweep says: tables, texts and charts.

mod best;
pub mod figures;
mod findings;
pub mod names;
mod regions;
mod sensitivity;
mod tables;
mod text;
pub mod units;

pub use regions::{ByRegion, by_region};
pub use tables::tables;
pub use text::text;

use crate::write;
use jianpai_core::catalogue::{Account, Catalogue, IndicatorKind};
use jianpai_core::explain::Support;
use jianpai_core::plan::Plan;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Lang;
use jianpai_sweep::engine::run::Totals;
use jianpai_sweep::engine::{Column, Sweep};
use jianpai_sweep::findings::Findings;
use serde_json::{Value, json};

/// The tables of one sweep; a slice has the first three.
pub const TABLES: [&str; 5] = ["summary", "attainment", "best", "sensitivity", "conditions"];
/// The tables of several.
pub const TABLES_OF_MANY: [&str; 1] = ["attainment-by-region"];

/// A finished sweep of one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Spread<'a> {
    /// The data.
    pub catalogue: &'a Catalogue,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its plan.
    pub plan: &'a Plan,
    /// Which numbers the scenario's own results rest on.
    pub support: &'a Support,
    /// What was swept.
    pub sweep: &'a Sweep,
    /// What the draws add up to.
    pub totals: &'a Totals,
    /// What the draws say; a slice says nothing of the whole.
    pub findings: Option<&'a Findings>,
}

/// How often something is so.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// Draws in which it is.
    met: u64,
    /// All draws.
    draws: u64,
    /// The one over the other (part of 1).
    share: f64,
    /// The 95 % interval of its probability; none where the draws are no sample.
    interval: Option<(f64, f64)>,
}

impl Spread<'_> {
    /// How often a column of yes and no is yes.
    fn count(&self, wanted: &Column) -> Option<Count> {
        let column = self.sweep.column(wanted)?;
        let mut counts = self.totals.counts.iter();
        let (_, count) = counts.find(|(i, _)| *i == column)?;
        let points = &self.sweep.points;
        // Rows of one base sample share inputs: they count as one trial.
        let group = points.design().group(self.sweep.inputs.len());
        let interval = points.is_sample().then(|| count.interval_of(group, 0.95));
        Some(Count {
            met: count.met,
            draws: count.count,
            share: count.share()?,
            interval,
        })
    }

    /// How many draws are not feasible.
    fn infeasible(&self) -> u64 {
        let feasible = self.count(&Column::Feasible);
        feasible.map_or(0, |count| count.draws - count.met)
    }
}

/// Every table as a file of CSV, with its name.
pub fn files(spread: &Spread<'_>, lang: Lang) -> Vec<(String, Vec<u8>)> {
    let tables = tables(spread).into_iter();
    tables
        .map(|table| (format!("{}.csv", table.id), write::csv(&table, lang)))
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
    let said = findings::conditions_of(spread);
    value["conditions"] = json!(said.map(|said| json!({ "zh": said.zh, "en": said.en })));
    value
}

/// Whether an indicator is one that briefings speak of.
fn is_main(kind: &IndicatorKind) -> bool {
    kind.amount() != Some(Account::Energy)
}
