//! Indicators by year, as formulas, and a chart of their indices.

use super::levels;
use super::model::{Calc, Known, Model, plain};
use crate::look::names::{Names, quoted};
use crate::look::sheet::{self, Widths, height};
use crate::look::style::{PERCENT, SERIES, Style, digits};
use jianpai_core::dims::IndicatorId;
use jianpai_core::target::{Demand, counts};
use jianpai_core::text::{Lang, Text};
use jianpai_report::units::Unit;
use rust_xlsxwriter::{
    Chart, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType,
    ChartSolidFill, ChartType, Workbook, Worksheet, XlsxError,
};

/// Columns before the years.
const BEFORE: u16 = 2;

/// The name of the sheet.
pub(super) fn name(lang: Lang, names: &mut Names) -> String {
    names.add(lang.pick("逐年指标", "By year"))
}

/// What it is, in the contents.
pub(super) fn about(lang: Lang) -> String {
    lang.pick(
        "逐年指标：各年数值与指数（随力度重算），附折线图",
        "By year: indicators and indices (they follow the levels), with a chart",
    )
    .to_string()
}

/// Writes it.
pub(super) fn write(
    book: &mut Workbook,
    model: &mut Model<'_>,
    style: &Style,
    name: &str,
) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet::page(sheet, style);
    let lang = style.lang;
    let years = model.plan().years.clone();
    let width = BEFORE + years.len() as u16;
    let note = lang.pick(
        "各数均为公式，随“力度”表重算；单位见第二列",
        "All numbers are formulas and follow the levels; units in the second column",
    );
    let title = lang.pick("逐年指标", "Indicators by year");
    let top = sheet::heading(sheet, style, (title, note), width)?;
    let mut widths = Widths::default();
    let heads = [lang.pick("指标", "Indicator"), lang.pick("单位", "Unit")];
    line_of_heads(sheet, style, (top, &heads), &years)?;
    let mut row = top + 1;
    let all = model.catalogue().in_pairs();
    for id in all {
        let Some(cells) = (0..years.len())
            .map(|t| model.indicator(id, t))
            .collect::<Option<Vec<Calc>>>()
        else {
            continue;
        };
        if cells.iter().all(|cell| cell.get() == 0.0) {
            continue;
        }
        indicator(sheet, model, style, (row, id, &cells), &mut widths)?;
        row += 1;
    }
    let block = (row + 1, name, &mut widths);
    let drawn = indices(sheet, model, style, block)?;
    for c in 0..years.len() as u16 {
        widths.see(BEFORE + c, "00000.00");
    }
    widths.set(sheet)?;
    sheet.set_freeze_panes(top + 1, BEFORE)?;
    sheet.set_repeat_rows(top, top)?;
    if let Some((chart, at)) = drawn {
        sheet.insert_chart(at, 0, &chart)?;
    }
    Ok(())
}

/// Headings, then the years.
fn line_of_heads(
    sheet: &mut Worksheet,
    style: &Style,
    (row, heads): (u32, &[&str]),
    years: &[i32],
) -> Result<(), XlsxError> {
    for (c, head) in heads.iter().enumerate() {
        sheet.write_with_format(row, c as u16, *head, &style.head)?;
    }
    for (t, year) in years.iter().enumerate() {
        let column = (heads.len() + t) as u16;
        sheet.write_with_format(row, column, *year, &style.head)?;
    }
    Ok(())
}

fn indicator(
    sheet: &mut Worksheet,
    model: &Model<'_>,
    style: &Style,
    (row, id, cells): (u32, IndicatorId, &[Calc]),
    widths: &mut Widths,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let indicator = &model.catalogue().indicators[id.at()];
    let name = levels::label(model, id);
    let unit = Unit::of_indicator(indicator).shown();
    let share = indicator.kind.is_share();
    let scale = if share { 1.0 } else { unit.scale };
    widths.see(0, name.get(lang));
    widths.see(1, unit.name.get(lang));
    sheet.write_with_format(row, 0, name.get(lang), &style.text)?;
    sheet.write_with_format(row, 1, unit.name.get(lang), &style.text)?;
    for (t, cell) in cells.iter().enumerate() {
        let cell = cell.scaled(scale);
        let form = if share { PERCENT } else { digits(cell.get()) };
        cell.write(sheet, (row, BEFORE + t as u16), &style.number(form))?;
    }
    sheet.set_row_height(row, height(widths.lines(0, name.get(lang))))?;
    Ok(())
}

/// The indicators of the chart: those with a target of a reduction, then headlines.
fn charted(model: &Model<'_>) -> Vec<IndicatorId> {
    let case = &model.book.case;
    let reduced = case.scenario.targets.iter();
    let reduced = reduced.filter(|target| matches!(target.demand, Demand::Reduction { .. }));
    let mut all: Vec<IndicatorId> = Vec::new();
    let headlines = model.catalogue().in_pairs().into_iter();
    let headlines = headlines.filter(|id| {
        let indicator = &model.catalogue().indicators[id.at()];
        indicator.is_headline(model.catalogue())
    });
    for id in reduced.map(|target| target.indicator).chain(headlines) {
        if !all.contains(&id) && all.len() < SERIES.len() {
            all.push(id);
        }
    }
    all
}

