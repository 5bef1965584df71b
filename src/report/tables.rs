//! The tables of a run: `balance`, `targets`, `calibration`, `indicators`.

use crate::case::Case;
use crate::view::{Cell, Column, Form, Table, Unit, Value, run};
use jianpai_core::scenario::Tracked;
use jianpai_core::target::Demand;
use jianpai_core::text::Text;

/// Scenario and region, with which every table over several runs begins.
pub(crate) fn of_run() -> [Column; 2] {
    [
        Column::id("scenario", "情景", "Scenario"),
        Column::id("region", "地区", "Region"),
    ]
}

/// The cells of these two.
pub(crate) fn run_of(case: &Case<'_>) -> [Cell; 2] {
    [
        Cell::from(&case.scenario.id),
        Cell::from(&case.region().named.id),
    ]
}

/// Base + growth + each measure + join = total, for every account and year.
pub fn balance(cases: &[Case<'_>]) -> Table {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("account", "科目", "Account").at(0),
        Column::id("book", "账", "Book"),
        Column::whole("year", "年份", "Year").at(1),
        Column::id("item", "项", "Item"),
        Column::id("measure", "措施", "Measure"),
        Column::text("name", "名称", "Name").at(2),
        Column::number_by("value", "数量", "Value", "unit").at(3),
        Column::unit("unit", "单位", "Unit").at(4),
    ]);
    let title = Text::new("逐年减排平衡", "Balance by year");
    let mut table = Table::new("balance", title, columns);
    for case in cases {
        for line in run::balance(case) {
            let mut cells = run_of(case).to_vec();
            cells.extend([
                line.account.into(),
                line.book.into(),
                line.year.into(),
                line.item.into(),
                line.measure.into(),
                line.name.into(),
                line.value.into(),
                line.unit.into(),
            ]);
            table.row(cells);
        }
    }
    table
}

/// The columns of [`targets`].
fn target_columns() -> Vec<Column> {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("target", "目标", "Target"),
        Column::text("name", "名称", "Name"),
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::id("kind", "类型", "Kind"),
        Column::whole("base_year", "基年", "Base year"),
        Column::whole("year", "年份", "Year"),
        Column::number_by("required", "要求值", "Required", "unit"),
        Column::number_by("reached", "达到", "Reached", "unit").at(2),
        Column::number_by("margin", "余量", "Margin", "unit"),
        Column::unit("unit", "单位", "Unit"),
        Column::number_by("room", "余量（实物）", "Room", "room_unit"),
        Column::unit("room_unit", "实物单位", "Unit of room"),
        Column::flag("met", "达标", "Met", ["no", "yes"]),
        Column::id("grade", "判定（计误差）", "Grade"),
        Column::number_by("low90", "90 % 下限", "Low, 90 %", "unit"),
        Column::number_by("high90", "90 % 上限", "High, 90 %", "unit"),
        Column::whole("band_cases", "误差个数", "Cases of the band"),
        Column::whole("year_met", "达标年份", "Met from"),
        Column::number("quoted_share", "有出处占比", "Sourced", Unit::Fraction).form(Form::Percent),
        Column::id("source", "依据", "Source"),
        Column::text("short_name", "目标", "Target").at(0),
        Column::text("demand", "要求", "Demand").at(1),
        Column::text("error", "误差", "Error").at(3),
        Column::text("verdict", "判定", "Verdict").at(4),
    ]);
    columns
}

