//! Factors, fuel use and links of technologies.

use super::Book;
use crate::table::{Column, Row, Table};
use jianpai_core::dims::{CarrierId, PollutantId, ServiceId};
use jianpai_core::provenance::Sourced;

const RANGE: [Column; 4] = [
    Column::required("low"),
    Column::required("central"),
    Column::required("high"),
    Column::required("unit"),
];

/// Reads all of them.
pub(super) fn read(book: &mut Book<'_>) {
    carrier_factors(book);
    factors(book);
    energy_use(book);
    links(book);
}

fn columns(keys: &[&'static str], more: &[Column]) -> Vec<Column> {
    let keys = keys.iter().map(|key| Column::required(key));
    keys.chain(RANGE).chain(more.iter().copied()).collect()
}

fn carrier_factors(book: &mut Book<'_>) {
    let columns = columns(&["carrier", "pollutant"], &[]);
    let Some(table) = book.table("carrier_factors.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let carrier = book.find("carrier", &row.cell("carrier"));
        let pollutant = book.find("pollutant", &row.cell("pollutant"));
        let scale = book.scale(&row, "unit", "t/tce");
        let value = book.range(&row);
        let (Some(carrier), Some(p), Some(scale), Some(value)) = (carrier, pollutant, scale, value)
        else {
            continue;
        };
        if book.unique(&row, &["carrier", "pollutant"]) {
            let factors = &mut book.catalogue.carriers[carrier].factors;
            factors.push((PollutantId::from_usize(p), value.scaled(scale)));
        }
    }
}

/// The technology of a row and a value per unit of its service, in
/// `numerator` (`t`, `tce`, `CNY`) per service unit; less than zero only if `signed`.
pub(super) fn per_unit(
    book: &mut Book<'_>,
    row: &Row<'_>,
    numerator: &str,
    signed: bool,
) -> Option<(usize, Sourced)> {
    let technology = book.find("technology", &row.cell("technology"));
    let value = if signed {
        book.signed_range(row)
    } else {
        book.range(row)
    };
    let technology = technology?;
    let service = book.catalogue.technologies[technology].service.at();
    let wanted = format!("{numerator}/({})", book.catalogue.services[service].unit);
    let scale = book.scale(row, "unit", &wanted)?;
    Some((technology, value?.scaled(scale)))
}

/// Columns of a table of factors.
pub(super) fn factor_columns() -> Vec<Column> {
    columns(
        &["technology", "pollutant"],
        &[Column::optional("factor_id")],
    )
}

fn factors(book: &mut Book<'_>) {
    if let Some(table) = book.table("factors.csv", &factor_columns()) {
        factor_rows(book, &table, &|_| true);
    }
}

/// Reads the rows of the pollutants that are `wanted`.
pub(super) fn factor_rows(book: &mut Book<'_>, table: &Table, wanted: &dyn Fn(&str) -> bool) {
    for row in table.rows() {
        if !wanted(row.cell("pollutant").text) {
            continue;
        }
        let pollutant = book.find("pollutant", &row.cell("pollutant"));
        let found = per_unit(book, &row, "t", false);
        let (Some(p), Some((k, value))) = (pollutant, found) else {
            continue;
        };
        if book.unique(&row, &["technology", "pollutant"]) {
            let factors = &mut book.catalogue.technologies[k].factors;
            factors.push((PollutantId::from_usize(p), value));
        }
    }
}

fn energy_use(book: &mut Book<'_>) {
    let columns = columns(&["technology", "carrier"], &[]);
    let Some(table) = book.table("energy_use.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let carrier = book.find("carrier", &row.cell("carrier"));
        let found = per_unit(book, &row, "tce", false);
        let (Some(carrier), Some((k, value))) = (carrier, found) else {
            continue;
        };
        if book.unique(&row, &["technology", "carrier"]) {
            let energy = &mut book.catalogue.technologies[k].energy;
            energy.push((CarrierId::from_usize(carrier), value));
        }
    }
}

fn links(book: &mut Book<'_>) {
    let columns = columns(&["technology", "service"], &[]);
    let Some(table) = book.table("links.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(service) = book.find("service", &row.cell("service")) else {
            continue;
        };
        let unit = format!("({})", book.catalogue.services[service].unit);
        let Some((k, value)) = per_unit(book, &row, &unit, false) else {
            continue;
        };
        if book.unique(&row, &["technology", "service"]) {
            let links = &mut book.catalogue.technologies[k].links;
            links.push((ServiceId::from_usize(service), value));
        }
    }
}
