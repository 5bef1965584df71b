//! Sensitivity of tables: closed forms, SALib's estimates on the same samples, what
//! is told from the rows alone, and what is said of bad ones.
//!
//! `tests/fixtures/sensitivity/` holds samples and outputs by SALib 1.6.0 (seeds 11
//! and 5) and, in `salib.csv`, its estimates for them with 1,000 resamples.

use crate::program;
use crate::support::updating;
use assert_cmd::Command;
use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::fmt::Write as _;
use std::path::Path;
use tempfile::TempDir;

const FIXTURES: &str = "tests/fixtures/sensitivity";

fn call(lang: &str, args: &[&str]) -> (i32, String, String) {
    program::call(lang, &[&["sensitivity"], args].concat())
}

/// Value and half-width by output, input and index.
type Indices = BTreeMap<(String, String, String), (f64, Option<f64>)>;

/// The long table that `--csv` prints.
fn indices(args: &[&str]) -> Indices {
    let (code, out, errors) = call("en", &[args, &["--csv"]].concat());
    assert_eq!(code, 0, "{errors}");
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some("output,input,index,value,half_width"));
    let line = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let key = (
            cells[0].to_string(),
            cells[1].to_string(),
            cells[2].to_string(),
        );
        Some((key, (cells[3].parse().ok()?, cells[4].parse().ok())))
    };
    lines.filter_map(line).collect()
}

fn value(found: &Indices, input: &str, index: &str) -> f64 {
    let key = ("y".to_string(), input.to_string(), index.to_string());
    found
        .get(&key)
        .unwrap_or_else(|| panic!("no {input} {index}"))
        .0
}

fn fixture(name: &str) -> String {
    format!("{FIXTURES}/{name}.csv")
}

#[test]
fn estimates_are_those_of_salib() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = std::fs::read_to_string(root.join(fixture("salib"))).unwrap();
    let mut cases: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for line in all.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        cases.entry(cells[0]).or_default().push(cells);
    }
    assert_eq!(cases.len(), 5);
    for (case, expected) in cases {
        let file = fixture(case);
        let levels = if case == "morris-6" { "6" } else { "4" };
        let found = indices(&[
            &file,
            "--outputs",
            "y",
            "--levels",
            levels,
            "--replicates",
            "1000",
        ]);
        for cells in expected {
            let key = ("y".to_string(), cells[1].to_string(), cells[2].to_string());
            let (value, half) = found[&key];
            let of_salib: f64 = cells[3].parse().unwrap();
            assert!(
                (value - of_salib).abs() < 1e-9,
                "{case} {key:?}: {value} is not {of_salib}"
            );
            // Other random numbers: half-widths agree roughly.
            let of_salib = cells[4].parse::<f64>().ok().filter(|half| *half > 1e-9);
            if let Some(of_salib) = of_salib {
                let ratio = half.unwrap() / of_salib;
                assert!((0.7..1.4).contains(&ratio), "{case} {key:?}: {ratio}");
            }
        }
    }
}

/// Writes a design of so many uniform inputs, `x1` and so on.
fn design(folder: &TempDir, kind: &str, n: u64, bounds: &[(f64, f64)]) -> String {
    let mut text = String::from("name,distribution,lo,hi\n");
    for (i, (lo, hi)) in bounds.iter().enumerate() {
        writeln!(text, "x{},uniform,{lo},{hi}", i + 1).unwrap();
    }
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    std::fs::write(path("bounds.csv"), text).unwrap();
    let (n, out) = (n.to_string(), path("design.csv"));
    let bounds = path("bounds.csv");
    let (code, _, errors) = call(
        "en",
        &[
            "--sample", kind, "--bounds", &bounds, "--n", &n, "--seed", "1", "--out", &out,
        ],
    );
    assert_eq!((code, errors.as_str()), (0, ""));
    out
}

