//! What documents put numbers on and the model does not compute: said by name, with the
//! reason and the entry that keeps the sentence.

use crate::diag::{Diagnostic, Span};
use crate::tree::{Node, TableNode, Value};
use jianpai_core::text::Text;

/// Words by which such things are known, and why they are not computed.
struct Beyond {
    words: &'static [&'static str],
    zh: &'static str,
    en: &'static str,
}

/// In the order in which they are looked for.
const ALL: [Beyond; 14] = [
    Beyond {
        words: &["秸秆", "straw"],
        zh: "数据没有秸秆产量和露天焚烧量",
        en: "the data have neither straw nor its open burning",
    },
    Beyond {
        words: &["清洁运输", "清洁方式运输", "清洁能源运输"],
        zh: "清洁运输比例说的是某些货种、港口或企业，数据没有分货种的运量；全部货运的铁路、水路占比可写 rail-freight、water-freight",
        en: "clean transport is said of some cargo, port or works, and the data have no freight by cargo; shares of all freight are measures of kind rail-freight and water-freight",
    },
    Beyond {
        words: &["多式联运", "铁水联运", "海铁联运", "公铁联运", "集装箱"],
        zh: "数据没有集装箱和联运量；铁路、水路货运的增长可写 rail-freight、water-freight",
        en: "the data have no containers; growth of rail and water freight are measures of kind rail-freight and water-freight",
    },
    Beyond {
        words: &["铁路专用线", "铁路进港", "专用线"],
        zh: "专用线接入率换不成运量；铁路货运的增长或占比可写 rail-freight",
        en: "sidings cannot be turned into freight; growth or share of rail freight is a measure of kind rail-freight",
    },
    Beyond {
        words: &["废钢"],
        zh: "废钢供应不在模型之内；电炉钢占粗钢的比例可写 electric-steel",
        en: "scrap is not in the model; the share of electric steel is a measure of kind electric-steel",
    },
    Beyond {
        words: &[
            "垃圾焚烧",
            "垃圾分类",
            "垃圾处理",
            "污泥",
            "固体废物",
            "固废",
            "危险废物",
        ],
        zh: "固体废物不在模型之内",
        en: "solid waste is not in the model",
    },
    Beyond {
        words: &[
            "公共领域",
            "公交",
            "环卫",
            "邮政",
            "物流配送",
            "城市配送",
            "工程车",
            "渣土车",
            "校车",
        ],
        zh: "公交、环卫、邮政、配送车在数据中没有单列；出租车、网约车可写 fleet = \"cars\"、sales，of_fleet 为它们占客车的比例，配送、渣土车可写 fleet = \"trucks\"、sales、of_fleet",
        en: "the data do not tell buses, sanitation, post and delivery apart; taxis are fleet = \"cars\" with `sales` and their part as `of_fleet`, delivery and tipper lorries fleet = \"trucks\" with the same",
    },
    Beyond {
        words: &["充电", "换电站", "加氢"],
        zh: "充电、加氢设施换不成排放；新能源车的占比、辆数、销量占比可写 new-energy-vehicles",
        en: "chargers cannot be turned into emissions; the share, number or sales share of vehicles is a measure of kind new-energy-vehicles",
    },
    Beyond {
        words: &["绿色建筑", "装配式", "超低能耗建筑", "建筑节能"],
        zh: "建筑本体不在模型之内；采暖热源的替代可写 scattered-coal-replacement、network-heat",
        en: "buildings are not in the model; their heat is: scattered-coal-replacement, network-heat",
    },
    Beyond {
        words: &["能效标杆", "标杆水平", "数据中心", "能效领跑者"],
        zh: "数据没有产能的能效分布；能估算节约多少的，写 energy-efficiency 的 gain",
        en: "the data have no distribution of efficiency; where what is saved can be estimated, it is `gain` of energy-efficiency",
    },
    Beyond {
        words: &["桥电", "机场", "飞机", "航空"],
        zh: "飞机和桥电不在模型之内；机场的地面机械可写 non-road-renewal（part）",
        en: "aircraft and bridge power are not in the model; machinery of airports is: non-road-renewal with `part`",
    },
    Beyond {
        words: &[
            "扬尘",
            "机械化清扫",
            "道路清扫",
            "降尘",
            "裸地",
            "矿山",
            "油烟",
            "烟花",
            "恶臭",
        ],
        zh: "扬尘、油烟和颗粒物的这些来源不在模型之内",
        en: "dust, fumes and such sources of particles are not in the model",
    },
    Beyond {
        words: &[
            "农药",
            "绿色防控",
            "统防统治",
            "农膜",
            "地膜",
            "肥料利用率",
            "化肥利用率",
        ],
        zh: "农药、农膜和利用率换不成排放；化肥用量的下降可写 fertiliser-reduction",
        en: "pesticides, film and rates of use cannot be turned into emissions; a fall in the use of fertiliser is fertiliser-reduction",
    },
    Beyond {
        words: &["碳汇", "造林", "森林", "甲烷", "氢氟碳", "储能", "氢能"],
        zh: "碳汇、非二氧化碳温室气体、储能和氢能不在模型之内",
        en: "sinks, gases other than CO2, storage and hydrogen are not in the model",
    },
];

