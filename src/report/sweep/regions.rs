//! A sweep over many regions: how often each meets its targets.

use super::spread::Spread;
use crate::case::short_name;
use crate::grid::WIDE;
use crate::view::{Across, Cell, Column, Form, Table, Unit};
use crate::write;
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::engine::Column as Drawn;

/// How often the targets of each region are met.
#[derive(Clone, Debug)]
pub struct ByRegion {
    table: Table,
}

impl Default for ByRegion {
    fn default() -> Self {
        let columns = vec![
            Column::id("region", "地区", "Region"),
            Column::id("target", "目标", "Target"),
            Column::number("probability", "达标概率", "Probability", Unit::Fraction)
                .form(Form::Probability)
                .absent("–"),
            Column::whole("draws", "抽样次数", "Draws"),
            Column::text("region_name", "地区", "Region").at(0),
            Column::text("target_name", "目标", "Target"),
        ];
        let title = Text::new("达标概率", "Targets met in");
        let mut table = Table::new("attainment-by-region", title, columns);
        table.across = Some(Across {
            line: vec!["region"],
            column: "target",
            heading: "target_name",
            value: "probability",
            last: Some("all"),
            units: false,
            most: usize::MAX,
        });
        Self { table }
    }
}

impl ByRegion {
    /// Takes in a finished region.
    pub fn take(&mut self, spread: &Spread<'_>) {
        let region = &spread.catalogue.regions[spread.plan.region.at()].named;
        let mut row = |target: &str, name: Text, wanted: &Drawn| {
            let Some(count) = spread.count(wanted) else {
                return;
            };
            self.table.row(vec![
                Cell::from(&region.id),
                target.into(),
                count.share.into(),
                spread.totals.draws.into(),
                Cell::from(&region.name),
                name.into(),
            ]);
        };
        for (i, target) in spread.sweep.reported.targets.iter().enumerate() {
            let indicator = &spread.catalogue.indicators[target.indicator.at()];
            let name = short_name(spread.catalogue, indicator);
            row(&target.id, name, &Drawn::Met(i));
        }
        row("all", Text::new("全部", "All"), &Drawn::AllMet);
    }

    /// Probabilities by region and target.
    pub fn table(&self) -> &Table {
        &self.table
    }
}

/// The table of regions on the terminal.
pub fn by_region(found: &ByRegion, lang: Lang) -> String {
    let table = found.table();
    let title = table.title.get(lang);
    format!("\n  {title}\n\n{}\n", write::terminal(table, lang, WIDE))
}
