//! Rows of a sweep as CSV, or as nothing.

use super::run::Sink;
use std::io::{self, Write};

/// Keeps no rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Sink for Nothing {
    type Encoded = ();
    type Error = io::Error;

    fn encode(&self, _: u64, _: &[Vec<f64>]) -> io::Result<()> {
        Ok(())
    }

    fn write(&mut self, (): ()) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps some columns in memory beside what another sink does with the rows.
#[derive(Debug)]
pub struct Keep<S> {
    sink: S,
    columns: Vec<usize>,
    /// The values kept, one `Vec` a column.
    pub kept: Vec<Vec<f64>>,
}

impl<S> Keep<S> {
    /// Goes on with values kept before.
    #[must_use]
    pub fn with(mut self, kept: Vec<Vec<f64>>) -> Self {
        self.kept = kept;
        self
    }

    /// Keeps `columns` beside `sink`.
    pub fn new(sink: S, columns: Vec<usize>) -> Self {
        let kept = vec![Vec::new(); columns.len()];
        Self {
            sink,
            columns,
            kept,
        }
    }

    /// The other sink and the values kept.
    pub fn into_parts(self) -> (S, Vec<Vec<f64>>) {
        (self.sink, self.kept)
    }
}

impl<S: Sink> Sink for Keep<S> {
    type Encoded = (S::Encoded, Vec<Vec<f64>>);
    type Error = S::Error;

    fn encode(&self, first: u64, values: &[Vec<f64>]) -> Result<Self::Encoded, S::Error> {
        let own = self
            .columns
            .iter()
            .map(|column| values[*column].clone())
            .collect();
        Ok((self.sink.encode(first, values)?, own))
    }

    fn write(&mut self, (encoded, own): Self::Encoded) -> Result<(), S::Error> {
        for (kept, values) in self.kept.iter_mut().zip(own) {
            kept.extend(values);
        }
        self.sink.write(encoded)
    }

    fn checkpoint(&mut self, blocks: u64) -> Result<(), S::Error> {
        self.sink.checkpoint(blocks)
    }
}

/// Writes CSV: a column `draw`, then the columns of the sweep. Numbers are the
/// shortest that read back to the same bits.
#[derive(Debug)]
pub struct Csv<W> {
    out: W,
}

impl<W: Write> Csv<W> {
    /// Starts a file with its header.
    ///
    /// # Errors
    /// The header cannot be written.
    pub fn new(mut out: W, names: &[String]) -> io::Result<Self> {
        let mut header = String::from("draw");
        for name in names {
            header.push(',');
            if name.contains([',', '"', '\n']) {
                header += &format!("\"{}\"", name.replace('"', "\"\""));
            } else {
                header += name;
            }
        }
        header.push('\n');
        out.write_all(header.as_bytes())?;
        Ok(Self { out })
    }

    /// Goes on with a file that has its header.
    pub fn resume(out: W) -> Self {
        Self { out }
    }

    /// Sends on what is buffered.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// The writer, flushed.
    ///
    /// # Errors
    /// What is left cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write + Sync> Sink for Csv<W> {
    type Encoded = Vec<u8>;
    type Error = io::Error;

    fn encode(&self, first: u64, values: &[Vec<f64>]) -> io::Result<Vec<u8>> {
        let draws = values.first().map_or(0, Vec::len);
        let mut text = Vec::with_capacity(draws * values.len() * 12);
        for d in 0..draws {
            write!(text, "{}", first + d as u64)?;
            for column in values {
                write!(text, ",{}", column[d])?;
            }
            text.push(b'\n');
        }
        Ok(text)
    }

    fn write(&mut self, encoded: Vec<u8>) -> io::Result<()> {
        self.out.write_all(&encoded)
    }
}
