//! Every scenario gives the numbers that it gave when they were last looked at.
//!
//! `UPDATE=1 cargo test --test it golden` writes them anew; read the difference
//! before you commit it.

use crate::support::{session, updating};
use jianpai::core::catalogue::{Account, Catalogue};
use jianpai::core::outcome::{self, Item, Outcome};
use jianpai::core::plan::Plan;
use jianpai::core::scenario::Scenario;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What makes two numbers the same.
const RELATIVE: f64 = 1e-9;

/// What counts as nothing beside the largest number of the same kind and key.
const NOTHING: f64 = 1e-12;

/// One number: what it is, of what, in which part or year.
type Key = (String, String, String);

/// Numbers in the order of the file.
type Numbers = Vec<(Key, String)>;

/// The names, without extension, of the files of a folder.
fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let named = paths.filter(|path| path.extension().is_some_and(|e| e == extension));
    named
        .map(|path| {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

fn golden(name: &str) -> PathBuf {
    Path::new(ROOT)
        .join("tests/golden")
        .join(format!("{name}.csv"))
}

/// Loads, compiles and runs one scenario.
fn run(name: &str) -> Result<Numbers, String> {
    let study = session().open(&format!("scenarios/{name}.toml"), None);
    let run = study.map_err(|error| error.to_string())?.run();
    let (scenario, plan) = (run.study.scenario(), &run.study.plan);
    Ok(numbers(run.catalogue(), scenario, plan, &run.outcome))
}

/// Indicators by year, verdicts, and the balance of every account in the last year.
fn numbers(data: &Catalogue, scenario: &Scenario, plan: &Plan, result: &Outcome) -> Numbers {
    let mut found = Vec::new();
    let mut add = |kind: &str, of: &str, part: &str, value: String| {
        found.push(((kind.to_string(), of.to_string(), part.to_string()), value));
    };
    for (indicator, values) in data.indicators.iter().zip(&result.indicators) {
        for (year, value) in plan.years.iter().zip(values) {
            add(
                "indicator",
                &indicator.named.id,
                &year.to_string(),
                format!("{value:e}"),
            );
        }
    }
    for (target, verdict) in scenario.targets.iter().zip(&result.verdicts) {
        let Some(verdict) = verdict else {
            add("verdict", &target.id, "met", "unjudged".to_string());
            continue;
        };
        let parts = [
            ("required", verdict.required),
            ("reached", verdict.reached),
            ("margin", verdict.margin),
            ("room", verdict.room),
        ];
        for (part, value) in parts {
            add("verdict", &target.id, part, format!("{value:e}"));
        }
        let year = verdict
            .year_met
            .map_or("never".to_string(), |year| year.to_string());
        add("verdict", &target.id, "met", verdict.met.to_string());
        add("verdict", &target.id, "year-met", year);
    }
    for account in &plan.accounts {
        let balance = outcome::balance(plan, &result.run, *account, plan.span() - 1);
        for (item, value) in balance.expect("an account of the plan").lines {
            if value.abs() < f64::MIN_POSITIVE {
                continue; // most measures change few accounts
            }
            let part = match item {
                Item::Base => "= base".to_string(),
                Item::Growth => "= growth".to_string(),
                Item::Measure(m) => plan.measures[m].id.clone(),
                Item::Join => "= join".to_string(),
                Item::Total => "= total".to_string(),
            };
            add(
                "balance",
                &name_of(data, *account),
                &part,
                format!("{value:e}"),
            );
        }
    }
    found
}

fn name_of(data: &Catalogue, account: Account) -> String {
    match account {
        account @ Account::Pollutant(..) => account.id(data),
        Account::Outside(p) => format!("{} outside", data.pollutants[p.at()].named.id),
        Account::Coal => "coal".to_string(),
        Account::Energy => "energy".to_string(),
        Account::Cost => "cost".to_string(),
        Account::NonFossil
        | Account::FinalEnergy
        | Account::FinalElectricity
        | Account::IndustryEnergy => account.id(data),
        Account::Activity(i) => data.indicators[i.at()].named.id.clone(),
    }
}

fn write(numbers: &Numbers) -> String {
    let rows = numbers
        .iter()
        .map(|((kind, of, part), value)| format!("{kind},{of},{part},{value}\n"));
    std::iter::once("kind,of,part,value\n".to_string())
        .chain(rows)
        .collect()
}

fn read(text: &str) -> Numbers {
    let rows = text.lines().skip(1);
    rows.map(|line| {
        let cells: Vec<String> = line.split(',').map(str::to_string).collect();
        let [kind, of, part, value] = cells.try_into().expect("four cells");
        ((kind, of, part), value)
    })
    .collect()
}

/// What differs between the numbers kept and those found.
fn differences(kept: &Numbers, found: &Numbers) -> Vec<String> {
    let number = |text: &str| text.parse::<f64>().ok();
    let mut largest: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for ((kind, of, _), value) in kept {
        let size = largest.entry((kind.as_str(), of.as_str())).or_default();
        *size = size.max(number(value).map_or(0.0, f64::abs));
    }
    let same = |(kind, of, _): &Key, kept: &str, found: &str| match (number(kept), number(found)) {
        (Some(kept), Some(found)) => {
            let size = largest.get(&(kind.as_str(), of.as_str())).copied();
            let nothing = NOTHING * size.unwrap_or_default().max(1.0);
            (kept - found).abs() <= (RELATIVE * kept.abs().max(found.abs())).max(nothing)
        }
        _ => kept == found,
    };
    let (before, after): (BTreeMap<_, _>, BTreeMap<_, _>) = (
        kept.iter().cloned().collect(),
        found.iter().cloned().collect(),
    );
    // A line of a balance that is not there is nothing.
    let absent = |(kind, ..): &Key| if kind == "balance" { "0e0" } else { "nothing" };
    let mut differ = Vec::new();
    for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let value = |numbers: &BTreeMap<Key, String>| {
            let there = numbers.get(key).map(String::as_str);
            there.unwrap_or(absent(key)).to_string()
        };
        let (old, new) = (value(&before), value(&after));
        if !same(key, &old, &new) {
            differ.push(format!("{key:?}: {old} became {new}"));
        }
    }
    differ
}

#[test]
fn every_scenario_gives_its_golden_numbers() {
    let scenarios = names("scenarios", "toml");
    let goldens = names("tests/golden", "csv");
    let update = updating();
    let check = |name: &String| -> Result<(), String> {
        let found = run(name).map_err(|problems| format!("{name} does not run\n{problems}"))?;
        if update {
            return std::fs::write(golden(name), write(&found)).map_err(|error| error.to_string());
        }
        if !goldens.contains(name) {
            return Err(format!(
                "{name} has no tests/golden/{name}.csv; run with UPDATE=1"
            ));
        }
        let kept = std::fs::read_to_string(golden(name)).map_err(|error| error.to_string())?;
        let differ = differences(&read(&kept), &found);
        match differ.len() {
            0 => Ok(()),
            count => Err(format!(
                "{name}: {count} numbers differ\n  {}",
                differ[..count.min(12)].join("\n  ")
            )),
        }
    };
    let names: Vec<&String> = scenarios.iter().collect();
    let mut failed: Vec<String> = names
        .par_iter()
        .filter_map(|name| check(name).err())
        .collect();
    for orphan in goldens.difference(&scenarios) {
        if update {
            std::fs::remove_file(golden(orphan)).expect("a golden file that can be removed");
        } else {
            failed.push(format!(
                "tests/golden/{orphan}.csv has no scenarios/{orphan}.toml"
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
}

#[test]
fn the_comparison_sees_every_kind_of_difference() {
    let kept = read(
        "kind,of,part,value\nbalance,SO2,= base,2e6\nbalance,SO2,m,-1e-7\nverdict,t,met,true\nindicator,SO2,2016,0e0\n",
    );
    assert_eq!(read(&write(&kept)), kept);
    let with = |at: usize, value: &str| {
        let mut found = kept.clone();
        found[at].1 = value.to_string();
        differences(&kept, &found)
    };
    assert!(with(0, "2.000000001e6").is_empty());
    assert_eq!(with(0, "2.00000001e6").len(), 1);
    assert!(with(1, "1e-7").is_empty(), "rounding of two million tonnes");
    assert_eq!(with(1, "1e-5").len(), 1);
    assert_eq!(with(2, "false").len(), 1);
    assert!(with(3, "5e-13").is_empty());
    assert_eq!(with(3, "2e-12").len(), 1);
    assert_eq!(with(0, "NaN").len(), 1);
    let with_line = |value: &str| {
        let mut found = kept.clone();
        let key = ("balance".into(), "SO2".into(), "n".into());
        found.push((key, value.into()));
        (
            differences(&kept, &found).len(),
            differences(&found, &kept).len(),
        )
    };
    assert_eq!((with_line("1e-7"), with_line("1e-5")), ((0, 0), (1, 1)));
    let (mut fewer, mut more) = (kept.clone(), kept.clone());
    fewer.pop();
    more.push((("verdict".into(), "u".into(), "met".into()), "true".into()));
    assert_eq!(
        (
            differences(&kept, &fewer).len(),
            differences(&kept, &more).len()
        ),
        (1, 1)
    );
}

/// The picture in the README is the one that the program draws.
#[test]
fn the_picture_of_the_readme_is_current() {
    let root = env!("CARGO_MANIFEST_DIR");
    let out = tempfile::tempdir().unwrap();
    assert_cmd::Command::cargo_bin("jianpai")
        .unwrap()
        .args([
            "run",
            "scenarios/shaanxi-2020.toml",
            "--lang",
            "zh",
            "--out",
        ])
        .arg(out.path())
        .current_dir(root)
        .assert()
        .success();
    let drawn = std::fs::read_to_string(out.path().join("shaanxi-2020/charts/indices.zh.svg"));
    let drawn = drawn.unwrap();
    let kept = format!("{root}/tests/golden/charts/shaanxi-2020-indices.zh.svg");
    if updating() {
        std::fs::create_dir_all(format!("{root}/tests/golden/charts")).unwrap();
        std::fs::write(&kept, &drawn).unwrap();
    }
    let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
    assert!(readme.contains("tests/golden/charts/shaanxi-2020-indices.zh.svg"));
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(
        kept == drawn,
        "UPDATE=1 cargo test --test it golden rewrites it"
    );
}

/// The schema that scenario files name is the one that the program prints.
#[test]
fn the_schema_file_is_current() {
    let kept = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/scenarios/scenario.schema.json"
    );
    let printed = jianpai::load::schema::text();
    if updating() {
        std::fs::write(kept, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    assert!(
        kept == printed,
        "UPDATE=1 cargo test --test it golden rewrites it"
    );
}
