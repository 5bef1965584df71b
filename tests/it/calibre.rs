//! Numbers of different calibres are never set against each other.
//!
//! The trap: national NH3-N was 229.9 (1e4 t) in the statistics of 2015 and 96.3 in the
//! census of 2017. That is no achievement of 58 %.

use super::support::{
    bare, catalogue, close, compiled, data_with, load, physical, read_catalogue, run_at,
};
use jianpai::core::calibre::Calibred;
use jianpai::core::catalogue::Level;
use jianpai::core::target::Demand;
use jianpai::load::catalogue::DataFile;
use std::path::Path;

/// A scenario of the nation joined by ratios, with more below.
fn nation(more: &str) -> String {
    let china = catalogue().region("china").unwrap();
    let text = bare(catalogue(), china, 2020);
    text.replace("end_year = 2020", "end_year = 2020\nharmonise = \"ratio\"") + more
}

fn observed(more: &str) -> String {
    nation(&format!(
        "\n[observed.nh3n]\nindicator = \"NH3-N\"\nyear = 2017\n{more}\n"
    ))
}

const CENSUS: &str = "value = \"96.3 万t\"\ncalibre = \"census-2017\"";
const SPLICE: &str = "\n[splice.census]\nindicator = \"NH3-N\"\nfrom = \"census-2017\"\nto = \"env-stats-2015\"\nfactor = 2.25\nyear = 2017\nsource = \"a paper\"\n";

fn refused(text: &str) -> String {
    load(catalogue(), &[("main.toml", text)]).expect_err("two calibres in one quotient")
}

/// 2015 statistics against the 2017 census.
#[test]
fn the_census_is_no_achievement() {
    let found = refused(&observed(CENSUS));
    for part in [
        "error[calibre-mixed]",
        "main.toml:",
        "second national pollution source census",
        "2015 environmental statistics",
        "data/inventory.csv:",
        "−58.1 % on 2015: an artefact",
        "[splice.NAME] from = \"census-2017\", to = \"env-stats-2015\"",
    ] {
        assert!(found.contains(part), "{part:?} is not in\n{found}");
    }
    // Nor by any other door.
    assert!(refused(&observed("value = \"96.3 万t\"")).contains("needs its `calibre`"));
    let cut = observed("reduction = \"58.1 %\"\ncalibre = \"census-2017\"");
    assert!(refused(&cut).contains("error[calibre-mixed]"));
    let wrong = SPLICE.replace("NH3-N", "COD");
    assert!(refused(&(observed(CENSUS) + &wrong)).contains("error[calibre-mixed]"));
    let wrong = SPLICE.replace("\"env-stats-2015\"", "\"stats-2020\"");
    assert!(refused(&(observed(CENSUS) + &wrong)).contains("error[calibre-mixed]"));
    let unsourced = SPLICE.replace("source = \"a paper\"\n", "");
    assert!(refused(&(observed(CENSUS) + &unsourced)).contains("`source`"));
}

/// With a declared splice the census counts: 96.3 · 2.25 against 229.9.
#[test]
fn a_declared_splice_carries_it_over() {
    let text = observed(CENSUS) + SPLICE;
    let scenario = load(catalogue(), &[("main.toml", &text)]).unwrap().scenario;
    let seen = &scenario.observed[0];
    assert!(close(
        seen.reduction,
        1.0 - 96.3 * 2.25 / 229.9136,
        1e-12,
        1.0
    ));
    assert_eq!(seen.splice, Some(0));
    assert_eq!(catalogue().calibres[seen.calibre.at()].id, "census-2017");
    let plan = compiled(catalogue(), &scenario);
    let run = run_at(&plan, &plan.stated_levels());
    let p = catalogue().pollutant("NH3-N").unwrap();
    let q = plan.account(physical(p)).unwrap();
    let at = |year: i32| run.total[q * plan.span() + plan.year(year).unwrap()];
    assert!(close(at(2017), 963_000.0 * 2.25, 1e-9, 1.0), "{}", at(2017));
    assert!(close(at(2015), 2_299_136.0, 1e-9, 1.0));
    // The other way round it is the same bridge.
    let back = SPLICE
        .replace(
            "from = \"census-2017\"\nto = \"env-stats-2015\"",
            "from = \"env-stats-2015\"\nto = \"census-2017\"",
        )
        .replace("2.25", "0.4444444444444444");
    let text = observed(CENSUS) + &back;
    let same = load(catalogue(), &[("main.toml", &text)]).unwrap().scenario;
    assert!(close(
        same.observed[0].reduction,
        seen.reduction,
        1e-12,
        1.0
    ));
}

