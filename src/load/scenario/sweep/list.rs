//! A list of draws as CSV: one column an input, one line a draw, numbers in base units
//! (fractions, not percent).

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::number;
use jianpai_core::text::Text;

/// The columns of `names` in a CSV file, one `Vec` a name.
///
/// A column `draw` may stand in the file and is not looked at; any other column is an
/// error. `None` if anything is wrong; `diags` then says what.
pub fn read(
    files: &Files,
    file: FileId,
    names: &[&str],
    diags: &mut Diagnostics,
) -> Option<Vec<Vec<f64>>> {
    let before = diags.len();
    let text = files.text(file);
    let mut lines = lines(text);
    let Some((start, header)) = lines.next() else {
        let message = Text::new(
            format!("{} 是空文件", files.path(file)),
            format!("{} is empty", files.path(file)),
        );
        diags.push(empty(file, message));
        return None;
    };
    let header = cells(start, header);
    let places = columns(file, &header, names, (start, text), diags);
    let mut values = vec![Vec::new(); names.len()];
    for (start, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let found = cells(start, line);
        if found.len() != header.len() {
            let (have, want) = (found.len(), header.len());
            let message = Text::new(
                format!("有 {have} 格，应为 {want} 格"),
                format!("{have} cells, expected {want}"),
            );
            let span = Span::new(file, start, start + line.len());
            let label = Text::new("格数不符", "another number of cells");
            let diagnostic = Diagnostic::error("ragged-row", message).label(span, label);
            diags.push(diagnostic.help(Text::new(
                "每行与表头格数相同",
                "every line has as many cells as the header",
            )));
            continue;
        }
        for (column, place) in values.iter_mut().zip(&places) {
            let Some(place) = place else { continue };
            let (at, cell) = found[*place];
            if let Ok(value) = number::parse(cell) {
                column.push(value);
                continue;
            }
            let message = Text::new(
                format!("`{cell}` 不是数（百分比写成小数，如 0.8）"),
                format!("`{cell}` is no number (a percentage is written 0.8)"),
            );
            let span = Span::new(file, at, at + cell.len());
            let label = Text::new("不是数", "no number");
            let diagnostic = Diagnostic::error("not-a-number", message).label(span, label);
            diags.push(diagnostic.help(Text::new("写成数，如 0.8", "write a number, like 0.8")));
        }
    }
    if diags.len() == before && values.first().is_none_or(Vec::is_empty) {
        let message = Text::new(
            format!("{} 没有一行数据", files.path(file)),
            format!("{} has no draws", files.path(file)),
        );
        diags.push(empty(file, message));
    }
    (diags.len() == before).then_some(values)
}

/// Where the cell of a draw in the column called `name` stands, counted from 0.
pub fn cell(files: &Files, file: FileId, name: &str, draw: usize) -> Option<Span> {
    let mut lines = lines(files.text(file)).filter(|(_, line)| !line.trim().is_empty());
    let (start, header) = lines.next()?;
    let place = cells(start, header)
        .iter()
        .position(|(_, cell)| *cell == name)?;
    let (start, line) = lines.nth(draw)?;
    let (at, cell) = *cells(start, line).get(place)?;
    Some(Span::new(file, at, at + cell.len()))
}

/// Where each name stands in the header.
fn columns(
    file: FileId,
    header: &[(usize, &str)],
    names: &[&str],
    (start, text): (usize, &str),
    diags: &mut Diagnostics,
) -> Vec<Option<usize>> {
    let known = |name: &str| name == "draw" || names.contains(&name);
    for (at, name) in header.iter().filter(|(_, name)| !known(name)) {
        let message = Text::new(
            format!("没有输入 `{name}`"),
            format!("no input is called `{name}`"),
        );
        let span = Span::new(file, *at, at + name.len());
        let label = Text::new("没有这个输入", "no such input");
        let diagnostic = Diagnostic::error("unknown-column", message).label(span, label);
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => Text::new(
                format!("是否指 `{near}`？"),
                format!("did you mean `{near}`?"),
            ),
            None => Text::new(
                format!("输入有：{}", names.join("、")),
                format!("the inputs are {}", names.join(", ")),
            ),
        };
        diags.push(diagnostic.help(help));
    }
    let place = |name: &&str| {
        let found = header.iter().position(|(_, cell)| cell == name);
        if found.is_none() {
            let message = Text::new(
                format!("缺少输入 `{name}` 的一列"),
                format!("there is no column for the input `{name}`"),
            );
            let end = start + text[start..].find('\n').unwrap_or(text.len() - start);
            let span = Span::new(file, start, end);
            let label = Text::new("表头", "the header");
            let diagnostic = Diagnostic::error("missing-column", message).label(span, label);
            diags.push(diagnostic.help(Text::new(
                format!("加上 `{name}` 一列，或去掉这个输入"),
                format!("add a column `{name}`, or leave the input out"),
            )));
        }
        found
    };
    names.iter().map(place).collect()
}

/// A file without draws.
fn empty(file: FileId, message: Text) -> Diagnostic {
    Diagnostic::error("empty-file", message)
        .label(Span::new(file, 0, 0), Text::new("没有数据", "no data"))
        .help(Text::new(
            "表头写输入的 id，其下每行一次抽样",
            "name the inputs in the header; below it, one line a draw",
        ))
}

/// Lines with where they start, without line ends and a byte-order mark.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut at = text.len() - body.len();
    body.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

/// Cells with where they start, without space and quotes around them.
fn cells(start: usize, line: &str) -> Vec<(usize, &str)> {
    let mut at = start;
    line.split(',')
        .map(|cell| {
            let place = at;
            at += cell.len() + 1;
            let trimmed = cell.trim();
            let inner = trimmed
                .strip_prefix('"')
                .and_then(|cell| cell.strip_suffix('"'))
                .unwrap_or(trimmed);
            let offset = cell.find(inner).unwrap_or(0);
            (place + offset, inner)
        })
        .collect()
}
