//! Draws that are not feasible, and what may be drawn at all.

use crate::sweep::rows_of;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

/// A CSV file by header: one map a line.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let lines = reader.records().map(|line| line.unwrap());
    let line = |line: csv::StringRecord| {
        let cells = line.iter().map(String::from);
        header.iter().cloned().zip(cells).collect()
    };
    lines.map(line).collect()
}

/// Runs the program on a sweep of `base`, a shipped scenario.
fn sweep_of(folder: &Path, base: &str, text: &str, more: &[&str]) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let head = format!(
        "[scenario]\nextends = \"{root}/scenarios/{base}.toml\"\n\
         name_zh = \"变\"\nname_en = \"varied\"\n"
    );
    let path = folder.join("varied.toml");
    std::fs::write(&path, head + text).unwrap();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args(["--lang", "en", "sweep"])
        .arg(&path)
        .arg("--out")
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

const BOILERS: &str = "[sweep]\ndraws = 400\nyears = [2020]\n[sweep.inputs.boilers]\n\
    level = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"160 %\"]\n";

/// Levels above 105 % take more boilers than there are: 217 draws of 400 are left, and
/// all that is summed up is theirs.
#[test]
fn what_is_not_feasible_is_in_no_distribution() {
    let folder = tempfile::tempdir().unwrap();
    let output = sweep_of(folder.path(), "shaanxi-2020", BOILERS, &["--format", "csv"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{stdout}");
    assert!(stdout.contains("400 draws"), "{stdout}");
    assert!(stdout.contains("of which 183 are not feasible"), "{stdout}");
    let out = folder.path().join("varied");
    let summary = table(&out.join("summary.csv"));
    let so2 = summary.iter().find(|line| line["column"] == "SO2@2020");
    let so2 = so2.unwrap();
    let number = |key: &str| so2[key].parse::<f64>().unwrap();
    assert_eq!(
        (so2["draws"].as_str(), so2["infeasible"].as_str()),
        ("217", "183")
    );
    assert!((number("mean") - 358_309.0).abs() < 1.0, "{so2:?}");
    assert!((number("q5") - 336_123.0).abs() < 1.0, "{so2:?}");
    // What is not feasible has met no target.
    for line in table(&out.join("attainment.csv")) {
        assert_eq!(line["draws"], "400");
        assert!(line["met"].parse::<u64>().unwrap() <= 217, "{line:?}");
    }
    // Its rows hold inputs and flags, nothing else.
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (feasible, all_met) = (column("feasible"), column("all_met"));
    let is_flag = |name: &String| name.starts_with("met:") || name == "all_met";
    let mut without = 0;
    for row in &rows {
        let good = row[feasible] > 0.5;
        without += usize::from(!good);
        for (name, value) in header.iter().zip(row).skip(2) {
            let expected = good || is_flag(name) || name == "feasible";
            assert_eq!(value.is_finite(), expected, "{name} {value}");
        }
        assert!(good || row[all_met] < 0.5);
        assert!(good == (row[column("boilers")] < 1.05), "{row:?}");
    }
    assert_eq!((rows.len(), without), (400, 183));
    let best = table(&out.join("best.csv"));
    assert!(!best.is_empty());
    for line in best {
        let draw: usize = line["draw"].parse().unwrap();
        assert!(rows[draw][feasible] > 0.5, "{line:?}");
    }
}

/// The same in summaries made on other threads, and nothing where no draw is left.
#[test]
fn nothing_is_summed_up_where_no_draw_is_feasible() {
    let folder = tempfile::tempdir().unwrap();
    let text = BOILERS.replace("\"40 %\", \"160 %\"", "\"120 %\", \"160 %\"");
    let output = sweep_of(folder.path(), "shaanxi-2020", &text, &["--format", "csv"]);
    assert!(output.status.success());
    let out = folder.path().join("varied");
    for line in table(&out.join("summary.csv")) {
        assert_eq!((line["draws"].as_str(), line["mean"].as_str()), ("0", ""));
        assert_eq!(line["infeasible"], "400");
    }
    assert!(table(&out.join("best.csv")).is_empty());
    let text = BOILERS.replace("draws = 400", "draws = 40000");
    let files = ["1", "2", "5"].map(|threads| {
        let more = ["--threads", threads, "--format", "none", "--no-charts"];
        let output = sweep_of(folder.path(), "shaanxi-2020", &text, &more);
        assert!(output.status.success());
        let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        [
            "summary.csv",
            "best.csv",
            "sensitivity.csv",
            "attainment.csv",
        ]
        .map(read)
    });
    assert!(files[0] == files[1] && files[1] == files[2]);
}

/// Base samples and trajectories with a draw that is not feasible are in no index; the
/// others are, and an input with no result at its end has no swing.
#[test]
fn groups_with_a_draw_that_is_not_feasible_are_in_no_index() {
    let folder = tempfile::tempdir().unwrap();
    for (design, draws) in [("saltelli", "512"), ("morris", "60")] {
        let text = format!(
            "[sweep]\ndesign = \"{design}\"\ndraws = {draws}\nyears = [2020]\n\
             [sweep.inputs.a]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"130 %\"]\n\
             [sweep.inputs.b]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"90 %\"]\n"
        );
        let output = sweep_of(folder.path(), "shaanxi-2020", &text, &["--format", "csv"]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{stdout}");
        let (header, rows) = rows_of(folder.path());
        let feasible = header.iter().position(|cell| cell == "feasible").unwrap();
        let group = if design == "saltelli" { 4 } else { 3 };
        let whole = |rows: &&[Vec<f64>]| rows.iter().all(|row| row[feasible] > 0.5);
        let kept = rows.chunks(group).filter(whole).count();
        let left_out = rows.len() - kept * group;
        assert!(
            kept > 0 && left_out > 0,
            "{design}: {kept} of {}",
            rows.len()
        );
        let note = format!("(without {left_out} draws in groups");
        assert!(stdout.contains(&note), "{note}\n{stdout}");
        for line in table(&folder.path().join("varied/sensitivity.csv")) {
            let first = if design == "morris" {
                "mu_star"
            } else {
                "first"
            };
            if line["output"] == "SO2@2020" {
                let value: f64 = line[first].parse().unwrap();
                assert!(value.is_finite(), "{line:?}");
                // At 95 % of the range, 125.5 %, there are no boilers left.
                assert_eq!(line["at_q95"].is_empty(), line["input"] == "a", "{line:?}");
            }
        }
    }
}

/// GDP is on record beyond 2020: it acts on nothing, and its index is nothing, not noise.
#[test]
fn what_cannot_act_has_an_index_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 200\nyears = [2020]\n\
        [sweep.inputs.boilers]\nlevel = \"guanzhong-boilers\"\nuniform = [\"40 %\", \"100 %\"]\n\
        [sweep.inputs.gdp]\ngrowth = \"gdp\"\nnormal = [\"0 %\", \"0.5 %\"]\n";
    let output = sweep_of(folder.path(), "shaanxi-2020", text, &["--format", "csv"]);
    assert!(output.status.success());
    for line in table(&folder.path().join("varied/sensitivity.csv")) {
        let index = line["first"].as_str();
        match line["input"].as_str() {
            "gdp" => assert!(["", "0"].contains(&index), "{line:?}"),
            _ if ["COD@2020", "NH3-N@2020"].contains(&line["output"].as_str()) => {
                assert!(["", "0"].contains(&index), "{line:?}");
            }
            _ => assert!(index.parse::<f64>().unwrap() > 0.8, "{line:?}"),
        }
    }
}
