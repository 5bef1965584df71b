//! Official amounts of a region of one's own: `[region.inventory.SO2]`.

use super::super::names::{Known, unknown};
use super::Grower;
use crate::diag::{Diagnostic, Span};
use crate::quantity::Dim;
use crate::tree::TableNode;
use jianpai_core::catalogue::{Account, Book, Inventory, InventoryValue};
use jianpai_core::dims::{CalibreId, PollutantId};
use jianpai_core::place::Own;
use jianpai_core::text::Text;

impl Grower<'_, '_> {
    /// Totals and classes of the base year, in the calibre of the parent's. A class that is
    /// not stated is estimated from the rest of the total.
    pub(super) fn inventory(&mut self, table: &TableNode, own: &mut Own) {
        for (key, node) in &table.entries {
            let account = match key.name.as_str() {
                "coal" => Some(Account::Coal),
                "energy" => Some(Account::Energy),
                id => self
                    .catalogue
                    .pollutant(id)
                    .map(|p: PollutantId| Account::Pollutant(p, Book::Physical)),
            };
            let Some(account) = account else {
                let what = Text::new("污染物", "pollutant");
                let all = self.catalogue.pollutants.iter().map(|p| &p.named);
                let known = Known::all(all);
                let found = unknown(&what, &key.name, key.span, &known, None);
                self.diags.push(found);
                continue;
            };
            let world = self.catalogue.world(own.parent);
            let theirs = world
                .and_then(|world| world.inventory.get(&account))
                .cloned();
            let Some((theirs, total)) = theirs.and_then(|i| i.total.map(|total| (i, total))) else {
                self.diags.push(no_official(&key.name, key.span));
                continue;
            };
            let Some(entries) = node.table(self.diags) else {
                continue;
            };
            let found = self.amounts_of(entries, total.calibre);
            let Some((found, total_span)) = found else {
                continue;
            };
            let sum: f64 = found.classes.values().map(|value| value.amount.value).sum();
            if let (Some(total), Some(span)) = (found.total, total_span) {
                let whole = theirs.classes.keys().all(|c| found.classes.contains_key(c));
                // Amounts are written with a few decimals.
                let (much, total_t) = (1.0 + 1e-6, total.amount.value);
                let off = whole && !found.classes.is_empty() && sum * much < total_t;
                if sum > total_t * much || off {
                    self.diags
                        .push(sum_off(&key.name, sum, total.amount.value, span));
                    continue;
                }
            }
            own.inventory.insert(account, found);
        }
    }

    /// The total and the classes of one account, and where the total stands.
    fn amounts_of(
        &mut self,
        entries: &TableNode,
        calibre: CalibreId,
    ) -> Option<(Inventory, Option<Span>)> {
        let (source, status) = (entries.get("source"), entries.get("status"));
        let mut found = Inventory::default();
        let mut total_span = None;
        let before = self.diags.errors();
        for (key, node) in &entries.entries {
            if ["source", "status", "note"].contains(&key.name.as_str()) {
                continue;
            }
            let class = self.catalogue.class(&key.name);
            if class.is_none() && key.name != "total" {
                let what = Text::new("类别", "class");
                let all = self.catalogue.classes.iter().map(|class| &class.named);
                let mut known = Known::all(all);
                known.push(Known::word("total"));
                let found = unknown(&what, &key.name, key.span, &known, None);
                self.diags.push(found);
                continue;
            }
            let Some(number) = self.number((&key.name, node), Dim::MASS, "12.3 万t", false) else {
                continue;
            };
            let table = matches!(node.value, crate::tree::Value::Table(_));
            let origin = if table {
                number.origin
            } else {
                self.origin(node.span, source, status)
            };
            let mut amount = number.sourced(1.0);
            amount.origin = origin;
            let value = InventoryValue { amount, calibre };
            if let Some(class) = class {
                found.classes.insert(class, value);
            } else {
                found.total = Some(value);
                total_span = Some(number.span);
            }
        }
        (self.diags.errors() == before).then_some((found, total_span))
    }
}

fn no_official(id: &str, span: Span) -> Diagnostic {
    let message = Text::new(
        format!("上级没有 {id} 的官方总量，口径无从对应"),
        format!("the parent has no official total of {id} to share a calibre with"),
    );
    Diagnostic::error("no-official", message)
        .label(span, Text::new("没有官方总量", "no official total"))
        .help(Text::new(
            "删去；要给出此项，用 [scenario] inventory 并写明口径",
            "take it out; an `inventory` of [scenario] can give it with its calibre",
        ))
}

fn sum_off(id: &str, sum: f64, total: f64, span: Span) -> Diagnostic {
    let tidy = |tonnes: f64| (tonnes * 1e2).round() / 1e6;
    let (sum, total) = (tidy(sum), tidy(total));
    let message = Text::new(
        format!("{id} 各类合计 {sum} 万t，与总量 {total} 万t 不符"),
        format!("the classes of {id} sum to {sum} (1e4 t), the total is {total}"),
    );
    Diagnostic::error("class-sum", message)
        .label(span, Text::new("总量", "the total"))
        .help(Text::new(
            "改到一致，或删去 total，以各类合计为准",
            "make them agree, or leave the total out: it is then their sum",
        ))
}
