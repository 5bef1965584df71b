//! A file that grows by segments, and goes on after the process was killed.
//!
//! `NAME.part` is the file to be, without its footer. `NAME.journal` is a sequence of
//! entries, each a length (four bytes, little-endian) and as many bytes: first what
//! the file is of, then for each segment the SHA-256 of the part up to its end and the
//! segment's footer, written after the segment itself. On resuming the part is read
//! once: a segment counts as far as the part has the hash that the journal names, so
//! that bytes that a dying machine or a failing disk left behind are computed again.
//! An entry cut short, and bytes behind the last whole segment, are dropped. Before the
//! file is put in its place the system writes it through to the disk.

use crate::encode::Segment;
use crate::error::{Error, Result};
use crate::footer::{self, Footer};
use crate::layout::{self, MAGIC, TAIL};
use crate::schema::Schema;
use parquet::file::metadata::{FileMetaData, ParquetMetaDataReader, RowGroupMetaData};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

#[cfg(test)]
mod tests;

/// A growing file. Holds no rows, and no footers of segments, in memory.
#[derive(Debug)]
pub struct Rows {
    out: PathBuf,
    part: File,
    journal: File,
    head: FileMetaData,
    at: At,
    /// Over the bytes of the part so far.
    hash: Sha256,
}

/// A file that has all its bytes, but not its name: it stands in `NAME.part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Where it stands.
    pub part: PathBuf,
    /// What is to be removed once it is in its place.
    pub journal: PathBuf,
    /// Its rows.
    pub rows: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Bytes of a hash.
const HASH: usize = 32;

/// Hashes what it passes on.
pub(crate) struct Hashing<'a, W> {
    pub(crate) to: W,
    pub(crate) hash: &'a mut Sha256,
}

impl<W: Write> Write for Hashing<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// How far a growing file has come.
#[derive(Clone, Copy, Debug)]
struct At {
    /// The next draw.
    draw: u64,
    /// Bytes of the part.
    part: u64,
    /// Bytes of the journal.
    journal: u64,
    /// Row groups.
    segments: usize,
}

fn beside(out: &Path, ending: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The journal's first entry.
fn title(out: &Path, head: &FileMetaData, first: u64) -> Result<Vec<u8>> {
    let footer = layout::footer(head, Vec::new()).map_err(|e| Error::unreadable(out, &e))?;
    Ok([&first.to_le_bytes()[..], &footer].concat())
}

fn entry(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&length.to_le_bytes()[..], payload].concat()
}

/// The entries of a journal, one after another.
struct Journal(BufReader<File>);

impl Journal {
    fn open(log: &Path) -> io::Result<Self> {
        File::open(log).map(|file| Self(BufReader::new(file)))
    }

    /// The payload of the next entry, if it is whole.
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 4];
        let mut payload = Vec::new();
        let mut read = |most: u64, into: &mut Vec<u8>| {
            into.clear();
            (&mut self.0).take(most).read_to_end(into)
        };
        if read(4, &mut payload)? < length.len() {
            return Ok(None);
        }
        length.copy_from_slice(&payload);
        let length = u32::from_le_bytes(length);
        let whole = read(length.into(), &mut payload)? == length as usize;
        Ok(whole.then_some(payload))
    }
}

/// The hash and the row group of a segment's entry.
fn segment(payload: &[u8]) -> Option<([u8; HASH], RowGroupMetaData)> {
    let (hash, footer) = payload.split_first_chunk()?;
    Some((*hash, group(footer)?))
}

fn group(footer: &[u8]) -> Option<RowGroupMetaData> {
    let thrift = footer.strip_suffix(MAGIC)?;
    let thrift = thrift.get(..thrift.len().checked_sub(usize::from(TAIL) - MAGIC.len())?)?;
    let mut metadata = ParquetMetaDataReader::decode_metadata(thrift)
        .ok()?
        .into_builder();
    let mut groups = metadata.take_row_groups();
    (groups.len() == 1).then(|| groups.pop())?
}

