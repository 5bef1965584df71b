//! Footers of any number of row groups, none of them held in memory.
//!
//! A footer is a structure in Thrift's compact protocol, and its row groups are a list in
//! it: the length of the list (one byte below fifteen groups; else `0xFC` and the number,
//! seven bits a byte), then one structure after another. The bytes before and after the
//! list depend on the groups only through the total number of rows. So the library writes
//! a footer for each group alone, and the bytes of the groups are put together here.
//!
//! The library by itself needs all groups in memory at once, which would grow with the
//! number of draws. A test below holds the bytes to those of the library.

use crate::error::{Error, Result};
use crate::layout::{self, MAGIC, TAIL};
use parquet::errors::ParquetError;
use parquet::file::metadata::{FileMetaData, RowGroupMetaData};
use std::io::Write;
use std::path::Path;

/// The head of a list of one structure, and what is added for each more below fifteen.
const ONE: u8 = 0x1C;
/// The head of a list of fifteen structures and more.
const MANY: u8 = 0xFC;

/// What stands around the list of row groups.
#[derive(Debug)]
struct Frame {
    rows: i64,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// The place of the first byte in which two texts differ.
fn first_difference(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn unlike() -> ParquetError {
    ParquetError::General("the library writes footers in another way".into())
}

impl Frame {
    /// Around groups of `rows` rows in all; `group` is any of them.
    fn new(
        head: &FileMetaData,
        group: &RowGroupMetaData,
        rows: i64,
    ) -> std::result::Result<Self, ParquetError> {
        let of = |rows: &[i64]| {
            let groups = rows
                .iter()
                .map(|rows| group.clone().into_builder().set_num_rows(*rows).build());
            layout::footer(head, groups.collect::<std::result::Result<_, _>>()?)
        };
        // Footers with different numbers of groups differ first in the length of the list.
        let (one, two) = (of(&[rows])?, of(&[rows, 0])?);
        let (none, empty) = (of(&[])?, of(&[0])?);
        let before = one[..first_difference(&one, &two)].to_vec();
        let after = none.get(first_difference(&none, &empty) + 1..none.len() - usize::from(TAIL));
        let after = after.ok_or_else(unlike)?.to_vec();
        let frame = Self {
            rows,
            before,
            after,
        };
        frame.body(&one).map(|_| ())?;
        Ok(frame)
    }

    /// The structure of the one group of a footer.
    fn body<'f>(&self, footer: &'f [u8]) -> std::result::Result<&'f [u8], ParquetError> {
        footer
            .strip_prefix(&self.before[..])
            .and_then(|rest| rest.strip_prefix(&[ONE]))
            .and_then(|rest| rest.get(..rest.len().checked_sub(usize::from(TAIL))?))
            .and_then(|rest| rest.strip_suffix(&self.after[..]))
            .ok_or_else(unlike)
    }
}

/// The head of a list of `count` structures.
fn list(mut count: usize) -> Vec<u8> {
    if count < 15 {
        return vec![(count as u8) << 4 | (ONE & 0x0F)];
    }
    let mut bytes = vec![MANY];
    while count >= 0x80 {
        bytes.push(count as u8 | 0x80);
        count >>= 7;
    }
    bytes.push(count as u8);
    bytes
}

/// A footer on its way to a file: row groups come one by one.
#[derive(Debug)]
pub(crate) struct Footer<'a, W> {
    path: &'a Path,
    to: W,
    head: &'a FileMetaData,
    groups: usize,
    rows: i64,
    /// Around all groups, once there is one.
    whole: Option<Frame>,
    /// Around the last group alone.
    single: Option<Frame>,
    bytes: u64,
}

