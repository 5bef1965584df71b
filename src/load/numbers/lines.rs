//! Lines of a file and their cells, as bytes.

use crate::table;
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// Bytes read at once.
const BUFFER: usize = 1 << 20;

/// The lines of a file, one at a time, without their line breaks.
pub(super) struct Lines {
    inner: Box<dyn BufRead>,
    line: Vec<u8>,
    number: usize,
}

impl Lines {
    /// Takes off a byte-order mark; UTF-16 is decoded whole.
    pub(super) fn new(source: Box<dyn Read>) -> io::Result<Self> {
        let mut inner: Box<dyn BufRead> = Box::new(BufReader::with_capacity(BUFFER, source));
        let start = inner.fill_buf()?;
        if start.starts_with(&[0xef, 0xbb, 0xbf]) {
            inner.consume(3);
        } else if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            let mut bytes = Vec::new();
            inner.read_to_end(&mut bytes)?;
            inner = Box::new(Cursor::new(table::decode(&bytes).into_bytes()));
        }
        Ok(Self {
            inner,
            line: Vec::new(),
            number: 0,
        })
    }

    /// The next line and its number, from 1.
    pub(super) fn next(&mut self) -> io::Result<Option<(usize, &[u8])>> {
        self.line.clear();
        if self.inner.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        Ok(Some((
            self.number,
            line.strip_suffix(b"\r").unwrap_or(line),
        )))
    }
}

/// The cells of a line, without the space and the quotes around them, and whether
/// every quote is closed.
pub(super) fn cells(line: &[u8]) -> (Vec<Cow<'_, [u8]>>, bool) {
    let (mut cells, mut closed) = (Vec::new(), true);
    let mut rest = Some(line);
    while let Some(text) = rest {
        if let Some(quoted) = text.trim_ascii_start().strip_prefix(b"\"") {
            let (cell, after, whole) = quoted_cell(quoted);
            closed &= whole;
            cells.push(Cow::Owned(cell));
            let comma = after.iter().position(|byte| *byte == b',');
            rest = comma.map(|at| &after[at + 1..]);
        } else {
            let comma = text.iter().position(|byte| *byte == b',');
            let end = comma.unwrap_or(text.len());
            cells.push(Cow::Borrowed(text[..end].trim_ascii()));
            rest = comma.map(|at| &text[at + 1..]);
        }
    }
    (cells, closed)
}

/// The content of a cell after its opening quote, what follows, and whether the
/// quote is closed.
fn quoted_cell(text: &[u8]) -> (Vec<u8>, &[u8], bool) {
    let (mut cell, mut at) = (Vec::new(), 0);
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            (b'"', Some(b'"')) => {
                cell.push(b'"');
                at += 2;
            }
            (b'"', _) => return (cell, &text[at + 1..], true),
            (byte, _) => {
                cell.push(byte);
                at += 1;
            }
        }
    }
    (cell, &[], false)
}

/// Text in UTF-8, or else in GB18030.
pub(super) fn decode(bytes: &[u8]) -> String {
    table::decode(bytes).trim().to_string()
}