impl Rows {
    /// Starts the file `out` anew, at draw `first`. What stands at `out` stays until
    /// [`Rows::finish`]. `metadata` is written into the footer; it should name what
    /// the rows depend on (scenario, data, seed), and must not differ among slices.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn create(
        out: &Path,
        schema: &Schema,
        metadata: &[(String, String)],
        first: u64,
    ) -> Result<Self> {
        let (path, log) = (beside(out, ".part"), beside(out, ".journal"));
        match std::fs::remove_file(&log) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io(&log)(error));
            }
            _ => {}
        }
        let mut part = File::create(&path).map_err(Error::io(&path))?;
        part.write_all(MAGIC).map_err(Error::io(&path))?;
        let head = layout::head(schema, metadata);
        let title = entry(&title(out, &head, first)?);
        // Under another name first: a journal that is there says what it is of.
        let fresh = beside(out, ".journal.new");
        std::fs::write(&fresh, &title).map_err(Error::io(&fresh))?;
        std::fs::rename(&fresh, &log).map_err(Error::io(&log))?;
        let journal = OpenOptions::new().write(true).open(&log);
        let journal = journal.map_err(Error::io(&log))?;
        Ok(Self {
            out: out.to_path_buf(),
            part,
            journal,
            head,
            at: At {
                draw: first,
                part: MAGIC.len() as u64,
                journal: title.len() as u64,
                segments: 0,
            },
            hash: Sha256::new_with_prefix(MAGIC),
        })
    }

    /// Goes on with `out` where it was left; `None` if there is nothing to go on with.
    /// [`Rows::next`] says what is to be computed next. The part is read and held
    /// against the hashes of the journal; what differs, and all behind it, is dropped.
    ///
    /// # Errors
    /// [`Error::OtherColumns`], [`Error::OtherSweep`] (columns, metadata, program, or
    /// first draw differ): what is there is of another sweep. [`Error::Io`].
    pub fn resume(
        out: &Path,
        schema: &Schema,
        metadata: &[(String, String)],
        first: u64,
    ) -> Result<Option<Self>> {
        let (path, log) = (beside(out, ".part"), beside(out, ".journal"));
        let mut journal = match Journal::open(&log) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            journal => journal.map_err(Error::io(&log))?,
        };
        let Some(found) = journal.next().map_err(Error::io(&log))? else {
            return Ok(None);
        };
        let head = layout::head(schema, metadata);
        if found != title(out, &head, first)? {
            return Err(other(&log, &found, &head));
        }
        if !path.exists() && !taken_back(out, &path, &log, &head, first)? {
            return Ok(None);
        }
        let open = |path: &Path| OpenOptions::new().write(true).open(path);
        let part = open(&path).map_err(Error::io(&path))?;
        let length = part.metadata().map_err(Error::io(&path))?.len();
        let mut check = Check::open(&path).map_err(Error::io(&path))?;
        let mut failed = None;
        let at = replay(&log, first, length, |hash, extent, _| {
            match check.holds(extent.end, hash) {
                Ok(holds) => Ok(holds),
                Err(error) => {
                    failed = Some(error);
                    Ok(false)
                }
            }
        })?;
        if let Some(error) = failed {
            return Err(Error::io(&path)(error));
        }
        let (Some(at), Some(hash)) = (at, check.hash) else {
            return Ok(None);
        };
        part.set_len(at.part).map_err(Error::io(&path))?;
        let journal = open(&log).map_err(Error::io(&log))?;
        journal.set_len(at.journal).map_err(Error::io(&log))?;
        Ok(Some(Self {
            out: out.to_path_buf(),
            part,
            journal,
            head,
            at,
            hash,
        }))
    }

    /// The first draw that is not in the file yet.
    pub fn next(&self) -> u64 {
        self.at.draw
    }

    /// Adds a segment. When this returns it survives the death of the process.
    ///
    /// # Errors
    /// [`Error::Gap`], [`Error::Overlap`]: it does not begin at [`Rows::next`].
    /// [`Error::OtherColumns`]: it was encoded by another schema. [`Error::Io`]: the
    /// file stands as it was before, and the segment can be tried again.
    pub fn append(&mut self, segment: &Segment) -> Result<()> {
        let (from, to) = (self.at.draw, segment.first);
        if from < to {
            return Err(Error::Gap { from, to });
        }
        if to < from {
            let to = from.min(segment.first + segment.rows);
            let from = segment.first;
            return Err(Error::Overlap { from, to });
        }
        let schema = segment.group.schema_descr();
        if let Some(at) = layout::other_column(schema, self.head.schema_descr()) {
            let path = self.out.clone();
            return Err(Error::OtherColumns { path, at });
        }
        let by = self.at.part.cast_signed();
        let moved = layout::moved(segment.group.clone(), by, self.at.segments);
        let record = moved.and_then(|group| footer::single(&group));
        let (_, record) = record.map_err(|error| Error::unreadable(&self.out, &error))?;
        let path = beside(&self.out, ".part");
        self.add(segment).map_err(Error::io(&path))?;
        let mut hash = self.hash.clone();
        for chunk in &segment.chunks {
            hash.update(chunk);
        }
        let record = entry(&[&hash.clone().finalize()[..], &record].concat());
        let log = beside(&self.out, ".journal");
        let start = SeekFrom::Start(self.at.journal);
        self.journal.seek(start).map_err(Error::io(&log))?;
        self.journal.write_all(&record).map_err(Error::io(&log))?;
        self.at.draw += segment.rows;
        self.at.part += segment.bytes();
        self.at.journal += record.len() as u64;
        self.at.segments += 1;
        self.hash = hash;
        Ok(())
    }

    fn add(&mut self, segment: &Segment) -> io::Result<()> {
        self.part.seek(SeekFrom::Start(self.at.part))?;
        for chunk in &segment.chunks {
            self.part.write_all(chunk)?;
        }
        Ok(())
    }

    /// Writes the footer and puts the file in its place. Returns the number of rows.
    ///
    /// # Errors
    /// As [`Rows::seal`].
    pub fn finish(self) -> Result<u64> {
        let out = self.out.clone();
        let sealed = self.seal()?;
        std::fs::rename(&sealed.part, &out).map_err(Error::io(&out))?;
        std::fs::remove_file(&sealed.journal).map_err(Error::io(&sealed.journal))?;
        Ok(sealed.rows)
    }

    /// Writes the footer and has all bytes written through. The file has its name to
    /// get still; until its journal is removed it can be resumed.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Unreadable`]: the journal was changed by others.
    pub fn seal(mut self) -> Result<Sealed> {
        let (path, log) = (beside(&self.out, ".part"), beside(&self.out, ".journal"));
        let start = SeekFrom::Start(self.at.part);
        self.part.seek(start).map_err(Error::io(&path))?;
        let first = first(&log)?.unwrap_or(self.at.draw);
        let rows = self.at.draw - first;
        let part = Hashing {
            to: BufWriter::new(&self.part),
            hash: &mut self.hash,
        };
        let mut footer = Footer::new(&path, part, &self.head, self.at.segments, rows);
        let at = replay(&log, first, self.at.part, |_, _, group| {
            footer.push(&group).map(|()| true)
        })?;
        if at.is_none_or(|at| at.draw != self.at.draw || at.segments != self.at.segments) {
            return Err(Error::unreadable(&log, "changed while in use"));
        }
        let end = self.at.part + footer.finish()?;
        let written = self.part.set_len(end).and_then(|()| self.part.sync_all());
        written.map_err(Error::io(&path))?;
        Ok(Sealed {
            part: path,
            journal: log,
            rows,
            sha256: crate::digits(&self.hash.finalize()),
        })
    }
}