/// Appends `y` to every row of a design, and puts the rows in another order.
fn run_model(
    design: &str,
    model: impl Fn(&[f64]) -> f64,
    order: impl Fn(usize) -> usize,
) -> String {
    let text = std::fs::read_to_string(design).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<String> = rows
        .lines()
        .map(|line| {
            let inputs: Vec<f64> = line
                .split(',')
                .skip(1)
                .map(|x| x.parse().unwrap())
                .collect();
            format!("{line},{}", model(&inputs))
        })
        .collect();
    let mut out = format!("{header},y\n");
    for i in 0..rows.len() {
        out += &rows[order(i)];
        out.push('\n');
    }
    let path = design.replace("design.csv", "table.csv");
    std::fs::write(&path, out).unwrap();
    path
}

fn ishigami(x: &[f64]) -> f64 {
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// First-order and total indices of the Ishigami function with a = 7, b = 0.1
/// (Ishigami and Homma, 1990).
fn ishigami_indices() -> ([f64; 3], [f64; 3]) {
    let (a, b) = (7.0_f64, 0.1_f64);
    let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let v2 = a * a / 8.0;
    let v13 = b * b * PI.powi(8) * 8.0 / 225.0;
    let v = v1 + v2 + v13;
    ([v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v])
}

const SQUARE: [(f64, f64); 3] = [(-PI, PI); 3];

#[test]
fn ishigami_by_a_design_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let (first, total) = ishigami_indices();
    for kind in ["saltelli", "saltelli-second"] {
        let design = design(&folder, kind, 4096, &SQUARE);
        let table = run_model(&design, ishigami, |row| row);
        let found = indices(&[&table, "--outputs", "y", "--design", kind]);
        for i in 0..3 {
            let name = format!("x{}", i + 1);
            assert!(
                (value(&found, &name, "first") - first[i]).abs() < 0.015,
                "{kind} {name}"
            );
            assert!(
                (value(&found, &name, "total") - total[i]).abs() < 0.01,
                "{kind} {name}"
            );
        }
        if kind == "saltelli-second" {
            let (of, none) = (
                value(&found, "x1 × x3", "second"),
                value(&found, "x1 × x2", "second"),
            );
            assert!(
                (of - (total[0] - first[0])).abs() < 0.02 && none.abs() < 0.02,
                "{of} {none}"
            );
        }
    }
    // Any sample gives first-order indices.
    let design = design(&folder, "latin-hypercube", 20_000, &SQUARE);
    let table = run_model(&design, ishigami, |row| row);
    let found = indices(&[&table, "--outputs", "y"]);
    for (i, first) in first.iter().enumerate() {
        let found = value(&found, &format!("x{}", i + 1), "first");
        assert!((found - first).abs() < 0.02, "{i}: {found} is not {first}");
    }
}

#[test]
fn sobol_g_by_a_design_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let a = [0.0, 1.0, 4.5, 9.0, 99.0];
    let design = design(&folder, "saltelli", 8192, &[(0.0, 1.0); 5]);
    let model = |x: &[f64]| {
        x.iter()
            .zip(a)
            .map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a))
            .product()
    };
    let table = run_model(&design, model, |row| row);
    let found = indices(&[&table, "--inputs", "x*", "--outputs", "y"]);
    // Saltelli and Sobol' (1995): V_j = 1 / (3 (1 + a_j)²), V = Π (1 + V_j) − 1.
    let part = a.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let all: f64 = part.iter().map(|v| 1.0 + v).product();
    for (j, v) in part.iter().enumerate() {
        let name = format!("x{}", j + 1);
        let (first, total) = (v / (all - 1.0), v * all / (1.0 + v) / (all - 1.0));
        assert!(
            (value(&found, &name, "first") - first).abs() < 0.01,
            "{name}"
        );
        assert!(
            (value(&found, &name, "total") - total).abs() < 0.01,
            "{name}"
        );
    }
}

