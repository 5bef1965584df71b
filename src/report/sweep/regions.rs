//! A sweep over many regions: how often each meets its targets.

use super::spread::Spread;
use crate::case::short_name;
use crate::grid::{WIDE, wrap};
use crate::view::{Across, Cell, Column, Form, Table, Unit, With};
use crate::write;
use jianpai_core::text::{Lang, Text};
use jianpai_sweep::engine::Column as Drawn;

/// How often the targets of each region are met.
#[derive(Clone, Debug)]
pub struct ByRegion {
    table: Table,
    with_error: bool,
    /// How often all targets are met in each region, by the model alone and with its error.
    all: Vec<(f64, f64)>,
}

impl ByRegion {
    /// No region yet, of sweeps with the model's error or without.
    pub fn new(with_error: bool) -> Self {
        let mut columns = vec![
            Column::id("region", "地区", "Region"),
            Column::id("target", "目标", "Target"),
            Column::number("probability", "达标概率", "Probability", Unit::Fraction)
                .form(Form::Probability)
                .with(With::Bound("below", "above"))
                .absent("–"),
            Column::whole("draws", "抽样次数", "Draws"),
            Column::text("region_name", "地区", "Region").at(0),
            Column::text("target_name", "目标", "Target"),
        ];
        if with_error {
            let share = |key: &'static str, zh, en| Column::number(key, zh, en, Unit::Fraction);
            columns.extend([
                share(
                    "probability_by_model",
                    "仅按模型的概率",
                    "Probability by the model alone",
                ),
                Column::whole("cases", "模型误差的例数", "Cases behind the model's error"),
                share("below", "只能说低于", "Stated to be below"),
                share("above", "只能说高于", "Stated to be above"),
            ]);
        }
        let title = Text::new("达标概率", "Targets met in");
        let mut table = Table::new("attainment-by-region", title, columns);
        table.across = Some(Across {
            last: Some("all"),
            ..Across::of(&["region"], ("target", "target_name"), "probability")
        });
        Self {
            table,
            with_error,
            all: Vec::new(),
        }
    }

    /// Takes in a finished region.
    pub fn take(&mut self, spread: &Spread<'_>) {
        let region = &spread.catalogue.regions[spread.plan.region.at()].named;
        let mut row = |target: &str, name: Text, wanted: &Drawn| {
            let Some(count) = spread.count(wanted) else {
                return;
            };
            let mut row = vec![
                Cell::from(&region.id),
                target.into(),
                count.share.into(),
                spread.totals.draws.into(),
                Cell::from(&region.name),
                name.into(),
            ];
            if self.with_error {
                let own = spread.by_model(wanted);
                row.extend([
                    own.map(|own| own.share).into(),
                    count.claim.cases.into(),
                    count.claim.below.into(),
                    count.claim.above.into(),
                ]);
                let all = own.filter(|_| *wanted == Drawn::AllMet);
                self.all.extend(all.map(|own| (own.share, count.share)));
            }
            self.table.row(row);
        };
        for (i, target) in spread.sweep.reported.targets.iter().enumerate() {
            let indicator = &spread.catalogue.indicators[target.indicator.at()];
            let name = short_name(spread.catalogue, indicator);
            row(&target.id, name, &Drawn::Met(i));
        }
        row("all", Text::new("全部", "All"), &Drawn::AllMet);
    }

    /// What the model's error does to the regions; `None` where none is drawn.
    pub fn moves(&self) -> Option<Text> {
        let count = |some: fn(&(f64, f64)) -> bool| self.all.iter().filter(|all| some(all)).count();
        let regions = self.all.len();
        (regions > 0).then(|| {
            let half = [count(|(own, _)| *own >= 0.5), count(|(_, with)| *with >= 0.5)];
            Text::new(
                format!(
                    "计入模型误差（data/model_error.csv）后，全部目标达标概率不低于一半的地区由 {} 个变为 {} 个（共 {regions} 个）；--no-model-error 可不计",
                    half[0], half[1]
                ),
                format!(
                    "With the model's error (data/model_error.csv) all targets are met in half of the draws or more in {} of {regions} regions, by the model alone in {}; --no-model-error leaves it out",
                    half[1], half[0]
                ),
            )
        })
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
    let said = found.moves().map_or(String::new(), |said| {
        let lines = wrap(&format!("  {}", said.get(lang)), WIDE).into_iter();
        lines.map(|line| line + "\n").collect()
    });
    format!(
        "\n  {title}\n\n{}\n{said}",
        write::terminal(table, lang, WIDE)
    )
}
