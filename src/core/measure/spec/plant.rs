//! The kinds of measures on plant: power, boilers, furnaces, works and heat. Rows of the
//! table of all kinds.

use super::super::{Field, FieldKind, KindSpec, Role, Rule, boiler, industry, works};
use super::{REACH, SHARE, field, to};
use FieldKind::{
    Area, Coal, Electricity, Hours, Households, Items, Output, Plant, Power, Share, SteamCapacity,
    Word,
};
use Role::{Extent, Optional, Required};

const UTILISATION: Field = field(
    "utilisation",
    Share,
    Optional,
    "产能利用率，把产能折成产量；不写则取 data/parameters.csv 的 utilisation-…",
    "rate at which capacity runs, which turns it into output; if absent, `utilisation-…` of data/parameters.csv",
)
.such_as("78 %");

pub(super) const COAL_BOILERS: KindSpec = KindSpec {
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
    rule: Rule::Shifts(boiler::phase_out),
    adapts: true,
    services: &["industrial-steam"],
};

pub(super) const ULTRA_LOW: KindSpec = KindSpec {
    id: "ultra-low-retrofit",
    zh: "超低排放改造",
    en: "Ultra-low-emission retrofit",
    doc_zh: "电力、钢铁、水泥、焦化、锅炉及其他工业的超低排放或特别排放限值改造；由其下各级（未治理的和已治理的）按当年占比改造。燃煤锅炉可用 above、up_to 限定容量。",
    doc_en: "Retrofits power, steel, cement, coke, boilers or other industry to ultra-low or special limits, from every stage below, by what there is of each in each year. Coal boilers may be limited to sizes by `above` and `up_to`.",
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
            Plant,
            Extent,
            "改造能力：电力为装机，锅炉为蒸吨，钢铁、水泥、焦化为年产能（万吨）",
            "capacity retrofitted: MW of power, t/h of boilers, t a year of steel, cement or coke",
        ),
        field(
            "number",
            Items,
            Extent,
            "改造台数（仅锅炉）",
            "boilers retrofitted (boilers only)",
        ),
        field(
            "above",
            SteamCapacity,
            Optional,
            "只改造这一容量以上的锅炉：10、35 或 65 t/h（仅锅炉）",
            "only boilers above this size: 10, 35 or 65 t/h (boilers only)",
        )
        .such_as("65 t/h"),
        field(
            "up_to",
            SteamCapacity,
            Optional,
            "只改造到这一容量的锅炉：10、35 或 65 t/h（仅锅炉）",
            "only boilers up to this size: 10, 35 or 65 t/h (boilers only)",
        ),
        UTILISATION,
    ],
    rule: Rule::Shifts(industry::retrofit),
    adapts: false,
    services: &[],
};

pub(super) const LOW_NOX: KindSpec = KindSpec {
    id: "low-nox-burners",
    zh: "燃气锅炉低氮改造",
    en: "Low-NOx burners of gas boilers",
    doc_zh: "燃气锅炉低氮燃烧改造，按比例、蒸吨或台数；reach 为低氮锅炉占燃气锅炉的比例。针对现行政策之后的燃气锅炉，新改成的用 to 写 gas-low-nox。",
    doc_en: "Fits gas boilers with low-NOx burners, by share, capacity or number; `reach` is their share of gas boilers. It addresses what current policy leaves; for new gas boilers write gas-low-nox in `to`.",
    fields: &[
        SHARE,
        REACH,
        field(
            "capacity",
            SteamCapacity,
            Extent,
            "改造蒸吨",
            "capacity fitted",
        ),
        field("number", Items, Extent, "改造台数", "boilers fitted"),
    ],
    rule: Rule::Shifts(boiler::low_nox),
    adapts: false,
    services: &["industrial-steam"],
};

