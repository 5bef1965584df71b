//! What the data hold, as tables: regions, services, technologies, kinds of measures,
//! indicators, drivers, calibres, sources, statuses; and scenario files with their names.

use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::catalogue::{Catalogue, Level, Named};
use jianpai_core::dims::RegionId;
use jianpai_core::measure::common::COMMON;
use jianpai_core::measure::spec::{KINDS, Role};
use jianpai_core::names::NameOf;
use jianpai_core::provenance::Status;
use jianpai_core::text::Text;

fn id() -> Column {
    Column::id("id", "id", "id").at(0)
}

fn name() -> Column {
    Column::text("name", "名称", "Name").at(1)
}

/// Regions and zones, with what they are part of.
pub fn regions(catalogue: &Catalogue) -> Table {
    let columns = vec![
        id(),
        name(),
        Column::id("level", "级别", "Level"),
        Column::text("level_name", "级别", "Level").at(2),
        Column::id("part_of", "所属", "Part of").at(3),
    ];
    let mut table = Table::new(
        "regions",
        Text::new("地区与分区", "Regions and zones"),
        columns,
    );
    for region in &catalogue.regions {
        let (level, zh, en) = match region.level {
            Level::Nation => ("nation", "全国", "nation"),
            Level::Province => ("province", "省级", "province"),
            Level::City => ("city", "地级市", "city"),
            Level::Zone => ("zone", "分区", "zone"),
        };
        let parent = region.parent.map(|p| &catalogue.regions[p.at()].named.id);
        table.row(vec![
            Cell::from(&region.named.id),
            Cell::from(&region.named.name),
            level.into(),
            Text::new(zh, en).into(),
            parent.into(),
        ]);
    }
    table
}

/// Prefecture-level places, of one region or of all, with what is known of them.
pub fn places(catalogue: &Catalogue, parent: Option<RegionId>) -> Table {
    let columns = vec![
        id(),
        Column::id("code", "代码", "Code").at(2),
        Column::text("name", "名称", "Name").at(1),
        Column::id("part_of", "所属", "Part of").at(3),
        Column::number("population", "2020年常住人口", "Residents 2020", Unit::None)
            .form(Form::Count)
            .at(4),
        Column::number(
            "steel_capacity",
            "2015年炼钢产能（万t）",
            "Steel capacity 2015 (10⁴ t)",
            Unit::Tonne,
        )
        .form(Form::Amount)
        .at(5),
    ];
    let mut table = Table::new(
        "places",
        Text::new("地级行政区", "Prefecture-level places"),
        columns,
    );
    let gazetteer = &catalogue.gazetteer;
    let here = gazetteer.places.iter();
    for place in here.filter(|place| parent.is_none_or(|parent| place.parent == parent)) {
        let amount = |quantity: &str| {
            let found = gazetteer.amount(&place.id, quantity);
            Cell::from(found.map(|amount| amount.value.value))
        };
        table.row(vec![
            Cell::from(&place.id),
            Cell::from(&place.code),
            Cell::from(&place.name),
            Cell::from(&catalogue.regions[place.parent.at()].named.id),
            amount("population"),
            amount("steel-capacity"),
        ]);
    }
    table
}

/// Services with their units, drivers, elasticities and yearly savings (parts of 1).
pub fn services(catalogue: &Catalogue) -> Table {
    let columns = vec![
        id(),
        name(),
        Column::id("unit", "单位", "Unit").at(2),
        Column::id("driver", "驱动因素", "Driver").at(3),
        Column::number("elasticity", "弹性", "Elasticity", Unit::None)
            .form(Form::Plain)
            .at(4),
        Column::number("saving", "年节约率", "Saving a year", Unit::Fraction)
            .form(Form::Percent)
            .at(5),
    ];
    let mut table = Table::new("services", Text::new("活动", "Services"), columns);
    for service in &catalogue.services {
        table.row(vec![
            Cell::from(&service.named.id),
            Cell::from(&service.named.name),
            Cell::from(&service.unit),
            Cell::from(&catalogue.drivers[service.driver.at()].id),
            service.elasticity.value.into(),
            service.saving.value.into(),
        ]);
    }
    table
}

