//! Reads `data/`: every table, every row with its source and status, every
//! problem in one pass.

mod book;
mod names;
mod regions;
mod shares;
mod technologies;

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Severity};
use crate::table::{Table, decode};
use book::{Book, PROVENANCE, names_of};
use jianpai_core::calibrate::Unexplained;
use jianpai_core::catalogue::{Catalogue, InventoryValue, World};
use jianpai_core::dims::RegionId;
use jianpai_core::provenance::Sourced;
use jianpai_core::text::Text;

/// The year of all base-year inventories.
pub const BASE_YEAR: i32 = 2015;

/// One file of a data folder: its name without the folder, and its bytes.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// The name, e.g. `factors.csv`.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

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
    technologies::read(&mut book);
    regions::read(&mut book);
    book.unknown_files();
    let Book {
        mut catalogue,
        tables,
        ..
    } = book;
    if diags.has_errors() {
        return None;
    }
    jianpai_core::calibrate::split_inventories(&mut catalogue);
    let worlds = catalogue.worlds.iter().flatten();
    let unexplained: Vec<Unexplained> = worlds
        .filter_map(|world| jianpai_core::calibrate::calibrate(&catalogue, world).err())
        .flatten()
        .collect();
    for found in &unexplained {
        let origin = found.official.origin;
        let diagnostic = crate::scenario::unexplained(&catalogue, found);
        let file = tables[usize::from(origin.file)];
        let row = files.line(file, origin.line as usize);
        diags.push(diagnostic.label(row, Text::new("此行", "this row")));
    }
    unexplained.is_empty().then_some(catalogue)
}

/// Lays a user's own inventory over the base year of `region`.
///
/// The file has the columns of `data/inventory.csv`. Classes given replace the
/// region's classes of that account; a total without classes scales them.
/// Returns the file, for the list of inputs.
pub fn overlay_inventory(
    catalogue: &Catalogue,
    region: RegionId,
    world: &mut World,
    (path, bytes): (&str, &[u8]),
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<FileId> {
    let file = files.add(path, decode(bytes));
    let mut columns = regions::inventory_columns();
    columns.extend(PROVENANCE);
    let before = diags.len();
    let table = Table::parse(files, file, &columns, diags)?;
    let mut book = Book::resume(catalogue, files, diags);
    book.catalogue.files.push(path.to_string());
    // Start from nothing, so that what the file says can be told apart.
    for other in book.catalogue.worlds.iter_mut().flatten() {
        other.inventory.clear();
    }
    regions::inventory_rows(&mut book, &table);
    let given = book.catalogue.worlds[region.at()].take()?;
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
    for (account, mut own) in given.inventory {
        let old = world.inventory.entry(account).or_default();
        if own.classes.is_empty() {
            let (new, before) = (own.total, old.total);
            if let (Some(new), Some(before)) = (new, before) {
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
        } else if own.total.is_none() {
            let sum: f64 = own.classes.values().map(|value| value.amount.value).sum();
            own.total = own.classes.values().next().map(|first| InventoryValue {
                amount: Sourced::exact(sum, first.amount.origin),
                ..*first
            });
        }
        *old = own;
    }
    if !failed {
        let own = u16::try_from(catalogue.files.len()).unwrap_or(u16::MAX);
        let found = jianpai_core::calibrate::calibrate(catalogue, world).err();
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
            let diagnostic = crate::scenario::unexplained(catalogue, found);
            diags.push(diagnostic.label(row, Text::new("此行", "this row")));
        }
    }
    Some(file)
}
