//! Rows as CSV. `draws.csv.part` grows; `draws.csv.journal` is a line of JSON that says
//! what the rows are of, then one line for each batch of chunks: how many chunks are
//! whole, the bytes up to there, and their SHA-256. On resuming the part is read once
//! and held against the hashes; what differs and what stands behind it is cut off.

use super::layout::{Layout, Refusal, SealedRows};
use crate::digits;
use jianpai_sweep::engine::output;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

/// Rows on their way to `draws.csv`.
pub(crate) struct Rows {
    out: BufWriter<File>,
    part: PathBuf,
    journal_path: PathBuf,
    journal: File,
    bytes: u64,
    /// Over the bytes so far.
    hash: Sha256,
}

/// A line of a journal.
struct Entry {
    chunks: u64,
    bytes: u64,
    sha256: String,
}

/// The size of the buffer between the program and the disk.
const BUFFER: usize = 1 << 20;
/// The file.
const NAME: &str = "draws.csv";

fn beside(layout: &Layout<'_>, ending: &str) -> PathBuf {
    layout.folder.join(format!("{NAME}{ending}"))
}

fn hex(hash: &Sha256) -> String {
    digits(&hash.clone().finalize())
}

impl Rows {
    pub(super) fn create(layout: &Layout<'_>) -> io::Result<Self> {
        let (part, journal) = (beside(layout, ".part"), beside(layout, ".journal"));
        // Under a temporary name first: a journal that exists always says which sweep it is of.
        let fresh = beside(layout, ".journal.new");
        let title = json!({ "fingerprint": fingerprint(layout) });
        std::fs::write(&fresh, format!("{title}\n"))?;
        let header = output::header(&layout.names);
        let mut out = BufWriter::with_capacity(BUFFER, File::create(&part)?);
        out.write_all(&header)?;
        out.flush()?;
        std::fs::rename(&fresh, &journal)?;
        let mut rows = Self {
            out,
            part,
            journal: OpenOptions::new().append(true).open(&journal)?,
            journal_path: journal,
            bytes: header.len() as u64,
            hash: Sha256::new_with_prefix(&header),
        };
        rows.mark(layout.first.0)?;
        Ok(rows)
    }

    pub(super) fn resume(layout: &Layout<'_>) -> io::Result<Result<(Self, u64), Refusal>> {
        let (part, journal) = (beside(layout, ".part"), beside(layout, ".journal"));
        let mut log = match File::open(&journal) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Err(Refusal::Nothing));
            }
            Err(error) => return Err(error),
        };
        let (Some(title), mut kept) = next(&mut log)? else {
            return Ok(Err(Refusal::Nothing));
        };
        if title.get("fingerprint").and_then(Value::as_str) != Some(&*fingerprint(layout)) {
            return Ok(Err(Refusal::Other));
        }
        let mut text = match File::open(&part) {
            Ok(file) => BufReader::with_capacity(BUFFER, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Err(Refusal::Nothing));
            }
            Err(error) => return Err(error),
        };
        let mut hash = Sha256::new();
        let mut last: Option<(Entry, Sha256)> = None;
        loop {
            let (line, length) = next(&mut log)?;
            let Some(entry) = line.and_then(|line| entry(&line)) else {
                break;
            };
            let before = last.as_ref().map_or(0, |(entry, _)| entry.bytes);
            let more = entry.bytes.checked_sub(before);
            let Some(more) = more else { break };
            let whole = take_in(&mut text, more, &mut hash)?;
            if !whole || hex(&hash) != entry.sha256 {
                break;
            }
            kept += length;
            last = Some((entry, hash.clone()));
        }
        let Some((entry, hash)) = last else {
            return Ok(Err(Refusal::Nothing));
        };
        let mut out = OpenOptions::new().write(true).open(&part)?;
        out.set_len(entry.bytes)?;
        out.seek(SeekFrom::End(0))?;
        let log = OpenOptions::new().append(true).open(&journal)?;
        log.set_len(kept)?;
        let rows = Self {
            out: BufWriter::with_capacity(BUFFER, out),
            part,
            journal: log,
            journal_path: journal,
            bytes: entry.bytes,
            hash,
        };
        Ok(Ok((rows, entry.chunks)))
    }

    /// Writes down that all chunks before `chunks` are whole.
    fn mark(&mut self, chunks: u64) -> io::Result<()> {
        let line = json!({
            "chunks": chunks,
            "bytes": self.bytes,
            "sha256": hex(&self.hash),
        });
        self.journal.write_all(format!("{line}\n").as_bytes())
    }

    pub(super) fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        self.bytes += lines.len() as u64;
        self.hash.update(lines);
        self.out.write_all(lines)
    }

    pub(super) fn checkpoint(&mut self, chunks: u64) -> io::Result<()> {
        self.out.flush()?;
        self.mark(chunks)
    }

    /// Has everything written through to the disk.
    pub(super) fn seal(mut self) -> io::Result<SealedRows> {
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        Ok(SealedRows {
            name: NAME,
            part: self.part,
            journal: self.journal_path,
            sha256: hex(&self.hash),
        })
    }
}

/// What the rows and the count of chunks depend on.
fn fingerprint(layout: &Layout<'_>) -> String {
    let (first, chunk) = (layout.first.1, layout.chunk);
    format!("{} from {first} by {chunk}", layout.fingerprint)
}

/// The next whole line of a journal and its length.
fn next(log: &mut BufReader<File>) -> io::Result<(Option<Value>, u64)> {
    let mut line = Vec::new();
    log.read_until(b'\n', &mut line)?;
    let whole = line.ends_with(b"\n");
    let value = serde_json::from_slice(&line).ok().filter(|_| whole);
    Ok((value, line.len() as u64))
}

fn entry(line: &Value) -> Option<Entry> {
    Some(Entry {
        chunks: line.get("chunks")?.as_u64()?,
        bytes: line.get("bytes")?.as_u64()?,
        sha256: line.get("sha256")?.as_str()?.to_string(),
    })
}

/// Hashes the next bytes of a file; `false` if there are not as many.
fn take_in(text: &mut BufReader<File>, mut left: u64, hash: &mut Sha256) -> io::Result<bool> {
    while left > 0 {
        let bytes = text.fill_buf()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        hash.update(&bytes[..count]);
        text.consume(count);
        left -= count as u64;
    }
    Ok(true)
}
