//! What a sweep's summary says of its columns, against the rows it has written; and the
//! rows, whatever functions the system has.

use crate::sweep::{sweep, variation};

/// A CSV file's header and lines.
fn table(path: &std::path::Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(String::from).collect();
    let lines = reader.records().map(|line| line.unwrap());
    let lines = lines.map(|line| line.iter().map(String::from).collect());
    (header, lines.collect())
}

/// Mean and deviation, in two passes.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let about = |center: f64| values.iter().map(move |v| v - center);
    let mean = values[0] + about(values[0]).sum::<f64>() / n;
    let squares: f64 = about(mean).map(|off| off * off).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// Years before any measure do not vary: their deviation is nothing, not what rounding
/// leaves of the difference of two large sums.
#[test]
fn the_summary_is_that_of_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 5000\nseed = 7\nyears = [2015, 2018, 2025]\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"100 %\"]\n\
        [sweep.inputs.pace]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"1 %\"]\n";
    let output = variation(folder.path(), text);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let folder = folder.path().join("varied");
    let (columns, rows) = table(&folder.join("draws.csv"));
    let (said, summary) = table(&folder.join("summary.csv"));
    let place = |name: &str| said.iter().position(|cell| cell == name).unwrap();
    let mut constant = 0;
    for line in &summary {
        let name = &line[place("column")];
        let column = columns.iter().position(|c| c == name).unwrap();
        let values: Vec<f64> = rows
            .iter()
            .map(|row| row[column].parse().unwrap())
            .collect();
        let number = |key: &str| line[place(key)].parse::<f64>().unwrap();
        let mut sorted = values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let (least, greatest) = (sorted[0], sorted[values.len() - 1]);
        assert_eq!(line[place("draws")], values.len().to_string(), "{name}");
        let near = |key: &str, other: f64, most: f64| {
            let said = number(key);
            assert!((said - other).abs() <= most, "{name}: {key} {said} {other}");
        };
        near("min", least, 0.0);
        near("max", greatest, 0.0);
        let size = least.abs().max(greatest.abs());
        let (mean, deviation) = moments(&values);
        near("mean", mean, 1e-14 * size);
        near("sd", deviation, 1e-9 * deviation);
        let middle = f64::midpoint(sorted[2499], sorted[2500]);
        near("q50", middle, 1e-12 * size);
        if least.to_bits() == greatest.to_bits() {
            constant += 1;
            near("sd", 0.0, 0.0);
        }
    }
    assert!(constant > 0 && constant < summary.len());
}

/// A processor without fused products lets the system choose other exponentials and
/// logarithms: none is used.
#[test]
fn rows_do_not_depend_on_the_systems_functions() {
    let folder = tempfile::tempdir().unwrap();
    let rows = |name: &str, without: &str| {
        let out = folder.path().join(name);
        let mut command = sweep(&out, &["--draws", "20000", "--format", "csv"]);
        command.env("GLIBC_TUNABLES", format!("glibc.cpu.hwcaps={without}"));
        assert!(command.status().unwrap().success());
        std::fs::read(out.join("shaanxi-14fyp/draws.csv")).unwrap()
    };
    assert!(rows("all", "") == rows("few", "-AVX512F,-AVX2,-FMA,-FMA4"));
}

/// First-order indices of correlated inputs overlap: table and terminal say so.
#[test]
fn correlated_inputs_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 500\nseed = 7\nyears = [2025]\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"100 %\"]\n\
        [sweep.inputs.pace]\ngrowth = \"industry\"\nnormal = [\"0 %\", \"1 %\"]\n\
        [sweep.inputs.gdp]\ngrowth = \"gdp\"\nnormal = [\"0 %\", \"1 %\"]\n\
        [[sweep.correlation]]\nbetween = [\"pace\", \"gdp\"]\nrank = 0.6\n";
    let output = variation(folder.path(), text);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("(correlated: "), "{stdout}");
    let (header, lines) = table(&folder.path().join("varied/sensitivity.csv"));
    let place = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (input, mark) = (place("input"), place("correlated"));
    assert!(!lines.is_empty());
    for line in lines {
        let wanted = if line[input] == "steel" { "0" } else { "1" };
        assert_eq!(line[mark], wanted, "{}", line[input]);
    }
}
