//! Draws that are not feasible, and what may be drawn at all.

use crate::sweep::{listed, rows_of, variation};
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
        .args(more)
        .args(if more.contains(&"--out") {
            &[][..]
        } else {
            &["--out", "."]
        })
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Runs the program on `varied.toml`.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("jianpai"));
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// The codes of what standard error says, in order.
fn codes(output: &Output) -> Vec<String> {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = said.lines().filter_map(|line| {
        let (_, rest) = line.split_once('[')?;
        let head = ["error[", "warning[", "错误[", "警告["];
        let is_head = head.iter().any(|head| line.starts_with(head));
        is_head.then(|| rest.split(']').next().unwrap_or_default().to_string())
    });
    lines.collect()
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
    // What is not feasible has met no target.
    for line in table(&out.join("attainment.csv")) {
        assert_eq!(line["draws"], "400");
        assert!(line["met"].parse::<u64>().unwrap() <= 217, "{line:?}");
    }
    // What the arithmetic gives stands in its row, which is marked.
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (feasible, all_met) = (column("feasible"), column("all_met"));
    let mut without = 0;
    for row in &rows {
        let good = row[feasible] > 0.5;
        without += usize::from(!good);
        // An error of more than everything leaves a margin far below nothing.
        let named = header.iter().zip(row);
        let (own, with): (Vec<_>, Vec<_>) = named.partition(|(name, _)| !name.starts_with("with-"));
        assert!(
            own.iter()
                .all(|(_, value)| value.is_finite() && **value >= -1.0)
        );
        assert!(with.iter().all(|(_, value)| value.is_finite()));
        assert!(good || row[all_met] < 0.5);
        assert!(good == (row[column("boilers")] < 1.05), "{row:?}");
    }
    assert_eq!((rows.len(), without), (400, 183));
    // The mean and the twentieth part of those that are, counted by hand.
    let good = rows.iter().filter(|row| row[feasible] > 0.5);
    let mut amounts: Vec<f64> = good.map(|row| row[column("SO2@2020")]).collect();
    amounts.sort_by(f64::total_cmp);
    let mean = amounts.iter().sum::<f64>() / 217.0;
    assert!((number("mean") - mean).abs() < 1e-6 * mean, "{so2:?}");
    assert!(
        (amounts[9]..=amounts[12]).contains(&number("q5")),
        "{so2:?}"
    );
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
        // A chart without a bar for an input does not say which matters most.
        let text = text.replace("[sweep.inputs.b]", "[sweep.inputs.c]\nlevel = \"carbon-action\"\nuniform = [\"0 %\", \"90 %\"]\n[sweep.inputs.b]");
        let output = sweep_of(folder.path(), "shaanxi-2020", &text, &["--format", "none"]);
        assert!(output.status.success());
        let chart = folder.path().join("varied/charts/tornado-SO2.en.svg");
        let chart = std::fs::read_to_string(chart).unwrap();
        let flat = chart.replace("</tspan>", " ");
        assert!(!flat.contains("matters most") && flat.contains("what single inputs do"));
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
            _ if line["output"].starts_with("COD") || line["output"].starts_with("NH3-N") => {
                assert!(["", "0"].contains(&index), "{line:?}");
            }
            _ => assert!(index.parse::<f64>().unwrap() > 0.8, "{line:?}"),
        }
    }
}

