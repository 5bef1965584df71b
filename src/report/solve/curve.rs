//! The tables of a marginal abatement cost curve.

use super::answered::Answered;
use crate::case::short_name;
use crate::view::{Cell, Column, Form, Table, Unit, Value};
use jianpai_core::text::Text;
use jianpai_solve::curve::{Alone, Curve};
use jianpai_solve::programme::{MONEY, Wanted};

/// The curve, step by step, with what each step brings of every pollutant beside.
pub fn curve(answered: &Answered<'_>, wanted: &Wanted, found: &Curve) -> Table {
    let each = answered.each(&wanted.target);
    let (_, money) = answered.objective();
    let mut columns = vec![
        Column::whole("step", "级", "Step").at(0),
        Column::number("from", "自", "From", Unit::None).at(1),
        Column::number("to", "至", "To", Unit::None).at(2),
        Column::number("price", "每单位成本", "Price", Unit::None).at(3),
        Column::number("cost", "累计成本", "Cost so far", Unit::None)
            .form(Form::Signed)
            .at(4),
        Column::text("measures", "动用的措施", "Measures").at(5),
        Column::id("ids", "措施", "Measures' ids"),
        Column::unit("unit", "单位", "Unit"),
    ];
    let sheets = answered.sheets();
    let last = answered.plan.span() - 1;
    let mut beside = Vec::new();
    for (i, indicator) in answered.catalogue.indicators.iter().enumerate() {
        if indicator.kind.is_emission() && indicator.leads(answered.catalogue) {
            let id = jianpai_core::dims::IndicatorId::from_usize(i);
            if let Some(function) = sheets.indicator(id, last) {
                let Text { zh, en } = short_name(answered.catalogue, indicator);
                let key = format!("d-{}", indicator.named.id);
                let column = Column::number(
                    key,
                    &format!("{zh}变化"),
                    &format!("change of {en}"),
                    Unit::Tonne,
                );
                columns.push(column.form(Form::Signed));
                beside.push(function);
            }
        }
    }
    let name = answered.target(&wanted.target);
    let title = Text::new(
        format!("边际减排成本曲线：{}", name.zh),
        format!("Marginal abatement cost curve: {}", name.en),
    );
    let mut table = Table::new("curve", title, columns);
    let mut before = answered.programme.levels(&found.start);
    for (k, step) in found.steps.iter().enumerate() {
        let names = |pick: &dyn Fn(usize) -> String, by: &str| {
            let moved = step.moved.iter().map(|(j, by)| {
                let sign = if *by > 0.0 { "+" } else { "−" };
                format!("{sign}{}", pick(*j))
            });
            moved.collect::<Vec<_>>().join(by)
        };
        let unit = Text::new(
            format!("{}/{}", money.unit.zh, each.unit.zh),
            format!("{} per {}", money.unit.en, each.unit.en),
        );
        let mut cells = vec![
            (k + 1).into(),
            (step.from / each.scale).into(),
            (step.to / each.scale).into(),
            (step.price * each.scale / money.scale).into(),
            (step.cost / money.scale).into(),
            Text::new(
                names(&|j| answered.measure(j).zh.clone(), "、"),
                names(&|j| answered.measure(j).en.clone(), ", "),
            )
            .into(),
            names(&|j| answered.measure_id(j).to_string(), " ").into(),
            Value::Named(unit).into(),
        ];
        let after = answered.programme.levels(&step.x);
        cells.extend(
            beside
                .iter()
                .map(|function| Cell::from(function.at(&after) - function.at(&before))),
        );
        before = after;
        table.row(cells);
    }
    table
}

/// Each measure by itself.
pub fn alone(answered: &Answered<'_>, wanted: &Wanted, found: &[Alone]) -> Table {
    let each = answered.each(&wanted.target);
    let columns = vec![
        Column::whole("rank", "序", "Rank").at(0),
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(1),
        Column::number("gain", "单独做可降", "Gain alone", Unit::None).at(2),
        Column::unit("unit", "单位", "Unit").at(3),
        Column::number("cost", "成本", "Cost", Unit::Yuan)
            .form(Form::Signed)
            .at(4),
        Column::text("order", "排序依据", "Ranked by").at(5),
    ];
    let title = Text::new("各措施单独做（互不影响时）", "Each measure by itself");
    let mut table = Table::new("alone", title, columns);
    for (k, one) in found.iter().enumerate() {
        let order = if one.money < 0.0 {
            Text::new(
                "省钱：按优劣（减得多又省得多在前）",
                "saves money: by dominance",
            )
        } else {
            Text::new("按单位成本", "by cost per unit")
        };
        table.row(vec![
            (k + 1).into(),
            answered.measure_id(one.variable).into(),
            Cell::from(answered.measure(one.variable)),
            (one.gain / each.scale).into(),
            Value::Named(each.unit.clone()).into(),
            (one.money * MONEY).into(),
            order.into(),
        ]);
    }
    table
}

/// What measures bring together less than the sum of each alone, in one sentence.
pub fn interaction(
    answered: &Answered<'_>,
    wanted: &Wanted,
    curve: &Curve,
    alone: &[Alone],
) -> Text {
    let each = answered.each(&wanted.target);
    let none = answered.programme.levels(&answered.programme.nothing());
    let base = wanted.asked.reached(&none);
    let most = curve.steps.last().map_or(curve.free, |step| step.to);
    let together = (most - base).abs() / each.scale;
    let sum: f64 = alone.iter().map(|one| one.gain).sum::<f64>() / each.scale;
    let shown = |value: f64| crate::case::number(value);
    let Text { zh, en } = &each.unit;
    Text::new(
        format!(
            "一起做足可降 {} {zh}，各自单独之和为 {} {zh}：相互影响 {} {zh}",
            shown(together),
            shown(sum),
            shown(together - sum)
        ),
        format!(
            "Together at most {} {en}, each alone in sum {} {en}: interaction {} {en}",
            shown(together),
            shown(sum),
            shown(together - sum)
        ),
    )
}
