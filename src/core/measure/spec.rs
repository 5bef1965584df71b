//! The catalogue of measures: one entry a kind, with its fields in planners' units
//! and the rule that turns them into shifts. The scenario reader, the JSON Schema,
//! `jianpai list measures` and the manual are all made from this table.

use super::{fleet, general, industry, water};

pub use super::{Field, FieldKind, KindSpec, Role, Rule};

const fn field(
    key: &'static str,
    kind: FieldKind,
    role: Role,
    zh: &'static str,
    en: &'static str,
) -> Field {
    Field {
        key,
        kind,
        role,
        zh,
        en,
        example: kind.example(),
    }
}

/// What replaces something, such as `example`.
const fn to(example: &'static str) -> Field {
    let (zh, en) = (
        "替代去向，各占多少，合计 100 %",
        "what replaces it, shares summing to 100 %",
    );
    field("to", Mix, Required, zh, en).such_as(example)
}

use FieldKind::{
    Coal, Electricity, Flow, FreightWork, Growth, Heads, Hours, Households, Items, Mass, Mix,
    Persons, Power, Service, Services, Share, SteamCapacity, Technologies, Vehicles, Word, Year,
};
use Role::{Extent, Optional, Required};

const SHARE: Field = field(
    "share",
    Share,
    Extent,
    "占可替代存量（现行政策之后）的比例",
    "part of what the measure addresses and current policy leaves",
);
const REACH: Field = field(
    "reach",
    Share,
    Extent,
    "到期末，替代后的工艺合计占该活动的比例",
    "share of the service that the new technologies have together in the end",
);
const FLEET: Field = field(
    "fleet",
    Word(&["trucks", "cars"]),
    Required,
    "车队：trucks 货车，cars 客车",
    "which fleet: trucks or cars",
);
const STAGE: Field = field(
    "up_to",
    Word(&["pre3", "c3", "c4", "c5"]),
    Required,
    "排放阶段上限：pre3 国二及以前，c3 国三……",
    "the newest stage addressed: pre3 (China II and older), c3 (China III) …",
)
.such_as("c3");

