//! CSV with the place of every cell.
//!
//! The text is scanned once. A cell is kept as its bytes in the text; only one
//! with doubled quotes (`"a ""b"""`) needs a text of its own.

use std::sync::Arc;

use jianpai_core::text::Text;

use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span, nearest};
use crate::number::{self, NumberError};

pub use crate::encoding::decode;

pub(crate) mod scan;

use scan::{Field, Record, Scanned};

/// A column that a table may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its header.
    pub name: &'static str,
    /// Whether the table is unusable without it.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn required(name: &'static str) -> Self {
        Self {
            name,
            required: true,
        }
    }

    /// A column that may be absent; its cells are then empty.
    pub const fn optional(name: &'static str) -> Self {
        Self {
            name,
            required: false,
        }
    }
}

/// A CSV file with a header line, cut into cells.
#[derive(Debug)]
pub struct Table {
    /// The file.
    pub file: FileId,
    text: Arc<str>,
    /// Declared columns, each with its place in the file.
    columns: Vec<(&'static str, Option<usize>)>,
    /// Columns in the file.
    width: usize,
    /// All cells, row after row.
    scanned: Scanned,
    /// Line, first and last byte of each row.
    records: Vec<Record>,
}

/// One line of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    index: usize,
}

/// One cell.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// The content, without quotes and without space around it.
    pub text: &'a str,
    /// The place, quotes included. Where the column is absent, the end of the row.
    pub span: Span,
    /// The header of its column.
    pub column: &'static str,
    /// Whether the table has a column for units.
    unit_column: bool,
}

impl Table {
    /// Reads a table of the given columns. Errors in the header leave nothing to
    /// read if a required column cannot be told; a row with too few or too many
    /// cells is reported and left out, as is an empty line without a word.
    ///
    /// # Panics
    /// When `columns` has a name twice.
    pub fn parse(
        files: &Files,
        file: FileId,
        columns: &[Column],
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let text = files.shared(file);
        let scanned = scan::scan(&text, file, diags)?;
        let records = scanned.records.clone();
        let Some((header, body)) = records.split_first() else {
            let message = Text::new(
                format!("{} 是空文件", files.path(file)),
                format!("{} is empty", files.path(file)),
            );
            let list = columns
                .iter()
                .map(|column| column.name)
                .collect::<Vec<_>>()
                .join(",");
            let help = Text::new(
                format!("表头应为 {list}"),
                format!("expected the header {list}"),
            );
            let at = Span::new(file, 0, 0);
            diags.push(
                Diagnostic::error("empty-file", message)
                    .label(at, Text::new("没有内容", "nothing here"))
                    .help(help),
            );
            return None;
        };
        let width = header.count as usize;
        let mut table = Self {
            file,
            text: Arc::clone(&text),
            columns: Vec::new(),
            width,
            scanned,
            records: Vec::new(),
        };
        table.columns = table.header(*header, columns, diags)?;
        table.records = Vec::with_capacity(body.len());
        for record in body {
            let cells = table.cells(*record);
            if cells.iter().all(|field| field.is_empty()) {
                continue;
            }
            if cells.len() == width {
                table.records.push(*record);
            } else {
                diags.push(table.ragged(*record));
            }
        }
        Some(table)
    }

    /// All rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.records.len()).map(|index| Row { table: self, index })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is only a header.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether the file has the column.
    pub fn has(&self, name: &str) -> bool {
        self.columns
            .iter()
            .any(|(column, at)| *column == name && at.is_some())
    }

    fn cells(&self, record: Record) -> &[Field] {
        &self.scanned.fields[record.first as usize..(record.first + record.count) as usize]
    }

    fn content(&self, field: Field) -> &str {
        self.scanned.content(&self.text, field)
    }

    fn span(&self, field: Field) -> Span {
        Span::new(self.file, field.start as usize, field.end as usize)
    }

