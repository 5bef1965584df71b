//! What a plan is, its measures and its targets: the columns.

use super::{Column, Holds, List, column, required};
use Holds::{Amount, One, Year};

pub(super) const BASICS: [Column; 13] = [
    required(column(
        "name",
        ("名称", "Name"),
        Holds::Text,
        ("情景的名称", "what the scenario is called"),
        ("唐山市减排方案", "Tangshan, a plan"),
    )),
    column(
        "id",
        ("编号", "Id"),
        Holds::Text,
        (
            "输出文件名，用字母、数字和 -；不填则用工作簿的文件名",
            "name of the files that are written: letters, digits and -; by default that of the workbook",
        ),
        ("", ""),
    ),
    required(column(
        "region",
        ("地区", "Region"),
        One(List::Regions),
        (
            "程序自带的地区选名称；别的市县写自己的名称，如 唐山",
            "a built-in region, or the name of any other place, such as 唐山",
        ),
        ("陕西", "shaanxi"),
    )),
    column(
        "parent",
        ("上级地区", "Parent"),
        One(List::Regions),
        (
            "自定地区所在的省；地级市可不填",
            "the province of a region of its own; prefecture-level places do not need it",
        ),
        ("", ""),
    ),
    required(column(
        "plan",
        ("规划", "Plan"),
        One(List::Plans),
        (
            "按哪个五年规划：现行政策和末年随之而定",
            "which five-year plan: current policy and the last year follow",
        ),
        ("十四五", "14fyp"),
    )),
    column(
        "end_year",
        ("末年", "Last year"),
        Year,
        ("不填则为规划末年", "by default that of the plan"),
        ("", ""),
    ),
    column(
        "base",
        ("基年", "Base year"),
        Year,
        (
            "从哪年算起：2015（默认）、2020、2025",
            "the year that everything counts from: 2015 (default), 2020, 2025",
        ),
        ("", ""),
    ),
    column(
        "price_year",
        ("价格年份", "Prices of"),
        Year,
        (
            "费用按哪年价格；不填则同基年",
            "the year whose prices costs are in",
        ),
        ("", ""),
    ),
    column(
        "document",
        ("依据文件", "Document"),
        Holds::Text,
        ("所依据的文件和文号", "the document it comes from"),
        ("", ""),
    ),
    column(
        "description",
        ("说明", "About"),
        Holds::Text,
        ("一两句话", "a sentence or two"),
        ("", ""),
    ),
    column(
        "name_en",
        ("英文名称", "English name"),
        Holds::Text,
        ("可不填", "if there is one"),
        ("", ""),
    ),
    column(
        "official",
        ("引用官方目标", "Official targets"),
        Holds::Text,
        (
            "写“是”则引用该规划中本地区的官方目标；自己写了同一指标、同一年份的，以自己写的为准",
            "“yes” takes the region's official targets of the plan as well; your own go before them",
        ),
        ("", ""),
    ),
    column(
        "extends",
        ("沿用文件", "Extends"),
        Holds::Text,
        (
            "沿用另一个情景文件（相对输出目录）；不填则为规划的现行政策",
            "another scenario file that this one extends; by default current policy of the plan",
        ),
        ("", ""),
    ),
];

