//! The hindcast: it covers what was published, keeps the numbers it had when they
//! were last looked at, and takes nothing from the numbers it is held against.

use crate::program::run as call;
use crate::support::{catalogue, session_over, updating};
use jianpai::core::catalogue::Level;
use jianpai::load::scenario::Loaded;
use jianpai::study::embedded::HINDCAST;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const HEADER: &str = "region,indicator,book,year,model,published,error";
/// Points: a change of the data below this is no change of the scorecard.
const SAME: f64 = 0.005;

/// Region, indicator and year, with model, published and error.
type Rows = BTreeMap<(String, String, i32), [f64; 3]>;

fn rows(csv: &str) -> Rows {
    let mut lines = csv.lines();
    assert!(lines.next().unwrap().starts_with(HEADER));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let number = |i: usize| cells[i].parse::<f64>().unwrap();
            let key = (cells[0].into(), cells[1].into(), cells[3].parse().unwrap());
            (key, [number(4), number(5), number(6)])
        })
        .collect()
}

fn scorecard() -> Rows {
    let (code, out, err) = call(&["hindcast", "--csv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    rows(&out)
}

#[test]
fn the_scorecard_covers_what_was_published() {
    let found = scorecard();
    for indicator in ["COD", "NH3-N", "SO2", "NOx", "CO2-per-GDP"] {
        for year in 2016..=2019 {
            let key = ("china".to_string(), indicator.to_string(), year);
            assert!(found.contains_key(&key), "{key:?}");
        }
    }
    let data = catalogue();
    // Later progress is on record too, beyond the years of the hindcast.
    let within = data.achievements.iter().filter(|a| a.year <= 2019);
    assert_eq!(found.len(), within.count(), "every published number");
    assert!(data.achievements.iter().any(|a| a.year == 2025));
    let provinces: BTreeSet<&str> = found
        .keys()
        .filter(|(region, indicator, year)| {
            let region = data.region(region).unwrap();
            let level = data.regions[region.at()].level;
            level == Level::Province && indicator == "CO2-per-GDP" && *year == 2019
        })
        .map(|(region, ..)| region.as_str())
        .collect();
    assert_eq!(provinces.len(), 30);
    for pollutant in ["SO2", "NOx", "CO2"] {
        let prefix = format!("{pollutant}:");
        let sectors = found.keys().filter(|(_, i, _)| i.starts_with(&prefix));
        assert!(sectors.count() >= 10, "{pollutant}");
    }
    for (key, [model, published, error]) in &found {
        assert!((model - published - error).abs() < 0.0016, "{key:?}");
    }
}

/// `UPDATE=1 cargo test --test it hindcast` writes it anew; read the difference, and
/// say in data/README.md why it moved.
#[test]
fn the_scorecard_is_the_one_last_looked_at() {
    let (_, out, _) = call(&["hindcast", "--csv"]);
    let path = Path::new(ROOT).join("tests/golden/hindcast/scorecard.csv");
    if updating() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &out).unwrap();
    }
    let kept = rows(&std::fs::read_to_string(&path).unwrap());
    let found = rows(&out);
    let keys = |rows: &Rows| rows.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&kept), keys(&found));
    for (key, values) in &found {
        let near = kept[key]
            .iter()
            .zip(values)
            .all(|(a, b)| (a - b).abs() < SAME);
        assert!(near, "{key:?}: {:?} became {values:?}", kept[key]);
    }
}

