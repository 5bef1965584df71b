//! Rows as CSV. The journal holds the fingerprint of the sweep, the chunks that are
//! whole in the file, and the file's length after them; it is replaced, never
//! rewritten. What stands behind that length is cut off on resuming.

use super::{Layout, Refusal};
use jianpai_sweep::engine::output;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Rows on their way to `draws.csv`.
pub(crate) struct Rows {
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

/// The size of the buffer between the program and the disk.
const BUFFER: usize = 1 << 20;

impl Rows {
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        let mut rows = Self::over(layout, 0, |part| File::create(part))?;
        let header = output::header(&layout.names);
        rows.out.write_all(&header)?;
        rows.out.flush()?;
        rows.bytes = header.len() as u64;
        rows.mark(layout.first.0)?;
        Ok(rows)
    }

    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let Some(entry) = read(&layout.folder.join("draws.csv.journal")) else {
            return Ok(Err(Refusal::Nothing));
        };
        if entry.fingerprint != fingerprint(layout) {
            return Ok(Err(Refusal::Other));
        }
        let part = layout.folder.join("draws.csv.part");
        let length = std::fs::metadata(part).map_or(0, |metadata| metadata.len());
        if length < entry.bytes {
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
            journal: layout.folder.join("draws.csv.journal"),
            fingerprint: fingerprint(layout),
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
        let fresh = self.journal.with_extension("journal.new");
        std::fs::write(&fresh, format!("{entry:#}\n"))?;
        std::fs::rename(fresh, &self.journal)
    }

    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.bytes += lines.len() as u64;
        self.out.write_all(lines)
    }

    pub(super) fn checkpoint(&mut self, chunks: u64) -> io::Result<()> {
        self.out.flush()?;
        self.mark(chunks)
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        std::fs::rename(self.part, self.done)?;
        std::fs::remove_file(self.journal)
    }
}

/// What the rows and the count of chunks depend on.
fn fingerprint(layout: &Layout<'_>) -> String {
    let (first, chunk) = (layout.first.1, layout.chunk);
    format!("{} from {first} by {chunk}", layout.fingerprint)
}

fn read(journal: &Path) -> Option<Entry> {
    let value: Value = serde_json::from_slice(&std::fs::read(journal).ok()?).ok()?;
    Some(Entry {
        fingerprint: value.get("fingerprint")?.as_str()?.to_string(),
        chunks: value.get("chunks")?.as_u64()?,
        bytes: value.get("bytes")?.as_u64()?,
    })
}
