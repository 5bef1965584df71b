//! A list of draws: one column an input, one row a draw, numbers in base units
//! (fractions, not percent). Other columns, such as an id, are carried along.

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::number::NumberError;
use crate::numbers;
use crate::table::scan::{Record, Scanned, scan};
use crate::table::{delimiter, duplicate, index_column, is_index, not_a_number};
use jianpai_core::text::Text;
use std::collections::HashMap;

/// The draws of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The values, one `Vec` an input, in the order asked for.
    pub columns: Vec<Vec<f64>>,
    /// The other columns: their names, and what stands in them.
    pub carried: Vec<(String, Vec<String>)>,
}

/// The column that numbers draws.
const DRAW: &str = "draw";

/// The columns of `names` and all others of a CSV file.
///
/// A column `draw` may stand in the file and is not looked at; the row labels of a data
/// frame are left out with a remark. `None` if anything is wrong; `diags` then says what.
pub fn read(files: &Files, file: FileId, names: &[&str], diags: &mut Diagnostics) -> Option<List> {
    let before = diags.errors();
    let text = files.text(file);
    let scanned = scan(text, file, diags)?;
    let Some((header, body)) = scanned.records.split_first() else {
        diags.push(empty(files, file, &Text::new("是空文件", "is empty")));
        return None;
    };
    let table = Cells {
        text,
        file,
        scanned: &scanned,
    };
    let header: Vec<(String, Span)> = table
        .of(*header)
        .map(|(text, span)| (numbers::name(text), span))
        .collect();
    if let [(name, span)] = header.as_slice()
        && let Some(sign) = name.chars().find(|c| matches!(c, ';' | '\t' | '，' | '|'))
    {
        diags.push(delimiter(sign, *span));
        return None;
    }
    let head = &scanned.records[0];
    let line = Span::new(file, head.start as usize, head.end as usize);
    let (places, carried) = columns(&header, names, line, diags);
    let mut list = List {
        columns: vec![Vec::new(); names.len()],
        carried: carried
            .iter()
            .map(|place| (header[*place].0.clone(), Vec::new()))
            .collect(),
    };
    for record in body {
        let row: Vec<(&str, Span)> = table.of(*record).collect();
        if row.len() != header.len() {
            let whole = Span::new(file, record.start as usize, record.end as usize);
            diags.push(ragged(row.len(), header.len(), whole));
            continue;
        }
        for ((column, place), name) in list.columns.iter_mut().zip(&places).zip(names) {
            let Some(place) = place else { continue };
            let (cell, span) = row[*place];
            match numbers::number_in(cell) {
                Ok(value) => column.push(value),
                Err(NumberError::Empty) => diags.push(blank(name, span)),
                Err(error) => diags.push(not_a_number(name, cell, (span, false), &error)),
            }
        }
        for ((_, cells), place) in list.carried.iter_mut().zip(&carried) {
            // A row is a line, wherever it is written.
            let lines = row[*place].0.lines().map(str::trim);
            cells.push(lines.collect::<Vec<_>>().join(" "));
        }
    }
    if diags.errors() == before && body.is_empty() {
        diags.push(empty(
            files,
            file,
            &Text::new("没有一行数据", "has no draws"),
        ));
    }
    (diags.errors() == before).then_some(list)
}

/// Where the cell of a draw in the column called `name` stands, counted from 0.
pub fn cell(files: &Files, file: FileId, name: &str, draw: usize) -> Option<Span> {
    let text = files.text(file);
    let scanned = scan(text, file, &mut Diagnostics::default())?;
    let (header, body) = scanned.records.split_first()?;
    let table = Cells {
        text,
        file,
        scanned: &scanned,
    };
    let place = table
        .of(*header)
        .position(|(text, _)| numbers::name(text) == name)?;
    table.of(*body.get(draw)?).nth(place).map(|(_, span)| span)
}

/// The cells of a scanned text.
struct Cells<'a> {
    text: &'a str,
    file: FileId,
    scanned: &'a Scanned,
}

