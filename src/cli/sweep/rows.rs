//! The rows of a sweep on their way to a file: written in order under a temporary
//! name, with a journal beside them, so that a sweep killed at any instant goes on
//! where it was and ends in the same bytes.
//!
//! The journal holds the fingerprint of the sweep, the chunks that are whole, and for
//! CSV the file's length after them; it is replaced, never rewritten. What stands
//! behind that length is cut off on resuming.

use clap::ValueEnum;
use jianpai_sweep::engine::output;
use jianpai_sweep::engine::run::Sink;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One line a draw
    Csv,
    /// Summaries only
    None,
}

/// What is to be written, and where.
pub(super) struct Layout<'a> {
    pub folder: &'a Path,
    pub format: Format,
    pub fingerprint: &'a str,
    pub names: Vec<String>,
    /// Whether each column holds yes or no.
    pub flags: Vec<bool>,
    pub seed: u64,
    /// The first chunk of the slice.
    pub first: u64,
}

/// Rows on their way to a file.
pub(super) struct Rows {
    out: BufWriter<File>,
    part: PathBuf,
    done: PathBuf,
    journal: PathBuf,
    fingerprint: String,
    bytes: u64,
}

/// What a journal says.
struct Entry {
    fingerprint: String,
    chunks: u64,
    bytes: u64,
}

/// Why rows cannot be resumed.
#[derive(Debug)]
pub(super) enum Refusal {
    /// There is nothing to resume.
    Nothing,
    /// The rows are those of another sweep.
    Other,
}

/// The size of buffers between the program and the disk.
const BUFFER: usize = 1 << 20;

impl Rows {
    /// Starts the rows anew.
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        std::fs::create_dir_all(layout.folder)?;
        let mut rows = Self::over(layout, 0, |part| File::create(part))?;
        let header = output::header(&layout.names);
        rows.out.write_all(&header)?;
        rows.out.flush()?;
        rows.bytes = header.len() as u64;
        rows.mark(layout.first)?;
        Ok(rows)
    }

    /// Goes on with rows; returns the chunks before which all are there.
    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let Some(entry) = read(&layout.folder.join("draws.journal.json")) else {
            return Ok(Err(Refusal::Nothing));
        };
        if entry.fingerprint != layout.fingerprint {
            return Ok(Err(Refusal::Other));
        }
        let whole = |part: &Path| {
            let length = std::fs::metadata(part).map_or(0, |metadata| metadata.len());
            length >= entry.bytes
        };
        if !whole(&layout.folder.join("draws.csv.part")) {
            return Ok(Err(Refusal::Nothing));
        }
        let rows = Self::over(layout, entry.bytes, |part| {
            let mut file = OpenOptions::new().write(true).open(part)?;
            file.set_len(entry.bytes)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        })?;
        Ok(Ok((rows, entry.chunks)))
    }

    fn over(
        layout: &Layout<'_>,
        bytes: u64,
        open: impl Fn(&Path) -> io::Result<File>,
    ) -> io::Result<Self> {
        let part = layout.folder.join("draws.csv.part");
        Ok(Self {
            out: BufWriter::with_capacity(BUFFER, open(&part)?),
            part,
            done: layout.folder.join("draws.csv"),
            journal: layout.folder.join("draws.journal.json"),
            fingerprint: layout.fingerprint.to_string(),
            bytes,
        })
    }

    /// Writes down that all chunks before `chunks` are whole.
    fn mark(&mut self, chunks: u64) -> io::Result<()> {
        let entry = json!({
            "fingerprint": self.fingerprint,
            "chunks": chunks,
            "bytes": self.bytes,
        });
        let fresh = self.journal.with_extension("json.new");
        std::fs::write(&fresh, format!("{entry:#}\n"))?;
        std::fs::rename(fresh, &self.journal)
    }

    /// Puts the finished file in its place.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        std::fs::rename(self.part, self.done)?;
        std::fs::remove_file(self.journal)
    }
}

fn read(journal: &Path) -> Option<Entry> {
    let value: Value = serde_json::from_slice(&std::fs::read(journal).ok()?).ok()?;
    Some(Entry {
        fingerprint: value.get("fingerprint")?.as_str()?.to_string(),
        chunks: value.get("chunks")?.as_u64()?,
        bytes: value.get("bytes")?.as_u64()?,
    })
}

impl Sink for Rows {
    type Encoded = Vec<u8>;
    type Error = io::Error;

    fn wants(&self, _: u64) -> bool {
        true
    }

    fn encode(&self, _: u64, first: u64, values: &[Vec<f64>]) -> io::Result<Vec<u8>> {
        output::lines(first, values)
    }

    fn write(&mut self, encoded: Vec<u8>) -> io::Result<()> {
        self.bytes += encoded.len() as u64;
        self.out.write_all(&encoded)
    }

    fn checkpoint(&mut self, chunks: u64) -> io::Result<()> {
        self.out.flush()?;
        self.mark(chunks)
    }
}