/// Every target: required, reached, gap, verdict, year met, and the part of the
/// indicator's level that rests on quoted or computed numbers (fraction); then what
/// is only tracked.
pub fn targets(cases: &[Case<'_>]) -> Table {
    let title = Text::new("目标与判定", "Targets and verdicts");
    let mut table = Table::new("targets", title, target_columns());
    for case in cases {
        let found = run::targets(case);
        for ((target, _), found) in case.targets().zip(found) {
            let indicator = &case.catalogue.indicators[target.indicator.at()];
            let (unit, form) = match target.demand {
                Demand::Reduction { .. } => (Unit::Percent, Form::Fall),
                _ => (Unit::of_indicator(indicator), Form::Amount),
            };
            let year = found.year;
            // The year is said where it is not the last one.
            let demand = if year == case.scenario.end_year {
                found.demand
            } else {
                let Text { zh, en } = found.demand;
                Text::new(format!("{year}年{zh}"), format!("{en} by {year}"))
            };
            let mut cells = run_of(case).to_vec();
            cells.extend([
                found.target.into(),
                found.name.into(),
                found.indicator.into(),
                found.book.into(),
                found.kind.into(),
                found.base_year.into(),
                year.into(),
                found.required.into(),
                Cell::from(found.reached).form(form),
                found.margin.into(),
                unit.into(),
                found.room.into(),
                Unit::of_indicator(indicator).into(),
                found.met.into(),
                found.grade.into(),
                found.band90.map(|[low, _]| low).into(),
                found.band90.map(|[_, high]| high).into(),
                found.band_cases.into(),
                found.year_met.into(),
                found.quoted_share.into(),
                found.source.into(),
                found.short_name.into(),
                demand.into(),
                Cell::from(found.error.as_ref()),
                found.verdict.into(),
            ]);
            table.row(cells);
        }
        tracked(case, &mut table);
    }
    table
}

/// Targets outside the model, in the same columns; the terminal has them in a table of
/// their own.
fn tracked(case: &Case<'_>, table: &mut Table) {
    for tracked in &case.scenario.tracked {
        let mut cells = run_of(case).to_vec();
        cells.extend([
            Cell::from(&tracked.id),
            Cell::from(&tracked.name),
            Cell::absent(),
            Cell::absent(),
            Cell::from("tracked"),
            Cell::absent(),
            Cell::from(tracked.year),
            Cell::from(&tracked.target),
            reported(tracked).map_or(Cell::absent(), Cell::from),
        ]);
        cells.resize(table.columns.len(), Cell::absent());
        if let Some(source) = table.column("source") {
            cells[source] = Cell::from(tracked.source.as_ref());
        }
        table.row_aside(cells);
    }
}

/// Every calibration factor with the official number behind it.
pub fn calibration(case: &Case<'_>) -> Table {
    let title = Text::new("校准系数", "Calibration factors");
    let columns = vec![
        Column::id("account", "科目", "Account").at(0),
        Column::id("book", "账", "Book").at(1),
        Column::id("class", "源类", "Class").at(2),
        Column::number_by("official", "官方数", "Official", "unit").at(3),
        Column::number_by("bottom_up", "自下而上", "Bottom-up", "unit").at(4),
        Column::unit("unit", "单位", "Unit").at(5),
        Column::number("kappa", "校准系数", "Factor", Unit::None).at(6),
        Column::id("status", "状态", "Status").at(7),
        Column::id("source", "来源", "Source").at(8),
        Column::text("note", "说明", "Note").at(9),
    ];
    let mut table = Table::new("calibration", title, columns);
    for found in run::calibration(case) {
        table.row(vec![
            found.account.into(),
            found.book.into(),
            found.class.into(),
            found.official.into(),
            found.bottom_up.into(),
            found.unit.into(),
            found.kappa.into(),
            found.status.into(),
            found.source.into(),
            found.note.into(),
        ]);
    }
    table
}

/// Every indicator from the year that targets count from to the last one, and the change
/// of the run that the charts compare with.
pub fn indicators(cases: &[Case<'_>]) -> Table {
    // Years stand in headings where all cases have the same.
    let same = |of: &dyn Fn(&Case<'_>) -> i32| {
        let first = cases.first().map(of)?;
        cases.iter().all(|case| of(case) == first).then_some(first)
    };
    let year = |year: Option<i32>, zh: &str, en: &str| {
        year.map_or(Text::new(zh, en), |year| Text::same(year.to_string()))
    };
    let from = year(same(&|case| case.index_base()), "期初", "Start");
    let to = year(same(&|case| case.scenario.end_year), "期末", "End");
    let compared = cases.first().map_or(Text::default(), Case::reference_name);
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("indicator", "指标", "Indicator"),
        Column::id("book", "账", "Book"),
        Column::text("name", "指标", "Indicator").at(0),
        Column::unit("unit", "单位", "Unit").at(1),
        Column::whole("from", "起始年", "From"),
        Column::whole("to", "终止年", "To"),
        Column::number_by("start", &from.zh, &from.en, "unit")
            .absent("—")
            .at(2),
        Column::number_by("end", &to.zh, &to.en, "unit")
            .absent("—")
            .at(3),
        Column::number_by("change", "变化", "Change", "change_unit")
            .form(Form::SignedPercent)
            .absent("—")
            .at(4),
        Column::number_by(
            "reference_change",
            &compared.zh,
            &compared.en,
            "change_unit",
        )
        .form(Form::SignedPercent)
        .absent("—")
        .at(5),
        Column::unit("change_unit", "变化的单位", "Unit of changes"),
        Column::number_by("sourced", "有出处占比", "Sourced", "sourced_unit")
            .form(Form::WholePercent)
            .at(6),
        Column::id("reference", "比较对象", "Reference"),
        Column::unit("sourced_unit", "占比单位", "Unit of the sourced part"),
    ]);
    let title = Text::new("指标", "Indicators");
    let mut table = Table::new("indicators", title, columns);
    for case in cases {
        let reference = if case.index_base() > case.scenario.base_year {
            "current_policy"
        } else {
            "no_measures"
        };
        for found in run::indicators(case) {
            let i = found.at;
            let unit = case.unit(i);
            let form = match found.change_unit {
                Unit::Points => Form::Points,
                _ => Form::SignedPercent,
            };
            let amount = |value: f64| (unit.shown().scale > 0.0).then_some(value);
            let end = found.values[found.values.len() - 1];
            let mut cells = run_of(case).to_vec();
            cells.extend([
                found.indicator.into(),
                found.book.into(),
                found.name.into(),
                unit.into(),
                found.from.into(),
                found.to.into(),
                amount(case.base_value(i)).into(),
                amount(end).into(),
                Cell::from(found.change).form(form),
                Cell::from(found.reference_change).form(form),
                found.change_unit.into(),
                found.sourced.into(),
                reference.into(),
                found.sourced.map(|_| Unit::Percent).into(),
            ]);
            if found.repeats {
                table.row_aside(cells);
            } else {
                table.row(cells);
            }
        }
    }
    table
}

