//! Cutting a CSV text into cells.

use jianpai_core::text::Text;

use crate::diag::{Diagnostic, Diagnostics, FileId, Span};

/// A cell: its bytes with the quotes and without the space around, and how its
/// content is got.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub start: u32,
    pub end: u32,
    form: u32,
}

/// How the content of a cell is got.
pub(super) enum Form {
    /// The bytes themselves.
    Plain,
    /// The bytes between the quotes.
    Quoted,
    /// The text of this number in [`Scanned::unquoted`].
    Unquoted(usize),
}

const PLAIN: u32 = u32::MAX;
const QUOTED: u32 = u32::MAX - 1;

impl Field {
    pub(super) fn form(self) -> Form {
        match self.form {
            PLAIN => Form::Plain,
            QUOTED => Form::Quoted,
            index => Form::Unquoted(index as usize),
        }
    }

    /// Whether the cell has no content.
    pub(super) fn is_empty(self) -> bool {
        match self.form {
            PLAIN => self.start == self.end,
            QUOTED => self.end - self.start == 2,
            _ => false,
        }
    }
}

/// A row: its line from 1, its bytes, and its cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub line: u32,
    pub start: u32,
    pub end: u32,
    pub first: u32,
    pub count: u32,
}

/// A whole text, cut.
pub(super) struct Scanned {
    pub fields: Vec<Field>,
    pub unquoted: Vec<Box<str>>,
    pub records: Vec<Record>,
}

/// Cuts a text. An unclosed quote makes all that follows meaningless, so there is
/// no table then; nor is there of a file of 4 GiB.
pub(super) fn scan(text: &str, file: FileId, diags: &mut Diagnostics) -> Option<Scanned> {
    if text.len() >= QUOTED as usize {
        let message = Text::new(
            "文件过大（4 GiB 以上）",
            "the file is too large (4 GiB or more)",
        );
        let at = Span::new(file, 0, 0);
        diags.push(Diagnostic::error("file-too-large", message).label(at, Text::default()));
        return None;
    }
    let mut scanner = Scanner {
        text,
        file,
        at: 0,
        line: 1,
        scanned: Scanned {
            fields: Vec::with_capacity(text.len() / 8),
            unquoted: Vec::new(),
            records: Vec::with_capacity(text.len() / 64),
        },
        sound: true,
    };
    while scanner.at < text.len() {
        scanner.record(diags);
    }
    scanner.sound.then_some(scanner.scanned)
}

struct Scanner<'a> {
    text: &'a str,
    file: FileId,
    at: usize,
    line: u32,
    scanned: Scanned,
    sound: bool,
}

impl Scanner<'_> {
    /// One row with its line break; an empty line is no row.
    fn record(&mut self, diags: &mut Diagnostics) {
        let bytes = self.text.as_bytes();
        let (line, start) = (self.line, self.at);
        let first = self.scanned.fields.len();
        loop {
            self.field(diags);
            match bytes.get(self.at) {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        let end = start + self.text[start..self.at].trim_end_matches('\r').len();
        if self.at < bytes.len() {
            self.at += 1; // the line break
            self.line += 1;
        }
        let count = self.scanned.fields.len() - first;
        if count == 1 && self.scanned.fields[first].is_empty() {
            self.scanned.fields.truncate(first);
            return;
        }
        self.scanned.records.push(Record {
            line,
            start: start as u32,
            end: end as u32,
            first: first as u32,
            count: count as u32,
        });
    }

    /// One cell, up to its comma, line break or the end of the text.
    fn field(&mut self, diags: &mut Diagnostics) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut open = start;
        while matches!(bytes.get(open), Some(b' ' | b'\t')) {
            open += 1;
        }
        if bytes.get(open) == Some(&b'"') {
            self.quoted(open, diags);
            return;
        }
        self.at = self.next_break(start);
        let (start, end) = trimmed(self.text, start, self.at);
        self.push(start, end, PLAIN);
    }

    /// A cell in quotes that open at `open`.
    fn quoted(&mut self, open: usize, diags: &mut Diagnostics) {
        let bytes = self.text.as_bytes();
        let mut at = open + 1;
        let mut doubled = false;
        let line = self.line;
        loop {
            match bytes.get(at) {
                Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                    doubled = true;
                    at += 2;
                }
                Some(b'"') => break,
                Some(&byte) => {
                    self.line += u32::from(byte == b'\n');
                    at += 1;
                }
                None => {
                    self.at = bytes.len();
                    self.unclosed(open, line, diags);
                    return;
                }
            }
        }
        let close = at + 1;
        self.at = self.next_break(close);
        let (from, to) = trimmed(self.text, close, self.at);
        if from < to {
            let message = Text::new("引号之后还有内容", "text after a closing quote");
            let help = Text::new(
                "整格放在一对引号里，格内的引号写两遍",
                "put the whole cell in quotes, and double the quotes inside it",
            );
            let span = Span::new(self.file, from, to);
            diags.push(
                Diagnostic::error("bad-quote", message)
                    .label(span, Text::new("多出", "left over"))
                    .help(help),
            );
        }
        let form = if doubled {
            let content = self.text[open + 1..close - 1].replace("\"\"", "\"");
            self.scanned.unquoted.push(content.into());
            self.scanned.unquoted.len() as u32 - 1
        } else {
            QUOTED
        };
        self.push(open, close, form);
    }

    fn unclosed(&mut self, open: usize, line: u32, diags: &mut Diagnostics) {
        let message = Text::new(
            format!("第 {line} 行的引号没有结束"),
            format!("the quote in line {line} is never closed"),
        );
        let label = Text::new("从这里开始", "opened here");
        let span = Span::new(self.file, open, open + 1);
        let help = Text::new("在格末补上引号", "close it at the end of the cell");
        diags.push(
            Diagnostic::error("unclosed-quote", message)
                .label(span, label)
                .help(help),
        );
        self.sound = false;
        self.push(open, open, PLAIN);
    }

    fn push(&mut self, start: usize, end: usize, form: u32) {
        let field = Field {
            start: start as u32,
            end: end as u32,
            form,
        };
        self.scanned.fields.push(field);
    }

    /// The next comma, line break or the end.
    fn next_break(&self, from: usize) -> usize {
        let rest = &self.text.as_bytes()[from..];
        let stop = rest.iter().position(|b| matches!(b, b',' | b'\n'));
        stop.map_or(self.text.len(), |i| from + i)
    }
}

/// The bytes without the space around.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let bytes = &text.as_bytes()[start..end];
    let plain = |byte: Option<&u8>| byte.is_none_or(|b| (0x21..0x7f).contains(b));
    if plain(bytes.first()) && plain(bytes.last()) {
        return (start, end);
    }
    let part = &text[start..end];
    let left = start + (part.len() - part.trim_start().len());
    (left, left + part.trim().len())
}