    /// Finds the declared columns in the header and reports the rest.
    fn header(
        &self,
        header: Record,
        columns: &[Column],
        diags: &mut Diagnostics,
    ) -> Option<Vec<(&'static str, Option<usize>)>> {
        let written: Vec<(&str, Span)> = self
            .cells(header)
            .iter()
            .map(|&field| (self.content(field), self.span(field)))
            .collect();
        let names: Vec<&str> = written.iter().map(|(name, _)| *name).collect();
        if let (&[(name, span)], true) = (written.as_slice(), columns.len() > 1)
            && let Some(sign) = name.chars().find(|c| matches!(c, ';' | '\t' | '，' | '|'))
        {
            diags.push(delimiter(sign, span));
            return None;
        }
        let mut usable = true;
        let (mut explained, mut absent) = (Vec::new(), Vec::new());
        let line = Span::new(self.file, header.start as usize, header.end as usize);
        let mut found = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            let twice = columns[..index]
                .iter()
                .any(|other| other.name == column.name);
            assert!(!twice, "column `{}` is declared twice", column.name);
            let mut places = (0..names.len()).filter(|&i| names[i] == column.name);
            let place = places.next();
            found.push((column.name, place));
            if let (Some(first), Some(again)) = (place, places.next()) {
                usable = false;
                diags.push(duplicate(column.name, written[first].1, written[again].1));
            }
            if place.is_none() && column.required {
                usable = false;
                let spare = names
                    .iter()
                    .copied()
                    .filter(|name| columns.iter().all(|c| c.name != *name));
                let near = nearest(column.name, spare);
                let near = near.and_then(|near| names.iter().position(|name| *name == near));
                match near {
                    Some(near) => {
                        explained.push(near);
                        diags.push(renamed(column.name, written[near]));
                    }
                    None => absent.push(column.name),
                }
            }
        }
        if !absent.is_empty() {
            diags.push(missing(&absent, line));
        }
        for (index, &(name, span)) in written.iter().enumerate() {
            if index == 0 && is_index(name, 0) {
                diags.push(index_column(name, span));
                continue;
            }
            let known = columns.iter().any(|column| column.name == name);
            if !known && !explained.contains(&index) {
                let absent = columns
                    .iter()
                    .map(|c| c.name)
                    .filter(|c| !names.contains(c));
                diags.push(unknown(name, span, nearest(name, absent), columns));
            }
        }
        usable.then_some(found)
    }

    fn ragged(&self, record: Record) -> Diagnostic {
        let (found, expected) = (record.count, self.width);
        let message = Text::new(
            format!("第 {} 行有 {found} 格，应为 {expected} 格", record.line),
            format!(
                "line {} has {found} cells, expected {expected}",
                record.line
            ),
        );
        let extra = self
            .cells(record)
            .get(expected)
            .map(|&field| self.span(field));
        let start = extra.map_or(record.start as usize, |span| span.start);
        let span = Span::new(self.file, start, record.end as usize);
        let label = if extra.is_some() {
            Text::new("多出的格", "more cells than the header has")
        } else {
            Text::new("格数不够", "fewer cells than the header has")
        };
        let diagnostic = Diagnostic::error("ragged-row", message).label(span, label);
        if extra.is_none() {
            return diagnostic.help(Text::new(
                "空着的格也要有逗号",
                "a cell left empty keeps its comma",
            ));
        }
        diagnostic.help(Text::new(
            "含逗号的格要加引号",
            "a cell with a comma in it goes in quotes",
        ))
    }
}