#[test]
fn a_linear_function_is_exact() {
    let folder = tempfile::tempdir().unwrap();
    let ranges = [(0.0, 1.0), (0.0, 2.0), (-1.0, 3.0)];
    let model = |x: &[f64]| 3.0 * x[0] - 2.0 * x[1] + 0.5 * x[2];
    // Effects over the unit cube are slope · range, all alike.
    let design_of = |kind, n| design(&folder, kind, n, &ranges);
    let table = run_model(&design_of("morris", 10), model, |row| row);
    let found = indices(&[&table, "--outputs", "y"]);
    for (name, effect) in [("x1", 3.0), ("x2", -4.0), ("x3", 2.0_f64)] {
        assert!((value(&found, name, "mu") - effect).abs() < 1e-12);
        assert!((value(&found, name, "mu_star") - effect.abs()).abs() < 1e-12);
        assert!(value(&found, name, "sigma").abs() < 1e-12);
    }
    let found = indices(&[&table, "--outputs", "y", "--levels", "measured"]);
    assert!((value(&found, "x2", "mu") + 2.0).abs() < 1e-12);
    // R² is 1, and SRC² are the shares of variance.
    let table = run_model(&design_of("latin-hypercube", 1000), model, |row| row);
    let found = indices(&[&table, "--outputs", "y"]);
    assert!((value(&found, "", "r_squared") - 1.0).abs() < 1e-12);
    let shares = [9.0, 16.0, 4.0].map(|v| v / 29.0);
    for (i, share) in shares.iter().enumerate() {
        let src = value(&found, &format!("x{}", i + 1), "src");
        assert!((src * src - share).abs() < 0.02, "{src}");
    }
}

#[test]
fn shuffled_rows_give_the_same_indices() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(&folder, "saltelli", 64, &SQUARE);
    let rows = 64 * 5;
    let straight = indices(&[
        &run_model(&design, ishigami, |row| row),
        "--inputs",
        "x*",
        "--outputs",
        "y",
    ]);
    let mixed = run_model(&design, ishigami, |row| (row * 77 + 5) % rows);
    // By the column `draw`: the very same.
    assert_eq!(
        straight,
        indices(&[&mixed, "--inputs", "x*", "--outputs", "y"])
    );
    // Without it: the same base samples in another order.
    let text = std::fs::read_to_string(&mixed).unwrap();
    std::fs::write(&mixed, text.replacen("draw", "run", 1)).unwrap();
    let restored = indices(&[&mixed, "--inputs", "x*", "--outputs", "y"]);
    assert_eq!(straight.len(), restored.len());
    for (key, (value, _)) in &straight {
        assert!((value - restored[key].0).abs() < 1e-12, "{key:?}");
    }
    let (_, out, _) = call("en", &[&mixed, "--inputs", "x*", "--outputs", "y"]);
    assert!(out.contains("the inputs gave it back"), "{out}");
}

#[test]
fn a_constant_output_has_no_index_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(&folder, "saltelli", 16, &SQUARE);
    let table = run_model(&design, |_| 4.5, |row| row);
    let found = indices(&[&table, "--outputs", "y"]);
    assert!(found.is_empty(), "{found:?}");
    let (code, out, _) = call("en", &[&table, "--outputs", "y"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("y: always 4.5; its indices are not defined"),
        "{out}"
    );
}

