//! `jianpai explain` on the command line: what it prints, in both languages and for
//! machines, and what it says of names that do not exist.

use crate::program::run as call;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

const SHAANXI: &str = "scenarios/shaanxi-2020.toml";

#[test]
fn the_tree_ends_in_rows_of_the_data_within_a_hundred_columns() {
    for lang in ["zh", "en"] {
        let (code, out, err) = call(&["explain", SHAANXI, "SO2", "2020", "--lang", lang]);
        assert_eq!((code, err.as_str()), (0, ""));
        for line in out.lines() {
            assert!(line.width() <= 100, "{} columns: {line}", line.width());
        }
        for part in [
            "data/inventory.csv:352",
            "data/driver_growth.csv:",
            "shaanxi-2020.toml:",
            "scenarios/base/current-policy-13fyp.toml",
        ] {
            assert!(out.contains(part), "{part} is not in\n{out}");
        }
    }
    let (_, whole, _) = call(&["explain", SHAANXI, "SO2", "2020", "--all"]);
    let (_, part, _) = call(&["explain", SHAANXI, "SO2", "2020"]);
    let (_, top, _) = call(&["explain", SHAANXI, "SO2", "2020", "--depth", "2"]);
    let lines = |text: &str| text.lines().count();
    assert!(lines(&top) < lines(&part) && lines(&part) < lines(&whole));
    assert!(part.contains(" smaller (") && !whole.contains(" smaller ("));
}

#[test]
fn ids_and_names_mean_the_same() {
    let (_, by_id, _) = call(&["explain", SHAANXI, "SO2", "2020"]);
    for name in ["二氧化硫", "so2"] {
        let (code, by_name, _) = call(&["explain", SHAANXI, name, "2020"]);
        assert_eq!((code, &by_name), (0, &by_id));
    }
}

#[test]
fn unknown_names_get_the_one_that_was_meant() {
    for (args, message) in [
        (
            vec!["SO22", "2020"],
            "no indicator `SO22`; did you mean `SO2`?",
        ),
        (
            vec!["二氧化流", "2020"],
            "no indicator `二氧化流`; did you mean `SO2`?",
        ),
        (vec!["SO2", "2021"], "no year `2021`; did you mean `2020`?"),
        (
            vec!["SO2", "2020", "--measure", "boiler-phaseoutt"],
            "no measure `boiler-phaseoutt`",
        ),
        (
            vec!["SO2", "2020", "--region", "shanxxi"],
            "no region `shanxxi`; did you mean",
        ),
    ] {
        let (code, out, err) = call(&[vec!["explain", SHAANXI], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(message), "{err}");
    }
    let (code, _, err) = call(&["explain", "scenarios/none.toml", "SO2", "2020"]);
    assert_eq!(code, 2);
    assert!(err.contains("cannot open"), "{err}");
}

/// The graph as printed is enough to compute the result anew.
#[test]
fn the_json_can_be_computed_anew() {
    let (code, out, _) = call(&["explain", SHAANXI, "CO2-per-GDP", "2020", "--json"]);
    assert_eq!(code, 0);
    let answer: Value = serde_json::from_str(&out).unwrap();
    let nodes = answer["nodes"].as_array().unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let mut values: Vec<f64> = Vec::new();
    for node in nodes {
        let stated = number(&node["value"]);
        let children = node["children"].as_array().cloned().unwrap_or_default();
        let inner: Vec<f64> = children
            .iter()
            .map(|child| values[usize::try_from(child.as_u64().unwrap()).unwrap()])
            .collect();
        let operation = &node["operation"];
        let value = match operation["kind"].as_str() {
            Some("linear") => {
                let factors = operation["factors"].as_array().unwrap().iter();
                let terms = factors.zip(&inner).map(|(f, x)| number(f) * x);
                number(&operation["constant"]) + terms.sum::<f64>()
            }
            Some("product") => number(&operation["scale"]) * inner.iter().product::<f64>(),
            Some("ratio") => number(&operation["scale"]) * inner[0] / inner[1],
            Some("growth") => {
                let steps = inner[2..].iter();
                steps
                    .map(|g| (1.0 + inner[0] * g) * (1.0 - inner[1]))
                    .product()
            }
            Some("positive") => inner[0].max(0.0),
            _ => stated,
        };
        assert!(
            (value - stated).abs() <= 1e-9 * stated.abs().max(1e-12),
            "{node}"
        );
        if children.is_empty() && node["name_en"] != "constant" && !node["origin"].is_null() {
            let origin = &node["origin"];
            assert!(
                origin["line"].as_u64().is_some_and(|line| line > 0),
                "{node}"
            );
            assert!(!origin["file"].as_str().unwrap().is_empty(), "{node}");
            assert!(!origin["status"].as_str().unwrap().is_empty(), "{node}");
        }
        values.push(value);
    }
    let root = usize::try_from(answer["root"].as_u64().unwrap()).unwrap();
    assert!((values[root] - number(&answer["value"])).abs() < 1e-9);
    let (_, run, _) = call(&["run", SHAANXI, "--dry", "--json"]);
    let run: Value = serde_json::from_str(&run).unwrap();
    let indicators = run["indicators"].as_array().unwrap();
    let same = indicators
        .iter()
        .find(|i| i["indicator"] == "CO2-per-GDP")
        .unwrap();
    let last = same["values"].as_array().unwrap().last().unwrap();
    assert!((number(last) - values[root]).abs() < 1e-12);
    // Run and explain weigh alike.
    let firm = |shares: &Value| number(&shares["quoted_or_computed"]);
    assert!((firm(&same["rests_on"]) - firm(&answer["shares"])).abs() < 1e-12);
}

/// What a measure takes away is shown with the numbers of its conversion.
#[test]
fn a_measure_shows_the_numbers_it_was_converted_with() {
    let scenario = "tests/fixtures/explain.toml";
    let (code, out, err) = call(&["explain", scenario, "SO2", "2020", "--measure", "scattered"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for part in [
        "data/parameters.csv:2",
        "coal per household",
        "tests/fixtures/explain.toml",
        "explain.toml:27",
        "scenario [s1]",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    let (_, by_name, _) = call(&[
        "explain",
        scenario,
        "SO2",
        "2020",
        "--measure",
        "Scattered coal",
    ]);
    assert_eq!(by_name, out);
}

/// Targets carry the part that is quoted.
#[test]
fn tables_and_charts_say_how_much_is_quoted() {
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let (code, text, _) = call(&["run", SHAANXI, "--out", folder]);
    assert_eq!(code, 0);
    assert!(text.contains("Sourced"), "{text}");
    let mut table = csv::Reader::from_path(out.path().join("shaanxi-2020/targets.csv")).unwrap();
    let column = table
        .headers()
        .unwrap()
        .iter()
        .position(|h| h == "quoted_share");
    let column = column.expect("a column");
    let mut shown = 0;
    for row in table.records() {
        let cell = row.unwrap()[column].to_string();
        if let Ok(share) = cell.parse::<f64>() {
            assert!((0.0..=1.0).contains(&share));
            shown += 1;
        }
    }
    assert!(shown >= 5);
    let charts = out.path().join("shaanxi-2020/charts");
    let zh = std::fs::read_to_string(charts.join("balance-SO2.zh.svg")).unwrap();
    assert!(zh.contains("有出处（引自文件、统计资料或由其算出）"));
}
