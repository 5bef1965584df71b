//! A file in a planner's own words is the file in ids.

use crate::support::{catalogue, load};
use jianpai::core::names::NameOf;
use jianpai::core::scenario::Scenario;
use jianpai::load::vocabulary::{Meaning, Vocabulary};

/// A plan as a planner types it: keys, names and amounts as documents have them.
const OWN_WORDS: &str = r#"
[情景]
名称 = "河北减排"
地区 = "河北省"
末年 = 2018

[增长]
地区生产总值 = { 2018 = "6 %" }
第二产业 = { 2018 = "5 %" }

[弹性]
"焦化" = 0.5

[目标.水]
指标 = "化学需氧量"
年份 = 2018
下降 = "不低于 8%"

[目标.气]
指标 = "氮氧化物排放总量"
年份 = 2018
下降 = "8 %以上"
账 = "实际排放"

[措施.锅炉]
类型 = "淘汰燃煤锅炉"
up_to = "35 蒸吨/小时及以下"
台数 = "约1200台"
改为 = { 天然气 = "60 %", 集中供热 = "40 %" }
起始年 = 2016
完成年 = 2018

[措施.散煤]
类型 = "散煤治理"
户数 = "10万户"
改为 = { 空气源热泵 = "100 %" }
起始年 = 2016
完成年 = 2018
时点 = "年末"

[措施.老旧车]
类型 = "老旧车淘汰"
车型 = "货车"
上限 = "国三"
数量 = "1万辆"
改为 = { 国五 = "100 %" }
起始年 = 2016
完成年 = 2018

[措施.机械]
类型 = "非道路移动机械"
对象 = ["国二"]
比例 = "10 %"
改为 = { 国四 = "100 %" }
起始年 = 2016
完成年 = 2018

[措施.污水]
类型 = "污水处理提标"
对象 = ["一级 B"]
能力 = "1 万吨/日"
改为 = { "一级A" = "100 %" }
起始年 = 2016
完成年 = 2018
"#;

const IDS: &str = r#"
[scenario]
name_zh = "河北减排"
name_en = "河北减排"
region = "hebei"
end_year = 2018

[growth]
gdp = { 2018 = "6 %" }
industry = { 2018 = "5 %" }

[elasticity]
coke = 0.5

[targets."水"]
indicator = "COD"
year = 2018
reduction = "8 %"

[targets."气"]
indicator = "NOx"
year = 2018
reduction = "8 %"
book = "physical"

[measures."锅炉"]
type = "coal-boiler-phaseout"
up_to = "35 t/h"
number = "1200 台"
to = { gas = "60 %", district = "40 %" }
start = 2016
end = 2018

[measures."散煤"]
type = "scattered-coal-replacement"
households = "10 万户"
to = { heat-pump = "100 %" }
start = 2016
end = 2018
at = "year-end"

[measures."老旧车"]
type = "old-vehicle-retirement"
fleet = "trucks"
up_to = "c3"
number = "1 万辆"
to = { c5 = "100 %" }
start = 2016
end = 2018

[measures."机械"]
type = "non-road-renewal"
from = ["stage2"]
share = "10 %"
to = { stage4 = "100 %" }
start = 2016
end = 2018

[measures."污水"]
type = "sewage-upgrade"
from = ["1b"]
capacity = "1 万m3/d"
to = { 1a = "100 %" }
start = 2016
end = 2018
"#;

fn good(text: &str) -> Scenario {
    let loaded = load(catalogue(), &[("main.toml", text)]);
    loaded.unwrap_or_else(|e| panic!("{e}")).scenario
}

/// All that a scenario says, without the order and place in which it says it.
fn said(scenario: &Scenario) -> String {
    format!(
        "{:?} {:?} {:?} {:#?} {:#?} {:?}",
        scenario.name,
        scenario.region,
        scenario.growth,
        scenario.measures,
        scenario.targets,
        scenario.end_year
    )
}

#[test]
fn a_file_in_own_words_is_the_file_in_ids() {
    assert_eq!(said(&good(OWN_WORDS)), said(&good(IDS)));
}

#[test]
fn a_name_that_means_two_things_is_asked_about() {
    // Of a fleet of trucks 国三 is one stage, of machinery another.
    let vocabulary = Vocabulary::new(catalogue());
    let any = |_: &str| true;
    let several = vocabulary.meaning(NameOf::Technology, "国三", &any);
    assert_eq!(several, Meaning::Several(vec!["c3", "stage3"]));
    let of_trucks = |id: &str| vocabulary.serves(&["freight"], id);
    let one = vocabulary.meaning(NameOf::Technology, "国三", &of_trucks);
    assert_eq!(one, Meaning::One("c3"));
    // Without its type, which another file would give, a measure does not say which.
    let text = IDS
        .replace("type = \"old-vehicle-retirement\"\n", "")
        .replace("to = { c5 =", "to = { 国三 =");
    let error = load(catalogue(), &[("main.toml", &text)]).unwrap_err();
    assert!(
        error.contains("two-meanings") && error.contains("stage3"),
        "{error}"
    );
}

#[test]
fn a_name_beside_its_id_is_one_thing_twice() {
    let text = IDS.replace("gdp = ", "\"地区生产总值\" = { 2018 = \"5 %\" }\ngdp = ");
    let error = load(catalogue(), &[("main.toml", &text)]).unwrap_err();
    assert!(error.contains("named-twice"), "{error}");
}

