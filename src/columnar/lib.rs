//! Rows of a sweep on disk: one row a draw, as CSV or as Parquet.
//!
//! # Reading order
//!
//! | module | what it holds |
//! |---|---|
//! | `schema` | the columns: a name, what it holds, its unit |
//! | `encode` | rows to one row group, in memory; any thread, any order |
//! | `layout`, `footer` | where things stand in a file, and what its end says |
//! | `rows` | a file that grows: one row group after another, with a journal |
//! | `merge` | files of slices joined to the file that one run gives |
//! | `read`, `text` | columns of numbers, or any table as CSV, out of any Parquet file |
//! | [`sink`] | what the engine of sweeps writes to, in either format |
//!
//! Without the feature `parquet` there is [`sink`] with CSV alone.
//!
//! ```text
//! encode(schema, first, columns) → Segment     pure
//! Rows::create | resume → append … → finish    one file, segments in the order of draws
//! merge(out, files)                            slices → the file that one run gives
//! read_columns(path), units(path)              columns of numbers; the units of our own files
//! Text::open(path, source, wanted)             any table as CSV, row after row
//! ```
//!
//! # How a file is made
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
//!
//! # What must never be
//!
//! | never | test |
//! |---|---|
//! | bytes that depend on threads or interruptions | `rows::tests::bytes_do_not_depend_on_threads`, `rows::tests::a_run_killed_at_any_instant_ends_in_the_same_bytes` |
//! | slices that join to something else than one run gives | `rows::tests::three_slices_are_the_whole` |
//! | a gap, a draw twice, or rows of two sweeps in one file | `rows::tests::slices_that_do_not_join_are_refused`, `rows::tests::another_sweep_is_not_resumed` |
//! | rows trusted that are not those written | `rows::tests::only_segments_with_their_hash_are_trusted` |
//! | a number read inexactly, or a missing one taken for 0 | `read::tests` |
//! | a column whose unit a file does not say | `rows::parquet_says_the_units_of_its_columns` (`tests/it`) |

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
    schema::{ColumnKind, DRAW, Schema, UNITS},
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