/// Every kind of measure.
pub const KINDS: &[KindSpec] = &[
    KindSpec {
        id: "scattered-coal-replacement",
        zh: "散煤替代",
        en: "Scattered-coal replacement",
        doc_zh: "生活和冬季取暖散煤改为清洁能源；复烧部分不计。",
        doc_en: "Moves households from scattered coal to cleaner heat; the part that burns coal again does not count.",
        fields: &[
            field("amount", Mass, Extent, "替代散煤量", "coal replaced"),
            field(
                "households",
                Households,
                Extent,
                "替代户数",
                "households converted",
            ),
            SHARE,
            field(
                "reburn",
                Share,
                Optional,
                "复烧比例；不写则取 data/parameters.csv 的 reburn-share",
                "part that burns coal again; if absent, `reburn-share` of data/parameters.csv",
            ),
            to(r#"{ gas = "60 %", heat-pump = "40 %" }"#),
        ],
        rule: Rule::Shifts(industry::scattered_coal),
        adapts: false,
        services: &["residential-heat"],
    },
    KindSpec {
        id: "coal-boiler-phaseout",
        zh: "燃煤锅炉淘汰",
        en: "Coal-boiler phase-out",
        doc_zh: "淘汰给定容量以下的燃煤锅炉，按比例、蒸吨或台数。",
        doc_en: "Replaces coal boilers up to a size class, by share, capacity or number.",
        fields: &[
            field(
                "up_to",
                SteamCapacity,
                Required,
                "容量上限：10、35 或 65 t/h",
                "upper size: 10, 35 or 65 t/h",
            ),
            SHARE,
            field(
                "capacity",
                SteamCapacity,
                Extent,
                "淘汰蒸吨",
                "capacity phased out",
            ),
            field("number", Items, Extent, "淘汰台数", "boilers phased out"),
            to(r#"{ gas = "60 %", district = "40 %" }"#),
        ],
        rule: Rule::Shifts(industry::boilers),
        adapts: true,
        services: &["industrial-steam"],
    },
    KindSpec {
        id: "coal-cap",
        zh: "煤炭消费总量控制",
        en: "Coal-consumption cap",
        doc_zh: "用煤超过上限的部分，按比例从各用煤工艺中压减。",
        doc_en: "Takes coal use above the cap off all coal technologies in proportion.",
        fields: &[
            field("cap", Coal, Extent, "用煤上限", "cap on coal use"),
            field(
                "reduction",
                Growth,
                Extent,
                "较 base_year 下降",
                "reduction on `base_year`",
            ),
            field(
                "base_year",
                Year,
                Optional,
                "reduction 的基准年；不写则取 start 之前最近的五年规划末年（2015、2020、2025……）",
                "the year that `reduction` counts from; if absent, the last year before `start` that ends a five-year plan (2015, 2020, 2025 …)",
            ),
        ],
        rule: Rule::CoalCap,
        adapts: false,
        services: &[],
    },
    KindSpec {
        id: "rail-freight",
        zh: "公路货运转铁路",
        en: "Road-to-rail freight",
        doc_zh: "提高铁路货运周转量占比，或使铁路货运较某年增长给定幅度。",
        doc_en: "Raises the rail share of freight turnover, or rail freight by a rate since a recorded year.",
        fields: &[
            REACH,
            field(
                "growth",
                Growth,
                Extent,
                "铁路货运较 since 年增长",
                "growth of rail freight on the year `since`",
            ),
            field(
                "turnover",
                FreightWork,
                Extent,
                "转铁路的周转量",
                "turnover moved to rail",
            ),
            field(
                "since",
                Year,
                Optional,
                "growth 的基准年",
                "the year that `growth` refers to",
            ),
        ],
        rule: Rule::Shifts(fleet::rail),
        adapts: true,
        services: &["freight"],
    },
    KindSpec {
        id: "ultra-low-retrofit",
        zh: "超低排放改造",
        en: "Ultra-low-emission retrofit",
        doc_zh: "电力、钢铁、水泥、焦化、锅炉及其他工业的超低排放或特别排放限值改造；由其下各级（未治理的和已治理的）按当年占比改造。",
        doc_en: "Retrofits power, steel, cement, coke, boilers or other industry to ultra-low or special limits, from every stage below, by what there is of each in each year.",
        fields: &[
            field(
                "sector",
                Word(&[
                    "power",
                    "steel",
                    "cement",
                    "coke",
                    "boilers",
                    "other-industry",
                ]),
                Required,
                "行业",
                "sector",
            ),
            SHARE,
            REACH,
            field(
                "capacity",
                Power,
                Extent,
                "改造装机（仅电力）",
                "capacity retrofitted (power only)",
            ),
        ],
        rule: Rule::Shifts(industry::retrofit),
        adapts: false,
        services: &[],
    },
    KindSpec {
        id: "unit-closure",
        zh: "关停机组",
        en: "Closing of power units",
        doc_zh: "关停给定装机的煤电机组，所供电量由 to 承担；先关未改造的，不足时再关其他机组。",
        doc_en: "Closes coal power units, those without a retrofit first; their output moves to the technologies of `to`.",
        fields: &[
            field("capacity", Power, Extent, "关停装机", "capacity closed"),
            field(
                "hours",
                Hours,
                Optional,
                "年利用小时；不写则取 hours-power-coal",
                "full-load hours; if absent, `hours-power-coal` of data/parameters.csv",
            ),
            to(r#"{ coal-ule = "100 %" }"#),
        ],
        rule: Rule::Shifts(industry::closure),
        adapts: true,
        services: &["thermal-power"],
    },
    KindSpec {
        id: "old-vehicle-retirement",
        zh: "老旧车辆淘汰",
        en: "Old-vehicle retirement",
        doc_zh: "淘汰给定排放阶段及以下的车辆。",
        doc_en: "Retires vehicles up to an emission stage.",
        fields: &[
            FLEET,
            STAGE,
            SHARE,
            field("number", Vehicles, Extent, "淘汰辆数", "vehicles retired"),
            to(r#"{ c5 = "60 %", c6 = "40 %" }"#),
        ],
        rule: Rule::Shifts(fleet::retirement),
        adapts: false,
        services: &[],
    },
    KindSpec {
        id: "new-energy-vehicles",
        zh: "新能源汽车推广",
        en: "New-energy vehicles",
        doc_zh: "新能源车在车队中的占比或新增辆数。",
        doc_en: "Share of new-energy vehicles in the fleet, or vehicles added.",
        fields: &[
            FLEET,
            REACH,
            field("number", Vehicles, Extent, "新增辆数", "vehicles added"),
        ],
        rule: Rule::Shifts(fleet::new_energy),
        adapts: true,
        services: &[],
    },
    KindSpec {
        id: "fleet-renewal",
        zh: "车队更新",
        en: "Fleet renewal",
        doc_zh: "由 from 中的各阶段车辆更新为 to。",
        doc_en: "Renews the stages named in `from` by those of `to`.",
        fields: &[
            FLEET,
            field("from", Technologies, Required, "更新对象", "stages renewed")
                .such_as(r#"["c3"]"#),
            SHARE,
            field("number", Vehicles, Extent, "更新辆数", "vehicles renewed"),
            to(r#"{ c5 = "60 %", c6 = "40 %" }"#),
        ],
        rule: Rule::Shifts(fleet::renewal),
        adapts: false,
        services: &[],
    },
    KindSpec {
        id: "non-road-renewal",
        zh: "非道路移动机械更新",
        en: "Non-road machinery renewal",
        doc_zh: "非道路移动机械由 from 更新为 to。",
        doc_en: "Renews non-road machinery from the stages of `from` by those of `to`.",
        fields: &[
            field("from", Technologies, Required, "更新对象", "stages renewed")
                .such_as(r#"["stage2"]"#),
            SHARE,
            to(r#"{ stage4 = "80 %", electric = "20 %" }"#),
        ],
        rule: Rule::Shifts(|ctx, m| general::named_service(ctx, m, "non-road")),
        adapts: false,
        services: &["non-road"],
    },
    KindSpec {
        id: "sewage-expansion",
        zh: "污水收集处理扩容",
        en: "Sewage collection and treatment",
        doc_zh: "把未处理的生活污水纳入处理；reach 为处理率。",
        doc_en: "Brings untreated sewage to treatment; `reach` is the treatment rate.",
        fields: &[
            field(
                "area",
                Word(&["urban", "rural"]),
                Required,
                "城镇或农村",
                "urban or rural",
            ),
            SHARE,
            REACH,
            field("capacity", Flow, Extent, "新增处理能力", "capacity added"),
            field(
                "persons",
                Persons,
                Extent,
                "新增服务人口",
                "persons connected",
            ),
            to(r#"{ 1a = "100 %" }"#),
        ],
        rule: Rule::Shifts(water::sewage_expansion),
        adapts: false,
        services: &["urban-sewage", "rural-sewage"],
    },
    KindSpec {
        id: "sewage-upgrade",
        zh: "污水处理厂提标",
        en: "Sewage-works upgrade",
        doc_zh: "污水处理厂由 from 各级提标到 to。",
        doc_en: "Upgrades sewage works from the classes of `from` to those of `to`.",
        fields: &[
            field(
                "from",
                Technologies,
                Required,
                "提标对象",
                "classes upgraded",
            ),
            SHARE,
            field("capacity", Flow, Extent, "提标能力", "capacity upgraded"),
            field("persons", Persons, Extent, "服务人口", "persons served"),
            to(r#"{ 1a = "100 %" }"#),
        ],
        rule: Rule::Shifts(water::sewage_upgrade),
        adapts: false,
        services: &["urban-sewage", "rural-sewage"],
    },
    KindSpec {
        id: "industrial-wastewater-upgrade",
        zh: "工业废水治理",
        en: "Industrial wastewater upgrade",
        doc_zh: "工业废水由 from 提升到 to。",
        doc_en: "Upgrades industrial wastewater treatment.",
        fields: &[
            field(
                "from",
                Technologies,
                Required,
                "提升对象",
                "levels upgraded",
            )
            .such_as(r#"["direct"]"#),
            SHARE,
            to(r#"{ advanced = "100 %" }"#),
        ],
        rule: Rule::Shifts(|ctx, m| general::named_service(ctx, m, "industrial-wastewater")),
        adapts: false,
        services: &["industrial-wastewater"],
    },
    KindSpec {
        id: "manure-utilisation",
        zh: "畜禽粪污资源化利用",
        en: "Manure utilisation",
        doc_zh: "未处理的畜禽粪污转为 to；reach 为综合利用率。",
        doc_en: "Moves untreated manure to the technologies of `to`; `reach` is the rate of use.",
        fields: &[
            SHARE,
            REACH,
            field("heads", Heads, Extent, "折猪当量头数", "pig equivalents"),
            to(r#"{ treated = "40 %", returned = "60 %" }"#),
        ],
        rule: Rule::Shifts(water::manure),
        adapts: false,
        services: &["livestock"],
    },
    KindSpec {
        id: "voc-control",
        zh: "挥发性有机物治理",
        en: "VOC control",
        doc_zh: "源头替代、末端治理或两者兼施；两者兼施也提升只做了其中之一的。",
        doc_en: "Source substitution, end-of-pipe control, or both; both takes in what has only one of them.",
        fields: &[
            field(
                "approach",
                Word(&["source", "end-of-pipe", "both"]),
                Required,
                "方式",
                "approach",
            ),
            SHARE,
        ],
        rule: Rule::Shifts(industry::voc),
        adapts: false,
        services: &[],
    },
    KindSpec {
        id: "energy-efficiency",
        zh: "节能",
        en: "Energy efficiency",
        doc_zh: "各活动同比例节约，不改变工艺构成；改造过的与未改造的一并节约，与改造不冲突。",
        doc_en: "Saves part of the services without changing their mix, on retrofitted plant as on any other.",
        fields: &[
            field("services", Services, Required, "活动", "services"),
            field("gain", Share, Extent, "节约比例", "part saved"),
        ],
        rule: Rule::Shifts(|ctx, m| industry::saving(ctx, m, "gain")),
        adapts: true,
        services: &[],
    },
    KindSpec {
        id: "industry-structure",
        zh: "产业结构调整",
        en: "Structural change of industry",
        doc_zh: "压减或退出高排放行业产出，无论是否改造过。",
        doc_en: "Closes part of the output of emitting industries, retrofitted or not.",
        fields: &[
            field("services", Services, Required, "行业", "industries"),
            field("cut", Share, Extent, "压减比例", "part of output closed"),
            field(
                "technologies",
                Technologies,
                Optional,
                "只压减这些工艺",
                "close these technologies only",
            ),
        ],
        rule: Rule::Shifts(|ctx, m| industry::saving(ctx, m, "cut")),
        adapts: true,
        services: &[],
    },
    KindSpec {
        id: "non-fossil-power",
        zh: "非化石能源替代火电",
        en: "Non-fossil power",
        doc_zh: "非化石电力替代煤电。",
        doc_en: "Non-fossil power displaces coal power.",
        fields: &[
            REACH,
            SHARE,
            field(
                "electricity",
                Electricity,
                Extent,
                "替代电量",
                "electricity displaced",
            ),
        ],
        rule: Rule::Shifts(industry::non_fossil),
        adapts: true,
        services: &["thermal-power"],
    },
    KindSpec {
        id: "shift",
        zh: "占比转移",
        en: "Shift of shares",
        doc_zh: "通用措施：把某活动由 from 转到 to。",
        doc_en: "The general form: moves part of a service from `from` to `to`.",
        fields: &[
            field("service", Service, Required, "活动", "service"),
            field(
                "from",
                Technologies,
                Required,
                "减少的工艺",
                "technologies that lose",
            )
            .such_as(r#"["c3", "c4"]"#),
            SHARE,
            field(
                "of_service",
                Share,
                Extent,
                "占该活动的比例",
                "part of the whole service",
            ),
            to(r#"{ c6 = "60 %", lng = "40 %" }"#),
        ],
        rule: Rule::Shifts(general::general),
        adapts: false,
        services: &[],
    },
];

/// The kind called `id`.
pub fn kind(id: &str) -> Option<&'static KindSpec> {
    KINDS.iter().find(|kind| kind.id == id)
}
