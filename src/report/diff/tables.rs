//! A comparison as tables and for machines.

use super::{Comparison, Input, Said, relative, said};
use crate::cells::Csv;
use jianpai_core::account::UnitKind;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::{Lang, Text};
use serde_json::{Value, json};

/// `inputs.csv`.
pub fn inputs_csv(of: &Comparison<'_>, lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "part", "id", "name", "change", "field", "a", "b", "place_a", "place_b",
    ];
    writer.row(header);
    for input in of.inputs {
        let cell = |side: &Option<Said>| match side {
            None => (String::new(), String::new()),
            Some(_) => said(side.as_ref(), lang),
        };
        let (a, b) = (cell(&input.a), cell(&input.b));
        let name = input.name.get(lang);
        let record = [
            input.part,
            &input.id,
            name,
            change(input),
            &input.field,
            &a.0,
            &b.0,
            &a.1,
            &b.1,
        ];
        writer.row(record);
    }
    writer.into_bytes()
}

fn change(input: &Input) -> &'static str {
    match (&input.a, &input.b) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// The unit in tables.
fn table_unit(catalogue: &Catalogue, indicator: usize) -> (f64, &'static str) {
    match catalogue.indicators[indicator].kind.unit_kind() {
        UnitKind::Mass => (1e4, "1e4 t"),
        UnitKind::Energy => (1e4, "1e4 tce"),
        UnitKind::Index => (1.0, "base year = 1"),
        _ => (0.01, "%"),
    }
}

/// `outputs.csv`: every indicator in every common year.
pub fn outputs_csv(of: &Comparison<'_>) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "indicator",
        "year",
        "a",
        "b",
        "change",
        "change_percent",
        "unit",
    ];
    writer.row(header);
    for output in of.outputs(&of.years()) {
        let (scale, unit) = table_unit(of.catalogue(), output.indicator);
        let percent = relative(of, &output).map_or(String::new(), |x| format!("{}", x * 100.0));
        let record = [
            of.catalogue().indicators[output.indicator].named.id.clone(),
            output.year.to_string(),
            format!("{}", output.a / scale),
            format!("{}", output.b / scale),
            format!("{}", (output.b - output.a) / scale),
            percent,
            unit.to_string(),
        ];
        writer.row(record);
    }
    writer.into_bytes()
}

/// `explanation.csv`: the parts of every difference in every common year.
pub fn explanation_csv(of: &Comparison<'_>, lang: Lang) -> Vec<u8> {
    let mut writer = Csv::new();
    let header = [
        "indicator",
        "year",
        "cause",
        "id",
        "name",
        "input_differs",
        "value",
        "unit",
    ];
    writer.row(header);
    let years = of.explanation.map_or(&[][..], |e| e.years.as_slice());
    for difference in of.moved() {
        let i = difference.indicator.at();
        let (scale, unit) = table_unit(of.catalogue(), i);
        let id = &of.catalogue().indicators[i].named.id;
        for (t, year) in years.iter().enumerate() {
            for part in &difference.parts {
                let (kind, cause) = of.cause_id(&part.cause);
                writer.row([
                    id.as_str(),
                    &year.to_string(),
                    kind,
                    &cause,
                    of.cause_name(&part.cause).get(lang),
                    if part.differs { "yes" } else { "no" },
                    &format!("{}", part.values[t] / scale),
                    unit,
                ]);
            }
        }
    }
    writer.into_bytes()
}

/// The whole comparison for machines, in base units.
pub fn json(of: &Comparison<'_>, lang: Lang) -> Value {
    let side = |side: &Option<Said>| {
        side.as_ref()
            .map(|said| json!({ "text": said.text.get(lang), "place": said.place }))
    };
    let inputs: Vec<Value> = of
        .inputs
        .iter()
        .map(|input| {
            json!({
                "part": input.part,
                "id": input.id,
                "change": change(input),
                "field": input.field,
                "a": side(&input.a),
                "b": side(&input.b),
            })
        })
        .collect();
    let id = |i: usize| &of.catalogue().indicators[i].named.id;
    let outputs: Vec<Value> = of
        .outputs(&of.years())
        .iter()
        .map(|o| json!({ "indicator": id(o.indicator), "year": o.year, "a": o.a, "b": o.b, "change": o.b - o.a }))
        .collect();
    let verdicts: Vec<Value> = of
        .verdicts()
        .into_iter()
        .map(|x| {
            let met = |side: Option<(Text, Option<bool>)>| side.and_then(|(_, met)| met);
            json!({ "target": x.id, "a": met(x.a), "b": met(x.b) })
        })
        .collect();
    let explained: Vec<Value> = of
        .moved()
        .iter()
        .map(|d| {
            let parts = d.parts.iter().map(|part| {
                let (kind, cause) = of.cause_id(&part.cause);
                json!({ "cause": kind, "id": cause, "input_differs": part.differs, "values": part.values })
            });
            json!({ "indicator": id(d.indicator.at()), "parts": parts.collect::<Vec<_>>() })
        })
        .collect();
    json!({
        "a": of.a.scenario.id,
        "b": of.b.scenario.id,
        "same": of.is_same(),
        "inputs": inputs,
        "years": of.years(),
        "outputs": outputs,
        "verdicts": verdicts,
        "explanation": explained,
        "not_compared": of.apart.iter().map(|i| id(*i)).collect::<Vec<_>>(),
    })
}