#[test]
fn an_amount_of_the_base_years_calibre_is_a_reduction() {
    let text = observed("value = \"206.92224 万t\"\ncalibre = \"env-stats-2015\"");
    let scenario = load(catalogue(), &[("main.toml", &text)]).unwrap().scenario;
    assert!(close(scenario.observed[0].reduction, 0.1, 1e-9, 1.0));
    // Published progress is fixed-base accounting unless it says otherwise.
    let text = observed("reduction = \"10 %\"");
    let scenario = load(catalogue(), &[("main.toml", &text)]).unwrap().scenario;
    let id = &catalogue().calibres[scenario.observed[0].calibre.at()].id;
    assert_eq!(id, "mee-fixed-base");
}

/// Progress on the year before, as bulletins give it: 2 % by 2016, 3 % more in 2017 and
/// 4 % more on 2016 by 2018, in whatever order they stand.
#[test]
fn a_reduction_may_count_from_another_observed_year() {
    let link = |id: &str, year: i32, cut: &str, base: &str| {
        format!(
            "\n[observed.{id}]\nindicator = \"NH3-N\"\nyear = {year}\nreduction = \"{cut} %\"\n{base}\n"
        )
    };
    let entries = link("c", 2018, "4", "base_year = 2016")
        + &link("b", 2017, "3", "base_year = 2016")
        + &link("a", 2016, "2", "base_year = 2015")
        + &link("d", 2019, "5", "base_year = 2018");
    let read = |text: &str| load(catalogue(), &[("main.toml", text)]).map(|l| l.scenario);
    let scenario = read(&nation(&entries)).unwrap();
    let cuts = [0.98 * 0.96, 0.98 * 0.97, 0.98, 0.98 * 0.96 * 0.95];
    for (seen, left) in scenario.observed.iter().zip(cuts) {
        assert!(close(seen.reduction, 1.0 - left, 1e-12, 1.0), "{seen:?}");
        let id = &catalogue().calibres[seen.calibre.at()].id;
        assert_eq!(id, "mee-fixed-base");
    }
    // It counts from an amount as well, and is of its calibre and behind its splice.
    let later = link("later", 2018, "10", "base_year = 2017");
    let scenario = read(&(observed(CENSUS) + SPLICE + &later)).unwrap();
    let [first, then] = &scenario.observed[..] else {
        panic!("{:?}", scenario.observed);
    };
    let left = 0.9 * (1.0 - first.reduction);
    assert!(close(then.reduction, 1.0 - left, 1e-12, 1.0));
    assert_eq!((then.calibre, then.splice), (first.calibre, first.splice));
    assert_eq!(then.amount, None);
    // Another calibre than that of the year before is no link.
    let other = link(
        "later",
        2018,
        "10",
        "base_year = 2017\ncalibre = \"stats-2020\"",
    );
    let said = refused(&(observed(CENSUS) + SPLICE + &other));
    assert!(said.contains("error[calibre-mixed]"), "{said}");
    for (entries, words) in [
        (
            link("a", 2018, "4", "base_year = 2017"),
            "no observed NH3-N of 2017",
        ),
        (
            link("a", 2018, "4", "base_year = 2018"),
            "must come before the observed year 2018",
        ),
        (link("a", 2018, "4", "base_year = 2014"), "2014"),
        (
            link("a", 2016, "4", "")
                + &link("b", 2018, "4", "base_year = 2016").replace("NH3-N", "COD"),
            "no observed COD of 2016",
        ),
        (
            "\n[observed.a]\nindicator = \"NH3-N\"\nyear = 2018\nvalue = \"200 万t\"\ncalibre = \"env-stats-2015\"\nbase_year = 2016\n".to_string(),
            "counts for nothing beside an amount",
        ),
    ] {
        let said = refused(&nation(&entries));
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// A splice is shown wherever the numbers it carried are.
#[test]
fn a_splice_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("spliced.toml");
    std::fs::write(&file, observed(CENSUS) + SPLICE).unwrap();
    let out = folder.path().join("out");
    let call = |more: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_jianpai"));
        let command = command
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(["--lang", "zh", "run"]);
        let output = command
            .arg(&file)
            .arg("--out")
            .arg(&out)
            .args(more)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let line = "口径衔接：第二次全国污染源普查口径 ×2.25 → 2015年环境统计口径（2017年，a paper）";
    assert!(call(&[]).contains(line));
    let read = |name: &str| std::fs::read_to_string(out.join("spliced").join(name)).unwrap();
    for (name, shown) in [
        ("balance-NH3-N", true),
        ("indices", true),
        ("balance-SO2", false),
    ] {
        let svg = read(&format!("charts/{name}.zh.svg"));
        assert_eq!(svg.contains("口径衔接"), shown, "{name}");
    }
    let lines = |svg: &str| svg.matches("stroke-dasharray=\"2 4\"").count();
    let indices = read("charts/indices.zh.svg");
    assert_eq!(lines(&indices), 2, "on the chart and in its key");
    assert!(read("meta.csv").contains("NH3-N census-2017 ×2.25 env-stats-2015"));
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!(manifest["splices"][0]["from"], "census-2017");
    let summary: serde_json::Value = serde_json::from_str(&call(&["--dry", "--json"])).unwrap();
    assert_eq!(summary["splices"][0]["factor"], 2.25);
}

/// A cap in another calibre is carried over, or refused; so are the official targets,
/// which count from the data's own base.
#[test]
fn targets_count_in_the_calibre_of_the_base() {
    let cap = "\n[targets.nh3n]\nindicator = \"NH3-N\"\nyear = 2020\ncap = \"90 万t\"\ncalibre = \"census-2017\"\n";
    assert!(refused(&nation(cap)).contains("error[calibre-mixed]"));
    let text = nation(cap) + SPLICE;
    let scenario = load(catalogue(), &[("main.toml", &text)]).unwrap().scenario;
    let Demand::Cap(limit) = scenario.targets[0].demand else {
        panic!("{:?}", scenario.targets);
    };
    assert!(close(limit, 900_000.0 * 2.25, 1e-12, 1.0));

    let shaanxi = catalogue().region("shaanxi").unwrap();
    let own = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid/parts/other-calibre-whole.csv"),
    );
    let own = own.unwrap();
    let more = "end_year = 2020\ninventory = \"own.csv\"\ntargets_from = \"13fyp\"";
    let text = bare(catalogue(), shaanxi, 2020).replace("end_year = 2020", more);
    let read = |text: &str| load(catalogue(), &[("main.toml", text), ("own.csv", &own)]);
    assert!(read(&text).unwrap_err().contains("error[calibre-mixed]"));
    let spliced = text + &SPLICE.replace("NH3-N", "SO2");
    let scenario = read(&spliced).unwrap().scenario;
    assert!(
        scenario
            .targets
            .iter()
            .any(|target| target.id == "13fyp-SO2")
    );
}

