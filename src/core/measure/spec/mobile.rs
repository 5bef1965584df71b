//! Kinds of measures on vehicles, machinery and ships.

use super::super::{KindSpec, Rule, fleet, nonroad, ships};
use super::{
    Extent, FLEET, Items, Mass, Optional, PART, REACH, Required, SHARE, STAGE, Share, Technologies,
    Vehicles, Word, field, to,
};

/// The kinds.
pub(super) const KINDS: [KindSpec; 5] = [
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
        services: &["freight", "passenger-vehicles"],
    },
    KindSpec {
        id: "new-energy-vehicles",
        zh: "新能源汽车推广",
        en: "New-energy vehicles",
        doc_zh: "新能源车在车队中的占比、新增辆数，或占新车销量的比例：后者由模型逐年更替车队。",
        doc_en: "Share of new-energy vehicles in the fleet, vehicles added, or their share of new sales, from which the model turns the fleet over.",
        fields: &[
            FLEET,
            REACH,
            field("number", Vehicles, Extent, "新增辆数", "vehicles added"),
            field(
                "sales",
                Share,
                Extent,
                "到期末占新车销量的比例，按存活曲线换算为逐年保有量占比",
                "share of new sales in the end, turned into shares of the fleet by year by survival",
            )
            .such_as("20 %"),
            field(
                "of_fleet",
                Share,
                Optional,
                "sales 所说车辆占车队的比例，如公交、出租；不写为全部",
                "part of the fleet that `sales` speaks of, such as buses and taxis; all if absent",
            )
            .such_as("3 %"),
        ],
        rule: Rule::Shifts(fleet::new_energy),
        adapts: true,
        services: &["freight", "passenger-vehicles"],
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
        services: &["freight", "passenger-vehicles"],
    },
    KindSpec {
        id: "non-road-renewal",
        zh: "非道路移动机械更新",
        en: "Non-road machinery renewal",
        doc_zh: "非道路移动机械由 from 更新为 to；只说港口、机场、厂区的机械时，用 part 写明其占机械用油的比例，或写 fuel、number。",
        doc_en: "Renews non-road machinery from the stages of `from` by those of `to`; for machinery of ports, airports or works alone, `part` says their part of the diesel of machinery, or `fuel` or `number` how much.",
        fields: &[
            field("from", Technologies, Required, "更新对象", "stages renewed")
                .such_as(r#"["stage2"]"#),
            field(
                "share",
                Share,
                Extent,
                "占可替代存量（现行政策之后）的比例；写了 part 则为其中的比例",
                "part of what is addressed and current policy leaves; of `part`, where that is stated",
            ),
            field(
                "fuel",
                Mass,
                Extent,
                "被更新机械的年用柴油量",
                "diesel a year of the machinery renewed",
            )
            .such_as("3 万t"),
            field(
                "number",
                Items,
                Extent,
                "更新台数",
                "machines renewed",
            ),
            PART,
            field(
                "each",
                Mass,
                Optional,
                "单台年用柴油；不写则取 data/parameters.csv 的 diesel-per-machine",
                "diesel of one machine a year; if absent, `diesel-per-machine` of data/parameters.csv",
            )
            .such_as("20 t"),
            to(r#"{ stage4 = "80 %", electric = "20 %" }"#),
        ],
        rule: Rule::Shifts(nonroad::renewal),
        adapts: false,
        services: &["non-road"],
    },
    KindSpec {
    id: "clean-ships",
    zh: "船舶清洁化",
    en: "Cleaner ships",
    doc_zh: "内河及沿海船舶使用低硫油、靠港使用岸电、两者兼用，或改用 LNG 动力；reach 为在船舶运输中的占比，低硫油船也用岸电的两边都算。远洋不在其中。",
    doc_en: "Inland and coastal ships take low-sulphur fuel, shore power at berth, both, or LNG; `reach` is a part of the work of ships, and a ship with both counts for either. Ocean shipping is not among them.",
    fields: &[
        field(
            "approach",
            Word(&["low-sulphur", "shore-power", "both", "lng"]),
            Required,
            "方式：low-sulphur 低硫油，shore-power 岸电，both 两者兼用，lng LNG 动力",
            "approach: low-sulphur fuel, shore power, both, or LNG",
        ),
        SHARE,
        REACH,
    ],
    rule: Rule::Shifts(ships::clean),
    adapts: false,
    services: &["freight"],
},
];