impl<'a> Cells<'a> {
    /// Content and place of the cells of a row.
    fn of(&self, record: Record) -> impl Iterator<Item = (&'a str, Span)> {
        let (text, file, scanned) = (self.text, self.file, self.scanned);
        let fields = &scanned.fields[record.first as usize..(record.first + record.count) as usize];
        fields.iter().map(move |field| {
            let span = Span::new(file, field.start as usize, field.end as usize);
            (scanned.content(text, *field), span)
        })
    }
}

/// Where each name stands in the header, and the places of the other columns.
fn columns(
    header: &[(String, Span)],
    names: &[&str],
    line: Span,
    diags: &mut Diagnostics,
) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut firsts: HashMap<&str, usize> = HashMap::new();
    let mut others = Vec::new();
    for (place, (name, span)) in header.iter().enumerate() {
        if is_index(name, place) {
            diags.push(index_column(name, *span));
        } else if name.is_empty() {
            diags.push(nameless(*span));
        } else if let Some(first) = firsts.get(name.as_str()) {
            diags.push(duplicate(name, header[*first].1, *span));
        } else {
            firsts.insert(name, place);
            if name != DRAW && !names.contains(&name.as_str()) {
                others.push(place);
            }
        }
    }
    let find = |name: &&str| {
        let found = firsts.get(name).copied();
        if found.is_none() {
            let spare = others.iter().map(|place| header[*place].0.as_str());
            let near = nearest(name, spare).and_then(|near| firsts.get(near));
            diags.push(missing(name, near.map(|near| &header[*near]), line));
        }
        found
    };
    (names.iter().map(find).collect(), others)
}

fn empty(files: &Files, file: FileId, what: &Text) -> Diagnostic {
    let path = files.path(file);
    let message = Text::new(format!("{path} {}", what.zh), format!("{path} {}", what.en));
    Diagnostic::error("empty-file", message)
        .label(
            files.line(file, 1),
            Text::new("此后没有数据", "no data from here on"),
        )
        .help(Text::new(
            "第一行写输入的名称，其下每行一次抽样",
            "the names of the inputs in the first row, a draw in each row below",
        ))
}

fn ragged(found: usize, expected: usize, row: Span) -> Diagnostic {
    let message = Text::new(
        format!("有 {found} 格，应为 {expected} 格"),
        format!("{found} cells, expected {expected}"),
    );
    Diagnostic::error("ragged-row", message)
        .label(
            row,
            Text::new("格数与表头不同", "not as many as the header has"),
        )
        .help(Text::new(
            "空着的格也要有逗号，含逗号的格要加引号",
            "a cell left empty keeps its comma, one with a comma in it goes in quotes",
        ))
}

fn blank(name: &str, span: Span) -> Diagnostic {
    let message = Text::new(format!("`{name}` 为空"), format!("`{name}` is empty"));
    Diagnostic::error("empty-cell", message)
        .label(span, Text::new("此格必填", "this cell must be filled in"))
        .help(Text::new(
            "填上该次抽样的值，或删去整行",
            "fill in the value of this draw, or take the whole row out",
        ))
}

fn nameless(span: Span) -> Diagnostic {
    let message = Text::new("表头有一格为空", "a header is empty");
    Diagnostic::error("unknown-column", message)
        .label(span, Text::new("没有列名", "no name"))
        .help(Text::new(
            "写上列名，或删去此列",
            "name the column, or take it out",
        ))
}

fn missing(name: &str, near: Option<&(String, Span)>, line: Span) -> Diagnostic {
    let message = Text::new(
        format!("缺少输入 `{name}` 的一列"),
        format!("there is no column for the input `{name}`"),
    );
    let diagnostic = Diagnostic::error("missing-column", message);
    match near {
        Some((other, span)) => diagnostic
            .label(*span, Text::new("是这一列吗？", "is this it?"))
            .suggest(*span, name)
            .help(Text::new(
                format!("将 `{other}` 改为 `{name}`"),
                format!("rename `{other}` to `{name}`"),
            )),
        None => diagnostic
            .label(line, Text::new("表头", "the header"))
            .help(Text::new(
                format!("加上 `{name}` 一列，每次抽样一个值"),
                format!("add a column `{name}` with a value for each draw"),
            )),
    }
}
