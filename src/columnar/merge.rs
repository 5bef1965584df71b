//! Slices → the file that one run gives.

use crate::error::{Error, Result};
use crate::footer::Footer;
use crate::layout::{self, Finished, MAGIC};
use crate::rows::Hashing;
use parquet::file::metadata::FileMetaData;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A finished file without its row groups: those of all slices do not fit in memory.
struct Slice {
    path: PathBuf,
    head: FileMetaData,
    groups: usize,
    first: u64,
    next: u64,
    end: u64,
}

impl From<Finished> for Slice {
    fn from(found: Finished) -> Self {
        Self {
            head: found.metadata.file_metadata().clone(),
            groups: found.metadata.num_row_groups(),
            path: found.path,
            first: found.first,
            next: found.next,
            end: found.end,
        }
    }
}

/// The key of the metadata that says how many draws there are in all.
pub const TOTAL: &str = "draws";

/// Joins finished files into `out`, in the order of their draws, whatever the order of
/// `files`. Together they must have every draw once, from 0 to the last of which their
/// metadata speak ([`TOTAL`]). Row groups are copied as they are; if slices end where
/// row groups end, the bytes of `out` are those of one run. Files without rows are
/// passed over. Returns the number of rows and the SHA-256 of the file.
///
/// # Errors
/// [`Error::Gap`], [`Error::Overlap`], [`Error::OtherColumns`], [`Error::OtherSweep`],
/// [`Error::Nothing`], [`Error::Unreadable`], [`Error::Io`]. A file that was begun
/// stays at `out`.
pub fn merge_into<P: AsRef<Path>>(out: &Path, files: &[P]) -> Result<(u64, String)> {
    let mut slices = Vec::with_capacity(files.len());
    for path in files {
        slices.push(Slice::from(layout::look(path.as_ref())?));
    }
    slices.sort_by_key(|slice| slice.first);
    let head = match slices.first() {
        Some(slice) => slice.head.clone(),
        None => return Err(Error::Nothing),
    };
    let mut from = 0;
    for slice in &slices {
        if let Some(error) = layout::difference(&slice.path, &slice.head, &head) {
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
    if let Some(to) = total(&head).filter(|total| from < *total) {
        return Err(Error::Gap { from, to });
    }
    let mut to = File::create(out).map_err(Error::io(out))?;
    let hash = join(&mut to, out, (&head, from), &slices)?;
    to.sync_all().map_err(Error::io(out))?;
    Ok((from, hash))
}

/// As [`merge_into`], but what stands at `out` stays until the new file is whole.
///
/// # Errors
/// As [`merge_into`]. Nothing is left at `out`.
pub fn merge<P: AsRef<Path>>(out: &Path, files: &[P]) -> Result<(u64, String)> {
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let joined = merge_into(&part, files).and_then(|joined| {
        std::fs::rename(&part, out)
            .map_err(Error::io(out))
            .map(|()| joined)
    });
    if joined.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    joined
}

/// The draws of the whole sweep, as the metadata say.
fn total(head: &FileMetaData) -> Option<u64> {
    let mut pairs = head.key_value_metadata()?.iter();
    let pair = pairs.find(|pair| pair.key == TOTAL)?;
    pair.value.as_ref()?.parse().ok()
}

/// Copies the row groups, then writes the footer; of the slices' footers one at a time
/// is in memory.
fn join(
    to: &mut File,
    part: &Path,
    (head, rows): (&FileMetaData, u64),
    slices: &[Slice],
) -> Result<String> {
    let begin = MAGIC.len() as u64;
    let mut hash = Sha256::new();
    let mut to = Hashing {
        to,
        hash: &mut hash,
    };
    to.write_all(MAGIC).map_err(Error::io(part))?;
    for slice in slices {
        let path = &slice.path;
        let mut from = File::open(path).map_err(Error::io(path))?;
        from.seek(SeekFrom::Start(begin)).map_err(Error::io(path))?;
        let length = slice.end - begin;
        let copied = io::copy(&mut from.take(length), &mut to).map_err(Error::io(part))?;
        if copied != length {
            return Err(changed(path));
        }
    }
    let groups = slices.iter().map(|slice| slice.groups).sum();
    let mut footer = Footer::new(part, BufWriter::new(to), head, groups, rows);
    let (mut by, mut ordinal) = (0, 0);
    for slice in slices {
        let path = &slice.path;
        let file = File::open(path).map_err(Error::io(path))?;
        let metadata = layout::footer_of(path, &file)?;
        if metadata.num_row_groups() != slice.groups {
            return Err(changed(path));
        }
        for group in metadata.row_groups() {
            let moved = layout::moved(group.clone(), by, ordinal);
            footer.push(&moved.map_err(|error| Error::unreadable(path, &error))?)?;
            ordinal += 1;
        }
        by += slice.end.cast_signed() - begin.cast_signed();
    }
    footer.finish()?;
    Ok(crate::digits(&hash.finalize()))
}

fn changed(path: &Path) -> Error {
    Error::unreadable(path, "it changed while read")
}
