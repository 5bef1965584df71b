//! Rows of a sweep on disk: as CSV, or as Parquet with a column `draw`, then numbers and
//! flags, one row a draw.
//!
//! [`sink`] takes rows from whoever computes them, in either format; the rest is Parquet
//! (feature `parquet`):
//!
//! ```text
//! encode(schema, first, columns) → Segment     pure; any thread, any order
//! Rows::create | resume → append … → finish    one file, segments in the order of draws
//! merge(out, files)                            slices → the file that one run gives
//! read_columns(path)                           columns of numbers, whatever wrote them
//! units(path)                                  the units of a file of this crate, by column
//! Text::open(path, source, wanted)             any table as CSV, row after row
//! ```
//!
//! A [`Segment`] becomes one row group. The bytes of a file depend on the program's
//! version, the schema, the metadata, the rows and where row groups end, and on nothing
//! else: no time, no thread count, no history of interruptions.
//!
//! While a file grows its segments stand in `NAME.part`; `NAME.journal` says which are
//! whole. A process killed at any instant loses at most the segment it was writing. A
//! finished file is copied, never encoded again, when slices are merged.
//!
//! Numbers are stored by byte streams (`BYTE_STREAM_SPLIT`) under zstd 1 in pages of
//! 256 KiB. Doubles of a sweep hardly repeat, so no dictionary is tried; only their
//! high bytes compress, and these lie together.

pub mod sink;

#[cfg(feature = "parquet")]
mod encode;
#[cfg(feature = "parquet")]
mod error;
#[cfg(feature = "parquet")]
mod footer;
#[cfg(feature = "parquet")]
mod layout;
#[cfg(feature = "parquet")]
mod merge;
#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod rows;
#[cfg(feature = "parquet")]
mod schema;
#[cfg(feature = "parquet")]
mod text;

#[cfg(feature = "parquet")]
pub use {
    encode::{SEGMENT_ROWS, Segment, Values, encode},
    error::{ColumnFault, Error, Result},
    layout::{is_own, is_whole},
    merge::{TOTAL, merge, merge_into},
    parquet::file::reader::ChunkReader,
    read::{Table, read_columns, units},
    rows::{Rows, Sealed},
    schema::{DRAW, Kind, Schema, UNITS},
    text::Text,
};

/// A hash in hexadecimal digits.
pub(crate) fn digits(hash: &[u8]) -> String {
    let mut text = String::with_capacity(2 * hash.len());
    for byte in hash {
        text += &format!("{byte:02x}");
    }
    text
}
