//! Projects, and numbers of the place: the columns.

use super::{Column, Holds, List, column, required};
use Holds::{Amount, Month, One, Year};

pub(super) const LEDGER: [Column; 17] = [
    required(column(
        "project",
        ("项目名称", "Project"),
        Holds::Text,
        ("", ""),
        ("南昌甲污水厂提标", "Works A upgraded"),
    )),
    column(
        "source",
        ("污染源", "Source"),
        Holds::Text,
        (
            "基数中的源；空则同项目",
            "the source in the base; that of the project if empty",
        ),
        ("", ""),
    ),
    required(column(
        "type",
        ("项目类型", "Type"),
        One(List::Projects),
        ("核算指南的类型", "a type of the guide of accounting"),
        ("城镇污水治理", "urban-sewage"),
    )),
    required(column(
        "place",
        ("地区", "Place"),
        Holds::Text,
        ("所在地", "where it is"),
        ("南昌", "Nanchang"),
    )),
    required(column(
        "pollutant",
        ("污染物", "Pollutant"),
        One(List::Pollutants),
        ("", ""),
        ("COD", "COD"),
    )),
    required(column(
        "stable",
        ("稳定运行年月", "Stable from"),
        Month,
        (
            "如 2021-06；次月起计算",
            "such as 2021-06; it counts from the next month",
        ),
        ("2021-06", "2021-06"),
    )),
    column(
        "quantity",
        ("规模", "Quantity"),
        Amount,
        (
            "只写数；单位写在右边",
            "the number; its unit goes to the right",
        ),
        ("20", "20"),
    ),
    column(
        "unit",
        ("规模单位", "Unit"),
        One(List::Units),
        ("万m3/d、m3/h、t……", "m3/d, m3/h, t …"),
        ("万m3/d", "万m3/d"),
    ),
    required(column(
        "before",
        ("治理前", "Before"),
        Amount,
        (
            "浓度、效率、系数或吨数",
            "concentration, removal, factor or tonnes",
        ),
        ("60", "60"),
    )),
    required(column(
        "after",
        ("治理后", "After"),
        Amount,
        ("", ""),
        ("50", "50"),
    )),
    required(column(
        "measure",
        ("治理前后单位", "Unit of both"),
        One(List::Measured),
        (
            "废水 mg/L，废气 mg/m3，脱硫效率 %，单位排放量 kg/t，吨数 t",
            "mg/L of water, mg/m3 of flue gas, % removal, kg/t, or t",
        ),
        ("mg/L", "mg/L"),
    )),
    column(
        "hours",
        ("年运行小时", "Hours"),
        Amount,
        ("治理前后为 mg/m3 时填", "with mg/m3"),
        ("", ""),
    ),
    column(
        "sulphur",
        ("含硫率", "Sulphur"),
        Amount,
        ("百分数；治理前后为 % 时填", "percent; with %"),
        ("", ""),
    ),
    column(
        "load",
        ("负荷率", "Load"),
        Amount,
        (
            "百分数，如 85；空为 100",
            "percent, such as 85; 100 if empty",
        ),
        ("85", "85"),
    ),
    column(
        "base",
        ("基数排放量", "Base"),
        Amount,
        (
            "该源在基数中的吨数；空为不在基数中",
            "t of the source in the base; empty if it is not in it",
        ),
        ("3723", "3723"),
    ),
    column(
        "offset",
        ("区域削减量", "Offset"),
        Amount,
        ("已承诺给新建项目的吨数", "t pledged for new plants"),
        ("", ""),
    ),
    column("note", ("备注", "Note"), Holds::Text, ("", ""), ("", "")),
];

pub(super) const INVENTORY: [Column; 10] = [
    required(column(
        "part",
        ("栏目", "Part"),
        One(List::Parts),
        (
            "排放量；自定地区另有：指标（本地与上级的同一个数）、活动量",
            "emission; of a region of its own also proxy (the place and its parent) and amount",
        ),
        ("排放量", "emission"),
    )),
    required(column(
        "name",
        ("名称", "Name"),
        Holds::Text,
        (
            "污染物（SO2……）、指标（常住人口……）或活动（钢铁……）",
            "a pollutant, a proxy (population …) or a service (steel …)",
        ),
        ("SO2", "SO2"),
    )),
    column(
        "class",
        ("源类", "Class"),
        One(List::Classes),
        (
            "排放量用：总量，或某一源类",
            "of emissions: the total, or a class of sources",
        ),
        ("总量", "total"),
    ),
    required(column(
        "value",
        ("数值", "Value"),
        Amount,
        ("", ""),
        ("24.1", "24.1"),
    )),
    required(column(
        "unit",
        ("单位", "Unit"),
        One(List::Units),
        ("", ""),
        ("万t", "万t"),
    )),
    column(
        "of",
        ("上级数值", "Of the parent"),
        Amount,
        (
            "指标用：上级的同一个数，单位同左",
            "of proxies: the same number of the parent",
        ),
        ("", ""),
    ),
    column(
        "year",
        ("年份", "Year"),
        Year,
        ("不填为 2015", "2015 by default"),
        ("", ""),
    ),
    column(
        "calibre",
        ("口径", "Calibre"),
        One(List::Calibres),
        (
            "程序自带的地区用，默认 2015 年环境统计",
            "of built-in regions; by default environmental statistics of 2015",
        ),
        ("", ""),
    ),
    column(
        "source",
        ("来源", "Source"),
        Holds::Text,
        ("资料名称", "what it is taken from"),
        ("2015年统计年鉴", "yearbook 2015"),
    ),
    column(
        "status",
        ("可靠程度", "Status"),
        One(List::Statuses),
        (
            "原文引用、由引用数计算、二手资料、估算、假设",
            "quoted, computed, secondary, estimated, assumed",
        ),
        ("原文引用", "quoted"),
    ),
];