/// Targets outside the model, as the scenario states them.
pub fn tracked_targets(case: &Case<'_>) -> Table {
    let columns = vec![
        Column::id("target", "目标", "Target"),
        Column::text("name", "模型以外的目标", "Targets outside the model").at(0),
        Column::whole("year", "年份", "Year").at(1),
        Column::text("wanted", "目标", "Target").at(2),
        Column::text("value", "自报值", "Own value").at(3),
    ];
    let title = Text::new("模型以外的目标", "Targets outside the model");
    let mut table = Table::new("tracked", title, columns);
    for tracked in &case.scenario.tracked {
        let value =
            reported(tracked).unwrap_or_else(|| Value::Text(Text::new("未填", "not given")));
        table.row(vec![
            Cell::from(&tracked.id),
            Cell::from(&tracked.name),
            Cell::from(tracked.year),
            Cell::from(&tracked.target),
            Cell::from(value),
        ]);
    }
    table
}

/// The user's own value of a target outside the model: the one that is given by itself,
/// or the newest of those by year, with its year.
fn reported(tracked: &Tracked) -> Option<Value> {
    if let Some(value) = &tracked.value {
        return Some(Value::Id(value.clone()));
    }
    let (year, value) = tracked.newest()?;
    let amount = tracked.amount(value);
    Some(Value::Text(Text::new(
        format!("{amount}（{year}年）"),
        format!("{amount} ({year})"),
    )))
}

/// The user's own values of targets outside the model, by year; `None` where no scenario
/// gives any.
pub fn tracked_values(cases: &[Case<'_>]) -> Option<Table> {
    let mut columns = of_run().to_vec();
    columns.extend([
        Column::id("target", "目标", "Target"),
        Column::text("name", "模型以外的目标", "Targets outside the model")
            .once("target")
            .at(0),
        Column::whole("year", "年份", "Year").at(1),
        Column::number("value", "自报值", "Own value", Unit::None).at(2),
        Column::number("aim", "目标值", "Wanted", Unit::None)
            .absent("")
            .at(3),
        Column::unit("unit", "单位", "Unit").at(4),
    ]);
    let title = Text::new(
        "模型以外的目标：各年自报值",
        "Targets outside the model, own values by year",
    );
    let mut table = Table::new("tracked-values", title, columns);
    for case in cases {
        for tracked in &case.scenario.tracked {
            let years = tracked
                .values
                .iter()
                .map(|(year, value)| (*year, Some(*value)));
            let mut years: Vec<(i32, Option<f64>)> = years.collect();
            // The year that is aimed at stands there before its value does.
            if tracked.aim.is_some() && years.iter().all(|(year, _)| *year != tracked.year) {
                years.push((tracked.year, None));
                years.sort_by_key(|(year, _)| *year);
            }
            for (year, value) in years {
                let mut cells = run_of(case).to_vec();
                cells.extend([
                    Cell::from(&tracked.id),
                    Cell::from(&tracked.name),
                    Cell::from(year),
                    Cell::from(value),
                    Cell::from(tracked.aim.filter(|_| year == tracked.year)),
                    Cell::from(Value::Named(Text::same(tracked.unit.clone()))),
                ]);
                table.row(cells);
            }
        }
    }
    (!table.rows.is_empty()).then_some(table)
}
