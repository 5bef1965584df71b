//! Parts of a whole among which a target is shared: a table of the user's own, headers in
//! Chinese or English.

use crate::diag::{Diagnostic, Diagnostics, Files, Span};
use crate::format::take_in;
use crate::table::{Cell, Column, Table};
use jianpai_core::allocate::Part;
use jianpai_core::text::Text;
use std::collections::HashMap;

/// The columns: key, name in Chinese, whether it must be there.
const COLUMNS: [(&str, &str, bool); 8] = [
    ("part", "名称", true),
    ("emission", "排放量", true),
    ("gdp", "GDP", false),
    ("population", "人口", false),
    ("floor", "下限", false),
    ("ceiling", "上限", false),
    ("official", "下达比例", false),
    ("note", "备注", false),
];

/// Reads the parts in `bytes`, which the messages call `path`: emission in t, GDP and
/// population in any one unit, rates in percent. `None` if anything is wrong with it;
/// `diags` then says what, all of it.
pub fn read(
    path: &str,
    bytes: &[u8],
    files: &mut Files,
    diags: &mut Diagnostics,
) -> Option<Vec<Part>> {
    let before = diags.errors();
    let file = take_in(path, bytes, files, diags)?;
    let header = files.text(file).lines().next().unwrap_or_default();
    let named = |name: &str| {
        let mut cells = header.split(',').map(|cell| cell.trim().trim_matches('"'));
        cells.any(|cell| cell == name)
    };
    let chinese = named("名称") || named("排放量");
    let name_of = |(key, zh, _): (&'static str, &'static str, bool)| if chinese { zh } else { key };
    let columns = COLUMNS.map(|column| {
        let name = name_of(column);
        if column.2 {
            Column::required(name)
        } else {
            Column::optional(name)
        }
    });
    let table = Table::parse(files, file, &columns, diags)?;
    let mut parts: Vec<Part> = Vec::new();
    let mut firsts: HashMap<String, Span> = HashMap::new();
    for row in table.rows() {
        let cell = |key: &str| {
            let found = COLUMNS.iter().find(|(name, ..)| *name == key);
            row.cell(found.map_or("note", |column| name_of(*column)))
        };
        let name = cell("part").text_required(diags).map(str::to_string);
        let emission = cell("emission");
        let emission = emission
            .text_required(diags)
            .and_then(|_| positive(&emission, diags));
        let gdp = optional(&cell("gdp"), diags);
        let population = optional(&cell("population"), diags);
        let floor = rate(&cell("floor"), diags);
        let ceiling = rate(&cell("ceiling"), diags);
        let official = rate(&cell("official"), diags);
        let (Some(id), Some(emission)) = (name, emission) else {
            continue;
        };
        if let Some(first) = firsts.get(&id) {
            diags.push(twice(&id, cell("part").span, *first));
            continue;
        }
        firsts.insert(id.clone(), cell("part").span);
        if let (Some(floor), Some(ceiling)) = (floor, ceiling)
            && floor > ceiling
        {
            diags.push(crossed(&cell("floor"), &cell("ceiling")));
        }
        parts.push(Part {
            name: Text::same(id.clone()),
            id,
            emission,
            gdp,
            population,
            floor: floor.unwrap_or(0.0),
            ceiling: ceiling.unwrap_or(1.0),
            official,
        });
    }
    if parts.len() < 2 && diags.errors() == before {
        let message = Text::new(
            "至少要有两个部分",
            "a target is shared among two parts at least",
        );
        let start = Span::new(file, 0, 0);
        let diagnostic = Diagnostic::error("too-few-rows", message);
        diags.push(
            diagnostic
                .label(start, Text::new("太少", "too few"))
                .help(Text::new(
                    "每个地区一行：名称、排放量（t）",
                    "one row a part: name, emission (t)",
                )),
        );
    }
    (diags.errors() == before).then_some(parts)
}

fn optional(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<f64> {
    if cell.is_empty() {
        return None;
    }
    positive(cell, diags)
}

/// A number above zero.
fn positive(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<f64> {
    let value = cell.number(diags)?;
    if value > 0.0 {
        return Some(value);
    }
    let message = Text::new(
        format!("`{}` 应大于零：{}", cell.column, cell.text),
        format!("`{}` has to be above zero: {}", cell.column, cell.text),
    );
    diags.push(
        Diagnostic::error("out-of-range", message)
            .label(cell.span, Text::new("不大于零", "not above zero"))
            .help(Text::new(
                "没有排放的部分不参与分配，删去该行",
                "leave out a part that emits nothing",
            )),
    );
    None
}

/// A rate in percent as a fraction, between 0 and 100 %.
fn rate(cell: &Cell<'_>, diags: &mut Diagnostics) -> Option<f64> {
    if cell.is_empty() {
        return None;
    }
    let plain = cell.text.trim_end_matches(['%', '％']).trim();
    let value = match crate::number::parse(plain) {
        Ok(value) => value,
        Err(_) => cell.number(diags)?,
    };
    if (0.0..=100.0).contains(&value) {
        return Some(value / 100.0);
    }
    let message = Text::new(
        format!("削减比例应在 0—100 % 之间，却是 {}", cell.text),
        format!(
            "a rate of reduction lies between 0 and 100 %, found {}",
            cell.text
        ),
    );
    diags.push(
        Diagnostic::error("out-of-range", message)
            .label(cell.span, Text::new("超出范围", "out of range"))
            .help(Text::new("写百分数，如 10", "write percent, like 10")),
    );
    None
}

fn twice(id: &str, here: Span, first: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{id}` 已有一行"),
        format!("there is a row for `{id}` already"),
    );
    Diagnostic::error("duplicate-row", message)
        .label(here, Text::new("重复", "the second"))
        .label(first, Text::new("先前的一行", "the first"))
        .help(Text::new("每个地区只留一行", "keep one row a part"))
}

fn crossed(floor: &Cell<'_>, ceiling: &Cell<'_>) -> Diagnostic {
    let message = Text::new(
        format!("下限 {} 高于上限 {}", floor.text, ceiling.text),
        format!(
            "the floor {} is above the ceiling {}",
            floor.text, ceiling.text
        ),
    );
    Diagnostic::error("range-order", message)
        .label(floor.span, Text::new("下限", "floor"))
        .label(ceiling.span, Text::new("上限", "ceiling"))
        .help(Text::new("两格是否写反了？", "are the two cells swapped?"))
}
