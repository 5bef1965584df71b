//! A workbook to be filled in: a sheet for each form, with headings, notes that explain each
//! column, lists to choose from, and an example.

use crate::forms::{Column, Form, Holds, List, MARK};
use crate::look::names::{Names, quoted};
use crate::look::sheet::{self, Widths, height};
use crate::look::style::Style;
use jianpai_core::catalogue::{Book, Catalogue, Level};
use jianpai_core::measure::{Role, spec::KINDS};
use jianpai_core::names::NameOf;
use jianpai_core::projects::TYPES;
use jianpai_core::provenance::Status;
use jianpai_core::text::{Lang, Text};
use jianpai_load::vocabulary::Vocabulary;
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, Formula, Note, Workbook, Worksheet,
    XlsxError,
};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Rows with lists to choose from.
const ROWS: u32 = 500;
/// Rows of projects with lists.
const PROJECTS: u32 = 5_000;

/// The workbook with these forms, in the language of its headings.
///
/// # Errors
/// What the writer of workbooks refuses.
pub fn workbook(
    (catalogue, vocabulary): (&Catalogue, &Vocabulary),
    forms: &[Form],
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let style = Style::of(lang);
    let mut out = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    out.set_properties(&DocProperties::new().set_creation_datetime(&made));
    out.set_default_format(&style.plain, 20, 72)?;
    let mut names = Names::default();
    let guide_name = names.add(lang.pick("填写说明", "Guide"));
    let form_names: Vec<String> = forms
        .iter()
        .map(|form| names.add(form.name().get(lang)))
        .collect();
    let lists_name = names.add(lang.pick("列表", "Lists"));
    let lists = lists((catalogue, vocabulary), forms, lang);
    guide(out.add_worksheet().set_name(&guide_name)?, &style, forms)?;
    for (form, name) in forms.iter().zip(&form_names) {
        let sheet = out.add_worksheet().set_name(name)?;
        let places = (lists_name.as_str(), &lists);
        if *form == Form::Basics {
            basics(sheet, &style, places)?;
        } else {
            table(sheet, &style, *form, places)?;
        }
    }
    let sheet = out.add_worksheet().set_name(&lists_name)?.set_hidden(true);
    for (c, (_, items)) in lists.iter().enumerate() {
        for (r, item) in items.iter().enumerate() {
            sheet.write_with_format(r as u32, c as u16, item, &style.plain)?;
        }
    }
    out.save_to_buffer()
}

/// The names that each list holds.
type Lists = BTreeMap<List, Vec<String>>;

fn lists(names: (&Catalogue, &Vocabulary), forms: &[Form], lang: Lang) -> Lists {
    let columns = forms.iter().flat_map(|form| form.columns());
    let used = columns.filter_map(|column| match column.holds {
        Holds::One(list) => Some(list),
        _ => None,
    });
    used.map(|list| (list, items(names, list, lang))).collect()
}

fn items(
    (catalogue, vocabulary): (&Catalogue, &Vocabulary),
    list: List,
    lang: Lang,
) -> Vec<String> {
    let named = |id: &str, name: &Text| lang.pick(name.zh.clone(), id.to_string());
    let words = |zh: &[&str], en: &[&str]| -> Vec<String> {
        lang.pick(zh, en).iter().map(ToString::to_string).collect()
    };
    match list {
        List::Kinds => KINDS
            .iter()
            .map(|kind| lang.pick(kind.zh, kind.id).to_string())
            .collect(),
        List::Extents => extents(vocabulary, lang),
        List::Indicators => {
            let all = catalogue
                .indicators
                .iter()
                .filter(|indicator| indicator.leads(catalogue));
            all.map(|indicator| named(&indicator.base, &indicator.named.name))
                .collect()
        }
        List::Demands => words(
            &["下降", "不超过", "不低于", "累计不超过", "重点工程减排量"],
            &["reduction", "cap", "floor", "cumulative", "project"],
        ),
        List::Books => words(
            &["核算", "实际"],
            &[Book::Accounted.id(), Book::Physical.id()],
        ),
        List::Times => words(&["年末", "年均"], &["year-end", "mean"]),
        List::Projects => TYPES
            .iter()
            .map(|kind| lang.pick(kind.zh, kind.id).to_string())
            .collect(),
        List::Pollutants => catalogue
            .pollutants
            .iter()
            .map(|p| p.named.id.clone())
            .collect(),
        List::Parts => words(
            &["排放量", "指标", "活动量"],
            &["emission", "proxy", "amount"],
        ),
        List::Classes => {
            let all = catalogue
                .classes
                .iter()
                .map(|class| named(&class.named.id, &class.named.name));
            [lang.pick("总量", "total").to_string()]
                .into_iter()
                .chain(all)
                .collect()
        }
        List::Statuses => {
            let all = Status::ALL.iter();
            all.map(|status| lang.pick(status.name().zh, status.id().to_string()))
                .collect()
        }
        List::Regions => {
            let all = catalogue.regions.iter();
            let all = all.filter(|region| matches!(region.level, Level::Nation | Level::Province));
            all.map(|region| named(&region.named.id, &region.named.name))
                .collect()
        }
        List::Plans => words(
            &["十三五", "十四五", "十五五"],
            &["13fyp", "14fyp", "15fyp"],
        ),
        List::Calibres => {
            let all = catalogue.calibres.iter();
            all.map(|calibre| named(&calibre.id, &calibre.name))
                .collect()
        }
        List::Measured => words(
            &["mg/L", "mg/m3", "%", "kg/t", "g/辆", "t"],
            &["mg/L", "mg/m3", "%", "kg/t", "g/vehicle", "t"],
        ),
        List::Units => lang
            .pick(UNITS_ZH, UNITS_EN)
            .split(' ')
            .map(str::to_string)
            .collect(),
    }
}

