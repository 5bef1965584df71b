//! Every table in every format: what people read, CSV and JSON hold one set of numbers,
//! in units that say what they are.
//!
//! Each format is read back. What a unit is worth is spelt out here, so that neither a
//! factor nor a name in `report` goes unseen.

use crate::support::catalogue;
use crate::sweep_figures::with_spread;
use crate::written::shipped;
use jianpai::core::decompose::View;
use jianpai::core::difference::{self, Side};
use jianpai::core::lmdi;
use jianpai::core::plain::uncelled;
use jianpai::core::text::{Lang, Text};
use jianpai::report::case::Case;
use jianpai::report::decomposition::own::Own;
use jianpai::report::decomposition::{self, Decomposition, Method};
use jianpai::report::view::{Table, Value as Held, With};
use jianpai::report::{diff, scorecard, summary, sweep, tables, write};
use serde_json::Value;

/// Base units in one unit that machines read.
fn machine(unit: &str) -> f64 {
    match unit {
        "" | "1" | "t" | "tce" | "CNY" | "CNY/yr" | "base year = 1" | "year" | "service units" => {
            1.0
        }
        "%" | "percentage points" | "base year = 100" => 0.01,
        "1e4 t" | "1e4 tce" => 1e4,
        "1e8 CNY" => 1e8,
        other => panic!("`{other}`"),
    }
}

/// Base units in one unit that people read.
fn shown(unit: &str) -> f64 {
    match unit {
        "" | "t" | "活动单位" | "service units" | "基年=1" | "base year = 1" => 1.0,
        "%" | "个百分点" | "points" | "基年=100" | "base year = 100" => 0.01,
        "万吨" | "10⁴ t" | "万吨标准煤" | "10⁴ tce" => 1e4,
        "亿元" | "10⁸ CNY" | "亿元/年" | "10⁸ CNY/yr" => 1e8,
        other => panic!("`{other}`"),
    }
}

/// Numbers in a text that people read, with half of their last digit.
fn numbers(text: &str) -> Vec<(f64, f64)> {
    let plain = text.replace('−', "-").replace(',', "");
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let mut found = Vec::new();
    for piece in plain.split(|c: char| !is_part(c)) {
        if let Ok(value) = piece.trim_end_matches('.').parse::<f64>() {
            let decimals = piece.split_once('.').map_or(0, |(_, tail)| tail.len());
            found.push((value, 0.5 * 10_f64.powi(-i32::try_from(decimals).unwrap())));
        }
    }
    found
}

/// Whether a text says a value (base units), of which `scale` are one unit shown.
fn says(text: &str, value: f64, scale: f64) -> bool {
    let unit = if text.contains('%') || text.contains("个百分点") || text.contains("points") {
        0.01
    } else {
        scale
    };
    let value = value / unit;
    match text {
        "≈0" => return value.abs() <= 5e-5,
        ">99.9%" => return value > 99.9,
        "<0.1%" => return value > 0.0 && value < 0.1,
        _ => {}
    }
    let Some(&(said, half)) = numbers(text).first() else {
        return false;
    };
    // Ends of intervals are rounded outwards.
    let half = if text.contains('–') {
        2.0 * half
    } else {
        half
    };
    (said - value).abs() <= half * 1.000_001 + 1e-9 * value.abs()
}

/// A table read back from the bytes of CSV.
fn read_csv(table: &Table, lang: Lang) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = write::csv(table, lang);
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let cells = |row: &csv::StringRecord| row.iter().map(String::from).collect::<Vec<_>>();
    let header = cells(reader.headers().unwrap());
    let rows = reader.records().map(|row| cells(&row.unwrap())).collect();
    (header, rows)
}

