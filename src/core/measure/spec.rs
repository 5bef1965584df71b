//! The catalogue of measures: one entry a kind, with its fields in planners' units
//! and the rule that turns them into shifts. The scenario reader, the JSON Schema,
//! `jianpai list measures` and the manual are all made from this table.

mod mobile;
mod plant;
mod water;

use super::{fleet, general, industry, voc};

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
    Coal, Flow, FreightWork, Growth, Heads, Hours, Households, Items, Mass, Mix, Persons, Power,
    Service, Services, Share, Technologies, Vehicles, Word, Year,
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
const PART: Field = field(
    "part",
    Share,
    Optional,
    "share 所说的部分占该活动的比例；不写为全部",
    "part of the service that `share` speaks of; all if absent",
)
.such_as("10 %");
const FLEET: Field = field(
    "fleet",
    Word(&["trucks", "cars", "vehicles"]),
    Required,
    "车队：trucks 货车，cars 客车，vehicles 两者（比例对货车、客车各自适用，辆数须分开写）",
    "which fleet: trucks, cars, or vehicles for both (a share holds for each; numbers are to be told apart)",
);
const STAGE: Field = field(
    "up_to",
    Word(&["pre3", "c3", "c4", "c5"]),
    Required,
    "排放阶段上限：pre3 国二及以前，c3 国三……",
    "the newest stage addressed: pre3 (China II and older), c3 (China III) …",
)
.such_as("c3");

const NOW: Field = field(
    "now",
    Share,
    Optional,
    "现状值，与 reach 同写",
    "the rate of today, beside `reach`",
)
.such_as("65 %");

/// Every kind of measure.
pub const KINDS: &[KindSpec] = &ALL;

/// How many there are.
const COUNT: usize = FIRST.len() + mobile::KINDS.len() + water::KINDS.len() + LAST.len();

static ALL: [KindSpec; COUNT] = joined(&[FIRST, &mobile::KINDS, &water::KINDS, LAST]);

/// The kinds of several tables, one after the other.
const fn joined<const N: usize>(tables: &[&[KindSpec]]) -> [KindSpec; N] {
    let mut all = [tables[0][0]; N];
    let (mut table, mut to) = (0, 0);
    while table < tables.len() {
        let mut from = 0;
        while from < tables[table].len() {
            all[to] = tables[table][from];
            from += 1;
            to += 1;
        }
        table += 1;
    }
    all
}

/// Coal, freight and retrofits.
const FIRST: &[KindSpec] = &[
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
    plant::COAL_BOILERS,
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
        id: "water-freight",
        zh: "公路货运转水路",
        en: "Road-to-water freight",
        doc_zh: "提高水路（内河和沿海）货运周转量占比，或使水路货运较某年增长给定幅度；远洋不在其中，增长从模型该年的数算起。",
        doc_en: "Raises the share of inland and coastal ships in freight turnover, or their freight by a rate since a year, from what the model has in it; the ocean is not in it.",
        fields: &[
            REACH,
            field(
                "growth",
                Growth,
                Extent,
                "水路货运较 since 年增长",
                "growth of water freight on the year `since`",
            ),
            field(
                "turnover",
                FreightWork,
                Extent,
                "转水路的周转量",
                "turnover moved to ships",
            ),
            field(
                "since",
                Year,
                Optional,
                "growth 的基准年",
                "the year that `growth` refers to",
            ),
        ],
        rule: Rule::Shifts(fleet::water),
        adapts: true,
        services: &["freight"],
    },
    plant::ULTRA_LOW,
    plant::LOW_NOX,
    plant::BIOMASS_BOILERS,
    plant::NETWORK_HEAT,
    plant::FURNACES,
    plant::CAPACITY,
    plant::ELECTRIC_STEEL,
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
];

/// What moves VOCs, saves, closes or displaces, and the general form.
const LAST: &[KindSpec] = &[
    KindSpec {
        id: "voc-control",
        zh: "挥发性有机物治理",
        en: "VOC control",
        doc_zh: "源头替代、末端治理或两者兼施；两者兼施也提升只做了其中之一的。也可写减排多少吨：按期末单位排放之差换算。",
        doc_en: "Source substitution, end-of-pipe control, or both; both takes in what has only one of them. May be stated as tonnes cut, by what a unit emits less in the end.",
        fields: &[
            field(
                "approach",
                Word(&["source", "end-of-pipe", "both", "leaks", "tanks"]),
                Required,
                "方式：source 源头替代，end-of-pipe 末端治理，both 两者兼施；leaks 泄漏检测与修复、tanks 储罐治理只能写 amount",
                "approach: source, end-of-pipe, or both; leaks (leak detection and repair) and tanks by `amount` alone",
            ),
            SHARE,
            field(
                "amount",
                Mass,
                Extent,
                "VOCs 减排量，以情景增速下期末的排放为准",
                "VOCs cut, against what is emitted in the end at the growth of the scenario",
            )
            .such_as("2 万t"),
        ],
        rule: Rule::Shifts(voc::voc),
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
    plant::NON_FOSSIL,
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
