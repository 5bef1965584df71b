//! Lists of the data, findings, explanations and compiled sweeps as tables: the same in
//! every format, and the same numbers as the documents of these commands.

use crate::program;
use crate::support::catalogue;
use crate::tables::agrees;
use crate::written::shipped;
use jianpai::core::explain::{Statement, Support};
use jianpai::core::plausible;
use jianpai::report::case::Case;
use jianpai::report::explain::{self, Answer, Question};
use jianpai::report::{compiled, doubts, listing};
use jianpai::study::SweepOptions;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

fn call(args: &[&str]) -> String {
    let (code, out, errors) = program::call("en", args);
    assert_eq!(code, 0, "{args:?}: {errors}");
    out
}

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&call(args)).unwrap_or_else(|e| panic!("{args:?}: {e}"))
}

#[test]
fn lists_say_the_same_in_every_format() {
    let data = catalogue();
    let all = [
        listing::regions(data),
        listing::services(data),
        listing::technologies(data),
        listing::measures(),
        listing::indicators(data),
        listing::drivers(data),
        listing::calibres(data),
        listing::sources(data),
        listing::names(data),
        listing::statuses(data),
    ];
    let checked: usize = all.iter().map(agrees).sum();
    assert!(checked > 30, "{checked}");
    for table in &all {
        // The command prints the table that stands under its name.
        let told = json(&["list", table.id, "--json"]);
        let rows = &told["tables"][table.id]["rows"];
        assert_eq!(
            rows.as_array().unwrap().len(),
            table.rows.len(),
            "{}",
            table.id
        );
        let csv = call(&["list", table.id, "--csv"]);
        let keys: Vec<&str> = table.columns.iter().map(|column| &*column.key).collect();
        assert!(csv.starts_with(&keys.join(",")), "{csv}");
    }
    let statuses = json(&["list", "statuses", "--json"]);
    let rows = statuses["tables"]["statuses"]["rows"].as_array().unwrap();
    let sum: u64 = rows.iter().map(|row| row["rows"].as_u64().unwrap()).sum();
    assert_eq!(sum, data.status_counts.iter().sum::<usize>() as u64);
    let scenarios = json(&["list", "scenarios", "--json"]);
    let first = &scenarios["tables"]["scenarios"]["rows"][0];
    assert_ne!(first["name"]["zh"], first["name"]["en"]);
}

#[test]
fn findings_are_a_table() {
    let mut checked = 0;
    for one in shipped().iter().take(4) {
        let found = plausible::find(catalogue(), &one.scenario, &one.plan, &one.outcome);
        let located = found.iter().map(|finding| doubts::Located {
            finding,
            message: &finding.text,
            place: Some(("scenarios/a.toml", 3)),
        });
        let table = doubts::table(catalogue(), &located.collect::<Vec<_>>());
        checked += table.rows.len();
        agrees(&table);
    }
    assert!(checked > 5, "{checked}");
    let file = "scenarios/shaanxi-2020.toml";
    let table = json(&["check", file, "--table", "findings", "--json"]);
    let rows = table["tables"]["findings"]["rows"].as_array().unwrap();
    let plain = json(&["check", file, "--json"]);
    let plain = plain.as_array().unwrap();
    assert_eq!(rows.len(), plain.len());
    for (row, finding) in rows.iter().zip(plain) {
        for key in ["code", "file", "line", "found", "yardstick"] {
            assert_eq!(row[key], finding[key], "{key}");
        }
        assert_eq!(row["message"]["en"], finding["message"]);
    }
    let (code, out, _) = program::call("en", &["check", file, "--table", "finding"]);
    assert_eq!((code, out.as_str()), (2, ""));
}