#[test]
fn a_planted_box_is_found_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(&folder, "latin-hypercube", 4000, &[(0.0, 1.0); 3]);
    let inside = |x: &[f64]| x[0] >= 0.3 && x[0] <= 0.7 && x[2] <= 0.5;
    let table = run_model(
        &design,
        |x| if inside(x) { 1.0 + x[1] } else { 9.0 + x[1] },
        |row| row,
    );
    let args = [table.as_str(), "--outputs", "y", "--prim", "y < 5"];
    let found = indices(&args);
    let of = |input: &str, index: &str| {
        let key = ("y < 5".to_string(), input.to_string(), index.to_string());
        found.get(&key).map(|found| found.0)
    };
    let near = |found: Option<f64>, expected: f64| (found.unwrap() - expected).abs() < 0.03;
    assert!(near(of("x1", "box1_lower"), 0.3) && near(of("x1", "box1_upper"), 0.7));
    assert!(near(of("x3", "box1_upper"), 0.5) && of("x2", "box1_lower").is_none());
    assert!(of("", "box1_density").unwrap() > 0.95 && of("", "box1_coverage").unwrap() > 0.95);
    assert!(of("", "box1_mean").unwrap() < 2.0);
    let (_, out, _) = call("zh", &args);
    assert!(
        out.contains("若 ") && out.contains("x3 ≤ 0.") && out.contains("y均值"),
        "{out}"
    );
    // All of it in files.
    let results = folder.path().join("results");
    let (code, _, errors) = call(
        "en",
        &[&args[..], &["--out", results.to_str().unwrap()]].concat(),
    );
    assert_eq!(code, 0, "{errors}");
    let boxes = std::fs::read_to_string(results.join("table-sensitivity/boxes.csv")).unwrap();
    assert!(
        boxes.lines().count() > 10 && boxes.contains(",peel,"),
        "{boxes}"
    );
    let json = std::fs::read(results.join("table-sensitivity/sensitivity.json")).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["design"], "any");
    assert_eq!(
        json["discovery"]["boxes"][0]["search"]["dense_enough"],
        true
    );
}

#[test]
fn the_rows_of_a_sweep_say_what_is_what() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "sweep",
            "scenarios/sweeps/shaanxi-14fyp.toml",
            "--draws",
            "4000",
            "--format",
            "csv",
            "--out",
            out,
        ])
        .assert()
        .success();
    let rows = folder.path().join("shaanxi-14fyp/draws.csv");
    let (code, out, errors) = call("en", &[rows.to_str().unwrap()]);
    assert_eq!((code, errors.as_str()), (0, ""), "{out}");
    assert!(out.contains("12 inputs, 16 outputs"), "{out}");
    assert!(
        out.contains("all_met holds in") && out.contains("1. If "),
        "{out}"
    );
    assert!(out.contains("NOx@2025"), "{out}");
}

/// Compares with a file, or writes it with `UPDATE=1`.
fn matches(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if updating() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "{name}, expected:\n{expected}\nfound:\n{text}"
    );
}

#[test]
fn tables_read_so() {
    for lang in ["zh", "en"] {
        for (case, more) in [
            ("ishigami-second", &["--prim", "y >= 8"][..]),
            ("morris-4", &[]),
        ] {
            let file = fixture(case);
            let (code, out, errors) =
                call(lang, &[&[file.as_str(), "--outputs", "y"], more].concat());
            assert_eq!((code, errors.as_str()), (0, ""));
            matches(&format!("{FIXTURES}/{case}.{lang}.txt"), &out);
        }
    }
}

/// Bad tables of `tests/invalid`, and how they are called.
const BAD: [(&str, &[&str]); 10] = [
    ("sensitivity/cells", &["--outputs", "y"]),
    (
        "sensitivity/columns",
        &["--inputs", "a,temprature,b..a,q*", "--outputs", "y,a"],
    ),
    ("sensitivity/unsaid", &[]),
    (
        "sensitivity/condition",
        &["--outputs", "y", "--prim", "y <= low"],
    ),
    ("sensitivity/few", &["--outputs", "y"]),
    ("sensitivity/broken", &["--outputs", "y"]),
    ("sensitivity/incomplete", &["--outputs", "y"]),
    ("sensitivity/levels", &["--outputs", "y"]),
    ("sensitivity/truth", &["--outputs", "y", "--prim", "y"]),
    ("sensitivity/bounds", &["--sample", "morris", "--bounds"]),
];

