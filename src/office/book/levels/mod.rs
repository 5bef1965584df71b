//! The sheet with the levels: cells to be changed, and below them what follows.
//!
//! ```text
//! row 3   whether the levels can be had      row 4   targets met       row 5   cost
//! measures, then targets with their verdicts, then indicators of the last year
//! ```

mod targets;

use super::model::{Calc, Known, Model, plain};
use crate::look::names::{Names, quoted};
use crate::look::sheet::{self, height};
use crate::look::style::{CHANGE, PERCENT, Style, digits};
use jianpai_core::catalogue::{Account, Book as Ledger};
use jianpai_core::dims::IndicatorId;
use jianpai_core::measure::Policy;
use jianpai_core::target;
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{plain_name, short_name};
use jianpai_report::units::Unit;
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule,
    Format, Formula, Workbook, Worksheet, XlsxError,
};

/// The columns.
const WIDTHS: [f64; 12] = [
    30.0, 13.0, 13.0, 22.0, 13.0, 13.0, 13.0, 12.0, 14.0, 24.0, 24.0, 14.0,
];
const COLUMNS: u16 = WIDTHS.len() as u16;
/// The rows of the three lines on top, from 0.
const CHECK: u32 = 2;
const SCORE: u32 = 3;
const COST: u32 = 4;
/// The row of the first heading.
const MEASURES: u32 = 6;

/// The name of the sheet.
pub(super) fn name(lang: Lang, names: &mut Names) -> String {
    names.add(lang.pick("力度", "Levels"))
}

