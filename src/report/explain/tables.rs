//! The answer as tables: what the result rests on by status, the numbers behind it, and
//! every term. Values are in the unit that people read; the column `unit` names it.

use super::answer::{Answer, short_status};
use crate::view::{Cell, Column, Form, Table, Unit, Value};
use jianpai_core::explain::{self, NodeId, What};
use jianpai_core::provenance::Status;
use jianpai_core::text::Text;
use std::collections::BTreeMap;

/// The tables: `shares`, `numbers`, `terms`.
pub fn tables(answer: &Answer<'_>) -> Vec<Table> {
    vec![shares(answer), numbers(answer), terms(answer)]
}

/// Parts of the result by the status of the numbers that it rests on: parts of
/// Σ |elasticity|.
pub(super) fn shares(answer: &Answer<'_>) -> Table {
    let columns = vec![
        Column::id("status", "状态", "Status"),
        Column::text("name", "状态", "Status").at(0),
        Column::number("share", "占比", "Share", Unit::Fraction)
            .form(Form::Percent)
            .at(1),
    ];
    let title = Text::new("结果依据的数", "What the result rests on");
    let mut table = Table::new("shares", title, columns);
    if let Some(shares) = answer.tape.shares_of(&answer.weights) {
        for status in Status::ALL {
            let share = shares.of(status).into();
            table.row(vec![status.id().into(), short_status(status).into(), share]);
        }
        let name = Text::new("情景", "scenario");
        table.row(vec!["scenario".into(), name.into(), shares.stated.into()]);
    }
    table
}

/// Every number that the result rests on, the heaviest first.
pub(super) fn numbers(answer: &Answer<'_>) -> Table {
    let ratio = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::Ratio).form(Form::Fixed(2))
    };
    let columns = vec![
        Column::number("weight", "权重", "Weight", Unit::Fraction)
            .form(Form::Percent)
            .at(0),
        Column::number("elasticity", "弹性", "Elasticity", Unit::None)
            .form(Form::FixedSigned(2))
            .at(1),
        Column::text("name", "数", "Number").at(2),
        Column::number_by("value", "值", "Value", "unit").at(3),
        Column::unit("unit", "单位", "Unit").at(4),
        ratio(
            "low",
            "区间下限与值之比",
            "Low end of its range over the value",
        ),
        ratio(
            "high",
            "区间上限与值之比",
            "High end of its range over the value",
        ),
        Column::number(
            "moves",
            "结果随区间的变动",
            "The result moves by",
            Unit::Fraction,
        )
        .form(Form::Percent),
        Column::id("status", "状态", "Status"),
        Column::text("status_name", "状态", "Status").at(5),
        Column::id("at", "出处", "Where").at(6),
        Column::id("also", "又见", "Also at"),
        Column::id("source", "来源", "Source"),
    ];
    let title = Text::new("各数的权重", "Weights of the numbers");
    let mut table = Table::new("numbers", title, columns);
    for weight in &answer.weights {
        let node = answer.tape.node(weight.node);
        let shown = explain::unit(&answer.tape, node.what);
        let place = answer.place(weight.input);
        let ranged = answer
            .tape
            .sourced(weight.input)
            .map(|(sourced, _)| sourced);
        let ranged = ranged.filter(|sourced| sourced.high > sourced.low);
        let also = weight.also.iter().map(|input| answer.place(*input).at);
        let source = place.source.map(|(source, _)| source);
        let source = source.map(|id| &answer.case.catalogue.sources[id.at()].id);
        table.row(vec![
            weight.share.into(),
            weight.elasticity.into(),
            explain::label(&answer.tape, node.what).into(),
            (node.value / shown.scale).into(),
            Value::Named(shown.unit).into(),
            ranged.map(|n| n.low / n.value).into(),
            ranged.map(|n| n.high / n.value).into(),
            ranged.map(|_| weight.doubt).into(),
            place.id.into(),
            place.status.into(),
            place.at.into(),
            also.collect::<Vec<_>>().join(" ").into(),
            source.into(),
        ]);
    }
    table
}

/// Every term below the result, children before the terms made from them; `children`
/// are numbers of the column `term`.
pub(super) fn terms(answer: &Answer<'_>) -> Table {
    let columns = vec![
        Column::whole("term", "项", "Term").at(0),
        Column::text("name", "名称", "Name").at(1),
        Column::number_by("value", "值", "Value", "unit").at(2),
        Column::unit("unit", "单位", "Unit").at(3),
        Column::id("formula", "算式", "Formula").at(4),
        Column::id("children", "由这些项而来", "Made from").at(5),
        Column::id("status", "状态", "Status"),
        Column::id("at", "出处", "Where").at(6),
    ];
    let mut table = Table::new("terms", Text::new("各项", "Terms"), columns);
    let reached = answer.reached();
    let places: BTreeMap<NodeId, usize> = reached.iter().copied().zip(0..).collect();
    for (id, term) in &places {
        let node = answer.tape.node(*id);
        let shown = explain::unit(&answer.tape, node.what);
        let children = node.children.iter().map(|child| places[child].to_string());
        let children = children.collect::<Vec<_>>().join(" ");
        let is_leaf = children.is_empty();
        let place = match node.what {
            What::Input(input) => Some(answer.place(input)),
            _ => None,
        };
        let formula = (!is_leaf).then(|| explain::symbol(node));
        table.row(vec![
            Cell::from(*term),
            explain::label(&answer.tape, node.what).into(),
            (node.value / shown.scale).into(),
            Value::Named(shown.unit).into(),
            formula.into(),
            children.into(),
            place.as_ref().map(|place| place.id).into(),
            place.map(|place| place.at).into(),
        ]);
    }
    table
}
