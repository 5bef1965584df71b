//! Tables that stand in reports alone: what fits the width of a page.

use crate::case::{Case, account_name};
use crate::costs;
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::costing::Costing;
use jianpai_core::measure::Policy;
use jianpai_core::text::Text;

/// The costs of new measures in the last year, and of all of them.
pub(super) fn costs(case: &Case<'_>) -> Table {
    let (year, prices) = (case.scenario.end_year, case.plan.price_year);
    let title = Text::new(
        format!("新增措施{year}年费用（{prices}年价格）"),
        format!("Costs of new measures in {year} (prices of {prices})"),
    );
    let percent = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::Fraction)
            .form(Form::Percent)
            .absent("—")
    };
    let money =
        |key: &'static str, zh: &str, en: &str| Column::number(key, zh, en, Unit::Yuan).absent("—");
    let columns = vec![
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(0),
        money("cost", "年费用（亿元）", "Cost (10⁸ CNY)").at(1),
        money("low", "下限", "Low").at(2),
        money("high", "上限", "High").at(3),
        percent("firm", "引用或计算", "Sourced").at(4),
        percent("assumed", "假设", "Assumed").at(5),
    ];
    let mut table = Table::new("costs", title, columns);
    let mut add = |id: Cell, name: &Text, cost: Option<&Costing>| {
        let rests = cost.filter(|cost| cost.is_known());
        table.row(vec![
            id,
            Cell::from(name),
            cost.map(|cost| cost.value).into(),
            cost.map(|cost| cost.low).into(),
            cost.map(|cost| cost.high).into(),
            rests.map(Costing::firm).into(),
            rests.map(Costing::assumed).into(),
        ]);
    };
    for (m, measure) in case.plan.measures.iter().enumerate() {
        if measure.policy == Policy::New {
            let cost = costs::of_measure(case, m);
            add(Cell::from(&measure.id), &measure.name, cost.as_ref());
        }
    }
    let (all, _) = costs::of_new(case);
    let name = Text::new("合计（有费用数据的）", "All with a figure");
    add(Cell::absent(), &name, Some(&all));
    table
}

/// The new measures as the scenario states them.
pub(super) fn measures(case: &Case<'_>, extents: &[Option<String>]) -> Table {
    let title = Text::new("新增措施清单", "New measures");
    let columns = vec![
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(0),
        Column::text("kind", "类型", "Kind").at(1),
        Column::id("extent", "力度", "Extent").at(2),
        Column::text("years", "年限", "Years").at(3),
        Column::text("zone", "范围", "Zone").at(4),
        Column::id("source", "依据", "Source").at(5),
    ];
    let mut table = Table::new("measures", title, columns);
    let whole = Text::new("全域", "all of it");
    for (m, measure) in case.scenario.measures.iter().enumerate() {
        if measure.policy != Policy::New {
            continue;
        }
        let zone = measure
            .zone
            .map(|zone| &case.catalogue.regions[zone.at()].named.name);
        let kind = measure.kind;
        let last = case.scenario.end_year;
        let end = measure.ramp.end().min(last);
        let years = match measure.ramp.start() {
            None => Text::default(),
            Some(start) if start >= end => Text::same(end.to_string()),
            Some(start) => Text::new(format!("{start}—{end}"), format!("{start}–{end}")),
        };
        table.row(vec![
            Cell::from(&measure.id),
            Cell::from(&measure.name),
            Text::new(kind.zh, kind.en).into(),
            Cell::from(extents.get(m).cloned().flatten().as_ref()),
            years.into(),
            Cell::from(zone.unwrap_or(&whole)),
            Cell::from(measure.source.as_ref()),
        ]);
    }
    // A column that says nothing is not shown.
    for key in ["source", "extent"] {
        let Some(c) = table.column(key) else { continue };
        let empty = |row: &crate::view::Record| row.cells[c].value == crate::view::Value::Absent;
        if table.rows.iter().all(empty) {
            table.columns[c].place = None;
        }
    }
    table
}

/// Every calibration factor with the official number behind it, by names.
pub(super) fn calibration(case: &Case<'_>) -> Table {
    let title = Text::new(
        "校准系数：官方数与自下而上之比",
        "Calibration factors: official over bottom-up",
    );
    let columns = vec![
        Column::id("account", "科目", "Account"),
        Column::text("name", "科目", "Account")
            .once("account")
            .at(0),
        Column::text("class", "源类", "Class").at(1),
        Column::number_by("official", "官方数", "Official", "unit").at(2),
        Column::number_by("bottom_up", "自下而上", "Bottom-up", "unit").at(3),
        Column::unit("unit", "单位", "Unit").at(4),
        Column::number("kappa", "系数", "Factor", Unit::None).at(5),
        Column::text("status", "官方数状态", "Status").at(6),
        Column::id("source", "来源", "Source").at(7),
    ];
    let mut table = Table::new("calibration", title, columns);
    let total = Text::new("合计", "total");
    for kappa in &case.plan.base_year.kappas {
        let origin = kappa.official.origin;
        let class = kappa
            .class
            .map(|class| &case.catalogue.classes[class.at()].named.name);
        table.row(vec![
            kappa.account.id(case.catalogue).into(),
            account_name(case.catalogue, kappa.account).into(),
            Cell::from(class.unwrap_or(&total)),
            kappa.official.value.into(),
            kappa.bottom_up.into(),
            Unit::of_account(kappa.account).into(),
            kappa.value.into(),
            origin.status.name().into(),
            Cell::from(&case.catalogue.sources[origin.source.at()].id),
        ]);
    }
    table
}
