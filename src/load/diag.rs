//! What is wrong with the input, where, and what to write instead.
//!
//! A [`Diagnostic`] is a value: the same one is shown on a terminal
//! ([`Diagnostics::render`]) and given to a machine ([`Diagnostics::to_json`]).
//! Readers push and go on, so that one run reports every mistake.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::digest::hex;
use jianpai_core::plausible::Doubt;
use jianpai_core::text::{Lang, Text};

mod nearest;
mod render;

pub use nearest::{all_nearest, nearest};

/// An id with its Chinese name beside it, if it has one of its own.
pub(crate) fn beside(id: &str, name: &str) -> String {
    if name.is_empty() || name == id {
        id.to_string()
    } else {
        format!("{id}（{name}）")
    }
}

/// One input file in [`Files`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// Every input file read so far: its path as the user wrote it, and its
/// decoded text.
#[derive(Clone, Default, Debug)]
pub struct Files {
    items: Vec<Arc<File>>,
}

struct File {
    path: String,
    text: Arc<str>,
    /// SHA-256 of the bytes that were read, in hexadecimal digits.
    sha256: OnceLock<String>,
    /// Byte offset of the start of each line.
    lines: OnceLock<Vec<usize>>,
}

impl fmt::Debug for File {
    /// The path alone: nobody wants to read the text in a panic.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({} bytes)", self.path, self.text.len())
    }
}

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a file. The text is the decoded one, see [`crate::table::decode`].
    /// A file taken in again is another file: in a scenario, ids grow from the file
    /// itself to those it extends.
    ///
    /// # Panics
    /// When there are more than `u32::MAX` files.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let id = u32::try_from(self.items.len()).expect("fewer than 2^32 files");
        self.items.push(Arc::new(File {
            path: path.into(),
            text: text.into(),
            sha256: OnceLock::new(),
            lines: OnceLock::new(),
        }));
        FileId(id)
    }

    /// Takes in a file whose `text` was made from `bytes`: manifests name the hash of
    /// what was read, not of what it was turned into.
    ///
    /// # Panics
    /// When there are more than `u32::MAX` files.
    pub fn add_decoded(
        &mut self,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
        bytes: &[u8],
    ) -> FileId {
        let file = self.add(path, text);
        if self.text(file).as_bytes() != bytes {
            let _ = self.file(file).sha256.set(hex(bytes));
        }
        file
    }

    /// The same where the bytes are gone, but for their SHA-256.
    ///
    /// # Panics
    /// When there are more than `u32::MAX` files.
    pub fn add_hashed(
        &mut self,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
        sha256: String,
    ) -> FileId {
        let file = self.add(path, text);
        let _ = self.file(file).sha256.set(sha256);
        file
    }

    /// SHA-256 of the bytes that were read, in hexadecimal digits.
    pub fn sha256(&self, file: FileId) -> &str {
        let file = self.file(file);
        file.sha256.get_or_init(|| hex(file.text.as_bytes()))
    }

    /// The path as the user wrote it.
    pub fn path(&self, file: FileId) -> &str {
        &self.file(file).path
    }

    /// The decoded text.
    pub fn text(&self, file: FileId) -> &str {
        &self.file(file).text
    }

    /// The decoded text, shared.
    pub(crate) fn shared(&self, file: FileId) -> Arc<str> {
        Arc::clone(&self.file(file).text)
    }

    /// All files in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &str, &str)> {
        (0..)
            .zip(&self.items)
            .map(|(id, file)| (FileId(id), file.path.as_str(), &*file.text))
    }

    /// Line and column, both from 1, of a byte offset. Columns count characters.
    pub fn position(&self, file: FileId, offset: usize) -> (usize, usize) {
        let text = self.text(file);
        let offset = floor(text, offset);
        let lines = self.lines(file);
        let line = self.line_of(file, offset);
        let start = lines[line - 1];
        (line, text[start..offset].chars().count() + 1)
    }

    /// The line of a byte offset, from 1.
    fn line_of(&self, file: FileId, offset: usize) -> usize {
        self.lines(file).partition_point(|&start| start <= offset)
    }

    /// The text a span covers.
    pub fn slice(&self, span: Span) -> &str {
        let text = self.text(span.file);
        let start = floor(text, span.start);
        &text[start..floor(text, span.end).max(start)]
    }

    /// A whole line, counted from 1.
    pub(crate) fn line(&self, file: FileId, line: usize) -> Span {
        let lines = self.lines(file);
        let text = self.text(file);
        let start = lines
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(text.len());
        let length = text[start..].lines().next().unwrap_or_default().len();
        Span::new(file, start, start + length)
    }

    /// Byte offset of the start of each line; never empty.
    fn lines(&self, file: FileId) -> &[usize] {
        let file = self.file(file);
        file.lines.get_or_init(|| {
            let ends = file.text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
            std::iter::once(0).chain(ends.map(|(i, _)| i + 1)).collect()
        })
    }

    fn file(&self, file: FileId) -> &File {
        &self.items[file.0 as usize]
    }
}

/// [`Files::position`] for places that come in order: a line as long as a file is
/// counted once, not once a place.
struct Places<'a> {
    files: &'a Files,
    /// The last place, and its line and column.
    last: Option<(FileId, usize, (usize, usize))>,
}

impl<'a> Places<'a> {
    fn new(files: &'a Files) -> Self {
        Self { files, last: None }
    }

