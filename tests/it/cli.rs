//! The command line: exit codes, what is written and what is not, and the rules
//! of the files that other programs read.

use crate::program::{command as jianpai, run as call};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn path(folder: &TempDir) -> &str {
    folder.path().to_str().unwrap()
}

fn temporary() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy();
                found.insert(name.into_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The names in a folder.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

const VALID: &str = "tests/fixtures/valid.toml";
const OTHER: &str = "tests/fixtures/other.toml";
const MISSED: &str = "tests/fixtures/missed.toml";
const BAD: &str = "tests/invalid/several-problems-at-once.toml";
/// Good in form, but it cannot be compiled.
const GREEDY: &str = "tests/invalid/over-claim.toml";

#[test]
fn the_exit_code_tells_good_missed_and_bad() {
    for (args, code) in [
        (vec!["check", VALID], 0),
        (vec!["check", MISSED], 0),
        (vec!["check", BAD], 2),
        (vec!["check", GREEDY], 2),
        (vec!["check", VALID, BAD], 2),
        (vec!["check", "no/such/file.toml"], 2),
        (vec!["check", "--json", BAD], 2),
        (vec!["run", "--dry", VALID], 0),
        (vec!["run", "--dry", MISSED], 0),
        (vec!["run", "--dry", "--strict", VALID], 0),
        (vec!["run", "--dry", "--strict", MISSED], 1),
        (vec!["run", "--dry", "--strict", VALID, MISSED], 1),
        (vec!["run", "--dry", "--strict", "--json", MISSED], 1),
        (vec!["run", "--dry", "--strict", BAD], 2),
        (vec!["run", "--dry", GREEDY], 2),
        (vec!["run", "--dry", "no/such/file.toml"], 2),
        (vec!["run", "--dry", "--region", "shanxii", VALID], 2),
        (
            vec!["run", "--dry", "--region", "shaanxi-guanzhong", VALID],
            2,
        ),
        (
            vec!["run", "--dry", VALID, "tests/../tests/fixtures/valid.toml"],
            2,
        ),
        (vec!["run", "--dry", "--data", "no/such/folder", VALID], 2),
        (vec!["run", "--dry", "--data", "tests/fixtures", VALID], 2),
        (vec!["run"], 2),
        (vec!["simulate", VALID], 2),
        (vec![], 2),
        (vec!["--version"], 0),
    ] {
        let (found, _, errors) = call(&args);
        assert_eq!(found, code, "{args:?}\n{errors}");
        let told = code < 2 || args.contains(&"--json");
        assert_eq!(errors.is_empty(), told, "{args:?}\n{errors}");
    }
}

#[test]
fn bad_input_leaves_nothing_behind() {
    let folder = temporary();
    let out = folder.path().join("results");
    let target = out.to_str().unwrap();
    for scenarios in [&[BAD][..], &[VALID, BAD], &[GREEDY], &[VALID, GREEDY]] {
        let args = [&["run", "--out", target][..], scenarios].concat();
        assert_eq!(call(&args).0, 2, "{args:?}");
        assert!(!out.exists(), "{args:?}");
    }
    // What is there already stays as it is.
    assert_eq!(call(&["run", "--no-charts", "--out", target, VALID]).0, 0);
    let before = files(&out);
    assert_eq!(call(&["run", "--out", target, VALID, BAD]).0, 2);
    assert_eq!(files(&out), before);
}

#[test]
fn a_rerun_replaces_what_it_wrote_and_nothing_else() {
    let folder = temporary();
    let args = ["run", "--no-charts", "--out", path(&folder), VALID];
    assert_eq!(call(&args).0, 0);
    let before = files(folder.path());
    std::fs::write(folder.path().join("valid/stale.txt"), "old").unwrap();
    std::fs::write(folder.path().join("valid/targets.csv"), "old").unwrap();
    std::fs::write(folder.path().join("mine.txt"), "kept").unwrap();
    assert_eq!(call(&args).0, 0);
    let mut after = files(folder.path());
    for (name, text) in [
        ("mine.txt", "kept"),
        ("valid/stale.txt", "old"),
        ("valid/targets.kept-1.csv", "old"),
    ] {
        assert_eq!(
            after.remove(name).as_deref(),
            Some(text.as_bytes()),
            "{name}"
        );
    }
    assert_eq!(after, before);
    assert_eq!(
        names(folder.path()),
        BTreeSet::from(["mine.txt".into(), "valid".into()])
    );
}

#[test]
fn an_output_folder_that_cannot_be_is_an_error() {
    let folder = temporary();
    let file = folder.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    let (code, out, errors) = call(&["run", "--out", file.to_str().unwrap(), VALID]);
    assert_eq!((code, out.as_str()), (2, ""), "{errors}");
    assert!(errors.contains("file"), "{errors}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, script, err) = call(&["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""), "{shell}");
        for command in ["run", "explain", "sweep", "completions"] {
            assert!(script.contains(command), "{shell} {command}");
        }
    }
    let (code, _, err) = call(&["completions", "cmd"]);
    assert!(code == 2 && err.contains("bash"), "{err}");
}

