//! The analysis of a table for machines: what the library found, and the tables.

use super::{Found, Report, tables};
use crate::write;
use serde_json::{Value, json};

/// The whole analysis for machines.
pub fn json(report: &Report<'_>) -> Value {
    let sample = report.sample;
    let names = report.names();
    let outputs: Vec<Value> = report
        .outputs
        .iter()
        .map(|(name, found)| output(name, found))
        .collect();
    let discovery = report.discovery.as_ref().map(|found| {
        let boxes = found.boxes.iter().map(|each| {
            json!({
                "coverage": each.coverage,
                "density": each.prim.count.density,
                "mass": each.mass,
                "mean": each.mean,
                "search": each.prim,
            })
        });
        json!({
            "condition": found.condition.text,
            "rows": found.condition.rows.len(),
            "positives": found.positives,
            "mean": found.mean,
            "boxes": boxes.collect::<Vec<_>>(),
        })
    });
    let notes = sample
        .notes
        .iter()
        .map(|note| json!({ "zh": note.zh, "en": note.en }));
    let mut value = json!({
        "program": "jianpai",
        "version": env!("CARGO_PKG_VERSION"),
        "file": sample.path,
        "rows": report.rows(),
        "design": sample.shape.id(),
        "confidence": report.confidence,
        "inputs": names,
        "fixed": sample.fixed,
        "notes": notes.collect::<Vec<_>>(),
        "outputs": outputs,
        "discovery": discovery,
    });
    let document = write::document(&tables(report));
    for key in ["schema", "tables"] {
        value[key] = document[key].clone();
    }
    value
}

fn output(name: &str, found: &Found) -> Value {
    match found {
        Found::Constant(value) => {
            json!({ "output": name, "undefined": "constant", "value": value })
        }
        Found::Not(error) => json!({ "output": name, "undefined": error.to_string() }),
        Found::Sobol(indices, linear) => {
            json!({ "output": name, "sobol": indices, "linear": linear })
        }
        Found::Morris(effects) => json!({ "output": name, "morris": effects }),
        Found::Given(found) => json!({ "output": name, "given_data": found }),
    }
}
