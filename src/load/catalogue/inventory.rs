//! Official inventories, and the seeds by which totals are split into classes.

use super::book::{BASE_YEAR, Book};
use super::fields::{calibre, inventory_year, not_negative, region, required, world};
use crate::table::{Column, Row, Table};
use jianpai_core::catalogue::{Account, Book as Kept, InventoryValue};
use jianpai_core::dims::{ClassId, PollutantId, RegionId};

/// Columns of an inventory table.
pub(super) fn inventory_columns() -> Vec<Column> {
    required(&[
        "region", "account", "class", "year", "value", "unit", "calibre",
    ])
}

/// Reads an inventory table.
pub(super) fn inventory(book: &mut Book<'_>, file: &str) {
    let Some(table) = book.table(file, &inventory_columns()) else {
        return;
    };
    inventory_rows(book, &table);
}

/// Reads the rows of an inventory table into the worlds of their regions.
pub(super) fn inventory_rows(book: &mut Book<'_>, table: &Table) {
    for row in table.rows() {
        let region = region(book, &row);
        let account = account(book, &row);
        let class_cell = row.cell("class");
        let class = match class_cell.text {
            "total" => Some(None),
            _ => book
                .find("class", &class_cell)
                .map(|class| Some(ClassId::from_usize(class))),
        };
        let year = inventory_year(book, &row);
        let calibre = calibre(book, &row);
        let value = book.value(&row);
        let (Some(region), Some((account, base)), Some(class), Some(calibre), Some(value)) =
            (region, account, class, calibre, value)
        else {
            continue;
        };
        let Some(scale) = book.scale(&row, "unit", base) else {
            continue;
        };
        let Some(year) = year.filter(|_| not_negative(book, &row, value.value)) else {
            continue;
        };
        if !book.unique(&row, &["region", "account", "class", "year"]) {
            continue;
        }
        let value = InventoryValue {
            amount: value.scaled(scale),
            calibre,
        };
        let world = world(book, region);
        let later = (year != BASE_YEAR).then_some(year);
        let accounts = match later {
            Some(year) => world.later.entry(year).or_default(),
            None => &mut world.inventory,
        };
        let inventory = accounts.entry(account).or_default();
        inventory.year = later;
        match class {
            None => inventory.total = Some(value),
            Some(class) => {
                inventory.classes.insert(class, value);
            }
        }
    }
}

fn account(book: &mut Book<'_>, row: &Row<'_>) -> Option<(Account, &'static str)> {
    let cell = row.cell("account");
    match cell.text {
        "coal" => Some((Account::Coal, "tce")),
        "energy" => Some((Account::Energy, "tce")),
        _ => {
            let p = book.find("pollutant", &cell)?;
            let p = PollutantId::from_usize(p);
            Some((Account::Pollutant(p, Kept::Physical), "t"))
        }
    }
}

/// Reads the seeds of class splits.
pub(super) fn seeds(book: &mut Book<'_>) {
    let columns = required(&["region", "pollutant", "class", "value"]);
    let Some(table) = book.table("class_seeds.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let region = region(book, &row);
        let pollutant = book.find("pollutant", &row.cell("pollutant"));
        let class = book.find("class", &row.cell("class"));
        let value = book.value(&row);
        let (Some(region), Some(p), Some(class), Some(value)) = (region, pollutant, class, value)
        else {
            continue;
        };
        if not_negative(book, &row, value.value)
            && book.unique(&row, &["region", "pollutant", "class"])
        {
            let key = (
                PollutantId::from_usize(p),
                RegionId::from_usize(region),
                ClassId::from_usize(class),
            );
            book.catalogue.seeds.insert(key, value);
        }
    }
}