/// What is stated outside the bounds of a scenario is refused, wherever it is read.
#[test]
fn what_no_scenario_may_hold_is_refused() {
    let level = "level = \"boilers-le35\"";
    let growth = "growth = \"industry\"";
    let factor = "factor = { class = \"power\", pollutants = [\"SO2\"] }";
    let mix = "mix = { measure = \"boilers-le35\", of = \"gas\" }";
    let cases = [
        (level, "uniform = [\"-20 %\", \"150 %\"]", "percent-range"),
        (level, "uniform = [\"0 %\", \"5000 %\"]", "percent-range"),
        (
            level,
            "triangular = [\"0 %\", \"50 %\", \"1001 %\"]",
            "percent-range",
        ),
        (level, "normal = [\"-1 %\", \"10 %\"]", "percent-range"),
        (level, "normal = [\"80 %\", \"1e300 %\"]", "distribution"),
        (
            level,
            "lognormal = [\"80 %\", \"900 %\", \"1200 %\"]",
            "percent-range",
        ),
        (level, "values = [\"80 %\", \"-0.001 %\"]", "percent-range"),
        (growth, "uniform = [\"-120 %\", \"1 %\"]", "percent-range"),
        (growth, "values = [\"96 %\"]", "percent-range"),
        (factor, "values = [-3, 1]", "factor-range"),
        (factor, "uniform = [0, 101]", "factor-range"),
        (factor, "normal = [1, 1e308]", "distribution"),
        (mix, "uniform = [\"0 %\", \"101 %\"]", "percent-range"),
        (
            "elasticity = \"industrial-steam\"",
            "uniform = [0, 5.1]",
            "elasticity-range",
        ),
        ("start = \"saving\"", "values = [2015, 2021]", "year-range"),
        ("end = \"saving\"", "values = [2026]", "year-range"),
        (
            "target = \"nox\"",
            "uniform = [\"10 %\", \"101 %\"]",
            "percent-range",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (moved, shape, code) in cases {
        for more in ["", "truncate = true\n"] {
            let text = format!("[sweep]\ndraws = 10\n[sweep.inputs.x]\n{moved}\n{shape}\n{more}");
            let output = variation(folder.path(), &text);
            assert_eq!(output.status.code(), Some(2), "{moved} {shape}");
            assert_eq!(codes(&output), [code], "{moved} {shape}");
            assert!(!folder.path().join("varied").exists(), "{moved} {shape}");
        }
        // `check` and `plan` say the same.
        for command in ["check", "plan"] {
            let output = run(folder.path(), &["--lang", "zh", command, "varied.toml"]);
            assert_eq!(output.status.code(), Some(2), "{command}: {moved} {shape}");
            assert_eq!(codes(&output), [code], "{command}: {moved} {shape}");
        }
    }
}

/// A tail beyond the bounds: such draws are counted, and have no results in either format.
#[test]
fn tails_beyond_the_bounds_have_no_results() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 2000\nyears = [2025]\n[sweep.inputs.f]\n\
        factor = { class = \"industry\", pollutants = [\"SO2\"] }\nnormal = [1, 1]\n";
    let output = variation(folder.path(), text);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success());
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    // Φ(−1) of a Latin hypercube: 15.87 % of 2,000 draws, but for one at the edge.
    let beyond = rows.iter().filter(|row| row[column("f")] < 0.0).count();
    assert!((316..=318).contains(&beyond), "{beyond}");
    assert!(
        said.contains(&format!("of which {beyond} are not feasible")),
        "{said}"
    );
    for row in &rows {
        let good = row[column("f")] >= 0.0;
        assert_eq!(row[column("feasible")] > 0.5, good);
        for (name, value) in header.iter().zip(row) {
            let result = name.contains('@') || name.contains("margin:") || name == "cost_cny";
            assert_eq!(value.is_nan(), result && !good, "{name}: {value}");
            assert!(
                !name.contains('@') || value.is_nan() || *value >= 0.0,
                "{name}: {value}"
            );
        }
        assert!(good || row[column("all_met")] < 0.5);
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join("varied").join(name));
    let csv = ["summary.csv", "attainment.csv", "best.csv"].map(|name| read(name).unwrap());
    assert!(!csv.concat().contains("e308") && !csv.concat().contains("inf,"));
    let more = [
        "--lang",
        "en",
        "sweep",
        "varied.toml",
        "--no-charts",
        "--out",
        ".",
    ];
    assert!(run(folder.path(), &more).status.success());
    let parquet = ["summary.csv", "attainment.csv", "best.csv"].map(|name| read(name).unwrap());
    assert_eq!(csv, parquet);
    // Cut to the bounds instead: all draws count, from 0 on.
    let output = variation(folder.path(), &format!("{text}truncate = true\n"));
    assert!(output.status.success());
    let summary = table(&folder.path().join("varied/summary.csv"));
    let own = summary.iter().find(|line| line["column"] == "f").unwrap();
    assert_eq!(
        (own["draws"].as_str(), own["infeasible"].as_str()),
        ("2000", "0")
    );
    let number = |key: &str| own[key].parse::<f64>().unwrap();
    assert!(number("min") >= 0.0 && number("min") < 0.01);
    // The mean of a normal cut at −1 deviation: μ + σ·φ(1)/Φ(1).
    assert!(
        (number("mean") - 1.287_600).abs() < 1e-3,
        "{}",
        number("mean")
    );
}

/// Cells of a list: each draw for itself, unless none is within the bounds.
#[test]
fn cells_beyond_the_bounds_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let inputs = "[sweep.inputs.pace]\ngrowth = \"industry\"\n\
        [sweep.inputs.steel]\nlevel = \"steel-ule\"\n";
    let list = "steel,pace\n0.5,0.002\n1,1e308\n-0.2,0\n10.5,0\n0.9,-0.01\n";
    let output = listed(folder.path(), list, inputs);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert_eq!(codes(&output), ["list-range", "list-range"]);
    for part in [
        "options.csv:3:3",
        "options.csv:4:1",
        "2 of 5 cells",
        "1 of 5 cells",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let flags: Vec<f64> = rows.iter().map(|row| row[column("feasible")]).collect();
    assert_eq!(flags, [1.0, 0.0, 0.0, 0.0, 1.0]);
    assert!(rows[1][column("SO2@2025")].is_nan() && rows[4][column("SO2@2025")] > 0.0);
    let text = std::fs::read_to_string(folder.path().join("varied/draws.csv")).unwrap();
    assert_eq!(
        text.matches("e308").count(),
        1,
        "the cell itself, and no other"
    );
    // The same draws where nothing else stands beside them.
    let output = listed(folder.path(), "steel,pace\n0.5,0.002\n0.9,-0.01\n", inputs);
    assert!(output.status.success() && codes(&output).is_empty());
    let (header, alone) = rows_of(folder.path());
    // But for the model's error, which a draw's number decides.
    let own = |row: &[f64]| -> Vec<f64> {
        let named = header.iter().zip(row).skip(1);
        let own = named.filter(|(name, _)| {
            let moved = ["with-error:", "met:", "all_met"]
                .iter()
                .any(|m| name.starts_with(m));
            !moved || *name == "all_met_by_model"
        });
        own.map(|(_, value)| *value).collect()
    };
    for (one, other) in [(0, 0), (4, 1)] {
        assert_eq!(own(&rows[one]), own(&alone[other]));
    }
    // Cut to the bounds.
    let cut = format!("{inputs}truncate = true\n")
        .replace("\"industry\"\n", "\"industry\"\ntruncate = true\n");
    let output = listed(folder.path(), "steel,pace\n0.5,0.002\n-0.2,-3\n", &cut);
    assert!(output.status.success() && codes(&output).is_empty());
    let (_, rows) = rows_of(folder.path());
    assert_eq!((rows[1][1], rows[1][2]), (-0.999, 0.0));
    // Percentages without their sign: refused where every cell is one.
    let list = "steel,pace\n96.58,-0.00328\n70.68,-0.00336\n44.85,0.0019\n";
    let output = listed(folder.path(), list, inputs);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("9658 %") && said.contains("is written 0.9658"),
        "{said}"
    );
}