/// Technologies by service, and what measures call them.
pub fn technologies(catalogue: &Catalogue) -> Table {
    let columns = vec![
        Column::id("id", "id", "id"),
        Column::id("service", "活动", "Service").at(0),
        Column::id("written", "在措施中写作", "Written in measures").at(1),
        Column::text("name", "名称", "Name").at(2),
        Column::id("tags", "标签", "Tags").at(3),
    ];
    let title = Text::new("各活动的工艺", "Technologies by service");
    let mut table = Table::new("technologies", title, columns);
    for technology in &catalogue.technologies {
        table.row(vec![
            Cell::from(&technology.named.id),
            Cell::from(&catalogue.services[technology.service.at()].named.id),
            technology.alias().into(),
            Cell::from(&technology.named.name),
            technology.tags.join(" ").into(),
        ]);
    }
    table
}

/// Fields of every kind of measure; those that all kinds have stand last, without a kind.
pub fn measures() -> Table {
    let columns = vec![
        Column::id("kind", "类型", "Kind").at(0).once("kind"),
        Column::text("kind_name", "名称", "Name"),
        Column::text("meaning", "含义", "Meaning"),
        Column::id("field", "字段", "Field").at(1),
        Column::id("role", "角色", "Role"),
        Column::text("role_name", "填写", "Given").at(2),
        Column::text("holds", "内容", "Holds").at(3),
        Column::id("example", "示例", "Example").at(4),
    ];
    let title = Text::new("措施类型与字段", "Kinds of measures and their fields");
    let mut table = Table::new("measures", title, columns);
    for kind in KINDS {
        for field in kind.fields {
            let (role, name) = match field.role {
                Role::Required => ("required", Text::new("必填", "required")),
                Role::Optional => ("optional", Text::new("可选", "optional")),
                Role::Extent => ("one-of", Text::new("择一", "one of these")),
            };
            table.row(vec![
                kind.id.into(),
                Text::new(kind.zh, kind.en).into(),
                Text::new(kind.doc_zh, kind.doc_en).into(),
                field.key.into(),
                role.into(),
                name.into(),
                Text::new(field.zh, field.en).into(),
                field.example.into(),
            ]);
        }
    }
    for common in &COMMON {
        let (role, name) = if common.timetable {
            ("timetable", Text::new("时间表", "timetable"))
        } else {
            ("optional", Text::new("可选", "optional"))
        };
        // What one language says is said in that one.
        let or = |own: &'static str, other| if own.is_empty() { other } else { own };
        table.row(vec![
            Cell::absent(),
            Cell::absent(),
            Cell::absent(),
            common.key.into(),
            role.into(),
            name.into(),
            Text::new(or(common.zh, common.en), or(common.en, common.zh)).into(),
            Cell::absent(),
        ]);
    }
    table
}

fn named<'c>(
    (table, title): (&'static str, Text),
    items: impl Iterator<Item = (&'c Named, Option<&'c str>)>,
) -> Table {
    let unit = Column::id("unit", "单位", "Unit").at(2);
    let mut table = Table::new(table, title, vec![id(), name(), unit]);
    for (named, unit) in items {
        table.row(vec![
            Cell::from(&named.id),
            Cell::from(&named.name),
            unit.into(),
        ]);
    }
    table
}

/// Indicators, with the units in which targets state them.
pub fn indicators(catalogue: &Catalogue) -> Table {
    let all = catalogue.indicators.iter();
    let title = Text::new("指标", "Indicators");
    let unit = |unit: &'_ String| -> bool { !unit.is_empty() };
    named(
        ("indicators", title),
        all.map(|i| {
            let shown = Some(&i.display_unit).filter(|text| unit(text));
            (&i.named, shown.map(String::as_str))
        }),
    )
}

/// Drivers of demand.
pub fn drivers(catalogue: &Catalogue) -> Table {
    let title = Text::new("驱动因素", "Drivers");
    named(
        ("drivers", title),
        catalogue.drivers.iter().map(|d| (d, None)),
    )
}

/// Statistical bases of published numbers.
pub fn calibres(catalogue: &Catalogue) -> Table {
    let title = Text::new("统计口径", "Calibres");
    named(
        ("calibres", title),
        catalogue.calibres.iter().map(|c| (c, None)),
    )
}