/// Units of amounts, with spaces between.
const UNITS_ZH: &str = "% 万t t 亿t t/h MW 万kW 台 辆 万辆 户 万户 万人 头 万头 m3/d 万m3/d m3/h 万tce 亿kWh 万吨公里 亿吨公里";
const UNITS_EN: &str =
    "% t kt Mt t/h MW 台 vehicles households persons heads m3/d m3/h tce kWh t.km";

/// The keys that say how much, once each, by the names that people use.
fn extents(vocabulary: &Vocabulary, lang: Lang) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let fields = KINDS.iter().flat_map(|kind| kind.fields);
    for field in fields.filter(|field| field.role == Role::Extent) {
        let chinese = vocabulary.chinese(NameOf::Key, field.key);
        let name = lang
            .pick(chinese.unwrap_or(field.key), field.key)
            .to_string();
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// How the workbook is used.
fn guide(sheet: &mut Worksheet, style: &Style, forms: &[Form]) -> Result<(), XlsxError> {
    let lang = style.lang;
    sheet::page(sheet, style);
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 92)?;
    let title = lang.pick("减排情景填报表", "A plan as a workbook");
    let mut row = sheet::heading(sheet, style, (title, ""), 2)?;
    let steps = lang.pick(
        [
            ("1", "在各表填写；带 * 的列必填，批注（单元格右上角）说明每一列，灰色“示例”行不读入，可留可删。"),
            ("2", "存盘后运行：jianpai import 本文件.xlsx -o 情景.toml。有问题时按“表!单元格”一次说完，什么也不写出；加 --mark 标注.xlsx 得到标红、带批注的副本。"),
            ("3", "jianpai run 情景.toml 测算；jianpai check 情景.toml 看哪里存疑。"),
            ("数与单位", "数量可写 95，单位写 %；也可在一格里写 95 %、3000 t/h、约600台。百分比格式的单元格按显示的数读。"),
            ("公式", "公式的结果会被采用；公式必须由 Excel 或 WPS 算过并存盘。#REF! 等错误值会指出。"),
            ("隐藏与合并", "隐藏的行列照样读入，并会说明。合并的文字格按每行都填该值读；数量格不要合并。"),
        ],
        [
            ("1", "Fill in the sheets: * must be filled in; notes (the corner of a cell) explain each column; grey rows marked “example” are not read."),
            ("2", "Save it and run: jianpai import THIS.xlsx -o scenario.toml. What is wrong is told by sheet and cell, all at once, and nothing is written; --mark COPY.xlsx writes a copy with red cells and notes."),
            ("3", "jianpai run scenario.toml computes it; jianpai check scenario.toml says what is to be doubted."),
            ("Amounts", "An amount may be 95 with % as its unit, or 95 %, 3000 t/h in one cell. Cells shown in percent are read as shown."),
            ("Formulas", "The value of a formula is taken; it must have been computed and saved by Excel or WPS. Errors such as #REF! are told."),
            ("Hidden, merged", "Hidden rows and columns are read, and told. Merged texts count for each of their rows; do not merge amounts."),
        ],
    );
    for (head, text) in steps {
        line(sheet, style, &mut row, (head, text))?;
    }
    row += 1;
    for form in forms {
        line(
            sheet,
            style,
            &mut row,
            (form.name().get(lang), form.about().get(lang)),
        )?;
    }
    Ok(())
}

fn line(
    sheet: &mut Worksheet,
    style: &Style,
    row: &mut u32,
    (head, text): (&str, &str),
) -> Result<(), XlsxError> {
    sheet.write_with_format(*row, 0, head, &style.strong)?;
    sheet.write_with_format(*row, 1, text, &style.text)?;
    sheet.set_row_height(*row, height(text.width_cjk().div_ceil(90)))?;
    *row += 1;
    Ok(())
}

