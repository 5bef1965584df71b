//! The tables of a finished sweep.

use super::drawn::share_name;
use super::spread::{Spread, is_main};
use super::{best, names, sensitivity, units};
use crate::case::short_name;
use crate::view::{Cell, Column, Form, Table, Unit, With};
use jianpai_core::text::Text;
use jianpai_sweep::analysis::summary::Summary;
use jianpai_sweep::design::Design;
use jianpai_sweep::engine::Column as Drawn;

/// Every table of a sweep; of a slice those that speak of its own draws.
pub fn tables(spread: &Spread<'_>) -> Vec<Table> {
    let mut tables = vec![summary(spread), attainment(spread), best::table(spread)];
    if let Some(findings) = spread.findings {
        tables.push(sensitivity::table(spread, findings));
        tables.push(sensitivity::conditions(spread, findings));
    }
    tables
}

/// A quantile: key, heading, level; then the keys of its bounds.
struct Level {
    q: f64,
    key: String,
    /// Whether the terminal has it.
    is_shown: bool,
}

fn levels() -> [Level; 7] {
    [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975].map(|q| Level {
        q,
        key: format!("q{}", q * 100.0),
        is_shown: (0.05..=0.95).contains(&q),
    })
}

fn summary_columns() -> Vec<Column> {
    let number = |key: &'static str, zh, en| Column::number_by(key, zh, en, "unit");
    let mut columns = vec![
        Column::id("column", "列", "Column"),
        Column::unit("unit", "单位", "Unit").at(2),
        Column::whole("draws", "可行抽样", "Feasible draws"),
        Column::whole("infeasible", "不可行", "Not feasible"),
        number("mean", "平均", "Mean").at(3),
        number("sd", "标准差", "Deviation"),
        number("min", "最小", "Least"),
    ];
    columns.extend(levels().into_iter().map(|Level { q, key, is_shown }| {
        let heading = format!("{:.0} %", q * 100.0);
        let heading = if is_shown { heading } else { key.clone() };
        let column = Column::number_by(key, &heading, &heading, "unit");
        if is_shown { column.at(4) } else { column }
    }));
    columns.push(number("max", "最大", "Greatest"));
    // Between which the exact quantile lies; empty where the quantile is exact.
    columns.extend(levels().into_iter().flat_map(|Level { key, .. }| {
        [
            ("low", "下界", "lower bound"),
            ("high", "上界", "upper bound"),
        ]
        .map(|(end, zh, en)| {
            Column::number_by(
                format!("{key}_{end}"),
                &format!("{key} {zh}"),
                &format!("{key} {en}"),
                "unit",
            )
        })
    }));
    columns.extend([
        Column::id("indicator", "指标", "Indicator"),
        Column::text("name", "指标", "Indicator").at(0),
        Column::whole("year", "年份", "Year").at(1),
    ]);
    columns
}

/// Mean, deviation and quantiles of every column of numbers, over the draws that are
/// feasible; how many these are, and how many are not. An indicator with the model's
/// error stands behind the indicator, and in its place where people read it.
pub(super) fn summary(spread: &Spread<'_>) -> Table {
    let title = Text::new("分布", "Distributions");
    let mut table = Table::new("summary", title, summary_columns());
    for (c, summary) in &spread.totals.summaries {
        let column = &spread.sweep.columns[*c];
        let with = match column {
            Drawn::WithError(..) => continue,
            Drawn::Indicator(id, t) => spread.sweep.column(&Drawn::WithError(*id, *t)),
            _ => None,
        };
        let is_shown = match column {
            Drawn::Indicator(id, _) => is_main(&spread.catalogue.indicators[id.at()].kind),
            _ => false,
        };
        let with = with.and_then(|c| Some((c, spread.totals.summary(c)?)));
        let mut add = |row: Vec<Cell>, is_shown: bool| {
            if is_shown {
                table.row(row);
            } else {
                table.row_aside(row);
            }
        };
        add(
            summary_row(spread, column, summary),
            is_shown && with.is_none(),
        );
        if let Some((c, summary)) = with {
            let column = &spread.sweep.columns[c];
            add(summary_row(spread, column, summary), is_shown);
        }
    }
    table
}

/// One column summed up.
fn summary_row(spread: &Spread<'_>, column: &Drawn, summary: &Summary) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![
        spread.sweep.name(spread.catalogue, column).into(),
        units::of_column(spread.catalogue, spread.sweep, column).into(),
        summary.count().into(),
        spread.infeasible().into(),
        summary.mean().into(),
        summary.deviation().into(),
        summary.least().map(|draw| draw.value).into(),
    ];
    let quantiles = summary.quantiles(&levels().map(|level| level.q));
    row.extend(
        quantiles
            .iter()
            .map(|found| Cell::from(found.map(|q| q.value))),
    );
    row.push(summary.greatest().map(|draw| draw.value).into());
    row.extend(quantiles.iter().flat_map(|found| {
        let found = found.filter(|_| !summary.is_exact());
        [found.map(|q| q.lower), found.map(|q| q.upper)].map(Cell::from)
    }));
    let (indicator, with_error) = match column {
        Drawn::Indicator(id, t) => (Some((id, *t)), false),
        Drawn::WithError(id, t) => (Some((id, *t)), true),
        _ => (None, false),
    };
    let indicator = indicator.map(|(id, t)| (&spread.catalogue.indicators[id.at()], t));
    row.extend([
        indicator.map(|(indicator, _)| &indicator.named.id).into(),
        indicator
            .map(|(indicator, _)| {
                let name = short_name(spread.catalogue, indicator);
                if with_error {
                    Text::new(
                        format!("{}，含模型误差", name.zh),
                        format!("{}, with error", name.en),
                    )
                } else {
                    name
                }
            })
            .into(),
        indicator.map(|(_, t)| spread.plan.years[t]).into(),
    ]);
    row
}

