//! The answer for machines: the graph of terms as a list of nodes.

use super::answer::Answer;
use super::tables::{numbers, shares as table_of_shares};
use crate::base;
use crate::view::run::shares;
use crate::write;
use jianpai_core::explain::{self, Input, NodeId, Op, What};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// All terms of an answer. `nodes` are in an order in which children come before
/// their parents; `root` and `children` are indices of it. A term that several
/// others use stands once. Values are in base units; `shown` is the same for people.
/// Beside them stand the tables `shares` and `numbers`; [`super::tables`] has `terms` too.
pub fn json(answer: &Answer<'_>) -> Value {
    let case = &answer.case;
    let reached = answer.reached();
    let places: BTreeMap<NodeId, usize> = reached.iter().copied().zip(0..).collect();
    let nodes: Vec<Value> = reached
        .iter()
        .map(|id| node(answer, *id, &places))
        .collect();
    let weights: Vec<Value> = answer
        .weights
        .iter()
        .map(|weight| {
            json!({
                "node": places[&weight.node],
                "elasticity": weight.elasticity,
                "weight": weight.share,
                "doubt": weight.doubt,
                "also": weight.also.iter().map(|input| answer.place(*input).at).collect::<Vec<_>>(),
            })
        })
        .collect();
    let indicator = &case.catalogue.indicators[answer.question.indicator.at()];
    let value = answer.tape.node(answer.root).value;
    let mut document = write::document(&[table_of_shares(answer), numbers(answer)]);
    let graph = json!({
        "scenario": case.scenario.id,
        "region": case.region().named.id,
        "indicator": indicator.base,
        "book": indicator.book.id(),
        "year": answer.year(),
        "measure": answer.question.measure.map(|m| &case.plan.measures[m].id),
        "value": value,
        "base_year": case.scenario.base_year,
        "base_value": answer.base,
        "change": (answer.base != 0.0 && answer.question.measure.is_none())
            .then(|| value / answer.base - 1.0),
        "shares": answer.tape.shares_of(&answer.weights).as_ref().map(shares),
        "weights": weights,
        "root": places[&answer.root],
        "nodes": nodes,
    });
    if let (Value::Object(all), Value::Object(graph)) = (&mut document, graph) {
        all.extend(graph);
        let bases = base::json(case.catalogue, case.scenario);
        if !bases.is_empty() {
            all.insert("base".to_string(), json!(bases));
        }
    }
    document
}

fn node(answer: &Answer<'_>, id: NodeId, places: &BTreeMap<NodeId, usize>) -> Value {
    let node = answer.tape.node(id);
    let label = explain::label(&answer.tape, node.what);
    let shown = explain::unit(&answer.tape, node.what);
    let children: Vec<usize> = node.children.iter().map(|child| places[child]).collect();
    let mut value = json!({
        "name_zh": label.zh,
        "name_en": label.en,
        "value": node.value,
        "shown": node.value / shown.scale,
        "unit_zh": shown.unit.zh,
        "unit_en": shown.unit.en,
    });
    if !children.is_empty() {
        value["formula"] = json!(explain::symbol(node));
        value["operation"] = operation(&node.op);
        value["weights"] = json!(weights(answer, id));
        value["children"] = json!(children);
    }
    if let What::Input(input) = node.what {
        value["origin"] = origin(answer, input);
    }
    value
}

/// |∂parent/∂child · child| as parts of their sum: by how much each child counts.
fn weights(answer: &Answer<'_>, id: NodeId) -> Vec<f64> {
    let node = answer.tape.node(id);
    let values = answer.tape.values(node);
    let partials = node.op.partials(node.value, &values);
    let sizes = partials.iter().zip(&values);
    let sizes: Vec<f64> = sizes.map(|(p, v)| (p * v).abs()).collect();
    let sum: f64 = sizes.iter().sum();
    let part = |size: &f64| if sum > 0.0 { size / sum } else { 0.0 };
    sizes.iter().map(part).collect()
}

fn operation(op: &Op) -> Value {
    match op {
        Op::Leaf => Value::Null,
        Op::Linear { constant, factors } => {
            json!({ "kind": "linear", "constant": constant, "factors": factors })
        }
        Op::Product { scale } => json!({ "kind": "product", "scale": scale }),
        Op::Ratio { scale } => json!({ "kind": "ratio", "scale": scale }),
        Op::Growth => json!({ "kind": "growth" }),
        Op::Positive => json!({ "kind": "positive" }),
        Op::Leontief { entries } => json!({ "kind": "leontief", "entries": entries }),
    }
}

/// File, line, source, status and range of a number.
fn origin(answer: &Answer<'_>, input: Input<'_>) -> Value {
    let place = answer.place(input);
    let (file, line) = place.at.rsplit_once(':').unwrap_or((&place.at, ""));
    let mut value = json!({
        "file": file,
        "line": line.parse::<usize>().ok(),
        "status": place.id,
    });
    if let Some((sourced, _)) = answer.tape.sourced(input) {
        value["low"] = json!(sourced.low);
        value["high"] = json!(sourced.high);
    }
    if let Some((source, calibre)) = place.source {
        let source = &answer.case.catalogue.sources[source.at()];
        value["source"] = json!({
            "id": source.id,
            "title": source.title,
            "issuer_zh": source.issuer.zh,
            "issuer_en": source.issuer.en,
            "year": source.year,
            "url": source.url,
        });
        if let Some(calibre) = calibre {
            value["calibre"] = json!(answer.case.catalogue.calibres[calibre.at()].id);
        }
    }
    if let Some(said) = place.said {
        value["source_text"] = json!(said);
    }
    value
}
