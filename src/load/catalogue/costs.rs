//! The price index, costs of technologies, and published costs of a tonne.

use super::book::{Book, names_of};
use super::fields::{required, year};
use super::technologies::per_unit;
use crate::diag::Diagnostic;
use crate::table::{Column, Row};
use jianpai_core::dims::{PollutantId, TechnologyId};
use jianpai_core::price::{Cost, CostFigure, PublishedCost};
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;

/// Reads all of them.
pub(super) fn read(book: &mut Book<'_>) {
    prices(book);
    costs(book);
    published(book);
}

fn prices(book: &mut Book<'_>) {
    let Some(table) = book.table("prices.csv", &required(&["year", "value", "unit"])) else {
        return;
    };
    for row in table.rows() {
        let year = year(book, &row, "year");
        let scale = book.scale(&row, "unit", "");
        let value = book.value(&row);
        let (Some(year), Some(scale), Some(value)) = (year, scale, value) else {
            continue;
        };
        if value.value <= 0.0 {
            book.negative(&row.cell("value"));
        } else if book.unique(&row, &["year"]) {
            let index = &mut book.catalogue.prices.index;
            index.insert(year, value.scaled(scale));
        }
    }
}

/// The year of the prices of a row; the index must hold it.
fn price_year(book: &mut Book<'_>, row: &Row<'_>) -> Option<i32> {
    let year = year(book, row, "price_year")?;
    if book.broken.contains("prices.csv") || book.catalogue.prices.index.contains_key(&year) {
        return Some(year);
    }
    let span = book.catalogue.prices.span();
    let (first, last) = span.unwrap_or_default();
    let message = Text::new(
        format!("prices.csv 没有 {year} 年的价格指数"),
        format!("prices.csv has no price index of {year}"),
    );
    let label = Text::new("不能换算", "cannot be brought to another year");
    book.diags.push(
        Diagnostic::error("no-price-index", message)
            .label(row.cell("price_year").span, label)
            .help(Text::new(
                format!("写 {first}—{last} 之间的年份，或在 prices.csv 补上该年"),
                format!("name a year from {first} to {last}, or add that year to prices.csv"),
            )),
    );
    None
}

fn costs(book: &mut Book<'_>) {
    let mut columns = vec![Column::required("technology"), Column::optional("part")];
    columns.extend([Column::optional("over"), Column::optional("year")]);
    columns.extend(required(&["low", "central", "high", "unit", "price_year"]));
    let Some(table) = book.table("costs.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let over = row.cell("over");
        let over = if over.is_empty() {
            Some(None)
        } else {
            book.find("technology", &over).map(Some)
        };
        let own = row.cell("year");
        let own = if own.is_empty() {
            Some(None)
        } else {
            year(book, &row, "year").map(Some)
        };
        let prices = price_year(book, &row);
        // A difference may be less than zero, and so may a figure of it.
        let signed = !row.cell("over").is_empty();
        let found = per_unit(book, &row, "CNY", signed);
        let (Some(over), Some(own), Some(price_year), Some((k, value))) =
            (over, own, prices, found)
        else {
            continue;
        };
        if !book.unique(&row, &["technology", "part", "year"]) {
            continue;
        }
        let over = over.map(TechnologyId::from_usize);
        let known = book.catalogue.technologies[k].cost.is_some();
        let cost = book.catalogue.technologies[k].cost.get_or_insert(Cost {
            over,
            figures: Vec::new(),
        });
        let one_base = !known || cost.over == over;
        cost.figures.push(CostFigure {
            part: row.cell("part").text.to_string(),
            year: own,
            value,
            price_year,
        });
        cost.figures.sort_by_key(|figure| figure.year);
        if !one_base {
            two_bases(book, &row);
        } else if over.is_some_and(|over| in_circle(book, k, over)) {
            circle(book, &row);
        }
    }
}

/// Rows of one technology that name different ones to stand on.
fn two_bases(book: &mut Book<'_>, row: &Row<'_>) {
    let message = Text::new(
        "同一工艺各行的 over 须一致",
        "all rows of a technology must name the same `over`",
    );
    let label = Text::new("与前面的行不同", "differs from an earlier row");
    let diagnostic = Diagnostic::error("cost-over", message).label(row.span(), label);
    book.diags.push(diagnostic.help(Text::new(
        "成本是在哪一工艺之上的差额，各行都写它",
        "name in every row the technology over which the cost is a difference",
    )));
}

/// Whether the cost of `k` stands on itself by way of `over`.
fn in_circle(book: &Book<'_>, k: usize, over: TechnologyId) -> bool {
    let mut next = Some(over);
    let mut steps = 0;
    while let Some(at) = next {
        if at.at() == k || steps > 14 {
            return true;
        }
        steps += 1;
        let cost = book.catalogue.technologies[at.at()].cost.as_ref();
        next = cost.and_then(|cost| cost.over);
    }
    false
}

fn circle(book: &mut Book<'_>, row: &Row<'_>) {
    let message = Text::new(
        "成本的 over 绕了一圈又回到本工艺",
        "`over` leads back to the technology itself",
    );
    let label = Text::new("绕成一圈", "closes the circle");
    let diagnostic = Diagnostic::error("cost-circle", message).label(row.cell("over").span, label);
    book.diags.push(diagnostic.help(Text::new(
        "其中一种工艺写全部成本，over 留空",
        "give one of the technologies its whole cost, with `over` empty",
    )));
}

fn published(book: &mut Book<'_>) {
    let columns = [
        "id",
        "pollutant",
        "kind",
        "name_zh",
        "name_en",
        "low",
        "central",
        "high",
        "unit",
        "price_year",
    ];
    let Some(table) = book.table("abatement_costs.csv", &required(&columns)) else {
        return;
    };
    for row in table.rows() {
        let pollutant = book.find("pollutant", &row.cell("pollutant"));
        let scale = book.scale(&row, "unit", "CNY/t");
        let price_year = price_year(book, &row);
        let value = book.range(&row);
        let kind = kind(book, &row);
        let (Some(p), Some(scale), Some(price_year), Some(value), Some(kind)) =
            (pollutant, scale, price_year, value, kind)
        else {
            continue;
        };
        if book.unique(&row, &["id"]) {
            book.catalogue.published_costs.push(PublishedCost {
                id: row.cell("id").text.to_string(),
                name: names_of(&row),
                pollutant: PollutantId::from_usize(p),
                kind,
                value: Sourced::scaled(value, scale),
                price_year,
            });
        }
    }
}

/// Kinds of published costs.
const KINDS: [&str; 4] = ["mitigation", "marginal", "price", "tax"];

fn kind(book: &mut Book<'_>, row: &Row<'_>) -> Option<String> {
    let cell = row.cell("kind");
    if KINDS.contains(&cell.text) {
        return Some(cell.text.to_string());
    }
    let message = Text::new(
        format!("没有名为 `{}` 的费用类别", cell.text),
        format!("there is no kind of cost `{}`", cell.text),
    );
    let label = Text::new("未知", "not known");
    let diagnostic = Diagnostic::error("unknown-id", message).label(cell.span, label);
    book.diags.push(diagnostic.help(Text::new(
        format!("可用：{}", KINDS.join("、")),
        format!("known: {}", KINDS.join(", ")),
    )));
    None
}