/// The numbers stand in the table as they are printed: rounded once.
#[test]
fn the_table_of_the_readme_is_current() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let (_, out, _) = call(&["hindcast", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let found = found["scores"].as_array().unwrap();
    let minus = |value: f64| format!("{value:.1}").replace('-', "−");
    for (indicator, name) in [
        ("COD", "COD"),
        ("NH3-N", "NH3-N"),
        ("SO2", "SO2"),
        ("NOx", "NOx"),
        ("CO2-per-GDP", "CO2 per GDP"),
    ] {
        let cells: Vec<String> = (2016..=2019)
            .map(|year| {
                let entry = found.iter().find(|entry| {
                    entry["region"] == "china"
                        && entry["indicator"] == indicator
                        && entry["year"] == year
                });
                let number = |key: &str| entry.unwrap()[key].as_f64().unwrap();
                let (model, published) = (number("model"), number("published"));
                let error = number("error");
                let sign = if error > 0.05 { "+" } else { "" };
                format!(
                    "{} / {} ({sign}{})",
                    minus(model),
                    minus(published),
                    minus(error)
                )
            })
            .collect();
        let line = format!("| {name} | {} |", cells.join(" | "));
        assert!(readme.contains(&line), "README.md lacks\n{line}");
    }
}

/// The figures of the Chinese README are those of the scorecard and of the model's error.
#[test]
fn the_figures_of_the_chinese_readme_are_current() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.zh.md")).unwrap();
    let (_, out, _) = call(&["hindcast", "--csv"]);
    let found = rows(&out);
    let of = |indicator: &str, year: i32| {
        let own = found
            .iter()
            .filter(move |((_, i, y), _)| (i.as_str(), *y) == (indicator, year));
        own.map(|((region, ..), numbers)| (region.as_str(), *numbers))
            .collect::<BTreeMap<&str, [f64; 3]>>()
    };
    let mut co2 = of("CO2-per-GDP", 2019);
    let [model, published, _] = co2.remove("china").unwrap();
    let count = co2.len();
    let errors = co2.values().map(|[.., error]| *error);
    let mean = errors.clone().sum::<f64>() / co2.values().count() as f64;
    let mean = format!("{mean:.1}").replace('-', "−");
    let near = errors.filter(|error| error.abs() <= 5.0).count();
    let line = format!(
        "全国 2019 年较 2015 年，模型 {model:.1} %，公布 {published:.1} %；各省平均误差 {mean} 个百分点，{count} 个省中 {near} 个在 5 个百分点以内"
    );
    assert!(readme.contains(&line), "README.zh.md lacks\n{line}");
    let span = |numbers: Vec<f64>| {
        let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = numbers.iter().copied().fold(0.0, f64::max);
        format!("{low:.0}—{high:.0}")
    };
    let four = ["COD", "NH3-N", "SO2", "NOx"];
    let nation = span(four.map(|i| of(i, 2019)["china"][2].abs()).to_vec());
    let table = std::fs::read_to_string(Path::new(ROOT).join("data/model_error.csv")).unwrap();
    let bands = |anchored: &str, distance: &str| {
        let mut found = Vec::new();
        for line in table.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let key = (cells[0], cells[3], cells[4]);
            if key == ("plan", anchored, distance) && four.contains(&cells[1]) {
                found.push(cells[7].parse::<f64>().unwrap());
            }
        }
        assert_eq!(found.len(), 4);
        span(found)
    };
    for line in [
        format!("全国误差 2019 年为 {nation} 个百分点"),
        format!("一个省四年后的误差带有 {} 个百分点", bands("no", "4")),
        format!("误差带收窄到 {} 个百分点", bands("yes", "1")),
    ] {
        assert!(readme.contains(&line), "README.zh.md lacks\n{line}");
    }
}

fn load(path: &str) -> Loaded {
    session_over(HINDCAST).try_load(path, None).expect(path)
}

/// A hindcast that is joined to the outcome, or whose elasticities, growth or factors
/// are its own, proves nothing.
#[test]
fn nothing_is_taken_from_the_outcome() {
    let data = catalogue();
    for (path, text) in HINDCAST {
        for key in [
            "[observed",
            "harmonise",
            "[elasticity",
            "[growth",
            "inventory =",
        ] {
            assert!(!text.contains(key), "{path} has {key}");
        }
        let loaded = load(path).scenario;
        assert!(
            loaded.observed.is_empty() && loaded.elasticity.is_empty(),
            "{path}"
        );
        assert!(loaded.growth.is_empty(), "{path} states growth of its own");
        let world = data.world(loaded.region).unwrap();
        assert_eq!(loaded.world.inventory.len(), world.inventory.len());
        assert!(loaded.targets.is_empty());
        for measure in &loaded.measures {
            assert!(
                (measure.level - 1.0).abs() < 1e-12,
                "{path}: {}",
                measure.id
            );
        }
    }
}

