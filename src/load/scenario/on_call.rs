//! Indicators that a scenario calls up by speaking of them, and the published shares from
//! which some of them count.

use super::fields;
use super::percent::share;
use super::problems::{sub_table, table_span};
use crate::diag::{Diagnostic, Diagnostics};
use crate::tree::{Node, Reader, TableNode, Value};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::published::Published;
use jianpai_core::scenario::Scenario;
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// The indicators that a file names: in targets, observations and splices, and in
/// `[scenario] indicators`, and those of the published shares that the file states.
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
        for of in Published::ALL {
            if head.get(of.key()).is_some() {
                let mut all = catalogue.callable();
                let own = all.find(|i| i.kind == of.kind());
                found.extend(own.map(|i| i.base.clone()));
            }
        }
    }
    found
}

/// Every published share that `[scenario]` states: `"7.4 %"` of the base year, or
/// `{ 2020 = "7.4 %", 2022 = "9.1 %" }`.
pub(super) fn published(
    reader: &mut Reader<'_>,
    base_year: i32,
) -> BTreeMap<Published, Vec<(i32, f64)>> {
    let mut found = BTreeMap::new();
    for of in Published::ALL {
        let Some(node) = reader.optional(of.key()) else {
            continue;
        };
        let diags = reader.diags();
        let shares = match &node.value {
            Value::Table(table) => fields::by_year(table, diags, share).unwrap_or_default(),
            _ => share(node, diags).map_or(Vec::new(), |own| vec![(base_year, own)]),
        };
        if let Some((_, whole)) = shares.iter().find(|(_, own)| *own >= 1.0) {
            diags.push(whole_of_it(node, *whole));
            continue;
        }
        found.insert(of, shares);
    }
    found
}

/// A published share that leaves nothing beside it.
fn whole_of_it(node: &Node, share: f64) -> Diagnostic {
    let said = format!("{} %", share * 100.0);
    let message = Text::new(
        format!("公布的比重不会是 {said}"),
        format!("a published share is not {said}"),
    );
    Diagnostic::error("whole-share", message)
        .label(
            node.span,
            Text::new("须小于 100 %", "has to be below 100 %"),
        )
        .help(Text::new(
            "写统计公布的比重，如 \"27 %\"",
            "write the share as statistics publish it, such as \"27 %\"",
        ))
}

/// What counts from a published share needs that of the base year: the model holds a part
/// of what it speaks of, and the change.
pub(super) fn needs_share(
    catalogue: &Catalogue,
    scenario: &Scenario,
    tree: &TableNode,
    diags: &mut Diagnostics,
) {
    let named = named(catalogue, tree);
    for of in Published::ALL {
        let mut all = catalogue.indicators.iter();
        let Some(at) = all.position(|i| i.kind == of.kind()) else {
            continue;
        };
        let asked = named.contains(&catalogue.indicators[at].base);
        let first = scenario.published(of).first().map(|(y, ..)| *y);
        if asked && first != Some(scenario.base_year) {
            diags.push(no_base(catalogue, scenario, tree, (of, at)));
        }
    }
}

fn no_base(
    catalogue: &Catalogue,
    scenario: &Scenario,
    tree: &TableNode,
    (of, at): (Published, usize),
) -> Diagnostic {
    let base = scenario.base_year;
    let mut targets = scenario.targets.iter();
    let target = targets.find(|target| target.indicator.at() == at);
    let place = target.and_then(|target| sub_table(tree, "targets")?.get(&target.id));
    let span = place.map_or_else(|| table_span(tree, "scenario"), |node| node.span);
    let region = &catalogue.regions[scenario.region.at()].named.name;
    let (name, note, such) = match of {
        Published::NonFossil => (
            Text::new("非化石能源比重", "non-fossil share"),
            Text::new(
                "水电、核电、风电和光伏多在模型的火力发电以外：比重以公布数为基础，模型只给出变化",
                "most water, nuclear, wind and solar power is outside the model's thermal power: the share counts from a published one, the model gives the change",
            ),
            "7.4 %",
        ),
        Published::Electricity => (
            Text::new(
                "电能占终端能源消费比重",
                "share of electricity in final energy",
            ),
            Text::new(
                "数据没有基年各行业的用电量：比重以公布数（电热当量法）为基础，模型给出电气化和节能带来的变化",
                "the data have no electricity by sector: the share counts from a published one (electricity at its heat content), the model gives the change by what is electrified and saved",
            ),
            "27 %",
        ),
        Published::IndustrialElectricity => (
            Text::new(
                "工业终端用能电气化率",
                "share of electricity in industry's final energy",
            ),
            Text::new(
                "数据没有基年的工业用电量：工业能耗由模型的燃料和这一比重得出。工业用电量 × 1.229 吨标准煤/万千瓦时 ÷ 工业终端能耗（当量值）即是",
                "the data have no electricity of industry: its energy use follows from the model's fuels and this share. It is the electricity of industry × 1.229 tce per 10⁴ kWh over industry's final energy at heat content",
            ),
            "26 %",
        ),
    };
    let key = of.key();
    let message = Text::new(
        format!("{}没有 {base} 年{}的记录", region.zh, name.zh),
        format!("{} has no record of its {} in {base}", region.en, name.en),
    );
    Diagnostic::error("no-base-share", message)
        .label(span, Text::new("由此算起", "counts from it"))
        .note(note)
        .help(Text::new(
            format!("在 [scenario] 写公布的比重：{key} = {{ {base} = \"{such}\" }}"),
            format!("write the published share in [scenario]: {key} = {{ {base} = \"{such}\" }}"),
        ))
}
