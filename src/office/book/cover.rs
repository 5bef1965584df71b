//! The cover: what the workbook is, how the targets stand, and what is in it.

use super::Book;
use crate::look::names::quoted;
use crate::look::sheet::{self, height};
use crate::look::style::Style;
use jianpai_core::catalogue::Catalogue;
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::{Case, Tally, demand_text, splice_text};
use jianpai_report::view::run;
use rust_xlsxwriter::{Url, Workbook, Worksheet, XlsxError};

/// The widths of the columns.
const WIDTHS: [f64; 4] = [24.0, 40.0, 30.0, 44.0];

/// Writes it.
pub(super) fn write(
    out: &mut Workbook,
    (book, style): (&Book<'_>, &Style),
    contents: &[(String, String)],
    name: &str,
) -> Result<(), XlsxError> {
    let lang = style.lang;
    let sheet = out.add_worksheet();
    sheet.set_name(name)?;
    sheet::page(sheet, style);
    sheet.set_print_fit_to_pages(1, 1);
    for (c, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(c as u16, width)?;
    }
    let case = &book.case;
    let title = case.title();
    let mut row = sheet::heading(sheet, style, (title.get(lang), &about(lang)), 4)?;
    for (label, text) in facts(book) {
        if text.get(lang).is_empty() {
            continue;
        }
        sheet.write_with_format(row, 0, label.get(lang), &style.strong)?;
        sheet.merge_range(row, 1, row, 3, text.get(lang), &style.text)?;
        let room = 100;
        let lines = text
            .get(lang)
            .lines()
            .map(|line| width(line).div_ceil(room).max(1));
        sheet.set_row_height(row, height(lines.sum()))?;
        row += 1;
    }
    row = verdicts(sheet, case, style, row + 1)?;
    sheet.write_with_format(row + 1, 0, lang.pick("目录", "Contents"), &style.part)?;
    for (i, (name, about)) in contents.iter().enumerate() {
        let at = row + 2 + i as u32;
        let link = Url::new(format!("internal:{}!A1", quoted(name))).set_text(name);
        sheet.write_url_with_format(at, 0, link, &style.link)?;
        sheet.merge_range(at, 1, at, 3, about, &style.plain)?;
    }
    Ok(())
}

fn width(text: &str) -> usize {
    use unicode_width::UnicodeWidthStr;
    text.width_cjk()
}

fn about(lang: Lang) -> String {
    lang.pick(
        "减排情景测算结果。“力度”表黄色单元格可改，相关各表随之重算；其余各表为按规划力度的结果与依据。",
        "Results of an emission scenario. Yellow cells on the sheet of levels may be changed: the sheets that follow recalculate. All other sheets hold results as planned, and what they rest on.",
    )
    .to_string()
}

/// What the run is.
fn facts(book: &Book<'_>) -> Vec<(Text, Text)> {
    let case = &book.case;
    let scenario = case.scenario;
    let (first, last) = (scenario.base_year, scenario.end_year);
    let tally = case.tally();
    let calibres = calibres(case);
    let splices = scenario
        .splices
        .iter()
        .map(|splice| splice_text(case, splice));
    let splices: Vec<Text> = splices.collect();
    let all = |lang: Lang| {
        let own = splices.iter().map(|text| text.get(lang));
        own.collect::<Vec<_>>().join("\n")
    };
    let recorded = case.recorded_until();
    vec![
        (
            Text::new("地区", "Region"),
            case.region().named.name.clone(),
        ),
        (
            Text::new("情景", "Scenario"),
            Text::new(
                format!("{}（{}）", scenario.name.zh, book.file),
                format!("{} ({})", scenario.name.en, book.file),
            ),
        ),
        (
            Text::new("依据文件", "Document"),
            Text::same(scenario.document.clone().unwrap_or_default()),
        ),
        (Text::new("说明", "About"), scenario.description.clone()),
        (
            Text::new("年份", "Years"),
            Text::new(
                format!("{first}—{last}年，增速有记录至{recorded}年"),
                format!("{first}–{last}; growth on record up to {recorded}"),
            ),
        ),
        (Text::new("目标判定", "Verdicts"), score(tally)),
        (Text::new("统计口径", "Calibres"), calibres),
        (
            Text::new("口径衔接", "Splices"),
            Text::new(all(Lang::Zh), all(Lang::En)),
        ),
        (
            Text::new("费用价格", "Prices"),
            Text::new(
                format!("{}年价格", scenario.price_year),
                format!("prices of {}", scenario.price_year),
            ),
        ),
        (Text::new("程序", "Program"), Text::same(book.program)),
        (
            Text::new("数据与输入摘要", "Hash of data and input"),
            Text::same(book.hash),
        ),
    ]
}

fn score(tally: Tally) -> Text {
    let (all, met, within) = (tally.all(), tally.met, tally.within);
    if all == 0 {
        return Text::new("没有目标", "no targets");
    }
    let mut text = Text::new(
        format!("{all} 项目标中 {met} 项达到"),
        format!("{met} of {all} targets met"),
    );
    if within > 0 {
        text.zh += &format!("（其中 {within} 项在模型误差之内）");
        text.en += &format!(" ({within} of them within the model's error)");
    }
    text
}

/// The calibres of the official amounts that the base year rests on.
fn calibres(case: &Case<'_>) -> Text {
    let catalogue: &Catalogue = case.catalogue;
    let mut names: Vec<&Text> = Vec::new();
    let world = &case.scenario.world;
    let later = world.later.get(&case.scenario.base_year);
    for own in later.unwrap_or(&world.inventory).values() {
        for value in own.total.iter().chain(own.classes.values()) {
            let name = &catalogue.calibres[value.calibre.at()].name;
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let of = |lang: Lang| {
        let all = names.iter().map(|name| name.get(lang));
        all.collect::<Vec<_>>().join(lang.pick("；", "; "))
    };
    Text::new(of(Lang::Zh), of(Lang::En))
}

/// The targets as planned; the next row that is free.
fn verdicts(
    sheet: &mut Worksheet,
    case: &Case<'_>,
    style: &Style,
    top: u32,
) -> Result<u32, XlsxError> {
    let lang = style.lang;
    let found = run::targets(case);
    if found.is_empty() {
        return Ok(top);
    }
    let title = lang.pick("目标（按规划力度）", "Targets (as planned)");
    sheet.write_with_format(top, 0, title, &style.part)?;
    let heads = lang.pick(
        ["目标", "要求", "账", "判定"],
        ["Target", "Demand", "Book", "Verdict"],
    );
    for (c, head) in heads.into_iter().enumerate() {
        sheet.write_with_format(top + 1, c as u16, head, &style.head)?;
    }
    let mut row = top + 2;
    for ((target, _), own) in case.targets().zip(&found) {
        let indicator = &case.catalogue.indicators[target.indicator.at()];
        let demand = demand_text(indicator, target);
        let demand = match lang {
            Lang::Zh => format!("{}年{}", target.year, demand.zh),
            Lang::En => format!("{} by {}", demand.en, target.year),
        };
        let book = match own.book {
            _ if indicator.told_book(case.catalogue).is_none() => "",
            "accounted" => lang.pick("核算", "accounted"),
            _ => lang.pick("实际排放", "physical"),
        };
        let cells = [own.name.get(lang), &demand, book, own.verdict.get(lang)];
        let mut lines = 1;
        for (c, text) in cells.into_iter().enumerate() {
            lines = lines.max(width(text).div_ceil(WIDTHS[c] as usize - 2));
            sheet.write_with_format(row, c as u16, text, &style.text)?;
        }
        sheet.set_row_height(row, height(lines))?;
        row += 1;
    }
    Ok(row)
}