#[test]
fn names_of_keys_and_tables_are_those_of_the_schema() {
    let schema = include_str!("../../scenarios/scenario.schema.json");
    for name in &catalogue().names {
        if matches!(name.of, NameOf::Key | NameOf::Table) {
            let key = format!("\"{}\"", name.id);
            assert!(schema.contains(&key), "{name:?}");
        }
    }
}

/// No name leads two ways where the place does not tell which is meant.
#[test]
fn other_names_stand_for_one_thing_each() {
    let vocabulary = Vocabulary::new(catalogue());
    for name in &catalogue().names {
        let services = catalogue().services.iter();
        let places: Vec<Vec<&str>> = match name.of {
            NameOf::Technology => services.map(|s| vec![s.named.id.as_str()]).collect(),
            // Words and keys are told apart by the table that they stand in.
            NameOf::Word | NameOf::Key => continue,
            _ => vec![Vec::new()],
        };
        for place in places {
            let fits = |id: &str| name.of != NameOf::Technology || vocabulary.serves(&place, id);
            let found = vocabulary.meaning(name.of, &name.name, &fits);
            assert!(!matches!(found, Meaning::Several(_)), "{name:?}: {found:?}");
        }
    }
}

/// A key that means two things means one in a measure of each kind.
#[test]
fn keys_stand_for_one_thing_in_each_kind_of_measure() {
    use jianpai::core::measure::common::COMMON;
    use jianpai::core::measure::spec::KINDS;
    let vocabulary = Vocabulary::new(catalogue());
    for kind in KINDS {
        let own = |id: &str| {
            let common = COMMON.iter().any(|common| common.key == id);
            common || kind.fields.iter().any(|field| field.key == id)
        };
        for name in catalogue()
            .names
            .iter()
            .filter(|name| name.of == NameOf::Key)
        {
            let found = vocabulary.meaning(NameOf::Key, &name.name, &own);
            assert!(
                !matches!(found, Meaning::Several(_)),
                "{}: {name:?}: {found:?}",
                kind.id
            );
        }
    }
}

/// What is sought may be said in Chinese as well: tables, keys and words.
#[test]
fn a_solve_in_a_planners_own_words_is_the_one_in_ids() {
    use crate::solve::session_of;
    use jianpai::study::SolveOptions;
    let zh = r#"
[求解]
求解目标 = "最均匀"
固定措施 = ["steel-ule"]
推进速度 = "60 %/a"
先后 = ["old-trucks", "nev"]
[求解.力度范围]
guanzhong-rail = { 最少 = "20 %", 最多 = "90 %" }
[求解.分组.voc]
measures = ["voc-source", "voc-end"]
至多 = 1
[限额.气]
限额对象 = "天然气"
最多 = "80 亿m3"
[限额.煤]
限额对象 = "煤炭消费量"
最多 = "1 亿tce"
计数方式 = "总量"
"#;
    let en = r#"
[solve]
objective = "even"
fixed = ["steel-ule"]
pace = "60 %/a"
order = ["old-trucks", "nev"]
[solve.bounds]
guanzhong-rail = { min = "20 %", max = "90 %" }
[solve.group.voc]
measures = ["voc-source", "voc-end"]
most = 1
[limit."气"]
account = "gas"
max = "80 亿m3"
[limit."煤"]
account = "coal"
max = "1 亿tce"
counts = "total"
"#;
    let [zh, en] = [zh, en].map(|text| {
        let mut session = session_of(text);
        let study = session.try_open("main.toml", None);
        let asked = study.and_then(|study| session.try_solve(&study, SolveOptions::default()));
        session
            .settle(asked)
            .unwrap_or_else(|error| panic!("{error}"))
    });
    assert_eq!(zh.programme.spec, en.programme.spec);
    assert_eq!(zh.programme.spec.groups.len(), 1);
    assert_eq!(zh.programme.spec.limits.len(), 2);
    assert!(!zh.paced.is_empty() && zh.paced == en.paced);
}

/// A Chinese key that is nearly one is answered with that one.
#[test]
fn a_chinese_key_with_a_slip_is_answered_in_chinese() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slip.toml");
    let slip = OWN_WORDS.replacen("起始年 = 2016", "启始年 = 2016", 1);
    std::fs::write(&path, slip).unwrap();
    let (code, _, error) = crate::program::call("zh", &["check", path.to_str().unwrap()]);
    assert_eq!(code, 2, "{error}");
    assert!(
        error.contains("没有 `启始年` 这一项") && error.contains("`起始年`"),
        "{error}"
    );
    // The key that is missing for it is not told as well.
    assert!(!error.contains("缺少时间表"), "{error}");
}

/// A key with a slip is answered with the right one also where a file that it extends has
/// that key: what is meant is to override it.
#[test]
fn a_slip_in_a_key_that_is_inherited_is_answered() {
    let base = IDS.replace("name_zh = \"河北减排\"", "name_zh = \"底\"");
    for (slip, meant) in [("endyear", "`end_year`"), ("末念", "`末年`")] {
        let own = format!("[scenario]\nextends = \"base.toml\"\n{slip} = 2018\n");
        let files = [("main.toml", own.as_str()), ("base.toml", base.as_str())];
        let error = load(catalogue(), &files).unwrap_err();
        assert!(error.contains(meant), "{slip}: {error}");
    }
}
