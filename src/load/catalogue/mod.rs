//! Reads `data/`: every table, every row with its source and status, every
//! problem in one pass.

mod accounting;
mod book;
mod calibres;
mod costs;
mod fields;
mod gazetteer;

mod indicators;
mod inventory;
mod names;
mod other_names;
mod own_pollutant;
mod record;
mod regions;
mod shares;
mod technologies;
mod unexplained;

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Severity, beside};
use crate::format::take_in;
use crate::table::Table;
use book::{Book, PROVENANCE, names_of};
use jianpai_core::calibrate::{Activities, Unexplained, calibrate};
use jianpai_core::catalogue::{Account, Catalogue, Inventory, InventoryValue, Named, World};
use jianpai_core::dims::RegionId;
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;

pub use book::{BASE_YEAR, BASES, DataFile};
pub use own_pollutant::{OwnPollutant, add_pollutant};
pub(crate) use unexplained::unexplained;

/// Reads a whole data folder.
///
/// `folder` is what diagnostics call it (`data`). Returns `None` if anything
/// is wrong; `diags` then says what, for all files at once.
pub fn read(
    folder: &str,
    data: &[DataFile],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<Catalogue> {
    let mut book = Book::new(folder, data, files, diags);
    names::read(&mut book);
    indicators::read(&mut book);
    technologies::read(&mut book);
    costs::read(&mut book);
    accounting::read(&mut book);
    regions::read(&mut book);
    gazetteer::read(&mut book);
    other_names::read(&mut book);
    book.unknown_files();
    let Book {
        mut catalogue,
        tables,
        ..
    } = book;
    if diags.has_errors() {
        return None;
    }
    let before = diags.len();
    let place = |value: &InventoryValue| {
        let origin = value.amount.origin;
        files.line(tables[usize::from(origin.file)], origin.line as usize)
    };
    for world in catalogue.worlds.iter().flatten() {
        let all = world.later.values().flatten();
        for (account, inventory) in world.inventory.iter().chain(all) {
            calibres::within(&catalogue, *account, inventory, &place, diags);
        }
    }
    calibres::across(&catalogue, &place, diags);
    if diags.len() > before {
        return None;
    }
    jianpai_core::calibrate::split_inventories(&mut catalogue);
    let worlds = catalogue.worlds.iter().flatten();
    let mut all: Vec<Unexplained> = Vec::new();
    for world in worlds {
        // Whether anything emits can be told by the activities of the first base year.
        let later = world.later.keys().map(|year| world.from_base(*year));
        for world in std::iter::once(world.clone()).chain(later) {
            let found = calibrate(&catalogue, &world, &Activities::new()).err();
            let found = found.into_iter().flatten();
            let known = |other: &Unexplained| {
                let same = |own: &Unexplained| own.official.origin == other.official.origin;
                all.iter().any(same)
            };
            let new: Vec<Unexplained> = found.filter(|other| !known(other)).collect();
            all.extend(new);
        }
    }
    for found in &all {
        let origin = found.official.origin;
        let diagnostic = unexplained(&catalogue, found);
        let file = tables[usize::from(origin.file)];
        let row = files.line(file, origin.line as usize);
        diags.push(diagnostic.label(row, Text::new("此行", "this row")));
    }
    all.is_empty().then(|| catalogue.set_aside())
}

/// What is odd about the classes that an inventory gives for an account: some left
/// out, or a total that is not their sum.
fn odd_classes(
    catalogue: &Catalogue,
    (files, file): (&Files, FileId),
    account: Account,
    old: &Inventory,
    own: &Inventory,
) -> Option<Diagnostic> {
    let id = account.id(catalogue);
    let row = |value: &InventoryValue| files.line(file, value.amount.origin.line as usize);
    let left_out: Vec<&Named> = old
        .classes
        .keys()
        .filter(|class| !own.classes.contains_key(class))
        .map(|class| &catalogue.classes[class.at()].named)
        .collect();
    if let (false, Some(first)) = (left_out.is_empty(), own.classes.values().next()) {
        let ids: Vec<&str> = left_out.iter().map(|class| class.id.as_str()).collect();
        let named = left_out
            .iter()
            .map(|class| beside(&class.id, &class.name.zh));
        let named: Vec<String> = named.collect();
        let message = Text::new(
            format!("清单给出了 {id} 的分类，却没有 {}", named.join("、")),
            format!(
                "the inventory splits {id} by class, but lacks {}",
                ids.join(", ")
            ),
        );
        let label = Text::new("该项的分类行", "a class of it");
        return Some(
            Diagnostic::error("class-left-out", message)
                .label(row(first), label)
                .help(Text::new(
                    "补上这些类别，没有排放写 0；只知总量则只写 total 一行",
                    "add them, with 0 where there is none; or give the total alone",
                )),
        );
    }
    let total = own.total?;
    let sum: f64 = own.classes.values().map(|value| value.amount.value).sum();
    let wanted = total.amount.value;
    if (wanted - sum).abs() <= 1e-6 * wanted.abs() {
        return None;
    }
    let tidy = |tonnes: f64| (tonnes * 1e2).round() / 1e6;
    let message = Text::new(
        format!(
            "{id} 各类合计 {} 万t，与总量 {} 万t 不符",
            tidy(sum),
            tidy(wanted)
        ),
        format!(
            "the classes of {id} sum to {} (1e4 t), the total is {}",
            tidy(sum),
            tidy(wanted)
        ),
    );
    Some(
        Diagnostic::error("class-sum", message)
            .label(row(&total), Text::new("总量", "the total"))
            .help(Text::new(
                "改到一致，或删去 total 一行，以各类合计为准",
                "make them agree, or leave the total out: it is then their sum",
            )),
    )
}

/// Lays a user's own inventory over the base year of `region`.
///
/// The file has the columns of `data/inventory.csv`. Classes given replace the
/// region's classes of that account; a total without classes scales them.
/// Returns the file, for the list of inputs.
pub fn overlay_inventory(
    catalogue: &Catalogue,
    (region, base): (RegionId, i32),
    world: &mut World,
    (path, bytes): (&str, &[u8]),
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<FileId> {
    let file = take_in(path, bytes, files, diags)?;
    let mut columns = inventory::inventory_columns();
    columns.extend(PROVENANCE);
    let before = diags.len();
    let table = Table::parse(files, file, &columns, diags)?;
    let mut book = Book::resume(catalogue, files, diags);
    book.catalogue.files.push(path.to_string());
    book.inventories_of = vec![base];
    // Start from nothing, so that what the file says can be told apart.
    for other in book.catalogue.worlds.iter_mut().flatten() {
        other.inventory.clear();
        other.later.clear();
    }
    inventory::inventory_rows(&mut book, &table);
    let given = book.catalogue.worlds[region.at()].take()?.from_base(base);
    let errors = diags.iter().skip(before);
    let failed = errors
        .clone()
        .any(|found| found.severity == Severity::Error);
    if given.inventory.is_empty() && !failed {
        let id = &catalogue.regions[region.at()].named.id;
        let message = Text::new(
            format!("清单文件里没有地区 `{id}` 的行"),
            format!("the inventory has no row of region `{id}`"),
        );
        diags.push(
            Diagnostic::error("empty-inventory", message)
                .label(
                    files.line(file, 1),
                    Text::new("各行都是别的地区", "all rows are of other regions"),
                )
                .help(Text::new(
                    format!("region 一列写 {id}"),
                    format!("write {id} in the column `region`"),
                )),
        );
    }
    let row = |value: &InventoryValue| files.line(file, value.amount.origin.line as usize);
    for (account, mut own) in given.inventory {
        let old = world.inventory.entry(account).or_default();
        calibres::within(catalogue, account, &own, &row, diags);
        if own.classes.is_empty() {
            let (new, before) = (own.total, old.total);
            if let (Some(new), Some(before)) = (new, before) {
                // The data's classes cannot be scaled to a total of another calibre.
                let split = !old.classes.is_empty() && !failed;
                let other = old.total.as_ref().filter(|_| split);
                if let Some(other) = other.filter(|other| other.calibre != new.calibre) {
                    let help = Text::new(
                        "程序自带的分类是另一口径，不能按此总量缩放：请同时给出各类的数",
                        "the data's classes are of another calibre and cannot be scaled to this total: give the classes too",
                    );
                    let here = (&new, row(&new));
                    diags.push(calibres::mixed(
                        catalogue,
                        account,
                        here,
                        (other, None),
                        &help,
                    ));
                }
                let scale = if before.amount.value > 0.0 {
                    new.amount.value / before.amount.value
                } else {
                    0.0
                };
                for (class, value) in &old.classes {
                    let amount = value.amount.scaled(scale);
                    own.classes.insert(*class, InventoryValue { amount, ..new });
                }
            }
        } else {
            let sum: f64 = own.classes.values().map(|value| value.amount.value).sum();
            if !failed {
                diags.extend(odd_classes(catalogue, (files, file), account, old, &own));
            }
            let first = own.classes.values().next();
            own.total = own.total.or(first.map(|first| InventoryValue {
                amount: Sourced::exact(sum, first.amount.origin),
                ..*first
            }));
        }
        *old = own;
    }
    if !failed {
        let own = u16::MAX;
        let found = calibrate(catalogue, world, &Activities::new()).err();
        for found in found.iter().flatten() {
            let origin = found.official.origin;
            let row = files.line(
                file,
                if origin.file == own {
                    origin.line as usize
                } else {
                    1
                },
            );
            let diagnostic = unexplained(catalogue, found);
            diags.push(diagnostic.label(row, Text::new("此行", "this row")));
        }
    }
    Some(file)
}