/// Levels far beyond what there is: what would fall below zero has no results.
#[test]
fn nothing_is_emitted_below_zero() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 2000\nyears = [2023, 2025]\n\
        [sweep.inputs.boilers]\nlevel = \"boilers-le35\"\nuniform = [\"0 %\", \"1000 %\"]\n\
        [sweep.inputs.voc]\nlevel = \"voc-both\"\nuniform = [\"0 %\", \"1000 %\"]\n\
        [sweep.inputs.f]\nfactor = { class = \"industry\", pollutants = [\"SO2\"] }\n\
        uniform = [0, 3]\n";
    let output = variation(folder.path(), text);
    assert!(output.status.success());
    let (header, rows) = rows_of(folder.path());
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    let (mut gone, mut over) = (0, 0);
    for row in &rows {
        let indicators = header
            .iter()
            .zip(row)
            .filter(|(name, _)| name.contains('@'));
        let values: Vec<f64> = indicators.map(|(_, value)| *value).collect();
        assert!(
            values.iter().all(|value| value.is_nan() || *value >= 0.0),
            "{row:?}"
        );
        let without = values.iter().filter(|value| value.is_nan()).count();
        assert!(without == 0 || without == values.len());
        assert!(without == 0 || row[column("feasible")] < 0.5);
        gone += usize::from(without > 0);
        over += usize::from(row[column("feasible")] < 0.5);
    }
    assert!(gone > 10 && over > gone, "{gone} of {over}");
}

