//! A table on the terminal: the columns that have a place there, a long table turned as
//! it says, numbers as people read them.

use crate::case::{above, below, probability_range};
use crate::grid::{Grid, indent, left, right};
use crate::view::{Across, Cell, Column, Form, Holds, Record, Table, Value, With};
use jianpai_core::text::Lang;

/// What a table is on the terminal before it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The headings.
    pub header: Vec<String>,
    /// The lines: one cell a heading.
    pub lines: Vec<Vec<Shown>>,
}

/// A cell as people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its text.
    pub text: String,
    /// Whether it stands at the right, as numbers do.
    pub right: bool,
    /// The row and the column of the table that it shows.
    pub of: Option<(usize, usize)>,
}

impl Block {
    /// The block laid out in lines of at most `width` columns once it is indented.
    pub fn grid(&self, width: usize) -> Grid {
        let mut grid = Grid::new(self.header.iter().map(String::as_str)).within(width);
        for line in &self.lines {
            let cells = line.iter().map(|shown| {
                if shown.right {
                    right(&shown.text)
                } else {
                    left(&shown.text)
                }
            });
            grid.row(cells.collect());
        }
        grid
    }
}

/// The table in lines of at most `width` columns, two columns in.
pub fn terminal(table: &Table, lang: Lang, width: usize) -> String {
    let blocks = blocks(table, lang).into_iter();
    let blocks: Vec<String> = blocks
        .map(|block| indent(&block.grid(width).to_string()))
        .collect();
    blocks.join("\n\n")
}

/// The table as blocks: one, or several where a turned table has more columns than stand
/// side by side.
pub fn blocks(table: &Table, lang: Lang) -> Vec<Block> {
    match &table.across {
        None => vec![straight(table, lang)],
        Some(across) => turned(table, across, lang),
    }
}

/// The columns with a place on the terminal, in order.
fn shown(table: &Table) -> Vec<usize> {
    let places = table.columns.iter().enumerate();
    let mut shown: Vec<(u8, usize)> = places
        .filter_map(|(c, column)| Some((column.place?, c)))
        .collect();
    shown.sort_unstable();
    shown.into_iter().map(|(_, c)| c).collect()
}

/// The rows that the terminal has, with their places.
fn rows(table: &Table) -> impl Iterator<Item = (usize, &Record)> {
    table.rows.iter().enumerate().filter(|(_, row)| !row.aside)
}

fn straight(table: &Table, lang: Lang) -> Block {
    let shown = shown(table);
    let heading = |c: &usize| table.columns[*c].heading.get(lang).to_string();
    let mut lines = Vec::new();
    let mut above: Option<&Record> = None;
    for (r, row) in rows(table) {
        let cells = shown.iter().map(|c| {
            let repeats = table.columns[*c]
                .once
                .zip(above)
                .is_some_and(|(key, above)| {
                    table.cell(above, key).map(|cell| &cell.value)
                        == table.cell(row, key).map(|cell| &cell.value)
                });
            if repeats {
                return Shown {
                    text: String::new(),
                    right: false,
                    of: None,
                };
            }
            shown_at(table, (r, *c), lang)
        });
        lines.push(cells.collect());
        above = Some(row);
    }
    Block {
        header: shown.iter().map(heading).collect(),
        lines,
    }
}

/// A cell of the table.
fn shown_at(table: &Table, (r, c): (usize, usize), lang: Lang) -> Shown {
    Shown {
        text: said(table, &table.rows[r], c, lang),
        right: table.columns[c].is_number(),
        of: Some((r, c)),
    }
}

/// The places of rows that agree in some columns, each group in the order of its first.
fn groups(table: &Table, keys: &[&str]) -> Vec<Vec<usize>> {
    let values = |row: usize| -> Vec<Option<&Value>> {
        let row = &table.rows[row];
        keys.iter()
            .map(|key| table.cell(row, key).map(|cell| &cell.value))
            .collect()
    };
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (r, _) in rows(table) {
        let own = values(r);
        match groups.iter_mut().find(|group| values(group[0]) == own) {
            Some(group) => group.push(r),
            None => groups.push(vec![r]),
        }
    }
    groups
}