    fn position(&mut self, file: FileId, offset: usize) -> (usize, usize) {
        let text = self.files.text(file);
        let offset = floor(text, offset);
        let found = match self.last {
            Some((f, from, (line, column)))
                if f == file && from <= offset && self.files.line_of(file, offset) == line =>
            {
                (line, column + text[from..offset].chars().count())
            }
            _ => self.files.position(file, offset),
        };
        self.last = Some((file, offset, found));
        found
    }
}

/// The nearest character boundary at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A place in a file: bytes of the decoded text, `end` not included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start, end }
    }

    /// From here to the end of `other`, if that is in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        let end = if other.file == self.file {
            self.end.max(other.end)
        } else {
            self.end
        };
        Self { end, ..self }
    }
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used.
    Error,
    /// The input can be used, but probably says something else than was meant.
    Warning,
    /// The input is read as meant; what it says is to be doubted.
    Doubt(Doubt),
}

impl Severity {
    /// The word used in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Doubt(doubt) => doubt.id(),
        }
    }
}

/// A place and what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty for a bare underline.
    pub text: Text,
}

/// One mistake of the user's, in both languages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Kebab-case name of the kind of mistake, e.g. `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: Text,
    /// Where; the first is the primary one.
    pub labels: Vec<Label>,
    /// Facts that help to understand.
    pub notes: Vec<Text>,
    /// What to do.
    pub help: Option<Text>,
    /// A text to put in place of a span.
    pub replace: Option<(Span, String)>,
}

impl Diagnostic {
    /// A mistake that makes the input unusable.
    #[must_use]
    pub fn error(code: &'static str, message: Text) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            replace: None,
        }
    }

    /// A doubt that does not stop the run.
    #[must_use]
    pub fn warning(code: &'static str, message: Text) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    /// A finding: the input runs, what it says is to be doubted.
    #[must_use]
    pub fn finding(code: &'static str, doubt: Doubt, message: Text) -> Self {
        Self {
            severity: Severity::Doubt(doubt),
            ..Self::error(code, message)
        }
    }

    /// Points at a place. The first label is the primary one.
    #[must_use]
    pub fn label(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: Text) -> Self {
        self.notes.push(text);
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: Text) -> Self {
        self.help = Some(text);
        self
    }

    /// Offers `replacement` for what `span` covers.
    #[must_use]
    pub fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.replace = Some((span, replacement.into()));
        self
    }

    /// The primary place, if any.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Whether the rendered text carries terminal colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Color {
    /// ANSI escapes.
    Always,
    /// Plain text.
    Never,
}

/// Diagnostics that are shown at most; nobody reads more, and they take time to draw.
pub const MOST: usize = 200;
/// Bytes of source lines that are drawn at most.
const ROOM: usize = 4 << 20;

/// What has been found so far.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds many.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.items.extend(others);
    }

    /// Changes each of them.
    pub fn change(&mut self, act: impl FnMut(&mut Diagnostic)) {
        self.items.iter_mut().for_each(act);
    }

    /// How many make the input unusable.
    pub fn errors(&self) -> usize {
        let errors = self.iter().filter(|item| item.severity == Severity::Error);
        errors.count()
    }

    /// Whether the input is unusable.
    pub fn has_errors(&self) -> bool {
        self.iter().any(|item| item.severity == Severity::Error)
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.items.iter()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Orders by file and place; those without a place come first. What two
    /// scenarios share (a file both extend) is said once.
    pub fn sort(&mut self) {
        self.items.sort_by_key(Diagnostic::span);
        self.items.dedup();
    }

    /// The text for a terminal: one block for each diagnostic, an empty line
    /// between two. What several files say of one they all extend is said once. Of very
    /// many the first are shown, and the others counted.
    pub fn render(&self, files: &Files, lang: Lang, color: Color) -> String {
        let mut blocks: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        let mut room = ROOM;
        // Where not all are shown, no error is left out for a warning.
        let of = |error: bool| {
            let items = self.iter();
            items.filter(move |item| (item.severity == Severity::Error) == error)
        };
        let all: Vec<&Diagnostic> = if self.len() > MOST {
            of(true).chain(of(false)).collect()
        } else {
            self.iter().collect()
        };
        for (place, item) in all.into_iter().enumerate() {
            let cost = render::cost(item, files);
            if blocks.len() >= MOST || (room < cost && !blocks.is_empty()) {
                blocks.push(render::more(self.len() - place, lang));
                break;
            }
            let block = render::block(item, files, lang, color);
            if seen.insert(block.clone()) {
                room = room.saturating_sub(cost);
                blocks.push(block);
            }
        }
        blocks.join("\n")
    }

    /// The same for a machine: an array of objects, none of them twice. `file`, `line` and `column`
    /// are null for a diagnostic without a place.
    pub fn to_json(&self, files: &Files, lang: Lang) -> serde_json::Value {
        let mut places = Places::new(files);
        let objects = self.iter().map(|item| {
            let at = item.span().map(|span| {
                let (line, column) = places.position(span.file, span.start);
                (files.path(span.file), line, column)
            });
            serde_json::json!({
                "file": at.map(|at| at.0),
                "line": at.map(|at| at.1),
                "column": at.map(|at| at.2),
                "code": item.code,
                "severity": item.severity.id(),
                "message": item.message.get(lang),
                "help": item.help.as_ref().map(|help| help.get(lang)),
            })
        });
        let mut seen = HashSet::new();
        let objects = objects.filter(|object| seen.insert(object.to_string()));
        objects.collect()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