#[test]
fn json_is_json() {
    let parse = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    let (_, one, _) = call(&["run", "--dry", "--json", VALID]);
    assert!(parse(&one).is_object(), "{one}");
    let (_, two, _) = call(&["run", "--dry", "--json", VALID, OTHER]);
    assert_eq!(parse(&two).as_array().map(Vec::len), Some(2));
    let (_, good, _) = call(&["check", "--json", VALID]);
    let good = parse(&good);
    let levels = good.as_array().into_iter().flatten();
    let levels: Vec<&str> = levels
        .filter_map(|item| item["severity"].as_str())
        .collect();
    assert!(good.is_array() && !levels.contains(&"error"), "{good}");
    let (_, bad, _) = call(&["check", "--json", BAD, "--lang", "zh"]);
    let bad = parse(&bad);
    assert!(
        bad.as_array().is_some_and(|items| items.len() >= 5),
        "{bad}"
    );
    for item in bad.as_array().unwrap() {
        assert_eq!(item["file"], BAD);
        assert_eq!(item["severity"], "error");
        for key in ["line", "column"] {
            assert!(item[key].as_u64().is_some_and(|n| n > 0), "{item}");
        }
        for key in ["code", "message"] {
            assert!(
                item[key].as_str().is_some_and(|text| !text.is_empty()),
                "{item}"
            );
        }
    }
    let (code, schema, _) = call(&["schema"]);
    assert_eq!(code, 0);
    assert_eq!(parse(&schema)["type"], "object");
}

#[test]
fn both_languages_are_spoken() {
    let (_, zh, _) = call(&["run", "--dry", VALID, "--lang", "zh"]);
    let (_, en, _) = call(&["run", "--dry", VALID, "--lang", "en"]);
    assert!(
        zh.contains("二氧化硫") && !en.contains("二氧化硫"),
        "{zh}\n{en}"
    );
    let (_, _, zh) = call(&["--lang", "zh", "check", BAD]);
    let (_, _, en) = call(&["--lang", "en", "check", BAD]);
    assert!(
        zh.starts_with("错误[") && en.starts_with("error["),
        "{zh}\n{en}"
    );
    // By default it is the locale that says which.
    let by_locale = |name: &str, value: &str| {
        let mut command = jianpai(&["check", BAD]);
        let output = command.env(name, value).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(by_locale("LANG", "zh_CN.UTF-8"), zh);
    assert_eq!(by_locale("LC_ALL", "zh_CN.UTF-8"), zh);
    assert_eq!(by_locale("LANG", "en_GB.UTF-8"), en);
    // The files are in the language too, and say so.
    let folder = temporary();
    call(&[
        "run",
        "--no-charts",
        "--lang",
        "zh",
        "--out",
        path(&folder),
        VALID,
    ]);
    let balance = std::fs::read_to_string(folder.path().join("valid/balance.csv")).unwrap();
    assert!(balance.contains("基年"), "{balance}");
}

#[test]
fn two_scenarios_are_compared() {
    let folder = temporary();
    let (code, text, _) = call(&["run", "--out", path(&folder), VALID, OTHER]);
    assert_eq!(code, 0);
    assert!(text.contains("Try") && text.contains("Other"), "{text}");
    let expected = ["comparison", "other", "valid"].map(String::from);
    assert_eq!(names(folder.path()), BTreeSet::from(expected));
    let found = files(folder.path());
    for file in ["trajectory.csv", "meta.csv", "targets.csv"] {
        let of = |folder: &str| lines(&found[&format!("{folder}/{file}")]);
        let (header, both) = of("comparison");
        let (one, mut rows) = of("other");
        assert_eq!(header, one, "{file}");
        rows.extend(of("valid").1);
        rows.sort();
        let mut both = both;
        both.sort();
        assert_eq!(both, rows, "{file}");
    }
    assert!(
        found
            .keys()
            .any(|name| name.starts_with("comparison/charts/"))
    );
}

/// Header and rows of a CSV file.
fn lines(bytes: &[u8]) -> (String, Vec<String>) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut lines = text.lines().map(String::from);
    (lines.next().unwrap_or_default(), lines.collect())
}

