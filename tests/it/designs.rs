//! Designs that `sensitivity` writes and reads: levels of Morris designs are those of the
//! values, what is written is read back, and what is no sample has no interval.

use crate::program;
use crate::sweep::variation;
use std::collections::BTreeMap;
use std::path::Path;

fn call(lang: &str, args: &[&str]) -> (i32, String, String) {
    program::call(lang, &[&["sensitivity"], args].concat())
}

/// Writes a file and gives its path.
fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

/// Value and half-width by input and index, of the output `y`.
fn indices(args: &[&str]) -> BTreeMap<(String, String), (f64, Option<f64>)> {
    let (code, out, errors) = call("en", &[args, &["--csv"]].concat());
    assert_eq!(code, 0, "{errors}");
    let cells = out
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>());
    let number = |cell: &str| cell.parse::<f64>().ok();
    cells
        .filter_map(|c| {
            let key = (c[1].to_string(), c[2].to_string());
            Some((key, (number(c[3])?, number(c[4]))))
        })
        .collect()
}

/// Rows of trajectories in which input after input moves from its low to its high value.
fn trajectories(starts: &[[f64; 3]], step: [f64; 3], model: fn(&[f64; 3]) -> f64) -> String {
    let mut text = "a,b,c,y\n".to_string();
    for (t, start) in starts.iter().enumerate() {
        let mut point = *start;
        for moved in 0..4 {
            if moved > 0 {
                let input = (moved + t) % 3;
                point[input] += step[input];
            }
            let [a, b, c] = point;
            text += &format!("{a},{b},{c},{}\n", model(&point));
        }
    }
    text
}

