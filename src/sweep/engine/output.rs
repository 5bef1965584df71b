//! Rows of a sweep as CSV, kept in memory, or not at all.

use super::Carried;
use super::run::{Sink, lock};
use jianpai_core::plain::quoted;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

/// Keeps no rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Sink for Nothing {
    type Encoded = ();
    type Error = io::Error;

    fn wants(&self, _: u64) -> bool {
        false
    }

    fn encode(&self, _: u64, _: u64, _: &[Vec<f64>]) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, (): ()) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps some columns of the first chunks in memory beside what another sink does
/// with the rows.
#[derive(Debug)]
pub struct Keep<S> {
    sink: S,
    columns: Vec<usize>,
    chunks: u64,
    /// The values kept, one `Vec` a column.
    kept: Mutex<Vec<Vec<f64>>>,
}

impl<S> Keep<S> {
    /// Keeps `columns` of the chunks before `chunks` beside `sink`.
    pub fn new(sink: S, columns: Vec<usize>, chunks: u64) -> Self {
        let kept = Mutex::new(vec![Vec::new(); columns.len()]);
        Self {
            sink,
            columns,
            chunks,
            kept,
        }
    }

    /// Goes on with values kept before.
    #[must_use]
    pub fn with(mut self, kept: Vec<Vec<f64>>) -> Self {
        self.kept = Mutex::new(kept);
        self
    }

    /// The other sink and the values kept.
    pub fn into_parts(self) -> (S, Vec<Vec<f64>>) {
        let kept = self.kept.into_inner();
        (self.sink, kept.unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Sink> Sink for Keep<S> {
    type Encoded = (Option<S::Encoded>, Vec<Vec<f64>>);
    type Error = S::Error;

    fn wants(&self, chunk: u64) -> bool {
        chunk < self.chunks || self.sink.wants(chunk)
    }

    fn encode(
        &self,
        chunk: u64,
        first: u64,
        values: &[Vec<f64>],
    ) -> Result<Self::Encoded, S::Error> {
        let kept = self.columns.iter().filter(|_| chunk < self.chunks);
        let own = kept.map(|column| values[*column].clone()).collect();
        let encoded = if self.sink.wants(chunk) {
            Some(self.sink.encode(chunk, first, values)?)
        } else {
            None
        };
        Ok((encoded, own))
    }

    fn write(&self, (encoded, own): Self::Encoded) -> Result<(), S::Error> {
        for (kept, values) in lock(&self.kept).iter_mut().zip(own) {
            kept.extend(values);
        }
        encoded.map_or(Ok(()), |encoded| self.sink.write(encoded))
    }

    fn checkpoint(&self, chunks: u64) -> Result<(), S::Error> {
        self.sink.checkpoint(chunks)
    }
}

/// The header of a CSV file of rows: a column `draw`, then the columns of the sweep.
pub fn header(names: &[String]) -> Vec<u8> {
    let mut header = String::from("draw");
    for name in names {
        header.push(',');
        header += &quoted(name);
    }
    header.push('\n');
    header.into_bytes()
}

/// Bytes of a number and its comma, more than they take on the whole.
const NUMBER: usize = 20;

/// Rows as lines of CSV. Numbers are the shortest that read back to the same bits; a
/// result that a draw does not have ([`NO_RESULT`](super::NO_RESULT)) is an empty cell.
///
/// # Errors
/// An infinite number, which no row may hold.
pub fn lines(first: u64, values: &[Vec<f64>]) -> io::Result<Vec<u8>> {
    lines_with(first, values, &[])
}

/// [`lines`] with columns that are carried along behind the others.
///
/// # Errors
/// Never: memory is written to.
pub fn lines_with(first: u64, values: &[Vec<f64>], carried: &[Carried]) -> io::Result<Vec<u8>> {
    let draws = values.first().map_or(0, Vec::len);
    // Memory that is not written to is not taken.
    let mut text = Vec::with_capacity(draws * (values.len() + 1) * NUMBER);
    let mut number = ryu::Buffer::new();
    for d in 0..draws {
        write!(text, "{}", first + d as u64)?;
        for column in values {
            text.push(b',');
            let value = column[d];
            if value.is_nan() {
                continue;
            }
            if value.is_infinite() {
                let why = format!("draw {}: an infinite number", first + d as u64);
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
            if value.fract() == 0.0 && value.abs() < 1e15 {
                write!(text, "{value}")?;
            } else {
                text.extend_from_slice(number.format_finite(value).as_bytes());
            }
        }
        for (_, cells) in carried {
            let draw = usize::try_from(first)
                .unwrap_or(usize::MAX)
                .saturating_add(d);
            let cell = cells.get(draw).map_or("", String::as_str);
            text.push(b',');
            text.extend_from_slice(quoted(cell).as_bytes());
        }
        text.push(b'\n');
    }
    Ok(text)
}