/// The unit of a number as CSV and JSON say it; both must.
fn unit_of(table: &Table, columns: &Value, c: usize, row: (&[String], &Value)) -> String {
    let (cells, object) = row;
    let column = &columns[c];
    let key = &*table.columns[c].key;
    if let Some(by) = column["unit_in"].as_str() {
        let place = table.column(by).unwrap_or_else(|| panic!("{by}"));
        assert_eq!(columns[place]["kind"], "unit", "{}: {key}", table.id);
        assert_eq!(object[by].as_str().unwrap_or_default(), cells[place]);
        return cells[place].clone();
    }
    let unit = column["unit"].as_str().unwrap();
    // CSV has no place for a unit but its columns: one of them says it, unless there is
    // nothing to say.
    let said = key.ends_with("_cny") && unit == "CNY";
    assert!(
        said || ["", "1", "year"].contains(&unit),
        "{}: {key} in {unit}",
        table.id
    );
    unit.to_string()
}

/// Whether the data name the unit of a number: such numbers are kept in it.
fn by_name(table: &Table, row: usize, column: &Value) -> bool {
    let cell = column["unit_in"].as_str();
    let cell = cell.and_then(|key| table.cell(&table.rows[row], key));
    cell.is_some_and(|cell| matches!(cell.value, Held::Named(_)))
}

/// CSV and JSON agree cell by cell; the numbers in base units.
fn machines_agree(table: &Table, lang: Lang) -> Vec<Vec<Option<f64>>> {
    let (header, rows) = read_csv(table, lang);
    let json: Value = serde_json::from_str(&write::json(table).to_string()).unwrap();
    let columns = &json["columns"];
    assert_eq!(json["id"], table.id);
    let keys: Vec<&str> = columns
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["key"].as_str().unwrap())
        .collect();
    assert_eq!(header, keys, "{}", table.id);
    let objects = json["rows"].as_array().unwrap();
    assert_eq!(
        (rows.len(), objects.len()),
        (table.rows.len(), table.rows.len())
    );
    let word = lang.pick("zh", "en");
    let mut found = Vec::new();
    for (r, (cells, object)) in rows.iter().zip(objects).enumerate() {
        let mut numbers = Vec::new();
        for (c, cell) in cells.iter().enumerate() {
            let column = &table.columns[c];
            let place = format!("{} {}: `{cell}`", table.id, column.key);
            let value = &object[&*column.key];
            let kind = columns[c]["kind"].as_str().unwrap();
            let mut number = None;
            match (kind, value) {
                (_, Value::Null) => assert_eq!(cell, "", "{place}"),
                (_, Value::Object(texts)) => {
                    assert_eq!(uncelled(cell), texts[word].as_str().unwrap(), "{place}");
                }
                (_, Value::String(text)) => assert_eq!(uncelled(cell), text, "{place}"),
                ("flag", Value::Bool(flag)) => {
                    let words = [["no", "0"], ["yes", "1"]][usize::from(*flag)];
                    assert!(words.contains(&cell.as_str()), "{place}");
                }
                ("number" | "whole", Value::Number(value)) => {
                    let (value, said) = (value.as_f64().unwrap(), cell.parse::<f64>().unwrap());
                    let slack = match column.decimals {
                        Some(decimals) => 0.51 * 0.1_f64.powi(i32::try_from(decimals).unwrap()),
                        // The reader of JSON is off by a last digit here and there.
                        None => 1e-15 * value.abs(),
                    };
                    assert!((value - said).abs() <= slack, "{place}: {value}");
                    let unit = match kind {
                        "number" => unit_of(table, columns, c, (cells, object)),
                        _ => String::new(),
                    };
                    let is_named = by_name(table, r, &columns[c]);
                    let scale = unit
                        .strip_suffix(" = 100")
                        .and_then(|year| year.parse::<i32>().ok())
                        .map_or_else(|| if is_named { 1.0 } else { machine(&unit) }, |_| f64::NAN);
                    number = Some(value * scale);
                }
                other => panic!("{place}: {other:?}"),
            }
            numbers.push(number);
        }
        found.push(numbers);
    }
    found
}

