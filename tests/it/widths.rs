//! What commands print fits the terminal: `run` in 100 columns, the others in 120. A
//! Chinese character takes two.

use super::program;
use rayon::prelude::*;
use std::path::Path;
use std::process::Command;
use unicode_width::UnicodeWidthStr;

/// The scenarios that are shipped.
fn scenarios() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .map(|path| format!("scenarios/{}", path.file_name().unwrap().to_str().unwrap()))
        .collect();
    names.sort();
    assert!(names.len() > 10);
    names
}

/// What a command prints, without the lines of files that diagnostics quote.
fn printed(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_jianpai"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() > 1, "{arguments:?}");
    let quoted = |line: &str| {
        let line = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
        line.starts_with('|') || line.starts_with("-->")
    };
    text.lines()
        .filter(|line| !quoted(line))
        .map(str::to_string)
        .collect()
}

/// Runs every call in both languages and looks at the widths of its lines.
fn fits(width: usize, calls: &[Vec<&str>]) {
    let in_both = calls
        .iter()
        .flat_map(|call| ["zh", "en"].map(|lang| [call.as_slice(), &["--lang", lang]].concat()));
    let all: Vec<Vec<&str>> = in_both.collect();
    all.par_iter().for_each(|call| {
        for line in printed(call) {
            let wide = line.width();
            assert!(wide <= width, "{call:?}: {wide} columns\n{line}");
        }
    });
}

#[test]
fn runs_fit_in_100_columns() {
    let all = scenarios();
    let mut calls: Vec<Vec<&str>> = all.iter().map(|path| vec!["run", "--dry", path]).collect();
    let mut together = vec!["run", "--dry"];
    together.extend(all.iter().map(String::as_str));
    calls.push(together);
    let regions = "china,hebei,shanghai,tibet,ningxia";
    calls.push(vec![
        "run",
        "--dry",
        "scenarios/provinces.toml",
        "--region",
        regions,
    ]);
    fits(100, &calls);
}

#[test]
fn other_commands_fit_in_120_columns() {
    let all = scenarios();
    let mut calls: Vec<Vec<&str>> = Vec::new();
    for path in &all {
        calls.push(vec!["check", path]);
        calls.push(vec!["decompose", path]);
        calls.push(vec!["decompose", path, "--method", "multiplicative"]);
        let year = match path {
            path if path.contains("15fyp") => "2030",
            path if path.contains("14fyp") => "2025",
            _ => "2019",
        };
        calls.push(vec!["explain", path, "NOx", year]);
    }
    let (weak, strong) = (
        "scenarios/shaanxi-14fyp-weak.toml",
        "scenarios/shaanxi-14fyp-strengthened.toml",
    );
    calls.push(vec!["diff", weak, strong]);
    calls.push(vec![
        "diff",
        "scenarios/national-14fyp-planned.toml",
        strong,
    ]);
    calls.push(vec![
        "diff",
        "scenarios/hengyang-2019.toml",
        "scenarios/jiangxi-2020.toml",
    ]);
    calls.push(vec!["hindcast"]);
    for what in [
        "measures",
        "regions",
        "services",
        "technologies",
        "indicators",
        "drivers",
        "calibres",
        "scenarios",
        "sources",
        "names",
        "statuses",
    ] {
        calls.push(vec!["list", what]);
    }
    fits(120, &calls);
}

/// Every line of a run over regions says of which it speaks.
#[test]
fn runs_over_regions_name_the_region_in_every_line() {
    for (lang, names) in [
        ("zh", ["河北", "西藏", "宁夏"]),
        ("en", ["Hebei", "Tibet", "Ningxia"]),
    ] {
        let lines = printed(&[
            "run",
            "--dry",
            "scenarios/provinces.toml",
            "--region",
            "hebei,tibet,ningxia,shanghai,china",
            "--lang",
            lang,
        ]);
        let commands: Vec<&String> = lines
            .iter()
            .filter(|l| l.contains("jianpai check"))
            .collect();
        for line in &commands {
            assert!(line.contains(" --region "), "{line}");
        }
        for name in names {
            assert!(
                lines.iter().any(|line| line.contains(name)),
                "{name}: {lines:?}"
            );
        }
        let mut different = commands.clone();
        different.dedup();
        assert_eq!(different.len(), commands.len());
    }
}

/// What sweeps, slices put together and sensitivities print. A plan is for machines: with
/// `--export` nothing is printed.
#[test]
fn sweeps_and_what_follows_them_fit_in_120_columns() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    let sweeps = ["national-13fyp", "provinces", "shaanxi-14fyp"];
    let file = |name: &str| format!("scenarios/sweeps/{name}.toml");
    let mut first: Vec<Vec<String>> = Vec::new();
    let mut then: Vec<Vec<String>> = Vec::new();
    for name in sweeps {
        for lang in ["zh", "en"] {
            let out = at(&format!("{name}-{lang}"));
            let words = [
                "sweep",
                &file(name),
                "--draws",
                "3000",
                "--format",
                "csv",
                "--no-charts",
                "--lang",
                lang,
                "--out",
                &out,
            ];
            first.push(words.map(String::from).to_vec());
            let draws = format!("{out}/{name}/draws.csv");
            let words = ["sensitivity", &draws, "--lang", lang, "--replicates", "20"];
            then.push(words.map(String::from).to_vec());
        }
    }
    let file = file("shaanxi-14fyp");
    let slices = ["1/2", "2/2"].map(|shard| at(&format!("slice-{}", &shard[..1])) + "|" + shard);
    for slice in &slices {
        let (out, shard) = slice.split_once('|').unwrap();
        let words = [
            "sweep",
            &file,
            "--draws",
            "40000",
            "--no-charts",
            "--shard",
            shard,
            "--out",
            out,
        ];
        first.push(words.map(String::from).to_vec());
    }
    for lang in ["zh", "en"] {
        let (a, b) = (at("slice-1"), at("slice-2"));
        let whole = at(&format!("whole-{lang}"));
        let words = [
            "merge",
            &a,
            &b,
            "--no-charts",
            "--lang",
            lang,
            "--out",
            &whole,
        ];
        then.push(words.map(String::from).to_vec());
        let (code, out, errors) = program::run(&["plan", &file, "--export", &at("plan.json")]);
        assert_eq!((code, out.as_str(), errors.as_str()), (0, "", ""));
    }
    for calls in [first, then] {
        calls.par_iter().for_each(|call| {
            let call: Vec<&str> = call.iter().map(String::as_str).collect();
            for line in printed(&call) {
                // A path is as long as it is.
                let wide = if line.contains(folder.path().to_str().unwrap()) {
                    0
                } else {
                    line.width()
                };
                assert!(wide <= 120, "{call:?}: {wide} columns\n{line}");
            }
        });
    }
}
