//! Texts of users are shown, never obeyed: no escape code reaches a terminal, no cell of
//! a table is a formula, no chart holds what XML forbids. And there may be many of them,
//! and long ones.

use super::program::call;
use jianpai::core::plain::steers;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn written(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_string()
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/shaanxi-2020.toml")
}

/// A scenario whose every text would do harm.
fn harmful() -> String {
    let esc = "\\u001b[2J\\u001b[31mred\\u001b]0;title\\u0007\\u009b5n\\u202Egnp\\u2066";
    format!(
        r#"[scenario]
name_zh = "=cmd|' /C calc'!A0{esc}"
name_en = "{esc} <script>alert(1)</script> & \"q\" ]]> \u0001\uFFFE"
document = "@doc{esc}<&>"
extends = "{}"
[targets."+t{esc}"]
indicator = "SO2"
year = 2020
reduction = "15 %"
name_zh = "=1+1"
name_en = "=HYPERLINK(\"http://x\",\"y\")<svg onload=alert(1)>{esc}"
source = "@SUM(1)"
[tracked.x]
name_zh = "-x"
name_en = "+1+1{esc}</text><script>"
target = "-2+3"
target_en = "\t=1"
year = 2020
source = "\r=1"
[measures."=m{esc}"]
type = "energy-efficiency"
name_zh = "@2+2<b>"
name_en = "{esc}<script>alert(2)</script>&amp;x\u0008"
services = ["other-industry"]
gain = "1 %"
start = 2018
end = 2020
source = "=x"
[sweep]
design = "random"
draws = 40
years = [2020]
[sweep.inputs."=a{esc}"]
level = "guanzhong-boilers"
uniform = ["50 %", "90 %"]
[sweep.inputs."-b"]
growth = "gdp"
uniform = ["-1 %", "1 %"]
"#,
        base().display()
    )
}

fn is_harmless(text: &str, about: &str) {
    // Tables in Chinese begin with the mark by which Excel knows them.
    let found = text
        .strip_prefix('\u{feff}')
        .unwrap_or(text)
        .chars()
        .find(|c| steers(*c) && !matches!(c, '\n' | '\t'));
    assert_eq!(found, None, "{about}: {text:?}");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// Looks into every table and chart below a folder; returns how many there were.
fn look(folder: &Path) -> (usize, usize) {
    let (mut tables, mut charts) = (0, 0);
    for path in files(folder) {
        let about = path.display().to_string();
        let extension = path.extension().and_then(|e| e.to_str());
        if extension == Some("csv") {
            tables += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            is_harmless(&text, &about);
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .from_reader(text.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let starts = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    assert!(!starts || cell.parse::<f64>().is_ok(), "{about}: {cell:?}");
                }
            }
        } else if extension == Some("svg") {
            charts += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            is_harmless(&text, &about);
            assert!(!text.contains('\u{fffe}'), "{about}");
            for tag in text.split('<').skip(1) {
                let name = tag.split([' ', '>', '/']).find(|name| !name.is_empty());
                let known = [
                    "svg", "path", "rect", "line", "circle", "polyline", "polygon", "text",
                    "tspan", "title", "g", "defs", "clipPath", "pattern",
                ];
                assert!(known.contains(&name.unwrap_or_default()), "{about}: <{tag}");
            }
        }
    }
    (tables, charts)
}