pub(super) const BIOMASS_BOILERS: KindSpec = KindSpec {
    id: "biomass-boilers",
    zh: "生物质锅炉治理",
    en: "Biomass boilers",
    doc_zh: "生物质锅炉高效除尘、脱硝改造（to 写 biomass-ule），或淘汰、改用其他热源。",
    doc_en: "Fits biomass boilers with dust and NOx control (`to` biomass-ule), or closes or replaces them.",
    fields: &[
        SHARE,
        field(
            "capacity",
            SteamCapacity,
            Extent,
            "治理蒸吨",
            "capacity fitted or closed",
        ),
        field(
            "number",
            Items,
            Extent,
            "治理台数",
            "boilers fitted or closed",
        ),
        to(r#"{ biomass-ule = "70 %", gas-low-nox = "30 %" }"#),
    ],
    rule: Rule::Shifts(boiler::biomass),
    adapts: true,
    services: &["industrial-steam"],
};

pub(super) const NETWORK_HEAT: KindSpec = KindSpec {
    id: "network-heat",
    zh: "集中供热、长输供热替代",
    en: "Heat from a network",
    doc_zh: "热电联产、电厂余热长输供热或大型热源厂，替代散煤、燃煤锅炉或燃气锅炉，按面积、户数、蒸吨或比例。电厂送来的热用 power-heat，一般热网用 district。",
    doc_en: "Heat from power plants, over a distance or near, or from large boiler houses takes the place of scattered coal, coal boilers or gas boilers, by area, households, capacity or share. power-heat is heat from ultra-low power plants, district that of networks as they are.",
    fields: &[
        field(
            "replaces",
            Word(&["scattered-coal", "coal-boilers", "gas-boilers"]),
            Required,
            "替代什么：scattered-coal 散煤，coal-boilers 燃煤锅炉，gas-boilers 燃气锅炉",
            "what it replaces: scattered coal, coal boilers or gas boilers",
        ),
        field(
            "heated_area",
            Area,
            Extent,
            "替代的供热面积",
            "heated floor area replaced",
        ),
        field(
            "households",
            Households,
            Extent,
            "替代户数（散煤）",
            "households (scattered coal)",
        ),
        field(
            "capacity",
            SteamCapacity,
            Extent,
            "替代的锅炉蒸吨",
            "capacity of the boilers replaced",
        ),
        SHARE,
        field(
            "up_to",
            SteamCapacity,
            Optional,
            "只替代到这一容量的燃煤锅炉：10、35 或 65 t/h",
            "only coal boilers up to this size: 10, 35 or 65 t/h",
        ),
        to(r#"{ power-heat = "100 %" }"#),
    ],
    rule: Rule::Shifts(boiler::network),
    adapts: true,
    services: &["residential-heat", "industrial-steam"],
};

pub(super) const FURNACES: KindSpec = KindSpec {
    id: "furnace-fuel-switch",
    zh: "工业炉窑清洁能源替代",
    en: "Furnaces on cleaner energy",
    doc_zh: "其他工业的燃煤（或燃油）炉窑、煤气发生炉、热风炉改用天然气、电或外供热力，按占其燃煤用热的比例或煤量。砖瓦、陶瓷等单个行业占多少数据中没有，由文件写明。",
    doc_en: "Furnaces, kilns, gas producers and dryers of other industry on coal (or oil) change to gas, electricity or bought heat, by a share of what is coal-fired there or by coal. What a single branch, such as bricks, has of it is not in the data: the file says it.",
    fields: &[
        SHARE,
        field("amount", Coal, Extent, "替代煤量", "coal replaced").such_as("50 万t"),
        field(
            "fuel",
            Word(&["coal", "oil"]),
            Optional,
            "现用燃料；不写为煤",
            "the fuel they burn; coal if absent",
        ),
        to(r#"{ gas = "60 %", electric = "40 %" }"#),
    ],
    rule: Rule::Shifts(works::furnace_fuel),
    adapts: true,
    services: &["other-industry"],
};

pub(super) const CAPACITY: KindSpec = KindSpec {
    id: "capacity-closure",
    zh: "压减退出产能",
    en: "Closing of industrial capacity",
    doc_zh: "关停、退出钢铁、水泥、熟料、焦化产能；先关未改造的，不足时再关其他的。to 写产量去向：产量随之减少写 saved（减产），产能置换写新工艺。growth 里已含减产的，不要再写 saved；减产的费用只计省下的生产成本，不计失去的产值。",
    doc_en: "Closes capacity of crude steel, cement, clinker or coke, those without a retrofit first. `to` says what becomes of the output: saved where it is no longer made, the new plant where capacity is swapped. Where growth counts the cut already, do not give saved as well; its cost is the production cost no longer spent, without the value of the output lost.",
    fields: &[
        field(
            "product",
            Word(&[
                "steel",
                "cement",
                "clinker",
                "coke",
                "aluminium",
                "flat-glass",
                "pig-iron",
                "ferroalloy",
                "refining",
                "ceramics",
            ]),
            Required,
            "产品：steel 粗钢（长流程），cement 水泥，clinker 熟料，coke 焦炭；其余模型没有，会指出",
            "product: steel (converters), cement, clinker or coke; of the others the model has no service, which is told",
        ),
        field(
            "capacity",
            Output,
            Extent,
            "退出的年产能",
            "capacity closed (t a year)",
        ),
        field(
            "output",
            Output,
            Extent,
            "压减的年产量，不经产能利用率折算",
            "output no longer made there (t a year), as it is",
        )
        .such_as("300 万吨"),
        UTILISATION,
        to(r#"{ saved = "60 %", bof-ule = "40 %" }"#),
    ],
    rule: Rule::Shifts(works::closure),
    adapts: true,
    services: &["steel", "cement", "coke"],
};

pub(super) const ELECTRIC_STEEL: KindSpec = KindSpec {
    id: "electric-steel",
    zh: "电炉短流程炼钢",
    en: "Electric-furnace steel",
    doc_zh: "电炉钢替代转炉长流程；reach 为电炉钢占粗钢产量的比例。废钢供应不在模型之内：每吨电炉钢约需 1.1 吨废钢，另行核对。",
    doc_en: "Steel of electric furnaces takes the place of converter steel; `reach` is its share of crude steel. Scrap is not in the model: a tonne takes about 1.1 t of it, to be checked elsewhere.",
    fields: &[
        REACH,
        SHARE,
        field(
            "output",
            Output,
            Extent,
            "新增电炉钢年产量",
            "electric steel added (t a year)",
        )
        .such_as("300 万吨"),
    ],
    rule: Rule::Shifts(works::electric_steel),
    adapts: true,
    services: &["steel"],
};

pub(super) const NON_FOSSIL: KindSpec = KindSpec {
    id: "non-fossil-power",
    zh: "非化石能源替代火电",
    en: "Non-fossil power",
    doc_zh: "非化石电力替代煤电，按占比、电量或装机；装机按年利用小时折成电量，不计储能。growth 里火电增速已扣除的新增装机，不要再写。",
    doc_en: "Non-fossil power displaces coal power, by share, electricity or capacity. Capacity becomes electricity at its full-load hours, nothing is stored. Do not give capacity again that the growth of thermal power has been lowered for.",
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
        field("capacity", Power, Extent, "新增装机", "capacity added").such_as("300 万kW"),
        field(
            "energy",
            Word(&["pv", "wind", "hydro", "nuclear", "biomass"]),
            Optional,
            "电源，用于 capacity：pv 光伏，wind 风电，hydro 水电，nuclear 核电，biomass 生物质",
            "kind of plant, with `capacity`",
        ),
        field(
            "hours",
            Hours,
            Optional,
            "年利用小时，用于 capacity；不写则取该电源的 hours-…（data/parameters.csv）",
            "full-load hours, with `capacity`; if absent, `hours-…` of the kind of plant in data/parameters.csv",
        )
        .such_as("1200 h"),
        field(
            "displaced",
            Share,
            Optional,
            "所发电量替代本地火电的比例，用于 capacity；不写为全部",
            "part of what is generated that displaces thermal power here, with `capacity`; all if absent",
        )
        .such_as("80 %"),
    ],
    rule: Rule::Shifts(industry::non_fossil),
    adapts: true,
    services: &["thermal-power"],
};
