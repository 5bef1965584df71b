//! A table as JSON: its columns with keys, names, kinds and units, and its rows as
//! objects; numbers in the units that machines read, texts in both languages.

use crate::view::{Column, Holds, Measured, Table, Value};
use jianpai_core::text::Text;
use serde_json::{Map, Value as Json, json};

/// The name of the format, in every document of tables. The number grows when a key is
/// removed or changes its meaning, not when one is added.
pub const SCHEMA: &str = "jianpai-tables/1";

/// A text in both languages.
fn both(text: &Text) -> Json {
    json!({ "zh": text.zh, "en": text.en })
}

/// The table as an object: `id`, `title`, `columns`, `rows`.
pub fn json(table: &Table) -> Json {
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().enumerate().map(|(c, cell)| {
            let scale = table.unit(row, c).machine().scale;
            (table.columns[c].key.to_string(), said(&cell.value, scale))
        });
        Json::Object(cells.collect())
    });
    json!({
        "id": table.id,
        "title": both(&table.title),
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

/// Several tables as one document, each under its id.
pub fn document<'t>(tables: impl IntoIterator<Item = &'t Table>) -> Json {
    let tables = tables.into_iter();
    let tables: Map<String, Json> = tables
        .map(|table| (table.id.to_string(), json(table)))
        .collect();
    json!({
        "schema": SCHEMA,
        "program": format!("jianpai {}", env!("CARGO_PKG_VERSION")),
        "tables": tables,
    })
}

fn column(column: &Column) -> Json {
    let kind = match column.holds {
        Holds::Number(..) => "number",
        Holds::Whole => "whole",
        Holds::Id => "id",
        Holds::Text => "text",
        Holds::Flag(_) => "flag",
        Holds::Unit => "unit",
    };
    let mut said = json!({
        "key": column.key,
        "heading": both(&column.heading),
        "kind": kind,
    });
    match column.holds {
        Holds::Number(Measured::In(unit), _) => said["unit"] = json!(unit.machine().name.en),
        Holds::Number(Measured::By(key), _) => said["unit_in"] = json!(key),
        _ => {}
    }
    said
}

/// A value; all numbers are finite.
fn said(value: &Value, scale: f64) -> Json {
    match value {
        Value::Absent => Json::Null,
        Value::Number(value) => json!(value / scale),
        Value::Whole(value) => json!(value),
        Value::Id(id) => json!(id),
        Value::Text(text) => both(text),
        Value::Flag(flag) => json!(flag),
        Value::Unit(unit) => json!(unit.machine().name.en),
        Value::Named(unit) => json!(unit.en),
    }
}
