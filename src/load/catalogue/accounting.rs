//! How official accounting counts each technology: `accounting.csv`.
//!
//! One row for every factor of a pollutant that is accounted by rules of its own, so
//! that nothing is counted physically without a word. What a rule means stands in
//! [`Credit`].

use super::Book;
use super::fields::required;
use super::names::word;
use crate::diag::{Diagnostic, Span};
use crate::table::{Column, Row};
use jianpai_core::catalogue::{self, Account, Accounting, Credit, CreditRule};
use jianpai_core::dims::{PollutantId, TechnologyId};
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;

/// A row that has been read: what it speaks of, and where it stands.
struct Entry {
    technology: TechnologyId,
    pollutant: PollutantId,
    place: Span,
    of: Option<Span>,
    reason: bool,
}

/// What is wrong has been reported.
struct Told;

/// Reads the table and holds it to its own rules.
pub(super) fn read(book: &mut Book<'_>) {
    let columns = [
        required(&["technology", "pollutant", "rule"]),
        ["of", "low", "central", "high", "unit"]
            .map(Column::optional)
            .to_vec(),
    ];
    let before = book.problems();
    let Some(table) = book.table("accounting.csv", &columns.concat()) else {
        return;
    };
    let whole = table.rows().next().map(|row| row.span());
    let entries: Vec<Entry> = table.rows().filter_map(|row| entry(book, &row)).collect();
    if book.problems() > before {
        return;
    }
    for entry in &entries {
        closed(book, entry);
    }
    if book.problems() > before {
        return;
    }
    for entry in &entries {
        above(book, entry);
    }
    missing(book, whole);
}

/// Reads one row.
fn entry(book: &mut Book<'_>, row: &Row<'_>) -> Option<Entry> {
    let technology = book.find("technology", &row.cell("technology"));
    let pollutant = book.find("pollutant", &row.cell("pollutant"));
    let rules = [
        ("rule", CreditRule::Rule),
        ("limits", CreditRule::Limits),
        ("none", CreditRule::Nothing),
        ("physical", CreditRule::Physical),
    ];
    let rule = word(book, row, "rule", &rules);
    let origin = book.origin(row);
    let (Some(k), Some(p), Some(rule), Some(origin)) = (technology, pollutant, rule, origin) else {
        return None;
    };
    if book.catalogue.pollutants[p].accounting != Accounting::Rules {
        let id = &book.catalogue.pollutants[p].named.id;
        let message = Text::new(
            format!("{id} 没有自己的核算规则"),
            format!("{id} is not accounted by rules of its own"),
        );
        book.diags.push(
            Diagnostic::error("no-book", message)
                .label(
                    row.cell("pollutant").span,
                    Text::new("没有核算账", "no such book"),
                )
                .help(Text::new(
                    "删去此行，或在 pollutants.csv 把 accounting 改为 rules",
                    "take the row out, or write `rules` under `accounting` in pollutants.csv",
                )),
        );
        return None;
    }
    let starts = matches!(rule, CreditRule::Limits | CreditRule::Nothing);
    let of = starting_point(book, row, k, starts).ok()?;
    let valued = matches!(rule, CreditRule::Limits | CreditRule::Rule);
    let value = amount(book, row, k, (rule, valued)).ok()?;
    let value = value.unwrap_or(Sourced::exact(1.0, origin));
    if !book.unique(row, &["technology", "pollutant"]) {
        return None;
    }
    let pollutant = PollutantId::from_usize(p);
    let credits = &mut book.catalogue.technologies[k].credits;
    credits.push((pollutant, Credit { rule, of, value }));
    Some(Entry {
        technology: TechnologyId::from_usize(k),
        pollutant,
        place: row.span(),
        of: of.map(|_| row.cell("of").span),
        reason: !row.cell("note").text.is_empty(),
    })
}

/// The technology that a ratio of limits, or no credit, starts from; of the same service.
fn starting_point(
    book: &mut Book<'_>,
    row: &Row<'_>,
    k: usize,
    wanted: bool,
) -> Result<Option<TechnologyId>, Told> {
    let cell = row.cell("of");
    if !wanted {
        if cell.text.is_empty() {
            return Ok(None);
        }
        idle(book, cell.span, "of");
        return Err(Told);
    }
    let of = book.find("technology", &cell).ok_or(Told)?;
    let all = &book.catalogue.technologies;
    if all[of].service == all[k].service && of != k {
        return Ok(Some(TechnologyId::from_usize(of)));
    }
    let message = Text::new(
        "起算的工艺应是同一活动的另一工艺",
        "the credit starts from another technology of the same service",
    );
    book.diags.push(
        Diagnostic::error("credit-of", message)
            .label(cell.span, Text::new("不是", "it is not"))
            .help(Text::new(
                "写改造以前的工艺，如 power.coal-ule 写 power.coal-plain",
                "name what it is retrofitted from: power.coal-plain for power.coal-ule",
            )),
    );
    Err(Told)
}

