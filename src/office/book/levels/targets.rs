//! The targets on the sheet with the levels, with verdicts that follow.

use super::{SCORE, WIDTHS, heads, lines, texts};
use crate::book::model::{Calc, Known, Model, plain};
use crate::look::sheet::height;
use crate::look::style::{PERCENT, Style, digits};
use jianpai_core::catalogue::Book as Ledger;
use jianpai_core::dims::IndicatorId;
use jianpai_core::doubt::{self, Grade};
use jianpai_core::target::{self, Demand, Target, Verdict};
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{demand_text, plain_name};
use jianpai_report::units::Unit;
use rust_xlsxwriter::{Color, ConditionalFormatFormula, Format, Worksheet, XlsxError};

/// The targets; the next row that is free.
pub(super) fn write(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    top: u32,
) -> Result<u32, XlsxError> {
    let lang = style.lang;
    let all = texts(
        lang,
        &[
            "目标",
            "账",
            "年份",
            "要求",
            "要求值",
            "达到",
            "余量（负为差）",
            "误差 ±",
            "单位",
            "判定",
            "按规划力度",
            "另一本账达到",
        ],
        &[
            "Target",
            "Book",
            "Year",
            "Demand",
            "Required",
            "Reached",
            "Margin (− is short)",
            "Error ±",
            "Unit",
            "Verdict",
            "As planned",
            "Reached in the other book",
        ],
    );
    let title = lang.pick("目标与判定", "Targets and verdicts");
    heads(sheet, style, top, (title, &all))?;
    let case = model.book.case;
    let mut row = top + 2;
    for (target, verdict) in case.targets() {
        one_target(sheet, model, style, (row, target, verdict))?;
        row += 1;
    }
    let first = top + 3;
    if row + 1 > first {
        let range = format!("$J${first}:$J${row}");
        let met = format!("SUMPRODUCT((LEFT({range},1)=\"✓\")+(LEFT({range},1)=\"≈\"))");
        let all = row + 1 - first;
        let met_now = met_at_known(model);
        let known = format!("{met_now}/{all}");
        let score = Calc {
            formula: format!("{met}&\"/{all}\""),
            known: Known::Text(known),
        };
        score.write(sheet, (SCORE, 1), &style.strong)?;
        verdict_colours(sheet, (first - 1, row - 1))?;
    } else {
        let none = lang.pick("情景没有目标", "the scenario has no target");
        sheet.write_with_format(SCORE, 1, none, &style.strong)?;
    }
    Ok(row)
}

/// Red, amber and green of verdicts.
fn verdict_colours(sheet: &mut Worksheet, (first, last): (u32, u32)) -> Result<(), XlsxError> {
    let marks = [
        ("✓", 0x00d5_ecd8),
        ("≈", 0x00fd_eeca),
        ("✗", 0x00f4_b6b6),
        ("—", 0x00f4_b6b6),
    ];
    for (mark, colour) in marks {
        for column in ["J", "K"] {
            let rule = ConditionalFormatFormula::new()
                .set_rule(format!("=LEFT(${column}{},1)=\"{mark}\"", first + 1).as_str())
                .set_format(Format::new().set_background_color(Color::RGB(colour)));
            let c = if column == "J" { 9 } else { 10 };
            sheet.add_conditional_format(first, c, last, c, &rule)?;
        }
    }
    Ok(())
}

