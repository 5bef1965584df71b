//! Everything that is wrong in a file is found in one pass: as a planner writes it for
//! the first time, with a base that is not there, with one key wrong, with a line that
//! is no TOML.

use super::support::session_over;
use jianpai::core::text::Lang;
use jianpai::load::diag::Color;
use std::collections::BTreeSet;

const BASES: [(&str, &str); 2] = [
    (
        "base/current-policy-14fyp.toml",
        include_str!("../../scenarios/base/current-policy-14fyp.toml"),
    ),
    (
        "base/current-policy-13fyp.toml",
        include_str!("../../scenarios/base/current-policy-13fyp.toml"),
    ),
];

/// What is found in `text`: line and code, with all texts for when it differs.
fn found(text: &str) -> (BTreeSet<(usize, String)>, String) {
    let mut session = session_over(&[&[("main.toml", text)][..], &BASES].concat());
    session.try_open("main.toml", None);
    let found = session.take_found();
    let files = found.files();
    let lines = found.diagnostics().iter().map(|item| {
        let line = item
            .span()
            .map_or(0, |span| files.position(span.file, span.start).0);
        (line, item.code.to_string())
    });
    let lines = lines.collect();
    found.render(Lang::Zh, Color::Never);
    (lines, found.render(Lang::En, Color::Never))
}

#[track_caller]
fn holds(text: &str, wanted: &[(usize, &str)]) -> String {
    let (found, shown) = found(text);
    let wanted: BTreeSet<(usize, String)> = wanted
        .iter()
        .map(|(line, code)| (*line, (*code).to_string()))
        .collect();
    assert_eq!(found, wanted, "{shown}");
    shown
}