/// The rule that offers the names of a list; other names may be written.
fn choice(list: List, (sheet, lists): (&str, &Lists)) -> Option<DataValidation> {
    let at = lists.keys().position(|own| *own == list)?;
    let column = column_number_to_name(at as u16);
    let last = lists[&list].len().max(1);
    let range = format!("={}!${column}$1:${column}${last}", quoted(sheet));
    Some(
        DataValidation::new()
            .allow_list_formula(Formula::new(range))
            .show_error_message(false),
    )
}

fn note(column: &Column, lang: Lang) -> Option<Note> {
    let text = column.note(lang);
    let note = Note::new(text).add_author_prefix(false).set_width(260);
    // A line of a note holds so many characters.
    let lines = text.chars().count().div_ceil(lang.pick(18, 36)) as u32;
    (!text.is_empty()).then(|| note.set_height(24 + 18 * lines))
}

/// The sheet of keys and values.
fn basics(sheet: &mut Worksheet, style: &Style, lists: (&str, &Lists)) -> Result<(), XlsxError> {
    let lang = style.lang;
    sheet::page(sheet, style);
    for (c, width) in [22.0, 44.0, 70.0].into_iter().enumerate() {
        sheet.set_column_width(c as u16, width)?;
    }
    let form = Form::Basics;
    let (name, about) = (form.name(), form.about());
    let top = sheet::heading(sheet, style, (name.get(lang), about.get(lang)), 3)?;
    let heads = lang.pick(["项目", "填写", "说明"], ["Item", "Value", "What it is"]);
    for (c, head) in heads.into_iter().enumerate() {
        sheet.write_with_format(top, c as u16, head, &style.head)?;
    }
    for (i, column) in form.columns().iter().enumerate() {
        let row = top + 1 + i as u32;
        sheet.write_with_format(row, 0, column.heading(lang), &style.strong)?;
        sheet.write_blank(
            row,
            1,
            &style
                .input("@")
                .set_align(rust_xlsxwriter::FormatAlign::Left),
        )?;
        let (zh, en) = column.example;
        let example = lang.pick(zh, en);
        let mut text = column.note(lang).to_string();
        if !example.is_empty() {
            text += &lang.pick(format!("。例：{example}"), format!("; such as {example}"));
        }
        sheet.write_with_format(row, 2, text, &style.text)?;
        sheet.set_row_height(
            row,
            height(1 + column.note(lang).chars().count() / lang.pick(32, 64)),
        )?;
        if let Holds::One(list) = column.holds
            && let Some(rule) = choice(list, lists)
        {
            sheet.add_data_validation(row, 1, row, 1, &rule)?;
        }
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    Ok(())
}

/// A sheet with a row an entry.
fn table(
    sheet: &mut Worksheet,
    style: &Style,
    form: Form,
    lists: (&str, &Lists),
) -> Result<(), XlsxError> {
    let lang = style.lang;
    sheet::page(sheet, style);
    let columns: Vec<&Column> = std::iter::once(&MARK).chain(form.columns()).collect();
    let mut widths = Widths::default();
    for (c, column) in columns.iter().enumerate() {
        let (zh, en) = column.example;
        widths.see(c as u16, &column.heading(lang));
        widths.see(c as u16, lang.pick(zh, en));
    }
    widths.set(sheet)?;
    let (name, about) = (form.name(), form.about());
    let top = sheet::heading(
        sheet,
        style,
        (name.get(lang), about.get(lang)),
        columns.len() as u16,
    )?;
    let grey: Format = style
        .text
        .clone()
        .set_font_color(crate::look::style::GREY)
        .set_italic();
    let rows = if form == Form::Ledger { PROJECTS } else { ROWS };
    for (c, column) in columns.iter().enumerate() {
        let c = c as u16;
        sheet.write_with_format(top, c, column.heading(lang), &style.head)?;
        if let Some(note) = note(column, lang) {
            sheet.insert_note(top, c, &note)?;
        }
        let (zh, en) = column.example;
        let example = lang.pick(zh, en);
        match example.parse::<f64>() {
            Ok(number) => sheet.write_with_format(top + 1, c, number, &grey.clone())?,
            Err(_) => sheet.write_with_format(top + 1, c, example, &grey.clone())?,
        };
        if let Holds::One(list) = column.holds
            && let Some(rule) = choice(list, lists)
        {
            sheet.add_data_validation(top + 1, c, top + rows, c, &rule)?;
        }
        // A month stays as it is typed.
        if column.holds == Holds::Month {
            let text = style.plain.clone().set_num_format("@");
            sheet.set_column_format(c, &text)?;
        }
    }
    sheet.set_row_height(top, 34)?;
    sheet.set_freeze_panes(top + 1, 3)?;
    sheet.set_repeat_rows(top, top)?;
    Ok(())
}
