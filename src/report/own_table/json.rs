//! The analysis for machines: every estimate, and the tables.

use super::analyse::{Analysis, Found};
use crate::view::Table;
use crate::write;
use serde_json::{Value, json};

/// The whole analysis as one document: what was analysed, every estimate with all that is
/// known of it, and these tables of it.
pub(super) fn json(of: &Analysis<'_>, tables: &[Table]) -> Value {
    let sample = of.sample;
    let names: Vec<&str> = sample
        .inputs
        .iter()
        .map(|input| input.name.as_str())
        .collect();
    let outputs: Vec<Value> = of
        .outputs
        .iter()
        .map(|(name, found)| output(name, found))
        .collect();
    let discovery = of.discovery.as_ref().map(|found| {
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
    let mut value = write::document(tables);
    value["file"] = json!(sample.path);
    value["rows"] = json!(of.rows());
    value["design"] = json!(sample.design.shape.id());
    value["confidence"] = json!(of.confidence);
    value["inputs"] = json!(names);
    value["fixed"] = json!(sample.fixed);
    value["notes"] = json!(notes.collect::<Vec<_>>());
    value["outputs"] = json!(outputs);
    value["discovery"] = json!(discovery);
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