/// A provincial plan typed in for the first time: names in Chinese, quantities as the
/// document has them, no base. It took four rounds until all of this was told.
const HEBEI: &str = r#"# 实施方案 〔2024〕4号
[scenario]
name_zh = "空气质量持续改善行动计划实施方案"
region = "hebei"
end_year = 2025
[growth]
gdp = { 2024 = "5.5 %" }
[targets.nox]
indicator = "NOx"
year = 2025
base_year = 2020
reduction = "10%"
[targets.vocs]
indicator = "VOCs"
year = 2025
base_year = 2020
reduction = "10 %以上"
[targets.pm25]
indicator = "PM2.5"
year = 2025
base_year = 2020
reduction = "20 %"
[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "35蒸吨/小时"
share = "95 %"
to = { 天然气 = "60 %", 集中供热 = "40 %" }
start = 2024
end = 2025
[measures.coal]
type = "coal-cap"
reduction = "10 %"
start = 2021
end = 2025
[measures.steel]
type = "超低排放改造"
sector = "steel"
capacity = "1.94亿千米"
start = 2021
end = 2025
[measures.cement]
type = "ultra-low-retrofit"
sector = "cement"
capacity = "0.55 亿千米"
start = 2021
end = 2025
[measures.rail]
type = "rail-freight"
growth = "10 %"
since = 2012
start = 2021
end = 2025
[measures.steelcap]
type = "industry-structure"
services = ["steel"]
cut = "1200 亿千米"
start = 2021
end = 2025
"#;

const OF_HEBEI: [(usize, &str); 6] = [
    // PM2.5 is listed and not judged.
    (19, "not-judged"),
    (38, "wrong-dimension"),
    (44, "wrong-dimension"),
    (50, "measure"),
    (56, "wrong-dimension"),
    (6, "no-growth"),
];

#[test]
fn a_plan_as_first_written() {
    holds(HEBEI, &OF_HEBEI);
}

/// With a base that is not there, nothing is said to be missing that may stand in it;
/// all else is found as before.
#[test]
fn a_plan_with_a_base_that_is_not_there() {
    let text = HEBEI.replace("region =", "extends = \"../base/policy.toml\"\nregion =");
    let wanted: Vec<(usize, &str)> = OF_HEBEI
        .iter()
        .filter(|(_, code)| !matches!(*code, "no-growth"))
        .map(|(line, code)| (if *line > 3 { line + 1 } else { *line }, *code))
        .chain([(4, "cannot-open")])
        .collect();
    holds(&text, &wanted);
    // With the base, growth is there.
    let text = HEBEI.replace(
        "region =",
        "extends = \"base/current-policy-14fyp.toml\"\nregion =",
    );
    let wanted: Vec<(usize, &str)> = OF_HEBEI
        .iter()
        .filter(|(_, code)| *code != "no-growth")
        .map(|(line, code)| (if *line > 3 { line + 1 } else { *line }, *code))
        .collect();
    holds(&text, &wanted);
}

/// Another province: a key misspelt in the head, a region by its Chinese name, signs
/// of a Chinese keyboard, a value without quotes, a line that is no TOML, a bracket
/// left open, a header without its end, a measure that takes what is not there.
#[test]
fn another_plan_as_first_written() {
    let text = r#"[scenario]
name_zh = "湖南省某规划"
name_en = "Hunan, a plan"
extneds = "base/current-policy-14fyp.toml"
region = "湖南省"
endyear = 2025
[target.so2]
indicator = "二氧化硫"
year = 2025
reduction = 12%
[targets.nox]
indicator = "NOx"
year ＝ 2030
reduction = "10 万t"
[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "36 t/h"
share = "60 %左右"
to = { gas = "60 %"， 生物质 = "40 %" }
start = 2021
end = 2025
[measures.heat]
type = "scattered-coal-replacement"
households = "30 万吨"
to = { 热泵 = "100 %" }
start = 2021
end = 2020
2021-2025 年完成
[measures.steel]
type = "energy-efficiency"
services = ["steel", "cemnt"
gain = "5 %"
start = 2021
end = 2025
[measures.sewage
type = "sewage-upgrade"
from = ["2b"]
share = "50 %"
to = { "1a" = "90 %" }
start: 2021
end = 2025
"#;
    holds(
        text,
        &[
            (4, "unknown-key"),
            (6, "unknown-key"),
            (7, "unknown-key"),
            (10, "toml-syntax"),
            (13, "toml-syntax"),
            (13, "year-range"),
            (14, "cut-in-tonnes"),
            (17, "measure"),
            (19, "toml-syntax"),
            (24, "wrong-dimension"),
            (27, "year-order"),
            (28, "toml-syntax"),
            (31, "toml-syntax"),
            (35, "toml-syntax"),
            (37, "measure"),
            (39, "mix-sum"),
            (40, "toml-syntax"),
        ],
    );
}

/// A file without a region: what holds of a measure in every region is told.
#[test]
fn without_a_region_measures_are_looked_at_all_the_same() {
    let text = r#"[scenario]
name_zh = "某规划"
name_en = "A plan"
extends = "base/current-policy-14fyp.toml"
region = 7
[measures.boilers]
type = "coal-boiler-phaseout"
up_to = "35 t/h"
share = "60 %"
to = { stove = "100 %" }
start = 2021
end = 2025
[measures.rail]
type = "rail-freight"
growth = "10 %"
since = 2012
start = 2021
end = 2025
"#;
    // No region has rail freight of 2012 on record; that of 2017 some have.
    holds(text, &[(5, "wrong-type"), (10, "measure"), (16, "measure")]);
    let text = text.replace("since = 2012", "since = 2017");
    holds(&text, &[(5, "wrong-type"), (10, "measure")]);
}

/// What compiling finds in its several stages: growth that leaves nothing, a measure
/// that cannot be carried out, and two that take too much of another service.
#[test]
fn the_stages_of_compiling_do_not_hide_one_another() {
    let text = r#"[scenario]
name_zh = "某规划"
name_en = "A plan"
extends = "base/current-policy-13fyp.toml"
region = "shaanxi"
[elasticity]
coke = 4.5
[growth]
coke-output = { 2018 = "-25 %", 2019 = "1 %" }
[measures.heat]
type = "scattered-coal-replacement"
share = "60 %"
to = { stove = "100 %" }
start = 2016
end = 2020
[measures.a]
type = "coal-cap"
reduction = "10 %"
start = 2016
end = 2020
[measures.b]
type = "coal-cap"
reduction = "20 %"
start = 2016
end = 2020
"#;
    holds(
        text,
        &[(7, "nothing-left"), (13, "measure"), (22, "measure")],
    );
}

/// Two measures that take too much are told although another cannot be carried out.
#[test]
fn an_over_claim_is_told_beside_another_mistake() {
    let text = r#"[scenario]
name_zh = "某规划"
name_en = "A plan"
extends = "base/current-policy-13fyp.toml"
region = "shaanxi"
[measures.heat]
type = "scattered-coal-replacement"
share = "60 %"
to = { stove = "100 %" }
start = 2016
end = 2020
[measures.one]
type = "coal-boiler-phaseout"
up_to = "35 t/h"
share = "60 %"
to = { gas = "100 %" }
start = 2016
end = 2020
[measures.two]
type = "coal-boiler-phaseout"
up_to = "35 t/h"
share = "60 %"
to = { gas = "100 %" }
start = 2016
end = 2020
"#;
    holds(text, &[(9, "measure"), (12, "over-claim")]);
    // Not where the one that cannot be carried out may give what they take.
    let same = text.replace(
        "scattered-coal-replacement\"",
        "coal-boiler-phaseout\"\nup_to = \"35 t/h\"",
    );
    holds(&same, &[(10, "measure")]);
}
