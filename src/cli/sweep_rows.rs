//! The file of a sweep's rows: written in order under a temporary name, with a
//! journal beside it, so that a sweep killed at any instant goes on where it was
//! and ends in the same bytes.
//!
//! The journal holds the fingerprint of the sweep, the blocks that are whole in the
//! file, and the file's length after them. It is replaced, never rewritten. What
//! stands behind that length is cut off on resuming.

use jianpai_sweep::engine::output::Csv;
use jianpai_sweep::engine::run::Sink;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Rows on their way to a file.
pub(super) struct Rows {
    csv: Csv<BufWriter<File>>,
    part: PathBuf,
    done: PathBuf,
    journal: PathBuf,
    fingerprint: String,
    bytes: u64,
}

/// What a journal says.
struct Entry {
    fingerprint: String,
    blocks: u64,
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

impl Rows {
    /// Starts `folder/draws.csv` anew.
    pub(super) fn create(folder: &Path, fingerprint: &str, names: &[String]) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let part = folder.join("draws.csv.part");
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&part)?);
        let csv = {
            // The header is written by the sink; its length is where blocks begin.
            let _ = Csv::new(&mut out, names)?;
            out.flush()?;
            Csv::resume(out)
        };
        let bytes = std::fs::metadata(&part)?.len();
        let mut rows = Self::over(folder, csv, fingerprint, bytes);
        rows.mark(0)?;
        Ok(rows)
    }

    /// Goes on with `folder/draws.csv`; returns the blocks that are there already.
    pub(super) fn resume(
        folder: &Path,
        fingerprint: &str,
    ) -> io::Result<Result<(Self, u64), Refusal>> {
        let Some(entry) = read(&folder.join("draws.journal.json")) else {
            return Ok(Err(Refusal::Nothing));
        };
        if entry.fingerprint != fingerprint {
            return Ok(Err(Refusal::Other));
        }
        let part = folder.join("draws.csv.part");
        let mut file = OpenOptions::new().write(true).open(&part)?;
        if file.metadata()?.len() < entry.bytes {
            return Ok(Err(Refusal::Nothing));
        }
        file.set_len(entry.bytes)?;
        file.seek(SeekFrom::End(0))?;
        let csv = Csv::resume(BufWriter::with_capacity(1 << 20, file));
        let rows = Self::over(folder, csv, fingerprint, entry.bytes);
        Ok(Ok((rows, entry.blocks)))
    }

    fn over(folder: &Path, csv: Csv<BufWriter<File>>, fingerprint: &str, bytes: u64) -> Self {
        Self {
            csv,
            part: folder.join("draws.csv.part"),
            done: folder.join("draws.csv"),
            journal: folder.join("draws.journal.json"),
            fingerprint: fingerprint.to_string(),
            bytes,
        }
    }

    /// Writes down that `blocks` blocks are whole.
    fn mark(&mut self, blocks: u64) -> io::Result<()> {
        let entry = json!({
            "fingerprint": self.fingerprint,
            "blocks": blocks,
            "bytes": self.bytes,
        });
        let fresh = self.journal.with_extension("json.new");
        std::fs::write(&fresh, format!("{entry:#}\n"))?;
        std::fs::rename(fresh, &self.journal)
    }

    /// Puts the finished file in its place.
    pub(super) fn finish(self) -> io::Result<()> {
        self.csv.finish()?;
        std::fs::rename(self.part, self.done)?;
        std::fs::remove_file(self.journal)
    }
}

fn read(journal: &Path) -> Option<Entry> {
    let value: Value = serde_json::from_slice(&std::fs::read(journal).ok()?).ok()?;
    Some(Entry {
        fingerprint: value.get("fingerprint")?.as_str()?.to_string(),
        blocks: value.get("blocks")?.as_u64()?,
        bytes: value.get("bytes")?.as_u64()?,
    })
}

impl Sink for Rows {
    type Encoded = Vec<u8>;
    type Error = io::Error;

    fn encode(&self, first: u64, values: &[Vec<f64>]) -> io::Result<Vec<u8>> {
        self.csv.encode(first, values)
    }

    fn write(&mut self, encoded: Vec<u8>) -> io::Result<()> {
        self.bytes += encoded.len() as u64;
        self.csv.write(encoded)
    }

    fn checkpoint(&mut self, blocks: u64) -> io::Result<()> {
        self.csv.flush()?;
        self.mark(blocks)
    }
}
