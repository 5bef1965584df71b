//! What `diff`, `decompose`, `hindcast`, `init` and `run --strict` say, against runs of
//! the scenarios they speak of.

use crate::program;
use crate::support::{catalogue, close, load, session};
use crate::written::{Shipped, shipped};
use jianpai::core::catalogue::{Account, Book};
use jianpai::core::outcome;
use jianpai::core::plan;
use jianpai::core::sector;
use jianpai::core::target::Demand;
use serde_json::Value;
use std::collections::BTreeMap;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What a call prints that did not fail.
fn call(args: &[&str]) -> (i32, String) {
    let (code, out, errors) = program::call("en", args);
    assert!(code < 2, "{args:?}: {errors}");
    (code, out)
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    let cell = &row[name];
    cell.parse().unwrap_or_else(|_| panic!("{name} `{cell}`"))
}

fn one(id: &str) -> &'static Shipped {
    shipped().iter().find(|one| one.scenario.id == id).unwrap()
}

/// Base units in the unit of a table.
fn unit(text: &str) -> f64 {
    match text {
        "1e4 t" | "1e4 tce" => 1e4,
        "%" | "t/1e4 CNY" | "tce/1e4 CNY" => 0.01,
        "" | "1" | "base year = 1" => 1.0,
        other if other.contains("= 100") || other.contains("=100") => 0.01,
        other => panic!("`{other}`"),
    }
}

#[test]
fn differences_are_those_of_the_two_runs() {
    for (a, b) in [
        ("shaanxi-14fyp-weak", "shaanxi-14fyp-strengthened"),
        // Of other lengths.
        ("shaanxi-2020", "shaanxi-14fyp-planned"),
    ] {
        let files = [a, b].map(|id| format!("scenarios/{id}.toml"));
        let pair = [one(a), one(b)];
        let (_, out) = call(&["diff", &files[0], &files[1], "--csv=outputs"]);
        let found = rows(&out);
        let common = pair[0].plan.span().min(pair[1].plan.span());
        assert_eq!(found.len(), common * catalogue().indicators.len());
        for row in &found {
            let i = catalogue().indicator(&row["indicator"]).unwrap().at();
            let year: i32 = row["year"].parse().unwrap();
            let of = |one: &Shipped| one.outcome.indicators[i][one.plan.year(year).unwrap()];
            let values = [of(pair[0]), of(pair[1])];
            let scale = unit(&row["unit"]);
            let place = format!("{a} {b} {row:?}");
            let near = |name: &str, wanted: f64, scale: f64| {
                let found = number(row, name) * scale;
                assert!(
                    close(found, wanted, 1e-9, values[0] * 1e-3),
                    "{place}: {wanted}"
                );
            };
            near("a", values[0], scale);
            near("b", values[1], scale);
            near("change", values[1] - values[0], scale);
            if !row["change_percent"].is_empty() {
                let change = (values[1] / values[0] - 1.0) * 100.0;
                let found = number(row, "change_percent");
                assert!((found - change).abs() < 1e-6, "{place}: {change}");
            }
        }
        // What explains the difference sums to it.
        let (_, out) = call(&["diff", &files[0], &files[1], "--csv=explanation"]);
        let mut sums: BTreeMap<(String, String), f64> = BTreeMap::new();
        for row in rows(&out) {
            let key = (row["indicator"].clone(), row["year"].clone());
            *sums.entry(key).or_default() += number(&row, "value");
        }
        let mut held = 0;
        for row in &found {
            let key = (row["indicator"].clone(), row["year"].clone());
            let (sum, change) = (sums.get(&key).copied(), number(row, "change"));
            assert!(
                (sum.unwrap_or(0.0) - change).abs() <= 1e-8 * number(row, "a").abs(),
                "{key:?}: {sum:?} for {change}"
            );
            held += usize::from(change.abs() > 1e-9);
        }
        assert!(held > 30, "{held}");
        let (_, out) = call(&["diff", &files[0], &files[1], "--json"]);
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((&json["a"], &json["b"]), (&a.into(), &b.into()));
        for part in json["explanation"].as_array().unwrap() {
            let i = catalogue().indicator(part["indicator"].as_str().unwrap());
            let i = i.unwrap().at();
            for t in 0..common {
                let parts = part["parts"].as_array().unwrap().iter();
                let sum: f64 = parts.map(|p| p["values"][t].as_f64().unwrap()).sum();
                let year = pair[0].plan.years[t];
                let of = |one: &Shipped| one.outcome.indicators[i][one.plan.year(year).unwrap()];
                let change = of(pair[1]) - of(pair[0]);
                assert!(
                    close(sum, change, 1e-8, of(pair[0])),
                    "{year} {}",
                    part["indicator"]
                );
            }
        }
    }
}

