//! Tables of a sweep as Parquet: a column `draw`, then numbers and flags, one row a draw.
//!
//! ```text
//! encode(schema, first, columns) → Segment     pure; any thread, any order
//! Rows::create | resume → append … → finish    one file, segments in the order of draws
//! merge(out, files)                            slices → the file that one run gives
//! read_columns(path)                           columns of numbers, whatever wrote them
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

mod encode;
mod error;
mod footer;
mod layout;
mod merge;
mod read;
mod rows;
mod schema;
mod text;

pub use encode::{SEGMENT_ROWS, Segment, Values, encode};
pub use error::{ColumnFault, Error, Result};
pub use layout::{is_own, is_whole};
pub use merge::{TOTAL, merge, merge_into};
pub use parquet::file::reader::ChunkReader;
pub use read::{Table, read_columns};
pub use rows::{Rows, Sealed};
pub use schema::{DRAW, Kind, Schema};
pub use text::Text;