/// Rail freight is set against freight demand, which goes on from 2015.
#[test]
fn rail_turnover_does_not_cross_a_change_of_calibre() {
    let rebased = |file: &DataFile| DataFile {
        name: file.name.clone(),
        bytes: if file.name == "recorded.csv" {
            let text = String::from_utf8(file.bytes.clone()).unwrap();
            let row = |line: &str| {
                if line.starts_with("shaanxi,rail-turnover,2019,") {
                    line.replace("transport-2013", "transport-2019")
                } else {
                    line.to_string()
                }
            };
            text.lines()
                .map(row)
                .collect::<Vec<_>>()
                .join("\n")
                .into_bytes()
        } else {
            file.bytes.clone()
        },
    };
    let data: Vec<DataFile> = data_with(&[]).iter().map(rebased).collect();
    let data = read_catalogue(&data);
    let shaanxi = data.region("shaanxi").unwrap();
    let problems = |since: i32| -> Vec<String> {
        let measure = format!(
            "\n[measures.rail]\ntype = \"rail-freight\"\ngrowth = \"10 %\"\nsince = {since}\nstart = 2020\nend = 2022\n"
        );
        let text = bare(&data, shaanxi, 2022) + &measure;
        let scenario = load(&data, &[("main.toml", &text)]).unwrap().scenario;
        let errors = jianpai::core::compile::compile(&data, &scenario).err();
        errors
            .iter()
            .flatten()
            .map(|error| format!("{error:?}"))
            .collect()
    };
    assert_eq!(problems(2018), Vec::<String>::new());
    let found = problems(2019).concat();
    assert!(
        found.contains("2019 survey basis") && found.contains("do not join"),
        "{found}"
    );
}