#[test]
fn nothing_of_a_users_text_is_obeyed() {
    let folder = TempDir::new().unwrap();
    let scenario = written(&folder, "=harm.toml", &harmful());
    let out = folder.path().join("out");
    let [one, two, three, four] = ["run", "diff", "decompose", "sweep"].map(|name| {
        let folder = out.join(name);
        folder.to_str().unwrap().to_string()
    });
    let plain = base().display().to_string();
    let commands: [&[&str]; 9] = [
        &["run", &scenario, "--out", &one],
        &["run", &scenario, "--dry", "--json"],
        &["check", &scenario],
        &["check", &scenario, "--json"],
        &["explain", &scenario, "SO2", "2020"],
        &["diff", &plain, &scenario, "--out", &two],
        &["decompose", &scenario, "--out", &three],
        &["decompose", &scenario, "--csv"],
        &["sweep", &scenario, "--out", &four, "--format", "csv"],
    ];
    for lang in ["en", "zh"] {
        for args in commands {
            let (code, printed, errors) = call(lang, args);
            assert!(code < 2, "{args:?}: {errors}");
            is_harmless(&printed, &format!("{args:?}"));
            is_harmless(&errors, &format!("{args:?}"));
        }
        let (tables, charts) = look(&out);
        assert!(tables > 8 && charts > 6, "{tables} tables, {charts} charts");
    }
    // What JSON says is still the text of the file.
    let (_, json, _) = call("en", &["run", &scenario, "--dry", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(value.to_string().contains("\\u001b[2J"), "{json}");
    // Numbers below zero stay numbers.
    let balance = files(&out)
        .into_iter()
        .find(|path| path.ends_with("balance.csv"));
    let balance = std::fs::read_to_string(balance.unwrap()).unwrap();
    let negative = balance.lines().filter(|line| {
        line.split(',')
            .any(|cell| cell.starts_with('-') && cell.parse::<f64>().is_ok())
    });
    assert!(negative.count() > 20, "{balance}");
    assert!(
        !balance.contains("'-0") && !balance.contains("'-1"),
        "{balance}"
    );
}

#[test]
fn what_is_wrong_is_said_harmlessly() {
    let folder = TempDir::new().unwrap();
    let bad = "[scenario]\nname_zh = \"\u{1b}[31m\u{202e}\"\n\"ke\u{9b}y\u{1b}[2J\" = 1\nregion = \"\\u001b[5m\\u2067\"\n# \u{200f}\u{85}\n";
    let scenario = written(&folder, "bad\u{1b}[31m.toml", bad);
    let table = "group,factor,from,to\n\u{1b}[1mA,\u{202e}x,\u{1b}[31m1,2\n";
    let table = written(&folder, "t\u{202e}.csv", table);
    for lang in ["en", "zh"] {
        for args in [
            &["check", &scenario][..],
            &["run", "no\u{1b}[31m\u{202e}where.toml"],
            &["decompose", &table],
            &["sensitivity", &table, "--outputs", "\u{1b}[31m"],
            &["--data", "\u{1b}]0;x\u{7}", "list", "regions"],
            &["run", &scenario, "--region", "\u{1b}[31m"],
            &["sweep", &scenario, "--draws", "\u{1b}[31m"],
        ] {
            let (code, printed, errors) = call(lang, args);
            assert_eq!(code, 2, "{args:?}: {errors}");
            assert!(!errors.is_empty(), "{args:?}");
            is_harmless(&printed, &format!("{args:?}"));
            is_harmless(&errors, &format!("{args:?}"));
        }
    }
}

/// The names of a table of the user's own are read back as they were.
#[test]
fn tables_of_names_that_are_formulas_can_be_read_again() {
    let folder = TempDir::new().unwrap();
    let text = "group,factor,from,to\n=A,@act,1,2\n=A,-eff,3,4\n";
    let table = written(&folder, "t.csv", text);
    let (code, out, errors) = call("en", &["decompose", &table, "--csv"]);
    assert_eq!(code, 0, "{errors}");
    assert!(
        out.contains("'=A,'@act,") && out.contains("'=A,'-eff,"),
        "{out}"
    );
}

/// Of very many problems the first are shown and the others counted.
#[test]
fn problems_are_counted_where_there_are_too_many() {
    let folder = TempDir::new().unwrap();
    let (mut junk, mut keys, mut table, mut inline) = (
        String::new(),
        format!(
            "[scenario]\nextends = \"{}\"\nname_zh = \"a\"\nname_en = \"a\"\n",
            base().display()
        ),
        "group,factor,from,to\n".to_string(),
        format!(
            "[scenario]\nextends = \"{}\"\nname_zh = \"a\"\nname_en = \"a\"\n[growth]\ngdp = {{",
            base().display()
        ),
    );
    let count = 3000;
    for i in 0..count {
        let _ = writeln!(junk, "!! junk {i} ??");
        let _ = writeln!(keys, "junk{i} = {i}");
        let _ = writeln!(table, "g{i},activity,x{i},1");
        let _ = write!(inline, "k{i} = 1, ");
    }
    inline += "2020 = \"5 %\" }\n";
    for (name, text, command, least) in [
        ("junk.toml", &junk, "check", count),
        ("keys.toml", &keys, "check", count),
        ("inline.toml", &inline, "check", count),
        ("table.csv", &table, "decompose", count),
    ] {
        let file = written(&folder, name, text);
        for (lang, words) in [("en", "more problems, not shown"), ("zh", "处问题未列出")] {
            let (code, _, errors) = call(lang, &[command, &file]);
            assert_eq!(code, 2, "{name}");
            let shown = errors.lines().filter(|line| line.contains("-->")).count();
            assert!((100..=600).contains(&shown), "{name}: {shown} shown");
            let more = errors.lines().find(|line| line.contains(words));
            let digits: String = more.unwrap().chars().filter(char::is_ascii_digit).collect();
            let blocks = errors.matches("error[").count() + errors.matches("错误[").count();
            assert_eq!(
                digits.parse::<usize>().unwrap() + blocks,
                least,
                "{name}: {more:?}"
            );
        }
    }
}

/// Many groups are decomposed, and their effects sum to the change.
#[test]
fn many_groups_and_factors_are_decomposed() {
    let folder = TempDir::new().unwrap();
    let mut text = "group,factor,from,to\n".to_string();
    for i in 0..3000 {
        let _ = writeln!(
            text,
            "g{i},activity,{},{}\ng{i},intensity,1.5,1.2",
            i + 1,
            i + 2
        );
    }
    let table = written(&folder, "many.csv", &text);
    let (code, out, errors) = call("en", &["decompose", &table, "--csv"]);
    assert_eq!(code, 0, "{errors}");
    let total: f64 = out
        .lines()
        .filter(|line| line.starts_with("total,"))
        .map(|line| line.split(',').nth(2).unwrap().parse::<f64>().unwrap())
        .sum();
    // Σ 1.2(i+2) − 1.5(i+1), i = 0 … 2999.
    let n = 3000.0;
    let expected = 1.2 * (n * (n - 1.0) / 2.0 + 2.0 * n) - 1.5 * (n * (n - 1.0) / 2.0 + n);
    assert!(
        (total - expected).abs() < 1e-6 * expected.abs(),
        "{total} {expected}"
    );
    assert_eq!(out.lines().count(), 1 + 6000 + 2);
}

/// A product that no number can hold is told with its place.
#[test]
fn a_product_out_of_range_has_a_place() {
    let folder = TempDir::new().unwrap();
    let text = "group,factor,from,to\nB,activity,1,2\nB,intensity,1,2\nA,activity,1e200,1e200\nA,intensity,1e200,1\n";
    let table = written(&folder, "big.csv", text);
    let (code, _, errors) = call("en", &["decompose", &table]);
    assert_eq!(code, 2);
    assert!(
        errors.contains("the product of the factors of `A` is out of range"),
        "{errors}"
    );
    assert!(
        errors.contains("big.csv:4:1") && errors.contains("larger units"),
        "{errors}"
    );
}

/// A percentage is offered as a fraction where there is no column of units.
#[test]
fn a_percentage_is_offered_as_a_fraction() {
    let folder = TempDir::new().unwrap();
    let text = "group,factor,from,to\nA,activity,10,20\nA,share,50%,12.3 %\nA,heads,3万,1\n";
    let table = written(&folder, "percent.csv", text);
    let (code, _, errors) = call("en", &["decompose", &table]);
    assert_eq!(code, 2);
    for words in ["write 0.5", "write 0.123", "write 30000"] {
        assert!(errors.contains(words), "{words}: {errors}");
    }
}

/// The kind of a file is in it, not in its name.
#[test]
fn a_table_may_be_called_anything() {
    let folder = TempDir::new().unwrap();
    let table = written(&folder, "table.toml", "group,factor,from,to\nA,x,1,2\n");
    let (code, out, errors) = call("en", &["decompose", &table, "--csv"]);
    assert!(code == 0 && out.contains("A,x,1"), "{errors}");
    let text = std::fs::read_to_string(base()).unwrap().replace(
        "base/",
        &format!("{}/", base().parent().unwrap().join("base").display()),
    );
    let scenario = written(&folder, "scenario.csv", &text);
    let (code, out, errors) = call("en", &["decompose", &scenario, "--csv"]);
    assert!(code == 0 && out.contains("SO2"), "{errors}");
}

/// Names as long as a page are cut in charts, with an ellipsis, and whole in tables.
#[test]
fn long_names_are_cut_in_charts() {
    let folder = TempDir::new().unwrap();
    let (zh, en) = ("减".repeat(3000), "long name ".repeat(300));
    let text = format!(
        "[scenario]\nname_zh = \"{zh}\"\nname_en = \"{en}\"\nextends = \"{}\"\n[measures.m]\ntype = \"energy-efficiency\"\nname_zh = \"{zh}\"\nname_en = \"{en}\"\nservices = [\"other-industry\"]\ngain = \"5 %\"\nstart = 2018\nend = 2020\n",
        base().display()
    );
    let scenario = written(&folder, "long.toml", &text);
    let out = folder.path().join("out");
    let (code, _, errors) = call("zh", &["run", &scenario, "--out", out.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    let mut cut = 0;
    for path in files(&out)
        .iter()
        .filter(|path| path.extension().is_some_and(|e| e == "svg"))
    {
        let svg = std::fs::read_to_string(path).unwrap();
        for text in svg.split("<text").skip(1) {
            let shown = text.split("</text>").next().unwrap();
            let shown = shown.split_once('>').unwrap().1;
            assert!(shown.chars().count() < 400, "{}: {shown}", path.display());
            cut += usize::from(
                shown.contains("减…") || shown.contains("name…") || shown.contains("long…"),
            );
        }
    }
    assert!(cut > 2, "{cut}");
    let balance = std::fs::read_to_string(out.join("long/balance.csv")).unwrap();
    assert!(balance.contains(&zh));
}
