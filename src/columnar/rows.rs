//! A file that grows by segments, and goes on after the process was killed.
//!
//! `NAME.part` is the file to be, without its footer. `NAME.journal` is a sequence of
//! entries, each a length (four bytes, little-endian) and as many bytes: first what
//! the file is of, then the footer of each segment, written after the segment itself.
//! An entry cut short, and bytes of the part behind the last whole entry, are dropped
//! on resuming. This holds against the death of the process, not of the machine: the
//! system is not asked to write through.

use crate::encode::Segment;
use crate::error::{Error, Result};
use crate::layout::{self, MAGIC, TAIL};
use crate::schema::Schema;
use parquet::file::metadata::{FileMetaData, ParquetMetaDataReader, RowGroupMetaData};
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
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

/// The payload of the entry at `at`, if it is whole.
fn payload(journal: &[u8], at: usize) -> Option<&[u8]> {
    let (length, rest) = journal.get(at..)?.split_first_chunk::<4>()?;
    rest.get(..u32::from_le_bytes(*length) as usize)
}

/// The row group of a segment's entry.
fn group(payload: &[u8]) -> Option<RowGroupMetaData> {
    let thrift = payload.strip_suffix(MAGIC)?;
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
        let head = layout::head(schema.descriptor(), metadata);
        let title = entry(&title(out, &head, first)?);
        let mut journal = File::create(&log).map_err(Error::io(&log))?;
        journal.write_all(&title).map_err(Error::io(&log))?;
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
        })
    }

    /// Goes on with `out` where it was left; `None` if there is nothing to go on with.
    /// [`Rows::next`] says what is to be computed next.
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
        let bytes = match std::fs::read(&log) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(Error::io(&log))?,
        };
        let Some(found) = payload(&bytes, 0) else {
            return Ok(None);
        };
        let head = layout::head(schema.descriptor(), metadata);
        if found != title(out, &head, first)? {
            return Err(other(&log, found, &head));
        }
        if !path.exists() && !taken_back(out, &path, &bytes, &head, first)? {
            return Ok(None);
        }
        let open = |path: &Path| OpenOptions::new().write(true).open(path);
        let part = open(&path).map_err(Error::io(&path))?;
        let length = part.metadata().map_err(Error::io(&path))?.len();
        let Some(at) = replay(&bytes, first, length, |_| ()) else {
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
        let bare = FileMetaData::new(0, 0, None, None, self.head.schema_descr_ptr(), None);
        let record = moved
            .and_then(|group| layout::footer(&bare, vec![group]))
            .map_err(|error| Error::unreadable(&self.out, &error))?;
        let record = entry(&record);
        let path = beside(&self.out, ".part");
        self.add(segment).map_err(Error::io(&path))?;
        let log = beside(&self.out, ".journal");
        let start = SeekFrom::Start(self.at.journal);
        self.journal.seek(start).map_err(Error::io(&log))?;
        self.journal.write_all(&record).map_err(Error::io(&log))?;
        self.at.draw += segment.rows;
        self.at.part += segment.bytes();
        self.at.journal += record.len() as u64;
        self.at.segments += 1;
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
    /// [`Error::Io`]; [`Error::Unreadable`]: the journal was changed by others.
    pub fn finish(mut self) -> Result<u64> {
        let (path, log) = (beside(&self.out, ".part"), beside(&self.out, ".journal"));
        let bytes = std::fs::read(&log).map_err(Error::io(&log))?;
        let mut groups = Vec::with_capacity(self.at.segments);
        let first = first(&bytes).unwrap_or(self.at.draw);
        let at = replay(&bytes, first, self.at.part, |group| groups.push(group));
        if at.is_none_or(|at| at.draw != self.at.draw) {
            return Err(Error::unreadable(&log, "changed while in use"));
        }
        let footer =
            layout::footer(&self.head, groups).map_err(|e| Error::unreadable(&path, &e))?;
        let end = self.at.part + footer.len() as u64;
        self.part
            .seek(SeekFrom::Start(self.at.part))
            .and_then(|_| self.part.write_all(&footer))
            .and_then(|()| self.part.set_len(end))
            .and_then(|()| std::fs::rename(&path, &self.out))
            .map_err(Error::io(&path))?;
        std::fs::remove_file(&log).map_err(Error::io(&log))?;
        Ok(self.at.draw - first)
    }
}

/// The first draw that a journal's title names.
fn first(journal: &[u8]) -> Option<u64> {
    let (first, _) = payload(journal, 0)?.split_first_chunk::<8>()?;
    Some(u64::from_le_bytes(*first))
}

/// Walks through the whole entries of a journal as far as they are consecutive and the
/// part, of `length` bytes, holds them. `None` if the part does not even begin.
fn replay(
    journal: &[u8],
    first: u64,
    length: u64,
    mut take: impl FnMut(RowGroupMetaData),
) -> Option<At> {
    let mut at = At {
        draw: first,
        part: MAGIC.len() as u64,
        journal: 4 + payload(journal, 0)?.len() as u64,
        segments: 0,
    };
    if length < at.part {
        return None;
    }
    while let Some(payload) = payload(journal, at.journal as usize) {
        let Some(group) = group(payload) else { break };
        let Some(extent) = layout::extent(&group, at.part) else {
            break;
        };
        if extent.first != at.draw || extent.end > length {
            break;
        }
        at = At {
            draw: extent.next,
            part: extent.end,
            journal: at.journal + 4 + payload.len() as u64,
            segments: at.segments + 1,
        };
        take(group);
    }
    Some(at)
}

/// Killed between putting the file in its place and removing the journal: the file is
/// there, and whole. Makes it a part again; `false` if it is another file.
fn taken_back(
    out: &Path,
    path: &Path,
    journal: &[u8],
    head: &FileMetaData,
    first: u64,
) -> Result<bool> {
    let Ok(found) = layout::look(out) else {
        return Ok(false);
    };
    let mut groups = Vec::new();
    let at = replay(journal, first, u64::MAX, |group| groups.push(group));
    let same = layout::difference(out, found.metadata.file_metadata(), head).is_none()
        && found.metadata.row_groups() == groups
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