impl<'a> Row<'a> {
    /// The cell of a declared column; empty where the file lacks the column.
    ///
    /// # Panics
    /// When the column was not declared to [`Table::parse`].
    pub fn cell(&self, name: &str) -> Cell<'a> {
        let table = self.table;
        let declared = table.columns.iter().find(|(column, _)| *column == name);
        let Some(&(column, place)) = declared else {
            panic!("column `{name}` was not declared");
        };
        let record = table.records[self.index];
        let (text, span) = if let Some(place) = place {
            let field = table.cells(record)[place];
            (table.content(field), table.span(field))
        } else {
            let end = record.end as usize;
            ("", Span::new(table.file, end, end))
        };
        let unit_column = table.has("unit");
        Cell {
            text,
            span,
            column,
            unit_column,
        }
    }

    /// The line in the file, from 1; the first one if a quoted cell spans several.
    pub fn line(&self) -> usize {
        self.table.records[self.index].line as usize
    }

    /// The whole row.
    pub fn span(&self) -> Span {
        let record = self.table.records[self.index];
        Span::new(self.table.file, record.start as usize, record.end as usize)
    }
}

impl<'a> Cell<'a> {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The finite number written here, or a diagnostic.
    pub fn number(&self, diags: &mut Diagnostics) -> Option<f64> {
        number::parse(self.text)
            .map_err(|error| diags.push(self.not_a_number(&error)))
            .ok()
    }

    /// The finite number written here; an empty cell is `None` without a word.
    pub fn opt_number(&self, diags: &mut Diagnostics) -> Option<f64> {
        if self.is_empty() {
            None
        } else {
            self.number(diags)
        }
    }

    /// The text written here, or a diagnostic for an empty cell.
    pub fn text_required(&self, diags: &mut Diagnostics) -> Option<&'a str> {
        if self.is_empty() {
            diags.push(self.empty());
            return None;
        }
        Some(self.text)
    }

    fn empty(&self) -> Diagnostic {
        let column = self.column;
        let message = Text::new(format!("`{column}` 为空"), format!("`{column}` is empty"));
        let label = Text::new("此格必填", "this cell must be filled in");
        let diagnostic = Diagnostic::error("empty-cell", message).label(self.span, label);
        match column {
            "source" => diagnostic.help(Text::new(
                "写 sources.csv 中的来源 id；凭经验假设的写 assumption",
                "name a source of sources.csv; for a judgement of your own `assumption`",
            )),
            "status" => diagnostic.help(Text::new(
                "写 quoted、computed、secondary、recalled、estimated 或 assumed",
                "write quoted, computed, secondary, recalled, estimated or assumed",
            )),
            _ => diagnostic.help(Text::new(
                "没有该值时删去整行，不留空格",
                "without a value leave out the whole row, not the cell",
            )),
        }
    }

    fn not_a_number(&self, error: &NumberError) -> Diagnostic {
        if *error == NumberError::Empty {
            return self.empty();
        }
        not_a_number(self.column, self.text, (self.span, self.unit_column), error)
    }
}

/// What is to be said of a cell that should be a number; whether the table has a column
/// for units decides where a unit belongs.
pub(crate) fn not_a_number(
    column: &str,
    text: &str,
    (span, unit_column): (Span, bool),
    error: &NumberError,
) -> Diagnostic {
    let message = Text::new(
        format!("`{column}` 应为数，却是 `{text}`"),
        format!("`{column}` should be a number, found `{text}`"),
    );
    let diagnostic = Diagnostic::error("not-a-number", message).label(span, error.message());
    match (error.suggestion(), error) {
        (Some(plain), _) => diagnostic.suggest(span, plain),
        (None, NumberError::Unit { number, .. }) if unit_column => diagnostic.help(Text::new(
            format!("此处只写 {number}，单位写在单位一列"),
            format!("write {number} alone; the unit has a column of its own"),
        )),
        (None, NumberError::Unit { number, unit }) => match number::scaled(number, unit) {
            Some(plain) => diagnostic
                .help(Text::new(format!("写 {plain}"), format!("write {plain}")))
                .suggest(span, plain),
            None => diagnostic.help(Text::new(
                format!("只写 {number}；全列用同一单位"),
                format!("write {number} alone, in one unit for the whole column"),
            )),
        },
        (None, _) => diagnostic.help(Text::new(
            "写数字，如 0.8",
            "write it in digits, such as 0.8",
        )),
    }
}

