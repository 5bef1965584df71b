//! The one dialect of CSV that is read: cells between commas, rows between line breaks,
//! cells in `"…"` that may hold both, and `""` for a quote inside. Space around a cell
//! does not count.

/// Where the cells of a row stand and what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// First byte, that of the quote included.
    pub start: usize,
    /// The byte after the last, that of the quote included.
    pub end: usize,
    /// How its content is got.
    pub form: Form,
    /// What stands behind the closing quote and should not; empty if nothing does.
    pub junk: (usize, usize),
}

/// How the content of a cell is got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The bytes themselves.
    Plain,
    /// The bytes between the quotes.
    Quoted,
    /// The same with every `""` as one quote.
    Doubled,
}

/// Where the reader of a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// At the start of a cell, or in space before it.
    #[default]
    Start,
    /// In a cell without quotes, or behind a closing one.
    Plain,
    /// In quotes.
    Quoted,
    /// Just behind a quote that closes, or doubles.
    Closing,
}

impl State {
    /// Goes over bytes up to the end of the row; the place behind it, if it is there.
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            *self = match (*self, byte) {
                (Self::Quoted, b'"') => Self::Closing,
                (Self::Quoted, _) | (Self::Start | Self::Closing, b'"') => Self::Quoted,
                (_, b'\n') => {
                    *self = Self::Start;
                    return Some(at + 1);
                }
                (_, b',') | (Self::Start, b' ' | b'\t') => Self::Start,
                _ => Self::Plain,
            };
        }
        None
    }

    /// Whether a quote is open.
    pub(crate) fn is_open(self) -> bool {
        self == Self::Quoted
    }
}

/// The cells of one row without its line break. Of a quote that is never closed the rest
/// of the row is the cell.
pub(crate) fn pieces(row: &[u8]) -> impl Iterator<Item = Piece> {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from?;
        let (piece, next) = piece(row, start);
        from = next;
        Some(piece)
    })
}

/// The cell that begins at `start`, and where the next one does.
fn piece(row: &[u8], start: usize) -> (Piece, Option<usize>) {
    let comma = |from: usize| {
        let found = row[from..].iter().position(|byte| *byte == b',');
        found.map_or((row.len(), None), |at| (from + at, Some(from + at + 1)))
    };
    let blank = row[start..]
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'));
    let open = start + blank.count();
    if row.get(open) != Some(&b'"') {
        let (end, next) = comma(start);
        let (start, end) = trimmed(row, start, end);
        let piece = Piece {
            start,
            end,
            form: Form::Plain,
            junk: (end, end),
        };
        return (piece, next);
    }
    let (mut at, mut form) = (open + 1, Form::Quoted);
    while at < row.len() {
        match (row[at], row.get(at + 1)) {
            (b'"', Some(b'"')) => {
                form = Form::Doubled;
                at += 2;
            }
            (b'"', _) => break,
            _ => at += 1,
        }
    }
    let close = (at + 1).min(row.len());
    let (end, next) = comma(close);
    let piece = Piece {
        start: open,
        end: close,
        form,
        junk: trimmed(row, close, end),
    };
    (piece, next)
}

/// The bytes without ASCII space around.
fn trimmed(row: &[u8], start: usize, end: usize) -> (usize, usize) {
    let cell = &row[start..end];
    let left = start + (cell.len() - cell.trim_ascii_start().len());
    (left, left + cell.trim_ascii().len())
}

/// A row without its line break.
pub(crate) fn without_break(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    let carriage = row.iter().rev().take_while(|byte| **byte == b'\r').count();
    &row[..row.len() - carriage]
}

impl Piece {
    /// The bytes of the content, doubled quotes as they stand.
    pub(crate) fn bytes<'r>(&self, row: &'r [u8]) -> &'r [u8] {
        let all = &row[self.start..self.end];
        match self.form {
            Form::Plain => all,
            Form::Quoted | Form::Doubled => {
                let inner = all.strip_prefix(b"\"").unwrap_or(all);
                inner.strip_suffix(b"\"").unwrap_or(inner)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &str) -> Vec<String> {
        let row = row.as_bytes();
        let text = |piece: Piece| {
            let text = String::from_utf8(piece.bytes(row).to_vec()).unwrap();
            match piece.form {
                Form::Doubled => text.replace("\"\"", "\""),
                _ => text,
            }
        };
        pieces(row).map(text).collect()
    }

    #[test]
    fn rows_are_cut_at_commas_outside_quotes() {
        assert_eq!(
            cells("a, b ,,\"c,d\" ,\"e \"\"f\"\"\""),
            ["a", "b", "", "c,d", "e \"f\""]
        );
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("x,\"open,y"), ["x", "open,y"]);
        let junk = pieces(b"\"a\" b,c").next().unwrap().junk;
        assert_eq!(junk, (4, 5));
    }

    #[test]
    fn a_row_ends_at_the_line_break_outside_quotes() {
        let mut state = State::default();
        assert_eq!(state.pass(b"a,\"b\n"), None);
        assert!(state.is_open());
        assert_eq!(state.pass(b"2\"\",\"\nrest"), Some(6));
        assert_eq!(state, State::Start);
        // A quote inside a plain cell opens nothing.
        assert_eq!(State::default().pass(b"a\"b,c\n"), Some(6));
    }
}