pub(super) const MEASURES: [Column; 19] = [
    column(
        "id",
        ("编号", "Id"),
        Holds::Text,
        (
            "用字母、数字和 -，不重复；不填则按顺序编号",
            "letters, digits and -, each once; numbered by default",
        ),
        ("boilers", "boilers"),
    ),
    column(
        "name",
        ("名称", "Name"),
        Holds::Text,
        ("文件中的说法", "what the document calls it"),
        ("淘汰35蒸吨以下燃煤锅炉", "Boilers up to 35 t/h phased out"),
    ),
    required(column(
        "type",
        ("类型", "Type"),
        One(List::Kinds),
        (
            "从列表中选；全部类型和含义见 jianpai list measures",
            "choose from the list; jianpai list measures explains all",
        ),
        ("燃煤锅炉淘汰", "coal-boiler-phaseout"),
    )),
    column(
        "zone",
        ("分区", "Zone"),
        Holds::Text,
        (
            "只在地区的一部分做时填，如 关中",
            "where only a part of the region is meant",
        ),
        ("", ""),
    ),
    column(
        "object",
        ("对象", "Object"),
        Holds::Text,
        (
            "该类型的必填项：燃煤锅炉淘汰填容量上限（35 t/h），超低排放改造填行业，车辆填货车或客车，污水填城镇或农村……",
            "what the type asks for: the largest boilers (35 t/h), the sector of a retrofit, trucks or cars, urban or rural …",
        ),
        ("35 t/h", "35 t/h"),
    ),
    column(
        "by",
        ("按", "By"),
        One(List::Extents),
        (
            "做多少是怎么说的：比例（可替代存量的）、达到（占整个活动）、能力、数量、户数、用量……每个类型可用的见 jianpai list measures",
            "how the amount is said: share (of what can be replaced), reach (of the whole service), capacity, number, households, amount …",
        ),
        ("比例", "share"),
    ),
    column(
        "amount",
        ("数量", "Amount"),
        Amount,
        (
            "数，或带单位的数（95 %、3000 t/h）；文件用语照抄也可（约600台）",
            "a number, with its unit here or in the next column",
        ),
        ("95", "95"),
    ),
    column(
        "unit",
        ("单位", "Unit"),
        One(List::Units),
        (
            "数量的单位；数量里已写的可不填",
            "unit of the amount, unless it stands there",
        ),
        ("%", "%"),
    ),
    column(
        "to",
        ("替代去向", "Replaced by"),
        Holds::Text,
        (
            "替代成什么、各占多少，合计 100 %，如 天然气 60 %，集中供热 40 %",
            "what replaces it and in which parts (100 % together): gas 60 %, district 40 %",
        ),
        ("天然气 60 %，集中供热 40 %", "gas 60 %, district 40 %"),
    ),
    column(
        "more",
        ("其他参数", "Further fields"),
        Holds::Text,
        (
            "该类型的其他字段，写作 字段=值，分号隔开，如 复烧率=10 %",
            "further fields of the type: field = value, with semicolons between",
        ),
        ("", ""),
    ),
    column(
        "start",
        ("起始年", "Start"),
        Year,
        (
            "开始见效的年份；不填则从规划第一年起",
            "first year with an effect; by default the first of the plan",
        ),
        ("2021", "2021"),
    ),
    required(column(
        "end",
        ("完成年", "End"),
        Year,
        (
            "全部完成的年份；“2025年底”也可",
            "first year fully in force",
        ),
        ("2025", "2025"),
    )),
    column(
        "at",
        ("时点", "At"),
        One(List::Times),
        (
            "完成年说的是年底，还是全年平均（默认）",
            "whether years mean their ends or their means (default)",
        ),
        ("", ""),
    ),
    column(
        "level",
        ("执行程度", "Level"),
        Amount,
        ("不填为 100 %", "100 % by default"),
        ("", ""),
    ),
    column(
        "cost",
        ("年费用", "Cost a year"),
        Holds::Text,
        (
            "整项（3 亿元）或单位（1200 元/户）；不填则用程序的工艺成本",
            "of the whole (3 亿元) or of a unit (1200 元/户); by default the program's costs",
        ),
        ("", ""),
    ),
    column(
        "capital",
        ("投资", "Capital"),
        Holds::Text,
        (
            "总投资或单位投资，按使用年限摊到各年",
            "the whole or by unit, spread over its life",
        ),
        ("", ""),
    ),
    column(
        "life",
        ("使用年限", "Life"),
        Year,
        ("年", "years"),
        ("", ""),
    ),
    column(
        "source",
        ("出处", "Source"),
        Holds::Text,
        ("文件、条款", "document and clause"),
        ("", ""),
    ),
    column("note", ("备注", "Note"), Holds::Text, ("", ""), ("", "")),
];

pub(super) const TARGETS: [Column; 10] = [
    column(
        "id",
        ("编号", "Id"),
        Holds::Text,
        (
            "用字母、数字和 -，不重复；不填则按顺序编号",
            "letters, digits and -, each once; numbered by default",
        ),
        ("nox", "nox"),
    ),
    column(
        "name",
        ("名称", "Name"),
        Holds::Text,
        ("不填则用指标的名称", "by default that of the indicator"),
        ("", ""),
    ),
    required(column(
        "indicator",
        ("指标", "Indicator"),
        One(List::Indicators),
        (
            "从列表中选，或写中文名、id",
            "choose from the list, or write a name or id",
        ),
        ("氮氧化物", "NOx"),
    )),
    required(column(
        "year",
        ("目标年", "Year"),
        Year,
        ("要在哪年达到", "the year by which it is to be met"),
        ("2025", "2025"),
    )),
    required(column(
        "demand",
        ("要求", "Demand"),
        One(List::Demands),
        (
            "下降、不超过、不低于、累计不超过、重点工程减排量",
            "reduction, cap, floor, cumulative, project",
        ),
        ("下降", "reduction"),
    )),
    required(column(
        "amount",
        ("数值", "Amount"),
        Amount,
        (
            "数，或带单位的数；“18 %，力争 18.5 %”照抄也可",
            "a number, with its unit here or in the next column",
        ),
        ("10", "10"),
    )),
    column(
        "unit",
        ("单位", "Unit"),
        One(List::Units),
        ("数值的单位", "unit of the amount"),
        ("%", "%"),
    ),
    column(
        "base_year",
        ("基准年", "Base year"),
        Year,
        (
            "下降较哪年；累计、工程减排量从哪年起。不填则为规划基年",
            "the year it counts from; by default that of the plan",
        ),
        ("2020", "2020"),
    ),
    column(
        "book",
        ("账", "Book"),
        One(List::Books),
        (
            "核算或实际；不填：下降按核算，上下限按实际",
            "accounted or physical; by default reductions are judged as accounted, limits as physical",
        ),
        ("", ""),
    ),
    column(
        "source",
        ("出处", "Source"),
        Holds::Text,
        ("文件、条款", "document and clause"),
        ("", ""),
    ),
];