#[test]
fn explanations_are_tables() {
    let one = shipped()
        .iter()
        .find(|one| one.scenario.id == "shaanxi-2020");
    let one = one.unwrap();
    let case = Case {
        catalogue: catalogue(),
        scenario: &one.scenario,
        plan: &one.plan,
        outcome: &one.outcome,
        support: &Support::default(),
    };
    let places = |_: Statement<'_>| Some(("a.toml".to_string(), 3));
    let question = Question {
        indicator: catalogue().indicator("SO2").unwrap(),
        t: one.plan.span() - 1,
        measure: None,
    };
    let answer = Answer::new(&case, question, &places);
    let checked: usize = explain::tables(&answer).iter().map(agrees).sum();
    assert!(checked > 500, "{checked}");
    let args = ["explain", "scenarios/shaanxi-2020.toml", "SO2", "2020"];
    let told = |more: &[&str]| json(&[&args[..], more].concat());
    let graph = told(&["--json"]);
    let terms = told(&["--json", "--table", "terms"]);
    let terms = terms["tables"]["terms"]["rows"].as_array().unwrap();
    let nodes = graph["nodes"].as_array().unwrap();
    assert_eq!(terms.len(), nodes.len());
    for (term, node) in terms.iter().zip(nodes) {
        assert_eq!(term["value"], node["shown"]);
        assert_eq!(term["unit"], node["unit_en"]);
        let children = node["children"].as_array().map_or(0, Vec::len);
        let named = term["children"].as_str().unwrap().split_whitespace();
        assert_eq!(named.count(), children);
    }
    // The numbers weigh 1 together, and are those of the graph.
    let numbers = graph["tables"]["numbers"]["rows"].as_array().unwrap();
    let weights = graph["weights"].as_array().unwrap();
    assert_eq!(numbers.len(), weights.len());
    let sum: f64 = numbers.iter().map(|n| n["weight"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let shares = graph["tables"]["shares"]["rows"].as_array().unwrap();
    let sum: f64 = shares.iter().map(|n| n["share"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
}

/// Coefficients by account, year and product of inputs (none: the constant).
type Coefficients = BTreeMap<(String, i64, Option<u64>), f64>;

#[test]
fn compiled_sweeps_are_tables() {
    compiled_is_a_table("scenarios/sweeps/shaanxi-14fyp.toml");
    // One that is joined to observed values.
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = root.join("scenarios/national-13fyp-observed.toml");
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n[sweep]\nyears = [2020]\n[sweep.inputs.pace]\ngrowth = \"industry\"\nuniform = [\"-1 %\", \"1 %\"]\n",
        base.display()
    );
    let file = folder.path().join("joined.toml");
    std::fs::write(&file, text).unwrap();
    compiled_is_a_table(file.to_str().unwrap());
}

fn compiled_is_a_table(file: &str) {
    let mut session = crate::support::session();
    let swept = session.sweeps(file, &[None], SweepOptions::default());
    let swept = swept.unwrap().remove(0);
    let checked: usize = compiled::tables(session.catalogue(), &swept.sweep)
        .iter()
        .map(agrees)
        .sum();
    assert!(checked > 500, "{checked}");
    let plan = json(&["plan", file]);
    let table = |name: &str| json(&["plan", file, "--table", name, "--json"]);
    let told = table("coefficients");
    let mut found = Coefficients::new();
    for row in told["tables"]["coefficients"]["rows"].as_array().unwrap() {
        let key = (
            row["account"].as_str().unwrap().to_string(),
            row["year"].as_i64().unwrap(),
            row["product"].as_u64(),
        );
        *found.entry(key).or_default() += row["coefficient"].as_f64().unwrap();
    }
    let mut expected = Coefficients::new();
    for row in plan["rows"].as_array().unwrap() {
        let key = |product| {
            let account = row["account"].as_str().unwrap().to_string();
            (account, row["year"].as_i64().unwrap(), product)
        };
        *expected.entry(key(None)).or_default() += row["constant"].as_f64().unwrap();
        for segment in row["segments"].as_array().unwrap() {
            *expected.entry(key(None)).or_default() += segment["constant"].as_f64().unwrap();
            let products = segment["monomials"].as_array().unwrap().iter();
            let values = segment["coefficients"].as_array().unwrap();
            for (product, value) in products.zip(values) {
                *expected.entry(key(product.as_u64())).or_default() += value.as_f64().unwrap();
            }
        }
    }
    expected.retain(|_, value| *value != 0.0);
    found.retain(|_, value| *value != 0.0);
    assert!(found.len() > 50, "{}", found.len());
    assert_eq!(found, expected);
    let targets = table("targets");
    let targets = targets["tables"]["targets"]["rows"].as_array().unwrap();
    let demanded = plan["targets"].as_array().unwrap();
    assert_eq!(targets.len(), demanded.len());
    for (row, target) in targets.iter().zip(demanded) {
        assert_eq!(row["required"], target["required"]);
        assert_eq!(row["demand"], target["demand"]);
    }
}
