//! The forms that sentences of plans take, each with a way to be said.

use crate::program::call;
use crate::support::{catalogue, load};
use jianpai::core::scenario::Scenario;
use jianpai::core::target::{Demand, Target};

fn read(more: &str) -> Result<Scenario, String> {
    let own = "[scenario]\nname_zh = \"句式\"\nregion = \"anhui\"\nend_year = 2025\n";
    let text = format!("{own}extends = \"scenarios/base/current-policy-14fyp.toml\"\n{more}");
    let base = ["current-policy-14fyp", "current-policy-13fyp"].map(|name| {
        let path = format!("scenarios/base/{name}.toml");
        let root = env!("CARGO_MANIFEST_DIR");
        let text = std::fs::read_to_string(format!("{root}/{path}")).unwrap();
        (path, text)
    });
    let mut files = vec![("main.toml", text.as_str())];
    files.extend(
        base.iter()
            .map(|(path, text)| (path.as_str(), text.as_str())),
    );
    load(catalogue(), &files).map(|loaded| loaded.scenario)
}

fn target(indicator: &str, line: &str) -> Target {
    let text = format!(
        "[targets.a]\nindicator = \"{indicator}\"\nyear = 2025\nbase_year = 2020\n{line}\n"
    );
    let scenario = read(&text).unwrap_or_else(|error| panic!("{line}: {error}"));
    scenario.targets[0].clone()
}

fn refused(indicator: &str, line: &str) -> String {
    let text = format!(
        "[targets.a]\nindicator = \"{indicator}\"\nyear = 2025\nbase_year = 2020\n{line}\n"
    );
    read(&text).expect_err(line)
}

fn falls(target: &Target, part: f64) {
    let Demand::Reduction { wanted, .. } = target.demand else {
        panic!("{target:?}");
    };
    assert!((wanted - part).abs() < 1e-12, "{wanted} {part}");
}

#[test]
fn a_percentage_with_the_words_of_documents() {
    for line in [
        "10 %以上",
        "不低于 10 %",
        "下降 10 %左右",
        "10%",
        "约10 %",
        "力争 10 %",
    ] {
        let found = target("NOx", &format!("reduction = \"{line}\""));
        falls(&found, 0.1);
    }
    // Against the year before.
    let text = "[targets.a]\nindicator = \"NOx\"\nyear = 2025\nbase_year = 2024\nreduction = \"同比下降 3 %\"\n";
    falls(&read(text).unwrap().targets[0], 0.03);
}

#[test]
fn a_floor_with_an_aspiration_keeps_both() {
    for line in [
        "13 %，力争 13.5 %",
        "13 %以上，力争达到 13.5 %",
        "下降 13 %（力争 13.5 %）",
    ] {
        let found = target("energy-per-GDP", &format!("reduction = \"{line}\""));
        falls(&found, 0.13);
        let aim = found.said.aim.unwrap_or_default();
        assert!((aim - 0.135).abs() < 1e-12, "{line}: {aim}");
    }
    assert_eq!(target("NOx", "reduction = \"10 %\"").said.aim, None);
}

#[test]
fn tonnes_and_percent_together_imply_a_base() {
    for line in [
        "18963 吨（16.8 %）以上",
        "16.8 %，18963 吨",
        "减少 18963 吨 (16.8 %)",
    ] {
        let found = target("NOx", &format!("reduction = \"{line}\""));
        falls(&found, 0.168);
        let base = found.said.base.unwrap_or_default();
        assert!((base - 18963.0 / 0.168).abs() < 1e-6, "{line}: {base}");
    }
}

