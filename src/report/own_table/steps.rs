//! Every step of the search for every box: what is gained in density for what is lost in
//! coverage.

use super::analyse::{Analysis, Discovery};
use crate::view::{Cell, Column, Table, Unit};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::prim::Side;

/// The steps of the search of every box; a row a step.
pub fn steps(of: &Analysis<'_>, found: &Discovery<'_>) -> Table {
    let share = |key: &'static str, zh: &str, en: &str| {
        Column::number(key, zh, en, Unit::Fraction).form(crate::view::Form::Percent)
    };
    let columns = vec![
        Column::whole("box", "盒", "Box").at(0),
        Column::whole("step", "步", "Step").at(1),
        Column::id("phase", "阶段", "Phase").at(2),
        Column::id("input", "输入", "Input").at(3),
        Column::id("side", "一侧", "Side").at(4),
        Column::number("limit", "界限", "Limit", Unit::None).at(5),
        Column::whole("rows", "行数", "Rows").at(6),
        share("coverage", "覆盖率", "Coverage").at(7),
        share("density", "密度", "Density").at(8),
        share("mass", "占行数", "Mass").at(9),
        Column::whole("restricted", "受限的输入", "Inputs restricted").at(10),
        Column::flag("chosen", "采用", "Chosen", ["0", "1"]).at(11),
    ];
    let title = Text::new("寻找盒子的各步", "Steps of the search for boxes");
    let mut table = Table::new("boxes", title, columns);
    for (b, each) in found.boxes.iter().enumerate() {
        for (s, step) in each.prim.trajectory.iter().enumerate() {
            let moved = step.moved.map(|(input, side)| {
                let limit = step.region.limits[input];
                let (word, limit) = match side {
                    Side::Lower => ("lower", limit.lower),
                    Side::Upper => ("upper", limit.upper),
                };
                (of.sample.inputs[input].name.as_str(), word, limit)
            });
            let count = &step.count;
            table.row(vec![
                (b + 1).into(),
                s.into(),
                format!("{:?}", step.phase).to_lowercase().into(),
                moved.map(|(input, ..)| input).into(),
                moved.map(|(_, side, _)| side).into(),
                Cell::from(moved.and_then(|(.., limit)| limit)),
                count.rows.into(),
                count.coverage.into(),
                count.density.into(),
                count.mass.into(),
                step.region.restricted().count().into(),
                (s == each.prim.chosen).into(),
            ]);
        }
    }
    table
}
