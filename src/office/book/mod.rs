//! A run as a workbook of a spreadsheet: Excel, WPS and LibreOffice open it.
//!
//! One sheet holds the levels of new measures in cells that a reader may change. All that
//! follows from them (accounts, indicators, balances, targets with their verdicts, cost) is
//! made of formulas on a hidden sheet of coefficients, which are those of the kernel:
//!
//! ```text
//! E[q,t](x) = c[q,t] + Σ_m c[q,t,m]·x[m]      =D12+SUMPRODUCT(E12:P12,E$2:P$2)
//! S[k,t](x) = S0[k] + Σ_m a[k,t,m]·x[m] ≥ 0   the cell that tells whether it can be done
//! ```
//!
//! ([`jianpai_solve::affine`] makes both). What is not affine in the levels (growth, a coal
//! cap, current policy) is held as it is planned, and the workbook says so. The value kept
//! beside each formula is that of the run, so a reader without a calculator sees it too.
//!
//! Formulas use functions that every spreadsheet has had for twenty years.

mod balance;
mod cover;
mod levels;
mod model;
mod rests;
mod table;
mod years;

use self::model::Model;
use crate::look::names::Names;
use crate::look::style::Style;
use jianpai_core::text::{Lang, Text};
use jianpai_report::case::Case;
use jianpai_report::explain::Places;
use jianpai_report::page::Extent;
use jianpai_report::{summary, tables};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

/// A run to be written.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    /// The run.
    pub case: Case<'a>,
    /// How much each measure of its plan does, in the order of the plan; measures without
    /// a number have none, and a shorter list leaves the rest without.
    pub extents: &'a [Option<Extent>],
    /// Where the statements of the scenario stand.
    pub places: &'a Places<'a>,
    /// The scenario's file.
    pub file: &'a str,
    /// Which program wrote it.
    pub program: &'a str,
    /// A hash of the data and files that went in.
    pub hash: &'a str,
}

/// The workbook of a run.
///
/// # Errors
/// What the writer of workbooks refuses: more rows than a sheet holds.
pub fn workbook(book: &Book<'_>, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let planned = planned(book);
    workbook_at(book, lang, (&planned, &planned))
}

/// The levels of the measures that can be moved, as planned, in the order of the cells.
pub fn planned(book: &Book<'_>) -> Vec<f64> {
    let plan = book.case.plan;
    let free = model::free(plan).into_iter();
    free.map(|m| plan.measures[m].level).collect()
}

/// The ids of the measures that can be moved, in the order of the cells.
pub fn movable(book: &Book<'_>) -> Vec<String> {
    let plan = book.case.plan;
    let free = model::free(plan).into_iter();
    free.map(|m| plan.measures[m].id.clone()).collect()
}

/// The workbook with other numbers in the cells of the levels: what `cells` says, while
/// what is kept beside the formulas is right for the levels `known`.
///
/// # Errors
/// As [`workbook`].
pub fn workbook_at(
    book: &Book<'_>,
    lang: Lang,
    (cells, known): (&[f64], &[f64]),
) -> Result<Vec<u8>, XlsxError> {
    let style = Style::of(lang);
    let mut names = Names::default();
    let front = names.add(lang.pick("封面", "Cover"));
    let mut model = Model::of(book, lang, (cells, known), &mut names);
    let mut out = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = book.case.title();
    let properties = DocProperties::new()
        .set_title(title.get(lang))
        .set_comment(book.program)
        // The same bytes whenever it is written.
        .set_creation_datetime(&made);
    out.set_properties(&properties);
    out.set_default_format(&style.plain, 20, 72)?;
    let levels = levels::name(lang, &mut names);
    let years = years::name(lang, &mut names);
    let balances = balance::names(lang, &mut names);
    let statics = statics(&book.case);
    let numbers = rests::tables(book);
    let all = statics.iter().chain(&numbers);
    let tables: Vec<String> = all.map(|table| names.add(table.title.get(lang))).collect();
    let mut contents = vec![
        (levels.clone(), levels::about(lang)),
        (years.clone(), years::about(lang)),
        (balances.0.clone(), balance::about(lang)),
        (balances.1.clone(), balance::about_charts(lang)),
    ];
    let told = |table: &jianpai_report::view::Table, fixed: bool| {
        let as_planned = Text::new(
            "按规划力度，不随力度表变动",
            "as planned; does not move with the levels",
        );
        let numbers = Text::new(
            "结果所依据的数与出处",
            "what the results rest on, with sources",
        );
        let what = if fixed { as_planned } else { numbers };
        format!(
            "{}{}{}",
            table.title.get(lang),
            lang.pick("：", ": "),
            what.get(lang)
        )
    };
    for (i, table) in statics.iter().chain(&numbers).enumerate() {
        contents.push((tables[i].clone(), told(table, i < statics.len())));
    }
    cover::write(&mut out, (book, &style), &contents, &front)?;
    levels::write(&mut out, &mut model, &style, &levels)?;
    years::write(&mut out, &mut model, &style, &years)?;
    balance::write(&mut out, &mut model, &style, (&balances.0, &balances.1))?;
    for (i, table) in statics.iter().chain(&numbers).enumerate() {
        let note = if i < statics.len() {
            lang.pick(
                "按规划力度计算，不随“力度”表变动",
                "As planned: these do not move with the levels",
            )
        } else {
            rests::note(lang)
        };
        table::write(&mut out, (table, note), &style, &tables[i])?;
    }
    model.write(&mut out, &style)?;
    out.save_to_buffer()
}

/// The tables of the run as planned; those without a row are left out.
fn statics(case: &Case<'_>) -> Vec<jianpai_report::view::Table> {
    let one = std::slice::from_ref(case);
    let mut all = summary::tables_of(one);
    if !case.scenario.tracked.is_empty() {
        all.push(tables::tracked_targets(case));
    }
    // The balance stands on a sheet of its own.
    all.retain(|table| !table.rows.is_empty() && table.id != "ledger" && table.id != "balance");
    all
}