/// Six levels, of which two trajectories show four: read as four levels, effects would be
/// off by a tenth.
#[test]
fn levels_are_those_of_the_values() {
    let folder = tempfile::tempdir().unwrap();
    let model = |x: &[f64; 3]| 4.0 * x[0] + 0.25 * x[1] + x[0] * x[2];
    // Levels 0, 0.2 … 1; 0, 2 … 10; 5, 5.8 … 9: steps of 0.6, 6 and 2.4.
    let starts = [[0.2, 4.0, 5.0], [0.0, 2.0, 6.6], [0.4, 0.0, 5.8]];
    let text = trajectories(&starts, [0.6, 6.0, 2.4], model);
    let path = file(folder.path(), "six.csv", &text);
    let (code, out, errors) = call("en", &[&path, "--outputs", "y"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        errors.contains("`a`") && errors.contains("--levels 6"),
        "{errors}"
    );
    let (_, _, errors) = call("zh", &[&path, "--outputs", "y"]);
    assert!(errors.contains("与 6 个水平相合"), "{errors}");
    let found = indices(&[&path, "--outputs", "y", "--levels", "6"]);
    let of = |input: &str| found[&(input.to_string(), "mu_star".to_string())].0;
    // dy / 0.6 by hand: b is 0.25 · 6 / 0.6 in every trajectory, a is (4 + c) · 0.6 / 0.6.
    assert!((of("b") - 2.5).abs() < 1e-12);
    let a_moves_at = [7.4, 9.0, 5.8];
    let a: f64 = a_moves_at.iter().map(|c| 4.0 + c).sum::<f64>() / 3.0;
    assert!((of("a") - a).abs() < 1e-12, "{} {a}", of("a"));
    for levels in ["2", "4", "5", "8", "10"] {
        let (code, ..) = call("en", &[&path, "--outputs", "y", "--levels", levels]);
        assert_eq!(code, 2, "{levels} levels");
    }
    // Effects per unit of the input need no levels.
    let found = indices(&[&path, "--outputs", "y", "--levels", "measured"]);
    let b = found[&("b".to_string(), "mu_star".to_string())].0;
    assert!((b - 0.25).abs() < 1e-12);
}

/// A model of two inputs run on a design: `y` appended to every row.
fn run(design: &str, model: impl Fn(&BTreeMap<&str, f64>) -> f64) -> String {
    let text = std::fs::read_to_string(design).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut out = format!("{},y\n", header.join(","));
    for line in lines {
        let cells = line.split(',').map(|cell| cell.parse::<f64>().unwrap());
        let row = header.iter().copied().zip(cells).collect();
        out += &format!("{line},{}\n", model(&row));
    }
    let path = design.replace("design", "table");
    std::fs::write(&path, out).unwrap();
    path
}

/// What is written is read back as what it is: with inputs of one value, with unequal
/// steps, with odd levels, with one input; or it is not written.
#[test]
fn what_is_written_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let fixed = "name,distribution,lo,hi,value\nx1,uniform,0,1,\nk,fixed,,,7\nx2,uniform,0,1,\n";
    let same = "name,distribution,lo,hi\nx1,uniform,0,1\nk,uniform,7,7\nx2,uniform,0,1\n";
    let bent =
        "name,distribution,lo,mode,hi\nx1,uniform,0,,1\nk,triangular,0,1,5\nx2,uniform,0,,1\n";
    let one = "name,distribution,lo,hi\nx1,uniform,0,1\n";
    let kinds = [
        ("morris", "morris"),
        ("saltelli", "saltelli"),
        ("saltelli-second", "saltelli-second"),
        ("latin-hypercube", "any"),
        ("sobol", "any"),
        ("random", "any"),
    ];
    for (name, bounds) in [
        ("fixed", fixed),
        ("same", same),
        ("bent", bent),
        ("one", one),
    ] {
        let bounds = file(folder.path(), &format!("{name}.csv"), bounds);
        for (kind, shape) in kinds {
            for levels in ["4", "5", "6"] {
                if kind != "morris" && levels != "4" {
                    continue;
                }
                let design = folder
                    .path()
                    .join(format!("design-{name}-{kind}-{levels}.csv"));
                let design = design.to_str().unwrap();
                let (code, _, errors) = call(
                    "en",
                    &[
                        "--sample", kind, "--bounds", &bounds, "--n", "32", "--levels", levels,
                        "--out", design,
                    ],
                );
                assert_eq!(code, 0, "{name} {kind}: {errors}");
                let at =
                    |row: &BTreeMap<&str, f64>, input: &str| row.get(input).copied().unwrap_or(0.0);
                let table = run(design, |row| 2.0 * at(row, "x1") + at(row, "x2"));
                let args = [table.as_str(), "--outputs", "y", "--levels", levels];
                let (code, out, errors) = call("en", &[&args[..], &["--json"]].concat());
                assert_eq!(code, 0, "{name} {kind} {levels}: {errors}");
                let json: serde_json::Value = serde_json::from_str(&out).unwrap();
                assert_eq!(json["design"], shape, "{name} {kind} {levels}");
                if kind == "morris" {
                    let found = indices(&args);
                    let mu = found[&("x1".to_string(), "mu".to_string())].0;
                    assert!((mu - 2.0).abs() < 1e-12, "{name} {levels}: {mu}");
                }
            }
        }
    }
}

/// Values that coincide at levels, too few rows, nothing that varies, `draw`.
#[test]
fn what_could_not_be_read_back_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for (bounds, kind, n, why) in [
        (
            "name,distribution,values\na,values,1 2\nb,values,1 2 3 4\n",
            "morris",
            "8",
            "a Morris move would change nothing",
        ),
        (
            "name,distribution,lo,hi\na,uniform,0,1\nb,uniform,0,1\n",
            "morris",
            "1",
            "--n 2 or more",
        ),
        (
            "name,distribution,lo,hi\na,uniform,0,1\n",
            "random",
            "3",
            "--n 4 or more",
        ),
        (
            "name,distribution,value\na,fixed,1\n",
            "saltelli",
            "8",
            "nothing to sample",
        ),
        (
            "name,distribution,lo,hi\ndraw,uniform,0,1\n",
            "random",
            "8",
            "`draw`",
        ),
        (
            "name,distribution,lo,hi\na,uniform,0,1\nb,uniform,0,1\n",
            "morris-3",
            "8",
            "not 3",
        ),
    ] {
        let bounds = file(folder.path(), "bad.csv", bounds);
        let (kind, levels) = kind.split_once('-').unwrap_or((kind, "4"));
        for lang in ["en", "zh"] {
            let (code, out, errors) = call(
                lang,
                &[
                    "--sample", kind, "--bounds", &bounds, "--n", n, "--levels", levels,
                ],
            );
            assert_eq!((code, out.as_str()), (2, ""), "{errors}");
            assert!(lang == "zh" || errors.contains(why), "{why}: {errors}");
        }
    }
}

