//! Slices → the file that one run gives.

use crate::error::{Error, Result};
use crate::layout::{self, Finished, MAGIC};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Joins finished files into `out`, in the order of their draws, whatever the order of
/// `files`. Together they must have every draw from 0 on once. Row groups are copied as
/// they are; if slices end where row groups end, the bytes of `out` are those of one
/// run. Files without rows are passed over. Returns the number of rows.
///
/// # Errors
/// [`Error::Gap`], [`Error::Overlap`], [`Error::OtherColumns`], [`Error::OtherSweep`],
/// [`Error::Nothing`], [`Error::Unreadable`], [`Error::Io`]. Nothing is left at `out`.
pub fn merge<P: AsRef<Path>>(out: &Path, files: &[P]) -> Result<u64> {
    let mut slices = Vec::with_capacity(files.len());
    for path in files {
        slices.push(layout::look(path.as_ref())?);
    }
    slices.sort_by_key(|slice| slice.first);
    let head = match slices.first() {
        Some(slice) => slice.metadata.file_metadata().clone(),
        None => return Err(Error::Nothing),
    };
    let mut from = 0;
    for slice in &slices {
        let found = slice.metadata.file_metadata();
        if let Some(error) = layout::difference(&slice.path, found, &head) {
            return Err(error);
        }
        let to = slice.first;
        if slice.next == slice.first {
            continue;
        }
        if from < to {
            return Err(Error::Gap { from, to });
        }
        if to < from {
            let (from, to) = (to, from.min(slice.next));
            return Err(Error::Overlap { from, to });
        }
        from = slice.next;
    }
    if from == 0 {
        return Err(Error::Nothing);
    }
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let mut to = File::create(&part).map_err(Error::io(&part))?;
    let written = join(&mut to, &part, &head, slices);
    let placed = written.and_then(|()| std::fs::rename(&part, out).map_err(Error::io(out)));
    if placed.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    placed.map(|()| from)
}

fn join(
    to: &mut File,
    part: &Path,
    head: &parquet::file::metadata::FileMetaData,
    slices: Vec<Finished>,
) -> Result<()> {
    let begin = MAGIC.len() as u64;
    to.write_all(MAGIC).map_err(Error::io(part))?;
    let mut at = begin;
    let mut groups = Vec::new();
    for slice in slices {
        let path = &slice.path;
        let mut from = File::open(path).map_err(Error::io(path))?;
        from.seek(SeekFrom::Start(begin)).map_err(Error::io(path))?;
        let length = slice.end - begin;
        let copied = io::copy(&mut from.take(length), to).map_err(Error::io(part))?;
        if copied != length {
            return Err(Error::unreadable(path, "it became shorter while read"));
        }
        let by = at.cast_signed() - begin.cast_signed();
        for group in slice.metadata.row_groups() {
            let moved = layout::moved(group.clone(), by, groups.len());
            groups.push(moved.map_err(|error| Error::unreadable(path, &error))?);
        }
        at += length;
    }
    let footer = layout::footer(head, groups).map_err(|error| Error::unreadable(part, &error))?;
    to.write_all(&footer).map_err(Error::io(part))
}
