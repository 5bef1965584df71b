//! The analysis of a user's own table without the command line: its tables say the same in
//! every format, and hold what the text says.

use crate::program;
use crate::tables::agrees;
use jianpai::core::text::{Lang, Text};
use jianpai::report::own_table::design::{self, Asked, Wanted};
use jianpai::report::own_table::{self, Met, Named, Sample, Settings};
use jianpai::report::view::{Table, Value as Held};
use serde_json::Value;

/// A table of `tests/fixtures/sensitivity`, as a program of one's own would hand it over.
/// Columns called `x…` are inputs; an output `z` that never varies is added.
fn sample(name: &str, condition: Option<f64>) -> Sample {
    let path = format!(
        "{}/tests/fixtures/sensitivity/{name}.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let mut reader = csv::Reader::from_path(&path).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut columns: Vec<Named> = header
        .iter()
        .map(|name| Named {
            name: name.to_string(),
            values: Vec::new(),
        })
        .collect();
    for row in reader.records() {
        for (column, cell) in columns.iter_mut().zip(&row.unwrap()) {
            column.values.push(cell.parse().unwrap());
        }
    }
    let (inputs, mut outputs): (Vec<Named>, Vec<Named>) = columns
        .into_iter()
        .filter(|column| column.name != "draw")
        .partition(|column| column.name.starts_with('x'));
    let rows = outputs[0].values.len();
    outputs.push(Named {
        name: "z".to_string(),
        values: vec![4.5; rows],
    });
    let values: Vec<&[f64]> = inputs.iter().map(|input| &*input.values).collect();
    let asked = Asked {
        design: Wanted::Auto,
        levels: None,
    };
    let design = design::tell(&asked, &values).unwrap();
    assert!(design.order.is_none() && design.fixed.is_empty());
    let condition = condition.map(|least| Met {
        text: format!("y >= {least}"),
        rows: outputs[0].values.iter().map(|y| *y >= least).collect(),
        outcome: Some(outputs[0].clone()),
    });
    Sample {
        path: name.to_string(),
        inputs,
        outputs,
        design,
        condition,
        fixed: Vec::new(),
        notes: vec![Text::new("备注", "a note")],
    }
}

const SETTINGS: Settings = Settings {
    confidence: 0.95,
    replicates: 20,
    seed: 0,
    boxes: 3,
};

fn find<'t>(all: &'t [Table], id: &str) -> &'t Table {
    let found = all.iter().find(|table| table.id == id);
    found.unwrap_or_else(|| panic!("no table {id}"))
}

#[test]
fn tables_of_a_users_own_table_say_the_same_in_every_format() {
    let mut checked = 0;
    let of = |name: &str, condition| (sample(name, condition), name.to_string());
    for (mut sample, name) in [
        of("ishigami-first", None),
        of("ishigami-second", Some(8.0)),
        of("morris-4", None),
    ] {
        // The same rows once more as any sample.
        for design in [sample.design.shape, design::Shape::Any] {
            sample.design.shape = design;
            let analysis = own_table::analyse(&sample, &SETTINGS);
            let mut all = own_table::tables(&analysis);
            let ids: Vec<&str> = all.iter().map(|table| table.id).collect();
            assert_eq!(ids[..2], ["outputs", "main"], "{name}");
            assert_eq!(ids.last(), Some(&"indices"), "{name}");
            if let Some(found) = &analysis.discovery {
                all.push(own_table::steps(&analysis, found));
            }
            checked += all.iter().map(agrees).sum::<usize>();
        }
    }
    assert!(checked > 500, "{checked}");
}

/// The number in a cell.
fn number(table: &Table, row: usize, key: &str) -> f64 {
    match table.cell(&table.rows[row], key).unwrap().value {
        Held::Number(value) => value,
        ref other => panic!("{key}: {other:?}"),
    }
}

#[test]
fn its_tables_hold_what_is_known_of_the_function() {
    let sample = sample("ishigami-second", Some(8.0));
    let analysis = own_table::analyse(&sample, &SETTINGS);
    let all = own_table::tables(&analysis);
    // Ishigami with a = 7 and b = 0.1: totals 0.558, 0.442 and 0.244, and x1 and x3 alone
    // act together. The first input is the strongest.
    let sobol = find(&all, "sobol");
    let strongest = &sobol.rows[0];
    let name = sobol.cell(strongest, "input").unwrap();
    assert_eq!(name.value, Held::Id("x1".to_string()));
    assert!((number(sobol, 0, "total") - 0.558).abs() < 0.3);
    let pairs = find(&all, "pairs");
    assert_eq!(
        pairs.cell(&pairs.rows[0], "pair").unwrap().value,
        Held::Id("x1 × x3".to_string())
    );
    // The output that never varies has no index, and says so.
    let outputs = find(&all, "outputs");
    assert!((number(outputs, 1, "constant") - 4.5).abs() < 1e-12);
    let why = &outputs.cell(&outputs.rows[1], "undefined").unwrap().value;
    assert!(matches!(why, Held::Text(text) if text.en == "the output has one value"));
    // All rows come first, then the boxes: denser, and parts of the whole.
    let boxes = find(&all, "conditions");
    let positives = sample.condition.as_ref().unwrap().rows.iter();
    let positives = positives.filter(|met| **met).count() as f64;
    let rows = sample.outputs[0].values.len() as f64;
    assert!((number(boxes, 0, "density") - positives / rows).abs() < 1e-12);
    assert!(number(boxes, 1, "density") > 2.0 * positives / rows);
    let text = own_table::text(&analysis, Lang::En);
    assert!(text.contains("z: always 4.5"), "{text}");
}

#[test]
fn the_command_prints_one_table_alone() {
    let file = "tests/fixtures/sensitivity/ishigami-second.csv";
    let call = |more: &[&str]| {
        let args = [
            &["sensitivity", file, "--outputs", "y", "--replicates", "5"],
            more,
        ];
        program::call("zh", &args.concat())
    };
    let (code, csv, _) = call(&["--table", "pairs", "--csv"]);
    assert_eq!(code, 0);
    assert!(
        csv.starts_with("output,first_input,second_input,pair,second,half_width\n"),
        "{csv}"
    );
    let (_, json, _) = call(&["--table", "sobol", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["tables"]["sobol"]["rows"].as_array().unwrap().len(), 3);
    // The whole document holds the same table.
    let (_, whole, _) = call(&["--json", "--prim", "y >= 8"]);
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole["schema"], "jianpai-tables/1");
    assert_eq!(whole["tables"]["sobol"], json["tables"]["sobol"]);
    assert!(
        !whole["tables"]["limits"]["rows"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let (_, text, _) = call(&["--table", "sobol"]);
    assert!(text.contains("一阶 S1"), "{text}");
    let (_, steps, _) = call(&["--table", "boxes", "--csv", "--prim", "y >= 8"]);
    assert!(steps.starts_with("box,step,phase,input,side,limit,rows,"));
    let (code, out, errors) = call(&["--table", "boxes"]);
    assert_eq!((code, out.as_str()), (2, ""), "{errors}");
}