/// Rows in which an input of one value was moved, too, as other programs write them.
#[test]
fn repeated_rows_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let text = "draw,x1,k,x2,y\n0,1,7,0,9\n1,1,7,0.6666666666666666,9.666666666666666\n\
        2,1,7,0.6666666666666666,9.666666666666666\n3,0.3333333333333333,7,0.6666666666666666,8.333333333333334\n\
        4,0,7,1,8\n5,0,7,1,8\n6,0,7,0.3333333333333333,7.333333333333333\n7,0.6666666666666666,7,0.3333333333333333,8.666666666666666\n";
    let path = file(folder.path(), "moved.csv", text);
    let found = indices(&[&path, "--outputs", "y"]);
    let mu = |input: &str| found[&(input.to_string(), "mu".to_string())].0;
    assert!((mu("x1") - 2.0).abs() < 1e-12 && (mu("x2") - 1.0).abs() < 1e-12);
    let (_, out, _) = call("en", &[&path, "--outputs", "y"]);
    assert!(
        out.contains("2 rows that repeat") && out.contains("undefined: k"),
        "{out}"
    );
}

/// No NaN and no infinity, whatever the size of the numbers.
#[test]
fn numbers_of_any_size_are_analysed_or_said_to_be_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "a,b,y\n0,1e308,1\n1,1e308,2\n3,-1e308,2\n4,1e308,5\n7,1e307,6\n9,1e308,4\n2,1e308,3\n";
    let path = file(folder.path(), "large.csv", text);
    for lang in ["en", "zh"] {
        for more in [&[][..], &["--csv"], &["--json"], &["--prim", "b <= 5e307"]] {
            let (code, out, errors) =
                call(lang, &[&[path.as_str(), "--outputs", "y"], more].concat());
            assert_eq!(code, 0, "{errors}");
            for word in ["NaN", "inf", "nan", "null"] {
                let is_json = more == ["--json"] && word == "null";
                assert!(is_json || !out.contains(word), "{word} in {out}");
            }
        }
    }
    // The same table in other units has the same coefficients.
    let small = file(
        folder.path(),
        "small.csv",
        &text.replace("e308", "").replace("e307", "e-1"),
    );
    let (large, small) = (
        indices(&[&path, "--inputs", "a,b", "--outputs", "y"]),
        indices(&[&small, "--inputs", "a,b", "--outputs", "y"]),
    );
    for key in ["src", "pcc"] {
        let key = ("b".to_string(), key.to_string());
        assert!((large[&key].0 - small[&key].0).abs() < 1e-9, "{key:?}");
    }
}

/// A CSV file's header and lines.
fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(String::from).collect();
    let lines = reader.records().map(|line| line.unwrap());
    let lines = lines.map(|line| line.iter().map(String::from).collect());
    (header, lines.collect())
}

