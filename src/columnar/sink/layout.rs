//! What is to be written: the format, the columns, where they go, and what comes of it.

use jianpai_sweep::engine::{Carried, Column};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the rows of the draws are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Columns under zstd, for pandas and the like
    #[cfg(feature = "parquet")]
    Parquet,
    /// One line a draw
    Csv,
    /// Summaries only
    None,
}

impl Format {
    /// Its name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::None => "none",
        }
    }

    /// All formats; the first is the default.
    pub const ALL: &'static [Self] = &[
        #[cfg(feature = "parquet")]
        Self::Parquet,
        Self::Csv,
        Self::None,
    ];

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.id() == name)
    }

    /// The file of the rows.
    pub fn file(self) -> Option<&'static str> {
        match self {
            #[cfg(feature = "parquet")]
            Self::Parquet => Some("draws.parquet"),
            Self::Csv => Some("draws.csv"),
            Self::None => None,
        }
    }
}

/// Rows written completely, under a temporary name.
#[derive(Debug)]
pub struct SealedRows {
    /// The name that they get.
    pub name: &'static str,
    /// The temporary name.
    pub part: PathBuf,
    /// The journal, which is removed once they are in place.
    pub journal: PathBuf,
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub sha256: String,
}

/// What is to be written, and where.
pub struct Layout<'a> {
    /// The folder of the results.
    pub folder: &'a Path,
    /// CSV or Parquet.
    pub format: Format,
    /// What the rows depend on, the slice not included.
    pub fingerprint: &'a str,
    /// Draws of the whole sweep.
    pub draws: u64,
    /// The columns, those carried along behind the others.
    pub names: Vec<String>,
    /// What each column holds, those carried along not included.
    pub columns: &'a [Column],
    /// The unit of each of these, empty for none. Parquet says them in its metadata; CSV
    /// has no place for them.
    pub units: Vec<String>,
    /// Columns that are carried along.
    pub carried: Arc<[Carried]>,
    /// The first chunk of the slice, and its first draw.
    pub first: (u64, u64),
    /// Draws of a chunk.
    pub chunk: u64,
}

/// Why rows cannot be resumed.
#[derive(Debug)]
pub enum Refusal {
    /// There is nothing to resume.
    Nothing,
    /// The rows are those of another sweep.
    Other,
}
