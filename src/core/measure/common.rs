//! The keys that measures of every kind have. The reader, the JSON Schema and
//! `jianpai list measures` take them from this table.

/// A key that measures of every kind have, beside `type` and the fields of the kind.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    /// The key.
    pub key: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Whether it is part of the timetable, without which a measure is not complete.
    pub timetable: bool,
    /// What it means, in Chinese.
    pub zh: &'static str,
    /// What it means, in English; empty where one language says it.
    pub en: &'static str,
}

/// What a common key holds; shares with an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// A calendar year.
    Year,
    /// One of the given words.
    Word(&'static [&'static str]),
    /// A share.
    Share(&'static str),
    /// Shares by year: `{ 2018 = "50 %" }`.
    Shares(&'static str),
    /// An amount of money, whole or for a unit; with an example.
    Money(&'static str),
    /// A number of years.
    Years,
    /// By region, what is otherwise there: any of the other keys but those that say what the
    /// measure is.
    Regions,
}

const fn common(key: &'static str, holds: Holds, zh: &'static str, en: &'static str) -> Common {
    Common {
        key,
        holds,
        timetable: false,
        zh,
        en,
    }
}

const fn timetable(key: &'static str, holds: Holds, zh: &'static str, en: &'static str) -> Common {
    Common {
        timetable: true,
        ..common(key, holds, zh, en)
    }
}

/// The keys that every measure has beside `type`.
pub const COMMON: [Common; 18] = [
    common("name_zh", Holds::Text, "中文名", ""),
    common("name_en", Holds::Text, "English name", ""),
    common(
        "policy",
        Holds::Word(&["new", "current"]),
        "新增措施或现行政策",
        "new or current policy",
    ),
    common("zone", Holds::Text, "只作用于该分区", "only in this zone"),
    timetable(
        "start",
        Holds::Year,
        "开始见效的年份",
        "first year with an effect",
    ),
    timetable(
        "end",
        Holds::Year,
        "全部实施的年份",
        "first year fully in force",
    ),
    common(
        "ramp",
        Holds::Word(&["linear", "s-curve", "step"]),
        "时间曲线",
        "shape over time",
    ),
    timetable(
        "points",
        Holds::Shares("50 %"),
        "逐年实施比例，代替 start/end",
        "part in force by year",
    ),
    common(
        "at",
        Holds::Word(&["year-end", "mean"]),
        "时间表说的是年末的情况（year-end，当年按年初年末平均计）还是全年平均（mean，默认）",
        "whether the timetable says what stands at the end of years (year-end: a year counts the mean of its start and end) or the mean of years (mean, the default)",
    ),
    common(
        "level",
        Holds::Share("80 %"),
        "执行程度",
        "how far it is carried out",
    ),
    common(
        "cost",
        Holds::Money("3000 元/户"),
        "年费用，按措施的量或活动的单位计，或整项措施合计（\"3 亿元\"）；写了就代替 data/costs.csv 的工艺成本，节约写负数",
        "cost a year by the unit of the measure's amount or of its service, or of the whole measure (\"3e8 CNY\"), in the place of data/costs.csv; negative where it saves",
    ),
    common(
        "capital",
        Holds::Money("12 亿元"),
        "总投资或单位投资，按 life 和折现率（data/parameters.csv）折成年费用",
        "capital, whole or by unit, spread over `life` at the discount rate of data/parameters.csv",
    ),
    common(
        "life",
        Holds::Years,
        "投资的使用年限",
        "years that the capital lasts",
    ),
    common(
        "price_year",
        Holds::Year,
        "cost、capital 的价格年份，默认与情景相同",
        "year of the prices of `cost` and `capital`, by default that of the scenario",
    ),
    common(
        "record_of",
        Holds::Text,
        "量和时间表取自哪个地区的记录（如 china）；用于其他地区时会注明",
        "the region whose record the amount and the timetable are (such as china); told where another one is run",
    ),
    common(
        "regions",
        Holds::Regions,
        "某地不同的量、时间表、去向等，代替上面写的：[measures.x.regions.hebei]",
        "what is otherwise in a region, in the place of the above: amount, timetable, mix … ([measures.x.regions.hebei])",
    ),
    common("source", Holds::Text, "出处", "source"),
    common("note", Holds::Text, "备注", "note"),
];
