//! The table of Pareto fronts.

use super::answered::Answered;
use super::names::Each;
use crate::case::short_name;
use crate::units::Unit as Shown;
use crate::view::{Cell, Column, Form, Table, Unit, Value};
use jianpai_core::text::Text;
use jianpai_solve::front::{Axis, Front};
use jianpai_solve::programme::Objective;

impl Answered<'_> {
    /// What an axis is called, and the unit in which people count it.
    pub(super) fn axis(&self, axis: Axis) -> (String, Text, Each) {
        match axis {
            Axis::Money => {
                let name = Text::new("成本", "cost");
                let each = match self.programme.spec.objective {
                    Objective::Cost(Some(_)) => {
                        Each::new(1.0, "亿元（折现）", "10⁸ CNY, discounted")
                    }
                    _ => Each::new(1.0, "亿元", "10⁸ CNY"),
                };
                ("cost".to_string(), name, each)
            }
            Axis::Indicator(id) => {
                let indicator = &self.catalogue.indicators[id.at()];
                let shown = Shown::of_indicator(indicator).shown();
                let each = Each {
                    scale: shown.scale,
                    unit: shown.name,
                    points: false,
                };
                let name = short_name(self.catalogue, indicator);
                (indicator.named.id.clone(), name, each)
            }
        }
    }
}

/// The fronts, point by point.
pub fn fronts(answered: &Answered<'_>, found: &[Front]) -> Table {
    let columns = vec![
        Column::id("front", "前沿", "Front"),
        Column::text("name", "前沿", "Front").at(0).once("front"),
        Column::whole("point", "点", "Point").at(1),
        Column::number("less", "降低的一方", "What becomes less", Unit::None).at(2),
        Column::unit("less_unit", "单位", "Unit"),
        Column::number("more", "付出的一方", "What becomes more", Unit::None)
            .form(Form::Signed)
            .at(3),
        Column::unit("more_unit", "单位", "Unit"),
        Column::number("price", "每降一个单位付出", "Price of one unit", Unit::None).at(4),
        Column::text("measures", "动用的措施", "Measures").at(5),
        Column::id("ids", "措施", "Measures' ids"),
    ];
    let year = answered.scenario.end_year;
    let title = Text::new(
        format!("{year} 年的帕累托前沿：一方再降，另一方付出多少"),
        format!("Pareto fronts in {year}: what one gives for the other"),
    );
    let mut table = Table::new("front", title, columns);
    for front in found {
        let (less_id, less, less_each) = answered.axis(front.less);
        let (more_id, more, more_each) = answered.axis(front.more);
        let mut before: Option<(f64, f64)> = None;
        for (k, point) in front.points.iter().enumerate() {
            let (a, b) = (point.less / less_each.scale, point.more / more_each.scale);
            let price = before.map(|(a0, b0)| (b - b0) / (a0 - a));
            before = Some((a, b));
            let names = |pick: &dyn Fn(usize) -> String, by: &str| {
                let moved = point.moved.iter().map(|(j, by)| {
                    let sign = if *by > 0.0 { "+" } else { "−" };
                    format!("{sign}{}", pick(*j))
                });
                moved.collect::<Vec<_>>().join(by)
            };
            table.row(vec![
                format!("{less_id}-{more_id}").into(),
                Text::new(
                    format!(
                        "{}（{}）—{}（{}）",
                        less.zh, less_each.unit.zh, more.zh, more_each.unit.zh
                    ),
                    format!(
                        "{} ({}) against {} ({})",
                        less.en, less_each.unit.en, more.en, more_each.unit.en
                    ),
                )
                .into(),
                k.into(),
                a.into(),
                Value::Named(less_each.unit.clone()).into(),
                b.into(),
                Value::Named(more_each.unit.clone()).into(),
                price.into(),
                Text::new(
                    names(&|j| answered.measure(j).zh.clone(), "、"),
                    names(&|j| answered.measure(j).en.clone(), ", "),
                )
                .into(),
                names(&|j| answered.measure_id(j).to_string(), " ").into(),
            ]);
        }
    }
    table
}

/// Plans that cost little more and look as different as can be.
pub fn apart(answered: &Answered<'_>, part: f64, plans: &[jianpai_solve::solver::Point]) -> Table {
    let mut columns = vec![
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "措施", "Measure").at(0),
        Column::text("word", "说明", "Note").at(1),
    ];
    for k in 1..=plans.len() {
        let (zh, en) = (format!("方案 {k}"), format!("Plan {k}"));
        let column = Column::number(format!("plan-{k}"), &zh, &en, Unit::Fraction);
        columns.push(column.form(Form::Percent).at(1 + k as u8));
    }
    let percent = crate::case::percent(part);
    let title = Text::new(
        format!("成本多 {percent} 以内、彼此最不同的方案"),
        format!("Plans within {percent} more cost that differ most"),
    );
    let mut table = Table::new("apart", title, columns);
    let (_, unit) = answered.objective();
    let mut cost = vec![
        "cost".into(),
        Text::new(
            format!("目标函数（{}）", unit.unit.zh),
            format!("objective ({})", unit.unit.en),
        )
        .into(),
        Text::default().into(),
    ];
    cost.extend(plans.iter().map(|plan| {
        let shown = crate::case::number(plan.cost / unit.scale);
        Cell::from(Value::Text(Text::same(shown)))
    }));
    for j in 0..answered.programme.spec.free.len() {
        let levels = plans.iter().map(|plan| plan.x[j]);
        let word = if levels.clone().all(|x| x > 1e-6) {
            Text::new("个个都有", "in each of them")
        } else if levels.clone().all(|x| x < 1e-6) {
            Text::new("一个也没有", "in none of them")
        } else {
            Text::default()
        };
        let mut cells = vec![
            answered.measure_id(j).into(),
            Cell::from(answered.measure(j)),
            word.into(),
        ];
        cells.extend(levels.map(Cell::from));
        table.row(cells);
    }
    table.row_aside(cost);
    table
}