/// Whether a column is the row labels of a data frame that were written with it: pandas
/// gives them no name, or one like `Unnamed: 0` when it reads them again.
pub(crate) fn is_index(name: &str, place: usize) -> bool {
    let number = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let level = name
        .strip_prefix("__index_level_")
        .and_then(|rest| rest.strip_suffix("__"));
    (place == 0 && name.is_empty())
        || name.strip_prefix("Unnamed: ").is_some_and(number)
        || level.is_some_and(number)
}

/// The remark on such a column.
pub(crate) fn index_column(name: &str, span: Span) -> Diagnostic {
    let shown = if name.is_empty() {
        String::new()
    } else {
        format!(" `{name}`")
    };
    let message = Text::new(
        format!("列{shown}是 pandas 的行号，略去"),
        format!("the column{shown} is the row numbers of pandas: left out"),
    );
    Diagnostic::warning("index-column", message)
        .label(span, Text::new("行号", "row numbers"))
        .help(Text::new(
            "写表时加 index=False 就没有这一列",
            "with index=False it is not written",
        ))
}

pub(crate) fn delimiter(sign: char, span: Span) -> Diagnostic {
    let message = Text::new(
        "各列应以英文逗号 `,` 分隔",
        "columns must be separated by `,`",
    );
    let shown = sign.escape_debug();
    let label = Text::new(format!("用了 `{shown}`"), format!("separated by `{shown}`"));
    Diagnostic::error("wrong-delimiter", message)
        .label(span, label)
        .help(Text::new(
            "在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
            "in Excel save it as “CSV UTF-8 (comma delimited)”",
        ))
}

pub(crate) fn duplicate(name: &str, first: Span, again: Span) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` 列出现两次"),
        format!("column `{name}` occurs twice"),
    );
    Diagnostic::error("duplicate-column", message)
        .label(again, Text::new("又一次", "again here"))
        .label(first, Text::new("先在这里", "first here"))
        .help(Text::new("删去一列", "take one of them out"))
}

fn renamed(name: &str, (near, span): (&str, Span)) -> Diagnostic {
    let message = Text::new(format!("缺少 `{name}` 列"), format!("no column `{name}`"));
    Diagnostic::error("missing-column", message)
        .label(span, Text::new("是这一列吗？", "is this it?"))
        .help(Text::new(
            format!("将 `{near}` 改为 `{name}`"),
            format!("rename `{near}` to `{name}`"),
        ))
        .suggest(span, name)
}

fn missing(names: &[&str], header: Span) -> Diagnostic {
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = Text::new(
        format!("缺少 {} 列", list.join("、")),
        format!("no column {}", list.join(", ")),
    );
    Diagnostic::error("missing-column", message)
        .label(header, Text::new("表头", "the header"))
        .help(Text::new(
            format!("补上 {}", names.join("、")),
            format!("add {}", names.join(", ")),
        ))
}

fn unknown(name: &str, span: Span, near: Option<&str>, columns: &[Column]) -> Diagnostic {
    let message = if name.is_empty() {
        Text::new("表头有一格为空", "a header is empty")
    } else {
        Text::new(
            format!("没有 `{name}` 这一列"),
            format!("unknown column `{name}`"),
        )
    };
    let list: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let diagnostic = Diagnostic::error("unknown-column", message)
        .label(span, Text::new("未知的列", "unknown column"));
    match near {
        Some(near) => diagnostic.suggest(span, near).help(Text::new(
            format!("是否指 `{near}`？"),
            format!("did you mean `{near}`?"),
        )),
        None => diagnostic.help(Text::new(
            format!("可用的列：{}", list.join("、")),
            format!("known columns: {}", list.join(", ")),
        )),
    }
}

#[cfg(test)]
mod tests;
