//! The rows of a table as a stream of bytes, cut as [`crate::cut`] says.

use crate::cut::{self, State};
use crate::encoding::Coded;
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// Opens the file anew at its beginning. Where columns are named, the others need not
/// hold what stands in the file, but may not be empty.
pub type Open<'a> = &'a dyn Fn(Option<&[usize]>) -> io::Result<Box<dyn Read>>;

/// Bytes read at once.
const BUFFER: usize = 1 << 20;

/// A table that can be read from its beginning any number of times.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    open: Open<'a>,
    coded: Coded,
}

impl<'a> Source<'a> {
    /// Tells the encoding, for which the whole file is read once.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new(open: Open<'a>) -> io::Result<Self> {
        let coded = Coded::read(open(None)?)?;
        Ok(Self { open, coded })
    }

    /// A source that is known to be UTF-8.
    pub fn plain(open: Open<'a>) -> Self {
        let coded = Coded::plain();
        Self { open, coded }
    }

    /// The line of the first row that no encoding gives a meaning, if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn undecodable(&self) -> io::Result<Option<usize>> {
        if self.coded.is_sound() {
            return Ok(None);
        }
        let mut records = self.records(None)?;
        while let Some(record) = records.next()? {
            if !record.coded.decode(record.row).1 {
                return Ok(Some(record.line));
            }
        }
        Ok(None)
    }

    /// The rows; of other columns than those wanted it does not matter what is in them.
    pub(super) fn records(&self, wanted: Option<&[usize]>) -> io::Result<Records> {
        let mut source = (self.open)(wanted)?;
        if !self.coded.is_cut_by_bytes() {
            let mut bytes = Vec::new();
            source.read_to_end(&mut bytes)?;
            let text = self.coded.decode(&bytes).0;
            return Ok(Records::over(
                Box::new(Cursor::new(text.into_bytes())),
                Coded::plain(),
            ));
        }
        let mut inner = BufReader::with_capacity(BUFFER, source);
        let mut mark = vec![0; self.coded.mark()];
        inner.read_exact(&mut mark)?;
        Ok(Records::over(Box::new(inner), self.coded))
    }
}

/// Rows, one at a time.
pub(super) struct Records {
    inner: Box<dyn BufRead>,
    row: Vec<u8>,
    /// Lines before the next row.
    lines: usize,
    coded: Coded,
}

/// One row.
pub(super) struct Record<'r> {
    /// Its first line, from 1.
    pub line: usize,
    /// Its bytes, line break not included.
    pub row: &'r [u8],
    /// Whether a quote is never closed.
    pub is_open: bool,
    /// How its bytes are decoded.
    pub coded: Coded,
}

impl Records {
    fn over(inner: Box<dyn BufRead>, coded: Coded) -> Self {
        Self {
            inner,
            row: Vec::new(),
            lines: 0,
            coded,
        }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        self.row.clear();
        let line = self.lines + 1;
        let mut state = State::default();
        loop {
            let before = self.row.len();
            if self.inner.read_until(b'\n', &mut self.row)? == 0 {
                break;
            }
            self.lines += 1;
            let fresh = &self.row[before..];
            if (before == 0 && !fresh.contains(&b'"')) || state.pass(fresh).is_some() {
                break;
            }
        }
        if self.row.is_empty() {
            return Ok(None);
        }
        Ok(Some(Record {
            line,
            row: cut::without_break(&self.row),
            is_open: state.is_open(),
            coded: self.coded,
        }))
    }
}

impl Record<'_> {
    /// Lines that it takes.
    pub(super) fn lines(&self) -> usize {
        self.row.split(|byte| *byte == b'\n').count()
    }

    /// The text of each cell.
    pub(super) fn texts(&self) -> Vec<String> {
        let text = |piece: cut::Piece| {
            let text = self.coded.piece(piece.bytes(self.row));
            let text = match piece.form {
                cut::Form::Doubled => text.replace("\"\"", "\""),
                _ => text,
            };
            text.trim().to_string()
        };
        cut::pieces(self.row).map(text).collect()
    }
}
