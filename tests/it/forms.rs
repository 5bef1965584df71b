//! The forms that sentences of plans take, each with a way to be said.

use crate::program::call;
use crate::support::{catalogue, load};
use jianpai::core::measure::ramp::Ramp;
use jianpai::core::scenario::{Scenario, Tracked};
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

/// A target that leaves its number to somebody else is listed in its own words.
#[test]
fn words_without_a_number_are_listed() {
    for line in ["完成国家下达任务", "有效控制", "完成省下达目标"] {
        let listed = tracked("NOx", &format!("reduction = \"{line}\""));
        assert_eq!(listed.target.zh, line);
        assert_eq!(listed.year, 2025);
    }
    let error = refused("NOx", "reduction = \"几成\"");
    assert!(
        error.contains("no-number") && error.contains("tracked"),
        "{error}"
    );
}

/// The one target of a file, which is listed and not judged.
fn tracked(indicator: &str, line: &str) -> Tracked {
    let text = format!(
        "[targets.a]\nindicator = \"{indicator}\"\nyear = 2025\nbase_year = 2020\n{line}\n"
    );
    let scenario = read(&text).unwrap_or_else(|error| panic!("{line}: {error}"));
    assert!(scenario.targets.is_empty(), "{line}");
    scenario.tracked[0].clone()
}

/// A fall of 3 % a year over five years leaves 0.97⁵ = 0.8587340257.
#[test]
fn a_fall_of_each_year_adds_up_over_the_years() {
    let found = target("CO2-per-GDP", "reduction = \"年均下降 3 %\"");
    falls(&found, 0.141_265_974_3);
    let found = target("CO2-per-GDP", "reduction = \"年均下降3%左右，力争3.5%\"");
    falls(&found, 0.141_265_974_3);
    // 0.965⁵ = 0.8368287006
    let aim = found.said.aim.unwrap();
    assert!((aim - 0.163_171_299_4).abs() < 1e-9, "{aim}");
    // 1.02⁵ = 1.1040808032
    let found = target("energy", "reduction = \"年均增长 2 %\"");
    falls(&found, -0.104_080_803_2);
    // A rise over all of the years is a fall below zero.
    falls(&target("energy", "reduction = \"增长 12 %左右\""), -0.12);
    falls(&target("energy", "reduction = \"下降 12 %左右\""), 0.12);
}

#[test]
fn growth_of_a_driver_keeps_the_sign_of_its_words() {
    for (words, rate) in [
        ("年均增长5.5%左右", 0.055),
        ("年均下降 3 %", -0.03),
        ("下降 2 %", -0.02),
        ("零增长", 0.0),
        ("持平", 0.0),
    ] {
        let scenario = read(&format!(
            "[growth]\ncement-output = {{ 2020 = \"{words}\" }}\n"
        ));
        let scenario = scenario.unwrap_or_else(|error| panic!("{words}: {error}"));
        let driver = catalogue().driver("cement-output").unwrap();
        let found = scenario.growth[&driver][0];
        assert_eq!(found.0, 2020);
        assert!((found.1 - rate).abs() < 1e-12, "{words}: {found:?}");
    }
    let error = read("[growth]\ncement-output = { 2020 = \"负增长\" }\n").unwrap_err();
    assert!(error.contains("no-number"), "{error}");
}

fn boilers(more: &str) -> Result<Scenario, String> {
    read(&format!(
        "[measures.a]\ntype = \"coal-boiler-phaseout\"\nup_to = \"35 t/h\"\nto = {{ gas = \"100 %\" }}\n{more}\n"
    ))
}

fn share_of(scenario: &Scenario) -> f64 {
    use jianpai::core::measure::Value;
    let measure = scenario.measures.iter().find(|m| m.id == "a").unwrap();
    match measure.values["share"] {
        Value::Number(share) => share,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn shares_in_words_are_numbers_or_are_asked_for() {
    let years = "start = 2021\nend = 2025\n";
    for (words, share) in [
        ("全部淘汰", 1.0),
        ("半数以上", 0.5),
        ("三分之二", 2.0 / 3.0),
        ("力争达到60%", 0.6),
    ] {
        let scenario = boilers(&format!("share = \"{words}\"\n{years}"));
        let scenario = scenario.unwrap_or_else(|error| panic!("{words}: {error}"));
        assert!((share_of(&scenario) - share).abs() < 1e-12, "{words}");
    }
    let error = boilers(&format!("share = \"基本淘汰\"\n{years}")).unwrap_err();
    assert!(error.contains("no-number"), "{error}");
    // 20 points of an unknown share are no 20 %.
    let error = boilers(&format!("share = \"降低20个百分点\"\n{years}")).unwrap_err();
    assert!(error.contains("[points]"), "{error}");
}

/// The timetable of the one measure of `boilers`.
fn ramp_of(more: &str) -> Ramp {
    let scenario = boilers(&format!("share = \"50 %\"\n{more}"));
    let scenario = scenario.unwrap_or_else(|error| panic!("{more}: {error}"));
    let measure = scenario.measures.iter().find(|m| m.id == "a").unwrap();
    measure.ramp.clone()
}

#[test]
fn timetables_as_documents_write_them() {
    let steps = "points = { 2023 = \"70 %\", 2025 = \"100 %\" }\nat = \"year-end\"\n";
    let two = "points = { \"2023年底\" = \"70 %\", \"2025 年底\" = \"全部\" }\n";
    assert_eq!(ramp_of(two), ramp_of(steps));
    let plain = "start = 2021\nend = 2025\nat = \"year-end\"\n";
    assert_eq!(
        ramp_of("start = 2021\nend = \"2025年底\"\n"),
        ramp_of(plain)
    );
    // Half of what the last year adds is in force in it.
    assert_eq!(
        ramp_of(plain),
        Ramp::Mean(Box::new(Ramp::Linear {
            start: 2021,
            end: 2025
        }))
    );
    // The end alone: from the first year of its five-year plan on.
    assert_eq!(
        ramp_of("end = 2025\n"),
        Ramp::Linear {
            start: 2021,
            end: 2025
        }
    );
    assert_eq!(
        ramp_of("end = 2019\n"),
        Ramp::Linear {
            start: 2016,
            end: 2019
        }
    );
    assert_eq!(
        ramp_of("end = 2025\nramp = \"step\"\n"),
        Ramp::Step { year: 2025 }
    );
}

/// Of a part of the region, and of what the model does not compute, the words are listed.
#[test]
fn targets_of_parts_and_of_other_things_are_listed() {
    let listed = tracked("NOx", "reduction = \"12 %以上\"\nzone = \"皖北六市\"");
    assert_eq!(listed.target.zh, "较 2020 年下降 12 %以上");
    assert_eq!(listed.name.zh, "氮氧化物排放量（皖北六市）");
    let listed = tracked("NOx", "reduction = \"年均下降 2 %\"\nzone = \"各设区市\"");
    assert_eq!(listed.target.zh, "较 2020 年年均下降 2 %");
    let listed = tracked("PM2.5", "cap = \"35 微克/立方米\"");
    assert_eq!(listed.target.zh, "不超过 35 微克/立方米");
    assert_eq!(listed.name.zh, "PM2.5");
    // A slip is no other thing.
    let error = refused("氮氧物", "reduction = \"10 %\"");
    assert!(
        error.contains("unknown-name") && error.contains("NOx"),
        "{error}"
    );
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