#[test]
fn bad_tables_are_explained() {
    for (name, args) in BAD {
        let file = format!("tests/invalid/{name}.csv");
        for lang in ["en", "zh"] {
            let file = [file.as_str()];
            let all = if args.contains(&"--bounds") {
                [args, &file].concat()
            } else {
                [&file, args].concat()
            };
            let (code, out, errors) = call(lang, &all);
            assert_eq!((code, out.as_str()), (2, ""), "{name}: {errors}");
            matches(&format!("tests/invalid/{name}.{lang}.txt"), &errors);
        }
    }
}

#[test]
fn wrong_calls_end_with_2() {
    let file = fixture("morris-4");
    for args in [
        &["no/such.csv", "--outputs", "y"][..],
        &[&file, "--outputs", "y", "--confidence", "1"],
        &[&file, "--outputs", "y", "--levels", "5"],
        &[&file, "--outputs", "y", "--design", "saltelli"],
        &["--sample", "saltelli"],
        &[],
    ] {
        let (code, out, errors) = call("en", args);
        assert_eq!((code, out.as_str()), (2, ""), "{args:?}");
        assert!(!errors.is_empty(), "{args:?}");
    }
}

/// Draws outside their bounds have no results: a sweep's own rows are read without them,
/// and with the rest alone the answer is the same.
#[test]
fn draws_without_results_are_left_out() {
    let folder = TempDir::new().unwrap();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml");
    let text = format!(
        "[scenario]\nname_zh = \"试\"\nname_en = \"Try\"\nextends = \"{}\"\n[sweep]\ndraws = 300\nseed = 3\nyears = [2020]\n[sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"100 %\"]\n[sweep.inputs.pace]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"60 %\"]\n",
        base.display()
    );
    let scenario = folder.path().join("s.toml");
    std::fs::write(&scenario, text).unwrap();
    for (format, file) in [("csv", "draws.csv"), ("parquet", "draws.parquet")] {
        let out = folder.path().join(format);
        let args = [
            "sweep",
            scenario.to_str().unwrap(),
            "--no-charts",
            "--format",
            format,
            "--out",
            out.to_str().unwrap(),
        ];
        let (code, _, errors) = program::call("en", &args);
        assert_eq!(code, 0, "{errors}");
        let rows = out.join("s").join(file);
        let (code, all, errors) = call("en", &[rows.to_str().unwrap()]);
        assert_eq!(code, 0, "{format}: {errors}");
        let (_, chinese, _) = call("zh", &[rows.to_str().unwrap()]);
        let table = std::fs::read_to_string(folder.path().join("csv/s/draws.csv")).unwrap();
        let with: Vec<&str> = table.lines().filter(|line| !line.contains(",,,")).collect();
        let without = table.lines().count() - with.len();
        assert!(without > 5, "{without}");
        let said = format!("{without} rows not feasible (feasible = 0) and without results");
        assert!(all.contains(&said), "{said}: {all}");
        assert!(
            chinese.contains(&format!("{without} 行不可行")),
            "{chinese}"
        );
        // The file without these rows gives the same numbers.
        let own = folder.path().join("own.csv");
        std::fs::write(&own, with.join("\n") + "\n").unwrap();
        let numbers = |path: &Path| {
            let (code, out, errors) = call("en", &[path.to_str().unwrap(), "--csv"]);
            assert_eq!(code, 0, "{errors}");
            out
        };
        assert_eq!(numbers(&rows), numbers(&own), "{format}");
        // A result that is missing from a feasible draw is a fault, and so is an input.
        let first = with[1].split(',').collect::<Vec<_>>();
        for gap in [1, 4] {
            let mut cells = first.clone();
            cells[gap] = "";
            let broken = table.replacen(with[1], &cells.join(","), 1);
            std::fs::write(&own, broken).unwrap();
            let (code, _, errors) = call("en", &[own.to_str().unwrap()]);
            assert!(
                code == 2 && errors.contains("empty-cell"),
                "{gap}: {errors}"
            );
        }
    }
}