fn attainment_columns(spread: &Spread<'_>) -> Vec<Column> {
    let share = share_name(spread);
    let mut columns = vec![
        Column::id("target", "目标", "Target"),
        Column::id("indicator", "指标", "Indicator"),
        Column::whole("year", "年份", "Year"),
        Column::id("demand", "要求（英文）", "Demand"),
        Column::whole("met", "达标次数", "Draws that meet it"),
        Column::whole("draws", "抽样次数", "Draws"),
        Column::number("probability", &share.zh, &share.en, Unit::Fraction)
            .form(Form::Probability)
            .with(With::Bound("below", "above"))
            .at(2),
        Column::number("low95", "95 % 区间", "95 % interval", Unit::Fraction)
            .form(Form::Probability)
            .with(With::UpTo("high95"))
            .absent("–")
            .at(3),
        Column::number("high95", "95 % 上限", "95 % upper bound", Unit::Fraction)
            .form(Form::Probability),
        // What the interval is, or why there is none.
        Column::id("interval", "区间类型", "Interval"),
        Column::text("name", "目标", "Target").at(0),
        Column::text("asks", "要求", "Demand").at(1),
    ];
    if spread.has_error() {
        let share = |key: &'static str, zh, en| {
            Column::number(key, zh, en, Unit::Fraction).form(Form::Probability)
        };
        columns.extend([
            Column::whole("met_by_model", "仅按模型达标次数", "Met by the model alone"),
            share(
                "probability_by_model",
                "仅按模型的概率",
                "Probability by the model alone",
            ),
            // Cases of the past behind the error; what they and the draws allow to state.
            Column::whole("cases", "模型误差的例数", "Cases behind the model's error"),
            share("below", "只能说低于", "Stated to be below"),
            share("above", "只能说高于", "Stated to be above"),
        ]);
    }
    columns
}

/// How often each target is met, and all together.
pub(super) fn attainment(spread: &Spread<'_>) -> Table {
    let title = Text::new("达标", "Attainment");
    let mut table = Table::new("attainment", title, attainment_columns(spread));
    let points = &spread.sweep.points;
    let kind = match points.design() {
        design if !points.is_sample() => format!("none: {} is no sample", design.id()),
        Design::Saltelli { .. } => "wilson over base samples".to_string(),
        _ => "wilson".to_string(),
    };
    let mut row = |ids: [Cell; 4], (name, asks): (Text, Text), wanted: &Drawn| {
        let Some(count) = spread.count(wanted) else {
            return;
        };
        let mut row = ids.to_vec();
        let mut low = Cell::from(count.interval.map(|(low, _)| low));
        if count.claim.is_bound() {
            low = low.form(Form::Blank);
        }
        row.extend([
            count.met.into(),
            count.draws.into(),
            count.share.into(),
            low,
            count.interval.map(|(_, high)| high).into(),
            Cell::from(&kind),
            name.into(),
            asks.into(),
        ]);
        if spread.has_error() {
            let own = spread.by_model(wanted);
            row.extend([
                own.map(|own| own.met).into(),
                own.map(|own| own.share).into(),
                count.claim.cases.into(),
                count.claim.below.into(),
                count.claim.above.into(),
            ]);
        }
        table.row(row);
    };
    for (i, target) in spread.sweep.reported.targets.iter().enumerate() {
        let indicator = &spread.catalogue.indicators[target.indicator.at()];
        let (_, demand) = names::target(spread, i);
        let ids = [
            Cell::from(&target.id),
            Cell::from(&indicator.named.id),
            target.year.into(),
            Cell::from(&demand.en),
        ];
        let name = short_name(spread.catalogue, indicator);
        row(ids, (name, demand), &Drawn::Met(i));
    }
    let whole = |id: &str| {
        [
            Cell::from(id),
            Cell::absent(),
            Cell::absent(),
            Cell::absent(),
        ]
    };
    let all = Text::new("全部目标", "All targets");
    row(whole("all"), (all, Text::default()), &Drawn::AllMet);
    let feasible = Text::new(
        "可行（不超量、不耗尽、不越界）",
        "Feasible (nothing over-claimed, used up or out of bounds)",
    );
    row(
        whole("feasible"),
        (feasible, Text::default()),
        &Drawn::Feasible,
    );
    table
}