/// A line a group of rows, a column each value of `across.column`; the columns with a
/// place stand around them: those below [`AFTER`] before, the others behind.
fn turned(table: &Table, across: &Across, lang: Lang) -> Vec<Block> {
    let (Some(value), Some(heading)) = (table.column(across.value), table.column(across.heading))
    else {
        return Vec::new();
    };
    let shown = shown(table);
    let (before, behind): (Vec<usize>, Vec<usize>) = shown
        .iter()
        .partition(|c| table.columns[**c].place < Some(AFTER));
    let lines = groups(table, &across.line);
    let mut columns = groups(table, &[across.column]);
    let what = |r: usize| {
        let cell = table.cell(&table.rows[r], across.column);
        cell.map(|cell| &cell.value)
    };
    if let Some(last) = across.last {
        let last = Value::Id(last.to_string());
        // The order of the others stays.
        columns.sort_by_key(|group| what(group[0]) == Some(&last));
    }
    let headed = |group: &Vec<usize>| {
        let row = &table.rows[group[0]];
        let name = said(table, row, heading, lang);
        if across.units {
            let unit = table.unit(row, value).shown().name;
            format!("{name}\n{}", unit.get(lang))
        } else {
            name
        }
    };
    let named = |c: &usize| table.columns[*c].heading.get(lang).to_string();
    let block = |some: &[Vec<usize>]| {
        let line = |line: &Vec<usize>| {
            let around = |c: &usize| shown_at(table, (line[0], *c), lang);
            let mut cells: Vec<Shown> = before.iter().map(around).collect();
            cells.extend(some.iter().map(|group| {
                let row = line.iter().find(|r| what(**r) == what(group[0]));
                row.map_or_else(
                    || Shown {
                        text: table.columns[value].absent.to_string(),
                        right: true,
                        of: None,
                    },
                    |r| shown_at(table, (*r, value), lang),
                )
            }));
            cells.extend(behind.iter().map(around));
            cells
        };
        let header = before.iter().map(named);
        let header = header.chain(some.iter().map(headed));
        Block {
            header: header.chain(behind.iter().map(named)).collect(),
            lines: lines.iter().map(line).collect(),
        }
    };
    columns.chunks(across.most.max(1)).map(block).collect()
}

/// Columns with this place or a later one stand behind those of a turned table.
pub const AFTER: u8 = 100;

/// A cell as people read it.
fn said(table: &Table, row: &Record, c: usize, lang: Lang) -> String {
    let column = &table.columns[c];
    let Some(cell) = row.cells.get(c) else {
        return String::new();
    };
    let alone = alone(table, row, c, cell, lang);
    let partner = |key: &str| {
        let partner = table.column(key)?;
        let value = &row.cells.get(partner)?.value;
        (*value != Value::Absent).then_some((partner, value))
    };
    match column.with {
        With::Mark(key) => match partner(key) {
            Some((_, Value::Id(verdict))) => format!("{alone} {}", mark(verdict)),
            // As wide as a mark.
            _ => format!("{alone}  "),
        },
        With::Of(key) => match partner(key) {
            Some((_, Value::Whole(all))) => format!("{alone}/{all}"),
            _ => alone,
        },
        With::Bound(most, least) => match (partner(most), partner(least)) {
            (Some((_, Value::Number(end))), _) => below(*end),
            (_, Some((_, Value::Number(end)))) => above(*end),
            _ => alone,
        },
        With::UpTo(_) if cell.form == Some(Form::Blank) => column.absent.to_string(),
        With::UpTo(key) => match (&cell.value, partner(key)) {
            (Value::Number(low), Some((_, Value::Number(high)))) => {
                probability_range((*low, *high))
            }
            _ => alone,
        },
        // What is known to be nothing has no interval.
        With::Half(key) if cell.form != Some(Form::Nothing) => match partner(key) {
            Some((partner, Value::Number(half))) => {
                let scale = table.unit(row, partner).shown().scale;
                let form = form(&table.columns[partner]);
                format!("{alone} ±{}", form.show(*half, scale, lang))
            }
            _ => alone,
        },
        With::Nothing | With::Half(_) => alone,
    }
}

/// A verdict as a mark.
fn mark(verdict: &str) -> &'static str {
    match verdict {
        "met" => "✓",
        "met-within-error" => "≈",
        "missed" => "✗",
        _ => "?",
    }
}

fn form(column: &Column) -> Form {
    match column.holds {
        Holds::Number(_, form) => form,
        _ => Form::Plain,
    }
}

fn alone(table: &Table, row: &Record, c: usize, cell: &Cell, lang: Lang) -> String {
    let column = &table.columns[c];
    match &cell.value {
        Value::Absent => column.absent.to_string(),
        Value::Number(value) => {
            let scale = table.unit(row, c).shown().scale;
            let form = cell.form.unwrap_or(form(column));
            form.show(*value, scale, lang)
        }
        Value::Whole(value) => match cell.form {
            Some(form) => form.show(*value as f64, 1.0, lang),
            None => value.to_string(),
        },
        Value::Id(id) => id.clone(),
        Value::Text(text) => text.get(lang).to_string(),
        Value::Flag(flag) => match (flag, lang) {
            (true, Lang::Zh) => "是",
            (false, Lang::Zh) => "否",
            (true, Lang::En) => "yes",
            (false, Lang::En) => "no",
        }
        .to_string(),
        Value::Unit(unit) => unit.shown().name.get(lang).to_string(),
        Value::Named(unit) => unit.get(lang).to_string(),
    }
}
