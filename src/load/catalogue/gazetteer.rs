//! Places below the provinces: `places.csv`, `place_amounts.csv`, `proxies.csv`,
//! `place_shares.csv`. A data folder may leave all of them out.

use super::Book;
use super::fields::{not_negative, required, year};
use super::names::{ID, identity};
use crate::diag::{Diagnostic, nearest};
use crate::quantity;
use crate::table::{Column, Row};
use jianpai_core::dims::{RegionId, ServiceId};
use jianpai_core::gazetteer::{By, ParentAmount, PartOf, Place, PlaceAmount, Proxy, Rule};
use jianpai_core::text::Text;

/// Reads the tables that are there.
pub(super) fn read(book: &mut Book<'_>) {
    if book.has("proxies.csv") {
        proxies(book);
    }
    if book.has("place_shares.csv") {
        rules(book);
    }
    if book.has("places.csv") {
        places(book);
    }
    if book.has("place_amounts.csv") {
        amounts(book);
    }
}

fn places(book: &mut Book<'_>) {
    let more = ["adcode", "parent", "short_zh"].map(Column::required);
    let Some(table) = book.table("places.csv", &[ID.to_vec(), more.to_vec()].concat()) else {
        return;
    };
    for row in table.rows() {
        let parent = book.find("region", &row.cell("parent"));
        let short = row.cell("short_zh").text_required(book.diags);
        let short = short.map(str::to_string);
        let (Some(named), Some(parent), Some(short)) = (identity(book, &row), parent, short) else {
            continue;
        };
        book.catalogue.gazetteer.places.push(Place {
            id: named.id,
            code: row.cell("adcode").text.to_string(),
            name: named.name,
            short,
            parent: RegionId::from_usize(parent),
        });
    }
}

fn amounts(book: &mut Book<'_>) {
    let columns = required(&["place", "quantity", "year", "value", "unit"]);
    let Some(table) = book.table("place_amounts.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let place = row.cell("place").text.to_string();
        let known = book.catalogue.gazetteer.place(&place).is_some();
        if !known && book.find("region", &row.cell("place")).is_none() {
            continue;
        }
        let quantity = proxy(book, &row, "quantity");
        let (year, value) = (year(book, &row, "year"), book.value(&row));
        let (Some(quantity), Some(year), Some(value)) = (quantity, year, value) else {
            continue;
        };
        let found = &book.catalogue.gazetteer.proxies[quantity];
        let (id, unit, natural) = (found.id.clone(), found.unit.clone(), found.scale);
        let Some(scale) = book.scale(&row, "unit", &unit) else {
            continue;
        };
        if not_negative(book, &row, value.value) && book.unique(&row, &["place", "quantity"]) {
            book.catalogue.gazetteer.amounts.push(PlaceAmount {
                place,
                quantity: id,
                year,
                value: value.scaled(scale * natural),
            });
        }
    }
}

/// Whether what a proxy or a service is called cannot be known, since their tables are
/// broken: that has been said.
fn silent(book: &mut Book<'_>) -> bool {
    let tables = ["services.csv", "proxies.csv"];
    let silent = tables.iter().any(|file| book.broken.contains(*file));
    book.silenced += usize::from(silent);
    silent
}

/// The proxy that a cell names.
fn proxy(book: &mut Book<'_>, row: &Row<'_>, column: &str) -> Option<usize> {
    let cell = row.cell(column);
    let text = cell.text_required(book.diags)?;
    if let Some(found) = book.catalogue.gazetteer.proxy(text) {
        return Some(found);
    }
    if silent(book) {
        return None;
    }
    let known = book.catalogue.gazetteer.proxies.iter();
    let known: Vec<&str> = known.map(|proxy| proxy.id.as_str()).collect();
    let message = Text::new(
        format!("proxies.csv 中（此行之前）没有 `{text}`"),
        format!("there is no proxy `{text}` (before this row) in proxies.csv"),
    );
    let diagnostic =
        Diagnostic::error("unknown-id", message).label(cell.span, Text::new("未知", "not known"));
    let diagnostic = match nearest(text, known.iter().copied()) {
        Some(near) => diagnostic.suggest(cell.span, near),
        None => diagnostic.help(Text::new(
            format!("可用：{}", known.join("、")),
            format!("known: {}", known.join(", ")),
        )),
    };
    book.diags.push(diagnostic);
    None
}

fn proxies(book: &mut Book<'_>) {
    let more = [
        Column::required("unit"),
        Column::optional("of"),
        Column::optional("until"),
    ];
    let Some(table) = book.table("proxies.csv", &[ID.to_vec(), more.to_vec()].concat()) else {
        return;
    };
    for row in table.rows() {
        let until = if row.cell("until").is_empty() {
            Some(None)
        } else {
            proxy(book, &row, "until").map(Some)
        };
        let of = parent_amount(book, &row);
        let unit = row.cell("unit").text.to_string();
        let scale = quantity::parse_unit(&unit).ok().map(|(scale, _)| scale);
        if scale.is_none() {
            book.scale(&row, "unit", "t");
        }
        let (Some(named), Some(until), Some(of), Some(scale)) =
            (identity(book, &row), until, of, scale)
        else {
            continue;
        };
        book.catalogue.gazetteer.proxies.push(Proxy {
            id: named.id,
            name: named.name,
            unit,
            scale,
            of,
            until,
        });
    }
}

/// `service:ID`, `recorded:QUANTITY`, or nothing.
fn parent_amount(book: &mut Book<'_>, row: &Row<'_>) -> Option<ParentAmount> {
    let cell = row.cell("of");
    if cell.is_empty() {
        return Some(ParentAmount::Stated);
    }
    match cell.text.split_once(':') {
        Some(("service", id)) => {
            if let Some(v) = book.catalogue.service(id) {
                return Some(ParentAmount::Service(v));
            }
        }
        Some(("recorded", quantity)) => {
            return Some(ParentAmount::Recorded(quantity.to_string()));
        }
        _ => {}
    }
    if silent(book) {
        return None;
    }
    let message = Text::new(
        format!("`{}` 不是已知的活动或记录", cell.text),
        format!("`{}` names no service and no record", cell.text),
    );
    book.diags.push(
        Diagnostic::error("unknown-id", message)
            .label(cell.span, Text::new("未知", "not known"))
            .help(Text::new(
                "写 service:活动 id 或 recorded:指标，或留空",
                "write service:ID or recorded:QUANTITY, or leave it empty",
            )),
    );
    None
}

fn rules(book: &mut Book<'_>) {
    let columns = required(&["of", "id", "by"]);
    let Some(table) = book.table("place_shares.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let id = row.cell("id").text_required(book.diags).map(str::to_string);
        let of = match row.cell("of").text {
            "service" => book
                .find("service", &row.cell("id"))
                .map(|v| PartOf::Service(ServiceId::from_usize(v))),
            "stock" => id.map(PartOf::Stock),
            "recorded" => id.map(PartOf::Recorded),
            _ => {
                let words = [("service", ()), ("stock", ()), ("recorded", ())];
                super::names::word(book, &row, "of", &words);
                None
            }
        };
        let by = row.cell("by").text;
        let service = book.catalogue.service(by).map(By::Service);
        let by = match (&of, service) {
            (Some(PartOf::Service(_)), _) | (_, None) => proxy(book, &row, "by").map(By::Proxy),
            (_, service) => service,
        };
        let origin = book.origin(&row);
        let (Some(of), Some(by), Some(origin)) = (of, by, origin) else {
            continue;
        };
        if book.unique(&row, &["of", "id"]) {
            book.catalogue.gazetteer.rules.push(Rule { of, by, origin });
        }
    }
}
