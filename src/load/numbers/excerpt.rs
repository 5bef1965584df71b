//! The lines of a large table that diagnostics show.
//!
//! An excerpt is the text of the file with all other lines left empty, so that lines
//! and columns are those of the file.

use super::{Fault, Header, Numbers, Problem, Source};
use crate::cut;
use crate::diag::{Diagnostic, Diagnostics, FileId, Files, Span};
use crate::number::NumberError;
use crate::table;
use jianpai_core::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// Some lines of a file, taken in as a file of [`Files`].
#[derive(Clone, Debug)]
pub struct Excerpt {
    /// The file.
    pub file: FileId,
    /// First byte of every line that is there, and its text.
    lines: BTreeMap<usize, (usize, String)>,
    header: Header,
}

impl Excerpt {
    /// Reads the header and some lines.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(
        source: &Source<'_>,
        path: &str,
        header: &Header,
        wanted: impl IntoIterator<Item = usize>,
        files: &mut Files,
    ) -> io::Result<Self> {
        let mut wanted: BTreeSet<usize> = wanted.into_iter().collect();
        wanted.insert(header.line);
        let last = wanted.last().copied().unwrap_or(0);
        let (mut text, mut kept) = (String::new(), BTreeMap::new());
        let mut records = source.records(None)?;
        while let Some(record) = records.next()? {
            let line = record.line;
            if wanted.contains(&line) {
                let shown = record.coded.piece(record.row);
                kept.insert(line, (text.len(), shown.clone()));
                text += &shown;
            } else {
                text.extend(std::iter::repeat_n('\n', record.lines() - 1));
            }
            if line >= last {
                break;
            }
            text.push('\n');
        }
        Ok(Self {
            file: files.add(path, text),
            lines: kept,
            header: header.clone(),
        })
    }

    /// A whole line.
    pub fn line(&self, line: usize) -> Span {
        let (start, length) = self
            .lines
            .get(&line)
            .map_or((0, 0), |(start, text)| (*start, text.len()));
        Span::new(self.file, start, start + length)
    }

    /// The header.
    pub fn header(&self) -> Span {
        self.line(self.header.line)
    }

    /// A column's name in the header.
    pub fn name(&self, column: usize) -> Span {
        self.cell(self.header.line, column)
    }

    /// A cell, quotes included; the line if it has no such cell.
    pub fn cell(&self, line: usize, column: usize) -> Span {
        let Some((start, text)) = self.lines.get(&line) else {
            return self.line(line);
        };
        match cut::pieces(text.as_bytes()).nth(column) {
            Some(piece) => Span::new(self.file, start + piece.start, start + piece.end),
            None => self.line(line),
        }
    }

    /// What is to be said of every fault.
    pub fn explain(&self, numbers: &Numbers, diags: &mut Diagnostics) {
        let last = numbers.problems.len().saturating_sub(1);
        for (place, problem) in numbers.problems.iter().enumerate() {
            let mut diagnostic = self.problem(problem);
            if place == last && numbers.more > 0 {
                let more = numbers.more;
                diagnostic = diagnostic.note(Text::new(
                    format!("此后还有 {more} 处错误，未列出"),
                    format!("{more} more of such faults follow, not shown"),
                ));
            }
            diags.push(diagnostic);
        }
    }

    fn problem(&self, problem: &Problem) -> Diagnostic {
        let line = problem.line;
        match &problem.fault {
            Fault::Cell {
                column,
                text,
                error,
            } => self.bad_cell(line, *column, text, error),
            Fault::Width { found } => {
                let expected = self.header.names.len();
                let message = Text::new(
                    format!("第 {line} 行有 {found} 格，应为 {expected} 格"),
                    format!("line {line} has {found} cells, expected {expected}"),
                );
                let label = if *found > expected {
                    Text::new("格数多了", "more cells than the header has")
                } else {
                    Text::new("格数不够", "fewer cells than the header has")
                };
                Diagnostic::error("ragged-row", message).label(self.line(line), label)
            }
            Fault::Quote => {
                let message = Text::new(
                    format!("第 {line} 行的引号没有结束"),
                    format!("the quote in line {line} is never closed"),
                );
                Diagnostic::error("unclosed-quote", message)
                    .label(
                        self.line(line),
                        Text::new(
                            "引号到文件末尾也没有结束",
                            "the quote is still open at the end of the file",
                        ),
                    )
                    .help(Text::new(
                        "在格末补上引号",
                        "close it at the end of the cell",
                    ))
            }
        }
    }

    fn bad_cell(&self, line: usize, column: usize, text: &str, error: &NumberError) -> Diagnostic {
        let (name, span) = (&self.header.names[column], self.cell(line, column));
        if *error == NumberError::Empty {
            let message = Text::new(format!("`{name}` 为空"), format!("`{name}` is empty"));
            return Diagnostic::error("empty-cell", message)
                .label(span, Text::new("此格必填", "this cell must be filled in"))
                .help(Text::new(
                    "该次模型运行失败的，补算后再填；按设计抽样的表不能删行",
                    "run the model again for this row; a row of a designed sample cannot be left out",
                ));
        }
        if *error == NumberError::NotFinite {
            let message = Text::new(
                format!("`{name}` 是 `{text}`，不是有限的数"),
                format!("`{name}` is `{text}`, not a finite number"),
            );
            return Diagnostic::error("not-a-number", message)
                .label(span, error.message())
                .help(Text::new(
                    "一个这样的值就使所有指数失去意义：补算该行",
                    "a single one would make every index meaningless: run the model again for this row",
                ));
        }
        table::not_a_number(name, text, (span, false), error)
    }
}
