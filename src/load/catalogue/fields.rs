//! Fields that several tables of regions have: region, year, calibre, amounts.

use super::book::{BASE_YEAR, Book};
use crate::diag::Diagnostic;
use crate::table::{Column, Row};
use jianpai_core::catalogue::World;
use jianpai_core::dims::CalibreId;
use jianpai_core::text::Text;

/// Columns that must be there.
pub(super) fn required(names: &[&'static str]) -> Vec<Column> {
    names.iter().map(|name| Column::required(name)).collect()
}

/// The region of a row; it must have a base year of its own.
pub(super) fn region(book: &mut Book<'_>, row: &Row<'_>) -> Option<usize> {
    let cell = row.cell("region");
    let region = book.find("region", &cell)?;
    if book.catalogue.worlds[region].is_none() {
        let message = Text::new(
            format!("`{}` 是分区，没有自己的基年", cell.text),
            format!("`{}` is a zone and has no base year of its own", cell.text),
        );
        book.diags.push(
            Diagnostic::error("zone", message)
                .label(cell.span, Text::new("分区", "a zone"))
                .help(Text::new(
                    "写所在省；分区的占比写在 zones.csv",
                    "name its province; parts of zones go in zones.csv",
                )),
        );
        return None;
    }
    Some(region)
}

/// The year in `column`.
pub(super) fn year(book: &mut Book<'_>, row: &Row<'_>, column: &str) -> Option<i32> {
    let cell = row.cell(column);
    let number = cell.number(book.diags)?;
    if number.fract() == 0.0 && (1900.0..=2100.0).contains(&number) {
        return Some(number as i32);
    }
    let message = Text::new(
        format!("`{}` 不是年份", cell.text),
        format!("`{}` is not a year", cell.text),
    );
    book.diags.push(
        Diagnostic::error("year", message)
            .label(cell.span, Text::new("应为年份", "expected a year"))
            .help(Text::new("写法如 2015", "write it like 2015")),
    );
    None
}

/// The year of a row that speaks of the base year; any other year would not be read.
pub(super) fn base_year(book: &mut Book<'_>, row: &Row<'_>) -> Option<i32> {
    let found = year(book, row, "year")?;
    if found == BASE_YEAR {
        return Some(found);
    }
    let cell = row.cell("year");
    let message = Text::new(
        format!("此表只写基年 {BASE_YEAR}，这里是 {found}"),
        format!("this table is of the base year {BASE_YEAR}; this is {found}"),
    );
    book.diags.push(
        Diagnostic::error("base-year", message)
            .label(cell.span, Text::new("不是基年", "not the base year"))
            .help(Text::new(
                "以后各年的公布值写在情景的 [observed.*]",
                "published values of later years go under [observed.*] of a scenario",
            )),
    );
    None
}

/// The year of a row of an inventory: a base year of the data, or that of the scenario
/// whose own inventory it is.
pub(super) fn inventory_year(book: &mut Book<'_>, row: &Row<'_>) -> Option<i32> {
    let found = year(book, row, "year")?;
    if book.inventories_of.contains(&found) {
        return Some(found);
    }
    if book.inventories_of == [BASE_YEAR] {
        return base_year(book, row);
    }
    let cell = row.cell("year");
    let list = |join: &str| {
        let years = book.inventories_of.iter().map(i32::to_string);
        years.collect::<Vec<_>>().join(join)
    };
    let (zh, en) = (list("、"), list(", "));
    let message = Text::new(
        format!("此表只写基年（{zh}），这里是 {found}"),
        format!("this table is of base years ({en}); this is {found}"),
    );
    book.diags.push(
        Diagnostic::error("base-year", message)
            .label(cell.span, Text::new("不是基年", "not a base year"))
            .help(Text::new(
                "其他年份的公布值写在情景的 [observed.*]",
                "published values of other years go under [observed.*] of a scenario",
            )),
    );
    None
}

/// The base year of a region.
pub(super) fn world<'b>(book: &'b mut Book<'_>, region: usize) -> &'b mut World {
    book.catalogue.worlds[region].get_or_insert_with(World::default)
}

/// Whether an amount is zero or more; less is reported.
pub(super) fn not_negative(book: &mut Book<'_>, row: &Row<'_>, value: f64) -> bool {
    if value < 0.0 {
        book.negative(&row.cell("value"));
    }
    value >= 0.0
}

/// The calibre of a row.
pub(super) fn calibre(book: &mut Book<'_>, row: &Row<'_>) -> Option<CalibreId> {
    book.find("calibre", &row.cell("calibre"))
        .map(CalibreId::from_usize)
}
