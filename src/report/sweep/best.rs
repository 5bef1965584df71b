//! The safest and the cheapest draws and the Pareto set, with their inputs.

use super::spread::Spread;
use super::{names, units};
use crate::view::{Cell, Column, Form, Table, Unit};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::summary::front::{Front, MOST, Point};
use jianpai_sweep::engine::{Column as Drawn, Workspace};

/// Draws of a Pareto set that are listed, if it has no more …
const WHOLE: usize = 10_000;
/// … else so many of them, evenly along it.
const PART: usize = 1000;

/// The draws of a Pareto set that are listed.
pub(super) fn listed(front: &Front) -> Vec<Point> {
    if front.points().len() <= WHOLE {
        front.points().to_vec()
    } else {
        front.some(PART)
    }
}

fn columns(spread: &Spread<'_>) -> Vec<Column> {
    let mut columns = vec![
        Column::id("list", "清单", "List").at(0),
        Column::whole("draw", "抽样", "Draw").at(1),
        Column::number("cost_cny", "费用（亿元）", "Cost (10⁸ CNY)", Unit::Yuan).at(2),
        Column::number(
            "smallest_relative_margin",
            "最小相对裕度",
            "Smallest relative margin",
            Unit::Fraction,
        )
        .form(Form::SignedPercent)
        .at(3),
    ];
    columns.extend(spread.sweep.inputs.iter().enumerate().map(|(i, input)| {
        let name = names::name(spread.catalogue, spread.plan, input);
        let column = Column::number(
            input.name.clone(),
            &name.zh,
            &name.en,
            units::of_input(spread.catalogue, spread.sweep, i),
        );
        column.form(names::form(input)).at(4)
    }));
    // How many draws the Pareto set has, where it is listed in part.
    columns.push(Column::id("set_size", "集合大小", "Size of the set"));
    columns
}

pub(super) fn table(spread: &Spread<'_>) -> Table {
    let sweep = spread.sweep;
    let title = Text::new(
        "最稳妥、最省与 Pareto 集",
        "Safest, cheapest and Pareto set",
    );
    let mut table = Table::new("best", title, columns(spread));
    let mut work = Workspace::default();
    let mut row = |list: &str, draw: u64, size: &str| {
        let rows = sweep.block(draw, 1, &mut work);
        let cost = sweep.column(&Drawn::Cost).map(|c| rows.column(c)[0]);
        let slack = rows.slack.first().copied();
        let mut row: Vec<Cell> = vec![list.into(), draw.into(), cost.into(), slack.into()];
        row.extend((0..sweep.inputs.len()).map(|i| Cell::from(rows.column(i)[0])));
        row.push(Some(size).filter(|size| !size.is_empty()).into());
        table.row(row);
    };
    for draw in spread.totals.safest.draws() {
        row("safest", draw.draw, "");
    }
    for draw in spread.totals.cheapest.draws() {
        row("cheapest", draw.draw, "");
    }
    let front = &spread.totals.front;
    let size = match front.points().len() {
        found if front.is_thinned() => format!("over {}", found.max(MOST)),
        found => found.to_string(),
    };
    for point in listed(front) {
        row("pareto", point.draw, &size);
    }
    table
}