#[test]
fn a_cut_in_tonnes_against_a_year_is_recognised() {
    let error = refused("NOx", "reduction = \"9108 吨\"");
    assert!(
        error.contains("cut-in-tonnes") && error.contains("project"),
        "{error}"
    );
    let found = target("NOx", "project = \"9108.1234 吨\"");
    match found.demand {
        Demand::Project { wanted, base_year } => {
            assert!((wanted - 9108.1234).abs() < 1e-9 && base_year == 2020);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn negative_growth_is_no_growth_at_most() {
    for line in ["负增长", "零增长", "只减不增"] {
        falls(&target("coal", &format!("reduction = \"{line}\"")), 0.0);
    }
}

#[test]
fn words_without_a_number_belong_under_tracked() {
    for line in ["完成国家下达任务", "有效控制", "完成省定目标"] {
        let error = refused("NOx", &format!("reduction = \"{line}\""));
        assert!(
            error.contains("no-number") && error.contains("tracked"),
            "{error}"
        );
    }
}

/// The base that a sentence implies is held against that of the run.
#[test]
fn another_base_is_doubted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.toml");
    let write = |tonnes: f64| {
        let parent = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/shaanxi-2020.toml");
        let text = format!(
            "[scenario]\nextends = {parent:?}\n[targets.nox]\nreduction = \"{tonnes} 吨（15 %）\"\n"
        );
        std::fs::write(&path, text).unwrap();
        call("zh", &["check", path.to_str().unwrap()])
    };
    let (code, said, error) = write(1.0e5);
    let said = said + &error;
    assert!(code == 0 && said.contains("other-base"), "{said}");
    // 62.7366 (1e4 t) is the base of Shaanxi: 15 % of it is 94,105 t.
    let (code, said, error) = write(94_105.0);
    let said = said + &error;
    assert!(code == 0 && !said.contains("other-base"), "{said}");
}

/// Values of years stand in the table, the file and on a chart as the file writes them.
#[test]
fn tracked_targets_have_a_value_for_each_year() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.toml");
    let parent = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/shaanxi-2020.toml");
    let text = format!(
        "[scenario]\nextends = {parent:?}\n\
         [tracked.fine]\nname_zh = \"细颗粒物\"\nname_en = \"fine particles\"\n\
         target = \"控制在 35 μg/m³ 以内\"\nyear = 2020\n\
         values = {{ 2016 = \"66 μg/m³\", 2018 = \"５１.５μg/m³\", 2017 = \"59 μg/m³\" }}\n\
         [tracked.days]\nname_zh = \"优良天数\"\nname_en = \"good days\"\n\
         target = \"提高 10 %\"\naim = \"310 天\"\nvalues = {{ 2015 = \"282 天\" }}\n"
    );
    std::fs::write(&path, text).unwrap();
    let out = folder.path().join("out");
    let (code, said, _) = call(
        "en",
        &[
            "run",
            path.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ],
    );
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("51.5 μg/m³ (2018)"), "{said}");
    let file = std::fs::read_to_string(out.join("city/tracked.csv")).unwrap();
    let rows: Vec<Vec<&str>> = file.lines().map(|line| line.split(',').collect()).collect();
    let at = |name: &str| rows[0].iter().position(|cell| *cell == name).unwrap();
    let told = |row: &Vec<&str>| {
        ["target", "year", "value", "aim", "unit"].map(|n| row[at(n)].to_string())
    };
    let told: Vec<_> = rows[1..].iter().map(told).collect();
    let wanted = [
        ["fine", "2016", "66", "", "μg/m³"],
        ["fine", "2017", "59", "", "μg/m³"],
        ["fine", "2018", "51.5", "", "μg/m³"],
        ["fine", "2020", "", "35", "μg/m³"],
        ["days", "2015", "282", "", "天"],
        ["days", "2020", "", "310", "天"],
    ];
    assert_eq!(told, wanted.map(|row| row.map(str::to_string)));
    for id in ["fine", "days"] {
        for lang in ["zh", "en"] {
            let chart = out.join(format!("city/charts/tracked-{id}.{lang}.svg"));
            assert!(chart.is_file(), "{chart:?}");
        }
    }
}