/// The factor or the ratio of a row, in base units; `None` where a rule has none.
fn amount(
    book: &mut Book<'_>,
    row: &Row<'_>,
    k: usize,
    (rule, wanted): (CreditRule, bool),
) -> Result<Option<Sourced>, Told> {
    if !wanted {
        for column in ["low", "central", "high", "unit"] {
            let cell = row.cell(column);
            if !cell.text.is_empty() {
                idle(book, cell.span, column);
                return Err(Told);
            }
        }
        return Ok(None);
    }
    let service = book.catalogue.technologies[k].service.at();
    let unit = match rule {
        CreditRule::Rule => format!("t/({})", book.catalogue.services[service].unit),
        _ => String::new(),
    };
    let value = book.range(row);
    let scale = book.scale(row, "unit", &unit).ok_or(Told)?;
    Ok(Some(value.ok_or(Told)?.scaled(scale)))
}

/// A cell that counts for nothing beside the rule of its row.
fn idle(book: &mut Book<'_>, span: Span, column: &str) {
    let message = Text::new(
        format!("这条规则用不到 {column}"),
        format!("`{column}` counts for nothing with this rule"),
    );
    book.diags.push(
        Diagnostic::error("no-use", message)
            .label(span, Text::new("不起作用", "without effect"))
            .help(Text::new(
                "清空；rule 要系数，limits 要 of 与比值，none 只要 of，physical 什么也不要",
                "leave it empty: `rule` has a factor, `limits` an `of` and a ratio, `none` an `of`, `physical` nothing",
            )),
    );
}

/// Refuses credits that start from each other in a circle.
fn closed(book: &mut Book<'_>, entry: &Entry) {
    let mut seen = vec![entry.technology];
    let mut at = entry.technology;
    while let Some(of) = (book.catalogue.credit(at, entry.pollutant)).and_then(|c| c.of) {
        if seen.contains(&of) {
            let message = Text::new(
                "核算系数互相起算，绕成了圈",
                "the credits start from each other in a circle",
            );
            book.diags.push(
                Diagnostic::error("credit-circle", message)
                    .label(
                        entry.of.unwrap_or(entry.place),
                        Text::new("回到了自己", "leads back to itself"),
                    )
                    .help(Text::new(
                        "让其中一行写 rule 或 physical",
                        "give one of them a `rule`, or make it `physical`",
                    )),
            );
            return;
        }
        seen.push(of);
        at = of;
    }
}

/// Refuses an accounting factor above the physical one of which nothing says why.
fn above(book: &mut Book<'_>, entry: &Entry) {
    let (k, p) = (entry.technology, entry.pollutant);
    let of = |kept: catalogue::Book| book.catalogue.coefficient(k, Account::Pollutant(p, kept));
    let (physical, accounted) = (
        of(catalogue::Book::Physical),
        of(catalogue::Book::Accounted),
    );
    if entry.reason || accounted <= physical * (1.0 + 1e-9) {
        return;
    }
    let ratio = format!("{:.2}", accounted / physical);
    let message = Text::new(
        format!("核算系数是实际排放因子的 {ratio} 倍，却没有说明"),
        format!("the accounting factor is {ratio} times the physical one, and nothing says why"),
    );
    book.diags.push(
        Diagnostic::error("no-reason", message)
            .label(
                entry.place,
                Text::new("高于实际排放", "above the real emission"),
            )
            .help(Text::new(
                "在 note 写明依据（限值、细则条款）",
                "give the reason (limits, the rule) under `note`",
            )),
    );
}

/// Reports factors of accounted pollutants without a row.
fn missing(book: &mut Book<'_>, whole: Option<Span>) {
    let mut absent: Vec<String> = Vec::new();
    for technology in &book.catalogue.technologies {
        for (p, _) in &technology.factors {
            let pollutant = &book.catalogue.pollutants[p.at()];
            let has = technology.credits.iter().any(|(q, _)| q == p);
            if pollutant.accounting == Accounting::Rules && !has {
                absent.push(format!("{} {}", technology.named.id, pollutant.named.id));
            }
        }
    }
    let (Some(first), Some(span)) = (absent.first(), whole) else {
        return;
    };
    let n = absent.len();
    let message = Text::new(
        format!("accounting.csv 缺 {n} 行，第一个是 {first}"),
        format!("accounting.csv lacks {n} rows, the first of them {first}"),
    );
    book.diags.push(
        Diagnostic::error("no-credit", message)
            .label(span, Text::new("应在这张表里", "of this table"))
            .help(Text::new(
                "每个有因子的工艺与污染物写一行；按实际排放计的写 physical",
                "give every factor a row; write `physical` where it counts as it is",
            )),
    );
}
