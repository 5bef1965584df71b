//! Indicators that a scenario calls up by speaking of them, and the published share of
//! non-fossil energy from which that indicator counts.

use super::fields;
use super::percent::share;
use super::problems::{sub_table, table_span};
use crate::diag::{Diagnostic, Diagnostics};
use crate::tree::{Node, TableNode, Value};
use jianpai_core::catalogue::{Catalogue, IndicatorKind};
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;

/// The indicators that a file names: in targets, observations and splices, and in
/// `[scenario] indicators`; the non-fossil share where the file states one.
pub(super) fn named(catalogue: &Catalogue, tree: &TableNode) -> Vec<String> {
    let mut found = Vec::new();
    let text = |node: &Node| match &node.value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    for part in ["targets", "observed", "splice"] {
        let entries = sub_table(tree, part).map_or(&[][..], |table| &table.entries);
        found.extend(entries.iter().filter_map(|(_, node)| match &node.value {
            Value::Table(own) => own.get("indicator").and_then(text),
            _ => None,
        }));
    }
    if let Some(head) = sub_table(tree, "scenario") {
        if let Some(Value::Array(items)) = head.get("indicators").map(|node| &node.value) {
            found.extend(items.iter().filter_map(text));
        }
        if head.get("non_fossil").is_some() {
            let mut all = catalogue.callable();
            let own = all.find(|i| i.kind == IndicatorKind::NonFossil);
            found.extend(own.map(|i| i.base.clone()));
        }
    }
    found
}

/// `"7.4 %"` of the base year, or `{ 2020 = "7.4 %", 2022 = "9.1 %" }`.
pub(super) fn shares(node: &Node, base_year: i32, diags: &mut Diagnostics) -> Vec<(i32, f64)> {
    match &node.value {
        Value::Table(table) => fields::by_year(table, diags, share).unwrap_or_default(),
        _ => share(node, diags).map_or(Vec::new(), |own| vec![(base_year, own)]),
    }
}

/// A target on the non-fossil share needs the published share of the base year: what the
/// model holds of water, nuclear, wind and solar power is a small part of them.
pub(super) fn needs_share(
    catalogue: &Catalogue,
    scenario: &Scenario,
    tree: &TableNode,
    diags: &mut Diagnostics,
) {
    let mut all = catalogue.indicators.iter();
    let Some(at) = all.position(|i| i.kind == IndicatorKind::NonFossil) else {
        return;
    };
    let named = named(catalogue, tree);
    let asked = named.contains(&catalogue.indicators[at].base);
    let first = scenario.non_fossil_shares().first().map(|(y, ..)| *y);
    let base = scenario.base_year;
    if !asked || first == Some(base) {
        return;
    }
    let mut targets = scenario.targets.iter();
    let target = targets.find(|target| target.indicator.at() == at);
    let place = target.and_then(|target| sub_table(tree, "targets")?.get(&target.id));
    let span = place.map_or_else(|| table_span(tree, "scenario"), |node| node.span);
    let region = &catalogue.regions[scenario.region.at()].named.name;
    let message = Text::new(
        format!("{}没有 {base} 年非化石能源比重的记录", region.zh),
        format!(
            "{} has no record of its non-fossil share in {base}",
            region.en
        ),
    );
    diags.push(
        Diagnostic::error("no-base-share", message)
            .label(span, Text::new("由此算起", "counts from it"))
            .note(Text::new(
                "水电、核电、风电和光伏多在模型的火力发电以外：比重以公布数为基础，模型只给出变化",
                "most water, nuclear, wind and solar power is outside the model's thermal power: the share counts from a published one, the model gives the change",
            ))
            .help(Text::new(
                format!("在 [scenario] 写公布的比重：non_fossil = {{ {base} = \"7.4 %\" }}"),
                format!("write the published share in [scenario]: non_fossil = {{ {base} = \"7.4 %\" }}"),
            )),
    );
}