/// Reads a part from its start and hashes it.
struct Check {
    part: BufReader<File>,
    /// Over what has been read and found to be right; `None` before the first bytes.
    hash: Option<Sha256>,
    at: u64,
}

impl Check {
    fn open(path: &Path) -> io::Result<Self> {
        let mut check = Self {
            part: BufReader::with_capacity(1 << 20, File::open(path)?),
            hash: None,
            at: 0,
        };
        check.hash = check.up_to(MAGIC.len() as u64)?;
        Ok(check)
    }

    /// The hash with the bytes up to `end`; `None` if there are not as many.
    fn up_to(&mut self, end: u64) -> io::Result<Option<Sha256>> {
        let mut hash = self.hash.clone().unwrap_or_default();
        let mut left = end - self.at;
        while left > 0 {
            let bytes = self.part.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            hash.update(&bytes[..count]);
            self.part.consume(count);
            left -= count as u64;
        }
        self.at = end;
        Ok(Some(hash))
    }

    /// Whether the part up to `end` has this hash.
    fn holds(&mut self, end: u64, wanted: &[u8; HASH]) -> io::Result<bool> {
        let found = self.up_to(end)?;
        let found = found.filter(|hash| hash.clone().finalize()[..] == wanted[..]);
        let holds = found.is_some();
        if holds {
            self.hash = found;
        }
        Ok(holds)
    }
}