/// Industries that the data do not tell apart.
const INDUSTRIES: Beyond = Beyond {
    words: &[
        "轻烧",
        "镁砂",
        "反射窑",
        "砖瓦",
        "陶瓷",
        "玻璃",
        "电解铝",
        "铁合金",
        "石灰",
        "耐火",
        "有色",
        "石化",
        "化工",
        "炼油",
        "烧结机",
        "球团",
        "炼铁",
    ],
    zh: "数据没有单列这个行业：它的窑炉是 other-industry 的一部分（烧结、球团在 steel 之内）；占多少须由规划者写明，如 industry-structure 的 services = [\"other-industry\"]、cut = 它占的比例",
    en: "the data do not tell this industry apart: its kilns are a part of other-industry (sintering and pellets of steel); whoever plans says what part, such as services = [\"other-industry\"] and `cut` of industry-structure",
};

/// Why what is called `name` is not computed, if it is one of these.
pub(super) fn why(name: &str) -> Option<Text> {
    let known = |beyond: &&Beyond| beyond.words.iter().any(|word| name.contains(word));
    let found = ALL.iter().find(known)?;
    Some(Text::new(found.zh, found.en))
}

/// The same of an industry.
pub(super) fn industry(name: &str) -> Option<Text> {
    let known = INDUSTRIES.words.iter().any(|word| name.contains(word));
    known.then(|| Text::new(INDUSTRIES.zh, INDUSTRIES.en))
}

/// What a kind of measure is often asked and cannot turn into its extent.
pub(super) fn of_kind(kind: &str) -> Option<Text> {
    let (zh, en) = match kind {
        "sewer-network" => (
            "管网公里数换不成收集率：写收集率 `reach` 和现状 `now`，没有的写到 [tracked]",
            "kilometres of sewers cannot be turned into a rate of collection: give `reach` and `now`, else put it under [tracked]",
        ),
        "fertiliser-reduction" => (
            "利用率换不成用量：写化肥用量下降多少 `cut`，没有的写到 [tracked]",
            "a rate of use cannot be turned into an amount: give the fall in the use of fertiliser as `cut`, else put it under [tracked]",
        ),
        _ => return None,
    };
    Some(Text::new(zh, en))
}

/// A measure of a kind that the model does not compute, with the entry under `[tracked]`
/// that keeps the sentence.
pub(super) fn measure(
    (id, table): (&str, &TableNode),
    (name, span): (&str, Span),
    why: Text,
) -> Diagnostic {
    let message = Text::new(
        format!("模型不算“{name}”：没有这一类措施"),
        format!("the model does not compute `{name}`: there is no such kind of measure"),
    );
    // What the entry says, but for what every measure has.
    let said = table
        .entries
        .iter()
        .find_map(|(key, node)| match &node.value {
            Value::String(text) if says(&key.name) => Some(text.clone()),
            _ => None,
        });
    let year = ["end", "year"].iter().find_map(|key| table.get(key));
    let year = year.and_then(written);
    let called = table.get("name_zh").and_then(written);
    let called = called.unwrap_or_else(|| name.to_string());
    let said = said.unwrap_or_else(|| "…".to_string());
    let year = year.unwrap_or_else(|| "…".to_string());
    Diagnostic::error("not-in-model", message)
        .label(span, Text::new("模型以外", "outside the model"))
        .note(why)
        .help(Text::new(
            format!(
                "写到 [tracked]，原话照列：[tracked.{id}] name_zh = \"{called}\"、target = \"{said}\"、year = {year}"
            ),
            format!(
                "keep its words under [tracked]: [tracked.{id}] name_zh = …, target = …, year = {}",
                if year.is_ascii() { year.as_str() } else { "…" }
            ),
        ))
}

/// Whether a key may hold what a sentence asks for.
fn says(key: &str) -> bool {
    let common = jianpai_core::measure::common::COMMON.iter();
    key != "type" && common.map(|common| common.key).all(|common| common != key)
}

/// A year or a name as it stands.
fn written(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => {
            let year = super::worded::year(text).map(|(year, _)| year.to_string());
            Some(year.unwrap_or_else(|| text.clone()))
        }
        Value::Integer(year) => Some(year.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, INDUSTRIES, industry, why};

    #[test]
    fn every_sentence_finds_its_own_reason() {
        for (name, part) in [
            ("秸秆综合利用", "秸秆"),
            ("清洁运输", "货种"),
            ("铁水联运", "集装箱"),
            ("废钢利用", "废钢"),
            ("生活垃圾焚烧", "固体废物"),
            ("公共领域车辆", "公交"),
        ] {
            let found = why(name).unwrap_or_else(|| panic!("{name}"));
            assert!(found.zh.contains(part), "{name}: {}", found.zh);
        }
        assert!(why("散煤替代").is_none() && why("轻烧反射窑").is_none());
        assert!(industry("轻烧反射窑").is_some() && industry("钢铁").is_none());
    }

    #[test]
    fn no_word_stands_twice() {
        let all = ALL.iter().chain([&INDUSTRIES]);
        let words: Vec<&str> = all.flat_map(|b| b.words).copied().collect();
        for (i, word) in words.iter().enumerate() {
            assert!(!words[i + 1..].contains(word), "{word}");
        }
    }
}
