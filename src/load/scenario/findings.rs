//! Puts the findings on a scenario at their places in the files.

use super::Loaded;
use super::problems::{field_span, sub_table, table_span};
use crate::diag::{Diagnostic, FileId, Files, Span};
use jianpai_core::catalogue::Catalogue;
use jianpai_core::plausible::{Finding, Place};
use jianpai_core::provenance::Origin;
use jianpai_core::text::Text;
use std::path::Path;

/// A finding as a diagnostic: its yardstick and the rows behind it are notes.
pub fn locate(
    catalogue: &Catalogue,
    loaded: &Loaded,
    files: &Files,
    found: &Finding,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::finding(found.code, found.doubt, found.text.clone());
    if let Some(span) = span(catalogue, loaded, files, &found.place) {
        diagnostic = diagnostic.label(span, Text::default());
    }
    diagnostic = diagnostic.note(Text::new(
        format!("依据：{}", found.basis.zh),
        format!("yardstick: {}", found.basis.en),
    ));
    for origin in &found.origins {
        diagnostic = diagnostic.note(row(catalogue, loaded, files, *origin));
    }
    diagnostic.help(found.advice.clone())
}

/// `data/outcomes.csv:5, mee-progress, quoted`.
fn row(catalogue: &Catalogue, loaded: &Loaded, files: &Files, origin: Origin) -> Text {
    let source = &catalogue.sources[origin.source.at()].id;
    let own = own_file(catalogue, loaded, files, origin).map(|file| files.path(file));
    let file = own.unwrap_or_else(|| catalogue.file(origin).unwrap_or("data"));
    let status = origin.status.name();
    let line = origin.line;
    Text::new(
        format!("来源：{file}:{line}，{source}，{}", status.zh),
        format!("source: {file}:{line}, {source}, {}", status.en),
    )
}

/// The own inventory, if the row stands there: its files come after those of the data.
fn own_file(
    catalogue: &Catalogue,
    loaded: &Loaded,
    files: &Files,
    origin: Origin,
) -> Option<FileId> {
    if usize::from(origin.file) < catalogue.files.len() {
        return None;
    }
    let is_toml = |path: &str| {
        Path::new(path)
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("toml"))
    };
    let table = |id: &&FileId| !is_toml(files.path(**id));
    loaded.inputs.iter().rfind(table).copied()
}

fn span(catalogue: &Catalogue, loaded: &Loaded, files: &Files, place: &Place) -> Option<Span> {
    let key = |part: &str, id: &str| {
        let (key, node) = sub_table(&loaded.tree, part)?.entry(id)?;
        let inline = node.span.file == key.span.file && node.span.start > key.span.end;
        Some(if inline {
            key.span.to(node.span)
        } else {
            key.span
        })
    };
    let whole = || table_span(&loaded.tree, "scenario");
    Some(match place {
        Place::Measure(id, field) => field_span(loaded, id, field),
        Place::Growth(driver) => {
            let found = key("growth", &catalogue.drivers[driver.at()].id);
            found.unwrap_or_else(|| table_span(&loaded.tree, "growth"))
        }
        Place::Elasticity(service) => {
            let found = key("elasticity", &catalogue.services[service.at()].named.id);
            found.unwrap_or_else(whole)
        }
        Place::Target(id) => {
            let own = sub_table(&loaded.tree, "targets").and_then(|table| table.get_key(id));
            let head = sub_table(&loaded.tree, "scenario");
            let plan = head.and_then(|table| table.get("targets_from"));
            own.map(|key| key.span)
                .or(plan.map(|node| node.span))
                .unwrap_or_else(whole)
        }
        Place::Row(origin) => {
            let own = own_file(catalogue, loaded, files, *origin);
            let file = own.or_else(|| {
                let name = catalogue.file(*origin)?;
                files
                    .iter()
                    .find(|(_, path, _)| *path == name)
                    .map(|found| found.0)
            })?;
            files.line(file, origin.line as usize)
        }
        Place::Scenario => whole(),
    })
}