/// Sources of numbers.
pub fn sources(catalogue: &Catalogue) -> Table {
    let columns = vec![
        id(),
        Column::id("title", "题名", "Title").at(1),
        Column::text("issuer", "发布", "Issuer").at(2),
        Column::id("year", "年份", "Year").at(3),
        Column::id("url", "网址", "Address"),
        Column::id("terms", "使用条件", "Terms"),
    ];
    let mut table = Table::new("sources", Text::new("数据来源", "Sources"), columns);
    for source in &catalogue.sources {
        table.row(vec![
            Cell::from(&source.id),
            Cell::from(&source.title),
            Cell::from(&source.issuer),
            Cell::from(&source.year),
            Cell::from(&source.url),
            Cell::from(&source.terms),
        ]);
    }
    table
}

/// Published costs of taking away a tonne: checks, never inputs of the model.
pub fn abatement_costs(catalogue: &Catalogue) -> Table {
    let columns = vec![
        Column::id("id", "id", "id"),
        Column::id("pollutant", "污染物", "Pollutant").at(0),
        Column::text("name", "项目", "Of").at(1),
        Column::id("kind", "类别", "Kind"),
        Column::text("kind_name", "类别", "Kind").at(2),
        Column::number_by("low", "下限", "Low", "unit").at(3),
        Column::number_by("central", "中值", "Central", "unit").at(4),
        Column::number_by("high", "上限", "High", "unit").at(5),
        Column::unit("unit", "单位", "Unit"),
        Column::whole("price_year", "价格年份", "Prices of").at(6),
        Column::id("status", "状态", "Status").at(7),
        Column::id("source", "来源", "Source").at(8),
    ];
    let title = Text::new("文献中的减排费用", "Published costs of a tonne");
    let mut table = Table::new("abatement-costs", title, columns);
    for cost in &catalogue.published_costs {
        let kind = match cost.kind.as_str() {
            "marginal" => Text::new("边际成本", "marginal cost"),
            "price" => Text::new("排污权价格", "price of rights"),
            "tax" => Text::new("税费", "tax or fee"),
            _ => Text::new("减排成本", "cost over tonnes"),
        };
        let origin = cost.value.origin;
        table.row(vec![
            Cell::from(&cost.id),
            Cell::from(&catalogue.pollutants[cost.pollutant.at()].named.id),
            Cell::from(&cost.name),
            Cell::from(&cost.kind),
            kind.into(),
            cost.value.low.into(),
            cost.value.value.into(),
            cost.value.high.into(),
            Unit::YuanPerTonne.into(),
            cost.price_year.into(),
            origin.status.id().into(),
            Cell::from(&catalogue.sources[origin.source.at()].id),
        ]);
    }
    table
}

/// Other names that files may have in place of ids.
pub fn names(catalogue: &Catalogue) -> Table {
    let columns = vec![
        Column::id("of", "种类", "Kind").at(0).once("of"),
        Column::id("id", "id", "id").at(1),
        Column::text("names", "也可写作", "Also").at(2),
    ];
    let title = Text::new("可代替 id 的名称", "Names that may stand in place of ids");
    let mut table = Table::new("names", title, columns);
    for (kind, of) in NameOf::ALL {
        let own = catalogue.names.iter().filter(|other| other.of == of);
        let mut ids: Vec<&str> = own.clone().map(|other| other.id.as_str()).collect();
        ids.dedup();
        for id in ids {
            let own = own.clone().filter(|other| other.id == id);
            let names: Vec<&str> = own.map(|other| other.name.as_str()).collect();
            table.row(vec![
                kind.into(),
                id.into(),
                Text::new(names.join("、"), names.join(", ")).into(),
            ]);
        }
    }
    table
}

/// How many numbers there are of each status.
pub fn statuses(catalogue: &Catalogue) -> Table {
    let columns = vec![
        Column::id("status", "状态", "Status").at(0),
        Column::text("meaning", "含义", "Meaning").at(1),
        Column::whole("rows", "行数", "Rows").at(2),
    ];
    let title = Text::new("数据的状态", "Statuses of the data");
    let mut table = Table::new("statuses", title, columns);
    for (status, count) in Status::ALL.iter().zip(catalogue.status_counts) {
        table.row(vec![status.id().into(), status.name().into(), count.into()]);
    }
    table
}

/// Scenario files with the names that they give themselves.
pub fn scenarios(files: &[(String, Text)]) -> Table {
    let columns = vec![
        Column::id("file", "文件", "File").at(0),
        Column::text("name", "名称", "Name").at(1),
    ];
    let title = Text::new("情景文件", "Scenario files");
    let mut table = Table::new("scenarios", title, columns);
    for (file, name) in files {
        table.row(vec![Cell::from(file), Cell::from(name)]);
    }
    table
}