/// Grids, lists and Morris trajectories are no samples: no interval stands anywhere, and
/// the text says why. Those of a Saltelli design count its base samples.
#[test]
fn what_is_no_sample_has_no_interval() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let inputs = "[sweep.inputs.steel]\nlevel = \"steel-ule\"\nuniform = [\"40 %\", \"100 %\"]\n\
        [sweep.inputs.pace]\ngrowth = \"industry\"\nuniform = [\"-1 %\", \"1 %\"]\n";
    std::fs::write(
        folder.join("options.csv"),
        "steel,pace\n0.5,0.002\n1,0\n0.25,-0.01\n0.7,0.01\n0.3,0\n",
    )
    .unwrap();
    let designs = [
        (
            "design = \"grid\"\nlevels = 5\n",
            "no sample",
            "none: grid is no sample",
        ),
        (
            "design = \"list\"\nlist = \"options.csv\"\n",
            "no sample",
            "none: list is no sample",
        ),
        (
            "design = \"morris\"\ndraws = 60\n",
            "no sample",
            "none: morris is no sample",
        ),
        (
            "design = \"saltelli\"\ndraws = 256\n",
            "count 64 base samples",
            "wilson over base samples",
        ),
        (
            "design = \"random\"\ndraws = 256\n",
            "95 % interval",
            "wilson",
        ),
    ];
    for (design, said, kind) in designs {
        let output = variation(folder, &format!("[sweep]\n{design}{inputs}"));
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(text.contains(said), "{design}: {text}");
        let (header, lines) = table(&folder.join("varied/attainment.csv"));
        let place = |name: &str| header.iter().position(|cell| cell == name).unwrap();
        for line in &lines {
            assert_eq!(line[place("interval")], kind);
            let empty = kind.starts_with("none");
            for bound in ["low95", "high95"] {
                assert_eq!(line[place(bound)].is_empty(), empty, "{design} {line:?}");
            }
            if kind.contains("base") {
                // Wilson's interval of 64 trials, not of 256.
                let number = |name: &str| line[place(name)].parse::<f64>().unwrap();
                let (p, z2) = (number("probability"), 1.959_963_984_540_054_f64.powi(2));
                let width = number("high95") - number("low95");
                let wide = 2.0 * (z2 * (p * (1.0 - p) / 64.0 + z2 / (4.0 * 64.0 * 64.0))).sqrt()
                    / (1.0 + z2 / 64.0);
                assert!(
                    (width - wide).abs() < 1e-9 || p <= 0.0 || p >= 1.0,
                    "{line:?}"
                );
            }
        }
        let (header, lines) = table(&folder.join("varied/sensitivity.csv"));
        let half = header
            .iter()
            .position(|cell| cell.ends_with("_half_width"))
            .unwrap();
        let some = lines.iter().filter(|line| !line[half].is_empty()).count();
        // What cannot act has the index 0, without an interval.
        let none = design.contains("grid") || design.contains("list");
        assert_eq!(some == 0, none, "{design}");
        assert_eq!(text.contains('±'), !none, "{design}: {text}");
    }
    // The rows of a grid are told from themselves.
    let output = variation(
        folder,
        &format!("[sweep]\ndesign = \"grid\"\nlevels = 5\n{inputs}"),
    );
    assert!(output.status.success());
    let rows = folder.join("varied/draws.csv");
    let (_, out, _) = call("en", &[rows.to_str().unwrap(), "--outputs", "SO2@2025"]);
    assert!(
        out.contains("full grid") && out.contains("no sample") && !out.contains("±0"),
        "{out}"
    );
}

/// Saltelli indices stand with their intervals, and what is above 100 % is explained.
#[test]
fn indices_above_one_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = "name,distribution,lo,hi\na,uniform,0,1\nb,uniform,0,1\nc,uniform,0,1\n";
    let bounds = file(folder.path(), "bounds.csv", bounds);
    let design = folder.path().join("design.csv");
    let design = design.to_str().unwrap();
    let sample = |kind: &str| {
        let args = [
            "--sample", kind, "--bounds", &bounds, "--n", "16", "--out", design,
        ];
        assert_eq!(call("en", &args).0, 0);
    };
    sample("saltelli");
    // Nothing but interaction.
    let table = run(design, |row| {
        (row["a"] - 0.5) * (row["b"] - 0.5) * (row["c"] - 0.5)
    });
    let (_, out, _) = call("en", &[&table, "--outputs", "y"]);
    assert!(
        out.contains("an interaction counts in every input"),
        "{out}"
    );
    // Two columns that are one input: each index holds all.
    sample("random");
    let text = std::fs::read_to_string(design).unwrap();
    let mut both = "a,b,y\n".to_string();
    for line in text.lines().skip(1) {
        let a: f64 = line.split(',').nth(1).unwrap().parse().unwrap();
        both += &format!("{a},{},{}\n", 2.0 * a + 1.0, 3.0 * a);
    }
    let both = file(folder.path(), "both.csv", &both);
    for (lang, why) in [("en", "inputs are correlated (b and a"), ("zh", "输入相关")] {
        let (_, out, _) = call(lang, &[&both, "--outputs", "y"]);
        assert!(out.contains(why) || out.contains("(a and b"), "{out}");
    }
}