/// What the terminal shows is what machines read.
fn people_agree(table: &Table, lang: Lang, numbers: &[Vec<Option<f64>>]) -> usize {
    let mut checked = 0;
    let text = write::terminal(table, lang, 4000);
    let mut lines = text.lines();
    for block in write::blocks(table, lang) {
        for line in &block.lines {
            // The layout loses no cell and puts none elsewhere.
            let fits = |drawn: &str| {
                let mut rest = drawn;
                line.iter().all(|shown| {
                    let shown = shown.text.trim();
                    let place = rest.find(shown);
                    place.is_some_and(|at| {
                        rest = &rest[at + shown.len()..];
                        true
                    })
                })
            };
            assert!(lines.any(fits), "{}: {line:?}\n{text}", table.id);
            for shown_cell in line {
                let Some((r, c)) = shown_cell.of else {
                    continue;
                };
                let (said, column) = (shown_cell.text.as_str(), &table.columns[c]);
                let place = format!("{} {} `{said}`", table.id, column.key);
                let Some(value) = numbers[r][c] else {
                    // Only what is no number shows none.
                    let is_number = matches!(table.rows[r].cells[c].value, Held::Number(_));
                    assert!(!is_number, "{place}");
                    continue;
                };
                // Nothing but noise, and the interval of what a bound is stated of.
                let is_hidden = matches!(column.with, With::UpTo(_)) && said == column.absent;
                if said == "·" || is_hidden {
                    continue;
                }
                let unit = table.unit(&table.rows[r], c).shown();
                let name = unit.name.get(lang);
                let scale = if name.ends_with("=100") && !name.starts_with("基年")
                    || name.ends_with(" = 100") && !name.starts_with("base")
                {
                    unit.scale
                } else {
                    shown(name)
                };
                // A bound stands in place of the number where the record allows no more; it
                // is rounded away from it.
                if let With::Bound(most, least) = column.with {
                    let end = |key: &str| numbers[r][table.column(key)?];
                    if let Some((end, sign)) = end(most)
                        .map(|end| (end, '<'))
                        .or_else(|| end(least).map(|end| (end, '>')))
                    {
                        let bound = said.strip_prefix(sign).and_then(|s| s.strip_suffix('%'));
                        let over = bound.unwrap_or_else(|| panic!("{place}")).parse::<f64>();
                        let over =
                            (over.unwrap() - end * 100.0) * if sign == '<' { 1.0 } else { -1.0 };
                        assert!((-1e-6..0.1).contains(&over), "{place}: {end}");
                        checked += 1;
                        continue;
                    }
                }
                // An index counts from a value of its own.
                let value = match table.rows[r].cells[c].value {
                    Held::Number(own) if value.is_nan() => own,
                    _ => value,
                };
                // A reduction is shown as the change that it is.
                let falls =
                    (table.id, &*column.key) == ("targets", "reached") && said.contains('%');
                let value = if falls { -value } else { value };
                assert!(says(said, value, scale), "{place}: {value} / {scale}");
                checked += 1;
                // The half-width stands behind its sign.
                if let (With::Half(key), Some((_, half))) = (column.with, said.split_once('±')) {
                    let partner = table.column(key).unwrap();
                    let unit = if said.contains('%') { 0.01 } else { scale };
                    let value = numbers[r][partner].unwrap();
                    assert!(says(half, value, unit), "{place}: ±{value}");
                    checked += 1;
                }
            }
        }
    }
    checked
}

/// All formats of a table agree in both languages; how many numbers people read.
pub fn agrees(table: &Table) -> usize {
    let both = [Lang::Zh, Lang::En].map(|lang| {
        let numbers = machines_agree(table, lang);
        people_agree(table, lang, &numbers)
    });
    assert_eq!(both[0], both[1], "{}", table.id);
    both[0]
}

fn cases() -> Vec<Case<'static>> {
    let all = shipped().iter().map(|one| Case {
        catalogue: catalogue(),
        scenario: &one.scenario,
        plan: &one.plan,
        outcome: &one.outcome,
        support: &one.support,
    });
    all.collect()
}