/// What a target reaches, in base terms.
fn reached(model: &mut Model<'_>, target: &Target, id: IndicatorId) -> Option<Calc> {
    let (base, end) = target::span_of(target, &model.plan().years)?;
    match target.demand {
        Demand::Reduction { .. } => {
            let from = model.indicator(id, base)?;
            let to = model.indicator(id, end)?;
            if !target::counts(from.get()) {
                return None;
            }
            Some(Calc {
                formula: format!("1-{}/{}", to.term(), from.term()),
                known: Known::Number(1.0 - to.get() / from.get()),
            })
        }
        Demand::Cap(_) | Demand::Floor(_) => model.indicator(id, end),
        Demand::Cumulative { .. } => {
            let each: Option<Vec<Calc>> = (base..=end).map(|t| model.indicator(id, t)).collect();
            let each = each?;
            let terms: Vec<String> = each.iter().map(Calc::term).collect();
            Some(Calc {
                formula: terms.join("+"),
                known: Known::Number(each.iter().map(Calc::get).sum()),
            })
        }
        Demand::Project { .. } => {
            let case = &model.book.case;
            if case.scenario.ledger_of(case.catalogue, target).is_some() {
                // Listed projects do not move with the levels.
                let own = case.targets().find(|(own, _)| own.id == target.id);
                return own.and_then(|(_, verdict)| Some(Calc::number(verdict?.reached)));
            }
            model.projects(target)
        }
    }
}

/// Base units of one shown unit of a target, its name, and how its numbers are shown.
fn shown(model: &Model<'_>, target: &Target) -> (f64, Text, Option<&'static str>) {
    let indicator = &model.catalogue().indicators[target.indicator.at()];
    let unit = Unit::of_indicator(indicator);
    let is_part = matches!(unit, Unit::Percent | Unit::Fraction);
    if is_part || matches!(target.demand, Demand::Reduction { .. }) {
        return (1.0, Text::same("%"), Some(PERCENT));
    }
    (unit.shown().scale, unit.shown().name, None)
}

fn one_target(
    sheet: &mut Worksheet,
    model: &mut Model<'_>,
    style: &Style,
    (row, target, verdict): (u32, &Target, Option<&Verdict>),
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let case = model.book.case;
    let indicator = &case.catalogue.indicators[target.indicator.at()];
    let name = target
        .name
        .clone()
        .unwrap_or_else(|| plain_name(case.catalogue, indicator));
    let book = match (indicator.told_book(case.catalogue), target.book) {
        (None, _) => Text::default(),
        (_, Ledger::Accounted) => Text::new("核算", "accounted"),
        (_, Ledger::Physical) => Text::new("实际排放", "physical"),
    };
    let demand = demand_text(indicator, target);
    sheet.write_with_format(row, 0, name.get(lang), &style.text)?;
    sheet.write_with_format(row, 1, book.get(lang), &style.text)?;
    sheet.write_with_format(row, 2, target.year, &style.number("0"))?;
    sheet.write_with_format(row, 3, demand.get(lang), &style.text)?;
    let high = lines(name.get(lang), WIDTHS[0]).max(lines(demand.get(lang), WIDTHS[3]));
    sheet.set_row_height(row, height(high))?;
    let band = verdict.and_then(|verdict| case.band(target, verdict));
    let half = verdict
        .zip(band)
        .map(|(verdict, band)| band.high - verdict.reached);
    let planned = verdict.map(|verdict| doubt::grade(target.demand, verdict, band.as_ref()));
    let planned = planned.map_or_else(|| open(lang), |grade| word(grade, lang));
    sheet.write_with_format(row, 10, planned, &style.text)?;
    let (scale, unit, form) = shown(model, target);
    sheet.write_with_format(row, 8, unit.get(lang), &style.text)?;
    let (required, sign) = target::required(target.demand);
    let own = reached(model, target, target.indicator);
    let number = |value: f64| style.number(form.unwrap_or_else(|| digits(value)));
    let fixed = required / scale;
    sheet.write_with_format(row, 4, fixed, &number(fixed))?;
    let Some(own) = own else {
        for c in [5, 6, 7, 11] {
            sheet.write_with_format(row, c, "", &style.text)?;
        }
        sheet.write_with_format(row, 9, open(lang), &style.text)?;
        return Ok(());
    };
    let own = own.scaled(scale);
    own.write(sheet, (row, 5), &number(fixed))?;
    let line = row + 1;
    let less = if sign > 0.0 {
        format!("F{line}-E{line}")
    } else {
        format!("E{line}-F{line}")
    };
    let margin = Calc {
        formula: less,
        known: Known::Number(sign * (own.get() - fixed)),
    };
    margin.write(sheet, (row, 6), &number(fixed))?;
    match half {
        Some(half) => sheet.write_with_format(row, 7, half / scale, &number(fixed))?,
        None => sheet.write_with_format(row, 7, "", &style.text)?,
    };
    verdict_of(model, target, (line, scale), half).write(sheet, (row, 9), &style.text)?;
    match other_book(model, target) {
        Some(other) => other
            .scaled(scale)
            .write(sheet, (row, 11), &number(fixed))?,
        None => {
            sheet.write_with_format(row, 11, "", &style.text)?;
        }
    }
    Ok(())
}