/// Each measure says where its record is, and each record named is in the data.
#[test]
fn every_measure_names_its_record() {
    let data = catalogue();
    let worlds = data.worlds.iter().flatten();
    let known: BTreeSet<&str> = worlds
        .flat_map(|world| world.recorded.keys())
        .map(|(name, _)| name.as_str())
        .collect();
    for (path, text) in HINDCAST {
        let sources = text.lines().filter(|line| line.starts_with("source = "));
        for line in sources {
            let named = known.iter().any(|name| line.contains(name));
            let stage = ["heavy-truck-stage-*", "passenger-vehicle-stage-*"];
            let stage = stage.iter().any(|name| line.contains(name));
            assert!(named || stage, "{path}: {line}");
            let status = ["quoted", "computed", "secondary", "recalled", "estimated"];
            assert!(status.iter().any(|s| line.contains(s)), "{path}: {line}");
        }
    }
    for stage in ["heavy-truck-stage-c5", "passenger-vehicle-stage-c5"] {
        assert!(known.contains(stage));
    }
}

/// The stage shares of a fleet are shares.
#[test]
fn recorded_stages_sum_to_one() {
    let data = catalogue();
    let china = data.world(data.region("china").unwrap()).unwrap();
    for fleet in ["heavy-truck-stage-", "passenger-vehicle-stage-"] {
        for year in 2015..=2019 {
            let sum: f64 = china
                .recorded
                .iter()
                .filter(|((name, at), _)| name.starts_with(fleet) && *at == year)
                .map(|(_, recorded)| recorded.value.value)
                .sum();
            assert!((sum - 1.0).abs() < 5e-4, "{fleet} {year}: {sum}");
        }
    }
}

/// Thermal power follows thermal output, not the use of electricity.
#[test]
fn power_follows_recorded_thermal_generation() {
    let data = catalogue();
    let china = data.world(data.region("china").unwrap()).unwrap();
    let driver = data.driver("electricity").unwrap();
    for year in 2016..=2024 {
        let level = |year: i32| {
            china.recorded[&("thermal-generation".into(), year)]
                .value
                .value
        };
        let growth = china.growth[&(driver, year)].0.value;
        let recorded = level(year) / level(year - 1) - 1.0;
        assert!(
            (growth - recorded).abs() < 1e-5,
            "{year}: {growth} {recorded}"
        );
    }
}

#[test]
fn the_command_prints_writes_and_refuses() {
    let (code, zh, _) = call(&["hindcast", "--lang", "zh"]);
    assert_eq!(code, 0);
    for word in [
        "总量减排核算口径",
        "MEIC 研究清单",
        "CEADs",
        "凭记忆待核",
        "陕西",
    ] {
        assert!(zh.contains(word), "{word}");
    }
    let (_, json, _) = call(&["hindcast", "--json", "--region", "shaanxi"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "jianpai-tables/1");
    let told = &json["tables"]["hindcast"]["rows"];
    let scores = json["scores"].as_array().unwrap();
    assert_eq!(told.as_array().unwrap().len(), scores.len());
    let first = &scores[0];
    assert_eq!(first["calibre"], "ceads");
    assert_eq!(first["status"], "computed");

    let out = tempfile::tempdir().unwrap();
    let path = out.path().to_str().unwrap();
    let (code, ..) = call(&["hindcast", "--region", "china", "--out", path]);
    assert_eq!(code, 0);
    for name in [
        "hindcast.csv",
        "charts/hindcast.zh.svg",
        "charts/hindcast-CO2.en.svg",
    ] {
        assert!(out.path().join("hindcast").join(name).is_file(), "{name}");
    }
    let on_disk = ["hindcast", "--csv", "--scenarios", "scenarios/hindcast"];
    assert_eq!(rows(&call(&on_disk).1), scorecard());

    for (args, word) in [
        (vec!["--region", "shanxii"], "shanxi"),
        (vec!["--region", "tibet"], "no published number"),
        // Its one number is of 2020, after the last year of the scenario.
        (vec!["--region", "guangzhou"], "in 2015-2019: guangzhou"),
        (
            vec!["--scenarios", "no-such-folder"],
            "no-such-folder: there is no such",
        ),
    ] {
        let (code, out, err) = call(&[vec!["hindcast"], args].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(word), "{err}");
    }
}