/// The first draw that a journal's title names.
fn first(log: &Path) -> Result<Option<u64>> {
    let title = Journal::open(log).and_then(|mut journal| journal.next());
    let title = title.map_err(Error::io(log))?.unwrap_or_default();
    let first = title.split_first_chunk::<8>();
    Ok(first.map(|(first, _)| u64::from_le_bytes(*first)))
}

/// Walks through the whole entries of a journal as far as they are consecutive, the
/// part, of `length` bytes, holds them, and `take` says yes to the hash, the extent and
/// the row group. `None` if the part does not even begin.
fn replay(
    log: &Path,
    first: u64,
    length: u64,
    mut take: impl FnMut(&[u8; HASH], &layout::Extent, RowGroupMetaData) -> Result<bool>,
) -> Result<Option<At>> {
    let mut journal = Journal::open(log).map_err(Error::io(log))?;
    let mut next = || journal.next().map_err(Error::io(log));
    let Some(title) = next()? else {
        return Ok(None);
    };
    let mut at = At {
        draw: first,
        part: MAGIC.len() as u64,
        journal: 4 + title.len() as u64,
        segments: 0,
    };
    if length < at.part {
        return Ok(None);
    }
    while let Some(payload) = next()? {
        let Some((hash, group)) = segment(&payload) else {
            break;
        };
        let Some(extent) = layout::extent(&group, at.part) else {
            break;
        };
        if extent.first != at.draw || extent.end > length || !take(&hash, &extent, group)? {
            break;
        }
        at = At {
            draw: extent.next,
            part: extent.end,
            journal: at.journal + 4 + payload.len() as u64,
            segments: at.segments + 1,
        };
    }
    Ok(Some(at))
}

/// Killed between putting the file in its place and removing the journal: the file is
/// there, and whole. Makes it a part again; `false` if it is another file.
fn taken_back(
    out: &Path,
    path: &Path,
    log: &Path,
    head: &FileMetaData,
    first: u64,
) -> Result<bool> {
    let Ok(found) = layout::look(out) else {
        return Ok(false);
    };
    let mut groups = found.metadata.row_groups().iter();
    let mut alike = true;
    let at = replay(log, first, u64::MAX, |_, _, group| {
        alike &= groups.next() == Some(&group);
        Ok(true)
    })?;
    let same = layout::difference(out, found.metadata.file_metadata(), head).is_none()
        && alike
        && groups.next().is_none()
        && at.is_some_and(|at| at.part == found.end);
    if same {
        std::fs::rename(out, path).map_err(Error::io(out))?;
    }
    Ok(same)
}

/// Why a journal is not the one expected.
fn other(log: &Path, title: &[u8], head: &FileMetaData) -> Error {
    let unlike = |key: &str| Error::OtherSweep {
        path: log.to_path_buf(),
        key: key.to_string(),
    };
    let thrift = title
        .get(8..)
        .and_then(|footer| footer.get(..footer.len().checked_sub(usize::from(TAIL))?));
    let found = thrift.and_then(|thrift| ParquetMetaDataReader::decode_metadata(thrift).ok());
    match found {
        None => unlike("created_by"),
        Some(found) => layout::difference(log, found.file_metadata(), head)
            .unwrap_or_else(|| unlike("first draw")),
    }
}