/// What the same target would reach in the other book, where there are two.
fn other_book(model: &mut Model<'_>, target: &Target) -> Option<Calc> {
    if matches!(target.demand, Demand::Project { .. }) {
        return None;
    }
    let other = match target.book {
        Ledger::Accounted => Ledger::Physical,
        Ledger::Physical => Ledger::Accounted,
    };
    let id = model.catalogue().in_book(target.indicator, other)?;
    (id != target.indicator).then(|| reached(model, target, id))?
}

/// The verdict as a formula over the cells of its line.
fn verdict_of(
    model: &mut Model<'_>,
    target: &Target,
    (line, scale): (u32, f64),
    half: Option<f64>,
) -> Calc {
    let lang = model.lang;
    let floor = plain(target::FLOOR / scale);
    let met = |margin: &str| format!("{margin}/MAX(ABS(E{line}),{floor})>=-{:E}", target::SLACK);
    let words = [Grade::Met, Grade::MetWithinError, Grade::Missed].map(|grade| word(grade, lang));
    let sure = match half {
        Some(_) => format!(
            "IF({},\"{}\",\"{}\")",
            met(&format!("(G{line}-H{line})")),
            words[0],
            words[1]
        ),
        None => format!("\"{}\"", words[0]),
    };
    let over = over(lang);
    let formula = format!(
        "IF({}=0,\"{over}\",IF({},{sure},\"{}\"))",
        model.feasible,
        met(&format!("G{line}")),
        words[2]
    );
    let known = known_verdict(model, target, half);
    Calc {
        formula,
        known: Known::Text(known),
    }
}

/// The verdict at the known levels.
fn known_verdict(model: &mut Model<'_>, target: &Target, half: Option<f64>) -> String {
    let lang = model.lang;
    if model.check().get() < 0.5 {
        return over(lang).to_string();
    }
    let Some(own) = reached(model, target, target.indicator) else {
        return open(lang).to_string();
    };
    let (required, sign) = target::required(target.demand);
    let margin = sign * (own.get() - required);
    let grade = if !target::is_met(margin, required) {
        Grade::Missed
    } else if half.is_none_or(|half| target::is_met(margin - half, required)) {
        Grade::Met
    } else {
        Grade::MetWithinError
    };
    word(grade, lang).to_string()
}

/// Targets met at the known levels.
fn met_at_known(model: &mut Model<'_>) -> usize {
    let targets = model.book.case.scenario.targets.iter();
    let mut met = 0;
    for target in targets {
        let missed = word(Grade::Missed, model.lang);
        let open = open(model.lang);
        let verdict = known_verdict(model, target, None);
        met += usize::from(verdict != missed && verdict != open && verdict != over(model.lang));
    }
    met
}

fn word(grade: Grade, lang: Lang) -> &'static str {
    match grade {
        Grade::Met => lang.pick("✓ 达到", "✓ met"),
        Grade::MetWithinError => lang.pick("≈ 达到，误差之内", "≈ met, within error"),
        Grade::Missed => lang.pick("✗ 未达到", "✗ missed"),
    }
}

fn over(lang: Lang) -> &'static str {
    lang.pick("— 超出可用量", "— more than there is")
}

fn open(lang: Lang) -> &'static str {
    lang.pick("无法判定", "cannot be judged")
}
