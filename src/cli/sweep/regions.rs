//! A sweep over many regions: how often each meets its targets.

use super::Spread;
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{probability, short_name};
use jianpai_report::cells::Csv;
use jianpai_report::grid::{Grid, indent, left, right};
use jianpai_sweep::engine::Column;

/// One line a region.
#[derive(Default)]
pub(in super::super) struct Rows {
    rows: Vec<Row>,
    /// Every target seen, by id, with its indicator's name.
    targets: Vec<(String, Text)>,
}

struct Row {
    id: String,
    name: Text,
    draws: u64,
    met: Vec<(String, f64)>,
    all: Option<f64>,
}

impl Rows {
    /// Takes in a finished region.
    pub(super) fn take(&mut self, spread: &Spread<'_>) {
        let region = &spread.catalogue.regions[spread.plan.region.at()].named;
        let mut met = Vec::new();
        for (i, target) in spread.sweep.reported.targets.iter().enumerate() {
            let indicator = &spread.catalogue.indicators[target.indicator.at()];
            if !self.targets.iter().any(|(id, _)| *id == target.id) {
                let name = short_name(spread.catalogue, indicator);
                self.targets.push((target.id.clone(), name));
            }
            if let Some(count) = spread.count(&Column::Met(i)) {
                met.push((target.id.clone(), count.share));
            }
        }
        self.rows.push(Row {
            id: region.id.clone(),
            name: region.name.clone(),
            draws: spread.totals.draws,
            met,
            all: spread.count(&Column::AllMet).map(|count| count.share),
        });
    }

    /// Probabilities by region and target as CSV.
    pub(super) fn table(&self) -> Vec<u8> {
        let mut writer = Csv::new();
        writer.row(["region", "target", "probability", "draws"]);
        for row in &self.rows {
            let all = row.all.map(|share| ("all".to_string(), share));
            for (target, share) in row.met.iter().cloned().chain(all) {
                let draws = row.draws.to_string();
                writer.row([&row.id, &target, &share.to_string(), &draws]);
            }
        }
        writer.into_bytes()
    }

    /// The same on the terminal.
    pub(super) fn text(&self, lang: Lang) -> String {
        let mut header = vec![lang.pick("地区", "Region").to_string()];
        header.extend(
            self.targets
                .iter()
                .map(|(_, name)| name.get(lang).to_string()),
        );
        header.push(lang.pick("全部", "All").to_string());
        let mut grid = Grid::new(header.iter().map(String::as_str));
        for row in &self.rows {
            let mut cells = vec![left(row.name.get(lang))];
            for (id, _) in &self.targets {
                let share = row.met.iter().find(|(target, _)| target == id);
                cells.push(right(
                    share.map_or("–".to_string(), |(_, s)| probability(*s)),
                ));
            }
            cells.push(right(row.all.map_or("–".to_string(), probability)));
            grid.row(cells);
        }
        let title = lang.pick("达标概率", "Targets met in");
        format!("\n  {title}\n\n{}\n", indent(&grid.to_string()))
    }
}