#[test]
fn tables_of_runs_say_the_same_in_every_format() {
    let cases = cases();
    let mut checked = 0;
    let mut all = summary::tables_of(&cases);
    all.push(tables::balance(&cases[..2]));
    for case in &cases {
        all.extend(summary::tables_of(std::slice::from_ref(case)));
        all.push(tables::tracked_targets(case));
    }
    for table in &all {
        checked += agrees(table);
    }
    assert!(checked > 5000, "{checked}");
}

#[test]
fn tables_of_sweeps_say_the_same_in_every_format() {
    with_spread(|spread, _, _| {
        let mut regions = sweep::ByRegion::new(spread.sweep.reported.errors.is_some());
        regions.take(spread);
        let mut all = sweep::tables(spread);
        let ids: Vec<&str> = all.iter().map(|table| table.id).collect();
        assert_eq!(ids, sweep::TABLES);
        all.push(regions.table().clone());
        let checked: usize = all.iter().map(agrees).sum();
        assert!(checked > 250, "{checked}");
    });
}

#[test]
fn tables_of_hindcasts_say_the_same_in_every_format() {
    let cases = cases();
    let scores = scorecard::scores(&cases);
    assert!(scores.len() > 50, "{}", scores.len());
    let tables = scorecard::tables(&cases, &scores);
    let checked: usize = tables.iter().map(agrees).sum();
    assert!(checked > 300, "{checked}");
}

#[test]
fn tables_of_differences_say_the_same_in_every_format() {
    let cases = cases();
    let find = |id: &str| {
        cases
            .iter()
            .position(|case| case.scenario.id == id)
            .unwrap()
    };
    let (a, b) = (find("national-14fyp-planned"), find("national-14fyp-weak"));
    let side = |at: usize| Side {
        scenario: cases[at].scenario,
        plan: cases[at].plan,
    };
    let explanation = difference::explain(catalogue(), side(a), side(b));
    let said = |text: &str, place: Option<&str>| diff::Said {
        text: Text::same(text),
        place: place.map(String::from),
    };
    let input = |field: &str, a: Option<diff::Said>, b: Option<diff::Said>| diff::Input {
        part: "measures",
        id: "boilers".to_string(),
        name: Text::new("锅炉", "boilers"),
        field: field.to_string(),
        a,
        b,
    };
    let inputs = [
        input(
            "level",
            Some(said("-2 %", Some("a.toml:3"))),
            Some(said("=1", None)),
        ),
        input("", None, Some(said("80 %", Some("b.toml:4")))),
    ];
    let comparison = diff::Comparison {
        a: cases[a],
        b: cases[b],
        inputs: &inputs,
        apart: &[],
        explanation: explanation.as_ref(),
    };
    let tables = diff::tables(&comparison);
    let checked: usize = tables.iter().map(agrees).sum();
    assert!(checked > 300, "{checked}");
}

#[test]
fn tables_of_decompositions_say_the_same_in_every_format() {
    let mut checked = 0;
    for case in &cases()[..4] {
        let spans = decomposition::spans(case);
        let found = decomposition::decompose(case, &spans[0]);
        let kaya: Vec<&Decomposition> = found
            .iter()
            .filter(|d| d.request.view == View::Kaya)
            .collect();
        for method in [Method::Additive, Method::Multiplicative] {
            checked += agrees(&decomposition::table(&[(case, found.clone())], method));
            checked += agrees(&decomposition::split(case, kaya[0], &kaya, method));
        }
    }
    let (before, after) = ([2.0, 3.0, 4.0, 5.0], [2.5, 2.0, 5.0, 4.5]);
    let split = lmdi::split(&before, &after, 2).unwrap();
    let names = |names: [&str; 2]| names.map(String::from);
    for method in [Method::Additive, Method::Multiplicative] {
        let own = Own {
            name: "own",
            groups: &names(["cement", "steel"]),
            factors: &names(["activity", "intensity"]),
            split: &split,
            method,
        };
        checked += agrees(&own.table());
    }
    assert!(checked > 300, "{checked}");
}