/// Road freight was re-based in 2019: the levels do not compare, and the growth of that
/// year is not their quotient.
#[test]
fn growth_is_not_taken_across_the_break_of_2019() {
    let data = catalogue();
    let freight = data.driver("freight").unwrap();
    let mut checked = 0;
    for (region, world) in data.regions.iter().zip(&data.worlds) {
        let Some(world) = world else { continue };
        let level = |year: i32| -> Option<Calibred> {
            let recorded = world.recorded.get(&("road-turnover".to_string(), year))?;
            Some(recorded.calibred())
        };
        let (Some(before), Some(after)) = (level(2018), level(2019)) else {
            continue;
        };
        assert!(after.ratio(before).is_err(), "{}", region.named.id);
        assert!(after.minus(before).is_err(), "{}", region.named.id);
        if region.level == Level::Nation {
            let all = |year: i32| {
                world.recorded[&("freight-turnover".to_string(), year)]
                    .value
                    .value
            };
            let (growth, _) = world.growth[&(freight, 2019)];
            assert!(
                growth.value > 0.0 && all(2019) < all(2018),
                "{}",
                growth.value
            );
        }
        checked += 1;
    }
    assert!(checked > 25, "{checked}");
}

/// Every inventory of the data is of one calibre, and so is published progress.
#[test]
fn the_data_keep_calibres_apart() {
    let data = catalogue();
    for world in data.worlds.iter().flatten() {
        for (account, inventory) in &world.inventory {
            let Some(total) = inventory.total else {
                continue;
            };
            for class in inventory.classes.values() {
                assert!(
                    class.calibred().ratio(total.calibred()).is_ok(),
                    "{account:?}"
                );
            }
        }
    }
    let fixed = data.calibre("mee-fixed-base").unwrap();
    let official = ["COD", "NH3-N", "SO2", "NOx"];
    let nation = data.region("china").unwrap();
    let mut progress = 0;
    for row in data.achievements.iter().filter(|a| a.region == nation) {
        if official.contains(&row.indicator.as_str()) {
            assert_eq!(row.calibre, fixed, "{row:?}");
            progress += 1;
        } else if row.indicator.contains(':') {
            assert_ne!(row.calibre, fixed, "{row:?}");
        }
    }
    assert_eq!(progress, 20, "four pollutants, 2016 to 2020");
}