#[test]
fn decompositions_are_of_the_years_asked_for() {
    let scenario = one("shaanxi-2020");
    for (from, to) in [(2015, 2020), (2016, 2019), (2018, 2020)] {
        let (first, last) = (from.to_string(), to.to_string());
        let years = ["--from", &first, "--to", &last];
        let file = "scenarios/shaanxi-2020.toml";
        let (_, out) = call(&[&["decompose", file, "--json"][..], &years].concat());
        let json: Value = serde_json::from_str(&out).unwrap();
        let all = json["decompositions"].as_array().unwrap();
        assert!(all.len() >= 8);
        let at = |year: i32| scenario.plan.year(year).unwrap();
        for found in all {
            let id = found["account"].as_str().unwrap();
            let account = match id {
                "coal" => Account::Coal,
                "energy" => Account::Energy,
                id => {
                    let book = Book::parse(found["book"].as_str().unwrap()).unwrap();
                    Account::Pollutant(catalogue().pollutant(id).unwrap(), book)
                }
            };
            let q = scenario.plan.account(account).unwrap();
            let total = |year: i32| scenario.outcome.run.total[q * scenario.plan.span() + at(year)];
            let value = |key: &str| found[key].as_f64().unwrap();
            let place = format!("{id} {from}-{to}");
            assert_eq!(
                (found["from"].as_i64(), found["to"].as_i64()),
                (Some(from.into()), Some(to.into()))
            );
            assert!(close(value("start"), total(from), 1e-12, 0.0), "{place}");
            assert!(close(value("end"), total(to), 1e-12, 0.0), "{place}");
            let effects = found["effects"].as_array().unwrap().iter();
            let sum: f64 = effects.map(|e| e["value"].as_f64().unwrap()).sum();
            assert!(
                close(sum, total(to) - total(from), 1e-9, total(from)),
                "{place}"
            );
        }
        // The table says the same in ten thousand tonnes.
        let (_, out) = call(&[&["decompose", file, "--csv"][..], &years].concat());
        for row in rows(&out) {
            assert_eq!((&row["from"], &row["to"]), (&first, &last));
            let effect = all
                .iter()
                .filter(|found| {
                    let book = found["book"].as_str().unwrap_or_default();
                    found["account"] == *row["account"]
                        && book == row["book"]
                        && found["view"] == *row["view"]
                })
                .flat_map(|found| found["effects"].as_array().unwrap())
                .find(|effect| effect["effect"] == *row["effect"])
                .unwrap();
            let value = number(&row, "value") * unit(&row["unit"]);
            assert!(
                close(value, effect["value"].as_f64().unwrap(), 1e-12, 1e-3),
                "{row:?}"
            );
        }
    }
}

/// The scorecard holds what the recorded measures give, what was published, and the
/// model less the published.
#[test]
fn the_hindcast_is_the_run_beside_the_published() {
    let data = catalogue();
    let published: BTreeMap<(String, String, String), f64> = {
        let files = jianpai::study::embedded::data();
        let file = files
            .iter()
            .find(|file| file.name == "outcomes.csv")
            .unwrap();
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        let within = |row: &BTreeMap<String, String>| number(row, "year") <= 2019.0;
        let own = rows(&text).into_iter().filter(within).map(|row| {
            assert_eq!(
                (row["kind"].as_str(), row["base_year"].as_str()),
                ("reduction", "2015")
            );
            let key = (
                row["region"].clone(),
                row["indicator"].clone(),
                row["year"].clone(),
            );
            (key, number(&row, "value"))
        });
        own.collect()
    };
    let (_, out) = call(&["hindcast", "--csv"]);
    let found = rows(&out);
    assert_eq!(found.len(), published.len());
    let mut runs: BTreeMap<String, (plan::Plan, outcome::Outcome)> = BTreeMap::new();
    let mut held = 0;
    for row in &found {
        let key = (
            row["region"].clone(),
            row["indicator"].clone(),
            row["year"].clone(),
        );
        let (model, said, error) = (
            number(row, "model"),
            number(row, "published"),
            number(row, "error"),
        );
        assert!(
            (said - published[&key]).abs() < 6e-4,
            "{row:?}: {}",
            published[&key]
        );
        assert!((error - (model - said)).abs() < 1.6e-3, "{row:?}");
        // The nation and a few provinces are run again.
        if !["china", "hebei", "guangdong", "xinjiang"].contains(&key.0.as_str()) {
            continue;
        }
        let (plan, result) = runs.entry(key.0.clone()).or_insert_with(|| {
            let name = if key.0 == "china" {
                "china"
            } else {
                "provinces"
            };
            let path = format!("{ROOT}/scenarios/hindcast/{name}.toml");
            let run = session().open(&path, data.region(&key.0)).unwrap().run();
            (run.study.plan, run.outcome)
        });
        let book = Book::parse(&row["book"]).unwrap();
        let kept = data.indicator_in(&key.1, book);
        let values = match kept.or_else(|| data.indicator(&key.1)) {
            Some(i) => result.indicators[i.at()].clone(),
            None => sector::emissions(data, plan, sector::parse(data, &key.1).unwrap()),
        };
        let t = plan.year(key.2.parse().unwrap()).unwrap();
        let wanted = (values[0] - values[t]) / values[0] * 100.0;
        assert!((model - wanted).abs() < 6e-4, "{row:?}: {wanted}");
        held += 1;
    }
    assert!(held > 60, "{held}");
}