/// The table of indices with the targets below it, and the chart with the row where it
/// goes; `None` where there is nothing to draw.
fn indices(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    (top, name, widths): (u32, &str, &mut Widths),
) -> Result<Option<(Chart, u32)>, XlsxError> {
    let lang = style.lang;
    let case = model.book.case;
    let start = case.plan.year(case.index_base()).unwrap_or(0);
    let base = case.plan.years[start];
    let years = case.plan.years[start..].to_vec();
    let title = match lang {
        Lang::Zh => format!("指数（{base}年=100）"),
        Lang::En => format!("Indices ({base} = 100)"),
    };
    sheet.write_with_format(top, 0, &title, &style.part)?;
    line_of_heads(
        sheet,
        style,
        (top + 1, &[lang.pick("指标", "Indicator"), ""]),
        &years,
    )?;
    let mut chart = Chart::new(ChartType::Line);
    let span = BEFORE + years.len() as u16 - 1;
    let range = |row: u32| (row, BEFORE, row, span);
    let at = |(a, b, c, d): (u32, u16, u32, u16)| (name, a, b, c, d);
    let mut row = top + 2;
    let mut drawn = 0;
    for id in charted(model) {
        let all = (start..model.plan().span()).map(|t| model.indicator(id, t));
        let Some(cells) = all.collect::<Option<Vec<Calc>>>() else {
            continue;
        };
        if !counts(cells[0].get()) {
            continue;
        }
        let label = levels::label(model, id);
        widths.see(0, label.get(lang));
        sheet.write_with_format(row, 0, label.get(lang), &style.text)?;
        sheet.write_with_format(row, 1, "", &style.text)?;
        for (t, cell) in cells.iter().enumerate() {
            let index = Calc {
                formula: format!("{}/{}*100", cell.term(), cells[0].term()),
                known: Known::Number(cell.get() / cells[0].get() * 100.0),
            };
            index.write(sheet, (row, BEFORE + t as u16), &style.number("0.0"))?;
        }
        let colour = SERIES[drawn];
        let line = ChartLine::new().set_color(colour).set_width(2.25).clone();
        chart
            .add_series()
            .set_categories(at(range(top + 1)))
            .set_values(at(range(row)))
            .set_name((name, row, 0))
            .set_format(ChartFormat::new().set_line(&line));
        drawn += 1;
        row += 1;
        row = aims(
            sheet,
            model,
            style,
            (row, id, start),
            (&mut chart, name, top + 1, colour),
        )?;
    }
    if drawn == 0 {
        return Ok(None);
    }
    chart.title().set_name(&title);
    chart.legend().set_position(ChartLegendPosition::Right);
    chart.y_axis().set_num_format("0");
    let lows = lowest(model, start);
    chart.y_axis().set_min((lows / 10.0).floor() * 10.0);
    chart.set_width(980).set_height(420);
    Ok(Some((chart, row + 1)))
}

/// The least index that is drawn, with the room that levels may still use.
fn lowest(model: &mut Model<'_>, start: usize) -> f64 {
    let mut least = 100.0_f64;
    for id in charted(model) {
        let values = &model.book.case.outcome.indicators[id.at()];
        if counts(values[start]) {
            let own = values[start..]
                .iter()
                .map(|value| value / values[start] * 100.0);
            least = own.fold(least, f64::min);
        }
    }
    (least - 15.0).max(0.0)
}

/// The levels that targets on an indicator ask for, as marks in their years.
fn aims(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    (mut row, id, start): (u32, IndicatorId, usize),
    (chart, name, heads, colour): (&mut Chart, &str, u32, rust_xlsxwriter::Color),
) -> Result<u32, XlsxError> {
    let lang = style.lang;
    let case = model.book.case;
    let span = case.plan.span();
    for target in &case.scenario.targets {
        let Demand::Reduction { wanted, base_year } = target.demand else {
            continue;
        };
        let years = case.plan.year(base_year).zip(case.plan.year(target.year));
        let Some((base, end)) = years.filter(|(_, end)| target.indicator == id && *end >= start)
        else {
            continue;
        };
        let (Some(from), Some(first)) = (model.indicator(id, base), model.indicator(id, start))
        else {
            continue;
        };
        let own = levels::label(model, id);
        let label = Text::new(format!("{}目标", own.zh), format!("Target: {}", own.en));
        sheet.write_with_format(row, 0, label.get(lang), &style.text)?;
        for c in 1..BEFORE + (span - start) as u16 {
            sheet.write_with_format(row, c, "", &style.text)?;
        }
        let column = BEFORE + (end - start) as u16;
        let value = Calc {
            formula: format!(
                "{}/{}*{}",
                from.term(),
                first.term(),
                plain((1.0 - wanted) * 100.0)
            ),
            known: Known::Number(from.get() / first.get() * (1.0 - wanted) * 100.0),
        };
        value.write(sheet, (row, column), &style.number("0.0"))?;
        let fill = ChartSolidFill::new().set_color(colour).clone();
        let mark = ChartFormat::new().set_solid_fill(&fill).clone();
        chart
            .add_series()
            .set_categories((
                name,
                heads,
                BEFORE,
                heads,
                BEFORE + (span - start) as u16 - 1,
            ))
            .set_values((name, row, BEFORE, row, BEFORE + (span - start) as u16 - 1))
            .set_name((name, row, 0))
            .set_format(ChartFormat::new().set_no_line())
            .set_marker(
                ChartMarker::new()
                    .set_type(ChartMarkerType::Diamond)
                    .set_size(9)
                    .set_format(&mut mark.clone()),
            );
        row += 1;
    }
    Ok(row)
}

/// A cell as formulas of other sheets have it.
pub(super) fn cell(name: &str, (row, column): (u32, u16)) -> String {
    let column = rust_xlsxwriter::utility::column_number_to_name(column);
    format!("{}!${column}${}", quoted(name), row + 1)
}