impl<'a, W: Write> Footer<'a, W> {
    /// A footer of `groups` row groups with `rows` rows in all, to be written to `to`
    /// at `path`.
    pub(crate) fn new(
        path: &'a Path,
        to: W,
        head: &'a FileMetaData,
        groups: usize,
        rows: u64,
    ) -> Self {
        Self {
            path,
            to,
            head,
            groups,
            rows: rows.cast_signed(),
            whole: None,
            single: None,
            bytes: 0,
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        self.to.write_all(bytes).map_err(Error::io(self.path))
    }

    /// Takes the next group, as read: what a journal holds of one is not written as it
    /// stands, since reading drops details, and files joined from slices have only been
    /// read.
    pub(crate) fn push(&mut self, group: &RowGroupMetaData) -> Result<()> {
        let unreadable = |error: ParquetError| Error::unreadable(self.path, &error);
        let (bare, alone) = single(group).map_err(unreadable)?;
        let rows = group.num_rows();
        let single = match self.single.take().filter(|frame| frame.rows == rows) {
            Some(frame) => frame,
            None => Frame::new(&bare, group, rows).map_err(unreadable)?,
        };
        let body = single.body(&alone).map_err(unreadable)?;
        if self.whole.is_none() {
            let whole = Frame::new(self.head, group, self.rows).map_err(unreadable)?;
            let start = [&whole.before[..], &list(self.groups)].concat();
            self.whole = Some(whole);
            self.put(&start)?;
        }
        self.put(body)?;
        self.single = Some(single);
        Ok(())
    }

    /// Ends the footer; the number of its bytes.
    pub(crate) fn finish(mut self) -> Result<u64> {
        match self.whole.take() {
            None => {
                let footer = layout::footer(self.head, Vec::new());
                let footer = footer.map_err(|error| Error::unreadable(self.path, &error))?;
                self.put(&footer)?;
            }
            Some(whole) => {
                self.put(&whole.after)?;
                let length = u32::try_from(self.bytes)
                    .map_err(|_| Error::unreadable(self.path, "a footer of over 4 GiB"))?;
                self.put(&length.to_le_bytes())?;
                self.put(MAGIC)?;
            }
        }
        self.to.flush().map_err(Error::io(self.path))?;
        Ok(self.bytes)
    }
}

/// An empty head, and the footer of a group alone.
pub(crate) fn single(
    group: &RowGroupMetaData,
) -> std::result::Result<(FileMetaData, Vec<u8>), ParquetError> {
    let bare = FileMetaData::new(0, 0, None, None, group.schema_descr_ptr(), None);
    let alone = layout::footer(&bare, vec![group.clone()])?;
    Ok((bare, alone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColumnKind, Schema, Values, encode};

    /// Put together, footers are those of the library, to the byte.
    #[test]
    fn a_footer_is_that_of_the_library() {
        let schema = Schema::new([("a", ColumnKind::Real), ("b", ColumnKind::Flag)]).unwrap();
        let schema = schema.with_units(["t".to_string()]);
        let metadata = [("seed".to_string(), "7".to_string())];
        let head = layout::head(&schema, &metadata);
        for count in [0_usize, 1, 2, 14, 15, 16, 127, 128, 300] {
            // The last group is shorter than the others.
            let sizes: Vec<usize> = (0..count)
                .map(|i| if i + 1 < count { 200 } else { 3 })
                .collect();
            let mut groups = Vec::new();
            let (mut first, mut at) = (0, 4);
            for rows in sizes {
                let values: Vec<f64> = (0..rows).map(|d| (d + groups.len()) as f64).collect();
                let flags: Vec<bool> = values.iter().map(|v| v % 3.0 > 1.0).collect();
                let columns = [Values::Real(&values), Values::Flag(&flags)];
                let segment = encode(&schema, first, &columns).unwrap();
                let group = layout::moved(segment.group.clone(), at, groups.len()).unwrap();
                first += rows as u64;
                at += segment.bytes().cast_signed();
                groups.push(group);
            }
            let mut bytes = Vec::new();
            let mut footer = Footer::new(Path::new("x"), &mut bytes, &head, count, first);
            for group in &groups {
                footer.push(group).unwrap();
            }
            let length = footer.finish().unwrap();
            assert_eq!(length, bytes.len() as u64);
            assert!(
                bytes == layout::footer(&head, groups).unwrap(),
                "{count} groups"
            );
        }
    }
}