/// What it is, in the contents.
pub(super) fn about(lang: Lang) -> String {
    lang.pick(
        "力度：改黄色单元格中的执行程度，目标判定、指标、平衡与费用随之重算",
        "Levels: change the yellow cells; verdicts, indicators, balances and cost follow",
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
    for (c, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(c as u16, width)?;
    }
    let lang = style.lang;
    let own = quoted(name);
    model.inputs = (0..model.levers.len())
        .map(|i| format!("{own}!$F${}", MEASURES as usize + 3 + i))
        .collect();
    model.feasible = format!("{own}!$L${}", CHECK + 1);
    let title = lang.pick(
        "力度：改一改，看结果",
        "Levels: change them, see what follows",
    );
    sheet::heading(sheet, style, (title, &note(model)), COLUMNS)?;
    check(sheet, model, style)?;
    let next = measures(sheet, model, style)?;
    let next = targets::write(sheet, model, style, next + 1)?;
    indicators(sheet, model, style, next + 1)?;
    sheet.set_freeze_panes(COST + 1, 1)?;
    Ok(())
}

/// What moves here and what does not.
fn note(model: &Model<'_>) -> String {
    let case = &model.book.case;
    let lang = model.lang;
    let mut text = lang
        .pick(
            "黄色单元格可改：100% 为按规划执行，0% 为不做，不得超过“上限”（技术份额不为负）。增速、弹性、现行政策固定为规划值，不随本表变动；要改它们请改情景文件后重算。",
            "Yellow cells may be changed: 100% is as planned, 0% is not at all; “limit” is what there is to take from. Growth, elasticities and current policy are held as planned: change them in the scenario file.",
        )
        .to_string();
    if !case.scenario.observed.is_empty() {
        text += lang.pick(
            "与观测值衔接的系数也固定为规划时的。",
            " So are the factors that join results to observed values.",
        );
    }
    let caps = case.plan.measures.iter();
    let caps = caps.filter(|m| m.kind.is_cap() && m.policy == Policy::New && m.level > 0.0);
    for cap in caps {
        let name = cap.name.get(lang);
        text += &match lang {
            Lang::Zh => format!("“{name}”是总量约束，不与力度成线性，固定为规划时的减煤量。"),
            Lang::En => format!(
                " “{name}” is a cap, not affine in the levels: it is held at what it takes as planned."
            ),
        };
    }
    text
}

/// The three lines on top: feasible or not, targets met, cost.
fn check(sheet: &mut Worksheet, model: &mut Model<'_>, style: &Style) -> Result<(), XlsxError> {
    let lang = style.lang;
    let labels = [
        (CHECK, lang.pick("是否可行", "Feasible")),
        (SCORE, lang.pick("目标达到", "Targets met")),
        (
            COST,
            lang.pick("新增措施年费用", "Yearly cost, new measures"),
        ),
    ];
    for (row, label) in labels {
        sheet.write_with_format(row, 0, label, &style.strong)?;
        sheet.set_row_height(row, 20)?;
    }
    // Whether it is feasible as a number, out of sight at the right.
    let hidden = style.plain.clone().set_num_format(";;;");
    model.check().write(sheet, (CHECK, COLUMNS - 1), &hidden)?;
    let words = lang.pick(
        ("可行", "超出可用量："),
        ("feasible", "more than there is: "),
    );
    let said = model.shortest(words);
    sheet.merge_range(CHECK, 1, CHECK, 3, "", &style.strong)?;
    said.write(sheet, (CHECK, 1), &style.strong)?;
    let red = Format::new()
        .set_background_color(Color::RGB(0x00f4_b6b6))
        .set_font_color(Color::RGB(0x009c_0006));
    let green = Format::new().set_background_color(Color::RGB(0x00d5_ecd8));
    let feasible = model.feasible.clone();
    for (value, format) in [(0, red), (1, green)] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("={feasible}={value}").as_str())
            .set_format(format);
        sheet.add_conditional_format(CHECK, 0, CHECK, 3, &rule)?;
    }
    let last = model.plan().span() - 1;
    let price = model.plan().price_year;
    let unknown = model.plan().measures.iter();
    let unknown = unknown
        .filter(|m| m.policy == Policy::New && !m.cost_known)
        .count();
    let scale = Unit::YuanPerYear.shown();
    let mut total = Calc::number(0.0);
    let mut terms: Vec<String> = Vec::new();
    for m in 0..model.plan().measures.len() {
        let measure = &model.plan().measures[m];
        if measure.policy != Policy::New || !measure.cost_known {
            continue;
        }
        let one = model.change(Account::Cost, last, m);
        if one.get() != 0.0 || !one.formula.is_empty() {
            total.known = Known::Number(total.get() + one.get());
            terms.push(one.term());
        }
    }
    total.formula = terms.join("+");
    let total = total.scaled(scale.scale);
    total.write(sheet, (COST, 1), &style.amount(total.get()).set_bold())?;
    let year = model.plan().years[last];
    let about = match (lang, unknown) {
        (Lang::Zh, 0) => format!("{}，{year}年，{price}年价格", scale.name.zh),
        (Lang::Zh, n) => format!(
            "{}，{year}年，{price}年价格；另有 {n} 项措施没有费用数",
            scale.name.zh
        ),
        (Lang::En, 0) => format!("{}, {year}, prices of {price}", scale.name.en),
        (Lang::En, n) => format!(
            "{}, {year}, prices of {price}; {n} measures have no figure",
            scale.name.en
        ),
    };
    sheet.merge_range(COST, 2, COST, 6, &about, &style.text)?;
    Ok(())
}

/// Headings over a block.
fn heads(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    (title, heads): (&str, &[String]),
) -> Result<(), XlsxError> {
    sheet.write_with_format(row, 0, title, &style.part)?;
    sheet.set_row_height(row, 22)?;
    for (c, head) in heads.iter().enumerate() {
        sheet.write_with_format(row + 1, c as u16, head, &style.head)?;
    }
    sheet.set_row_height(row + 1, 34)?;
    Ok(())
}

/// Both languages of some headings.
fn texts(lang: Lang, zh: &[&str], en: &[&str]) -> Vec<String> {
    lang.pick(zh, en).iter().map(ToString::to_string).collect()
}