/// The words of JSON that are no numbers.
fn no_nan(value: &Value, place: &str) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| no_nan(item, place)),
        Value::Object(items) => items.values().for_each(|item| no_nan(item, place)),
        Value::String(text) => {
            let word = text.to_ascii_lowercase();
            assert!(
                !["nan", "inf", "-inf", "infinity"].contains(&&*word),
                "{place}: {text}"
            );
        }
        _ => {}
    }
}

fn call(args: &[&str]) -> (i32, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

const SHAANXI: &str = "scenarios/shaanxi-2020.toml";

#[test]
fn json_of_every_command_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let sweep = |swept: &str, more: &[&str]| {
        let args = [
            "sweep",
            swept,
            "--draws",
            "400",
            "--no-charts",
            "--format",
            "csv",
            "--json",
        ];
        let args = args.iter().chain(more).map(ToString::to_string);
        args.collect::<Vec<String>>()
    };
    let one = "scenarios/sweeps/shaanxi-14fyp.toml";
    let many = "scenarios/sweeps/provinces.toml";
    let own: Vec<Vec<String>> = vec![
        sweep(one, &["--out", "whole"]),
        sweep(many, &["--out", "many", "--region", "shaanxi,henan"]),
        sweep(one, &["--out", "parts", "--shard", "1/2"]),
        sweep(one, &["--out", "parts", "--shard", "2/2"]),
    ];
    for args in &own {
        let args: Vec<String> = args
            .iter()
            .map(|arg| match arg.as_str() {
                "whole" | "many" | "parts" => format!("{out}/{arg}"),
                other => other.to_string(),
            })
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        read(&args);
    }
    let (parts, merged) = (format!("{out}/parts"), format!("{out}/merged"));
    let told = read(&["merge", &parts, "--out", &merged, "--no-charts", "--json"]);
    assert_eq!(told["tables"].as_object().unwrap().len(), 5);
    assert_eq!(told["draws"], 400);
    let planned = "scenarios/national-14fyp-planned.toml";
    let weak = "scenarios/national-14fyp-weak.toml";
    let own = "tests/fixtures/factors.csv";
    let sample = "tests/fixtures/sensitivity/ishigami-first.csv";
    let commands: &[&[&str]] = &[
        &["run", SHAANXI, "--dry", "--json"],
        &["run", planned, weak, "--dry", "--json"],
        &["run", SHAANXI, "--dry", "--json", "--table", "balance"],
        &["check", SHAANXI, "--json"],
        &["diff", planned, weak, "--json"],
        &["explain", SHAANXI, "SO2", "2020", "--json"],
        &["decompose", SHAANXI, "--json"],
        &["decompose", own, "--json"],
        &["hindcast", "--json"],
        &["sensitivity", sample, "--inputs", "x1,x2,x3", "--json"],
        &["plan", "scenarios/sweeps/national-13fyp.toml"],
    ];
    for args in commands {
        for lang in ["zh", "en"] {
            read(&[&["--lang", lang][..], args].concat());
        }
    }
}

/// The whole standard output of a command, which is one document without NaN.
fn read(args: &[&str]) -> Value {
    let (code, text) = call(args);
    assert_eq!(code, 0, "{args:?}");
    let value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{args:?}: {e}"));
    no_nan(&value, &args.join(" "));
    value
}

#[test]
fn a_table_is_printed_alone() {
    let one = |more: &[&str]| {
        call(&[&["--lang", "zh", "run", SHAANXI, "--dry", "--table"], more].concat())
    };
    let (code, text) = one(&["calibration"]);
    assert!(code == 0 && text.contains("自下而上"), "{text}");
    let (_, csv) = one(&["calibration", "--csv"]);
    assert!(csv.starts_with("account,book,class,official,"), "{csv}");
    let (_, json) = one(&["balance", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "jianpai-tables/1");
    assert!(json["tables"]["balance"]["rows"].as_array().unwrap().len() > 1000);
    let (code, text) = one(&["balanse"]);
    assert_eq!(
        (code, text.as_str()),
        (2, ""),
        "an unknown table is refused"
    );
}