/// Growth of a template: what the record's mean is, and what current policy takes
/// after it.
#[test]
fn a_template_tells_the_record_and_what_is_taken_after_it() {
    let data = catalogue();
    for (region, number, end) in [("hebei", "13", 2020), ("china", "14", 2025)] {
        let (_, text) = call(&["init", region, "--plan", number]);
        let id = data.region(region).unwrap();
        let world = data.world(id).unwrap();
        let extends = text.split_once("extends = \"").unwrap().1;
        let extends = extends.split_once('"').unwrap().0;
        let folder = &extends[..=extends.rfind('/').unwrap()];
        let bases =
            jianpai::study::embedded::BASES.map(|(name, text)| (format!("{folder}{name}"), text));
        let mut files = vec![("main.toml", text.as_str())];
        files.extend(bases.iter().map(|(name, text)| (name.as_str(), *text)));
        let loaded = load(data, &files).unwrap_or_else(|error| panic!("{error}"));
        let growth = text.split_once("[growth]").unwrap().1;
        let growth = growth.split_once("\n[").map_or(growth, |(own, _)| own);
        let mut held = 0;
        for line in growth.lines() {
            let line = line.trim_start_matches("# ");
            let Some((key, rest)) = line.split_once(" = ") else {
                continue;
            };
            let Some(driver) = data.driver(key.trim()) else {
                continue;
            };
            let (stated, comment) = rest.split_once('#').unwrap();
            let record: Vec<f64> = world
                .growth
                .range((driver, i32::MIN)..=(driver, i32::MAX))
                .map(|(_, (rate, _))| rate.value * 100.0)
                .collect();
            let mean = record.iter().sum::<f64>() / record.len() as f64;
            let shown = comment.split_once(" % a year").unwrap().0;
            let shown: f64 = shown.rsplit(' ').next().unwrap().parse().unwrap();
            assert!((shown - mean).abs() <= 0.0501, "{region}: {line}: {mean}");
            held += 1;
            if comment.contains("without effect") {
                continue;
            }
            // What is stated last is the growth of the last year.
            let last = stated.rsplit_once(" %\"").unwrap().0;
            let last: f64 = last.rsplit('"').next().unwrap().parse().unwrap();
            let (rate, _) = loaded.scenario.growth_of(driver, end).unwrap();
            assert!(
                (last - rate * 100.0).abs() <= 0.0501,
                "{region}: {line}: {rate}"
            );
        }
        assert!(held >= 8, "{region}: {held}\n{text}");
        // Official targets that fall within the years stand with their amounts.
        for target in &loaded.scenario.targets {
            let indicator = &data.indicators[target.indicator.at()].base;
            let own = data.targets.iter().find(|official| {
                official.region == id
                    && official.indicator == *indicator
                    && official.target_year == target.year
            });
            let own = own.unwrap_or_else(|| panic!("{region}: {} is not official", target.id));
            match target.demand {
                Demand::Reduction { wanted, base_year } => {
                    assert!(close(wanted, own.value.value, 1e-6, 0.0), "{}", target.id);
                    assert_eq!(base_year, own.base_year, "{}", target.id);
                }
                Demand::Project { wanted, .. } => {
                    assert!(close(wanted, own.value.value, 1e-9, 0.0), "{}", target.id);
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(loaded.scenario.targets.len() >= 4, "{region}");
    }
}

/// `--strict` turns a single missed target into exit code 1, whatever else is met.
#[test]
fn strict_is_strict() {
    for one in shipped() {
        let file = format!("scenarios/{}.toml", one.scenario.id);
        let (code, _) = call(&["run", "--dry", "--strict", &file]);
        let missed = one
            .outcome
            .verdicts
            .iter()
            .any(|v| v.is_none_or(|v| !v.met));
        assert_eq!(code, i32::from(missed), "{file}");
    }
    // One missed among several met.
    let some = shipped().iter().any(|one| {
        let missed = one.outcome.verdicts.iter().flatten().filter(|v| !v.met);
        missed.count() == 1 && one.outcome.verdicts.len() > 2
    });
    if !some {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.toml");
        let text = format!(
            "[scenario]\nextends = \"{ROOT}/scenarios/shaanxi-2020.toml\"\nname_zh = \"一\"\nname_en = \"one\"\n\
             [targets.more]\nindicator = \"SO2\"\nyear = 2020\nreduction = \"99 %\"\n"
        );
        std::fs::write(&path, text).unwrap();
        let (code, _) = call(&["run", "--dry", "--strict", path.to_str().unwrap()]);
        assert_eq!(code, 1);
    }
}
