//! Cutting a whole CSV text into cells, each with its place. What a cell is, says
//! [`crate::cut`].

use jianpai_core::text::Text;

use crate::cut::{self, Piece, State};
use crate::diag::{Diagnostic, Diagnostics, FileId, Span};

/// A cell: its bytes with the quotes and without the space around, and how its
/// content is got.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub start: u32,
    pub end: u32,
    form: u32,
}

/// How the content of a cell is got.
pub(crate) enum Form {
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
    pub(crate) fn form(self) -> Form {
        match self.form {
            PLAIN => Form::Plain,
            QUOTED => Form::Quoted,
            index => Form::Unquoted(index as usize),
        }
    }

    /// Whether the cell has no content.
    pub(crate) fn is_empty(self) -> bool {
        match self.form {
            PLAIN => self.start == self.end,
            QUOTED => self.end - self.start == 2,
            _ => false,
        }
    }
}

/// A row: its line from 1, its bytes, and its cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub line: u32,
    pub start: u32,
    pub end: u32,
    pub first: u32,
    pub count: u32,
}

/// A whole text, cut.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub fields: Vec<Field>,
    pub unquoted: Vec<Box<str>>,
    pub records: Vec<Record>,
}

impl Scanned {
    /// The content of a cell of the text that was cut.
    pub(crate) fn content<'a>(&'a self, text: &'a str, field: Field) -> &'a str {
        match field.form() {
            Form::Plain => &text[field.start as usize..field.end as usize],
            Form::Quoted => &text[field.start as usize + 1..field.end as usize - 1],
            Form::Unquoted(index) => &self.unquoted[index],
        }
    }
}

/// Cuts a text. Rows without a word are none, and empty cells beyond the header's last
/// name are left out: spreadsheets write both behind a table. An unclosed quote makes all that follows meaningless, so there is
/// no table then; nor is there of a file of 4 GiB.
pub(crate) fn scan(text: &str, file: FileId, diags: &mut Diagnostics) -> Option<Scanned> {
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
        scanned: Scanned {
            fields: Vec::with_capacity(text.len() / 8),
            unquoted: Vec::new(),
            records: Vec::with_capacity(text.len() / 64),
        },
        width: None,
    };
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let mut state = State::default();
        let end = state.pass(&text.as_bytes()[at..]);
        let whole = &text[at..end.map_or(text.len(), |end| at + end)];
        if state.is_open() {
            let last = cut::pieces(whole.as_bytes()).last();
            let open = last.map_or(0, |piece| piece.start);
            let line = line + breaks(&whole[..open]);
            diags.push(scanner.unclosed(at + open, line));
            return None;
        }
        scanner.record(at, whole, line, diags);
        line += breaks(whole);
        at += whole.len();
    }
    Some(scanner.scanned)
}

/// Line breaks in a text.
fn breaks(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

struct Scanner<'a> {
    text: &'a str,
    file: FileId,
    scanned: Scanned,
    /// Cells of the header, once it is there.
    width: Option<usize>,
}

impl Scanner<'_> {
    /// One row; `whole` has its line break.
    fn record(&mut self, start: usize, whole: &str, line: u32, diags: &mut Diagnostics) {
        let row = cut::without_break(whole.as_bytes());
        let first = self.scanned.fields.len();
        for piece in cut::pieces(row) {
            self.field(start, row, piece, diags);
        }
        let fields = &mut self.scanned.fields;
        let keep = first + self.width.unwrap_or(0);
        while fields.len() > keep && fields.last().is_some_and(|field| field.is_empty()) {
            fields.pop();
        }
        if fields[first..].iter().all(|field| field.is_empty()) {
            fields.truncate(first);
            return;
        }
        let count = fields.len() - first;
        self.width.get_or_insert(count);
        self.scanned.records.push(Record {
            line,
            start: start as u32,
            end: (start + row.len()) as u32,
            first: first as u32,
            count: count as u32,
        });
    }

    /// One cell of the row that begins at `base`.
    fn field(&mut self, base: usize, row: &[u8], piece: Piece, diags: &mut Diagnostics) {
        let (from, to) = (base + piece.junk.0, base + piece.junk.1);
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
        let (start, end) = (base + piece.start, base + piece.end);
        let (start, end, form) = match piece.form {
            cut::Form::Plain => {
                let (start, end) = trimmed(self.text, start, end);
                (start, end, PLAIN)
            }
            cut::Form::Quoted => (start, end, QUOTED),
            cut::Form::Doubled => {
                // Quotes are single bytes: what is between them is whole characters.
                let content = String::from_utf8_lossy(piece.bytes(row));
                self.scanned
                    .unquoted
                    .push(content.replace("\"\"", "\"").into());
                (start, end, self.scanned.unquoted.len() as u32 - 1)
            }
        };
        self.scanned.fields.push(Field {
            start: start as u32,
            end: end as u32,
            form,
        });
    }

    fn unclosed(&self, open: usize, line: u32) -> Diagnostic {
        let message = Text::new(
            format!("第 {line} 行的引号没有结束"),
            format!("the quote in line {line} is never closed"),
        );
        let label = Text::new("从这里开始", "opened here");
        let span = Span::new(self.file, open, open + 1);
        let help = Text::new("在格末补上引号", "close it at the end of the cell");
        Diagnostic::error("unclosed-quote", message)
            .label(span, label)
            .help(help)
    }
}

/// The bytes without the space around, Chinese and other space included.
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