/// An input that can do nothing in the years asked is named, with the reason.
#[test]
fn what_cannot_act_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let gdp = "[sweep.inputs.gdp]\ngrowth = \"gdp\"\nnormal = [\"0 %\", \"0.5 %\"]\n";
    let text = format!("{BOILERS}{gdp}");
    let output = sweep_of(folder.path(), "shaanxi-2020", &text, &["--format", "none"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && codes(&output) == ["inert-input"],
        "{said}"
    );
    assert!(
        said.contains("`gdp`") && said.contains("is on record up to 20"),
        "{said}"
    );
    let output = run(folder.path(), &["--lang", "zh", "check", "varied.toml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(codes(&output), ["inert-input"]);
}

/// The region stands in what is said of it, as in a run.
#[test]
fn regions_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let measure = "type = \"coal-boiler-phaseout\"\nup_to = \"10 t/h\"\nshare = \"90 %\"\n\
        to = { gas = \"100 %\" }\nstart = 2016\nend = 2019\n";
    let text = format!(
        "[measures.extra]\n{measure}[measures.extra2]\n{measure}[sweep]\ndraws = 100\n\
         [sweep.inputs.a]\nlevel = \"extra\"\nuniform = [\"40 %\", \"90 %\"]\n"
    );
    let output = sweep_of(
        folder.path(),
        "provinces",
        &text,
        &["--region", "hebei,henan"],
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("region: Hebei") && said.contains("region: Henan"),
        "{said}"
    );
    let text = "[sweep]\ndraws = 100\n[sweep.inputs.a]\nlevel = \"none-such\"\n\
        uniform = [\"40 %\", \"90 %\"]\n";
    let output = sweep_of(
        folder.path(),
        "provinces",
        text,
        &["--region", "hebei,henan"],
    );
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(codes(&output), ["unknown-name"], "{said}");
    assert!(!said.contains("region: "), "{said}");
    let output = sweep_of(folder.path(), "provinces", text, &["--region", "hebei"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("region: Hebei"), "{said}");
}

/// Slices with draws that have no results join like any others, in either format.
#[test]
fn slices_with_draws_without_results_join() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sweep]\ndraws = 50000\nyears = [2025]\n[sweep.inputs.f]\n\
        factor = { class = \"industry\", pollutants = [\"SO2\"] }\nnormal = [1, 1]\n";
    for format in ["csv", "parquet"] {
        let sweep = |out: &str, more: &[&str]| {
            let all = [&["--no-charts", "--format", format, "--out", out], more].concat();
            let output = sweep_of(folder.path(), "shaanxi-14fyp-planned", text, &all);
            assert!(output.status.success());
        };
        let at = |name: &str| folder.path().join(format!("{format}-{name}"));
        let name = |path: &Path| path.to_str().unwrap().to_string();
        sweep(&name(&at("whole")), &[]);
        for slice in ["1/2", "2/2"] {
            sweep(&name(&at("slices")), &["--shard", slice]);
        }
        let (slices, joined) = (name(&at("slices")), name(&at("joined")));
        let output = run(
            folder.path(),
            &["--lang", "en", "merge", &slices, "--out", &joined],
        );
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let read = |folder: &str, file: &str| {
            let path = at(folder).join("varied").join(file);
            let path = if path.exists() {
                path
            } else {
                at(folder).join(file)
            };
            std::fs::read(&path).unwrap_or_else(|_| panic!("{}", path.display()))
        };
        for file in [
            &format!("draws.{format}"),
            "summary.csv",
            "attainment.csv",
            "best.csv",
        ] {
            assert!(read("whole", file) == read("joined", file), "{file}");
        }
    }
    // A hole in a row that is feasible is none that a sweep makes.
    let path = folder.path().join("csv-slices/varied-1-of-2/draws.csv");
    let rows = std::fs::read_to_string(&path).unwrap();
    let row = rows.lines().find(|line| line.starts_with("7,")).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let holed = row.replacen(cells[2], "", 1);
    std::fs::write(&path, rows.replacen(row, &holed, 1)).unwrap();
    let slices = folder.path().join("csv-slices");
    let arguments = ["merge", slices.to_str().unwrap(), "--out", "joined-anew"];
    assert_eq!(run(folder.path(), &arguments).status.code(), Some(2));
}
