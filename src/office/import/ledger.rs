//! The ledger of projects as CSV.

use super::cells;
use super::flaw::{Flaw, Place};
use super::made::Made;
use super::table::Table;
use crate::forms::{Form, Holds};
use jianpai_core::projects::TYPES;

/// The ledger of a sheet; `None` where it has no rows.
pub(super) fn write(name: &str, table: &mut Table<'_>, flaws: &mut Vec<Flaw>) -> Option<Made> {
    let lines = table.lines();
    if lines.is_empty() {
        return None;
    }
    table.remarks(&lines, flaws);
    let mut made = Made::new(name);
    let columns: Vec<_> = Form::Ledger.columns().iter().collect();
    let columns: Vec<_> = columns
        .into_iter()
        .filter(|column| table.columns.contains_key(column.key))
        .collect();
    for (i, column) in columns.iter().enumerate() {
        if i > 0 {
            made.push(",");
        }
        let place = table
            .columns
            .get(column.key)
            .map(|at| Place::cell(table.number, (table.head, *at)));
        made.csv(place, column.zh);
    }
    made.push("\n");
    for line in lines {
        for (i, column) in columns.iter().enumerate() {
            if i > 0 {
                made.push(",");
            }
            let place = table.place(line, column.key);
            let Some((cell, _)) = table.cell(line, column.key, flaws) else {
                made.csv(Some(place), "");
                continue;
            };
            let text = match column.holds {
                Holds::Month => cells::month(cell),
                Holds::Amount => cells::narrow(&cells::text(cell)),
                _ => cells::text(cell),
            };
            // Types go by any of their names.
            let text = match column.key {
                "type" => TYPES
                    .iter()
                    .find(|kind| kind.en == text)
                    .map_or(text, |kind| kind.id.to_string()),
                _ => text,
            };
            made.csv(Some(place), &text);
        }
        made.push("\n");
    }
    Some(made)
}