/// The levels; the next row that is free.
fn measures(sheet: &mut Worksheet, model: &mut Model<'_>, style: &Style) -> Result<u32, XlsxError> {
    let lang = style.lang;
    let last = model.plan().span() - 1;
    let year = model.plan().years[last];
    let mut all = texts(
        lang,
        &[
            "措施",
            "部门",
            "类型",
            "规划规模",
            "规划执行程度",
            "执行程度（可改）",
            "上限",
            "现规模",
            "规模单位",
            "年费用（亿元）",
        ],
        &[
            "Measure",
            "Sector",
            "Type",
            "Extent as planned",
            "Planned level",
            "Level (change me)",
            "Limit",
            "Extent now",
            "Its unit",
            "Cost (10⁸ CNY a year)",
        ],
    );
    let about = lang.pick(
        format!("措施（费用为{year}年）"),
        format!("Measures (cost of {year})"),
    );
    if model.levers.is_empty() {
        all.truncate(1);
    }
    heads(sheet, style, MEASURES, (&about, &all))?;
    let top = MEASURES + 2;
    for i in 0..model.levers.len() {
        measure(sheet, model, style, (top + i as u32, i))?;
    }
    if model.levers.is_empty() {
        let none = lang.pick(
            "情景里没有可调的新增措施",
            "the scenario has no new measure to move",
        );
        sheet.write_with_format(top, 0, none, &style.text)?;
        return Ok(top + 1);
    }
    Ok(top + model.levers.len() as u32)
}

fn measure(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    (row, i): (u32, usize),
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let m = model.levers[i];
    let measure = &model.plan().measures[m];
    let sector = measure.shifts.first().map(|shift| {
        let service = &model.catalogue().services[shift.service.at()];
        service.named.name.get(lang)
    });
    let extent = model.book.extents.get(m).and_then(Option::as_ref);
    let planned = extent.map_or(String::new(), |extent| {
        let (label, number) = (extent.label.get(lang), extent.number);
        format!("{label} {number} {}", extent.rest)
    });
    let kind = lang.pick(measure.kind.zh, measure.kind.en);
    let texts = [
        measure.name.get(lang),
        sector.unwrap_or_default(),
        kind,
        planned.trim(),
    ];
    for (c, text) in texts.into_iter().enumerate() {
        sheet.write_with_format(row, c as u16, text, &style.text)?;
    }
    sheet.write_with_format(row, 4, measure.level, &style.number("0.##%"))?;
    sheet.write_with_format(row, 5, model.cells[i], &style.input("0.##%"))?;
    let limit = model.most(i);
    match &limit {
        Some(limit) => limit.write_array(sheet, (row, 6), &style.number("0.#%"))?,
        None => {
            sheet.write_with_format(row, 6, 10.0, &style.number("0.#%"))?;
        }
    }
    let (title, message) = match lang {
        Lang::Zh => ("执行程度", "0% 至上限之间；100% 为按规划执行"),
        Lang::En => ("Level", "From 0% to the limit; 100% is as planned"),
    };
    // A limit that is met to the last bit is no mistake.
    let most = Formula::new(format!("=$G${}+0.000000001", row + 1));
    let rule = DataValidation::new()
        .allow_decimal_number_formula(DataValidationRule::Between(Formula::new("=0"), most))
        .set_input_title(title)?
        .set_input_message(message)?
        .set_error_title(title)?
        .set_error_message(message)?
        .set_error_style(DataValidationErrorStyle::Stop);
    sheet.add_data_validation(row, 5, row, 5, &rule)?;
    if let Some(extent) = extent {
        let per = extent.number - extent.from;
        let now = Calc {
            formula: format!("{}+{}*{}", plain(extent.from), plain(per), model.inputs[i]),
            known: Known::Number(extent.from + per * model.known[i]),
        };
        now.write(sheet, (row, 7), &style.amount(extent.number))?;
        sheet.write_with_format(row, 8, &extent.rest, &style.text)?;
    } else {
        sheet.write_with_format(row, 7, "", &style.text)?;
        sheet.write_with_format(row, 8, "", &style.text)?;
    }
    if measure.cost_known {
        let last = model.plan().span() - 1;
        let cost = model
            .change(Account::Cost, last, m)
            .scaled(Unit::YuanPerYear.shown().scale);
        cost.write(sheet, (row, 9), &style.amount(cost.get()))?;
    } else {
        let none = lang.pick("没有费用数", "no figure");
        sheet.write_with_format(row, 9, none, &style.text)?;
    }
    let lines = WIDTHS
        .iter()
        .zip(texts)
        .map(|(width, text)| lines(text, *width));
    sheet.set_row_height(row, height(lines.max().unwrap_or(1)))?;
    Ok(())
}

