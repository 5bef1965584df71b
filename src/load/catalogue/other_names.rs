//! Other names of things, `names.csv`: by what planners call them.

use super::Book;
use super::names::word;
use crate::diag::{Diagnostic, nearest};
use crate::table::{Column, Row};
use crate::vocabulary;
use jianpai_core::names::{NameOf, OtherName};
use jianpai_core::text::Text;
use std::collections::BTreeSet;

/// Reads the table, if the folder has one: without it things go by their ids and by the
/// names in their own tables.
pub(super) fn read(book: &mut Book<'_>) {
    if !book.has("names.csv") {
        return;
    }
    let columns = ["of", "id", "names"].map(Column::required);
    let Some(table) = book.table("names.csv", &columns) else {
        return;
    };
    for row in table.rows() {
        let Some(of) = word(book, &row, "of", &NameOf::ALL) else {
            continue;
        };
        let id = row.cell("id").text_required(book.diags);
        let names = row.cell("names").text_required(book.diags);
        let (Some(id), Some(names)) = (id, names) else {
            continue;
        };
        if !book.unique(&row, &["of", "id"]) || !is_known(book, &row, of, id) {
            continue;
        }
        let mut seen = BTreeSet::new();
        for name in names.split(';').map(str::trim).filter(|n| !n.is_empty()) {
            if !seen.insert(name) {
                book.diags.push(twice(&row, name));
                continue;
            }
            book.catalogue.names.push(OtherName {
                of,
                id: id.to_string(),
                name: name.to_string(),
            });
        }
    }
}

/// Whether there is such a thing; says so if not.
fn is_known(book: &mut Book<'_>, row: &Row<'_>, of: NameOf, id: &str) -> bool {
    let known = vocabulary::ids(&book.catalogue, of);
    // Tables and keys are known to the reader alone.
    if known.contains(id) || matches!(of, NameOf::Table | NameOf::Key) {
        return true;
    }
    let kind = row.cell("of").text;
    let message = Text::new(
        format!("没有 id 为 `{id}` 的 {kind}"),
        format!("there is no {kind} `{id}`"),
    );
    let near = nearest(id, known.iter().copied());
    let diagnostic = Diagnostic::error("unknown-name", message)
        .label(row.cell("id").span, Text::new("未知", "not known"));
    book.diags.push(match near {
        Some(near) => diagnostic.suggest(row.cell("id").span, near),
        None => diagnostic.help(Text::new("删去此行", "take the row out")),
    });
    false
}

fn twice(row: &Row<'_>, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` 写了两次"),
        format!("`{name}` stands twice"),
    );
    Diagnostic::error("duplicate-name", message)
        .label(row.cell("names").span, Text::new("重复", "the second"))
        .help(Text::new("只留一个", "keep one"))
}