#[test]
fn all_regions_are_the_nation_and_the_provinces() {
    let folder = temporary();
    let scenario = "scenarios/provinces.toml";
    if !Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(scenario)
        .exists()
    {
        return;
    }
    let (code, _, errors) = call(&[
        "run",
        "--no-charts",
        "--region",
        "all",
        "--out",
        path(&folder),
        scenario,
    ]);
    assert_eq!(code, 0, "{errors}");
    let found = names(folder.path());
    let regions: BTreeSet<String> = super::support::catalogue()
        .regions
        .iter()
        .filter(|region| {
            use jianpai::core::catalogue::Level;
            matches!(region.level, Level::Nation | Level::Province)
        })
        .map(|region| format!("provinces-{}", region.named.id))
        .chain(["comparison".to_string()])
        .collect();
    assert_eq!(
        regions.len(),
        33,
        "31 provinces, the nation and the comparison"
    );
    assert_eq!(found, regions);
    let all = files(folder.path());
    for (name, bytes) in &all {
        if name.ends_with("trajectory.csv") {
            check_trajectory(name, bytes);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let run = |threads: Option<&str>| {
        let folder = temporary();
        let mut command = jianpai(&["run", "--out", path(&folder), VALID, OTHER, MISSED]);
        if let Some(threads) = threads {
            command.env("RAYON_NUM_THREADS", threads);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        let printed = String::from_utf8(output.stdout).unwrap();
        (files(folder.path()), printed.replace(path(&folder), "OUT"))
    };
    let first = run(None);
    assert!(first.0.len() > 20, "{:?}", first.0.keys());
    for threads in [None, Some("1"), Some("4")] {
        let again = run(threads);
        assert_eq!(again.1, first.1, "{threads:?}");
        let changed: Vec<&String> = first
            .0
            .keys()
            .filter(|name| again.0.get(*name) != first.0.get(*name))
            .collect();
        assert!(changed.is_empty(), "{threads:?}: {changed:?}");
        assert_eq!(again.0.len(), first.0.len());
    }
}

/// Units of the machine output by the beginning of the variable, the longest first.
const UNITS: [(&str, &str); 16] = [
    ("Emission Intensity|CO2|GDP [Index]", ""),
    ("Energy Intensity|GDP [Index]", ""),
    ("Transportation Share|Freight|Rail [Share]", ""),
    ("Energy Service|Transportation|Freight", "billion tkm/yr"),
    ("Emissions|Ammonia Nitrogen", "kt N/yr"),
    ("Emissions|Sulfur", "Mt SO2/yr"),
    ("Emissions|COD", "kt COD/yr"),
    ("Emissions|CO2", "Mt CO2/yr"),
    ("Emissions|NOx", "Mt NO2/yr"),
    ("Emissions|VOC", "Mt VOC/yr"),
    ("Primary Energy|Coal", "EJ/yr"),
    ("Primary Energy", "EJ/yr"),
    ("Final Energy", "EJ/yr"),
    ("GDP [Index]", ""),
    ("Population [Index]", ""),
    ("Cost", "billion CNY/yr"),
];

/// What a table for pyam must be.
fn check_trajectory(name: &str, bytes: &[u8]) {
    let (header, rows) = lines(bytes);
    assert_eq!(
        header, "model,scenario,region,variable,unit,year,value",
        "{name}"
    );
    let mut values: BTreeMap<(String, String, String, i32), f64> = BTreeMap::new();
    for row in &rows {
        let cells: Vec<&str> = row.split(',').collect();
        let [model, scenario, region, variable, unit, year, value] = cells[..] else {
            panic!("{name}: {row}");
        };
        assert_eq!(
            model,
            concat!("jianpai ", env!("CARGO_PKG_VERSION")),
            "{row}"
        );
        assert!(!scenario.is_empty() && !region.is_empty(), "{row}");
        assert!(!variable.contains([';', ':', '"', '`']), "{row}");
        assert!(
            !variable.contains(" |") && !variable.contains("| "),
            "{row}"
        );
        // What lies outside the official calibre has the units of its pollutant.
        let plain = variable.replace("Emissions Outside Calibre", "Emissions");
        let known = UNITS.iter().find(|(start, _)| plain.starts_with(start));
        let (_, expected) = known.unwrap_or_else(|| panic!("{name}: no unit for {variable}"));
        assert_eq!(unit, *expected, "{row}");
        let (year, value): (i32, f64) = (year.parse().unwrap(), value.parse().unwrap());
        assert!(value.is_finite() && (2015..=2100).contains(&year), "{row}");
        let key = (scenario.into(), region.into(), variable.into(), year);
        assert_eq!(values.insert(key, value), None, "{name}: {row} twice");
    }
    assert!(!values.is_empty(), "{name}");
    check_sums(name, &values);
    // Every series covers the same years.
    let mut years: BTreeMap<(&str, &str), BTreeSet<i32>> = BTreeMap::new();
    for (scenario, _, variable, year) in values.keys() {
        let series = years.entry((scenario.as_str(), variable.as_str()));
        series.or_default().insert(*year);
    }
    let mut of_scenario: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for (scenario, .., year) in values.keys() {
        of_scenario.entry(scenario).or_default().insert(*year);
    }
    for ((scenario, variable), found) in &years {
        assert_eq!(found, &of_scenario[scenario], "{name}: {variable}");
    }
}

/// Components sum to their parent, at every level that has any.
fn check_sums(name: &str, values: &BTreeMap<(String, String, String, i32), f64>) {
    let mut sums: BTreeMap<(String, String, String, i32), f64> = BTreeMap::new();
    for ((scenario, region, variable, year), value) in values {
        let Some((parent, _)) = variable.rsplit_once('|') else {
            continue;
        };
        // A share is no component.
        if variable.ends_with(']') {
            continue;
        }
        let key = (scenario.clone(), region.clone(), parent.to_string(), *year);
        *sums.entry(key).or_default() += value;
    }
    let mut checked = 0;
    for (key, sum) in &sums {
        let Some(whole) = values.get(key) else {
            // `Emissions` and the like are no variables of their own.
            assert!(
                !key.2.contains('|') || key.2 == "Energy Service|Transportation",
                "{name}: {key:?} has parts only"
            );
            continue;
        };
        checked += 1;
        let distance = (sum - whole).abs() / whole.abs().max(1e-9);
        assert!(
            distance < 1e-9,
            "{name}: {key:?} is {whole}, its parts {sum}"
        );
    }
    assert!(checked > 0, "{name} has no components");
}

#[test]
fn trajectories_keep_the_rules_of_pyam() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let real = ["shaanxi-2020", "national-13fyp-observed", "hengyang-2019"]
        .map(|name| format!("scenarios/{name}.toml"));
    let there = real.iter().filter(|file| root.join(file).exists());
    let scenarios: Vec<&str> = there.map(String::as_str).chain([VALID, OTHER]).collect();
    let folder = temporary();
    let args = [
        &["run", "--no-charts", "--out", path(&folder)][..],
        &scenarios,
    ]
    .concat();
    let (code, _, errors) = call(&args);
    assert_eq!(code, 0, "{errors}");
    let found = files(folder.path());
    let tables: Vec<_> = found
        .iter()
        .filter(|(name, _)| name.ends_with("trajectory.csv"))
        .collect();
    assert_eq!(tables.len(), scenarios.len() + 1);
    for (name, bytes) in tables {
        check_trajectory(name, bytes);
        let meta = lines(&found[&name.replace("trajectory", "meta")]);
        assert!(meta.0.starts_with("model,scenario,"), "{}", meta.0);
        let scenario_of = |row: &String| row.split(',').nth(1).unwrap().to_string();
        let described: BTreeSet<String> = meta.1.iter().map(scenario_of).collect();
        assert_eq!(
            described.len(),
            meta.1.len(),
            "{name}: a scenario described twice"
        );
        let present: BTreeSet<String> = lines(bytes).1.iter().map(scenario_of).collect();
        assert_eq!(present, described, "{name}");
    }
}

#[test]
fn the_manifest_hashes_what_was_read_and_written() {
    let folder = temporary();
    assert_eq!(call(&["run", "--out", path(&folder), VALID]).0, 0);
    let written = files(&folder.path().join("valid"));
    let manifest: serde_json::Value = serde_json::from_slice(&written["manifest.json"]).unwrap();
    assert_eq!(manifest["scenario"], "valid");
    assert_eq!(manifest["region"], "shaanxi");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let hash = |bytes: &[u8]| {
        let digest = Sha256::digest(bytes);
        digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let listed = |key: &str| -> BTreeMap<String, String> {
        let items = manifest[key].as_array().unwrap().iter();
        items
            .map(|item| {
                let text = |key: &str| item[key].as_str().unwrap().to_string();
                (text("path"), text("sha256"))
            })
            .collect()
    };
    let outputs: BTreeMap<String, String> = written
        .iter()
        .filter(|(name, _)| *name != "manifest.json")
        .map(|(name, bytes)| (name.clone(), hash(bytes)))
        .collect();
    assert_eq!(listed("outputs"), outputs);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of = |path: &String| hash(&std::fs::read(root.join(path)).unwrap());
    let inputs = listed("inputs");
    assert_eq!(inputs.keys().collect::<Vec<_>>(), [VALID]);
    let data = listed("data");
    let tables = names(&root.join("data"));
    // The tables; the code list of machine output is no number.
    let tables = tables
        .iter()
        .filter(|name| !["README.md", "iamc"].contains(&name.as_str()));
    let tables: BTreeSet<String> = tables.map(|name| format!("data/{name}")).collect();
    assert_eq!(data.keys().cloned().collect::<BTreeSet<_>>(), tables);
    for (path, listed) in inputs.iter().chain(&data) {
        assert_eq!(&of(path), listed, "{path}");
    }
}

/// An inventory of the user's own is an input: it is listed, and its figure is met.
#[test]
fn an_own_inventory_counts() {
    let folder = temporary();
    let own = "region,account,class,year,value,unit,calibre,source,status,note\n\
        shaanxi,SO2,total,2015,50,1e4 t,env-stats-2015,own,quoted,\n";
    std::fs::write(folder.path().join("own.csv"), own).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(VALID)).unwrap();
    let text = text.replace("end_year", "inventory = \"own.csv\"\nend_year");
    let scenario = folder.path().join("own.toml");
    std::fs::write(&scenario, text).unwrap();
    let out = folder.path().join("out");
    let (code, _, errors) = call(&[
        "run",
        "--no-charts",
        "--out",
        out.to_str().unwrap(),
        scenario.to_str().unwrap(),
    ]);
    assert_eq!(code, 0, "{errors}");
    let written = files(&out.join("own"));
    let (_, rows) = lines(&written["trajectory.csv"]);
    let row = rows
        .iter()
        .find(|row| row.contains(",own,Shaanxi,Emissions|Sulfur,Mt SO2/yr,2015,"));
    let value: f64 = row.unwrap().rsplit(',').next().unwrap().parse().unwrap();
    assert!((value - 0.5).abs() < 1e-9, "{value}");
    let manifest = String::from_utf8(written["manifest.json"].clone()).unwrap();
    assert!(manifest.contains("own.csv"), "{manifest}");
    check_trajectory("own", &written["trajectory.csv"]);
}

#[test]
fn a_template_runs_as_it_is() {
    let folder = temporary();
    for (region, end) in [
        ("shaanxi", "2020"),
        ("china", "2025"),
        ("guangzhou", "2030"),
    ] {
        for lang in ["zh", "en"] {
            let file = folder.path().join(format!("{region}-{lang}.toml"));
            let file = file.to_str().unwrap();
            let args = [
                "init", region, "--end", end, "--lang", lang, "--output", file,
            ];
            let (code, _, errors) = call(&args);
            assert_eq!(code, 0, "{errors}");
            let (code, _, errors) = call(&["run", "--dry", file]);
            assert_eq!(code, 0, "{args:?}\n{errors}");
            // What is there is not written over.
            let before = std::fs::read(file).unwrap();
            assert_eq!(call(&args).0, 2);
            assert_eq!(std::fs::read(file).unwrap(), before);
        }
    }
    assert_eq!(call(&["init", "atlantis"]).0, 2);
    assert_eq!(call(&["init", "shaanxi", "--end", "1999"]).0, 2);
}

#[test]
fn lists_are_printed_in_both_languages() {
    for what in [
        "regions",
        "services",
        "technologies",
        "measures",
        "indicators",
        "drivers",
        "scenarios",
        "sources",
        "names",
        "statuses",
    ] {
        for lang in ["zh", "en"] {
            let (code, text, errors) = call(&["list", what, "--lang", lang]);
            assert_eq!((code, errors.as_str()), (0, ""), "{what}");
            assert!(text.lines().count() > 3, "{what}\n{text}");
        }
    }
}

/// The data on disk are those compiled in.
#[test]
fn a_data_folder_stands_for_the_one_compiled_in() {
    let dry = |more: &[&str]| call(&[&["run", "--dry", "--json", VALID][..], more].concat()).1;
    assert_eq!(dry(&["--data", "data"]), dry(&[]));
}