/// Lines of a text in a column of this width.
fn lines(text: &str, width: f64) -> usize {
    use unicode_width::UnicodeWidthStr;
    (text.width_cjk() as f64 / (width - 1.5)).ceil().max(1.0) as usize
}

/// Indicators of the last year.
fn indicators(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    top: u32,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let case = model.book.case;
    let start = case.plan.year(case.index_base()).unwrap_or(0);
    let last = case.plan.span() - 1;
    let (from, to) = (case.plan.years[start], case.plan.years[last]);
    let all = match lang {
        Lang::Zh => [
            "指标".into(),
            "账".into(),
            "单位".into(),
            format!("{from}年"),
            format!("{to}年（规划）"),
            format!("{to}年"),
            "变化（规划）".into(),
            "变化".into(),
        ],
        Lang::En => [
            "Indicator".into(),
            "Book".into(),
            "Unit".into(),
            format!("{from}"),
            format!("{to}, as planned"),
            format!("{to}"),
            "Change as planned".into(),
            "Change".into(),
        ],
    };
    heads(sheet, style, top, (lang.pick("指标", "Indicators"), &all))?;
    let mut row = top + 2;
    for id in case.catalogue.in_pairs() {
        let Some((first, end)) = ends(model, id, (start, last)) else {
            continue;
        };
        let indicator = &case.catalogue.indicators[id.at()];
        let unit = Unit::of_indicator(indicator);
        let values = &case.outcome.indicators[id.at()];
        let share = indicator.kind.is_share();
        let book = indicator.told_book(case.catalogue);
        let book = book.map_or("", |book| match book {
            Ledger::Accounted => lang.pick("核算", "accounted"),
            Ledger::Physical => lang.pick("实际排放", "physical"),
        });
        let name = plain_name(case.catalogue, indicator);
        let scale = if share { 1.0 } else { unit.shown().scale };
        let format = |value: f64| style.number(if share { PERCENT } else { digits(value) });
        sheet.write_with_format(row, 0, name.get(lang), &style.text)?;
        sheet.write_with_format(row, 1, book, &style.text)?;
        sheet.write_with_format(row, 2, unit.shown().name.get(lang), &style.text)?;
        first
            .scaled(scale)
            .write(sheet, (row, 3), &format(first.get() / scale))?;
        let planned = values[last];
        sheet.write_with_format(row, 4, planned / scale, &format(planned / scale))?;
        end.scaled(scale)
            .write(sheet, (row, 5), &format(planned / scale))?;
        let line = row + 1;
        let (was, shown, formula) = if share {
            let points = Unit::Points.shown().scale;
            let was = (planned - values[start]) / points;
            (
                was,
                lang.pick(
                    "+0.0\"个百分点\";-0.0\"个百分点\";0.0\"个百分点\"",
                    "+0.0\" points\";-0.0\" points\";0.0\" points\"",
                ),
                format!("(F{line}-D{line})/{}", plain(points)),
            )
        } else {
            (
                planned / values[start] - 1.0,
                CHANGE,
                format!("F{line}/D{line}-1"),
            )
        };
        let now = if share {
            (end.get() - first.get()) / Unit::Points.shown().scale
        } else {
            end.get() / first.get() - 1.0
        };
        sheet.write_with_format(row, 6, was, &style.number(shown))?;
        let change = Calc {
            formula,
            known: Known::Number(now),
        };
        change.write(sheet, (row, 7), &style.number(shown))?;
        sheet.set_row_height(row, height(lines(name.get(lang), WIDTHS[0])))?;
        row += 1;
    }
    Ok(())
}

/// An indicator in the two years, if it is something in both.
fn ends(model: &mut Model<'_>, id: IndicatorId, (a, b): (usize, usize)) -> Option<(Calc, Calc)> {
    let values = &model.book.case.outcome.indicators[id.at()];
    if !target::counts(values[a]) || !values.iter().any(|value| *value != 0.0) {
        return None;
    }
    Some((model.indicator(id, a)?, model.indicator(id, b)?))
}

/// A short name with its book, for rows of other sheets.
pub(super) fn label(model: &Model<'_>, id: IndicatorId) -> Text {
    let catalogue = model.catalogue();
    short_name(catalogue, &catalogue.indicators[id.at()])
}
